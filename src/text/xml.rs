//! Characters that XML 1.0 forbids (section 2.2), not even as a reference: texts of fields and
//! bodies end up in feeds, so they are removed.

/// True if no XML 1.0 document may contain this character.
#[must_use]
pub fn forbidden_in_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// True if a text contains a character that XML forbids. Almost no text does, so this looks at
/// bytes, which is faster than decoding characters.
#[must_use]
pub fn holds_forbidden(text: &str) -> bool {
    let bytes = text.as_bytes();
    // No early exit, so that the compiler can vectorise the loop.
    let control =
        bytes.iter().fold(false, |found, &b| found | (b < b' ' && b != b'\t' && b != b'\n' && b != b'\r'));
    // U+FFFE and U+FFFF are EF BF BE and EF BF BF.
    let (second, third) = (bytes.get(1..).unwrap_or_default(), bytes.get(2..).unwrap_or_default());
    let triples = bytes.iter().zip(second).zip(third);
    control | triples.fold(false, |found, ((&a, &b), &c)| found | ((a == 0xEF) & (b == 0xBF) & (c >= 0xBE)))
}
