//! Limits the size and the include depth of a theme. Tera parses and renders templates recursively,
//! so a long chain of templates could overflow the stack.

use std::collections::BTreeMap;

use crate::diagnostic::{Diagnostic, Place};
use crate::load::Theme;
use crate::text::lines::LinedText;

/// Maximum number of templates in a theme. The default theme has 31.
const MAX_TEMPLATES: usize = 1000;
/// Maximum size of all templates of a theme, in bytes. The default theme has 31 KB.
const MAX_THEME_BYTES: usize = 4 << 20;
/// Maximum number of `elif`s in a template.
const MAX_ELIFS: usize = 500;
/// Maximum length of a chain of templates that include or extend one another.
const MAX_CHAIN: usize = 30;

/// Reports the limits that the theme exceeds. Of chains that are too long, only the first is
/// reported.
pub(super) fn check(theme: &Theme) -> Vec<Diagnostic> {
    let size: usize = theme.templates.values().map(|template| template.text.len()).sum();
    if theme.templates.len() > MAX_TEMPLATES || size > MAX_THEME_BYTES {
        let count = theme.templates.len();
        let message = tr!("this theme has {count} templates with {} KB in total", size >> 10, count);
        let help = tr!(
            "reduce it to at most {MAX_TEMPLATES} templates with {} KB in total",
            MAX_THEME_BYTES >> 10,
            MAX_TEMPLATES
        );
        return vec![Diagnostic::error(message).at(Place::file("templates")).help(help)];
    }
    let references: BTreeMap<&str, Vec<&str>> = theme
        .templates
        .iter()
        .map(|(name, template)| (name.as_str(), referenced_templates(&template.text)))
        .collect();
    let mut lengths: BTreeMap<&str, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (name, template) in &theme.templates {
        let place = || Place::at(&template.shown, &LinedText::new(&*template.text), 0..0);
        if template.text.matches("elif").count() > MAX_ELIFS {
            let message = tr!("this template has more than {MAX_ELIFS} `elif`s", MAX_ELIFS);
            found.push(Diagnostic::error(message).at(place()).help(tr!("split it into several templates")));
        }
        if chain_length(name, &references, &mut lengths, 0) > MAX_CHAIN {
            let message = tr!(
                "a chain of more than {MAX_CHAIN} templates that include or extend one another begins here",
                MAX_CHAIN
            );
            found.push(
                Diagnostic::error(message)
                    .at(place())
                    .help(tr!("reduce the include depth to {MAX_CHAIN} or less", MAX_CHAIN)),
            );
            break;
        }
    }
    found
}

/// The length of the longest chain of templates that begins with this one. A circle counts as
/// longer than [`MAX_CHAIN`]. `references` holds the templates that each template includes or
/// extends, `lengths` the known lengths, `depth` the number of templates before this one.
fn chain_length<'t>(
    name: &'t str,
    references: &BTreeMap<&'t str, Vec<&'t str>>,
    lengths: &mut BTreeMap<&'t str, usize>,
    depth: usize,
) -> usize {
    if let Some(&known) = lengths.get(name) {
        return known;
    }
    if depth > MAX_CHAIN {
        return 1;
    }
    let others = references.get(name).into_iter().flatten();
    let longest =
        others.map(|other| chain_length(other, references, lengths, depth + 1)).max().unwrap_or_default();
    // The depth limit may have cut this length short: it is not cached, and the chain above is
    // reported.
    if depth + longest <= MAX_CHAIN {
        lengths.insert(name, longest + 1);
    }
    longest + 1
}

/// The names of the templates that a template includes or extends.
fn referenced_templates(text: &str) -> Vec<&str> {
    let tags = text.split("{%").skip(1).map(|rest| rest.trim_start_matches('-').trim_start());
    let named = tags.filter(|tag| tag.starts_with("include") || tag.starts_with("extends"));
    named.filter_map(|tag| tag.split(['"', '\'', '`']).nth(1)).collect()
}
