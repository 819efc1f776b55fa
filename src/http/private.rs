//! Refuses hosts of private networks and of this machine.

use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ureq::Error;
use ureq::http::Uri;
use ureq::unversioned::resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver};
use ureq::unversioned::transport::NextTimeout;

/// A DNS resolver that refuses addresses in private networks, also those of redirect targets.
pub(super) struct PublicResolver {
    pub(super) inner: DefaultResolver,
    pub(super) allow_private: bool,
    /// The host of the proxy, which may be in a private network.
    pub(super) proxy: Option<String>,
}

impl fmt::Debug for PublicResolver {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PublicResolver").finish_non_exhaustive()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("this address is in a private network")]
pub(super) struct PrivateAddress;

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
pub(super) fn is_private_name(host: &str) -> bool {
    let host = host.trim_start_matches('[').trim_end_matches(']').trim_end_matches('.');
    match host.parse::<IpAddr>() {
        Ok(address) => is_private(address),
        // Special-use domain names (RFC 6761, RFC 6762).
        Err(_) => {
            !host.contains('.') || [".localhost", ".local", ".internal"].iter().any(|end| host.ends_with(end))
        }
    }
}

/// True if a host is a private name or address, or a name that DNS gives a private address.
#[cfg(feature = "stores")]
pub(crate) fn is_private_host(host: &str) -> bool {
    use std::net::ToSocketAddrs as _;
    is_private_name(host)
        || (host, 22).to_socket_addrs().is_ok_and(|mut found| found.any(|found| is_private(found.ip())))
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
}
