//! `newsprint terms`: lists the terms of a digest and merges some into one, outside of any build.

mod edit;
mod proof;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;

use serde::Serialize;

use crate::check;
use crate::config::{self, Config, Taxonomy};
use crate::diagnostic::{self, Diagnostic, Place, nearest};
use crate::fs::atomic;
use crate::load::registry::{self, Entry};
use crate::output::Lock;
use crate::site::aliases::Naming;
use crate::slug::key::term_key;
use crate::text::invisible::visible;

/// The terms of a digest.
#[derive(Debug, Default, Serialize)]
pub struct List {
    /// Could the digest be read, and is nothing wrong with it?
    pub success: bool,
    /// By taxonomy, the most used first.
    pub terms: Vec<Listed>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
}

/// A term.
#[derive(Debug, Serialize)]
pub struct Listed {
    /// Its taxonomy.
    pub taxonomy: String,
    /// How it is shown.
    pub name: String,
    /// The last part of its page's address.
    pub slug: String,
    /// Of its page, for links; `None` if it has none.
    pub path: Option<String>,
    /// Articles that carry it.
    pub count: usize,
    /// Its other names in the registry.
    pub aliases: Vec<String>,
    /// What the registry says of it.
    pub description: Option<String>,
}

/// What a merge did.
#[derive(Debug, Default, Serialize)]
pub struct Merged {
    /// Was the registry changed, or did it say so already?
    pub success: bool,
    /// Names that were added to the aliases.
    pub added: Vec<String>,
    /// One sentence.
    pub message: String,
    /// What is wrong.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lists the terms of all taxonomies, or of one.
#[must_use]
pub fn list(root: &Path, config: &Config, mut diagnostics: Vec<Diagnostic>, only: Option<&str>) -> List {
    if let Some(wanted) = only.filter(|wanted| taxonomy(config, wanted).is_none()) {
        diagnostics.push(no_such_taxonomy(config, wanted));
        return List { diagnostics, ..List::default() };
    }
    let digest = check::read(root, config);
    diagnostics.extend(digest.diagnostics);
    diagnostic::sort(&mut diagnostics);
    let mut terms = Vec::new();
    for ((settings, all), entries) in
        config.taxonomies.iter().zip(digest.site.taxonomies).zip(digest.registry.taxonomies)
    {
        if only.is_some_and(|wanted| wanted != settings.name) {
            continue;
        }
        let by_key: HashMap<String, &Entry> =
            entries.iter().map(|entry| (term_key(&entry.name), entry)).collect();
        for term in all.terms {
            let entry = by_key.get(&term.key);
            let aliases = entry.map(|entry| entry.aliases.iter().map(|alias| alias.text.clone()).collect());
            terms.push(Listed {
                taxonomy: settings.name.clone(),
                path: term.path().map(str::to_owned),
                count: term.articles.len(),
                aliases: aliases.unwrap_or_default(),
                name: term.name,
                slug: term.slug,
                description: term.description,
            });
        }
    }
    List { success: !diagnostics.iter().any(Diagnostic::is_error), terms, diagnostics }
}

impl List {
    /// The list for people: a line a term.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = String::new();
        let mut taxonomy = "";
        for term in &self.terms {
            if term.taxonomy != taxonomy {
                taxonomy = &term.taxonomy;
                let gap = if text.is_empty() { "" } else { "\n" };
                let _ = writeln!(text, "{gap}{taxonomy}");
            }
            let also = if term.aliases.is_empty() {
                String::new()
            } else {
                format!("  (also {})", term.aliases.join(", "))
            };
            let _ = writeln!(text, "{:>6}  {}{also}", term.count, term.name);
        }
        visible(&text)
    }
}

fn taxonomy(config: &Config, name: &str) -> Option<usize> {
    config
        .taxonomies
        .iter()
        .position(|taxonomy| taxonomy.name == name || taxonomy.also.iter().any(|also| also == name))
}

fn no_such_taxonomy(config: &Config, name: &str) -> Diagnostic {
    let help = Taxonomy::suggest(name, &config.taxonomies);
    Diagnostic::error(format!("there is no taxonomy `{name}`")).help(help)
}

/// Makes terms aliases of another in `content/terms.yaml`, and leaves everything else in the file as it is.
#[must_use]
pub fn merge(
    root: &Path,
    config: &Config,
    mut diagnostics: Vec<Diagnostic>,
    (wanted, from, into): (&str, &[String], &str),
) -> Merged {
    // As the registry reads names: one line, no white space around it.
    let tidy = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    let from: Vec<String> = from.iter().map(|name| tidy(name)).collect();
    let into = tidy(into);
    let into = into.as_str();
    let failed = |mut diagnostics: Vec<Diagnostic>| {
        diagnostic::sort(&mut diagnostics);
        Merged { message: "newsprint: nothing was merged".to_owned(), diagnostics, ..Merged::default() }
    };
    let Some(at) = taxonomy(config, wanted) else {
        diagnostics.push(no_such_taxonomy(config, wanted));
        return failed(diagnostics);
    };
    let name = &config.taxonomies[at].name;
    // Two merges at once must not overwrite each other's work, and a build must not read what is half decided.
    let state = root.join(config::STATE);
    let mut lock = Lock::take(&state);
    // Another merge is done in a moment.
    for _ in 0..50 {
        if lock.is_ok() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(40));
        lock = Lock::take(&state);
    }
    let _lock = match lock {
        Ok(lock) => lock,
        Err(diagnostic) => {
            diagnostics.push(diagnostic);
            return failed(diagnostics);
        }
    };
    let digest = check::read(root, config);
    // What the file says wrong by itself; what a merge may mend (a slug that another term has) is no reason to refuse it.
    let mut broken: Vec<Diagnostic> = digest.registry_diagnostics.clone();
    for taxonomy in 0..config.taxonomies.len() {
        broken.extend(Naming::new(&digest.registry, taxonomy).1);
    }
    broken.retain(Diagnostic::is_error);
    if !broken.is_empty() {
        return failed(broken);
    }
    let path = root.join(registry::FILE);
    let source = match std::fs::read(&path) {
        Ok(bytes) => match String::from_utf8(bytes) {
            Ok(text) => text,
            Err(_) => {
                diagnostics.push(Diagnostic::error("this file is not UTF-8").at(Place::file(registry::FILE)));
                return failed(diagnostics);
            }
        },
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => {
            let message = format!("this file cannot be read: {error}");
            diagnostics.push(Diagnostic::error(message).at(Place::file(registry::FILE)));
            return failed(diagnostics);
        }
    };
    let used = |name: &str| digest.site.taxonomies[at].terms.iter().any(|term| term.key == term_key(name));
    let entries = &digest.registry.taxonomies[at];
    for from in
        from.iter().map(String::as_str).chain([into]).filter(|name| !name.trim().is_empty() && !used(name))
    {
        let known = entries.iter().any(|entry| {
            term_key(&entry.name) == term_key(from)
                || entry.aliases.iter().any(|alias| term_key(&alias.text) == term_key(from))
        });
        if !known {
            let names = digest.site.taxonomies[at].terms.iter().map(|term| term.name.as_str());
            let help = nearest(from, names).map_or_else(
                || "it goes into the registry all the same".to_owned(),
                |name| format!("did you mean `{name}`?"),
            );
            diagnostics
                .push(Diagnostic::warning(format!("no article carries `{from}` under {name}")).help(help));
        }
    }
    let edit = edit::Merge { taxonomy: name, registry: &digest.registry, index: at, from: &from, into };
    match edit.apply(&source, config) {
        Ok(edit::Edited { text, added }) => {
            if text != source
                && let Err(error) = write(&path, &text)
            {
                let message = format!("this file cannot be written: {error}");
                diagnostics.push(Diagnostic::error(message).at(Place::file(registry::FILE)));
                return failed(diagnostics);
            }
            let message = if added.is_empty() {
                format!("newsprint: {} says so already", registry::FILE)
            } else {
                format!("newsprint: {} now holds {} for {into}", registry::FILE, added.join(", "))
            };
            Merged { success: true, added, message, diagnostics }
        }
        Err(found) => {
            diagnostics.extend(found);
            failed(diagnostics)
        }
    }
}

/// Whole or not at all, with the file's permissions, and through a symbolic link to what it leads to.
fn write(path: &Path, text: &str) -> std::io::Result<()> {
    let path = match std::fs::symlink_metadata(path) {
        Ok(_) => std::fs::canonicalize(path)?,
        Err(_) => path.to_path_buf(),
    };
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    atomic::replace_keeping_permissions(&path, text.as_bytes())
}
