//! Names old sites, so that two posts with the same place in different sites are told apart.

use url::Url;

/// The name of the site with a base URL, as article files keep it: the host and the folder without
/// scheme, `old.example` or `old.example/blog`.
#[must_use]
pub(in crate::import) fn name(base_url: &str) -> Option<String> {
    let url = Url::parse(base_url).ok()?;
    let host = url.host_str()?;
    Some(format!("{host}{}", url.path().trim_end_matches('/')))
}

/// The host in an id of a feed: that of a URL, or of a tag URI (`tag:old.example,2024:x`, RFC 4151).
#[must_use]
pub(super) fn host_of_id(id: &str) -> Option<String> {
    match id.strip_prefix("tag:") {
        Some(rest) => rest.split(',').next().filter(|host| !host.is_empty()).map(str::to_owned),
        None => Url::parse(id).ok()?.host_str().map(str::to_owned),
    }
}

/// True if two names are those of one site. `www.` does not count.
#[must_use]
pub(super) fn is_same(one: &str, other: &str) -> bool {
    without_www(one).eq_ignore_ascii_case(without_www(other))
}

/// True if a site is on a host.
#[must_use]
pub(super) fn is_on_host(site: &str, host: &str) -> bool {
    is_same(site.split('/').next().unwrap_or(site), host)
}

fn without_www(name: &str) -> &str {
    name.strip_prefix("www.").unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_site_is_named_by_its_host_and_its_folder() {
        assert_eq!(name("https://a.example/").as_deref(), Some("a.example"));
        assert_eq!(name("http://a.example/blog/").as_deref(), Some("a.example/blog"));
        assert_eq!(name("/blog/"), None);
        assert!(is_same("www.a.example", "a.example"));
        assert!(!is_same("a.example", "a.example/blog"));
        assert!(is_on_host("a.example/blog", "www.a.example"));
    }

    #[test]
    fn the_host_of_an_id_is_that_of_its_url_or_tag() {
        assert_eq!(host_of_id("https://a.example/?p=3").as_deref(), Some("a.example"));
        assert_eq!(host_of_id("tag:a.example,2024-01-02:/x").as_deref(), Some("a.example"));
        assert_eq!(host_of_id("urn:uuid:1"), None);
    }
}
