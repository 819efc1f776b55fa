//! Compares what one language leads to in another one: successors of expired articles, and old
//! addresses. Paths begin at the root of the site here.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::load::schedule::Successor;
use crate::load::{Article, Content};
use crate::paths::composed;
use crate::site::expired::{self, path};
use crate::site::language_paths::language_of_path;
use crate::site::part::Part;
use crate::slug;

/// The paths of the pages of a language.
#[derive(Default)]
struct Pages {
    /// Pages that exist: of articles, expired ones included, and of `content/pages`.
    there: HashSet<String>,
    /// Pages of articles that are published later.
    later: HashSet<String>,
}

/// The content that a language is made from: a converted one is made from that of the first.
fn content_of<'p>(parts: &'p [Part], at: usize, config: &Config) -> &'p Content {
    &parts[if config.languages[at].converted.is_some() { 0 } else { at }].content
}

/// Reports successors in another language that do not exist, by the rules for those of the same
/// language: an error before an article expires; afterwards a warning, and its page has a notice.
pub(super) fn check_successors(parts: &mut [Part], config: &Config) -> Vec<Diagnostic> {
    let pages: Vec<Pages> = (0..parts.len())
        .map(|at| {
            let content = content_of(parts, at, config);
            let articles = content.articles.iter().map(|(article, _)| article).chain(&content.expired);
            let pages = content.pages.iter().map(|(page, _)| slug::page(&page.path));
            Pages {
                there: articles.map(|article| path(article)).chain(pages).collect(),
                later: content.scheduled.iter().map(|article| path(article)).collect(),
            }
        })
        .collect();
    let mut diagnostics = Vec::new();
    for (at, part) in parts.iter_mut().enumerate() {
        let missing = |article: &Article, counts_later: bool| {
            let successor = article.schedule.as_ref()?.expires_to.as_ref()?;
            let Successor::Page { path, written, place } = successor else { return None };
            let (target, path) = language_of_path(path, config);
            let pages = &pages[target];
            // Lists and terms are left to the check of links.
            let is_known = !path.starts_with("articles/")
                || pages.there.contains(&*composed(path))
                || counts_later && pages.later.contains(&*composed(path));
            (target != at && !is_known).then(|| (written.clone(), place.clone()))
        };
        let Content { articles, scheduled, expired, .. } = &mut part.content;
        for article in articles.iter().map(|(article, _)| article).chain(&*scheduled) {
            if let Some((written, place)) = missing(article, true).filter(|_| !article.draft) {
                diagnostics.push(Diagnostic::error(no_page(&written)).at(place).help(help()));
            }
        }
        for article in expired {
            if let Some((written, place)) = missing(article, false) {
                diagnostics.push(Diagnostic::warning(no_page(&written)).at(place).help(help()));
                if let Some(schedule) = &mut Arc::make_mut(article).schedule {
                    schedule.expires_to = None;
                }
            }
        }
    }
    diagnostics
}

fn no_page(written: &str) -> String {
    tr!("this digest has no page or feed at `{}`", written)
}

fn help() -> String {
    tr!("write the address of a page or feed of this digest as a browser shows it, or remove the line")
}

/// The errors for old addresses at which another language will have an article later.
pub(super) fn taken_later(parts: &[Part], config: &Config) -> Vec<Diagnostic> {
    let mut due: HashMap<String, (usize, &Arc<Article>)> = HashMap::new();
    for (at, site) in config.languages.iter().enumerate() {
        for article in &content_of(parts, at, config).scheduled {
            due.insert(format!("{}{}", site.prefix, path(article)), (at, article));
        }
    }
    let mut diagnostics = Vec::new();
    if due.is_empty() {
        return diagnostics;
    }
    for (at, part) in parts.iter().enumerate() {
        let Content { articles, scheduled, .. } = &part.content;
        for article in articles.iter().map(|(article, _)| article).chain(scheduled) {
            for alias in &article.aliases {
                let found = due.get_key_value(&*composed(alias.trim_matches('/')));
                // That of the same language is found with its site.
                if let Some((path, (_, later))) = found.filter(|(_, (language, _))| *language != at) {
                    diagnostics.push(expired::taken_later(article, path, later));
                }
            }
        }
    }
    diagnostics
}
