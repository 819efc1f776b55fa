//! Runs `newsprint theme`: lists and prints the files of the default theme, and copies them into a
//! digest, where they replace the default ones.

use std::path::Path;

use serde::Serialize;

use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fs::{Root, SymlinkPolicy, atomic};
use crate::load::{source, theme};
use crate::scaffold::{Report, create};

/// A file of the default theme.
#[derive(Debug, Serialize)]
pub struct DefaultFile {
    /// The path in a digest: `templates/base.html`.
    pub file: String,
    /// Whether the digest has a file of this path: `default` (no), `replaced`, or `unchanged` if
    /// that is a copy of the default one.
    pub state: &'static str,
}

/// The report of [`list`].
#[derive(Debug, Default, Serialize)]
pub struct Files {
    /// True if the digest's own files could be compared.
    pub success: bool,
    /// The files of the default theme, sorted by path.
    pub files: Vec<DefaultFile>,
    /// Files of the digest that cannot be read.
    pub diagnostics: Vec<Diagnostic>,
}

impl Files {
    /// A line for each file.
    #[must_use]
    pub fn text(&self) -> String {
        let line = |file: &DefaultFile| match file.state {
            "default" => format!("{}\n", file.file),
            "unchanged" => tr!("{file}  (unchanged in this digest)\n", file = file.file),
            _ => tr!("{file}  (replaced in this digest)\n", file = file.file),
        };
        self.files.iter().map(line).collect()
    }
}

/// Lists the files of the default theme, and says which of them the digest replaces.
#[must_use]
pub fn list(root: &Path, links: SymlinkPolicy) -> Files {
    let folder = Root::open(root, links);
    let mut found = Files { success: true, ..Files::default() };
    for (file, bytes) in theme::default_files() {
        let state = match folder.read(&file, source::MAX_FILE_BYTES) {
            Ok(own) if own == bytes => "unchanged",
            Ok(_) => "replaced",
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "default",
            Err(error) => {
                let message = tr!("this file cannot be read: {error}", error);
                found.diagnostics.push(Diagnostic::error(message).at(Place::file(&file)));
                found.success = false;
                continue;
            }
        };
        found.files.push(DefaultFile { file, state });
    }
    found
}

/// Returns the bytes of a file of the default theme. `name` is its path in a digest, or below
/// `templates/` or `static/`.
///
/// # Errors
/// The default theme has no such file.
pub fn show(name: &str) -> Result<&'static [u8], Diagnostic> {
    find(name).map(|(_, bytes)| bytes)
}

/// Copies files of the default theme into the digest. Existing files are not changed.
#[must_use]
pub fn eject(root: &Path, links: SymlinkPolicy, names: &[String]) -> Report {
    let mut report = Report { success: true, ..Report::default() };
    let mut files = Vec::new();
    for name in names {
        match find(name) {
            Ok(file) => files.push(file),
            Err(diagnostic) => report = report.fail(diagnostic),
        }
    }
    if !report.success {
        return report;
    }
    for (file, bytes) in files {
        let path = root.join(&file);
        if let Err(diagnostic) = links.allow(root, &path, &file) {
            report = report.fail(diagnostic);
            continue;
        }
        let kept = report.kept.len();
        create(&path, bytes, &file, &mut report);
        if report.kept.len() > kept {
            let help = tr!("edit that file; `newsprint theme show` prints the default one for comparison");
            let error = Diagnostic::error(tr!("the digest already has this file")).at(Place::file(&file));
            report = report.fail(error.help(help));
        }
    }
    let created: Vec<_> = report.created.iter().map(|file| root.join(file)).collect();
    atomic::sync_folders(root, created.iter().map(|path| path.as_path()));
    report.next = tr!("newsprint: edit the copy; a file that you delete again is the default one again");
    report
}

/// The path in a digest and the bytes of the file of the default theme that a user means.
fn find(name: &str) -> Result<(String, &'static [u8]), Diagnostic> {
    let files = theme::default_files();
    let name = name.trim_start_matches("./");
    let candidates = [name.to_owned(), format!("templates/{name}"), format!("static/{name}")];
    if let Some((file, bytes)) = candidates.iter().find_map(|file| files.get_key_value(file)) {
        return Ok((file.clone(), bytes));
    }
    // A name may be near to the end of a path: `card.htm` to `card.html` of `templates/parts/`.
    let ends = |file| std::iter::successors(Some(file), |end: &&str| Some(end.split_once('/')?.1));
    let known = files.keys().flat_map(|file| ends(file.as_str()));
    let help = match nearest(name, known) {
        Some(near) => {
            let file = files.keys().find(|file| file.ends_with(near)).map_or(near, String::as_str);
            tr!("did you mean `{file}`?", file)
        }
        None => tr!("`newsprint theme list` prints the names of all files"),
    };
    Err(Diagnostic::error(tr!("the default theme has no file `{name}`", name)).help(help))
}
