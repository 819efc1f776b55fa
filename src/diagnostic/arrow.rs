//! Corrects the line `--> path:line:column` that the renderer draws.

use std::borrow::Cow;

/// Returns the drawing with a correct arrow line. The renderer counts columns in the text that it
/// gets, which is an excerpt of a long line, and indents the arrow by the width of the line number,
/// which a whole file (`line` 0) does not have.
pub(super) fn correct(drawn: &str, line: usize, column: usize) -> String {
    let is_arrow = |text: &str| text.split_once("--> ").is_some_and(|(before, _)| is_blank(before));
    let mut lines: Vec<Cow<'_, str>> = drawn.split_inclusive('\n').map(Cow::Borrowed).collect();
    // The first line is the message.
    if let Some(arrow) = lines.iter_mut().skip(1).find(|text| is_arrow(text)) {
        *arrow = match line {
            0 => format!(" {arrow}").into(),
            line => with_column(arrow, line, column).into(),
        };
    }
    lines.concat()
}

/// True for spaces and the escape sequences of colours.
fn is_blank(text: &str) -> bool {
    text.chars().all(|c| matches!(c, ' ' | '\u{1b}' | '[' | ';' | 'm' | '0'..='9'))
}

fn with_column(arrow: &str, line: usize, column: usize) -> String {
    let number = format!(":{line}:");
    let Some(at) = arrow.rfind(&number).map(|at| at + number.len()) else { return arrow.to_owned() };
    let rest = arrow[at..].trim_start_matches(|c: char| c.is_ascii_digit());
    format!("{}{column}{rest}", &arrow[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_arrow_has_the_column_of_the_line() {
        for (drawn, line, wanted) in [
            ("error: a\n --> x.md:7:27\n  |\n", 7, "error: a\n --> x.md:7:140\n  |\n"),
            ("error: a\n  --> x:7:7.md:12:27\n", 12, "error: a\n  --> x:7:7.md:12:140\n"),
            (
                "e\n\u{1b}[1m --> \u{1b}[0mx.md:7:27\u{1b}[0m\n",
                7,
                "e\n\u{1b}[1m --> \u{1b}[0mx.md:7:140\u{1b}[0m\n",
            ),
            (
                "e --> a:7:1\n --> x.md:7:1\n7 | --> a:7:1\n",
                7,
                "e --> a:7:1\n --> x.md:7:140\n7 | --> a:7:1\n",
            ),
            ("error: a\n--> x.md\n |\n", 0, "error: a\n --> x.md\n |\n"),
            ("error: a\n |\n = help: b --> c:7:1", 7, "error: a\n |\n = help: b --> c:7:1"),
            ("error: a\n --> x.md", 7, "error: a\n --> x.md"),
        ] {
            assert_eq!(correct(drawn, line, 140), wanted, "{drawn:?}");
        }
    }
}
