//! Fetches the pictures of other hosts that articles show, and stores them beside the articles.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use rayon::prelude::*;
use url::Url;

use crate::config::RawHtml;
use crate::diagnostic::Diagnostic;
use crate::http::Client;
use crate::import::draft::Drafted;
use crate::import::importer::Importer;
use crate::import::input::Input;
use crate::import::options::Update;
use crate::import::pictures::copy::{self, Copied, To};
use crate::import::pictures::fetch::{self, Budget, Fetched};
use crate::import::pictures::remote;
use crate::import::report::Picture;
use crate::import::write::Target;
use crate::load::bundle;

/// Pictures of one article that are fetched.
const MAX_OF_ARTICLE: usize = 100;

/// An article whose file is chosen, and the number that it has among the known ones.
type Decided = (Drafted, Target, usize);

/// The result of one request for one article: the name of the copy, or a reason.
type Outcome = (usize, Result<Option<String>, String>);

impl Importer<'_> {
    /// Lets texts and images name the copies that the folders of their articles have, and with
    /// `--images` fetches the others. Articles that a person edited are left as they are.
    pub(super) fn fetch_pictures(&mut self, inputs: &[&Input], decided: &mut [Decided]) {
        let html = self.config.markdown.html != RawHtml::Text;
        let missing = self.name_copies(decided, html);
        if !(self.options.images || self.config.import.images) {
            let left = missing.iter().map(|(_, urls)| urls.len()).sum::<usize>();
            self.posts.remote_pictures += if self.options.generator.is_some() { left } else { 0 };
            return;
        }
        let (this, articles) = (&*self, &*decided);
        let getting: Vec<(usize, Vec<Url>)> = missing
            .into_par_iter()
            .filter(|(at, _)| this.gets_pictures(&articles[*at].0, &articles[*at].1))
            .collect();
        // The articles that show each picture.
        let mut wanted: Vec<(Url, Vec<usize>)> = Vec::new();
        let mut places: HashMap<Url, usize> = HashMap::new();
        for (at, urls) in getting {
            let (drafted, ..) = &decided[at];
            if urls.len() > MAX_OF_ARTICLE {
                let more = urls.len() - MAX_OF_ARTICLE;
                let message = tr!(
                    "{n} picture not fetched: an article gets the first {MAX_OF_ARTICLE}"
                        | "{n} pictures not fetched: an article gets the first {MAX_OF_ARTICLE}" % more,
                    MAX_OF_ARTICLE
                );
                let place = drafted.draft.start(inputs[drafted.input]);
                self.add_problem(Diagnostic::warning(message).at(place).help(tr!("split the record")));
            }
            for url in urls.into_iter().take(MAX_OF_ARTICLE) {
                let place = *places.entry(url.clone()).or_insert_with(|| {
                    wanted.push((url, Vec::new()));
                    wanted.len() - 1
                });
                wanted[place].1.push(at);
            }
        }
        if self.options.dry_run {
            self.report.would_fetch += wanted.iter().map(|(_, articles)| articles.len()).sum::<usize>();
            return;
        }
        self.fetch_wanted(inputs, decided, &wanted, html);
    }

    /// Lets texts and images name the copies that are in the folders of their articles. Returns the
    /// pictures of other hosts that each article shows otherwise, by the index of the article.
    fn name_copies(&self, decided: &mut [Decided], html: bool) -> Vec<(usize, Vec<Url>)> {
        let shown =
            |drafted: &Drafted| remote::of_article(&drafted.body, drafted.draft.image.as_deref(), html);
        let mut missing = Vec::new();
        for (at, (drafted, target, _)) in decided.iter_mut().enumerate() {
            let mut urls = shown(drafted);
            // What is in the folder of a new article is not from an import of it.
            if !urls.is_empty() && matches!(target, Target::Existing(_)) {
                let names = remote::stored(&self.root.join(bundle::folder(target.file())));
                if !names.is_empty() {
                    set_names(drafted, html, &names);
                    urls = shown(drafted);
                }
            }
            if !urls.is_empty() {
                missing.push((at, urls));
            }
        }
        missing
    }

    /// Says how many pictures of other hosts the posts of an old site show: they are there as long as
    /// these hosts have them.
    pub(super) fn report_remote_pictures(&mut self) {
        if self.posts.remote_pictures == 0 {
            return;
        }
        let message = tr!("{n} picture of other hosts: the articles have links to them"
            | "{n} pictures of other hosts: the articles have links to them" % self.posts.remote_pictures);
        let help = tr!("import with `--images` to fetch them, as long as those hosts have them");
        self.add_problem(Diagnostic::warning(message).help(help));
    }

    /// Fetches each picture once, stores it beside all articles that show it, and lets these name
    /// the copies.
    fn fetch_wanted(
        &mut self,
        inputs: &[&Input],
        decided: &mut [Decided],
        wanted: &[(Url, Vec<usize>)],
        html: bool,
    ) {
        let client = Client::new(&self.config.user_agent(), self.options.allow_private, fetch::TIMEOUTS);
        let urls: Vec<Url> = wanted.iter().map(|(url, _)| url.clone()).collect();
        let replaces = self.options.update == Update::Theirs;
        let to = To { root: self.root, config: self.config, replaces, dry_run: false };
        let outcomes: Mutex<Vec<(usize, Vec<Outcome>)>> = Mutex::default();
        fetch::fetch_all(&client, self.budget.get_or_init(Budget::default), &urls, &|index, fetched| {
            let store = |at: &usize| {
                let outcome = match &fetched {
                    Ok(Fetched::Picture(bytes, ending)) => {
                        let name = format!("{}.{ending}", remote::stem(&urls[index]));
                        let file = copy::file(decided[*at].1.file(), &name);
                        match copy::write(bytes, &file, to) {
                            Ok(Copied::Written | Copied::Same) => Ok(Some(name)),
                            Ok(Copied::Other) => Err(tr!("{file} is another picture", file)),
                            Err(error) => Err(tr!("{file} cannot be written: {error}", file, error)),
                        }
                    }
                    Ok(Fetched::Pixel) => Ok(None),
                    Err(reason) => Err(reason.clone()),
                };
                (*at, outcome)
            };
            let stored: Vec<Outcome> = wanted[index].1.iter().map(store).collect();
            outcomes.lock().unwrap_or_else(PoisonError::into_inner).push((index, stored));
        });
        let mut outcomes = outcomes.into_inner().unwrap_or_else(PoisonError::into_inner);
        outcomes.sort_by_key(|(index, _)| *index);
        let mut names: HashMap<usize, HashMap<String, String>> = HashMap::new();
        for (index, outcomes) in outcomes {
            for (at, outcome) in outcomes {
                let (drafted, target, _) = &decided[at];
                match outcome {
                    Ok(Some(name)) => {
                        let (file, from) = (copy::file(target.file(), &name), urls[index].to_string());
                        let article = target.file().to_owned();
                        self.report.pictures.push(Picture { file, from, article });
                        names.entry(at).or_default().insert(remote::stem(&urls[index]), name);
                    }
                    Ok(None) => {}
                    Err(reason) => {
                        let message = tr!("the picture {} is not fetched: {reason}", urls[index], reason);
                        let place = drafted.draft.start(inputs[drafted.input]);
                        let help = tr!(
                            "the text keeps its address; import again to request it again, or put a picture into the folder of the article"
                        );
                        self.add_problem(Diagnostic::warning(message).at(place).help(help));
                    }
                }
            }
        }
        for (at, names) in names {
            set_names(&mut decided[at].0, html, &names);
        }
    }
}

/// Lets the text and the image of a draft name the copies of its pictures.
fn set_names(drafted: &mut Drafted, html: bool, names: &HashMap<String, String>) {
    let Drafted { draft, body, .. } = drafted;
    let repairs = remote::replace((body, &mut draft.image), html, names, draft.spot.line);
    draft.repairs.extend(repairs);
}
