//! Mistakes of settings and variables are found before the first request; no output has a secret.

use std::process::Command;

use super::platforms::{CHATS, answered, taken};
use super::{Response, SECRET, World, messages, ok};
use crate::driver::newsprint;

#[test]
fn all_mistakes_are_reported_before_the_first_request() {
    let mut world = World::known("to: slack", ok);
    let settings = world.digest.read("newsprint.yaml");
    let more = "  bot: {to: telegram}\n  team: {to: feishu, template: tam.md}\n  \
                engines: {to: indexnow, key: 01234567}\n";
    world.digest.write("newsprint.yaml", settings + more);
    world.digest.write("templates/announce/team.md", "x");
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    world.digest.build();
    world.variables.remove("NEWSPRINT_T_URL");
    let report = world.announce();
    let missing = |name: &str, target: &str| {
        format!("the environment variable NEWSPRINT_{name} of the target `{target}` is missing")
    };
    let wanted = [
        missing("T_URL", "t"),
        missing("BOT_TOKEN", "bot"),
        missing("BOT_CHAT", "bot"),
        "the target `team`: there is no template templates/announce/tam.md".to_owned(),
        missing("TEAM_URL", "team"),
        "the target `engines`: static/01234567.txt is missing".to_owned(),
    ];
    assert_eq!(messages(&report), wanted);
    assert_eq!(report.diagnostics[3].help.as_deref(), Some("did you mean `team.md`?"));
    assert!(world.hook.requests().is_empty() && world.site.take_log().is_empty());
    let report = world.announce_with(|options| options.targets = vec!["team2".to_owned()]);
    assert_eq!(messages(&report), ["--to: there is no target `team2`"]);
    world.digest.write("newsprint.yaml", "title: 报\n");
    let found = messages(&world.announce());
    assert_eq!(found.len(), 2, "{found:?}");
    assert!(found[0].contains("`base_url` is missing") && found[1].contains("no target"), "{found:?}");
}

#[test]
fn one_target_can_be_chosen() {
    let mut world = World::known("to: slack", ok);
    let settings = world.digest.read("newsprint.yaml");
    world.digest.write("newsprint.yaml", settings + "  other: {to: json}\n");
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    world.digest.build();
    world.variables.insert("NEWSPRINT_OTHER_URL".to_owned(), world.hook.address.clone());
    let report = world.announce_with(|options| options.targets = vec!["t".to_owned()]);
    assert_eq!((report.targets.len(), report.targets[0].sent.len()), (1, 1));
    let report = world.announce();
    assert_eq!(report.targets[1].name, "other");
    assert!(report.targets[1].first_run);
}

#[test]
fn a_dry_run_shows_the_requests_and_sends_and_writes_nothing() {
    for platform in CHATS {
        let mut world = answered(platform, "", move |_| taken(platform));
        world.variables.insert("NEWSPRINT_T_SECRET".to_owned(), "sign-with-this-key".to_owned());
        world.article("a", "title: 甲\ndate: 2026-11-30\n");
        world.digest.build();
        let before = world.digest.path(".newsprint/announced");
        let ledger = std::fs::read(&before).unwrap();
        for has_variables in [true, false] {
            if !has_variables {
                world.variables.clear();
            }
            let report = world.announce_with(|options| options.dry_run = true);
            assert!(report.success, "{platform}: {:?}", messages(&report));
            let request = &report.targets[0].requests[0];
            assert!(request.body.contains('甲') && request.method == "POST", "{request:?}");
            assert_eq!(request.host, if has_variables { "127.0.0.1" } else { "webhook.invalid" });
            let text = report.text();
            for part in ["1 article would be announced, 1 known", "\nPOST ", "\ncontent-type: ", "\n\n{"] {
                assert!(text.contains(part), "{part} in {text}");
            }
            let all = text + &serde_json::to_string(&report).unwrap();
            for secret in [SECRET, "1001234567890", "sign-with-this-key", "/hook"] {
                assert!(!all.contains(secret), "{platform}: {secret} in {all}");
            }
        }
        assert!(world.hook.requests().is_empty() && world.site.take_log().is_empty());
        assert_eq!(std::fs::read(&before).unwrap(), ledger);
    }
}

#[test]
fn a_dry_run_before_the_first_run_writes_nothing() {
    let world = World::new("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    let report = world.announce_with(|options| options.dry_run = true);
    assert!(report.success && report.targets[0].first_run && !world.digest.exists(".newsprint"));
}

#[test]
fn no_output_has_a_secret() {
    for platform in CHATS {
        // A server that repeats the address and the body in its error, in several forms.
        let world = answered(platform, "", |request| {
            let said = format!(
                "{} {} {}",
                request.path,
                request.path.to_uppercase(),
                request.path.replace('-', "%2D")
            );
            let json = serde_json::json!({
                "ok": false, "code": 7, "errcode": 7, "error_code": 7,
                "msg": said, "errmsg": said, "message": said, "description": said,
            });
            Response::status_with(400, &json.to_string())
        });
        world.article("a", "title: 甲\ndate: 2026-11-30\n");
        world.digest.build();
        for option in ["--json", "--verbose", "--dry-run"] {
            let output = Command::new(newsprint())
                .args(["announce", "--allow-private", "--wait", "0", "--now", "2026-11-30 12:00", option])
                .current_dir(world.digest.path(""))
                .envs(&world.variables)
                .output()
                .unwrap();
            let all = [output.stdout, output.stderr].concat();
            let all = String::from_utf8_lossy(&all).to_lowercase().replace("%2d", "-");
            assert_eq!(output.status.code(), Some(i32::from(option != "--dry-run")), "{platform}: {all}");
            assert!(all.contains("/articles/a/") || option == "--dry-run", "{all}");
            for secret in [SECRET, "1001234567890"] {
                assert!(!all.contains(secret), "{platform} {option}: {all}");
            }
        }
        let ledger = std::fs::read(world.digest.path(".newsprint/announced")).unwrap();
        assert!(!String::from_utf8_lossy(&ledger).contains(SECRET));
    }
}

#[test]
fn the_report_names_the_addresses_of_each_target() {
    let world = World::known("to: slack", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    let report = serde_json::to_value(world.publish()).unwrap();
    let target = &report["targets"][0];
    assert_eq!(target["sent"], serde_json::json!([format!("{}/articles/a/", world.site.address)]));
    assert_eq!((&target["name"], &target["to"], &target["known"]), (&"t".into(), &"slack".into(), &1.into()));
    assert_eq!((report["success"].as_bool(), report["dry_run"].as_bool()), (Some(true), Some(false)));
}
