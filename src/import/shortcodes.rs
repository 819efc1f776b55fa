//! Converts the shortcodes of WordPress in the HTML of a post
//! (<https://codex.wordpress.org/Shortcode_API>).

/// The shortcodes of WordPress 6 itself; others are recognised by an attribute.
const KNOWN: [&str; 7] = ["caption", "wp_caption", "embed", "gallery", "audio", "video", "playlist"];

/// A text with `[caption]` as an image with a line of text below it, and `[embed]` as a link. Other
/// shortcodes are added to `left` as written.
pub(super) fn convert(html: &str, left: &mut Vec<String>) -> String {
    let mut found = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(start) = rest.find('[') {
        found.push_str(&rest[..start]);
        rest = &rest[start..];
        let Some((name, length)) = tag(rest) else {
            found.push('[');
            rest = &rest[1..];
            continue;
        };
        let close = format!("[/{name}]");
        let has_text = matches!(name, "caption" | "wp_caption" | "embed");
        let end = has_text.then(|| rest[length..].find(&close)).flatten();
        let inner = end.map(|end| &rest[length..length + end]);
        let converted = inner.and_then(|inner| match name {
            "caption" | "wp_caption" => Some(caption(inner)),
            "embed" => embed(inner.trim()),
            _ => None,
        });
        match (converted, inner) {
            (Some(converted), Some(inner)) => {
                found.push_str(&converted);
                rest = &rest[length + inner.len() + close.len()..];
            }
            _ => {
                left.push(rest[..length].to_owned());
                found.push_str(&rest[..length]);
                rest = &rest[length..];
            }
        }
    }
    found.push_str(rest);
    found
}

/// The name of the shortcode that a text begins with, and the bytes of its tag. `[[x]]` is an
/// escaped one.
fn tag(text: &str) -> Option<(&str, usize)> {
    let length = 1 + text[1..].find(['[', '<', '\n', ']'])?;
    if !text[length..].starts_with(']') {
        return None;
    }
    let inner = &text[1..length];
    let end =
        inner.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '_' | '-')).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(end);
    let is_shortcode = KNOWN.contains(&name) || attributes.contains("=\"") || attributes.contains("='");
    let is_plain = attributes.is_empty() || attributes.starts_with(' ');
    (!name.is_empty() && is_shortcode && is_plain).then_some((name, inner.len() + 2))
}

/// An image with its link, and the caption below it. It is a `figure`, not a paragraph: in a text
/// with paragraphs in HTML, a blank line means nothing, and the rest of a post would be one paragraph.
fn caption(inner: &str) -> String {
    let behind_image = inner.rfind("<img").and_then(|at| Some(at + inner[at..].find('>')? + 1)).unwrap_or(0);
    let behind_link = inner[behind_image..].find("</a>").map_or(behind_image, |at| behind_image + at + 4);
    // A link in the caption ends there, too.
    let has_link = inner[..behind_image].contains("<a ") && !inner[..behind_image].contains("</a>");
    let (image, words) = inner.split_at(if has_link { behind_link } else { behind_image });
    let words = words.trim();
    let words = match words {
        "" => String::new(),
        words => format!("<figcaption><em>{words}</em></figcaption>"),
    };
    format!("<figure>{}{words}</figure>", image.trim())
}

fn embed(address: &str) -> Option<String> {
    let is_plain = !address.contains(['<', '>', '"', ' ', '\n']);
    let is_url = address.starts_with("https://") || address.starts_with("http://");
    (is_url && is_plain).then(|| format!("<figure><a href=\"{address}\">{address}</a></figure>"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn captions_and_embeds_become_html_and_others_are_listed() {
        let mut left = Vec::new();
        let mut of = |html: &str| convert(html, &mut left);
        assert_eq!(
            of("a[caption id=\"x\" width=\"3\"]<a href=\"/b\"><img src=\"b.png\" /></a> 说明[/caption]c"),
            "a<figure><a href=\"/b\"><img src=\"b.png\" /></a><figcaption><em>说明</em></figcaption></figure>c"
        );
        assert_eq!(
            of("[caption]<img src=\"b.png\" /> 见<a href=\"/c\">此</a>[/caption]"),
            "<figure><img src=\"b.png\" /><figcaption><em>见<a href=\"/c\">此</a></em></figcaption></figure>"
        );
        assert_eq!(
            of("[embed]https://e.org/v[/embed]"),
            "<figure><a href=\"https://e.org/v\">https://e.org/v</a></figure>"
        );
        let other = "[gallery ids=\"1,2\"] [1] [原文] [sic] [contact-form-7 id=\"3\"] [[gallery]]";
        assert_eq!(of(other), other);
        assert_eq!(left, ["[gallery ids=\"1,2\"]", "[contact-form-7 id=\"3\"]", "[gallery]"]);
    }
}
