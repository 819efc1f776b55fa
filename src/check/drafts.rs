//! Knows the addresses of drafts, so that a link to one is told from a link to nothing.

use std::collections::HashMap;

use crate::check::links::{self, Target};
use crate::load;
use crate::paths;
use crate::pipeline::BuiltSite;

/// The drafts that were left out of the site.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// The source files, by the folder of the page that they would have.
    files: HashMap<String, String>,
}

impl Drafts {
    /// The drafts among everything that was read.
    pub(super) fn of(content: &load::Content) -> Self {
        let mut files = HashMap::new();
        let mut add = |path: &str, file: &str| {
            let path = paths::composed(path.trim_matches('/')).into_owned();
            files.entry(path).or_insert_with(|| file.to_owned());
        };
        for (article, _) in &content.draft_articles {
            add(&format!("articles/{}", article.slug), &article.file);
            article.aliases.iter().for_each(|alias| add(alias, &article.file));
        }
        for page in &content.draft_pages {
            add(&page.path, &page.file);
            page.aliases.iter().for_each(|alias| add(alias, &page.file));
        }
        Self { files }
    }

    /// The draft that an address on a page leads to; `page` is its index.
    pub(super) fn file_of(&self, built: &BuiltSite<'_>, page: Option<usize>, address: &str) -> Option<&str> {
        if self.files.is_empty() {
            return None;
        }
        let base = &built.config.base_url;
        let url = links::url_of(base, &built.pages[page?].path)?;
        let Target::InSite(path, _) = links::target(base, &url, address) else { return None };
        let path = path.trim_end_matches("index.html").trim_end_matches('/');
        self.files.get(path).or_else(|| self.files.get(path.strip_suffix(".html")?)).map(String::as_str)
    }
}
