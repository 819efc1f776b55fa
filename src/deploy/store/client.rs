//! One store: lists, reads, writes and deletes objects in it.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher as _, RandomState};
use std::time::Duration;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use futures_util::{StreamExt as _, TryStreamExt as _, stream};
use opendal::options::WriteOptions;
use opendal::{Buffer, Entry, ErrorKind, HttpTransporter, Metadata, OperationContext, Operator};

use super::explain::explain;
use super::list::{self, Md5};
use super::mask::Secrets;
use super::open::open;
use super::plan::Listed;
use super::secrets::Access;
use crate::config::{DeployTarget, StoreAddress, StoreScheme};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::http::{Transport, back_off};
use crate::paths;
use crate::text::excerpt::one_line;

/// Requests at the same time.
const REQUESTS: usize = 16;
/// Connections of SFTP at the same time: `sshd` refuses some of more than ten new ones
/// (`MaxStartups` in `sshd_config`).
const CONNECTIONS: usize = 4;

/// How often an operation of SFTP is tried.
const ATTEMPTS: u32 = 5;

/// What the name of a file that is not complete begins with, on SFTP. 16 digits follow: the
/// name of a file may have all 255 bytes that a name may have.
const PART: &str = ".newsprint-part-";

/// Characters of an error that the note of a retry shows.
const MAX_NOTED: usize = 200;

/// What is in a store.
#[derive(Default)]
pub(super) struct Listing {
    /// The objects at the wanted paths.
    pub(super) files: HashMap<String, Listed>,
    /// Paths of files that a run has not completed.
    pub(super) parts: Vec<String>,
}

/// A store that is open.
#[derive(Clone)]
pub(super) struct Client {
    pub(super) operator: Operator,
    pub(super) address: StoreAddress,
    prefix: String,
    transport: Transport,
    secrets: Secrets,
    /// What the names of the target's variables begin with.
    variables: String,
    /// A number that is different in each run.
    run: u64,
}

/// Headers of an object.
pub(super) struct Sent<'a> {
    pub(super) media_type: &'a str,
    pub(super) cache: &'a str,
    pub(super) encoding: Option<&'a str>,
}

impl Client {
    /// A client of the store of a target. No request is sent.
    ///
    /// # Errors
    /// The settings cannot be used.
    pub(super) fn new(
        target: &DeployTarget,
        access: &Access,
        transport: Transport,
    ) -> Result<Self, Diagnostic> {
        let (operator, prefix) = open(target, access)?;
        // Few servers of WebDAV say what they have stored.
        let transport = if target.to.scheme.has_host() { transport } else { transport.confirming() };
        Ok(Self {
            operator: operator.with_context(context(transport.clone())),
            address: target.to.clone(),
            prefix,
            transport,
            secrets: access.secrets.clone(),
            variables: access.prefix.clone(),
            run: RandomState::new().hash_one(std::process::id()),
        })
    }

    /// How many requests may run at the same time.
    pub(super) fn parallel(&self) -> usize {
        if self.address.scheme == StoreScheme::Sftp { CONNECTIONS } else { REQUESTS }
    }

    /// The key of a path of the site.
    pub(super) fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// True if the MD5 of an object is the ETag that the store gives for it.
    pub(super) fn has_md5_etags(&self) -> bool {
        self.address.scheme.speaks_s3() && !self.transport.has_opaque_etags()
    }

    /// True if the store has shown that it makes ETags in another way.
    pub(super) fn has_opaque_etags(&self) -> bool {
        self.transport.has_opaque_etags()
    }

    /// True if the listing of the store has an MD5 of each object.
    pub(super) fn lists_md5(&self) -> bool {
        !self.address.scheme.has_host()
    }

    /// True if each upload and each list is sure to replace what was read before, and nothing else.
    /// R2, MinIO and Amazon have the conditions of RFC 9110; the other vendors document none.
    pub(super) fn is_conditional(&self) -> bool {
        !matches!(self.address.scheme, StoreScheme::Oss | StoreScheme::Cos | StoreScheme::Obs)
    }

    pub(super) fn explain(&self, error: &opendal::Error, what: &str) -> Diagnostic {
        explain(error, what, &self.address, &self.variables, &self.secrets)
    }

    /// Runs an operation; on SFTP again if it failed in a way that may pass. Requests of HTTP are
    /// repeated by the transport.
    pub(super) async fn retry<T, F: Future<Output = opendal::Result<T>>>(
        &self,
        operation: impl Fn() -> F,
    ) -> opendal::Result<T> {
        let mut attempt = 1;
        loop {
            match operation().await {
                Err(error)
                    if self.address.scheme == StoreScheme::Sftp
                        && (error.is_temporary() || is_cut(&error))
                        && attempt < ATTEMPTS =>
                {
                    let why = self.secrets.mask(&one_line(&error.to_string(), MAX_NOTED));
                    self.transport.note_retry(&self.address.name, &why, Duration::ZERO);
                    tokio::time::sleep(back_off(attempt)).await;
                    attempt += 1;
                }
                result => return result,
            }
        }
    }

    /// Lists the objects at the wanted paths.
    ///
    /// # Errors
    /// The store refuses it.
    pub(super) async fn list(&self, wanted: &BTreeSet<&str>) -> Result<Listing, Diagnostic> {
        let listed = match self.lists_md5() {
            true => self.list_all(wanted).await,
            false => self.list_folders(wanted).await,
        };
        listed.map_err(|error| self.explain(&error, &tr!("list the files")))
    }

    /// Asks for one object, so that a missing bucket is found before the site is built.
    ///
    /// # Errors
    /// The store refuses it.
    pub(super) async fn probe(&self) -> Result<(), Diagnostic> {
        if !self.lists_md5() {
            return Ok(());
        }
        let listed =
            async { self.operator.lister_with(&self.prefix).limit(1).await?.try_next().await.map(drop) };
        listed.await.map_err(|error| self.explain(&error, &tr!("list the files")))
    }

    async fn list_all(&self, wanted: &BTreeSet<&str>) -> opendal::Result<Listing> {
        let mut found = Listing::default();
        let operator = self.operator.clone().with_context(context(self.transport.of_listing()));
        let mut entries = operator.lister_with(&self.prefix).recursive(true).await?;
        while let Some(entry) = entries.try_next().await? {
            self.take(&entry, wanted, &mut found);
        }
        Ok(found)
    }

    /// Lists the folders of wanted paths, from the first to the deepest. Other folders of the
    /// server are not looked into.
    async fn list_folders(&self, wanted: &BTreeSet<&str>) -> opendal::Result<Listing> {
        let mut folders: BTreeSet<String> = BTreeSet::new();
        for path in wanted {
            folders.extend(paths::folders(path).map(str::to_owned));
        }
        let mut found = Listing::default();
        let mut level = vec![String::new()];
        while !level.is_empty() {
            let lists = level.iter().map(|folder| async move {
                let key = self.key(folder);
                match self.retry(|| self.operator.list(&key)).await {
                    Err(error) if error.kind() == ErrorKind::NotFound => Ok(Vec::new()),
                    entries => entries,
                }
            });
            let lists: Vec<Vec<Entry>> =
                stream::iter(lists).buffer_unordered(self.parallel()).try_collect().await?;
            let mut next = Vec::new();
            for entry in lists.iter().flatten() {
                self.take(entry, wanted, &mut found);
                if let Some(path) = entry.path().strip_prefix(&self.prefix)
                    && entry.metadata().is_dir()
                    && folders.remove(path)
                {
                    next.push(path.to_owned());
                }
            }
            level = next;
        }
        Ok(found)
    }

    fn take(&self, entry: &Entry, wanted: &BTreeSet<&str>, found: &mut Listing) {
        let Some(path) = entry.path().strip_prefix(&self.prefix) else { return };
        if entry.metadata().is_dir() {
            return;
        }
        if self.address.scheme == StoreScheme::Sftp && entry.name().starts_with(PART) {
            found.parts.push(path.to_owned());
        }
        if !wanted.contains(path) {
            return;
        }
        let metadata = entry.metadata();
        let etag = metadata.etag().map(|etag| etag.trim_matches('"').to_owned());
        let etag = etag.filter(|etag| !etag.is_empty());
        let md5 = match self.address.scheme.speaks_s3() {
            true => etag.as_deref().and_then(etag_md5),
            false => metadata.content_md5().and_then(decode_md5),
        };
        found.files.insert(path.to_owned(), Listed { size: metadata.content_length(), md5, etag });
    }

    pub(super) fn write_options(&self, sent: &Sent<'_>) -> WriteOptions {
        let capability = self.operator.info().capability();
        let text = |can: bool, text: &str| (can && !text.is_empty()).then(|| text.to_owned());
        WriteOptions {
            content_type: text(capability.write_with_content_type, sent.media_type),
            cache_control: text(capability.write_with_cache_control, sent.cache),
            content_encoding: sent.encoding.map(str::to_owned),
            ..WriteOptions::default()
        }
    }

    /// Writes an object. On SFTP a file gets its name when it is complete.
    pub(super) async fn put(
        &self,
        key: &str,
        body: Buffer,
        options: WriteOptions,
    ) -> opendal::Result<Metadata> {
        if self.address.scheme != StoreScheme::Sftp {
            return self.operator.write_options(key, body, options).await;
        }
        let part = self.part(key);
        let options = WriteOptions { if_not_exists: false, ..options };
        let state = self.retry(|| self.operator.write_options(&part, body.clone(), options.clone())).await?;
        self.retry(|| self.operator.rename(&part, key)).await?;
        Ok(state)
    }

    /// The key of a file before it is complete: in the same folder, so that it can be renamed, and
    /// another one in each run, since two runs would mix their bytes.
    fn part(&self, key: &str) -> String {
        let hash = Fingerprint::of(&(key, self.run)).to_string();
        let folder = key.rfind('/').map_or("", |at| &key[..=at]);
        format!("{folder}{PART}{}", &hash[..16])
    }

    /// Writes a file of the site. Returns the ETag that the store gives it.
    ///
    /// # Errors
    /// The store refuses it.
    pub(super) async fn write(
        &self,
        path: &str,
        body: Buffer,
        sent: &Sent<'_>,
    ) -> Result<Option<String>, Diagnostic> {
        let key = self.key(path);
        let refused = |error: &opendal::Error| self.explain(error, &tr!("write {path}", path));
        let state = self.put(&key, body, self.write_options(sent)).await.map_err(|error| refused(&error))?;
        if !matches!(self.address.scheme, StoreScheme::Dav | StoreScheme::Davs) {
            return Ok(state.etag().map(str::to_owned));
        }
        // Few servers of WebDAV tell it in the answer, and some tell another one.
        let state = self.operator.stat(&key).await.map_err(|error| refused(&error))?;
        Ok(state.etag().map(str::to_owned))
    }

    /// Deletes a file of the site. A file that is not there is deleted.
    ///
    /// # Errors
    /// The store refuses it.
    pub(super) async fn delete(&self, path: &str) -> Result<(), Diagnostic> {
        let key = self.key(path);
        match self.retry(|| self.operator.delete(&key)).await {
            Err(error) if error.kind() != ErrorKind::NotFound => {
                Err(self.explain(&error, &tr!("delete {path}", path)))
            }
            _ => Ok(()),
        }
    }
}

/// What opendal sends its requests with.
fn context(transport: Transport) -> OperationContext {
    OperationContext::new().with_http_transport(HttpTransporter::new(transport))
}

/// True if `ssh` lost a connection, or got none: a server that has many new ones refuses some
/// (`MaxStartups` in `sshd_config`).
fn is_cut(error: &opendal::Error) -> bool {
    let text = error.to_string();
    ["kex_exchange_identification", "Connection closed", "Connection reset", "Broken pipe"]
        .iter()
        .any(|cut| text.contains(cut))
}

/// The MD5 in an ETag of S3, if it is one.
pub(super) fn etag_md5(etag: &str) -> Option<Md5> {
    list::from_hex(etag.trim_start_matches("W/").trim_matches('"'))
}

/// Decodes an MD5 in Base64.
fn decode_md5(text: &str) -> Option<Md5> {
    STANDARD.decode(text).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_md5_is_read_from_an_etag_and_from_base64() {
        let md5 = list::from_hex("7c77041f5bcfc00e9e4cfab1b9ab1772").unwrap();
        assert_eq!(etag_md5("\"7c77041f5bcfc00e9e4cfab1b9ab1772\""), Some(md5));
        assert_eq!(etag_md5("7C77041F5BCFC00E9E4CFAB1B9AB1772"), Some(md5));
        assert_eq!(etag_md5("\"7c77041f5bcfc00e9e4cfab1b9ab1772-2\""), None);
        assert_eq!(decode_md5("fHcEH1vPwA6eTPqxuasXcg=="), Some(md5));
        assert_eq!(decode_md5("fHcEH1vPwA6eTPqxuasXcg"), None);
        assert_eq!(decode_md5(""), None);
    }
}
