//! Addresses of Eleventy.
//!
//! Sources: Eleventy 3.1.8, run on the posts of `tests/migration`; its documentation of permalinks
//! (<https://www.11ty.dev/docs/permalinks/>) and of supplied data
//! (<https://www.11ty.dev/docs/data-eleventy-supplied/>). No configuration is run: a permalink that
//! a script computes is not known.

use crate::import::generator::base::{base_of_eleventy, on_host};
use crate::import::generator::moment::Moment;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The address of a post.
///
/// # Errors
/// The name of a variable that has no value, or a part of a template that is not known.
pub(super) fn address(scheme: Option<&Scheme>, post: &Post<'_>) -> Result<String, String> {
    if let Some(own) = post.text("permalink") {
        return template(own, post);
    }
    if let Some(scheme) = scheme {
        return scheme.fill(|name, _| variable(name, post));
    }
    let of_folder = post.place.defaults.iter().find(|(key, _)| key == "permalink");
    if let Some(written) = of_folder.and_then(|(_, node)| node.text()) {
        return template(written, post);
    }
    let folders = post.place.folders.join("/");
    // `x/x.md` is the page of its folder, as `x/index.md` is.
    let is_of_folder = !post.place.is_bundle && post.place.folders.last() == Some(&post.place.name);
    let own = if is_of_folder { String::new() } else { format!("{}/", post.place.name) };
    Ok(format!("/{folders}/{own}"))
}

/// The id of a post in the feed: `post.url | htmlBaseUrl(metadata.base)` of the virtual template of
/// @11ty/eleventy-plugin-rss 2.0.4, the URL of the post on the host of `metadata.base`
/// (`addPathPrefixToUrl` of Eleventy 3.1.8). The address of a file `index.html` is its folder's. The
/// template escapes the URL twice, so that an id has `&amp;` for `&` and `&#39;` for `'`.
pub(super) fn feed_id(address: &str, site: &Site) -> Option<String> {
    let path = address.strip_suffix("index.html").unwrap_or(address);
    let prefix = site.text(&["pathPrefix"]).unwrap_or_default().trim_matches('/');
    let path = format!("{prefix}/{}", path.trim_start_matches('/'));
    let url = on_host(base_of_eleventy(site)?, &path)?;
    Some(url.replace('&', "&amp;").replace('\'', "&#39;"))
}

/// Fills in a template with the plain outputs that permalinks have: `{{ page.fileSlug }}`.
fn template(written: &str, post: &Post<'_>) -> Result<String, String> {
    let mut found = String::new();
    let mut rest = written;
    while let Some((before, after)) = rest.split_once("{{") {
        let (expression, behind) = after.split_once("}}").ok_or_else(|| written.to_owned())?;
        found.push_str(before);
        let mut parts = expression.split('|').map(str::trim);
        let name = parts.next().unwrap_or_default();
        let filters: Vec<&str> = parts.collect();
        found.push_str(&output(name, &filters, post).ok_or_else(|| expression.trim().to_owned())?);
        rest = behind;
    }
    found.push_str(rest);
    if found.contains("{%") { Err(written.to_owned()) } else { Ok(found) }
}

/// The value of an output. `None` for what only a program could tell.
fn output(name: &str, filters: &[&str], post: &Post<'_>) -> Option<String> {
    let mut value = match (name, filters.first()) {
        ("page.date" | "date", Some(filter)) => {
            let directives = filter.strip_prefix("date:")?.trim().trim_matches(['"', '\'']);
            return (filters.len() == 1).then(|| date(post).map(|date| date.format(directives)))?;
        }
        (name, _) => variable(name.strip_prefix("page.").unwrap_or(name), post)?,
    };
    for filter in filters {
        match *filter {
            "slug" | "slugify" => value = slugify(&value)?,
            "downcase" | "lower" => value = value.to_lowercase(),
            "url_encode" | "safe" => {}
            _ => return None,
        }
    }
    Some(value)
}

/// A text as Eleventy's filters `slug` and `slugify` write it. They transliterate all that is not
/// ASCII, which is not known here.
fn slugify(text: &str) -> Option<String> {
    text.is_ascii()
        .then(|| super::characters::hyphenate(text, |c| c.is_ascii_alphanumeric()).to_ascii_lowercase())
}

fn variable(name: &str, post: &Post<'_>) -> Option<String> {
    let without_date = post.place.split_date().0;
    Some(match name {
        "fileSlug" | "filename" | "name" => without_date.to_owned(),
        "filePathStem" => {
            let folders = post.place.folders.iter().map(|folder| format!("/{folder}")).collect::<String>();
            if post.place.is_bundle {
                format!("{folders}/{}/index", post.place.name)
            } else {
                format!("{folders}/{without_date}")
            }
        }
        "slug" => post.text("slug").unwrap_or(without_date).to_owned(),
        _ => {
            return date(post)
                .and_then(|date| date.variable(name))
                .or_else(|| post.text(name).map(str::to_owned));
        }
    })
}

/// The date in the front matter, else the one in the name. A date with an offset is in UTC.
fn date(post: &Post<'_>) -> Option<Moment> {
    let date = post.date(&["date"]).or_else(|| Moment::read(&post.place.split_date().1?));
    date.map(Moment::in_utc)
}

/// True if the post is not written: `permalink: false`.
#[must_use]
pub(super) fn is_unwritten(post: &Post<'_>) -> bool {
    matches!(post.field("permalink"), Some(Node::Bool(false, _)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;

    fn of(file: &str, front: &str, folder: Option<&str>) -> String {
        let path = format!("/new/posts/{file}");
        let mut place =
            Place::of(Generator::Eleventy, path.as_ref(), Some("/new/posts".as_ref()), &site("a: 1"));
        place.defaults.extend(folder.map(|text| ("permalink".to_owned(), Node::Text(text.to_owned()))));
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let found = address(None, &Post { place: &place, fields: &fields });
        found.unwrap_or_else(|name| format!("no {name}"))
    }

    #[test]
    fn the_path_of_a_file_is_its_address() {
        for (file, wanted) in [
            ("C++ 入门.md", "/posts/C++ 入门/"),
            ("2024-05-14-日期.md", "/posts/2024-05-14-日期/"),
            ("2024/子.md", "/posts/2024/子/"),
            ("包/index.md", "/posts/包/"),
            ("包/包.md", "/posts/包/"),
        ] {
            assert_eq!(of(file, "title: t", None), wanted, "{file}");
        }
    }

    #[test]
    fn a_permalink_is_a_template_of_plain_outputs() {
        for (written, wanted) in [
            ("/blog/{{ page.fileSlug }}/", "/blog/x/"),
            ("/b/{{ page.date | date: '%Y/%m' }}{{ page.filePathStem }}.html", "/b/2024/05/posts/夹/x.html"),
            ("/{{ title | slugify }}/", "/my-title/"),
            ("/{{title|slug|downcase}}/", "/my-title/"),
            ("/plain/", "/plain/"),
            ("/{{ title | custom }}/", "no title | custom"),
            ("/{{ missing }}/", "no missing"),
            ("/{% if a %}", "no /{% if a %}"),
            ("/{{ x", "no /{{ x"),
        ] {
            let front = "title: My Title\ndate: 2024-05-14T01:00:00+08:00";
            assert_eq!(of("夹/2024-05-14-x.md", front, Some(written)), wanted, "{written}");
            let front = format!("{front}\npermalink: {written:?}");
            assert_eq!(of("夹/2024-05-14-x.md", &front, Some("/other/")), wanted, "{written}");
        }
        assert_eq!(of("x.md", "title: 标题", Some("/{{ title | slug }}/")), "no title | slug");
    }
}
