//! Sitemaps as XML (sitemaps.org's protocol 0.9); no template, since there is nothing to design.

use crate::plan::view::page::SitemapEntry;

pub(super) const HEAD: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<!-- generator: newsprint -->\n";

pub(super) fn urls(entries: &[SitemapEntry]) -> String {
    let mut xml = String::with_capacity(entries.len() * 120 + 200);
    xml.push_str(HEAD);
    xml.push_str("<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for entry in entries {
        // Permalinks are percent-encoded and dates are digits: neither holds a character that XML would read.
        xml.push_str("<url><loc>");
        xml.push_str(&escape(&entry.permalink));
        xml.push_str("</loc>");
        if let Some(lastmod) = &entry.lastmod {
            xml.push_str("<lastmod>");
            xml.push_str(lastmod);
            xml.push_str("</lastmod>");
        }
        xml.push_str("</url>\n");
    }
    xml.push_str("</urlset>\n");
    xml
}

pub(super) fn index(files: &[String]) -> String {
    let mut xml = String::from(HEAD);
    xml.push_str("<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    for file in files {
        xml.push_str(&format!("<sitemap><loc>{}</loc></sitemap>\n", escape(file)));
    }
    xml.push_str("</sitemapindex>\n");
    xml
}

/// Text or a URL for XML. The base URL's path may hold an `&` or `'`, which is legal in a URL and not in XML.
pub(super) fn escape(url: &str) -> String {
    url.replace('&', "&amp;")
        .replace('\'', "&apos;")
        .replace('"', "&quot;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
