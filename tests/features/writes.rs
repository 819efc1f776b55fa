//! No command writes through a symbolic link. The names that a command writes are taken from a
//! trace of its system calls. Then a link is planted at each name, and its target must stay
//! unchanged.
#![cfg(target_os = "linux")]

use std::collections::BTreeSet;
use std::os::unix::fs::symlink;
use std::path::Path;
use std::process::Command;

use crate::driver::{Digest, tree};
use crate::trace::trace;

/// The content of a link target.
const VICTIM: &str = "the victim's own words";

/// A command, and a function that creates the digest to run it in.
struct Case {
    name: &'static str,
    arguments: &'static [&'static str],
    prepare: fn() -> Digest,
}

fn digest() -> Digest {
    Digest::with_articles(3)
        .article("ended", "title: 外链\nlink: http://127.0.0.1:9/x\nkeywords: [共同, 别名]\n", "正文")
        .file("records.txt", "标题: 一\n链接: https://example.org/1\n总结: 文。\n关键词: 开源\n")
}

/// A built digest with an edited article.
fn built() -> Digest {
    let digest = digest();
    digest.build();
    digest.write("content/articles/0001.md", "---\ntitle: 改\ndate: 2024-01-02\n---\n\n新正文\n");
    digest
}

/// A digest with an imported record that has changed since.
fn imported() -> Digest {
    let digest = digest();
    assert!(digest.run(&["import", "records.txt", "--date", "2024-02-03"]).success);
    digest.write("records.txt", "标题: 一\n链接: https://example.org/1\n总结: 新文。\n关键词: 开源\n");
    digest
}

/// A digest beside an old site of Hugo with pictures.
fn with_old_site() -> Digest {
    let post = "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![一](a/p.png) ![二](/q.gif)\n";
    digest()
        .file("old/hugo.toml", "")
        .file("old/content/posts/x/index.md", post)
        .file("old/content/posts/x/a/p.png", "GIF89a\x05\0\x04\0\0\0\0")
        .file("old/static/q.gif", "GIF89a\x05\0\x04\0\0\0\0")
}

/// A digest with a source on this machine.
fn with_sources() -> Digest {
    use crate::fetch::server::{Response, Server, item, rss};
    let server = Server::start(|_| Response::ok(rss(&item("1", "https://news.example/1", "甲", 1))));
    let sources = format!("sources:\n  - name: 某报\n    url: {}/feed\n", server.address);
    let opml = "<opml><body><outline text='乙' xmlUrl='https://news.example/feed'/></body></opml>";
    digest().file("sources.yaml", sources).file("feeds.opml", opml)
}

/// A digest with a record that shows a picture of a server on this machine.
fn with_remote_picture() -> Digest {
    use crate::fetch::server::{Response, Server};
    let server = Server::start(|_| Response::ok("GIF89a\x05\0\x04\0\0\0\0"));
    let text = format!("![一]({}/a.gif)", server.address);
    let record = serde_json::json!({ "title": "甲", "date": "2024-01-02", "content_markdown": text });
    digest().file("records.json", record.to_string())
}

/// A digest whose feeds name a hub, which the first run does not ask. No article has a date, so the
/// live site is not asked either.
fn with_hub() -> Digest {
    let digest = Digest::new().article("a", "title: 甲\n", "文");
    digest.configured("announce: {hub: {to: websub, hub: 'http://127.0.0.1:9/'}}")
}

fn with_registry() -> Digest {
    digest().file("content/terms.yaml", "keywords:\n  - name: 别名\n    description: 说明\n")
}

/// A digest that was published to a bare repository outside of it, and edited.
fn published() -> Digest {
    let digest = digest();
    let remote = Path::new(env!("CARGO_TARGET_TMPDIR")).join("writes.git");
    let git = |arguments: &[&str]| {
        assert!(Command::new("git").args(arguments).current_dir(digest.path("")).status().unwrap().success());
    };
    git(&["init", "--quiet", "--bare", remote.to_str().unwrap()]);
    git(&["init", "--quiet", "."]);
    git(&["remote", "add", "origin", remote.to_str().unwrap()]);
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://news.site.cn/\n");
    let outcome = digest.run(&["deploy"]);
    assert!(outcome.success, "{}", outcome.stderr);
    digest.write("content/articles/0001.md", "---\ntitle: 改\ndate: 2024-01-02\n---\n\n新正文\n");
    digest
}

const CASES: [Case; 22] = [
    Case { name: "init", arguments: &["init", "new"], prepare: Digest::bare },
    Case { name: "new", arguments: &["new", "某公司"], prepare: digest },
    Case { name: "import", arguments: &["import", "records.txt", "--date", "2024-02-03"], prepare: digest },
    Case { name: "import again", arguments: &["import", "records.txt"], prepare: imported },
    Case {
        name: "import of posts",
        arguments: &["import", "--from", "hugo", "old/content"],
        prepare: with_old_site,
    },
    Case {
        name: "import --images",
        arguments: &["import", "records.json", "--images", "--allow-private"],
        prepare: with_remote_picture,
    },
    Case { name: "fetch", arguments: &["fetch", "--allow-private"], prepare: with_sources },
    Case {
        name: "fetch --to",
        arguments: &["fetch", "--allow-private", "--to", "today.jsonl"],
        prepare: with_sources,
    },
    Case { name: "sources import", arguments: &["sources", "import", "feeds.opml"], prepare: with_sources },
    Case { name: "build", arguments: &["build"], prepare: digest },
    Case { name: "build again", arguments: &["build"], prepare: built },
    Case { name: "build --verify", arguments: &["build", "--verify"], prepare: digest },
    Case { name: "check", arguments: &["check"], prepare: built },
    Case { name: "check --external", arguments: &["check", "--external", "--private"], prepare: digest },
    Case {
        name: "terms merge",
        arguments: &["terms", "merge", "keywords", "共同", "--into", "别名"],
        prepare: with_registry,
    },
    Case { name: "deploy", arguments: &["deploy", "--dry-run"], prepare: published },
    Case { name: "announce", arguments: &["announce"], prepare: with_hub },
    Case { name: "serve", arguments: &["serve", "--port", "0"], prepare: digest },
    Case { name: "edition", arguments: &["edition", "--as", "text", "-o", "edition.txt"], prepare: digest },
    Case {
        name: "theme eject",
        arguments: &["theme", "eject", "base.html", "newsprint.css"],
        prepare: digest,
    },
    Case { name: "man", arguments: &["man", "-o", "manual"], prepare: Digest::bare },
    Case { name: "completions", arguments: &["completions", "bash"], prepare: Digest::bare },
];

impl Case {
    /// The program and its arguments. `timeout` ends a preview with SIGINT after 2 s.
    fn command(&self) -> (&'static str, Vec<&'static str>) {
        let program = crate::driver::newsprint();
        match self.name {
            "serve" => ("timeout", [&["--signal", "INT", "2", program], self.arguments].concat()),
            _ => (program, self.arguments.to_vec()),
        }
    }
}

/// The writes below a folder in a trace.
#[derive(Default)]
struct Writes {
    /// Paths that were opened for writing or were targets of a rename, relative to the folder.
    names: BTreeSet<String>,
    /// Calls that open a file for writing without `O_EXCL` or `O_NOFOLLOW`.
    unguarded: Vec<String>,
}

impl Writes {
    fn from_trace(calls: &str, root: &Path) -> Self {
        let mut writes = Self::default();
        for call in calls.lines() {
            let Some((name, rest)) =
                call.split_once(' ').and_then(|(_, call)| call.trim_start().split_once('('))
            else {
                continue;
            };
            let texts: Vec<&str> = rest.split('"').skip(1).step_by(2).collect();
            let is_open = matches!(name, "open" | "openat" | "openat2" | "creat");
            let target = match name {
                _ if is_open && (rest.contains("O_WRONLY") || rest.contains("O_RDWR") || name == "creat") => {
                    texts.first()
                }
                "rename" | "renameat" | "renameat2" | "link" | "linkat" => texts.last(),
                _ => None,
            };
            let Some(path) = target.and_then(|path| inside(path, root)) else { continue };
            // Files in the deploy repository that git writes, not newsprint.
            let own = ["HEAD", "config", "info/attributes", "refs/newsprint/deployed"];
            if path
                .split_once("deploy.git/")
                .is_some_and(|(_, rest)| !own.contains(&rest) && !rest.contains(".newsprint-"))
            {
                continue;
            }
            let guarded = rest.contains("O_EXCL") || rest.contains("O_NOFOLLOW");
            if is_open && !guarded {
                writes.unguarded.push(call.to_owned());
            }
            writes.names.insert(path);
        }
        writes
    }

    /// The names that an attacker can predict: all except the random names of temporary files.
    fn predictable(&self) -> impl Iterator<Item = &String> {
        self.names.iter().filter(|name| {
            let last = name.rsplit('/').next().unwrap_or(name);
            !(last.starts_with(".newsprint-") && last.ends_with(".tmp") && last.len() < 30)
        })
    }
}

/// A path in a trace relative to the folder, or `None` if it is outside.
fn inside(path: &str, root: &Path) -> Option<String> {
    // strace prints bytes that are not ASCII as octal escapes.
    let path = String::from_utf8(unescaped(path)).ok()?;
    let relative = if path.starts_with('/') {
        path.strip_prefix(root.to_str()?)?.trim_start_matches('/')
    } else {
        path.trim_start_matches("./")
    };
    (!relative.is_empty() && !relative.starts_with("../")).then(|| relative.to_owned())
}

/// Resolves the octal escapes of strace.
fn unescaped(text: &str) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text.as_bytes();
    while let Some((&first, behind)) = rest.split_first() {
        let octal = behind.iter().take(3).take_while(|byte| (b'0'..b'8').contains(*byte)).count();
        if first == b'\\' && octal > 0 {
            let digits = std::str::from_utf8(&behind[..octal]).unwrap();
            bytes.push(u8::from_str_radix(digits, 8).unwrap());
            rest = &behind[octal..];
        } else {
            bytes.push(first);
            rest = behind;
        }
    }
    bytes
}

/// Plants links at `names`, runs the command, and describes every link whose target was changed.
fn followed_links(case: &Case, names: &[&String]) -> Vec<String> {
    let digest = (case.prepare)();
    let outside = Digest::bare();
    let mut planted = Vec::new();
    for (n, name) in names.iter().enumerate() {
        let path = digest.path(name);
        // A source file of the digest is not replaced by a link.
        if path.symlink_metadata().is_ok_and(|found| {
            found.is_file() && !name.starts_with("public/") && !name.starts_with(".newsprint/")
        }) {
            continue;
        }
        let _ = std::fs::remove_file(&path);
        if std::fs::create_dir_all(path.parent().unwrap()).is_err() {
            continue;
        }
        outside.write(&n.to_string(), VICTIM);
        if symlink(outside.path(&n.to_string()), &path).is_ok() {
            planted.push((n, name));
        }
    }
    let (program, arguments) = case.command();
    let outcome = Command::new(program).args(arguments).current_dir(digest.path("")).output().unwrap();
    let is_changed = |(n, _): &&(usize, &&String)| {
        std::fs::read(outside.path(&n.to_string())).unwrap() != VICTIM.as_bytes()
    };
    planted
        .iter()
        .filter(is_changed)
        .map(|(_, name)| {
            format!(
                "{}: a link at {name} was followed\n{}",
                case.name,
                String::from_utf8_lossy(&outcome.stderr)
            )
        })
        .collect()
}

#[test]
fn no_command_writes_through_a_link_at_any_name_that_it_writes() {
    let mut wrong = Vec::new();
    let mut traced = BTreeSet::new();
    for case in &CASES {
        let digest = (case.prepare)();
        let root = digest.path("").canonicalize().unwrap();
        let (program, arguments) = case.command();
        let Some(calls) = trace(&root, program, &arguments) else { return };
        let writes = Writes::from_trace(&calls, &root);
        wrong.extend(writes.unguarded.iter().map(|call| format!("{}: {call}", case.name)));
        let (site, own): (Vec<&String>, Vec<&String>) = writes.predictable().partition(|name| {
            ["public", "verify/", "preview", "deploy.git/"].iter().any(|part| name.contains(part))
        });
        // A link at the name of a lock or a cache may make the command fail: one link at a time.
        // Those of a deployment are those of a build.
        for name in own.iter().filter(|_| case.name != "deploy") {
            wrong.extend(followed_links(case, &[name]));
        }
        wrong.extend(followed_links(case, &site));
        traced.extend(writes.names);
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // The trace contains the expected writes.
    for name in [
        ".newsprint/sources",
        ".newsprint/articles",
        ".newsprint/relations",
        ".newsprint/links.json",
        ".newsprint/fetch/state.json",
        "sources.yaml",
        "today.jsonl",
        ".newsprint/deploy.git/config",
    ] {
        assert!(traced.contains(name), "{name} is not among {traced:#?}");
    }
    assert!(traced.iter().any(|name| name.starts_with(".newsprint/manifest-")), "{traced:#?}");
    assert!(traced.iter().any(|name| name.starts_with("content/articles/")), "{traced:#?}");
}

#[test]
fn nothing_is_created_below_a_folder_that_links_out_of_the_digest() {
    for (link, arguments) in [
        ("content", &["new", "某公司"][..]),
        ("content", &["import", "records.txt", "--date", "2024-02-03"]),
        (
            "content/articles",
            &["import", "records.txt", "--date", "2024-02-03", "--into", "content/articles/2026"],
        ),
        ("content", &["terms", "merge", "keywords", "甲", "--into", "乙"]),
        ("content", &["init", "."]),
        (".github", &["init", "."]),
    ] {
        let outside = Digest::bare();
        let digest = Digest::new().file("records.txt", "标题: 一\n链接: https://example.org/1\n总结: 文。\n");
        std::fs::create_dir_all(digest.path(link).parent().unwrap()).unwrap();
        symlink(outside.path(""), digest.path(link)).unwrap();
        let outcome = digest.run(arguments);
        assert!(!outcome.success, "{link} {arguments:?}");
        assert!(
            outcome.stderr.contains("leads out of the digest's folder"),
            "{arguments:?}: {}",
            outcome.stderr
        );
        assert_eq!(tree(&outside.path("")).len(), 0, "{link} {arguments:?}");
    }
}

#[test]
fn a_lock_with_a_second_name_is_not_written() {
    let outside = Digest::bare().file("theirs", VICTIM);
    let digest = digest();
    std::fs::create_dir_all(digest.path(".newsprint")).unwrap();
    std::fs::hard_link(outside.path("theirs"), digest.path(".newsprint/lock")).unwrap();
    let outcome = digest.run(&["build"]);
    assert!(!outcome.success && outcome.stderr.contains("hard link"), "{}", outcome.stderr);
    assert_eq!(outside.read("theirs"), VICTIM);
}
