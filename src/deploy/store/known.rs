//! Reads newsprint's lists in a store.

use super::client::Client;
use super::list::{FILES, Files, PENDING, Pending};
use super::own::Own;
use crate::diagnostic::Diagnostic;

/// What newsprint knows about a store.
#[derive(Default)]
pub(super) struct Known {
    pub(super) list: Files,
    /// Files of a run that was interrupted. The ID is kept, the files are not if the list has them.
    pub(super) pending: Pending,
    /// True if a run was interrupted, or is not at its end.
    pub(super) is_open: bool,
    pub(super) list_object: Option<Own>,
    pub(super) pending_object: Option<Own>,
}

impl Known {
    /// Reads newsprint's lists in a store. With `replace`, a damaged list counts as missing.
    ///
    /// # Errors
    /// The store refuses it, or a list is damaged.
    pub(super) async fn read(client: &Client, replace: bool) -> Result<Self, Diagnostic> {
        let list_object = client.read(FILES).await?;
        let pending_object = client.read(PENDING).await?;
        if list_object.is_none() {
            client.probe().await?;
        }
        let damaged = |name: &str| {
            let message = tr!(
                "{to}: {name} is damaged, or not newsprint's, or of a later newsprint",
                to = client.address,
                name
            );
            Diagnostic::error(message).help(tr!(
                "look at the store; `--replace` makes a new list, and replaces all files that the site has"
            ))
        };
        let list = match &list_object {
            Some(own) => match Files::read(&own.bytes) {
                None if !replace => return Err(damaged(FILES)),
                list => list.unwrap_or_default(),
            },
            None => Files::default(),
        };
        let mut pending = match &pending_object {
            Some(own) => match Pending::read(&own.bytes) {
                None if !replace => return Err(damaged(PENDING)),
                pending => pending.unwrap_or_default(),
            },
            None => Pending::default(),
        };
        let is_open = pending_object.is_some() && list.taken != Some(pending.id);
        if !is_open {
            pending.entries.clear();
        }
        Ok(Self { list, pending, is_open, list_object, pending_object })
    }
}
