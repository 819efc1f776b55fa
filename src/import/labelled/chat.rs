//! Recognises the remarks of a model around its records.

/// Beginnings of farewells. If the list is not empty, one of its words must follow on the same
/// line.
const FAREWELLS: [(&str, &[&str]); 26] = [
    ("如果需要", &["告诉我", "告知", "随时", "请"]),
    ("如果有", &["告诉我", "告知", "随时"]),
    ("需要我", &["吗", "？", "?"]),
    ("是否需要", &["吗", "？", "?"]),
    ("要不要我", &[]),
    ("以上内容由", &[]),
    ("以上信息", &["参考", "提取", "整理"]),
    ("以上为提取", &[]),
    ("本回答由", &[]),
    ("希望以上", &[]),
    ("希望这些", &["帮助", "有用", "满足"]),
    ("希望这个", &["帮助", "有用", "满足"]),
    ("希望对", &["帮助", "有用"]),
    ("希望能", &["帮到", "对您有", "对你有"]),
    ("以上是", &["总结", "信息", "内容", "结果", "记录", "摘要", "全部", "提取"]),
    ("以上就是", &["总结", "信息", "内容", "结果", "记录", "摘要", "全部", "提取"]),
    ("以上为", &["总结", "信息", "内容", "结果", "记录", "摘要", "全部", "提取"]),
    ("如果您", &["告诉我", "告知", "随时", "请"]),
    ("如果你", &["告诉我", "告知", "随时"]),
    ("如有", &["告诉我", "告知", "随时", "请"]),
    ("如需", &["告诉我", "告知", "随时", "请"]),
    ("请告诉我", &[]),
    ("let me know", &[]),
    ("hope this helps", &[]),
    ("i hope this", &[]),
    ("feel free to", &[]),
];

/// True if a line is the farewell of a model and not part of an article. Only the first 120
/// characters are read.
#[must_use]
pub(super) fn is_farewell(line: &str) -> bool {
    let line: String = line.trim().chars().take(120).collect();
    let line = line.trim_start_matches(['*', '(', '（', '_', ' ']).to_lowercase();
    FAREWELLS.iter().any(|(beginning, rest)| {
        line.strip_prefix(beginning)
            .is_some_and(|after| rest.is_empty() || rest.iter().any(|word| after.contains(word)))
    })
}

/// True if a line is a note of a model about its answer. Lines of articles can begin in the same
/// way, so the caller must know that no article text continues here.
#[must_use]
pub(super) fn is_note(line: &str) -> bool {
    let bare = line.trim().trim_start_matches(['*', '(', '（', '_', ' ', '【', '[', '>']);
    is_farewell(line)
        || is_end(line)
        || ["注：", "注:", "备注", "说明：", "说明:", "提示：", "以上", "note:", "Note:", "PS"]
            .iter()
            .any(|beginning| bare.starts_with(beginning))
}

/// True if a line consists of an end mark such as （完）.
#[must_use]
pub(super) fn is_end(line: &str) -> bool {
    matches!(line.trim(), "【完】" | "（完）" | "(完)" | "[完]" | "—完—" | "【END】" | "END")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_farewell_is_distinguished_from_article_text() {
        for line in [
            "希望以上信息对您有帮助！",
            "以上是根据您提供的文章提取的信息。",
            "如果您需要进一步的分析，请随时告诉我。",
            "如有其他问题，欢迎随时提问。",
            "Let me know if you need more.",
        ] {
            assert!(is_farewell(line), "{line}");
        }
        for line in ["希望未来能有更多开源模型。", "以上述模型为例", "如果你的公司也在用", "以上是第一代产品"]
        {
            assert!(!is_farewell(line), "{line}");
        }
    }
}
