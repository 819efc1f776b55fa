//! Draws social cards: data → SVG by a template → PNG.

use serde::Serialize;
use tera::{Context, Tera};

use crate::image::{Fitted, Fonts, Space};
use crate::plan::social::SIZE;
use crate::plan::view::social::SocialCard;
use crate::render::bounded::Bounded;
use crate::render::parts::Problem;

/// The template of social cards.
pub(super) const TEMPLATE: &str = "social.svg";

/// Width of the text on a card in pixels.
const WIDTH: f32 = 1040.0;
const TITLE: Space = Space { width: WIDTH, lines: 3, sizes: &[84.0, 76.0, 68.0, 60.0, 54.0], is_bold: true };
/// The title of a card with headlines.
const HEADING: Space = Space { width: WIDTH, lines: 1, sizes: &[68.0, 60.0, 52.0, 44.0], is_bold: true };
const HEADLINE: Space = Space { width: WIDTH - 40.0, lines: 1, sizes: &[34.0], is_bold: false };
const NOTE: Space = Space { width: 820.0, lines: 1, sizes: &[32.0], is_bold: false };
const DIGEST: Space = Space { width: 620.0, lines: 1, sizes: &[34.0], is_bold: true };
const ADDRESS: Space = Space { width: 400.0, lines: 1, sizes: &[26.0], is_bold: false };

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
    let line = |text: &str, space: Space| fonts.fit(text, space).lines.pop().unwrap_or_default();
    let space = if card.headlines.is_empty() { TITLE } else { HEADING };
    let view = View {
        width: SIZE.0,
        height: SIZE.1,
        kind: card.kind,
        language: card.language,
        title: fonts.fit(&card.title, space),
        note: line(&card.note, NOTE),
        headlines: card.headlines.iter().map(|headline| line(headline, HEADLINE)).collect(),
        label: card.label.map(|label| line(label, NOTE)),
        digest: line(card.digest, DIGEST),
        address: line(&card.address, ADDRESS),
    };
    draw(TEMPLATE, &view, fonts, templates, bytes)
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
        drawn
            .map_err(|reason| failed(tera::Error::message(format!("this SVG cannot be drawn: {reason}"))))?,
    );
    Ok(())
}
