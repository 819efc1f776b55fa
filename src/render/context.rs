//! A page's data to the variables of its template: the template contract in code.

use serde::Serialize;
use tera::{Context, Value};

use crate::plan::card::CardRef;
use crate::plan::page::{Day, FeedEntry, Html, Kind, List, Span};

/// The template of a page and its variables. `card` gives the value of an article's card.
pub(super) fn of(kind: &Kind<'_>, card: impl Fn(usize) -> Value) -> (&'static str, Context) {
    let mut variables = Variables { context: Context::new(), card };
    let template = match kind {
        Kind::Home(list) => {
            variables.list(list);
            "home.html"
        }
        Kind::Article(page) => {
            variables.set("meta", &page.meta);
            variables.put("article", (variables.card)(page.card.id));
            variables.html("content", page.content);
            variables.set("characters", &page.characters);
            variables.set("reading_time", &page.reading_time);
            variables.set("updated_text", &page.updated_text);
            variables.set("image", &page.image);
            variables.set("newer", &page.newer);
            variables.set("older", &page.older);
            variables.set("json_ld", &page.json_ld);
            variables.set("extra", page.extra);
            "article.html"
        }
        Kind::ContentPage(page) => {
            variables.set("meta", &page.meta);
            variables.set("title", page.title);
            variables.html("content", page.content);
            variables.set("extra", page.extra);
            "page.html"
        }
        Kind::Taxonomy(page) => {
            variables.set("meta", &page.meta);
            variables.set("taxonomy", &page.taxonomy);
            variables.set("total", &page.total);
            variables.set("terms", &page.terms);
            variables.set("next", &page.next);
            variables.set("previous", &page.previous);
            "taxonomy.html"
        }
        Kind::Term(page) => {
            variables.list(&page.list);
            variables.set("taxonomy", &page.taxonomy);
            variables.set("name", page.name);
            variables.set("count", &page.count);
            "term.html"
        }
        Kind::Archive(page) => {
            variables.set("meta", &page.meta);
            variables.spans("years", &page.years);
            variables.spans("undated", page.undated.as_slice());
            "archive.html"
        }
        Kind::Year(page) => {
            variables.set("meta", &page.meta);
            variables.set("heading", &page.heading);
            variables.spans("months", &page.months);
            "year.html"
        }
        Kind::Month(list) => {
            variables.list(list);
            "month.html"
        }
        Kind::Undated(list) => {
            variables.list(list);
            "undated.html"
        }
        Kind::NotFound(meta) => {
            variables.set("meta", meta);
            "404.html"
        }
        Kind::Redirect(redirect) => {
            variables.set("title", redirect.title);
            variables.set("target", &redirect.target);
            "redirect.html"
        }
        Kind::Feed(feed) => {
            variables.set("title", &feed.title);
            variables.set("subtitle", &feed.subtitle);
            variables.set("page_url", &feed.page_url);
            variables.set("feed_url", &feed.feed_url);
            variables.set("updated", &feed.updated);
            variables.entries(&feed.entries);
            "atom.xml"
        }
    };
    (template, variables.context)
}

struct Variables<F> {
    context: Context,
    card: F,
}

impl<F: Fn(usize) -> Value> Variables<F> {
    fn set<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) {
        self.context.insert(name, value);
    }

    fn put(&mut self, name: &'static str, value: Value) {
        self.context.insert_value(name, value);
    }

    fn cards(&self, refs: &[CardRef]) -> Value {
        Value::from(refs.iter().map(|card| (self.card)(card.id)).collect::<Vec<Value>>())
    }

    /// HTML that `load` made safe.
    fn html(&mut self, name: &'static str, html: Html<'_>) {
        self.put(name, Value::safe_string(html.html));
    }

    fn list(&mut self, list: &List) {
        self.set("meta", &list.meta);
        self.set("heading", &list.heading);
        self.set("paginator", &list.paginator);
        let days: Vec<Value> = list.days.iter().map(|day| self.day(day)).collect();
        let articles: Vec<CardRef> = list.days.iter().flat_map(|day| day.articles.iter().copied()).collect();
        let articles = self.cards(&articles);
        self.put("days", Value::from(days));
        self.put("articles", articles);
    }

    fn day(&self, day: &Day) -> Value {
        map([
            ("date", Value::from_serializable(&day.date)),
            ("title", Value::from_serializable(&day.title)),
            ("articles", self.cards(&day.articles)),
        ])
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
            ("articles", self.cards(&span.articles)),
        ])
    }

    fn entries(&mut self, entries: &[FeedEntry<'_>]) {
        let entries: Vec<Value> = entries
            .iter()
            .map(|entry| {
                // The feed shows HTML as text: it is escaped there, unlike in a page.
                let content = entry.content.map(|content| content.html);
                map([
                    ("article", (self.card)(entry.card.id)),
                    ("content", Value::from_serializable(&content)),
                ])
            })
            .collect();
        self.put("entries", Value::from(entries));
    }
}

fn map<const N: usize>(entries: [(&'static str, Value); N]) -> Value {
    let mut map = tera::Map::default();
    for (key, value) in entries {
        map.insert(key.into(), value);
    }
    Value::from(map)
}
