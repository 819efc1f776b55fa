//! Terms that are none: placeholders for nothing, and sentences.

use crate::text::han;

/// What models write where they found nothing.
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

/// How placeholders that go on begin: 未提及具体技术, 无相关关键词.
const BEGINNINGS: [&str; 12] = [
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

/// Han characters that no term has, but for a few names of laws.
const MAX_TERM_HAN: usize = 18;

/// Han characters from which on a word that makes a sentence makes one: shorter terms may hold it (自动推出, 增长黑客).
const MIN_CLAUSE_HAN: usize = 8;

/// Words that make a sentence, where it begins and where it goes on. Learnt from the labelled list's first half.
const OPENINGS: [&str; 9] = ["如何", "以下", "首次", "该", "我们", "它", "让", "通过", "以更"];
const VERBS: [&str; 22] = [
    "正在", "宣布", "表示", "能够", "或将", "计划", "超过", "达到", "增长", "披露", "相信", "提高", "降低",
    "改变", "重塑", "无需", "推出", "发布", "追加", "预计", "认为", "需要",
];

/// Is this key, as a whole, a word or a mark for nothing?
#[must_use]
pub(crate) fn is_word_for_nothing(key: &str) -> bool {
    PLACEHOLDERS.contains(&key)
        || PLACEHOLDERS.contains(&bare(key))
        || key.chars().all(|c| !c.is_alphanumeric() && !matches!(c, '+' | '#'))
}

/// A key without marks around it.
fn bare(key: &str) -> &str {
    key.trim_matches(|c: char| "()[]{}（）【】<>《》「」\"'“”。.！!".contains(c) || c.is_whitespace())
}

/// Does this key of a term stand for nothing?
#[must_use]
pub(crate) fn is_placeholder(key: &str) -> bool {
    let bare = bare(key);
    is_word_for_nothing(key)
        || (BEGINNINGS.iter().any(|beginning| bare.starts_with(beginning))
            && !bare.starts_with("无相关性")
            && !bare.contains('的')
            && key.chars().count() <= 12)
}

/// Does this name read like a sentence?
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
                // In the middle, with an object behind it: 星际之门计划 and 苹果秋季发布会 are names.
                let parts = name.split_once(verb);
                let long =
                    |text: &str, least: usize| text.chars().filter(|c| c.is_alphanumeric()).count() >= least;
                parts.is_some_and(|(before, after)| long(before, 1) && long(after, 3))
            }));
    let is_title = name.starts_with('《') && name.ends_with('》');
    let is_cut = name.ends_with(['，', '、', '；', '：']) || (han > 4 && name.ends_with(['。', '！', '？']));
    !is_title
        && (is_cut || is_clause || han >= MAX_TERM_HAN || words.len() >= 8 || (words.len() >= 4 && has_verb))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_told_from_terms_that_begin_alike() {
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
    fn sentences_are_told_from_long_terms() {
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
