//! Converts the items of a WordPress export (WXR) to posts: the link of an item is the address that
//! it had on the site that moves, not the page that the article reports about.

use url::Url;

use crate::import::generator::characters::decode;
use crate::import::record::{Entry, Field, Record, Value};
use crate::load::feed_id::is_id;
use crate::paths;

/// Makes a post of a record: its link becomes an alias and its identity, the last part of its path
/// its name. An address without a path (`/?p=3`) is one of a post that was never published.
pub(super) fn convert(record: &mut Record) {
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
    record.feed_id = record.id.clone().filter(|id| is_id(id));
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
