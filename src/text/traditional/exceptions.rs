//! Texts that are replaced before the tables are read.

use std::collections::HashMap;

/// Pairs of a text and its replacement, by the first character of the text. The texts of one
/// character are sorted from the longest to the shortest.
pub(super) struct Exceptions {
    by_first: HashMap<char, Vec<(String, String)>>,
}

impl Exceptions {
    pub(super) fn new(pairs: impl IntoIterator<Item = (String, String)>) -> Self {
        let mut by_first: HashMap<char, Vec<(String, String)>> = HashMap::new();
        for (text, replacement) in pairs {
            if let Some(first) = text.chars().next() {
                by_first.entry(first).or_default().push((text, replacement));
            }
        }
        // The sort is stable: of two pairs with the same text, the first one stays in front.
        by_first.values_mut().for_each(|pairs| pairs.sort_by_key(|(text, _)| std::cmp::Reverse(text.len())));
        Self { by_first }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.by_first.is_empty()
    }

    /// The longest text with which `text` begins, and its replacement.
    pub(super) fn longest_at(&self, text: &str) -> Option<(&str, &str)> {
        let pairs = self.by_first.get(&text.chars().next()?)?;
        let (found, replacement) = pairs.iter().find(|(known, _)| text.starts_with(known.as_str()))?;
        Some((found, replacement))
    }
}
