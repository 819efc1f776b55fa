//! Renders the text forms, whole or cut at a limit, but never inside an item.

use crate::plan::view::form::{EditionForm, FormFile};
use crate::render::form::merge_tag::{TAG, without_tags};
use crate::render::form::prepared::{Cut, LONGEST_SHARE, Prepared, largest};
use crate::render::form::source::{Failure, Rendered};
use crate::render::parts::{Parts, Problem};

/// Length of a key event that is never left out, in UTF-16 units.
const SHORT_EVENT: usize = 200;

/// Renders a text form and appends it to `bytes`. Telegram counts the 4,096 characters of a message
/// in UTF-16 units (core.telegram.org/api/entities, "Entity length"), so `limit` does as well.
///
/// # Errors
/// The template fails, or the limit is too small for one item.
pub(super) fn write(
    form: &EditionForm<'_>,
    template: &'static str,
    limit: Option<usize>,
    parts: &Parts<'_>,
    bytes: &mut Vec<u8>,
) -> Result<Rendered, Failure> {
    let mut prepared = Prepared::new(form, parts, None);
    if let Some(limit) = limit {
        prepared.shorten((limit / LONGEST_SHARE).max(SHORT_EVENT));
    }
    let render = |items: usize| -> Result<String, Problem> {
        let mut context = prepared.context(Cut { whole: items, shown: items });
        if form.file == FormFile::MailText {
            context.insert("unsubscribe", &form.unsubscribe.as_ref().map(|_| TAG));
        }
        let rendered = parts.render_to(template, &context)?;
        let text = String::from_utf8_lossy(&rendered).trim().to_owned() + "\n";
        Ok(match form.file {
            FormFile::MailText => without_tags(&text, form.unsubscribe.as_deref(), ["{ ", "* "]),
            _ => text,
        })
    };
    let items = prepared.len();
    let shown = match limit {
        None => items,
        Some(limit) => match largest(items, |shown| Ok::<_, Problem>(units(&render(shown)?) <= limit))? {
            Some(shown) if shown > 0 || items == 0 => shown,
            _ => return Err(Failure::Limit(units(&render(items.min(1))?))),
        },
    };
    bytes.extend(render(shown)?.as_bytes());
    Ok(Rendered { items, left: items - shown })
}

/// Length in UTF-16 units, without the line break at the end, which no chat sends.
fn units(text: &str) -> usize {
    text.trim_end().encode_utf16().count()
}

#[cfg(test)]
mod tests {
    use super::units;

    #[test]
    fn an_emoji_counts_as_two() {
        assert_eq!([units("文a\n"), units("😀\n"), units("\n")], [2, 2, 0]);
    }
}
