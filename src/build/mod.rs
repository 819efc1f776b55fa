//! A build runs the stages in order. A preview runs them at every save, and a shorter way where only bodies changed.

mod amend;
mod look;
mod options;
mod stopwatch;

use std::path::Path;
use std::thread::JoinHandle;

use amend::{Amended, Stages};
use look::Look;
pub use options::Options;
use rayon::prelude::*;
use stopwatch::Stopwatch;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::load::markdown::Rendered;
use crate::load::{self, Cache, Sources};
use crate::locale::Locale;
use crate::output::{self, Failure, Outcome, Output, Planned, Survey, Wanted};
use crate::overtime::Watch;
use crate::plan::card::Cards;
use crate::plan::{self, Body, Page};
use crate::render::{self, Renderer, TemplateProblem};
use crate::report::Report;
use crate::search::{self, Index, Store};
use crate::site::{self, ArticleId, Bodies, BodyId, Connections, Site};

/// Builds a digest: reads everything, reports everything that is wrong, and publishes only when nothing is.
#[must_use]
pub fn build(options: &Options) -> Report {
    let mut report = Report::default();
    build_and_tell(options, &mut |told| report = told);
    report
}

/// Builds as [`build`] does, and tells how it went while the site is still in memory: a program that ends then need not wait until hundreds
/// of megabytes were given back piece by piece.
pub fn build_and_tell(options: &Options, told: &mut dyn FnMut(Report)) {
    let folder = options.output_folder();
    // Whoever names another folder knows where it leads; the digest's own must not lead out of it.
    let own = match &options.output {
        Some(_) => Ok(()),
        None => options.links.allow(&options.root, &folder, "public"),
    };
    if let Err(diagnostic) = own.and_then(|()| output::check_place(&options.root, &folder)) {
        return told(Report::default().fail([diagnostic]));
    }
    build_into(options, &folder, &options.root.join(output::STATE), told);
}

/// Builds into a folder whose place was checked, with notes below `state`.
pub(crate) fn build_into(options: &Options, folder: &Path, state: &Path, told: &mut dyn FnMut(Report)) {
    let output = Output::new(&options.root, folder, state, options.force);
    keep_building(options, Some(&output), &mut Cache::at(state), &mut |report, _| {
        told(report);
        false
    });
}

/// A site that was made, as a preview and a check see it.
pub(crate) struct Made<'a> {
    pub(crate) config: &'a Config,
    pub(crate) site: &'a Site,
    pub(crate) bodies: &'a Bodies,
    pub(crate) pages: &'a [Page<'a>],
    /// Appends the bytes of a page, by its place in `pages`.
    pub(crate) render: &'a Render<'a>,
    /// Places in `pages` of those that were written.
    pub(crate) written: &'a [usize],
    /// Paths of files that the site no longer has.
    pub(crate) removed: &'a [String],
}

/// Renders the page at a place.
pub(crate) type Render<'r> = dyn Fn(usize, &mut Vec<u8>) -> Result<(), TemplateProblem> + Sync + 'r;

/// Is told what each build did, waits until there may be something to build again, and says whether to.
pub(crate) type Told<'f> = dyn FnMut(Report, Option<&Made<'_>>) -> bool + 'f;

/// Makes the site without writing a file, and shows it to `look`, which is not asked if the digest cannot be built.
pub(crate) fn rehearse(options: &Options, look: &mut dyn FnMut(&Made<'_>)) -> Report {
    let mut report = Report::default();
    keep_building(options, None, &mut Cache::none(), &mut |told, made| {
        report = told;
        if let Some(made) = made {
            look(made);
        }
        false
    });
    report
}

/// Builds, and builds again for as long as `told` says so. Without an output nothing is written: pages are only there to be rendered.
pub(crate) fn keep_building(
    options: &Options,
    output: Option<&Output>,
    cache: &mut Cache,
    told: &mut Told<'_>,
) {
    // Held from before the sources are read.
    let _lock = match output.map(Output::lock).transpose() {
        Ok(lock) => lock,
        Err(diagnostic) => {
            told(Report::default().fail([diagnostic]), None);
            return;
        }
    };
    let mut store = match cache.folder().map(|state| state.join(search::FOLDER)) {
        Some(folder) => {
            // What is not needed any more is removed there.
            if let Err(diagnostic) = output::refuse_links(&folder) {
                told(Report::default().fail([diagnostic]), None);
                return;
            }
            Store::at(&folder)
        }
        None => Store::in_memory(),
    };
    let watch = Watch::start(options.overtime);
    let mut look = Look::at(options, cache, &watch);
    let mut hasty = 0;
    loop {
        let asked = Asked { options, output, watch: &watch };
        let next = build_from(look, &asked, cache, &mut store, told, hasty < HASTE);
        (look, hasty) = match next {
            Next::Enough => return,
            Next::Anew(look) => (*look, 0),
            Next::Outdated => {
                // Not what the notes say, or changed since they were compared: nothing of them is believed.
                cache.forget();
                store.forget();
                (Look::at(options, cache, &watch), hasty + 1)
            }
        };
    }
}

/// A digest that changes while it is built is built again so often before anybody is told.
const HASTE: usize = 2;

/// Bodies that are edited at once by a person; for more, all pages are looked through too often.
const FEW: usize = 50;

/// What is the same for all builds of a run.
struct Asked<'a> {
    options: &'a Options,
    output: Option<&'a Output>,
    watch: &'a Watch,
}

/// What follows a build.
enum Next {
    Enough,
    /// What was found since.
    Anew(Box<Look>),
    /// A file changed while the site was built.
    Outdated,
}

/// Builds what was found, and goes on for as long as nothing but bodies changes. What it found otherwise comes back.
fn build_from(
    look: Look,
    asked: &Asked<'_>,
    cache: &mut Cache,
    store: &mut Store,
    told: &mut Told<'_>,
    may_repeat: bool,
) -> Next {
    let Asked { options, output, watch } = *asked;
    let then = |goes_on: bool, cache: &mut Cache| match goes_on {
        true => Next::Anew(Box::new(Look::at(options, cache, watch))),
        false => Next::Enough,
    };
    let Look { config, theme, settings, mut sources, diagnostics, mut clock } = look;
    let mut report = Report { diagnostics: diagnostics.clone(), ..Report::default() };
    let clean = report.diagnostics.is_empty();
    clock.lap("look", &mut report);
    let key = |sources: &Sources| Some(Fingerprint::of(&(settings, sources.fingerprint(&options.root)?)));
    // A build in which nothing changed need not think.
    if let Some(built) = key(&sources).filter(|_| clean).and_then(|key| output?.is_current(key)) {
        clock.lap("compare", &mut report);
        return then(told(report.current(built), None), cache);
    }
    // Looking at tens of thousands of files goes on beside the stages that think.
    let mut survey = output.cloned().map(|output| std::thread::spawn(move || output.survey()));
    let mut content = load::content(&options.root, &config, options.drafts, cache, &mut sources, watch);
    report.diagnostics.append(&mut content.diagnostics);
    report.drafts = content.drafts;
    clock.lap("load", &mut report);

    let (locale, found) = Locale::new(config.language, &theme);
    report.diagnostics.extend(found);
    // What the next build needs to take the shorter way, and this one to see whether it may.
    let skeleton = output.filter(|_| !cache.stays()).and_then(|_| sources.skeleton(&content.articles));
    let (site, mut bodies, found) = site::assemble(content, &config);
    report.diagnostics.extend(found);
    report.articles = site.articles.len();
    report.undated = site.undated.len();
    report.terms = config
        .taxonomies
        .iter()
        .zip(&site.taxonomies)
        .map(|(taxonomy, terms)| (taxonomy.name.clone(), terms.terms.len()))
        .collect();
    clock.lap("site", &mut report);

    let (connections, kinship) = Connections::find(&site, &config, cache.noted("kinship"));
    if let Some(kinship) = kinship {
        cache.note("kinship", &kinship);
    }
    clock.lap("connections", &mut report);

    let views = plan::card::taxonomies(&config, &locale);
    let cards = Cards::new(&site, &connections, &views, &config, &locale);
    let shards = shards(&site, &bodies, &config);
    let planned_from = plan::Sources {
        site: &site,
        connections: &connections,
        config: &config,
        locale: &locale,
        cards: &cards,
        shards,
    };
    let make_again = |file: &str, digest| load::body(&options.root, &config, file, digest);
    let renderer = Renderer::new(&theme, &config, &locale, &cards, &make_again, watch);
    // Before the plan: what indexing takes for a while, the plan takes after it.
    let mut index = match renderer.is_ok() && !stops(&report, options) {
        true => match indexed(&site, &bodies, &config, &make_again, store) {
            Ok(index) => index,
            Err(_) if may_repeat => return Next::Outdated,
            Err(diagnostic) => return then(told(report.fail([diagnostic]), None), cache),
        },
        false => None,
    };
    clock.lap("index", &mut report);

    let clean = report.diagnostics.is_empty();
    let plan_key = skeleton.filter(|_| clean).map(|skeleton| Fingerprint::of(&(settings, skeleton, shards)));
    let mut surveyed = None;
    if let (Some(output), Some(plan_key), Ok(renderer), true) = (output, plan_key, &renderer, may_repeat)
        && let Some(last) = output.planned(plan_key)
        && let Some(survey) = survey.take()
    {
        let stages =
            Stages { output, sources: planned_from, bodies: &bodies, index: index.as_ref(), renderer };
        match amend::amend(&stages, last, joined(survey, output), report, &mut clock) {
            Amended::Done(done, planned) => {
                if let Some(key) = key(&sources).filter(|_| done.success) {
                    output.note_planned(&planned);
                    output.note_built(key, &done.built());
                }
                return then(told(done, None), cache);
            }
            Amended::Outdated => return Next::Outdated,
            Amended::No(survey, back) => (surveyed, report) = (Some(survey), back),
        }
    }
    let (pages, found) = plan::plan(planned_from, &theme);
    report.diagnostics.extend(found);
    clock.lap("plan", &mut report);
    let renderer = match renderer {
        Ok(renderer) => renderer,
        Err(diagnostics) => return then(told(report.fail(diagnostics), None), cache),
    };
    if stops(&report, options) {
        return then(told(report.close(false), None), cache);
    }
    let theme_fingerprint = renderer.fingerprint();
    let mut wanted: Vec<Wanted<'_>> = pages
        .par_iter()
        .map(|page| Wanted {
            path: &page.path,
            fingerprint: page.fingerprint(theme_fingerprint, &bodies, index.as_ref()),
        })
        .collect();
    report.files = wanted.len();
    clock.lap("fingerprint", &mut report);

    let mut survey = surveyed.or_else(|| output.zip(survey).map(|(output, survey)| joined(survey, output)));
    loop {
        let render =
            |at: usize, bytes: &mut Vec<u8>| renderer.render(&pages[at], &bodies, index.as_ref(), bytes);
        let published = match output.zip(survey) {
            Some((output, survey)) => output.publish(survey, &wanted, render),
            None => Ok(Outcome::default()),
        };
        clock.lap("render and write", &mut report);
        let outcome = match published {
            Ok(outcome) => outcome,
            Err(Failure::Render(problems)) if may_repeat && problems.iter().any(|it| it.outdated) => {
                return Next::Outdated;
            }
            Err(failure) => return then(told(failed(report, failure), None), cache),
        };
        report.written = outcome.written.len();
        report.unchanged = outcome.unchanged;
        report.removed = outcome.removed.len();
        let told_of = Report { stages: std::mem::take(&mut report.stages), ..report.clone() };
        let made = Made {
            config: &config,
            site: &site,
            bodies: &bodies,
            pages: &pages,
            render: &render,
            written: &outcome.written,
            removed: &outcome.removed,
        };
        // Read while nobody waits; nobody needs it who does not stay.
        let left = output.filter(|_| cache.stays()).cloned().map(|output| {
            let left = outcome.left;
            std::thread::spawn(move || output.surveyed(left))
        });
        // Before anybody is told, who may end the process then. A preview does not need the notes before it ends.
        let note = || {
            let Some(key) = key(&sources).filter(|_| report.diagnostics.is_empty()) else { return };
            let Some(output) = output else { return };
            if let Some(key) = plan_key {
                output.note_planned(&Planned { key, bodies: bodies.digests(), head: amend::head(&pages) });
            }
            output.note_built(key, &report.built());
        };
        if !cache.stays() {
            note();
        }
        if !told(told_of.close(true), Some(&made)) {
            if cache.stays() {
                note();
            }
            return Next::Enough;
        }
        bodies.forget_html();

        let mut now = Look::at(options, cache, watch);
        let same = now.settings == settings && now.diagnostics == diagnostics;
        let edited = same.then(|| now.sources.edited_since(&sources, &options.root)).flatten();
        // A warning about a file goes with its cause, which is in the front matter.
        let is_warned_of = |file: &str| {
            report
                .diagnostics
                .iter()
                .any(|found| found.place.as_ref().is_some_and(|place| place.path == file))
        };
        let read =
            |file| (!is_warned_of(file)).then(|| read_body(file, &options.root, &config, &site)).flatten();
        let edited = edited.filter(|files| files.len() <= FEW);
        let Some(edits) = edited.and_then(|files| files.into_iter().map(read).collect::<Option<Vec<_>>>())
        else {
            return Next::Anew(Box::new(now));
        };
        clock = now.clock;
        sources = now.sources;
        clock.lap("look", &mut report);
        let nothing_edited = edits.is_empty();
        for (id, hash, body) in edits {
            sources.read_again(&site.articles[id].file, hash);
            bodies.replace(id, body);
            let shown = |page: &Page<'_>| page.bodies().any(|body| body == BodyId::Article(id));
            for (page, wanted) in pages.iter().zip(&mut wanted).filter(|(page, _)| shown(page)) {
                wanted.fingerprint = page.fingerprint(theme_fingerprint, &bodies, None);
            }
        }
        let grown = self::shards(&site, &bodies, &config) != shards;
        index = match indexed(&site, &bodies, &config, &make_again, store) {
            Ok(index) if !grown => index,
            _ => return Next::Anew(Box::new(Look::at(options, cache, watch))),
        };
        let is_index = |page: &Page<'_>| matches!(page.body, Body::Index(_));
        for (page, wanted) in pages.iter().zip(&mut wanted).filter(|(page, _)| is_index(page)) {
            wanted.fingerprint = page.fingerprint(theme_fingerprint, &bodies, index.as_ref());
        }
        clock.lap("index", &mut report);
        // Somebody who wants a look without having changed anything suspects the folder.
        survey = output.map(|output| match left {
            Some(left) if !nothing_edited => joined(left, output),
            _ => output.survey(),
        });
        clock.lap("fingerprint", &mut report);
    }
}

/// Is what was found enough not to build?
fn stops(report: &Report, options: &Options) -> bool {
    report.errors() > 0 || (options.strict && !report.diagnostics.is_empty())
}

/// How many shards the index of the search has.
fn shards(site: &Site, bodies: &Bodies, config: &Config) -> usize {
    config.search.as_ref().map_or(0, |search| search::index::shards(site, bodies, &search.fields))
}

/// The index of the search, if there is a search.
fn indexed(
    site: &Site,
    bodies: &Bodies,
    config: &Config,
    make_again: &render::MakeAgain<'_>,
    store: &mut Store,
) -> Result<Option<Index>, Diagnostic> {
    let Some(search) = &config.search else {
        store.keep(&[]);
        return Ok(None);
    };
    Index::of(site, bodies, &search.fields, make_again, store).map(Some)
}

fn joined(survey: JoinHandle<Survey>, output: &Output) -> Survey {
    survey.join().unwrap_or_else(|_| output.survey())
}

/// The new body of an edited article, if nothing but the body is new and nothing is wrong with it.
fn read_body(
    file: &str,
    root: &Path,
    config: &Config,
    site: &Site,
) -> Option<(ArticleId, Fingerprint, Rendered)> {
    let source = load::source::read(root, file, config.limits.file).ok()?;
    let (read, diagnostics) = load::article::article(&source, config);
    let (article, body) = read.filter(|_| diagnostics.is_empty())?;
    let id = site.articles.iter().position(|known| known.file == file)?;
    (*site.articles[id] == article).then_some((id, source.hash, body))
}

fn failed(mut report: Report, failure: Failure<TemplateProblem>) -> Report {
    match failure {
        Failure::Output(diagnostics) => report.fail(diagnostics),
        Failure::Torn(diagnostics) => {
            report.torn = true;
            report.fail(diagnostics)
        }
        Failure::Render(problems) => report.fail(render::summarise(problems)),
    }
}
