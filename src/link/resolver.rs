//! Decides where an address leads in the form in which it is written.

use percent_encoding::percent_decode_str;
use pulldown_cmark_escape::escape_href;
use url::{ParseError, Position, Url};

/// Where an address leads, with the text to write.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Destination {
    /// Not allowed: the address is invalid, or its scheme could do something else than open a page.
    Forbidden,
    /// A `mailto:` URL.
    Mailbox(String),
    /// A page of the site, or another page of its host.
    Internal(String),
    /// A page of another host, or of the own host at a path that cannot be written without it.
    External(String),
}

/// Resolves the addresses of one site as browsers do. Everything that writes an address of other
/// people's text goes through it.
#[derive(Debug, Clone)]
pub struct Resolver {
    /// A page of the site under https and under http: an address may lead to different hosts from
    /// the two (`https:example.org`). An address that leads to a host from one page of the site
    /// leads to this host from all of them.
    pages: [Url; 2],
    /// The base path, percent-encoded, with a slash at both ends.
    base_path: String,
}

impl Resolver {
    /// A resolver for the site with this origin (`https://user.github.io`) and base path. `None` if
    /// they are not a URL.
    #[must_use]
    pub fn new(origin: &str, base_path: &str) -> Option<Self> {
        let page = Url::parse(&format!("{origin}{base_path}articles/x/")).ok()?;
        let mut other = page.clone();
        other.set_scheme(if page.scheme() == "https" { "http" } else { "https" }).ok()?;
        Some(Self { pages: [page, other], base_path: base_path.to_owned() })
    }

    /// Decides where an address leads that an author wrote: a path from the root (`/about/`) is put
    /// below the base path first.
    #[must_use]
    pub fn resolve_in_site(&self, written: &str) -> Destination {
        let text = normalize(written);
        match text.strip_prefix('/') {
            Some(path) if !path.starts_with('/') => self.judge(format!("{}{path}", self.base_path)),
            _ => self.judge(text),
        }
    }

    /// Decides where an address leads, and returns the text that leads there from every page of the
    /// site.
    ///
    /// The rule, after the URL Standard (WHATWG URL, section 4.4, "basic URL parser"): the text
    /// that is written, resolved against the page's URL, leads where the judged URL leads. A URL of
    /// the site is written as a path, so that it also works in a preview and on any other host of
    /// the site. The path of `https://here.example//other.example/` would lead to `other.example`:
    /// this URL stays whole and counts as one of another host.
    #[must_use]
    pub fn resolve(&self, written: &str) -> Destination {
        self.judge(normalize(written))
    }

    fn judge(&self, text: String) -> Destination {
        let (url, is_relative) = match Url::parse(&text) {
            Ok(url) => (url, false),
            Err(ParseError::RelativeUrlWithoutBase) if !begins_like_scheme(&text) => {
                match self.pages[0].join(&text) {
                    Ok(url) => (url, !text.starts_with("//")),
                    Err(_) => return Destination::Forbidden,
                }
            }
            Err(_) => return Destination::Forbidden,
        };
        match url.scheme() {
            "http" | "https" => {}
            "mailto" => return Destination::Mailbox(text),
            _ => return Destination::Forbidden,
        }
        let is_here = authority(&url) == authority(&self.pages[0]);
        let leading = |form: String| self.leads(&form, &url, is_here).then_some(form);
        let whole = || leading(url.to_string());
        let destination = if !is_here {
            leading(text).or_else(whole).map(Destination::External)
        } else if is_relative {
            leading(text).map(Destination::Internal)
        } else if url.path().starts_with(&self.base_path) {
            let path = leading(url[Position::BeforePath..].to_owned()).map(Destination::Internal);
            path.or_else(|| whole().map(Destination::External))
        } else {
            // Other paths of the host do not belong to the site.
            whole().map(Destination::Internal)
        };
        destination.unwrap_or(Destination::Forbidden)
    }

    /// True if a text leads to `url` from every page. Markdown percent-encodes what it writes, HTML
    /// does not: both forms of the text have to lead there.
    fn leads(&self, text: &str, url: &Url, is_here: bool) -> bool {
        // An absolute URL with slashes does not depend on the page.
        let is_whole = text.starts_with("https://") || text.starts_with("http://");
        let encoded = percent_encoded(text);
        let forms = if encoded == text { &[text][..] } else { &[text, encoded.as_str()] };
        self.pages[usize::from(is_whole)..].iter().all(|page| {
            let wanted = authority(if is_here && !is_whole { page } else { url });
            forms.iter().all(|form| {
                page.join(form).is_ok_and(|found| authority(&found) == wanted && path(&found) == path(url))
            })
        })
    }
}

/// The user, password, host and port that a URL is sent to.
fn authority(url: &Url) -> (&str, Option<&str>, Option<url::Host<&str>>, Option<u16>) {
    (url.username(), url.password(), url.host(), url.port())
}

/// The path, query and fragment of a URL, decoded.
fn path(url: &Url) -> Vec<u8> {
    percent_decode_str(&url[Position::BeforePath..]).collect()
}

/// Removes what a browser ignores or what other readers might: control characters, which could hide
/// a scheme, and white space at both ends. Backslashes of a path become slashes, as browsers read
/// them.
fn normalize(written: &str) -> String {
    let text: String = written.chars().filter(|c| !c.is_control()).collect();
    let text = text.trim();
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
        return text.to_owned();
    }
    let (path, rest) = text.split_at(text.find(['?', '#']).unwrap_or(text.len()));
    path.replace('\\', "/") + rest
}

/// True if a text that is not a URL begins like one (`1a:`): programs that are less strict than
/// browsers may read a scheme.
fn begins_like_scheme(text: &str) -> bool {
    text.split_once(':').is_some_and(|(scheme, _)| {
        !scheme.is_empty()
            && scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
    })
}

/// An address as Markdown's writer percent-encodes it.
fn percent_encoded(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    // Writing to a string cannot fail.
    let _ = escape_href(&mut escaped, text);
    if escaped.contains('&') { escaped.replace("&#x27;", "'").replace("&amp;", "&") } else { escaped }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BASE_PATHS: [&str; 3] = ["/", "/a/", "/%E6%96%B0%E9%97%BB/"];

    fn resolver(base_path: &str) -> Resolver {
        Resolver::new("https://here.example", base_path).unwrap()
    }

    #[test]
    fn a_url_whose_path_would_name_a_host_stays_whole() {
        for (written, text) in [
            ("https://here.example//evil.example/x", "https://here.example//evil.example/x"),
            ("https://here.example/\\evil.example", "https://here.example//evil.example"),
            ("https:\\\\here.example\\/evil.example", "https://here.example//evil.example"),
            ("//here.example//evil.example", "https://here.example//evil.example"),
            ("https://here.example/x/..//evil.example", "https://here.example//evil.example"),
            ("https://here.example/%2e//evil.example", "https://here.example//evil.example"),
            ("https://here.example/x/%2E%2e//evil.example", "https://here.example//evil.example"),
            ("https://here.example/\t/evil.example", "https://here.example//evil.example"),
            (
                "https://here.example//here.example//evil.example",
                "https://here.example//here.example//evil.example",
            ),
            ("HTTP://Here.Example//evil.example", "http://here.example//evil.example"),
        ] {
            assert_eq!(resolver("/").resolve(written), Destination::External(text.to_owned()), "{written}");
        }
    }

    #[test]
    fn a_url_of_the_site_becomes_a_path_and_one_beside_it_stays_whole() {
        for (written, text) in [
            ("https://here.example/a/x", "/a/x"),
            ("//here.example/a//evil.example", "/a//evil.example"),
            ("https://here.example/a/%2F/evil.example", "/a/%2F/evil.example"),
            ("https://here.example/b", "https://here.example/b"),
            ("https://here.example//evil.example", "https://here.example//evil.example"),
            ("/x/..//evil.example", "/x/..//evil.example"),
            ("..//..//..//evil.example", "..//..//..//evil.example"),
        ] {
            assert_eq!(resolver("/a/").resolve(written), Destination::Internal(text.to_owned()), "{written}");
        }
    }

    #[test]
    fn an_address_of_another_host_is_written_so_that_it_leads_there() {
        for (written, text) in [
            ("https://other.example", "https://other.example"),
            ("//other.example/图?a=b&c|d", "//other.example/图?a=b&c|d"),
            ("/\\other.example", "//other.example"),
            ("/\t/other.example", "//other.example"),
            ("https:other.example", "https://other.example/"),
            ("https:/other.example", "https://other.example/"),
            ("https://here.example@other.example/", "https://here.example@other.example/"),
            ("https://here.example:8080/", "https://here.example:8080/"),
            ("https://a@here.example/", "https://a@here.example/"),
        ] {
            assert_eq!(resolver("/").resolve(written), Destination::External(text.to_owned()), "{written}");
        }
    }

    /// Pieces of addresses that browsers give a meaning.
    fn address() -> impl Strategy<Value = String> {
        let piece = prop::sample::select(vec![
            "/",
            "//",
            "\\",
            "/\\",
            "https:",
            "http:",
            "HTTPS://",
            "here.example",
            "evil.example",
            "HERE.example",
            ":443",
            ":80",
            ":8080",
            "@",
            "a:b@",
            ".",
            "..",
            "/./",
            "/../",
            "%2e",
            "%2F",
            "%5c",
            "\t",
            "\n",
            "\u{0}",
            "\u{85}",
            "\u{9b}",
            "\u{202e}",
            " ",
            "x",
            "a",
            "%E6%96%B0%E9%97%BB",
            "新闻",
            "?",
            "#",
            "[",
            "]",
            "|",
            "&",
            "'",
            "\"",
            "javascript:",
            "mailto:",
            "1a:",
            "%",
            "xn--",
            "。",
            "／",
            "::1",
            "\u{a0}",
            "<",
            ">",
        ]);
        prop::collection::vec(piece, 0..9).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 4000, ..ProptestConfig::default() })]

        #[test]
        fn what_is_judged_is_what_is_written(
            written in prop_oneof![address(), address().prop_map(|rest| format!("https://here.example/{rest}"))],
            base_path in prop::sample::select(BASE_PATHS.to_vec()),
            from_root in any::<bool>(),
        ) {
            let resolver = resolver(base_path);
            let destination = if from_root { resolver.resolve_in_site(&written) } else { resolver.resolve(&written) };
            let (text, is_here) = match &destination {
                Destination::Internal(text) => (text, true),
                Destination::External(text) => (text, false),
                Destination::Forbidden | Destination::Mailbox(_) => return Ok(()),
            };
            // Judged again, the text is what it was judged to be.
            prop_assert_eq!(&resolver.resolve(text), &destination);
            for page in ["", "articles/b/", "2024/11/23/", "a-z/"] {
                for scheme in ["https", "http"] {
                    let page = Url::parse(&format!("{scheme}://here.example{base_path}{page}")).unwrap();
                    for form in [text.clone(), percent_encoded(text)] {
                        let leads = page.join(&form).unwrap();
                        let stays = authority(&leads) == authority(&page);
                        // A URL of the own host may count as one of another host, but it is whole.
                        let is_whole = Url::parse(&form).is_ok();
                        prop_assert!(stays == is_here || (stays && is_whole), "{} on {}", form, page);
                        prop_assert!(matches!(leads.scheme(), "http" | "https"), "{}", leads);
                    }
                }
            }
        }
    }
}
