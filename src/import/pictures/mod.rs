//! Brings the pictures of old sites along.
//!
//! `find` finds the file that an address of a post means; `choose` names the copies of a post's
//! pictures; `convert` converts the addresses in a text to these names; `copy` copies one picture
//! to the folder of an article; `state` holds what a run knows.

pub mod choose;
pub mod convert;
pub mod copy;
pub mod find;
pub mod state;
