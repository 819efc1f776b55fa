//! Folders of stores that have real ones: SFTP and WebDAV.

use std::collections::{BTreeMap, BTreeSet};

use futures_util::{StreamExt as _, stream};
use opendal::{Entry, ErrorKind};

use super::client::Client;
use crate::diagnostic::Diagnostic;

impl Client {
    /// True if the store has folders, at whose paths there can be no files.
    pub(super) fn has_folders(&self) -> bool {
        self.address.scheme.has_host()
    }

    /// Removes those of the folders that are empty, the deepest first. Paths end with `/`. There may
    /// be nothing at a path, but no file.
    ///
    /// # Errors
    /// The store refuses to list a folder.
    pub(super) async fn remove_empty(&self, folders: BTreeSet<String>) -> Result<(), Diagnostic> {
        let mut levels: BTreeMap<usize, Vec<String>> = BTreeMap::new();
        for folder in folders {
            levels.entry(folder.matches('/').count()).or_default().push(folder);
        }
        for folders in levels.values().rev() {
            let removals = folders.iter().map(|folder| self.remove_if_empty(folder));
            let mut removals = stream::iter(removals).buffer_unordered(self.parallel());
            while let Some(removed) = removals.next().await {
                removed?;
            }
        }
        Ok(())
    }

    /// WebDAV deletes a folder with all that is in it (RFC 4918, section 9.6.1), so that it is listed
    /// right before. A folder that cannot be removed stays: no reader sees it.
    async fn remove_if_empty(&self, folder: &str) -> Result<(), Diagnostic> {
        let key = self.key(folder);
        let entries = match self.retry(|| self.operator.list(&key)).await {
            Ok(entries) => entries,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(()),
            Err(error) => return Err(self.explain(&error, &tr!("list the files"))),
        };
        // A listing has the folder itself, too.
        let is_itself = |entry: &Entry| {
            entry.metadata().is_dir() && entry.path().trim_matches('/') == key.trim_matches('/')
        };
        if !entries.is_empty() && entries.iter().all(is_itself) {
            let _ = self.operator.delete(&key).await;
        }
        Ok(())
    }
}
