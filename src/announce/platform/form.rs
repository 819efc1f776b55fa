//! What a platform takes: the syntax of texts, limits, the request, and what its answers mean.

use std::io::Write;

use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

use crate::announce::access::Access;
use crate::render::announce::EscapeText;
use crate::text::excerpt::one_line;
use crate::text::invisible::steers_terminal;

/// The form of a platform's messages.
pub(in crate::announce) struct Form {
    /// The name of the platform's own template; `None` if a message is its data as JSON.
    pub(in crate::announce) template: Option<&'static str>,
    /// Writes a text, so that it shows as it is and notifies no one.
    pub(in crate::announce) escape: EscapeText,
    /// Writes an address, so that no character of it ends a link.
    pub(in crate::announce) url: fn(&str) -> String,
    /// The size of a message, in the unit of the platform's limit.
    pub(in crate::announce) size: fn(&Draft) -> usize,
    /// The largest size of a message.
    pub(in crate::announce) max: usize,
    /// The unit of the limit, for errors: `characters`, as a text of `marked!`.
    pub(in crate::announce) unit: &'static str,
    /// Seconds between two messages, within the platform's limit of messages in a minute.
    pub(in crate::announce) pause_s: u32,
    /// Makes the request of a message. The time is that of signatures, in seconds since 1970.
    pub(in crate::announce) request: fn(&Draft, &Access, i64) -> Request,
    /// What an answer with a status below 300 means, and the reason in others.
    pub(in crate::announce) judge: fn(&Answer) -> Verdict,
}

/// A message as text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(in crate::announce) struct Draft {
    /// Its title, as plain text.
    pub(in crate::announce) title: String,
    /// Its text, in the syntax of the platform.
    pub(in crate::announce) text: String,
}

/// A request with a body.
#[derive(Debug, Clone)]
pub(in crate::announce) struct Request {
    /// The address, which may be a secret.
    pub(in crate::announce) url: url::Url,
    /// The type of the body.
    pub(in crate::announce) content_type: &'static str,
    /// The body.
    pub(in crate::announce) body: String,
}

/// The type of bodies in JSON.
pub(in crate::announce) const JSON: &str = "application/json; charset=utf-8";

impl Request {
    /// A request whose body is this value in JSON.
    pub(in crate::announce) fn json(url: url::Url, body: &serde_json::Value) -> Self {
        Self { url, content_type: JSON, body: body.to_string() }
    }
}

/// The answer to a request.
#[derive(Debug)]
pub(in crate::announce) struct Answer {
    /// The status of HTTP.
    pub(in crate::announce) status: u16,
    /// Seconds to wait, by the header `Retry-After`.
    pub(in crate::announce) retry_after_s: Option<u64>,
    /// The beginning of the body.
    pub(in crate::announce) body: String,
}

impl Answer {
    /// The body as JSON; null if it is something else.
    pub(in crate::announce) fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.body).unwrap_or_default()
    }
}

/// What an answer means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::announce) enum Verdict {
    /// The message was sent.
    Sent,
    /// The platform asks for a pause, of so many seconds if it says so.
    Later(Option<u64>, String),
    /// The message was refused.
    Refused(String),
    /// Nothing tells whether the message was sent.
    Unclear(String),
}

/// The verdict about a platform that answers with a code: 0 if the message was sent.
/// `limits` are the codes of too many messages, each with the seconds to wait, `reasons` those
/// that a person can do something about, each with a text of `marked!`.
pub(super) fn judge_code(
    answer: &Answer,
    (code, message): (&str, &str),
    limits: &[(i64, Option<u64>)],
    reasons: &[(i64, &str)],
) -> Verdict {
    let json = answer.json();
    let Some(found) = json.get(code).and_then(serde_json::Value::as_i64) else {
        return judge_status(answer, || short(&answer.body));
    };
    let said = json.get(message).and_then(serde_json::Value::as_str).unwrap_or_default();
    let help = reasons.iter().find(|(known, _)| *known == found).map(|(_, help)| *help);
    let reason = tr!("code {code}: {said}", code = found, said = with_help(short(said), help));
    match limits.iter().find(|(known, _)| *known == found) {
        _ if found == 0 && answer.status < 300 => Verdict::Sent,
        Some((_, seconds)) => Verdict::Later(answer.retry_after_s.or(*seconds), reason),
        None => Verdict::Refused(reason),
    }
}

/// The verdict about an answer without a code of the platform. `said` is what the platform says.
pub(in crate::announce) fn judge_status(answer: &Answer, said: impl Fn() -> String) -> Verdict {
    let Answer { status, retry_after_s, .. } = answer;
    let said = said();
    let reason = match said.is_empty() {
        true => tr!("status {status}", status),
        false => tr!("status {status}: {said}", status, said),
    };
    match status {
        429 | 503 => Verdict::Later(*retry_after_s, reason),
        // A gateway that gave up, or a server that failed: the message may be behind it already.
        408 | 500.. => Verdict::Unclear(reason),
        400.. => Verdict::Refused(reason),
        // An error page of a proxy, or a form of the answer that is not known.
        _ => Verdict::Unclear(tr!("an answer that is not known ({reason})", reason)),
    }
}

/// What a platform says, with what a person can do about it: a text of `marked!`.
pub(super) fn with_help(said: String, help: Option<&str>) -> String {
    match help {
        Some(help) => tr!("{said} ({help})", said, help = tr!(help)),
        None => said,
    }
}

/// The beginning of a text of a server, on one line.
pub(in crate::announce) fn short(text: &str) -> String {
    one_line(text, 200)
}

/// The characters of an address that end a link in Markdown, HTML or Slack's syntax. `%` stays, as
/// an address is encoded once.
const RISKY: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'(')
    .add(b')')
    .add(b'*')
    .add(b'\\')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// An address in which such characters are encoded.
pub(super) fn plain_url(url: &str) -> String {
    utf8_percent_encode(url, RISKY).to_string()
}

/// The same in HTML.
pub(super) fn html_url(url: &str) -> String {
    plain_url(url).replace('&', "&amp;")
}

/// Writes each character of a text as `of` says; `None` is the character itself. Line breaks and
/// other control characters are blanks, so that no text begins a line. `of` gets the characters
/// before and after, too.
pub(super) fn write_mapped(
    text: &str,
    out: &mut dyn Write,
    of: impl Fn(Option<char>, char, &str) -> Option<String>,
) -> std::io::Result<()> {
    let mut before = None;
    for (at, c) in text.char_indices() {
        let rest = &text[at + c.len_utf8()..];
        match of(before, c, rest) {
            _ if c.is_control() || c == '\u{2028}' || c == '\u{2029}' => out.write_all(b" ")?,
            // Directions that go on behind the text would turn the rest of the message around.
            _ if steers_terminal(c) => {}
            Some(written) => out.write_all(written.as_bytes())?,
            None => out.write_all(c.encode_utf8(&mut [0; 4]).as_bytes())?,
        }
        before = Some(c);
    }
    Ok(())
}

/// True for an underscore inside of a word, which marks nothing.
fn is_inside_word(before: Option<char>, rest: &str) -> bool {
    before.is_some_and(char::is_alphanumeric) && rest.starts_with(char::is_alphanumeric)
}

/// Writes a text with the full-width forms of the characters that mark something: for platforms
/// whose Markdown has no documented escape. `marks` are the characters that mark anywhere.
pub(super) fn full_width(text: &str, out: &mut dyn Write, marks: &str) -> std::io::Result<()> {
    write_mapped(text, out, |before, c, rest| {
        let is_mark = match c {
            '_' => !is_inside_word(before, rest),
            '#' | '>' | '-' | '+' | '=' if before.is_none() => true,
            '&' => rest.split_once(';').is_some_and(|(name, _)| {
                !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '#')
            }),
            _ => marks.contains(c),
        };
        // The full-width forms stand in the order of ASCII (Unicode, Halfwidth and Fullwidth Forms).
        is_mark.then(|| char::from_u32(u32::from(c) + 0xFEE0).unwrap_or(c).to_string())
    })
}

/// The same for all marks of Markdown.
pub(super) fn full_width_markdown(text: &str, out: &mut dyn Write) -> std::io::Result<()> {
    full_width(text, out, "*[]<>`~\\|")
}

/// The length in UTF-16 units.
pub(super) fn units(draft: &Draft) -> usize {
    draft.text.encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_cannot_end_its_link() {
        assert_eq!(
            plain_url("https://e.org/a(b)<c>\"|`*?q=%20&r=中"),
            "https://e.org/a%28b%29%3Cc%3E%22%7C%60%2A?q=%20&r=%E4%B8%AD"
        );
        assert_eq!(html_url("https://e.org/?a=1&b=2"), "https://e.org/?a=1&amp;b=2");
    }

    #[test]
    fn full_width_forms_replace_marks_only() {
        let written = |text: &str| {
            let mut out = Vec::new();
            full_width_markdown(text, &mut out).unwrap();
            String::from_utf8(out).unwrap()
        };
        assert_eq!(written("[x](http://a) *b* <@all>"), "［x］(http://a) ＊b＊ ＜@all＞");
        assert_eq!(written("llama_cpp _x_ AT&T &lt;"), "llama_cpp ＿x＿ AT&T ＆lt;");
        assert_eq!(written("# a # b\n- c"), "＃ a # b - c");
        assert_eq!(written("甲\u{202e}乙\u{2066}丙"), "甲乙丙");
    }

    #[test]
    fn a_status_decides_without_a_code() {
        let judged = |status| {
            let answer = Answer { status, retry_after_s: Some(7), body: "<html>\n oops".to_owned() };
            judge_code(&answer, ("code", "msg"), &[], &[])
        };
        assert_eq!(judged(429), Verdict::Later(Some(7), "status 429: <html> oops".to_owned()));
        assert_eq!(judged(404), Verdict::Refused("status 404: <html> oops".to_owned()));
        for status in [408, 500, 502, 504] {
            assert!(matches!(judged(status), Verdict::Unclear(_)), "{status}");
        }
        assert!(matches!(judged(200), Verdict::Unclear(_)));
    }
}
