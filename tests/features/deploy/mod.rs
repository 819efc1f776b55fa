//! `deploy` publishes the site to a branch of a remote, here a bare repository on disk, and changes
//! nothing else.

mod names;
mod remotes;
mod repository;
#[cfg(feature = "stores")]
mod runs;
#[cfg(feature = "stores")]
mod stores;

use std::path::Path;
use std::process::Command;

use crate::driver::Digest;

fn git(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .args(["-c", "user.name=E", "-c", "user.email=e@example.org", "-c", "core.quotePath=false"])
        .args(arguments)
        .current_dir(folder)
        .output()
        .unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap().trim_end().to_owned()
}

/// A digest in a git repository, and the bare repository that is its remote `origin`.
fn digest_with_remote() -> (Digest, tempfile::TempDir) {
    let remote = tempfile::tempdir().unwrap();
    git(remote.path(), &["init", "-q", "--bare"]);
    let digest = Digest::with_articles(3).file(".gitignore", "public/\n.newsprint/\n*.png\n*.json\n");
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://news.site.cn/\n");
    let root = digest.path("");
    git(&root, &["init", "-q", "-b", "main"]);
    git(&root, &["add", "-A"]);
    git(&root, &["commit", "-qm", "digest"]);
    git(&root, &["remote", "add", "origin", &remote.path().to_string_lossy()]);
    (digest, remote)
}

/// The paths of all files on a branch of the remote.
fn published_files(remote: &tempfile::TempDir, branch: &str) -> Vec<String> {
    git(remote.path(), &["ls-tree", "-r", "--name-only", branch]).lines().map(str::to_owned).collect()
}

#[test]
fn the_branch_contains_exactly_the_site_in_one_commit() {
    let (digest, remote) = digest_with_remote();
    let digest = digest.file("static/图.png", "x").file("static/crlf.txt", "a\r\nb\r\n");
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let mut wanted: Vec<String> = digest.site().into_keys().collect();
    // GitHub Pages reads a custom domain from the file `CNAME`.
    wanted.extend([".nojekyll".to_owned(), "CNAME".to_owned()]);
    wanted.sort();
    assert_eq!(published_files(&remote, "gh-pages"), wanted);
    assert_eq!(git(remote.path(), &["show", "gh-pages:CNAME"]), "news.site.cn");
    let tree = tempfile::tempdir().unwrap();
    git(
        tree.path(),
        &[
            "clone",
            "-q",
            "-b",
            "gh-pages",
            "-c",
            "core.autocrlf=false",
            &remote.path().to_string_lossy(),
            ".",
        ],
    );
    for (path, bytes) in digest.site() {
        assert_eq!(std::fs::read(tree.path().join(&path)).unwrap(), bytes, "{path}");
    }
    assert_eq!(git(remote.path(), &["rev-list", "--count", "gh-pages"]), "1");
    let source = git(&digest.path(""), &["rev-parse", "--short", "HEAD"]);
    assert_eq!(
        git(remote.path(), &["log", "-1", "--format=%B", "gh-pages"]).trim(),
        format!("Publish 3 articles from {source}\n\nGenerator: newsprint")
    );
}

#[test]
fn deploy_does_not_change_the_repository_of_the_digest() {
    let (digest, _remote) = digest_with_remote();
    digest.write("content/articles/0001.md", digest.read("content/articles/0001.md") + "未提交\n");
    let root = digest.path("");
    let state = || {
        let status = git(&root, &["status", "--porcelain"]);
        let refs = git(&root, &["for-each-ref"]);
        (status, refs, git(&root, &["count-objects", "-v"]), git(&root, &["stash", "list"]))
    };
    let before = state();
    assert!(digest.run(&["deploy"]).success);
    assert_eq!(state(), before);
}

#[test]
fn an_update_replaces_the_commit_and_an_unchanged_site_is_not_pushed() {
    let (digest, remote) = digest_with_remote();
    assert!(digest.run(&["deploy"]).success);
    let first = git(remote.path(), &["rev-parse", "gh-pages"]);
    let again = digest.run(&["deploy"]);
    assert!(again.success && again.stderr.contains("already"), "{}", again.stderr);
    assert_eq!(git(remote.path(), &["rev-parse", "gh-pages"]), first);
    digest.remove("content/articles/0001.md");
    assert!(digest.run(&["deploy", "-m", "第二次"]).success);
    assert_ne!(git(remote.path(), &["rev-parse", "gh-pages"]), first);
    assert_eq!(git(remote.path(), &["rev-list", "--count", "gh-pages"]), "1");
    assert!(!published_files(&remote, "gh-pages").contains(&"articles/0001/index.html".to_owned()));
    assert!(git(remote.path(), &["log", "-1", "--format=%s", "gh-pages"]) == "第二次");
    // Publishing works without the build cache.
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    digest.write("content/articles/0002.md", "---\ntitle: 新\ndate: 2024-02-02\n---\n\n文\n");
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
}

#[test]
fn a_failed_check_publishes_nothing() {
    let (digest, remote) = digest_with_remote();
    let digest = digest.article("bad", "title: 坏\ndate: 2024-01-01\n", "[x](/nowhere/)");
    let outcome = digest.run(&["deploy"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stdout.contains("error[broken-link]"), "{}", outcome.stdout);
    assert!(outcome.stderr.contains("--allow RULE"), "{}", outcome.stderr);
    assert_eq!(git(remote.path(), &["for-each-ref"]), "");
    assert!(!digest.exists("public"));
    assert!(digest.run(&["deploy", "--allow", "broken-link"]).success);
    digest.write("content/articles/bad.md", "---\ndate: x\n---\n");
    assert_eq!(digest.run(&["deploy"]).code, 1);
}

#[test]
fn a_branch_not_written_by_newsprint_is_not_replaced_without_force() {
    let (digest, remote) = digest_with_remote();
    let root = digest.path("");
    git(&root, &["push", "-q", "origin", "main:gh-pages"]);
    let theirs = git(remote.path(), &["rev-parse", "gh-pages"]);
    let outcome = digest.run(&["deploy"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("its last commit is “digest”"), "{}", outcome.stderr);
    assert_eq!(git(remote.path(), &["rev-parse", "gh-pages"]), theirs);
    assert!(digest.run(&["deploy", "--force"]).success);
    assert!(digest.run(&["deploy"]).success);
    let own = digest.run(&["deploy", "--branch", "main", "--force"]);
    assert_eq!(own.code, 1);
    assert!(own.stderr.contains("the branch that is checked out"), "{}", own.stderr);
}

#[test]
fn a_dry_run_pushes_nothing() {
    let (digest, remote) = digest_with_remote();
    let outcome = digest.run(&["deploy", "--dry-run", "--json", "-q"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!((&report["success"], &report["pushed"]), (&true.into(), &false.into()));
    assert_eq!(git(remote.path(), &["for-each-ref"]), "");
}

#[test]
fn a_remote_may_be_a_path_and_invalid_remotes_are_errors() {
    let (digest, remote) = digest_with_remote();
    let path = remote.path().to_string_lossy().into_owned();
    assert!(digest.run(&["deploy", "--remote", &path, "--branch", "site"]).success);
    assert!(published_files(&remote, "site").contains(&"index.html".to_owned()));
    for (arguments, expected) in [
        (vec!["deploy", "--remote", "nowhere"], "there is no remote `nowhere`"),
        (vec!["deploy", "--remote=--upload-pack=x"], "is not a remote"),
        (vec!["deploy", "--branch", "a..b"], "a..b"),
        (vec!["deploy", "--remote", "file:///nowhere/at/all"], "no git repository at /nowhere/at/all"),
        (vec!["deploy", "--remote", "https://127.0.0.1:9/x.git"], "ask the remote for its branch"),
        (vec!["deploy", "--remote", "ext::sh -c true"], "not allowed"),
    ] {
        let outcome = digest.run(&arguments);
        assert_eq!(outcome.code, 1, "{arguments:?}");
        assert!(outcome.stderr.contains(expected), "{arguments:?}: {}", outcome.stderr);
    }
}

#[test]
fn a_site_without_a_public_base_url_is_not_published() {
    let (digest, _remote) = digest_with_remote();
    digest.write("newsprint.yaml", "title: 测试\n");
    let outcome = digest.run(&["deploy"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("`base_url` is missing, so feeds"), "{}", outcome.stderr);
    for unreachable in
        ["https://example.org/", "http://localhost:8080/", "http://192.168.0.1/", "https://a.example/"]
    {
        let outcome = digest.run(&["deploy", "-u", unreachable]);
        assert!(
            outcome.code == 1 && outcome.stderr.contains("which no reader can reach"),
            "{unreachable}: {}",
            outcome.stderr
        );
    }
    let outcome = digest.run(&["deploy", "-u", "https://user.github.io/digest/"]);
    assert!(outcome.success, "{}", outcome.stderr);
}

#[test]
fn only_a_custom_domain_at_its_root_gets_a_cname_file() {
    for (base, has_name) in [
        ("https://news.site.cn/", true),
        ("https://user.github.io/", false),
        ("https://site.cn/digest/", false),
    ] {
        let (digest, remote) = digest_with_remote();
        assert!(digest.run(&["deploy", "-u", base]).success);
        assert_eq!(published_files(&remote, "gh-pages").contains(&"CNAME".to_owned()), has_name, "{base}");
    }
    let (digest, remote) = digest_with_remote();
    let digest = digest.file("static/CNAME", "own.example\n");
    assert!(digest.run(&["deploy"]).success);
    assert_eq!(git(remote.path(), &["show", "gh-pages:CNAME"]), "own.example");
}

/// Creates a bare repository whose hooks create the file at `mark`.
#[cfg(unix)]
fn bare_with_hooks(repository: &Path, mark: &Path) {
    git(Path::new("."), &["init", "-q", "--bare", &repository.to_string_lossy()]);
    for hook in ["pre-receive", "update", "post-receive", "reference-transaction"] {
        write_hook(repository, hook, &format!("touch '{}'", mark.display()));
    }
}

#[cfg(unix)]
fn write_hook(repository: &Path, hook: &str, command: &str) {
    let folder = repository.join("hooks");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(hook);
    std::fs::write(&path, format!("#!/bin/sh\n{command}\n")).unwrap();
    let permissions = std::os::unix::fs::PermissionsExt::from_mode(0o755);
    std::fs::set_permissions(&path, permissions).unwrap();
}

#[cfg(unix)]
#[test]
fn programs_configured_in_an_untrusted_deploy_repository_are_not_run() {
    use std::os::unix::fs::PermissionsExt;
    let (digest, remote) = digest_with_remote();
    assert!(digest.run(&["deploy"]).success);
    let mark = digest.path("ran");
    let script = format!("#!/bin/sh\necho $0 >> {}\n", mark.display());
    let program = digest.path("program.sh");
    digest.write("program.sh", &script);
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o755)).unwrap();
    let at = program.display();
    digest.write(
        ".newsprint/deploy.git/config",
        format!("[core]\nbare = true\nfsmonitor = {at}\nsshCommand = {at}\nhooksPath = {at}\npager = {at}\n[gc]\nrecentObjectsHook = {at}\n[uploadpack]\npackObjectsHook = {at}\n[filter \"x\"]\nclean = {at}\n[include]\npath = {at}\n"),
    );
    for hook in ["pre-push", "reference-transaction", "post-index-change", "pre-auto-gc"] {
        digest.write(&format!(".newsprint/deploy.git/hooks/{hook}"), &script);
        let hook = digest.path(&format!(".newsprint/deploy.git/hooks/{hook}"));
        std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    digest.write(".newsprint/deploy.git/info/attributes", "* filter=x\n");
    digest.write("content/articles/0002.md", "---\ntitle: 新\ndate: 2024-02-02\n---\n\n文\n");
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(!mark.exists(), "{}", std::fs::read_to_string(&mark).unwrap_or_default());
    assert!(published_files(&remote, "gh-pages").contains(&"index.html".to_owned()));
    // A symbolic link in the repository is not followed either.
    let elsewhere = tempfile::tempdir().unwrap();
    std::fs::remove_dir_all(digest.path(".newsprint/deploy.git/objects")).unwrap();
    std::os::unix::fs::symlink(elsewhere.path(), digest.path(".newsprint/deploy.git/objects")).unwrap();
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(std::fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn the_check_compares_with_the_published_site_not_with_the_last_build() {
    let (digest, _remote) = digest_with_remote();
    let digest = digest.configured("check: {fewer_pages_percent: 10}");
    assert!(digest.run(&["deploy"]).success);
    digest.remove("content/articles/0001.md");
    digest.remove("content/articles/0002.md");
    // A local build, or a fresh clone without build cache and output, does not change the
    // comparison.
    digest.build();
    for _ in 0..2 {
        let outcome = digest.run(&["deploy"]);
        assert!(outcome.code == 1 && outcome.stdout.contains("error[fewer-pages]"), "{}", outcome.stdout);
        std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
        let _ = std::fs::remove_dir_all(digest.path("public"));
    }
    let outcome = digest.run(&["deploy", "--allow", "fewer-pages,gone-page"]);
    assert!(outcome.success, "{}", outcome.stderr);
}

#[test]
fn the_url_of_a_remote_may_be_a_relative_path() {
    let (digest, remote) = digest_with_remote();
    let name = remote.path().file_name().unwrap().to_string_lossy().into_owned();
    git(&digest.path(""), &["remote", "set-url", "origin", &format!("../{name}")]);
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(published_files(&remote, "gh-pages").contains(&"index.html".to_owned()));
}

#[test]
fn a_password_in_a_remote_url_is_not_printed() {
    let (digest, _remote) = digest_with_remote();
    let outcome = digest.run(&["deploy", "--json", "--remote", "https://me:geheim@127.0.0.1:9/x.git"]);
    assert_eq!(outcome.code, 1);
    assert!(
        !outcome.stdout.contains("geheim") && !outcome.stderr.contains("geheim"),
        "{}{}",
        outcome.stdout,
        outcome.stderr
    );
}

#[cfg(unix)]
#[test]
fn a_remote_configured_inside_the_digest_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let (digest, _remote) = digest_with_remote();
    // Files that a clone of an untrusted repository can contain.
    git(&digest.path(""), &["init", "-q", "--bare", "evil.git"]);
    let mark = digest.path("ran");
    digest.write("evil.git/hooks/pre-receive", format!("#!/bin/sh\necho ran >> {}\n", mark.display()));
    let hook = digest.path("evil.git/hooks/pre-receive");
    std::fs::set_permissions(hook, std::fs::Permissions::from_mode(0o755)).unwrap();
    git(&digest.path(""), &["remote", "set-url", "origin", "evil.git"]);
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("lies within the digest"), "{}", outcome.stderr);
    std::fs::remove_dir_all(digest.path(".git")).unwrap();
    for (name, text) in [
        ("HEAD", "ref: refs/heads/zz\n"),
        ("config", "[core]\nrepositoryformatversion = 0\nbare = true\n[remote \"origin\"]\nurl = evil.git\n"),
        ("objects/k", ""),
        ("refs/k", ""),
    ] {
        digest.write(name, text);
    }
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("no remote `origin`"), "{}", outcome.stderr);
    assert!(!mark.exists());
}

#[test]
fn foreign_files_in_the_output_folder_are_not_published() {
    let (digest, remote) = digest_with_remote();
    let digest = digest.file("static/crlf.txt", "a\r\nb\r\n");
    digest.write("public/.gitattributes", "*.txt text\n*.html working-tree-encoding=UTF-16 ident\n");
    digest.write("public/mine.html", "mine");
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let files = published_files(&remote, "gh-pages");
    assert!(!files.contains(&"mine.html".to_owned()) && !files.contains(&".gitattributes".to_owned()));
    let sizes = git(remote.path(), &["ls-tree", "-r", "--format=%(objectsize) %(path)", "gh-pages"]);
    for (path, bytes) in digest.site() {
        if path != "mine.html" && path != ".gitattributes" {
            assert!(sizes.lines().any(|line| line == format!("{} {path}", bytes.len())), "{path}");
        }
    }
}

#[test]
fn unusual_branch_names_are_refused() {
    let (digest, remote) = digest_with_remote();
    for name in ["refs/heads/x", "heads/main", "@", "+gh", "MAIN"] {
        assert_eq!(digest.run(&["deploy", "--force", "--branch", name]).code, 1, "{name}");
    }
    assert_eq!(git(remote.path(), &["for-each-ref"]), "");
}

#[cfg(not(feature = "stores"))]
#[test]
fn a_program_without_stores_says_which_archive_has_them() {
    let digest = Digest::with_articles(1);
    let outcome = digest.run(&["deploy", "--to", "s3://bucket/site"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("archive of a release"), "{}", outcome.stderr);
}
