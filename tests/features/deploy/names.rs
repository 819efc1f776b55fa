//! The files that deployment adds to the site, `CNAME` and `.nojekyll`, are known to the build.

use super::{digest_with_remote, git, published_files};

#[test]
fn an_alias_that_collides_with_an_added_file_is_an_error_at_its_place() {
    for alias in ["/CNAME/x", "/CNAME", "/cname/", "/CName/a/b.html"] {
        let (digest, _remote) = digest_with_remote();
        let digest =
            digest.article("bad", &format!("title: 坏\ndate: 2024-01-01\naliases: [{alias}]\n"), "文");
        let errors = digest.build_fails();
        assert!(errors.contains("content/articles/bad.md:"), "{alias}: {errors}");
        assert!(errors.contains("the file `/CNAME` cannot both be published"), "{alias}: {errors}");
    }
}

#[test]
fn check_and_deploy_report_a_collision_with_an_added_file() {
    let (digest, _remote) = digest_with_remote();
    let digest = digest.article("bad", "title: 坏\ndate: 2024-01-01\naliases: [/CNAME/x]\n", "文");
    for command in ["check", "deploy"] {
        let outcome = digest.run(&[command]);
        assert_eq!(outcome.code, 1, "{command}");
        let said = outcome.stdout + &outcome.stderr;
        assert!(said.contains("content/articles/bad.md:"), "{command}: {said}");
    }
    // Without a domain of its own, the site has no such file.
    let outcome = digest.run(&["deploy", "-u", "https://user.github.io/"]);
    assert!(outcome.success, "{}", outcome.stderr);
}

#[test]
fn a_page_or_a_static_file_that_collides_with_an_added_file_is_an_error() {
    for (path, text) in [
        ("content/pages/cname.md", "---\ntitle: 页\n---\n\n文\n"),
        ("static/cname", "x"),
        ("static/Cname/x.txt", "x"),
    ] {
        let (digest, _remote) = digest_with_remote();
        digest.write(path, text);
        let errors = digest.build_fails();
        assert!(errors.contains(path) && errors.contains("cannot both be published"), "{path}: {errors}");
    }
}

#[test]
fn a_static_file_cname_takes_the_place_of_the_added_one() {
    let (digest, remote) = digest_with_remote();
    let digest = digest.file("static/CNAME", "own.example\n");
    assert!(digest.run(&["deploy"]).success);
    assert_eq!(git(remote.path(), &["show", "gh-pages:CNAME"]), "own.example");
    assert_eq!(published_files(&remote, "gh-pages").iter().filter(|name| *name == "CNAME").count(), 1);
    let digest = digest.article("bad", "title: 坏\ndate: 2024-01-01\naliases: [/cname/x]\n", "文");
    assert!(digest.build_fails().contains("content/articles/bad.md:"));
}

#[test]
fn an_alias_that_git_refuses_is_an_error_at_its_place() {
    let (digest, _remote) = digest_with_remote();
    let digest = digest.article("bad", "title: 坏\ndate: 2024-01-01\naliases: [/old/GIT~1/x]\n", "文");
    let errors = digest.build_fails();
    assert!(errors.contains("content/articles/bad.md:") && errors.contains("git refuses"), "{errors}");
}

#[test]
fn hidden_files_that_hosts_read_are_deployed() {
    let (digest, remote) = digest_with_remote();
    let digest = digest.file("static/.well-known/security.txt", "Contact: x\n").file("static/.htaccess", "a");
    let digest = digest.file("static/.nojekyll", "mine").file("static/.DS_Store", "x");
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let files = published_files(&remote, "gh-pages");
    for path in [".well-known/security.txt", ".htaccess", ".nojekyll"] {
        assert_eq!(files.iter().filter(|name| *name == path).count(), 1, "{path}");
    }
    assert!(!files.contains(&".DS_Store".to_owned()));
    assert_eq!(git(remote.path(), &["show", "gh-pages:.nojekyll"]), "mine");
}
