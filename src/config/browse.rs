//! Settings of the ways to browse besides terms: crossings, editions, trends, the reader's own
//! view, stories, related articles.

use crate::config::{Taxonomy, Unsubscribe};
use crate::fields::Fields;
use crate::yaml::Node;

/// The ways to browse besides terms. All are on by default.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Browse {
    /// Pages for pairs of terms of two taxonomies; `None` is off.
    pub crossings: Option<Crossings>,
    /// Pages for days, weeks and months; `None` is off.
    pub editions: Option<Editions>,
    /// Whether there is a page of rising, fading and new terms.
    pub trends: bool,
    /// Whether there is the reader's own view: followed terms and kept articles.
    pub mine: bool,
    /// Whether lists show the reports of one event as one entry.
    pub stories: bool,
    /// Maximum number of related articles on an article's page; 0 is off.
    pub related: usize,
}

/// Settings of crossings, the pages for pairs of terms: `/ai-technologies/大模型/industries/医疗/`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Crossings {
    /// Indices of the two taxonomies in [`Config::taxonomies`](super::Config::taxonomies). The
    /// pages are below the pages of the first one's terms.
    pub of: [usize; 2],
    /// Minimum number of articles of a pair with a page.
    pub min_articles: usize,
}

/// Settings of editions, the pages for days, weeks and months.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Editions {
    /// Index of the taxonomy that groups the articles of an edition.
    pub group_by: usize,
    /// The unsubscribe address in letters (`outputs.editions`).
    pub unsubscribe: Option<Unsubscribe>,
}

impl Browse {
    /// The default: everything is on, with the built-in taxonomies.
    pub(super) fn built_in() -> Self {
        Self {
            crossings: Some(Crossings { of: [1, 2], min_articles: 3 }),
            editions: Some(Editions { group_by: 2, unsubscribe: None }),
            trends: true,
            mine: true,
            stories: true,
            related: 5,
        }
    }

    pub(super) fn read(fields: &mut Fields<'_>, taxonomies: &[Taxonomy]) -> Self {
        let mut browse = Self::built_in();
        browse.crossings = browse.crossings.filter(|_| !is_off(fields, "crossings"));
        browse.editions = browse.editions.filter(|_| !is_off(fields, "editions"));
        if let Some(crossings) = &mut browse.crossings
            && let Some(mut inner) = settings(fields, "crossings")
        {
            if let Some(number) = inner.number("min_articles", 1..=1_000_000) {
                crossings.min_articles = number;
            }
            let names = inner.texts("of");
            let found: Vec<usize> =
                names.iter().filter_map(|name| find_taxonomy(&mut inner, "of", name, taxonomies)).collect();
            match found.as_slice() {
                [first, second] if first != second => crossings.of = [*first, *second],
                _ if names.is_empty() || found.len() < names.len() => {}
                _ => inner.error(
                    "of",
                    tr!("crossings need two different taxonomies"),
                    tr!("write `of: [ai_technologies, industries]`"),
                ),
            }
            fields.absorb(inner.finish());
        }
        if let Some(editions) = &mut browse.editions
            && let Some(mut inner) = settings(fields, "editions")
        {
            if let Some((_, name)) = inner.text(&["group_by"])
                && let Some(at) = find_taxonomy(&mut inner, "group_by", &name, taxonomies)
            {
                editions.group_by = at;
            }
            if let Some((_, written)) = inner.text(&["unsubscribe"]) {
                match Unsubscribe::parse(&written) {
                    Ok(address) => editions.unsubscribe = Some(address),
                    Err(help) => {
                        inner.error(
                            "unsubscribe",
                            tr!("`{written}` is not an unsubscribe address", written),
                            help,
                        );
                    }
                }
            }
            fields.absorb(inner.finish());
        }
        browse.trends = fields.switch("trends").unwrap_or(true);
        browse.mine = fields.switch("mine").unwrap_or(true);
        browse.stories = fields.switch("stories").unwrap_or(true);
        if is_off(fields, "related") {
            browse.related = 0;
        } else if !is_on(fields, "related")
            && let Some(number) = fields.number("related", 0..=50)
        {
            browse.related = number;
        }
        browse
    }
}

/// Whether the field is `off`, `no` or `false`.
pub(super) fn is_off(fields: &mut Fields<'_>, name: &str) -> bool {
    fields.get(name).and_then(Node::switch) == Some(false)
}

fn is_on(fields: &mut Fields<'_>, name: &str) -> bool {
    fields.get(name).and_then(Node::switch) == Some(true)
}

/// The settings below `name`; `None` if there are none, or for a plain `on`.
pub(super) fn settings<'a>(fields: &mut Fields<'a>, name: &'a str) -> Option<Fields<'a>> {
    if is_on(fields, name) { None } else { fields.inner(name) }
}

/// The index of the taxonomy `name`; an unknown one is reported at `field`.
pub(super) fn find_taxonomy(
    fields: &mut Fields<'_>,
    field: &str,
    name: &str,
    taxonomies: &[Taxonomy],
) -> Option<usize> {
    let found = taxonomies.iter().position(|taxonomy| taxonomy.name == name);
    if found.is_none() {
        let help = Taxonomy::suggest(name, taxonomies);
        fields.error(field, tr!("there is no taxonomy `{name}`", name), help);
    }
    found
}
