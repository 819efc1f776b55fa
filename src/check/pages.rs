//! Renders and reads every page and data file, and finds broken links, images without alternative
//! text and exceeded limits.

use std::collections::{BTreeMap, HashMap};
use std::path::Path;

use rayon::prelude::*;

use crate::check::drafts::Drafts;
use crate::check::feeds;
use crate::check::finding::{Finding, SourcePlaces};
use crate::check::html::{self, Scope};
use crate::check::links::{self, Target};
use crate::check::nearest::{nearest_page, pages_by_file_name};
use crate::config;
use crate::config::Rule;
use crate::diagnostic::Place;
use crate::load;
use crate::pipeline::BuiltSite;
use crate::plan::{Body, Kind, Page};
use crate::render::TemplateProblem;
use crate::watchdog::{Task, Watchdog};

/// The maximum size of a site on GitHub Pages, in bytes (documentation, "GitHub Pages limits").
const MAX_SITE_BYTES: u64 = 1 << 30;
/// The percentage of [`MAX_SITE_BYTES`] from which on `site-near-limit` is reported.
const NEAR_LIMIT_PERCENT: u64 = 80;
/// The maximum size of a file on GitHub, in bytes (documentation, "About large files on GitHub").
const MAX_FILE_BYTES: u64 = 100 << 20;
/// The number of broken links for which the nearest page is searched: each search compares the
/// address with all pages.
const MAX_SUGGESTED: usize = 500;
/// The maximum number of pages that a finding names.
const MAX_NAMED_PAGES: usize = 3;

/// The findings about all pages, and facts about them.
#[derive(Debug, Default)]
pub(super) struct Inspected {
    pub(super) findings: Vec<Finding>,
    /// The size of all files, in bytes.
    pub(super) bytes: u64,
    /// The number of HTML pages.
    pub(super) pages: usize,
    /// The addresses on other hosts and the pages that link to them.
    pub(super) external: BTreeMap<String, Occurrences>,
}

/// The pages on which an address or image occurs.
#[derive(Debug, Default, Clone)]
pub(super) struct Occurrences {
    /// The indexes of the first pages, at most [`MAX_NAMED_PAGES`].
    pub(super) pages: Vec<usize>,
    /// The number of pages.
    pub(super) count: usize,
    last: Option<usize>,
}

impl Occurrences {
    /// Adds a page. Calls must come in the order of pages; repeated calls for one page count once.
    fn add(&mut self, page: usize) {
        if self.last.replace(page) == Some(page) {
            return;
        }
        self.count += 1;
        if self.pages.len() < MAX_NAMED_PAGES {
            self.pages.push(page);
        }
    }
}

/// The links, anchors and images of one page, and the findings that need no other page.
#[derive(Default)]
struct PageFacts {
    bytes: u64,
    /// Addresses in the site that no page has.
    broken: Vec<String>,
    /// Addresses on the host of the site, but outside of its base path.
    outside_base: Vec<String>,
    /// Addresses on other hosts.
    external: Vec<String>,
    /// Links to anchors: the index of the target page, the anchor, and the address as written.
    anchored: Vec<(usize, String, String)>,
    /// The anchors of the page itself, sorted.
    anchors: Vec<String>,
    /// The addresses of images without alternative text.
    images_without_text: Vec<String>,
    findings: Vec<Finding>,
}

/// Renders and reads every page. Addresses on other hosts are collected only with `with_external`.
///
/// # Errors
/// Pages cannot be rendered.
pub(super) fn check(
    root: &Path,
    built: &BuiltSite<'_>,
    drafts: &Drafts,
    with_external: bool,
    watchdog: &Watchdog,
) -> Result<Inspected, Vec<TemplateProblem>> {
    let page_of_path: HashMap<&str, usize> =
        built.pages.iter().enumerate().map(|(at, page)| (page.path.as_str(), at)).collect();
    let results: Vec<Result<PageFacts, TemplateProblem>> = (0..built.pages.len())
        .into_par_iter()
        .map_init(Vec::new, |bytes, at| {
            bytes.clear();
            (built.render)(at, bytes)?;
            let _task = watchdog.enter(Task::Check(&built.pages[at].path));
            Ok(read_page(built, at, bytes, &page_of_path, with_external))
        })
        .collect();
    let (mut pages, mut problems) = (Vec::with_capacity(results.len()), Vec::new());
    for result in results {
        match result {
            Ok(facts) => pages.push(facts),
            Err(problem) => problems.push(problem),
        }
    }
    if problems.is_empty() { Ok(collect_findings(root, built, drafts, &mut pages)) } else { Err(problems) }
}

/// Reads one rendered page or data file.
fn read_page(
    built: &BuiltSite<'_>,
    at: usize,
    bytes: &[u8],
    page_of_path: &HashMap<&str, usize>,
    with_external: bool,
) -> PageFacts {
    let page = &built.pages[at];
    let mut facts = PageFacts { bytes: bytes.len() as u64, ..PageFacts::default() };
    if facts.bytes > MAX_FILE_BYTES {
        let message = tr!("this file has {} MB; GitHub accepts at most 100 MB", facts.bytes >> 20);
        let help = tr!("make it smaller, or host it elsewhere and link to it");
        facts.findings.push(Finding::new(Rule::FileOverLimit, message, help).at(Place::file(&page.path)));
    }
    // Forms of editions are not pages of the site: a letter may hold a platform's merge tag as a
    // link.
    if !page.path.ends_with(".html") || matches!(page.body, Body::Form(_)) {
        let found = feeds::check(&page.path, bytes).into_iter().map(|finding| match &page.body {
            Body::Static(_) => Finding { help: tr!("fix the file in static/"), ..finding }
                .at(Place::file(&format!("static/{}", page.path))),
            _ => finding,
        });
        facts.findings.extend(found);
        return facts;
    }
    if bytes.len() > built.config.check.page {
        let message = tr!(
            "this page has {} KB of HTML; the limit is {} KB",
            bytes.len() >> 10,
            built.config.check.page >> 10
        );
        let help = tr!("shorten the article or the list, or raise `check: {page_kb: …}` in newsprint.yaml");
        let file = page.source().map_or_else(|| Place::file(&page.path), Place::file);
        let finding = Finding::new(Rule::HeavyPage, message, help).at(file);
        facts.findings.push(Finding { pages: vec![page.path.clone()], count: 1, ..finding });
    }
    let text = String::from_utf8_lossy(bytes);
    let found = html::scan(&text, Scope::Page);
    facts.anchors = found.anchors;
    facts.anchors.sort_unstable();
    facts.images_without_text = found.images_without_text;
    let base = &built.config.base_url;
    let Some(url) = links::url_of(base, &page.path) else { return facts };
    for address in found.links {
        match links::target(base, &url, &address) {
            Target::InSite(path, anchor) => {
                let target = links::files(&path).iter().find_map(|file| page_of_path.get(&**file).copied());
                match (target, anchor) {
                    (Some(target), Some(anchor)) => facts.anchored.push((target, anchor, address)),
                    (Some(_), None) => {}
                    (None, _) => facts.broken.push(address),
                }
            }
            Target::OutsideBase => facts.outside_base.push(address),
            Target::OtherSite(address) if with_external => facts.external.push(address),
            Target::OtherSite(_) | Target::NotChecked => {}
        }
    }
    facts
}

/// True for the notice in place of an expired article, whose anchors are gone with its text.
fn is_expired(page: &Page<'_>) -> bool {
    matches!(&page.body, Body::Template(kind) if matches!(**kind, Kind::Expired(_)))
}

/// Turns the facts of all pages into findings: one for each address or image, not for each page.
fn collect_findings(
    root: &Path,
    built: &BuiltSite<'_>,
    drafts: &Drafts,
    pages: &mut [PageFacts],
) -> Inspected {
    let mut inspected = Inspected::default();
    inspected.findings.extend(pages.iter_mut().flat_map(|page| std::mem::take(&mut page.findings)));
    let pages = &*pages;
    let mut broken: BTreeMap<&str, Occurrences> = BTreeMap::new();
    let mut outside_base: BTreeMap<&str, Occurrences> = BTreeMap::new();
    let mut broken_anchors: BTreeMap<(&str, &str), Occurrences> = BTreeMap::new();
    let mut images: BTreeMap<&str, Occurrences> = BTreeMap::new();
    for (at, page) in pages.iter().enumerate() {
        inspected.bytes += page.bytes;
        let is_page = built.pages[at].path.ends_with(".html");
        inspected.pages += usize::from(is_page && !matches!(built.pages[at].body, Body::Form(_)));
        if is_copy(built, &built.pages[at]) {
            continue;
        }
        page.broken.iter().for_each(|address| broken.entry(address).or_default().add(at));
        page.outside_base.iter().for_each(|address| outside_base.entry(address).or_default().add(at));
        for address in &page.external {
            inspected.external.entry(address.clone()).or_default().add(at);
        }
        for (target, anchor, address) in &page.anchored {
            if pages[*target].anchors.binary_search(anchor).is_err() && !is_expired(&built.pages[*target]) {
                broken_anchors.entry((address, &built.pages[*target].path)).or_default().add(at);
            }
        }
        page.images_without_text.iter().for_each(|image| images.entry(image).or_default().add(at));
    }
    let places = SourcePlaces::new(root, built.config);
    let mut report = |rule, message: String, help: String, at: &str, occurrences: &Occurrences| {
        let finding = Finding::new(rule, message, help);
        inspected.findings.push(place_finding(&places, built, finding, at, occurrences));
    };
    let by_file = if broken.is_empty() { HashMap::new() } else { pages_by_file_name(built) };
    for (nth, (address, occurrences)) in broken.into_iter().enumerate() {
        if let Some((file, help)) = drafts.explain(built, occurrences.pages.first().copied(), address) {
            let message = tr!("`{}` leads to {file}", shown(address), file);
            report(Rule::BrokenLink, message, help, address, &occurrences);
            continue;
        }
        let message = tr!("`{}` leads to no page of the site", shown(address));
        let near = if nth < MAX_SUGGESTED { nearest_page(built, &by_file, &shown(address)) } else { None };
        let help = near.map_or_else(
            || match load::bundle::is_picture(address.split(['?', '#']).next().unwrap_or(address)) {
                true => tr!(
                    "put the picture of `a.md` into the folder `a` beside it, or an image of several pages into `static/`, and write its path from the article's page or from the root of the site"
                ),
                false => {
                    tr!("correct the link, or add this address to the `aliases:` of the page that moved")
                }
            },
            |path| tr!("did you mean {path}?", path),
        );
        report(Rule::BrokenLink, message, help, address, &occurrences);
    }
    for (address, occurrences) in outside_base {
        let base = &built.config.base_url.path;
        let message = tr!("`{}` leads out of the site, which is below {base}", shown(address), base);
        let help = tr!(
            "in Markdown, write `/articles/…/` without the base path; in templates, begin with {variable}",
            variable = "{{ config.base_path }}"
        );
        report(Rule::OutsideBase, message, help, address, &occurrences);
    }
    for ((address, target), occurrences) in broken_anchors {
        let message = tr!("`{}` leads to an anchor that {target} does not have", shown(address), target);
        let help = tr!("correct the part after `#`, or remove it");
        report(Rule::BrokenAnchor, message, help, address, &occurrences);
    }
    for (image, occurrences) in images {
        let message = tr!("the image {} has no `alt`", shown(image));
        let help = tr!("describe the image in the template, or write `alt=\"\"` if it is decorative");
        report(Rule::ImageWithoutText, message, help, image, &occurrences);
    }
    inspected.findings.extend(check_size(inspected.bytes, built.pages.len()));
    inspected
}

/// True for a page that is converted from one in another language, whose findings are those of that
/// page.
fn is_copy(built: &BuiltSite<'_>, page: &Page<'_>) -> bool {
    built.languages.get(page.language).is_some_and(|language| language.config.converted().is_some())
}

/// Compares the size of the site with the limit of GitHub Pages.
fn check_size(bytes: u64, files: usize) -> Option<Finding> {
    let megabytes = bytes >> 20;
    let message = tr!(
        "the site has {megabytes} MB in {files} files; GitHub Pages publishes at most 1024 MB",
        megabytes,
        files
    );
    let help = tr!(
        "to make it smaller: fewer term feeds (`feeds:`), no alternates (`outputs:`), no pages for terms with few articles (`min_articles`), or a search without bodies"
    );
    if bytes > MAX_SITE_BYTES {
        return Some(Finding::new(Rule::SiteOverLimit, message, help));
    }
    (bytes > MAX_SITE_BYTES / 100 * NEAR_LIMIT_PERCENT)
        .then(|| Finding::new(Rule::SiteNearLimit, message, help))
}

/// Sets the place of a finding to where an editor can fix it: the address in the source of a page,
/// a link to a source file, the settings (an address on several pages may be in the menu), or else
/// the page.
pub(super) fn place_finding(
    places: &SourcePlaces<'_>,
    built: &BuiltSite<'_>,
    finding: Finding,
    address: &str,
    occurrences: &Occurrences,
) -> Finding {
    let pages: Vec<String> = occurrences.pages.iter().map(|&at| built.pages[at].path.clone()).collect();
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned();
    let decoded = decoded.strip_prefix(&built.config.base_url.origin).map(str::to_owned).unwrap_or(decoded);
    // Sources write addresses without the base path, and relative to the home page.
    let base = built.config.base_url.path.trim_end_matches('/');
    let own = decoded.strip_prefix(base).unwrap_or(&decoded);
    let home = decoded.strip_prefix(&built.config.base_url.path).unwrap_or(&decoded);
    let words = [address, &decoded, own, home];
    let file = occurrences.pages.iter().find_map(|&at| built.pages[at].source());
    let in_source = |file: &str| {
        let found = places.find_words(file, &words);
        if found.line > 0 { found } else { places.find_file_link(file, address) }
    };
    let found = file.map(in_source).filter(|place| place.line > 0);
    let in_settings = || Some(places.find_words(config::FILE, &words)).filter(|place| place.line > 0);
    let found = found.or_else(|| (occurrences.count > 1).then(in_settings).flatten());
    let found = found.or_else(|| pages.first().map(|page| Place::file(page)));
    let finding = Finding { count: occurrences.count, pages, ..finding };
    match found {
        Some(place) => finding.at(place),
        None => finding,
    }
}

/// An address percent-decoded, for one line of output: characters that a terminal would not show
/// are replaced.
fn shown(address: &str) -> String {
    let decoded = percent_encoding::percent_decode_str(address).decode_utf8_lossy();
    crate::diagnostic::printable_line(&decoded)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites_near_and_above_the_limit_of_github_pages_are_reported() {
        let code = |bytes| check_size(bytes, 1).map(|finding| finding.code);
        assert_eq!(code(MAX_SITE_BYTES / 2), None);
        assert_eq!(code(MAX_SITE_BYTES / 5 * 4 + 100), Some("site-near-limit"));
        assert_eq!(code(MAX_SITE_BYTES), Some("site-near-limit"));
        assert_eq!(code(MAX_SITE_BYTES + 1), Some("site-over-limit"));
    }

    #[test]
    fn a_page_that_names_something_twice_is_counted_once() {
        let mut occurrences = Occurrences::default();
        for page in [1, 1, 2, 5, 8, 8] {
            occurrences.add(page);
        }
        assert_eq!((occurrences.pages, occurrences.count), (vec![1, 2, 5], 4));
    }
}
