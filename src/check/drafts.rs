//! Knows the addresses of drafts and of scheduled articles, so that a link to one is told from a
//! link to nothing.

use std::collections::HashMap;

use crate::check::links::{self, Target};
use crate::load;
use crate::load::date::Date;
use crate::paths;
use crate::pipeline::BuiltSite;

/// The drafts and scheduled articles that were left out of the site.
#[derive(Debug, Default)]
pub(super) struct Drafts {
    /// The source files, by the folder of the page that they would have.
    files: HashMap<String, LeftOut>,
}

/// A file that was left out.
#[derive(Debug, Clone)]
struct LeftOut {
    /// Its path, relative to the digest's root.
    file: String,
    /// The time at which it is published; `None` for a draft.
    publish: Option<Date>,
}

impl Drafts {
    /// The drafts and scheduled articles among everything that was read.
    pub(super) fn of(content: &load::Content) -> Self {
        let mut files = HashMap::new();
        let mut add = |path: &str, file: &str, publish: Option<Date>| {
            let path = paths::composed(path.trim_matches('/')).into_owned();
            files.entry(path).or_insert_with(|| LeftOut { file: file.to_owned(), publish });
        };
        let drafts = content.draft_articles.iter().map(|(article, _)| (article, None));
        let scheduled = content.scheduled.iter().map(|article| {
            let schedule = article.schedule.as_deref();
            (article, schedule.and_then(|schedule| schedule.publish))
        });
        for (article, publish) in drafts.chain(scheduled) {
            add(&format!("articles/{}", article.slug), &article.file, publish);
            article.aliases.iter().for_each(|alias| add(alias, &article.file, publish));
        }
        for page in &content.draft_pages {
            add(&page.path, &page.file, None);
            page.aliases.iter().for_each(|alias| add(alias, &page.file, None));
        }
        Self { files }
    }

    /// What the file is that an address on a page leads to, and how to fix the link; `None` if no
    /// file was left out there. `page` is the page's index.
    pub(super) fn explain(
        &self,
        built: &BuiltSite<'_>,
        page: Option<usize>,
        address: &str,
    ) -> Option<(String, String)> {
        let LeftOut { file, publish } = self.file_of(built, page, address)?;
        Some(match publish {
            None => {
                (tr!("{file}, which is a draft", file), tr!("remove `draft: true` there, or remove the link"))
            }
            Some(publish) => (
                tr!("{file}, which is published at {}", publish.at.format("%Y-%m-%d %H:%M"), file),
                tr!("change `publish:` there, or remove the link until then"),
            ),
        })
    }

    fn file_of(&self, built: &BuiltSite<'_>, page: Option<usize>, address: &str) -> Option<&LeftOut> {
        if self.files.is_empty() {
            return None;
        }
        let base = &built.config.base_url;
        let url = links::url_of(base, &built.pages[page?].path)?;
        let Target::InSite(path, _) = links::target(base, &url, address) else { return None };
        let path = path.trim_end_matches("index.html").trim_end_matches('/');
        self.files.get(path).or_else(|| self.files.get(path.strip_suffix(".html")?))
    }
}
