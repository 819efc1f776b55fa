//! Links from file to file: does the page that they lead to show the file that they name?

use std::collections::HashMap;
use std::path::Path;

use rayon::prelude::*;

use crate::check::finding::Finding;
use crate::check::pages::source_file;
use crate::config::Rule;
use crate::diagnostic::Place;
use crate::load::markdown::files;
use crate::load::source;
use crate::pipeline::BuiltSite;

/// What leads to the page of another file than the one that is named. (What leads to no page is found there, in `pages`.)
pub(super) fn check(root: &Path, made: &BuiltSite<'_>) -> Vec<Finding> {
    let sources: HashMap<&str, &str> = made
        .pages
        .iter()
        .filter_map(|page| Some((page.path.strip_suffix("/index.html")?, source_file(page)?)))
        .collect();
    let mut named: Vec<&str> = sources.values().copied().collect();
    named.sort_unstable();
    let wrong = |file: &str| {
        let Ok(source) = source::read(root, file, made.config.limits.file_bytes) else { return Vec::new() };
        let links = files::links(&source.text[source.body..], file);
        let tell = |(place, target): (std::ops::Range<usize>, files::Target)| {
            let shown = *sources.get(&*target.page)?;
            if shown == target.file {
                return None;
            }
            let is_there = named.binary_search(&&*target.file).is_ok();
            let (message, help) = match is_there {
                true => (
                    format!("this leads to the page of {shown}: {} has a `slug:`", target.file),
                    "write its address, `/articles/…/`",
                ),
                false => (
                    format!("there is no {}; the link leads to the page of {shown}", target.file),
                    "write the path from this file's folder, as your editor follows it",
                ),
            };
            let place = source.body + place.start..source.body + place.end;
            Some(Finding::new(Rule::BrokenLink, message, help).at(Place::at(file, &source.text, place)))
        };
        links.into_iter().filter_map(tell).collect()
    };
    named.par_iter().flat_map_iter(|file| wrong(file)).collect()
}
