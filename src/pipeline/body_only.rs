//! The body-only rebuild of a new process: if nothing but bodies of articles changed since the last
//! build, only the pages that show one of these bodies, and the search index, are planned again.
//!
//! The last build's plan is valid if the fingerprint of everything that it was made from
//! ([`Planned::key`]) is the same, and the manifest is the one that the last build wrote. A preview
//! does not use this file: it keeps the plan in memory.

use std::collections::HashSet;
use std::thread::JoinHandle;

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::fingerprint::{Fingerprint, Packed};
use crate::output::{Failure, LastPlan, Output, Planned, Survey, Wanted};
use crate::pipeline::context::{Build, Next, failed, joined};
use crate::pipeline::report::Report;
use crate::pipeline::stopwatch::Stopwatch;
use crate::plan::view::search::IndexFile;
use crate::plan::{self, Body, Page};
use crate::render::{Renderer, outdated};
use crate::search::Index;
use crate::search::head::Head;
use crate::site::{ArticleId, Bodies};

/// The results of the stages before the plan.
pub(super) struct Stages<'a, 's> {
    pub(super) input: plan::Input<'s>,
    pub(super) bodies: &'a Bodies,
    pub(super) index: Option<&'a Index>,
    pub(super) renderer: &'a Renderer<'s>,
}

/// The survey of the output folder: running in its thread, or finished.
pub(super) enum Surveyed {
    Running(Option<JoinHandle<Survey>>),
    Done(Survey),
}

impl Surveyed {
    /// Waits for the survey's thread and returns the survey; `None` without an output folder.
    pub(super) fn take(self, output: Option<&Output>) -> Option<Survey> {
        match self {
            Self::Running(survey) => output.zip(survey).map(|(output, survey)| joined(survey, output)),
            Self::Done(survey) => Some(survey),
        }
    }
}

/// The result of a body-only rebuild.
pub(super) enum BodyOnly {
    /// The site is published, or there was an error.
    Finished(Next),
    /// The whole site has to be planned; nothing was written. Returns the arguments.
    NotApplicable(Surveyed, Report),
}

/// Encodes the head of the search index, among the pages of a plan, for [`Planned::extra`].
pub(super) fn encode_head(pages: &[Page<'_>]) -> Vec<u8> {
    postcard::to_allocvec(&head(pages)).unwrap_or_default()
}

/// Decodes what [`encode_head`] encoded; `None` without a search, and from a damaged plan.
pub(super) fn decode_head(extra: &[u8]) -> Option<Head> {
    postcard::from_bytes(extra).ok().flatten()
}

/// The head of the search index among the pages of a plan.
pub(super) fn head(pages: &[Page<'_>]) -> Option<Head> {
    pages.iter().find_map(|page| match &page.body {
        Body::Index(IndexFile::Head(head)) => Some(head.clone()),
        _ => None,
    })
}

/// Publishes the pages that show an edited body, if nothing but bodies changed since the last
/// build, whose plan is `last`. `plan_key` is the fingerprint of everything that a plan is made from,
/// `all_inputs` that of settings and sources.
pub(super) fn publish(
    stages: &Stages<'_, '_>,
    (plan_key, last): (Fingerprint, Option<&LastPlan>),
    all_inputs: impl Fn(&Build<'_, '_>) -> Option<Fingerprint>,
    build: &mut Build<'_, '_>,
    (survey, report): (Surveyed, Report),
    clock: &mut Stopwatch,
) -> BodyOnly {
    let last = last.filter(|last| last.planned.key == plan_key);
    let Some((output, last)) = build.run.output.zip(last) else {
        return BodyOnly::NotApplicable(survey, report);
    };
    let Some(survey) = survey.take(Some(output)) else {
        return BodyOnly::NotApplicable(Surveyed::Running(None), report);
    };
    match publish_changed(stages, output, last, survey, report, clock) {
        Changed::Published(report, planned) => {
            if report.success
                && let Some(key) = all_inputs(build)
            {
                output.put_planned(&planned);
                if report.diagnostics.is_empty() {
                    output.put_built(key, &report.built());
                }
            }
            BodyOnly::Finished(build.finish(report))
        }
        Changed::Outdated => BodyOnly::Finished(Next::Retry),
        Changed::NotApplicable(survey, report) => BodyOnly::NotApplicable(Surveyed::Done(survey), report),
    }
}

enum Changed {
    /// Published, or failed: the report, and the current plan.
    Published(Report, Planned),
    /// A cache was wrong, or a file changed meanwhile.
    Outdated,
    /// The whole site has to be planned.
    NotApplicable(Survey, Report),
}

fn publish_changed(
    stages: &Stages<'_, '_>,
    output: &Output,
    last: &LastPlan,
    survey: Survey,
    mut report: Report,
    clock: &mut Stopwatch,
) -> Changed {
    let Stages { input, bodies, index, renderer } = *stages;
    let files = survey.files(last);
    let last = &last.planned;
    let now = bodies.fingerprints();
    let edited: HashSet<ArticleId> =
        (0..now.len()).filter(|&id| last.bodies.get(id) != Some(&now[id])).collect();
    let head = decode_head(&last.extra).filter(|head| head.is_possible(input.site.articles.len()));
    // A site with a search has a head.
    let files = files.filter(|_| head.is_some() == index.is_some());
    let planned = files.and_then(|files| Some((files, plan::plan_pages_of_bodies(input, &edited, head)?)));
    let Some((files, pages)) = planned else { return Changed::NotApplicable(survey, report) };
    clock.lap(marked!("plan bodies"), &mut report);
    let changed: Vec<Wanted<'_>> = pages
        .par_iter()
        .map(|page| Wanted {
            path: &page.path,
            fingerprint: page.fingerprint(renderer.fingerprint(), bodies, index),
        })
        .collect();
    let Some((wanted, places)) = files.with_changed(&changed) else {
        return Changed::NotApplicable(survey, report);
    };
    report.files = wanted.len();
    clock.lap(marked!("fingerprint"), &mut report);
    let render = |at: usize, bytes: &mut Vec<u8>| match places.get(&at) {
        Some(&page) => renderer.render(&pages[page], bodies, index, bytes),
        // The survey found this file unchanged, so it was changed since then.
        None => Err(outdated(wanted[at].path)),
    };
    let published = output.publish(survey, &wanted, render);
    clock.lap(marked!("render and write"), &mut report);
    match published {
        Ok(outcome) => {
            report.written = outcome.written.len();
            report.unchanged = outcome.unchanged;
            report.removed = outcome.removed.len();
            Changed::Published(report.close(true), with_bodies(last, now, &places))
        }
        Err(Failure::Render(problems)) if problems.iter().any(|it| it.outdated) => Changed::Outdated,
        Err(failure) => Changed::Published(failed(report, failure), last.clone()),
    }
}

/// The last plan with new bodies. The files at `places` have no key, which would name the old body:
/// the next build of the whole site plans them.
fn with_bodies(last: &Planned, bodies: Vec<Fingerprint>, places: &FxHashMap<usize, usize>) -> Planned {
    let mut planned = Planned { bodies, ..last.clone() };
    for &at in places.keys() {
        // A damaged plan may have fewer keys.
        if let Some(key) = planned.keys.get_mut(at) {
            *key = Packed::default();
        }
    }
    planned
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;
    use crate::fs::SymlinkPolicy;
    use crate::load::{self, Cache, Theme};
    use crate::locale::Locale;
    use crate::plan::card::{self, Cards};
    use crate::site::{self, BodyId, Connections};
    use crate::watchdog::Watchdog;

    /// For each article, the pages that are planned for its body, and the pages of the whole plan
    /// that show it: by path, in the debug format.
    fn planned(settings: &str) -> Option<Vec<[BTreeMap<String, String>; 2]>> {
        let folder = tempfile::tempdir().unwrap();
        let root: &Path = folder.path();
        std::fs::create_dir_all(root.join("content/articles")).unwrap();
        std::fs::write(root.join("newsprint.yaml"), format!("base_url: https://example.org/\n{settings}"))
            .unwrap();
        // Old addresses of the feeds of all articles, which show bodies.
        let redirects = "index.xml: feed.xml\nold.json: chain.json\nchain.json: feed.json\nx/: archive/\n";
        std::fs::write(root.join("content/redirects.yaml"), redirects).unwrap();
        for (name, date) in
            [("a", "date: 2026-01-02"), ("b", "date: 2026-01-03"), ("c", "date: 2025-12-31"), ("d", "")]
        {
            let text = format!(
                "---\ntitle: 标题 {name}\n{date}\nkeywords: [甲, 乙]\nindustries: [丙]\n---\n正文 {name}。\n"
            );
            std::fs::write(root.join(format!("content/articles/{name}.md")), text).unwrap();
        }
        let mut cache = Cache::none();
        let (config, found) = load::configuration(root, None, SymlinkPolicy::Inside);
        assert!(found.is_empty(), "{found:?}");
        let mut files = load::Sources::find(root, &config, &mut cache);
        let theme: Theme = load::theme::load(root, SymlinkPolicy::Inside, &[], &mut cache);
        let all = load::Selection::of_all_times(false);
        let content = load::content(root, &config, all, &mut cache, &mut files, &Watchdog::none());
        let (locale, _) = Locale::new(config.language, &theme);
        let (site, bodies, _) =
            site::assemble(content, &config, std::sync::Arc::new(|_, _| Ok(String::new())));
        let (connections, _) = Connections::find(&site, &config, None);
        let views = card::taxonomies(&config, &locale);
        let cards = Cards::new(&site, &connections, &views, &config, &locale);
        let layout = crate::pipeline::stages::layout(&config, &site, &bodies);
        let sources = plan::Input {
            site: &site,
            connections: &connections,
            config: &config,
            locale: &locale,
            cards: &cards,
            style: None,
            keep: None,
            layout: &layout,
        };
        let (pages, found) = plan::plan(sources, &theme);
        assert!(found.is_empty() && site.articles.len() == 4);
        let debugged = |page: &Page<'_>| (page.path.clone(), format!("{:?}", page.body));
        (0..site.articles.len())
            .map(|id| {
                let found = plan::plan_pages_of_bodies(sources, &HashSet::from([id]), head(&pages))?;
                let shows = |page: &&Page<'_>| {
                    matches!(page.body, Body::Index(_))
                        || page.bodies().any(|body| body == BodyId::Article(id))
                };
                Some([
                    found.iter().map(debugged).collect(),
                    pages.iter().filter(shows).map(debugged).collect(),
                ])
            })
            .collect()
    }

    #[test]
    fn pages_of_a_body_are_planned_as_in_the_whole_plan() {
        for (settings, least) in [
            ("", 2),
            ("outputs: { json: true, markdown: true, llms: true }\nfeeds: { limit: 2 }\n", 4),
            ("outputs: { llms: false }\nsearch: off\n", 1),
            ("outputs: { editions: [epub, text] }\n", 2),
            ("feeds: { full_text: none }\n", 1),
        ] {
            for [found, whole] in planned(settings).unwrap() {
                assert_eq!(found, whole, "{settings}");
                assert!(whole.len() >= least, "{settings}: {:?}", whole.keys());
            }
        }
    }

    #[test]
    fn a_digest_with_whole_texts_in_all_feeds_is_planned_as_a_whole() {
        assert!(planned("feeds: { full_text: all }\n").is_none());
    }
}
