//! Renames that change nothing but the letter case, on a disk that ignores it: exFAT, mounted with
//! FUSE. Where that is not possible (no root, no loop device), these tests say so and pass.
#![allow(clippy::print_stderr)]

use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::driver::{Digest, tree};

/// A mounted disk that ignores the case of letters, unmounted when it is dropped.
struct Disk {
    folder: TempDir,
    device: String,
}

impl Disk {
    fn mount() -> Option<Self> {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("mounted")).unwrap();
        let image = folder.path().join("image");
        std::fs::File::create(&image).unwrap().set_len(64 << 20).unwrap();
        run("mkfs.exfat", &[&image.to_string_lossy()])?;
        let device = run("losetup", &["--find", "--show", &image.to_string_lossy()])?.trim().to_owned();
        let disk = Self { folder, device };
        run("mount.exfat-fuse", &[&disk.device, &disk.path().to_string_lossy()])?;
        std::fs::write(disk.path().join("Case"), "").ok()?;
        std::fs::metadata(disk.path().join("case")).ok().map(|_| disk)
    }

    fn path(&self) -> PathBuf {
        self.folder.path().join("mounted")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg(self.path()).output();
        let _ = Command::new("losetup").args(["--detach", &self.device]).output();
    }
}

/// The standard output of a program; `None` if it is missing or fails.
fn run(program: &str, arguments: &[&str]) -> Option<String> {
    let output = Command::new(program).args(arguments).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

fn build_into(digest: &Digest, folder: &Path) {
    let outcome = digest.run(&["build", "--quiet", "--output-dir", &folder.to_string_lossy()]);
    assert!(outcome.success, "{}", outcome.stderr);
}

/// Builds two digests that follow each other onto one disk, and compares the second site with one
/// that is built alone.
fn assert_nothing_is_lost(before: &Digest, change: impl Fn(&Digest)) {
    let Some(disk) = Disk::mount() else {
        eprintln!("skipped: no disk that ignores the case of letters can be mounted here");
        return;
    };
    let public = disk.path().join("public");
    build_into(before, &public);
    change(before);
    build_into(before, &public);
    let clean = tempfile::tempdir().unwrap();
    build_into(before, &clean.path().join("public"));
    let (found, wanted) = (tree(&public), tree(&clean.path().join("public")));
    let names = |tree: &std::collections::BTreeMap<String, Vec<u8>>| tree.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&found), names(&wanted));
    assert!(found == wanted);
}

#[test]
fn a_static_file_that_changes_its_case_is_kept() {
    for (old, new) in [("static/Logo.svg", "static/logo.svg"), ("static/logo.svg", "static/Logo.svg")] {
        for (first, second) in [("<svg/>", "<svg/>"), ("<svg/>", "<svg>2</svg>")] {
            assert_nothing_is_lost(&Digest::with_articles(1).file(old, first), |digest| {
                digest.remove(old);
                digest.write(new, second);
            });
        }
    }
}

#[test]
fn a_folder_that_changes_its_case_keeps_its_files() {
    let digest = Digest::with_articles(1)
        .file("static/Old/a/x.txt", "x")
        .file("static/Old/a/gone.txt", "gone")
        .file("static/Old/y.txt", "y");
    assert_nothing_is_lost(&digest, |digest| {
        digest.remove("static/Old/a/x.txt");
        digest.remove("static/Old/a/gone.txt");
        digest.remove("static/Old/y.txt");
        digest.write("static/old/A/x.txt", "x");
        digest.write("static/old/y.txt", "new");
    });
}

#[test]
fn an_alias_that_changes_its_case_is_kept() {
    let with_alias = |alias: &str| format!("---\ntitle: 甲\naliases: [{alias}]\n---\n正文\n");
    let digest = Digest::with_articles(1).file("content/articles/a.md", with_alias("/Old/Page.html"));
    assert_nothing_is_lost(&digest, |digest| {
        digest.write("content/articles/a.md", with_alias("/old/page.html"));
    });
}

#[test]
fn on_a_disk_that_distinguishes_case_both_names_are_files() {
    let digest = Digest::with_articles(1).file("static/Logo.svg", "<svg/>");
    digest.build();
    digest.remove("static/Logo.svg");
    digest.write("static/logo.svg", "<svg/>");
    digest.build();
    assert!(digest.exists("public/logo.svg"));
    assert!(!tree(&digest.path("public")).contains_key("Logo.svg"));
}
