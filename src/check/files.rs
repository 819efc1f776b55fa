//! Finds links between source files that lead to the page of another file than the one they name.

use std::borrow::Cow;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::path::Path;

use rayon::prelude::*;

use crate::check::finding::Finding;
use crate::config::Rule;
use crate::diagnostic::Place;
use crate::fs::Root;
use crate::load::markdown::files;
use crate::load::markdown::names::Names;
use crate::load::source;
use crate::paths;
use crate::pipeline::BuiltSite;
use crate::watchdog::{Task, Watchdog};

/// Checks the links of all sources that have a page. Links that lead to no page are left to
/// `pages.rs`.
pub(super) fn check(root: &Path, built: &BuiltSite<'_>, watchdog: &Watchdog) -> Vec<Finding> {
    let sources: HashMap<&str, &str> = built
        .pages
        .iter()
        .filter_map(|page| Some((page.path.strip_suffix("/index.html")?, page.source()?)))
        .collect();
    // A converted page has the source of another one.
    let named: Vec<&str> = sources.values().copied().collect::<BTreeSet<&str>>().into_iter().collect();
    let composed: HashSet<Cow<'_, str>> = named.iter().map(|file| paths::composed(file)).collect();
    let folder = Root::open(root, built.config.links);
    let check_file = |file: &str| {
        let _task = watchdog.enter(Task::Check(file));
        let Ok(source) = source::read(&folder, file, built.config.limits.file_bytes) else {
            return Vec::new();
        };
        let links = files::links(&source.text[source.body..], file, Names::of(built.config));
        let check_link = |(place, target): (std::ops::Range<usize>, files::Target)| {
            let shown = *sources.get(&*target.page)?;
            // macOS writes names decomposed, texts are mostly composed: `é` may be one or two
            // characters.
            let wanted = paths::composed(&target.file);
            if paths::composed(shown) == wanted {
                return None;
            }
            let is_there = composed.contains(&wanted);
            let (message, help) = match is_there {
                true => (
                    tr!(
                        "this link leads to the page of {shown}, because {} has a `slug:`",
                        target.file,
                        shown
                    ),
                    tr!("write the address of its page, `/articles/…/`"),
                ),
                false => (
                    tr!("there is no {}; the link leads to the page of {shown}", target.file, shown),
                    tr!("write the path relative to the folder of this file"),
                ),
            };
            let place = source.body + place.start..source.body + place.end;
            Some(Finding::new(Rule::BrokenLink, message, help).at(Place::at(file, &source.text, place)))
        };
        links.into_iter().filter_map(check_link).collect()
    };
    named.par_iter().flat_map_iter(|file| check_file(file)).collect()
}
