//! Requests the links to other sites (`--external`) and reports those that are broken.
//!
//! Several hosts are requested at the same time, the pages of one host one after another. Answers
//! are cached in `.newsprint/links.json`: a page that exists is requested again after a week, one
//! that does not after one hour, then two, then four, up to a week.

mod answers;
mod ask;

use std::collections::{BTreeMap, VecDeque};
use std::path::Path;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use chrono::{DateTime, Utc};
use serde::Serialize;
use url::Url;

use crate::check::finding::{Finding, SourcePlaces};
use crate::check::pages::{self, Occurrences};
use crate::config::Rule;
use crate::diagnostic::Diagnostic;
use crate::pipeline::BuiltSite;
use answers::Answers;
use ask::{Answer, Client};

/// The number of hosts that are requested at the same time.
const WORKERS: usize = 8;
/// The maximum number of pages that one check requests; the next check continues.
const MAX_LINKS: usize = 1000;
/// The maximum number of pages of one host that one check requests.
const MAX_LINKS_PER_HOST: usize = 100;
/// The pause between two requests to one host.
const PAUSE_PER_HOST: Duration = Duration::from_millis(500);
/// The time after which no further request is started.
const MAX_DURATION: Duration = Duration::from_secs(600);
/// The number of failures in a row after which a host gets no more requests.
const MAX_FAILURES_PER_HOST: usize = 3;

/// The options of requests to other sites.
#[derive(Debug, Clone, Copy)]
pub struct External {
    /// Request hosts of private networks and of this machine, too. Articles come from untrusted
    /// sources: their links could make a build server request what only it can reach.
    pub private: bool,
}

/// The numbers of links to other sites.
#[derive(Debug, Default, Serialize)]
pub struct LinkCounts {
    /// All addresses on other sites.
    pub links: usize,
    /// Addresses that were requested.
    pub asked: usize,
    /// Addresses with a cached answer.
    pub cached: usize,
    /// Addresses that are left for the next check.
    pub left: usize,
}

impl LinkCounts {
    /// A phrase for the summary of the check: `3 links to other sites (2 requested, 1 cached)`.
    #[must_use]
    pub fn summary(&self) -> String {
        let mut parts = vec![tr!("{} requested", self.asked)];
        if self.cached > 0 {
            parts.push(tr!("{} cached", self.cached));
        }
        if self.left > 0 {
            parts.push(tr!("{} left for the next check", self.left));
        }
        let parts = parts.join(&tr!("list" => ", "));
        tr!("{n} link to other sites ({parts})" | "{n} links to other sites ({parts})" % self.links, parts)
    }
}

/// The addresses to request from one host.
type HostLinks<'a> = Vec<(&'a str, Url)>;

/// Requests the addresses without a valid cached answer, and reports all that are broken. If no
/// host answers, there is one finding and the cache is not written.
///
/// # Errors
/// `.newsprint/` is a symbolic link, or the answers cannot be written.
pub(super) fn check(
    root: &Path,
    built: &BuiltSite<'_>,
    links: &BTreeMap<String, Occurrences>,
    external: External,
    now: DateTime<Utc>,
) -> Result<(LinkCounts, Vec<Finding>), Diagnostic> {
    let mut answers = Answers::load(root)?;
    let mut hosts: BTreeMap<String, HostLinks<'_>> = BTreeMap::new();
    let mut counts = LinkCounts { links: links.len(), ..LinkCounts::default() };
    for address in links.keys() {
        if answers.is_due(address, now) {
            let Ok(mut url) = Url::parse(address) else { continue };
            // The password of a link in a text is sent to no host.
            let _ = url.set_username("").and_then(|()| url.set_password(None));
            let host = url.host_str().unwrap_or_default().to_owned();
            hosts.entry(host).or_default().push((address, url));
        } else {
            counts.cached += 1;
        }
    }
    let due: usize = hosts.values().map(Vec::len).sum();
    let hosts = choose_links(hosts, &answers);
    let host_count = hosts.len();
    let client = Client::new(built.config, external.private);
    let new = request_all(&client, hosts);
    counts.asked = new.len();
    counts.left = due - new.len();
    let all_failed = new.iter().all(|(_, answer)| matches!(answer, Answer::Unreachable(_)));
    if host_count > 1 && all_failed && new.len() >= host_count {
        let message =
            tr!("none of {n} host could be reached" | "none of {n} hosts could be reached" % host_count);
        let help = tr!("check the network connection, or set `https_proxy`; no answer was cached");
        return Ok((counts, vec![Finding::new(Rule::UnreachableLink, message, help)]));
    }
    for (address, answer) in new {
        answers.put(address, answer, now);
    }
    answers.retain(|address| links.contains_key(address));
    answers.save()?;
    let places = SourcePlaces::new(root, built.config);
    let found = links.iter().filter_map(|(address, occurrences)| {
        Some((finding_of_answer(address, answers.get(address)?)?, address, occurrences))
    });
    let placed = found.map(|(finding, address, occurrences)| {
        pages::place_finding(&places, built, finding, address, occurrences)
    });
    Ok((counts, placed.collect()))
}

/// The finding about an answer; `None` if the page exists or the answer says nothing about it.
fn finding_of_answer(address: &str, answer: &Answer) -> Option<Finding> {
    match answer {
        Answer::There | Answer::Refused(_) => None,
        Answer::Gone(status) => Some(Finding::new(
            Rule::DeadLink,
            tr!("{address} no longer exists (status {status})", address, status),
            tr!("find its new address, or link to an archived copy"),
        )),
        Answer::Unreachable(why) => Some(Finding::new(
            Rule::UnreachableLink,
            tr!("{address} cannot be reached: {}", crate::diagnostic::printable_line(why), address),
            tr!("try it in a browser; the check requests it again after an hour"),
        )),
        Answer::Private => Some(Finding::new(
            Rule::UnreachableLink,
            tr!("{address} is in a private network, which readers cannot reach", address),
            tr!("remove the link; `--private` requests it anyway"),
        )),
    }
}

/// Chooses the addresses to request, within the limits of a check. Of each host, addresses that
/// were never requested are first, then those with the oldest answers.
fn choose_links<'a>(hosts: BTreeMap<String, HostLinks<'a>>, answers: &Answers) -> VecDeque<HostLinks<'a>> {
    let mut room = MAX_LINKS;
    let mut chosen = Vec::new();
    for (_, mut host) in hosts {
        host.sort_by_key(|(address, _)| answers.requested_at(address));
        host.truncate(MAX_LINKS_PER_HOST.min(room));
        room -= host.len();
        if !host.is_empty() {
            chosen.push(host);
        }
    }
    // The hosts with the most addresses are first, because they take the longest.
    chosen.sort_by_key(|host| std::cmp::Reverse(host.len()));
    chosen.into()
}

/// Requests all hosts with [`WORKERS`] threads. Addresses that were not requested have no answer.
fn request_all<'a>(client: &Client, hosts: VecDeque<HostLinks<'a>>) -> Vec<(&'a str, Answer)> {
    let workers = WORKERS.min(hosts.len());
    let (queue, answers) = (Mutex::new(hosts), Mutex::new(Vec::new()));
    let until = Instant::now() + MAX_DURATION;
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(host) = queue.lock().ok().and_then(|mut queue| queue.pop_front()) {
                    let of_host = request_host(client, &host, until);
                    if let Ok(mut answers) = answers.lock() {
                        answers.extend(of_host);
                    }
                }
            });
        }
    });
    answers.into_inner().unwrap_or_default()
}

/// Requests the addresses of one host in order, until `until`, until the host asks to stop, or
/// until it fails [`MAX_FAILURES_PER_HOST`] times in a row.
fn request_host<'a>(client: &Client, host: &HostLinks<'a>, until: Instant) -> Vec<(&'a str, Answer)> {
    let mut answers = Vec::new();
    let mut failures = 0;
    for (nth, (address, url)) in host.iter().enumerate() {
        if nth > 0 {
            std::thread::sleep(PAUSE_PER_HOST);
        }
        if Instant::now() > until {
            break;
        }
        let (answer, stop) = client.request(url);
        failures = if matches!(answer, Answer::Unreachable(_)) { failures + 1 } else { 0 };
        answers.push((*address, answer));
        if stop || failures == MAX_FAILURES_PER_HOST {
            break;
        }
    }
    answers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_with_many_links_are_first_and_each_has_at_most_a_hundred() {
        let folder = tempfile::tempdir().unwrap();
        let mut answers = Answers::load(folder.path()).unwrap();
        let at = DateTime::from_timestamp(1_000, 0).unwrap();
        answers.put("https://b/0", Answer::There, at);
        let url = Url::parse("https://e.org/").unwrap();
        let names: Vec<String> = (0..150).map(|nth| format!("https://b/{nth}")).collect();
        let links = |count: usize| -> HostLinks<'_> {
            names[..count].iter().map(|name| (name.as_str(), url.clone())).collect()
        };
        let chosen = |hosts: Vec<(String, usize)>| -> Vec<HostLinks<'_>> {
            let hosts = hosts.into_iter().map(|(name, count)| (name, links(count))).collect();
            choose_links(hosts, &answers).into()
        };
        let of = |counts: &[usize]| -> Vec<usize> {
            let hosts = counts.iter().enumerate().map(|(nth, &count)| (format!("{nth:02}"), count)).collect();
            chosen(hosts).iter().map(Vec::len).collect()
        };
        assert_eq!(of(&[]), [0; 0]);
        assert_eq!(of(&[1, 3, 2]), [3, 2, 1]);
        assert_eq!(of(&[5, 150]), [100, 5]);
        // The check requests a thousand pages; the last hosts wait for the next one.
        assert_eq!(of(&[90, 100, 100, 100, 100, 100, 100, 100, 100, 100, 50, 7]), {
            let mut wanted = vec![100; 9];
            wanted.extend([90, 10]);
            wanted
        });
        // What was requested before comes after what was not.
        let order: Vec<&str> = chosen(vec![("b".to_owned(), 3)])[0].iter().map(|(name, _)| *name).collect();
        assert_eq!(order, ["https://b/1", "https://b/2", "https://b/0"]);
    }

    #[test]
    fn an_answer_that_says_nothing_about_the_page_is_no_finding() {
        let found = |answer: Answer| {
            finding_of_answer("https://e.org/", &answer).map(|found| (found.code, found.message))
        };
        for answer in [Answer::There, Answer::Refused(403)] {
            assert_eq!(found(answer), None);
        }
        let wanted = ("dead-link", "https://e.org/ no longer exists (status 410)".to_owned());
        assert_eq!(found(Answer::Gone(410)), Some(wanted));
        let wanted = ("unreachable-link", "https://e.org/ cannot be reached: status 500".to_owned());
        assert_eq!(found(Answer::Unreachable("status 500".to_owned())), Some(wanted));
        let message = "https://e.org/ is in a private network, which readers cannot reach".to_owned();
        assert_eq!(found(Answer::Private), Some(("unreachable-link", message)));
    }

    #[test]
    fn a_host_is_not_requested_after_the_end_of_the_check() {
        let client = Client::new(&crate::config::Config::default(), false);
        let url = Url::parse("http://127.0.0.1:9/").unwrap();
        let links = vec![("http://127.0.0.1:9/", url)];
        assert_eq!(request_host(&client, &links, Instant::now() - Duration::from_secs(1)), []);
        let later = Instant::now() + Duration::from_secs(60);
        assert_eq!(request_host(&client, &links, later), [("http://127.0.0.1:9/", Answer::Private)]);
    }
}
