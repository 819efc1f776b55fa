//! Plans the digest after an import, to know its addresses.

use std::collections::{HashMap, HashSet};
use std::path::Path;
use std::sync::Arc;

use crate::config::Config;
use crate::import::{clean, terms};
use crate::load::markdown::Rendered;
use crate::load::{self, Article, Cache, Sources};
use crate::locale::Locale;
use crate::paths;
use crate::plan::card::{self, Cards};
use crate::plan::{self, Input};
use crate::search::parts::Layout;
use crate::site::languages::divide;
use crate::site::part::Part;
use crate::site::{self, Connections, Site};
use crate::slug::key::term_key;
use crate::watchdog::Watchdog;

/// The addresses of a digest, in its first language, and the home pages of the others.
#[derive(Default)]
pub(super) struct Addresses {
    /// The files of the site, each by its folded path.
    files: HashMap<String, String>,
    /// The folders of the site, folded.
    folders: HashSet<String>,
    /// The slugs of terms with a page, by taxonomy and key of a name or alias.
    slugs: HashMap<(usize, String), String>,
}

impl Addresses {
    /// Plans the digest at `root` with further `articles`.
    pub(super) fn read(root: &Path, config: &Config, articles: Vec<Arc<Article>>) -> Self {
        let cache = &mut Cache::none();
        let mut sources = Sources::find(root, config, cache);
        let selection = load::Selection::of_all_times(false);
        let mut content = load::content(root, config, selection, cache, &mut sources, &Watchdog::none());
        content.articles.extend(articles.into_iter().map(|article| (article, Rendered::default())));
        let theme = load::theme::load(root, config.links, &config.dot_files, cache);
        let (locale, _) = Locale::new(config.language, &theme);
        let Some(Part { config, content }) = divide(content, config).0.into_iter().next() else {
            return Self::default();
        };
        let config = &config;
        let (site, _, _) = site::assemble(content, config, Arc::new(|_, _| Ok(String::new())));
        let (connections, _) = Connections::find(&site, config, None);
        let views = card::taxonomies(config, &locale);
        let cards = Cards::new(&site, &connections, &views, config, &locale);
        // Without the files of the search index, which are in a folder of their own.
        let layout = Layout::default();
        let input = Input {
            site: &site,
            connections: &connections,
            config,
            locale: &locale,
            cards: &cards,
            style: None,
            keep: None,
            layout: &layout,
        };
        let (pages, _) = plan::plan(input, &theme);
        let homes = config.languages.iter().map(|site| format!("{}index.html", site.prefix));
        let all = pages.into_iter().map(|page| page.path).chain(homes);
        let files: HashMap<String, String> = all.map(|path| (paths::fold(&path), path)).collect();
        let folders = files.keys().flat_map(|file| above(file)).map(str::to_owned).collect();
        Self { slugs: slugs(&site), folders, files }
    }

    /// True if the site has a file at a path only in other letter case.
    pub(super) fn has_in_other_case(&self, file: &str) -> bool {
        self.files.get(&paths::fold(file)).is_some_and(|written| *written != paths::composed(file))
    }

    /// True if the site has a file at a path, or a folder.
    pub(super) fn has(&self, file: &str) -> bool {
        let file = paths::fold(file);
        self.files.contains_key(&file) || self.folders.contains(&file)
    }

    /// True if a file of the site is where a folder of this path has to be.
    pub(super) fn is_blocked(&self, file: &str) -> bool {
        above(&paths::fold(file)).any(|folder| self.files.contains_key(folder))
    }

    /// The address of a year or month, else of the archive.
    pub(super) fn span(&self, path: &str) -> String {
        let has_page = self.files.contains_key(&format!("{path}/index.html"));
        format!("{}/", if has_page { path } else { "archive" })
    }

    /// The slug of the term that an import makes of a name; `None` if it makes none or several, or
    /// if the term has no page.
    pub(super) fn slug(&self, taxonomy: usize, name: &str, config: &Config) -> Option<&str> {
        let changes = &mut Vec::new();
        let items = terms::split(&clean::clean(name, changes), changes);
        let found = terms::terms(items, &config.import.placeholders, changes);
        let [term] = &found[..] else { return None };
        self.slugs.get(&(taxonomy, term_key(term))).map(String::as_str)
    }
}

/// The folders above a file.
fn above(file: &str) -> impl Iterator<Item = &str> {
    file.match_indices('/').map(|(end, _)| &file[..end])
}

fn slugs(site: &Site) -> HashMap<(usize, String), String> {
    let mut found = HashMap::new();
    for at in site.all_terms() {
        let term = site.term(at);
        if !term.has_page {
            continue;
        }
        let aliases = term.aliases.iter().map(|alias| term_key(alias));
        for key in aliases.chain([term.key.clone()]) {
            found.insert((at.taxonomy, key), term.slug.clone());
        }
    }
    found
}
