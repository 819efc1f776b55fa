//! Turns a page's data into the variables of its template: the template contract in code.

use serde::Serialize;
use tera::{Context, Value};

use crate::config::Config;
use crate::plan::page::Kind;
use crate::plan::view::archive::{ArchivePage, Span, YearPage};
use crate::plan::view::article::{ArticlePage, ContentPageView, PictureSize};
use crate::plan::view::crossing::{CrossingPage, MatrixPage};
use crate::plan::view::edition::{EditionPage, Group, MonthPage, Week, WeeklyFeed};
use crate::plan::view::expired::ExpiredPage;
use crate::plan::view::feed::{FeedEntry, FeedPage};
use crate::plan::view::home::HomePage;
use crate::plan::view::index::IndexPage;
use crate::plan::view::page::{BodyRef, Meta};
use crate::plan::view::reader::SubscribePage;
use crate::plan::view::redirect::Redirect;
use crate::plan::view::search::{OpenSearch, SearchPage};
use crate::plan::view::term::TermPage;
use crate::plan::view::trend::TrendsPage;
use crate::render::parts::{Parts, Problem};
use crate::render::template;
use crate::render::value::map;
use crate::render::{json_ld, pictures, toc};
use crate::site::Bodies;

/// The template of a page and its variables.
///
/// # Errors
/// A card, an entry or a body cannot be rendered.
pub(super) fn build(
    kind: &Kind<'_>,
    config: &Config,
    parts: &Parts<'_>,
    bodies: &Bodies,
) -> Result<(&'static str, Context), Problem> {
    let mut variables = Variables { context: Context::new(), config, parts, bodies };
    variables.insert(kind)?;
    Ok((template::name(kind), variables.context))
}

/// The variable `meta`: the data of a page's `<head>` with its JSON-LD.
#[derive(Serialize)]
struct MetaView<'m> {
    #[serde(flatten)]
    meta: &'m Meta,
    json_ld: Option<String>,
    /// True if people share the page, so that its head has data for social networks: not the
    /// numbered pages of lists, crossings, and pages that search engines must not index.
    is_shared: bool,
}

/// The variables of one page.
pub(super) struct Variables<'p, 's> {
    context: Context,
    config: &'p Config,
    pub(super) parts: &'p Parts<'s>,
    bodies: &'p Bodies,
}

/// One method for each kind of page.
impl Variables<'_, '_> {
    fn insert(&mut self, kind: &Kind<'_>) -> Result<(), Problem> {
        match kind {
            Kind::Home(page) => self.home(page)?,
            Kind::Article(page) => self.article(page)?,
            Kind::ContentPage(page) => self.content_page(page)?,
            Kind::Taxonomy(page) => self.taxonomy(page),
            Kind::Term(page) => self.term(page)?,
            Kind::Crossing(page) => self.crossing(page)?,
            Kind::Crossings(page) => self.crossings(page),
            Kind::Archive(page) => self.archive(page)?,
            Kind::Year(page) => self.year(page)?,
            Kind::Month(page) => self.month(page)?,
            Kind::Edition(page) => self.edition(page)?,
            Kind::Trends(page) => self.trends(page),
            Kind::Undated(list) => self.list(list)?,
            Kind::NotFound(meta) | Kind::Mine(meta) => self.meta(meta),
            Kind::Expired(page) => self.expired(page),
            Kind::Subscribe(page) => self.subscribe(page),
            Kind::Search(page) => self.search(page),
            Kind::OpenSearch(page) => self.open_search(page),
            Kind::Redirect(redirect) => self.redirect(redirect),
            Kind::Feed(feed) => self.feed(feed)?,
            Kind::Weekly(feed) => self.weekly_feed(feed),
        }
        Ok(())
    }

    fn home(&mut self, page: &HomePage<'_>) -> Result<(), Problem> {
        self.list(&page.list)?;
        let lead = page.lead.as_ref().map(|lead| self.lead(lead)).transpose()?;
        self.put("lead", lead.unwrap_or_else(Value::none));
        self.set("edition", &page.edition);
        Ok(())
    }

    fn article(&mut self, page: &ArticlePage<'_>) -> Result<(), Problem> {
        let json_ld = json_ld::article(&page.meta, &page.json_ld, self.config);
        self.meta_with(&page.meta, Some(json_ld));
        self.put("article", self.parts.article(page.card.id));
        self.set("summary", &page.summary);
        self.body(page.content, &page.pictures)?;
        let length = self.bodies[page.content.id].length;
        self.set("characters", &(length.characters + length.words));
        self.set("reading_time", &length.minutes());
        self.set("updated_text", &page.updated_text);
        self.set("image", &page.image);
        self.set("alternates", &page.alternates);
        self.set("aigc", &page.aigc);
        self.set("newer", &page.newer);
        self.set("older", &page.older);
        self.set("reports", &page.reports);
        self.set("related", &page.related);
        self.set("extra", page.extra);
        Ok(())
    }

    fn content_page(&mut self, page: &ContentPageView<'_>) -> Result<(), Problem> {
        self.meta(&page.meta);
        self.set("title", page.title);
        self.body(page.content, &[])?;
        self.set("extra", page.extra);
        Ok(())
    }

    fn taxonomy(&mut self, page: &IndexPage<'_>) {
        self.meta(&page.meta);
        self.set("taxonomy", &page.taxonomy);
        self.set("total", &page.total);
        self.set("order", page.order);
        self.set("crossings", &page.crossings);
        self.set("orders", &page.orders);
        self.set("letters", &page.letters);
        self.set("letter", &page.letter);
        self.set("terms", &page.terms);
        self.set("used_once", &page.used_once);
        self.set("next", &page.next);
        self.set("previous", &page.previous);
    }

    fn term(&mut self, page: &TermPage<'_>) -> Result<(), Problem> {
        self.list(&page.list)?;
        self.set("taxonomy", &page.taxonomy);
        self.set("name", page.name);
        self.set("about", &page.about);
        Ok(())
    }

    fn crossing(&mut self, page: &CrossingPage<'_>) -> Result<(), Problem> {
        self.list(&page.list)?;
        self.set("first", &page.first);
        self.set("first_taxonomy", &page.first_taxonomy);
        self.set("second", &page.second);
        self.set("second_taxonomy", &page.second_taxonomy);
        self.set("count", &page.count);
        Ok(())
    }

    fn crossings(&mut self, page: &MatrixPage<'_>) {
        self.meta(&page.meta);
        self.set("first", &page.first);
        self.set("second", &page.second);
        self.set("min_articles", &page.min_articles);
        self.set("columns", &page.columns);
        self.set("rows", &page.rows);
    }

    fn archive(&mut self, page: &ArchivePage) -> Result<(), Problem> {
        self.meta(&page.meta);
        self.spans("years", &page.years)?;
        self.set("calendar", &page.calendar);
        self.spans("undated", page.undated.as_slice())
    }

    fn year(&mut self, page: &YearPage) -> Result<(), Problem> {
        self.meta(&page.meta);
        self.set("heading", &page.heading);
        self.set("calendar", &page.calendar);
        self.set("weeks", &page.weeks);
        self.spans("months", &page.months)
    }

    fn month(&mut self, page: &MonthPage<'_>) -> Result<(), Problem> {
        self.list(&page.list)?;
        self.set("edition", &page.edition);
        self.groups(&page.groups)
    }

    fn edition(&mut self, page: &EditionPage<'_>) -> Result<(), Problem> {
        self.meta(&page.meta);
        self.set("edition", &page.edition);
        self.groups(&page.groups)
    }

    fn trends(&mut self, page: &TrendsPage<'_>) {
        self.meta(&page.meta);
        self.set("compared", &page.compared);
        self.set("charted", &page.charted);
        self.set("until", &page.until);
        self.set("rising", &page.rising);
        self.set("fading", &page.fading);
        self.set("new", &page.new);
    }

    fn expired(&mut self, page: &ExpiredPage) {
        self.meta(&page.meta);
        self.set("notice", &page.notice);
    }

    fn subscribe(&mut self, page: &SubscribePage) {
        self.meta(&page.meta);
        self.set("feeds", &page.feeds);
        self.set("has_term_feeds", &page.has_term_feeds);
    }

    fn search(&mut self, page: &SearchPage<'_>) {
        self.meta(&page.meta);
        self.set("folder", &page.folder);
        self.set("bodies", &page.bodies);
        self.set("examples", &page.examples);
        self.set("top", &page.top);
        self.set("newest", &page.newest);
    }

    fn open_search(&mut self, page: &OpenSearch) {
        self.set("page_url", &page.page_url);
        self.set("url", &page.url);
    }

    fn redirect(&mut self, redirect: &Redirect<'_>) {
        self.set("title", &redirect.title);
        self.set("path", &redirect.path);
        self.set("target", &redirect.target);
        self.set("label", &redirect.label);
        self.set("feed", &redirect.feed);
    }

    fn feed(&mut self, feed: &FeedPage<'_>) -> Result<(), Problem> {
        self.set("title", &feed.title);
        self.set("subtitle", &feed.subtitle);
        self.set("page_url", &feed.page_url);
        self.set("feed_url", &feed.feed_url);
        self.set("updated", &feed.updated);
        self.entries(&feed.entries)
    }

    fn weekly_feed(&mut self, feed: &WeeklyFeed<'_>) {
        self.set("title", &feed.title);
        self.set("page_url", &feed.page_url);
        self.set("feed_url", &feed.feed_url);
        self.set("updated", &feed.updated);
        let weeks: Vec<Value> = feed.weeks.iter().map(|week| self.week(week)).collect();
        self.put("weeks", Value::from(weeks));
    }
}

/// The variables that several kinds of pages share.
impl Variables<'_, '_> {
    /// Inserts a value that serialises.
    pub(super) fn set<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.context.insert(name, value);
    }

    /// Inserts a value of Tera's, which may be HTML that templates do not escape.
    pub(super) fn put(&mut self, name: &'static str, value: Value) {
        self.context.insert_value(name, value);
    }

    /// Inserts `meta` with the JSON-LD of a page that is not an article.
    pub(super) fn meta(&mut self, meta: &Meta) {
        self.meta_with(meta, json_ld::page(meta, self.config));
    }

    fn meta_with(&mut self, meta: &Meta, json_ld: Option<String>) {
        let is_shared = meta.number.is_none() && !meta.noindex && meta.kind != "crossing";
        self.set("meta", &MetaView { meta, json_ld, is_shared });
    }

    /// Inserts `content` and `toc`: the HTML of a body, which `load` has sanitised, and its
    /// headings.
    fn body(&mut self, body: BodyRef<'_>, pictures: &[PictureSize]) -> Result<(), Problem> {
        let html = pictures::with_sizes(self.parts.body(body, self.bodies)?, pictures);
        self.set("toc", &toc::headings(&html));
        self.put("content", Value::safe_string(&html));
        Ok(())
    }

    fn week(&self, week: &Week<'_>) -> Value {
        let groups: Vec<Value> = week.groups.iter().map(|group| self.week_group(group)).collect();
        map([
            ("edition", Value::from_serializable(&week.edition)),
            ("permalink", Value::from_serializable(&week.permalink)),
            ("updated", Value::from_serializable(&week.updated)),
            ("groups", Value::from(groups)),
        ])
    }

    fn week_group(&self, group: &Group<'_>) -> Value {
        map([
            ("name", Value::from_serializable(&group.name)),
            ("path", Value::from_serializable(&group.path)),
            ("count", Value::from(group.count)),
            ("articles", self.parts.articles(&group.titles)),
            ("remaining", Value::from(group.remaining)),
        ])
    }

    fn spans(&mut self, name: &'static str, spans: &[Span]) -> Result<(), Problem> {
        let spans: Vec<Value> = spans.iter().map(|span| self.span(span)).collect::<Result<_, _>>()?;
        self.put(name, Value::from(spans));
        Ok(())
    }

    fn span(&self, span: &Span) -> Result<Value, Problem> {
        let months: Vec<Value> =
            span.months.iter().map(|month| self.span(month)).collect::<Result<_, _>>()?;
        Ok(map([
            ("title", Value::from_serializable(&span.title)),
            ("path", Value::from_serializable(&span.path)),
            ("count", Value::from(span.count)),
            ("months", Value::from(months)),
            ("lines", self.lines(&span.articles)?),
        ]))
    }

    /// Inserts `entries` of a feed: its rendered Atom entries.
    fn entries(&mut self, entries: &[FeedEntry<'_>]) -> Result<(), Problem> {
        let entries: Vec<Value> = entries
            .iter()
            .map(|entry| match entry.content.as_deref() {
                Some(&content) => self.parts.full_text_entry(entry.card.id, content, self.bodies),
                None => self.parts.entry(entry.card.id),
            })
            .collect::<Result<_, _>>()?;
        self.put("entries", Value::from(entries));
        Ok(())
    }
}
