//! Runs one build: load, assemble, index, plan, publish. A digest in several languages has a site for
//! each of them; they are planned and published as one.

use std::cell::OnceCell;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::load::Theme;
use crate::output::Wanted;
use crate::pipeline::body_only::{self, BodyOnly, Stages, Surveyed};
use crate::pipeline::context::{Build, Next};
use crate::pipeline::inputs::Inputs;
use crate::pipeline::keep::{self, LastBuild};
use crate::pipeline::preview::{self, PlannedSite, Rendering, State};
use crate::pipeline::report::Report;
use crate::pipeline::stages::{self, Assembled};
use crate::plan;
use crate::plan::card::{self, Cards};
use crate::plan::style::Style;
use crate::plan::view::card::TaxonomyView;
use crate::render::Renderer;
use crate::search::parts::Layout;
use crate::site::{Connections, Site};
use crate::watchdog::Watchdog;

/// Builds from these inputs. In a preview it publishes again after each change, as long as nothing
/// but bodies of articles changes.
pub(super) fn build_once(inputs: Inputs, build: &mut Build<'_, '_>) -> Next {
    let Inputs { config, theme, settings, mut sources, now, diagnostics, mut clock } = inputs;
    let mut report = Report { diagnostics: diagnostics.clone(), ..Report::default() };
    clock.lap(marked!("inputs"), &mut report);
    if report.diagnostics.is_empty()
        && let Some(counts) = build.last_counts(settings, &sources, now)
    {
        clock.lap(marked!("compare"), &mut report);
        return build.finish(report.current(counts));
    }
    let survey = build.start_survey();

    let content = stages::load(build, &config, &mut sources, now, &mut report);
    clock.lap(marked!("load"), &mut report);
    (build.on_loaded)(&content, &config);
    let validity = content.validity;

    let untimely = content.untimely();
    #[cfg_attr(not(feature = "images"), allow(unused_mut))]
    let (mut sites, bodies) = stages::assemble(build, content, &config, &theme, &mut report);
    clock.lap(marked!("site"), &mut report);
    #[cfg(feature = "images")]
    {
        stages::copies(build, &mut sites, &config, &mut report);
        clock.lap(marked!("pictures"), &mut report);
    }
    let connections: Vec<Connections<'_>> = sites.iter().map(|part| stages::connect(build, part)).collect();
    clock.lap(marked!("connections"), &mut report);
    let before = LastBuild::compare(build, &sites[0], &sources, untimely);
    let kept = OnceCell::new();

    // Before the plan: the fingerprints of the index's files depend on the index.
    let parts: Vec<(&Config, &Site)> = sites.iter().map(|part| (&part.config, &part.site)).collect();
    let layouts = stages::layouts(&parts, &bodies);
    let views: Vec<_> = sites.iter().map(|part| card::taxonomies(&part.config, &part.locale)).collect();
    let cards = make_cards(&sites, &connections, &views);
    let renderers = make_renderers(&sites, &cards, &theme, build.run.watchdog);
    let indexes = match renderers.is_ok() && !build.is_stopped_by(&report) {
        true => match stages::indexes(&parts, &bodies, &layouts, build.stores) {
            Ok(indexes) => indexes,
            Err(_) if build.may_retry => return Next::Retry,
            Err(diagnostic) => return build.finish(report.fail([diagnostic])),
        },
        false => sites.iter().map(|_| None).collect(),
    };
    clock.lap(marked!("index"), &mut report);

    let mut inputs = plan_inputs(&sites, &connections, &cards, &layouts, &theme);
    // The stages so far give their warnings again; those of a plan are given by a whole plan alone.
    let before = before.filter(|_| !build.is_stopped_by(&report));
    let plan_key = before.as_ref().and_then(|before| before.plan_key(settings, &layouts));
    let mut survey = Surveyed::Running(survey);
    if let (Ok([renderer]), Some(plan_key)) = (renderers.as_deref(), plan_key) {
        let stages = Stages { input: inputs[0], bodies: &bodies[0], index: indexes[0].as_ref(), renderer };
        let all_inputs = |build: &Build<'_, '_>| build.key(settings, &sources);
        let last = (plan_key, before.as_ref().and_then(|before| before.plan.as_ref()));
        match body_only::publish(&stages, last, all_inputs, build, (survey, report), &mut clock) {
            BodyOnly::Finished(next) => return next,
            BodyOnly::NotApplicable(same_survey, same_report) => {
                (survey, report) = (same_survey, same_report);
            }
        }
    }

    let survey = survey.take(build.run.output);
    let mut settings_of_plan = Fingerprint::default();
    if let (Ok([renderer]), Some(before)) = (renderers.as_deref(), before) {
        settings_of_plan = keep::settings(settings, renderer, &inputs[0]);
        let found = before.keep(&inputs[0], &bodies[0], (settings_of_plan, renderer), survey.as_ref());
        inputs[0].keep = found.map(|found| kept.get_or_init(|| found));
    }
    let (mut pages, diagnostics_of_plan) = plan::plan_all(&inputs, &theme);
    let plan_key = plan_key.filter(|_| diagnostics_of_plan.is_empty());
    report.diagnostics.extend(diagnostics_of_plan);
    clock.lap(marked!("plan"), &mut report);
    let renderers = match renderers {
        Ok(renderers) => renderers,
        Err(diagnostics) => return build.finish(report.fail(diagnostics)),
    };
    if build.is_stopped_by(&report) {
        return build.finish(report.close(false));
    }
    let ended = survey.as_ref().map(|survey| plan::ended::pages(&inputs, &pages, survey.paths()));
    pages.extend(ended.into_iter().flatten());
    let rendering = Rendering { inputs: &inputs, renderers: &renderers, bodies: &bodies, indexes: &indexes };
    let wanted: Vec<Wanted<'_>> = pages
        .par_iter()
        .map(|page| Wanted { path: &page.path, fingerprint: rendering.fingerprint(page) })
        .collect();
    report.files = wanted.len();
    clock.lap(marked!("fingerprint"), &mut report);

    let planned = PlannedSite {
        config: &config,
        settings,
        validity,
        diagnostics: &diagnostics,
        pages: &pages,
        renderers: &renderers,
        layouts: &layouts,
        inputs: &inputs,
        plan_key,
        settings_of_plan,
    };
    preview::publish_while_planned(
        &planned,
        State { bodies, indexes, sources, clock, report, wanted, survey },
        build,
    )
}

/// The tables of cards, by language.
fn make_cards<'s>(
    sites: &'s [Assembled],
    connections: &'s [Connections<'s>],
    views: &'s [Vec<TaxonomyView<'s>>],
) -> Vec<Cards<'s>> {
    let parts = sites.iter().zip(connections).zip(views);
    let make = |((part, connections), views): ((&'s Assembled, &'s Connections<'s>), &'s Vec<_>)| {
        Cards::new(&part.site, connections, views, &part.config, &part.locale)
    };
    parts.map(make).collect()
}

/// The renderers, by language.
///
/// # Errors
/// As [`Renderer::new`], for the first language with an error: the others have the same templates.
fn make_renderers<'s>(
    sites: &'s [Assembled],
    cards: &'s [Cards<'s>],
    theme: &'s Theme,
    watchdog: &'s Watchdog,
) -> Result<Vec<Renderer<'s>>, Vec<Diagnostic>> {
    let parts = sites.iter().zip(cards);
    parts.map(|(part, cards)| Renderer::new(theme, &part.config, &part.locale, cards, watchdog)).collect()
}

/// The inputs of the plan, by language.
fn plan_inputs<'s>(
    sites: &'s [Assembled],
    connections: &'s [Connections<'s>],
    cards: &'s [Cards<'s>],
    layouts: &'s [Layout],
    theme: &'s Theme,
) -> Vec<plan::Input<'s>> {
    let input = |(at, Assembled { config, locale, site }): (usize, &'s Assembled)| plan::Input {
        site,
        connections: &connections[at],
        config,
        locale,
        keep: None,
        cards: &cards[at],
        style: theme.fonts.as_ref().map(|fonts| Style::new(fonts, theme)),
        layout: &layouts[at],
    };
    sites.iter().enumerate().map(input).collect()
}
