//! The commands below `newsprint sources`.

use super::server::{Response, Server, item, rss};
use super::{digest, fetch_at, time};
use crate::driver::Digest;

fn site() -> Server {
    Server::start(|request| match request.path.as_str() {
        "/feed.xml" => Response::ok(rss(&item("1", "https://news.example/1", "甲", 28))),
        "/two" => Response::ok(
            "<html><link rel=alternate type=application/atom+xml href=/feed.xml><link rel=alternate type=application/rss+xml href=/other.xml></html>",
        ),
        "/blog" => Response::ok(
            "<html><link rel=alternate type=application/rss+xml href=/comments/feed/><link rel=alternate type=application/rss+xml href=/feed.xml><link rel=alternate type=application/rss+xml href=/second.xml></html>",
        ),
        "/second.xml" => Response::ok(rss(&item("2", "https://news.example/2", "乙", 28))),
        "/none" => Response::ok("<!DOCTYPE html><html><body>你好</body></html>"),
        "/moved" => Response::redirect(301, "/feed.xml"),
        "/" => Response::ok(
            "<!DOCTYPE html><html><head><link rel=\"alternate\" type=\"application/rss+xml\" href=\"feed.xml\"></head></html>",
        ),
        _ => Response::status(404),
    })
}

#[test]
fn the_feed_of_a_page_is_added_and_comments_stay() {
    let server = site();
    let digest =
        Digest::new().file("sources.yaml", "# 我的\nsources:\n  - name: 旧\n    url: https://e.org/ # 注\n");
    let add = |path: &str, more: &[&str]| {
        let url = format!("{}{path}", server.address);
        digest.run(&[&["sources", "add", &url, "--allow-private"], more].concat())
    };
    let outcome = add("/", &[]);
    assert!(outcome.success, "{}", outcome.stderr);
    let url = format!("{}/feed.xml", server.address);
    assert_eq!(outcome.stdout, format!("added: 某报 {url}\n"));
    let text = digest.read("sources.yaml");
    assert_eq!(
        text,
        format!(
            "# 我的\nsources:\n  - name: 旧\n    url: https://e.org/ # 注\n  - name: 某报\n    url: {url}\n"
        )
    );
    for path in ["/", "/feed.xml", "/moved"] {
        let outcome = add(path, &["--name", "别名"]);
        assert!(
            outcome.success && outcome.stdout == format!("already there: 某报 {url}\n"),
            "{}",
            outcome.stdout
        );
    }
    let outcome = add("/two", &[]);
    assert!(
        outcome.stderr.contains("several feeds") && outcome.stderr.contains("/other.xml"),
        "{}",
        outcome.stderr
    );
    assert_eq!(digest.read("sources.yaml"), text);
    for (path, reason) in [("/none", "this is an HTML page, not a feed"), ("/404", "status 404")] {
        let outcome = add(path, &[]);
        assert!(outcome.code == 1 && outcome.stderr.contains(reason), "{}", outcome.stderr);
    }
    assert_eq!(digest.read("sources.yaml"), text);
}

#[test]
fn a_new_file_of_sources_can_be_fetched() {
    let server = site();
    let digest = Digest::new();
    let outcome = digest.run(&["sources", "add", &server.address, "--name", "我的源", "--allow-private"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(fetch_at(&digest, time("2026-11-29T08:30:00+08:00")).new, 1);
    // Without the option, the address of this machine is refused.
    let outcome = digest.run(&["sources", "test", &server.address]);
    assert!(outcome.code == 1 && outcome.stderr.contains("add `--allow-private`"), "{}", outcome.stderr);
}

#[test]
fn the_feeds_of_an_opml_file_are_added_once() {
    let digest = digest(&[("某报", "https://a.example/feed", "")]).file(
        "feeds.opml",
        "<opml version='2.0'><body><outline text='组'><outline text='甲' xmlUrl='https://a.example/feed'/>\
        <outline text='某报' xmlUrl='https://b.example/feed'/></outline><outline text='坏' xmlUrl='feed:x'/></body></opml>",
    );
    let outcome = digest.run(&["sources", "import", "feeds.opml"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(
        outcome.stdout,
        "added: 某报 2 https://b.example/feed\nalready there: 某报 https://a.example/feed\n"
    );
    assert!(
        outcome.stderr.contains("feeds.opml:1:") && outcome.stderr.contains("a feed is left out"),
        "{}",
        outcome.stderr
    );
    let outcome = digest.run(&["sources", "import", "newsprint.yaml"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("this is not XML"), "{}", outcome.stderr);
}

#[test]
fn the_list_shows_the_state_of_each_source() {
    let server = site();
    let urls = ["/moved", "/404", "/off"].map(|path| format!("{}{path}", server.address));
    let digest = digest(&[("甲", &urls[0], ""), ("乙", &urls[1], ""), ("丙", &urls[2], "enabled: false")]);
    let outcome = digest.run(&["sources", "list"]);
    assert!(outcome.stdout.starts_with(&format!("甲: no answer yet {}\n", urls[0])), "{}", outcome.stdout);
    for hour in 8..11 {
        fetch_at(&digest, time(&format!("2026-11-28T{hour:02}:00:00+08:00")));
    }
    let outcome = digest.run(&["sources", "list"]);
    let wanted = format!(
        "甲: last answer 2026-11-28, 1 entry; the address changed: {}/feed.xml {}\n\
        乙: no answer yet; 3 failures in a row (status 404: it is not there any more) {}\n丙: off {}\n",
        server.address, urls[0], urls[1], urls[2]
    );
    let shown: Vec<String> = outcome
        .stdout
        .lines()
        .map(|line| match line.split_once("; asked again at ") {
            Some((before, after)) => format!("{before} {}", after.split_once(' ').unwrap().1),
            None => line.to_owned(),
        })
        .collect();
    assert_eq!(shown.join("\n") + "\n", wanted);
    let outcome = digest.run(&["sources", "list", "--json"]);
    let list: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(list["sources"][1]["failures"], 3);
}

#[test]
fn a_test_shows_the_first_entries_and_writes_nothing() {
    let server = site();
    let digest = Digest::new();
    let outcome = digest.run(&["sources", "test", &format!("{}/", server.address), "--allow-private"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let wanted = format!(
        "某报 (feed): {}/feed.xml\n2026-11-28T08:00:00+08:00  甲\n  https://news.example/1\n  甲的摘要。\n",
        server.address
    );
    assert_eq!(outcome.stdout, wanted);
    assert!(!digest.path("sources.yaml").exists() && !digest.path("records").exists());
}

/// A workflow that fetches nothing must not look well for ever.
#[test]
fn a_file_without_sources_is_an_error() {
    for text in ["sources: []\n", "", "source:\n  - {name: 甲, url: https://example.org/}\n"] {
        let digest = crate::driver::Digest::new().file("sources.yaml", text);
        let outcome = digest.run(&["fetch"]);
        assert!(outcome.code == 1 && outcome.stderr.contains("has no sources"), "{text}: {}", outcome.stderr);
    }
}

#[test]
fn the_feed_of_comments_is_not_taken_and_another_one_can_be_named() {
    let server = site();
    let page = format!("{}/blog", server.address);
    let add = |more: &[&str]| {
        let digest = Digest::new();
        let outcome = digest.run(&[&["sources", "add", &page, "--allow-private"], more].concat());
        (outcome.stdout, outcome.stderr)
    };
    let (out, err) = add(&[]);
    assert!(out.ends_with("/feed.xml\n"), "{out}");
    for line in ["1: http", "/comments/feed/\n", "2: http", "/feed.xml (used)", "3: http"] {
        assert!(err.contains(line), "{line}: {err}");
    }
    let second = format!("{}/second.xml", server.address);
    for choice in ["3", "/second.xml", second.as_str()] {
        let (out, err) = add(&["--feed", choice]);
        assert_eq!(out, format!("added: 某报 {second}\n"), "{err}");
    }
    for choice in ["0", "4", "/other.xml"] {
        let (_, err) = add(&["--feed", choice]);
        assert!(err.contains(&format!("the page names no feed `{choice}`")), "{err}");
    }
}

#[test]
fn a_path_of_this_machine_is_not_an_address() {
    let digest = Digest::new().file("feeds.opml", "<opml/>");
    for path in ["feeds.opml", "./feed.xml", "/feed.xml", "~/feed.xml", "C:\\feed.xml", "feeds", ""] {
        let outcome = digest.run(&["sources", "add", path]);
        let wanted = format!("`{path}` is not an address");
        assert!(outcome.code == 1 && outcome.stderr.contains(&wanted), "{path}: {}", outcome.stderr);
        assert!(outcome.stderr.contains("`newsprint sources import FILE`"), "{}", outcome.stderr);
    }
    assert!(!digest.exists("sources.yaml"));
}

#[test]
fn sources_are_removed_and_switched_by_their_names() {
    let digest = digest(&[("甲", "https://a.example/", ""), ("乙", "https://b.example/", "# 注")]);
    let before = digest.read("sources.yaml");
    let outcome = digest.run(&["sources", "off", "甲", "乙"]);
    assert!(
        outcome.success && outcome.stdout == "off: 甲\noff: 乙\n",
        "{} {}",
        outcome.stdout,
        outcome.stderr
    );
    assert_eq!(digest.run(&["fetch"]).stdout, "甲: off\n乙: off\n");
    let outcome = digest.run(&["sources", "on", "乙"]);
    assert!(outcome.success && digest.read("sources.yaml").contains("enabled: true"), "{}", outcome.stderr);
    let outcome = digest.run(&["sources", "remove", "甲"]);
    assert!(outcome.success && outcome.stdout == "removed: 甲\n", "{}", outcome.stderr);
    let text = digest.read("sources.yaml");
    assert!(!text.contains("a.example") && text.contains("# 注"), "{before}\n{text}");
    let outcome = digest.run(&["sources", "remove", "丙"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("no source is called `丙`"), "{}", outcome.stderr);
    assert_eq!(digest.read("sources.yaml"), text);
}

#[test]
fn commands_of_sources_do_not_print_secrets() {
    const SECRET: &str = "s3cr3t-s3cr3t";
    let server = Server::start(|request| match request.path.split('?').next().unwrap() {
        "/page" => Response::ok(format!(
            "<html><link rel=alternate type=application/rss+xml href='/feed?token={SECRET}'>\
             <link rel=alternate type=application/rss+xml href='/two?token={SECRET}'></html>"
        )),
        "/feed" => Response::ok(rss(&item("1", "https://news.example/1", "甲", 28))),
        _ => Response::status(404),
    });
    let feed = format!("{}/feed?token={SECRET}", server.address);
    let page = format!("{}/page", server.address);
    let missing = format!("{}/missing?token={SECRET}", server.address);
    let opml = format!(
        "<opml><body><outline text='乙' xmlUrl='https://b.example/feed?token={SECRET}'/>\
         <outline text='丙' xmlUrl='https://c.example:x/?token={SECRET}'/></body></opml>"
    );
    let digest = Digest::new().file("feeds.opml", opml);
    for arguments in [
        ["add", &feed, "--allow-private"].as_slice(),
        &["add", &page, "--allow-private"],
        &["add", &page, "--allow-private", "--feed", "9"],
        &["test", &feed, "--allow-private"],
        &["test", &missing, "--allow-private"],
        &["import", "feeds.opml"],
        &["list"],
    ] {
        for json in [&[][..], &["--json"]] {
            let outcome = digest.run(&[&["sources"], arguments, json].concat());
            let all = format!("{}{}", outcome.stdout, outcome.stderr);
            assert!(!all.contains(SECRET) && all.contains("token=***"), "{arguments:?}: {all}");
        }
    }
    let text = digest.read("sources.yaml");
    assert_eq!(text.matches(SECRET).count(), 2, "{text}");
    // An error shows the line of the file.
    digest.write(
        "sources.yaml",
        format!("{text}  - {{name: 丁, url: https://d.example/?key={SECRET}, limits: 3}}\n"),
    );
    let outcome = digest.run(&["fetch"]);
    assert!(outcome.code == 1 && !outcome.stderr.contains(SECRET), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("key=***"), "{}", outcome.stderr);
}

#[test]
fn a_source_that_robots_txt_forbids_is_not_added() {
    let server = Server::start_with_robots(|request| match request.path.as_str() {
        "/robots.txt" => Response::ok("User-agent: *\nDisallow: /private\n"),
        "/moved" => Response::redirect(301, "/private.xml"),
        "/page" => {
            Response::ok("<html><link rel=alternate type=application/rss+xml href=/private.xml></html>")
        }
        _ => Response::ok(rss(&item("1", "https://news.example/1", "甲", 28))),
    });
    let digest = Digest::new();
    for path in ["/private.xml", "/page", "/moved"] {
        for command in ["add", "test"] {
            let url = format!("{}{path}", server.address);
            let outcome = digest.run(&["sources", command, &url, "--allow-private"]);
            let wanted = "/private.xml: its robots.txt forbids it";
            assert!(outcome.code == 1 && outcome.stderr.contains(wanted), "{path}: {}", outcome.stderr);
        }
    }
    assert!(!digest.exists("sources.yaml"));
    let url = format!("{}/feed.xml", server.address);
    assert!(digest.run(&["sources", "add", &url, "--allow-private"]).success);
}

#[test]
fn a_name_that_is_taken_is_refused() {
    let server = site();
    let digest = digest(&[("某报", "https://a.example/feed", "")]);
    let before = digest.read("sources.yaml");
    let url = format!("{}/feed.xml", server.address);
    let add = |more: &[&str]| digest.run(&[&["sources", "add", &url, "--allow-private"], more].concat());
    let outcome = add(&["--name", "某报"]);
    let wanted = "another source is called `某报`";
    assert!(outcome.code == 1 && outcome.stderr.contains(wanted), "{}", outcome.stderr);
    assert_eq!(digest.read("sources.yaml"), before);
    assert_eq!(add(&[]).stdout, format!("added: 某报 2 {url}\n"));
}

#[test]
fn a_test_says_why_nothing_was_read() {
    let server = site();
    let digest = Digest::new();
    let outcome = digest.run(&["sources", "test", &format!("{}/404", server.address), "--allow-private"]);
    let wanted = "newsprint: no feed was read: status 404: it is not there any more";
    assert!(outcome.stderr.contains(wanted), "{}", outcome.stderr);
    let outcome = digest.run(&["sources", "test", &server.address]);
    let wanted = "newsprint: no feed was read: the host is in a private network";
    assert!(outcome.stderr.contains(wanted), "{}", outcome.stderr);
}
