//! Extracts from articles what they are compared by: words of title and key event, and names and
//! numbers that may contradict.

use std::hash::{Hash, Hasher};

use rustc_hash::FxHasher;
use unicode_normalization::{UnicodeNormalization, is_nfkc};

use crate::load::Article;
use crate::text::han;

/// Words in the titles of columns that report many events. Two columns are never the same event,
/// and a column is never the same event as an article.
const ROUND_UPS: [&str; 20] = [
    "早报", "早餐", "午报", "晚报", "晚间", "周报", "周刊", "日报", "月报", "要闻", "一周", "本周", "每周",
    "每日", "盘点", "速览", "速递", "汇总", "合集", "回顾",
];

/// Words that different outlets use interchangeably in reports of the same event. Titles that
/// differ in other words are different events.
const REPORTING_VERBS: [&str; 30] = [
    "发布", "推出", "公布", "宣布", "上线", "亮相", "问世", "面世", "登场", "开源", "正式", "全新", "开放",
    "收购", "买下", "拿下", "将", "已", "拟", "完成", "获得", "获", "回应", "称", "表示", "发表", "揭晓",
    "官宣", "突发", "重磅",
];

/// Pairs of opposites. Two titles contradict each other if one has only words of the first side and
/// the other only words of the second. If the first side is empty, a title with a word of the
/// second side contradicts every title without one.
const OPPOSITES: [(&[&str], &[&str]); 7] = [
    (&["涨"], &["跌"]),
    (&["胜"], &["败"]),
    (&["批准", "通过"], &["否决", "阻止", "叫停", "驳回"]),
    (&["起诉"], &["反诉"]),
    (&["超越"], &["反超"]),
    (&["退休", "离职", "卸任", "辞职", "解雇", "罢免"], &["出任", "接任", "接替", "上任", "重返"]),
    (&[], &["结束", "取消", "否认", "暂停", "终止", "撤回", "恢复"]),
];

/// The tokens of an article's title and key event. Tokens are hashes; lists are sorted, without
/// duplicates.
#[derive(Debug, Default)]
pub(super) struct TokenizedTitle {
    /// Tokens of the title.
    pub(super) title: Vec<u64>,
    /// Tokens of the title and the key event.
    pub(super) all: Vec<u64>,
    is_round_up: bool,
    title_facts: Facts,
    all_facts: Facts,
    /// Names in quotation marks in the title, each as its tokens.
    quoted: Vec<Vec<u64>>,
    /// Tokens of the text before the first of [`REPORTING_VERBS`] or [`AGENT_VERBS`] in the title:
    /// the agent.
    subject: Vec<u64>,
    /// Letters and digits of the normalized title.
    folded: Vec<char>,
    /// For each of [`OPPOSITES`]: whether the title has words of the first side and of the second.
    opposites: [(bool, bool); OPPOSITES.len()],
}

/// The exact facts of a text: numbers and names, as sorted tokens.
#[derive(Debug, Default)]
struct Facts {
    numbers: Vec<u64>,
    /// Latin words; in Chinese titles these are names of companies and products.
    names: Vec<u64>,
}

impl Facts {
    fn sorted(self) -> Self {
        Self { numbers: sorted(self.numbers), names: sorted(self.names) }
    }
}

impl TokenizedTitle {
    pub(super) fn new(article: &Article) -> Self {
        let title = fold(&article.title);
        let event = fold(article.event.as_deref().unwrap_or(&article.excerpt));
        let (title_tokens, title_facts) = tokenize(&title);
        let (mut all, mut all_facts) = tokenize(&event);
        all.extend(&title_tokens);
        all_facts.numbers.extend(&title_facts.numbers);
        all_facts.names.extend(&title_facts.names);
        Self {
            is_round_up: is_round_up(&title),
            title: sorted(title_tokens),
            all: sorted(all),
            title_facts: title_facts.sorted(),
            all_facts: all_facts.sorted(),
            opposites: OPPOSITES.map(|(one, other)| {
                let any = |words: &[&str]| words.iter().any(|word| title.contains(word));
                (any(one), any(other))
            }),
            subject: subject(&title).map(|subject| tokenize(subject).0).unwrap_or_default(),
            folded: title.chars().filter(|c| c.is_alphanumeric()).collect(),
            quoted: quoted(&title).map(|name| tokenize(name).0).filter(|name| !name.is_empty()).collect(),
        }
    }

    /// True if the two articles name different amounts, products or companies, or contradict each
    /// other otherwise.
    pub(super) fn contradicts(&self, other: &Self) -> bool {
        // True if a number or name of the title is missing from the other article.
        let lacks = |mine: &[u64], all: &[u64]| mine.iter().any(|fact| !holds(all, *fact));
        let (a, b) = (&self.title_facts, &other.title_facts);
        let (all_a, all_b) = (&self.all_facts, &other.all_facts);
        let unquoted = |mine: &[Vec<u64>], all: &[u64]| {
            !mine.is_empty() && !mine.iter().any(|name| name.iter().all(|token| holds(all, *token)))
        };
        self.is_round_up
            || other.is_round_up
            || (lacks(&a.numbers, &all_b.numbers) && lacks(&b.numbers, &all_a.numbers))
            || (lacks(&a.names, &all_b.names) && lacks(&b.names, &all_a.names))
            || (unquoted(&self.quoted, &other.all) && unquoted(&other.quoted, &self.all))
            || (is_unknown(&self.subject, &other.all) && is_unknown(&other.subject, &self.all))
            || self.says_the_opposite(other)
            || self.differs_in_one_place(other)
    }

    fn says_the_opposite(&self, other: &Self) -> bool {
        OPPOSITES.iter().zip(self.opposites.iter().zip(&other.opposites)).any(|((one, _), (mine, theirs))| {
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
        let (a, b) = (self.folded.as_slice(), other.folded.as_slice());
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

fn holds(sorted: &[u64], token: u64) -> bool {
    sorted.binary_search(&token).is_ok()
}

/// Normalizes a text: NFKC, lower case, Han folded.
fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    let push = |folded: &mut String, c: char| {
        if han::is_han(c) {
            folded.push(han::folded(c));
        } else if c.is_ascii() {
            folded.push(c.to_ascii_lowercase());
        } else {
            folded.extend(c.to_lowercase());
        }
    };
    if is_nfkc(text) {
        text.chars().for_each(|c| push(&mut folded, c));
    } else {
        text.nfkc().for_each(|c| push(&mut folded, c));
    }
    folded
}

/// Returns the tokens of a text: bigrams of Han characters, words and numbers. Words and numbers
/// are also returned as facts.
fn tokenize(text: &str) -> (Vec<u64>, Facts) {
    let mut tokens = Vec::with_capacity(text.len() / 3);
    let mut facts = Facts::default();
    let mut before = None;
    let mut characters = text.char_indices().peekable();
    while let Some((start, c)) = characters.next() {
        if han::is_han(c) {
            if let Some(before) = before {
                tokens.push((u64::from(u32::from(before)) << 32) | u64::from(u32::from(c)));
            }
            before = Some(c);
            continue;
        }
        before = None;
        let is_number = c.is_ascii_digit();
        if !is_number && !c.is_alphabetic() {
            continue;
        }
        let mut end = start + c.len_utf8();
        while let Some(&(at, next)) = characters.peek() {
            let inside = if is_number {
                next.is_ascii_digit()
                    || (next == '.' && text[at + 1..].starts_with(|c: char| c.is_ascii_digit()))
            } else {
                next.is_alphabetic() && !han::is_han(next)
            };
            if !inside {
                break;
            }
            end = at + next.len_utf8();
            characters.next();
        }
        let word = &text[start..end];
        if !is_number && word.len() < 2 {
            continue;
        }
        let mut hasher = FxHasher::default();
        word.hash(&mut hasher);
        // The highest bit distinguishes words from bigrams, whose upper half is a character.
        let token = hasher.finish() | (1 << 63);
        tokens.push(token);
        if is_number { facts.numbers.push(token) } else { facts.names.push(token) }
    }
    (tokens, facts)
}

fn sorted(mut tokens: Vec<u64>) -> Vec<u64> {
    tokens.sort_unstable();
    tokens.dedup();
    tokens
}

fn is_round_up(title: &str) -> bool {
    if ROUND_UPS.iter().any(|word| title.contains(word)) {
        return true;
    }
    // An issue number: `第 37 期`.
    title.split('第').skip(1).any(|rest| {
        let rest = rest.trim_start();
        let after = rest.trim_start_matches(|c: char| c.is_ascii_digit());
        after.len() < rest.len() && after.trim_start().starts_with('期')
    })
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
    fn a_title_is_tokenized_into_bigrams_words_and_numbers() {
        let (tokens, facts) = tokenize(&fold("OpenAI發布 GPT-4.5，售價20美元"));
        assert_eq!((facts.names.len(), facts.numbers.len()), (2, 2));
        // 发布 售价 美元, two words, two numbers.
        assert_eq!(tokens.len(), 7);
        assert_eq!(tokenize(&fold("发布")).0, tokenize(&fold("發布")).0);
    }

    #[test]
    fn round_ups_are_recognized_by_their_titles() {
        for title in ["AI 早报：三件事", "一周科技要闻", "本周值得看的论文(第 37 期)"] {
            assert!(is_round_up(title), "{title}");
        }
        for title in ["第三期工程开工", "日本厂商减产", "OpenAI 回应诉讼"] {
            assert!(!is_round_up(title), "{title}");
        }
    }

    #[test]
    fn quoted_names_are_found() {
        let found: Vec<&str> = quoted("「灵巢动力」完成融资，《自然》报道“").collect();
        assert_eq!(found, ["灵巢动力", "自然"]);
    }
}
