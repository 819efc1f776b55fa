//! Renders the letter: one HTML file whose style sheet is inlined, small enough for mail programs
//! that clip long letters.

use css_inline::CSSInliner;

use crate::diagnostic::Diagnostic;
use crate::plan::view::form::EditionForm;
use crate::render::form::merge_tag::{TAG, without_tags};
use crate::render::form::prepared::{Cut, LONGEST_SHARE, Prepared, largest};
use crate::render::form::source::{Rendered, headlines};
use crate::render::parts::{Parts, Problem};
use crate::text::xml::escape;

/// Maximum size of a letter in bytes. Gmail clips messages above 102 KB (caniemail.com,
/// "html-size"); mailing platforms lengthen the links.
const MAX_BYTES: usize = 100_000;

/// Maximum number of characters of the preheader, which mail programs show after the subject.
const MAX_PREHEADER: usize = 120;

/// Renders the letter and appends it to `bytes`. If it would be too large, the last items are
/// shortened to title and address, and if that is not enough, left out.
///
/// # Errors
/// The template fails, or its style sheet cannot be inlined.
pub(super) fn write(
    form: &EditionForm<'_>,
    parts: &Parts<'_>,
    bytes: &mut Vec<u8>,
) -> Result<Rendered, Problem> {
    let mut prepared = Prepared::new(form, parts, None);
    // A Han character has three bytes.
    prepared.shorten(MAX_BYTES / 3 / LONGEST_SHARE);
    let preheader = headlines(form, parts, MAX_PREHEADER);
    let inliner = CSSInliner::options().load_remote_stylesheets(false).build();
    let render = |cut: Cut| -> Result<Vec<u8>, Problem> {
        let mut context = prepared.context(cut);
        context.insert("preheader", &preheader);
        context.insert("unsubscribe", &form.unsubscribe.as_ref().map(|_| TAG));
        context.insert("is_whole", &(cut == prepared.all()));
        let html = parts.render_to("editions/mail.html", &context)?;
        let mut inlined = Vec::with_capacity(html.len() * 2);
        let done = inliner.inline_to(&String::from_utf8_lossy(&html), &mut inlined);
        done.map_err(|error| {
            let message = tr!("the style sheet of the letter cannot be inlined: {error}", error);
            let help = tr!("correct the `<style>` of templates/editions/mail.html");
            Problem::Body(Box::new(Diagnostic::error(message).help(help)))
        })?;
        Ok(finish(inlined, form.unsubscribe.as_deref()))
    };
    let items = prepared.len();
    let fits = |cut: Cut| render(cut).map(|letter| letter.len() <= MAX_BYTES);
    let cut = match largest(items, |whole| fits(Cut { whole, shown: items }))? {
        Some(whole) => Cut { whole, shown: items },
        None => {
            let shown = largest(items, |shown| fits(Cut { whole: 0, shown }))?.unwrap_or_default();
            Cut { whole: 0, shown }
        }
    };
    bytes.extend(render(cut)?);
    Ok(Rendered { items, left: items - cut.shown })
}

/// The attribute by which a template says what becomes of a style sheet.
const KEEP: &str = " data-css-inline=\"keep\"";

/// A letter without the marks for the inliner, in which nothing but the unsubscribe address is a
/// merge tag.
fn finish(letter: Vec<u8>, address: Option<&str>) -> Vec<u8> {
    match String::from_utf8(letter) {
        Ok(letter) => {
            let letter = letter.replace(&format!("<style{KEEP}>"), "<style>");
            let address = address.map(escape);
            without_tags(&letter, address.as_deref(), ["&#123;", "&#42;"]).into_bytes()
        }
        Err(letter) => letter.into_bytes(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The inliner copies what it does not understand, so the letter's style sheet has plain
    /// values; merge tags and the dark style sheet stay as they are.
    #[test]
    fn the_inliner_keeps_merge_tags_and_the_dark_style_sheet() {
        let html = "<!doctype html><html><head><style>.a { color: #111111; font-family: 'A B', serif; }</style>\
            <style data-css-inline=\"keep\">@media (prefers-color-scheme: dark) { .a { color: #eeeeee !important; } }</style></head>\
            <body><!--[if mso]><table><![endif]--><a class=\"a\" href=\"\u{FFFF}\">x</a><a href=\"*|UNSUB|*\">y</a>\
            <a href=\"https://e.org/?a=1&amp;b=%7B\">&lt;z&gt;</a></body></html>";
        let inliner = CSSInliner::options().load_remote_stylesheets(false).build();
        let inlined = String::from_utf8(finish(
            inliner.inline(html).unwrap().into_bytes(),
            Some("{{ unsubscribe_url }}"),
        ))
        .unwrap();
        for part in [
            "href=\"{{ unsubscribe_url }}\"",
            "href=\"&#42;|UNSUB|*\"",
            "href=\"https://e.org/?a=1&amp;b=%7B\"",
            "&lt;z&gt;",
            "style=\"color: #111111;font-family: 'A B', serif;\"",
            "<style>@media (prefers-color-scheme: dark) { .a { color: #eeeeee !important; } }</style>",
            "<!--[if mso]><table><![endif]-->",
        ] {
            assert!(inlined.contains(part), "{part} in {inlined}");
        }
        assert!(!inlined.contains(".a { color: #111111"), "{inlined}");
    }
}
