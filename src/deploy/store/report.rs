//! The report of a deployment to stores.

use serde::Serialize;

use crate::check;
use crate::diagnostic::Diagnostic;

/// The report of a deployment to stores.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// True if all stores have the site, or would have it after a dry run.
    pub success: bool,
    /// True if nothing was written.
    pub dry_run: bool,
    /// The targets, in the order of the command line.
    pub targets: Vec<TargetReport>,
    /// The report of the check.
    pub check: check::Report,
    /// Diagnostics of the build and of all targets.
    pub diagnostics: Vec<Diagnostic>,
}

/// What was done, or would be done, in one store.
#[derive(Debug, Default, Serialize)]
pub struct TargetReport {
    /// The name in `newsprint.yaml`; `null` for an address of the command line.
    pub name: Option<String>,
    /// The store, without user and options.
    pub to: String,
    /// True if the store has the site, or would have it after a dry run.
    pub success: bool,
    /// Files that the store did not have.
    pub new: Tally,
    /// Files that replace others.
    pub changed: Tally,
    /// Files that the site no longer has, and that are as newsprint wrote them.
    pub deleted: Tally,
    /// Files that are the same.
    pub unchanged: Tally,
    /// The addresses of what is new, changed and deleted since the last deployment that ended well,
    /// percent-encoded.
    pub addresses: Vec<String>,
    /// How far the deployment came.
    #[serde(skip)]
    pub(super) reached: Reached,
    /// What failed after the deployment: `purge`, and the program of `--then`.
    #[serde(skip)]
    pub(super) failed: Vec<String>,
}

/// How far a deployment came.
#[cfg_attr(not(any(feature = "stores", test)), expect(dead_code))]
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reached {
    /// Nothing was written.
    #[default]
    Nothing,
    /// Something was written, and the store may have a part of the site.
    Some,
    /// The store has the site.
    Site,
}

/// Files, and their bytes in the store: those after compression.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// The number of files.
    pub files: usize,
    /// Bytes.
    pub bytes: u64,
}

impl FromIterator<u64> for Tally {
    fn from_iter<I: IntoIterator<Item = u64>>(sizes: I) -> Self {
        sizes
            .into_iter()
            .fold(Self::default(), |sum, size| Self { files: sum.files + 1, bytes: sum.bytes + size })
    }
}

impl Tally {
    /// `text` is a text of `marked!` with `{files}` and `{size}`.
    fn show(self, text: &str) -> Option<String> {
        let Self { files, bytes } = self;
        (files > 0).then(|| tr!(text, files, size = size(bytes)))
    }
}

/// Bytes for people: `0.4 MB`.
fn size(bytes: u64) -> String {
    match bytes {
        0..10_000 => tr!("{n} byte" | "{n} bytes" % bytes),
        10_000..1_000_000 => format!("{} KB", bytes / 1000),
        // Rounded down, to one digit.
        _ => format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10),
    }
}

impl TargetReport {
    /// One line for the terminal.
    fn line(&self, dry_run: bool) -> String {
        let name = match &self.name {
            Some(name) => format!("{name} ({})", self.to),
            None => self.to.clone(),
        };
        let deleted = match dry_run {
            true => marked!("{files} to delete ({size})"),
            false => marked!("{files} deleted ({size})"),
        };
        let changes = [
            self.new.show(marked!("{files} new ({size})")),
            self.changed.show(marked!("{files} changed ({size})")),
            self.deleted.show(deleted),
        ];
        let changes: Vec<String> = changes.into_iter().flatten().collect();
        let is_same = changes.is_empty();
        let changes = changes.join(&tr!("list" => ", "));
        let unchanged = self.unchanged.files;
        match (self.success, self.reached) {
            (false, Reached::Nothing) => {
                return tr!("newsprint: {name} was not deployed; it is unchanged", name);
            }
            (false, Reached::Some) => return tr!("newsprint: {name} was not deployed completely", name),
            _ => {}
        }
        let line = match (dry_run, is_same) {
            (_, true) => {
                let files = tr!("{n} file" | "{n} files" % unchanged);
                tr!("newsprint: {name} already has these {files}", name, files)
            }
            (true, false) => {
                tr!(
                    "newsprint: would deploy to {name}: {changes}, {unchanged} unchanged",
                    name,
                    changes,
                    unchanged
                )
            }
            (false, false) => {
                tr!(
                    "newsprint: deployed to {name}: {changes}, {unchanged} unchanged",
                    name,
                    changes,
                    unchanged
                )
            }
        };
        if self.failed.is_empty() {
            return line;
        }
        let failed: Vec<String> = self.failed.iter().map(|what| format!("`{what}`")).collect();
        tr!("{line}, but {failed} failed", line, failed = failed.join(&tr!("list" => ", ")))
    }
}

impl Report {
    /// One line a target for the terminal.
    #[must_use]
    pub fn summary(&self) -> String {
        if self.targets.is_empty() {
            return tr!("newsprint: not deployed; the stores are unchanged");
        }
        let mut lines: Vec<String> = self.targets.iter().map(|target| target.line(self.dry_run)).collect();
        if !self.check.findings.is_empty() && self.check.success {
            lines.push(tr!("newsprint: {n} finding; `newsprint check` shows them"
                | "newsprint: {n} findings; `newsprint check` shows them" % self.check.findings.len()));
        }
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_target_has_a_line_with_counts_and_bytes() {
        let tally = |files, bytes| Tally { files, bytes };
        let mut target = TargetReport {
            name: Some("cdn".into()),
            to: "s3://b/site".into(),
            success: true,
            new: tally(2, 1_260_000),
            deleted: tally(1, 1),
            unchanged: tally(40, 9),
            ..TargetReport::default()
        };
        assert_eq!(
            target.line(false),
            "newsprint: deployed to cdn (s3://b/site): 2 new (1.2 MB), 1 deleted (1 byte), 40 unchanged"
        );
        assert!(target.line(true).starts_with("newsprint: would deploy to cdn"));
        (target.new, target.deleted) = (Tally::default(), Tally::default());
        assert_eq!(target.line(false), "newsprint: cdn (s3://b/site) already has these 40 files");
        target.success = false;
        for (reached, end) in [
            (Reached::Nothing, "was not deployed; it is unchanged"),
            (Reached::Some, "was not deployed completely"),
        ] {
            target.reached = reached;
            assert_eq!(target.line(false), format!("newsprint: cdn (s3://b/site) {end}"));
        }
        (target.reached, target.failed) = (Reached::Site, vec!["purge".into(), "./told".into()]);
        let line = target.line(false);
        assert_eq!(
            line,
            "newsprint: cdn (s3://b/site) already has these 40 files, but `purge`, `./told` failed"
        );
    }
}
