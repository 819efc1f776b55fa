//! Makes segments: reads texts, records the place of each gram, and sorts the postings by bucket.

use std::borrow::Cow;

use rustc_hash::FxHashMap;

use crate::config::Field;
use crate::search::cells::CellNumbering;
use crate::search::segment::block::{self, Codes};
use crate::search::segment::posting::{MAX_CELLS, Name, Place, Posting, gram_of, place_of, posting};
use crate::search::segment::{Blocks, Head, Segment, hash_of};
use crate::search::units::{Reader, UnitId, Units, is_plain};
use crate::search::{gram, parameter};

/// The maximum number of units that are indexed of a text: 131,072. So cells stay below
/// [`MAX_CELLS`] even if each unit follows itself, which costs two cells.
const MAX_UNITS: usize = MAX_CELLS as usize / 2;

/// The searched texts of an article, by [`Field`]; the text of a field that is not searched is
/// empty.
pub type Texts<'t> = [Cow<'t, str>; 4];

/// Makes segments, and reuses its buffers from one to the next.
#[derive(Debug, Default)]
pub struct Indexer {
    numbering: CellNumbering,
    units: Units,
    cells: Vec<u32>,
    plain: Vec<Posting>,
    named: Vec<Posting>,
    plain_sorted: Vec<Posting>,
    named_sorted: Vec<Posting>,
    buckets_of: Vec<u32>,
    bytes: Vec<u8>,
}

impl Indexer {
    /// Indexes articles, at most [`MAX_ARTICLES`](super::MAX_ARTICLES), in the order of their
    /// numbers.
    pub fn index<'t>(&mut self, articles: impl Iterator<Item = Texts<'t>>, buckets: usize) -> Segment {
        let Self { numbering, units, cells, plain, named, .. } = self;
        let mut reader = Reader::default();
        let mut grams: FxHashMap<(UnitId, Option<UnitId>), u32> = FxHashMap::default();
        let mut number_of = |first, second| {
            let next = u32::try_from(grams.len()).unwrap_or(u32::MAX);
            *grams.entry((first, second)).or_insert(next)
        };
        plain.clear();
        named.clear();
        let mut count = 0;
        // By field: the sum of the cells of all units, half of the last cell for each, and the number
        // of units.
        let mut cells_of_fields = [[0_u64; 2]; 4];
        for (number, texts) in articles.enumerate() {
            count += 1;
            for (field, text) in Field::ALL.into_iter().zip(&texts) {
                reader.read(text, MAX_UNITS, units);
                let at = Place::new(field, number, 0);
                numbering.number_cells(&units.ids, cells, |unit| match is_plain(unit) {
                    true => plain.push(posting(gram::code(unit), at)),
                    false => named.push(posting(number_of(unit, None), at)),
                });
                if let Some(&last) = cells.last() {
                    let [sum, units] = &mut cells_of_fields[field.number()];
                    *sum += u64::from(last) * cells.len() as u64 / 2;
                    *units += cells.len() as u64;
                }
                let pairs = units.ids.windows(2).zip(&*cells).zip(units.joined.iter().skip(1));
                for ((pair, &cell), _) in pairs.filter(|(_, joined)| **joined) {
                    let (first, second) = (pair[0], pair[1]);
                    let at = Place(at.0 | cell);
                    if is_plain(first) && is_plain(second) {
                        plain.push(posting(gram::code(gram::number(first, Some(second))), at));
                    } else {
                        named.push(posting(number_of(first, Some(second)), at));
                    }
                }
            }
        }
        let mut names: Vec<(Name, u32)> = grams
            .into_iter()
            .map(|((first, second), number)| {
                let text = gram::name(&reader.words, first, second);
                let bucket = u32::try_from(gram::bucket_of_named(&text, buckets)).unwrap_or(0);
                (Name { bucket, text: text.into(), is_pair: second.is_some() }, number)
            })
            .collect();
        names.sort_unstable();
        let mut places = vec![0; names.len()];
        for (place, &(_, number)) in names.iter().enumerate() {
            places[number as usize] = u32::try_from(place).unwrap_or(u32::MAX);
        }
        for named in named.iter_mut() {
            *named = posting(places[gram_of(*named) as usize], place_of(*named));
        }
        let names: Vec<Name> = names.into_iter().map(|(name, _)| name).collect();

        let bucket_of_name = |gram: u32| names[gram as usize].bucket;
        let bucket_of_plain = |code| u32::try_from(gram::bucket_of(code, buckets)).unwrap_or(0);
        let plain = SortedPostings::new(
            plain,
            &mut self.plain_sorted,
            &mut self.buckets_of,
            buckets,
            bucket_of_plain,
        );
        let named =
            SortedPostings::new(named, &mut self.named_sorted, &mut self.buckets_of, buckets, bucket_of_name);
        let cells = cells_of_fields
            .map(|[sum, units]| parameter(u32::try_from(sum / units.max(1)).unwrap_or(u32::MAX)));
        let codes = Codes::new(count, cells);
        let mut head = Head { articles: count, cells, ..Head::default() };
        self.bytes.clear();
        for bucket in 0..buckets {
            let start = self.bytes.len();
            let postings = [plain.bucket(bucket), named.bucket(bucket)];
            block::write(bucket, buckets, postings, &names, codes, &mut self.bytes);
            let block = &self.bytes[start..];
            head.hashes.push(hash_of(block));
            head.lengths.push(u32::try_from(block.len()).unwrap_or(u32::MAX));
        }
        Segment::new(head, Blocks::InMemory(self.bytes.as_slice().into()))
    }
}

/// Postings, sorted by bucket, gram and place.
struct SortedPostings<'p> {
    postings: &'p [Posting],
    /// By bucket: the index of its first posting. The last item is the number of postings.
    starts: Vec<u32>,
}

impl<'p> SortedPostings<'p> {
    /// Sorts postings into the buffer `sorted`; `buckets_of` is a buffer, too.
    fn new(
        postings: &[Posting],
        sorted: &'p mut Vec<Posting>,
        buckets_of: &mut Vec<u32>,
        buckets: usize,
        bucket_of: impl Fn(u32) -> u32,
    ) -> Self {
        let mut starts = vec![0_u32; buckets + 1];
        buckets_of.clear();
        buckets_of.extend(postings.iter().map(|&posting| bucket_of(gram_of(posting))));
        for &bucket in &*buckets_of {
            starts[bucket as usize + 1] += 1;
        }
        for bucket in 0..buckets {
            starts[bucket + 1] += starts[bucket];
        }
        let mut next = starts.clone();
        sorted.clear();
        sorted.resize(postings.len(), 0);
        for (&posting, &bucket) in postings.iter().zip(&*buckets_of) {
            let next = &mut next[bucket as usize];
            sorted[*next as usize] = posting;
            *next += 1;
        }
        for bounds in starts.windows(2) {
            sorted[bounds[0] as usize..bounds[1] as usize].sort_unstable();
        }
        Self { postings: sorted, starts }
    }

    /// The postings of a bucket.
    fn bucket(&self, bucket: usize) -> &'p [Posting] {
        &self.postings[self.starts[bucket] as usize..self.starts[bucket + 1] as usize]
    }
}
