//! Defines what forms are rendered from and what comes of it.

use tera::Tera;

use crate::config::Config;
use crate::image::Fonts;
use crate::plan::view::form::EditionForm;
use crate::render::form::markdown::one_line;
use crate::render::parts::{Parts, Problem};
use crate::site::Bodies;
use crate::text::han;

/// Result of a rendered form.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rendered {
    /// Number of items: articles, each with the other reports of its event.
    pub(crate) items: usize,
    /// Number of items that a limit left out.
    pub(crate) left: usize,
}

/// The reason why a form cannot be rendered.
pub(in crate::render) enum Failure {
    /// A template or a body.
    Problem(Problem),
    /// The limit is too small even for one item, with which the form has this number of UTF-16
    /// units.
    Limit(usize),
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

/// What forms are rendered from besides the edition.
pub(in crate::render) struct Source<'r, 's> {
    /// Templates and cards.
    pub(in crate::render) parts: &'r Parts<'s>,
    /// The configuration.
    pub(in crate::render) config: &'r Config,
    /// The bodies of articles.
    pub(in crate::render) bodies: &'r Bodies,
    /// The word for an image without a description.
    pub(in crate::render) image: &'r str,
    /// The fonts and the templates of pictures, with the maximum size of an SVG in bytes.
    pub(in crate::render) pictures: Option<(&'r Fonts, (&'r Tera, usize))>,
}

/// The first headlines of an edition on one line, each with its label, at most `characters` long.
/// Only whole headlines, unless the first is too long.
pub(super) fn headlines(form: &EditionForm<'_>, parts: &Parts<'_>, characters: usize) -> String {
    let items = form.groups.iter().flat_map(|group| &group.items);
    let cards = items.map(|item| parts.card(item.card.id)).map(|card| (card.title, card.label));
    joined(cards, characters)
}

fn joined<'t>(titles: impl Iterator<Item = (&'t str, Option<&'t str>)>, characters: usize) -> String {
    let length = |text: &str| text.chars().count();
    let mut joined = String::new();
    for (title, label) in titles {
        let title = one_line(title);
        let separator = if joined.is_empty() { "" } else { " · " };
        let label = label.map(|label| format!(" [{label}]")).unwrap_or_default();
        // One character is for the ellipsis.
        let taken = length(&joined) + length(separator) + length(&label) + 1;
        let room = characters.saturating_sub(taken);
        if length(&title) <= room {
            joined = joined + separator + &title + &label;
        } else if joined.is_empty() {
            return han::excerpt(&title, room) + &label;
        } else {
            return joined + "…";
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::joined;

    #[test]
    fn headlines_are_whole_and_have_their_labels() {
        let label = Some("AI 生成");
        let long = "长".repeat(50);
        for (titles, wanted) in [
            (vec![("甲！", label), ("乙", None)], "甲！ [AI 生成] · 乙".to_owned()),
            (
                vec![("央行宣布下调准备金率！", label), (&long, label)],
                "央行宣布下调准备金率！ [AI 生成]…".to_owned(),
            ),
            (vec![(&long, label)], format!("{}… [AI 生成]", "长".repeat(31))),
            (vec![], String::new()),
        ] {
            let shown = joined(titles.into_iter(), 40);
            assert_eq!(shown, wanted);
            assert!(shown.chars().count() <= 40, "{shown}");
        }
    }
}
