//! Makes the template variables of lists: days with their cards and lines, the lead story, and the
//! groups of an edition.

use tera::Value;

use crate::plan::list::MAX_CARDS;
use crate::plan::view::card::CardRef;
use crate::plan::view::edition::Group;
use crate::plan::view::home::Lead;
use crate::plan::view::list::{Day, List};
use crate::render::context::Variables;
use crate::render::parts::Problem;
use crate::render::value::map;

/// Minimum number of articles of a day with a heading. The days of a list with fewer ones have none;
/// their articles show their dates.
const MIN_DAY_ARTICLES: u32 = 3;

/// The variables that lists share.
impl Variables<'_, '_> {
    /// Inserts `meta`, `heading`, `paginator` and `days` of a list of articles.
    pub(super) fn list(&mut self, list: &List<'_>) -> Result<(), Problem> {
        self.meta(&list.meta);
        self.set("heading", &list.heading);
        self.set("paginator", &list.paginator);
        let mut rest = list.articles.as_slice();
        let mut days: Vec<Value> = Vec::with_capacity(list.days.len());
        let mut cards_left = if list.paginator.number.is_some() { 0 } else { MAX_CARDS };
        // Consecutive days without a heading are one section.
        for section in list.days.chunk_by(|day, next| !has_heading(day) && !has_heading(next)) {
            let count: usize = section.iter().map(|day| day.count as usize).sum();
            let (articles, later) = rest.split_at(count.min(rest.len()));
            days.push(self.day(section.first().filter(|day| has_heading(day)), articles, cards_left)?);
            cards_left = cards_left.saturating_sub(articles.len());
            rest = later;
        }
        self.put("days", Value::from(days));
        Ok(())
    }

    /// Makes `lead`: the day of the lead story with its card, and the publishers of its event.
    pub(super) fn lead(&self, lead: &Lead<'_>) -> Result<Value, Problem> {
        Ok(map([
            ("day", Value::from_serializable(&lead.day.day)),
            ("total", Value::from(lead.day.total)),
            ("card", self.parts.rendered_card(lead.article.id)?),
            ("sources", Value::from_serializable(&lead.sources)),
        ]))
    }

    /// Makes an entry of `days`: the first `max_cards` articles as rendered cards, the others as
    /// rendered lines. `day` is their day; `None` for articles of several days.
    fn day(&self, day: Option<&Day<'_>>, articles: &[CardRef], max_cards: usize) -> Result<Value, Problem> {
        let (cards, lines) = articles.split_at(max_cards.min(articles.len()));
        Ok(map([
            ("day", Value::from_serializable(&day.map(|day| day.day))),
            ("total", Value::from(day.map_or(0, |day| day.total))),
            ("cards", self.cards(cards)?),
            ("lines", self.lines(lines)?),
        ]))
    }

    /// Inserts `groups` of an edition.
    pub(super) fn groups(&mut self, groups: &[Group<'_>]) -> Result<(), Problem> {
        let groups: Vec<Value> = groups.iter().map(|group| self.group(group)).collect::<Result<_, _>>()?;
        self.put("groups", Value::from(groups));
        Ok(())
    }

    /// Makes an entry of `groups`.
    fn group(&self, group: &Group<'_>) -> Result<Value, Problem> {
        Ok(map([
            ("name", Value::from_serializable(&group.name)),
            ("path", Value::from_serializable(&group.path)),
            ("count", Value::from(group.count)),
            ("cards", self.cards(&group.cards)?),
            ("lines", self.lines(&group.titles)?),
            ("folded", self.lines(&group.folded)?),
            ("remaining", Value::from(group.remaining)),
        ]))
    }

    fn cards(&self, articles: &[CardRef]) -> Result<Value, Problem> {
        let cards = articles.iter().map(|card| self.parts.rendered_card(card.id));
        Ok(Value::from(cards.collect::<Result<Vec<Value>, _>>()?))
    }

    pub(super) fn lines(&self, articles: &[CardRef]) -> Result<Value, Problem> {
        let lines = articles.iter().map(|card| self.parts.rendered_line(card.id));
        Ok(Value::from(lines.collect::<Result<Vec<Value>, _>>()?))
    }
}

/// True if a day has a heading in a list.
fn has_heading(day: &Day<'_>) -> bool {
    // A day that two pages share (`total` is 0) has a heading on both if it has enough articles
    // there.
    day.day.date.is_some() && day.count.max(day.total) >= MIN_DAY_ARTICLES
}
