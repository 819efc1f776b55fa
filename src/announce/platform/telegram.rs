//! Telegram: a bot that writes to a chat.
//!
//! Source: core.telegram.org/bots/api, "sendMessage" (read 2026-11-30). `POST` of JSON; a text of 1
//! to 4096 characters after the tags are parsed, counted here in UTF-16 units.
//!
//! Of other parts of the same page, not read again: an answer has `ok`; too many requests have
//! status 429 and `parameters.retry_after` in seconds; `parse_mode: HTML` wants `&`, `<`, `>` as
//! entities; 20 messages a minute to a group. In a text, `@name` notifies a member: a word joiner
//! after `@` prevents it.

use std::io::{self, Write};

use serde_json::json;

use crate::announce::access::Access;
use crate::announce::platform::form::{Answer, Draft, Form, Request, Verdict, html_url};
use crate::announce::platform::form::{judge_status, short, with_help, write_mapped};

pub(super) const FORM: Form = Form {
    template: Some("announce/telegram.html"),
    escape,
    url: html_url,
    size: |draft| shown_units(&draft.text),
    max: 4096,
    unit: marked!("characters"),
    pause_s: 3,
    request,
    judge,
};

fn escape(text: &str, out: &mut dyn Write) -> io::Result<()> {
    write_mapped(text, out, |_, c, rest| {
        let entity = match c {
            '&' => "&amp;",
            '<' => "&lt;",
            '>' => "&gt;",
            '"' => "&quot;",
            '@' if rest.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_') => "@\u{2060}",
            _ => return None,
        };
        Some(entity.to_owned())
    })
}

/// The UTF-16 units of a text without its tags. An entity counts as one.
fn shown_units(html: &str) -> usize {
    let mut units = 0;
    let mut rest = html;
    while let Some(c) = rest.chars().next() {
        let end = match c {
            '<' => rest.find('>').map_or(rest.len(), |end| end + 1),
            '&' => {
                units += 1;
                rest.find(';').map_or(1, |end| end + 1)
            }
            _ => {
                units += c.len_utf16();
                c.len_utf8()
            }
        };
        rest = &rest[end..];
    }
    units
}

fn request(draft: &Draft, access: &Access, _: i64) -> Request {
    let body = json!({
        "chat_id": access.chat(),
        "text": draft.text,
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": true},
    });
    Request::json(access.url().clone(), &body)
}

fn judge(answer: &Answer) -> Verdict {
    let json = answer.json();
    let said = json["description"].as_str().unwrap_or_default();
    match json["ok"].as_bool() {
        Some(true) if answer.status < 300 => Verdict::Sent,
        Some(_) => {
            let code = json["error_code"].as_u64().unwrap_or_else(|| u64::from(answer.status));
            let help = match code {
                401 | 404 => Some(marked!("the token in the variable is not that of a bot")),
                403 => Some(marked!("add the bot to the chat, and let it write there")),
                _ if said.contains("chat not found") => {
                    Some(marked!("write the chat's number, such as -1001234567890, or @channel"))
                }
                _ => None,
            };
            let reason = tr!("code {code}: {said}", code, said = with_help(short(said), help));
            let seconds = json["parameters"]["retry_after"].as_u64().or(answer.retry_after_s);
            match code {
                429 | 503 => Verdict::Later(seconds, reason),
                _ => Verdict::Refused(reason),
            }
        }
        None => judge_status(answer, || short(&answer.body)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_count_nothing_and_entities_one() {
        assert_eq!(shown_units("<a href=\"https://e.org/\">甲&amp;𠀀</a>\n"), 5);
        assert_eq!(shown_units("<b"), 0);
    }
}
