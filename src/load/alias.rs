//! Old addresses of an article or a page: paths that stay in the site and that any system can store.

use crate::fields::Fields;
use crate::site::key::is_invisible;
use crate::site::slug;

/// Old addresses that one file may have: nothing moved more often.
const MOST_ALIASES: usize = 1000;

/// Folders within folders that a path of the site may have, and its bytes: what every system can store below a folder of its own (Windows takes
/// 260 characters by default, Linux 4,096 bytes), and more than any site has.
pub const DEEPEST: usize = 32;
/// See [`DEEPEST`].
pub const LONGEST: usize = 1000;

/// Aliases are paths from the digest's home; anything that could leave it is an error.
pub(super) fn aliases(fields: &mut Fields<'_>) -> Vec<String> {
    let mut written = fields.texts("aliases");
    if written.len() > MOST_ALIASES {
        let message = format!("this has {} old addresses", written.len());
        fields.error("aliases", message, format!("each is a file; keep at most {MOST_ALIASES}"));
        written.clear();
    }
    let mut aliases = Vec::with_capacity(written.len());
    for written in written {
        match alias(&written) {
            Some(path) => aliases.push(path),
            None => fields.error(
                "aliases",
                format!("`{written}` cannot be an alias"),
                "write the old path from the digest's home, `/2024/old-name/`, without `..`, `?`, `#` or `%`, at most 32 folders deep",
            ),
        }
    }
    aliases
}

/// An old address as a path from the digest's home; `None` for anything that could leave it.
#[must_use]
pub fn alias(written: &str) -> Option<String> {
    let path = written.trim_matches('/');
    let bad = path.is_empty()
        || path.len() > LONGEST
        || path.matches('/').count() >= DEEPEST
        || path.split('/').any(|part| !is_portable(part))
        || path.contains(['\\', ':', '?', '#', '%', '*', '"', '<', '>', '|'])
        || path.chars().any(char::is_control);
    (!bad).then(|| path.to_owned())
}

/// Can every system have a folder of this name? (Windows drops dots and spaces at the end, and keeps some names for devices.)
fn is_portable(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with('.')
        && !part.ends_with(['.', ' '])
        && part.len() <= 255
        && !slug::is_device(&part.to_lowercase())
        && !part.contains(is_invisible)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_old_address_is_a_path_in_the_site_that_any_system_can_store() {
        for good in ["2024/old-name", "/旧/名字/", "a.html", "con-fig", "a b"] {
            assert_eq!(alias(good).as_deref(), Some(good.trim_matches('/')), "{good}");
        }
        let bad = [
            "",
            "/",
            "..",
            "a/../b",
            "a//b",
            ".git",
            "a\\b",
            "c:x",
            "a?b",
            "a#b",
            "%2e%2e",
            "con",
            "a/NUL.txt",
            "a.",
            "a ",
            "a\u{202e}b",
            "a\0b",
        ];
        for bad in bad {
            assert_eq!(alias(bad), None, "{bad:?}");
        }
        assert_eq!(alias(&"长".repeat(100)), None);
    }
}
