//! A server of feeds on this machine, whose answers a test decides.

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A request.
#[derive(Debug, Clone)]
pub(crate) struct Request {
    pub(crate) path: String,
    /// By name in lower case.
    pub(crate) headers: HashMap<String, String>,
    /// The body of a POST.
    pub(crate) body: String,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", String::as_str)
    }
}

/// A response.
#[derive(Debug, Clone, Default)]
pub(crate) struct Response {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    /// Sent before the body ends; the rest never comes.
    stalls_for: Option<Duration>,
}

impl Response {
    pub(crate) fn ok(body: impl AsRef<[u8]>) -> Self {
        Self { status: 200, body: body.as_ref().to_vec(), ..Self::default() }
    }

    pub(crate) fn status(status: u16) -> Self {
        Self { status, ..Self::default() }
    }

    pub(crate) fn status_with(status: u16, body: &str) -> Self {
        Self { status, ..Self::ok(body) }
    }

    /// Closes the connection after the request was read.
    pub(crate) fn none() -> Self {
        Self::default()
    }

    pub(crate) fn redirect(status: u16, to: &str) -> Self {
        Self::status(status).header("location", to)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Sends half of the body, and waits before it closes the connection.
    pub(crate) fn stalled(mut self, time: Duration) -> Self {
        self.stalls_for = Some(time);
        self
    }

    /// The body with an `ETag` of its own, or 304 if the request has it.
    pub(crate) fn tagged(request: &Request, body: &str) -> Self {
        let etag =
            format!("\"{}\"", newsprint::internals::fingerprint::Fingerprint::of_bytes(body.as_bytes()));
        match request.header("if-none-match") == etag {
            true => Self::status(304),
            false => Self::ok(body).header("etag", &etag),
        }
    }
}

type Handler = dyn Fn(&Request) -> Response + Send + Sync;

/// A running server. Its thread ends with the process.
pub(crate) struct Server {
    pub(crate) address: String,
    log: Arc<Mutex<Vec<(Request, u16)>>>,
}

impl Server {
    /// Starts a server. `answer` is asked for every path but `/robots.txt`, which is missing.
    pub(crate) fn start(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        Self::start_with_robots(move |request| match request.path.as_str() {
            "/robots.txt" => Response::status(404),
            _ => answer(request),
        })
    }

    /// Starts a server whose `answer` is asked for every path.
    pub(crate) fn start_with_robots(answer: impl Fn(&Request) -> Response + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let log = Arc::<Mutex<Vec<_>>>::default();
        let answer: Arc<Handler> = Arc::new(answer);
        let written = Arc::clone(&log);
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let (answer, log) = (Arc::clone(&answer), Arc::clone(&written));
                std::thread::spawn(move || serve(stream, &*answer, &log));
            }
        });
        Self { address, log }
    }

    /// The paths and statuses of all requests but those for robots.txt, and forgets them.
    pub(crate) fn take_log(&self) -> Vec<(String, u16)> {
        let log = std::mem::take(&mut *self.log.lock().unwrap());
        let all = log.into_iter().map(|(request, status)| (request.path, status));
        all.filter(|(path, _)| path != "/robots.txt").collect()
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.log.lock().unwrap().iter().map(|(request, _)| request.clone()).collect()
    }
}

fn serve(mut stream: TcpStream, answer: &Handler, log: &Mutex<Vec<(Request, u16)>>) -> Option<()> {
    let mut reader = BufReader::new(stream.try_clone().ok()?);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    // A proxy: what follows is for the host that it is asked for.
    if line.starts_with("CONNECT ") {
        while line.trim() != "" {
            line.clear();
            reader.read_line(&mut line).ok()?;
        }
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").ok()?;
        line.clear();
        reader.read_line(&mut line).ok()?;
    }
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = HashMap::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    std::io::Read::read_exact(&mut reader, &mut body).ok()?;
    let request = Request { path, headers, body: String::from_utf8_lossy(&body).into_owned() };
    let response = answer(&request);
    log.lock().unwrap().push((request, response.status));
    if response.status == 0 {
        return None;
    }
    let mut head = format!("HTTP/1.1 {} X\r\nconnection: close\r\n", response.status);
    head += &format!("content-length: {}\r\n", response.body.len());
    for (name, value) in &response.headers {
        head += &format!("{name}: {value}\r\n");
    }
    stream.write_all(format!("{head}\r\n").as_bytes()).ok()?;
    let sent = if response.stalls_for.is_some() { response.body.len() / 2 } else { response.body.len() };
    stream.write_all(&response.body[..sent]).ok()?;
    stream.flush().ok()?;
    response.stalls_for.map(std::thread::sleep)
}

/// An item of a feed: id, link, title, and the day of November 2026.
pub(crate) fn item(id: &str, link: &str, title: &str, day: u32) -> String {
    format!(
        "<item><title>{title}</title><link>{link}</link><guid isPermaLink=\"false\">{id}</guid>\
        <pubDate>{day:02} Nov 2026 08:00:00 +0800</pubDate><description>{title}的摘要。</description></item>\n"
    )
}

/// A feed in RSS.
pub(crate) fn rss(items: &str) -> String {
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<rss version=\"2.0\"><channel><title>某报</title>\
        <link>https://news.example/</link>\n{items}</channel></rss>\n"
    )
}
