//! Extracts typed values from titles: amounts, dates, quarters, rounds, ordinals.

/// Units with the kind of value that they make. Longer ones come first.
const UNITS: &[(&str, &str)] = &[
    ("季度", "季"),
    ("财季", "季"),
    ("美元", "元"),
    ("欧元", "元"),
    ("英镑", "元"),
    ("日元", "元"),
    ("港元", "元"),
    ("港币", "元"),
    ("人民币", "元"),
    ("million", "元"),
    ("billion", "元"),
    ("小时", "时"),
    ("分钟", "分"),
    ("个月", "个月"),
    ("个点", "点"),
    ("基点", "点"),
    ("季", "季"),
    ("元", "元"),
    ("%", "%"),
    ("年", "年"),
    ("月", "月"),
    ("日", "日"),
    ("天", "天"),
    ("届", "届"),
    ("期", "期"),
    ("批", "批"),
    ("代", "代"),
    ("轮", "轮"),
    ("版", "版"),
    ("次", "次"),
    ("号", "号"),
    ("个", "个"),
    ("名", "人"),
    ("人", "人"),
    ("位", "人"),
    ("家", "家"),
    ("辆", "辆"),
    ("台", "台"),
    ("款", "款"),
    ("项", "项"),
    ("条", "条"),
    ("颗", "颗"),
    ("枚", "枚"),
    ("倍", "倍"),
    ("岁", "岁"),
    ("吨", "吨"),
    ("种", "种"),
    ("座", "座"),
    ("城", "城"),
    ("国", "国"),
    ("省", "省"),
    ("地", "地"),
    ("卡", "卡"),
    ("核", "核"),
    ("米", "米"),
    ("公里", "米"),
    ("纳米", "纳米"),
    ("秒", "秒"),
    ("分", "分"),
    ("点", "点"),
    ("寸", "寸"),
    ("英寸", "寸"),
    ("度", "度"),
    ("瓦", "瓦"),
    ("字", "字"),
    ("股", "股"),
    ("架", "架"),
    ("艘", "艘"),
    ("部", "部"),
    ("件", "件"),
    ("所", "所"),
    ("场", "场"),
    ("层", "层"),
    ("成", "成"),
    ("折", "折"),
    ("起", "起"),
    ("k", "k"),
    ("m", "m"),
    ("b", "b"),
    ("t", "t"),
];

/// Words that are values by themselves.
const WORDS: &[(&str, &str, &str)] = &[
    ("上半年", "半年", "1"),
    ("下半年", "半年", "2"),
    ("q1", "季", "1"),
    ("q2", "季", "2"),
    ("q3", "季", "3"),
    ("q4", "季", "4"),
    ("天使轮", "轮", "天使"),
    ("天使+轮", "轮", "天使+"),
    ("种子+轮", "轮", "种子+"),
    ("pre-ipo", "轮", "pre-ipo"),
    ("种子轮", "轮", "种子"),
    ("战略融资", "轮", "战略"),
    ("seed round", "轮", "种子"),
];

/// The values of a title: kind and value.
#[derive(Debug, Default)]
pub(super) struct Values(Vec<(&'static str, String)>);

impl Values {
    /// Finds the values of a normalized title.
    pub(super) fn find(title: &str) -> Self {
        let mut values = Vec::new();
        for &(word, kind, value) in WORDS {
            if super::words::mentions(title, word) {
                values.push((kind, value.to_owned()));
            }
        }
        let mut rest = title;
        while let Some(first) = rest.chars().next() {
            let (number, length) = number(rest);
            if length == 0 {
                if let Some(round) = round(title, title.len() - rest.len()) {
                    values.push(("轮", round));
                    // `a2` is one name.
                    rest = rest[1..].trim_start_matches(is_round_mark);
                    continue;
                }
                rest = &rest[first.len_utf8()..];
                continue;
            }
            let is_in_name = title[..title.len() - rest.len()]
                .ends_with(|c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_'));
            let mut after = rest[length..].trim_start();
            let multiplier: String = after.chars().take_while(|c| "百千万亿".contains(*c)).collect();
            after = after[multiplier.len()..].trim_start();
            let unit = UNITS.iter().find(|(unit, _)| after.starts_with(unit));
            match unit {
                Some((unit, kind)) => values.push((kind, number + &multiplier + english(unit))),
                None if !multiplier.is_empty() => values.push(("元", number + &multiplier)),
                // A version: `文心 4.5`. That of `nova-4` is a part of its name.
                None if first.is_ascii_digit() && !is_in_name => values.push(("", number)),
                None => {}
            }
            rest = &rest[length..];
        }
        Self(values)
    }

    /// True if two titles have values of one kind, and none in common.
    pub(super) fn differ(&self, other: &Self) -> bool {
        self.0.iter().any(|(kind, _)| {
            let of = |values: &Self| -> Vec<String> {
                values.0.iter().filter(|(other, _)| other == kind).map(|(_, value)| value.clone()).collect()
            };
            let (mine, theirs) = (of(self), of(other));
            !theirs.is_empty() && mine.iter().all(|a| !theirs.iter().any(|b| is_same(kind, a, b)))
        })
    }
}

/// Kinds of values that are counted or ordered: they are never rounded.
const EXACT: [&str; 13] = ["", "季", "半年", "年", "月", "日", "届", "期", "批", "代", "轮", "版", "号"];

/// True if two values of a kind are the same or one is the other rounded: 260 亿, 260.4 亿.
fn is_same(kind: &str, a: &str, b: &str) -> bool {
    if a == b {
        return true;
    }
    let (Some(a), Some(b)) = (thousandths(a), thousandths(b)) else { return false };
    // Within two percent.
    !EXACT.contains(&kind) && a.abs_diff(b).saturating_mul(50) <= a.max(b)
}

/// A number with Chinese multipliers, in thousandths; `None` for other text.
fn thousandths(value: &str) -> Option<u64> {
    let end = value.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(value.len());
    let (whole, fraction) = value[..end].split_once('.').unwrap_or((&value[..end], ""));
    let fraction: String = fraction.chars().chain("000".chars()).take(3).collect();
    let mut number = whole.parse::<u64>().ok()?.checked_mul(1000)?.checked_add(fraction.parse().ok()?)?;
    for c in value[end..].chars() {
        number = number.checked_mul(match c {
            '百' => 100,
            '千' => 1000,
            '万' => 10_000,
            '亿' => 100_000_000,
            _ => return None,
        })?;
    }
    Some(number)
}

/// The part of a unit that belongs to the value.
fn english(unit: &str) -> &str {
    if unit.is_ascii() && unit.len() > 1 { unit } else { "" }
}

/// The number at the beginning of a text, in digits, and its length in bytes; 0 if there is none.
fn number(text: &str) -> (String, usize) {
    let digits =
        text.len() - text.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '.' | ',')).len();
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        let written = text[..digits].trim_end_matches(['.', ',']);
        return (written.replace(',', ""), written.len());
    }
    let written: String = text.chars().take_while(|&c| han_digit(c).is_some() || c == '十').collect();
    let mut value = 0_u64;
    let mut last = None;
    for c in written.chars() {
        match han_digit(c) {
            Some(digit) => {
                value = value.saturating_mul(if last.is_some() { 10 } else { 1 }).saturating_add(digit);
                last = Some(digit);
            }
            None => {
                let tens = last.take().unwrap_or(1);
                value = value.saturating_sub(if value == 0 { 0 } else { tens }).saturating_add(tens * 10);
            }
        }
    }
    (value.to_string(), written.len())
}

fn han_digit(c: char) -> Option<u64> {
    let at = "〇一二三四五六七八九".chars().position(|digit| digit == c);
    at.or(matches!(c, '零').then_some(0)).or(matches!(c, '两').then_some(2)).map(|digit| digit as u64)
}

/// The name of a funding round whose letter begins at `at`: `a轮`, `b+轮`, `a2 轮`, `pre-a轮`,
/// `series c+`. A letter within a word or name begins none.
fn round(title: &str, at: usize) -> Option<String> {
    let (before, rest) = title.split_at(at);
    let letter = rest.chars().next().filter(char::is_ascii_lowercase)?;
    let behind = &rest[1..];
    let marks = behind.len() - behind.trim_start_matches(is_round_mark).len();
    let after = behind[marks..].trim_start();
    // `pre-a轮` comes before `a轮`; `pre-series a`, too.
    let before = before.trim_end_matches([' ', '-']);
    let series = before.strip_suffix("series").map(|before| before.trim_end_matches([' ', '-']));
    let is_round = if series.is_some() {
        at > before.len() && !behind[marks..].starts_with(|c: char| c.is_ascii_alphanumeric())
    } else {
        after.starts_with('轮')
    };
    let before = series.unwrap_or(before);
    let is_before = mentions_at_end(before, "pre");
    let stands_alone =
        is_before || series.is_some() || !title[..at].ends_with(|c: char| c.is_ascii_alphanumeric());
    let stage = if is_before { "pre-" } else { "" };
    (is_round && stands_alone).then(|| format!("{stage}{letter}{}", &behind[..marks]))
}

/// True for what follows the letter of a round: `a2`, `b+`.
fn is_round_mark(c: char) -> bool {
    c.is_ascii_digit() || c == '+'
}

/// True if a text ends with a word in Latin letters that stands by itself.
fn mentions_at_end(text: &str, word: &str) -> bool {
    text.strip_suffix(word).is_some_and(|before| !before.ends_with(|c: char| c.is_ascii_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_have_a_kind() {
        for (title, expected) in [
            ("融资3亿元", "元3亿"),
            ("融资 三十亿元", "元30亿"),
            ("营收 260.4 亿美元", "元260.4亿"),
            ("第三季度", "季3"),
            ("q3 财报", "季3"),
            ("上半年", "半年1"),
            ("完成 a 轮融资", "轮a"),
            ("完成b+轮融资", "轮b+"),
            ("天使轮", "轮天使"),
            ("raises series a", "轮a"),
            ("raises a $40m series c+", "m40|轮c+"),
            ("raises pre-series b round", "轮pre-b"),
            ("series about chips", ""),
            ("完成 pre-a 轮", "轮pre-a"),
            ("完成pre a+轮", "轮pre-a+"),
            ("完成 a2 轮", "轮a2"),
            ("完成天使+轮", "轮天使+"),
            ("pre-ipo 轮", "轮pre-ipo"),
            ("express a 轮", "轮a"),
            ("十五届", "届15"),
            ("二十届", "届20"),
            ("二十五届", "届25"),
            ("两小时", "时2"),
            ("一〇五号", "号105"),
            ("零点", "点0"),
            ("1,200 台", "台1200"),
            ("文心 4.5", "4.5"),
            ("nova-4", ""),
            ("nova_4", ""),
            ("无", ""),
            ("一直", ""),
            ("kelvane a 轮", "轮a"),
            ("xa轮", ""),
        ] {
            let found: Vec<String> =
                Values::find(title).0.iter().map(|(kind, value)| format!("{kind}{value}")).collect();
            assert_eq!(found.join("|"), expected, "{title}");
        }
    }

    #[test]
    fn values_differ_if_none_of_a_kind_is_the_same() {
        let differ = |a: &str, b: &str| Values::find(a).differ(&Values::find(b));
        for (a, b) in [
            ("融资 3 亿元", "融资 5 亿元"),
            ("融资三亿元", "融资五亿元"),
            ("3 月交付", "4 月交付"),
            ("第 50 届", "第 51 届"),
            ("a轮", "b轮"),
            ("pre-a 轮", "a 轮"),
            ("a 轮", "a+ 轮"),
            ("a1 轮", "a2 轮"),
            ("series a", "series b"),
            ("pre-series a", "series a"),
            ("天使轮", "a轮"),
            ("q2", "q3"),
            ("文心 4.5", "文心 5.0"),
            ("100 万台", "103 万台"),
            ("上半年", "下半年"),
        ] {
            assert!(differ(a, b) && differ(b, a), "{a} | {b}");
        }
        for (a, b) in [
            ("融资 3 亿元", "融资三亿元"),
            ("营收 260 亿元", "营收 260.4 亿元"),
            ("市值 1.2 万亿元", "市值 12000 亿元"),
            ("融资 3 亿元", "第 5 届"),
            ("100 万台", "102 万台"),
            ("融资 3 亿元，估值 30 亿元", "估值 30 亿元"),
            ("无", "融资 3 亿元"),
        ] {
            assert!(!differ(a, b) && !differ(b, a), "{a} | {b}");
        }
    }

    #[test]
    fn numbers_are_read_in_digits_and_in_han() {
        for (text, wanted, length) in [
            ("12 台", "12", 2),
            ("1,200.5台", "1200.5", 7),
            ("3. 甲", "3", 1),
            ("十五", "15", 6),
            ("二十", "20", 6),
            ("二十五", "25", 9),
            ("一〇五", "105", 9),
            ("二二", "22", 6),
            ("十", "10", 3),
            ("两台", "2", 3),
            ("零点", "0", 3),
            ("无", "0", 0),
            (".5", "0", 0),
            ("百", "0", 0),
        ] {
            assert_eq!(number(text), (wanted.to_owned(), length), "{text}");
        }
        for (value, wanted) in [
            ("3亿", Some(300_000_000_000)),
            ("1.2万", Some(12_000_000)),
            ("1.2345", Some(1234)),
            ("5百", Some(500_000)),
            ("5千", Some(5_000_000)),
            ("2万亿", Some(2_000_000_000_000_000)),
            ("99999999999亿亿", None),
            ("", None),
            ("a", None),
            ("1轮", None),
        ] {
            assert_eq!(thousandths(value), wanted, "{value}");
        }
        for (kind, a, b, wanted) in [
            ("元", "260亿", "260.4亿", true),
            ("台", "98", "100", true),
            ("台", "97", "100", false),
            ("台", "a", "a", true),
            ("台", "a", "1", false),
            ("年", "100", "101", false),
            ("年", "100", "100", true),
        ] {
            assert_eq!((is_same(kind, a, b), is_same(kind, b, a)), (wanted, wanted), "{kind} {a} {b}");
        }
    }
}
