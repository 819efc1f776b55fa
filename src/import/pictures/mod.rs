//! Brings the pictures of old sites along, and fetches those of other hosts.
//!
//! `find` finds the file that an address of a post means; `choose` names the copies of a post's
//! pictures; `convert` converts the addresses in a text to these names; `copy` copies one picture
//! to the folder of an article; `state` holds what a run knows.
//! `remote` finds the pictures of other hosts in an article and names their copies, `fetch` requests
//! them.

pub mod choose;
pub mod convert;
pub mod copy;
pub mod fetch;
pub mod find;
pub mod remote;
pub mod state;
