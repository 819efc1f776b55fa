//! HTTP for opendal, the client of object stores: requests over ureq, on threads that may block.
//!
//! A request that fails in a way that may pass is sent again: answers 429, 500, 502, 503 and 504,
//! cut connections, and silence. `Retry-After` is obeyed up to a minute. All requests of opendal
//! are idempotent, and their bodies are in memory.

use std::hash::{BuildHasher, RandomState};
use std::io::Read as _;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use opendal::{Buffer, ErrorKind, HttpBody, HttpTransport};
use ureq::http::{HeaderMap, HeaderValue, Method, Request, Response, Uri, header};
use ureq::unversioned::resolver::DefaultResolver;
use ureq::unversioned::transport::DefaultConnector;
use ureq::{Agent, Body, Error};

use crate::http::client::{Failure, Timeouts, failure};
use crate::http::private::{PublicResolver, is_private_name};

/// The time for a DNS lookup, and for a connection.
const CONNECT: Duration = Duration::from_secs(10);

/// The time without a byte, in either direction, after which a request has failed.
const SILENCE: Duration = Duration::from_secs(30);

/// How often a request is sent in all.
const ATTEMPTS: u32 = 5;

/// The pause after the first failure. It doubles with each further one.
const FIRST_PAUSE: Duration = Duration::from_millis(500);

/// The longest `Retry-After` that is obeyed.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(60);

/// Bytes of a response that are read. The largest ones are lists of files.
const MAX_RESPONSE_BYTES: u64 = 64 << 20;

/// Codes of S3 for answers 400 and 409 that may pass: "Error responses" in the API reference of
/// Amazon S3 (2026-11).
const PASSING_CODES: [&str; 4] =
    ["BadDigest", "ConditionalRequestConflict", "OperationAborted", "RequestTimeout"];

/// A client for the requests of object stores.
#[derive(Clone)]
pub(crate) struct Transport(Arc<Inner>);

struct Inner {
    agent: Agent,
    /// Hosts of private networks are requested, too.
    allow_private: bool,
    /// An object was encrypted with a key of its own, so that ETags are not MD5.
    has_opaque_etags: AtomicBool,
}

impl Transport {
    /// Creates a client with this `User-Agent`. It uses the proxy that the environment names.
    pub(crate) fn new(user_agent: &str, allow_private: bool) -> Self {
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
        Self(Arc::new(Inner { agent, allow_private, has_opaque_etags: AtomicBool::new(false) }))
    }

    /// True if the ETag of an object need not be the MD5 of its bytes, by the answers up to now: S3
    /// encrypts with keys of a key service ("Common response headers", `ETag`).
    pub(crate) fn has_opaque_etags(&self) -> bool {
        self.0.has_opaque_etags.load(Ordering::Relaxed)
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
        if !self.0.allow_private && uri.host().is_none_or(is_private_name) {
            return Err(Failure::Private);
        }
        let mut attempt = 1;
        loop {
            let result = self.send_once((method, uri), headers, body);
            let pause = match &result {
                Ok(response) => pause_after(response, attempt),
                Err(failure) => may_pass(failure).then(|| back_off(attempt)),
            };
            match pause {
                Some(pause) if attempt < ATTEMPTS => std::thread::sleep(pause),
                _ => return result,
            }
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
        let answer = match has_body {
            true => self.0.agent.run(request.body(body).map_err(invalid)?),
            false => self.0.agent.run(request.body(()).map_err(invalid)?),
        };
        let response = answer.map_err(failed)?;
        let encryption = response.headers().get("x-amz-server-side-encryption");
        if encryption.is_some_and(|value| value.as_bytes().starts_with(b"aws:kms"))
            || response.headers().contains_key("x-amz-server-side-encryption-customer-algorithm")
        {
            self.0.has_opaque_etags.store(true, Ordering::Relaxed);
        }
        read_whole(response, *method == Method::HEAD)
    }
}

/// Reads the body of a response.
fn read_whole(response: Response<Body>, is_head: bool) -> Result<Response<Vec<u8>>, Failure> {
    let (parts, body) = response.into_parts();
    let mut bytes = Vec::new();
    if !is_head {
        let reader = body.into_with_config().limit(u64::MAX).reader();
        let read = reader.take(MAX_RESPONSE_BYTES + 1).read_to_end(&mut bytes);
        read.map_err(|error| failed(Error::from(error)))?;
    }
    match bytes.len() as u64 > MAX_RESPONSE_BYTES {
        true => Err(Failure::TooLarge(MAX_RESPONSE_BYTES)),
        false => Ok(Response::from_parts(parts, bytes)),
    }
}

fn failed(error: Error) -> Failure {
    let is_connecting = matches!(
        error,
        Error::Timeout(ureq::Timeout::Resolve | ureq::Timeout::Connect | ureq::Timeout::Global)
    );
    let limit = if is_connecting { CONNECT } else { SILENCE };
    failure(error, Timeouts { headers: limit, whole: limit })
}

/// True if the same request may succeed later.
fn may_pass(failure: &Failure) -> bool {
    match failure {
        Failure::Headers(_) | Failure::Slow(_) | Failure::Refused | Failure::Broken(_) => true,
        // The system's errors of a connection: a reset, a closed pipe.
        Failure::Other(text) => !text.contains("certificate") && !text.contains("tls"),
        Failure::Private | Failure::NoHost | Failure::TooLarge(_) => false,
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
mod tests {
    use super::*;

    fn answer(status: u16, wait: Option<&str>, body: &str) -> Response<Vec<u8>> {
        let mut response = Response::builder().status(status);
        if let Some(wait) = wait {
            response = response.header(header::RETRY_AFTER, wait);
        }
        response.body(body.as_bytes().to_vec()).unwrap()
    }

    #[test]
    fn answers_that_may_pass_have_a_pause() {
        for status in [429, 500, 502, 503, 504] {
            assert!(pause_after(&answer(status, None, ""), 1).is_some(), "{status}");
        }
        for status in [200, 204, 400, 403, 404, 409, 412, 501] {
            assert_eq!(pause_after(&answer(status, Some("1"), "<Code>AccessDenied</Code>"), 1), None);
        }
        assert!(pause_after(&answer(400, None, "<Error><Code>BadDigest</Code></Error>"), 1).is_some());
    }

    #[test]
    fn retry_after_is_obeyed_for_at_most_a_minute() {
        let pause = |wait| pause_after(&answer(503, Some(wait), ""), 1).unwrap();
        assert_eq!(pause("3"), Duration::from_secs(3));
        assert_eq!(pause("0"), Duration::ZERO);
        assert_eq!(pause("7200"), MAX_RETRY_AFTER);
        assert_eq!(pause("Wed, 21 Oct 2026 07:28:00 GMT"), MAX_RETRY_AFTER);
        assert!(pause("soon") < Duration::from_secs(1));
    }

    #[test]
    fn pauses_grow() {
        for attempt in 1..=5 {
            let shortest = FIRST_PAUSE * 2_u32.pow(attempt - 1);
            let pause = back_off(attempt);
            assert!(pause >= shortest && pause <= shortest * 3 / 2, "{attempt}: {pause:?}");
        }
    }

    #[test]
    fn hosts_of_private_networks_are_not_requested() {
        let transport = Transport::new("newsprint", false);
        for uri in ["http://127.0.0.1:9/x", "http://localhost:9/", "http://[::1]:9/"] {
            let uri: Uri = uri.parse().unwrap();
            let refused = transport.send((&Method::GET, &uri), &HeaderMap::new(), b"");
            assert_eq!(refused.unwrap_err(), Failure::Private, "{uri}");
        }
    }
}
