//! Defines the entries of sources, and what identifies them.

use std::collections::HashMap;

use crate::fingerprint::Fingerprint;
use crate::link::Link;
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

/// Gives each entry its id, and finds the links and ids that several entries have.
pub(super) fn identify(entries: &mut [Entry], address: &str) {
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
            entry.id = global_id(&entry.id, address);
        } else {
            entry.id = match link.filter(|_| entry.has_own_link) {
                Some(link) => link.url.clone(),
                None => {
                    let date = entry.date.map(|date| date.iso()).unwrap_or_default();
                    let link = link.map_or(address, |link| link.url.as_str());
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
    url::Url::parse(&link.url)
        .is_ok_and(|url| url.path() == "/" && url.query().is_none() && url.fragment().is_none())
}

/// True if an id is the address that a link leads to.
pub(super) fn is_same(id: &str, link: &Link) -> bool {
    id == link.url || crate::link::parse(id).is_ok_and(|id| id.canonical == link.canonical)
}

/// An id that is unique among all sources: a URI as it is (`https:`, `tag:`, `urn:`), any other
/// text behind the address of its feed.
fn global_id(id: &str, address: &str) -> String {
    let scheme = id.split(':').next().unwrap_or_default();
    let is_scheme = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '.' | '-');
    let is_uri = scheme.len() > 1
        && scheme.len() < id.len()
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(is_scheme);
    if is_uri { id.to_owned() } else { format!("{address}#{id}") }
}
