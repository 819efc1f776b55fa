//! Chooses the files of the articles that posts become, before the first one is written. Posts that
//! are translations of each other in the old site get files that are so in the digest.

use std::path::Path;
use std::sync::Arc;

use rayon::prelude::*;

use crate::diagnostic::Diagnostic;
use crate::import::draft::Draft;
use crate::import::files::Source;
use crate::import::generator::kind::Generator;
use crate::import::generator::language::path_of;
use crate::import::generator::place::{self, Place};
use crate::import::generator::site::Site;
use crate::import::generator::translation;
use crate::import::importer::Importer;
use crate::import::input::Input;
use crate::import::known::{Existing, Known};
use crate::import::naming::Naming;
use crate::import::passed_over;
use crate::import::post::Reading;
use crate::import::reader::{self, CleanOptions};
use crate::import::record::{Found, Spot};
use crate::import::target::identity;
use crate::import::translated::{Chosen, Translated};
use crate::load::walk;
use crate::yaml::Node;

/// The other names of a note of Obsidian, which are kept under `extra`.
fn names_of(draft: &Draft) -> Vec<String> {
    let names = draft.extra.iter().find(|(name, _)| name == "aliases");
    match names {
        Some((_, Node::List(items))) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// A post whose file is chosen: its input, its draft and its old addresses.
type Planned = (Input, Draft, Vec<String>);

/// A file with its place, its site, and the number of its language as far as it is known.
type Placed<'a> = (&'a Source, Place, Arc<Site>, Option<usize>);

/// Posts that are read at once for the choice of their files.
const MAX_PLANNED_POSTS: usize = 64;

/// The number of no language, for a file that is no article.
const NO_LANGUAGE: usize = usize::MAX;

impl Importer<'_> {
    /// Chooses the files of all posts of folders before the first one is written, so that links
    /// lead to them. The posts in the default language come first: translations have their names.
    pub(super) fn choose_files(&mut self, sources: &[Source]) {
        let Some(generator) = self.options.generator.filter(|generator| generator.has_files()) else {
            return;
        };
        if self.languages.are_several() {
            self.add_known_translations(generator);
        }
        // Others may be pipes, which can be read once.
        let files: Vec<&Source> = sources.iter().filter(|source| source.is_file()).collect();
        let mut spoken: Vec<Option<usize>> = vec![None; files.len()];
        for language in 0..self.languages.count() {
            for (files, spoken) in files.chunks(MAX_PLANNED_POSTS).zip(spoken.chunks_mut(MAX_PLANNED_POSTS)) {
                self.choose_files_of(generator, (files, spoken), language);
            }
        }
        self.add_known_targets(generator);
    }

    /// Chooses the files of the posts in a language. `spoken` are the languages of the files.
    fn choose_files_of(
        &mut self,
        generator: Generator,
        (files, spoken): (&[&Source], &mut [Option<usize>]),
        language: usize,
    ) {
        let placed: Vec<Placed<'_>> = files
            .iter()
            .zip(&*spoken)
            .map(|(source, spoken)| {
                let (place, site, _) = self.place_of(generator, source);
                (*source, place, site, *spoken)
            })
            .collect();
        let this = &*self;
        let drafted: Vec<Option<Planned>> = placed
            .par_iter()
            .map(|(source, place, site, spoken)| {
                let is_asked = spoken.is_none_or(|spoken| spoken == language);
                is_asked.then(|| this.plan_post(source, place, site)).flatten()
            })
            .collect();
        for (((_, place, ..), planned), spoken) in placed.iter().zip(drafted).zip(spoken) {
            let Some((input, draft, addresses)) = planned else {
                spoken.get_or_insert(NO_LANGUAGE);
                continue;
            };
            let own = draft.language.unwrap_or(self.languages.into);
            *spoken = Some(own);
            if own != language {
                continue;
            }
            let file = self.file_of(&input, &draft);
            let targets = self.posts.targets.entry(place.site.clone()).or_default();
            targets.add(place, &draft.title, &addresses, &file);
            targets.add_names(&place.identity(), &names_of(&draft));
        }
    }

    /// Adds the articles of earlier imports, so that the import of a part of a site leads links to
    /// the other posts, too.
    pub(super) fn add_known_targets(&mut self, generator: Generator) {
        for (site, targets) in &mut self.posts.targets {
            for article in self.existing.known.posts_of(generator.name(), site.as_deref()) {
                let Some(post) = &article.post else { continue };
                targets.add_known(post, &article.said.title, &article.aliases, &article.file);
                targets.add_names(post, &article.names);
            }
        }
    }

    /// Adds the articles of earlier imports, beside which their translations are written.
    fn add_known_translations(&mut self, generator: Generator) {
        for site in self.posts.targets.keys() {
            for article in self.existing.known.posts_of(generator.name(), site.as_deref()) {
                let Existing { post: Some(post), file, translation: field, .. } = article else { continue };
                let (base, at) = self.languages.split(file);
                let field = field.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
                let tag = self.languages.tag(at);
                let stem = path_of(post).and_then(|path| Path::new(path).file_stem()?.to_str());
                let name = place::split_date(stem.unwrap_or_default()).0;
                let found = Translated { base, name: name.to_owned() };
                for key in translation::keys_of_article(generator, (post, &tag), field) {
                    self.posts.translations.entry((site.clone(), key)).or_insert_with(|| found.clone());
                }
            }
        }
    }

    /// Reads a post for the choice of its file; `None` if it is not imported.
    fn plan_post(&self, source: &Source, place: &Place, site: &Site) -> Option<Planned> {
        if passed_over::reason(place, site, source).is_some() {
            return None;
        }
        let (input, _) = source.read(self.options.encoding, &self.watchdog).ok()?;
        let Reading { found, addresses, other_language, .. } = self.read_one(&input, place, site);
        let Found::Record(record) = found else { return None };
        if other_language.is_some() {
            return None;
        }
        let options = CleanOptions { config: self.config, raw: self.options.raw };
        let (draft, _) = reader::draft(&input, record, options).ok()?;
        Some((input, draft, addresses))
    }

    /// The file of the article that a post is, or becomes.
    pub(super) fn file_of(&mut self, input: &Input, draft: &Draft) -> String {
        if draft.post.is_none() {
            return String::new();
        }
        let place = draft.post.as_deref().filter(|_| draft.link.is_some());
        let known = match place {
            Some(post) => self.existing.known.of_place(post, draft.site.as_deref()),
            None => match self.find(draft, &Self::said_of(draft)) {
                Known::Same(at) => Some(at),
                _ => None,
            },
        };
        if let Some(at) = known {
            let file = self.existing.known.get(at).file.clone();
            self.add_translation(draft, &file);
            return file;
        }
        let chosen = self.new_file(input, draft);
        let file = chosen.file.clone();
        self.posts.files.insert(identity(draft), chosen);
        file
    }

    /// Chooses the file of a new article. No other article gets it.
    pub(super) fn new_file(&mut self, input: &Input, draft: &Draft) -> Chosen {
        let language = draft.language.unwrap_or(self.languages.into);
        let mut keys = draft.translations.iter().map(|key| (draft.site.clone(), key.clone()));
        if let Some(found) = keys.find_map(|key| self.posts.translations.get(&key)).cloned() {
            let file = self.languages.file(&found.base, language);
            if self.existing.take_file(&file) {
                let own_name = draft.name.as_deref().filter(|name| *name != found.name);
                let own = draft.slug.as_deref().or(own_name);
                let naming = Naming { own, identity: &identity(draft) };
                let slug = self.existing.free_slug(naming, &file);
                self.add_translation(draft, &file);
                return Chosen { file, slug };
            }
            // Two posts of one language can share a label that says something else.
            if language != 0 {
                self.warn_about_taken(input, draft, &file);
            }
        }
        let name = self.existing.free_name(draft, &identity(draft), self.date_of(input, draft));
        let into = walk::shown(self.root, &self.options.into.join(name));
        let file = self.languages.file(&self.languages.split(&into).0, language);
        self.existing.take_file(&file);
        self.existing.take_slug(&file);
        self.add_translation(draft, &file);
        Chosen::named(file)
    }

    /// Adds the file of a post, beside which its translations are written.
    fn add_translation(&mut self, draft: &Draft, file: &str) {
        let (base, _) = self.languages.split(file);
        let found = Translated { base, name: draft.name.clone().unwrap_or_default() };
        for key in &draft.translations {
            let key = (draft.site.clone(), key.clone());
            self.posts.translations.entry(key).or_insert_with(|| found.clone());
        }
    }

    /// Warns of a translation whose file is another article.
    fn warn_about_taken(&mut self, input: &Input, draft: &Draft, file: &str) {
        let message = tr!("this translation should be {file}, which is another article", file);
        self.add_problem(
            Diagnostic::warning(message)
                .at(input.place(Spot { end: draft.spot.start, ..draft.spot }))
                .help(tr!("it becomes an article without its translation; rename one of the two files")),
        );
    }
}
