//! Defines the records that every format is read into: fields as written, each with its place.

use chrono_tz::Tz;

use crate::diagnostic::Diagnostic;
use crate::import::html;
use crate::import::picture::Picture;
use crate::import::repair::Repair;
use crate::yaml::Node;

/// A field of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Field {
    /// 标题
    Title,
    /// 链接
    Link,
    /// 正文: the text of the article.
    Body,
    /// 总结: the text if the record has no 正文, else the summary.
    Summary,
    /// 摘要: the key event if the record has none. Else the text if the record has neither 正文 nor
    /// 总结, the summary if it has only 正文, and `extra.abstract` otherwise.
    Abstract,
    /// 重大事件摘要
    Event,
    /// 关键词, AI技术, 行业 and further taxonomies of the digest, by the index of the taxonomy in
    /// the configuration.
    Terms(usize),
    /// 日期
    Date,
    /// The date of the last update.
    Updated,
    /// The time from which the article is published.
    Publish,
    /// The time from which it is not published any more.
    Expires,
    /// 来源: the name of the publisher.
    Source,
    /// The name from which the URL is made.
    Slug,
    /// Old addresses.
    Aliases,
    /// The image: a path from the digest's home, or a URL.
    Image,
    /// `true` if the article is not to be published yet.
    Draft,
    /// AI: whether a model wrote the text.
    Ai,
    /// 人工审核: `true` if a person reviewed the text.
    Reviewed,
    /// Any other field, kept under `extra:` by its name.
    Extra(String),
}

impl Field {
    /// True if the text of the field can continue over several lines of prose.
    #[must_use]
    pub fn is_prose(&self) -> bool {
        matches!(self, Self::Body | Self::Summary | Self::Abstract | Self::Event)
    }
}

/// The value of a field.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Value {
    /// Plain text as scraped. In a field of terms, the terms are separated in the text.
    Text(String),
    /// A list of items that the format itself separates.
    Items(Vec<String>),
    /// A body in Markdown.
    Markdown(String),
    /// HTML from feeds and scrapers.
    Html(String),
    /// Nested data for `extra:`.
    Data(Node),
}

impl Value {
    /// Makes a value of the words of a field: HTML if the field is prose and its words contain tags
    /// that a scraper left in, else text.
    #[must_use]
    pub fn of_words(field: &Field, words: String) -> Self {
        if field.is_prose() && html::is_html(&words) { Self::Html(words) } else { Self::Text(words) }
    }
}

/// The place of a part of an input's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Spot {
    /// The number of the line, 1-based.
    pub line: usize,
    /// The byte offset of the beginning in the text.
    pub start: usize,
    /// The byte offset of the end in the text.
    pub end: usize,
}

/// One field of one record.
#[derive(Debug, Clone)]
pub struct Entry {
    /// The field.
    pub field: Field,
    /// The value as written.
    pub value: Value,
    /// The place of the value.
    pub spot: Spot,
}

/// One record.
#[derive(Debug, Clone, Default)]
pub struct Record {
    /// The place of the record, from its first to its last character.
    pub spot: Spot,
    /// The fields in the order of the text.
    pub entries: Vec<Entry>,
    /// Text that belongs to no value but structures the record: labels, rules, fences, numbers.
    pub structure: String,
    /// The repairs made while the record was read.
    pub repairs: Vec<Repair>,
    /// The name of the input file, if the file holds only this record.
    pub name: Option<String>,
    /// The place of a post in its old site, which identifies it.
    pub post: Option<String>,
    /// The name of its old site (`import/old_site.rs`).
    pub site: Option<String>,
    /// The number of the language of a post among those of the digest, if something says it.
    pub language: Option<usize>,
    /// The keys that a post shares with its translations, the strongest first.
    pub translations: Vec<String>,
    /// The id of a post in the feed of its old site.
    pub feed_id: Option<String>,
    /// The type of an item of WordPress: `post`, `page`.
    pub kind: Option<String>,
    /// The number of a post in the database of WordPress.
    pub number: Option<String>,
    /// The zone of times without an offset, if it is not that of the digest.
    pub zone: Option<Tz>,
    /// The id that its feed gives it: `guid`, `id` or `rdf:about`.
    pub id: Option<String>,
    /// The pictures of a post.
    pub pictures: Vec<Picture>,
    /// The URL that relative addresses in HTML are resolved against: `xml:base` of a feed. Without
    /// it, the link of the record is used.
    pub base: Option<String>,
}

impl Record {
    /// True if the record has this field.
    #[must_use]
    pub fn has(&self, field: &Field) -> bool {
        self.entries.iter().any(|entry| entry.field == *field)
    }

    /// Returns the first entry of a field.
    #[must_use]
    pub fn get(&self, field: &Field) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.field == *field)
    }
}

/// An item that a format yields. Items come in the order of the text.
#[derive(Debug)]
pub enum Found {
    /// A record.
    Record(Record),
    /// An error or a warning about a part of the text.
    Problem(Diagnostic),
    /// Text outside of any record that is left out, such as the greeting of a model.
    Outside(Repair),
}
