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
use crate::import::languages;
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
    // Without a configuration, a language of the digest that the name of the file says.
    let is_other = |own: &String| languages::find(own, &site.declared()).is_some_and(|at| at > 0);
    let assumed = || post.place.language.as_ref().filter(|own| is_other(own)).map(|_| site.language.as_str());
    let Some(default) = site.base_language().or_else(assumed) else { return String::new() };
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
mod tests;
