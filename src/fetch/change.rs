//! Removes sources from `sources.yaml` and switches them on and off. Comments, order and style of
//! the file stay.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place, nearest, printable_line};
use crate::fetch::edit;
use crate::fetch::sources::{self, FILE, Source};
use crate::text::count;
use crate::yaml;

/// The result of a change of sources.
#[derive(Debug, Default, Serialize)]
pub struct Edited {
    /// True if the change is made.
    pub success: bool,
    /// What was done: `removed`, `on` or `off`.
    pub change: &'static str,
    /// The names of the sources.
    pub sources: Vec<String>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

impl Edited {
    /// One line for each source.
    #[must_use]
    pub fn text(&self) -> String {
        self.sources.iter().map(|name| printable_line(&format!("{}: {name}", self.change)) + "\n").collect()
    }

    /// The summary: one line.
    #[must_use]
    pub fn summary(&self) -> String {
        format!("newsprint: {} of {FILE} {}", count(self.sources.len(), "source"), self.change)
    }
}

/// Removes the sources with these names.
#[must_use]
pub fn remove(root: &Path, config: &Config, names: &[String]) -> Edited {
    change(root, config, (names, "removed"), |text, span| text.replace_range(lines(text, span), ""))
}

/// Switches the sources with these names on or off.
#[must_use]
pub fn switch(root: &Path, config: &Config, names: &[String], is_on: bool) -> Edited {
    let name = if is_on { "on" } else { "off" };
    change(root, config, (names, name), |text, span| set_enabled(text, lines(text, span), is_on))
}

/// Edits the items of some sources, the last one first, and proves the result by reading it again.
fn change(
    root: &Path,
    config: &Config,
    (names, change): (&[String], &'static str),
    edit_item: impl Fn(&mut String, Range<usize>),
) -> Edited {
    let edited = edit::update(root, config, |before| {
        let (sources, problems) = sources::parse(before, config);
        if problems.iter().any(Diagnostic::is_error) {
            return Err(problems);
        }
        let unknown: Vec<Diagnostic> = names.iter().filter_map(|name| unknown(name, &sources)).collect();
        if !unknown.is_empty() {
            return Err(unknown);
        }
        let is_named = |source: &Source| names.contains(&source.name);
        let spans = yaml::item_spans(before, "sources").filter(|spans| spans.len() == sources.len());
        let mut text = before.to_owned();
        for (span, source) in spans.unwrap_or_default().into_iter().zip(&sources).rev() {
            if is_named(source) {
                edit_item(&mut text, span);
            }
        }
        let wanted: Vec<(String, bool)> = sources
            .iter()
            .filter(|source| change != "removed" || !is_named(source))
            .map(|source| {
                (source.name.clone(), if is_named(source) { change == "on" } else { source.enabled })
            })
            .collect();
        let (after, problems) = sources::parse(&text, config);
        let found: Vec<(String, bool)> =
            after.into_iter().map(|source| (source.name, source.enabled)).collect();
        if problems.iter().any(Diagnostic::is_error) || found != wanted {
            let error = Diagnostic::error("newsprint cannot edit this file as it is written");
            let help = format!("edit it yourself: {}", names.join(", "));
            return Err(vec![error.at(Place::file(FILE)).help(help)]);
        }
        let sources = sources.iter().filter(|source| is_named(source)).map(|source| source.name.clone());
        Ok((text, Edited { success: true, change, sources: sources.collect(), diagnostics: Vec::new() }))
    });
    edited.unwrap_or_else(|diagnostics| Edited { change, diagnostics, ..Edited::default() })
}

fn unknown(name: &str, sources: &[Source]) -> Option<Diagnostic> {
    if sources.iter().any(|source| source.name == name) {
        return None;
    }
    let help = match nearest(name, sources.iter().map(|source| source.name.as_str())) {
        Some(near) => format!("did you mean `{near}`?"),
        None => "`newsprint sources list` shows the names".to_owned(),
    };
    Some(Diagnostic::error(format!("no source is called `{name}`")).help(help))
}

/// The lines of an item without the comments and blank lines behind it, which may belong to the
/// next one.
fn lines(text: &str, span: Range<usize>) -> Range<usize> {
    let (mut at, mut end) = (span.start, span.start);
    for line in text[span.clone()].split_inclusive('\n') {
        at += line.len();
        let body = line.trim();
        if !body.is_empty() && !body.starts_with('#') {
            end = at;
        }
    }
    span.start..end
}

/// Sets `enabled:` in the lines of an item.
fn set_enabled(text: &mut String, item: Range<usize>, is_on: bool) {
    let mut at = item.start;
    for line in text[item.clone()].split_inclusive('\n') {
        let body = line.trim_start_matches([' ', '-']);
        if let Some(value) = body.strip_prefix("enabled:") {
            let start = at + line.len() - value.len();
            let end = start + value.find(" #").unwrap_or(value.trim_end().len());
            text.replace_range(start..end, if is_on { " true" } else { " false" });
            return;
        }
        at += line.len();
    }
    if is_on {
        return;
    }
    let first = text[item.clone()].lines().next().unwrap_or_default();
    let indent = first.len() - first.trim_start_matches([' ', '-']).len();
    let break_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let before = if text[..item.end].ends_with('\n') { "" } else { break_line };
    text.insert_str(item.end, &format!("{before}{}enabled: false{break_line}", " ".repeat(indent)));
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = "# 我的\nsources:\n  # 甲的注\n  - name: 甲 # 一\n    url: https://a.org/\n\n  # 乙的注\n  - name: 乙\n    url: https://b.org/\n    enabled: false # 停\n  - {name: 丙, url: https://c.org/}\n# 尾\n";

    fn edited(change: impl Fn(&Path) -> Edited) -> (Edited, String) {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join(FILE);
        std::fs::write(&file, TEXT).unwrap();
        let edited = change(folder.path());
        (edited, std::fs::read_to_string(file).unwrap())
    }

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|name| (*name).to_owned()).collect()
    }

    #[test]
    fn sources_are_removed_and_comments_stay() {
        let config = Config::default();
        let (report, text) = edited(|root| remove(root, &config, &names(&["乙", "丙"])));
        assert!(report.success, "{report:?}");
        assert_eq!(
            text,
            "# 我的\nsources:\n  # 甲的注\n  - name: 甲 # 一\n    url: https://a.org/\n\n  # 乙的注\n# 尾\n"
        );
        let (report, text) = edited(|root| remove(root, &config, &names(&["甲", "乙", "丙"])));
        assert!(report.success && text.starts_with("# 我的\nsources:\n"), "{report:?} {text}");
        let (report, text) = edited(|root| remove(root, &config, &names(&["甲", "丁"])));
        assert!(!report.success && report.diagnostics[0].message.contains("`丁`"), "{report:?}");
        assert_eq!(text, TEXT);
    }

    #[test]
    fn sources_are_switched_on_and_off() {
        let config = Config::default();
        let (report, text) = edited(|root| switch(root, &config, &names(&["乙"]), true));
        assert_eq!((report.success, text), (true, TEXT.replace("enabled: false #", "enabled: true #")));
        let (report, text) = edited(|root| switch(root, &config, &names(&["甲", "乙"]), false));
        let wanted = TEXT.replace("https://a.org/\n", "https://a.org/\n    enabled: false\n");
        assert_eq!((report.success, text), (true, wanted));
        // A source in flow style cannot be edited.
        let (report, text) = edited(|root| switch(root, &config, &names(&["丙"]), false));
        assert_eq!((report.success, text.as_str()), (false, TEXT), "{report:?}");
    }
}
