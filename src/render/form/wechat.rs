//! Renders the WeChat form: HTML to paste into the editor of an account.
//!
//! The editor keeps inline styles and drops classes, ids, scripts and style sheets. Articles may
//! not link to other sites, so each address is a numbered note at the end. There are no images: the
//! platform removes those of other hosts (developers.weixin.qq.com, "新增草稿": 外部图片url将被过滤).

use crate::plan::view::form::EditionForm;
use crate::render::form::notes::Notes;
use crate::render::form::prepared::Prepared;
use crate::render::form::source::{Rendered, Source, headlines};
use crate::render::parts::Problem;
use crate::text::han;

/// Maximum number of characters of the title: 32 in the platform's interface ("新增草稿", read
/// 2026-11-29); its editor takes 64.
const MAX_TITLE: usize = 32;

/// Maximum number of characters of the summary: 128 in the platform's interface, 120 in its editor.
const MAX_SUMMARY: usize = 120;

/// Renders the form and appends it to `bytes`.
///
/// # Errors
/// The template fails.
pub(super) fn write(
    form: &EditionForm<'_>,
    source: &Source<'_, '_>,
    bytes: &mut Vec<u8>,
) -> Result<Rendered, Problem> {
    let parts = source.parts;
    let title = format!("{} · {}", source.config.title, form.edition.title);
    let mut notes = Notes::default();
    let prepared = Prepared::new(form, parts, Some(&mut notes));
    let mut context = prepared.context(prepared.all());
    context.insert("title", &han::excerpt(&title, MAX_TITLE - 1));
    context.insert("summary", &headlines(form, parts, MAX_SUMMARY));
    context.insert("notes", notes.list());
    bytes.extend(parts.render_to("editions/wechat.html", &context)?);
    Ok(Rendered { items: prepared.len(), left: 0 })
}
