//! Texts of articles show as they are and notify no one; long messages are split.

use serde_json::Value;

use super::platforms::{CHATS, world};
use super::{World, messages, ok};

/// The text of a message in the syntax of its platform.
fn text(platform: &str, body: &Value) -> String {
    let text = match platform {
        "feishu" => &body["card"]["body"]["elements"][0]["content"],
        "dingtalk" => &body["markdown"]["text"],
        "wecom" => &body["markdown_v2"]["content"],
        "discord" => &body["content"],
        "telegram" | "slack" => &body["text"],
        _ => &body["articles"][0]["title"],
    };
    text.as_str().unwrap().to_owned()
}

const HOSTILE: &str = "@everyone <@all> <!channel> <at id=all></at> <at user_id=\"all\">x</at> \
                       [点我](https://evil.example) **粗** `码` ~删~ <b>粗</b> &lt;@all&gt; _斜_ snake_case @bob";

#[test]
fn a_hostile_title_shows_as_text_and_notifies_no_one() {
    for platform in CHATS {
        let world = world(platform, "");
        world.article(
            "a",
            &format!("title: '{HOSTILE}'\ndate: 2026-11-30\nevent: '{HOSTILE}'\nsource: '<@all>'\n"),
        );
        let report = world.publish();
        assert!(report.success, "{platform}: {:?}", messages(&report));
        let shown = text(platform, &world.bodies()[0]);
        if platform == "json" {
            assert_eq!(shown, HOSTILE);
            continue;
        }
        // What the platform would show as markup, or as a mention.
        let marks = match platform {
            "telegram" => ["<b>粗", "@everyone", "@all", "@bob", "<at "],
            "slack" => ["*粗*", "`码`", "~删~", " _斜_", "<at "],
            _ => ["](https://evil", "**粗**", "`码`", "~删~", "_斜_"],
        };
        // Without what a backslash escapes.
        let bare = match platform {
            "discord" => shown
                .split('\\')
                .map(|part| part.trim_start_matches(|c: char| c.is_ascii_punctuation()))
                .collect(),
            _ => shown.clone(),
        };
        for mark in marks.iter().chain(&["<@all>", "<!channel>", "<at ", "<b>粗</b>"]) {
            assert!(!bare.contains(mark), "{platform}: {mark} in {bare}");
        }
        let visible = "snake case everyone 点我 粗 码 删 斜 evil.example";
        for word in visible.split(' ') {
            assert!(shown.contains(word), "{platform}: {word} in {shown}");
        }
        let escaped = match platform {
            "feishu" => "&#64;everyone &#60;&#64;all&#62;",
            "telegram" => "@\u{2060}everyone &lt;@\u{2060}all&gt;",
            "discord" => "\\@everyone \\<\\@all\\>",
            "slack" => "@everyone &lt;@all&gt; &lt;!channel&gt;",
            _ => "@everyone ＜@all＞ ＜!channel＞",
        };
        assert!(shown.contains(escaped), "{platform}: {shown}");
    }
}

#[test]
fn an_address_cannot_leave_its_link() {
    let template = "{{ articles[0].link }}|{{ articles[0].url }}";
    for platform in ["feishu", "dingtalk", "wecom", "telegram", "slack", "discord"] {
        let world = world(platform, ", template: own.txt");
        world.digest.write("templates/announce/own.txt", template);
        world.article("a", "title: 甲\ndate: 2026-11-30\nlink: https://e.example/a(b)?c=1&d=%3E|<x>*\n");
        let report = world.publish();
        assert!(report.success, "{:?}", messages(&report));
        let shown = text(platform, &world.bodies()[0]);
        let link = shown.split('|').next().unwrap();
        let amp = if matches!(platform, "telegram" | "slack") { "&amp;" } else { "&" };
        assert_eq!(link, format!("https://e.example/a%28b%29?c=1{amp}d=%3E%7C%3Cx%3E%2A"), "{platform}");
    }
}

/// The size of a message as the platform counts it.
fn size(platform: &str, body: &Value) -> (usize, usize) {
    let text = text(platform, body);
    match platform {
        "feishu" | "dingtalk" => (body.to_string().len(), 20_000),
        "wecom" => (text.len(), 4096),
        "slack" => (text.encode_utf16().count(), 4000),
        "discord" => (text.encode_utf16().count(), 2000),
        _ => {
            let tags = text.split('<').map(|part| part.split_once('>').map_or(part, |(_, rest)| rest));
            (tags.collect::<String>().encode_utf16().count(), 4096)
        }
    }
}

#[test]
fn a_long_message_is_split_between_articles_within_the_limit() {
    for platform in ["feishu", "dingtalk", "wecom", "telegram", "slack", "discord"] {
        let world = world(platform, "");
        for nth in 0..80 {
            let event = "重大事件的一句话摘要。".repeat(1 + nth % 12);
            world.article(
                &format!("n{nth:02}"),
                &format!("title: 编号{nth:02}终\ndate: 2026-11-30\nevent: {event}\n"),
            );
        }
        let report = world.publish();
        assert!(report.success && report.targets[0].sent.len() == 80, "{platform}: {:?}", messages(&report));
        let bodies = world.bodies();
        assert!(bodies.len() > 1, "{platform}");
        let mut found = Vec::new();
        for body in &bodies {
            let (size, limit) = size(platform, body);
            assert!(
                size <= limit && size * 4 > limit || body == bodies.last().unwrap(),
                "{platform}: {size}"
            );
            let text = text(platform, body);
            found.extend(text.split("编号").skip(1).map(|rest| rest[..2].parse::<usize>().unwrap()));
        }
        assert_eq!(found, (0..80).collect::<Vec<_>>(), "{platform}");
    }
}

#[test]
fn a_part_that_was_sent_is_recorded_before_the_next() {
    use crate::fetch::server::Response;
    let world = World::known("to: discord", |request| match request.body.contains("编号09") {
        true => Response::status_with(400, "{\"message\": \"no\"}"),
        false => Response::ok("{}"),
    });
    for nth in 0..10 {
        let event = "一句话。".repeat(100);
        world.article(
            &format!("n{nth:02}"),
            &format!("title: 编号{nth:02}\ndate: 2026-11-30\nevent: {event}\n"),
        );
    }
    let target = &world.publish().targets[0];
    let (sent, failed) = (target.sent.len(), target.failed.len());
    assert!(sent > 0 && failed > 0 && sent + failed == 10, "{target:?}");
    assert_eq!(world.announce().targets[0].failed.len(), failed);
}

#[test]
fn a_single_long_article_is_cut_at_its_summary() {
    let world = world("discord", "");
    world.article("a", &format!("title: 长文\ndate: 2026-11-30\nevent: {}\n", "很长的摘要。".repeat(900)));
    assert!(world.publish().success);
    let body = &world.bodies()[0];
    let (size, limit) = size("discord", body);
    let text = text("discord", body);
    assert!(size <= limit && size + 4 > limit, "{size}");
    assert!(text.contains("…\n") && text.ends_with("/2026/11/30/>)"), "{text}");
}

#[test]
fn a_template_of_the_digest_replaces_that_of_the_platform() {
    let world = World::known("to: slack, template: own.txt", ok);
    let template = "{% for a in articles %}{{ a.title }} {{ a.terms | join(sep=\"、\") }} {{ a.date }} \
                    {{ part }}\n\
                    {% endfor %}{{ edition.date }} {{ words.web_version }}";
    world.digest.write("templates/announce/own.txt", template);
    world.article("a", "title: <甲>\ndate: 2026-11-30\nkeywords: [开源, 芯片]\n");
    let report = world.publish();
    assert!(report.success, "{:?}", messages(&report));
    assert_eq!(world.bodies()[0]["text"], "&lt;甲&gt; 开源、芯片 2026-11-30 1\n2026-11-30 网页版");
    // The templates of messages make no page.
    let before = world.digest.site();
    world.digest.write("templates/announce/own.txt", "{{ digest.title }}");
    let outcome = world.digest.build();
    assert!(
        outcome.stderr.contains(": 0 files written") && !outcome.stderr.contains("warning"),
        "{}",
        outcome.stderr
    );
    assert!(world.digest.site() == before);
}

#[test]
fn a_mistake_in_a_template_has_its_place() {
    let world = World::known("to: slack, template: own.txt", ok);
    world.article("a", "title: 甲\ndate: 2026-11-30\n");
    world.digest.build();
    for (template, message) in [("{{ 1 +* 2 }}", ""), ("x\n{{ nothing.here }}", "nothing")] {
        world.digest.write("templates/announce/own.txt", template);
        let report = world.announce();
        let found = &report.diagnostics[0];
        assert!(!report.success && found.message.contains(message), "{found:?}");
        let place = found.place.clone().unwrap();
        assert_eq!(place.path, "templates/announce/own.txt", "{found:?}");
    }
    world.digest.remove("templates/announce/own.txt");
    let report = world.announce();
    assert!(messages(&report)[0].contains("there is no template templates/announce/own.txt"));
    world.digest.write("templates/announce/own.txt", "无");
    world.digest.write("templates/announce/own.txt", "长".repeat(4001));
    let report = world.announce();
    assert!(messages(&report)[0].ends_with("has more than 4000 characters"), "{:?}", messages(&report));
    assert_eq!(world.bodies().len(), 0);
}
