//! Plans `sitemap.xml`, split so that a new article rewrites little of it, and `robots.txt`.

use rayon::prelude::*;

use crate::plan::input::Input;
use crate::plan::page::{Body, Page};
use crate::plan::view::page::SitemapEntry;
use crate::site::Address;

/// Maximum number of URLs in one file (sitemaps.org protocol).
const MAX_URLS_PER_FILE: usize = 50_000;

/// Number of articles in a file of their own. The files are cut from the oldest article on, so that
/// a new article rewrites the last one.
const ARTICLES_PER_FILE: usize = 1_000;

/// Plans the sitemap from the entries of `pages`, and `robots.txt` unless the digest has its own
/// (`own_robots`). Removes the entries from the pages.
pub(super) fn pages<'s>(input: Input<'s>, own_robots: bool, pages: &mut Vec<Page<'s>>) {
    let (mut articles, mut others) = (Vec::new(), Vec::new());
    for page in &mut *pages {
        let Some(entry) = page.sitemap.take() else { continue };
        if entry.is_article { &mut articles } else { &mut others }.push(entry);
    }
    // Articles are planned from the newest.
    articles.reverse();
    others.par_sort_by(|a, b| a.permalink.cmp(&b.permalink));
    pages.extend(split(articles, others, |name| Address::file(&[], name, input.config)));
    let languages = 0..input.config.languages.len().max(1);
    let sitemaps: String = languages
        .map(|at| Address::file(&[], "sitemap.xml", &input.config.for_language(at)).permalink)
        .map(|sitemap| format!("Sitemap: {sitemap}\n"))
        .collect();
    let robots = format!("# generator: newsprint\nUser-agent: *\nAllow: /\n\n{sitemaps}");
    if !own_robots && input.config.is_first_language() {
        pages.push(Page::new("robots.txt".to_owned(), Body::Text(robots)));
    }
}

/// Plans one sitemap for some hundred articles, or several and their index: of the articles, from
/// the oldest, and of all other pages.
fn split<'s>(
    articles: Vec<SitemapEntry>,
    others: Vec<SitemapEntry>,
    address: impl Fn(&str) -> Address,
) -> Vec<Page<'s>> {
    if articles.len() <= ARTICLES_PER_FILE && articles.len() + others.len() <= MAX_URLS_PER_FILE {
        let mut all: Vec<SitemapEntry> = others.into_iter().chain(articles).collect();
        all.sort_by(|a, b| a.permalink.cmp(&b.permalink));
        return vec![Page::new("sitemap.xml".to_owned(), Body::Sitemap(all))];
    }
    let (mut pages, mut files) = (Vec::new(), Vec::new());
    for (name, entries, limit) in
        [("lists", others, MAX_URLS_PER_FILE), ("articles", articles, ARTICLES_PER_FILE)]
    {
        let mut entries = entries.into_iter().peekable();
        for number in 1.. {
            if entries.peek().is_none() {
                break;
            }
            let at = address(&format!("sitemap-{name}-{number}.xml"));
            pages.push(Page::new(at.file, Body::Sitemap(entries.by_ref().take(limit).collect())));
            files.push(at.permalink);
        }
    }
    pages.push(Page::new("sitemap.xml".to_owned(), Body::SitemapIndex(files)));
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn files(articles: usize, others: usize) -> Vec<(String, usize)> {
        let config = Config::default();
        let entry = |n: usize| SitemapEntry {
            permalink: format!("https://example.org/{n}/"),
            ..SitemapEntry::default()
        };
        let entries = |count: usize| (0..count).map(entry).collect();
        let pages = split(entries(articles), entries(others), |name| Address::file(&[], name, &config));
        let urls = |page: &Page<'_>| match &page.body {
            Body::Sitemap(entries) => entries.len(),
            Body::SitemapIndex(files) => files.len(),
            _ => 0,
        };
        pages.iter().map(|page| (page.path.clone(), urls(page))).collect()
    }

    #[test]
    fn the_sitemap_of_many_articles_is_split_and_indexed() {
        let file = |name: &str, urls| (name.to_owned(), urls);
        assert_eq!(files(0, 0), [file("sitemap.xml", 0)]);
        assert_eq!(files(1_000, 7), [file("sitemap.xml", 1_007)]);
        assert_eq!(
            files(1_001, 7),
            [
                file("sitemap-lists-1.xml", 7),
                file("sitemap-articles-1.xml", 1_000),
                file("sitemap-articles-2.xml", 1),
                file("sitemap.xml", 3)
            ]
        );
        assert_eq!(
            files(1, 50_001),
            [
                file("sitemap-lists-1.xml", 50_000),
                file("sitemap-lists-2.xml", 1),
                file("sitemap-articles-1.xml", 1),
                file("sitemap.xml", 3)
            ]
        );
    }
}
