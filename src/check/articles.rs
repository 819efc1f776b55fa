//! What is likely wrong with articles: texts that are empty, too long or unclean, dates to come, and the same article twice.

use std::collections::BTreeMap;
use std::path::Path;

use chrono::{DateTime, Days, Utc};
use rayon::prelude::*;

use crate::check::finding::{Finding, place};
use crate::check::html::{self, Look};
use crate::config::Rule;
use crate::diagnostic::Place;
use crate::hygiene::near_duplicates;
use crate::hygiene::residue;
use crate::load::date::Date;
use crate::load::{Article, source};
use crate::pipeline::BuiltSite;
use crate::search;
use crate::site::{ArticleId, BodyId};

/// Places of one kind that are named of an article.
const MAX_FINDINGS_OF_ARTICLE: usize = 10;

/// Checks every article by itself and against the others; `now` tells what is yet to come.
pub(super) fn check(root: &Path, made: &BuiltSite<'_>, now: DateTime<Utc>) -> Vec<Finding> {
    let ids = (0..made.site.articles.len()).into_par_iter();
    let mut findings: Vec<Finding> = ids.flat_map_iter(|id| check_one(root, made, id, now)).collect();
    let same = same_link(root, made);
    let (texts, titles) = folded(made);
    let named: Vec<&[ArticleId]> = same.iter().map(|(articles, _)| articles.as_slice()).collect();
    // Whose links are the same were named already.
    let is_new =
        |group: &Vec<ArticleId>| !named.iter().any(|articles| group.iter().all(|id| articles.contains(id)));
    let alike: Vec<Finding> = near_duplicates::text::groups(&texts, &titles)
        .iter()
        .filter(|group| is_new(group))
        .map(|group| {
            let message = format!("nearly the same text as {}", others(made, group));
            let place = title_place(root, made, &made.site.articles[group[0]]);
            Finding::new(Rule::DuplicateText, message, KEEP_ONE).at(place)
        })
        .collect();
    findings.extend(same.into_iter().map(|(_, finding)| finding));
    findings.extend(alike);
    findings
}

/// What to do about articles that are there twice.
const KEEP_ONE: &str = "keep one of them, and give it the addresses of the others as `aliases:`";

/// The files of a group's articles but for the first.
fn others(made: &BuiltSite<'_>, group: &[ArticleId]) -> String {
    let files: Vec<&str> = group[1..].iter().map(|&id| made.site.articles[id].file.as_str()).collect();
    files.join(", ")
}

/// Is this yet to come? A day is over when it is over everywhere; digests that are a few hours ahead are nothing to be told of.
fn is_ahead(date: &Date, now: DateTime<Utc>) -> bool {
    date.at > now.checked_add_days(Days::new(1)).unwrap_or(now)
}

fn title_place(root: &Path, made: &BuiltSite<'_>, article: &Article) -> Place {
    place(root, made.config, &article.file, &[&article.title])
}

fn check_one(root: &Path, made: &BuiltSite<'_>, id: ArticleId, now: DateTime<Utc>) -> Vec<Finding> {
    let BuiltSite { config, site, bodies, .. } = made;
    let article = &site.articles[id];
    let body = &bodies[BodyId::Article(id)];
    let mut findings = Vec::new();
    let characters = body.length.characters + body.length.words;
    if characters == 0 {
        let help = "write a body or a `summary:`, or take the article out with `draft: true`";
        findings.push(
            Finding::new(Rule::EmptyText, "this article has no text", help)
                .at(title_place(root, made, article)),
        );
    }
    if characters > config.check.characters {
        let message = format!(
            "this text has {characters} characters; {} are expected at most",
            config.check.characters
        );
        let help = "look whether a whole page was taken, or raise `check: {characters: …}` in newsprint.yaml";
        findings.push(Finding::new(Rule::LongText, message, help).at(title_place(root, made, article)));
    }
    if let Some(date) = article.date.filter(|date| is_ahead(date, now)) {
        let written = date.at.format("%Y-%m-%d").to_string();
        let help = "set the date right; until then it leads every list and feed";
        findings.push(
            Finding::new(
                Rule::FutureDate,
                format!("this article is dated {written}, which is yet to come"),
                help,
            )
            .at(place(root, config, &article.file, &[&written, &written.replace('-', "/")])),
        );
    }
    let fields = [Some(&article.title), article.event.as_ref(), article.summary.as_ref()];
    for shown in fields.into_iter().flatten().filter_map(|text| literal(text)) {
        let help = "remove the asterisks: fields are text, and no Markdown is read in them";
        findings.push(Finding::new(Rule::LiteralMarkup, "asterisks are shown as they are", help).at(place(
            root,
            config,
            &article.file,
            &[shown],
        )));
    }
    let Some(html) = &body.html else { return findings };
    let found = html::look(html, Look::Body);
    for shown in found.texts.iter().filter_map(|text| literal(text)).take(MAX_FINDINGS_OF_ARTICLE) {
        let help = "close the emphasis in the same paragraph, or write `\\*` for an asterisk";
        findings.push(
            Finding::new(Rule::LiteralMarkup, "asterisks of an emphasis are shown as they are", help)
                .at(place(root, config, &article.file, &[shown, "**"])),
        );
    }
    if let Some(shown) = shortcode(&found.texts.concat()) {
        let help =
            "write it as Markdown; newsprint knows no shortcodes (in code, between backticks, it may stand)";
        findings.push(
            Finding::new(Rule::LiteralMarkup, format!("the shortcode `{shown}` is shown as it is"), help)
                .at(place(root, config, &article.file, &[shown])),
        );
    }
    for image in &found.wordless {
        let decoded = percent_encoding::percent_decode_str(image).decode_utf8_lossy().into_owned();
        let help =
            "say what is to be seen: `![the words](address)`; whoever does not see it reads or hears them";
        let name = decoded.rsplit('/').next().unwrap_or_default();
        findings.push(
            Finding::new(Rule::ImageWithoutText, format!("the image {image} has no text"), help).at(place(
                root,
                config,
                &article.file,
                &[image, &decoded, name],
            )),
        );
    }
    if let Ok(source) = source::read(root, &article.file, config.limits.file_bytes) {
        let (_, removed) = residue::remove(&source.text[source.body..], &config.import.residue);
        for gone in removed.iter().take(MAX_FINDINGS_OF_ARTICLE) {
            let first = gone.lines().next().unwrap_or_default();
            let help = "remove it; `newsprint import` does so by itself, and `import: {residue: […]}` teaches it more";
            let at = source.text[source.body..].find(first).map_or(source.body, |at| source.body + at);
            findings.push(
                Finding::new(Rule::ScrapeResidue, "this was taken along by a scraper", help).at(Place::at(
                    &article.file,
                    &source.text,
                    at..at + first.len(),
                )),
            );
        }
    }
    findings
}

/// The first `**` that was meant as markup, with what stands around it. `2**10` is arithmetic.
fn literal(text: &str) -> Option<&str> {
    let is_markup = |&at: &usize| {
        let before = text[..at].chars().next_back();
        let after = text[at + 2..].chars().next();
        let counts = |c: Option<char>| c.is_some_and(|c| c.is_ascii_digit());
        let stands = |c: Option<char>| c.is_none_or(|c| c.is_whitespace() || c == '*');
        let is_arithmetic = counts(before) && counts(after);
        let is_alone = stands(before) && stands(after);
        !is_arithmetic && !is_alone
    };
    let at = text.match_indices("**").map(|(at, _)| at).find(is_markup)?;
    let end = text[at..].char_indices().nth(8).map_or(text.len(), |(end, _)| at + end);
    Some(text[at..end].lines().next().unwrap_or("**"))
}

/// The beginning of the first shortcode of Hugo, Zola, Hexo or Jekyll: `{{< figure`, `{{% note`, `{% post_link`, `{{ youtube(`.
fn shortcode(text: &str) -> Option<&str> {
    text.match_indices('{').find_map(|(at, _)| {
        let rest = &text[at..];
        let (begin, end) = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")]
            .into_iter()
            .find(|(begin, _)| rest.starts_with(begin))?;
        // As far as people write one: of braces by the ten thousand, none looks through all the text.
        let inside = &rest[begin.len()..];
        let inside = &inside[..inside.char_indices().nth(500).map_or(inside.len(), |(end, _)| end)];
        let is_name = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '/');
        let name = inside.trim_start();
        let length = name.find(|c| !is_name(c)).unwrap_or(name.len());
        let is_call = begin != "{{" || name[length..].starts_with('(');
        let is_one = length > 0 && is_call && inside.lines().next().is_some_and(|line| line.contains(end));
        is_one.then(|| &rest[..begin.len() + (inside.len() - name.len()) + length])
    })
}

/// Articles with the same original.
fn same_link(root: &Path, made: &BuiltSite<'_>) -> Vec<(Vec<ArticleId>, Finding)> {
    let mut by_link: BTreeMap<&str, Vec<ArticleId>> = BTreeMap::new();
    for (id, article) in made.site.articles.iter().enumerate() {
        if let Some(link) = &article.link {
            by_link.entry(&link.canonical).or_default().push(id);
        }
    }
    let several = by_link.into_iter().filter(|(_, articles)| articles.len() > 1);
    several
        .map(|(_, articles)| {
            let article = &made.site.articles[articles[0]];
            let link = article.link.as_ref().map_or("", |link| link.url.as_str());
            let finding = Finding::new(
                Rule::DuplicateLink,
                format!("this original has an article already: {}", others(made, &articles)),
                KEEP_ONE,
            )
            .at(place(root, made.config, &article.file, &[link, "link"]));
            (articles, finding)
        })
        .collect()
}

/// Titles and texts without what no two copies agree in: case, white space, punctuation.
fn folded(made: &BuiltSite<'_>) -> (Vec<String>, Vec<String>) {
    let fold = |text: &str| -> String {
        text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
    };
    let texts = (0..made.site.articles.len())
        .into_par_iter()
        .map(|id| match &made.bodies[BodyId::Article(id)].html {
            Some(html) => fold(&search::html::text(html)),
            None => String::new(),
        })
        .collect();
    let titles = made.site.articles.par_iter().map(|article| fold(&article.title)).collect();
    (texts, titles)
}

/// Days since the newest article, and its file; `None` where none has a date. One that is dated ahead is a slip of the hand and no news.
pub(super) fn silence(made: &BuiltSite<'_>, now: DateTime<Utc>) -> Option<(i64, String)> {
    let published =
        |article: &&std::sync::Arc<Article>| article.date.is_some_and(|date| !is_ahead(&date, now));
    let newest = made.site.articles.iter().find(published)?;
    let date = newest.date?;
    let day = |at: DateTime<Utc>| at.with_timezone(&made.config.timezone).date_naive();
    let days = (day(now) - day(date.at.to_utc())).num_days();
    Some((days, newest.file.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn asterisks_are_markup_unless_they_count_or_stand_alone() {
        assert_eq!(literal("这是**重点"), Some("**重点"));
        assert_eq!(literal("**重点**"), Some("**重点**"));
        assert_eq!(literal("2**10 与 a ** b"), None);
        assert_eq!(literal("第一 ** 第二"), None);
        assert_eq!(literal("*****"), None);
    }

    #[test]
    fn shortcodes_are_told_from_words_in_braces() {
        for (text, found) in [
            ("见 {{< figure src=\"/a.png\" >}}。", "{{< figure"),
            ("{{%note%}}", "{{%note"),
            ("{% post_link b %}", "{% post_link"),
            ("{{ youtube(id=\"x\") }}", "{{ youtube"),
        ] {
            assert_eq!(shortcode(text), Some(found), "{text}");
        }
        assert_eq!(shortcode(&"{% x".repeat(500_000)), None);
        for text in ["{{ title }}", "{a}", "100{% }", "{{< >}}", "{% x\n%}", "${{ secrets.KEY }}"] {
            assert_eq!(shortcode(text), None, "{text}");
        }
    }
}
