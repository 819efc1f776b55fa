//! Settings for the HTML, images and links of bodies: `markdown:` in `newsprint.yaml`.

use serde::{Deserialize, Serialize};

use crate::fields::Fields;

/// The treatment of HTML in Markdown, from the strictest to the most permissive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum RawHtml {
    /// HTML is shown as text.
    Text,
    /// Harmless elements are kept (the list is in `load::markdown`), all others are removed.
    Sanitize,
    /// HTML is kept unchanged: the authors of articles control the site.
    Trusted,
}

/// Settings of bodies.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Markdown {
    /// The treatment of HTML in files without a field `html:`.
    pub html: RawHtml,
    /// The most permissive treatment that a file may choose by its field `html:`.
    pub allow: RawHtml,
    /// Whether images of other hosts are shown. Each reveals to its host who reads which page.
    pub remote_images: bool,
    /// The `rel` of links to other hosts; may be empty.
    pub rel: String,
}

impl RawHtml {
    const ALL: [Self; 3] = [Self::Text, Self::Sanitize, Self::Trusted];

    /// The name in settings.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Sanitize => "sanitize",
            Self::Trusted => "trusted",
        }
    }

    /// Reads the field `name`; `None` if it is absent or not one of the three (reported).
    pub fn read<'a>(fields: &mut Fields<'a>, name: &'a str) -> Option<Self> {
        let (_, written) = fields.text(&[name])?;
        let found = Self::ALL.into_iter().find(|html| html.name() == written);
        if found.is_none() {
            let message = tr!("`{name}` cannot be `{written}`", name, written);
            fields.error(name, message, tr!("write `text`, `sanitize` or `trusted`"));
        }
        found
    }
}

impl Default for Markdown {
    fn default() -> Self {
        Self {
            html: RawHtml::Text,
            allow: RawHtml::Sanitize,
            remote_images: false,
            rel: "noopener noreferrer nofollow ugc".to_owned(),
        }
    }
}

impl Markdown {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut markdown = Self::default();
        let Some(mut inner) = fields.inner("markdown") else { return markdown };
        if let Some(html) = RawHtml::read(&mut inner, "html") {
            markdown.html = html;
        }
        markdown.allow = RawHtml::read(&mut inner, "allow").unwrap_or(markdown.allow).max(markdown.html);
        if let Some(shown) = inner.switch("remote_images") {
            markdown.remote_images = shown;
        }
        if inner.get("rel").is_some() {
            let words = inner.texts("rel");
            let words: Vec<&str> = words.iter().flat_map(|word| word.split_whitespace()).collect();
            let is_word = |word: &&str| word.bytes().all(|b| b.is_ascii_lowercase() || b == b'-');
            let is_none = |word: &str| ["none", "off", "no", "false"].contains(&word.to_lowercase().as_str());
            match words.iter().find(|word| !(is_word(word) || words.len() == 1 && is_none(word))) {
                Some(word) => inner.error(
                    "rel",
                    tr!("`{word}` is not a link relation", word),
                    tr!("write words such as `noopener nofollow`, or `none`"),
                ),
                None => {
                    markdown.rel = if matches!(words[..], [word] if is_none(word)) {
                        String::new()
                    } else {
                        words.join(" ")
                    }
                }
            }
        }
        fields.absorb(inner.finish());
        markdown
    }
}
