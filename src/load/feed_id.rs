//! Reads the id of an article in feeds from the field `feed_id`.

use serde::{Deserialize, Serialize};

use crate::diagnostic::Place;
use crate::fields::Fields;
use crate::link;

/// Name of the field.
pub const FIELD: &str = "feed_id";
/// Characters of the longest id.
const MAX_CHARACTERS: usize = 2000;

/// The id of an article in feeds, if its file names one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FeedId {
    /// The id, an absolute IRI.
    pub id: String,
    /// The place of the field.
    pub place: Place,
}

/// True if a text can be the id of an entry: an absolute IRI (RFC 4287, section 4.2.6), which begins
/// with a scheme (RFC 3986, section 3.1), has no white space and no control characters, and at most
/// 2,000 characters.
#[must_use]
pub fn is_id(text: &str) -> bool {
    link::scheme(text).is_some_and(|scheme| text.len() > scheme.len() + 1)
        && !text.chars().any(|c| c.is_whitespace() || c.is_control())
        && text.chars().count() <= MAX_CHARACTERS
}

/// Reads the field. A text that cannot be an id is an error at its place.
pub(super) fn read_feed_id(fields: &mut Fields<'_>) -> Option<FeedId> {
    let (_, id) = fields.text(&[FIELD])?;
    if is_id(&id) {
        return Some(FeedId { id, place: fields.place(FIELD) });
    }
    let shown: String = id.chars().take(60).collect();
    let message = tr!("`{shown}` cannot be the id of an entry in feeds", shown);
    let help = tr!("write the id that the entry had in the old feed, an address with its scheme: \
         `https://old.example/x/` or `tag:old.example,2024-05-06:/x`, without spaces, at most 2,000 \
         characters; without the field, the id is the article's address");
    fields.error(FIELD, message, help);
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_is_an_absolute_iri() {
        let longest = format!("urn:{}", "字".repeat(MAX_CHARACTERS - 4));
        for good in [
            "https://old.example/旧/%E6%97%A7/?p=1#x",
            "http://old.example/?p=3",
            "tag:old.example,2024-05-06:/x.html",
            "urn:uuid:60a76c80-d399-11d9-b91C-0003939e0af6",
            &longest,
        ] {
            assert!(is_id(good), "{good}");
        }
        let too_long = format!("{longest}字");
        for bad in
            ["", "x", "/x/", "old.example/x", "https:", ":x", "1a:x", "旧:x", "tag:a b", "tag:a\u{7f}b"]
        {
            assert!(!is_id(bad), "{bad}");
        }
        assert!(!is_id(&too_long));
        assert!(!is_id("tag:a\u{3000}b"));
    }
}
