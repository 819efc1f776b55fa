//! Lists of Zola.
//!
//! Sources: the documentation of Zola 0.19 of taxonomies, feeds and sections
//! (<https://www.getzola.org/documentation/content/taxonomies/>,
//! <https://www.getzola.org/documentation/templates/feeds/>). No registry has the program, so the
//! rules are not compared with it.

use crate::import::generator::lists::model::{ListedPost, Lists, Target, by_address, pages};
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
use crate::import::generator::zola::in_ascii;
use crate::yaml::Node;

/// The terms of a post: the lists of its table `taxonomies`.
pub(super) fn terms(post: &Post<'_>) -> Vec<(String, Vec<String>)> {
    let Some(Node::Map(entries)) = post.field("taxonomies") else { return Vec::new() };
    let of_field = |(field, node): &(String, Node)| {
        let names = match node {
            Node::List(items) => items.as_slice(),
            node => std::slice::from_ref(node),
        };
        let names = names.iter().filter_map(Node::text).map(str::to_owned);
        names.map(|name| (field.clone(), vec![name])).collect::<Vec<_>>()
    };
    entries.iter().flat_map(of_field).collect()
}

pub(super) fn lists(site: &Site, posts: &[ListedPost]) -> Lists {
    let mut lists = Lists::default();
    let default = site.default_language().unwrap_or("en");
    let prefix = site.wanted_language().filter(|wanted| !wanted.eq_ignore_ascii_case(default));
    let prefix = prefix.map(|language| format!("{language}/")).unwrap_or_default();
    let slug = |kind: &str, name: &str| match site.text(&["slugify", kind]).unwrap_or("on") {
        "off" => name.to_owned(),
        "safe" => {
            let kept = name.trim_end_matches([' ', '.']).chars();
            kept.filter(|c| !matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')).collect()
        }
        _ => in_ascii(name),
    };
    let feeds = feeds(site);
    lists.add(&prefix, Target::Home);
    for feed in &feeds {
        lists.add(format!("{prefix}{feed}"), Target::Home.feed());
    }
    for post in posts {
        let mut path = prefix.clone();
        for section in &post.sections {
            path = format!("{path}{}/", slug("paths", section));
            lists.add(&path, Target::Archive);
            for feed in &feeds {
                lists.add(format!("{path}{feed}"), Target::Home.feed());
            }
        }
    }
    let taxonomies = match site.get(&["taxonomies"]) {
        Some(Node::List(items)) => items.as_slice(),
        _ => &[],
    };
    for settings in taxonomies {
        let text = |name: &str| settings.get(name).and_then(Node::text);
        let Some(field) = text("name") else { continue };
        let base = format!("{prefix}{}/", slug("taxonomies", field));
        lists.add(&base, Target::Index(field.to_owned()));
        let terms = by_address(posts, field, |path| format!("{base}{}/", slug("taxonomies", &path.concat())));
        for (path, (target, count)) in terms {
            lists.add(&path, target.clone());
            for feed in &feeds {
                lists.add(format!("{path}{feed}"), target.clone().feed());
            }
            if let Some(size) = text("paginate_by").and_then(|size| size.parse().ok()) {
                let page = text("paginate_path").unwrap_or("page");
                lists.add_pages((1, pages(count, size)), &target, |number| format!("{path}{page}/{number}/"));
            }
        }
    }
    lists
}

/// The names of feeds: `feed_filenames`, before version 0.19 `feed_filename`.
fn feeds(site: &Site) -> Vec<String> {
    match site.get(&["feed_filenames"]) {
        Some(Node::List(items)) => items.iter().filter_map(Node::text).map(str::to_owned).collect(),
        _ => vec![site.text(&["feed_filename"]).unwrap_or("atom.xml").to_owned()],
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::lists::model::tests::{post, shown};
    use crate::import::generator::site::tests::site;

    #[test]
    fn taxonomies_of_the_configuration_have_lists() {
        let posts: Vec<_> = (1..=3).map(|_| post("2024-05-06", &[("tags", &["大模型"])])).collect();
        let config = "taxonomies: [{name: tags, feed: true, paginate_by: 2}]";
        let found = shown(&lists(&site(config), &posts));
        for (address, wanted) in [
            ("atom.xml", "feed"),
            ("posts/", "Archive"),
            ("tags/", "tags:"),
            ("tags/da-mo-xing/", "tags:大模型"),
            ("tags/da-mo-xing/atom.xml", "feed of 大模型"),
            ("tags/da-mo-xing/page/2/", "tags:大模型"),
        ] {
            assert_eq!(found.get(address).map(String::as_str), Some(wanted), "{address}: {found:#?}");
        }
        let safe = format!("{config}\nslugify: {{taxonomies: safe}}\nfeed_filenames: [rss.xml]");
        let found = shown(&lists(&site(&safe), &posts));
        assert!(found.contains_key("tags/大模型/") && found.contains_key("rss.xml"), "{found:#?}");
    }
}
