//! Classes of characters that generators keep or drop in addresses.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

/// True for letters, as Go's `unicode.IsLetter` and `\p{L}` of Ruby have them. `〇` is a number.
pub(super) fn is_letter(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Letter
}

/// True for marks, `\p{M}`.
pub(super) fn is_mark(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Mark
}

/// True for decimal digits, `\p{Nd}`: of any script, without `①` and `Ⅳ`.
pub(super) fn is_digit(c: char) -> bool {
    c.general_category() == unicode_properties::GeneralCategory::DecimalNumber
}

/// Joins the runs of characters that `keep` accepts with hyphens, without hyphens at the ends.
pub(super) fn hyphenate(text: &str, keep: impl Fn(char) -> bool) -> String {
    let parts: Vec<&str> = text.split(|c| !keep(c)).filter(|part| !part.is_empty()).collect();
    // A hyphen that is kept joins the ones around it.
    let joined = parts.join("-");
    joined.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-")
}

/// Decodes `%E6%97%A7` in an address. `None` if the bytes are not UTF-8. A `%` that begins no
/// escape stays.
#[must_use]
pub fn decode(text: &str) -> Option<String> {
    percent_encoding::percent_decode_str(text).decode_utf8().ok().map(std::borrow::Cow::into_owned)
}

/// The path of a whole URL; any other address as it is.
#[must_use]
pub fn without_host(address: &str) -> &str {
    match address.split_once("://") {
        Some((scheme, rest)) if scheme.bytes().all(|b| b.is_ascii_alphabetic()) => {
            rest.find('/').map_or("/", |at| &rest[at..])
        }
        _ => address,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn classes_are_those_of_unicode() {
        for (c, letter, mark, digit) in [
            ('a', true, false, false),
            ('旧', true, false, false),
            ('ー', true, false, false),
            ('々', true, false, false),
            ('〇', false, false, false),
            ('①', false, false, false),
            ('２', false, false, true),
            ('\u{301}', false, true, false),
            ('-', false, false, false),
            ('🚀', false, false, false),
        ] {
            assert_eq!((is_letter(c), is_mark(c), is_digit(c)), (letter, mark, digit), "{c}");
        }
    }

    #[test]
    fn runs_are_joined_by_single_hyphens() {
        for (text, wanted) in
            [("a - b", "a-b"), ("--x--", "x"), ("a--b", "a-b"), ("！？", ""), ("a!b?c", "a-b-c"), ("", "")]
        {
            assert_eq!(hyphenate(text, |c| c.is_alphanumeric() || c == '-'), wanted, "{text}");
        }
    }

    #[test]
    fn a_url_loses_its_host() {
        for (address, wanted) in [
            ("https://old.example/2018/cname/", "/2018/cname/"),
            ("https://old.example", "/"),
            ("/a://b", "/a://b"),
            ("a/b", "a/b"),
        ] {
            assert_eq!(without_host(address), wanted, "{address}");
        }
    }

    #[test]
    fn escapes_are_decoded() {
        assert_eq!(decode("/2024/%E6%97%A7/").as_deref(), Some("/2024/旧/"));
        assert_eq!(decode("c%23").as_deref(), Some("c#"));
        assert_eq!(decode("100%开").as_deref(), Some("100%开"));
        assert_eq!(decode("%E6%97"), None);
    }
}
