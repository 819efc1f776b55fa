//! Computes the date that Hexo has of a post, which depends on the machine that builds the site.
//!
//! Sources: Hexo 8.1.2 with hexo-front-matter 4 and js-yaml 4, run on the posts of `tests/migration`.

use chrono::{Offset as _, TimeZone as _};
use chrono_tz::Tz;

use crate::import::generator::moment::Moment;
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;

/// The date of a post as a machine has it that builds the site.
///
/// js-yaml reads a date with seconds in UTC, and hexo-front-matter takes its clock as that of the machine. Hexo
/// then moves it, so that it is the clock of the configured zone (`adjustDateForTimezone`).
#[derive(Debug, Clone, Copy)]
pub(super) struct Built {
    /// The clock of the machine, whose parts are in addresses.
    pub(super) clock: Moment,
    /// Seconds since 1970.
    pub(super) timestamp: i64,
}

impl Built {
    /// The date in the front matter of a post.
    pub(super) fn read(post: &Post<'_>, machine: Tz, site: &Site) -> Option<Self> {
        let date = post.date(&["date"])?;
        let is_instant = date.offset.is_some() && !post.text("date").is_some_and(is_timestamp);
        Some(match is_instant {
            true => Self::of_instant(date, machine, site),
            false => Self::of(date, machine, site),
        })
    }

    fn of(date: Moment, machine: Tz, site: &Site) -> Self {
        let written = date.in_utc();
        let zone = site.own_zone().unwrap_or(machine);
        let at = zone.from_local_datetime(&written.wall).earliest();
        let at = at.map_or_else(|| written.wall.and_utc(), |at| at.to_utc());
        let clock = Moment { wall: at.with_timezone(&machine).naive_local(), ..written };
        Self { clock, timestamp: at.timestamp() }
    }

    /// The date that JavaScript reads from a text with an offset. It is right, until Hexo moves it.
    fn of_instant(date: Moment, machine: Tz, site: &Site) -> Self {
        let written = date.in_utc();
        let offset =
            |zone: Tz| i64::from(zone.offset_from_utc_datetime(&written.wall).fix().local_minus_utc());
        let moved = site.own_zone().map_or(0, |zone| offset(machine) - offset(zone));
        let at = written.wall + chrono::TimeDelta::seconds(moved);
        let wall = at.and_utc().with_timezone(&machine).naive_local();
        Self { clock: Moment { wall, ..written }, timestamp: at.and_utc().timestamp() }
    }
}

/// True if js-yaml 4 reads a date as one (`YAML_TIMESTAMP_REGEXP`): with seconds, and with an offset
/// such as `+08:00`, `+8` or `Z`. Another one, such as `+0800`, stays a text.
fn is_timestamp(written: &str) -> bool {
    let Some((_, time)) = written.trim().split_once(['T', 't', ' ']) else { return true };
    let time = time.trim_start();
    let end = time.find(|c: char| !c.is_ascii_digit() && !matches!(c, ':' | '.')).unwrap_or(time.len());
    let (clock, zone) = (&time[..end], time[end..].trim_start());
    let is_number = |text: &str, most: usize| {
        (1..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
    };
    let is_zone = zone == "Z"
        || zone.strip_prefix(['+', '-']).is_some_and(|zone| match zone.split_once(':') {
            Some((hours, minutes)) => is_number(hours, 2) && minutes.len() == 2 && is_number(minutes, 2),
            None => is_number(zone, 2),
        });
    clock.matches(':').count() == 2 && is_zone
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_of_yaml_has_seconds_and_an_offset_with_a_colon() {
        for written in
            ["2024-06-02", "2024-06-02 02:03:04 +09:00", "2024-06-02T02:03:04Z", "2024-06-02 02:03:04.5 +9"]
        {
            assert!(is_timestamp(written), "{written}");
        }
        for written in ["2024-06-02 02:03:04 +0900", "2024-06-02 02:03 +09:00", "2024-06-02 02:03:04 JST"] {
            assert!(!is_timestamp(written), "{written}");
        }
    }
}
