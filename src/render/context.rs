//! A page's data to the variables of its template: the template contract in code.

use serde::Serialize;
use tera::{Context, Value};

use crate::config::Config;
use crate::plan::page::Kind;
use crate::plan::view::archive::Span;
use crate::plan::view::card::CardRef;
use crate::plan::view::edition::{Group, Week};
use crate::plan::view::feed::FeedEntry;
use crate::plan::view::list::{Day, List};
use crate::plan::view::page::{BodyRef, Meta};
use crate::render::parts::{Parts, Problem};
use crate::render::value::map;
use crate::render::{json_ld, toc};
use crate::site::Bodies;

/// The template of a page and its variables.
///
/// # Errors
/// A part that cannot be rendered.
pub(super) fn of(
    kind: &Kind<'_>,
    config: &Config,
    parts: &Parts<'_>,
    bodies: &Bodies,
) -> Result<(&'static str, Context), Problem> {
    let mut variables = Variables { context: Context::new(), config, parts, bodies };
    let template = match kind {
        Kind::Home(page) => {
            variables.list(&page.list)?;
            let lead = page.lead.as_ref().map(|lead| variables.day(&lead.day, &[lead.article]));
            variables.put("lead", lead.transpose()?.unwrap_or_else(Value::none));
            variables.set("edition", &page.edition);
            "home.html"
        }
        Kind::Article(page) => {
            let json_ld = json_ld::article(&page.meta, &page.json_ld, config);
            variables.meta_with(&page.meta, Some(json_ld));
            variables.put("article", parts.article(page.card.id));
            variables.set("summary", &page.summary);
            variables.body(page.content)?;
            let length = bodies[page.content.id].length;
            variables.set("characters", &(length.characters + length.words));
            variables.set("reading_time", &length.minutes());
            variables.set("updated_text", &page.updated_text);
            variables.set("image", &page.image);
            variables.set("alternates", &page.alternates);
            variables.set("newer", &page.newer);
            variables.set("older", &page.older);
            variables.set("reports", &page.reports);
            variables.set("related", &page.related);
            variables.set("extra", page.extra);
            "article.html"
        }
        Kind::ContentPage(page) => {
            variables.meta(&page.meta);
            variables.set("title", page.title);
            variables.body(page.content)?;
            variables.set("extra", page.extra);
            "page.html"
        }
        Kind::Taxonomy(page) => {
            variables.meta(&page.meta);
            variables.set("taxonomy", &page.taxonomy);
            variables.set("total", &page.total);
            variables.set("order", page.order);
            variables.set("crossings", &page.crossings);
            variables.set("orders", &page.orders);
            variables.set("letters", &page.letters);
            variables.set("letter", &page.letter);
            variables.set("terms", &page.terms);
            variables.set("used_once", &page.used_once);
            variables.set("next", &page.next);
            variables.set("previous", &page.previous);
            "taxonomy.html"
        }
        Kind::Term(page) => {
            variables.list(&page.list)?;
            variables.set("taxonomy", &page.taxonomy);
            variables.set("name", page.name);
            variables.set("about", &page.about);
            "term.html"
        }
        Kind::Crossing(page) => {
            variables.list(&page.list)?;
            variables.set("first", &page.first);
            variables.set("first_taxonomy", &page.first_taxonomy);
            variables.set("second", &page.second);
            variables.set("second_taxonomy", &page.second_taxonomy);
            variables.set("count", &page.count);
            "crossing.html"
        }
        Kind::Crossings(page) => {
            variables.meta(&page.meta);
            variables.set("first", &page.first);
            variables.set("second", &page.second);
            variables.set("min_articles", &page.min_articles);
            variables.set("columns", &page.columns);
            variables.set("rows", &page.rows);
            "crossings.html"
        }
        Kind::Archive(page) => {
            variables.meta(&page.meta);
            variables.spans("years", &page.years);
            variables.spans("undated", page.undated.as_slice());
            "archive.html"
        }
        Kind::Year(page) => {
            variables.meta(&page.meta);
            variables.set("heading", &page.heading);
            variables.spans("months", &page.months);
            variables.set("weeks", &page.weeks);
            "year.html"
        }
        Kind::Month(page) => {
            variables.list(&page.list)?;
            variables.set("edition", &page.edition);
            variables.groups(&page.groups)?;
            "month.html"
        }
        Kind::Edition(page) => {
            variables.meta(&page.meta);
            variables.set("edition", &page.edition);
            variables.groups(&page.groups)?;
            "edition.html"
        }
        Kind::Trends(page) => {
            variables.meta(&page.meta);
            variables.set("compared", &page.compared);
            variables.set("rising", &page.rising);
            variables.set("fading", &page.fading);
            variables.set("new", &page.new);
            "trends.html"
        }
        Kind::Undated(list) => {
            variables.list(list)?;
            "undated.html"
        }
        Kind::NotFound(meta) => {
            variables.meta(meta);
            "404.html"
        }
        Kind::Search(page) => {
            variables.meta(&page.meta);
            variables.set("folder", &page.folder);
            variables.set("bodies", &page.bodies);
            "search.html"
        }
        Kind::OpenSearch(page) => {
            variables.set("page_url", &page.page_url);
            variables.set("url", &page.url);
            "opensearch.xml"
        }
        Kind::Redirect(redirect) => {
            variables.set("title", redirect.title);
            variables.set("path", &redirect.path);
            variables.set("target", &redirect.target);
            "redirect.html"
        }
        Kind::Feed(feed) => {
            variables.set("title", &feed.title);
            variables.set("subtitle", &feed.subtitle);
            variables.set("page_url", &feed.page_url);
            variables.set("feed_url", &feed.feed_url);
            variables.set("updated", &feed.updated);
            variables.entries(&feed.entries)?;
            "atom.xml"
        }
        Kind::Weekly(feed) => {
            variables.set("title", &feed.title);
            variables.set("page_url", &feed.page_url);
            variables.set("feed_url", &feed.feed_url);
            variables.set("updated", &feed.updated);
            let weeks: Vec<Value> =
                feed.weeks.iter().map(|week| variables.week(week)).collect::<Result<_, _>>()?;
            variables.put("weeks", Value::from(weeks));
            "weekly.xml"
        }
    };
    Ok((template, variables.context))
}

/// A page's head as templates see it.
#[derive(Serialize)]
struct MetaView<'m> {
    #[serde(flatten)]
    meta: &'m Meta,
    json_ld: Option<String>,
}

struct Variables<'p, 's> {
    context: Context,
    config: &'p Config,
    parts: &'p Parts<'s>,
    bodies: &'p Bodies,
}

impl Variables<'_, '_> {
    fn set<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.context.insert(name, value);
    }

    fn put(&mut self, name: &'static str, value: Value) {
        self.context.insert_value(name, value);
    }

    fn meta(&mut self, meta: &Meta) {
        self.meta_with(meta, json_ld::page(meta, self.config));
    }

    fn meta_with(&mut self, meta: &Meta, json_ld: Option<String>) {
        self.set("meta", &MetaView { meta, json_ld });
    }

    /// HTML that `load` made safe, and its headings.
    fn body(&mut self, body: BodyRef<'_>) -> Result<(), Problem> {
        let html = self.parts.body(body, self.bodies)?;
        self.set("toc", &toc::headings(&html));
        self.put("content", Value::safe_string(&html));
        Ok(())
    }

    fn list(&mut self, list: &List<'_>) -> Result<(), Problem> {
        self.meta(&list.meta);
        self.set("heading", &list.heading);
        self.set("paginator", &list.paginator);
        let mut rest = list.articles.as_slice();
        let mut days = Vec::with_capacity(list.days.len());
        for day in &list.days {
            let (articles, later) = rest.split_at((day.count as usize).min(rest.len()));
            days.push(self.day(day, articles)?);
            rest = later;
        }
        self.put("days", Value::from(days));
        Ok(())
    }

    fn day(&self, day: &Day<'_>, articles: &[CardRef]) -> Result<Value, Problem> {
        let cards: Vec<Value> =
            articles.iter().map(|card| self.parts.card(card.id)).collect::<Result<_, _>>()?;
        Ok(map([
            ("date", Value::from_serializable(&day.day.date)),
            ("title", Value::from_serializable(&day.day.title)),
            ("path", Value::from_serializable(&day.day.path)),
            ("cards", Value::from(cards)),
        ]))
    }

    fn groups(&mut self, groups: &[Group<'_>]) -> Result<(), Problem> {
        let groups: Vec<Value> = groups.iter().map(|group| self.group(group)).collect::<Result<_, _>>()?;
        self.put("groups", Value::from(groups));
        Ok(())
    }

    fn group(&self, group: &Group<'_>) -> Result<Value, Problem> {
        let cards: Vec<Value> =
            group.cards.iter().map(|card| self.parts.card(card.id)).collect::<Result<_, _>>()?;
        Ok(map([
            ("name", Value::from_serializable(&group.name)),
            ("path", Value::from_serializable(&group.path)),
            ("count", Value::from(group.count)),
            ("cards", Value::from(cards)),
            ("articles", self.parts.articles(&group.titles)),
            ("remaining", Value::from(group.remaining)),
        ]))
    }

    fn week(&self, week: &Week<'_>) -> Result<Value, Problem> {
        let groups: Vec<Value> =
            week.groups.iter().map(|group| self.group(group)).collect::<Result<_, _>>()?;
        Ok(map([
            ("edition", Value::from_serializable(&week.edition)),
            ("permalink", Value::from_serializable(&week.permalink)),
            ("updated", Value::from_serializable(&week.updated)),
            ("groups", Value::from(groups)),
        ]))
    }

    fn spans(&mut self, name: &'static str, spans: &[Span]) {
        let spans: Vec<Value> = spans.iter().map(|span| self.span(span)).collect();
        self.put(name, Value::from(spans));
    }

    fn span(&self, span: &Span) -> Value {
        let months: Vec<Value> = span.months.iter().map(|month| self.span(month)).collect();
        map([
            ("title", Value::from_serializable(&span.title)),
            ("path", Value::from_serializable(&span.path)),
            ("count", Value::from(span.count)),
            ("months", Value::from(months)),
            ("articles", self.parts.articles(&span.articles)),
        ])
    }

    fn entries(&mut self, entries: &[FeedEntry<'_>]) -> Result<(), Problem> {
        let entries: Vec<Value> = entries
            .iter()
            .map(|entry| match entry.content.as_deref() {
                Some(&content) => self.parts.whole_entry(entry.card.id, content, self.bodies),
                None => self.parts.entry(entry.card.id),
            })
            .collect::<Result<_, _>>()?;
        self.put("entries", Value::from(entries));
        Ok(())
    }
}
