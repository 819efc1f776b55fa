//! Compares the site with its last build or with the published files, and its newest article with
//! the current date.

use chrono::{DateTime, Utc};

use crate::check::articles;
use crate::check::finding::Finding;
use crate::config::Rule;
use crate::diagnostic::Place;
use crate::pipeline::BuiltSite;

/// The maximum number of findings about pages that the site no longer has.
const MAX_GONE_PAGES: usize = 20;

/// Finds missing pages, a site with fewer pages, and a digest without new articles. `before` holds
/// the paths of the last build; `None` skips the comparison.
pub(super) fn check(built: &BuiltSite<'_>, before: Option<&[String]>, now: DateTime<Utc>) -> Vec<Finding> {
    let mut findings: Vec<Finding> = Vec::new();
    let settings = &built.config.check;
    if let Some(days) = settings.nothing_new_days {
        let help = tr!(
            "check whether articles still arrive, or change `check: {nothing_new_days: …}` in newsprint.yaml"
        );
        match articles::newest_age(&built.languages[0], now) {
            None => findings.push(
                Finding::new(Rule::NothingNew, tr!("there is no article with a date"), help)
                    .at(Place::file("content/articles")),
            ),
            Some((age, file)) if age > i64::try_from(days).unwrap_or(i64::MAX) => {
                let message = tr!("the newest article is {age} days old; {days} are allowed", age, days);
                findings.push(Finding::new(Rule::NothingNew, message, help).at(Place::file(&file)));
            }
            Some(_) => {}
        }
    }
    let Some(before) = before else { return findings };
    let is_page = |path: &&str| path.ends_with(".html");
    let (then, now) = (
        before.iter().map(String::as_str).filter(is_page).count(),
        built.pages.iter().map(|page| page.path.as_str()).filter(is_page).count(),
    );
    if let Some(percent) = settings.fewer_pages_percent
        && now < then
        && (then - now) * 100 > then * percent
    {
        let fewer = (then - now) * 100 / then;
        let message = tr!(
            "the site has {now} pages, {fewer} % fewer than the {then} of its last build; {percent} % are allowed",
            now,
            fewer,
            then,
            percent
        );
        let help = tr!(
            "check whether articles are missing; if this is intended, check once with `--allow fewer-pages`"
        );
        findings.push(Finding::new(Rule::FewerPages, message, help));
    }
    let mut paths: Vec<&str> = built.pages.iter().map(|page| page.path.as_str()).collect();
    paths.sort_unstable();
    let is_gone = |path: &&String| {
        // Only articles are reported: pages of terms come and go with the articles.
        let prefixes = built.languages.iter().map(|language| language.config.prefix());
        let mut articles = prefixes.filter_map(|prefix| path.strip_prefix(prefix)?.strip_prefix("articles/"));
        let is_article = articles.any(|rest| rest.matches('/').count() == 1);
        is_article && path.ends_with("/index.html") && paths.binary_search(&path.as_str()).is_err()
    };
    let gone: Vec<&String> = before.iter().filter(is_gone).collect();
    for path in gone.iter().take(MAX_GONE_PAGES) {
        let address = path.trim_end_matches("index.html");
        let message = match gone.len() {
            ..=MAX_GONE_PAGES => tr!("the site no longer has /{address}", address),
            many => tr!("the site no longer has /{address} and {} other articles", many - 1, address),
        };
        let help = tr!("if it moved, add `aliases: [/{address}]` to the article that replaces it", address);
        findings.push(Finding::new(Rule::GonePage, message, help).at(Place::file(path)));
    }
    findings
}
