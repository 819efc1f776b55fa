//! Decides whether a record is the same news as an article with the same link.
//!
//! Some pages keep their address while the news on them changes: a price list, a changelog, the
//! home page that a pipeline gives to every article. So a link alone does not identify an article.

use std::collections::HashSet;

use crate::hygiene::near_duplicates::excerpt::Signature;
use crate::link::Link;
use crate::load::authorship::Authorship;
use crate::load::date::Date;
use crate::text::han;

/// The part of two-letter pieces (Dice's coefficient) that similar titles have in common.
const MIN_SIMILARITY: f64 = 0.5;

/// What a record or an article says, as far as it is compared.
#[derive(Debug, Clone, Default)]
pub struct Said {
    /// The title; empty for a file that cannot be read.
    pub title: String,
    /// The date.
    pub date: Option<Date>,
    /// The link.
    pub link: Option<Link>,
    /// The signature of title and first sentences.
    pub signature: Option<Signature>,
    /// The hash of the record's title and text; `None` if no record is known.
    pub record: Option<String>,
    /// What it says about its author; not compared.
    pub authorship: Authorship,
}

/// The evidence that a record and an article with the same link are the same news. The greatest
/// evidence decides which of several articles a record belongs to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Evidence {
    /// The titles are similar.
    SimilarTitle,
    /// The titles and first sentences are near-duplicates.
    NearDuplicate,
    /// The titles are equal.
    Title,
    /// The title and the text are equal, or nothing is known about the article.
    Words,
}

impl Said {
    /// The letters and digits of the title, in lower case and Simplified Chinese; the title itself
    /// if it has none.
    #[must_use]
    pub fn folded_title(&self) -> String {
        let letters = self.title.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase);
        let folded: String = letters.map(han::simplified).collect();
        if folded.is_empty() { self.title.clone() } else { folded }
    }

    /// Returns the evidence that `self` and `known`, which have the same link, are the same news.
    /// `None` if they are not:
    ///
    /// - their fragments are different keys of articles, and they are no near-duplicates
    /// - their fragments or their days differ, and their first sentences are not similar: the page
    ///   of a daily keeps its address and its title
    /// - they are of different days and have different titles
    /// - neither their titles nor their first sentences are similar
    #[must_use]
    pub fn evidence(&self, known: &Said) -> Option<Evidence> {
        if known.title.is_empty() || self.record.is_some() && self.record == known.record {
            return Some(Evidence::Words);
        }
        let (title, other) = (self.folded_title(), known.folded_title());
        let both = self.signature.as_ref().zip(known.signature.as_ref());
        let is_alike = both.is_some_and(|(new, old)| new.is_like(old));
        if self.has_another_key(known) && !is_alike {
            return None;
        }
        if both.is_some() && !is_alike && (self.has_another_fragment(known) || self.is_of_another_day(known))
        {
            return None;
        }
        if title == other {
            return Some(Evidence::Title);
        }
        if self.is_of_another_day(known) {
            return None;
        }
        if is_alike {
            return Some(Evidence::NearDuplicate);
        }
        let is_similar =
            similarity(&title, &other) >= MIN_SIMILARITY && !have_other_names(&self.title, &known.title);
        is_similar.then_some(Evidence::SimilarTitle)
    }

    /// True if the fragments of both links are keys of articles ([`Link::key`]), and differ.
    #[must_use]
    pub fn has_another_key(&self, known: &Said) -> bool {
        let key = |said: &Said| said.link.as_ref().and_then(Link::key);
        key(self).zip(key(known)).is_some_and(|(new, old)| new != old)
    }

    /// True if both links have a fragment, and these differ.
    fn has_another_fragment(&self, known: &Said) -> bool {
        let fragment = |said: &Said| said.link.as_ref().and_then(Link::fragment);
        fragment(self).zip(fragment(known)).is_some_and(|(new, old)| new != old)
    }

    /// True if both have a date, and the days differ.
    fn is_of_another_day(&self, known: &Said) -> bool {
        self.date.zip(known.date).is_some_and(|(new, old)| new.at.date_naive() != old.at.date_naive())
    }
}

/// The part of the pairs of neighbouring characters that two texts have in common (Dice's
/// coefficient), from 0 to 1. (`strsim::sorensen_dice` divides by bytes, and so gives equal Chinese
/// pairs a third of their weight.)
fn similarity(a: &str, b: &str) -> f64 {
    let pairs = |text: &str| -> Vec<(char, char)> { text.chars().zip(text.chars().skip(1)).collect() };
    let (a, mut b) = (pairs(a), pairs(b));
    let total = a.len() + b.len();
    let is_common = |pair: &&(char, char)| {
        b.iter().position(|other| other == *pair).map(|at| b.swap_remove(at)).is_some()
    };
    let common = a.iter().filter(is_common).count();
    if total == 0 { 0.0 } else { (2 * common) as f64 / total as f64 }
}

/// True if each of two titles has a name or a number that the other lacks: `Nova-4` and `Nova
/// Draw`, `v1.2` and `v1.3`.
fn have_other_names(a: &str, b: &str) -> bool {
    let names = |title: &str| -> HashSet<String> {
        let is_part = |c: char| c.is_ascii_alphanumeric() || c == '.';
        let names = title.split(|c| !is_part(c)).map(|name| name.trim_matches('.').to_lowercase());
        names.filter(|name| !name.is_empty()).collect()
    };
    let (a, b) = (names(a), names(b));
    !a.is_subset(&b) && !b.is_subset(&a)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::link;
    use crate::load::date;

    const TEXT: &str =
        "某公司今天发布了名为小星的模型。负责人在发布会上说，他们会开放权重，但训练数据不会公开。";
    const OTHER: &str =
        "据业内人士透露，这家芯片公司上个季度的出货量比去年同期翻了一倍，超过了所有人的预期。";

    fn said(title: &str, date: &str, fragment: &str, text: &str) -> Said {
        Said {
            title: title.to_owned(),
            date: date::parse(date, chrono_tz::Tz::Asia__Shanghai).ok(),
            link: link::parse(&format!("https://e.org/{fragment}")).ok(),
            signature: Signature::of(title, text),
            record: Some(format!("{title}{text}")),
            ..Said::default()
        }
    }

    #[test]
    fn the_same_news_and_other_news_under_one_link_are_told_apart() {
        use Evidence::{NearDuplicate, SimilarTitle, Title, Words};
        for (new, known, wanted) in [
            // The same words, whatever the date.
            (("小星开放权重", "2026-03-01", "", TEXT), ("小星开放权重", "2026-03-02", "", TEXT), Some(Words)),
            // The same title: a new version.
            (("小星开放权重", "", "", TEXT), ("小星 开放权重！", "", "", OTHER), Some(Title)),
            (
                ("小星開放權重", "2026-03-01", "", TEXT),
                ("小星开放权重", "2026-03-02", "", &format!("{TEXT}再见。")),
                Some(Title),
            ),
            (("每日要闻", "2026-03-01", "", "甲"), ("每日要闻", "2026-03-02", "", "乙"), Some(Title)),
            (("每日要闻", "2026-03-01", "", TEXT), ("每日要闻", "2026-03-01", "", OTHER), Some(Title)),
            (("每日要闻", "2026-03-01", "", TEXT), ("每日要闻", "", "", OTHER), Some(Title)),
            // The same title of another day or another part of the page, and another text.
            (("每日要闻", "2026-03-01", "", TEXT), ("每日要闻", "2026-03-02", "", OTHER), None),
            (("Weekly", "2026-03-01", "", TEXT), ("weekly", "2026-03-08", "", OTHER), None),
            (("每日要闻", "", "#cli", TEXT), ("每日要闻", "", "#chip", OTHER), None),
            (("每日要闻", "", "#id=abc", TEXT), ("每日要闻", "", "#id=def", OTHER), None),
            (("每日要闻", "", "#cli", TEXT), ("每日要闻", "", "#chip", TEXT), Some(Words)),
            (("每日要闻", "", "#cli", TEXT), ("每日要闻", "", "#cli", OTHER), Some(Title)),
            (("每日要闻", "", "#cli", TEXT), ("每日要闻", "", "", OTHER), Some(Title)),
            (("AI News", "", "", "甲"), ("ai news", "", "", "乙"), Some(Title)),
            // Another title of the same day, and without a date.
            (
                ("小星开放权重", "2026-03-01", "", "甲"),
                ("小星开放权重了", "2026-03-01 09:00", "", "乙"),
                Some(SimilarTitle),
            ),
            (("权重公开", "", "", TEXT), ("小星来了", "2026-03-01", "", TEXT), Some(NearDuplicate)),
            // Wholly different, with and without a date.
            (("小星开放权重", "", "", TEXT), ("芯片出货翻倍", "", "", OTHER), None),
            (("小星开放权重", "2026-03-01", "", "甲"), ("芯片出货翻倍", "2026-03-01", "", "乙"), None),
            (("🚀", "", "", "甲"), ("🎉", "", "", "乙"), None),
            (("🚀", "", "", "甲"), ("🚀", "", "", "乙"), Some(Title)),
            // Another name or number.
            (("某公司发布 Mist-Max 模型", "", "", "甲"), ("某公司发布 Mist-27B 模型", "", "", "乙"), None),
            (("更新日志 v1.2", "", "", "甲"), ("更新日志 v1.3", "", "", "乙"), None),
            // Another day and another title.
            (("定价上调一成", "2026-03-01", "", "甲"), ("定价下调一成", "2026-03-02", "", "乙"), None),
            (("权重公开", "2026-03-02", "", TEXT), ("小星来了", "2026-03-01", "", TEXT), None),
            // Keys of articles.
            (("工具日报", "", "#d-1", TEXT), ("工具日报", "", "#d-2", OTHER), None),
            (("工具日报", "", "#d-1", "甲"), ("工具日报", "", "#d-1", "乙"), Some(Title)),
            (("工具日报", "", "#d-1", TEXT), ("工具日报", "", "#d-2", TEXT), Some(Words)),
            (("工具日报", "", "#d-1", &format!("{TEXT}再见。")), ("工具日报", "", "#d-2", TEXT), Some(Title)),
            (("工具日报", "", "#d-1", "甲"), ("工具日报", "", "#more", "乙"), Some(Title)),
        ] {
            let make =
                |(title, date, fragment, text): (&str, &str, &str, &str)| said(title, date, fragment, text);
            assert_eq!(make(new).evidence(&make(known)), wanted, "{new:?} {known:?}");
            assert_eq!(make(known).evidence(&make(new)), wanted, "{known:?} {new:?}");
        }
    }

    #[test]
    fn similarity_counts_common_pairs_of_characters() {
        for (a, b, wanted) in [
            ("开放权重", "开放权重", 1.0),
            ("开放权重", "开放接口", 1.0 / 3.0),
            ("abc", "xyz", 0.0),
            ("一一一", "一一", 2.0 / 3.0),
            ("一", "一", 0.0),
            ("", "", 0.0),
        ] {
            assert!((similarity(a, b) - wanted).abs() < 1e-9, "{a} {b}: {}", similarity(a, b));
            assert!((similarity(b, a) - wanted).abs() < 1e-9, "{b} {a}");
        }
    }

    #[test]
    fn titles_with_other_names_are_told_apart() {
        for (a, b) in [("Nova-4 发布", "Nova Draw 发布"), ("v1.2", "v1.3"), ("GPT-5 降价", "GPT-5o 降价")]
        {
            assert!(have_other_names(a, b) && have_other_names(b, a), "{a} {b}");
        }
        for (a, b) in [("GPT-5 降价", "GPT-5 降价了"), ("降价", "GPT-5 降价"), ("甲", "乙"), ("AI.", "ai")]
        {
            assert!(!have_other_names(a, b) && !have_other_names(b, a), "{a} {b}");
        }
    }

    #[test]
    fn a_file_that_cannot_be_read_is_the_article_of_its_link() {
        assert_eq!(said("甲", "", "#1", TEXT).evidence(&Said::default()), Some(Evidence::Words));
    }

    #[test]
    fn only_two_different_keys_name_two_articles() {
        let key =
            |new: &str, known: &str| said("甲", "", new, "").has_another_key(&said("乙", "", known, ""));
        assert!(key("#post-1", "#post-2"));
        for (new, known) in [("#post-1", "#post-1"), ("#post-1", ""), ("", "#2"), ("#more", "#comments")] {
            assert!(!key(new, known), "{new} {known}");
        }
    }

    #[test]
    fn the_greatest_evidence_is_of_equal_words() {
        assert!(Evidence::Words > Evidence::Title && Evidence::Title > Evidence::NearDuplicate);
        assert!(Evidence::NearDuplicate > Evidence::SimilarTitle);
    }
}
