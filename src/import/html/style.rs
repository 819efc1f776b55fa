//! Reads the styles that change what words say: editors write them instead of elements.

/// What a style makes of the words of an element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Meaning {
    /// `vertical-align: super` (CSS 2.2, section 10.8.1): the words are a superscript.
    Superscript,
    /// `vertical-align: sub`.
    Subscript,
    /// `text-decoration: line-through` (CSS Text Decoration 3, section 2.1): the words are deleted.
    Deleted,
}

/// The meaning of a `style` attribute. Google Docs, Word and the editor of WeChat write superscripts
/// and deleted words so.
pub(super) fn meaning(style: &str) -> Option<Meaning> {
    let declarations = style.split(';').filter_map(|declaration| declaration.split_once(':'));
    // The last declaration of a property counts.
    let mut found = None;
    for (property, value) in declarations {
        let value = value.to_ascii_lowercase();
        let has = |word: &str| value.split_ascii_whitespace().any(|known| known == word);
        match property.trim().to_ascii_lowercase().as_str() {
            "vertical-align" => {
                found = found.filter(|meaning| *meaning == Meaning::Deleted);
                if has("super") {
                    found = Some(Meaning::Superscript);
                } else if has("sub") {
                    found = Some(Meaning::Subscript);
                }
            }
            "text-decoration" | "text-decoration-line" if has("line-through") => {
                found = found.or(Some(Meaning::Deleted));
            }
            "text-decoration" | "text-decoration-line" => {
                found = found.filter(|meaning| *meaning != Meaning::Deleted);
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn styles_that_change_what_words_say_are_read() {
        use Meaning::{Deleted, Subscript, Superscript};
        for (style, wanted) in [
            ("vertical-align: super", Some(Superscript)),
            ("font-size:0.6em;VERTICAL-ALIGN:Super;", Some(Superscript)),
            ("vertical-align:super !important", Some(Superscript)),
            ("vertical-align: sub; color: red", Some(Subscript)),
            ("text-decoration: line-through", Some(Deleted)),
            ("text-decoration-line:line-through;", Some(Deleted)),
            ("text-decoration: underline line-through red", Some(Deleted)),
            ("text-decoration: line-through; vertical-align: super", Some(Superscript)),
            ("vertical-align: baseline; text-decoration: line-through", Some(Deleted)),
            ("text-decoration: line-through; vertical-align: baseline", Some(Deleted)),
            ("vertical-align: super; vertical-align: baseline", None),
            ("text-decoration: line-through; text-decoration: none", None),
            ("vertical-align: super; text-decoration: none", Some(Superscript)),
            ("vertical-align: middle", None),
            ("color: super", None),
            ("line-through", None),
            ("", None),
        ] {
            assert_eq!(meaning(style), wanted, "{style}");
        }
    }
}
