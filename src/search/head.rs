//! Encodes and decodes the head of an index, which a browser reads at each visit before any other
//! file, and the tables of its parts; encodes the facets.
//!
//! ```text
//! head      FORMAT (8 bits) · gamma(articles + 1) · gamma(undated + 1) · log2 of the number of buckets (5 bits)
//!           stamp of the facets (32)
//!           gamma(days + 1), the first day since 1970 (32), then for each day gamma(days since the one before),
//!           not for the first, and gamma(articles of that day)
//!           gamma(parts + 1), then for each part: gamma(articles), gamma(shards), stamp of its table (32)
//! table     stamp (32) · stamps of the part's article files (32 each) · stamps of its shards (32 each)
//! facets    stamp (32) · gamma(taxonomies + 1), for each: parameter, title, gamma(terms + 1), for each term:
//!           name, slug, gamma(articles), the gaps between their numbers less one (Rice, Scale::parameter)
//! text      gamma(bytes + 1) and the bytes
//! ```
//!
//! Each file begins with its own stamp. So a browser that has a head can tell whether another file
//! is of the same build, or of a build in which that file was the same.

use serde::{Deserialize, Serialize};

use crate::search::bits::{Reader, Writer};
use crate::search::parts::Part;
use crate::search::{FORMAT, Scale};

/// The number of articles whose titles and key events are in one file.
pub const TOGETHER: usize = 16;

/// The head of an index, without its parts.
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
    /// The stamps of the article files, of [`TOGETHER`] articles each. The tables have them.
    pub files: Vec<u32>,
}

/// A part in a head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PartEntry {
    /// The number of its articles.
    pub articles: u32,
    /// The number of its shards.
    pub shards: u32,
    /// The stamp of its table.
    pub table: u32,
}

/// A decoded head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    /// The head, without the stamps of the article files.
    pub head: Head,
    /// The number of buckets.
    pub buckets: usize,
    /// The parts, in the order of their articles.
    pub parts: Vec<PartEntry>,
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

    /// The stamps of the article files of a part.
    #[must_use]
    pub fn files_of(&self, part: Part) -> &[u32] {
        let first = part.first as usize / TOGETHER;
        let end = (part.first as usize + part.articles as usize).div_ceil(TOGETHER);
        self.files.get(first..end).unwrap_or_default()
    }

    /// Encodes the head, with its parts. `buckets` is a power of two.
    #[must_use]
    pub fn encode(&self, buckets: usize, parts: &[PartEntry]) -> Vec<u8> {
        let mut writer = Writer::default();
        let number = |number: usize| u32::try_from(number).unwrap_or(u32::MAX - 1) + 1;
        writer.bits(FORMAT, 8);
        writer.gamma(number(self.articles));
        writer.gamma(number(self.undated));
        writer.bits(buckets.max(1).ilog2(), 5);
        writer.bits(self.facets, 32);
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
        writer.gamma(number(parts.len()));
        for part in parts {
            writer.gamma(part.articles);
            writer.gamma(part.shards);
            writer.bits(part.table, 32);
        }
        writer.finish()
    }
}

/// Encodes the table of a part, without its stamp: the stamps of its article files and of its
/// shards.
#[must_use]
pub fn encode_table(files: &[u32], shards: &[u32]) -> Vec<u8> {
    files.iter().chain(shards).flat_map(|stamp| stamp.to_be_bytes()).collect()
}

/// Decodes the table of a part: its stamp, and those of its shards. `None` if its length is wrong.
#[must_use]
pub fn decode_table(bytes: &[u8], part: PartEntry) -> Option<(u32, Vec<u32>)> {
    let stamps: Vec<u32> = bytes
        .chunks_exact(4)
        .map(|bytes| bytes.iter().fold(0, |stamp, &b| stamp << 8 | u32::from(b)))
        .collect();
    let files = (part.articles as usize).div_ceil(TOGETHER);
    let has_all = stamps.len() == 1 + files + part.shards as usize && bytes.len() == stamps.len() * 4;
    has_all.then(|| (stamps[0], stamps[1 + files..].to_vec()))
}

impl Head {
    /// Decodes a head; `None` if the bytes are not a head of this [`FORMAT`].
    #[must_use]
    pub fn decode(bytes: &[u8]) -> Option<Opened> {
        let mut reader = Reader::new(bytes);
        if reader.bits(8) != FORMAT {
            return None;
        }
        let number = |reader: &mut Reader<'_>| (reader.gamma() as usize).checked_sub(1);
        let (articles, undated) = (number(&mut reader)?, number(&mut reader)?);
        let buckets = 1_usize << reader.bits(5);
        let facets = reader.bits(32);
        let mut days: Vec<(i32, u32)> = Vec::new();
        for _ in 0..number(&mut reader)?.min(bytes.len() * 8) {
            let day = match days.last() {
                None => reader.bits(32).cast_signed(),
                Some((before, _)) => before.wrapping_add_unsigned(reader.gamma()),
            };
            days.push((day, reader.gamma()));
        }
        // A part has at least 34 bits.
        let count = number(&mut reader)?.min(bytes.len());
        let mut part =
            || PartEntry { articles: reader.gamma(), shards: reader.gamma(), table: reader.bits(32) };
        let parts: Vec<PartEntry> = (0..count).map(|_| part()).collect();
        let sum: u64 = parts.iter().map(|part| u64::from(part.articles)).sum();
        let head = Self { articles, undated, days, facets, files: Vec::new() };
        (sum == articles as u64).then_some(Opened { head, buckets, parts })
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
            files: Vec::new(),
        };
        let part = |articles, shards, table| PartEntry { articles, shards, table };
        let parts = vec![part(32, 5, u32::MAX), part(1, 1, 0)];
        let bytes = head.encode(1024, &parts);
        assert_eq!(Head::decode(&bytes), Some(Opened { head: head.clone(), buckets: 1024, parts }));
        assert_eq!(Head::decode(&head.encode(1024, &[part(32, 5, 1)])), None);
        assert_eq!(Head::decode(b""), None);
        assert_eq!(Head::decode(&[1, 0, 0, 0, 0, 1, 255, 255]), None);
    }

    #[test]
    fn a_table_has_the_stamps_of_the_files_of_its_part() {
        let head = Head { articles: 1060, files: (0..67).collect(), ..Head::default() };
        let part = |first, articles| Part { first, articles, shards: 2 };
        assert_eq!(head.files_of(part(0, 1024)), (0..64).collect::<Vec<u32>>());
        assert_eq!(head.files_of(part(1024, 36)), [64, 65, 66]);
        assert!(head.files_of(part(2048, 1)).is_empty());
        let table = [vec![0, 0, 1, 2], encode_table(&[64, 65, 66], &[7, u32::MAX])].concat();
        let entry = PartEntry { articles: 36, shards: 2, table: 0x102 };
        assert_eq!(decode_table(&table, entry), Some((0x102, vec![7, u32::MAX])));
        assert_eq!(decode_table(&table[..table.len() - 1], entry), None);
        assert_eq!(decode_table(&table, PartEntry { shards: 3, ..entry }), None);
        assert_eq!(decode_table(&[], entry), None);
    }
}
