//! Renders sitemaps as XML (sitemaps.org protocol 0.9), without a template: their layout is fixed.

use crate::plan::view::page::{Hreflang, SitemapEntry};
use crate::text::xml::escape;

/// The beginning of every XML file that is written without a template.
pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- generator: newsprint -->\n";

/// Renders a sitemap.
pub(super) fn urls(entries: &[SitemapEntry]) -> String {
    let mut xml = String::with_capacity(entries.len() * 120 + 200);
    xml.push_str(HEAD);
    let has_languages = entries.iter().any(|entry| !entry.languages.is_empty());
    let links = if has_languages { " xmlns:xhtml=\"http://www.w3.org/1999/xhtml\"" } else { "" };
    xml.push_str(&format!("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\"{links}>\n"));
    for entry in entries {
        xml.push_str("<url><loc>");
        xml.push_str(&escape(&entry.permalink));
        xml.push_str("</loc>");
        if let Some(lastmod) = &entry.lastmod {
            // A date contains no character that XML requires to be escaped.
            xml.push_str("<lastmod>");
            xml.push_str(lastmod);
            xml.push_str("</lastmod>");
        }
        for Hreflang { tag, url } in &entry.languages {
            let url = escape(url);
            xml.push_str(&format!("<xhtml:link rel=\"alternate\" hreflang=\"{tag}\" href=\"{url}\"/>"));
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

/// Renders a sitemap index from the URLs of its sitemaps.
pub(super) fn index(files: &[String]) -> String {
    let mut xml = String::from(HEAD);
    xml.push_str("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for file in files {
        xml.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", escape(file)));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}
