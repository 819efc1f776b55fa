//! Reads the answer of a source as entries, through the readers of `newsprint import`.

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fetch::entry::{Entry, identify};
use crate::fetch::sitemap;
use crate::fetch::sources::{Source, SourceFormat};
use crate::import::article_file;
use crate::import::decode;
use crate::import::draft::{Body, Draft};
use crate::import::files::{self, Format};
use crate::import::html;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::paragraphs::Block;
use crate::import::reader::{self, CleanOptions};
use crate::import::record::{Field, Found, Record, Value};
use crate::text::han;
use crate::watchdog::Watchdog;
use crate::yaml::Node;

/// The maximum number of characters of a summary.
const MAX_SUMMARY: usize = 300;

/// Entries, or objects of JSON, that an answer may have. Each takes a kilobyte of memory and more,
/// and the answers of twenty sources are read at once.
const MAX_ENTRIES: usize = 20_000;

/// Tags of XML that an answer may have.
const MAX_TAGS: usize = 400_000;

/// True if a text has more entries or tags than an answer may have.
fn is_too_rich(text: &str) -> bool {
    let starts = |sign: &'static str| text.matches(sign);
    starts("<item").chain(starts("<entry")).chain(starts("{")).nth(MAX_ENTRIES).is_some()
        || starts("<").nth(MAX_TAGS).is_some()
}

/// The entries of an answer.
#[derive(Debug, Default)]
pub(super) struct Answered {
    /// The entries, in the order of the answer.
    pub(super) entries: Vec<Entry>,
    /// A reason for each entry that cannot be read.
    pub(super) unreadable: Vec<String>,
    /// True if a part of the answer is missing or cannot be read.
    pub(super) is_broken: bool,
    /// The name of the format.
    pub(super) format: &'static str,
    /// The name of the publisher, if the answer has it.
    pub(super) publisher: Option<String>,
}

/// Reads the body of an answer. `address` is where it came from.
///
/// # Errors
/// The reason why the answer is not what the source should be: a page of HTML, bytes in an unknown
/// encoding, or a format without an entry that can be read.
pub(super) fn read(
    bytes: Vec<u8>,
    address: &str,
    source: &Source,
    config: &Config,
    watchdog: &Watchdog,
) -> Result<Answered, String> {
    let (text, _) = decode::decode(address, bytes, None).map_err(|problem| problem.message)?;
    if is_too_rich(&text) {
        return Err(format!("it has more than {MAX_ENTRIES} entries or {MAX_TAGS} tags"));
    }
    let mut input = Input { name: String::new(), text: text.into() };
    // The end of an address says less than the content, except of tables.
    let path = address.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    let format = match path.ends_with(".csv") || path.ends_with(".tsv") {
        true => Format::Csv,
        false => files::format(&input),
    };
    address.clone_into(&mut input.name);
    let is_sitemap = match source.format {
        None => sitemap::is_sitemap(&input.text),
        Some(format) => format == SourceFormat::Sitemap,
    };
    let mut answered = Answered::default();
    if is_sitemap {
        answered.format = "sitemap";
        answered.entries = sitemap::read(&input.text, config)?;
    } else {
        let format = match source.format {
            Some(SourceFormat::Feed) => Format::Feed,
            _ => format,
        };
        read_records(&input, format, (source, config), watchdog, &mut answered)?;
    }
    identify(&mut answered.entries, source.url.as_str());
    for entry in &mut answered.entries {
        // The words of a sitemap are those of its titles.
        if is_sitemap {
            entry.refused = source.words.refuse(&entry.title, "");
        }
    }
    Ok(answered)
}

fn read_records(
    input: &Input,
    format: Format,
    (source, config): (&Source, &Config),
    watchdog: &Watchdog,
    answered: &mut Answered,
) -> Result<(), String> {
    answered.format = format.name();
    let labels = Labels::of(config);
    let mut problem: Option<Diagnostic> = None;
    for found in files::watched_records(input, format, &labels, watchdog) {
        match found {
            Found::Record(record) => {
                if let (None, Some(Value::Text(text))) =
                    (&answered.publisher, record.get(&Field::Source).map(|entry| &entry.value))
                {
                    answered.publisher = Some(crate::fields::clean(text)).filter(|text| !text.is_empty());
                }
                match entry(input, format, record, (source, config)) {
                    Ok(entry) => answered.entries.push(entry),
                    Err(reason) => answered.unreadable.push(reason),
                }
            }
            Found::Problem(found) if found.is_error() => {
                answered.is_broken = true;
                answered.unreadable.push(found.message.clone());
                problem.get_or_insert(found);
            }
            Found::Problem(_) | Found::Outside(_) => {}
        }
    }
    match problem {
        _ if answered.entries.is_empty() && format == Format::Records => {
            Err("this is neither a feed nor a list of records".to_owned())
        }
        Some(problem) if answered.entries.is_empty() => Err(problem.message),
        _ => Ok(()),
    }
}

/// Makes an entry of a record.
///
/// # Errors
/// The reason why it cannot be an article.
fn entry(
    input: &Input,
    format: Format,
    mut record: Record,
    (source, config): (&Source, &Config),
) -> Result<Entry, String> {
    let own = |record: &Record, name: &str| {
        let entry = record.get(&Field::Extra(name.to_owned()))?;
        match &entry.value {
            Value::Text(text) => Some(text.clone()),
            Value::Data(node) => node.text().map(str::to_owned),
            _ => None,
        }
    };
    let id = record.id.take().or_else(|| own(&record, "id"));
    let language = own(&record, "language");
    let mut categories = Vec::new();
    if format == Format::Feed {
        record.entries.retain(|entry| match (&entry.field, &entry.value) {
            (Field::Terms(_), Value::Items(items)) => {
                categories.extend(items.iter().map(|item| crate::fields::clean(item)));
                false
            }
            _ => true,
        });
        categories.retain(|category| !category.is_empty());
    }
    let body = record.get(&Field::Body).map(|entry| entry.value.clone());
    let options = CleanOptions { config, raw: false };
    let (draft, _) = reader::draft(input, record, options).map_err(|problems| {
        let problem = problems.into_iter().find(Diagnostic::is_error);
        problem.map_or_else(|| "it cannot be read".to_owned(), |problem| problem.message)
    })?;
    if draft.draft {
        return Err("it is not public at its source".to_owned());
    }
    let words = plain_text(&draft, body.as_ref());
    let about = draft.summary.as_deref().filter(|summary| !summary.is_empty());
    let refused = source.words.refuse(&draft.title, &format!("{} {words}", about.unwrap_or_default()));
    let summary = han::excerpt(about.unwrap_or(&words), MAX_SUMMARY);
    let text = source.full_text.then(|| article_file::body(&draft)).filter(|text| !text.trim().is_empty());
    let authors = draft.extra.iter().filter(|(name, _)| matches!(name.as_str(), "author" | "authors"));
    let authors = authors.flat_map(|(_, node)| names(node)).collect();
    Ok(Entry {
        id: id.map(|id| id.trim().to_owned()).unwrap_or_default(),
        link: draft.link,
        title: draft.title,
        date: draft.date,
        updated: draft.updated,
        authors,
        categories,
        terms: draft.terms,
        event: draft.event,
        summary: Some(summary).filter(|summary| !summary.is_empty()),
        text,
        language,
        refused,
        ..Entry::default()
    })
}

/// The words of a text, without markup.
fn plain_text(draft: &Draft, body: Option<&Value>) -> String {
    match (&draft.body, body) {
        (Body::Words(blocks), _) => {
            let words = blocks.iter().map(|block| match block {
                Block::Paragraph(words) | Block::Heading(words) => words.as_str(),
            });
            words.collect::<Vec<_>>().join(" ")
        }
        (Body::Markdown(_), Some(Value::Html(html))) => html::one_line(html, &mut Vec::new()),
        (Body::Markdown(markdown), _) => markdown.clone(),
    }
}

fn names(node: &Node) -> Vec<String> {
    match node {
        Node::List(items) => items.iter().flat_map(names).collect(),
        Node::Map(_) => node.get("name").map(names).unwrap_or_default(),
        node => node.text().map(str::to_owned).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn answer(text: &str, settings: &str) -> Result<Answered, String> {
        let config = Config::default();
        let yaml = format!("sources:\n- name: 某报\n  url: https://e.org/feed.xml\n{settings}");
        let (sources, problems) = crate::fetch::sources::parse(&yaml, &config);
        assert!(problems.is_empty(), "{problems:?}");
        let bytes = text.as_bytes().to_vec();
        read(bytes, "https://e.org/feed.xml", &sources[0], &config, &Watchdog::none())
    }

    fn rss(items: &str) -> String {
        format!("<rss><channel><title>x</title><link>https://e.org/</link>{items}</channel></rss>")
    }

    #[test]
    fn ids_are_unique_among_all_sources() {
        let items = "<item><title>甲</title><link>https://e.org/1</link><guid isPermaLink='false'>7</guid></item>\
            <item><title>乙</title><link>https://e.org/2</link><guid>https://e.org/2</guid></item>\
            <item><title>丙</title><link>https://e.org/3</link></item>\
            <item><title>丁</title><guid isPermaLink='false'>tag:e.org,2026:4</guid></item>\
            <item><title>戊</title></item>";
        let found = answer(&rss(items), "").unwrap().entries;
        let ids: Vec<&str> = found.iter().map(|entry| entry.id.as_str()).collect();
        assert_eq!(
            ids[..4],
            ["https://e.org/feed.xml#7", "https://e.org/2", "https://e.org/3", "tag:e.org,2026:4"]
        );
        assert!(ids[4].starts_with("urn:newsprint:"), "{}", ids[4]);
        let own: Vec<bool> = found.iter().map(|entry| entry.has_own_id).collect();
        assert_eq!(own, [true, false, false, true, false]);
    }

    #[test]
    fn a_link_or_an_id_of_several_entries_identifies_none() {
        let items = "<item><title>甲</title><link>https://e.org/daily</link><guid isPermaLink='false'>1</guid></item>\
            <item><title>乙</title><link>https://e.org/daily</link><guid isPermaLink='false'>1</guid></item>\
            <item><title>丙</title><link>https://e.org/</link><guid isPermaLink='false'>2</guid></item>";
        let found = answer(&rss(items), "").unwrap().entries;
        assert!(found.iter().all(|entry| !entry.has_own_link), "{found:?}");
        assert_eq!(found.iter().filter(|entry| entry.id.starts_with("urn:newsprint:")).count(), 2);
        assert_ne!(found[0].id, found[1].id);
    }

    #[test]
    fn the_text_is_left_out_unless_the_source_is_read_in_full() {
        let long = "这是一句很长的话，说明发生了什么。".repeat(40);
        let item = format!("<item><title>甲</title><description>&lt;p>{long}&lt;/p></description></item>");
        let entry = |settings: &str| answer(&rss(&item), settings).unwrap().entries.remove(0);
        let short = entry("");
        let summary = short.summary.unwrap();
        assert!(summary.chars().count() <= 300 && summary.ends_with('。'), "{summary}");
        assert_eq!(short.text, None);
        assert_eq!(entry("  full_text: feed\n").text.as_deref(), Some(long.as_str()));
    }

    #[test]
    fn an_answer_with_too_many_entries_is_refused() {
        for text in ["<item/>", "<entry>", "{\"a\":1}"] {
            assert!(!is_too_rich(&text.repeat(MAX_ENTRIES)), "{text}");
            assert!(is_too_rich(&text.repeat(MAX_ENTRIES + 1)), "{text}");
        }
        assert!(is_too_rich(&"<a>".repeat(MAX_TAGS + 1)));
    }

    #[test]
    fn what_is_not_a_feed_is_named() {
        for (text, wanted) in [
            ("<!DOCTYPE html><html><body>Login</body></html>", "this is an HTML page, not a feed"),
            ("你好", "neither a feed nor a list of records"),
        ] {
            let error = answer(text, "").unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
        let error = answer("你好", "  format: feed\n").unwrap_err();
        assert!(error.contains("this is not a feed"), "{error}");
    }

    #[test]
    fn records_keep_their_terms_and_feeds_their_categories() {
        let item = "<item><title>甲</title><category>AI</category><author>某人</author></item>";
        let found = answer(&rss(item), "").unwrap().entries.remove(0);
        assert_eq!((found.categories, found.authors), (vec!["AI".to_owned()], vec!["某人".to_owned()]));
        let record = "[{\"id\": 5, \"title\": \"甲\", \"keywords\": [\"AI\"], \"event\": \"发布\"}]";
        let found = answer(record, "  format: records\n").unwrap().entries.remove(0);
        assert_eq!(found.terms, [("keywords".to_owned(), vec!["AI".to_owned()])]);
        assert_eq!((found.event.as_deref(), found.id.as_str()), (Some("发布"), "https://e.org/feed.xml#5"));
    }
}
