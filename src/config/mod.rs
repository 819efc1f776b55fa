//! Reads `newsprint.yaml` into [`Config`]: every setting has a default, and every error its line.

mod announce;
mod base_url;
mod browse;
mod cards;
mod check;
mod deploy;
mod dot_files;
mod feeds;
mod image;
pub(crate) mod images;
mod import;
mod labels;
mod language;
mod language_of_file;
mod languages;
mod limits;
mod markdown;
mod outputs;
mod policy;
#[cfg(test)]
mod reference;
mod rule;
mod search;
mod sharing;
mod store;
mod taxonomy;
mod unsubscribe;

use chrono_tz::Tz;
use serde::Serialize;

use std::path::{Path, PathBuf};

use crate::diagnostic::{Diagnostic, nearest};
use crate::fields::{Document, Fields, clean};
use crate::fs::SymlinkPolicy;
pub use crate::slug::Slugs;
use crate::text::lines::LinedText;
use crate::yaml::Node;
pub use announce::{Each, Platform, Target, variable};
pub use base_url::BaseUrl;
pub use browse::{Browse, Crossings, Editions};
pub use cards::{Font, SocialCards};
pub use check::Check;
pub use deploy::{Compression, DeployTarget};
pub use feeds::{FeedSet, Feeds};
pub(crate) use image::image;
pub use image::is_image;
pub use images::Images;
pub use import::Import;
pub use labels::{Ai, Labels, reviewed};
pub use language::Language;
pub use language_of_file::{LANGUAGE_FOLDERS, LanguageOfFile, language_of, language_of_address};
pub use languages::{OwnSettings, SiteLanguage};
pub use limits::Limits;
pub use markdown::{Markdown, RawHtml};
pub use outputs::{Form, Forms, Outputs};
pub use policy::Policy;
pub use rule::Rule;
pub use search::{Field, Search};
pub use sharing::{Sharing, Translation};
pub use store::{StoreAddress, StoreScheme};
pub use taxonomy::{Taxonomy, is_taken};
pub use unsubscribe::Unsubscribe;

/// Path of the configuration file, relative to the digest's root.
pub const FILE: &str = "newsprint.yaml";

/// Path of the folder of caches and manifests, relative to the digest's root.
pub const STATE: &str = ".newsprint";

/// The state folder of the digest at `root`: absolute, and without symbolic links above it.
#[must_use]
pub fn state_folder(root: &Path) -> PathBuf {
    let real = root.canonicalize().or_else(|_| std::path::absolute(root));
    real.unwrap_or_else(|_| root.to_path_buf()).join(STATE)
}

/// A digest's settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// The digest's name.
    pub title: String,
    /// One sentence about the digest; may be empty.
    pub description: String,
    /// The publisher; may be empty.
    pub author: String,
    /// The address of the published site.
    pub base_url: BaseUrl,
    /// Whether `base_url:` is missing: feeds, sitemap and canonical links then name a host that
    /// other machines cannot reach.
    pub base_url_is_missing: bool,
    /// The language of the interface and of the texts.
    pub language: Language,
    /// The languages that readers choose from, the default one first. Empty for a digest of one.
    pub languages: Vec<SiteLanguage>,
    /// The place in `languages` of the language that these settings are for.
    pub language_at: usize,
    /// The address of the whole site, if `base_url` is that of the home page of one language.
    pub root: Option<BaseUrl>,
    /// The time zone of dates without a zone, and of days and weeks.
    pub timezone: Tz,
    /// Number of articles on a full list page.
    pub paginate_by: usize,
    /// The taxonomies, in the order of the header.
    pub taxonomies: Vec<Taxonomy>,
    /// The alphabet of the slugs of terms.
    pub slugs: Slugs,
    /// Whether the date before a file's name is part of the article's slug.
    pub date_in_slug: bool,
    /// The ways to browse besides terms.
    pub browse: Browse,
    /// Settings of the search; `None` is off.
    pub search: Option<Search>,
    /// Settings of shared links and translations.
    pub sharing: Sharing,
    /// Settings of social cards.
    pub cards: SocialCards,
    /// Settings of the smaller copies of pictures; `None` is off.
    pub images: Option<Images>,
    /// The feeds to write.
    pub feeds: Feeds,
    /// The data files to write.
    pub outputs: Outputs,
    /// The labels of machine-written text.
    pub labels: Labels,
    /// Settings for the HTML, images and links of bodies.
    pub markdown: Markdown,
    /// The Content-Security-Policy of pages; `None` is off.
    pub policy: Option<Policy>,
    /// Resource limits of a build.
    pub limits: Limits,
    /// Settings of `newsprint check`.
    pub check: Check,
    /// Settings of `newsprint import`.
    pub import: Import,
    /// Targets of `newsprint announce`.
    pub announce: Vec<Target>,
    /// The stores that the site can be deployed to. A build does not use them.
    pub deploy: Vec<DeployTarget>,
    /// Hidden files and folders below `static/` that are published, besides those that hosts read.
    pub dot_files: Vec<String>,
    /// Additional links in the header.
    pub menu: Vec<MenuItem>,
    /// A mapping of any data for templates.
    pub extra: Node,
    /// The targets that symbolic links may have. Set by the command line, not by `newsprint.yaml`.
    pub links: SymlinkPolicy,
}

/// A link in the header.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct MenuItem {
    /// The text of the link.
    pub name: String,
    /// An absolute URL, or a path from the home page (`/about/`).
    pub url: String,
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
            languages: Vec::new(),
            language_at: 0,
            root: None,
            timezone: Tz::Asia__Shanghai,
            paginate_by: 20,
            taxonomies: taxonomy::built_in(),
            slugs: Slugs::Han,
            date_in_slug: false,
            browse: Browse::built_in(),
            search: Some(Search::built_in()),
            sharing: Sharing::default(),
            cards: SocialCards::default(),
            images: None,
            feeds: Feeds::default(),
            outputs: Outputs::default(),
            labels: Labels::default(),
            markdown: Markdown::default(),
            policy: Some(Policy::built_in(false)),
            limits: Limits::default(),
            check: Check::default(),
            import: Import::default(),
            announce: Vec::new(),
            deploy: Vec::new(),
            dot_files: Vec::new(),
            menu: Vec::new(),
            extra: Node::Map(Vec::new()),
            links: SymlinkPolicy::Inside,
        }
    }
}

impl Config {
    /// Parses a configuration file. An invalid setting is reported and gets its default, so that
    /// all errors are found in one run.
    #[must_use]
    pub fn parse(path: &str, source: &str) -> (Self, Vec<Diagnostic>) {
        let source = source.strip_prefix('\u{FEFF}').unwrap_or(source);
        let lined = LinedText::new(source);
        let document = Document { path, source: &lined, start: 0, yaml: source };
        let entries = match document.parse() {
            Ok(entries) => entries,
            Err(diagnostics) => return (Self::default(), diagnostics),
        };
        let mut fields = Fields::new(document, &entries);
        let config = Self::read(&mut fields);
        (config, fields.finish())
    }

    /// The address of the whole site, where the files of `static/` are; `base_url` is the address of
    /// the home page in one language.
    #[must_use]
    pub fn root_url(&self) -> &BaseUrl {
        self.root.as_ref().unwrap_or(&self.base_url)
    }

    /// True for the settings of the first language, whose site has the files of `static/`.
    #[must_use]
    pub fn is_first_language(&self) -> bool {
        self.language_at == 0
    }

    /// The path of this language's home page below that of the site: `en/`, or empty.
    #[must_use]
    pub fn prefix(&self) -> &str {
        self.languages.get(self.language_at).map_or("", |site| &site.prefix)
    }

    /// The `User-Agent` of requests to other hosts: the program, and the digest's address if it has
    /// one.
    #[must_use]
    pub fn user_agent(&self) -> String {
        let program = concat!("newsprint/", env!("CARGO_PKG_VERSION"));
        match self.base_url_is_missing {
            true => program.to_owned(),
            false => format!("{program} (+{})", self.base_url.url()),
        }
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
                    let help = tr!("write it as `https://user.github.io/my-digest/`");
                    fields.error("base_url", message, help);
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
                    tr!("the interface is not available in `{language}`", language),
                    tr!("choose `zh-CN`, `zh-TW`, `zh-HK` or `en`"),
                ),
            }
        }
        if let Some((_, zone)) = fields.text(&["timezone"]) {
            match zone.parse() {
                Ok(zone) => config.timezone = zone,
                Err(_) => {
                    // By the city alone: with its region, `Asia/Kuching` is near to `Asia/Beijing`.
                    let city = |name: &'static str| name.rsplit('/').next().unwrap_or(name);
                    let names = || chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
                    let written = zone.rsplit('/').next().unwrap_or(&zone);
                    let near = nearest(written, names().map(city));
                    let help = near.and_then(|near| names().find(|name| city(name) == near)).map_or_else(
                        || tr!("write an IANA name such as `Asia/Shanghai`"),
                        |name| tr!("did you mean `{name}`?", name),
                    );
                    fields.error("timezone", tr!("there is no time zone called `{zone}`", zone), help);
                }
            }
        }
        if let Some(number) = fields.number("paginate_by", 1..=1000) {
            config.paginate_by = number;
        }
        config.sharing = Sharing::read(fields);
        config.cards = SocialCards::read(fields);
        config.images = Images::read(fields);
        config.feeds = Feeds::read(fields);
        config.outputs = Outputs::read(fields);
        config.labels = Labels::read(fields);
        if let Some(node) = fields.get("taxonomies") {
            config.taxonomies = taxonomy::read(fields, node);
        }
        config.browse = Browse::read(fields, &config.taxonomies);
        if config.browse.editions.is_none() && config.outputs.editions.iter().next().is_some() {
            let message = tr!("`outputs.editions` needs editions, and `editions` is off");
            fields.error("outputs", message, tr!("remove `editions: off`, or the forms"));
        }
        config.search = Search::read(fields, &config.taxonomies);
        config.read_languages(fields);
        if let Some((_, written)) = fields.text(&["slugs"]) {
            match written.as_str() {
                "han" => config.slugs = Slugs::Han,
                "ascii" => config.slugs = Slugs::Ascii,
                _ => fields.error(
                    "slugs",
                    tr!("`slugs` cannot be `{written}`", written),
                    tr!("write `han` (/keywords/开源/) or `ascii` (pinyin)"),
                ),
            }
        }
        config.date_in_slug = fields.flag("date_in_slug").unwrap_or(false);
        config.markdown = Markdown::read(fields);
        config.policy = Policy::read(fields, config.markdown.remote_images);
        config.limits = Limits::read(fields);
        config.check = Check::read(fields);
        config.import = Import::read(fields, &config.taxonomies);
        let has_days = config.browse.editions.is_some();
        config.announce = announce::read(fields, config.feeds.hub.as_deref(), has_days);
        config.deploy = DeployTarget::read_all(fields);
        config.dot_files = dot_files::read(fields);
        if let Some(node) = fields.get("menu") {
            config.menu = read_menu(fields, "menu", node);
        }
        if let Some(extra) = fields.extra() {
            config.extra = extra;
        }
        config
    }
}

/// Reads the links of a menu, which is the setting `name` or part of it.
fn read_menu(fields: &mut Fields<'_>, name: &str, node: &Node) -> Vec<MenuItem> {
    let Node::List(items) = node else {
        fields.wrong_kind(name, &tr!("a list"), node);
        return Vec::new();
    };
    let mut menu = Vec::new();
    let mut wrong = 0;
    for item in items {
        let text = |key: &str| item.get(key).and_then(Node::text).map(clean);
        let is_site_path = |url: &str| {
            url.starts_with('/')
                && !url.starts_with("//")
                && !url.contains('\\')
                && !url.chars().any(char::is_control)
        };
        let url = text("url").and_then(|url| match is_site_path(&url) {
            true => Some(url),
            false => crate::link::written(&url).ok(),
        });
        match (text("name"), url) {
            (Some(name), Some(url)) => menu.push(MenuItem { name, url }),
            _ => wrong += 1,
        }
    }
    // One error for all: their place is the same.
    if wrong > 0 {
        let message = tr!("a menu item needs a `name` and a `url` that starts with `/` or `https://`"
            | "{n} menu items need a `name` and a `url` that starts with `/` or `https://`" % wrong);
        let item = "- {name: 关于, url: /about/}";
        fields.error(name, message, tr!("write `{item}`", item));
    }
    menu
}

#[cfg(test)]
mod tests;
