//! Converts the fields of a post's front matter to the fields of a record.

use crate::import::generator::address;
use crate::import::generator::defaults::merged;
use crate::import::generator::kind::Generator;
use crate::import::generator::place::Place;
use crate::import::generator::post::Post;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Spot, Value};
use crate::yaml::Node;

/// The fields of a post with those that it takes from elsewhere.
pub(super) fn with_defaults(fields: Vec<(String, Node)>, place: &Place) -> Vec<(String, Node)> {
    match place.generator {
        Generator::Hugo => merged(fields, &place.defaults),
        Generator::Jekyll => {
            let is_named = |name: &'static str| move |(key, _): &&(String, Node)| key == name;
            let words = |node: &Node| match node {
                Node::List(items) => items.clone(),
                node => node
                    .text()
                    .unwrap_or_default()
                    .split_whitespace()
                    .map(|word| Node::Text(word.to_owned()))
                    .collect(),
            };
            // The categories of both count (`Document#merge_categories!`).
            let both = place.defaults.iter().find(is_named("categories")).map(|(_, node)| words(node));
            let mut found = merged(fields, &place.defaults);
            if let (Some(mut all), Some((_, own))) =
                (both, found.iter_mut().find(|(key, _)| key == "categories"))
            {
                let further: Vec<Node> = words(own).into_iter().filter(|word| !all.contains(word)).collect();
                all.extend(further);
                *own = Node::List(all);
            }
            // The permalink of the defaults is one of the configuration (`jekyll::addresses`).
            let has_default = place.defaults.iter().find(is_named("permalink"));
            found.retain(|field| field.0 != "permalink" || has_default != Some(field));
            found
        }
        _ => fields,
    }
}

/// Adds the entries that one field of front matter becomes.
pub(super) fn add_entries(
    key: &str,
    node: Node,
    (spot, post): (Spot, &Post<'_>),
    labels: &Labels,
    entries: &mut Vec<Entry>,
) {
    let generator = post.place.generator;
    // The addresses of a post are computed from these ([`address::addresses`]).
    if address::ALIASES.contains(&key) || address::is_own(key, post) {
        // Other names of a note are no addresses.
        if generator == Generator::Obsidian && matches!(key, "aliases" | "alias") {
            let names = post.texts(key).into_iter().map(Node::Text).collect();
            let value = Value::Data(Node::List(names));
            entries.push(Entry { field: Field::Extra("aliases".to_owned()), value, spot });
        }
        return;
    }
    let has_image = entries.iter().any(|entry| entry.field == Field::Image);
    let mut add = |field: Field, value: Value| entries.push(Entry { field, value, spot });
    match (key, node) {
        (_, Node::Null) => {}
        // Zola's two tables; `params` is Hugo's name for `extra`.
        ("taxonomies", Node::Map(inner)) => {
            for (name, node) in inner {
                let field = labels
                    .get(&name)
                    .map(|(field, _)| field.clone())
                    .filter(|field| matches!(field, Field::Terms(_)));
                add(field.unwrap_or(Field::Extra(name)), to_value(node));
            }
        }
        ("extra" | "params", Node::Map(inner)) => {
            for (name, node) in inner {
                add(Field::Extra(name), Value::Data(node));
            }
        }
        // `published: false` hides a post ([`hidden::mark`]). A date is read as a date below.
        ("published", node) if node.text().is_some_and(is_truth) => {
            add(Field::Draft, Value::Text("false".to_owned()));
        }
        // Jekyll splits these texts at blanks, the singular ones not
        // (<https://jekyllrb.com/docs/posts/#categories-and-tags>).
        ("tags" | "categories", node) if generator == Generator::Jekyll && node.text().is_some() => {
            let words = node.text().unwrap_or_default().split_whitespace().map(str::to_owned);
            add_terms(key, words.collect(), spot, labels, entries);
        }
        ("tag" | "category", node) if generator == Generator::Jekyll && node.text().is_some() => {
            let word = node.text().unwrap_or_default().to_owned();
            add_terms(if key == "tag" { "tags" } else { "categories" }, vec![word], spot, labels, entries);
        }
        ("category", node) if generator == Generator::Pelican && node.text().is_some() => {
            let word = node.text().unwrap_or_default().to_owned();
            add_terms("categories", vec![word], spot, labels, entries);
        }
        // The language, a template and others decide how Pelican makes the page.
        ("modified", node) if generator == Generator::Pelican => add(Field::Updated, to_value(node)),
        ("url" | "permalink" | "path", node) => match to_value(node) {
            Value::Text(path) if !path.contains("://") && !path.contains("/:") => {
                add(Field::Aliases, Value::Items(vec![path]));
            }
            Value::Text(other) => add(Field::Extra(key.to_owned()), Value::Text(other)),
            items => add(Field::Aliases, items),
        },
        (key, node) if IMAGES.contains(&key) && node.text().is_some() => {
            add(Field::Image, to_value(node));
        }
        (key, node) if image_in(key, &node).is_some() => {
            // A field that has nothing but the image comes first.
            if !has_image && !IMAGES.iter().any(|name| post.text(name).is_some()) {
                add(Field::Image, Value::Text(image_in(key, &node).unwrap_or_default().to_owned()));
            }
            add(Field::Extra(key.to_owned()), Value::Data(node));
        }
        // The date from which a post is public, which is its date if it has no other. Hugo publishes
        // by it (`post_times`).
        ("publishDate" | "publishdate", node) => {
            let has_date = post.text("date").is_some();
            add(if has_date { Field::Extra(key.to_owned()) } else { Field::Date }, to_value(node));
        }
        ("last_modified_at", node) => add(Field::Updated, to_value(node)),
        ("canonical_url" | "canonicalURL" | "canonicalUrl" | "original_url", node) => {
            add(Field::Link, to_value(node));
        }
        (_, node) => match labels.get(key).map(|(field, _)| field.clone()) {
            Some(Field::Body) | None => add(Field::Extra(key.to_owned()), Value::Data(node)),
            Some(field) => add(field, to_value(node)),
        },
    }
}

/// Fields that are the image of a post.
const IMAGES: [&str; 7] =
    ["image", "cover", "banner", "thumbnail", "featured_image", "heroImage", "cover_image"];

/// The image in a field with more than one value: the list `images` of Hugo's Open Graph template
/// (<https://gohugo.io/templates/embedded/#open-graph>), `cover: {image: …}` of the theme PaperMod,
/// `image: {path: …}` of jekyll-seo-tag, `header: {teaser: …}` of the theme Minimal Mistakes.
fn image_in<'a>(key: &str, node: &'a Node) -> Option<&'a str> {
    const NAMES: [&str; 6] = ["image", "path", "src", "url", "teaser", "og_image"];
    match node {
        Node::List(items) if key == "images" => items.first()?.text(),
        Node::Map(inner) if key == "header" || IMAGES.contains(&key) => {
            let named = |name: &&str| inner.iter().find(|(key, _)| key == name)?.1.text();
            NAMES.iter().find_map(named)
        }
        _ => None,
    }
}

/// Converts a node of front matter to the value of a field.
fn to_value(node: Node) -> Value {
    match node {
        Node::List(items) if items.iter().all(|item| item.text().is_some() || *item == Node::Null) => {
            Value::Items(items.iter().filter_map(|item| item.text().map(str::to_owned)).collect())
        }
        // Hexo nests categories: `[[a, b], [c]]`.
        Node::List(items)
            if items.iter().all(
                |item| matches!(item, Node::List(inner) if inner.iter().all(|word| word.text().is_some())),
            ) =>
        {
            let inner = items
                .iter()
                .flat_map(|item| if let Node::List(inner) = item { inner.as_slice() } else { &[] });
            Value::Items(inner.filter_map(|word| word.text().map(str::to_owned)).collect())
        }
        node => match node.text() {
            Some(text) => Value::Text(text.to_owned()),
            None => Value::Data(node),
        },
    }
}

/// Adds terms, each of which is one, to the field of a key.
pub(super) fn add_terms(
    key: &str,
    words: Vec<String>,
    spot: Spot,
    labels: &Labels,
    entries: &mut Vec<Entry>,
) {
    let known = labels.get(key).map(|(field, _)| field.clone());
    let field = known.unwrap_or(Field::Extra(key.to_owned()));
    entries.push(Entry { field, value: Value::Items(words), spot });
}

/// True for the words of a truth value.
fn is_truth(text: &str) -> bool {
    matches!(text.to_lowercase().as_str(), "true" | "yes" | "on" | "false" | "no" | "off")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Config;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::Site;

    /// The entries of a field: the name of the field and its value.
    fn read(generator: Generator, front: &str) -> Vec<(Field, Value)> {
        let site = Site::unknown(chrono_tz::Tz::UTC, "zh-CN");
        let place = Place::of(generator, "/x/a.md".as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let post = Post { place: &place, fields: &fields };
        let mut entries = Vec::new();
        let labels = Labels::of(&Config::default());
        for (key, node) in fields.clone() {
            add_entries(&key, node, (Spot::default(), &post), &labels, &mut entries);
        }
        entries.into_iter().map(|entry| (entry.field, entry.value)).collect()
    }

    fn items(words: &[&str]) -> Value {
        Value::Items(words.iter().map(|word| (*word).to_owned()).collect())
    }

    #[test]
    fn jekyll_splits_texts_of_tags_and_categories_at_blanks() {
        for (front, wanted) in [
            ("categories: jekyll update", items(&["jekyll", "update"])),
            ("tags: foo bar 中文", items(&["foo", "bar", "中文"])),
            ("category: 技术 前端", items(&["技术 前端"])),
            ("tag: a b", items(&["a b"])),
            ("tags: [a b, c]", items(&["a b", "c"])),
            ("categories: 技术", items(&["技术"])),
        ] {
            let found = read(Generator::Jekyll, front);
            assert_eq!(found, [(Field::Terms(0), wanted)], "{front}");
        }
        let found = read(Generator::Hexo, "categories: 技术 前端");
        assert_eq!(found, [(Field::Terms(0), Value::Text("技术 前端".to_owned()))]);
    }

    #[test]
    fn the_image_of_a_post_is_found_in_the_fields_of_themes() {
        for front in [
            "cover: a.png",
            "cover: {image: a.png, alt: 图}",
            "images: [a.png, b.png]",
            "image: {path: a.png, width: 1}",
            "header: {overlay_color: '#000', teaser: a.png}",
            "image: a.png\ncover: {image: b.png}",
            "images: [b.png]\nfeatured_image: a.png",
            "cover: {image: a.png}\nimages: [b.png]",
        ] {
            let found = read(Generator::Hugo, front);
            let images: Vec<_> = found.iter().filter(|(field, _)| *field == Field::Image).collect();
            assert_eq!(images, [&(Field::Image, Value::Text("a.png".to_owned()))], "{front}");
        }
        let found = read(Generator::Hugo, "cover: {caption: 图}\nimages: []");
        assert!(found.iter().all(|(field, _)| matches!(field, Field::Extra(_))), "{found:?}");
    }

    #[test]
    fn addresses_are_no_fields() {
        for (generator, front) in [
            (Generator::Hugo, "url: /a/"),
            (Generator::Hugo, "aliases: [/a/]"),
            (Generator::Hexo, "permalink: /a/"),
            (Generator::Jekyll, "redirect_from: /a/"),
            (Generator::Zola, "path: a"),
            (Generator::Hexo, "alias: a"),
        ] {
            assert_eq!(read(generator, front), [], "{front}");
        }
        assert_eq!(read(Generator::Jekyll, "url: /a/"), [(Field::Aliases, items(&["/a/"]))]);
    }

    #[test]
    fn the_day_of_publication_is_the_date_if_there_is_no_other() {
        let text = |text: &str| Value::Text(text.to_owned());
        assert_eq!(read(Generator::Hugo, "publishDate: 2024-01-02"), [(Field::Date, text("2024-01-02"))]);
        let found = read(Generator::Hugo, "publishDate: 2024-01-02\ndate: 2024-01-03");
        assert_eq!(found[0].0, Field::Extra("publishDate".to_owned()));
        assert_eq!(found[1], (Field::Date, text("2024-01-03")));
    }
}
