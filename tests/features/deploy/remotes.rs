//! A repository on this disk that may have come with the digest is not a remote, however its
//! address is written. git would run its hooks.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use super::{bare_with_hooks, digest_with_remote, git, published_files};
use crate::driver::{Digest, newsprint};

/// Asserts that `deploy` fails with this message, and that no hook ran.
fn assert_refused(digest: &Digest, arguments: &[&str], expected: &str, mark: &Path) {
    let outcome = digest.run(arguments);
    assert!(!mark.exists(), "{arguments:?}: a hook ran");
    assert_eq!(outcome.code, 1, "{arguments:?}: {}", outcome.stderr);
    assert!(outcome.stderr.contains(expected), "{arguments:?}: {}", outcome.stderr);
}

/// Every form of an address of the repository `mirror.git` in the folder `root`.
fn addresses(root: &Path) -> Vec<String> {
    let path = root.join("mirror.git").to_string_lossy().into_owned();
    let short = root.join("mirror").to_string_lossy().into_owned();
    vec![
        path.clone(),
        "mirror.git".to_owned(),
        "./mirror.git/../mirror.git".to_owned(),
        short.clone(),
        format!("file://{path}"),
        format!("file://{short}"),
        format!("file:{path}"),
        "file:mirror.git".to_owned(),
        format!("FILE://{path}"),
        format!("File://localhost{path}"),
        format!("file://someone@elsewhere:1{path}"),
        format!("file://{}", path.replace("mirror", "%6dirror")),
        format!("file://{}", path.replace('/', "//")),
        format!("file://{path}/objects/.."),
        #[cfg(target_os = "linux")]
        "file:///proc/self/cwd/mirror.git".to_owned(),
    ]
}

#[test]
fn a_file_url_is_a_path() {
    let (digest, _remote) = digest_with_remote();
    let outside = tempfile::tempdir().unwrap();
    let mark = outside.path().join("ran");
    let root = digest.path("");
    bare_with_hooks(&digest.path("mirror.git"), &mark);
    for address in addresses(&root) {
        git(&root, &["config", "remote.origin.url", &address]);
        assert_refused(&digest, &["deploy"], "lies within the digest", &mark);
        if address.contains(':') {
            assert_refused(&digest, &["deploy", "--remote", &address], "lies within the digest", &mark);
        }
    }
}

/// git, unlike newsprint, runs in the output folder.
#[cfg(target_os = "linux")]
#[test]
fn an_address_does_not_depend_on_the_folder_of_the_process() {
    let (digest, _remote) = digest_with_remote();
    let outside = tempfile::tempdir().unwrap();
    let mark = outside.path().join("ran");
    bare_with_hooks(&digest.path("mirror.git"), &mark);
    digest.build();
    for address in ["file:///proc/self/cwd/../mirror.git", "/proc/self/cwd/../mirror.git"] {
        git(&digest.path(""), &["config", "remote.origin.url", address]);
        assert_refused(&digest, &["deploy"], "there is no git repository at", &mark);
        assert_refused(&digest, &["deploy", "--remote", address], "no", &mark);
    }
}

#[test]
fn a_rule_of_the_configuration_that_replaces_an_address_is_judged() {
    let (digest, _remote) = digest_with_remote();
    let outside = tempfile::tempdir().unwrap();
    let mark = outside.path().join("ran");
    let root = digest.path("");
    bare_with_hooks(&digest.path("mirror.git"), &mark);
    let base = format!("url.file://{}/", root.display());
    git(&root, &["config", "remote.origin.url", "https://news.site.cn/mirror.git"]);
    for rule in ["insteadOf", "pushInsteadOf"] {
        git(&root, &["config", &format!("{base}.{rule}"), "https://news.site.cn/"]);
        assert_refused(&digest, &["deploy"], "lies within the digest", &mark);
        git(&root, &["config", "--unset", &format!("{base}.{rule}")]);
    }
    let path = root.join("mirror.git").to_string_lossy().into_owned();
    git(&root, &["config", "remote.origin.pushurl", &format!("file://{path}")]);
    assert_refused(&digest, &["deploy"], "lies within the digest", &mark);
    // The rules of the digest do not apply to an address that the user writes, nor do its names.
    git(&root, &["config", &format!("{base}.insteadOf"), "https://127.0.0.1:9/"]);
    let url = "https://127.0.0.1:9/mirror.git";
    git(&root, &["config", &format!("remote.{url}.url"), &path]);
    assert_refused(&digest, &["deploy", "--remote", url], "ask the remote for its branch", &mark);
}

#[test]
fn a_rule_of_the_user_that_replaces_an_address_is_followed_and_judged() {
    let (digest, remote) = digest_with_remote();
    let outside = tempfile::tempdir().unwrap();
    let mark = outside.path().join("ran");
    bare_with_hooks(&digest.path("mirror.git"), &mark);
    let home = tempfile::tempdir().unwrap();
    let deploy = |folder: &Path, address: &str| {
        let rule = format!("[url \"file://{}/\"]\n\tinsteadOf = srv:\n", folder.display());
        std::fs::write(home.path().join(".gitconfig"), rule).unwrap();
        let mut command = Command::new(newsprint());
        command.args(["deploy", "--remote", address]).current_dir(digest.path("")).env("HOME", home.path());
        let output = command.output().unwrap();
        (output.status.success(), String::from_utf8(output.stderr).unwrap())
    };
    let name = remote.path().file_name().unwrap().to_string_lossy();
    let (success, said) = deploy(remote.path().parent().unwrap(), &format!("srv:{name}"));
    assert!(success, "{said}");
    assert!(published_files(&remote, "gh-pages").contains(&"index.html".to_owned()));
    let (success, said) = deploy(&digest.path(""), "srv:mirror.git");
    assert!(!success && said.contains("lies within the digest"), "{said}");
    assert!(!mark.exists());
}

/// A digest in a subfolder of another author's work tree.
#[test]
fn a_repository_in_the_work_tree_that_holds_the_digest_is_refused() {
    let (digest, _remote) = digest_with_remote();
    let outer = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    let mark = outside.path().join("ran");
    let inner = outer.path().join("sub/digest");
    std::fs::create_dir_all(inner.parent().unwrap()).unwrap();
    std::fs::rename(digest.path("content"), outer.path().join("content")).unwrap();
    std::fs::create_dir_all(&inner).unwrap();
    std::fs::rename(outer.path().join("content"), inner.join("content")).unwrap();
    std::fs::copy(digest.path("newsprint.yaml"), inner.join("newsprint.yaml")).unwrap();
    bare_with_hooks(&outer.path().join("evil.git"), &mark);
    git(outer.path(), &["init", "-q", "-b", "main"]);
    let elsewhere = tempfile::tempdir().unwrap();
    let deploy = |address: &str, expected: &str| {
        git(outer.path(), &["config", "remote.origin.url", address]);
        let output = Command::new(newsprint()).arg("deploy").current_dir(&inner).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(!mark.exists(), "{address}: a hook ran");
        assert!(said.contains(expected), "{address}: {said}");
        // The diagnostic says why and what to do.
        assert!(said.contains("its hooks may have come with the digest"), "{address}: {said}");
    };
    let within = "lies within the git work tree that holds the digest";
    for address in addresses(outer.path()) {
        if address.contains(&*outer.path().to_string_lossy()) {
            deploy(&address.replace("mirror", "evil").replace("%6dirror", "evi%6c"), within);
        }
    }
    deploy("evil.git", within);
    deploy(".git", within);
    // A configuration from a stranger may name another work tree.
    let other = elsewhere.path().to_string_lossy().into_owned();
    git(outer.path(), &["config", "core.worktree", &other]);
    deploy(&format!("file://{}/evil.git", outer.path().display()), within);
}

#[test]
fn the_repository_of_a_linked_work_tree_is_refused() {
    let (digest, _remote) = digest_with_remote();
    let linked = tempfile::tempdir().unwrap();
    let path = linked.path().join("tree");
    let root = digest.path("");
    git(&root, &["worktree", "add", "-q", "-b", "other", &path.to_string_lossy()]);
    for address in [root.join(".git"), root.clone(), root.join("evil.git")] {
        if !address.exists() {
            git(&root, &["init", "-q", "--bare", "evil.git"]);
        }
        git(&root, &["config", "remote.origin.url", &address.to_string_lossy()]);
        let output = Command::new(newsprint()).arg("deploy").current_dir(&path).output().unwrap();
        let said = String::from_utf8(output.stderr).unwrap();
        assert!(said.contains("lies within the git work tree that holds the digest"), "{said}");
    }
}

#[test]
fn symbolic_links_are_resolved_before_the_judgement() {
    let (digest, remote) = digest_with_remote();
    let outside = tempfile::tempdir().unwrap();
    let mark = outside.path().join("ran");
    let root = digest.path("");
    bare_with_hooks(&digest.path("mirror.git"), &mark);
    std::os::unix::fs::symlink(&root, outside.path().join("link")).unwrap();
    std::fs::create_dir(outside.path().join("tree")).unwrap();
    let git_file = format!("gitdir: {}\n", root.join("mirror.git").display());
    std::fs::write(outside.path().join("tree/.git"), git_file).unwrap();
    for name in ["link/mirror.git", "link/mirror", "tree"] {
        let address = format!("file://{}/{name}", outside.path().display());
        assert_refused(&digest, &["deploy", "--remote", &address], "lies within the digest", &mark);
    }
    std::os::unix::fs::symlink(remote.path(), digest.path("out.git")).unwrap();
    let outcome = digest.run(&["deploy", "--remote", "file:out"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(published_files(&remote, "gh-pages").contains(&"index.html".to_owned()));
}

#[test]
fn a_file_url_of_a_repository_elsewhere_is_published_to() {
    let (digest, _remote) = digest_with_remote();
    let outside = tempfile::tempdir().unwrap();
    let ran = outside.path().join("ran");
    bare_with_hooks(&outside.path().join("镜 像.git"), &ran);
    let address = format!("FILE://localhost{}/%E9%95%9C%20像", outside.path().display());
    let outcome = digest.run(&["deploy", "--remote", &address]);
    assert!(outcome.success, "{}", outcome.stderr);
    // The user's own hooks run.
    assert!(ran.exists());
}
