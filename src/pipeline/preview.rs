//! Stage 5, publishing, and the rebuilds of a preview that keep the plan, since nothing but bodies
//! of articles changed.

use std::path::Path;
use std::thread::JoinHandle;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::fs::Root;
use crate::load::markdown::Rendered;
use crate::load::{self, Sources, Validity};
use crate::output::{Failure, Outcome, Planned, Survey, Wanted};
use crate::pipeline::body_only;
use crate::pipeline::context::{Build, BuiltLanguage, BuiltSite, Next, failed, joined};
use crate::pipeline::editions::EditionMaker;
use crate::pipeline::keep;
use crate::pipeline::report::Report;
use crate::pipeline::stages;
use crate::pipeline::stopwatch::Stopwatch;
use crate::plan::{self, Body, Page};
use crate::render::{Renderer, TemplateProblem, outdated};
use crate::search::Index;
use crate::search::parts::Layout;
use crate::site::{ArticleId, Bodies, BodyId, Site};

/// The maximum number of bodies that a rebuild replaces: each costs a pass over all pages, and a
/// person edits few at once.
const MAX_BODY_EDITS: usize = 50;

/// The part of a build that stays the same while nothing but bodies changes.
pub(super) struct PlannedSite<'p, 's> {
    /// The settings that sources are read with.
    pub(super) config: &'s Config,
    pub(super) settings: Fingerprint,
    /// The span of times in which the plan holds.
    pub(super) validity: Validity,
    /// The diagnostics of configuration and theme.
    pub(super) diagnostics: &'p [Diagnostic],
    pub(super) pages: &'p [Page<'s>],
    /// By language, as the two that follow.
    pub(super) renderers: &'p [Renderer<'s>],
    pub(super) layouts: &'p [Layout],
    /// The inputs of the plan.
    pub(super) inputs: &'p [plan::Input<'s>],
    /// The fingerprint of everything that the plan was made from; `None` if no later build can be a
    /// body-only rebuild.
    pub(super) plan_key: Option<Fingerprint>,
    /// As [`Planned::settings`].
    pub(super) settings_of_plan: Fingerprint,
}

/// The part of a build that each rebuild changes.
pub(super) struct State<'p> {
    /// By language, as the indexes.
    pub(super) bodies: Vec<Bodies>,
    pub(super) indexes: Vec<Option<Index>>,
    pub(super) sources: Sources,
    pub(super) clock: Stopwatch,
    pub(super) report: Report,
    /// One file for each page, in the order of the pages.
    pub(super) wanted: Vec<Wanted<'p>>,
    pub(super) survey: Option<Survey>,
}

/// What pages are rendered with, by language.
#[derive(Clone, Copy)]
pub(super) struct Rendering<'p, 's> {
    /// The inputs of the plan.
    pub(super) inputs: &'p [plan::Input<'s>],
    pub(super) renderers: &'p [Renderer<'s>],
    pub(super) bodies: &'p [Bodies],
    pub(super) indexes: &'p [Option<Index>],
}

impl Rendering<'_, '_> {
    /// The fingerprint of everything that decides the bytes of a page.
    pub(super) fn fingerprint(&self, page: &Page<'_>) -> Fingerprint {
        let (theme, index) = (self.renderers[page.language].fingerprint(), &self.indexes[page.language]);
        page.fingerprint(theme, &self.bodies[page.language], index.as_ref())
    }

    /// Appends the bytes of a page.
    fn render(&self, page: &Page<'_>, bytes: &mut Vec<u8>) -> Result<(), TemplateProblem> {
        let (bodies, index) = (&self.bodies[page.language], &self.indexes[page.language]);
        let made;
        let page = match page.body {
            Body::Deferred(_, subject) => {
                let body = plan::deferred::body(self.inputs[page.language], subject);
                made = Page::new(page.path.clone(), body.ok_or_else(|| outdated(&page.path))?);
                &made
            }
            _ => page,
        };
        self.renderers[page.language].render(page, bodies, index.as_ref(), bytes)
    }
}

/// Publishes the site, and publishes it again after each change until one needs a new plan.
pub(super) fn publish_while_planned<'p>(
    planned: &PlannedSite<'p, '_>,
    mut state: State<'p>,
    build: &mut Build<'_, '_>,
) -> Next {
    loop {
        let survey = match publish(planned, &mut state, build) {
            Ok(survey) => survey,
            Err(next) => return next,
        };
        if let Err(next) = apply_body_edits(planned, &mut state, build, survey) {
            return next;
        }
    }
}

/// Writes the changed files and reports them. Returns the survey of the folder for the next
/// rebuild; `Err` if there is no next rebuild with this plan.
fn publish(
    planned: &PlannedSite<'_, '_>,
    state: &mut State<'_>,
    build: &mut Build<'_, '_>,
) -> Result<Option<JoinHandle<Survey>>, Next> {
    let output = build.run.output;
    let State { bodies, indexes, sources, clock, report, wanted, survey } = &mut *state;
    let (pages, inputs) = (planned.pages, planned.inputs);
    let rendering = Rendering { inputs, renderers: planned.renderers, bodies, indexes };
    let render = |at: usize, bytes: &mut Vec<u8>| rendering.render(&pages[at], bytes);
    let published = match output.zip(survey.take()) {
        Some((output, survey)) => output.publish(survey, wanted, render),
        None => Ok(Outcome::default()),
    };
    clock.lap(marked!("render and write"), report);
    let outcome = match published {
        Ok(outcome) => outcome,
        Err(Failure::Render(problems)) if build.may_retry && problems.iter().any(|it| it.outdated) => {
            return Err(Next::Retry);
        }
        Err(failure) => return Err(build.finish(failed(std::mem::take(report), failure))),
    };
    report.written = outcome.written.len();
    report.unchanged = outcome.unchanged;
    report.removed = outcome.removed.len();
    let shown = Report { stages: std::mem::take(&mut report.stages), ..report.clone() };
    let built = BuiltSite {
        config: inputs[0].config,
        locale: inputs[0].locale,
        site: inputs[0].site,
        languages: inputs
            .iter()
            .zip(&*bodies)
            .map(|(input, bodies)| BuiltLanguage { config: input.config, site: input.site, bodies })
            .collect(),
        pages,
        render: &render,
        editions: &EditionMaker { input: inputs[0], renderer: &planned.renderers[0], bodies: &bodies[0] },
        written: &outcome.written,
        removed: &outcome.removed,
    };
    let stays = build.cache.stays();
    // In a thread, while the callback waits for the next change.
    let survey = output.filter(|_| stays).cloned().map(|output| {
        let manifest = outcome.manifest;
        std::thread::spawn(move || output.survey_unchanged(manifest))
    });
    let store = |build: &Build<'_, '_>| store_fast_path(planned, bodies, sources, report, build);
    // Before the callback, which may exit the process. A preview stores them only at its end.
    if !stays {
        store(build);
    }
    if (build.on_built)(shown.close(true), Some(&built)) {
        return Ok(survey);
    }
    if stays {
        store(build);
    }
    Err(Next::Stop)
}

/// Stores what the next build needs for the fast exit, unless it had to repeat a warning, and for a
/// body-only rebuild.
fn store_fast_path(
    planned: &PlannedSite<'_, '_>,
    bodies: &[Bodies],
    sources: &Sources,
    report: &Report,
    build: &Build<'_, '_>,
) {
    let (Some(key), Some(output)) = (build.key(planned.settings, sources), build.run.output) else { return };
    if let Some(plan_key) = planned.plan_key {
        output.put_planned(&Planned {
            key: plan_key,
            bodies: bodies[0].fingerprints(),
            settings: planned.settings_of_plan,
            keys: keep::keys(planned.pages),
            extra: body_only::encode_head(planned.pages),
        });
    }
    if report.diagnostics.is_empty() {
        output.put_built(key, &report.built());
    }
}

/// Replaces the edited bodies in `state`. `Err` if anything else changed: then the whole site is
/// built again.
fn apply_body_edits(
    planned: &PlannedSite<'_, '_>,
    state: &mut State<'_>,
    build: &mut Build<'_, '_>,
    survey: Option<JoinHandle<Survey>>,
) -> Result<(), Next> {
    let PlannedSite { config, .. } = planned;
    let options = build.run.options;
    state.bodies.iter_mut().for_each(Bodies::forget_html);
    let mut inputs = build.read_inputs();
    let [input] = planned.inputs else { return Err(Next::Rebuild(Box::new(inputs))) };
    let site = input.site;
    let is_same = inputs.settings == planned.settings
        && inputs.diagnostics == planned.diagnostics
        && planned.validity.holds_at(inputs.now);
    let edited = is_same.then(|| inputs.sources.edited_since(&state.sources, &options.root)).flatten();
    // Warnings about a file are about its front matter. A body alone would not repeat them.
    let has_warning = |file: &str| {
        let mut places = state.report.diagnostics.iter().filter_map(|found| found.place.as_ref());
        places.any(|place| place.path == file)
    };
    let read = |file| (!has_warning(file)).then(|| read_body(file, &options.root, config, site)).flatten();
    let edited = edited.filter(|files| files.len() <= MAX_BODY_EDITS);
    let Some(edits) = edited.and_then(|files| files.into_iter().map(read).collect::<Option<Vec<_>>>()) else {
        return Err(Next::Rebuild(Box::new(inputs)));
    };
    state.clock = inputs.clock;
    state.sources = inputs.sources;
    state.clock.lap(marked!("inputs"), &mut state.report);
    let is_unchanged = edits.is_empty();
    for (id, hash, body) in edits {
        state.sources.read_again(&site.articles[id].file, hash);
        state.bodies[0].replace(id, body);
        let shows = |page: &Page<'_>| page.bodies().any(|body| body == BodyId::Article(id));
        state.refresh(planned, shows);
    }
    let layouts = [stages::layout(input.config, site, &state.bodies[0])];
    let parts = [(input.config, site)];
    let indexes = match stages::indexes(&parts, &state.bodies, &layouts, build.stores) {
        Ok(indexes) if layouts == planned.layouts => indexes,
        _ => return Err(Next::Rebuild(Box::new(build.read_inputs()))),
    };
    state.indexes = indexes;
    state.refresh(planned, |page| matches!(page.body, Body::Index(_)));
    state.clock.lap(marked!("index"), &mut state.report);
    // A rebuild without a change was requested explicitly: the output folder may have been changed.
    state.survey = build.run.output.map(|output| match survey {
        Some(survey) if !is_unchanged => joined(survey, output),
        _ => output.survey(),
    });
    state.clock.lap(marked!("fingerprint"), &mut state.report);
    Ok(())
}

impl State<'_> {
    /// Computes the fingerprints of the pages that `is_changed` selects again.
    fn refresh(&mut self, planned: &PlannedSite<'_, '_>, is_changed: impl Fn(&Page<'_>) -> bool) {
        let rendering = Rendering {
            inputs: planned.inputs,
            renderers: planned.renderers,
            bodies: &self.bodies,
            indexes: &self.indexes,
        };
        let changed = planned.pages.iter().zip(&mut self.wanted).filter(|(page, _)| is_changed(page));
        for (page, wanted) in changed {
            wanted.fingerprint = rendering.fingerprint(page);
        }
    }
}

/// Reads an edited article: its id, the hash of its file, and the new body. `None` if anything but
/// the body changed, or there are diagnostics.
fn read_body(
    file: &str,
    root: &Path,
    config: &Config,
    site: &Site,
) -> Option<(ArticleId, Fingerprint, Rendered)> {
    let source = load::source::read(&Root::open(root, config.links), file, config.limits.file_bytes).ok()?;
    let (read, diagnostics) = load::article::parse_article(&source, config);
    let (article, body) = read.filter(|_| diagnostics.is_empty())?;
    let id = site.articles.iter().position(|known| known.file == file)?;
    (*site.articles[id] == article).then_some((id, source.hash, body))
}
