//! Resolves links from one source file to another (`[…](../2026/x.md)`), so that they work in
//! editors, on GitHub and on the site.

use std::ops::Range;

use chrono_tz::Tz;
use percent_encoding::percent_decode_str;
use pulldown_cmark::{Event, Parser, Tag};

use crate::config::{self, LanguageOfFile};
use crate::load::markdown::headings;
use crate::load::markdown::names::Names;
use crate::load::markdown::options::OPTIONS;
use crate::load::{bundle, date};
use crate::slug;

/// The target of a link that is written as the path of another Markdown file below `content/`.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Target {
    /// Path of the file, relative to the digest's root. The file may be missing.
    pub(crate) file: String,
    /// Path of its page below the base path: `articles/x`.
    pub(crate) page: String,
    /// Fragment on that page: `#h-x`, or empty.
    fragment: String,
}

impl Target {
    /// Returns the target as an `href`, not percent-encoded.
    pub(crate) fn address(&self, base_path: &str) -> String {
        format!("{base_path}{}/{}", self.page, self.fragment)
    }
}

/// Parses a link; `None` if it is not the path of a Markdown file.
///
/// The other file is not read. The address follows from its name, so it is wrong for a file with
/// its own `slug:`; `newsprint check` reports broken links and links to another file's page.
pub(crate) fn target(written: &str, file: &str, names: Names<'_>) -> Option<Target> {
    let (path, fragment) = match written.split_once('#') {
        Some((path, fragment)) => (path, headings::page_fragment(fragment)),
        None => (written, String::new()),
    };
    if path.contains(['?', '\\', ':']) || path.starts_with('/') {
        return None;
    }
    let path = percent_decode_str(path).decode_utf8().ok()?;
    let path = path.strip_suffix(".md")?;
    let mut segments: Vec<&str> = file.split('/').collect();
    segments.pop();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." => drop(segments.pop()?),
            segment => segments.push(segment),
        }
    }
    let file = segments.join("/") + ".md";
    let LanguageOfFile { at, neutral } = config::language_of(names.languages, &file);
    let prefix = names.languages.get(at).map_or("", |site| &site.prefix);
    let page = if neutral.starts_with("content/articles/") {
        let name = slug::article(named(bundle::name(&neutral), names.date_in_slug));
        format!("{prefix}articles/{name}")
    } else {
        let path = neutral.strip_prefix("content/pages/")?;
        prefix.to_owned() + &slug::page(path.strip_suffix(".md").unwrap_or(path))
    };
    Some(Target { file, page, fragment })
}

/// Returns the `href` for a link that is written as the path of another file.
pub(super) fn address(written: &str, file: &str, base_path: &str, names: Names<'_>) -> Option<String> {
    target(written, file, names).map(|target| target.address(base_path))
}

/// Returns the links to other files in a body, each with the byte range of its path.
pub(crate) fn links(body: &str, file: &str, names: Names<'_>) -> Vec<(Range<usize>, Target)> {
    if !body.contains(".md") {
        return Vec::new();
    }
    let events = Parser::new_ext(body, OPTIONS).into_offset_iter();
    let link = |(event, whole): (Event<'_>, Range<usize>)| {
        let Event::Start(Tag::Link { dest_url, .. }) = event else { return None };
        let target = target(&dest_url, file, names)?;
        // The path of a reference link is outside of the link's range.
        let within = body[whole.clone()]
            .rfind(&*dest_url)
            .map(|at| whole.start + at..whole.start + at + dest_url.len());
        Some((within.unwrap_or(whole), target))
    };
    events.filter_map(link).collect()
}

/// Returns the links and images of a body: the byte range of the address, or of the whole link if
/// its address is elsewhere (a reference) or written with references, and the address.
pub(crate) fn destinations(body: &str) -> Vec<(Range<usize>, String)> {
    let events = Parser::new_ext(body, OPTIONS).into_offset_iter();
    let destination = |(event, whole): (Event<'_>, Range<usize>)| match event {
        Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) if !dest_url.is_empty() => {
            let within = body[whole.clone()].rfind(&*dest_url);
            let within = within.map(|at| whole.start + at..whole.start + at + dest_url.len());
            Some((within.unwrap_or(whole), dest_url.into_string()))
        }
        _ => None,
    };
    events.filter_map(destination).collect()
}

/// Returns the text from which an article's address is made if it has no `slug:`: with
/// `date_in_slug` the file's whole name, else the name without the date before it, or the date if
/// there is nothing else.
pub(crate) fn named(stem: &str, date_in_slug: bool) -> &str {
    match date::file_prefix(stem, Tz::UTC) {
        Some((_, rest)) if !rest.is_empty() && !date_in_slug => rest,
        _ => stem,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_other_sources_become_their_addresses() {
        let from = |written: &str| {
            address(written, "content/articles/2026/2026-11-23-a.md", "/base/", Names::default())
        };
        for (written, expected) in [
            ("2026-11-22-b.md", "/base/articles/b/"),
            ("../2025/GPT-4o 发布.md#价格", "/base/articles/gpt-4o-发布/#h-价格"),
            ("./%E7%94%B2.md", "/base/articles/甲/"),
            ("2026-11-22.md", "/base/articles/2026-11-22/"),
            ("../../pages/guide/About Us.md", "/base/guide/about-us/"),
        ] {
            assert_eq!(from(written).as_deref(), Some(expected), "{written}");
        }
        let text = "`[乙](../2025/2025-01-02-b.md#c)` [a](c.md) [乙](<../2025/2025-01-02-b.md#c> \"x\")";
        let found = links(text, "content/articles/2026/a.md", Names::default());
        let places: Vec<_> =
            found.iter().map(|(place, target)| (&text[place.clone()], &*target.file)).collect();
        assert_eq!(
            places,
            [
                ("c.md", "content/articles/2026/c.md"),
                ("../2025/2025-01-02-b.md#c", "content/articles/2025/2025-01-02-b.md")
            ]
        );
        for other in [
            "b",
            "b.html",
            "/b.md",
            "https://example.org/b.md",
            "../../../README.md",
            "../../../../../../b.md",
            "#b.md",
            "b.md?x",
            "..\\b.md",
            "%ff.md",
        ] {
            assert_eq!(from(other), None, "{other}");
        }
    }

    #[test]
    fn links_and_images_have_the_places_of_their_addresses() {
        let body =
            "[a](/b) ![/b](/c \"/c\") <https://e.org> [d][e] [f](/g?h&amp;i) `[j](/k)` [l]()\n\n[e]: /m\n";
        let found = destinations(body);
        let found: Vec<_> = found.iter().map(|(place, address)| (&body[place.clone()], &**address)).collect();
        assert_eq!(
            found,
            [
                ("/b", "/b"),
                ("/c", "/c"),
                ("https://e.org", "https://e.org"),
                ("[d][e]", "/m"),
                ("[f](/g?h&amp;i)", "/g?h&i"),
            ]
        );
    }

    #[test]
    fn the_date_before_a_name_is_in_the_slug_only_if_the_digest_asks_for_it() {
        for (stem, without, with) in [
            ("2026-03-07-brief", "brief", "2026-03-07-brief"),
            ("2026-03-07_周报", "周报", "2026-03-07_周报"),
            ("2026-03-07", "2026-03-07", "2026-03-07"),
            ("2026-13-07-brief", "2026-13-07-brief", "2026-13-07-brief"),
            ("brief", "brief", "brief"),
        ] {
            assert_eq!((named(stem, false), named(stem, true)), (without, with));
        }
        let file = "content/articles/a.md";
        let dated = Names { date_in_slug: true, ..Names::default() };
        let found = links("[乙](2026-03-07-b.md)", file, dated);
        assert_eq!(found[0].1.page, "articles/2026-03-07-b");
        assert_eq!(address("2026-03-07-b.md", file, "/", dated).as_deref(), Some("/articles/2026-03-07-b/"));
    }
}
