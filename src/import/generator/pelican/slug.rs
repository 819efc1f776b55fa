//! Slugs of Pelican: of titles, names of files, categories and authors.
//!
//! Sources: `pelican.utils.slugify` of Pelican 4.12.0, `Markup.striptags` of MarkupSafe 3.0, and
//! Unidecode 1.4.0, whose table the crate `unidecode` has.

use unicode_normalization::UnicodeNormalization as _;
use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory as _};

use crate::import::generator::site::Site;

/// Characters of common titles that Unidecode 1.4.0 writes in another way than the crate.
const DIFFERENT: [(char, &str); 10] = [
    ('し', "shi"),
    ('ち', "chi"),
    ('っ', "tsu"),
    ('つ', "tsu"),
    ('シ', "shi"),
    ('チ', "chi"),
    ('ッ', "tsu"),
    ('ツ', "tsu"),
    ('ー', "-"),
    ('−', "-"),
];

/// The slug of a text. `name` is the beginning of the setting with its substitutions, such as
/// `CATEGORY`. `None` if these cannot be read.
pub(super) fn slug(text: &str, name: &str, site: &Site) -> Option<String> {
    let normal: String = without_tags(text).nfkc().collect();
    let text = if site.is_on(&["SLUGIFY_USE_UNICODE"]) { normal } else { in_ascii(&normal) };
    let patterns = site.patterns();
    let own = patterns.substitutions(name).or_else(|| patterns.substitutions("SLUG"));
    let text = match own {
        None => by_default(&text),
        Some(list) => {
            list?.iter().fold(text, |text, (pattern, into)| pattern.replace_all(&text, into).into_owned())
        }
    };
    let text = if site.is_on(&["SLUGIFY_PRESERVE_CASE"]) { text } else { text.to_lowercase() };
    Some(text.trim().to_owned())
}

/// The default substitutions: nothing but letters, numbers, `_`, blanks and hyphens stays, and runs
/// of blanks and hyphens become one hyphen.
fn by_default(text: &str) -> String {
    let is_kept = |c: &char| {
        let group = c.general_category_group();
        matches!(group, GeneralCategoryGroup::Letter | GeneralCategoryGroup::Number)
            || matches!(c, '_' | '-')
            || c.is_whitespace()
    };
    let kept: String = text.chars().filter(is_kept).collect();
    let mut found = String::with_capacity(kept.len());
    for c in kept.trim().chars() {
        let c = if c.is_whitespace() { '-' } else { c };
        if c != '-' || !found.ends_with('-') {
            found.push(c);
        }
    }
    found
}

/// A text in ASCII: Han as syllables with a blank behind each.
fn in_ascii(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for c in text.chars() {
        let own = DIFFERENT.iter().find(|(known, _)| *known == c).map(|(_, ascii)| *ascii);
        let ascii = own.unwrap_or_else(|| unidecode::unidecode_char(c));
        // The crate's sign for a character that it does not know. Unidecode leaves it out.
        found.push_str(if ascii.starts_with("[?]") && c != '[' { "" } else { ascii });
    }
    found
}

/// A text without comments and tags, with single blanks and without entities.
fn without_tags(text: &str) -> String {
    let plain = without(&without(text, "<!--", "-->"), "<", ">");
    let plain = plain.split_whitespace().collect::<Vec<_>>().join(" ");
    html_escape::decode_html_entities(&plain).into_owned()
}

/// A text without the parts from `open` to `close`. A part that is not closed stays.
fn without(text: &str, open: &str, close: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(open) {
        let Some((_, behind)) = after.split_once(close) else { break };
        found.push_str(before);
        rest = behind;
    }
    found + rest
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::site::tests::site;

    #[test]
    fn a_title_becomes_a_slug() {
        // Pelican 4.12.0 with Unidecode 1.4.0.
        for (title, ascii, unicode) in [
            ("OpenAI发布GPT-4o，多模态", "openaifa-bu-gpt-4oduo-mo-tai", "openai发布gpt-4o多模态"),
            ("C++ 入门", "c-ru-men", "c-入门"),
            ("什么价 旅术", "shi-yao-jie-lu-zhu", "什么价-旅术"),
            ("a <b>&amp;</b> c", "a-c", "a-c"),
            ("Café crème", "cafe-creme", "café-crème"),
            ("Ａ全角　ＢＣ", "aquan-jiao-bc", "a全角-bc"),
            ("①②Ⅳ", "12iv", "12iv"),
            ("-前后-", "-qian-hou-", "-前后-"),
            ("火箭🚀上天", "huo-jian-shang-tian", "火箭上天"),
            ("한국어 글", "hangugeo-geul", "한국어-글"),
            ("しちつ", "shichitsu", "しちつ"),
            ("！？", "", ""),
        ] {
            assert_eq!(slug(title, "SLUG", &site("a: 1")).as_deref(), Some(ascii), "{title}");
            let site = site("SLUGIFY_USE_UNICODE: true");
            assert_eq!(slug(title, "SLUG", &site).as_deref(), Some(unicode), "{title}");
        }
    }

    #[test]
    fn the_substitutions_of_the_configuration_count() {
        let config = site(
            "SLUG_REGEX_SUBSTITUTIONS: [['C\\+\\+', cpp], ['\\s+', '_']]\nCATEGORY_REGEX_SUBSTITUTIONS: [['(?=x)', '']]\nSLUGIFY_PRESERVE_CASE: true",
        );
        assert_eq!(slug("C++ AB!", "SLUG", &config).as_deref(), Some("cpp_AB!"));
        assert_eq!(slug("C++", "AUTHOR", &config).as_deref(), Some("cpp"));
        assert_eq!(slug("C++", "CATEGORY", &config), None);
    }
}
