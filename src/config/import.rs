//! What `newsprint import` knows beside what it is born with: names of fields, scrape residue, placeholders.

use crate::config::Taxonomy;
use crate::diagnostic::nearest;
use crate::fields::{Fields, clean};
use crate::yaml::Node;

/// The settings below `import:`. A build makes nothing of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Import {
    /// Further names of fields: a field of an article (or `extra.` and any name), and a name.
    pub labels: Vec<(String, String)>,
    /// Further scrape residue; `…` stands for any words on the same line.
    pub residue: Vec<String>,
    /// Further words for nothing.
    pub placeholders: Vec<String>,
}

/// The fields that can get further names, beside taxonomies.
const FIELDS: [&str; 15] = [
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
];

impl Import {
    pub(super) fn read(fields: &mut Fields<'_>, taxonomies: &[Taxonomy]) -> Self {
        let mut settings = Self::default();
        let Some(mut inner) = fields.inner("import") else { return settings };
        settings.residue = inner.texts("residue");
        let spares = |pattern: &String| pattern.chars().filter(|c| c.is_alphanumeric()).count() >= 3;
        if let Some(short) = settings.residue.iter().find(|pattern| !spares(pattern)).cloned() {
            inner.error(
                "residue",
                format!("`{short}` is too short to be told from words of an article"),
                "write at least three letters beside `…`",
            );
        }
        settings.residue.retain(spares);
        settings.placeholders = inner.texts("placeholders");
        if let Some(node) = inner.get("labels") {
            settings.labels = labels(&mut inner, node, taxonomies);
        }
        let found = inner.finish();
        fields.absorb(found);
        settings
    }
}

fn labels(fields: &mut Fields<'_>, node: &Node, taxonomies: &[Taxonomy]) -> Vec<(String, String)> {
    let Node::Map(entries) = node else {
        fields.wrong_kind("labels", "a mapping from fields to names", node);
        return Vec::new();
    };
    let mut labels = Vec::new();
    for (field, names) in entries {
        let known = FIELDS.contains(&field.as_str())
            || taxonomies.iter().any(|taxonomy| taxonomy.name == *field)
            || field.strip_prefix("extra.").is_some_and(|name| !name.is_empty());
        if !known {
            let all = FIELDS.iter().copied().chain(taxonomies.iter().map(|taxonomy| taxonomy.name.as_str()));
            let help = nearest(field, all).map_or_else(
                || "write title, link, body, summary, event, date, updated, source, slug, aliases, image, draft, a taxonomy, or `extra.` and a name of your own".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            fields.error("labels", format!("`{field}` is no field that can have further names"), help);
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
