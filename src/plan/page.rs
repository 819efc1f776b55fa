//! Defines [`Page`]: a path in the output folder and the data that decides its bytes.
//!
//! Every kind of page is a serialisable struct. The page's fingerprint is computed from its
//! serialised form, and a template of that kind sees its fields and nothing else. Articles in lists
//! are [`CardRef`](crate::plan::view::card::CardRef)s and bodies are
//! [`BodyRef`](crate::plan::view::page::BodyRef)s: their fingerprints represent them in the page's
//! fingerprint, so that it is cheap to compute.

use serde::Serialize;

use crate::diagnostic::Place;
use crate::fingerprint::{Fingerprint, Packed};
use crate::load::theme::StaticFile;
use crate::plan::subject::Subject;
use crate::plan::view::archive::{ArchivePage, YearPage};
use crate::plan::view::article::{ArticlePage, ContentPageView};
use crate::plan::view::crossing::{CrossingPage, MatrixPage};
use crate::plan::view::data::Data;
use crate::plan::view::edition::{EditionPage, MonthPage, WeeklyFeed};
use crate::plan::view::expired::ExpiredPage;
use crate::plan::view::feed::{EndedFeed, FeedPage, Outline};
use crate::plan::view::form::EditionForm;
use crate::plan::view::home::HomePage;
use crate::plan::view::index::IndexPage;
use crate::plan::view::list::List;
use crate::plan::view::page::{Meta, SitemapEntry};
use crate::plan::view::reader::SubscribePage;
use crate::plan::view::redirect::Redirect;
use crate::plan::view::search::{IndexFile, OpenSearch, SearchPage};
use crate::plan::view::social::SocialCard;
use crate::plan::view::term::TermPage;
use crate::plan::view::trend::TrendsPage;
use crate::search::Index;
use crate::site::{Address, Bodies, BodyId};

/// One file of the site.
#[derive(Debug)]
pub(crate) struct Page<'s> {
    /// Path in the output folder, in NFC, with `/`.
    pub path: String,
    /// Source of the file's bytes.
    pub body: Body<'s>,
    /// Place in the sources that causes the page, for diagnostics, if there is one.
    pub origin: Option<&'s Place>,
    /// Its entry in the sitemap.
    pub sitemap: Option<SitemapEntry>,
    /// The place of its language among those of the digest.
    pub language: usize,
    /// The fingerprint of what its data is made from (`plan/keep.rs`).
    pub key: Packed,
}

impl<'s> Page<'s> {
    pub(crate) fn new(path: String, body: Body<'s>) -> Self {
        Self { path, body, origin: None, sitemap: None, language: 0, key: Packed::default() }
    }

    /// Sets the place in the sources that causes the page.
    pub(crate) fn at(mut self, place: &'s Place) -> Self {
        self.origin = Some(place);
        self
    }

    /// Sets the fingerprint of what the page's data is made from.
    pub(crate) fn with_key(mut self, key: Packed) -> Self {
        self.key = key;
        self
    }

    /// Adds the page to the sitemap.
    pub(crate) fn in_sitemap(mut self, address: &Address, lastmod: Option<String>) -> Self {
        let permalink = address.permalink.clone();
        self.sitemap = Some(SitemapEntry { permalink, lastmod, ..SitemapEntry::default() });
        self
    }

    /// The source file of a page that shows an article or a page of the digest.
    pub(crate) fn source(&self) -> Option<&'s str> {
        match &self.body {
            Body::Template(kind) => kind.source(),
            _ => None,
        }
    }

    /// Iterates over the bodies that the page shows.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = BodyId> {
        self.body.bodies()
    }

    /// Fingerprint of everything that decides the file's bytes. `theme` is the fingerprint of the
    /// templates, the words and the configuration.
    #[must_use]
    pub(crate) fn fingerprint(
        &self,
        theme: Fingerprint,
        bodies: &Bodies,
        index: Option<&Index>,
    ) -> Fingerprint {
        self.body.fingerprint(theme, |id| bodies[id].fingerprint, index)
    }
}

/// Source of a page's bytes.
#[derive(Debug)]
pub(crate) enum Body<'s> {
    /// A template and its context.
    Template(Box<Kind<'s>>),
    /// A data file for programs.
    Data(Box<Data<'s>>),
    /// An edition as a letter, a book or a text.
    Form(Box<EditionForm<'s>>),
    /// The outline of all feeds (OPML).
    Outline(Outline),
    /// A notice in place of a feed that ended.
    EndedFeed(Box<EndedFeed>),
    /// A sitemap.
    Sitemap(Vec<SitemapEntry>),
    /// A sitemap index: the URLs of sitemaps.
    SitemapIndex(Vec<String>),
    /// A text, written as it is.
    Text(String),
    /// Bytes, written as they are.
    Bytes(Vec<u8>),
    /// A binary file of the search index.
    Index(IndexFile),
    /// A social card, drawn as PNG.
    Social(Box<SocialCard<'s>>),
    /// A static file of the theme or of the digest's `static/`.
    Static(&'s StaticFile),
    /// A template with its context, or a text, which is made when the page is rendered; and the
    /// page's fingerprint.
    Deferred(Packed, Subject),
    /// A file of the last build that stays, by its fingerprint.
    Kept(Packed),
}

impl<'s> Body<'s> {
    /// As [`Page::bodies`].
    pub(super) fn bodies(&self) -> impl Iterator<Item = BodyId> {
        let (mut kind, mut data, mut form, mut deferred) = (None, None, None, None);
        match self {
            Self::Template(shown) => kind = Some(shown),
            Self::Data(shown) => data = Some(shown),
            Self::Form(shown) => form = Some(shown),
            Self::Deferred(_, Subject::Article(id)) => deferred = Some(BodyId::Article(*id)),
            _ => {}
        }
        let of_kind = kind.into_iter().flat_map(|kind| kind.bodies());
        let of_data = data.into_iter().flat_map(|data| data.bodies());
        of_kind.chain(of_data).chain(form.into_iter().flat_map(|form| form.bodies())).chain(deferred)
    }

    /// As [`Page::fingerprint`]; `body` gives the fingerprint of a shown body.
    pub(super) fn fingerprint(
        &self,
        theme: Fingerprint,
        body: impl Fn(BodyId) -> Fingerprint,
        index: Option<&Index>,
    ) -> Fingerprint {
        let shown = || self.bodies().map(body).collect::<Vec<Fingerprint>>();
        match self {
            Self::Template(kind) => Fingerprint::of(&(theme, kind, shown())),
            // Written without a template, but with the configuration, which `theme` covers.
            Self::Data(data) => Fingerprint::of(&(theme, data, shown())),
            Self::Form(form) => Fingerprint::of(&(theme, form, shown())),
            Self::Outline(outline) => Fingerprint::of(&("outline", outline)),
            // Not its texts and time: a notice stays as it was written.
            Self::EndedFeed(ended) => Fingerprint::of(&("ended feed", &ended.feed_url, &ended.instead)),
            Self::Sitemap(entries) => Fingerprint::of(&("sitemap", entries)),
            Self::SitemapIndex(files) => Fingerprint::of(&("sitemap index", files)),
            Self::Text(text) => Fingerprint::of(&("text", text)),
            Self::Bytes(bytes) => Fingerprint::of(&("bytes", Fingerprint::of_bytes(bytes))),
            Self::Index(file) => file.fingerprint(index),
            Self::Social(card) => Fingerprint::of(&("social card", card)),
            Self::Static(file) => Fingerprint::of(&("static", file.fingerprint)),
            Self::Kept(fingerprint) | Self::Deferred(fingerprint, _) => (*fingerprint).into(),
        }
    }

    pub(crate) fn template(kind: Kind<'s>) -> Self {
        Self::Template(Box::new(kind))
    }

    pub(crate) fn data(data: Data<'s>) -> Self {
        Self::Data(Box::new(data))
    }
}

/// The data that a page shows, one variant for each template. A site has tens of thousands of
/// pages, so variants that are large and rare are boxed.
#[derive(Debug, Serialize)]
pub(crate) enum Kind<'s> {
    /// `home.html`
    Home(Box<HomePage<'s>>),
    /// `article.html`
    Article(ArticlePage<'s>),
    /// `page.html`
    ContentPage(ContentPageView<'s>),
    /// `taxonomy.html`
    Taxonomy(IndexPage<'s>),
    /// `term.html`
    Term(TermPage<'s>),
    /// `crossing.html`
    Crossing(CrossingPage<'s>),
    /// `crossings.html`
    Crossings(MatrixPage<'s>),
    /// `archive.html`
    Archive(ArchivePage),
    /// `year.html`
    Year(YearPage),
    /// `month.html`
    Month(Box<MonthPage<'s>>),
    /// `edition.html`
    Edition(EditionPage<'s>),
    /// `trends.html`
    Trends(TrendsPage<'s>),
    /// `undated.html`
    Undated(List<'s>),
    /// `404.html`
    NotFound(Meta),
    /// `expired.html`
    Expired(ExpiredPage),
    /// `mine.html`
    Mine(Meta),
    /// `subscribe.html`
    Subscribe(SubscribePage),
    /// `search.html`
    Search(SearchPage<'s>),
    /// `opensearch.xml`
    OpenSearch(OpenSearch),
    /// `redirect.html`
    Redirect(Redirect<'s>),
    /// `atom.xml`
    Feed(FeedPage<'s>),
    /// `weekly.xml`
    Weekly(WeeklyFeed<'s>),
}

impl Kind<'_> {
    /// Iterates over the bodies that the page shows. Every kind that shows a body must be listed
    /// here, or its pages are not rendered again when the body changes.
    pub(crate) fn bodies(&self) -> impl Iterator<Item = BodyId> {
        let (own, entries) = match self {
            Self::Article(page) => (Some(page.content), [].as_slice()),
            Self::ContentPage(page) => (Some(page.content), [].as_slice()),
            Self::Feed(feed) => (None, feed.entries.as_slice()),
            _ => (None, [].as_slice()),
        };
        own.into_iter()
            .chain(entries.iter().filter_map(|entry| entry.content.as_deref().copied()))
            .map(|body| body.id)
    }
}

/// The data of the `<head>` of a page, borrowed as the page is.
macro_rules! meta_of {
    ($kind:expr, $($borrow:tt)+) => {
        match $kind {
            Kind::Home(page) => Some($($borrow)+ page.list.meta),
            Kind::Article(page) => Some($($borrow)+ page.meta),
            Kind::ContentPage(page) => Some($($borrow)+ page.meta),
            Kind::Taxonomy(page) => Some($($borrow)+ page.meta),
            Kind::Term(page) => Some($($borrow)+ page.list.meta),
            Kind::Crossing(page) => Some($($borrow)+ page.list.meta),
            Kind::Crossings(page) => Some($($borrow)+ page.meta),
            Kind::Archive(page) => Some($($borrow)+ page.meta),
            Kind::Year(page) => Some($($borrow)+ page.meta),
            Kind::Month(page) => Some($($borrow)+ page.list.meta),
            Kind::Edition(page) => Some($($borrow)+ page.meta),
            Kind::Trends(page) => Some($($borrow)+ page.meta),
            Kind::Undated(page) => Some($($borrow)+ page.meta),
            Kind::NotFound(meta) | Kind::Mine(meta) => Some(meta),
            Kind::Expired(page) => Some($($borrow)+ page.meta),
            Kind::Subscribe(page) => Some($($borrow)+ page.meta),
            Kind::Search(page) => Some($($borrow)+ page.meta),
            Kind::OpenSearch(_) | Kind::Redirect(_) | Kind::Feed(_) | Kind::Weekly(_) => None,
        }
    };
}

impl<'s> Kind<'s> {
    /// Data of the page's `<head>`; `None` for feeds and redirects.
    #[must_use]
    pub(crate) fn meta(&self) -> Option<&Meta> {
        meta_of!(self, &)
    }

    /// The same, to change it.
    pub(crate) fn meta_mut(&mut self) -> Option<&mut Meta> {
        meta_of!(self, &mut)
    }

    /// Path of the source file, relative to the digest's root, if this is the page of an article or
    /// a content page.
    #[must_use]
    pub(crate) fn source(&self) -> Option<&'s str> {
        match self {
            Self::Article(page) => Some(page.content.file),
            Self::ContentPage(page) => Some(page.content.file),
            _ => None,
        }
    }
}
