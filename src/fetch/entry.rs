//! Defines the entries of sources, and what identifies them.

use std::collections::{HashMap, HashSet};

use url::Url;

use crate::fingerprint::Fingerprint;
use crate::link::{self, Link};
use crate::load::date::Date;

/// An entry of a source.
#[derive(Debug, Clone, Default)]
pub(super) struct Entry {
    /// The id: of the feed, if it is unique there, else the link, else a hash of title and date.
    pub(super) id: String,
    /// True if the feed gave the id, and it is not the link.
    pub(super) has_own_id: bool,
    /// The link.
    pub(super) link: Option<Link>,
    /// True if the link is the page of this entry alone.
    pub(super) has_own_link: bool,
    /// The title.
    pub(super) title: String,
    /// The date of publication.
    pub(super) date: Option<Date>,
    /// The date of the last update.
    pub(super) updated: Option<Date>,
    /// The names of the authors.
    pub(super) authors: Vec<String>,
    /// The categories of the feed.
    pub(super) categories: Vec<String>,
    /// The terms of a record, with the name of their taxonomy.
    pub(super) terms: Vec<(String, Vec<String>)>,
    /// The key event of a record.
    pub(super) event: Option<String>,
    /// At most 300 characters of the summary or the text.
    pub(super) summary: Option<String>,
    /// The text in Markdown, if the source is read in full.
    pub(super) text: Option<String>,
    /// The language, if the entry names one.
    pub(super) language: Option<String>,
    /// The reason why the words of the source drop it.
    pub(super) refused: Option<String>,
}

/// Bytes of the title, the link, the names and the terms of one entry.
const MAX_ENTRY_BYTES: usize = 8 << 10;

impl Entry {
    /// True if the parts beside the texts are longer than those of an article can be. Records are
    /// in memory up to the end of a run.
    #[must_use]
    pub(super) fn is_too_long(&self) -> bool {
        let terms = self.terms.iter().flat_map(|(_, terms)| terms);
        let words = self.authors.iter().chain(&self.categories).chain(terms).chain(&self.event);
        let more = [&self.id, &self.title].into_iter().chain(self.language.as_ref());
        let link = self.link.as_ref().map_or(0, |link| link.url.len());
        link + words.chain(more).map(String::len).sum::<usize>() > MAX_ENTRY_BYTES
    }

    /// Drops what only a record needs, and keeps what identifies and orders the entry.
    pub(super) fn shorten(&mut self) {
        let Self { authors, categories, terms, .. } = self;
        (*authors, *categories, *terms) = (Vec::new(), Vec::new(), Vec::new());
        (self.event, self.summary, self.text, self.language) = (None, None, None, None);
    }
}

/// Shortens the entries that a run cannot take: those that are beyond the newest `limit`, both by
/// their dates and by their order, that the words of the source drop, or that are too old.
pub(super) fn shorten(entries: &mut [Entry], limit: usize, since: Option<Date>) {
    let is_candidate = |entry: &Entry| {
        entry.refused.is_none() && entry.date.zip(since).is_none_or(|(date, since)| date >= since)
    };
    let ordered: Vec<usize> = (0..entries.len()).filter(|nth| is_candidate(&entries[*nth])).collect();
    let mut newest: Vec<usize> = ordered.clone();
    newest.sort_by_key(|nth| std::cmp::Reverse(entries[*nth].date));
    let kept: HashSet<usize> =
        ordered.into_iter().take(limit).chain(newest.into_iter().take(limit)).collect();
    for (nth, entry) in entries.iter_mut().enumerate() {
        if !kept.contains(&nth) {
            entry.shorten();
        }
    }
}

/// Gives each entry its id, and finds the links and ids that several entries have.
/// `all` has the addresses of all sources.
pub(super) fn identify(entries: &mut [Entry], address: &Url, all: &[Url]) {
    let mut ids: HashMap<String, usize> = HashMap::new();
    let mut links: HashMap<String, usize> = HashMap::new();
    for entry in entries.iter() {
        *ids.entry(entry.id.clone()).or_default() += 1;
        *links.entry(entry.link.as_ref().map(link_identity).unwrap_or_default()).or_default() += 1;
    }
    for entry in entries {
        let link = entry.link.as_ref();
        let is_single = link.is_some_and(|link| links.get(&link_identity(link)) == Some(&1));
        entry.has_own_link = is_single && !link.is_some_and(is_home);
        let is_own = !entry.id.is_empty() && ids.get(&entry.id) == Some(&1);
        entry.has_own_id = is_own && link.is_none_or(|link| !is_same(&entry.id, link));
        if is_own {
            entry.id = global_id(&entry.id, address, link, all);
        } else {
            entry.id = match link.filter(|_| entry.has_own_link) {
                Some(link) => link.url.clone(),
                None => {
                    let date = entry.date.map(|date| date.iso()).unwrap_or_default();
                    let link = link.map_or(address.as_str(), |link| link.url.as_str());
                    let all = format!("{link}\n{}\n{date}", entry.title);
                    format!("urn:newsprint:{}", Fingerprint::of_bytes(all.as_bytes()))
                }
            };
        }
    }
}

/// The form of a link by which entries are compared: with the fragment, if that can be the key of
/// an article.
pub(super) fn link_identity(link: &Link) -> String {
    if link.key().is_some() { link.url.clone() } else { link.canonical.clone() }
}

/// True if a link is the home page of a site, which is the page of no entry.
fn is_home(link: &Link) -> bool {
    Url::parse(&link.url)
        .is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none())
}

/// True if an id is the address that a link leads to.
pub(super) fn is_same(id: &str, link: &Link) -> bool {
    id == link.url || crate::link::parse(id).is_ok_and(|id| id.canonical == link.canonical)
}

/// An id that is unique among all sources: a URI of the host of the feed or of the link as it is
/// (`https:`, `tag:`), also one without a host (`urn:`), any other text behind the address of its
/// feed. So a source that copies the ids of another one has other ids, also if these are behind
/// the address of that source.
fn global_id(id: &str, address: &Url, link: Option<&Link>, all: &[Url]) -> String {
    let is_uri = link::scheme(id).is_some_and(|scheme| scheme.len() > 1);
    let is_own = || {
        let Some(host) = host_of(id) else { return true };
        let is_near = |other: &str| {
            let below =
                |one: &str, other: &str| one.strip_suffix(other).is_some_and(|rest| rest.ends_with('.'));
            let other = other.trim_start_matches("www.");
            host == other || below(&host, other) || below(other, &host)
        };
        address.host_str().is_some_and(is_near) || link.is_some_and(|link| is_near(&link.host))
    };
    let is_behind = |other: &Url| id.strip_prefix(other.as_str()).is_some_and(|rest| rest.starts_with('#'));
    // A source may have thousands of others beside it.
    let is_of_other = || id.contains('#') && all.iter().any(|other| other != address && is_behind(other));
    if is_uri && is_own() && !is_of_other() { id.to_owned() } else { format!("{address}#{id}") }
}

/// The host that an id names, without `www.`: of a URL, or of a `tag:` URI (RFC 4151).
fn host_of(id: &str) -> Option<String> {
    let host = match id.strip_prefix("tag:") {
        Some(rest) => {
            let authority = rest.split([',', ':']).next().unwrap_or_default();
            authority.rsplit('@').next().unwrap_or_default().to_ascii_lowercase()
        }
        None => Url::parse(id).ok()?.host_str()?.to_owned(),
    };
    Some(host.trim_start_matches("www.").to_owned())
}
