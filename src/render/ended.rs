//! Renders the notice in place of a feed that ended, as Atom or JSON Feed.

use serde_json::json;

use crate::config::Config;
use crate::plan::view::feed::EndedFeed;
use crate::text::xml::escape;

/// The end of the id of a notice's entry, by which [`is_notice`] knows a notice.
const ID: &str = "#ended";

/// The bytes of a notice.
#[must_use]
pub(super) fn notice(ended: &EndedFeed, config: &Config) -> String {
    let id = config.feeds.id(&ended.feed_url, &config.base_url);
    if ended.is_json {
        // JSON Feed 1.1: an expired feed is finished.
        let entry = json!({
            "id": format!("{id}{ID}"),
            "url": ended.page_url,
            "title": ended.title,
            "content_text": ended.hint,
            "date_published": ended.updated,
        });
        let feed = json!({
            "version": "https://jsonfeed.org/version/1.1",
            "title": config.title,
            "home_page_url": ended.page_url,
            "feed_url": ended.feed_url,
            "expired": true,
            "items": [entry],
        });
        return format!("{feed}\n");
    }
    format!(
        r#"<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="{language}">
<title>{site}</title>
<id>{id}</id>
<link rel="self" type="application/atom+xml" href="{feed}"/>
<link rel="alternate" type="text/html" href="{page}"/>
<updated>{updated}</updated>
<author><name>{site}</name></author>
<generator>newsprint</generator>
<entry>
<title>{title}</title>
<id>{id}{ID}</id>
<link rel="alternate" type="text/html" href="{page}"/>
<link rel="related" type="application/atom+xml" href="{instead}"/>
<updated>{updated}</updated>
<summary>{hint}</summary>
</entry>
</feed>
"#,
        language = config.language.tag(),
        site = escape(&config.title),
        id = escape(&id),
        feed = escape(&ended.feed_url),
        page = escape(&ended.page_url),
        instead = escape(&ended.instead),
        title = escape(&ended.title),
        hint = escape(&ended.hint),
        updated = ended.updated,
    )
}

/// The maximum size of a notice, in bytes. Its texts are those of the digest's title and addresses.
const MAX_BYTES: usize = 16 << 10;

/// True if these bytes are a notice of [`notice`] as Atom.
#[must_use]
pub(crate) fn is_notice(bytes: &[u8]) -> bool {
    let mark = format!("{ID}</id>");
    bytes.len() < MAX_BYTES && bytes.windows(mark.len()).any(|window| window == mark.as_bytes())
}
