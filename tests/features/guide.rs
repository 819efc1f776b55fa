//! The user guide in `docs/`, which newsprint builds: the site passes `check`, and every command in
//! the guide and the READMEs runs as written.
//!
//! Commands of newsprint, git and the shell are executed, block after block, in a digest that fits
//! the chapter. Commands of other programs that may be missing, or that take minutes (`OTHERS`),
//! are replaced by stubs that check that the files named in them exist.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use serde_yaml::Value;

use crate::driver::{Digest, tree};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const CHAPTERS: &str = "docs/content/articles";

/// Programs that are not run, with the shell script of their stub.
const OTHERS: [(&str, &str); 7] = [
    // `./test` runs `cargo install --path .` with the release build. Here the program under test is
    // used instead.
    (
        "cargo",
        "case $1 in install) ;; build) ;; run) shift; while [ \"$1\" != -- ]; do shift; done; shift; exec newsprint -r \"$SOURCE\" \"$@\" -o \"$PWD/example\";; \
         test) ;; *) echo \"cargo $1?\" >&2; exit 1;; esac",
    ),
    (
        "python3",
        "case $1 in *records.py|*annotate.py) printf '标题: 甲\n总结: 文。\n';; esac; test -f \"$SOURCE/$1\" || { echo \"there is no $1\" >&2; exit 1; }",
    ),
    ("node", "test -f \"$SOURCE/$1\" || { echo \"there is no $1\" >&2; exit 1; }"),
    ("npx", ":"),
    ("npm", ":"),
    ("aws", "case \"$*\" in *public/*) test -f public/index.html;; esac"),
    ("xdg-open", "echo \"$1\" > opened"),
];

/// Writes the files that the commands of a chapter need, and returns the folder below the digest in
/// which they start.
fn prepare(chapter: &str, digest: &Digest) -> &'static str {
    let sample = "标题: 某公司开源语音模型\n链接: https://example.com/news/1\n总结: 某公司公开了语音模型。\n关键词: 开源, GPT4\n";
    match chapter {
        "README.md" | "README.zh-CN.md" | "tour" => {
            digest.write("test", "#!/bin/sh\n:\n");
            assert!(Command::new("chmod").arg("755").arg(digest.path("test")).status().unwrap().success());
            // The file that the chapter asks the reader to save.
            for folder in ["", "my-digest/"] {
                digest.write(&format!("{folder}records.txt"), sample);
            }
            return "";
        }
        "migrating" => {
            digest.write(
                "hugo-site/content/posts/a.md",
                "+++\ntitle = '甲'\ndate = 2024-01-02\nurl = '/2024/a/'\ntags = ['AI']\nsummary = '摘要'\n[params]\nmood = '好'\n+++\n正文{{< figure >}}。\n",
            );
            digest.write(
                "zola-site/content/blog/b.md",
                "+++\ntitle = '乙'\ndate = 2024-01-03\npath = 'old/b'\ndescription = '摘要'\n[taxonomies]\ntags = ['AI']\n[extra]\nmood = '好'\n+++\n正文。\n",
            );
            digest.write(
                "hexo-site/source/_posts/c.md",
                "title: 丙\ndate: 2024-01-04 08:00:00\nupdated: 2024-01-05 08:00:00\npermalink: old/c/\ntags: [AI]\nexcerpt: 摘要\nabbrlink: 3f2a\nmood: 好\n---\n正文。\n",
            );
            digest.write("pelican-site/content/h.md", "Title: 辛\nDate: 2024-01-06\n\n辛的正文。\n");
            for (file, title) in [
                ("jekyll-site/_posts/2024-01-06-d.md", "丁"),
                ("eleventy-site/posts/e.md", "戊"),
                ("astro-site/src/content/blog/f.md", "己"),
                ("vitepress-site/docs/posts/g.md", "庚"),
            ] {
                digest.write(file, format!("---\ntitle: {title}\ndate: 2024-01-06\n---\n{title}的正文。\n"));
            }
            return "";
        }
        "import" => {
            digest.write("d/records/2026-11-23.txt", sample);
            digest.write(
                "d/today.jsonl",
                "{\"title\": \"乙\", \"url\": \"https://example.com/2\", \"content\": \"文。\"}\n",
            );
            digest.write("d/answer.txt", format!("好的，以下是提取结果：\n\n{sample}"));
            digest.write("d/records.txt", sample);
            digest.write("old/content/post/a.md", "---\ntitle: 甲\ndate: 2024-01-02\n---\n正文。\n");
        }
        // No source is asked: the guide's tests do not need a network.
        "fetch" => {
            digest.write(
                "d/sources.yaml",
                "sources:\n- {name: 某报, url: https://example.org/feed.xml, enabled: false}\n",
            );
            digest.write(
                "d/records/2026-11-29-083000.jsonl",
                "{\"id\": \"1\", \"title\": \"乙\", \"link\": \"https://example.org/1\", \"summary\": \"文。\"}\n",
            );
        }
        "languages" => {
            digest.write(
                "d/content/articles/a.en.md",
                "---\ntitle: First\ndate: 2024-01-02\nkeywords: [open source]\n---\n\nText.\n",
            );
            digest.write("d/content/terms.yaml", "keywords:\n- name: 开源\n  names: {en: Open source}\n");
        }
        "publishing" | "daily" => {
            let git = |arguments: &[&str]| {
                let run = Command::new("git").args(arguments).current_dir(digest.path("")).output().unwrap();
                assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
            };
            git(&["init", "--quiet", "--bare", "remote.git"]);
            git(&["init", "--quiet", "d"]);
            git(&["-C", "d", "remote", "add", "origin", "../remote.git"]);
            digest.write("d/records/2026-11-23.txt", sample);
        }
        _ => {}
    }
    let mut settings = "title: 日报\nbase_url: https://user.github.io/news/\n".to_owned();
    if chapter == "announce" {
        settings += "announce: {team: {to: feishu}, engines: {to: indexnow, key: 0123456789abcdef}}\n";
        digest.write("d/static/0123456789abcdef.txt", "0123456789abcdef\n");
    }
    match chapter {
        "daily" => settings += "announce: {team: {to: feishu}}\n",
        "languages" => settings += "languages: [zh-CN, {en: {title: The Daily}}]\n",
        "taxonomy" => settings += "taxonomies: [{name: companies, title: 公司, also: [公司]}]\n",
        _ => {}
    }
    digest.write("d/newsprint.yaml", settings);
    digest.write(
        "d/content/articles/a.md",
        "---\ntitle: 甲\ndate: 2024-01-02\nkeywords: [GPT4, GPT-4, gpt 4]\n---\n\n文。\n",
    );
    "d"
}

/// The code blocks of a chapter that are marked `sh`.
fn shell_blocks(text: &str) -> Vec<String> {
    let mut blocks = Vec::new();
    let mut open: Option<(bool, String)> = None;
    for line in text.lines() {
        match (&mut open, line.strip_prefix("```")) {
            (None, Some(language)) => open = Some((language == "sh", String::new())),
            (Some(_), Some(_)) => {
                blocks.extend(open.take().filter(|(is_shell, _)| *is_shell).map(|(_, block)| block));
            }
            (Some((_, block)), None) => block.push_str(&format!("{line}\n")),
            (None, None) => {}
        }
    }
    blocks
}

/// Runs all commands of a text in order in one shell, as a reader would type them, and returns the
/// number of code blocks.
fn run_commands(chapter: &str, text: &str) -> usize {
    let blocks = shell_blocks(text);
    if blocks.is_empty() {
        return 0;
    }
    let digest = Digest::bare();
    let start = prepare(chapter, &digest);
    // `serve` runs until it is interrupted: the stub interrupts it once it has printed its URL.
    let serve = "out=$(mktemp); program \"$@\" >\"$out\" 2>&1 & pid=$!; \
                 for n in $(seq 600); do grep -q http: \"$out\" && break; kill -0 $pid || break; sleep 0.1; done; \
                 grep -q http: \"$out\"; found=$?; kill -INT $pid; wait $pid || exit 1; cat \"$out\"; exit $found";
    let newsprint = format!(
        "program() {{ exec '{}' \"$@\"; }}\ncase \" $* \" in *' serve '*) {serve};; \
         *' sources add '*) program \"$1\" \"$2\" --help >/dev/null;; esac\nprogram \"$@\"",
        crate::driver::newsprint()
    );
    for (name, script) in [("newsprint", newsprint.as_str())].into_iter().chain(OTHERS) {
        digest.write(&format!("bin/{name}"), format!("#!/bin/bash\n{script}\n"));
    }
    // A push to GitHub goes to a bare repository in the temporary home folder.
    let script = format!(
        "set -eu\nchmod 755 bin/*\nexport PATH=\"$PWD/bin:$PATH\" HOME=\"$PWD/home\"\nmkdir -p \"$HOME\"\n\
         git config --global user.name editor; git config --global user.email editor@example.org\n\
         git config --global \"url.file://$HOME/.insteadOf\" https://github.com/you/\n\
         git init --quiet --bare --initial-branch main \"$HOME/my-digest.git\"\n\
         trap 'echo \"failed command: $BASH_COMMAND\" >&2' ERR\ncd \"./{start}\"\n{}",
        blocks.concat()
    );
    let ran = Command::new("bash")
        .args(["-c", &script])
        .current_dir(digest.path(""))
        .env("SOURCE", ROOT)
        .stdin(std::process::Stdio::null())
        .output()
        .unwrap();
    let said = [&ran.stdout, &ran.stderr].map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat();
    assert!(ran.status.success(), "{chapter}\n{script}\n{said}");
    for command in blocks.iter().flat_map(|block| block.lines()).filter(|line| !line.trim().is_empty()) {
        let program = command.split_whitespace().find(|word| !word.contains('=')).unwrap();
        let known = ["newsprint", "cd", "git", "mkdir", "./test"].contains(&program)
            || OTHERS.iter().any(|(name, _)| *name == program);
        assert!(known, "{chapter} has a command without a stub: {command}");
    }
    let site = |path: &str| digest.path(path).join("public/index.html").is_file();
    match chapter {
        "tour" => {
            assert!(site("my-digest") && digest.exists("home/my-digest.git/refs/heads/main"));
        }
        "migrating" => assert_migrated(&digest),
        "publishing" | "daily" => assert!(digest.exists("remote.git/refs/heads/gh-pages")),
        "languages" => assert!(digest.exists("d/public/en/articles/a/index.html")),
        _ => {}
    }
    blocks.len()
}

/// Asserts that the migrated posts have the fields that the table of the chapter `migrating`
/// promises.
fn assert_migrated(digest: &Digest) {
    let articles: BTreeMap<String, String> = tree(&digest.path("my-digest/content/articles"))
        .into_iter()
        .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
        .collect();
    let article = |title: &str| {
        let found = articles.values().find(|text| text.contains(&format!("title: {title}\n")));
        found.unwrap_or_else(|| panic!("{title} is not in {articles:#?}")).clone()
    };
    for (title, parts) in [
        ("甲", ["2024-01-02", "AI", "summary: 摘要", "mood: 好", "{{< figure >}}"]),
        ("乙", ["2024-01-03", "AI", "summary: 摘要", "mood: 好", "正文"]),
        ("丙", ["2024-01-04", "AI", "summary: 摘要", "mood: 好", "updated: 2024-01-05"]),
    ] {
        let text = article(title);
        for part in parts {
            assert!(text.contains(part), "{part} in {text}");
        }
    }
    let built = digest.run(&["build", "-r", "my-digest"]);
    assert!(built.success, "{}", built.stderr);
    for address in ["2024/a", "old/b", "old/c", "posts/e", "blog/f"] {
        assert!(
            digest.exists(&format!("my-digest/public/{address}/index.html")),
            "/{address}/ does not redirect"
        );
    }
}

/// The English chapters by name.
fn chapters() -> BTreeMap<String, String> {
    tree(&Path::new(ROOT).join(CHAPTERS))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".md") && !name.ends_with(".zh-CN.md"))
        .map(|(name, bytes)| (name.trim_end_matches(".md").to_owned(), String::from_utf8(bytes).unwrap()))
        .collect()
}

/// The Chinese chapters by name: `tour` for `tour.zh-CN.md`.
fn chinese_chapters() -> BTreeMap<String, String> {
    tree(&Path::new(ROOT).join(CHAPTERS))
        .into_iter()
        .filter(|(name, _)| name.ends_with(".zh-CN.md"))
        .map(|(name, bytes)| {
            (name.trim_end_matches(".zh-CN.md").to_owned(), String::from_utf8(bytes).unwrap())
        })
        .collect()
}

/// The front matter of a chapter.
fn front_matter(text: &str) -> Value {
    serde_yaml::from_str(text.split("---\n").nth(1).unwrap()).unwrap()
}

/// What a chapter and its translation have in common: the lines of code blocks, the level of each
/// heading, and the number of `|` in each row of a table.
fn outline(text: &str) -> Vec<String> {
    let mut in_code = false;
    let mut lines = Vec::new();
    for line in text.lines() {
        let is_fence = line.trim_start().starts_with("```");
        if is_fence {
            in_code = !in_code;
        }
        if is_fence || in_code {
            lines.push(line.to_owned());
        } else if line.starts_with('#') {
            lines.push(line.chars().take_while(|sign| *sign == '#').collect());
        } else if line.starts_with('|') {
            lines.push(format!("row with {} |", line.matches('|').count()));
        }
    }
    lines
}

/// Slug, title and line of each chapter in the contents of a language, in order.
fn contents(extra: &Value) -> Vec<[String; 3]> {
    let mut chapters = Vec::new();
    for part in extra["parts"].as_sequence().unwrap() {
        for chapter in part["chapters"].as_sequence().unwrap() {
            chapters.push(["slug", "title", "line"].map(|key| chapter[key].as_str().unwrap().to_owned()));
        }
    }
    chapters
}

#[test]
fn every_command_of_the_guide_works() {
    let ran: usize = chapters().iter().map(|(chapter, text)| run_commands(chapter, text)).sum();
    assert!(ran > 20, "{ran}");
}

#[test]
fn every_command_of_the_readmes_works() {
    for name in ["README.md", "README.zh-CN.md"] {
        assert!(run_commands(name, &fs::read_to_string(format!("{ROOT}/{name}")).unwrap()) > 2);
    }
}

/// A copy of the digest in `docs/`.
fn guide() -> Digest {
    let digest = Digest::bare();
    for folder in ["content", "templates", "static"] {
        for (name, bytes) in tree(&Path::new(ROOT).join("docs").join(folder)) {
            digest.write(&format!("{folder}/{name}"), bytes);
        }
    }
    digest.file("newsprint.yaml", fs::read(format!("{ROOT}/docs/newsprint.yaml")).unwrap())
}

#[test]
fn the_guide_passes_check_and_build_in_strict_mode() {
    let digest = guide();
    let check = digest.run(&["check", "--strict"]);
    assert!(check.success, "{}{}", check.stdout, check.stderr);
    let built = digest.run(&["build", "--strict", "--verify"]);
    assert!(built.success, "{}", built.stderr);
    let page = digest.main("articles/writing/index.html");
    assert!(
        page.contains("href=\"#h-dates\"") && page.contains("id=\"h-dates\""),
        "the link to a heading or its id is missing"
    );
    assert!(
        page.contains("href=\"/newsprint/guide/articles/security/#h-html-links-and-images-in-articles\"")
    );
    let chinese = digest.page("zh-cn/articles/writing/index.html");
    for part in [
        "<html lang=\"zh-CN\">",
        "<h1>文章文件</h1>",
        "href=\"/newsprint/guide/articles/writing/\" lang=\"en\"",
        "href=\"/newsprint/guide/zh-cn/articles/commands/\"",
        "src=\"/newsprint/guide/guide.js\"",
    ] {
        assert!(chinese.contains(part), "{part} in {chinese}");
    }
    assert!(digest.page("zh-cn/index.html").contains("<h1>用户手册</h1>"));
}

#[test]
fn every_chapter_is_listed_in_the_contents_with_its_title() {
    let config: Value =
        serde_yaml::from_str(&fs::read_to_string(format!("{ROOT}/docs/newsprint.yaml")).unwrap()).unwrap();
    let (english, chinese) =
        (contents(&config["extra"]), contents(&config["languages"][1]["zh-CN"]["extra"]));
    for (listed, chapters) in [(&english, chapters()), (&chinese, chinese_chapters())] {
        let mut listed = listed.clone();
        listed.sort();
        let mut written = Vec::new();
        for (name, text) in chapters {
            let fields = front_matter(&text);
            let field = |key: &str| fields[key].as_str().unwrap().to_owned();
            written.push([name, field("title"), field("event")]);
        }
        assert_eq!(listed, written);
    }
    let slugs = |chapters: &[[String; 3]]| -> Vec<String> {
        chapters.iter().map(|chapter| chapter[0].clone()).collect()
    };
    assert_eq!(slugs(&english), slugs(&chinese), "the order of the chapters");
}

#[test]
fn every_chapter_is_in_english_and_chinese_with_the_same_code_headings_and_rows() {
    let (english, chinese) = (chapters(), chinese_chapters());
    let names = |chapters: &BTreeMap<String, String>| -> Vec<String> { chapters.keys().cloned().collect() };
    assert_eq!(names(&english), names(&chinese));
    for (name, text) in &english {
        let translation = &chinese[name];
        assert_eq!(outline(text), outline(translation), "{name}");
        assert_eq!(front_matter(text)["keywords"], front_matter(translation)["keywords"], "{name}");
    }
}

#[test]
fn chinese_chapters_link_to_chinese_chapters() {
    let chinese = chinese_chapters();
    for (name, text) in &chinese {
        for target in chinese.keys() {
            assert!(!text.contains(&format!("]({target}.md")), "{name} links to {target}.md");
        }
    }
}

#[test]
fn the_guide_documents_every_input_of_the_action() {
    let action: Value =
        serde_yaml::from_str(&fs::read_to_string(format!("{ROOT}/action.yml")).unwrap()).unwrap();
    let text = &chapters()["publishing"];
    let table = text.split("| input |").nth(1).unwrap().split("\n\n").next().unwrap();
    let named: Vec<&str> = table.lines().skip(2).map(|row| row.split('`').nth(1).unwrap()).collect();
    let inputs = action["inputs"].as_mapping().unwrap();
    assert_eq!(named, inputs.keys().map(|key| key.as_str().unwrap()).collect::<Vec<_>>());
}

/// SECURITY.md names the test that holds each guarantee: a test that is renamed is renamed there
/// too.
#[test]
fn every_test_that_security_md_names_exists() {
    let read = |folder: &str| {
        let files = tree(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder));
        files.into_values().map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).collect::<String>()
    };
    let sources = read("src") + &read("tests/features");
    let security = include_str!("../../SECURITY.md");
    let named: Vec<&str> = security.split('`').skip(1).step_by(2).filter(|name| name.contains('_')).collect();
    assert!(named.len() > 20, "{named:?}");
    for name in named {
        let function = name.rsplit("::").next().unwrap_or(name);
        assert!(sources.contains(&format!("fn {function}(")), "SECURITY.md names {name}");
    }
}
