//! Decides which article a record is, and what is reported about it.

use crate::diagnostic::{Diagnostic, Place};
use crate::import::date_field;
use crate::import::draft::{Draft, Drafted};
use crate::import::importer::Importer;
use crate::import::input::Input;
use crate::import::known::{Existing, Known};
use crate::import::record::Spot;
use crate::import::report::{Article, From, Kept, Similar};
use crate::import::same_news::Said;
use crate::import::write::{self, Target, Written};
use crate::load::walk;
use crate::yaml::Node;

/// The code of warnings about a link that another article has.
const DUPLICATE_LINK: &str = "duplicate-link";

/// What a draft says, for the comparison with articles of the same link.
fn said(drafted: &Drafted) -> Said {
    let draft = &drafted.draft;
    Said {
        title: draft.title.clone(),
        date: draft.date,
        link: draft.link.clone(),
        signature: drafted.signature,
        record: Some(draft.hash.to_string()),
        authorship: draft.authorship,
    }
}

/// The identity of a draft: its canonical link, or the hash of title and text.
fn identity(draft: &Draft) -> String {
    draft.link.as_ref().map_or_else(|| draft.hash.to_string(), |link| link.canonical.clone())
}

impl Importer<'_> {
    /// Decides which article a draft is, and adds it to `decided`. Articles that the decision
    /// depends on are written before, so that records of one run have the same result as records
    /// of several runs.
    pub(super) fn decide(
        &mut self,
        inputs: &[&Input],
        drafted: Drafted,
        decided: &mut Vec<(Drafted, Target, usize)>,
    ) {
        let said = said(&drafted);
        let identity = identity(&drafted.draft);
        if self.updating.contains(&identity) {
            self.write(inputs, decided);
        }
        if self.existing.known.has_words(&said) {
            self.report.skipped += 1;
            return;
        }
        let input = inputs[drafted.input];
        let from = From { file: input.name.clone(), line: drafted.draft.spot.line };
        match self.existing.known.find(&said) {
            Known::Same(at) => {
                let existing = self.existing.known.get(at).clone();
                if let Some((content, earlier)) = &existing.of_this_run {
                    if *content == drafted.content {
                        self.report.skipped += 1;
                        return;
                    }
                    if existing.imported.is_some() {
                        self.warn_about_newer(input, &drafted.draft, earlier);
                    }
                }
                if self.unwritten.contains(&existing.file) {
                    self.write(inputs, decided);
                }
                self.existing.known.set_of_this_run(at, drafted.content, from);
                self.updating.insert(identity);
                let mut drafted = drafted;
                self.keep_free_aliases(input, &mut drafted.draft, &existing.file);
                self.add_decided(decided, drafted, Target::Existing(Box::new(existing)), at);
            }
            Known::OtherNews(at, false) if self.existing.known.get(at).imported.is_none() => {
                let file = self.existing.known.get(at).file.clone();
                let message = format!(
                    "{file} has the link of this record, but says something else; the record is skipped"
                );
                let help = "import does not change an article that it did not write; to import the record, give one of them another link";
                self.warn_about_link(input, &drafted.draft, message, help);
                self.report.skipped += 1;
            }
            found => {
                if let Known::OtherNews(at, false) = found {
                    let file = self.existing.known.get(at).file.clone();
                    let message = format!(
                        "{file} has the link of this record, but says something else; both are articles"
                    );
                    let help =
                        "if the link is not the page of the article, correct it in the source of the records";
                    self.warn_about_link(input, &drafted.draft, message, help);
                }
                self.add_new(input, drafted, said, from, decided);
            }
        }
    }

    /// Adds a draft as a new article.
    fn add_new(
        &mut self,
        input: &Input,
        mut drafted: Drafted,
        said: Said,
        from: From,
        decided: &mut Vec<(Drafted, Target, usize)>,
    ) {
        let draft = &drafted.draft;
        let date =
            draft.date.or(self.date).or_else(|| date_field::of_path(&input.name, self.config.timezone));
        let name = self.existing.free_name(draft, &identity(draft), date);
        let file = walk::shown(self.root, &self.options.into.join(name));
        let like =
            self.existing.near_duplicates.find(&draft.title, drafted.signature.as_ref()).map(str::to_owned);
        self.existing.near_duplicates.add(&file, &draft.title, drafted.signature);
        self.keep_free_aliases(input, &mut drafted.draft, &file);
        let at = self.existing.known.add(Existing {
            file: file.clone(),
            imported: Some(String::new()),
            said: Said { date, ..said },
            of_this_run: Some((drafted.content, from)),
        });
        self.add_decided(decided, drafted, Target::New { file, date, like }, at);
    }

    fn add_decided(
        &mut self,
        decided: &mut Vec<(Drafted, Target, usize)>,
        drafted: Drafted,
        target: Target,
        at: usize,
    ) {
        self.unwritten.insert(target.file().to_owned());
        decided.push((drafted, target, at));
    }

    /// Warns that a record replaces an earlier one of this run.
    fn warn_about_newer(&mut self, input: &Input, draft: &Draft, earlier: &From) {
        let shared = if draft.link.is_some() { "link" } else { "title and text" };
        let (file, line) = (&earlier.file, earlier.line);
        let message = format!(
            "this record has the same {shared} as {file}:{line}; it counts as a newer version of that record"
        );
        let help = "if it is another article, give it a title and a link of its own";
        self.warn_about_link(input, draft, message, help);
    }

    fn warn_about_link(&mut self, input: &Input, draft: &Draft, message: String, help: &str) {
        let place = draft.start(input);
        self.add_problem(Diagnostic::warning(message).coded(DUPLICATE_LINK).at(place).help(help));
    }

    /// Writes the decided articles and reports them.
    pub(super) fn write(&mut self, inputs: &[&Input], decided: &mut Vec<(Drafted, Target, usize)>) {
        if decided.is_empty() {
            return;
        }
        let written =
            write::write_all((self.root, self.config), decided, self.options.update, self.options.dry_run);
        for ((drafted, target, at), written) in decided.drain(..).zip(written) {
            if matches!(written, Written::Updated) {
                self.existing.known.update(at, said(&drafted));
            }
            self.report_outcome(inputs[drafted.input], drafted, &target, written);
        }
        self.unwritten.clear();
        self.updating.clear();
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
