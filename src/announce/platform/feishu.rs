//! 飞书 and Lark: a custom bot of a group.
//!
//! Sources, read 2026-11-30: open.feishu.cn, "自定义机器人使用指南" and "频控策略". `POST` of JSON of at most 20
//! KB; 100 messages a minute and 5 a second; code 11232 under load, most at full and half hours. An
//! answer has `code` 0 if the message was sent, else a code and `msg`. By copies of the first page:
//! the signature is HMAC-SHA-256 of an empty text with the key `timestamp\nsecret`, in Base64.
//!
//! Not confirmed by a page that could be read: the codes 9499 and 190xx, and that HTML entities
//! show the characters that mark something in a card's Markdown. `<at id=all></at>` would notify
//! the group there; the entity of `<` prevents it in any case.

use std::io::{self, Write};

use serde_json::json;

use crate::announce::access::Access;
use crate::announce::platform::form::{Answer, Draft, Form, Request, Verdict, judge_code, plain_url};
use crate::announce::platform::form::{short, write_mapped};

pub(super) const FORM: Form = Form {
    template: Some("announce/feishu.md"),
    escape,
    url: plain_url,
    size: |draft| body(draft).to_string().len() + SIGNATURE_BYTES,
    max: 20_000,
    unit: marked!("bytes"),
    pause_s: 1,
    request,
    judge,
};

/// Room for the fields of the signature.
const SIGNATURE_BYTES: usize = 120;

fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    write_mapped(text, out, |_, c, _| {
        let is_mark = "<>&*_[]()#~-!:/\\`$|@\"'{}^=+".contains(c);
        is_mark.then(|| format!("&#{};", u32::from(c)))
    })
}

fn body(draft: &Draft) -> serde_json::Value {
    json!({
        "msg_type": "interactive",
        "card": {
            "schema": "2.0",
            "header": {"title": {"tag": "plain_text", "content": short(&draft.title)}},
            "body": {"elements": [{"tag": "markdown", "content": draft.text}]},
        },
    })
}

fn request(draft: &Draft, access: &Access, seconds: i64) -> Request {
    let mut body = body(draft);
    if let Some(secret) = access.secret() {
        let sign = access.signature(&format!("{seconds}\n{secret}"), "");
        body["timestamp"] = json!(seconds.to_string());
        body["sign"] = json!(sign);
    }
    Request::json(access.url().clone(), &body)
}

fn judge(answer: &Answer) -> Verdict {
    let limits = [(9499, Some(1)), (11232, Some(10))];
    let reasons = [
        (19001, marked!("the address in the variable is not that of a bot")),
        (19021, marked!("the secret is not that of the bot, or the clock of this machine is wrong")),
        (19022, marked!("add the address of this machine to the bot's list")),
        (19024, marked!("the bot wants a keyword: put it into the template")),
    ];
    let verdict = judge_code(answer, ("code", "msg"), &limits, &reasons);
    // 9499 is also the answer to a request that is not valid.
    let json = answer.json();
    let is_about_many = json["msg"].as_str().is_some_and(|said| said.contains("many"));
    match verdict {
        Verdict::Later(_, reason) if json["code"].as_i64() == Some(9499) && !is_about_many => {
            Verdict::Refused(reason)
        }
        _ => verdict,
    }
}
