//! What a scraper takes along with an article: buttons, notices and the fronts of portals.

/// Characters that a `…` in a pattern may stand for.
const GAP: usize = 80;

/// Notices at one end of a text, at most: more are no notices.
const NOTICES_AT_END: usize = 8;

/// Lines behind a button that belong to the page and not to the article are no longer than this.
const MAX_TAIL_LINE_CHARACTERS: usize = 60;

/// At the beginning of a text: the front of a portal, an invitation to follow. A `…` is any words on the same line.
const FRONTS: [&str; 6] = [
    "百度首页…登录",
    "点击上方…关注我们",
    "点击上方…关注",
    "点击蓝字…关注我们",
    "点击蓝字…关注",
    "关注…公众号…设为星标",
];

/// At the end of a text, or a line of their own.
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

/// A button, and everything behind it.
const BUTTON: &str = "举报/反馈";

/// Removes residue from a text. Returns what is left and the passages that were removed. `extra` are the digest's own
/// patterns, which count at the beginning, at the end and as lines of their own.
#[must_use]
pub(crate) fn remove(text: &str, extra: &[String]) -> (String, Vec<String>) {
    let mut kept = text.trim();
    let mut removed = Vec::new();
    let mut gone = |residue: &str| {
        if !residue.trim().is_empty() {
            removed.push(residue.trim().to_owned());
        }
    };
    kept = match button(kept) {
        Some(at) => {
            gone(&kept[at..]);
            kept[..at].trim_end()
        }
        None => kept,
    };
    let extra = || extra.iter().map(String::as_str);
    for _ in 0..NOTICES_AT_END {
        let Some(end) = FRONTS.iter().copied().chain(extra()).find_map(|pattern| match_at(kept, pattern))
        else {
            break;
        };
        gone(&kept[..end]);
        kept = kept[end..].trim_start_matches(|c: char| c.is_whitespace() || "！!。，,".contains(c));
    }
    let notices = || NOTICES.iter().copied().chain(extra());
    for _ in 0..NOTICES_AT_END {
        let Some(start) = notices().find_map(|pattern| ends_with(kept, pattern)) else { break };
        gone(&kept[start..]);
        kept = kept[..start].trim_end();
    }
    // Lines of their own, anywhere.
    if !kept.contains('\n') {
        return (kept.to_owned(), removed);
    }
    let is_notice = |line: &str| {
        let line = line.trim();
        line.chars().take(2 * GAP).count() < 2 * GAP
            && FRONTS.iter().copied().chain(notices()).any(|pattern| {
                match_at(line, pattern)
                    .is_some_and(|end| line[end..].trim_matches(|c: char| "！!。.".contains(c)).is_empty())
            })
    };
    let mut lines = Vec::new();
    for line in kept.lines() {
        if is_notice(line) {
            gone(line);
        } else {
            lines.push(line);
        }
    }
    (lines.join("\n"), removed)
}

/// Where the button stands that ends the article: at a line's end, with nothing but short lines behind it.
fn button(text: &str) -> Option<usize> {
    const LINES: usize = 40;
    text.match_indices(BUTTON).map(|(at, _)| at).find(|at| {
        let after = &text[at + BUTTON.len()..];
        let blank = after.trim_start_matches([' ', '\t', '\u{3000}']);
        let is_short = |line: &str| {
            line.chars().take(MAX_TAIL_LINE_CHARACTERS + 1).count() <= MAX_TAIL_LINE_CHARACTERS
                && !line.contains('。')
        };
        (blank.is_empty() || blank.starts_with('\n'))
            && after.lines().nth(LINES).is_none()
            && after.lines().all(is_short)
    })
}

/// The end of `pattern` at the beginning of `text`. A `…` in it stands for at most [`GAP`] characters of one line.
fn match_at(text: &str, pattern: &str) -> Option<usize> {
    let mut parts = pattern.split('…');
    let mut at = 0;
    let first = parts.next().unwrap_or_default();
    at += text.strip_prefix(first).map(|_| first.len())?;
    let mut parts = parts.peekable();
    while let Some(part) = parts.next() {
        let rest = &text[at..];
        let window = rest.char_indices().take_while(|(_, c)| *c != '\n').nth(GAP + part.chars().count());
        let line = rest.find('\n').unwrap_or(rest.len());
        let window = &rest[..window.map_or(line, |(end, _)| end).min(line)];
        if part.is_empty() && parts.peek().is_none() {
            // An open end reaches to the end of the line, if that is near.
            return (window.len() == line).then_some(at + line);
        }
        at += window.find(part)? + part.len();
    }
    Some(at)
}

/// Where `pattern` begins, if it stands at the end of `text`: after a sentence's end or a line break.
fn ends_with(text: &str, pattern: &str) -> Option<usize> {
    let first = pattern.split('…').next().filter(|first| !first.is_empty())?;
    let from = text.char_indices().rev().take(3 * GAP).last().map_or(0, |(at, _)| at);
    text[from..].rmatch_indices(first).map(|(at, _)| from + at).find(|&at| {
        let before = text[..at].trim_end_matches([' ', '\u{3000}']).chars().next_back();
        let after_sentence = before.is_none_or(|c| "。！？!?”」』）)…\n".contains(c)) && at > 0;
        after_sentence
            && match_at(&text[at..], pattern).is_some_and(|end| {
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
    fn residue_goes_from_both_ends_and_is_named() {
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
    fn the_same_words_in_an_article_stay() {
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
    fn a_digest_adds_patterns_of_its_own() {
        let extra = ["本报讯…报道".to_owned()];
        let (kept, removed) = remove("本报讯 记者张三报道 正文。", &extra);
        assert_eq!((kept.as_str(), removed), ("正文。", vec!["本报讯 记者张三报道".to_owned()]));
    }

    #[test]
    fn a_text_full_of_buttons_takes_no_long_time() {
        let text = "举报/反馈\n".repeat(200_000);
        let _ = kept(&text);
        let _ = kept(&"举报/反馈 ".repeat(500_000));
        let _ = kept(&"责任编辑：".repeat(500_000));
    }

    proptest! {
        #[test]
        fn what_goes_is_named(text in "(百度首页|登录|举报/反馈|责任编辑：|（|）|。|中|\n| |点击上方|关注){0,20}") {
            let (kept, removed) = remove(&text, &[]);
            let count = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count();
            let gone: usize = removed.iter().map(|from| count(from)).sum();
            prop_assert_eq!(count(&kept) + gone, count(&text));
        }
    }
}
