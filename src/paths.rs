//! Checks that a path can be stored on every file system.
//!
//! Sources: Windows naming rules (reserved device names, trailing dots and spaces, 260 characters),
//! POSIX (255 bytes a part, 4,096 bytes a path on Linux), Git (no part that begins with a dot is
//! served).

pub(crate) mod names;

use std::borrow::Cow;

use unicode_normalization::UnicodeNormalization;

use crate::text::han::is_han;
use crate::text::invisible::is_invisible;

/// Nested folders of a path in the site.
pub(crate) const MAX_DEPTH: usize = 32;
/// Bytes of a path in the site. Leaves room for the folder above it (Windows accepts 260 characters
/// by default, Linux 4,096 bytes).
pub(crate) const MAX_BYTES: usize = 1000;
/// Bytes of one part of a path that every common file system accepts.
pub(crate) const MAX_PART_BYTES: usize = 255;

/// The folders of a path, the outermost first: `a/` and `a/b/` of `a/b/c`.
pub(crate) fn folders(path: &str) -> impl DoubleEndedIterator<Item = &str> {
    path.match_indices('/').map(|(at, _)| &path[..=at])
}

/// Returns a path in Normalization Form C, in which paths are compared.
pub(crate) fn composed(path: &str) -> Cow<'_, str> {
    match unicode_normalization::is_nfc(path) {
        true => path.into(),
        false => path.nfc().collect::<String>().into(),
    }
}

/// Converts an old address to a path in the site, without slashes at its ends. Its `%` escapes are
/// decoded: `c%23` is `c#`, since a bare `#` begins a fragment. `None` if it is not plain
/// ([`unstorable`]), or if a URL does not permit it.
#[must_use]
pub(crate) fn alias(written: &str) -> Option<String> {
    if written.contains('#') {
        return None;
    }
    let decoded = percent_encoding::percent_decode_str(written).decode_utf8().ok()?;
    // What was encoded is a part of a path, and none of its marks.
    if decoded.matches('/').count() != written.matches('/').count() {
        return None;
    }
    let path = decoded.trim_matches('/');
    let bad = unstorable(path).is_some()
        || path.len() > MAX_BYTES
        || path.matches('/').count() >= MAX_DEPTH
        || path.split('/').any(|part| part.starts_with('.'))
        || path.contains(['?', '%', '*', '"', '<', '>', '|'])
        || path.contains(is_invisible);
    (!bad).then(|| path.to_owned())
}

/// Writes the path of an old address so that [`alias`] reads it: `#` is escaped.
#[must_use]
pub(crate) fn written_alias(path: &str) -> String {
    path.replace('#', "%23")
}

/// Whether Windows reserves this name for a device, in any letter case and with any extension.
#[must_use]
pub(crate) fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or(name).trim_end();
    // The longest name has seven bytes; most parts of a path are longer.
    if base.len() > 7 {
        return false;
    }
    let base = base.to_ascii_lowercase();
    let numbered = |prefix: &str| {
        base.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    matches!(&*base, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$")
        || numbered("com")
        || numbered("lpt")
}

/// The reason why this path of a site leads out of its folder, or cannot be stored by some file
/// system, as a predicate for a message ("has a part of …"), which `tr!` translates where it is
/// shown; `None` if it is plain.
///
/// This is the one rule for paths: for what the plan names, what `output` writes, what a manifest
/// or a journal lists, and what an alias may be. It is the same on every system.
pub(crate) fn unstorable(path: &str) -> Option<&'static str> {
    if path.split('/').any(|part| matches!(part, "" | "." | "..")) {
        Some(marked!("has an empty part, `.` or `..`"))
    } else if path.chars().any(char::is_control) || path.contains(['\\', ':']) {
        Some(marked!("contains a control character, a backslash or a colon"))
    } else if path.split('/').any(|part| part.ends_with(['.', ' '])) {
        Some(marked!("has a part that ends with a dot or a space, which Windows drops"))
    } else if path.split('/').any(is_device) {
        Some(marked!("has a part that is the name of a device on Windows"))
    } else if path.split('/').any(|part| part.len() > MAX_PART_BYTES) {
        Some(marked!("has a part of more than 255 bytes"))
    } else if path.len() > MAX_BYTES + "/index.html".len() || path.matches('/').count() > MAX_DEPTH {
        Some(marked!(
            "is too long or too deep for some systems: the limits are 1,000 bytes and 32 nested folders"
        ))
    } else {
        None
    }
}

/// Folds case and normalisation: two paths that name the same file on some file system become
/// equal.
pub(crate) fn fold(path: &str) -> String {
    // Fast path: nearly all paths are lower-case ASCII and Han, which folding does not change.
    if path.chars().all(|c| is_han(c) || (c.is_ascii() && !c.is_ascii_uppercase())) {
        return path.to_owned();
    }
    caseless::default_case_fold_str(&path.nfd().collect::<String>()).nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_alias_stays_in_the_site_and_is_portable() {
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
            "a\u{9b}b",
            "Con",
            "COM¹",
            "index.html:stream",
        ];
        for bad in bad {
            assert_eq!(alias(bad), None, "{bad:?}");
        }
        assert_eq!(alias(&"长".repeat(100)), None);
    }

    /// How Windows reads a path: a drive, another root, a stream or a device is not a file below
    /// the folder, and dots and spaces at the end of a name are dropped.
    #[test]
    fn what_windows_reads_as_another_file_is_not_plain() {
        let other_files = [
            "C:x",
            "c:/x",
            "D:secret.txt",
            "index.html:stream",
            "a/b:c",
            "\\\\server\\share",
            "\\x",
            "a\\b",
            "NUL",
            "nul.txt",
            "a/Con/b",
            "AUX.tar.gz",
            "com1",
            "LPT9.log",
            "COM³",
            "CONIN$",
            "con .txt",
            "a.",
            "a ",
            "a./b",
            "a /b",
            "...",
            "//server/share",
            "/x",
            "x/",
            "a//b",
            "./a",
            "a/..",
            "a\u{7f}",
            "a\u{9b}b",
            "a\nb",
        ];
        for path in other_files {
            assert!(unstorable(path).is_some(), "{path:?}");
        }
        let plain = [
            "index.html",
            ".nojekyll",
            ".well-known/security.txt",
            "关键词/c++/feed.xml",
            "console",
            "com10",
            "com",
            "nullable/a",
            "a.b",
            "a b",
            "lpt¹x",
        ];
        for path in plain {
            assert_eq!(unstorable(path), None, "{path:?}");
        }
    }

    proptest::proptest! {
        /// Whatever the text, a plain path joined to a folder stays below it.
        #[test]
        fn a_plain_path_stays_below_its_folder(path in r"([a-zA-Z.:/\\ \x00\x7f长]|\.\.|CON|nul){0,12}") {
            if unstorable(&path).is_none() {
                let parts: Vec<_> = std::path::Path::new(&path).components().collect();
                let is_normal = |part: &std::path::Component<'_>| matches!(part, std::path::Component::Normal(_));
                proptest::prop_assert!(parts.iter().all(is_normal));
                proptest::prop_assert_eq!(parts.len(), path.split('/').count());
                proptest::prop_assert!(!path.contains([':', '\\']));
                for part in path.split('/') {
                    proptest::prop_assert_eq!(part.trim_end_matches(['.', ' ']), part);
                }
            }
        }
    }

    #[test]
    fn a_path_that_cannot_be_stored_has_one_reason() {
        let (dots, signs) =
            ("has an empty part, `.` or `..`", "contains a control character, a backslash or a colon");
        let end = "has a part that ends with a dot or a space, which Windows drops";
        let device = "has a part that is the name of a device on Windows";
        let long_part = "has a part of more than 255 bytes";
        let long =
            "is too long or too deep for some systems: the limits are 1,000 bytes and 32 nested folders";
        let bytes = |count: usize| {
            format!("{}{}", format!("{}/", "a".repeat(100)).repeat(9), "b".repeat(count - 909))
        };
        for (path, wanted) in [
            ("a//b".to_owned(), Some(dots)),
            ("a/./b".to_owned(), Some(dots)),
            ("a/../b".to_owned(), Some(dots)),
            ("a\\b".to_owned(), Some(signs)),
            ("a:b".to_owned(), Some(signs)),
            ("a\u{7}".to_owned(), Some(signs)),
            ("a./b".to_owned(), Some(end)),
            ("a /b".to_owned(), Some(end)),
            ("a/con.txt".to_owned(), Some(device)),
            ("conout$".to_owned(), Some(device)),
            ("conout$x".to_owned(), None),
            ("com0".to_owned(), Some(device)),
            ("a".repeat(255), None),
            ("a".repeat(256), Some(long_part)),
            ("a/".repeat(32) + "a", None),
            ("a/".repeat(33) + "a", Some(long)),
            (bytes(1011), None),
            (bytes(1012), Some(long)),
        ] {
            assert_eq!(unstorable(&path), wanted, "{path}");
        }
        for (path, wanted) in [
            (bytes(1000), true),
            (bytes(1001), false),
            ("a/".repeat(31) + "a", true),
            ("a/".repeat(32) + "a", false),
            ("a/.b".to_owned(), false),
            ("a.b".to_owned(), true),
        ] {
            assert_eq!(alias(&path), wanted.then(|| path.clone()), "{path}");
        }
        for sign in ['?', '#', '%', '*', '"', '<', '>', '|', '\u{200B}'] {
            assert_eq!(alias(&format!("a{sign}b")), None, "{sign:?}");
        }
    }

    #[test]
    fn paths_are_compared_composed() {
        for (written, wanted) in [
            ("cafe\u{301}.md", "café.md"),
            ("café.md", "café.md"),
            ("が/か\u{3099}.md", "が/が.md"),
            ("a", "a"),
        ] {
            assert_eq!(composed(written), wanted);
        }
    }

    #[test]
    fn paths_of_one_file_are_folded_to_one() {
        for (path, wanted) in [
            ("abc/甲.html", "abc/甲.html"),
            ("ABC/甲", "abc/甲"),
            ("e\u{301}", "é"),
            ("É", "é"),
            ("straße", "strasse"),
            ("甲É", "甲é"),
        ] {
            assert_eq!(fold(path), wanted, "{path}");
        }
    }
}
