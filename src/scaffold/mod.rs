//! Runs `newsprint init` and `newsprint new`: creates the first files of a digest, and article
//! files.

mod theme;

use std::fs;
use std::io;
use std::path::{Component, Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::config::{self, Config};
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::SymlinkPolicy;
use crate::fs::atomic;
use crate::language::{Language, language};
use crate::link;
use crate::load::{date, walk};
use crate::output::Lock;
use crate::slug;
use crate::yaml;
pub use theme::{DefaultFile, Files, eject, list, show};

/// The files of a new digest: path and text. `{date}` is today's date in both. Comments are in
/// `language`, the rest is the same; the sample article and page are Chinese in both languages.
fn files(language: Language) -> [(&'static str, &'static str); 6] {
    let (settings, terms, workflow) = match language {
        Language::English => (
            include_str!("digest/newsprint.yaml"),
            include_str!("digest/terms.yaml"),
            include_str!("digest/pages.yml"),
        ),
        Language::Chinese => (
            include_str!("digest/newsprint.zh-CN.yaml"),
            include_str!("digest/terms.zh-CN.yaml"),
            include_str!("digest/pages.zh-CN.yml"),
        ),
    };
    [
        (config::FILE, settings),
        ("content/articles/{date}-hello-newsprint.md", include_str!("digest/article.md")),
        ("content/pages/about.md", include_str!("digest/about.md")),
        ("content/terms.yaml", terms),
        (".github/workflows/pages.yml", workflow),
        (".gitignore", include_str!("digest/gitignore")),
    ]
}

/// The text of newsprint.yaml in a new digest. Its comments are in the language of messages.
#[must_use]
pub fn settings() -> &'static str {
    files(language())[0].1
}

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
        let created = self.created.iter().map(|path| tr!("  created {path}\n", path));
        let kept = self.kept.iter().map(|path| tr!("  kept    {path}\n", path));
        let lines: String = created.chain(kept).collect();
        match self.success {
            true => lines + &self.next,
            false => lines + &tr!("newsprint: not all files could be created"),
        }
    }
}

/// Creates a digest in `dir`, which is relative to `root`. Existing files are not changed.
/// `old` is the text of newsprint.yaml for a digest that takes over an old site, which has no sample
/// article and page, and the command that imports the site's posts.
#[must_use]
pub fn init(
    root: &Path,
    dir: &Path,
    old: Option<(&str, &str)>,
    now: DateTime<Utc>,
    on_wait: &dyn Fn(&str),
) -> Report {
    let mut report = Report { success: true, ..Report::default() };
    let settings = old.map(|(settings, _)| settings);
    let today = now.with_timezone(&Config::default().timezone).format("%Y-%m-%d").to_string();
    // Releases are built with the name of their repository. Otherwise the user has to fill it in.
    let repository = format!("REPOSITORY: \"{}\"", option_env!("NEWSPRINT_REPOSITORY").unwrap_or_default());
    // Paths are shown as they were typed: `my-digest`, not `./my-digest`.
    let dir = if root == Path::new(".") { dir.to_path_buf() } else { root.join(dir) };
    if let Err(error) = fs::create_dir_all(&dir) {
        let shown = dir.to_string_lossy();
        let message = match dir.is_file() {
            true => tr!("this is a file, so it cannot become the folder of a digest"),
            false => tr!("this folder cannot be created: {error}", error),
        };
        let help = tr!("choose another folder, or a place that you can write to");
        return report.fail(Diagnostic::error(message).at(Place::file(&shown)).help(help));
    }
    // Only in a digest can another process be writing content.
    let lock = dir.join(config::FILE).is_file().then(|| Lock::wait_for_content(&dir, on_wait)).transpose();
    let _lock = match lock {
        Ok(lock) => lock,
        Err(diagnostic) => return report.fail(diagnostic),
    };
    // A digest with articles needs no sample, and a deleted sample is not created again. The digest
    // of an old site gets the articles of that site, and its own pages.
    let (articles, _) = walk::markdown_files(&dir, "content/articles", SymlinkPolicy::Inside);
    for (path, text) in files(language()) {
        let is_sample = path.starts_with("content/articles") && (settings.is_some() || !articles.is_empty());
        if is_sample || settings.is_some() && path.starts_with("content/pages") {
            continue;
        }
        let path = dir.join(path.replace("{date}", &today));
        let proposed = settings.filter(|_| path.ends_with(config::FILE));
        let text =
            proposed.unwrap_or(text).replace("{date}", &today).replace("REPOSITORY: \"\"", &repository);
        // The folder may be another person's, with links in it.
        if let Err(diagnostic) = SymlinkPolicy::Inside.allow(&dir, &path, &path.to_string_lossy()) {
            report.success = false;
            report.diagnostics.push(diagnostic);
            continue;
        }
        create(&path, text.as_bytes(), &path.to_string_lossy(), &mut report);
    }
    atomic::sync_folders(&dir, report.created.iter().map(Path::new));
    let go = if dir == Path::new(".") { String::new() } else { format!("cd {} && ", dir.display()) };
    let next = match old {
        Some((_, import)) => import,
        None => "newsprint serve --open",
    };
    report.next = tr!("newsprint: the digest is ready; next: {go}{next}", go, next);
    report
}

/// The command that imports the posts of an old site into the digest in `dir`, in which it is run.
/// Both paths are relative to the current folder. Of Hugo and Zola, the posts are in `content`.
#[must_use]
pub fn import_command(dir: &Path, generator: &str, old: &Path) -> String {
    let content = old.join("content");
    let has_content = matches!(generator, "hugo" | "zola") && content.is_dir();
    let old = if has_content { content.as_path() } else { old };
    let is_below = |part: &Component<'_>| matches!(part, Component::Normal(_));
    let depth = dir.components().filter(is_below).count();
    let is_plain = dir.components().all(|part| is_below(&part) || part == Component::CurDir);
    let path = match old.is_relative() {
        true if is_plain => (0..depth).map(|_| Path::new("..")).chain([old]).collect(),
        true => std::path::absolute(old).unwrap_or_else(|_| old.to_path_buf()),
        false => old.to_path_buf(),
    };
    let path = path.to_string_lossy();
    let is_word = |c: char| c.is_alphanumeric() || matches!(c, '/' | '.' | '-' | '_');
    let path = match path.chars().all(is_word) {
        true => path.into_owned(),
        false => format!("'{}'", path.replace('\'', r"'\''")),
    };
    format!("newsprint import --from {generator} {path}")
}

/// The fields that [`new`] fills in.
#[derive(Debug)]
pub struct NewArticle<'a> {
    /// The title; of a text that was not in quotes, its words.
    pub title: &'a [String],
    /// The date: `today` or a date.
    pub date: &'a str,
    /// The address of the article that is reported.
    pub link: Option<&'a str>,
    /// Marks the article as a draft.
    pub draft: bool,
}

impl NewArticle<'_> {
    /// The title, the date (from `YYYY-MM-DD` on) and the link.
    ///
    /// # Errors
    /// One diagnostic for each value that is not valid.
    fn read(&self, config: &Config, now: DateTime<Utc>) -> Result<(String, String, String), Vec<Diagnostic>> {
        let mut problems = Vec::new();
        let title = crate::fields::clean(&self.title.join(" "));
        if title.is_empty() {
            let help = tr!("give the title, as in `newsprint new \"标题\"`");
            problems.push(Diagnostic::error(tr!("the title is empty")).help(help));
        } else if self.title.len() > 1 {
            let help = tr!("put the title in quotes: `newsprint new \"{title}\"`", title);
            problems.push(Diagnostic::error(tr!("the title has several words without quotes")).help(help));
        }
        let today = now.with_timezone(&config.timezone).format("%Y-%m-%d").to_string();
        let date = match self.date {
            "today" => today,
            written => date::parse(written, config.timezone).map_or_else(
                |message| {
                    let help = tr!("write `--date today` or `--date 2026-11-23`");
                    problems.push(Diagnostic::error(tr!("--date: {message}", message)).help(help));
                    today
                },
                |date| date.iso(),
            ),
        };
        let link = self.link.map(link::written).transpose().unwrap_or_else(|message| {
            let help = tr!("write `--link https://example.org/article`");
            problems.push(Diagnostic::error(tr!("--link: {message}", message)).help(help));
            None
        });
        if problems.is_empty() { Ok((title, date, link.unwrap_or_default())) } else { Err(problems) }
    }
}

/// Creates an article file with the fields of `article`, and the others empty.
#[must_use]
pub fn new(
    root: &Path,
    config: &Config,
    diagnostics: Vec<Diagnostic>,
    article: &NewArticle<'_>,
    now: DateTime<Utc>,
    on_wait: &dyn Fn(&str),
) -> Report {
    let mut report = Report { success: true, diagnostics, ..Report::default() };
    let (title, date, link) = match article.read(config, now) {
        Ok(fields) if !report.diagnostics.iter().any(Diagnostic::is_error) => fields,
        result => {
            report.success = false;
            report.diagnostics.extend(result.err().unwrap_or_default());
            return report;
        }
    };
    let name: String = title.chars().take(40).collect();
    let path = PathBuf::from("content/articles").join(format!("{}-{}.md", &date[..10], slug::article(&name)));
    let link = if link.is_empty() { link } else { format!(" {}", yaml::scalar(&link)) };
    let mut text = format!("---\ntitle: {}\nlink:{link}\ndate: {date}\n", yaml::scalar(&title));
    if article.draft {
        text.push_str("draft: true\n");
    }
    text.push_str("source:\nevent:\n");
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
    create(&target, text.as_bytes(), &shown, &mut report);
    atomic::sync_folders(root, [target.as_path()]);
    if report.success && !report.kept.is_empty() {
        report.success = false;
        report.diagnostics.push(
            Diagnostic::error(tr!("an article with this date and title already exists"))
                .at(Place::file(&shown))
                .help(tr!("edit that file, or choose another title")),
        );
    }
    report.next = tr!("newsprint: fill in {shown}, and show it with newsprint serve", shown);
    report
}

/// Creates a file and its folders, unless the file exists, and adds `shown` to the report.
fn create(path: &Path, bytes: &[u8], shown: &str, report: &mut Report) {
    let made = path.parent().map_or(Ok(()), fs::create_dir_all);
    let made = made.and_then(|()| atomic::create(path, bytes));
    match made {
        Ok(()) => report.created.push(shown.to_owned()),
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_file() => {
            report.kept.push(shown.to_owned());
        }
        Err(error) => {
            report.success = false;
            report.diagnostics.push(
                Diagnostic::error(tr!("this file cannot be created: {error}", error))
                    .at(Place::file(shown))
                    .help(tr!("choose a folder that you can write to, or move a file of this name away")),
            );
        }
    }
}

#[cfg(test)]
mod tests;
