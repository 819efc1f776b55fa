//! Addresses of Zola.
//!
//! Sources: the documentation of Zola 0.19 (<https://www.getzola.org/documentation/content/page/>)
//! and of its setting `slugify`
//! (<https://www.getzola.org/documentation/getting-started/configuration/#slugification-strategies>).
//! No registry has the program, so the rules are not compared with it.

use unicode_normalization::UnicodeNormalization as _;

use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::slug::pinyin;

/// The address of a post.
///
/// # Errors
/// The name of a variable that has no value.
pub(super) fn address(scheme: Option<&Scheme>, post: &Post<'_>, site: &Site) -> Result<String, String> {
    if let Some(path) = post.text("path") {
        return Ok(format!("{}/{}/", prefix(post, site), path.trim_matches('/')));
    }
    if let Some(scheme) = scheme {
        return scheme.fill(|name, _| variable(name, post, site));
    }
    let mut address = prefix(post, site);
    for folder in &post.place.folders {
        address.push('/');
        address.push_str(&segment(folder, site));
    }
    Ok(format!("{address}/{}/", own_name(post, site)))
}

/// The id of a post in the feed: its permalink, which Zola does not escape. Zola 0.19 (`atom.xml`:
/// `<id>{{ page.permalink | safe }}</id>`, `rss.xml` with the same `guid`; `Config::make_permalink`).
pub(super) fn feed_id(address: &str, base: &str) -> String {
    format!("{base}{}/", address.trim_matches('/'))
}

/// The slug, else the name of the file without its date.
fn own_name(post: &Post<'_>, site: &Site) -> String {
    segment(post.text("slug").unwrap_or_else(|| post.place.split_date().0), site)
}

/// The value of a variable of a scheme that `--alias` names: Zola has none of its own.
fn variable(name: &str, post: &Post<'_>, site: &Site) -> Option<String> {
    match name {
        "slug" | "title" => Some(own_name(post, site)),
        "name" | "filename" => Some(segment(post.place.split_date().0, site)),
        "section" => Some(post.place.folders.first().map_or_else(String::new, |name| segment(name, site))),
        "sections" => {
            let folders: Vec<String> = post.place.folders.iter().map(|name| segment(name, site)).collect();
            Some(folders.join("/"))
        }
        _ => {
            let date = post.date(&["date"]);
            let date = date.or_else(|| super::moment::Moment::read(&post.place.split_date().1?));
            date.and_then(|date| date.variable(name)).or_else(|| post.text(name).map(str::to_owned))
        }
    }
}

/// The folder of a language other than the default one.
fn prefix(post: &Post<'_>, site: &Site) -> String {
    let own = site.further.first().filter(|_| site.root.is_none()).map(|_| site.language.as_str());
    let default = site.default_language().or(own).unwrap_or("en");
    match &post.place.language {
        Some(language) if !language.eq_ignore_ascii_case(default) => format!("/{language}"),
        _ => String::new(),
    }
}

/// A name as a part of an address, by the strategy for paths: `on` (default), `safe` or `off`.
fn segment(name: &str, site: &Site) -> String {
    match site.text(&["slugify", "paths"]).unwrap_or("on") {
        "safe" => {
            let kept = name.trim_end_matches([' ', '.']).chars();
            kept.filter(|c| !matches!(c, '<' | '>' | ':' | '"' | '/' | '\\' | '|' | '?' | '*')).collect()
        }
        "off" => name.to_owned(),
        _ => in_ascii(name),
    }
}

/// A name in ASCII: Han as pinyin, letters without marks, all else a single hyphen.
pub(super) fn in_ascii(name: &str) -> String {
    let mut found = String::new();
    let separate = |found: &mut String| {
        if !found.is_empty() && !found.ends_with('-') {
            found.push('-');
        }
    };
    for (c, syllable) in pinyin::syllables(name) {
        if let Some(syllable) = syllable {
            separate(&mut found);
            found.push_str(syllable.trim_end_matches(|c: char| c.is_ascii_digit()));
            separate(&mut found);
            continue;
        }
        let plain: String = std::iter::once(c).nfkd().filter(char::is_ascii_alphanumeric).collect();
        if plain.is_empty() {
            // Marks of a letter before them are no break.
            if !super::characters::is_mark(c) {
                separate(&mut found);
            }
        } else {
            found.push_str(&plain.to_ascii_lowercase());
        }
    }
    found.trim_matches('-').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;
    use crate::yaml::Node;

    fn of(config: &str, file: &str, front: &str) -> String {
        let site = site(config);
        let path = format!("/old/content/{file}");
        let place = Place::of(Generator::Zola, path.as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        address(None, &Post { place: &place, fields: &fields }, &site)
            .unwrap_or_else(|name| format!("no {name}"))
    }

    #[test]
    fn names_are_in_ascii_by_default() {
        for (file, wanted) in [
            ("blog/My Post.md", "/blog/my-post/"),
            ("blog/日本.md", "/blog/ri-ben/"),
            ("blog/héhé (x).md", "/blog/hehe-x/"),
            ("blog/2024-05-06-x.md", "/blog/x/"),
            ("blog/2024-05-06_x.md", "/blog/x/"),
            ("blog/GPT4发布.md", "/blog/gpt4-fa-bu/"),
            ("blog/sub/b/index.md", "/blog/sub/b/"),
        ] {
            assert_eq!(of("a: 1", file, "title: t"), wanted, "{file}");
        }
    }

    #[test]
    fn the_strategy_the_slug_and_the_path_count() {
        let safe = "slugify: {paths: safe}";
        assert_eq!(of(safe, "blog/日本 a?.md", "title: t"), "/blog/日本 a/");
        assert_eq!(of("slugify: {paths: 'off'}", "blog/日本 a?.md", "title: t"), "/blog/日本 a?/");
        assert_eq!(of("a: 1", "blog/x.md", "slug: My Slug"), "/blog/my-slug/");
        assert_eq!(of("a: 1", "blog/x.md", "path: /own/path"), "/own/path/");
        let two = "default_language: en\nlanguages: {zh: {}}";
        assert_eq!(of(two, "blog/x.zh.md", "title: t"), "/zh/blog/x/");
    }

    #[test]
    fn a_written_scheme_has_variables() {
        let site = site("a: 1");
        let place = Place::of(Generator::Zola, "/old/content/blog/2024-05-06-x.md".as_ref(), None, &site);
        let post = Post { place: &place, fields: &[] };
        let filled = |written: &str| Scheme::of_address(written).fill(|name, _| variable(name, &post, &site));
        assert_eq!(filled("/:section/:year/:slug/").as_deref(), Ok("/blog/2024/x/"));
        assert_eq!(filled("/:sections/:name/").as_deref(), Ok("/blog/x/"));
        assert_eq!(filled("/:id/"), Err("id".to_owned()));
    }
}
