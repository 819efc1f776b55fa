//! Knows the entries that are in the digest already: in its articles, in its records, or seen by an
//! earlier run.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use crate::config::Config;
use crate::fetch::entry::{Entry, is_same, link_identity};
use crate::fetch::words::folded;
use crate::fs::guarded;
use crate::import::existing::Identity;
use crate::import::fetched::{self, FetchedRecord};
use crate::import::same_news::Said;
use crate::link::{self, Link};

/// The keys of known entries. A key is a hash.
#[derive(Debug, Default)]
pub(super) struct KnownEntries {
    keys: HashSet<u64>,
    /// The entries of articles, records and this run, by the key of their links for all sources.
    linked: HashMap<u64, Vec<Linked>>,
}

/// An entry with a link.
#[derive(Debug)]
struct Linked {
    source: String,
    title: String,
    is_new: bool,
}

/// Entries of one link whose titles are compared.
const MAX_LINKED: usize = 32;

/// The keys by which one entry is known.
#[derive(Debug, Clone)]
pub(super) struct Keys {
    /// The id, which counts within its source only.
    id: u64,
    /// The link, within its source.
    link: Option<u64>,
    /// The link and the title, within all sources.
    titled: Option<u64>,
    /// The link and the day of publication, within its source.
    dated: Option<u64>,
    /// The link, within all sources: known only by an article that was not fetched.
    shared: Option<u64>,
    /// The link, if its source has given it to an entry with an id of its own.
    own: Option<u64>,
}

/// The key of a link that other sources may have, too.
fn shared_key(link: &str) -> u64 {
    key("shared", &[link])
}

fn key(kind: &str, parts: &[&str]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in std::iter::once(&kind).chain(parts) {
        hasher.update(part.as_bytes());
        hasher.update(b"\0");
    }
    let mut bytes = [0; 8];
    bytes.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
    u64::from_le_bytes(bytes)
}

impl Keys {
    /// The keys of an entry of the source called `source`.
    #[must_use]
    pub(super) fn of(entry: &Entry, source: &str) -> Self {
        let link = entry.link.as_ref().filter(|_| entry.has_own_link);
        let day = entry.date.map(|date| date.iso());
        Self::new((&entry.id, entry.has_own_id), link, (&entry.title, day.as_deref()), source)
    }

    /// The keys of an id, which may be an entry's own, of a link, of a title and a date.
    fn new(
        (id, has_own_id): (&str, bool),
        link: Option<&Link>,
        (title, date): (&str, Option<&str>),
        source: &str,
    ) -> Self {
        let link = link.map(link_identity);
        let link = link.as_deref();
        let day = date.and_then(|date| date.get(..10));
        Self {
            // A source that copies the ids of another one must not hide its entries.
            id: key("id", &[source, id]),
            link: link.map(|link| key("link", &[source, link])),
            titled: link.map(|link| key("title", &[link, &folded(title).replace(' ', "")])),
            dated: link.zip(day).map(|(link, day)| key("day", &[source, link, day])),
            shared: link.map(shared_key),
            own: link.filter(|_| has_own_id).map(|link| key("own", &[source, link])),
        }
    }

    /// All keys but the one that only articles have.
    pub(super) fn all(&self) -> impl Iterator<Item = u64> {
        let of_link = [self.link, self.titled, self.dated, self.own];
        std::iter::once(self.id).chain(of_link.into_iter().flatten())
    }
}

impl KnownEntries {
    /// Adds keys.
    pub(super) fn add(&mut self, keys: impl IntoIterator<Item = u64>) {
        self.keys.extend(keys);
    }

    /// Adds the link of an entry of a source that is new in this run.
    pub(super) fn add_link(&mut self, keys: &Keys, title: &str, source: &str) {
        self.add_linked(keys, title, (source, true));
    }

    fn add_linked(&mut self, keys: &Keys, title: &str, (source, is_new): (&str, bool)) {
        let Some(link) = keys.shared else { return };
        let linked = self.linked.entry(link).or_default();
        if linked.len() < MAX_LINKED {
            linked.push(Linked { source: source.to_owned(), title: title.to_owned(), is_new });
        }
    }

    /// The other sources that have an entry with the link of an entry.
    fn others(&self, keys: &Keys, source: &str) -> impl Iterator<Item = &Linked> {
        let linked = keys.shared.and_then(|link| self.linked.get(&link));
        linked.into_iter().flatten().filter(move |other| other.source != source)
    }

    /// The other source which has an entry with this link that is new in this run.
    #[must_use]
    pub(super) fn other_source(&self, keys: &Keys, source: &str) -> Option<&str> {
        self.others(keys, source).find(|other| other.is_new).map(|other| other.source.as_str())
    }

    /// True if another source has an entry with this link and a title that is nearly the same.
    #[must_use]
    pub(super) fn has_similar(&self, keys: &Keys, title: &str, source: &str) -> bool {
        let said = |title: &str| Said { title: title.to_owned(), ..Said::default() };
        let new = said(title);
        self.others(keys, source).any(|other| new.evidence(&said(&other.title)).is_some())
    }

    /// The other source that gives the link of an entry another title.
    #[must_use]
    pub(super) fn claimed_by(&self, keys: &Keys, source: &str) -> Option<&str> {
        self.others(keys, source).next().map(|other| other.source.as_str())
    }

    /// Adds the articles of the digest.
    pub(super) fn add_articles(&mut self, articles: &[Identity]) {
        for Identity { id, link, title, date, source, is_fetched } in articles {
            let date = date.map(|date| date.iso());
            let named = (title.as_str(), date.as_deref());
            self.add_identity(id.as_deref(), link.as_ref(), named, source);
            // What a person wrote about a link is enough.
            if let Some(link) = link.as_ref().filter(|_| !is_fetched) {
                self.keys.insert(shared_key(&link_identity(link)));
            }
        }
    }

    fn add_identity(
        &mut self,
        id: Option<&str>,
        link: Option<&Link>,
        named: (&str, Option<&str>),
        source: &str,
    ) -> bool {
        let id = id.or_else(|| link.map(|link| link.url.as_str())).unwrap_or_default();
        let has_own_id = link.is_none_or(|link| !is_same(id, link));
        let keys = Keys::new((id, has_own_id), link, named, source);
        let is_new = !self.has(&keys) && !self.has_similar(&keys, named.0, source);
        self.add(keys.all());
        self.add_linked(&keys, named.0, (source, false));
        is_new
    }

    /// Adds the records in the files below `records/`. Lines that are not JSON are passed over.
    /// Returns the number of records that were not known.
    pub(super) fn add_records(&mut self, root: &Path, config: &Config) -> usize {
        let mut added = 0;
        fetched::each_record(root, config, |record| added += usize::from(self.add_record(record)));
        added
    }

    /// Adds the records in a file that the user named; none if there is no such file.
    pub(super) fn add_file(&mut self, path: &Path) {
        if let Ok(bytes) = guarded::read_named(path, fetched::MAX_FILE_BYTES) {
            for record in fetched::records_in(&bytes) {
                self.add_record(record);
            }
        }
    }

    /// Adds the record of a line. Returns true if it was not known.
    pub(super) fn add_line(&mut self, line: &[u8]) -> bool {
        fetched::records_in(line).any(|record| self.add_record(record))
    }

    /// Adds a record. Returns true if it was not known.
    fn add_record(&mut self, record: FetchedRecord) -> bool {
        let link = record.link.as_deref().and_then(|link| link::parse(link).ok());
        let text = |text: Option<String>| text.unwrap_or_default();
        let (title, source) = (text(record.title), text(record.source));
        let named = (title.as_str(), record.date.as_deref());
        self.add_identity(record.id.as_deref(), link.as_ref(), named, &source)
    }

    /// True if an entry is known: by its id, by its link and its title or day, or by its link
    /// alone. An entry of another source with its link counts only if the title is the same.
    ///
    /// The link alone does not count if its source has given it to another entry, and the ids of
    /// both are their own: some pages keep their address while the news on them changes.
    #[must_use]
    pub(super) fn has(&self, keys: &Keys) -> bool {
        let has = |key: Option<u64>| key.is_some_and(|key| self.keys.contains(&key));
        let is_same = has(Some(keys.id)) || has(keys.titled) || has(keys.dated);
        is_same || ((has(keys.link) || has(keys.shared)) && !has(keys.own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(id: &str, link: &str, title: &str, source: &str) -> Keys {
        let link = link::parse(link).unwrap();
        let (title, date) = title.split_once('|').map_or((title, None), |(title, date)| (title, Some(date)));
        Keys::new((id, !is_same(id, &link)), Some(&link), (title, date), source)
    }

    fn known(entries: &[Keys]) -> KnownEntries {
        let mut known = KnownEntries::default();
        entries.iter().for_each(|keys| known.add(keys.all()));
        known
    }

    const LINK: &str = "https://e.org/1";

    #[test]
    fn an_entry_is_known_by_its_id_or_its_link() {
        let known = known(&[keys("a", LINK, "甲", "某报")]);
        assert!(known.has(&keys("a", "https://e.org/2", "乙", "某报")));
        assert!(!known.has(&keys("a", "https://e.org/2", "乙", "别报")), "ids of another source");
        assert!(known.has(&keys("b", "http://www.e.org/1?utm_source=x", "甲", "某报")), "another id");
        assert!(known.has(&keys(LINK, LINK, "乙", "某报")), "without an id of its own");
        assert!(known.has(&keys("b", LINK, "甲", "别报")), "the title of another source");
        assert!(!known.has(&keys("b", LINK, "乙", "别报")), "another title of another source");
        assert!(!known.has(&keys("b", "https://e.org/2", "甲", "某报")));
    }

    #[test]
    fn a_page_that_keeps_its_address_has_several_entries() {
        let known = known(&[keys("day-1", LINK, "周一要闻|2026-11-23", "某报")]);
        assert!(!known.has(&keys("day-2", LINK, "周二要闻", "某报")));
        assert!(!known.has(&keys("day-2", LINK, "周二要闻|2026-11-24", "某报")));
        assert!(known.has(&keys("other", LINK, "周一大事|2026-11-23T08:00:00+08:00", "某报")));
        assert!(known.has(&keys("other", LINK, "周一 要闻", "某报")));
    }

    #[test]
    fn a_link_of_another_source_is_known_with_a_similar_title_only() {
        let mut known = KnownEntries::default();
        let evil = keys("1", LINK, "买它买它", "恶报");
        known.add(evil.all());
        known.add_link(&evil, "买它买它", "恶报");
        let real = keys("7", LINK, "某公司发布模型|2026-11-28", "某报");
        assert!(!known.has(&real) && !known.has_similar(&real, "某公司发布模型", "某报"));
        assert_eq!(known.claimed_by(&real, "某报"), Some("恶报"));
        known.add_link(&real, "某公司发布模型", "某报");
        assert!(known.has_similar(&evil, "某公司发布模型（转载）", "别报"));
        assert_eq!(known.other_source(&real, "某报"), Some("恶报"));
    }

    #[test]
    fn an_article_that_a_person_wrote_is_known_by_its_link() {
        let mut known = KnownEntries::default();
        let article = Identity {
            link: link::parse(LINK).ok(),
            title: "我的标题".to_owned(),
            source: "e.org".to_owned(),
            ..Identity::default()
        };
        known.add_articles(&[article]);
        assert!(known.has(&keys("7", LINK, "原来的标题", "某报")));
    }
}
