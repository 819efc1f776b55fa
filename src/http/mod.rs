//! Requests to other hosts. Only this folder uses ureq.

mod client;
mod private;

pub use client::{Client, Failure, Reply, Timeouts, Unanswered};
