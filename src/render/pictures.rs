//! Adds the sizes of an article's own pictures to its body, so that nothing on the page moves when
//! they arrive.

use std::borrow::Cow;

use crate::plan::view::article::PictureSize;

/// How the renderer of Markdown begins an image.
const IMAGE: &str = "<img src=\"";

/// Adds `width` and `height` to the article's pictures in `html`, and `loading="lazy"` to all but
/// the first. An image with attributes of its own for these keeps them.
pub(super) fn with_sizes<'h>(html: Cow<'h, str>, pictures: &[PictureSize]) -> Cow<'h, str> {
    if pictures.is_empty() {
        return html;
    }
    let mut written = String::with_capacity(html.len() + 256);
    let mut done = 0;
    let mut is_first = true;
    // Text has `&lt;` for `<`, and a value of an attribute has no quotation mark.
    for (start, _) in html.match_indices(IMAGE) {
        let from = start + IMAGE.len();
        let Some(to) = html[from..].find('"').map(|length| from + length) else { break };
        let address = html_escape::decode_html_entities(&html[from..to]);
        let address = address.trim_start_matches("./");
        let Some(picture) = pictures.iter().find(|picture| is_same(&picture.path, address)) else { continue };
        let attributes = html[to..].split('>').next().unwrap_or_default();
        let has = |name: &str| attributes.contains(&format!(" {name}="));
        if has("width") || has("height") {
            continue;
        }
        written.push_str(&html[done..=to]);
        done = to + 1;
        written.push_str(&format!(" width=\"{}\" height=\"{}\"", picture.width, picture.height));
        if !is_first && !has("loading") {
            written.push_str(" loading=\"lazy\"");
        }
        is_first = false;
    }
    written.push_str(&html[done..]);
    written.into()
}

/// True if two relative addresses are equal once they are decoded.
fn is_same(path: &str, address: &str) -> bool {
    let decoded = |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    path == address || decoded(path) == decoded(address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn own_pictures_get_their_sizes_and_the_later_ones_load_lazily() {
        let picture = |path: &str, width, height| PictureSize { path: path.to_owned(), width, height };
        let pictures = [picture("a.png", 3, 2), picture("%E5%9B%BE/b.png", 30, 20)];
        let sized = |html: &str| with_sizes(Cow::Borrowed(html), &pictures).into_owned();
        for (html, wanted) in [
            (
                "<p><img src=\"a.png\" alt=\"x\" /></p>",
                "<p><img src=\"a.png\" width=\"3\" height=\"2\" alt=\"x\" /></p>",
            ),
            (
                "<img src=\"a.png\" alt=\"\" /><img src=\"图/b.png\" alt=\"\" />",
                "<img src=\"a.png\" width=\"3\" height=\"2\" alt=\"\" /><img src=\"图/b.png\" width=\"30\" height=\"20\" loading=\"lazy\" alt=\"\" />",
            ),
            ("<img src=\"./%E5%9B%BE/b.png\">", "<img src=\"./%E5%9B%BE/b.png\" width=\"30\" height=\"20\">"),
        ] {
            assert_eq!(sized(html), wanted);
        }
        for same in [
            "",
            "<img src=\"/a.png\" alt=\"\" />",
            "<img src=\"https://example.org/a.png\" alt=\"\" />",
            "<img src=\"a.png\" width=\"9\" alt=\"\" />",
            "&lt;img src=&quot;a.png&quot;&gt;",
            "<img src=\"a.png",
        ] {
            assert_eq!(sized(same), same);
        }
        let lazy = sized("<img src=\"a.png\"><img src=\"a.png\" loading=\"eager\">");
        assert!(lazy.ends_with("<img src=\"a.png\" width=\"3\" height=\"2\" loading=\"eager\">"), "{lazy}");
    }
}
