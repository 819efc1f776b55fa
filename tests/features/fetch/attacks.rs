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
