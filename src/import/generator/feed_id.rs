//! Computes the id that a post has in the feed of its old site.

use crate::import::generator::address::Addresses;
use crate::import::generator::base::base_url;
use crate::import::generator::kind::Generator;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::import::generator::{astro, eleventy, hexo, hugo, jekyll, pelican, zola};

/// The id of a post in the feed that its generator writes, or the plugin that most sites use. `None`
/// if the address of the site or of the post is not known. Some generators write ids that are no
/// IRIs, such as those with a space, which a digest cannot have.
#[must_use]
pub fn feed_id(
    scheme: Option<&Scheme>,
    post: &Post<'_>,
    site: &Site,
    addresses: &Addresses,
) -> Option<String> {
    let generator = post.place.generator;
    let base = base_url(generator, site)?;
    let own = addresses.own.as_deref()?;
    match generator {
        Generator::Hugo => Some(hugo::feed_id(own, post, &base)),
        Generator::Hexo => hexo::feed_id(own, site),
        Generator::Jekyll => jekyll::feed_id(scheme, post, site, &base),
        Generator::Zola => Some(zola::feed_id(own, &base)),
        Generator::Eleventy => eleventy::feed_id(own, site),
        Generator::Astro => astro::feed_id(post, site),
        Generator::Pelican => pelican::feed_id(own, post, site),
        // VitePress has no feed, Obsidian no site; that of WordPress is in the export.
        Generator::VitePress | Generator::WordPress | Generator::Obsidian => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::address;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;
    use crate::yaml::Node;

    /// The id of a post of a site with a configuration in YAML.
    fn of(generator: Generator, config: &str, file: &str, front: &str) -> String {
        let site = site(config);
        let place = Place::of(generator, format!("/old/{file}").as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let post = Post { place: &place, fields: &fields };
        let addresses = address::addresses(None, &post, &site);
        feed_id(None, &post, &site, &addresses).unwrap_or_default()
    }

    const DATED: &str = "title: t\ndate: 2024-01-02";

    /// A generator, its configuration, the file of a post, its front matter and its id: the one that
    /// the program wrote for such a post.
    const CASES: &[(Generator, &str, &str, &str, &str)] = &[
        (
            Generator::Hugo,
            "baseURL: https://o.example/blog",
            "content/posts/c#与.net.md",
            DATED,
            "https://o.example/blog/posts/c%23%E4%B8%8E.net/",
        ),
        (
            Generator::Hugo,
            "baseURL: https://o.example",
            "content/posts/x.md",
            "url: 相对/地址",
            "https://o.example/%E7%9B%B8%E5%AF%B9/%E5%9C%B0%E5%9D%80/",
        ),
        (
            Generator::Hugo,
            "baseURL: https://o.example",
            "content/posts/x.md",
            "url: /a/v1.2",
            "https://o.example/a/v1.2",
        ),
        (
            Generator::Hugo,
            "baseURL: https://o.example",
            "content/posts/x.md",
            "url: //it's",
            "https://o.example/it's/",
        ),
        (
            Generator::Hugo,
            "{baseURL: https://o.example, permalinks: {posts: '/p/:year/:contentbasename'}}",
            "content/posts/dots.v1.2.md",
            DATED,
            "https://o.example/p/2024/dots.v1.2/",
        ),
        (
            Generator::Hexo,
            "{url: 'https://o.example/', timezone: Asia/Shanghai}",
            "source/_posts/c#与 [y].md",
            DATED,
            "https://o.example/2024/01/02/c#%E4%B8%8E%20[y]/",
        ),
        (
            Generator::Hexo,
            "{url: https://o.example/b, root: /b/, pretty_urls: {trailing_html: false}, permalink: ':title.html'}",
            "source/_posts/括号（一）(x)[y].md",
            DATED,
            "https://o.example/b/%E6%8B%AC%E5%8F%B7%EF%BC%88%E4%B8%80%EF%BC%89(x)%5By%5D",
        ),
        (
            Generator::Jekyll,
            "{url: https://o.example, baseurl: /b, timezone: Asia/Shanghai}",
            "_posts/2024-01-02-c#与.net，x y.md",
            "title: t",
            "https://o.example/b/2024/01/02/c#%E4%B8%8E.net%EF%BC%8Cx%20y",
        ),
        (
            Generator::Jekyll,
            "{url: https://o.example, permalink: pretty, Gemfile.lock: {addressable: 2.8.1}}",
            "_posts/2024-01-02-标点！？Ａ.md",
            "title: t",
            "https://o.example/2024/01/02/%E6%A0%87%E7%82%B9!%3FA",
        ),
        (
            Generator::Jekyll,
            "url: https://o.example",
            "_posts/2024-05-06-zao.md",
            "date: 2024-05-06 00:30:00 +0800",
            "https://o.example/2024/05/05/zao",
        ),
        (
            Generator::Zola,
            "{base_url: 'https://o.example/', slugify: {paths: 'off'}}",
            "content/blog/旧.md",
            DATED,
            "https://o.example/blog/旧/",
        ),
        (
            Generator::Pelican,
            "{SITEURL: 'https://O.example:8000/b', SLUGIFY_USE_UNICODE: true}",
            "content/x.md",
            "title: 旧 题\ndate: 2021-04-05T20:00:00-05:00",
            "tag:o.example,2021-04-05:/b/旧-题.html",
        ),
        (
            Generator::Pelican,
            "SITEURL: https://o.example",
            "content/x.md",
            "title: t\ndate: 2024-01-02\nurl: /a/b;c?d#e\nsave_as: a.html",
            "tag:o.example,2024-01-02:/a/b/e",
        ),
        (
            Generator::Eleventy,
            "{base: 'https://o.example/x/', pathPrefix: /p/}",
            "posts/it's 旧&.md",
            DATED,
            "https://o.example/p/posts/it&#39;s%20%E6%97%A7&amp;/",
        ),
        (
            Generator::Astro,
            "{site: 'https://o.example', base: /b, format: file}",
            "src/content/blog/旧.md",
            DATED,
            "https://o.example/blog/%E6%97%A7/",
        ),
    ];

    #[test]
    fn an_id_is_the_one_that_the_program_writes() {
        for (generator, config, file, front, wanted) in CASES {
            assert_eq!(of(*generator, config, file, front), *wanted, "{config} {file}");
        }
    }

    #[test]
    fn a_post_without_a_known_address_has_no_id() {
        for (generator, config, file) in [
            (Generator::Hugo, "a: 1", "content/posts/x.md"),
            (Generator::Hugo, "baseURL: /", "content/posts/x.md"),
            (Generator::Hexo, "{url: https://o.example, permalink: ':abbrlink/'}", "source/_posts/x.md"),
            (Generator::Hexo, "url: https://中.example", "source/_posts/x.md"),
            (Generator::Jekyll, "url: https://o.example", "_posts/2024-01-02-什么?.md"),
            (Generator::Pelican, "{SITEURL: https://o.example, RELATIVE_URLS: true}", "content/x.md"),
            (Generator::Eleventy, "{pathPrefix: /p/}", "posts/x.md"),
            (Generator::VitePress, "{base: 'https://o.example/'}", "posts/x.md"),
        ] {
            assert_eq!(of(generator, config, file, "title: t\ndate: 2024-01-02"), "", "{config} {file}");
        }
    }
}
