//! 企业微信: message push to a group.
//!
//! Source: developer.work.weixin.qq.com/document/path/99110, "消息推送配置说明", of 2025-08-07 (read
//! 2026-11-30). `POST` of JSON. Unlike `markdown`, `markdown_v2` does not know `<@userid>`: it
//! notifies no one. The content has at most 4096 bytes of UTF-8 (code 40058 says so of `markdown`).
//! An answer has `errcode` 0 if the message was sent.
//!
//! Not confirmed by a page that could be read: 20 messages a minute, and the codes 45009, 45033 and
//! 93000. No escape is documented.

use serde_json::json;

use crate::announce::access::Access;
use crate::announce::platform::form::{Answer, Draft, Form, Request, Verdict, full_width_markdown};
use crate::announce::platform::form::{judge_code, plain_url};

pub(super) const FORM: Form = Form {
    template: Some("announce/wecom.md"),
    escape: full_width_markdown,
    url: plain_url,
    size: |draft| draft.text.len(),
    max: 4096,
    unit: marked!("bytes"),
    pause_s: 3,
    request,
    judge,
};

fn request(draft: &Draft, access: &Access, _: i64) -> Request {
    let body = json!({"msgtype": "markdown_v2", "markdown_v2": {"content": draft.text}});
    Request::json(access.url().clone(), &body)
}

fn judge(answer: &Answer) -> Verdict {
    let reasons = [(93_000, marked!("the key in the variable is not that of a group's message push"))];
    judge_code(answer, ("errcode", "errmsg"), &[(45_009, Some(60)), (45_033, Some(10))], &reasons)
}
