//! Extracts from articles what they are compared by: words of title and key event, and names and
//! numbers that may contradict.

use std::sync::OnceLock;

use super::agents::{Compared, agent, clauses, differ_in_a_place};
use super::names::Names;
use super::round_up;
use super::steps::Steps;
use super::values::Values;
use super::words::{Facts, bigram, fold, holds, mentions, sorted, tokenize};
use crate::load::Article;
use crate::text::han;

/// Words that different outlets use interchangeably in reports of the same event. Titles that
/// differ in other words are different events.
const REPORTING_VERBS: [&str; 34] = [
    "发布", "推出", "公布", "宣布", "上线", "亮相", "问世", "面世", "登场", "开源", "正式", "全新", "开放",
    "收购", "买下", "拿下", "将", "已", "拟", "完成", "获得", "获", "回应", "称", "表示", "发表", "揭晓",
    "官宣", "突发", "重磅", "出台", "印发", "位于", "成功",
];

/// Pairs of opposites. Two titles contradict each other if one has only words of the first side and
/// the other only words of the second. If the first side is empty, a title with a word of the
/// second side contradicts every title without one.
const OPPOSITES: [(&[&str], &[&str]); 8] = [
    (&["涨", "上调", "提价"], &["跌", "下调", "降"]),
    (&["胜"], &["败"]),
    (&["成功"], &["失败"]),
    (&["批准", "通过"], &["否决", "阻止", "叫停", "驳回"]),
    (&["起诉"], &["反诉"]),
    (&["超越"], &["反超"]),
    (
        &["退休", "离职", "卸任", "辞职", "解雇", "罢免", "离开"],
        &["出任", "接任", "接替", "上任", "重返", "转投", "任命", "加入", "加盟"],
    ),
    (&[], &["结束", "取消", "否认", "暂停", "终止", "撤回", "恢复"]),
];

/// The tokens of an article's title and key event. Tokens are hashes; lists are sorted, without
/// duplicates.
#[derive(Debug)]
pub(super) struct TokenizedTitle<'a> {
    /// Tokens of the title.
    pub(super) title: Vec<u64>,
    /// Tokens of the title and the key event.
    pub(super) all: Vec<u64>,
    title_facts: Facts,
    all_facts: Facts,
    /// The article, for [`Self::particulars`].
    article: &'a Article,
    particulars: OnceLock<Particulars>,
}

/// What only similar articles are compared by.
#[derive(Debug)]
struct Particulars {
    is_round_up: bool,
    /// Names in quotation marks in the title, each as its tokens.
    quoted: Vec<Vec<u64>>,
    /// Tokens of the text before the first of [`REPORTING_VERBS`] or [`AGENT_VERBS`] in the title:
    /// the agent.
    subject: Vec<u64>,
    /// Letters and digits of the normalized title.
    folded: Vec<char>,
    /// For each of [`OPPOSITES`]: whether the title has words of the first side and of the second.
    opposites: [(bool, bool); OPPOSITES.len()],
    /// For each character of `folded`: true if a clause begins with it.
    begins_clause: Vec<bool>,
    /// Normalized key event, and title with key event.
    event: String,
    text: String,
    names: Names,
    values: Values,
    /// Steps that the title names, and that title or key event name.
    steps: [Steps; 2],
    /// Tokens of the agent at the beginning of the title.
    agent: Vec<u64>,
}

impl<'a> TokenizedTitle<'a> {
    pub(super) fn new(article: &'a Article) -> Self {
        let title = fold(&article.title);
        let event = fold(article.event.as_deref().unwrap_or(&article.excerpt));
        let (title_tokens, title_facts) = tokenize(&title);
        let (mut all, mut all_facts) = tokenize(&event);
        all.extend(&title_tokens);
        all_facts.numbers.extend(&title_facts.numbers);
        all_facts.names.extend(&title_facts.names);
        Self {
            title: sorted(title_tokens),
            all: sorted(all),
            title_facts: title_facts.sorted(),
            all_facts: all_facts.sorted(),
            article,
            particulars: OnceLock::new(),
        }
    }

    fn particulars(&self) -> &Particulars {
        self.particulars.get_or_init(|| {
            let title = fold(&self.article.title);
            let event = fold(self.article.event.as_deref().unwrap_or(&self.article.excerpt));
            let text = format!("{title}\n{event}");
            Particulars {
                is_round_up: round_up::is_round_up(&title),
                opposites: OPPOSITES.map(|(one, other)| {
                    let any = |words: &[&str]| words.iter().any(|word| title.contains(word));
                    (any(one), any(other))
                }),
                subject: subject(&title).map(|subject| tokenize(subject).0).unwrap_or_default(),
                folded: title.chars().filter(|c| c.is_alphanumeric()).collect(),
                quoted: quoted(&title).map(|name| tokenize(name).0).filter(|name| !name.is_empty()).collect(),
                names: Names::find(&self.article.title, &title),
                values: Values::find(&title),
                steps: [Steps::find(&title), Steps::find(&text)],
                agent: agent(&title).map(|agent| tokenize(agent).0).unwrap_or_default(),
                begins_clause: clauses(&title),
                event,
                text,
            }
        })
    }

    fn compared(&self, other: &Self) -> Compared<'_> {
        let Particulars { folded, begins_clause, .. } = self.particulars();
        Compared {
            title: folded,
            begins_clause,
            in_title: known(folded, &other.title),
            in_article: known(folded, &other.all),
        }
    }

    /// True if the titles themselves tell the events apart, whatever the key events mention of each
    /// other.
    fn titles_differ(&self, other: &Self) -> bool {
        let [a, b] = [self.particulars(), other.particulars()];
        let has = |word: &str, text: &Particulars| mentions(&text.text, word);
        let unknown_agent = |agent: &[u64], all: &[u64]| !agent.is_empty() && is_unknown(agent, all);
        Names::differ([&a.names, &b.names], [&|word| has(word, a), &|word| has(word, b)])
            || a.values.differ(&b.values)
            || b.values.differ(&a.values)
            || Steps::differ([a.steps[0], b.steps[0]], [a.steps[1], b.steps[1]])
            || (unknown_agent(&a.agent, &other.title)
                && unknown_agent(&b.agent, &self.title)
                && (unknown_agent(&a.agent, &other.all) || unknown_agent(&b.agent, &self.all)))
            || (a.event != b.event
                && differ_in_a_place(&self.compared(other), &other.compared(self), is_reporting))
    }

    /// True if the two articles name different amounts, products or companies, or contradict each
    /// other otherwise.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        let [a, b] = [self.particulars(), other.particulars()];
        // True if a number or name of the title is missing from the other article.
        let lacks = |mine: &[u64], all: &[u64]| mine.iter().any(|fact| !holds(all, *fact));
        let (facts_a, facts_b) = (&self.title_facts, &other.title_facts);
        let (all_a, all_b) = (&self.all_facts, &other.all_facts);
        let unquoted = |mine: &[Vec<u64>], all: &[u64]| {
            !mine.is_empty() && !mine.iter().any(|name| name.iter().all(|token| holds(all, *token)))
        };
        a.is_round_up
            || b.is_round_up
            || (lacks(&facts_a.numbers, &all_b.numbers) && lacks(&facts_b.numbers, &all_a.numbers))
            || (lacks(&facts_a.names, &all_b.names) && lacks(&facts_b.names, &all_a.names))
            || (unquoted(&a.quoted, &other.all) && unquoted(&b.quoted, &self.all))
            || (is_unknown(&a.subject, &other.all) && is_unknown(&b.subject, &self.all))
            || self.says_the_opposite(other)
            || self.differs_in_one_place(other)
            || self.titles_differ(other)
    }

    fn says_the_opposite(&self, other: &Self) -> bool {
        let [a, b] = [self.particulars(), other.particulars()];
        OPPOSITES.iter().zip(a.opposites.iter().zip(&b.opposites)).any(|((one, _), (mine, theirs))| {
            let one_is_empty = one.is_empty();
            (mine.1 && !theirs.1 && (one_is_empty || theirs.0 && !mine.0))
                || (theirs.1 && !mine.1 && (one_is_empty || mine.0 && !theirs.0))
        })
    }

    /// True if the titles are the same sentence with different words in one place: 腾讯|阿里巴巴
    /// 发布第三季度财报, 法院判决苹果胜诉|败诉, 完成三|五亿元融资. Such titles are very similar but
    /// report different events, unless the differing words are [`REPORTING_VERBS`], or one of the
    /// articles contains the other's words. Titles with the same characters in another order
    /// (华为起诉三星, 三星起诉华为) are different events, too.
    fn differs_in_one_place(&self, other: &Self) -> bool {
        let (a, b) = (&*self.particulars().folded, &*other.particulars().folded);
        if a == b {
            return false;
        }
        let shorter = a.len().min(b.len());
        let start = a.iter().zip(b).take_while(|(a, b)| a == b).count();
        let end = a.iter().rev().zip(b.iter().rev()).take_while(|(a, b)| a == b).count().min(shorter - start);
        let (mine, theirs) = (&a[start..a.len() - end], &b[start..b.len() - end]);
        let letters = |part: &[char]| {
            let mut letters = part.to_vec();
            letters.sort_unstable();
            letters
        };
        if mine.len() > 1 && letters(mine) == letters(theirs) {
            return true;
        }
        let same = start + end;
        if mine.is_empty() || theirs.is_empty() || same * 2 < a.len().max(b.len()) {
            return false;
        }
        let reports = |part: &[char]| {
            let text: String = part.iter().collect();
            REPORTING_VERBS.iter().any(|verb| text.contains(verb))
        };
        // The part is widened by one character on each side, so that a single character has a
        // token, too.
        let token = |all: &[char], from: usize, to: usize| -> Vec<u64> {
            let wide: String = all[from.saturating_sub(1)..(to + 1).min(all.len())].iter().collect();
            tokenize(&wide).0
        };
        let mine_held = holds_all(&other.all, &token(a, start, a.len() - end));
        let theirs_held = holds_all(&self.all, &token(b, start, b.len() - end));
        let both_report = reports(mine) && reports(theirs);
        !(both_report || mine_held || theirs_held)
    }
}

/// For each character of a title: whether an article has it together with the character before or
/// after it.
fn known(title: &[char], all: &[u64]) -> Vec<bool> {
    let mut known = vec![false; title.len()];
    for at in 1..title.len() {
        let (before, c) = (title[at - 1], title[at]);
        if han::is_han(before) && han::is_han(c) && holds(all, bigram(before, c)) {
            known[at - 1] = true;
            known[at] = true;
        }
    }
    known
}

/// True if a word consists of [`REPORTING_VERBS`], but for one character.
fn is_reporting(word: &str) -> bool {
    let rest = REPORTING_VERBS.iter().fold(word.to_owned(), |rest, verb| rest.replace(verb, ""));
    rest.len() < word.len() && rest.chars().count() <= 1
}

fn holds_all(sorted: &[u64], tokens: &[u64]) -> bool {
    !tokens.is_empty() && tokens.iter().all(|token| holds(sorted, *token))
}

/// True if a token of the name is missing from the text: an unknown name, or one that is only
/// partly the same (美国商务部, 中国商务部).
fn is_unknown(name: &[u64], all: &[u64]) -> bool {
    name.iter().any(|token| !holds(all, *token))
}

/// Further words that follow an agent in a title.
const AGENT_VERBS: [&str; 21] = [
    "召回",
    "上市",
    "起诉",
    "反诉",
    "裁员",
    "登陆",
    "清仓",
    "超越",
    "反超",
    "涨超",
    "跌超",
    "大涨",
    "大跌",
    "股价",
    "研制",
    "团队",
    "列入",
    "驳回",
    "批准",
    "阻止",
    "在港交所",
];

/// Returns the text before the first verb of a title, if it is as short as a name: 2 to 8
/// characters.
fn subject(title: &str) -> Option<&str> {
    let end = REPORTING_VERBS.iter().chain(&AGENT_VERBS).filter_map(|verb| title.find(verb)).min()?;
    let before = title[..end].trim();
    let subject = before.rsplit(['：', ':', '，', ',', '！', '!', '？']).next()?.trim();
    let length = subject.chars().count();
    (2..=8).contains(&length).then_some(subject)
}

fn quoted(title: &str) -> impl Iterator<Item = &str> {
    let mut rest = title;
    std::iter::from_fn(move || {
        let open = rest.find(['「', '“', '《', '『'])?;
        let mut characters = rest[open..].chars();
        let close = match characters.next()? {
            '「' => '」',
            '“' => '”',
            '《' => '》',
            _ => '』',
        };
        let after = characters.as_str();
        let end = after.find(close)?;
        rest = &after[end..];
        Some(&after[..end])
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quoted_names_are_found() {
        let found: Vec<&str> = quoted("「灵巢动力」完成融资，《自然》报道“").collect();
        assert_eq!(found, ["灵巢动力", "自然"]);
    }

    #[test]
    fn the_subject_is_a_short_text_before_the_first_verb() {
        for (title, wanted) in [
            ("华为发布新品", Some("华为")),
            ("快讯:华为召回新品", Some("华为")),
            ("今天,小米 裁员", Some("小米")),
            ("华发布新品", None),
            ("一二三四五六七八发布新品", Some("一二三四五六七八")),
            ("一二三四五六七八九发布新品", None),
            ("新品", None),
            ("", None),
        ] {
            assert_eq!(subject(title), wanted, "{title}");
        }
        for (title, wanted) in [
            ("“甲”与『乙』、《丙》和「丁」", &["甲", "乙", "丙", "丁"] as &[&str]),
            ("“甲』", &[]),
            ("甲", &[]),
        ] {
            assert_eq!(quoted(title).collect::<Vec<_>>(), wanted, "{title}");
        }
    }

    #[test]
    fn a_word_of_verbs_is_reporting_except_for_one_character() {
        for (word, wanted) in [
            ("发布", true),
            ("发布会", true),
            ("正式推出", true),
            ("发布新品", false),
            ("甲", false),
            ("甲乙", false),
            ("", false),
        ] {
            assert_eq!(is_reporting(word), wanted, "{word}");
        }
    }

    #[test]
    fn characters_are_known_with_a_neighbour_in_han() {
        let title: Vec<char> = "甲乙a丙丁".chars().collect();
        let mut all = vec![bigram('甲', '乙'), bigram('a', '丙'), bigram('乙', 'a')];
        all.sort_unstable();
        assert_eq!(known(&title, &all), [true, true, false, false, false]);
        assert_eq!(known(&[], &all), [false; 0]);
        for (name, wanted) in [(&[] as &[u64], false), (&[1], false), (&[1, 2], true), (&[2, 1], true)] {
            assert_eq!(is_unknown(name, &[1, 3]), wanted, "{name:?}");
        }
        for (tokens, wanted) in [(&[] as &[u64], false), (&[1], true), (&[1, 3], true), (&[1, 2], false)] {
            assert_eq!(holds_all(&[1, 3], tokens), wanted, "{tokens:?}");
        }
    }
}
