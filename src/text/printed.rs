//! Escapes other people's text for terminals and for JSON reports.

use std::borrow::Cow;
use std::fmt::Write as _;

use crate::text::invisible::steers_terminal;

/// Replaces control characters, which could steer a terminal, and marks of direction, which reverse
/// a line, by U+FFFD. Line breaks and tabs stay.
#[must_use]
pub fn printable(text: &str) -> String {
    text.chars().map(|c| if steers_terminal(c) { char::REPLACEMENT_CHARACTER } else { c }).collect()
}

/// Like [`printable`], and replaces line breaks, too.
#[must_use]
pub fn printable_line(text: &str) -> String {
    printable(text).replace('\n', "\u{FFFD}")
}

/// Escapes in the text of a JSON value what [`printable`] replaces (`\u009b`): the value stays the
/// same. Such characters occur in strings only.
#[must_use]
pub fn printable_json(json: &str) -> Cow<'_, str> {
    if !json.contains(steers_terminal) {
        return json.into();
    }
    let mut escaped = String::with_capacity(json.len() + 16);
    for c in json.chars() {
        // All of them are in the Basic Multilingual Plane. Writing to a string cannot fail.
        let _ = if steers_terminal(c) {
            write!(escaped, "\\u{:04x}", u32::from(c))
        } else {
            escaped.write_char(c)
        };
    }
    escaped.into()
}

#[cfg(test)]
mod tests {
    use super::*;

    proptest::proptest! {
        #[test]
        fn escaped_json_has_the_same_value(text in "[ -~甲\u{0}-\u{A1}\u{200B}-\u{206F}\u{61C}]{0,20}|.*") {
            let json = serde_json::to_string_pretty(&[&text]).unwrap();
            let escaped = printable_json(&json);
            proptest::prop_assert!(!escaped.contains(steers_terminal), "{}", escaped);
            proptest::prop_assert_eq!(serde_json::from_str::<Vec<String>>(&escaped).unwrap(), vec![text]);
        }
    }
}
