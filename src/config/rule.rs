//! The rules of a check: a stable code each, and how much a finding weighs unless the digest says otherwise.

use crate::diagnostic::Severity;

/// What can be found.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A page names a page or file that the site does not have.
    BrokenLink,
    /// A page names a place in a page that is not there.
    BrokenAnchor,
    /// A link leads to the site's host, but beside the site.
    OutsideBase,
    /// A feed or another XML or JSON file that programs cannot read.
    BrokenFeed,
    /// Bytes of the site past what GitHub Pages publishes.
    SiteOverLimit,
    /// Near to it.
    SiteNearLimit,
    /// A file past what git and GitHub take.
    FileOverLimit,
    /// Many pages of the last build are gone.
    FewerPages,
    /// No new article for days.
    NothingNew,
    /// Two articles with the same original.
    DuplicateLink,
    /// Two articles with nearly the same title and text.
    DuplicateText,
    /// An article without a text.
    EmptyText,
    /// An article whose text is too long to be one.
    LongText,
    /// What a scraper took along.
    ScrapeResidue,
    /// Markup that is shown as it is written.
    LiteralMarkup,
    /// An article dated in the future.
    FutureDate,
    /// An image that says nothing to those who do not see it.
    ImageWithoutText,
    /// A page that takes long to load.
    HeavyPage,
    /// An article or page of the last build has no page any more, and nothing leads on from there.
    GonePage,
    /// Another site says that a page is not there.
    DeadLink,
    /// Another site cannot be reached.
    UnreachableLink,
    /// Terms that are likely the same.
    DuplicateTerms,
    /// A term of two taxonomies.
    TermInTwoTaxonomies,
    /// A term that stands for nothing.
    PlaceholderTerm,
    /// A term that reads like a sentence.
    SentenceTerm,
    /// An entry of the registry that no article asks for.
    UnusedEntry,
}

impl Rule {
    /// All rules, in the order in which a report lists them.
    pub const ALL: [Self; 26] = [
        Self::BrokenLink,
        Self::BrokenAnchor,
        Self::OutsideBase,
        Self::BrokenFeed,
        Self::SiteOverLimit,
        Self::FileOverLimit,
        Self::FewerPages,
        Self::NothingNew,
        Self::SiteNearLimit,
        Self::GonePage,
        Self::DeadLink,
        Self::UnreachableLink,
        Self::DuplicateLink,
        Self::DuplicateText,
        Self::EmptyText,
        Self::LongText,
        Self::ScrapeResidue,
        Self::LiteralMarkup,
        Self::FutureDate,
        Self::ImageWithoutText,
        Self::HeavyPage,
        Self::DuplicateTerms,
        Self::TermInTwoTaxonomies,
        Self::PlaceholderTerm,
        Self::SentenceTerm,
        Self::UnusedEntry,
    ];

    /// Its name in reports and in `check: {rules: …}`; it never changes.
    #[must_use]
    pub fn code(self) -> &'static str {
        match self {
            Self::BrokenLink => "broken-link",
            Self::BrokenAnchor => "broken-anchor",
            Self::OutsideBase => "outside-base",
            Self::BrokenFeed => "broken-feed",
            Self::SiteOverLimit => "site-over-limit",
            Self::SiteNearLimit => "site-near-limit",
            Self::FileOverLimit => "file-over-limit",
            Self::FewerPages => "fewer-pages",
            Self::NothingNew => "nothing-new",
            Self::DuplicateLink => "duplicate-link",
            Self::DuplicateText => "duplicate-text",
            Self::EmptyText => "empty-text",
            Self::LongText => "long-text",
            Self::ScrapeResidue => "scrape-residue",
            Self::LiteralMarkup => "literal-markup",
            Self::FutureDate => "future-date",
            Self::ImageWithoutText => "image-without-text",
            Self::HeavyPage => "heavy-page",
            Self::GonePage => "gone-page",
            Self::DeadLink => "dead-link",
            Self::UnreachableLink => "unreachable-link",
            Self::DuplicateTerms => "duplicate-terms",
            Self::TermInTwoTaxonomies => "term-in-two-taxonomies",
            Self::PlaceholderTerm => "placeholder-term",
            Self::SentenceTerm => "sentence-term",
            Self::UnusedEntry => "unused-entry",
        }
    }

    /// An error is what readers would meet on the site, or what would keep it from being published; a warning is what an
    /// editor should look at.
    #[must_use]
    pub fn severity(self) -> Severity {
        match self {
            Self::BrokenLink
            | Self::OutsideBase
            | Self::BrokenFeed
            | Self::SiteOverLimit
            | Self::FileOverLimit
            | Self::FewerPages
            | Self::NothingNew => Severity::Error,
            _ => Severity::Warning,
        }
    }

    /// The rule of a code.
    #[must_use]
    pub fn named(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|rule| rule.code() == code)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_is_found_by_its_code() {
        for rule in Rule::ALL {
            assert_eq!(Rule::named(rule.code()), Some(rule));
        }
        assert_eq!(Rule::named("nonsense"), None);
    }
}
