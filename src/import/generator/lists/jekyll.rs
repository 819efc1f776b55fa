//! Lists of Jekyll, which plugins write.
//!
//! Sources: jekyll-feed 0.17, jekyll-paginate 1.1 and jekyll-archives 2.2 with Jekyll 4.3.1, run on
//! the site of `tests/migration/lists.py`.

use crate::import::generator::jekyll::{categories, plain, pretty};
use crate::import::generator::lists::model::{ListedPost, Lists, Target, by_address, number, pages};
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The terms of a post (`Utils.pluralized_array_from_hash`): a text in `tags` is split at blanks,
/// one in `tag` is not.
pub(super) fn terms(post: &Post<'_>) -> Vec<(String, Vec<String>)> {
    let mut tags: Vec<String> = post.text("tag").map(str::to_owned).into_iter().collect();
    match post.field("tags") {
        Some(Node::List(_)) => tags.extend(post.texts("tags")),
        _ => tags.extend(post.text("tags").unwrap_or_default().split_whitespace().map(str::to_owned)),
    }
    let tags = tags.into_iter().map(|name| ("tags".to_owned(), vec![name]));
    tags.chain(categories(post).into_iter().map(|name| ("categories".to_owned(), vec![name]))).collect()
}

pub(super) fn lists(site: &Site, posts: &[ListedPost]) -> Lists {
    let mut lists = Lists::default();
    lists.add(site.text(&["feed", "path"]).unwrap_or("feed.xml"), Target::Home.feed());
    if let Some(size) = number(site, &[&["paginate"]]) {
        let pattern = site.text(&["paginate_path"]).unwrap_or("/page:num");
        // The first page is the index of a folder above.
        let before = pattern.split(":num").next().unwrap_or_default().trim_end_matches('/');
        let folder = before.rsplit_once('/').map_or("", |(folder, _)| folder);
        if !folder.trim_matches('/').is_empty() {
            lists.add(format!("{folder}/"), Target::Home);
        }
        lists.add_pages((2, pages(posts.len(), size)), &Target::Archive, |number| {
            let path = pattern.replace(":num", &number.to_string());
            let is_file = path.ends_with('/') || path.ends_with(".html");
            if is_file { path } else { format!("{path}/") }
        });
    }
    if site.get(&["jekyll-archives"]).is_some() {
        add_archives(site, posts, &mut lists);
    }
    lists
}

/// Adds the pages of jekyll-archives.
fn add_archives(site: &Site, posts: &[ListedPost], lists: &mut Lists) {
    let is_enabled = |kind: &str| match site.get(&["jekyll-archives", "enabled"]) {
        Some(Node::List(items)) => items.iter().any(|item| item.text() == Some(kind)),
        Some(node) => node.text() == Some("all") || node.switch() == Some(true),
        None => false,
    };
    let pattern = |kind: &str, default: &str| {
        Scheme::of_address(site.text(&["jekyll-archives", "permalinks", kind]).unwrap_or(default))
    };
    let mode = site.text(&["jekyll-archives", "slug_mode"]);
    let slug = |name: &str, mode: Option<&str>| match mode {
        Some("raw" | "none") => name.to_lowercase(),
        Some("pretty") => pretty(name).to_lowercase(),
        _ => plain(name),
    };
    let fields = [
        ("tags", "tag", "tags", "/tag/:name/"),
        ("categories", "category", "categories", "/category/:name/"),
    ];
    // Versions before 2.3 have no `slug_mode`.
    for (mode, (kind, of, field, default)) in
        [None, mode].into_iter().flat_map(|mode| fields.map(|field| (mode, field)))
    {
        let pattern = pattern(of, default);
        let path = |names: &[String]| {
            let value = |token: &str, _: Option<&str>| match token {
                "name" => Some(slug(&names.concat(), mode)),
                "type" => Some(of.to_owned()),
                _ => None,
            };
            pattern.fill(value).unwrap_or_default()
        };
        if is_enabled(kind) {
            for (address, (target, _)) in by_address(posts, field, path) {
                lists.add(address, target);
            }
        }
    }
    for (kind, default) in [("year", "/:year/"), ("month", "/:year/:month/"), ("day", "/:year/:month/:day/")]
    {
        let pattern = pattern(kind, default);
        for day in posts.iter().filter(|_| is_enabled(kind)).flat_map(|post| &post.days) {
            use chrono::Datelike as _;
            let value = |token: &str, _: Option<&str>| match token {
                "year" => Some(format!("{:04}", day.year())),
                "month" => Some(format!("{:02}", day.month())),
                "day" => Some(format!("{:02}", day.day())),
                "type" => Some(kind.to_owned()),
                _ => None,
            };
            let target = match kind {
                "year" => Target::Year(day.year()),
                _ => Target::Month(day.year(), day.month()),
            };
            if let Ok(address) = pattern.fill(value) {
                lists.add(address, target);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::lists::model::tests::{post, shown};
    use crate::import::generator::site::tests::site;

    #[test]
    fn plugins_write_lists_where_they_are_configured() {
        let posts: Vec<_> = (1..=3)
            .map(|_| post("2024-05-06", &[("tags", &["Open Source"]), ("categories", &["技术"])]))
            .collect();
        let found = shown(&lists(&site("a: 1"), &posts));
        assert_eq!(found.keys().collect::<Vec<_>>(), ["feed.xml"]);
        let config = "feed: {path: atom.xml}\npaginate: 2\njekyll-archives: {enabled: [tags, year, month, day], permalinks: {tag: '/t/:name.html'}}";
        let found = shown(&lists(&site(config), &posts));
        for (address, wanted) in [
            ("atom.xml", "feed"),
            ("page2/", "Archive"),
            ("t/open-source.html", "tags:Open Source"),
            ("2024/", "Year(2024)"),
            ("2024/05/", "Month(2024, 5)"),
            ("2024/05/06/", "Month(2024, 5)"),
        ] {
            assert_eq!(found.get(address).map(String::as_str), Some(wanted), "{address}: {found:#?}");
        }
        assert_eq!(found.len(), 6, "{found:#?}");
        let config = "paginate: 1\npaginate_path: /blog/page/:num/\njekyll-archives: {enabled: all, slug_mode: pretty}";
        let posts = [posts, vec![post("2024-05-06", &[("tags", &["Node.js"])])]].concat();
        let found = shown(&lists(&site(config), &posts));
        for address in ["blog/", "blog/page/3/", "category/技术/", "tag/node.js/", "tag/node-js/"] {
            assert!(found.contains_key(address), "{address}: {found:#?}");
        }
    }
}
