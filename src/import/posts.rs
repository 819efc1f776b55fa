//! Imports the posts of another generator: finds their old site, passes over other languages, and
//! reports what their addresses lack.

use std::path::PathBuf;
use std::sync::Arc;

use crate::config::RawHtml;
use crate::diagnostic::Diagnostic;
use crate::import::files::{self, Format, Source};
use crate::import::generator::base::base_url;
use crate::import::generator::kind::Generator;
use crate::import::generator::language::path_of;
use crate::import::generator::place::{self, Place};
use crate::import::generator::site::Site;
use crate::import::html_images;
use crate::import::importer::{Importer, Numbered};
use crate::import::input::Input;
use crate::import::known::Existing;
use crate::import::languages;
use crate::import::links;
use crate::import::links::targets::{Own, Targets};
use crate::import::old_posts::Folder;
use crate::import::passed_over::{self, Reason, page_file};
use crate::import::post::{self, Context, Reading};
use crate::import::record::{Field, Found, Record, Spot, Value};
use crate::import::report::Read;
use crate::load::feed_id::is_id;
use crate::watchdog::Task;

/// True if the first address of a post of Zola is a name with Han in ASCII.
fn is_in_pinyin(place: &Place, addresses: &[String], site: &Site) -> bool {
    let is_on = site.text(&["slugify", "paths"]).is_none_or(|strategy| strategy == "on");
    let has_han = place.path.chars().any(crate::text::han::is_han);
    let is_ascii = addresses.first().is_some_and(|address| address.is_ascii());
    place.generator == Generator::Zola && is_on && has_han && is_ascii
}

/// Variables that a date fills in.
const OF_DATES: [&str; 4] = ["year", "month", "day", "i_month"];

impl Importer<'_> {
    /// Finds the places of all posts before the first one is read, so that a file that was renamed
    /// is told from another post with the same text.
    pub(super) fn list_posts(&mut self, sources: &[Source]) {
        let Some(generator) = self.options.generator.filter(|generator| generator.has_files()) else {
            return;
        };
        for source in sources {
            let (place, site, folder) = self.place_of(generator, source);
            self.posts.there.insert(place.identity(), place.site.as_ref());
            self.posts
                .targets
                .entry(place.site.clone())
                .or_insert_with(|| Targets::new(base_url(generator, &site).as_deref(), &self.languages));
            if let Some(folder) = folder.filter(|_| place.is_known) {
                // The path of the file ends both places.
                let (file, _) = source.absolute();
                let below = file.strip_prefix(&folder).map_or(0, |below| below.as_os_str().len());
                let identity = place.identity();
                let least = identity.len() - place.path.len();
                let end = identity.len().saturating_sub(below).max(least);
                let prefix = identity.get(..end).unwrap_or_default().to_owned();
                let is_known = |known: &Folder| known.prefix == prefix && known.site == place.site;
                if !self.posts.folders.iter().any(is_known) {
                    let roots = place::possible_roots(generator, &folder, &site);
                    self.posts.folders.push(Folder { prefix, site: place.site, roots });
                }
            }
        }
    }

    pub(super) fn read_one(&self, input: &Input, place: &Place, site: &Site) -> Reading {
        let context = Context { place, site, scheme: self.options.scheme, now: self.options.now };
        let _task = self.watchdog.enter(Task::Record(&input.name, 1));
        post::read(input, context, &self.labels)
    }

    /// Converts the links and tags in the text of a post.
    fn convert_links(&mut self, input: &Input, place: &Place, address: Option<&str>, record: &mut Record) {
        let body = record.entries.iter_mut().find(|entry| entry.field == Field::Body);
        let Some(entry) = body else { return };
        let Value::Markdown(text) = &mut entry.value else { return };
        if self.config.markdown.html == RawHtml::Text {
            record.repairs.extend(html_images::convert(text, entry.spot.line));
        }
        let own = Own { place, address, line: entry.spot.line };
        let Some(targets) = self.posts.targets.get(&place.site) else { return };
        let converted = links::convert(text, own, targets);
        *text = converted.text;
        record.repairs.extend(converted.repairs);
        if converted.left.is_empty() {
            return;
        }
        let shown = converted.left.iter().map(|(tag, line)| tr!("`{tag}` (line {line})", tag, line));
        let shown = shown.collect::<Vec<_>>().join(&tr!("list" => ", "));
        let message = tr!(
            "{n} shortcode of the old site left in the text: {shown}"
                | "{n} shortcodes of the old site left in the text: {shown}" % converted.left.len(),
            shown
        );
        let (_, line) = converted.left[0];
        self.add_problem(
            Diagnostic::warning(message).at(input.line(line)).help(tr!("write what they show as Markdown")),
        );
    }

    /// The order in which posts are imported. Of two posts of Jekyll with one address, the later
    /// one has it: its file is written over the other's.
    pub(super) fn ordered(&self, sources: &[Source]) -> Vec<Source> {
        let mut sources = sources.to_vec();
        if self.options.generator == Some(Generator::Hexo) {
            // Of the folder of a site, only `source` has content.
            sources.retain(|source| {
                let (file, folder) = source.absolute();
                let content = folder.map(|folder| folder.join("source"));
                content
                    .filter(|content| content.join("_posts").is_dir())
                    .is_none_or(|content| file.starts_with(content))
            });
        }
        if self.options.generator == Some(Generator::Jekyll) {
            let name = |source: &Source| {
                source.absolute().0.file_name().map(std::ffi::OsStr::to_owned).unwrap_or_default()
            };
            sources.sort_by_cached_key(|source| std::cmp::Reverse(name(source)));
        }
        sources
    }

    /// The place of a file, its site, and the folder that was asked for.
    pub(super) fn place_of(
        &mut self,
        generator: Generator,
        source: &Source,
    ) -> (Place, Arc<Site>, Option<PathBuf>) {
        let (file, folder) = source.absolute();
        let above = || file.parent().map_or_else(PathBuf::new, PathBuf::from);
        let site = self.site_of(generator, folder.clone().unwrap_or_else(above));
        (Place::of(generator, &file, folder.as_deref(), &site), site, folder)
    }

    /// Reads one post and adds its record to the batch.
    pub(super) fn read_post(
        &mut self,
        (number, input, encoding): (usize, &Input, &'static str),
        generator: Generator,
        source: &Source,
        batch: &mut Vec<Numbered>,
    ) {
        let (place, site, _) = self.place_of(generator, source);
        let mut records = 0;
        if let Some(reason) = passed_over::reason(&place, &site, source) {
            let (name, passed_over) = (input.name.clone(), &mut self.posts.passed_over);
            match reason {
                Reason::Language(language) => *passed_over.languages.entry(language).or_default() += 1,
                Reason::Page => passed_over.pages.push((name, page_file(&place.path))),
                Reason::Resource => passed_over.resources.push(name),
                Reason::Ignored => passed_over.ignored.push(name),
            }
        } else {
            let Reading { found, addresses, missing, other_language, listed } =
                self.read_one(input, &place, &site);
            match found {
                Found::Record(_) if other_language.is_some() => {
                    let language = other_language.unwrap_or_default();
                    *self.posts.passed_over.languages.entry(language).or_default() += 1;
                }
                Found::Record(mut record) => {
                    self.warn_about_decomposed(input, &addresses);
                    self.remove_invalid_feed_id(input, &mut record);
                    // The redirects of lists are those of the default language.
                    if record.language.unwrap_or_default() == 0 {
                        self.posts.lists.add(generator, &site, listed, (&record, self.options.now));
                    }
                    self.posts.in_pinyin += usize::from(is_in_pinyin(&place, &addresses, &site));
                    let address = addresses.first().map(String::as_str);
                    self.convert_links(input, &place, address, &mut record);
                    self.convert_pictures(input, source, (&place, &site, address), &mut record);
                    records = 1;
                    self.posts.read += 1;
                    if let Some(name) = missing {
                        self.add_missing(input, name);
                    }
                    batch.push((number, record));
                }
                Found::Problem(problem) => {
                    self.report.refused += usize::from(problem.is_error());
                    self.add_problem(problem);
                }
                Found::Outside(repair) => self.add_repairs(&input.name, vec![repair]),
            }
        }
        let read = Read { file: input.name.clone(), format: Format::Post.name(), encoding, records };
        self.report.inputs.push(read);
    }

    /// The old site of a folder of posts.
    fn site_of(&mut self, generator: Generator, folder: PathBuf) -> Arc<Site> {
        if let Some((_, site)) = self.posts.sites.iter().find(|(known, _)| *known == folder) {
            return Arc::clone(site);
        }
        let mut tags = languages::declared(self.config).into_iter().map(str::to_owned);
        let unknown = Site::unknown(self.config.timezone, &tags.next().unwrap_or_default());
        let unknown = unknown.with_further(tags.collect(), self.languages.into > 0);
        let (site, warnings) = Site::find(generator, &folder, &files::lexical(self.root), unknown);
        warnings.into_iter().for_each(|warning| self.add_problem(warning));
        let site = Arc::new(site);
        self.posts.sites.push((folder, Arc::clone(&site)));
        site
    }

    /// Warns about old addresses with separate marks (NFD, the names of files on older Macs): a
    /// site has all its addresses composed, and most hosts compare bytes.
    fn warn_about_decomposed(&mut self, input: &Input, addresses: &[String]) {
        for address in addresses.iter().filter(|address| !unicode_normalization::is_nfc(address)) {
            let message = tr!(
                "the old address `{address}` has letters with separate marks; the alias has composed letters",
                address
            );
            self.add_problem(
                Diagnostic::warning(message)
                    .at(input.place(Spot { line: 1, start: 0, end: 0 }))
                    .help(tr!("if the old address is in use, configure a redirect on the host")),
            );
        }
    }

    /// Removes the id of a post in the feed of its old site if it is no IRI, with a warning.
    pub(super) fn remove_invalid_feed_id(&mut self, input: &Input, record: &mut Record) {
        let Some(id) = record.feed_id.take_if(|id| !is_id(id)) else { return };
        let message = tr!("the id `{id}` of this post in the old feed is no IRI, and cannot be kept", id);
        self.add_problem(
            Diagnostic::warning(message)
                .at(input.place(Spot { end: record.spot.start, ..record.spot }))
                .help(tr!("readers of the old feed see this article as new if it is in the new feed")),
        );
    }

    /// Keeps the warning about a post that has no value for a variable of the scheme.
    fn add_missing(&mut self, input: &Input, name: String) {
        let message = if OF_DATES.contains(&name.as_str()) {
            tr!("this post has no date, which its old address needs")
        } else {
            tr!("this post has no `{name}`, which its old address needs", name)
        };
        let warning = Diagnostic::warning(message)
            .at(input.place(Spot { line: 1, start: 0, end: 0 }))
            .help(tr!("if its old address is still in use, write it into `aliases:` of the article"));
        self.posts.missing.entry(name).or_default().push(warning);
    }

    /// Reports what was counted of posts. A variable that no post has is one error.
    pub(super) fn report_posts(&mut self) {
        let posts = std::mem::take(&mut self.posts);
        // A name that someone wrote is wrong, even if only one post shows it.
        let least = usize::from(self.options.scheme.is_none());
        for (name, warnings) in posts.missing {
            if warnings.len() == posts.read && posts.read > least && !OF_DATES.contains(&name.as_str()) {
                let message = tr!("no post has a value for `:{name}` of the scheme of old addresses", name);
                let help = tr!(
                    "a variable is one of the generator, or a field of the front matter; the posts are imported without their old addresses"
                );
                self.add_problem(Diagnostic::error(message).help(help));
                continue;
            }
            warnings.into_iter().for_each(|warning| self.add_problem(warning));
        }
        for Folder { prefix, site, roots } in &posts.folders {
            // A post of an earlier import of more folders can be outside of this one.
            let is_there = |article: &Existing| {
                let post = article.post.as_deref().unwrap_or_default();
                let path = path_of(post).unwrap_or(post);
                posts.there.has(article) || roots.iter().any(|root| root.join(path).is_file())
            };
            let removed = self.existing.known.removed((prefix, site.as_deref()), is_there);
            if removed.is_empty() {
                continue;
            }
            let message = tr!(
                "the old site has no post any more of {n} article: {files}"
                    | "the old site has no post any more of {n} articles: {files}" % removed.len(),
                files = removed.join(&tr!("list" => ", "))
            );
            let help = tr!("the import removes no article; remove the files if they are not to be published");
            self.add_problem(Diagnostic::warning(message).help(help));
        }
        if posts.in_pinyin > 0 {
            let message = tr!(
                "the old addresses of {n} post have Han in ASCII: Zola can read a character in another way"
                    | "the old addresses of {n} posts have Han in ASCII: Zola can read a character in another way"
                        % posts.in_pinyin
            );
            let help =
                tr!("compare these aliases with the old site, and add those that differ to `aliases:`");
            self.add_problem(Diagnostic::warning(message).help(help));
        }
        posts.passed_over.warnings().into_iter().for_each(|warning| self.add_problem(warning));
    }
}
