//! The segment caches of the search: one for each language of a digest.

use std::path::PathBuf;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::load::Cache;
use crate::output;
use crate::search::{self, Store};

/// The segment caches by language, in the state folder or in memory.
pub(super) struct Stores {
    /// The state folder; `None` for caches in memory.
    state: Option<PathBuf>,
    stores: Vec<Store>,
}

impl Stores {
    /// Opens the cache of the first language, in the state folder of `cache` if it has one.
    ///
    /// # Errors
    /// The folder is a link: the store removes what it no longer needs there.
    pub(super) fn open(cache: &Cache) -> Result<Self, Diagnostic> {
        let mut stores = Self { state: cache.folder().map(PathBuf::from), stores: Vec::new() };
        stores.add(search::FOLDER)?;
        Ok(stores)
    }

    /// Opens the caches of all languages, given by their settings, that are not open yet.
    ///
    /// # Errors
    /// A folder is a link.
    pub(super) fn open_all<'c>(
        &mut self,
        languages: impl Iterator<Item = &'c Config>,
    ) -> Result<&mut [Store], Diagnostic> {
        for config in languages.skip(self.stores.len()) {
            self.add(&state_of(config, search::FOLDER))?;
        }
        Ok(&mut self.stores)
    }

    fn add(&mut self, name: &str) -> Result<(), Diagnostic> {
        self.stores.push(match &self.state {
            Some(state) => {
                let folder = state.join(name);
                output::refuse_links(&folder)?;
                Store::at(&folder)
            }
            None => Store::in_memory(),
        });
        Ok(())
    }

    /// Removes all segments.
    pub(super) fn clear(&mut self) {
        self.stores.iter_mut().for_each(Store::clear);
    }
}

/// The name of a file or folder of caches for one language: the first has the plain name.
pub(super) fn state_of(config: &Config, name: &str) -> String {
    match config.is_first_language() {
        true => name.to_owned(),
        false => format!("{name}-{}", config.language.tag().to_lowercase()),
    }
}
