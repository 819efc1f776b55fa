//! What every format is read to: records of fields as they were written, each with its place.

use crate::diagnostic::Diagnostic;
use crate::import::html;
use crate::import::repair::Repair;
use crate::yaml::Node;

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// 标题
    Title,
    /// 链接
    Link,
    /// 正文: the article's text.
    Body,
    /// 总结: the text where there is no 正文, else its summary.
    Summary,
    /// 摘要: the key event where there is none, else the summary.
    Abstract,
    /// 重大事件摘要
    Event,
    /// 关键词, AI技术, 行业 and the digest's further taxonomies, by their place in its configuration.
    Terms(usize),
    /// 日期
    Date,
    /// When the article was changed since.
    Updated,
    /// 来源
    Source,
    /// What its URL is made from.
    Slug,
    /// Old addresses.
    Aliases,
    /// A path from the digest's home, or a URL.
    Image,
    /// `true` for what is not to be published yet.
    Draft,
    /// Anything else, kept under `extra:` by its name.
    Extra(String),
}

impl Field {
    /// May its text go on over several lines of prose?
    #[must_use]
    pub fn is_prose(&self) -> bool {
        matches!(self, Self::Body | Self::Summary | Self::Abstract | Self::Event)
    }
}

/// A field's value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Words as they were scraped. Terms are separated in it.
    Text(String),
    /// Items that the format itself tells apart.
    Items(Vec<String>),
    /// A body that is Markdown already.
    Markdown(String),
    /// HTML, of feeds and scrapers.
    Html(String),
    /// Anything nested, for `extra:`.
    Data(Node),
}

impl Value {
    /// A field's words, which are a piece of a page where a scraper took the tags along.
    #[must_use]
    pub fn of_words(field: &Field, words: String) -> Self {
        if field.is_prose() && html::is_html(&words) { Self::Html(words) } else { Self::Text(words) }
    }
}

/// Where something stands in an input's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    /// 1-based.
    pub line: usize,
    /// Byte offset of its beginning in the text.
    pub start: usize,
    /// And of its end.
    pub end: usize,
}

/// One field of one record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// Which.
    pub field: Field,
    /// As written.
    pub value: Value,
    /// Where.
    pub spot: Spot,
}

/// One record.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// From its first to its last character.
    pub spot: Spot,
    /// In the order in which they stand.
    pub entries: Vec<Entry>,
    /// What only held the record together and is no part of any value: labels, rules, fences, numbers.
    pub structure: String,
    /// What was set right while it was read.
    pub repairs: Vec<Repair>,
    /// The name of the file that holds nothing else.
    pub name: Option<String>,
}

impl Record {
    /// Does it have this field?
    #[must_use]
    pub fn has(&self, field: &Field) -> bool {
        self.entries.iter().any(|entry| entry.field == *field)
    }

    /// A field's entry.
    #[must_use]
    pub fn get(&self, field: &Field) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.field == *field)
    }
}

/// What a format yields, in the order of the text.
#[derive(Debug)]
pub enum Found {
    /// A record.
    Record(Record),
    /// Something that cannot be read.
    Problem(Diagnostic),
    /// Words outside of any record that nobody misses: a model's greeting.
    Outside(Repair),
}
