//! Filters entries by words, folded as the search folds them.

use crate::search::fold::{Folded, fold};

/// The words that the title and the text of an entry must and must not have.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Words {
    /// At least one of these, if there are any.
    pub(super) any: Vec<String>,
    /// Each of these.
    pub(super) all: Vec<String>,
    /// None of these.
    pub(super) none: Vec<String>,
}

impl Words {
    /// The reason why an entry with these texts is dropped; `None` if it is kept.
    #[must_use]
    pub(super) fn refuse(&self, title: &str, text: &str) -> Option<String> {
        if self.any.is_empty() && self.all.is_empty() && self.none.is_empty() {
            return None;
        }
        let folded = format!("{} {}", folded(title), folded(text));
        let has = |word: &&String| contains(&folded, &self::folded(word));
        if let Some(word) = self.none.iter().find(has) {
            return Some(tr!("with `{word}`", word));
        }
        if let Some(word) = self.all.iter().find(|word| !has(word)) {
            return Some(tr!("without `{word}`", word));
        }
        if !self.any.is_empty() && !self.any.iter().any(|word| has(&word)) {
            let words: Vec<String> = self.any.iter().map(|word| format!("`{word}`")).collect();
            return Some(tr!("without {words}", words = words.join(&tr!(" or "))));
        }
        None
    }
}

/// A text as the search compares it; what separates words is one space.
pub(super) fn folded(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    fold(text, |c| match c {
        Folded::Wide(c) | Folded::Letter(c) | Folded::Digit(c) | Folded::Mark(c) | Folded::Sign(c) => {
            all.push(c);
        }
        Folded::Dot => all.push('.'),
        Folded::Nothing => {}
        Folded::Space | Folded::Break | Folded::Other => {
            if !all.ends_with(' ') {
                all.push(' ');
            }
        }
    });
    all
}

/// True if a folded text contains a folded word. A word of letters is a whole word: `ai` is not in
/// `mail`, and is in `ai 模型` and `用ai写`.
fn contains(text: &str, word: &str) -> bool {
    let word = word.trim();
    let is_part = |c: Option<char>| c.is_some_and(|c| c.is_alphanumeric() && !is_wide(c));
    let (first, last) = (word.chars().next(), word.chars().next_back());
    !word.is_empty()
        && text.match_indices(word).any(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + word.len()..].chars().next();
            !(is_part(first) && is_part(before) || is_part(last) && is_part(after))
        })
}

fn is_wide(c: char) -> bool {
    crate::text::han::is_read(c)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(any: &[&str], all: &[&str], none: &[&str]) -> Words {
        let owned = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        Words { any: owned(any), all: owned(all), none: owned(none) }
    }

    #[test]
    fn words_are_compared_as_in_the_search() {
        for (word, text, is_there) in [
            ("大模型", "國產大模型發布", true),
            ("ai", "ＡＩ 模型", true),
            ("AI", "用ai写", true),
            ("AI", "Mail from Air", false),
            ("GPT", "GPT-5", true),
            ("GPT-5", "gpt 5 发布", true),
            ("C++", "学 c++ 的人", true),
            ("4.5", "GPT-4.5", true),
            ("4.5", "GPT-14.5", false),
            ("招聘", "", false),
        ] {
            assert_eq!(contains(&folded(text), &folded(word)), is_there, "{word} in {text}");
        }
    }

    #[test]
    fn any_all_and_none_each_give_their_reason() {
        let refused = |words: &Words| words.refuse("大模型发布", "正文里有招聘");
        assert_eq!(refused(&Words::default()), None);
        assert_eq!(refused(&words(&["GPT", "大模型"], &["发布"], &["广告"])), None);
        assert_eq!(refused(&words(&[], &[], &["招聘"])).unwrap(), "with `招聘`");
        assert_eq!(refused(&words(&[], &["发布", "开源"], &[])).unwrap(), "without `开源`");
        assert_eq!(refused(&words(&["GPT", "开源"], &[], &[])).unwrap(), "without `GPT` or `开源`");
    }
}
