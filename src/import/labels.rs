//! Maps labels to fields: the built-in names in Chinese (either script) and English, and those that
//! the digest adds.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::config::Config;
use crate::diagnostic::nearest;
use crate::import::record::Field;
use crate::text::han;
use crate::text::invisible::is_invisible;

/// The evidence that a name gives for a label.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Strength {
    /// The name is a label if it is at the beginning of a line and before a colon.
    Strong,
    /// The name can also begin a line of prose. Within prose, it is only a label if the value fits
    /// the field.
    Weak,
}

use Strength::{Strong, Weak};

/// Names of fields in their folded form (see [`fold`]): Simplified, in lower case, without spaces,
/// hyphens and underscores.
const NAMES: [(&str, Field, Strength); 112] = [
    ("内文", Field::Body, Strong),
    ("消息来源", Field::Source, Strong),
    ("新闻媒体", Field::Source, Strong),
    ("标题", Field::Title, Strong),
    ("新闻标题", Field::Title, Strong),
    ("文章标题", Field::Title, Strong),
    ("题目", Field::Title, Strong),
    ("主标题", Field::Title, Strong),
    ("题名", Field::Title, Strong),
    ("title", Field::Title, Strong),
    ("headline", Field::Title, Strong),
    ("链接", Field::Link, Strong),
    ("连结", Field::Link, Strong),
    ("原文链接", Field::Link, Strong),
    ("新闻链接", Field::Link, Strong),
    ("文章链接", Field::Link, Strong),
    ("来源链接", Field::Link, Strong),
    ("原文地址", Field::Link, Strong),
    ("网址", Field::Link, Weak),
    ("地址", Field::Link, Weak),
    ("link", Field::Link, Strong),
    ("url", Field::Link, Strong),
    ("sourceurl", Field::Link, Strong),
    ("originalurl", Field::Link, Strong),
    ("externalurl", Field::Link, Strong),
    ("正文", Field::Body, Strong),
    ("文章正文", Field::Body, Strong),
    ("新闻正文", Field::Body, Strong),
    ("全文", Field::Body, Weak),
    ("原文", Field::Body, Weak),
    ("内容", Field::Body, Weak),
    ("文章内容", Field::Body, Strong),
    ("新闻内容", Field::Body, Strong),
    ("content", Field::Body, Weak),
    ("body", Field::Body, Weak),
    ("text", Field::Body, Weak),
    ("fulltext", Field::Body, Strong),
    ("articletext", Field::Body, Strong),
    ("总结", Field::Summary, Strong),
    ("内容总结", Field::Summary, Strong),
    ("文章总结", Field::Summary, Strong),
    ("概述", Field::Summary, Weak),
    ("概要", Field::Summary, Weak),
    ("简介", Field::Summary, Weak),
    ("summary", Field::Summary, Strong),
    ("description", Field::Summary, Weak),
    ("excerpt", Field::Summary, Weak),
    ("摘要", Field::Abstract, Strong),
    ("内容摘要", Field::Abstract, Strong),
    ("文章摘要", Field::Abstract, Strong),
    ("新闻摘要", Field::Abstract, Strong),
    ("abstract", Field::Abstract, Strong),
    ("重大事件摘要", Field::Event, Strong),
    ("重大事件", Field::Event, Strong),
    ("重大事件总结", Field::Event, Strong),
    ("重要事件", Field::Event, Strong),
    ("重要事件摘要", Field::Event, Strong),
    ("关键事件", Field::Event, Strong),
    ("核心事件", Field::Event, Strong),
    ("主要事件", Field::Event, Strong),
    ("事件摘要", Field::Event, Strong),
    ("事件", Field::Event, Weak),
    ("event", Field::Event, Strong),
    ("keyevent", Field::Event, Strong),
    ("keyeventsummary", Field::Event, Strong),
    ("majorevent", Field::Event, Strong),
    ("majoreventsummary", Field::Event, Strong),
    ("eventsummary", Field::Event, Strong),
    ("日期", Field::Date, Strong),
    ("发布日期", Field::Date, Strong),
    ("发表日期", Field::Date, Strong),
    ("新闻日期", Field::Date, Strong),
    ("发布时间", Field::Date, Strong),
    ("发表时间", Field::Date, Strong),
    ("时间", Field::Date, Weak),
    ("date", Field::Date, Strong),
    ("pubdate", Field::Date, Strong),
    ("published", Field::Date, Strong),
    ("publishedat", Field::Date, Strong),
    ("publishdate", Field::Date, Strong),
    ("publishtime", Field::Date, Strong),
    ("publishedon", Field::Date, Strong),
    ("datepublished", Field::Date, Strong),
    ("更新时间", Field::Updated, Strong),
    ("更新日期", Field::Updated, Strong),
    ("updated", Field::Updated, Strong),
    ("updatedat", Field::Updated, Strong),
    ("lastmod", Field::Updated, Strong),
    ("datemodified", Field::Updated, Strong),
    ("publish", Field::Publish, Strong),
    ("expires", Field::Expires, Strong),
    ("来源", Field::Source, Strong),
    ("文章来源", Field::Source, Strong),
    ("新闻来源", Field::Source, Strong),
    ("信息来源", Field::Source, Strong),
    ("媒体来源", Field::Source, Strong),
    ("出处", Field::Source, Weak),
    ("媒体", Field::Source, Weak),
    ("发布媒体", Field::Source, Strong),
    ("发布者", Field::Source, Weak),
    ("source", Field::Source, Strong),
    ("sourcename", Field::Source, Strong),
    ("publisher", Field::Source, Weak),
    ("media", Field::Source, Weak),
    ("site", Field::Source, Weak),
    ("sitename", Field::Source, Strong),
    ("slug", Field::Slug, Strong),
    ("aliases", Field::Aliases, Strong),
    ("draft", Field::Draft, Strong),
    ("ai", Field::Ai, Weak),
    ("reviewed", Field::Reviewed, Weak),
    ("人工审核", Field::Reviewed, Weak),
];

/// Names of the three default taxonomies in their folded form, beside the names in the
/// configuration.
const TERMS: [(&str, &str, Strength); 37] = [
    ("industries", "产业别", Strong),
    ("industries", "行业别", Strong),
    ("keywords", "关键词", Strong),
    ("keywords", "关键字", Strong),
    ("keywords", "关键词汇", Strong),
    ("keywords", "主题词", Strong),
    ("keywords", "标签", Strong),
    ("keywords", "keywords", Strong),
    ("keywords", "keyword", Strong),
    ("keywords", "tags", Strong),
    ("keywords", "tag", Strong),
    ("keywords", "categories", Strong),
    ("keywords", "category", Strong),
    ("ai_technologies", "ai技术", Strong),
    ("ai_technologies", "人工智能技术", Strong),
    ("ai_technologies", "ai相关技术", Strong),
    ("ai_technologies", "相关ai技术", Strong),
    ("ai_technologies", "涉及ai技术", Strong),
    ("ai_technologies", "涉及的ai技术", Strong),
    ("ai_technologies", "相关技术", Strong),
    ("ai_technologies", "涉及技术", Strong),
    ("ai_technologies", "技术", Weak),
    ("ai_technologies", "aitechnologies", Strong),
    ("ai_technologies", "aitechnology", Strong),
    ("ai_technologies", "aitech", Strong),
    ("ai_technologies", "technologies", Strong),
    ("ai_technologies", "technology", Weak),
    ("industries", "行业", Strong),
    ("industries", "所属行业", Strong),
    ("industries", "相关行业", Strong),
    ("industries", "涉及行业", Strong),
    ("industries", "行业领域", Strong),
    ("industries", "应用领域", Strong),
    ("industries", "领域", Weak),
    ("industries", "产业", Weak),
    ("industries", "industries", Strong),
    ("industries", "industry", Strong),
];

/// The labels that an import of this digest knows.
#[derive(Debug, Default)]
pub struct Labels {
    /// Fields by folded name.
    table: HashMap<String, (Field, Strength)>,
    /// The number of characters of the longest name.
    longest: usize,
}

impl Labels {
    /// Collects the built-in names, the names of the digest's taxonomies, and the names in
    /// `import.labels`. Later ones win.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let mut table: HashMap<String, (Field, Strength)> = HashMap::new();
        for (name, field, strength) in NAMES {
            table.insert(name.to_owned(), (field, strength));
        }
        let place = |name: &str| config.taxonomies.iter().position(|taxonomy| taxonomy.name == name);
        for (taxonomy, name, strength) in TERMS {
            if let Some(at) = place(taxonomy) {
                table.insert(name.to_owned(), (Field::Terms(at), strength));
            }
        }
        for (at, taxonomy) in config.taxonomies.iter().enumerate() {
            let names = std::iter::once(&taxonomy.name).chain(&taxonomy.also).chain(&taxonomy.title);
            for name in names {
                table.insert(fold(name), (Field::Terms(at), Strong));
            }
        }
        for (field, name) in &config.import.labels {
            if let Some(field) = field_called(field, config) {
                table.insert(fold(name), (field, Strong));
            }
        }
        let longest = table.keys().map(|name| name.chars().count()).max().unwrap_or_default();
        Self { table, longest }
    }

    /// Looks up a name as written. Spaces, hyphens, underscores, case, width and script make no
    /// difference.
    #[must_use]
    pub fn get(&self, written: &str) -> Option<(&Field, Strength)> {
        // Three times the length: the characters of a name can be spaced out (标 题).
        if written.chars().take(3 * self.longest + 1).count() > 3 * self.longest {
            return None;
        }
        self.table.get(&fold(written)).map(|(field, strength)| (field, *strength))
    }

    /// Returns the field of a key or a column. An unknown name is [`Field::Extra`] with this name.
    #[must_use]
    pub fn field(&self, name: &str) -> Field {
        self.get(name).map_or_else(|| Field::Extra(name.to_owned()), |(field, _)| field.clone())
    }

    /// Returns the known name that differs from a written one by one typing error.
    #[must_use]
    pub fn nearest(&self, written: &str) -> Option<&str> {
        let folded = fold(written);
        // Names of two characters that differ in one are different words (标题 and 标签).
        let likely = self.table.iter().filter(|(name, (_, strength))| {
            *strength == Strong
                && name.chars().count() > 2
                && name.chars().count().abs_diff(folded.chars().count()) <= 1
        });
        nearest(&folded, likely.map(|(name, _)| name.as_str()))
            .filter(|name| *name != folded && strsim::damerau_levenshtein(&folded, name) == 1)
    }
}

/// Returns the field with a name of front matter: `title`, the name of a taxonomy, or `extra.` and
/// any name.
#[must_use]
pub fn field_called(name: &str, config: &Config) -> Option<Field> {
    Some(match name {
        "title" => Field::Title,
        "link" => Field::Link,
        "body" | "text" | "content" => Field::Body,
        "summary" => Field::Summary,
        "event" | "key_event" => Field::Event,
        "date" => Field::Date,
        "updated" => Field::Updated,
        "publish" => Field::Publish,
        "expires" => Field::Expires,
        "source" => Field::Source,
        "slug" => Field::Slug,
        "aliases" => Field::Aliases,
        "image" => Field::Image,
        "draft" => Field::Draft,
        "ai" => Field::Ai,
        "reviewed" => Field::Reviewed,
        _ => match name.strip_prefix("extra.") {
            Some(key) if !key.is_empty() => Field::Extra(key.to_owned()),
            _ => Field::Terms(config.taxonomies.iter().position(|taxonomy| taxonomy.name == name)?),
        },
    })
}

/// Folds a name to the form in which equal names agree: NFKC, lower case, Han folded, without white
/// space, hyphens, underscores and invisible characters.
fn fold(written: &str) -> String {
    written
        .nfkc()
        .flat_map(char::to_lowercase)
        .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_') && !is_invisible(*c))
        .map(han::folded)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn script_case_width_and_spaces_make_no_difference() {
        let labels = Labels::of(&Config::default());
        for (written, field) in [
            ("標題", Field::Title),
            ("標 題", Field::Title),
            ("ＴＩＴＬＥ", Field::Title),
            ("連結", Field::Link),
            ("AI 技術", Field::Terms(1)),
            ("aiTechnologies", Field::Terms(1)),
            ("AI_Technologies", Field::Terms(1)),
            ("關鍵詞", Field::Terms(0)),
            ("重大事件摘要", Field::Event),
        ] {
            assert_eq!(labels.get(written).map(|(field, _)| field), Some(&field), "{written}");
        }
        for written in ["标题党", "行业分析师", "", "标", "title2"] {
            assert_eq!(labels.get(written), None, "{written}");
        }
    }

    #[test]
    fn every_built_in_name_is_folded() {
        for name in NAMES.iter().map(|(name, ..)| name).chain(TERMS.iter().map(|(_, name, _)| name)) {
            assert_eq!(fold(name), **name);
        }
    }

    #[test]
    fn a_field_is_called_as_in_front_matter() {
        let config = Config::default();
        let extra = |name: &str| Some(Field::Extra(name.to_owned()));
        for (name, field) in [
            ("title", Some(Field::Title)),
            ("link", Some(Field::Link)),
            ("body", Some(Field::Body)),
            ("text", Some(Field::Body)),
            ("content", Some(Field::Body)),
            ("summary", Some(Field::Summary)),
            ("event", Some(Field::Event)),
            ("key_event", Some(Field::Event)),
            ("date", Some(Field::Date)),
            ("updated", Some(Field::Updated)),
            ("source", Some(Field::Source)),
            ("slug", Some(Field::Slug)),
            ("aliases", Some(Field::Aliases)),
            ("image", Some(Field::Image)),
            ("draft", Some(Field::Draft)),
            ("ai", Some(Field::Ai)),
            ("reviewed", Some(Field::Reviewed)),
            ("extra.mood", extra("mood")),
            ("extra.", None),
            ("extra", None),
            ("mood", None),
        ] {
            assert_eq!(field_called(name, &config), field, "{name}");
        }
        for (at, taxonomy) in config.taxonomies.iter().enumerate() {
            assert_eq!(field_called(&taxonomy.name, &config), Some(Field::Terms(at)));
        }
    }

    #[test]
    fn a_name_may_be_spaced_out_to_three_times_the_longest() {
        let labels = Labels::of(&Config::default());
        let padded = |length: usize| format!("标{}题", " ".repeat(length - 2));
        assert_eq!(labels.field(&padded(3 * labels.longest)), Field::Title);
        let longer = padded(3 * labels.longest + 1);
        assert_eq!(labels.field(&longer), Field::Extra(longer.clone()));
    }

    #[test]
    fn a_typing_error_is_distinguished_from_another_word() {
        let labels = Labels::of(&Config::default());
        assert_eq!(labels.nearest("关健词"), Some("关键词"));
        assert_eq!(labels.nearest("标签"), None);
        assert_eq!(labels.nearest("研究者说"), None);
        assert_eq!(labels.nearest("标提"), None);
        assert_eq!(labels.nearest("关键词"), None);
        assert_eq!(labels.nearest("关键健词"), Some("关键词"));
    }
}
