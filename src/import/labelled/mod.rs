//! Labelled lines to records: `标题: …`, `链接: …`, in any order and style, one record or many.
//!
//! The lines are read twice. First each line that is no prose gets a mark (a label, a rule, a number, a fence); then the
//! records are put together along the marks, one at a time, and what lies between two marks belongs to the field before.

mod chat;
mod decide;
mod kind;
mod label;
mod line;
mod mark;
mod records;
mod state;
mod words;

pub use records::records;
pub use state::Records;
