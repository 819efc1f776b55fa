//! Makes the text that the parser reads of a body, and converts its places to those of the body.

use std::borrow::Cow;

use crate::load::markdown::{comments, emphasis, headings};
use crate::text::dropped;

/// Replaces the characters of comments that are cut out of a page's text. It is a dropped character,
/// so that no body has it.
const CUT: char = '\u{1}';

/// The text that the parser reads, as [`super::super::render`] prepares it, but with a character for
/// each one of a comment.
pub(super) fn parsed_text(written: &str) -> String {
    let text = dropped::remove(written);
    let reserved = emphasis::reserve_marks(&text);
    let masked = comments::mask_open(&reserved, CUT);
    let protected = headings::protect_braces(&masked);
    emphasis::insert_marks(&protected).into_owned()
}

/// The length of what the parser's text has at its beginning and readers do not see.
fn hidden_length(text: &str) -> usize {
    if text.starts_with(CUT) { CUT.len_utf8() } else { emphasis::mark_length(text) }
}

/// The pieces of a part of the parser's text that readers see, with their offsets.
pub(super) fn pieces(text: &str) -> Vec<(usize, &str)> {
    let mut found = Vec::new();
    let (mut start, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        let hidden = hidden_length(&text[at..]);
        if hidden == 0 {
            at += c.len_utf8();
            continue;
        }
        found.push((start, &text[start..at]));
        at += hidden;
        start = at;
    }
    found.push((start, &text[start..]));
    found.retain(|(_, piece)| !piece.is_empty());
    found
}

/// The text without marks and comments.
pub(super) fn without_marks(text: &str) -> Cow<'_, str> {
    match pieces(text)[..] {
        [] => Cow::Borrowed(""),
        [(_, piece)] => Cow::Borrowed(piece),
        ref several => several.iter().map(|(_, piece)| *piece).collect(),
    }
}

/// Converts byte offsets in the parser's text, which has marks and lacks dropped characters, to
/// offsets in the text as written.
pub(super) struct Origin {
    /// Where the difference changes: offset in the parser's text, offset in the text as written.
    steps: Vec<(usize, usize)>,
}

impl Origin {
    pub(super) fn new(written: &str, marked: &str) -> Self {
        let mut steps = vec![(0, 0)];
        if written == marked {
            return Self { steps };
        }
        let is_kept = |c: char| !dropped::is_dropped(c) && !emphasis::RESERVED.contains(&c);
        let mut kept = written.char_indices().filter(|(_, c)| is_kept(*c));
        let mut difference = 0;
        let mut at = 0;
        while let Some(c) = marked[at..].chars().next() {
            let mark = emphasis::mark_length(&marked[at..]);
            if mark > 0 {
                at += mark;
                continue;
            }
            let Some((source, _)) = kept.next() else { break };
            let now = source.cast_signed() - at.cast_signed();
            if now != difference {
                steps.push((at, source));
                difference = now;
            }
            at += c.len_utf8();
        }
        Self { steps }
    }

    pub(super) fn of(&self, at: usize) -> usize {
        let step = self.steps.partition_point(|(start, _)| *start <= at).saturating_sub(1);
        self.steps.get(step).map_or(at, |(start, source)| source + (at - start))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_pass_over_marks_dropped_characters_and_comments() {
        for (written, words) in [
            ("甲**“乙”**丙丁", "丙丁"),
            ("甲\u{0}\u{fdd0}乙*️⃣丙", "丙"),
            ("## 用 {x}\n\n丁**“戊”**己", "己"),
            ("甲<!-- 乙\n\n丙 --> 丁**“戊”**己", "己"),
        ] {
            let parsed = parsed_text(written);
            let origin = Origin::new(written, &parsed);
            let at = origin.of(parsed.rfind(words).unwrap());
            assert_eq!(&written[at..], words, "{written}");
            assert!(!without_marks(&parsed).contains('\u{fdd0}'));
            assert!(!without_marks(&parsed).contains(CUT));
        }
        assert!(!without_marks(&parsed_text("甲<!-- 乙\n\n丙 --> 丁")).contains('乙'));
        assert_eq!(pieces("甲\u{fdd0}乙\u{1}"), [(0, "甲"), (6, "乙")]);
        assert_eq!(without_marks("\u{fdd0}"), "");
    }
}
