//! Defines what pictures are drawn with, which is part of the fingerprint of every picture.

use crate::fingerprint::Fingerprint;
use crate::image::Fonts;
use crate::load::theme::Theme;

/// The ending of templates of pictures.
pub(crate) const ENDING: &str = ".svg";

/// What pictures are drawn with.
#[derive(Clone, Copy)]
pub(crate) struct Style<'s> {
    /// The fonts.
    pub fonts: &'s Fonts,
    /// Fingerprint of the fonts with the way to draw, and of the templates of pictures.
    pub fingerprint: Fingerprint,
}

impl<'s> Style<'s> {
    /// The style of a theme.
    pub(crate) fn new(fonts: &'s Fonts, theme: &Theme) -> Self {
        let pictures = theme.templates.iter().filter(|(name, _)| name.ends_with(ENDING));
        let texts: Vec<_> = pictures.map(|(name, template)| (name, &*template.text)).collect();
        Self { fonts, fingerprint: Fingerprint::of(&(fonts.fingerprint(), texts)) }
    }
}
