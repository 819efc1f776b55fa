//! Names the files that `newsprint deploy` adds to those of the site, and the names that git
//! refuses. The plan rejects paths that collide with them.

use url::Url;

use crate::config::BaseUrl;

/// A file that `newsprint deploy` adds, unless the site has a static file of this name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Added {
    /// Its path in the site.
    pub name: &'static str,
    /// Its content.
    pub text: String,
}

/// The files that are added to a site at this base URL: `.nojekyll`, and `CNAME` for a domain of
/// its own.
pub(crate) fn files(base: &BaseUrl) -> Vec<Added> {
    let mut files = vec![Added { name: ".nojekyll", text: String::new() }];
    files.extend(own_domain(base).map(|domain| Added { name: "CNAME", text: format!("{domain}\n") }));
    files
}

/// The site's own domain, which GitHub Pages reads from a file `CNAME` in the root of the tree.
/// `None` for hosts of github.io, and for a site below a path, because the domain then belongs to
/// another repository.
fn own_domain(base: &BaseUrl) -> Option<String> {
    let url = Url::parse(&base.origin).ok()?;
    let host = url.domain()?.trim_end_matches('.').to_owned();
    let of_github = host == "github.io" || host.ends_with(".github.io");
    let own = base.path == "/" && url.port().is_none() && host.contains('.') && !of_github;
    own.then_some(host)
}

/// Whether git refuses a path with this part: Windows may read it as the short form of `.git`.
/// Source: `core.protectNTFS` in `git help config`.
pub(crate) fn is_refused_by_git(part: &str) -> bool {
    let short = part.get(..5).filter(|start| start.eq_ignore_ascii_case("git~1"));
    short.is_some_and(|_| matches!(part[5..].trim_start_matches([' ', '.']).chars().next(), None | Some(':')))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn short_forms_of_the_folder_of_git_are_refused() {
        for refused in ["git~1", "GIT~1", "git~1 .", "git~1:x"] {
            assert!(is_refused_by_git(refused), "{refused}");
        }
        for stored in ["git", "git~2", "git~1x", "git~1.html", "git~", "文git~1"] {
            assert!(!is_refused_by_git(stored), "{stored}");
        }
    }
}
