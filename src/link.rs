//! Links to the original articles: which are acceptable, and when two are the same.

use serde::{Deserialize, Serialize};
use url::Url;

/// A link to an original article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// As it is to be followed.
    pub url: String,
    /// The article's identity: the form in which two links to it agree.
    pub canonical: String,
    /// The host without `www.`, for an article that names no publisher.
    pub host: String,
}

/// Reads an http(s) URL with a host.
///
/// # Errors
/// A sentence that says what is wrong.
pub fn parse(text: &str) -> Result<Link, String> {
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(url) => return Err(format!("a link has to be http or https, not `{}:`", url.scheme())),
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            return Err("a link has to be a whole URL that starts with `https://`".to_owned());
        }
        Err(error) => return Err(format!("this is not a URL: {error}")),
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err("a link may not hold a user name or password".to_owned());
    }
    // The URL Standard lets quotation marks and the like stand in a host, where no domain has them (RFC 3986, 3.2.2).
    let host = publisher(&url).to_owned();
    let is_of_hosts = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '[' | ']' | ':');
    if let Some(wrong) = host.chars().find(|&c| !is_of_hosts(c)) {
        return Err(format!("a host may not hold `{wrong}`"));
    }
    // A host such as `xn--fiqs8s` is shown as it is: look-alikes stay visible.
    Ok(Link { canonical: canonical(&url), host, url: url.to_string() })
}

/// The host without `www.`, unless it is nothing else.
fn publisher(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").filter(|rest| !rest.is_empty()).unwrap_or(host)
}

/// Query parameters that say where a reader came from and not what is read.
const TRACKING: [&str; 17] = [
    "fbclid",
    "gclid",
    "dclid",
    "msclkid",
    "yclid",
    "mc_cid",
    "mc_eid",
    "igshid",
    "spm",
    "scm",
    "share_token",
    "sharer_shareid",
    "ref_src",
    "wfr",
    "chksm",
    "scene",
    "isappinstalled",
];

/// The form in which two links to the same article agree: no scheme difference, lower-case host without `www.` and
/// default port, no tracking parameters, no fragment (but `#/…` and `#!…`, which are addresses in some old sites), no
/// trailing slash. Parameters are compared as written: in GBK queries different bytes decode to the same character.
fn canonical(url: &Url) -> String {
    let tracks = |parameter: &str| {
        let name = parameter.split('=').next().unwrap_or(parameter).to_ascii_lowercase();
        // Baidu's `for=pc` goes with `wfr=spider` and names the reader's device.
        name.starts_with("utm_") || TRACKING.contains(&name.as_str()) || parameter == "for=pc"
    };
    let parameters = url.query().unwrap_or_default().split('&');
    let kept: Vec<&str> =
        parameters.filter(|parameter| !parameter.is_empty() && !tracks(parameter)).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    let address = url.fragment().filter(|fragment| fragment.starts_with(['/', '!']));
    let fragment = address.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    let host = publisher(url);
    // What follows has the scheme https, whose port 443 goes without saying.
    let port = url.port().filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
    format!("https://{host}{port}{}{query}{fragment}", url.path().trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn same(a: &str, b: &str) -> bool {
        parse(a).unwrap().canonical == parse(b).unwrap().canonical
    }

    #[test]
    fn tracking_case_port_fragment_and_slash_make_no_difference() {
        assert!(same("HTTP://WWW.Example.com:80/a/?utm_source=x#top", "https://example.com/a"));
        assert!(same("http://example.com:443/a", "https://example.com/a"));
        assert!(same(
            "https://baijiahao.baidu.com/s?id=1758348822070329274&wfr=spider&for=pc",
            "https://baijiahao.baidu.com/s?id=1758348822070329274"
        ));
    }

    #[test]
    fn what_names_the_article_makes_a_difference() {
        assert!(!same("https://example.com/s?id=1", "https://example.com/s?id=2"));
        assert!(!same("https://example.com/A", "https://example.com/a"));
        assert!(!same("https://example.com/s?q=%D6%D0", "https://example.com/s?q=%B9%FA"));
        assert!(!same("https://example.com/#/a/1", "https://example.com/#/a/2"));
        assert!(!same("https://example.com:8080/", "https://example.com/"));
    }

    #[test]
    fn only_http_and_https_are_links() {
        for bad in [
            "javascript:alert(1)",
            "ftp://a.b/",
            "//a.b/",
            "a.b",
            "",
            "https://",
            "https://u:p@a.b/",
            "https://\"a.b/",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_host_is_the_publisher_of_last_resort() {
        assert_eq!(parse("https://www.example.com/a").unwrap().host, "example.com");
        assert_eq!(parse("https://www./a").unwrap().host, "www.");
    }
}
