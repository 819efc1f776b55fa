//! Each article is announced once, whatever is edited later.

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use super::{World, messages, ok};
use crate::driver::newsprint;
use crate::fetch::server::Response;

#[test]
fn the_first_run_announces_nothing_of_the_past() {
    let world = World::new("to: slack, days: 3650", ok);
    for nth in 0..300 {
        let day = chrono::NaiveDate::from_ymd_opt(2026, 11, 30).unwrap() - chrono::Days::new(nth / 3);
        world.article(&format!("a{nth}"), &format!("title: 第 {nth} 篇\ndate: {day}\n"));
    }
    let report = world.publish();
    assert!(report.success, "{:?}", messages(&report));
    assert_eq!(report.text(), "t (slack): first run: 300 articles count as announced\n");
    assert_eq!((world.hook.requests().len(), world.site.requests().len()), (0, 1));
    world.article("new", "title: 新的\ndate: 2026-11-30\n");
    let report = world.publish();
    assert_eq!((report.targets[0].sent.len(), report.targets[0].known), (1, 300));
    assert_eq!(world.bodies().len(), 1);
    assert_eq!(world.announce().targets[0].sent, [""; 0]);
    assert_eq!(world.bodies().len(), 1);
}

#[test]
fn an_article_is_announced_once_whatever_is_edited() {
    let world = World::known("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\nlink: https://news.example/1?utm_source=x\n");
    world.article("b", "title: 乙\ndate: 2026-11-30\n");
    assert_eq!(world.publish().targets[0].sent.len(), 2);
    let silent = |what: &str| {
        let report = world.publish();
        assert!(report.success && report.targets[0].sent.is_empty(), "{what}: {:?}", report.targets);
    };
    // Title, date, file name, slug and link, one after another.
    world.article("a", "title: 甲改\ndate: 2026-11-29\nlink: http://www.news.example/1#top\n");
    silent("title and date");
    world.digest.remove("content/articles/a.md");
    world.article("c", "title: 甲改\ndate: 2026-11-30\nlink: https://news.example/1\nslug: moved\n");
    silent("file and slug");
    world.article("c", "title: 甲改\ndate: 2026-11-30\nlink: https://news.example/2\nslug: moved\n");
    silent("link");
    world.article("c", "title: 又改\ndate: 2026-11-30\nlink: https://news.example/2\nslug: again\n");
    silent("slug after the link");
    // Without a link.
    world.digest.remove("content/articles/b.md");
    world.article("d", "title: 乙\ndate: 2026-11-30\n");
    silent("the file of an article without a link");
    world.article("d", "title: 乙改\ndate: 2026-11-29\n");
    silent("title and date of an article without a link");
    assert_eq!(world.bodies().len(), 1);
    // Two reports of one page are told once; two entries of one page are two articles.
    world.article("e", "title: 丁一\ndate: 2026-11-30\nlink: https://news.example/3\n");
    world.article("f", "title: 丁二\ndate: 2026-11-30\nlink: https://news.example/3?utm_source=y\n");
    world.article("g", "title: 戊一\ndate: 2026-11-30\nlink: https://news.example/4#2026-05-05-cli\n");
    world.article("h", "title: 戊二\ndate: 2026-11-30\nlink: https://news.example/4#2026-05-05-chip\n");
    assert_eq!(world.publish().targets[0].sent.len(), 3);
}

#[test]
fn old_undated_scheduled_and_later_articles_are_not_announced() {
    let world = World::known("to: slack, days: 1", ok);
    world.article("old", "title: 旧的\ndate: 2026-11-28\n");
    world.article("undated", "title: 无日期\n");
    world.article("later", "title: 明天\ndate: 2026-12-01\n");
    world.article("scheduled", "title: 定时\ndate: 2026-11-30\npublish: 2026-11-30 20:00\n");
    world.article("draft", "title: 草稿\ndate: 2026-11-30\ndraft: true\n");
    let report = world.publish();
    let target = &report.targets[0];
    assert_eq!((target.sent.len(), target.known, target.waiting), (0, 3, 1), "{target:?}");
    // Re-dated articles stay untold; the others are told when they are shown.
    world.article("old", "title: 旧的\ndate: 2026-12-01\n");
    world.article("undated", "title: 无日期\ndate: 2026-12-01\n");
    let later =
        |options: &mut super::Options<'_>| options.build.now = super::time("2026-12-01T12:00:00+08:00");
    world.digest.run(&["build", "--now", "2026-12-01 12:00"]);
    let report = world.announce_with(later);
    let mut sent = report.targets[0].sent.clone();
    sent.sort();
    let wanted = ["later", "scheduled"].map(|name| format!("{}/articles/{name}/", world.site.address));
    assert_eq!(sent, wanted, "{:?}", messages(&report));
}

#[test]
fn a_ledger_survives_in_another_folder_and_a_damaged_one_announces_nothing() {
    let world = World::known("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    let ledger = fs::read(world.digest.path(".newsprint/announced")).unwrap();
    // As a CI job restores it: a new folder with the same file.
    fs::remove_dir_all(world.digest.path(".newsprint")).unwrap();
    world.digest.write(".newsprint/announced", &ledger);
    assert_eq!(world.publish().targets[0].sent.len(), 1);
    world.article("b", "title: 乙\ndate: 2026-11-30\n");
    world.digest.write(".newsprint/announced", &ledger[..ledger.len() - 1]);
    let report = world.publish();
    assert!(!report.success && report.targets.is_empty(), "{:?}", report.targets);
    assert!(messages(&report)[0].contains("is damaged"), "{:?}", messages(&report));
    assert_eq!(world.bodies().len(), 1);
    // It stays, and nothing is lost when it is restored.
    assert_eq!(fs::read(world.digest.path(".newsprint/announced")).unwrap().len(), ledger.len() - 1);
    world.digest.write(".newsprint/announced", &ledger);
    assert_eq!(world.publish().targets[0].sent.len(), 2);
}

#[test]
fn a_target_that_is_new_or_has_another_platform_starts_with_a_first_run() {
    let world = World::known("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    let settings = world.digest.read("newsprint.yaml");
    world.digest.write("newsprint.yaml", settings.replace("{to: slack}", "{to: json}"));
    assert!(world.publish().targets[0].first_run);
    assert_eq!(world.bodies().len(), 0);
    // With its old platform it is known again.
    world.digest.write("newsprint.yaml", settings);
    let report = world.publish();
    assert!(!report.targets[0].first_run && report.targets[0].sent.len() == 1, "{:?}", report.targets);
}

#[test]
fn a_message_that_may_have_been_sent_before_a_kill_is_not_sent_again() {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let world = World::known("to: slack, each: article", |_| {
        // The second message has no answer before the kill.
        if COUNT.fetch_add(1, Ordering::SeqCst) == 1 {
            std::thread::sleep(Duration::from_secs(60));
        }
        Response::ok("ok")
    });
    for (name, title) in [("a", "甲"), ("b", "乙"), ("c", "丙")] {
        world.article(name, &format!("title: {title}\ndate: 2026-11-30\n"));
    }
    world.digest.build();
    let mut command = Command::new(newsprint());
    command
        .args(["announce", "--allow-private", "--wait", "0", "--now", "2026-11-30 12:00"])
        .current_dir(world.digest.path(""))
        .envs(&world.variables)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    let started = Instant::now();
    while COUNT.load(Ordering::SeqCst) < 2 && started.elapsed() < Duration::from_secs(30) {
        std::thread::sleep(Duration::from_millis(20));
    }
    child.kill().unwrap();
    child.wait().unwrap();
    let report = world.announce();
    assert!(report.success, "{:?}", messages(&report));
    // Of the second message it is not known whether it arrived.
    assert_eq!((report.targets[0].sent.len(), report.targets[0].uncertain.len()), (1, 1));
    assert!(messages(&report)[0].contains("was ended while it sent a message"), "{:?}", messages(&report));
    assert_eq!(COUNT.load(Ordering::SeqCst), 3);
    let bodies = world.bodies();
    let counts = ["甲", "丙"]
        .map(|title| bodies.iter().filter(|body| body["text"].as_str().unwrap().contains(title)).count());
    assert_eq!(counts, [1, 1]);
    let report = world.announce();
    assert!(report.diagnostics.is_empty() && report.targets[0].sent.is_empty(), "{:?}", messages(&report));
}

#[test]
fn two_runs_at_once_do_not_send_twice() {
    let world = World::known("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    world.digest.build();
    let lock =
        newsprint::internals::output::Lock::take(&world.digest.path(".newsprint").canonicalize().unwrap());
    let report = world.announce();
    assert!(!report.success && messages(&report)[0].contains("already running"), "{:?}", messages(&report));
    drop(lock);
    assert_eq!(world.announce().targets[0].sent.len(), 1);
}
