//! The context of a build: what its stages share, what the caller gets, and what follows the build.

use std::thread::JoinHandle;

use chrono::{DateTime, Utc};

use crate::config::Config;
use crate::fingerprint::Fingerprint;
use crate::load::{Cache, Content, Sources};
use crate::locale::Locale;
use crate::output::{Built, Failure, LastPlan, Output, Survey};
use crate::pipeline::editions::EditionSource;
use crate::pipeline::inputs::Inputs;
use crate::pipeline::options::Options;
use crate::pipeline::report::Report;
use crate::pipeline::stores::Stores;
use crate::plan::Page;
use crate::render::{self, TemplateProblem};
use crate::site::{Bodies, Site};
use crate::watchdog::Watchdog;

/// A built site in memory, for a preview or a check.
pub(crate) struct BuiltSite<'a> {
    /// The settings of the digest in its first language.
    pub(crate) config: &'a Config,
    /// The words of the first language.
    pub(crate) locale: &'a Locale,
    /// The site in the first language.
    pub(crate) site: &'a Site,
    /// The site in each language, the first one included.
    pub(crate) languages: Vec<BuiltLanguage<'a>>,
    /// The pages of all languages.
    pub(crate) pages: &'a [Page<'a>],
    /// Appends the bytes of a page, by its index in `pages`.
    pub(crate) render: &'a RenderPage<'a>,
    /// The editions of the site, for the command that writes one of them.
    pub(crate) editions: &'a dyn EditionSource,
    /// Indices in `pages` of the files that were written.
    pub(crate) written: &'a [usize],
    /// Paths of files that the site no longer has.
    pub(crate) removed: &'a [String],
}

/// The site in one language.
#[derive(Clone, Copy)]
pub(crate) struct BuiltLanguage<'a> {
    pub(crate) config: &'a Config,
    pub(crate) site: &'a Site,
    pub(crate) bodies: &'a Bodies,
}

impl<'a> BuiltSite<'a> {
    /// The languages with texts of their own: those that are not converted from another one.
    pub(crate) fn own_languages(&self) -> impl Iterator<Item = BuiltLanguage<'a>> {
        self.languages.iter().copied().filter(|language| language.config.converted().is_none())
    }
}

/// Renders the page at an index.
pub(crate) type RenderPage<'r> = dyn Fn(usize, &mut Vec<u8>) -> Result<(), TemplateProblem> + Sync + 'r;

/// Called after each build, with the site unless there were errors. Waits for the next change and
/// returns true to build again, or returns false to stop.
pub(crate) type OnBuilt<'f> = dyn FnMut(Report, Option<&BuiltSite<'_>>) -> bool + 'f;

/// Called with everything that was read, before the site is assembled.
pub(crate) type OnLoaded<'f> = dyn FnMut(&Content, &Config) + 'f;

/// The part of the context that is the same for all builds of a run.
pub(super) struct Run<'a> {
    pub(super) options: &'a Options,
    /// `None` if nothing is written.
    pub(super) output: Option<&'a Output>,
    pub(super) watchdog: &'a Watchdog,
}

/// The step that follows a build.
pub(super) enum Next {
    Stop,
    /// Build from these inputs.
    Rebuild(Box<Inputs>),
    /// A file changed while the site was built, or a cache was wrong: build again without caches.
    Retry,
}

/// One build of a run.
pub(super) struct Build<'b, 'f> {
    pub(super) run: &'b Run<'b>,
    pub(super) cache: &'b mut Cache,
    pub(super) stores: &'b mut Stores,
    pub(super) on_built: &'b mut OnBuilt<'f>,
    pub(super) on_loaded: &'b mut OnLoaded<'f>,
    /// True if the build may be repeated when a file changes during it.
    pub(super) may_retry: bool,
}

impl Build<'_, '_> {
    /// Reports a build without a site in memory, and returns what follows.
    pub(super) fn finish(&mut self, report: Report) -> Next {
        match (self.on_built)(report, None) {
            true => Next::Rebuild(Box::new(self.read_inputs())),
            false => Next::Stop,
        }
    }

    pub(super) fn read_inputs(&mut self) -> Inputs {
        Inputs::read(self.run.options, self.cache, self.run.watchdog)
    }

    /// The fingerprint of all inputs: settings and sources. `None` if a source could not be read.
    pub(super) fn key(&self, settings: Fingerprint, sources: &Sources) -> Option<Fingerprint> {
        Some(Fingerprint::of(&(settings, sources.fingerprint(&self.run.options.root)?)))
    }

    /// Fast exit: the counts of the last build if all inputs have its fingerprint, it still holds at
    /// the time `now`, and all its files are unchanged.
    pub(super) fn last_counts(
        &self,
        settings: Fingerprint,
        sources: &Sources,
        now: DateTime<Utc>,
    ) -> Option<Built> {
        self.run.output?.get_built(self.key(settings, sources)?, now)
    }

    /// The plan of the last build, unless this build repeats one that found the caches wrong.
    pub(super) fn last_plan(&self) -> Option<LastPlan> {
        self.run.output.filter(|_| self.may_retry)?.get_planned()
    }

    /// Checks tens of thousands of output files in a thread, in parallel with the stages that
    /// compute.
    pub(super) fn start_survey(&self) -> Option<JoinHandle<Survey>> {
        self.run.output.cloned().map(|output| std::thread::spawn(move || output.survey()))
    }

    /// True if the diagnostics so far do not allow to publish: errors, or warnings with `--strict`.
    pub(super) fn is_stopped_by(&self, report: &Report) -> bool {
        report.errors() > 0 || (self.run.options.strict && !report.diagnostics.is_empty())
    }
}

/// Waits for a survey and returns it; surveys the folder again if the thread panicked.
pub(super) fn joined(survey: JoinHandle<Survey>, output: &Output) -> Survey {
    survey.join().unwrap_or_else(|_| output.survey())
}

/// The report of a build that could not be published.
pub(super) fn failed(mut report: Report, failure: Failure<TemplateProblem>) -> Report {
    match failure {
        Failure::Output(diagnostics) => report.fail(diagnostics),
        Failure::Torn(diagnostics) => {
            report.torn = true;
            report.fail(diagnostics)
        }
        Failure::Render(problems) => report.fail(render::summarise(problems)),
    }
}
