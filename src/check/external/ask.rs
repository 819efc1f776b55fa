//! Requests one page of another site: HEAD, then GET if the server does not answer HEAD properly.

use std::time::Duration;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::config::Config;
use crate::http::{self, Failure, Reply, Timeouts};

/// The timeout of a request, from the DNS lookup to the headers of the response.
const TIMEOUT: Duration = Duration::from_secs(15);
/// The maximum number of redirects.
const MAX_REDIRECTS: u32 = 5;

/// The result of requesting a page. It is stored in `.newsprint/links.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// The page exists.
    There,
    /// The site refuses the request; this says nothing about the page. With the status.
    Refused(u16),
    /// The page does not exist. With the status.
    Gone(u16),
    /// There is no answer, or none that says anything about the page. With the reason.
    Unreachable(String),
    /// The host is in a private network and was not requested.
    Private,
}

impl Answer {
    /// Returns true if the page should be requested again sooner than after a week.
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Self::Gone(_) | Self::Unreachable(_) | Self::Private)
    }
}

/// A client that asks whether pages exist.
pub(super) struct Client(http::Client);

impl Client {
    /// Creates a client that names the digest's address in its `User-Agent`.
    pub(super) fn new(config: &Config, allow_private: bool) -> Self {
        let timeouts = Timeouts { headers: TIMEOUT, whole: TIMEOUT };
        Self(http::Client::new(&config.user_agent(), allow_private, timeouts))
    }

    /// Requests a page and follows its redirects. The flag is true if the host asks for no more
    /// requests (status 429 or `Retry-After`).
    pub(super) fn request(&self, address: &Url) -> (Answer, bool) {
        let mut address = address.clone();
        for _ in 0..=MAX_REDIRECTS {
            let reply = match self.request_once(&address) {
                Ok(reply) => reply,
                Err(failure) => return (answer_of_failure(&failure), false),
            };
            match reply.redirect(&address) {
                Some(next) => address = next,
                None => {
                    let stop = reply.status() == 429 || reply.header("retry-after").is_some();
                    return (answer_of_status(reply.status()), stop);
                }
            }
        }
        (Answer::Unreachable(tr!("more than {MAX_REDIRECTS} redirects", MAX_REDIRECTS)), false)
    }

    /// Requests one address without following redirects.
    fn request_once(&self, address: &Url) -> Result<Reply, Failure> {
        let head = self.0.head(address);
        let try_get = match &head {
            // Many servers answer 403, 404 or 405 to HEAD, but not to GET.
            Ok(reply) => reply.status() >= 400 && reply.status() != 429,
            Err(failure) => matches!(failure, Failure::Broken(_)),
        };
        // Only the headers are read: dropping the response closes the connection.
        if try_get { self.0.get(address, &[]) } else { head }
    }
}

fn answer_of_status(status: u16) -> Answer {
    match status {
        404 | 410 => Answer::Gone(status),
        401 | 402 | 403 | 405 | 406 | 407 | 418 | 429 | 451 | 503 => Answer::Refused(status),
        400.. => Answer::Unreachable(tr!("status {status}", status)),
        _ => Answer::There,
    }
}

fn answer_of_failure(failure: &Failure) -> Answer {
    match failure {
        Failure::Private => Answer::Private,
        failure => Answer::Unreachable(failure.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn statuses_that_say_nothing_about_the_page_are_not_failures() {
        assert_eq!(answer_of_status(200), Answer::There);
        assert_eq!(answer_of_status(404), Answer::Gone(404));
        assert_eq!(answer_of_status(403), Answer::Refused(403));
        assert!(answer_of_status(500).is_failure());
    }
}
