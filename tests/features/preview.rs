//! Starts `newsprint serve` for a test, and a minimal HTTP client that sends raw requests to it.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use crate::driver::Digest;

/// A test that waits longer for an event, a line or a response has failed.
const MAX_WAIT: Duration = Duration::from_secs(30);

/// A `newsprint serve` process, which is killed when the value is dropped.
pub(crate) struct Preview {
    child: Child,
    /// The lines that the process printed on standard error.
    printed: Arc<Mutex<Vec<String>>>,
    pub(crate) port: u16,
    /// The URL of the home page, with the base path.
    pub(crate) url: String,
    root: PathBuf,
}

/// An HTTP response; `head` is the status line and the headers.
#[derive(Debug)]
pub(crate) struct Response {
    pub(crate) status: u16,
    head: String,
    pub(crate) body: Vec<u8>,
}

/// The stream of events that an open page receives.
pub(crate) struct Events {
    stream: TcpStream,
    received: String,
}

impl Preview {
    /// Starts a preview on a free port and waits until it has printed its URL.
    pub(crate) fn start(digest: &Digest, arguments: &[&str]) -> Self {
        let mut child = Command::new(crate::driver::newsprint())
            .args([&["serve", "--port", "0"], arguments].concat())
            .current_dir(digest.path(""))
            .stderr(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        let printed = Arc::new(Mutex::new(Vec::new()));
        let stderr = BufReader::new(child.stderr.take().unwrap());
        let lines = Arc::clone(&printed);
        std::thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                lines.lock().unwrap().push(line);
            }
        });
        let mut preview = Self { child, printed, port: 0, url: String::new(), root: digest.path("") };
        let line = preview.wait_for_line("preview at http://");
        preview.url = line.split(' ').find(|word| word.starts_with("http://")).unwrap().to_owned();
        preview.port = preview.url.split(':').nth(2).unwrap().split('/').next().unwrap().parse().unwrap();
        preview
    }

    /// Waits until a printed line contains this text, and returns the line.
    pub(crate) fn wait_for_line(&self, text: &str) -> String {
        wait_for(&format!("a line with {text:?}"), || {
            self.printed.lock().unwrap().iter().find(|line| line.contains(text)).cloned()
        })
    }

    /// The lines printed so far.
    pub(crate) fn printed(&self) -> Vec<String> {
        self.printed.lock().unwrap().clone()
    }

    /// The number of lines printed so far that contain this text.
    pub(crate) fn count_lines(&self, text: &str) -> usize {
        self.printed().iter().filter(|line| line.contains(text)).count()
    }

    /// Sends bytes and returns everything that the server sends until it closes the connection.
    pub(crate) fn send_raw(&self, request: &[u8]) -> String {
        let mut stream = self.connect();
        // The server may close the connection before it has read everything.
        let _ = stream.write_all(request);
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8_lossy(&answer).into_owned()
    }

    pub(crate) fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(("127.0.0.1", self.port)).unwrap();
        stream.set_read_timeout(Some(MAX_WAIT)).unwrap();
        stream
    }

    /// Sends a request: method, path as on the wire, and additional header lines that end in CRLF.
    pub(crate) fn request(&self, method: &str, path: &str, headers: &str) -> Response {
        let mut stream = self.connect();
        let request =
            format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{headers}\r\n");
        stream.write_all(request.as_bytes()).unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).unwrap();
        let end = answer.windows(4).position(|window| window == b"\r\n\r\n").expect("a response head");
        let head = String::from_utf8(answer[..end].to_vec()).unwrap();
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        let mut body = answer[end + 4..].to_vec();
        if head.to_lowercase().contains("transfer-encoding: chunked") {
            body = decode_chunked(&body);
        }
        Response { status, head, body }
    }

    pub(crate) fn get(&self, path: &str) -> Response {
        self.request("GET", path, "")
    }

    /// The body of a path, after asserting status 200.
    pub(crate) fn page(&self, path: &str) -> String {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        answer.text()
    }

    /// Waits until the response for a path contains this text.
    pub(crate) fn wait_for_text(&self, path: &str, text: &str) {
        wait_for(&format!("{text:?} at {path}"), || self.get(path).text().contains(text).then_some(()));
    }

    /// Opens a stream of events, as the script in an open page does.
    pub(crate) fn events(&self) -> Events {
        let mut stream = self.connect();
        stream.write_all(b"GET /.newsprint/events HTTP/1.1\r\nHost: localhost\r\n\r\n").unwrap();
        let mut events = Events { stream, received: String::new() };
        while !events.received.contains("retry:") {
            events.receive();
        }
        events
    }

    /// The preview's folder below `.newsprint/`; `site/` in it holds the built site.
    pub(crate) fn folder(&self) -> PathBuf {
        self.root.join(".newsprint").join(format!("preview-{}", self.child.id()))
    }

    /// The bytes of all files of the built site by path, or `None` if a file is renamed meanwhile.
    pub(crate) fn site(&self) -> Option<BTreeMap<String, Vec<u8>>> {
        let folder = self.folder().join("site");
        let files = walkdir::WalkDir::new(&folder).into_iter();
        let files = files.filter(|entry| entry.as_ref().map_or(true, |entry| entry.file_type().is_file()));
        files
            .map(|entry| {
                let entry = entry.ok()?;
                let path = entry.path().strip_prefix(&folder).ok()?.to_str()?.to_owned();
                Some((path, fs::read(entry.path()).ok()?))
            })
            .collect()
    }

    /// Sends a signal (`INT`, `TERM`, `KILL`), waits for the process to end, and returns its exit
    /// code and how long it took.
    pub(crate) fn end(&mut self, signal: &str) -> (Option<i32>, Duration) {
        let started = Instant::now();
        let sent = Command::new("kill").args([&format!("-{signal}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        let code = self.child.wait().unwrap().code();
        (code, started.elapsed())
    }
}

impl Drop for Preview {
    #[allow(clippy::print_stderr)]
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if std::thread::panicking() {
            eprintln!("the preview printed:\n{}", self.printed().join("\n"));
        }
    }
}

impl Response {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().skip(1).find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Events {
    fn receive(&mut self) {
        let mut buffer = [0; 65536];
        let length = self.stream.read(&mut buffer).expect("an event");
        assert!(length > 0, "the stream of events ended");
        self.received.push_str(&String::from_utf8_lossy(&buffer[..length]));
    }

    /// Waits for the next event.
    pub(crate) fn next(&mut self) -> serde_json::Value {
        loop {
            // An event is one line; frames of chunks are skipped.
            if let Some(at) = self.received.find("data: ")
                && let Some(end) = self.received[at..].find("\n\n")
            {
                let event = serde_json::from_str(&self.received[at + 6..at + end]).unwrap();
                self.received.drain(..at + end);
                return event;
            }
            self.receive();
        }
    }

    /// Waits for an event whose changed paths contain this one.
    pub(crate) fn next_about(&mut self, path: &str) -> serde_json::Value {
        loop {
            let event = self.next();
            if event["changed"].as_array().is_some_and(|changed| changed.iter().any(|it| it == path)) {
                return event;
            }
        }
    }
}

/// Calls `found` every 10 ms until it returns a value. Panics after `MAX_WAIT`.
pub(crate) fn wait_for<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    let started = Instant::now();
    loop {
        if let Some(found) = found() {
            return found;
        }
        assert!(started.elapsed() < MAX_WAIT, "timed out waiting for {what}");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Decodes a body in chunked transfer encoding (RFC 9112, section 7.1).
fn decode_chunked(mut body: &[u8]) -> Vec<u8> {
    let mut whole = Vec::new();
    while let Some(end) = body.windows(2).position(|window| window == b"\r\n") {
        let length = usize::from_str_radix(std::str::from_utf8(&body[..end]).unwrap(), 16).unwrap();
        whole.extend(&body[end + 2..end + 2 + length]);
        body = &body[end + 2 + length + 2..];
        if length == 0 {
            break;
        }
    }
    whole
}
