//! Finds an old site from its posts, and answers what its configuration says.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use chrono_tz::Tz;

use crate::diagnostic::{Diagnostic, Place};
use crate::import::generator::config;
use crate::import::generator::kind::Generator;
use crate::import::generator::pattern::Patterns;
use crate::yaml::Node;

/// Folders above the imported one in which the configuration is searched.
const MAX_LEVELS: usize = 6;

/// An old site, or what is assumed of one without a configuration.
#[derive(Debug, Clone)]
pub struct Site {
    /// The folder of the configuration; `None` if none was found.
    pub root: Option<PathBuf>,
    /// The configuration, a mapping.
    config: Node,
    /// The patterns in the configuration (Pelican).
    patterns: Arc<Patterns>,
    /// The zone of the digest.
    pub zone: Tz,
    /// The language of the digest, the default one of several.
    pub language: String,
    /// The further languages of the digest, as declared.
    pub further: Vec<String>,
    /// True if posts that name no language are in that of the old site: no language is asked for.
    pub decides_language: bool,
}

impl Site {
    /// A site without a configuration.
    #[must_use]
    pub fn unknown(zone: Tz, language: &str) -> Self {
        let (language, further) = (language.to_owned(), Vec::new());
        let (root, config, decides_language) = (None, Node::Null, false);
        Self { root, config, patterns: Arc::default(), zone, language, further, decides_language }
    }

    /// The site, with the further languages of the digest; `is_asked` if the import asks for one.
    #[must_use]
    pub fn with_further(self, further: Vec<String>, is_asked: bool) -> Self {
        Self { decides_language: !is_asked && !further.is_empty(), further, ..self }
    }

    /// The language that the configuration of a site in one language names.
    #[must_use]
    pub fn only_language(&self) -> Option<&str> {
        let named = ["language", "DEFAULT_LANG", "languageCode", "default_language"];
        named.iter().find_map(|name| match self.get(&[name])? {
            Node::List(items) => items.first().and_then(Node::text),
            node => node.text(),
        })
    }

    /// The tags of the languages of the digest, the default one first.
    #[must_use]
    pub fn declared(&self) -> Vec<&str> {
        std::iter::once(&self.language).chain(&self.further).map(String::as_str).collect()
    }

    /// Searches the configuration from the folder of posts upwards, up to `top` at most. Returns
    /// the site and warnings.
    #[must_use]
    pub fn find(generator: Generator, posts: &Path, top: &Path, unknown: Self) -> (Self, Vec<Diagnostic>) {
        let within = posts.starts_with(top);
        for folder in posts.ancestors().take(MAX_LEVELS + 1) {
            // The digest's own folders hold no other site's configuration above them.
            if within && folder == top {
                break;
            }
            if let Some((config, mut diagnostics)) = config::of_folder(generator, folder, !within) {
                let patterns = Arc::new(Patterns::of(&config));
                diagnostics.extend(patterns.unread.iter().map(|name| {
                    Diagnostic::warning(tr!("the patterns of `{name}` cannot be read", name))
                        .at(Place::file(&folder.to_string_lossy()))
                        .help(tr!("addresses that need them are missing; `--alias` names another scheme"))
                }));
                return (Self { root: Some(folder.to_owned()), config, patterns, ..unknown }, diagnostics);
            }
        }
        (unknown, Vec::new())
    }

    /// The patterns in the configuration.
    pub(in crate::import::generator) fn patterns(&self) -> &Patterns {
        &self.patterns
    }

    /// A setting by its path, each key in any case, as Hugo reads them.
    #[must_use]
    pub fn get(&self, path: &[&str]) -> Option<&Node> {
        let mut node = &self.config;
        for key in path {
            let Node::Map(entries) = node else { return None };
            node = &entries.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(key))?.1;
        }
        Some(node)
    }

    /// The text of a setting.
    #[must_use]
    pub fn text(&self, path: &[&str]) -> Option<&str> {
        self.get(path).and_then(Node::text).map(str::trim).filter(|text| !text.is_empty())
    }

    /// True if a setting is switched on.
    #[must_use]
    pub fn is_on(&self, path: &[&str]) -> bool {
        self.get(path).and_then(Node::switch).unwrap_or(false)
    }

    /// The time zone of the configuration.
    #[must_use]
    pub fn own_zone(&self) -> Option<Tz> {
        self.text(&["timezone"]).and_then(|name| name.parse().ok())
    }

    /// The languages that Hugo and Zola publish, each with the folder of its content if it has one
    /// of its own.
    #[must_use]
    pub fn languages(&self) -> Vec<(&str, Option<&str>)> {
        let Some(Node::Map(entries)) = self.get(&["languages"]) else { return Vec::new() };
        entries
            .iter()
            .map(|(name, node)| {
                let folder = self.text(&["languages", name, "contentDir"]);
                (name.as_str(), folder.filter(|_| matches!(node, Node::Map(_))))
            })
            .collect()
    }

    /// The language whose pages have no prefix in their addresses.
    #[must_use]
    pub fn default_language(&self) -> Option<&str> {
        self.text(&["defaultContentLanguage"]).or_else(|| self.text(&["default_language"]))
    }

    /// The language of files that name none: the default one, which Hugo and Zola take as `en` if the
    /// configuration does not say it (<https://gohugo.io/configuration/all/#defaultcontentlanguage>),
    /// else the first one. `None` if the site has one language.
    #[must_use]
    pub fn base_language(&self) -> Option<&str> {
        let languages = self.languages();
        let named = |wanted: &str| languages.iter().find(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let assumed = || named("en").or_else(|| languages.first()).map(|(name, _)| *name);
        self.default_language().or_else(assumed)
    }

    /// The language of the configuration that is the digest's: the same one, else the same without
    /// its region, else the default one. `None` if the site has one language.
    #[must_use]
    pub fn wanted_language(&self) -> Option<&str> {
        let languages = self.languages();
        if languages.is_empty() {
            return None;
        }
        let primary = |language: &str| language.split(['-', '_']).next().unwrap_or_default().to_lowercase();
        let all = || self.default_language().into_iter().chain(languages.iter().map(|(name, _)| *name));
        all()
            .find(|name| name.eq_ignore_ascii_case(&self.language))
            .or_else(|| all().find(|name| primary(name) == primary(&self.language)))
            .or_else(|| all().next())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A site with a configuration in YAML.
    pub(in crate::import::generator) fn site(config: &str) -> Site {
        let config = crate::yaml::parse(config).unwrap();
        let root = Some(PathBuf::from("/old"));
        let patterns = Arc::new(Patterns::of(&config));
        Site { root, config, patterns, ..Site::unknown(Tz::Asia__Shanghai, "zh-CN") }
    }

    #[test]
    fn settings_are_found_in_any_case() {
        let site = site(
            "timeZone: Asia/Tokyo\nuglyurls: true\npermalinks: {posts: /p/:slug/}\nlanguages: {zh: {contentDir: content/zh}, en: {}}\ndefaultContentLanguage: zh\n",
        );
        assert_eq!(site.own_zone(), Some(Tz::Asia__Tokyo));
        assert!(site.is_on(&["uglyURLs"]) && !site.is_on(&["other"]));
        assert_eq!(site.text(&["Permalinks", "posts"]), Some("/p/:slug/"));
        assert_eq!(site.languages(), [("zh", Some("content/zh")), ("en", None)]);
        assert_eq!(site.default_language(), Some("zh"));
        assert_eq!(site.get(&["timeZone", "x"]), None);
    }

    #[test]
    fn the_wanted_language_is_the_digests() {
        for (config, wanted) in [
            ("languages: {en: {}, zh: {}}\ndefaultContentLanguage: en", Some("zh")),
            ("languages: {en: {}, zh-tw: {}, zh-CN: {}}", Some("zh-CN")),
            ("languages: {en: {}, fr: {}}\ndefaultContentLanguage: fr", Some("fr")),
            ("languages: {en: {}}\ndefault_language: zh", Some("zh")),
            ("defaultContentLanguage: zh", None),
            ("a: 1", None),
        ] {
            assert_eq!(site(config).wanted_language(), wanted, "{config}");
        }
    }

    #[test]
    fn the_configuration_is_searched_upwards_and_not_in_the_digest() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("old/content/posts/a/b/c/d/e/f")).unwrap();
        std::fs::create_dir_all(root.join("digest/posts")).unwrap();
        std::fs::write(root.join("old/hugo.toml"), "title = 'a'").unwrap();
        std::fs::write(root.join("digest/hugo.toml"), "title = 'b'").unwrap();
        let find = |posts: &str| {
            let unknown = Site::unknown(Tz::UTC, "zh-CN");
            Site::find(Generator::Hugo, &root.join(posts), &root.join("digest"), unknown).0.root
        };
        assert_eq!(find("old/content/posts"), Some(root.join("old")));
        assert_eq!(find("old/content/posts/a/b/c/d"), Some(root.join("old")));
        assert_eq!(find("old/content/posts/a/b/c/d/e/f"), None);
        assert_eq!(find("digest/posts"), None);
    }
}
