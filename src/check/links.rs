//! Where the addresses of a page lead: to a page of the site, beside the site, or elsewhere.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::config::BaseUrl;

/// Where an address leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Target {
    /// To a place of this site, by its path from the home, decoded; with what follows the `#`.
    Inside(String, Option<String>),
    /// To the site's host, but not to the site.
    Beside,
    /// To another host.
    Elsewhere(String),
    /// Nowhere that could be looked at: another scheme, or no address at all.
    Nowhere,
}

/// Reads an address as a browser does that shows `page` (its path in the output folder).
pub(super) fn target(base: &BaseUrl, page: &Url, address: &str) -> Target {
    let Ok(url) = page.join(address) else { return Target::Nowhere };
    if !matches!(url.scheme(), "http" | "https") {
        return Target::Nowhere;
    }
    if url.origin() != page.origin() {
        return Target::Elsewhere(address_of(&url));
    }
    // The home without its slash is led on to it.
    let path = url.path();
    let Some(path) =
        path.strip_prefix(&base.path).or_else(|| (format!("{path}/") == base.path).then_some(""))
    else {
        return Target::Beside;
    };
    let fragment =
        url.fragment().filter(|fragment| !is_top(fragment)).map(|fragment| decoded(fragment).into_owned());
    Target::Inside(decoded(path).nfc().collect(), fragment)
}

/// The URL of a page by its path in the output folder.
pub(super) fn url_of(base: &BaseUrl, path: &str) -> Option<Url> {
    let mut url = Url::parse(&base.origin).ok()?;
    let folder = path.strip_suffix("index.html").filter(|folder| folder.is_empty() || folder.ends_with('/'));
    // `Url` encodes what has to be; a path may hold what would be read as something else.
    let encoded = folder.unwrap_or(path).replace('%', "%25").replace('?', "%3F").replace('#', "%23");
    url.set_path(&format!("{}{encoded}", base.path));
    Some(url)
}

/// The files that a host may show for a path: GitHub Pages finds `a/index.html` for `a/` and `a`, and `a.html` for `a`.
pub(super) fn files(path: &str) -> Vec<Cow<'_, str>> {
    if path.is_empty() || path.ends_with('/') {
        return vec![format!("{path}index.html").into()];
    }
    vec![path.into(), format!("{path}/index.html").into(), format!("{path}.html").into()]
}

fn address_of(url: &Url) -> String {
    let mut url = url.clone();
    url.set_fragment(None);
    url.to_string()
}

/// HTML, section 7.4.6.3: an empty fragment and `top` are the top of any page; what follows `:~:` names words.
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
        Target::Inside(path.to_owned(), None)
    }

    #[test]
    fn addresses_are_read_as_browsers_do() {
        assert_eq!(to("/repo/articles/a/"), inside("articles/a/"));
        assert_eq!(to("../%E8%8A%AF%E7%89%87/"), inside("keywords/芯片/"));
        assert_eq!(to("feed.xml?x"), inside("keywords/开源/feed.xml"));
        assert_eq!(to("https://user.github.io/repo"), inside(""));
        assert_eq!(to("#%E4%B8%80"), Target::Inside("keywords/开源/".to_owned(), Some("一".to_owned())));
        assert_eq!(to("#top"), inside("keywords/开源/"));
        assert_eq!(to("/articles/a/"), Target::Beside);
        assert_eq!(to("../../../other/"), Target::Beside);
        assert_eq!(to("//example.org/x#y"), Target::Elsewhere("https://example.org/x".to_owned()));
        assert_eq!(to("mailto:a@example.org"), Target::Nowhere);
        assert_eq!(to("https://["), Target::Nowhere);
    }

    #[test]
    fn a_page_whose_name_holds_signs_of_addresses_has_one() {
        let base = BaseUrl::parse("https://example.org/").unwrap();
        let url = url_of(&base, "keywords/c#/100%?/index.html").unwrap();
        assert_eq!(target(&base, &url, ""), inside("keywords/c#/100%?/"));
    }
}
