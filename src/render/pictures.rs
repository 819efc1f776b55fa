//! Adds the sizes of an article's own pictures to its body, so that nothing on the page moves when
//! they arrive, and their smaller copies.

use std::borrow::Cow;

use crate::load::IMAGE;
use crate::plan::view::article::PictureSize;

/// The width of a picture on the page: that of the column of text in the default theme (`--measure`
/// and `.frame` in `newsprint.css`).
const SIZES: &str = "(min-width: 38rem) 36rem, calc(100vw - 2rem)";

/// Adds `width` and `height` to the article's pictures in `html`, `srcset` and `sizes` to those with
/// copies, and `loading="lazy"` to all but the first. An image with attributes of its own for these
/// keeps them.
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
        if !picture.copies.is_empty() && !has("srcset") && !has("sizes") {
            written.push_str(&format!(" srcset=\"{}\" sizes=\"{SIZES}\"", srcset(picture)));
        }
        written.push_str(&format!(" width=\"{}\" height=\"{}\"", picture.width, picture.height));
        if !is_first && !has("loading") {
            written.push_str(" loading=\"lazy\"");
        }
        is_first = false;
    }
    written.push_str(&html[done..]);
    written.into()
}

/// The value of `srcset` for a picture with copies. A comma in an address could end it.
fn srcset(picture: &PictureSize) -> String {
    let candidate = |path: &str, width: u32| {
        let path = path.replace(',', "%2C");
        format!("{} {width}w", html_escape::encode_double_quoted_attribute(&path))
    };
    let all: Vec<String> = picture.copies.iter().map(|copy| candidate(&copy.path, copy.width)).collect();
    all.join(", ")
}

/// True if two relative addresses are equal once they are decoded.
fn is_same(path: &str, address: &str) -> bool {
    let decoded = |text| percent_encoding::percent_decode_str(text).decode_utf8_lossy();
    path == address || decoded(path) == decoded(address)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::plan::view::article::PictureWidth;

    #[test]
    fn own_pictures_get_their_sizes_and_the_later_ones_load_lazily() {
        let picture = |path: &str, width, height| PictureSize {
            path: path.to_owned(),
            width,
            height,
            copies: Vec::new(),
        };
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

    #[test]
    fn a_picture_with_copies_gets_the_widths_of_all() {
        let copy = |path: &str, width| PictureWidth { path: path.to_owned(), width };
        let copies = vec![copy("a,b&.1-480.webp", 480), copy("a,b&.jpg", 700)];
        let pictures = [PictureSize { path: "a,b&.jpg".to_owned(), width: 700, height: 7, copies }];
        let srcset = "srcset=\"a%2Cb&amp;.1-480.webp 480w, a%2Cb&amp;.jpg 700w\"";
        let wanted =
            format!("<img src=\"a,b&amp;.jpg\" {srcset} sizes=\"{SIZES}\" width=\"700\" height=\"7\">");
        assert_eq!(with_sizes("<img src=\"a,b&amp;.jpg\">".into(), &pictures), wanted);
        let own = "<img src=\"a,b&amp;.jpg\" srcset=\"c.png 2x\">";
        let kept = "<img src=\"a,b&amp;.jpg\" width=\"700\" height=\"7\" srcset=\"c.png 2x\">";
        assert_eq!(with_sizes(own.into(), &pictures), kept);
    }
}
