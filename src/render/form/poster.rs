//! Draws an edition as a poster for chat groups: its first headlines and a code of its address.

use serde::Serialize;

use crate::diagnostic::Diagnostic;
use crate::image::{self, Code, Fitted, Fonts, Space};
use crate::plan::form::POSTER_ITEMS;
use crate::plan::view::form::{EditionForm, FormItem};
use crate::render::form::source::{Rendered, Source};
use crate::render::parts::{Parts, Problem};
use crate::render::social;

/// The template of posters.
const TEMPLATE: &str = "poster.svg";

/// Width in pixels: what chat programs show without making it smaller.
const WIDTH: u32 = 1080;
/// The first line of headlines, the heights of a line and of a note, and the space between items.
const FIRST: f32 = 370.0;
const LINE: f32 = 60.0;
const NOTE_LINE: f32 = 44.0;
const GAP: f32 = 36.0;
/// Side of the code and of the space around it.
const CODE: f32 = 260.0;
const MARGIN: f32 = 60.0;

const TITLE: Space = Space { width: 936.0, lines: 1, sizes: &[76.0, 68.0, 60.0, 52.0], is_bold: true };
const HEADLINE: Space = Space { width: 884.0, lines: 2, sizes: &[44.0], is_bold: true };
const NOTE: image::Line = image::Line { width: 884.0, size: 30.0, is_bold: false };
const DIGEST: image::Line = image::Line { width: 936.0, size: 40.0, is_bold: true };
const SCAN: Space = Space { width: 600.0, lines: 2, sizes: &[36.0], is_bold: true };
const ADDRESS: Space = Space { width: 600.0, lines: 3, sizes: &[28.0], is_bold: false };

/// The variables of the template. All measures are in pixels.
#[derive(Serialize)]
struct View<'v> {
    width: u32,
    height: f32,
    language: &'v str,
    digest: String,
    title: Fitted,
    dates: String,
    items: Vec<Item>,
    /// How many articles are left out, in words.
    more: Option<Line>,
    /// The line above the code.
    rule: f32,
    code: Option<Code>,
    code_side: f32,
    scan: Vec<Line>,
    address: Vec<Line>,
}

#[derive(Serialize)]
struct Item {
    lines: Vec<Line>,
    note: Option<Line>,
}

#[derive(Serialize)]
struct Line {
    text: String,
    y: f32,
}

/// Draws a poster and appends it to `bytes`.
///
/// # Errors
/// The template fails, or there are no fonts.
pub(super) fn write(
    form: &EditionForm<'_>,
    source: &Source<'_, '_>,
    bytes: &mut Vec<u8>,
) -> Result<Rendered, Problem> {
    let Some((fonts, templates)) = source.pictures else {
        let error =
            Diagnostic::error(tr!("there are no fonts for a poster")).help(tr!("see `cards: {font: […]}`"));
        return Err(Problem::Body(Box::new(error)));
    };
    let all: Vec<&FormItem<'_>> = form.groups.iter().flat_map(|group| &group.items).collect();
    let shown = &all[..all.len().min(POSTER_ITEMS)];
    let mut y = FIRST;
    let items = shown.iter().filter_map(|item| self::item(item, source.parts, fonts, &mut y)).collect();
    let one_line = |text: &str, place: image::Line| fonts.line(text, "", place);
    let words = form.poster.as_ref();
    let more = words.and_then(|words| words.more.as_ref()).map(|more| Line { text: one_line(more, NOTE), y });
    if more.is_some() {
        y += NOTE_LINE + GAP;
    }
    let rule = y - GAP;
    let address = form.edition.permalink.split_once("://").map_or("", |(_, rest)| rest);
    let scan = words.map(|words| words.scan.as_str()).unwrap_or_default();
    let scan = lines(&fonts.fit(scan, SCAN), rule + MARGIN + 70.0, 48.0);
    let below = scan.last().map_or(rule, |line| line.y) + 60.0;
    let view = View {
        width: WIDTH,
        height: (rule + CODE + 2.0 * MARGIN).ceil(),
        language: source.config.language.tag(),
        digest: one_line(&source.config.title, DIGEST),
        title: fonts.fit(&form.edition.title, TITLE),
        dates: one_line(form.edition.dates.as_deref().unwrap_or_default(), NOTE),
        items,
        more,
        rule,
        code: image::code(&form.edition.permalink),
        code_side: CODE,
        scan,
        address: lines(&fonts.fit(&percent_decoded(address), ADDRESS), below, 38.0),
    };
    social::draw(TEMPLATE, &view, fonts, templates, bytes)?;
    Ok(Rendered { items: all.len(), left: all.len() - shown.len() })
}

/// Sets an item at `y`, which becomes that of the next one; `None` if no font has the characters of
/// its title.
fn item(item: &FormItem<'_>, parts: &Parts<'_>, fonts: &Fonts, y: &mut f32) -> Option<Item> {
    let card = parts.card(item.card.id);
    let lines = lines(&fonts.fit(card.title, HEADLINE), *y, LINE);
    *y = lines.last()?.y;
    let note = social::note(card.source, card.label.unwrap_or_default(), NOTE, fonts);
    let note = Some(note).filter(|text| !text.is_empty()).map(|text| {
        *y += NOTE_LINE;
        Line { text, y: *y }
    });
    *y += LINE + GAP;
    Some(Item { lines, note })
}

fn lines(text: &Fitted, first: f32, height: f32) -> Vec<Line> {
    let mut y = first - height;
    let at = |text: &String| {
        y += height;
        Line { text: text.clone(), y }
    };
    text.lines.iter().map(at).collect()
}

fn percent_decoded(address: &str) -> String {
    percent_encoding::percent_decode_str(address).decode_utf8_lossy().into_owned()
}
