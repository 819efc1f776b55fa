//! Addresses of Pelican.
//!
//! Sources: Pelican 4.12.0 (`contents.py`, `readers.py`, `settings.py`, `utils.py`), run on the posts
//! of `tests/migration`; its documentation of settings
//! (<https://docs.getpelican.com/en/4.12.0/settings.html#url-settings>).

pub mod head;
pub mod metadata;
mod slug;

use crate::import::generator::language::primary;
use crate::import::generator::moment::Moment;
use crate::import::generator::place::Place;
use crate::import::generator::post::Post;
use crate::import::generator::scheme::Scheme;
use crate::import::generator::site::Site;
use crate::yaml::Node;

/// The directives of dates that are filled in, all of C89 and those of ISO 8601.
const DIRECTIVES: &str = "aAbBcdfGHIjmMpSUuVwWxXyYzZ%";

/// The addresses of a post: its URL, then the file that it is written to if that is another one.
///
/// # Errors
/// The name of a variable that has no value.
pub(super) fn addresses(
    scheme: Option<&Scheme>,
    post: &Post<'_>,
    site: &Site,
) -> Result<Vec<String>, String> {
    let own = |name: &str| post.field(name).and_then(Node::text);
    if let Some(scheme) = scheme.filter(|_| own("url").is_none() && own("save_as").is_none()) {
        return scheme.fill(|name, _| variable(name, post, site)).map(|address| vec![address]);
    }
    let address = |name: &str| match own(name) {
        Some(own) => Ok(own.to_owned()),
        None => fill(&setting(name, post, site), post, site),
    };
    let file = address("save_as")?;
    // An empty setting says that posts are not written.
    if file.is_empty() {
        return Ok(Vec::new());
    }
    let url = address("url")?;
    let page = file.strip_suffix("index.html").filter(|path| path.is_empty() || path.ends_with('/'));
    let file = page.map_or_else(|| file.clone(), str::to_owned);
    let is_same = |url: &str| url.trim_matches('/') == file.trim_matches('/');
    Ok(if url.is_empty() || is_same(url.trim_end_matches("index.html")) {
        vec![file]
    } else {
        vec![url, file]
    })
}

/// The id of a post in the feed: the tag URI of its link and its day. Pelican 4.12.0
/// (`Writer._add_item_to_the_feed`) with feedgenerator 2.2.1 (`get_tag_uri`): the host without its
/// port, the day in the date's own zone, the path of the link as written, and a fragment as a further
/// part. Without `SITEURL`, or with `RELATIVE_URLS`, the link has no host.
pub(super) fn feed_id(address: &str, post: &Post<'_>, site: &Site) -> Option<String> {
    if site.is_on(&["RELATIVE_URLS"]) {
        return None;
    }
    let base = site.text(&["SITEURL"])?.trim_end_matches('/');
    let (_, rest) = base.split_once("://")?;
    let (authority, folder) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    let host = authority.rsplit('@').next()?.split(':').next()?.to_lowercase();
    // `urljoin` takes an address with a slash at its beginning from the host.
    let link = if address.starts_with('/') { address.to_owned() } else { format!("{folder}/{address}") };
    let (link, fragment) = link
        .split_once('#')
        .map_or((link.as_str(), String::new()), |(link, rest)| (link, format!("/{rest}")));
    let path = link.split('?').next().unwrap_or_default();
    // The parameters of the last part do not count.
    let last = path.rfind('/').map_or(0, |at| at + 1);
    let path = path[last..].find(';').map_or(path, |at| &path[..last + at]);
    let fragment = if fragment == "/" { String::new() } else { fragment };
    Some(format!("tag:{host},{}:{path}{fragment}", date(post)?.format("%Y-%m-%d")))
}

/// The setting `ARTICLE_URL` or `ARTICLE_SAVE_AS` for a post: by its state and its language.
fn setting(name: &str, post: &Post<'_>, site: &Site) -> String {
    let kind = if post.text("status") == Some("draft") { "DRAFT" } else { "ARTICLE" };
    let default = site.text(&["DEFAULT_LANG"]).unwrap_or("en").to_lowercase();
    let is_default = post.text("lang").is_none_or(|language| language == default);
    let language = if is_default { "" } else { "LANG_" };
    let name = format!("{kind}_{language}{}", name.to_uppercase());
    let written = site.get(&[&name]).and_then(Node::text).map(str::to_owned);
    let folder = if kind == "DRAFT" { "drafts/" } else { "" };
    let ending = if is_default { "" } else { "-{lang}" };
    written.unwrap_or_else(|| format!("{folder}{{slug}}{ending}.html"))
}

/// Fills in a setting as Python's `str.format` does: `{slug}`, `{date:%Y}`, `{{`.
fn fill(written: &str, post: &Post<'_>, site: &Site) -> Result<String, String> {
    let mut found = String::new();
    let mut rest = written;
    while let Some(at) = rest.find(['{', '}']) {
        found.push_str(&rest[..at]);
        let sign = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(sign) {
            found.push_str(sign);
            rest = after;
            continue;
        }
        let (field, after) =
            rest.split_once('}').filter(|_| sign == "{").ok_or_else(|| written.to_owned())?;
        rest = after;
        let (name, directives) =
            field.split_once(':').map_or((field, None), |(name, rest)| (name, Some(rest)));
        let value = match (name, directives) {
            ("date", Some(directives)) => date(post).map(|date| formatted(date, directives)),
            (name, None) => variable(name, post, site),
            _ => None,
        };
        found.push_str(&value.ok_or_else(|| name.to_owned())?);
    }
    Ok(found + rest)
}

/// The value of a variable: those of the settings, else a field of the post.
fn variable(name: &str, post: &Post<'_>, site: &Site) -> Option<String> {
    match name {
        "slug" => own_slug(post, site),
        "lang" => {
            let default = || site.text(&["DEFAULT_LANG"]).unwrap_or("en").to_lowercase();
            Some(post.text("lang").map_or_else(default, str::to_owned))
        }
        "category" => slug::slug(post.text("category").unwrap_or("misc"), "CATEGORY", site),
        "author" => {
            let first = post.texts("authors").into_iter().next();
            let author = post.text("author").map(str::to_owned).or(first);
            let author = author.or_else(|| site.text(&["AUTHOR"]).map(str::to_owned));
            author.map_or(Some(String::new()), |author| slug::slug(&author, "AUTHOR", site))
        }
        "path" => Some(post.text("path").unwrap_or(&post.place.path).to_owned()),
        "name" | "filename" => Some(post.place.name.clone()),
        _ => {
            let own = post.text(name).map(str::to_owned);
            own.or_else(|| date(post).and_then(|date| date.variable(name)))
        }
    }
}

/// The slug of a term. `kind` is the beginning of its settings: `TAG`, `CATEGORY`.
pub(super) fn term_slug(name: &str, kind: &str, site: &Site) -> Option<String> {
    slug::slug(name, kind, site)
}

/// The slug in the metadata, else that of the title or of the name of the file.
fn own_slug(post: &Post<'_>, site: &Site) -> Option<String> {
    let own = post.text("slug").map(str::to_owned);
    own.or_else(|| {
        let source = match site.text(&["SLUGIFY_SOURCE"]) {
            Some("basename") => &post.place.name,
            _ => post.text("title")?,
        };
        slug::slug(source, "SLUG", site)
    })
}

/// The date as written: Pelican takes its parts in the date's own zone.
fn date(post: &Post<'_>) -> Option<Moment> {
    post.date(&["date"])
}

/// A date by directives of `strftime`; `%-d` is without zeros at its beginning.
fn formatted(date: Moment, directives: &str) -> String {
    let mut found = String::new();
    let mut rest = directives;
    while let Some((before, after)) = rest.split_once('%') {
        found.push_str(before);
        let plain = after.strip_prefix('-').unwrap_or(after);
        let Some(name) = plain.chars().next() else { break };
        rest = &plain[name.len_utf8()..];
        if !DIRECTIVES.contains(name) {
            found.push_str(&format!("%{}", &after[..after.len() - rest.len()]));
            continue;
        }
        let value = date.format(&format!("%{name}"));
        let short = value.trim_start_matches('0');
        found.push_str(match (plain.len() < after.len(), short) {
            (true, "") => "0",
            (true, short) => short,
            (false, _) => &value,
        });
    }
    found + rest
}

/// True if a file is a page of Pelican and not an article: it is below one of `PAGE_PATHS`.
#[must_use]
pub fn is_page(place: &Place, site: &Site) -> bool {
    let own = match site.get(&["PAGE_PATHS"]) {
        Some(Node::List(paths)) => paths.iter().filter_map(Node::text).collect(),
        _ => vec!["pages"],
    };
    let is_below = |folder: &&str| {
        let below = place.path.strip_prefix(folder.trim_matches('/'));
        !folder.is_empty() && below.is_some_and(|below| below.starts_with('/'))
    };
    place.is_known && own.iter().any(is_below)
}

/// The language that a post names, if it is not the one that is imported.
#[must_use]
pub fn other_language(fields: &[(String, Node)], site: &Site) -> Option<String> {
    let (_, own) = fields.iter().find(|(name, _)| name == "lang")?;
    let own = own.text()?;
    (primary(own) != primary(&site.language)).then(|| own.to_lowercase())
}

/// The marks that keep a post of Pelican from being published: no title, no date, or a state that
/// is not `published`. Fields such as `status: draft` are marks of all generators.
#[must_use]
pub fn marks(post: &Post<'_>, site: &Site) -> Vec<String> {
    let mut found = Vec::new();
    if post.text("title").is_none() {
        found.push(tr!("no title"));
    }
    if post.text("date").is_none() && site.text(&["DEFAULT_DATE"]).is_none() {
        found.push(tr!("no date"));
    }
    let state = post.text("status").unwrap_or("published");
    let is_known =
        ["published", "draft", "hidden", "skip"].iter().any(|known| state.eq_ignore_ascii_case(known));
    if !is_known {
        found.push(format!("status: {state}"));
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::site::tests::site;

    fn place(file: &str, config: &Site) -> Place {
        Place::of(Generator::Pelican, format!("/old/content/{file}").as_ref(), None, config)
    }

    fn of(config: &str, file: &str, head: &str) -> String {
        let site = site(&format!("PATH: content\n{config}"));
        let place = place(file, &site);
        let fields = metadata::of_post(head::parse(head).0, &place, &site);
        let found = addresses(None, &Post { place: &place, fields: &fields }, &site);
        found.map_or_else(|name| format!("no {name}"), |found| found.join(" "))
    }

    #[test]
    fn the_address_is_the_title_in_ascii_by_default() {
        for (file, head, wanted) in [
            ("x.md", "Title: 标题 A\nDate: 2024-05-06", "biao-ti-a.html"),
            ("x.md", "Title: 标题\nSlug: 短名", "短名.html"),
            ("x.md", "Title: 标题\nLang: en", "biao-ti.html"),
            ("x.md", "Title: 标题\nLang: zh", "biao-ti-zh.html"),
            ("x.md", "Title: 标题\nurl: a/b/\nsave_as: a/b/index.html", "a/b/"),
            ("x.md", "Title: 标题\nurl: a/b/", "a/b/ biao-ti.html"),
            ("x.md", "Title: 标题\nStatus: draft", "drafts/biao-ti.html"),
            ("x.md", "Date: 2024-05-06", "no slug"),
        ] {
            assert_eq!(of("a: 1", file, head), wanted, "{head}");
        }
    }

    #[test]
    fn settings_have_variables_and_directives() {
        let head = "Title: 标题\nDate: 2024-05-06 07:08\nCategory: 前 端\nAuthors: 张 三, 李\nabbr: 3f";
        for (url, wanted) in [
            ("{date:%Y}/{date:%m}/{date:%d}/{slug}/", "2024/05/06/biao-ti/"),
            ("{date:%-m-%-d-%H%%}/{slug}", "5-6-07%/biao-ti"),
            ("{date:%Q}/{slug}", "%Q/biao-ti"),
            ("{category}/{slug}.html", "qian-duan/biao-ti.html"),
            ("{author}/{lang}/{slug}", "zhang-san/en/biao-ti"),
            ("{abbr}/{{x}}", "3f/{x}"),
            ("{path}", "夹/x.md"),
            ("{missing}/{slug}", "no missing"),
            ("{slug", "no {slug"),
        ] {
            let config = format!("ARTICLE_URL: '{url}'\nARTICLE_SAVE_AS: '{url}'");
            assert_eq!(of(&config, "夹/x.md", head), wanted, "{url}");
        }
        let config = "ARTICLE_URL: 'p/{slug}'\nARTICLE_SAVE_AS: 'p/{slug}.html'";
        assert_eq!(of(config, "x.md", head), "p/biao-ti p/biao-ti.html");
        assert_eq!(of("ARTICLE_SAVE_AS: ''", "x.md", head), "");
        assert_eq!(of("SLUGIFY_SOURCE: basename", "2024-05-06-名.md", head), "2024-05-06-ming.html");
    }

    #[test]
    fn the_path_and_the_configuration_give_metadata() {
        let fields = |config: &str, file: &str, head: &str| {
            let site = site(&format!("PATH: content\n{config}"));
            let fields = metadata::of_post(head::parse(head).0, &place(file, &site), &site);
            crate::yaml::flow(&Node::Map(fields))
        };
        let site_of_code = site("a: 1");
        assert_eq!(place("技术/x.md", &site_of_code).path, "技术/x.md");
        for (config, file, head, wanted) in [
            ("a: 1", "技术/2024-05-06-x.md", "", "{date: \"2024-05-06\", category: 技术}"),
            ("a: 1", "a/b/x.md", "Category: c", "{category: c}"),
            ("USE_FOLDER_AS_CATEGORY: false\nDEFAULT_CATEGORY: 杂", "a/x.md", "", "{category: 杂}"),
            ("DEFAULT_METADATA: {status: draft}", "x.md", "Status: published", "{status: published}"),
            ("DEFAULT_METADATA: {status: draft}", "x.md", "", "{status: draft}"),
            ("DEFAULT_DATE: [2024, 5, 6]", "x.md", "", "{date: \"2024-05-06 00:00\"}"),
            ("DEFAULT_DATE: fs", "x.md", "", "{}"),
            (
                "EXTRA_PATH_METADATA: {a: {status: hidden}, ab: {x: y}}",
                "a/x.md",
                "",
                "{status: hidden, category: a}",
            ),
            ("FILENAME_METADATA: '(?P<slug>.*)_(?P<Lang>..)'", "名_en.md", "", "{slug: 名, lang: en}"),
            ("PATH_METADATA: '(?P<category>[^/]*)/.*'", "a/b/x.md", "", "{category: a}"),
        ] {
            assert_eq!(fields(config, file, head), wanted, "{config} {file}");
        }
    }

    #[test]
    fn pages_other_languages_and_unpublished_posts_are_told() {
        let site = site("PATH: content\nPAGE_PATHS: [pages, 关于]");
        assert!(is_page(&place("pages/a.md", &site), &site) && is_page(&place("关于/b/a.md", &site), &site));
        assert!(!is_page(&place("pages.md", &site), &site) && !is_page(&place("a/pages/x.md", &site), &site));
        let marks = |head: &str| {
            let fields = head::parse(head).0;
            marks(&Post { place: &place("x.md", &site), fields: &fields }, &site).join(", ")
        };
        assert_eq!(marks("Title: a\nDate: 2024-05-06\nStatus: Draft"), "");
        assert_eq!(marks("Status: wip"), "no title, no date, status: wip");
        let language = |head: &str| other_language(&head::parse(head).0, &site);
        assert_eq!(language("Lang: EN").as_deref(), Some("en"));
        assert_eq!((language("Lang: zh"), language("Title: x")), (None, None));
    }
}
