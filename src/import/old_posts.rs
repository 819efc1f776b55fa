//! Holds the old sites of a run and what is counted of their posts.

use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::Arc;

use crate::diagnostic::Diagnostic;
use crate::import::generator::site::Site;
use crate::import::known::Existing;
use crate::import::links::targets::Targets;
use crate::import::listed::OldLists;
use crate::import::old_site;
use crate::import::passed_over::PassedOver;
use crate::import::pictures::state::PostPictures;
use crate::import::translated::{Chosen, Translated};

/// The places of posts, each with the names of the sites that have it.
#[derive(Default)]
pub(super) struct Places(HashMap<String, Vec<Option<String>>>);

impl Places {
    /// Adds the place of a post.
    pub(super) fn insert(&mut self, post: String, site: Option<&String>) {
        self.0.entry(post).or_default().push(site.cloned());
    }

    /// True if an article can be one of the posts.
    pub(super) fn has(&self, article: &Existing) -> bool {
        let sites = article.post.as_ref().and_then(|post| self.0.get(post));
        sites.into_iter().flatten().any(|site| article.is_of(site.as_deref()))
    }
}

impl Existing {
    /// True if the article can be a post of a site: the sites are the same, or one is not known.
    #[must_use]
    pub fn is_of(&self, site: Option<&str>) -> bool {
        let Some(site) = site else { return true };
        match (&self.site, &self.host) {
            (Some(own), _) => old_site::is_same(own, site),
            (None, Some(host)) => old_site::is_on_host(site, host),
            (None, None) => true,
        }
    }
}

/// A folder of posts that was asked for.
pub(super) struct Folder {
    /// The beginning of the places of its posts.
    pub(super) prefix: String,
    /// The name of its site.
    pub(super) site: Option<String>,
    /// The folders below which a post with such a place may be.
    pub(super) roots: Vec<PathBuf>,
}

/// The old sites of a run, and what is counted of their posts.
#[derive(Default)]
pub(super) struct Posts {
    /// The site of each folder that was asked for.
    pub(super) sites: Vec<(PathBuf, Arc<Site>)>,
    /// The places of all posts of the run, which are in their old sites.
    pub(super) there: Places,
    /// The posts that others link to, by the names of their sites.
    pub(super) targets: HashMap<Option<String>, Targets>,
    /// The files that were chosen for new posts, by the identities of these.
    pub(super) files: HashMap<String, Chosen>,
    /// The posts that are translations of each other, by the names of their sites and a key.
    pub(super) translations: HashMap<(Option<String>, String), Translated>,
    /// The folders that were asked for.
    pub(super) folders: Vec<Folder>,
    /// The lists of the old sites.
    pub(super) lists: OldLists,
    /// The pictures of the old sites.
    pub(super) pictures: PostPictures,
    /// The pictures of other hosts that the posts show and that are not fetched.
    pub(super) remote_pictures: usize,
    /// The posts that were read.
    pub(super) read: usize,
    /// The files that are no posts.
    pub(super) passed_over: PassedOver,
    /// The posts whose addresses have Han in ASCII, by readings that the generator may not share.
    pub(super) in_pinyin: usize,
    /// The warnings about posts that lack a variable of the scheme, by variable.
    pub(super) missing: BTreeMap<String, Vec<Diagnostic>>,
}
