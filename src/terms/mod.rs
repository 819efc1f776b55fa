//! `newsprint terms`: lists the terms of a digest, and merges terms into one.

mod comments;
mod edit;
mod item;
mod plan;
mod proof;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::Path;
use std::time::Duration;

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
use plan::Merge;

/// How often a merge tries again to take the lock of the digest.
const LOCK_RETRIES: usize = 50;
/// The pause before each retry.
const LOCK_PAUSE: Duration = Duration::from_millis(40);

/// The report of `newsprint terms list`.
#[derive(Debug, Default, Serialize)]
pub struct List {
    /// True if the digest has no errors.
    pub success: bool,
    /// The terms, grouped by taxonomy, the most used first.
    pub terms: Vec<Listed>,
    /// Problems in the files of the digest.
    pub diagnostics: Vec<Diagnostic>,
}

/// A term in a [`List`].
#[derive(Debug, Serialize)]
pub struct Listed {
    /// The name of its taxonomy.
    pub taxonomy: String,
    /// The spelling that pages show.
    pub name: String,
    /// The last part of its page's address.
    pub slug: String,
    /// The address of its page from the host's root, percent-encoded: `/keywords/gpt-4/`. `None` if
    /// the term has no page.
    pub path: Option<String>,
    /// The number of articles that carry it.
    pub count: usize,
    /// Its other names in the registry.
    pub aliases: Vec<String>,
    /// The description in the registry.
    pub description: Option<String>,
}

/// The report of `newsprint terms merge`.
#[derive(Debug, Default, Serialize)]
pub struct Merged {
    /// True if the registry has the aliases now, whether new or not.
    pub success: bool,
    /// The aliases that were added.
    pub added: Vec<String>,
    /// A summary in one sentence.
    pub message: String,
    /// Errors, and warnings about unknown names.
    pub diagnostics: Vec<Diagnostic>,
}

/// Lists the terms of all taxonomies, or of the taxonomy `only`.
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
    /// The list as text: one line a term, below the name of its taxonomy.
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

/// The index of a taxonomy by its name or one of its other names.
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

/// Makes the terms `from` aliases of the term `into` in `content/terms.yaml`; everything else in
/// the file is kept.
#[must_use]
pub fn merge(
    root: &Path,
    config: &Config,
    mut diagnostics: Vec<Diagnostic>,
    (wanted, from, into): (&str, &[String], &str),
) -> Merged {
    // The registry reads names as one line without white space around it.
    let tidy = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    let from: Vec<String> = from.iter().map(|name| tidy(name)).collect();
    let into = tidy(into);
    let into = into.as_str();
    let Some(index) = taxonomy(config, wanted) else {
        return failed(diagnostics, [no_such_taxonomy(config, wanted)]);
    };
    let taxonomy = &config.taxonomies[index].name;
    let _lock = match take_lock(root) {
        Ok(lock) => lock,
        Err(error) => return failed(diagnostics, [error]),
    };
    let digest = check::read(root, config);
    let errors = registry_errors(&digest, config);
    if !errors.is_empty() {
        return failed(Vec::new(), errors);
    }
    let path = root.join(registry::FILE);
    let source = match read_registry(&path) {
        Ok(source) => source,
        Err(error) => return failed(diagnostics, [error]),
    };
    let merge = Merge { taxonomy, registry: &digest.registry, index, from: &from, into };
    diagnostics.extend(unknown_names(&merge, &digest));
    let edit::Edited { text, added } = match edit::apply(&merge, &source, config) {
        Ok(edited) => edited,
        Err(errors) => return failed(diagnostics, errors),
    };
    if text != source
        && let Err(error) = write(&path, &text)
    {
        let error = Diagnostic::error(format!("this file cannot be written: {error}"));
        return failed(diagnostics, [error.at(Place::file(registry::FILE))]);
    }
    let message = if added.is_empty() {
        format!("newsprint: {} has these aliases already", registry::FILE)
    } else {
        format!("newsprint: added {} to the aliases of {into} in {}", added.join(", "), registry::FILE)
    };
    Merged { success: true, added, message, diagnostics }
}

/// The report of a merge that changed nothing.
fn failed(mut diagnostics: Vec<Diagnostic>, errors: impl IntoIterator<Item = Diagnostic>) -> Merged {
    diagnostics.extend(errors);
    diagnostic::sort(&mut diagnostics);
    Merged { message: "newsprint: nothing was merged".to_owned(), diagnostics, ..Merged::default() }
}

/// Takes the lock of the digest, so that two merges at once do not overwrite each other and a build
/// does not read a registry between two merges. Retries for two seconds: another merge is short.
fn take_lock(root: &Path) -> Result<Lock, Diagnostic> {
    let state = config::state_folder(root);
    let mut lock = Lock::take(&state);
    for _ in 0..LOCK_RETRIES {
        if lock.is_ok() {
            break;
        }
        std::thread::sleep(LOCK_PAUSE);
        lock = Lock::take(&state);
    }
    lock
}

/// The errors of the registry itself. Errors that only articles cause (a slug that another term
/// has) do not prevent a merge: it may fix them.
fn registry_errors(digest: &check::Digest, config: &Config) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = digest.registry_diagnostics.clone();
    for taxonomy in 0..config.taxonomies.len() {
        found.extend(Naming::new(&digest.registry, taxonomy).1);
    }
    found.retain(Diagnostic::is_error);
    found
}

/// The text of the registry; empty if there is no file.
fn read_registry(path: &Path) -> Result<String, Diagnostic> {
    let error = |message: String| Diagnostic::error(message).at(Place::file(registry::FILE));
    match std::fs::read(path) {
        Ok(bytes) => String::from_utf8(bytes).map_err(|_| error("this file is not UTF-8".to_owned())),
        Err(found) if found.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        Err(found) => Err(error(format!("this file cannot be read: {found}"))),
    }
}

/// Warns of names in the merge that neither an article nor the registry has.
fn unknown_names(merge: &Merge<'_>, digest: &check::Digest) -> Vec<Diagnostic> {
    let terms = &digest.site.taxonomies[merge.index].terms;
    let is_used = |name: &str| terms.iter().any(|term| term.key == term_key(name));
    let is_in_registry = |name: &str| {
        digest.registry.taxonomies[merge.index].iter().any(|entry| {
            term_key(&entry.name) == term_key(name)
                || entry.aliases.iter().any(|alias| term_key(&alias.text) == term_key(name))
        })
    };
    let names = merge.from.iter().map(String::as_str).chain([merge.into]);
    let unknown = names.filter(|name| !name.trim().is_empty() && !is_used(name) && !is_in_registry(name));
    unknown
        .map(|name| {
            let help = nearest(name, terms.iter().map(|term| term.name.as_str())).map_or_else(
                || "it is added to the registry anyway".to_owned(),
                |near| format!("did you mean `{near}`?"),
            );
            Diagnostic::warning(format!("no article carries `{name}` under {}", merge.taxonomy)).help(help)
        })
        .collect()
}

/// Writes the registry atomically and keeps its permissions. A symbolic link is followed.
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
