//! Writes the parts of a paragraph as Markdown.

use crate::import::escape::{self, Place};
use crate::import::html::model::{Inline, Mark, box_sign, plain};
use crate::load::markdown::signs::Sign;
use crate::text::han::{is_full_width, is_read};

/// Punctuation at an edge that is moved out of a sign, so that Markdown sees the sign.
const MAX_MOVED: usize = 8;

/// Writes parts. Signs that Markdown cannot have in their place are added to `lost`.
pub(super) fn write(parts: &[Inline], place: Place, lost: &mut Vec<Mark>) -> String {
    let mut writer = Writer { out: String::new(), place, in_link: false, lost };
    writer.parts(parts, None);
    writer.out
}

struct Writer<'a> {
    out: String,
    place: Place,
    in_link: bool,
    lost: &'a mut Vec<Mark>,
}

impl Writer<'_> {
    /// Writes parts; `after` is the character that follows them.
    fn parts(&mut self, parts: &[Inline], after: Option<char>) {
        for (n, part) in parts.iter().enumerate() {
            let next = parts.get(n + 1);
            match part {
                Inline::Text(text) => {
                    let before_link = matches!(next, Some(Inline::Link(..) | Inline::Image(..)));
                    escape::append(&mut self.out, text, self.place, before_link);
                }
                Inline::Code(code) => self.code(code),
                Inline::Break => self.line_break(),
                Inline::Box(checked) => self.out.push(box_sign(*checked)),
                Inline::Link(_, _, words) if self.in_link => self.parts(words, after),
                Inline::Link(address, title, words) => {
                    self.out.push('[');
                    self.in_link = true;
                    self.parts(words, Some(']'));
                    self.in_link = false;
                    self.out.push_str("](");
                    self.target(address, title);
                }
                Inline::Image(address, title, alt) => {
                    self.out.push_str("![");
                    escape::append(&mut self.out, alt, Place::Cell, false);
                    self.out.push_str("](");
                    self.target(address, title);
                }
                Inline::Marked(mark, inner) => self.marked(*mark, inner, next, after),
            }
        }
    }

    fn line_break(&mut self) {
        match self.place {
            Place::Line => self.out.push_str("\\\n"),
            // A heading and a cell have one line.
            _ if self.out.ends_with(|c: char| c.is_whitespace() || (is_full_width(c) && !is_read(c))) => {}
            _ => self.out.push(' '),
        }
    }

    /// Writes words in a sign. Markdown only sees a sign beside certain characters (CommonMark 0.31,
    /// section 6.2): punctuation at the edges is moved out of it if needed. Else the words are
    /// written without the sign.
    fn marked(&mut self, mark: Mark, inner: &[Inline], next: Option<&Inline>, after: Option<char>) {
        let sign = mark.sign();
        let sign_char = if mark == Mark::Deleted { '~' } else { '*' };
        let mut inner = inner.to_vec();
        let mut moved = String::new();
        let behind = next.map_or(after, |next| first_char(next, sign_char));
        let known = self.lost.len();
        for _ in 0..MAX_MOVED {
            self.lost.truncate(known);
            let mut body = self.within(sign, &inner, Some(sign_char));
            let content = body[sign.len()..].trim_matches(sign_char);
            let far = moved.chars().next().or(behind).map(String::from).unwrap_or_default();
            let before = Sign::before(self.out.trim_end_matches(sign_char));
            let opens = Sign::after(content).flanks(before);
            let closes = Sign::before(content).flanks(Sign::after(&far));
            if opens && closes {
                body.push_str(sign);
                self.out.push_str(&body);
                return escape::append(
                    &mut self.out,
                    &moved,
                    self.place,
                    matches!(next, Some(Inline::Link(..))),
                );
            }
            let edge = if opens { inner.last_mut() } else { inner.first_mut() };
            let Some(Inline::Text(text)) = edge else { break };
            let character = if opens { text.chars().next_back() } else { text.chars().next() };
            let Some(c) = character.filter(|c| is_sign(*c) && *c != '&' && text.chars().count() > 1) else {
                break;
            };
            if opens {
                text.truncate(text.len() - c.len_utf8());
                moved.insert(0, c);
            } else {
                text.remove(0);
                escape::append(&mut self.out, &c.to_string(), self.place, false);
            }
        }
        self.lost.truncate(known);
        if inner.iter().any(|part| plain(std::slice::from_ref(part)).chars().any(char::is_alphanumeric)) {
            self.lost.push(mark);
        }
        inner.push(Inline::Text(moved));
        self.parts(&inner, behind);
    }

    /// Writes parts behind a sign.
    fn within(&mut self, sign: &str, parts: &[Inline], after: Option<char>) -> String {
        let out = std::mem::replace(&mut self.out, sign.to_owned());
        self.parts(parts, after);
        std::mem::replace(&mut self.out, out)
    }

    fn code(&mut self, code: &str) {
        // In a cell, `\|` is a bar, and nothing is a backslash before a bar.
        if self.place == Place::Cell && code.contains("\\|") {
            return escape::append(&mut self.out, code, self.place, false);
        }
        let fence = "`".repeat(longest_run(code) + 1);
        let is_edge = code.starts_with('`') || code.ends_with('`');
        let pad = if is_edge || (code.starts_with(' ') && code.ends_with(' ')) { " " } else { "" };
        let code = if self.place == Place::Cell { code.replace('|', "\\|") } else { code.to_owned() };
        self.out.extend([&fence, pad, &code, pad, &fence]);
    }

    /// Writes the address and the title of a link behind `](`.
    fn target(&mut self, address: &str, title: &str) {
        let mut depth = 0_i32;
        let mut is_balanced = true;
        for c in address.chars() {
            depth += i32::from(c == '(') - i32::from(c == ')');
            is_balanced &= depth >= 0;
        }
        is_balanced &= depth == 0;
        for (at, c) in address.char_indices() {
            match c {
                '<' | '>' => self.out.push_str(if c == '<' { "%3C" } else { "%3E" }),
                _ if c.is_whitespace() || c.is_control() => {
                    let mut bytes = [0; 4];
                    for byte in c.encode_utf8(&mut bytes).bytes() {
                        self.out.push_str(&format!("%{byte:02X}"));
                    }
                }
                '(' | ')' if is_balanced => self.out.push(c),
                '\\' | '(' | ')' | '`' | '|' => self.out.extend(['\\', c]),
                '&' if escape::begins_reference(&address[at..]) => self.out.push_str("\\&"),
                _ => self.out.push(c),
            }
        }
        if !title.is_empty() {
            self.out.push_str(" \"");
            for c in title.chars() {
                if "\\\"`<>&*_[]|~".contains(c) {
                    self.out.push('\\');
                }
                self.out.push(c);
            }
            self.out.push('"');
        }
        self.out.push(')');
    }
}

/// The first character of a part in Markdown, behind signs of one kind, which are one run.
fn first_char(part: &Inline, sign: char) -> Option<char> {
    Some(match part {
        Inline::Text(text) => return text.chars().next(),
        Inline::Code(_) => '`',
        Inline::Break => '\n',
        Inline::Box(checked) => box_sign(*checked),
        Inline::Link(..) => '[',
        Inline::Image(..) => '!',
        Inline::Marked(mark, inner) => match mark.sign().chars().next() {
            Some(first) if first != sign => first,
            _ => return inner.first().and_then(|part| first_char(part, sign)),
        },
    })
}

/// True for all that some version of CommonMark counts as punctuation.
fn is_sign(c: char) -> bool {
    !c.is_alphanumeric() && !c.is_whitespace()
}

/// The length of the longest run of backticks.
pub(super) fn longest_run(code: &str) -> usize {
    code.split(|c| c != '`').map(str::len).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::markdown::tests::paragraph;

    fn text(words: &str) -> Inline {
        Inline::Text(words.to_owned())
    }

    fn marked(mark: Mark, words: &str) -> Inline {
        Inline::Marked(mark, vec![text(words)])
    }

    fn link(address: &str, title: &str, words: &str) -> Inline {
        Inline::Link(address.to_owned(), title.to_owned(), vec![text(words)])
    }

    #[test]
    fn signs_are_seen_in_every_place() {
        use Mark::{Deleted, Emphasis, Strong};
        for (parts, markdown, html) in [
            (vec![text("a"), marked(Strong, "b"), text("c")], "a**b**c", "a<strong>b</strong>c"),
            (
                vec![text("甲"), marked(Strong, "“乙”"), text("丙")],
                "甲**“乙”**丙",
                "甲<strong>“乙”</strong>丙",
            ),
            (vec![marked(Strong, "Note:"), text("text")], "**Note**:text", "<strong>Note</strong>:text"),
            (vec![text("a"), marked(Strong, "(b)"), text("c")], "a(**b**)c", "a(<strong>b</strong>)c"),
            (vec![marked(Emphasis, "a"), marked(Strong, "b")], "*a***b**", "<em>a</em><strong>b</strong>"),
            (vec![marked(Strong, "a."), marked(Emphasis, "b")], "**a**.*b*", "<strong>a</strong>.<em>b</em>"),
            (
                vec![text("原价"), marked(Deleted, "999元"), text("现价")],
                "原价~~999元~~现价",
                "原价<del>999元</del>现价",
            ),
            (vec![marked(Strong, "a!"), link("u:x", "", "b")], "**a!**[b](u:x)", "<strong>a!</strong>b"),
            (
                vec![Inline::Marked(Strong, vec![marked(Emphasis, "a")]), text("b")],
                "***a***b",
                "<em><strong>a</strong></em>b",
            ),
        ] {
            let mut lost = Vec::new();
            let written = write(&parts, Place::Line, &mut lost);
            assert_eq!((written.as_str(), lost.len()), (markdown, 0));
            assert_eq!(paragraph(&written), html);
        }
    }

    #[test]
    fn a_sign_that_markdown_cannot_have_is_lost_and_named() {
        let code = Inline::Marked(Mark::Strong, vec![Inline::Code("b".into())]);
        let mut lost = Vec::new();
        assert_eq!(write(&[text("a"), code, text("c")], Place::Line, &mut lost), "a`b`c");
        assert_eq!(lost, [Mark::Strong]);
        lost.clear();
        assert_eq!(
            write(&[text("a"), marked(Mark::Strong, "!?"), text("c")], Place::Line, &mut lost),
            "a!?c"
        );
        assert_eq!(lost, []);
    }

    #[test]
    fn addresses_and_titles_are_written_so_that_they_end_where_they_should() {
        for (address, title, markdown) in [
            ("https://e.org/a_(b)", "", "[x](https://e.org/a_(b))"),
            ("https://e.org/a)b", "", "[x](https://e.org/a\\)b)"),
            ("https://e.org/)(", "", "[x](https://e.org/\\)\\()"),
            ("https://e.org/a b<c>", "", "[x](https://e.org/a%20b%3Cc%3E)"),
            ("https://e.org/?a&copy;=1&b=2|`", "", "[x](https://e.org/?a\\&copy;=1&b=2\\|\\`)"),
            ("https://e.org/\u{3000}", "甲\"乙\\", "[x](https://e.org/%E3%80%80 \"甲\\\"乙\\\\\")"),
        ] {
            assert_eq!(write(&[link(address, title, "x")], Place::Line, &mut Vec::new()), markdown);
        }
        let image = Inline::Image("a.png".into(), String::new(), "甲]乙*".into());
        assert_eq!(write(&[text("!"), image], Place::Line, &mut Vec::new()), "\\!![甲\\]乙\\*](a.png)");
        let nested = Inline::Link("u".into(), String::new(), vec![link("v", "", "x"), text("y")]);
        assert_eq!(write(&[nested], Place::Line, &mut Vec::new()), "[xy](u)");
    }

    #[test]
    fn code_and_breaks_fit_their_place() {
        for (parts, place, markdown) in [
            (vec![Inline::Code("a`b".into())], Place::Line, "``a`b``"),
            (vec![Inline::Code("`a".into())], Place::Line, "`` `a ``"),
            (vec![Inline::Code(" a ".into())], Place::Line, "`  a  `"),
            (vec![Inline::Code("a|b".into())], Place::Line, "`a|b`"),
            (vec![Inline::Code("a|b".into())], Place::Cell, "`a\\|b`"),
            (vec![Inline::Code("a\\|b".into())], Place::Cell, "a\\\\\\|b"),
            (vec![text("a"), Inline::Break, text("- b")], Place::Line, "a\\\n\\- b"),
            (vec![text("一、"), Inline::Break, text("甲")], Place::Heading, "一、甲"),
            (vec![text("一"), Inline::Break, text("甲")], Place::Cell, "一 甲"),
            (vec![text("a "), Inline::Break, Inline::Box(true)], Place::Cell, "a ☑"),
        ] {
            assert_eq!(write(&parts, place, &mut Vec::new()), markdown);
        }
    }
}
