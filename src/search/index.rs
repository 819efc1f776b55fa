//! Builds the index of a site from segments, and assembles the bytes of its shards.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Field;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::search::segment::{self, Damaged, Indexer, Segment, ShardContent, Texts};
use crate::search::{FORMAT, Scale, Store, fold, html, shard, shards_for};
use crate::site::{ArticleId, Bodies, BodyId, Site};

/// The search index of a site.
#[derive(Debug)]
pub struct Index {
    /// The segments in the order of their articles, each with the number of its first article.
    segments: Vec<(Arc<Segment>, u32)>,
    scale: Scale,
    /// By shard: the fingerprint of everything that its bytes depend on.
    shards: Vec<Fingerprint>,
}

/// The number of shards of a site's index. It follows from the number of articles and the lengths
/// of their bodies, so that the site can be planned before it is indexed.
#[must_use]
pub fn shards(site: &Site, bodies: &Bodies, fields: &[Field]) -> usize {
    let body = |id| {
        let length = bodies[BodyId::Article(id)].length;
        length.characters + length.words
    };
    let with_bodies = fields.contains(&Field::Body);
    // The other searched texts of an article have about a hundred units.
    shards_for((0..site.articles.len()).map(|id| 100 + if with_bodies { body(id) } else { 0 }).sum())
}

/// Converts an article's id to its number in the index, and back. The oldest article has the number
/// 0. `articles` is the number of articles.
#[must_use]
pub fn number(articles: usize, id: usize) -> usize {
    articles - 1 - id
}

/// The bounds of the segments, as numbers of articles.
///
/// A segment that has half of `size` articles ends before the next article whose file name has a
/// hash divisible by half of `size`, and after twice `size` in any case. So an added article moves
/// the bounds next to it and no others.
fn segment_bounds(site: &Site) -> Vec<usize> {
    let articles = site.articles.len();
    let size = (articles / 128).next_power_of_two().clamp(256, segment::MAX_ARTICLES / 2);
    let mut bounds = vec![0];
    for at in 1..articles {
        let length = at - bounds.last().copied().unwrap_or(0);
        let file = &site.articles[number(articles, at)].file;
        let ends_segment = || Fingerprint::of_bytes(file.as_bytes()).0.is_multiple_of(size as u128 / 2);
        if length >= size * 2 || (length >= size / 2 && ends_segment()) {
            bounds.push(at);
        }
    }
    bounds.push(articles);
    bounds.dedup();
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
        store: &mut Store,
    ) -> Result<Self, Diagnostic> {
        store.create_folder();
        let cache = &*store;
        let articles = site.articles.len();
        let shards = shards(site, bodies, fields);
        let bounds = segment_bounds(site);
        let indexed: Result<Vec<(Fingerprint, Arc<Segment>)>, Diagnostic> = bounds
            .par_windows(2)
            .map_init(Indexer::default, |indexer, bound| {
                let ids = || (bound[0]..bound[1]).map(|at| number(articles, at));
                let texts: Vec<_> = ids().map(|id| texts_fingerprint(site, bodies, fields, id)).collect();
                let key = Fingerprint::of(&(
                    (FORMAT, segment::FORMAT, crate::fingerprint::FORMAT),
                    shards,
                    fields,
                    texts,
                ));
                if let Some(cached) = cache.get(key, bound[1] - bound[0], shards) {
                    return Ok((key, cached));
                }
                // In parallel within a segment, too: an edit usually changes a single one.
                let texts: Result<Vec<Texts<'_>>, Diagnostic> = (bound[0]..bound[1])
                    .into_par_iter()
                    .map(|at| searched_texts(site, bodies, fields, number(articles, at)))
                    .collect();
                let segment = indexer.index(texts?.into_iter(), shards);
                Ok((key, cache.put(key, segment)))
            })
            .collect();
        let indexed = indexed?;
        store.retain(&indexed);
        let firsts = bounds.iter().map(|&first| u32::try_from(first).unwrap_or(u32::MAX));
        let segments: Vec<_> = indexed.into_iter().map(|(_, segment)| segment).zip(firsts).collect();
        let scale = Scale::of(articles);
        let fingerprint = |shard: usize| {
            let parts = segments.iter().map(|(segment, first)| (first, segment.hashes()[shard]));
            let parts: Vec<_> = parts.filter(|(_, hash)| *hash != Fingerprint::default()).collect();
            Fingerprint::of(&(FORMAT, scale, parts))
        };
        let shards = (0..shards).into_par_iter().map(fingerprint).collect();
        Ok(Self { segments, scale, shards })
    }

    /// By shard: the fingerprint of everything that its bytes depend on.
    #[must_use]
    pub fn shards(&self) -> &[Fingerprint] {
        &self.shards
    }

    /// Assembles a shard's bytes.
    ///
    /// # Errors
    /// The file of a cached segment is missing or damaged.
    pub fn shard(&self, at: usize) -> Result<Vec<u8>, Damaged> {
        let mut content = ShardContent::default();
        for (segment, first) in &self.segments {
            segment.gather(at, *first, &mut content)?;
        }
        Ok(shard::encode(content, self.scale, stamp(self.shards[at])))
    }
}

/// The stamp of a file of the index: the lowest 32 bits of its fingerprint.
#[must_use]
pub fn stamp(fingerprint: Fingerprint) -> u32 {
    fingerprint.0 as u32
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
