//! A scraped wall of text to paragraphs that can be read.

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
    let mut paragraphs: Vec<&str> = Vec::new();
    let mut start = 0;
    let (mut count, mut quoted_since) = (0_usize, None::<usize>);
    let mut characters = line.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let end = at + c.len_utf8();
        let next = characters.peek().map(|(_, next)| *next);
        count += 1;
        match c {
            '“' | '「' | '『' => quoted_since = Some(quoted_since.unwrap_or(count)),
            '”' | '」' | '』' => quoted_since = None,
            _ => {}
        }
        if quoted_since.is_some_and(|since| count - since > LONGEST_QUOTATION) {
            quoted_since = None;
        }
        let next_closes = next.is_some_and(|next| "”’」』）)》…".contains(next));
        if count >= ENOUGH && !next_closes && quoted_since.is_none() && ends_sentence(&line[start..end], next)
        {
            paragraphs.push(&line[start..end]);
            (start, count) = (end, 0);
        }
    }
    // A last paragraph of a few words belongs to the one before.
    let rest = &line[start..];
    match paragraphs.last_mut() {
        Some(last) if rest.trim().chars().count() < ENOUGH / 4 => *last = &line[start - last.len()..],
        _ => paragraphs.push(rest),
    }
    paragraphs.into_iter().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned).collect()
}

fn ends_sentence(text: &str, next: Option<char>) -> bool {
    let mut from_end = text.chars().rev().skip_while(|c| "”’」』）)".contains(*c));
    match from_end.next() {
        Some('。' | '！' | '？') => true,
        Some('!' | '?') => next.is_some_and(char::is_whitespace),
        // `1. ` begins an item of a list, it does not end a sentence.
        Some('.') => {
            next.is_some_and(char::is_whitespace) && from_end.next().is_some_and(char::is_alphabetic)
        }
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
        assert_eq!(paragraphs(&quotation), std::slice::from_ref(&quotation));
    }

    #[test]
    fn the_trailing_report_button_is_gone_and_only_that() {
        assert_eq!(paragraphs("正文提到举报/反馈按钮。举报/反馈"), ["正文提到举报/反馈按钮。"]);
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
