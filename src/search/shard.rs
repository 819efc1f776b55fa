//! Encodes the lists of a shard, and decodes them.
//!
//! ```text
//! stamp                         32 bits: of the content, as the head names it
//! plain grams                   gamma(count + 1), the first code (32 bits), Rice parameter of the
//!                               gaps (5 bits), then for each, sorted by code (see `gram.rs`):
//!   gap to the code before      Rice; 0 for the first
//!   lists
//! named grams                   gamma(count + 1), then for each, sorted by their bytes:
//!   bytes shared with the last  Rice 2
//!   further bytes               Rice 2, 8 bits each
//!   is it a pair?               1 bit
//!   lists
//!
//! lists                         1 if only the body holds it, else 0 and 4 bits, the title's first; then for each field:
//!   articles                    gamma(count), then the gaps between their numbers less one: Rice (Scale::parameter)
//!   cells, if the list has any  1 if each article has one, Rice parameter (4 bits), then for each article:
//!     how many less one         in unary, unless each has one
//!     the first, the gaps − 1   Rice
//! ```
//!
//! The lists of all named pairs have cells, since a search for the beginning of a word reads many
//! of them at once. The list of a plain pair in bodies has cells if more than a few bodies hold the
//! pair (see [`Scale::max_bodies_without_cells`]). There is no directory: a shard has some
//! kilobytes, and reading all of it costs a browser less than the directory would cost the network.

use crate::search::bits::{Reader, Writer};
use crate::search::segment::{FieldMentions, Mention, NamedGram, ShardContent};
use crate::search::{Field, Scale, coding, gram, parameter};

/// Encodes a shard. `content` was gathered from all segments, in the order of their articles.
#[must_use]
pub fn encode(mut content: ShardContent, scale: Scale, stamp: u32) -> Vec<u8> {
    let (mut plain, mut named) = (std::mem::take(&mut content.plain), std::mem::take(&mut content.named));
    let name = |run: &FieldMentions<NamedGram>| (content.name(run.gram), run.gram.is_pair);
    // Stable sorts: the segments of a gram stay in their order.
    plain.sort_by_key(|run| u64::from(run.gram) << 8 | u64::from(run.field));
    named.sort_by(|a, b| (name(a), a.field).cmp(&(name(b), b.field)));

    let mut writer = Writer::after(stamp.to_be_bytes().to_vec());
    let mut lists = ListWriter { scale, content: &content, list: Vec::new() };
    let grams = || plain.chunk_by(|a, b| a.gram == b.gram);
    let count = u32::try_from(grams().count()).unwrap_or(u32::MAX - 1);
    let code_of = |run: Option<&FieldMentions<u32>>| run.map_or(0, |run| run.gram);
    let (mut before, last) = (code_of(plain.first()), code_of(plain.last()));
    let parameter = parameter((last - before) / (count + 1));
    writer.gamma(count + 1);
    writer.bits(before, 32);
    writer.bits(parameter, 5);
    for runs in grams() {
        let code = runs[0].gram;
        writer.rice(code - before, parameter);
        before = code;
        lists.write(runs, Kind::of_plain(code), &mut writer);
    }
    let grams = || named.chunk_by(|a, b| name(a) == name(b));
    writer.gamma(u32::try_from(grams().count()).unwrap_or(u32::MAX - 1) + 1);
    let mut before = "";
    for runs in grams() {
        let (text, is_pair) = name(&runs[0]);
        coding::write_name(text, before, &mut writer);
        writer.flag(is_pair);
        before = text;
        let kind = if is_pair { Kind::NamedPair } else { Kind::Single };
        lists.write(runs, kind, &mut writer);
    }
    writer.finish()
}

/// The kind of a gram, which decides whether its lists have cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    Single,
    PlainPair,
    NamedPair,
}

impl Kind {
    /// The kind of the plain gram with a code.
    fn of_plain(code: u32) -> Self {
        if gram::is_pair(code) { Self::PlainPair } else { Self::Single }
    }

    /// True if a list of `count` articles has their cells.
    fn has_cells(self, count: u32, is_body: bool, scale: Scale) -> bool {
        match self {
            Self::Single => false,
            Self::NamedPair => true,
            Self::PlainPair => !is_body || count > scale.max_bodies_without_cells(),
        }
    }
}

struct ListWriter<'m> {
    scale: Scale,
    content: &'m ShardContent,
    /// The list that is being written, sorted by article and cell.
    list: Vec<Mention>,
}

impl ListWriter<'_> {
    /// Writes the lists of a gram. `runs` has its mentions by field and segment, sorted.
    fn write<G>(&mut self, runs: &[FieldMentions<G>], kind: Kind, writer: &mut Writer) {
        let body = Field::Body as u8;
        let fields = runs.iter().fold(0_u32, |fields, run| fields | 8 >> run.field);
        coding::write_fields(fields, writer);
        for runs in runs.chunk_by(|a, b| a.field == b.field) {
            let field = runs[0].field;
            self.list.clear();
            for run in runs {
                self.list.extend_from_slice(self.content.mentions(run));
            }
            let articles = self.list.chunk_by(|(a, _), (b, _)| a == b);
            let count = u32::try_from(articles.count()).unwrap_or(u32::MAX);
            writer.gamma(count);
            let parameter = self.scale.parameter(count);
            let mut next = 0;
            for &(article, _) in &self.list {
                // An article that mentions the gram in several cells is written once.
                if article >= next {
                    writer.rice(article - next, parameter);
                    next = article + 1;
                }
            }
            if kind.has_cells(count, field == body, self.scale) {
                self.write_cells(count, writer);
            }
        }
    }

    fn write_cells(&self, articles: u32, writer: &mut Writer) {
        let by_article = || self.list.chunk_by(|(a, _), (b, _)| a == b);
        let each_has_one = self.list.len() == articles as usize;
        // The numbers of an article, its first cell and the gaps, add up to its last cell.
        let sum: u64 =
            by_article().filter_map(|mentions| mentions.last()).map(|&(_, last)| u64::from(last)).sum();
        let mean = u32::try_from(sum / self.list.len() as u64).unwrap_or(u32::MAX);
        let parameter = parameter(mean).min(15);
        writer.flag(each_has_one);
        writer.bits(parameter, 4);
        for mentions in by_article() {
            if !each_has_one {
                writer.rice(u32::try_from(mentions.len() - 1).unwrap_or(0), 0);
            }
            let mut next = 0;
            for &(_, cell) in mentions {
                writer.rice(cell - next, parameter);
                next = cell + 1;
            }
        }
    }
}

/// The articles that hold a gram in a field.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct List {
    /// The numbers of the articles, ascending.
    pub articles: Vec<u32>,
    /// By article: the cells of the pair, ascending. `None` if the list has no cells.
    pub cells: Option<Vec<Vec<u32>>>,
}

/// A gram's lists, by [`Field`]; a list is empty if no article holds the gram in the field.
pub type Lists = [List; 4];

/// A decoded shard.
#[derive(Debug, Default)]
pub struct Shard {
    /// The stamp of its content.
    pub stamp: u32,
    /// The codes of plain grams, ascending, and their lists.
    pub plain: Vec<(u32, Lists)>,
    /// Named grams: the name, whether the gram is a pair, and its lists.
    pub named: Vec<(String, bool, Lists)>,
}

/// Decodes a shard. Bytes that are not a shard give arbitrary lists; decoding them comes to an end,
/// too.
#[must_use]
pub fn decode(bytes: &[u8], scale: Scale) -> Shard {
    let mut reader = Reader::new(bytes);
    let mut shard = Shard { stamp: reader.bits(32), ..Shard::default() };
    // A gram has at least four bits.
    let max_grams = u32::try_from(bytes.len() * 2).unwrap_or(u32::MAX);
    let count = reader.gamma().saturating_sub(1).min(max_grams);
    let mut code = reader.bits(32);
    let parameter = reader.bits(5);
    for _ in 0..count {
        code = code.wrapping_add(reader.rice(parameter));
        let lists = read_lists(&mut reader, Kind::of_plain(code), scale, max_grams);
        shard.plain.push((code, lists));
    }
    let mut name: Vec<u8> = Vec::new();
    for _ in 1..reader.gamma().min(max_grams) {
        coding::read_name(&mut name, &mut reader);
        let is_pair = reader.flag();
        let kind = if is_pair { Kind::NamedPair } else { Kind::Single };
        let lists = read_lists(&mut reader, kind, scale, max_grams);
        shard.named.push((String::from_utf8_lossy(&name).into_owned(), is_pair, lists));
    }
    shard
}

fn read_lists(reader: &mut Reader<'_>, kind: Kind, scale: Scale, max_grams: u32) -> Lists {
    let mut lists = Lists::default();
    let fields = coding::read_fields(reader);
    for (field, list) in Field::ALL.into_iter().zip(&mut lists) {
        if fields & 8 >> field.number() == 0 {
            continue;
        }
        let count = reader.gamma().min(max_grams.saturating_mul(4));
        let parameter = scale.parameter(count);
        let mut next = 0_u32;
        for _ in 0..count {
            let article = next.wrapping_add(reader.rice(parameter));
            list.articles.push(article);
            next = article.wrapping_add(1);
        }
        if kind.has_cells(count, field == Field::Body, scale) {
            let each_has_one = reader.flag();
            let parameter = reader.bits(4);
            let mut read = |_: &u32| {
                let count = if each_has_one { 1 } else { 1 + reader.rice(0) };
                let mut next = 0_u32;
                let mut cell = || {
                    let cell = next.wrapping_add(reader.rice(parameter));
                    next = cell.wrapping_add(1);
                    cell
                };
                (0..count).map(|_| cell()).collect()
            };
            list.cells = Some(list.articles.iter().map(&mut read).collect());
        }
    }
    lists
}
