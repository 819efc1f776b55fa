//! Decides which files of an old site are no posts, and reports them.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::diagnostic::Diagnostic;
use crate::import::files::Source;
use crate::import::generator::glob;
use crate::import::generator::kind::Generator;
use crate::import::generator::pelican;
use crate::import::generator::place::Place;
use crate::import::generator::site::Site;
use crate::import::generator::translation::{self, Spoken};
use crate::import::languages;
use crate::yaml::Node;

/// Why a file is not imported.
pub(super) enum Reason {
    /// It is a post in this language.
    Language(String),
    /// It is a page.
    Page,
    /// It belongs to the folder of a post (Hugo).
    Resource,
    /// The configuration of the site leaves it out.
    Ignored,
}

/// The files that are passed over.
#[derive(Debug, Default)]
pub(super) struct PassedOver {
    /// Pages, each with the name of its file in `content/pages`.
    pub(super) pages: Vec<(String, String)>,
    /// Resources of posts.
    pub(super) resources: Vec<String>,
    /// Files that the configuration leaves out.
    pub(super) ignored: Vec<String>,
    /// The numbers of posts in languages that the digest does not declare, by language.
    pub(super) languages: BTreeMap<String, usize>,
    /// The numbers of items of an export that are neither posts nor pages, by type.
    pub(super) types: BTreeMap<String, usize>,
}

/// The reason why a file is not imported; `None` for a post.
pub(super) fn reason(place: &Place, site: &Site, source: &Source) -> Option<Reason> {
    let (file, _) = source.absolute();
    if let Spoken::Other(language) = translation::of_place(place, site) {
        return Some(Reason::Language(language));
    }
    if is_page(place, site, source) {
        return Some(Reason::Page);
    }
    if is_resource(place, &file) {
        return Some(Reason::Resource);
    }
    is_ignored(place, site, &file).then_some(Reason::Ignored)
}

/// True for a page, which is no article, unless the folder of pages is imported by itself.
fn is_page(place: &Place, site: &Site, source: &Source) -> bool {
    let (file, folder) = source.absolute();
    let Some(folder) = folder else { return false };
    let has_posts = ["_posts", "source/_posts"].iter().any(|name| folder.join(name).is_dir());
    let mut names = file.strip_prefix(&folder).unwrap_or(&file).iter().filter_map(|part| part.to_str());
    match place.generator {
        // A file outside of `_posts` and `_drafts` (<https://hexo.io/docs/writing>).
        Generator::Hexo => has_posts && !names.any(|name| matches!(name, "_posts" | "_drafts")),
        // A file in no collection (<https://jekyllrb.com/docs/pages/>).
        Generator::Jekyll => has_posts && !names.any(|name| name.starts_with('_')),
        Generator::Pelican => {
            let asked = Place::of(place.generator, &folder.join("x.md"), Some(&folder), site);
            pelican::is_page(place, site) && !pelican::is_page(&asked, site)
        }
        _ => false,
    }
}

/// True for a file of Hugo in the folder of a post (`index.md`), which makes no page
/// (<https://gohugo.io/content-management/page-bundles/#leaf-bundles>).
fn is_resource(place: &Place, file: &Path) -> bool {
    if place.generator != Generator::Hugo || !place.is_known {
        return false;
    }
    let levels = place.path.matches('/').count();
    let is_index = |name: &str| name.starts_with("index.") && name.ends_with(".md");
    let mut folders = file.ancestors().skip(1).take(levels);
    folders.next().is_some_and(|folder| is_bundle(folder) && !is_index(&name_of(file)))
        || folders.any(is_bundle)
}

fn name_of(file: &Path) -> String {
    file.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}

fn is_bundle(folder: &Path) -> bool {
    let names = ["index.md", "index.markdown", "index.html", "index.zh.md", "index.zh-cn.md", "index.en.md"];
    names.iter().any(|name| folder.join(name).is_file())
}

/// True for a file that the configuration leaves out: `ignoreFiles` of Hugo
/// (<https://gohugo.io/configuration/all/#ignorefiles>), `ignore`, `exclude` and `skip_render` of
/// Hexo 8.1.2 (`Box`, `isExcludedFile`, the processor of posts), `exclude` of Jekyll is for files
/// outside of `_posts`.
fn is_ignored(place: &Place, site: &Site, file: &Path) -> bool {
    let patterns = |name: &str| -> Vec<String> {
        match site.get(&[name]) {
            Some(Node::List(items)) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
            Some(node) => node.text().map(str::to_owned).into_iter().collect(),
            None => Vec::new(),
        }
    };
    let whole = file.to_string_lossy();
    match place.generator {
        Generator::Hugo => patterns("ignoreFiles").iter().any(|pattern| glob::finds(pattern, &whole)),
        Generator::Hexo => {
            let source =
                site.root.as_ref().map(|root| root.join(site.text(&["source_dir"]).unwrap_or("source")));
            let below = source.as_deref().and_then(|source| file.strip_prefix(source).ok());
            let below = below.map_or_else(|| place.path.clone(), |path| path.to_string_lossy().into_owned());
            let above: Vec<String> =
                file.ancestors().map(|path: &Path| path.to_string_lossy().into_owned()).collect();
            let is_ignored = |pattern: &String| glob::matches_any(pattern, above.iter().map(String::as_str));
            patterns("ignore").iter().any(is_ignored)
                || ["exclude", "skip_render"]
                    .iter()
                    .any(|name| patterns(name).iter().any(|pattern| glob::matches(pattern, &below)))
        }
        _ => false,
    }
}

/// The name that a page of an old site gets below `content/pages`: `about/index.md` is `about.md`.
pub(super) fn page_file(path: &str) -> String {
    let path = Path::new(path).with_extension("");
    let is_index = path.file_name().is_some_and(|name| name == "index");
    let parent = path.parent().filter(|parent| is_index && !parent.as_os_str().is_empty());
    let own = parent.map_or_else(|| path.clone(), PathBuf::from);
    format!("{}.md", own.to_string_lossy())
}

impl PassedOver {
    /// The warnings about the files.
    pub(super) fn warnings(&self) -> Vec<Diagnostic> {
        let mut found = Vec::new();
        if let Some((_, file)) = self.pages.first() {
            let names: Vec<&str> = self.pages.iter().map(|(name, _)| name.as_str()).collect();
            let message = tr!(
                "{n} page of the old site passed over: {names}"
                    | "{n} pages of the old site passed over: {names}" % names.len(),
                names = names.join(&tr!("list" => ", "))
            );
            found.push(Diagnostic::warning(message).help(tr!(
                "pages are no articles: write the first one to `content/pages/{file}` and others in the same way, or name the file of one to import it as an article",
                file
            )));
        }
        if !self.resources.is_empty() {
            let message = tr!(
                "{n} file beside posts of the old site passed over: {names}"
                    | "{n} files beside posts of the old site passed over: {names}" % self.resources.len(),
                names = self.resources.join(&tr!("list" => ", "))
            );
            let help = tr!("Hugo makes no pages of them; name a file to import it as an article");
            found.push(Diagnostic::warning(message).help(help));
        }
        if !self.ignored.is_empty() {
            let message = tr!(
                "{n} ignored file of the old site passed over: {names}"
                    | "{n} ignored files of the old site passed over: {names}" % self.ignored.len(),
                names = self.ignored.join(&tr!("list" => ", "))
            );
            let help =
                tr!("its configuration leaves them out; remove the pattern in a copy of it to import them");
            found.push(Diagnostic::warning(message).help(help));
        }
        for (language, n) in &self.languages {
            let message = tr!(
                "{n} post in the language `{language}` passed over"
                    | "{n} posts in the language `{language}` passed over" % *n,
                language
            );
            let help = match languages::tag_of(language) {
                Some(tag) => tr!(
                    "add `{tag}` to `languages:` in newsprint.yaml and import again; each becomes the translation of its post",
                    tag
                ),
                None => tr!("the languages of a digest are {tags}", tags = languages::all_tags()),
            };
            found.push(Diagnostic::warning(message).help(help));
        }
        if !self.types.is_empty() {
            let types: Vec<String> =
                self.types.iter().map(|(kind, count)| format!("{kind}: {count}")).collect();
            let message = tr!(
                "{n} item of other types passed over ({types})"
                    | "{n} items of other types passed over ({types})" % self.types.values().sum::<usize>(),
                types = types.join(&tr!("list" => ", "))
            );
            found.push(Diagnostic::warning(message).help(tr!("only posts are articles")));
        }
        found
    }
}
