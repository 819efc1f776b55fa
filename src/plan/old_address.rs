//! Plans what `content/redirects.yaml` names: redirects at old addresses of pages, and feeds at old
//! addresses of feeds. Plans the redirects of expired articles with a successor as well.
//!
//! A redirect page holds the address and title of its target and nothing else, so that no new
//! article rewrites it.

use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

use crate::diagnostic::{Diagnostic, Severity};
use crate::load::redirects::{self, Entry};
use crate::paths::composed;
use crate::plan::input::{Input, shared_taxonomies};
use crate::plan::page::{Body, Kind, Page};
use crate::plan::view::data::Data;
use crate::plan::view::redirect::Redirect;
use crate::plan::{expired, term};
use crate::site::expired::Succession;
use crate::site::{Address, BodyId, TermId};
use crate::text::excerpt::shorten;

/// Lines that a redirect may lead through.
const MAX_HOPS: usize = 20;

/// The end of a chain of redirects.
enum Target<'a, 's> {
    /// A planned file.
    File(&'a Page<'s>),
    /// The feed of a term that has no feed at its own address.
    TermFeed { taxonomy: usize, term: TermId, is_json: bool },
    /// The chain leads back to itself.
    Circle,
    /// The chain has more than [`MAX_HOPS`] redirects.
    Long,
    /// No file.
    Missing,
}

/// Looks up the targets of redirects.
struct Targets<'a, 's> {
    input: Input<'s>,
    /// The planned files by path.
    files: HashMap<&'a str, &'a Page<'s>>,
    /// The entries by old path.
    entries: HashMap<String, &'s Entry>,
    /// The terms with a page by taxonomy and slug, old slugs included.
    terms: HashMap<(usize, &'s str), TermId>,
}

impl<'a, 's> Targets<'a, 's> {
    fn new(input: Input<'s>, pages: &'a [Page<'s>]) -> Self {
        let site = input.site;
        let terms = site.all_terms().filter(|at| site.term(*at).has_page).flat_map(|at| {
            let term = site.term(at);
            let slugs = term.old_slugs.iter().chain([&term.slug]);
            slugs.map(move |slug| ((at.taxonomy, slug.as_str()), at.term))
        });
        // An expired article may lead to another one.
        let successors = site.successions.iter().filter(|succession| succession.expired.is_some());
        let entries = site.redirects.iter().chain(successors.map(|succession| &succession.entry));
        Self {
            input,
            files: pages.iter().map(|page| (page.path.as_str(), page)).collect(),
            entries: entries.map(|entry| (composed(&entry.old).into_owned(), entry)).collect(),
            terms: terms.collect(),
        }
    }

    /// The file that an entry leads to, through other entries.
    fn target(&self, mut entry: &'s Entry) -> Target<'a, 's> {
        let mut passed = HashSet::new();
        loop {
            let path = composed(&entry.target);
            let index = if path.is_empty() { "index.html".to_owned() } else { format!("{path}/index.html") };
            if let Some(&page) = self.files.get(&*path).or_else(|| self.files.get(index.as_str())) {
                return Target::File(page);
            }
            if let Some(found) = self.term_feed(&path) {
                return found;
            }
            let Some(next) = self.entries.get(&*path) else { return Target::Missing };
            if !passed.insert(entry.old.as_str()) {
                return Target::Circle;
            }
            // Without a limit, long chains would take quadratic time.
            if passed.len() > MAX_HOPS {
                return Target::Long;
            }
            entry = next;
        }
    }

    /// The term whose feed would have this path.
    fn term_feed(&self, path: &str) -> Option<Target<'a, 's>> {
        let (folder, name) = path.rsplit_once('/')?;
        let is_json = match name {
            "feed.xml" => false,
            "feed.json" => true,
            _ => return None,
        };
        let mut taxonomies = self.input.config.taxonomies.iter().enumerate();
        taxonomies.find_map(|(taxonomy, settings)| {
            let slug = folder.strip_prefix(settings.path.as_str())?.strip_prefix('/')?;
            let &term = self.terms.get(&(taxonomy, slug))?;
            Some(Target::TermFeed { taxonomy, term, is_json })
        })
    }
}

/// Plans a redirect or a feed for each line of the file, and redirects at the addresses of expired
/// articles. A line whose target does not exist is a warning, a circle an error. A successor that does
/// not exist is an error before its article expires; afterwards a notice takes its place, with a
/// warning.
pub(super) fn pages<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) -> Vec<Diagnostic> {
    if input.site.redirects.is_empty() && input.site.successions.is_empty() {
        return Vec::new();
    }
    let targets = Targets::new(input, pages);
    let views = shared_taxonomies(input);
    let mut diagnostics = Vec::new();
    let mut planned = Vec::new();
    for succession in &input.site.successions {
        match successor(&targets, succession) {
            Ok(pages) => planned.extend(pages),
            // A target can vanish with the time, in a build that no person watches: the other articles
            // are published and taken down all the same.
            Err(diagnostic) => match succession.expired {
                Some(at) => {
                    diagnostics.push(Diagnostic { severity: Severity::Warning, ..diagnostic });
                    planned.extend(expired::notices(input, &input.site.expired[at]));
                }
                None => diagnostics.push(diagnostic),
            },
        }
    }
    for entry in &input.site.redirects {
        match targets.target(entry) {
            Target::File(page) if feed_body(page).is_some() => {
                planned.extend(feed_pages(input, entry, page));
            }
            Target::File(page) => match redirect_to(input, page) {
                Some(to) => planned.push(redirect_page(entry, to)),
                None => diagnostics.push(unsuitable(entry)),
            },
            Target::TermFeed { taxonomy, term, is_json } => {
                let name = if is_json { "feed.json" } else { "feed.xml" };
                // An old address that begins with `/` is outside of the language.
                let outside = entry.old.strip_prefix('/');
                let config = outside.map_or(Cow::Borrowed(input.config), |_| input.config.for_language(0));
                let parts: Vec<&str> = outside.unwrap_or(&entry.old).split('/').collect();
                let at = match (is_file_of_feed(entry), parts.split_last()) {
                    (true, Some((name, folders))) => Address::file(folders, name, &config),
                    _ => Address::file(&parts, name, &config),
                };
                let mut feed = term::feed_at(input, &views[taxonomy], (taxonomy, term), &at, is_json);
                if outside.is_some() {
                    feed.path.insert(0, '/');
                }
                if !is_file_of_feed(entry) {
                    let title = input.site.taxonomies[taxonomy].terms[term].name.as_str().into();
                    planned.push(redirect_page(entry, to_feed(title, &at, is_json)));
                }
                planned.push(feed.at(&entry.place));
            }
            Target::Circle => diagnostics.push(circle(entry)),
            Target::Long => diagnostics.push(long(entry)),
            Target::Missing => diagnostics.push(missing(entry)),
        }
    }
    planned.retain(|page| !targets.files.get(page.path.as_str()).is_some_and(|own| comes_by_itself(own)));
    pages.extend(planned);
    diagnostics
}

/// The redirects at the addresses of an article that leads to a successor; none before it expires.
///
/// # Errors
/// The digest has no page at the address of the successor. One that is published later counts
/// until the article expires.
fn successor<'s>(targets: &Targets<'_, 's>, succession: &'s Succession) -> Result<Vec<Page<'s>>, Diagnostic> {
    let (input, entry) = (targets.input, &succession.entry);
    if composed(&entry.target) == composed(&entry.old) {
        return Err(circle(entry));
    }
    let is_scheduled = || input.site.scheduled.contains(&*composed(&entry.target));
    let to = match targets.target(entry) {
        Target::File(page) if feed_body(page).is_some() => feed_redirect(input, page),
        Target::File(page) => redirect_to(input, page).ok_or_else(|| as_error(unsuitable(entry)))?,
        Target::Circle => return Err(circle(entry)),
        Target::Long => return Err(long(entry)),
        Target::Missing | Target::TermFeed { .. } if succession.expired.is_none() && is_scheduled() => {
            return Ok(Vec::new());
        }
        Target::Missing | Target::TermFeed { .. } => return Err(as_error(missing(entry))),
    };
    let expired = succession.expired.map(|at| &input.site.expired[at]);
    Ok(expired.map_or_else(Vec::new, |expired| expired::redirects(expired, &to)))
}

/// True for pages that a digest gets by new articles: numbered pages of the home page, dates,
/// terms. Such a page takes the place of a redirect, so that no article makes a build fail.
fn comes_by_itself(page: &Page<'_>) -> bool {
    match &page.body {
        Body::Template(kind) => match &**kind {
            Kind::Home(home) => home.list.meta.number.is_some(),
            Kind::Term(_) | Kind::Crossing(_) | Kind::Year(_) | Kind::Month(_) | Kind::Edition(_) => true,
            _ => false,
        },
        _ => false,
    }
}

/// Plans the copies of `pages`, which are feeds, at their old addresses.
pub(super) fn copies<'s>(input: Input<'s>, pages: &mut Vec<Page<'s>>) {
    if input.site.redirects.is_empty() {
        return;
    }
    let targets = Targets::new(input, pages);
    let entries = input.site.redirects.iter().filter(|entry| is_file_of_feed(entry));
    let copies = entries.flat_map(|entry| match targets.target(entry) {
        Target::File(page) if feed_body(page).is_some() => feed_pages(input, entry, page),
        _ => Vec::new(),
    });
    let copies: Vec<Page<'s>> = copies.collect();
    pages.extend(copies);
}

/// The copy of a feed at an old address with the name of a file, else a redirect to the feed.
fn feed_pages<'s>(input: Input<'s>, entry: &'s Entry, page: &Page<'s>) -> Vec<Page<'s>> {
    let Some(body) = feed_body(page) else { return Vec::new() };
    if is_file_of_feed(entry) {
        return vec![Page::new(composed(&entry.old).into_owned(), body).at(&entry.place)];
    }
    vec![redirect_page(entry, feed_redirect(input, page))]
}

/// The redirect to a page that is a feed.
fn feed_redirect<'s>(input: Input<'s>, page: &Page<'s>) -> Redirect<'s> {
    let title = match &page.body {
        Body::Template(kind) => match &**kind {
            Kind::Feed(feed) => feed.title.clone(),
            Kind::Weekly(feed) => feed.title.clone(),
            _ => String::new(),
        },
        Body::Data(data) => match &**data {
            Data::Feed(feed) => feed.title.clone(),
            Data::Weekly(feed) => feed.title.clone(),
            _ => String::new(),
        },
        _ => String::new(),
    };
    to_feed(title.into(), &address(input, &page.path), page.path.ends_with(".json"))
}

fn redirect_page<'s>(entry: &'s Entry, to: Redirect<'s>) -> Page<'s> {
    let file = redirects::file(&entry.old, entry.is_folder, false);
    Page::new(file, Body::template(Kind::Redirect(to))).at(&entry.place)
}

fn to_feed<'s>(title: Cow<'s, str>, at: &Address, is_json: bool) -> Redirect<'s> {
    let feed = if is_json { "application/feed+json" } else { "application/atom+xml" };
    let (path, target) = (at.path.clone(), at.permalink.clone());
    Redirect { title, path, target, label: None, feed: Some(feed) }
}

fn is_file_of_feed(entry: &Entry) -> bool {
    redirects::is_file_of_feed(&entry.old, entry.is_folder)
}

/// A feed, to be written again; `None` for other files.
fn feed_body<'s>(page: &Page<'s>) -> Option<Body<'s>> {
    match &page.body {
        Body::Template(kind) => match &**kind {
            Kind::Feed(feed) => Some(Body::template(Kind::Feed(feed.clone()))),
            Kind::Weekly(feed) => Some(Body::template(Kind::Weekly(feed.clone()))),
            _ => None,
        },
        Body::Data(data) => match &**data {
            Data::Feed(feed) => Some(Body::data(Data::Feed(feed.clone()))),
            Data::Weekly(feed) => Some(Body::data(Data::Weekly(feed.clone()))),
            _ => None,
        },
        _ => None,
    }
}

/// The redirect to an HTML page, or to the end of a redirect; `None` for other files.
fn redirect_to<'s>(input: Input<'s>, page: &Page<'s>) -> Option<Redirect<'s>> {
    let mut label = None;
    let title: Cow<'s, str> = match &page.body {
        Body::Template(kind) => match &**kind {
            Kind::Redirect(to) => return Some(to.clone()),
            Kind::Article(article) => {
                let BodyId::Article(id) = article.content.id else { return None };
                label = input.cards.label_text(id);
                input.site.articles[id].title.as_str().into()
            }
            Kind::ContentPage(page) => page.title.into(),
            Kind::Term(page) => page.name.into(),
            kind => kind.meta()?.title.clone().into(),
        },
        Body::Static(_) if page.path.ends_with(".html") => page.path.clone().into(),
        _ => return None,
    };
    let Address { path, permalink: target, .. } = address(input, &page.path);
    Some(Redirect { title, path, target, label, feed: None })
}

/// The address of a planned file.
fn address(input: Input<'_>, file: &str) -> Address {
    let (folder, name) = file.rsplit_once('/').unwrap_or(("", file));
    let parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    match name {
        "index.html" => Address::new(&parts, input.config),
        name => Address::file(&parts, name, input.config),
    }
}

fn as_error(diagnostic: Diagnostic) -> Diagnostic {
    Diagnostic { severity: Severity::Error, ..diagnostic }
}

fn circle(entry: &Entry) -> Diagnostic {
    Diagnostic::error(tr!("`{}` leads back to itself", shorten(&entry.written)))
        .at(entry.target_place.clone())
        .help(tr!("write the address of a page or feed of this digest, or remove the line"))
}

fn long(entry: &Entry) -> Diagnostic {
    Diagnostic::error(tr!(
        "`{}` leads through more than {MAX_HOPS} other lines",
        shorten(&entry.written),
        MAX_HOPS
    ))
    .at(entry.target_place.clone())
    .help(tr!("write the address at the end of the chain"))
}

fn missing(entry: &Entry) -> Diagnostic {
    Diagnostic::warning(tr!("this digest has no page or feed at `{}`", shorten(&entry.written)))
        .at(entry.target_place.clone())
        .help(tr!(
            "write the address of a page or feed of this digest as a browser shows it, or remove the line"
        ))
}

fn unsuitable(entry: &Entry) -> Diagnostic {
    Diagnostic::warning(tr!("`{}` is neither a page nor a feed", shorten(&entry.written)))
        .at(entry.target_place.clone())
        .help(tr!("copy this file to its old address below `static/`, and remove the line"))
}
