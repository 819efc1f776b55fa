//! Finds tags in a text, and knows the elements of HTML.

/// Elements of HTML (Living Standard, sections 4 and 16.2), without those of the head.
const ELEMENTS: &str = " a abbr acronym address applet area article aside audio b base basefont bdi bdo bgsound big blink \
 blockquote body br button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl \
 dt em embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i \
 iframe img input ins kbd label legend li link listing main map mark marquee math menu meta meter nav nobr noembed noframes \
 noscript object ol optgroup option output p param picture plaintext pre progress q rb rp rt rtc ruby s samp script search \
 section select slot small source span strike strong style sub summary sup svg table tbody td template textarea tfoot th \
 thead time title tr track tt u ul var video wbr xmp ";

/// Elements without an end tag (section 13.1.2).
const VOID: &str =
    " area base basefont bgsound br col embed frame hr img input link meta param source track wbr ";

/// Elements whose content is text up to their end tag (sections 13.2.6.4.4 and 13.2.6.4.7).
const RAW: &str = " iframe noembed noframes script style textarea title xmp ";

/// Elements that are laid out as blocks (section 15.3), and their parts.
const BLOCKS: &str = " address article aside blockquote body caption center col colgroup dd details dialog dir div dl dt \
 fieldset figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu nav \
 noframes ol optgroup option p plaintext pre search section summary table tbody td tfoot th thead tr ul xmp ";

/// Bytes of the longest name of a tag, so that texts of many `<` are read in linear time.
const MAX_NAME_BYTES: usize = 64;

fn holds(list: &str, name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    list.match_indices(&name).any(|(at, _)| {
        !name.is_empty() && list[..at].ends_with(' ') && list[at + name.len()..].starts_with(' ')
    })
}

/// True for the name of an element of HTML, in any case.
pub(super) fn is_known(name: &str) -> bool {
    holds(ELEMENTS, name)
}

/// True if an element has no end tag.
pub(super) fn is_void(name: &str) -> bool {
    holds(VOID, name)
}

/// True if the content of an element is text up to its end tag.
pub(super) fn is_raw(name: &str) -> bool {
    holds(RAW, name)
}

/// True for an element that is a block.
pub(super) fn is_block(name: &str) -> bool {
    holds(BLOCKS, name)
}

/// True if an element of HTML has a name that begins so.
pub(super) fn begins_known(start: &str) -> bool {
    !start.is_empty() && ELEMENTS.contains(&format!(" {}", start.to_ascii_lowercase()))
}

/// Elements without text of an article, which are removed and recorded.
const REMOVED: [&str; 17] = [
    "audio", "button", "canvas", "datalist", "embed", "iframe", "noembed", "noframes", "object", "script",
    "select", "style", "svg", "template", "textarea", "title", "video",
];

/// True for the name of an element without text of an article.
pub(super) fn is_removed(name: &str) -> bool {
    REMOVED.contains(&name)
}

/// A tag in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Tag<'a> {
    /// The name as written.
    pub(super) name: &'a str,
    /// Whether it is an end tag.
    pub(super) closes: bool,
    /// The text between name and `>`.
    pub(super) attributes: &'a str,
    /// The length of the tag in bytes.
    pub(super) length: usize,
}

/// Reads the tag at the beginning of a text, with its end as browsers find it (section 13.2.5):
/// a `>` in a quoted value does not end a tag.
///
/// # Errors
/// `None` if the text does not begin with a tag, or if the text ends before the tag.
pub(super) fn read(text: &str) -> Option<Tag<'_>> {
    let closes = text.starts_with("</");
    let begin = 1 + usize::from(closes);
    let name = name_at(text)?;
    let mut quote = None;
    let mut previous = b' ';
    for (at, byte) in text.bytes().enumerate().skip(begin + name.len()) {
        match (quote, byte) {
            (None, b'>') => {
                let attributes = &text[begin + name.len()..at];
                return Some(Tag { name, closes, attributes, length: at + 1 });
            }
            (None, b'"' | b'\'') if previous == b'=' => quote = Some(byte),
            (Some(open), _) if byte == open => quote = None,
            _ => {}
        }
        if !byte.is_ascii_whitespace() {
            previous = byte;
        }
    }
    None
}

/// The name of a tag that a text begins with, whether or not the tag has an end.
pub(super) fn name_at(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('<')?;
    let rest = rest.strip_prefix('/').unwrap_or(rest);
    let ends = |byte: u8| byte.is_ascii_whitespace() || matches!(byte, b'/' | b'>');
    let end = rest.bytes().take(MAX_NAME_BYTES).position(ends);
    let end = end.or((rest.len() < MAX_NAME_BYTES).then_some(rest.len()))?;
    rest.starts_with(|c: char| c.is_ascii_alphabetic()).then_some(&rest[..end])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_known_by_their_whole_name() {
        for (name, known, void, raw, block) in [
            ("p", true, false, false, true),
            ("BR", true, true, false, false),
            ("Iframe", true, false, true, false),
            ("h1", true, false, false, true),
            ("h7", false, false, false, false),
            ("string", false, false, false, false),
            ("wb", false, false, false, false),
            ("", false, false, false, false),
        ] {
            let found = (is_known(name), is_void(name), is_raw(name), is_block(name));
            assert_eq!(found, (known, void, raw, block), "{name}");
        }
        assert!(begins_known("cod") && begins_known("P") && !begins_known("xy") && !begins_known(""));
    }

    #[test]
    fn a_tag_ends_at_the_first_angle_bracket_outside_of_quotes() {
        for (text, name, attributes, length) in [
            ("<p>一", "p", "", 3),
            ("</P >", "P", " ", 5),
            ("<a href=\"x>y\" b>z", "a", " href=\"x>y\" b", 16),
            ("<a title = 'x>y'>", "a", " title = 'x>y'", 17),
            ("<a b\"c>d\">", "a", " b\"c", 7),
            ("<br/>", "br", "/", 5),
        ] {
            let tag = read(text).unwrap();
            assert_eq!((tag.name, tag.attributes, tag.length), (name, attributes, length), "{text}");
            assert_eq!(tag.closes, text.starts_with("</"), "{text}");
        }
        for text in ["<", "< p>", "<1>", "<p", "<a b='x>", "p>", "<张三>", "<!-- -->", "</>"] {
            assert_eq!(read(text), None, "{text}");
        }
        assert_eq!((name_at("</cod"), name_at("<a href"), name_at("<>")), (Some("cod"), Some("a"), None));
    }
}
