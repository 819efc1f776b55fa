//! Addresses of Hexo.
//!
//! Sources: Hexo 8.1.2, run on the posts of `tests/migration`; its documentation of permalinks
//! (<https://hexo.io/docs/permalinks>).

use chrono_tz::Tz;
use percent_encoding::utf8_percent_encode;
use sha1::{Digest as _, Sha1};
use unicode_normalization::UnicodeNormalization as _;
use url::{Position, Url};

use crate::import::generator::characters::{decode, is_letter, is_mark};
use crate::import::generator::escapes::ENCODE_URI;
use crate::import::generator::hexo_date::Built;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::slug::pinyin;
use crate::yaml::Node;

/// Hexo's default scheme.
const DEFAULT: &str = ":year/:month/:day/:title/";

/// The addresses of a post. There are two if a machine in UTC gives it another one than a machine
/// in the zone of the site: which of them built the site is not known.
///
/// # Errors
/// The name of a variable that has no value.
pub(super) fn addresses(
    scheme: Option<&Scheme>,
    post: &Post<'_>,
    site: &Site,
) -> Result<Vec<String>, String> {
    // A permalink in the front matter has no variables.
    if let Some(own) = post.text("permalink") {
        return Ok(vec![own.to_owned()]);
    }
    let configured = Scheme::of_address(site.text(&["permalink"]).unwrap_or(DEFAULT));
    let scheme = scheme.unwrap_or(&configured);
    let mut found = Vec::new();
    for machine in [site.own_zone().unwrap_or(site.zone), Tz::UTC] {
        let date = Built::read(post, machine, site);
        let address = scheme.fill(|name, _| variable(name, date, post, site))?;
        if !found.contains(&address) {
            found.push(address);
        }
    }
    Ok(found)
}

/// The id of a post in the feed: its permalink, encoded. hexo-generator-feed 3 and 4 (`atom.xml`:
/// `post.permalink | uriencode`, `rss2.xml` with the same `guid`) with hexo-util 4 (`full_url_for`,
/// `encodeURL`, `prettyUrls`). The address of the site is its `url` alone, without `root`.
pub(super) fn feed_id(address: &str, site: &Site) -> Option<String> {
    let host = site.text(&["url"])?.trim_end_matches('/');
    let mut path = format!("/{address}");
    while path.contains("//") {
        path = path.replace("//", "/");
    }
    let url = Url::parse(&format!("{host}{path}")).ok()?;
    // The program keeps the Unicode form of such a host. Queries and escapes are not followed.
    if url.host_str()?.contains("xn--") || url.query().is_some() || address.contains('%') {
        return None;
    }
    let decoded = decode(url.path())?;
    let mut found = format!("{}{}", &url[..Position::BeforePath], utf8_percent_encode(&decoded, ENCODE_URI));
    if let Some(fragment) = url.fragment() {
        found.push_str(&format!("#{fragment}"));
    }
    let is_off = |name: &str| site.get(&["pretty_urls", name]).and_then(Node::switch) == Some(false);
    if let Some(folder) = found.strip_suffix("index.html") {
        return Some(if is_off("trailing_index") { folder.to_owned() } else { found });
    }
    Some(match found.strip_suffix(".html") {
        Some(stem) if is_off("trailing_html") => stem.to_owned(),
        _ => found,
    })
}

/// The value of a variable. A variable of no other meaning is a field of the front matter.
fn variable(name: &str, date: Option<Built>, post: &Post<'_>, site: &Site) -> Option<String> {
    let path = || {
        let folders = post.place.folders.iter().chain([&post.place.name]);
        folders.map(String::as_str).collect::<Vec<_>>().join("/")
    };
    let (slug, of_name) = match site.text(&["new_post_name"]) {
        Some(pattern) => split_name(&path(), pattern),
        None => (path(), Vec::new()),
    };
    let found = match name {
        // The first 12 digits of SHA-1 (`post_permalink.js`).
        "hash" => date.map(|date| hash(&format!("{slug}{}", date.timestamp))),
        "title" => Some(slug),
        "name" | "filename" => slug.rsplit('/').next().map(str::to_owned),
        "slug" => post.text("slug").map(str::to_owned).or(Some(slug)),
        "post_title" => Some(slugize(post.text("title").unwrap_or_default(), true)),
        "category" => Some(category(post, site)),
        "pinyin" => Some(in_pinyin(post.text("title").unwrap_or(&post.place.name))),
        _ => None,
    };
    let date = || match (date, name) {
        (Some(date), "timestamp") => Some(date.timestamp.to_string()),
        (Some(date), name) => date.clock.variable(name),
        (None, name) => of_name.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone()),
    };
    let default = || site.text(&["permalink_defaults", name]).map(str::to_owned);
    found.or_else(date).or_else(|| post.text(name).map(str::to_owned)).or_else(default)
}

fn hash(text: &str) -> String {
    let digest = Sha1::digest(text.as_bytes());
    digest.iter().take(6).map(|byte| format!("{byte:02x}")).collect()
}

/// Splits a path at the pattern of `new_post_name`: `:year-:month-:day-:title.md`. Returns the part
/// that is `:title`, and the parts of the date. A path that does not fit is the title as a whole.
fn split_name(path: &str, pattern: &str) -> (String, Vec<(String, String)>) {
    let pattern = pattern.rsplit_once('.').map_or(pattern, |(stem, _)| stem);
    let mut rest = path;
    let mut found = Vec::new();
    let mut parts = pattern.split(':');
    let Some(after) = rest.strip_prefix(parts.next().unwrap_or_default()) else {
        return (path.to_owned(), Vec::new());
    };
    rest = after;
    let mut title = None;
    let parts: Vec<&str> = parts.collect();
    for (at, part) in parts.iter().enumerate() {
        let end = part.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(part.len());
        let (name, behind) = part.split_at(end);
        let length = match name {
            "year" => 4,
            "month" | "day" => 2,
            "i_month" | "i_day" => rest.bytes().take(2).take_while(u8::is_ascii_digit).count(),
            // The title reaches as far as the words behind it, or to the end.
            _ if at + 1 == parts.len() => rest.len() - if rest.ends_with(behind) { behind.len() } else { 0 },
            _ => rest.find(behind).unwrap_or(rest.len()),
        };
        let is_date = matches!(name, "year" | "month" | "day" | "i_month" | "i_day");
        let value = rest.get(..length).filter(|value| !is_date || value.bytes().all(|b| b.is_ascii_digit()));
        let Some((value, after)) = value.zip(rest.get(length..).and_then(|rest| rest.strip_prefix(behind)))
        else {
            return (path.to_owned(), Vec::new());
        };
        if name == "title" {
            title = Some(value.to_owned());
        }
        found.push((name.to_owned(), value.to_owned()));
        rest = after;
    }
    match title {
        Some(title) if rest.is_empty() && !title.is_empty() => (title, found),
        _ => (path.to_owned(), Vec::new()),
    }
}

/// The path of the last category, with those above it: `[技术, 前端]` is `技术/前端`.
fn category(post: &Post<'_>, site: &Site) -> String {
    let field = post.field("categories").or_else(|| post.field("category"));
    let lists: Vec<Vec<&str>> = match field {
        // Several lists are several categories.
        Some(Node::List(items)) if items.iter().any(|item| matches!(item, Node::List(_))) => items
            .iter()
            .map(|item| match item {
                Node::List(inner) => inner.iter().filter_map(Node::text).collect(),
                item => item.text().into_iter().collect(),
            })
            .collect(),
        Some(Node::List(items)) => vec![items.iter().filter_map(Node::text).collect()],
        Some(node) => vec![node.text().into_iter().collect()],
        None => Vec::new(),
    };
    let own = lists.last().filter(|list| !list.is_empty());
    let Some(own) = own else {
        return site.text(&["default_category"]).unwrap_or("uncategorized").to_owned();
    };
    let lower = site.text(&["filename_case"]) == Some("1");
    let named = |name: &&str| {
        let mapped = site.text(&["category_map", name]).unwrap_or(name);
        slugize(mapped, lower)
    };
    own.iter().map(named).collect::<Vec<_>>().join("/")
}

/// Hexo's `slugize` (hexo-util 3.3): ASCII punctuation and blanks become single hyphens, letters
/// lose their marks, and full-width letters become ASCII.
pub(super) fn slugize(text: &str, lower: bool) -> String {
    let is_special = |c: char| c.is_whitespace() || c.is_ascii_punctuation();
    let plain = without_marks(text);
    let parts: Vec<&str> = plain.split(is_special).filter(|part| !part.is_empty()).collect();
    let slug = parts.join("-");
    if lower { slug.to_lowercase() } else { slug }
}

/// Letters with marks as ASCII: `é` is `e`, `Ａ` is `A`, `ß` is `s`, `Æ` is `AE`.
fn without_marks(text: &str) -> String {
    let mut found = String::with_capacity(text.len());
    for c in text.chars() {
        let plain: String = std::iter::once(c).nfkd().filter(|c| !is_mark(*c)).collect();
        let is_letter = is_letter(c) && !plain.is_empty() && plain.bytes().all(|b| b.is_ascii_alphabetic());
        match c {
            'ß' => found.push('s'),
            'Æ' => found.push_str("AE"),
            'æ' => found.push_str("ae"),
            'Ø' => found.push('O'),
            'ø' => found.push('o'),
            'Œ' => found.push_str("OE"),
            'œ' => found.push_str("oe"),
            _ if is_letter => found.push_str(&plain),
            c => found.push(c),
        }
    }
    found
}

/// A title as hexo-permalink-pinyin writes it: syllables and words joined by hyphens.
fn in_pinyin(title: &str) -> String {
    let mut words: Vec<String> = vec![String::new()];
    for (c, syllable) in pinyin::syllables(title) {
        match syllable {
            Some(syllable) => {
                words.push(syllable.trim_end_matches(|c: char| c.is_ascii_digit()).to_owned());
                words.push(String::new());
            }
            None if c.is_alphanumeric() => {
                if let Some(word) = words.last_mut() {
                    word.push(c);
                }
            }
            None => words.push(String::new()),
        }
    }
    let words: Vec<&str> = words.iter().map(String::as_str).filter(|word| !word.is_empty()).collect();
    words.join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;

    fn of(config: &str, file: &str, front: &str) -> String {
        let site = site(config);
        let path = format!("/old/source/_posts/{file}");
        let place = Place::of(Generator::Hexo, path.as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let found = addresses(None, &Post { place: &place, fields: &fields }, &site);
        found.map_or_else(|name| format!("no {name}"), |found| found.join(" "))
    }

    #[test]
    fn a_name_stays_as_it_is() {
        // Hexo 8.1.2.
        for (file, wanted) in [
            ("C++ 入门.md", "2024/05/08/C++ 入门/"),
            ("2024/子目录.md", "2024/05/08/2024/子目录/"),
            ("2024-05-14-日期文件名.md", "2024/05/08/2024-05-14-日期文件名/"),
            ("c#与.net.md", "2024/05/08/c#与.net/"),
            ("标点！？.md", "2024/05/08/标点！？/"),
        ] {
            assert_eq!(of("a: 1", file, "date: 2024-05-08 10:00:00"), wanted, "{file}");
        }
    }

    #[test]
    fn the_day_of_a_date_with_an_offset_is_that_of_utc() {
        assert_eq!(of("a: 1", "早.md", "date: 2024-05-06T00:30:00+08:00"), "2024/05/05/早/");
        let zone = "timezone: Asia/Shanghai";
        assert_eq!(of(zone, "早.md", "date: 2024-05-06T00:30:00+08:00"), "2024/05/05/早/");
        assert_eq!(of("a: 1", "早.md", "date: 2024-05-06 00:30:00"), "2024/05/06/早/");
        // On a machine in UTC, the day is another one.
        assert_eq!(of(zone, "早.md", "date: 2024-05-06 00:30:00"), "2024/05/06/早/ 2024/05/05/早/");
        assert_eq!(of("a: 1", "早.md", "title: x"), "no year");
    }

    #[test]
    fn variables_have_the_meaning_of_hexo() {
        let front = "title: 'Café 入门！a b'\ndate: 2024-05-06 07:08:09\ncategories: [技术, 前 端]\nabbrlink: 3f2a\nid: 42";
        for (permalink, wanted) in [
            (":category/:name.html", "技术/前-端/更深.html"),
            ("posts/:abbrlink/", "posts/3f2a/"),
            (":id/", "42/"),
            (":i_month/:i_day/:hour:minute:second", "5/6/070809"),
            (":post_title", "cafe-入门！a-b"),
            (":pinyin", "Café-ru-men-a-b"),
            (":title", "夹/更深"),
            (":timestamp", "1714950489 1714979289"),
            (":hash", "e6e2264f6a96 16a905785439"),
            (":lang/:name", "no lang"),
        ] {
            assert_eq!(of(&format!("permalink: '{permalink}'"), "夹/更深.md", front), wanted, "{permalink}");
        }
        assert_eq!(of("permalink: ':category/:name'", "x.md", "title: x"), "uncategorized/x");
        assert_eq!(of("permalink: ':category/'", "x.md", "categories: [[a, b], [c]]"), "c/");
        assert_eq!(
            of("permalink: ':category/'\ncategory_map: {技术: tech}", "x.md", "categories: 技术"),
            "tech/"
        );
        assert_eq!(
            of("permalink: ':lang/:name'\npermalink_defaults: {lang: zh}", "x.md", "title: x"),
            "zh/x"
        );
        assert_eq!(of("a: 1", "x.md", "permalink: /自定/:year/"), "/自定/:year/");
    }

    #[test]
    fn a_name_with_a_date_is_split_as_the_configuration_says() {
        let pattern = ":year-:month-:day-:title.md";
        for (path, title, year) in [
            ("2024-05-14-日期文件名", "日期文件名", Some("2024")),
            ("2024-05-15", "2024-05-15", None),
            ("夹/2024-05-14-x", "夹/2024-05-14-x", None),
            ("x", "x", None),
        ] {
            let (found, parts) = split_name(path, pattern);
            assert_eq!(found, title, "{path}");
            assert_eq!(parts.first().map(|(_, value)| value.as_str()), year, "{path}");
        }
        assert_eq!(split_name("a/b", ":title.md").0, "a/b");
        assert_eq!(split_name("2024/x", ":year/:title.md").0, "x");
        let config = "new_post_name: ':year-:month-:day-:title.md'";
        assert_eq!(of(config, "2024-05-14-x.md", "title: t"), "2024/05/14/x/");
    }

    #[test]
    fn a_title_is_slugized_as_hexo_does() {
        for (text, wanted) in [
            ("Ａ全角ＢＣ", "a全角bc"),
            ("Café crème", "cafe-creme"),
            ("ß与İ", "s与i"),
            ("２０２４年", "２０２４年"),
            ("Ⅳ与ⅳ", "ⅳ与ⅳ"),
            ("括号（一）(x)[y]", "括号（一）-x-y"),
            ("火箭🚀", "火箭🚀"),
            ("-前后-", "前后"),
            ("한국어 글", "한국어-글"),
        ] {
            assert_eq!(slugize(text, true), wanted, "{text}");
        }
        assert_eq!(slugize("A b", false), "A-b");
    }
}
