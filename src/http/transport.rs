//! HTTP for opendal, the client of object stores: requests over ureq, on threads that may block.
//!
//! A request that fails in a way that may pass is sent again: answers 429, 500, 502, 503 and 504,
//! cut connections, and silence. `Retry-After` is obeyed up to a minute. All requests of opendal
//! are idempotent, and their bodies are in memory. Each request has a deadline, which grows with
//! its bytes, so that a server that sends a byte now and then does not hold a deployment.

use std::hash::{BuildHasher, RandomState};
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use opendal::{Buffer, ErrorKind, HttpBody, HttpTransport};
use ureq::http::{HeaderMap, HeaderValue, Method, Request, Response, Uri, header};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};

use crate::http::answer::{Pages, stores};
use crate::http::client::{Failure, Timeouts, failure};
use crate::http::private::{PublicResolver, is_private_name};

/// The time for a DNS lookup, and for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// The time without a byte, in either direction, after which a request has failed.
const SILENCE: Duration = Duration::from_secs(30);

/// The time for a request and its answer, besides that for its bytes.
const WHOLE: Duration = Duration::from_secs(60);

/// The bytes in a second of a connection that is too slow.
const BYTES_PER_SECOND: u64 = 10_000;

/// How often a request is sent in all.
const ATTEMPTS: u32 = 5;

/// How often a request is sent in all that has passed its deadline: the server is there, and slow.
const SLOW_ATTEMPTS: u32 = 2;

/// The pause after the first failure. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest `Retry-After` that is obeyed.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Bytes of a response that are read. The largest ones are lists of files.
const MAX_RESPONSE_BYTES: u64 = 64 << 20;

/// Bytes that are read at once.
const BLOCK_BYTES: usize = 64 << 10;

/// Codes of S3 for answers 400 and 409 that may pass: "Error responses" in the API reference of
/// Amazon S3 (2026-11).
const PASSING_CODES: [&str; 4] =
    ["BadDigest", "ConditionalRequestConflict", "OperationAborted", "RequestTimeout"];

/// A client for the requests of object stores.
#[derive(Clone)]
pub(crate) struct Transport {
    inner: Arc<Inner>,
    /// A file is stored only if the answer identifies it.
    confirms: bool,
    /// The pages of one listing.
    pages: Option<Arc<Pages>>,
}

/// Called with a text for the user.
pub(crate) type Note = Arc<dyn Fn(&str) + Send + Sync>;

struct Inner {
    agent: Agent,
    /// Told when a request is sent again for the first time.
    note: Option<Note>,
    has_noted: AtomicBool,
    /// The time for a request and its answer, besides that for its bytes.
    whole: Duration,
    /// Hosts of private networks are requested, too.
    allow_private: bool,
    /// An object was encrypted with a key of its own, so that ETags are not MD5.
    has_opaque_etags: AtomicBool,
}

impl Transport {
    /// Creates a client with this `User-Agent`. It uses the proxy that the environment names.
    /// `note` is called when a request is sent again for the first time.
    pub(crate) fn new(user_agent: &str, allow_private: bool, note: Option<Note>) -> Self {
        Self::with_time(user_agent, allow_private, note, WHOLE)
    }

    fn with_time(user_agent: &str, allow_private: bool, note: Option<Note>, whole: Duration) -> Self {
        let config = Agent::config_builder()
            .http_status_as_error(false)
            .allow_non_standard_methods(true)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(64)
            .max_idle_connections_per_host(32)
            .timeout_resolve(Some(CONNECT))
            .timeout_connect(Some(CONNECT))
            .timeout_per_read(Some(SILENCE))
            .timeout_per_write(Some(SILENCE))
            .user_agent(user_agent)
            .accept("*/*")
            // Objects are read as they are stored.
            .accept_encoding("identity")
            .build();
        let proxy = config.proxy().map(|proxy| proxy.host().to_owned());
        let resolver = PublicResolver { inner: DefaultResolver::default(), allow_private, proxy };
        let agent = Agent::with_parts(config, DefaultConnector::default(), resolver);
        let inner = Inner {
            agent,
            note,
            has_noted: AtomicBool::new(false),
            whole,
            allow_private,
            has_opaque_etags: AtomicBool::new(false),
        };
        Self { inner: Arc::new(inner), confirms: false, pages: None }
    }

    /// The same client for a store that identifies each file that it has stored: S3, Google Cloud
    /// Storage and Azure.
    pub(crate) fn confirming(self) -> Self {
        Self { confirms: true, ..self }
    }

    /// The same client for the requests of one listing, which has an end.
    pub(crate) fn of_listing(&self) -> Self {
        Self { pages: Some(Arc::default()), ..self.clone() }
    }

    /// Tells the user that a request to this host is sent again; the first time only. `longest` is
    /// the longest time of one attempt.
    pub(crate) fn note_retry(&self, host: &str, why: &str, longest: Duration) {
        let Some(note) = &self.inner.note else { return };
        if self.inner.has_noted.swap(true, Ordering::Relaxed) {
            return;
        }
        let pauses: Duration =
            (1..ATTEMPTS).map(|attempt| FIRST_PAUSE * 2_u32.pow(attempt - 1) * 3 / 2).sum();
        let seconds = (pauses + longest * (ATTEMPTS - 1)).as_secs();
        note(&tr!(
            "{host}: {why}; each request is tried up to {n} times, here for up to {seconds} seconds more",
            host,
            why,
            n = ATTEMPTS,
            seconds
        ));
    }

    /// True if the ETag of an object need not be the MD5 of its bytes, by the answers up to now: S3
    /// encrypts with keys of a key service ("Common response headers", `ETag`).
    pub(crate) fn has_opaque_etags(&self) -> bool {
        self.inner.has_opaque_etags.load(Ordering::Relaxed)
    }

    /// Sends a request, up to five times, and reads the whole answer.
    ///
    /// # Errors
    /// The host is private, or there is no whole answer.
    pub(crate) fn send(
        &self,
        (method, uri): (&Method, &Uri),
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Response<Vec<u8>>, Failure> {
        if !self.inner.allow_private && uri.host().is_none_or(is_private_name) {
            return Err(Failure::Private);
        }
        let mut attempt = 1;
        loop {
            let result = self.send_once((method, uri), headers, body);
            let pause = match &result {
                Ok(response) => pause_after(response, attempt),
                Err(Failure::Slow(_)) if attempt >= SLOW_ATTEMPTS => None,
                Err(failure) => may_pass(failure).then(|| back_off(attempt)),
            };
            let Some(pause) = pause.filter(|_| attempt < ATTEMPTS) else { return result };
            let (why, longest) = match &result {
                Ok(response) => (tr!("the answer is {status}", status = response.status().as_u16()), pause),
                Err(failure @ (Failure::Headers(limit) | Failure::Slow(limit))) => {
                    (failure.to_string(), *limit)
                }
                Err(failure) => (failure.to_string(), Duration::ZERO),
            };
            self.note_retry(uri.host().unwrap_or_default(), &why, longest);
            std::thread::sleep(pause);
            attempt += 1;
        }
    }

    /// Sends JSON to an address, with a bearer token if there is one. Returns the status of the
    /// answer.
    ///
    /// # Errors
    /// The address or the token is not valid, or there is no answer.
    pub(crate) fn post_json(&self, to: &str, token: Option<&str>, json: &str) -> Result<u16, Failure> {
        let uri: Uri = to.parse().map_err(|_| Failure::Other(tr!("the address is not valid")))?;
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        if let Some(token) = token {
            let mut value = HeaderValue::from_str(&format!("Bearer {token}"))
                .map_err(|_| Failure::Other(tr!("the token is not plain text")))?;
            value.set_sensitive(true);
            headers.insert(header::AUTHORIZATION, value);
        }
        let answer = self.send((&Method::POST, &uri), &headers, json.as_bytes())?;
        Ok(answer.status().as_u16())
    }

    fn send_once(
        &self,
        (method, uri): (&Method, &Uri),
        headers: &HeaderMap,
        body: &[u8],
    ) -> Result<Response<Vec<u8>>, Failure> {
        let mut request = Request::builder().method(method).uri(uri);
        if let Some(all) = request.headers_mut() {
            all.clone_from(headers);
        }
        let invalid = |error: ureq::http::Error| Failure::Other(error.to_string());
        let has_body = !body.is_empty() || matches!(*method, Method::PUT | Method::POST | Method::PATCH);
        let begun = Instant::now();
        let limit = |bytes: usize| self.inner.whole + time_of(bytes);
        let whole = limit(body.len());
        // All steps up to the headers of the answer are bounded.
        macro_rules! run {
            ($body:expr) => {{
                let request = self.inner.agent.configure_request(request.body($body).map_err(invalid)?);
                let request = request.timeout_send_request(Some(whole)).timeout_send_body(Some(whole));
                self.inner.agent.run(request.timeout_recv_response(Some(whole)).build())
            }};
        }
        let answer = if has_body { run!(body) } else { run!(()) };
        let response = answer.map_err(|error| failed(error, whole))?;
        let encryption = response.headers().get("x-amz-server-side-encryption");
        if encryption.is_some_and(|value| value.as_bytes().starts_with(b"aws:kms"))
            || response.headers().contains_key("x-amz-server-side-encryption-customer-algorithm")
        {
            self.inner.has_opaque_etags.store(true, Ordering::Relaxed);
        }
        let is_late = |read: usize| begun.elapsed() > limit(body.len() + read);
        let response = read_whole(response, *method == Method::HEAD, whole, is_late)?;
        match self.confirms && !stores((method, uri), &response) {
            true => Err(Failure::Broken(tr!("the answer does not confirm that the file is stored"))),
            false => Ok(response),
        }
    }
}

/// The time for bytes on a connection that is too slow.
fn time_of(bytes: usize) -> Duration {
    Duration::from_secs(bytes as u64 / BYTES_PER_SECOND)
}

/// The longest time for an answer of so many bytes.
pub(crate) fn time_for(bytes: usize) -> Duration {
    WHOLE + time_of(bytes)
}

/// Reads the body of a response, unless it is late with so many bytes.
fn read_whole(
    response: Response<Body>,
    is_head: bool,
    whole: Duration,
    is_late: impl Fn(usize) -> bool,
) -> Result<Response<Vec<u8>>, Failure> {
    let (parts, body) = response.into_parts();
    let mut bytes = Vec::new();
    if !is_head {
        let mut reader = body.into_with_config().limit(u64::MAX).reader();
        let mut block = vec![0; BLOCK_BYTES];
        loop {
            match reader.read(&mut block) {
                Ok(0) => break,
                Ok(length) => bytes.extend_from_slice(&block[..length]),
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => {}
                Err(error) => return Err(failed(Error::from(error), whole)),
            }
            if bytes.len() as u64 > MAX_RESPONSE_BYTES {
                return Err(Failure::TooLarge(MAX_RESPONSE_BYTES));
            }
            if is_late(bytes.len()) {
                return Err(Failure::Slow(whole));
            }
        }
    }
    Ok(Response::from_parts(parts, bytes))
}

fn failed(error: Error, whole: Duration) -> Failure {
    use ureq::Timeout::{Connect, Global, RecvResponse, Resolve, SendBody, SendRequest};
    let limit = match error {
        Error::Timeout(SendRequest | SendBody | RecvResponse) => return Failure::Slow(whole),
        Error::Timeout(Resolve | Connect | Global) => CONNECT,
        // Of rustls: what came is no record of TLS.
        _ if error.to_string().contains("InvalidContentType") => return Failure::NoTls,
        _ => SILENCE,
    };
    failure(error, Timeouts { headers: limit, whole: limit })
}

/// True if the same request may succeed later.
fn may_pass(failure: &Failure) -> bool {
    match failure {
        Failure::Headers(_) | Failure::Slow(_) | Failure::Refused | Failure::Broken(_) => true,
        // The system's errors of a connection: a reset, a closed pipe.
        Failure::Other(text) => !text.contains("certificate") && !text.contains("tls"),
        Failure::Private | Failure::NoHost | Failure::NoTls | Failure::TooLarge(_) => false,
    }
}

/// The pause after an answer that may be another one later; `None` for a final answer.
fn pause_after(response: &Response<Vec<u8>>, attempt: u32) -> Option<Duration> {
    let passes = match response.status().as_u16() {
        423 | 429 | 500 | 502..=504 => true,
        400 | 409 => {
            let body = String::from_utf8_lossy(response.body());
            PASSING_CODES.iter().any(|code| body.contains(&format!("<Code>{code}</Code>")))
        }
        _ => false,
    };
    if !passes {
        return None;
    }
    let wait = response.headers().get(header::RETRY_AFTER).and_then(|value| value.to_str().ok());
    Some(wait.and_then(retry_after).map_or_else(|| back_off(attempt), |wait| wait.min(MAX_RETRY_AFTER)))
}

/// Parses `Retry-After` in seconds. Of a date (RFC 9110, section 10.2.3), the longest pause is
/// taken: it does not depend on two clocks.
fn retry_after(written: &str) -> Option<Duration> {
    let written = written.trim();
    match written.parse::<u32>() {
        Ok(seconds) => Some(Duration::from_secs(u64::from(seconds))),
        Err(_) => written.ends_with("GMT").then_some(MAX_RETRY_AFTER),
    }
}

/// The pause after the failure number `attempt`: it doubles each time, and a random part of up to a
/// half is added, so that many requests that failed together do not come back together.
pub(crate) fn back_off(attempt: u32) -> Duration {
    let pause = FIRST_PAUSE * 2_u32.saturating_pow(attempt.saturating_sub(1).min(10));
    let random = u32::try_from(RandomState::new().hash_one(attempt) % 1000).unwrap_or_default();
    pause + pause / 2 * random / 1000
}

impl HttpTransport for Transport {
    async fn fetch(&self, request: Request<Buffer>) -> opendal::Result<Response<HttpBody>> {
        let (parts, body) = request.into_parts();
        if let Some(pages) = &self.pages
            && parts.method == Method::GET
        {
            pages.visit(&parts.uri).map_err(|why| opendal::Error::new(ErrorKind::Unexpected, why))?;
        }
        let transport = self.clone();
        let sent = tokio::task::spawn_blocking(move || {
            transport.send((&parts.method, &parts.uri), &parts.headers, &body.to_bytes())
        });
        let answer = match sent.await {
            Ok(answer) => answer,
            Err(error) => return Err(opendal::Error::new(ErrorKind::Unexpected, error.to_string())),
        };
        let response = answer.map_err(|failure| {
            opendal::Error::new(ErrorKind::Unexpected, failure.to_string()).set_source(failure)
        })?;
        let (parts, bytes) = response.into_parts();
        let size = bytes.len() as u64;
        let body = futures_util::stream::iter([Ok(Buffer::from(bytes))]);
        Ok(Response::from_parts(parts, HttpBody::new(body, Some(size))))
    }
}

#[cfg(test)]
mod tests;
