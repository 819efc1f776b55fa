//! The pieces of HTML: start tags, end tags and texts.

/// A piece of HTML. Comments and document types are left out.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Piece {
    /// A start tag. Void elements have no end tag.
    Start(String, Attributes),
    /// An end tag.
    End(String),
    /// Text with decoded character references.
    Text(String),
}

/// The attributes of a tag.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Attributes(Vec<(String, String)>);

impl Attributes {
    /// Takes the names and values in the order of the tag.
    pub(super) fn new(attributes: Vec<(String, String)>) -> Self {
        Self(attributes)
    }

    /// The value of an attribute.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        self.0.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }
}
