//! Characters that XML 1.0 forbids (section 2.2), even as a reference.

/// True if no XML 1.0 document may contain this character.
#[must_use]
pub fn forbidden_in_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}
