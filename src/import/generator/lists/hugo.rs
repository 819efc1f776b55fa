//! Lists of Hugo.
//!
//! Sources: Hugo 0.168.0, run on the site of `tests/migration/lists.py`; its documentation of
//! taxonomies, pagination, permalinks and output formats (<https://gohugo.io/configuration/all/>).

use crate::import::generator::hugo::{in_scheme, kept, normalised, segment};
use crate::import::generator::lists::model::{ListedPost, Lists, Target, by_address, number, pages};
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// Articles on a page without a configuration.
const PER_PAGE: usize = 10;

/// The fields of taxonomies: the plural names.
fn fields(site: &Site) -> Vec<String> {
    match site.get(&["taxonomies"]) {
        Some(Node::Map(entries)) => {
            entries.iter().filter_map(|(_, plural)| plural.text().map(str::to_owned)).collect()
        }
        _ => vec!["tags".to_owned(), "categories".to_owned()],
    }
}

/// The terms of a post.
pub(super) fn terms(post: &Post<'_>, site: &Site) -> Vec<(String, Vec<String>)> {
    let of_field = |field: String| {
        let names = post.texts(&field).into_iter().filter(|name| !name.trim().is_empty());
        names.map(|name| (field.clone(), vec![name])).collect::<Vec<_>>()
    };
    fields(site).into_iter().flat_map(of_field).collect()
}

pub(super) fn lists(site: &Site, posts: &[ListedPost]) -> Lists {
    let rules = Rules::of(site);
    let mut lists = Lists::default();
    let home = rules.prefix.clone();
    lists.add(&home, Target::Home);
    rules.add(&mut lists, &home, posts.len(), &Target::Archive, &Target::Home);
    let mut sections: Vec<Vec<String>> = Vec::new();
    for post in posts {
        for end in 1..=post.sections.len() {
            let path = post.sections[..end].to_vec();
            if !sections.contains(&path) {
                sections.push(path);
            }
        }
    }
    for section in sections {
        let count = posts.iter().filter(|post| post.sections.starts_with(&section)).count();
        let path = rules.section(&section);
        lists.add(&path, Target::Archive);
        rules.add(&mut lists, &path, count, &Target::Archive, &Target::Home);
    }
    for field in fields(site) {
        let terms = by_address(posts, &field, |path| rules.term(&field, &path.concat()));
        let index = rules.index(&field);
        let target = Target::Index(field.clone());
        lists.add(&index, target.clone());
        rules.add(&mut lists, &index, terms.len(), &target, &target);
        for (path, (target, count)) in terms {
            if rules.is_ugly(&field) {
                lists.add(format!("{}.html", path.trim_end_matches('/')), target.clone());
            }
            lists.add(&path, target.clone());
            rules.add(&mut lists, &path, count, &target, &target);
        }
    }
    lists
}

/// What the configuration says of lists.
struct Rules<'a> {
    site: &'a Site,
    /// The folder of the language, with a slash behind it; empty for the default one.
    prefix: String,
    /// The folder of numbered pages.
    page: &'a str,
    per_page: usize,
    /// The name of a feed's file.
    feed: String,
}

impl<'a> Rules<'a> {
    fn of(site: &'a Site) -> Self {
        let base = site.text(&["outputFormats", "rss", "baseName"]).unwrap_or("index");
        let extension = site.text(&["mediaTypes", "application/rss+xml", "suffixes"]).unwrap_or("xml");
        let page = site.text(&["pagination", "path"]).or_else(|| site.text(&["paginatePath"]));
        let per_page = number(site, &[&["pagination", "pagerSize"], &["paginate"]]);
        let wanted = site.wanted_language();
        let default = site.base_language();
        let in_folder = site.is_on(&["defaultContentLanguageInSubdir"]) || wanted != default;
        let prefix = wanted.filter(|_| in_folder).map(|language| format!("{}/", language.to_lowercase()));
        Self {
            site,
            prefix: prefix.unwrap_or_default(),
            page: page.unwrap_or("page"),
            per_page: per_page.unwrap_or(PER_PAGE),
            feed: format!("{base}.{extension}"),
        }
    }

    /// Adds the numbered pages and the feed of a list of `total` items at `path`.
    fn add(&self, lists: &mut Lists, path: &str, total: usize, target: &Target, feed: &Target) {
        lists.add(format!("{path}{}", self.feed), feed.clone().feed());
        let last = pages(total, self.per_page);
        lists.add_pages((1, last), target, |number| format!("{path}{}/{number}/", self.page));
        // Numbered pages of terms are files then, those of other lists are not.
        if self.site.get(&["uglyURLs"]).is_some() {
            lists.add_pages((1, last), target, |number| format!("{path}{}/{number}.html", self.page));
        }
    }

    fn is_ugly(&self, field: &str) -> bool {
        self.site.is_on(&["uglyURLs"]) || self.site.is_on(&["uglyURLs", field])
    }

    /// A name of a term, section or taxonomy as a part of a path.
    fn part(&self, name: &str) -> String {
        match self.site.is_on(&["disablePathToLower"]) {
            true => kept(&name.replace(' ', "-")),
            false => segment(&normalised(name)),
        }
    }

    /// The path of a term, with a slash at its end.
    fn term(&self, field: &str, name: &str) -> String {
        let of_kind = self.site.text(&["permalinks", "term", field]);
        // Before version 0.112, a pattern was that of a section's posts and of a taxonomy's terms.
        let pattern = of_kind.or_else(|| self.site.text(&["permalinks", field]));
        let fill = |pattern: &str| {
            // A `#` at the end is an empty fragment.
            let in_scheme = |name: &str| in_scheme(name).trim_end_matches('#').to_owned();
            let value = |token: &str, _: Option<&str>| match token {
                "title" | "slug" | "slugorcontentbasename" | "slugorfilename" => Some(in_scheme(name)),
                "contentbasename" | "filename" => Some(in_scheme(name)),
                "section" | "sections" => Some(self.part(field)),
                _ => None,
            };
            Scheme::of_address(pattern).fill(value).ok()
        };
        let path = pattern.and_then(fill);
        let path = path.unwrap_or_else(|| format!("{}/{}", self.part(field), self.part(name)));
        self.below_prefix(&path)
    }

    /// The path of a taxonomy's index.
    fn index(&self, field: &str) -> String {
        let pattern = self.site.text(&["permalinks", "taxonomy", field]);
        match pattern.filter(|pattern| !pattern.contains(':')) {
            Some(path) => self.below_prefix(path),
            None => self.below_prefix(&self.part(field)),
        }
    }

    /// The path of a section.
    fn section(&self, path: &[String]) -> String {
        let pattern = self.site.text(&["permalinks", "section", &path.join("/")]);
        match pattern.filter(|pattern| !pattern.contains(':')) {
            Some(path) => self.below_prefix(path),
            None => {
                let parts: Vec<String> = path.iter().map(|part| self.part(part)).collect();
                self.below_prefix(&parts.join("/"))
            }
        }
    }

    fn below_prefix(&self, path: &str) -> String {
        format!("{}{}/", self.prefix, path.trim_matches('/'))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::lists::model::tests::{post, shown};
    use crate::import::generator::site::tests::site;

    /// The folder of each name, as Hugo 0.168 wrote it.
    const NAMES: [(&str, &str); 22] = [
        ("大模型", "大模型"),
        ("C++", "c++"),
        ("C#", "c#"),
        (".NET", ".net"),
        ("Open Source", "open-source"),
        ("a/b", "a/b"),
        ("Ａ全角", "ａ全角"),
        ("Café", "café"),
        ("What?", "what"),
        ("100%", "100"),
        ("x.y", "x.y"),
        ("  lead", "--lead"),
        ("--dash--", "--dash--"),
        ("火箭🚀", "火箭"),
        ("it's", "its"),
        ("书《名》", "书名"),
        ("İ", "i"),
        ("foo_bar", "foo_bar"),
        ("a  b", "a--b"),
        ("a+b c", "a+b-c"),
        ("~y", "~y"),
        ("标点！？", "标点"),
    ];

    #[test]
    fn the_folder_of_a_term_is_the_one_of_hugo() {
        let site = site("a: 1");
        for (name, wanted) in NAMES {
            assert_eq!(Rules::of(&site).term("tags", name), format!("tags/{wanted}/"), "{name}");
        }
    }

    #[test]
    fn lists_have_feeds_and_numbered_pages() {
        let posts = [post("2024-05-06", &[("tags", &["AI"])]), post("2024-05-07", &[("tags", &["ai"])])];
        let found = shown(&lists(&site("pagination: {pagerSize: 1}"), &posts));
        for (address, wanted) in [
            ("index.xml", "feed"),
            ("page/1/", "Archive"),
            ("page/2/", "Archive"),
            ("posts/", "Archive"),
            ("posts/index.xml", "feed"),
            ("posts/page/2/", "Archive"),
            ("tags/", "tags:"),
            ("tags/index.xml", "feed"),
            ("tags/ai/", "tags:AI"),
            ("tags/ai/index.xml", "feed of AI"),
            ("tags/ai/page/2/", "tags:AI"),
            ("categories/", "categories:"),
        ] {
            assert_eq!(found.get(address).map(String::as_str), Some(wanted), "{address}: {found:#?}");
        }
        assert!(!found.contains_key("page/3/") && !found.contains_key("tags/ai/page/3/"), "{found:#?}");
    }

    #[test]
    fn the_configuration_names_folders() {
        let config = "uglyURLs: true\ndisablePathToLower: true\npagination: {pagerSize: 4, path: seite}\npermalinks: {term: {tags: '/t/:slug/'}, taxonomy: {tags: /all-tags/}, section: {posts: /news/}}\noutputFormats: {RSS: {baseName: feed}}\ntaxonomies: {tag: tags, series: series}\n";
        let posts = [post("2024-05-06", &[("tags", &["Open Source"]), ("series", &["Web Dev"])])];
        let found = shown(&lists(&site(config), &posts));
        for address in [
            "feed.xml",
            "all-tags/",
            "all-tags/feed.xml",
            "all-tags/seite/1/",
            "t/open-source.html",
            "t/open-source/feed.xml",
            "t/open-source/seite/1.html",
            "series/Web-Dev.html",
            "news/",
            "news/feed.xml",
        ] {
            assert!(found.contains_key(address), "{address}: {found:#?}");
        }
        let old = site("permalinks: {tags: '/thema/:title/'}\npaginate: 5\npaginatePath: p");
        for (name, wanted) in
            [("AI", "ai"), ("C#", "c"), ("C# 12", "c#-12"), ("  lead", "lead"), ("a  b", "a-b")]
        {
            assert_eq!(Rules::of(&old).term("tags", name), format!("thema/{wanted}/"));
        }
        assert_eq!((Rules::of(&old).per_page, Rules::of(&old).page), (5, "p"));
        let two = site("languages: {en: {}, zh-cn: {}}\ndefaultContentLanguage: en");
        assert_eq!(Rules::of(&two).term("tags", "AI"), "zh-cn/tags/ai/");
    }
}
