//! Finds who a title is about, and the places where two titles say different things.

use std::ops::{Range, RangeInclusive};

use crate::text::han::is_han;

/// Labels before a title that name no agent: agencies and calls for attention.
const LABELS: [&str; 16] = [
    "财联社",
    "快讯",
    "突发",
    "重磅",
    "独家",
    "最新",
    "官宣",
    "新华社",
    "路透社",
    "彭博",
    "彭博社",
    "公告",
    "美股异动",
    "港股异动",
    "消息",
    "视频",
];

/// Words that end the agent at the beginning of a title.
const AFTER_AGENT: [&str; 66] = [
    "与",
    "和",
    "同",
    "就",
    "向",
    "被",
    "因",
    "在",
    "对",
    "于",
    "为",
    "将",
    "已",
    "拟",
    "获",
    "称",
    "遭",
    "从",
    "给",
    "让",
    "以",
    "把",
    "及",
    "诉",
    "成为",
    "位于",
    "发布",
    "推出",
    "公布",
    "宣布",
    "上线",
    "开源",
    "收购",
    "完成",
    "回应",
    "召回",
    "起诉",
    "反诉",
    "裁员",
    "批准",
    "调查",
    "约谈",
    "处罚",
    "罚款",
    "任命",
    "加入",
    "离开",
    "签署",
    "投资",
    "投产",
    "上调",
    "下调",
    "股价",
    "应用",
    "计划",
    "出台",
    "公开",
    "新增",
    "成立",
    "首席",
    "第",
    "云",
    "服务",
    "创始人",
    "总裁",
    "董事长",
];

/// Number of characters of an agent.
const AGENT_LENGTH: RangeInclusive<usize> = 2..=8;

/// Returns the firm, authority or person at the beginning of a normalized title, if it has one that
/// is written in Han.
pub(super) fn agent(title: &str) -> Option<&str> {
    let mut rest = title.trim_start();
    loop {
        if let Some(inner) = rest.strip_prefix('【').and_then(|rest| rest.split_once('】')) {
            rest = inner.1.trim_start();
            continue;
        }
        let Some((label, after)) = rest.split_once([':', '：', '!', '！', '|', '｜', ',', '，']) else {
            break;
        };
        if !LABELS.contains(&label.trim()) {
            break;
        }
        rest = after.trim_start();
    }
    rest = rest.strip_prefix("中国").or(rest.strip_prefix("国家")).unwrap_or(rest);
    let han = &rest[..rest.find(|c| !is_han(c)).unwrap_or(rest.len())];
    // An agent has at least two characters: 华为 does not end before 为.
    let from = han.char_indices().nth(2).map_or(han.len(), |(at, _)| at);
    let end = AFTER_AGENT.iter().filter_map(|word| han[from..].find(word)).min()?;
    let agent = &han[..from + end];
    AGENT_LENGTH.contains(&agent.chars().count()).then_some(agent)
}

/// The number of equal Han characters and other words at the beginning of two texts. A number or
/// Latin word counts as one: it is as short a context as a Han character.
fn count_same<'c>(a: impl Iterator<Item = &'c char>, b: impl Iterator<Item = &'c char>) -> usize {
    let (mut count, mut in_word) = (0, false);
    for (c, _) in a.zip(b).take_while(|(a, b)| a == b) {
        count += usize::from(is_han(*c) || !in_word);
        in_word = !is_han(*c);
    }
    count
}

/// For each letter and digit of a normalized title: true if it stands first in a clause.
pub(super) fn clauses(title: &str) -> Vec<bool> {
    let mut begins = Vec::new();
    let (mut before, mut is_break, mut is_spaced) = (None, true, false);
    for c in title.chars() {
        if c.is_alphanumeric() {
            // A space between Han separates clauses, one beside a Latin word does not.
            begins.push(is_break || (is_spaced && is_han(c) && before.is_some_and(is_han)));
            (before, is_break, is_spaced) = (Some(c), false, false);
        } else {
            is_spaced |= c.is_whitespace();
            is_break |= matches!(
                c,
                ',' | ':' | ';' | '!' | '?' | '|' | '、' | '。' | '，' | '：' | '；' | '！' | '？' | '—'
            );
        }
    }
    begins
}

/// A title whose characters are compared with another article: for each character, whether the
/// other title, and whether the other article has it together with a neighbour.
pub(super) struct Compared<'a> {
    pub(super) title: &'a [char],
    /// For each character: true if a clause begins with it.
    pub(super) begins_clause: &'a [bool],
    pub(super) in_title: Vec<bool>,
    pub(super) in_article: Vec<bool>,
}

/// True if two titles have different words in one place, of which neither is in the other title and
/// one is nowhere in the other article: `任命[陈望舒]为`, `任命[宋远山]为`. Words for which `is_free`
/// is true are used interchangeably.
pub(super) fn differ_in_a_place(a: &Compared<'_>, b: &Compared<'_>, is_free: impl Fn(&str) -> bool) -> bool {
    let (mine, theirs) = (a.unknown_runs(), b.unknown_runs());
    mine.iter().any(|mine| {
        theirs.iter().any(|theirs| {
            let is_nowhere =
                |of: &Compared<'_>, run: &Range<usize>| !of.in_article[run.clone()].contains(&true);
            let is_free = |of: &Compared<'_>, run: &Range<usize>| {
                is_free(&of.title[run.clone()].iter().collect::<String>())
            };
            are_in_one_place([a.title, b.title], [mine, theirs])
                && (is_nowhere(a, mine) || is_nowhere(b, theirs))
                && !(is_free(a, mine) && is_free(b, theirs))
        })
    })
}

/// True if the same characters, or the ends of the titles, are around two ranges.
fn are_in_one_place(titles: [&[char]; 2], runs: [&Range<usize>; 2]) -> bool {
    let before = [0, 1].map(|at| &titles[at][..runs[at].start]);
    let after = [0, 1].map(|at| &titles[at][runs[at].end..]);
    let starts = before.iter().all(|text| text.is_empty());
    let ends = after.iter().all(|text| text.is_empty());
    let same_before = count_same(before[0].iter().rev(), before[1].iter().rev());
    let same_after = count_same(after[0].iter(), after[1].iter());
    (starts && same_after >= 3)
        || (ends && same_before >= 3)
        || (same_before >= 1 && same_after >= 1 && same_before + same_after >= 4)
}

/// Characters of a name or word in one place of a title. Longer runs are another wording.
const PLACE_LENGTH: RangeInclusive<usize> = 2..=8;

impl Compared<'_> {
    /// The short runs of Han characters that the other title does not have.
    fn unknown_runs(&self) -> Vec<Range<usize>> {
        let mut runs = Vec::new();
        let mut start: Option<usize> = None;
        for at in 0..=self.title.len() {
            let is_unknown = self.title.get(at).is_some_and(|&c| is_han(c)) && !self.in_title[at];
            let is_break = at > 0 && self.begins_clause.get(at).is_some_and(|&begins| begins);
            if let Some(from) = start.filter(|_| !is_unknown || is_break) {
                if PLACE_LENGTH.contains(&(at - from)) && (from == 0 || !self.begins_clause[from]) {
                    runs.push(from..at);
                }
                start = None;
            }
            if is_unknown {
                start = start.or(Some(at));
            }
        }
        runs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_agent_is_before_the_first_verb() {
        for (title, expected) in [
            ("星海科技与国防部签约", Some("星海科技")),
            ("华为发布新品", Some("华为")),
            ("财联社:星海科技新增业务", Some("星海科技")),
            ("【独家】突发!星海科技裁员", Some("星海科技")),
            ("国家网信办约谈星海", Some("网信办")),
            ("中国商务部回应", Some("商务部")),
            ("收购告吹,星海裁员", None),
            ("新品", None),
            ("一个很长很长的句子没有名字与别人", None),
            ("nova 发布", None),
        ] {
            assert_eq!(agent(title), expected, "{title}");
        }
    }

    #[test]
    fn clauses_begin_after_punctuation_and_spaces_between_han() {
        let begins: Vec<usize> = clauses("甲乙,丙 丁x 戊:己")
            .iter()
            .enumerate()
            .filter_map(|(at, begins)| begins.then_some(at))
            .collect();
        assert_eq!(begins, [0, 2, 3, 6]);
    }

    /// Compares two titles whose articles have nothing but the title.
    fn differ(a: &str, b: &str, known_to_a: &str) -> bool {
        let chars = |text: &str| -> Vec<char> { text.chars().filter(|c| c.is_alphanumeric()).collect() };
        let known = |title: &[char], text: &str| -> Vec<bool> {
            let pair =
                |at: usize| title.get(at..at + 2).is_some_and(|pair| text.contains(&String::from_iter(pair)));
            (0..title.len()).map(|at| pair(at) || at > 0 && pair(at - 1)).collect()
        };
        let (titles, starts) = ([chars(a), chars(b)], [clauses(a), clauses(b)]);
        let compared = |at: usize, other: &str, text: &str| Compared {
            title: &titles[at],
            begins_clause: &starts[at],
            in_title: known(&titles[at], other),
            in_article: known(&titles[at], text),
        };
        differ_in_a_place(&compared(0, b, b), &compared(1, a, known_to_a), |word| {
            word == "推出" || word == "发布"
        })
    }

    #[test]
    fn other_words_in_the_same_place_tell_titles_apart() {
        for (a, b) in [
            ("星海任命陈望舒为首席", "星海任命宋远山为首席"),
            ("星海科技裁员两成", "云岚智能裁员两成"),
            ("国防部选定星海科技", "国防部选定云岚智能"),
            ("开源 x-4 权重", "开源 x-4 训练代码"),
        ] {
            assert!(differ(a, b, a), "{a} | {b}");
        }
        // One of the two is in the other article.
        assert!(differ("国防部选定星海科技", "国防部选定云岚智能", "国防部选定星海科技"));
        for (a, b) in [
            ("星海今天推出模型", "星海今天发布模型"),
            ("星海科技裁员", "星海科技裁员"),
            ("星海大裁员,股价大涨", "星海大裁员,员工抗议"),
            ("甲公司大好", "乙公司大好"),
            ("星海任命了非常非常非常长的名字为首席", "星海任命宋远山为首席"),
        ] {
            assert!(!differ(a, b, a), "{a} | {b}");
        }
    }

    #[test]
    fn a_word_counts_as_one_character() {
        for (a, b, wanted) in [
            ("", "甲", 0),
            ("甲乙", "甲丙", 1),
            ("甲乙", "甲乙", 2),
            ("a", "a", 1),
            ("abc", "abc", 1),
            ("甲ab", "甲ab", 2),
            ("a甲b", "a甲b", 3),
        ] {
            let [a, b] = [a, b].map(|text| text.chars().collect::<Vec<char>>());
            assert_eq!(count_same(a.iter(), b.iter()), wanted, "{a:?} {b:?}");
        }
    }

    #[test]
    fn a_place_has_three_characters_on_one_side_or_four_around_it() {
        // The words in one place are 子丑 and 寅卯.
        for (a, b, wanted) in [
            ("子丑丙丁戊", "寅卯丙丁戊", true),
            ("子丑丙丁", "寅卯丙丁", false),
            ("子丑丙丁戊", "己寅卯丙丁戊", false),
            ("丙丁戊子丑", "丙丁戊寅卯", true),
            ("丁戊子丑", "丁戊寅卯", false),
            ("丙丁戊子丑", "丙丁戊寅卯己", false),
            ("丙子丑丁戊己", "丙寅卯丁戊己", true),
            ("丙丁戊子丑己", "丙丁戊寅卯己", true),
            ("丙丁子丑戊己", "丙丁寅卯戊己", true),
            ("丙子丑丁戊", "丙寅卯丁戊", false),
            ("丙丁戊己子丑庚", "丙丁戊己寅卯辛", false),
            ("庚子丑丙丁戊己", "辛寅卯丙丁戊己", false),
        ] {
            let [a, b] = [a, b].map(|text| text.chars().collect::<Vec<char>>());
            let run = |text: &[char]| {
                let start = text.iter().position(|c| matches!(c, '子' | '寅')).unwrap();
                start..start + 2
            };
            assert_eq!(are_in_one_place([&a, &b], [&run(&a), &run(&b)]), wanted, "{a:?} {b:?}");
        }
    }

    fn marks(text: &str) -> Vec<bool> {
        text.chars().map(|c| c == '1').collect()
    }

    #[test]
    fn unknown_runs_end_with_their_clause() {
        for (title, begins, known, wanted) in [
            ("甲乙丙丁", "1000", "1001", &[(1_usize, 3_usize)] as &[(usize, usize)]),
            ("甲乙丙丁", "1000", "0011", &[(0, 2)]),
            ("甲乙丙丁", "1000", "1100", &[(2, 4)]),
            ("甲乙丙丁", "1010", "1100", &[]),
            ("甲乙丙丁", "1000", "1110", &[]),
            ("甲乙丙丁戊己", "100100", "100001", &[(1, 3)]),
            ("甲ab乙丙", "10000", "00000", &[(3, 5)]),
            ("甲乙丙丁戊己庚辛壬", "100000000", "100000000", &[(1, 9)]),
            ("甲乙丙丁戊己庚辛壬癸", "1000000000", "1000000000", &[]),
        ] {
            let title: Vec<char> = title.chars().collect();
            let begins = marks(begins);
            let in_title = marks(known);
            let compared = Compared {
                title: &title,
                begins_clause: &begins,
                in_article: vec![false; title.len()],
                in_title,
            };
            let found: Vec<(usize, usize)> =
                compared.unknown_runs().into_iter().map(|run| (run.start, run.end)).collect();
            assert_eq!(found, wanted, "{title:?} {begins:?} {known}");
        }
    }

    #[test]
    fn words_in_one_place_differ_unless_known_or_free() {
        for (known_to_b, known_to_a, free, wanted) in [
            (false, false, "", true),
            (true, false, "", true),
            (false, true, "", true),
            (true, true, "", false),
            (false, false, "子丑", true),
            (false, false, "寅卯", true),
            (false, false, "子丑寅卯", false),
        ] {
            let titles = ["丙子丑丁戊己", "丙寅卯丁戊己"].map(|text| text.chars().collect::<Vec<char>>());
            let begins = marks("100000");
            let compared = |at: usize, is_known: bool| Compared {
                title: &titles[at],
                begins_clause: &begins,
                in_title: marks("100111"),
                in_article: marks(if is_known { "110111" } else { "100111" }),
            };
            let is_free = |word: &str| free.contains(word);
            let found = differ_in_a_place(&compared(0, known_to_b), &compared(1, known_to_a), is_free);
            assert_eq!(found, wanted, "{known_to_b} {known_to_a} {free}");
        }
    }
}
