//! Reads the configuration of Pelican, a module of Python, by its literals. It is not run.

mod parser;
mod text;

use crate::diagnostic::{Diagnostic, Place};
use crate::yaml::Node;

/// Settings of Pelican that decide about addresses and dates. Their values are read if they are
/// literals.
const OF_PELICAN: [&str; 18] = [
    "PATH",
    "SITEURL",
    "TIMEZONE",
    "DEFAULT_LANG",
    "DEFAULT_DATE",
    "DEFAULT_METADATA",
    "DEFAULT_CATEGORY",
    "EXTRA_PATH_METADATA",
    "FILENAME_METADATA",
    "PATH_METADATA",
    "ARTICLE_URL",
    "ARTICLE_SAVE_AS",
    "ARTICLE_LANG_URL",
    "ARTICLE_LANG_SAVE_AS",
    "SLUGIFY_SOURCE",
    "SLUGIFY_USE_UNICODE",
    "SLUG_REGEX_SUBSTITUTIONS",
    "WITH_FUTURE_DATES",
];

/// The settings of a module of Python that are literals, and a warning about each setting that
/// counts and is code.
pub(super) fn settings(shown: &str, text: &str, diagnostics: &mut Vec<Diagnostic>) -> Node {
    let module = parser::parse(text);
    for (name, line) in module.code.iter().filter(|(name, _)| OF_PELICAN.contains(&name.as_str())) {
        let start: usize = text.split_inclusive('\n').take(line - 1).map(str::len).sum();
        let end = start + name.len();
        diagnostics.push(
            Diagnostic::warning(tr!("the value of `{name}` is code, which is not run", name))
                .at(Place::at(shown, &text.to_owned().into(), start..end))
                .help(tr!("write its value as a literal in a copy of this file")),
        );
    }
    // Of a name that is assigned again, the last value counts.
    let mut settings: Vec<(String, Node)> = Vec::new();
    for (name, node) in module.settings.into_iter().rev() {
        if !settings.iter().any(|(known, _)| *known == name) {
            settings.push((name, node));
        }
    }
    Node::Map(settings)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read_and_code_that_counts_is_named() {
        let mut diagnostics = Vec::new();
        let text = "import os\nPATH = 'a'\nPATH = 'content'\nTHEME = os.curdir\nARTICLE_URL = f'{x}/'\n";
        let found = settings("pelicanconf.py", text, &mut diagnostics);
        assert_eq!(crate::yaml::flow(&found), "{PATH: content}");
        let place = diagnostics[0].place.as_ref().unwrap();
        assert_eq!((diagnostics.len(), place.line, place.column), (1, 5, 1));
        assert!(diagnostics[0].message.contains("`ARTICLE_URL`"));
    }
}
