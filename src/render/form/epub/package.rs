//! Writes the package document of a book: metadata, files and reading order.

use std::fmt::Write as _;

use crate::config::Config;
use crate::plan::view::form::EditionForm;
use crate::text::xml::escape;

/// The package document (EPUB 3.3, section 5). `chapters` are file names.
pub(super) fn write(form: &EditionForm<'_>, config: &Config, chapters: &[&str]) -> String {
    let edition = &form.edition;
    let language = config.language.tag();
    let mut title = format!("{} · {}", config.title, edition.title);
    if let Some(dates) = &edition.dates {
        title = format!("{title} · {dates}");
    }
    let creator = if config.author.is_empty() { &config.title } else { &config.author };
    // The newest article decides, not the clock.
    let modified = form.modified.clone().unwrap_or_else(|| format!("{}T00:00:00Z", edition.first));
    let mut written = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n\
         <package xmlns=\"http://www.idpf.org/2007/opf\" version=\"3.0\" unique-identifier=\"id\" xml:lang=\"{language}\">\n\
         <metadata xmlns:dc=\"http://purl.org/dc/elements/1.1/\">\n\
         <dc:identifier id=\"id\">{}</dc:identifier>\n\
         <dc:title>{}</dc:title>\n\
         <dc:language>{language}</dc:language>\n\
         <dc:creator>{}</dc:creator>\n\
         <dc:publisher>{}</dc:publisher>\n\
         <dc:date>{}</dc:date>\n\
         <meta property=\"dcterms:modified\">{modified}</meta>\n",
        escape(&edition.permalink),
        escape(&title),
        escape(creator),
        escape(&config.title),
        edition.last,
    );
    for (property, value) in [
        ("accessMode", "textual"),
        ("accessModeSufficient", "textual"),
        ("accessibilityFeature", "tableOfContents"),
        ("accessibilityFeature", "structuralNavigation"),
        ("accessibilityHazard", "none"),
    ] {
        let _ = writeln!(written, "<meta property=\"schema:{property}\">{value}</meta>");
    }
    written.push_str(
        "</metadata>\n<manifest>\n\
         <item id=\"nav\" href=\"nav.xhtml\" media-type=\"application/xhtml+xml\" properties=\"nav\"/>\n\
         <item id=\"title\" href=\"title.xhtml\" media-type=\"application/xhtml+xml\"/>\n\
         <item id=\"style\" href=\"style.css\" media-type=\"text/css\"/>\n",
    );
    let id = |file: &str| file.trim_end_matches(".xhtml").to_owned();
    for file in chapters {
        let _ = writeln!(
            written,
            "<item id=\"{}\" href=\"{file}\" media-type=\"application/xhtml+xml\"/>",
            id(file)
        );
    }
    written.push_str("</manifest>\n<spine>\n<itemref idref=\"title\"/>\n<itemref idref=\"nav\"/>\n");
    for file in chapters {
        let _ = writeln!(written, "<itemref idref=\"{}\"/>", id(file));
    }
    written.push_str("</spine>\n</package>\n");
    written
}
