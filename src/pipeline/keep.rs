//! Prepares what a plan needs to keep files of the last build (`plan/keep.rs`), and what the next
//! build needs of this one.

use rayon::prelude::*;

use crate::fingerprint::{Fingerprint, Packed};
use crate::load::Sources;
use crate::output::{LastPlan, Survey};
use crate::pipeline::body_only;
use crate::pipeline::context::Build;
use crate::pipeline::stages::Assembled;
use crate::plan::keep::{Keep, Key, LastSite};
use crate::plan::{Input, Page};
use crate::render::Renderer;
use crate::search::parts::Layout;
use crate::site::{Bodies, Site};

/// The plan of the last build, and what of this build is compared with it.
pub(super) struct LastBuild {
    /// The fingerprints of the front matters of the site's articles.
    articles: Vec<Fingerprint>,
    /// The fingerprint of all sources without the bodies of articles, which a body-only rebuild
    /// compares; `None` if not all sources could be read.
    skeleton: Option<Fingerprint>,
    pub(super) plan: Option<LastPlan>,
}

impl LastBuild {
    /// `None` in a preview, without an output folder, and with several languages: no plan is stored
    /// then. `untimely` is the fingerprint of the articles that are not shown.
    pub(super) fn compare(
        build: &Build<'_, '_>,
        part: &Assembled,
        sources: &Sources,
        untimely: Fingerprint,
    ) -> Option<Self> {
        build.run.output.filter(|_| !build.cache.stays() && part.config.languages.is_empty())?;
        let articles = articles(&part.site);
        Some(Self { skeleton: sources.skeleton(&articles, untimely), articles, plan: build.last_plan() })
    }

    /// The fingerprint of everything that the plan is made from but the bodies of articles.
    pub(super) fn plan_key(&self, settings: Fingerprint, layouts: &[Layout]) -> Option<Fingerprint> {
        self.skeleton.map(|skeleton| Fingerprint::of(&(settings, skeleton, layouts.first())))
    }

    /// The keys of a site, and the files of the last build that it can keep. `settings` is that of
    /// [`settings()`].
    ///
    /// A line of `content/redirects.yaml` may lead to any page, whose title its redirect shows:
    /// such a digest is planned as a whole, and `None` is returned.
    pub(super) fn keep(
        self,
        input: &Input<'_>,
        bodies: &Bodies,
        (settings, renderer): (Fingerprint, &Renderer<'_>),
        survey: Option<&Survey>,
    ) -> Option<Keep> {
        let site = input.site;
        if !site.redirects.is_empty() || !site.successions.is_empty() {
            return None;
        }
        let last = self.plan.filter(|last| last.planned.settings == settings).zip(survey);
        let last = last.and_then(|(last, survey)| last_site(&last, survey)).unwrap_or_default();
        let own = (self.articles, bodies.fingerprints());
        Some(Keep::new(site, input.connections, own, renderer.fingerprint(), last))
    }
}

fn articles(site: &Site) -> Vec<Fingerprint> {
    site.articles.par_iter().map(|article| Fingerprint::of(&**article)).collect()
}

/// The fingerprint of everything but the sources that decides the data of pages.
pub(super) fn settings(settings: Fingerprint, renderer: &Renderer<'_>, input: &Input<'_>) -> Fingerprint {
    let style = input.style.as_ref().map(|style| style.fingerprint);
    Fingerprint::of(&(settings, renderer.fingerprint(), style))
}

/// The files that the last build planned; `None` if one of them has changed since.
fn last_site(last: &LastPlan, survey: &Survey) -> Option<LastSite> {
    let files = survey.files(last)?;
    let keys = &last.planned.keys;
    if keys.len() != files.len() {
        return None;
    }
    let with_key = files.iter().zip(keys).filter(|(_, key)| **key != Key::default());
    let known = with_key.map(|((path, fingerprint), key)| (path.into(), (*key, Packed::from(fingerprint))));
    Some(LastSite { files: known.collect(), head: body_only::decode_head(&last.planned.extra) })
}

/// The keys of pages, in the order of the manifest: by path.
pub(super) fn keys(pages: &[Page<'_>]) -> Vec<Key> {
    let mut keys: Vec<(&str, Key)> = pages.iter().map(|page| (page.path.as_str(), page.key)).collect();
    keys.sort_unstable_by_key(|(path, _)| *path);
    keys.into_iter().map(|(_, key)| key).collect()
}

#[cfg(test)]
mod tests;
