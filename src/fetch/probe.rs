//! Requests an address once, finds the feed of a page, and tells what a fetch would read.

use std::path::Path;

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, printable_line};
use crate::fetch::options::Limits;
use crate::fetch::read::{self, Answered};
use crate::fetch::request::{self, Answer, NoAnswer, Validators};
use crate::fetch::secret;
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
        lines.extend(self.feeds_of_page());
        for First { title, date, link, summary } in &self.first {
            let date = date.as_deref().unwrap_or("without a date");
            lines.push(format!("{date}  {title}"));
            lines.extend(link.iter().chain(summary).map(|text| format!("  {text}")));
        }
        lines.extend(self.unreadable.iter().map(|reason| format!("not read: {reason}")));
        lines.iter().map(|line| printable_line(line) + "\n").collect()
    }

    /// The lines that list the feeds of a page, if it names several.
    #[must_use]
    pub fn feeds_of_page(&self) -> Vec<String> {
        if self.feeds.len() < 2 {
            return Vec::new();
        }
        let line = |(nth, feed): (usize, &String)| {
            let used = if *feed == self.url { " (used)" } else { "" };
            format!("  {}: {feed}{used}", nth + 1)
        };
        let head = "the page names several feeds; `--feed NUMBER` uses another one:".to_owned();
        std::iter::once(head).chain(self.feeds.iter().enumerate().map(line)).collect()
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

/// Requests an address with the defaults of a source. Of a page, one of its feeds is requested:
/// `choice` is its number, from 1, or its address.
#[must_use]
pub fn probe(
    (written, choice): (&str, Option<&str>),
    config: &Config,
    allow_private: bool,
    limits: Limits,
    now: DateTime<Utc>,
) -> Probe {
    let mut probe = Probe::default();
    let client = Client::new(&config.user_agent(), allow_private, limits.timeouts);
    match find((written, choice), config, (&client, limits, now), &mut probe) {
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

/// Parses the address of a page or a feed. `https://` is added to a host.
///
/// # Errors
/// The text is a path of this machine, or no address.
fn address_of(written: &str) -> Result<Url, Diagnostic> {
    let help = "write the address of a page or a feed, as in `https://example.org/`";
    if written.contains("://") {
        return parse_address(written).map_err(|message| Diagnostic::error(message).help(help));
    }
    let host = written.split(['/', ':', '?']).next().unwrap_or_default();
    let is_path = host.is_empty() || host.starts_with(['.', '~']) || written.contains('\\');
    if is_path || !host.contains('.') && host != "localhost" || Path::new(written).exists() {
        let message = format!("`{written}` is not an address");
        let help = format!("{help}; `newsprint sources import FILE` adds the feeds of an OPML file");
        return Err(Diagnostic::error(message).help(help));
    }
    parse_address(&format!("https://{written}")).map_err(|message| Diagnostic::error(message).help(help))
}

/// True if the address of a feed says that it has comments, not articles: `/comments/feed/` and
/// `?feed=comments-rss2` of WordPress.
fn has_comments(feed: &Url) -> bool {
    let mut words =
        feed.path().split(['/', '-', '.']).chain(feed.query().unwrap_or_default().split(['=', '&', '-']));
    words.any(|word| word.eq_ignore_ascii_case("comments"))
}

/// Chooses a feed of a page: the one with this number, from 1, or this address; by default the
/// first that has articles.
///
/// # Errors
/// The page does not name the feed that is asked for.
fn choose(feeds: &[Url], page: &Url, choice: Option<&str>) -> Result<Url, Diagnostic> {
    let found = match choice {
        None => feeds.iter().find(|feed| !has_comments(feed)).or(feeds.first()),
        Some(choice) => match choice.parse::<usize>() {
            Ok(number) => number.checked_sub(1).and_then(|nth| feeds.get(nth)),
            Err(_) => {
                let address = page.join(choice).ok();
                feeds.iter().find(|feed| Some(*feed) == address.as_ref())
            }
        },
    };
    found.cloned().ok_or_else(|| {
        let named: Vec<String> =
            feeds.iter().enumerate().map(|(nth, feed)| format!("{}: {feed}", nth + 1)).collect();
        Diagnostic::error(format!("the page names no feed `{}`", choice.unwrap_or_default()))
            .help(format!("it names {}", named.join(", ")))
    })
}

/// Finds the feed of an address: its own, or one that its page names.
fn find(
    (written, choice): (&str, Option<&str>),
    config: &Config,
    (client, limits, now): (&Client, Limits, DateTime<Utc>),
    probe: &mut Probe,
) -> Result<(Url, Answered), Diagnostic> {
    let url = address_of(written)?;
    let failed = |url: &Url, NoAnswer { reason, is_private, .. }: &NoAnswer| {
        let help = match is_private {
            true => "add `--allow-private` if you trust the host",
            false => "open the address in a browser; a feed often is at `/feed`, `/rss.xml` or `/atom.xml`",
        };
        Diagnostic::error(format!("{}: {reason}", secret::shown(url))).help(help)
    };
    let mut address = url;
    for is_page in [true, false] {
        let validators = Validators::default();
        let (bytes, found) = match request::request(client, &address, &validators, limits.body_bytes, now) {
            // What moved for good has its new address.
            Answer::Body { bytes, moved, address: found, .. } => {
                address = moved.unwrap_or(address);
                (bytes, found)
            }
            Answer::Failed(found) => return Err(failed(&address, &found)),
            Answer::Unchanged { .. } => return Err(failed(&address, &"status 304".to_owned().into())),
        };
        let bytes = bytes.into_bytes().map_err(|error| failed(&address, &error.to_string().into()))?;
        let source = Source::new(String::new(), address.clone());
        let reason =
            match read::read(bytes.clone(), found.as_str(), &source, (config, None), &Watchdog::none()) {
                Ok(answered) => return Ok((address, answered)),
                Err(reason) => reason,
            };
        let text = decode::decode(found.as_str(), bytes, None).map(|(text, _)| text).unwrap_or_default();
        let feeds = feed::feeds_of_page(&text).into_iter().filter_map(|feed| found.join(&feed).ok());
        let feeds: Vec<Url> =
            feeds.filter(|feed| parse_address(feed.as_str()).is_ok()).take(MAX_FEEDS).collect();
        if !is_page || feeds.is_empty() {
            return Err(failed(&address, &reason.into()));
        }
        probe.feeds = feeds.iter().map(Url::to_string).collect();
        address = choose(&feeds, &found, choice)?;
    }
    Err(failed(&address, &"there is no feed".to_owned().into()))
}
