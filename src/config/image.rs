//! Checks the address of an image: a path from the home page, or a URL.

use crate::fields::Fields;
use crate::link;

/// Whether an image may have this address: a path from the home page (`/card.png`), or an http(s)
/// URL.
#[must_use]
pub fn is_image(written: &str) -> bool {
    let inside = written.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
    (inside && !written.contains(char::is_control)) || link::parse(written).is_ok()
}

/// Reads the field `image` of an article or of the digest, in the form in which it is written;
/// `help` is for an invalid address. It is a marked text, which is translated here: nearly all
/// addresses are valid.
pub(crate) fn image(fields: &mut Fields<'_>, help: &str) -> Option<String> {
    let (name, image) = fields.text(&["image"])?;
    if is_image(&image) {
        return Some(if image.starts_with('/') { image } else { link::written(&image).ok()? });
    }
    let message = tr!("an image has to be a path from the home page or an http(s) URL");
    fields.error(name, message, tr!(help));
    None
}
