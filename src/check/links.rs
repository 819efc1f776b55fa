//! Resolves the addresses in a page: inside the site, on its host outside of the site, or on other
//! hosts.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::config::BaseUrl;

/// The target of an address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// In the site: the percent-decoded path relative to the home page in NFC, and the fragment.
    InSite(String, Option<String>),
    /// On the host of the site, but outside of its base path, although the address names no host.
    OutsideBase,
    /// Another site: on another host, or beside the base path with the host in the address, since
    /// all projects of a user of GitHub Pages share a host. The URL without its fragment.
    OtherSite(String),
    /// Not checked: not a URL, or a scheme other than http and https.
    NotChecked,
}

/// Resolves an address like a browser that shows the page with the URL `page`.
pub(super) fn target(base: &BaseUrl, page: &Url, address: &str) -> Target {
    let Ok(url) = page.join(address) else { return Target::NotChecked };
    if !matches!(url.scheme(), "http" | "https") {
        return Target::NotChecked;
    }
    if url.origin() != page.origin() {
        return Target::OtherSite(without_fragment(&url));
    }
    // Hosts redirect the base path without its slash to the home page.
    let path = url.path();
    let Some(path) =
        path.strip_prefix(&base.path).or_else(|| (format!("{path}/") == base.path).then_some(""))
    else {
        return match names_host(address) {
            true => Target::OtherSite(without_fragment(&url)),
            false => Target::OutsideBase,
        };
    };
    let fragment =
        url.fragment().filter(|fragment| !is_top(fragment)).map(|fragment| decoded(fragment).into_owned());
    Target::InSite(decoded(path).nfc().collect(), fragment)
}

/// True for an address that names its host: `https://…` or `//…`. URL parsers remove tabs and line
/// breaks and take `\` for `/` (URL Standard, section 4.4); `https:a` is relative.
fn names_host(address: &str) -> bool {
    let kept = address.chars().filter(|c| !matches!(c, '\t' | '\n' | '\r')).skip_while(|c| *c <= ' ');
    let start: String = kept.take(8).map(|c| if c == '\\' { '/' } else { c.to_ascii_lowercase() }).collect();
    let rest = start.strip_prefix("https:").or_else(|| start.strip_prefix("http:")).unwrap_or(&start);
    rest.starts_with("//")
}

/// The URL of a page, given its path in the output folder.
pub(super) fn url_of(base: &BaseUrl, path: &str) -> Option<Url> {
    let mut url = Url::parse(&base.origin).ok()?;
    let folder = path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    // `Url` encodes other characters; these would be parsed as an escape, a query or a fragment.
    let encoded = folder.unwrap_or(path).replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    url.set_path(&format!("{}{encoded}", base.path));
    Some(url)
}

/// The files that a host may serve for a path. GitHub Pages serves `a/index.html` for `a/` and `a`,
/// and `a.html` for `a`.
pub(super) fn files(path: &str) -> Vec<Cow<'_, str>> {
    if path.is_empty() || path.ends_with('/') {
        return vec![format!("{path}index.html").into()];
    }
    vec![path.into(), format!("{path}/index.html").into(), format!("{path}.html").into()]
}

fn without_fragment(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.to_string()
}

/// True for fragments that need no anchor: an empty one and `top` mean the top of any page (HTML,
/// section 7.4.6.3), and `:~:` selects text.
fn is_top(fragment: &str) -> bool {
    fragment.is_empty() || fragment.eq_ignore_ascii_case("top") || fragment.starts_with(":~:")
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn to(address: &str) -> Target {
        let base = BaseUrl::parse("https://user.github.io/repo/").unwrap();
        target(&base, &url_of(&base, "keywords/开源/index.html").unwrap(), address)
    }

    fn inside(path: &str) -> Target {
        Target::InSite(path.to_owned(), None)
    }

    #[test]
    fn addresses_are_resolved_as_in_browsers() {
        assert_eq!(to("/repo/articles/a/"), inside("articles/a/"));
        assert_eq!(to("../%E8%8A%AF%E7%89%87/"), inside("keywords/芯片/"));
        assert_eq!(to("feed.xml?x"), inside("keywords/开源/feed.xml"));
        assert_eq!(to("https://user.github.io/repo"), inside(""));
        assert_eq!(to("#%E4%B8%80"), Target::InSite("keywords/开源/".to_owned(), Some("一".to_owned())));
        assert_eq!(to("#top"), inside("keywords/开源/"));
        assert_eq!(to("/articles/a/"), Target::OutsideBase);
        assert_eq!(to("../../../other/"), Target::OutsideBase);
        assert_eq!(to("//example.org/x#y"), Target::OtherSite("https://example.org/x".to_owned()));
        assert_eq!(to("mailto:a@example.org"), Target::NotChecked);
        assert_eq!(to("https://["), Target::NotChecked);
    }

    #[test]
    fn addresses_beside_the_base_path_that_name_the_host_are_other_sites() {
        for (address, wanted) in [
            ("https://user.github.io/blog/", "https://user.github.io/blog/"),
            ("https://user.github.io/", "https://user.github.io/"),
            ("https://user.github.io", "https://user.github.io/"),
            ("//user.github.io/blog/#x", "https://user.github.io/blog/"),
            ("HTTPS://USER.github.io/repo2/a", "https://user.github.io/repo2/a"),
            ("https://user.github.io/repository/", "https://user.github.io/repository/"),
            (" \\\\user.github.io/blog", "https://user.github.io/blog"),
            ("https://user.github.io:443/Repo/", "https://user.github.io/Repo/"),
            ("ht\ntps:/\t/user.github.io/a", "https://user.github.io/a"),
        ] {
            assert_eq!(to(address), Target::OtherSite(wanted.to_owned()), "{address:?}");
        }
        for address in ["/blog/", "/", "/repo2/", "../../../blog/", "https:/blog/", "https:../../../a", "\\a"]
        {
            assert_eq!(to(address), Target::OutsideBase, "{address:?}");
        }
        for address in ["https://user.github.io/repo/a/", "//user.github.io/repo/a/", "/repo/a/"] {
            assert_eq!(to(address), inside("a/"), "{address:?}");
        }
    }

    #[test]
    fn a_page_whose_name_has_url_delimiters_has_an_address() {
        let base = BaseUrl::parse("https://example.org/").unwrap();
        let url = url_of(&base, "keywords/c#/100%?/index.html").unwrap();
        assert_eq!(target(&base, &url, ""), inside("keywords/c#/100%?/"));
    }
}
