//! Writes the file of `newsprint edition`, but no file of the digest.

use std::path::{Path, PathBuf};

use crate::config;
use crate::diagnostic::Diagnostic;
use crate::fs::atomic;
use crate::pipeline::Options;

/// Folders of a digest in which no edition is written.
const OWN_FOLDERS: [&str; 5] = ["content", "templates", "static", config::STATE, ".git"];

/// Files of a digest's root folder that are no editions.
const OWN_FILES: [&str; 2] = [config::FILE, "sources.yaml"];

/// Refuses to write the digest's settings, anything in its folders, or anything in the site.
pub(crate) fn refuse_own_file(file: &Path, build: &Options) -> Result<(), Diagnostic> {
    let is_other = file.symlink_metadata().is_ok_and(|found| !found.is_file() && !found.is_dir());
    if is_other {
        let message = tr!("{} is not a regular file", file.display());
        return Err(
            Diagnostic::error(message).help(tr!("name a new file; without `-o`, the edition is printed"))
        );
    }
    let real = |path: &Path| path.canonicalize().or_else(|_| std::path::absolute(path)).ok();
    let parent = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let (Some(parent), Some(root)) = (real(parent), real(&build.root)) else { return Ok(()) };
    let site = build.output.clone().unwrap_or_else(|| PathBuf::from("public"));
    let own = OWN_FOLDERS.iter().map(|folder| root.join(folder)).chain(real(&root.join(site)));
    let settings = real(&root.join(build.config.clone().unwrap_or_else(|| config::FILE.into())));
    let is_settings = file.file_name().is_some_and(|name| {
        settings == Some(parent.join(name)) || OWN_FILES.iter().any(|own| root.join(own) == parent.join(name))
    });
    if is_settings || own.into_iter().any(|folder| parent.starts_with(folder)) {
        let message = tr!("{} belongs to the digest or to its site", file.display());
        let help = tr!(
            "name a file elsewhere; `outputs: {editions: […]}` in newsprint.yaml writes editions into the site"
        );
        return Err(Diagnostic::error(message).help(help));
    }
    Ok(())
}

/// Writes the file and returns its path as shown in messages.
pub(super) fn write(file: &Path, bytes: &[u8]) -> Result<String, Diagnostic> {
    let shown = file.display().to_string();
    atomic::replace(file, bytes).map_err(|error| {
        // Without the name of the temporary file.
        let error = error.to_string();
        let error = error.split(" at path ").next().unwrap_or_default();
        let help = tr!("name a file in a folder that exists and that you may write to");
        Diagnostic::error(tr!("cannot write {shown}: {error}", shown, error)).help(help)
    })?;
    Ok(shown)
}
