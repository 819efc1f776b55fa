//! Releases and their installation: the archive, the action, the workflow that `init` writes,
//! completions and manual pages.

use std::collections::BTreeMap;
use std::path::Path;
use std::process::{Command, Output};

use serde_yaml::Value;

use crate::driver::{Digest, tree};

const ROOT: &str = env!("CARGO_MANIFEST_DIR");
const VERSION: &str = env!("CARGO_PKG_VERSION");

/// Runs a script with the shell options of GitHub's runners, and `bin/` of the digest first on
/// `PATH`.
fn bash(digest: &Digest, script: &str, env: &[(&str, &str)]) -> Output {
    let path = format!("{}:{}", digest.path("bin").display(), std::env::var("PATH").unwrap());
    Command::new("bash")
        .args(["--noprofile", "--norc", "-eo", "pipefail", "-c", script])
        .current_dir(digest.path(""))
        .envs(env.iter().copied())
        .env("PATH", path)
        .output()
        .unwrap()
}

/// Standard output followed by standard error.
fn text(output: &Output) -> String {
    let streams = [&output.stdout, &output.stderr];
    streams.map(|bytes| String::from_utf8_lossy(bytes).into_owned()).concat()
}

/// Writes an executable shell script.
fn write_program(digest: &Digest, path: &str, script: &str) {
    digest.write(path, format!("#!/bin/sh\n{script}\n"));
    assert!(Command::new("chmod").arg("755").arg(digest.path(path)).status().unwrap().success());
}

/// Writes a release of the program under test to `released/`, by tag, and a stub of `gh` that
/// downloads from that folder.
fn write_release(digest: &Digest) {
    write_program(digest, "built/newsprint", &format!("exec '{}' \"$@\"", crate::driver::newsprint()));
    let packed = Command::new("bash")
        .arg(format!("{ROOT}/packaging/archive"))
        .args(["x86_64-unknown-linux-musl", "built/newsprint"])
        .arg(format!("released/v{VERSION}"))
        .current_dir(digest.path(""))
        .output()
        .unwrap();
    assert!(packed.status.success(), "{}", text(&packed));
    let sums = bash(digest, &format!("cd released/v{VERSION} && sha256sum newsprint-* > SHA256SUMS"), &[]);
    assert!(sums.status.success(), "{}", text(&sums));
    // gh release download TAG --repo R --pattern P [--pattern P] --dir D [--clobber]
    write_program(
        digest,
        "bin/gh",
        &format!(
            "from=$PWD; cd '{}' || exit 1\n[ \"$1 $2\" = 'release download' ] || exit 2\ntag=$3; shift 3; dir=; patterns=\n\
             while [ $# -gt 0 ]; do case $1 in --repo) repo=$2;; --pattern) patterns=\"$patterns $2\";; --dir) dir=$(cd \"$from\" && cd \"$2\" && pwd);; \
             esac; [ $1 = --clobber ] && shift || shift 2; done\n[ \"$repo\" = someone/newsprint ] && cd \"$tag\" 2>/dev/null || {{ echo 'release not found' >&2; exit 1; }}\n\
             for file in $patterns; do cp $file \"$dir\"; done",
            digest.path("released").display()
        ),
    );
    // A stub of cargo: a build from source fails with exit code 9.
    write_program(digest, "bin/cargo", "echo \"cargo $*\"; exit 9");
}

/// The script of the step with this name in a workflow or an action.
fn step_script(yaml: &Value, name: &str) -> String {
    let named = |step: &&Value| step["name"] == *name;
    let steps = yaml["runs"]["steps"].as_sequence().or_else(|| yaml["jobs"]["deploy"]["steps"].as_sequence());
    let step = steps.unwrap().iter().find(named).unwrap_or_else(|| panic!("no step is named `{name}`"));
    step["run"].as_str().unwrap().to_owned()
}

#[test]
fn an_archive_contains_the_program_manual_pages_and_completions() {
    let digest = Digest::bare();
    write_release(&digest);
    let archive = format!("released/v{VERSION}/newsprint-{VERSION}-x86_64-unknown-linux-musl.tar.gz");
    let unpacked =
        bash(&digest, &format!("mkdir u && tar -xzf {archive} -C u && u/newsprint --version"), &[]);
    assert_eq!(text(&unpacked), format!("newsprint {VERSION}\n"));
    let files = tree(&digest.path("u"));
    for name in [
        "LICENSE",
        "README.md",
        "CHANGELOG.md",
        "man/newsprint.1",
        "man/newsprint-build.1",
        "man/newsprint-terms-merge.1",
        "completions/_newsprint",
        "completions/newsprint.bash",
        "completions/newsprint.fish",
        "completions/newsprint.ps1",
        "completions/newsprint.elv",
    ] {
        assert!(files.get(name).is_some_and(|bytes| bytes.len() > 500), "{name} in {:?}", files.keys());
    }
}

#[test]
fn the_workflow_written_by_init_installs_a_release() {
    let digest = Digest::bare();
    write_release(&digest);
    assert!(digest.run(&["init", "d"]).success);
    let workflow: Value = serde_yaml::from_str(&digest.read("d/.github/workflows/pages.yml")).unwrap();
    let home = digest.path("home").display().to_string();
    let written = workflow["env"]["VERSION"].as_str().unwrap();
    assert_eq!(
        written, VERSION,
        "the workflow installs another version than that of the program that wrote it"
    );
    let files = ["path", "temp"].map(|name| digest.path(name).display().to_string());
    std::fs::create_dir_all(digest.path("temp")).unwrap();
    let install = |repository| {
        let env = [
            ("HOME", home.as_str()),
            ("VERSION", written),
            ("REPOSITORY", repository),
            ("GITHUB_PATH", &files[0]),
            ("RUNNER_TEMP", &files[1]),
        ];
        bash(&digest, &step_script(&workflow, "Install newsprint"), &env)
    };
    let nowhere = install("");
    assert!(!nowhere.status.success() && text(&nowhere).contains("REPOSITORY"), "{}", text(&nowhere));
    let from_source = text(&install("else/where"));
    assert!(
        from_source.contains("cargo install --locked --git https://github.com/else/where"),
        "{from_source}"
    );
    let sums = format!("released/v{VERSION}/SHA256SUMS");
    let right = digest.read(&sums);
    digest.write(&sums, right.replacen(|c: char| c.is_ascii_hexdigit(), "x", 1));
    assert!(!install("someone/newsprint").status.success(), "an archive with a wrong checksum was installed");
    digest.write(&sums, right);
    let from_release = install("someone/newsprint");
    assert!(from_release.status.success(), "{}", text(&from_release));
    let installed = bash(&digest, "$(tail -n 1 path)/newsprint --version", &[]);
    assert_eq!(text(&installed), format!("newsprint {VERSION}\n"));
    assert!(text(&install("someone/newsprint")).is_empty(), "an installed version was installed again");
}

/// Runs the steps of the action that have a script, in order, and returns the action's outputs, or
/// the output of the first step that fails. Steps that use other actions are skipped.
fn run_action(digest: &Digest, inputs: &[(&str, &str)]) -> Result<BTreeMap<String, String>, String> {
    let action: Value =
        serde_yaml::from_str(&std::fs::read_to_string(format!("{ROOT}/action.yml")).unwrap()).unwrap();
    let mut known = BTreeMap::from([
        ("github.action_ref".to_owned(), format!("v{VERSION}")),
        ("github.action_repository".to_owned(), "someone/newsprint".to_owned()),
        ("github.token".to_owned(), "secret".to_owned()),
    ]);
    for (name, input) in action["inputs"].as_mapping().unwrap() {
        let (name, default) = (name.as_str().unwrap(), input["default"].as_str().unwrap());
        let given = inputs.iter().find(|(given, _)| *given == name).map_or(default, |(_, value)| value);
        known.insert(format!("inputs.{name}"), given.to_owned());
    }
    let (output, path) = (digest.path("output"), digest.path("path"));
    digest.write("path", "");
    let files = [&output, &path].map(|file| file.display().to_string());
    let temp = digest.path("temp").display().to_string();
    for step in action["runs"]["steps"].as_sequence().unwrap() {
        let Some(script) = step["run"].as_str() else { continue };
        if let Some(condition) = step["if"].as_str() {
            let (left, right) = condition.split_once(" == ").unwrap();
            if known[left] != right.trim_matches('\'') {
                continue;
            }
        }
        digest.write("output", "");
        let mut env = vec![
            ("GITHUB_ACTION_PATH".to_owned(), ROOT.to_owned()),
            ("GITHUB_OUTPUT".to_owned(), files[0].clone()),
            ("GITHUB_PATH".to_owned(), files[1].clone()),
            ("RUNNER_TEMP".to_owned(), temp.clone()),
        ];
        for (name, value) in step["env"].as_mapping().into_iter().flatten() {
            let expression = value.as_str().unwrap().trim_start_matches("${{").trim_end_matches("}}").trim();
            let value = known.get(expression).unwrap_or_else(|| panic!("unknown expression `{expression}`"));
            env.push((name.as_str().unwrap().to_owned(), value.clone()));
        }
        assert!(!script.contains("${{"), "an expression in a script allows script injection: {script}");
        let added = std::fs::read_to_string(&path).unwrap_or_default();
        let script = format!("PATH={}:$PATH\n{script}", added.trim());
        let env: Vec<(&str, &str)> =
            env.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let ran = bash(digest, &script, &env);
        if !ran.status.success() {
            return Err(text(&ran));
        }
        if let Some(id) = step["id"].as_str() {
            for line in digest.read("output").lines() {
                let (name, value) = line.split_once('=').unwrap();
                known.insert(format!("steps.{id}.outputs.{name}"), value.to_owned());
            }
        }
    }
    Ok(action["outputs"]
        .as_mapping()
        .unwrap()
        .iter()
        .map(|(name, output)| {
            let expression =
                output["value"].as_str().unwrap().trim_start_matches("${{").trim_end_matches("}}").trim();
            (name.as_str().unwrap().to_owned(), known[expression].clone())
        })
        .collect())
}

fn digest_with_records() -> Digest {
    let digest = Digest::bare();
    write_release(&digest);
    digest.write("my digest/newsprint.yaml", "title: 日报\nbase_url: https://example.org/\n");
    digest.write(
        "my digest/records/2026-11-24.txt",
        "标题: 某公司发布新模型\n链接: https://example.com/1\n总结: 新模型今天发布，参数公开。\n关键词: 开源\n",
    );
    digest
}

#[test]
fn the_action_installs_a_release_imports_checks_and_builds() {
    let digest = digest_with_records();
    let outputs =
        run_action(&digest, &[("root", "my digest"), ("base-url", "https://user.github.io/news")]).unwrap();
    assert_eq!(Path::new(&outputs["site"]), digest.path("my digest/public").canonicalize().unwrap());
    assert!(digest.read("my digest/public/keywords/开源/index.html").contains("某公司发布新模型"));
    assert!(digest.read("my digest/public/feed.xml").contains("https://user.github.io/news/articles/"));
}

#[test]
fn the_action_fails_with_the_check_unless_findings_are_allowed() {
    let digest = digest_with_records();
    let broken = "---\ntitle: 坏\ndate: 2026-11-24\n---\n\n见[这里](/nowhere/)。\n";
    digest.write("my digest/content/articles/broken.md", broken);
    let inputs = [("root", "my digest"), ("output-dir", "site")];
    let refused = run_action(&digest, &inputs).unwrap_err();
    assert!(refused.contains("broken-link"), "{refused}");
    assert!(!digest.exists("my digest/site"));
    assert!(run_action(&digest, &[inputs[0], inputs[1], ("allow", "broken-link")]).is_ok());
    assert!(run_action(&digest, &[inputs[0], inputs[1], ("check", "false")]).is_ok());
    assert!(digest.exists("my digest/site/index.html"));
}

#[test]
fn an_archive_with_a_wrong_checksum_is_not_installed() {
    let digest = digest_with_records();
    let sums = format!("released/v{VERSION}/SHA256SUMS");
    let wrong = digest.read(&sums).replacen(|c: char| c.is_ascii_hexdigit(), "x", 1);
    digest.write(&sums, wrong);
    let refused = run_action(&digest, &[("root", "my digest")]).unwrap_err();
    assert!(refused.contains("does not match SHA256SUMS"), "{refused}");
    assert!(!digest.exists("temp/newsprint-program/newsprint"));
}

#[test]
fn the_action_builds_from_source_without_a_release() {
    let digest = digest_with_records();
    std::fs::remove_dir_all(digest.path("released")).unwrap();
    std::fs::create_dir(digest.path("released")).unwrap();
    let tried = run_action(&digest, &[("root", "my digest")]).unwrap_err();
    assert!(tried.contains(&format!("cargo install --locked --quiet --path {ROOT}")), "{tried}");
}

#[test]
fn the_changelog_section_of_a_version_can_be_extracted() {
    let digest = Digest::bare()
        .file("packaging/changes", std::fs::read(format!("{ROOT}/packaging/changes")).unwrap())
        .file(
            "CHANGELOG.md",
            "# Changelog\n\n## Unreleased\n\nc\n\n## 0.1.0 (2026-12-01)\n\n- b\n\n## 0.1.0-rc\n\n",
        );
    let changes = |version: &str| bash(&digest, &format!("bash packaging/changes {version}"), &[]);
    assert_eq!(text(&changes("0.1.0")).trim(), "- b");
    assert_eq!(text(&changes("Unreleased")).trim(), "c");
    for absent in ["0.1", "0.1.0-rc"] {
        assert!(!changes(absent).status.success(), "{absent}");
    }
}

#[test]
fn completions_of_every_shell_contain_commands_and_flags() {
    let digest = Digest::bare();
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let outcome = digest.run(&["completions", shell]);
        assert!(outcome.success, "{}", outcome.stderr);
        for word in ["build", "serve", "import", "check", "deploy", "terms", "base-url"] {
            assert!(outcome.stdout.contains(word), "{word} for {shell}");
        }
    }
    assert_eq!(digest.run(&["completions", "tcsh"]).code, 2);
}

#[test]
fn bash_completes_a_command_from_its_prefix() {
    let digest = Digest::bare();
    digest.write("newsprint.bash", digest.run(&["completions", "bash"]).stdout);
    let typed = "source newsprint.bash; COMP_WORDS=(newsprint bui); COMP_CWORD=1; _newsprint newsprint bui newsprint; echo ${COMPREPLY[@]}";
    assert_eq!(text(&bash(&digest, typed, &[])).trim(), "build");
}

#[test]
fn every_command_has_a_manual_page() {
    let digest = Digest::bare();
    let page = digest.run(&["man"]);
    assert!(
        page.success
            && page.stdout.contains(".TH newsprint 1")
            && page.stdout.contains("newsprint\\-build(1)")
    );
    let outcome = digest.run(&["man", "--output-dir", "a/man1"]);
    assert!(outcome.success && outcome.stderr.contains("manual pages"), "{}", outcome.stderr);
    let pages = tree(&digest.path("a/man1"));
    let help = digest.run(&["help"]).stdout;
    let commands = help.split("Commands:\n").nth(1).unwrap().lines().take_while(|line| !line.is_empty());
    let commands =
        commands.map(|line| line.split_whitespace().next().unwrap()).filter(|name| *name != "help");
    for command in commands {
        let page = String::from_utf8(pages[&format!("newsprint-{command}.1")].clone()).unwrap();
        assert!(page.contains(&format!(".TH newsprint-{command} 1")), "{page}");
    }
    digest.write("file", "");
    let outcome = digest.run(&["man", "-o", "file/x"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("cannot be written here"), "{}", outcome.stderr);
    // A symbolic link is replaced, not followed. A folder in place of a page is named in the error.
    digest.write("b/newsprint.1/x", "");
    std::os::unix::fs::symlink(digest.path("file"), digest.path("b/newsprint-build.1")).unwrap();
    let outcome = digest.run(&["man", "-o", "b"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("b/newsprint.1"), "{}", outcome.stderr);
    assert_eq!(digest.read("file"), "");
    assert!(digest.read("b/newsprint-build.1").contains("newsprint build [OPTIONS]"));
}

#[test]
fn a_full_disk_is_an_error_and_a_closed_pipe_is_not() {
    let digest = Digest::with_articles(1);
    let newsprint = crate::driver::newsprint();
    for command in ["man", "completions zsh", "check --json", "build --json", "terms list"] {
        let full = bash(&digest, &format!("{newsprint} {command} >/dev/full"), &[]);
        assert!(!full.status.success(), "{command}");
        assert!(text(&full).contains("cannot write to standard output"), "{command}: {}", text(&full));
        let closed = bash(&digest, &format!("{newsprint} {command} | true"), &[]);
        assert!(closed.status.success(), "{command}: {}", text(&closed));
    }
}
