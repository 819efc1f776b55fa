//! Reads what the path of a post's file says to its generator: folders, name, language and date.

use std::path::{Path, PathBuf};

use crate::import::generator::base::base_url;
use crate::import::generator::config;
use crate::import::generator::defaults;
use crate::import::generator::kind::Generator;
use crate::import::generator::language;
use crate::import::generator::section::{self, Section};
use crate::import::generator::site::Site;
use crate::import::old_site;
use crate::yaml::Node;

/// The place of a post's file in its old site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Place {
    /// The generator.
    pub generator: Generator,
    /// The path below the folder of the site's content, with `/`. It identifies the post.
    pub path: String,
    /// True if the folder of the content is known, from the configuration, from its name, or
    /// because its folder was imported.
    pub is_known: bool,
    /// The folders from the folder of posts to the file, without the folder of a bundle. For
    /// Jekyll, the folders above `_posts`, which are categories.
    pub folders: Vec<String>,
    /// The folders that are sections of Hugo.
    pub sections: Vec<Section>,
    /// The name without extension and language. Of `name/index.md`, the name of the folder.
    pub name: String,
    /// True for `name/index.md`.
    pub is_bundle: bool,
    /// The language in the name, or that of the folder of content.
    pub language: Option<String>,
    /// The language whose folder of content the post is in, if that is not the one of the digest:
    /// another post can have the same path.
    pub of_folder: Option<String>,
    /// The name of the site, if its address is known.
    pub site: Option<String>,
    /// Fields that the post takes from its folders or the configuration, the nearest first (Eleventy,
    /// Hugo, Jekyll).
    pub defaults: Vec<(String, Node)>,
}

/// Folders, the imported one and those above it, in which a post of an earlier import is searched.
const MAX_LEVELS: usize = 7;

impl Place {
    /// Reads the place of `file`. `asked` is the folder that is imported, if it is one. Both are
    /// absolute.
    #[must_use]
    pub fn of(generator: Generator, file: &Path, asked: Option<&Path>, site: &Site) -> Self {
        let Below { path: below, is_known, language: of_folder } =
            below_content(generator, file, asked, site);
        let mut folders: Vec<String> =
            below.split('/').map(str::to_owned).filter(|part| !part.is_empty()).collect();
        let full = folders.pop().unwrap_or_default();
        let in_content = folders.clone();
        let stem = full.rsplit_once('.').map_or(full.as_str(), |(stem, _)| stem).to_owned();
        let has_languages = matches!(generator, Generator::Hugo | Generator::Zola);
        let (stem, language) = match language::split(&stem, file, site).filter(|_| has_languages) {
            Some((stem, language)) => (stem, Some(language)),
            None => (stem, of_folder.clone()),
        };
        let wanted = site.wanted_language().unwrap_or_default();
        let of_folder = of_folder.filter(|folder| !folder.eq_ignore_ascii_case(wanted));
        let has_bundles = !matches!(generator, Generator::Hexo | Generator::Pelican);
        let is_bundle = stem == "index" && !folders.is_empty() && has_bundles;
        let name = if is_bundle { folders.pop().unwrap_or_default() } else { stem };
        if generator == Generator::Jekyll {
            let posts = folders.iter().rposition(|folder| folder == "_posts" || folder == "_drafts");
            folders.truncate(posts.unwrap_or(0));
        }
        let sections = match generator {
            Generator::Hugo | Generator::Zola => {
                section::sections(&folders, file, is_bundle, language.as_deref())
            }
            _ => Vec::new(),
        };
        let defaults = match generator {
            Generator::Eleventy => {
                let above = file.ancestors().skip(1).take(folders.len() + usize::from(is_bundle));
                above.flat_map(config::data_of_folder).collect()
            }
            _ => Vec::new(),
        };
        let own_site = base_url(generator, site).and_then(|url| old_site::name(&url));
        let path = below;
        let mut found = Self {
            generator,
            path,
            is_known,
            folders,
            sections,
            name,
            is_bundle,
            language,
            of_folder,
            site: own_site,
            defaults,
        };
        match generator {
            Generator::Hugo => {
                let own = (!is_bundle).then(|| found.name.clone());
                let path = in_content.iter().cloned().chain(own).collect::<Vec<_>>().join("/");
                let levels = if is_known { found.folders.len() + 1 } else { 0 };
                let language = found.language.as_deref();
                let spot = defaults::Spot { file, path, language, levels, is_bundle };
                found.defaults = defaults::of_hugo(&spot, site);
            }
            Generator::Jekyll if is_known => found.defaults = defaults::of_jekyll(&found.path, site),
            _ => {}
        }
        found
    }

    /// The identity of the post in article files: `hugo:posts/x.md`, `hugo:en:posts/x.md`.
    #[must_use]
    pub fn identity(&self) -> String {
        let folder = self.of_folder.as_ref().map(|language| format!("{language}:")).unwrap_or_default();
        format!("{}:{folder}{}", self.generator.name(), self.path)
    }

    /// The name, and the date before it that Jekyll and Zola take off: `2024-6-5-x` is `x`.
    #[must_use]
    pub fn split_date(&self) -> (&str, Option<String>) {
        split_date(&self.name)
    }
}

/// Splits a name at the date that it begins with: `2024-06-05-x`, `2024-6-5-x`, `2024-06-05_x`.
/// Jekyll 4.3 (`Document::DATE_FILENAME_MATCHER`) and Zola 0.19 (`RFC3339_DATE`).
#[must_use]
pub fn split_date(name: &str) -> (&str, Option<String>) {
    let mut parts = name.splitn(3, '-');
    let (Some(year), Some(month), Some(rest)) = (parts.next(), parts.next(), parts.next()) else {
        return (name, None);
    };
    let end = rest.find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len());
    let (day, rest) = rest.split_at(end);
    let is_number = |text: &str, digits: (usize, usize)| {
        text.bytes().all(|b| b.is_ascii_digit()) && (digits.0..=digits.1).contains(&text.len())
    };
    let Some(rest) = rest.strip_prefix(['-', '_', ' ']).filter(|rest| !rest.is_empty()) else {
        return (name, None);
    };
    if is_number(year, (4, 4)) && is_number(month, (1, 2)) && is_number(day, (1, 2)) {
        (rest, Some(format!("{year}-{month:0>2}-{day:0>2}")))
    } else {
        (name, None)
    }
}

/// The day that a name begins with, as Pelican's default `FILENAME_METADATA` finds it:
/// `2024-06-05x` is `2024-06-05`.
#[must_use]
pub fn split_day(name: &str) -> Option<&str> {
    let day = name.get(..10)?;
    let fits = |(at, b): (usize, u8)| if matches!(at, 4 | 7) { b == b'-' } else { b.is_ascii_digit() };
    day.bytes().enumerate().all(fits).then_some(day)
}

/// The path of a file below the folder of its site's content.
struct Below {
    path: String,
    /// Whether the folder is known.
    is_known: bool,
    /// The language whose folder it is.
    language: Option<String>,
}

fn below_content(generator: Generator, file: &Path, asked: Option<&Path>, site: &Site) -> Below {
    let shown = |path: &Path| {
        let parts = path.components().map(|part| part.as_os_str().to_string_lossy());
        parts.collect::<Vec<_>>().join("/")
    };
    for (language, root) in roots(generator, site) {
        if let Ok(below) = file.strip_prefix(root) {
            return Below { path: shown(below), is_known: true, language };
        }
    }
    let name = match generator {
        Generator::Hugo | Generator::Zola => Some("content"),
        Generator::Hexo => Some("_posts"),
        Generator::Astro | Generator::Pelican => Some("content"),
        _ => None,
    };
    let mut ancestors = file.ancestors().skip(1);
    let root =
        name.and_then(|name| ancestors.find(|folder| folder.file_name().is_some_and(|own| own == name)));
    // `posts/` of Hugo is a section, and part of the addresses.
    let root = root.or(match generator {
        Generator::Hexo | Generator::Jekyll | Generator::Obsidian | Generator::Pelican => asked,
        _ => asked.and_then(Path::parent),
    });
    match root.and_then(|root| file.strip_prefix(root).ok()) {
        Some(below) => Below { path: shown(below), is_known: true, language: None },
        None => {
            let path = shown(Path::new(file.file_name().unwrap_or_default()));
            Below { path, is_known: false, language: None }
        }
    }
}

/// The folders below which the path of a post's identity may be: those of the site's content, and
/// the folder that is imported with those above it, for a site without a configuration.
#[must_use]
pub fn possible_roots(generator: Generator, asked: &Path, site: &Site) -> Vec<PathBuf> {
    let above = asked.ancestors().take(MAX_LEVELS).map(Path::to_path_buf);
    roots(generator, site).into_iter().map(|(_, root)| root).chain(above).collect()
}

/// The folders of the content of a site with a configuration, each with its language if it has one.
fn roots(generator: Generator, site: &Site) -> Vec<(Option<String>, PathBuf)> {
    let Some(root) = &site.root else { return Vec::new() };
    match generator {
        Generator::Hugo => {
            let languages = site.languages().into_iter();
            let mut own: Vec<_> = languages
                .filter_map(|(name, folder)| Some((Some(name.to_lowercase()), root.join(folder?))))
                .collect();
            // Of two folders, the inner one counts: `content` and `content/en`.
            own.sort_by_key(|(_, folder)| std::cmp::Reverse(folder.components().count()));
            let common = root.join(site.text(&["contentDir"]).unwrap_or("content"));
            own.into_iter().chain([(None, common)]).collect()
        }
        Generator::Zola => vec![(None, root.join("content"))],
        Generator::Hexo => {
            let source = root.join(site.text(&["source_dir"]).unwrap_or("source"));
            vec![(None, source.join("_posts")), (None, source)]
        }
        Generator::Obsidian | Generator::WordPress => vec![(None, root.clone())],
        Generator::Eleventy => vec![(None, join(root, site.text(&["input"])))],
        Generator::VitePress => vec![(None, join(root, site.text(&["srcDir"])))],
        Generator::Pelican => match site.text(&["PATH"]) {
            Some(path) => vec![(None, join(root, Some(path)))],
            // The folder that pelican-quickstart makes, if the setting is code.
            None => vec![(None, root.join("content")), (None, root.clone())],
        },
        Generator::Astro => vec![(None, root.join("src/content")), (None, root.join("src/pages"))],
        Generator::Jekyll => {
            let collections = root.join(site.text(&["collections_dir"]).unwrap_or(""));
            vec![(None, collections), (None, root.clone())]
        }
    }
}

/// A folder below the root that a script names as `./src` or `src/`.
fn join(root: &Path, folder: Option<&str>) -> PathBuf {
    let parts = folder.unwrap_or_default().split('/').filter(|part| !matches!(*part, "" | "." | ".."));
    parts.fold(root.to_owned(), |path, part| path.join(part))
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use crate::import::generator::site::tests::site;

    fn parts(place: &Place) -> (String, &str) {
        (place.folders.join("/"), &place.name)
    }

    #[test]
    fn a_name_is_split_at_its_date() {
        for (name, rest, date) in [
            ("2024-06-05-x", "x", Some("2024-06-05")),
            ("2024-6-5-单位数", "单位数", Some("2024-06-05")),
            ("2024-06-05_x", "x", Some("2024-06-05")),
            ("2024-06-05--x", "-x", Some("2024-06-05")),
            ("2024-06-05", "2024-06-05", None),
            ("2024-06-05-", "2024-06-05-", None),
            ("24-06-05-x", "24-06-05-x", None),
            ("2024-006-05-x", "2024-006-05-x", None),
            ("2024-06-x", "2024-06-x", None),
            ("x", "x", None),
        ] {
            assert_eq!(split_date(name), (rest, date.map(str::to_owned)), "{name}");
        }
    }

    #[test]
    fn a_place_is_below_the_folder_of_the_content() {
        for (generator, config, file, asked, wanted) in [
            (Generator::Hugo, "a: 1", "/old/content/posts/x.md", "/old/content/posts", ("posts", "x")),
            (Generator::Hugo, "a: 1", "/old/content/posts/b/index.md", "/old/content", ("posts", "b")),
            (Generator::Hugo, "a: 1", "/old/content/posts/2024/x.md", "/old", ("posts/2024", "x")),
            (Generator::Hugo, "contentDir: src", "/old/src/p/x.md", "/old/src/p", ("p", "x")),
            (
                Generator::Hugo,
                "languages: {zh: {contentDir: content/zh}}",
                "/old/content/zh/p/x.md",
                "/old",
                ("p", "x"),
            ),
            (Generator::Hugo, "a: 1", "/new/posts/x.md", "/new/posts", ("posts", "x")),
            (Generator::Hugo, "a: 1", "/new/content/posts/x.md", "/new/content/posts", ("posts", "x")),
            (Generator::Zola, "a: 1", "/old/content/blog/x.md", "/old/content/blog", ("blog", "x")),
            (Generator::Hexo, "a: 1", "/old/source/_posts/a/x.md", "/old", ("a", "x")),
            (Generator::Hexo, "a: 1", "/new/_posts/a/index.md", "/new", ("a", "index")),
            (Generator::Hexo, "a: 1", "/new/posts/a/x.md", "/new/posts", ("a", "x")),
            (
                Generator::Jekyll,
                "a: 1",
                "/old/news/_posts/sub/2024-01-02-x.md",
                "/old",
                ("news", "2024-01-02-x"),
            ),
            (Generator::Jekyll, "a: 1", "/new/_posts/2024-01-02-x.md", "/new/_posts", ("", "2024-01-02-x")),
        ] {
            let place = Place::of(generator, Path::new(file), Some(Path::new(asked)), &site(config));
            let (folders, name) = parts(&place);
            assert_eq!((folders.as_str(), name), wanted, "{file}");
            assert!(place.is_known, "{file}");
        }
        let alone = Place::of(Generator::Hugo, Path::new("/new/x.md"), None, &site("a: 1"));
        assert!(!alone.is_known && alone.path == "x.md", "{alone:?}");
        assert_eq!(alone.identity(), "hugo:x.md");
    }

    #[test]
    fn a_language_is_taken_off_the_name() {
        let of = |config: &str, file: &str| {
            let place = Place::of(Generator::Hugo, Path::new(file), Some(Path::new("/old")), &site(config));
            (place.name, place.language.unwrap_or_default())
        };
        let pair = |a: &str, b: &str| (a.to_owned(), b.to_owned());
        let two = "languages: {zh-cn: {}, en: {}}";
        assert_eq!(of(two, "/old/content/p/x.zh-cn.md"), pair("x", "zh-cn"));
        assert_eq!(of(two, "/old/content/p/x.en.md"), pair("x", "en"));
        assert_eq!(of(two, "/old/content/p/x.fr.md"), pair("x.fr", ""));
        assert_eq!(of(two, "/old/content/p/b/index.en.md"), pair("b", "en"));
        assert_eq!(of("a: 1", "/old/content/p/x.zh-hans.md"), pair("x", "zh-hans"));
        assert_eq!(of("a: 1", "/old/content/p/x.en.md"), pair("x.en", ""));
        assert_eq!(of("a: 1", "/old/content/p/vue.js.md"), pair("vue.js", ""));
        assert_eq!(of("a: 1", "/old/content/p/dots.v1.2.md"), pair("dots.v1.2", ""));
        let hexo = Place::of(Generator::Hexo, Path::new("/old/source/_posts/x.zh.md"), None, &site("a: 1"));
        assert_eq!((hexo.name.as_str(), hexo.language), ("x.zh", None));
    }

    #[test]
    fn a_post_beside_its_translation_has_a_language() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("x.en.md");
        let of = || Place::of(Generator::Hugo, &file, Some(folder.path()), &site("a: 1")).language;
        assert_eq!(of(), None);
        std::fs::write(folder.path().join("x.zh-cn.md"), "").unwrap();
        assert_eq!(of().as_deref(), Some("en"));
    }
}
