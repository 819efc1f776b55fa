//! Start and end of a preview: ports, signals, and the removal of its files.

use std::fs;
use std::time::Duration;

use crate::driver::{Digest, tree};
use crate::preview::{Preview, wait_for};
use crate::serve::digest;

#[test]
fn a_requested_port_in_use_is_an_error() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let other = crate::serve::digest();
    let outcome = other.run(&["serve", "--port", &preview.port.to_string()]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains(&format!("port {} is taken", preview.port)), "{}", outcome.stderr);
    assert!(!other.exists(".newsprint"));
}

#[test]
fn two_previews_of_a_digest_are_independent() {
    let digest = digest();
    let (one, two) = (Preview::start(&digest, &[]), Preview::start(&digest, &["--drafts"]));
    assert_ne!(one.port, two.port);
    digest.write("content/articles/0002.md", "---\ntitle: 草稿了\ndraft: true\n---\n");
    two.wait_for_text("/articles/0002/", "草稿了");
    wait_for("the draft to be gone", || (one.get("/articles/0002/").status == 404).then_some(()));
}

#[cfg(unix)]
#[test]
fn ctrl_c_ends_the_preview_and_removes_its_files() {
    for signal in ["INT", "TERM"] {
        let digest = digest();
        let mut preview = Preview::start(&digest, &[]);
        let _listening = preview.events();
        assert!(preview.folder().exists());
        let (code, _) = preview.end(signal);
        assert_eq!(code, Some(0), "{signal}");
        let left = tree(&digest.path(".newsprint"));
        assert!(left.is_empty(), "{:?}", left.keys());
        assert!(!preview.folder().exists());
    }
}

#[cfg(unix)]
#[test]
fn files_of_a_killed_preview_are_removed_by_the_next() {
    let digest = digest();
    let mut killed = Preview::start(&digest, &[]);
    let alive = Preview::start(&digest, &[]);
    killed.end("KILL");
    assert!(killed.folder().join("site/index.html").exists());
    let _next = Preview::start(&digest, &[]);
    assert!(!killed.folder().exists());
    assert!(alive.folder().join("site/index.html").exists());
}

#[cfg(unix)]
#[test]
fn ctrl_c_during_a_build_removes_all_files() {
    let digest = Digest::with_articles(400);
    for round in 0..12 {
        let mut child = std::process::Command::new(crate::driver::newsprint())
            .args(["serve", "--port", "0", "--quiet"])
            .current_dir(digest.path(""))
            .spawn()
            .unwrap();
        wait_for("the folder .newsprint", || digest.exists(".newsprint").then_some(()));
        std::thread::sleep(Duration::from_millis(round * 17));
        let sent = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
        assert!(sent.unwrap().success());
        child.wait().unwrap();
        let left: Vec<_> = fs::read_dir(digest.path(".newsprint")).unwrap().flatten().collect();
        assert!(left.is_empty(), "round {round}: {left:?}");
        fs::remove_dir(digest.path(".newsprint")).unwrap();
    }
}

#[test]
fn previews_started_together_do_not_remove_each_other() {
    let digest = digest();
    for _ in 0..5 {
        let previews = std::thread::scope(|scope| {
            let starts: Vec<_> = (0..4).map(|_| scope.spawn(|| Preview::start(&digest, &[]))).collect();
            starts.into_iter().map(|start| start.join().unwrap()).collect::<Vec<_>>()
        });
        for preview in &previews {
            preview.wait_for_text("/", "第 3 篇");
            assert!(preview.folder().join("lock").exists());
        }
    }
}
