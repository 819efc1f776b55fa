//! Defines the kinds of markup that readers see as text, with their messages.

use crate::config::Rule;

/// A kind of markup that is shown as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Kind {
    /// `**a` without an end.
    Emphasis,
    /// `{{< figure >}}`, `{% raw %}`, `[caption]`.
    Shortcode,
    /// `[[a]]`, `![[a.png]]`: links of wikis and of Obsidian.
    WikiLink,
    /// `> [!NOTE]`.
    Alert,
    /// `:::` and `!!!` around a text.
    Container,
    /// `==a==`.
    Highlight,
    /// `$$a^2$$`.
    Formula,
    /// `[TOC]`.
    Contents,
    /// `##a` without a space.
    Heading,
    /// `[a](b c)`: an address with a space.
    Link,
    /// `[a]（b）`: an address in full-width brackets, or not directly behind the text.
    DetachedLink,
    /// A block of fields at the beginning of the text.
    FrontMatter,
    /// `<b>a</b>`: a tag in a digest that shows HTML as text.
    Html,
    /// A code block without a closing fence.
    Fence,
    /// A reference to a footnote without a text.
    Reference,
    /// A footnote that nothing refers to.
    Footnote,
}

impl Kind {
    /// The rule that reports it.
    pub(super) fn rule(self) -> Rule {
        match self {
            Self::Html => Rule::LiteralHtml,
            Self::Fence => Rule::UnclosedFence,
            Self::Reference | Self::Footnote => Rule::BrokenFootnote,
            _ => Rule::LiteralMarkup,
        }
    }

    /// The message and the help of a finding; `shown` is the markup.
    pub(super) fn words(self, shown: &str) -> (String, String) {
        let literal = |what: &str| tr!("{what} `{shown}` is shown literally", what, shown);
        match self {
            Self::Emphasis => (
                tr!("asterisks of an emphasis are shown literally"),
                tr!(
                    "close the emphasis in the same paragraph, without spaces inside, or write `\\*` for an asterisk"
                ),
            ),
            Self::Shortcode => (
                literal(&tr!("markup" => "the shortcode")),
                tr!("write Markdown instead: newsprint has no shortcodes; put it in backticks if it is code"),
            ),
            Self::WikiLink => (
                literal(&tr!("markup" => "the link")),
                tr!("write `[text](2026-11-23-name.md)`, or `![description](/images/name.png)` for an image"),
            ),
            Self::Alert => (
                literal(&tr!("markup" => "the label")),
                tr!("write a word in bold instead, such as `> **Note:**`: newsprint has no alerts"),
            ),
            Self::Container => (
                literal(&tr!("markup" => "the container")),
                tr!("write a quotation (`>`) or a heading instead: newsprint has no containers"),
            ),
            Self::Highlight => (
                literal(&tr!("markup" => "the highlight")),
                tr!("write `**…**`: newsprint has no highlights"),
            ),
            Self::Formula => (
                literal(&tr!("markup" => "the formula")),
                tr!("write it in words or in backticks, or use an image: newsprint has no formulas"),
            ),
            Self::Contents => (
                literal(&tr!("markup" => "the mark")),
                tr!("remove it: newsprint has no table of contents in the text"),
            ),
            Self::Heading => (
                literal(&tr!("markup" => "the heading")),
                tr!("write a space after the `#`, or `\\#` if it is text"),
            ),
            Self::Link => (
                literal(&tr!("markup" => "the link")),
                tr!("write `%20` for each space in the address, or put it in `<…>`"),
            ),
            Self::DetachedLink => (
                literal(&tr!("markup" => "the link")),
                tr!("write `(` and `)` as half-width brackets, the first one directly behind the `]`"),
            ),
            Self::Html => (
                literal(&tr!("markup" => "the tag")),
                tr!(
                    "write Markdown instead, put it in backticks if it is code, or allow HTML with `markdown: {html: sanitize}`"
                ),
            ),
            Self::Fence => (
                tr!("this code block has no closing fence, so that all text after it is code"),
                tr!("close it with a line of as many signs, without a word behind them"),
            ),
            Self::Reference => (
                tr!("the footnote `{shown}` has no text", shown),
                tr!("write its text in a paragraph of its own, `[^label]: …`, or remove the reference"),
            ),
            Self::Footnote => (
                tr!("nothing refers to the footnote `{shown}`", shown),
                tr!("write `[^label]` where it belongs, or remove it"),
            ),
            Self::FrontMatter => (
                tr!("fields at the beginning of the text are shown literally"),
                tr!("move them to the front matter at the top of the file, or remove them"),
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_message_and_a_help() {
        for kind in
            [Kind::Emphasis, Kind::Shortcode, Kind::Alert, Kind::Formula, Kind::FrontMatter, Kind::Link]
        {
            let (message, help) = kind.words("x");
            assert!(message.contains("shown literally") && help.len() > 20, "{message} {help}");
        }
        assert_eq!(Kind::Container.words(":::a").0, "the container `:::a` is shown literally");
    }
}
