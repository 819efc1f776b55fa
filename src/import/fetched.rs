//! Compares records that come back from an annotation with the records that `newsprint fetch`
//! wrote.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use serde::Deserialize;

use crate::config::Config;
use crate::fs::Root;
use crate::import::draft::{Body, Draft};
use crate::import::paragraphs::Block;
use crate::link;
use crate::load::walk;
use crate::text::excerpt::shorten;
use crate::text::han;
use crate::yaml::Node;

/// The folder of records, relative to the digest's root.
pub const FOLDER: &str = "records";

/// Name of the field with the time at which `newsprint fetch` read a record.
pub const FETCHED: &str = "fetched";

/// The largest file of records that is read, in bytes.
pub const MAX_FILE_BYTES: u64 = 256 << 20;
/// Characters of the longest term with Han characters that is not a sentence.
const MAX_TERM: usize = 24;
/// Characters of the longest other term.
const MAX_LATIN_TERM: usize = 48;

/// The fields of a record that identify it.
#[derive(Debug, Clone, Default, Deserialize)]
pub struct FetchedRecord {
    /// The id.
    pub id: Option<String>,
    /// The link.
    pub link: Option<String>,
    /// The title.
    pub title: Option<String>,
    /// The date.
    pub date: Option<String>,
    /// The name of the source.
    pub source: Option<String>,
}

/// Calls `then` with each record in the files `*.jsonl` below `records/`. Lines that are not JSON
/// are passed over.
pub fn each_record(root: &Path, config: &Config, mut then: impl FnMut(FetchedRecord)) {
    let (files, _) = walk::files(root, FOLDER, config.links);
    let folder = Root::open(root, config.links);
    for file in files.iter().filter(|file| file.ends_with(".jsonl")) {
        let Ok(bytes) = folder.read(file, MAX_FILE_BYTES) else { continue };
        records_in(&bytes).for_each(&mut then);
    }
}

/// The records in a file. Lines that are not JSON are passed over.
pub fn records_in(bytes: &[u8]) -> impl Iterator<Item = FetchedRecord> {
    bytes.split(|byte| *byte == b'\n').filter_map(|line| serde_json::from_slice(line).ok())
}

/// The ids and links of the records that were fetched.
#[derive(Debug, Default)]
pub(super) struct FetchedRecords {
    /// Canonical links by id; `None` if the record has no link.
    ids: HashMap<String, Option<String>>,
    /// Canonical links.
    links: HashSet<String>,
}

impl FetchedRecords {
    /// Reads the records of a digest.
    pub(super) fn read(root: &Path, config: &Config) -> Self {
        let mut all = Self::default();
        each_record(root, config, |record| {
            let link = record.link.as_deref().and_then(|link| link::parse(link).ok());
            let link = link.map(|link| link.canonical);
            all.links.extend(link.clone());
            if let Some(id) = record.id {
                all.ids.insert(id, link);
            }
        });
        all
    }

    /// What an annotation got wrong: the message and the help of a warning each. A record that was
    /// not fetched has none.
    pub(super) fn warnings(&self, draft: &Draft) -> Vec<(String, String)> {
        let id = draft.extra.iter().find(|(name, _)| name == "id").and_then(|(_, id)| Node::text(id));
        let known = id.and_then(|id| self.ids.get(id));
        let link = draft.link.as_ref().map(|link| link.canonical.as_str());
        let mut warnings = Vec::new();
        match known {
            Some(fetched) if fetched.as_deref() != link => {
                let fetched =
                    fetched.as_deref().map_or_else(|| tr!("no link"), |link| shorten(link).to_string());
                warnings.push((
                    tr!("the link of this record is not the one that was fetched: {}", fetched),
                    tr!("an annotation keeps `id` and `link` as they are; correct the link"),
                ));
            }
            None if !link.is_some_and(|link| self.links.contains(link)) => return warnings,
            _ => {}
        }
        for term in draft.terms.iter().flat_map(|(_, terms)| terms) {
            if is_sentence(term) {
                warnings.push((
                    tr!("the term `{}` reads like a sentence", shorten(term)),
                    tr!("a term is a name of a few words; ask the model for names, or delete it"),
                ));
            }
        }
        let text = characters(&draft.body);
        if let Some(event) = &draft.event
            && text > 0
            && event.chars().count() > text
        {
            warnings.push((
                tr!("the key event has {} characters, and the text {text}", event.chars().count(), text),
                tr!("a key event is one or two sentences about what the text says; shorten it"),
            ));
        }
        warnings
    }
}

/// True if a term is longer than names are, or ends as sentences do.
fn is_sentence(term: &str) -> bool {
    let limit = if term.chars().any(han::is_han) { MAX_TERM } else { MAX_LATIN_TERM };
    // `Inc.` and `Yahoo!` are names.
    let ends =
        if term.contains(' ') { &['。', '！', '？', '.', '!', '?'][..] } else { &['。', '！', '？'] };
    term.chars().count() > limit || term.ends_with(ends)
}

/// The characters of a text, without white space.
fn characters(body: &Body) -> usize {
    let count = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
    match body {
        Body::Words(blocks) => blocks
            .iter()
            .map(|block| match block {
                Block::Paragraph(words) | Block::Heading(words) => count(words),
            })
            .sum(),
        Body::Markdown(markdown) => count(markdown),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(id: &str, link: &str, terms: &[&str], event: &str, text: &str) -> Draft {
        Draft {
            extra: vec![("id".to_owned(), Node::Text(id.to_owned()))],
            link: link::parse(link).ok(),
            terms: vec![("keywords".to_owned(), terms.iter().map(|&term| term.to_owned()).collect())],
            event: Some(event.to_owned()),
            body: Body::Words(vec![Block::Paragraph(text.to_owned())]),
            ..Draft::default()
        }
    }

    fn fetched() -> FetchedRecords {
        let canonical = link::parse("https://e.org/1").unwrap().canonical;
        FetchedRecords {
            ids: HashMap::from([("a".to_owned(), Some(canonical.clone())), ("b".to_owned(), None)]),
            links: HashSet::from([canonical]),
        }
    }

    #[test]
    fn what_an_annotation_changed_is_told() {
        let warnings = |draft: &Draft| -> Vec<String> {
            fetched().warnings(draft).into_iter().map(|(message, _)| message).collect()
        };
        let good = draft("a", "https://e.org/1?utm_source=x", &["OpenAI", "Yahoo!"], "发布", "发布了模型。");
        assert_eq!(warnings(&good), [""; 0]);
        let moved = warnings(&draft("a", "https://e.org/2", &[], "", "文"));
        assert!(moved.len() == 1 && moved[0].contains("is not the one that was fetched"), "{moved:?}");
        let added = warnings(&draft("b", "https://e.org/2", &[], "", "文"));
        assert!(added.len() == 1 && added[0].ends_with("no link"), "{added:?}");
        let long = "这家公司今天发布了它的新模型并且开放了权重给所有的人";
        let terms = [long, "性能提升。", "A sentence in English."];
        let found = warnings(&draft("", "https://e.org/1", &terms, "很长的重大事件", "短文"));
        assert_eq!(found.len(), 4, "{found:?}");
        // A record of another pipeline is judged by `newsprint check` alone.
        assert_eq!(warnings(&draft("x", "https://f.org/", &terms, "很长的重大事件", "短文")), [""; 0]);
    }
}
