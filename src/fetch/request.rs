//! Requests one source: a conditional request (RFC 9110, section 13), its redirects, and the time
//! to wait for (`Retry-After`).

use std::time::Instant;

use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use url::Url;

use crate::fetch::robots::{self, Robots};
use crate::fs::scratch::Scratch;
use crate::http::{Client, Failure, Reply};
use crate::import::date_field;

/// The maximum number of redirects.
const MAX_REDIRECTS: usize = 5;

/// What the server said about its last answer, to ask whether there is another.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Validators {
    /// `ETag`.
    pub(super) etag: Option<String>,
    /// `Last-Modified`.
    pub(super) last_modified: Option<String>,
}

/// The answer to a request for a source.
pub(super) enum Answer {
    /// Nothing changed since the last answer (status 304).
    Unchanged {
        /// The new address, if all redirects were permanent.
        moved: Option<Url>,
    },
    /// A body.
    Body {
        /// The bytes, decompressed.
        bytes: Box<Scratch>,
        /// The validators of this answer.
        validators: Validators,
        /// The address that the body came from.
        address: Url,
        /// The new address, if all redirects were permanent.
        moved: Option<Url>,
    },
    /// There is no answer.
    Failed(NoAnswer),
}

/// Why there is no answer, or none that can be read.
#[derive(Debug, Clone, Default)]
pub(super) struct NoAnswer {
    /// The reason, for people.
    pub(super) reason: String,
    /// The time before which the server asks for no request.
    pub(super) not_before: Option<DateTime<Utc>>,
    /// True if no request was sent, because the host is in a private network. This says nothing
    /// about the source.
    pub(super) is_private: bool,
    /// True if robots.txt forbids the request.
    pub(super) is_forbidden: bool,
}

impl NoAnswer {
    /// That robots.txt forbids the request.
    #[must_use]
    pub(super) fn forbidden() -> Self {
        Self { is_forbidden: true, ..tr!("its robots.txt forbids it").into() }
    }
}

impl From<String> for NoAnswer {
    fn from(reason: String) -> Self {
        Self { reason, ..Self::default() }
    }
}

impl From<Failure> for NoAnswer {
    fn from(failure: Failure) -> Self {
        Self { is_private: failure == Failure::Private, ..failure.to_string().into() }
    }
}

/// Bytes of a body that stay in memory until it is read as entries. The others are in a temporary
/// file: twenty bodies come at once, and slow servers must not keep the memory of others.
const MEMORY_BYTES: usize = 64 << 10;

/// Requests a source and follows its redirects, up to five. Bodies have at most `limit` bytes and
/// come before `deadline`.
#[must_use]
pub(super) fn request(
    (client, deadline): (&Client, Instant),
    url: &Url,
    validators: &Validators,
    limit: u64,
    now: DateTime<Utc>,
) -> Answer {
    let mut headers = Vec::new();
    headers.extend(validators.etag.as_deref().map(|etag| ("If-None-Match", etag)));
    headers.extend(validators.last_modified.as_deref().map(|date| ("If-Modified-Since", date)));
    let mut address = url.clone();
    let mut is_permanent = true;
    for _ in 0..=MAX_REDIRECTS {
        let reply = match client.get_before(deadline, &address, &headers) {
            Ok(reply) => reply,
            Err(failure) => return Answer::Failed(failed(failure, &address, url)),
        };
        if let Some(next) = reply.redirect(&address) {
            is_permanent &= matches!(reply.status(), 301 | 308);
            address = next;
            continue;
        }
        let moved = Some(&address).filter(|address| is_permanent && *address != url).map(without_password);
        if let Some(scheme) = reply.refused_redirect(&address) {
            return Answer::Failed(refused_redirect(reply.status(), &scheme).into());
        }
        if reply.status() == 304 && headers.is_empty() {
            let reason = tr!("status 304: it says that nothing changed, but the whole feed was requested");
            return Answer::Failed(reason.into());
        }
        return answer(reply, (address, moved), limit, now);
    }
    Answer::Failed(tr!("it redirects more than {MAX_REDIRECTS} times", MAX_REDIRECTS).into())
}

/// Why a redirect is not followed. `scheme` is empty if it names no valid address.
fn refused_redirect(status: u16, scheme: &str) -> String {
    match scheme {
        "" => tr!("status {status}: it redirects, but names no valid address", status),
        scheme => {
            tr!("status {status}: it redirects to an address of `{scheme}:`, not of `https:`", status, scheme)
        }
    }
}

fn answer(reply: Reply, (address, moved): (Url, Option<Url>), limit: u64, now: DateTime<Utc>) -> Answer {
    let header = |name: &str| reply.header(name).map(|value| value.trim().to_owned());
    match reply.status() {
        304 => Answer::Unchanged { moved },
        200 | 203 => {
            let validators = Validators { etag: header("etag"), last_modified: header("last-modified") };
            let mut bytes = Scratch::new(MEMORY_BYTES);
            match reply.read_into(limit, &mut bytes) {
                Ok(()) => Answer::Body { bytes: Box::new(bytes), validators, address, moved },
                Err(failure) => Answer::Failed(failure.into()),
            }
        }
        status => {
            let wait = header("retry-after").filter(|_| matches!(status, 429 | 503));
            let not_before = wait.and_then(|wait| retry_after(&wait, now));
            Answer::Failed(NoAnswer { not_before, ..refused(status).into() })
        }
    }
}

/// Why there is no answer of a host, which the reason names if a redirect led to it.
fn failed(failure: Failure, address: &Url, url: &Url) -> NoAnswer {
    let mut found = NoAnswer::from(failure);
    if address.host() != url.host() {
        // The reader must not be told to allow a private host that a redirect leads to.
        found.is_private = false;
        found.reason += &tr!(" (after a redirect to {})", address.host_str().unwrap_or_default());
    }
    found
}

/// What a status means that is not an answer.
fn refused(status: u16) -> String {
    match status {
        401 | 403 => tr!("status {status}: the server refuses it", status),
        404 | 410 => tr!("status {status}: it is not there any more", status),
        429 => tr!("status {status}: too many requests", status),
        500.. => tr!("status {status}: an error of the server", status),
        _ => tr!("status {status}", status),
    }
}

/// Parses `Retry-After`: seconds, or a date in one of the forms of HTTP (RFC 9110, section 10.2.3).
pub(crate) fn retry_after(written: &str, now: DateTime<Utc>) -> Option<DateTime<Utc>> {
    if let Ok(seconds) = written.parse::<u32>() {
        return now.checked_add_signed(chrono::TimeDelta::seconds(i64::from(seconds)));
    }
    date_field::parse(written, Tz::UTC).ok().map(|date| date.at.to_utc())
}

/// Requests the rules of a host. A host without a file allows everything, and one whose server has
/// an error nothing (RFC 9309, section 2.3.1). All of it has to come before `deadline`.
///
/// # Errors
/// There is no answer: neither will there be one for the source.
pub(super) fn robots((client, deadline): (&Client, Instant), source: &Url) -> Result<Robots, NoAnswer> {
    let Ok(mut address) = source.join("/robots.txt") else { return Ok(Robots::default()) };
    for _ in 0..=MAX_REDIRECTS {
        let reply = client.get_before(deadline, &address, &[]).map_err(|failure| {
            let mut found = failed(failure, &address, source);
            if address.host() != source.host() {
                found.reason.insert_str(0, "robots.txt: ");
            }
            found
        })?;
        if let Some(next) = reply.redirect(&address) {
            address = next;
            continue;
        }
        return match reply.status() {
            200..=299 => {
                let bytes = reply.read_start(robots::MAX_BYTES).map_err(NoAnswer::from)?;
                Ok(Robots::parse(&String::from_utf8_lossy(&bytes)))
            }
            500.. => Ok(Robots::forbid_all()),
            _ => Ok(Robots::default()),
        };
    }
    Ok(Robots::default())
}

/// An address without a name and a password, which no report shows.
fn without_password(address: &Url) -> Url {
    let mut address = address.clone();
    // These fail for addresses that have no host.
    let _ = address.set_username("");
    let _ = address.set_password(None);
    address
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_and_dates_are_times_to_wait_for() {
        let now = DateTime::parse_from_rfc3339("2026-11-29T08:00:00Z").unwrap().to_utc();
        for (written, wanted) in [
            ("120", Some("2026-11-29T08:02:00+00:00")),
            ("Sun, 29 Nov 2026 09:00:00 GMT", Some("2026-11-29T09:00:00+00:00")),
            ("Sunday, 29-Nov-26 09:00:00 GMT", Some("2026-11-29T09:00:00+00:00")),
            ("Sun Nov 29 09:00:00 2026", Some("2026-11-29T09:00:00+00:00")),
            ("soon", None),
            ("-1", None),
        ] {
            assert_eq!(retry_after(written, now).map(|at| at.to_rfc3339()).as_deref(), wanted, "{written}");
        }
    }
}
