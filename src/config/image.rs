//! Where an image can be: a path from the digest's home, or a URL.

use crate::fields::Fields;
use crate::link;

/// Is this where an image can be: a path from the digest's home, or a URL?
#[must_use]
pub fn is_image(written: &str) -> bool {
    let inside = written.strip_prefix('/').is_some_and(|rest| !rest.starts_with(['/', '\\']));
    (inside && !written.contains(char::is_control)) || link::parse(written).is_ok()
}

/// The `image` of an article or of the digest; `help` shows how to write one.
pub(crate) fn image(fields: &mut Fields<'_>, help: &str) -> Option<String> {
    let (name, image) = fields.text(&["image"])?;
    if is_image(&image) {
        return Some(image);
    }
    fields.error(name, "an image is a path from the digest's home or an http(s) URL", help);
    None
}
