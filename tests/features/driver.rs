//! The one way in which tests use newsprint: a digest in a temporary folder, the binary, and what it wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::SystemTime;

use tempfile::TempDir;

/// A digest in a folder of its own.
pub(crate) struct Digest {
    folder: TempDir,
}

/// What a command gave back.
pub(crate) struct Outcome {
    pub(crate) success: bool,
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Digest {
    /// A folder with nothing in it.
    pub(crate) fn bare() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A digest called 测试日报 at https://example.org/ without any article.
    pub(crate) fn new() -> Self {
        Self::bare().file("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/\n")
    }

    /// A digest with `count` articles a day apart, called 0001, 0002 … and all under the keyword 共同.
    pub(crate) fn with_articles(count: usize) -> Self {
        let mut digest = Self::new();
        for n in 1..=count {
            let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(n as u64);
            let text = format!("title: 第 {n} 篇\ndate: {day}\nevent: 事件 {n}\nkeywords: [共同]\n");
            digest = digest.article(&format!("{n:04}"), &text, &format!("正文 {n}"));
        }
        digest
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file of the digest.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes `content/articles/<name>.md`.
    pub(crate) fn article(self, name: &str, front_matter: &str, body: &str) -> Self {
        self.file(&format!("content/articles/{name}.md"), format!("---\n{front_matter}---\n\n{body}\n"))
    }

    /// Adds a line to the configuration.
    pub(crate) fn configured(self, lines: &str) -> Self {
        let config = self.read("newsprint.yaml") + lines + "\n";
        self.file("newsprint.yaml", config)
    }

    /// What the digest is made from, in a folder without any notes.
    pub(crate) fn copy(&self) -> Self {
        let copy = Self::bare();
        for folder in ["content", "templates", "static"] {
            for (name, bytes) in tree(&self.path(folder)) {
                copy.write(&format!("{folder}/{name}"), bytes);
            }
        }
        copy.file("newsprint.yaml", self.read("newsprint.yaml"))
    }

    pub(crate) fn remove(&self, path: &str) {
        fs::remove_file(self.path(path)).unwrap();
    }

    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let Output { status, stdout, stderr } = Command::new(env!("CARGO_BIN_EXE_newsprint"))
            .args(arguments)
            .current_dir(self.folder.path())
            .output()
            .unwrap();
        Outcome {
            success: status.success(),
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Builds, and is sure that it worked.
    pub(crate) fn build(&self) -> Outcome {
        let outcome = self.run(&["build"]);
        assert!(outcome.success, "{}", outcome.stderr);
        outcome
    }

    /// Builds, and is sure that it did not work.
    pub(crate) fn build_fails(&self) -> String {
        let outcome = self.run(&["build"]);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        outcome.stderr
    }

    /// The JSON report of a build.
    pub(crate) fn report(&self) -> serde_json::Value {
        let outcome = self.run(&["build", "--json", "--quiet"]);
        serde_json::from_str(&outcome.stdout).unwrap()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// A page of the site.
    pub(crate) fn page(&self, path: &str) -> String {
        self.read(&format!("public/{path}"))
    }

    /// What stands inside `<main>`: what a page is about, without the layout around it.
    pub(crate) fn main(&self, path: &str) -> String {
        let page = self.page(path);
        let start = page.find("<main").and_then(|at| page[at..].find('>').map(|end| at + end + 1)).unwrap();
        page[start..page.find("</main>").unwrap()].to_owned()
    }

    /// The site's files and their bytes.
    pub(crate) fn site(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("public"))
    }

    /// When each of the site's files was written.
    pub(crate) fn times(&self) -> BTreeMap<String, SystemTime> {
        let public = self.path("public");
        self.site()
            .into_keys()
            .map(|path| {
                let time = fs::metadata(public.join(&path)).unwrap().modified().unwrap();
                (path, time)
            })
            .collect()
    }
}

/// A folder's files, by path with `/`.
pub(crate) fn tree(folder: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(folder).unwrap().to_string_lossy().into_owned();
            (path, fs::read(entry.path()).unwrap())
        })
        .collect()
}

/// The values of an attribute in a page, in order.
pub(crate) fn attributes(page: &str, name: &str) -> Vec<String> {
    page.split(&format!(" {name}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}
