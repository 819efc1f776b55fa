//! Numbers the addresses of a WeChat article, which may not link to other sites.

use std::collections::HashMap;

use serde::Serialize;

/// The notes of an article, in the order in which their numbers appear.
#[derive(Debug, Default)]
pub(super) struct Notes {
    notes: Vec<Note>,
    by_address: HashMap<String, usize>,
}

/// A numbered note.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Note {
    /// Number from 1.
    pub(super) number: usize,
    /// Title of the first article that names the address.
    pub(super) title: String,
    /// The address.
    pub(super) url: String,
}

impl Notes {
    /// The number of an address: a new one the first time.
    pub(super) fn number(&mut self, title: &str, url: &str) -> usize {
        if let Some(&number) = self.by_address.get(url) {
            return number;
        }
        let number = self.notes.len() + 1;
        self.by_address.insert(url.to_owned(), number);
        self.notes.push(Note { number, title: title.to_owned(), url: url.to_owned() });
        number
    }

    /// The notes in order.
    pub(super) fn list(&self) -> &[Note] {
        &self.notes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_one_number() {
        let mut notes = Notes::default();
        let given = [("甲", "a"), ("乙", "b"), ("丙", "a"), ("丁", "c")];
        assert_eq!(given.map(|(title, url)| notes.number(title, url)), [1, 2, 1, 3]);
        let listed: Vec<(usize, &str, &str)> =
            notes.list().iter().map(|note| (note.number, note.title.as_str(), note.url.as_str())).collect();
        assert_eq!(listed, [(1, "甲", "a"), (2, "乙", "b"), (3, "丁", "c")]);
    }
}
