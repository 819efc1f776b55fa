//! What a program without the feature `images` has in place of fonts: a type without values.

use crate::fingerprint::Fingerprint;
use crate::image::{Code, Fitted, Line, Space, Wanted};

/// Fonts; there are none.
#[derive(Debug)]
pub enum Fonts {}

impl Fonts {
    pub(crate) fn find(_: Vec<(String, Wanted)>, _: &[&str]) -> Result<Self, Vec<String>> {
        Err(Vec::new())
    }

    pub(crate) fn fingerprint(&self) -> Fingerprint {
        match *self {}
    }

    pub(crate) fn names(&self) -> String {
        match *self {}
    }

    pub(crate) fn missing<'t>(&self, _: impl Iterator<Item = &'t str>) -> Vec<char> {
        match *self {}
    }

    pub(crate) fn fit(&self, _: &str, _: Space) -> Fitted {
        match *self {}
    }

    pub(crate) fn line(&self, _: &str, _: &str, _: Line) -> String {
        match *self {}
    }

    pub(crate) fn width(&self, _: &str, _: Line) -> f32 {
        match *self {}
    }

    pub(crate) fn draw(&self, _: &str) -> Result<Vec<u8>, String> {
        match *self {}
    }
}

pub(crate) fn code(_: &str) -> Option<Code> {
    None
}
