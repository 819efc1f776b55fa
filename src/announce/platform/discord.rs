//! Discord: a webhook of a channel.
//!
//! Source: docs.discord.com, "Webhook Resource: Execute Webhook", in the documentation of libraries
//! (read 2026-11-30). `POST` of JSON with `?wait=true`, so that the answer comes after the message
//! is stored; `content` of at most 2000 characters, counted here in UTF-16 units;
//! `allowed_mentions` with an empty `parse` notifies no one.
//!
//! Not read again: status 429 has `retry_after` in seconds, a fraction; a backslash escapes each
//! mark; flag 4 (`SUPPRESS_EMBEDS`) leaves out previews of links; the codes 10015 and 50027.

use std::io::{self, Write};

use serde_json::json;

use crate::announce::access::Access;
use crate::announce::platform::form::{Answer, Draft, Form, Request, Verdict, judge_status};
use crate::announce::platform::form::{plain_url, short, units, with_help, write_mapped};

pub(super) const FORM: Form = Form {
    template: Some("announce/discord.md"),
    escape,
    url: plain_url,
    size: units,
    max: 2000,
    unit: marked!("characters"),
    pause_s: 1,
    request,
    judge,
};

fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    write_mapped(text, out, |before, c, _| {
        let is_mark = "\\*_~`|<>[]():@".contains(c) || (before.is_none() && "#-+".contains(c));
        is_mark.then(|| format!("\\{c}"))
    })
}

fn request(draft: &Draft, access: &Access, _: i64) -> Request {
    let mut url = access.url().clone();
    url.query_pairs_mut().append_pair("wait", "true");
    let body = json!({"content": draft.text, "allowed_mentions": {"parse": []}, "flags": 4});
    Request::json(url, &body)
}

fn judge(answer: &Answer) -> Verdict {
    if answer.status < 300 {
        return Verdict::Sent;
    }
    let json = answer.json();
    let said = json["message"].as_str().map_or_else(|| short(&answer.body), short);
    let help = match json["code"].as_i64() {
        Some(10015 | 50027) => Some(marked!("the address in the variable is not that of a webhook")),
        _ => None,
    };
    // A fraction of a second is a second.
    let seconds = json["retry_after"].as_f64().filter(|seconds| (0.0..1e6).contains(seconds));
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    let seconds = seconds.map(|seconds| seconds.ceil() as u64);
    match judge_status(answer, || with_help(said.clone(), help)) {
        Verdict::Later(by_header, reason) => Verdict::Later(seconds.or(by_header), reason),
        verdict => verdict,
    }
}
