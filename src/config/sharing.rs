//! Settings of shared links and translations: `image:` and `translations:` in `newsprint.yaml`.

use serde::Serialize;

use crate::config::image::image;
use crate::fields::{Fields, clean};
use crate::link;
use crate::yaml::Node;

/// Settings for link previews and search engines.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sharing {
    /// The image of pages without an image of their own: a URL, or a path from the home page.
    pub image: Option<String>,
    /// The same digest in other languages.
    pub translations: Vec<Translation>,
}

/// A digest in another language.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Translation {
    /// BCP 47 tag: `en`, `zh-TW`, or `x-default`.
    pub language: String,
    /// URL of the home page.
    pub url: String,
}

impl Sharing {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut sharing =
            Self { image: image(fields, marked!("write `image: /card.png`")), ..Self::default() };
        match fields.get("translations") {
            Some(Node::Map(entries)) => {
                for (language, node) in entries {
                    let url = node.text().map(clean).and_then(|url| link::parse(&url).ok());
                    match url.filter(|_| is_language(language)) {
                        Some(link) => {
                            sharing
                                .translations
                                .push(Translation { language: language.clone(), url: link.url });
                        }
                        None => fields.error_within(
                            "translations",
                            &format!("{language}:"),
                            tr!("a translation needs a language tag and the URL of a home page"),
                            tr!("write `en: https://example.org/en/`"),
                        ),
                    }
                }
            }
            Some(other) => {
                fields.wrong_kind("translations", &tr!("a mapping (`language: URL` lines)"), other);
            }
            None => {}
        }
        sharing
    }
}

/// Whether a tag has the form of RFC 5646, section 2.1: two or three letters, then parts of up to
/// eight letters or digits. `x-default` is accepted, too.
fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let first = parts.next().unwrap_or_default();
    let is_part =
        |part: &str| !part.is_empty() && part.len() <= 8 && part.bytes().all(|b| b.is_ascii_alphanumeric());
    tag == "x-default"
        || ((2..=3).contains(&first.len())
            && first.bytes().all(|b| b.is_ascii_alphabetic())
            && parts.all(is_part))
}
