//! newsprint turns a folder of annotated news articles into a digest site, in stages that are functions of plain data:
//!
//! ```text
//! SourceFile ─load→ Article ─site→ Site ─plan→ [Page] ─render→ bytes ─output→ public/
//! ```
//!
//! [`load`] is the only stage that reads the digest, [`output`] the only one that writes the site; what lies between is
//! pure. No stage prints: what is wrong comes back as [`diagnostic::Diagnostic`]s, all of them. [`build`] runs the
//! stages; [`import`] and [`scaffold`] make articles and digests, [`check`] and [`terms`] look after them, outside of a build.

pub mod check;
pub mod cli;
pub mod config;
pub mod diagnostic;
pub mod fields;
pub mod fingerprint;
pub mod han;
pub mod import;
pub mod link;
pub mod load;
pub mod locale;
pub mod output;
pub mod plan;
pub mod render;
pub mod scaffold;
pub mod site;
pub mod terms;
mod verify;
pub mod yaml;

use std::path::{Path, PathBuf};
use std::time::Instant;

use serde::Serialize;

use config::BaseUrl;
use diagnostic::Diagnostic;
use fingerprint::{FORMAT, Fingerprint};
use locale::Locale;
use output::{Built, Failure, Output, Wanted};
use render::Renderer;

pub use verify::verify;

/// What a build is asked to do.
#[derive(Debug, Clone)]
pub struct Options {
    /// The digest's folder.
    pub root: PathBuf,
    /// Another configuration file than `newsprint.yaml` in the root.
    pub config: Option<PathBuf>,
    /// Where the site is written; `public` in the root if not given.
    pub output: Option<PathBuf>,
    /// Instead of the configuration's `base_url`.
    pub base_url: Option<String>,
    /// Build drafts too.
    pub drafts: bool,
    /// Warnings fail the build.
    pub strict: bool,
    /// Take over foreign files that stand where the site wants to write.
    pub force: bool,
}

impl Options {
    /// A plain build of the digest at `root`.
    #[must_use]
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self {
            root: root.into(),
            config: None,
            output: None,
            base_url: None,
            drafts: false,
            strict: false,
            force: false,
        }
    }
}

/// What a build did.
#[derive(Debug, Default, Serialize)]
pub struct Report {
    /// Was the site published (or found to be up to date)?
    pub success: bool,
    /// Did the disk fail while finished files were put in place? Some are then new and the others as they were.
    pub torn: bool,
    /// Articles on the site.
    pub articles: usize,
    /// Articles without a date among them.
    pub undated: usize,
    /// Drafts that were left out.
    pub drafts: usize,
    /// Terms of each taxonomy, in the configuration's order.
    pub terms: Vec<(String, usize)>,
    /// With `--verify`: is the site what a clean build makes?
    pub verified: Option<bool>,

    /// Files of the site.
    pub files: usize,
    /// Files created or replaced.
    pub written: usize,
    /// Files that were left alone.
    pub unchanged: usize,
    /// Files that the site no longer has.
    pub removed: usize,
    /// Milliseconds of each stage.
    pub stages: Vec<(&'static str, f64)>,
    /// What is wrong, in the order of paths and lines.
    pub diagnostics: Vec<Diagnostic>,
}

impl Report {
    fn fail(mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) -> Self {
        self.diagnostics.extend(diagnostics);
        self.close(false)
    }

    fn built(&self) -> Built {
        let Self { articles, undated, drafts, files, .. } = *self;
        Built { articles, undated, drafts, files, terms: self.terms.clone() }
    }

    /// The report of a build that found everything as it has to be.
    fn current(mut self, built: Built) -> Self {
        let Built { articles, undated, drafts, terms, files } = built;
        self.unchanged = files;
        Self { articles, undated, drafts, terms, files, ..self }.close(true)
    }

    /// One line for a person.
    #[must_use]
    pub fn summary(&self, took: std::time::Duration) -> String {
        let errors = self.diagnostics.iter().filter(|diagnostic| diagnostic.is_error()).count();
        let warnings = self.diagnostics.len() - errors;
        if !self.success {
            let why = if errors > 0 {
                count(errors, "error")
            } else {
                format!("{} (--strict)", count(warnings, "warning"))
            };
            if self.verified == Some(false) {
                return format!(
                    "newsprint: built, but not as a clean build would be: {}",
                    count(errors, "difference")
                );
            }
            let state = if self.torn { "is half new: build again when it is mended" } else { "is as it was" };
            return format!("newsprint: not built: {why}; the published folder {state}");
        }
        let proof = if self.verified == Some(true) { "; equal to a clean build" } else { "" };
        let terms: usize = self.terms.iter().map(|(_, terms)| terms).sum();
        let notes = [(self.undated, "undated"), (self.drafts, "left out as drafts")]
            .iter()
            .filter(|(number, _)| *number > 0)
            .map(|(number, what)| format!(", {number} {what}"))
            .collect::<String>();
        let warned = if warnings > 0 { format!("; {}", count(warnings, "warning")) } else { String::new() };
        format!(
            "newsprint: {}{notes}, {}: {} written, {} unchanged, {} removed in {:.2} s{warned}{proof}",
            count(self.articles, "article"),
            count(terms, "term"),
            count(self.written, "file"),
            self.unchanged,
            self.removed,
            took.as_secs_f64()
        )
    }

    fn close(mut self, success: bool) -> Self {
        diagnostic::sort(&mut self.diagnostics);
        self.success = success;
        self
    }
}

/// Builds a digest: reads everything, reports everything that is wrong, and publishes only when nothing is.
#[must_use]
pub fn build(options: &Options) -> Report {
    let folder = options.output.clone().unwrap_or_else(|| options.root.join("public"));
    if let Err(diagnostic) = output::check_place(&options.root, &folder) {
        return Report::default().fail([diagnostic]);
    }
    build_into(options, &folder, &options.root.join(output::STATE))
}

/// Builds into a folder whose place was checked, with notes below `state`.
fn build_into(options: &Options, folder: &Path, state: &Path) -> Report {
    let mut report = Report::default();
    let mut clock = Stopwatch::start();

    let (mut config, diagnostics) = load::configuration(&options.root, options.config.as_deref());
    let mut broken = diagnostics.iter().any(Diagnostic::is_error);
    report.diagnostics.extend(diagnostics);
    if let Some(url) = &options.base_url {
        match BaseUrl::parse(url) {
            Ok(url) => config.base_url = url,
            Err(message) => {
                broken = true;
                let help = "write it as `--base-url https://user.github.io/my-digest/`";
                report.diagnostics.push(Diagnostic::error(message).help(help));
            }
        }
    }
    if options.base_url.is_none() && config.base_url_is_missing && !broken {
        let help = "write `base_url: https://user.github.io/my-digest/`, or build with `--base-url URL`";
        let place = diagnostic::Place::file(config::FILE);
        let message = "`base_url` is missing: feeds, sitemap and canonical links name http://localhost:1111/";
        report.diagnostics.push(Diagnostic::warning(message).at(place).help(help));
    }
    let output = Output::new(&options.root, folder, state, options.force);
    let _lock = match output.lock() {
        Ok(lock) => lock,
        Err(diagnostic) => return report.fail([diagnostic]),
    };
    let mut cache = load::Cache::open(state, &config);
    let mut sources = load::Sources::find(&options.root, &cache);
    let mut theme = load::theme::load(&options.root);
    report.diagnostics.append(&mut theme.diagnostics);
    // Everything that decides the site, so that a build in which nothing changed need not think.
    let theme_key = theme.fingerprint();
    let key = |sources: &load::Sources| {
        let sources = sources.fingerprint(&options.root)?;
        let program = (FORMAT, env!("CARGO_PKG_VERSION"));
        Some(Fingerprint::of(&(program, format!("{config:?}"), options.drafts, theme_key, sources)))
    };
    let clean = report.diagnostics.is_empty();
    clock.lap("look", &mut report);
    if let Some(built) = key(&sources).filter(|_| clean).and_then(|key| output.is_current(key)) {
        clock.lap("compare", &mut report);
        return report.current(built);
    }
    // Looking at tens of thousands of files goes on beside the stages that think.
    let survey = {
        let output = output.clone();
        std::thread::spawn(move || output.survey())
    };
    let mut content = load::content(&options.root, &config, options.drafts, &mut cache, &mut sources);
    report.diagnostics.append(&mut content.diagnostics);
    report.drafts = content.drafts;
    clock.lap("load", &mut report);

    let (locale, diagnostics) = Locale::new(config.language, &theme);
    report.diagnostics.extend(diagnostics);
    let (site, bodies, diagnostics) = site::assemble(content, &config);
    report.diagnostics.extend(diagnostics);
    report.articles = site.articles.len();
    report.undated = site.undated.len();
    report.terms = config
        .taxonomies
        .iter()
        .zip(&site.taxonomies)
        .map(|(taxonomy, terms)| (taxonomy.name.clone(), terms.terms.len()))
        .collect();
    clock.lap("site", &mut report);

    let (connections, kinship) = site::Connections::find(&site, &config, cache.noted("kinship"));
    if let Some(kinship) = kinship {
        cache.note("kinship", &kinship);
    }
    clock.lap("connections", &mut report);

    let views = plan::card::taxonomies(&config, &locale);
    let cards = plan::card::cards(&site, &connections, &views, &config, &locale);
    let (pages, diagnostics) = plan::plan(&site, &connections, &config, &locale, &theme, &cards);
    report.diagnostics.extend(diagnostics);
    clock.lap("plan", &mut report);

    let make_again = |file: &str, digest| load::body(&options.root, &config, file, digest);
    let renderer = match Renderer::new(&theme, &config, &locale, &cards, &make_again) {
        Ok(renderer) => renderer,
        Err(diagnostics) => return report.fail(diagnostics),
    };
    broken |= report.diagnostics.iter().any(Diagnostic::is_error);
    if broken || (options.strict && !report.diagnostics.is_empty()) {
        return report.close(false);
    }
    let theme_fingerprint = renderer.fingerprint();
    let wanted: Vec<Wanted<'_>> = {
        use rayon::prelude::*;
        pages
            .par_iter()
            .map(|page| Wanted {
                path: &page.path,
                fingerprint: page.fingerprint(theme_fingerprint, &bodies),
            })
            .collect()
    };
    report.files = wanted.len();
    clock.lap("fingerprint", &mut report);

    let survey = survey.join().unwrap_or_else(|_| output.survey());
    let published = output.publish(survey, &wanted, |at, bytes| renderer.render(&pages[at], &bodies, bytes));
    clock.lap("render and write", &mut report);
    match published {
        Ok(outcome) => {
            report.written = outcome.written;
            report.unchanged = outcome.unchanged;
            report.removed = outcome.removed;

            if let Some(key) = key(&sources).filter(|_| report.diagnostics.is_empty()) {
                output.note_built(key, &report.built());
            }
            report.close(true)
        }
        Err(Failure::Output(diagnostics)) => report.fail(diagnostics),
        Err(Failure::Torn(diagnostics)) => {
            report.torn = true;
            report.fail(diagnostics)
        }
        Err(Failure::Render(problems)) => report.fail(render::summarise(problems)),
    }
}

/// `1 article`, `2 articles`.
pub(crate) fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}

/// Measures stages for the report; no output depends on it.
struct Stopwatch(Instant);

impl Stopwatch {
    fn start() -> Self {
        Self(Instant::now())
    }

    fn lap(&mut self, stage: &'static str, report: &mut Report) {
        let milliseconds = self.0.elapsed().as_secs_f64() * 1000.0;
        report.stages.push((stage, (milliseconds * 10.0).round() / 10.0));
        self.0 = Instant::now();
    }
}
