//! Finds what is hidden in HTML: comments, processing instructions, declarations, CDATA sections.

/// The beginning of a comment.
pub(super) const OPENS: &str = "<!--";
/// The end of a comment.
pub(super) const CLOSES: &str = "-->";

/// Elements in which `<!--` is no comment (HTML standard, section 13.2.5: RCDATA, raw text and
/// script data).
const RAW_TEXT_ELEMENTS: [&str; 8] =
    ["script", "style", "textarea", "title", "xmp", "iframe", "noembed", "noframes"];

/// HTML without what is hidden.
pub(super) struct Shown {
    pub(super) text: String,
    /// Byte offset of a comment that is not closed in this HTML.
    pub(super) open: Option<usize>,
}

/// Returns what is left of HTML. With `keeps_raw_text`, the content of scripts and of other
/// elements with raw text stays as it is.
pub(super) fn shown_html(html: &str, keeps_raw_text: bool) -> Shown {
    let mut text = String::new();
    let (mut copied, mut at) = (0, 0);
    let mut raw_text: Option<&str> = None;
    while let Some(found) = html[at..].find('<') {
        let start = at + found;
        let tag = &html[start..];
        at = start + 1;
        if let Some(name) = raw_text {
            if tag_name(tag) == Some((true, name)) {
                raw_text = None;
            }
        } else if let Some(end) = hidden_length(tag) {
            text.push_str(&html[copied..start]);
            let Some(end) = end else {
                return Shown { text, open: tag.starts_with(OPENS).then_some(start) };
            };
            at = start + end;
            copied = at;
        } else if let Some(end) = tag_length(tag) {
            // A `<!--` in the value of an attribute is text.
            at = start + end;
            raw_text = match tag_name(tag) {
                Some((false, name)) if keeps_raw_text => Some(name),
                _ => None,
            };
        }
    }
    text.push_str(&html[copied..]);
    Shown { text, open: None }
}

/// Returns the length of what is hidden at the beginning of this HTML: `None` if nothing is,
/// `Some(None)` if it does not end.
fn hidden_length(html: &str) -> Option<Option<usize>> {
    let through = |end: &str, from: usize| html[from..].find(end).map(|at| from + at + end.len());
    if html.starts_with(OPENS) {
        // `<!-->` and `<!--->` are comments.
        return Some(through(CLOSES, 2));
    }
    if html.starts_with("<?") {
        return Some(through("?>", 2));
    }
    let declaration = html.strip_prefix("<!")?;
    if declaration.starts_with("[CDATA[") {
        return Some(through("]]>", 2));
    }
    // A declaration, or `<![if …]>`, which a browser reads as a comment.
    declaration.starts_with(|c: char| c.is_ascii_alphabetic() || c == '[').then(|| through(">", 2))
}

/// Returns whether a tag is an end tag, and its name if it is of an element with raw text.
fn tag_name(tag: &str) -> Option<(bool, &'static str)> {
    let name = tag.strip_prefix('<')?;
    let (is_end, name) = name.strip_prefix('/').map_or((false, name), |name| (true, name));
    let length = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
    let known = RAW_TEXT_ELEMENTS.into_iter().find(|known| known.eq_ignore_ascii_case(&name[..length]))?;
    Some((is_end, known))
}

/// Returns the length of the tag at the beginning of this HTML; `None` if there is none, or it does
/// not end.
fn tag_length(html: &str) -> Option<usize> {
    let name = html[1..].strip_prefix('/').unwrap_or(&html[1..]);
    if !name.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    for (at, byte) in html.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') => quote = Some(byte),
            (Some(open), byte) if open == byte => quote = None,
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_hidden_has_an_end() {
        for (html, length) in [
            ("<!-- a --> b", Some(Some(10))),
            ("<!-->b-->", Some(Some(5))),
            ("<!--->b", Some(Some(6))),
            ("<!-- a", Some(None)),
            ("<? a ?>b", Some(Some(7))),
            ("<?>", Some(None)),
            ("<!doctype a>b", Some(Some(12))),
            ("<![CDATA[>]]>b", Some(Some(13))),
            ("<![if IE]>b", Some(Some(10))),
            ("<!>", None),
            ("<!- a -->", None),
            ("<b>", None),
        ] {
            assert_eq!(hidden_length(html), length, "{html}");
        }
        for (html, length) in [
            ("<b>c", Some(3)),
            ("</b >c", Some(5)),
            ("<b a='>' c=\">\">d", Some(15)),
            ("<b a='>", None),
            ("<b a=\"'>", None),
            ("< b>", None),
            ("<3>", None),
            ("</>", None),
        ] {
            assert_eq!(tag_length(html), length, "{html}");
        }
        for (tag, name) in [
            ("<SCRIPT src=x>", Some((false, "script"))),
            ("</style>", Some((true, "style"))),
            ("<title>", Some((false, "title"))),
            ("<scripts>", None),
            ("<b>", None),
            ("script", None),
        ] {
            assert_eq!(tag_name(tag), name, "{tag}");
        }
        let shown = shown_html("a<!-- b --><b>c<!-- d", false);
        assert_eq!((&*shown.text, shown.open), ("a<b>c", Some(15)));
        assert_eq!(shown_html("a<? b", false).open, None);
    }
}
