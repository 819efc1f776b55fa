//! The driver of all feature tests: creates a digest in a temporary folder, runs the binary there,
//! and reads the files that it wrote.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;
use std::time::SystemTime;

use tempfile::TempDir;

/// The binary in `NEWSPRINT`, as for the browser tests, else the one that was built with the tests.
pub(crate) fn newsprint() -> &'static str {
    static PATH: LazyLock<String> = LazyLock::new(|| {
        let is_set =
            |name: &str, start: &str| std::env::var(name).is_ok_and(|value| value.starts_with(start));
        let is_chinese = ["LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"].iter().any(|name| is_set(name, "zh"));
        assert!(!is_chinese || is_set("NEWSPRINT_LANG", "en"), "set NEWSPRINT_LANG=en: tests read messages");
        let Ok(asked) = std::env::var("NEWSPRINT") else { return env!("CARGO_BIN_EXE_newsprint").to_owned() };
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(asked);
        assert!(path.is_file(), "NEWSPRINT names {}, but there is no such file", path.display());
        path.to_str().unwrap().to_owned()
    });
    &PATH
}

/// A digest in a temporary folder, which is removed when the value is dropped.
pub(crate) struct Digest {
    folder: TempDir,
}

/// The result of a command: exit code and output.
pub(crate) struct Outcome {
    /// True if the exit code is 0.
    pub(crate) success: bool,
    /// The exit code; -1 if a signal ended the process.
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Digest {
    /// An empty folder.
    pub(crate) fn bare() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// A digest titled 测试日报 at https://example.org/, without articles.
    pub(crate) fn new() -> Self {
        Self::bare().file("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/\n")
    }

    /// A digest with `count` articles in files `0001.md`, `0002.md` …, dated one day apart from
    /// 2024-01-02 on, all with the keyword 共同.
    pub(crate) fn with_articles(count: usize) -> Self {
        let mut digest = Self::new();
        for n in 1..=count {
            let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(n as u64);
            let text = format!("title: 第 {n} 篇\ndate: {day}\nevent: 事件 {n}\nkeywords: [共同]\n");
            digest = digest.article(&format!("{n:04}"), &text, &format!("正文 {n}"));
        }
        digest
    }

    /// The absolute path of a file of the digest.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.folder.path().join(path)
    }

    /// Writes a file of the digest, with its folders.
    pub(crate) fn file(self, path: &str, text: impl AsRef<[u8]>) -> Self {
        self.write(path, text);
        self
    }

    /// Same as [`Self::file`], for a digest that is borrowed.
    pub(crate) fn write(&self, path: &str, text: impl AsRef<[u8]>) {
        let path = self.path(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Writes `content/articles/<name>.md`.
    pub(crate) fn article(self, name: &str, front_matter: &str, body: &str) -> Self {
        self.file(&format!("content/articles/{name}.md"), format!("---\n{front_matter}---\n\n{body}\n"))
    }

    /// Appends lines to `newsprint.yaml`.
    pub(crate) fn configured(self, lines: &str) -> Self {
        let config = self.read("newsprint.yaml") + lines + "\n";
        self.file("newsprint.yaml", config)
    }

    /// Copies the sources into a new folder: configuration, content, templates and static files,
    /// but neither build cache nor output.
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

    /// Runs the binary with these arguments in the digest's folder.
    pub(crate) fn run(&self, arguments: &[&str]) -> Outcome {
        let Output { status, stdout, stderr } =
            Command::new(newsprint()).args(arguments).current_dir(self.folder.path()).output().unwrap();
        Outcome {
            success: status.success(),
            code: status.code().unwrap_or(-1),
            stdout: String::from_utf8(stdout).unwrap(),
            stderr: String::from_utf8(stderr).unwrap(),
        }
    }

    /// Runs `build` and asserts that it succeeds.
    pub(crate) fn build(&self) -> Outcome {
        let outcome = self.run(&["build"]);
        assert!(outcome.success, "{}", outcome.stderr);
        outcome
    }

    /// Runs `build`, asserts exit code 1 and returns standard error.
    pub(crate) fn build_fails(&self) -> String {
        let outcome = self.run(&["build"]);
        assert_eq!(outcome.code, 1, "{}", outcome.stderr);
        outcome.stderr
    }

    /// Runs `build --json` and returns its report.
    pub(crate) fn report(&self) -> serde_json::Value {
        let outcome = self.run(&["build", "--json", "--quiet"]);
        serde_json::from_str(&outcome.stdout).unwrap()
    }

    /// The text of a file of the digest.
    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.path(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
    }

    pub(crate) fn exists(&self, path: &str) -> bool {
        self.path(path).exists()
    }

    /// The text of a file of the site, by its path below `public/`.
    pub(crate) fn page(&self, path: &str) -> String {
        self.read(&format!("public/{path}"))
    }

    /// The content of a page's `<main>` element: the page without the layout around it.
    pub(crate) fn main(&self, path: &str) -> String {
        let page = self.page(path);
        let start = page.find("<main").and_then(|at| page[at..].find('>').map(|end| at + end + 1)).unwrap();
        page[start..page.find("</main>").unwrap()].to_owned()
    }

    /// The bytes of all files of the site, by path below `public/`.
    pub(crate) fn site(&self) -> BTreeMap<String, Vec<u8>> {
        tree(&self.path("public"))
    }

    /// The modification times of all files of the site, by path below `public/`.
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

/// The bytes of all files below a folder, by relative path with `/`.
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

/// The values of an attribute in a page, in order of occurrence.
pub(crate) fn attributes(page: &str, name: &str) -> Vec<String> {
    page.split(&format!(" {name}=\""))
        .skip(1)
        .map(|rest| rest.split('"').next().unwrap().to_owned())
        .collect()
}

/// True for the notice in place of a feed that ended, as Atom or JSON Feed.
pub(crate) fn is_notice(bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    text.contains("#ended</id>") || text.contains("#ended\"")
}
