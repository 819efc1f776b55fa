//! Characters that XML 1.0 forbids (section 2.2), even as a reference.

/// True if no XML 1.0 document may contain this character.
#[must_use]
pub fn forbidden_in_xml(c: char) -> bool {
    matches!(c, '\0'..='\u{8}' | '\u{B}' | '\u{C}' | '\u{E}'..='\u{1F}' | '\u{FFFE}' | '\u{FFFF}')
}

/// Escapes a text for XML, in content and in attribute values. Characters that no XML document may
/// contain are left out.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut written = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '&' => written.push_str("&amp;"),
            '<' => written.push_str("&lt;"),
            '>' => written.push_str("&gt;"),
            '"' => written.push_str("&quot;"),
            '\'' => written.push_str("&apos;"),
            _ if forbidden_in_xml(c) => {}
            _ => written.push(c),
        }
    }
    written
}

#[cfg(test)]
mod tests {
    use super::escape;

    #[test]
    fn marks_are_escaped_and_forbidden_characters_left_out() {
        assert_eq!(escape("a<b>&\"'\u{0}\u{FFFE}文"), "a&lt;b&gt;&amp;&quot;&apos;文");
    }
}
