//! Renders the forms in which an edition leaves the site: view → context → template → bytes.

mod address;
mod epub;
mod mail;
mod markdown;
mod merge_tag;
mod notes;
mod poster;
mod prepared;
mod source;
mod text;
mod wechat;

use tera::{Kwargs, State, Tera};

use crate::plan::view::form::{EditionForm, FormFile};
pub(crate) use source::Rendered;
pub(super) use source::{Failure, Source};

/// Renders a form and appends it to `bytes`. A text has at most `limit` UTF-16 units.
///
/// # Errors
/// A template or a body cannot be rendered, or the limit is too small.
pub(super) fn write(
    form: &EditionForm<'_>,
    limit: Option<usize>,
    source: &Source<'_, '_>,
    bytes: &mut Vec<u8>,
) -> Result<Rendered, Failure> {
    let parts = source.parts;
    match form.file {
        FormFile::Text => text::write(form, "editions/text.txt", limit, parts, bytes),
        FormFile::Markdown => text::write(form, "editions/markdown.md", limit, parts, bytes),
        FormFile::MailText => text::write(form, "editions/mail.txt", None, parts, bytes),
        FormFile::Wechat => Ok(wechat::write(form, source, bytes)?),
        FormFile::Mail => Ok(mail::write(form, parts, bytes)?),
        FormFile::Epub => Ok(epub::write(form, source, bytes)?),
        FormFile::Poster => Ok(poster::write(form, source, bytes)?),
    }
}

/// Registers the filters of forms: `line` puts a text on one line, `markdown` escapes it for
/// Markdown, `markdown_url` an address.
pub(super) fn register(tera: &mut Tera) {
    tera.register_filter("line", |text: &str, _: Kwargs, _: &State<'_>| markdown::one_line(text));
    tera.register_filter("markdown", |text: &str, _: Kwargs, _: &State<'_>| markdown::escape(text));
    tera.register_filter("markdown_url", |text: &str, _: Kwargs, _: &State<'_>| markdown::target(text));
}
