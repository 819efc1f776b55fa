//! The options of a deployment to stores.

use std::sync::Arc;

use crate::check;

/// The options of a deployment to stores.
pub struct Options<'a> {
    /// The check and, as part of it, the build.
    pub check: check::Options,
    /// Names of targets in `newsprint.yaml`, and addresses of stores.
    pub to: Vec<String>,
    /// Replace objects of the stores that newsprint did not write.
    pub replace: bool,
    /// Hosts of private networks may be named in `newsprint.yaml`.
    pub allow_private: bool,
    /// A program that gets the changed addresses on its standard input.
    pub then: Option<String>,
    /// Write nothing.
    pub dry_run: bool,
    /// Called with a text for the user, from any thread.
    pub note: Arc<dyn Fn(&str) + Send + Sync>,
    /// Called with the bytes that are sent to a store, and all bytes to send.
    pub progress: &'a (dyn Fn(u64, u64) + Sync),
}
