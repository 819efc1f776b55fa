//! Reads the answer of a source as entries, through the readers of `newsprint import`.

use std::time::{Duration, Instant};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fetch::convert::entry;
use crate::fetch::entry::{Entry, identify, shorten};
use crate::fetch::secret::Secrets;
use crate::fetch::sitemap;
use crate::fetch::sources::{Source, SourceFormat};
use crate::fetch::split::{self, MAX_ENTRIES, MAX_TAGS, is_too_rich};
use crate::import::decode;
use crate::import::files::{self, Format};
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::{Field, Found, Record, Value};
use crate::load::date::Date;
use crate::watchdog::Watchdog;

/// Lines that an answer of labelled lines may have. The reader takes 500 bytes for each.
const MAX_LINES: usize = 40_000;

/// The time in which the entries of one answer have to be read. The rest is left out.
const MAX_TIME: Duration = Duration::from_secs(10);

/// Entries between two times that those which cannot be taken are shortened.
const SHORTEN_EVERY: usize = 1000;

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
/// encoding, or a format without an entry that can be read. `since` is the date of the oldest
/// entries that are taken.
pub(super) fn read(
    bytes: Vec<u8>,
    address: &str,
    source: &Source,
    (config, since): (&Config, Option<Date>),
    watchdog: &Watchdog,
) -> Result<Answered, String> {
    let (text, _) = decode::decode(address, bytes, None).map_err(|problem| problem.message)?;
    if is_too_rich(&text) {
        return Err(tr!("it has more than {MAX_ENTRIES} entries or {MAX_TAGS} tags", MAX_ENTRIES, MAX_TAGS));
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
        let is_xml = format == Format::Feed && !input.text.trim_start().starts_with('{');
        if matches!(format, Format::Records) && input.text.lines().nth(MAX_LINES).is_some() {
            return Err(tr!("it has more than {MAX_LINES} lines, and is neither a feed nor JSON", MAX_LINES));
        }
        let reading = Reading { source, config, since, watchdog, end: Instant::now() + MAX_TIME };
        match is_xml {
            true => reading.feed(input, &mut answered)?,
            false => reading.records(&input, format, &mut answered)?,
        }
    }
    shorten(&mut answered.entries, source.limit, since);
    let secrets = Secrets::of(&source.url);
    for entry in &mut answered.entries {
        secrets.remove_from(entry);
        // The words of a sitemap are those of its titles.
        if is_sitemap {
            entry.refused = source.words.refuse(&entry.title, "");
        }
    }
    identify(&mut answered.entries, &secrets.without(&source.url), &source.all);
    Ok(answered)
}

/// What the records of an answer are read with.
#[derive(Clone, Copy)]
struct Reading<'a> {
    source: &'a Source,
    config: &'a Config,
    since: Option<Date>,
    watchdog: &'a Watchdog,
    /// The time after which no further entry is read.
    end: Instant,
}

impl Reading<'_> {
    /// Reads a feed in XML, in parts.
    fn feed(self, input: Input, answered: &mut Answered) -> Result<(), String> {
        let Input { name, text } = input;
        let parts = split::split(&text)?;
        let too_large = parts.too_large;
        let mut problem = None;
        for part in parts.texts() {
            let part = Input { name: name.clone(), text: part.into_owned().into() };
            problem = self.records(&part, Format::Feed, answered).err().or(problem);
        }
        let kilobytes = split::MAX_ITEM_BYTES >> 10;
        let reason = tr!(
            "an entry has more than {kilobytes} KB, or {} tags and references",
            split::MAX_ITEM_SIGNS,
            kilobytes
        );
        answered.unreadable.extend(std::iter::repeat_n(reason.clone(), too_large));
        match problem.or((too_large > 0).then_some(reason)).filter(|_| answered.entries.is_empty()) {
            Some(problem) => Err(problem),
            None => Ok(()),
        }
    }

    fn records(self, input: &Input, format: Format, answered: &mut Answered) -> Result<(), String> {
        answered.format = format.name();
        let labels = Labels::of(self.config);
        let mut problem: Option<Diagnostic> = None;
        for found in files::watched_records(input, format, &labels, self.watchdog) {
            if Instant::now() > self.end {
                let reason = tr!("the rest was not read within {} seconds", MAX_TIME.as_secs());
                if answered.unreadable.last() != Some(&reason) {
                    answered.unreadable.push(reason);
                }
                answered.is_broken = true;
                break;
            }
            match found {
                Found::Record(record) => self.record(input, format, record, answered),
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
                Err(tr!("this is neither a feed nor a list of records"))
            }
            Some(problem) if answered.entries.is_empty() => Err(problem.message),
            _ => Ok(()),
        }
    }

    /// Adds the entry of a record.
    fn record(self, input: &Input, format: Format, record: Record, answered: &mut Answered) {
        let source = record.get(&Field::Source).map(|entry| &entry.value);
        if let (None, Some(Value::Text(text))) = (&answered.publisher, source) {
            answered.publisher = Some(crate::fields::clean(text)).filter(|text| !text.is_empty());
        }
        match entry(input, format, record, (self.source, self.config)) {
            Ok(entry) if entry.is_too_long() => {
                answered.unreadable.push(tr!("its title, names and terms are too long"));
            }
            Ok(entry) => {
                answered.entries.push(entry);
                if answered.entries.len().is_multiple_of(SHORTEN_EVERY) {
                    shorten(&mut answered.entries, self.source.limit, self.since);
                }
            }
            Err(reason) => answered.unreadable.push(reason),
        }
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
        read(bytes, "https://e.org/feed.xml", &sources[0], (&config, None), &Watchdog::none())
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
    fn the_hour_24_is_the_midnight_at_the_beginning_of_the_day() {
        let item = "<item><title>甲</title><pubDate>Wed, 13 Mar 2024 24:30:00 GMT</pubDate></item>";
        let found = answer(&rss(item), "").unwrap();
        assert_eq!(
            found.entries[0].date.unwrap().iso(),
            "2024-03-13T08:30:00+08:00",
            "{:?}",
            found.unreadable
        );
    }

    #[test]
    fn a_large_feed_is_read_in_parts() {
        let items: String = (0..9000)
            .map(|n| format!("<item><title>第 {n} 篇</title><link>/{n}</link><category>AI</category></item>"))
            .collect();
        let large =
            format!("<item><title>大</title><description>{}</description></item>", "字".repeat(400_000));
        let found = answer(&rss(&(items + &large + "<item><title>尾</title></item>")), "").unwrap();
        assert_eq!((found.entries.len(), found.unreadable.len()), (9001, 1), "{:?}", found.unreadable);
        assert_eq!(found.entries[8999].link.as_ref().unwrap().url, "https://e.org/8999");
        assert_eq!((found.entries[0].categories.len(), found.entries[8999].categories.len()), (1, 0));
        assert_eq!((found.publisher.as_deref(), found.is_broken), (Some("x"), false));
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
