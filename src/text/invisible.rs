//! Characters that have no shape of their own.

/// Marks without a shape of their own, which scraped text is full of.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Lines for a terminal, without anything that it would obey or hide: control characters and invisible marks.
#[must_use]
pub fn visible(lines: &str) -> String {
    lines.chars().filter(|c| *c == '\n' || !(c.is_control() || is_invisible(*c))).collect()
}
