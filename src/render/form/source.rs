//! Defines what forms are rendered from and what comes of it.

use crate::config::Config;
use crate::plan::view::form::EditionForm;
use crate::render::form::markdown::one_line;
use crate::render::form::prepared::labelled;
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
    /// The limit is too small even for one item, with which the form has this number of UTF-16 units.
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
}

/// The first headlines of an edition on one line, at most `characters` long with the ellipsis.
pub(super) fn headlines(form: &EditionForm<'_>, parts: &Parts<'_>, characters: usize) -> String {
    let items = form.groups.iter().flat_map(|group| &group.items);
    let mut joined = String::new();
    for item in items {
        if !joined.is_empty() {
            joined.push_str(" · ");
        }
        let card = parts.card(item.card.id);
        joined.push_str(&one_line(&labelled(card.title, card.label)));
        if joined.len() > characters * 4 {
            break;
        }
    }
    han::excerpt(&joined, characters.saturating_sub(1))
}
