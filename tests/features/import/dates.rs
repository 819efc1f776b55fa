//! Dates have one reader: feeds, JSON, tables and labelled lines give the same day and time, or the
//! same refusal with the words and the line.

use super::{article, files, report, words};
use crate::driver::Digest;

/// Ways to write one record with a date, each with the name of its file. The date is on line 3.
fn sources(date: &str) -> [(&'static str, String); 5] {
    [
        (
            "in.xml",
            format!(
                "<rss version=\"2.0\"><channel><title>源</title>\n<item><title>甲</title>\n<pubDate>{date}</pubDate></item></channel></rss>"
            ),
        ),
        (
            "atom.xml",
            format!(
                "<feed xmlns=\"http://www.w3.org/2005/Atom\">\n<entry><title>甲</title>\n<published>{date}</published></entry></feed>"
            ),
        ),
        (
            "feed.json",
            format!(
                "{{\"version\": \"https://jsonfeed.org/version/1.1\", \"items\": [\n{{\"title\": \"甲\",\n\"date_published\": \"{date}\"}}]}}"
            ),
        ),
        ("in.json", format!("[\n{{\"title\": \"甲\",\n\"date\": \"{date}\"}}]")),
        ("in.txt", format!("标题: 甲\n总结: 一。\n日期: {date}\n")),
    ]
}

#[test]
fn every_format_reads_the_same_dates() {
    let cases = [
        ("2024-03-05 08:00:00", "2024-03-05T08:00:00+08:00"),
        ("2024/03/05 08:00:00", "2024-03-05T08:00:00+08:00"),
        ("2024年3月5日", "2024-03-05"),
        ("2024-03-05T08:00+08:00", "2024-03-05T08:00:00+08:00"),
        ("05 Mar 2024", "2024-03-05"),
        ("1709596800", "2024-03-05T08:00:00+08:00"),
        ("Tue, 05 Mar 2024 08:00:00", "2024-03-05T08:00:00+08:00"),
        ("Tue, 05 Mar 2024 08:00:00 HKT", "2024-03-05T08:00:00+08:00"),
        ("Tue, 05 Mar 2024 08:00:00 GMT+8", "2024-03-05T08:00:00+08:00"),
        ("Tue, 05 Mar 2024 24:00:00 +0800", "2024-03-06T00:00:00+08:00"),
        ("Tue, 05 Mar 2024 00:00:00 UTC", "2024-03-05T08:00:00+08:00"),
        ("Tuesday, 5 March 2024", "2024-03-05"),
        ("Thu, 5 Sept 2024 8:05 EST", "2024-09-05T21:05:00+08:00"),
        ("2024年3月5日 下午3:05", "2024-03-05T15:05:00+08:00"),
        ("２０２４－０３－０５　０８：００", "2024-03-05T08:00:00+08:00"),
    ];
    let digest = Digest::new();
    for (date, wanted) in cases {
        for (name, text) in sources(date) {
            let _ = std::fs::remove_dir_all(digest.path("content/articles"));
            digest.write(name, text);
            let found = report(&digest, &[name]);
            assert_eq!(found["success"], true, "{date} {name}: {found:#}");
            let all = files(&digest);
            let (front, _) = article(&digest, &all[0]);
            assert_eq!(words(front.get("date").unwrap()), wanted, "{date} {name}");
        }
    }
}

#[test]
fn a_plain_day_of_a_feed_stays_that_day_in_every_zone() {
    for zone in ["America/New_York", "Pacific/Auckland", "Asia/Shanghai"] {
        let digest = Digest::bare()
            .file("newsprint.yaml", format!("title: x\nbase_url: https://example.org/\ntimezone: {zone}\n"))
            .file("in.xml", &sources("2024-03-05")[0].1);
        let found = report(&digest, &["in.xml"]);
        assert_eq!(found["undated"], 0, "{found:#}");
        assert_eq!(super::field(&digest, "date"), "2024-03-05", "{zone}");
    }
}

#[test]
fn a_date_that_cannot_be_read_refuses_its_record_with_its_line() {
    for (date, named) in [
        ("昨天", "昨天"),
        ("03/05/2024", "03/05/2024"),
        ("Tue, 05 Mar 2024 08:00:00 CST", "CST"),
        ("Tue, 05 Mar 2024 08:00:00 XYZ", "XYZ"),
        ("Fri, 30 Feb 2024 08:00:00 +0800", "2024-02-30"),
    ] {
        for (name, text) in sources(date) {
            // Of labelled lines, a line that does not fit a date can be text.
            if name == "in.txt" {
                continue;
            }
            let digest = Digest::new().file(name, &text);
            let found = report(&digest, &[name, "--date", "2026-11-23"]);
            assert_eq!(
                (found["refused"].as_u64(), files(&digest).len()),
                (Some(1), 0),
                "{date} {name}: {found:#}"
            );
            let problem = &found["diagnostics"][0];
            assert!(problem["message"].as_str().unwrap().contains(named), "{date} {name}: {problem:#}");
            assert_eq!(problem["place"]["line"], 3, "{date} {name}: {problem:#}");
        }
    }
}

#[test]
fn a_wrong_weekday_is_named_and_an_empty_date_is_none() {
    for (name, text) in sources("Mon, 05 Mar 2024 08:00:00 +0800") {
        let digest = Digest::new().file(name, &text);
        let found = report(&digest, &[name]);
        assert_eq!(super::field(&digest, "date"), "2024-03-05T08:00:00+08:00", "{name}");
        let named = &found["repaired"][0];
        assert_eq!(
            (named["kind"].as_str(), named["place"]["line"].as_u64()),
            (Some("weekday"), Some(3)),
            "{found:#}"
        );
    }
    for date in ["Mon, 30 Nov -0001 00:00:00 +0000", "0000-00-00 00:00:00"] {
        let digest = Digest::new().file("in.xml", &sources(date)[0].1);
        let found = report(&digest, &["in.xml"]);
        assert_eq!(
            (found["undated"].as_u64(), found["repaired"][0]["kind"].as_str()),
            (Some(1), Some("placeholder"))
        );
    }
}
