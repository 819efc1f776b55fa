//! The ways to browse: the three that every digest has, and further ones that it declares.

use crate::diagnostic::nearest;
use crate::fields::{Fields, clean};
use crate::yaml::Node;

/// One way to browse: a front-matter field whose values get an index and a page each.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Taxonomy {
    /// The field's name, `ai_technologies`.
    pub name: String,
    /// Other names that the field may have.
    pub also: Vec<String>,
    /// The first part of its URLs, `ai-technologies`.
    pub path: String,
    /// What readers see; `None` for the interface's own word (the three that every digest has).
    pub title: Option<String>,
    /// Terms with fewer articles have no page and are plain words on cards.
    pub min_articles: usize,
}

impl Taxonomy {
    /// What to say to somebody who wrote a name that none of these has.
    #[must_use]
    pub fn suggest(name: &str, taxonomies: &[Self]) -> String {
        let names = taxonomies.iter().map(|taxonomy| taxonomy.name.as_str());
        nearest(name, names.clone()).map_or_else(
            || format!("there are {}", names.collect::<Vec<_>>().join(", ")),
            |name| format!("did you mean `{name}`?"),
        )
    }
}

/// The taxonomies of a digest that declares none.
pub(super) fn built_in() -> Vec<Taxonomy> {
    vec![
        taxonomy("keywords", "keywords", &["关键词", "關鍵詞", "tags"]),
        taxonomy("ai_technologies", "ai-technologies", &["AI技术", "AI技術", "technologies"]),
        taxonomy("industries", "industries", &["行业", "行業"]),
    ]
}

fn taxonomy(name: &str, path: &str, also: &[&str]) -> Taxonomy {
    Taxonomy {
        name: name.to_owned(),
        also: also.iter().map(|&name| name.to_owned()).collect(),
        path: path.to_owned(),
        title: None,
        min_articles: 1,
    }
}

/// First parts of URLs that newsprint itself uses.
const TAKEN_PATHS: [&str; 20] = [
    "articles",
    "archive",
    "page",
    "search",
    "trends",
    "crossings",
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

/// Fields of an article that mean something else.
const FIELDS: [&str; 15] = [
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

/// Is this the first part of addresses that the site itself has?
#[must_use]
pub fn is_taken(part: &str, taxonomies: &[Taxonomy]) -> bool {
    TAKEN_PATHS.contains(&part) || taxonomies.iter().any(|taxonomy| taxonomy.path.eq_ignore_ascii_case(part))
}

/// What can be said of a taxonomy.
pub(super) const SETTINGS: [&str; 5] = ["name", "title", "path", "also", "min_articles"];

/// `taxonomies:` adds to the three that every digest has, or sets one of those right.
pub(super) fn read(fields: &mut Fields<'_>, node: &Node) -> Vec<Taxonomy> {
    let mut taxonomies = built_in();
    let Node::List(items) = node else {
        fields.wrong_kind("taxonomies", "a list", node);
        return taxonomies;
    };
    let help = "write `- name: companies`, and if you like `title`, `path`, `also` and `min_articles`";
    let mut declared: Vec<String> = Vec::new();
    for item in items {
        let text = |key: &str| item.get(key).and_then(Node::text).map(clean).filter(|text| !text.is_empty());
        let Some(name) = text("name") else {
            fields.error("taxonomies", "a taxonomy has to have a `name`", help);
            continue;
        };
        if FIELDS.contains(&name.as_str()) {
            let message = format!("`{name}` is a field of its own and cannot be a taxonomy");
            fields.error("taxonomies", message, "give the taxonomy another name");
            continue;
        }
        if let Node::Map(entries) = item {
            for (key, _) in entries.iter().filter(|(key, _)| !SETTINGS.contains(&key.as_str())) {
                let message = format!("`{key}` cannot be said of the taxonomy `{name}`");
                let help = nearest(key, SETTINGS)
                    .map_or_else(|| help.to_owned(), |setting| format!("did you mean `{setting}`?"));
                fields.error("taxonomies", message, help);
            }
        }
        if declared.contains(&name) {
            fields.error(
                "taxonomies",
                format!("the taxonomy `{name}` is declared twice"),
                "keep one of them",
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
                    format!("`min_articles` of `{}` has to be a whole number", taxonomy.name),
                    "write `min_articles: 2`",
                ),
            }
        }
        let Taxonomy { name, path, .. } = &taxonomy;
        let year = path.len() == 4 && path.bytes().all(|b| b.is_ascii_digit());
        if !path.chars().all(|c| c.is_alphanumeric() || c == '-' || c == '_')
            || TAKEN_PATHS.contains(&path.as_str())
            || year
        {
            fields.error(
                "taxonomies",
                format!("the taxonomy `{name}` cannot stand under `/{path}/`"),
                "give it another `path:` of letters, digits and hyphens",
            );
            continue;
        }
        let rival = |(index, known): &(usize, &Taxonomy)| Some(*index) != at && known.path == *path;
        if let Some((_, other)) = taxonomies.iter().enumerate().find(rival) {
            let message = format!("the taxonomies `{name}` and `{}` share the path `/{path}/`", other.name);
            fields.error("taxonomies", message, "give one of them another `path:`");
            continue;
        }
        match at {
            Some(at) => taxonomies[at] = taxonomy,
            None => taxonomies.push(taxonomy),
        }
    }
    taxonomies
}
