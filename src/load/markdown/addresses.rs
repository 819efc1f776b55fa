//! Decides which links and images of a body are allowed, and marks links to other hosts.

use crate::config::{self, LanguageOfFile};
use crate::link::{Destination, Resolver};
use crate::load::bundle;
use crate::load::markdown::files;
use crate::load::markdown::options::RenderOptions;
use pulldown_cmark::{CowStr, Event, LinkType, Tag, TagEnd};
use pulldown_cmark_escape::{escape_href, escape_html};

/// The form in which a link or an image that is still open is written.
enum OpenElement {
    /// Only its text.
    Text,
    /// A link to this URL; its content starts at this index of the events.
    Link(String, usize),
    Image,
}

/// Applies the rules for links and images: a forbidden one becomes its text, an image of another
/// host becomes a link unless such images are shown, and a link to another host gets its `rel`.
pub(super) fn apply_link_rules(events: &mut Vec<Event<'_>>, options: &RenderOptions<'_>) {
    let is_address = |event: &Event<'_>| matches!(event, Event::Start(Tag::Link { .. } | Tag::Image { .. }));
    if !events.iter().any(is_address) {
        return;
    }
    let resolver = Resolver::new(&options.base_url.origin, &options.base_url.path);
    let in_site = |written: &str| {
        resolver.as_ref().map_or(Destination::Forbidden, |resolver| resolver.resolve_in_site(written))
    };
    let LanguageOfFile { neutral, .. } = config::language_of(options.names.languages, options.file);
    let of_picture = |written: &str| bundle::picture(written, &neutral).unwrap_or_else(|| written.to_owned());
    let mut kept = Vec::with_capacity(events.len() + 8);
    let mut open: Vec<OpenElement> = Vec::new();
    let (mut in_link, mut in_image) = (false, false);
    for event in events.drain(..) {
        match event {
            Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
                let destination = match link_type {
                    LinkType::Email => Destination::Mailbox(dest_url.to_string()),
                    _ => match files::address(&dest_url, options.file, "/", options.names) {
                        Some(address) => in_site(&address),
                        None => in_site(&of_picture(&dest_url)),
                    },
                };
                // Links must not be nested: an image that became a link may have a link in its
                // alternative text.
                if in_link || in_image || destination == Destination::Forbidden {
                    open.push(OpenElement::Text);
                    continue;
                }
                in_link = true;
                open.push(OpenElement::Link(dest_url.to_string(), kept.len() + 1));
                kept.push(match destination {
                    Destination::External(address) => start_of_link(&address, &title, options.rel),
                    Destination::Internal(address) | Destination::Mailbox(address) => {
                        Event::Start(Tag::Link { link_type, dest_url: address.into(), title, id })
                    }
                    Destination::Forbidden => continue,
                });
            }
            Event::Start(Tag::Image { link_type, dest_url, title, id }) => {
                match in_site(&of_picture(&dest_url)) {
                    _ if in_image => open.push(OpenElement::Text),
                    Destination::Forbidden | Destination::Mailbox(_) => open.push(OpenElement::Text),
                    Destination::External(_) if !options.remote_images && in_link => {
                        open.push(OpenElement::Text);
                    }
                    Destination::External(address) if !options.remote_images => {
                        in_link = true;
                        open.push(OpenElement::Link(dest_url.to_string(), kept.len() + 1));
                        kept.push(start_of_link(&address, &title, options.rel));
                    }
                    Destination::External(address) | Destination::Internal(address) => {
                        in_image = true;
                        open.push(OpenElement::Image);
                        kept.push(Event::Start(Tag::Image {
                            link_type,
                            dest_url: address.into(),
                            title,
                            id,
                        }));
                    }
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => match open.pop() {
                Some(OpenElement::Link(address, from)) => {
                    // A link without text can be neither seen nor read out.
                    if kept.len() == from {
                        kept.push(Event::Text(address.into()));
                    }
                    in_link = false;
                    kept.push(Event::End(TagEnd::Link));
                }
                Some(OpenElement::Image) => {
                    in_image = false;
                    kept.push(Event::End(TagEnd::Image));
                }
                Some(OpenElement::Text) | None => {}
            },
            // A footnote reference is a link, too.
            Event::FootnoteReference(_) if in_link => {}
            event => kept.push(event),
        }
    }
    *events = kept;
}

/// Returns the start tag of a link to another host; `TagEnd::Link` closes it.
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
    use url::Url;

    use super::*;
    use crate::config::BaseUrl;
    use crate::load::markdown::tests::html;

    #[test]
    fn urls_with_unsafe_schemes_become_text() {
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
    fn only_links_to_other_hosts_have_a_rel() {
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
    fn written_urls_resolve_as_they_were_classified() {
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
    fn links_are_never_nested() {
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
