//! Slack: an incoming webhook.
//!
//! Sources, read 2026-11-30: docs.slack.dev, "Formatting message text" and "Rate limits"; changelog
//! 2018-04, "Truncating really long messages". `POST` of JSON; `text` is cut at 40,000 characters,
//! and messages above 4,000 are folded or split: newsprint keeps to 4,000. One message a second;
//! status 429 has `Retry-After`. `&`, `<` and `>` are written as entities, so that `<!channel>`
//! notifies no one; the other marks have no escape.
//!
//! Of "Sending messages using incoming webhooks", not read again: the answer is `ok` as plain text,
//! or a status with the name of an error.

use std::io::{self, Write};

use serde_json::json;

use crate::announce::access::Access;
use crate::announce::platform::form::{Answer, Draft, Form, Request, Verdict, html_url};
use crate::announce::platform::form::{full_width, judge_status, short, units, with_help};

pub(super) const FORM: Form = Form {
    template: Some("announce/slack.txt"),
    escape,
    url: html_url,
    size: units,
    max: 4000,
    unit: marked!("characters"),
    pause_s: 1,
    request,
    judge,
};

fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    let mut marked = Vec::new();
    full_width(text, &mut marked, "*`~|")?;
    let marked = String::from_utf8_lossy(&marked);
    let escaped = marked.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    out.write_all(escaped.as_bytes())
}

fn request(draft: &Draft, access: &Access, _: i64) -> Request {
    let body = json!({
        "text": draft.text,
        "mrkdwn": true,
        "unfurl_links": false,
        "unfurl_media": false,
    });
    Request::json(access.url().clone(), &body)
}

fn judge(answer: &Answer) -> Verdict {
    let said = answer.body.trim();
    if answer.status < 300 && said == "ok" {
        return Verdict::Sent;
    }
    let help = match said {
        "no_service" | "invalid_token" | "no_team" | "team_disabled" => {
            Some(marked!("the address in the variable is not that of a webhook"))
        }
        "channel_is_archived" | "channel_not_found" => {
            Some(marked!("choose another channel for the webhook"))
        }
        "action_prohibited" | "posting_to_general_channel_denied" => {
            Some(marked!("the channel's rules forbid it"))
        }
        _ => None,
    };
    judge_status(answer, || with_help(short(said), help))
}
