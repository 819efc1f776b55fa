//! Requests one page of another site: HEAD, then GET if the server does not answer HEAD properly.
//!
//! This is the only file that uses ureq.

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

/// An HTTP client.
pub(super) struct Client {
    agent: Agent,
    /// Hosts of private networks are requested, too.
    allow_private: bool,
}

impl Client {
    /// Creates a client that names the digest's address in its `User-Agent`.
    pub(super) fn new(base: &BaseUrl, allow_private: bool) -> Self {
        let digest_url = base.url();
        let config = Agent::config_builder()
            .http_status_as_error(false)
            // `request` follows redirects itself, to check each host.
            .max_redirects(0)
            .max_redirects_will_error(false)
            .timeout_global(Some(TIMEOUT))
            .user_agent(format!("newsprint/{} (+{digest_url})", env!("CARGO_PKG_VERSION")))
            .accept("*/*")
            .build();
        let proxy = config.proxy().map(|proxy| proxy.host().to_owned());
        let resolver = PublicResolver { inner: DefaultResolver::default(), allow_private, proxy };
        Self { agent: Agent::with_parts(config, DefaultConnector::default(), resolver), allow_private }
    }

    /// Requests a page and follows its redirects. The flag is true if the host asks for no more
    /// requests (status 429 or `Retry-After`).
    pub(super) fn request(&self, address: &Url) -> (Answer, bool) {
        let mut address = address.clone();
        for _ in 0..=MAX_REDIRECTS {
            // If there is a proxy, the proxy resolves the name and `PublicResolver` is not used.
            if !self.allow_private && address.host_str().is_none_or(is_private_name) {
                return (Answer::Private, false);
            }
            let response = match self.request_once(address.as_str()) {
                Ok(response) => response,
                Err(error) => return (answer_of_error(&error), false),
            };
            let status = response.status().as_u16();
            let next = response.headers().get("location").filter(|_| matches!(status, 301..=303 | 307 | 308));
            let next = next.and_then(|next| address.join(std::str::from_utf8(next.as_bytes()).ok()?).ok());
            match next.filter(|next| matches!(next.scheme(), "http" | "https")) {
                Some(next) => address = next,
                None => {
                    let stop = status == 429 || response.headers().contains_key("retry-after");
                    return (answer_of_status(status), stop);
                }
            }
        }
        (Answer::Unreachable(format!("more than {MAX_REDIRECTS} redirects")), false)
    }

    /// Requests one address without following redirects.
    fn request_once(&self, address: &str) -> Result<Response<Body>, Error> {
        let head = self.agent.head(address).call();
        let try_get = match &head {
            // Many servers answer 403, 404 or 405 to HEAD, but not to GET.
            Ok(response) => response.status().as_u16() >= 400 && response.status().as_u16() != 429,
            Err(Error::Protocol(_)) => true,
            Err(Error::Io(error)) => matches!(
                error.kind(),
                std::io::ErrorKind::ConnectionReset | std::io::ErrorKind::UnexpectedEof
            ),
            Err(_) => false,
        };
        // Only the headers are read: dropping the response closes the connection.
        if try_get { self.agent.get(address).call() } else { head }
    }
}

fn answer_of_status(status: u16) -> Answer {
    match status {
        404 | 410 => Answer::Gone(status),
        401 | 402 | 403 | 405 | 406 | 407 | 418 | 429 | 451 | 503 => Answer::Refused(status),
        400.. => Answer::Unreachable(format!("status {status}")),
        _ => Answer::There,
    }
}

fn answer_of_error(error: &Error) -> Answer {
    if let Error::Other(inner) = error
        && inner.is::<PrivateAddress>()
    {
        return Answer::Private;
    }
    Answer::Unreachable(match error {
        Error::Timeout(_) => format!("no answer within {} seconds", TIMEOUT.as_secs()),
        Error::HostNotFound => "the host does not exist".to_owned(),
        Error::Io(error) if error.kind() == std::io::ErrorKind::ConnectionRefused => {
            "the connection was refused".to_owned()
        }
        // The standard library reports a failed DNS lookup with this text only.
        Error::Io(error) if error.to_string().contains("failed to lookup") => {
            "the host does not exist".to_owned()
        }
        error => error.to_string(),
    })
}

/// A DNS resolver that refuses addresses in private networks, also those of redirect targets.
struct PublicResolver {
    inner: DefaultResolver,
    allow_private: bool,
    /// The host of the proxy, which may be in a private network.
    proxy: Option<String>,
}

impl fmt::Debug for PublicResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicResolver").finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("this address is in a private network")]
struct PrivateAddress;

impl Resolver for PublicResolver {
    fn resolve(
        &self,
        uri: &Uri,
        config: &ureq::config::Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, Error> {
        let found = self.inner.resolve(uri, config, timeout)?;
        let is_proxy = self.proxy.is_some() && self.proxy.as_deref() == uri.host();
        if !self.allow_private && !is_proxy && found.iter().any(|address| is_private(address.ip())) {
            return Err(Error::Other(Box::new(PrivateAddress)));
        }
        Ok(found)
    }
}

/// True if a host is a private IP address or a name that public DNS does not resolve.
fn is_private_name(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match host.parse::<IpAddr>() {
        Ok(address) => is_private(address),
        // Special-use domain names (RFC 6761, RFC 6762).
        Err(_) => {
            !host.contains('.') || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end))
        }
    }
}

/// True if an address is not globally reachable by the IANA special-purpose address registries
/// (RFC 6890).
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
    // These addresses embed an IPv4 address: mapped, translated (RFC 6052), 6to4 (RFC 3056).
    let [.., high, low] = parts;
    let is_embedded_private = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        is_private_v4(Ipv4Addr::new(a, b, c, d))
    };
    match parts {
        [0, 0, 0, 0, 0, 0 | 0xFFFF, ..] | [0x64, 0xFF9B, 0, 0, 0, 0, ..] => is_embedded_private(high, low),
        [0x2002, high, low, ..] => is_embedded_private(high, low),
        [0x2001, 0xDB8, ..] | [0x64, 0xFF9B, 1, ..] => true,
        [first, ..] => first & 0xE000 != 0x2000,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_this_network_are_private() {
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
    fn statuses_that_say_nothing_about_the_page_are_not_failures() {
        assert_eq!(answer_of_status(200), Answer::There);
        assert_eq!(answer_of_status(404), Answer::Gone(404));
        assert_eq!(answer_of_status(403), Answer::Refused(403));
        assert!(answer_of_status(500).is_failure());
    }
}
