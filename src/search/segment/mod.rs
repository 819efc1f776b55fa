//! Some hundred articles as sorted lists of grams, by shard: what is kept between builds.

mod kept;

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::fingerprint::Fingerprint;
use crate::search::Field;
use crate::search::cells::Last;
use crate::search::gram;
use crate::search::units::{Reader, UnitId, Units, is_plain};

/// Articles in a segment, at most: an article's number in it has twelve bits.
pub const MOST: usize = 4096;

/// Cells of a text, at most: what stands beyond them (after a million and a half characters) is not indexed.
const CELLS: u32 = 1 << 18;

/// What is read of a text at most, so that the above holds even if no two neighbouring units share a cell.
const UNITS: usize = CELLS as usize / 2;

/// Where a gram stands in a segment's articles: from the highest bit the field (2), the article's number in the segment (12) and
/// the cell (18; 0 for grams of one unit). Sorted as numbers they are sorted by all of these.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place(u32);

impl Place {
    fn new(field: Field, article: usize, cell: u32) -> Self {
        // Both are bounded where a segment and a text are.
        #[allow(clippy::cast_possible_truncation)]
        Self((field as u32) << 30 | (article as u32) << 18 | cell)
    }

    /// The field's number.
    #[must_use]
    pub fn field(self) -> u32 {
        self.0 >> 30
    }

    /// The article's number in the segment.
    #[must_use]
    pub fn article(self) -> u32 {
        self.0 >> 18 & 0xFFF
    }

    /// The cell.
    #[must_use]
    pub fn cell(self) -> u32 {
        self.0 & (CELLS - 1)
    }
}

/// A gram with a word in it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Name {
    /// Its shard; names are sorted by it, and then by their text.
    pub shard: u32,
    /// See [`gram::name`].
    pub text: Box<str>,
    /// Does it have two units?
    pub is_pair: bool,
}

/// The texts of an article, by [`Field`]; those that are not searched are empty.
pub type Texts<'t> = [Cow<'t, str>; 4];

/// Grams and their places by shard.
#[derive(Debug, Default)]
struct Table {
    /// Sorted within each shard. Plain grams: for two characters the code of the first in the upper half, for one in the
    /// lower. Named ones: places among the segment's names.
    grams: Vec<u32>,
    /// For each gram where its places end.
    ends: Vec<u32>,
    places: Vec<Place>,
    /// For each shard where its grams end.
    shards: Vec<u32>,
}

/// Some grams of a table, with where the places of each end among `places`, counted from `first`.
#[derive(Debug, Clone, Copy)]
struct Slice<'t> {
    grams: &'t [u32],
    ends: &'t [u32],
    first: u32,
    places: &'t [Place],
}

impl Slice<'_> {
    /// Writes the grams, the ends and the places, four bytes each, to the end of `bytes`.
    fn write(&self, bytes: &mut Vec<u8>) {
        let grams = self.grams.iter().copied();
        let ends = self.ends.iter().map(|end| end - self.first);
        let places = self.places.iter().map(|place| place.0);
        let start = bytes.len();
        bytes.resize(start + (self.grams.len() + self.ends.len() + self.places.len()) * 4, 0);
        // Tens of millions of numbers go through here: written so, they are copied many at a time.
        let (ends_from, places_from) = (grams.len() * 4, (self.grams.len() + self.ends.len()) * 4);
        let (grams_at, rest) = bytes[start..].split_at_mut(ends_from);
        let (ends_at, places_at) = rest.split_at_mut(places_from - ends_from);
        copy(grams, grams_at);
        copy(ends, ends_at);
        copy(places, places_at);
    }
}

fn copy(numbers: impl Iterator<Item = u32>, bytes: &mut [u8]) {
    for (number, bytes) in numbers.zip(bytes.as_chunks_mut::<4>().0) {
        *bytes = number.to_le_bytes();
    }
}

impl Table {
    fn shard(&self, shard: usize) -> Slice<'_> {
        let end_before = |at: usize, ends: &[u32]| if at == 0 { 0 } else { ends[at - 1] };
        let range = end_before(shard, &self.shards) as usize..self.shards[shard] as usize;
        let first = end_before(range.start, &self.ends);
        let last = end_before(range.end, &self.ends);
        Slice {
            grams: &self.grams[range.clone()],
            ends: &self.ends[range],
            first,
            places: &self.places[first as usize..last as usize],
        }
    }

    /// Sorts mentions (the gram above the place) by shard, gram and place. `sorted` is room to do so.
    fn of(mentions: &[u64], sorted: &mut Vec<u64>, shards: usize, shard_of: impl Fn(u32) -> usize) -> Self {
        let gram = |mention: u64| (mention >> 32) as u32;
        let mut starts = vec![0_u32; shards + 1];
        for &mention in mentions {
            starts[shard_of(gram(mention)) + 1] += 1;
        }
        for shard in 0..shards {
            starts[shard + 1] += starts[shard];
        }
        let mut next = starts.clone();
        sorted.clear();
        sorted.resize(mentions.len(), 0);
        for &mention in mentions {
            let next = &mut next[shard_of(gram(mention))];
            sorted[*next as usize] = mention;
            *next += 1;
        }
        for bounds in starts.windows(2) {
            sorted[bounds[0] as usize..bounds[1] as usize].sort_unstable();
        }
        // Segments stay in memory to the end of a build: they take no more than they need.
        let grams = sorted.chunk_by(|&a, &b| gram(a) == gram(b)).count();
        let mut table = Self {
            grams: Vec::with_capacity(grams),
            ends: Vec::with_capacity(grams),
            places: Vec::with_capacity(sorted.len()),
            shards: Vec::with_capacity(shards),
        };
        for bounds in starts.windows(2) {
            let mentions = &sorted[bounds[0] as usize..bounds[1] as usize];
            for places in mentions.chunk_by(|&a, &b| gram(a) == gram(b)) {
                table.grams.push(gram(places[0]));
                table.places.extend(places.iter().map(|&mention| Place(mention as u32)));
                table.ends.push(table.places.len() as u32);
            }
            table.shards.push(table.grams.len() as u32);
        }
        table
    }
}

/// The grams of some articles and where they stand.
#[derive(Debug)]
pub struct Segment {
    head: Head,
    tables: Tables,
}

/// What is known of a segment without its grams.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Head {
    /// Grams with a word in them, by shard.
    names: Vec<Name>,
    /// For each shard, of what it holds.
    hashes: Vec<Fingerprint>,
    /// For each shard, how many plain grams there are, how many places they have, and the same of named ones.
    counts: Vec<[u32; 4]>,
}

#[derive(Debug)]
enum Tables {
    Here { plain: Table, named: Table },
    Kept(kept::File),
}

/// A kept segment does not hold what it says it does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Damaged;

/// A shard's part of a segment.
#[derive(Debug)]
pub struct Part<'s> {
    plain: Grams<'s>,
    named: Grams<'s>,
    names: &'s [Name],
}

#[derive(Debug)]
enum Grams<'s> {
    Here(Slice<'s>),
    Read { grams: Vec<u32>, ends: Vec<u32>, places: Vec<Place> },
}

impl Grams<'_> {
    fn slice(&self) -> Slice<'_> {
        match self {
            Self::Here(slice) => *slice,
            Self::Read { grams, ends, places } => Slice { grams, ends, first: 0, places },
        }
    }

    fn each(&self) -> impl Iterator<Item = (u32, &[Place])> {
        let Slice { grams, ends, first, places } = self.slice();
        let mut start = 0;
        grams.iter().zip(ends).map(move |(&gram, &end)| {
            let end = (end - first) as usize;
            (gram, &places[std::mem::replace(&mut start, end)..end])
        })
    }
}

impl Segment {
    /// For each shard, of what it holds; the default one where it holds nothing.
    #[must_use]
    pub fn hashes(&self) -> &[Fingerprint] {
        &self.head.hashes
    }

    /// What it holds of a shard.
    ///
    /// # Errors
    /// A kept segment's file is gone or damaged.
    pub fn part(&self, shard: usize) -> Result<Part<'_>, Damaged> {
        let names = self.head.names.as_slice();
        match &self.tables {
            Tables::Here { plain, named } => Ok(Part {
                plain: Grams::Here(plain.shard(shard)),
                named: Grams::Here(named.shard(shard)),
                names,
            }),
            Tables::Kept(file) => {
                let [plain, named] = file.read(shard, self.head.counts[shard])?;
                let part = Part { plain, named, names };
                (part.hash(&mut Vec::new()) == Some(self.head.hashes[shard])).then_some(part).ok_or(Damaged)
            }
        }
    }
}

impl Part<'_> {
    /// Han characters and pairs of them, ascending, with their places.
    pub fn plain(&self) -> impl Iterator<Item = (u32, &[Place])> {
        self.plain.each()
    }

    /// Grams with words in them and their places.
    pub fn named(&self) -> impl Iterator<Item = (&Name, &[Place])> {
        self.named.each().map(|(gram, places)| (&self.names[gram as usize], places))
    }

    /// `None` if a name is missing.
    fn hash(&self, bytes: &mut Vec<u8>) -> Option<Fingerprint> {
        let (plain, named) = (self.plain.slice(), self.named.slice());
        if plain.grams.is_empty() && named.grams.is_empty() {
            return Some(Fingerprint::default());
        }
        bytes.clear();
        for slice in [plain, named] {
            slice.write(bytes);
        }
        for &gram in named.grams {
            // By name: its place among the names says nothing about another segment's.
            let name = self.names.get(gram as usize)?;
            bytes.extend_from_slice(name.text.as_bytes());
            bytes.push(u8::from(name.is_pair));
        }
        Some(Fingerprint::of_bytes(bytes))
    }
}

/// Makes segments; keeps what it needs for that, for the next one.
#[derive(Debug, Default)]
pub struct Indexer {
    last: Last,
    units: Units,
    cells: Vec<u32>,
    /// A gram above its place.
    plain: Vec<u64>,
    named: Vec<u64>,
    sorted: Vec<u64>,
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
        let mention = |gram: u32, place: Place| u64::from(gram) << 32 | u64::from(place.0);
        plain.clear();
        named.clear();
        for (number, texts) in articles.enumerate() {
            for (field, text) in Field::ALL.into_iter().zip(&texts) {
                reader.read(text, UNITS, units);
                let at = Place::new(field, number, 0);
                last.number(&units.ids, cells, |unit| match is_plain(unit) {
                    true => plain.push(mention(unit, at)),
                    false => named.push(mention(name(unit, None), at)),
                });
                let pairs = units.ids.windows(2).zip(&*cells).zip(units.joined.iter().skip(1));
                for ((pair, &cell), _) in pairs.filter(|(_, joined)| **joined) {
                    let (first, second) = (pair[0], pair[1]);
                    let at = Place(at.0 | cell);
                    if is_plain(first) && is_plain(second) {
                        plain.push(mention(first << 16 | second, at));
                    } else {
                        named.push(mention(name(first, Some(second)), at));
                    }
                }
            }
        }
        let plain = Table::of(plain, &mut self.sorted, shards, |gram| shard_of_plain(gram, shards));
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
        let names: Vec<Name> = names.into_iter().map(|(name, _)| name).collect();
        for mention in &mut self.named {
            let place = places[(*mention >> 32) as usize];
            *mention = u64::from(place) << 32 | *mention & u64::from(u32::MAX);
        }
        let named =
            Table::of(&self.named, &mut self.sorted, shards, |gram| names[gram as usize].shard as usize);
        let mut head = Head { names, ..Head::default() };
        for shard in 0..shards {
            let (plain, named) = (plain.shard(shard), named.shard(shard));
            let part = Part { plain: Grams::Here(plain), named: Grams::Here(named), names: &head.names };
            let hash = part.hash(&mut self.bytes).unwrap_or_default();
            head.hashes.push(hash);
            let counts = [plain.grams.len(), plain.places.len(), named.grams.len(), named.places.len()];
            head.counts.push(counts.map(|count| u32::try_from(count).unwrap_or(u32::MAX)));
        }
        Segment { head, tables: Tables::Here { plain, named } }
    }
}

/// The shard of a Han character or of two.
fn shard_of_plain(gram: u32, shards: usize) -> usize {
    match gram >> 16 {
        0 => gram::shard_of_plain(gram, 0, shards),
        first => gram::shard_of_plain(first, gram & 0xFFFF, shards),
    }
}
