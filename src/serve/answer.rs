//! A request to a response, as GitHub Pages would answer it, with what a preview adds.
//!
//! Only the site's own files are ever opened, by the names that the last build gave them: no path can lead anywhere else.

use std::io::{self, SeekFrom};
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use futures_util::{StreamExt, TryStreamExt, stream};
use headers::{ETag, HeaderMapExt, IfNoneMatch, IfRange, Range};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Bytes, Frame, Incoming};
use hyper::header::{self, HeaderValue};
use hyper::http::response::Builder;
use hyper::{HeaderMap, Method, Request, Response, StatusCode};
use percent_encoding::percent_decode_str;
use serde::Serialize;
use tokio::io::{AsyncReadExt, AsyncSeekExt};
use tokio::sync::broadcast::error::RecvError;
use tokio_util::io::ReaderStream;

use crate::serve::hub::{Hub, Problems, Shown};
use crate::serve::route::{Route, route};

/// A response's body.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// The script that keeps pages as the digest is.
const LIVE: &str = include_str!("live.js");

/// Where a preview's own addresses begin: no file of a site has such a name.
const OWN: &str = "/.newsprint/";

/// An idle stream of events is told that it is still there, so that nobody on the way takes it for dead.
const STILL_HERE: Duration = Duration::from_secs(15);

/// The host that a request names, without its port.
pub(super) fn host(request: &Request<Incoming>) -> Option<String> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let written = named.next()?.to_str().ok()?;
    if named.next().is_some() {
        return None;
    }
    // A whole URL in the request line counts more than the header (RFC 9112, 3.2.2).
    let written = request.uri().authority().map_or(written, |authority| authority.as_str());
    let end = written.rfind(']').map_or(0, |at| at + 1);
    let port = written[end..].find(':').map_or(written.len(), |at| end + at);
    let (host, port) = written.split_at(port);
    let is_port = port.strip_prefix(':').unwrap_or_default().bytes().all(|byte| byte.is_ascii_digit());
    is_port.then(|| host.to_owned())
}

/// Answers a request from an allowed host.
pub(super) async fn answer(request: &Request<Incoming>, hub: &Arc<Hub>) -> Response<Body> {
    if !matches!(*request.method(), Method::GET | Method::HEAD) {
        let response = plain(StatusCode::METHOD_NOT_ALLOWED, "a preview is only read");
        return with(response, header::ALLOW, "GET, HEAD");
    }
    let uri = request.uri();
    let Some(path) = decode(uri.path()) else { return bad("the address is not UTF-8, or has a NUL in it") };
    match path.strip_prefix(OWN) {
        Some("live.js") => return script(),
        Some("events") if request.method() == Method::GET => return events(hub),
        Some("state") => return state(hub, uri.query().unwrap_or_default()).await,
        _ => {}
    }
    let shown = hub.shown();
    match (route(&path, &shown), &shown.problems) {
        (_, Some(problems)) if shown.files.is_empty() => {
            instead(StatusCode::INTERNAL_SERVER_ERROR, problems, &shown)
        }
        (Route::File(file), _) => self::file(hub, &shown, file, StatusCode::OK, request.headers())
            .await
            .unwrap_or_else(|error| unreadable(&error, hub)),
        (Route::Folder, _) => {
            let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
            redirect(StatusCode::MOVED_PERMANENTLY, &format!("{}/{query}", uri.path()))
        }
        // The base path may be another one tomorrow: browsers must not remember this.
        (Route::Home, _) => redirect(StatusCode::FOUND, &shown.base),
        (Route::NotFound, _) if shown.files.contains("404.html") => {
            self::file(hub, &shown, "404.html", StatusCode::NOT_FOUND, request.headers())
                .await
                .unwrap_or_else(|error| unreadable(&error, hub))
        }
        (Route::NotFound, _) if shown.files.is_empty() => with(
            plain(StatusCode::SERVICE_UNAVAILABLE, "the first build is at work"),
            header::RETRY_AFTER,
            "1",
        ),
        (Route::NotFound | Route::Outside, _) => plain(
            StatusCode::NOT_FOUND,
            &format!("there is nothing here: the site stands below {}", shown.base),
        ),
    }
}

/// A decoded path; `None` for what no file can be called.
fn decode(path: &str) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    (!path.contains('\0')).then(|| path.into_owned())
}

/// A file of the site, open.
struct Open {
    file: std::fs::File,
    length: u64,
    /// Another one whenever the file is.
    version: String,
}

fn open(hub: &Hub, file: &str) -> io::Result<Open> {
    // Whoever put a symbolic link among the site's files would read through it.
    let path = hub.folder.join(file);
    let found = std::fs::symlink_metadata(&path)?;
    if !found.is_file() || !crate::output::is_inside(&hub.folder, file) {
        return Err(io::Error::other("this is no file of the site"));
    }
    let file = std::fs::File::open(&path)?;
    let found = file.metadata()?;
    let modified = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    Ok(Open { file, length: found.len(), version: format!("{:x}-{modified:x}", found.len()) })
}

async fn opened(hub: &Arc<Hub>, file: &str) -> io::Result<Open> {
    let (hub, file) = (Arc::clone(hub), file.to_owned());
    tokio::task::spawn_blocking(move || open(&hub, &file)).await.map_err(io::Error::other)?
}

async fn file(
    hub: &Arc<Hub>,
    shown: &Shown,
    file: &str,
    status: StatusCode,
    asked: &HeaderMap,
) -> io::Result<Response<Body>> {
    let open = opened(hub, file).await?;
    let etag = format!("\"{}\"", open.version).parse::<ETag>().ok().filter(|_| status == StatusCode::OK);
    let mut response = Response::builder().header(header::CONTENT_TYPE, content_type(file));
    if let (Some(headers), Some(etag)) = (response.headers_mut(), &etag) {
        headers.typed_insert(etag.clone());
        if asked.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(etag)) {
            return finish(response.status(StatusCode::NOT_MODIFIED), whole(Bytes::new()));
        }
    }
    if file.ends_with(".html") {
        let mut page = Vec::with_capacity(usize::try_from(open.length).unwrap_or_default() + 200);
        tokio::fs::File::from_std(open.file).read_to_end(&mut page).await?;
        add_script(&mut page, &shown.base, &open.version);
        let length = page.len() as u64;
        return finish(response.status(status).header(header::CONTENT_LENGTH, length), whole(page.into()));
    }
    response = response.header(header::ACCEPT_RANGES, "bytes");
    let fresh = asked.typed_get::<IfRange>().is_none_or(|known| !known.is_modified(etag.as_ref(), None));
    let range = asked.typed_get::<Range>().filter(|_| fresh && etag.is_some());
    let written = asked.get(header::RANGE).and_then(|range| range.to_str().ok()).unwrap_or_default();
    let range = range.filter(|_| is_one_range(written));
    let (from, to) = match range.map(|range| part(&range, open.length)) {
        None => (0, open.length),
        Some(Part::Of(from, to)) => {
            let said = format!("bytes {from}-{}/{}", to - 1, open.length);
            response = response.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, said);
            (from, to)
        }
        Some(Part::Nothing) => {
            let said = format!("bytes */{}", open.length);
            let response = response.status(StatusCode::RANGE_NOT_SATISFIABLE);
            return finish(response.header(header::CONTENT_RANGE, said), whole(Bytes::new()));
        }
    };
    let mut file = tokio::fs::File::from_std(open.file);
    file.seek(SeekFrom::Start(from)).await?;
    let bytes = ReaderStream::with_capacity(file.take(to - from), 64 * 1024);
    let body = StreamBody::new(bytes.map_ok(Frame::data)).boxed_unsync();
    finish(response.header(header::CONTENT_LENGTH, to - from), body)
}

/// Several parts at once are answered by all of it, which RFC 9110 (14.2) allows, and so is what is no range.
fn is_one_range(written: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let bounds = written.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-'));
    bounds.is_some_and(|(from, to)| digits(from) && digits(to) && !(from.is_empty() && to.is_empty()))
}

/// What a range asks for.
enum Part {
    /// From, and up to.
    Of(u64, u64),
    Nothing,
}

fn part(range: &Range, length: u64) -> Part {
    use std::ops::Bound::{Excluded, Included, Unbounded};
    let Some((from, to)) = range.satisfiable_ranges(length).next() else { return Part::Nothing };
    let from = match from {
        Included(from) => from,
        Excluded(from) => from.saturating_add(1),
        Unbounded => 0,
    };
    let to = match to {
        Included(to) => to.saturating_add(1).min(length),
        Excluded(to) => to.min(length),
        Unbounded => length,
    };
    if from < to { Part::Of(from, to) } else { Part::Nothing }
}

/// As GitHub Pages says it, and with the character set wherever there is text.
fn content_type(file: &str) -> String {
    let guessed = match file.rsplit_once('.') {
        Some((_, "xml")) => "application/xml".to_owned(),
        _ => mime_guess::from_path(file).first_or_octet_stream().to_string(),
    };
    let is_text = guessed.starts_with("text/")
        || guessed.ends_with("+xml")
        || guessed.ends_with("json")
        || matches!(guessed.as_str(), "application/xml" | "application/javascript");
    if is_text && !guessed.contains("charset") { format!("{guessed}; charset=utf-8") } else { guessed }
}

/// Before the end of the body, so that the files are those of a build.
fn add_script(page: &mut Vec<u8>, base: &str, version: &str) {
    let base = attribute(base);
    let script =
        format!("<script src=\"{OWN}live.js\" data-base=\"{base}\" data-version=\"{version}\"></script>\n");
    let end = b"</body>";
    let at = page.windows(end.len()).rposition(|window| window == end).unwrap_or(page.len());
    page.splice(at..at, script.into_bytes());
}

fn attribute(text: &str) -> String {
    text.replace('&', "&amp;").replace('"', "&quot;").replace('<', "&lt;")
}

fn script() -> Response<Body> {
    let response = Response::builder().header(header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    closed(finish(response, whole(Bytes::from_static(LIVE.as_bytes()))))
}

/// News as they come.
fn events(hub: &Arc<Hub>) -> Response<Body> {
    let hub = Arc::clone(hub);
    let news = hub.listen();
    let hello = stream::once(async { "retry: 300\n\n".to_owned() });
    let later = stream::unfold((news, hub), |(mut news, hub)| async move {
        let text = match tokio::time::timeout(STILL_HERE, news.recv()).await {
            Ok(Ok(told)) => format!("data: {told}\n\n"),
            Ok(Err(RecvError::Lagged(_))) => format!("data: {}\n\n", hub.ask()),
            Ok(Err(RecvError::Closed)) => return None,
            Err(_) => ": still here\n\n".to_owned(),
        };
        Some((text, (news, hub)))
    });
    let body = StreamBody::new(hello.chain(later).map(|text| Ok(Frame::data(text.into())))).boxed_unsync();
    let response = Response::builder().header(header::CONTENT_TYPE, "text/event-stream; charset=utf-8");
    closed(finish(response, body))
}

/// What a page may have missed.
#[derive(Serialize)]
struct State<'a> {
    number: u64,
    base: &'a str,
    /// Of the page as it is now.
    version: Option<String>,
    problems: Option<&'a Problems>,
}

async fn state(hub: &Arc<Hub>, query: &str) -> Response<Body> {
    let shown = hub.shown();
    let page = query.split('&').find_map(|part| part.strip_prefix("page="));
    // Encoded twice: as a path, and as a part of this query.
    let path = page.and_then(decode).and_then(|path| decode(&path)).unwrap_or_default();
    let file = match route(&path, &shown) {
        Route::File(file) => Some(file),
        _ => shown.files.contains("404.html").then_some("404.html"),
    };
    let version = match file {
        Some(file) => opened(hub, file).await.ok().map(|open| open.version),
        None => None,
    };
    let state =
        State { number: shown.number, base: &shown.base, version, problems: shown.problems.as_deref() };
    let json = serde_json::to_vec(&state).unwrap_or_default();
    let response = Response::builder().header(header::CONTENT_TYPE, "application/json; charset=utf-8");
    closed(finish(response, whole(json.into())))
}

/// There is no page, and this is why. When there is one, it comes by itself.
fn instead(status: StatusCode, problems: &Problems, shown: &Shown) -> Response<Body> {
    let escape = |text: &str| attribute(text).replace('>', "&gt;");
    let texts: String = problems.texts.iter().map(|text| format!("<pre>{}</pre>\n", escape(text))).collect();
    let mut page = format!(
        "<!doctype html>\n<html lang=\"en\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{title}</title>\n<body>\n<h1>{title}</h1>\n<p>{}</p>\n{texts}</body>\n",
        escape(problems.note),
        title = escape(&problems.title),
    )
    .into_bytes();
    add_script(&mut page, &shown.base, "");
    let response = Response::builder().status(status);
    closed(finish(response.header(header::CONTENT_TYPE, "text/html; charset=utf-8"), whole(page.into())))
}

/// A name that is not this server's.
pub(super) fn refused() -> Response<Body> {
    plain(
        StatusCode::MISDIRECTED_REQUEST,
        "this preview answers to localhost and to addresses such as 127.0.0.1, and to no other name",
    )
}

/// A request that cannot be understood.
pub(super) fn bad(why: &str) -> Response<Body> {
    plain(StatusCode::BAD_REQUEST, why)
}

fn unreadable(error: &io::Error, hub: &Hub) -> Response<Body> {
    match error.kind() {
        // Gone since the last build was shown: the next one is on its way, or somebody removed the preview's folder.
        io::ErrorKind::NotFound => {
            hub.missing();
            let title = "This file is gone".to_owned();
            let problems = Problems { title, note: "It is being built again.", texts: Vec::new() };
            instead(StatusCode::SERVICE_UNAVAILABLE, &problems, &hub.shown())
        }
        _ => plain(StatusCode::INTERNAL_SERVER_ERROR, &format!("this file cannot be read: {error}")),
    }
}

fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let response =
        Response::builder().status(status).header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    closed(finish(response, whole(Bytes::from(format!("{text}\n")))))
}

fn redirect(status: StatusCode, to: &str) -> Response<Body> {
    with(plain(status, "this is somewhere else"), header::LOCATION, to)
}

fn with(mut response: Response<Body>, name: header::HeaderName, value: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// What all responses have in common: nothing is remembered without asking, and nothing is taken for what it is not.
fn finish(response: Builder, body: Body) -> io::Result<Response<Body>> {
    response
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(body)
        .map_err(io::Error::other)
}

fn closed(response: io::Result<Response<Body>>) -> Response<Body> {
    response.unwrap_or_else(|_| Response::new(whole(Bytes::new())))
}
