//! The example digest in this repository builds without warnings, and its pages match a reviewed
//! snapshot.

use std::path::Path;
use std::process::Command;

/// The snapshot lists the path of every file and the heading of every page, so that a change of
/// layout alone does not change it.
#[test]
fn the_example_digest_matches_its_snapshot() {
    let output = tempfile::tempdir().unwrap();
    let folder = output.path().join("site");
    let built = Command::new(crate::driver::newsprint())
        .args(["build", "--strict", "--root", env!("CARGO_MANIFEST_DIR"), "--output-dir"])
        .arg(&folder)
        .output()
        .unwrap();
    assert!(built.status.success(), "{}", String::from_utf8_lossy(&built.stderr));
    let mut lines = Vec::new();
    for (path, bytes) in crate::driver::tree(&folder) {
        let text = String::from_utf8_lossy(&bytes);
        let heading = text
            .split("<h1")
            .nth(1)
            .and_then(|rest| rest.split_once('>'))
            .and_then(|(_, rest)| rest.split("</h1>").next());
        lines.push(match heading {
            Some(heading) => format!("{path}  {heading}"),
            None => path,
        });
    }
    insta::assert_snapshot!(lines.join("\n"));
}

#[test]
fn the_example_digest_has_tables_undated_articles_and_a_full_week() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/articles");
    let files = crate::driver::tree(&root);
    assert!(files.len() >= 60, "{}", files.len());
    let with =
        |part: &str| files.values().filter(|bytes| String::from_utf8_lossy(bytes).contains(part)).count();
    assert!(
        with("\n|--") + with("\n| --") + with("\n|:-") + with("\n| :-") >= 2,
        "fewer than 2 articles with tables"
    );
    assert!(
        files.keys().filter(|path| path.starts_with("undated/")).count() >= 3,
        "fewer than 3 undated articles"
    );
    assert!(
        files.keys().filter(|path| path.contains("/2023-11-0") || path.contains("/2023-11-1")).count() >= 8,
        "fewer than 8 articles from 1 to 19 November 2023"
    );
}
