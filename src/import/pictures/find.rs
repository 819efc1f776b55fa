//! Finds the file of an old site that an address in a post means.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use unicode_normalization::UnicodeNormalization;
use url::Url;

use crate::fs::{Root, SymlinkPolicy};
use crate::import::generator::base::base_url;
use crate::import::generator::characters::decode;
use crate::import::generator::kind::Generator;
use crate::import::generator::place::Place;
use crate::import::generator::site::Site;
use crate::import::links::targets::last;
use crate::load::bundle::{OUTPUTS, is_picture};
use crate::load::{pictures, walk};
use crate::paths::{self, fold};
use crate::yaml::Node;

/// An old site as a folder of files.
#[derive(Debug)]
pub struct OldSite {
    generator: Generator,
    /// The folder of the configuration, else the folder that is imported.
    root: PathBuf,
    files: Root,
    /// The address of the site, if it is known.
    base: Option<Url>,
    /// The folders below which the files of absolute addresses are, the first one first. Each is a
    /// path below the root, with `/` at its end, or empty.
    folders: Vec<String>,
    /// The folders with pictures that are no post's, with `/`.
    foreign: Vec<String>,
    /// The pictures of a vault by their folded names.
    vault: OnceLock<HashMap<String, Vec<String>>>,
}

/// The post whose addresses are looked up.
#[derive(Debug, Clone)]
pub struct OwnPost {
    /// The path of its file below the root.
    file: String,
    /// The folder whose pictures are all its own, below the root, with `/`.
    pub folder: Option<String>,
    /// The path of its page on the old site.
    address: Option<String>,
}

/// The result of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Search {
    /// The address is not that of a picture of the site.
    Other,
    /// The site has no such file.
    Missing,
    /// The path of the file below the root.
    File(String),
}

impl OldSite {
    /// The site of the posts in a folder. Both paths are absolute.
    #[must_use]
    pub fn new(generator: Generator, site: &Site, asked: &Path) -> Self {
        let root = site.root.clone().unwrap_or_else(|| asked.to_path_buf());
        let base = base_url(generator, site).and_then(|url| Url::parse(&url).ok());
        let folders = folders(generator, site).iter().map(|folder| with_slash(folder)).collect();
        let foreign = foreign(generator, site).iter().map(|folder| with_slash(folder)).collect();
        let files = Root::open(&root, SymlinkPolicy::Inside);
        Self { generator, root, files, base, folders, foreign, vault: OnceLock::new() }
    }

    /// The folder of the site.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// True for a file in a folder that the generator or a package manager writes, or of a theme: its
    /// pictures are no post's.
    #[must_use]
    pub fn is_foreign(&self, file: &Path) -> bool {
        let Some(below) = self.below(file) else { return false };
        self.foreign.iter().any(|folder| below.starts_with(folder.as_str()))
    }

    /// The path of a post's file below the root; `None` if it is not below it.
    fn below(&self, file: &Path) -> Option<String> {
        let below = file.strip_prefix(&self.root).ok()?;
        Some(below.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/"))
    }

    /// What the search needs to know of a post: its file, and its first address.
    #[must_use]
    pub fn post(&self, place: &Place, file: &Path, address: Option<&str>) -> Option<OwnPost> {
        let below = self.below(file)?;
        let (folder, name) = below.rsplit_once('/').map_or(("", &*below), |(folder, name)| (folder, name));
        let folder = match self.generator {
            // A bundle (<https://gohugo.io/content-management/page-bundles/#leaf-bundles>,
            // <https://www.getzola.org/documentation/content/overview/#asset-colocation>).
            Generator::Hugo | Generator::Zola => place.is_bundle.then(|| with_slash(folder)),
            // `post_asset_folder` (<https://hexo.io/docs/asset-folders>).
            Generator::Hexo => {
                let stem = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
                let own = format!("{}{stem}/", with_slash(folder));
                self.root.join(&own).is_dir().then_some(own)
            }
            _ => None,
        };
        Some(OwnPost { file: below, folder, address: address.map(str::to_owned) })
    }

    /// The pictures in the folder of a post, sorted, as paths below the root. The folder of another
    /// post in it is left out.
    #[must_use]
    pub fn bundle(&self, post: &OwnPost) -> Vec<String> {
        let Some(folder) = &post.folder else { return Vec::new() };
        let (files, _) = walk::files(&self.root, folder.trim_end_matches('/'), SymlinkPolicy::Inside);
        let is_of_other = |file: &String| {
            let below = file.strip_prefix(folder.as_str()).unwrap_or(file);
            below.match_indices('/').any(|(at, _)| {
                let inner = self.root.join(folder).join(&below[..at]);
                ["index.md", "_index.md"].iter().any(|name| inner.join(name).is_file())
            })
        };
        files.into_iter().filter(|file| is_picture(file) && !is_of_other(file)).collect()
    }

    /// Finds the file that an address means in a post.
    #[must_use]
    pub fn find(&self, written: &str, post: &OwnPost) -> Search {
        let Some((path, is_absolute)) = self.path_of(written) else { return Search::Other };
        if !is_picture(&path) {
            return Search::Other;
        }
        let found = match is_absolute {
            true => self.absolute(&path, post),
            false => self.relative(&path, post),
        };
        found.map_or(Search::Missing, Search::File)
    }

    /// The path in an address, decoded and without its query, and whether it begins at the home
    /// page. `None` for another host and another scheme.
    fn path_of(&self, written: &str) -> Option<(String, bool)> {
        let written = written.trim();
        let is_url = written.starts_with("//") || Url::parse(written).is_ok();
        if is_url {
            let base = self.base.as_ref()?;
            let url = base.join(written).ok()?;
            let is_own = matches!(url.scheme(), "http" | "https") && url.host() == base.host();
            return is_own.then(|| (decoded(url.path()), true));
        }
        let path = written.split(['?', '#']).next().unwrap_or(written);
        Some((decoded(path), path.starts_with('/')))
    }

    /// The file of a path from the home page.
    fn absolute(&self, path: &str, post: &OwnPost) -> Option<String> {
        let base = self.base.as_ref().map_or_else(|| "/".to_owned(), |base| decoded(base.path()));
        let within = path.strip_prefix(&base).filter(|_| base != "/").map(|rest| format!("/{rest}"));
        let paths = within.into_iter().chain([path.to_owned()]);
        paths.into_iter().find_map(|path| {
            let own = post.address.as_deref().zip(post.folder.as_deref()).and_then(|(address, folder)| {
                let address = with_slash(address.trim_start_matches('/'));
                let rest = path.trim_start_matches('/').strip_prefix(&address)?;
                self.file(&format!("{folder}{rest}"))
            });
            own.or_else(|| self.static_file(&path))
        })
    }

    /// The file of a path from the home page in the folders of static files.
    fn static_file(&self, path: &str) -> Option<String> {
        let path = path.trim_start_matches('/');
        self.folders.iter().find_map(|folder| self.file(&format!("{folder}{path}")))
    }

    /// The file of a relative path: from the post's file, then from its folder of assets, then as
    /// browsers resolve it on the post's page.
    fn relative(&self, path: &str, post: &OwnPost) -> Option<String> {
        let folder = post.file.rsplit_once('/').map_or("", |(folder, _)| folder);
        let beside = self.file(&format!("{}{path}", with_slash(folder)));
        let own = || self.file(&format!("{}{path}", post.folder.as_deref()?));
        let of_page = || {
            let base = Url::parse("https://old.invalid/").ok()?;
            let page = base.join(post.address.as_deref()?).ok()?;
            self.static_file(&decoded(page.join(path).ok()?.path()))
        };
        let rest = || match self.generator {
            // A resource of the site (<https://gohugo.io/render-hooks/images/>).
            Generator::Hugo => self.static_file(path),
            Generator::Obsidian => self.static_file(path).or_else(|| self.in_vault(path, folder)),
            _ => None,
        };
        beside.or_else(own).or_else(of_page).or_else(rest)
    }

    /// The picture of a vault with this name, or with a path that ends in this one: of several, the
    /// one with the most folders in common with the note, then the one with the shortest path.
    ///
    /// Obsidian writes the shortest path that is unique, and documents no rule for other links
    /// (`MetadataCache.getFirstLinkpathDest`, "Get the best match for a linkpath").
    fn in_vault(&self, path: &str, own: &str) -> Option<String> {
        let vault = self.vault.get_or_init(|| {
            let mut found: HashMap<String, Vec<String>> = HashMap::new();
            let (files, _) = walk::files(&self.root, "", SymlinkPolicy::Inside);
            for file in files.into_iter().filter(|file| is_picture(file)) {
                found.entry(fold(last(&file))).or_default().push(file);
            }
            found
        });
        let wanted = format!("/{}", fold(path.trim_start_matches("./")));
        let ends = |file: &&String| format!("/{}", fold(file)).ends_with(&wanted);
        let shared = |file: &str| file.split('/').zip(own.split('/')).take_while(|(a, b)| a == b).count();
        let all = vault.get(&fold(last(path)))?.iter().filter(ends);
        all.min_by_key(|file| (std::cmp::Reverse(shared(file)), file.len(), (*file).clone())).cloned()
    }

    /// The path of an existing file, each part as it is written on the disk: as given, composed
    /// (NFC) or decomposed (NFD, as older Macs write names). `None` if the path leads out of the
    /// site.
    fn file(&self, path: &str) -> Option<String> {
        let mut parts: Vec<&str> = Vec::new();
        for part in path.split('/') {
            match part {
                "" | "." => {}
                ".." => drop(parts.pop()?),
                part => parts.push(part),
            }
        }
        let mut found = String::new();
        for part in parts {
            let forms = [part.to_owned(), part.nfc().collect(), part.nfd().collect::<String>()];
            let forms = if part.is_ascii() { &forms[..1] } else { &forms[..] };
            let start = with_slash(&found);
            found = forms
                .iter()
                .map(|form| format!("{start}{form}"))
                .find(|path| std::fs::symlink_metadata(self.root.join(path)).is_ok())?;
        }
        (!self.root.join(&found).is_dir()).then_some(found)
    }

    /// The reason why a picture is not copied; `None` if it is.
    #[must_use]
    pub fn refusal(&self, file: &str) -> Option<String> {
        let real = |path: &Path| path.canonicalize().ok();
        let inside = real(&self.root.join(file)).zip(real(&self.root));
        if inside.is_some_and(|(file, root)| !file.starts_with(root)) {
            return Some(tr!("a symbolic link leads out of the old site"));
        }
        pictures::refusal(&self.files, file)
    }
}

/// The reason why no article can have a picture of this name.
pub(super) fn refused_name(name: &str) -> Option<String> {
    let is_hidden = name.split('/').any(|part| part.starts_with('.'));
    let is_output = name.split('/').any(|part| OUTPUTS.contains(&&*paths::fold(part)));
    let reason = is_hidden.then_some(marked!("is hidden"));
    let reason = reason.or(is_output.then_some(marked!("is that of a file of each article's page")));
    let reason = reason.or_else(|| paths::unstorable(name))?;
    let reason = tr!(reason);
    Some(tr!("its name {reason}", reason))
}

/// The folders of files that a site publishes under their paths.
fn folders(generator: Generator, site: &Site) -> Vec<String> {
    let text = |name: &str, usual: &str| clean(site.text(&[name]).unwrap_or(usual));
    match generator {
        Generator::Hugo => {
            let own = |path: &[&str]| match site.get(path) {
                Some(Node::List(items)) => items.iter().filter_map(Node::text).map(clean).collect(),
                Some(node) => node.text().map(clean).into_iter().collect(),
                None => Vec::new(),
            };
            let mut found = own(&["staticDir"]);
            for (language, _) in site.languages() {
                found.extend(own(&["languages", language, "staticDir"]));
            }
            if found.is_empty() {
                found.push("static".to_owned());
            }
            found.extend([text("assetDir", "assets"), text("contentDir", "content")]);
            found
        }
        Generator::Zola => vec!["static".to_owned(), "content".to_owned()],
        Generator::Hexo => vec![text("source_dir", "source")],
        Generator::Pelican => vec![text("PATH", "content"), String::new()],
        Generator::Astro => vec!["public".to_owned()],
        Generator::VitePress => {
            let docs = text("srcDir", "");
            vec![format!("{}public", with_slash(&docs)), docs]
        }
        // The folder that eleventy-base-blog copies is the last one.
        Generator::Eleventy => vec![text("input", ""), String::new(), "public".to_owned()],
        Generator::Jekyll | Generator::Obsidian | Generator::WordPress => vec![String::new()],
    }
}

/// The folder that a site is built to, and those of themes and packages.
fn foreign(generator: Generator, site: &Site) -> Vec<String> {
    let text = |name: &str, usual: &str| clean(site.text(&[name]).unwrap_or(usual));
    let output = match generator {
        Generator::Hugo => text("publishDir", "public"),
        Generator::Zola => text("output_dir", "public"),
        Generator::Hexo => text("public_dir", "public"),
        Generator::Jekyll => text("destination", "_site"),
        Generator::Pelican => text("OUTPUT_PATH", "output"),
        Generator::Eleventy => "_site".to_owned(),
        Generator::Astro | Generator::VitePress => "dist".to_owned(),
        Generator::Obsidian | Generator::WordPress => return Vec::new(),
    };
    let all = [output, "themes".to_owned(), "node_modules".to_owned()];
    all.into_iter().filter(|folder| !folder.is_empty()).collect()
}

/// A folder below the root as settings write it: `./src/`, `src`.
fn clean(folder: &str) -> String {
    folder.split('/').filter(|part| !matches!(*part, "" | "." | "..")).collect::<Vec<_>>().join("/")
}

/// A path with `/` at its end, unless it is empty.
fn with_slash(path: &str) -> String {
    if path.is_empty() || path.ends_with('/') { path.to_owned() } else { format!("{path}/") }
}

fn decoded(path: &str) -> String {
    decode(path).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
mod tests;
