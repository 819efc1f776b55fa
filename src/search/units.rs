//! Cuts a text into folded units, and tells which units are neighbours.
//!
//! A Han character or kana is a unit by itself; other text is cut into words and numbers. A number
//! is a unit of its own and includes its dots: people write `GPT-4`, `GPT4` and `GPT 4`, and a 4
//! should not match 97.4.
//!
//! A query of several units matches neighbours only. Two Han characters are neighbours if nothing
//! is between them; a Han character and a word also across white space (`AI 芯片` is `AI芯片`); two
//! words across anything (`GPT-4`) but the end of a block.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use crate::search::fold::{Folded, fold};

/// A unit: the code point of a Han character or kana of the Basic Multilingual Plane, or a number
/// that [`Words`] assigned.
pub type UnitId = u32;

/// The maximum length of a word, in characters; the rest of it is ignored. Scraped text has words
/// of a million letters, and readers type fewer than 64.
pub const MAX_WORD_CHARACTERS: usize = 64;

/// Numbers the words of many texts, above all characters of the Basic Multilingual Plane.
#[derive(Debug, Default)]
pub struct Words {
    ids: FxHashMap<Box<str>, UnitId>,
    /// The words, by their number less [`FIRST_WORD`].
    texts: Vec<Box<str>>,
}

/// The first number of a word.
const FIRST_WORD: UnitId = 0x1_0000;

impl Words {
    fn id_of(&mut self, word: &str) -> UnitId {
        if let Some(&id) = self.ids.get(word) {
            return id;
        }
        match self.ids.entry(word.into()) {
            Entry::Occupied(known) => *known.get(),
            Entry::Vacant(new) => {
                let id = FIRST_WORD + u32::try_from(self.texts.len()).unwrap_or(u32::MAX - FIRST_WORD);
                self.texts.push(new.key().clone());
                *new.insert(id)
            }
        }
    }

    /// Appends the text of a unit to `text`.
    pub fn write(&self, unit: UnitId, text: &mut String) {
        match unit.checked_sub(FIRST_WORD) {
            Some(word) => text.push_str(&self.texts[word as usize]),
            None => text.extend(char::from_u32(unit)),
        }
    }
}

/// True if a unit is a character that is identified by its code point, false if it has a number of
/// [`Words`].
#[must_use]
pub fn is_plain(unit: UnitId) -> bool {
    unit < FIRST_WORD
}

/// The units of a text, in order.
#[derive(Debug, Default)]
pub struct Units {
    /// The units.
    pub ids: Vec<UnitId>,
    /// For each unit, whether it is a neighbour of the unit before it.
    pub joined: Vec<bool>,
}

/// The text between two units, by how strongly it separates them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Separator {
    Nothing,
    Space,
    Signs,
    Break,
}

/// Reads texts into units. The numbers of words are the same for all texts of a reader.
#[derive(Debug, Default)]
pub struct Reader {
    /// All words of the texts so far.
    pub words: Words,
    /// The current word, cut off at [`MAX_WORD_CHARACTERS`].
    word: String,
    /// The characters of the current word, including those that are cut off.
    letters: usize,
    is_number: bool,
    /// True after a dot that follows a number: another digit continues the number.
    dot: bool,
}

impl Reader {
    /// Replaces `units` with the units of a text, at most `limit` of them.
    pub fn read(&mut self, text: &str, limit: usize, units: &mut Units) {
        units.ids.clear();
        units.joined.clear();
        let mut state = State { separator: Separator::Break, last_is_wide: false };
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
                    let id = if is_plain(code) { code } else { self.words.id_of(c.encode_utf8(&mut [0; 4])) };
                    state.push(id, true, units);
                }
                other => {
                    self.end_word(&mut state, units);
                    let separator = match other {
                        Folded::Space => Separator::Space,
                        Folded::Break => Separator::Break,
                        _ => Separator::Signs,
                    };
                    state.separator = state.separator.max(separator);
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
            if self.letters < MAX_WORD_CHARACTERS {
                self.word.push(c);
            }
            self.letters += 1;
        }
    }

    fn end_word(&mut self, state: &mut State, units: &mut Units) {
        if self.letters > 0 {
            let id = self.words.id_of(&self.word);
            self.word.clear();
            self.letters = 0;
            state.push(id, false, units);
        }
        if std::mem::take(&mut self.dot) {
            state.separator = Separator::Signs;
        }
    }
}

/// What decides whether the next unit is a neighbour of the last one.
struct State {
    /// What was read since the last unit.
    separator: Separator,
    last_is_wide: bool,
}

impl State {
    fn push(&mut self, id: UnitId, is_wide: bool, units: &mut Units) {
        let joined = match self.separator {
            Separator::Nothing => true,
            Separator::Space => !(self.last_is_wide && is_wide),
            Separator::Signs => !self.last_is_wide && !is_wide,
            Separator::Break => false,
        };
        units.ids.push(id);
        units.joined.push(joined);
        (self.separator, self.last_is_wide) = (Separator::Nothing, is_wide);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Shows the units of a text, with `·` between neighbours and a space between others.
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
    fn han_characters_and_words_are_units() {
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
    fn long_words_are_cut_off() {
        assert_eq!(units(&"a".repeat(1_000_000)), "a".repeat(MAX_WORD_CHARACTERS));
    }
}
