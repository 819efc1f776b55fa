//! Paths that every disk can store, on every system.
//!
//! Sources: Windows naming rules (reserved device names, trailing dots and spaces, 260 characters), POSIX
//! (255 bytes a part, 4,096 bytes a path on Linux), Git (no part that begins with a dot is served).

use unicode_normalization::UnicodeNormalization;

use crate::text::han::is_han;
use crate::text::invisible::is_invisible;

/// Folders within folders that a path of the site may have: more than any site has.
pub(crate) const MAX_DEPTH: usize = 32;
/// Bytes of a path in the site: leaves room for the folder above it (Windows takes 260 characters by
/// default, Linux 4,096 bytes).
pub(crate) const MAX_BYTES: usize = 1000;
/// Bytes of one part of a path, on every common file system.
pub(crate) const MAX_PART_BYTES: usize = 255;

/// An old address as a path from the digest's home; `None` for anything that could leave it.
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

/// Can every system have a folder of this name? (Windows drops dots and spaces at the end, and keeps some names for devices.)
fn is_portable(part: &str) -> bool {
    !part.is_empty()
        && !part.starts_with('.')
        && !part.ends_with(['.', ' '])
        && part.len() <= MAX_PART_BYTES
        && !is_device(&part.to_lowercase())
        && !part.contains(is_invisible)
}

/// Names that Windows keeps for devices, with or without an extension.
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

/// Why no disk, or not every disk, can store this path of the site; `None` if all can.
pub(crate) fn unstorable(path: &str) -> Option<&'static str> {
    if path.chars().any(char::is_control) || path.contains('\\') {
        Some("holds a control character or a backslash")
    } else if path.split('/').any(|part| part.len() > MAX_PART_BYTES) {
        Some("has a part of more than 255 bytes")
    } else if path.len() > MAX_BYTES + "/index.html".len() || path.matches('/').count() > MAX_DEPTH {
        Some(
            "is too long or too deep for some systems: at most 32 folders within each other, and 1,000 bytes",
        )
    } else {
        None
    }
}

/// Two paths that some disk holds for the same are equal when they are folded.
pub(crate) fn fold(path: &str) -> String {
    // Nearly all paths are ASCII or Han: only what has case or accents pays for the folding.
    if path.chars().all(|c| is_han(c) || (c.is_ascii() && !c.is_ascii_uppercase())) {
        return path.to_owned();
    }
    caseless::default_case_fold_str(&path.nfd().collect::<String>()).nfc().collect()
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
