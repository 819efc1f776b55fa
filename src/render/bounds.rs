//! What a theme may be made of: Tera reads and renders templates by recursion, so that chains of them would take the stack.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Place};
use crate::load::Theme;

/// Templates of a theme, and their bytes together. The default theme has 33 of 40 KB.
const MAX_TEMPLATES_AND_BYTES: (usize, usize) = (1000, 4 << 20);
/// Branches of the `if`s of a template.
const BRANCHES: usize = 500;
/// Templates that include or extend one another in a row.
const CHAIN: usize = 30;

/// What there is too much of.
pub(super) fn check(theme: &Theme) -> Vec<Diagnostic> {
    let size: usize = theme.templates.values().map(|template| template.text.len()).sum();
    if theme.templates.len() > MAX_TEMPLATES_AND_BYTES.0 || size > MAX_TEMPLATES_AND_BYTES.1 {
        let count = theme.templates.len();
        let message = format!("this theme has {count} templates of {} KB in all", size >> 10);
        let help = format!(
            "at most {} templates of {} KB are read",
            MAX_TEMPLATES_AND_BYTES.0,
            MAX_TEMPLATES_AND_BYTES.1 >> 10
        );
        return vec![Diagnostic::error(message).at(Place::file("templates")).help(help)];
    }
    let named: BTreeMap<&str, Vec<&str>> =
        theme.templates.iter().map(|(name, template)| (name.as_str(), names(&template.text))).collect();
    let mut lengths: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, template) in &theme.templates {
        let place = || Place::at(&template.shown, &template.text, 0..0);
        if template.text.matches("elif").count() > BRANCHES {
            let message = format!("this template has more than {BRANCHES} `elif`s");
            found.push(Diagnostic::error(message).at(place()).help("take it apart"));
        }
        if chain(name, &named, &mut lengths, 0) > CHAIN {
            let message =
                format!("more than {CHAIN} templates include or extend one another in a row from here");
            found.push(Diagnostic::error(message).at(place()).help("let them include one another less deep"));
            break;
        }
    }
    found
}

/// How many templates hang on this one in a row. Circles are as long as is looked; Tera names them.
fn chain<'t>(
    name: &'t str,
    named: &BTreeMap<&'t str, Vec<&'t str>>,
    lengths: &mut BTreeMap<&'t str, usize>,
    depth: usize,
) -> usize {
    if let Some(&known) = lengths.get(name) {
        return known;
    }
    if depth > CHAIN {
        return 1;
    }
    let others = named.get(name).into_iter().flatten();
    let longest = others.map(|other| chain(other, named, lengths, depth + 1)).max().unwrap_or_default();
    // What is cut off at the end is told from above.
    if depth + longest <= CHAIN {
        lengths.insert(name, longest + 1);
    }
    longest + 1
}

/// The names of templates that a template includes or extends.
fn names(text: &str) -> Vec<&str> {
    let tags = text.split("{%").skip(1).map(|rest| rest.trim_start_matches('-').trim_start());
    let named = tags.filter(|tag| tag.starts_with("include") || tag.starts_with("extends"));
    named.filter_map(|tag| tag.split(['"', '\'', '`']).nth(1)).collect()
}
