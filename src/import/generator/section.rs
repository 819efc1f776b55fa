//! Reads the sections of Hugo that a post is in, with the slugs and titles in their `_index.md`.
//!
//! Source: Hugo 0.168.0, run on the sections of `tests/migration`.

use std::path::Path;

use crate::fs::guarded;
use crate::import::front_matter::front_matter;
use crate::import::input::Input;
use crate::yaml::Node;

/// Bytes of the largest `_index.md` that is read.
const MAX_BYTES: u64 = 1 << 20;

/// A section: the first folder below `content`, or a folder with an `_index.md`.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Section {
    /// The name of the folder.
    pub name: String,
    /// Its number among the folders of the post.
    pub at: usize,
    /// True if the section has an `_index.md`.
    pub has_index: bool,
    /// The slug in its front matter.
    pub slug: Option<String>,
    /// The title in its front matter.
    pub title: Option<String>,
}

/// The sections among the folders of a file. `is_bundle` says that the last folder above the file
/// is that of the post, which is not among `folders`.
#[must_use]
pub(super) fn sections(
    folders: &[String],
    file: &Path,
    is_bundle: bool,
    language: Option<&str>,
) -> Vec<Section> {
    let above = file.ancestors().skip(1 + usize::from(is_bundle));
    let paths: Vec<&Path> = above.take(folders.len()).collect();
    let section = |(at, (name, path)): (usize, (&String, &&Path))| {
        let fields = index(path, language);
        let text = |key: &str| {
            let node = fields.as_ref()?.iter().rev().find(|(name, _)| name.eq_ignore_ascii_case(key));
            node.and_then(|(_, node)| node.text()).map(str::to_owned).filter(|text| !text.is_empty())
        };
        let found = Section {
            name: name.clone(),
            at,
            has_index: fields.is_some(),
            slug: text("slug"),
            title: text("title"),
        };
        (at == 0 || found.has_index).then_some(found)
    };
    folders.iter().zip(paths.iter().rev()).enumerate().filter_map(section).collect()
}

/// The front matter of the `_index.md` of a folder; empty if it cannot be read, `None` if there is
/// no such file.
pub(super) fn index(folder: &Path, language: Option<&str>) -> Option<Vec<(String, Node)>> {
    let own = language.map(|language| format!("_index.{language}.md"));
    let names = own.into_iter().chain(["_index.md", "_index.markdown", "_index.html"].map(str::to_owned));
    let mut files = names.map(|name| folder.join(name));
    let file = files.find(|file| file.is_file() && !file.is_symlink())?;
    let Ok(bytes) = guarded::read_named(&file, MAX_BYTES) else { return Some(Vec::new()) };
    let text = String::from_utf8_lossy(&bytes).trim_start_matches('\u{FEFF}').replace("\r\n", "\n");
    let input = Input { name: String::new(), text: text.into() };
    Some(front_matter(&input).map_or_else(|_| Vec::new(), |(fields, _)| fields))
}

impl Section {
    /// The text that `:sectionslug` is made of: the slug, else the title. Hugo makes the title of a
    /// section without an `_index.md` from the name of its folder, as an English plural unless
    /// `pluralizeListTitles` is off. `None` for a plural that is not known here.
    #[must_use]
    pub(super) fn slug_or_title(&self, is_plural: bool) -> Option<String> {
        if let Some(slug) = &self.slug {
            return Some(slug.clone());
        }
        if self.has_index {
            return Some(self.title.clone().unwrap_or_default());
        }
        if is_plural { plural(&self.name) } else { Some(self.name.clone()) }
    }
}

/// Names of sections that are plurals.
const PLURALS: [&str; 10] =
    ["posts", "news", "articles", "notes", "blogs", "docs", "essays", "stories", "papers", "links"];

/// The plural of the name of a folder: `post` is `posts`, `日报` is `日报s`. `None` where English has
/// another rule or an exception may apply.
fn plural(name: &str) -> Option<String> {
    let lower = name.to_lowercase();
    let last_word = lower.rsplit(['-', '_', ' ']).next().unwrap_or_default();
    if PLURALS.contains(&last_word) {
        return Some(name.to_owned());
    }
    let has_exception = ["man", "person", "child", "um", "us", "is", "fe", "foot", "mouse", "ox"]
        .iter()
        .any(|ending| last_word.ends_with(ending));
    let end = last_word.chars().next_back()?;
    let is_regular = !end.is_ascii() || matches!(end, 'a'..='e' | 'g' | 'i'..='n' | 'p' | 'r' | 't'..='w');
    (is_regular && !has_exception).then(|| format!("{name}s"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_section_has_the_slug_and_the_title_of_its_index() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        std::fs::create_dir_all(root.join("posts/a/b")).unwrap();
        std::fs::write(root.join("posts/_index.md"), "---\nslug: 文 章\ntitle: T\n---\n").unwrap();
        std::fs::write(root.join("posts/a/b/_index.md"), "no front matter").unwrap();
        std::fs::write(root.join("posts/a/b/_index.zh.md"), "+++\nTitle = '标题'\n+++\n").unwrap();
        let folders = ["posts", "a", "b"].map(str::to_owned);
        let found = |language| {
            let sections = sections(&folders, &root.join("posts/a/b/x.md"), false, language);
            let shown = |section: &Section| {
                format!("{}:{}:{:?}", section.at, section.name, section.slug_or_title(true))
            };
            sections.iter().map(shown).collect::<Vec<_>>().join(" ")
        };
        assert_eq!(found(Some("zh")), "0:posts:Some(\"文 章\") 2:b:Some(\"标题\")");
        assert_eq!(found(None), "0:posts:Some(\"文 章\") 2:b:Some(\"\")");
        let bundle = sections(&folders[..1], &root.join("posts/a/index.md"), true, None);
        assert_eq!(bundle[0].slug.as_deref(), Some("文 章"));
    }

    #[test]
    fn the_title_of_a_folder_is_its_plural() {
        // Hugo 0.168.0.
        for (name, wanted) in [
            ("blog", Some("blogs")),
            ("news", Some("news")),
            ("post", Some("posts")),
            ("日报", Some("日报s")),
            ("tech-news", Some("tech-news")),
            ("my_notes", Some("my_notes")),
            ("AI", Some("AIs")),
            ("story", None),
            ("bus", None),
            ("datum", None),
            ("analysis", None),
        ] {
            assert_eq!(plural(name).as_deref(), wanted, "{name}");
        }
        let section = Section { name: "story".to_owned(), ..Section::default() };
        assert_eq!(section.slug_or_title(false).as_deref(), Some("story"));
    }
}
