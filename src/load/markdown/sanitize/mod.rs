//! Reduces the HTML of a body to the elements, attributes and classes that are listed here.
//!
//! `ammonia` parses like a browser and writes the elements that are kept (`mod.rs`). Tags whose
//! element would contain the rest of the article are shown as text beforehand (`unclosed.rs`). The
//! rules for links and images of other hosts, which `ammonia` does not support, are applied to its
//! well-formed result (`finish.rs`).

mod finish;
mod unclosed;

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use ammonia::{Builder, UrlRelative};

use crate::link::{Destination, Resolver};
use crate::load::markdown::headings;
use crate::load::markdown::options::{Refused, RenderOptions, too_deep};
pub(super) use unclosed::unclosed_tags_to_text;

/// Allowed elements: no `style`, no forms, nothing that runs code or loads anything but images.
/// `h1` becomes `h2`, because the page has the `h1`.
const ELEMENTS: [&str; 61] = [
    "a",
    "abbr",
    "b",
    "bdi",
    "bdo",
    "blockquote",
    "br",
    "caption",
    "cite",
    "code",
    "col",
    "colgroup",
    "dd",
    "del",
    "details",
    "dfn",
    "div",
    "dl",
    "dt",
    "em",
    "figcaption",
    "figure",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "i",
    "img",
    "ins",
    "kbd",
    "li",
    "mark",
    "ol",
    "p",
    "pre",
    "q",
    "rp",
    "rt",
    "ruby",
    "s",
    "samp",
    "small",
    "span",
    "strong",
    "sub",
    "summary",
    "sup",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "time",
    "tr",
    "u",
    "ul",
    "var",
];

/// Elements that are removed with their content, which is not prose.
const WITH_CONTENT: [&str; 7] = ["script", "style", "template", "iframe", "textarea", "title", "noscript"];

/// Allowed attributes by element. All elements may have `lang`, `dir` and `title`.
const ATTRIBUTES: [(&str, &[&str]); 21] = [
    ("a", &["href"]),
    ("img", &["src", "data-src", "alt", "width", "height"]),
    ("ol", &["start", "reversed"]),
    ("li", &["value"]),
    ("td", &["colspan", "rowspan", "class"]),
    ("th", &["colspan", "rowspan", "scope", "class"]),
    ("col", &["span"]),
    ("colgroup", &["span"]),
    ("details", &["open"]),
    ("time", &["datetime"]),
    ("del", &["datetime"]),
    ("ins", &["datetime"]),
    ("code", &["class"]),
    ("sup", &["class"]),
    ("div", &["class", "id"]),
    ("h2", &["id"]),
    ("h3", &["id"]),
    ("h4", &["id"]),
    ("h5", &["id"]),
    ("h6", &["id"]),
    ("bdo", &[]),
];

/// Allowed classes: those of the Markdown renderer. Any other class could be one of the page's
/// style sheet.
const CLASSES: [&str; 6] =
    ["left", "center", "right", "footnote-definition", "footnote-definition-label", "footnote-reference"];

/// Maximum number of elements that are sanitized: nested elements take quadratic time.
const MAX_ELEMENTS: usize = 20_000;

/// Maximum product of the number of elements and the number of formatting elements with attributes.
/// A browser reopens the latter in every block until they are closed, so `<b x><b y>…<p>a<p>a…`
/// makes as many elements as both numbers multiplied.
const MAX_REOPENED_ELEMENTS: usize = 4_000_000;

/// Maximum size of HTML that is sanitized, in bytes. Tags with many attributes and character
/// references without `;` take quadratic time.
const MAX_SANITIZED_BYTES: usize = 512 << 10;

/// Sanitizes a body's HTML. Ids are kept only if they contain `mark`, which the Markdown renderer
/// puts into its own.
///
/// # Errors
/// The HTML has more bytes or elements than can be sanitized in a short time.
pub(super) fn sanitize(html: &str, options: &RenderOptions<'_>, mark: &str) -> Result<String, Refused> {
    let refused = |size: String| Refused {
        message: tr!("this text has too much HTML to sanitize: {size}", size),
        help: tr!("write it as Markdown, or split it; see the guide on security for the limits"),
        at: 0,
    };
    if html.len() > MAX_SANITIZED_BYTES {
        return Err(refused(format!("{} KB", html.len() >> 10)));
    }
    let (elements, reopened) = count_elements(html);
    if elements > MAX_ELEMENTS || elements * reopened > MAX_REOPENED_ELEMENTS {
        return Err(refused(tr!(
            "{elements} elements, of which {reopened} are links or other inline elements with attributes",
            elements,
            reopened
        )));
    }
    let attributes: HashMap<&str, HashSet<&str>> =
        ATTRIBUTES.iter().map(|(element, names)| (*element, names.iter().copied().collect())).collect();
    let base_path = options.base_url.path.clone();
    let resolver = Resolver::new(&options.base_url.origin, &base_path);
    let of_filter = resolver.clone();
    let mark = mark.to_owned();
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from(ELEMENTS))
        .clean_content_tags(HashSet::from(WITH_CONTENT))
        .generic_attributes(HashSet::from(["lang", "dir", "title"]))
        .tag_attributes(attributes)
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::PassThrough)
        .link_rel(None)
        .attribute_filter(move |element, name, value| match (element, name) {
            (_, "class") => is_own_class(element, value).then_some(Cow::Borrowed(value)),
            (_, "id") => is_own_id(element, value, &mark).then_some(Cow::Borrowed(value)),
            (_, "href" | "src" | "data-src") => {
                // The Markdown renderer has already put its addresses below the base path.
                let destination = match value.starts_with(&base_path) {
                    true => of_filter.as_ref()?.resolve(value),
                    false => of_filter.as_ref()?.resolve_in_site(value),
                };
                match destination {
                    Destination::Internal(address) | Destination::External(address) => Some(address.into()),
                    Destination::Mailbox(address) if element == "a" => Some(address.into()),
                    Destination::Mailbox(_) | Destination::Forbidden => None,
                }
            }
            (_, "width" | "height" | "start" | "value" | "colspan" | "rowspan" | "span") => {
                (value.len() < 5 && value.bytes().all(|b| b.is_ascii_digit())).then_some(Cow::Borrowed(value))
            }
            _ => Some(Cow::Borrowed(value)),
        });
    // Removing an element that closes a paragraph can leave a paragraph inside a paragraph. A
    // second pass parses the result as a browser would.
    let cleaned = builder.clean(&builder.clean(html).to_string()).to_string();
    if finish::max_depth(&cleaned) > options.nesting {
        return Err(too_deep(options.nesting, 0));
    }
    Ok(finish::rewrite_links_and_images(&cleaned, options, resolver.as_ref()))
}

/// Counts start tags, and among them the formatting elements with attributes that a browser reopens
/// (HTML standard, section 13.2.4.3). Tags inside comments and attribute values count as well, so
/// that nothing can be hidden from the limit.
fn count_elements(html: &str) -> (usize, usize) {
    const FORMATTING: [&str; 14] =
        ["a", "b", "big", "code", "em", "font", "i", "nobr", "s", "small", "strike", "strong", "tt", "u"];
    let (mut elements, mut reopened) = (0, 0);
    for tag in html.split('<').skip(1).filter(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic())) {
        elements += 1;
        let name = &tag[..tag.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(tag.len())];
        let has_attributes = !tag[name.len()..].starts_with('>');
        reopened +=
            usize::from(has_attributes && FORMATTING.iter().any(|known| name.eq_ignore_ascii_case(known)));
    }
    (elements, reopened)
}

fn is_own_class(element: &str, value: &str) -> bool {
    match element {
        "code" => value.strip_prefix("language-").is_some_and(|name| !name.contains(char::is_whitespace)),
        _ => CLASSES.contains(&value),
    }
}

/// True if the Markdown renderer gave this id to a footnote or a heading.
fn is_own_id(element: &str, id: &str, mark: &str) -> bool {
    match element {
        "div" => id.strip_prefix("fn-").is_some_and(|rest| rest.starts_with(mark)),
        _ => headings::is_heading_id(id, mark),
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{BaseUrl, RawHtml};
    use crate::load::markdown::tests::options;
    use crate::load::markdown::{RenderOptions, render};

    fn html(text: &str) -> String {
        let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
        render(text, &RenderOptions { html: RawHtml::Sanitize, ..options(&base_url) }).unwrap().html.unwrap()
    }

    #[test]
    fn elements_of_text_are_kept() {
        for kept in [
            "<figure><img src=\"/base/a.png\" alt=\"图\"><figcaption>说明</figcaption></figure>",
            "<table><caption>表</caption><tbody><tr><th scope=\"row\">a</th><td colspan=\"2\">b</td></tr></tbody></table>",
            "<details open=\"\"><summary>更多</summary>内容</details>",
            "<ruby>漢<rp>(</rp><rt>hàn</rt><rp>)</rp></ruby>",
            "<p lang=\"en\">H<sub>2</sub>O <kbd>Ctrl</kbd> <mark>a</mark></p>",
        ] {
            assert_eq!(html(&format!("<div>{kept}</div>\n")).trim(), format!("<div>{kept}</div>"));
        }
    }

    #[test]
    fn elements_that_run_load_or_send_are_removed() {
        for hostile in [
            "<script>alert(1)</script>",
            "<img src=x onerror=alert(1)>",
            "<svg onload=alert(1)><a xlink:href='javascript:x'>",
            "<a href='javascript:alert(1)' onclick=x>a</a>",
            "<iframe srcdoc='<script>x</script>'></iframe>",
            "<form action=/x><input name=y><button formaction=javascript:x>",
            "<style>*{}</style><p style='position:fixed'>a",
            "<link rel=stylesheet href=//evil.org><meta http-equiv=refresh content=0>",
            "<base href=//evil.org><object data=x><embed src=y>",
            "<div id=content class=masthead name=x data-search>a</div>",
            "<h2 id=h-a>a</h2><h3 id=\"h-A b\">b</h3><p id=h-c>c</p><div id=fn-1>d</div>",
            "<math><mtext><table><mglyph><style><!--</style><img title=\"--&gt;&lt;img src=1 onerror=alert(1)&gt;\">",
            "<noscript><p title=\"</noscript><img src=x onerror=alert(1)>\">",
            "<video src=//evil.org autoplay></video><audio src=x></audio>",
        ] {
            let html = html(&format!("前\n\n{hostile}\n\n后 {hostile} 后"));
            for part in [
                "<script",
                "onerror=",
                "onload",
                "javascript:",
                "<iframe",
                "<form",
                "<input",
                "<button",
                "style",
                "<link",
                "<meta",
                "<base",
                "<object",
                "<embed",
                "id=",
                "class=",
                "name=",
                "data-",
                "<svg",
                "<math",
                "<video",
                "<audio",
            ] {
                // Attribute values are only text.
                let tags: String = html
                    .split('<')
                    .skip(1)
                    .map(|rest| format!("<{}", rest.split(['"', '>']).next().unwrap()))
                    .collect();
                assert!(!tags.contains(part), "{part} in {html}");
            }
            // An unclosed comment in MathML swallows the rest of the article, as in every browser.
            let ends = !hostile.contains("<style><!--");
            assert!(html.contains('前') && html.contains('后') == ends, "{html}");
        }
    }

    #[test]
    fn markdown_beside_html_is_unchanged() {
        let text = "| a | b |\n|---|--:|\n| 1 | 2 |\n\n```rust\nx\n```\n\n## 二\n\n一[^x] [关于](/about/) [外](https://o.org/) <b>粗</b>\n\n[^x]: 注\n";
        let html = html(text);
        for part in [
            "<td class=\"right\">2</td>",
            "<code class=\"language-rust\">",
            "<a href=\"#fn-1\">1</a>",
            "id=\"fn-1\"",
            "<h2 id=\"h-二\">二</h2>",
            "<a href=\"/base/about/\">关于</a>",
            "<a href=\"https://o.org/\" rel=\"noopener noreferrer nofollow ugc\">外</a>",
            "<b>粗</b>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn too_much_html_is_refused() {
        let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
        let options = RenderOptions { html: RawHtml::Sanitize, ..options(&base_url) };
        let again: String = (0..3000).map(|n| format!("<b x={n}>")).collect();
        for text in ["<div>".repeat(30_000), again + &"<p>a".repeat(3000)] {
            let refused = render(&text, &options).unwrap_err();
            assert!(refused.message.contains("too much HTML"), "{refused:?}");
        }
        let refused = render(&("<b>x</b>".to_owned() + &"&amp".repeat(300_000)), &options).unwrap_err();
        assert!(refused.message.contains("too much HTML"), "{refused:?}");
        assert!(render(&"一段。\n\n".repeat(100_000), &options).is_ok());
    }

    #[test]
    fn an_unclosed_tag_does_not_swallow_the_article() {
        for tag in [
            "<iframe>",
            "<title>",
            "<style>",
            "<textarea>",
            "<script>",
            "<template>",
            "<xmp>",
            "<plaintext>",
            "<noscript>",
        ] {
            let html = html(&format!("前 {tag}\n\n后"));
            assert_eq!(
                html,
                format!("<p>前 &lt;{}</p>\n<p>后</p>\n", tag[1..].replace('>', "&gt;")),
                "{tag}"
            );
        }
        assert_eq!(html("前 <iframe src=x>中</iframe>\n\n后"), "<p>前 </p>\n<p>后</p>\n");
    }

    #[test]
    fn sanitized_html_is_well_formed() {
        assert_eq!(html("前<select>\n\n后"), "<p>前</p><p></p>\n<p>后</p>\n<p></p>");
        assert_eq!(html("<h1>一</h1>\n"), "<h2>一</h2>\n");
        assert_eq!(html("<img data-src='/a.png' alt=图>\n").trim(), "<img src=\"/base/a.png\" alt=\"图\">");
        let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
        let options = RenderOptions { html: RawHtml::Sanitize, ..options(&base_url) };
        let refused = render(&("<div>".repeat(200) + "x"), &options).unwrap_err();
        assert_eq!(refused.message, "this is nested more than 100 elements deep");
    }

    #[test]
    fn images_and_links_in_html_follow_the_rules_of_markdown() {
        let rel = "rel=\"noopener noreferrer nofollow ugc\"";
        assert_eq!(
            html("<img src='https://o.org/a.png' alt='a &lt;b>'>\n").trim(),
            format!("<a href=\"https://o.org/a.png\" {rel}>a &lt;b&gt;</a>")
        );
        assert_eq!(
            html("<a href='/b'><img src='//o.org/a.png'></a>\n").trim(),
            "<p><a href=\"/base/b\">//o.org/a.png</a></p>"
        );
        assert_eq!(html("<img src='/a.png'>\n").trim(), "<img src=\"/base/a.png\" alt=\"\">");
        assert_eq!(html("<img src='data:image/png;base64,x' alt=a>\n").trim(), "a");
        assert_eq!(
            html("<a href='https://o.org/' rel='opener' target=_top>x</a>\n").trim(),
            format!("<p><a href=\"https://o.org/\" {rel}>x</a></p>")
        );
    }
}
