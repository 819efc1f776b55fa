//! Requests an address once, finds the feed of a page, and tells what a fetch would read.

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, printable_line};
use crate::fetch::options::Limits;
use crate::fetch::read::{self, Answered};
use crate::fetch::request::{self, Answer, NoAnswer, Validators};
use crate::fetch::schedule::Permits;
use crate::fetch::sources::{Source, parse_address};
use crate::http::Client;
use crate::import::decode;
use crate::import::feed;
use crate::text::count;
use crate::watchdog::Watchdog;

/// Entries that the text of a report lists.
const MAX_SHOWN: usize = 5;
/// Feeds of a page that a report names.
const MAX_FEEDS: usize = 20;

/// What an address has.
#[derive(Debug, Default, Serialize)]
pub struct Probe {
    /// True if the address, or the feed of its page, has entries or can have some.
    pub success: bool,
    /// The address of the feed.
    pub url: String,
    /// The name of the publisher, or the host.
    pub name: String,
    /// The format: `feed`, `sitemap`, `json`, `csv` or `records`.
    pub format: &'static str,
    /// The feeds that the page names, if the address is a page.
    pub feeds: Vec<String>,
    /// The number of entries.
    pub entries: usize,
    /// A reason for each entry that cannot be read.
    pub unreadable: Vec<String>,
    /// The first entries.
    pub first: Vec<First>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// An entry in the report of a probe.
#[derive(Debug, Serialize)]
pub struct First {
    /// The title.
    pub title: String,
    /// The date, if it has one.
    pub date: Option<String>,
    /// The link, if it has one.
    pub link: Option<String>,
    /// The summary, if it has one.
    pub summary: Option<String>,
}

impl Probe {
    /// The format, the feeds of the page and the first entries.
    #[must_use]
    pub fn text(&self) -> String {
        if !self.success {
            return String::new();
        }
        let mut lines = vec![format!("{} ({}): {}", self.name, self.format, self.url)];
        if self.feeds.len() > 1 {
            lines.push("the page names several feeds; the first is used:".to_owned());
            lines.extend(self.feeds.iter().map(|feed| format!("  {feed}")));
        }
        for First { title, date, link, summary } in &self.first {
            let date = date.as_deref().unwrap_or("without a date");
            lines.push(format!("{date}  {title}"));
            lines.extend(link.iter().chain(summary).map(|text| format!("  {text}")));
        }
        lines.extend(self.unreadable.iter().map(|reason| format!("not read: {reason}")));
        lines.iter().map(|line| printable_line(line) + "\n").collect()
    }

    /// The summary: one line.
    #[must_use]
    pub fn summary(&self) -> String {
        if !self.success {
            return "newsprint: there is no feed at this address".to_owned();
        }
        let undated = self.first.iter().filter(|first| first.date.is_none()).count();
        let warning = if undated > 0 { "; some have no date" } else { "" };
        format!("newsprint: {} in all{warning}", count(self.entries, "record"))
    }
}

/// Requests an address with the defaults of a source. Of a page, its first feed is requested.
#[must_use]
pub fn probe(
    written: &str,
    config: &Config,
    allow_private: bool,
    limits: Limits,
    now: DateTime<Utc>,
) -> Probe {
    let mut probe = Probe::default();
    let client = Client::new(&config.user_agent(), allow_private, limits.timeouts);
    match find(written, config, (&client, limits, now), &mut probe) {
        Ok((url, answered)) => {
            probe.success = true;
            probe.name = answered
                .publisher
                .clone()
                .unwrap_or_else(|| url.host_str().unwrap_or_default().trim_start_matches("www.").to_owned());
            (probe.url, probe.format) = (url.into(), answered.format);
            probe.entries = answered.entries.len();
            probe.first = answered
                .entries
                .into_iter()
                .take(MAX_SHOWN)
                .map(|entry| First {
                    title: entry.title,
                    date: entry.date.map(|date| date.iso()),
                    link: entry.link.map(|link| link.url),
                    summary: entry.summary,
                })
                .collect();
            probe.unreadable = answered.unreadable;
        }
        Err(problem) => probe.diagnostics.push(problem),
    }
    probe
}

/// Finds the feed of an address: its own, or the first that its page names.
fn find(
    written: &str,
    config: &Config,
    (client, limits, now): (&Client, Limits, DateTime<Utc>),
    probe: &mut Probe,
) -> Result<(Url, Answered), Diagnostic> {
    let with_scheme = if written.contains("://") { written.to_owned() } else { format!("https://{written}") };
    let url = parse_address(&with_scheme).map_err(|message| {
        Diagnostic::error(message).help("write the address of a page or a feed, as in `https://example.org/`")
    })?;
    let failed = |url: &Url, NoAnswer { reason, is_private, .. }: &NoAnswer| {
        let help = match is_private {
            true => "add `--allow-private` if you trust the host",
            false => "open the address in a browser; a feed often is at `/feed`, `/rss.xml` or `/atom.xml`",
        };
        Diagnostic::error(format!("{url}: {reason}")).help(help)
    };
    let mut address = url;
    let permits = Permits::new();
    for is_page in [true, false] {
        let validators = Validators::default();
        let (bytes, found) =
            match request::request(client, &address, &validators, (limits.body_bytes, &permits), now) {
                // What moved for good has its new address.
                Answer::Body { bytes, moved, address: found, .. } => {
                    address = moved.unwrap_or(address);
                    (bytes, found)
                }
                Answer::Failed(found) => return Err(failed(&address, &found)),
                Answer::Unchanged { .. } => return Err(failed(&address, &"status 304".to_owned().into())),
            };
        let source = Source::new(String::new(), address.clone());
        let reason = match read::read(bytes.clone(), found.as_str(), &source, config, &Watchdog::none()) {
            Ok(answered) => return Ok((address, answered)),
            Err(reason) => reason,
        };
        let text = decode::decode(found.as_str(), bytes, None).map(|(text, _)| text).unwrap_or_default();
        let feeds = feed::feeds_of_page(&text).into_iter().filter_map(|feed| found.join(&feed).ok());
        let feeds: Vec<Url> =
            feeds.filter(|feed| parse_address(feed.as_str()).is_ok()).take(MAX_FEEDS).collect();
        match feeds.first().filter(|_| is_page) {
            Some(feed) => {
                probe.feeds = feeds.iter().map(Url::to_string).collect();
                address = feed.clone();
            }
            None => return Err(failed(&address, &reason.into())),
        }
    }
    Err(failed(&address, &"there is no feed".to_owned().into()))
}
