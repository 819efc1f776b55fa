//! A field of terms to its items, however a model separated, quoted and numbered them.

use std::collections::HashSet;

use crate::hygiene::placeholder;
use crate::import::repair::Change;
use crate::import::repair::Kind;
use crate::load::list;
use crate::slug::key;

/// Words that end in 等 by themselves.
const WHOLE: &str = "平高中初对同均优劣上下头特何相不一二三四五六甲乙丙丁躺差次超";

/// How a list that names only examples ends.
const ENDINGS: [&str; 12] = [
    "等等",
    "等领域",
    "等行业",
    "等技术",
    "等方面",
    "等公司",
    "等产品",
    "等企业",
    "等多个领域",
    "等",
    "etc.",
    "etc",
];

/// Splits at `,` `，` `、` `;` `；` `|` and lines, never inside brackets, never at `/`; reads
/// JSON's and Python's lists, hashtags and numbered items. What only held the list together is left
/// out; see [`terms`] for the rest.
#[must_use]
pub fn split(text: &str) -> Vec<String> {
    // Cells of tables break their lines so.
    let text = text.replace("<br>", "\n").replace("<br/>", "\n").replace("<br />", "\n");
    let text = text.trim();
    if let Some(items) = quoted_list(text).or_else(|| adjacent(text)) {
        return items;
    }
    // Brackets around the whole without quotes inside: [人工智能, 软件开发].
    let text = match text.strip_prefix('[').and_then(|inner| inner.strip_suffix(']')) {
        Some(inner) if !inner.contains(['[', ']']) => inner,
        _ => text,
    };
    let mut items: Vec<String> = Vec::new();
    for line in text.lines() {
        let line = bullet(line.trim());
        for part in inline_numbers(line) {
            match hashtags(part) {
                Some(tags) => items.extend(tags),
                None => items.extend(list::split_at(part, |c| {
                    matches!(
                        c,
                        ',' | '，' | '、' | ';' | '；' | '|' | '｜' | '﹑' | '､' | '•' | '\t' | '\u{3000}'
                    )
                })),
            }
        }
    }
    without_numbers(items, text)
        .iter()
        .map(|item| bare(item).to_owned())
        .filter(|item| !item.is_empty())
        .collect()
}

/// The terms among a list's items: no placeholders, none twice, the last one without 等 or a full
/// stop.
#[must_use]
pub fn terms(mut items: Vec<String>, placeholders: &[String], changes: &mut Vec<Change>) -> Vec<String> {
    for item in &mut items {
        *item = item.split_whitespace().collect::<Vec<_>>().join(" ");
    }
    end(&mut items, changes);
    let mut seen = HashSet::new();
    let mut terms = Vec::with_capacity(items.len());
    for item in items.into_iter().filter(|item| !item.is_empty()) {
        let key = key::term_key(&item);
        let gloss = key.find('(').filter(|at| *at > 0).map_or(key.as_str(), |at| key[..at].trim_end());
        if placeholder::is_placeholder(&key)
            || placeholder::is_word_for_nothing(gloss)
            || placeholders.iter().any(|word| key::term_key(word) == key)
        {
            changes.push((Kind::Placeholder, item, String::new()));
        } else if seen.insert(key) {
            terms.push(item);
        } else {
            changes.push((Kind::Duplicate, item, String::new()));
        }
    }
    terms
}

/// The last item without what says that there is more.
fn end(items: &mut Vec<String>, changes: &mut Vec<Change>) {
    let several = items.len() > 1;
    let Some(last) = items.last_mut() else { return };
    let trimmed = last.trim_end_matches(['。', '…', '.']);
    // `Inc.` and `U.S.` end in a point of their own.
    let stop = last.ends_with(['。', '…']) || (several && trimmed.chars().any(crate::text::han::is_han));
    let text = if stop { trimmed } else { last.as_str() };
    let ending = ENDINGS.iter().find(|ending| {
        text.strip_suffix(**ending).is_some_and(|before| match (**ending, before.chars().next_back()) {
            (_, None) => several,
            ("等", Some(last)) => !WHOLE.contains(last),
            _ => several,
        })
    });
    let counted = text.rfind('等').filter(|at| several && is_count(&text[at + '等'.len_utf8()..]));
    let kept = ending.and_then(|ending| text.strip_suffix(ending)).or(counted.map(|at| &text[..at]));
    let kept = kept.unwrap_or(text).trim_end();
    if kept.len() < last.len() {
        changes.push((Kind::Ending, last[kept.len()..].to_owned(), String::new()));
        *last = kept.to_owned();
    }
    if items.last().is_some_and(String::is_empty) {
        items.pop();
    }
}

/// `3个行业`, `多家公司`: how many there are in all.
fn is_count(text: &str) -> bool {
    let rest =
        text.trim_start_matches(|c: char| c.is_ascii_digit() || "多几数十余一二三四五六七八九两".contains(c));
    rest.len() < text.len()
        && rest.starts_with(['个', '家', '项', '种', '类', '款', '大'])
        && rest.chars().count() <= 6
}

/// `["a", 'b']` as JSON and Python write it, also with curly quotes: its items, if all of it is
/// that.
fn quoted_list(text: &str) -> Option<Vec<String>> {
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

/// `「大模型」「芯片」` and `《自然》《科学》`: two items at least, and nothing between them.
/// Titles keep their marks.
fn adjacent(text: &str) -> Option<Vec<String>> {
    let (open, close) =
        [('「', '」'), ('《', '》'), ('“', '”')].into_iter().find(|(open, _)| text.starts_with(*open))?;
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

/// A line without what makes it an item.
fn bullet(line: &str) -> &str {
    for mark in ['•', '·', '・', '●', '○', '▪', '◆', '■', '►', '▶', '✅', '‣'] {
        if let Some(rest) = line.strip_prefix(mark) {
            return rest.trim_start();
        }
    }
    for mark in ['-', '*', '+', '–', '—'] {
        if let Some(rest) = line.strip_prefix(mark).filter(|rest| rest.starts_with([' ', '\t', '\u{3000}'])) {
            return rest.trim_start();
        }
    }
    line
}

/// `1. 马斯克 2. ChatGPT` and `①马斯克②ChatGPT` on one line, apart; the numbers stay.
fn inline_numbers(line: &str) -> Vec<&str> {
    let mut starts = vec![0];
    if line.starts_with('①') {
        let circled = |c: char| ('②'..='⑳').contains(&c);
        starts.extend(line.char_indices().filter(|(_, c)| circled(*c)).map(|(at, _)| at));
    } else if line.starts_with(['(', '（']) && number(line).is_some_and(|(first, _)| first == 1) {
        // In brackets they need no space before them: （1）医疗（2）教育.
        let mut places = line.match_indices(['(', '（']).map(|(place, _)| place).skip(1);
        for n in 2.. {
            match places.find(|place| number(&line[*place..]).is_some_and(|(found, _)| found == n)) {
                Some(place) => starts.push(place),
                None => break,
            }
        }
    } else if number(line).is_some_and(|(first, _)| first == 1) {
        let mut at = 0;
        for n in 2.. {
            let next = line[at..]
                .match_indices(|c: char| c.is_whitespace() || "，、；,;".contains(c))
                .find_map(|(gap, found)| {
                    let place = at + gap + found.len();
                    number(&line[place..]).filter(|(found, _)| *found == n).map(|_| place)
                });
            match next {
                Some(place) => {
                    starts.push(place);
                    at = place;
                }
                None => break,
            }
        }
    }
    let ends = starts.iter().skip(1).copied().chain([line.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &line[start..end]).collect()
}

/// A number at the beginning and the length of it with its mark: `12. `, `3、`, `(4)`, `⑤`.
fn number(text: &str) -> Option<(usize, usize)> {
    let first = text.chars().next()?;
    if ('①'..='⑳').contains(&first) {
        return Some((u32::from(first) as usize - 0x245F, first.len_utf8()));
    }
    let inner = text.strip_prefix(['(', '（']);
    let rest = inner.unwrap_or(text);
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let value = rest.get(..digits).filter(|_| (1..=3).contains(&digits))?.parse().ok()?;
    let after = &rest[digits..];
    let mark = after.chars().next()?;
    let marked = if inner.is_some() {
        matches!(mark, ')' | '）')
    } else {
        matches!(mark, '.' | '、' | '．' | ')' | '）')
    };
    // 3.5 is no item.
    let decimal = mark == '.' && after[1..].starts_with(|c: char| c.is_ascii_digit());
    (marked && !decimal).then(|| (value, text.len() - after.len() + mark.len_utf8()))
}

/// Items without the numbers that count them, if they count them all.
fn without_numbers(items: Vec<String>, text: &str) -> Vec<String> {
    let counted = |(n, item): (usize, &String)| number(item).is_some_and(|(value, _)| value == n + 1);
    if !items.is_empty() && items.iter().enumerate().all(counted) {
        return items
            .iter()
            .map(|item| number(item).map_or(item.as_str(), |(_, length)| &item[length..]).trim().to_owned())
            .collect();
    }
    // `1、马斯克、2、ChatGPT`: every other item is the next number.
    let alternate = text.contains("1、")
        && text.contains("2、")
        && items.len() >= 4
        && items.len().is_multiple_of(2)
        && items.iter().step_by(2).enumerate().all(|(n, item)| *item == (n + 1).to_string());
    if alternate { items.into_iter().skip(1).step_by(2).collect() } else { items }
}

/// `#马斯克 #ChatGPT` or `#马斯克# #ChatGPT#`: the tags, if there is nothing else.
fn hashtags(text: &str) -> Option<Vec<String>> {
    let tags: Vec<&str> = text.split_whitespace().collect();
    let tag = |word: &&str| {
        let rest = word.strip_prefix(['#', '＃']).unwrap_or_default();
        !rest.is_empty() && !rest.starts_with(['#', '＃']) && !word.contains(['，', ','])
    };
    (!tags.is_empty() && tags.iter().all(tag))
        .then(|| tags.iter().map(|word| word.trim_matches(['#', '＃']).to_owned()).collect())
}

/// An item without the quotes and emphasis around all of it.
fn bare(item: &str) -> &str {
    let mut item = item.trim();
    for (open, close) in [
        ("**", "**"),
        ("__", "__"),
        ("`", "`"),
        ("\"", "\""),
        ("'", "'"),
        ("“", "”"),
        ("‘", "’"),
        ("「", "」"),
    ] {
        if let Some(inner) = item.strip_prefix(open).and_then(|rest| rest.strip_suffix(close))
            && !inner.contains(open)
            && !inner.contains(close)
        {
            item = inner.trim();
        }
    }
    item
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        terms(split(text), &[], &mut Vec::new())
    }

    #[test]
    fn lists_are_read_however_they_are_written() {
        for text in [
            "马斯克,  ChatGPT,  开源",
            "马斯克，ChatGPT，开源。",
            "马斯克、ChatGPT、开源等",
            "马斯克；ChatGPT;开源",
            "马斯克 | ChatGPT | 开源",
            "马斯克\nChatGPT\n开源",
            "- 马斯克\n- ChatGPT\n- 开源",
            "•马斯克\n•ChatGPT\n•开源",
            "1. 马斯克\n2. ChatGPT\n3. 开源",
            "1. 马斯克 2. ChatGPT 3. 开源",
            "1、马斯克；2、ChatGPT；3、开源",
            "1、马斯克、2、ChatGPT、3、开源",
            "（1）马斯克（2）ChatGPT（3）开源".replace('（', " （").as_str(),
            "①马斯克②ChatGPT③开源",
            "（1）马斯克（2）ChatGPT（3）开源",
            "「马斯克」「ChatGPT」「开源」",
            "马斯克•ChatGPT•开源",
            "马斯克\tChatGPT\u{3000}开源",
            "马斯克<br>ChatGPT<br/>开源",
            "・马斯克\n・ChatGPT\n・开源",
            "马斯克、ChatGPT、开源、无（文中未提及）",
            r#"["马斯克", "ChatGPT", "开源"]"#,
            "['马斯克', 'ChatGPT', '开源']",
            "[“马斯克”，“ChatGPT”，“开源”]",
            "[马斯克, ChatGPT, 开源]",
            "“马斯克”、“ChatGPT”、“开源”",
            "\"马斯克\", \"ChatGPT\", \"开源\"",
            "`马斯克`, **ChatGPT**, 开源",
            "#马斯克 #ChatGPT #开源",
            "＃马斯克 ＃ChatGPT＃ ＃开源",
            "#马斯克# #ChatGPT# #开源#",
            "马斯克，ChatGPT，马斯克，开源，ｃｈａｔｇｐｔ",
            "马斯克, ChatGPT, 开源, 等等。",
            "马斯克, , ChatGPT, 无, 开源",
        ] {
            assert_eq!(read(text), ["马斯克", "ChatGPT", "开源"], "{text}");
        }
    }

    #[test]
    fn what_looks_like_a_separator_inside_a_term_stays() {
        for (text, wanted) in [
            ("CI/CD, /slow mode, A/B测试", vec!["CI/CD", "/slow mode", "A/B测试"]),
            (
                "通用人工智能(AGI,强), 人脸识别（活体、静默）",
                vec!["通用人工智能(AGI,强)", "人脸识别（活体、静默）"],
            ),
            ("C#, F#、.NET", vec!["C#", "F#", ".NET"]),
            ("1,000亿元、2,5", vec!["1", "000亿元", "2", "5"]),
            ("《自然》《科学》", vec!["《自然》", "《科学》"]),
            ("医疗、教育、金融等3个行业", vec!["医疗", "教育", "金融"]),
            ("GPT-3.5, 5G、3D打印", vec!["GPT-3.5", "5G", "3D打印"]),
            ("苹果公司, Apple Inc.", vec!["苹果公司", "Apple Inc."]),
            ("男女平等", vec!["男女平等"]),
            ("教育, 高等", vec!["教育", "高等"]),
            ("无人驾驶、无人机", vec!["无人驾驶", "无人机"]),
            ("3. 开源", vec!["3. 开源"]),
            ("[2024]年度模型", vec!["[2024]年度模型"]),
            ("['没有关的引号, 开源]", vec!["'没有关的引号", "开源"]),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_word_for_nothing_is_nothing() {
        for text in ["无", "暂无。", "N/A", "未提及", "-", "——", "[]", "（无）", "未提及具体技术"]
        {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn a_list_of_examples_ends_before_its_etc() {
        assert_eq!(read("人工智能、软件开发等领域"), ["人工智能", "软件开发"]);
        assert_eq!(read("GPT-4等"), ["GPT-4"]);
        assert_eq!(read("AI, chips, etc."), ["AI", "chips"]);
    }

    proptest! {
        #[test]
        fn only_what_holds_a_list_together_goes_without_a_word(text in "[a-c中无等源（）()\\[\\]{}\"'“”‘’`*#|,，、；;.。1-3 \n①②•\\-]{0,40}") {
            let mut changes = Vec::new();
            let kept = terms(split(&text), &[], &mut changes);
            let words = |c: &char| matches!(c, 'a'..='c' | '中' | '无' | '等' | '源');
            let mut left: Vec<char> = kept.iter().flat_map(|term| term.chars()).filter(words).collect();
            left.extend(changes.iter().flat_map(|(_, from, _)| from.chars()).filter(words));
            let mut all: Vec<char> = text.chars().filter(words).collect();
            left.sort_unstable();
            all.sort_unstable();
            prop_assert_eq!(left, all, "{:?} {:?}", kept, changes);
        }

        #[test]
        fn arbitrary_text_is_split_without_a_panic(text in "\\PC{0,60}|.{0,60}") {
            let _ = read(&text);
        }
    }
}
