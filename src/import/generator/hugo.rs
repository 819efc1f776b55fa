//! Addresses of Hugo.
//!
//! Sources: Hugo 0.168.0, run on the posts of `tests/migration`; its documentation of URL
//! management (<https://gohugo.io/content-management/urls/>) and permalinks
//! (<https://gohugo.io/configuration/permalinks/>).

use percent_encoding::utf8_percent_encode;

use crate::import::generator::characters::{is_digit, is_letter, is_mark, without_host};
use crate::import::generator::escapes::GO_PATH;
use crate::import::generator::moment::Moment;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The fields of a post's date, in Hugo's order
/// (<https://gohugo.io/configuration/front-matter/#dates>).
const DATES: [&str; 6] = ["date", "publishDate", "pubdate", "published", "lastmod", "modified"];

/// The address of a post.
///
/// # Errors
/// The name of a variable that has no value.
pub(super) fn address(scheme: Option<&Scheme>, post: &Post<'_>, site: &Site) -> Result<String, String> {
    let fill = |scheme: &Scheme| scheme.fill(|name, slice| variable(name, slice, post, site));
    if let Some(url) = post.text("url").map(without_host) {
        return Ok(format!("{}{}", prefix(post, site, url), fill(&Scheme::of_address(url))?));
    }
    let configured = permalink(post, site).map(|written| Scheme::of_address(&written));
    let path = match scheme.or(configured.as_ref()) {
        Some(scheme) => fill(scheme)?,
        None => default_path(post),
    };
    let prefix = prefix(post, site, "");
    Ok(if is_ugly(post, site) && !has_extension(&path) {
        format!("{prefix}{}.html", path.trim_end_matches('/'))
    } else {
        format!("{prefix}{path}")
    })
}

/// The path without a configuration: the folders and the slug, else the name of the file.
fn default_path(post: &Post<'_>) -> String {
    let mut path = String::from("/");
    for (at, folder) in post.place.folders.iter().enumerate() {
        // The slug of a section is its part of the addresses below it. Its `url` is only its own.
        let section = post.place.sections.iter().find(|section| section.at == at);
        let slug = section.and_then(|section| section.slug.as_deref());
        path.push_str(&slug.map_or_else(|| segment(&normalised(folder)), segment));
        path.push('/');
    }
    let own = post.text("slug").map_or_else(|| segment(&normalised(&post.place.name)), segment);
    // Of the home page's folder, `index.md` is no post.
    format!("{path}{own}/")
}

/// The id of a post in the feed: its permalink. Hugo 0.168.0 (embedded template `rss.xml`: `<guid>{{
/// .Permalink }}</guid>`) has one slash where an address has several, one at the end of an address
/// without an extension, and escapes the path as Go's `net/url` does (`EscapedPath`).
pub(super) fn feed_id(address: &str, post: &Post<'_>, base: &str) -> String {
    let (path, query) = address.split_once('?').map_or((address, None), |(path, rest)| (path, Some(rest)));
    let mut path = path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/");
    // A `url` is a file if it has any extension, other addresses are one if it is that of a page.
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_file = if post.text("url").is_some() { last.contains('.') } else { has_extension(last) };
    if address.ends_with('/') || !is_file {
        path.push('/');
    }
    let is_valid = |b: u8| b.is_ascii_alphanumeric() || b"-_.~!$&'()*+,;=:@[]/#".contains(&b);
    let escaped = match path.bytes().all(is_valid) {
        true => path.replace('#', "%23"),
        false => utf8_percent_encode(&path, GO_PATH).to_string(),
    };
    let query = query.map(|query| format!("?{query}")).unwrap_or_default();
    format!("{base}{escaped}{query}")
}

/// The value of a variable of a scheme.
fn variable(name: &str, slice: Option<&str>, post: &Post<'_>, site: &Site) -> Option<String> {
    let title = || in_scheme(post.text("title").unwrap_or_default());
    let file = || in_scheme(&post.place.name);
    let slug = || post.text("slug").map(in_scheme);
    let sections = || -> Vec<String> {
        post.place.sections.iter().map(|section| segment(&normalised(&section.name))).collect()
    };
    let slugs = || -> Option<Vec<String>> {
        let is_off = matches!(site.get(&["pluralizeListTitles"]), Some(Node::Bool(false, _)));
        let sections = post.place.sections.iter().map(|section| section.slug_or_title(!is_off));
        sections.map(|text| text.map(|text| in_scheme(&text))).collect()
    };
    Some(match name {
        "title" => title(),
        "slug" => slug().unwrap_or_else(title),
        "filename" | "contentbasename" | "name" => file(),
        "slugorfilename" | "slugorcontentbasename" => slug().unwrap_or_else(file),
        "section" => sections().into_iter().next().unwrap_or_default(),
        "sections" => cut(&sections(), slice).join("/"),
        "sectionslug" => slugs()?.into_iter().next().unwrap_or_default(),
        "sectionslugs" => cut(&slugs()?, slice).join("/"),
        _ => {
            // A post without a date has Go's zero date.
            let date = post.date(&DATES).or_else(|| Moment::read("0001-01-01"))?;
            return date_variable(name, date).or_else(|| post.text(name).map(in_scheme));
        }
    })
}

/// The value of a variable of a date, among them Go's layouts (`:2006`, `:01`).
fn date_variable(name: &str, date: Moment) -> Option<String> {
    Some(match name {
        "year" => date.format("%Y").trim_start_matches('0').to_owned(),
        "month" | "01" => date.format("%m"),
        "day" | "02" => date.format("%d"),
        "monthname" | "January" => date.format("%B"),
        "weekday" => date.format("%w"),
        "weekdayname" | "Monday" => date.format("%A"),
        "yearday" => date.format("%j").trim_start_matches('0').to_owned(),
        "2006" => date.format("%Y"),
        "06" => date.format("%y"),
        "1" => date.format("%-m"),
        "2" => date.format("%-d"),
        "Jan" => date.format("%b"),
        "15" => date.format("%H"),
        "04" => date.format("%M"),
        "05" => date.format("%S"),
        _ => return None,
    })
}

/// The part of a list that a slice names: `1`, `1:`, `:2`, `last`, `:last`; all without a slice.
fn cut<'a>(list: &'a [String], slice: Option<&str>) -> &'a [String] {
    let Some(slice) = slice else { return list };
    let index = |text: &str| match text {
        "last" => list.len().saturating_sub(1),
        text => text.parse().unwrap_or(0),
    };
    let slice = slice.trim().to_ascii_lowercase();
    match slice.split_once(':') {
        None => list.get(index(&slice)..=index(&slice)).unwrap_or_default(),
        Some((from, to)) => {
            let from = if from.is_empty() { 0 } else { index(from) };
            let to = if to.is_empty() { list.len() } else { index(to).min(list.len()) };
            list.get(from..to).unwrap_or_default()
        }
    }
}

/// The pattern of `permalinks` for a post: of the longest path of sections that has one.
fn permalink(post: &Post<'_>, site: &Site) -> Option<String> {
    let node = site.get(&["permalinks"])?;
    if let Node::List(rules) = node {
        return rules.iter().find_map(|rule| of_rule(rule, post));
    }
    let pages = site.get(&["permalinks", "page"]).filter(|node| matches!(node, Node::Map(_)));
    let folders: Vec<String> = post.place.folders.iter().map(|folder| normalised(folder)).collect();
    let mut best: Option<(usize, &str)> = None;
    for (section, pattern) in pages.into_iter().chain([node]).filter_map(entries).flatten() {
        let Some(pattern) = pattern.text() else { continue };
        let path: Vec<String> = section.trim_matches([' ', '/']).split('/').map(normalised).collect();
        let is_root = path == [String::new()];
        let fits = if is_root { folders.is_empty() } else { folders.starts_with(&path) };
        if fits && best.is_none_or(|(length, _)| path.len() > length) {
            best = Some((path.len(), pattern));
        }
    }
    best.map(|(_, pattern)| pattern.to_owned())
}

fn entries(node: &Node) -> Option<&Vec<(String, Node)>> {
    match node {
        Node::Map(entries) => Some(entries),
        _ => None,
    }
}

/// The pattern of one rule of a list: `{pattern: …, target: {kind: page, path: '/posts/**'}}`.
fn of_rule(rule: &Node, post: &Post<'_>) -> Option<String> {
    let pattern = rule.get("pattern").and_then(Node::text)?;
    let target = rule.get("target");
    let text = |name: &str| target.and_then(|target| target.get(name)).and_then(Node::text);
    let is_page = text("kind").is_none_or(|kind| kind.contains("page"));
    let start = text("path").unwrap_or("/**").split(['*', '{']).next().unwrap_or_default().to_owned();
    let path = format!("/{}", post.place.path.to_lowercase());
    (is_page && path.starts_with(&start)).then(|| pattern.to_owned())
}

/// The folder of a language other than the default one, which addresses begin with.
fn prefix(post: &Post<'_>, site: &Site, url: &str) -> String {
    let Some(default) = site.default_language().or_else(|| site.languages().first().map(|(name, _)| *name))
    else {
        return String::new();
    };
    let language = post.place.language.as_deref().unwrap_or(default);
    let is_default = language.eq_ignore_ascii_case(default);
    let in_folder = !is_default || site.is_on(&["defaultContentLanguageInSubdir"]);
    // A `url` with a slash at its beginning is that of the whole site.
    if !in_folder || url.starts_with('/') {
        return if url.is_empty() || url.starts_with('/') { String::new() } else { "/".to_owned() };
    }
    let slash = if url.is_empty() { "" } else { "/" };
    format!("/{}{slash}", language.to_lowercase())
}

fn is_ugly(post: &Post<'_>, site: &Site) -> bool {
    let section = post.place.folders.first().map_or("", String::as_str);
    site.is_on(&["uglyURLs"]) || site.is_on(&["uglyURLs", section])
}

fn has_extension(path: &str) -> bool {
    path.ends_with(".html") || path.ends_with(".htm")
}

/// The old address that an entry of `aliases` is, given the address of the post: an address
/// without a slash at its beginning is relative to the page's parent.
pub(super) fn alias(written: &str, address: &str, post: &Post<'_>, site: &Site) -> String {
    let mut parts: Vec<&str> = Vec::new();
    if !written.starts_with('/') {
        parts.extend(address.trim_matches('/').split('/'));
        parts.pop();
    }
    for part in written.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    let path = format!("/{}", parts.join("/"));
    if is_ugly(post, site) && !has_extension(&path) { format!("{path}.html") } else { format!("{path}/") }
}

/// The name of a file or a folder as Hugo reads it: small letters, hyphens for blanks.
pub(super) fn normalised(name: &str) -> String {
    lower(name).replace(' ', "-")
}

/// A text in a scheme: `+` counts as a blank there.
pub(super) fn in_scheme(text: &str) -> String {
    segment(&segment(text).replace("+", " "))
}

/// A text as a part of an address: letters, marks, decimal digits and `. / \ _ # + ~ - @` stay, a
/// run of blanks becomes a hyphen unless one is beside it, and all else goes.
pub(super) fn segment(text: &str) -> String {
    lower(&kept(text))
}

/// A part of an address with its capitals.
pub(super) fn kept(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    let mut is_blank = false;
    for c in text.chars() {
        let is_kept = is_letter(c)
            || is_digit(c)
            || is_mark(c)
            || matches!(c, '.' | '/' | '\\' | '_' | '#' | '+' | '~' | '-' | '@');
        if is_kept {
            if is_blank && c != '-' {
                found.push('-');
            }
            is_blank = false;
            found.push(c);
        } else if !found.is_empty() && !found.ends_with('-') && c.is_whitespace() {
            is_blank = true;
        }
    }
    found
}

/// Small letters, one for one, as Go has them: `İ` is `i`.
fn lower(text: &str) -> String {
    text.chars().map(|c| c.to_lowercase().next().unwrap_or(c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;

    /// The address of a post with a file below `content` and front matter in YAML.
    fn of(config: &str, file: &str, front: &str) -> String {
        let site = site(config);
        let path = format!("/old/content/{file}");
        let place = Place::of(Generator::Hugo, path.as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let found = address(None, &Post { place: &place, fields: &fields }, &site);
        found.unwrap_or_else(|name| format!("no {name}"))
    }

    #[test]
    fn the_name_of_a_file_becomes_a_segment() {
        // Hugo 0.168.0.
        for (name, wanted) in [
            ("OpenAI发布GPT-4o，多模态", "openai发布gpt-4o多模态"),
            ("My First Post", "my-first-post"),
            ("C++ 入门", "c++-入门"),
            ("a - b", "a---b"),
            ("c#与.net", "c#与.net"),
            ("Ａ全角ＢＣ", "ａ全角ｂｃ"),
            ("火箭🚀上天", "火箭上天"),
            ("标点！？、。：完", "标点完"),
            ("x@y~z", "x@y~z"),
            ("-前后-", "-前后-"),
            ("价格$5与=号", "价格5与号"),
            ("ß与İ", "ß与i"),
            ("２０２４年", "２０２４年"),
            ("①②③", ""),
            ("长音ー々〇", "长音ー々"),
            ("2024-05-14-日期", "2024-05-14-日期"),
        ] {
            let wanted = format!("/posts/{wanted}/");
            assert_eq!(of("a: 1", &format!("posts/{name}.md"), "title: x"), wanted, "{name}");
        }
    }

    #[test]
    fn a_scheme_has_its_own_rules() {
        let config = "permalinks: {posts: '/p/:year/:month/:day/:slug/'}";
        for (front, wanted) in [
            ("title: C++ 入门\ndate: 2024-05-06", "/p/2024/05/06/c-入门/"),
            ("title: a - b\ndate: 2021-04-05T20:00:00-05:00", "/p/2021/04/05/a-b/"),
            ("title: a + b C++\ndate: 2024-05-06", "/p/2024/05/06/a--b-c/"),
            ("title: x\nslug: a - b\ndate: 2024-06-02T20:00:00Z", "/p/2024/06/02/a-b/"),
            ("title: x", "/p/1/01/01/x/"),
            ("date: 2024-05-06", "/p/2024/05/06//"),
        ] {
            assert_eq!(of(config, "posts/f.md", front), wanted, "{front}");
        }
        for (pattern, wanted) in [
            ("/:sections/:contentbasename/", "/posts/c-入门/"),
            ("/:section/:filename.html", "/posts/c-入门.html"),
            ("/:slugorfilename/", "/短名/"),
            ("/:2006/:1/:title/", "/2024/5/标题/"),
            ("/:yearday/:weekdayname/:monthname/:title", "/127/Monday/May/标题"),
            ("/:sections[1:]/:title", "//标题"),
            ("/:sections[last]/:title", "/posts/标题"),
            ("/:sectionslugs/:slugorcontentbasename", "/posts/短名"),
            ("/:abbrlink", "/3f2a"),
            ("/:missing", "no missing"),
        ] {
            let config = format!("permalinks: {{page: {{posts: '{pattern}'}}}}");
            let front = "title: 标题\ndate: 2024-05-06\nslug: 短名\nabbrlink: 3f2a";
            assert_eq!(of(&config, "posts/C++ 入门.md", front), wanted, "{pattern}");
        }
    }

    #[test]
    fn a_permalink_is_that_of_the_section() {
        for (config, file, wanted) in [
            ("permalinks: {posts: '/p/:title/'}", "news/x.md", "/news/x/"),
            ("permalinks: {/: '/r/:title/'}", "x.md", "/r/t/"),
            ("permalinks: {posts: '/p/:title/', posts/a: '/a/:title/'}", "posts/a/x.md", "/a/t/"),
            ("permalinks: {posts: '/p/:title/', posts/a: '/a/:title/'}", "posts/b/x.md", "/p/t/"),
            (
                "permalinks: [{pattern: '/l/:title/', target: {kind: page, path: '/posts/**'}}]",
                "posts/x.md",
                "/l/t/",
            ),
            ("permalinks: [{pattern: '/l/:title/', target: {kind: section}}]", "posts/x.md", "/posts/x/"),
            ("permalinks: [{pattern: '/l/:title/', target: {path: '/news/**'}}]", "posts/x.md", "/posts/x/"),
        ] {
            assert_eq!(of(config, file, "title: t"), wanted, "{config} {file}");
        }
    }

    #[test]
    fn a_url_counts_before_all_else() {
        let config = "permalinks: {posts: '/p/:title/'}\nuglyURLs: true";
        for (url, wanted) in [
            ("/自定/地址/", "/自定/地址/"),
            ("/old.html", "/old.html"),
            ("/u/:year/:title/", "/u/2024/t/"),
            ("相对/地址", "/相对/地址"),
        ] {
            let front = format!("title: t\ndate: 2024-01-02\nurl: {url}");
            if url != "相对/地址" {
                assert_eq!(of(config, "posts/x.md", &front), wanted, "{url}");
            }
            let config = "defaultContentLanguage: zh-cn\nlanguages: {zh-cn: {}}";
            assert_eq!(of(config, "posts/x.md", &front), wanted, "{url}");
        }
    }

    #[test]
    fn other_languages_have_a_folder_and_ugly_addresses_an_extension() {
        let two = "defaultContentLanguage: en\nlanguages: {en: {}, zh-CN: {}}";
        assert_eq!(of(two, "posts/x.zh-cn.md", "title: t"), "/zh-cn/posts/x/");
        assert_eq!(of(two, "posts/x.md", "title: t"), "/posts/x/");
        let sub = "defaultContentLanguage: zh\ndefaultContentLanguageInSubdir: true";
        assert_eq!(of(sub, "posts/x.md", "title: t"), "/zh/posts/x/");
        assert_eq!(of("uglyURLs: true", "posts/x.md", "title: t"), "/posts/x.html");
        assert_eq!(of("uglyURLs: {posts: true}", "posts/x.md", "title: t"), "/posts/x.html");
        assert_eq!(of("uglyURLs: {news: true}", "posts/x.md", "title: t"), "/posts/x/");
    }

    #[test]
    fn an_alias_is_relative_to_the_parent_of_the_page() {
        let place = Place::of(Generator::Hugo, "/old/content/posts/x.md".as_ref(), None, &site("a: 1"));
        let post = Post { place: &place, fields: &[] };
        for (written, address, wanted) in [
            ("旧名", "/posts/x/", "/posts/旧名/"),
            ("/绝对/旧/", "/posts/x/", "/绝对/旧/"),
            ("../up", "/posts/x/", "/up/"),
            ("../../../up", "/posts/x/", "/up/"),
            ("旧名", "/p/2024/05/06/x/", "/p/2024/05/06/旧名/"),
            ("f.html", "/posts/x/", "/posts/f.html"),
        ] {
            let found = alias(written, address, &post, &site("a: 1"));
            assert_eq!(found.trim_end_matches('/'), wanted.trim_end_matches('/'), "{written}");
        }
        assert_eq!(alias("/a", "/posts/x.html", &post, &site("uglyURLs: true")), "/a.html");
    }
}
