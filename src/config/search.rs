//! Settings of the search: `search:` in `newsprint.yaml`.

use serde::Serialize;

use crate::config::Taxonomy;
use crate::config::browse::{find_taxonomy, is_off, settings};
use crate::diagnostic::nearest;
use crate::fields::Fields;

/// A part of an article that can be searched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub enum Field {
    /// The title.
    Title,
    /// The key event.
    Event,
    /// The names and aliases of its terms, and its source.
    Terms,
    /// The body.
    Body,
}

impl Field {
    /// All fields, in the order of their numbers.
    pub const ALL: [Self; 4] = [Self::Title, Self::Event, Self::Terms, Self::Body];

    /// The name in `newsprint.yaml`.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Title => "title",
            Self::Event => "event",
            Self::Terms => "terms",
            Self::Body => "body",
        }
    }

    /// The field's index in [`Field::ALL`].
    pub(crate) fn number(self) -> usize {
        self as usize
    }
}

/// Settings of the search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Search {
    /// The searched fields, in the order of [`Field::ALL`].
    pub fields: Vec<Field>,
    /// Indices of the taxonomies that can filter results.
    pub facets: Vec<usize>,
}

impl Search {
    /// The default: all fields, and filters for technologies and industries.
    pub(super) fn built_in() -> Self {
        Self { fields: Field::ALL.to_vec(), facets: vec![1, 2] }
    }

    /// Reads `search:`; `None` for `search: off`.
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
                    || tr!("choose from {}", all.join(&tr!("list" => ", "))),
                    |near| tr!("did you mean `{near}`?", near),
                );
                inner.error("fields", tr!("`{name}` is not a field that can be searched", name), help);
            }
            search.fields.retain(|field| names.iter().any(|name| name == field.name()));
            if names.is_empty() {
                let help = tr!("name at least one field, or write `search: off`");
                inner.error("fields", tr!("`fields` is empty"), help);
            }
        }
        if inner.get("facets").is_some() {
            let names = inner.texts("facets");
            search.facets = names
                .iter()
                .filter_map(|name| find_taxonomy(&mut inner, "facets", name, taxonomies))
                .collect();
        }
        fields.absorb(inner.finish());
        Some(search)
    }
}
