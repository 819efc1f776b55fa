//! Parses a query into runs of units that an article must hold, or must not hold.
//!
//! White space separates words; an article has to hold all of them, in any order. Text in quotation
//! marks has to occur as it is quoted. `-` before a word or a quotation excludes articles that hold
//! it. Punctuation is not searched: between Han characters it separates like white space.
//!
//! # Versions
//! A name with a number finds its versions, too: `Qwen3` finds `Qwen3.6`, and `iOS 18` finds
//! `iOS 18.2`. The rule is for a number at the end of a word whose other letters stand before it,
//! or for a word that is a number, after a word that ends with a letter. Han are not letters here,
//! since numbers after them are figures: `增长3` does not find `增长3.6亿`. Versions are neither
//! for quotations nor for exclusions. A number is never the beginning of a longer number without a
//! dot: `Qwen3` does not find `Qwen30`.

use crate::search::units::{Reader, Units};
use crate::text::han;

/// Units that have to follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The folded units, at least one.
    pub units: Vec<Box<str>>,
    /// How the last unit matches.
    pub end: End,
    /// The run of the versions of a name. It counts as this run, but ranks behind it.
    pub versions: Option<Box<Run>>,
}

/// How the last unit of a run matches a unit of a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// It is the same.
    Whole,
    /// A word of two letters or more, which may be the beginning of a longer word.
    Beginning,
    /// A number that the text continues with a dot and more digits: 3 for 3.6.
    Version,
}

impl End {
    /// True if the last unit of a run matches a unit of a text that begins with it and goes on with
    /// `rest`.
    #[must_use]
    pub fn allows(self, rest: &str) -> bool {
        match self {
            Self::Whole => rest.is_empty(),
            Self::Beginning => true,
            Self::Version => rest.starts_with('.'),
        }
    }
}

/// A parsed query.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Query {
    /// An article has to hold all of these.
    pub wanted: Vec<Run>,
    /// An article must hold none of these.
    pub unwanted: Vec<Run>,
}

/// The maximum number of units that are read of a word or quotation: each may cost a browser a
/// file, and readers type fewer.
const MAX_UNITS: usize = 64;

/// The maximum number of characters that are read of a query.
const MAX_CHARACTERS: usize = 400;

/// True if a unit is a number.
fn is_number(unit: &str) -> bool {
    unit.starts_with(char::is_numeric)
}

/// True if a unit is a word of letters.
fn is_word(unit: &str) -> bool {
    !is_wide(unit) && !is_number(unit)
}

/// True if a unit is a Han character or kana, false if it is a word or number.
#[must_use]
pub fn is_wide(unit: &str) -> bool {
    unit.starts_with(han::is_read)
}

impl Query {
    /// Parses what a reader typed, up to 400 characters.
    #[must_use]
    pub fn parse(typed: &str) -> Self {
        let mut query = Self::default();
        let (mut word, mut quoted, mut minus) = (String::new(), false, false);
        // True if the last run of `wanted` is the end of the word before.
        let mut follows = false;
        for c in typed.chars().take(MAX_CHARACTERS) {
            match c {
                '"' | '“' | '”' | '＂' => {
                    // True for a `-` directly before the quotation.
                    let negates = !quoted && matches!(word.as_str(), "-" | "－");
                    if !negates {
                        query.add(&word, quoted, minus, follows);
                    }
                    follows = false;
                    minus = negates;
                    word.clear();
                    quoted = !quoted;
                }
                _ if c.is_whitespace() && !quoted => {
                    if !word.is_empty() {
                        follows = query.add(&word, false, false, follows);
                        word.clear();
                    }
                }
                _ => word.push(c),
            }
        }
        query.add(&word, quoted, minus, follows);
        query
    }

    /// Adds the runs of a word or a quotation. `follows` is true if the word before, the last run
    /// of `wanted`, may be a name whose number this word is. Returns the same for the next word.
    fn add(&mut self, word: &str, quoted: bool, minus: bool, follows: bool) -> bool {
        let rest = word.strip_prefix(['-', '－']).filter(|_| !quoted);
        let unwanted = minus || rest.is_some();
        let runs = if unwanted { &mut self.unwanted } else { &mut self.wanted };
        let name = runs.last().filter(|_| follows && !unwanted).map(|run| run.units.clone());
        let mut reader = Reader::default();
        let mut units = Units::default();
        reader.read(rest.unwrap_or(word), MAX_UNITS, &mut units);
        for (&id, &joined) in units.ids.iter().zip(&units.joined) {
            let mut unit = String::new();
            reader.words.write(id, &mut unit);
            match runs.last_mut() {
                Some(run) if joined => run.units.push(unit.into()),
                _ => runs.push(Run { units: vec![unit.into()], end: End::Whole, versions: None }),
            }
        }
        if quoted || units.ids.is_empty() {
            return false;
        }
        let Some(run) = runs.last_mut() else { return false };
        let last = run.units.last().map_or("", |unit| unit);
        if is_word(last) && last.chars().nth(1).is_some() {
            run.end = End::Beginning;
        }
        if is_number(last) && !unwanted {
            let mut named = name.filter(|_| units.ids.len() == 1).unwrap_or_default();
            named.extend(run.units.iter().cloned());
            if named.iter().rev().nth(1).is_some_and(|before| is_word(before)) {
                run.versions = Some(Box::new(Run { units: named, end: End::Version, versions: None }));
            }
        }
        !unwanted
    }
}

impl Run {
    /// True if a text holds the run itself, whatever it holds of its versions.
    #[must_use]
    pub fn is_in(&self, text: &str) -> bool {
        let mut reader = Reader::default();
        let mut units = Units::default();
        reader.read(text, usize::MAX, &mut units);
        let texts: Vec<String> = units
            .ids
            .iter()
            .map(|&id| {
                let mut unit = String::new();
                reader.words.write(id, &mut unit);
                unit
            })
            .collect();
        let places = texts.windows(self.units.len()).zip(units.joined.windows(self.units.len()));
        places.into_iter().any(|(found, joined)| {
            let last = found.len() - 1;
            joined[1..].iter().all(|&joined| joined)
                && found[..last].iter().zip(&self.units).all(|(found, wanted)| **found == **wanted)
                && found[last].strip_prefix(&*self.units[last]).is_some_and(|rest| self.end.allows(rest))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows the runs of a query: `·` between units, `*` after the beginning of a word, `-` before
    /// an exclusion, the versions after `|`.
    fn shown(typed: &str) -> Vec<String> {
        let query = Query::parse(typed);
        let show = |run: &Run, sign: &str| {
            let end = if run.end == End::Beginning { "*" } else { "" };
            let versions = run.versions.iter().map(|run| format!("|{}.", run.units.join("·")));
            format!("{sign}{}{end}{}", run.units.join("·"), versions.collect::<String>())
        };
        let wanted = query.wanted.iter().map(|run| show(run, ""));
        wanted.chain(query.unwanted.iter().map(|run| show(run, "-"))).collect()
    }

    #[test]
    fn words_quotations_and_exclusions_are_parsed() {
        assert_eq!(shown("大模型 OpenAI"), ["大·模·型", "openai*"]);
        assert_eq!(shown("“large language model” -芯片"), ["large·language·model", "-芯·片"]);
        assert_eq!(shown("-\"GPT 4\" C 机器，學習"), ["c", "机·器", "学·习", "-gpt·4"]);
        assert_eq!(shown("GPT-4模型"), ["gpt·4·模·型"]);
        assert_eq!(shown("ＧＰＴ－４ - \"\" ， “未完"), ["gpt·4|gpt·4.", "未·完"]);
        assert_eq!(shown("\"GPT"), ["gpt"]);
        assert_eq!(shown("\"-5度\" -\"-6\" - 7"), ["5·度", "7", "-6"]);
        assert!(shown(" \u{200B}!? ").is_empty());
    }

    #[test]
    fn a_name_with_a_number_has_versions() {
        for (typed, wanted) in [
            ("Qwen3", &["qwen·3|qwen·3."][..]),
            ("DeepSeek-V3", &["deepseek·v·3|deepseek·v·3."]),
            ("v2.1", &["v·2.1|v·2.1."]),
            ("Llama 3", &["llama*", "3|llama·3."]),
            ("Llama  \u{3000}3", &["llama*", "3|llama·3."]),
            ("发布 iOS 18 更新", &["发·布", "ios*", "18|ios·18.", "更·新"]),
            ("DeepSeek V 3", &["deepseek*", "v", "3|v·3."]),
            ("通义Qwen3", &["通·义·qwen·3|通·义·qwen·3."]),
            ("大模型AI 3", &["大·模·型·ai*", "3|大·模·型·ai·3."]),
            ("C++ 17", &["c++*", "17|c++·17."]),
            // Figures: no letter stands before the number.
            ("3", &["3"]),
            ("增长3", &["增·长·3"]),
            ("鸿蒙 5", &["鸿·蒙", "5"]),
            ("2024 3", &["2024", "3"]),
            ("iOS 18 3", &["ios*", "18|ios·18.", "3"]),
            // The number is not the last unit, or not the whole word.
            ("GPT-4o", &["gpt·4·o"]),
            ("Llama 3亿", &["llama*", "3·亿"]),
            ("Llama v3", &["llama*", "v·3|v·3."]),
            ("亿，3 Llama，芯片 4", &["亿", "3", "llama", "芯·片", "4"]),
            // Quotations and exclusions are exact.
            ("\"Qwen3\"", &["qwen·3"]),
            ("\"Llama\" 3", &["llama", "3"]),
            ("Llama \"3\" 4", &["llama*", "3", "4"]),
            ("-Qwen3", &["-qwen·3"]),
            ("Llama -3", &["llama*", "-3"]),
            ("-Llama 3", &["3", "-llama*"]),
        ] {
            assert_eq!(shown(typed), wanted, "{typed}");
        }
    }

    #[test]
    fn a_number_is_not_the_beginning_of_another() {
        let holds = |typed: &str, text: &str| {
            let run = &Query::parse(typed).wanted[0];
            (run.is_in(text), run.versions.as_ref().is_some_and(|versions| versions.is_in(text)))
        };
        for (typed, text, wanted) in [
            ("Qwen3", "Qwen3 发布", (true, false)),
            ("Qwen3", "Qwen3.6 发布", (false, true)),
            ("Qwen3", "Qwen3.6 与 Qwen3", (true, true)),
            ("Qwen3", "Qwen30", (false, false)),
            ("Qwen3", "Qwen3. 发布", (true, false)),
            ("Qwen3", "Qwen2.3", (false, false)),
            ("v2", "v2.1.0", (false, true)),
            ("v2.1", "v2.1.0", (false, true)),
            ("v2.1", "v2.10", (false, false)),
            ("RTX50", "RTX 5090", (false, false)),
            ("20", "2024", (false, false)),
            ("97", "97.3%", (false, false)),
            ("op", "OpenAI", (true, false)),
        ] {
            assert_eq!(holds(typed, text), wanted, "{typed} in {text}");
        }
    }
}
