//! Sends a request, and tells what became of it.

use std::time::Instant;

use chrono::{DateTime, Utc};

use crate::announce::access::Access;
use crate::announce::options::Limits;
use crate::announce::platform::form::{Answer, Request, Verdict, short};
use crate::announce::report::ShownRequest;
use crate::fetch::retry_after;
use crate::http::{Client, Failure};

/// The longest pause that a platform may ask for, in seconds. After a longer one, the next run
/// sends.
const MAX_PAUSE_S: u64 = 60;
/// The number of times that one request is sent again after a pause.
const MAX_RETRIES: usize = 3;
/// Bytes of an answer that are read.
const MAX_ANSWER_BYTES: u64 = 64 << 10;

/// What became of a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was accepted.
    Sent,
    /// It was not accepted. With the reason.
    Failed(String),
    /// The platform asks for a longer pause.
    Later(String),
    /// It may have arrived.
    Uncertain(String),
}

/// Sends requests.
pub(super) struct Sender<'a> {
    client: Client,
    limits: Limits,
    /// The time at `started`.
    clock: DateTime<Utc>,
    started: Instant,
    on_note: &'a dyn Fn(&str),
}

impl<'a> Sender<'a> {
    pub(super) fn new(
        client: Client,
        limits: Limits,
        clock: DateTime<Utc>,
        on_note: &'a dyn Fn(&str),
    ) -> Self {
        Self { client, limits, clock, started: Instant::now(), on_note }
    }

    /// Waits for so many seconds.
    pub(super) fn pause(&self, seconds: u32) {
        std::thread::sleep(self.limits.second * seconds);
    }

    fn now(&self) -> DateTime<Utc> {
        let passed = chrono::TimeDelta::from_std(self.started.elapsed()).unwrap_or_default();
        self.clock.checked_add_signed(passed).unwrap_or(self.clock)
    }

    /// Sends the request that `make` makes at a time in seconds since 1970, again after each pause
    /// that the platform asks for.
    pub(super) fn send(
        &self,
        access: &Access,
        make: &dyn Fn(i64) -> Request,
        judge: fn(&Answer) -> Verdict,
    ) -> Outcome {
        let mut retries = 0;
        loop {
            match self.send_once(access, &make(self.now().timestamp()), judge) {
                Verdict::Sent => return Outcome::Sent,
                Verdict::Refused(reason) => return Outcome::Failed(access.hide(&reason)),
                Verdict::Unclear(reason) => return Outcome::Uncertain(access.hide(&reason)),
                Verdict::Later(Some(seconds), reason) if seconds <= MAX_PAUSE_S && retries < MAX_RETRIES => {
                    retries += 1;
                    let seconds = u32::try_from(seconds.max(1)).unwrap_or(1);
                    let host = access.url().host_str().unwrap_or_default();
                    (self.on_note)(&tr!(
                        "{host} asks for a pause of {seconds} s: {}",
                        access.hide(&reason),
                        host,
                        seconds
                    ));
                    self.pause(seconds);
                }
                Verdict::Later(seconds, reason) => {
                    let reason = access.hide(&reason);
                    return Outcome::Later(match seconds {
                        Some(seconds) => {
                            tr!("the platform asks for a pause, for {seconds} s: {reason}", seconds, reason)
                        }
                        None => tr!("the platform asks for a pause: {reason}", reason),
                    });
                }
            }
        }
    }

    fn send_once(&self, access: &Access, request: &Request, judge: fn(&Answer) -> Verdict) -> Verdict {
        let headers = [("content-type", request.content_type)];
        let reply = match self.client.post(&request.url, &headers, request.body.as_bytes()) {
            Ok(reply) => reply,
            Err(lost) => {
                let reason = match &lost.failure {
                    Failure::Private => {
                        tr!("the host is in a private network; `--allow-private` requests it")
                    }
                    failure => short(&access.hide(&failure.to_string())),
                };
                return match lost.may_have_arrived {
                    true => Verdict::Unclear(reason),
                    false => Verdict::Refused(reason),
                };
            }
        };
        let status = reply.status();
        if (300..400).contains(&status) {
            // The host alone: the rest may be a secret.
            let to = reply.redirect(access.url()).and_then(|to| to.host_str().map(str::to_owned));
            return Verdict::Refused(match to {
                Some(host) => {
                    tr!("the address redirects to {host} (status {status}): correct it", host, status)
                }
                None => tr!("the address redirects (status {status}): correct it", status),
            });
        }
        let now = self.now();
        let until = reply.header("retry-after").and_then(|written| retry_after(written, now));
        let retry_after_s = until.map(|until| u64::try_from((until - now).num_seconds()).unwrap_or(0));
        let body = match reply.read_start(MAX_ANSWER_BYTES) {
            // Also before an excerpt is taken, which would keep a part of a secret.
            Ok(bytes) => access.hide(&String::from_utf8_lossy(&bytes)),
            Err(failure) if status < 300 => {
                return Verdict::Unclear(short(&access.hide(&failure.to_string())));
            }
            Err(_) => String::new(),
        };
        judge(&Answer { status, retry_after_s, body })
    }
}

/// A request as a dry run shows it.
pub(super) fn shown(request: &Request, access: &Access, user_agent: &str) -> ShownRequest {
    let headers = [
        ("content-type", request.content_type.to_owned()),
        ("content-length", request.body.len().to_string()),
        ("user-agent", user_agent.to_owned()),
    ];
    ShownRequest {
        method: "POST",
        host: request.url.host_str().unwrap_or_default().to_owned(),
        headers: headers.into_iter().map(|(name, value)| (name.to_owned(), value)).collect(),
        body: access.hide(&request.body),
    }
}
