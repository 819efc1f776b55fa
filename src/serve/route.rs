//! A path to a file of the site, by the rules of GitHub Pages.

use crate::serve::hub::Shown;

/// Where a path leads.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Route<'a> {
    /// To this file of the site.
    File(&'a str),
    /// To a folder, whose address ends with `/`.
    Folder,
    /// From the server's root to the site.
    Home,
    /// To nothing, below the site's home.
    NotFound,
    /// Beside the site.
    Outside,
}

/// Follows a decoded path: `/dir/` is its index, `/x` may be `x.html`, and `/dir` is sent to `/dir/`.
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
    fn paths_lead_where_github_pages_would_lead() {
        let shown = shown("/my-digest/");
        let leads = |path: &str| route(path, &shown);
        assert_eq!(leads("/my-digest/"), Route::File("index.html"));
        assert_eq!(leads("/my-digest/index.html"), Route::File("index.html"));
        assert_eq!(leads("/my-digest/关键词/c++/"), Route::File("关键词/c++/index.html"));
        assert_eq!(leads("/my-digest/x/y.css"), Route::File("x/y.css"));
        assert_eq!(leads("/my-digest/d"), Route::Folder);
        // A file comes before a folder of the same name.
        assert_eq!(leads("/my-digest/a"), Route::File("a.html"));
        assert_eq!(leads("/my-digest/a/"), Route::File("a/index.html"));
        assert_eq!(leads("/my-digest/x/"), Route::NotFound);
        assert_eq!(leads("/my-digest/x"), Route::NotFound);
        assert_eq!(leads("/"), Route::Home);
        assert_eq!(leads("/my-digest"), Route::Home);
        assert_eq!(leads("/my-digest-2/"), Route::Outside);
    }

    #[test]
    fn nothing_but_a_file_of_the_site_is_ever_named() {
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
