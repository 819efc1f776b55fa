//! What servers answer: nothing new, too many requests, errors, redirects, and what is not a feed.

use std::time::Duration;

use newsprint::internals::fetch::Status;

use super::server::{Response, Server, item, rss};
use super::{counts, digest, fetch_at, fetch_with, records, time, titles};

/// The status and the reason of the only source.
fn outcome(answer: impl Fn(&str) -> Response + Send + Sync + 'static) -> (Status, String) {
    let server = Server::start(move |request| answer(&request.path));
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    let report = fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    assert_eq!(report.success, report.sources[0].status != Status::Failed);
    (report.sources[0].status, report.sources[0].reason.clone().unwrap_or_default())
}

fn feed() -> String {
    rss(&item("1", "https://news.example/1", "甲", 28))
}

#[test]
fn a_feed_without_news_is_not_sent_again() {
    let server = Server::start(|request| Response::tagged(request, &feed()));
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    let report = fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    assert_eq!((report.new, report.file.as_deref()), (1, Some("records/2026-11-29-083000.jsonl")));
    let report = fetch_at(&digest, time("2026-11-30T08:30:00+08:00"));
    assert_eq!((report.sources[0].status, report.new, report.file), (Status::Unchanged, 0, None));
    assert_eq!(server.take_log(), [("/feed".to_owned(), 200), ("/feed".to_owned(), 304)]);
    // Other settings can make other records of the same answer.
    digest.write("sources.yaml", super::yaml(&[("某报", &format!("{}/feed", server.address), "limit: 9")]));
    fetch_at(&digest, time("2026-12-01T08:30:00+08:00"));
    assert_eq!(server.take_log(), [("/feed".to_owned(), 200)]);
    assert_eq!(titles(&digest), ["甲"]);
}

#[test]
fn a_date_of_the_last_change_is_sent_too() {
    let server = Server::start(|request| match request.header("if-modified-since") {
        "" => Response::ok(feed()).header("last-modified", "Sat, 28 Nov 2026 00:00:00 GMT"),
        _ => Response::status(304),
    });
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    fetch_at(&digest, time("2026-11-30T08:30:00+08:00"));
    let requests = server.requests();
    assert_eq!(requests.last().unwrap().header("if-modified-since"), "Sat, 28 Nov 2026 00:00:00 GMT");
    let agent = requests[0].header("user-agent");
    assert!(agent.starts_with("newsprint/") && agent.ends_with(" (+https://example.org/)"), "{agent}");
}

#[test]
fn a_server_that_asks_for_a_pause_gets_one() {
    let server = Server::start(|_| Response::status(429).header("retry-after", "7200"));
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    let report = fetch_at(&digest, time("2026-11-29T08:00:00+08:00"));
    assert_eq!(report.sources[0].reason.as_deref(), Some("status 429: too many requests"));
    let report = fetch_at(&digest, time("2026-11-29T09:59:00+08:00"));
    assert_eq!((report.sources[0].status, report.success), (Status::Waiting, false));
    let reason = report.sources[0].reason.clone().unwrap();
    assert!(reason.contains("until 2026-11-29 10:00"), "{reason}");
    assert_eq!(server.take_log().len(), 1);
    // Naming the source does not end the pause of its server.
    let names = ["某报".to_owned()];
    let now = time("2026-11-29T09:59:00+08:00");
    let report = fetch_with(&digest, |options| super::Options { sources: &names, now, ..options });
    assert_eq!(report.sources[0].status, Status::Waiting);
    fetch_at(&digest, time("2026-11-29T10:00:00+08:00"));
    assert_eq!(server.take_log().len(), 1);
}

#[test]
fn a_source_that_fails_for_days_is_asked_less_often_and_stops_no_other() {
    let server = Server::start(|request| match request.path.as_str() {
        "/bad" => Response::status(500),
        _ => Response::ok(feed()),
    });
    let digest = digest(&[
        ("坏", &format!("{}/bad", server.address), ""),
        ("好", &format!("{}/feed", server.address), ""),
    ]);
    let asked = |hour: u32| {
        let report = fetch_at(&digest, time(&format!("2026-11-29T{hour:02}:00:00+08:00")));
        assert!(report.success);
        let is_bad = |(path, _): &(String, u16)| path == "/bad";
        (server.take_log().iter().any(is_bad), report.sources[0].reason.clone().unwrap())
    };
    let hours: Vec<u32> = (0..12).filter(|hour| asked(*hour).0).collect();
    assert_eq!(hours, [0, 1, 2, 3, 5, 9], "the pause is 1, 2, 4 hours");
    let (is_asked, reason) = asked(12);
    assert!(
        !is_asked && reason.contains("6 failures in a row (status 500: an error of the server)"),
        "{reason}"
    );
    // The editor wants to know whether it works again.
    let names = ["坏".to_owned()];
    let now = time("2026-11-29T12:10:00+08:00");
    fetch_with(&digest, |options| super::Options { sources: &names, now, ..options });
    assert_eq!(server.take_log(), [("/bad".to_owned(), 500)]);
}

#[test]
fn a_source_that_fails_is_named_with_its_last_answer() {
    let server = Server::start(|request| match request.header("if-none-match") {
        "" => Response::ok(feed()).header("etag", "\"1\""),
        _ => Response::status(404),
    });
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    fetch_at(&digest, time("2026-11-28T08:30:00+08:00"));
    let report = fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    assert!(!report.success);
    assert_eq!(
        report.text(false),
        "某报: failed: status 404: it is not there any more; last answer: 2026-11-28, 1 entry\n"
    );
}

#[test]
fn slow_and_endless_answers_end() {
    let stalled = |body: String| Response::ok(body).stalled(Duration::from_secs(20));
    let (status, reason) = outcome(move |_| stalled(feed()));
    assert_eq!((status, reason.as_str()), (Status::Failed, "the answer was not complete within 2 seconds"));
    let (status, reason) = outcome(|_| {
        std::thread::sleep(Duration::from_secs(3));
        Response::ok(feed())
    });
    assert_eq!((status, reason.as_str()), (Status::Failed, "no answer within 0.5 seconds"));
    let (status, reason) = outcome(|_| Response::ok(vec![b'a'; (1 << 20) + 1]));
    assert_eq!((status, reason.as_str()), (Status::Failed, "the answer is larger than 1024 KB"));
}

/// The gzip form (RFC 1952) of a megabyte of zeros, `count` times, in stored and fixed blocks of a
/// real encoder: 1 KB each.
pub(crate) fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    use std::process::{Command, Stdio};
    let mut child =
        Command::new("gzip").arg("-c").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    let bytes = bytes.to_vec();
    let writer = std::thread::spawn(move || input.write_all(&bytes));
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap().unwrap();
    output.stdout
}

#[test]
fn compressed_answers_are_read_up_to_the_limit() {
    let packed = gzip(feed().as_bytes());
    let (status, reason) = outcome(move |_| Response::ok(&packed).header("content-encoding", "gzip"));
    assert_eq!((status, reason.as_str()), (Status::Read, ""));
    let bomb = gzip(&vec![b' '; 40 << 20]);
    assert!(bomb.len() < 1 << 20);
    let (status, reason) = outcome(move |_| Response::ok(&bomb).header("content-encoding", "gzip"));
    assert_eq!((status, reason.as_str()), (Status::Failed, "the answer is larger than 1024 KB"));
}

#[test]
fn redirects_are_followed_and_permanent_ones_told() {
    for (first, moved) in [(301, true), (308, true), (302, false), (307, false)] {
        let server = Server::start(move |request| match request.path.as_str() {
            "/old" => Response::redirect(first, "/older"),
            "/older" => Response::redirect(301, "feed"),
            _ => Response::tagged(request, &feed()),
        });
        let digest = digest(&[("某报", &format!("{}/old", server.address), "")]);
        let new = format!("{}/feed", server.address);
        for _ in 0..2 {
            let report = fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
            assert_eq!(report.sources[0].moved.as_deref(), moved.then_some(new.as_str()), "{first}");
            let line = format!("the address changed: {new}");
            assert_eq!(report.text(false).contains(&line), moved, "{}", report.text(false));
        }
    }
    let (status, reason) = outcome(|path| Response::redirect(302, path));
    assert_eq!((status, reason.as_str()), (Status::Failed, "it redirects more than 5 times"));
}

#[test]
fn private_networks_are_refused_unless_they_are_allowed() {
    let server = Server::start(|_| Response::ok(feed()));
    let digest = digest(&[
        ("甲", &format!("{}/feed", server.address), ""),
        ("乙", "http://localhost:9/", ""),
        ("丙", "http://169.254.169.254/latest", ""),
    ]);
    let report = fetch_with(&digest, |options| super::Options { allow_private: false, ..options });
    assert!(!report.success);
    for source in &report.sources {
        assert_eq!(
            source.reason.as_deref(),
            Some("the host is in a private network; add `--allow-private` if you trust it"),
            "{}",
            source.name
        );
    }
    assert!(server.requests().is_empty());
    let outcome = digest.run(&["fetch", "甲"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("甲: failed: the host is in a private network"), "{}", outcome.stdout);
}

#[test]
fn a_redirect_into_a_private_network_is_refused() {
    let server = Server::start(|request| match request.path.as_str() {
        "/feed" => Response::redirect(302, "http://169.254.169.254/latest"),
        "/name" => Response::redirect(302, "http://printer.local/"),
        _ => Response::ok(feed()),
    });
    // The hosts are public: a proxy on this machine answers for them.
    let digest = digest(&[
        ("甲", "http://news.example.com/feed", ""),
        ("乙", "http://news.example.com/name", ""),
        ("丙", "http://news.example.com/good", ""),
    ]);
    let mut command = std::process::Command::new(crate::driver::newsprint());
    for variable in
        ["no_proxy", "NO_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "HTTP_PROXY"]
    {
        command.env_remove(variable);
    }
    let output = command
        .args(["fetch", "--verbose"])
        .env("http_proxy", &server.address)
        .current_dir(digest.path(""))
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("甲: failed: the host is in a private network (after a redirect to 169.254.169.254)"),
        "{text}"
    );
    assert!(
        text.contains("乙: failed: the host is in a private network (after a redirect to printer.local)"),
        "{text}"
    );
    assert!(text.contains("丙: 1 new"), "{text}");
}

#[test]
fn what_robots_txt_forbids_is_not_requested() {
    let server = Server::start_with_robots(|request| match request.path.as_str() {
        "/robots.txt" => Response::ok("User-agent: *\nDisallow: /private\n"),
        _ => Response::ok(feed()),
    });
    let digest = digest(&[
        ("甲", &format!("{}/private/feed", server.address), ""),
        ("乙", &format!("{}/feed", server.address), ""),
    ]);
    for _ in 0..2 {
        let report = fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
        assert_eq!(report.sources[0].reason.as_deref(), Some("its robots.txt forbids it"));
        assert_eq!(report.sources[1].status, Status::Read);
    }
    let rules = server.requests().iter().filter(|request| request.path == "/robots.txt").count();
    assert_eq!(rules, 1, "the rules are kept for a day");
    assert_eq!(server.take_log().iter().filter(|(path, _)| path.starts_with("/private")).count(), 0);
}

#[test]
fn a_login_page_in_the_place_of_a_feed_is_a_failure_and_keeps_what_was_read() {
    let server = Server::start(|request| match request.header("if-none-match") {
        "" => Response::ok(feed()).header("etag", "\"1\""),
        _ => Response::ok("<!DOCTYPE html><html><body><form>Login</form></body></html>")
            .header("etag", "\"2\""),
    });
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    fetch_at(&digest, time("2026-11-28T08:30:00+08:00"));
    for day in [29, 30] {
        let report = fetch_at(&digest, time(&format!("2026-11-{day}T08:30:00+08:00")));
        assert_eq!(report.sources[0].status, Status::Failed);
        assert_eq!(report.sources[0].reason.as_deref(), Some("this is an HTML page, not a feed"));
    }
    // The page has not become the last answer.
    assert_eq!(server.requests().last().unwrap().header("if-none-match"), "\"1\"");
    assert_eq!(titles(&digest), ["甲"]);
}

#[test]
fn the_bytes_and_not_the_declared_charset_decide() {
    let text = rss(&item("1", "https://news.example/1", "国产大模型发布，性能提升", 28));
    let (packed, _, _) = encoding_rs::GB18030.encode(&text);
    let packed = packed.into_owned();
    let server = Server::start(move |request| match request.path.as_str() {
        "/gb" => Response::ok(&packed).header("content-type", "text/xml; charset=utf-8"),
        _ => Response::ok(&text).header("content-type", "text/xml; charset=iso-8859-1"),
    });
    for path in ["gb", "utf"] {
        let digest = digest(&[("某报", &format!("{}/{path}", server.address), "")]);
        fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
        assert_eq!(titles(&digest), ["国产大模型发布，性能提升"], "{path}");
    }
}

#[test]
fn a_broken_item_costs_no_other_and_is_named() {
    let items = item("1", "https://news.example/1", "甲", 28) + "<item><description>x</description></item>";
    let server = Server::start(move |_| Response::ok(rss(&items)));
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    let report = fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    assert_eq!(counts(&report), [(1, 0, 1)]);
    assert_eq!(report.sources[0].dropped.get("this record has no title"), Some(&1));
    assert_eq!(records(&digest).len(), 1);
}

#[test]
fn several_large_feeds_are_all_read() {
    let server = Server::start(|request| {
        let text = "这是一段很长的文字。".repeat(60_000);
        let entry = |n: u32| {
            let link = format!("https://news.example{}/{n}", request.path);
            item(&format!("{}-{n}", request.path), &link, &format!("{} 第 {n} 篇", request.path), 28)
        };
        let items: String = (0..3).map(entry).collect();
        Response::ok(rss(&items).replace("的摘要。", &text[..text.len() / 3]))
    });
    let urls: Vec<String> = (0..5).map(|n| format!("{}/{n}", server.address)).collect();
    let sources: Vec<(&str, &str, &str)> = urls.iter().map(|url| (url.as_str(), url.as_str(), "")).collect();
    let digest = digest(&sources);
    let timeouts = newsprint::internals::http::Timeouts {
        headers: Duration::from_secs(60),
        whole: Duration::from_secs(120),
    };
    let report = fetch_with(&digest, |options| {
        let limits = super::Limits { timeouts, body_bytes: 8 << 20, ..options.limits };
        super::Options { limits, ..options }
    });
    assert_eq!(counts(&report), [(3, 0, 0); 5], "{}", report.text(true));
}

#[test]
fn a_feed_that_is_cut_off_is_asked_for_again() {
    let whole = rss(&(1..=2)
        .map(|n| item(&n.to_string(), &format!("https://news.example/{n}"), &format!("第 {n} 篇"), 28))
        .collect::<String>());
    let cut = whole[..whole.rfind("<description>").unwrap()].to_owned();
    let asked = std::sync::atomic::AtomicUsize::new(0);
    let server =
        Server::start(move |request| match asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) {
            0 => Response::ok(&cut).header("etag", "\"1\""),
            _ => Response::tagged(request, &whole),
        });
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    let report = fetch_at(&digest, time("2026-11-28T08:30:00+08:00"));
    assert_eq!((report.new, report.sources[0].dropped.len()), (1, 1), "{:?}", report.sources);
    fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    assert_eq!(server.requests().last().unwrap().header("if-none-match"), "");
    assert_eq!(titles(&digest), ["第 1 篇", "第 2 篇"]);
}

/// The time limit of a request is one of all requests for its source.
#[test]
fn slow_redirects_share_the_time_of_their_source() {
    let server = Server::start(|request| {
        std::thread::sleep(Duration::from_millis(300));
        Response::redirect(302, &format!("{}x", request.path))
    });
    let digest = digest(&[("某报", &format!("{}/feed", server.address), "")]);
    let limits = super::Limits {
        timeouts: super::Timeouts { headers: Duration::from_millis(800), whole: Duration::from_millis(900) },
        ..super::limits()
    };
    let report = fetch_with(&digest, |options| super::Options { limits, ..options });
    let reason = report.sources[0].reason.clone().unwrap();
    assert!(reason.starts_with("the answer was not complete within 0.9 seconds"), "{reason}");
    assert!(server.take_log().len() <= 4);
}

#[test]
fn sources_for_which_a_run_had_no_time_come_first_in_the_next() {
    let server = Server::start(|request| match request.path.as_str() {
        "/1" | "/2" => Response::ok(feed()).stalled(Duration::from_secs(20)),
        path => Response::ok(rss(&item(path, &format!("https://news.example{path}"), path, 28))),
    });
    let urls: Vec<String> = (1..=4).map(|n| format!("{}/{n}", server.address)).collect();
    let sources: Vec<(&str, &str, &str)> =
        ["甲", "乙", "丙", "丁"].into_iter().zip(&urls).map(|(name, url)| (name, url.as_str(), "")).collect();
    let digest = digest(&sources);
    let limits = super::Limits { begin: Duration::from_secs(1), ..super::limits() };
    let fetch = || fetch_with(&digest, |options| super::Options { limits, ..options });
    let statuses = |report: &super::Report| -> Vec<Status> {
        report.sources.iter().map(|source| source.status).collect()
    };
    let report = fetch();
    assert_eq!(statuses(&report), [Status::Failed, Status::Failed, Status::Waiting, Status::Waiting]);
    assert!(
        report.text(false).contains("丙: not asked: the time of the run was over"),
        "{}",
        report.text(false)
    );
    assert_eq!(statuses(&fetch())[2..], [Status::Read, Status::Read]);
}
