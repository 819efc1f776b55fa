//! Paths of a digest in several languages: which language a path from the root of the site is in.

use std::collections::HashMap;

use crate::config::{self, Config};
use crate::load::redirects::Entry;
use crate::paths::composed;

/// Lines of `content/redirects.yaml` that a redirect may lead through.
const MAX_HOPS: usize = 20;

/// The language of the page at a path from the site's root, and the path from its home page.
pub(super) fn language_of_path<'p>(path: &'p str, config: &Config) -> (usize, &'p str) {
    config::language_of_address(&config.languages, path)
}

/// The path from the home page of a language of a path from the site's root. One outside of the
/// language, and that of the home page itself, begin with `/`.
pub(super) fn below(path: &str, at: usize, config: &Config) -> String {
    match language_of_path(path, config) {
        _ if at == 0 => path.to_owned(),
        (own, path) if own == at && !path.is_empty() => path.to_owned(),
        _ => format!("/{path}"),
    }
}

/// The lines of `content/redirects.yaml`, each with the language that it leads to: that of the page at
/// the end of its chain.
pub(super) fn entries(lines: Vec<Entry>, config: &Config) -> Vec<(usize, Entry)> {
    let targets: HashMap<String, String> =
        lines.iter().map(|line| (composed(&line.old).into_owned(), line.target.clone())).collect();
    let end = |line: &Entry| {
        let mut target = &line.target;
        for _ in 0..MAX_HOPS {
            match targets.get(&*composed(target)) {
                Some(next) if next != &line.target => target = next,
                _ => break,
            }
        }
        target.clone()
    };
    let ends: Vec<String> = lines.iter().map(end).collect();
    let of_language = |(line, end): (Entry, String)| {
        let (own, target) = language_of_path(&line.target, config);
        // Within one language, the plan follows the chain, and reports circles.
        let (at, target) = match language_of_path(&end, config) {
            (at, end) if at != own => (at, end),
            _ => (own, target),
        };
        (at, Entry { old: below(&line.old, at, config), target: target.to_owned(), ..line })
    };
    lines.into_iter().zip(ends).map(of_language).collect()
}
