//! Commands that write below `content/` take the lock of the digest, lose no save of an editor, and
//! have the files on the disk before these get their names.

use std::fs;
use std::process::{Child, Command, Stdio};

use crate::driver::{Digest, newsprint, tree};

/// Records with numbers as links. `suffix` is appended to their titles.
fn records(count: usize, suffix: &str) -> String {
    let record = |n| {
        format!(
            "标题: 第 {n} 号公司今天发布了第 {n} 个语言模型{suffix}\n链接: https://example.org/{n}\n总结: 第 {n} 个模型今天发布，参数公开。\n\n"
        )
    };
    (1..=count).map(record).collect()
}

fn start(digest: &Digest, arguments: &[&str]) -> Child {
    Command::new(newsprint())
        .args(arguments)
        .current_dir(digest.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap()
}

const COUNT: usize = 250;

#[test]
fn two_imports_at_once_equal_one_after_the_other() {
    for suffix in ["", "（更新）"] {
        let digest =
            || Digest::new().file("one.txt", records(COUNT, "")).file("two.txt", records(COUNT, suffix));
        let arguments = |file| ["import", file, "--date", "2024-01-01", "--json"];
        let at_once = digest();
        let running = ["one.txt", "two.txt"].map(|file| start(&at_once, &arguments(file)));
        let mut totals = [0; 3];
        for process in running {
            let output = process.wait_with_output().unwrap();
            assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
            let report: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
            totals[0] += report["imported"].as_array().unwrap().len();
            totals[1] += report["updated"].as_array().unwrap().len();
            totals[2] += report["skipped"].as_u64().unwrap() as usize;
        }
        let wanted = if suffix.is_empty() { [COUNT, 0, COUNT] } else { [COUNT, COUNT, 0] };
        assert_eq!(totals, wanted, "imported, updated, skipped");
        let orders = [["one.txt", "two.txt"], ["two.txt", "one.txt"]].map(|order| {
            let one_by_one = digest();
            for file in order {
                assert!(one_by_one.run(&arguments(file)).success);
            }
            tree(&one_by_one.path("content"))
        });
        // The same files have the same findings.
        assert!(
            orders.contains(&tree(&at_once.path("content"))),
            "the articles are not those of either order"
        );
    }
}

/// The commands that write below `content/`, each in a digest where it succeeds.
fn writers() -> Vec<(Digest, Vec<&'static str>)> {
    let digest = || Digest::with_articles(1).file("records.txt", records(1, ""));
    vec![
        (digest(), vec!["import", "records.txt", "--json"]),
        (digest(), vec!["new", "某公司", "--json"]),
        (digest(), vec!["init", ".", "--json"]),
        (digest(), vec!["terms", "merge", "keywords", "共同", "--into", "别名", "--json"]),
        (digest(), vec!["import", "records.txt", "--json", "-q"]),
    ]
}

#[test]
fn a_writer_of_content_waits_for_the_lock_and_says_so_once() {
    let mut held = Vec::new();
    for (digest, arguments) in writers() {
        let path = digest.path(".newsprint/lock");
        digest.write(".newsprint/lock", "4711");
        let lock = fs::File::options().read(true).write(true).open(path).unwrap();
        lock.lock().unwrap();
        let before = tree(&digest.path("content"));
        let process = start(&digest, &arguments);
        held.push((digest, arguments, lock, process, before));
    }
    // A dry run writes nothing, and a build does not wait.
    assert!(held[0].0.run(&["import", "records.txt", "--dry-run"]).success);
    assert!(held[0].0.build_fails().contains("already running in this digest (process 4711)"));
    let said = "newsprint is already running in this digest (process 4711); waiting until it has finished\n";
    for (digest, arguments, lock, mut process, before) in held {
        let quiet = arguments.contains(&"-q");
        let mut stderr = process.stderr.take().unwrap();
        let mut printed = Vec::new();
        if quiet {
            assert_eq!(process.try_wait().unwrap(), None, "{arguments:?}");
        } else {
            // Printed while the lock is held.
            let mut byte = [0];
            while !printed.ends_with(b"\n") && std::io::Read::read(&mut stderr, &mut byte).unwrap() > 0 {
                printed.extend(byte);
            }
            assert!(String::from_utf8_lossy(&printed).ends_with(said), "{arguments:?}");
        }
        assert_eq!(tree(&digest.path("content")), before, "{arguments:?}");
        lock.unlock().unwrap();
        let output = process.wait_with_output().unwrap();
        std::io::Read::read_to_end(&mut stderr, &mut printed).unwrap();
        let printed = String::from_utf8(printed).unwrap();
        assert!(output.status.success(), "{arguments:?}: {printed}");
        assert_eq!(printed.matches("already running").count(), usize::from(!quiet), "{printed}");
        serde_json::from_slice::<serde_json::Value>(&output.stdout).unwrap();
        assert_ne!(tree(&digest.path("content")), before, "{arguments:?}");
    }
}

/// A digest with an imported article whose record has changed since, and the path of its file.
fn changed_record() -> (Digest, String) {
    let digest = Digest::new().file("in.txt", records(1, ""));
    assert!(digest.run(&["import", "in.txt", "--date", "2024-01-01"]).success);
    let file = tree(&digest.path("content/articles")).into_keys().next().unwrap();
    digest.write("in.txt", records(1, "（更新）"));
    (digest, format!("content/articles/{file}"))
}

#[cfg(unix)]
#[test]
fn an_update_keeps_permissions_and_does_not_replace_a_read_only_file() {
    use std::os::unix::fs::PermissionsExt;
    let (digest, file) = changed_record();
    let set = |mode| fs::set_permissions(digest.path(&file), fs::Permissions::from_mode(mode)).unwrap();
    let mode = || fs::metadata(digest.path(&file)).unwrap().permissions().mode() & 0o777;
    set(0o444);
    let before = digest.read(&file);
    let outcome = digest.run(&["import", "in.txt"]);
    assert_eq!((outcome.code, digest.read(&file), mode()), (1, before, 0o444));
    assert!(outcome.stderr.contains(&file) && outcome.stderr.contains("read-only"), "{}", outcome.stderr);
    set(0o640);
    assert!(digest.run(&["import", "in.txt"]).success);
    assert!(digest.read(&file).contains("（更新）"));
    assert_eq!(mode(), 0o640);
}

#[cfg(unix)]
#[test]
fn an_update_writes_the_file_behind_a_link_and_keeps_the_link() {
    let (digest, file) = changed_record();
    fs::create_dir(digest.path("store")).unwrap();
    fs::rename(digest.path(&file), digest.path("store/a.md")).unwrap();
    std::os::unix::fs::symlink("../../store/a.md", digest.path(&file)).unwrap();
    let outcome = digest.run(&["import", "in.txt"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(fs::symlink_metadata(digest.path(&file)).unwrap().is_symlink());
    assert!(digest.read("store/a.md").contains("（更新）"));
}

#[test]
fn temporary_files_of_a_killed_writer_are_removed_by_the_next() {
    for arguments in [&["new", "某公司"][..], &["import", "in.txt"], &["init", "."]] {
        let digest = Digest::with_articles(1)
            .file("in.txt", records(1, ""))
            .file("content/articles/.newsprint-aB3xY9.tmp", "half")
            .file("content/pages/deep/.newsprint-000000.tmp", "half");
        let others = [
            "content/.newsprint-notes-1.tmp",
            "content/articles/.newsprint-aB3xY9.tmp.md",
            "content/aB3xY9.tmp",
        ];
        for name in others {
            digest.write(name, "mine");
        }
        let outcome = digest.run(arguments);
        assert!(outcome.success, "{}", outcome.stderr);
        assert!(!digest.exists("content/articles/.newsprint-aB3xY9.tmp"), "{arguments:?}");
        assert!(!digest.exists("content/pages/deep/.newsprint-000000.tmp"), "{arguments:?}");
        for name in others {
            assert_eq!(digest.read(name), "mine");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_registry_that_is_a_broken_link_is_an_error() {
    let digest = Digest::with_articles(1);
    std::os::unix::fs::symlink("elsewhere.yaml", digest.path("content/terms.yaml")).unwrap();
    for arguments in [&["terms", "list"][..], &["terms", "merge", "keywords", "共同", "--into", "别名"]] {
        let outcome = digest.run(arguments);
        assert_eq!(outcome.code, 1, "{arguments:?}");
        assert!(outcome.stderr.contains("this file cannot be read: No such file"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("--> content/terms.yaml"), "{}", outcome.stderr);
        assert!(outcome.stderr.contains("the target of the symbolic link"), "{}", outcome.stderr);
    }
    assert!(!digest.exists("content/elsewhere.yaml"));
}

/// The path of a file descriptor in a call such as `fsync(5</home/a>) = 0`.
fn synced(call: &str) -> Option<&str> {
    let at = call.find("fsync(").or_else(|| call.find("fdatasync("))?;
    call[at..].split_once('<')?.1.split('>').next()
}

#[cfg(target_os = "linux")]
#[test]
fn files_of_people_are_on_the_disk_before_they_get_their_names() {
    let (changed, _) = changed_record();
    let registry = || Digest::with_articles(1).file("content/terms.yaml", "keywords:\n  - 别名\n");
    let cases = [
        (Digest::new(), vec!["new", "某公司"], "content/articles/".to_owned()),
        (
            Digest::new().file("in.txt", records(2, "")),
            vec!["import", "in.txt"],
            "content/articles/".to_owned(),
        ),
        (changed, vec!["import", "in.txt"], "content/articles/".to_owned()),
        (
            Digest::new().file("old/posts/a.md", "---\ntitle: 甲\ntags: [乙]\n---\n文\n"),
            vec!["import", "--from", "hugo", "old/posts"],
            "content/redirects.yaml".to_owned(),
        ),
        (Digest::new(), vec!["init", "."], ".gitignore".to_owned()),
        (
            registry(),
            vec!["terms", "merge", "keywords", "共同", "--into", "别名"],
            "content/terms.yaml".to_owned(),
        ),
    ];
    for (digest, arguments, wanted) in cases {
        let Some(calls) = crate::trace::trace_syncs(&digest.path(""), newsprint(), &arguments) else {
            return;
        };
        let calls: Vec<&str> = calls.lines().collect();
        let mut named = 0;
        for (at, call) in calls.iter().enumerate() {
            let texts: Vec<&str> = call.split('"').skip(1).step_by(2).collect();
            let is_rename = ["rename(", "renameat(", "renameat2(", "link(", "linkat("]
                .iter()
                .any(|name| call.contains(name));
            let (true, [from, .., to]) = (is_rename && !call.contains(".newsprint/"), &texts[..]) else {
                continue;
            };
            if !to.contains(wanted.as_str()) {
                continue;
            }
            named += 1;
            let temporary = from.rsplit('/').next().unwrap();
            let is_synced =
                calls[..at].iter().filter_map(|call| synced(call)).any(|path| path.ends_with(temporary));
            assert!(is_synced, "{arguments:?}: not synced before: {call}");
            let folder = digest.path(to).parent().unwrap().canonicalize().unwrap();
            let is_folder_synced =
                calls[at..].iter().filter_map(|call| synced(call)).any(|path| folder.to_str() == Some(path));
            assert!(is_folder_synced, "{arguments:?}: the folder is not synced after: {call}");
        }
        assert!(named > 0, "{arguments:?}: nothing was written");
    }
}
