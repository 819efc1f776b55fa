//! `init` makes a digest that builds at once; `new` makes an article that builds at once.

use crate::driver::Digest;

#[test]
fn a_new_digest_builds_at_once_without_a_warning() {
    let digest = Digest::bare();
    let outcome = digest.run(&["init", "my-digest"]);
    assert!(outcome.success && outcome.stderr.contains("cd my-digest"), "{}", outcome.stderr);
    for path in [
        "newsprint.yaml",
        "content/terms.yaml",
        ".github/workflows/pages.yml",
        ".gitignore",
        "content/pages/about.md",
    ] {
        assert!(digest.exists(&format!("my-digest/{path}")), "{path}");
    }
    let outcome = digest.run(&["build", "-r", "my-digest", "--strict"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(digest.exists("my-digest/public/articles/hello-newsprint/index.html"));
}

#[test]
fn a_folder_that_holds_something_keeps_it() {
    let digest = Digest::bare().file("d/newsprint.yaml", "title: 我的\n");
    let outcome = digest.run(&["init", "d"]);
    assert!(outcome.success && outcome.stderr.contains("kept    d/newsprint.yaml"), "{}", outcome.stderr);
    assert_eq!(digest.read("d/newsprint.yaml"), "title: 我的\n");
}

#[test]
fn init_where_a_file_is_in_the_way_says_so() {
    let digest = Digest::bare().file("d", "a file");
    let outcome = digest.run(&["init", "d"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("cannot be made"), "{}", outcome.stderr);
}

#[test]
fn a_new_article_has_a_date_and_builds_at_once() {
    let digest = Digest::new();
    let outcome = digest.run(&["new", "他说：“a: b” #1"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(digest.run(&["build", "--strict"]).success);
    assert!(digest.main("index.html").contains("他说：“a: b” #1"));
    let again = digest.run(&["new", "他说：“a: b” #1"]);
    assert_eq!(again.code, 1, "{}", again.stderr);
    assert_eq!(digest.run(&["new", " "]).code, 1);
}
