//! The rules of `newsprint check`, each with a stable code and a default severity.

use crate::diagnostic::Severity;

/// A rule. The variants say what a finding reports.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Rule {
    /// A link to a page or file that the site does not have.
    BrokenLink,
    /// A link to an anchor that its page does not have.
    BrokenAnchor,
    /// A link to the site's own host that leads outside the site.
    OutsideBase,
    /// A feed, or another XML or JSON file, that is invalid.
    BrokenFeed,
    /// A site larger than GitHub Pages publishes.
    SiteOverLimit,
    /// A site almost as large as GitHub Pages publishes.
    SiteNearLimit,
    /// A file larger than GitHub accepts.
    FileOverLimit,
    /// Many pages of the last build are missing.
    FewerPages,
    /// The newest article is several days old.
    NothingNew,
    /// Two articles with the same original.
    DuplicateLink,
    /// Two articles with nearly the same title and text.
    DuplicateText,
    /// An article without text.
    EmptyText,
    /// An article whose text is unusually long.
    LongText,
    /// Text of a web page around the article, left by a scraper.
    ScrapeResidue,
    /// Markup that readers see as text.
    LiteralMarkup,
    /// HTML that readers see as text.
    LiteralHtml,
    /// A code block that runs to the end of the text.
    UnclosedFence,
    /// A footnote without a text, or without a reference to it.
    BrokenFootnote,
    /// An article dated in the future.
    FutureDate,
    /// An image without alternative text.
    ImageWithoutText,
    /// A page with too many bytes of HTML.
    HeavyPage,
    /// An article or page of the last build has no page any more, and its address does not
    /// redirect.
    GonePage,
    /// A link to another site that answers that the page does not exist.
    DeadLink,
    /// A link to another site that gives no usable answer.
    UnreachableLink,
    /// Terms that are probably the same.
    DuplicateTerms,
    /// A term that is in two taxonomies.
    TermInTwoTaxonomies,
    /// A term that is a placeholder (无, N/A).
    PlaceholderTerm,
    /// A term that reads like a sentence.
    SentenceTerm,
    /// An entry of the registry that no article uses.
    UnusedEntry,
    /// An annotated article that does not say whether a model wrote it.
    UnlabelledAi,
}

impl Rule {
    /// All rules, in the order of a report.
    pub const ALL: [Self; 30] = [
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
        Self::LiteralHtml,
        Self::UnclosedFence,
        Self::BrokenFootnote,
        Self::FutureDate,
        Self::ImageWithoutText,
        Self::HeavyPage,
        Self::DuplicateTerms,
        Self::TermInTwoTaxonomies,
        Self::PlaceholderTerm,
        Self::SentenceTerm,
        Self::UnusedEntry,
        Self::UnlabelledAi,
    ];

    /// The name in reports and in `check: {rules: …}`. Codes never change.
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
            Self::LiteralHtml => "literal-html",
            Self::UnclosedFence => "unclosed-fence",
            Self::BrokenFootnote => "broken-footnote",
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
            Self::UnlabelledAi => "unlabelled-ai",
        }
    }

    /// The default severity. Errors are problems that readers would see, or that would prevent
    /// publication; warnings are for an editor to review.
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

    /// True if the rule is off unless the digest gives it a severity.
    #[must_use]
    pub fn is_off_by_default(self) -> bool {
        self == Self::UnlabelledAi
    }

    /// The rule with this code.
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

    #[test]
    fn one_rule_is_off_by_default() {
        let off: Vec<Rule> = Rule::ALL.into_iter().filter(|rule| rule.is_off_by_default()).collect();
        assert_eq!(off, [Rule::UnlabelledAi]);
    }
}
