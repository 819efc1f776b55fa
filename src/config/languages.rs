//! The languages that readers choose from: `languages:` in `newsprint.yaml`.

use std::borrow::Cow;

use crate::config::{Config, Language, MenuItem, is_taken, read_menu};
use crate::diagnostic::nearest;
use crate::fields::{Fields, clean};
use crate::text::dropped;
use crate::yaml::Node;

/// The settings of a language.
const SETTINGS: [&str; 9] = [
    "title",
    "description",
    "author",
    "menu",
    "taxonomies",
    "extra",
    "untranslated",
    "convert",
    "exceptions",
];

/// One language of a digest, with a site of its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SiteLanguage {
    /// The language.
    pub language: Language,
    /// The path of its home page below that of the site: empty for the first language, else the tag
    /// in lower case and `/`.
    pub prefix: String,
    /// If its texts are converted from those of the first language: the words that become others
    /// than the conversion would make of them, each with what it becomes.
    pub converted: Option<Vec<(String, String)>>,
    /// Whether its lists show articles that it has no translation of.
    pub shows_untranslated: bool,
    /// Settings that replace those of the digest.
    pub own: OwnSettings,
}

impl SiteLanguage {
    /// A language without settings of its own.
    #[must_use]
    pub fn new(language: Language, is_first: bool) -> Self {
        let prefix = if is_first { String::new() } else { format!("{}/", language.tag().to_lowercase()) };
        Self { language, prefix, converted: None, shows_untranslated: false, own: OwnSettings::default() }
    }
}

/// The settings of a language that replace those of the digest.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnSettings {
    /// The name of the digest.
    pub title: Option<String>,
    /// One sentence about the digest.
    pub description: Option<String>,
    /// The publisher.
    pub author: Option<String>,
    /// Additional links in the header.
    pub menu: Option<Vec<MenuItem>>,
    /// Names of taxonomies that readers see, by the name of the field.
    pub taxonomies: Vec<(String, String)>,
    /// Data for templates.
    pub extra: Option<Node>,
}

impl Config {
    /// The settings of the site in another language, from those of this one: its address and tag,
    /// but not its texts.
    #[must_use]
    pub fn for_language(&self, at: usize) -> Cow<'_, Self> {
        if at == self.language_at {
            return Cow::Borrowed(self);
        }
        let base_url = self.root_url().clone();
        Cow::Owned(Self { base_url, root: None, ..self.clone() }.in_language(at))
    }

    /// True if texts of the first language are converted for another one.
    #[must_use]
    pub fn converts(&self) -> bool {
        self.languages.iter().any(|site| site.converted.is_some())
    }

    /// The exceptions of the conversion, if this language is converted from the first one.
    #[must_use]
    pub fn converted(&self) -> Option<&[(String, String)]> {
        self.languages.get(self.language_at)?.converted.as_deref()
    }

    /// Reads `languages:`, whose first language is that of the digest.
    pub(super) fn read_languages(&mut self, fields: &mut Fields<'_>) {
        self.languages = read(fields, self);
        let Some(first) = self.languages.first().map(|first| first.language) else { return };
        if fields.get("language").is_some() && self.language != first {
            let message = tr!("`language` is not the first of `languages`");
            fields.error("language", message, tr!("remove `language:`, or write its language first"));
        }
        self.language = first;
        for translation in &self.sharing.translations {
            let tag = &translation.language;
            if self.languages.iter().any(|site| site.language.tag().eq_ignore_ascii_case(tag)) {
                let message = tr!("`translations` has `{tag}`, which is one of `languages`", tag);
                let help =
                    tr!("remove it from `translations:`: pages of this digest are linked by themselves");
                fields.error_within("translations", &format!("{tag}:"), message, help);
            }
        }
    }

    /// The settings of the site in the language at a place in [`Config::languages`].
    #[must_use]
    pub fn in_language(&self, at: usize) -> Self {
        let mut config = self.clone();
        let Some(site) = self.languages.get(at) else { return config };
        config.language_at = at;
        config.language = site.language;
        let own = &site.own;
        if at > 0 {
            config.root = Some(self.base_url.clone());
            config.base_url.path.push_str(&site.prefix);
        }
        if at > 0 && site.converted.is_none() {
            // These are texts in the first language.
            config.description.clear();
            config.menu.clear();
            for taxonomy in config.taxonomies.iter_mut().filter(|taxonomy| taxonomy.is_built_in()) {
                taxonomy.title = None;
            }
        }
        let replace = |setting: &mut String, own: &Option<String>| {
            if let Some(own) = own {
                setting.clone_from(own);
            }
        };
        replace(&mut config.title, &own.title);
        replace(&mut config.description, &own.description);
        replace(&mut config.author, &own.author);
        if let Some(menu) = &own.menu {
            config.menu.clone_from(menu);
        }
        if let Some(extra) = &own.extra {
            config.extra = extra.clone();
        }
        for (name, title) in &own.taxonomies {
            if let Some(taxonomy) = config.taxonomies.iter_mut().find(|taxonomy| taxonomy.name == *name) {
                taxonomy.title = Some(title.clone());
            }
        }
        config
    }
}

/// Reads the list of languages; empty if it is not there.
fn read(fields: &mut Fields<'_>, config: &Config) -> Vec<SiteLanguage> {
    let Some(node) = fields.get("languages") else { return Vec::new() };
    let Node::List(items) = node else {
        fields.wrong_kind("languages", &tr!("a list"), node);
        return Vec::new();
    };
    let mut languages: Vec<SiteLanguage> = Vec::new();
    for item in items {
        let (tag, settings) = match item {
            Node::Map(entries) if entries.len() == 1 => (entries[0].0.as_str(), Some(&entries[0].1)),
            Node::Map(entries) if entries.len() > 1 => {
                let (tag, name) = (&entries[0].0, &entries[1].0);
                let message = tr!("`{name}` stands beside `{tag}`, not below it", name, tag);
                let help = tr!("indent the settings of `{tag}` by more blanks than `{tag}` itself", tag);
                fields.error_within("languages", &format!("{name}:"), message, help);
                continue;
            }
            other => match other.text() {
                Some(tag) => (tag, None),
                None => {
                    let message = tr!("an item of `languages` is a tag, or a tag with settings");
                    fields.error("languages", message, tr!("write `languages: [zh-CN, en]`"));
                    continue;
                }
            },
        };
        let Some(language) = Language::parse(tag) else {
            let message = tr!("the interface is not available in `{tag}`", tag);
            let help = tr!("choose `zh-CN`, `zh-TW`, `zh-HK` or `en`");
            fields.error_within("languages", tag, message, help);
            continue;
        };
        if languages.iter().any(|known| known.language == language) {
            let message = tr!("`languages` has `{}` twice", language.tag());
            fields.error_within("languages", tag, message, tr!("keep one of them"));
            continue;
        }
        let is_first = languages.is_empty();
        let mut site = SiteLanguage::new(language, is_first);
        if let Some(settings) = settings {
            read_settings(fields, tag, settings, &mut site, config);
        }
        let from = languages.first().map(|first| first.language);
        if site.shows_untranslated && (is_first || site.converted.is_some()) {
            let message = tr!("`untranslated: mark` has no effect in `{tag}`", tag);
            let help =
                tr!("remove it: it lists articles of the first language in a language with its own texts");
            fields.error_within("languages", tag, message, help);
        }
        if site.converted.is_some() && (from != Some(Language::ZhCn) || !language.is_traditional()) {
            let message = tr!("texts are converted from zh-CN to zh-TW or zh-HK only");
            fields.error_within(
                "languages",
                tag,
                message,
                tr!("write `languages: [zh-CN, {zh-TW: convert}]`"),
            );
            site.converted = None;
        }
        if !is_first && is_taken(site.prefix.trim_end_matches('/'), &config.taxonomies) {
            let message = tr!("a taxonomy has the path `/{}` of a language", site.prefix);
            fields.error("languages", message, tr!("give the taxonomy another `path:`"));
        }
        languages.push(site);
    }
    languages
}

/// Reads the settings of one language: `convert`, or a mapping.
fn read_settings(
    fields: &mut Fields<'_>,
    tag: &str,
    settings: &Node,
    site: &mut SiteLanguage,
    config: &Config,
) {
    let entries = match settings {
        Node::Null => return,
        Node::Map(entries) => entries,
        other if other.text() == Some("convert") => {
            site.converted = Some(Vec::new());
            return;
        }
        other => {
            let written = other.text().unwrap_or_default();
            let message = tr!("the settings of `{tag}` cannot be {}", other.kind(), tag);
            let help = nearest(written, ["convert"]).map_or_else(
                || tr!("write `- {tag}: convert`, or its settings below it, such as `title:`", tag),
                |setting| tr!("did you mean `{setting}`?", setting),
            );
            fields.error_within("languages", if written.is_empty() { tag } else { written }, message, help);
            return;
        }
    };
    for (name, _) in entries.iter().filter(|(name, _)| !SETTINGS.contains(&name.as_str())) {
        let message = tr!("a language has no setting `{name}`", name);
        let help = nearest(name, SETTINGS).map_or_else(
            || {
                let known = SETTINGS.map(|setting| format!("`{setting}`")).join(&tr!("list" => ", "));
                tr!("the settings of a language are {known}", known)
            },
            |setting| tr!("did you mean `{setting}`?", setting),
        );
        fields.error_within("languages", name, message, help);
    }
    let mut text = |name: &'static str| match settings.get(name) {
        None | Some(Node::Null) => None,
        Some(node) => {
            let text = node.text().map(clean);
            if text.is_none() {
                let message = tr!("`{name}` of `{tag}` has to be a text", name, tag);
                fields.error_within("languages", name, message, tr!("write a text behind `{name}:`", name));
            }
            text
        }
    };
    let (title, description, author) = (text("title"), text("description"), text("author"));
    match text("untranslated").as_deref() {
        None | Some("hide") => {}
        Some("mark") => site.shows_untranslated = true,
        Some(other) => {
            let message = tr!("`untranslated` cannot be `{other}`", other);
            let help = tr!("write `hide` (articles without a translation are left out) or `mark`");
            fields.error_within("languages", "untranslated", message, help);
        }
    }
    let menu = settings.get("menu").map(|node| read_menu(fields, "languages", node));
    let extra = match settings.get("extra") {
        Some(extra @ Node::Map(_)) => Some(extra.map_texts(|text| dropped::remove(text).into_owned())),
        None | Some(Node::Null) => None,
        Some(other) => {
            let (name, wanted, found) = ("extra", tr!("a mapping (`key: value` lines)"), other.kind());
            let message = tr!("`{name}` has to be {wanted}, but it is {found}", name, wanted, found);
            fields.error_within("languages", "extra:", message, tr!("write `extra: {…}`"));
            None
        }
    };
    let taxonomies = read_pairs(fields, settings, "taxonomies");
    for (name, _) in &taxonomies {
        if !config.taxonomies.iter().any(|taxonomy| taxonomy.name == *name) {
            let message = tr!("`{name}` is not a taxonomy of this digest", name);
            let help = super::Taxonomy::suggest(name, &config.taxonomies);
            fields.error_within("languages", name, message, help);
        }
    }
    let exceptions = read_pairs(fields, settings, "exceptions");
    match settings.get("convert").map(Node::switch) {
        Some(Some(true)) => site.converted = Some(exceptions),
        None | Some(Some(false)) if exceptions.is_empty() => {}
        Some(None) => {
            let message = tr!("`convert` has to be `true` or `false`");
            fields.error_within("languages", "convert", message, tr!("write `convert: true`"));
        }
        _ => {
            let message = tr!("`exceptions` are for a language with `convert: true`");
            fields.error_within(
                "languages",
                "exceptions",
                message,
                tr!("add `convert: true`, or remove them"),
            );
        }
    }
    site.own = OwnSettings { title, description, author, menu, taxonomies, extra };
}

/// Reads a mapping of texts.
fn read_pairs(fields: &mut Fields<'_>, settings: &Node, name: &'static str) -> Vec<(String, String)> {
    let entries = match settings.get(name) {
        None | Some(Node::Null) => return Vec::new(),
        Some(Node::Map(entries)) => entries.as_slice(),
        Some(_) => &[(String::new(), Node::Null)],
    };
    let mut pairs = Vec::with_capacity(entries.len());
    for (from, to) in entries {
        match to.text().map(clean).filter(|to| !to.is_empty() && !from.trim().is_empty()) {
            Some(to) => pairs.push((clean(from), to)),
            None => {
                let message = match from.is_empty() && *to == Node::Null {
                    true => tr!("`{name}` has to be a mapping of texts", name),
                    false => tr!("`{from}` of `{name}` has no text", from, name),
                };
                let help = match name {
                    "exceptions" => tr!("write `exceptions: {余承东: 余承東}`"),
                    _ => tr!("write `taxonomies: {keywords: Topics}`"),
                };
                fields.error_within("languages", name, message, help);
            }
        }
    }
    pairs
}

#[cfg(test)]
mod tests;
