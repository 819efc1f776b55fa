//! Hides secrets in texts: servers and programs may send back what they got, in any spelling.

use std::collections::HashSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD_NO_PAD, URL_SAFE_NO_PAD};

use crate::diagnostic::Diagnostic;

/// The shortest text that is masked: shorter ones are in too many words.
const MIN_BYTES: usize = 4;

/// The shortest secret of which parts are masked, too.
const MIN_PARTED_BYTES: usize = 12;

/// The shortest part that is masked.
const PART_BYTES: usize = 8;

/// How often escapes within escapes are decoded.
const MAX_ROUNDS: usize = 3;

/// What a signature of a request begins with: "Authenticating Requests" of Amazon S3 (2026-11).
const SIGNATURE: &[u8] = b"signature=";

/// The secrets of a target, for hiding them.
#[derive(Clone, Default)]
pub(super) struct Secrets {
    /// Spellings in lower case that are masked as a whole.
    whole: Vec<Vec<u8>>,
    /// All parts of longer spellings, in lower case.
    parts: HashSet<[u8; PART_BYTES]>,
}

impl Secrets {
    /// Adds a secret in all its spellings. Escapes need none: texts are decoded.
    pub(super) fn add(&mut self, secret: &str) {
        let has_parts = secret.chars().count() >= MIN_PARTED_BYTES;
        self.add_spelling(secret.as_bytes(), has_parts);
        let hex: String = secret.bytes().map(|byte| format!("{byte:02x}")).collect();
        self.add_spelling(hex.as_bytes(), has_parts);
        for before in 0..3 {
            // The digits of Base64 that depend on nothing but the secret, which may follow other
            // bytes, as in `user:password`.
            let bytes = [vec![0; before], secret.as_bytes().to_vec()].concat();
            let from = (before * 8).div_ceil(6);
            for text in [STANDARD_NO_PAD.encode(&bytes), URL_SAFE_NO_PAD.encode(&bytes)] {
                let digits = text.get(from..bytes.len() * 8 / 6).unwrap_or_default();
                if digits.len() > MIN_BYTES {
                    self.add_spelling(digits.as_bytes(), has_parts);
                }
            }
        }
    }

    /// Adds a secret that is sent together with a name, as in Basic authentication (RFC 7617).
    pub(super) fn add_pair(&mut self, name: &str, secret: &str) {
        let pair = format!("{name}:{secret}");
        self.add_spelling(STANDARD_NO_PAD.encode(&pair).as_bytes(), false);
        self.add_spelling(URL_SAFE_NO_PAD.encode(&pair).as_bytes(), false);
        self.add(secret);
    }

    /// Adds a text as a whole, and a secret in it.
    pub(super) fn add_signature(&mut self, whole: &str, secret: &str) {
        let secret = percent_encoding::percent_decode_str(secret).decode_utf8_lossy();
        self.add_spelling(whole.trim_start_matches('?').as_bytes(), false);
        self.add(&secret);
    }

    fn add_spelling(&mut self, bytes: &[u8], has_parts: bool) {
        if bytes.len() < MIN_BYTES {
            return;
        }
        // A secret may have escapes itself.
        for bytes in [bytes.to_ascii_lowercase(), Folded::of(bytes).twice().bytes] {
            if has_parts {
                self.parts.extend(
                    bytes.windows(PART_BYTES).filter_map(|part| <[u8; PART_BYTES]>::try_from(part).ok()),
                );
            }
            self.whole.push(bytes);
        }
    }

    /// The text without secrets. In place of each there is `…`.
    pub(super) fn mask(&self, text: &str) -> String {
        let mut is_hidden = vec![false; text.len()];
        let mut folded = Folded::new(text);
        for _ in 0..MAX_ROUNDS {
            self.find(&folded, &mut is_hidden);
            let next = folded.decoded();
            if next.bytes.len() == folded.bytes.len() {
                break;
            }
            folded = next;
        }
        let mut shown = String::with_capacity(text.len());
        let mut was_hidden = false;
        for (at, character) in text.char_indices() {
            let hide = is_hidden[at..at + character.len_utf8()].contains(&true);
            match hide {
                true if !was_hidden => shown.push('…'),
                true => {}
                false => shown.push(character),
            }
            was_hidden = hide;
        }
        shown
    }

    /// Marks the places of secrets.
    fn find(&self, folded: &Folded, is_hidden: &mut [bool]) {
        let Folded { bytes, starts } = folded;
        let mut hide = |from: usize, to: usize| {
            if let Some(places) = is_hidden.get_mut(starts[from]..starts[to]) {
                places.fill(true);
            }
        };
        for secret in &self.whole {
            let places = bytes.windows(secret.len()).enumerate().filter(|(_, part)| part == secret);
            places.for_each(|(at, _)| hide(at, at + secret.len()));
        }
        for (at, part) in bytes.windows(PART_BYTES).enumerate() {
            if self.parts.contains(part) {
                hide(at, at + PART_BYTES);
            }
        }
        for (at, _) in bytes.windows(SIGNATURE.len()).enumerate().filter(|(_, part)| *part == SIGNATURE) {
            let from = at + SIGNATURE.len();
            let is_digit = |byte: &&u8| byte.is_ascii_hexdigit();
            hide(from, from + bytes[from..].iter().take_while(is_digit).count());
        }
    }

    /// The diagnostic without secrets.
    pub(super) fn mask_all(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        diagnostic.message = self.mask(&diagnostic.message);
        diagnostic.help = diagnostic.help.map(|help| self.mask(&help));
        diagnostic
    }
}

/// The bytes of a text in lower case, with the place of each in the text, and its end.
struct Folded {
    bytes: Vec<u8>,
    starts: Vec<usize>,
}

impl Folded {
    fn new(text: &str) -> Self {
        Self::of(text.as_bytes())
    }

    fn of(bytes: &[u8]) -> Self {
        Self { bytes: bytes.to_ascii_lowercase(), starts: (0..=bytes.len()).collect() }
    }

    fn twice(&self) -> Self {
        self.decoded().decoded()
    }

    /// The text after its escapes are decoded: `%2f`, `&amp;`, `&#47;`, `&#x2f;`, `\/`, `\u002f` and
    /// `\x2f`.
    fn decoded(&self) -> Self {
        let mut decoded = Self { bytes: Vec::new(), starts: Vec::new() };
        let mut at = 0;
        while let Some(&byte) = self.bytes.get(at) {
            let (character, length) = escape(&self.bytes[at..]).unwrap_or((u32::from(byte), 1));
            match char::from_u32(character).filter(|character| length > 1 && !character.is_ascii()) {
                // Of `%e6` each byte counts, of `&#26032;` the character.
                Some(character) if byte != b'%' => {
                    let mut buffer = [0; 4];
                    decoded.push(character.encode_utf8(&mut buffer).as_bytes(), self.starts[at]);
                }
                _ => {
                    let byte = u8::try_from(character).unwrap_or(byte).to_ascii_lowercase();
                    decoded.push(&[byte], self.starts[at]);
                }
            }
            at += length;
        }
        decoded.starts.push(self.starts[at]);
        decoded
    }

    fn push(&mut self, bytes: &[u8], start: usize) {
        self.bytes.extend(bytes);
        self.starts.extend(bytes.iter().map(|_| start));
    }
}

/// The character of the escape at the beginning of a text in lower case, and its bytes.
fn escape(bytes: &[u8]) -> Option<(u32, usize)> {
    let digits = |from: usize, length: usize| {
        let digits = std::str::from_utf8(bytes.get(from..from + length)?).ok()?;
        Some((u32::from_str_radix(digits, 16).ok()?, from + length))
    };
    match (bytes.first()?, bytes.get(1)?) {
        (b'%', _) => digits(1, 2),
        (b'\\', b'u') => digits(2, 4),
        (b'\\', b'x') => digits(2, 2),
        (b'\\', b'/' | b'"' | b'\\' | b'\'') => Some((u32::from(bytes[1]), 2)),
        (b'&', _) => {
            let end = bytes.iter().take(10).position(|byte| *byte == b';')?;
            let name = std::str::from_utf8(&bytes[1..end]).ok()?;
            let character = match (name, name.strip_prefix('#')) {
                ("amp", _) => u32::from('&'),
                ("lt", _) => u32::from('<'),
                ("gt", _) => u32::from('>'),
                ("quot", _) => u32::from('"'),
                ("apos", _) => u32::from('\''),
                (_, Some(number)) => match number.strip_prefix('x') {
                    Some(digits) => u32::from_str_radix(digits, 16).ok()?,
                    None => number.parse().ok()?,
                },
                _ => return None,
            };
            Some((character, end + 1))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE};

    use super::*;

    const SECRET: &str = "s3cr3t+/Zq8%=Kx77&yTopGeheim";

    fn secrets() -> Secrets {
        let mut secrets = Secrets::default();
        secrets.add(SECRET);
        secrets
    }

    #[test]
    fn a_secret_is_masked_in_every_spelling() {
        let percent = |bytes: &str| bytes.bytes().map(|byte| format!("%{byte:02x}")).collect::<String>();
        let escaped = SECRET.replace('&', "&amp;");
        for spelling in [
            SECRET.to_owned(),
            SECRET.to_uppercase(),
            percent(SECRET),
            percent(SECRET).to_uppercase(),
            percent_encoding::utf8_percent_encode(SECRET, percent_encoding::NON_ALPHANUMERIC).to_string(),
            percent(&percent(SECRET)),
            STANDARD.encode(SECRET),
            URL_SAFE.encode(SECRET),
            STANDARD.encode(format!("id:{SECRET}")),
            URL_SAFE.encode(format!("AKID:{SECRET}\n")),
            SECRET.bytes().map(|byte| format!("{byte:02x}")).collect(),
            SECRET.bytes().map(|byte| format!("{byte:02X}")).collect(),
            SECRET.chars().map(|character| format!("&#{};", character as u32)).collect(),
            SECRET.chars().map(|character| format!("&#x{:x};", character as u32)).collect(),
            SECRET.chars().map(|character| format!("\\u{:04x}", character as u32)).collect(),
            SECRET.replace('/', "\\/").replace('&', "\\u0026"),
            percent(&escaped),
            escaped,
            SECRET[..20].to_owned(),
            SECRET[5..].to_owned(),
        ] {
            let shown = secrets().mask(&format!("said [{spelling}] "));
            let left = shown.trim_start_matches("said [").trim_end_matches("] ");
            // Of what stands before and after the secret, some digits of Base64 remain.
            assert!(left.contains('…') && left.chars().count() <= 12, "{spelling}: {shown}");
        }
    }

    #[test]
    fn parts_of_long_secrets_are_masked() {
        for from in 0..=SECRET.len() - PART_BYTES {
            let part = &SECRET[from..from + PART_BYTES];
            assert_eq!(secrets().mask(&format!("<{part}>")), "<…>");
        }
        let mut short = Secrets::default();
        short.add("newsprint-1");
        assert_eq!(short.mask("newsprint: newsprint-1"), "newsprint: …");
        short.add("新闻密码");
        assert_eq!(short.mask("新闻 新闻密码 &#26032;&#38395;&#23494;&#30721;"), "新闻 … …");
    }

    #[test]
    fn other_texts_stay() {
        let text = "s3://b/100%/C++ & 新闻: \\ &amp; %zz &#; \\u00 cannot list (403), Signature=";
        assert_eq!(secrets().mask(text), text);
        assert_eq!(secrets().mask("x, Signature=0123456789abcdef, y"), "x, Signature=…, y");
        let found = secrets().mask_all(Diagnostic::error(SECRET).help(SECRET));
        assert_eq!((found.message.as_str(), found.help.as_deref()), ("…", Some("…")));
    }
}
