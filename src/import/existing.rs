//! Indexes the articles that the digest has already, and the addresses and file names that are
//! taken.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::Path;

use rayon::prelude::*;

use crate::config::Config;
use crate::fs::Root;
use crate::hygiene::near_duplicates::excerpt::{NearDuplicates, Signature};
use crate::import::article_file::{IMPORTED, POST, RECORD, SITE};
use crate::import::fetched::FETCHED;
use crate::import::generator::translation;
use crate::import::known::{Existing, KnownArticles};
use crate::import::languages::Languages;
use crate::import::old_site;
use crate::import::same_news::Said;
use crate::link::Link;
use crate::load::article::{self, Article};
use crate::load::bundle::is_picture;
use crate::load::date::{self, Date};
use crate::load::{source, theme, walk};
use crate::paths::fold;
use crate::slug;
use crate::yaml::Node;

/// Pages at the top of every site that no alias can be.
const ROOT_PAGES: [&str; 2] = ["404.html", "index.html"];

/// What has an address that an article should have as its alias.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Taken {
    /// The article or page of a file, or an address below or above one of its own.
    By(String),
    /// An article.
    ByArticle,
    /// A page that every digest has.
    ByDigest,
    /// A file in `static/` or of the theme.
    ByStaticFile,
}

/// The articles of the digest, and the addresses and file names that are taken.
#[derive(Debug, Default)]
pub struct ExistingArticles {
    /// The articles by link and by words.
    pub known: KnownArticles,
    /// Old addresses and the paths of pages, folded, each with the file that it belongs to.
    aliases: BTreeMap<String, String>,
    /// The folded paths of static files of the digest and of the theme.
    files: HashSet<String>,
    /// The ids in feeds that articles name, each with the file of the article.
    feed_ids: HashMap<String, String>,
    /// The slugs of all articles, behind the prefix of their language (`en/`). In the default
    /// language, those of the names of translations are among them.
    pub(super) slugs: HashSet<String>,
    /// The files of all articles, folded.
    pub(super) articles: HashSet<String>,
    /// The languages of the digest.
    pub(super) languages: Languages,
    /// Whether the date before a file's name is part of its slug.
    pub(super) date_in_slug: bool,
    /// The articles by title and first sentences.
    pub near_duplicates: NearDuplicates,
    /// The identities of the articles for `newsprint fetch`.
    pub fetched: Vec<Identity>,
}

/// What says that an article is an entry of a source.
#[derive(Debug, Clone, Default)]
pub struct Identity {
    /// The id of the entry (`extra.id`).
    pub id: Option<String>,
    /// The link.
    pub link: Option<Link>,
    /// The title.
    pub title: String,
    /// The date.
    pub date: Option<Date>,
    /// The name of the publisher.
    pub source: String,
    /// True if the article was fetched.
    pub is_fetched: bool,
}

/// Name under `extra` of the id of an entry of a source.
const ID: &str = "id";

/// Bytes of a text from which its first sentences are taken.
const MAX_LEAD_BYTES: usize = 3000;

/// Reads the front matter and the first sentences of an article. An import needs no more, and
/// digests are large.
fn read_lead(root: &Root, file: &str, config: &Config) -> Option<Article> {
    let mut source = source::read(root, file, config.limits.file_bytes).ok()?;
    let mut end = source.text.len().min(source.body + MAX_LEAD_BYTES);
    while !source.text.is_char_boundary(end) {
        end -= 1;
    }
    source.text.truncate(end);
    article::parse_article(&source, config).0.map(|(article, _)| article)
}

impl ExistingArticles {
    /// Reads the articles and pages of the digest and lists its static files.
    #[must_use]
    pub fn read(root: &Path, config: &Config) -> Self {
        let (files, _) = walk::markdown_files(root, "content/articles", config.links);
        let folder = Root::open(root, config.links);
        let read: Vec<_> = files.par_iter().map(|file| read_lead(&folder, file, config)).collect();
        let mut known = Self {
            date_in_slug: config.date_in_slug,
            articles: files.iter().map(|file| fold(file)).collect(),
            languages: Languages::of(config),
            ..Self::default()
        };
        let mut broken = Vec::new();
        for (file, article) in files.iter().zip(read) {
            let Some(article) = article else {
                broken.push(file);
                continue;
            };
            let prefix = known.prefix_of(file);
            known.slugs.insert(format!("{prefix}{}", slug::article(&article.slug)));
            let text = |name: &str| article.extra.get(name).and_then(Node::text).map(str::to_owned);
            let signature = Signature::of(&article.title, &article.excerpt);
            known.near_duplicates.add(file, &article.title, signature);
            known.fetched.push(Identity {
                id: text(ID),
                link: article.link.clone(),
                title: article.title.clone(),
                date: article.date,
                source: article.source.clone(),
                is_fetched: article.extra.get(FETCHED).is_some(),
            });
            let (record, imported, post) = (text(RECORD), text(IMPORTED), text(POST));
            let site = text(SITE).filter(|_| post.is_some());
            let translation =
                translation::FIELDS.iter().find_map(|name| Some(((*name).to_owned(), text(name)?)));
            let names = match article.extra.get("aliases") {
                Some(Node::List(items)) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
                _ => Vec::new(),
            };
            for alias in &article.aliases {
                known.aliases.entry(fold(alias)).or_insert_with(|| file.clone());
            }
            let has_event = article.event.is_some();
            let source = article.source.clone();
            let feed_id = article.feed_id.map(|found| found.id);
            if let Some(id) = &feed_id {
                known.feed_ids.entry(id.clone()).or_insert_with(|| file.clone());
            }
            let Article { title, date, link, aliases, slug, authorship, .. } = article;
            let said = Said { title, date, link, signature, record, authorship };
            let slug = slug::article(&slug);
            let host = feed_id.as_deref().and_then(old_site::host_of_id);
            let of_this_run = None;
            known.known.add(Existing {
                file: file.clone(),
                imported,
                said,
                aliases,
                feed_id,
                slug,
                post,
                site,
                translation,
                host,
                names,
                has_event,
                source,
                of_this_run,
            });
        }
        known.add_pages_and_static_files(root, config);
        // A file with an error still has its name, its link and its hash.
        for file in broken {
            let read = folder.read(file, config.limits.file_bytes as u64);
            let Ok(bytes) = read else { continue };
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
                known.known.add_unread(file, &identity);
            }
        }
        let languages = known.languages.clone();
        known.slugs.extend(files.iter().filter_map(|file| {
            let (file, _) = languages.split(file);
            let stem = Path::new(&file).file_stem()?.to_str()?;
            let name = date::file_prefix(stem, config.timezone).map_or(stem, |(_, rest)| rest);
            Some(slug::article(if config.date_in_slug { stem } else { name }))
        }));
        known
    }

    /// Adds the other addresses of the site: of pages, their old addresses, and of static files.
    fn add_pages_and_static_files(&mut self, root: &Path, config: &Config) {
        let (pages, _) = walk::markdown_files(root, "content/pages", config.links);
        let folder = Root::open(root, config.links);
        for file in pages {
            let page = source::read(&folder, &file, config.limits.file_bytes).ok();
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

    /// True if a static file has the path of an alias, or of its `index.html`, or of one of its
    /// folders.
    fn collides_with_a_static_file(&self, path: &str) -> bool {
        let folders = || path.match_indices('/').map(|(at, _)| &path[..at]);
        self.files.contains(path)
            || self.files.contains(&format!("{path}/index.html"))
            || folders().any(|folder| self.files.contains(folder))
    }

    /// Splits the aliases of a draft into those that `file` can have, and those that collide with
    /// another page or file, each with what has it. The former are taken from now on. An alias that
    /// is the address of the article itself is left out. `own` is the slug of the article.
    pub fn free_aliases(
        &mut self,
        aliases: Vec<String>,
        (file, own): (&str, &str),
        config: &Config,
    ) -> (Vec<String>, Vec<(String, Taken)>) {
        let (mut free, mut refused) = (Vec::new(), Vec::new());
        let own = format!("{}articles/{own}", self.prefix_of(file));
        for alias in aliases {
            let path = fold(&alias);
            if path == own {
                continue;
            }
            match self.owner(&path, file, config) {
                Some(taken) => refused.push((alias, taken)),
                // The same address in other letters is one page.
                None if free.iter().any(|known: &String| fold(known) == path) => {
                    refused.push((alias, Taken::By(file.to_owned())));
                }
                None => {
                    let (prefix, inner) = self.languages.split_address(&path);
                    self.slugs.extend(inner.strip_prefix("articles/").map(|slug| format!("{prefix}{slug}")));
                    self.aliases.insert(path, file.to_owned());
                    free.push(alias);
                }
            }
        }
        (free, refused)
    }

    /// Takes an id in feeds for the article of a file. Returns the file of the article that has it
    /// already.
    pub fn take_feed_id(&mut self, id: &str, file: &str) -> Option<String> {
        let owner = self.feed_ids.entry(id.to_owned()).or_insert_with(|| file.to_owned());
        (owner != file).then(|| owner.clone())
    }

    /// What has the folded path of an alias of `file` already, or a path that cannot be beside it;
    /// `None` if it is free.
    fn owner(&self, path: &str, file: &str, config: &Config) -> Option<Taken> {
        let (prefix, inner) = self.languages.split_address(path);
        let first = inner.split('/').next().unwrap_or_default();
        let of_articles = inner.strip_prefix("articles/");
        let is_root_file = first == path && first.contains('.') && !path.ends_with(".html");
        let is_reserved = crate::config::is_taken(first, &config.taxonomies) && of_articles.is_none()
            || inner.is_empty()
            || ROOT_PAGES.contains(&inner)
            || is_root_file
            || is_of_editions(inner)
            || is_below_a_page(path)
            // An article has or gets pictures there.
            || of_articles.is_some_and(is_picture);
        if is_reserved {
            return Some(Taken::ByDigest);
        }
        let is_article = |slug| self.slugs.contains(&format!("{prefix}{slug}"));
        if of_articles.is_some_and(is_article) && !self.is_of(path, file) {
            return Some(Taken::ByArticle);
        }
        if self.collides_with_a_static_file(path) {
            return Some(Taken::ByStaticFile);
        }
        let is_file = |path: &str| path.ends_with(".html");
        // A page is a file in the folder of its address, except one that ends in `.html`: nothing
        // can be below that.
        let below = || self.aliases.range(format!("{path}/")..format!("{path}0")).next();
        let above = path.match_indices('/').map(|(at, _)| &path[..at]).filter(|above| is_file(above));
        let above = above.filter_map(|above| self.aliases.get(above)).next();
        let nested = above.or_else(|| below().filter(|_| is_file(path)).map(|(_, owner)| owner));
        let same = self.aliases.get(path).filter(|owner| *owner != file);
        same.or(nested).map(|owner| Taken::By(owner.clone()))
    }

    fn is_of(&self, path: &str, file: &str) -> bool {
        self.aliases.get(path).is_some_and(|owner| owner == file)
    }

    /// What the addresses of the language of an article's file begin with.
    pub(super) fn prefix_of(&self, file: &str) -> &str {
        self.languages.prefix(self.languages.split(file).1)
    }
}

/// True if one of the folders of a path is called `index.html`, as the file of a page is.
fn is_below_a_page(path: &str) -> bool {
    path.rsplit_once('/').is_some_and(|(folders, _)| folders.split('/').any(|folder| folder == "index.html"))
}

/// True if an edition can have this path: `2024`, `2024/05`, `2024/w20`, `2024/05/13`.
fn is_of_editions(path: &str) -> bool {
    let is_number = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let mut parts = path.split('/');
    parts.next().is_some_and(is_number) && parts.all(|part| is_number(part.strip_prefix('w').unwrap_or(part)))
}
