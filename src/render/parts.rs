//! What many pages show of an article, rendered once for all of them: its card in lists and its entry in feeds.
//!
//! An article stands in some twenty lists and feeds. Rendering its card once and inserting the HTML made the
//! templates' share of a build of 10,000 articles a fifth of what it was.

use std::sync::OnceLock;

use tera::{Context, Error, Tera, Value};

use crate::plan::card::Cards;

/// A part's name and what Tera says of it.
#[derive(Debug)]
pub(super) struct Problem {
    pub(super) template: &'static str,
    pub(super) error: Error,
}

pub(super) struct Parts<'s> {
    tera: Tera,
    cards: &'s Cards<'s>,
    articles: Vec<OnceLock<Value>>,
    rendered_cards: Vec<OnceLock<Value>>,
    rendered_entries: Vec<OnceLock<Value>>,
}

impl<'s> Parts<'s> {
    pub(super) fn new(tera: Tera, cards: &'s Cards<'s>) -> Self {
        let empty = || cards.cards.iter().map(|_| OnceLock::new()).collect();
        Self { tera, cards, articles: empty(), rendered_cards: empty(), rendered_entries: empty() }
    }

    pub(super) fn tera(&self) -> &Tera {
        &self.tera
    }

    /// The article as templates see it.
    pub(super) fn article(&self, id: usize) -> Value {
        self.articles[id].get_or_init(|| Value::from_serializable(&self.cards.cards[id])).clone()
    }

    /// `parts/card.html`: HTML.
    pub(super) fn card(&self, id: usize) -> Result<Value, Problem> {
        self.once(&self.rendered_cards[id], id, "parts/card.html")
    }

    /// `parts/entry.xml` without the article's text.
    pub(super) fn entry(&self, id: usize) -> Result<Value, Problem> {
        self.once(&self.rendered_entries[id], id, "parts/entry.xml")
    }

    /// `parts/entry.xml` with the article's text. It is shown as text there: XML escapes what is HTML in a page.
    pub(super) fn whole_entry(&self, id: usize, html: &str) -> Result<Value, Problem> {
        self.render(id, "parts/entry.xml", Value::normal_string(html))
    }

    fn once(&self, cell: &OnceLock<Value>, id: usize, template: &'static str) -> Result<Value, Problem> {
        if let Some(value) = cell.get() {
            return Ok(value.clone());
        }
        let value = self.render(id, template, Value::none())?;
        // Two threads may have rendered it at once: the results are the same.
        Ok(cell.get_or_init(|| value).clone())
    }

    fn render(&self, id: usize, template: &'static str, content: Value) -> Result<Value, Problem> {
        let mut context = Context::new();
        context.insert_value("article", self.article(id));
        context.insert_value("content", content);
        let rendered = self.tera.render(template, &context).map_err(|error| Problem { template, error })?;
        Ok(Value::safe_string(&rendered))
    }
}
