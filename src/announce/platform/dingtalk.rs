//! 钉钉: a custom robot of a group.
//!
//! Source: copies of open.dingtalk.com, "自定义机器人接入" and its page on security, of 2022 to 2024 (read
//! 2026-11-30). `POST` of JSON. More than 20 messages a minute stop the robot for 10 minutes (code
//! 130101). The signature is HMAC-SHA-256 of `timestamp\nsecret` with the key `secret`, in Base64,
//! in the query with the timestamp in milliseconds. An answer has `errcode` 0 if the message was
//! sent; 310000 stands for the security settings. People are notified by `at` alone.
//!
//! Not confirmed by a page that could be read: the limit of 20,000 bytes, and the codes 300001 and
//! 410100. No escape of its Markdown is documented.

use serde_json::json;

use crate::announce::access::Access;
use crate::announce::platform::form::{Answer, Draft, Form, Request, Verdict, full_width_markdown};
use crate::announce::platform::form::{judge_code, plain_url, short};

pub(super) const FORM: Form = Form {
    template: Some("announce/dingtalk.md"),
    escape: full_width_markdown,
    url: plain_url,
    size: |draft| body(draft).to_string().len(),
    max: 20_000,
    unit: marked!("bytes"),
    pause_s: 3,
    request,
    judge,
};

fn body(draft: &Draft) -> serde_json::Value {
    json!({
        "msgtype": "markdown",
        "markdown": {"title": short(&draft.title), "text": draft.text},
        "at": {"atMobiles": [], "atUserIds": [], "isAtAll": false},
    })
}

fn request(draft: &Draft, access: &Access, seconds: i64) -> Request {
    let mut url = access.url().clone();
    if let Some(secret) = access.secret() {
        let milliseconds = seconds * 1000;
        let sign = access.signature(secret, &format!("{milliseconds}\n{secret}"));
        url.query_pairs_mut().append_pair("timestamp", &milliseconds.to_string()).append_pair("sign", &sign);
    }
    Request::json(url, &body(draft))
}

fn judge(answer: &Answer) -> Verdict {
    let limits = [(130_101, Some(600)), (410_100, Some(600)), (90_030, None)];
    let reasons = [
        (300_001, marked!("the token in the variable is not that of a robot")),
        (
            310_000,
            marked!("the robot wants a keyword in the template, a signature, or this machine on its list"),
        ),
    ];
    judge_code(answer, ("errcode", "errmsg"), &limits, &reasons)
}
