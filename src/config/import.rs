//! Settings of `newsprint import`: additional names of fields, scrape residue and placeholders.

use crate::config::Taxonomy;
use crate::config::labels::{Ai, read_ai, read_reviewed};
use crate::diagnostic::nearest;
use crate::fields::{Fields, clean};
use crate::yaml::Node;

/// The settings below `import:`. A build does not use them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// Additional names of fields: a field of an article (or `extra.` and any name), and the name.
    pub labels: Vec<(String, String)>,
    /// Additional patterns of scrape residue; `…` matches any text on the same line.
    pub residue: Vec<String>,
    /// Additional placeholder words.
    pub placeholders: Vec<String>,
    /// The field `ai` of records that lack it.
    pub ai: Option<Ai>,
    /// Whether such records were reviewed.
    pub reviewed: bool,
    /// Whether pictures of other hosts are fetched and stored beside the articles.
    pub images: bool,
}

/// The fields, besides taxonomies, that can have additional names.
const LABELLED_FIELDS: [&str; 17] = [
    "text",
    "content",
    "key_event",
    "title",
    "link",
    "body",
    "summary",
    "event",
    "date",
    "updated",
    "source",
    "slug",
    "aliases",
    "image",
    "draft",
    "ai",
    "reviewed",
];

impl Import {
    pub(super) fn read(fields: &mut Fields<'_>, taxonomies: &[Taxonomy]) -> Self {
        let mut settings = Self::default();
        let Some(mut inner) = fields.inner("import") else { return settings };
        settings.residue = inner.texts("residue");
        let is_long_enough = |pattern: &String| pattern.chars().filter(|c| c.is_alphanumeric()).count() >= 3;
        if let Some(short) = settings.residue.iter().find(|pattern| !is_long_enough(pattern)).cloned() {
            inner.error(
                "residue",
                tr!("`{short}` is too short: it would match words of articles", short),
                tr!("write at least three letters besides `…`"),
            );
        }
        settings.residue.retain(is_long_enough);
        settings.placeholders = inner.texts("placeholders");
        settings.ai = read_ai(&mut inner);
        settings.reviewed = read_reviewed(&mut inner);
        settings.images = inner.switch("images").unwrap_or_default();
        if let Some(node) = inner.get("labels") {
            settings.labels = read_labels(&mut inner, node, taxonomies);
        }
        let found = inner.finish();
        fields.absorb(found);
        settings
    }
}

fn read_labels(fields: &mut Fields<'_>, node: &Node, taxonomies: &[Taxonomy]) -> Vec<(String, String)> {
    let Node::Map(entries) = node else {
        fields.wrong_kind("labels", &tr!("a mapping from fields to names"), node);
        return Vec::new();
    };
    let mut labels = Vec::new();
    for (field, names) in entries {
        let known = LABELLED_FIELDS.contains(&field.as_str())
            || taxonomies.iter().any(|taxonomy| taxonomy.name == *field)
            || field.strip_prefix("extra.").is_some_and(|name| !name.is_empty());
        if !known {
            let all = LABELLED_FIELDS
                .iter()
                .copied()
                .chain(taxonomies.iter().map(|taxonomy| taxonomy.name.as_str()));
            let help = nearest(field, all).map_or_else(
                || {
                    tr!(
                        "write title, link, body, summary, event, date, updated, source, slug, aliases, image, draft, ai, reviewed, a taxonomy, or `extra.` and a name of your own"
                    )
                },
                |name| tr!("did you mean `{name}`?", name),
            );
            fields.error(
                "labels",
                tr!("`{field}` is not a field that can have additional names", field),
                help,
            );
            continue;
        }
        let names = match names {
            Node::List(items) => fields.items("labels", items),
            other => other.text().map(clean).into_iter().filter(|name| !name.is_empty()).collect(),
        };
        labels.extend(names.into_iter().map(|name| (field.clone(), name)));
    }
    labels
}
