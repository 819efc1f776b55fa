//! A scraped wall of text to paragraphs that can be read.

use crate::han;

/// A paragraph may end once it has this many characters: five to seven lines on a phone.
const ENOUGH: usize = 120;
/// A quotation that goes on for longer was never closed.
const LONGEST_QUOTATION: usize = 400;

/// Splits a text at its line breaks, and long lines at the ends of sentences, never inside a quotation. The scrape
/// residue 举报/反馈 at the very end is dropped. Not a character of the rest is lost but white space at the seams.
#[must_use]
pub fn paragraphs(text: &str) -> Vec<String> {
    let text = text.trim_end();
    let text = text.strip_suffix("举报/反馈").unwrap_or(text);
    text.lines().flat_map(split_line).collect()
}

fn split_line(line: &str) -> Vec<String> {
    let mut paragraphs = Vec::new();
    let mut current = String::new();
    let (mut count, mut quoted_since) = (0_usize, None::<usize>);
    let mut characters = line.chars().peekable();
    while let Some(c) = characters.next() {
        current.push(c);
        count += 1;
        match c {
            '“' | '「' | '『' => quoted_since = Some(quoted_since.unwrap_or(count)),
            '”' | '」' | '』' => quoted_since = None,
            _ => {}
        }
        if quoted_since.is_some_and(|since| count - since > LONGEST_QUOTATION) {
            quoted_since = None;
        }
        let next_closes = characters
            .peek()
            .is_some_and(|next| "”’」』）)》…".contains(*next));
        let ends = ends_sentence(&current, characters.peek().copied());
        if ends && !next_closes && quoted_since.is_none() && count >= ENOUGH {
            push(&mut paragraphs, &mut current);
            count = 0;
        }
    }
    push(&mut paragraphs, &mut current);
    // A last paragraph of a few words belongs to the one before.
    if let [.., before, last] = paragraphs.as_mut_slice() {
        if last.chars().count() < ENOUGH / 4 {
            let last = std::mem::take(last);
            // Where the seam was white space it is one space again, else nothing.
            if !before.ends_with(han::is_full_width) && !last.starts_with(han::is_full_width) {
                before.push(' ');
            }
            before.push_str(&last);
            paragraphs.pop();
        }
    }
    paragraphs
}

fn push(paragraphs: &mut Vec<String>, current: &mut String) {
    let paragraph = current.trim();
    if !paragraph.is_empty() {
        paragraphs.push(paragraph.to_owned());
    }
    current.clear();
}

fn ends_sentence(text: &str, next: Option<char>) -> bool {
    let mut from_end = text.chars().rev().skip_while(|c| "”’」』）)".contains(*c));
    match from_end.next() {
        Some('。' | '！' | '？') => true,
        Some('.' | '!' | '?') => next.is_some_and(char::is_whitespace),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_wall_of_text_is_split_at_sentence_ends() {
        let sentence = "这是一个用来填满墙壁的句子，长度大约三十个字左右，没有别的意思。";
        let split = paragraphs(&sentence.repeat(20));
        assert!(split.len() > 3, "{split:?}");
        assert!(split.iter().all(|paragraph| paragraph.ends_with('。')));
        assert_eq!(split.concat(), sentence.repeat(20));
    }

    #[test]
    fn a_quotation_is_not_torn() {
        let quotation = format!("他说：“{}”", "开源很好。".repeat(40));
        assert_eq!(paragraphs(&quotation), [quotation.clone()]);
    }

    #[test]
    fn the_trailing_report_button_is_gone_and_only_that() {
        assert_eq!(
            paragraphs("正文提到举报/反馈按钮。举报/反馈"),
            ["正文提到举报/反馈按钮。"]
        );
        assert_eq!(paragraphs("举报/反馈"), Vec::<String>::new());
    }

    #[test]
    fn line_breaks_are_kept_as_paragraphs() {
        assert_eq!(paragraphs("一\n\n 二 \n"), ["一", "二"]);
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost(text in "[a。！？”“ .中\n]{0,600}") {
            let strip = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(strip(&paragraphs(&text).concat()), strip(&text));
        }
    }
}
