//! The kinds of files in a site: in which order they are sent, and with which headers.

use crate::config::{Compression, DeployTarget, StoreScheme};
use crate::fingerprint::Fingerprint;
use crate::http::{is_text, media_type};

/// Seconds for which caches may keep a file whose name changes with its content: a year, the most
/// that caches keep anything (RFC 9111, section 5.2.2.1, sets no limit).
const FOREVER_SECONDS: u32 = 31_536_000;

/// The rank of a file among those that are sent together: a file of a lower rank is sent before one
/// of a higher rank, which may refer to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Rank {
    /// Styles, scripts, pictures: what pages load.
    File,
    /// The files of the search.
    Search,
    /// Pages of articles.
    Article,
    /// Other pages: terms, editions, lists.
    List,
    /// The home page.
    Home,
    /// Feeds, and lists for programs.
    Feed,
    /// Sitemaps.
    Sitemap,
}

impl Rank {
    /// The rank of the file at a path of the site.
    pub(super) fn of(path: &str) -> Self {
        let name = path.rsplit('/').next().unwrap_or(path);
        let ends = |end: &str| name.len() > end.len() && name.ends_with(end);
        if name.starts_with("sitemap") && ends(".xml") {
            Self::Sitemap
        } else if path == "index.html" {
            Self::Home
        } else if path.starts_with("search/") && !ends(".html") {
            Self::Search
        } else if ends(".html") {
            if path.starts_with("articles/") { Self::Article } else { Self::List }
        } else if ends(".xml")
            || ends(".opml")
            || path.starts_with("api/")
            || matches!(name, "feed.json" | "weekly.json" | "llms.txt" | "llms-full.txt")
        {
            Self::Feed
        } else {
            Self::File
        }
    }
}

/// The headers with which a file is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Headers {
    pub(super) media_type: String,
    /// `Cache-Control`; empty for stores without headers.
    pub(super) cache: String,
    /// The encoding, if that makes the file smaller.
    pub(super) compress: Option<Compression>,
}

impl Headers {
    /// The headers of the file at a path, in the store of a target.
    pub(super) fn of(path: &str, target: &DeployTarget) -> Self {
        let media_type = media_type(path);
        if !has_headers(target.to.scheme) {
            return Self { media_type, cache: String::new(), compress: None };
        }
        let cache = match Rank::of(path) {
            _ if is_named_by_content(path) => {
                format!("public, max-age={FOREVER_SECONDS}, immutable")
            }
            // Its parts are requested with a stamp, the index is not.
            Rank::Search if is_stamped(path) => format!("public, max-age={}", target.files_seconds),
            Rank::File => format!("public, max-age={}", target.files_seconds),
            _ => format!("public, max-age={}", target.pages_seconds),
        };
        // The parts of the search are packed already.
        let compress = target.compress.filter(|_| is_text(&media_type));
        Self { media_type, cache, compress }
    }

    /// A number that changes with the headers.
    pub(super) fn tag(&self) -> u32 {
        let compress = self.compress.map(Compression::name);
        let hash = Fingerprint::of(&(&self.media_type, &self.cache, compress));
        u32::try_from(hash.0 & u128::from(u32::MAX)).unwrap_or_default()
    }
}

/// True if a store keeps headers: servers of WebDAV and SFTP choose their own.
pub(super) fn has_headers(scheme: StoreScheme) -> bool {
    !scheme.has_host()
}

/// True for a smaller copy of a picture, as in `a.0123abcd-480.webp` (`load/copies.rs`).
fn is_named_by_content(path: &str) -> bool {
    let Some((stem, width)) = path.strip_suffix(".webp").and_then(|path| path.rsplit_once('-')) else {
        return false;
    };
    let hash = stem.rsplit('.').next().unwrap_or_default();
    hash.len() == 8
        && stem.len() > hash.len()
        && hash.bytes().all(|byte| byte.is_ascii_hexdigit() && !byte.is_ascii_uppercase())
        && !width.is_empty()
        && width.bytes().all(|byte| byte.is_ascii_digit())
}

/// True for a part of the search, which `static/search.js` requests with its stamp: `s0-1.bin`,
/// `t0.bin`, `a12.json`, `facets.bin`.
fn is_stamped(path: &str) -> bool {
    let name = path.strip_prefix("search/").unwrap_or_default();
    let stem = name.strip_suffix(".bin").or_else(|| name.strip_suffix(".json")).unwrap_or_default();
    let is_numbered = |letter: char| {
        let rest = stem.strip_prefix(letter).unwrap_or_default();
        !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit() || byte == b'-')
    };
    stem == "facets" || ['s', 't', 'a'].into_iter().any(is_numbered)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::StoreAddress;

    #[test]
    fn files_come_before_the_pages_that_load_them() {
        let mut paths = [
            "sitemap.xml",
            "feed.xml",
            "keywords/开源/feed.json",
            "index.html",
            "page/2/index.html",
            "articles/开源/index.html",
            "search/index.bin",
            "newsprint.css",
        ];
        paths.sort_by_key(|path| Rank::of(path));
        assert_eq!(
            paths,
            [
                "newsprint.css",
                "search/index.bin",
                "articles/开源/index.html",
                "page/2/index.html",
                "index.html",
                "feed.xml",
                "keywords/开源/feed.json",
                "sitemap.xml",
            ]
        );
    }

    #[test]
    fn pages_are_kept_for_minutes_and_copies_of_pictures_for_a_year() {
        let target = DeployTarget::new(None, StoreAddress::parse("s3://b").unwrap());
        let cache = |path: &str| Headers::of(path, &target).cache;
        for (path, wanted) in [
            ("index.html", "public, max-age=300"),
            ("feed.xml", "public, max-age=300"),
            ("search/index.bin", "public, max-age=300"),
            ("search/s0-1.bin", "public, max-age=3600"),
            ("search/a12.json", "public, max-age=3600"),
            ("newsprint.css", "public, max-age=3600"),
            ("articles/a/x.webp", "public, max-age=3600"),
            ("articles/a/x.0123abcd-480.webp", "public, max-age=31536000, immutable"),
        ] {
            assert_eq!(cache(path), wanted, "{path}");
        }
    }

    #[test]
    fn the_tag_changes_with_each_header() {
        let mut target = DeployTarget::new(None, StoreAddress::parse("s3://b").unwrap());
        let tag = |target: &DeployTarget| Headers::of("a.html", target).tag();
        let first = tag(&target);
        target.pages_seconds = 60;
        let second = tag(&target);
        target.compress = Some(Compression::Gzip);
        let third = tag(&target);
        assert!(first != second && second != third && first != third);
        assert_eq!(Headers::of("a.html", &target).media_type, "text/html; charset=utf-8");
        assert_eq!(Headers::of("a.png", &target).compress, None);
    }
}
