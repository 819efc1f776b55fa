//! The characters that no text of a digest or a record keeps.
//!
//! | place | U+0085 (next line) | the others |
//! |---|---|---|
//! | fields and settings ([`clean`]), imported text | becomes a space, as the white space around it is folded | removed |
//! | bodies, `extra`, words of a theme ([`remove`]) | removed, as white space may have a meaning there | removed |

use std::borrow::Cow;

use crate::text::xml::forbidden_in_xml;

/// True for characters that no text keeps: those that XML 1.0 forbids, because texts end up in
/// feeds, and U+007F to U+009F (DEL and the C1 controls), which steer terminals and which XML 1.0
/// (section 2.2) and HTML (section 13.2.3.5, "control-character-in-input-stream") discourage.
#[must_use]
pub fn is_dropped(c: char) -> bool {
    forbidden_in_xml(c) || matches!(c, '\u{7F}'..='\u{9F}')
}

/// True if a text contains a character that is dropped. Almost no text does, so this looks at
/// bytes, which is faster than decoding characters.
#[must_use]
pub fn holds_dropped(text: &str) -> bool {
    let bytes = text.as_bytes();
    // No early exit, so that the compiler can vectorise the loops.
    let control = bytes
        .iter()
        .fold(false, |found, &b| found | (b < b' ' && b != b'\t' && b != b'\n' && b != b'\r') | (b == 0x7F));
    // U+0080 to U+009F are C2 80 to C2 9F.
    let (second, third) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    let pairs = bytes.iter().zip(second).fold(false, |found, (&a, &b)| found | ((a == 0xC2) & (b < 0xA0)));
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let triples = bytes.iter().zip(second).zip(third);
    control
        | pairs
        | triples.fold(false, |found, ((&a, &b), &c)| found | ((a == 0xEF) & (b == 0xBF) & (c >= 0xBE)))
}

/// Removes the dropped characters and leaves white space as it is.
#[must_use]
pub fn remove(text: &str) -> Cow<'_, str> {
    if holds_dropped(text) { text.replace(is_dropped, "").into() } else { text.into() }
}

/// Removes the dropped characters and the white space at both ends; a next line (U+0085) in between
/// becomes a space.
#[must_use]
pub fn clean(text: &str) -> String {
    let text = text.trim();
    if !holds_dropped(text) {
        return text.to_owned();
    }
    remove(&text.replace('\u{85}', " ")).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn no_dropped_character_is_overlooked(text in "[ -~甲\u{0}-\u{A1}\u{FFFD}-\u{FFFF}]{0,20}") {
            proptest::prop_assert_eq!(holds_dropped(&text), text.chars().any(is_dropped));
            proptest::prop_assert!(!holds_dropped(&remove(&text)) && !holds_dropped(&clean(&text)));
        }
    }

    #[test]
    fn a_next_line_separates_the_words_of_a_field() {
        assert_eq!(clean("\u{85}a\u{85}b\u{9b}c\u{7f}\u{85}"), "a bc");
        assert_eq!(remove("a\u{85}b\tc\n"), "ab\tc\n");
    }
}
