//! What the digest holds already: which articles, under which names.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::config::Config;
use crate::fingerprint::Fingerprint;
use crate::import::article_file::{IMPORTED, RECORD};
use crate::import::draft::Draft;
use crate::import::twins::{Signature, Twins};
use crate::link::Link;
use crate::load::article::{self, Article};
use crate::load::date::{self, Date};
use crate::load::{source, walk};
use crate::site::slug;
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
pub struct Known {
    articles: HashMap<String, Existing>,
    slugs: HashSet<String>,
    /// By title and first sentences.
    pub twins: Twins,
}

/// Bytes of a text that its first sentences are looked for in.
const BEGINNING: usize = 3000;

/// An article by its front matter and first sentences: an import needs no more, and digests are large.
fn beginning(root: &Path, file: &str, config: &Config) -> Option<Article> {
    let mut source = source::read(root, file).ok()?;
    let mut end = source.text.len().min(source.body + BEGINNING);
    while !source.text.is_char_boundary(end) {
        end -= 1;
    }
    source.text.truncate(end);
    article::article(&source, config).0.map(|(article, _)| article)
}

impl Known {
    /// Reads the digest.
    #[must_use]
    pub fn of(root: &Path, config: &Config) -> Self {
        let (files, _) = walk::markdown_files(root, "content/articles");
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
            known.twins.add(file, &article.title, signature);
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
            for identity in canonical.into_iter().chain(record) {
                known.articles.entry(identity).or_insert_with(|| existing.clone());
            }
        }
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
                known.articles.entry(identity).or_insert(unread);
            }
        }
        known.slugs.extend(files.iter().filter_map(|file| {
            let stem = Path::new(file).file_stem()?.to_str()?;
            let name = date::file_prefix(stem, config.timezone).map_or(stem, |(_, rest)| rest);
            Some(slug::article(name))
        }));
        known
    }

    /// The article with this identity.
    #[must_use]
    pub fn get(&self, identity: &str) -> Option<&Existing> {
        self.articles.get(identity)
    }

    /// A file name whose URL is not taken: the title, and a part of the identity's hash where another has it. At most
    /// 200 bytes, and different from all others on disks that ignore case.
    pub fn free_name(&mut self, draft: &Draft, identity: &str, date: Option<Date>) -> String {
        let written = draft.name.as_deref().or(draft.slug.as_deref()).unwrap_or(&draft.title);
        let mut short: String = written.chars().take(NAME.0).collect();
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
