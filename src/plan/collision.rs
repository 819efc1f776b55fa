//! Rejects files that cannot exist side by side: two at one path, also if the paths differ only in
//! case or Unicode normalisation, and a file at the path of another file's folder. The files that
//! deployment adds count as files of the site.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::diagnostic::{Diagnostic, Place};
use crate::load::redirects;
use crate::paths::{self, fold};
use crate::plan::deployed::{self, Added};
use crate::plan::page::{Body, Kind, Page};

/// Sorts the pages by path and reports every collision, also with a file that deployment adds.
pub(super) fn check(pages: &mut [Page<'_>], added: &[Added]) -> Vec<Diagnostic> {
    pages.par_sort_by(|a, b| a.path.cmp(&b.path));
    let mut diagnostics: Vec<Diagnostic> = pages.par_iter().filter_map(unstorable_path).collect();
    let folded: Vec<String> = pages.par_iter().map(|page| fold(&page.path)).collect();
    for Added { name, .. } in added {
        let name_folded = fold(name);
        let collides = |path: &str| {
            path.strip_prefix(&name_folded).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
        };
        let found = folded.par_iter().zip(&*pages).filter(|(path, _)| collides(path));
        diagnostics.par_extend(found.filter_map(|(_, page)| collision_with_added(page, name)));
    }
    let mut files: HashMap<&str, usize> = HashMap::with_capacity(pages.len());
    for (at, path) in folded.iter().enumerate() {
        let first = *files.entry(path).or_insert(at);
        if first != at {
            diagnostics.extend(collision(&pages[first], &pages[at]));
        }
    }
    // The path before, if none of its folders is a file. Pages are sorted: most share their
    // folders.
    let mut before = "";
    for (at, path) in folded.iter().enumerate() {
        let known = path.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
        let folders = path.match_indices('/').filter(|(end, _)| *end >= known).map(|(end, _)| &path[..end]);
        if let Some(&file) = folders.filter_map(|folder| files.get(folder)).next() {
            diagnostics.extend(collision(&pages[file], &pages[at]));
        } else {
            before = path;
        }
    }
    diagnostics
}

/// The error for a path that some file systems, git or the manifest cannot store; `None` if all
/// can.
fn unstorable_path(page: &Page<'_>) -> Option<Diagnostic> {
    let path = &page.path;
    let is_refused = || path.split('/').any(deployed::is_refused_by_git);
    let why = match paths::unstorable(path) {
        Some(why) => tr!(why),
        None if is_refused() => tr!("has a part that git refuses, because Windows may read it as `.git`"),
        None => return None,
    };
    let place = page.origin.cloned().unwrap_or_else(|| Place::file(&format!("static/{path}")));
    Some(
        Diagnostic::error(tr!("`/{path}` {why}", path, why))
            .at(place)
            .help(tr!("rename it: every part of a path has to be a name that all systems and git can store")),
    )
}

/// The error for a page that collides with a file that deployment adds; `None` if it is the static
/// file that takes its place.
fn collision_with_added(page: &Page<'_>, name: &str) -> Option<Diagnostic> {
    if page.path == name && matches!(page.body, Body::Static(_)) {
        return None;
    }
    let place = page.origin.cloned().unwrap_or_else(|| Place::file(&format!("static/{}", page.path)));
    let path = &page.path;
    Some(
        Diagnostic::error(tr!("`/{path}` and the file `/{name}` cannot both be published", path, name))
            .at(place)
            .help(tr!(
                "`newsprint deploy` adds `{name}` for the domain in `base_url`; rename this file or alias",
                name
            )),
    )
}

/// The error for two files that collide; `None` if the site's assembly has reported it.
fn collision(first: &Page<'_>, second: &Page<'_>) -> Option<Diagnostic> {
    // Articles that share a slug are reported by `site`, with both places.
    if first.path == second.path
        && (first.path.starts_with("articles/") || first.path.contains("/articles/"))
        && first.origin.is_some()
        && second.origin.is_some()
    {
        let both_articles =
            |page: &Page<'_>| page.origin.is_some_and(|place| place.path.starts_with("content/articles/"));
        let is_page = |page: &Page<'_>| !is_redirect(page) && !matches!(page.body, Body::Static(_));
        if both_articles(first) && both_articles(second) && is_page(first) && is_page(second) {
            return None;
        }
    }
    let owner = |page: &Page<'_>| match (&page.body, page.origin) {
        (_, Some(place)) => place.path.clone(),
        (Body::Static(_), None) => format!("static/{}", page.path),
        _ => tr!("newsprint itself"),
    };
    let message = if first.path == second.path {
        tr!("two files have the path `/{}`: {} and {}", second.path, owner(first), owner(second))
    } else {
        tr!(
            "`/{}` ({}) and `/{}` ({}) cannot both be written: their paths conflict on many file systems",
            first.path,
            owner(first),
            second.path,
            owner(second)
        )
    };
    let place = second.origin.or(first.origin).cloned().unwrap_or_else(|| Place::file(&second.path));
    let help = match place.path == redirects::FILE {
        true => tr!(
            "remove this line, or move the other file: an old address leads on only if nothing else is there"
        ),
        false => tr!("rename one of them, or give it another `slug:` or alias"),
    };
    Some(Diagnostic::error(message).at(place).help(help))
}

fn is_redirect(page: &Page<'_>) -> bool {
    matches!(&page.body, Body::Template(kind) if matches!(**kind, Kind::Redirect(_)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn collisions(paths: &[&str]) -> usize {
        let mut pages: Vec<_> =
            paths.iter().map(|path| Page::new((*path).to_owned(), Body::Text(String::new()))).collect();
        check(&mut pages, &[]).len()
    }

    #[test]
    fn paths_that_are_the_same_on_some_file_system_collide() {
        assert_eq!(collisions(&["a/index.html", "b/index.html", "a/feed.xml"]), 0);
        assert_eq!(collisions(&["a", "a"]), 1);
        assert_eq!(collisions(&["Logo.svg", "logo.svg"]), 1);
        assert_eq!(collisions(&["caf\u{e9}.txt", "cafe\u{301}.txt"]), 1);
        assert_eq!(collisions(&["articles", "articles/x/index.html"]), 1);
        assert_eq!(collisions(&["ARTICLES", "articles/x/index.html"]), 1);
    }
}
