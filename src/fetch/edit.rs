//! Adds sources to `sources.yaml`, whose comments, order and style stay.

use std::io;
use std::ops::Range;
use std::path::Path;

use serde::Serialize;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fetch::secret;
use crate::fetch::sources::{self, FILE, MAX_SOURCES, Source};
use crate::fs::atomic::{self, Change};
use crate::yaml;

/// The first lines of a new file.
fn head() -> String {
    format!("# {}\nsources:\n", tr!("The sites whose new entries `newsprint fetch` turns into records."))
}

/// The result of adding sources.
#[derive(Debug, Default, Serialize)]
pub struct Added {
    /// True if the file has every source that can be read.
    pub success: bool,
    /// The sources that were added.
    pub added: Vec<Named>,
    /// The sources whose address the file had.
    pub known: Vec<Named>,
    /// Errors and warnings.
    pub diagnostics: Vec<Diagnostic>,
}

/// The name and the address of a source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Named {
    /// The name.
    pub name: String,
    /// The address. Reports show `***` for its secrets.
    #[serde(serialize_with = "secret::serialize")]
    pub url: String,
}

impl Added {
    /// One line for each source.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |text: &str| crate::diagnostic::printable_line(text) + "\n";
        let added = self.added.iter().map(|Named { name, url }| {
            line(&tr!("added: {name} {url}", name, url = secret::shown_text(url)))
        });
        let known = self.known.iter().map(|Named { name, url }| {
            line(&tr!("already there: {name} {url}", name, url = secret::shown_text(url)))
        });
        added.chain(known).collect()
    }

    /// The summary: one line.
    #[must_use]
    pub fn summary(&self) -> String {
        let added = self.added.len();
        match self.known.len() {
            0 => tr!(
                "newsprint: {n} source added to {FILE}" | "newsprint: {n} sources added to {FILE}" % added,
                FILE
            ),
            known => tr!(
                "newsprint: {n} source added to {FILE}, {known} already there"
                    | "newsprint: {n} sources added to {FILE}, {known} already there" % added,
                FILE,
                known
            ),
        }
    }
}

/// What becomes of a name that another source has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TakenName {
    /// It gets a number.
    Numbered,
    /// It is an error: a person chose it.
    Refused,
}

/// Adds sources, given by names and addresses, to the end of the list. A source whose address is
/// there is left out.
///
/// # Errors
/// The file has errors, cannot be written, or is written in a way that cannot be edited. A name is
/// taken and must not get a number. There would be too many sources.
pub(super) fn add(
    root: &Path,
    config: &Config,
    new: &[Named],
    taken: TakenName,
) -> Result<Added, Vec<Diagnostic>> {
    update(root, config, |text| {
        let (edited, added) = edit(text, config, new, taken)?;
        let edited = if added.added.is_empty() { text.to_owned() } else { edited };
        Ok((edited, added))
    })
}

/// Changes the text of the file, which may be called several times, and returns the report. A file
/// that is missing has the first lines of a new one.
///
/// # Errors
/// Those of `edit`; the file cannot be written.
pub(super) fn update<R: Default>(
    root: &Path,
    config: &Config,
    edit: impl Fn(&str) -> Result<(String, R), Vec<Diagnostic>>,
) -> Result<R, Vec<Diagnostic>> {
    let path = root.join(FILE);
    config.links.allow(root, &path, FILE).map_err(|problem| vec![problem])?;
    let head = head();
    let mut problems = Vec::new();
    let result = atomic::update(&path, |old| {
        problems.clear();
        let text = std::str::from_utf8(old.unwrap_or(head.as_bytes()));
        let text = text.map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
        match edit(text) {
            Ok((edited, report)) if edited != text => Ok(Change::Write(edited.into_bytes(), report)),
            Ok((_, report)) => Ok(Change::Keep(report)),
            Err(found) => {
                problems = found;
                Ok(Change::Keep(R::default()))
            }
        }
    });
    match result {
        _ if !problems.is_empty() => Err(problems),
        Ok(report) => {
            atomic::sync_folders(root, [path.as_path()]);
            Ok(report)
        }
        Err(error) => Err(vec![
            Diagnostic::error(tr!("this file cannot be written: {error}", error))
                .at(Place::file(FILE))
                .help(tr!("make the file writable, and save it as UTF-8")),
        ]),
    }
}

/// The text with the new sources, and the report.
fn edit(
    text: &str,
    config: &Config,
    new: &[Named],
    taken: TakenName,
) -> Result<(String, Added), Vec<Diagnostic>> {
    let (before, problems) = sources::parse(text, config);
    if problems.iter().any(Diagnostic::is_error) {
        return Err(problems);
    }
    let mut report = Added { success: true, diagnostics: problems, ..Added::default() };
    let is = |one: &str, other: &str| one.trim_end_matches('/') == other.trim_end_matches('/');
    for named in new {
        let known = before.iter().find(|source| is(source.url.as_str(), &named.url));
        if let Some(source) = known {
            report.known.push(Named { name: source.name.clone(), url: named.url.clone() });
        } else if !report.added.iter().any(|added| is(&added.url, &named.url)) {
            let is_taken = |name: &str| {
                before.iter().any(|source| source.name == name)
                    || report.added.iter().any(|added| added.name == name)
            };
            if taken == TakenName::Refused && is_taken(&named.name) {
                return Err(vec![name_is_taken(&named.name)]);
            }
            let numbered = (2..).map(|number: usize| format!("{} {number}", named.name));
            let name = std::iter::once(named.name.clone()).chain(numbered).find(|name| !is_taken(name));
            report.added.push(Named { name: name.unwrap_or_default(), url: named.url.clone() });
        }
    }
    let all = before.len() + report.added.len();
    if all > MAX_SOURCES {
        let message = tr!(
            "with {n} new source, {FILE} would have {all}; at most {MAX_SOURCES} are read"
                | "with {n} new sources, {FILE} would have {all}; at most {MAX_SOURCES} are read"
                    % report.added.len(),
            FILE,
            all,
            MAX_SOURCES
        );
        let help = tr!("remove feeds that you do not need, or divide them among several digests");
        return Err(vec![Diagnostic::error(message).at(Place::file(FILE)).help(help)]);
    }
    let edited = insert(text, &report.added);
    let is_proven = |text: &String| {
        let (after, problems) = sources::parse(text, config);
        let names = |sources: &[Source]| -> Vec<(String, String)> {
            sources.iter().map(|source| (source.name.clone(), source.url.to_string())).collect()
        };
        let added = report.added.iter().map(|added| (added.name.clone(), added.url.clone()));
        let wanted: Vec<(String, String)> = names(&before).into_iter().chain(added).collect();
        !problems.iter().any(Diagnostic::is_error) && names(&after) == wanted
    };
    match edited.filter(is_proven) {
        Some(text) => Ok((text, report)),
        None => {
            let help = tr!("add this to the list of `sources` yourself:\n{}", items(&report.added, "  "));
            let error = Diagnostic::error(tr!("newsprint cannot edit this file as it is written"));
            Err(vec![secret::hidden(error.at(Place::file(FILE)).help(help))])
        }
    }
}

fn name_is_taken(name: &str) -> Diagnostic {
    Diagnostic::error(tr!("another source is called `{name}`", name))
        .at(Place::file(FILE))
        .help(tr!("give each source a name of its own, as in `--name '某报 科技'`; articles show it"))
}

/// The lines of sources in block style.
fn items(sources: &[Named], indent: &str) -> String {
    let item = |Named { name, url }: &Named| {
        format!("{indent}- name: {}\n{indent}  url: {}\n", yaml::scalar(name), yaml::scalar(url))
    };
    sources.iter().map(item).collect()
}

/// Inserts the items behind the last one. `None` if the list is in flow style.
fn insert(text: &str, sources: &[Named]) -> Option<String> {
    let break_line = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = text.to_owned();
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(break_line);
    }
    if yaml::key_span(&text, &["sources"], 0).is_none() {
        text.push_str(&format!("sources:{break_line}"));
    }
    let spans = yaml::item_spans(&text, "sources")?;
    let (at, indent) = match spans.last() {
        Some(last) => {
            let item = &text[last.clone()];
            let indent = item.len() - item.trim_start_matches(' ').len();
            // Blank lines and comments behind the last item stay behind the new ones.
            (item_lines(&text, last.clone()).end, " ".repeat(indent))
        }
        None => {
            let key = yaml::key_span(&text, &["sources"], 0)?;
            let line = &text[key.start..];
            let end = key.start + line.find('\n').map_or(line.len(), |at| at + 1);
            // `sources: []`.
            let value =
                text[key.end..end].trim_start().strip_prefix(':')?.split('#').next()?.trim().to_owned();
            match value.as_str() {
                "" => {}
                "[]" | "~" | "null" => {
                    let start = key.end + text[key.end..end].find(&value)?;
                    text.replace_range(start..start + value.len(), "");
                    let end = end - value.len();
                    text.insert_str(end, &items(sources, "  ").replace('\n', break_line));
                    return Some(text);
                }
                _ => return None,
            }
            (end, "  ".to_owned())
        }
    };
    text.insert_str(at, &items(sources, &indent).replace('\n', break_line));
    Some(text)
}

/// The lines of an item without the comments and blank lines behind it, which may belong to the
/// next one.
pub(super) fn item_lines(text: &str, span: Range<usize>) -> Range<usize> {
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

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str, url: &str) -> Named {
        Named { name: name.to_owned(), url: url.to_owned() }
    }

    fn edited(text: &str) -> Result<String, String> {
        let new = [named("新报: 一", "https://n.org/feed?a=1#b"), named("甲", "https://m.org/")];
        edit(text, &Config::default(), &new, TakenName::Numbered)
            .map(|(text, _)| text)
            .map_err(|problems| problems[0].message.clone())
    }

    const NEW: &str =
        "  - name: \"新报: 一\"\n    url: https://n.org/feed?a=1#b\n  - name: 甲\n    url: https://m.org/\n";

    #[test]
    fn new_sources_are_behind_the_last_and_comments_stay() {
        let head = head();
        for (before, after) in [
            (head.as_str(), format!("{head}{NEW}")),
            ("", format!("sources:\n{NEW}")),
            ("sources: [] # none yet\n# end\n", format!("sources:  # none yet\n{NEW}# end\n")),
            (
                "# top\nsources:\n  # a\n  - name: 某报 # b\n    url: https://e.org/ # c\n\n# end",
                format!(
                    "# top\nsources:\n  # a\n  - name: 某报 # b\n    url: https://e.org/ # c\n{NEW}\n# end\n"
                ),
            ),
        ] {
            assert_eq!(edited(before).as_deref(), Ok(after.as_str()), "{before}");
        }
        let windows = edited("sources:\r\n- name: a\r\n  url: https://e.org/\r\n").unwrap();
        assert!(!windows.replace("\r\n", "").contains('\n'), "{windows:?}");
        assert!(windows.contains("\r\n- name: 甲\r\n  url:"), "{windows:?}");
    }

    #[test]
    fn a_file_that_cannot_be_edited_stays() {
        let flow = "sources: [{name: a, url: https://e.org/}]\n";
        assert_eq!(edited(flow).unwrap_err(), "newsprint cannot edit this file as it is written");
        assert!(edited("sources:\n- url: x\n").is_err());
    }

    #[test]
    fn known_addresses_are_left_out_and_names_numbered() {
        let text = "sources:\n- name: a\n  url: https://e.org/\n";
        let new = [named("b", "https://e.org"), named("a", "https://f.org/"), named("c", "https://f.org")];
        let (_, report) = edit(text, &Config::default(), &new, TakenName::Numbered).unwrap();
        assert_eq!(report.known, [named("a", "https://e.org")]);
        assert_eq!(report.added, [named("a 2", "https://f.org/")]);
        // A name that a person chose gets no number.
        let problems = edit(text, &Config::default(), &new[1..], TakenName::Refused).unwrap_err();
        assert_eq!(problems[0].message, "another source is called `a`");
        let (_, report) = edit(text, &Config::default(), &new[..1], TakenName::Refused).unwrap();
        assert_eq!(report.known.len(), 1);
    }

    #[test]
    fn more_sources_than_are_read_are_refused() {
        let text = "sources:\n- name: a\n  url: https://e.org/\n";
        let new: Vec<Named> =
            (0..MAX_SOURCES).map(|n| named(&n.to_string(), &format!("https://e.org/{n}"))).collect();
        let edit = |new: &[Named]| edit(text, &Config::default(), new, TakenName::Numbered);
        let message = edit(&new).unwrap_err().remove(0).message;
        let wanted = "with 2000 new sources, sources.yaml would have 2001; at most 2000 are read";
        assert_eq!(message, wanted);
        assert_eq!(edit(&new[1..]).unwrap().1.added.len(), MAX_SOURCES - 1);
    }
}
