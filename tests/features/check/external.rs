//! Links to other sites, asked of a server of the test's own.

use std::io::{BufRead, BufReader, Write};
use std::net::{SocketAddr, TcpListener};
use std::sync::{Arc, Mutex};

use super::{found, json};
use crate::driver::Digest;

/// A site on this machine, which notes what it was asked for.
struct Site {
    address: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Site {
    fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let (address, asked) = (listener.local_addr().unwrap(), Arc::<Mutex<Vec<String>>>::default());
        let log = Arc::clone(&asked);
        std::thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { return };
                let mut lines = BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                let Some(request) = lines.next() else { continue };
                let agent = lines
                    .take_while(|line| !line.is_empty())
                    .find_map(|line| line.to_lowercase().strip_prefix("user-agent: ").map(str::to_owned));
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
        Self { address, asked }
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Since the last time.
    fn asked(&self) -> Vec<String> {
        let mut asked = std::mem::take(&mut *self.asked.lock().unwrap());
        asked.sort();
        asked
    }
}

fn linking(addresses: &[String]) -> Digest {
    let mut digest = Digest::new();
    for (nth, address) in addresses.iter().enumerate() {
        let text = format!("title: 第 {nth} 篇\ndate: 2024-01-02\nlink: {address}\n");
        digest = digest.article(&format!("a{nth}"), &text, "文。");
    }
    digest
}

fn told(digest: &Digest, arguments: &[&str]) -> Vec<(String, String)> {
    super::findings(digest, arguments).into_iter().map(|found| (found.code, found.place)).collect()
}

const ASK: [&str; 2] = ["--external", "--private"];

#[test]
fn pages_that_are_gone_are_told_and_pages_that_moved_or_hide_are_not() {
    let site = Site::start();
    let paths = ["/good", "/get-only", "/moved", "/circle", "/closed", "/broken", "/gone"];
    let digest = linking(&paths.map(|path| site.url(path)));
    assert!(found(&digest).is_empty());
    assert!(site.asked().is_empty(), "nobody is asked without being told to");
    super::is(
        &told(&digest, &ASK),
        &[
            ("dead-link", "content/articles/a6.md:4"),
            ("unreachable-link", "content/articles/a3.md:4"),
            ("unreachable-link", "content/articles/a5.md:4"),
        ],
    );
    let asked = site.asked();
    assert!(asked.contains(&"HEAD /good newsprint/0.1.0 (+https://example.org/)".to_owned()), "{asked:?}");
    assert_eq!(asked.iter().filter(|line| line.contains("/get-only")).count(), 2);
    // Warnings do not close the gate.
    assert_eq!(digest.run(&["check", "--external", "--private"]).code, 0);
}

#[test]
fn an_answer_is_kept_and_one_link_on_many_pages_is_asked_for_once() {
    let site = Site::start();
    let digest = linking(&[site.url("/good"), site.url("/good?a=b"), site.url("/gone")]).article(
        "x",
        "title: 又\ndate: 2024-01-02\n",
        &format!("[x]({})", site.url("/good#part")),
    );
    assert_eq!(told(&digest, &ASK).len(), 1);
    assert_eq!(site.asked().len(), 4, "two HEAD that succeed, a HEAD and a GET that do not");
    let report = json(&digest, &ASK);
    assert!(site.asked().is_empty());
    assert_eq!(report["external"], serde_json::json!({"links": 3, "asked": 0, "cached": 3, "left": 0}));
    assert_eq!(report["findings"][0]["code"], "dead-link");
    // Notes from another time: an hour is over for what failed, a week for what did not.
    let notes = digest.read(".newsprint/links.json");
    let past = |seconds: i64| {
        let at = (chrono::Utc::now().timestamp() - seconds).to_string();
        let mut notes: serde_json::Value = serde_json::from_str(&notes).unwrap();
        for note in notes["links"].as_object_mut().unwrap().values_mut() {
            note["at"] = at.parse::<i64>().unwrap().into();
        }
        digest.write(".newsprint/links.json", notes.to_string());
    };
    past(2 * 60 * 60);
    assert_eq!(json(&digest, &ASK)["external"]["asked"], 1);
    past(8 * 24 * 60 * 60);
    assert_eq!(json(&digest, &ASK)["external"]["asked"], 3);
    digest.write(".newsprint/links.json", "nonsense");
    assert_eq!(json(&digest, &ASK)["external"]["asked"], 3);
}

#[test]
fn a_host_that_wants_to_be_left_alone_is_left_alone() {
    let site = Site::start();
    let digest = linking(&["/busy", "/good", "/moved"].map(|path| site.url(path)));
    let report = json(&digest, &ASK);
    assert_eq!(report["external"]["left"], 2);
    assert_eq!(site.asked().len(), 1);
    assert!(report["findings"].as_array().unwrap().is_empty());
}

#[test]
fn private_networks_are_not_asked_unless_the_editor_says_so() {
    let site = Site::start();
    let addresses = [
        site.url("/good"),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://localhost:9/".to_owned(),
    ];
    let digest = linking(&addresses);
    let found = super::findings(&digest, &["--external"]);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|found| found.message.contains("private network")), "{}", found[0].message);
    assert!(site.asked().is_empty());
}

#[test]
fn without_a_network_there_is_one_finding_and_nothing_is_noted() {
    // Nobody listens at these ports.
    let digest = linking(&["http://127.0.0.1:9/a".to_owned(), "http://127.0.0.2:9/b".to_owned()]);
    let found = super::findings(&digest, &ASK);
    assert_eq!(found.len(), 1);
    assert!(found[0].message.contains("none of 2 hosts could be reached"), "{}", found[0].message);
    assert!(!digest.exists(".newsprint/links.json"));
}

#[test]
fn notes_are_not_written_through_a_link_out_of_the_digest() {
    let elsewhere = tempfile::tempdir().unwrap();
    let digest = linking(&["http://127.0.0.1:9/a".to_owned()]);
    #[cfg(unix)]
    std::os::unix::fs::symlink(elsewhere.path(), digest.path(".newsprint")).unwrap();
    let outcome = digest.run(&["check", "--external", "--private"]);
    assert!(outcome.stderr.contains(".newsprint"), "{}", outcome.stderr);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}
