//! Removes sources from `sources.yaml` and switches them on and off. Comments, order and style of
//! the file stay.

use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place, printable_line};
use crate::fetch::edit;
use crate::fetch::sources::{self, FILE, Source};
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
        let line = |name: &String| match self.change {
            "removed" => tr!("removed: {name}", name),
            "on" => tr!("on: {name}", name),
            _ => tr!("off: {name}", name),
        };
        self.sources.iter().map(|name| printable_line(&line(name)) + "\n").collect()
    }

    /// The summary: one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let sources = self.sources.len();
        match self.change {
            "removed" => tr!(
                "newsprint: {n} source of {FILE} removed"
                    | "newsprint: {n} sources of {FILE} removed" % sources,
                FILE
            ),
            "on" => tr!(
                "newsprint: {n} source of {FILE} on" | "newsprint: {n} sources of {FILE} on" % sources,
                FILE
            ),
            _ => tr!(
                "newsprint: {n} source of {FILE} off" | "newsprint: {n} sources of {FILE} off" % sources,
                FILE
            ),
        }
    }
}

/// Removes the sources with these names.
#[must_use]
pub fn remove(root: &Path, config: &Config, names: &[String]) -> Edited {
    change(root, config, (names, "removed"), |text, span| {
        text.replace_range(edit::item_lines(text, span), "");
    })
}

/// Switches the sources with these names on or off.
#[must_use]
pub fn switch(root: &Path, config: &Config, names: &[String], is_on: bool) -> Edited {
    let name = if is_on { "on" } else { "off" };
    change(root, config, (names, name), |text, span| set_enabled(text, edit::item_lines(text, span), is_on))
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
        let unknown: Vec<Diagnostic> =
            names.iter().filter_map(|name| sources::unknown(name, &sources)).collect();
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
            let error = Diagnostic::error(tr!("newsprint cannot edit this file as it is written"));
            let help = match change {
                "removed" => tr!("remove the lines of {} yourself", quoted(names)),
                _ => tr!(
                    "write `enabled: {value}` at {names} yourself, as in `- {example}`",
                    value = change == "on",
                    names = quoted(names),
                    example = "{name: 某报, url: …, enabled: false}"
                ),
            };
            return Err(vec![error.at(Place::file(FILE)).help(help)]);
        }
        let sources = sources.iter().filter(|source| is_named(source)).map(|source| source.name.clone());
        Ok((text, Edited { success: true, change, sources: sources.collect(), diagnostics: Vec::new() }))
    });
    edited.unwrap_or_else(|diagnostics| Edited { change, diagnostics, ..Edited::default() })
}

fn quoted(names: &[String]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(&tr!("list" => ", "))
}

/// Sets `enabled:` in the lines of an item.
fn set_enabled(text: &mut String, item: Range<usize>, is_on: bool) {
    if text[item.clone()].trim_start_matches([' ', '-']).starts_with('{') {
        return set_enabled_in_flow(text, item, is_on);
    }
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

/// Sets `enabled:` in an item in flow style, `- {name: 某报, url: https://…}`.
fn set_enabled_in_flow(text: &mut String, item: Range<usize>, is_on: bool) {
    let body = &text[item.clone()];
    if let Some(key) = body.find("enabled:") {
        let start = key + "enabled:".len();
        let end = body[start..].find([',', '}', '\n']).map_or(body.len(), |end| start + end);
        let value = if is_on { " true" } else { " false" };
        text.replace_range(item.start + start..item.start + end, value);
        return;
    }
    // The last bracket that is not in a comment.
    let mut at = 0;
    let mut last = None;
    for line in body.split_inclusive('\n') {
        let end = line.find(" #").unwrap_or(line.len());
        last = line[..end].rfind('}').map(|bracket| at + bracket).or(last);
        at += line.len();
    }
    if let Some(last) = last.filter(|_| !is_on) {
        let end = body[..last].trim_end().len();
        text.insert_str(item.start + end, ", enabled: false");
    }
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
        // A source in flow style stays in it.
        let (report, text) = edited(|root| switch(root, &config, &names(&["丙"]), false));
        let wanted = TEXT.replace("https://c.org/}", "https://c.org/, enabled: false}");
        assert_eq!((report.success, text), (true, wanted), "{report:?}");
    }

    #[test]
    fn sources_in_flow_style_are_switched_or_the_error_says_what_to_write() {
        let switched = |before: &str, is_on: bool| {
            let folder = tempfile::tempdir().unwrap();
            let file = folder.path().join(FILE);
            std::fs::write(&file, before).unwrap();
            let report = switch(folder.path(), &Config::default(), &names(&["甲"]), is_on);
            (report, std::fs::read_to_string(file).unwrap())
        };
        for (before, is_on, after) in [
            (
                "- { name: 甲, url: https://a.org/ } # {注}",
                false,
                "- { name: 甲, url: https://a.org/, enabled: false } # {注}",
            ),
            (
                "- {enabled: false, name: 甲, url: https://a.org/}",
                true,
                "- {enabled: true, name: 甲, url: https://a.org/}",
            ),
            (
                "- {name: 甲,\n   url: https://a.org/}",
                false,
                "- {name: 甲,\n   url: https://a.org/, enabled: false}",
            ),
        ] {
            let (report, text) = switched(&format!("sources:\n{before}\n"), is_on);
            assert!(report.success, "{before}: {report:?}");
            assert_eq!(text, format!("sources:\n{after}\n"));
        }
        let (report, _) = switched("sources: [{name: 甲, url: https://a.org/}]\n", false);
        let help = report.diagnostics[0].help.clone().unwrap();
        assert!(help.starts_with("write `enabled: false` at `甲` yourself"), "{help}");
    }
}
