//! Extracts names and versions in Latin letters from titles: `Nova-4`, `Lark-2.6-flash`, `V3.1`.

use crate::text::han::is_han;

/// Words in Latin letters that do not name a product or firm.
const GENERIC: [&str; 14] =
    ["ai", "ceo", "cto", "cfo", "coo", "ipo", "tv", "pc", "it", "vs", "the", "of", "and", "for"];

/// Units after a number: the number is an amount and belongs to no name.
const UNITS: &str =
    "亿万元美欧英港日千百%年月号天个款家台辆名人次倍岁小时分秒季轮届期批条项颗枚吨米瓦度寸点起";

/// The names of a title, each as its parts: `nova-4` and `nova4` are `nova`, `4`.
#[derive(Debug, Default)]
pub(super) struct Names {
    names: Vec<Vec<String>>,
}

impl Names {
    /// Finds the names of a title, given as written and normalized. In a title with Han, all Latin
    /// words are names; in others, those that begin with a capital or digit.
    pub(super) fn find(written: &str, title: &str) -> Self {
        if !title.chars().any(is_han) {
            return Self { names: latin_names(written) };
        }
        let title = &without_comparisons(title);
        let mut names = Vec::new();
        for piece in title.split(|c: char| !(is_part(c) || is_joint(c))) {
            let start = piece.as_ptr() as usize - title.as_ptr() as usize;
            let after = title[start + piece.len()..].chars().next();
            let mut parts = parts(piece);
            // `Nova 40 亿元`: the number before the unit is not the name's.
            if after.is_some_and(|c| UNITS.contains(c))
                && parts.last().is_some_and(|part| part.starts_with(|c: char| c.is_ascii_digit()))
            {
                parts.pop();
            }
            parts.retain(|part| !GENERIC.contains(&part.as_str()));
            if parts.iter().any(|part| part.starts_with(|c: char| !c.is_ascii_digit())) {
                names.push(parts);
            }
        }
        Self { names }
    }

    fn parts(&self) -> impl Iterator<Item = &String> {
        self.names.iter().flatten()
    }

    fn lacks(&self, part: &str) -> bool {
        self.parts().all(|own| own != part)
    }

    /// True if each of two titles has a part of a name that the other title lacks, or if a name of
    /// one continues a name of the other (`Nova-4`, `Nova-4 Ultra`) by words that the other article
    /// does not have. `has` tells whether the articles have a word anywhere.
    pub(super) fn differ(titles: [&Self; 2], has: [&dyn Fn(&str) -> bool; 2]) -> bool {
        let [a, b] = titles;
        (a.parts().any(|part| b.lacks(part)) && b.parts().any(|part| a.lacks(part)))
            || a.continues(b, has[1])
            || b.continues(a, has[0])
    }

    /// True if a name of this title begins with a whole name of the other title and goes on with a
    /// part that the other article does not have.
    fn continues(&self, other: &Self, other_has: &dyn Fn(&str) -> bool) -> bool {
        self.names.iter().any(|long| {
            other.names.iter().any(|short| {
                long.len() > short.len()
                    && long.starts_with(short)
                    && long[short.len()..].iter().any(|part| other.lacks(part) && !other_has(part))
            })
        })
    }
}

/// Words of headlines that are no names though headlines in title case capitalize them.
const COMMON: [&str; 64] = [
    "launches",
    "launch",
    "unveils",
    "releases",
    "release",
    "introduces",
    "announces",
    "debuts",
    "rolls",
    "out",
    "adds",
    "brings",
    "opens",
    "sues",
    "sued",
    "buys",
    "buy",
    "acquires",
    "acquire",
    "acquisition",
    "deal",
    "completes",
    "raises",
    "hits",
    "says",
    "reports",
    "beats",
    "new",
    "first",
    "latest",
    "update",
    "model",
    "models",
    "with",
    "from",
    "over",
    "after",
    "into",
    "on",
    "in",
    "at",
    "by",
    "to",
    "as",
    "is",
    "are",
    "its",
    "a",
    "an",
    "the",
    "and",
    "or",
    "for",
    "of",
    "will",
    "has",
    "now",
    "more",
    "than",
    "up",
    "how",
    "why",
    "what",
    "million",
];

/// The names in a title without Han: runs of words that begin with a capital or digit.
fn latin_names(written: &str) -> Vec<Vec<String>> {
    let mut names: Vec<Vec<String>> = Vec::new();
    let mut continues = false;
    for word in written.split_whitespace() {
        let bare = word.trim_matches(|c: char| !c.is_alphanumeric());
        let lower = bare.to_lowercase();
        let is_amount = word.starts_with(['$', '€', '£']) || word.ends_with('%');
        let is_name = bare.starts_with(|c: char| c.is_uppercase() || c.is_ascii_digit())
            && !is_amount
            && !COMMON.contains(&lower.as_str())
            && !GENERIC.contains(&lower.as_str());
        if is_name {
            match names.last_mut().filter(|_| continues) {
                Some(name) => name.extend(parts(&lower)),
                None => names.push(parts(&lower)),
            }
        }
        continues = is_name && word.ends_with(char::is_alphanumeric);
    }
    names
}

/// Words before a name that a title compares its subject with.
const COMPARISONS: [&str; 14] = [
    "媲美",
    "追平",
    "超越",
    "超过",
    "对标",
    "不输",
    "优于",
    "胜过",
    "逼近",
    "打败",
    "击败",
    "领先于",
    "比肩",
    "叫板",
];

/// A title without what follows a comparison, up to the next punctuation: `媲美 o1`.
fn without_comparisons(title: &str) -> String {
    let mut kept = title.to_owned();
    for word in COMPARISONS {
        if let Some(at) = kept.find(word) {
            let end =
                kept[at..].find(['，', ',', '；', ';', '：', ':', '。']).map_or(kept.len(), |end| at + end);
            kept.replace_range(at..end, "");
        }
    }
    kept
}

/// Characters within the parts of names: letters and digits of all scripts but Han.
fn is_part(c: char) -> bool {
    c.is_alphanumeric() && !is_han(c)
}

/// Characters between the parts of one name.
fn is_joint(c: char) -> bool {
    matches!(c, '-' | '.' | '+' | '_' | '/' | ' ' | '·')
}

/// Splits a name between letters and digits and at joints; numbers keep their point.
fn parts(name: &str) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut before: Option<char> = None;
    let mut characters = name.chars().peekable();
    while let Some(c) = characters.next() {
        let is_digit = |c: char| c.is_ascii_digit();
        let is_point =
            c == '.' && before.is_some_and(is_digit) && characters.peek().copied().is_some_and(is_digit);
        if !is_part(c) && !is_point {
            // `V3+` is not `V3`.
            if c == '+' && before.is_some_and(is_part) {
                parts.push("+".to_owned());
            }
            before = None;
            continue;
        }
        let continues =
            before.is_some_and(|before| is_point || before == '.' || is_digit(before) == is_digit(c));
        match parts.last_mut().filter(|_| continues) {
            Some(last) => last.push(c),
            None => parts.push(c.to_string()),
        }
        before = Some(c);
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(title: &str) -> Vec<Vec<String>> {
        Names::find(title, &title.to_lowercase()).names
    }

    #[test]
    fn names_are_cut_into_parts() {
        for (title, expected) in [
            ("发布 nova-4 模型", "nova 4"),
            ("发布nova4模型", "nova 4"),
            ("发布 lark-2.6-flash", "lark 2.6 flash"),
            ("上线 v3.1", "v 3.1"),
            ("推出 mist2.6-27b", "mist 2.6 27 b"),
            ("nova 40 亿元融资", "nova"),
            ("nova 发布", "nova"),
            ("x3+ 上市", "x 3 +"),
            ("任命 ceo 陈", ""),
            ("融资 40 亿", ""),
            ("nova 媲美 o1", "nova"),
            ("nova 追平 lark，开源 mist", "nova|mist"),
            ("Kelvane launches Nova 4 Mini for teams", "kelvane|nova 4 mini"),
            ("Kelvane, Dunmore raise $40 million", "kelvane|dunmore"),
            ("Kelvane cuts 5% of jobs", "kelvane"),
        ] {
            let found: Vec<String> = names(title).iter().map(|name| name.join(" ")).collect();
            assert_eq!(found.join("|"), expected, "{title}");
        }
    }

    #[test]
    fn other_names_and_versions_tell_articles_apart() {
        let differ = |a: &str, b: &str, text: &str| {
            let has = |word: &str| text.contains(word);
            let (a, b) = (Names::find(a, a), Names::find(b, b));
            Names::differ([&a, &b], [&has, &has])
        };
        for (a, b) in [
            ("发布 nova-4", "推出 nova draw"),
            ("发布 lark-2.6-1t", "发布 lark-2.6-flash"),
            ("开源 mist2.6-max-preview", "开源 mist2.6-27b"),
            ("上线 v3", "上线 v3.1"),
            ("推出 nova pro", "推出 nova mini"),
            ("发布 nova 4", "发布 nova 4 ultra"),
            ("发布 nova 4 ultra", "发布 nova 4"),
        ] {
            assert!(differ(a, b, ""), "{a} | {b}");
        }
        assert!(!differ("发布 nova 4", "发布 nova 4 ultra", "nova 4 ultra"));
        assert!(!differ("发布 nova 4", "上线 nova-4", ""));
        assert!(!differ("发布模型", "发布 nova-4", ""));
        assert!(!differ("orbwell 发布 nova", "发布 nova", ""));
    }
}
