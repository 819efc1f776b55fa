//! Another process that exchanges files and folders of a digest for symbolic links while it is
//! built: nothing outside is published, and nothing is written outside.
//!
//! `NEWSPRINT_NEIGHBOUR` sets the number of builds.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::driver::{Digest, tree};

fn builds() -> usize {
    std::env::var("NEWSPRINT_NEIGHBOUR").ok().and_then(|builds| builds.parse().ok()).unwrap_or(15)
}

/// Exchanges a path for a link to `outside` and back until it is told to stop.
fn exchange(path: &Path, outside: &Path, stop: &AtomicBool) {
    let kept = path.with_file_name(".kept-by-the-neighbour");
    let link = path.with_file_name(".link-of-the-neighbour");
    while !stop.load(Ordering::Relaxed) {
        let _ = symlink(outside, &link);
        let is_away = fs::rename(path, &kept).is_ok();
        let _ = fs::rename(&link, path);
        std::thread::sleep(Duration::from_millis(1));
        if is_away {
            let _ = fs::remove_file(path);
            let _ = fs::rename(&kept, path);
        }
        std::thread::sleep(Duration::from_millis(2));
    }
    if kept.exists() {
        let _ = fs::remove_file(path);
        let _ = fs::rename(&kept, path);
    }
    let _ = fs::remove_file(&link);
}

/// Stops the neighbour when it is dropped, also after a failed assertion.
struct Stop<'s>(&'s AtomicBool);

impl Drop for Stop<'_> {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// Builds while a neighbour exchanges `path`, and calls `each` after every build.
fn build_beside_a_neighbour(digest: &Digest, path: &str, outside: &Path, each: impl Fn(usize)) {
    let stop = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let _stop = Stop(&stop);
        scope.spawn(|| exchange(&digest.path(path), outside, &stop));
        for round in 0..builds() {
            // Another title, so that pages are written in each round.
            digest.write("newsprint.yaml", format!("title: 第 {round} 轮\nbase_url: https://example.org/\n"));
            let outcome = digest.run(&["build", "--quiet"]);
            assert!(matches!(outcome.code, 0 | 1), "{}", outcome.stderr);
            each(round);
        }
    });
}

/// Builds while a neighbour exchanges `path` for a link to `outside`, which holds the word 秘密.
fn assert_no_secret_is_published(path: &str, outside: &Path) {
    let digest = Digest::with_articles(20);
    build_beside_a_neighbour(&digest, path, outside, |round| {
        if digest.exists("public/articles") {
            let found =
                digest.site().into_iter().find(|(_, bytes)| String::from_utf8_lossy(bytes).contains("秘密"));
            assert!(found.is_none(), "build {round} published {:?}", found.map(|(name, _)| name));
        }
    });
    digest.build();
}

const SECRET: &str = "---\ntitle: 秘密\n---\n\n秘密的正文\n";

#[test]
fn a_source_that_becomes_a_link_publishes_nothing_from_outside() {
    let outside = Digest::bare().file("secret.md", SECRET);
    assert_no_secret_is_published("content/articles/0001.md", &outside.path("secret.md"));
}

#[test]
fn a_folder_of_sources_that_becomes_a_link_publishes_nothing_from_outside() {
    let outside = Digest::bare().file("articles/0001.md", SECRET).file("articles/0099.md", SECRET);
    assert_no_secret_is_published("content/articles", &outside.path("articles"));
}

#[test]
fn folders_that_become_links_are_not_written_through() {
    for path in ["public/articles", "public", ".newsprint"] {
        let outside = Digest::bare().file("theirs/kept.txt", "x");
        let digest = Digest::with_articles(20);
        digest.build();
        build_beside_a_neighbour(&digest, path, &outside.path("theirs"), |round| {
            let found: Vec<String> = tree(&outside.path("")).into_keys().collect();
            assert_eq!(found, ["theirs/kept.txt"], "build {round} beside a neighbour who exchanges {path}");
        });
    }
}
