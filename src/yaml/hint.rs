//! Translates the error messages of libyaml and of this parser, and maps them to help for the author
//! of the file.

/// The messages of libyaml's scanner and parser (unsafe-libyaml 0.2.11, `scanner.rs` and
/// `parser.rs`), of `serde_yaml` 0.9.34, and of `read.rs`.
const MESSAGES: [&str; 45] = [
    marked!("block sequence entries are not allowed in this context"),
    marked!("mapping keys are not allowed in this context"),
    marked!("mapping values are not allowed in this context"),
    marked!("control characters are not allowed"),
    marked!("could not find expected ':'"),
    marked!("could not find expected directive name"),
    marked!("did not find URI escaped octet"),
    marked!("did not find expected '!'"),
    marked!("did not find expected ',' or ']'"),
    marked!("did not find expected ',' or '}'"),
    marked!("did not find expected '-' indicator"),
    marked!("did not find expected <document start>"),
    marked!("did not find expected alphabetic or numeric character"),
    marked!("did not find expected comment or line break"),
    marked!("did not find expected digit or '.' character"),
    marked!("did not find expected hexadecimal number"),
    marked!("did not find expected key"),
    marked!("did not find expected node content"),
    marked!("did not find expected tag URI"),
    marked!("did not find expected version number"),
    marked!("did not find expected whitespace or line break"),
    marked!("did not find expected whitespace"),
    marked!("did not find the expected '>'"),
    marked!("found a tab character that violates indentation"),
    marked!("found a tab character where an indentation space is expected"),
    marked!("found an indentation indicator equal to 0"),
    marked!("found character that cannot start any token"),
    marked!("found duplicate %TAG directive"),
    marked!("found duplicate %YAML directive"),
    marked!("found extremely long version number"),
    marked!("found incompatible YAML document"),
    marked!("found invalid Unicode character escape code"),
    marked!("found undefined tag handle"),
    marked!("found unexpected ':'"),
    marked!("found unexpected document indicator"),
    marked!("found unexpected end of stream"),
    marked!("found unexpected non-alphabetical character"),
    marked!("found unknown directive name"),
    marked!("found unknown escape character"),
    marked!("deserializing from YAML containing more than one document is not supported"),
    marked!("recursion limit exceeded"),
    marked!("repetition limit exceeded"),
    marked!("unknown anchor"),
    marked!("brackets are nested too deep"),
    marked!("its aliases (`*name`) expand to too much text"),
];

const UNCLOSED_QUOTE: &str = marked!("close the quotes, or put the whole value in 'single' quotes");
const SPECIAL_CHARACTER: &str =
    marked!("put the value in quotes: it starts with a character that has a special meaning in YAML");
const NESTING: &str = marked!("reduce the nesting of mappings and lists to 128 levels or less");

/// Part of a message, and the help for it. The first match counts.
const HINTS: [(&str, &str); 11] = [
    (
        "could not find expected ':'",
        marked!(
            "write the field as `name: value`; if this line belongs to the body, add the missing line `---` above it"
        ),
    ),
    (
        "mapping values are not allowed",
        marked!("put the value in quotes: a text that contains `: ` has to be quoted"),
    ),
    ("cannot start any token", SPECIAL_CHARACTER),
    // After `&`, `*` and `!`.
    ("expected alphabetic or numeric character", SPECIAL_CHARACTER),
    ("did not find expected whitespace or line break", SPECIAL_CHARACTER),
    ("quoted scalar", UNCLOSED_QUOTE),
    ("unexpected end of stream", UNCLOSED_QUOTE),
    ("more than one document", marked!("remove the `---` line inside the document")),
    ("recursion limit", NESTING),
    ("too deep", NESTING),
    ("expand to too much text", marked!("write the values out instead of repeating them through aliases")),
];

/// The message of a syntax error in the language of messages. In English, it stays as the parser
/// writes it; so does an unknown one.
#[must_use]
pub fn syntax_message(message: &str) -> String {
    let translated = known_message(message).map(|(path, known)| (path, known, tr!(known)));
    match translated {
        Some((path, known, translated)) if translated != known => path.to_owned() + &translated,
        _ => message.to_owned(),
    }
}

/// A known message, and what is before it: `serde_yaml` writes the path of keys and items before
/// some (`a.b[3]: …`). libyaml writes its context or a byte after those at the beginning of a text.
fn known_message(message: &str) -> Option<(&str, &'static str)> {
    let end = [", while ", " at position "].into_iter().filter_map(|tail| message.find(tail)).min();
    let message = &message[..end.unwrap_or(message.len())];
    let path_before =
        |known: &str| message.strip_suffix(known).filter(|path| path.is_empty() || path.ends_with(": "));
    MESSAGES.into_iter().find_map(|known| Some((path_before(known)?, known)))
}

/// The help for a syntax error with this message of the parser (not translated); `rest` is the YAML
/// from the error's place on.
#[must_use]
pub fn syntax_hint(message: &str, rest: &str) -> String {
    if rest.starts_with('\t') {
        return tr!("indent with spaces: YAML does not allow tabs");
    }
    if rest.starts_with(['\u{85}', '\u{2028}', '\u{2029}']) {
        return tr!(
            "delete this character, which no editor shows (U+0085, U+2028 and U+2029 are line breaks in YAML 1.1), or write a space for it"
        );
    }
    match HINTS.into_iter().find(|(part, _)| message.contains(part)) {
        Some((_, help)) => tr!(help),
        None => tr!("see https://yaml.org/spec/1.2.2/ for the syntax, or put the value in quotes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn the_messages_of_the_parser_are_known() {
        for (text, path) in [
            ("a: b: c\n".to_owned(), ""),
            ("a: 'x\n".to_owned(), ""),
            ("a: @x\n".to_owned(), ""),
            ("@x\n".to_owned(), ""),
            ("a: \u{1}\n".to_owned(), ""),
            ("[".repeat(5001), ""),
            (format!("a: &a {}\nb: [{}]\n", "x".repeat(1000), "*a, ".repeat(10_000)), "b["),
        ] {
            let message = yaml::parse(&text).unwrap_err().message;
            let (before, _) = known_message(&message).unwrap_or_else(|| panic!("{message}"));
            assert!(before.starts_with(path) && before.is_empty() == path.is_empty(), "{message}");
        }
        assert_eq!(known_message("another message"), None);
        assert_eq!(syntax_message("another message"), "another message");
    }

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
