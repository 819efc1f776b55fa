//! Names the vocabularies of elements by their namespaces.

use std::collections::HashMap;

/// A vocabulary of elements in feeds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) enum Space {
    /// RSS in any version, and elements without a prefix.
    #[default]
    Feed,
    /// Atom elements in a feed of another format, or with a prefix.
    Atom,
    /// `content:encoded`.
    Content,
    /// Dublin Core, with its terms.
    Dublin,
    /// Exports of WordPress.
    WordPress,
    /// Excerpts in exports of WordPress.
    Excerpt,
    /// The Atom Publishing Protocol.
    App,
    /// Media RSS: videos and images.
    Media,
    /// Podcasts.
    Itunes,
    /// Exports of Blogger.
    Blogger,
    /// Any other vocabulary.
    Other,
}

impl Space {
    /// True for the vocabularies whose elements are fields of an item.
    pub(super) fn is_of_item(self) -> bool {
        matches!(self, Self::Feed | Self::Atom | Self::Content | Self::Dublin)
    }
}

/// The namespaces that the prefixes of a feed stand for.
#[derive(Debug, Clone, Default)]
pub(super) struct Spaces(HashMap<String, Space>);

impl Spaces {
    /// Reads the declarations `xmlns:prefix="…"` among attributes.
    pub(super) fn declare(&mut self, attributes: &HashMap<String, String>) {
        for (name, uri) in attributes {
            if let Some(prefix) = name.strip_prefix("xmlns:") {
                self.0.insert(prefix.to_owned(), of_uri(uri.trim()));
            }
        }
    }

    /// The vocabulary and the local name of an element. A prefix that is not declared means what it
    /// usually means.
    pub(super) fn of(&self, name: &str) -> (Space, String) {
        let Some((prefix, local)) = name.split_once(':') else { return (Space::Feed, name.to_owned()) };
        let space = self.0.get(prefix).copied().unwrap_or_else(|| of_prefix(prefix));
        (space, local.to_owned())
    }
}

fn of_prefix(prefix: &str) -> Space {
    match prefix {
        "atom" | "a10" => Space::Atom,
        "rss" => Space::Feed,
        "content" => Space::Content,
        "dc" | "dcterms" | "dct" => Space::Dublin,
        "wp" => Space::WordPress,
        "excerpt" => Space::Excerpt,
        "app" => Space::App,
        "blogger" => Space::Blogger,
        "media" => Space::Media,
        "itunes" => Space::Itunes,
        _ => Space::Other,
    }
}

fn of_uri(uri: &str) -> Space {
    let uri = uri.trim_start_matches("https://").trim_start_matches("http://");
    [
        ("www.w3.org/2005/Atom", Space::Atom),
        ("www.w3.org/2007/app", Space::App),
        ("purl.org/atom/app#", Space::App),
        ("purl.org/atom/", Space::Atom),
        ("purl.org/rss/1.0/modules/content", Space::Content),
        ("purl.org/rss/1.0/modules/", Space::Other),
        ("purl.org/rss/1.0", Space::Feed),
        ("purl.org/dc/", Space::Dublin),
        ("schemas.google.com/blogger", Space::Blogger),
        ("search.yahoo.com/mrss", Space::Media),
        ("www.itunes.com/dtds/podcast", Space::Itunes),
    ]
    .iter()
    .find(|(start, _)| uri.starts_with(start))
    .map_or_else(
        || match uri {
            _ if !uri.starts_with("wordpress.org/export/") => Space::Other,
            _ if uri.contains("/excerpt") => Space::Excerpt,
            _ => Space::WordPress,
        },
        |(_, space)| *space,
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn vocabularies_are_known_by_their_namespace() {
        for (uri, space) in [
            ("http://www.w3.org/2005/Atom", Space::Atom),
            ("http://www.w3.org/2007/app", Space::App),
            ("http://purl.org/atom/app#", Space::App),
            ("http://purl.org/rss/1.0/", Space::Feed),
            ("http://purl.org/rss/1.0/modules/content/", Space::Content),
            ("http://purl.org/rss/1.0/modules/syndication/", Space::Other),
            ("http://purl.org/dc/elements/1.1/", Space::Dublin),
            ("https://purl.org/dc/terms/", Space::Dublin),
            ("http://wordpress.org/export/1.2/", Space::WordPress),
            ("http://wordpress.org/export/1.2/excerpt/", Space::Excerpt),
            ("http://schemas.google.com/blogger/2018", Space::Blogger),
            ("http://search.yahoo.com/mrss/", Space::Media),
            ("http://www.itunes.com/dtds/podcast-1.0.dtd", Space::Itunes),
            ("http://www.georss.org/georss", Space::Other),
        ] {
            let mut spaces = Spaces::default();
            spaces.declare(&HashMap::from([("xmlns:x".to_owned(), uri.to_owned())]));
            assert_eq!(spaces.of("x:y"), (space, "y".to_owned()), "{uri}");
        }
    }

    #[test]
    fn prefixes_without_a_declaration_mean_what_they_usually_mean() {
        let mut spaces = Spaces::default();
        for (name, space) in [
            ("dc:date", Space::Dublin),
            ("dcterms:created", Space::Dublin),
            ("content:encoded", Space::Content),
            ("excerpt:encoded", Space::Excerpt),
            ("wp:status", Space::WordPress),
            ("atom:link", Space::Atom),
            ("app:draft", Space::App),
            ("blogger:status", Space::Blogger),
            ("rss:title", Space::Feed),
            ("title", Space::Feed),
            ("media:title", Space::Media),
            ("itunes:summary", Space::Itunes),
            ("georss:point", Space::Other),
        ] {
            assert_eq!(spaces.of(name).0, space, "{name}");
        }
        spaces.declare(&HashMap::from([("xmlns:dc".to_owned(), "http://e.org/".to_owned())]));
        assert_eq!(spaces.of("dc:date").0, Space::Other);
        assert!(Space::Feed.is_of_item() && Space::Dublin.is_of_item() && !Space::Other.is_of_item());
        assert!(!Space::WordPress.is_of_item() && !Space::Media.is_of_item() && !Space::Itunes.is_of_item());
    }
}
