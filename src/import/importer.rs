//! Runs an import: reads files in bulk, drafts and writes records in batches, and decides for one
//! record after another which article it is.

use std::collections::HashSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::hygiene::near_duplicates::excerpt::Signature;
use crate::import::article_file::{self, Given};
use crate::import::draft::{Draft, Drafted};
use crate::import::existing::ExistingArticles;
use crate::import::fetched::FetchedRecords;
use crate::import::files::{self, Format, Source};
use crate::import::generator::kind::Generator;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::languages::Languages;
use crate::import::old_posts::Posts;
use crate::import::options::Options;
use crate::import::pictures::fetch::Budget;
use crate::import::reader::{self, CleanOptions};
use crate::import::record::{Found, Record, Spot};
use crate::import::repair::{Kind, Repair};
use crate::import::report::{From, Read, Repaired, Report};
use crate::import::trial;
use crate::import::wordpress;
use crate::load::date::Date;
use crate::watchdog::{Task, Watchdog};

/// Records that are drafted and written in parallel at once, and files that are read at once.
const MAX_BATCH_RECORDS: usize = 512;
/// Bytes of files that are read at once. Together with the largest file, this bounds memory.
const MAX_BATCH_BYTES: u64 = 16 << 20;
/// Problems that are listed. Further problems are only counted: they probably have one cause.
const MAX_PROBLEMS: usize = 10_000;

/// The settings and the state of one import run.
pub(super) struct Importer<'a> {
    pub(super) root: &'a Path,
    pub(super) config: &'a Config,
    pub(super) options: &'a Options<'a>,
    /// The date of records that have none (`--date`).
    pub(super) date: Option<Date>,
    pub(super) labels: Labels,
    pub(super) existing: ExistingArticles,
    /// The files that are chosen and not written yet.
    pub(super) unwritten: HashSet<String>,
    /// The identities of the records that update an article and are not written yet.
    pub(super) updating: HashSet<String>,
    pub(super) report: Report,
    pub(super) watchdog: Arc<Watchdog>,
    /// The records that were fetched: read after the input, which a fetch may be writing.
    fetched: OnceLock<FetchedRecords>,
    /// What is left for pictures of other hosts; begins with the first request.
    pub(super) budget: OnceLock<Budget>,
    /// Problems beyond [`MAX_PROBLEMS`].
    unlisted: usize,
    /// The old sites and what is counted of their posts.
    pub(super) posts: Posts,
    /// The languages of the digest.
    pub(super) languages: Languages,
}

/// A decoded file.
struct Loaded<'a> {
    input: Input,
    /// The name of its encoding.
    encoding: &'static str,
    source: &'a Source,
}

/// The index of an input in its batch, and a record that was read from it.
pub(super) type Numbered = (usize, Record);

impl<'a> Importer<'a> {
    /// Reads the articles of the digest. `date` is the date of records that have none; `report`
    /// holds the diagnostics found so far.
    pub(super) fn new(
        root: &'a Path,
        config: &'a Config,
        options: &'a Options<'a>,
        date: Option<Date>,
        report: Report,
    ) -> Self {
        let (labels, existing) = (Labels::of(config), ExistingArticles::read(root, config));
        let watchdog = Arc::new(Watchdog::start(options.on_timeout));
        watchdog.allow(Duration::from_secs(config.limits.timeout_s as u64));
        let (unwritten, updating) = (HashSet::new(), HashSet::new());
        Self {
            root,
            config,
            options,
            date,
            labels,
            existing,
            unwritten,
            updating,
            report,
            watchdog,
            fetched: OnceLock::new(),
            budget: OnceLock::new(),
            unlisted: 0,
            posts: Posts::default(),
            languages: Languages::with_folder(config, options.into),
        }
    }

    /// Imports the records of all sources. `pictures` are those in the folders of posts.
    pub(super) fn run(mut self, sources: &[Source], pictures: Vec<PathBuf>) -> Report {
        self.posts.pictures.listed = pictures;
        let sources = self.ordered(sources);
        self.list_posts(&sources);
        self.choose_files(&sources);
        self.choose_files_of_exports(&sources);
        self.import_sources(&sources);
        self.add_redirects();
        self.report_unused_pictures();
        self.report_remote_pictures();
        self.report_posts();
        if self.unlisted > 0 {
            let message = tr!("{} more problems are not listed", self.unlisted);
            let help = tr!("check that the files have the format that they were read as; `--format` sets it");
            self.report.diagnostics.push(Diagnostic::error(message).help(help));
        }
        self.report
    }

    /// Reads the sources in batches of bounded size and imports each batch.
    fn import_sources(&mut self, sources: &[Source]) {
        let sizes: Vec<u64> = sources.iter().map(Source::size).collect();
        let total: u64 = sizes.iter().sum();
        let (mut done, mut start) = (0, 0);
        while start < sources.len() {
            let mut end = start + 1;
            let mut bytes = sizes[start];
            while end < sources.len()
                && bytes + sizes[end] <= MAX_BATCH_BYTES
                && end - start < MAX_BATCH_RECORDS
            {
                bytes += sizes[end];
                end += 1;
            }
            let read = |source: &Source| source.read(self.options.encoding, &self.watchdog);
            let read: Vec<_> = sources[start..end].par_iter().map(read).collect();
            let mut inputs = Vec::with_capacity(read.len());
            for (result, source) in read.into_iter().zip(&sources[start..end]) {
                match result {
                    Ok((input, encoding)) => inputs.push(Loaded { input, encoding, source }),
                    Err(diagnostic) => {
                        self.report.unreadable += 1;
                        self.report.diagnostics.push(*diagnostic);
                    }
                }
            }
            self.import_inputs(&inputs, (done, total));
            done += bytes;
            self.report_progress(done, total);
            start = end;
        }
    }

    fn report_progress(&self, done: u64, total: u64) {
        if let Some(progress) = self.options.progress {
            progress(done.min(total), total);
        }
    }

    /// Imports the records of decoded inputs, each with the name of its encoding. `done` and
    /// `total` are bytes, for the progress callback.
    fn import_inputs(&mut self, inputs: &[Loaded<'_>], (done, total): (u64, u64)) {
        let mut batch: Vec<Numbered> = Vec::with_capacity(MAX_BATCH_RECORDS);
        let texts: Vec<&Input> = inputs.iter().map(|loaded| &loaded.input).collect();
        let mut before = 0;
        for (number, Loaded { input, encoding, source }) in inputs.iter().enumerate() {
            let of_files = self.options.generator.filter(|generator| generator.has_files());
            if let Some(generator) = of_files {
                self.read_post((number, input, encoding), generator, source, &mut batch);
                if batch.len() == MAX_BATCH_RECORDS {
                    self.import_batch(&texts, std::mem::take(&mut batch));
                }
                before += input.text.len() as u64;
                continue;
            }
            let is_export = self.options.generator.is_some();
            if is_export {
                self.posts.lists.add_export(&input.text);
            }
            let format = match self.options.format {
                _ if is_export => Format::Feed,
                Some(format) => format,
                None => files::format(input),
            };
            if self.options.format.is_none() && !is_export && files::looks_like_post(input) {
                self.report.unreadable += 1;
                self.report.diagnostics.push(
                    Diagnostic::error(tr!("this looks like a post with front matter, not like records"))
                        .at(input.place(Spot { line: 1, start: 0, end: 3 }))
                        .help(tr!("name its generator: `--from hugo`, `zola`, `hexo` or `jekyll`; if the file holds records, use `--format records`")),
                );
                continue;
            }
            let mut records = 0;
            let labels = std::mem::take(&mut self.labels);
            let watchdog = Arc::clone(&self.watchdog);
            for found in files::watched_records(input, format, &labels, &watchdog) {
                match found {
                    Found::Record(mut record) => {
                        records += 1;
                        if is_export && self.is_passed_over(&record) {
                            continue;
                        }
                        if is_export {
                            let left = wordpress::convert(&mut record);
                            self.remove_invalid_feed_id(input, &mut record);
                            self.warn_about_shortcodes(input, &record, &left);
                        }
                        let at = record.spot.end as u64;
                        batch.push((number, record));
                        if batch.len() == MAX_BATCH_RECORDS {
                            self.import_batch(&texts, std::mem::take(&mut batch));
                            self.report_progress(done + before + at, total);
                        }
                    }
                    Found::Problem(problem) => {
                        self.report.refused += usize::from(problem.is_error());
                        self.add_problem(problem);
                    }
                    Found::Outside(repair) => self.add_repairs(&input.name, vec![repair]),
                }
            }
            self.labels = labels;
            let read = Read { file: input.name.clone(), format: format.name(), encoding, records };
            self.report.inputs.push(read);
            before += input.text.len() as u64;
        }
        self.import_batch(&texts, batch);
    }

    pub(super) fn add_problem(&mut self, problem: Diagnostic) {
        if self.report.diagnostics.len() < MAX_PROBLEMS {
            self.report.diagnostics.push(problem);
        } else {
            self.unlisted += 1;
        }
    }

    /// Adds repairs to the report, without those of [`Kind::Form`].
    pub(super) fn add_repairs(&mut self, file: &str, repairs: Vec<Repair>) {
        for Repair { kind, from, to, line } in repairs.into_iter().filter(|repair| repair.kind != Kind::Form)
        {
            let place = From { file: file.to_owned(), line };
            self.report.repaired.push(Repaired { kind, from, to, place });
        }
    }

    /// Drafts the records in parallel, chooses the target of one after another, and writes the
    /// articles in parallel.
    fn import_batch(&mut self, inputs: &[&Input], batch: Vec<Numbered>) {
        let options = CleanOptions { config: self.config, raw: self.options.raw };
        let drafts: Vec<Result<_, Vec<Diagnostic>>> = batch
            .into_par_iter()
            .map(|(input, record)| {
                let _task = self.watchdog.enter(Task::Record(&inputs[input].name, record.spot.line));
                let (mut draft, warnings) = reader::draft(inputs[input], record, options)?;
                if self.options.generator == Some(Generator::WordPress) {
                    self.link_exported(&mut draft);
                }
                draft.set_default_authorship(self.options.ai, self.options.reviewed, self.config);
                let body = article_file::body(&draft);
                let (text, content) = article_file::write(
                    &draft,
                    &body,
                    Given {
                        link: draft.link.as_ref().map(|link| link.canonical.as_str()),
                        ..Given::of(&draft)
                    },
                );
                let article = trial::parse(text, self.config)
                    .map_err(|error| vec![error.at(draft.start(inputs[input]))])?;
                // Of the article as a build reads it, as for the articles of the digest, so that a
                // record is compared in the same way with both.
                let signature = Signature::of(&article.title, &article.excerpt);
                Ok((Drafted { input, draft, body, content, signature }, article, warnings))
            })
            .collect();
        let mut decided = Vec::with_capacity(drafts.len());
        for result in drafts {
            match result {
                Ok((drafted, article, warnings)) => {
                    if self.options.dry_run && self.options.generator.is_some() {
                        self.posts.lists.add_article(article);
                    }
                    warnings.into_iter().for_each(|problem| self.add_problem(problem));
                    self.compare_with_fetched(inputs[drafted.input], &drafted.draft);
                    self.decide(inputs, drafted, &mut decided);
                }
                Err(problems) => {
                    self.report.refused += 1;
                    problems.into_iter().for_each(|problem| self.add_problem(problem));
                }
            }
        }
        self.write(inputs, &mut decided);
    }

    /// Warns of what an annotation got wrong, at the beginning of its record.
    fn compare_with_fetched(&mut self, input: &Input, draft: &Draft) {
        let fetched = self.fetched.get_or_init(|| FetchedRecords::read(self.root, self.config));
        for (message, help) in fetched.warnings(draft) {
            self.add_problem(Diagnostic::warning(message).at(draft.start(input)).help(help));
        }
    }
}
