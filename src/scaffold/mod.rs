//! Runs `newsprint init` and `newsprint new`: creates the first files of a digest, and article
//! files.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::SymlinkPolicy;
use crate::fs::atomic;
use crate::load::walk;
use crate::output::Lock;
use crate::slug;
use crate::yaml;

/// The files of a new digest: path and text. `{date}` is today's date in both.
const FILES: [(&str, &str); 6] = [
    ("newsprint.yaml", include_str!("digest/newsprint.yaml")),
    ("content/articles/{date}-hello-newsprint.md", include_str!("digest/article.md")),
    ("content/pages/about.md", include_str!("digest/about.md")),
    ("content/terms.yaml", include_str!("digest/terms.yaml")),
    (".github/workflows/pages.yml", include_str!("digest/pages.yml")),
    (".gitignore", include_str!("digest/gitignore")),
];

/// The report of [`init`] and [`new`].
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True if every file exists that the command creates.
    pub success: bool,
    /// Paths of new files.
    pub created: Vec<String>,
    /// Paths of files that existed before and were not changed.
    pub kept: Vec<String>,
    /// The last line of the summary: the next step for the user.
    pub next: String,
    /// Files that could not be created, and problems of the digest.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    fn fail(mut self, diagnostic: Diagnostic) -> Self {
        self.success = false;
        self.diagnostics.push(diagnostic);
        self
    }

    /// A line for each file and one for the next step.
    #[must_use]
    pub fn summary(&self) -> String {
        let created = self.created.iter().map(|path| format!("  created {path}\n"));
        let kept = self.kept.iter().map(|path| format!("  kept    {path}\n"));
        let lines: String = created.chain(kept).collect();
        format!(
            "{lines}{}",
            if self.success { &self.next } else { "newsprint: not all files could be created" }
        )
    }
}

/// Creates a digest in `dir`, which is relative to `root`. Existing files are not changed.
#[must_use]
pub fn init(root: &Path, dir: &Path, now: DateTime<Utc>, on_wait: &dyn Fn(&str)) -> Report {
    let mut report = Report { success: true, ..Report::default() };
    let today = now.with_timezone(&Config::default().timezone).format("%Y-%m-%d").to_string();
    // Releases are built with the name of their repository. Otherwise the user has to fill it in.
    let repository = format!("REPOSITORY: \"{}\"", option_env!("NEWSPRINT_REPOSITORY").unwrap_or_default());
    // Paths are shown as they were typed: `my-digest`, not `./my-digest`.
    let dir = if root == Path::new(".") { dir.to_path_buf() } else { root.join(dir) };
    // Only in a digest can another process be writing content.
    let lock = dir.join(config::FILE).is_file().then(|| Lock::wait_for_content(&dir, on_wait)).transpose();
    let _lock = match lock {
        Ok(lock) => lock,
        Err(diagnostic) => return report.fail(diagnostic),
    };
    // A digest with articles needs no sample, and a deleted sample is not created again.
    let (articles, _) = walk::markdown_files(&dir, "content/articles", SymlinkPolicy::Inside);
    for (path, text) in FILES {
        if path.starts_with("content/articles") && !articles.is_empty() {
            continue;
        }
        let path = dir.join(path.replace("{date}", &today));
        let text = text.replace("{date}", &today).replace("REPOSITORY: \"\"", &repository);
        // The folder may be another person's, with links in it.
        if let Err(diagnostic) = SymlinkPolicy::Inside.allow(&dir, &path, &path.to_string_lossy()) {
            report.success = false;
            report.diagnostics.push(diagnostic);
            continue;
        }
        create(&path, &text, &path.to_string_lossy(), &mut report);
    }
    atomic::sync_folders(&dir, report.created.iter().map(Path::new));
    let go = if dir == Path::new(".") { String::new() } else { format!("cd {} && ", dir.display()) };
    report.next = format!("newsprint: the digest is ready; next: {go}newsprint serve --open");
    report
}

/// Creates an article file with empty fields and today's date in the digest's time zone.
#[must_use]
pub fn new(
    root: &Path,
    config: &Config,
    diagnostics: Vec<Diagnostic>,
    title: &str,
    now: DateTime<Utc>,
    on_wait: &dyn Fn(&str),
) -> Report {
    let mut report = Report { success: true, diagnostics, ..Report::default() };
    let title = crate::fields::clean(title);
    if title.is_empty() {
        report.diagnostics.push(
            Diagnostic::error("the title is empty").help("give the title, as in `newsprint new \"标题\"`"),
        );
    }
    if report.diagnostics.iter().any(Diagnostic::is_error) {
        report.success = false;
        return report;
    }
    let today = now.with_timezone(&config.timezone).format("%Y-%m-%d");
    let name: String = title.chars().take(40).collect();
    let path = PathBuf::from("content/articles").join(format!("{today}-{}.md", slug::article(&name)));
    let mut text = format!("---\ntitle: {}\nlink:\ndate: {today}\nsource:\nevent:\n", yaml::scalar(&title));
    for taxonomy in &config.taxonomies {
        text.push_str(&format!("{}: []\n", yaml::scalar(&taxonomy.name)));
    }
    text.push_str("---\n\n");
    let target = root.join(&path);
    let folder = Path::new("content/articles");
    if let Err(diagnostic) = config.links.allow(root, &root.join(folder), &folder.to_string_lossy()) {
        return report.fail(diagnostic);
    }
    let _lock = match Lock::wait_for_content(root, on_wait) {
        Ok(lock) => lock,
        Err(diagnostic) => return report.fail(diagnostic),
    };
    let shown = walk::shown(root, &target);
    create(&target, &text, &shown, &mut report);
    atomic::sync_folders(root, [target.as_path()]);
    if report.success && !report.kept.is_empty() {
        report.success = false;
        report.diagnostics.push(
            Diagnostic::error("an article with this date and title already exists")
                .at(Place::file(&shown))
                .help("edit that file, or choose another title"),
        );
    }
    report.next = format!("newsprint: fill in {shown}, and show it with newsprint serve");
    report
}

/// Creates a file and its folders, unless the file exists, and adds `shown` to the report.
fn create(path: &Path, text: &str, shown: &str, report: &mut Report) {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    let made = made.and_then(|()| atomic::create(path, text.as_bytes()));
    match made {
        Ok(()) => report.created.push(shown.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_file() => {
            report.kept.push(shown.to_owned());
        }
        Err(error) => {
            report.success = false;
            report.diagnostics.push(
                Diagnostic::error(format!("this file cannot be created: {error}"))
                    .at(Place::file(shown))
                    .help("choose a folder that you can write to, or move a file of this name away"),
            );
        }
    }
}
