//! Defines the data that pages are rendered from, one file for each kind of page.
//!
//! The structs are plain and serialisable. Their field names are the names of the template
//! variables.

pub(crate) mod archive;
pub(crate) mod article;
pub(crate) mod calendar;
pub(crate) mod card;
pub(crate) mod chart;
pub(crate) mod crossing;
pub(crate) mod data;
pub(crate) mod edition;
pub(crate) mod expired;
pub(crate) mod feed;
pub(crate) mod form;
pub(crate) mod home;
pub(crate) mod index;
pub(crate) mod list;
pub(crate) mod page;
pub(crate) mod reader;
pub(crate) mod redirect;
pub(crate) mod search;
pub(crate) mod social;
pub(crate) mod term;
pub(crate) mod trend;
