//! Requests an address once, finds the feed of a page, and tells what a fetch would read.

use std::path::Path;
use std::time::Instant;

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, printable_line};
use crate::fetch::options::Limits;
use crate::fetch::read::{self, Answered};
use crate::fetch::request::{self, Answer, NoAnswer, Validators};
use crate::fetch::robots::Robots;
use crate::fetch::secret;
use crate::fetch::sources::{Source, parse_address};
use crate::http::Client;
use crate::import::decode;
use crate::import::feed;
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
    /// The address of the feed. Reports show `***` for secrets in addresses.
    #[serde(serialize_with = "secret::serialize")]
    pub url: String,
    /// The name of the publisher, or the host.
    pub name: String,
    /// The format: `feed`, `sitemap`, `json`, `csv` or `records`.
    pub format: &'static str,
    /// The feeds that the page names, if the address is a page.
    #[serde(serialize_with = "secret::serialize_all")]
    pub feeds: Vec<String>,
    /// The number of entries.
    pub entries: usize,
    /// A reason for each entry that cannot be read.
    pub unreadable: Vec<String>,
    /// The first entries.
    pub first: Vec<First>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
    /// Why there is no answer that can be read, without the address.
    #[serde(skip)]
    reason: String,
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
        let mut lines = vec![format!("{} ({}): {}", self.name, self.format, secret::shown_text(&self.url))];
        lines.extend(self.feeds_of_page());
        for First { title, date, link, summary } in &self.first {
            let date = date.clone().unwrap_or_else(|| tr!("without a date"));
            lines.push(format!("{date}  {title}"));
            lines.extend(link.iter().chain(summary).map(|text| format!("  {text}")));
        }
        lines.extend(self.unreadable.iter().map(|reason| tr!("not read: {reason}", reason)));
        lines.iter().map(|line| printable_line(line) + "\n").collect()
    }

    /// The lines that list the feeds of a page, if it names several.
    #[must_use]
    pub fn feeds_of_page(&self) -> Vec<String> {
        if self.feeds.len() < 2 {
            return Vec::new();
        }
        let line = |(nth, feed): (usize, &String)| {
            let line = format!("  {}: {}", nth + 1, secret::shown_text(feed));
            if *feed == self.url { tr!("{line} (used)", line) } else { line }
        };
        let head = tr!("the page names several feeds; `--feed NUMBER` uses another one:");
        std::iter::once(head).chain(self.feeds.iter().enumerate().map(line)).collect()
    }

    /// The summary: one line.
    #[must_use]
    pub fn summary(&self) -> String {
        if !self.success {
            return match self.reason.as_str() {
                "" => tr!("newsprint: no feed was read"),
                reason => tr!("newsprint: no feed was read: {reason}", reason),
            };
        }
        match self.first.iter().all(|first| first.date.is_some()) {
            true => tr!("newsprint: {n} record in all" | "newsprint: {n} records in all" % self.entries),
            false => tr!("newsprint: {n} record in all; some have no date"
                | "newsprint: {n} records in all; some have no date" % self.entries),
        }
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
        Err(NotFound { reason, problem }) => {
            probe.reason = reason;
            probe.diagnostics.push(secret::hidden(problem));
        }
    }
    probe
}

/// Why no feed is found: the reason without the address, which may be empty, and a diagnostic.
struct NotFound {
    reason: String,
    problem: Diagnostic,
}

impl From<Diagnostic> for NotFound {
    fn from(problem: Diagnostic) -> Self {
        Self { reason: String::new(), problem }
    }
}

impl NotFound {
    fn new(url: &Url, NoAnswer { reason, is_private, is_forbidden, .. }: NoAnswer) -> Self {
        let help = if is_private {
            tr!("add `--allow-private` if you trust the host")
        } else if is_forbidden {
            tr!("a fetch obeys it, too; ask the site for a feed that programs may read")
        } else {
            tr!("open the address in a browser; a feed often is at `/feed`, `/rss.xml` or `/atom.xml`")
        };
        let problem = Diagnostic::error(format!("{}: {reason}", secret::shown(url))).help(help);
        Self { reason, problem }
    }
}

/// Asks robots.txt before each request of a probe, as a fetch does.
struct Asking<'a> {
    client: &'a Client,
    limits: Limits,
    /// The rules of the origin that was asked last.
    rules: Option<(String, Robots)>,
}

impl Asking<'_> {
    /// Returns an error if the robots.txt of an address forbids it, or cannot be read.
    fn allow(&mut self, address: &Url) -> Result<(), NotFound> {
        let origin = address.origin().ascii_serialization();
        if self.rules.as_ref().is_none_or(|(known, _)| *known != origin) {
            let rules = request::robots((self.client, self.deadline()), address);
            let rules = rules.map_err(|found| NotFound::new(address, found))?;
            self.rules = Some((origin, rules));
        }
        match &self.rules {
            Some((_, rules)) if !rules.allows_address(address) => {
                Err(NotFound::new(address, NoAnswer::forbidden()))
            }
            _ => Ok(()),
        }
    }

    fn deadline(&self) -> Instant {
        Instant::now() + self.limits.timeouts.whole
    }
}

/// Parses the address of a page or a feed. `https://` is added to a host.
///
/// # Errors
/// The text is a path of this machine, or no address.
fn address_of(written: &str) -> Result<Url, Diagnostic> {
    let help = || tr!("write the address of a page or a feed, as in `https://example.org/`");
    if written.contains("://") {
        return parse_address(written).map_err(|message| Diagnostic::error(message).help(help()));
    }
    let host = written.split(['/', ':', '?']).next().unwrap_or_default();
    let is_path = host.is_empty() || host.starts_with(['.', '~']) || written.contains('\\');
    if is_path || !host.contains('.') && host != "localhost" || Path::new(written).exists() {
        let message = tr!("`{written}` is not an address", written);
        let help =
            tr!("{help}; `newsprint sources import FILE` adds the feeds of an OPML file", help = help());
        return Err(Diagnostic::error(message).help(help));
    }
    parse_address(&format!("https://{written}")).map_err(|message| Diagnostic::error(message).help(help()))
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
        Diagnostic::error(tr!("the page names no feed `{}`", choice.unwrap_or_default()))
            .help(tr!("it names {}", named.join(&tr!("list" => ", "))))
    })
}

/// Finds the feed of an address: its own, or one that its page names.
fn find(
    (written, choice): (&str, Option<&str>),
    config: &Config,
    (client, limits, now): (&Client, Limits, DateTime<Utc>),
    probe: &mut Probe,
) -> Result<(Url, Answered), NotFound> {
    let mut address = address_of(written)?;
    let failed = |url: &Url, reason: String| NotFound::new(url, reason.into());
    let mut asking = Asking { client, limits, rules: None };
    for is_page in [true, false] {
        asking.allow(&address)?;
        std::thread::sleep(limits.pause);
        let (validators, client) = (Validators::default(), (client, asking.deadline()));
        let (bytes, found) = match request::request(client, &address, &validators, limits.body_bytes, now) {
            // What moved for good has its new address.
            Answer::Body { bytes, moved, address: found, .. } => {
                address = moved.unwrap_or(address);
                (bytes, found)
            }
            Answer::Failed(found) => return Err(NotFound::new(&address, found)),
            Answer::Unchanged { .. } => return Err(failed(&address, tr!("status {status}", status = 304))),
        };
        let bytes = bytes.into_bytes().map_err(|error| failed(&address, error.to_string()))?;
        let source = Source::new(String::new(), address.clone());
        let reason =
            match read::read(bytes.clone(), found.as_str(), &source, (config, None), &Watchdog::none()) {
                Ok(answered) => {
                    // It may have moved to another address, which a fetch will ask for.
                    asking.allow(&address)?;
                    return Ok((address, answered));
                }
                Err(reason) => reason,
            };
        let text = decode::decode(found.as_str(), bytes, None).map(|(text, _)| text).unwrap_or_default();
        let feeds = feed::feeds_of_page(&text).into_iter().filter_map(|feed| found.join(&feed).ok());
        let feeds: Vec<Url> =
            feeds.filter(|feed| parse_address(feed.as_str()).is_ok()).take(MAX_FEEDS).collect();
        if !is_page || feeds.is_empty() {
            return Err(failed(&address, reason));
        }
        probe.feeds = feeds.iter().map(Url::to_string).collect();
        address = choose(&feeds, &found, choice)?;
    }
    Err(failed(&address, tr!("there is no feed")))
}
