//! A folded text as units: Han characters and kana one by one, everything else by words and numbers; and which of them are
//! neighbours.
//!
//! A number is a word of its own, with the dots in it: people write `GPT-4`, `GPT4` and `GPT 4`, and a 4 is not what 97.4 is about.
//! Neighbours are what a query of several units can ask for. Two Han characters are if nothing stands between them; a Han character
//! and a word also over a space (`AI 芯片` is `AI芯片`); two words whatever stands between them (`GPT-4`), but not over the end of a
//! block.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::search::fold::{Folded, fold};

/// A unit: the code of a Han character or kana of the Basic Multilingual Plane, or a number that [`Words`] gave.
pub type UnitId = u32;

/// Letters that a word is known by: nobody types more, and scraped text holds words of a million.
pub const MAX_WORD_BYTES: usize = 64;

/// The words of many texts, each by a number above all characters of the Basic Multilingual Plane.
#[derive(Debug, Default)]
pub struct Words {
    known: FxHashMap<Box<str>, UnitId>,
    texts: Vec<Box<str>>,
}

/// Numbers from here on are words.
const FIRST: UnitId = 0x1_0000;

impl Words {
    fn number(&mut self, word: &str) -> UnitId {
        if let Some(&id) = self.known.get(word) {
            return id;
        }
        match self.known.entry(word.into()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let id = FIRST + u32::try_from(self.texts.len()).unwrap_or(u32::MAX - FIRST);
                self.texts.push(new.key().clone());
                *new.insert(id)
            }
        }
    }

    /// Writes what a unit is to the end of `text`.
    pub fn write(&self, unit: UnitId, text: &mut String) {
        match unit.checked_sub(FIRST) {
            Some(word) => text.push_str(&self.texts[word as usize]),
            None => text.extend(char::from_u32(unit)),
        }
    }
}

/// Is it a Han character or kana that is known by its code?
#[must_use]
pub fn is_plain(unit: UnitId) -> bool {
    unit < FIRST
}

/// The units of a text.
#[derive(Debug, Default)]
pub struct Units {
    /// In their order.
    pub ids: Vec<UnitId>,
    /// For each: is it the neighbour of the one before?
    pub joined: Vec<bool>,
}

/// What stood between two units.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Between {
    Nothing,
    Space,
    Signs,
    Break,
}

/// Reads texts; keeps what it needs for that, for the next text.
#[derive(Debug, Default)]
pub struct Reader {
    /// All words that were met.
    pub words: Words,
    word: String,
    letters: usize,
    is_number: bool,
    /// A dot after a number, which may go on.
    dot: bool,
}

impl Reader {
    /// The units of a text, at most `limit`.
    pub fn read(&mut self, text: &str, limit: usize, units: &mut Units) {
        units.ids.clear();
        units.joined.clear();
        let mut state = State { between: Between::Break, last_is_wide: false };
        fold(text, |found| {
            if units.ids.len() >= limit {
                return;
            }
            match found {
                Folded::Letter(c) => self.letter(c, false, &mut state, units),
                Folded::Digit(c) => self.letter(c, true, &mut state, units),
                Folded::Mark(c) if self.letters > 0 && !self.dot => {
                    self.letter(c, self.is_number, &mut state, units);
                }
                Folded::Sign(c) if self.letters > 0 && !self.is_number => {
                    self.letter(c, false, &mut state, units);
                }
                Folded::Dot if self.letters > 0 && self.is_number && !self.dot => self.dot = true,
                Folded::Mark(_) | Folded::Nothing => {}
                Folded::Wide(c) => {
                    self.end_word(&mut state, units);
                    let code = u32::from(c);
                    let id =
                        if is_plain(code) { code } else { self.words.number(c.encode_utf8(&mut [0; 4])) };
                    state.push(id, true, units);
                }
                between => {
                    self.end_word(&mut state, units);
                    let met = match between {
                        Folded::Space => Between::Space,
                        Folded::Break => Between::Break,
                        _ => Between::Signs,
                    };
                    state.between = state.between.max(met);
                }
            }
        });
        self.end_word(&mut state, units);
    }

    fn letter(&mut self, c: char, is_digit: bool, state: &mut State, units: &mut Units) {
        if self.letters > 0 && is_digit != self.is_number || self.dot && !is_digit {
            self.end_word(state, units);
        }
        self.is_number = is_digit;
        for c in std::mem::take(&mut self.dot).then_some('.').into_iter().chain([c]) {
            if self.letters < MAX_WORD_BYTES {
                self.word.push(c);
            }
            self.letters += 1;
        }
    }

    fn end_word(&mut self, state: &mut State, units: &mut Units) {
        if self.letters > 0 {
            let id = self.words.number(&self.word);
            self.word.clear();
            self.letters = 0;
            state.push(id, false, units);
        }
        if std::mem::take(&mut self.dot) {
            state.between = Between::Signs;
        }
    }
}

struct State {
    between: Between,
    last_is_wide: bool,
}

impl State {
    fn push(&mut self, id: UnitId, is_wide: bool, units: &mut Units) {
        let joined = match self.between {
            Between::Nothing => true,
            Between::Space => !(self.last_is_wide && is_wide),
            Between::Signs => !self.last_is_wide && !is_wide,
            Between::Break => false,
        };
        units.ids.push(id);
        units.joined.push(joined);
        (self.between, self.last_is_wide) = (Between::Nothing, is_wide);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Neighbours with `·` between them, others with a space.
    fn units(text: &str) -> String {
        let mut reader = Reader::default();
        let mut units = Units::default();
        reader.read(text, 1000, &mut units);
        let mut shown = String::new();
        for (at, (&id, &joined)) in units.ids.iter().zip(&units.joined).enumerate() {
            if at > 0 {
                shown.push(if joined { '·' } else { ' ' });
            }
            reader.words.write(id, &mut shown);
        }
        shown
    }

    #[test]
    fn han_one_by_one_and_words_whole() {
        assert_eq!(units("大语言模型。GPT-4模型"), "大·语·言·模·型 gpt·4·模·型");
        assert_eq!(units("AI 芯片，用 C++ 写"), "ai·芯·片 用·c++·写");
        assert_eq!(units("大 模型"), "大 模·型");
        assert_eq!(units("large language\u{2029}model"), "large·language model");
        assert_eq!(units("Node.js 与 don't"), "node·js·与·don·t");
        assert_eq!(units("GPT4o、v1.95.0，97.3%。3. 第"), "gpt·4·o·v·1.95.0·97.3·3 第");
        assert_eq!(units("2024.模型 1.a 1..2 C++17"), "2024 模·型·1·a·1·2·c++·17");
        assert_eq!(units("𠮷野家 +1 #tag"), "𠮷·野·家 1·tag");
    }

    #[test]
    fn endless_words_are_known_by_their_beginning() {
        assert_eq!(units(&"a".repeat(1_000_000)), "a".repeat(MAX_WORD_BYTES));
    }
}
