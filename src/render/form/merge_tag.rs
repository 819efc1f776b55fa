//! Keeps the texts of articles from being merge tags of a mailing platform.

/// What templates get in place of the unsubscribe address or merge tag, which is put in last: the
/// same tag in the text of an article is shielded. No text of a digest has this character
/// (`text/dropped.rs`).
pub(super) const TAG: &str = "\u{FFFF}";

/// A text in which a platform finds no merge tag but `own`, which replaces [`TAG`]: a title such as
/// `{{ .Subscriber.Email }}` would be evaluated, or be an error. The first character of `{{`, `{%`,
/// `{#` and `*|` is replaced by `brace` or `star`.
pub(super) fn without_tags(text: &str, own: Option<&str>, [brace, star]: [&str; 2]) -> String {
    let mut written = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (c, chars.peek()) {
            ('{', Some('{' | '%' | '#')) => written.push_str(brace),
            ('*', Some('|')) => written.push_str(star),
            _ => written.push(c),
        }
    }
    written.replace(TAG, own.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_tag_of_a_letter_is_a_merge_tag() {
        let html = ["&#123;", "&#42;"];
        for (text, wanted) in [
            (
                "{{ a }} {% b %} {# c #} *|D|* {{ own }} \u{FFFF}",
                "&#123;{ a }} &#123;% b %} &#123;# c #} &#42;|D|* &#123;{ own }} {{ own }}",
            ),
            ("{{{x}}}", "&#123;&#123;{x}}}"),
            ("a { b } * c | d", "a { b } * c | d"),
        ] {
            assert_eq!(without_tags(text, Some("{{ own }}"), html), wanted);
        }
        assert_eq!(without_tags("{{ own }}", None, ["{ ", "* "]), "{ { own }}");
    }
}
