//! Lists of Hexo.
//!
//! Sources: Hexo 8.1.2 (`lib/models/tag.ts`, `lib/models/category.ts`) with hexo-generator-index 4,
//! -archive 2, -tag 2, -category 2 and -feed 3, run on the site of `tests/migration/lists.py`.

use crate::import::generator::hexo::slugize;
use crate::import::generator::lists::model::{ListedPost, Lists, Target, by_address, by_date, number, pages};
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// Articles on a page without a configuration.
const PER_PAGE: usize = 10;

/// The terms of a post. A list of categories is a path, of which each beginning is a category; a
/// list of lists has several.
pub(super) fn terms(post: &Post<'_>) -> Vec<(String, Vec<String>)> {
    let tags = if post.field("tags").is_some() { post.texts("tags") } else { post.texts("tag") };
    let tags = tags.into_iter().map(|name| ("tags".to_owned(), vec![name]));
    let categories = post.field("categories").or_else(|| post.field("category"));
    let texts = |node: &Node| -> Vec<String> {
        match node {
            Node::List(items) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
            node => node.text().map(str::to_owned).into_iter().collect(),
        }
    };
    let paths = match categories {
        Some(Node::List(items)) if items.iter().any(|item| matches!(item, Node::List(_))) => {
            items.iter().map(texts).collect()
        }
        Some(node) => vec![texts(node)],
        None => Vec::new(),
    };
    let beginnings = paths.into_iter().flat_map(|path| {
        let ends = 1..=path.len();
        ends.map(move |end| ("categories".to_owned(), path[..end].to_vec())).collect::<Vec<_>>()
    });
    tags.chain(beginnings).filter(|(_, path)| path.iter().all(|name| !name.trim().is_empty())).collect()
}

pub(super) fn lists(site: &Site, posts: &[ListedPost]) -> Lists {
    let mut lists = Lists::default();
    let folder = |names: &[&[&str]], default: &str| {
        let written = names.iter().find_map(|name| site.text(name)).unwrap_or(default).trim_matches('/');
        if written.is_empty() { String::new() } else { format!("{written}/") }
    };
    let page = site.text(&["pagination_dir"]).unwrap_or("page").trim_matches('/');
    let add = |lists: &mut Lists, (kind, path): (&str, &str), total: usize, target: &Target| {
        let generator = format!("{kind}_generator");
        let size = number(site, &[&[&generator, "per_page"], &["per_page"]]).unwrap_or(PER_PAGE);
        lists.add(path, target.clone());
        let of_pages = if kind == "index" { &Target::Archive } else { target };
        lists.add_pages((2, pages(total, size)), of_pages, |number| format!("{path}{page}/{number}/"));
    };
    let home = folder(&[&["index_generator", "path"]], "");
    add(&mut lists, ("index", &home), posts.len(), &Target::Home);
    let archives = folder(&[&["archive_dir"]], "archives");
    add(&mut lists, ("archive", &archives), posts.len(), &Target::Archive);
    let (years, months) = by_date(posts);
    for (year, count) in years {
        add(&mut lists, ("archive", &format!("{archives}{year:04}/")), count, &Target::Year(year));
    }
    for ((year, month), count) in months {
        let path = format!("{archives}{year:04}/{month:02}/");
        add(&mut lists, ("archive", &path), count, &Target::Month(year, month));
    }
    for post in posts {
        for day in &post.days {
            let path = format!("{archives}{}/", day.format("%Y/%m/%d"));
            if site.is_on(&["archive_generator", "daily"]) {
                use chrono::Datelike as _;
                lists.add(path, Target::Month(day.year(), day.month()));
            }
        }
    }
    let case = site.text(&["filename_case"]).unwrap_or("0").to_owned();
    let slug = |map: &str, name: &str| {
        let mapped = site.get(&[map]).and_then(|map| map.get(name)).and_then(Node::text);
        let slug = slugize(mapped.unwrap_or(name), case == "1");
        if case == "2" { slug.to_uppercase() } else { slug }
    };
    for (kind, field, map, default) in
        [("tag", "tags", "tag_map", "tags"), ("category", "categories", "category_map", "categories")]
    {
        let base = folder(&[&[&format!("{kind}_dir")]], default);
        lists.add(&base, Target::Index(field.to_owned()));
        let terms = by_address(posts, field, |path| {
            let parts: Vec<String> = path.iter().map(|name| slug(map, name)).collect();
            format!("{base}{}/", parts.join("/"))
        });
        for (path, (target, count)) in terms {
            add(&mut lists, (kind, &path), count, &target);
        }
    }
    add_feeds(site, &mut lists);
    lists
}

/// Adds the feeds of hexo-generator-feed: `type` and `path` are a text or a list.
fn add_feeds(site: &Site, lists: &mut Lists) {
    let texts = |name: &str| -> Vec<&str> {
        match site.get(&["feed", name]) {
            Some(Node::List(items)) => items.iter().filter_map(Node::text).collect(),
            _ => site.text(&["feed", name]).into_iter().collect(),
        }
    };
    let mut paths = texts("path");
    if paths.is_empty() {
        let default = |kind: &str| if kind == "rss2" { "rss2.xml" } else { "atom.xml" };
        paths = texts("type").into_iter().map(default).collect();
    }
    if paths.is_empty() {
        paths.push("atom.xml");
    }
    for path in paths {
        let has_extension = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
        lists.add(format!("{path}{}", if has_extension { "" } else { ".xml" }), Target::Home.feed());
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::lists::model::tests::{post, shown};
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;

    #[test]
    fn terms_have_the_folders_of_hexo() {
        let posts = [post(
            "2024-05-06",
            &[
                ("tags", &["Open Source"]),
                ("tags", &["C++"]),
                ("tags", &["大模型"]),
                ("categories", &["技术"]),
                ("categories", &["技术", "前端"]),
            ],
        )];
        let config = "tag_map: {大模型: llm}\ncategory_map: {技术: tech}\nfilename_case: 1\ncategory_dir: fl";
        let found = shown(&lists(&site(config), &posts));
        for (address, wanted) in [
            ("tags/", "tags:"),
            ("tags/open-source/", "tags:Open Source"),
            ("tags/c/", "tags:C++"),
            ("tags/llm/", "tags:大模型"),
            ("fl/tech/", "categories:技术"),
            ("fl/tech/前端/", "categories:前端"),
            ("archives/", "Archive"),
            ("archives/2024/", "Year(2024)"),
            ("archives/2024/05/", "Month(2024, 5)"),
            ("atom.xml", "feed"),
        ] {
            assert_eq!(found.get(address).map(String::as_str), Some(wanted), "{address}: {found:#?}");
        }
    }

    #[test]
    fn each_generator_has_its_own_page_size() {
        let posts: Vec<_> = (1..=3).map(|_| post("2024-05-06", &[("tags", &["a"])])).collect();
        let config = "per_page: 2\npagination_dir: p\narchive_generator: {per_page: 1}\ntag_generator: {per_page: 0}\nfeed: {type: [atom, rss2]}";
        let found = shown(&lists(&site(config), &posts));
        for address in ["p/2/", "archives/p/3/", "archives/2024/05/p/3/", "rss2.xml"] {
            assert!(found.contains_key(address), "{address}: {found:#?}");
        }
        assert!(!found.contains_key("p/3/") && !found.contains_key("tags/a/p/2/"), "{found:#?}");
    }

    #[test]
    fn an_address_of_two_terms_leads_to_the_index() {
        let posts = [post("2024-05-06", &[("tags", &["C#"]), ("tags", &["C++"]), ("tags", &["AI"])])];
        let found = shown(&lists(&site("filename_case: 1"), &posts));
        assert_eq!((found["tags/c/"].as_str(), found["tags/ai/"].as_str()), ("tags:", "tags:AI"));
    }

    #[test]
    fn categories_are_paths() {
        let place = Place::of(Generator::Hexo, "/old/source/_posts/x.md".as_ref(), None, &site("a: 1"));
        let of = |front: &str| {
            let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
            let terms = terms(&Post { place: &place, fields: &fields }).into_iter();
            terms.map(|(field, path)| format!("{field} {}", path.join("/"))).collect::<Vec<_>>().join(", ")
        };
        assert_eq!(of("categories: [a, b]"), "categories a, categories a/b");
        assert_eq!(of("categories: [[a, b], [c]]"), "categories a, categories a/b, categories c");
        assert_eq!(of("category: a\ntag: 甲 乙"), "tags 甲 乙, categories a");
    }
}
