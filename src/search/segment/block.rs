//! Encodes and decodes a block: the postings of a segment in one bucket.
//!
//! ```text
//! number of plain grams, then for each, sorted: the gap to the one before, lists
//! number of named grams, then for each, sorted: length of its bytes · 2 + is it a pair?, its bytes, lists
//!
//! lists            one byte with a bit for each field that holds the gram, then for each of these:
//!   mentions       their number, then for each the gap to the article before (0: in the same), and the cell if it is a pair:
//!                  in the same article the gap to the cell before
//! ```
//!
//! A number has seven bits in each byte, the lowest first; the highest bit tells that more bytes
//! follow. For ten thousand articles this is half as long as four bytes for each mention.

use std::ops::Range;

use crate::config::Field;
use crate::search::segment::posting::{MAX_CELLS, Name, Posting, gram_of, place_of};

/// Appends the block of a bucket to `bytes`; nothing if there are no postings. The postings are
/// sorted; a named gram is an index of `names`.
pub(super) fn write(plain: &[Posting], named: &[Posting], names: &[Name], bytes: &mut Vec<u8>) {
    if plain.is_empty() && named.is_empty() {
        return;
    }
    let grams = |postings: &[Posting]| count(postings.chunk_by(|&a, &b| gram_of(a) == gram_of(b)).count());
    push(grams(plain), bytes);
    let mut before = 0;
    for postings in plain.chunk_by(|&a, &b| gram_of(a) == gram_of(b)) {
        let gram = gram_of(postings[0]);
        push(gram - std::mem::replace(&mut before, gram), bytes);
        write_lists(postings, is_pair(gram), bytes);
    }
    push(grams(named), bytes);
    for postings in named.chunk_by(|&a, &b| gram_of(a) == gram_of(b)) {
        let name = &names[gram_of(postings[0]) as usize];
        push(count(name.text.len()) << 1 | u32::from(name.is_pair), bytes);
        bytes.extend_from_slice(name.text.as_bytes());
        write_lists(postings, name.is_pair, bytes);
    }
}

/// Writes the lists of one gram.
fn write_lists(postings: &[Posting], is_pair: bool, bytes: &mut Vec<u8>) {
    let by_field = || postings.chunk_by(|&a, &b| place_of(a).field() == place_of(b).field());
    bytes.push(by_field().fold(0, |fields, postings| fields | 1 << place_of(postings[0]).field()));
    for postings in by_field() {
        push(count(postings.len()), bytes);
        // The article's number plus one, so that the gap of the first article is never 0.
        let (mut article, mut cell) = (0, 0);
        for &posting in postings {
            let place = place_of(posting);
            let gap = place.article() + 1 - article;
            push(gap, bytes);
            if is_pair {
                push(place.cell() - if gap == 0 { cell } else { 0 }, bytes);
            }
            (article, cell) = (place.article() + 1, place.cell());
        }
    }
}

/// True if a plain gram is a pair.
fn is_pair(plain: u32) -> bool {
    plain > 0xFFFF
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// Appends a number.
fn push(mut number: u32, bytes: &mut Vec<u8>) {
    while number > 0x7F {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// A mention of a gram: the article's number, and the cell in its text (0 for grams of one unit).
pub type Mention = (u32, u32);

/// The mentions of a gram in one field of a segment's articles: a range of [`ShardContent`]'s
/// mentions, never empty.
#[derive(Debug, Clone, Copy)]
pub struct FieldMentions<G> {
    /// The gram.
    pub gram: G,
    /// The field's number.
    pub field: u8,
    /// The index of the first mention.
    pub start: u32,
    /// The index after the last mention.
    pub end: u32,
}

/// A named gram: the range of its name in [`ShardContent`]'s names, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct NamedGram {
    /// The start of its name.
    pub start: u32,
    /// The end of its name.
    pub end: u32,
    /// True if the gram has two units.
    pub is_pair: bool,
}

/// The decoded blocks of a shard, of one segment after the other, in each by bucket.
#[derive(Debug, Default)]
pub struct ShardContent {
    /// Plain grams: a code point, or a pair with the first code point in the upper 16 bits.
    pub plain: Vec<FieldMentions<u32>>,
    /// Named grams.
    pub named: Vec<FieldMentions<NamedGram>>,
    names: String,
    mentions: Vec<Mention>,
}

impl ShardContent {
    /// The name of a gram.
    #[must_use]
    pub fn name(&self, gram: NamedGram) -> &str {
        &self.names[gram.start as usize..gram.end as usize]
    }

    /// The mentions of a gram in a field, sorted by article and cell.
    #[must_use]
    pub fn mentions<G>(&self, found: &FieldMentions<G>) -> &[Mention] {
        &self.mentions[found.start as usize..found.end as usize]
    }

    /// Appends the block of a segment that has `articles` articles, the first with the number
    /// `first`. `None` if it is not a block of such a segment. Grams, and the mentions of a pair,
    /// ascend then, as the encoder of shards relies on.
    pub(super) fn append_block(&mut self, block: &[u8], first: u32, articles: u32) -> Option<()> {
        let mut bytes = Bytes(block);
        let last = first.checked_add(articles)?;
        let mut gram = 0_u32;
        for at in 0..bytes.number()? {
            let gap = bytes.number().filter(|&gap| gap > 0 || at == 0)?;
            gram = gram.checked_add(gap)?;
            let Self { plain, mentions, .. } = self;
            read_lists(&mut bytes, first..last, is_pair(gram), mentions, |field, start, end| {
                plain.push(FieldMentions { gram, field, start, end });
            })?;
        }
        let mut before = None;
        for _ in 0..bytes.number()? {
            let length = bytes.number()?;
            let is_pair = length & 1 == 1;
            let name = std::str::from_utf8(bytes.take((length >> 1) as usize)?).ok()?;
            if before.replace((name, is_pair)).is_some_and(|before| before >= (name, is_pair)) {
                return None;
            }
            let start = u32::try_from(self.names.len()).ok()?;
            self.names.push_str(name);
            let gram = NamedGram { start, end: u32::try_from(self.names.len()).ok()?, is_pair };
            let Self { named, mentions, .. } = self;
            read_lists(&mut bytes, first..last, is_pair, mentions, |field, start, end| {
                named.push(FieldMentions { gram, field, start, end });
            })?;
        }
        bytes.0.is_empty().then_some(())
    }
}

/// Appends the lists of one gram to `mentions`, and calls `found` with the number, the start and
/// the end of each field that has mentions. `None` if a mention is outside of `articles` or of the
/// cells of a text, or does not follow the one before.
fn read_lists(
    bytes: &mut Bytes<'_>,
    articles: Range<u32>,
    is_pair: bool,
    mentions: &mut Vec<Mention>,
    mut found: impl FnMut(u8, u32, u32),
) -> Option<()> {
    let fields = *bytes.take(1)?.first()?;
    for field in (0..Field::ALL.len() as u8).filter(|field| fields & 1 << field != 0) {
        let start = mentions.len();
        let (mut next, mut cell) = (articles.start, 0);
        for _ in 0..bytes.number()? {
            let gap = bytes.number()?;
            next = next.checked_add(gap).filter(|next| (articles.start + 1..=articles.end).contains(next))?;
            if is_pair {
                let further = bytes.number().filter(|&further| further > 0 || gap > 0)?;
                cell = further.checked_add(if gap == 0 { cell } else { 0 })?;
            }
            if cell >= MAX_CELLS {
                return None;
            }
            mentions.push((next - 1, cell));
        }
        if mentions.len() > start {
            found(field, u32::try_from(start).ok()?, u32::try_from(mentions.len()).ok()?);
        }
    }
    Some(())
}

/// The bytes that are not read yet.
struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    /// Reads so many bytes; `None` if there are fewer.
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

    /// Reads a number; `None` if it is cut off, or longer than five bytes.
    fn number(&mut self) -> Option<u32> {
        let mut number = 0_u32;
        for shift in (0..32).step_by(7) {
            let (&byte, rest) = self.0.split_first()?;
            self.0 = rest;
            number |= u32::from(byte & 0x7F) << shift;
            if byte < 0x80 {
                return Some(number);
            }
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::segment::{Indexer, Segment};

    fn segment() -> Segment {
        let texts = ["大语言模型，常常常", "GPT-4 模型 gpt 4", ""]
            .map(|text| [text.into(), "".into(), "模型".into(), text.repeat(3).into()]);
        Indexer::default().index(texts.into_iter(), 4)
    }

    #[test]
    fn a_written_block_is_read_back() {
        let mut content = ShardContent::default();
        segment().gather(0..4, 100, &mut content).unwrap();
        let pair = u32::from('模') << 16 | u32::from('型');
        let mut runs: Vec<_> = content.plain.iter().filter(|run| run.gram == pair).collect();
        runs.sort_by_key(|run| run.field);
        let articles = |field: usize| -> Vec<u32> {
            content.mentions(runs[field]).iter().map(|mention| mention.0).collect()
        };
        assert_eq!(runs.iter().map(|run| run.field).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(articles(0), [100, 101]);
        assert_eq!(articles(1), [100, 101, 102]);
        assert_eq!(articles(2), [100, 100, 100, 101, 101, 101]);
        assert!(content.named.iter().any(|run| content.name(run.gram) == "gpt 4" && run.gram.is_pair));
    }

    proptest::proptest! {
        #[test]
        fn written_numbers_are_read_back(numbers: Vec<u32>) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|&number| push(number, &mut bytes));
            let mut read = Bytes(&bytes);
            for number in numbers {
                proptest::prop_assert_eq!(read.number(), Some(number));
            }
            proptest::prop_assert!(read.0.is_empty());
        }

        #[test]
        fn arbitrary_bytes_are_refused_or_stay_within_the_segment(bytes: Vec<u8>, articles in 0_u32..9) {
            let mut content = ShardContent::default();
            let _ = content.append_block(&bytes, 7, articles);
            for run in &content.plain {
                let mentions = content.mentions(run);
                let ascends = |a: &Mention, b: &Mention| a < b || (a == b && !is_pair(run.gram));
                proptest::prop_assert!(mentions.is_sorted_by(ascends));
                proptest::prop_assert!(mentions.iter().all(|(article, _)| (7..7 + articles).contains(article)));
            }
        }
    }
}
