//! `check --external`: links to other sites, requested from a local server.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use super::{found, json};
use crate::driver::Digest;

/// A local HTTP server that records its requests.
struct Site {
    address: SocketAddr,
    /// Method, path and user agent of each request.
    requests: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, requests) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let log = Arc::clone(&requests);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let Some(request) = lines.next() else { continue };
                let head: Vec<String> =
                    lines.take_while(|line| !line.is_empty()).map(|line| line.to_lowercase()).collect();
                let value = |name: &str| head.iter().find_map(|line| line.strip_prefix(name));
                assert_eq!(value("authorization: "), None, "a password was sent");
                let agent = value("user-agent: ").map(str::to_owned);
                let mut words = request.split(' ');
                let (method, path) = (words.next().unwrap(), words.next().unwrap());
                log.lock().unwrap().push(format!("{method} {path} {}", agent.unwrap_or_default()));
                let head = match (method, path) {
                    (_, "/good" | "/good?a=b") | ("GET", "/get-only") => "200 OK\r\n",
                    ("HEAD", "/get-only") => "405 Method Not Allowed\r\n",
                    (_, "/moved") => "301 Moved Permanently\r\nLocation: /good\r\n",
                    (_, "/circle") => "302 Found\r\nLocation: /circle\r\n",
                    (_, "/private") => "302 Found\r\nLocation: http://127.0.0.1:1/\r\n",
                    (_, "/closed") => "403 Forbidden\r\n",
                    (_, "/broken") => "500 Internal Server Error\r\n",
                    (_, "/busy") => "429 Too Many Requests\r\nRetry-After: 60\r\n",
                    _ => "404 Not Found\r\n",
                };
                let _ = write!(stream, "HTTP/1.1 {head}Content-Length: 0\r\nConnection: close\r\n\r\n");
            }
        });
        Self { address, requests }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// The requests since the last call, sorted.
    fn take_requests(&self) -> Vec<String> {
        let mut requests = std::mem::take(&mut *self.requests.lock().unwrap());
        requests.sort();
        requests
    }
}

/// A digest with an article for each link.
fn digest_linking(addresses: &[String]) -> Digest {
    let mut digest = Digest::new();
    for (nth, address) in addresses.iter().enumerate() {
        let text = format!("title: 第 {nth} 篇\ndate: 2024-01-02\nlink: {address}\n");
        digest = digest.article(&format!("a{nth}"), &text, "文。");
    }
    digest
}

/// Rule and place of each finding.
fn findings_with(digest: &Digest, arguments: &[&str]) -> Vec<(String, String)> {
    super::findings(digest, arguments).into_iter().map(|found| (found.code, found.place)).collect()
}

/// `--private` allows requests to the local server.
const EXTERNAL: [&str; 2] = ["--external", "--private"];

#[test]
fn missing_pages_are_findings_and_moved_or_forbidden_ones_are_not() {
    let site = Site::start();
    let paths = ["/good", "/get-only", "/moved", "/circle", "/closed", "/broken", "/gone"];
    let digest = digest_linking(&paths.map(|path| site.url(path)));
    assert!(found(&digest).is_empty());
    assert!(site.take_requests().is_empty(), "requests were sent without --external");
    super::assert_findings(
        &findings_with(&digest, &EXTERNAL),
        &[
            ("dead-link", "content/articles/a6.md:4"),
            ("unreachable-link", "content/articles/a3.md:4"),
            ("unreachable-link", "content/articles/a5.md:4"),
        ],
    );
    let requests = site.take_requests();
    assert!(
        requests.contains(&"HEAD /good newsprint/0.1.0 (+https://example.org/)".to_owned()),
        "{requests:?}"
    );
    assert_eq!(requests.iter().filter(|line| line.contains("/get-only")).count(), 2);
    // Warnings do not fail the check.
    assert_eq!(digest.run(&["check", "--external", "--private"]).code, 0);
}

#[test]
fn the_password_of_a_link_is_not_sent() {
    let site = Site::start();
    let link = site.url("/good").replace("http://", "http://user:secret@");
    let digest = Digest::new().article("a", "title: 甲\ndate: 2024-01-02\n", &format!("[x]({link})"));
    // A request with a password makes the server's thread panic, and the link unreachable.
    assert!(findings_with(&digest, &EXTERNAL).iter().all(|(code, _)| code != "unreachable-link"));
    assert_eq!(site.take_requests().len(), 1);
}

#[test]
fn answers_are_cached_and_each_link_is_requested_once() {
    let site = Site::start();
    let digest = digest_linking(&[site.url("/good"), site.url("/good?a=b"), site.url("/gone")]).article(
        "x",
        "title: 又\ndate: 2024-01-02\n",
        &format!("[x]({})", site.url("/good#part")),
    );
    assert_eq!(findings_with(&digest, &EXTERNAL).len(), 1);
    assert_eq!(
        site.take_requests().len(),
        4,
        "two successful HEAD requests, and a HEAD and a GET of the missing page"
    );
    let report = json(&digest, &EXTERNAL);
    assert!(site.take_requests().is_empty());
    assert_eq!(report["external"], serde_json::json!({"links": 3, "asked": 0, "cached": 3, "left": 0}));
    assert_eq!(report["findings"][0]["code"], "dead-link");
    // Cached answers expire: failures after an hour, successes after a week.
    let cache = digest.read(".newsprint/links.json");
    let age_answers = |seconds: i64| {
        let at = (chrono::Utc::now().timestamp() - seconds).to_string();
        let mut cache: serde_json::Value = serde_json::from_str(&cache).unwrap();
        for answer in cache["links"].as_object_mut().unwrap().values_mut() {
            answer["at"] = at.parse::<i64>().unwrap().into();
        }
        digest.write(".newsprint/links.json", cache.to_string());
    };
    age_answers(2 * 60 * 60);
    assert_eq!(json(&digest, &EXTERNAL)["external"]["asked"], 1);
    age_answers(8 * 24 * 60 * 60);
    assert_eq!(json(&digest, &EXTERNAL)["external"]["asked"], 3);
    digest.write(".newsprint/links.json", "nonsense");
    assert_eq!(json(&digest, &EXTERNAL)["external"]["asked"], 3);
}

#[test]
fn a_host_that_answers_429_gets_no_more_requests() {
    let site = Site::start();
    let digest = digest_linking(&["/busy", "/good", "/moved"].map(|path| site.url(path)));
    let report = json(&digest, &EXTERNAL);
    assert_eq!(report["external"]["left"], 2);
    assert_eq!(site.take_requests().len(), 1);
    assert!(report["findings"].as_array().unwrap().is_empty());
}

#[test]
fn private_networks_get_no_requests_without_the_private_flag() {
    let site = Site::start();
    let addresses = [
        site.url("/good"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://localhost:9/".to_owned(),
    ];
    let digest = digest_linking(&addresses);
    let found = super::findings(&digest, &["--external"]);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|found| found.message.contains("private network")), "{}", found[0].message);
    assert!(site.take_requests().is_empty());
}

#[test]
fn without_a_network_there_is_one_finding_and_no_cache() {
    // No server listens on these ports.
    let digest = digest_linking(&["http://127.0.0.1:9/a".to_owned(), "http://127.0.0.2:9/b".to_owned()]);
    let found = super::findings(&digest, &EXTERNAL);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("none of 2 hosts could be reached"), "{}", found[0].message);
    assert!(!digest.exists(".newsprint/links.json"));
}

#[test]
fn the_answer_cache_is_not_written_through_a_link() {
    let elsewhere = tempfile::tempdir().unwrap();
    let digest = digest_linking(&["http://127.0.0.1:9/a".to_owned()]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path(), digest.path(".newsprint")).unwrap();
    let outcome = digest.run(&["check", "--external", "--private"]);
    assert!(outcome.stderr.contains(".newsprint"), "{}", outcome.stderr);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}
