//! Reads when an article is published and when it expires, and decides which articles a digest
//! shows at a time.
//!
//! Between two events, which are the times of these fields, the same articles are shown: a result
//! of one time holds for the whole span between them.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::config::BaseUrl;
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::Fields;
use crate::link;
use crate::load::date::Date;
use crate::load::redirects;
use crate::text::excerpt::shorten;

/// The field that says where an expired article leads.
const EXPIRES_TO: &str = "expires_to";

/// The times of an article that has some.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Schedule {
    /// The `publish` field: the article is shown from this second on.
    pub publish: Option<Date>,
    /// The `expires` field: the article is not shown from this second on.
    pub expires: Option<Date>,
    /// The `expires_to` field.
    pub expires_to: Option<Successor>,
}

/// Where the page of an expired article leads.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Successor {
    /// A page of this digest.
    Page {
        /// Its path from the site's root, decoded, without slashes at its ends.
        path: String,
        /// The path as written, for messages.
        written: String,
        /// The place of the field's value.
        place: Place,
    },
    /// A page of another site.
    Url {
        /// Its URL.
        url: String,
        /// Its host.
        host: String,
    },
}

/// Whether an article is shown at a time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Status {
    /// `publish` is later.
    Scheduled,
    /// The article is shown.
    Live,
    /// `expires` is now or earlier.
    Expired,
}

impl Schedule {
    /// The status at a time.
    #[must_use]
    pub fn status(&self, now: DateTime<Utc>) -> Status {
        if self.publish.is_some_and(|publish| publish.at > now) {
            Status::Scheduled
        } else if self.expires.is_some_and(|expires| expires.at <= now) {
            Status::Expired
        } else {
            Status::Live
        }
    }

    /// False if the place of `expires_to` cannot be one of a file, as after damage to a cache.
    pub(super) fn is_possible(&self) -> bool {
        match &self.expires_to {
            Some(Successor::Page { place, .. }) => place.is_possible(),
            Some(Successor::Url { .. }) | None => true,
        }
    }

    fn events(&self) -> impl Iterator<Item = (Date, Change)> {
        let publish = self.publish.map(|at| (at, Change::Publish));
        publish.into_iter().chain(self.expires.map(|at| (at, Change::Expires)))
    }
}

/// Which of a digest's articles and pages are loaded.
#[derive(Debug, Clone, Copy)]
pub struct Selection {
    /// True if drafts are loaded, whatever their times say.
    pub drafts: bool,
    /// The time at which the articles have to be live; `None` loads those of all times.
    pub now: Option<DateTime<Utc>>,
}

impl Selection {
    /// The articles of all times, with or without drafts.
    #[must_use]
    pub fn of_all_times(drafts: bool) -> Self {
        Self { drafts, now: None }
    }
}

/// What happens to an article at an event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Change {
    /// It is shown from then on.
    Publish,
    /// It is not shown from then on.
    Expires,
}

/// A coming event.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    /// Its time in the digest's zone, RFC 3339: `2026-12-01T08:00:00+08:00`.
    pub at: String,
    /// Path of the article's file, relative to the digest's root.
    pub file: String,
    /// What happens.
    pub what: Change,
}

impl Event {
    /// The time as people write it: `2026-12-01 08:00`.
    #[must_use]
    pub fn time(&self) -> String {
        self.at.get(..16).unwrap_or(&self.at).replace('T', " ")
    }

    /// The point in time.
    #[must_use]
    pub fn instant(&self) -> Option<DateTime<Utc>> {
        Some(DateTime::parse_from_rfc3339(&self.at).ok()?.to_utc())
    }
}

/// The span in which the same articles are shown: its first second, and the first second after it,
/// as seconds since 1970. By default it has no ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Validity {
    from: i64,
    until: i64,
}

impl Default for Validity {
    fn default() -> Self {
        Self { from: i64::MIN, until: i64::MAX }
    }
}

impl Validity {
    /// True if a result of this span holds at a time.
    #[must_use]
    pub fn holds_at(self, now: DateTime<Utc>) -> bool {
        (self.from..self.until).contains(&now.timestamp())
    }
}

/// What the schedules of a digest's articles say at a time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Agenda {
    /// The number of articles whose `publish` is later.
    pub scheduled: usize,
    /// The number of articles whose `expires` is now or earlier.
    pub expired: usize,
    /// The earliest coming event; of several at one time the first by the file's path.
    pub next: Option<Box<Event>>,
}

impl Agenda {
    /// The agenda of a digest, and the span in which it holds. `schedules` are those of all articles
    /// that are not drafts, each with the path of the article's file.
    #[must_use]
    pub fn of<'a>(
        schedules: impl Iterator<Item = (&'a str, &'a Schedule)>,
        now: DateTime<Utc>,
    ) -> (Self, Validity) {
        let (mut agenda, mut validity) = (Self::default(), Validity::default());
        let mut next: Option<(Date, &str, Change)> = None;
        for (file, schedule) in schedules {
            match schedule.status(now) {
                Status::Scheduled => agenda.scheduled += 1,
                Status::Expired => agenda.expired += 1,
                Status::Live => {}
            }
            for (date, what) in schedule.events() {
                let seconds = date.at.timestamp();
                if date.at <= now {
                    validity.from = validity.from.max(seconds);
                    continue;
                }
                let event = (date, file, what);
                let is_earlier = |(at, file, change): (Date, &str, Change)| {
                    (seconds, event.1, what) < (at.at.timestamp(), file, change)
                };
                if next.is_none_or(is_earlier) {
                    next = Some(event);
                }
            }
        }
        validity.until = next.map_or(i64::MAX, |(date, ..)| date.at.timestamp());
        agenda.next = next
            .map(|(date, file, what)| Box::new(Event { at: date.rfc3339(), file: file.to_owned(), what }));
        (agenda, validity)
    }

    /// Text for summaries, `, 1 scheduled, next 2026-12-01 08:00 content/articles/a.md`; empty
    /// without a scheduled or expired article and without an event to come.
    #[must_use]
    pub fn details(&self) -> String {
        self.parts().iter().map(|part| tr!(", {part}", part)).collect()
    }

    /// The text of [`Agenda::details`] as a remark at the end of a summary: it begins with `; `.
    #[must_use]
    pub fn remark(&self) -> String {
        let mut parts = self.parts().into_iter();
        let first = parts.next().map(|part| tr!("; {part}", part));
        first.into_iter().chain(parts.map(|part| tr!(", {part}", part))).collect()
    }

    fn parts(&self) -> Vec<String> {
        let mut parts = Vec::new();
        if self.scheduled > 0 {
            parts.push(tr!("{} scheduled", self.scheduled));
        }
        if self.expired > 0 {
            parts.push(tr!("{} expired", self.expired));
        }
        parts.extend(self.next.as_ref().map(|next| match next.what {
            Change::Publish => tr!("next {time} {file}", time = next.time(), file = next.file),
            Change::Expires => {
                tr!("next {time} {file} expires", time = next.time(), file = next.file)
            }
        }));
        parts
    }
}

/// Reads the field `expires_to` and compares the times of an article; `None` if it has none of
/// these fields. `publish` is its time, `expires` its time and the name of its field.
pub(super) fn read_schedule(
    fields: &mut Fields<'_>,
    publish: Option<Date>,
    expires: Option<(&str, Date)>,
    base: &BaseUrl,
) -> Option<Box<Schedule>> {
    let expires_to = read_successor(fields, base);
    if let (Some(publish), Some((name, expires))) = (publish, expires)
        && expires.at <= publish.at
    {
        let message = tr!("the article expires before it is published");
        let help = tr!("write a time after that of `publish`, or remove one of the two lines");
        fields.error(name, message, help);
    }
    if expires_to.is_some() && expires.is_none() {
        let place = fields.place(EXPIRES_TO);
        let message = tr!("`expires_to` has no effect, because the article does not expire");
        let help = tr!("add `expires: …` with the time from which the address leads there");
        fields.absorb(vec![Diagnostic::warning(message).at(place).help(help)]);
    }
    let schedule = Schedule { publish, expires: expires.map(|(_, at)| at), expires_to };
    (schedule != Schedule::default()).then(|| Box::new(schedule))
}

fn read_successor(fields: &mut Fields<'_>, base: &BaseUrl) -> Option<Successor> {
    let (name, written) = fields.text(&[EXPIRES_TO])?;
    let own = written.strip_prefix(&base.url()).map(|path| format!("/{path}"));
    if own.is_none() && written.contains("://") {
        return match link::parse(&written) {
            Ok(link) => Some(Successor::Url { url: link.url, host: link.host }),
            Err(message) => {
                fields.error(name, message, tr!("write the full URL, `https://…`, or a path of this digest"));
                None
            }
        };
    }
    let Some(path) = redirects::target(own.as_deref().unwrap_or(&written)) else {
        let message = tr!("`{}` cannot be an address of this digest", shorten(&written));
        fields.error(name, message, redirects::target_help());
        return None;
    };
    Some(Successor::Page { path, written, place: fields.place(name) })
}

#[cfg(test)]
mod tests;
