//! Warns about the files in a folder of sources that are not read.

use crate::diagnostic::{Diagnostic, Place};

/// Names that a warning lists.
const MAX_NAMES: usize = 5;

/// The warning about posts in reStructuredText. `folder` is the folder that was asked for.
pub(super) fn in_restructured_text(folder: &str, names: &[String]) -> Diagnostic {
    let message = tr!(
        "{n} post in reStructuredText passed over: {names}"
            | "{n} posts in reStructuredText passed over: {names}" % names.len(),
        names = names.join(&tr!("list" => ", "))
    );
    Diagnostic::warning(message)
        .at(Place::file(folder))
        .help(tr!("convert them to Markdown, such as with `pandoc -f rst -t markdown`"))
}

/// The warning about files with other extensions. `folder` is the folder that was asked for.
pub(super) fn with_other_extensions(folder: &str, names: &[String]) -> Diagnostic {
    let more = if names.len() > MAX_NAMES { " …" } else { "" };
    let message = tr!(
        "skipped {n} file in this folder: `{names}`{more}"
            | "skipped {n} files in this folder: `{names}`{more}" % names.len(),
        names = names[..names.len().min(MAX_NAMES)].join("`, `"),
        more
    );
    Diagnostic::warning(message)
        .at(Place::file(folder))
        .help(tr!("to import a file with another extension, name the file itself"))
}
