//! Targets of deployments besides git branches: `deploy:` in `newsprint.yaml`.

use crate::config::store::StoreAddress;
use crate::fields::Fields;

/// Seconds for which caches may keep pages, feeds and the files of the search.
const PAGES_SECONDS: u32 = 300;
/// Seconds for which caches may keep styles, scripts and pictures.
const FILES_SECONDS: u32 = 3600;

/// A store that the site is deployed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeployTarget {
    /// Its name in `newsprint.yaml`; `None` for an address of the command line.
    pub name: Option<String>,
    /// The store.
    pub to: StoreAddress,
    /// The encoding of texts.
    pub compress: Option<Compression>,
    /// Seconds for which caches may keep pages.
    pub pages_seconds: u32,
    /// Seconds for which caches may keep other files.
    pub files_seconds: u32,
    /// The address that gets the changed addresses after a deployment.
    pub purge: Option<String>,
}

/// An encoding of contents (RFC 9110, section 8.4.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// `gzip`.
    Gzip,
    /// `br`.
    Brotli,
}

impl Compression {
    /// The value of `Content-Encoding`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Brotli => "br",
        }
    }
}

/// The settings of a target.
#[cfg(test)]
pub(super) const SETTINGS: [&str; 7] = ["to", "region", "endpoint", "account", "compress", "cache", "purge"];

impl DeployTarget {
    /// A target with default settings.
    #[must_use]
    pub fn new(name: Option<String>, to: StoreAddress) -> Self {
        Self {
            name,
            to,
            compress: None,
            pages_seconds: PAGES_SECONDS,
            files_seconds: FILES_SECONDS,
            purge: None,
        }
    }

    /// Reads `deploy:`, the targets by name.
    pub(super) fn read_all(fields: &mut Fields<'_>) -> Vec<Self> {
        let mut targets = Vec::new();
        let Some(mut all) = fields.inner("deploy") else { return targets };
        for name in all.names() {
            let Some(mut inner) = all.inner(name) else { continue };
            let target = Self::read(&mut inner, name);
            all.absorb(inner.finish());
            if !is_name(name) {
                all.error(
                    name,
                    tr!("`{name}` cannot be the name of a target", name),
                    tr!(
                        "use letters from a to z, digits and `-`, with a letter first: it is a part of the names of environment variables"
                    ),
                );
                continue;
            }
            targets.extend(target);
        }
        fields.absorb(all.finish());
        targets
    }

    fn read(fields: &mut Fields<'_>, name: &str) -> Option<Self> {
        let options =
            ["region", "endpoint", "account"].map(|name| fields.text(&[name]).map(|(_, text)| text));
        let compress = read_compression(fields);
        let cache = read_cache(fields);
        let purge = fields.text(&["purge"]).map(|(_, text)| text);
        if purge.as_deref().is_some_and(|purge| !is_web_address(purge)) {
            fields.error(
                "purge",
                tr!("`purge` is not an address that begins with `https://` or `http://`"),
                tr!("write the address that empties the cache; its password belongs into the environment"),
            );
        }
        let Some((_, written)) = fields.text(&["to"]) else {
            if fields.get("to").is_none() {
                let message = tr!("the target `{name}` has no `to`", name);
                fields.error("to", message, tr!("write the store, as in `to: s3://my-bucket/site`"));
            }
            return None;
        };
        if written.contains('?') {
            let help = tr!("write them as lines of their own, as in `region: cn-hangzhou`");
            fields.error("to", tr!("`to` has options behind `?`"), help);
            return None;
        }
        let parsed = StoreAddress::parse(&written).and_then(|mut to| {
            let [region, endpoint, account] = options;
            (to.region, to.endpoint, to.account) = (region, endpoint, account);
            to.check_parts()?;
            to.check_complete().map(|()| to)
        });
        match parsed {
            Ok(to) => {
                let target = Self::new(Some(name.to_owned()), to);
                let (pages_seconds, files_seconds) = cache;
                Some(Self { compress, pages_seconds, files_seconds, purge, ..target })
            }
            Err((message, help)) => {
                fields.error("to", message, help);
                None
            }
        }
    }
}

fn read_compression(fields: &mut Fields<'_>) -> Option<Compression> {
    let node = fields.get("compress")?;
    match (node.text(), node.switch()) {
        (_, Some(false)) => None,
        (Some("gzip"), _) => Some(Compression::Gzip),
        (Some("br"), _) => Some(Compression::Brotli),
        _ => {
            fields.wrong_kind("compress", &tr!("`gzip`, `br` or `off`"), node);
            None
        }
    }
}

/// The seconds of pages and of other files.
fn read_cache(fields: &mut Fields<'_>) -> (u32, u32) {
    let mut seconds = (PAGES_SECONDS, FILES_SECONDS);
    if let Some(mut inner) = fields.inner("cache") {
        let read = |inner: &mut Fields<'_>, name: &'static str, default| {
            let number = inner.number(name, 0..=31_536_000);
            number.and_then(|number| u32::try_from(number).ok()).unwrap_or(default)
        };
        seconds = (read(&mut inner, "pages", seconds.0), read(&mut inner, "files", seconds.1));
        fields.absorb(inner.finish());
    }
    seconds
}

fn is_name(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_lowercase())
        && name.len() <= 40
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-')
}

fn is_web_address(written: &str) -> bool {
    url::Url::parse(written).is_ok_and(|url| {
        matches!(url.scheme(), "https" | "http") && url.username().is_empty() && url.password().is_none()
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, FILE};

    fn read(deploy: &str) -> (Vec<DeployTarget>, Vec<String>) {
        let (config, found) = Config::parse(FILE, &format!("deploy:\n{deploy}"));
        let shown = |found: crate::diagnostic::Diagnostic| {
            let place = found.place.map(|place| place.line).unwrap_or_default();
            format!("{place}: {}", found.message)
        };
        (config.deploy, found.into_iter().map(shown).collect())
    }

    #[test]
    fn targets_have_names_and_settings() {
        let (targets, found) = read(
            "  cdn:\n    to: oss://my-digest/site\n    region: cn-hangzhou\n    compress: gzip\n    \
             cache: {pages: 60, files: 0}\n    purge: https://cdn.example.net/purge\n  backup:\n    to: \
             davs://example.net/site\n",
        );
        assert_eq!(found, Vec::<String>::new());
        let [cdn, backup] = targets.as_slice() else { panic!("{targets:?}") };
        assert_eq!(cdn.to.to_string(), "oss://my-digest/site");
        assert_eq!(cdn.compress, Some(Compression::Gzip));
        assert_eq!((cdn.pages_seconds, cdn.files_seconds), (60, 0));
        assert_eq!((backup.pages_seconds, backup.files_seconds), (300, 3600));
        assert_eq!(backup.name.as_deref(), Some("backup"));
    }

    #[test]
    fn wrong_targets_are_errors_with_their_line() {
        for (deploy, message) in [
            ("  cdn: {}\n", "2: the target `cdn` has no `to`"),
            ("  cdn:\n    to: s4://b\n", "3: `s4` is not the scheme of a store"),
            ("  cdn:\n    to: s3://b?region=x\n", "3: `to` has options behind `?`"),
            ("  cdn:\n    to: oss://b\n", "3: `oss` needs a region"),
            ("  CDN:\n    to: s3://b\n", "2: `CDN` cannot be the name of a target"),
            (
                "  cdn:\n    to: s3://b\n    compress: zip\n",
                "4: `compress` has to be `gzip`, `br` or `off`, but it is `zip`",
            ),
            ("  cdn:\n    to: s3://b\n    acount: x\n", "4: unknown field `acount`"),
            (
                "  cdn:\n    to: s3://b\n    purge: ftp://x\n",
                "4: `purge` is not an address that begins with `https://` or `http://`",
            ),
        ] {
            assert_eq!(read(deploy).1, [message], "{deploy}");
        }
    }
}
