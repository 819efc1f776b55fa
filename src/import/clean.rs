//! Cleans the characters of scraped text: decodes HTML entities once and removes invisible
//! characters.

use crate::import::repair::{Change, Kind};
use crate::text::invisible::may_be_invisible;

/// Bytes that are searched for the end of an entity. The longest named entity of HTML is
/// `&CounterClockwiseContourIntegral;`.
const MAX_ENTITY_BYTES: usize = 34;

/// Decodes the entities of a text once (`&amp;lt;` becomes `&lt;`) and removes invisible
/// characters.
#[must_use]
pub fn clean(text: &str, changes: &mut Vec<Change>) -> String {
    let decoded = decode_entities(text, changes);
    visible(&decoded, changes)
}

fn decode_entities(text: &str, changes: &mut Vec<Change>) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
    let (mut from, mut to) = (String::new(), String::new());
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        decoded.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(MAX_ENTITY_BYTES).position(|byte| byte == b';').map(|end| end + 1);
        let entity = end.and_then(|end| {
            let name = &rest[1..end - 1];
            let named = name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#') && !name.is_empty();
            let meant = named.then(|| html_escape::decode_html_entities(&rest[..end]))?;
            // Invalid numbers and unknown names come back unchanged. They stay text.
            (meant != rest[..end]).then(|| (end, meant.into_owned()))
        });
        match entity {
            Some((end, meant)) => {
                from.push_str(&rest[..end]);
                to.push_str(&meant);
                decoded.push_str(&meant);
                rest = &rest[end..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    if !from.is_empty() {
        changes.push((Kind::Entity, from, to));
    }
    decoded
}

/// Removes control characters, zero-width characters and direction marks, except where they have a
/// function, as in emoji and in Arabic and Indic spelling. A next line (U+0085) becomes a space.
#[must_use]
pub fn visible(text: &str, changes: &mut Vec<Change>) -> String {
    if !text.chars().any(may_be_invisible) {
        return text.to_owned();
    }
    let right_to_left = text.chars().any(is_right_to_left);
    let mut kept = String::with_capacity(text.len());
    let (mut gone, mut spaces) = (String::new(), String::new());
    let mut flag = false;
    let mut characters = text.chars().peekable();
    while let Some(c) = characters.next() {
        let before = kept.chars().next_back();
        let keep = match c {
            _ if !may_be_invisible(c) => true,
            // Arabic and Indic scripts need both joiners in their spelling; U+200D also joins
            // emoji.
            '\u{200C}' | '\u{200D}' => {
                let next = characters.peek().copied();
                before.is_some_and(joins) && next.is_some_and(joins)
            }
            // Marks and isolates order mixed lines of right-to-left text. Overrides, which are used
            // to disguise text, are always removed.
            '\u{200E}' | '\u{200F}' | '\u{61C}' | '\u{2066}'..='\u{2069}' => right_to_left,
            '\u{FE00}'..='\u{FE0F}' | '\u{E0100}'..='\u{E01EF}' => {
                before.is_some_and(|c| !c.is_whitespace() && !may_be_invisible(c))
            }
            // Flags of regions are a black flag and tag characters. Elsewhere tags are hidden text.
            '\u{E0020}'..='\u{E007F}' => flag,
            _ => false,
        };
        flag = c == '\u{1F3F4}' || (flag && matches!(c, '\u{E0020}'..='\u{E007F}'));
        if keep {
            kept.push(c);
        } else {
            gone.push(c);
            if c == '\u{85}' {
                kept.push(' ');
                spaces.push(' ');
            }
        }
    }
    if !gone.is_empty() {
        changes.push((Kind::Invisible, gone, spaces));
    }
    kept
}

fn is_right_to_left(c: char) -> bool {
    matches!(c, '\u{590}'..='\u{8FF}' | '\u{FB1D}'..='\u{FDCF}' | '\u{FDF0}'..='\u{FDFF}' | '\u{FE70}'..='\u{FEFC}' | '\u{10800}'..='\u{10FFF}' | '\u{1E800}'..='\u{1EFFF}')
}

/// True if a joiner next to this character has a function.
fn joins(c: char) -> bool {
    matches!(c,
        '\u{600}'..='\u{109F}' | '\u{1780}'..='\u{17FF}' | '\u{2190}'..='\u{2BFF}' | '\u{FE0F}' | '\u{1F000}'..='\u{1FAFF}')
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn cleaned(text: &str) -> String {
        clean(text, &mut Vec::new())
    }

    #[test]
    fn entities_are_decoded_once() {
        assert_eq!(cleaned("A&amp;B&nbsp;&lt;b&gt;&#20013;&#x6587;"), "A&B\u{a0}<b>中文");
        assert_eq!(cleaned("&amp;lt;"), "&lt;");
        for left in ["AT&T", "R&D；", "a & b;", "&nosuchname;", "&;", "&#;", "&"] {
            assert_eq!(cleaned(left), left);
        }
        let mut changes = Vec::new();
        let _ = clean("a&lt;b&gt;", &mut changes);
        assert_eq!(changes, [(Kind::Entity, "&lt;&gt;".to_owned(), "<>".to_owned())]);
    }

    #[test]
    fn invisible_characters_without_a_function_are_removed() {
        assert_eq!(cleaned("开\u{200B}源\u{FEFF}模\u{AD}型\u{202E}\u{0}\u{1b}[31m\u{FFFC}"), "开源模型[31m");
        assert_eq!(cleaned("a\u{7F}b\u{9B}c\u{85}d&#x9d;"), "abc d");
        assert_eq!(cleaned("隐\u{E0041}\u{E0042}藏"), "隐藏");
        let mut changes = Vec::new();
        let _ = clean("a\u{200B}b\u{200E}", &mut changes);
        assert_eq!(changes, [(Kind::Invisible, "\u{200B}\u{200E}".to_owned(), String::new())]);
    }

    #[test]
    fn invisible_characters_with_a_function_stay() {
        for text in [
            "👩‍💻 ❤️",
            "می‌خواهم",
            "क्‍ष",
            "🏴\u{E0067}\u{E0062}\u{E0065}\u{E006E}\u{E0067}\u{E007F}",
            "שלום\u{200F} abc",
            "葛\u{E0100}",
        ] {
            assert_eq!(cleaned(text), text);
        }
    }

    proptest! {
        #[test]
        fn every_change_is_recorded(text in "[a&;#x1中\u{200B}\u{200D}\u{202E}ltgm ]{0,40}|\\PC{0,30}|.{0,30}") {
            let mut changes = Vec::new();
            let cleaned = clean(&text, &mut changes);
            let mut balance = std::collections::BTreeMap::<char, i64>::new();
            for c in text.chars().chain(changes.iter().flat_map(|(_, _, to)| to.chars())) {
                *balance.entry(c).or_default() += 1;
            }
            for c in cleaned.chars().chain(changes.iter().flat_map(|(_, from, _)| from.chars())) {
                *balance.entry(c).or_default() -= 1;
            }
            prop_assert!(balance.values().all(|count| *count == 0), "{:?}", balance);
            prop_assert!(!crate::fields::holds_dropped(&cleaned));
        }
    }
}
