//! Detects and removes scrape residue in articles: texts of buttons, notices and portal headers.
//!
//! In a pattern, `…` matches up to [`MAX_GAP_CHARACTERS`] characters of one line.

/// The maximum number of characters that a `…` in a pattern matches.
const MAX_GAP_CHARACTERS: usize = 80;

/// The maximum number of patterns that are removed from one end of a text.
const MAX_NOTICES_AT_END: usize = 8;

/// The maximum number of lines after a button that belong to the web page, not to the article.
const MAX_TAIL_LINES: usize = 40;

/// The maximum number of characters of each of these lines.
const MAX_TAIL_LINE_CHARACTERS: usize = 60;

/// Patterns at the beginning of a text: the header of a portal, an invitation to follow.
const FRONTS: [&str; 6] = [
    "百度首页…登录",
    "点击上方…关注我们",
    "点击上方…关注",
    "点击蓝字…关注我们",
    "点击蓝字…关注",
    "关注…公众号…设为星标",
];

/// Patterns at the end of a text, or on a line of their own.
const NOTICES: [&str; 25] = [
    "（责任编辑：…）",
    "(责任编辑：…)",
    "（责任编辑:…)",
    "【责任编辑：…】",
    "[责任编辑：…]",
    "（責任編輯：…）",
    "責任編輯：…",
    "責任編輯:…",
    "責編：…",
    "责任编辑：…",
    "责任编辑:…",
    "责编：…",
    "返回搜狐，查看更多",
    "展开阅读全文",
    "打开APP阅读全文",
    "点击阅读原文",
    "转载请注明出处",
    "本文来自微信公众号…",
    "特别声明：以上内容…",
    "声明：该文观点仅代表作者本人…",
    "长按二维码…关注",
    "扫描二维码…关注",
    "扫码关注…",
    "更多精彩内容，…关注…",
    "海量资讯、精准解读，尽在新浪财经APP",
];

/// The text of a button. It is removed together with all text after it.
const BUTTON: &str = "举报/反馈";

/// Removes residue from a text. Returns the remaining text and the passages that were removed.
/// `extra` holds the digest's own patterns, which match at the beginning, at the end and on lines
/// of their own.
#[must_use]
pub(crate) fn remove(text: &str, extra: &[String]) -> (String, Vec<String>) {
    let mut kept = text.trim();
    let mut removed = Vec::new();
    let mut record = |residue: &str| {
        if !residue.trim().is_empty() {
            removed.push(residue.trim().to_owned());
        }
    };
    kept = match find_button(kept) {
        Some(at) => {
            record(&kept[at..]);
            kept[..at].trim_end()
        }
        None => kept,
    };
    let extra = || extra.iter().map(String::as_str);
    for _ in 0..MAX_NOTICES_AT_END {
        let Some(end) =
            FRONTS.iter().copied().chain(extra()).find_map(|pattern| match_at_start(kept, pattern))
        else {
            break;
        };
        record(&kept[..end]);
        kept = kept[end..].trim_start_matches(|c: char| c.is_whitespace() || "！!。，,".contains(c));
    }
    let notices = || NOTICES.iter().copied().chain(extra());
    for _ in 0..MAX_NOTICES_AT_END {
        let Some(start) = notices().find_map(|pattern| match_at_end(kept, pattern)) else { break };
        record(&kept[start..]);
        kept = kept[..start].trim_end();
    }
    // Patterns on lines of their own match anywhere in the text.
    if !kept.contains('\n') {
        return (kept.to_owned(), removed);
    }
    let is_notice = |line: &str| {
        let line = line.trim();
        line.chars().take(2 * MAX_GAP_CHARACTERS).count() < 2 * MAX_GAP_CHARACTERS
            && FRONTS.iter().copied().chain(notices()).any(|pattern| {
                match_at_start(line, pattern)
                    .is_some_and(|end| line[end..].trim_matches(|c: char| "！!。.".contains(c)).is_empty())
            })
    };
    let mut lines = Vec::new();
    for line in kept.lines() {
        if is_notice(line) {
            record(line);
        } else {
            lines.push(line);
        }
    }
    (lines.join("\n"), removed)
}

/// The byte offset of the button that ends the article: at the end of a line, followed only by
/// short lines without a full stop.
fn find_button(text: &str) -> Option<usize> {
    text.match_indices(BUTTON).map(|(at, _)| at).find(|at| {
        let after = &text[at + BUTTON.len()..];
        let blank = after.trim_start_matches([' ', '\t', '\u{3000}']);
        let is_short = |line: &str| {
            line.chars().take(MAX_TAIL_LINE_CHARACTERS + 1).count() <= MAX_TAIL_LINE_CHARACTERS
                && !line.contains('。')
        };
        (blank.is_empty() || blank.starts_with('\n'))
            && after.lines().nth(MAX_TAIL_LINES).is_none()
            && after.lines().all(is_short)
    })
}

/// Matches `pattern` at the beginning of `text`. Returns the byte offset of the end of the match.
fn match_at_start(text: &str, pattern: &str) -> Option<usize> {
    let mut parts = pattern.split('…');
    let mut at = 0;
    let first = parts.next().unwrap_or_default();
    at += text.strip_prefix(first).map(|_| first.len())?;
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let rest = &text[at..];
        let window = rest
            .char_indices()
            .take_while(|(_, c)| *c != '\n')
            .nth(MAX_GAP_CHARACTERS + part.chars().count());
        let line = rest.find('\n').unwrap_or(rest.len());
        let window = &rest[..window.map_or(line, |(end, _)| end).min(line)];
        if part.is_empty() && parts.peek().is_none() {
            // A `…` at the end of the pattern matches the rest of the line if that is short enough.
            return (window.len() == line).then_some(at + line);
        }
        at += window.find(part)? + part.len();
    }
    Some(at)
}

/// Matches `pattern` at the end of `text`, after the end of a sentence or a line break. Returns the
/// byte offset of the beginning of the match.
fn match_at_end(text: &str, pattern: &str) -> Option<usize> {
    let first = pattern.split('…').next().filter(|first| !first.is_empty())?;
    let from = text.char_indices().rev().take(3 * MAX_GAP_CHARACTERS).last().map_or(0, |(at, _)| at);
    text[from..].rmatch_indices(first).map(|(at, _)| from + at).find(|&at| {
        let before = text[..at].trim_end_matches([' ', '\u{3000}']).chars().next_back();
        let after_sentence = before.is_none_or(|c| "。！？!?”」』）)…\n".contains(c)) && at > 0;
        after_sentence
            && match_at_start(&text[at..], pattern).is_some_and(|end| {
                text[at + end..].trim_matches(|c: char| c.is_whitespace() || "！!。.".contains(c)).is_empty()
            })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn kept(text: &str) -> String {
        remove(text, &[]).0
    }

    #[test]
    fn residue_is_removed_from_both_ends_and_returned() {
        for text in [
            "正文说完了。举报/反馈",
            "正文说完了。举报/反馈\n发表评论\n发表",
            "正文说完了。\n举报/反馈\n作者最新文章\n相关文章",
            "百度首页 商城 注册 登录 正文说完了。",
            "点击上方“蓝字”关注我们！正文说完了。",
            "正文说完了。（责任编辑：张三）",
            "正文说完了。责任编辑：李四",
            "正文说完了。\n责任编辑：李四\n返回搜狐，查看更多",
        ] {
            let (kept, removed) = remove(text, &[]);
            assert_eq!(kept, "正文说完了。", "{text}");
            assert!(!removed.is_empty());
        }
        assert_eq!(kept("举报/反馈"), "");
        assert_eq!(kept("一。\n展开阅读全文\n二。"), "一。\n二。");
    }

    #[test]
    fn the_same_words_inside_an_article_are_kept() {
        for text in [
            "正文提到举报/反馈按钮。",
            "他按下了举报/反馈\n第二天，平台回复了他，说这件事已经有了结果。",
            "百度首页改版了。",
            "本刊的责任编辑：一种职业的消失",
            "点击上方按钮就能看到。",
            "文章写道：“责任编辑：张三是谁？”没有人知道。后来大家都忘了。",
        ] {
            assert_eq!(kept(text), text, "{text}");
        }
    }

    #[test]
    fn patterns_of_the_digest_are_removed() {
        let extra = ["本报讯…报道".to_owned()];
        let (kept, removed) = remove("本报讯 记者张三报道 正文。", &extra);
        assert_eq!((kept.as_str(), removed), ("正文。", vec!["本报讯 记者张三报道".to_owned()]));
    }

    #[test]
    fn a_text_full_of_buttons_is_processed_in_linear_time() {
        let text = "举报/反馈\n".repeat(200_000);
        let _ = kept(&text);
        let _ = kept(&"举报/反馈 ".repeat(500_000));
        let _ = kept(&"责任编辑：".repeat(500_000));
    }

    proptest! {
        #[test]
        fn every_removed_character_is_returned(text in "(百度首页|登录|举报/反馈|责任编辑：|（|）|。|中|\n| |点击上方|关注){0,20}") {
            let (kept, removed) = remove(&text, &[]);
            let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            let gone: usize = removed.iter().map(|from| count(from)).sum();
            prop_assert_eq!(count(&kept) + gone, count(&text));
        }
    }
}
