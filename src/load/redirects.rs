//! Parses `content/redirects.yaml`: old addresses, each with the address of the digest that it
//! leads to.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization as _;

use crate::diagnostic::{Diagnostic, Place};
use crate::fields::Document;
use crate::paths;
use crate::text::excerpt::shorten;
use crate::text::lines::LinedText;
use crate::yaml;

/// Path of the file, relative to the digest's root.
pub const FILE: &str = "content/redirects.yaml";

/// One line of the file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The old path from the site's root, decoded, without slashes at its ends: `tags/大模型`.
    pub old: String,
    /// True if the old address ends in a slash.
    pub is_folder: bool,
    /// The path of the target in the same form; empty for the home page.
    pub target: String,
    /// The target as written, for messages.
    pub written: String,
    /// Place of the old address.
    pub place: Place,
    /// Place of the target.
    pub target_place: Place,
}

const OLD_HELP: &str = marked!(
    "write the old path from the site's root, `tags/大模型/`, without `..`, `?`, `#` or `*`, at most 32 folders deep"
);
/// The help for a target that leads out of the digest.
pub(super) fn target_help() -> String {
    tr!(
        "write the path of a page or feed of this digest, such as `keywords/大模型/` or `feed.xml`, or `/` for the home page"
    )
}

/// Parses the text of the file. Invalid lines are reported and left out.
#[must_use]
pub fn parse(source: &str) -> (Vec<Entry>, Vec<Diagnostic>) {
    let lined = LinedText::new(source);
    let document = Document { path: FILE, source: &lined, start: 0, yaml: source };
    let fields = match document.parse() {
        Ok(fields) => fields,
        Err(diagnostics) => return (Vec::new(), diagnostics),
    };
    let keys: Vec<&str> = fields.iter().map(|(key, _)| key.as_str()).collect();
    let spans = yaml::top_level_spans(source, &keys);
    let mut entries: Vec<Entry> = Vec::with_capacity(fields.len());
    let mut diagnostics = Vec::new();
    let mut lines: HashMap<String, usize> = HashMap::new();
    for ((key, node), span) in fields.iter().zip(spans) {
        let place = document.place(span.clone());
        let target_place = document.place(yaml::value_span(source, span));
        let old = paths::alias(key).ok_or_else(|| {
            let message = tr!("`{}` cannot be an old address", shorten(key));
            Diagnostic::error(message).at(place.clone()).help(tr!(OLD_HELP))
        });
        let written = node.text().unwrap_or_default();
        let target = node.text().and_then(target).ok_or_else(|| {
            let message = match node.text() {
                Some(text) => tr!("`{}` cannot be an address of this digest", shorten(text)),
                None => {
                    let found = node.kind();
                    tr!(
                        "the target of `{old}` has to be a path, but it is {found}",
                        old = shorten(key),
                        found
                    )
                }
            };
            Diagnostic::error(message).at(target_place.clone()).help(target_help())
        });
        let (old, target) = match (old, target) {
            (Ok(old), Ok(target)) => (old, target),
            (old, target) => {
                diagnostics.extend(old.err().into_iter().chain(target.err()));
                continue;
            }
        };
        if let Some(first) = lines.get(&paths::fold(&old)) {
            let message = tr!("`{old}` is the old address of line {first}", old = shorten(key), first);
            diagnostics.push(Diagnostic::error(message).at(place).help(tr!("keep one of the two lines")));
            continue;
        }
        lines.insert(paths::fold(&old), place.line);
        let (is_folder, written) = (key.ends_with('/'), written.to_owned());
        entries.push(Entry { old, is_folder, target, written, place, target_place });
    }
    (entries, diagnostics)
}

/// Extensions of an old address at which a feed is copied. At any other address of a feed, there is
/// a redirect: hosts choose the media type of a file by its extension.
const EXTENSIONS_OF_FEEDS: [&str; 5] = ["xml", "json", "atom", "rss", "rdf"];

/// True if an old path is that of a file in which a feed reader expects a feed.
#[must_use]
pub fn is_file_of_feed(old: &str, is_folder: bool) -> bool {
    let ending = old.rsplit('/').next().and_then(|name| name.rsplit_once('.'));
    !is_folder && ending.is_some_and(|(_, ending)| EXTENSIONS_OF_FEEDS.contains(&ending))
}

/// The path of the file at an old path: of a copy of a feed, or of a page that redirects. Addresses
/// of other generators may be files: `2024/old.html`.
#[must_use]
pub fn file(old: &str, is_folder: bool, is_feed: bool) -> String {
    let is_page = [".html", ".htm"].iter().any(|ending| old.ends_with(ending));
    let is_file = is_page || is_feed && is_file_of_feed(old, is_folder);
    let path = if is_file { old.to_owned() } else { format!("{old}/index.html") };
    if unicode_normalization::is_nfc(&path) { path } else { path.nfc().collect() }
}

/// The path of a target, decoded, without slashes at its ends; `None` if it leads out of the
/// digest.
pub(super) fn target(written: &str) -> Option<String> {
    if written == "/" { Some(String::new()) } else { paths::alias(written) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Old path, whether it is a folder, target, line.
    type Line = (String, bool, String, usize);
    /// Message, line, column.
    type Found = (String, usize, usize);

    fn read(source: &str) -> (Vec<Line>, Vec<Found>) {
        let (entries, found) = parse(source);
        let shown = |entry: Entry| (entry.old, entry.is_folder, entry.target, entry.place.line);
        let place = |found: &Diagnostic| found.place.as_ref().map_or((0, 0), |at| (at.line, at.column));
        let found = found.iter().map(|it| (it.message.clone(), place(it).0, place(it).1));
        (entries.into_iter().map(shown).collect(), found.collect())
    }

    #[test]
    fn old_addresses_and_targets_are_decoded() {
        let (entries, found) = read(
            "# 旧站\ntags/大模型/: keywords/大模型/\n/tags/%E5%BC%80/index.xml: /keywords/%E5%BC%80/feed.xml\n\n'page/2': /\n\"c%23/\": a.html\n",
        );
        assert_eq!(found, []);
        let entry =
            |old: &str, is_folder, target: &str, line| (old.to_owned(), is_folder, target.to_owned(), line);
        assert_eq!(
            entries,
            [
                entry("tags/大模型", true, "keywords/大模型", 2),
                entry("tags/开/index.xml", false, "keywords/开/feed.xml", 3),
                entry("page/2", false, "", 5),
                entry("c#", true, "a.html", 6),
            ]
        );
        assert_eq!(read(""), (vec![], vec![]));
    }

    #[test]
    fn every_wrong_line_is_reported_with_its_place() {
        let (entries, found) = read(
            "a/: https://other.example/\n?p=1: b/\nc/: ../d/\ne/:\nf/: [g]\n/: h/\ni/: j/\nI: k/\n'../x': '?'\n",
        );
        assert_eq!(entries.len(), 1);
        let places: Vec<(usize, usize)> = found.iter().map(|(_, line, column)| (*line, *column)).collect();
        assert_eq!(
            places,
            [(1, 5), (2, 1), (3, 5), (4, 1), (5, 5), (6, 1), (8, 1), (9, 1), (9, 9)],
            "{found:#?}"
        );
        assert_eq!(read("a/: b/\na/: c/\n").1.len(), 1);
        assert_eq!(read("- a\n").1.len(), 1);
        assert_eq!(read("a/: 'b\n").1.len(), 1);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_a_panic(source in r"([a-z大/:%#?.'\x22\n \[\]{}&*!|>-]|: |/: |\n){0,60}") {
            let (entries, _) = parse(&source);
            for entry in entries {
                proptest::prop_assert_eq!(paths::alias(&entry.old.replace('#', "%23")), Some(entry.old));
            }
        }
    }
}
