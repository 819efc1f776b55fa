//! Fetches the entries of other sites, outside of any build.
//!
//! ```text
//! sources.yaml ─schedule, request→ bodies ─read→ entries ─collect→ new entries ─record→ records/ or articles
//! ```
//! The readers are those of `newsprint import`. Requests run in parallel; what is new is decided
//! for one source after another, so that the result does not depend on which server answers first.
//! The records are written before the state: a run that is ended in between loses nothing, and the
//! next one knows the entries by their records.

mod add;
mod ask;
mod change;
mod collect;
mod convert;
mod edit;
mod entry;
mod known;
mod list;
mod opml;
mod options;
mod own_links;
mod probe;
mod read;
mod record;
mod report;
mod request;
mod robots;
mod run;
mod schedule;
mod secret;
mod sitemap;
mod sources;
mod split;
mod state;
mod words;
mod write;

pub use add::{add, import};
pub use change::{Edited, remove, switch};
pub use edit::{Added, Named};
pub use list::{List, Listed, list};
pub use options::{Limits, Options, Target};
pub use probe::{First, Probe, probe};
pub use report::{Report, SourceReport, Status};
pub(crate) use request::retry_after;
pub use run::run;
pub(crate) use secret::Secrets;
pub use sources::FILE;
