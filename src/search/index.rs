//! The index of a site: its segments, and what each shard is made from.

use std::borrow::Cow;
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::Field;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::search::segment::{self, Damaged, Gathered, Indexer, Segment, Texts};
use crate::search::{FORMAT, Scale, Store, fold, html, shard, shards_for};
use crate::site::{ArticleId, Bodies, BodyId, Site};

/// Everything that the lists are made from.
#[derive(Debug)]
pub struct Index {
    segments: Vec<(Arc<Segment>, u32)>,
    scale: Scale,
    /// For each shard, of all that decides its bytes.
    shards: Vec<Fingerprint>,
}

/// How many shards a site's index has. It follows from the lengths of the bodies alone, so that a plan can be made before
/// anything is indexed.
#[must_use]
pub fn shards(site: &Site, bodies: &Bodies, fields: &[Field]) -> usize {
    let body = |id| {
        let length = bodies[BodyId::Article(id)].length;
        length.characters + length.words
    };
    let with_bodies = fields.contains(&Field::Body);
    // What is searched beside the body is about as long as a hundred units.
    shards_for((0..site.articles.len()).map(|id| 100 + if with_bodies { body(id) } else { 0 }).sum())
}

/// The article of a number, and the other way round: the oldest has 0.
#[must_use]
pub fn number(articles: usize, id: usize) -> usize {
    articles - 1 - id
}

/// The bounds of segments, by numbers of articles: after at least half of `size` an article begins one where the hash of its file's
/// name says so, and after twice as many any does. So one more article moves the bounds beside it and no others.
fn bounds(site: &Site) -> Vec<usize> {
    let articles = site.articles.len();
    let size = (articles / 128).next_power_of_two().clamp(256, segment::MAX_ARTICLES / 2);
    let mut bounds = vec![0];
    for at in 1..articles {
        let length = at - bounds.last().copied().unwrap_or(0);
        let file = &site.articles[number(articles, at)].file;
        let begins = || Fingerprint::of_bytes(file.as_bytes()).0.is_multiple_of(size as u128 / 2);
        if length >= size * 2 || (length >= size / 2 && begins()) {
            bounds.push(at);
        }
    }
    bounds.push(articles);
    bounds.dedup();
    bounds
}

impl Index {
    /// Indexes a site's articles, except for the segments that `store` still holds.
    ///
    /// # Errors
    /// The HTML of a body is absent and cannot be rendered again.
    pub fn build(
        site: &Site,
        bodies: &Bodies,
        fields: &[Field],
        store: &mut Store,
    ) -> Result<Self, Diagnostic> {
        store.open();
        let kept = &*store;
        let articles = site.articles.len();
        let shards = shards(site, bodies, fields);
        let bounds = bounds(site);
        let indexed: Result<Vec<(Fingerprint, Arc<Segment>)>, Diagnostic> = bounds
            .par_windows(2)
            .map_init(Indexer::default, |indexer, bound| {
                let ids = || (bound[0]..bound[1]).map(|at| number(articles, at));
                let from: Vec<_> = ids().map(|id| made_from(site, bodies, fields, id)).collect();
                let key = Fingerprint::of(&(
                    (FORMAT, segment::FORMAT, crate::fingerprint::FORMAT),
                    shards,
                    fields,
                    from,
                ));
                if let Some(known) = kept.get(key, shards) {
                    return Ok((key, known));
                }
                // In parallel, since after an edit a single segment is all there is to do.
                let texts: Result<Vec<Texts<'_>>, Diagnostic> = (bound[0]..bound[1])
                    .into_par_iter()
                    .map(|at| texts(site, bodies, fields, number(articles, at)))
                    .collect();
                let segment = indexer.index(texts?.into_iter(), shards);
                Ok((key, kept.put(key, segment, shards)))
            })
            .collect();
        let indexed = indexed?;
        store.keep(&indexed);
        let firsts = bounds.iter().map(|&first| u32::try_from(first).unwrap_or(u32::MAX));
        let segments: Vec<_> = indexed.into_iter().map(|(_, segment)| segment).zip(firsts).collect();
        let scale = Scale::of(articles);
        let of_shard = |shard: usize| {
            let parts = segments.iter().map(|(segment, first)| (first, segment.hashes()[shard]));
            let parts: Vec<_> = parts.filter(|(_, hash)| *hash != Fingerprint::default()).collect();
            Fingerprint::of(&(FORMAT, scale, parts))
        };
        let shards = (0..shards).into_par_iter().map(of_shard).collect();
        Ok(Self { segments, scale, shards })
    }

    /// For each shard, of all that decides its bytes.
    #[must_use]
    pub fn shards(&self) -> &[Fingerprint] {
        &self.shards
    }

    /// A shard's bytes.
    ///
    /// # Errors
    /// What an earlier build noted is gone or damaged.
    pub fn shard(&self, at: usize) -> Result<Vec<u8>, Damaged> {
        let mut gathered = Gathered::default();
        for (segment, first) in &self.segments {
            segment.gather(at, *first, &mut gathered)?;
        }
        Ok(shard::encode(gathered, self.scale, stamp(self.shards[at])))
    }
}

/// A shard's fingerprint as its file and the head of the index name it.
#[must_use]
pub fn stamp(fingerprint: Fingerprint) -> u32 {
    fingerprint.0 as u32
}

/// Of an article's searched texts.
fn made_from(site: &Site, bodies: &Bodies, fields: &[Field], id: ArticleId) -> Fingerprint {
    let body = fields.contains(&Field::Body).then(|| bodies[BodyId::Article(id)].digest);
    let [title, event, terms] =
        [Field::Title, Field::Event, Field::Terms].map(|field| short(site, fields, field, id));
    Fingerprint::of(&(title, event, terms, body))
}

fn texts<'s>(
    site: &'s Site,
    bodies: &Bodies,
    fields: &[Field],
    id: ArticleId,
) -> Result<Texts<'s>, Diagnostic> {
    let [title, event, terms] =
        [Field::Title, Field::Event, Field::Terms].map(|field| short(site, fields, field, id));
    let body = if fields.contains(&Field::Body) {
        html::text(&bodies.html(BodyId::Article(id), &site.articles[id].file)?)
    } else {
        String::new()
    };
    Ok([title, event, terms, body.into()])
}

/// A searched text of an article, without its body.
fn short<'s>(site: &'s Site, fields: &[Field], field: Field, id: ArticleId) -> Cow<'s, str> {
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
