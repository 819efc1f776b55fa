//! Chooses the names of the copies of a post's pictures.

use std::collections::{HashMap, HashSet};

use crate::import::links::targets::last;
use crate::import::picture::Picture;
use crate::import::pictures::find::{OldSite, OwnPost, Search, refused_name};
use crate::paths::{composed, fold};

/// A picture that is not copied, and the line that names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refused {
    /// The path of the file below the old site.
    pub file: String,
    /// The reason.
    pub reason: String,
    /// The line.
    pub line: usize,
}

/// The pictures of one post.
#[derive(Debug)]
pub struct Chosen<'a> {
    site: &'a OldSite,
    post: &'a OwnPost,
    /// The pictures of its folder, below the root.
    bundle: Vec<String>,
    /// The name of the copy of each file below the root, or `None` if it is not copied.
    names: HashMap<String, Option<String>>,
    /// The folded names that are taken.
    taken: HashSet<String>,
    /// The pictures that are copied, in the order in which they were found.
    pub pictures: Vec<Picture>,
    /// The pictures that are not copied.
    pub refused: Vec<Refused>,
    /// The addresses that no file has, each with its line.
    pub missing: Vec<(String, usize)>,
    /// The same addresses.
    known_missing: HashSet<String>,
    /// The files that were taken or refused.
    known: HashSet<String>,
}

impl<'a> Chosen<'a> {
    /// The pictures of a post's folder, which have their names before others.
    #[must_use]
    pub fn new(site: &'a OldSite, post: &'a OwnPost) -> Self {
        let (names, taken) = (HashMap::new(), HashSet::new());
        let (bundle, pictures) = (site.bundle(post), Vec::new());
        let (refused, missing) = (Vec::new(), Vec::new());
        let (known_missing, known) = (HashSet::new(), HashSet::new());
        let mut chosen =
            Self { site, post, bundle, names, taken, pictures, refused, missing, known_missing, known };
        for file in &chosen.bundle {
            let name = chosen.below_folder(file);
            let name = free_name(&mut chosen.taken, &name);
            chosen.names.insert(file.clone(), Some(name));
        }
        chosen
    }

    fn below_folder(&self, file: &str) -> String {
        let folder = self.post.folder.as_deref().unwrap_or_default();
        composed(file.strip_prefix(folder).unwrap_or(file)).into_owned()
    }

    /// The name of the copy of the picture that an address means; `None` if it stays as it is.
    pub fn name(&mut self, written: &str, line: usize) -> Option<String> {
        let file = match self.site.find(written, self.post) {
            Search::Other => return None,
            Search::Missing => {
                if self.known_missing.insert(written.to_owned()) {
                    self.missing.push((written.to_owned(), line));
                }
                return None;
            }
            Search::File(file) => file,
        };
        self.take(&file, line)
    }

    /// Takes the pictures of the folder that the text does not name. `line` is that on which the
    /// post begins.
    pub fn take_rest(&mut self, line: usize) {
        for file in std::mem::take(&mut self.bundle) {
            self.take(&file, line);
        }
    }

    /// Takes a file of the site, unless it was taken or refused before.
    fn take(&mut self, file: &str, line: usize) -> Option<String> {
        if !self.known.insert(file.to_owned()) {
            return self.names.get(file).cloned().flatten();
        }
        let reserved = self.names.get(file).cloned().flatten();
        let name = reserved.clone().unwrap_or_else(|| composed(last(file)).into_owned());
        if let Some(reason) = refused_name(&name).or_else(|| self.site.refusal(file)) {
            self.names.insert(file.to_owned(), None);
            self.refused.push(Refused { file: file.to_owned(), reason, line });
            return None;
        }
        let name = reserved.unwrap_or_else(|| free_name(&mut self.taken, &name));
        self.names.insert(file.to_owned(), Some(name.clone()));
        let root = self.site.root().to_path_buf();
        self.pictures.push(Picture { name: name.clone(), root, file: file.to_owned(), line });
        Some(name)
    }
}

/// Takes a name that no other picture of the article has in any case of letters: `p.png`, then
/// `p-2.png`.
fn free_name(taken: &mut HashSet<String>, name: &str) -> String {
    let (stem, ending) = name.rsplit_once('.').unwrap_or((name, ""));
    let others = (2..).map(|number| format!("{stem}-{number}.{ending}"));
    let mut names = std::iter::once(name.to_owned()).chain(others);
    names.find(|name| taken.insert(fold(name))).unwrap_or_else(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_differ_in_any_case() {
        let mut taken = HashSet::new();
        let names = ["a/p.png", "A/P.png", "a/p-2.png", "q.png"].map(|name| free_name(&mut taken, name));
        assert_eq!(names, ["a/p.png", "A/P-2.png", "a/p-2-2.png", "q.png"]);
    }
}
