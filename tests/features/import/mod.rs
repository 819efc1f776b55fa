//! `import` turns the output of pipelines into articles, in any format and markup style, and loses
//! nothing without a report.

mod accounting;
mod dates;
mod encodings;
mod feeds;
mod fields;
mod formats;
mod html;
mod identity;
mod languages;
mod models;
mod moving;
mod naughty;
mod old_lists;
mod records;

use crate::driver::Digest;
use newsprint::internals::yaml::{self, Node};

/// The paths of the digest's article files below `content/articles`, sorted.
fn files(digest: &Digest) -> Vec<String> {
    let mut files: Vec<String> = crate::driver::tree(&digest.path("content/articles")).into_keys().collect();
    files.sort();
    files
}

/// Imports `text` as `in.txt` and returns the report.
fn import(digest: &Digest, text: impl AsRef<[u8]>) -> serde_json::Value {
    digest.write("in.txt", text);
    report(digest, &["in.txt"])
}

/// Runs `import --json` and returns the report, whether or not the import succeeded.
fn report(digest: &Digest, arguments: &[&str]) -> serde_json::Value {
    let outcome = digest.run(&[&["import", "--json"], arguments].concat());
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr))
}

/// The front matter and the body of an article file.
fn article(digest: &Digest, file: &str) -> (Node, String) {
    let text = digest.read(&format!("content/articles/{file}"));
    let (front, body) = text.strip_prefix("---\n").unwrap().split_once("\n---\n").unwrap();
    (yaml::parse(front).unwrap(), body.trim().to_owned())
}

/// A field of the only article, empty if missing; the items of a list are joined by `|`.
fn field(digest: &Digest, name: &str) -> String {
    let files = files(digest);
    assert_eq!(files.len(), 1, "{files:?}");
    words(article(digest, &files[0]).0.get(name).unwrap_or(&Node::Null))
}

/// The text of a node, empty if it has none; the items of a list are joined by `|`.
fn words(node: &Node) -> String {
    match node {
        Node::List(items) => items.iter().map(words).collect::<Vec<_>>().join("|"),
        node => node.text().unwrap_or_default().to_owned(),
    }
}

/// The titles of all articles, sorted.
fn titles(digest: &Digest) -> Vec<String> {
    let mut titles: Vec<String> =
        files(digest).iter().map(|file| words(article(digest, file).0.get("title").unwrap())).collect();
    titles.sort();
    titles
}
