//! Plans `sitemap.xml`, split at the protocol's limit, and `robots.txt`.

use rayon::prelude::*;

use crate::plan::input::Input;
use crate::plan::page::{Body, Page};
use crate::plan::view::page::SitemapEntry;
use crate::site::Address;

/// Maximum number of URLs in one file (sitemaps.org protocol).
const MAX_URLS_PER_FILE: usize = 50_000;

/// Plans the sitemap from the entries of `pages`, and `robots.txt` unless the digest has its own
/// (`own_robots`). Removes the entries from the pages.
pub(super) fn pages<'s>(input: Input<'s>, own_robots: bool, pages: &mut Vec<Page<'s>>) {
    let mut entries: Vec<SitemapEntry> = pages.iter_mut().filter_map(|page| page.sitemap.take()).collect();
    entries.par_sort_by(|a, b| a.permalink.cmp(&b.permalink));
    pages.extend(split(entries, MAX_URLS_PER_FILE, |name| Address::file(&[], name, input.config)));
    let sitemap = Address::file(&[], "sitemap.xml", input.config).permalink;
    let robots = format!("# generator: newsprint\nUser-agent: *\nAllow: /\n\nSitemap: {sitemap}\n");
    if !own_robots {
        pages.push(Page::new("robots.txt".to_owned(), Body::Text(robots)));
    }
}

/// Plans one sitemap of at most `limit` entries, or several and their index.
fn split<'s>(
    mut entries: Vec<SitemapEntry>,
    limit: usize,
    address: impl Fn(&str) -> Address,
) -> Vec<Page<'s>> {
    if entries.len() <= limit {
        return vec![Page::new("sitemap.xml".to_owned(), Body::Sitemap(entries))];
    }
    let mut pages = Vec::new();
    let mut files = Vec::new();
    while !entries.is_empty() {
        let rest = entries.split_off(limit.min(entries.len()));
        let at = address(&format!("sitemap-{}.xml", files.len() + 1));
        pages.push(Page::new(at.file, Body::Sitemap(std::mem::replace(&mut entries, rest))));
        files.push(at.permalink);
    }
    pages.push(Page::new("sitemap.xml".to_owned(), Body::SitemapIndex(files)));
    pages
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;

    fn paths(entries: usize) -> Vec<String> {
        let config = Config::default();
        let entry = |n: usize| SitemapEntry { permalink: format!("https://example.org/{n}/"), lastmod: None };
        let pages = split((0..entries).map(entry).collect(), 3, |name| Address::file(&[], name, &config));
        pages.into_iter().map(|page| page.path).collect()
    }

    #[test]
    fn a_sitemap_over_the_limit_is_split_and_indexed() {
        assert_eq!(paths(0), ["sitemap.xml"]);
        assert_eq!(paths(3), ["sitemap.xml"]);
        assert_eq!(paths(4), ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
        assert_eq!(paths(6), ["sitemap-1.xml", "sitemap-2.xml", "sitemap.xml"]);
    }
}
