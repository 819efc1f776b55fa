//! Removes whole-line comments and indentation from the scripts of the default theme, so that
//! readers do not load them.

use std::borrow::Cow;

/// Returns the text of a script without the lines that are comments, empty lines and indentation.
///
/// This is no parser. It is for the theme's own scripts, of which the tests show: no text in
/// backquotes covers several lines, and no line of code begins as a comment.
pub(super) fn without_comments(script: &'static [u8]) -> Cow<'static, [u8]> {
    let Ok(text) = std::str::from_utf8(script) else { return Cow::Borrowed(script) };
    let mut kept = String::with_capacity(text.len());
    let mut in_comment = false;
    for line in text.lines().map(str::trim) {
        in_comment |= line.starts_with("/*");
        if !in_comment && !line.is_empty() && !line.starts_with("//") {
            kept.push_str(line);
            kept.push('\n');
        }
        in_comment &= !line.ends_with("*/");
    }
    Cow::Owned(kept.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::load::theme;

    #[test]
    fn comments_and_indentation_are_removed_and_code_is_kept() {
        for (script, expected) in [
            ("// a\nlet x = 1; // b\n\n  let y;\n", "let x = 1; // b\nlet y;\n"),
            ("/** a */\nf();\n/**\n * b\n * // c\n */\n  g();\n", "f();\ng();\n"),
            ("const url = \"https://a.example\";\n", "const url = \"https://a.example\";\n"),
        ] {
            let kept = without_comments(script.as_bytes());
            assert_eq!(String::from_utf8_lossy(&kept), expected, "{script}");
        }
    }

    #[test]
    fn the_theme_s_scripts_have_the_shape_that_this_needs() {
        let scripts = theme::static_scripts();
        assert!(scripts.len() >= 5, "{}", scripts.len());
        for (name, script) in scripts {
            let text = std::str::from_utf8(script).unwrap();
            for (at, line) in text.lines().enumerate() {
                let trimmed = line.trim();
                let is_comment = ["//", "/*", "*"].iter().any(|start| trimmed.starts_with(start));
                assert!(is_comment || line.matches('`').count() % 2 == 0, "{name}:{}: {line}", at + 1);
                assert!(
                    !is_comment || !trimmed.contains("*/") || trimmed.ends_with("*/"),
                    "{name}:{}: {line}",
                    at + 1
                );
            }
            assert!(without_comments(script).len() < script.len(), "{name}");
        }
    }
}
