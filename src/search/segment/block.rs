//! Encodes and decodes a block: the postings of a segment in one bucket, as bits.
//!
//! ```text
//! plain grams                     gamma(count + 1), then for each, sorted by code (see `gram.rs`):
//!   gap to the code before        Rice, less one; the first is counted from the lowest code of
//!                                 the bucket
//!   lists
//! named grams                     gamma(count + 1), then for each, sorted by text:
//!   bytes shared with the last    Rice 2
//!   further bytes                 Rice 2, 8 bits each
//!   is it a pair?                 1 bit
//!   lists
//!
//! lists                           1 if only the body holds the gram, else 0 and 4 bits, the title's
//!                                 first; then for each field:
//!   mentions                      gamma(count), then for each:
//!     gap to the article before   Rice; of one unit less one; of a pair 0 in the same article
//!     cell, of a pair             Rice; in the same article the gap to the cell before, less one
//! ```
//!
//! The parameters of Rice codes follow from counts and from [`Codes`], so that a block has none. For
//! ten thousand articles, a mention takes about half of the bits that it takes with whole bytes.

use std::ops::Range;

use crate::search::bits::{Reader, Writer};
use crate::search::segment::posting::{MAX_CELLS, Name, Posting, gram_of, place_of};
use crate::search::{Scale, coding, gram, parameter};

/// What the codes of a segment's numbers depend on.
#[derive(Debug, Clone, Copy)]
pub(super) struct Codes {
    /// The number of articles.
    articles: u32,
    /// The same as in a [`Scale`]: one article more seldom changes the codes of other articles.
    roughly: u32,
    /// By field: the Rice parameter of cells.
    cells: [u32; 4],
}

impl Codes {
    pub(super) fn new(articles: u32, cells: [u32; 4]) -> Self {
        Self { articles, roughly: Scale::of(articles as usize).roughly, cells }
    }

    /// The Rice parameter of the gaps between the articles of `mentions` mentions.
    fn articles_parameter(self, mentions: u32) -> u32 {
        parameter(self.roughly / mentions.max(1))
    }

    /// The numbers on which the meaning of a block's bytes depends.
    pub(super) fn meaning(self) -> (u32, [u32; 4]) {
        (self.roughly, self.cells)
    }
}

/// The lowest code of a bucket, the number of its codes, and the Rice parameter of the gaps between
/// the codes of `grams` grams.
fn codes_of(bucket: usize, buckets: usize, grams: u32) -> (u32, u64, u32) {
    let (first, codes) = gram::codes_of(bucket, buckets);
    let mean = u32::try_from(codes / u64::from(grams.max(1))).unwrap_or(u32::MAX);
    (first, codes, parameter(mean))
}

/// Appends the block of a bucket to `bytes`; nothing if there are no postings. The postings are
/// sorted; a plain gram is its code, a named gram an index of `names`.
pub(super) fn write(
    bucket: usize,
    buckets: usize,
    [plain, named]: [&[Posting]; 2],
    names: &[Name],
    codes: Codes,
    bytes: &mut Vec<u8>,
) {
    if plain.is_empty() && named.is_empty() {
        return;
    }
    let grams = |postings: &[Posting]| count(postings.chunk_by(|&a, &b| gram_of(a) == gram_of(b)).count());
    let mut writer = Writer::after(std::mem::take(bytes));
    let plain_grams = grams(plain);
    let (mut next, _, parameter) = codes_of(bucket, buckets, plain_grams);
    writer.gamma(plain_grams + 1);
    for postings in plain.chunk_by(|&a, &b| gram_of(a) == gram_of(b)) {
        let code = gram_of(postings[0]);
        writer.rice(code - next, parameter);
        next = code.wrapping_add(1);
        write_lists(postings, gram::is_pair(code), codes, &mut writer);
    }
    writer.gamma(grams(named) + 1);
    let mut before = "";
    for postings in named.chunk_by(|&a, &b| gram_of(a) == gram_of(b)) {
        let Name { text, is_pair, .. } = &names[gram_of(postings[0]) as usize];
        coding::write_name(text, before, &mut writer);
        writer.flag(*is_pair);
        write_lists(postings, *is_pair, codes, &mut writer);
        before = text;
    }
    *bytes = writer.finish();
}

/// Writes the lists of one gram.
fn write_lists(postings: &[Posting], is_pair: bool, codes: Codes, writer: &mut Writer) {
    let by_field = || postings.chunk_by(|&a, &b| place_of(a).field() == place_of(b).field());
    let fields = by_field().fold(0, |fields, postings| fields | 8 >> place_of(postings[0]).field());
    coding::write_fields(fields, writer);
    for postings in by_field() {
        let mentions = count(postings.len());
        writer.gamma(mentions);
        let parameter = codes.articles_parameter(mentions);
        let of_cells = codes.cells[place_of(postings[0]).field() as usize];
        // `next` is the article behind the one before; for a pair the one before.
        let (mut next, mut cell) = (0, None);
        for &posting in postings {
            let place = place_of(posting);
            let gap = place.article() - next;
            writer.rice(gap, parameter);
            next = place.article() + u32::from(!is_pair);
            if is_pair {
                let before = cell.filter(|_| gap == 0);
                writer.rice(place.cell() - before.map_or(0, |before: u32| before + 1), of_cells);
                cell = Some(place.cell());
            }
        }
    }
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
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
    /// Plain grams, by their codes.
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

    /// Appends the block of a bucket of a segment whose first article has the number `first`. `None`
    /// if it is not such a block. Grams, and the mentions of a pair, ascend then, as the encoder of
    /// shards relies on.
    pub(super) fn append_block(
        &mut self,
        block: &[u8],
        [bucket, buckets]: [usize; 2],
        first: u32,
        codes: Codes,
    ) -> Option<()> {
        let mut reader = Reader::new(block);
        let articles = first..first.checked_add(codes.articles)?;
        let grams = reader.gamma().checked_sub(1)?;
        let (lowest, in_bucket, parameter) = codes_of(bucket, buckets, grams);
        let mut next = 0_u64;
        for _ in 0..grams {
            let at = next + u64::from(reader.rice(parameter));
            next = at + 1;
            if at >= in_bucket || reader.is_past_end() {
                return None;
            }
            let gram = lowest + u32::try_from(at).ok()?;
            let Self { plain, mentions, .. } = self;
            read_lists(&mut reader, &articles, gram::is_pair(gram), codes, mentions, |field, start, end| {
                plain.push(FieldMentions { gram, field, start, end });
            })?;
        }
        let (mut before, mut name) = (None, Vec::new());
        for _ in 0..reader.gamma().checked_sub(1)? {
            coding::read_name(&mut name, &mut reader);
            let is_pair = reader.flag();
            if reader.is_past_end() {
                return None;
            }
            let name = std::str::from_utf8(&name).ok()?;
            if gram::bucket_of_named(name, buckets) != bucket {
                return None;
            }
            let start = u32::try_from(self.names.len()).ok()?;
            self.names.push_str(name);
            let gram = NamedGram { start, end: u32::try_from(self.names.len()).ok()?, is_pair };
            if before
                .replace(gram)
                .is_some_and(|before| (self.name(before), before.is_pair) >= (self.name(gram), is_pair))
            {
                return None;
            }
            let Self { named, mentions, .. } = self;
            read_lists(&mut reader, &articles, is_pair, codes, mentions, |field, start, end| {
                named.push(FieldMentions { gram, field, start, end });
            })?;
        }
        reader.is_at_end().then_some(())
    }
}

/// Appends the lists of one gram to `mentions`, and calls `found` with the number, the start and
/// the end of each field that has mentions. `None` if a mention is outside of `articles` or of the
/// cells of a text, or does not follow the one before.
fn read_lists(
    reader: &mut Reader<'_>,
    articles: &Range<u32>,
    is_pair: bool,
    codes: Codes,
    mentions: &mut Vec<Mention>,
    mut found: impl FnMut(u8, u32, u32),
) -> Option<()> {
    let fields = coding::read_fields(reader);
    for (field, of_cells) in (0_u8..).zip(codes.cells).filter(|(field, _)| fields & 8 >> field != 0) {
        let start = mentions.len();
        let count = reader.gamma();
        let parameter = codes.articles_parameter(count);
        let (mut next, mut cell) = (articles.start, None);
        for _ in 0..count {
            let gap = reader.rice(parameter);
            let article = next.checked_add(gap).filter(|article| articles.contains(article))?;
            next = article + u32::from(!is_pair);
            if is_pair {
                let least = cell.filter(|_| gap == 0).map_or(0, |before: u32| before + 1);
                cell = Some(least.checked_add(reader.rice(of_cells)).filter(|&cell| cell < MAX_CELLS)?);
            }
            if reader.is_past_end() {
                return None;
            }
            mentions.push((article, cell.unwrap_or(0)));
        }
        if mentions.len() > start {
            found(field, u32::try_from(start).ok()?, u32::try_from(mentions.len()).ok()?);
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::segment::{Blocks, Indexer, Segment};

    fn segment() -> Segment {
        let texts = ["大语言模型，常常常", "GPT-4 模型 gpt 4", ""]
            .map(|text| [text.into(), "".into(), "模型".into(), text.repeat(3).into()]);
        Indexer::default().index(texts.into_iter(), 4)
    }

    #[test]
    fn a_written_block_is_read_back() {
        let mut content = ShardContent::default();
        segment().gather(0..4, 100, &mut content).unwrap();
        let pair = gram::code(gram::number('模'.into(), Some('型'.into())));
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

    #[test]
    fn a_named_gram_in_the_block_of_another_bucket_is_refused() {
        let segment = segment();
        let Blocks::InMemory(bytes) = &segment.blocks else { panic!("the segment is in memory") };
        let named = (0..4).filter(|&bucket| {
            let block = &bytes[segment.start(bucket) as usize..segment.start(bucket + 1) as usize];
            let read_as = |other: usize| {
                let mut content = ShardContent::default();
                let found = content.append_block(block, [other, 4], 0, segment.codes());
                (found.is_some(), !content.named.is_empty())
            };
            let (is_read, has_names) = read_as(bucket);
            assert!(is_read || block.is_empty());
            if has_names {
                assert!((0..4).all(|other| other == bucket || !read_as(other).0), "{bucket}");
            }
            has_names
        });
        assert!(named.count() > 0);
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_bytes_are_refused_or_stay_within_the_segment(bytes: Vec<u8>, articles in 0_u32..9) {
            let mut content = ShardContent::default();
            let _ = content.append_block(&bytes, [2, 4], 7, Codes::new(articles, [2; 4]));
            for run in &content.plain {
                let mentions = content.mentions(run);
                let ascends = |a: &Mention, b: &Mention| a < b || (a == b && !gram::is_pair(run.gram));
                proptest::prop_assert!(mentions.is_sorted_by(ascends));
                proptest::prop_assert!(mentions.iter().all(|(article, _)| (7..7 + articles).contains(article)));
            }
        }
    }
}
