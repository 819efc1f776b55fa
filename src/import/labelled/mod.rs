//! Reads labelled lines as records: `标题: …`, `链接: …`, in any order and markup, one record or
//! many.
//!
//! The lines are read twice. First, each line that is not prose gets a mark (a label, a rule, a
//! number, a fence). Then the records are assembled from the marks, one at a time: the text between
//! two marks belongs to the field before it.

mod chat;
mod cursor;
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

#[cfg(test)]
mod tests;
