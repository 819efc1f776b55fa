//! Proposes the settings of a digest from the configuration of an old site, and names what a digest
//! cannot carry over.

use crate::import::generator::base::base_url;
use crate::import::generator::config::DATA;
use crate::import::generator::kind::Generator;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The settings of a digest that an old site has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Proposal {
    /// Settings at the top level of newsprint.yaml, each with its value.
    pub settings: Vec<(&'static str, String)>,
    /// The path of keywords, whose terms the old tags become.
    pub path_of_keywords: Option<String>,
    /// The names of other taxonomies.
    pub taxonomies: Vec<String>,
    /// Links of the menu: name and URL.
    pub menu: Vec<(String, String)>,
    /// What was not carried over, one sentence each.
    pub left: Vec<String>,
}

/// Proposes settings for a site.
#[must_use]
pub fn of_site(generator: Generator, site: &Site) -> Proposal {
    let mut found = Proposal::default();
    let first = |paths: &[&[&str]]| paths.iter().find_map(|path| site.text(path)).map(str::to_owned);
    let mut add = |name: &'static str, value: Option<String>| {
        found.settings.extend(value.map(|value| (name, value)));
    };
    add(
        "title",
        first(&[&["title"], &["SITENAME"], &[DATA, "title"]]).or_else(|| name_of_vault(generator, site)),
    );
    let descriptions: [&[&str]; 5] = [
        &["description"],
        &["params", "description"],
        &["subtitle"],
        &["SITESUBTITLE"],
        &[DATA, "description"],
    ];
    add("description", first(&descriptions));
    add(
        "author",
        first(&[
            &["author"],
            &["params", "author"],
            &["author", "name"],
            &["params", "author", "name"],
            &["AUTHOR"],
            &[DATA, "author", "name"],
        ]),
    );
    add("base_url", base_url(generator, site));
    add("timezone", site.own_zone().map(|zone| zone.name().to_owned()));
    let per_page =
        first(&[&["pagination", "pagerSize"], &["paginate"], &["per_page"], &["DEFAULT_PAGINATION"]]);
    let per_page = per_page.filter(|text| text.parse::<u32>().is_ok_and(|count| (1..=1000).contains(&count)));
    add("paginate_by", per_page);
    let written = language(site);
    let known = written.as_deref().map(|language| (language, language_of_digest(language)));
    if let Some((_, Some(language))) = known {
        found.settings.push(("language", language.to_owned()));
    } else if let Some((language, None)) = known {
        found.left.push(unknown_language(language));
    }
    add_taxonomies(generator, site, &mut found);
    add_menu(site, &mut found);
    add_notes(generator, site, &mut found);
    found
}

/// The name of a vault of Obsidian: that of its folder.
fn name_of_vault(generator: Generator, site: &Site) -> Option<String> {
    let root = site.root.as_ref().filter(|_| generator == Generator::Obsidian)?;
    root.file_name().map(|name| name.to_string_lossy().into_owned())
}

/// The language of the site, as written.
fn language(site: &Site) -> Option<String> {
    let first_of_list = match site.get(&["language"]) {
        Some(Node::List(items)) => items.first().and_then(Node::text),
        _ => None,
    };
    let names = [
        "locale",
        "languageCode",
        "defaultContentLanguage",
        "default_language",
        "language",
        "lang",
        "DEFAULT_LANG",
    ];
    first_of_list.or_else(|| names.iter().find_map(|name| site.text(&[name]))).map(str::to_owned)
}

/// The language of a digest that a language is.
#[must_use]
pub fn language_of_digest(language: &str) -> Option<&'static str> {
    let language = language.to_lowercase().replace('_', "-");
    let is_traditional = ["zh-tw", "zh-hk", "zh-mo", "zh-hant"].iter().any(|tag| language.starts_with(tag));
    match language.split('-').next() {
        Some("zh") if is_traditional => Some("zh-TW"),
        Some("zh") => Some("zh-CN"),
        Some("en") => Some("en"),
        _ => None,
    }
}

/// What is said about a language that no digest is in.
pub(in crate::import) fn unknown_language(language: &str) -> String {
    tr!("the language `{language}`: the interface of a digest is in zh-CN, zh-TW or en", language)
}

fn add_taxonomies(generator: Generator, site: &Site, found: &mut Proposal) {
    let names: Vec<String> = match (generator, site.get(&["taxonomies"])) {
        (Generator::Hugo, Some(Node::Map(entries))) => {
            entries.iter().filter_map(|(_, plural)| plural.text().map(str::to_owned)).collect()
        }
        // Hugo's own taxonomies; Hexo makes pages for both.
        (Generator::Hugo, _) => vec!["tags".to_owned(), "categories".to_owned()],
        (Generator::Hexo, _) => {
            let folder = |name: &str, default: &str| site.text(&[name]).unwrap_or(default).to_owned();
            vec![folder("tag_dir", "tags"), folder("category_dir", "categories")]
        }
        (Generator::Zola, Some(Node::List(items))) => {
            items.iter().filter_map(|item| item.get("name").and_then(Node::text).map(str::to_owned)).collect()
        }
        _ => Vec::new(),
    };
    for name in names {
        let is_own = matches!(name.as_str(), "tags" | "categories" | "tag" | "category" | "keywords")
            || generator == Generator::Hexo;
        // Hexo keeps capital letters in addresses, the digest does not: `/tags/AI/` and `/tags/ai/`
        // are one folder on many disks, so the old addresses redirect from a folder of their own.
        let keeps_case = generator == Generator::Hexo && site.text(&["filename_case"]) != Some("1");
        match &found.path_of_keywords {
            _ if keeps_case => {}
            _ if !is_own => found.taxonomies.push(name),
            None => found.path_of_keywords = Some(name),
            Some(path) => {
                let text =
                    tr!("`/{name}/`: its terms are keywords, whose pages are below `/{path}/`", name, path);
                found.left.push(text);
            }
        }
    }
}

fn add_menu(site: &Site, found: &mut Proposal) {
    // Pelican: `MENUITEMS = (('name', 'url'), …)`.
    if let Some(Node::List(items)) = site.get(&["MENUITEMS"]) {
        for item in items {
            let Node::List(parts) = item else { continue };
            if let [Some(name), Some(url)] = [parts.first(), parts.get(1)].map(|part| part?.text()) {
                add_link(name.to_owned(), url.to_owned(), found);
            }
        }
    }
    let menu = site.get(&["menus", "main"]).or_else(|| site.get(&["menu", "main"]));
    let Some(Node::List(items)) = menu else { return };
    let text = |item: &Node, name: &str| item.get(name).and_then(Node::text).map(str::to_owned);
    let weight =
        |item: &&Node| text(item, "weight").and_then(|weight| weight.parse::<i64>().ok()).unwrap_or(0);
    let mut items: Vec<&Node> = items.iter().collect();
    items.sort_by_key(weight);
    for item in items {
        let url = text(item, "url").or_else(|| text(item, "pageRef")).unwrap_or_default();
        let name = text(item, "name").or_else(|| text(item, "identifier")).unwrap_or_else(|| url.clone());
        add_link(name, url, found);
    }
}

fn add_link(name: String, url: String, found: &mut Proposal) {
    if url.starts_with("https://") || url.starts_with("http://") {
        found.menu.push((name, url));
    } else {
        let text =
            tr!("the menu's link `{name}` to `{url}`: add it when the digest has that page", name, url);
        found.left.push(text);
    }
}

fn add_notes(generator: Generator, site: &Site, found: &mut Proposal) {
    if site.languages().len() > 1 {
        let names: Vec<&str> = site.languages().into_iter().map(|(name, _)| name).collect();
        let names = names.join(&tr!("list" => ", "));
        found.left.push(tr!("the languages {names}: a digest has one; `translations` links several", names));
    }
    for name in ["params", "extra"] {
        if let Some(Node::Map(entries)) = site.get(&[name]) {
            let is_taken = |key: &str| name == "params" && ["description", "author"].contains(&key);
            let names = entries.iter().filter(|(key, _)| !is_taken(&key.to_lowercase()));
            let names: Vec<String> = names.map(|(key, _)| format!("`{name}.{key}`")).collect();
            if !names.is_empty() {
                let (names, generator) = (names.join(&tr!("list" => ", ")), generator.name());
                found.left.push(tr!("{names}: for the templates of {generator}", names, generator));
            }
        }
    }
    match generator {
        Generator::Eleventy | Generator::Astro | Generator::VitePress => found.left.push(tr!(
            "the configuration of {} is code, which is not run: compare the settings above with it",
            generator.name()
        )),
        Generator::Obsidian => found
            .left
            .push(tr!("a vault has no language and no time zone: write `language` and `timezone` above")),
        _ => {}
    }
    for name in ["theme", "markup", "plugins"] {
        if matches!(site.get(&[name]), Some(node) if *node != Node::Null) {
            let generator = generator.name();
            found.left.push(tr!(
                "`{name}`: it is for the templates and programs of {generator}",
                name,
                generator
            ));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::site::tests::site;

    fn of(generator: Generator, config: &str) -> Proposal {
        of_site(generator, &site(config))
    }

    fn setting(found: &Proposal, name: &str) -> String {
        found
            .settings
            .iter()
            .find(|(key, _)| *key == name)
            .map_or_else(String::new, |(_, value)| value.clone())
    }

    #[test]
    fn settings_of_the_same_meaning_are_taken() {
        for (generator, config, wanted) in [
            (
                Generator::Hugo,
                "title: 旧站\nbaseURL: https://o.example/blog\nlanguageCode: zh-Hant-TW\ntimeZone: Asia/Taipei\npagination: {pagerSize: 7}\nparams: {description: d, author: {name: n}}",
                ["旧站", "d", "n", "https://o.example/blog/", "Asia/Taipei", "7", "zh-TW"],
            ),
            (
                Generator::Hexo,
                "title: 旧站\nsubtitle: d\nauthor: n\nurl: https://o.example\nroot: /blog/\nlanguage: [zh-CN, en]\ntimezone: Asia/Shanghai\nper_page: 10",
                ["旧站", "d", "n", "https://o.example/blog/", "Asia/Shanghai", "10", "zh-CN"],
            ),
            (
                Generator::Jekyll,
                "title: 旧站\ndescription: d\nauthor: {name: n}\nurl: https://o.example\nbaseurl: /blog\nlang: en_US\ntimezone: UTC\npaginate: 5",
                ["旧站", "d", "n", "https://o.example/blog/", "UTC", "5", "en"],
            ),
            (
                Generator::Zola,
                "title: 旧站\ndescription: d\nauthor: n\nbase_url: https://o.example\ndefault_language: zh",
                ["旧站", "d", "n", "https://o.example/", "", "", "zh-CN"],
            ),
            (
                Generator::Pelican,
                "SITENAME: 旧站\nSITESUBTITLE: d\nAUTHOR: n\nSITEURL: https://o.example\nDEFAULT_LANG: zh\nTIMEZONE: Asia/Shanghai\nDEFAULT_PAGINATION: 10",
                ["旧站", "d", "n", "https://o.example/", "Asia/Shanghai", "10", "zh-CN"],
            ),
        ] {
            let found = of(generator, config);
            let names = ["title", "description", "author", "base_url", "timezone", "paginate_by", "language"];
            assert_eq!(names.map(|name| setting(&found, name)), wanted, "{config}");
        }
        let found =
            of(Generator::Hexo, "url: https://o.example/blog\nroot: /blog/\nper_page: 0\nlanguage: fr");
        assert_eq!(setting(&found, "base_url"), "https://o.example/blog/");
        assert_eq!(
            (setting(&found, "paginate_by"), setting(&found, "language")),
            (String::new(), String::new())
        );
        assert!(found.left.iter().any(|left| left.contains("`fr`")), "{found:?}");
        assert_eq!(setting(&of(Generator::Hugo, "baseURL: /"), "base_url"), "");
    }

    #[test]
    fn tags_become_keywords_and_other_taxonomies_are_named() {
        for (generator, config, path, others) in [
            (Generator::Hugo, "a: 1", Some("tags"), ""),
            (Generator::Hugo, "taxonomies: {tag: tags, series: series}", Some("tags"), "series"),
            (Generator::Hugo, "taxonomies: {series: series}", None, "series"),
            (Generator::Hexo, "tag_dir: t", None, ""),
            (Generator::Hexo, "{tag_dir: t, filename_case: 1}", Some("t"), ""),
            (Generator::Zola, "taxonomies: [{name: tags}, {name: authors}]", Some("tags"), "authors"),
            (Generator::Jekyll, "a: 1", None, ""),
        ] {
            let found = of(generator, config);
            assert_eq!(found.path_of_keywords.as_deref(), path, "{config}");
            assert_eq!(found.taxonomies.join(" "), others, "{config}");
        }
        assert!(of(Generator::Hugo, "a: 1").left[0].contains("`/categories/`"));
    }

    #[test]
    fn links_to_other_sites_stay_in_the_menu_and_the_rest_is_named() {
        let menu = "menus: {main: [{name: 文章, url: /posts/, weight: 2}, {name: 仓库, url: 'https://e.org/', weight: 1}]}\nlanguages: {zh: {}, en: {}}\ntheme: x";
        let found = of(Generator::Hugo, menu);
        assert_eq!(found.menu, [("仓库".to_owned(), "https://e.org/".to_owned())]);
        for part in ["`文章` to `/posts/`", "languages zh, en", "`theme`"] {
            assert!(found.left.iter().any(|left| left.contains(part)), "{part}: {found:?}");
        }
        let found = of(Generator::Pelican, "MENUITEMS: [[仓库, 'https://e.org/'], [关于, /about/]]");
        assert_eq!(found.menu, [("仓库".to_owned(), "https://e.org/".to_owned())]);
        assert!(found.left.iter().any(|left| left.contains("`关于` to `/about/`")), "{found:?}");
    }
}
