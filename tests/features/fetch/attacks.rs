//! Sources that copy others, secrets of private feeds, damaged state, and servers that mislead.

use newsprint::internals::fetch::Status;

use super::server::{Response, Server, item, rss};
use super::{counts, digest, fetch_at, records, time, titles};

const MORNING: &str = "2026-11-29T08:30:00+08:00";

#[test]
fn a_source_that_copies_the_ids_of_another_one_hides_none_of_its_entries() {
    let server = Server::start(|request| {
        let site = if request.path == "/copy" { "copy" } else { "news" };
        let one = |n: u32| {
            item(
                &format!("tag:news.example,2026:{n}"),
                &format!("https://{site}.example/{n}"),
                &format!("{site} {n}"),
                28,
            )
        };
        Response::ok(rss(&(1..=3).map(one).collect::<String>()))
    });
    let [copy, real] = ["copy", "real"].map(|path| format!("{}/{path}", server.address));
    let digest = digest(&[("抄", &copy, ""), ("真", &real, "")]);
    let report = fetch_at(&digest, time(MORNING));
    assert_eq!(counts(&report), [(3, 0, 0), (3, 0, 0)]);
    let mut ids: Vec<String> =
        records(&digest).iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids[3], "tag:news.example,2026:1");
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), 6, "two records have one id");
    // By the articles and records alone, too.
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    assert_eq!(counts(&fetch_at(&digest, time(MORNING))), [(0, 3, 0), (0, 3, 0)]);
}

#[test]
fn a_link_of_two_sources_is_one_entry_and_the_other_source_is_named() {
    let server = Server::start(|request| {
        let link = format!("https://news.example/1?utm_source={}", &request.path[1..]);
        Response::ok(rss(&item(&request.path, &link, "甲", 28)))
    });
    let [one, two] = ["one", "two"].map(|path| format!("{}/{path}", server.address));
    let digest = digest(&[("甲报", &one, ""), ("乙报", &two, "")]);
    let report = fetch_at(&digest, time(MORNING));
    assert_eq!(counts(&report), [(1, 0, 0), (0, 1, 0)]);
    assert!(report.text(false).contains("乙报: 0 new, 1 known (1 also of 甲报)\n"), "{}", report.text(false));
}

#[test]
fn the_secret_of_a_private_feed_is_in_no_record_and_no_report() {
    const SECRET: &str = "s3cr3t5s3cr3t5s3cr3t5";
    let server = Server::start(|request| {
        assert!(request.path.contains(SECRET));
        let one = |n: u32| {
            let link = format!("https://news.example/{n}?token={SECRET}&amp;page=1");
            item(&n.to_string(), &link, &format!("第 {n} 篇"), 28).replace("的摘要", &format!("：{link}"))
        };
        Response::tagged(request, &rss(&(1..=2).map(one).collect::<String>()))
    });
    let digest = digest(&[("私", &format!("{}/feed?user=7&token={SECRET}", server.address), "")]);
    let outcome = digest.run(&["fetch", "--allow-private", "--json"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let list = digest.run(&["sources", "list"]);
    let texts = [outcome.stdout, outcome.stderr, list.stdout];
    assert!(texts[0].contains("/feed?user=7&token=***") && texts[2].contains("token=***"), "{texts:?}");
    for folder in ["records", ".newsprint"] {
        for (path, bytes) in crate::driver::tree(&digest.path(folder)) {
            assert!(!String::from_utf8_lossy(&bytes).contains(SECRET), "{folder}/{path}");
        }
    }
    assert!(texts.iter().all(|text| !text.contains(SECRET)), "{texts:?}");
    let links: Vec<String> =
        records(&digest).iter().map(|record| record["link"].as_str().unwrap().to_owned()).collect();
    assert_eq!(links, ["https://news.example/1?page=1", "https://news.example/2?page=1"]);
    // The state still knows the source.
    let report = fetch_at(&digest, time(MORNING));
    assert_eq!(report.sources[0].status, Status::Unchanged);
}

#[test]
fn a_damaged_validator_is_not_sent() {
    // This server says of every condition that nothing changed.
    let server = Server::start(|request| match request.header("if-none-match") {
        "" => Response::ok(rss(&item("1", "https://news.example/1", "甲", 28))).header("etag", "\"abc\""),
        _ => Response::status(304),
    });
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    fetch_at(&digest, time(MORNING));
    let state = digest.read(".newsprint/fetch/state.json");
    digest.write(".newsprint/fetch/state.json", state.replace("\\\"abc\\\"", "\\\"abd\\\""));
    assert_eq!(fetch_at(&digest, time(MORNING)).sources[0].status, Status::Read);
    assert_eq!(fetch_at(&digest, time(MORNING)).sources[0].status, Status::Unchanged);
    assert_eq!(titles(&digest), ["甲"]);
}

#[test]
fn a_server_that_says_unchanged_to_the_first_request_fails() {
    let server = Server::start(|_| Response::status(304));
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    let report = fetch_at(&digest, time(MORNING));
    assert_eq!(report.sources[0].status, Status::Failed);
    let reason = report.sources[0].reason.clone().unwrap();
    assert!(reason.contains("the whole feed was requested"), "{reason}");
}

#[test]
fn a_redirect_out_of_the_web_is_named() {
    for (to, wanted) in [
        ("file:///etc/passwd", "status 302: it redirects to an address of `file:`, not of `https:`"),
        ("http://[", "status 302: it redirects, but names no valid address"),
    ] {
        let server = Server::start(move |_| Response::redirect(302, to));
        let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
        let report = fetch_at(&digest, time(MORNING));
        assert_eq!(report.sources[0].reason.as_deref(), Some(wanted));
    }
}

/// RFC 9309, section 2.5: at least the first 500 kibibytes have to be parsed.
#[test]
fn the_first_500_kilobytes_of_a_long_robots_txt_are_obeyed() {
    let server = Server::start_with_robots(|request| match request.path.as_str() {
        "/robots.txt" => {
            let rest = "# a comment\n".repeat(60_000);
            Response::ok(format!("User-agent: *\nDisallow: /private\n{rest}Disallow: /\n"))
        }
        _ => Response::ok(rss(&item("1", "https://news.example/1", "甲", 28))),
    });
    let [private, public] = ["private", "feed"].map(|path| format!("{}/{path}", server.address));
    let digest = digest(&[("甲", &private, ""), ("乙", &public, "")]);
    let report = fetch_at(&digest, time(MORNING));
    assert_eq!(report.sources[0].reason.as_deref(), Some("its robots.txt forbids it"));
    assert_eq!(report.sources[1].status, Status::Read, "{:?}", report.sources[1].reason);
}

#[test]
fn a_source_changes_no_article_of_another_one() {
    let server = Server::start(|request| {
        let link = "https://news.example/1";
        match request.path.as_str() {
            "/evil" => Response::ok(rss(&(item("e1", link, "某公司发布模型", 28)
                + &item("e2", link, "某公司发布模型了", 28).replace("的摘要", "的谎言")))),
            _ => Response::ok(rss(&item("1", link, "某公司发布模型", 28))),
        }
    });
    let [honest, evil] = ["honest", "evil"].map(|path| format!("{}/{path}", server.address));
    let digest = digest(&[("真", &honest, "")]);
    assert!(digest.run(&["fetch", "--allow-private", "--articles"]).success);
    let before = crate::driver::tree(&digest.path("content/articles"));
    digest.write("sources.yaml", super::yaml(&[("真", &honest, ""), ("恶", &evil, "")]));
    let outcome = digest.run(&["fetch", "--allow-private", "--articles"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(crate::driver::tree(&digest.path("content/articles")), before, "{}", outcome.stderr);
    // Nor through records.
    let record = "{\"title\":\"某公司发布模型\",\"link\":\"https://news.example/1\",\"source\":\"恶\",\
        \"summary\":\"谎言。\",\"event\":\"谎言。\",\"fetched\":\"2026-11-29T08:30:00+08:00\"}\n";
    digest.write("evil.jsonl", record);
    let outcome = digest.run(&["import", "evil.jsonl"]);
    assert!(outcome.stderr.contains("of `真` has the link of this record"), "{}", outcome.stderr);
    assert_eq!(crate::driver::tree(&digest.path("content/articles")), before);
}

#[test]
fn a_source_does_not_hide_later_entries_of_another_one() {
    let server = Server::start(|request| {
        let link = "https://news.example/1";
        match request.path.as_str() {
            "/evil" => Response::ok(rss(&item("e", link, "买它买它", 28))),
            _ => Response::ok(rss(&item("1", link, "某公司发布模型", 28))),
        }
    });
    let [evil, honest] = ["evil", "honest"].map(|path| format!("{}/{path}", server.address));
    let digest = digest(&[("恶", &evil, "")]);
    fetch_at(&digest, time(MORNING));
    digest.write("sources.yaml", super::yaml(&[("恶", &evil, ""), ("真", &honest, "")]));
    let report = fetch_at(&digest, time("2026-11-29T09:30:00+08:00"));
    assert_eq!(counts(&report), [(0, 1, 0), (1, 0, 0)]);
    let text = report.text(false);
    assert!(text.contains("真: 1 new, 0 known; warning: 恶 gives 1 of these links another title"), "{text}");
    // By the records alone, too, and only once.
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    let report = fetch_at(&digest, time("2026-11-29T10:30:00+08:00"));
    assert_eq!(counts(&report), [(0, 1, 0), (0, 1, 0)]);
}

#[test]
fn records_that_no_article_can_be_are_dropped_with_the_reason() {
    let server = Server::start(|_| {
        let categories: String = (0..1001).map(|n| format!("<category>c{n}</category>")).collect();
        let deep = format!("{}文字{}", "<blockquote>".repeat(150), "</blockquote>".repeat(150));
        let many =
            item("1", "https://news.example/1", "甲", 28).replace("</item>", &(categories + "</item>"));
        let deep = item("2", "https://news.example/2", "乙", 28)
            .replace("乙的摘要。", &format!("<![CDATA[{deep}]]>"));
        Response::ok(rss(&(many + &deep + &item("3", "https://news.example/3", "丙", 28))))
    });
    let digest = digest(&[("某报", &server.address, "full_text: feed")]);
    let outcome = digest.run(&["fetch", "--allow-private"]);
    assert!(outcome.success && outcome.stdout.contains("1 new, 0 known, 2 dropped"), "{}", outcome.stdout);
    assert_eq!(titles(&digest), ["丙"]);
    assert!(digest.run(&["import", "records/"]).success);
}

#[test]
fn a_record_that_cannot_be_written_as_an_article_is_kept() {
    let server = Server::start(|_| {
        let items = (1..=2).map(|n| item(&n.to_string(), &format!("https://news.example/{n}"), "甲", 28));
        Response::ok(rss(&items.collect::<String>()))
    });
    // A folder has the name of the file.
    let digest = digest(&[("某报", &server.address, "")]);
    std::fs::create_dir_all(digest.path("content/articles/2026-11-28-甲.md/x")).unwrap();
    let outcome = digest.run(&["fetch", "--allow-private", "--articles"]);
    assert!(outcome.stderr.contains("1 record did not become an article"), "{}", outcome.stderr);
    assert_eq!(records(&digest)[0]["link"], "https://news.example/1");
    std::fs::remove_dir_all(digest.path("content/articles/2026-11-28-甲.md")).unwrap();
    let outcome = digest.run(&["fetch", "--allow-private", "--articles"]);
    let wanted = "1 record in records/ is not an article yet: `newsprint import records/`";
    assert!(outcome.success && outcome.stderr.contains(wanted), "{}", outcome.stderr);
    assert!(digest.run(&["import", "records/"]).success);
    let outcome = digest.run(&["fetch", "--allow-private"]);
    assert!(!outcome.stderr.contains("not an article"), "{}", outcome.stderr);
}

#[test]
fn an_id_that_looks_like_that_of_another_source_is_not_taken() {
    let honest = Server::start(|_| Response::ok(rss(&item("7", "https://news.example/1", "甲", 28))));
    let address = honest.address.clone();
    let evil = Server::start(move |_| {
        Response::ok(rss(&item(&format!("{address}/feed#7"), "https://evil.example/1", "乙", 28)))
    });
    let [honest, evil] = [&honest, &evil].map(|server| format!("{}/feed", server.address));
    let digest = digest(&[("真", &honest, ""), ("恶", &evil, "")]);
    fetch_at(&digest, time(MORNING));
    let ids: Vec<String> =
        records(&digest).iter().map(|record| record["id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(ids, [format!("{honest}#7"), format!("{evil}#{honest}#7")]);
}

#[test]
fn tables_of_wide_cells_are_read_in_little_time() {
    let server = Server::start(|_| {
        let row = format!("<tr>{}</tr>", "<td colspan=1000 rowspan=1000>x".repeat(20));
        let table = format!("<table>{}</table>", row.repeat(20));
        let text = format!("<![CDATA[{}]]>", table.repeat(60));
        let one = |n: u32| {
            item(&n.to_string(), &format!("https://news.example/{n}"), &n.to_string(), 28)
                .replace("的摘要。", &text)
        };
        Response::ok(rss(&(0..1).map(one).collect::<String>()))
    });
    for settings in ["", "full_text: feed"] {
        let digest = digest(&[("某报", &server.address, settings)]);
        let begun = std::time::Instant::now();
        let report = fetch_at(&digest, time(MORNING));
        assert_eq!(report.sources[0].status, Status::Read, "{:?}", report.sources[0].reason);
        assert!(begun.elapsed().as_secs() < 30, "{settings}: {:?}", begun.elapsed());
    }
}

#[test]
fn a_private_host_behind_the_redirect_of_robots_txt_is_named() {
    let server = Server::start_with_robots(|request| match request.path.as_str() {
        "/robots.txt" => Response::redirect(302, "http://printer.local/robots.txt"),
        _ => Response::ok(rss(&item("1", "https://news.example/1", "甲", 28))),
    });
    // The proxy answers for a public host.
    let digest = digest(&[("某报", "http://feed.example/rss", "")]);
    let outcome = std::process::Command::new(crate::driver::newsprint())
        .arg("fetch")
        .current_dir(digest.path(""))
        .env("http_proxy", &server.address)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&outcome.stdout);
    let wanted = "robots.txt: the host is in a private network (after a redirect to printer.local)";
    assert!(text.contains(wanted) && !text.contains("--allow-private"), "{text}");
}
