//! Reads sitemaps with news (Google's `sitemap-news/0.9`): address, title, date and keywords.

use roxmltree::{Document, Node};

use crate::config::Config;
use crate::fetch::entry::Entry;
use crate::import::date_field;
use crate::link;

/// The namespace of the elements of news.
const NEWS: &str = "http://www.google.com/schemas/sitemap-news/0.9";

/// True if a text begins like a sitemap.
pub(super) fn is_sitemap(text: &str) -> bool {
    let head: String = text.chars().take(2000).collect();
    head.trim_start().starts_with('<') && ["<urlset", "<sitemapindex"].iter().any(|tag| head.contains(tag))
}

/// Reads the entries that have a title.
///
/// # Errors
/// The reason why there are none.
pub(super) fn read(text: &str, config: &Config) -> Result<Vec<Entry>, String> {
    let document = Document::parse(text).map_err(|error| tr!("this sitemap is not XML: {error}", error))?;
    let root = document.root_element();
    if root.tag_name().name() == "sitemapindex" {
        return Err(tr!("this is a list of sitemaps, not a sitemap"));
    }
    let pages: Vec<Node<'_, '_>> = root.children().filter(|node| node.tag_name().name() == "url").collect();
    let entries: Vec<Entry> = pages.iter().filter_map(|page| entry(*page, config)).collect();
    if entries.is_empty() && !pages.is_empty() {
        return Err(tr!("this sitemap has no titles: only sitemaps with news can be read"));
    }
    Ok(entries)
}

fn entry(page: Node<'_, '_>, config: &Config) -> Option<Entry> {
    let text = |node: Node<'_, '_>, name: &str, is_news: bool| {
        let found = node.descendants().find(|node| {
            node.tag_name().name() == name && (node.tag_name().namespace() == Some(NEWS)) == is_news
        })?;
        found.text().map(crate::fields::clean).filter(|text| !text.is_empty())
    };
    let title = text(page, "title", true)?;
    let date = text(page, "publication_date", true).or_else(|| text(page, "lastmod", false));
    let keywords = text(page, "keywords", true).unwrap_or_default();
    Some(Entry {
        title,
        link: text(page, "loc", false).and_then(|link| link::parse(&link).ok()),
        date: date.and_then(|date| date_field::parse(&date, config.timezone).ok()),
        categories: keywords
            .split([',', '，'])
            .map(crate::fields::clean)
            .filter(|word| !word.is_empty())
            .collect(),
        language: text(page, "language", true),
        ..Entry::default()
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn urlset(pages: &str) -> String {
        format!(
            "<?xml version='1.0'?><urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='{NEWS}'>{pages}</urlset>"
        )
    }

    #[test]
    fn pages_with_a_title_are_entries() {
        let text = urlset(
            "<url><loc>https://e.org/1</loc><n:news><n:publication><n:name>x</n:name><n:language>zh</n:language></n:publication>\
            <n:publication_date>2026-11-23T08:00:00+08:00</n:publication_date><n:title>甲 &amp; 乙</n:title><n:keywords>AI, 芯片</n:keywords></n:news></url>\
            <url><loc>https://e.org/about</loc></url>",
        );
        assert!(is_sitemap(&text));
        let found = read(&text, &Config::default()).unwrap();
        let [one] = &found[..] else { panic!("{found:?}") };
        assert_eq!(
            (one.title.as_str(), one.link.as_ref().unwrap().url.as_str()),
            ("甲 & 乙", "https://e.org/1")
        );
        assert_eq!(one.date.unwrap().iso(), "2026-11-23T08:00:00+08:00");
        assert_eq!((one.categories.len(), one.language.as_deref()), (2, Some("zh")));
    }

    #[test]
    fn other_sitemaps_are_refused_with_a_reason() {
        for (text, reason) in [
            (urlset("<url><loc>https://e.org/</loc></url>"), "no titles"),
            ("<sitemapindex/>".to_owned(), "list of sitemaps"),
            ("<urlset".to_owned(), "not XML"),
        ] {
            let error = read(&text, &Config::default()).unwrap_err();
            assert!(error.contains(reason), "{error}");
        }
        assert_eq!(read(&urlset(""), &Config::default()).unwrap().len(), 0);
        assert!(!is_sitemap("<rss/>") && !is_sitemap("你好 <urlset>"));
    }
}
