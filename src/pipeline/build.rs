//! Runs one build: load, assemble, index, plan, publish.

use rayon::prelude::*;

use crate::fingerprint::Fingerprint;
use crate::output::Wanted;
use crate::pipeline::body_only::{self, BodyOnly, Stages, Surveyed};
use crate::pipeline::context::{Build, Next};
use crate::pipeline::inputs::Inputs;
use crate::pipeline::preview::{self, PlannedSite, State};
use crate::pipeline::report::Report;
use crate::pipeline::stages::{self, Assembled};
use crate::plan;
use crate::plan::card::{self, Cards};
use crate::plan::style::Style;
use crate::render::Renderer;

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

    #[cfg_attr(not(feature = "images"), allow(unused_mut))]
    let Assembled { locale, mut site, bodies, skeleton } =
        stages::assemble(build, content, &config, &theme, &sources, &mut report);
    clock.lap(marked!("site"), &mut report);
    #[cfg(feature = "images")]
    {
        stages::copies(build, &mut site, &config, &mut report);
        clock.lap(marked!("pictures"), &mut report);
    }
    let connections = stages::connect(build, &site, &config);
    clock.lap(marked!("connections"), &mut report);

    // Before the plan: the fingerprints of the index's files depend on the index.
    let layout = stages::layout(&site, &bodies, &config);
    let views = card::taxonomies(&config, &locale);
    let cards = Cards::new(&site, &connections, &views, &config, &locale);
    let renderer = Renderer::new(&theme, &config, &locale, &cards, build.run.watchdog);
    let index = match renderer.is_ok() && !build.is_stopped_by(&report) {
        true => match stages::index(&site, &bodies, &config, &layout, build.store) {
            Ok(index) => index,
            Err(_) if build.may_retry => return Next::Retry,
            Err(diagnostic) => return build.finish(report.fail([diagnostic])),
        },
        false => None,
    };
    clock.lap(marked!("index"), &mut report);

    let input = plan::Input {
        site: &site,
        connections: &connections,
        config: &config,
        locale: &locale,
        cards: &cards,
        style: theme.fonts.as_ref().map(|fonts| Style::new(fonts, &theme)),
        layout: &layout,
    };
    let is_clean = report.diagnostics.is_empty();
    let plan_key =
        skeleton.filter(|_| is_clean).map(|skeleton| Fingerprint::of(&(settings, skeleton, &layout)));
    let mut survey = Surveyed::Running(survey);
    if let (Ok(renderer), Some(plan_key)) = (&renderer, plan_key) {
        let stages = Stages { input, bodies: &bodies, index: index.as_ref(), renderer };
        let all_inputs = |build: &Build<'_, '_>| build.key(settings, &sources);
        match body_only::publish(&stages, plan_key, all_inputs, build, (survey, report), &mut clock) {
            BodyOnly::Finished(next) => return next,
            BodyOnly::NotApplicable(same_survey, same_report) => {
                (survey, report) = (same_survey, same_report);
            }
        }
    }

    let (mut pages, diagnostics_of_plan) = plan::plan(input, &theme);
    report.diagnostics.extend(diagnostics_of_plan);
    clock.lap(marked!("plan"), &mut report);
    let renderer = match renderer {
        Ok(renderer) => renderer,
        Err(diagnostics) => return build.finish(report.fail(diagnostics)),
    };
    if build.is_stopped_by(&report) {
        return build.finish(report.close(false));
    }
    let survey = survey.take(build.run.output);
    let ended = survey.as_ref().map(|survey| plan::ended::pages(input, &pages, survey.paths()));
    pages.extend(ended.into_iter().flatten());
    let theme_fingerprint = renderer.fingerprint();
    let fingerprint = |page: &plan::Page<'_>| page.fingerprint(theme_fingerprint, &bodies, index.as_ref());
    let wanted: Vec<Wanted<'_>> =
        pages.par_iter().map(|page| Wanted { path: &page.path, fingerprint: fingerprint(page) }).collect();
    report.files = wanted.len();
    clock.lap(marked!("fingerprint"), &mut report);

    let planned = PlannedSite {
        config: &config,
        settings,
        validity,
        diagnostics: &diagnostics,
        site: &site,
        pages: &pages,
        renderer: &renderer,
        layout: &layout,
        input,
        plan_key,
    };
    preview::publish_while_planned(
        &planned,
        State { bodies, index, sources, clock, report, wanted, survey },
        build,
    )
}
