//! Maps a URL path to a file of the site by the rules of GitHub Pages.

use crate::serve::hub::Shown;

/// The target of a path.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// This file of the site.
    File(&'a str),
    /// A folder whose address lacks the final `/`: a redirect adds it.
    Folder,
    /// The server's root, or the base path without its final `/`: a redirect leads to the base
    /// path.
    Home,
    /// A path below the base path that no file has.
    NotFound,
    /// A path outside the base path.
    Outside,
}

/// Finds the target of a decoded path: `/dir/` is its `index.html`, `/x` is `x` or `x.html`, and
/// `/dir` is a redirect to `/dir/`.
pub(super) fn route<'a>(path: &str, shown: &'a Shown) -> Route<'a> {
    let Some(path) = path.strip_prefix(&shown.home) else {
        let home = shown.home.trim_end_matches('/');
        return if path == "/" || path == home { Route::Home } else { Route::Outside };
    };
    let found = |name: &str| shown.files.get(name).map(|file| Route::File(file));
    let index = format!("{path}index.html");
    if path.is_empty() || path.ends_with('/') {
        return found(&index).unwrap_or(Route::NotFound);
    }
    found(path).or_else(|| found(&format!("{path}.html"))).unwrap_or_else(|| {
        match shown.files.contains(&format!("{path}/index.html")) {
            true => Route::Folder,
            false => Route::NotFound,
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    fn shown(base: &str) -> Shown {
        let files = [
            "index.html",
            "404.html",
            "a/index.html",
            "a.html",
            "关键词/c++/index.html",
            "x/y.css",
            "d/index.html",
        ];
        let files = files.map(str::to_owned).into_iter().collect();
        Shown {
            base: base.to_owned(),
            home: base.to_owned(),
            files: Arc::new(files),
            problems: None,
            number: 0,
        }
    }

    #[test]
    fn paths_have_the_targets_that_github_pages_gives_them() {
        let shown = shown("/my-digest/");
        let target = |path: &str| route(path, &shown);
        assert_eq!(target("/my-digest/"), Route::File("index.html"));
        assert_eq!(target("/my-digest/index.html"), Route::File("index.html"));
        assert_eq!(target("/my-digest/关键词/c++/"), Route::File("关键词/c++/index.html"));
        assert_eq!(target("/my-digest/x/y.css"), Route::File("x/y.css"));
        assert_eq!(target("/my-digest/d"), Route::Folder);
        // A file takes precedence over a folder of the same name.
        assert_eq!(target("/my-digest/a"), Route::File("a.html"));
        assert_eq!(target("/my-digest/a/"), Route::File("a/index.html"));
        assert_eq!(target("/my-digest/x/"), Route::NotFound);
        assert_eq!(target("/my-digest/x"), Route::NotFound);
        assert_eq!(target("/"), Route::Home);
        assert_eq!(target("/my-digest"), Route::Home);
        assert_eq!(target("/my-digest-2/"), Route::Outside);
    }

    #[test]
    fn paths_with_other_spellings_of_a_file_are_not_found() {
        let shown = shown("/");
        for path in [
            "/../newsprint.yaml",
            "/a/../index.html",
            "/./index.html",
            "//index.html",
            "/x\\y.css",
            "/a/../../etc/passwd",
            "/C:/windows/win.ini",
            "/index.html/",
            "/index.html/..",
            "/INDEX.HTML",
            "/index.html\0",
        ] {
            assert_eq!(route(path, &shown), Route::NotFound, "{path}");
        }
    }
}
