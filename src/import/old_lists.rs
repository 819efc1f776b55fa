//! Adds the old addresses of terms, lists and feeds to `content/redirects.yaml`, each with the
//! address of the digest that it leads to.

mod addresses;
mod file;

use std::collections::{BTreeMap, HashSet};

use crate::import::generator::lists::{self, Lists, Target};
use crate::import::importer::Importer;
use crate::import::listed::OldLists;
use crate::import::record::Field;
use crate::import::report::Unserved;
use crate::load::redirects;
use crate::paths;
use addresses::Addresses;

impl Importer<'_> {
    /// Adds lines to `content/redirects.yaml`, and what cannot be served to the report.
    pub(super) fn add_redirects(&mut self) {
        let OldLists { sites, mut exports, articles } = std::mem::take(&mut self.posts.lists);
        exports.extend(sites.iter().map(|(generator, site, posts)| lists::of_site(*generator, site, posts)));
        if exports.is_empty() {
            return;
        }
        let addresses = Addresses::read(self.root, self.config, articles);
        let mut lines = Lines::default();
        for Lists { found, unserved } in exports {
            for (address, target) in found {
                self.add_line(&addresses, &address, &target, &mut lines);
            }
            lines.unserved.extend(unserved);
        }
        let Lines { wanted, unserved, .. } = lines;
        self.report.redirects.unserved = unserved
            .into_iter()
            .map(|(address, reason)| Unserved { address: format!("/{address}"), reason: tr!(reason) })
            .collect();
        match file::add(self.root, self.config, &wanted, self.options.dry_run) {
            Ok(added) => self.report.redirects.added = added,
            Err(problems) => problems.into_iter().for_each(|problem| self.add_problem(problem)),
        }
    }

    /// Adds the line of one old address, if the digest has nothing there.
    fn add_line(&self, addresses: &Addresses, old: &str, target: &Target, lines: &mut Lines) {
        let Some(path) = paths::alias(&paths::written_alias(old)).filter(|_| !old.contains('%')) else {
            if !old.is_empty() {
                lines.refuse(old, marked!("no host can serve a file of this name"));
            }
            return;
        };
        let is_folder = old.ends_with('/');
        if path.split('/').rev().skip(usize::from(!is_folder)).any(|folder| folder == "index.html") {
            return lines.refuse(old, marked!("a folder of this name is in the way of the page above it"));
        }
        let Some(new) = self.new_address(addresses, target) else {
            return lines.refuse(old, marked!("the digest has no taxonomy for these terms"));
        };
        let is_feed = matches!(target, Target::Feed(_));
        let file = redirects::file(&path, is_folder, is_feed);
        if addresses.has_in_other_case(&file) {
            return lines
                .refuse(old, marked!("it differs from an address of the digest by letter case alone"));
        }
        if addresses.has(&file) {
            return;
        }
        let (key, slash) = (paths::written_alias(&path), if is_folder { "/" } else { "" });
        let line = (format!("{key}{slash}"), new);
        if !lines.files.insert(paths::fold(&file)) {
            if !lines.wanted.contains_key(&line.0) {
                lines.refuse(old, marked!("it differs from another address by letter case alone"));
            }
            return;
        }
        if addresses.is_blocked(&file) {
            return lines.refuse(old, marked!("a file of the digest has the path of one of its folders"));
        }
        lines.wanted.insert(line.0, line.1);
    }

    /// The address of the digest that shows what a target shows; `None` if there is none.
    fn new_address(&self, addresses: &Addresses, target: &Target) -> Option<String> {
        Some(match target {
            Target::Home => "/".to_owned(),
            Target::Archive => "archive/".to_owned(),
            Target::Year(year) => addresses.span(&format!("{year:04}")),
            Target::Month(year, month) => addresses.span(&format!("{year:04}/{month:02}")),
            Target::Index(field) => format!("{}/", self.path_of(field)?),
            Target::Term { field, name } => {
                let Field::Terms(taxonomy) = self.labels.field(field) else { return None };
                let slug = addresses.slug(taxonomy, name, self.config);
                let path = self.path_of(field)?;
                slug.map_or_else(|| format!("{path}/"), |slug| format!("{path}/{slug}/"))
            }
            Target::Feed(of) => match &**of {
                Target::Term { field, name } => {
                    let Field::Terms(taxonomy) = self.labels.field(field) else { return None };
                    match addresses.slug(taxonomy, name, self.config) {
                        Some(slug) => format!("{}/{slug}/feed.xml", self.path_of(field)?),
                        None => "feed.xml".to_owned(),
                    }
                }
                _ => "feed.xml".to_owned(),
            },
        })
    }

    /// The folder of the taxonomy that holds the terms of a field.
    fn path_of(&self, field: &str) -> Option<&str> {
        match self.labels.field(field) {
            Field::Terms(taxonomy) => Some(&self.config.taxonomies[taxonomy].path),
            _ => None,
        }
    }
}

/// The lines to add, and what has none.
#[derive(Default)]
struct Lines {
    /// The targets by old address.
    wanted: BTreeMap<String, String>,
    /// The files of `wanted`, folded.
    files: HashSet<String>,
    unserved: Vec<(String, &'static str)>,
}

impl Lines {
    fn refuse(&mut self, old: &str, reason: &'static str) {
        self.unserved.push((old.to_owned(), reason));
    }
}
