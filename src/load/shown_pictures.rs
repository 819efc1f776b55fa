//! Finds the pictures of an article that its body shows.

use percent_encoding::percent_decode_str;

use crate::load::bundle;
use crate::paths;

/// How the renderer of Markdown begins an image.
pub(crate) const IMAGE: &str = "<img src=\"";

/// Finds the images in HTML that name pictures of their own article: the names of the pictures
/// below the article's page, each once.
pub(super) fn names(html: &str) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    for (start, _) in html.match_indices(IMAGE) {
        let Some(address) = html[start + IMAGE.len()..].split('"').next() else { continue };
        let address = html_escape::decode_html_entities(address);
        if !bundle::is_relative_picture(&address) {
            continue;
        }
        let decoded = percent_decode_str(address.trim_start_matches("./")).decode_utf8_lossy();
        let name = paths::composed(&decoded);
        if !names.iter().any(|known| *known == name) {
            names.push(name.into_owned());
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_that_a_text_shows_are_its_own() {
        let html = "<img src=\"a.png\" alt=\"\" /><img src=\"./%E5%9B%BE/b&amp;c.jpg\"><img src=\"a.png\">\
            <img src=\"/x.png\"><img src=\"https://example.org/y.png\">&lt;img src=\"z.png\"<img src=\"cafe\u{301}.gif";
        assert_eq!(names(html), ["a.png", "图/b&c.jpg", "caf\u{e9}.gif"]);
    }
}
