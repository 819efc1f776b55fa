//! Taxonomies: the three built-in ones, and those that `taxonomies:` declares.

use crate::diagnostic::nearest;
use crate::fields::{Fields, clean};
use crate::yaml::Node;

/// The number of taxonomies of a digest. Each is compared with every other one.
const MAX_TAXONOMIES: usize = 100;

/// A taxonomy: a front-matter field whose values are terms, with an index and a page for each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// The name of the field: `ai_technologies`.
    pub name: String,
    /// Other names of the field.
    pub also: Vec<String>,
    /// The first part of its URLs: `ai-technologies`.
    pub path: String,
    /// The name that readers see; `None` for the interface's word for a built-in taxonomy.
    pub title: Option<String>,
    /// Terms with fewer articles have no page, and cards show them without a link.
    pub min_articles: usize,
}

impl Taxonomy {
    /// Whether every digest has this taxonomy.
    pub(super) fn is_built_in(&self) -> bool {
        built_in().iter().any(|known| known.name == self.name)
    }

    /// The help for an unknown name: the nearest taxonomy, or the list of all.
    #[must_use]
    pub fn suggest(name: &str, taxonomies: &[Self]) -> String {
        let names = taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
        nearest(name, names.clone()).map_or_else(
            || tr!("the taxonomies are {}", names.collect::<Vec<_>>().join(&tr!("list" => ", "))),
            |name| tr!("did you mean `{name}`?", name),
        )
    }
}

/// The taxonomies of every digest.
pub(super) fn built_in() -> Vec<Taxonomy> {
    vec![
        built_in_taxonomy("keywords", "keywords", &["关键词", "關鍵詞", "tags"]),
        built_in_taxonomy("ai_technologies", "ai-technologies", &["AI技术", "AI技術", "technologies"]),
        built_in_taxonomy("industries", "industries", &["行业", "行業"]),
    ]
}

fn built_in_taxonomy(name: &str, path: &str, also: &[&str]) -> Taxonomy {
    Taxonomy {
        name: name.to_owned(),
        also: also.iter().map(|&name| name.to_owned()).collect(),
        path: path.to_owned(),
        title: None,
        min_articles: 1,
    }
}

/// First parts of paths that newsprint itself uses.
const RESERVED_PATHS: [&str; 22] = [
    "articles",
    "archive",
    "page",
    "search",
    "trends",
    "crossings",
    "mine",
    "subscribe",
    "weekly",
    "api",
    "tags.xml",
    "feed.xml",
    "feed.json",
    "weekly.xml",
    "weekly.json",
    "feeds.opml",
    "404.html",
    "robots.txt",
    "sitemap.xml",
    "llms.txt",
    "llms-full.txt",
    "undated",
];

/// Fields of an article that cannot be taxonomies.
const RESERVED_FIELDS: [&str; 15] = [
    "title",
    "link",
    "source_url",
    "date",
    "source",
    "event",
    "summary",
    "description",
    "slug",
    "aliases",
    "updated",
    "draft",
    "image",
    "extra",
    "taxonomies",
];

/// Whether newsprint or a taxonomy uses this first part of a path.
#[must_use]
pub fn is_taken(part: &str, taxonomies: &[Taxonomy]) -> bool {
    RESERVED_PATHS.contains(&part)
        || taxonomies.iter().any(|taxonomy| taxonomy.path.eq_ignore_ascii_case(part))
}

/// Whether a taxonomy may have this path: letters, digits, `-` and `_`, neither a year nor a part
/// that newsprint itself uses.
fn is_free(path: &str) -> bool {
    let is_year = path.len() == 4 && path.bytes().all(|b| b.is_ascii_digit());
    let is_plain = path.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_');
    is_plain && !is_year && !RESERVED_PATHS.contains(&path)
}

/// The settings of a taxonomy.
pub(super) const SETTINGS: [&str; 5] = ["name", "title", "path", "also", "min_articles"];

/// Reads `taxonomies:`, which adds taxonomies to the built-in ones and changes settings of those.
pub(super) fn read(fields: &mut Fields<'_>, node: &Node) -> Vec<Taxonomy> {
    let mut taxonomies = built_in();
    let Node::List(items) = node else {
        fields.wrong_kind("taxonomies", &tr!("a list"), node);
        return taxonomies;
    };
    let help = || tr!("write `- name: companies`; `title`, `path`, `also` and `min_articles` are optional");
    let mut declared: Vec<String> = Vec::new();
    for item in items {
        let text = |key: &str| item.get(key).and_then(Node::text).map(clean).filter(|text| !text.is_empty());
        let Some(name) = text("name") else {
            fields.error("taxonomies", tr!("a taxonomy needs a `name`"), help());
            continue;
        };
        if RESERVED_FIELDS.contains(&name.as_str()) {
            let message = tr!("`{name}` is a field of articles and cannot be a taxonomy", name);
            fields.error("taxonomies", message, tr!("give the taxonomy another name"));
            continue;
        }
        if let Node::Map(entries) = item {
            for (key, _) in entries.iter().filter(|(key, _)| !SETTINGS.contains(&key.as_str())) {
                let message = tr!("taxonomy `{name}` has no setting `{key}`", name, key);
                let help = nearest(key, SETTINGS)
                    .map_or_else(help, |setting| tr!("did you mean `{setting}`?", setting));
                fields.error("taxonomies", message, help);
            }
        }
        if declared.contains(&name) {
            fields.error(
                "taxonomies",
                tr!("the taxonomy `{name}` is declared twice", name),
                tr!("keep one of them"),
            );
            continue;
        }
        declared.push(name.clone());
        let at = taxonomies.iter().position(|known| known.name == name);
        let mut taxonomy = match at {
            Some(at) => taxonomies[at].clone(),
            None => Taxonomy {
                path: name.replace('_', "-").to_lowercase(),
                title: Some(name.clone()),
                name,
                also: Vec::new(),
                min_articles: 1,
            },
        };
        if let Some(path) = text("path") {
            taxonomy.path = path;
        }
        if let Some(title) = text("title") {
            taxonomy.title = Some(title);
        }
        match item.get("also") {
            Some(Node::List(names)) => {
                taxonomy.also.extend(names.iter().filter_map(Node::text).map(str::to_owned));
            }
            Some(node) => taxonomy.also.extend(node.text().map(str::to_owned)),
            None => {}
        }
        if let Some(node) = item.get("min_articles") {
            match node.text().and_then(|text| text.parse().ok()).filter(|number| *number > 0) {
                Some(number) => taxonomy.min_articles = number,
                None => fields.error(
                    "taxonomies",
                    tr!("`min_articles` of `{}` has to be a positive whole number", taxonomy.name),
                    tr!("write `min_articles: 2`"),
                ),
            }
        }
        let Taxonomy { name, path, .. } = &taxonomy;
        if !is_free(path) {
            fields.error(
                "taxonomies",
                tr!("the taxonomy `{name}` cannot have the path `/{path}/`", name, path),
                tr!("give it another `path:` of letters, digits and hyphens"),
            );
            continue;
        }
        if taxonomies.len() >= MAX_TAXONOMIES && at.is_none() {
            let message = tr!("there are more than {most} taxonomies", most = MAX_TAXONOMIES);
            let help = tr!("remove some: each of them has pages, feeds and crossings");
            fields.error("taxonomies", message, help);
            break;
        }
        let has_same_path = |(index, known): &(usize, &Taxonomy)| Some(*index) != at && known.path == *path;
        if let Some((_, other)) = taxonomies.iter().enumerate().find(has_same_path) {
            let other = &other.name;
            let message =
                tr!("the taxonomies `{name}` and `{other}` share the path `/{path}/`", name, other, path);
            fields.error("taxonomies", message, tr!("give one of them another `path:`"));
            continue;
        }
        match at {
            Some(at) => taxonomies[at] = taxonomy,
            None => taxonomies.push(taxonomy),
        }
    }
    taxonomies
}
