//! Converts the items of a WordPress export (WXR) to posts: the link of an item is the address that
//! it had on the site that moves, not the page that the article reports about.

use url::Url;

use crate::import::generator::characters::decode;
use crate::import::html::without_tags;
use crate::import::record::{Entry, Field, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};
use crate::import::shortcodes;
use crate::paths;

/// Makes a post of a record: its link becomes an alias and its identity, the last part of its path
/// its name. An address without a path (`/?p=3`) is one of a post that was never published.
/// Captions and embedded addresses in its text become plain HTML.
///
/// Returns the shortcodes that are left in the text, as written.
pub(super) fn convert(record: &mut Record) -> Vec<String> {
    convert_link(record);
    let mut left = Vec::new();
    for entry in record.entries.iter_mut().filter(|entry| entry.field == Field::Body) {
        if let Value::Html(html) = &mut entry.value {
            *html = shortcodes::convert(html, &mut left);
        }
    }
    add_title(record);
    left
}

/// True for a post, or an item that does not say its type.
pub(super) fn is_post(record: &Record) -> bool {
    matches!(record.kind.as_deref(), None | Some("" | "post"))
}

/// The last part of the path of an item, else its number.
pub(super) fn name_of(record: &Record) -> String {
    let link = record.get(&Field::Link).and_then(|entry| match &entry.value {
        Value::Text(link) => Url::parse(link.trim()).ok(),
        _ => None,
    });
    let path = link.map(|url| decode(url.path()).unwrap_or_else(|| url.path().to_owned()));
    let last = path.as_deref().and_then(|path| path.trim_matches('/').rsplit('/').next());
    match last.filter(|name| !name.is_empty()) {
        Some(name) => name.trim_end_matches(".html").to_owned(),
        None => record.number.clone().unwrap_or_default(),
    }
}

/// Gives a post without a title its first heading, which leaves the text, else its name.
fn add_title(record: &mut Record) {
    let has_words = |entry: &Entry| matches!(&entry.value, Value::Text(text) if !text.trim().is_empty());
    if record.get(&Field::Title).is_some_and(has_words) {
        return;
    }
    let body = record.entries.iter_mut().find(|entry| entry.field == Field::Body);
    let heading = body.and_then(|entry| match &mut entry.value {
        Value::Html(html) => take_heading(html),
        _ => None,
    });
    let (title, kind) = match heading {
        Some(title) => (title, Kind::Heading),
        None => {
            let number = || record.number.clone();
            let Some(name) = record.name.clone().or_else(number) else { return };
            (name, Kind::FileName)
        }
    };
    let line = record.spot.line;
    record.repairs.push(Repair { kind, from: title.clone(), to: format!("title: {title}"), line });
    let spot = Spot { end: record.spot.start, ..record.spot };
    record.entries.retain(|entry| entry.field != Field::Title);
    record.entries.insert(0, Entry { field: Field::Title, value: Value::Text(title), spot });
}

/// Takes the first heading out of a text.
fn take_heading(html: &mut String) -> Option<String> {
    let lower = html.to_ascii_lowercase();
    let is_heading = |at: &usize| {
        let rest = &lower.as_bytes()[at + 2..];
        rest.first().is_some_and(|b| (b'1'..=b'6').contains(b)) && matches!(rest.get(1), Some(b'>' | b' '))
    };
    let start = lower.match_indices("<h").map(|(at, _)| at).find(is_heading)?;
    let inner = start + lower[start..].find('>')? + 1;
    let close = format!("</h{}>", &lower[start + 2..start + 3]);
    let end = inner + lower[inner..].find(&close)?;
    let title = without_tags(&html[inner..end]).trim().to_owned();
    if title.is_empty() {
        return None;
    }
    html.replace_range(start..end + close.len(), "");
    Some(title)
}

fn convert_link(record: &mut Record) {
    let Some(at) = record.entries.iter().position(|entry| entry.field == Field::Link) else { return };
    let Value::Text(link) = &record.entries[at].value else { return };
    let Ok(url) = Url::parse(link.trim()) else { return };
    // Relative addresses in the text are those of the old site.
    record.base.get_or_insert_with(|| url.to_string());
    let path = decode(url.path()).unwrap_or_else(|| url.path().to_owned());
    let query = url.query().map_or_else(String::new, |query| format!("?{query}"));
    record.post = Some(format!("wordpress:{}{query}", path.trim_start_matches('/')));
    record.site = url.host_str().map(str::to_owned);
    // The feeds of WordPress 6 write the `guid` of the database as the id of an entry (`the_guid` in
    // `wp-includes/feed-rss2.php` and `feed-atom.php`), and so does the export (`export.php`).
    record.feed_id.clone_from(&record.id);
    let Entry { spot, .. } = record.entries.remove(at);
    let own = path.trim_matches('/');
    if own.is_empty() || !query.is_empty() {
        return;
    }
    let name = own.rsplit('/').next().unwrap_or(own);
    record.name = Some(name.trim_end_matches(".html").to_owned());
    record.entries.push(Entry {
        field: Field::Aliases,
        value: Value::Items(vec![paths::written_alias(&path)]),
        spot,
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::record::Spot;

    #[test]
    fn the_link_of_an_item_is_its_old_address() {
        for (link, alias, name, post) in [
            ("https://o.example/2024/05/旧/", Some("/2024/05/旧/"), Some("旧"), "wordpress:2024/05/旧/"),
            (
                "https://o.example/2024/%E6%97%A7.html",
                Some("/2024/旧.html"),
                Some("旧"),
                "wordpress:2024/旧.html",
            ),
            ("https://o.example/?p=3", None, None, "wordpress:?p=3"),
            ("https://o.example/a/?preview=1", None, None, "wordpress:a/?preview=1"),
        ] {
            let entry =
                Entry { field: Field::Link, value: Value::Text(link.to_owned()), spot: Spot::default() };
            let mut record = Record { entries: vec![entry], ..Record::default() };
            convert(&mut record);
            let found = record.get(&Field::Aliases).map(|entry| entry.value.clone());
            assert_eq!(found, alias.map(|alias| Value::Items(vec![alias.to_owned()])), "{link}");
            assert_eq!((record.name.as_deref(), record.post.as_deref()), (name, Some(post)), "{link}");
            assert!(!record.has(&Field::Link) && record.base.is_some(), "{link}");
        }
        let mut record = Record::default();
        convert(&mut record);
        assert_eq!(record.post, None);
    }
}
