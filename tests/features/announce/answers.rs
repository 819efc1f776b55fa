//! What the answers of platforms mean: errors, rate limits, lost answers.

use std::sync::Mutex;
use std::time::Duration;

use super::platforms::{CHATS, answered, taken};
use super::{SECRET, World, messages, ok};
use crate::fetch::server::Response;

/// Publishes one new article against these answers, in order; then every message is taken.
/// Returns the world, and the number of requests and the report of the first run.
fn run(platform: &'static str, answers: Vec<Response>) -> (World, usize, super::Report) {
    let left = Mutex::new(answers);
    let world = answered(platform, "", move |_| {
        let mut left = left.lock().unwrap();
        if left.is_empty() { taken(platform) } else { left.remove(0) }
    });
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    let report = world.publish();
    let requests = world.hook.requests().len();
    (world, requests, report)
}

#[test]
fn a_refused_message_is_sent_by_the_next_run() {
    let json = |body: &str| Response::ok(body);
    for (platform, answer, wanted) in [
        (
            "feishu",
            json("{\"code\": 19021, \"msg\": \"sign match fail\"}"),
            "code 19021: sign match fail (the secret",
        ),
        ("feishu", json("{\"code\": 19024, \"msg\": \"Key Words Not Found\"}"), "wants a keyword"),
        ("feishu", json("{\"code\": 9499, \"msg\": \"Bad Request\"}"), "code 9499: Bad Request"),
        (
            "dingtalk",
            json("{\"errcode\": 310000, \"errmsg\": \"sign not match\"}"),
            "code 310000: sign not match",
        ),
        (
            "dingtalk",
            json("{\"errcode\": 130101, \"errmsg\": \"send too fast\"}"),
            "a pause, for 600 s: code 130101",
        ),
        (
            "wecom",
            json("{\"errcode\": 93000, \"errmsg\": \"invalid webhook url\"}"),
            "code 93000: invalid webhook url",
        ),
        (
            "telegram",
            Response::status_with(
                400,
                "{\"ok\": false, \"error_code\": 400, \"description\": \"Bad Request: chat not found\"}",
            ),
            "code 400: Bad Request: chat not found (write the chat's number",
        ),
        (
            "telegram",
            Response::status_with(
                429,
                "{\"ok\": false, \"error_code\": 429, \"description\": \"Too Many Requests\", \
                 \"parameters\": {\"retry_after\": 90}}",
            ),
            "a pause, for 90 s: code 429",
        ),
        (
            "slack",
            Response::status_with(404, "no_service"),
            "status 404: no_service (the address in the variable",
        ),
        ("slack", Response::status_with(400, "invalid_payload"), "status 400: invalid_payload"),
        (
            "discord",
            Response::status_with(404, "{\"message\": \"Unknown Webhook\", \"code\": 10015}"),
            "status 404: Unknown Webhook (the address in the variable",
        ),
        ("json", Response::status(429).header("retry-after", "61"), "a pause, for 61 s: status 429"),
        ("json", Response::status(503), "the platform asks for a pause: status 503"),
        (
            "json",
            Response::redirect(302, "https://other.example/login"),
            "redirects to other.example (status 302)",
        ),
    ] {
        let (world, requests, report) = run(platform, vec![answer]);
        let found = messages(&report);
        assert!(!report.success && found.len() == 1 && found[0].contains(wanted), "{platform}: {found:?}");
        assert!(found[0].starts_with("t: a message was not sent: "), "{found:?}");
        assert_eq!((requests, report.targets[0].failed.len()), (1, 1), "{platform}");
        let again = world.announce();
        assert!(again.success && again.targets[0].sent.len() == 1, "{platform}: {:?}", messages(&again));
        assert_eq!(world.announce().targets[0].sent.len(), 0);
    }
}

#[test]
fn a_pause_that_a_platform_asks_for_is_kept() {
    let json = |body: &str| Response::ok(body);
    for (platform, answer) in [
        ("feishu", json("{\"code\": 11232, \"msg\": \"frequency limited psm\"}")),
        ("feishu", json("{\"code\": 9499, \"msg\": \"too many request\"}")),
        ("wecom", json("{\"errcode\": 45009, \"errmsg\": \"api freq out of limit\"}")),
        (
            "telegram",
            Response::status_with(
                429,
                "{\"ok\": false, \"error_code\": 429, \"description\": \"Too Many Requests\", \
                 \"parameters\": {\"retry_after\": 5}}",
            ),
        ),
        ("slack", Response::status_with(429, "rate_limited").header("retry-after", "30")),
        (
            "discord",
            Response::status_with(
                429,
                "{\"message\": \"You are being rate limited.\", \"retry_after\": 0.3, \"global\": false}",
            ),
        ),
        ("json", Response::status(503).header("retry-after", "Mon, 30 Nov 2026 04:00:30 GMT")),
    ] {
        let (_, requests, report) = run(platform, vec![answer.clone(), answer.clone()]);
        assert!(report.success && requests == 3, "{platform}: {requests}, {:?}", messages(&report));
        // At most three times for one message.
        let (_, requests, report) = run(platform, vec![answer; 5]);
        assert!(!report.success && requests == 4, "{platform}: {requests}, {:?}", messages(&report));
    }
}

#[test]
fn a_message_whose_answer_is_lost_counts_as_announced() {
    for platform in CHATS {
        let slow = taken(platform).stalled(Duration::from_secs(4));
        // A body whose half is a whole is no cut answer.
        let answers = if platform == "json" { vec![Response::none()] } else { vec![Response::none(), slow] };
        for answer in answers {
            let (world, requests, report) = run(platform, vec![answer]);
            let found = messages(&report);
            // An error, so that a person looks.
            assert!(!report.success && found.len() == 1, "{platform}: {found:?}");
            assert!(found[0].contains("may have arrived"), "{found:?}");
            let help = report.diagnostics[0].help.clone().unwrap();
            assert!(help.contains("/articles/a/"), "{help}");
            assert_eq!((requests, report.targets[0].uncertain.len()), (1, 1));
            assert_eq!(world.announce().targets[0].sent.len(), 0);
            assert_eq!(world.hook.requests().len(), 1, "{platform}");
        }
    }
}

#[test]
fn an_answer_that_is_not_known_counts_as_announced_and_is_an_error() {
    for platform in ["feishu", "dingtalk", "wecom", "telegram", "slack"] {
        let (_, _, report) = run(platform, vec![Response::ok("<html>Welcome</html>")]);
        assert!(!report.success && report.targets[0].uncertain.len() == 1, "{platform}");
    }
}

#[test]
fn a_server_or_gateway_that_failed_may_have_sent_the_message() {
    for platform in CHATS {
        for status in [408, 500, 502, 504] {
            let (world, _, report) = run(platform, vec![Response::status(status)]);
            let uncertain = report.targets[0].uncertain.len();
            assert!(!report.success && uncertain == 1, "{platform}, {status}: {:?}", messages(&report));
            assert_eq!(world.announce().targets[0].sent.len(), 0, "{platform}, {status}");
        }
    }
}

#[test]
fn two_unclear_answers_end_the_messages_of_a_target() {
    let world = World::known("to: slack, each: article", |_| Response::ok("<html>Welcome</html>"));
    for nth in 0..5 {
        world.article(&format!("a{nth}"), &format!("title: 第 {nth} 篇\ndate: 2026-11-30\n"));
    }
    let report = world.publish();
    assert_eq!((report.targets[0].uncertain.len(), report.targets[0].failed.len()), (2, 3));
}

#[test]
fn a_connection_that_is_refused_is_a_failure() {
    let mut world = World::known("to: slack", ok);
    let address = std::mem::replace(
        world.variables.get_mut("NEWSPRINT_T_URL").unwrap(),
        format!("http://127.0.0.1:1/{SECRET}"),
    );
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    let report = world.publish();
    assert_eq!(messages(&report), ["t: a message was not sent: the connection was refused"]);
    world.variables.insert("NEWSPRINT_T_URL".to_owned(), address);
    assert_eq!(world.announce().targets[0].sent.len(), 1);
}

#[test]
fn one_refused_message_does_not_keep_back_the_others() {
    let world = World::known("to: slack, each: article", |request| match request.body.contains("坏") {
        true => Response::status_with(400, "invalid_payload"),
        false => Response::ok("ok"),
    });
    world.article("a", "title: 坏\ndate: 2026-11-29\n");
    world.article("b", "title: 好\ndate: 2026-11-30\n");
    let target = &world.publish().targets[0];
    assert_eq!((target.sent.len(), target.failed.len()), (1, 1));
    // After two in a row, the target gets no more.
    for name in ["c", "d", "e"] {
        world.article(name, &format!("title: 坏 {name}\ndate: 2026-11-30\n"));
    }
    world.hook.take_log();
    let target = &world.publish().targets[0];
    assert_eq!((target.sent.len(), target.failed.len(), world.hook.take_log().len()), (0, 4, 2));
}

#[test]
fn an_excerpt_of_an_answer_holds_no_part_of_a_secret() {
    for length in [180, 187, 192] {
        let world = World::known("to: slack", move |_| {
            Response::status_with(400, &format!("{}{SECRET}", "x".repeat(length)))
        });
        world.article("a", "title: 甲\ndate: 2026-11-30\n");
        let report = format!("{:?}", world.publish());
        assert!(!report.contains(&SECRET[..6]), "{length}: {report}");
    }
}
