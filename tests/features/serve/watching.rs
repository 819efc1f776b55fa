//! Detection of changes: all ways in which editors and programs write files.

use std::fs;
use std::io::Write;
use std::sync::mpsc::RecvTimeoutError;
use std::time::{Duration, Instant};

use crate::driver::Digest;
use crate::preview::{Preview, wait_for};
use crate::serve::{SCRIPT, digest, long_article};

#[test]
fn atomic_saves_are_detected() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    for n in 0..3 {
        let text = digest.read("content/articles/0002.md") + &format!("保存 {n}\n");
        digest.write("content/articles/.0002.md.swp", &text);
        fs::rename(digest.path("content/articles/.0002.md.swp"), digest.path("content/articles/0002.md"))
            .unwrap();
        events.next_about("/articles/0002/");
        assert!(preview.page("/articles/0002/").contains(&format!("保存 {n}")));
    }
    // An atomic save in the root folder of the digest.
    digest.write("newsprint.yaml.tmp", "title: 改名\nbase_url: https://example.org/\n");
    fs::rename(digest.path("newsprint.yaml.tmp"), digest.path("newsprint.yaml")).unwrap();
    preview.wait_for_text("/", "改名");
}

#[test]
fn backup_and_swap_files_cause_no_rebuild() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    for name in [
        "content/articles/.0002.md.swp",
        "content/articles/4913",
        "content/articles/0002.md~",
        ".x",
        "notes.txt",
    ] {
        digest.write(name, "x");
    }
    // The article is replaced by a rename: with a plain write, a busy machine may build it between
    // truncation and writing.
    digest.write("new.txt", digest.read("content/articles/0001.md") + "完\n");
    fs::rename(digest.path("new.txt"), digest.path("content/articles/0001.md")).unwrap();
    events.next_about("/articles/0001/");
    preview.wait_for_line("content/articles/0001.md");
    // On a busy machine all writes may come before the watcher starts: the preview then builds once
    // for unreported changes.
    let rebuilds = |line: &&String| line.ends_with(" ms") && !line.contains("unreported changes");
    let printed = preview.printed();
    assert_eq!(printed.iter().filter(rebuilds).count(), 1, "{printed:#?}");
}

#[test]
fn many_files_written_at_once_cause_at_most_two_rebuilds() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    for n in 1..=200 {
        digest.write(
            &format!("content/articles/many-{n}.md"),
            format!("---\ntitle: 多 {n}\ndate: 2024-03-01\n---\n"),
        );
    }
    wait_for("the last new article", || {
        events.next();
        (preview.get("/articles/many-200/").status == 200).then_some(())
    });
    let rebuilds = preview.printed().iter().filter(|line| line.ends_with(" ms")).count();
    assert!(rebuilds <= 2, "{:#?}", preview.printed());
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}

#[test]
fn a_file_written_in_two_steps_is_not_built_half() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    let text = digest.read("content/articles/0002.md");
    let mut file = fs::File::create(digest.path("content/articles/0002.md")).unwrap();
    file.write_all(&text.as_bytes()[..20]).unwrap();
    std::thread::sleep(Duration::from_millis(30));
    file.write_all(&text.as_bytes()[20..]).unwrap();
    file.write_all("全了\n".as_bytes()).unwrap();
    drop(file);
    let event = events.next();
    assert!(event["problems"].is_null(), "{event}");
    preview.wait_for_text("/articles/0002/", "全了");
}

#[test]
fn a_save_during_a_rebuild_causes_another_rebuild() {
    let digest = Digest::with_articles(300);
    let preview = Preview::start(&digest, &[]);
    let original = digest.read("content/articles/0007.md");
    for n in 0..40 {
        // An edit of the front matter: such builds take long enough for the next save to come
        // during one.
        digest.write("content/articles/0007.md", original.replace("事件 7", &format!("变化 {n}")));
        std::thread::sleep(Duration::from_millis(n % 13));
    }
    preview.wait_for_text("/articles/0007/", "变化 39");
    digest.build();
    wait_for("the site of a build", || (preview.site() == Some(digest.site())).then_some(()));
}

#[cfg(unix)]
#[test]
fn the_preview_recovers_when_the_cause_of_a_failure_is_removed() {
    use std::ffi::OsStr;
    use std::os::unix::{ffi::OsStrExt, fs::symlink};
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    let loops = digest.path("content/articles/loop");
    symlink(".", &loops).unwrap();
    assert!(!events.next()["problems"].is_null());
    fs::remove_file(&loops).unwrap();
    assert!(events.next()["problems"].is_null());
    let dangling = digest.path("content/articles/data");
    symlink("/nonexistent", &dangling).unwrap();
    assert!(!events.next()["problems"].is_null());
    fs::remove_file(&dangling).unwrap();
    assert!(events.next()["problems"].is_null());
    let unreadable = digest.path("content/articles").join(OsStr::from_bytes(b"bad\xff.md"));
    fs::write(&unreadable, "---\ntitle: x\n---\n").unwrap();
    assert!(!events.next()["problems"].is_null());
    fs::remove_file(&unreadable).unwrap();
    wait_for("an event without problems", || events.next()["problems"].is_null().then_some(()));
}

#[test]
fn errors_are_reported_while_a_file_is_written_continuously() {
    let digest = digest();
    let begun = Instant::now();
    let preview = Preview::start(&digest, &[]);
    // A build in which a file of the site changes is begun anew: without optimisation, one takes
    // longer than the time between two writes.
    let pause = begun.elapsed().max(Duration::from_millis(50));
    std::thread::scope(|scope| {
        let (stop, stopped) = std::sync::mpsc::channel::<()>();
        let log = digest.path("static/log.txt");
        fs::create_dir_all(log.parent().unwrap()).unwrap();
        scope.spawn(move || {
            let mut n = 0;
            // A failed test drops its end of the channel, which ends this loop, too.
            while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
                n += 1;
                fs::write(&log, n.to_string()).unwrap();
            }
        });
        digest.write("content/articles/bad.md", "---\ntitle: 坏\ndate: 昨天\n---\n");
        preview.wait_for_line("not built: 1 error");
        digest.remove("content/articles/bad.md");
        let fixed = || preview.page("/.newsprint/state?page=%2F").contains("\"problems\":null");
        wait_for("a site without errors", || fixed().then_some(()));
        stop.send(()).unwrap();
    });
}

#[test]
fn a_warning_is_cleared_with_its_cause() {
    let with = long_article("第 2 篇", "完").replacen("date:", "unknwn: 1\ndate:", 1);
    let digest = digest().file("content/articles/0002.md", &with);
    let preview = Preview::start(&digest, &[]);
    let wait_for_warnings = |times| {
        wait_for("the warning", || (preview.count_lines("unknown field `unknwn`") == times).then_some(()));
    };
    wait_for_warnings(1);
    digest.write("content/articles/0002.md", long_article("第 2 篇", "改"));
    preview.wait_for_text("/articles/0002/", "改");
    // The second print shows that the warning was cleared in between.
    digest.write("content/articles/0002.md", with + "又\n");
    wait_for_warnings(2);
}

#[test]
fn added_renamed_and_removed_folders_are_detected() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    digest.write("content/articles/2024/05/deep.md", "---\ntitle: 深处\n---\n");
    preview.wait_for_text("/articles/deep/", "深处");
    digest.write("content/articles/2024/05/deep.md", "---\ntitle: 更深\n---\n");
    preview.wait_for_text("/articles/deep/", "更深");
    fs::rename(digest.path("content/articles/2024"), digest.path("content/articles/moved")).unwrap();
    digest.write("content/articles/moved/05/deep.md", "---\ntitle: 搬了\n---\n");
    preview.wait_for_text("/articles/deep/", "搬了");
    fs::remove_dir_all(digest.path("content")).unwrap();
    wait_for("an empty site", || (preview.get("/articles/deep/").status == 404).then_some(()));
    digest.write("content/articles/again.md", "---\ntitle: 又来\n---\n");
    preview.wait_for_text("/articles/again/", "又来");
    digest.write("content/articles/again.md", "---\ntitle: 又改\n---\n");
    preview.wait_for_text("/articles/again/", "又改");
    // A folder that did not exist when the preview started.
    digest.write("templates/404.html", "<p>第一次</p>");
    preview.wait_for_text("/nothing", "第一次");
    digest.write("templates/404.html", "<p>第二次</p>");
    preview.wait_for_text("/nothing", "第二次");
}

#[cfg(unix)]
#[test]
fn changes_behind_symbolic_links_are_detected() {
    use std::os::unix::fs::symlink;
    let elsewhere = Digest::bare()
        .file("folder/linked.md", "---\ntitle: 链接里\n---\n")
        .file("single.md", "---\ntitle: 单个\n---\n");
    let digest = digest();
    symlink(elsewhere.path("folder"), digest.path("content/articles/linked")).unwrap();
    symlink(elsewhere.path("single.md"), digest.path("content/articles/one.md")).unwrap();
    let preview = Preview::start(&digest, &["--outside-links"]);
    preview.wait_for_text("/articles/linked/", "链接里");
    elsewhere.write("folder/linked.md", "---\ntitle: 改过的\n---\n");
    preview.wait_for_text("/articles/linked/", "改过的");
    preview.wait_for_line("content/articles/linked/linked.md: ");
    elsewhere.write("single.md", "---\ntitle: 单个改了\n---\n");
    preview.wait_for_text("/articles/one/", "单个改了");
    // An atomic save replaces the file behind the link.
    elsewhere.write("single.tmp", "---\ntitle: 又换了\n---\n");
    fs::rename(elsewhere.path("single.tmp"), elsewhere.path("single.md")).unwrap();
    preview.wait_for_text("/articles/one/", "又换了");
    preview.wait_for_line("content/articles/one.md: ");
}

#[test]
fn a_configuration_file_named_by_a_flag_is_watched() {
    let digest = digest();
    digest.write("settings/own.yaml", "title: 别处\nbase_url: https://example.org/\n");
    let preview = Preview::start(&digest, &["--config", "settings/own.yaml"]);
    assert!(preview.page("/").contains("别处"));
    digest.write("settings/own.yaml", "title: 别处改了\nbase_url: https://example.org/\n");
    preview.wait_for_text("/", "别处改了");
}

#[test]
fn polling_detects_changes() {
    let digest = digest();
    let preview = Preview::start(&digest, &["--poll"]);
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "看见了\n");
    preview.wait_for_text("/articles/0002/", "看见了");
    preview.wait_for_line("content/articles/0002.md: ");
    digest.write("content/articles/neu/x.md", "---\ntitle: 新的\n---\n");
    preview.wait_for_text("/articles/x/", "新的");
    digest.write("newsprint.yaml", "title: 新名\nbase_url: https://example.org/\n");
    preview.wait_for_text("/", "新名");
}

#[test]
fn a_removed_preview_folder_is_rebuilt() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    // A request triggers a rebuild. Its response contains the script, which opens the page when it
    // is built.
    let gone = preview.get("/");
    assert_eq!(gone.status, 503);
    assert!(gone.text().contains(SCRIPT));
    preview.wait_for_text("/", "第 3 篇");
    // A running build may still write to the folder.
    wait_for("the folder to be removable", || fs::remove_dir_all(digest.path(".newsprint")).ok());
    digest.write("content/articles/0002.md", digest.read("content/articles/0002.md") + "又\n");
    wait_for("the whole site", || preview.site());
    digest.build();
    assert_eq!(preview.site(), Some(digest.site()));
}
