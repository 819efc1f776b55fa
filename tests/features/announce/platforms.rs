//! The form of each platform's request.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::{SECRET, World, messages};
use crate::fetch::server::{Request, Response};

/// The answer of each platform to a message that it takes.
pub(super) fn taken(platform: &str) -> Response {
    match platform {
        "slack" => Response::ok("ok"),
        "discord" => Response::ok("{\"id\": \"1\"}"),
        "telegram" => Response::ok("{\"ok\": true, \"result\": {}}"),
        "feishu" => Response::ok("{\"code\": 0, \"msg\": \"success\", \"data\": {}}"),
        "dingtalk" | "wecom" => Response::ok("{\"errcode\": 0, \"errmsg\": \"ok\"}"),
        _ => Response::status(204),
    }
}

pub(super) const CHATS: [&str; 7] = ["feishu", "dingtalk", "wecom", "telegram", "slack", "discord", "json"];

/// A world of a platform that takes every message; Telegram's server is the endpoint.
pub(super) fn world(platform: &'static str, settings: &str) -> World {
    answered(platform, settings, move |_| taken(platform))
}

pub(super) fn answered(
    platform: &str,
    settings: &str,
    answer: impl Fn(&Request) -> Response + Send + Sync + 'static,
) -> World {
    let mut world = World::known(&format!("to: {platform}{settings}"), answer);
    if platform == "telegram" {
        world.variables.insert("NEWSPRINT_T_URL".to_owned(), world.hook.address.clone());
    }
    world
}

/// The request of one new article.
fn request(platform: &'static str, secret: Option<&str>) -> (Request, Value) {
    let mut world = world(platform, "");
    if let Some(secret) = secret {
        world.variables.insert("NEWSPRINT_T_SECRET".to_owned(), secret.to_owned());
    }
    let fields = "title: 新模型\ndate: 2026-11-30 09:00\nsource: 某报\nevent: 一件事\nlink: https://news.example/1\n\
                  keywords: [开源]\n";
    world.article("a", fields);
    let report = world.publish();
    assert!(report.success && report.targets[0].requests_sent == 1, "{platform}: {:?}", messages(&report));
    let request = world.hook.requests().remove(0);
    assert!(request.header("user-agent").starts_with("newsprint/"), "{request:?}");
    assert_eq!(request.header("content-type"), "application/json; charset=utf-8");
    assert_eq!(request.header("content-length"), request.body.len().to_string());
    let mut body: Value = serde_json::from_str(&request.body).unwrap();
    let site = &world.site.address;
    let plain = body.to_string().replace(&format!("{site}/"), "https://site/");
    body = serde_json::from_str(&plain).unwrap();
    (request, body)
}

const TEXT: &str = "### 测试日报 · 2026年11月30日 星期一\n\n**[新模型](https://site/articles/a/)** · 某报\n\n一件事\n\n\
                    [网页版](https://site/2026/11/30/)";

#[test]
fn feishu_gets_a_signed_card() {
    let (request, body) = request("feishu", Some("key"));
    assert_eq!(request.path, format!("/hook/{SECRET}"));
    let text = "**[新模型](https://site/articles/a/)** · 某报\n一件事\n\n[网页版](https://site/2026/11/30/)";
    assert_eq!(body["card"]["body"]["elements"], json!([{"tag": "markdown", "content": text}]));
    let title = json!({"tag": "plain_text", "content": "测试日报 · 2026年11月30日 星期一"});
    assert_eq!((&body["msg_type"], &body["card"]["header"]["title"]), (&json!("interactive"), &title));
    // base64(HMAC-SHA-256 of nothing with the key "1796011200\nkey"), by Python's hmac.
    assert_eq!(
        (&body["timestamp"], &body["sign"]),
        (&json!("1796011200"), &json!("amp6c3LzbLlM1IDC4kBje019H9rhIH1+yyaX32UQ1OU="))
    );
}

#[test]
fn dingtalk_gets_markdown_with_a_signature_in_the_query() {
    let (request, body) = request("dingtalk", Some("key"));
    let title = "测试日报 · 2026年11月30日 星期一";
    let wanted = json!({
        "msgtype": "markdown",
        "markdown": {"title": title, "text": TEXT},
        "at": {"atMobiles": [], "atUserIds": [], "isAtAll": false},
    });
    assert_eq!(body, wanted);
    let wanted = format!(
        "/hook/{SECRET}?timestamp=1796011200000&sign=HzYaibgp3AUuGu3q2xZB08r4R6Fo%2Frf9lf25sMRK%2FZQ%3D"
    );
    assert_eq!(request.path, wanted);
}

#[test]
fn wecom_gets_markdown_that_knows_no_mentions() {
    let (request, body) = request("wecom", None);
    assert_eq!(request.path, format!("/hook/{SECRET}"));
    assert_eq!(body, json!({"msgtype": "markdown_v2", "markdown_v2": {"content": TEXT}}));
}

#[test]
fn telegram_gets_html_for_a_chat() {
    let (request, body) = request("telegram", None);
    assert_eq!(request.path, format!("/bot123:{SECRET}/sendMessage"));
    let text = "<b>测试日报 · 2026年11月30日 星期一</b>\n\n<a href=\"https://site/articles/a/\">新模型</a> · 某报\n\
                一件事\n\n<a href=\"https://site/2026/11/30/\">网页版</a>";
    let wanted = json!({
        "chat_id": "-1001234567890",
        "text": text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": true},
    });
    assert_eq!(body, wanted);
}

#[test]
fn slack_gets_its_own_markup() {
    let (_, body) = request("slack", None);
    let text = "*测试日报 · 2026年11月30日 星期一*\n\n<https://site/articles/a/|新模型> · 某报\n一件事\n\n\
                <https://site/2026/11/30/|网页版>";
    let wanted = json!({"text": text, "mrkdwn": true, "unfurl_links": false, "unfurl_media": false});
    assert_eq!(body, wanted);
}

#[test]
fn discord_gets_markdown_without_mentions_and_previews() {
    let (request, body) = request("discord", None);
    assert_eq!(request.path, format!("/hook/{SECRET}?wait=true"));
    let text = "**测试日报 · 2026年11月30日 星期一**\n\n**[新模型](<https://site/articles/a/>)** · 某报\n一件事\n\n\
                [网页版](<https://site/2026/11/30/>)";
    assert_eq!(body, json!({"content": text, "allowed_mentions": {"parse": []}, "flags": 4}));
}

#[test]
fn any_other_address_gets_the_data() {
    let (_, body) = request("json", None);
    let wanted = json!({
        "version": 1,
        "digest": {"title": "测试日报", "url": "https://site/"},
        "edition": {
            "title": "2026年11月30日 星期一",
            "url": "https://site/2026/11/30/",
            "date": "2026-11-30",
        },
        "articles": [{
            "title": "新模型",
            "url": "https://site/articles/a/",
            "source": "某报",
            "link": "https://news.example/1",
            "summary": "一件事",
            "terms": ["开源"],
            "date": "2026-11-30T09:00:00+08:00",
        }],
    });
    assert_eq!(body, wanted);
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/static/api/schema/announcement-1.json");
    let schema: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let article = (&body["articles"][0], &schema["properties"]["articles"]["items"]);
    let parts = ["digest", "edition"].map(|name| (&body[name], &schema["properties"][name]));
    for (value, schema) in [(&body, &schema), article].into_iter().chain(parts) {
        let names = |object: &Value| object.as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
        let required = schema["required"].as_array().unwrap().iter();
        let required = required.map(|name| name.as_str().unwrap().to_owned()).collect::<BTreeSet<_>>();
        assert_eq!(names(value), names(&schema["properties"]));
        assert_eq!(names(value), required);
    }
}

#[test]
fn a_message_is_about_a_day_or_about_an_article() {
    for (settings, wanted) in [("", vec![1, 2]), (", each: article", vec![1, 1, 1])] {
        let world = world("json", settings);
        world.article("a", "title: 甲\ndate: 2026-11-29\n");
        world.article("b", "title: 乙\ndate: 2026-11-30 08:00\n");
        world.article("c", "title: 丙\ndate: 2026-11-30 09:00\n");
        world.publish();
        let bodies = world.bodies();
        let counts: Vec<usize> =
            bodies.iter().map(|body| body["articles"].as_array().unwrap().len()).collect();
        assert_eq!(counts, wanted);
        // The oldest first; within a day as on its page.
        let titles: Vec<&str> = bodies
            .iter()
            .flat_map(|body| body["articles"].as_array().unwrap())
            .map(|article| article["title"].as_str().unwrap())
            .collect();
        let order = if settings.is_empty() { ["甲", "丙", "乙"] } else { ["甲", "乙", "丙"] };
        assert_eq!(titles, order);
        assert_eq!(bodies[0]["edition"].is_null(), !settings.is_empty());
    }
}
