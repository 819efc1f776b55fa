//! What a site lost since its last build, which the manifest of the output folder tells, and whether anything new came.

use chrono::{DateTime, Utc};

use crate::check::articles;
use crate::check::finding::Finding;
use crate::config::Rule;
use crate::diagnostic::Place;
use crate::pipeline::BuiltSite;

/// Findings that are made at most for pages that are gone.
const MAX_NAMED_PAGES: usize = 20;

/// Compares the site with the files of its last build, and its newest article with the time.
pub(super) fn check(made: &BuiltSite<'_>, before: Option<&[String]>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let settings = &made.config.check;
    if let Some(days) = settings.nothing_new_days {
        let help =
            "look whether articles still arrive, or change `check: {nothing_new_days: …}` in newsprint.yaml";
        match articles::silence(made, now) {
            None => findings.push(
                Finding::new(Rule::NothingNew, "there is no article with a date", help)
                    .at(Place::file("content/articles")),
            ),
            Some((silent, file)) if silent > i64::try_from(days).unwrap_or(i64::MAX) => {
                let message = format!("the newest article is {silent} days old; {days} are allowed");
                findings.push(Finding::new(Rule::NothingNew, message, help).at(Place::file(&file)));
            }
            Some(_) => {}
        }
    }
    let Some(before) = before else { return findings };
    let is_page = |path: &&str| path.ends_with(".html");
    let (then, now) = (
        before.iter().map(String::as_str).filter(is_page).count(),
        made.pages.iter().map(|page| page.path.as_str()).filter(is_page).count(),
    );
    if let Some(percent) = settings.fewer_pages_percent
        && now < then
        && (then - now) * 100 > then * percent
    {
        let fewer = (then - now) * 100 / then;
        let message = format!(
            "the site has {now} pages, {fewer} % fewer than the {then} of its last build; {percent} % are allowed"
        );
        let help = "look whether articles are missing; if it is meant, check once with `--allow fewer-pages`";
        findings.push(Finding::new(Rule::FewerPages, message, help));
    }
    let mut paths: Vec<&str> = made.pages.iter().map(|page| page.path.as_str()).collect();
    paths.sort_unstable();
    let is_gone = |path: &&String| {
        // Terms come and go with articles; what people link to is articles, and pages that somebody wrote.
        let is_article = path.strip_prefix("articles/").is_some_and(|rest| rest.matches('/').count() == 1);
        is_article && path.ends_with("/index.html") && paths.binary_search(&path.as_str()).is_err()
    };
    let gone: Vec<&String> = before.iter().filter(is_gone).collect();
    for path in gone.iter().take(MAX_NAMED_PAGES) {
        let address = path.trim_end_matches("index.html");
        let message = match gone.len() {
            ..=MAX_NAMED_PAGES => format!("/{address} was on the site and is gone"),
            many => format!("/{address} was on the site and is gone, as {} others are", many - 1),
        };
        let help = format!("if it moved, write `aliases: [/{address}]` in the article that takes its place");
        findings.push(Finding::new(Rule::GonePage, message, help).at(Place::file(path)));
    }
    findings
}
