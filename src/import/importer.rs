//! Runs an import: reads files in bulk, drafts and writes records in batches, and decides for one
//! record after another which article it is.

use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use rayon::prelude::*;

use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::fingerprint::Fingerprint;
use crate::hygiene::near_duplicates::excerpt::Signature;
use crate::import::article_file::{self, Given};
use crate::import::date_field;
use crate::import::draft::{Draft, Drafted};
use crate::import::existing::ExistingArticles;
use crate::import::files::{self, Source};
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::options::Options;
use crate::import::reader::{self, CleanOptions};
use crate::import::record::{Found, Record, Spot};
use crate::import::repair::{Kind, Repair};
use crate::import::report::{Article, From, Kept, Read, Repaired, Report, Similar};
use crate::import::write::{self, Target, Written};
use crate::load::date::Date;
use crate::load::{article, source, walk};
use crate::watchdog::{Task, Watchdog};
use crate::yaml::Node;

/// Records that are drafted and written in parallel at once, and files that are read at once.
const MAX_BATCH_RECORDS: usize = 512;
/// Bytes of files that are read at once. Together with the largest file, this bounds memory.
const MAX_BATCH_BYTES: u64 = 16 << 20;
/// Problems that are listed. Further problems are only counted: they probably have one cause.
const MAX_PROBLEMS: usize = 10_000;

/// The settings and the state of one import run.
pub(super) struct Importer<'a> {
    root: &'a Path,
    config: &'a Config,
    options: &'a Options<'a>,
    /// The date of records that have none (`--date`).
    date: Option<Date>,
    labels: Labels,
    existing: ExistingArticles,
    /// The articles of this run by identity (the canonical link, or the hash of title and text):
    /// the fingerprint of each article's content, and the place of its record.
    taken: HashMap<String, (Fingerprint, From)>,
    report: Report,
    watchdog: Arc<Watchdog>,
    /// Problems beyond [`MAX_PROBLEMS`].
    unlisted: usize,
}

/// The index of an input in its batch, and a record that was read from it.
type Numbered = (usize, Record);

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
        let taken = HashMap::new();
        Self { root, config, options, date, labels, existing, taken, report, watchdog, unlisted: 0 }
    }

    /// Imports the records of all sources.
    pub(super) fn run(mut self, sources: &[Source]) -> Report {
        self.import_sources(sources);
        if self.unlisted > 0 {
            let message = format!("{} more problems are not listed", self.unlisted);
            let help = "check that the files have the format that they were read as; `--format` sets it";
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
            for result in read {
                match result {
                    Ok(input) => inputs.push(input),
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
    fn import_inputs(&mut self, inputs: &[(Input, &'static str)], (done, total): (u64, u64)) {
        let mut batch: Vec<Numbered> = Vec::with_capacity(MAX_BATCH_RECORDS);
        let texts: Vec<&Input> = inputs.iter().map(|(input, _)| input).collect();
        for (number, (input, encoding)) in inputs.iter().enumerate() {
            let format = self.options.format.unwrap_or_else(|| files::format(input));
            if self.options.format.is_none() && files::looks_like_post(input) {
                self.report.unreadable += 1;
                self.report.diagnostics.push(
                    Diagnostic::error("this looks like a post with front matter, not like records")
                        .at(input.place(Spot { line: 1, start: 0, end: 3 }))
                        .help("name its generator: `--from hugo`, `zola`, `hexo` or `jekyll`; if the file holds records, use `--format records`"),
                );
                continue;
            }
            let mut records = 0;
            let labels = std::mem::take(&mut self.labels);
            let watchdog = Arc::clone(&self.watchdog);
            for found in files::watched_records(input, format, &labels, &watchdog) {
                match found {
                    Found::Record(record) => {
                        records += 1;
                        let at = record.spot.end as u64;
                        batch.push((number, record));
                        if batch.len() == MAX_BATCH_RECORDS {
                            self.import_batch(&texts, std::mem::take(&mut batch));
                            self.report_progress(done + at, total);
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
        }
        self.import_batch(&texts, batch);
    }

    fn add_problem(&mut self, problem: Diagnostic) {
        if self.report.diagnostics.len() < MAX_PROBLEMS {
            self.report.diagnostics.push(problem);
        } else {
            self.unlisted += 1;
        }
    }

    /// Adds repairs to the report, without those of [`Kind::Form`].
    fn add_repairs(&mut self, file: &str, repairs: Vec<Repair>) {
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
        let drafts: Vec<_> = batch
            .into_par_iter()
            .map(|(input, record)| {
                let _task = self.watchdog.enter(Task::Record(&inputs[input].name, record.spot.line));
                let (mut draft, mut warnings) = reader::draft(inputs[input], record, options)?;
                warnings.extend(self.add_old_address(inputs[input], &mut draft));
                let body = article_file::body(&draft);
                let (text, content) = article_file::write(
                    &draft,
                    &body,
                    Given { date: draft.date, link: draft.link.as_ref().map(|link| link.canonical.as_str()) },
                );
                if let Some(error) = self.build_error(text) {
                    let end = draft.spot.start.saturating_add(60).min(draft.spot.end);
                    return Err(vec![error.at(inputs[input].place(Spot { end, ..draft.spot }))]);
                }
                let signature = Signature::of(&draft.title, &draft.lead());
                Ok((Drafted { input, draft, body, content, signature }, warnings))
            })
            .collect();
        let mut decided = Vec::with_capacity(drafts.len());
        for result in drafts {
            match result {
                Ok((drafted, warnings)) => {
                    warnings.into_iter().for_each(|problem| self.add_problem(problem));
                    decided.extend(self.choose_target(inputs, drafted));
                }
                Err(problems) => {
                    self.report.refused += 1;
                    problems.into_iter().for_each(|problem| self.add_problem(problem));
                }
            }
        }
        let (update, dry_run) = (self.options.update, self.options.dry_run);
        let written = write::write_all((self.root, self.config), &decided, update, dry_run);
        for ((drafted, target), written) in decided.into_iter().zip(written) {
            self.report_outcome(inputs[drafted.input], drafted, &target, written);
        }
    }

    /// Adds the address that a post had on its old site to the aliases. Returns a warning if the
    /// address cannot be an alias.
    fn add_old_address(&self, input: &Input, draft: &mut Draft) -> Option<Diagnostic> {
        let scheme = self.options.scheme?;
        let address = scheme.address(draft).map(|address| address.trim_end_matches("index.html").to_owned());
        match address.as_deref().map(crate::paths::alias) {
            Some(Some(alias)) => {
                if !draft.aliases.contains(&alias) {
                    draft.aliases.push(alias);
                }
                None
            }
            found => {
                let message = match found {
                    None => "this post has no date, which its old address needs".to_owned(),
                    Some(_) => format!("`{}` cannot be an alias", address.unwrap_or_default()),
                };
                Some(
                    Diagnostic::warning(message)
                        .at(input.place(Spot { end: draft.spot.start, ..draft.spot }))
                        .help("if its old address is still in use, write it into `aliases:` of the article"),
                )
            }
        }
    }

    /// Returns the error with which a build would refuse this article. Reported here, it points at
    /// the record; otherwise the next build would fail.
    fn build_error(&self, text: String) -> Option<Diagnostic> {
        let limit = self.config.limits.file_bytes;
        if text.len() > limit {
            let (size, limit) = (text.len() >> 10, limit >> 10);
            return Some(
                Diagnostic::error(format!("this record makes a file of {size} KB; the limit is {limit} KB"))
                    .help("split it, or raise `limits: {file_kb: …}` in newsprint.yaml"),
            );
        }
        let problems = match source::split("record.md", Fingerprint::default(), text) {
            Ok(source) => article::parse_article(&source, self.config).1,
            Err(problem) => vec![*problem],
        };
        let problem = problems.into_iter().find(Diagnostic::is_error)?;
        let error =
            Diagnostic::error(format!("this record does not make a valid article: {}", problem.message));
        Some(match problem.help {
            Some(help) => error.help(help),
            None => error,
        })
    }

    /// Chooses the file of a draft. `None` if the draft is skipped or refused, because this run or
    /// the digest has its article already.
    fn choose_target(&mut self, inputs: &[&Input], drafted: Drafted) -> Option<(Drafted, Target)> {
        let mut drafted = drafted;
        let draft = &drafted.draft;
        let input = inputs[drafted.input];
        let linked = draft.link.as_ref().map(|link| link.canonical.clone());
        let shared = if linked.is_some() { "link" } else { "title and text" };
        let identity = linked.unwrap_or_else(|| draft.hash.to_string());
        if let Some((content, from)) = self.taken.get(&identity) {
            if *content == drafted.content {
                self.report.skipped += 1;
            } else {
                self.report.refused += 1;
                let (file, line) = (&from.file, from.line);
                let message =
                    format!("this record has the same {shared} as {file}:{line}, but different content");
                let end = draft.spot.start.saturating_add(60).min(draft.spot.end);
                self.report.diagnostics.push(
                    Diagnostic::error(message)
                        .at(input.place(Spot { end, ..draft.spot }))
                        .help("give it the link of its own article; if it is a newer version, import it by itself afterwards"),
                );
            }
            return None;
        }
        if self.existing.has_words(draft) {
            self.report.skipped += 1;
            return None;
        }
        self.existing.add_words(draft);
        let from = From { file: input.name.clone(), line: draft.spot.line };
        self.taken.insert(identity.clone(), (drafted.content, from));
        if let Some(existing) = self.existing.get(draft) {
            self.keep_free_aliases(input, &mut drafted.draft, &existing.file);
            return Some((drafted, Target::Existing(Box::new(existing))));
        }
        let date =
            draft.date.or(self.date).or_else(|| date_field::of_path(&input.name, self.config.timezone));
        let name = self.existing.free_name(draft, &identity, date);
        let file = walk::shown(self.root, &self.options.into.join(name));
        let like =
            self.existing.near_duplicates.find(&draft.title, drafted.signature.as_ref()).map(str::to_owned);
        self.existing.near_duplicates.add(&file, &draft.title, drafted.signature);
        self.keep_free_aliases(input, &mut drafted.draft, &file);
        Some((drafted, Target::New { file, date, like }))
    }

    /// Removes the old addresses that another page has, with a warning, and keeps them under
    /// `extra`.
    fn keep_free_aliases(&mut self, input: &Input, draft: &mut Draft, file: &str) {
        if draft.aliases.is_empty() {
            return;
        }
        let (free, refused) =
            self.existing.free_aliases(std::mem::take(&mut draft.aliases), file, self.config);
        draft.aliases = free;
        if !refused.is_empty() {
            let message = format!(
                "another page has the old address `/{}/`; it is kept under `extra`",
                refused.join("/`, `/")
            );
            self.report.diagnostics.push(
                Diagnostic::warning(message)
                    .at(input.place(Spot { end: draft.spot.start, ..draft.spot }))
                    .help("an address can belong to one article only"),
            );
            let name = if draft.extra.iter().any(|(name, _)| name == "aliases") {
                "aliases_taken"
            } else {
                "aliases"
            };
            let refused = refused.into_iter().map(Node::Text).collect();
            draft.extra.push((name.to_owned(), Node::List(refused)));
        }
    }

    /// Adds the outcome of one article to the report.
    fn report_outcome(&mut self, input: &Input, drafted: Drafted, target: &Target, written: Written) {
        let from = From { file: input.name.clone(), line: drafted.draft.spot.line };
        let file = target.file().to_owned();
        match written {
            Written::New => {
                if let Target::New { date, like, .. } = target {
                    self.report.undated += usize::from(date.is_none());
                    self.report.similar.extend(like.clone().map(|like| Similar { file: file.clone(), like }));
                }
                self.report.imported.push(Article { file, from });
            }
            Written::Updated => self.report.updated.push(Article { file, from }),
            Written::Unchanged => {
                self.report.skipped += 1;
                return;
            }
            Written::Kept { reason, diff } => {
                self.report.kept.push(Kept { file, from, reason, diff });
                return;
            }
            Written::Failed(error) => {
                self.report.refused += 1;
                self.report.diagnostics.push(
                    Diagnostic::error(format!("this article cannot be written: {error}"))
                        .at(Place::file(&file))
                        .help("free disk space, or make the file and its folder writable, and import again: existing articles are skipped"),
                );
                return;
            }
        }
        self.add_repairs(&input.name, drafted.draft.repairs);
    }
}
