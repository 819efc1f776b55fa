//! Computes the addresses that a post had on its old site.

use crate::import::generator::characters::{decode, without_host};
use crate::import::generator::kind::Generator;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::import::generator::{astro, eleventy, hexo, hugo, jekyll, pelican, vitepress, zola};

/// Fields that hold other addresses of a post, which its site redirected: Hugo and Zola, plugins of
/// Hexo, jekyll-redirect-from.
pub const ALIASES: [&str; 3] = ["aliases", "alias", "redirect_from"];
/// Fields that hold the address of a post: Hugo and Pelican, Hexo and Jekyll, Zola, Pelican.
pub const OWN: [&str; 4] = ["url", "permalink", "path", "save_as"];

/// The addresses of a post on its old site.
#[derive(Debug, Default)]
pub struct Addresses {
    /// All addresses as aliases, the one of the post's page first.
    pub all: Vec<String>,
    /// The address of the post's page as its generator has it, without escapes.
    pub own: Option<String>,
    /// A variable of the scheme that the post has no value for.
    pub missing: Option<String>,
}

/// Returns the addresses of a post, the one in its front matter, else by `scheme`, else by the
/// configuration, else by the default of its generator; then those that its site redirected.
/// Without a scheme, a file whose folder is not known has none.
///
/// Returns the name of a variable, too, if it has no value, so that the first address is missing.
#[must_use]
pub fn addresses(scheme: Option<&Scheme>, post: &Post<'_>, site: &Site) -> Addresses {
    let has_own = OWN.iter().any(|name| is_own(name, post) && post.text(name).is_some());
    let own = if scheme.is_some() || post.place.is_known || has_own {
        match post.place.generator {
            Generator::Hugo => hugo::address(scheme, post, site).map(|address| vec![address]),
            Generator::Hexo => hexo::addresses(scheme, post, site),
            Generator::Jekyll => jekyll::addresses(scheme, post, site),
            Generator::Zola => zola::address(scheme, post, site).map(|address| vec![address]),
            Generator::Eleventy if eleventy::is_unwritten(post) => Ok(Vec::new()),
            Generator::Eleventy => eleventy::address(scheme, post).map(|address| vec![address]),
            Generator::Astro => astro::address(scheme, post, site).map(|address| vec![address]),
            Generator::Pelican => pelican::addresses(scheme, post, site),
            // Notes of a vault have no address by themselves.
            Generator::Obsidian | Generator::WordPress if scheme.is_none() => Ok(Vec::new()),
            Generator::VitePress | Generator::Obsidian | Generator::WordPress => {
                vitepress::addresses(scheme, post, site)
            }
        }
    } else {
        Ok(Vec::new())
    };
    let (mut found, missing) = own.map_or_else(|name| (Vec::new(), Some(name)), |own| (own, None));
    let own = found.first().cloned();
    // Aliases of Obsidian are other names of a note.
    let names = ALIASES.iter().filter(|_| post.place.generator != Generator::Obsidian);
    for written in names.flat_map(|name| post.texts(name)) {
        let alias = match (&own, post.place.generator) {
            (Some(own), Generator::Hugo) => hugo::alias(&written, own, post, site),
            _ => written,
        };
        if !found.contains(&alias) {
            found.push(alias);
        }
    }
    let all = found.iter().map(|address| crate::paths::written_alias(&path(address))).collect();
    Addresses { all, own, missing }
}

/// True if this generator reads the address of a post from a field.
#[must_use]
pub fn is_own(name: &str, post: &Post<'_>) -> bool {
    matches!(
        (post.place.generator, name),
        (Generator::Hugo | Generator::Pelican, "url")
            | (Generator::Pelican, "save_as")
            | (Generator::Hexo | Generator::Jekyll | Generator::Eleventy, "permalink")
            | (Generator::Zola, "path")
    )
}

/// True if the generator does not write the post at all: `permalink: false` of Eleventy.
#[must_use]
pub fn is_unwritten(post: &Post<'_>) -> bool {
    post.place.generator == Generator::Eleventy && eleventy::is_unwritten(post)
}

/// The path of an address, decoded.
fn path(address: &str) -> String {
    let below = without_host(address);
    decode(below).unwrap_or_else(|| below.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;
    use crate::yaml::Node;

    fn of(generator: Generator, file: &str, scheme: Option<&str>, front: &str) -> String {
        let site = site("timezone: UTC");
        let place = Place::of(generator, file.as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let scheme = scheme.map(Scheme::of_address);
        let found = addresses(scheme.as_ref(), &Post { place: &place, fields: &fields }, &site);
        found.missing.map_or_else(|| found.all.join(" "), |name| format!("no {name}"))
    }

    #[test]
    fn the_front_matter_counts_before_the_scheme_and_the_scheme_before_the_default() {
        let front = "title: t\ndate: 2024-05-06";
        for (generator, file, default) in [
            (Generator::Hugo, "/old/content/posts/x.md", "/posts/x/"),
            (Generator::Hexo, "/old/source/_posts/x.md", "2024/05/06/x/"),
            (Generator::Jekyll, "/old/_posts/2024-05-06-x.md", "/2024/05/06/x.html"),
            (Generator::Zola, "/old/content/blog/x.md", "/blog/x/"),
            (Generator::Eleventy, "/old/posts/x.md", "/posts/x/"),
        ] {
            assert_eq!(of(generator, file, None, front), default);
            let scheme = Some("/s/:year/");
            assert_eq!(of(generator, file, scheme, front), "/s/2024/");
            let own = OWN.map(|name| format!("{name}: /own/\n")).concat();
            assert_eq!(of(generator, file, scheme, &format!("{front}\n{own}")), "/own/");
            assert_eq!(of(generator, file, Some("/:abbrlink/"), front), "no abbrlink");
        }
    }

    #[test]
    fn other_addresses_follow() {
        let hugo = "/old/content/posts/x.md";
        let front = "aliases: [旧名, /旧/]\nredirect_from: /r/";
        assert_eq!(of(Generator::Hugo, hugo, None, front), "/posts/x/ /posts/旧名/ /旧/ /r/");
        let zola = "/old/content/posts/x.md";
        assert_eq!(of(Generator::Zola, zola, None, "aliases: [旧名]"), "/posts/x/ 旧名");
        assert_eq!(of(Generator::Hugo, "/elsewhere/x.md", None, "aliases: [/a/]"), "/a/");
        assert_eq!(of(Generator::Hugo, "/elsewhere/x.md", None, "url: /u/"), "/u/");
    }

    #[test]
    fn the_path_of_an_address_is_decoded() {
        for (address, wanted) in [
            ("https://old.example.net/2018/04/20/cname/", "/2018/04/20/cname/"),
            ("https://old.example.net", "/"),
            ("/2024/%E6%97%A7/", "/2024/旧/"),
            ("/c%23/", "/c#/"),
            ("/a%FF/", "/a%FF/"),
            ("/a b/", "/a b/"),
        ] {
            assert_eq!(path(address), wanted, "{address}");
        }
    }
}
