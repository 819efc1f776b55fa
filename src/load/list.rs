//! Separated strings to lists: `马斯克,  ChatGPT、开源` is three terms, `人脸识别（活体、静默）` is one.

use std::collections::HashMap;

/// Splits at `,` `，` `、` `;` `；`, never inside brackets of any width. Items are trimmed; empty ones are dropped.
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    split_at(text, |c| matches!(c, ',' | '，' | '、' | ';' | '；'))
}

/// Splits at other separators, likewise.
#[must_use]
pub fn split_at(text: &str, separates: impl Fn(char) -> bool) -> Vec<String> {
    let closed = closed_brackets(text);
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    let mut next = closed.iter().peekable();
    for (at, c) in text.char_indices() {
        if next.peek().is_some_and(|(place, _)| *place == at) {
            let opens = next.next().is_some_and(|(_, opens)| *opens);
            depth = if opens { depth + 1 } else { depth - 1 };
        } else if depth == 0 && separates(c) {
            items.push(&text[start..at]);
            start = at + c.len_utf8();
        }
    }
    items.push(&text[start..]);
    items.into_iter().map(str::trim).filter(|item| !item.is_empty()).map(str::to_owned).collect()
}

/// The brackets that have a partner, by place: a bracket that is never closed protects nothing.
fn closed_brackets(text: &str) -> Vec<(usize, bool)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut waiting: HashMap<char, usize> = HashMap::new();
    let mut closed = Vec::new();
    for (at, c) in text.char_indices() {
        // A half-width bracket is often closed by a full-width one, and the other way round.
        let kind = match c {
            '(' | '（' | ')' | '）' => '(',
            '[' | '［' | ']' | '］' => '[',
            '【' | '】' => '【',
            '{' | '｛' | '}' | '｝' => '{',
            '《' | '》' => '《',
            '〈' | '〉' => '〈',
            '「' | '」' => '「',
            '『' | '』' => '『',
            '“' | '”' => '“',
            _ => continue,
        };
        if "(（[［【{｛《〈「『“".contains(c) {
            open.push((at, kind));
            *waiting.entry(kind).or_insert(0_usize) += 1;
        } else if waiting.get(&kind).is_some_and(|waiting| *waiting > 0) {
            // Each pop is of a bracket that was pushed once: linear, however the brackets are mixed.
            while let Some((start, opened)) = open.pop() {
                *waiting.entry(opened).or_default() -= 1;
                if opened == kind {
                    closed.push((start, true));
                    closed.push((at, false));
                    break;
                }
            }
        }
    }
    closed.sort_unstable();
    closed
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn every_separator_splits() {
        assert_eq!(
            split("马斯克,  ChatGPT，开源、微软;谷歌；Meta"),
            ["马斯克", "ChatGPT", "开源", "微软", "谷歌", "Meta"]
        );
        assert_eq!(split(" ,， 、"), Vec::<String>::new());
    }

    #[test]
    fn nothing_splits_inside_brackets_of_either_width() {
        assert_eq!(
            split("通用人工智能(AGI,强), 人脸识别（活体、静默）"),
            ["通用人工智能(AGI,强)", "人脸识别（活体、静默）"]
        );
        assert_eq!(split("《三体，第一部》、a(b（c,d）e)f"), ["《三体，第一部》", "a(b（c,d）e)f"]);
        assert_eq!(split("半角（a,b), 全角(a，b）"), ["半角（a,b)", "全角(a，b）"]);
    }

    #[test]
    fn a_bracket_that_is_never_closed_protects_nothing() {
        assert_eq!(split("GPT (beta, OpenAI"), ["GPT (beta", "OpenAI"]);
        assert_eq!(split("a), b"), ["a)", "b"]);
        assert_eq!(split("([)], x"), ["([)]", "x"]);
    }

    #[test]
    fn a_slash_never_splits() {
        assert_eq!(split("CI/CD, A/B测试"), ["CI/CD", "A/B测试"]);
    }

    proptest! {
        #[test]
        fn nothing_but_separators_and_space_is_lost(text in "[a-c中（）()\\[\\],，、；; ]{0,40}") {
            let kept: String = split(&text).concat();
            let strip = |text: &str| text.chars().filter(|c| !",，、；; ".contains(*c)).collect::<String>();
            prop_assert_eq!(strip(&kept), strip(&text));
        }
    }
}
