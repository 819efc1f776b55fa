//! Looks up where a run of units occurs: in which articles, and in which of their fields.
//!
//! The lists of its one unit answer a run of one unit; the lists of its pairs answer a longer one.
//! Only the shards of these grams are read. Cells decide whether pairs follow each other (see
//! [`cells`](crate::search::cells)). Where a list has no cells, only the article's body can decide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::config::Field;
use crate::search::Scale;
use crate::search::gram;
use crate::search::head::{Head, Opened, decode_table};
use crate::search::parts;
use crate::search::query::{End, Run, is_wide};
use crate::search::shard::{self, List, Lists, Shard};

/// Provides the files and bodies that a search reads.
pub trait SearchFiles {
    /// The bytes of a file in the index's folder; `None` if it cannot be read.
    fn file(&self, name: &str) -> Option<Vec<u8>>;
    /// The text of an article's body, by the article's number in the index.
    fn body(&self, article: u32) -> Option<String>;
}

/// The error of a search: a file of the index is missing, or is from another build than the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// Where a run occurs, by the article's number.
pub(super) type Occurrences = BTreeMap<u32, Occurrence>;

/// Where a run occurs in one article.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Occurrence {
    /// One bit for each field that holds the run; see [`field_bit`].
    pub(super) fields: u32,
    /// True if only the body itself can tell whether it holds the run.
    pub(super) needs_body: bool,
}

/// The bit of a field: 8 for the title, 1 for the body.
pub(super) fn field_bit(field: Field) -> u32 {
    8 >> field.number()
}

/// An index that is read from its files; each shard is read once.
pub(super) struct IndexReader<'s> {
    articles: usize,
    parts: Vec<PartReader<'s>>,
}

/// A part of an index that is read.
struct PartReader<'s> {
    files: &'s dyn SearchFiles,
    /// The number of its first article.
    first: u32,
    scale: Scale,
    buckets: usize,
    /// The stamps of its shards, as its table names them.
    stamps: Vec<u32>,
    shards: HashMap<usize, Shard>,
}

impl<'s> IndexReader<'s> {
    /// Reads the head of an index and the tables of its parts.
    pub(super) fn open(files: &'s dyn SearchFiles) -> Result<Self, Unavailable> {
        let head = files.file("index.bin").ok_or(Unavailable)?;
        let Opened { head, buckets, parts: entries } = Head::decode(&head).ok_or(Unavailable)?;
        let (mut first, mut parts) = (0, Vec::new());
        for entry in entries {
            let table = files.file(&format!("t{first}.bin")).ok_or(Unavailable)?;
            let (_, stamps) =
                decode_table(&table, entry).filter(|(stamp, _)| *stamp == entry.table).ok_or(Unavailable)?;
            let scale = Scale::of(entry.articles as usize);
            parts.push(PartReader { files, first, scale, buckets, stamps, shards: HashMap::new() });
            first += entry.articles;
        }
        Ok(Self { articles: head.articles, parts })
    }

    /// The number of articles in the index.
    pub(super) fn articles(&self) -> usize {
        self.articles
    }

    /// Finds the articles and fields in which a run itself occurs.
    pub(super) fn occurrences(&mut self, run: &Run) -> Result<Occurrences, Unavailable> {
        let mut occurrences = Occurrences::new();
        for part in &mut self.parts {
            let found = part.occurrences(run)?;
            occurrences.extend(found.into_iter().map(|(article, found)| (part.first + article, found)));
        }
        Ok(occurrences)
    }
}

impl PartReader<'_> {
    fn shard(&mut self, at: usize) -> Result<&Shard, Unavailable> {
        if !self.shards.contains_key(&at) {
            let bytes = self.files.file(&format!("s{}-{at}.bin", self.first)).ok_or(Unavailable)?;
            let shard = shard::decode(&bytes, self.scale);
            if self.stamps.get(at) != Some(&shard.stamp) {
                return Err(Unavailable);
            }
            self.shards.insert(at, shard);
        }
        self.shards.get(&at).ok_or(Unavailable)
    }

    /// The lists of a unit or of a pair, whose last unit matches as `end` says: the lists of all
    /// words that match are merged.
    fn lists(&mut self, units: &[Box<str>], end: End) -> Result<Lists, Unavailable> {
        let plain = |unit: &str| {
            let mut characters = unit.chars().map(u32::from);
            let plain = characters.next().filter(|&character| is_wide(unit) && character <= 0xFFFF);
            plain.filter(|_| characters.next().is_none())
        };
        let plain: Option<Vec<u32>> = units.iter().map(|unit| plain(unit)).collect();
        let (buckets, shards) = (self.buckets, self.stamps.len());
        let shard_of = |bucket| parts::shard_of(bucket, buckets, shards);
        if let Some(plain) = plain {
            let wanted = gram::code(gram::number(plain[0], plain.get(1).copied()));
            let shard = self.shard(shard_of(gram::bucket_of(wanted, buckets)))?;
            let found = shard.plain.binary_search_by_key(&wanted, |(code, _)| *code);
            return Ok(found.map(|at| shard.plain[at].1.clone()).unwrap_or_default());
        }
        let both_words = units.iter().all(|unit| !is_wide(unit));
        let name = units.join(if both_words { " " } else { "" });
        let is_pair = units.len() == 2;
        let shard = self.shard(shard_of(gram::bucket_of_named(&name, buckets)))?;
        let matches = |found: &str| {
            found.strip_prefix(&*name).is_some_and(|rest| {
                end.allows(rest) && !rest.contains(|c| c == ' ' || crate::text::han::is_read(c))
            })
        };
        let mut lists = Lists::default();
        for (_, _, found) in shard.named.iter().filter(|(found, pair, _)| *pair == is_pair && matches(found))
        {
            for (list, found) in lists.iter_mut().zip(found) {
                merge_into(list, found);
            }
        }
        Ok(lists)
    }

    /// Finds the articles of the part and the fields in which a run itself occurs, by the article's
    /// number in the part.
    fn occurrences(&mut self, run: &Run) -> Result<Occurrences, Unavailable> {
        let mut occurrences = Occurrences::new();
        let last = run.units.len() - 1;
        let grams: Vec<Lists> = if last == 0 {
            vec![self.lists(&run.units, run.end)?]
        } else {
            let end = |at: usize| if at + 1 == last { run.end } else { End::Whole };
            let pairs = run.units.windows(2).enumerate();
            pairs.map(|(at, pair)| self.lists(pair, end(at))).collect::<Result<_, _>>()?
        };
        for field in Field::ALL {
            let lists: Vec<&List> = grams.iter().map(|lists| &lists[field.number()]).collect();
            for (at, &article) in lists[0].articles.iter().enumerate() {
                let places: Option<Vec<usize>> = std::iter::once(Some(at))
                    .chain(lists[1..].iter().map(|list| list.articles.binary_search(&article).ok()))
                    .collect();
                let Some(places) = places else { continue };
                let occurrence = occurrences.entry(article).or_default();
                let cells: Option<Vec<&[u32]>> = lists
                    .iter()
                    .zip(places)
                    .map(|(list, at)| {
                        list.cells.as_ref().map(|cells| &*cells[at]).filter(|cells| !cells.is_empty())
                    })
                    .collect();
                match cells {
                    _ if lists.len() == 1 => occurrence.fields |= field_bit(field),
                    None => occurrence.needs_body = true,
                    Some(cells) if pairs_form_run(run, &cells) => occurrence.fields |= field_bit(field),
                    Some(_) => {}
                }
            }
        }
        occurrences.retain(|_, occurrence| occurrence.fields > 0 || occurrence.needs_body);
        Ok(occurrences)
    }
}

/// True if the pairs of a run follow each other somewhere. `cells` has the cells of each pair; see
/// [`cells`](crate::search::cells).
fn pairs_form_run(run: &Run, cells: &[&[u32]]) -> bool {
    let mut reached: BTreeSet<u32> = cells[0].iter().copied().collect();
    for (at, next) in cells.iter().enumerate().skip(1) {
        let steps = if run.units[at - 1] == run.units[at] { [2, 2] } else { [0, 1] };
        reached = next
            .iter()
            .copied()
            .filter(|cell| {
                steps.iter().any(|step| cell.checked_sub(*step).is_some_and(|from| reached.contains(&from)))
            })
            .collect();
    }
    !reached.is_empty()
}

/// Merges `more` into `list`. An article without cells in one of them has an empty list of cells
/// afterwards.
fn merge_into(list: &mut List, more: &List) {
    let mut merged: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut without_cells = BTreeSet::new();
    for list in [&*list, more] {
        for (at, &article) in list.articles.iter().enumerate() {
            let cells = merged.entry(article).or_default();
            match list.cells.as_ref().map(|cells| &cells[at]) {
                Some(found) if !found.is_empty() => cells.extend(found),
                _ => drop(without_cells.insert(article)),
            }
        }
    }
    without_cells.iter().for_each(|article| drop(merged.insert(*article, Vec::new())));
    let (articles, mut cells): (Vec<u32>, Vec<Vec<u32>>) = merged.into_iter().unzip();
    cells.iter_mut().for_each(|cells| cells.sort_unstable());
    *list = List { articles, cells: Some(cells) };
}
