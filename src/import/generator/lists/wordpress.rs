//! Lists of WordPress, from its export (WXR 1.2).
//!
//! Sources: WordPress 6.6, `wp-admin/includes/export.php` for the elements, and its default
//! rewrite rules (<https://developer.wordpress.org/reference/classes/wp_rewrite/>): `category_base`
//! and `tag_base` are not in an export, so their defaults are assumed.

use std::collections::HashMap;

use chrono::{Datelike, NaiveDate};
use roxmltree::{Document, Node, ParsingOptions};
use url::Url;

use crate::import::generator::characters::decode;
use crate::import::generator::lists::model::{ListedPost, Lists, Target, by_address, by_date, pages};

/// Articles on a page, which an export does not tell.
const PER_PAGE: usize = 10;
/// Elements of the largest export whose lists are read.
pub const MAX_NODES: u32 = 10_000_000;
/// Categories above one another; more are a circle.
const MAX_PARENTS: usize = 16;

/// The reason for addresses with a query.
const QUERY: &str = marked!("a static host ignores queries");
/// The reason for feeds at the addresses of folders.
const FOLDER: &str = marked!(
    "a page there leads browsers to the feed, but feed readers do not follow it: redirect it on the host"
);

/// The lists of an export; `None` if the text is not well-formed XML.
#[must_use]
pub fn lists(text: &str) -> Option<Lists> {
    let options = ParsingOptions { allow_dtd: false, nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).ok()?;
    let channel = document.root_element().children().find(|node| node.has_tag_name("channel"))?;
    let base = child(channel, "base_blog_url").or_else(|| child(channel, "link")).unwrap_or_default();
    let base = Url::parse(&base).map_or_else(|_| String::new(), |url| url.path().to_owned());
    let base = decode(base.trim_matches('/')).unwrap_or_default();
    let prefix = if base.is_empty() { base } else { format!("{base}/") };
    let posts: Vec<ListedPost> = channel.children().filter_map(listed).collect();
    let folders = Folders::of(channel);
    let mut lists = Lists::default();
    lists.add(&prefix, Target::Home);
    add(&mut lists, &prefix, posts.len(), (&Target::Archive, &Target::Home));
    for (field, folder) in [("categories", "category"), ("tags", "tag")] {
        let terms = by_address(&posts, field, |path| {
            format!("{prefix}{folder}/{}/", folders.path(field, path.first().map_or("", String::as_str)))
        });
        for (path, (target, count)) in terms {
            lists.add(&path, target.clone());
            add(&mut lists, &path, count, (&target, &target));
        }
    }
    let (years, months) = by_date(&posts);
    for (year, count) in years {
        let (path, target) = (format!("{prefix}{year:04}/"), Target::Year(year));
        lists.add(&path, target.clone());
        add(&mut lists, &path, count, (&target, &Target::Home));
    }
    for ((year, month), count) in months {
        let (path, target) = (format!("{prefix}{year:04}/{month:02}/"), Target::Month(year, month));
        lists.add(&path, target.clone());
        add(&mut lists, &path, count, (&target, &Target::Home));
    }
    for day in posts.iter().flat_map(|post| &post.days) {
        let target = Target::Month(day.year(), day.month());
        lists.add(format!("{prefix}{}/", day.format("%Y/%m/%d")), target);
    }
    for author in channel.children().filter(|node| node.tag_name().name() == "author") {
        if let Some(login) = child(author, "author_login") {
            lists.add(format!("{prefix}author/{}/", login.to_lowercase().replace(' ', "-")), Target::Home);
        }
    }
    lists.add(format!("{prefix}feed/atom/"), Target::Home.feed());
    lists.unserved.push((format!("{prefix}feed/, {prefix}tag/…/feed/, {prefix}category/…/feed/"), FOLDER));
    lists.unserved.push((format!("{prefix}?p=…, {prefix}?cat=…, {prefix}?tag=…, {prefix}?feed=…"), QUERY));
    Some(lists)
}

/// Adds the numbered pages and the feed of the list at `path`. Lists of dates have no feed of their
/// own, so theirs is the one of all posts.
fn add(lists: &mut Lists, path: &str, total: usize, (target, feed): (&Target, &Target)) {
    lists.add_pages((2, pages(total, PER_PAGE)), target, |number| format!("{path}page/{number}/"));
    lists.add(format!("{path}feed/"), feed.clone().feed());
}

/// The text of a child element, by its name without a namespace.
#[must_use]
pub fn child(node: Node<'_, '_>, name: &str) -> Option<String> {
    let found = node.children().find(|child| child.tag_name().name() == name)?;
    let text: String = found.children().filter_map(|part| part.text()).collect();
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

/// A public post. Each term has its nicename, then its name.
fn listed(item: Node<'_, '_>) -> Option<ListedPost> {
    let is = |name: &str, wanted: &str| child(item, name).is_none_or(|found| found == wanted);
    let is_public = item.has_tag_name("item") && is("post_type", "post") && is("status", "publish");
    let is_open = child(item, "post_password").is_none();
    let terms = item.children().filter(|node| node.has_tag_name("category")).filter_map(|node| {
        let field = match node.attribute("domain")? {
            "category" => "categories",
            "post_tag" => "tags",
            _ => return None,
        };
        let name: String = node.children().filter_map(|part| part.text()).collect();
        let nicename = node.attribute("nicename").and_then(decode)?;
        Some((field.to_owned(), vec![nicename, name.trim().to_owned()]))
    });
    let day = child(item, "post_date").and_then(|date| date.get(..10)?.parse::<NaiveDate>().ok());
    (is_public && is_open).then(|| ListedPost {
        terms: terms.collect(),
        days: day.into_iter().collect(),
        sections: Vec::new(),
    })
}

/// The categories above a category, by nicename.
struct Folders(HashMap<String, String>);

impl Folders {
    fn of(channel: Node<'_, '_>) -> Self {
        let categories = channel
            .children()
            .filter(|node| node.tag_name().name() == "category" && node.tag_name().namespace().is_some());
        let parents = categories.filter_map(|node| {
            let own = decode(&child(node, "category_nicename")?)?;
            Some((own, decode(&child(node, "category_parent")?)?))
        });
        Self(parents.collect())
    }

    /// The path of a term below the folder of its field.
    fn path(&self, field: &str, nicename: &str) -> String {
        let mut path = vec![nicename];
        while let Some(parent) = self.0.get(*path.last().unwrap_or(&"")).filter(|_| field == "categories") {
            if path.len() == MAX_PARENTS {
                break;
            }
            path.push(parent);
        }
        path.reverse();
        path.join("/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::lists::model::tests::shown;

    #[test]
    fn an_export_names_terms_dates_and_authors() {
        let item = |status: &str, post_type: &str| {
            format!(
                "<item><category domain=\"category\" nicename=\"qian-duan\"><![CDATA[前端]]></category><category domain=\"post_tag\" nicename=\"%e5%a4%a7\"><![CDATA[大]]></category><wp:post_date>2024-05-06 01:02:03</wp:post_date><wp:status>{status}</wp:status><wp:post_type>{post_type}</wp:post_type></item>"
            )
        };
        let text = format!(
            "<rss xmlns:wp=\"http://wordpress.org/export/1.2/\"><channel><link>https://o.example/blog</link><wp:author><wp:author_login>admin</wp:author_login></wp:author><wp:category><wp:category_nicename>qian-duan</wp:category_nicename><wp:category_parent>tech</wp:category_parent></wp:category>{}{}{}</channel></rss>",
            item("publish", "post").repeat(11),
            item("draft", "post"),
            item("publish", "page")
        );
        let lists = lists(&text).unwrap();
        let found = shown(&lists);
        for (address, wanted) in [
            ("blog/page/2/", "Archive"),
            ("blog/category/tech/qian-duan/", "categories:前端"),
            ("blog/category/tech/qian-duan/page/2/", "categories:前端"),
            ("blog/tag/大/", "tags:大"),
            ("blog/tag/大/feed/", "feed of 大"),
            ("blog/feed/", "feed"),
            ("blog/2024/", "Year(2024)"),
            ("blog/2024/05/", "Month(2024, 5)"),
            ("blog/2024/05/06/", "Month(2024, 5)"),
            ("blog/author/admin/", "Home"),
        ] {
            assert_eq!(found.get(address).map(String::as_str), Some(wanted), "{address}: {found:#?}");
        }
        assert!(!found.contains_key("blog/page/3/"), "{found:#?}");
        assert_eq!(lists.unserved.len(), 2);
        assert!(super::lists("<rss><channel>").is_none() && super::lists("<a/>").is_none());
    }

    #[test]
    fn a_circle_of_categories_ends() {
        let folders = Folders([("a".to_owned(), "b".to_owned()), ("b".to_owned(), "a".to_owned())].into());
        assert_eq!(folders.path("categories", "a").split('/').count(), MAX_PARENTS);
        assert_eq!(folders.path("tags", "a"), "a");
    }
}
