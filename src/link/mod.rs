//! Parses links to original articles and reduces them to a canonical form for comparison.
//! Decides where addresses lead ([`Resolver`]).

mod resolver;

pub use resolver::{Destination, Resolver};

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

/// A link to an original article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The URL for `href`.
    pub url: String,
    /// The canonical form: two links to the same article have the same.
    pub canonical: String,
    /// The host without `www.`, the publisher of an article that names none.
    pub host: String,
}

impl Link {
    /// The fragment, percent-decoded, if it can be the key of an article: it contains a digit
    /// (`#2026-05-05-cli`, `#post-123`). The canonical form has no such fragment, since most anchors
    /// with a digit are sections (`#section-2`): it names an article only if what is said under
    /// two such fragments differs.
    #[must_use]
    pub fn key(&self) -> Option<String> {
        self.fragment().filter(|fragment| !is_address(fragment) && fragment.contains(char::is_numeric))
    }

    /// The fragment, percent-decoded, without a fragment directive. `None` if there is none.
    #[must_use]
    pub fn fragment(&self) -> Option<String> {
        let (_, fragment) = self.url.split_once('#')?;
        let decoded = percent_decode_str(without_directive(fragment)).decode_utf8_lossy();
        (!decoded.is_empty()).then(|| decoded.into_owned())
    }
}

/// The part of a fragment before a fragment directive, which names words of the page:
/// `#:~:text=…` (URL Fragment Text Directives, WICG).
fn without_directive(fragment: &str) -> &str {
    fragment.split(":~:").next().unwrap_or_default()
}

/// True if a fragment names a page: it contains `/` or begins with `!` (`#/post/1`, `#2026-05/cli`,
/// and `#!post`, the hash-bang addresses of Google's AJAX crawling scheme).
fn is_address(fragment: &str) -> bool {
    fragment.contains('/') || fragment.starts_with('!')
}

/// Parses an http(s) URL with a host.
///
/// # Errors
/// A message for a diagnostic.
pub fn parse(text: &str) -> Result<Link, String> {
    let url = match Url::parse(text) {
        Ok(url) if matches!(url.scheme(), "http" | "https") => url,
        Ok(url) => return Err(tr!("a link has to be http or https, not `{scheme}:`", scheme = url.scheme())),
        Err(url::ParseError::RelativeUrlWithoutBase)
            if text.starts_with(['h', 'H']) && text.contains('：') =>
        {
            return Err(tr!("`：` is a full-width colon; an address begins with `https://`"));
        }
        Err(url::ParseError::RelativeUrlWithoutBase) => {
            return Err(tr!("a link has to be an absolute URL that starts with `https://`"));
        }
        Err(error) => {
            let reason = reason(error);
            return Err(tr!("this is not a URL: {reason}", reason));
        }
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(tr!("a link may not contain a user name or password"));
    }
    // The URL Standard permits quotation marks and the like in a host; no domain has them (RFC
    // 3986, 3.2.2).
    let host = host_without_www(&url).to_owned();
    let is_allowed = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_' | '[' | ']' | ':');
    if let Some(wrong) = host.chars().find(|&c| !is_allowed(c)) {
        return Err(tr!("a host may not contain `{wrong}`", wrong));
    }
    // A host in Punycode (`xn--fiqs8s`) is not decoded, so that look-alike characters stay visible.
    Ok(Link { canonical: canonical(&url), host, url: url.to_string() })
}

/// Says why a text is not a URL.
fn reason(error: url::ParseError) -> String {
    match error {
        url::ParseError::EmptyHost => tr!("empty host"),
        url::ParseError::IdnaError => tr!("invalid international domain name"),
        url::ParseError::InvalidPort => tr!("invalid port number"),
        url::ParseError::InvalidIpv4Address => tr!("invalid IPv4 address"),
        url::ParseError::InvalidIpv6Address => tr!("invalid IPv6 address"),
        url::ParseError::InvalidDomainCharacter => tr!("invalid domain character"),
        other => other.to_string(),
    }
}

/// An http(s) URL in the form in which it is written: as it is, or as it was parsed if it leads
/// somewhere else on some pages (`https:example.org`).
///
/// # Errors
/// A message for a diagnostic.
pub fn written(text: &str) -> Result<String, String> {
    let link = parse(text)?;
    let resolver = Resolver::new("https://site.invalid", "/");
    match resolver.map(|resolver| resolver.resolve(text)) {
        Some(Destination::External(form)) => Ok(form),
        _ => Ok(link.url),
    }
}

/// The host without `www.`, or the whole host if nothing else remains.
fn host_without_www(url: &Url) -> &str {
    let host = url.host_str().unwrap_or_default();
    host.strip_prefix("www.").filter(|rest| !rest.is_empty()).unwrap_or(host)
}

/// Query parameters that identify the referrer and not the article.
const TRACKING_PARAMETERS: [&str; 17] = [
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

/// The canonical form of a URL: scheme https, lower-case host without `www.` and default port, no
/// tracking parameters, no fragment except one that names a page ([`is_address`]), no trailing
/// slash. Parameters stay as written: decoding the bytes of a query in GBK as
/// UTF-8 would make different ones equal.
fn canonical(url: &Url) -> String {
    let is_tracking = |parameter: &str| {
        let name = parameter.split('=').next().unwrap_or(parameter).to_ascii_lowercase();
        // Baidu adds `for=pc` (the reader's device) together with `wfr=spider`.
        name.starts_with("utm_") || TRACKING_PARAMETERS.contains(&name.as_str()) || parameter == "for=pc"
    };
    let parameters = url.query().unwrap_or_default().split('&');
    let kept: Vec<&str> =
        parameters.filter(|parameter| !parameter.is_empty() && !is_tracking(parameter)).collect();
    let query = if kept.is_empty() { String::new() } else { format!("?{}", kept.join("&")) };
    let address = url.fragment().map(without_directive).filter(|fragment| is_address(fragment));
    let address = address
        .map(|fragment| fragment.trim_end_matches('/'))
        .filter(|address| !matches!(*address, "" | "!"));
    let fragment = address.map(|fragment| format!("#{fragment}")).unwrap_or_default();
    let host = host_without_www(url);
    // The canonical form has the scheme https, whose default port is 443.
    let port = url.port().filter(|port| *port != 443).map(|port| format!(":{port}")).unwrap_or_default();
    format!("https://{host}{port}{}{query}{fragment}", url.path().trim_end_matches('/'))
}

/// The scheme with which a URI begins (RFC 3986, section 3.1).
#[must_use]
pub fn scheme(text: &str) -> Option<&str> {
    let (scheme, _) = text.split_once(':')?;
    let is_next = |c: char| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.');
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic()) && scheme.chars().all(is_next);
    is_scheme.then_some(scheme)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn are_same(a: &str, b: &str) -> bool {
        parse(a).unwrap().canonical == parse(b).unwrap().canonical
    }

    #[test]
    fn a_full_width_colon_is_named() {
        let error = |text| parse(text).unwrap_err();
        assert!(error("https：//example.org/a").contains("full-width colon"));
        assert!(error("example.org/甲：乙").contains("absolute URL"));
    }

    #[test]
    fn tracking_case_port_fragment_and_slash_make_no_difference() {
        assert!(are_same("HTTP://WWW.Example.com:80/a/?utm_source=x#top", "https://example.com/a"));
        assert!(are_same("http://example.com:443/a", "https://example.com/a"));
        assert!(are_same(
            "https://baijiahao.baidu.com/s?id=1758348822070329274&wfr=spider&for=pc",
            "https://baijiahao.baidu.com/s?id=1758348822070329274"
        ));
    }

    #[test]
    fn parameters_path_port_and_fragment_routes_make_a_difference() {
        assert!(!are_same("https://example.com/s?id=1", "https://example.com/s?id=2"));
        assert!(!are_same("https://example.com/A", "https://example.com/a"));
        assert!(!are_same("https://example.com/s?q=%D6%D0", "https://example.com/s?q=%B9%FA"));
        assert!(!are_same("https://example.com/#/a/1", "https://example.com/#/a/2"));
        assert!(!are_same("https://example.com:8080/", "https://example.com/"));
    }

    #[test]
    fn a_fragment_with_a_slash_or_a_hash_bang_names_an_article() {
        for (one, other) in [
            ("2026-05-05/cli", "2026-05-05/chip"),
            ("/a/1", "/a/2"),
            ("!a", "!b"),
            ("!/post/1", "!/post/2"),
            ("item/4", "item/5"),
            ("新闻/一", "新闻/二"),
            ("p/1:~:text=x", "p/2:~:text=x"),
        ] {
            let [one, other] = [one, other].map(|fragment| format!("https://e.org/radar/#{fragment}"));
            assert!(!are_same(&one, &other), "{one}");
            assert!(are_same(&one, &format!("{one}/")), "{one}");
            assert_eq!(parse(&one).unwrap().key(), None, "{one}");
        }
    }

    #[test]
    fn a_section_makes_no_difference() {
        for fragment in [
            "comments",
            "more",
            ":~:text=a/b",
            "top:~:text=2026/05",
            "section-2",
            "2026-05-05-cli",
            "",
            "/",
            "!",
            "!/",
            "respond",
            "L10-L20",
        ] {
            assert!(are_same(&format!("https://e.org/a#{fragment}"), "https://e.org/a"), "{fragment}");
        }
    }

    #[test]
    fn a_fragment_with_a_digit_can_be_a_key() {
        for (fragment, key) in [
            ("2026-05-05-cli", Some("2026-05-05-cli")),
            ("post-123", Some("post-123")),
            ("id=7", Some("id=7")),
            ("第3期", Some("第3期")),
            ("n12:~:text=a", Some("n12")),
            ("comments", None),
            ("今日", None),
            (":~:text=2026", None),
            ("item/4", None),
            ("!4", None),
            ("", None),
        ] {
            let link = parse(&format!("https://e.org/a?b=1#{fragment}")).unwrap();
            assert_eq!(link.key().as_deref(), key, "{fragment}");
        }
        assert_eq!(parse("https://e.org/2026").unwrap().key(), None);
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
    fn a_url_is_written_as_it_is_if_it_leads_there() {
        for (text, form) in [
            ("https://e.org/图.png", "https://e.org/图.png"),
            ("HTTPS://e.org", "HTTPS://e.org"),
            ("https:e.org/a.png", "https://e.org/a.png"),
            ("https:\\\\e.org\\a.png", "https://e.org/a.png"),
            ("https://e.org//f.org", "https://e.org//f.org"),
        ] {
            assert_eq!(written(text).as_deref(), Ok(form), "{text}");
        }
        assert!(written("/a.png").is_err());
    }

    #[test]
    fn the_host_has_no_www_unless_nothing_else_remains() {
        assert_eq!(parse("https://www.example.com/a").unwrap().host, "example.com");
        assert_eq!(parse("https://www./a").unwrap().host, "www.");
    }
}
