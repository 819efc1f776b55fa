//! Defines what pictures are drawn with, which is part of the fingerprint of every picture.

use crate::fingerprint::Fingerprint;
use crate::image::{self, Fonts};
use crate::load::theme::Theme;

/// What pictures are drawn with.
#[derive(Clone, Copy)]
pub(crate) struct Style<'s> {
    /// The fonts.
    pub fonts: &'s Fonts,
    /// Fingerprint of the fonts, the templates of pictures and the way to draw.
    pub fingerprint: Fingerprint,
}

impl<'s> Style<'s> {
    /// The style of a theme.
    pub(crate) fn new(fonts: &'s Fonts, theme: &Theme) -> Self {
        let pictures = theme.templates.iter().filter(|(name, _)| name.ends_with(".svg"));
        let texts: Vec<_> = pictures.map(|(name, template)| (name, &*template.text)).collect();
        Self { fonts, fingerprint: Fingerprint::of(&(image::VERSION, fonts.fingerprint(), texts)) }
    }
}
