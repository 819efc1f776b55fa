//! `newsprint.yaml` to [`Config`]: every setting with its default, every mistake with its line.

use chrono_tz::Tz;
use serde::Serialize;
use url::Url;

use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{Document, Fields, clean};
use crate::yaml::Node;

/// Where the configuration is looked for, relative to the digest's root.
pub const FILE: &str = "newsprint.yaml";

/// A digest's settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// The digest's name.
    pub title: String,
    /// One sentence about it.
    pub description: String,
    /// Who publishes it; may be empty.
    pub author: String,
    /// Where it will stand.
    pub base_url: BaseUrl,
    /// Feeds, sitemap and canonical links then name a place that nobody can reach.
    pub base_url_is_missing: bool,
    /// Of the interface and of the texts.
    pub language: Language,
    /// What a date without a zone means, and in which days are counted.
    pub timezone: Tz,
    /// Articles on a full list page.
    pub paginate_by: usize,
    /// The ways to browse, in the order of the header.
    pub taxonomies: Vec<Taxonomy>,
    /// Which feeds there are.
    pub feeds: Feeds,
    /// Further links in the header.
    pub menu: Vec<MenuItem>,
    /// For templates, untouched.
    pub extra: Node,
}

/// A base URL, split where pages need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    /// Scheme, host and port, without a trailing slash: `https://user.github.io`.
    pub origin: String,
    /// Percent-encoded, with a slash at both ends: `/my-digest/`.
    pub path: String,
}

impl BaseUrl {
    /// Reads an http(s) URL; a missing trailing slash is added.
    ///
    /// # Errors
    /// A sentence that says what is wrong.
    pub fn parse(text: &str) -> Result<Self, String> {
        let url = Url::parse(text).map_err(|_| format!("`{text}` is not a whole URL"))?;
        if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
            return Err(format!("`{text}` is not an http(s) URL"));
        }
        if url.query().is_some() || url.fragment().is_some() {
            return Err(format!("`{text}` holds a `?` or `#`, which a base URL may not"));
        }
        if !url.username().is_empty() || url.password().is_some() {
            return Err(format!("`{text}` holds a user name or password, which would be published"));
        }
        let path = url.path().trim_matches('/');
        let path = if path.is_empty() { "/".to_owned() } else { format!("/{path}/") };
        Ok(Self { origin: url.origin().ascii_serialization(), path })
    }
}

/// The languages of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    ZhCn,
    /// Traditional Chinese.
    ZhTw,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag, as written in `lang` attributes.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::ZhTw => "zh-TW",
            Self::En => "en",
        }
    }

    fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "zh" | "zh-cn" | "zh-hans" | "zh-hans-cn" | "zh-sg" => Some(Self::ZhCn),
            "zh-tw" | "zh-hant" | "zh-hk" | "zh-hant-tw" => Some(Self::ZhTw),
            "en" | "en-us" | "en-gb" => Some(Self::En),
            _ => None,
        }
    }
}

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
}

/// Which feeds are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feeds {
    /// Articles in a feed.
    pub limit: usize,
    /// Does every term have a feed of its own?
    pub terms: bool,
}

/// A link in the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MenuItem {
    /// What readers see.
    pub name: String,
    /// A whole URL, or a path from the digest's home (`/about/`).
    pub url: String,
}

fn taxonomy(name: &str, path: &str, also: &[&str]) -> Taxonomy {
    Taxonomy {
        name: name.to_owned(),
        also: also.iter().map(|&name| name.to_owned()).collect(),
        path: path.to_owned(),
        title: None,
    }
}

impl Default for Config {
    fn default() -> Self {
        Self {
            title: "newsprint".to_owned(),
            description: String::new(),
            author: String::new(),
            base_url: BaseUrl { origin: "http://localhost:1111".to_owned(), path: "/".to_owned() },
            base_url_is_missing: false,
            language: Language::ZhCn,
            timezone: Tz::Asia__Shanghai,
            paginate_by: 20,
            taxonomies: vec![
                taxonomy("keywords", "keywords", &["关键词", "關鍵詞", "tags"]),
                taxonomy("ai_technologies", "ai-technologies", &["AI技术", "AI技術", "technologies"]),
                taxonomy("industries", "industries", &["行业", "行業"]),
            ],
            feeds: Feeds { limit: 20, terms: true },
            menu: Vec::new(),
            extra: Node::Map(Vec::new()),
        }
    }
}

/// First parts of URLs that newsprint itself uses.
const TAKEN_PATHS: [&str; 9] =
    ["articles", "archive", "page", "search", "trends", "api", "tags.xml", "feed.xml", "undated"];

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

impl Config {
    /// Reads the text of a configuration file. What is wrong is reported and replaced by its default, so that all
    /// mistakes are found in one run.
    #[must_use]
    pub fn parse(path: &str, source: &str) -> (Self, Vec<Diagnostic>) {
        let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
        let document = Document { path, source, start: 0, yaml: source };
        let entries = match document.parse() {
            Ok(entries) => entries,
            Err(diagnostics) => return (Self::default(), diagnostics),
        };
        let mut fields = Fields::new(document, &entries);
        let config = Self::read(&mut fields);
        (config, fields.finish())
    }

    fn read(fields: &mut Fields<'_>) -> Self {
        let mut config = Self::default();
        if let Some((_, title)) = fields.text(&["title"]) {
            config.title = title;
        }
        if let Some((_, description)) = fields.text(&["description"]) {
            config.description = description;
        }
        if let Some((_, author)) = fields.text(&["author"]) {
            config.author = author;
        }
        if let Some((_, url)) = fields.text(&["base_url"]) {
            match BaseUrl::parse(&url) {
                Ok(url) => config.base_url = url,
                Err(message) => {
                    fields.error("base_url", message, "write it as `https://user.github.io/my-digest/`");
                }
            }
        } else {
            config.base_url_is_missing = true;
        }
        if let Some((_, language)) = fields.text(&["language"]) {
            match Language::parse(&language) {
                Some(language) => config.language = language,
                None => fields.error(
                    "language",
                    format!("there is no interface in `{language}`"),
                    "choose `zh-CN`, `zh-TW` or `en`",
                ),
            }
        }
        if let Some((_, zone)) = fields.text(&["timezone"]) {
            match zone.parse() {
                Ok(zone) => config.timezone = zone,
                Err(_) => {
                    let names = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
                    let help = nearest(&zone, names).map_or_else(
                        || "write an IANA name such as `Asia/Shanghai`".to_owned(),
                        |name| format!("did you mean `{name}`?"),
                    );
                    fields.error("timezone", format!("there is no time zone called `{zone}`"), help);
                }
            }
        }
        if let Some(number) = fields.number("paginate_by", 1..=1000) {
            config.paginate_by = number;
        }
        if let Some(mut inner) = fields.inner("feeds") {
            if let Some(limit) = inner.number("limit", 1..=1000) {
                config.feeds.limit = limit;
            }
            if let Some(terms) = inner.flag("terms") {
                config.feeds.terms = terms;
            }
            fields.absorb(inner.finish());
        }
        if let Some(node) = fields.get("taxonomies") {
            let further = read_taxonomies(fields, node, &config.taxonomies);
            config.taxonomies.extend(further);
        }
        if let Some(node) = fields.get("menu") {
            config.menu = read_menu(fields, node);
        }
        match fields.get("extra") {
            Some(extra @ Node::Map(_)) => config.extra = extra.clone(),
            Some(other) => fields.wrong_kind("extra", "a mapping (`key: value` lines)", other),
            None => {}
        }
        config
    }
}

/// `taxonomies:` adds to the three that every digest has.
fn read_taxonomies(fields: &mut Fields<'_>, node: &Node, built_in: &[Taxonomy]) -> Vec<Taxonomy> {
    let Node::List(items) = node else {
        fields.wrong_kind("taxonomies", "a list", node);
        return Vec::new();
    };
    let help = "write `- name: companies`, and if you like `title`, `path` and `also`";
    let mut further: Vec<Taxonomy> = Vec::new();
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
        let path = text("path").unwrap_or_else(|| name.replace('_', "-").to_lowercase());
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
        if let Some(other) =
            built_in.iter().chain(&further).find(|known| known.name == name || known.path == path)
        {
            let message = format!("the taxonomies `{name}` and `{}` share their name or path", other.name);
            fields.error("taxonomies", message, "the three built-in ones need not be declared");
            continue;
        }
        let also = match item.get("also") {
            Some(Node::List(names)) => names.iter().filter_map(Node::text).map(str::to_owned).collect(),
            Some(node) => node.text().map(str::to_owned).into_iter().collect(),
            None => Vec::new(),
        };
        let title = text("title").unwrap_or_else(|| name.clone());
        further.push(Taxonomy { name, also, path, title: Some(title) });
    }
    further
}

fn read_menu(fields: &mut Fields<'_>, node: &Node) -> Vec<MenuItem> {
    let Node::List(items) = node else {
        fields.wrong_kind("menu", "a list", node);
        return Vec::new();
    };
    let mut menu = Vec::new();
    for item in items {
        let text = |key: &str| item.get(key).and_then(Node::text).map(clean);
        let inside = |url: &str| {
            url.starts_with('/')
                && !url.starts_with("//")
                && !url.contains('\\')
                && !url.chars().any(char::is_control)
        };
        match (text("name"), text("url")) {
            (Some(name), Some(url)) if inside(&url) || crate::link::parse(&url).is_ok() => {
                menu.push(MenuItem { name, url });
            }
            _ => fields.error(
                "menu",
                "a menu item needs a `name` and a `url` that starts with `/` or `https://`",
                "write `- {name: 关于, url: /about/}`",
            ),
        }
    }
    menu
}

#[cfg(test)]
mod tests {
    use super::*;

    fn complaints(source: &str) -> Vec<String> {
        Config::parse(FILE, source).1.into_iter().map(|diagnostic| diagnostic.message).collect()
    }

    #[test]
    fn an_empty_file_is_the_default_digest() {
        let (config, diagnostics) = Config::parse(FILE, "");
        assert!(diagnostics.is_empty());
        assert_eq!(config.taxonomies.len(), 3);
        assert_eq!(config.timezone, Tz::Asia__Shanghai);
    }

    #[test]
    fn a_base_url_always_ends_with_a_slash() {
        for written in ["https://user.github.io/my-digest", "https://user.github.io/my-digest/"] {
            let url = BaseUrl::parse(written).unwrap();
            assert_eq!((url.origin.as_str(), url.path.as_str()), ("https://user.github.io", "/my-digest/"));
        }
        assert_eq!(BaseUrl::parse("https://example.org").unwrap().path, "/");
    }

    #[test]
    fn all_mistakes_are_found_in_one_run() {
        let found = complaints(
            "base_url: nonsense\nlanguage: fr\ntimezone: Asia/Shanghia\npaginate_by: 0\ntitel: x\n",
        );
        assert_eq!(found.len(), 5, "{found:#?}");
    }

    #[test]
    fn further_taxonomies_may_not_collide() {
        assert_eq!(complaints("taxonomies:\n- name: companies\n  title: 公司\n"), Vec::<String>::new());
        assert_eq!(complaints("taxonomies:\n- name: articles\n").len(), 1);
        assert_eq!(complaints("taxonomies:\n- name: keywords\n").len(), 1);
        assert_eq!(complaints("taxonomies:\n- name: x\n  path: a/../b\n").len(), 1);
    }
}
