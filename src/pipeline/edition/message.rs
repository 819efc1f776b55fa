//! Writes a letter as a whole message (RFC 5322): headers, a text part and an HTML part.
//!
//! `mail-builder` encodes the headers and parts. Its defaults for the date, the message's id and
//! the boundary come from the clock, so all three are set: the same edition gives the same bytes.

use chrono::{NaiveDate, NaiveTime, TimeZone};
use mail_builder::MessageBuilder;
use mail_builder::headers::address::Address;
use mail_builder::headers::content_type::ContentType;
use mail_builder::headers::date::Date;
use mail_builder::mime::{BodyPart, MimePart};

use crate::config::{BaseUrl, Config};
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::site::calendar::Span;

/// The time of day of a message's date.
const HOUR: u32 = 8;

/// The parts of a message's headers.
pub(super) struct Letter<'o> {
    pub(super) config: &'o Config,
    pub(super) span: Span,
    /// The newest day of the edition, for the date.
    pub(super) day: NaiveDate,
    /// The edition's title, for the subject.
    pub(super) title: String,
    /// URL of the edition's page.
    pub(super) permalink: String,
    pub(super) from: Option<&'o str>,
    pub(super) to: Option<&'o str>,
}

/// Refuses addresses that are not `name@host` or `Name <name@host>`.
pub(super) fn check_addresses(from: Option<&str>, to: Option<&str>) -> Result<(), Diagnostic> {
    for (option, written) in [("--from", from), ("--to", to)] {
        if written.is_some_and(|written| mailbox(written).is_none()) {
            let written = written.unwrap_or_default();
            let help = tr!("write `name@example.org` or `Name <name@example.org>`");
            return Err(Diagnostic::error(tr!(
                "`{option} {written}` is not a mail address",
                option,
                written
            ))
            .help(help));
        }
    }
    Ok(())
}

/// The name and the address of a mailbox; `None` if the address is not one of ASCII with one `@`.
fn mailbox(written: &str) -> Option<(Option<&str>, &str)> {
    let (name, address) = match written.trim().strip_suffix('>') {
        Some(rest) => {
            let (name, address) = rest.rsplit_once('<')?;
            (Some(name.trim()).filter(|name| !name.is_empty()), address)
        }
        None => (None, written.trim()),
    };
    let (local, host) = address.split_once('@')?;
    let is_plain = |text: &str| {
        !text.is_empty()
            && text
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-/=?^_`{|}~.".contains(&byte))
    };
    let is_name = name.is_none_or(|name| !name.chars().any(char::is_control));
    (is_plain(local) && is_plain(host) && is_name).then_some((name, address))
}

/// The warning that the site's address is not set: that of a new digest, or this machine.
pub(super) fn unset_address(base_url: &BaseUrl) -> Option<Diagnostic> {
    let host = url::Url::parse(&base_url.origin).ok()?.host_str()?.to_owned();
    let is_unset = ["example.org", "example.com", "example.net", "localhost"].contains(&host.as_str());
    is_unset.then(|| {
        Diagnostic::warning(tr!("the links of this edition lead to {}", base_url.url()))
            .help(tr!("set `base_url` in newsprint.yaml to the address of the site, or use `--base-url`"))
    })
}

/// Writes the message.
pub(super) fn write(letter: &Letter<'_>, text: &[u8], html: &[u8]) -> Vec<u8> {
    let config = letter.config;
    let url = url::Url::parse(&config.base_url.origin).ok();
    let host = url.as_ref().and_then(url::Url::host_str).unwrap_or("localhost");
    let default_from = format!("newsletter@{host}");
    let from = letter.from.and_then(mailbox).unwrap_or((Some(config.title.as_str()), &default_from));
    let address =
        |(name, address): (Option<&str>, &str)| Address::new_address(name.map(normal), address.to_owned());
    let time = letter.day.and_time(NaiveTime::from_hms_opt(HOUR, 0, 0).unwrap_or_default());
    // A time that the zone skips does not exist; the one in UTC does.
    let date = config
        .timezone
        .from_local_datetime(&time)
        .earliest()
        .map_or_else(|| time.and_utc().timestamp(), |date| date.timestamp());
    let mark = Fingerprint::of(&letter.permalink).0;
    let subject = format!("{} · {}", config.title, letter.title);
    let parts = vec![MimePart::new("text/plain", crlf(text)), MimePart::new("text/html", crlf(html))];
    let kind = ContentType::new("multipart/alternative").attribute("boundary", boundary(text, html));
    let mut message = MessageBuilder::new()
        .from(address(from))
        .subject(normal(&subject))
        .date(Date::new(date))
        .message_id(format!("{}.{mark:032x}@{host}", letter.span.parts().join("-")))
        .body(MimePart::new(kind, BodyPart::Multipart(parts)));
    if let Some(to) = letter.to.and_then(mailbox) {
        message = message.to(address(to));
    }
    message.write_to_vec().unwrap_or_default()
}

/// The line between the parts of a message: made from both parts, so that no author of an article
/// knows it, and in neither of them.
fn boundary(text: &[u8], html: &[u8]) -> String {
    let mut mark = Fingerprint::of(&(text, html));
    loop {
        let boundary = format!("newsprint-{mark}");
        let is_in = |part: &[u8]| String::from_utf8_lossy(part).contains(&boundary);
        if !is_in(text) && !is_in(html) {
            return boundary;
        }
        mark = Fingerprint::of(&mark);
    }
}

/// A header's text with single blanks.
fn normal(text: &str) -> String {
    text.split_whitespace().collect::<Vec<&str>>().join(" ")
}

/// A text with the line ends of messages.
fn crlf(text: &[u8]) -> String {
    String::from_utf8_lossy(text).replace("\r\n", "\n").replace('\n', "\r\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mailbox_has_an_address_and_perhaps_a_name() {
        assert_eq!(mailbox("a@e.org"), Some((None, "a@e.org")));
        assert_eq!(mailbox(" 日报 <a.b+c@e.org> "), Some((Some("日报"), "a.b+c@e.org")));
        assert_eq!(mailbox("<a@e.org>"), Some((None, "a@e.org")));
        for wrong in [
            "",
            "a",
            "a@",
            "@e.org",
            "a b@e.org",
            "a@e.org, b@e.org",
            "a@b@c",
            "甲@e.org",
            "x\ny <a@e.org>",
            "a@e.org>",
        ] {
            assert_eq!(mailbox(wrong), None, "{wrong}");
        }
        assert!(check_addresses(Some("a@e.org"), None).is_ok());
        assert!(check_addresses(None, Some("x")).unwrap_err().message.contains("--to x"));
    }

    #[test]
    fn lines_end_as_in_messages() {
        assert_eq!(crlf(b"a\nb\r\nc\n"), "a\r\nb\r\nc\r\n");
        assert_eq!(normal(" a  b\u{3000}c\n"), "a b c");
    }
}
