//! What is wrong with the pages as readers and programs will meet them: every one of them is rendered and read.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rayon::prelude::*;

use crate::check::feeds;
use crate::check::finding::{Finding, Places};
use crate::check::html::{self, Look};
use crate::check::links::{self, Target};
use crate::config;
use crate::config::Rule;
use crate::diagnostic::Place;
use crate::load::markdown::files;
use crate::pipeline::BuiltSite;
use crate::plan::{Body, Page};
use crate::render::TemplateProblem;
use crate::slug;

/// Bytes that GitHub Pages publishes of a site (its documentation, "GitHub Pages limits").
const SITE: u64 = 1 << 30;
/// Of 100 bytes of those, when it is time to think.
const NEAR: u64 = 80;
/// Bytes of a file that GitHub takes ("About large files on GitHub").
const FILE: u64 = 100 << 20;
/// Findings of a rule whose words are looked for in their sources.
const PLACED: usize = 500;
/// Pages that a finding names.
const MAX_NAMED_PAGES: usize = 3;

/// What the pages of a site come to.
#[derive(Debug, Default)]
pub(super) struct Looked {
    pub(super) findings: Vec<Finding>,
    /// Bytes of all files.
    pub(super) bytes: u64,
    /// HTML pages.
    pub(super) pages: usize,
    /// Addresses of other hosts, each with the pages that name it (the first of them) and their number.
    pub(super) elsewhere: BTreeMap<String, Seen>,
}

/// Where something was seen.
#[derive(Debug, Default, Clone)]
pub(super) struct Seen {
    pub(super) pages: Vec<usize>,
    pub(super) count: usize,
    last: Option<usize>,
}

impl Seen {
    /// Pages come in their order, one as often as it names the thing.
    fn at(&mut self, page: usize) {
        if self.last.replace(page) == Some(page) {
            return;
        }
        self.count += 1;
        if self.pages.len() < MAX_NAMED_PAGES {
            self.pages.push(page);
        }
    }
}

/// What one page holds that concerns others.
#[derive(Default)]
struct Held {
    bytes: u64,
    broken: Vec<String>,
    beside: Vec<String>,
    elsewhere: Vec<String>,
    /// Place of the page that is named, and the anchor in it.
    anchored: Vec<(usize, String, String)>,
    anchors: Vec<String>,
    wordless: Vec<String>,
    findings: Vec<Finding>,
}

/// Renders and reads every page. Addresses of other hosts are only gathered with `elsewhere`.
///
/// # Errors
/// Pages that cannot be rendered.
pub(super) fn check(
    root: &Path,
    made: &BuiltSite<'_>,
    elsewhere: bool,
) -> Result<Looked, Vec<TemplateProblem>> {
    let known: HashMap<&str, usize> =
        made.pages.iter().enumerate().map(|(at, page)| (page.path.as_str(), at)).collect();
    let held: Vec<Result<Held, TemplateProblem>> = (0..made.pages.len())
        .into_par_iter()
        .map_init(Vec::new, |bytes, at| {
            bytes.clear();
            (made.render)(at, bytes)?;
            Ok(read(made, at, bytes, &known, elsewhere))
        })
        .collect();
    let (mut pages, mut problems) = (Vec::with_capacity(held.len()), Vec::new());
    for held in held {
        match held {
            Ok(held) => pages.push(held),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(gather(root, made, &mut pages)) } else { Err(problems) }
}

fn read(
    made: &BuiltSite<'_>,
    at: usize,
    bytes: &[u8],
    known: &HashMap<&str, usize>,
    elsewhere: bool,
) -> Held {
    let page = &made.pages[at];
    let mut held = Held { bytes: bytes.len() as u64, ..Held::default() };
    if held.bytes > FILE {
        let message = format!("this file has {} MB; GitHub takes 100 MB at most", held.bytes >> 20);
        let help = "make it smaller, or host it elsewhere and link to it";
        held.findings.push(Finding::new(Rule::FileOverLimit, message, help).at(Place::file(&page.path)));
    }
    if !page.path.ends_with(".html") {
        let found = feeds::check(&page.path, bytes).into_iter().map(|finding| match &page.body {
            Body::Static(_) => Finding { help: "mend the file in static/".to_owned(), ..finding }
                .at(Place::file(&format!("static/{}", page.path))),
            _ => finding,
        });
        held.findings.extend(found);
        return held;
    }
    if bytes.len() > made.config.check.page {
        let message = format!(
            "this page has {} KB of HTML; {} KB are expected at most",
            bytes.len() >> 10,
            made.config.check.page >> 10
        );
        let help = "shorten the article or the list, or raise `check: {page_kb: …}` in newsprint.yaml";
        let file = source_file(page).map_or_else(|| Place::file(&page.path), Place::file);
        let finding = Finding::new(Rule::HeavyPage, message, help).at(file);
        held.findings.push(Finding { pages: vec![page.path.clone()], count: 1, ..finding });
    }
    let text = String::from_utf8_lossy(bytes);
    let found = html::look(&text, Look::Page);
    held.anchors = found.anchors;
    held.anchors.sort_unstable();
    held.wordless = found.wordless;
    let base = &made.config.base_url;
    let Some(url) = links::url_of(base, &page.path) else { return held };
    for address in found.links {
        match links::target(base, &url, &address) {
            Target::Inside(path, anchor) => {
                let target = links::files(&path).iter().find_map(|file| known.get(&**file).copied());
                match (target, anchor) {
                    (Some(target), Some(anchor)) => held.anchored.push((target, anchor, address)),
                    (Some(_), None) => {}
                    (None, _) => held.broken.push(address),
                }
            }
            Target::Beside => held.beside.push(address),
            Target::Elsewhere(address) if elsewhere => held.elsewhere.push(address),
            Target::Elsewhere(_) | Target::Nowhere => {}
        }
    }
    held
}

/// The source of a page that shows one.
pub(super) fn source_file<'p>(page: &Page<'p>) -> Option<&'p str> {
    match &page.body {
        Body::Template(kind) => kind.source(),
        _ => None,
    }
}

fn gather(root: &Path, made: &BuiltSite<'_>, pages: &mut [Held]) -> Looked {
    let mut looked = Looked::default();
    looked.findings.extend(pages.iter_mut().flat_map(|page| std::mem::take(&mut page.findings)));
    let pages = &*pages;
    let (mut broken, mut beside) = (BTreeMap::<&str, Seen>::new(), BTreeMap::<&str, Seen>::new());
    let mut lost: BTreeMap<(&str, &str), Seen> = BTreeMap::new();
    let mut wordless: BTreeMap<&str, Seen> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        looked.bytes += page.bytes;
        looked.pages += usize::from(made.pages[at].path.ends_with(".html"));
        page.broken.iter().for_each(|address| broken.entry(address).or_default().at(at));
        page.beside.iter().for_each(|address| beside.entry(address).or_default().at(at));
        for address in &page.elsewhere {
            looked.elsewhere.entry(address.clone()).or_default().at(at);
        }
        for (target, anchor, address) in &page.anchored {
            if pages[*target].anchors.binary_search(anchor).is_err() {
                lost.entry((address, &made.pages[*target].path)).or_default().at(at);
            }
        }
        page.wordless.iter().for_each(|image| wordless.entry(image).or_default().at(at));
    }
    let places = Places::new(root, made.config);
    let mut tell = |rule, message: String, help: &str, at: (usize, &str), seen: &Seen| {
        looked.findings.push(seen_at(&places, made, Finding::new(rule, message, help), at, seen));
    };
    let by_file = if broken.is_empty() { HashMap::new() } else { files_by_name(made) };
    for (nth, (address, seen)) in broken.into_iter().enumerate() {
        let message = format!("`{}` leads to no page of the site", shown(address));
        let near = if nth < PLACED { nearest(made, &by_file, address) } else { None };
        let help = near.map_or_else(
            || "set the link right, or give the page that moved this address as an alias".to_owned(),
            |path| format!("did you mean {path}?"),
        );
        tell(Rule::BrokenLink, message, &help, (nth, address), &seen);
    }
    for (nth, (address, seen)) in beside.into_iter().enumerate() {
        let base = &made.config.base_url.path;
        let message = format!("`{}` leads out of the site, which stands below {base}", shown(address));
        let help = "in Markdown, write `/articles/…/` as if the site were the whole host; in templates, begin with \
                    {{ config.base_path }}";
        tell(Rule::OutsideBase, message, help, (nth, address), &seen);
    }
    for (nth, ((address, target), seen)) in lost.into_iter().enumerate() {
        let message = format!("`{}` leads to a place that {target} does not have", shown(address));
        let help = "set what follows the `#` right, or leave it out";
        tell(Rule::BrokenAnchor, message, help, (nth, address), &seen);
    }
    for (nth, (image, seen)) in wordless.into_iter().enumerate() {
        let message = format!("the image {} has no `alt`", shown(image));
        let help = "say in the template what is to be seen, or write `alt=\"\"` if it is for decoration";
        tell(Rule::ImageWithoutText, message, help, (nth, image), &seen);
    }
    looked.findings.extend(size(looked.bytes, made.pages.len()));
    looked
}

fn size(bytes: u64, files: usize) -> Option<Finding> {
    let megabytes = bytes >> 20;
    let told =
        format!("the site has {megabytes} MB in {files} files; GitHub Pages publishes 1024 MB at most");
    let help = "fewer feeds of terms (`feeds:`), no twins (`outputs:`), terms with few articles without a page \
                (`min_articles`), or a search without bodies make it smaller";
    if bytes > SITE {
        return Some(Finding::new(Rule::SiteOverLimit, told, help));
    }
    (bytes > SITE / 100 * NEAR).then(|| Finding::new(Rule::SiteNearLimit, told, help))
}

/// Puts a finding where an editor can mend it: at the words in the article or page if they are there, else at the page. With its number
/// among those of its rule: looking for words takes as long as the text is, and of many thousands nobody reads more than the first.
pub(super) fn seen_at(
    places: &Places<'_>,
    made: &BuiltSite<'_>,
    finding: Finding,
    (nth, address): (usize, &str),
    seen: &Seen,
) -> Finding {
    let pages: Vec<String> = seen.pages.iter().map(|&at| made.pages[at].path.clone()).collect();
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned();
    let decoded = decoded.strip_prefix(&made.config.base_url.origin).map(str::to_owned).unwrap_or(decoded);
    // Sources name places from the digest's home.
    let base = made.config.base_url.path.trim_end_matches('/');
    let own = decoded.strip_prefix(base).unwrap_or(&decoded);
    let home = decoded.strip_prefix(&made.config.base_url.path).unwrap_or(&decoded);
    let words = [address, &decoded, own, home];
    let file = seen.pages.iter().find_map(|&at| source_file(&made.pages[at]));
    let found = file.map(|file| match nth < PLACED {
        true => places.of(file, &words),
        false => Place::file(file),
    });
    let as_file = |place: Place| match (place.line, file) {
        (0, Some(file)) if nth < PLACED => places.of_file(file, address),
        _ => place,
    };
    let found = found.map(as_file).filter(|place| place.line > 0 || nth >= PLACED);
    // What is on many pages may be a link of the menu.
    let in_settings = || Some(places.of(config::FILE, &words)).filter(|place| place.line > 0);
    let found = found.or_else(|| (seen.count > 1 && nth < PLACED).then(in_settings).flatten());
    let found = found.or_else(|| pages.first().map(|page| Place::file(page)));
    let finding = Finding { count: seen.count, pages, ..finding };
    match found {
        Some(place) => finding.at(place),
        None => finding,
    }
}

/// An address as people read it.
fn shown(address: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy();
    crate::diagnostic::printable_line(&decoded)
}

/// Pages by the names of their files, and by what these names would make of their addresses: whoever links to a file means its page, also where
/// the file says another `slug:`.
fn files_by_name<'m>(made: &'m BuiltSite<'_>) -> HashMap<String, &'m str> {
    let mut by_name = HashMap::new();
    for page in made.pages {
        let Some(name) = source_file(page).and_then(|file| file.rsplit('/').next()) else { continue };
        let slug = slug::article(files::named(name.trim_end_matches(".md")));
        for name in [name.to_owned(), slug] {
            by_name.entry(name).or_insert(page.path.as_str());
        }
    }
    by_name
}

/// The page whose address is nearest to one that leads nowhere: of the same section if there is one.
fn nearest(made: &BuiltSite<'_>, by_file: &HashMap<String, &str>, address: &str) -> Option<String> {
    let wanted = shown(address);
    let wanted = wanted.split(['#', '?']).next()?.trim_end_matches('/');
    let name = wanted.rsplit('/').next()?.trim_end_matches(".html");
    if let Some(path) = by_file.get(name) {
        return Some(format!("/{}", path.trim_end_matches("index.html")));
    }
    let folders: Vec<&str> =
        made.pages.iter().filter_map(|page| page.path.strip_suffix("/index.html")).collect();
    let own = wanted.strip_prefix(made.config.base_url.path.as_str()).unwrap_or(wanted);
    let section = own.trim_start_matches('/').split('/').next().unwrap_or_default().to_lowercase();
    let (same, others): (Vec<&str>, Vec<&str>) =
        folders.into_iter().partition(|folder| folder.split('/').next() == Some(section.as_str()));
    let last = |folder: &&str| folder.rsplit('/').next().is_some_and(|last| last.eq_ignore_ascii_case(name));
    let near = |folders: &[&str]| -> Option<String> {
        let names = folders.iter().filter_map(|folder| folder.rsplit('/').next());
        let near = crate::diagnostic::nearest(name, names)?;
        folders
            .iter()
            .find(|folder| folder.rsplit('/').next() == Some(near))
            .map(|folder| (*folder).to_owned())
    };
    let exact = |folders: &[&str]| folders.iter().copied().find(|folder| last(folder)).map(str::to_owned);
    // A name of a letter or two is near to many.
    let is_telling = name.chars().count() > 2 || !name.is_ascii();
    let found = exact(&same).or_else(|| if is_telling { near(&same) } else { None });
    let found = found.or_else(|| if is_telling { exact(&others).or_else(|| near(&others)) } else { None });
    found.map(|folder| format!("/{folder}/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_told_when_it_comes_near_what_github_pages_publishes() {
        let code = |bytes| size(bytes, 1).map(|finding| finding.code);
        assert_eq!(code(SITE / 2), None);
        assert_eq!(code(SITE / 5 * 4 + 100), Some("site-near-limit"));
        assert_eq!(code(SITE), Some("site-near-limit"));
        assert_eq!(code(SITE + 1), Some("site-over-limit"));
    }

    #[test]
    fn a_page_that_names_something_twice_is_counted_once() {
        let mut seen = Seen::default();
        for page in [1, 1, 2, 5, 8, 8] {
            seen.at(page);
        }
        assert_eq!((seen.pages, seen.count), (vec![1, 2, 5], 4));
    }
}
