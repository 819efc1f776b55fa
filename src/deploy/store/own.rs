//! Reads and writes the objects of newsprint's own in a store, so that two deployments do not
//! overwrite each other's.

use opendal::options::ReaderOptions;
use opendal::{Buffer, ErrorKind, Metadata};

use super::client::{Client, Sent};
use super::list;
use crate::diagnostic::Diagnostic;

/// An object of newsprint's own, as it was read.
pub(super) struct Own {
    pub(super) bytes: Vec<u8>,
    state: Metadata,
}

impl Client {
    /// Reads an object of newsprint's own; `None` if the store does not have it.
    ///
    /// # Errors
    /// The store refuses it, or the object is too large.
    pub(super) async fn read(&self, name: &str) -> Result<Option<Own>, Diagnostic> {
        let key = self.key(name);
        let what = tr!("read {name}", name);
        for _ in 0..3 {
            let state = match self.retry(|| self.operator.stat(&key)).await {
                Ok(state) => state,
                Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
                Err(error) => {
                    // The answer to this has a body, which says why.
                    let again = self.operator.read(&key).await.err().unwrap_or(error);
                    return Err(self.explain(&again, &what));
                }
            };
            // A device or a pipe of an SFTP server may have no end.
            if !state.is_file() {
                let message = tr!("{}: {name} is not a file", self.address, name);
                return Err(Diagnostic::error(message).help(tr!("remove it, and deploy with `--replace`")));
            }
            if state.content_length() > list::MAX_PACKED_BYTES {
                return Err(self.too_large(name));
            }
            let if_match = state
                .etag()
                .filter(|_| self.operator.info().capability().read_with_if_match && self.is_conditional())
                .map(str::to_owned);
            let options = || ReaderOptions { if_match: if_match.clone(), ..ReaderOptions::default() };
            match self.retry(|| self.read_some(&key, options())).await {
                Ok(Some(bytes)) => return Ok(Some(Own { bytes, state })),
                Ok(None) => return Err(self.too_large(name)),
                // It was replaced in between.
                Err(error) if matches!(error.kind(), ErrorKind::ConditionNotMatch | ErrorKind::NotFound) => {}
                Err(error) => return Err(self.explain(&error, &what)),
            }
        }
        Err(self.other_run(name))
    }

    fn too_large(&self, name: &str) -> Diagnostic {
        let message = tr!("{}: {name} is too large to be newsprint's", self.address, name);
        Diagnostic::error(message).help(tr!("remove it, and deploy with `--replace`"))
    }

    /// The error that another deployment has written an object of newsprint's own.
    pub(super) fn other_run(&self, name: &str) -> Diagnostic {
        let message =
            tr!("{}: another deployment runs, or ran meanwhile: it has written {name}", self.address, name);
        let help = match self.lists_md5() {
            true => tr!("wait until it has ended, and deploy again"),
            false => tr!(
                "wait until it has ended, and deploy again with `--replace`, which sends every file: this store does not tell which of the two wrote a file"
            ),
        };
        Diagnostic::error(message).help(help)
    }

    /// Writes an object of newsprint's own in place of the one that was read.
    ///
    /// # Errors
    /// The store refuses it, or another deployment has written the object since.
    pub(super) async fn write_own(
        &self,
        name: &str,
        bytes: Vec<u8>,
        before: Option<&Own>,
    ) -> Result<(), Diagnostic> {
        let capability = self.operator.info().capability();
        let mut options =
            self.write_options(&Sent { media_type: "application/gzip", cache: "no-store", encoding: None });
        let has_identity = |own: &Own| own.state.etag().is_some() || own.state.version().is_some();
        if self.is_conditional() {
            match before {
                Some(own)
                    if has_identity(own)
                        && (capability.write_with_if_match || capability.write_with_if_version_match) =>
                {
                    options.if_not_changed = Some(own.state.clone());
                }
                None => options.if_not_exists = capability.write_with_if_not_exists && self.lists_md5(),
                Some(_) => {}
            }
        }
        let key = self.key(name);
        let buffer = Buffer::from(bytes.clone());
        match self.put(&key, buffer, options).await {
            Ok(_) => Ok(()),
            Err(error) if error.kind() == ErrorKind::ConditionNotMatch => {
                // The first answer may have been lost, and the request repeated.
                match self.read(name).await? {
                    Some(own) if own.bytes == bytes => Ok(()),
                    _ => Err(self.other_run(name)),
                }
            }
            Err(error) => Err(self.explain(&error, &tr!("write {name}", name))),
        }
    }
}
