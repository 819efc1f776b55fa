//! Which entries become records, and what the records hold.

use newsprint::internals::fetch::Target;

use super::server::{Response, Server, item, rss};
use super::{Options, counts, digest, fetch_at, fetch_with, records, time, titles};

fn link(number: u32) -> String {
    format!("https://news.example/{number}")
}

/// A server of one feed, which a test exchanges.
struct Changing(Server, std::sync::Arc<std::sync::Mutex<String>>);

impl Changing {
    fn start() -> Self {
        let feed = std::sync::Arc::<std::sync::Mutex<String>>::default();
        let sent = std::sync::Arc::clone(&feed);
        let server = Server::start(move |request| Response::tagged(request, &sent.lock().unwrap()));
        Self(server, feed)
    }

    fn url(&self) -> String {
        format!("{}/feed.xml", self.0.address)
    }

    fn set(&self, items: &str) {
        *self.1.lock().unwrap() = rss(items);
    }
}

const MORNING: &str = "2026-11-29T08:30:00+08:00";

#[test]
fn a_record_holds_what_the_source_said() {
    let server = Changing::start();
    server.set(
        "<item><title>甲 &amp;amp; 乙</title><link>https://news.example/1?utm_source=rss</link>\
        <guid isPermaLink=\"false\">tag:news.example,2026:1</guid><author>某人</author><category>AI</category>\
        <pubDate>Sat, 28 Nov 2026 00:00:00 GMT</pubDate>\
        <description>&lt;p&gt;一句&lt;b&gt;摘要&lt;/b&gt;。&lt;/p&gt;</description></item>",
    );
    let settings = "language: zh\nkeywords: [芯片]\nindustries: 制造";
    let digest = digest(&[("某报", &server.url(), settings)]);
    fetch_at(&digest, time(MORNING));
    let wanted = serde_json::json!([{
        "id": "tag:news.example,2026:1",
        "title": "甲 & 乙",
        "link": "https://news.example/1?utm_source=rss",
        "source": "某报",
        "date": "2026-11-28T08:00:00+08:00",
        "language": "zh",
        "authors": ["某人"],
        "categories": ["AI"],
        "summary": "一句摘要。",
        "keywords": ["芯片"],
        "industries": ["制造"],
        "fetched": "2026-11-29T08:30:00+08:00",
    }]);
    assert_eq!(serde_json::Value::from(records(&digest)), wanted);
}

#[test]
fn the_whole_text_is_only_taken_if_the_source_says_so() {
    let long = "这是一句很长的话，说明发生了什么。".repeat(40);
    let server = Changing::start();
    server.set(&format!(
        "<item><title>甲</title><link>https://news.example/1</link><description>短。</description>\
        <content:encoded xmlns:content='http://purl.org/rss/1.0/modules/content/'>&lt;p&gt;{long}&lt;a href='/x'&gt;链接&lt;/a&gt;&lt;/p&gt;</content:encoded></item>"
    ));
    let never = digest(&[("某报", &server.url(), "")]);
    fetch_at(&never, time(MORNING));
    let record = &records(&never)[0];
    assert_eq!((record["summary"].as_str(), record.get("content_markdown")), (Some("短。"), None));
    let full = digest(&[("某报", &server.url(), "full_text: feed")]);
    fetch_at(&full, time(MORNING));
    let text = format!("{long}[链接](https://news.example/x)");
    assert_eq!(records(&full)[0]["content_markdown"].as_str(), Some(text.as_str()));
}

#[test]
fn an_entry_is_new_once() {
    let server = Changing::start();
    let digest = digest(&[("某报", &server.url(), "")]);
    server.set(&(item("1", &link(1), "甲", 27) + &item("2", &link(2), "乙", 28)));
    assert_eq!(counts(&fetch_at(&digest, time("2026-11-28T08:30:00+08:00"))), [(2, 0, 0)]);
    server.set(&(item("3", &link(3), "丙", 29) + &item("2", &link(2), "乙（更新）", 28)));
    assert_eq!(counts(&fetch_at(&digest, time("2026-11-29T08:30:00+08:00"))), [(1, 1, 0)]);
    // All ids change, and one entry comes back.
    let all =
        [item("a", &link(1), "甲", 27), item("b", &link(2), "乙（更新）", 28), item("c", &link(3), "丙", 29)];
    server.set(&all.concat());
    assert_eq!(counts(&fetch_at(&digest, time("2026-11-30T08:30:00+08:00"))), [(0, 3, 0)]);
    // The links change, and the ids stay.
    server.set(&all.concat().replace("news.example", "www2.example"));
    assert_eq!(counts(&fetch_at(&digest, time("2026-12-01T08:30:00+08:00"))), [(0, 3, 0)]);
    assert_eq!(titles(&digest), ["乙", "甲", "丙"]);
}

#[test]
fn an_entry_that_comes_back_after_a_year_is_known() {
    let server = Changing::start();
    let digest = digest(&[("某报", &server.url(), "")]);
    server.set(&item("1", &link(1), "甲", 1));
    fetch_at(&digest, time("2026-11-01T08:30:00+08:00"));
    server.set("");
    for month in 1..=12 {
        fetch_at(&digest, time(&format!("2027-{month:02}-01T08:30:00+08:00")));
    }
    server.set(&item("1", &link(1), "甲", 1));
    assert_eq!(counts(&fetch_at(&digest, time("2027-12-01T08:30:00+08:00"))), [(0, 1, 0)]);
}

#[test]
fn without_the_state_entries_are_known_by_records_and_articles() {
    let server = Changing::start();
    let digest = digest(&[("某报", &server.url(), "")]).article(
        "own",
        &format!("title: 我自己的标题\nlink: {}?utm_source=x\n", link(3)),
        "正文。",
    );
    let all = [item("1", &link(1), "甲", 27), item("2", &link(2), "乙", 28), item("3", &link(3), "丙", 28)];
    server.set(&all.concat());
    assert_eq!(counts(&fetch_at(&digest, time(MORNING))), [(2, 1, 0)]);
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    assert_eq!(counts(&fetch_at(&digest, time(MORNING))), [(0, 3, 0)]);
    // Articles know them by their ids, too.
    let outcome = digest.run(&["import", "records/"]);
    assert!(outcome.success, "{}", outcome.stderr);
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    std::fs::remove_dir_all(digest.path("records")).unwrap();
    server.set(&all.concat().replace("news.example/1", "news.example/moved"));
    assert_eq!(counts(&fetch_at(&digest, time(MORNING))), [(0, 3, 0)], "by the ids of the articles");
}

#[test]
fn words_limits_and_dates_drop_entries_with_a_reason() {
    let server = Changing::start();
    server.set(
        &[
            item("1", &link(1), "大模型招聘", 28),
            item("2", &link(2), "國產大模型", 27),
            item("3", &link(3), "Mail from Air", 26),
            item("4", &link(4), "AI 大模型", 25),
            item("5", &link(5), "大模型旧闻", 20),
        ]
        .concat(),
    );
    let settings = "words: {any: [大模型, AI], none: [招聘]}\nlimit: 1";
    let digest = digest(&[("某报", &server.url(), settings)]);
    let now = time(MORNING);
    let report = fetch_with(&digest, |options| Options { now, since: Some("2026-11-22"), ..options });
    let dropped: Vec<(&str, usize)> =
        report.sources[0].dropped.iter().map(|(reason, number)| (reason.as_str(), *number)).collect();
    let wanted = [
        ("beyond the newest 1", 1),
        ("older than 2026-11-22", 1),
        ("with `招聘`", 1),
        ("without `大模型` or `AI`", 1),
    ];
    assert_eq!(dropped, wanted);
    assert_eq!(titles(&digest), ["國產大模型"]);
    assert!(
        report
            .text(false)
            .starts_with("某报: 1 new, 0 known, 4 dropped (1 beyond the newest 1; 1 older than"),
        "{}",
        report.text(false)
    );
    // What `--since` left out is new to a run without it.
    let report = fetch_at(&digest, now);
    assert_eq!(report.sources[0].known, 2, "{:?}", report.sources[0]);
}

#[test]
fn a_date_in_the_future_becomes_the_day_of_the_run() {
    let server = Changing::start();
    server.set(&item("1", &link(1), "甲", 28).replace("2026", "2036"));
    let digest = digest(&[("某报", &server.url(), "")]);
    let report = fetch_at(&digest, time(MORNING));
    assert_eq!(records(&digest)[0]["date"], "2026-11-29");
    assert!(
        report.text(false).contains("1 entry with a date in the future, dated today"),
        "{}",
        report.text(false)
    );
}

#[test]
fn the_same_link_in_two_sources_is_one_record() {
    let (one, other) = (Changing::start(), Changing::start());
    one.set(&item("1", &link(1), "某公司发布模型", 28));
    other.set(&item("x", &link(1), "某公司发布模型（转载）", 28));
    let digest = digest(&[("甲报", &one.url(), ""), ("乙报", &other.url(), "")]);
    assert_eq!(counts(&fetch_at(&digest, time(MORNING))), [(1, 0, 0), (0, 1, 0)]);
    assert_eq!(records(&digest)[0]["source"], "甲报");
}

#[test]
fn a_page_that_keeps_its_address_gives_a_record_each_day() {
    let server = Changing::start();
    let digest = digest(&[("某报", &server.url(), "")]);
    for day in 27..=29 {
        server.set(&item(&format!("{day}"), &link(1), &format!("{day} 日要闻"), day));
        let report = fetch_at(&digest, time(&format!("2026-11-{day}T08:30:00+08:00")));
        assert_eq!(counts(&report), [(1, 0, 0)], "{day}");
    }
}

#[test]
fn near_duplicates_are_told() {
    let text = "某公司今天发布了名为小星的模型。负责人在发布会上说，他们会开放权重，但训练数据不会公开。";
    let server = Changing::start();
    server.set(&format!(
        "<item><title>小星模型发布</title><link>{}</link><description>{text}</description></item>",
        link(1)
    ));
    let digest = digest(&[("某报", &server.url(), "")]).article(
        "old",
        "title: 小星模型发布了\nlink: https://other.example/\n",
        text,
    );
    let report = fetch_at(&digest, time(MORNING));
    assert_eq!(report.similar.len(), 1);
    assert!(
        report.text(false).contains("near-duplicates: 小星模型发布 (某报) and content/articles/old.md"),
        "{}",
        report.text(false)
    );
}

#[test]
fn a_dry_run_writes_nothing() {
    let server = Changing::start();
    server.set(&item("1", &link(1), "甲", 28));
    let digest = digest(&[("某报", &server.url(), "")]);
    let report = fetch_with(&digest, |options| Options { dry_run: true, ..options });
    assert_eq!((report.new, report.file), (1, None));
    assert!(!digest.path("records").exists() && !digest.path(".newsprint").exists());
}

#[test]
fn records_go_to_a_file_or_through_a_pipe_or_become_articles() {
    let server = Changing::start();
    server.set(&item("1", &link(1), "甲", 28));
    let digest = digest(&[("某报", &server.url(), "")]);
    let today = digest.path("today.jsonl");
    std::fs::write(&today, "{\"title\": \"手写\"}").unwrap();
    let report = fetch_with(&digest, |options| Options { target: Target::File(&today), ..options });
    assert!(report.success && !digest.path("records").exists(), "{:?}", report.diagnostics);
    let text = digest.read("today.jsonl");
    assert!(text.starts_with("{\"title\": \"手写\"}\n{\"id\":") && text.lines().count() == 2, "{text}");
    // A run that is ended before it has stored its state knows them by the file.
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    let report = fetch_with(&digest, |options| Options { target: Target::File(&today), ..options });
    assert_eq!(counts(&report), [(0, 1, 0)]);
    // Standard output has the records, and standard error the report.
    server.set(&item("2", &link(2), "乙", 29));
    let outcome = digest.run(&["fetch", "--allow-private", "--to", "-"]);
    assert!(outcome.success && outcome.stdout.starts_with("{\"id\":"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("某报: 1 new, 0 known"), "{}", outcome.stderr);
    assert_eq!(titles(&digest), ["乙"], "an annotator may fail");
    server.set(&item("3", &link(3), "丙", 29));
    let outcome = digest.run(&["fetch", "--allow-private", "--articles"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let article = digest.read("content/articles/2026-11-29-丙.md");
    assert!(
        article.contains("link: https://news.example/3\n") && article.contains("丙的摘要。"),
        "{article}"
    );
    assert_eq!(titles(&digest), ["乙"]);
    let outcome = digest.run(&["fetch", "--allow-private", "--articles"]);
    assert!(outcome.stdout.contains("unchanged"), "{}", outcome.stdout);
}

#[test]
fn mistakes_in_the_settings_stop_the_run_with_their_lines() {
    let digest =
        digest(&[("某报", "ftp://news.example/", "limits: 3"), ("别报", "https://news.example/", "")]);
    let outcome = digest.run(&["fetch"]);
    assert_eq!(outcome.code, 1);
    for wanted in
        ["sources.yaml:3:10", "a link has to be http or https", "sources.yaml:4:5", "did you mean `limit`?"]
    {
        assert!(outcome.stderr.contains(wanted), "{wanted}: {}", outcome.stderr);
    }
    let outcome = crate::driver::Digest::new().run(&["fetch"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("there is no sources.yaml"), "{}", outcome.stderr);
    let digest = super::digest(&[("某报", "https://news.example/", "enabled: false")]);
    let outcome = digest.run(&["fetch"]);
    assert!(outcome.success && outcome.stdout == "某报: off\n", "{}", outcome.stdout);
    let outcome = digest.run(&["fetch", "某抱"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("did you mean `某报`?"), "{}", outcome.stderr);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_below_a_link_that_leads_out_of_the_digest() {
    let server = Changing::start();
    server.set(&item("1", &link(1), "甲", 28));
    for folder in ["records", ".newsprint", ".newsprint/fetch"] {
        let outside = crate::driver::Digest::bare();
        let digest = digest(&[("某报", &server.url(), "")]);
        std::fs::create_dir_all(digest.path(folder).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(outside.path(""), digest.path(folder)).unwrap();
        let outcome = digest.run(&["fetch", "--allow-private"]);
        assert_eq!(outcome.code, 1, "{folder}: {}", outcome.stderr);
        assert_eq!(crate::driver::tree(&outside.path("")).len(), 0, "{folder}");
    }
}

#[test]
fn the_report_is_one_value_of_json() {
    let server = Changing::start();
    server.set(&item("1", &link(1), "甲", 28));
    let digest = digest(&[("某报", &server.url(), "")]);
    let outcome = digest.run(&["fetch", "--allow-private", "--json", "--quiet"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((report["success"].as_bool(), report["new"].as_u64()), (Some(true), Some(1)));
    assert_eq!(report["sources"][0]["status"], "read");
    assert!(outcome.stderr.is_empty(), "{}", outcome.stderr);
}

#[test]
fn a_digest_without_an_address_is_told_that_its_requests_name_none() {
    let server = Changing::start();
    server.set(&item("1", &link(1), "甲", 28));
    let digest = digest(&[("某报", &server.url(), "")]).file("newsprint.yaml", "title: 日报\n");
    let outcome = digest.run(&["fetch", "--allow-private"]);
    assert!(
        outcome.success && outcome.stderr.contains("name no address of this digest"),
        "{}",
        outcome.stderr
    );
    let agent = server.0.requests()[0].header("user-agent").to_owned();
    assert!(agent.starts_with("newsprint/") && !agent.contains('+'), "{agent}");
}

#[test]
fn records_are_not_written_over_files_of_the_digest() {
    let server =
        Server::start(|_| Response::ok(rss(&item("1", "https://news.example/1", "甲公司发布模型", 28))));
    let digest = digest(&[("甲", &server.address, "")]);
    for file in ["newsprint.yaml", "sources.yaml", "content/articles/x.jsonl", ".newsprint/fetch/state.json"]
    {
        let before = digest.exists(file).then(|| digest.read(file));
        let path = digest.path(file);
        let outcome = digest.run(&["fetch", "--allow-private", "--to", path.to_str().unwrap()]);
        assert!(
            outcome.code == 1 && outcome.stderr.contains("belongs to the digest"),
            "{file}: {}",
            outcome.stderr
        );
        let after = digest.exists(file).then(|| digest.read(file));
        assert!(file.ends_with("state.json") || before == after, "{file}");
    }
    assert!(digest.run(&["fetch", "--allow-private"]).stderr.contains("1 new"));
}
