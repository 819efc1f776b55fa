//! Tells search engines of changed pages (IndexNow), and a hub of changed feeds (WebSub).
//!
//! Sources, read 2026-11-30. IndexNow: indexnow.org/documentation. `POST` of JSON with `host`,
//! `key`, `keyLocation` and at most 10,000 addresses in `urlList`, all below the folder of the
//! key's file; 200 and 202 are success. WebSub: W3C Recommendation of 2018-01-23, which leaves open
//! how a publisher tells a hub; hubs take the form of PubSubHubbub 0.3, section 7.1
//! (`hub.mode=publish&hub.url=…`; pubsubhubbub.appspot.com says so), with any status 2xx.

use std::collections::BTreeMap;

use serde_json::json;
use url::{Url, form_urlencoded};

use crate::announce::access::Access;
use crate::announce::live::Wanted;
use crate::announce::news::News;
use crate::announce::platform::form::{Answer, Request, Verdict, judge_status, short};
use crate::announce::report::TargetReport;
use crate::announce::send::{self, Outcome};
use crate::announce::session::Session;
use crate::config::{Platform, Target};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;

/// The maximum number of addresses in a request of IndexNow.
const MAX_ADDRESSES: usize = 10_000;

/// A target that is told of pages or feeds.
pub(super) struct PageJob<'j> {
    pub(super) target: &'j Target,
    pub(super) access: &'j Access,
}

/// A page that changed: its URL, and the fingerprint of its bytes unless it went away.
type Change = (String, Option<Fingerprint>);

/// Tells a target of what changed since the last success.
pub(super) fn announce(job: &PageJob<'_>, news: &News, session: &mut Session<'_>) -> TargetReport {
    let target = job.target;
    let is_index = target.to == Platform::IndexNow;
    let (name, to) = (target.name.as_str(), target.to.name());
    let about = if is_index { "page" } else { "feed" };
    let mut report = TargetReport { name: name.to_owned(), to, about, ..TargetReport::default() };
    let now = if is_index { &news.pages } else { &news.feeds };
    if session.ledger.get(name, to).is_none() && !session.shows_newest(name, news) {
        return report;
    }
    let Some(told) = session.ledger.get(name, to) else {
        session.ledger.entry(name, to).pages = now.clone();
        report.known = now.len();
        report.first_run = true;
        session.save();
        return report;
    };
    let mut changes = changes(&told.pages, now);
    let is_new = |url: &String| !told.pages.contains_key(url);
    report.known = now.len() - changes.iter().filter(|(_, found)| found.is_some()).count();
    if !is_index {
        // A hub fetches a feed: one that went away has nothing to fetch.
        changes.retain(|(_, found)| found.is_some());
    } else {
        // An address of another site, or above the key, would be refused.
        changes.retain(|(url, _)| url.starts_with(&session.base_url));
    }
    if changes.is_empty() {
        return report;
    }
    let probe = probe(&changes, news, is_index, &is_new);
    let requests: Vec<&[Change]> = changes.chunks(if is_index { MAX_ADDRESSES } else { 1 }).collect();
    if session.options.dry_run {
        for chunk in requests {
            let request = request(job, chunk, &session.base_url);
            report.requests.push(send::shown(&request, job.access, &session.user_agent));
        }
        report.sent = changes.into_iter().map(|(url, _)| url).collect();
        return report;
    }
    if let Some((url, wanted)) = probe
        && let Err(reason) = session.live.wait_for(&url, &wanted)
    {
        let message = tr!("{name}: {url} does not show the new build: {reason}", name, url, reason);
        let help = tr!("deploy first; the next run announces it. `--wait SECONDS` waits longer");
        session.diagnostics.push(Diagnostic::error(message).help(help));
        report.failed = changes.into_iter().map(|(url, _)| url).collect();
        return report;
    }
    send_all(job, &requests, session, &mut report);
    report
}

/// The pages that appeared, changed or went away, in the order of their URLs.
fn changes(before: &BTreeMap<String, Fingerprint>, now: &BTreeMap<String, Fingerprint>) -> Vec<Change> {
    let changed = now.iter().filter(|(url, found)| before.get(*url) != Some(found));
    let gone = before.keys().filter(|url| !now.contains_key(*url));
    let mut all: Vec<Change> = changed.map(|(url, found)| (url.clone(), Some(*found))).collect();
    all.extend(gone.map(|url| (url.clone(), None)));
    all.sort();
    all
}

/// The page that tells whether the live site is that of the build: the newest article whose page
/// is new, else a page that changed, else one that went away.
fn probe(
    changes: &[Change],
    news: &News,
    is_index: bool,
    is_new: &dyn Fn(&String) -> bool,
) -> Option<(String, Wanted)> {
    let is_changed = |url: &String| changes.iter().any(|(changed, found)| changed == url && found.is_some());
    let mut shown = news.items.iter().map(|item| &item.shown);
    if is_index && let Some(newest) = shown.find(|item| is_new(&item.url) && is_changed(&item.url)) {
        return Some((newest.url.clone(), Wanted::Title(newest.title.clone())));
    }
    let changed = changes.iter().find_map(|(url, found)| Some((url, (*found)?)));
    match changed {
        Some((url, found)) => Some((url.clone(), Wanted::Bytes(found))),
        None => changes.first().map(|(url, _)| (url.clone(), Wanted::Gone)),
    }
}

fn send_all(job: &PageJob<'_>, requests: &[&[Change]], session: &mut Session<'_>, report: &mut TargetReport) {
    let name = &job.target.name;
    let judge = if job.target.to == Platform::IndexNow { judge_index } else { judge_hub };
    let mut is_over = false;
    for chunk in requests {
        let addresses = || chunk.iter().map(|(url, _)| url.clone());
        if is_over || session.is_stopped {
            report.failed.extend(addresses());
            continue;
        }
        let base_url = session.base_url.clone();
        let outcome = session.sender.send(job.access, &|_| request(job, chunk, &base_url), judge);
        match &outcome {
            Outcome::Sent => {
                report.requests_sent += 1;
                report.sent.extend(addresses());
            }
            Outcome::Uncertain(reason) => {
                report.uncertain.extend(addresses());
                let message =
                    tr!("{name}: no answer to a request, which may have arrived: {reason}", name, reason);
                let help = tr!("it counts as sent: {}", list(chunk));
                session.diagnostics.push(Diagnostic::error(message).help(help));
            }
            Outcome::Failed(reason) | Outcome::Later(reason) => {
                report.failed.extend(addresses());
                let message = tr!("{name}: a request was not accepted: {reason}", name, reason);
                let help = tr!("the next run sends it again: {}", list(chunk));
                session.diagnostics.push(Diagnostic::error(message).help(help));
                is_over = true;
            }
        }
        if matches!(outcome, Outcome::Sent | Outcome::Uncertain(_)) {
            let pages = &mut session.ledger.entry(name, job.target.to.name()).pages;
            for (url, found) in *chunk {
                match found {
                    Some(found) => drop(pages.insert(url.clone(), *found)),
                    None => drop(pages.remove(url)),
                }
            }
            session.save();
        }
    }
}

/// The first addresses of a request.
fn list(chunk: &[Change]) -> String {
    let first: Vec<&str> = chunk.iter().take(3).map(|(url, _)| url.as_str()).collect();
    let more = chunk.len() - first.len();
    let list = first.join(", ");
    if more > 0 { tr!("{list} and {more} more", list, more) } else { list }
}

fn request(job: &PageJob<'_>, chunk: &[Change], base_url: &str) -> Request {
    let url = job.access.url().clone();
    let Some(key) = &job.target.key else {
        let mut form = form_urlencoded::Serializer::new(String::new());
        form.append_pair("hub.mode", "publish");
        form.extend_pairs(chunk.iter().map(|(url, _)| ("hub.url", url)));
        let content_type = "application/x-www-form-urlencoded";
        return Request { url, content_type, body: form.finish() };
    };
    let host = Url::parse(base_url).ok().and_then(|url| url.host_str().map(str::to_owned));
    let addresses: Vec<&str> = chunk.iter().map(|(url, _)| url.as_str()).collect();
    let body = json!({
        "host": host.unwrap_or_default(),
        "key": key,
        "keyLocation": format!("{base_url}{key}.txt"),
        "urlList": addresses,
    });
    Request::json(url, &body)
}

fn judge_index(answer: &Answer) -> Verdict {
    let help = match answer.status {
        200 | 202 => return Verdict::Sent,
        400 => tr!("the request is not valid"),
        403 => tr!("the key is not valid: its file is not on the live site, or holds another key"),
        422 => tr!("the addresses are not of this host, or the key is not that of its file"),
        429 => tr!("too many requests"),
        _ => String::new(),
    };
    judge_status(answer, || format!("{help} {}", short(&answer.body)).trim().to_owned())
}

fn judge_hub(answer: &Answer) -> Verdict {
    match answer.status {
        ..300 => Verdict::Sent,
        _ => judge_status(answer, || short(&answer.body)),
    }
}
