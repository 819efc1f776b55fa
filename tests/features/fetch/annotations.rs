//! From a feed through a model to articles: the example script, the checks of what comes back, and
//! the schema of records.

use std::io::Write as _;
use std::process::{Command, Stdio};

use serde_json::Value;

use super::server::{Response, Server, item, rss};
use super::{digest, fetch_at, records, time};
use crate::driver::Digest;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

fn feed() -> Server {
    let items = item("1", "https://news.example/1", "甲公司发布模型", 28)
        + &item("2", "https://news.example/2", "乙公司开源工具", 28);
    Server::start(move |_| Response::ok(rss(&items)))
}

/// Pipes a text through a program. Returns its output, what it said, and its exit code.
fn pipe(command: &mut Command, input: &str) -> (String, String, Option<i32>) {
    let command = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr), output.status.code())
}

/// A model: it annotates the first company, fails once with too many requests, and answers the
/// second company with prose.
fn model() -> Server {
    let asked = std::sync::atomic::AtomicUsize::new(0);
    Server::start(move |request| {
        if asked.fetch_add(1, std::sync::atomic::Ordering::SeqCst) == 0 {
            return Response::status(429).header("retry-after", "0");
        }
        let body: Value = serde_json::from_str(&request.body).unwrap();
        assert_eq!(request.header("authorization"), "Bearer key");
        let text = body["messages"][1]["content"].as_str().unwrap();
        let content = match text.contains("甲公司") {
            true => {
                r#"{"event": "甲公司发布模型。", "keywords": ["大模型"], "industries": [], "link": "https://evil.example/"}"#
            }
            false => "抱歉，我不能回答。",
        };
        Response::ok(serde_json::json!({"choices": [{"message": {"content": content}}]}).to_string())
    })
}

#[test]
fn the_example_annotator_adds_terms_and_passes_on_what_it_cannot_annotate() {
    let (feed, model) = (feed(), model());
    let digest = digest(&[("某报", &format!("{}/feed", feed.address), "keywords: [AI]")]);
    let fetched = digest.run(&["fetch", "--allow-private", "--to", "-"]);
    let script = format!("{ROOT}/examples/annotate.py");
    let mut python = Command::new("python3");
    python.arg(script).env("OPENAI_BASE_URL", format!("{}/v1/", model.address)).env("OPENAI_API_KEY", "key");
    for variable in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        python.env_remove(variable);
    }
    let (annotated, said, code) = pipe(&mut python, &fetched.stdout);
    assert_eq!(code, Some(1), "{said}");
    assert!(said.starts_with("annotate: 乙公司开源工具: "), "{said}");
    let lines: Vec<Value> = annotated.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines[0]["keywords"], serde_json::json!(["AI", "大模型"]));
    assert_eq!(lines[0]["link"], "https://news.example/1");
    assert_eq!(lines[1], records(&digest)[1]);
    let mut import = Command::new(crate::driver::newsprint());
    let (_, said, code) = pipe(import.args(["import", "-"]).current_dir(digest.path("")), &annotated);
    assert_eq!(code, Some(0), "{said}");
    let article = digest.read("content/articles/2026-11-28-甲公司发布模型.md");
    assert!(article.contains("event: 甲公司发布模型。\n") && article.contains("  - 大模型\n"), "{article}");
    assert!(article.contains("  id: "), "{article}");
    // The next run knows the articles.
    std::fs::remove_dir_all(digest.path("records")).unwrap();
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    assert_eq!(fetch_at(&digest, time("2026-11-30T08:30:00+08:00")).new, 0);
}

#[test]
fn an_annotation_that_changed_what_was_fetched_is_told_with_its_line() {
    let feed = feed();
    let digest = digest(&[("某报", &format!("{}/feed", feed.address), "")]);
    fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    let mut lines = records(&digest);
    lines[0]["link"] = "https://evil.example/".into();
    lines[1]["keywords"] = serde_json::json!(["这家公司今天发布了它的新模型并且开放了权重给所有的人"]);
    lines[1]["event"] = "这是一个比文章本身还要长得多的重大事件摘要。".into();
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let mut import = Command::new(crate::driver::newsprint());
    let (_, said, code) = pipe(import.args(["import", "-"]).current_dir(digest.path("")), &input);
    assert_eq!(code, Some(0), "{said}");
    for wanted in [
        "the link of this record is not the one that was fetched",
        "<stdin>:1:1",
        "reads like a sentence",
        "the key event has 22 characters, and the text 11",
        "<stdin>:2:1",
    ] {
        assert!(said.contains(wanted), "{wanted}: {said}");
    }
    // The same records without an annotation have no warning.
    let (_, said, _) = pipe(
        Command::new(crate::driver::newsprint())
            .args(["import", "records/", "--dry-run"])
            .current_dir(digest.path("")),
        "",
    );
    assert!(!said.contains("warning"), "{said}");
}

/// Compares a value with the part of JSON Schema that `record-1.json` uses.
fn assert_valid(value: &Value, schema: &Value, place: &str) {
    let kind = schema["type"].as_str().unwrap();
    match (kind, value) {
        ("object", Value::Object(members)) => {
            for name in schema["required"].as_array().unwrap() {
                assert!(members.contains_key(name.as_str().unwrap()), "{place} lacks {name}");
            }
            for (name, member) in members {
                let known = schema["properties"].get(name).unwrap_or(&schema["additionalProperties"]);
                assert_valid(member, known, &format!("{place}.{name}"));
            }
        }
        ("array", Value::Array(items)) => {
            items.iter().for_each(|item| assert_valid(item, &schema["items"], place));
        }
        ("string", Value::String(text)) => {
            let length = text.chars().count() as u64;
            assert!(length >= schema["minLength"].as_u64().unwrap_or(0), "{place} is empty");
            assert!(length <= schema["maxLength"].as_u64().unwrap_or(u64::MAX), "{place} is too long");
            if schema.get("pattern").is_some() {
                assert!(
                    chrono::NaiveDate::parse_from_str(&text[..10], "%Y-%m-%d").is_ok(),
                    "{place}: {text}"
                );
            }
        }
        _ => panic!("{place} is not a {kind}: {value}"),
    }
}

#[test]
fn records_are_as_their_schema_says() {
    let schema = std::fs::read_to_string(format!("{ROOT}/static/api/schema/record-1.json")).unwrap();
    let schema: Value = serde_json::from_str(&schema).unwrap();
    let long = "这是一句很长的话说明发生了什么".repeat(60);
    let server = Server::start(move |request| match request.path.as_str() {
        "/records" => Response::ok(
            "[{\"title\": \"甲\", \"event\": \"发布\", \"keywords\": [\"AI\"], \"date\": \"2026-11-28\"}]",
        ),
        _ => Response::ok(rss(&format!(
            "<item><title>乙</title><link>https://news.example/1</link><author>某人</author><category>AI</category>\
            <pubDate>Sat, 28 Nov 2026 00:00:00 GMT</pubDate><description>{long}</description></item>"
        ))),
    });
    let url = |path: &str| format!("{}/{path}", server.address);
    let digest = digest(&[
        ("甲", &url("records"), "industries: [制造]"),
        ("乙", &url("feed"), "language: zh\nfull_text: feed"),
    ]);
    fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    let all = records(&digest);
    assert_eq!(all.len(), 2);
    for record in &all {
        assert_valid(record, &schema, "record");
        for name in record.as_object().unwrap().keys() {
            let is_described = schema["properties"].get(name).is_some();
            assert!(is_described || ["keywords", "industries"].contains(&name.as_str()), "{name}");
        }
    }
    assert!(all[0].get("event").is_some() && all[1].get("content_markdown").is_some());
}

#[test]
fn a_record_as_it_was_fetched_does_not_replace_the_article_of_its_annotated_form() {
    let digest = Digest::new();
    let raw = r#"{"id":"urn:1","title":"甲公司发布新芯片","link":"https://example.org/1","summary":"今天发布。","date":"2026-01-02","fetched":"2026-01-02T08:00:00+08:00"}"#;
    let annotated = raw.replace("\"date\"", "\"event\":\"甲公司发布芯片\",\"keywords\":[\"芯片\"],\"date\"");
    digest.write("records/raw.jsonl", raw);
    digest.write("annotated.jsonl", annotated);
    assert!(digest.run(&["import", "annotated.jsonl"]).success);
    let articles = crate::driver::tree(&digest.path("content/articles"));
    let outcome = digest.run(&["import", "records/"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert_eq!(crate::driver::tree(&digest.path("content/articles")), articles);
    // The other way round, annotations are added.
    let other = Digest::new().file("raw.jsonl", raw).file("annotated.jsonl", digest.read("annotated.jsonl"));
    assert!(other.run(&["import", "raw.jsonl"]).success && other.run(&["import", "annotated.jsonl"]).success);
    let (_, text) = crate::driver::tree(&other.path("content/articles")).pop_first().unwrap();
    assert!(String::from_utf8(text).unwrap().contains("event: 甲公司发布芯片"));
}
