//! Reads HTML as start tags, end tags and texts, with the tokenizer of the HTML standard.

use std::cell::RefCell;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{
    BufferQueue, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer, TokenizerOpts,
};

use crate::render::form::epub::model;

/// A piece of HTML. Comments and document types are left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A start tag. Void elements have no end tag.
    Start(String, Attributes),
    /// An end tag.
    End(String),
    /// Text with decoded character references.
    Text(String),
}

/// The attributes of a tag.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}

/// Splits HTML into pieces.
pub(super) fn tokenise(html: &str) -> Vec<Piece> {
    let sink = Sink { pieces: RefCell::new(Vec::new()) };
    let tokenizer = Tokenizer::new(sink, TokenizerOpts { discard_bom: true, ..TokenizerOpts::default() });
    let input = BufferQueue::default();
    input.push_back(StrTendril::from_slice(html));
    // The tokenizer stops early only if its sink asks for it; this sink never does.
    let _ = tokenizer.feed(&input);
    tokenizer.end();
    tokenizer.sink.pieces.into_inner()
}

struct Sink {
    pieces: RefCell<Vec<Piece>>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<()> {
        let mut pieces = self.pieces.borrow_mut();
        match token {
            Token::CharacterTokens(text) => match pieces.last_mut() {
                Some(Piece::Text(known)) => known.push_str(&text),
                _ => pieces.push(Piece::Text(text.to_string())),
            },
            Token::TagToken(tag) => {
                let name = tag.name.to_string();
                if tag.kind == TagKind::EndTag {
                    if !model::is_void(&name) {
                        pieces.push(Piece::End(name));
                    }
                    return TokenSinkResult::Continue;
                }
                let attributes = tag.attrs.iter();
                let attributes =
                    attributes.map(|attr| (attr.name.local.to_string(), attr.value.to_string())).collect();
                // The tree builder would set these states (HTML, section 13.2.6.4.4 and following).
                let state = match name.as_str() {
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    "style" | "xmp" | "iframe" | "noembed" | "noframes" => {
                        TokenSinkResult::RawData(RawKind::Rawtext)
                    }
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    _ => TokenSinkResult::Continue,
                };
                pieces.push(Piece::Start(name, Attributes(attributes)));
                return state;
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}
