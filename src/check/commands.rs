//! Builds the shell command and the registry lines that a finding about terms prints.

use std::fmt::Write as _;

use crate::yaml;

/// The `newsprint terms merge` command that merges `from` into `into`, quoted for a POSIX shell.
pub(super) fn merge_command<'a>(taxonomy: &str, from: impl Iterator<Item = &'a str>, into: &str) -> String {
    let from: Vec<&str> = from.collect();
    let words: Vec<String> = from.iter().map(|name| quoted(name)).collect();
    // The command line parser would read a name that begins with a hyphen as an option.
    if from.iter().chain([&into]).any(|name| name.starts_with('-')) {
        return format!("newsprint terms merge --into={} -- {taxonomy} {}", quoted(into), words.join(" "));
    }
    format!("newsprint terms merge {taxonomy} {} --into {}", words.join(" "), quoted(into))
}

/// The lines of a registry entry with aliases, indented by two spaces.
#[must_use]
pub fn entry_lines<'a>(name: &str, aliases: impl Iterator<Item = &'a str>) -> String {
    let mut lines = format!("  - name: {}\n    aliases:\n", yaml::scalar(name));
    for alias in aliases {
        let _ = writeln!(lines, "      - {}", yaml::scalar(alias));
    }
    lines
}

/// The lines of a registry entry that hides a term, indented by two spaces.
pub(super) fn hidden_entry_lines(name: &str) -> String {
    format!("  - name: {}\n    hidden: true\n", yaml::scalar(name))
}

/// Quotes a word for a POSIX shell: in single quotes, unless it consists of letters, digits and
/// `-_.+/` and does not begin with a hyphen.
fn quoted(word: &str) -> String {
    if !word.is_empty()
        && word.chars().all(|c| c.is_alphanumeric() || "-_.+/".contains(c))
        && !word.starts_with('-')
    {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}
