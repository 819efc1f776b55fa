//! newsprint turns a folder of annotated news articles into a digest site, in stages that are functions of plain data:
//!
//! ```text
//! SourceFile ─load→ Article ─site→ Site ─plan→ [Page] ─render→ bytes ─output→ public/
//! ```
//!
//! [`load`] is the only stage that reads the digest, [`output`] the only one that writes the site; what lies between is
//! pure. No stage prints: what is wrong comes back as [`diagnostic::Diagnostic`]s, all of them. [`build`](build()) runs the
//! stages; [`serve`] runs them again at every save. [`import`] and [`scaffold`] make articles and digests, [`check`] and
//! [`terms`] look after them, outside of a build.

mod build;
pub mod check;
pub mod cli;
pub mod config;
pub mod deploy;
pub mod diagnostic;
pub mod fields;
pub mod fingerprint;
mod fs;
pub mod han;
pub mod import;
pub mod link;
pub mod load;
pub mod locale;
pub mod output;
pub mod overtime;
pub mod plan;
pub mod render;
mod report;
pub mod scaffold;
pub mod search;
pub mod serve;
pub mod site;
pub mod terms;
mod verify;
pub mod yaml;

pub use build::{Options, build, build_and_tell};
pub use report::{Report, count};
pub use verify::verify;
