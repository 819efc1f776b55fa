use chrono_tz::Tz;
use proptest::prelude::*;

use super::*;
use crate::load::date;

fn instant(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Times in the time zone database at which clocks are set forward or back, or do something else
/// that is rare: zone, time as written, first second. The seconds are from Python's `zoneinfo`.
const FIRST_SECONDS: [(Tz, &str, &str); 33] = [
    (Tz::UTC, "2026-12-01", "2026-12-01T00:00:00Z"),
    (Tz::Asia__Shanghai, "2026-12-01 08:00", "2026-12-01T00:00:00Z"),
    (Tz::Asia__Shanghai, "1986-05-04", "1986-05-03T16:00:00Z"),
    (Tz::Asia__Kathmandu, "2026-12-01", "2026-11-30T18:15:00Z"),
    (Tz::Pacific__Kiritimati, "2026-01-01", "2025-12-31T10:00:00Z"),
    // There is no midnight: the day begins at 01:00.
    (Tz::America__Sao_Paulo, "2018-11-04", "2018-11-04T03:00:00Z"),
    (Tz::America__Asuncion, "2024-10-06", "2024-10-06T04:00:00Z"),
    (Tz::America__Havana, "2026-03-08", "2026-03-08T05:00:00Z"),
    (Tz::America__Santiago, "2026-09-06", "2026-09-06T04:00:00Z"),
    (Tz::Asia__Beirut, "2026-03-29", "2026-03-28T22:00:00Z"),
    (Tz::Asia__Damascus, "2022-03-25", "2022-03-24T22:00:00Z"),
    (Tz::Asia__Tehran, "2022-03-22", "2022-03-21T20:30:00Z"),
    (Tz::Africa__Cairo, "2026-04-24", "2026-04-23T22:00:00Z"),
    (Tz::Atlantic__Azores, "2026-03-29", "2026-03-29T01:00:00Z"),
    // The hour before midnight is repeated.
    (Tz::America__Sao_Paulo, "2018-02-18", "2018-02-18T03:00:00Z"),
    (Tz::America__Santiago, "2026-04-05", "2026-04-05T04:00:00Z"),
    (Tz::Asia__Beirut, "2026-10-25", "2026-10-24T22:00:00Z"),
    (Tz::Africa__Cairo, "2026-10-30", "2026-10-29T22:00:00Z"),
    // Midnight is repeated: the first one counts.
    (Tz::America__Havana, "2026-11-01", "2026-11-01T04:00:00Z"),
    (Tz::America__St_Johns, "2006-10-29", "2006-10-29T02:30:00Z"),
    (Tz::Atlantic__Azores, "2026-10-25", "2026-10-25T00:00:00Z"),
    (Tz::Asia__Amman, "2021-10-29", "2021-10-28T21:00:00Z"),
    // Skipped times are later by the hour that is skipped, repeated ones are the first.
    (Tz::Europe__Berlin, "2026-03-29 02:30", "2026-03-29T01:30:00Z"),
    (Tz::Europe__Berlin, "2026-10-25 02:30", "2026-10-25T00:30:00Z"),
    (Tz::America__New_York, "2026-03-08 02:00", "2026-03-08T07:00:00Z"),
    (Tz::America__New_York, "2026-11-01 01:30", "2026-11-01T05:30:00Z"),
    (Tz::Australia__Lord_Howe, "2026-10-04 02:30", "2026-10-03T15:30:00Z"),
    (Tz::Australia__Lord_Howe, "2026-04-05 01:45", "2026-04-04T14:45:00Z"),
    (Tz::Antarctica__Troll, "2026-03-29 02:00", "2026-03-29T01:00:00Z"),
    (Tz::Asia__Pyongyang, "2018-05-05", "2018-05-04T15:00:00Z"),
    // A whole day is skipped.
    (Tz::Pacific__Apia, "2011-12-29 23:59", "2011-12-30T09:59:00Z"),
    (Tz::Pacific__Apia, "2011-12-31", "2011-12-30T10:00:00Z"),
    (Tz::Pacific__Kwajalein, "1993-08-22", "1993-08-21T12:00:00Z"),
];

#[test]
fn an_article_is_shown_from_the_first_second_of_its_time_in_every_zone() {
    let zones: std::collections::HashSet<Tz> = FIRST_SECONDS.iter().map(|(zone, ..)| *zone).collect();
    assert!(zones.len() >= 20, "{}", zones.len());
    for (zone, written, first) in FIRST_SECONDS {
        let date = date::parse(written, zone).unwrap();
        let first = instant(first);
        let second = chrono::TimeDelta::seconds(1);
        let published = Schedule { publish: Some(date), ..Schedule::default() };
        let expired = Schedule { expires: Some(date), ..Schedule::default() };
        let at = |schedule: &Schedule| [first - second, first].map(|now| schedule.status(now));
        assert_eq!(at(&published), [Status::Scheduled, Status::Live], "{zone} {written}");
        assert_eq!(at(&expired), [Status::Live, Status::Expired], "{zone} {written}");
    }
    assert!(date::parse("2011-12-30", Tz::Pacific__Apia).is_err(), "this day does not exist there");
    assert!(date::parse("1993-08-21", Tz::Pacific__Kwajalein).is_err(), "this day does not exist there");
}

fn schedule(publish: Option<i64>, expires: Option<i64>) -> Schedule {
    let date = |seconds| date::Date {
        at: DateTime::from_timestamp(seconds, 0).unwrap().fixed_offset(),
        has_time: true,
    };
    Schedule { publish: publish.map(date), expires: expires.map(date), expires_to: None }
}

#[test]
fn the_agenda_names_the_earliest_coming_event() {
    let all = [
        ("c.md", schedule(Some(30), Some(40))),
        ("b.md", schedule(Some(30), None)),
        ("a.md", schedule(None, Some(10))),
    ];
    let agenda = |now: i64| {
        let schedules = all.iter().map(|(file, schedule)| (*file, schedule));
        Agenda::of(schedules, DateTime::from_timestamp(now, 999_999_999).unwrap())
    };
    let details = |now| agenda(now).0.details();
    assert_eq!(details(9), ", 2 scheduled, next 1970-01-01 00:00 a.md expires");
    assert_eq!(details(10), ", 2 scheduled, 1 expired, next 1970-01-01 00:00 b.md");
    assert_eq!(details(30), ", 1 expired, next 1970-01-01 00:00 c.md expires");
    assert_eq!(details(40), ", 2 expired");
    assert_eq!(Agenda::default().details(), "");
    let remark = |now| agenda(now).0.remark();
    assert_eq!(remark(10), "; 2 scheduled, 1 expired, next 1970-01-01 00:00 b.md");
    assert_eq!(remark(40), "; 2 expired");
    assert_eq!(Agenda::default().remark(), "");
    let next = agenda(30).0.next.unwrap();
    assert_eq!(
        (next.at.as_str(), next.instant()),
        ("1970-01-01T00:00:40+00:00", DateTime::from_timestamp(40, 0))
    );
}

proptest! {
    #[test]
    fn a_result_holds_exactly_while_no_article_changes(
        times in prop::collection::vec((prop::option::of(0i64..20), prop::option::of(0i64..20)), 0..5),
        first in -1i64..21,
        second in -1i64..21,
    ) {
        let all: Vec<Schedule> = times.iter().map(|&(publish, expires)| schedule(publish, expires)).collect();
        let at = |now: i64| DateTime::from_timestamp(now, 5).unwrap();
        let (_, validity) = Agenda::of(all.iter().map(|schedule| ("a.md", schedule)), at(first));
        let passed = |now: i64| {
            let events = times.iter().flat_map(|&(publish, expires)| [publish, expires]);
            events.flatten().map(|event| event <= now).collect::<Vec<bool>>()
        };
        prop_assert_eq!(validity.holds_at(at(second)), passed(first) == passed(second));
    }
}
