//! Makes segments: reads texts, notes where grams stand and sorts them by shard.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::config::Field;
use crate::fingerprint::Fingerprint;
use crate::search::cells::Last;
use crate::search::gram;
use crate::search::segment::met::{MAX_CELLS, Met, Name, Place, gram_of, met, place_of};
use crate::search::segment::{Blocks, Head, Segment, block};
use crate::search::units::{Reader, UnitId, Units, is_plain};

/// What is read of a text at most, so that the above holds even if no two neighbouring units share a cell.
const MAX_UNITS: usize = MAX_CELLS as usize / 2;

/// The texts of an article, by [`Field`]; those that are not searched are empty.
pub type Texts<'t> = [Cow<'t, str>; 4];

/// Makes segments; keeps what it needs for that, for the next one.
#[derive(Debug, Default)]
pub struct Indexer {
    last: Last,
    units: Units,
    cells: Vec<u32>,
    plain: Vec<Met>,
    named: Vec<Met>,
    plain_sorted: Vec<Met>,
    named_sorted: Vec<Met>,
    shards_of: Vec<u32>,
    bytes: Vec<u8>,
}

impl Indexer {
    /// Indexes articles, in the order of their numbers.
    pub fn index<'t>(&mut self, articles: impl Iterator<Item = Texts<'t>>, shards: usize) -> Segment {
        let Self { last, units, cells, plain, named, .. } = self;
        let mut reader = Reader::default();
        let mut grams: FxHashMap<(UnitId, Option<UnitId>), u32> = FxHashMap::default();
        let mut name = |first, second| {
            let next = u32::try_from(grams.len()).unwrap_or(u32::MAX);
            *grams.entry((first, second)).or_insert(next)
        };
        plain.clear();
        named.clear();
        let mut count = 0;
        for (number, texts) in articles.enumerate() {
            count += 1;
            for (field, text) in Field::ALL.into_iter().zip(&texts) {
                reader.read(text, MAX_UNITS, units);
                let at = Place::new(field, number, 0);
                last.number(&units.ids, cells, |unit| match is_plain(unit) {
                    true => plain.push(met(unit, at)),
                    false => named.push(met(name(unit, None), at)),
                });
                let pairs = units.ids.windows(2).zip(&*cells).zip(units.joined.iter().skip(1));
                for ((pair, &cell), _) in pairs.filter(|(_, joined)| **joined) {
                    let (first, second) = (pair[0], pair[1]);
                    let at = Place(at.0 | cell);
                    if is_plain(first) && is_plain(second) {
                        plain.push(met(first << 16 | second, at));
                    } else {
                        named.push(met(name(first, Some(second)), at));
                    }
                }
            }
        }
        let mut names: Vec<(Name, u32)> = grams
            .into_iter()
            .map(|((first, second), number)| {
                let text = gram::name(&reader.words, first, second);
                let shard = u32::try_from(gram::shard_of_named(&text, shards)).unwrap_or(0);
                (Name { shard, text: text.into(), is_pair: second.is_some() }, number)
            })
            .collect();
        names.sort_unstable();
        let mut places = vec![0; names.len()];
        for (place, &(_, number)) in names.iter().enumerate() {
            places[number as usize] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        for mention in named.iter_mut() {
            *mention = met(places[gram_of(*mention) as usize], place_of(*mention));
        }
        let names: Vec<Name> = names.into_iter().map(|(name, _)| name).collect();

        let shard_of_name = |gram: u32| names[gram as usize].shard;
        let shard_of_plain = |gram| shard_of_plain(gram, shards);
        let plain = Sorted::of(plain, &mut self.plain_sorted, &mut self.shards_of, shards, shard_of_plain);
        let named = Sorted::of(named, &mut self.named_sorted, &mut self.shards_of, shards, shard_of_name);
        let mut head = Head { articles: count, ..Head::default() };
        self.bytes.clear();
        for shard in 0..shards {
            let start = self.bytes.len();
            block::write(plain.shard(shard), named.shard(shard), &names, &mut self.bytes);
            let block = &self.bytes[start..];
            head.hashes.push(if block.is_empty() {
                Fingerprint::default()
            } else {
                Fingerprint::of_bytes(block)
            });
            head.lengths.push(u32::try_from(block.len()).unwrap_or(u32::MAX));
        }
        Segment::new(head, Blocks::Here(self.bytes.as_slice().into()))
    }
}

/// What was met, by shard, gram and place.
struct Sorted<'m> {
    met: &'m [Met],
    /// Where each shard's begin; and where the last one's end.
    starts: Vec<u32>,
}

impl<'m> Sorted<'m> {
    /// `sorted` and `shards_of` are room to do so.
    fn of(
        met: &[Met],
        sorted: &'m mut Vec<Met>,
        shards_of: &mut Vec<u32>,
        shards: usize,
        shard_of: impl Fn(u32) -> u32,
    ) -> Self {
        let mut starts = vec![0_u32; shards + 1];
        shards_of.clear();
        shards_of.extend(met.iter().map(|&met| shard_of(gram_of(met))));
        for &shard in &*shards_of {
            starts[shard as usize + 1] += 1;
        }
        for shard in 0..shards {
            starts[shard + 1] += starts[shard];
        }
        let mut next = starts.clone();
        sorted.clear();
        sorted.resize(met.len(), 0);
        for (&met, &shard) in met.iter().zip(&*shards_of) {
            let next = &mut next[shard as usize];
            sorted[*next as usize] = met;
            *next += 1;
        }
        for bounds in starts.windows(2) {
            sorted[bounds[0] as usize..bounds[1] as usize].sort_unstable();
        }
        Self { met: sorted, starts }
    }

    fn shard(&self, shard: usize) -> &'m [Met] {
        &self.met[self.starts[shard] as usize..self.starts[shard + 1] as usize]
    }
}

/// The shard of a Han character or of two.
fn shard_of_plain(gram: u32, shards: usize) -> u32 {
    let shard = match gram >> 16 {
        0 => gram::shard_of_plain(gram, 0, shards),
        first => gram::shard_of_plain(first, gram & 0xFFFF, shards),
    };
    u32::try_from(shard).unwrap_or(0)
}
