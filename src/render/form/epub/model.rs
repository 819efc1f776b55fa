//! Maps the elements of HTML to those of a book, and says which of them may contain which.
//!
//! Books are checked against the content models of HTML (EPUB 3.3, section 6.1). Elements whose
//! models depend on what else their parent contains (`dl`, `details`, `figure`) become `div`s.

/// What an element may contain.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Content {
    /// Blocks and text.
    Flow,
    /// Text and inline elements.
    Phrasing,
    /// Items.
    List,
    /// Row groups.
    Table,
    /// Rows.
    Rows,
    /// Cells.
    Row,
}

/// The place of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// Among blocks.
    Block,
    /// In text.
    Inline,
    /// In a list.
    Item,
    /// In a table: its caption.
    Caption,
    /// In a table: a row group.
    Group,
    /// In a row group.
    Row,
    /// In a row.
    Cell,
}

/// An element of a book.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element {
    /// Its name.
    pub(super) name: &'static str,
    /// The class that keeps the meaning of an element that became a `div` or `span`; may be empty.
    pub(super) class: &'static str,
    pub(super) place: Place,
    /// `None` if it has no content.
    pub(super) content: Option<Content>,
}

/// The name of a `ruby` that is written as text. No tag can have this name.
pub(super) const PLAIN_RUBY: &str = "plain ruby";
/// The name of a reading (`rt`) that is written as text.
pub(super) const PLAIN_RT: &str = "plain rt";

/// The element of a book for an element of HTML; `None` if its tags are left out.
pub(super) fn element(name: &str) -> Option<Element> {
    let make = |name, class, place, content| Some(Element { name, class, place, content: Some(content) });
    let block = |name, content| make(name, "", Place::Block, content);
    let inline = |name| make(name, "", Place::Inline, Content::Phrasing);
    let void = |name, place| Some(Element { name, class: "", place, content: None });
    match name {
        "p" => block("p", Content::Phrasing),
        // The chapter has the `h1`.
        "h1" | "h2" => block("h2", Content::Phrasing),
        "h3" => block("h3", Content::Phrasing),
        "h4" => block("h4", Content::Phrasing),
        "h5" => block("h5", Content::Phrasing),
        "h6" => block("h6", Content::Phrasing),
        "pre" | "listing" | "xmp" => block("pre", Content::Phrasing),
        "blockquote" => block("blockquote", Content::Flow),
        "ul" | "menu" | "dir" => block("ul", Content::List),
        "ol" => block("ol", Content::List),
        "table" => block("table", Content::Table),
        "dt" | "summary" | "legend" => make("div", "term", Place::Block, Content::Flow),
        "dd" => make("div", "description", Place::Block, Content::Flow),
        "figcaption" => make("div", "caption", Place::Block, Content::Flow),
        "div" | "article" | "aside" | "section" | "nav" | "header" | "footer" | "main" | "address"
        | "hgroup" | "center" | "details" | "figure" | "dl" | "form" | "fieldset" | "search" | "dialog" => {
            block("div", Content::Flow)
        }
        "hr" => void("hr", Place::Block),
        "li" => make("li", "", Place::Item, Content::Flow),
        "caption" => make("caption", "", Place::Caption, Content::Flow),
        "thead" => make("thead", "", Place::Group, Content::Rows),
        "tbody" | "tfoot" => make("tbody", "", Place::Group, Content::Rows),
        "tr" => make("tr", "", Place::Row, Content::Row),
        "td" => make("td", "", Place::Cell, Content::Flow),
        "th" => make("th", "", Place::Cell, Content::Flow),
        "br" => void("br", Place::Inline),
        "wbr" => void("wbr", Place::Inline),
        "a" => inline("a"),
        "abbr" | "acronym" => inline("abbr"),
        "b" => inline("b"),
        "bdi" => inline("bdi"),
        "cite" => inline("cite"),
        "code" => inline("code"),
        "del" | "s" | "strike" => inline("s"),
        "em" => inline("em"),
        "i" | "dfn" | "var" => inline("i"),
        "ins" | "u" => inline("u"),
        "kbd" => inline("kbd"),
        "mark" => inline("mark"),
        "q" => inline("q"),
        "samp" | "tt" => inline("samp"),
        "small" => inline("small"),
        "strong" => inline("strong"),
        "sub" => inline("sub"),
        "sup" => inline("sup"),
        "ruby" => inline("ruby"),
        "rt" => inline("rt"),
        "rp" => inline("rp"),
        PLAIN_RUBY | PLAIN_RT => inline("span"),
        "span" | "bdo" | "time" | "font" | "big" | "label" | "data" | "nobr" => inline("span"),
        _ => None,
    }
}

/// True for elements that are left out with their content, which is not prose or would run.
pub(super) fn is_left_out(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "template"
            | "iframe"
            | "noscript"
            | "textarea"
            | "title"
            | "select"
            | "svg"
            | "math"
            | "head"
            | "noembed"
            | "noframes"
            | "datalist"
    )
}

/// True for elements without an element of a book that become links or signs.
pub(super) fn is_replaced(name: &str) -> bool {
    matches!(name, "img" | "input" | "video" | "audio" | "embed")
}

/// True for the elements of HTML that contain elements of another language.
pub(super) fn is_foreign(name: &str) -> bool {
    matches!(name, "svg" | "math")
}

/// True for the elements of SVG and MathML that contain HTML again (HTML, section 13.2.6.5).
pub(super) fn is_integration_point(name: &str) -> bool {
    matches!(name, "foreignobject" | "desc" | "title" | "mi" | "mo" | "mn" | "ms" | "mtext")
}

/// True for start tags that end the SVG or MathML around them (HTML, section 13.2.6.5).
pub(super) fn is_breakout(name: &str) -> bool {
    matches!(
        name,
        "b" | "big"
            | "blockquote"
            | "body"
            | "br"
            | "center"
            | "code"
            | "dd"
            | "div"
            | "dl"
            | "dt"
            | "em"
            | "embed"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "head"
            | "hr"
            | "i"
            | "img"
            | "li"
            | "listing"
            | "menu"
            | "meta"
            | "nobr"
            | "ol"
            | "p"
            | "pre"
            | "ruby"
            | "s"
            | "small"
            | "span"
            | "strong"
            | "strike"
            | "sub"
            | "sup"
            | "table"
            | "tt"
            | "u"
            | "ul"
            | "var"
    )
}

/// True for elements of HTML that have neither content nor an end tag.
pub(super) fn is_void(name: &str) -> bool {
    matches!(
        name,
        "area"
            | "base"
            | "br"
            | "col"
            | "embed"
            | "hr"
            | "img"
            | "input"
            | "link"
            | "meta"
            | "param"
            | "source"
            | "track"
            | "wbr"
    )
}

/// The level of a heading of a book, from 2 to 6; `None` for other elements.
pub(super) fn heading_level(name: &str) -> Option<u8> {
    match name.as_bytes() {
        [b'h', level @ b'2'..=b'6'] => Some(level - b'0'),
        _ => None,
    }
}

/// True if a tag has the form of BCP 47: parts of at most eight letters or digits, the first of
/// letters.
pub(super) fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=8).contains(&first.len())
        && first.bytes().all(|byte| byte.is_ascii_alphabetic())
        && parts.all(|part| {
            (2..=8).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_alphanumeric())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_have_names_of_books() {
        let named = |name| element(name).map(|found| (found.name, found.class, found.content));
        for (name, wanted) in [
            ("h1", ("h2", "", Some(Content::Phrasing))),
            ("dl", ("div", "", Some(Content::Flow))),
            ("dt", ("div", "term", Some(Content::Flow))),
            ("dd", ("div", "description", Some(Content::Flow))),
            ("figcaption", ("div", "caption", Some(Content::Flow))),
            ("tfoot", ("tbody", "", Some(Content::Rows))),
            ("font", ("span", "", Some(Content::Phrasing))),
            ("menu", ("ul", "", Some(Content::List))),
            ("hr", ("hr", "", None)),
            ("br", ("br", "", None)),
        ] {
            assert_eq!(named(name), Some(wanted), "{name}");
        }
        for name in ["img", "input", "col", "video", "button", "x-y", "script"] {
            assert_eq!(named(name), None, "{name}");
        }
        assert!(is_left_out("script") && is_left_out("svg") && !is_left_out("p"));
        assert!(is_void("img") && is_void("col") && !is_void("p"));
    }

    #[test]
    fn a_language_is_a_tag() {
        for tag in ["en", "zh-CN", "zh-Hant-TW", "de-1996"] {
            assert!(is_language(tag), "{tag}");
        }
        for tag in ["", "e", "e n", "zh_CN", "1a", "en-", "abcdefghi", "en-u"] {
            assert!(!is_language(tag), "{tag}");
        }
    }
}
