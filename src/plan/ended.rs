//! Plans notices in place of feeds that ended, so that no subscription dies silently.
//!
//! A setting, or a new default, can end a feed whose page stays. If the site was built before, the
//! manifest names the feed's file: a last entry there says where to subscribe instead. The notice
//! stays as it is for as long as the manifest and the page last. A clean build does not know it.

use std::collections::HashSet;

use crate::plan::input::Input;
use crate::plan::page::{Body, Page};
use crate::plan::view::feed::EndedFeed;
use crate::plan::{feed, list};
use crate::site::Address;

/// Plans a notice for each feed among the files `before` that is not planned, if the page beside it
/// is. `pages` are the planned pages.
#[must_use]
pub(crate) fn pages<'s, 'p>(
    inputs: &[Input<'s>],
    pages: &[Page<'s>],
    before: impl Iterator<Item = &'p str>,
) -> Vec<Page<'s>> {
    let prefixes = || inputs.iter().map(|input| input.config.prefix());
    let is_feed = |path: &&str| prefixes().any(|prefix| path.strip_prefix(prefix).is_some_and(is_feed));
    let before: Vec<&str> = before.filter(is_feed).collect();
    if before.is_empty() {
        return Vec::new();
    }
    let planned: HashSet<&str> = pages.iter().map(|page| page.path.as_str()).collect();
    let ended = before.into_iter().filter(|path| !planned.contains(path));
    let ended = ended.filter_map(|path| {
        // The first language has no prefix, and so is the last that is tried.
        let input = inputs.iter().rev().find(|input| path.starts_with(input.config.prefix()))?;
        let newest: Vec<_> = (0..input.site.articles.len().min(1)).collect();
        let updated = feed::timestamp(list::changed(*input, &newest));
        let page = notice(*input, &planned, path, &updated)?;
        Some(Page { language: input.config.language_at, ..page })
    });
    ended.collect()
}

/// True for the paths of feeds.
fn is_feed(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path);
    matches!(name, "feed.xml" | "feed.json") || matches!(path, "weekly.xml" | "weekly.json")
}

/// The notice at the path of a feed; `None` if its page is gone as well. `updated` is its time.
fn notice<'s>(input: Input<'s>, planned: &HashSet<&str>, path: &str, updated: &str) -> Option<Page<'s>> {
    let prefix = input.config.prefix();
    let own = path.strip_prefix(prefix).unwrap_or(path);
    let (folder, name) = own.rsplit_once('/').unwrap_or(("", own));
    let in_folder = |name: &str| prefix.to_owned() + format!("{folder}/{name}").trim_start_matches('/');
    planned.get(in_folder("index.html").as_str())?;
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    let atom = name.replace(".json", ".xml");
    // The same articles in the other format, or else all articles.
    let instead = match planned.contains(in_folder(&atom).as_str()) {
        true => Address::file(&parts, &atom, input.config).permalink,
        false => feed::link_url(input, &[]),
    };
    let page_url = Address::new(&parts, input.config).permalink;
    let hint = [("feed", instead.as_str()), ("page", page_url.as_str())];
    let ended = EndedFeed {
        is_json: name.ends_with(".json"),
        title: input.locale.word("feed_ended").to_owned(),
        hint: input.locale.fill("feed_ended_hint", &hint),
        updated: updated.to_owned(),
        feed_url: Address::file(&parts, name, input.config).permalink,
        page_url,
        instead,
    };
    Some(Page::new(path.to_owned(), Body::EndedFeed(Box::new(ended))))
}

#[cfg(test)]
mod tests {
    use super::is_feed;

    #[test]
    fn feeds_are_known_by_their_path() {
        for path in ["feed.xml", "feed.json", "weekly.xml", "weekly.json", "keywords/甲/feed.xml"] {
            assert!(is_feed(path), "{path}");
        }
        for path in ["sitemap.xml", "a/weekly.xml", "a/myfeed.xml", "feed.xml/index.html", "feed.css"] {
            assert!(!is_feed(path), "{path}");
        }
    }
}
