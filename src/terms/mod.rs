//! `newsprint terms`: lists the terms of a digest, and merges terms into one.

mod comments;
mod edit;
mod item;
mod plan;
mod proof;

use std::collections::HashMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use serde::Serialize;

use crate::check;
use crate::config::{Config, Taxonomy};
use crate::diagnostic::{self, Diagnostic, Place, nearest};
use crate::fs::atomic::{self, Change};
use crate::load::registry::{self, Entry, Registry};
use crate::load::source;
use crate::output::Lock;
use crate::site::aliases::Naming;
use crate::slug::key::term_key;
use crate::text::invisible::visible;
use plan::Merge;

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
    // The name of the taxonomy, also if it is called by another one.
    let only = only.and_then(|wanted| taxonomy(config, wanted)).map(|at| config.taxonomies[at].name.as_str());
    let digest = check::read(root, config);
    diagnostics.extend(digest.diagnostics);
    if !diagnostics.iter().any(|found| found.place.as_ref().is_some_and(|place| place.path == registry::FILE))
    {
        diagnostics.extend(broken_link(root));
    }
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
                tr!("  (also {names})", names = term.aliases.join(&tr!("list" => ", ")))
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
    Diagnostic::error(tr!("there is no taxonomy `{name}`", name)).help(help)
}

/// Makes the terms `from` aliases of the term `into` in `content/terms.yaml`; everything else in
/// the file is kept. `on_wait` is called with a message if another process has the lock.
#[must_use]
pub fn merge(
    root: &Path,
    config: &Config,
    diagnostics: Vec<Diagnostic>,
    (wanted, from, into): (&str, &[String], &str),
    on_wait: &dyn Fn(&str),
) -> Merged {
    if diagnostics.iter().any(Diagnostic::is_error) {
        return failed(diagnostics, []);
    }
    // The registry reads names as one line without white space around it.
    let tidy = |name: &str| name.split_whitespace().collect::<Vec<_>>().join(" ");
    let from: Vec<String> = from.iter().map(|name| tidy(name)).collect();
    let Some(index) = taxonomy(config, wanted) else {
        return failed(diagnostics, [no_such_taxonomy(config, wanted)]);
    };
    // Two merges at once do not overwrite each other, and no build reads a registry between them.
    let _lock = match Lock::wait_for_content(root, on_wait) {
        Ok(lock) => lock,
        Err(error) => return failed(diagnostics, [error]),
    };
    let digest = check::read(root, config);
    let path = match registry_path(root, config) {
        Ok(path) => path,
        Err(error) => return failed(diagnostics, [error]),
    };
    let merged = path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| {
        atomic::update(&path, |source| {
            let request = Request { index, from: &from, into: &tidy(into), config, digest: &digest };
            Ok(match request.apply(source.unwrap_or_default()) {
                Ok((Some(text), merged)) => Change::Write(text.into_bytes(), Ok(merged)),
                Ok((None, merged)) => Change::Keep(Ok(merged)),
                Err(errors) => Change::Keep(Err(errors)),
            })
        })
    });
    match merged {
        Ok(Ok(mut merged)) => {
            atomic::sync_folders(root, [root.join(registry::FILE).as_path(), path.as_path()]);
            merged.diagnostics.splice(..0, diagnostics);
            merged
        }
        Ok(Err(errors)) => failed(diagnostics, errors),
        Err(error) => {
            let error = Diagnostic::error(tr!("this file cannot be updated: {error}", error));
            let help = tr!("make the file and its folder writable, and merge again");
            failed(diagnostics, [error.at(Place::file(registry::FILE)).help(help)])
        }
    }
}

/// A merge of terms, apart from the registry's text.
struct Request<'a> {
    index: usize,
    from: &'a [String],
    into: &'a str,
    config: &'a Config,
    digest: &'a check::Digest,
}

impl Request<'_> {
    /// Applies the merge to the bytes of the registry. Returns the new text, if anything changed.
    fn apply(&self, source: &[u8]) -> Result<(Option<String>, Merged), Vec<Diagnostic>> {
        let Ok(source) = std::str::from_utf8(source) else {
            let error = Diagnostic::error(tr!("this file is not UTF-8")).at(Place::file(registry::FILE));
            return Err(vec![error.help(tr!("save it as UTF-8"))]);
        };
        // The registry in `digest` may be older than `source`.
        let text = source::decode(registry::FILE, source.as_bytes().to_vec()).map_err(|error| vec![error])?;
        let (registry, found) = registry::parse(&text, self.config);
        let mut errors = registry_errors(found, &registry, self.config);
        if errors.is_empty() {
            // The file is too large, for example.
            let found = self.digest.registry_diagnostics.iter().filter(|found| found.is_error());
            errors.extend(found.cloned());
        }
        if !errors.is_empty() {
            return Err(errors);
        }
        let taxonomy = &self.config.taxonomies[self.index].name;
        let (index, into) = (self.index, self.into);
        let merge = Merge { taxonomy, registry: &registry, index, from: self.from, into };
        let diagnostics = unknown_names(&merge, self.digest);
        let edit::Edited { text, added } = edit::apply(&merge, source, self.config)?;
        let message = if added.is_empty() {
            tr!("newsprint: {} has these aliases already", registry::FILE)
        } else {
            let (names, file) = (added.join(&tr!("list" => ", ")), registry::FILE);
            tr!(
                "newsprint: added {names} to the aliases of {into} in {file}; to undo it, remove them there",
                names,
                into,
                file
            )
        };
        Ok(((text != source).then_some(text), Merged { success: true, added, message, diagnostics }))
    }
}

/// The path of the registry behind symbolic links.
///
/// # Errors
/// A link leads to no file, or out of the digest and the policy for links does not allow it.
fn registry_path(root: &Path, config: &Config) -> Result<PathBuf, Diagnostic> {
    let path = root.join(registry::FILE);
    config.links.allow(root, &path, registry::FILE)?;
    if let Some(error) = broken_link(root) {
        return Err(error);
    }
    match std::fs::canonicalize(&path) {
        Ok(path) => Ok(path),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(path),
        Err(error) => Err(Diagnostic::error(tr!("this file cannot be read: {error}", error))
            .at(Place::file(registry::FILE))
            .help(tr!("check its permissions"))),
    }
}

/// The error if `content/terms.yaml` is a symbolic link to no file. It does not count as missing:
/// the registry may be on a disk that is not mounted.
fn broken_link(root: &Path) -> Option<Diagnostic> {
    let path = root.join(registry::FILE);
    let is_link = std::fs::symlink_metadata(&path).is_ok_and(|found| found.is_symlink());
    let error = std::fs::metadata(&path).err().filter(|_| is_link)?;
    Some(
        Diagnostic::error(tr!("this file cannot be read: {error}", error))
            .at(Place::file(registry::FILE))
            .help(tr!("check its permissions, or the target of the symbolic link")),
    )
}

/// The report of a merge that changed nothing.
fn failed(mut diagnostics: Vec<Diagnostic>, errors: impl IntoIterator<Item = Diagnostic>) -> Merged {
    diagnostics.extend(errors);
    diagnostic::sort(&mut diagnostics);
    Merged { message: tr!("newsprint: nothing was merged"), diagnostics, ..Merged::default() }
}

/// The errors of the registry itself, of which parsing found `found`. Errors that only articles
/// cause (a slug that another term has) do not prevent a merge: it may fix them.
fn registry_errors(mut found: Vec<Diagnostic>, registry: &Registry, config: &Config) -> Vec<Diagnostic> {
    for taxonomy in 0..config.taxonomies.len() {
        found.extend(Naming::new(registry, taxonomy).1);
    }
    found.retain(Diagnostic::is_error);
    found
}

/// Warns of names in the merge that neither an article nor the registry has.
fn unknown_names(merge: &Merge<'_>, digest: &check::Digest) -> Vec<Diagnostic> {
    let terms = &digest.site.taxonomies[merge.index].terms;
    let is_used = |name: &str| terms.iter().any(|term| term.key == term_key(name));
    let is_in_registry = |name: &str| {
        merge.entries().iter().any(|entry| {
            term_key(&entry.name) == term_key(name)
                || entry.aliases.iter().any(|alias| term_key(&alias.text) == term_key(name))
        })
    };
    let names = merge.from.iter().map(String::as_str).chain([merge.into]);
    let unknown = names.filter(|name| !name.trim().is_empty() && !is_used(name) && !is_in_registry(name));
    unknown
        .map(|name| {
            let help = nearest(name, terms.iter().map(|term| term.name.as_str())).map_or_else(
                || tr!("it is added to the registry anyway"),
                |near| tr!("did you mean `{near}`?", near),
            );
            Diagnostic::warning(tr!("no article carries `{name}` under {}", merge.taxonomy, name)).help(help)
        })
        .collect()
}

#[cfg(test)]
mod tests;
