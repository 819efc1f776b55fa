//! Renders the parts of an article that many pages share, once for all of them: its card in lists
//! and its entry in feeds.
//!
//! An article is in some twenty lists and feeds. Rendering its card once and inserting the
//! HTML reduced the templates' share of a build of 10,000 articles to a fifth of what it was.

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

/// The reason why a page cannot be rendered.
#[derive(Debug)]
pub(super) enum Problem {
    /// Tera's error, and the name of the template.
    Template(&'static str, Error),
    /// A body whose HTML cannot be rendered again from its source file.
    Body(Box<Diagnostic>),
}

/// Maximum size of a body in a feed, in bytes of HTML. A longer one is left out of the entry.
pub(super) const MAX_FEED_TEXT_BYTES: usize = 256 << 10;

/// The HTML of a body in a feed, after the label of a machine-written article: feeds have no place
/// of their own for it that readers show.
pub(super) fn labelled_html<'h>(card: &Card<'_>, html: Cow<'h, str>) -> Cow<'h, str> {
    let Some(label) = card.label else { return html };
    Cow::Owned(paragraph(label) + &html)
}

/// A label as a paragraph of HTML.
fn paragraph(label: &str) -> String {
    let escaped = label.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    format!("<p>[{escaped}]</p>\n")
}

/// The shared parts of all articles. Each is rendered on first use.
pub(super) struct Parts<'s> {
    tera: Tera,
    cards: &'s Cards<'s>,
    /// HTML of the cards, by article.
    rendered_cards: Vec<OnceLock<Value>>,
    /// XML of the Atom entries without the body, by article. Articles in no feed have none.
    entries: Vec<OnceLock<Value>>,
    /// HTML of the lines in older pages of lists, by article.
    lines: Vec<OnceLock<Value>>,
    /// Items of JSON feeds without the body, by article.
    items: Vec<OnceLock<Box<RawValue>>>,
    /// Maximum size of a part, in bytes.
    limit: usize,
}

impl<'s> Parts<'s> {
    pub(super) fn new(tera: Tera, cards: &'s Cards<'s>, limit: usize) -> Self {
        let none = || (0..cards.len()).map(|_| OnceLock::new()).collect();
        let items = (0..cards.len()).map(|_| OnceLock::new()).collect();
        Self { tera, cards, rendered_cards: none(), entries: none(), lines: none(), items, limit }
    }

    pub(super) fn tera(&self) -> &Tera {
        &self.tera
    }

    /// The card of an article as a template variable. It is not cached: ten thousand of them take
    /// 80 MB.
    pub(super) fn article(&self, id: usize) -> Value {
        Value::from_serializable(self.cards.card(id))
    }

    /// The card of an article, as planned.
    pub(super) fn card(&self, id: usize) -> &Card<'s> {
        self.cards.card(id)
    }

    /// The cards of articles as a template variable.
    pub(super) fn articles(&self, cards: &[CardRef]) -> Value {
        Value::from(cards.iter().map(|card| self.article(card.id)).collect::<Vec<Value>>())
    }

    /// Renders `parts/week.html`: the groups of a week, for the weekly feed.
    pub(super) fn week(&self, groups: &[Group<'_>]) -> Result<String, Problem> {
        let mut context = Context::new();
        let groups = groups.iter().map(|group| {
            map([("name", Value::from_serializable(&group.name)), ("articles", self.articles(&group.titles))])
        });
        context.insert_value("groups", Value::from(groups.collect::<Vec<Value>>()));
        let bytes = self.render_to("parts/week.html", &context)?;
        Ok(String::from_utf8_lossy(&bytes).trim().to_owned())
    }

    /// The rendered `parts/card.html` of an article.
    pub(super) fn rendered_card(&self, id: usize) -> Result<Value, Problem> {
        self.part(&self.rendered_cards[id], id, "parts/card.html", None)
    }

    /// The rendered `parts/line.html` of an article.
    pub(super) fn rendered_line(&self, id: usize) -> Result<Value, Problem> {
        self.part(&self.lines[id], id, "parts/line.html", None)
    }

    /// The rendered `parts/entry.xml` of an article, without the body.
    pub(super) fn entry(&self, id: usize) -> Result<Value, Problem> {
        self.part(&self.entries[id], id, "parts/entry.xml", Some(Value::none()))
    }

    /// The article's item in JSON feeds, without the body. `make` serialises it on first use;
    /// `None` if it fails.
    pub(super) fn json_item(
        &self,
        id: usize,
        make: impl FnOnce() -> Option<Box<RawValue>>,
    ) -> Option<&RawValue> {
        if self.items[id].get().is_none() {
            let _ = self.items[id].set(make()?);
        }
        self.items[id].get().map(|item| &**item)
    }

    /// Renders `parts/entry.xml` with the article's body. The HTML is passed as plain text, since
    /// XML needs it escaped.
    pub(super) fn full_text_entry(
        &self,
        id: usize,
        body: BodyRef<'_>,
        bodies: &Bodies,
    ) -> Result<Value, Problem> {
        let html = self.body(body, bodies)?;
        let html = absolute(&html, self.card(id).permalink);
        // Feeds have twenty entries by default, and feed readers fetch them every hour: a longer
        // body is left to the article's page.
        let content = match html.len() > MAX_FEED_TEXT_BYTES {
            true => Value::none(),
            false => Value::normal_string(&labelled_html(self.card(id), html)),
        };
        self.render(self.article(id), "parts/entry.xml", Some(content))
    }

    /// The HTML of a body, rendered again from its source file if it came from the build cache.
    pub(super) fn body<'b>(&self, body: BodyRef<'_>, bodies: &'b Bodies) -> Result<Cow<'b, str>, Problem> {
        bodies.html(body.id, body.file).map_err(|diagnostic| Problem::Body(Box::new(diagnostic)))
    }

    /// The part of an article in `place`, which is rendered on first use.
    fn part(
        &self,
        place: &OnceLock<Value>,
        id: usize,
        template: &'static str,
        content: Option<Value>,
    ) -> Result<Value, Problem> {
        if let Some(part) = place.get() {
            return Ok(part.clone());
        }
        // Two threads may render the part at the same time; the results are equal.
        let part = self.render(self.article(id), template, content)?;
        Ok(place.get_or_init(|| part).clone())
    }

    /// Renders a part of an article.
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

    /// Renders a template to bytes.
    pub(super) fn render_to(&self, template: &'static str, context: &Context) -> Result<Vec<u8>, Problem> {
        let mut bytes = Vec::new();
        self.tera
            .render_to(template, context, Bounded { bytes: &mut bytes, limit: self.limit })
            .map_err(|error| Problem::Template(template, error))?;
        Ok(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_words_of_a_label_are_text() {
        assert_eq!(paragraph("AI 生成"), "<p>[AI 生成]</p>\n");
        assert_eq!(paragraph("<b> & c"), "<p>[&lt;b&gt; &amp; c]</p>\n");
    }
}
