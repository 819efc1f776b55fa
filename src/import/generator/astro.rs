//! Addresses of Astro.
//!
//! Sources: Astro 5.18.2, run on the posts of `tests/migration`; its documentation of content
//! collections (<https://docs.astro.build/en/guides/content-collections/>) and routing
//! (<https://docs.astro.build/en/guides/routing/>). The page that shows a collection is code of the
//! site: it is assumed below the folder that has the name of the collection.

use crate::import::generator::base::on_host;
use crate::import::generator::characters::{is_digit, is_mark};
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;

/// The address of a post.
///
/// # Errors
/// The name of a variable that has no value.
pub(super) fn address(scheme: Option<&Scheme>, post: &Post<'_>, site: &Site) -> Result<String, String> {
    if let Some(scheme) = scheme {
        return scheme.fill(|name, _| variable(name, post));
    }
    let Some((collection, _)) = post.place.folders.split_first() else {
        return Err("collection".to_owned());
    };
    let path = format!("/{collection}/{}", id(post));
    // `build: {format: 'file'}`. With `preserve`, the page of a route is a file unless its own name is
    // `index` (<https://docs.astro.build/en/reference/configuration-reference/#buildformat>).
    let is_file = matches!(site.text(&["format"]), Some("file" | "preserve"));
    Ok(if is_file { format!("{path}.html") } else { format!("{path}/") })
}

/// The id of a post in the feed: the link that the page of the feed gives to @astrojs/rss 4
/// (`generateRSS`, `createCanonicalURL`), a URL on the host of `site`. The page is code of the site:
/// it is assumed to be that of Astro's recipe (<https://docs.astro.build/en/recipes/rss/>), whose
/// links are `/blog/${post.id}/`, without `base`.
pub(super) fn feed_id(post: &Post<'_>, site: &Site) -> Option<String> {
    let (collection, _) = post.place.folders.split_first()?;
    on_host(site.text(&["site"])?, &format!("{collection}/{}/", id(post)))
}

/// The id of a post in its collection: its `slug`, else the path of its file, each part slugged.
fn id(post: &Post<'_>) -> String {
    if let Some(slug) = post.text("slug") {
        return slug.to_owned();
    }
    let folders = post.place.folders.iter().skip(1).chain([&post.place.name]);
    folders.map(|part| slug(part)).collect::<Vec<_>>().join("/")
}

/// github-slugger 2: small letters, hyphens for blanks; letters, marks, digits, `_` and `-` stay.
fn slug(text: &str) -> String {
    let is_kept = |c: &char| {
        c.is_alphabetic()
            || is_mark(*c)
            || is_digit(*c)
            || matches!(c, '_' | '-' | ' ' | '\u{203F}' | '\u{2040}' | '\u{FF3F}')
    };
    text.to_lowercase().chars().filter(is_kept).map(|c| if c == ' ' { '-' } else { c }).collect()
}

fn variable(name: &str, post: &Post<'_>) -> Option<String> {
    match name {
        "slug" | "id" => Some(id(post)),
        "name" | "filename" => Some(slug(&post.place.name)),
        "section" | "collection" => post.place.folders.first().cloned(),
        _ => {
            let date = post.date(&["date", "pubDate"]).and_then(|date| date.variable(name));
            date.or_else(|| post.text(name).map(str::to_owned))
        }
    }
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
        let place = Place::of(Generator::Astro, format!("/old/src/content/{file}").as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        address(None, &Post { place: &place, fields: &fields }, &site)
            .unwrap_or_else(|name| format!("no {name}"))
    }

    #[test]
    fn the_path_of_a_file_is_slugged() {
        for (file, wanted) in [
            ("blog/OpenAI发布GPT-4o，多模态.md", "/blog/openai发布gpt-4o多模态/"),
            ("blog/C++ 入门.md", "/blog/c-入门/"),
            ("blog/a - b.md", "/blog/a---b/"),
            ("blog/dots.v1.2.md", "/blog/dotsv12/"),
            ("blog/ß与İ.md", "/blog/ß与i\u{307}/"),
            ("blog/长音ー々〇.md", "/blog/长音ー々〇/"),
            ("blog/_下划线.md", "/blog/_下划线/"),
            ("blog/2024/Deep Folder/更深.md", "/blog/2024/deep-folder/更深/"),
            ("blog/包/index.md", "/blog/包/"),
        ] {
            assert_eq!(of("a: 1", file, "title: t"), wanted, "{file}");
        }
        assert_eq!(of("a: 1", "blog/x.md", "slug: my-slug"), "/blog/my-slug/");
        for (format, wanted) in
            [("file", "/blog/x.html"), ("preserve", "/blog/x.html"), ("directory", "/blog/x/")]
        {
            assert_eq!(of(&format!("format: {format}"), "blog/x.md", "title: t"), wanted, "{format}");
        }
        assert_eq!(of("a: 1", "x.md", "title: t"), "no collection");
    }
}
