//! Splits lists whose items are in quotation marks.

/// Splits `["a", 'b']`, as JSON and Python write it, also with curly quotation marks. `None` if the
/// text is not such a list as a whole.
pub(super) fn quoted_list(text: &str) -> Option<Vec<String>> {
    let inner = text
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
        .or_else(|| text.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')))
        .or_else(|| text.strip_prefix('{').and_then(|rest| rest.strip_suffix('}')))?;
    if let Ok(items) = serde_json::from_str::<Vec<String>>(text) {
        return Some(items);
    }
    let mut items = Vec::new();
    let mut rest = inner.trim_start();
    while !rest.is_empty() {
        let quote = rest.chars().next()?;
        let close = match quote {
            '\'' | '"' => quote,
            '“' => '”',
            '‘' => '’',
            _ => return None,
        };
        let mut item = String::new();
        let mut escaped = false;
        let mut end = None;
        for (at, c) in rest.char_indices().skip(1) {
            if escaped {
                item.push(c);
                escaped = false;
            } else if c == '\\' {
                escaped = true;
            } else if c == close {
                end = Some(at + c.len_utf8());
                break;
            } else {
                item.push(c);
            }
        }
        items.push(item);
        rest = rest[end?..].trim_start();
        if !rest.is_empty() {
            rest = rest.strip_prefix([',', '，', '、', ';', '；'])?.trim_start();
        }
    }
    Some(items)
}

/// Quotation marks and brackets that can be around each of several terms: the opening and the
/// closing one.
const AROUND_TERMS: [(char, char); 13] = [
    ('「', '」'),
    ('『', '』'),
    ('《', '》'),
    ('“', '”'),
    ('‘', '’'),
    ('【', '】'),
    ('〖', '〗'),
    ('[', ']'),
    ('［', '］'),
    ('〔', '〕'),
    ('`', '`'),
    ('"', '"'),
    ('＂', '＂'),
];

/// Splits `「大模型」「芯片」`, `【图像生成】【设计】`, `[a][b]` and `《自然》《科学》`. `None` unless
/// the text consists of at least two quotations with nothing but white space between them. Titles
/// of works keep their marks.
pub(super) fn adjacent_quotations(text: &str) -> Option<Vec<String>> {
    let (open, close) = AROUND_TERMS.into_iter().find(|(open, _)| text.starts_with(*open))?;
    let mut items = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.strip_prefix(open)?.find(close)? + open.len_utf8();
        let inner = &rest[open.len_utf8()..end];
        if inner.contains(open) {
            return None;
        }
        items.push(if open == '《' { rest[..end + close.len_utf8()].to_owned() } else { inner.to_owned() });
        rest = rest[end + close.len_utf8()..].trim_start();
    }
    (items.len() > 1).then_some(items)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_json_and_python_are_split_at_their_quotation_marks() {
        for text in [
            "[\"甲\", \"乙, 丙\"]",
            "['甲', '乙, 丙']",
            "('甲'; '乙, 丙')",
            "{“甲”，“乙, 丙”}",
            "[‘甲’、‘乙, 丙’]",
            "[ '甲' ,'乙\\, 丙' ]",
        ] {
            assert_eq!(quoted_list(text).unwrap(), ["甲", "乙, 丙"], "{text}");
        }
        for text in ["甲", "[甲]", "['甲' '乙']", "['甲", "['甲]", "['甲', 乙]"] {
            assert_eq!(quoted_list(text), None, "{text}");
        }
        assert_eq!(quoted_list("[]").unwrap(), Vec::<String>::new());
    }

    #[test]
    fn brackets_without_anything_between_separate_terms() {
        for text in [
            "【甲】【乙 一】",
            "[甲][乙 一]",
            "「甲」「乙 一」",
            "『甲』 『乙 一』",
            "〖甲〗〖乙 一〗",
            "“甲”“乙 一”",
            "‘甲’‘乙 一’",
            "［甲］　［乙 一］",
            "`甲` `乙 一`",
            "\"甲\" \"乙 一\"",
            "〔甲〕〔乙 一〕",
            "【甲】\n【乙 一】",
        ] {
            assert_eq!(adjacent_quotations(text).unwrap(), ["甲", "乙 一"], "{text}");
        }
        assert_eq!(adjacent_quotations("《甲》《乙》").unwrap(), ["《甲》", "《乙》"]);
        for text in [
            "【甲】",
            "【甲】乙",
            "【甲】、【乙】",
            "甲【乙】【丙】",
            "【甲】「乙」",
            "【甲【乙】】【丙】",
            "[甲](乙)",
            "",
        ] {
            assert_eq!(adjacent_quotations(text), None, "{text}");
        }
    }
}
