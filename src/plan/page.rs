//! What a page is: a path in the output folder and the data that decides its bytes.
//!
//! Every kind is a struct that serialises: that form is what the fingerprint is taken from, and the fields are all
//! that a template of that kind can see. Articles in lists are [`CardRef`]s and bodies are [`Html`], which serialise
//! as digests, so that a fingerprint costs little.

use serde::{Serialize, Serializer};

use crate::diagnostic::Place;
use crate::fingerprint::Fingerprint;
use crate::load::theme::StaticFile;
use crate::plan::card::CardRef;
use crate::plan::paginate::Paginator;
use crate::site::Address;
use crate::yaml::Node;

/// One file of the site.
#[derive(Debug)]
pub struct Page<'s> {
    /// In the output folder, NFC, with `/`.
    pub path: String,
    /// What it shows.
    pub body: Body<'s>,
    /// The source line that brought it about, where there is one.
    pub origin: Option<&'s Place>,
    /// Its line in the sitemap.
    pub sitemap: Option<SitemapEntry>,
}

impl<'s> Page<'s> {
    pub(crate) fn new(path: String, body: Body<'s>) -> Self {
        Self { path, body, origin: None, sitemap: None }
    }

    pub(crate) fn at(mut self, place: &'s Place) -> Self {
        self.origin = Some(place);
        self
    }

    pub(crate) fn in_sitemap(mut self, address: &Address, lastmod: Option<String>) -> Self {
        self.sitemap = Some(SitemapEntry { permalink: address.permalink.clone(), lastmod });
        self
    }

    /// Over everything that decides the file's bytes; `theme` stands for templates, words and configuration.
    #[must_use]
    pub fn fingerprint(&self, theme: Fingerprint) -> Fingerprint {
        match &self.body {
            Body::Template(kind) => Fingerprint::of(&(theme, kind)),
            Body::Sitemap(entries) => Fingerprint::of(&("sitemap", entries)),
            Body::SitemapIndex(files) => Fingerprint::of(&("sitemap index", files)),
            Body::Text(text) => Fingerprint::of(&("text", text)),
            Body::Static(file) => Fingerprint::of(&("static", file.digest)),
        }
    }
}

/// Where a page's bytes come from.
#[derive(Debug)]
pub enum Body<'s> {
    /// A template and its context.
    Template(Box<Kind<'s>>),
    /// URLs.
    Sitemap(Vec<SitemapEntry>),
    /// The URLs of sitemaps.
    SitemapIndex(Vec<String>),
    /// The text itself.
    Text(String),
    /// A file of the theme or of the digest's `static/`.
    Static(&'s StaticFile),
}

impl<'s> Body<'s> {
    pub(crate) fn template(kind: Kind<'s>) -> Self {
        Self::Template(Box::new(kind))
    }
}

/// A line of the sitemap.
#[derive(Debug, Clone, Serialize)]
pub struct SitemapEntry {
    /// The page's URL.
    pub permalink: String,
    /// When its articles last changed, RFC 3339 or a day.
    pub lastmod: Option<String>,
}

/// What a page shows, one variant for each template.
#[derive(Debug, Serialize)]
pub enum Kind<'s> {
    /// `home.html`
    Home(List<'s>),
    /// `article.html`
    Article(ArticlePage<'s>),
    /// `page.html`
    ContentPage(ContentPageView<'s>),
    /// `taxonomy.html`
    Taxonomy(TaxonomyPage<'s>),
    /// `term.html`
    Term(TermPage<'s>),
    /// `archive.html`
    Archive(ArchivePage),
    /// `year.html`
    Year(YearPage),
    /// `month.html`
    Month(List<'s>),
    /// `undated.html`
    Undated(List<'s>),
    /// `404.html`
    NotFound(Meta),
    /// `redirect.html`
    Redirect(Redirect<'s>),
    /// `atom.xml`
    Feed(FeedPage<'s>),
}

/// What the head of every HTML page needs.
#[derive(Debug, Clone, Serialize)]
pub struct Meta {
    /// `home`, `article`, `page`, `taxonomy`, `term`, `archive`, `year`, `month`, `undated` or `not-found`.
    pub kind: &'static str,
    /// For `<title>`: unique on the site.
    pub title: String,
    /// For search engines and cards: unique where the page's content is.
    pub description: String,
    /// For links: percent-encoded, below the base path.
    pub path: String,
    /// Canonical URL.
    pub permalink: String,
    /// Keep it out of search engines.
    pub noindex: bool,
    /// The feed of this page's articles.
    pub feed: Option<FeedLink>,
}

impl Meta {
    pub(crate) fn new(kind: &'static str, title: String, description: String, address: &Address) -> Self {
        Self {
            kind,
            title,
            description,
            path: address.path.clone(),
            permalink: address.permalink.clone(),
            noindex: false,
            feed: None,
        }
    }
}

/// A feed, for discovery links.
#[derive(Debug, Clone, Serialize)]
pub struct FeedLink {
    /// What it is a feed of.
    pub title: String,
    /// For links.
    pub path: String,
}

/// Rendered HTML that stands for itself in a fingerprint by its digest.
#[derive(Debug, Clone, Copy)]
pub struct Html<'s> {
    /// The HTML; `None` if it has to be made again from the file.
    pub html: Option<&'s str>,
    /// The file that it was made from.
    pub file: &'s str,
    /// Of the HTML.
    pub digest: Fingerprint,
}

impl Serialize for Html<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.digest.serialize(serializer)
    }
}

/// A page of a list of articles.
#[derive(Debug, Serialize)]
pub struct List<'s> {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// Newest first, by day.
    pub days: Vec<Day<'s>>,
    /// The ways to the other pages.
    pub paginator: Paginator,
}

/// The articles of a day on a list's page.
#[derive(Debug, Serialize)]
pub struct Day<'s> {
    /// `2026-11-23`; `None` for the undated.
    pub date: Option<&'s str>,
    /// As people write it.
    pub title: &'s str,
    /// Newest first.
    pub articles: Vec<CardRef>,
}

/// An article's own page.
#[derive(Debug, Serialize)]
pub struct ArticlePage<'s> {
    /// The head.
    pub meta: Meta,
    /// What lists show of it, too.
    pub card: CardRef,
    /// The front matter's `summary`, when there is a body as well.
    pub summary: Option<&'s str>,
    /// The body.
    pub content: Html<'s>,
    /// Han and words, and minutes to read them.
    pub characters: usize,
    /// Minutes.
    pub reading_time: usize,
    /// As people write it.
    pub updated_text: Option<String>,
    /// An image's URL, for cards.
    pub image: Option<String>,
    /// The next newer article with a date.
    pub newer: Option<Neighbour<'s>>,
    /// The next older article with a date.
    pub older: Option<Neighbour<'s>>,
    /// For machines.
    pub json_ld: NewsArticle<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

/// schema.org's NewsArticle.
#[derive(Debug, Serialize)]
pub struct NewsArticle<'s> {
    /// The title.
    pub headline: &'s str,
    /// The event, else the excerpt.
    pub description: &'s str,
    /// BCP 47.
    pub language: &'s str,
    /// Its URL here.
    pub permalink: &'s str,
    /// The digest's name.
    pub publisher: &'s str,
    /// Who wrote the original.
    pub source: &'s str,
    /// The original's URL.
    pub based_on: Option<&'s str>,
    /// A day or RFC 3339.
    pub published: Option<&'s str>,
    /// RFC 3339.
    pub modified: Option<&'s str>,
    /// An image's URL.
    pub image: Option<String>,
    /// Terms as written, by taxonomy.
    pub keywords: &'s [Vec<String>],
}

/// An article beside another.
#[derive(Debug, Serialize)]
pub struct Neighbour<'s> {
    /// Its title.
    pub title: &'s str,
    /// For links.
    pub path: &'s str,
}

/// A page of `content/pages`.
#[derive(Debug, Serialize)]
pub struct ContentPageView<'s> {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub title: &'s str,
    /// The body.
    pub content: Html<'s>,
    /// The front matter's `extra`.
    pub extra: &'s Node,
}

/// A taxonomy, where it is named.
#[derive(Debug, Clone, Serialize)]
pub struct TaxonomyView<'s> {
    /// `ai_technologies`
    pub name: &'s str,
    /// What readers see.
    pub title: &'s str,
    /// For links.
    pub path: String,
}

/// The index of a taxonomy's terms, or a part of it.
#[derive(Debug, Serialize)]
pub struct TaxonomyPage<'s> {
    /// The head.
    pub meta: Meta,
    /// Which taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// Of the whole taxonomy.
    pub total: usize,
    /// The most used first.
    pub terms: Vec<TermView<'s>>,
    /// To the part with less used terms.
    pub next: Option<String>,
    /// To the part with more used terms.
    pub previous: Option<String>,
}

/// A term, where it is named.
#[derive(Debug, Serialize)]
pub struct TermView<'s> {
    /// What readers see.
    pub name: &'s str,
    /// For links.
    pub path: &'s str,
    /// Articles that carry it.
    pub count: usize,
}

/// A page of a term's articles.
#[derive(Debug, Serialize)]
pub struct TermPage<'s> {
    /// Its taxonomy.
    pub taxonomy: TaxonomyView<'s>,
    /// What readers see.
    pub name: &'s str,
    /// Articles that carry it; on the first page only, so that the others stay as they are.
    pub count: Option<usize>,
    /// The articles.
    pub list: List<'s>,
}

/// All years and months.
#[derive(Debug, Serialize)]
pub struct ArchivePage {
    /// The head.
    pub meta: Meta,
    /// Newest first.
    pub years: Vec<Span>,
    /// The undated group, if there is one.
    pub undated: Option<Span>,
}

/// A year, a month or the undated group in the archive.
#[derive(Debug, Serialize)]
pub struct Span {
    /// As people write it.
    pub title: String,
    /// For links.
    pub path: String,
    /// Articles.
    pub count: usize,
    /// A year's months, newest first.
    pub months: Vec<Span>,
    /// On a year's page: the newest of a month.
    pub articles: Vec<CardRef>,
}

/// A year's months.
#[derive(Debug, Serialize)]
pub struct YearPage {
    /// The head.
    pub meta: Meta,
    /// The page's `h1`.
    pub heading: String,
    /// Newest first.
    pub months: Vec<Span>,
}

/// A page at an old address.
#[derive(Debug, Serialize)]
pub struct Redirect<'s> {
    /// Of the page that it leads to.
    pub title: &'s str,
    /// A whole URL.
    pub target: String,
}

/// An Atom feed.
#[derive(Debug, Serialize)]
pub struct FeedPage<'s> {
    /// Unique.
    pub title: String,
    /// One sentence.
    pub subtitle: String,
    /// The page whose articles it brings.
    pub page_url: String,
    /// Its own URL.
    pub feed_url: String,
    /// The latest change of its articles, RFC 3339.
    pub updated: String,
    /// Newest first.
    pub entries: Vec<FeedEntry<'s>>,
}

/// An article in a feed.
#[derive(Debug, Serialize)]
pub struct FeedEntry<'s> {
    /// The article.
    pub card: CardRef,
    /// Its body, in feeds that bring the whole text.
    pub content: Option<Html<'s>>,
}
