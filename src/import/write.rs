//! Writes an article file: a new one, or one whose record has changed and that nobody edited.

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

/// Where an article goes.
pub(super) enum Target {
    /// Into a file that is not there.
    New {
        /// Relative to the digest's root.
        file: String,
        /// The article's date, whoever knew it.
        date: Option<Date>,
        /// An article that is likely the same.
        like: Option<String>,
    },
    /// The digest has it.
    Existing(Box<Existing>),
}

impl Target {
    /// Relative to the digest's root.
    pub(super) fn file(&self) -> &str {
        match self {
            Self::New { file, .. } => file,
            Self::Existing(existing) => &existing.file,
        }
    }
}

/// What became of it.
pub(super) enum Written {
    New,
    Updated,
    /// The file says what the record says, or never was import's.
    Unchanged,
    /// The file was left alone.
    Kept {
        reason: &'static str,
        diff: String,
    },
    Failed(io::Error),
}

/// Writes a draft where it belongs, or (in a dry run) finds out what would happen.
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
            if dry_run { Ok(()) } else { new(&root.join(file), &text) }.map(|()| Written::New)
        }
        Target::Existing(existing) => renew(root, drafted, existing, update, dry_run),
    };
    outcome.unwrap_or_else(Written::Failed)
}

fn renew(
    root: &Path,
    drafted: &Drafted,
    existing: &Existing,
    update: Update,
    dry_run: bool,
) -> io::Result<Written> {
    let Some(imported) = &existing.imported else { return Ok(Written::Unchanged) };
    // A date that the record does not know was given when it was imported first, and so was an address without the
    // marks of another path to it.
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
            "edited since it was imported; `--update theirs` takes the record's words, `ours` says nothing",
        ),
        _ => None,
    };
    if let Some(reason) = reason {
        let diff = TextDiff::from_lines(&current, &text)
            .unified_diff()
            .context_radius(1)
            .header("as it is", "as the record says")
            .to_string();
        return Ok(Written::Kept { reason, diff });
    }
    if !dry_run {
        atomic::replace(&path, text.as_bytes())?;
    }
    Ok(Written::Updated)
}

/// A link that every article of a pipeline has (a home page) does not make them all the same.
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

/// Writes a file that is not there yet, whole or not at all.
fn new(path: &Path, text: &str) -> io::Result<()> {
    fs::create_dir_all(path.parent().unwrap_or(Path::new(".")))?;
    atomic::create(path, text.as_bytes())
}
