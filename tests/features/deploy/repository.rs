//! newsprint's own repository, `.newsprint/deploy.git`, may be damaged or forged: it is repaired
//! without an error. After the push, a failure in it is a warning.

use std::fs;
use std::path::Path;

use super::{digest_with_remote, git, published_files};
use crate::driver::Digest;

/// Changes an article, so that the site is another one.
fn edit(digest: &Digest, text: &str) {
    digest.write("content/articles/0002.md", format!("---\ntitle: 新\ndate: 2024-02-02\n---\n\n{text}\n"));
}

/// Deploys, and asserts that the branch then has the site and that no diagnostic was given.
fn assert_published(digest: &Digest, remote: &tempfile::TempDir, what: &str) {
    let outcome = digest.run(&["deploy", "--json", "-q"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert!(outcome.success, "{what}: {}{}", outcome.stdout, outcome.stderr);
    assert_eq!(report["pushed"], true, "{what}");
    assert_eq!(report["diagnostics"], serde_json::json!([]), "{what}");
    let published = git(remote.path(), &["show", "gh-pages:articles/0002/index.html"]);
    assert_eq!(published, digest.page("articles/0002/index.html").trim_end(), "{what}");
}

/// All files of `deploy.git` whose path fulfils a condition.
fn files(digest: &Digest, wanted: impl Fn(&str) -> bool) -> Vec<std::path::PathBuf> {
    let root = digest.path(".newsprint/deploy.git");
    let found = crate::driver::tree(&root).into_keys().filter(|path| wanted(path));
    found.map(|path| root.join(path)).collect()
}

#[test]
fn lock_files_of_a_killed_deployment_are_removed() {
    let (digest, remote) = digest_with_remote();
    assert!(digest.run(&["deploy"]).success);
    let locks = [
        "index.lock",
        "config.lock",
        "HEAD.lock",
        "packed-refs.lock",
        "shallow.lock",
        "gc.pid.lock",
        "refs/newsprint/deployed.lock",
        "refs/heads/gh-pages.lock",
        "objects/info/commit-graph.lock",
        "objects/pack/multi-pack-index.lock",
    ];
    for lock in locks {
        digest.write(&format!(".newsprint/deploy.git/{lock}"), "");
    }
    edit(&digest, "一");
    assert_published(&digest, &remote, "locks");
    assert_eq!(files(&digest, |path| path.ends_with(".lock")), Vec::<std::path::PathBuf>::new());
}

/// Replaces a file or folder by a file with this text.
fn replace(path: &Path, text: &[u8]) {
    let _ = fs::remove_dir_all(path);
    let _ = fs::remove_file(path);
    fs::write(path, text).unwrap();
}

#[test]
fn a_damaged_repository_is_replaced_without_an_error() {
    let (digest, remote) = digest_with_remote();
    assert!(digest.run(&["deploy"]).success);
    let at = |name: &str| digest.path(".newsprint/deploy.git").join(name);
    let is_object = |path: &str| path.starts_with("objects/");
    let damages: [(&str, &dyn Fn()); 6] = [
        ("the index has other bytes", &|| replace(&at("index"), b"DIRC damaged")),
        ("HEAD and packed-refs have other bytes", &|| {
            replace(&at("HEAD"), b"\0\0\0");
            replace(&at("packed-refs"), b"nothing\nthat git reads\n");
        }),
        ("refs is a file", &|| replace(&at("refs"), b"x")),
        ("all objects are gone", &|| {
            for path in files(&digest, is_object) {
                fs::remove_file(path).unwrap();
            }
        }),
        ("all objects are empty", &|| {
            for path in files(&digest, is_object) {
                replace(&path, b"");
            }
        }),
        ("deploy.git is a file", &|| replace(&digest.path(".newsprint/deploy.git"), b"x")),
    ];
    for (what, damage) in damages {
        damage();
        edit(&digest, what);
        assert_published(&digest, &remote, what);
    }
}

#[cfg(unix)]
#[test]
fn links_pipes_and_unreadable_folders_in_the_repository_are_not_used() {
    use std::os::unix::fs::{PermissionsExt, symlink};
    let (digest, remote) = digest_with_remote();
    assert!(digest.run(&["deploy"]).success);
    let at = |name: &str| digest.path(".newsprint/deploy.git").join(name);
    let outside = tempfile::tempdir().unwrap();
    let victim = outside.path().join("victim");
    fs::write(&victim, "kept").unwrap();
    let damages: [(&str, &dyn Fn()); 5] = [
        ("second names of files that newsprint or git writes", &|| {
            fs::remove_file(at("config")).unwrap();
            fs::hard_link(&victim, at("config")).unwrap();
            fs::create_dir_all(at("logs/refs/newsprint")).unwrap();
            fs::hard_link(&victim, at("logs/refs/newsprint/deployed")).unwrap();
            let _ = fs::remove_file(at("FETCH_HEAD"));
            fs::hard_link(&victim, at("FETCH_HEAD")).unwrap();
        }),
        ("a link in the place of a file", &|| {
            fs::remove_file(at("index")).unwrap();
            symlink(&victim, at("index")).unwrap();
        }),
        ("a link in the place of a folder", &|| {
            fs::remove_dir_all(at("refs")).unwrap();
            symlink(outside.path(), at("refs")).unwrap();
        }),
        ("a pipe in the place of the index", &|| {
            fs::remove_file(at("index")).unwrap();
            assert!(std::process::Command::new("mkfifo").arg(at("index")).status().unwrap().success());
        }),
        ("an unreadable folder", &|| {
            fs::set_permissions(at("objects"), fs::Permissions::from_mode(0o0)).unwrap();
        }),
    ];
    for (what, damage) in damages {
        damage();
        edit(&digest, what);
        assert_published(&digest, &remote, what);
        assert_eq!(fs::read(&victim).unwrap(), b"kept", "{what}");
        assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1, "{what}");
    }
}

#[test]
fn an_index_that_hides_changes_is_not_used() {
    let (digest, remote) = digest_with_remote();
    assert!(digest.run(&["deploy"]).success);
    let (repository, site) = (digest.path(".newsprint/deploy.git"), digest.path("public"));
    for flag in ["--assume-unchanged", "--skip-worktree"] {
        let (repository, site) = (repository.to_string_lossy(), site.to_string_lossy());
        let page = "articles/0002/index.html";
        let of_site = ["--git-dir", &repository, "--work-tree", &site, "update-index", flag, page];
        git(&digest.path("public"), &of_site);
        edit(&digest, flag);
        assert_published(&digest, &remote, flag);
    }
}

#[test]
fn forged_objects_do_not_let_deploy_replace_a_branch_of_others() {
    let (digest, remote) = digest_with_remote();
    let root = digest.path("");
    git(&root, &["push", "-q", "origin", "main:gh-pages"]);
    let theirs = git(remote.path(), &["rev-parse", "gh-pages"]);
    let repository = digest.path(".newsprint/deploy.git");
    let forge = || {
        let _ = fs::remove_dir_all(&repository);
        git(&root, &["init", "-q", "--bare", ".newsprint/deploy.git"]);
        let tree = git(&repository, &["hash-object", "-t", "tree", "-w", "/dev/null"]);
        let ours = git(&repository, &["commit-tree", &tree, "-m", "Generator: newsprint"]);
        let path = |hash: &str| repository.join("objects").join(&hash[..2]).join(&hash[2..]);
        (path(&theirs), path(&ours), ours)
    };
    for way in ["a replacement", "another object"] {
        let (of_theirs, of_ours, ours) = forge();
        match way {
            "another object" => {
                fs::create_dir_all(of_theirs.parent().unwrap()).unwrap();
                fs::copy(of_ours, of_theirs).unwrap();
            }
            _ => {
                git(&repository, &["fetch", "-q", &remote.path().to_string_lossy(), "gh-pages"]);
                git(&repository, &["update-ref", &format!("refs/replace/{theirs}"), &ours]);
            }
        }
        let outcome = digest.run(&["deploy"]);
        assert_eq!(outcome.code, 1, "{way}");
        assert!(outcome.stderr.contains("its last commit is “digest”"), "{way}: {}", outcome.stderr);
        assert_eq!(git(remote.path(), &["rev-parse", "gh-pages"]), theirs, "{way}");
    }
}

#[cfg(unix)]
#[test]
fn a_failure_after_the_push_is_a_warning() {
    let (digest, remote) = digest_with_remote();
    let refs = digest.path(".newsprint/deploy.git/refs/newsprint");
    let lock = refs.join("deployed.lock");
    // The hook of the remote runs between the push and the record of it.
    let command = format!("mkdir -p '{}'; : > '{}'", refs.display(), lock.display());
    super::write_hook(remote.path(), "post-receive", &command);
    let outcome = digest.run(&["deploy", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert_eq!((&report["success"], &report["pushed"]), (&true.into(), &true.into()));
    let diagnostics = report["diagnostics"].as_array().unwrap();
    assert_eq!(diagnostics.len(), 1, "{diagnostics:?}");
    assert_eq!(diagnostics[0]["severity"], "warning", "{diagnostics:?}");
    assert!(!outcome.stderr.contains("unchanged") && !outcome.stderr.contains("nothing was published"));
    assert!(published_files(&remote, "gh-pages").contains(&"index.html".to_owned()));
    fs::remove_file(remote.path().join("hooks/post-receive")).unwrap();
    edit(&digest, "二");
    assert_published(&digest, &remote, "the next deployment");
}

#[cfg(unix)]
#[test]
fn the_help_of_an_error_fits_its_cause() {
    let (digest, remote) = digest_with_remote();
    super::write_hook(remote.path(), "pre-receive", "echo no; exit 1");
    let outcome = digest.run(&["deploy"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("git could not push"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("check the address of the remote"), "{}", outcome.stderr);
    let outcome = digest.run(&["deploy", "--branch", "a..b"]);
    assert!(outcome.stderr.contains("write another name behind `--branch`"), "{}", outcome.stderr);
}
