//! Encodes and decodes the head of an index, which a browser reads at each visit before any other
//! file; encodes the facets.
//!
//! ```text
//! head      FORMAT (8 bits) · gamma(articles + 1) · gamma(undated + 1) · log2 of the number of shards (5 bits)
//!           stamp of the facets (32) · stamps of the article files (32 each)
//!           gamma(days + 1), the first day since 1970 (32), then for each day gamma(days since the one before),
//!           not for the first, and gamma(articles of that day)
//!           stamps of the shards (32 each)
//! facets    stamp (32) · gamma(taxonomies + 1), for each: parameter, title, gamma(terms + 1), for each term:
//!           name, slug, gamma(articles), the gaps between their numbers less one (Rice, Scale::parameter)
//! text      gamma(bytes + 1) and the bytes
//! ```
//!
//! Each file begins with its own stamp. So a browser that has a head can tell whether another file
//! is of the same build, or of a build in which that file was the same.

use serde::{Deserialize, Serialize};

use crate::search::bits::{Reader, Writer};
use crate::search::{FORMAT, Scale};

/// The number of articles whose titles and key events are in one file.
pub const TOGETHER: usize = 16;

/// The head of an index, without the stamps of the shards.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Head {
    /// The number of articles.
    pub articles: usize,
    /// The number of articles without a date. They have the lowest numbers.
    pub undated: usize,
    /// The days that have articles, as days since 1970, ascending, each with its number of
    /// articles.
    pub days: Vec<(i32, u32)>,
    /// The stamp of the facets.
    pub facets: u32,
    /// The stamps of the article files, of [`TOGETHER`] articles each.
    pub files: Vec<u32>,
}

impl Head {
    /// True if an index of so many articles can have this head. One from a cache may have any
    /// numbers, of which some cannot be encoded.
    #[must_use]
    pub fn is_possible(&self, articles: usize) -> bool {
        self.articles == articles
            && self.undated <= articles
            && self.files.len() == articles.div_ceil(TOGETHER)
            && self.days.is_sorted_by(|before, after| before.0 < after.0)
            && self.days.iter().all(|&(_, articles)| articles > 0)
    }

    /// Encodes the head, with the stamps of the shards. Their number is a power of two.
    #[must_use]
    pub fn encode(&self, shards: &[u32]) -> Vec<u8> {
        let mut writer = Writer::default();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX - 1) + 1;
        writer.bits(FORMAT, 8);
        writer.gamma(number(self.articles));
        writer.gamma(number(self.undated));
        writer.bits(shards.len().max(1).ilog2(), 5);
        writer.bits(self.facets, 32);
        self.files.iter().for_each(|&stamp| writer.bits(stamp, 32));
        writer.gamma(number(self.days.len()));
        let mut before = None;
        for &(day, articles) in &self.days {
            match before {
                None => writer.bits(day.cast_unsigned(), 32),
                Some(before) => writer.gamma(day.checked_sub(before).map_or(1, i32::cast_unsigned)),
            }
            writer.gamma(articles);
            before = Some(day);
        }
        shards.iter().for_each(|&stamp| writer.bits(stamp, 32));
        writer.finish()
    }
}

impl Head {
    /// Decodes a head and the stamps of the shards; `None` if the bytes are not a head of this
    /// [`FORMAT`].
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<(Self, Vec<u32>)> {
        let mut reader = Reader::new(bytes);
        if reader.bits(8) != FORMAT {
            return None;
        }
        let number = |reader: &mut Reader<'_>| (reader.gamma() as usize).checked_sub(1);
        let (articles, undated) = (number(&mut reader)?, number(&mut reader)?);
        let shards = 1_usize << reader.bits(5);
        let facets = reader.bits(32);
        // A file of this length cannot hold so many stamps.
        if articles.div_ceil(TOGETHER) + shards > bytes.len() / 4 {
            return None;
        }
        let files = (0..articles.div_ceil(TOGETHER)).map(|_| reader.bits(32)).collect();
        let mut days: Vec<(i32, u32)> = Vec::new();
        for _ in 0..number(&mut reader)?.min(bytes.len() * 8) {
            let day = match days.last() {
                None => reader.bits(32).cast_signed(),
                Some((before, _)) => before.wrapping_add_unsigned(reader.gamma()),
            };
            days.push((day, reader.gamma()));
        }
        let stamps = (0..shards).map(|_| reader.bits(32)).collect();
        Some((Self { articles, undated, days, facets, files }, stamps))
    }
}

/// A taxonomy by which a reader can filter results.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Facet<'s> {
    /// The parameter of the search page's URL, as in `tech`.
    pub parameter: &'s str,
    /// The title that readers see.
    pub title: &'s str,
    /// The terms: name, slug, and the numbers of the articles, ascending.
    pub terms: Vec<(&'s str, &'s str, Vec<u32>)>,
}

/// Encodes the facets, without their stamp.
#[must_use]
pub fn encode_facets(facets: &[Facet<'_>], scale: Scale) -> Vec<u8> {
    let mut writer = Writer::default();
    let count = |count: usize| u32::try_from(count).unwrap_or(u32::MAX - 1) + 1;
    let text = |writer: &mut Writer, text: &str| {
        writer.gamma(count(text.len()));
        text.bytes().for_each(|byte| writer.bits(u32::from(byte), 8));
    };
    writer.gamma(count(facets.len()));
    for facet in facets {
        text(&mut writer, facet.parameter);
        text(&mut writer, facet.title);
        writer.gamma(count(facet.terms.len()));
        for (name, slug, articles) in &facet.terms {
            text(&mut writer, name);
            text(&mut writer, slug);
            let articles_count = u32::try_from(articles.len()).unwrap_or(u32::MAX);
            writer.gamma(articles_count);
            let parameter = scale.parameter(articles_count);
            let mut next = 0;
            for &article in articles {
                writer.rice(article - next, parameter);
                next = article + 1;
            }
        }
    }
    writer.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_encoded_head_is_decoded() {
        let head = Head {
            articles: 33,
            undated: 2,
            days: vec![(-3, 1), (19_000, 30)],
            facets: 7,
            files: vec![1, u32::MAX, 3],
        };
        let stamps = vec![9, 0, u32::MAX, 5];
        assert_eq!(Head::decode(&head.encode(&stamps)), Some((head, stamps)));
        assert_eq!(Head::decode(b""), None);
        assert_eq!(Head::decode(&[1, 0, 0, 0, 0, 1, 255, 255]), None);
    }
}
