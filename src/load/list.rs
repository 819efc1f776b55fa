//! Splits lists of terms that are written as one text: `马斯克, ChatGPT、开源` is three terms,
//! `人脸识别（活体、静默）` is one.

use std::collections::HashMap;

/// Splits at `,` `，` `、` `;` `；`, but not inside brackets of either width. Items are trimmed;
/// empty ones are dropped.
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    if let Some(items) = lenticular_items(text) {
        return items;
    }
    split_at(text, |c| matches!(c, ',' | '，' | '、' | ';' | '；'))
}

/// The items of a text that has nothing but items in lenticular brackets: `【甲】【乙】`.
fn lenticular_items(text: &str) -> Option<Vec<String>> {
    let inner = text.trim().strip_prefix('【')?.strip_suffix('】')?;
    let items: Vec<&str> = inner.split('】').collect();
    let (first, others) = items.split_first()?;
    let others: Option<Vec<&str>> = others.iter().map(|item| item.trim_start().strip_prefix('【')).collect();
    let items: Vec<&str> = std::iter::once(*first).chain(others?).map(str::trim).collect();
    let is_plain = items.len() > 1 && items.iter().all(|item| !item.is_empty() && !item.contains('【'));
    is_plain.then(|| items.into_iter().map(str::to_owned).collect())
}

/// Splits as [`split`] does, at the characters for which `separates` is true.
#[must_use]
pub fn split_at(text: &str, separates: impl Fn(char) -> bool) -> Vec<String> {
    let matched = matched_brackets(text);
    let mut items = Vec::new();
    let mut depth = 0_usize;
    let mut start = 0;
    let mut next = matched.iter().peekable();
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

/// Returns the byte offset of each bracket that has a partner, and whether it opens, in order. An
/// unclosed bracket is left out, so it does not suppress splitting.
fn matched_brackets(text: &str) -> Vec<(usize, bool)> {
    let mut open: Vec<(usize, char)> = Vec::new();
    let mut open_counts: HashMap<char, usize> = HashMap::new();
    let mut matched = Vec::new();
    for (at, c) in text.char_indices() {
        // Half-width brackets are often matched by full-width ones, and vice versa.
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
            *open_counts.entry(kind).or_insert(0_usize) += 1;
        } else if open_counts.get(&kind).is_some_and(|count| *count > 0) {
            // Each bracket is pushed and popped at most once, so the time is linear for any mix of
            // brackets.
            while let Some((start, opened)) = open.pop() {
                *open_counts.entry(opened).or_default() -= 1;
                if opened == kind {
                    matched.push((start, true));
                    matched.push((at, false));
                    break;
                }
            }
        }
    }
    matched.sort_unstable();
    matched
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
    fn an_unclosed_bracket_does_not_stop_splitting() {
        assert_eq!(split("GPT (beta, OpenAI"), ["GPT (beta", "OpenAI"]);
        assert_eq!(split("a), b"), ["a)", "b"]);
        assert_eq!(split("([)], x"), ["([)]", "x"]);
    }

    #[test]
    fn items_in_lenticular_brackets_alone_are_a_list() {
        assert_eq!(split("【甲】【乙】"), ["甲", "乙"]);
        assert_eq!(split(" 【甲】 【乙、丙】"), ["甲", "乙、丙"]);
        for whole in ["【甲】", "【甲】乙", "甲【乙】", "【甲】【】", "【甲【乙】】"] {
            assert_eq!(split(whole), [whole], "{whole}");
        }
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
