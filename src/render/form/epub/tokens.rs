//! Reads HTML as start tags, end tags and texts, with the tokenizer of the HTML standard. Elements
//! that are not prose are left out.

use std::cell::RefCell;
use std::collections::HashMap;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::render::form::epub::piece::{Attributes, Piece};
use crate::render::form::epub::{model, ruby};

/// Splits HTML into pieces.
pub(super) fn tokenise(html: &str) -> Vec<Piece> {
    let sink = Sink { state: RefCell::new(State::default()) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts { discard_bom: true, ..TokenizerOpts::default() });
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The tokenizer stops early only if its sink asks for it; this sink never does.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    ruby::settle(tokenizer.sink.state.into_inner().finish())
}

struct Sink {
    state: RefCell<State>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut state = self.state.borrow_mut();
        match token {
            Token::CharacterTokens(text) => match state.pieces.last_mut() {
                Some(Piece::Text(known)) => known.push_str(&text),
                _ => state.pieces.push(Piece::Text(text.to_string())),
            },
            Token::TagToken(tag) if tag.kind == TagKind::EndTag => state.end(&tag.name),
            Token::TagToken(tag) => return state.start(&tag),
            _ => {}
        }
        TokenSinkResult::Continue
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.state.borrow().is_foreign()
    }
}

/// An open element that is left out, or that contains HTML inside of SVG or MathML.
struct Mark {
    name: String,
    /// The number of pieces before it.
    start: usize,
    /// True if SVG or MathML follows in it.
    is_foreign: bool,
    is_left_out: bool,
    /// True if its text has no tags and is not prose.
    is_raw: bool,
}

#[derive(Default)]
struct State {
    pieces: Vec<Piece>,
    marks: Vec<Mark>,
    /// How many marks have a name.
    open: HashMap<String, usize>,
}

impl State {
    fn is_foreign(&self) -> bool {
        self.marks.last().is_some_and(|mark| mark.is_foreign)
    }

    fn pop(&mut self) -> Option<Mark> {
        let mark = self.marks.pop()?;
        if let Some(count) = self.open.get_mut(&mark.name) {
            *count -= 1;
        }
        Some(mark)
    }

    /// Ends the SVG or MathML that is open.
    fn leave_foreign(&mut self) {
        while self.is_foreign()
            && let Some(mark) = self.pop()
        {
            self.pieces.truncate(mark.start);
        }
    }

    fn start(&mut self, tag: &Tag) -> TokenSinkResult<()> {
        let name = tag.name.to_string();
        let attributes = tag.attrs.iter();
        let attributes = attributes.map(|attr| (attr.name.local.to_string(), attr.value.to_string()));
        let attributes = Attributes::new(attributes.collect());
        let has = |name: &str| attributes.get(name).is_some();
        let is_html_font = || name == "font" && (has("color") || has("face") || has("size"));
        if model::is_breakout(&name) || is_html_font() {
            self.leave_foreign();
        }
        let was_foreign = self.is_foreign();
        if tag.self_closing && (was_foreign || model::is_foreign(&name)) {
            return TokenSinkResult::Continue;
        }
        // The tree builder would set these states (HTML, section 13.2.6.4.4 and following).
        let raw = match name.as_str() {
            _ if was_foreign => None,
            "title" | "textarea" => Some(RawKind::Rcdata),
            "style" | "xmp" | "iframe" | "noembed" | "noframes" => Some(RawKind::Rawtext),
            "script" => Some(RawKind::ScriptData),
            _ => None,
        };
        let is_html_annotation = || {
            let encoding = attributes.get("encoding").unwrap_or_default();
            let is_html =
                ["text/html", "application/xhtml+xml"].iter().any(|kind| encoding.eq_ignore_ascii_case(kind));
            name == "annotation-xml" && is_html
        };
        let is_point = was_foreign && (model::is_integration_point(&name) || is_html_annotation());
        let is_left_out = !is_point && model::is_left_out(&name);
        if is_point || is_left_out {
            *self.open.entry(name.clone()).or_default() += 1;
            self.marks.push(Mark {
                start: self.pieces.len(),
                is_foreign: model::is_foreign(&name) || (was_foreign && !is_point),
                is_left_out,
                is_raw: raw.is_some_and(|kind| kind != RawKind::Rcdata),
                name: name.clone(),
            });
        }
        self.pieces.push(Piece::Start(name, attributes));
        raw.map_or(TokenSinkResult::Continue, TokenSinkResult::RawData)
    }

    fn end(&mut self, name: &str) {
        if matches!(name, "p" | "br") {
            self.leave_foreign();
        }
        if self.open.get(name).is_none_or(|&count| count == 0) {
            if !model::is_void(name) {
                self.pieces.push(Piece::End(name.to_owned()));
            }
            return;
        }
        while let Some(mark) = self.pop() {
            if mark.name == name {
                if mark.is_left_out {
                    self.pieces.truncate(mark.start);
                }
                return;
            }
        }
    }

    /// The pieces at the end. The text of an element that has no end tag remains, except for
    /// programs and styles.
    fn finish(mut self) -> Vec<Piece> {
        if let Some(mark) = self.marks.last().filter(|mark| mark.is_raw) {
            self.pieces.truncate(mark.start);
        }
        self.pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces in one line: `<a>`, `</a>` and texts.
    fn line(html: &str) -> String {
        let written = |piece: &Piece| match piece {
            Piece::Start(name, _) => format!("<{name}>"),
            Piece::End(name) => format!("</{name}>"),
            Piece::Text(text) => text.clone(),
        };
        tokenise(html).iter().map(written).collect()
    }

    #[test]
    fn what_is_left_out_ends_where_it_ends() {
        for (html, wanted) in [
            ("a<svg/>b", "ab"),
            ("a<math/>b", "ab"),
            ("a<svg><svg/>x</svg>b", "ab"),
            ("<svg><style/>x</svg>b", "b"),
            ("<svg><style>a</svg>b", "b"),
            ("<svg><title>a</svg>b", "b"),
            ("<svg><script>a</svg>b", "b"),
            ("<svg><textarea>a</svg>b", "b"),
            ("<svg><text>a</text></svg>b", "b"),
            ("<svg>a<p>b</p></svg>c", "<p>b</p></svg>c"),
            ("<svg>a</p>b", "</p>b"),
            ("<svg>a<font color=red>b", "<font>b"),
            ("<svg>a<font>b</svg>c", "c"),
            ("<svg><foreignObject><p>a</p><style></svg></style></foreignObject></svg>b", "b"),
            ("<math><mi><b>a</b></mi></math>b", "b"),
            ("<math><annotation-xml encoding=Text/HTML><p>a</annotation-xml>x</math>b", "b"),
            ("<math><annotation-xml><p>a", "<p>a"),
            ("<svg><![CDATA[<p>]]></svg>b", "b"),
            ("<svg>a", "<svg>a"),
            ("<svg><style>a</style>b", "<svg>b"),
            ("<select>a", "<select>a"),
            ("<select>a<svg>b</select>c", "c"),
            ("<select/>a</select>b", "b"),
            ("<noscript>a<script>x</script>b", "<noscript>ab"),
            ("a<script>x", "a"),
            ("a<style>x", "a"),
            ("<textarea>a", "<textarea>a"),
            ("<object data=x>a</object>b", "<object>a</object>b"),
            ("<canvas>a</canvas>b", "<canvas>a</canvas>b"),
            ("</svg>a", "</svg>a"),
        ] {
            assert_eq!(line(html), wanted, "{html}");
        }
    }
}
