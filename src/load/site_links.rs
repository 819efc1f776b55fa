//! Finds the links of a body that lead into the site.

use crate::config::Config;
use crate::text::traditional;

/// The addresses in the HTML of a body that lead into the site, each once.
pub(super) fn of(html: &str, config: &Config) -> Vec<String> {
    let mut links = traditional::addresses(html);
    let root = config.root_url();
    links.retain(|address| address.starts_with(&root.path) || address.starts_with(&root.origin));
    links
}
