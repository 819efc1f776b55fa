//! Where links and images may lead, and what those that lead elsewhere say about it.

use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};
use pulldown_cmark_escape::{escape_href, escape_html};
use url::Url;

use crate::config::BaseUrl;
use crate::load::markdown::files;
use crate::load::markdown::options::RenderOptions;

/// Where an address leads, as a browser understands it (WHATWG URL, section 4.4).
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Leads {
    /// It could do something else than lead on, or leads nowhere.
    Nowhere,
    /// Within the site, or to a mailbox; rewritten if it has to be.
    Here(Option<String>),
    /// To another host.
    Elsewhere,
}

/// Judges an address; `mail` says whether `mailto:` is one.
pub(super) fn leads(written: &str, base_url: &BaseUrl, mail: bool) -> Leads {
    // Browsers drop these inside a scheme, so that they cannot hide one from us.
    let seen: String = written.chars().filter(|c| !c.is_ascii_control()).collect();
    let seen = seen.trim();
    // A backslash is a slash to a browser.
    let slash = |c: char| matches!(c, '/' | '\\');
    if let Some(path) = seen.strip_prefix(slash) {
        return match path.strip_prefix(slash) {
            None => Leads::Here(Some(format!("{}{path}", base_url.path))),
            Some(rest) => whole(&format!("https://{rest}"), base_url),
        };
    }
    let scheme = seen.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
            && !scheme.is_empty()
    });
    match scheme.map(str::to_ascii_lowercase).as_deref() {
        None => Leads::Here(None),
        // Without the slashes it is another address on each scheme.
        Some("http" | "https") if !seen.contains("://") => match Url::parse(seen) {
            Ok(_) => Leads::Elsewhere,
            Err(_) => Leads::Nowhere,
        },
        Some("http" | "https") => whole(seen, base_url),
        Some("mailto") if mail => Leads::Here(None),
        Some(_) => Leads::Nowhere,
    }
}

/// Judges a whole URL. One of the site itself becomes a path, so that it holds in a preview, and on whatever host the site is.
fn whole(written: &str, base_url: &BaseUrl) -> Leads {
    let (Ok(url), Ok(own)) = (Url::parse(written), Url::parse(&base_url.origin)) else {
        return Leads::Nowhere;
    };
    if (url.host(), url.port()) != (own.host(), own.port()) || !url.username().is_empty() {
        return Leads::Elsewhere;
    }
    // What else there is on the host is no part of the site.
    match url.path().starts_with(&base_url.path) {
        true => Leads::Here(Some(url[url::Position::BeforePath..].to_owned())),
        // As it was understood: written with its backslashes, `https://here\@there/` would lead there.
        false => Leads::Here(Some(url.to_string())),
    }
}

/// What became of a link or an image that is not closed yet.
enum Became {
    /// Its words.
    Words,
    /// A link to this address, which begins at an event's place.
    Link(String, usize),
    Image,
}

/// Takes out links and images that may not lead where they do, makes links of images that may not be shown, and tells the
/// browser of links to other hosts what they are.
pub(super) fn settle(events: &mut Vec<Event<'_>>, options: &RenderOptions<'_>) {
    let is_address = |event: &Event<'_>| matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }));
    if !events.iter().any(is_address) {
        return;
    }
    let mut settled = Vec::with_capacity(events.len() + 8);
    let mut open: Vec<Became> = Vec::new();
    let (mut in_link, mut in_image) = (false, false);
    for event in events.drain(..) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let leads = match link_type {
                    LinkType::Email => Leads::Here(None),
                    _ => match files::address(&dest_url, options.file, &options.base_url.path) {
                        Some(address) => Leads::Here(Some(address)),
                        None => leads(&dest_url, options.base_url, true),
                    },
                };
                // No link holds another: one that was an image may have one in its words.
                if in_link || in_image || leads == Leads::Nowhere {
                    open.push(Became::Words);
                    continue;
                }
                in_link = true;
                open.push(Became::Link(dest_url.to_string(), settled.len() + 1));
                settled.push(match leads {
                    Leads::Elsewhere => start_of_link(&dest_url, &title, options.rel),
                    Leads::Here(Some(rebased)) => {
                        Event::Start(Tag::Link { link_type, dest_url: rebased.into(), title, id })
                    }
                    _ => Event::Start(Tag::Link { link_type, dest_url, title, id }),
                });
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                match leads(&dest_url, options.base_url, false) {
                    leads if in_image || leads == Leads::Nowhere => open.push(Became::Words),
                    Leads::Elsewhere if !options.remote_images && in_link => open.push(Became::Words),
                    Leads::Elsewhere if !options.remote_images => {
                        in_link = true;
                        open.push(Became::Link(dest_url.to_string(), settled.len() + 1));
                        settled.push(start_of_link(&dest_url, &title, options.rel));
                    }
                    leads => {
                        in_image = true;
                        open.push(Became::Image);
                        let dest_url = match leads {
                            Leads::Here(Some(rebased)) => rebased.into(),
                            _ => dest_url,
                        };
                        settled.push(Event::Start(Tag::Image { link_type, dest_url, title, id }));
                    }
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => match open.pop() {
                Some(Became::Link(address, from)) => {
                    // A link without words cannot be seen, nor told.
                    if settled.len() == from {
                        settled.push(Event::Text(address.into()));
                    }
                    in_link = false;
                    settled.push(Event::End(TagEnd::Link));
                }
                Some(Became::Image) => {
                    in_image = false;
                    settled.push(Event::End(TagEnd::Image));
                }
                Some(Became::Words) | None => {}
            },
            // It would be a link in a link.
            Event::FootnoteReference(_) if in_link => {}
            event => settled.push(event),
        }
    }
    *events = settled;
}

/// The start of a link to another host; `TagEnd::Link` ends it.
fn start_of_link(address: &str, title: &str, rel: &str) -> Event<'static> {
    let mut tag = String::from("<a href=\"");
    // Writing to a string cannot fail.
    let _ = escape_href(&mut tag, address);
    for (name, value) in [("title", title), ("rel", rel)] {
        if !value.is_empty() {
            tag.push_str(&format!("\" {name}=\""));
            let _ = escape_html(&mut tag, value);
        }
    }
    tag.push_str("\">");
    Event::InlineHtml(CowStr::from(tag))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::markdown::tests::html;

    #[test]
    fn addresses_that_could_run_something_become_text() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "java\u{1}script:x",
            "java&#9;script:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "blob:https://e.org/x",
            "https://",
            "//",
        ] {
            let html = html(&format!("[看](<{bad}>) ![图](<{bad}>)"));
            assert!(!html.contains("href") && !html.contains("src"), "{bad}: {html}");
            assert!(html.contains('看') && html.contains('图'), "{html}");
        }
        assert!(html("[a](https://other.org/?a=b:c)").contains("href"));
        assert!(html("<a@example.org>").contains("mailto:a@example.org"));
        assert!(html("[节](#二)").contains("href=\"#%E4%BA%8C\""));
    }

    #[test]
    fn links_from_the_root_are_put_below_the_base_path() {
        for written in ["/about/", "\\about/", "&#10;/about/"] {
            assert!(html(&format!("[关于]({written})")).contains("href=\"/base/about/\""), "{written}");
        }
    }

    #[test]
    fn links_to_other_files_lead_to_their_pages() {
        assert!(html("[乙](../2025/2025-01-02-b.md#c)").contains("href=\"/base/articles/b/#h-c\""));
    }

    #[test]
    fn links_to_other_hosts_say_so_and_those_of_the_site_do_not() {
        let rel = "rel=\"noopener noreferrer nofollow ugc\"";
        for elsewhere in [
            "https://other.org/",
            "//other.org/",
            "\\\\\\\\other.org/",
            "/\\other.org",
            "HTTP:other.org",
            "https://example.org:8080/",
        ] {
            let html = html(&format!("[x](<{elsewhere}> \"题 \\\" >\")"));
            assert!(html.contains(rel) && html.contains("title=\"题 &quot; &gt;\""), "{elsewhere}: {html}");
        }
        for here in [
            "/about/",
            "../x/",
            "#a",
            "mailto:a@b.org",
            "https://example.org/other/",
            "?q=https://other.org/",
        ] {
            let html = html(&format!("[x](<{here}>)"));
            assert!(html.contains("href") && !html.contains("rel="), "{here}: {html}");
        }
    }

    #[test]
    fn images_of_other_hosts_are_links_unless_the_digest_shows_them() {
        let rel = "rel=\"noopener noreferrer nofollow ugc\"";
        assert_eq!(
            html("![图](https://o.org/a.png)"),
            format!("<p><a href=\"https://o.org/a.png\" {rel}>图</a></p>\n")
        );
        assert_eq!(
            html("![](//o.org/a.png)"),
            format!("<p><a href=\"//o.org/a.png\" {rel}>//o.org/a.png</a></p>\n")
        );
        assert_eq!(html("[![图](https://o.org/a.png)](/b/)"), "<p><a href=\"/base/b/\">图</a></p>\n");
        assert_eq!(html("[![](https://o.org/a.png)](/b/)"), "<p><a href=\"/base/b/\">/b/</a></p>\n");
        assert!(html("![图](/a.png)").contains("<img src=\"/base/a.png\" alt=\"图\" />"));
        for own in
            ["https://example.org/base/a.png", "//example.org/base/a.png", "HTTP://Example.org/base/a.png"]
        {
            assert!(html(&format!("![图]({own})")).contains("<img src=\"/base/a.png\""), "{own}");
        }
        let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
        let options =
            RenderOptions { remote_images: true, ..crate::load::markdown::tests::options(&base_url) };
        let shown =
            crate::load::markdown::render("![图](https://o.org/a.png)", &options).unwrap().html.unwrap();
        assert!(shown.contains("<img src=\"https://o.org/a.png\" alt=\"图\" />"), "{shown}");
    }

    #[test]
    fn what_is_written_is_what_was_understood() {
        for text in [
            "![x](https://example.org\\\\@evil.test/a)",
            "![x](https://example.org\\\\@evil.test/../base/a)",
            "<https://example.org\\@evil.test/>",
            "[y](<https://example.org\\\\@evil.test/base/a>)",
            "https://example.org\\\\@evil.test/a",
        ] {
            let html = html(text);
            for part in html.split("=\"").skip(1).map(|rest| rest.split('"').next().unwrap()) {
                let base = Url::parse("https://example.org/base/").unwrap();
                let leads =
                    base.join(&part.replace("&amp;", "&")).map(|url| url.host_str().map(str::to_owned));
                let stays = leads.is_ok_and(|host| host.as_deref() == Some("example.org"));
                assert!(stays || html.contains("rel="), "{part} in {html}");
            }
        }
    }

    #[test]
    fn no_link_holds_another_one() {
        for text in [
            "![a [b](https://c.org) d](https://o.org/a.png)",
            "[a ![b [c](/d) e](/f.png)](/g)",
            "[a[^1]](/b)\n\n[^1]: c\n",
            "![a ![b](/c.png) [d](/e)](/f.png)",
        ] {
            let html = html(text);
            let mut open = 0;
            for tag in html.split('<').skip(1) {
                open += i32::from(tag.starts_with("a ")) - i32::from(tag.starts_with("/a>"));
                assert!((0..=1).contains(&open), "{html}");
            }
        }
    }
}
