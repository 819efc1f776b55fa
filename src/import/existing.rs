//! What the digest holds already: which articles, under which names.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::config::Config;
use crate::fingerprint::Fingerprint;
use crate::hygiene::near_duplicates::excerpt::{NearDuplicates, Signature};
use crate::import::article_file::{IMPORTED, RECORD};
use crate::import::draft::Draft;
use crate::link::Link;
use crate::load::article::{self, Article};
use crate::load::date::{self, Date};
use crate::load::{source, theme, walk};
use crate::paths::fold;
use crate::slug;
use crate::yaml::Node;

/// Characters and bytes of a title in a file's name: enough to find it again, and room for a date and a hash in 200 bytes.
const NAME: (usize, usize) = (40, 120);

/// An article of the digest.
#[derive(Debug, Clone)]
pub struct Existing {
    /// Its file.
    pub file: String,
    /// The hash in it, if import wrote it.
    pub imported: Option<String>,
    /// Its date.
    pub date: Option<Date>,
    /// Its link.
    pub link: Option<Link>,
    /// Its title.
    pub title: String,
    /// What its text is compared by.
    pub signature: Option<Signature>,
}

/// All of them.
#[derive(Debug, Default)]
pub struct ExistingArticles {
    /// By canonical link.
    linked: HashMap<String, Existing>,
    /// Without a link, by the hash of title and text.
    linkless: HashMap<String, Existing>,
    /// The hashes of titles and texts of articles that have a link.
    words: HashSet<String>,
    /// Old addresses and whose they are, and the paths of pages.
    aliases: BTreeMap<String, String>,
    /// Static files of the digest and of the theme.
    files: HashSet<String>,
    slugs: HashSet<String>,
    /// By title and first sentences.
    pub near_duplicates: NearDuplicates,
}

/// Bytes of a text that its first sentences are looked for in.
const BEGINNING: usize = 3000;

/// An article by its front matter and first sentences: an import needs no more, and digests are large.
fn beginning(root: &Path, file: &str, config: &Config) -> Option<Article> {
    let mut source = source::read(root, file, config.limits.file_bytes).ok()?;
    let mut end = source.text.len().min(source.body + BEGINNING);
    while !source.text.is_char_boundary(end) {
        end -= 1;
    }
    source.text.truncate(end);
    article::parse_article(&source, config).0.map(|(article, _)| article)
}

impl ExistingArticles {
    /// Reads the digest.
    #[must_use]
    pub fn of(root: &Path, config: &Config) -> Self {
        let (files, _) = walk::markdown_files(root, "content/articles", config.links);
        let read: Vec<_> = files.par_iter().map(|file| beginning(root, file, config)).collect();
        let mut known = Self::default();
        let mut broken = Vec::new();
        for (file, article) in files.iter().zip(read) {
            let Some(article) = article else {
                broken.push(file);
                continue;
            };
            known.slugs.insert(slug::article(&article.slug));
            let text = |name: &str| article.extra.get(name).and_then(Node::text).map(str::to_owned);
            let signature = Signature::of(&article.title, &article.excerpt);
            known.near_duplicates.add(file, &article.title, signature);
            let canonical = article.link.as_ref().map(|link| link.canonical.clone());
            let (record, imported) = (text(RECORD), text(IMPORTED));
            let existing = Existing {
                file: file.clone(),
                imported,
                date: article.date,
                link: article.link,
                title: article.title,
                signature,
            };
            for alias in &article.aliases {
                known.aliases.entry(fold(alias)).or_insert_with(|| file.clone());
            }
            match (canonical, record) {
                (Some(link), record) => {
                    known.linked.entry(link).or_insert(existing);
                    known.words.extend(record);
                }
                (None, Some(record)) => {
                    known.linkless.entry(record).or_insert(existing);
                }
                (None, None) => {}
            }
        }
        known.look_around(root, config);
        // A file with a mistake in it still has its name, its link and its hash.
        for file in broken {
            let Ok(bytes) = fs::read(root.join(file)) else { continue };
            for line in String::from_utf8_lossy(&bytes).lines().take(200) {
                let Some((name, value)) = line.split_once(':') else { continue };
                let value = value.trim().trim_matches(['"', '\'']);
                let identity = if name.trim() == RECORD {
                    value.to_owned()
                } else if let Ok(link) = crate::link::parse(value) {
                    link.canonical
                } else {
                    continue;
                };
                let unread = Existing {
                    file: file.clone(),
                    imported: None,
                    date: None,
                    link: None,
                    title: String::new(),
                    signature: None,
                };
                known.linkless.entry(identity.clone()).or_insert_with(|| unread.clone());
                known.linked.entry(identity).or_insert(unread);
            }
        }
        known.slugs.extend(files.iter().filter_map(|file| {
            let stem = Path::new(file).file_stem()?.to_str()?;
            let name = date::file_prefix(stem, config.timezone).map_or(stem, |(_, rest)| rest);
            Some(slug::article(name))
        }));
        known
    }

    /// What else there is at addresses of the site: pages, their old addresses, static files.
    fn look_around(&mut self, root: &Path, config: &Config) {
        let (pages, _) = walk::markdown_files(root, "content/pages", config.links);
        for file in pages {
            let page = source::read(root, &file, config.limits.file_bytes).ok();
            let page = page.and_then(|source| article::parse_page(&source, config).0).map(|(page, _)| page);
            let by_name = || file.trim_start_matches("content/pages/").trim_end_matches(".md").to_owned();
            let (path, aliases) =
                page.map_or_else(|| (by_name(), Vec::new()), |page| (page.path, page.aliases));
            for path in aliases.into_iter().chain([slug::page(&path)]) {
                self.aliases.entry(fold(&path)).or_insert_with(|| file.clone());
            }
        }
        let (files, _) = walk::files(root, "static", config.links);
        let own = files.iter().filter_map(|file| file.strip_prefix("static/"));
        self.files = own.map(fold).chain(theme::static_names().iter().map(|name| fold(name))).collect();
    }

    /// Does a static file stand where an alias would, or a folder of it?
    fn is_in_the_way_of_files(&self, path: &str) -> bool {
        let folders = || path.match_indices('/').map(|(at, _)| &path[..at]);
        self.files.contains(path)
            || self.files.contains(&format!("{path}/index.html"))
            || folders().any(|folder| self.files.contains(folder))
    }

    /// The article that a draft is about. One that has no link yet may get it, from one draft only.
    pub fn get(&mut self, draft: &Draft) -> Option<Existing> {
        let hash = draft.hash.to_string();
        match &draft.link {
            Some(link) => self.linked.get(&link.canonical).cloned().or_else(|| self.linkless.remove(&hash)),
            None => self.linkless.get(&hash).cloned(),
        }
    }

    /// Is there an article with the same title and text and a link, which this draft has lost?
    #[must_use]
    pub fn has_words(&self, draft: &Draft) -> bool {
        draft.link.is_none() && self.words.contains(&draft.hash.to_string())
    }

    /// Takes note of an article's words.
    pub fn add_words(&mut self, draft: &Draft) {
        if draft.link.is_some() {
            self.words.insert(draft.hash.to_string());
        }
    }

    /// Splits a draft's aliases into those that `file` can have and those that would stand in another page's way.
    pub fn free_aliases(
        &mut self,
        aliases: Vec<String>,
        file: &str,
        config: &Config,
    ) -> (Vec<String>, Vec<String>) {
        let mut own = HashSet::new();
        aliases.into_iter().partition(|alias| {
            let path = fold(alias);
            let first = path.split('/').next().unwrap_or_default();
            let is_root_file = first == path && first.contains('.');
            let is_ours = crate::config::is_taken(first, &config.taxonomies)
                || is_of_editions(&path)
                || is_below_a_page(&path);
            // A folder below a file, or a file where a folder stands.
            let nested = self.aliases.range(format!("{path}/")..format!("{path}0")).next().is_some()
                || path.match_indices('/').any(|(at, _)| self.aliases.contains_key(&path[..at]));
            let free = !is_root_file
                && !is_ours
                && !nested
                && !self.is_in_the_way_of_files(&path)
                && own.insert(path.clone())
                && self.aliases.get(&path).is_none_or(|owner| owner == file);
            if free {
                self.aliases.insert(path, file.to_owned());
            }
            free
        })
    }

    /// A file name whose URL is not taken: the title, and a part of the identity's hash where another has it. At most
    /// 200 bytes, and different from all others on disks that ignore case.
    pub fn free_name(&mut self, draft: &Draft, identity: &str, date: Option<Date>) -> String {
        // The article's own name becomes its address; `slug:` would do the same, but not find a free one.
        let own = draft.slug.as_deref().or(draft.name.as_deref());
        let mut short: String = own.map_or_else(
            || draft.title.chars().take(NAME.0).collect(),
            |own| own.chars().take(NAME.1).collect(),
        );
        while short.len() > NAME.1 {
            short.pop();
        }
        // Folding may make a character several.
        let mut slug = slug::article(&short);
        while slug.len() > NAME.1 || slug.ends_with('-') {
            slug.pop();
        }
        // A name that begins like a date would date an article that has none.
        let base = if date::looks_like_prefix(&slug) { format!("article-{slug}") } else { slug };
        let hash = Fingerprint::of_bytes(identity.as_bytes()).to_string();
        let hashed = (1..=8).map(|quarter| format!("{base}-{}", &hash[..4 * quarter]));
        let counted = (2..).map(|n: usize| format!("{base}-{hash}-{n}"));
        let mut names = std::iter::once(base.clone()).chain(hashed).chain(counted);
        let name = names.find(|name| self.slugs.insert(name.clone())).unwrap_or(base);
        match date {
            Some(date) => format!("{}-{name}.md", date.at.format("%Y-%m-%d")),
            None => format!("{name}.md"),
        }
    }
}

/// Would a folder stand where a page does?
fn is_below_a_page(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(|folder| folder == "index.html"))
}

/// Could a year, month, week or day stand here: `2024`, `2024/05`, `2024/w20`, `2024/05/13`?
fn is_of_editions(path: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = path.split('/');
    parts.next().is_some_and(is_number) && parts.all(|part| is_number(part.strip_prefix('w').unwrap_or(part)))
}
