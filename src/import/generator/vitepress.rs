//! Addresses of VitePress.
//!
//! Sources: VitePress 1.6.4, run on the posts of `tests/migration`; its documentation of routing
//! (<https://vitepress.dev/guide/routing>). A page that `rewrites` moves has the address of its new
//! path alone.

use crate::import::generator::post::Post;
use crate::import::generator::rewrite;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;

/// The addresses of a post. With `cleanUrls`, a page is found with and without its extension.
///
/// # Errors
/// The name of a variable that has no value.
pub(super) fn addresses(
    scheme: Option<&Scheme>,
    post: &Post<'_>,
    site: &Site,
) -> Result<Vec<String>, String> {
    if let Some(scheme) = scheme {
        return scheme.fill(|name, _| variable(name, post)).map(|address| vec![address]);
    }
    let own = post.place.path.as_str();
    // The address of a page is not known if a rule cannot be read, which a warning says.
    let Some(moved) = site.get(&["rewrites"]).map_or(Some(None), |rules| rewrite::rewritten(own, rules).ok())
    else {
        return Ok(Vec::new());
    };
    let own = moved.as_deref().unwrap_or(own);
    let path = format!("/{}", own.rsplit_once('.').map_or(own, |(stem, _)| stem));
    if let Some(folder) = path.strip_suffix("/index") {
        return Ok(vec![format!("{folder}/")]);
    }
    let file = format!("{path}.html");
    Ok(if site.is_on(&["cleanUrls"]) { vec![path, file] } else { vec![file] })
}

fn variable(name: &str, post: &Post<'_>) -> Option<String> {
    match name {
        "name" | "filename" | "slug" => Some(post.place.name.clone()),
        "sections" | "path" => Some(post.place.folders.join("/")),
        _ => {
            let date = post.date(&["date"]).and_then(|date| date.variable(name));
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

    #[test]
    fn the_path_of_a_file_is_its_address() {
        for (config, file, wanted) in [
            ("a: 1", "posts/C++ 入门.md", "/posts/C++ 入门.html"),
            ("a: 1", "posts/包/index.md", "/posts/包/"),
            ("a: 1", "dots.v1.2.md", "/dots.v1.2.html"),
            ("cleanUrls: true", "posts/x.md", "/posts/x /posts/x.html"),
            ("srcDir: src", "src/posts/x.md", "/posts/x.html"),
            ("rewrites: {'posts/:n.md': ':n/index.md'}", "posts/x.md", "/x/"),
            ("rewrites: {'news/:n.md': ':n.md'}", "posts/x.md", "/posts/x.html"),
            ("rewrites: {'^(?=x)': ':n.md'}", "posts/x.md", ""),
        ] {
            let site = site(config);
            let place = Place::of(Generator::VitePress, format!("/old/{file}").as_ref(), None, &site);
            let found = addresses(None, &Post { place: &place, fields: &[] }, &site).unwrap();
            assert_eq!(found.join(" "), wanted, "{file}");
        }
        let site = site("a: 1");
        let place = Place::of(Generator::VitePress, "/old/posts/x.md".as_ref(), None, &site);
        let fields = [("title".to_owned(), crate::yaml::Node::Text("t".to_owned()))];
        let post = Post { place: &place, fields: &fields };
        let filled = |written: &str| addresses(Some(&Scheme::of_address(written)), &post, &site);
        assert_eq!(filled("/:sections/:slug-:title"), Ok(vec!["/posts/x-t".to_owned()]));
        assert_eq!(filled("/:year/"), Err("year".to_owned()));
    }
}
