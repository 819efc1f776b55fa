//! Holds the old sites of a run and what is counted of their posts.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::import::generator::site::Site;
use crate::import::links::targets::Targets;
use crate::import::listed::OldLists;

/// The old sites of a run, and what is counted of their posts.
#[derive(Default)]
pub(super) struct Posts {
    /// The site of each folder that was asked for.
    pub(super) sites: Vec<(PathBuf, Arc<Site>)>,
    /// The places of all posts of the run, which are in their old sites.
    pub(super) there: HashSet<String>,
    /// The posts that others link to.
    pub(super) targets: Targets,
    /// The files that were chosen for new posts, by the places of these.
    pub(super) files: HashMap<String, String>,
    /// The folders that were asked for, as the beginnings of places, each with the folders below
    /// which such a post may be.
    pub(super) folders: Vec<(String, Vec<PathBuf>)>,
    /// The lists of the old sites.
    pub(super) lists: OldLists,
    /// The posts that were read.
    pub(super) read: usize,
    /// The posts in other languages, by language.
    pub(super) other_languages: BTreeMap<String, usize>,
    /// The names of the pages that are no articles.
    pub(super) pages: Vec<String>,
    /// The posts whose addresses have Han in ASCII, by readings that the generator may not share.
    pub(super) in_pinyin: usize,
    /// The warnings about posts that lack a variable of the scheme, by variable.
    pub(super) missing: BTreeMap<String, Vec<Diagnostic>>,
}
