//! Finds likely problems of articles: empty, long or unclean texts, future dates, duplicates.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Days, Utc};
use rayon::prelude::*;

use crate::check::body;
use crate::check::finding::{Finding, SourcePlaces, find_place};
use crate::check::html::{self, Scope};
use crate::config::{Config, Rule};
use crate::diagnostic::Place;
use crate::fs::Root;
use crate::hygiene::near_duplicates;
use crate::hygiene::residue;
use crate::load::article::names;
use crate::load::date::Date;
use crate::load::{Article, ContentPage, source};
use crate::pipeline::BuiltLanguage;
use crate::search;
use crate::site::{ArticleId, BodyId};
use crate::watchdog::{Task, Watchdog};

/// The maximum number of findings of one kind about one article.
const MAX_FINDINGS_OF_ARTICLE: usize = 10;

/// Checks every article by itself and against the others.
pub(super) fn check(
    root: &Path,
    built: &BuiltLanguage<'_>,
    now: DateTime<Utc>,
    watchdog: &Watchdog,
) -> Vec<Finding> {
    let ids: Vec<ArticleId> = built.site.own_articles().collect();
    let check = |id: ArticleId| {
        let _task = watchdog.enter(Task::Check(&built.site.articles[id].file));
        check_one(root, built, id, now)
    };
    let mut findings: Vec<Finding> = ids.into_par_iter().flat_map_iter(check).collect();
    let folder = Root::open(root, built.config.links);
    let check_page = |page: &ContentPage| {
        let _task = watchdog.enter(Task::Check(&page.file));
        let source = source::read(&folder, &page.file, built.config.limits.file_bytes);
        source.map_or_else(|_| Vec::new(), |source| body::check(built.config, &source))
    };
    findings.par_extend(built.site.pages.par_iter().flat_map_iter(check_page));
    let same_link = articles_with_same_link(root, built);
    let (texts, titles) = folded_texts_and_titles(built);
    let reported: Vec<&[ArticleId]> = same_link.iter().map(|(articles, _)| articles.as_slice()).collect();
    // Articles with the same link are reported once, as `duplicate-link`.
    let is_new = |group: &Vec<ArticleId>| {
        !reported.iter().any(|articles| group.iter().all(|id| articles.contains(id)))
    };
    let same_text: Vec<Finding> = near_duplicates::text::groups(&texts, &titles)
        .iter()
        .filter(|group| is_new(group))
        .map(|group| {
            let group = copies_first(built, group);
            let message = tr!("nearly the same text as {}", other_files(built, &group));
            let place = title_place(root, built, &built.site.articles[group[0]]);
            Finding::new(Rule::DuplicateText, message, keep_one()).at(place)
        })
        .collect();
    findings.extend(same_link.into_iter().map(|(_, finding)| finding));
    findings.extend(same_text);
    findings
}

/// The help for duplicate articles.
fn keep_one() -> String {
    tr!("keep one of them, and give it the addresses of the others as `aliases:`")
}

/// The files of all articles of a group except the first.
fn other_files(built: &BuiltLanguage<'_>, group: &[ArticleId]) -> String {
    let files: Vec<&str> = group[1..].iter().map(|&id| built.site.articles[id].file.as_str()).collect();
    files.join(&tr!("list" => ", "))
}

/// A group of articles that say the same, the likely copy first: the one that came last, by its
/// date and then by the name of its file. An article without a date comes after all others.
fn copies_first(built: &BuiltLanguage<'_>, group: &[ArticleId]) -> Vec<ArticleId> {
    let articles = &built.site.articles;
    let mut group = group.to_vec();
    group.sort_by(|&a, &b| {
        let key = |id: ArticleId| (articles[id].date.is_none(), articles[id].date.map(|date| date.at));
        key(b).cmp(&key(a)).then_with(|| articles[b].file.cmp(&articles[a].file))
    });
    group
}

/// True if a date is more than a day in the future: a date that has begun in any time zone is not a
/// future date.
fn is_in_future(date: &Date, now: DateTime<Utc>) -> bool {
    date.at > now.checked_add_days(Days::new(1)).unwrap_or(now)
}

fn title_place(root: &Path, built: &BuiltLanguage<'_>, article: &Article) -> Place {
    find_place(root, built.config, &article.file, &[&article.title])
}

/// The HTML of an article's body; `None` if its file changed during the check.
fn html_of<'b>(built: &BuiltLanguage<'b>, id: ArticleId) -> Option<Cow<'b, str>> {
    built.bodies.html(BodyId::Article(id), &built.site.articles[id].file).ok()
}

/// Checks one article by itself.
fn check_one(root: &Path, built: &BuiltLanguage<'_>, id: ArticleId, now: DateTime<Utc>) -> Vec<Finding> {
    let BuiltLanguage { config, site, bodies } = built;
    let article = &site.articles[id];
    let body = &bodies[BodyId::Article(id)];
    let places = SourcePlaces::new(root, config);
    let mut findings = Vec::new();
    let characters = body.length.characters + body.length.words;
    // Tables and code are no prose, but they are a text.
    let html = html_of(built, id);
    let is_empty = || html.as_deref().is_none_or(|html| search::html::text(html).trim().is_empty());
    if characters == 0 && is_empty() {
        let help = tr!("write a body or a `summary:`, or exclude the article with `draft: true`");
        findings.push(
            Finding::new(Rule::EmptyText, tr!("this article has no text"), help)
                .at(places.find_words(&article.file, &[&article.title])),
        );
    }
    if characters > config.check.characters {
        let message = tr!(
            "this text has {characters} characters; the limit is {}",
            config.check.characters,
            characters
        );
        let help =
            tr!("check whether it is a whole web page, or raise `check: {characters: …}` in newsprint.yaml");
        findings.push(
            Finding::new(Rule::LongText, message, help)
                .at(places.find_words(&article.file, &[&article.title])),
        );
    }
    if let Some(date) = article.date.filter(|date| is_in_future(date, now)) {
        let written = date.at.format("%Y-%m-%d").to_string();
        let help = tr!("correct the date; until then the article is first in every list and feed");
        findings.push(
            Finding::new(
                Rule::FutureDate,
                tr!("this article is dated {written}, which is in the future", written),
                help,
            )
            .at(places.find_words(&article.file, &[&written, &written.replace('-', "/")])),
        );
    }
    findings.extend(check_fields(article, &places));
    findings.extend(check_label(config, article, &places));
    let Some(html) = html else { return findings };
    let found = html::scan(&html, Scope::Body);
    for image in &found.images_without_text {
        let decoded = percent_encoding::percent_decode_str(image).decode_utf8_lossy().into_owned();
        let help = tr!("describe the image for readers who do not see it: `![description](address)`");
        let name = decoded.rsplit('/').next().unwrap_or_default();
        findings.push(
            Finding::new(
                Rule::ImageWithoutText,
                tr!("the image {image} has no alternative text", image),
                help,
            )
            .at(places.find_words(&article.file, &[image, &decoded, name])),
        );
    }
    if let Ok(source) = source::read(&Root::open(root, config.links), &article.file, config.limits.file_bytes)
    {
        findings.extend(body::check(config, &source));
        let (_, removed) = residue::remove(&source.text[source.body..], &config.import.residue);
        for passage in removed.iter().take(MAX_FINDINGS_OF_ARTICLE) {
            let first = passage.lines().next().unwrap_or_default();
            let help = tr!(
                "remove it; `newsprint import` removes such text, and `import: {residue: […]}` adds patterns"
            );
            let at = source.text[source.body..].find(first).map_or(source.body, |at| source.body + at);
            findings.push(
                Finding::new(
                    Rule::ScrapeResidue,
                    tr!("this text belongs to the scraped page, not to the article"),
                    help,
                )
                .at(Place::at(&article.file, &source.text, at..at + first.len())),
            );
        }
    }
    findings
}

/// Checks the fields that every list shows as plain text.
fn check_fields(article: &Article, places: &SourcePlaces<'_>) -> Vec<Finding> {
    let fields = [
        (&names::TITLE[..], Some(&article.title)),
        (&names::EVENT[..], article.event.as_ref()),
        (&names::SUMMARY[..], article.summary.as_ref()),
    ];
    let mut findings = Vec::new();
    for (names, text) in fields {
        let Some(text) = text else { continue };
        for found in body::shown_in_field(text) {
            let words = &text[found.range];
            let place = places.find_field(&article.file, names, words);
            let place = place.unwrap_or_else(|| places.find_words(&article.file, &[words]));
            findings.push(Finding::new(found.rule, found.message, body::plain_text()).at(place));
        }
    }
    findings
}

/// Name under `extra` of the hash by which import knows its files.
const IMPORT_MARK: &str = "imported";

/// Finds an annotated article, one with a key event or from an import, that does not say whether a
/// model wrote it, in a digest that does not say it either.
fn check_label(config: &Config, article: &Article, places: &SourcePlaces<'_>) -> Option<Finding> {
    let is_annotated = article.event.is_some() || article.extra.get(IMPORT_MARK).is_some();
    if !is_annotated || article.authorship.ai.is_some() || config.labels.ai.is_some() {
        return None;
    }
    let help = tr!(
        "write `ai: generated`, `ai: assisted` or `ai: none`, or set `labels: {ai: …}` in newsprint.yaml for all articles"
    );
    let place = places.find_field(&article.file, &names::TITLE, &article.title);
    let place = place.unwrap_or_else(|| places.find_words(&article.file, &[&article.title]));
    Some(
        Finding::new(Rule::UnlabelledAi, tr!("this article does not say whether a model wrote it"), help)
            .at(place),
    )
}

/// Groups of articles that link to the same original, each with its finding.
fn articles_with_same_link(root: &Path, built: &BuiltLanguage<'_>) -> Vec<(Vec<ArticleId>, Finding)> {
    let mut by_link: BTreeMap<&str, Vec<ArticleId>> = BTreeMap::new();
    for id in built.site.own_articles() {
        let article = &built.site.articles[id];
        if let Some(link) = &article.link {
            by_link.entry(&link.canonical).or_default().push(id);
        }
    }
    let places = SourcePlaces::new(root, built.config);
    let several = by_link.into_iter().filter(|(_, articles)| articles.len() > 1);
    several
        .map(|(_, articles)| {
            let articles = copies_first(built, &articles);
            let article = &built.site.articles[articles[0]];
            let link = article.link.as_ref().map_or("", |link| link.url.as_str());
            let finding = Finding::new(
                Rule::DuplicateLink,
                tr!("the same original as {}", other_files(built, &articles)),
                keep_one(),
            );
            let field = places.find_field(&article.file, &names::LINK, link);
            let place = field.unwrap_or_else(|| places.find_words(&article.file, &[link]));
            (articles, finding.at(place))
        })
        .collect()
}

/// The texts and the titles of all articles, reduced to letters and digits in lower case.
fn folded_texts_and_titles(built: &BuiltLanguage<'_>) -> (Vec<String>, Vec<String>) {
    let fold = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let texts = (0..built.site.articles.len())
        .into_par_iter()
        .map(|id| html_of(built, id).map(|html| fold(&search::html::text(&html))).unwrap_or_default())
        .collect();
    let titles = built.site.articles.par_iter().map(|article| fold(&article.title)).collect();
    (texts, titles)
}

/// The age of the newest article, in days of the digest's time zone, and its file. `None` if no
/// article has a date. Articles with a future date do not count.
pub(super) fn newest_age(built: &BuiltLanguage<'_>, now: DateTime<Utc>) -> Option<(i64, String)> {
    let is_past =
        |article: &&std::sync::Arc<Article>| article.date.is_some_and(|date| !is_in_future(&date, now));
    let newest = built.site.articles.iter().find(is_past)?;
    let date = newest.date?;
    let day = |at: DateTime<Utc>| at.with_timezone(&built.config.timezone).date_naive();
    let days = (day(now) - day(date.at.to_utc())).num_days();
    Some((days, newest.file.clone()))
}
