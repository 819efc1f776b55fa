//! Detects terms that are not terms: placeholders (无, N/A) and whole sentences.

use crate::text::han;

/// Words that models write when they found no term, as keys.
const PLACEHOLDERS: [&str; 48] = [
    "无",
    "暂无",
    "没有",
    "空",
    "未知",
    "不详",
    "不明",
    "未提及",
    "未涉及",
    "未提供",
    "未说明",
    "未明确",
    "不适用",
    "无相关",
    "待定",
    "其他",
    "其它",
    "等",
    "略",
    "無",
    "暫無",
    "n/a",
    "na",
    "n.a.",
    "n.a",
    "none",
    "null",
    "nil",
    "unknown",
    "tbd",
    "not applicable",
    "not specified",
    "none mentioned",
    "待补充",
    "未指定",
    "无关键词",
    "not mentioned",
    "undefined",
    "unspecified",
    "未提到",
    "未披露",
    "不涉及",
    "文章未提及",
    "未具体说明",
    "无特定技术",
    "暂缺",
    "尚未公布",
    "不清楚",
];

/// Beginnings of placeholders that are longer than one word: 未提及具体技术, 无相关关键词.
const PLACEHOLDER_PREFIXES: [&str; 12] = [
    "未提及",
    "未涉及",
    "未提供",
    "未明确",
    "未说明",
    "暂无",
    "无相关",
    "无明确",
    "无具体",
    "没有提",
    "文中未",
    "本文未",
];

/// Names with at least this number of Han characters are sentences. Only a few names of laws are
/// that long.
const MIN_SENTENCE_HAN: usize = 18;

/// The minimum number of Han characters of a name in which an opening, a verb or punctuation makes
/// a sentence. Shorter terms may contain such words (自动推出, 增长黑客).
const MIN_CLAUSE_HAN: usize = 8;

/// The maximum number of characters of a placeholder that is detected by its prefix.
const MAX_PREFIXED_CHARACTERS: usize = 12;

/// Words at the beginning of a sentence. Chosen from the half `calibrate` of the labelled terms.
const OPENINGS: [&str; 9] = ["如何", "以下", "首次", "该", "我们", "它", "让", "通过", "以更"];
/// Verbs inside of a sentence. Chosen from the half `calibrate` of the labelled terms.
const VERBS: [&str; 22] = [
    "正在", "宣布", "表示", "能够", "或将", "计划", "超过", "达到", "增长", "披露", "相信", "提高", "降低",
    "改变", "重塑", "无需", "推出", "发布", "追加", "预计", "认为", "需要",
];

/// Returns true if a key is one of the placeholder words, or holds no letters or digits.
#[must_use]
pub(crate) fn is_word_for_nothing(key: &str) -> bool {
    PLACEHOLDERS.contains(&key)
        || PLACEHOLDERS.contains(&without_marks(key))
        || key.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '+' | '#'))
}

/// Removes brackets, quotation marks, `。.！!` and white space from both ends of a key.
fn without_marks(key: &str) -> &str {
    key.trim_matches(|c: char| "()[]{}（）【】<>《》「」\"'“”。.！!".contains(c) || c.is_whitespace())
}

/// Returns true if the key of a term is a placeholder.
#[must_use]
pub(crate) fn is_placeholder(key: &str) -> bool {
    let bare = without_marks(key);
    is_word_for_nothing(key)
        || (PLACEHOLDER_PREFIXES.iter().any(|prefix| bare.starts_with(prefix))
            && !bare.starts_with("无相关性")
            && !bare.contains('的')
            && key.chars().count() <= MAX_PREFIXED_CHARACTERS)
}

/// Returns true if the name of a term reads like a sentence.
#[must_use]
pub(crate) fn is_sentence(name: &str) -> bool {
    let han = name.chars().filter(|c| han::is_han(*c)).count();
    let words: Vec<&str> =
        name.split_whitespace().filter(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())).collect();
    let has_verb = words
        .iter()
        .any(|word| matches!(*word, "is" | "are" | "was" | "will" | "has" | "have" | "can" | "said"));
    let is_clause = han >= MIN_CLAUSE_HAN
        && (name.contains(['。', '！', '？', '；', '，', '：', '、'])
            || OPENINGS.iter().any(|opening| name.starts_with(opening))
            || VERBS.iter().any(|verb| {
                // A verb needs a subject before it and an object after it: 星际之门计划 and
                // 苹果秋季发布会 are names.
                let parts = name.split_once(verb);
                let long =
                    |text: &str, least: usize| text.chars().filter(|c| c.is_alphanumeric()).count() >= least;
                parts.is_some_and(|(before, after)| long(before, 1) && long(after, 3))
            }));
    let is_title = name.starts_with('《') && name.ends_with('》');
    let is_cut = name.ends_with(['，', '、', '；', '：']) || (han > 4 && name.ends_with(['。', '！', '？']));
    !is_title
        && (is_cut
            || is_clause
            || han >= MIN_SENTENCE_HAN
            || words.len() >= 8
            || (words.len() >= 4 && has_verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_distinguished_from_terms_with_the_same_beginning() {
        for key in ["无", "暂无", "n/a", "-", "……", "(无)", "未提及", "未提及具体技术", "none"]
        {
            assert!(is_placeholder(key), "{key}");
        }
        for key in ["无人驾驶", "无线充电", "c++", "空调", "nano", "等离子体", "其他语言模型", "na62"]
        {
            assert!(!is_placeholder(key), "{key}");
        }
    }

    #[test]
    fn sentences_are_distinguished_from_long_terms() {
        for name in [
            "微软宣布向OpenAI追加投资数十亿美元",
            "公司表示，未来将继续加大投入",
            "The company said it will invest more money",
        ] {
            assert!(is_sentence(name), "{name}");
        }
        for name in
            ["生成式人工智能服务管理暂行办法", "检索增强生成", "Large Language Model", "卷积神经网络(CNN)"]
        {
            assert!(!is_sentence(name), "{name}");
        }
    }
}
