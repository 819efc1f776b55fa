//! Converts Simplified Chinese to Traditional Chinese, by phrases and with exceptions of the caller.
//!
//! The tables are those of OpenCC, as `ferrous-opencc` 0.4.0 has them: `s2tw` for Taiwan, `s2hk` for
//! Hong Kong. They choose forms of characters and leave the words of the mainland: 软件 becomes 軟件.

mod exceptions;
mod html;
mod markup;
#[cfg(test)]
mod tests;

use std::borrow::Cow;
use std::cell::RefCell;
use std::sync::LazyLock;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

use crate::text::traditional::exceptions::Exceptions;

/// The region whose forms of characters are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Region {
    /// 裡 臺 說 為: OpenCC's `s2tw`.
    Taiwan,
    /// 裏 台 説 為: OpenCC's `s2hk`.
    HongKong,
}

/// A region's tables, which take 2 ms and 4 MB: they are loaded once a process, for the first text
/// with Han. They are part of the binary, so they fail to load in all processes or in none; a test
/// loads them.
type Tables = LazyLock<Option<OpenCC>>;

static TAIWAN: Tables = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2tw).ok());
static HONG_KONG: Tables = LazyLock::new(|| OpenCC::from_config(BuiltinConfig::S2hk).ok());

/// The addresses that `Traditional::html` would ask for, each once.
pub(crate) fn addresses(html: &str) -> Vec<String> {
    let found = RefCell::new(Vec::new());
    let _ = html::convert(html, &|text| text.into(), &|address| {
        let mut found = found.borrow_mut();
        if !found.iter().any(|known| known == address) {
            found.push(address.to_owned());
        }
        None
    });
    found.into_inner()
}

/// Converts texts and HTML from Simplified to Traditional Chinese.
pub(crate) struct Traditional {
    tables: &'static Tables,
    /// The exceptions in text.
    exceptions: Exceptions,
    /// The exceptions as HTML writes them, in content and in attribute values.
    escaped: Exceptions,
}

impl Traditional {
    /// Creates a converter. `exceptions` are pairs of a Simplified text and the text that replaces
    /// it. They are replaced before OpenCC reads what is between them: from left to right, at each
    /// place the longest. Of two pairs with the same text, the first counts; an empty text is
    /// ignored.
    pub(crate) fn new(region: Region, exceptions: Vec<(String, String)>) -> Self {
        // Quotation marks in content may be references.
        let escaped = exceptions.iter().flat_map(|(text, replacement)| {
            let text = html_escape::encode_text(text).into_owned();
            let replacement = html_escape::encode_quoted_attribute(replacement).into_owned();
            [(text.replace('"', "&quot;"), replacement.clone()), (text, replacement)]
        });
        Self {
            tables: match region {
                Region::Taiwan => &TAIWAN,
                Region::HongKong => &HONG_KONG,
            },
            escaped: Exceptions::new(escaped),
            exceptions: Exceptions::new(exceptions),
        }
    }

    /// Converts a text, which is borrowed if nothing changes.
    pub(crate) fn text<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replace(text, &self.exceptions, |_| 1)
    }

    /// Converts the texts of finished HTML and the values of `alt`, `title` and `aria-label`. All
    /// other bytes stay, but for the addresses in `href`, in all HTML: each is passed to `address`
    /// without references (`&amp;` is `&`), and a result replaces it. An empty address stays.
    ///
    /// Not converted are the elements `code`, `pre`, `kbd`, `samp`, `var`, `script`, `style`, `math`
    /// and `svg`, and texts of a stated language: the innermost `lang` is not `zh`. An element ends at its end tag or at
    /// that of an element around it. Phrases do not cross tags and references; Han that is written
    /// as a reference stays as it is.
    pub(crate) fn html(&self, html: &str, address: &dyn Fn(&str) -> Option<String>) -> String {
        html::convert(html, &|text| self.escaped(text), address)
    }

    /// Converts a part of HTML without tags: content, or the value of an attribute.
    fn escaped<'t>(&self, text: &'t str) -> Cow<'t, str> {
        self.replace(text, &self.escaped, markup::reference_length)
    }

    /// Replaces exceptions and converts what is between them. `unit` gives the bytes in which no
    /// exception begins after the first one, for a text that begins with `&`.
    fn replace<'t>(
        &self,
        text: &'t str,
        exceptions: &Exceptions,
        unit: impl Fn(&str) -> usize,
    ) -> Cow<'t, str> {
        if exceptions.is_empty() {
            return self.convert(text);
        }
        let mut written = String::new();
        let (mut start, mut at) = (0, 0);
        while let Some(c) = text[at..].chars().next() {
            if let Some((exception, replacement)) = exceptions.longest_at(&text[at..]) {
                written.push_str(&self.convert(&text[start..at]));
                written.push_str(replacement);
                at += exception.len();
                start = at;
            } else {
                at += if c == '&' { unit(&text[at..]) } else { c.len_utf8() };
            }
        }
        if start == 0 {
            return self.convert(text);
        }
        written.push_str(&self.convert(&text[start..]));
        if written == text { text.into() } else { written.into() }
    }

    /// Converts a text as OpenCC does.
    fn convert<'t>(&self, text: &'t str) -> Cow<'t, str> {
        if text.is_ascii() {
            return text.into();
        }
        let Some(tables) = self.tables.as_ref() else { return text.into() };
        let converted = tables.convert(text);
        if converted == text { text.into() } else { converted.into() }
    }
}
