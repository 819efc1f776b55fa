//! The registry applied: which keys an editor declared to be the same term, and what contradicts itself.

use std::collections::HashMap;

use crate::diagnostic::{Diagnostic, Place};
use crate::load::registry::Entry;
use crate::site::key::key;
use crate::site::slug;

/// What an editor says of one taxonomy's terms, by key.
#[derive(Debug)]
pub struct Naming<'r> {
    /// The registry's entries.
    pub entries: &'r [Entry],
    /// The key of each entry's name.
    pub keys: Vec<String>,
    by_key: HashMap<String, usize>,
}

impl<'r> Naming<'r> {
    /// Reads the entries of one taxonomy. Of what contradicts itself the first stands, so that all mistakes are found.
    #[must_use]
    pub fn new(entries: &'r [Entry]) -> (Self, Vec<Diagnostic>) {
        let keys: Vec<String> = entries.iter().map(|entry| key(&entry.name)).collect();
        let mut diagnostics = Vec::new();
        let mut by_key: HashMap<String, usize> = HashMap::new();
        for (at, (entry, key)) in entries.iter().zip(&keys).enumerate() {
            if let Some(&first) = by_key.get(key) {
                let message = format!(
                    "`{}` has two entries: the first is on line {}",
                    entry.name,
                    line(&entries[first])
                );
                diagnostics.push(
                    Diagnostic::error(message)
                        .at(entry.place.clone())
                        .help("keep one of them; case, width and spaces make no difference"),
                );
                continue;
            }
            by_key.insert(key.clone(), at);
        }
        let named = by_key.clone();
        for (at, entry) in entries.iter().enumerate() {
            for alias in &entry.aliases {
                let alias_key = key(&alias.text);
                if alias_key == keys[at] {
                    continue;
                }
                if let Some(&other) = named.get(&alias_key) {
                    let back = entries[other].aliases.iter().any(|back| key(&back.text) == keys[at]);
                    diagnostics.push(names_a_term(entry, &alias.text, &alias.place, &entries[other], back));
                } else if let Some(&first) = by_key.get(&alias_key).filter(|&&first| first != at) {
                    let message = format!(
                        "`{}` is an alias of `{}` and of `{}`",
                        alias.text, entries[first].name, entry.name
                    );
                    diagnostics.push(
                        Diagnostic::error(message)
                            .at(alias.place.clone())
                            .help(format!("keep it here or on line {}", line(&entries[first]))),
                    );
                } else {
                    by_key.insert(alias_key, at);
                }
            }
        }
        diagnostics.extend(wrong_slugs(entries));
        (Self { entries, keys, by_key }, diagnostics)
    }

    /// The entry that a key belongs to, by its name or by an alias.
    #[must_use]
    pub fn entry(&self, key: &str) -> Option<usize> {
        self.by_key.get(key).copied()
    }
}

fn line(entry: &Entry) -> usize {
    entry.place.line
}

fn names_a_term(entry: &Entry, alias: &str, place: &Place, other: &Entry, is_cycle: bool) -> Diagnostic {
    let (message, help) = if is_cycle {
        (
            format!("`{}` and `{}` are aliases of each other", entry.name, other.name),
            format!(
                "keep the alias in one of them, and remove the entry of the other (line {})",
                line(other)
            ),
        )
    } else {
        (
            format!("`{alias}` is an alias of `{}`, but has an entry of its own", entry.name),
            format!("remove the alias, or the entry on line {} (its aliases go along)", line(other)),
        )
    };
    Diagnostic::error(message).at(place.clone()).help(help)
}

/// Slugs that no folder can have, and those that two entries want.
fn wrong_slugs(entries: &[Entry]) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    let mut taken: HashMap<&str, &Entry> = HashMap::new();
    for entry in entries {
        let Some(wanted) = &entry.slug else { continue };
        if !slug::is_plain(&wanted.text) {
            diagnostics.push(
                Diagnostic::error(format!("`{}` cannot be a slug", wanted.text))
                    .at(wanted.place.clone())
                    .help("use small letters, digits and hyphens, as in `slug: open-ai`"),
            );
        } else if let Some(first) = taken.get(wanted.text.as_str()) {
            let message = format!("the slug `{}` is taken by `{}`", wanted.text, first.name);
            diagnostics.push(
                Diagnostic::error(message)
                    .at(wanted.place.clone())
                    .help(format!("give one of them another `slug:`, here or on line {}", line(first))),
            );
        } else {
            taken.insert(&wanted.text, entry);
        }
    }
    diagnostics
}
