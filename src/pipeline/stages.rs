//! The stages that `build` runs before it plans: load, assemble, index. Each takes the results of
//! the ones before it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::load::{self, Content, Selection, Sources, Theme};
use crate::locale::Locale;
use crate::pipeline::context::Build;
use crate::pipeline::report::Report;
use crate::search::parts::Layout;
use crate::search::{self, Index, Store};
use crate::site::{self, Bodies, Connections, RenderBody, Site};

/// Stage 1: sources to articles and pages.
pub(super) fn load(
    build: &mut Build<'_, '_>,
    config: &Config,
    sources: &mut Sources,
    now: DateTime<Utc>,
    report: &mut Report,
) -> Content {
    let options = build.run.options;
    let selection = Selection { drafts: options.drafts, now: Some(now) };
    let mut content =
        load::content(&options.root, config, selection, build.cache, sources, build.run.watchdog);
    report.diagnostics.append(&mut content.diagnostics);
    report.drafts = content.drafts;
    report.agenda = content.agenda.clone();
    report.validity = content.validity;
    content
}

/// The result of stage 2.
pub(super) struct Assembled {
    pub(super) locale: Locale,
    pub(super) site: Site,
    pub(super) bodies: Bodies,
    /// The fingerprint of all sources without the bodies of articles, which a body-only rebuild
    /// compares. `None` in a preview, without an output folder, and if not all sources could be
    /// read.
    pub(super) skeleton: Option<Fingerprint>,
}

/// Stage 2: articles to a site.
pub(super) fn assemble(
    build: &Build<'_, '_>,
    content: Content,
    config: &Config,
    theme: &Theme,
    sources: &Sources,
    report: &mut Report,
) -> Assembled {
    let (locale, found) = Locale::new(config.language, theme);
    report.diagnostics.extend(found);
    let skeleton = build
        .run
        .output
        .filter(|_| !build.cache.stays())
        .and_then(|_| sources.skeleton(&content.articles, content.untimely()));
    let (root, settings) = (build.run.options.root.clone(), config.clone());
    let render_body: Arc<RenderBody> =
        Arc::new(move |file, fingerprint| load::body(&root, &settings, file, fingerprint));
    let (site, bodies, found) = site::assemble(content, config, render_body);
    report.diagnostics.extend(found);
    report.articles = site.articles.len();
    report.undated = site.undated.len();
    report.terms = config
        .taxonomies
        .iter()
        .zip(&site.taxonomies)
        .map(|(taxonomy, terms)| (taxonomy.name.clone(), terms.terms.len()))
        .collect();
    Assembled { locale, site, bodies, skeleton }
}

/// Stage 2, second part: makes the smaller copies of the pictures that articles show. A digest with
/// errors gets none: they take time.
#[cfg(feature = "images")]
pub(super) fn copies(build: &Build<'_, '_>, site: &mut Site, settings: &Config, report: &mut Report) {
    use crate::config;
    use crate::fs::Root;
    use crate::load::copies::{self, Access};

    let Some(images) = settings.images.as_ref().filter(|_| !build.is_stopped_by(report)) else { return };
    let Site { articles, pictures, .. } = site;
    let shown = pictures.iter_mut().flat_map(|(&id, pictures)| {
        let shown = &articles[id].pictures;
        pictures.iter_mut().filter(|picture| shown.contains(&picture.name))
    });
    let options = &build.run.options;
    let (state, access) = match build.cache.folder() {
        Some(state) => (state.to_path_buf(), Access::Own),
        None if build.cache.stays() => (config::state_folder(&options.root), Access::Share),
        None => (config::state_folder(&options.root), Access::Read),
    };
    let root = Root::open(&options.root, settings.links);
    let (made, warnings) = copies::make(&root, shown.collect(), images, (&state, access), build.run.watchdog);
    report.copies = made;
    report.diagnostics.extend(warnings);
}

/// Stage 2, last part: finds stories and related articles, or takes them from the relation cache
/// if it is still valid.
pub(super) fn connect<'s>(build: &mut Build<'_, '_>, site: &'s Site, config: &'s Config) -> Connections<'s> {
    let (connections, relations) = Connections::find(site, config, build.cache.get(RELATIONS));
    if let Some(relations) = relations {
        build.cache.put(RELATIONS, &relations);
    }
    connections
}

/// The name of the relation cache.
const RELATIONS: &str = "relations";

/// The layout of the search index; without parts if there is no search.
pub(super) fn layout(site: &Site, bodies: &Bodies, config: &Config) -> Layout {
    let search = config.search.as_ref();
    search.map_or_else(Layout::default, |search| search::index::layout(site, bodies, &search.fields))
}

/// Stage 3: articles and bodies to the search index; `None` without a search.
///
/// # Errors
/// A body had to be rendered again, and its file has changed.
pub(super) fn index(
    site: &Site,
    bodies: &Bodies,
    config: &Config,
    layout: &Layout,
    store: &mut Store,
) -> Result<Option<Index>, Diagnostic> {
    let Some(search) = &config.search else {
        store.retain(std::iter::empty(), BTreeMap::new());
        return Ok(None);
    };
    Index::build(site, bodies, &search.fields, layout, store).map(Some)
}
