//! Applies the registry: resolves names and aliases to entries, and reports contradictions.

use std::collections::{HashMap, HashSet};

use crate::diagnostic::Diagnostic;
use crate::load::registry::{Alias, Entry, Registry};
use crate::slug;
use crate::slug::key::term_key;
use crate::text::excerpt::shorten;

/// The registry's entries for one taxonomy, with lookup by key.
#[derive(Debug)]
pub struct Naming<'r> {
    /// The entries, in the order of the registry.
    pub entries: &'r [Entry],
    /// The key of each entry's name, in the order of `entries`.
    pub keys: Vec<String>,
    /// Index in `entries` by key of the name or an alias.
    by_key: HashMap<String, usize>,
    /// The slug of each entry, if it has a valid one.
    slugs: Vec<Option<&'r Alias>>,
}

impl<'r> Naming<'r> {
    /// Reads the entries of one taxonomy. Of contradicting entries the first is used, so that all
    /// errors are found in one run.
    #[must_use]
    pub fn new(registry: &'r Registry, taxonomy: usize) -> (Self, Vec<Diagnostic>) {
        let entries = registry.taxonomies.get(taxonomy).map_or(&[][..], Vec::as_slice);
        let line = |entry: &Entry| registry.place(&entry.at).line;
        let keys: Vec<String> = entries.iter().map(|entry| term_key(&entry.name)).collect();
        let mut diagnostics = Vec::new();
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for (at, (entry, key)) in entries.iter().zip(&keys).enumerate() {
            if let Some(&first) = by_key.get(key) {
                let message = tr!(
                    "`{}` has two entries: the first is on line {}",
                    shorten(&entry.name),
                    line(&entries[first])
                );
                diagnostics.push(
                    Diagnostic::error(message)
                        .at(registry.place(&entry.at))
                        .help(tr!("keep one of them; case, width and spaces make no difference")),
                );
                continue;
            }
            by_key.insert(key.clone(), at);
        }
        let named = by_key.clone();
        let alias_keys: Vec<Vec<String>> = entries
            .iter()
            .map(|entry| entry.other_names().map(|alias| term_key(&alias.text)).collect())
            .collect();
        let pairs: HashSet<(usize, &str)> = alias_keys
            .iter()
            .enumerate()
            .flat_map(|(at, aliases)| aliases.iter().map(move |key| (at, key.as_str())))
            .collect();
        for (at, entry) in entries.iter().enumerate() {
            for (alias, alias_key) in entry.other_names().zip(&alias_keys[at]) {
                if *alias_key == keys[at] {
                    continue;
                }
                if let Some(&other) = named.get(alias_key) {
                    let back = pairs.contains(&(other, keys[at].as_str()));
                    diagnostics.push(alias_has_an_entry(registry, entry, alias, &entries[other], back));
                } else if let Some(&first) = by_key.get(alias_key).filter(|&&first| first != at) {
                    let message = tr!(
                        "`{}` is an alias of `{}` and of `{}`",
                        shorten(&alias.text),
                        shorten(&entries[first].name),
                        shorten(&entry.name)
                    );
                    diagnostics.push(
                        Diagnostic::error(message)
                            .at(registry.place(&alias.at))
                            .help(tr!("keep it here or on line {}", line(&entries[first]))),
                    );
                } else {
                    by_key.insert(alias_key.clone(), at);
                }
            }
        }
        let (slugs, wrong) = valid_slugs(registry, entries);
        diagnostics.extend(wrong);
        (Self { entries, keys, by_key, slugs }, diagnostics)
    }

    /// Returns the slug of an entry, if it has a valid one.
    #[must_use]
    pub fn slug(&self, entry: usize) -> Option<&'r Alias> {
        self.slugs[entry]
    }

    /// Returns an entry's aliases, except those that belong to another entry.
    pub fn aliases(&self, entry: usize) -> impl Iterator<Item = &'r Alias> {
        let aliases = self.entries[entry].aliases.iter();
        aliases.filter(move |alias| self.entry(&term_key(&alias.text)) == Some(entry))
    }

    /// Returns the entry that has a key as its name or as an alias.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }
}

fn alias_has_an_entry(
    registry: &Registry,
    entry: &Entry,
    alias: &Alias,
    other: &Entry,
    is_cycle: bool,
) -> Diagnostic {
    let line = registry.place(&other.at).line;
    let (message, help) = if is_cycle {
        (
            tr!("`{}` and `{}` are aliases of each other", shorten(&entry.name), shorten(&other.name)),
            tr!("keep the alias in one of them, and remove the entry of the other (line {line})", line),
        )
    } else {
        (
            tr!(
                "`{}` is an alias of `{}`, but has an entry of its own",
                shorten(&alias.text),
                shorten(&entry.name)
            ),
            tr!("remove the alias, or the entry on line {line} with its aliases", line),
        )
    };
    Diagnostic::error(message).at(registry.place(&alias.at)).help(help)
}

/// Returns the valid slugs of the entries. Slugs that cannot be the name of a folder, and
/// duplicates, are reported.
fn valid_slugs<'r>(registry: &Registry, entries: &'r [Entry]) -> (Vec<Option<&'r Alias>>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut taken: HashMap<&str, &Entry> = HashMap::new();
    let slugs = entries.iter().map(|entry| {
        let wanted = entry.slug.as_ref()?;
        let (message, help) = if let Some(first) = taken.get(wanted.text.as_str()) {
            (
                tr!("the slug `{}` is taken by `{}`", wanted.text, shorten(&first.name)),
                tr!("give one of them another `slug:`, here or on line {}", registry.place(&first.at).line),
            )
        } else if slug::is_plain(&wanted.text) {
            taken.insert(&wanted.text, entry);
            return Some(wanted);
        } else if slug::is_reserved(&wanted.text) {
            (tr!("the slug `{}` is reserved", wanted.text), tr!("choose another, as in `slug: open-ai`"))
        } else {
            (
                tr!("`{}` cannot be a slug", wanted.text),
                tr!("use lowercase letters, digits and hyphens, as in `slug: open-ai`"),
            )
        };
        diagnostics.push(Diagnostic::error(message).at(registry.place(&wanted.at)).help(help));
        None
    });
    let slugs = slugs.collect();
    (slugs, diagnostics)
}
