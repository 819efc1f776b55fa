//! Addresses of Jekyll.
//!
//! Sources: Jekyll 4.3.1, run on the posts of `tests/migration`; its documentation of permalinks
//! (<https://jekyllrb.com/docs/permalinks/>) and of posts (<https://jekyllrb.com/docs/posts/>).

use chrono_tz::Tz;
use percent_encoding::{AsciiSet, utf8_percent_encode};
use unicode_normalization::UnicodeNormalization as _;

use crate::import::generator::characters::{hyphenate, is_digit, is_letter, is_mark, without_host};
use crate::import::generator::config;
use crate::import::generator::escapes::{FRAGMENT, PATH};
use crate::import::generator::moment::Moment;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The styles that have a name.
const STYLES: [(&str, &str); 5] = [
    ("date", "/:categories/:year/:month/:day/:title:output_ext"),
    ("pretty", "/:categories/:year/:month/:day/:title/"),
    ("ordinal", "/:categories/:year/:y_day/:title:output_ext"),
    ("weekdate", "/:categories/:year/W:week/:short_day/:title:output_ext"),
    ("none", "/:categories/:title:output_ext"),
];

/// The addresses of a post. There are two if the site has no zone and the day is another one in
/// UTC: machines that build sites have that zone.
///
/// # Errors
/// The name of a variable that has no value.
pub(super) fn addresses(
    scheme: Option<&Scheme>,
    post: &Post<'_>,
    site: &Site,
) -> Result<Vec<String>, String> {
    let scheme = &scheme_of(scheme, post, site);
    let zones = match site.own_zone() {
        Some(zone) => vec![zone],
        None => vec![site.zone, Tz::UTC],
    };
    let mut found: Vec<String> = Vec::new();
    for zone in zones {
        let path = address_in(zone, scheme, post)?;
        // An address without an extension is a file with one; servers find it at both.
        let file = (!path.ends_with('/') && !path.ends_with(".html")).then(|| format!("{path}.html"));
        for path in std::iter::once(path).chain(file) {
            if !found.contains(&path) {
                found.push(path);
            }
        }
    }
    Ok(found)
}

/// The scheme of a post: its own, else `asked`, else the configured one.
fn scheme_of(asked: Option<&Scheme>, post: &Post<'_>, site: &Site) -> Scheme {
    let own = post.text("permalink").map(|own| Scheme::of_address(style(without_host(own))));
    own.or_else(|| asked.cloned()).unwrap_or_else(|| Scheme::of_address(style(&permalink(post, site))))
}

/// The address of a post whose day is the one in a zone.
fn address_in(zone: Tz, scheme: &Scheme, post: &Post<'_>) -> Result<String, String> {
    let date = date(post).map(|date| date.with_time_in_utc().in_zone(zone));
    Ok(tidy(&scheme.fill(|name, _| variable(name, date, post))?))
}

/// The id of a post in the feed: `post.id | absolute_url` of jekyll-feed 0.17.0 (`feed.xml`). The id
/// is the folder of the post's address and its slug, without an extension (Jekyll 4.3.1,
/// `Document#id`). `absolute_url` normalises and escapes it as Addressable does: in NFC
/// (2.8.7), in NFKC before 2.8.2. The version is that of `Gemfile.lock`, else a newer one.
///
/// If the site has no zone, the day in the address is the one in UTC: GitHub Pages and other
/// builders of Jekyll sites have that zone.
pub(super) fn feed_id(scheme: Option<&Scheme>, post: &Post<'_>, site: &Site, base: &str) -> Option<String> {
    let zone = site.own_zone().unwrap_or(Tz::UTC);
    let address = address_in(zone, &scheme_of(scheme, post, site), post).ok()?;
    let slug = post.text("slug").unwrap_or_else(|| post.place.split_date().0);
    let (path, fragment) = slug.split_once('#').map_or((slug, None), |(path, rest)| (path, Some(rest)));
    // These make a query or an escape of a part of the slug.
    if slug.contains(['?', '%']) {
        return None;
    }
    let version = site.text(&[config::LOCK_OF_GEMS, "addressable"]).unwrap_or("2.8.7");
    let number = |at: usize| version.split('.').nth(at).and_then(|part| part.parse::<u32>().ok());
    let is_old = (number(0), number(1), number(2)) < (Some(2), Some(8), Some(2));
    let encode = |text: &str, set: &'static AsciiSet| {
        let composed: String = if is_old { text.nfkc().collect() } else { text.nfc().collect() };
        utf8_percent_encode(&composed, set).to_string()
    };
    let own = address.trim_matches('/');
    let folder = own.rsplit_once('/').map_or_else(String::new, |(folder, _)| format!("{folder}/"));
    let mut found = format!("{base}{}{}", encode(&folder, PATH), encode(path, PATH));
    if let Some(fragment) = fragment {
        found.push_str(&format!("#{}", encode(fragment, FRAGMENT)));
    }
    Some(found)
}

/// The date in the front matter, else the one in the name of the file.
fn date(post: &Post<'_>) -> Option<Moment> {
    post.date(&["date"]).or_else(|| Moment::read(&post.place.split_date().1?))
}

fn style(written: &str) -> &str {
    STYLES.iter().find(|(name, _)| *name == written).map_or(written, |(_, scheme)| scheme)
}

/// The scheme of the configuration: of the defaults, of the collection of posts, of the site (Jekyll
/// 4.3.1, `Document#url_template`).
fn permalink(post: &Post<'_>, site: &Site) -> String {
    let of_defaults = post.place.defaults.iter().find(|(key, _)| key == "permalink");
    of_defaults
        .and_then(|(_, node)| node.text())
        .or_else(|| site.text(&["collections", "posts", "permalink"]))
        .or_else(|| site.text(&["permalink"]))
        .unwrap_or("date")
        .to_owned()
}

/// The value of the variable that a name begins with, and the words behind it: `:title_x`.
fn variable(name: &str, date: Option<Moment>, post: &Post<'_>) -> Option<String> {
    let mut end = name.len();
    loop {
        if let Some(value) = known_variable(&name[..end], date, post) {
            return Some(format!("{value}{}", &name[end..]));
        }
        end = name[..end].rfind('_')?;
    }
}

fn known_variable(name: &str, date: Option<Moment>, post: &Post<'_>) -> Option<String> {
    let file = post.place.split_date().0;
    let slug = post.text("slug").unwrap_or(file);
    Some(match name {
        "title" => pretty(slug),
        "slug" => plain(slug),
        "name" => plain(&post.place.name),
        "categories" | "category" => {
            let mut found: Vec<String> = Vec::new();
            for category in categories(post).iter().map(|category| category.to_lowercase()) {
                if !found.contains(&category) {
                    found.push(category);
                }
            }
            found.join("/")
        }
        "output_ext" => ".html".to_owned(),
        "collection" => "posts".to_owned(),
        _ => {
            let directive = match name {
                "short_month" => "%b",
                "long_month" => "%B",
                "short_year" => "%y",
                "y_day" => "%j",
                "week" => "%V",
                "w_year" => "%G",
                "w_day" => "%u",
                "short_day" => "%a",
                "long_day" => "%A",
                _ => {
                    return date
                        .and_then(|date| date.variable(name))
                        .or_else(|| post.text(name).map(str::to_owned));
                }
            };
            let value = date?.format(directive);
            if matches!(name, "short_month" | "short_day") { value.to_uppercase() } else { value }
        }
    })
}

/// The categories of a post: the folders above `_posts`, then `categories` of the front matter, of
/// which a text is split at blanks, then `category`, which is not (Jekyll 4.3.1,
/// `Document#populate_categories`).
#[must_use]
pub(super) fn categories(post: &Post<'_>) -> Vec<String> {
    let mut found = post.place.folders.clone();
    match post.field("categories") {
        Some(Node::List(_)) => found.extend(post.texts("categories")),
        _ => found.extend(post.text("categories").unwrap_or_default().split_whitespace().map(str::to_owned)),
    }
    match post.field("category") {
        Some(Node::List(_)) => found.extend(post.texts("category")),
        _ => found.extend(post.text("category").map(str::to_owned)),
    }
    found
}

/// `Utils.slugify` in the mode `pretty`, with capitals kept.
pub(super) fn pretty(text: &str) -> String {
    let is_kept = |c: char| {
        is_letter(c)
            || is_mark(c)
            || is_digit(c)
            || matches!(c, '.' | '_' | '~' | '!' | '$' | '&' | '\'' | '(' | ')' | '+' | ',' | ';' | '=' | '@')
    };
    hyphenate(text, is_kept)
}

/// `Utils.slugify` in its default mode.
pub(super) fn plain(text: &str) -> String {
    hyphenate(text, |c| is_letter(c) || is_mark(c) || is_digit(c)).to_lowercase()
}

/// `URL#sanitize_url`: no empty parts, no `..`.
fn tidy(path: &str) -> String {
    let path = format!("/{}", path.replace("..", "/"));
    let mut found = String::with_capacity(path.len());
    for c in path.chars() {
        if c != '/' || !found.ends_with('/') {
            found.push(c);
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::place::Place;
    use crate::import::generator::site::tests::site;

    fn of(config: &str, file: &str, front: &str) -> String {
        let site = site(config);
        let path = format!("/old/{file}");
        let place = Place::of(Generator::Jekyll, path.as_ref(), None, &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let found = addresses(None, &Post { place: &place, fields: &fields }, &site);
        found.map_or_else(|name| format!("no {name}"), |found| found.join(" "))
    }

    #[test]
    fn a_name_becomes_a_title_or_a_slug() {
        // Jekyll 4.3.1.
        for (name, title, slug) in [
            ("OpenAI发布GPT-4o，多模态", "OpenAI发布GPT-4o-多模态", "openai发布gpt-4o-多模态"),
            ("C++ 入门", "C++-入门", "c-入门"),
            ("c#与.net", "c-与.net", "c-与-net"),
            ("括号（一）(x)[y]", "括号-一-(x)-y", "括号-一-x-y"),
            ("UPPER_case_名", "UPPER_case_名", "upper-case-名"),
            ("-前后-", "前后", "前后"),
            ("it's", "it's", "it-s"),
            ("长音ー々〇", "长音ー々", "长音ー々"),
            ("火箭🚀上天", "火箭-上天", "火箭-上天"),
            ("价格$5与=号", "价格$5与=号", "价格-5与-号"),
        ] {
            assert_eq!((pretty(name).as_str(), plain(name).as_str()), (title, slug), "{name}");
        }
    }

    #[test]
    fn the_default_style_begins_with_the_categories() {
        for (file, front, wanted) in [
            ("_posts/2024-05-06-x.md", "title: x", "/2024/05/06/x.html"),
            ("_posts/2024-6-5-单位数.md", "title: x", "/2024/06/05/单位数.html"),
            ("_posts/2024-05-06-x.md", "date: 2024-06-08", "/2024/06/08/x.html"),
            ("_posts/2024-05-06-x.md", "slug: My Slug，好", "/2024/05/06/My-Slug-好.html"),
            ("_posts/2024-05-06-x.md", "categories: 技术 AI", "/技术/ai/2024/05/06/x.html"),
            ("_posts/2024-05-06-x.md", "category: 技术 前端", "/技术 前端/2024/05/06/x.html"),
            ("_posts/2024-05-06-x.md", "categories: [Web Dev, 前端]", "/web dev/前端/2024/05/06/x.html"),
            ("_posts/2024-05-06-x.md", "categories: [a, A]", "/a/2024/05/06/x.html"),
            ("news/_posts/2024-05-06-x.md", "categories: b", "/news/b/2024/05/06/x.html"),
            ("_posts/sub/2024-05-06-x.md", "title: x", "/2024/05/06/x.html"),
            ("_posts/2024-05-06-x.md", "permalink: /t/:year/:title.html", "/t/2024/x.html"),
            ("_posts/2024-05-06-x.md", "permalink: pretty", "/2024/05/06/x/"),
            ("_posts/x.md", "title: x", "no year"),
        ] {
            assert_eq!(of("timezone: Asia/Shanghai", file, front), wanted, "{file} {front}");
        }
    }

    #[test]
    fn the_day_is_that_of_the_site_and_of_utc_if_it_has_no_zone() {
        let front = "date: 2024-05-06 00:30:00 +0800";
        let file = "_posts/2024-05-06-zao.md";
        assert_eq!(of("a: 1", file, front), "/2024/05/06/zao.html /2024/05/05/zao.html");
        assert_eq!(of("timezone: Asia/Shanghai", file, front), "/2024/05/06/zao.html");
        assert_eq!(of("timezone: UTC", file, front), "/2024/05/05/zao.html");
        assert_eq!(of("timezone: UTC", file, "date: 2024-05-06 00:30:00"), "/2024/05/06/zao.html");
        // Without an offset, a time is UTC and a day is one of the site.
        let evening = "date: 2024-05-06 20:00:00";
        assert_eq!(of("timezone: Asia/Shanghai", file, evening), "/2024/05/07/zao.html");
        assert_eq!(of("timezone: America/New_York", file, "date: 2024-05-06"), "/2024/05/06/zao.html");
    }

    #[test]
    fn schemes_of_the_configuration_are_used() {
        let file = "_posts/2024-05-06-My X.md";
        for (permalink, wanted) in [
            ("ordinal", "/2024/127/My-X.html"),
            ("weekdate", "/2024/W19/MON/My-X.html"),
            ("none", "/My-X.html"),
            ("/p/:slug/", "/p/my-x/"),
            ("/:title.html", "/My-X.html"),
            ("/p/:title", "/p/My-X /p/My-X.html"),
            ("/:short_year/:i_month/:short_month/:title_x/", "/24/5/MAY/My-X_x/"),
            ("/:long_day/:long_month/:w_year/:w_day/:slug/", "/Monday/May/2024/1/my-x/"),
            ("/:name/", "/2024-05-06-my-x/"),
            ("/:categories/:slug/", "/my-x/"),
        ] {
            let config = format!("timezone: UTC\npermalink: {permalink}");
            assert_eq!(of(&config, file, "title: x"), wanted, "{permalink}");
        }
        let config = "permalink: none\ncollections: {posts: {permalink: '/c/:slug/'}}";
        assert_eq!(of(config, file, "title: x"), "/c/my-x/");
        let config = "defaults: [{scope: {path: ''}, values: {permalink: '/d/:slug/'}}, {scope: {path: _posts, type: posts}, values: {permalink: '/e/:slug/'}}, {scope: {type: pages}, values: {permalink: '/f/:slug/'}}]";
        assert_eq!(of(config, file, "title: x"), "/e/my-x/");
    }
}
