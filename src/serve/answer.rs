//! Answers requests as GitHub Pages would, and adds the script and the addresses of the preview.
//!
//! Only files of the site are opened, by the names that the last build gave them, so that no path
//! leads to another file.

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

use crate::fs::Folder;
use crate::http::media_type;
use crate::serve::hub::{Hub, Problems, Shown};
use crate::serve::route::{Route, route};
use crate::serve::scripts::{COPY, LIVE, PREVIEW_PREFIX, add_to, escape_attribute};

/// The body of a response.
pub(super) type Body = UnsyncBoxBody<Bytes, io::Error>;

/// Interval of comments in an idle stream of events, so that browsers and proxies keep the
/// connection.
const KEEP_ALIVE_INTERVAL: Duration = Duration::from_secs(15);

/// The host that a request names, without its port. `None` if there is not exactly one `Host`
/// header or the port is not a number.
pub(super) fn host(request: &Request<Incoming>) -> Option<String> {
    let mut named = request.headers().get_all(header::HOST).iter();
    let written = named.next()?.to_str().ok()?;
    if named.next().is_some() {
        return None;
    }
    // A complete URL in the request line takes precedence over the header (RFC 9112, 3.2.2).
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
        let response = plain(StatusCode::METHOD_NOT_ALLOWED, &tr!("the preview accepts only GET and HEAD"));
        return with(response, header::ALLOW, "GET, HEAD");
    }
    let uri = request.uri();
    let Some(path) = decode(uri.path()) else {
        return bad_request(&tr!("the path is not UTF-8 or contains NUL"));
    };
    match path.strip_prefix(PREVIEW_PREFIX) {
        Some("live.js") => return script(LIVE),
        Some("copy.js") => return script(COPY),
        Some("events") if request.method() == Method::GET => return events(hub),
        Some("state") => return state(hub, uri.query().unwrap_or_default()).await,
        _ => {}
    }
    let shown = hub.shown();
    match (route(&path, &shown), &shown.problems) {
        (_, Some(problems)) if shown.files.is_empty() => {
            problems_page(StatusCode::INTERNAL_SERVER_ERROR, problems, &shown)
        }
        (Route::File(file), _) => self::file(hub, &shown, file, StatusCode::OK, request.headers())
            .await
            .unwrap_or_else(|error| unreadable(&error, hub)),
        (Route::Folder, _) => {
            let query = uri.query().map_or_else(String::new, |query| format!("?{query}"));
            redirect(StatusCode::MOVED_PERMANENTLY, &format!("{}/{query}", uri.path()))
        }
        // Not permanent, because browsers would remember the redirect and the base path may change.
        (Route::Home, _) => redirect(StatusCode::FOUND, &shown.base),
        (Route::NotFound, _) if shown.files.contains("404.html") => {
            let missing = missing_page(&path, &shown);
            self::file(hub, &shown, missing, StatusCode::NOT_FOUND, request.headers())
                .await
                .unwrap_or_else(|error| unreadable(&error, hub))
        }
        (Route::NotFound, _) if shown.files.is_empty() => with(
            plain(StatusCode::SERVICE_UNAVAILABLE, &tr!("the first build is running")),
            header::RETRY_AFTER,
            "1",
        ),
        (Route::NotFound | Route::Outside, _) => {
            plain(StatusCode::NOT_FOUND, &tr!("not found: the site is below {}", shown.base))
        }
    }
}

/// Decodes a path; `None` if it cannot be the name of a file.
fn decode(path: &str) -> Option<String> {
    let path = percent_decode_str(path).decode_utf8().ok()?;
    (!path.contains('\0')).then(|| path.into_owned())
}

/// An open file of the site.
struct OpenFile {
    file: std::fs::File,
    /// In bytes.
    length: u64,
    /// Length and modification time in hexadecimal digits: changes if the file changes.
    version: String,
}

/// Opens a file of the site. Symbolic links are refused, because they lead to other files.
fn open(hub: &Hub, file: &str) -> io::Result<OpenFile> {
    let file = Folder::open_real(&hub.folder)?.open_file(file)?;
    let found = file.metadata()?;
    let modified = found.modified()?.duration_since(UNIX_EPOCH).unwrap_or_default().as_nanos();
    Ok(OpenFile { file, length: found.len(), version: format!("{:x}-{modified:x}", found.len()) })
}

/// Opens a file without blocking the thread of the server.
async fn open_async(hub: &Arc<Hub>, file: &str) -> io::Result<OpenFile> {
    let (hub, file) = (Arc::clone(hub), file.to_owned());
    tokio::task::spawn_blocking(move || open(&hub, &file)).await.map_err(io::Error::other)?
}

/// Answers with a file: conditional requests and ranges are supported (ranges not for HTML, to
/// which the script is added).
async fn file(
    hub: &Arc<Hub>,
    shown: &Shown,
    file: &str,
    status: StatusCode,
    request: &HeaderMap,
) -> io::Result<Response<Body>> {
    let open = open_async(hub, file).await?;
    let etag = format!("\"{}\"", open.version).parse::<ETag>().ok().filter(|_| status == StatusCode::OK);
    let mut response = Response::builder().header(header::CONTENT_TYPE, media_type(file));
    if let (Some(headers), Some(etag)) = (response.headers_mut(), &etag) {
        headers.typed_insert(etag.clone());
        if request.typed_get::<IfNoneMatch>().is_some_and(|known| !known.precondition_passes(etag)) {
            return finish(response.status(StatusCode::NOT_MODIFIED), whole(Bytes::new()));
        }
    }
    if file.ends_with(".html") {
        let mut page = Vec::with_capacity(usize::try_from(open.length).unwrap_or_default() + 200);
        tokio::fs::File::from_std(open.file).read_to_end(&mut page).await?;
        let is_wechat = file.ends_with("/wechat.html");
        add_to(&mut page, &shown.base, &open.version, is_wechat);
        let length = page.len() as u64;
        return finish(response.status(status).header(header::CONTENT_LENGTH, length), whole(page.into()));
    }
    response = response.header(header::ACCEPT_RANGES, "bytes");
    let fresh = request.typed_get::<IfRange>().is_none_or(|known| !known.is_modified(etag.as_ref(), None));
    let range = request.typed_get::<Range>().filter(|_| fresh && etag.is_some());
    let written = request.get(header::RANGE).and_then(|range| range.to_str().ok()).unwrap_or_default();
    let range = range.filter(|_| is_one_range(written));
    let (from, to) = match range.map(|range| part(&range, open.length)) {
        None => (0, open.length),
        Some(Part::Bytes(from, to)) => {
            let content_range = format!("bytes {from}-{}/{}", to - 1, open.length);
            response =
                response.status(StatusCode::PARTIAL_CONTENT).header(header::CONTENT_RANGE, content_range);
            (from, to)
        }
        Some(Part::Nothing) => {
            let content_range = format!("bytes */{}", open.length);
            let response = response.status(StatusCode::RANGE_NOT_SATISFIABLE);
            return finish(response.header(header::CONTENT_RANGE, content_range), whole(Bytes::new()));
        }
    };
    let mut file = tokio::fs::File::from_std(open.file);
    file.seek(SeekFrom::Start(from)).await?;
    let bytes = ReaderStream::with_capacity(file.take(to - from), 64 * 1024);
    let body = StreamBody::new(bytes.map_ok(Frame::data)).boxed_unsync();
    finish(response.header(header::CONTENT_LENGTH, to - from), body)
}

/// True if the header `Range` has exactly one valid range. Others are answered with the complete
/// file, which RFC 9110 (14.2) allows.
fn is_one_range(written: &str) -> bool {
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let bounds = written.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-'));
    bounds.is_some_and(|(from, to)| digits(from) && digits(to) && !(from.is_empty() && to.is_empty()))
}

/// The bytes that a range selects.
enum Part {
    /// From the first offset up to, but not including, the second.
    Bytes(u64, u64),
    /// None, because the range is outside the file.
    Nothing,
}

/// The bytes that the first satisfiable range selects in a file of `length` bytes.
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
    if from < to { Part::Bytes(from, to) } else { Part::Nothing }
}

fn script(text: &'static str) -> Response<Body> {
    let response = Response::builder().header(header::CONTENT_TYPE, "text/javascript; charset=utf-8");
    or_empty(finish(response, whole(Bytes::from_static(text.as_bytes()))))
}

/// A stream of the hub's messages as server-sent events, with a comment every
/// [`KEEP_ALIVE_INTERVAL`].
fn events(hub: &Arc<Hub>) -> Response<Body> {
    let hub = Arc::clone(hub);
    let messages = hub.subscribe();
    let hello = stream::once(async { "retry: 300\n\n".to_owned() });
    let later = stream::unfold((messages, hub), |(mut messages, hub)| async move {
        let text = match tokio::time::timeout(KEEP_ALIVE_INTERVAL, messages.recv()).await {
            Ok(Ok(message)) => format!("data: {message}\n\n"),
            Ok(Err(RecvError::Lagged(_))) => format!("data: {}\n\n", hub.message_to_ask()),
            Ok(Err(RecvError::Closed)) => return None,
            Err(_) => ": still here\n\n".to_owned(),
        };
        Some((text, (messages, hub)))
    });
    let body = StreamBody::new(hello.chain(later).map(|text| Ok(Frame::data(text.into())))).boxed_unsync();
    let response = Response::builder().header(header::CONTENT_TYPE, "text/event-stream; charset=utf-8");
    or_empty(finish(response, body))
}

/// The page for a missing one: that of the language that the path is in, else that of the site.
fn missing_page<'s>(path: &str, shown: &'s Shown) -> &'s str {
    let language = path.strip_prefix(&shown.home).and_then(|below| below.split_once('/'));
    let own = language.and_then(|(folder, _)| shown.files.get(&format!("{folder}/404.html")));
    own.map_or("404.html", String::as_str)
}

/// The answer to `/.newsprint/state?page=…`, by which a page learns what it missed. `live.js` reads
/// it.
#[derive(Serialize)]
struct State<'a> {
    number: u64,
    base: &'a str,
    /// The version of the page's file now; `None` if it cannot be opened.
    version: Option<String>,
    problems: Option<&'a Problems>,
}

async fn state(hub: &Arc<Hub>, query: &str) -> Response<Body> {
    let shown = hub.shown();
    let page = query.split('&').find_map(|part| part.strip_prefix("page="));
    // The path is percent-encoded twice: as a path, and as a value of the query.
    let path = page.and_then(decode).and_then(|path| decode(&path)).unwrap_or_default();
    let file = match route(&path, &shown) {
        Route::File(file) => Some(file),
        _ => shown.files.contains("404.html").then(|| missing_page(&path, &shown)),
    };
    let version = match file {
        Some(file) => open_async(hub, file).await.ok().map(|open| open.version),
        None => None,
    };
    let state =
        State { number: shown.number, base: &shown.base, version, problems: shown.problems.as_deref() };
    let json = serde_json::to_vec(&state).unwrap_or_default();
    let response = Response::builder().header(header::CONTENT_TYPE, "application/json; charset=utf-8");
    or_empty(finish(response, whole(json.into())))
}

/// A page that shows problems because there is no page of the site. Its script loads the site when
/// there is one.
fn problems_page(status: StatusCode, problems: &Problems, shown: &Shown) -> Response<Body> {
    let escape = |text: &str| escape_attribute(text).replace('>', "&gt;");
    let texts: String = problems.texts.iter().map(|text| format!("<pre>{}</pre>\n", escape(text))).collect();
    let (language, title) = (crate::language::language().tag(), escape(&problems.title));
    let note = escape(&problems.note);
    let mut page = format!(
        "<!doctype html>\n<html lang=\"{language}\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" \
         content=\"width=device-width\">\n<title>{title}</title>\n<body>\n<h1>{title}</h1>\n<p>{note}</p>\n\
         {texts}</body>\n"
    )
    .into_bytes();
    add_to(&mut page, &shown.base, "", false);
    let response = Response::builder().status(status);
    or_empty(finish(response.header(header::CONTENT_TYPE, "text/html; charset=utf-8"), whole(page.into())))
}

/// Status 421: the request names a host that is not allowed.
pub(super) fn misdirected() -> Response<Body> {
    plain(
        StatusCode::MISDIRECTED_REQUEST,
        &tr!("the preview accepts only the host localhost and addresses such as 127.0.0.1"),
    )
}

/// Status 400: the request is invalid.
pub(super) fn bad_request(reason: &str) -> Response<Body> {
    plain(StatusCode::BAD_REQUEST, reason)
}

/// The answer if a file of the site cannot be read. A missing file causes a build.
fn unreadable(error: &io::Error, hub: &Hub) -> Response<Body> {
    match error.kind() {
        // The next build has removed the file, or a person removed the preview's folder.
        io::ErrorKind::NotFound => {
            hub.report_missing_file();
            let problems = Problems {
                title: tr!("This file is missing"),
                note: tr!("The site is being built again."),
                texts: Vec::new(),
                warnings: Vec::new(),
            };
            problems_page(StatusCode::SERVICE_UNAVAILABLE, &problems, &hub.shown())
        }
        _ => plain(StatusCode::INTERNAL_SERVER_ERROR, &tr!("this file cannot be read: {error}", error)),
    }
}

/// A response of one line of text.
fn plain(status: StatusCode, text: &str) -> Response<Body> {
    let response =
        Response::builder().status(status).header(header::CONTENT_TYPE, "text/plain; charset=utf-8");
    or_empty(finish(response, whole(Bytes::from(format!("{text}\n")))))
}

fn redirect(status: StatusCode, to: &str) -> Response<Body> {
    with(plain(status, "moved"), header::LOCATION, to)
}

/// Adds a header, unless its value is invalid.
fn with(mut response: Response<Body>, name: header::HeaderName, value: &str) -> Response<Body> {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
    response
}

fn whole(bytes: Bytes) -> Body {
    Full::new(bytes).map_err(|never| match never {}).boxed_unsync()
}

/// Adds the headers of all responses: browsers revalidate cached responses and do not guess media
/// types.
fn finish(response: Builder, body: Body) -> io::Result<Response<Body>> {
    response
        .header(header::CACHE_CONTROL, "no-cache")
        .header(header::X_CONTENT_TYPE_OPTIONS, "nosniff")
        .body(body)
        .map_err(io::Error::other)
}

/// An empty response if the response could not be built.
fn or_empty(response: io::Result<Response<Body>>) -> Response<Body> {
    response.unwrap_or_else(|_| Response::new(whole(Bytes::new())))
}
