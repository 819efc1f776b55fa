//! Sets of characters without a shape of their own, one for each use.
//!
//! | function | used on | members |
//! |---|---|---|
//! | [`is_invisible`] | keys, paths, searched text, labels | marks that make no difference between two texts |
//! | [`visible`] | lines for a terminal | the marks above, and every control character except the line break |
//! | [`steers_terminal`] | diagnostics and reports | characters that move a cursor or reverse a line |
//! | [`may_be_invisible`] | text of an import | also characters that are invisible in some contexts only |
//! | [`needs_yaml_escape`] | YAML that newsprint writes | characters that do not read back unescaped, and those that a text editor does not show |
//!
//! The sets differ because their uses do. A key may ignore a joiner that spells a word in Arabic;
//! an import has to keep it, so it takes a larger set and decides by context. A diagnostic replaces
//! members by U+FFFD, so joiners and soft hyphens are not among them. YAML loses nothing by an
//! escape.

use crate::text::xml::forbidden_in_xml;

/// True for marks that are frequent in scraped text and do not change its meaning: control
/// characters, soft hyphens, zero-width characters, marks of direction. White space is not among
/// them.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// Removes what a terminal would obey or hide from lines: every control character except the line
/// break (tabs go, too), and what [`is_invisible`].
#[must_use]
pub fn visible(lines: &str) -> String {
    lines.chars().filter(|c| *c == '\n' || !(c.is_control() || is_invisible(*c))).collect()
}

/// True for characters that steer a terminal or reverse a line: control characters except the line
/// break and the tab, and the marks, embeddings, overrides and isolates of direction (Unicode
/// Bidirectional Algorithm, UAX #9). Zero-width characters steer nothing and are not among them.
#[must_use]
pub fn steers_terminal(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' | '\u{61C}')
}

/// True for characters that may be invisible in imported text; whether one is kept depends on its
/// neighbours (`import/clean.rs`).
///
/// Besides the marks of [`is_invisible`]: Hangul fillers, variation selectors, tags, interlinear
/// annotations, the object replacement character, noncharacters, and what XML forbids. CR is a line
/// break and not among them.
#[must_use]
pub fn may_be_invisible(c: char) -> bool {
    // Nearly all characters of an article end here.
    if (' '..='~').contains(&c) || matches!(c, '\n' | '\t' | '\u{3000}'..='\u{9FFF}') {
        return false;
    }
    (c.is_control() && c != '\r')
        || forbidden_in_xml(c)
        || matches!(c,
            '\u{AD}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{180E}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}' | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF9}'..='\u{FFFC}'
            | '\u{FDD0}'..='\u{FDEF}' | '\u{E0000}'..='\u{E01EF}')
        || (u32::from(c) & 0xFFFE) == 0xFFFE
}

/// True for characters that a double-quoted YAML scalar has to escape: YAML's non-printable
/// characters (1.2, section 5.1), and those that libyaml would take for a line break or a byte
/// order mark. Also escapes zero-width characters and marks of direction, which a text editor does
/// not show.
#[must_use]
pub fn needs_yaml_escape(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{2028}' | '\u{2029}' | '\u{FEFF}' | '\u{FFFE}' | '\u{FFFF}')
        || matches!(c, '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2069}')
}
