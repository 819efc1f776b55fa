//! Keeps the secrets of private addresses, as in `feed?token=…`, out of records, reports and the
//! state.
//!
//! A part of a query is a secret if its name says so, or if its value looks random. A secret in the
//! path of an address cannot be told from a name.

use std::borrow::Cow;

use serde::Serializer;
use url::Url;

use crate::diagnostic::Diagnostic;
use crate::fetch::entry::Entry;
use crate::fingerprint::Fingerprint;
use crate::link;

/// Names of parameters whose value is a secret.
const NAMES: [&str; 9] = ["auth", "code", "key", "k", "pass", "pwd", "sid", "sig", "uid"];
/// Parts of such names.
const PARTS: [&str; 8] = ["token", "secret", "signature", "passw", "apikey", "api_key", "api-key", "session"];
/// Characters from which on a value of letters and digits looks random.
const MIN_RANDOM: usize = 20;
/// Characters of a secret that is also removed from texts.
const MIN_IN_TEXT: usize = 8;
/// What stands for a secret in reports.
const MASK: &str = "***";

fn is_secret(name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    let has = |is: fn(char) -> bool| value.contains(is);
    let is_random = value.len() >= MIN_RANDOM
        && has(|c| c.is_ascii_digit())
        && has(|c| c.is_ascii_alphabetic())
        && value.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.'));
    !value.is_empty()
        && (is_random || NAMES.contains(&name.as_str()) || PARTS.iter().any(|part| name.contains(part)))
}

/// The name and the value of one part of a query, as they are written.
fn pair(part: &str) -> (&str, &str) {
    part.split_once('=').unwrap_or((part, ""))
}

/// An address whose secrets are replaced by `***`, for reports.
pub(super) fn shown(address: &Url) -> String {
    let Some(query) = address.query() else { return address.to_string() };
    let parts = query.split('&').map(|part| match pair(part) {
        (name, value) if is_secret(name, value) => Cow::Owned(format!("{name}={MASK}")),
        _ => Cow::Borrowed(part),
    });
    let query = parts.collect::<Vec<_>>().join("&");
    let mut address = address.clone();
    address.set_query(Some(&query));
    address.to_string()
}

/// `shown` for the text of an address. A text without a secret is returned as it is.
#[must_use]
pub(super) fn shown_text(address: &str) -> String {
    let shown =
        Url::parse(address).ok().and_then(|url| Some(shown(&url)).filter(|shown| shown != url.as_str()));
    shown.unwrap_or_else(|| address.to_owned())
}

/// Serialises an address with its secrets replaced, for reports in JSON.
pub(super) fn serialize<S: Serializer>(address: &str, to: S) -> Result<S::Ok, S::Error> {
    to.serialize_str(&shown_text(address))
}

/// Serialises addresses with their secrets replaced.
pub(super) fn serialize_all<S: Serializer>(addresses: &[String], to: S) -> Result<S::Ok, S::Error> {
    to.collect_seq(addresses.iter().map(|address| shown_text(address)))
}

/// A text in which the secrets of the addresses are replaced.
fn masked(text: &str) -> String {
    let mut all = String::with_capacity(text.len());
    for (nth, part) in text.split_inclusive(['?', '&']).enumerate() {
        let ends = |c: char| c.is_whitespace() || "&?\"'`<>#()[]{},，。；".contains(c);
        let (name, value) = pair(part);
        let value = value.split(ends).next().unwrap_or_default();
        // An `&` in XML is `&amp;`.
        let name = name.strip_prefix("amp;").unwrap_or(name);
        match nth > 0 && is_secret(name, value) {
            true => all.push_str(&part.replacen(&format!("={value}"), &format!("={MASK}"), 1)),
            false => all.push_str(part),
        }
    }
    all
}

/// Replaces the secrets of addresses in a diagnostic: in its texts, and in the line that it shows.
#[must_use]
pub(super) fn hidden(mut diagnostic: Diagnostic) -> Diagnostic {
    diagnostic.message = masked(&diagnostic.message);
    diagnostic.help = diagnostic.help.map(|help| masked(&help));
    if let Some(place) = &mut diagnostic.place {
        // The mark keeps its start: a secret before it is in another address of the same line.
        let text = masked(&place.text);
        if text != place.text {
            let length = |range: std::ops::Range<usize>| {
                place.text.get(range).map(|part| masked(part).len()).unwrap_or_default()
            };
            let start = length(0..place.range.start);
            let end = start + length(place.range.clone());
            let is_mark = text.is_char_boundary(start) && text.is_char_boundary(end);
            place.range = if is_mark { start..end } else { 0..0 };
            place.text = text;
        }
    }
    diagnostic
}

/// The key of a source in the state: its address, in which a fingerprint stands for secrets.
pub(super) fn state_key(address: &Url) -> String {
    let shown = shown(address);
    match shown == address.as_str() {
        true => shown,
        false => format!("{shown}#{}", Fingerprint::of_bytes(address.as_str().as_bytes())),
    }
}

/// The secrets of the address of a source, as they are written there.
#[derive(Default)]
pub(crate) struct Secrets(Vec<String>);

/// Shows no secret.
impl std::fmt::Debug for Secrets {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secrets")
    }
}

impl Secrets {
    /// These secrets, for texts.
    #[must_use]
    pub(crate) fn new(secrets: Vec<String>) -> Self {
        Self(secrets)
    }

    /// The secrets of an address.
    #[must_use]
    pub(super) fn of(address: &Url) -> Self {
        let pairs = address.query().unwrap_or_default().split('&').map(pair);
        Self(
            pairs.filter(|(name, value)| is_secret(name, value)).map(|(_, value)| value.to_owned()).collect(),
        )
    }

    /// An address without the parameters that hold a secret.
    #[must_use]
    pub(super) fn without(&self, address: &Url) -> Url {
        let mut without = address.clone();
        if let Some(query) = address.query().filter(|_| !self.0.is_empty()) {
            let is_same = |value: &str, secret: &String| folded(value).0 == folded(secret).0;
            let is_kept = |part: &&str| !self.0.iter().any(|secret| is_same(pair(part).1, secret));
            let kept: Vec<&str> = query.split('&').filter(is_kept).collect();
            without.set_query(Some(kept.join("&").as_str()).filter(|query| !query.is_empty()));
        }
        without
    }

    /// A text in which `***` stands for each secret of at least 8 characters, in any case and with
    /// any escapes (`%41`).
    #[must_use]
    pub(crate) fn hide<'t>(&self, text: &'t str) -> Cow<'t, str> {
        let mut shown = Cow::Borrowed(text);
        for secret in &self.0 {
            let (secret, _) = folded(secret);
            if secret.len() < MIN_IN_TEXT {
                continue;
            }
            let (plain, starts) = folded(&shown);
            let mut hidden = String::new();
            let (mut at, mut done) = (0, 0);
            while let Some(found) = plain.get(at..).and_then(|rest| find(rest, &secret)) {
                let (start, end) = (at + found, at + found + secret.len());
                at = end;
                // A secret of letters begins and ends with whole characters.
                if let Some(before) = shown.get(done..starts[start]) {
                    hidden.push_str(before);
                    hidden.push_str(MASK);
                    done = starts[end];
                }
            }
            if done > 0 {
                hidden.push_str(shown.get(done..).unwrap_or_default());
                shown = Cow::Owned(hidden);
            }
        }
        shown
    }

    /// Removes the secrets from an entry: private feeds often repeat them in their links.
    pub(super) fn remove_from(&self, entry: &mut Entry) {
        if self.0.is_empty() {
            return;
        }
        let address_of = |text: &str| Url::parse(text).ok().map(|address| self.without(&address));
        if let Some(link) = &entry.link
            && let Some(without) = address_of(&link.url)
        {
            // A link that only the owner of the secret can open is no link for readers.
            entry.link = link::parse(&self.hide(without.as_str())).ok();
        }
        if let Some(address) = address_of(&entry.id)
            && self.hide(&entry.id) != entry.id
        {
            entry.id = address.into();
        }
        let Entry { id, title, authors, categories, terms, event, summary, text, language, .. } = entry;
        let terms = terms.iter_mut().flat_map(|(_, terms)| terms);
        let texts = [event, summary, text, language].into_iter().flatten();
        let texts = [id, title].into_iter().chain(texts).chain(authors).chain(categories).chain(terms);
        for text in texts {
            if let Cow::Owned(hidden) = self.hide(text) {
                *text = hidden;
            }
        }
    }
}

/// The first place of a pattern.
fn find(text: &[u8], pattern: &[u8]) -> Option<usize> {
    let first = *pattern.first()?;
    let starts = text.iter().enumerate().filter(|(_, byte)| **byte == first);
    starts.map(|(at, _)| at).find(|at| text[*at..].starts_with(pattern))
}

/// The bytes of a text with its escapes decoded (`%41`) and in lower case, and the place of each
/// in the text, with the end.
fn folded(text: &str) -> (Vec<u8>, Vec<usize>) {
    let bytes = text.as_bytes();
    let digit = |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let (mut plain, mut starts, mut at) = (Vec::with_capacity(text.len()), Vec::new(), 0);
    while let Some(byte) = bytes.get(at) {
        starts.push(at);
        let escaped = digit(at + 1).zip(digit(at + 2)).filter(|_| *byte == b'%');
        let (byte, length) = match escaped {
            Some((high, low)) => (u8::try_from(high * 16 + low).unwrap_or(*byte), 3),
            None => (*byte, 1),
        };
        plain.push(byte.to_ascii_lowercase());
        at += length;
    }
    starts.push(at);
    (plain, starts)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn secrets_are_told_by_their_name_or_their_look() {
        for (query, wanted) in [
            ("token=abc&page=2", "token=***&page=2"),
            ("access_token=1", "access_token=***"),
            ("id=9f8a7b6c5d4e3f2a1b0c9", "id=***"),
            (
                "keyword=AI&author=li&category=technology-and-business",
                "keyword=AI&author=li&category=technology-and-business",
            ),
            ("key=", "key="),
        ] {
            assert_eq!(shown(&url(&format!("https://e.org/f?{query}"))), format!("https://e.org/f?{wanted}"));
        }
        assert_eq!(state_key(&url("https://e.org/f?page=2")), "https://e.org/f?page=2");
        let [one, other] = ["a", "b"].map(|token| state_key(&url(&format!("https://e.org/f?token={token}"))));
        assert!(one != other && one.starts_with("https://e.org/f?token=***#"), "{one}");
    }

    #[test]
    fn secrets_in_the_line_of_a_diagnostic_are_replaced() {
        let line = "  - {name: 甲, url: https://e.org/f?a=1&amp;key=abc&token=d} # 注";
        let range = line.find("https").unwrap()..line.find('}').unwrap();
        let place = crate::diagnostic::Place {
            path: "sources.yaml".to_owned(),
            line: 1,
            column: 1,
            text: line.to_owned(),
            range,
        };
        let message = "`https://e.org/?token=x` is broken; see `https://e.org/?page=2`";
        let found = hidden(Diagnostic::error(message).at(place).help("https://e.org/f?sig=1"));
        assert_eq!(found.message, "`https://e.org/?token=***` is broken; see `https://e.org/?page=2`");
        assert_eq!(found.help.as_deref(), Some("https://e.org/f?sig=***"));
        let place = found.place.unwrap();
        assert_eq!(place.text, "  - {name: 甲, url: https://e.org/f?a=1&amp;key=***&token=***} # 注");
        assert_eq!(&place.text[place.range], "https://e.org/f?a=1&amp;key=***&token=***");
    }

    #[test]
    fn a_secret_is_hidden_in_every_form() {
        let secrets = Secrets::of(&url("https://e.org/f?token=Ab%2Fcd-1234&key=short"));
        for form in ["Ab%2Fcd-1234", "Ab/cd-1234", "AB%2fCD-1234", "%41b/cd%2d1234", "ab/cd-1234"] {
            let text = format!("见 https://e.org/{form}/1，{form}。");
            assert_eq!(secrets.hide(&text), "见 https://e.org/***/1，***。", "{form}");
        }
        let plain = "见 https://e.org/short/Ab/cd-123。";
        assert_eq!(secrets.hide(plain), plain);
        let mut entry = Entry {
            link: link::parse("https://e.org/read/Ab%2Fcd-1234/1?t=Ab/cd-1234").ok(),
            authors: vec!["ab/cd-1234".to_owned()],
            categories: vec!["x AB/cd-1234".to_owned()],
            ..Entry::default()
        };
        secrets.remove_from(&mut entry);
        assert_eq!(entry.link.unwrap().url, "https://e.org/read/***/1");
        assert_eq!((entry.authors, entry.categories), (vec!["***".into()], vec!["x ***".into()]));
    }

    #[test]
    fn an_entry_has_no_secret_of_its_source() {
        let source = url("https://e.org/f?user=7&token=s3cr3t-s3cr3t");
        let secrets = Secrets::of(&source);
        let mut entry = Entry {
            id: "https://e.org/1?token=s3cr3t-s3cr3t".to_owned(),
            link: link::parse("https://e.org/1?a=b&t=s3cr3t-s3cr3t").ok(),
            title: "甲".to_owned(),
            summary: Some("见 https://e.org/1?token=s3cr3t-s3cr3t。".to_owned()),
            ..Entry::default()
        };
        secrets.remove_from(&mut entry);
        assert_eq!(entry.id, "https://e.org/1");
        assert_eq!(entry.link.unwrap().url, "https://e.org/1?a=b");
        assert_eq!(entry.summary.as_deref(), Some("见 https://e.org/1?token=***。"));
        assert_eq!(secrets.without(&source).as_str(), "https://e.org/f?user=7");
    }
}
