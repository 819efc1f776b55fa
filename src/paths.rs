//! Checks that a path can be stored on every file system.
//!
//! Sources: Windows naming rules (reserved device names, trailing dots and spaces, 260 characters),
//! POSIX (255 bytes a part, 4,096 bytes a path on Linux), Git (no part that begins with a dot is
//! served).

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

/// Converts an old address to a path in the site, without slashes at its ends. `None` if it could
/// leave the site, or if a URL or some file system does not permit it.
#[must_use]
pub(crate) fn alias(written: &str) -> Option<String> {
    let path = written.trim_matches('/');
    let bad = path.is_empty()
        || path.len() > MAX_BYTES
        || path.matches('/').count() >= MAX_DEPTH
        || path.split('/').any(|part| !is_portable(part))
        || path.contains(['\\', ':', '?', '#', '%', '*', '"', '<', '>', '|'])
        || path.chars().any(char::is_control);
    (!bad).then(|| path.to_owned())
}

/// Whether every system can store a folder of this name. Windows drops dots and spaces at the end
/// and reserves some names for devices.
fn is_portable(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with('.')
        && !part.ends_with(['.', ' '])
        && part.len() <= MAX_PART_BYTES
        && !is_device(&part.to_lowercase())
        && !part.contains(is_invisible)
}

/// Whether Windows reserves this name (in lower case) for a device, with or without an extension.
#[must_use]
pub(crate) fn is_device(name: &str) -> bool {
    let base = name.split('.').next().unwrap_or(name).trim_end();
    let numbered = |prefix: &str| {
        base.strip_prefix(prefix).is_some_and(|rest| {
            matches!(rest, "0" | "1" | "2" | "3" | "4" | "5" | "6" | "7" | "8" | "9" | "¹" | "²" | "³")
        })
    };
    matches!(base, "con" | "prn" | "aux" | "nul" | "conin$" | "conout$") || numbered("com") || numbered("lpt")
}

/// The reason why some file systems cannot store this path of the site, as a predicate for a
/// message ("has a part of …"); `None` if all can.
pub(crate) fn unstorable(path: &str) -> Option<&'static str> {
    if path.chars().any(char::is_control) || path.contains('\\') {
        Some("contains a control character or a backslash")
    } else if path.split('/').any(|part| part.len() > MAX_PART_BYTES) {
        Some("has a part of more than 255 bytes")
    } else if path.len() > MAX_BYTES + "/index.html".len() || path.matches('/').count() > MAX_DEPTH {
        Some("is too long or too deep for some systems: the limits are 1,000 bytes and 32 nested folders")
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
        ];
        for bad in bad {
            assert_eq!(alias(bad), None, "{bad:?}");
        }
        assert_eq!(alias(&"长".repeat(100)), None);
    }
}
