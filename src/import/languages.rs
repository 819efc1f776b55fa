//! The languages of the digest: which of them a tag names, and the file of an article in each.
//!
//! An article `a.md` in the default language has its translations in `a.en.md`, or in the folder of
//! a language right below the articles: `en/a.md`.

use std::path::Path;

#[cfg(test)]
use crate::config::Language;
use crate::config::{self, Config, LanguageOfFile, SiteLanguage};

/// The folder of articles.
const ARTICLES: &str = "content/articles/";

/// The tags that a digest can declare.
const TAGS: [&str; 4] = ["zh-CN", "zh-TW", "zh-HK", "en"];

/// The tags of the languages that articles of the digest can be in, the default one first: not those
/// that are converted from another one.
#[must_use]
pub fn declared(config: &Config) -> Vec<&str> {
    let declared = config.languages.iter().filter(|site| site.converted.is_none());
    let tags: Vec<&str> = declared.map(|site| site.language.tag()).collect();
    if tags.is_empty() { vec![config.language.tag()] } else { tags }
}

/// The number of the language in `tags` that a tag names: the same tag in any case, else the first
/// one with the same script (Chinese) or the same language. `zh-hans` is `zh-CN`, `zh-hk` is `zh-TW`
/// if there is no `zh-HK`, `en-GB` is `en`; `zh` without a script is any Chinese if there is no
/// `zh-CN`.
#[must_use]
pub fn find<T: AsRef<str>>(written: &str, tags: &[T]) -> Option<usize> {
    let written = normalised(written);
    let position = |fits: &dyn Fn(&str) -> bool| tags.iter().position(|tag| fits(&normalised(tag.as_ref())));
    position(&|tag| *tag == written)
        .or_else(|| position(&|tag| kind(tag) == kind(&written)))
        .or_else(|| position(&|tag| written == "zh" && tag.starts_with("zh-")))
}

/// The tag that a digest declares for a language; `None` if no digest can be in it.
#[must_use]
pub fn tag_of(written: &str) -> Option<&'static str> {
    find(written, &TAGS).map(|at| TAGS[at])
}

/// All tags that a digest can declare, for a message.
#[must_use]
pub fn all_tags() -> String {
    TAGS.join(&tr!("list" => ", "))
}

fn normalised(tag: &str) -> String {
    tag.to_ascii_lowercase().replace('_', "-")
}

/// The language of a tag, with the script of Chinese.
fn kind(tag: &str) -> &str {
    let mut parts = tag.split('-');
    match parts.next().unwrap_or_default() {
        "zh" if parts.any(|part| matches!(part, "hant" | "tw" | "hk" | "mo")) => "zh-hant",
        first => first,
    }
}

/// The languages of a digest.
#[derive(Debug, Clone, Default)]
pub struct Languages {
    /// Those that articles can be in, the default one first; none for a digest in one language.
    languages: Vec<SiteLanguage>,
    /// The number of the language whose folder new articles are written to; 0 without such a folder.
    pub into: usize,
}

impl Languages {
    /// The languages of a digest.
    #[must_use]
    pub fn of(config: &Config) -> Self {
        let declared = config.languages.iter().filter(|site| site.converted.is_none());
        Self { languages: declared.cloned().collect(), into: 0 }
    }

    /// The languages of a digest, of which new articles are written to a folder.
    #[must_use]
    pub fn with_folder(config: &Config, into: &Path) -> Self {
        let mut found = Self::of(config);
        found.into = found.split(&format!("{}/x.md", into.to_string_lossy().replace('\\', "/"))).1;
        found
    }

    /// The number of languages, 1 at least.
    #[must_use]
    pub fn count(&self) -> usize {
        self.languages.len().max(1)
    }

    /// The tag of a language in lower case; empty for a number of none.
    #[must_use]
    pub fn tag(&self, at: usize) -> String {
        self.languages.get(at).map_or_else(String::new, |site| site.language.tag().to_lowercase())
    }

    /// True if there is more than one language.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.languages.len() > 1
    }

    /// Splits the path of an article's file: the path of the same article in the default language,
    /// and the number of its language.
    #[must_use]
    pub fn split(&self, file: &str) -> (String, usize) {
        let LanguageOfFile { at, neutral } = config::language_of(&self.languages, file);
        (neutral.into_owned(), at)
    }

    /// The path of an article's file in a language, given the one in the default language.
    #[must_use]
    pub fn file(&self, base: &str, at: usize) -> String {
        if at == 0 || at >= self.languages.len() {
            return base.to_owned();
        }
        let tag = self.tag(at);
        match base.strip_prefix(ARTICLES).filter(|_| at == self.into) {
            Some(below) => format!("{ARTICLES}{tag}/{below}"),
            None => {
                let (stem, extension) = base.rsplit_once('.').unwrap_or((base, "md"));
                format!("{stem}.{tag}.{extension}")
            }
        }
    }

    /// What the addresses of a language begin with: `en/`, and nothing for the default one.
    #[must_use]
    pub fn prefix(&self, at: usize) -> &str {
        self.languages.get(at).map_or("", |site| &site.prefix)
    }

    /// Splits an address without a slash at its beginning: the prefix of its language, and the rest.
    /// The home page of a language (`en`) is a prefix alone.
    #[must_use]
    pub fn split_address<'a>(&self, path: &'a str) -> (&str, &'a str) {
        let (at, rest) = config::language_of_address(&self.languages, path);
        (self.prefix(at), rest)
    }
}

#[cfg(test)]
impl Languages {
    /// The languages with these tags, the default one first.
    pub(super) fn new(tags: &[&str]) -> Self {
        let language = |(at, tag): (usize, &&str)| SiteLanguage::new(Language::parse(tag).unwrap(), at == 0);
        Self { languages: tags.iter().enumerate().map(language).collect(), into: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_names_the_declared_language_with_its_script() {
        for (written, tags, wanted) in [
            ("EN", &["zh-CN", "en"][..], Some(1)),
            ("en_us", &["zh-CN", "en"], Some(1)),
            ("zh", &["zh-TW", "zh-CN"], Some(1)),
            ("zh", &["en", "zh-TW"], Some(1)),
            ("zh-Hans", &["zh-TW", "zh-CN"], Some(1)),
            ("zh-cn", &["en", "zh-TW"], None),
            ("zh-tw", &["zh-CN", "en"], None),
            ("zh-hk", &["zh-CN", "zh-TW"], Some(1)),
            ("zh-hk", &["zh-CN", "zh-TW", "zh-HK"], Some(2)),
            ("fr", &["zh-CN", "en"], None),
        ] {
            assert_eq!(find(written, tags), wanted, "{written} {tags:?}");
        }
        assert_eq!(
            ["zh-hant", "zh-MO", "zh", "en-GB"].map(tag_of),
            ["zh-TW", "zh-TW", "zh-CN", "en"].map(Some)
        );
        assert_eq!(tag_of("fr"), None);
    }

    #[test]
    fn the_language_of_an_article_is_in_the_name_or_the_folder_of_its_file() {
        let languages = Languages::new(&["zh-CN", "en", "zh-TW"]);
        for (file, base, at) in [
            ("content/articles/a.md", "content/articles/a.md", 0),
            ("content/articles/a.en.md", "content/articles/a.md", 1),
            ("content/articles/a.zh-CN.md", "content/articles/a.md", 0),
            ("content/articles/x/a.ZH-tw.md", "content/articles/x/a.md", 2),
            ("content/articles/a/index.en.md", "content/articles/a/index.md", 1),
            ("content/articles/en/x/a.md", "content/articles/x/a.md", 1),
            ("content/articles/x/en/a.md", "content/articles/x/en/a.md", 0),
            ("content/articles/vue.js.md", "content/articles/vue.js.md", 0),
            ("content/articles/a.fr.md", "content/articles/a.fr.md", 0),
            ("content/articles/.en.md", "content/articles/.en.md", 0),
            ("content/articles/a.en-us.md", "content/articles/a.md", 1),
        ] {
            assert_eq!(languages.split(file), (base.to_owned(), at), "{file}");
        }
        let one = Languages::of(&Config::default());
        for file in ["content/articles/a.en.md", "content/articles/a.zh-cn.md"] {
            assert_eq!(one.split(file), (file.to_owned(), 0));
        }
    }

    #[test]
    fn a_translation_is_beside_its_article_or_in_the_folder_that_was_asked_for() {
        let mut languages = Languages::new(&["zh-CN", "en", "zh-TW"]);
        let base = "content/articles/2024/a.md";
        let files = |languages: &Languages| [0, 1, 2].map(|at| languages.file(base, at)).join(" ");
        let beside =
            "content/articles/2024/a.md content/articles/2024/a.en.md content/articles/2024/a.zh-tw.md";
        assert_eq!(files(&languages), beside);
        for file in beside.split(' ') {
            assert_eq!(languages.split(file).0, base);
        }
        languages.into = 1;
        assert_eq!(languages.file(base, 1), "content/articles/en/2024/a.md");
        assert_eq!(languages.file(base, 2), "content/articles/2024/a.zh-tw.md");
    }

    #[test]
    fn an_address_begins_with_the_tag_of_its_language() {
        let languages = Languages::new(&["zh-CN", "en"]);
        for (path, prefix, rest) in [
            ("en/posts/a", "en/", "posts/a"),
            ("en", "en/", ""),
            ("english/a", "", "english/a"),
            ("zh-cn/a", "", "zh-cn/a"),
        ] {
            assert_eq!(languages.split_address(path), (prefix, rest), "{path}");
        }
    }
}
