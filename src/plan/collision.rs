//! Refuses two files at one path, also where they differ only in case or Unicode normalisation, and a file where
//! another needs a folder.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::paths::{self, fold};
use crate::plan::page::{Body, Kind, Page};

/// Sorts the pages by path and reports every clash.
pub(super) fn check(pages: &mut [Page<'_>]) -> Vec<Diagnostic> {
    pages.par_sort_by(|a, b| a.path.cmp(&b.path));
    let mut diagnostics: Vec<Diagnostic> = pages.par_iter().filter_map(impossible).collect();
    let folded: Vec<String> = pages.par_iter().map(|page| fold(&page.path)).collect();
    let mut files: HashMap<&str, usize> = HashMap::with_capacity(pages.len());
    for (at, path) in folded.iter().enumerate() {
        if let Some(&first) = files.get(path.as_str()) {
            diagnostics.extend(clash(&pages[first], &pages[at]));
        } else {
            files.insert(path, at);
        }
    }
    for (at, path) in folded.iter().enumerate() {
        let folders = path.match_indices('/').map(|(end, _)| &path[..end]);
        if let Some(&file) = folders.filter_map(|folder| files.get(folder)).next() {
            diagnostics.extend(clash(&pages[file], &pages[at]));
        }
    }
    diagnostics
}

/// A path that no disk takes, or that the manifest could not name.
fn impossible(page: &Page<'_>) -> Option<Diagnostic> {
    let path = &page.path;
    let why = paths::unstorable(path)?;
    let place = page.origin.cloned().unwrap_or_else(|| Place::file(&format!("static/{path}")));
    Some(Diagnostic::error(format!("`/{path}` {why}")).at(place).help("give it a shorter, plainer name"))
}

fn clash(first: &Page<'_>, second: &Page<'_>) -> Vec<Diagnostic> {
    // Articles that share a slug were told so already, with both places.
    if first.path == second.path
        && first.path.starts_with("articles/")
        && first.origin.is_some()
        && second.origin.is_some()
    {
        let both_articles =
            |page: &Page<'_>| page.origin.is_some_and(|place| place.path.starts_with("content/articles/"));
        if both_articles(first) && both_articles(second) && !is_redirect(first) && !is_redirect(second) {
            return Vec::new();
        }
    }
    let owner = |page: &Page<'_>| match (&page.body, page.origin) {
        (_, Some(place)) => place.path.clone(),
        (Body::Static(_), None) => format!("static/{}", page.path),
        _ => "newsprint itself".to_owned(),
    };
    let message = if first.path == second.path {
        format!("`/{}` is wanted twice: by {} and by {}", second.path, owner(first), owner(second))
    } else {
        format!(
            "`/{}` ({}) and `/{}` ({}) cannot both be written: many disks hold them for the same",
            first.path,
            owner(first),
            second.path,
            owner(second)
        )
    };
    let place = second.origin.or(first.origin).cloned().unwrap_or_else(|| Place::file(&second.path));
    vec![Diagnostic::error(message).at(place).help("rename one of them, or give it another `slug:` or alias")]
}

fn is_redirect(page: &Page<'_>) -> bool {
    matches!(&page.body, Body::Template(kind) if matches!(**kind, Kind::Redirect(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn clashes(paths: &[&str]) -> usize {
        let mut pages: Vec<_> =
            paths.iter().map(|path| Page::new((*path).to_owned(), Body::Text(String::new()))).collect();
        check(&mut pages).len()
    }

    #[test]
    fn files_that_some_disk_holds_for_the_same_clash() {
        assert_eq!(clashes(&["a/index.html", "b/index.html", "a/feed.xml"]), 0);
        assert_eq!(clashes(&["a", "a"]), 1);
        assert_eq!(clashes(&["Logo.svg", "logo.svg"]), 1);
        assert_eq!(clashes(&["caf\u{e9}.txt", "cafe\u{301}.txt"]), 1);
        assert_eq!(clashes(&["articles", "articles/x/index.html"]), 1);
        assert_eq!(clashes(&["ARTICLES", "articles/x/index.html"]), 1);
    }
}
