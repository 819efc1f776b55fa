//! Reads the address of an old site from its configuration.

use url::Url;

use crate::import::generator::config;
use crate::import::generator::kind::Generator;
use crate::import::generator::site::Site;

/// The address of the site with its folder, which ends in a slash. `None` if the configuration does
/// not say it, or says it as code.
#[must_use]
pub fn base_url(generator: Generator, site: &Site) -> Option<String> {
    let text = |name: &str| site.text(&[name]);
    let (host, folder) = match generator {
        Generator::Hugo => (text("baseURL")?, ""),
        Generator::Hexo => (text("url")?, text("root").unwrap_or_default()),
        Generator::Jekyll => (text("url")?, text("baseurl").unwrap_or_default()),
        Generator::Pelican => (text("SITEURL")?, ""),
        Generator::Astro => (text("site")?, text("base").unwrap_or_default()),
        Generator::Eleventy => (base_of_eleventy(site)?, text("pathPrefix").unwrap_or_default()),
        Generator::Zola => (text("base_url")?, ""),
        Generator::VitePress | Generator::WordPress | Generator::Obsidian => return None,
    };
    let is_url = host.starts_with("https://") || host.starts_with("http://");
    let host = host.trim_end_matches('/');
    // Hexo wants the folder in both settings.
    let folder = folder.trim_matches('/');
    let folder = if host.ends_with(&format!("/{folder}")) { "" } else { folder };
    let url = if folder.is_empty() { format!("{host}/") } else { format!("{host}/{folder}/") };
    is_url.then_some(url)
}

/// The address of a site of Eleventy: `metadata.base` of its configuration, as
/// @11ty/eleventy-plugin-rss 2 has it, else `url` of its data (`_data/metadata.json`).
pub(super) fn base_of_eleventy(site: &Site) -> Option<&str> {
    let of_data = || ["base", "url"].iter().find_map(|name| site.text(&[config::DATA, name]));
    site.text(&["base"]).or_else(of_data)
}

/// The URL of a path on the host of a base URL, as browsers write it (WHATWG URL). The path of the
/// base URL does not count.
pub(super) fn on_host(base: &str, path: &str) -> Option<String> {
    let base = Url::parse(base).ok()?;
    base.join(&format!("/{}", path.trim_start_matches('/'))).ok().map(String::from)
}
