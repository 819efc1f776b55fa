//! Renders an edition as a book (EPUB 3): one chapter for each article, with a title page and a
//! table of contents.
//!
//! The container is written by hand, since the file list is short and each byte has to be the same
//! at any time: file times are fixed, `mimetype` is first and stored (EPUB 3.3, section 4.2). File
//! names and ids are in ASCII.

mod model;
mod package;
mod piece;
mod ruby;
mod tokens;
mod xhtml;

use std::collections::HashMap;
use std::io::{Cursor, Write};

use tera::{Context, Value};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

use crate::diagnostic::Diagnostic;
use crate::plan::view::form::{EditionForm, FormReport};
use crate::plan::view::page::BodyRef;
use crate::render::absolute::absolute;
use crate::render::form::address::valid;
use crate::render::form::prepared::report_url;
use crate::render::form::source::{Rendered, Source};
use crate::render::parts::Problem;
use crate::render::value::map;
use xhtml::Links;

/// The style sheet of a book.
const STYLE: &str = include_str!("style.css");

/// The file in the container that names the package.
const CONTAINER: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
    <container version=\"1.0\" xmlns=\"urn:oasis:names:tc:opendocument:xmlns:container\">\n<rootfiles>\n\
    <rootfile full-path=\"OEBPS/package.opf\" media-type=\"application/oebps-package+xml\"/>\n\
    </rootfiles>\n</container>\n";

/// A chapter of a book.
struct Chapter<'f, 's> {
    /// The article.
    id: usize,
    content: BodyRef<'s>,
    /// The other reports of its event.
    reports: &'f [FormReport<'s>],
    /// File name, such as `a0001.xhtml`.
    file: String,
}

/// Renders the book and appends it to `bytes`.
///
/// # Errors
/// A template or a body cannot be rendered.
pub(super) fn write(
    form: &EditionForm<'_>,
    source: &Source<'_, '_>,
    bytes: &mut Vec<u8>,
) -> Result<Rendered, Problem> {
    let parts = source.parts;
    let groups = chapters(form);
    let all = || groups.iter().flat_map(|(_, chapters)| chapters);
    let files: HashMap<&str, &str> =
        all().map(|chapter| (parts.card(chapter.id).permalink, chapter.file.as_str())).collect();
    let edition = Value::from_serializable(&form.edition);

    let mut book = Book::new()?;
    book.add("META-INF/container.xml", CONTAINER.as_bytes())?;
    let names: Vec<&str> = all().map(|chapter| chapter.file.as_str()).collect();
    let package = package::write(form, source.config, &names);
    book.add("OEBPS/package.opf", package.as_bytes())?;
    let mut context = Context::new();
    context.insert_value("edition", edition.clone());
    book.add("OEBPS/title.xhtml", &parts.render_to("editions/title.xhtml", &context)?)?;
    context.insert_value("groups", contents(&groups, source));
    book.add("OEBPS/nav.xhtml", &parts.render_to("editions/nav.xhtml", &context)?)?;
    book.add("OEBPS/style.css", STYLE.as_bytes())?;
    for chapter in all() {
        let context = chapter_context(chapter, &edition, &files, source)?;
        let written = parts.render_to("editions/chapter.xhtml", &context)?;
        book.add(&format!("OEBPS/{}", chapter.file), &written)?;
    }
    bytes.extend(book.finish()?);
    Ok(Rendered { items: form.groups.iter().map(|group| group.items.len()).sum(), left: 0 })
}

/// The chapters by group: each item, and after it the other reports that belong to the edition.
fn chapters<'f, 's>(form: &'f EditionForm<'s>) -> Vec<(Option<&'s str>, Vec<Chapter<'f, 's>>)> {
    let mut number = 0;
    let mut file = || {
        number += 1;
        format!("a{number:04}.xhtml")
    };
    let groups = form.groups.iter().map(|group| {
        let mut chapters = Vec::new();
        for item in &group.items {
            let Some(content) = item.content else { continue };
            chapters.push(Chapter { id: item.card.id, content, reports: &item.reports, file: file() });
            for (card, content) in item.reports.iter().filter_map(|report| report.chapter) {
                chapters.push(Chapter { id: card.id, content, reports: &[], file: file() });
            }
        }
        (group.name, chapters)
    });
    groups.filter(|(_, chapters): &(_, Vec<Chapter<'_, '_>>)| !chapters.is_empty()).collect()
}

/// The variable `groups` of the table of contents.
fn contents(groups: &[(Option<&str>, Vec<Chapter<'_, '_>>)], source: &Source<'_, '_>) -> Value {
    let groups = groups.iter().map(|(name, chapters)| {
        let chapters = chapters.iter().map(|chapter| {
            let card = source.parts.card(chapter.id);
            map([
                ("file", Value::from_serializable(&chapter.file)),
                ("title", Value::from_serializable(&card.title)),
                ("title_language", Value::from_serializable(&card.title_language)),
                ("label", Value::from_serializable(&card.label)),
            ])
        });
        map([
            ("name", Value::from_serializable(name)),
            ("chapters", Value::from(chapters.collect::<Vec<Value>>())),
        ])
    });
    Value::from(groups.collect::<Vec<Value>>())
}

fn chapter_context(
    chapter: &Chapter<'_, '_>,
    edition: &Value,
    files: &HashMap<&str, &str>,
    source: &Source<'_, '_>,
) -> Result<Context, Problem> {
    let card = source.parts.card(chapter.id);
    let html = source.parts.body(chapter.content, source.bodies)?;
    let html = absolute(&html, card.permalink);
    let links = Links { own: card.permalink, files, image: source.image };
    let content = xhtml::convert(&html, &links);
    let reports = chapter.reports.iter().map(|report| {
        let url = match files.get(report.permalink) {
            Some(file) => (*file).to_owned(),
            None => report_url(report),
        };
        map([
            ("title", Value::from_serializable(&report.title)),
            ("title_language", Value::from_serializable(&report.title_language)),
            ("source", Value::from_serializable(&report.source)),
            ("label", Value::from_serializable(&report.label)),
            ("url", Value::from_serializable(&url)),
        ])
    });
    let mut context = Context::new();
    context.insert_value("edition", edition.clone());
    context.insert_value("article", source.parts.article(chapter.id));
    context.insert("url", &valid(card.link.unwrap_or(card.permalink)));
    context.insert_value("reports", Value::from(reports.collect::<Vec<Value>>()));
    context.insert_value("content", Value::safe_string(&content));
    Ok(context)
}

/// A book that is being written.
struct Book(ZipWriter<Cursor<Vec<u8>>>);

impl Book {
    fn new() -> Result<Self, Problem> {
        let mut book = Self(ZipWriter::new(Cursor::new(Vec::new())));
        book.add_as("mimetype", b"application/epub+zip", CompressionMethod::Stored)?;
        Ok(book)
    }

    fn add(&mut self, name: &str, bytes: &[u8]) -> Result<(), Problem> {
        self.add_as(name, bytes, CompressionMethod::Deflated)
    }

    fn add_as(&mut self, name: &str, bytes: &[u8], method: CompressionMethod) -> Result<(), Problem> {
        let options = SimpleFileOptions::default()
            .compression_method(method)
            .last_modified_time(DateTime::default())
            .unix_permissions(0o644);
        self.0.start_file(name, options).map_err(|error| unpacked(&error))?;
        self.0.write_all(bytes).map_err(|error| unpacked(&error))
    }

    fn finish(self) -> Result<Vec<u8>, Problem> {
        Ok(self.0.finish().map_err(|error| unpacked(&error))?.into_inner())
    }
}

/// The error for a book that exceeds what an archive can hold.
fn unpacked(error: &dyn std::error::Error) -> Problem {
    Problem::Body(Box::new(
        Diagnostic::error(tr!("this edition cannot be packed into a book: {error}", error))
            .help(tr!("publish the book of a shorter edition")),
    ))
}
