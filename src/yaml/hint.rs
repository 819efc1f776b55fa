//! Maps the error messages of libyaml and of this parser to help for the author of the file.

const UNCLOSED_QUOTE: &str = "close the quotes, or put the whole value in 'single' quotes";
const SPECIAL_CHARACTER: &str =
    "put the value in quotes: it starts with a character that has a special meaning in YAML";
const NESTING: &str = "reduce the nesting of mappings and lists to 128 levels or less";

/// Part of a message, and the help for it. The first match counts.
const HINTS: [(&str, &str); 11] = [
    (
        "could not find expected ':'",
        "write the field as `name: value`; if this line belongs to the body, add the missing line `---` above it",
    ),
    ("mapping values are not allowed", "put the value in quotes: a text that contains `: ` has to be quoted"),
    ("cannot start any token", SPECIAL_CHARACTER),
    // After `&`, `*` and `!`.
    ("expected alphabetic or numeric character", SPECIAL_CHARACTER),
    ("did not find expected whitespace or line break", SPECIAL_CHARACTER),
    ("quoted scalar", UNCLOSED_QUOTE),
    ("unexpected end of stream", UNCLOSED_QUOTE),
    ("more than one document", "remove the `---` line inside the document"),
    ("recursion limit", NESTING),
    ("too deep", NESTING),
    ("expand to too much text", "write the values out instead of repeating them through aliases"),
];

/// The help for a syntax error with this message; `rest` is the YAML from the error's place on.
#[must_use]
pub fn syntax_hint(message: &str, rest: &str) -> &'static str {
    if rest.starts_with('\t') {
        return "indent with spaces: YAML does not allow tabs";
    }
    if rest.starts_with(['\u{85}', '\u{2028}', '\u{2029}']) {
        return "delete this character, which no editor shows (U+0085, U+2028 and U+2029 are line breaks in YAML 1.1), or \
                write a space for it";
    }
    let found = HINTS.iter().find(|(part, _)| message.contains(part));
    found
        .map_or("see https://yaml.org/spec/1.2.2/ for the syntax, or put the value in quotes", |(_, help)| {
            help
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_or_the_message_selects_the_help() {
        for (message, rest, part) in [
            ("could not find expected ':'", "\t x", "spaces"),
            ("could not find expected ':'", "\u{2028}x", "U+2028"),
            ("U+0085 is a line break here", "\u{85}x", "delete this character"),
            ("U+2029 is a line break here", "\u{2029}", "delete this character"),
            ("could not find expected ':'", "x\u{2028}", "name: value"),
            ("did not find expected alphabetic or numeric character", "甲", "in quotes"),
            ("did not find expected key", "", "yaml.org"),
        ] {
            assert!(syntax_hint(message, rest).contains(part), "{message}: {}", syntax_hint(message, rest));
        }
    }
}
