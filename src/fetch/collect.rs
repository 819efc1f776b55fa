//! Decides which entries of an answer are new, and counts the others by the reason.

use std::collections::{BTreeMap, HashSet};
use std::io;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;

use crate::config::Config;
use crate::fetch::entry::Entry;
use crate::fetch::known::{Keys, KnownEntries};
use crate::fetch::read::Answered;
use crate::fetch::record;
use crate::fetch::report::SourceReport;
use crate::fetch::sources::Source;
use crate::fs::scratch::Scratch;
use crate::import::labels::Labels;
use crate::import::trial;
use crate::load::date::{self, Date};
use crate::text::excerpt::shorten;

/// The dates by which entries are judged.
#[derive(Debug, Clone, Copy)]
pub(super) struct Dates {
    /// The current time.
    pub(super) now: DateTime<Utc>,
    /// The zone of the digest.
    pub(super) zone: Tz,
    /// The date of the oldest entries that are taken; `None` takes all.
    pub(super) since: Option<Date>,
}

/// Entries beyond the newest that a run takes which it makes known, so that they are not new when
/// newer ones are gone. Those beyond are only counted.
const MAX_BEYOND: usize = 1000;

/// An answer in the form in which it waits for those of other sources: at most its newest entries,
/// each with no more than can be needed.
pub(super) struct Ordered {
    /// The entries, the newest first.
    entries: Vec<Candidate>,
    /// The number of all entries.
    count: usize,
    /// The entries that cannot be read or are beyond the newest, by the reason.
    dropped: BTreeMap<String, usize>,
    /// True if a part of the answer is missing or cannot be read.
    is_broken: bool,
}

/// An entry that may be new.
struct Candidate {
    keys: Keys,
    /// The title, as far as it is compared with that of another source.
    title: String,
    /// The reason why the words of the source drop it.
    refused: Option<String>,
    is_older: bool,
    /// The record; `None` if it is not taken in any case.
    record: Option<Box<WaitingRecord>>,
}

/// A record that waits in a temporary file.
pub(super) struct WaitingRecord {
    /// The place of its line there.
    pub(super) line: Range<usize>,
    /// The title.
    pub(super) title: String,
    /// The beginning of the text or of the summary.
    pub(super) lead: String,
    /// True if its date was in the future.
    is_future: bool,
}

/// Characters of a title that are compared.
const MAX_TITLE: usize = 200;
/// Characters of a text that are compared with those of other articles.
const MAX_LEAD: usize = 400;

impl WaitingRecord {
    /// Writes the line of an entry. Writes nothing, and returns the reason, if the record cannot be
    /// an article.
    fn write(
        entry: &mut Entry,
        (source, config, labels): (&Source, &Config, &Labels),
        dates: Dates,
        lines: &Mutex<Scratch>,
    ) -> io::Result<Result<Self, String>> {
        let is_future = date_in_the_past(entry, dates);
        let time = dates.now.with_timezone(&dates.zone);
        let time = time.to_rfc3339_opts(chrono::SecondsFormat::Secs, false);
        let line = record::line(entry, source, &time);
        if let Some(reason) = trial::refusal(&line, config, labels) {
            return Ok(Err(shorten(&reason).into_owned()));
        }
        let line = lines.lock().unwrap_or_else(PoisonError::into_inner).append(line.as_bytes())?;
        let lead = entry.text.as_deref().or(entry.summary.as_deref()).unwrap_or_default();
        let lead = lead.chars().take(MAX_LEAD).collect();
        Ok(Ok(Self { line, title: std::mem::take(&mut entry.title), lead, is_future }))
    }
}

impl Ordered {
    /// Orders the entries of an answer, and writes the records of those that can be new to `lines`.
    ///
    /// # Errors
    /// The records cannot be written.
    pub(super) fn new(
        answered: Answered,
        (source, config): (&Source, &Config),
        dates: Dates,
        lines: &Mutex<Scratch>,
    ) -> io::Result<Self> {
        let labels = Labels::of(config);
        let Answered { mut entries, unreadable, is_broken, .. } = answered;
        // Without the date of each, the order is that of the answer, which has the newest first.
        if entries.iter().all(|entry| entry.date.is_some()) {
            entries.sort_by_key(|entry| std::cmp::Reverse(entry.date));
        }
        let mut ordered =
            Self { entries: Vec::new(), count: entries.len(), dropped: BTreeMap::new(), is_broken };
        for reason in unreadable {
            *ordered.dropped.entry(reason).or_default() += 1;
        }
        let most = source.limit.saturating_add(MAX_BEYOND);
        if entries.len() > most {
            ordered.dropped.insert(tr!("beyond the newest {most}", most), entries.len() - most);
        }
        let mut rank = 0;
        for mut entry in entries.into_iter().take(most) {
            let keys = Keys::of(&entry, &source.name);
            let title = entry.title.chars().take(MAX_TITLE).collect();
            let (mut refused, is_older) = (entry.refused.take(), is_older(&entry, dates));
            let can_be_new = refused.is_none() && !is_older;
            rank += usize::from(can_be_new);
            let record = match can_be_new && rank <= source.limit {
                true => match WaitingRecord::write(&mut entry, (source, config, &labels), dates, lines)? {
                    Ok(record) => Some(Box::new(record)),
                    Err(reason) => {
                        rank -= 1;
                        refused = Some(reason);
                        None
                    }
                },
                false => None,
            };
            ordered.entries.push(Candidate { keys, title, refused, is_older, record });
        }
        Ok(ordered)
    }
}

/// The new entries of an answer.
pub(super) struct Collected {
    /// The records of the new entries, the newest first if all have a date.
    pub(super) new: Vec<WaitingRecord>,
    /// The keys of all entries of the answer that later runs know.
    pub(super) seen: HashSet<u64>,
    /// True if a later run may take entries that this one did not.
    pub(super) is_partial: bool,
}

/// Parses `--since`: a date, or a number of days before `now` as in `3d`.
///
/// # Errors
/// The message of a diagnostic.
pub(super) fn parse_since(written: &str, now: DateTime<Utc>, zone: Tz) -> Result<Date, String> {
    let days = written.strip_suffix(['d', 'D', '天']).and_then(|days| days.trim().parse::<u32>().ok());
    let Some(days) = days else { return date::parse(written, zone) };
    let at = now.checked_sub_signed(TimeDelta::days(i64::from(days)));
    let at = at.ok_or_else(|| tr!("`{written}` is out of range", written))?;
    date::parse(&at.with_timezone(&zone).to_rfc3339_opts(chrono::SecondsFormat::Secs, false), zone)
}

/// Collects the entries of an answer that are not known, and makes them known.
pub(super) fn collect(
    ordered: Ordered,
    source: &Source,
    dates: Dates,
    known: &mut KnownEntries,
    report: &mut SourceReport,
) -> Collected {
    report.entries = ordered.count;
    report.dropped = ordered.dropped;
    let mut drop = |reason: String| *report.dropped.entry(reason).or_default() += 1;
    let mut collected = Collected { new: Vec::new(), seen: HashSet::new(), is_partial: ordered.is_broken };
    let mut rank = 0;
    for Candidate { keys, title, refused, is_older, record } in ordered.entries {
        if known.has(&keys) || known.has_similar(&keys, &title, &source.name) {
            rank += 1;
            report.known += 1;
            if let Some(other) = known.other_source(&keys, &source.name) {
                *report.shared.entry(other.to_owned()).or_default() += 1;
            }
        } else if let Some(reason) = refused {
            drop(reason);
            continue;
        } else if is_older {
            drop(tr!("older than {}", dates.since.map(|since| since.iso()).unwrap_or_default()));
            collected.is_partial = true;
            continue;
        } else {
            rank += 1;
            let Some(record) = record.filter(|_| rank <= source.limit) else {
                drop(tr!("beyond the newest {}", source.limit));
                collected.seen.extend(keys.all());
                continue;
            };
            report.new += 1;
            report.future += usize::from(record.is_future);
            if let Some(other) = known.claimed_by(&keys, &source.name) {
                *report.contested.entry(other.to_owned()).or_default() += 1;
            }
            known.add_link(&keys, &title, &source.name);
            collected.new.push(*record);
        }
        known.add(keys.all());
        collected.seen.extend(keys.all());
    }
    collected
}

fn is_older(entry: &Entry, dates: Dates) -> bool {
    entry.date.zip(dates.since).is_some_and(|(date, since)| date < since)
}

/// Gives an entry that is dated more than a day after now the date of today. Returns true if it
/// was.
fn date_in_the_past(entry: &mut Entry, dates: Dates) -> bool {
    let is_future = entry.date.is_some_and(|date| date.at.to_utc() > dates.now + TimeDelta::days(1));
    if is_future {
        let today = dates.now.with_timezone(&dates.zone).format("%Y-%m-%d").to_string();
        entry.date = date::parse(&today, dates.zone).ok();
    }
    is_future
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;

    fn dates(since: Option<&str>) -> Dates {
        let now = DateTime::parse_from_rfc3339("2026-11-29T08:00:00Z").unwrap().to_utc();
        let since = since.map(|since| parse_since(since, now, Tz::UTC).unwrap());
        Dates { now, zone: Tz::UTC, since }
    }

    fn entry(number: usize, date: &str) -> Entry {
        Entry {
            id: format!("https://e.org/{number}"),
            link: link::parse(&format!("https://e.org/{number}")).ok(),
            has_own_link: true,
            title: format!("第 {number} 篇"),
            date: date::parse(date, Tz::UTC).ok(),
            ..Entry::default()
        }
    }

    fn collected(
        entries: Vec<Entry>,
        limit: usize,
        since: Option<&str>,
        known: &mut KnownEntries,
    ) -> (Vec<String>, SourceReport, bool) {
        let mut source = Source::new("某报".to_owned(), url::Url::parse("https://e.org/").unwrap());
        source.limit = limit;
        let mut report = SourceReport::default();
        let answered = Answered { entries, ..Answered::default() };
        let lines = Mutex::new(Scratch::new(0));
        let ordered = Ordered::new(answered, (&source, &Config::default()), dates(since), &lines).unwrap();
        let found = collect(ordered, &source, dates(since), known, &mut report);
        (found.new.into_iter().map(|entry| entry.title).collect(), report, found.is_partial)
    }

    #[test]
    fn the_newest_entries_are_taken_and_the_others_named() {
        let mut known = KnownEntries::default();
        let all = || vec![entry(1, "2026-11-01"), entry(2, "2026-11-03"), entry(3, "2026-11-02")];
        let (new, report, _) = collected(all(), 2, None, &mut known);
        assert_eq!(new, ["第 2 篇", "第 3 篇"]);
        assert_eq!(report.dropped.get("beyond the newest 2"), Some(&1));
        let (new, report, _) = collected(all(), 3, None, &mut known);
        assert_eq!((new, report.known), (vec!["第 1 篇".to_owned()], 2));
    }

    #[test]
    fn entries_far_beyond_the_newest_are_only_counted() {
        let all: Vec<Entry> = (0..MAX_BEYOND + 5).map(|n| entry(n, "2026-11-01")).collect();
        let mut known = KnownEntries::default();
        let (new, report, _) = collected(all, 2, None, &mut known);
        assert_eq!((new.len(), report.entries), (2, MAX_BEYOND + 5));
        let dropped: Vec<(&str, usize)> =
            report.dropped.iter().map(|(reason, number)| (reason.as_str(), *number)).collect();
        assert_eq!(dropped, [("beyond the newest 1002", 3), ("beyond the newest 2", MAX_BEYOND)]);
    }

    #[test]
    fn older_entries_wait_for_a_run_that_takes_them() {
        let mut known = KnownEntries::default();
        let all = || vec![entry(1, "2026-11-28"), entry(2, "2026-11-20"), entry(3, "")];
        let (new, report, is_partial) = collected(all(), 9, Some("3d"), &mut known);
        assert_eq!((new.len(), is_partial), (2, true));
        assert_eq!(report.dropped.into_keys().collect::<Vec<_>>(), ["older than 2026-11-26T08:00:00+00:00"]);
        let (new, _, is_partial) = collected(all(), 9, Some("2026-11-01"), &mut known);
        assert_eq!((new, is_partial), (vec!["第 2 篇".to_owned()], false));
    }

    #[test]
    fn a_date_in_the_future_becomes_today() {
        let mut known = KnownEntries::default();
        let all = vec![entry(1, "2027-01-01"), entry(2, "2026-11-30 07:00")];
        let (new, report, _) = collected(all, 9, None, &mut known);
        assert_eq!((new.len(), report.future), (2, 1));
    }

    #[test]
    fn since_is_a_date_or_a_number_of_days() {
        let now = dates(None).now;
        for (written, wanted) in [
            ("3d", Some("2026-11-26T08:00:00+00:00")),
            ("2026-11-01", Some("2026-11-01")),
            ("3天", Some("2026-11-26T08:00:00+00:00")),
            ("4000000000d", None),
            ("week", None),
        ] {
            let found = parse_since(written, now, Tz::UTC).ok().map(|date| date.iso());
            assert_eq!(found.as_deref(), wanted, "{written}");
        }
    }
}
