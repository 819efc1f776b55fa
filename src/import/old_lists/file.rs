//! Adds lines to the text of `content/redirects.yaml`. What a person wrote stays.

use std::collections::{BTreeMap, HashSet};
use std::fs;
use std::io;
use std::path::Path;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::atomic::{self, Change};
use crate::load::{redirects, source};
use crate::paths::{self, fold};
use crate::yaml;

/// The first line of a new file.
fn head() -> String {
    let text =
        tr!("Old addresses and where they lead. `newsprint import --from` adds lines and changes none.");
    format!("# {text}\n")
}

/// Adds the lines of `wanted`, targets by old address, whose old addresses the file does not have.
/// Returns their number. A dry run writes nothing.
///
/// # Errors
/// The file has errors, cannot be read or written, or its style takes no further lines.
pub(super) fn add(
    root: &Path,
    config: &Config,
    wanted: &BTreeMap<String, String>,
    dry_run: bool,
) -> Result<usize, Vec<Diagnostic>> {
    let named = root.join(redirects::FILE);
    let failed = |error: &io::Error| {
        let error = Diagnostic::error(tr!("this file cannot be updated: {error}", error));
        vec![
            error
                .at(Place::file(redirects::FILE))
                .help(tr!("make the file and its folder writable, and import again")),
        ]
    };
    config.links.allow(root, &named, redirects::FILE).map_err(|refused| vec![refused])?;
    let path = match fs::canonicalize(&named) {
        Ok(path) => path,
        Err(error) if error.kind() != io::ErrorKind::NotFound || fs::symlink_metadata(&named).is_ok() => {
            return Err(failed(&error));
        }
        Err(_) => named.clone(),
    };
    let made = match path.parent().filter(|_| !dry_run) {
        Some(folder) => fs::create_dir_all(folder),
        None => Ok(()),
    };
    let outcome = made.and_then(|()| {
        atomic::update(&path, |bytes| {
            Ok(match append(bytes, wanted) {
                Ok((_, 0)) => Change::Keep(Ok(0)),
                Ok((_, added)) if dry_run => Change::Keep(Ok(added)),
                Ok((text, added)) => Change::Write(text.into_bytes(), Ok(added)),
                Err(problems) => Change::Keep(Err(problems)),
            })
        })
    });
    let added = outcome.map_err(|error| failed(&error))??;
    if added > 0 && !dry_run {
        atomic::sync_folders(root, [named.as_path(), path.as_path()]);
    }
    Ok(added)
}

/// Appends the lines that the file does not have. Returns the text and the number of lines.
///
/// # Errors
/// The errors of the file; one error if a line cannot be appended, as in flow style.
fn append(
    bytes: Option<&[u8]>,
    wanted: &BTreeMap<String, String>,
) -> Result<(String, usize), Vec<Diagnostic>> {
    let old = source::decode(redirects::FILE, bytes.unwrap_or_default().to_vec()).map_err(|it| vec![it])?;
    let (entries, problems) = redirects::parse(&old);
    if problems.iter().any(Diagnostic::is_error) {
        return Err(problems);
    }
    let known: HashSet<String> = entries.iter().map(|entry| fold(&entry.old)).collect();
    let is_new = |old: &str| paths::alias(old).is_some_and(|path| !known.contains(&fold(&path)));
    let lines: Vec<String> = wanted
        .iter()
        .filter(|(old, _)| is_new(old))
        .map(|(old, target)| format!("{} {}\n", yaml::key(old, 0).trim_end(), yaml::scalar(target)))
        .collect();
    if lines.is_empty() {
        return Ok((old, 0));
    }
    let mut text = if old.trim().is_empty() { head() } else { old };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    text.push_str(&lines.concat());
    let (after, problems) = redirects::parse(&text);
    if !problems.is_empty() || after.len() != entries.len() + lines.len() {
        let first: String = lines.iter().take(3).map(|line| format!("\n  {}", line.trim_end())).collect();
        return Err(vec![
            Diagnostic::error(tr!("no line can be added at the end of this file"))
                .at(Place::file(redirects::FILE))
                .help(tr!("write one `old: new` on each line, such as these:{first}", first)),
        ]);
    }
    Ok((text, lines.len()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wanted(lines: &[(&str, &str)]) -> BTreeMap<String, String> {
        lines.iter().map(|(old, new)| ((*old).to_owned(), (*new).to_owned())).collect()
    }

    #[test]
    fn lines_are_added_once_and_those_of_a_person_stay() {
        let wanted = wanted(&[("tags/c%23/", "keywords/c~23~/"), ("a/", "/"), ("b c/", "x/")]);
        let (text, added) = append(None, &wanted).unwrap();
        assert_eq!(added, 3);
        assert_eq!(append(Some(text.as_bytes()), &wanted).unwrap(), (text.clone(), 0));
        let own = "# 我的\nA: archive/ # 归档";
        let (text, added) = append(Some(own.as_bytes()), &wanted).unwrap();
        assert!(text.starts_with("# 我的\nA: archive/ # 归档\n") && added == 2, "{text}");
        let (entries, found) = redirects::parse(&text);
        assert!(found.is_empty() && entries.len() == 3, "{found:?}");
    }

    #[test]
    fn a_file_that_takes_no_line_is_an_error() {
        let wanted = wanted(&[("a/", "/")]);
        for text in ["{b/: x/}", "b/: [", "\u{0}", "b/: |\n  x"] {
            let found = append(Some(text.as_bytes()), &wanted);
            assert!(found.is_err(), "{text}: {found:?}");
        }
        assert!(append(Some(&[0xFF]), &wanted).is_err());
    }
}
