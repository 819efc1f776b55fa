//! Reads JSON and JSON Lines as records: a list of objects, an object that contains such a list, or
//! one object on each line.

mod object;
mod records;
mod value;

pub(super) use records::objects;
pub use records::{Records, records};
pub(super) use value::{members, nesting, node};
