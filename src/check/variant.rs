//! Computes the forms of a term that its likely duplicates share.
//!
//! Each kind of evidence is a form: terms with the same form meet in a hash table, so that not all
//! pairs of terms need to be compared.

use serde::Serialize;

use crate::text::han::{self, simplified};

/// The evidence that two terms are the same, the best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Evidence {
    /// Different hyphens, points or spaces: `GPT-4`, `GPT4`, `gpt 4`; `3-5`, `3.5`.
    Separators,
    /// Traditional and Simplified forms: `機器學習`, `机器学习`.
    Traditional,
    /// Different quotation marks or punctuation: `《自然》`, `自然`.
    Quotes,
    /// One names the other in brackets: `通用人工智能(AGI)` and `AGI` or `通用人工智能`.
    Brackets,
    /// With and without a suffix: `OpenAI公司`, `OpenAI`.
    Suffix,
    /// Plural and singular: `LLMs`, `LLM`.
    Plural,
    /// A typo in a long name: `Kuberntes`, `Kubernetes`.
    Spelling,
}

impl Evidence {
    /// The predicate of a sentence whose subject is the terms: `differ only in …`.
    #[must_use]
    pub fn words(self) -> String {
        match self {
            Self::Separators => tr!("differ only in hyphens, points and spaces"),
            Self::Traditional => tr!("are Traditional and Simplified forms"),
            Self::Quotes => tr!("differ only in quotation marks or punctuation"),
            Self::Brackets => tr!("one names the other in brackets"),
            Self::Suffix => tr!("differ only in a suffix like 公司 or 语言"),
            Self::Plural => tr!("are singular and plural"),
            Self::Spelling => tr!("differ in one letter"),
        }
    }
}

/// Words that end in `s` and are not plurals.
const NOT_PLURALS: [&str; 20] = [
    "news",
    "windows",
    "series",
    "physics",
    "economics",
    "analytics",
    "robotics",
    "mathematics",
    "graphics",
    "sales",
    "ops",
    "devops",
    "mlops",
    "ios",
    "aws",
    "gas",
    "bias",
    "gpts",
    "glasses",
    "its",
];

/// Suffixes that do not change the meaning of a name.
const SUFFIXES: [&str; 10] =
    ["股份有限公司", "有限公司", "公司", "集团", "语言", " inc.", " inc", " corp.", " corp", " ltd."];

/// The minimum number of letters of a name in which a different letter may be a typo: `Mistral` and
/// `Mixtral` are two firms.
const MIN_TYPO_LETTERS: usize = 8;

/// The maximum length of a name that is compared for typos, in bytes. Longer keys are addresses or
/// errors, not names.
const MAX_TYPO_BYTES: usize = 48;

/// The minimum length of words that may differ by a typo, in letters.
const MIN_TYPO_WORD_LETTERS: usize = 5;

/// The key without word separators: hyphens, underscores, spaces, middle dots and points. Between
/// two digits all of them are a point, so that `claude-3-5-sonnet` is `claude-3.5-sonnet` but neither
/// `claude-35` nor `claude-3-50`. At the ends underscores are dropped, which are left of emphasis,
/// except those of names such as `__init__`.
#[must_use]
pub fn without_separators(key: &str) -> String {
    let is_separator = |c: char| matches!(c, '-' | '_' | ' ' | '.' | '‐' | '‑' | '–' | '·' | '•' | '・');
    let is_name_of_python = key.len() > 4 && key.starts_with("__") && key.ends_with("__");
    let bare = key.trim_matches('_');
    if is_name_of_python || bare.is_empty() {
        return key.to_owned();
    }
    let mut plain = String::with_capacity(bare.len());
    let mut rest = bare;
    while let Some(start) = rest.find(is_separator) {
        let (before, run) = rest.split_at(start);
        plain.push_str(before);
        let length = run.find(|c| !is_separator(c)).unwrap_or(run.len());
        let (run, after) = run.split_at(length);
        rest = after;
        let (left, right) = (plain.chars().next_back(), after.chars().next());
        match (left, right) {
            (Some(left), Some(right)) if left.is_ascii_digit() && right.is_ascii_digit() => plain.push('.'),
            // `C# .NET` has a point of its own.
            (Some(left), Some(right)) if run.contains('.') => {
                if !(left.is_alphanumeric() && right.is_alphanumeric()) || run.ends_with(" .") {
                    plain.push_str(run.trim_matches(' '));
                }
            }
            (Some(_), Some(_)) => {}
            _ => plain.push_str(run),
        }
    }
    plain.push_str(rest);
    plain
}

/// The key in Simplified characters.
#[must_use]
pub fn in_simplified(key: &str) -> String {
    key.chars().map(simplified).collect()
}

/// The key with each Han character replaced by the one that stands for all its variants: equal for
/// spellings in other scripts and of other regions.
#[must_use]
pub fn in_folded_han(key: &str) -> String {
    key.chars().map(han::folded).collect()
}

/// The key without a hash sign before it, punctuation after it, and quotation marks around it.
#[must_use]
pub fn without_quotes(key: &str) -> &str {
    let bare = key.trim_start_matches('#').trim_end_matches(['。', '，', '、', '；', ',', ';']).trim();
    let key = if bare.is_empty() { key } else { bare };
    let pairs = [('《', '》'), ('「', '」'), ('『', '』'), ('“', '”'), ('"', '"'), ('‘', '’'), ('〈', '〉')];
    let inner = pairs
        .iter()
        .find_map(|&(open, close)| key.strip_prefix(open).and_then(|rest| rest.strip_suffix(close)));
    inner.filter(|inner| !inner.trim().is_empty()).unwrap_or(key)
}

/// Splits a name and its translation or abbreviation in brackets: `通用人工智能(agi)`. `None` for
/// other brackets.
#[must_use]
pub fn brackets(key: &str) -> Option<(&str, &str)> {
    let (outer, inner) = key.strip_suffix(')')?.split_once('(')?;
    let (outer, inner) = (outer.trim(), inner.trim());
    if outer.is_empty() || inner.is_empty() || inner.contains(['(', ')']) {
        return None;
    }
    let has_han = |text: &str| text.chars().any(han::is_han);
    let is_latin = |text: &str| !has_han(text) && text.chars().any(|c| c.is_ascii_alphabetic());
    // Other brackets distinguish two meanings: 苹果(公司), Flash(存储).
    let translates = has_han(outer) && is_latin(inner);
    let initials: String = outer.split([' ', '-']).filter_map(|word| word.chars().next()).collect();
    let abbreviates = is_latin(outer) && is_latin(inner) && inner.chars().count() > 1 && initials == inner;
    (translates || abbreviates || (is_latin(outer) && has_han(inner) && inner.chars().count() > 2))
        .then_some((outer, inner))
}

/// The key of a Latin name without a suffix such as `公司` or `inc.`. `None` if it has none.
#[must_use]
pub fn without_suffix(key: &str) -> Option<&str> {
    let rest = SUFFIXES.iter().find_map(|suffix| key.strip_suffix(suffix))?.trim_end();
    // After a Latin name the suffix changes nothing; after Han it may make another term
    // (互联网公司).
    let letters = rest.chars().filter(char::is_ascii_alphabetic).count();
    (rest.is_ascii() && (letters > 2 || (letters > 0 && key.ends_with("语言")))).then_some(rest)
}

/// The key with its last word in the singular. `None` if the word is not an English plural. `name`
/// is the spelling with its capitals: the `S` of `AWS` is not a plural ending.
#[must_use]
pub fn in_singular(key: &str, name: &str) -> Option<String> {
    let end = key.strip_suffix('s')?;
    let word = key.rsplit(|c: char| !c.is_ascii_alphabetic()).next()?;
    let written = name.trim_end().rsplit(|c: char| !c.is_ascii_alphabetic()).next()?;
    let stem = written.strip_suffix('s')?;
    // A small `s` after capitals is a plural ending: `LLMs`, `GPUs`.
    let is_plural_of_capitals = stem.len() > 1 && stem.chars().all(|c| c.is_ascii_uppercase());
    // A single word with a capital is a name: `Transformers` is a library, `Windows` an operating
    // system.
    let is_name = written.len() == name.trim().len() && stem.starts_with(|c: char| c.is_ascii_uppercase());
    let is_plural = !NOT_PLURALS.contains(&word)
        && (is_plural_of_capitals
            || (word.len() > 3
                && !is_name
                && !["ss", "us", "is", "os", "ics"].iter().any(|ending| word.ends_with(ending))));
    if !is_plural {
        return None;
    }
    let ends_in_es = ["xes", "ches", "shes", "sses"].iter().any(|ending| word.ends_with(ending));
    Some(match end.strip_suffix("ie") {
        Some(stem) if word.len() > 4 => format!("{stem}y"),
        _ if ends_in_es => end.trim_end_matches('e').to_owned(),
        _ => end.to_owned(),
    })
}

/// A long Latin name and its forms with one letter left out. Two names that differ in one letter,
/// or in the order of two, share one of these forms. Empty for other names.
#[must_use]
pub fn deletions(plain: &str) -> Vec<String> {
    let letters = plain.chars().filter(char::is_ascii_alphabetic).count();
    if letters < MIN_TYPO_LETTERS || plain.len() > MAX_TYPO_BYTES || !plain.is_ascii() {
        return Vec::new();
    }
    let mut forms: Vec<String> = (0..plain.len())
        .filter(|&at| plain.as_bytes()[at].is_ascii_alphabetic())
        .map(|at| format!("{}{}", &plain[..at], &plain[at + 1..]))
        .collect();
    forms.push(plain.to_owned());
    forms.sort();
    forms.dedup();
    forms
}

/// Returns true if two long names differ by a typo: one letter too many or too few, two letters in
/// the wrong order, or a different letter in a name of ten or more characters. A different digit or
/// first letter, or a final `s`, is not a typo.
#[must_use]
pub fn is_typo(a: &str, b: &str) -> bool {
    // Different first letters are usually intended (synchronous, asynchronous).
    if a.bytes().next() != b.bytes().next() {
        return false;
    }
    let digits = |text: &str| text.chars().filter(char::is_ascii_digit).collect::<String>();
    if digits(a) != digits(b) || strsim::osa_distance(a, b) != 1 {
        return false;
    }
    let (short, long) = if a.len() <= b.len() { (a, b) } else { (b, a) };
    if long.len() > short.len() {
        return long.strip_suffix('s') != Some(short);
    }
    let different = a.bytes().zip(b.bytes()).filter(|(a, b)| a != b).count();
    different == 2 || a.len() > MIN_TYPO_LETTERS + 1
}

/// Returns true if text in brackets is another name of the term before it, and not an example of
/// it: an abbreviation (通用人工智能(AGI)), several words (马斯克(Elon Musk)) or Han, but not
/// `ChatGPT` after 聊天机器人.
#[must_use]
pub fn is_other_name(written: &str) -> bool {
    let abbreviation = written.len() > 1 && written.chars().all(|c| c.is_ascii_uppercase());
    let plural = written
        .strip_suffix('s')
        .is_some_and(|rest| rest.len() > 1 && rest.chars().all(|c| c.is_ascii_uppercase()));
    abbreviation || plural || written.split_whitespace().count() > 1 || written.chars().any(han::is_han)
}

/// Returns true if two names have the same number of words and differ only in words that are long
/// enough for a typo. The X of `Model X` and the R of `DeepSeek-R2` are intended.
#[must_use]
pub fn differ_only_in_long_words(a: &str, b: &str) -> bool {
    let words = |key: &str| -> Vec<String> {
        let words = key.split(|c: char| !c.is_ascii_alphabetic());
        words.filter(|word| !word.is_empty()).map(str::to_owned).collect()
    };
    let (a, b) = (words(a), words(b));
    let mut different = a.iter().zip(&b).filter(|(a, b)| a != b);
    a.len() == b.len()
        && different.all(|(a, b)| a.len() >= MIN_TYPO_WORD_LETTERS && b.len() >= MIN_TYPO_WORD_LETTERS)
}

#[cfg(test)]
mod tests;
