//! Builds the index of a site from segments, and assembles the bytes of its shards.

use std::borrow::Cow;
use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::config::Field;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::search::head::{self, Head, PartEntry};
use crate::search::parts::{Layout, Part};
use crate::search::segment::{self, Damaged, Indexer, ShardContent, Texts};
use crate::search::store::{Store, StoredSegment};
use crate::search::{FORMAT, Scale, fold, html, shard};
use crate::site::{ArticleId, Bodies, BodyId, Site};

/// The search index of a site.
#[derive(Debug)]
pub struct Index {
    layout: Layout,
    /// The parts of the layout, in its order.
    parts: Vec<IndexedPart>,
}

/// A part of an index.
#[derive(Debug)]
struct IndexedPart {
    /// Its segments in the order of their articles, each with the number of its first article in
    /// the part.
    segments: Vec<(StoredSegment, u32)>,
    scale: Scale,
    /// By shard: the fingerprint of everything that its bytes depend on.
    shards: Vec<Fingerprint>,
}

/// The layout of a site's index. It follows from the number of articles and the lengths of their
/// bodies, so that the site can be planned before it is indexed.
#[must_use]
pub fn layout(site: &Site, bodies: &Bodies, fields: &[Field]) -> Layout {
    let articles = site.articles.len();
    let units_of_body = |id| {
        let length = bodies[BodyId::Article(id)].length;
        length.characters + length.words
    };
    let with_bodies = fields.contains(&Field::Body);
    // The other searched texts of an article have about a hundred units.
    let units = |id| 100 + if with_bodies { units_of_body(id) } else { 0 };
    Layout::of(&(0..articles).map(|at| units(number(articles, at))).collect::<Vec<_>>())
}

/// Converts an article's id to its number in the index, and back. The oldest article has the number
/// 0. `articles` is the number of articles.
#[must_use]
pub fn number(articles: usize, id: usize) -> usize {
    articles - 1 - id
}

/// The bounds of the segments of a part, as numbers of articles.
///
/// A segment that has half of `size` articles ends before the next article whose file name has a
/// hash divisible by half of `size`, and after twice `size` in any case. So an added article moves
/// the bounds next to it and no others.
fn segment_bounds(site: &Site, part: Part) -> Vec<usize> {
    let articles = site.articles.len();
    let (first, end) = (part.first as usize, part.first as usize + part.articles as usize);
    let size = (articles / 128).next_power_of_two().clamp(256, segment::MAX_ARTICLES / 2);
    let mut bounds = vec![first];
    for at in first + 1..end {
        let length = at - bounds.last().copied().unwrap_or(0);
        let file = &site.articles[number(articles, at)].file;
        let ends_segment = || Fingerprint::of_bytes(file.as_bytes()).0.is_multiple_of(size as u128 / 2);
        if length >= size * 2 || (length >= size / 2 && ends_segment()) {
            bounds.push(at);
        }
    }
    bounds.push(end);
    bounds
}

impl Index {
    /// Indexes a site's articles. Segments whose texts are unchanged come from `store`, which has
    /// exactly the segments of this index afterwards.
    ///
    /// # Errors
    /// The HTML of a body is not in memory and cannot be rendered again.
    pub fn build(
        site: &Site,
        bodies: &Bodies,
        fields: &[Field],
        layout: &Layout,
        store: &mut Store,
    ) -> Result<Self, Diagnostic> {
        store.create_folder();
        store.read_parts();
        let cache = &*store;
        let planned: Vec<PlannedPart> = layout
            .parts
            .iter()
            .map(|&part| PlannedPart::new(site, bodies, fields, part, layout.buckets))
            .collect();
        let wanted: Vec<(usize, &PlannedSegment)> = planned
            .iter()
            .enumerate()
            .flat_map(|(at, part)| part.segments.iter().map(move |segment| (at, segment)))
            .collect();
        let known: Vec<Option<&Vec<Fingerprint>>> =
            planned.iter().map(|part| cache.part(part.key, part.part.shards as usize)).collect();
        let indexed: Result<Vec<StoredSegment>, Diagnostic> = wanted
            .par_iter()
            .map_init(Indexer::default, |indexer, (part, segment)| {
                let [first, end] = segment.bounds;
                let (key, articles, buckets) = (segment.key, end - first, layout.buckets);
                if known[*part].is_some()
                    && let Some(stored) = cache.stored(key, articles, buckets)
                {
                    return Ok(stored);
                }
                if let Some(cached) = cache.get(key, articles, buckets) {
                    return Ok(cached);
                }
                // In parallel within a segment, too: an edit usually changes a single one.
                let texts: Result<Vec<Texts<'_>>, Diagnostic> = (first..end)
                    .into_par_iter()
                    .map(|at| searched_texts(site, bodies, fields, number(site.articles.len(), at)))
                    .collect();
                Ok(cache.put(key, indexer.index(texts?.into_iter(), buckets)))
            })
            .collect();
        let mut indexed = indexed?.into_iter();
        let parts: Vec<IndexedPart> = planned
            .iter()
            .zip(known)
            .map(|(planned, known)| {
                let place = |segment: &PlannedSegment| {
                    u32::try_from(segment.bounds[0] - planned.part.first as usize).unwrap_or(u32::MAX)
                };
                let firsts: Vec<u32> = planned.segments.iter().map(place).collect();
                let segments = indexed.by_ref().take(firsts.len()).zip(firsts).collect();
                IndexedPart::new(planned, layout, segments, known)
            })
            .collect();
        let known = planned.iter().zip(&parts).map(|(planned, part)| (planned.key, part.shards.clone()));
        let known: BTreeMap<_, _> = known.collect();
        store.retain(parts.iter().flat_map(|part| part.segments.iter().map(|(segment, _)| segment)), known);
        Ok(Self { layout: layout.clone(), parts })
    }

    /// The layout of the index.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// By part, by shard: the fingerprint of everything that the shard's bytes depend on.
    pub fn shards(&self) -> impl Iterator<Item = &[Fingerprint]> {
        self.parts.iter().map(|part| &*part.shards)
    }

    /// The fingerprint of everything that a shard's bytes depend on.
    #[must_use]
    pub fn shard_fingerprint(&self, part: usize, shard: usize) -> Fingerprint {
        self.parts[part].shards[shard]
    }

    /// Assembles a shard's bytes.
    ///
    /// # Errors
    /// The file of a cached segment is missing or damaged.
    pub fn shard(&self, part: usize, shard: usize) -> Result<Vec<u8>, Damaged> {
        let mut content = ShardContent::default();
        let buckets = self.layout.buckets_of(self.layout.parts[part], shard);
        let part = &self.parts[part];
        for (segment, first) in &part.segments {
            segment.open()?.gather(buckets.clone(), *first, &mut content)?;
        }
        Ok(shard::encode(content, part.scale, stamp(part.shards[shard])))
    }

    /// The bytes of the table of a part. `files` are the stamps of its article files.
    #[must_use]
    pub fn table(&self, part: usize, files: &[u32]) -> Vec<u8> {
        let shards: Vec<u32> = self.parts[part].shards.iter().map(|&shard| stamp(shard)).collect();
        let table = head::encode_table(files, &shards);
        [&stamp_of_bytes(&table).to_be_bytes()[..], &table].concat()
    }

    /// The bytes of the head.
    #[must_use]
    pub fn head(&self, head: &Head) -> Vec<u8> {
        let entry = |(at, part): (usize, &Part)| {
            let table = self.table(at, head.files_of(*part));
            let stamp = table.first_chunk::<4>().map_or(0, |stamp| u32::from_be_bytes(*stamp));
            PartEntry { articles: part.articles, shards: part.shards, table: stamp }
        };
        let parts: Vec<PartEntry> = self.layout.parts.iter().enumerate().map(entry).collect();
        head.encode(self.layout.buckets, &parts)
    }
}

/// A segment before it is indexed.
struct PlannedSegment {
    /// The numbers of its first article, and of the one behind its last.
    bounds: [usize; 2],
    /// The fingerprint of everything that it is made from.
    key: Fingerprint,
}

/// A part before it is indexed.
struct PlannedPart {
    part: Part,
    segments: Vec<PlannedSegment>,
    /// The fingerprint of everything that its shards are made from.
    key: Fingerprint,
}

impl PlannedPart {
    fn new(site: &Site, bodies: &Bodies, fields: &[Field], part: Part, buckets: usize) -> Self {
        let bounds = segment_bounds(site, part);
        let segments: Vec<PlannedSegment> = bounds
            .par_windows(2)
            .map(|bound| {
                let ids = (bound[0]..bound[1]).map(|at| number(site.articles.len(), at));
                let texts: Vec<_> = ids.map(|id| texts_fingerprint(site, bodies, fields, id)).collect();
                let formats = (FORMAT, segment::FORMAT, crate::fingerprint::FORMAT);
                let key = Fingerprint::of(&(formats, buckets, fields, texts));
                PlannedSegment { bounds: [bound[0], bound[1]], key }
            })
            .collect();
        let keys: Vec<_> = segments.iter().map(|segment| (segment.bounds, segment.key)).collect();
        Self { part, key: Fingerprint::of(&(part, buckets, keys)), segments }
    }
}

impl IndexedPart {
    /// The part with its segments. `known` are the fingerprints of its shards, if an earlier build
    /// computed them.
    fn new(
        planned: &PlannedPart,
        layout: &Layout,
        segments: Vec<(StoredSegment, u32)>,
        known: Option<&Vec<Fingerprint>>,
    ) -> Self {
        let part = planned.part;
        let scale = Scale::of(part.articles as usize);
        let shards = known.cloned().unwrap_or_else(|| {
            let fingerprint = |shard: usize| {
                let buckets = layout.buckets_of(part, shard);
                let hashes = segments.iter().filter_map(|(segment, first)| {
                    let segment = segment.open().ok()?;
                    let hashes = &segment.hashes()[buckets.clone()];
                    let is_empty = hashes.iter().all(|&hash| hash == 0);
                    (!is_empty).then_some((first, segment.meaning(), hashes))
                });
                Fingerprint::of(&(FORMAT, scale, hashes.collect::<Vec<_>>()))
            };
            (0..part.shards as usize).into_par_iter().map(fingerprint).collect()
        });
        Self { segments, scale, shards }
    }
}

/// The stamp of a file of the index: the lowest 32 bits of its fingerprint.
#[must_use]
pub fn stamp(fingerprint: Fingerprint) -> u32 {
    fingerprint.0 as u32
}

/// The stamp of a file of the index that is the hash of its other bytes.
#[must_use]
pub fn stamp_of_bytes(bytes: &[u8]) -> u32 {
    stamp(Fingerprint::of_bytes(bytes))
}

/// The fingerprint of an article's searched texts.
fn texts_fingerprint(site: &Site, bodies: &Bodies, fields: &[Field], id: ArticleId) -> Fingerprint {
    let body = fields.contains(&Field::Body).then(|| bodies[BodyId::Article(id)].fingerprint);
    let [title, event, terms] =
        [Field::Title, Field::Event, Field::Terms].map(|field| short_text(site, fields, field, id));
    Fingerprint::of(&(title, event, terms, body))
}

/// An article's searched texts, by [`Field`].
fn searched_texts<'s>(
    site: &'s Site,
    bodies: &Bodies,
    fields: &[Field],
    id: ArticleId,
) -> Result<Texts<'s>, Diagnostic> {
    let [title, event, terms] =
        [Field::Title, Field::Event, Field::Terms].map(|field| short_text(site, fields, field, id));
    let body = if fields.contains(&Field::Body) {
        html::text(&bodies.html(BodyId::Article(id), &site.articles[id].file)?)
    } else {
        String::new()
    };
    Ok([title, event, terms, body.into()])
}

/// A searched text of an article other than its body; empty if the field is not searched.
fn short_text<'s>(site: &'s Site, fields: &[Field], field: Field, id: ArticleId) -> Cow<'s, str> {
    if !fields.contains(&field) {
        return "".into();
    }
    let article = &site.articles[id];
    match field {
        Field::Title => article.title.as_str().into(),
        Field::Event => article.event.as_deref().unwrap_or_default().into(),
        Field::Terms => {
            let names: Vec<&str> = site.names_of(id).chain([article.source.as_str()]).collect();
            names.join(&fold::BREAK.to_string()).into()
        }
        Field::Body => "".into(),
    }
}
