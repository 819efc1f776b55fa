//! Decides what a merge changes in the registry: the aliases to add and the entries to remove.

use crate::diagnostic::Diagnostic;
use crate::load::registry::{Entry, Registry};
use crate::site::aliases::Naming;
use crate::slug::key::term_key;

/// A request to merge terms of one taxonomy into another term.
pub(super) struct Merge<'a> {
    /// The name of the taxonomy.
    pub(super) taxonomy: &'a str,
    /// The registry before the merge.
    pub(super) registry: &'a Registry,
    /// The index of the taxonomy in `registry.taxonomies`.
    pub(super) index: usize,
    /// The names of the terms that become aliases.
    pub(super) from: &'a [String],
    /// The name of the term that gets the aliases.
    pub(super) into: &'a str,
}

/// The changes that a merge makes to the entries of its taxonomy.
pub(super) struct Plan {
    /// The aliases to add, in order and without duplicates.
    pub(super) added: Vec<String>,
    /// The indexes of the entries to remove, because their names and aliases become aliases.
    pub(super) removed: Vec<usize>,
}

impl<'a> Merge<'a> {
    /// The entries of the taxonomy.
    pub(super) fn entries(&self) -> &'a [Entry] {
        self.registry.taxonomies.get(self.index).map_or(&[], Vec::as_slice)
    }

    /// The index of the entry that has the name `into`.
    pub(super) fn target(&self) -> Option<usize> {
        let into_key = term_key(self.into);
        self.entries().iter().position(|entry| term_key(&entry.name) == into_key)
    }

    /// Plans the merge.
    ///
    /// # Errors
    /// A term is empty, is merged into itself, is an alias of another term, or has an entry with
    /// fields that the merge would delete.
    pub(super) fn plan(&self) -> Result<Plan, Vec<Diagnostic>> {
        let (naming, _) = Naming::new(self.registry, self.index);
        let into_key = term_key(self.into);
        let mut wrong = Vec::new();
        let target = naming.entry(&into_key);
        if let Some(target) = target.filter(|&target| naming.keys[target] != into_key) {
            let name = &self.entries()[target].name;
            wrong.push(
                Diagnostic::error(tr!("`{}` is itself an alias of `{name}`", self.into, name))
                    .at(self.registry.place(&self.entries()[target].at))
                    .help(tr!("merge into {name}", name)),
            );
        }
        let (mut added, mut removed): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut keys: Vec<String> = vec![into_key.clone()];
        let mut add = |text: &str, keys: &mut Vec<String>| {
            if !keys.contains(&term_key(text)) {
                keys.push(term_key(text));
                added.push(text.to_owned());
            }
        };
        for from in self.from {
            let from_key = term_key(from);
            if from_key.is_empty() || into_key.is_empty() {
                wrong.push(Diagnostic::error(tr!("a term cannot be empty")));
            } else if from_key == into_key {
                wrong.push(
                    Diagnostic::error(tr!("`{from}` and `{}` are the same term already", self.into, from))
                        .help(tr!("case, width and spaces make no difference")),
                );
            } else if let Some(owner) = naming.entry(&from_key) {
                if Some(owner) == target {
                    continue;
                }
                let entry = &self.entries()[owner];
                if naming.keys[owner] != from_key {
                    wrong.push(
                        Diagnostic::error(tr!("`{from}` is an alias of `{}` already", entry.name, from))
                            .at(self.registry.place(&entry.at))
                            .help(tr!("remove it there first, or merge {} instead", entry.name)),
                    );
                } else if entry.slug.is_some()
                    || entry.description.is_some()
                    || entry.hidden
                    || entry.has_more
                {
                    let help = tr!(
                        "move the fields to keep to the entry of `{}`, and remove the rest: the merge would delete them",
                        self.into
                    );
                    wrong.push(
                        Diagnostic::error(tr!(
                            "the entry of `{from}` has more than a name and aliases",
                            from
                        ))
                        .at(self.registry.place(&entry.at))
                        .help(help),
                    );
                } else {
                    removed.push(owner);
                    add(&entry.name, &mut keys);
                    entry.aliases.iter().for_each(|alias| add(&alias.text, &mut keys));
                }
            } else {
                add(from, &mut keys);
            }
        }
        if wrong.is_empty() { Ok(Plan { added, removed }) } else { Err(wrong) }
    }
}
