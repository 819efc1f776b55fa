//! Requests to other hosts, and media types. Only this folder uses ureq.

#[cfg(feature = "stores")]
mod answer;
mod client;
mod media_type;
mod private;
#[cfg(feature = "stores")]
mod transport;

pub use client::{Client, Failure, Reply, Timeouts, Unanswered};
#[cfg(feature = "stores")]
pub(crate) use media_type::is_text;
pub(crate) use media_type::media_type;
#[cfg(feature = "stores")]
pub(crate) use private::is_private_host;
#[cfg(feature = "stores")]
pub(crate) use transport::{Transport, back_off, time_for};
