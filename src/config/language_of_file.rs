//! The language of a source by its path, and of a page by its address.

use std::borrow::Cow;

use crate::config::{Config, Language, SiteLanguage};

/// The folders of sources, below which a folder can have the tag of a language.
pub const LANGUAGE_FOLDERS: [&str; 2] = ["content/articles/", "content/pages/"];

/// The language of a source by its path, and the path that it shares with its translations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LanguageOfFile<'f> {
    /// The place of the language in [`Config::languages`].
    pub at: usize,
    /// The path without the language: `content/articles/a.md` for `content/articles/a.en.md`.
    pub neutral: Cow<'f, str>,
}

/// The language that the path of a source names, as [`Config::language_of`] says it.
#[must_use]
pub fn language_of<'f>(languages: &[SiteLanguage], file: &'f str) -> LanguageOfFile<'f> {
    let first = LanguageOfFile { at: 0, neutral: file.into() };
    if languages.is_empty() {
        return first;
    }
    let declared = |tag: &str| {
        let language = Language::parse(tag)?;
        languages.iter().position(|known| known.language == language)
    };
    if let Some((stem, tag)) = file.strip_suffix(".md").and_then(|stem| stem.rsplit_once('.'))
        && let Some(at) = declared(tag)
        && !stem.is_empty()
        && !stem.ends_with('/')
    {
        return LanguageOfFile { at, neutral: format!("{stem}.md").into() };
    }
    for folder in LANGUAGE_FOLDERS {
        let below = file.strip_prefix(folder).and_then(|below| below.split_once('/'));
        if let Some((tag, rest)) = below
            && let Some(at) = declared(tag)
        {
            return LanguageOfFile { at, neutral: format!("{folder}{rest}").into() };
        }
    }
    first
}

/// The language of the page at a path from the site's root, which begins without a slash: its place in
/// the languages, and the path from its home page.
#[must_use]
pub fn language_of_address<'p>(languages: &[SiteLanguage], path: &'p str) -> (usize, &'p str) {
    for (at, site) in languages.iter().enumerate().skip(1) {
        match path.strip_prefix(site.prefix.trim_end_matches('/')) {
            Some("") => return (at, ""),
            Some(rest) if rest.starts_with('/') => return (at, &rest[1..]),
            _ => {}
        }
    }
    (0, path)
}

impl Config {
    /// The language that the path of a source names: `a.en.md`, `a/index.en.md`, or a folder of the
    /// language below `content/articles/` or `content/pages/`. Any other path is of the first
    /// language.
    #[must_use]
    pub fn language_of<'f>(&self, file: &'f str) -> LanguageOfFile<'f> {
        language_of(&self.languages, file)
    }

    /// The tag of the language that the path of a source names.
    #[must_use]
    pub fn tag_of(&self, file: &str) -> &'static str {
        let site = self.languages.get(self.language_of(file).at);
        site.map_or(self.language, |site| site.language).tag()
    }
}
