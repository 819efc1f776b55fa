//! The example digest builds, and its tree is as it was when somebody last looked at it.

use std::path::Path;
use std::process::Command;

/// Every page with its heading: narrow enough that a change of layout changes nothing here.
#[test]
fn the_example_digest_is_as_it_was() {
    let output = tempfile::tempdir().unwrap();
    let folder = output.path().join("site");
    let built = Command::new(env!("CARGO_BIN_EXE_newsprint"))
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
fn the_example_digest_is_what_it_promises() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("content/articles");
    let files = crate::driver::tree(&root);
    assert!(files.len() >= 60, "{}", files.len());
    let with =
        |part: &str| files.values().filter(|bytes| String::from_utf8_lossy(bytes).contains(part)).count();
    assert!(with("\n|--") + with("\n| --") + with("\n|:-") + with("\n| :-") >= 2, "two with tables");
    assert!(files.keys().filter(|path| path.starts_with("undated/")).count() >= 3, "a few undated");
    assert!(
        files.keys().filter(|path| path.contains("/2023-11-0") || path.contains("/2023-11-1")).count() >= 8,
        "a rich week"
    );
}
