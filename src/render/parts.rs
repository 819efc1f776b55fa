//! What many pages show of an article, rendered once for all of them: its card in lists and its entry in feeds.
//!
//! An article stands in some twenty lists and feeds. Rendering its card once and inserting the HTML made the
//! templates' share of a build of 10,000 articles a fifth of what it was.

use std::borrow::Cow;
use std::sync::OnceLock;

use serde_json::value::RawValue;
use tera::{Context, Error, Tera, Value};

use crate::diagnostic::Diagnostic;
use crate::plan::card::Cards;
use crate::plan::view::card::{Card, CardRef};
use crate::plan::view::edition::Group;
use crate::plan::view::page::BodyRef;
use crate::render::absolute::absolute;
use crate::render::bounded::Bounded;
use crate::render::value::map;
use crate::site::Bodies;

/// Why a page cannot be rendered.
#[derive(Debug)]
pub(super) enum Problem {
    /// A template's name and what Tera says of it.
    Template(&'static str, Error),
    /// A body that cannot be made again.
    Body(Box<Diagnostic>),
}

/// Bytes of a text that feeds bring whole.
pub(super) const MAX_FEED_TEXT_BYTES: usize = 256 << 10;

pub(super) struct Parts<'s> {
    tera: Tera,
    cards: &'s Cards<'s>,
    rendered: Vec<OnceLock<Rendered>>,
    items: Vec<OnceLock<Box<RawValue>>>,
    /// Do feeds of terms want entries?
    entries: bool,
    /// Bytes that a part may have.
    limit: usize,
}

/// An article's parts as HTML and XML.
struct Rendered {
    card: Value,
    entry: Value,
}

impl<'s> Parts<'s> {
    pub(super) fn new(tera: Tera, cards: &'s Cards<'s>, entries: bool, limit: usize) -> Self {
        let rendered = (0..cards.len()).map(|_| OnceLock::new()).collect();
        let items = (0..cards.len()).map(|_| OnceLock::new()).collect();
        Self { tera, cards, rendered, items, entries, limit }
    }

    pub(super) fn tera(&self) -> &Tera {
        &self.tera
    }

    /// The article as templates see it. Made anew each time: ten thousand of them would be 80 MB.
    pub(super) fn article(&self, id: usize) -> Value {
        Value::from_serializable(self.cards.card(id))
    }

    /// The article as it was planned.
    pub(super) fn known(&self, id: usize) -> &Card<'s> {
        self.cards.card(id)
    }

    /// Articles as templates see them.
    pub(super) fn articles(&self, cards: &[CardRef]) -> Value {
        Value::from(cards.iter().map(|card| self.article(card.id)).collect::<Vec<Value>>())
    }

    /// `parts/week.html`: the groups of a weekly edition, as its feed brings them.
    pub(super) fn week(&self, groups: &[Group<'_>]) -> Result<String, Problem> {
        let mut context = Context::new();
        let groups = groups.iter().map(|group| {
            map([("name", Value::from_serializable(&group.name)), ("articles", self.articles(&group.titles))])
        });
        context.insert_value("groups", Value::from(groups.collect::<Vec<Value>>()));
        let bytes = self.render_to("parts/week.html", &context)?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    /// `parts/card.html`: HTML.
    pub(super) fn card(&self, id: usize) -> Result<Value, Problem> {
        Ok(self.rendered(id)?.card.clone())
    }

    /// `parts/entry.xml` without the article's text.
    pub(super) fn entry(&self, id: usize) -> Result<Value, Problem> {
        Ok(self.rendered(id)?.entry.clone())
    }

    /// The article as feeds in JSON have it without its text, made by `make` when it is asked for first; `None` if that fails.
    pub(super) fn item(&self, id: usize, make: impl FnOnce() -> Option<Box<RawValue>>) -> Option<&RawValue> {
        if self.items[id].get().is_none() {
            let _ = self.items[id].set(make()?);
        }
        self.items[id].get().map(|item| &**item)
    }

    /// `parts/entry.xml` with the article's text. It is shown as text there: XML escapes what is HTML in a page.
    pub(super) fn whole_entry(
        &self,
        id: usize,
        body: BodyRef<'_>,
        bodies: &Bodies,
    ) -> Result<Value, Problem> {
        let html = self.body(body, bodies)?;
        let html = absolute(&html, self.known(id).permalink);
        // Twenty of them are in a feed, and readers fetch it every hour: who writes so much is read on the page.
        let content = match html.len() > MAX_FEED_TEXT_BYTES {
            true => Value::none(),
            false => Value::normal_string(&html),
        };
        self.render(self.article(id), "parts/entry.xml", Some(content))
    }

    /// The HTML of a body.
    pub(super) fn body<'b>(&self, body: BodyRef<'_>, bodies: &'b Bodies) -> Result<Cow<'b, str>, Problem> {
        bodies.html(body.id, body.file).map_err(|diagnostic| Problem::Body(Box::new(diagnostic)))
    }

    fn rendered(&self, id: usize) -> Result<&Rendered, Problem> {
        if let Some(rendered) = self.rendered[id].get() {
            return Ok(rendered);
        }
        let article = self.article(id);
        let card = self.render(article.clone(), "parts/card.html", None)?;
        let entry = match self.entries {
            true => self.render(article, "parts/entry.xml", Some(Value::none()))?,
            false => Value::none(),
        };
        // Two threads may have rendered it at once: the results are the same.
        Ok(self.rendered[id].get_or_init(|| Rendered { card, entry }))
    }

    fn render(
        &self,
        article: Value,
        template: &'static str,
        content: Option<Value>,
    ) -> Result<Value, Problem> {
        let mut context = Context::new();
        context.insert_value("article", article);
        if let Some(content) = content {
            context.insert_value("content", content);
        }
        let bytes = self.render_to(template, &context)?;
        Ok(Value::safe_string(&String::from_utf8_lossy(&bytes)))
    }

    fn render_to(&self, template: &'static str, context: &Context) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        self.tera
            .render_to(template, context, Bounded { bytes: &mut bytes, limit: self.limit })
            .map_err(|error| Problem::Template(template, error))?;
        Ok(bytes)
    }
}
