//! Where a line of a headline may end: UAX #14, and what it leaves open for Chinese.

use unicode_linebreak::{BreakOpportunity, linebreaks};

use crate::text::han;

/// A place in a text where a line may end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Break {
    /// Bytes before it, with the blanks before it.
    pub(super) at: usize,
    /// Whether a clause ends here: a headline rather breaks after punctuation.
    pub(super) is_pause: bool,
}

/// The places in a text of one paragraph where a line may end; the last one is the end.
///
/// `unicode-linebreak` has the rules of UAX #14 without tailoring. Changed here:
/// - A line may begin with an opening and end with a closing curly quotation mark beside Han. They
///   are one character for Chinese and English, so that the standard breaks at neither (QU).
/// - No line begins with a unit, a middle dot or a sign that belongs to the word before it: `℃`,
///   `·`, the signs in `C++`.
pub(super) fn breaks(text: &str) -> Vec<Break> {
    let mut places: Vec<usize> = linebreaks(text)
        .filter(|&(_, kind)| matches!(kind, BreakOpportunity::Allowed | BreakOpportunity::Mandatory))
        .map(|(at, _)| at)
        .collect();
    let neighbours = |at: usize| (text[..at].chars().next_back(), text[at..].chars().next());
    places.retain(|&at| match neighbours(at) {
        (Some(before), Some(after)) => !belongs(before, after),
        _ => true,
    });
    for (at, _) in text.char_indices().skip(1) {
        if let (Some(before), Some(after)) = neighbours(at)
            && is_beside_quotation(before, after)
        {
            places.push(at);
        }
    }
    places.sort_unstable();
    places.dedup();
    let ends_clause = |at: usize| text[..at].trim_end().ends_with(is_pause);
    places.into_iter().map(|at| Break { at, is_pause: ends_clause(at) }).collect()
}

/// Signs after which a clause ends.
fn is_pause(c: char) -> bool {
    matches!(
        c,
        '，' | '。'
            | '；'
            | '：'
            | '？'
            | '！'
            | '、'
            | '”'
            | '’'
            | '》'
            | '」'
            | '』'
            | '―'
            | '—'
            | ','
            | ';'
            | ':'
            | '?'
            | '!'
    )
}

/// True if a sign belongs to the word before it.
fn belongs(before: char, after: char) -> bool {
    let is_unit =
        matches!(after, '·' | '・' | '•' | '℃' | '℉' | '㎡' | '㎝' | '㎞' | '㎏' | '％' | '‰' | '°');
    is_unit || (matches!(after, '+' | '#') && (before.is_ascii_alphanumeric() || before == '+'))
}

/// True before an opening and behind a closing quotation mark if the other side is Han or one of
/// its signs, and between `C++` and Han.
fn is_beside_quotation(before: char, after: char) -> bool {
    let opens = matches!(after, '“' | '‘') && (han::is_han(before) || matches!(before, '”' | '’'));
    // The standard takes `+` for the sign of the number that follows it (PR).
    let closes = matches!(before, '”' | '’' | '+') && han::is_han(after);
    opens || closes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The pieces between the places where a line may end.
    fn pieces(text: &str) -> Vec<&str> {
        let mut from = 0;
        breaks(text)
            .into_iter()
            .map(|place| &text[std::mem::replace(&mut from, place.at)..place.at])
            .collect()
    }

    #[test]
    fn lines_break_as_a_typesetter_of_chinese_breaks_them() {
        for (text, wanted) in [
            ("发布，新品。", vec!["发", "布，", "新", "品。"]),
            ("称“开源”已成", vec!["称", "“开", "源”", "已", "成"]),
            ("说“好”“坏”", vec!["说", "“好”", "“坏”"]),
            ("用C++写", vec!["用", "C++", "写"]),
            ("用C#和", vec!["用", "C#", "和"]),
            ("卡尔·马", vec!["卡", "尔·", "马"]),
            ("约30㎡大", vec!["约", "30㎡", "大"]),
            ("GPT-5 is out", vec!["GPT-5 ", "is ", "out"]),
            ("（甲）乙", vec!["（甲）", "乙"]),
            ("", vec![]),
        ] {
            assert_eq!(pieces(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_clause_ends_at_punctuation() {
        let pauses: Vec<bool> = breaks("甲，乙").into_iter().map(|place| place.is_pause).collect();
        assert_eq!(pauses, [true, false]);
    }
}
