//! Tells a chat, or a program, of new articles: one message for each, or for each day.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use crate::announce::access::Access;
use crate::announce::live::Wanted;
use crate::announce::news::{Item, News};
use crate::announce::platform::form::{Draft, Form};
use crate::announce::report::TargetReport;
use crate::announce::send::{self, Outcome};
use crate::announce::session::Session;
use crate::announce::split::{self, Part, Problem};
use crate::config::{Each, Target};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::render::announce::{Article, Message, Messages};
use crate::site::ArticleId;

/// The number of messages in a row that were refused or had no clear answer, after which a target gets no more.
const MAX_FAILURES: usize = 2;

/// The version of the JSON of messages.
const VERSION: u32 = 1;

/// A target that is told of articles.
pub(super) struct ArticleJob<'j> {
    pub(super) target: &'j Target,
    pub(super) form: &'static Form,
    pub(super) access: &'j Access,
    pub(super) messages: &'j Messages<'j>,
    /// `None` if a message is its data as JSON.
    pub(super) template: Option<String>,
}

/// A message to be sent, and the articles in it.
struct Group {
    day: Option<NaiveDate>,
    articles: Vec<ArticleId>,
}

/// Tells a target of new articles.
pub(super) fn announce(job: &ArticleJob<'_>, news: &News, session: &mut Session<'_>) -> TargetReport {
    let target = job.target;
    let (name, to) = (target.name.as_str(), target.to.name());
    let mut report = TargetReport { name: name.to_owned(), to, about: "article", ..TargetReport::default() };
    if session.ledger.get(name, to).is_none() {
        if !session.shows_newest(name, news) {
            return report;
        }
        let told = session.ledger.entry(name, to);
        told.articles = news.items.iter().flat_map(|item| item.keys.iter().copied()).collect();
        report.known = news.items.len();
        report.first_run = true;
        session.save();
        return report;
    }
    count_interrupted(job, news, session, &mut report);
    let fresh = record_known(job, news, session, &mut report);
    let mut state = Sending { failures: 0, sent: 0, is_over: false };
    for group in groups(job, news, fresh) {
        send_group(job, &group, news, session, &mut report, &mut state);
    }
    report
}

/// Counts the articles of a message as announced that the last run was sending when it was ended.
fn count_interrupted(
    job: &ArticleJob<'_>,
    news: &News,
    session: &mut Session<'_>,
    report: &mut TargetReport,
) {
    let name = &job.target.name;
    let told = session.ledger.entry(name, job.target.to.name());
    let interrupted = std::mem::take(&mut told.sending);
    if interrupted.is_empty() {
        return;
    }
    let is_in = |item: &&Item| item.keys.iter().any(|key| interrupted.contains(key));
    let addresses: Vec<String> = news.items.iter().filter(is_in).map(|item| item.shown.url.clone()).collect();
    told.articles.extend(interrupted);
    let message = tr!("{name}: the last run was ended while it sent a message, which may have arrived", name);
    let help = tr!("look into the chat; these articles count as announced: {}", addresses.join(", "));
    session.diagnostics.push(Diagnostic::warning(message).help(help));
    report.uncertain.extend(addresses);
    session.save();
}

/// Finds the new articles, and records the others: those that are known by one of their keys with
/// all of them, and those that are too old or have no date.
fn record_known(
    job: &ArticleJob<'_>,
    news: &News,
    session: &mut Session<'_>,
    report: &mut TargetReport,
) -> Vec<ArticleId> {
    let target = job.target;
    let days = i64::try_from(target.days).unwrap_or(i64::MAX);
    let today = session.today;
    let told = &mut session.ledger.entry(&target.name, target.to.name()).articles;
    let mut fresh = Vec::new();
    let mut is_changed = false;
    for (id, item) in news.items.iter().enumerate() {
        let is_known = item.keys.iter().any(|key| told.contains(key));
        let is_old = item.day.is_none_or(|day| (today - day).num_days() > days);
        if is_known || is_old {
            report.known += 1;
            for key in &item.keys {
                is_changed |= told.insert(*key);
            }
        } else if item.day.is_some_and(|day| day > today) {
            report.waiting += 1;
        } else {
            fresh.push(id);
        }
    }
    if is_changed {
        session.save();
    }
    fresh
}

/// The messages of new articles, the oldest first. Of articles about one link, the newest is
/// announced.
fn groups(job: &ArticleJob<'_>, news: &News, fresh: Vec<ArticleId>) -> Vec<Group> {
    let mut seen = BTreeSet::new();
    let is_first = |id: &ArticleId| {
        let keys = &news.items[*id].keys;
        let is_new = keys.iter().all(|key| !seen.contains(key));
        seen.extend(keys.iter().copied());
        is_new
    };
    let fresh: Vec<ArticleId> = fresh.into_iter().filter(is_first).collect();
    if job.target.each == Each::Article {
        return fresh.into_iter().rev().map(|id| Group { day: None, articles: vec![id] }).collect();
    }
    let mut days: BTreeMap<NaiveDate, Vec<ArticleId>> = BTreeMap::new();
    for id in fresh {
        if let Some(day) = news.items[id].day {
            days.entry(day).or_default().push(id);
        }
    }
    days.into_iter().map(|(day, articles)| Group { day: Some(day), articles }).collect()
}

/// How far the messages of a target are.
struct Sending {
    /// Messages in a row that were refused or had no clear answer.
    failures: usize,
    sent: usize,
    /// True if the target gets no more messages in this session.
    is_over: bool,
}

fn send_group(
    job: &ArticleJob<'_>,
    group: &Group,
    news: &News,
    session: &mut Session<'_>,
    report: &mut TargetReport,
    state: &mut Sending,
) {
    let addresses: Vec<String> = group.articles.iter().map(|&id| news.items[id].shown.url.clone()).collect();
    if state.is_over || session.is_stopped {
        report.failed.extend(addresses);
        return;
    }
    let message = message(group, news);
    let parts = match split(job, &message) {
        Ok(parts) => parts,
        Err(problem) => {
            session.diagnostics.push(problem);
            report.failed.extend(addresses);
            return;
        }
    };
    if parts.iter().any(|part| part.draft.text.trim().is_empty()) {
        let message = tr!("{name}: the template gives an empty message", name = job.target.name);
        let help =
            tr!("write `{code}` and so on into it; the guide has the variables", code = "{{ articles }}");
        session.diagnostics.push(Diagnostic::error(message).help(help));
        report.failed.extend(addresses);
        return;
    }
    warn_of_omitted(job, &message, &parts, session);
    if session.options.dry_run {
        for part in &parts {
            let request = (job.form.request)(&part.draft, job.access, session.options.clock.timestamp());
            report.requests.push(send::shown(&request, job.access, &session.user_agent));
        }
        report.sent.extend(addresses);
        return;
    }
    let page = message.edition.as_ref().map_or(&addresses[0], |edition| &edition.url).clone();
    let wanted = match &message.edition {
        Some(_) => {
            let paths = group.articles.iter().map(|&id| news.items[id].path.clone());
            Wanted::Names(std::iter::once(page.clone()).chain(paths).collect())
        }
        None => Wanted::Title(message.articles[0].title.clone()),
    };
    if let Err(reason) = session.live.wait_for(&page, &wanted) {
        let message = tr!("{}: {page} does not show the new build: {reason}", job.target.name, page, reason);
        let help = tr!("deploy first; the next run announces it. `--wait SECONDS` waits longer");
        session.diagnostics.push(Diagnostic::error(message).help(help));
        report.failed.extend(addresses);
        return;
    }
    for part in parts {
        send_part(job, group, &part, news, session, report, state);
    }
}

/// Warns of articles whose address and title are not in the text: they count as announced.
fn warn_of_omitted(job: &ArticleJob<'_>, message: &Message, parts: &[Part], session: &mut Session<'_>) {
    let is_omitted = |text: &str, article: &Article| {
        let mut title = Vec::new();
        let written = (job.form.escape)(&article.title, &mut title);
        let title = String::from_utf8_lossy(&title);
        written.is_ok() && !text.contains(&*title) && !text.contains(&(job.form.url)(&article.url))
    };
    let omitted: Vec<&str> = parts
        .iter()
        .flat_map(|part| {
            let articles = &message.articles[part.start..part.start + part.count];
            articles.iter().filter(|article| is_omitted(&part.draft.text, article))
        })
        .map(|article| article.url.as_str())
        .collect();
    if omitted.is_empty() || job.template.is_none() {
        return;
    }
    let name = &job.target.name;
    let text = tr!(
        "{name}: the template shows neither the title nor the address of {n} article, which counts as announced"
            | "{name}: the template shows neither the titles nor the addresses of {n} articles, which count as announced"
                % omitted.len(),
        name = name
    );
    session.diagnostics.push(Diagnostic::warning(text).help(tr!("they are {}", omitted.join(", "))));
}

/// Sends a part of a message, and records its articles at once.
fn send_part(
    job: &ArticleJob<'_>,
    group: &Group,
    part: &Part,
    news: &News,
    session: &mut Session<'_>,
    report: &mut TargetReport,
    state: &mut Sending,
) {
    let ids = &group.articles[part.start..part.start + part.count];
    let addresses = || ids.iter().map(|&id| news.items[id].shown.url.clone());
    if state.is_over || session.is_stopped {
        report.failed.extend(addresses());
        return;
    }
    if state.sent > 0 {
        session.sender.pause(job.form.pause_s);
    }
    state.sent += 1;
    let (name, to) = (&job.target.name, job.target.to.name());
    let keys: Vec<Fingerprint> = ids.iter().flat_map(|&id| news.items[id].keys.iter().copied()).collect();
    session.ledger.entry(name, to).sending.extend(keys.iter().copied());
    session.save();
    if session.is_stopped {
        report.failed.extend(addresses());
        return;
    }
    let make = |seconds| (job.form.request)(&part.draft, job.access, seconds);
    let outcome = session.sender.send(job.access, &make, job.form.judge);
    session.ledger.entry(name, to).sending.clear();
    match &outcome {
        Outcome::Sent => report.sent.extend(addresses()),
        Outcome::Uncertain(reason) => {
            report.uncertain.extend(addresses());
            let list = addresses().collect::<Vec<_>>().join(", ");
            let message =
                tr!("{name}: no answer to a message, which may have arrived: {reason}", name, reason);
            let help = tr!("look into the chat; these articles count as announced: {list}", list);
            session.diagnostics.push(Diagnostic::error(message).help(help));
        }
        Outcome::Failed(reason) | Outcome::Later(reason) => {
            report.failed.extend(addresses());
            let list = addresses().collect::<Vec<_>>().join(", ");
            let message = tr!("{name}: a message was not sent: {reason}", name, reason);
            let help = tr!("the next run sends these articles: {list}", list);
            session.diagnostics.push(Diagnostic::error(message).help(help));
        }
    }
    match outcome {
        Outcome::Sent => {
            state.failures = 0;
            report.requests_sent += 1;
        }
        Outcome::Later(_) => state.is_over = true,
        // Also without a clear answer: with a wrong address, each message would be lost.
        Outcome::Failed(_) | Outcome::Uncertain(_) => {
            state.failures += 1;
            state.is_over = state.failures >= MAX_FAILURES;
        }
    }
    if matches!(outcome, Outcome::Sent | Outcome::Uncertain(_)) {
        session.ledger.entry(name, to).articles.extend(keys);
    }
    session.save();
}

fn message(group: &Group, news: &News) -> Message {
    let edition = group.day.and_then(|day| news.days.get(&day)).map(|day| day.shown.clone());
    let articles = group.articles.iter().map(|&id| news.items[id].shown.clone()).collect();
    Message { version: VERSION, digest: news.digest.clone(), edition, articles, part: 1 }
}

/// The title of a message, as plain text.
fn title(message: &Message) -> String {
    match (&message.edition, message.articles.first()) {
        (Some(edition), _) => format!("{} · {}", message.digest.title, edition.title),
        (None, Some(article)) => article.title.clone(),
        (None, None) => message.digest.title.clone(),
    }
}

/// Splits a message by the limit of the platform.
fn split(job: &ArticleJob<'_>, message: &Message) -> Result<Vec<Part>, Diagnostic> {
    let mut make = |message: &Message| {
        let text = match &job.template {
            Some(template) => job.messages.render(template, message)?,
            None => serde_json::to_string(message).unwrap_or_default(),
        };
        let draft = Draft { title: title(message), text };
        let size = (job.form.size)(&draft);
        Ok::<_, Diagnostic>((draft, size))
    };
    split::split(message, job.form.max, &mut make).map_err(|problem| match problem {
        Problem::Template(diagnostic) => diagnostic,
        Problem::TooLarge(address) => {
            let Form { max, unit, .. } = job.form;
            let name = &job.target.name;
            let message = tr!(
                "{name}: the message of {address} has more than {max} {unit}",
                name,
                address,
                max,
                unit = tr!(unit)
            );
            Diagnostic::error(message)
                .help(tr!("shorten the template: it does not fit even without a summary"))
        }
    })
}
