//! The changes that an import makes to what was written, for the report.

use serde::{Serialize, Serializer};

/// The kinds of change that an import may make to what was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Kind {
    /// A model's words around its records.
    Chat,
    /// A heading taken for the missing title, or left out beside one.
    Heading,
    /// Characters that nobody sees: zero-width, control, marks of direction.
    Invisible,
    /// `&nbsp;` and its like, decoded once.
    Entity,
    /// What the scraper brought along: buttons, notices.
    Residue,
    /// What a page has and an article not: scripts, players, comments.
    Markup,
    /// A heading that stood twice in the text.
    Doubled,
    /// 无, N/A: a word for nothing.
    Placeholder,
    /// The same term again in one list.
    Duplicate,
    /// 等 at the end of a list.
    Ending,
    /// What stood around an address.
    Address,
    /// A second text under the same label, of a field that has room for one.
    Second,
    /// A date or an address in its standard form: the same in other characters, and not worth a word.
    Form,
}

impl Kind {
    /// What a report calls it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Chat => "chat",
            Self::Heading => "heading",
            Self::Invisible => "invisible",
            Self::Entity => "entity",
            Self::Residue => "residue",
            Self::Markup => "markup",
            Self::Doubled => "doubled",
            Self::Placeholder => "placeholder",
            Self::Duplicate => "duplicate",
            Self::Ending => "ending",
            Self::Address => "address",
            Self::Second => "second",
            Self::Form => "form",
        }
    }

    /// In words, for a person.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Chat => "words outside of records left out",
            Self::Heading => "headings taken for missing titles, or left out",
            Self::Invisible => "invisible characters removed",
            Self::Entity => "entities decoded",
            Self::Residue => "scrape residue removed",
            Self::Markup => "markup without words left out",
            Self::Doubled => "doubled headings made headings",
            Self::Placeholder => "placeholders taken for nothing",
            Self::Duplicate => "terms that stood twice in their list",
            Self::Ending => "lists that ended in 等",
            Self::Address => "words around addresses removed",
            Self::Second => "second values kept under extra",
            Self::Form => "dates and addresses in their standard form",
        }
    }
}

impl Serialize for Kind {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.name())
    }
}

/// One change to what was written: `from` went, `to` came in its place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Repair {
    /// Which kind.
    pub kind: Kind,
    /// What was there.
    pub from: String,
    /// What is there now; often nothing.
    pub to: String,
    /// The line of the field that it was made in.
    pub line: usize,
}

/// What was changed: which kind, from what, to what.
pub type Change = (Kind, String, String);
