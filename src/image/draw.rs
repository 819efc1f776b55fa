//! Draws an SVG as PNG. It sees nothing but its own text and the fonts: no file, no network.

use std::sync::Arc;

use fontdb::{Database, ID};
use resvg::tiny_skia::{Pixmap, Transform};
use resvg::usvg::{FontResolver, ImageHrefResolver, Options, Tree};

use crate::image::encode;
use crate::image::fonts::{BOLD, Fonts};

/// Largest width and height in pixels.
const MAX_SIDE: f32 = 4096.0;

impl Fonts {
    /// Draws an SVG.
    ///
    /// # Errors
    /// It is no SVG, has no size, is too large, or has no text. The reason is in words.
    pub(crate) fn draw(&self, svg: &str) -> Result<Vec<u8>, String> {
        let options = Options {
            fontdb: Arc::clone(&self.database),
            font_family: "sans-serif".to_owned(),
            font_resolver: self.resolver(),
            image_href_resolver: ImageHrefResolver {
                resolve_data: Box::new(|_, _, _| None),
                resolve_string: Box::new(|_, _| None),
            },
            ..Options::default()
        };
        let tree = Tree::from_str(svg, &options).map_err(|error| error.to_string())?;
        if !tree.has_text_nodes() {
            return Err(tr!("it has no text: its `<text>` elements are missing or empty"));
        }
        let (width, height) = (tree.size().width(), tree.size().height());
        if width > MAX_SIDE || height > MAX_SIDE {
            return Err(tr!("it is larger than {MAX_SIDE} × {MAX_SIDE} pixels", MAX_SIDE));
        }
        // Sizes are positive and at most MAX_SIDE.
        #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
        let pixels = Pixmap::new(width.ceil() as u32, height.ceil() as u32);
        let mut pixels = pixels.ok_or_else(|| tr!("it has no size"))?;
        resvg::render(&tree, Transform::default(), &mut pixels.as_mut());
        encode::png(&pixels).map_err(|error| error.to_string())
    }

    /// Resolves every family to these fonts, and every character to the first one that has it.
    fn resolver(&self) -> FontResolver<'_> {
        FontResolver {
            select_font: Box::new(|font, database| {
                let default = FontResolver::default_font_selector();
                let is_bold = font.weight() >= BOLD;
                default(font, database).or_else(|| self.first(is_bold))
            }),
            select_fallback: Box::new(|c, used, database: &mut Arc<Database>| {
                let base = used.first().and_then(|&id| database.face(id));
                let is_bold = base.is_some_and(|face| face.weight.0 >= BOLD);
                let measure = self.measure(is_bold);
                measure.face(c).map(|&(id, _)| id).filter(|id| !used.contains(id))
            }),
        }
    }

    /// The first bold or regular face, else the first one.
    fn first(&self, is_bold: bool) -> Option<ID> {
        let of_weight = self.faces.iter().find(|face| face.is_bold == is_bold);
        of_weight.or(self.faces.first()).map(|face| face.id)
    }
}
