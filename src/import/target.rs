//! Decides which article a record is, and what is reported about it.

use std::collections::HashSet;

use crate::diagnostic::{Diagnostic, Place};
use crate::import::date_field;
use crate::import::draft::{Draft, Drafted};
use crate::import::existing::Taken;
use crate::import::fetched::FETCHED;
use crate::import::importer::Importer;
use crate::import::input::Input;
use crate::import::known::{Existing, Known};
use crate::import::record::Spot;
use crate::import::report::{Article, From, Kept, Similar};
use crate::import::same_news::Said;
use crate::import::translated::Chosen;
use crate::import::write::{self, Target, Written};
use crate::load::date::Date;
use crate::site::Address;
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

/// The identity of a draft: the place and the site of a post, its canonical link, or the hash of title and text.
pub(super) fn identity(draft: &Draft) -> String {
    if let Some(post) = &draft.post {
        return match &draft.site {
            Some(site) => format!("{post} {site}"),
            None => post.clone(),
        };
    }
    draft.link.as_ref().map_or_else(|| draft.hash.to_string(), |link| link.canonical.clone())
}

/// True for a record as `newsprint fetch` writes it: the article of its annotated form has more.
fn is_before_annotation(draft: &Draft) -> bool {
    draft.event.is_none() && is_fetched(draft)
}

/// True for a record of `newsprint fetch`, annotated or not.
fn is_fetched(draft: &Draft) -> bool {
    draft.extra.iter().any(|(name, _)| name == FETCHED)
}

/// True if a record was fetched from another source than that of an article: a source must not
/// change the articles of another one by giving its entries their links.
fn is_of_another_source(draft: &Draft, existing: &Existing) -> bool {
    let is_other = |source: &String| !existing.source.is_empty() && *source != existing.source;
    is_fetched(draft) && draft.source.as_ref().is_some_and(is_other)
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
        if drafted.draft.post.is_none() && self.existing.known.has_words(&said) {
            self.report.skipped += 1;
            return;
        }
        let input = inputs[drafted.input];
        let from = From { file: input.name.clone(), line: drafted.draft.spot.line };
        let found = self.find(&drafted.draft, &said);
        match found {
            Known::Same(at) => {
                let existing = self.existing.known.get(at).clone();
                if is_of_another_source(&drafted.draft, &existing) {
                    let (file, source) = (&existing.file, &existing.source);
                    let message = tr!(
                        "{file} of `{source}` has the link of this record; the record is skipped",
                        file,
                        source
                    );
                    let help = tr!(
                        "a source changes no article of another source; remove that file to import this record"
                    );
                    self.warn_about_link(input, &drafted.draft, message, help);
                    self.report.skipped += 1;
                    return;
                }
                if existing.has_event && is_before_annotation(&drafted.draft) {
                    self.report.skipped += 1;
                    return;
                }
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
                // An old address that a record names no more can still be in use.
                let mut aliases = existing.aliases.clone();
                aliases.extend(std::mem::take(&mut drafted.draft.aliases));
                let mut seen = HashSet::new();
                aliases.retain(|alias| seen.insert(alias.clone()));
                drafted.draft.aliases = aliases;
                let is_of_name = self.existing.is_named(&existing.file, &existing.slug);
                if self.languages.are_several() && drafted.draft.post.is_some() && !is_of_name {
                    drafted.draft.own_slug = Some(existing.slug.clone());
                }
                let own = (existing.file.as_str(), existing.slug.as_str());
                self.keep_free_aliases(input, &mut drafted.draft, own);
                self.existing.known.set_aliases(at, drafted.draft.aliases.clone());
                self.add_decided(decided, drafted, Target::Existing(Box::new(existing)), at);
            }
            Known::OtherNews(at, false) if self.existing.known.get(at).imported.is_none() => {
                let file = self.existing.known.get(at).file.clone();
                let message = tr!(
                    "{file} has the link of this record, but says something else; the record is skipped",
                    file
                );
                let help = tr!(
                    "import does not change an article that it did not write; to import the record, give one of them another link"
                );
                self.warn_about_link(input, &drafted.draft, message, help);
                self.report.skipped += 1;
            }
            found => {
                if let Known::OtherNews(at, false) = found {
                    let file = self.existing.known.get(at).file.clone();
                    let message = tr!(
                        "{file} has the link of this record, but says something else; both are articles",
                        file
                    );
                    let help = tr!(
                        "if the link is not the page of the article, correct it in the source of the records"
                    );
                    self.warn_about_link(input, &drafted.draft, message, help);
                }
                self.add_new(input, drafted, said, from, decided);
            }
        }
    }

    /// Finds the article of a draft.
    pub(super) fn find(&mut self, draft: &Draft, said: &Said) -> Known {
        let Some(post) = &draft.post else { return self.existing.known.find(said) };
        let (there, languages) = (&self.posts.there, &self.languages);
        let own = draft.language.unwrap_or(languages.into);
        // A translation can have the same link, and even the same text.
        let is_translation = |article: &Existing| languages.split(&article.file).1 != own;
        let place = (post.as_str(), draft.site.as_deref());
        let is_other = |article: &Existing| there.has(article) || is_translation(article);
        match self.existing.known.find_post(place, said, is_other) {
            Known::OtherNews(at, _) if is_translation(self.existing.known.get(at)) => Known::New,
            found => found,
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
        let date = self.date_of(input, draft);
        let chosen = draft.post.as_ref().and_then(|_| self.posts.files.remove(&identity(draft)));
        let Chosen { file, slug: own_slug } = chosen.unwrap_or_else(|| self.new_file(input, draft));
        drafted.draft.own_slug.clone_from(&own_slug);
        let slug = own_slug.unwrap_or_else(|| self.existing.slug_of(&file));
        let draft = &drafted.draft;
        let like =
            self.existing.near_duplicates.find(&draft.title, drafted.signature.as_ref()).map(str::to_owned);
        self.existing.near_duplicates.add(&file, &draft.title, drafted.signature);
        self.keep_free_aliases(input, &mut drafted.draft, (&file, &slug));
        self.keep_free_feed_id(input, &mut drafted.draft, (&file, &slug));
        let at = self.existing.known.add(Existing {
            file: file.clone(),
            imported: Some(String::new()),
            said: Said { date, ..said },
            aliases: drafted.draft.aliases.clone(),
            feed_id: drafted.draft.feed_id.clone(),
            slug,
            post: drafted.draft.post.clone(),
            translation: None,
            site: drafted.draft.site.clone(),
            host: None,
            names: Vec::new(),
            has_event: drafted.draft.event.is_some(),
            source: drafted.draft.source.clone().unwrap_or_default(),
            of_this_run: Some((drafted.content, from)),
        });
        self.add_decided(decided, drafted, Target::New { file, date, like }, at);
    }

    /// The date of a new article: of the record, of `--date`, or of the input's path.
    pub(super) fn date_of(&self, input: &Input, draft: &Draft) -> Option<Date> {
        draft.date.or(self.date).or_else(|| date_field::of_path(&input.name, self.config.timezone))
    }

    /// What a draft says before its text is rendered.
    pub(super) fn said_of(draft: &Draft) -> Said {
        Said {
            title: draft.title.clone(),
            date: draft.date,
            link: draft.link.clone(),
            signature: None,
            record: Some(draft.hash.to_string()),
            authorship: draft.authorship,
        }
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
        let (file, line) = (&earlier.file, earlier.line);
        let message = match &draft.link {
            Some(_) => tr!(
                "this record has the same link as {file}:{line}; it counts as a newer version of that record",
                file,
                line
            ),
            None => tr!(
                "this record has the same title and text as {file}:{line}; it counts as a newer version of that record",
                file,
                line
            ),
        };
        let help = tr!("if it is another article, give it a title and a link of its own");
        self.warn_about_link(input, draft, message, help);
    }

    fn warn_about_link(&mut self, input: &Input, draft: &Draft, message: String, help: String) {
        let place = draft.start(input);
        self.add_problem(Diagnostic::warning(message).coded(DUPLICATE_LINK).at(place).help(help));
    }

    /// Writes the decided articles and reports them.
    pub(super) fn write(&mut self, inputs: &[&Input], decided: &mut Vec<(Drafted, Target, usize)>) {
        if decided.is_empty() {
            return;
        }
        self.fetch_pictures(inputs, decided);
        self.copy_pictures(inputs, decided);
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
    /// `extra`. `own` is the file and the slug of the article.
    fn keep_free_aliases(&mut self, input: &Input, draft: &mut Draft, own: (&str, &str)) {
        if draft.aliases.is_empty() {
            return;
        }
        let (free, mut refused) =
            self.existing.free_aliases(std::mem::take(&mut draft.aliases), own, self.config);
        draft.aliases = free;
        if refused.is_empty() {
            return;
        }
        refused.sort_by(|(_, a), (_, b)| a.cmp(b));
        for taken in refused.chunk_by(|(_, a), (_, b)| a == b) {
            let shown = |(alias, _): &(String, Taken)| {
                let end = if alias.ends_with(".html") { "" } else { "/" };
                format!("`/{alias}{end}`")
            };
            let addresses = taken.iter().map(shown).collect::<Vec<_>>().join(&tr!("list" => ", "));
            let owner = match &taken[0].1 {
                Taken::By(file) if file == own.0 => tr!("this article itself"),
                Taken::By(file) => file.clone(),
                Taken::ByArticle => tr!("another article"),
                Taken::ByDigest => tr!("a page that every digest has"),
                Taken::ByStaticFile => tr!("a static file"),
            };
            let message = tr!(
                "the old address {addresses} collides with {owner}; it is kept under `extra`",
                addresses,
                owner
            );
            self.add_problem(
                Diagnostic::warning(message)
                    .at(input.place(Spot { end: draft.spot.start, ..draft.spot }))
                    .help(tr!("an address can belong to one article only")),
            );
        }
        let name =
            if draft.extra.iter().any(|(name, _)| name == "aliases") { "aliases_taken" } else { "aliases" };
        let refused = refused.into_iter().map(|(alias, _)| Node::Text(alias)).collect();
        draft.extra.push((name.to_owned(), Node::List(refused)));
    }

    /// Removes the id in feeds if it is the one that the article has without it, or, with a warning,
    /// that of another article. `own` is the file and the slug of the article.
    fn keep_free_feed_id(&mut self, input: &Input, draft: &mut Draft, (file, slug): (&str, &str)) {
        let Some(id) = draft.feed_id.take() else { return };
        let prefix = self.languages.prefix(self.languages.split(file).1);
        let language = Some(prefix.trim_end_matches('/')).filter(|tag| !tag.is_empty());
        let parts: Vec<&str> = language.into_iter().chain(["articles", slug]).collect();
        let address = Address::new(&parts, self.config);
        if self.config.feeds.id(&address.permalink, &self.config.base_url) == id {
            return;
        }
        let Some(owner) = self.existing.take_feed_id(&id, file) else {
            draft.feed_id = Some(id);
            return;
        };
        let message = tr!("the id `{id}` of this post in the old feed is that of {owner}, too", id, owner);
        self.add_problem(
            Diagnostic::warning(message).at(input.place(Spot { end: draft.spot.start, ..draft.spot })).help(
                tr!("readers of the old feed can see this article as new; an id can belong to one article only"),
            ),
        );
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
                self.report.kept.push(Kept { file, from, reason: tr!(reason), diff });
                return;
            }
            Written::Failed(error) => {
                self.report.refused += 1;
                self.report.diagnostics.push(
                    Diagnostic::error(tr!("this article cannot be written: {error}", error))
                        .at(Place::file(&file))
                        .help(tr!("free disk space, or make the file and its folder writable, and import again: existing articles are skipped")),
                );
                return;
            }
        }
        self.add_repairs(&input.name, drafted.draft.repairs);
    }
}
