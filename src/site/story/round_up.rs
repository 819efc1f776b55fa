//! Recognizes the titles of columns and newsletters that report many events.

use super::words::mentions;

/// Words in the titles of columns that report many events. Two columns are never the same event,
/// and a column is never the same event as an article.
const ROUND_UPS: [&str; 58] = [
    "早报",
    "早餐",
    "早读",
    "早班",
    "早知道",
    "早参",
    "晨报",
    "晨读",
    "晨会",
    "午报",
    "午间",
    "晚报",
    "晚间",
    "晚读",
    "周报",
    "周刊",
    "周记",
    "双周",
    "日报",
    "月报",
    "月刊",
    "简报",
    "简讯",
    "要闻",
    "大事",
    "合辑",
    "合集",
    "汇总",
    "一周",
    "本周",
    "上周",
    "每周",
    "每日",
    "盘点",
    "盘前",
    "盘后",
    "速览",
    "速递",
    "一览",
    "回顾",
    "集锦",
    "今日要点",
    "今日看点",
    "今日热点",
    "the download",
    "newsletter",
    "weekly",
    "digest",
    "roundup",
    "round-up",
    "recap",
    "briefing",
    "daily brief",
    "morning brief",
    "this week in",
    "week in review",
    "top stories",
    "in brief",
];

/// Number of items, separated by `；`, from which a title is a list of news.
const MIN_ITEMS: usize = 3;

/// True if a normalized title is that of a column.
pub(super) fn is_round_up(title: &str) -> bool {
    ROUND_UPS.iter().any(|word| mentions(title, word))
        || title.split([';', '；']).filter(|item| !item.trim().is_empty()).count() >= MIN_ITEMS
        || has_issue_number(title)
        || has_hour(title)
}

/// An issue number: `第 37 期`.
fn has_issue_number(title: &str) -> bool {
    title.split('第').skip(1).any(|rest| {
        let rest = rest.trim_start();
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        after.len() < rest.len() && after.trim_start().starts_with('期')
    })
}

/// The hour of a daily column before its separator: `8点1氪｜`, `9点1刻：`.
fn has_hour(title: &str) -> bool {
    let digits = |text: &str| text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let title = title.trim_start_matches(['【', '[', '「', ' ']);
    let hour = digits(title);
    let Some(rest) = title[hour..].strip_prefix('点').filter(|_| (1..=2).contains(&hour)) else {
        return false;
    };
    let number = digits(rest);
    let mut rest = rest[number..].chars();
    number > 0
        && rest.next().is_some_and(char::is_alphabetic)
        && rest.next().is_none_or(|c| !c.is_alphanumeric())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_ups_are_recognized_by_their_titles() {
        for title in [
            "ai 早报:三件事",
            "一周科技要闻",
            "本周值得看的论文(第 37 期)",
            "星海晨报:新品发布",
            "8点1氪|星海裁员",
            "【9点1刻】云岚融资",
            "18点3分:收盘",
            "the download: batteries",
            "orbwell weekly: nova is out",
            "a发布;b裁员;c上市",
            "芯片双周:新工艺",
            "ai newsletter 12",
            "论文选读(第 37 期)",
            "论文选读第37期",
        ] {
            assert!(is_round_up(title), "{title}");
        }
        for title in [
            "第三期工程开工",
            "第 期工程开工",
            "第37届大会开幕",
            "日本厂商减产",
            "openai 回应诉讼",
            "9点30分举行发布会",
            "星海发布新品;售价 99 元",
            "星海发布新品;售价 99 元;",
            "100点1刻:试验",
            "点1氪|星海",
            "9点刻:星海",
            "the downloader tool is out",
        ] {
            assert!(!is_round_up(title), "{title}");
        }
    }
}
