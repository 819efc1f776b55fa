//! Lists of Pelican.
//!
//! Source: `DEFAULT_CONFIG` in `pelican/settings.py` and `ArticlesGenerator` in
//! `pelican/generators.py` of Pelican 4.12.0, run on the site of `tests/migration/lists.py`.

use crate::import::generator::lists::model::{ListedPost, Lists, Target, by_address, by_date, number, pages};
use crate::import::generator::pelican;
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The category of a post that names none.
const DEFAULT_CATEGORY: &str = "misc";

/// The terms of a post.
pub(super) fn terms(post: &Post<'_>) -> Vec<(String, Vec<String>)> {
    let tags = post.texts("tags").into_iter().map(|name| ("tags".to_owned(), vec![name]));
    let category = post.text("category").unwrap_or(DEFAULT_CATEGORY).to_owned();
    tags.chain([("category".to_owned(), vec![category])]).collect()
}

pub(super) fn lists(site: &Site, posts: &[ListedPost]) -> Lists {
    let mut lists = Lists::default();
    let setting = |name: &str, default: &str| {
        let written = site.get(&[name]).map(|node| node.text().unwrap_or_default().to_owned());
        written.unwrap_or_else(|| default.to_owned())
    };
    let size = number(site, &[&["DEFAULT_PAGINATION"]]).unwrap_or(0);
    let is_paginated = |template: &str| match site.get(&["PAGINATED_TEMPLATES"]) {
        Some(Node::Map(entries)) => entries.iter().any(|(name, _)| name == template),
        _ => matches!(template, "index" | "tag" | "category" | "author"),
    };
    let add = |lists: &mut Lists, template: &str, file: &str, total: usize, target: &Target| {
        if file.is_empty() {
            return;
        }
        lists.add(as_address(file), target.clone());
        // `PAGINATION_PATTERNS`: `{name}{number}{extension}` from the second page on.
        let (name, extension) = file.rsplit_once('.').unwrap_or((file, "html"));
        let of_pages = if template == "index" { &Target::Archive } else { target };
        if size > 0 && is_paginated(template) {
            lists
                .add_pages((2, pages(total, size)), of_pages, |number| format!("{name}{number}.{extension}"));
        }
    };
    add(&mut lists, "index", &setting("INDEX_SAVE_AS", "index.html"), posts.len(), &Target::Home);
    add(&mut lists, "archives", &setting("ARCHIVES_SAVE_AS", "archives.html"), 0, &Target::Archive);
    add(&mut lists, "authors", &setting("AUTHORS_SAVE_AS", "authors.html"), 0, &Target::Home);
    for (kind, field, index) in [("TAG", "tags", "TAGS"), ("CATEGORY", "category", "CATEGORIES")] {
        let folder = kind.to_lowercase();
        let file = setting(&format!("{index}_SAVE_AS"), &format!("{}.html", index.to_lowercase()));
        add(&mut lists, &folder, &file, 0, &Target::Index(field.to_owned()));
        let scheme = setting(&format!("{kind}_SAVE_AS"), &format!("{folder}/{{slug}}.html"));
        let slugs = by_address(posts, field, |path| {
            pelican::term_slug(path.last().map_or("", String::as_str), kind, site).unwrap_or_default()
        });
        // Without a setting, tags have no feeds.
        let default = if kind == "TAG" { "" } else { "feeds/{slug}.atom.xml" };
        let feeds =
            [setting(&format!("{kind}_FEED_ATOM"), default), setting(&format!("{kind}_FEED_RSS"), "")];
        for (slug, (target, total)) in slugs.into_iter().filter(|(slug, _)| !slug.is_empty()) {
            add(&mut lists, &folder, &with_slug(&scheme, &slug), total, &target);
            for feed in feeds.iter().filter(|feed| !feed.is_empty()) {
                lists.add(with_slug(feed, &slug), target.clone().feed());
            }
        }
    }
    add_dates(site, posts, &mut lists);
    let language = setting("DEFAULT_LANG", "en");
    for (name, default) in [
        ("FEED_ALL_ATOM", "feeds/all.atom.xml"),
        ("FEED_ALL_RSS", ""),
        ("TRANSLATION_FEED_ATOM", "feeds/all-{lang}.atom.xml"),
        ("TRANSLATION_FEED_RSS", ""),
        ("FEED_ATOM", ""),
        ("FEED_RSS", ""),
    ] {
        let feed = setting(name, default).replace("{lang}", &language);
        if !feed.is_empty() {
            lists.add(feed, Target::Home.feed());
        }
    }
    lists
}

/// Adds the archives of years and months, which only settings write.
fn add_dates(site: &Site, posts: &[ListedPost], lists: &mut Lists) {
    let (years, months) = by_date(posts);
    let fill = |name: &str, year: i32, month: u32| {
        let written = site.text(&[name])?;
        let parts = [
            ("{date:%Y}", format!("{year:04}")),
            ("{date:%m}", format!("{month:02}")),
            ("{date:%-m}", month.to_string()),
        ];
        let file = parts.iter().fold(written.to_owned(), |text, (from, to)| text.replace(from, to));
        (!file.contains('{')).then(|| as_address(&file))
    };
    for &year in years.keys() {
        if let Some(address) = fill("YEAR_ARCHIVE_SAVE_AS", year, 1) {
            lists.add(address, Target::Year(year));
        }
    }
    for &(year, month) in months.keys() {
        if let Some(address) = fill("MONTH_ARCHIVE_SAVE_AS", year, month) {
            lists.add(address, Target::Month(year, month));
        }
    }
}

fn with_slug(written: &str, slug: &str) -> String {
    written.replace("{slug}", slug)
}

/// The address of a file: the folder of an `index.html`.
fn as_address(file: &str) -> String {
    let folder = file.strip_suffix("index.html").filter(|path| path.is_empty() || path.ends_with('/'));
    folder.unwrap_or(file).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::lists::model::tests::{post, shown};
    use crate::import::generator::site::tests::site;

    #[test]
    fn lists_have_the_files_of_the_settings() {
        let posts: Vec<_> = (1..=3)
            .map(|_| post("2024-05-06", &[("tags", &["大模型"]), ("category", &["Web Dev"])]))
            .collect();
        let found = shown(&lists(&site("DEFAULT_PAGINATION: 2"), &posts));
        for (address, wanted) in [
            ("", "Home"),
            ("index2.html", "Archive"),
            ("archives.html", "Archive"),
            ("authors.html", "Home"),
            ("tags.html", "tags:"),
            ("tag/da-mo-xing.html", "tags:大模型"),
            ("tag/da-mo-xing2.html", "tags:大模型"),
            ("categories.html", "category:"),
            ("category/web-dev.html", "category:Web Dev"),
            ("feeds/web-dev.atom.xml", "feed of Web Dev"),
            ("feeds/all.atom.xml", "feed"),
            ("feeds/all-en.atom.xml", "feed"),
        ] {
            assert_eq!(found.get(address).map(String::as_str), Some(wanted), "{address}: {found:#?}");
        }
        assert_eq!(found.len(), 13, "{found:#?}");
        let config = "TAG_SAVE_AS: 't/{slug}/index.html'\nTAG_FEED_ATOM: 't/{slug}/atom.xml'\nCATEGORY_SAVE_AS: ''\nCATEGORY_FEED_ATOM: null\nARCHIVES_SAVE_AS: ''\nFEED_ALL_ATOM: null\nTRANSLATION_FEED_ATOM: null\nFEED_ALL_RSS: all.rss\nYEAR_ARCHIVE_SAVE_AS: '{date:%Y}/index.html'\nMONTH_ARCHIVE_SAVE_AS: '{date:%Y}/{date:%m}.html'";
        let found = shown(&lists(&site(config), &posts));
        for (address, wanted) in [
            ("t/da-mo-xing/", "tags:大模型"),
            ("t/da-mo-xing/atom.xml", "feed of 大模型"),
            ("all.rss", "feed"),
            ("2024/", "Year(2024)"),
            ("2024/05.html", "Month(2024, 5)"),
        ] {
            assert_eq!(found.get(address).map(String::as_str), Some(wanted), "{address}: {found:#?}");
        }
        assert_eq!(found.len(), 9, "{found:#?}");
    }
}
