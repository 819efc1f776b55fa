//! Parses a query into runs of units that an article must hold, or must not hold.
//!
//! White space separates words; an article has to hold all of them, in any order. Text in quotation
//! marks has to occur as it is quoted. `-` before a word or a quotation excludes articles that hold
//! it. Punctuation is not searched: between Han characters it separates like white space.

use crate::search::units::{Reader, Units};
use crate::text::han;

/// Units that have to follow each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// The folded units, at least one.
    pub units: Vec<Box<str>>,
    /// True if the last unit, a word of two letters or more, may be the beginning of a longer word.
    pub open: bool,
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
        for c in typed.chars().take(MAX_CHARACTERS) {
            match c {
                '"' | '“' | '”' | '＂' => {
                    // True for a `-` directly before the quotation.
                    let negates = !quoted && matches!(word.as_str(), "-" | "－");
                    if !negates {
                        query.add(&word, quoted, minus);
                    }
                    minus = negates;
                    word.clear();
                    quoted = !quoted;
                }
                _ if c.is_whitespace() && !quoted => {
                    query.add(&word, false, false);
                    word.clear();
                }
                _ => word.push(c),
            }
        }
        query.add(&word, quoted, minus);
        query
    }

    fn add(&mut self, word: &str, quoted: bool, minus: bool) {
        let rest = word.strip_prefix(['-', '－']).filter(|_| !quoted);
        let runs = if minus || rest.is_some() { &mut self.unwanted } else { &mut self.wanted };
        let mut reader = Reader::default();
        let mut units = Units::default();
        reader.read(rest.unwrap_or(word), MAX_UNITS, &mut units);
        for (&id, &joined) in units.ids.iter().zip(&units.joined) {
            let mut unit = String::new();
            reader.words.write(id, &mut unit);
            match runs.last_mut() {
                Some(run) if joined => run.units.push(unit.into()),
                _ => runs.push(Run { units: vec![unit.into()], open: false }),
            }
        }
        if let Some(run) = runs.last_mut().filter(|_| !units.ids.is_empty()) {
            let last = run.units.last().map_or("", |unit| unit);
            run.open = !quoted && !is_wide(last) && last.chars().nth(1).is_some();
        }
    }
}

impl Run {
    /// True if a text holds the run.
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
                && (*found[last] == *self.units[last]
                    || self.open && found[last].starts_with(&*self.units[last]))
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows the runs of a query: `·` between units, `*` after the beginning of a word, `-` before
    /// an exclusion.
    fn shown(typed: &str) -> Vec<String> {
        let query = Query::parse(typed);
        let show = |run: &Run, sign: &str| {
            format!("{sign}{}{}", run.units.join("·"), if run.open { "*" } else { "" })
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
        assert_eq!(shown("ＧＰＴ－４ - \"\" ， “未完"), ["gpt·4", "未·完"]);
        assert_eq!(shown("\"GPT"), ["gpt"]);
        assert_eq!(shown("\"-5度\" -\"-6\" - 7"), ["5·度", "7", "-6"]);
        assert!(shown(" \u{200B}!? ").is_empty());
    }
}
