//! The shorter way of a new process: when nothing but bodies of articles changed since the last build, its plan holds, and only the pages
//! that show one of these bodies are planned again.
//!
//! That a plan holds is told by the fingerprint of everything that it was made from ([`Planned::key`]), and by the manifest's being the one
//! that it led to. A preview needs none of this: it has the plan itself.

use std::collections::HashSet;

use rayon::prelude::*;

use crate::build::{Stopwatch, failed};
use crate::output::{Failure, LastPlan, Output, Planned, Survey, Wanted};
use crate::plan::{self, Body, Page};
use crate::render::{Renderer, outdated};
use crate::report::Report;
use crate::search::Index;
use crate::search::head::Head;
use crate::site::{ArticleId, Bodies};

/// What the stages made before the plan.
pub(super) struct Stages<'a, 's> {
    pub(super) output: &'a Output,
    pub(super) sources: plan::Sources<'s>,
    pub(super) bodies: &'a Bodies,
    pub(super) index: Option<&'a Index>,
    pub(super) renderer: &'a Renderer<'s>,
}

/// How it went.
pub(super) enum Amended {
    /// All that there was to do, and what the next build may know of it.
    Done(Report, Planned),
    /// A note was wrong, or a file changed meanwhile.
    Outdated,
    /// The whole site has to be planned. Nothing was done.
    No(Survey, Report),
}

/// The head of the search's index among the pages of a plan.
pub(super) fn head(pages: &[Page<'_>]) -> Option<Head> {
    pages.iter().find_map(|page| match &page.body {
        Body::Index(plan::search::IndexFile::Head(head)) => Some(head.clone()),
        _ => None,
    })
}

/// Publishes the pages that show other bodies than at the last build, if that is all that changed since. `last` is what that build planned,
/// from what this one would.
pub(super) fn amend(
    stages: &Stages<'_, '_>,
    last: LastPlan,
    survey: Survey,
    mut report: Report,
    clock: &mut Stopwatch,
) -> Amended {
    let Stages { output, sources, bodies, index, renderer } = *stages;
    let files = survey.files(&last);
    let last = last.planned;
    let now = bodies.digests();
    let edited: HashSet<ArticleId> =
        (0..now.len()).filter(|&id| last.bodies.get(id) != Some(&now[id])).collect();
    let planned = files.and_then(|files| Some((files, plan::showing(sources, &edited, last.head.clone())?)));
    let Some((files, pages)) = planned else { return Amended::No(survey, report) };
    clock.lap("plan bodies", &mut report);
    let changed: Vec<Wanted<'_>> = pages
        .par_iter()
        .map(|page| Wanted {
            path: &page.path,
            fingerprint: page.fingerprint(renderer.fingerprint(), bodies, index),
        })
        .collect();
    let Some((wanted, places)) = files.with(&changed) else { return Amended::No(survey, report) };
    report.files = wanted.len();
    clock.lap("fingerprint", &mut report);
    let render = |at: usize, bytes: &mut Vec<u8>| match places.get(&at) {
        Some(&page) => renderer.render(&pages[page], bodies, index, bytes),
        // It stood when it was looked at.
        None => Err(outdated(wanted[at].path)),
    };
    let published = output.publish(survey, &wanted, render);
    clock.lap("render and write", &mut report);
    match published {
        Ok(outcome) => {
            report.written = outcome.written.len();
            report.unchanged = outcome.unchanged;
            report.removed = outcome.removed.len();
            Amended::Done(report.close(true), Planned { bodies: now, ..last })
        }
        Err(Failure::Render(problems)) if problems.iter().any(|it| it.outdated) => Amended::Outdated,
        Err(failure) => Amended::Done(failed(report, failure), last),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::path::Path;

    use super::*;
    use crate::load::{self, Cache, Links, Theme};
    use crate::locale::Locale;
    use crate::overtime::Watch;
    use crate::plan::card::{self, Cards};
    use crate::site::{self, BodyId, Connections};

    /// The pages that are planned for each article's body, and those of the whole plan that show it: by path, as they are debugged.
    fn planned(settings: &str) -> Option<Vec<[BTreeMap<String, String>; 2]>> {
        let folder = tempfile::tempdir().unwrap();
        let root: &Path = folder.path();
        std::fs::create_dir_all(root.join("content/articles")).unwrap();
        std::fs::write(root.join("newsprint.yaml"), format!("base_url: https://example.org/\n{settings}"))
            .unwrap();
        for (name, date) in
            [("a", "date: 2026-01-02"), ("b", "date: 2026-01-03"), ("c", "date: 2025-12-31"), ("d", "")]
        {
            let text = format!(
                "---\ntitle: 标题 {name}\n{date}\nkeywords: [甲, 乙]\nindustries: [丙]\n---\n正文 {name}。\n"
            );
            std::fs::write(root.join(format!("content/articles/{name}.md")), text).unwrap();
        }
        let mut cache = Cache::none();
        let (config, found) = load::configuration(root, None, Links::Inside);
        assert!(found.is_empty(), "{found:?}");
        let mut files = load::Sources::find(root, Links::Inside, &mut cache);
        let theme: Theme = load::theme::load(root, Links::Inside, &mut cache);
        let content = load::content(root, &config, false, &mut cache, &mut files, &Watch::none());
        let (locale, _) = Locale::new(config.language, &theme);
        let (site, bodies, _) = site::assemble(content, &config);
        let (connections, _) = Connections::find(&site, &config, None);
        let views = card::taxonomies(&config, &locale);
        let cards = Cards::new(&site, &connections, &views, &config, &locale);
        let sources = plan::Sources {
            site: &site,
            connections: &connections,
            config: &config,
            locale: &locale,
            cards: &cards,
            shards: crate::build::shards(&site, &bodies, &config),
        };
        let (pages, found) = plan::plan(sources, &theme);
        assert!(found.is_empty() && site.articles.len() == 4);
        let debugged = |page: &Page<'_>| (page.path.clone(), format!("{:?}", page.body));
        (0..site.articles.len())
            .map(|id| {
                let found = plan::showing(sources, &HashSet::from([id]), head(&pages))?;
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
    fn what_shows_a_body_is_planned_as_in_the_whole_plan() {
        for (settings, least) in [
            ("", 2),
            ("outputs: { json: true, markdown: true, llms: true }\nfeeds: { limit: 2 }\n", 4),
            ("outputs: { llms: false }\nsearch: off\n", 1),
            ("feeds: { full_text: none }\n", 1),
        ] {
            for [found, whole] in planned(settings).unwrap() {
                assert_eq!(found, whole, "{settings}");
                assert!(whole.len() >= least, "{settings}: {:?}", whole.keys());
            }
        }
    }

    #[test]
    fn a_digest_whose_every_feed_brings_whole_texts_is_planned_as_a_whole() {
        assert!(planned("feeds: { full_text: all }\n").is_none());
    }
}
