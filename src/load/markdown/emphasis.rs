//! Makes emphasis work in text of Chinese, Japanese and Korean.
//!
//! CommonMark decides by the spaces and punctuation around `*` whether it opens or closes emphasis
//! (0.31.2, section 6.2). Chinese is written without spaces, so nothing closes in `**真，**她`: the
//! run follows punctuation and is followed by a letter. The CJK-friendly amendments
//! (<https://github.com/tats-u/markdown-cjk-friendly>, section 6.2) treat CJK punctuation as a
//! letter, and accept a CJK character instead of the space on the other side of other punctuation.
//! The parser has no such rule. Marks between a run and the signs beside it have the same effect;
//! they are removed from the parser's events.
//!
//! The amendments only make more runs open *and* close, so a run needs marks if it should do both
//! and has punctuation beside it. Beyond the amendments, an emoji sequence is one sign, and the `*`
//! of a keycap (`*️⃣`) is no delimiter.

use std::borrow::Cow;

use pulldown_cmark::{CowStr, Event, Tag};

use crate::load::markdown::signs::{Sign, begins_with_keycap, is_cjk};

/// Characters of the marks: noncharacters (Unicode 23.7, never to be interchanged). The parser
/// takes them for letters.
pub(super) const RESERVED: [char; 3] = ['\u{FDD0}', '\u{FDD1}', '\u{FDD2}'];

/// The mark that is a letter to the parser.
pub(super) const LETTER: &str = "\u{FDD0}";
/// The marks that are white space to the parser, before and behind a `*`. Only ASCII white space
/// would end the address of a link.
const SPACES: [&str; 2] = ["\u{FDD1}\u{2003}", "\u{2003}\u{FDD1}"];
/// The marks that are punctuation to the parser, before and behind a `_`, and a letter on the other
/// side.
const PUNCTUATION: [&str; 2] = ["\u{FDD2}\u{2055}", "\u{2055}\u{FDD2}"];

/// All marks.
const MARKS: [&str; 5] = [LETTER, SPACES[0], SPACES[1], PUNCTUATION[0], PUNCTUATION[1]];

/// The length in bytes of the mark that a text begins with; 0 if it begins with none.
pub(super) fn mark_length(text: &str) -> usize {
    MARKS.iter().find(|mark| text.starts_with(**mark)).map_or(0, |mark| mark.len())
}

/// Removes the characters of which marks consist.
pub(super) fn reserve_marks(text: &str) -> Cow<'_, str> {
    if text.contains(RESERVED) { text.replace(RESERVED, "").into() } else { Cow::Borrowed(text) }
}

/// Inserts marks beside delimiter runs. Text without CJK characters is returned unchanged. The text
/// has no characters of marks ([`reserve_marks`]).
pub(super) fn insert_marks(text: &str) -> Cow<'_, str> {
    if !text.contains(is_cjk) {
        return Cow::Borrowed(text);
    }
    let mut marked = String::new();
    let mut copied = 0;
    let mut insert = |place: usize, mark: &str| {
        if mark.is_empty() {
            return;
        }
        marked.push_str(&text[copied..place]);
        marked.push_str(mark);
        copied = place;
    };
    let mut at = 0;
    while let Some(found) = text[at..].find(['*', '_', '~']) {
        let start = at + found;
        let delimiter = text.as_bytes()[start];
        let length = text.as_bytes()[start..].iter().take_while(|byte| **byte == delimiter).count();
        at = start + length;
        let escapes = text.as_bytes()[..start].iter().rev().take_while(|byte| **byte == b'\\').count();
        let start = start + escapes % 2;
        let is_keycap = delimiter == b'*' && begins_with_keycap(&text[at..]);
        let end = if is_keycap { at - 1 } else { at };
        if start < end {
            let [before, after] = marks(delimiter, Sign::before(&text[..start]), Sign::after(&text[end..]));
            // A letter beside a `_` would join it to the word of another run: `**甲**_乙_`.
            let before =
                if before == LETTER && text[..start].ends_with('_') { PUNCTUATION[1] } else { before };
            let after = if after == LETTER && text[end..].starts_with('_') { PUNCTUATION[0] } else { after };
            insert(start, before);
            insert(end, after);
        }
        if is_keycap && start <= end {
            insert(end, SPACES[0]);
            insert(at, SPACES[1]);
        }
    }
    if marked.is_empty() {
        return Cow::Borrowed(text);
    }
    marked.push_str(&text[copied..]);
    Cow::Owned(marked)
}

/// Returns the marks before and behind a run; an empty text for none.
fn marks(delimiter: u8, before: Sign, after: Sign) -> [&'static str; 2] {
    let mark = |is_wanted: bool, mark: &'static str| if is_wanted { mark } else { "" };
    if delimiter == b'_' {
        // It opens after and closes before punctuation; the parser does not see that of a sequence.
        return [
            mark(before.is_sequence && before.is_punctuation, PUNCTUATION[0]),
            mark(after.is_sequence && after.is_punctuation, PUNCTUATION[1]),
        ];
    }
    // The parser and the amendments agree on all other runs.
    let is_amended = before.is_cjk || after.is_cjk || before.is_sequence;
    let is_wanted = is_amended && after.flanks(before) && before.flanks(after);
    [before, after].map(|sign| mark(is_wanted && sign.is_punctuation, LETTER))
}

/// Removes the marks from the parser's events.
pub(super) fn remove_marks(events: &mut [Event<'_>]) {
    let clean = |text: &mut CowStr<'_>| {
        if text.contains(RESERVED) {
            let cleaned = MARKS.iter().fold(text.to_string(), |text, mark| text.replace(mark, ""));
            *text = cleaned.into();
        }
    };
    for event in events {
        match event {
            Event::Text(text)
            | Event::Code(text)
            | Event::Html(text)
            | Event::InlineHtml(text)
            | Event::InlineMath(text)
            | Event::DisplayMath(text)
            | Event::FootnoteReference(text)
            | Event::Start(Tag::FootnoteDefinition(text) | Tag::Heading { id: Some(text), .. }) => {
                clean(text);
            }
            Event::Start(Tag::Link { dest_url, title, id, .. } | Tag::Image { dest_url, title, id, .. }) => {
                clean(dest_url);
                clean(title);
                clean(id);
            }
            Event::Start(Tag::CodeBlock(pulldown_cmark::CodeBlockKind::Fenced(info))) => clean(info),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests;
