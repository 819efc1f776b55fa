//! `newsprint announce`: tells chats, programs, search engines and hubs what is new on the live
//! site.
//!
//! ```text
//! settings, variables ─run→ targets
//! site ─news→ articles, pages, feeds ─ledger→ what is new ─split→ messages ─live, send→ platforms
//! ```
//! All mistakes are found before the first request. A message is sent when the live site shows
//! what it is about, and the ledger is written after each one, so that each article is announced
//! once, whenever the command is ended.

mod access;
mod articles;
mod ledger;
mod live;
mod news;
mod options;
mod pages;
mod platform;
mod report;
mod run;
mod send;
mod session;
mod split;

pub use options::{Limits, Options};
pub use report::{Report, ShownRequest, TargetReport};
pub use run::run;
