//! A message is sent when the live site shows what it is about.

use std::fs;
use std::time::Duration;

use super::{World, messages, ok};

#[test]
fn nothing_is_sent_and_recorded_before_the_page_is_live() {
    let world = World::known("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    // The live site has the day's page of the last build, without the new article.
    let report = world.announce();
    assert!(!report.success && report.targets[0].failed.len() == 1, "{:?}", report.targets);
    let message = &messages(&report)[0];
    let address = &world.site.address;
    assert_eq!(
        *message,
        format!("t: {address}/2026/11/30/ does not show the new build: it does not name /articles/a/ yet")
    );
    assert_eq!(world.bodies().len(), 0);
    world.digest.build();
    assert_eq!(world.announce().targets[0].sent.len(), 1);
}

#[test]
fn a_page_that_becomes_live_while_the_command_waits_is_announced() {
    let world = World::known("to: slack, each: article", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    world.digest.build();
    let (page, away) = (world.digest.path("public/articles/a"), world.digest.path("away"));
    fs::rename(&page, &away).unwrap();
    let report = std::thread::scope(|scope| {
        scope.spawn(|| {
            std::thread::sleep(Duration::from_millis(1500));
            fs::rename(&away, &page).unwrap();
        });
        world.announce_with(|options| options.wait = Duration::from_secs(20))
    });
    assert!(report.success && report.targets[0].sent.len() == 1, "{:?}", messages(&report));
    let looks = world.site.take_log();
    assert!(looks.len() > 2 && looks[0].1 == 404 && looks.last().unwrap().1 == 200, "{looks:?}");
}

#[test]
fn a_soft_error_page_and_a_redirect_are_not_the_page() {
    let world = World::known("to: slack, each: article", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    world.digest.build();
    let address = format!("{}/articles/a/", world.site.address);
    for page in ["<p>not found</p>".to_owned(), format!("<p>{address} was not found</p>")] {
        world.digest.write("public/articles/a/index.html", page);
        let report = world.announce();
        let wanted = "it does not have the title “甲” yet";
        assert!(messages(&report)[0].ends_with(wanted), "{:?}", messages(&report));
    }
}

#[test]
fn a_first_run_before_the_site_is_deployed_counts_nothing_as_announced() {
    let world = World::new("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    let report = world.announce();
    assert!(!report.success && !report.targets[0].first_run, "{:?}", report.targets);
    assert!(messages(&report)[0].contains("nothing counts as announced yet"), "{:?}", messages(&report));
    assert!(!world.digest.path(".newsprint/announced").exists());
    assert!(world.publish().targets[0].first_run);
}

#[test]
fn a_title_with_marks_is_found_in_its_page() {
    let world = World::known("to: slack, each: article", ok);
    world.article("a", "title: 'A&B <C> “引号” 与 O''Reilly：C++'\ndate: 2026-11-30\n");
    assert_eq!(world.publish().targets[0].sent.len(), 1);
}

#[test]
fn private_hosts_are_refused_without_the_option() {
    let mut world = World::known("to: slack, each: article", ok);
    world.variables.insert("NEWSPRINT_T_URL".to_owned(), "https://127.0.0.1:1/hook".to_owned());
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    world.digest.build();
    let report = world.announce_with(|options| options.allow_private = false);
    assert!(messages(&report)[0].contains("private network"), "{:?}", messages(&report));
    assert_eq!(world.hook.requests().len(), 0);
}
