//! Divides the content of a digest by the languages of its readers.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::config::{Config, LANGUAGE_FOLDERS, Language, LanguageOfFile};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::schedule::Successor;
use crate::load::{Article, Content};
use crate::paths::composed;
use crate::site::across;
use crate::site::language_paths::{self as paths, below, language_of_path};
use crate::site::part::{Part, identity};
use crate::site::shared_pictures;

/// Tags of languages that have no interface, and that names of files may end in.
const COMMON_LANGUAGES: [&str; 10] = ["ja", "ko", "fr", "de", "es", "ru", "pt", "it", "vi", "id"];

/// Divides the content by language; a digest of one language is one part. The counts and drafts
/// stay with the first part.
#[must_use]
pub fn divide(mut content: Content, config: &Config) -> (Vec<Part>, Vec<Diagnostic>) {
    if config.languages.is_empty() {
        let diagnostics = untagged_translations(&content, config);
        return (vec![Part { config: config.clone(), content }], diagnostics);
    }
    let mut parts: Vec<Part> = (0..config.languages.len())
        .map(|at| Part {
            config: config.in_language(at),
            content: Content {
                registry: content.registry.clone(),
                agenda: content.agenda.clone(),
                validity: content.validity,
                ..Content::default()
            },
        })
        .collect();
    let mut places = Places::new(config);
    for parsed in content.articles {
        let Some(at) = places.part_of(&parsed.0.file, &parsed.0.slug_place) else { continue };
        parts[at].content.articles.push(parsed);
    }
    for page in content.pages {
        let Some(at) = places.part_of(&page.0.file, &page.0.slug_place) else { continue };
        parts[at].content.pages.push(page);
    }
    for article in content.scheduled {
        let Some(at) = places.part_of(&article.file, &article.slug_place) else { continue };
        parts[at].content.scheduled.push(article);
    }
    for article in content.expired {
        let Some(at) = places.part_of(&article.file, &article.slug_place) else { continue };
        parts[at].content.expired.push(article);
    }
    let mut diagnostics = places.diagnostics;
    let first = &mut parts[0].content;
    (first.drafts, first.draft_articles) = (content.drafts, content.draft_articles);
    first.draft_pages = content.draft_pages;
    for (at, entry) in paths::entries(std::mem::take(&mut content.redirects), config) {
        parts[at].content.redirects.push(entry);
    }
    diagnostics.extend(across::check_successors(&mut parts, config));
    diagnostics.extend(across::taken_later(&parts, config));
    for (at, part) in parts.iter_mut().enumerate() {
        let Content { articles, scheduled, expired, .. } = &mut part.content;
        let all = articles.iter_mut().map(|(article, _)| article).chain(scheduled).chain(expired);
        all.for_each(|article| set_paths(article, at, config));
        for (page, _) in &mut part.content.pages {
            page.aliases.iter_mut().for_each(|alias| *alias = below(alias, at, config));
        }
    }
    for at in 1..parts.len() {
        let (before, rest) = parts.split_at_mut(at);
        match config.languages[at].converted.is_some() {
            true => copy(&before[0].content, &mut rest[0].content),
            false if config.languages[at].shows_untranslated => {
                add_untranslated(&before[0].content, &mut rest[0].content, config);
            }
            false => {}
        }
    }
    shared_pictures::share(&mut parts, content.pictures, config);
    (parts, diagnostics)
}

/// Finds the part of each source.
struct Places<'c> {
    config: &'c Config,
    /// The sources by language and path without it.
    known: HashMap<(usize, String), String>,
    /// Folders that have had their warning.
    warned_folders: HashSet<String>,
    diagnostics: Vec<Diagnostic>,
}

impl<'c> Places<'c> {
    fn new(config: &'c Config) -> Self {
        Self { config, known: HashMap::new(), warned_folders: HashSet::new(), diagnostics: Vec::new() }
    }

    /// The place of a source's language; `None` for one that is an error.
    fn part_of(&mut self, file: &str, place: &Place) -> Option<usize> {
        let LanguageOfFile { at, neutral } = self.config.language_of(file);
        let site = &self.config.languages[at];
        let tag = site.language.tag();
        if site.converted.is_some() {
            let message =
                tr!("this file is in {tag}, whose texts are converted from the first language", tag);
            let help =
                tr!("remove the file, or `convert` from `{tag}` in `languages:` of newsprint.yaml", tag);
            self.diagnostics.push(Diagnostic::error(message).at(Place::file(file)).help(help));
            return None;
        }
        self.diagnostics.extend(undeclared(file, &neutral));
        if let Some(folder) = undeclared_folder(&neutral)
            && self.warned_folders.insert(folder.to_owned())
        {
            self.diagnostics.push(warn_of_folder(folder, file));
        }
        let known = self.known.entry((at, composed(&neutral).into_owned()));
        let other = known.or_insert_with(|| file.to_owned());
        if other != file {
            let first = self.config.languages[0].language.tag();
            let message = tr!("this is the same article in {tag} as {other}", tag, other);
            let help = tr!(
                "a file without a language in its name is in {first}, the first of `languages:`; the others have names such as `a.en.md`",
                first
            );
            self.diagnostics.push(Diagnostic::error(message).at(place.clone()).help(help));
            return None;
        }
        Some(at)
    }
}

/// Copies what a language has that is converted from the first one.
fn copy(first: &Content, to: &mut Content) {
    to.articles.clone_from(&first.articles);
    to.pages.clone_from(&first.pages);
    to.scheduled.clone_from(&first.scheduled);
    to.expired.clone_from(&first.expired);
    // Old addresses and ids lead to the first language.
    let articles = to.articles.iter_mut().map(|(article, _)| article).chain(&mut to.expired);
    for article in articles.filter(|article| !article.aliases.is_empty() || article.feed_id.is_some()) {
        let article = Arc::make_mut(article);
        article.aliases.clear();
        article.feed_id = None;
    }
    for (page, _) in &mut to.pages {
        page.aliases.clear();
    }
}

/// Adds the articles of the first language that a language has no translation of.
fn add_untranslated(first: &Content, to: &mut Content, config: &Config) {
    let own = to.articles.iter().map(|(article, _)| article).chain(&to.scheduled).chain(&to.expired);
    let own: HashSet<String> = own.map(|article| identity(&article.file, config)).collect();
    let others = first.articles.iter().filter(|(article, _)| !own.contains(&identity(&article.file, config)));
    to.untranslated.extend(others.cloned());
}

/// Rewrites the paths of an article that begin at the root of the site, so that they begin at the
/// home page of its language.
fn set_paths(article: &mut Arc<Article>, at: usize, config: &Config) {
    if at > 0 && !article.aliases.is_empty() {
        let article = Arc::make_mut(article);
        article.aliases.iter_mut().for_each(|alias| *alias = below(alias, at, config));
    }
    let successor = article.schedule.as_ref().and_then(|schedule| schedule.expires_to.as_ref());
    let Some(Successor::Page { path, written, place }) = successor else { return };
    let (target, path) = language_of_path(path, config);
    let changed = if target == at {
        Successor::Page { path: path.to_owned(), written: written.clone(), place: place.clone() }
    } else {
        let root = config.root_url();
        let is_file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        let end = if is_file || path.is_empty() { "" } else { "/" };
        let url = config.in_language(target).base_url.absolute(&format!("/{path}{end}"));
        let host = root.origin.split_once("://").map_or(&*root.origin, |(_, host)| host);
        Successor::Url { url, host: host.to_owned() }
    };
    if Some(&changed) != successor
        && let Some(schedule) = &mut Arc::make_mut(article).schedule
    {
        schedule.expires_to = Some(changed);
    }
}

/// The warning for a file whose name ends in the tag of a language that the digest does not declare.
fn undeclared(file: &str, neutral: &str) -> Option<Diagnostic> {
    let (_, tag) = neutral.strip_suffix(".md")?.rsplit_once('.')?;
    let is_common = COMMON_LANGUAGES.contains(&&*tag.to_ascii_lowercase());
    (is_common || Language::parse(tag).is_some()).then(|| {
        let message = tr!("`{tag}` in the name of this file is not one of `languages:`", tag);
        let help = match Language::parse(tag) {
            Some(_) => tr!("add it to `languages:` in newsprint.yaml, or rename the file"),
            None => tr!("rename the file: a site can be in zh-CN, zh-TW, zh-HK and en"),
        };
        Diagnostic::warning(message).at(Place::file(file)).help(help)
    })
}

/// The folder of a source if its name is the tag of a language that the digest does not declare, where
/// a language has its folder. `neutral` is the path without a declared language.
fn undeclared_folder(neutral: &str) -> Option<&str> {
    let start = LANGUAGE_FOLDERS.iter().find(|folder| neutral.starts_with(**folder))?.len();
    let (tag, rest) = neutral[start..].split_once('/')?;
    // Else it is the folder of an article with this name.
    let is_of_language = rest != "index.md" && Language::parse(tag).is_some();
    is_of_language.then(|| &neutral[..start + tag.len()])
}

/// The warning for a folder, placed at the first file in it.
fn warn_of_folder(folder: &str, file: &str) -> Diagnostic {
    let message = tr!("`{folder}/` has the name of a language that is not one of `languages:`", folder);
    let help = tr!("add it to `languages:` in newsprint.yaml, or rename the folder");
    Diagnostic::warning(message).at(Place::file(file)).help(help)
}

/// The warnings for files beside `a.md` with the tag of a language in their names, or in a folder with
/// such a name, in a digest without `languages:`.
fn untagged_translations(content: &Content, config: &Config) -> Vec<Diagnostic> {
    let files: HashSet<&str> = content.articles.iter().map(|(article, _)| article.file.as_str()).collect();
    let original = |file: &str| {
        let (stem, tag) = file.strip_suffix(".md")?.rsplit_once('.')?;
        let is_other = Language::parse(tag).is_some_and(|language| language != config.language);
        is_other.then(|| format!("{stem}.md"))
    };
    let translations = files.iter().filter(|file| original(file).is_some_and(|it| files.contains(&*it)));
    let mut translations: Vec<&&str> = translations.collect();
    translations.sort_unstable();
    let mut warnings: Vec<_> = translations.into_iter().filter_map(|file| undeclared(file, file)).collect();
    let mut folders: Vec<(&str, &str)> = files
        .iter()
        .filter_map(|&file| {
            let (start, rest) = file.split_at(undeclared_folder(file)?.len());
            let (above, _) = start.rsplit_once('/')?;
            files.contains(&*format!("{above}{rest}")).then_some((start, file))
        })
        .collect();
    folders.sort_unstable();
    folders.dedup_by_key(|(folder, _)| *folder);
    warnings.extend(folders.into_iter().map(|(folder, file)| warn_of_folder(folder, file)));
    warnings
}
