//! What a segment holds of a shard, as bytes.
//!
//! ```text
//! number of plain grams, then for each, sorted: the gap to the one before, lists
//! number of named grams, then for each, sorted: length of its bytes · 2 + is it a pair?, its bytes, lists
//!
//! lists            one byte with a bit for each field in which it stands, then for each of these:
//!   mentions       their number, then for each the gap to the article before (0: in the same), and the cell if it is a pair: in the same
//!                  article the gap to the cell before
//! ```
//!
//! Numbers have seven bits in a byte, the lowest first; the highest bit says that there are more. Of ten thousand articles this is half
//! as long as four bytes for each mention.

use std::ops::Range;

use crate::config::Field;
use crate::search::segment::met::{MAX_CELLS, Met, Name, gram_of, place_of};

/// Writes what was met of a shard's grams to the end of `bytes`; nothing if there is none. Both are sorted; named grams are numbers of `names`.
pub(super) fn write(plain: &[Met], named: &[Met], names: &[Name], bytes: &mut Vec<u8>) {
    if plain.is_empty() && named.is_empty() {
        return;
    }
    let grams = |met: &[Met]| count(met.chunk_by(|&a, &b| gram_of(a) == gram_of(b)).count());
    push(grams(plain), bytes);
    let mut before = 0;
    for met in plain.chunk_by(|&a, &b| gram_of(a) == gram_of(b)) {
        let gram = gram_of(met[0]);
        push(gram - std::mem::replace(&mut before, gram), bytes);
        write_lists(met, is_pair(gram), bytes);
    }
    push(grams(named), bytes);
    for met in named.chunk_by(|&a, &b| gram_of(a) == gram_of(b)) {
        let name = &names[gram_of(met[0]) as usize];
        push(count(name.text.len()) << 1 | u32::from(name.is_pair), bytes);
        bytes.extend_from_slice(name.text.as_bytes());
        write_lists(met, name.is_pair, bytes);
    }
}

fn write_lists(met: &[Met], is_pair: bool, bytes: &mut Vec<u8>) {
    let by_field = || met.chunk_by(|&a, &b| place_of(a).field() == place_of(b).field());
    bytes.push(by_field().fold(0, |fields, met| fields | 1 << place_of(met[0]).field()));
    for met in by_field() {
        push(count(met.len()), bytes);
        // An article's number plus one, so that the first one has a gap, too.
        let (mut article, mut cell) = (0, 0);
        for &met in met {
            let place = place_of(met);
            let gap = place.article() + 1 - article;
            push(gap, bytes);
            if is_pair {
                push(place.cell() - if gap == 0 { cell } else { 0 }, bytes);
            }
            (article, cell) = (place.article() + 1, place.cell());
        }
    }
}

fn is_pair(plain: u32) -> bool {
    plain > 0xFFFF
}

fn count(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

fn push(mut number: u32, bytes: &mut Vec<u8>) {
    while number > 0x7F {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Where a gram stands: the number of an article and the cell in its text (0 for grams of one unit).
pub type Mention = (u32, u32);

/// The mentions of a gram in a field of a segment's articles.
#[derive(Debug, Clone, Copy)]
pub struct Run<G> {
    /// Which gram.
    pub gram: G,
    /// The field's number.
    pub field: u8,
    /// Where its mentions begin; there is one at least.
    pub start: u32,
    /// Where they end.
    pub end: u32,
}

/// A gram with words in it.
#[derive(Debug, Clone, Copy)]
pub struct Named {
    /// Where its name begins among the names.
    pub start: u32,
    /// Where it ends.
    pub end: u32,
    /// Does it have two units?
    pub is_pair: bool,
}

/// What segments hold of a shard, one after the other.
#[derive(Debug, Default)]
pub struct Gathered {
    /// Han characters (their code) and pairs of them (the first one's in the upper half).
    pub plain: Vec<Run<u32>>,
    /// Grams with words in them.
    pub named: Vec<Run<Named>>,
    names: String,
    mentions: Vec<Mention>,
}

impl Gathered {
    /// What a gram is called.
    #[must_use]
    pub fn name(&self, gram: Named) -> &str {
        &self.names[gram.start as usize..gram.end as usize]
    }

    /// Where a run's gram stands, sorted.
    #[must_use]
    pub fn mentions<G>(&self, run: &Run<G>) -> &[Mention] {
        &self.mentions[run.start as usize..run.end as usize]
    }

    /// Adds a block of a segment with so many articles, the first of which has the number `first`. `None` if it is no block of such a segment.
    pub(super) fn read(&mut self, block: &[u8], first: u32, articles: u32) -> Option<()> {
        let mut bytes = Bytes(block);
        let last = first.checked_add(articles)?;
        let mut gram = 0_u32;
        for _ in 0..bytes.number()? {
            gram = gram.checked_add(bytes.number()?)?;
            let Self { plain, mentions, .. } = self;
            read_lists(&mut bytes, first..last, is_pair(gram), mentions, |field, start, end| {
                plain.push(Run { gram, field, start, end });
            })?;
        }
        for _ in 0..bytes.number()? {
            let length = bytes.number()?;
            let is_pair = length & 1 == 1;
            let name = std::str::from_utf8(bytes.take((length >> 1) as usize)?).ok()?;
            let start = u32::try_from(self.names.len()).ok()?;
            self.names.push_str(name);
            let gram = Named { start, end: u32::try_from(self.names.len()).ok()?, is_pair };
            let Self { named, mentions, .. } = self;
            read_lists(&mut bytes, first..last, is_pair, mentions, |field, start, end| {
                named.push(Run { gram, field, start, end });
            })?;
        }
        bytes.0.is_empty().then_some(())
    }
}

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
                cell = bytes.number()?.checked_add(if gap == 0 { cell } else { 0 })?;
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

struct Bytes<'b>(&'b [u8]);

impl<'b> Bytes<'b> {
    fn take(&mut self, length: usize) -> Option<&'b [u8]> {
        let (taken, rest) = self.0.split_at_checked(length)?;
        self.0 = rest;
        Some(taken)
    }

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
    fn what_was_met_is_read_with_its_places() {
        let mut gathered = Gathered::default();
        for shard in 0..4 {
            segment().gather(shard, 100, &mut gathered).unwrap();
        }
        let pair = u32::from('模') << 16 | u32::from('型');
        let mut runs: Vec<_> = gathered.plain.iter().filter(|run| run.gram == pair).collect();
        runs.sort_by_key(|run| run.field);
        let articles = |field: usize| -> Vec<u32> {
            gathered.mentions(runs[field]).iter().map(|mention| mention.0).collect()
        };
        assert_eq!(runs.iter().map(|run| run.field).collect::<Vec<_>>(), [0, 2, 3]);
        assert_eq!(articles(0), [100, 101]);
        assert_eq!(articles(1), [100, 101, 102]);
        assert_eq!(articles(2), [100, 100, 100, 101, 101, 101]);
        assert!(gathered.named.iter().any(|run| gathered.name(run.gram) == "gpt 4" && run.gram.is_pair));
    }

    proptest::proptest! {
        #[test]
        fn numbers_are_read_as_they_were_written(numbers: Vec<u32>) {
            let mut bytes = Vec::new();
            numbers.iter().for_each(|&number| push(number, &mut bytes));
            let mut read = Bytes(&bytes);
            for number in numbers {
                proptest::prop_assert_eq!(read.number(), Some(number));
            }
            proptest::prop_assert!(read.0.is_empty());
        }

        #[test]
        fn what_is_no_block_is_refused_or_stays_within_the_segment(bytes: Vec<u8>, articles in 0_u32..9) {
            let mut gathered = Gathered::default();
            let _ = gathered.read(&bytes, 7, articles);
            for run in &gathered.plain {
                let mentions = gathered.mentions(run);
                proptest::prop_assert!(mentions.is_sorted());
                proptest::prop_assert!(mentions.iter().all(|(article, _)| (7..7 + articles).contains(article)));
            }
        }
    }
}
