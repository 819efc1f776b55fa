//! Brings the pictures of posts along: converts their addresses, copies them, and reports those
//! that are missing, refused or left over.

use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::config::RawHtml;
use crate::diagnostic::Diagnostic;
use crate::fs::Root;
use crate::import::article_file;
use crate::import::draft::Drafted;
use crate::import::files::{self, Source};
use crate::import::generator::kind::Generator;
use crate::import::generator::place::Place as PostPlace;
use crate::import::generator::site::Site;
use crate::import::importer::Importer;
use crate::import::input::Input;
use crate::import::links;
use crate::import::picture::Picture;
use crate::import::pictures::choose::{Chosen, Refused};
use crate::import::pictures::convert::{address, convert};
use crate::import::pictures::copy::{self, Copied, To};
use crate::import::record::{Field, Record, Value};
use crate::import::repair::{Kind, Repair};
use crate::import::report;
use crate::import::write::{self, Target, Written};
use crate::load::{bundle, source, walk};
use crate::watchdog::Task;

/// Files that a warning names.
const MAX_NAMES: usize = 5;

/// The path of a file as reports show it: from the digest's root if it is below it, else from the
/// current folder, as people name the folders that they import.
fn shown(root: &Path, file: &Path) -> String {
    if let Ok(below) = file.strip_prefix(files::lexical(root)) {
        return walk::shown(root, below);
    }
    let here = files::lexical(Path::new("."));
    let common = here.ancestors().find(|above| above.parent().is_some() && file.starts_with(above));
    let Some(below) = common.and_then(|common| file.strip_prefix(common).ok()) else {
        return walk::shown(root, file);
    };
    let up = here.components().count() - common.map_or(0, |common| common.components().count());
    let path: PathBuf = std::iter::repeat_n(Path::new(".."), up).chain([below]).collect();
    walk::shown(root, &path)
}

impl Importer<'_> {
    /// Converts the addresses of pictures in the text and in the images of a post to those of their
    /// copies, and gives the record its pictures.
    pub(super) fn convert_pictures(
        &mut self,
        input: &Input,
        source: &Source,
        (place, site, page): (&PostPlace, &Site, Option<&str>),
        record: &mut Record,
    ) {
        // A pipe has no folder.
        if !source.is_file() {
            return;
        }
        let (file, folder) = source.absolute();
        let Some(asked) = folder.as_deref().or_else(|| file.parent()) else { return };
        let old = self.posts.pictures.site(place.generator, site, asked);
        let Some(post) = old.post(place, &file, page) else { return };
        let mut chosen = Chosen::new(&old, &post);
        for entry in record.entries.iter_mut().filter(|entry| entry.field == Field::Image) {
            let Value::Text(text) = &mut entry.value else { continue };
            let written = links::file_of_pelican(text.trim(), &place.path);
            let written = written.filter(|_| place.generator == Generator::Pelican);
            let Some(name) = chosen.name(written.as_deref().unwrap_or(text.trim()), entry.spot.line) else {
                continue;
            };
            let (to, line) = (address(&name), entry.spot.line);
            if to != *text {
                let from = std::mem::replace(text, to.clone());
                record.repairs.push(Repair { kind: Kind::Picture, from, to, line });
            }
        }
        let html = self.config.markdown.html != RawHtml::Text;
        for entry in record.entries.iter_mut().filter(|entry| entry.field == Field::Body) {
            let Value::Markdown(text) = &mut entry.value else { continue };
            record.repairs.extend(convert(text, entry.spot.line, html, &mut chosen));
        }
        chosen.take_rest(1);
        self.posts.pictures.add(&old, &chosen);
        record.pictures = std::mem::take(&mut chosen.pictures);
        let (refused, missing) = (chosen.refused, chosen.missing);
        for Refused { file, reason, line } in refused {
            let file = shown(self.root, &old.root().join(file));
            self.add_problem(
                Diagnostic::warning(tr!("the picture {file} is not copied: {reason}", file, reason))
                    .at(input.line(line))
                    .help(tr!("save it in another form or under another name, or remove it from the post")),
            );
        }
        if let Some((_, line)) = missing.first() {
            let named = missing.iter().map(|(address, line)| tr!("`{address}` (line {line})", address, line));
            let named = named.collect::<Vec<_>>().join(&tr!("list" => ", "));
            self.add_problem(
                Diagnostic::warning(tr!(
                    "{n} picture of this post not found in the old site: {named}"
                        | "{n} pictures of this post not found in the old site: {named}" % missing.len(),
                    named
                ))
                    .at(input.line(*line))
                    .help(tr!("put them into the folder of the article and name them as in `![…](name.png)`, or remove them")),
            );
        }
    }

    /// Copies the pictures of the articles that are new, updated or unchanged, before the articles
    /// are written.
    pub(super) fn copy_pictures(&mut self, inputs: &[&Input], decided: &[(Drafted, Target, usize)]) {
        let this = &*self;
        let getting: Vec<&(Drafted, Target, usize)> = decided
            .par_iter()
            .filter(|(drafted, target, _)| {
                !drafted.draft.pictures.is_empty() && this.gets_pictures(drafted, target)
            })
            .collect();
        for (drafted, target, _) in getting {
            let input = inputs[drafted.input];
            for picture in &drafted.draft.pictures {
                self.copy_picture(input, picture, target.file());
            }
        }
    }

    fn copy_picture(&mut self, input: &Input, picture: &Picture, article: &str) {
        let from = shown(self.root, &picture.root.join(&picture.file));
        let watchdog = std::sync::Arc::clone(&self.watchdog);
        let _task = watchdog.enter(Task::File(&from));
        let to = To {
            root: self.root,
            config: self.config,
            replaces: self.options.update == crate::import::Update::Theirs,
            dry_run: self.options.dry_run,
        };
        let file = copy::file(article, &picture.name);
        if let Some(owner) = self.other_owner(article, &file) {
            let message = tr!(
                "the picture {from} is not copied: {file} is in the folder of {owner}",
                from,
                file,
                owner
            );
            self.add_problem(
                Diagnostic::warning(message)
                    .at(input.line(picture.line))
                    .help(tr!("rename the folder of the picture in the old site, or the article")),
            );
            return;
        }
        match copy::copy(picture, &file, to) {
            Ok(Copied::Written) => {
                let article = article.to_owned();
                self.report.pictures.push(report::Picture { file, from, article });
            }
            Ok(Copied::Same) => {}
            Ok(Copied::Other) => {
                let message = tr!("{file} is another picture than {from}, and stays as it is", file, from);
                self.add_problem(
                    Diagnostic::warning(message)
                        .at(input.line(picture.line))
                        .help(tr!("`--update theirs` replaces it")),
                );
            }
            Err(error) => self.add_problem(
                Diagnostic::error(tr!(
                    "the picture {from} cannot be copied to {file}: {error}",
                    from,
                    file,
                    error
                ))
                .at(input.line(picture.line))
                .help(tr!("free disk space, or make the file and its folder writable, and import again")),
            ),
        }
    }

    /// Another article with a nearer folder around a picture, to which the picture would belong
    /// (`load::pictures`): one of the digest, or one that this import writes.
    fn other_owner(&self, article: &str, picture: &str) -> Option<String> {
        let own = bundle::folder(article).len();
        let folders = picture.match_indices('/').map(|(at, _)| &picture[..at]);
        let below = folders.filter(|folder| folder.len() >= own);
        let owners = below.flat_map(|folder| [format!("{folder}.md"), format!("{folder}/index.md")]);
        let is_article = |file: &String| {
            self.root.join(file).exists()
                || self.unwritten.contains(file)
                || self.posts.files.values().any(|known| known.file == *file)
        };
        owners.into_iter().filter(|owner| owner != article).find(is_article)
    }

    /// True if an article will be new or updated, or is unchanged and no person edited it.
    pub(super) fn gets_pictures(&self, drafted: &Drafted, target: &Target) -> bool {
        match write::foresee((self.root, self.config), (drafted, target), self.options.update) {
            Written::New | Written::Updated => true,
            Written::Unchanged => self.is_untouched(target),
            Written::Kept { .. } | Written::Failed(_) => false,
        }
    }

    /// True if import wrote the file of an article and no person edited it.
    fn is_untouched(&self, target: &Target) -> bool {
        let Target::Existing(existing) = target else { return true };
        let read = || Root::open(self.root, self.config.links).read(&existing.file, source::MAX_FILE_BYTES);
        let text = || source::decode(&existing.file, read().ok()?).ok();
        existing.imported.is_some()
            && text().is_some_and(|text| article_file::is_untouched(&text) == Some(true))
    }

    /// Warns of the pictures in the imported folders that belong to no post.
    pub(super) fn report_unused_pictures(&mut self) {
        let unused = self.posts.pictures.unused();
        if unused.is_empty() {
            return;
        }
        let names = unused.iter().take(MAX_NAMES).map(|file| format!("`{}`", shown(self.root, file)));
        let names = names.collect::<Vec<_>>().join(&tr!("list" => ", "));
        let more = if unused.len() > MAX_NAMES { " …" } else { "" };
        self.add_problem(
            Diagnostic::warning(tr!(
                "{n} picture in the imported folders of no post: {names}{more}"
                    | "{n} pictures in the imported folders of no post: {names}{more}" % unused.len(),
                names,
                more
            ))
                .help(tr!("pictures that a post names, and those in its own folder, are copied; copy others to `static/`")),
        );
    }
}
