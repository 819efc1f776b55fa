//! Shortens texts that are quoted in messages.

use std::borrow::Cow;

/// Characters of a quoted value that [`shorten`] keeps.
const MAX_QUOTED: usize = 60;

/// Characters of a message or a help that [`bounded`] keeps.
const MAX_MESSAGE: usize = 1000;

/// The beginning of a value that a message quotes: at most 60 characters, then `…`.
#[must_use]
pub fn shorten(text: &str) -> Cow<'_, str> {
    match text.char_indices().nth(MAX_QUOTED) {
        Some((end, _)) => Cow::Owned(format!("{}…", &text[..end])),
        None => Cow::Borrowed(text),
    }
}

/// The beginning of what a server says, on one line: at most `max` characters, then `…`.
#[must_use]
pub fn one_line(text: &str, max: usize) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(max) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None => line,
    }
}

/// Bounds a message or a help to 1,000 characters: a value that it quotes may be as long as its
/// file.
#[must_use]
pub fn bounded(message: String) -> String {
    cut_middle(message, MAX_MESSAGE)
}

/// Replaces the middle of a text longer than `max` characters by ` … `. The end stays because a
/// message may say after a quotation what is wrong with it.
fn cut_middle(text: String, max: usize) -> String {
    let half = max / 2;
    if text.len() <= max || text.char_indices().nth(max).is_none() {
        return text;
    }
    let head = text.char_indices().nth(half).map_or(text.len(), |(at, _)| at);
    let tail = text.char_indices().rev().nth(half - 1).map_or(0, |(at, _)| at);
    format!("{} … {}", &text[..head], &text[tail..])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_value_is_cut_and_a_short_one_is_not() {
        assert_eq!(shorten("中"), "中");
        assert_eq!(shorten(&"中".repeat(61)), format!("{}…", "中".repeat(60)));
    }

    #[test]
    fn beginning_and_end_of_a_long_message_stay() {
        let message = format!("`{}` is not a date", "中".repeat(1000));
        let cut = cut_middle(message, 100);
        assert!(cut.starts_with("`中") && cut.ends_with("中` is not a date"), "{cut}");
        assert_eq!(cut.chars().count(), 103);
        assert_eq!(cut_middle("中".repeat(100), 100), "中".repeat(100));
    }
}
