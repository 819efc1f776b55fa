//! Defines the lists of an old site, and counts the posts in each.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{Datelike, NaiveDate};

use crate::import::generator::site::Site;
use crate::slug::key::term_key;

/// A public post, as the lists of its site have it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ListedPost {
    /// Its terms: the field in the front matter, and the names from the top of a hierarchy to the
    /// term.
    pub terms: Vec<(String, Vec<String>)>,
    /// Its days: as written, in UTC, and in the zone of the site, each once.
    pub days: Vec<NaiveDate>,
    /// The sections of its site that list it, from the top.
    pub sections: Vec<String>,
}

/// What an old address showed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Target {
    /// The posts with a term.
    Term {
        /// The field in the front matter.
        field: String,
        /// The name as written.
        name: String,
    },
    /// The terms of a field.
    Index(String),
    /// The newest posts.
    Home,
    /// All posts.
    Archive,
    /// The posts of a year.
    Year(i32),
    /// The posts of a month.
    Month(i32, u32),
    /// The feed of what another target shows.
    Feed(Box<Target>),
}

impl Target {
    pub(super) fn term(field: &str, name: &str) -> Self {
        Self::Term { field: field.to_owned(), name: name.to_owned() }
    }

    pub(super) fn feed(self) -> Self {
        Self::Feed(Box::new(self))
    }
}

/// The addresses of an old site, from its root, decoded. Of equal ones, the first counts.
#[derive(Debug, Default)]
pub struct Lists {
    /// The addresses, each with what it showed.
    pub found: Vec<(String, Target)>,
    /// Addresses that no static file can serve, with the reason.
    pub unserved: Vec<(String, &'static str)>,
}

impl Lists {
    pub(super) fn add(&mut self, address: impl AsRef<str>, target: Target) {
        let address = address.as_ref().trim_start_matches('/').to_owned();
        self.found.push((address, target));
    }

    /// Adds the numbered pages from `first` to `last`.
    pub(super) fn add_pages(
        &mut self,
        (first, last): (usize, usize),
        target: &Target,
        address: impl Fn(usize) -> String,
    ) {
        for number in first..=last {
            self.add(address(number), target.clone());
        }
    }
}

/// The terms of a field by address, each with the number of posts. Of several terms with one
/// address, such as `C#` and `C++`, the old site showed one alone: the target is the index, which
/// lists all.
pub(super) fn by_address(
    posts: &[ListedPost],
    field: &str,
    address: impl Fn(&[String]) -> String,
) -> BTreeMap<String, (Target, usize)> {
    let mut found: BTreeMap<String, (Target, usize)> = BTreeMap::new();
    for post in posts {
        let own = post.terms.iter().filter(|(own, _)| own == field);
        let addresses: BTreeSet<(String, &String)> =
            own.filter_map(|(_, path)| Some((address(path), path.last()?))).collect();
        for (address, name) in addresses {
            let (target, count) = found.entry(address).or_insert_with(|| (Target::term(field, name), 0));
            *count += 1;
            let is_other =
                matches!(target, Target::Term { name: first, .. } if term_key(first) != term_key(name));
            if is_other {
                *target = Target::Index(field.to_owned());
            }
        }
    }
    found
}

/// The number of posts by year, and by year and month.
pub(super) fn by_date(posts: &[ListedPost]) -> (BTreeMap<i32, usize>, BTreeMap<(i32, u32), usize>) {
    let (mut years, mut months) = (BTreeMap::new(), BTreeMap::new());
    for post in posts {
        let of_post: BTreeSet<(i32, u32)> = post.days.iter().map(|day| (day.year(), day.month())).collect();
        for year in of_post.iter().map(|(year, _)| *year).collect::<BTreeSet<_>>() {
            *years.entry(year).or_default() += 1;
        }
        for month in of_post {
            *months.entry(month).or_default() += 1;
        }
    }
    (years, months)
}

/// The number of pages of a list; 1 for an empty one and if `per_page` is 0, which means one page.
pub(super) fn pages(total: usize, per_page: usize) -> usize {
    if per_page == 0 { 1 } else { total.div_ceil(per_page).max(1) }
}

/// The first of these settings that is a number.
pub(super) fn number(site: &Site, paths: &[&[&str]]) -> Option<usize> {
    paths.iter().find_map(|path| site.text(path)?.parse().ok())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The addresses of a site with these posts, each a date and terms of one field.
    pub(in crate::import::generator::lists) fn shown(lists: &Lists) -> BTreeMap<String, String> {
        let text = |target: &Target| match target {
            Target::Term { field, name } => format!("{field}:{name}"),
            Target::Index(field) => format!("{field}:"),
            Target::Feed(of) => match &**of {
                Target::Term { name, .. } => format!("feed of {name}"),
                _ => "feed".to_owned(),
            },
            other => format!("{other:?}"),
        };
        let mut found = BTreeMap::new();
        for (address, target) in &lists.found {
            found.entry(address.clone()).or_insert_with(|| text(target));
        }
        found
    }

    pub(in crate::import::generator::lists) fn post(day: &str, terms: &[(&str, &[&str])]) -> ListedPost {
        let path = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        ListedPost {
            terms: terms.iter().map(|(field, names)| ((*field).to_owned(), path(names))).collect(),
            days: day.parse().into_iter().collect(),
            sections: vec!["posts".to_owned()],
        }
    }

    #[test]
    fn a_list_has_at_least_one_page() {
        for (total, per_page, wanted) in [(0, 10, 1), (10, 10, 1), (11, 10, 2), (11, 0, 1)] {
            assert_eq!(pages(total, per_page), wanted);
        }
    }
}
