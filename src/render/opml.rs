//! Renders the outline of all feeds as OPML 2.0 (opml.org/spec2.opml), without a template: its
//! layout is fixed.

use std::fmt::Write as _;

use crate::plan::view::feed::Outline;
use crate::render::sitemap::HEAD;
use crate::text::xml::escape;

/// Renders an outline.
pub(super) fn outline(outline: &Outline) -> String {
    let mut xml = String::from(HEAD);
    let _ = writeln!(
        xml,
        "<opml version=\"2.0\">\n<head><title>{}</title></head>\n<body>",
        escape(&outline.title)
    );
    for group in &outline.groups {
        let _ = writeln!(xml, "<outline text=\"{}\">", escape(&group.title));
        for feed in &group.feeds {
            let title = escape(&feed.title);
            let _ = writeln!(
                xml,
                "<outline type=\"rss\" text=\"{title}\" title=\"{title}\" xmlUrl=\"{}\" htmlUrl=\"{}\"/>",
                escape(&feed.feed_url),
                escape(&feed.page_url)
            );
        }
        xml.push_str("</outline>\n");
    }
    xml.push_str("</body>\n</opml>\n");
    xml
}
