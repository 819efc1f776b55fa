//! Verifies that a site is byte for byte what a clean build of the digest makes.

use std::fs;
use std::path::Path;

use rayon::prelude::*;

use crate::config::{self, STATE};
use crate::diagnostic::{Diagnostic, Place};
use crate::fs::{guarded, state};
use crate::output;
use crate::pipeline::build_into;
use crate::pipeline::{Options, Report, build};
use crate::render;

/// Builds as [`build()`] does, then builds a second site without caches and compares every file of
/// the two.
///
/// Each difference is an error. The published site stays as it is, and the second one is removed.
#[must_use]
pub fn verify(options: &Options) -> Report {
    let mut report = build(options);
    if !report.success {
        return report;
    }
    // In the state folder, so that nothing is written elsewhere. The second build has empty caches.
    let clean = config::state_folder(&options.root).join("verify");
    let removed = state::remove_tree(&clean);
    // What stays there may be a link that another person planted: nothing is written through it.
    if let Err(error) = removed
        && fs::symlink_metadata(&clean).is_ok()
    {
        report.verified = Some(false);
        return report.fail([Diagnostic::error(tr!("cannot remove the second site: {error}", error))
            .at(Place::file(&format!("{STATE}/verify")))
            .help(tr!("delete this folder and verify again"))]);
    }
    let mut second = Report::default();
    build_into(options, &clean.join("site"), &clean.join("state"), &mut |report| second = report);
    let published = options.output.clone().unwrap_or_else(|| options.root.join("public"));
    if second.success {
        let differences = compare(&published, &clean.join("site"));
        report.verified = Some(differences.is_empty());
        report.success = differences.is_empty();
        report.diagnostics.extend(differences);
    } else {
        report.success = false;
        report.verified = Some(false);
        report.diagnostics.extend(second.diagnostics);
    }
    let _ = state::remove_tree(&clean);
    report
}

/// Finds files that differ, that are missing, or that should not exist.
fn compare(published: &Path, clean: &Path) -> Vec<Diagnostic> {
    let shown = |path: &str| published.join(path).to_string_lossy().into_owned();
    let wanted: Vec<String> = walkdir::WalkDir::new(clean)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| {
            let path = entry.path().strip_prefix(clean).ok()?.to_str()?;
            Some(path.replace(std::path::MAIN_SEPARATOR, "/"))
        })
        .collect();
    let mut differences: Vec<Diagnostic> = wanted
        .par_iter()
        .filter_map(|path| {
            let read = |folder: &Path| guarded::read(&folder.join(path), guarded::MAX_STATE_BYTES).ok();
            let (wanted, found) = (read(clean), read(published));
            let what = match found {
                None => tr!("this file is missing: a clean build writes it"),
                Some(_) if found != wanted => tr!("this file differs from that of a clean build"),
                Some(_) => return None,
            };
            Some(Diagnostic::error(what).at(Place::file(&shown(path))))
        })
        .collect();
    let wanted: std::collections::HashSet<&str> = wanted.iter().map(String::as_str).collect();
    // Files that name newsprint as their generator and that the clean site does not have. Files of
    // others are ignored.
    let is_notice = |path: &str| {
        let bytes = guarded::read(&published.join(path), guarded::MAX_STATE_BYTES);
        bytes.is_ok_and(|bytes| render::is_notice(&bytes))
    };
    // A notice in place of a feed that ended is the one file that depends on earlier builds.
    let leftovers = output::marked_files(published)
        .into_iter()
        .filter(|path| !wanted.contains(path.as_str()) && !is_notice(path));
    differences.extend(leftovers.map(|path| {
        Diagnostic::error(tr!("this file should not exist: a clean build does not write it"))
            .at(Place::file(&shown(&path)))
    }));
    let help = || {
        tr!(
            "please report this bug in newsprint; to fix the site, delete .newsprint and the output folder and build again"
        )
    };
    differences.into_iter().map(|diagnostic| diagnostic.help(help())).collect()
}
