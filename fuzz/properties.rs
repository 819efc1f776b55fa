//! Properties that hold for arbitrary bytes. The fuzz targets call them, and feature tests call
//! them with the seeds.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod changed_caches;

use newsprint::internals::config::{Config, RawHtml, Slugs};
use newsprint::internals::diagnostic::{Diagnostic, Place};
use newsprint::internals::fields::holds_dropped;
use newsprint::internals::fingerprint::Fingerprint;
use newsprint::internals::import::input::Input;
use newsprint::internals::import::labels::Labels;
use newsprint::internals::import::reader::{self, CleanOptions};
use newsprint::internals::import::record::Found;
use newsprint::internals::import::{article_file, decode, files};
use newsprint::internals::load::{article, markdown, source};
use newsprint::internals::search::query::Query;
use newsprint::internals::slug::{self as slugs, key};
use newsprint::internals::text::invisible::is_invisible;
use newsprint::internals::{link, output};

/// Whether a character is forbidden in written files and printed lines: controls and bidirectional
/// overrides.
fn is_forbidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Asserts that diagnostics have a valid range in their text and print no terminal control
/// characters.
fn check_diagnostics(diagnostics: &[Diagnostic]) {
    for diagnostic in diagnostics {
        let drawn = diagnostic.draw(false);
        assert!(!drawn.contains(is_forbidden), "{drawn:?}");
        if let Some(Place { text, range, .. }) = &diagnostic.place {
            assert!(text.get(range.clone()).is_some(), "{diagnostic:?}");
        }
    }
}

/// Asserts that a name is one valid part of a path on every system.
fn check_path_part(part: &str) {
    assert!(!part.is_empty() && part.len() <= 255, "{part:?}");
    assert!(!part.contains(['/', '\\', ':', '\0', '*', '?', '"', '<', '>', '|', '%']), "{part:?}");
    assert!(!part.starts_with('.') && !part.ends_with('.') && !part.ends_with(' '), "{part:?}");
    assert!(!part.contains(|c: char| c.is_control() || is_invisible(c)), "{part:?}");
}

/// An article file gives an article with valid fields, or errors with a place. Aliases, slugs and
/// terms stay in the site.
pub fn front_matter(data: &[u8]) {
    let text = match source::decode("a.md", data.to_vec()) {
        Ok(text) => text,
        Err(diagnostic) => return check_diagnostics(&[diagnostic]),
    };
    let source = match source::split("2026-11-23-a.md", Fingerprint::default(), text) {
        Ok(source) => source,
        Err(diagnostic) => return check_diagnostics(&[*diagnostic]),
    };
    let (read, diagnostics) = article::parse_article(&source, &Config::default());
    check_diagnostics(&diagnostics);
    assert_eq!(read.is_none(), diagnostics.iter().any(Diagnostic::is_error), "{diagnostics:?}");
    let Some((article, _)) = read else { return };
    assert!(!article.title.is_empty() && !article.title.contains('\n'));
    check_path_part(&slugs::article(&article.slug));
    for alias in &article.aliases {
        for part in alias.split('/') {
            assert!(!part.is_empty() && part.len() <= 255 && !part.starts_with('.'), "{alias:?}");
            assert!(
                !part.contains(['\\', ':', '?', '#', '%']) && !part.contains(char::is_control),
                "{alias:?}"
            );
        }
    }
    for term in article.terms.iter().flatten() {
        check_path_part(&slugs::term(&key::term_key(term), Slugs::Han));
    }
}

/// A record of any format is refused with an error, or gives an article file that is read without
/// an error and has the same title and link.
pub fn record(data: &[u8]) {
    let Some((&kind, rest)) = data.split_first() else { return };
    let name = ["a.txt", "a.json", "a.csv", "a.xml", "a.md"][usize::from(kind) % 5];
    let text = match decode::decode(name, rest.to_vec(), None) {
        Ok((text, _)) => text,
        Err(diagnostic) => return check_diagnostics(&[*diagnostic]),
    };
    let config = Config::default();
    let labels = Labels::of(&config);
    let input = Input { name: name.to_owned(), text: text.into() };
    let format = if name == "a.md" { files::Format::Post } else { files::format(&input) };
    for found in files::records(&input, format, &labels).take(50) {
        let record = match found {
            Found::Record(record) => record,
            Found::Problem(problem) => {
                check_diagnostics(&[problem]);
                continue;
            }
            Found::Outside(_) => continue,
        };
        match reader::draft(&input, record, CleanOptions { config: &config, raw: false }) {
            Ok((draft, warnings)) => {
                check_diagnostics(&warnings);
                let body = article_file::body(&draft);
                let given = article_file::Given {
                    date: draft.date,
                    link: draft.link.as_ref().map(|link| link.canonical.as_str()),
                    ..article_file::Given::default()
                };
                let (written, _) = article_file::write(&draft, &body, given);
                let source = source::split("a.md", Fingerprint::default(), written.clone()).unwrap();
                let (read, diagnostics) = article::parse_article(&source, &config);
                let Some((article, _)) = read else {
                    // An article beyond the limits of a build: `import` refuses it for the same
                    // reason.
                    let too_much = |problem: &Diagnostic| {
                        problem.message.contains("nested more than") || problem.message.contains("KB of HTML")
                    };
                    let mut errors = diagnostics.iter().filter(|problem| problem.is_error()).peekable();
                    assert!(errors.peek().is_some() && errors.all(too_much), "{written}\n{diagnostics:#?}");
                    continue;
                };
                assert_eq!(article.title, draft.title.split_whitespace().collect::<Vec<_>>().join(" "));
                assert_eq!(article.link.map(|link| link.canonical), draft.link.map(|link| link.canonical));
                assert_eq!(article_file::is_untouched(&written), Some(true), "{written}");
            }
            Err(problems) => {
                assert!(problems.iter().any(Diagnostic::is_error));
                check_diagnostics(&problems);
            }
        }
    }
}

/// Different terms have different folder names, also if the file system ignores case. Each name is
/// one part of a path.
pub fn slug(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let (one, other) = text.split_once('\n').unwrap_or((&text, ""));
    check_path_part(&slugs::article(one));
    let (one, other) = (key::term_key(one), key::term_key(other));
    if one.is_empty() || other.is_empty() {
        return;
    }
    for kind in [Slugs::Han, Slugs::Ascii] {
        let (a, b) = (slugs::term(&one, kind), slugs::term(&other, kind));
        check_path_part(&a);
        check_path_part(&b);
        assert_eq!(one == other, a.to_lowercase() == b.to_lowercase(), "{one:?} {other:?} {a} {b}");
    }
}

/// An accepted link is an http(s) URL with a host, and its canonical form is a fixed point.
pub fn url(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let Ok(link) = link::parse(&text) else { return };
    for written in [&link.url, &link.canonical] {
        assert!(written.starts_with("http://") || written.starts_with("https://"), "{written}");
        assert!(!written.contains(|c: char| c.is_control() || c.is_whitespace()), "{written:?}");
        assert!(!written.contains(['"', '<', '>']), "{written}");
    }
    assert!(!link.host.is_empty());
    let again = link::parse(&link.canonical).unwrap_or_else(|error| panic!("{}: {error}", link.canonical));
    assert_eq!(again.canonical, link.canonical);
    assert_eq!(link::parse(&link.url).unwrap().canonical, link.canonical);
}

/// Any query has at most 400 units, none of them empty.
pub fn query(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let query = Query::parse(&text);
    let units: usize = query.wanted.iter().chain(&query.unwanted).map(|run| run.units.len()).sum();
    assert!(units <= 400, "{units}");
    for run in query.wanted.iter().chain(&query.unwanted) {
        assert!(!run.units.is_empty() && run.units.iter().all(|unit| !unit.is_empty()), "{run:?}");
        let _ = run.is_in(&text);
    }
}

/// An accepted manifest lists only paths inside the output folder, sorted and without duplicates.
pub fn manifest(data: &[u8]) {
    let text = String::from_utf8_lossy(data).into_owned();
    // As it is, and with a valid checksum, as an attacker would write it.
    for text in [text.clone(), output::sealed(&text)] {
        let Some(paths) = output::owned_by(text) else { continue };
        assert!(paths.is_sorted_by(|a, b| a < b), "{paths:?}");
        for path in &paths {
            let path = std::path::Path::new(path);
            let inside = path.components().all(|part| matches!(part, std::path::Component::Normal(_)));
            assert!(inside && !path.as_os_str().is_empty(), "{path:?}");
        }
    }
}

/// A build from caches with any content and right seals ends in a site or in errors. It changes
/// nothing outside of the output folder and `.newsprint`, and a build without caches then makes the
/// same site as before. `changed_caches.rs` describes the bytes.
pub fn caches(data: &[u8]) {
    thread_local!(static DIGEST: changed_caches::Digest = changed_caches::Digest::build());
    DIGEST.with(|digest| {
        let outcome = digest.run(data);
        check_diagnostics(&outcome.diagnostics);
        assert!(outcome.success || outcome.diagnostics.iter().any(Diagnostic::is_error), "{outcome:?}");
        digest.check_surroundings();
        if changed_caches::is_recovery_checked(data) {
            digest.check_recovery();
        }
    });
}

/// Any Markdown gives well-formed HTML of allowed elements and attributes, or an error.
pub fn body(data: &[u8]) {
    let text = String::from_utf8_lossy(data);
    let config = Config::default();
    for html in [RawHtml::Text, RawHtml::Sanitize] {
        let Ok(rendered) =
            markdown::render(&text, &markdown::RenderOptions::of(&config, html, "content/articles/x.md"))
        else {
            continue;
        };
        let written = rendered.html.unwrap();
        check_html(&written, html);
        assert!(!holds_dropped(&written) && !holds_dropped(&rendered.excerpt));
    }
}

/// Elements that Markdown produces.
const MARKDOWN_ELEMENTS: &str = " a blockquote br code del div em h2 h3 h4 h5 h6 hr img li ol p pre span strong sup table tbody td th thead tr ul ";
/// Further elements that sanitised HTML may contain.
const HTML_ELEMENTS: &str = " abbr b bdi bdo caption cite col colgroup dd details dfn dl dt figcaption figure i ins kbd mark q rp rt ruby s samp small sub summary tfoot time u var ";
/// Attributes that Markdown produces.
const ATTRIBUTES: &str = " alt class href id lang rel src start title ";
/// Further attributes that sanitised HTML may contain.
const HTML_ATTRIBUTES: &str = " colspan datetime dir height open reversed rowspan scope span value width ";

/// Parses HTML strictly, and panics at anything that the HTML of a body must not contain.
fn check_html(html: &str, raw_html: RawHtml) {
    let cleaned = raw_html == RawHtml::Sanitize;
    let mut open: Vec<&str> = Vec::new();
    let mut rest = html;
    while let Some(at) = rest.find(['<', '>']) {
        // The renderer and the sanitiser write `>` in text as a character reference.
        assert!(rest[at..].starts_with('<'), "a stray `>` in {html}");
        let tag = &rest[at + 1..];
        let end = tag_end(tag).unwrap_or_else(|| panic!("an unclosed tag in {html}"));
        let (inside, after) = (&tag[..end], &tag[end + 1..]);
        rest = after;
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name), "{html}");
            continue;
        }
        let inside = inside.strip_suffix('/').unwrap_or(inside).trim_end();
        let (name, attributes) = inside.split_once(' ').unwrap_or((inside, ""));
        let wanted = format!(" {name} ");
        assert!(
            MARKDOWN_ELEMENTS.contains(&wanted) || cleaned && HTML_ELEMENTS.contains(&wanted),
            "<{name}> in {html}"
        );
        assert!(name != "a" || !open.contains(&"a"), "a link in a link: {html}");
        check_attributes(attributes, html, cleaned);
        if !matches!(name, "br" | "hr" | "img" | "col") {
            open.push(name);
        }
    }
    assert!(open.is_empty(), "unclosed {open:?} in {html}");
}

/// The position of the `>` that ends a tag: the first one outside of an attribute's value.
fn tag_end(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

fn check_attributes(mut attributes: &str, html: &str, cleaned: bool) {
    while !attributes.is_empty() {
        let (name, rest) = attributes.split_once("=\"").unwrap_or_else(|| panic!("{attributes} in {html}"));
        let (value, rest) = rest.split_once('"').unwrap();
        let wanted = format!(" {name} ");
        assert!(
            ATTRIBUTES.contains(&wanted) || cleaned && HTML_ATTRIBUTES.contains(&wanted),
            "{name}= in {html}"
        );
        assert!(
            name != "id" || value.starts_with("fn-") || value.starts_with("h-"),
            "{name}={value} in {html}"
        );
        if matches!(name, "href" | "src") {
            let value: String = value.chars().filter(|c| !c.is_ascii_control()).collect();
            let value = value.trim().to_ascii_lowercase().replace("&amp;", "&");
            let scheme = value.split(['/', '?', '#']).next().unwrap();
            let leads = scheme.split_once(':').map(|(scheme, _)| scheme);
            // Images must not be loaded from other hosts.
            let loads = leads.is_some_and(is_scheme) || value.starts_with("//");
            assert!(name != "src" || !loads, "{name}={value} in {html}");
            let harmless =
                matches!(leads, None | Some("http" | "https" | "mailto")) || !is_scheme(leads.unwrap());
            assert!(harmless, "{name}={value} in {html}");
        }
        attributes = rest.trim_start();
    }
}

/// WHATWG URL, section 4.4: a letter, then letters, digits, `+`, `-` and `.`.
fn is_scheme(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic())
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
}
