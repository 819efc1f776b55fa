//! One question to another site, as a polite client asks it: HEAD, then GET where HEAD is not understood; ureq is known here alone.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::time::Duration;

use serde::{Deserialize, Serialize};
use ureq::http::{Response, Uri};
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::{DefaultConnector, NextTimeout};
use ureq::{Agent, Body, Error};
use url::Url;

use crate::config::BaseUrl;

/// From the first look-up of a name to the head of the answer.
const TIMEOUT: Duration = Duration::from_secs(15);
/// Redirections that are followed.
const REDIRECTIONS: u32 = 5;

/// What became of a question.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Answer {
    /// The page is there.
    There,
    /// A site that does not talk to programs: nothing can be told. The status.
    Refused(u16),
    /// The site says that the page is not there. The status.
    Gone(u16),
    /// No answer, or none that says anything about the page. Why.
    Unreachable(String),
    /// The address is one of a private network, and was not asked.
    Private,
}

impl Answer {
    /// Is it to be asked again soon?
    pub(super) fn is_failure(&self) -> bool {
        matches!(self, Self::Gone(_) | Self::Unreachable(_) | Self::Private)
    }
}

/// Asks.
pub(super) struct Client {
    agent: Agent,
    private: bool,
}

impl Client {
    /// A client that names the digest for which it asks.
    pub(super) fn new(base: &BaseUrl, private: bool) -> Self {
        let whose = base.url();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // Followed here, where each host on the way is looked at.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .user_agent(format!("newsprint/{} (+{whose})", env!("CARGO_PKG_VERSION")))
            .accept("*/*")
            .build();
        let proxy = config.proxy().map(|proxy| proxy.host().to_owned());
        let guard = Guard { inner: DefaultResolver::default(), private, proxy };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), guard), private }
    }

    /// Asks for a page; also tells whether its host wants to be left alone.
    pub(super) fn ask(&self, address: &Url) -> (Answer, bool) {
        let mut address = address.clone();
        for _ in 0..=REDIRECTIONS {
            // A proxy would look the name up where no guard of ours stands.
            if !self.private && address.host_str().is_none_or(is_private_name) {
                return (Answer::Private, false);
            }
            let response = match self.ask_once(address.as_str()) {
                Ok(response) => response,
                Err(error) => return (of_error(&error), false),
            };
            let status = response.status().as_u16();
            let next = response.headers().get("location").filter(|_| matches!(status, 301..=303 | 307 | 308));
            let next = next.and_then(|next| address.join(std::str::from_utf8(next.as_bytes()).ok()?).ok());
            match next.filter(|next| matches!(next.scheme(), "http" | "https")) {
                Some(next) => address = next,
                None => {
                    let enough = status == 429 || response.headers().contains_key("retry-after");
                    return (of_status(status), enough);
                }
            }
        }
        (Answer::Unreachable(format!("more than {REDIRECTIONS} redirections")), false)
    }

    fn ask_once(&self, address: &str) -> Result<Response<Body>, Error> {
        let head = self.agent.head(address).call();
        let again = match &head {
            // Many servers say 403, 404 or 405 to HEAD alone.
            Ok(response) => response.status().as_u16() >= 400 && response.status().as_u16() != 429,
            Err(Error::Protocol(_)) => true,
            Err(Error::Io(error)) => matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof
            ),
            Err(_) => false,
        };
        // Only the head of the answer is read: dropped, it closes the connection.
        if again { self.agent.get(address).call() } else { head }
    }
}

fn of_status(status: u16) -> Answer {
    match status {
        404 | 410 => Answer::Gone(status),
        401 | 402 | 403 | 405 | 406 | 407 | 418 | 429 | 451 | 503 => Answer::Refused(status),
        400.. => Answer::Unreachable(format!("status {status}")),
        _ => Answer::There,
    }
}

fn of_error(error: &Error) -> Answer {
    if let Error::Other(inner) = error
        && inner.is::<PrivateAddress>()
    {
        return Answer::Private;
    }
    Answer::Unreachable(match error {
        Error::Timeout(_) => format!("no answer within {} seconds", TIMEOUT.as_secs()),
        Error::HostNotFound => "there is no such host".to_owned(),
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "the connection was refused".to_owned()
        }
        // The system's own words for a name that cannot be looked up.
        Error::Io(error) if error.to_string().contains("failed to lookup") => {
            "there is no such host".to_owned()
        }
        error => error.to_string(),
    })
}

/// Looks names up, and refuses what lies in private networks: also for the targets of redirections.
struct Guard {
    inner: DefaultResolver,
    private: bool,
    /// The way out may lead over a host of one's own network.
    proxy: Option<String>,
}

impl fmt::Debug for Guard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Guard").finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("this is an address of a private network")]
struct PrivateAddress;

impl Resolver for Guard {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let is_proxy = self.proxy.is_some() && self.proxy.as_deref() == uri.host();
        if !self.private && !is_proxy && found.iter().any(|address| is_private(address.ip())) {
            return Err(Error::Other(Box::new(PrivateAddress)));
        }
        Ok(found)
    }
}

fn is_private_name(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match host.parse::<IpAddr>() {
        Ok(address) => is_private(address),
        // RFC 6761 and 6762: names that no public server knows.
        Err(_) => {
            !host.contains('.') || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end))
        }
    }
}

/// The IANA special-purpose address registries (RFC 6890): what the public network does not carry.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => is_private_v4(v4),
        IpAddr::V6(v6) => is_private_v6(v6),
    }
}

fn is_private_v4(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_documentation()
        || address.is_multicast()
        || a == 0
        || a >= 240
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 198 && (b == 18 || b == 19))
}

fn is_private_v6(address: Ipv6Addr) -> bool {
    let parts = address.segments();
    // Addresses that carry another one: mapped, translated (RFC 6052), 6to4 (RFC 3056).
    let [.., high, low] = parts;
    let carried = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0 | 0xFFFF, ..] | [0x64, 0xFF9B, 0, 0, 0, 0, ..] => carried(high, low),
        [0x2002, high, low, ..] => carried(high, low),
        [0x2001, 0xDB8, ..] | [0x64, 0xFF9B, 1, ..] => true,
        [first, ..] => first & 0xE000 != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_only_this_network_can_reach_is_private() {
        for address in [
            "127.0.0.1",
            "10.1.2.3",
            "192.168.0.1",
            "172.31.0.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "255.255.255.255",
            "198.19.0.1",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "::ffff:127.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "ff02::1",
            "2001:db8::1",
        ] {
            assert!(is_private(address.parse().unwrap()), "{address}");
            assert!(is_private_name(address), "{address}");
        }
        for address in
            ["1.1.1.1", "100.128.0.1", "172.32.0.1", "2606:4700::1111", "2002:101:101::", "64:ff9b::101:101"]
        {
            assert!(!is_private(address.parse().unwrap()), "{address}");
        }
        for name in ["localhost", "localhost.", "printer.local", "metadata", "[::1]", "vault.internal"] {
            assert!(is_private_name(name), "{name}");
        }
        assert!(!is_private_name("example.org"));
    }

    #[test]
    fn statuses_that_say_nothing_of_the_page_are_no_findings() {
        assert_eq!(of_status(200), Answer::There);
        assert_eq!(of_status(404), Answer::Gone(404));
        assert_eq!(of_status(403), Answer::Refused(403));
        assert!(of_status(500).is_failure());
    }
}
