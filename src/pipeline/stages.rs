//! The stages that `build` runs before it plans: load, assemble, index. Each takes the results of
//! the ones before it.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::load::{self, Content, Selection, Sources, Theme};
use crate::locale::Locale;
use crate::pipeline::context::Build;
use crate::pipeline::report::Report;
use crate::pipeline::stores::{Stores, state_of};
use crate::search::parts::Layout;
use crate::search::{self, Index, Store};
use crate::site::languages::divide;
use crate::site::part::Part;
use crate::site::traditional::Conversion;
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

/// The site in one language, and what it was made with.
pub(super) struct Assembled {
    pub(super) config: Config,
    pub(super) locale: Locale,
    pub(super) site: Site,
}

/// Stage 2: articles to a site for each language, and the bodies of each.
pub(super) fn assemble(
    build: &Build<'_, '_>,
    content: Content,
    config: &Config,
    theme: &Theme,
    report: &mut Report,
) -> (Vec<Assembled>, Vec<Bodies>) {
    let spool = Arc::clone(&content.spool);
    let (parts, found) = divide(content, config);
    report.diagnostics.extend(found);
    let assembled = parts.into_iter().map(|Part { mut config, content }| {
        let (locale, mut found) = Locale::new(config.language, theme);
        let conversion = Conversion::of(&config, &content.registry);
        let (root, settings) = (build.run.options.root.clone(), config.for_language(0).into_owned());
        let spool = Arc::clone(&spool);
        let render_body: Arc<RenderBody> = Arc::new(move |file, fingerprint| {
            let spooled = spool.html(fingerprint);
            spooled.map_or_else(|| load::body(&root, &settings, file, fingerprint), Ok)
        });
        let (mut site, mut bodies, problems) = site::assemble(content, &config, Arc::clone(&render_body));
        // A converted language has the mistakes of the first one.
        found.extend(problems.into_iter().filter(|_| conversion.is_none()));
        if let Some(mut conversion) = conversion {
            conversion.learn_pages(&site, &config);
            conversion.settings(&mut config);
            conversion.site(&mut site);
            bodies = conversion.bodies(bodies, &site, render_body);
        }
        for diagnostic in found {
            if config.is_first_language() || !report.diagnostics.contains(&diagnostic) {
                report.diagnostics.push(diagnostic);
            }
        }
        (Assembled { config, locale, site }, bodies)
    });
    let (sites, bodies): (Vec<_>, Vec<_>) = assembled.collect();
    report.articles = sites.iter().filter(|part| part.config.converted().is_none()).map(own_articles).sum();
    report.undated = sites[0].site.undated.len();
    report.terms = config
        .taxonomies
        .iter()
        .zip(&sites[0].site.taxonomies)
        .map(|(taxonomy, terms)| (taxonomy.name.clone(), terms.terms.len()))
        .collect();
    (sites, bodies)
}

/// The number of articles that have a page in this language.
fn own_articles(part: &Assembled) -> usize {
    part.site.own_articles().count()
}

/// Stage 2, second part: makes the smaller copies of the pictures that articles show. A digest with
/// errors gets none: they take time.
#[cfg(feature = "images")]
pub(super) fn copies(build: &Build<'_, '_>, sites: &mut [Assembled], settings: &Config, report: &mut Report) {
    use crate::config;
    use crate::fs::Root;
    use crate::load::copies::{self, Access};

    let Some(images) = settings.images.as_ref().filter(|_| !build.is_stopped_by(report)) else { return };
    let shown = sites.iter_mut().flat_map(|part| {
        let Site { articles, pictures, .. } = &mut part.site;
        let articles = &*articles;
        pictures.iter_mut().flat_map(|(&id, pictures)| {
            let shown = &articles[id].pictures;
            pictures.iter_mut().filter(|picture| shown.contains(&picture.name))
        })
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
pub(super) fn connect<'s>(build: &mut Build<'_, '_>, part: &'s Assembled) -> Connections<'s> {
    let name = state_of(&part.config, RELATIONS);
    let (connections, relations) = Connections::find(&part.site, &part.config, build.cache.get(&name));
    if let Some(relations) = relations {
        build.cache.put(&name, &relations);
    }
    connections
}

/// The name of the relation cache.
const RELATIONS: &str = "relations";

/// The layout of the search index; without parts if there is no search.
pub(super) fn layout(config: &Config, site: &Site, bodies: &Bodies) -> Layout {
    let search = config.search.as_ref();
    search.map_or_else(Layout::default, |search| search::index::layout(site, bodies, &search.fields))
}

/// The layouts of all languages.
pub(super) fn layouts(sites: &[(&Config, &Site)], bodies: &[Bodies]) -> Vec<Layout> {
    sites.iter().zip(bodies).map(|((config, site), bodies)| layout(config, site, bodies)).collect()
}

/// Stage 3 for all languages.
///
/// # Errors
/// As [`index`], or the folder of a cache is a link.
pub(super) fn indexes(
    sites: &[(&Config, &Site)],
    bodies: &[Bodies],
    layouts: &[Layout],
    stores: &mut Stores,
) -> Result<Vec<Option<Index>>, Diagnostic> {
    let stores = stores.open_all(sites.iter().map(|(config, _)| *config))?;
    let parts = sites.iter().zip(bodies).zip(layouts).zip(stores);
    parts.map(|(((&part, bodies), layout), store)| index(part, bodies, layout, store)).collect()
}

/// Stage 3: articles and bodies to the search index; `None` without a search.
///
/// # Errors
/// A body had to be rendered again, and its file has changed.
fn index(
    (config, site): (&Config, &Site),
    bodies: &Bodies,
    layout: &Layout,
    store: &mut Store,
) -> Result<Option<Index>, Diagnostic> {
    let Some(search) = &config.search else {
        store.retain(std::iter::empty(), BTreeMap::new());
        return Ok(None);
    };
    Index::build(site, bodies, &search.fields, layout, store).map(Some)
}
