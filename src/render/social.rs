//! Draws social cards: data → SVG by a template → PNG.

use serde::Serialize;
use tera::{Context, Tera};

use crate::image::{Fitted, Fonts, Line, Space};
use crate::plan::social::SIZE;
use crate::plan::view::social::{Headline, SocialCard};
use crate::render::bounded::Bounded;
use crate::render::parts::Problem;

/// The template of social cards.
pub(super) const TEMPLATE: &str = "social.svg";

/// Width of the text on a card in pixels.
const WIDTH: f32 = 1040.0;
const TITLE: Space = Space { width: WIDTH, lines: 3, sizes: &[84.0, 76.0, 68.0, 60.0, 54.0], is_bold: true };
/// The title of a card with headlines.
const HEADING: Space = Space { width: WIDTH, lines: 1, sizes: &[68.0, 60.0, 52.0, 44.0], is_bold: true };
const HEADLINE: Line = Line { width: WIDTH - 40.0, size: 34.0, is_bold: false };
const NOTE: Line = Line { width: WIDTH, size: 32.0, is_bold: false };
const LABEL: Line = Line { width: 400.0, size: 28.0, is_bold: false };
const DIGEST: Line = Line { width: WIDTH, size: 34.0, is_bold: true };
const ADDRESS: Line = Line { width: 440.0, size: 26.0, is_bold: false };
/// Least space between two texts on one line.
const SPACE: f32 = 40.0;

/// The variables of the template.
#[derive(Serialize)]
struct View<'v> {
    width: u32,
    height: u32,
    kind: &'v str,
    language: &'v str,
    title: Fitted,
    note: String,
    headlines: Vec<String>,
    label: Option<String>,
    digest: String,
    address: String,
}

/// Draws a card. `templates` are those of pictures, with the maximum size of an SVG in bytes.
///
/// # Errors
/// The template fails, or its result is no SVG with text.
pub(super) fn write(
    card: &SocialCard<'_>,
    fonts: &Fonts,
    templates: (&Tera, usize),
    bytes: &mut Vec<u8>,
) -> Result<(), Problem> {
    let line = |text: &str, place: Line| fonts.line(text, "", place);
    // The text at the left ends before the one at the right.
    let beside = |place: Line, right: &str, of: Line| {
        let taken = if right.is_empty() { 0.0 } else { fonts.width(right, of) + SPACE };
        Line { width: WIDTH - taken, ..place }
    };
    let label = card.label.map(|label| line(label, LABEL));
    let address = line(&card.address, ADDRESS);
    let mut title = fonts.fit(&card.title, if card.headlines.is_empty() { TITLE } else { HEADING });
    if title.lines.is_empty() {
        // No font has the characters of the title.
        title = fonts.fit(card.digest, TITLE);
    }
    let note = note(&card.note, card.day, beside(NOTE, &address, ADDRESS), fonts);
    let view = View {
        width: SIZE.0,
        height: SIZE.1,
        kind: card.kind,
        language: card.language,
        title,
        note,
        headlines: card.headlines.iter().map(|headline| with_label(headline, fonts)).collect(),
        digest: line(card.digest, beside(DIGEST, label.as_deref().unwrap_or_default(), LABEL)),
        label,
        address,
    };
    draw(TEMPLATE, &view, fonts, templates, bytes)
}

/// A text, and behind it what is never cut.
pub(super) fn note(text: &str, kept: &str, place: Line, fonts: &Fonts) -> String {
    let dot = if text.is_empty() || kept.is_empty() { "" } else { " · " };
    fonts.line(text, &format!("{dot}{kept}"), place)
}

/// A headline of an edition with its label.
fn with_label(headline: &Headline<'_>, fonts: &Fonts) -> String {
    let label = headline.label.map(|label| format!(" [{label}]")).unwrap_or_default();
    fonts.line(headline.title, &label, HEADLINE)
}

/// Renders a template to SVG and draws it.
pub(super) fn draw(
    template: &'static str,
    view: &impl Serialize,
    fonts: &Fonts,
    templates: (&Tera, usize),
    bytes: &mut Vec<u8>,
) -> Result<(), Problem> {
    let (tera, limit) = templates;
    let failed = |error| Problem::Template(template, error);
    let context = Context::from_serialize(view).map_err(failed)?;
    let mut svg = Vec::new();
    tera.render_to(template, &context, Bounded { bytes: &mut svg, limit }).map_err(failed)?;
    let drawn = fonts.draw(&String::from_utf8_lossy(&svg));
    bytes.extend(
        drawn.map_err(|reason| {
            failed(tera::Error::message(tr!("this SVG cannot be drawn: {reason}", reason)))
        })?,
    );
    Ok(())
}
