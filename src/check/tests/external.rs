use std::io::{Read, Write};
use std::net::TcpListener;

use super::*;

/// Answers each request with the status that its path names (`/404`), in a thread of its own.
fn server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut request = [0; 2048];
            let length = stream.read(&mut request).unwrap_or(0);
            let request = String::from_utf8_lossy(&request[..length]).into_owned();
            let status = request.split(['/', ' ']).find(|word| word.parse::<u16>().is_ok()).unwrap_or("200");
            let _ = write!(stream, "HTTP/1.1 {status} X\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
        }
    });
    address
}

/// An address of this machine on which nothing listens.
fn closed() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

fn check(links: &str, private: bool, cached: &str) -> (Option<String>, Vec<String>, Option<String>) {
    let folder = digest(&[
        ("newsprint.yaml", "base_url: https://example.org/\n"),
        ("content/articles/a.md", &format!("---\ntitle: 甲\n---\n正文。\n{links}\n")),
    ]);
    let cache = folder.path().join(".newsprint/links.json");
    if !cached.is_empty() {
        std::fs::create_dir_all(cache.parent().unwrap()).unwrap();
        std::fs::write(&cache, cached).unwrap();
    }
    let mut options = options(folder.path());
    options.external = Some(External { private });
    let report = run(&options);
    assert!(report.diagnostics.is_empty());
    (
        report.external.as_ref().map(crate::check::external::LinkCounts::summary),
        lines(&report),
        std::fs::read_to_string(&cache).ok(),
    )
}

#[test]
fn pages_of_other_sites_are_requested_and_their_answers_cached() {
    let gone = format!("{}/404", server());
    let (summary, found, cache) = check(&format!("[x]({gone})"), true, "");
    assert_eq!(summary.unwrap(), "1 link to other sites (1 requested)");
    assert_lines(
        &found,
        &[&format!(
            "W dead-link content/articles/a.md:5:5 | {gone} no longer exists (status 404) | \
         find its new address, or link to an archived copy | 1: articles/a/index.html"
        )],
    );
    let cache = cache.unwrap();
    let (summary, again, _) = check(&format!("[x]({gone})"), true, &cache);
    assert_eq!(summary.unwrap(), "1 link to other sites (0 requested, 1 cached)");
    assert_eq!(again, found);
    let there = server();
    let (summary, found, cache) = check(&format!("<{there}/200>"), true, &cache);
    assert_eq!(summary.unwrap(), "1 link to other sites (1 requested)");
    assert_eq!(found, [""; 0]);
    assert!(!cache.unwrap().contains("/404"), "the answers of other addresses are kept");
}

#[test]
fn without_any_answer_one_finding_is_reported_and_nothing_is_cached() {
    let (one, two) = (closed(), closed().replace("127.0.0.1", "localhost"));
    let (summary, found, cache) = check(&format!("[x]({one}/) [y]({two}/)"), true, "");
    assert_eq!(summary.unwrap(), "2 links to other sites (2 requested)");
    assert_lines(
        &found,
        &["W unreachable-link - | none of 2 hosts could be reached | \
         check the network connection, or set `https_proxy`; no answer was cached"],
    );
    assert_eq!(cache, None);
    // One host may be down.
    let (_, found, cache) = check(&format!("[x]({one}/)"), true, "");
    assert_lines(
        &found,
        &[&format!(
            "W unreachable-link content/articles/a.md:5:5 | {one}/ cannot be reached: the connection was refused | \
         try it in a browser; the check requests it again after an hour | 1: articles/a/index.html"
        )],
    );
    assert!(cache.is_some());
    // An answer of one host shows that the network works.
    let (_, found, _) = check(&format!("[x]({}/200) [y]({two}/)", server()), true, "");
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].contains(&two), "{found:?}");
}

#[test]
fn pages_of_private_networks_are_not_requested() {
    let (summary, found, _) = check("[x](http://127.0.0.1:9/)", false, "");
    assert_eq!(summary.unwrap(), "1 link to other sites (1 requested)");
    assert_lines(
        &found,
        &[
            "W unreachable-link content/articles/a.md:5:5 | http://127.0.0.1:9/ is in a private network, which readers \
         cannot reach | remove the link; `--private` requests it anyway | 1: articles/a/index.html",
        ],
    );
}

#[test]
fn without_the_option_no_page_is_requested() {
    let folder = digest(&[
        ("newsprint.yaml", "base_url: https://example.org/\n"),
        ("content/articles/a.md", "---\ntitle: 甲\n---\n[x](http://127.0.0.1:9/)\n"),
    ]);
    let report = run(&options(folder.path()));
    assert!(report.external.is_none() && report.findings.is_empty() && report.success);
}
