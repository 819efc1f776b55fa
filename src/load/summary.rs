//! Warns of files that are passed over, without a line for each of hundreds.

use crate::diagnostic::{Diagnostic, Place};

/// Files that have a warning each. Of more files, one warning names the first ones.
const MAX_SINGLE: usize = 3;

/// Warns of files by their paths in the digest. `fact` is a predicate: "is not published".
pub(super) fn warn(mut paths: Vec<String>, fact: &str, help: &str) -> Vec<Diagnostic> {
    paths.sort_unstable();
    let warning = |message: String, path: &str| Diagnostic::warning(message).at(Place::file(path)).help(help);
    if paths.len() <= MAX_SINGLE {
        return paths.iter().map(|path| warning(tr!("`{path}` {fact}", path, fact), path)).collect();
    }
    let named: Vec<String> = paths.iter().take(MAX_SINGLE).map(|path| format!("`{path}`")).collect();
    let others = paths.len() - named.len();
    let message = tr!(
        "each of {named} and {n} other {fact}" | "each of {named} and {n} others {fact}" % others,
        named = named.join(&tr!("list" => ", ")),
        fact
    );
    vec![warning(message, &paths[0])]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn few_files_have_a_warning_each_and_many_have_one() {
        let paths = |count: usize| (0..count).rev().map(|n| format!("a{n}")).collect::<Vec<_>>();
        assert!(warn(paths(0), "x", "y").is_empty());
        for count in 1..=3 {
            let found = warn(paths(count), "is not read", "move it");
            assert_eq!(found.len(), count);
            assert_eq!(found[0].message, "`a0` is not read");
            assert_eq!(found[0].place.as_ref().unwrap().path, "a0");
            assert!(!found[0].is_error());
        }
        let message = |count| {
            let found = warn(paths(count), "is not read", "move it");
            assert_eq!(found.len(), 1);
            assert_eq!(found[0].place.as_ref().unwrap().path, "a0");
            found[0].message.clone()
        };
        assert_eq!(message(4), "each of `a0`, `a1`, `a2` and 1 other is not read");
        assert_eq!(message(500), "each of `a0`, `a1`, `a10` and 497 others is not read");
    }
}
