//! Parses front matter and body into an [`Article`] or a [`ContentPage`].

use serde::{Deserialize, Serialize};

use crate::config::{self, Config, LanguageOfFile, RawHtml};
use crate::diagnostic::{Diagnostic, Place};
use crate::fields::{Document, Fields, clean};
use crate::link::{self, Link};
use crate::load::alias;
use crate::load::article_terms::read_terms;
use crate::load::authorship::{Authorship, read_authorship};
use crate::load::bundle;
use crate::load::date::{self, Date};
use crate::load::feed_id::{self, FeedId};
use crate::load::markdown::{self, RenderOptions, Rendered};
use crate::load::schedule::{Schedule, read_schedule};
use crate::load::shown_pictures;
use crate::load::site_links;
use crate::load::source::SourceFile;
use crate::slug;
use crate::text::dropped;
use crate::yaml::Node;

/// One news article as written in its file, without the body.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Article {
    /// Path of the file, relative to the digest's root.
    pub file: String,
    /// The text that the URL is made from: the `slug` field, else the file's name without its date.
    pub slug: String,
    /// The place that errors about the URL point to.
    pub slug_place: Place,
    /// The title; an article without one is an error.
    pub title: String,
    /// The URL of the original report.
    pub link: Option<Link>,
    /// The date from the front matter, else from the file's name; never the file's modification
    /// time.
    pub date: Option<Date>,
    /// The date of the last change, if the front matter has one.
    pub updated: Option<Date>,
    /// The publisher: the `source` field, else the link's host, else empty.
    pub source: String,
    /// The key event (重大事件摘要).
    pub event: Option<String>,
    /// Terms as written: by taxonomy of the configuration, then in the order of the file.
    pub terms: Vec<Vec<String>>,
    /// Old addresses, as paths from the site's root.
    pub aliases: Vec<String>,
    /// The id in feeds, if it is not made from the address.
    pub feed_id: Option<FeedId>,
    /// True if the article is only built with `--drafts`.
    pub draft: bool,
    /// The fields `publish`, `expires` and `expires_to`, if it has one of them.
    pub schedule: Option<Box<Schedule>>,
    /// The article's image: a URL, or a path from the site's root.
    pub image: Option<String>,
    /// The names of the article's own pictures that its body shows.
    pub pictures: Vec<String>,
    /// The addresses in its body that lead into the site, if a language is converted from the
    /// article's own: which of them that language has decides its text. Empty otherwise.
    pub links: Vec<String>,
    /// The `extra` field, passed to templates without dropped characters.
    #[serde(with = "crate::yaml::verbatim")]
    pub extra: Node,
    /// The `summary` field, if the article has a body as well.
    pub summary: Option<String>,
    /// The `summary` field, else the beginning of the body, as plain text.
    pub excerpt: String,
    /// The `ai` and `reviewed` fields.
    pub authorship: Authorship,
}

/// A page that is not an article: `content/pages/about.md` becomes `/about/`.
#[derive(Debug, Clone)]
pub struct ContentPage {
    /// Path of the file, relative to the digest's root.
    pub file: String,
    /// The page's folders and its `slug` (else the file's name), joined by `/`.
    pub path: String,
    /// The place that errors about the URL point to.
    pub slug_place: Place,
    /// The title; a page without one is an error.
    pub title: String,
    /// One sentence for search engines: the `summary` field, else the beginning of the body.
    pub description: String,
    /// The date of the last change, for the sitemap.
    pub updated: Option<Date>,
    /// Old addresses, as paths from the site's root.
    pub aliases: Vec<String>,
    /// True if the page is only built with `--drafts`.
    pub draft: bool,
    /// The `extra` field, passed to templates without dropped characters.
    pub extra: Node,
}

/// Alternative names of the same field; diagnostics suggest the first.
pub(crate) mod names {
    pub(crate) const TITLE: [&str; 3] = ["title", "标题", "標題"];
    pub(crate) const LINK: [&str; 4] = ["link", "链接", "連結", "source_url"];
    pub(super) const DATE: [&str; 2] = ["date", "日期"];
    pub(super) const SOURCE: [&str; 3] = ["source", "来源", "來源"];
    pub(crate) const EVENT: [&str; 2] = ["event", "重大事件摘要"];
    pub(crate) const SUMMARY: [&str; 4] = ["summary", "总结", "總結", "description"];
    pub(super) const UPDATED: [&str; 2] = ["updated", "lastmod"];
    pub(super) const PUBLISH: [&str; 3] = ["publish", "定时发布", "定時發布"];
    pub(super) const EXPIRES: [&str; 3] = ["expires", "下线时间", "下線時間"];
    pub(super) const AUTHOR: [&str; 2] = ["author", "authors"];
}

fn document(source: &SourceFile) -> Document<'_> {
    Document {
        path: &source.path,
        source: &source.text,
        start: source.front_matter.start,
        yaml: &source.text[source.front_matter.clone()],
    }
}

/// Parses an article and its body. Returns `None` if there is any error; the diagnostics are all
/// that were found, warnings included.
#[must_use]
pub fn parse_article(source: &SourceFile, config: &Config) -> (Option<(Article, Rendered)>, Vec<Diagnostic>) {
    let document = document(source);
    let entries = match document.parse() {
        Ok(entries) => entries,
        Err(diagnostics) => return (None, diagnostics),
    };
    let mut fields = Fields::new(document, &entries);
    let title = read_title(&mut fields);
    let link = fields.text(&names::LINK).and_then(|(name, written)| match link::parse(&written) {
        Ok(link) => Some(link),
        Err(message) => {
            fields.error(name, message, tr!("write the full URL of the original, `https://…`"));
            None
        }
    });
    let LanguageOfFile { at, neutral } = config.language_of(&source.path);
    let name = bundle::name(&neutral);
    let prefix = date::file_prefix(name, config.timezone);
    let date = read_date(&mut fields, &names::DATE, config).or(prefix.map(|(date, _)| date));
    if prefix.is_none() && date::looks_like_prefix(name) {
        let message = tr!("the file's name begins with a date that does not exist");
        let place = Place::file(&source.path);
        fields.absorb(vec![
            Diagnostic::warning(message).at(place).help(tr!("rename the file, or add a `date:` field")),
        ]);
    }
    let updated = read_date(&mut fields, &names::UPDATED, config);
    let host = || link.as_ref().map(|link| link.host.clone()).unwrap_or_default();
    let publisher = fields.text(&names::SOURCE).map(|(_, text)| text).unwrap_or_else(host);
    let event = fields.text(&names::EVENT).map(|(_, text)| text);
    let summary = fields.text(&names::SUMMARY).map(|(_, text)| text);
    let terms = read_terms(&mut fields, config);
    let authorship = read_authorship(&mut fields, config);
    let slug = read_slug(&mut fields, markdown::files::named(name, config.date_in_slug));
    let aliases = alias::aliases(&mut fields);
    let feed_id = feed_id::read_feed_id(&mut fields);
    let draft = fields.flag("draft").unwrap_or(false);
    let publish = read_date(&mut fields, &names::PUBLISH, config);
    let date = date.or(publish);
    let expires = read_named_date(&mut fields, &names::EXPIRES, config);
    let schedule = read_schedule(&mut fields, publish, expires, &config.base_url);
    let folder = format!("{}articles/{}", prefix_of(config, at), slug::article(&slug));
    let image = read_image(&mut fields, &neutral, &folder);
    let extra = with_author(&mut fields, config);
    let html = read_raw_html(&mut fields, config);

    let written = &source.text[source.body..];
    let body_is_empty = written.trim().is_empty();
    let text = if body_is_empty { summary.as_deref().unwrap_or("") } else { written };
    let field = body_is_empty.then_some(names::SUMMARY[0]);
    let mut body =
        render_body(&mut fields, source, text, field, &RenderOptions::of(config, html, &source.path));
    let excerpt = match &summary {
        Some(summary) if !body_is_empty => crate::text::han::excerpt(summary, 200),
        _ => std::mem::take(&mut body.excerpt),
    };
    let slug_place = slug_place(&fields, source);
    let pictures = body.html.as_deref().map(shown_pictures::names).unwrap_or_default();
    let links = body.html.as_deref().filter(|_| config.converts()).map(|html| site_links::of(html, config));
    let diagnostics = fields.finish();
    let article = title.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)).map(|title| Article {
        file: source.path.clone(),
        slug,
        slug_place,
        title,
        link,
        date,
        updated,
        source: publisher,
        event,
        terms,
        aliases,
        feed_id,
        draft,
        schedule,
        image,
        pictures,
        links: links.unwrap_or_default(),
        extra,
        summary: summary.filter(|_| !body_is_empty),
        excerpt,
        authorship,
    });
    (article.map(|article| (article, body)), diagnostics)
}

/// Parses a page of `content/pages`. Returns `None` and diagnostics as [`parse_article`] does.
#[must_use]
pub fn parse_page(
    source: &SourceFile,
    config: &Config,
) -> (Option<(ContentPage, Rendered)>, Vec<Diagnostic>) {
    let document = document(source);
    let entries = match document.parse() {
        Ok(entries) => entries,
        Err(diagnostics) => return (None, diagnostics),
    };
    let mut fields = Fields::new(document, &entries);
    let title = read_title(&mut fields);
    let description = fields.text(&names::SUMMARY).map(|(_, text)| text);
    let updated = read_date(&mut fields, &["updated", "lastmod", "date", "日期"], config);
    let LanguageOfFile { neutral, .. } = config.language_of(&source.path);
    let slug = read_slug(&mut fields, bundle::stem(&neutral));
    let aliases = alias::aliases(&mut fields);
    let draft = fields.flag("draft").unwrap_or(false);
    let extra = read_extra(&mut fields);
    let html = read_raw_html(&mut fields, config);
    let folders = neutral.strip_prefix("content/pages/").unwrap_or(&neutral);
    let path = match folders.rsplit_once('/') {
        Some((folders, _)) => format!("{folders}/{slug}"),
        None => slug,
    };
    let options = RenderOptions::of(config, html, &source.path);
    let mut body = render_body(&mut fields, source, &source.text[source.body..], None, &options);
    let description = description.unwrap_or_else(|| std::mem::take(&mut body.excerpt));
    let slug_place = slug_place(&fields, source);
    let diagnostics = fields.finish();
    let page = title.filter(|_| !diagnostics.iter().any(Diagnostic::is_error)).map(|title| ContentPage {
        file: source.path.clone(),
        path,
        slug_place,
        title,
        description,
        updated,
        aliases,
        draft,
        extra,
    });
    (page.map(|page| (page, body)), diagnostics)
}

/// Renders `text`, which is the file's body or the value of `field`. If it is refused, the error is
/// reported at that place and the result is empty.
fn render_body(
    fields: &mut Fields<'_>,
    source: &SourceFile,
    text: &str,
    field: Option<&str>,
    options: &RenderOptions<'_>,
) -> Rendered {
    markdown::render(text, options).unwrap_or_else(|refused| {
        let rest = &text[refused.at..];
        let at = source.body + refused.at + rest.len() - rest.trim_start().len();
        let place = field
            .map_or_else(|| Place::at(&source.path, &source.text, at..at + 1), |field| fields.place(field));
        fields.absorb(vec![Diagnostic::error(refused.message).at(place).help(refused.help)]);
        Rendered::default()
    })
}

fn read_title(fields: &mut Fields<'_>) -> Option<String> {
    let title = fields.text(&names::TITLE).map(|(_, text)| text);
    let absent = names::TITLE
        .iter()
        .all(|name| fields.get(name).and_then(Node::text).is_none_or(|text| clean(text).is_empty()));
    let of_another_kind =
        names::TITLE.iter().any(|name| fields.get(name).is_some_and(|node| node.text().is_none()));
    if absent && !of_another_kind {
        fields.error("title", tr!("the title is missing"), tr!("write `title: …` between the `---` lines"));
    }
    // A folded YAML scalar may contain line breaks; a title is one line.
    title.map(|title| title.split_whitespace().collect::<Vec<_>>().join(" "))
}

fn read_date<'a>(fields: &mut Fields<'a>, names: &[&'a str], config: &Config) -> Option<Date> {
    read_named_date(fields, names, config).map(|(_, date)| date)
}

/// Reads a date and returns it with the name of its field.
fn read_named_date<'a>(
    fields: &mut Fields<'a>,
    names: &[&'a str],
    config: &Config,
) -> Option<(&'a str, Date)> {
    let (name, written) = fields.text(names)?;
    match date::parse(&written, config.timezone) {
        Ok(date) => Some((name, date)),
        Err(message) => {
            let help = tr!("write it as `2026-11-23`, `2026-11-23 08:05` or `2026年11月23日`");
            fields.error(name, message, help);
            None
        }
    }
}

/// The image of an article: a path from the home page, a URL, or one of its own pictures, by its
/// path from the file or from the page. `file` is the path of the file without its language, `folder`
/// that of the page.
fn read_image(fields: &mut Fields<'_>, file: &str, folder: &str) -> Option<String> {
    let written = fields.get("image").and_then(Node::text).map(clean).unwrap_or_default();
    let is_own = bundle::is_relative_picture(&written) && !written.split('/').any(|part| part == "..");
    if !is_own {
        return config::image(
            fields,
            marked!("write `/images/name.png`, or the name of a picture in the article's folder"),
        );
    }
    let (_, written) = fields.text(&["image"])?;
    let name = bundle::picture(&written, file);
    let name = name.as_deref().unwrap_or(written.trim_start_matches("./"));
    Some(format!("/{folder}/{name}"))
}

/// The path of the home page in the language at a place in `languages:`.
fn prefix_of(config: &Config, at: usize) -> &str {
    config.languages.get(at).map_or("", |site| &site.prefix)
}

fn read_slug(fields: &mut Fields<'_>, name: &str) -> String {
    fields.text(&["slug"]).map_or_else(|| name.to_owned(), |(_, slug)| slug)
}

fn slug_place(fields: &Fields<'_>, source: &SourceFile) -> Place {
    let place = fields.place("slug");
    // Without a `slug` line, `place` is the start of the front matter; the line of the title is
    // more helpful.
    let written = place.text.trim_start().starts_with("slug");
    if written {
        return place;
    }
    names::TITLE
        .iter()
        .map(|name| fields.place(name))
        .find(|place| place.line > 2 || !place.range.is_empty())
        .unwrap_or_else(|| Place::at(&source.path, &source.text, 0..3))
}

/// Returns how HTML in this file is treated: as its `html` field asks, if the digest allows it.
fn read_raw_html(fields: &mut Fields<'_>, config: &Config) -> RawHtml {
    let Some(html) = RawHtml::read(fields, "html") else { return config.markdown.html };
    if html > config.markdown.allow {
        let name = html.name();
        let setting = format!("markdown: {{allow: {name}}}");
        fields.error(
            "html",
            tr!("this digest does not allow `html: {name}` in a file", name),
            match html {
                RawHtml::Trusted => tr!(
                    "write `{setting}` in newsprint.yaml if you trust everyone who writes its articles",
                    setting
                ),
                _ => tr!("write `{setting}` in newsprint.yaml", setting),
            },
        );
        return config.markdown.html;
    }
    html
}

fn read_extra(fields: &mut Fields<'_>) -> Node {
    fields.extra().unwrap_or_else(|| Node::Map(Vec::new()))
}

/// Returns `extra` with the author of the original under `author`, where import keeps it: most
/// generators have the field `author` or `authors` at the top. A value in `extra` comes first, and
/// a taxonomy of that name has its terms there.
fn with_author(fields: &mut Fields<'_>, config: &Config) -> Node {
    let authors: Vec<Node> = names::AUTHOR.iter().filter_map(|name| fields.get(name)).cloned().collect();
    let mut extra = read_extra(fields);
    let is_taxonomy = config.taxonomies.iter().any(|taxonomy| {
        names::AUTHOR
            .iter()
            .any(|name| taxonomy.name == *name || taxonomy.also.iter().any(|also| also == name))
    });
    let author = authors.into_iter().find(|node| *node != Node::Null);
    if let (Some(author), Node::Map(entries), false) = (author, &mut extra, is_taxonomy)
        && !entries.iter().any(|(name, _)| name == names::AUTHOR[0])
    {
        let author = author.map_texts(|text| dropped::remove(text).into_owned());
        entries.push((names::AUTHOR[0].to_owned(), author));
    }
    extra
}

#[cfg(test)]
mod tests;
