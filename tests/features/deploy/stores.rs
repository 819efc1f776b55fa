//! `deploy --to` sends what changed to a store, here a small server that speaks the part of S3 that
//! is needed. `tests/stores/` has real servers.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex};

use percent_encoding::percent_decode_str;

use crate::driver::{Digest, Outcome, newsprint};

const SECRET: &str = "sehr/geheim+12345";

/// Objects by key.
pub(super) type Objects = BTreeMap<String, Vec<u8>>;

/// Called with each request, `PUT site/index.html`, before it is answered. May change the objects,
/// and refuse the request with a status.
pub(super) type Hook = Box<dyn FnMut(&str, &mut Objects) -> Option<u16> + Send>;

/// What a server has, and what it was asked.
#[derive(Default)]
pub(super) struct State {
    pub(super) objects: Objects,
    pub(super) hook: Option<Hook>,
    /// Methods and keys of requests that change something.
    writes: Vec<String>,
    /// Answers everything with this status, and with the headers of the request as its body.
    refuses: Option<u16>,
}

#[derive(Clone)]
pub(super) struct Store {
    port: u16,
    pub(super) state: Arc<Mutex<State>>,
}

impl Store {
    pub(super) fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let store = Self { port: listener.local_addr().unwrap().port(), state: Arc::default() };
        let served = store.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let store = served.clone();
                std::thread::spawn(move || while store.answer(&stream).is_some() {});
            }
        });
        store
    }

    /// Lets a hook see all further requests.
    pub(super) fn hook(&self, hook: impl FnMut(&str, &mut Objects) -> Option<u16> + Send + 'static) {
        self.state.lock().unwrap().hook = Some(Box::new(hook));
    }

    /// Answers one request. `None` at the end of the connection.
    fn answer(&self, mut stream: &TcpStream) -> Option<()> {
        let mut reader = BufReader::new(stream);
        let mut head = String::new();
        while !head.ends_with("\r\n\r\n") {
            (reader.read_line(&mut head).ok()? > 0).then_some(())?;
        }
        let mut words = head.split(' ');
        let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
        let length = head
            .lines()
            .find_map(|line| line.to_ascii_lowercase().strip_prefix("content-length: ")?.parse().ok());
        let mut body = vec![0; length.unwrap_or(0)];
        reader.read_exact(&mut body).ok()?;
        let (status, etag, content) = self.reply(&method, &target, body, &head);
        let length = content.len();
        write!(stream, "HTTP/1.1 {status} x\r\nETag: \"{etag}\"\r\nContent-Length: {length}\r\n\r\n").ok()?;
        if method == "HEAD" { Some(()) } else { stream.write_all(&content).ok() }
    }

    fn reply(&self, method: &str, target: &str, body: Vec<u8>, head: &str) -> (u16, String, Vec<u8>) {
        let mut state = self.state.lock().unwrap();
        if let Some(status) = state.refuses {
            return (status, String::new(), format!("{head} {SECRET}").into_bytes());
        }
        // An ETag that is no MD5, as of uploads in parts.
        let etag = |bytes: &[u8]| {
            format!(
                "{:x}-1",
                bytes.iter().fold(bytes.len(), |sum, byte| sum * 31 % 99_991 + usize::from(*byte))
            )
        };
        let (path, _) = target.split_once('?').unwrap_or((target, ""));
        let key = percent_decode_str(path.trim_start_matches("/bucket"))
            .decode_utf8()
            .unwrap()
            .trim_start_matches('/')
            .to_owned();
        let state = &mut *state;
        if let Some(hook) = &mut state.hook
            && let Some(status) = hook(&format!("{method} {key}"), &mut state.objects)
        {
            return (status, String::new(), Vec::new());
        }
        if key.is_empty() {
            let entry = |(key, bytes): (&String, &Vec<u8>)| {
                format!(
                    "<Contents><Key>{key}</Key><Size>{}</Size><ETag>\"{}\"</ETag><LastModified>2026-01-01T00:00:00.000Z</LastModified></Contents>",
                    bytes.len(),
                    etag(bytes)
                )
            };
            let list: String = state.objects.iter().map(entry).collect();
            let whole =
                format!("<ListBucketResult><IsTruncated>false</IsTruncated>{list}</ListBucketResult>");
            return (200, String::new(), whole.into_bytes());
        }
        match method {
            "PUT" => {
                state.writes.push(format!("PUT {key}"));
                let etag = etag(&body);
                state.objects.insert(key, body);
                (200, etag, Vec::new())
            }
            "DELETE" => {
                state.writes.push(format!("DELETE {key}"));
                state.objects.remove(&key);
                (204, String::new(), Vec::new())
            }
            _ => match state.objects.get(&key) {
                Some(bytes) => (200, etag(bytes), bytes.clone()),
                None => (404, String::new(), Vec::new()),
            },
        }
    }

    pub(super) fn writes(&self) -> Vec<String> {
        std::mem::take(&mut self.state.lock().unwrap().writes)
    }

    /// The files of the site in the store: those below `site/`.
    pub(super) fn site(&self) -> BTreeMap<String, Vec<u8>> {
        let state = self.state.lock().unwrap();
        let files = state.objects.iter().filter_map(|(key, bytes)| Some((key.strip_prefix("site/")?, bytes)));
        let of_site = files.filter(|(path, _)| !path.starts_with(".newsprint-"));
        of_site.map(|(path, bytes)| (path.to_owned(), bytes.clone())).collect()
    }

    pub(super) fn address(&self) -> String {
        format!("s3://bucket/site?endpoint=http://127.0.0.1:{}", self.port)
    }
}

/// A digest at an address that readers can reach.
pub(super) fn digest() -> Digest {
    let digest = Digest::with_articles(3);
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://news.site.cn/\n");
    digest
}

pub(super) fn deploy(digest: &Digest, arguments: &[&str]) -> Outcome {
    let output = Command::new(newsprint())
        .arg("deploy")
        .args(arguments)
        .current_dir(digest.path(""))
        .env("AWS_ACCESS_KEY_ID", "AKIATEST")
        .env("AWS_SECRET_ACCESS_KEY", SECRET)
        .env_remove("AWS_SESSION_TOKEN")
        .output()
        .unwrap();
    Outcome {
        success: output.status.success(),
        code: output.status.code().unwrap_or(-1),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn only_what_changed_is_sent_and_files_of_others_stay() {
    let (store, digest) = (Store::start(), digest());
    store.state.lock().unwrap().objects.insert("site/others.txt".into(), b"x".to_vec());
    let address = store.address();
    let outcome = deploy(&digest, &["--to", &address]);
    assert!(outcome.success, "{}", outcome.stderr);
    let wanted = |digest: &Digest| {
        let mut files = digest.site();
        files.insert("others.txt".into(), b"x".to_vec());
        files
    };
    assert!(store.site() == wanted(&digest));
    let writes = store.writes();
    assert_eq!(writes.first().unwrap(), "PUT site/.newsprint-pending");
    assert_eq!(writes.last().unwrap(), "PUT site/.newsprint-files");

    // A fresh checkout: nothing of the first build is there.
    let fresh = digest.copy();
    let _ = std::fs::remove_dir_all(fresh.path(".newsprint"));
    let _ = std::fs::remove_dir_all(fresh.path("public"));
    let outcome = deploy(&fresh, &["--to", &address]);
    assert!(outcome.success && outcome.stderr.contains("already has these"), "{}", outcome.stderr);
    assert_eq!(store.writes(), Vec::<String>::new());

    digest.remove("content/articles/0003.md");
    let outcome = deploy(&digest, &["--to", &address, "--allow", "fewer-pages"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(store.site() == wanted(&digest));
    let writes = store.writes();
    let first_delete = writes.iter().position(|write| write.starts_with("DELETE")).unwrap();
    let last_page = writes.iter().rposition(|write| write.ends_with(".html") && write.starts_with("PUT"));
    assert!(last_page < Some(first_delete), "{writes:?}");
    assert!(writes.contains(&"DELETE site/articles/0003/index.html".to_owned()), "{writes:?}");
}

#[test]
fn files_that_newsprint_did_not_write_are_replaced_only_with_consent() {
    let (store, digest) = (Store::start(), digest());
    store.state.lock().unwrap().objects.insert("site/index.html".into(), b"mine".to_vec());
    let outcome = deploy(&digest, &["--to", &store.address()]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("has a file at index.html that newsprint did not write"),
        "{}",
        outcome.stderr
    );
    assert_eq!(store.writes(), Vec::<String>::new());
    let outcome = deploy(&digest, &["--to", &store.address(), "--replace", "--dry-run", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["targets"][0]["changed"]["files"], 1, "{}", outcome.stderr);
    assert_eq!(store.writes(), Vec::<String>::new());
    assert!(deploy(&digest, &["--to", &store.address(), "--replace"]).success);
    assert!(store.site() == digest.site());
}

#[test]
fn no_secret_is_printed_by_a_run_that_fails() {
    let (store, digest) = (Store::start(), digest());
    for status in [400, 401, 403, 404, 412, 418] {
        store.state.lock().unwrap().refuses = Some(status);
        for more in [&["--verbose"][..], &["--json"], &["--to", "s4://x"]] {
            let outcome = deploy(&digest, &[&["--to", &store.address()][..], more].concat());
            assert_eq!(outcome.code, 1, "{status}: {}", outcome.stderr);
            for text in [&outcome.stdout, &outcome.stderr] {
                for secret in [SECRET, "geheim", "Signature=", "authorization:"] {
                    assert!(!text.contains(secret), "{status}: {text}");
                }
            }
        }
    }
}

#[test]
fn a_program_and_settings_get_the_changed_addresses() {
    let (store, digest) = (Store::start(), digest());
    let settings = format!(
        "title: 测试日报\nbase_url: https://news.site.cn/\ndeploy:\n  cdn:\n    to: s3://bucket/site\n    endpoint: \
         http://127.0.0.1:{}\n",
        store.port
    );
    digest.write("newsprint.yaml", settings);
    let refused = deploy(&digest, &["--to", "cdn"]);
    assert_eq!(refused.code, 1);
    assert!(refused.stderr.contains("private network") && refused.stderr.contains("--allow-private"));
    let json = deploy(&digest, &["--to", "cdn", "--allow-private", "--then", "cat", "--json"]);
    assert!(json.success, "{}", json.stderr);
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    let addresses: Vec<&str> =
        report["targets"][0]["addresses"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(addresses.contains(&"https://news.site.cn/keywords/%E5%85%B1%E5%90%8C/"), "{addresses:?}");
    // The program has printed them.
    for address in addresses {
        assert!(json.stderr.lines().any(|line| line == address), "{address} is not in {}", json.stderr);
    }
    let again = deploy(&digest, &["--to", "cdn", "--allow-private", "--then", "false"]);
    assert!(again.success, "nothing changed, so no program runs: {}", again.stderr);
}

#[test]
fn unknown_targets_and_wrong_addresses_are_errors() {
    let digest = digest();
    for (to, message) in [
        ("cdn", "there is no target `cdn`"),
        ("s3://bucket/site#old?region=x", "--to: the address has `#`"),
        ("s4://bucket", "`s4` is not the scheme of a store"),
        ("https://example.net/dav", "`https` is not the scheme of a store"),
        ("oss://bucket", "`oss` needs a region"),
        ("dav://user:geheim@127.0.0.1/", "the address contains a password"),
    ] {
        let outcome = deploy(&digest, &["--to", to]);
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(message), "{}", outcome.stderr);
        assert!(!outcome.stderr.contains("geheim"), "{}", outcome.stderr);
    }
    assert_eq!(deploy(&digest, &["--to", "cdn", "--branch", "x"]).code, 2);
    assert_eq!(deploy(&digest, &["--replace"]).code, 2);
}

#[test]
fn a_program_gets_no_secret_of_a_target() {
    let (store, digest) = (Store::start(), digest());
    let output = Command::new(newsprint())
        .args(["deploy", "--to", &store.address(), "--then", "env"])
        .current_dir(digest.path(""))
        .env("NEWSPRINT_DEPLOY_ACCESS_KEY_ID", "AKIATEST")
        .env("NEWSPRINT_DEPLOY_SECRET_ACCESS_KEY", SECRET)
        .env("NEWSPRINT_OTHER_PASSWORD", SECRET)
        .output()
        .unwrap();
    let printed = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{printed}");
    // The program has run.
    assert!(printed.contains("NEWSPRINT_DEPLOY_ACCESS_KEY_ID=AKIATEST"), "{printed}");
    for name in ["SECRET_ACCESS_KEY", "NEWSPRINT_OTHER_PASSWORD", SECRET] {
        assert!(!printed.contains(name), "{name}: {printed}");
    }
}

#[test]
fn the_names_of_the_lists_are_not_those_of_static_files() {
    let digest = digest();
    digest.write("static/.newsprint-files", "mine");
    digest.write(
        "newsprint.yaml",
        "title: 测试日报\nbase_url: https://news.site.cn/\ndot_files: [.newsprint-files]\n",
    );
    for command in ["build", "check"] {
        let output = Command::new(newsprint()).arg(command).current_dir(digest.path("")).output().unwrap();
        let printed = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(1), "{command}: {printed}");
        assert!(printed.contains("newsprint.yaml:3:"), "{command}: {printed}");
        assert!(printed.contains("`.newsprint-files` is never published"), "{command}: {printed}");
    }
}
