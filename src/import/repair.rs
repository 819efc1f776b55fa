//! Describes the changes that an import makes to its input, for the report.

use serde::{Serialize, Serializer};

/// The kind of a change to the input.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// Text of a model around its records, left out.
    Chat,
    /// A heading used as the missing title, or left out if there is a title.
    Heading,
    /// The name of a post's file used as the missing title.
    FileName,
    /// Invisible characters removed: zero-width characters, control characters, direction marks.
    Invisible,
    /// HTML entities such as `&nbsp;`, decoded once.
    Entity,
    /// Scrape residue removed: buttons and notices of the page.
    Residue,
    /// HTML elements without text of the article removed: scripts, players, comments.
    Markup,
    /// Comments of Obsidian removed (`%%…%%`).
    Comment,
    /// A heading that occurred twice in a row, converted to one heading.
    Doubled,
    /// A mark that hides a post in its source; the article is a draft.
    Hidden,
    /// A link to another post of an old site converted to a link between files.
    Link,
    /// The address of a picture of an old site, or of another host, converted to that of its copy.
    Picture,
    /// A shortcode or a tag of another generator converted to Markdown.
    Shortcode,
    /// HTML of an image in a post converted to Markdown.
    Image,
    /// A placeholder for an empty value (无, N/A) removed.
    Placeholder,
    /// A repeated term of one list removed.
    Duplicate,
    /// Quotation marks, brackets and hashes around terms removed.
    Marks,
    /// 等 or a full stop at the end of a list removed.
    Ending,
    /// Text around an address removed.
    Address,
    /// A second text under the same label, of a field that holds one value.
    Second,
    /// A date whose weekday is the one of another day. The date counts.
    Weekday,
    /// XML of a feed that is not well-formed, read as it is meant.
    Xml,
    /// Another form of the same value, such as a date or an address in its standard form. Not
    /// listed in the report.
    Form,
}

impl Kind {
    /// The name of the kind in the JSON report.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Heading => "heading",
            Self::FileName => "file-name",
            Self::Invisible => "invisible",
            Self::Entity => "entity",
            Self::Residue => "residue",
            Self::Markup => "markup",
            Self::Comment => "comment",
            Self::Doubled => "doubled",
            Self::Hidden => "hidden",
            Self::Link => "link",
            Self::Picture => "picture",
            Self::Shortcode => "shortcode",
            Self::Image => "image",
            Self::Placeholder => "placeholder",
            Self::Duplicate => "duplicate",
            Self::Marks => "marks",
            Self::Ending => "ending",
            Self::Address => "address",
            Self::Second => "second",
            Self::Weekday => "weekday",
            Self::Xml => "xml",
            Self::Form => "form",
        }
    }

    /// The description of the kind in the printed report, in English.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Chat => marked!("text outside of records left out"),
            Self::Heading => marked!("headings used as missing titles, or left out"),
            Self::FileName => marked!("names of files used as missing titles"),
            Self::Invisible => marked!("invisible characters removed"),
            Self::Entity => marked!("entities decoded"),
            Self::Residue => marked!("scrape residue removed"),
            Self::Markup => marked!("markup without text removed"),
            Self::Comment => marked!("comments of Obsidian removed"),
            Self::Doubled => marked!("doubled headings converted to headings"),
            Self::Hidden => marked!("posts that are hidden in their source imported as drafts"),
            Self::Link => marked!("links to other posts converted to links between files"),
            Self::Picture => marked!("addresses of pictures converted to those of their copies"),
            Self::Shortcode => marked!("shortcodes converted to Markdown"),
            Self::Image => marked!("images in HTML converted to Markdown"),
            Self::Placeholder => marked!("placeholders removed"),
            Self::Duplicate => marked!("repeated terms removed"),
            Self::Marks => marked!("quotation marks, brackets and hashes around terms removed"),
            Self::Ending => marked!("list endings such as 等 removed"),
            Self::Address => marked!("text around addresses removed"),
            Self::Second => marked!("second values kept under `extra`"),
            Self::Weekday => marked!("wrong weekdays beside dates ignored"),
            Self::Xml => marked!("broken XML of feeds repaired"),
            Self::Form => marked!("dates and addresses converted to their standard form"),
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One change to the input: `from` was replaced by `to`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// The kind of the change.
    pub kind: Kind,
    /// The text in the input.
    pub from: String,
    /// Its replacement; often empty.
    pub to: String,
    /// The line (1-based) on which the changed field begins.
    pub line: usize,
}

/// A change without its line: the kind, the old text, the new text.
pub type Change = (Kind, String, String);
