//! Proposes the settings of a digest from an export of WordPress (WXR).

use chrono::NaiveDateTime;
use roxmltree::{Document, Node, ParsingOptions};

use crate::import::generator::lists::wordpress::{MAX_NODES, child};
use crate::import::generator::proposal::{self, Proposal, language_of_digest};

/// Proposes settings for a site from the channel of its export (WordPress 6.6,
/// `wp-admin/includes/export.php`); `None` if the text is no export.
pub(super) fn of_export(text: &str) -> Option<Proposal> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let channel = document.root_element().children().find(|node| node.has_tag_name("channel"))?;
    let mut found = Proposal::default();
    let mut add = |name: &'static str, value: Option<String>| {
        found.settings.extend(value.map(|value| (name, value)));
    };
    add("title", child(channel, "title"));
    add("description", child(channel, "description"));
    let base = child(channel, "base_blog_url").or_else(|| child(channel, "link"));
    let is_url = |url: &String| url.starts_with("https://") || url.starts_with("http://");
    add("base_url", base.filter(is_url).map(|url| format!("{}/", url.trim_end_matches('/'))));
    let written = child(channel, "language");
    let language = written.as_deref().and_then(language_of_digest);
    add("language", language.map(str::to_owned));
    if let (Some(written), None) = (written, language) {
        found.left.push(proposal::unknown_language(&written));
    }
    let zone = match hours_ahead(channel) {
        Some(hours) => tr!("its times are {hours} hours from UTC", hours = format!("{hours:+}")),
        None => tr!("it has no time that tells it"),
    };
    let text = tr!("the time zone, which an export does not name ({zone}): write `timezone` above", zone);
    found.left.push(text);
    found.left.push(tr!(
        "categories and tags: the terms of both are keywords, and the import redirects their addresses"
    ));
    Some(found)
}

/// The hours by which the local times of posts are ahead of those in UTC: of the first post.
fn hours_ahead(channel: Node<'_, '_>) -> Option<f64> {
    let read = |text: String| NaiveDateTime::parse_from_str(&text, "%Y-%m-%d %H:%M:%S").ok();
    let mut ahead = channel.children().filter_map(|item| {
        let (local, utc) = (read(child(item, "post_date")?)?, read(child(item, "post_date_gmt")?)?);
        let minutes = (local - utc).num_minutes();
        (minutes.abs() <= 14 * 60).then(|| minutes as f64 / 60.0)
    });
    ahead.next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_channel_of_an_export_has_title_address_and_language() {
        let export = |language: &str| {
            format!(
                "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>旧站</title><link>https://o.example</link><description>d</description><language>{language}</language><wp:base_blog_url>https://o.example/blog</wp:base_blog_url><item><wp:post_date>2024-05-06 08:00:00</wp:post_date><wp:post_date_gmt>2024-05-06 00:00:00</wp:post_date_gmt></item></channel></rss>"
            )
        };
        let found = of_export(&export("zh-Hans")).unwrap();
        let pair = |name: &'static str, value: &str| (name, value.to_owned());
        let wanted = [
            pair("title", "旧站"),
            pair("description", "d"),
            pair("base_url", "https://o.example/blog/"),
            pair("language", "zh-CN"),
        ];
        assert_eq!(found.settings, wanted);
        assert!(found.left[0].contains("+8 hours from UTC"), "{found:?}");
        assert!(of_export(&export("fr")).unwrap().left[0].contains("`fr`"));
        assert_eq!(of_export("<rss/>"), None);
        assert_eq!(of_export("x"), None);
    }
}
