//! Joins the sites in all languages of a digest: their paths, the links of the language switch, and
//! `hreflang`.
//!
//! `hreflang` and its reciprocity:
//! <https://developers.google.com/search/docs/specialty/international/localized-versions>

use std::collections::HashMap;

use rayon::prelude::*;

use crate::config::{SiteLanguage, Translation};
use crate::paths::composed;
use crate::plan::input::Input;
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::page::{Hreflang, Meta, PageLanguage};
use crate::site::Address;

/// Adds the pages of one language, with their paths in the output folder.
pub(super) fn add<'s>(input: Input<'s>, planned: Vec<Page<'s>>, pages: &mut Vec<Page<'s>>) {
    if input.config.languages.is_empty() {
        *pages = planned;
        return;
    }
    let (language, prefix) = (input.config.language_at, input.config.prefix());
    pages.extend(planned.into_iter().map(|page| {
        // A path that begins with `/` is one from the root of the site.
        let path = match page.path.strip_prefix('/') {
            Some(path) => path.to_owned(),
            None => format!("{prefix}{}", page.path),
        };
        Page { path, language, ..page }
    }));
}

/// What a page is in all languages.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Identity<'p> {
    /// The page of a source file, by its path without the language.
    Source(String),
    /// Any other page, by its path from the home page.
    Path(&'p str),
}

/// Where a page is.
#[derive(Debug, Clone)]
struct At {
    path: String,
    permalink: String,
    /// True if search engines index it.
    is_indexed: bool,
}

/// The pages of each language by what they are.
type Known<'p> = Vec<HashMap<Identity<'p>, At>>;

/// Names each page in all languages: in its head, in the language switch and in the sitemap.
pub(super) fn link(inputs: &[Input<'_>], pages: &mut [Page<'_>]) {
    let Some(first) = inputs.first().filter(|_| inputs.len() > 1) else { return };
    let languages = &first.config.languages;
    let homes: Vec<At> = inputs
        .iter()
        .map(|input| {
            let home = Address::new(&[], input.config);
            At { path: home.path, permalink: home.permalink, is_indexed: true }
        })
        .collect();
    let mut known: Known<'_> = vec![HashMap::new(); languages.len()];
    for page in &*pages {
        if let Some((meta, identity)) = linked(page, first, languages)
            && meta.number.is_none()
        {
            let (path, permalink) = (meta.path.clone(), meta.permalink.clone());
            known[page.language].insert(identity, At { path, permalink, is_indexed: !meta.noindex });
        }
    }
    let found: Vec<Option<(Vec<PageLanguage>, Vec<Hreflang>)>> = pages
        .par_iter()
        .map(|page| {
            let (meta, identity) = linked(page, first, languages)?;
            let kind = kind(page)?;
            let of = |at: usize| page_in(at, page, &identity, kind, (&known, &homes), languages);
            let hreflang = hreflang(meta, &identity, &known, languages);
            Some(((0..languages.len()).map(of).collect(), hreflang))
        })
        .collect();
    let mut alternates: HashMap<String, Vec<Hreflang>> = HashMap::new();
    for (page, found) in pages.iter_mut().zip(found) {
        let page_language = page.language;
        let Some((found, meta)) = found.zip(meta_mut(page)) else { continue };
        (meta.languages, meta.hreflang) = found;
        if meta.path == homes[page_language].path && meta.number.is_none() {
            add_other_digests(&mut meta.hreflang, &first.config.sharing.translations);
        }
        if !meta.hreflang.is_empty() {
            alternates.insert(meta.permalink.clone(), meta.hreflang.clone());
        }
    }
    for page in pages {
        let Body::Sitemap(entries) = &mut page.body else { continue };
        for entry in entries {
            entry.languages = alternates.get(&entry.permalink).cloned().unwrap_or_default();
        }
    }
}

/// The head of a page that is linked with other languages, and what it is.
fn linked<'p>(
    page: &'p Page<'_>,
    input: &Input<'_>,
    languages: &[SiteLanguage],
) -> Option<(&'p Meta, Identity<'p>)> {
    let meta = kind(page)?.meta()?;
    let identity = match page.source() {
        Some(file) => Identity::Source(composed(&input.config.language_of(file).neutral).into_owned()),
        None => {
            let path = page.path.strip_prefix(languages[page.language].prefix.as_str())?;
            // The numbered pages of a list are of the list.
            let list = |path: &'p str| {
                let (list, _) = path.rsplit_once("page/")?;
                (list.is_empty() || list.ends_with('/')).then_some(list)
            };
            let list = list(path).filter(|_| meta.number.is_some());
            Identity::Path(list.unwrap_or_else(|| path.strip_suffix("index.html").unwrap_or(path)))
        }
    };
    Some((meta, identity))
}

fn kind<'p, 's>(page: &'p Page<'s>) -> Option<&'p Kind<'s>> {
    match &page.body {
        Body::Template(kind) => Some(kind),
        _ => None,
    }
}

fn meta_mut<'p>(page: &'p mut Page<'_>) -> Option<&'p mut Meta> {
    match &mut page.body {
        Body::Template(kind) => kind.meta_mut(),
        _ => None,
    }
}

/// A page in another language, else the page of that language that is nearest to it: for a term the
/// index of its taxonomy, for a date the archive, for everything else the home page.
fn page_in(
    at: usize,
    page: &Page<'_>,
    identity: &Identity<'_>,
    kind: &Kind<'_>,
    (known, homes): (&Known<'_>, &[At]),
    languages: &[SiteLanguage],
) -> PageLanguage {
    let language = languages[at].language;
    let is_current = page.language == at;
    // The missing page of another language is no target.
    let itself = known[at].get(identity).filter(|_| is_current || !matches!(kind, Kind::NotFound(_)));
    let nearest = || {
        let parent = match (kind, identity) {
            (Kind::Term(_), Identity::Path(path)) => {
                path.split_once('/').map(|(taxonomy, _)| &path[..=taxonomy.len()])
            }
            (Kind::Crossing(_), _) => Some("crossings/"),
            (Kind::Year(_) | Kind::Month(_) | Kind::Edition(_) | Kind::Undated(_), _) => Some("archive/"),
            _ => None,
        };
        let found = parent.and_then(|parent| known[at].get(&Identity::Path(parent)));
        found.unwrap_or(&homes[at])
    };
    let At { path, permalink, .. } = itself.unwrap_or_else(nearest).clone();
    let is_translation = itself.is_some();
    PageLanguage {
        tag: language.tag(),
        name: language.own_name(),
        path,
        permalink,
        is_translation,
        is_current,
    }
}

/// The URLs of a page in the languages that have it, and `x-default`, which is the first of them.
/// Numbered pages of lists, and pages that search engines do not index, have none and are in none.
fn hreflang(
    meta: &Meta,
    identity: &Identity<'_>,
    known: &Known<'_>,
    languages: &[SiteLanguage],
) -> Vec<Hreflang> {
    if meta.noindex || meta.number.is_some() {
        return Vec::new();
    }
    let found = known.iter().zip(languages).filter_map(|(known, site)| {
        let at = known.get(identity).filter(|at| at.is_indexed)?;
        Some(Hreflang { tag: site.language.tag().into(), url: at.permalink.clone() })
    });
    let mut all: Vec<Hreflang> = found.collect();
    if all.len() < 2 {
        return Vec::new();
    }
    let default = all[0].url.clone();
    all.push(Hreflang { tag: "x-default".into(), url: default });
    all
}

/// Adds the home pages of digests in other languages (`translations:`) to those of this one.
fn add_other_digests(all: &mut Vec<Hreflang>, others: &[Translation]) {
    let has_default = others.iter().any(|other| other.language == "x-default");
    if has_default {
        all.retain(|known| known.tag != "x-default");
    }
    let at = all.iter().position(|known| known.tag == "x-default").unwrap_or(all.len());
    let others = others.iter();
    let others = others.map(|other| Hreflang { tag: other.language.clone().into(), url: other.url.clone() });
    all.splice(at..at, others);
}
