//! Writes an article file: a new one, or one whose record has changed and that no person edited.

use std::fs;
use std::io;
use std::path::Path;

use similar::TextDiff;

use crate::fs::atomic;
use crate::hygiene::near_duplicates::excerpt::Signature;
use crate::import::article_file::{self, Given};
use crate::import::draft::Drafted;
use crate::import::existing::Existing;
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

/// Writes a draft to its target. A dry run returns the same outcome without writing.
pub(super) fn write(
    root: &Path,
    drafted: &Drafted,
    target: &Target,
    update: Update,
    dry_run: bool,
) -> Written {
    let outcome = match target {
        Target::New { file, date, .. } => {
            let (text, _) =
                article_file::write(&drafted.draft, &drafted.body, Given { date: *date, link: None });
            if dry_run { Ok(()) } else { create(&root.join(file), &text) }.map(|()| Written::New)
        }
        Target::Existing(existing) => update_file(root, drafted, existing, update, dry_run),
    };
    outcome.unwrap_or_else(Written::Failed)
}

/// Updates the file of an article that the digest has. If a person edited the file, or it is
/// another article, `update` decides.
fn update_file(
    root: &Path,
    drafted: &Drafted,
    existing: &Existing,
    update: Update,
    dry_run: bool,
) -> io::Result<Written> {
    let Some(imported) = &existing.imported else { return Ok(Written::Unchanged) };
    // A record without a date got the date of its article when it was first imported, and the file
    // can have another form of the record's address, without tracking parameters for example. Both
    // are kept.
    let link = existing
        .link
        .as_ref()
        .filter(|known| drafted.draft.link.as_ref().is_some_and(|link| link.canonical == known.canonical));
    let given =
        Given { date: drafted.draft.date.or(existing.date), link: link.map(|link| link.url.as_str()) };
    let (text, hash) = article_file::write(&drafted.draft, &drafted.body, given);
    if hash.to_string() == *imported {
        return Ok(Written::Unchanged);
    }
    let path = root.join(&existing.file);
    let Ok(current) = source::decode(&existing.file, fs::read(&path)?) else { return Ok(Written::Unchanged) };
    if current == text {
        return Ok(Written::Unchanged);
    }
    let edited = article_file::is_untouched(&current) != Some(true);
    let another = !is_same_article(drafted, existing);
    let reason = match update {
        Update::Theirs => None,
        Update::Ours if edited => return Ok(Written::Unchanged),
        _ if another => Some("another article has the same link; `--update theirs` would replace this one"),
        _ if edited => Some(
            "edited since it was imported; `--update theirs` replaces it with the record, `--update ours` keeps it without a message",
        ),
        _ => None,
    };
    if let Some(reason) = reason {
        let diff = TextDiff::from_lines(&current, &text)
            .unified_diff()
            .context_radius(1)
            .header("article file", "record")
            .to_string();
        return Ok(Written::Kept { reason, diff });
    }
    if !dry_run {
        atomic::replace(&path, text.as_bytes())?;
    }
    Ok(Written::Updated)
}

/// True if a draft and a file with the same link have a similar title or similar first sentences.
/// Some pipelines give every article the link of a home page, so the link alone does not decide.
fn is_same_article(drafted: &Drafted, existing: &Existing) -> bool {
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
    let (new, old) = (letters(&drafted.draft.title), letters(&existing.title));
    let like = |a: &Signature, b: &Signature| a.is_like(b);
    strsim::sorensen_dice(&new, &old) >= 0.5
        || drafted
            .signature
            .as_ref()
            .zip(existing.signature.as_ref())
            .is_some_and(|(new, old)| like(new, old))
}

/// Writes a file that does not exist yet, whole or not at all.
fn create(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    atomic::create(path, text.as_bytes())
}
