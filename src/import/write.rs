//! Writes an article file: a new one, or one whose record has changed and that no person edited.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use similar::TextDiff;

use crate::config::Config;
use crate::fs::atomic::{self, Change};
use crate::import::article_file::{self, Given};
use crate::import::draft::Drafted;
use crate::import::known::Existing;
use crate::import::options::Update;
use crate::load::date::Date;
use crate::load::source;

/// The file that an article is written to.
pub(super) enum Target {
    /// A file that does not exist yet.
    New {
        /// The path, relative to the digest's root.
        file: String,
        /// The date of the article: of the record, of `--date`, or of the input's path.
        date: Option<Date>,
        /// The file of a near-duplicate.
        like: Option<String>,
    },
    /// An article that the digest has already.
    Existing(Box<Existing>),
}

impl Target {
    /// The path of the file, relative to the digest's root.
    pub(super) fn file(&self) -> &str {
        match self {
            Self::New { file, .. } => file,
            Self::Existing(existing) => &existing.file,
        }
    }
}

/// The outcome of one article.
pub(super) enum Written {
    New,
    Updated,
    /// The file has the content of the record, or was not written by import.
    Unchanged,
    /// The file was not changed, although the record differs from it.
    Kept {
        reason: &'static str,
        diff: String,
    },
    Failed(io::Error),
}

/// Threads that write articles. They wait for the disk, which syncs the files of several threads at
/// once: with 500 records, 8 threads take as long as 2 threads that sync nothing (2026-11-28).
const WRITERS: usize = 8;

/// Writes the drafts to their targets in parallel, and syncs the folders of the files. A dry run
/// returns the same outcomes without writing.
pub(super) fn write_all(
    digest: (&Path, &Config),
    decided: &[(Drafted, Target, usize)],
    update: Update,
    dry_run: bool,
) -> Vec<Written> {
    let write_each = || -> Vec<Written> {
        decided
            .par_iter()
            .map(|(drafted, target, _)| write(digest, drafted, target, update, dry_run))
            .collect()
    };
    let written = match rayon::ThreadPoolBuilder::new().num_threads(WRITERS).build() {
        Ok(pool) => pool.install(write_each),
        Err(_) => write_each(),
    };
    if !dry_run {
        let root = digest.0;
        let outcomes = decided.iter().zip(&written);
        let changed = outcomes.filter(|(_, written)| matches!(written, Written::New | Written::Updated));
        let paths = changed.map(|((_, target, _), _)| root.join(target.file()));
        // Behind a symbolic link, another folder has the file.
        let files: Vec<PathBuf> =
            paths.flat_map(|path| [fs::canonicalize(&path).unwrap_or_default(), path]).collect();
        atomic::sync_folders(root, files.iter().map(PathBuf::as_path));
    }
    written
}

/// The outcome that [`write_all`] will have for one draft.
pub(super) fn foresee(
    digest: (&Path, &Config),
    (drafted, target): (&Drafted, &Target),
    update: Update,
) -> Written {
    write(digest, drafted, target, update, true)
}

/// Writes a draft to its target. A dry run returns the same outcome without writing.
fn write(
    (root, config): (&Path, &Config),
    drafted: &Drafted,
    target: &Target,
    update: Update,
    dry_run: bool,
) -> Written {
    let outcome = match target {
        Target::New { file, date, .. } => {
            let given = Given { date: *date, ..Given::of(&drafted.draft) };
            let (text, _) = article_file::write(&drafted.draft, &drafted.body, given);
            if dry_run { Ok(()) } else { create(&root.join(file), &text) }.map(|()| Written::New)
        }
        Target::Existing(existing) => update_file((root, config), drafted, existing, update, dry_run),
    };
    outcome.unwrap_or_else(Written::Failed)
}

/// Updates the file of an article that the digest has. If a person edited the file, `update`
/// decides. A file that is saved meanwhile is decided about again.
fn update_file(
    (root, config): (&Path, &Config),
    drafted: &Drafted,
    existing: &Existing,
    update: Update,
    dry_run: bool,
) -> io::Result<Written> {
    let Some(imported) = &existing.imported else { return Ok(Written::Unchanged) };
    // A record without a date got the date of its article when it was first imported, and the file
    // can have another form of the record's address, without tracking parameters for example. Both
    // are kept, as is the file's authorship if the record has none.
    let said = &existing.said;
    let link = said
        .link
        .as_ref()
        .filter(|known| drafted.draft.link.as_ref().is_some_and(|link| link.canonical == known.canonical));
    let given = Given {
        date: drafted.draft.date.or(said.date),
        link: link.map(|link| link.url.as_str()),
        // Readers of the digest know the article by the id that it has.
        feed_id: existing.feed_id.as_deref(),
        site: drafted.draft.site.as_deref().or(existing.site.as_deref()),
        authorship: said.authorship,
    };
    let (text, hash) = article_file::write(&drafted.draft, &drafted.body, given);
    // The record is the same if only the id in the file is another one, or if an earlier version
    // wrote the file without the site.
    let is_same = || {
        let ids = [given.feed_id, drafted.draft.feed_id.as_deref(), None];
        let all = ids.into_iter().flat_map(|id| [(id, given.site), (id, None)]);
        let mut others: Vec<_> = all.filter(|other| *other != (given.feed_id, given.site)).collect();
        others.sort_unstable();
        others.dedup();
        others.into_iter().any(|(feed_id, site)| {
            let given = Given { feed_id, site, ..given };
            let (_, hash) = article_file::write(&drafted.draft, &drafted.body, given);
            hash.to_string() == *imported
        })
    };
    // After a record of this run, the hash is that of another text.
    if existing.of_this_run.is_none() && (hash.to_string() == *imported || is_same()) {
        return Ok(Written::Unchanged);
    }
    if dry_run && existing.of_this_run.is_some() && !root.join(&existing.file).exists() {
        return Ok(Written::Updated);
    }
    let path = behind_links(root, config, &existing.file)?;
    atomic::update(&path, |current| {
        let Some(current) = current else { return Err(io::ErrorKind::NotFound.into()) };
        let Ok(current) = source::decode(&existing.file, current.to_vec()) else {
            return Ok(Change::Keep(Written::Unchanged));
        };
        Ok(match decide(&current, &text, update) {
            Written::Updated if !dry_run => Change::Write(text.clone().into_bytes(), Written::Updated),
            outcome => Change::Keep(outcome),
        })
    })
}

/// Decides whether a file with the text `current` is updated to `text`.
fn decide(current: &str, text: &str, update: Update) -> Written {
    if current == text {
        return Written::Unchanged;
    }
    let edited = article_file::is_untouched(current) != Some(true);
    let reason = match update {
        Update::Theirs => return Written::Updated,
        Update::Ours if edited => return Written::Unchanged,
        _ if edited => marked!(
            "edited since it was imported; `--update theirs` replaces it with the record, `--update ours` keeps it without a message"
        ),
        _ => return Written::Updated,
    };
    let diff = TextDiff::from_lines(current, text)
        .unified_diff()
        .context_radius(1)
        .header(&tr!("article file"), &tr!("record"))
        .to_string();
    Written::Kept { reason, diff }
}

/// The file that symbolic links at `file` and above it lead to. It is updated, and the links stay.
///
/// # Errors
/// A link leads out of the digest, which the policy for links does not allow, or to no file.
fn behind_links(root: &Path, config: &Config, file: &str) -> io::Result<PathBuf> {
    config
        .links
        .allow(root, &root.join(file), file)
        .map_err(|refused| io::Error::new(io::ErrorKind::PermissionDenied, refused.message))?;
    fs::canonicalize(root.join(file))
}

/// Writes a file that does not exist yet, whole or not at all.
fn create(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    atomic::create(path, text.as_bytes())
}
