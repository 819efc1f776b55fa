//! A build of a malicious digest under `strace`: no system call may write elsewhere, open a network
//! connection or run a program.

use std::path::{Component, Path, PathBuf};

use crate::driver::{Digest, tree};
use crate::trace::trace;

/// A digest that tries to read, write, run and load as much as its files can express.
fn malicious() -> Digest {
    Digest::with_articles(30)
        .configured("description: '{{ get_env(name=\"HOME\") }}'\nextra: {a: !include /etc/passwd, b: '`id`', c: '$(id)'}")
        .configured("menu: [{name: x, url: 'https://evil.example/'}]\nmarkdown: {html: trusted, remote_images: on}\ncsp: off")
        .file(
            "content/pages/x.md",
            "---\ntitle: x\naliases: [a, b/c]\n---\n<script src=https://evil.example/x.js></script>\n![x](https://evil.example/x.png)\n{{ include(\"/etc/passwd\") }}\n",
        )
        .file("content/terms.yaml", "keywords: [{name: 共同, aliases: ['../../x', '/etc']}]\n")
        .file("templates/page.html", "{{ title }}{{ content }}{% for i in range(end=3) %}{{ i }}{% endfor %}")
        .file("static/.htaccess", "x")
        .file("static/run.sh", "#!/bin/sh\ntouch /tmp/owned\n")
        .file(".newsprint/sources", "x")
        .file(".newsprint/articles", "x")
        .file(".newsprint/search/x", "x")
}

/// Forges the manifest and the journal, so that they list foreign files as newsprint's own.
fn forge_manifest(digest: &Digest, theirs: &Path) {
    let line = |path: &str| format!("{:032x} 1 1 {path}\n", 7);
    let lines = line("../../theirs.txt") + &line(&theirs.to_string_lossy());
    let names: Vec<String> =
        tree(&digest.path(".newsprint")).into_keys().filter(|name| name.starts_with("manifest-")).collect();
    assert!(!names.is_empty());
    for name in names.iter().filter(|name| !name.ends_with(".built")) {
        digest.write(&format!(".newsprint/{name}"), newsprint::internals::output::sealed(&lines));
        let journal = format!("ours ../../theirs.txt\nours {0}\nstaged {0}\n", theirs.display());
        digest.write(&format!(".newsprint/{name}.journal"), &journal);
    }
}

#[test]
fn a_build_writes_only_below_its_own_folders() {
    let outside = Digest::bare().file("theirs.txt", "x");
    let theirs = outside.path("theirs.txt");
    let digest = malicious();
    let root = digest.path("").canonicalize().unwrap();
    for arguments in [vec!["build"], vec!["build"], vec!["build", "--verify"]] {
        let Some(calls) = traced(&root, &arguments) else { return };
        let wrong = violations(&calls, &root);
        assert!(wrong.is_empty(), "{arguments:?}: {wrong:#?}");
        forge_manifest(&digest, &theirs);
    }
    assert!(digest.exists("public/articles/0001/index.html"));
    assert_eq!(outside.read("theirs.txt"), "x");
}

#[cfg(unix)]
#[test]
fn links_in_the_build_cache_remove_nothing_elsewhere() {
    for name in
        [".newsprint", ".newsprint/search", ".newsprint/verify", ".newsprint/articles", ".newsprint/lock"]
    {
        let victim = Digest::bare().file("id_rsa", "a").file("folder/notes.txt", "b");
        let digest = Digest::with_articles(3);
        std::fs::create_dir_all(digest.path(name).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink(victim.path(""), digest.path(name)).unwrap();
        let outcome = digest.run(&["build", "--verify"]);
        let refused = matches!(name, ".newsprint" | ".newsprint/search" | ".newsprint/lock");
        assert_eq!(outcome.success, !refused, "{name}: {}", outcome.stderr);
        let left = tree(&victim.path(""));
        assert_eq!(left.keys().collect::<Vec<_>>(), ["folder/notes.txt", "id_rsa"], "{name}");
    }
}

#[test]
fn the_system_call_check_finds_planted_violations() {
    let digest = Digest::bare().file("public/b", "x");
    let root = digest.path("").canonicalize().unwrap();
    let elsewhere = Digest::bare();
    let script = format!("echo x > {}; echo x > public/a; /bin/true", elsewhere.path("x").display());
    let Some(calls) = trace(&root, "/bin/sh", &["-c", &script]) else { return };
    let wrong = violations(&calls, &root);
    assert!(wrong.iter().any(|call| call.contains("openat") && call.contains("/x\"")), "{wrong:#?}");
    assert!(
        wrong.iter().any(|call| call.contains("execve") || call.contains("fork") || call.contains("clone")),
        "{wrong:#?}"
    );
    assert!(!wrong.iter().any(|call| call.contains("public")), "{wrong:#?}");
    let Some(calls) = trace(&root, "/bin/bash", &["-c", "exec 3<>/dev/tcp/127.0.0.1/9"]) else { return };
    assert!(violations(&calls, &root).iter().any(|call| call.contains("socket")), "{calls}");
}

fn traced(root: &Path, arguments: &[&str]) -> Option<String> {
    trace(root, crate::driver::newsprint(), arguments)
}

/// The lines of calls that a build must not make.
fn violations(calls: &str, root: &Path) -> Vec<String> {
    let mut programs = 0;
    let mut wrong = Vec::new();
    for call in calls.lines() {
        // `1234 openat(AT_FDCWD, "path", O_WRONLY…) = 3`
        let Some((name, rest)) = call.split_once(' ').and_then(|(_, call)| call.trim_start().split_once('('))
        else {
            continue;
        };
        let failed = rest.contains(" = -1 ");
        let is_wrong = match name {
            "execve" | "execveat" => {
                programs += 1;
                programs > 1 && !failed
            }
            "fork" | "vfork" => true,
            "clone" | "clone3" => !rest.contains("CLONE_THREAD"),
            // A pair is connected to nothing else; signals arrive through one.
            "socketpair" => !rest.starts_with("AF_UNIX"),
            "socket" | "connect" | "bind" | "sendto" | "sendmsg" | "listen" => true,
            "open" | "openat" | "openat2" | "creat" => {
                (name == "creat"
                    || ["O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_TMPFILE"]
                        .iter()
                        .any(|flag| rest.contains(flag)))
                    && !rest.contains("\"/dev/null\"")
                    && !written_inside(rest, root)
            }
            "rename" | "renameat" | "renameat2" | "unlink" | "unlinkat" | "mkdir" | "mkdirat" | "rmdir"
            | "link" | "linkat" | "symlink" | "symlinkat" | "chmod" | "fchmodat" | "truncate"
            | "utimensat" | "mknod" | "mknodat" | "chown" => {
                // A failed call changes nothing, such as `mkdir` of the existing digest folder.
                !failed && !written_inside(rest, root)
            }
            _ => false,
        };
        if is_wrong {
            wrong.push(call.to_owned());
        }
    }
    wrong
}

/// Whether all paths in a call are below the folders that a build owns.
fn written_inside(call: &str, root: &Path) -> bool {
    let paths: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
    !paths.is_empty()
        && paths.iter().all(|path| {
            let mut whole = PathBuf::new();
            for part in root.join(path).components() {
                match part {
                    Component::CurDir => {}
                    Component::ParentDir => drop(whole.pop()),
                    part => whole.push(part),
                }
            }
            let below = whole.strip_prefix(root).ok().and_then(|below| below.components().next());
            let first = below.map(|part| part.as_os_str().to_string_lossy().into_owned());
            matches!(first.as_deref(), Some("public" | ".newsprint" | ".public.newsprint-new"))
        })
}
