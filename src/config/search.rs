//! What the search of a digest looks at: `search:` in `newsprint.yaml`.

use serde::Serialize;

use crate::config::Taxonomy;
use crate::config::browse::{is_off, known, settings};
use crate::diagnostic::nearest;
use crate::fields::Fields;

/// What of an article is searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Field {
    /// Its title.
    Title,
    /// Its key event.
    Event,
    /// The names of its terms, those that an editor merged with them, and its source.
    Terms,
    /// Its body.
    Body,
}

impl Field {
    /// All of them, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Title, Self::Event, Self::Terms, Self::Body];

    /// As `newsprint.yaml` names it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Event => "event",
            Self::Terms => "terms",
            Self::Body => "body",
        }
    }

    pub(crate) fn number(self) -> usize {
        self as usize
    }
}

/// Settings of the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// What of an article is searched, in the order of [`Field::ALL`].
    pub fields: Vec<Field>,
    /// Places of the taxonomies by which results can be narrowed down.
    pub facets: Vec<usize>,
}

impl Search {
    /// Everything is searched, and narrowed down by technologies and industries.
    pub(super) fn built_in() -> Self {
        Self { fields: Field::ALL.to_vec(), facets: vec![1, 2] }
    }

    /// `None` for `search: off`.
    pub(super) fn read(fields: &mut Fields<'_>, taxonomies: &[Taxonomy]) -> Option<Self> {
        if is_off(fields, "search") {
            return None;
        }
        let mut search = Self::built_in();
        let Some(mut inner) = settings(fields, "search") else { return Some(search) };
        if inner.get("fields").is_some() {
            let names = inner.texts("fields");
            let all = Field::ALL.map(Field::name);
            for name in names.iter().filter(|name| !all.contains(&name.as_str())) {
                let help = nearest(name, all).map_or_else(
                    || format!("choose among {}", all.join(", ")),
                    |near| format!("did you mean `{near}`?"),
                );
                inner.error("fields", format!("`{name}` is nothing that can be searched"), help);
            }
            search.fields.retain(|field| names.iter().any(|name| name == field.name()));
            if names.is_empty() {
                inner.error("fields", "there is nothing to search", "name some, or write `search: off`");
            }
        }
        if inner.get("facets").is_some() {
            let names = inner.texts("facets");
            search.facets =
                names.iter().filter_map(|name| known(&mut inner, "facets", name, taxonomies)).collect();
        }
        fields.absorb(inner.finish());
        Some(search)
    }
}
