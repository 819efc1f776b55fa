//! Do links to other sites still lead somewhere? Asked politely, on demand, and answered from answers where that will do.
//!
//! Hosts are asked side by side, and of each host one page at a time. What was found is noted in `.newsprint/links.json`: a page
//! that is there is asked for again after a week, one that is not after an hour, then two, then four.

mod answers;
mod ask;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::check::finding::{Finding, Places};
use crate::check::pages::{self, Seen};
use crate::config::Rule;
use crate::diagnostic::Diagnostic;
use crate::pipeline::BuiltSite;
use answers::Answers;
use ask::{Answer, Client};

/// Hosts that are asked at once.
const WORKERS: usize = 8;
/// Pages that are asked for in one run; the next one goes on from there.
const MAX_LINKS: usize = 1000;
/// Of one host.
const OF_HOST: usize = 100;
/// Between two pages of one host.
const PAUSE_PER_HOST: Duration = Duration::from_millis(500);
/// When no further page is asked for.
const MAX_DURATION: Duration = Duration::from_secs(600);
/// A host that failed so often in a row is left alone.
const FAILURES: usize = 3;

/// How other sites are asked.
#[derive(Debug, Clone, Copy)]
pub struct External {
    /// Hosts of private networks and of this machine, too. Articles come from strangers, whose links could make a build server
    /// ask what only it can reach.
    pub private: bool,
}

/// What became of the links.
#[derive(Debug, Default, Serialize)]
pub struct Asked {
    /// Addresses of other sites.
    pub links: usize,
    /// Those that were asked for.
    pub asked: usize,
    /// Those that the answers of an earlier check answered.
    pub cached: usize,
    /// Those that are left for the next check.
    pub left: usize,
}

impl Asked {
    /// For people, in a list of what was looked at.
    #[must_use]
    pub fn words(&self) -> String {
        let mut how = vec![format!("{} asked for", self.asked)];
        if self.cached > 0 {
            how.push(format!("{} known from earlier", self.cached));
        }
        if self.left > 0 {
            how.push(format!("{} left for the next check", self.left));
        }
        format!("{} to other sites ({})", crate::text::count(self.links, "link"), how.join(", "))
    }
}

/// The pages of one host that are to be asked for.
type Host<'a> = Vec<(&'a str, Url)>;

/// Asks for every address that the answers do not answer, and tells which lead nowhere.
pub(super) fn check(
    root: &Path,
    made: &BuiltSite<'_>,
    elsewhere: &BTreeMap<String, Seen>,
    external: External,
    now: DateTime<Utc>,
) -> Result<(Asked, Vec<Finding>), Diagnostic> {
    let mut answers = Answers::load(root)?;
    let mut hosts: BTreeMap<String, Host<'_>> = BTreeMap::new();
    let mut asked = Asked { links: elsewhere.len(), ..Asked::default() };
    for address in elsewhere.keys() {
        if answers.is_due(address, now) {
            let Ok(url) = Url::parse(address) else { continue };
            let host = url.host_str().unwrap_or_default().to_owned();
            hosts.entry(host).or_default().push((address, url));
        } else {
            asked.cached += 1;
        }
    }
    let due: usize = hosts.values().map(Vec::len).sum();
    let hosts = chosen(hosts, &answers);
    let names = hosts.len();
    let client = Client::new(&made.config.base_url, external.private);
    let new = ask_all(&client, hosts);
    asked.asked = new.len();
    asked.left = due - new.len();
    let all_failed = new.iter().all(|(_, answer)| matches!(answer, Answer::Unreachable(_)));
    if names > 1 && all_failed && new.len() >= names {
        let message = format!("none of {} could be reached", crate::text::count(names, "host"));
        let help = "is there a network? `https_proxy` in the environment names a way out; nothing was noted";
        return Ok((asked, vec![Finding::new(Rule::UnreachableLink, message, help)]));
    }
    for (address, answer) in new {
        answers.put(address, answer, now);
    }
    answers.keep(|address| elsewhere.contains_key(address));
    answers.save()?;
    let places = Places::new(root, made.config);
    let found = elsewhere
        .iter()
        .filter_map(|(address, seen)| Some((finding(address, answers.get(address)?)?, address, seen)));
    let placed = found
        .enumerate()
        .map(|(nth, (finding, address, seen))| pages::seen_at(&places, made, finding, (nth, address), seen));
    Ok((asked, placed.collect()))
}

fn finding(address: &str, answer: &Answer) -> Option<Finding> {
    match answer {
        Answer::There | Answer::Refused(_) => None,
        Answer::Gone(status) => Some(Finding::new(
            Rule::DeadLink,
            format!("{address} is not there any more (status {status})"),
            "look for its new place, or link to a copy in an archive",
        )),
        Answer::Unreachable(why) => Some(Finding::new(
            Rule::UnreachableLink,
            format!("{address} cannot be reached: {}", crate::diagnostic::printable_line(why)),
            "try it in a browser; it is asked for again after an hour",
        )),
        Answer::Private => Some(Finding::new(
            Rule::UnreachableLink,
            format!("{address} leads into a private network, where readers cannot follow"),
            "remove the link; `--private` asks for it all the same",
        )),
    }
}

/// Which pages are asked for now: of each host those that were never asked for, then those whose answer is the oldest.
fn chosen<'a>(hosts: BTreeMap<String, Host<'a>>, answers: &Answers) -> VecDeque<Host<'a>> {
    let mut room = MAX_LINKS;
    let mut chosen = Vec::new();
    for (_, mut host) in hosts {
        host.sort_by_key(|(address, _)| answers.asked_at(address));
        host.truncate(OF_HOST.min(room));
        room -= host.len();
        if !host.is_empty() {
            chosen.push(host);
        }
    }
    // The longest first: it is what the others have to wait for in the end.
    chosen.sort_by_key(|host| std::cmp::Reverse(host.len()));
    chosen.into()
}

/// The answers that came; who was not asked has none.
fn ask_all<'a>(client: &Client, hosts: VecDeque<Host<'a>>) -> Vec<(&'a str, Answer)> {
    let workers = WORKERS.min(hosts.len());
    let (queue, answers) = (Mutex::new(hosts), Mutex::new(Vec::new()));
    let until = Instant::now() + MAX_DURATION;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(host) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
                    let of_host = ask_host(client, &host, until);
                    if let Ok(mut answers) = answers.lock() {
                        answers.extend(of_host);
                    }
                }
            });
        }
    });
    answers.into_inner().unwrap_or_default()
}

fn ask_host<'a>(client: &Client, host: &Host<'a>, until: Instant) -> Vec<(&'a str, Answer)> {
    let mut answers = Vec::new();
    let mut failures = 0;
    for (nth, (address, url)) in host.iter().enumerate() {
        if nth > 0 {
            std::thread::sleep(PAUSE_PER_HOST);
        }
        if Instant::now() > until {
            break;
        }
        let (answer, enough) = client.ask(url);
        failures = if matches!(answer, Answer::Unreachable(_)) { failures + 1 } else { 0 };
        answers.push((*address, answer));
        if enough || failures == FAILURES {
            break;
        }
    }
    answers
}
