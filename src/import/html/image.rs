//! Finds the address of an image.

use crate::import::html::tree::{Id, Tree};

/// Attributes that scripts for lazy loading take the address from, the best first.
const LAZY: [&str; 13] = [
    "data-src",
    "data-original",
    "data-actualsrc",
    "data-lazy-src",
    "data-lazyload",
    "data-lazy",
    "data-original-src",
    "data-echo",
    "data-url",
    "data-croporisrc",
    "data-backsrc",
    "file",
    "zoomfile",
];

/// Attributes with several addresses of one image.
const SETS: [&str; 3] = ["data-srcset", "data-lazy-srcset", "srcset"];

/// Parts of file names of placeholders that scripts replace.
const PLACEHOLDERS: [&str; 12] = [
    "loading",
    "placeholder",
    "lazy",
    "blank.",
    "spacer",
    "transparent",
    "pixel.",
    "1x1",
    "grey.",
    "gray.",
    "default.gif",
    "none.gif",
];

/// The address of an `img`: that of the image which a browser with scripts shows. A data URI or a
/// placeholder (`loading.gif`) is only used if there is nothing else. Empty if the image has no
/// address.
pub(super) fn address(tree: &Tree, image: Id) -> String {
    let source = tree.value(image, "src");
    let lazy = LAZY.iter().map(|name| tree.value(image, name)).find(|value| is_address(value));
    if let Some(lazy) = lazy {
        return lazy.to_owned();
    }
    if is_address(source) && !is_placeholder(source) {
        return source.to_owned();
    }
    let sets = SETS.iter().map(|name| tree.value(image, name)).filter_map(largest);
    let picture = tree.node(image).parent.filter(|parent| tree.name(*parent) == "picture");
    let sources = picture.map(|picture| tree.children(picture).to_vec()).unwrap_or_default();
    let others = sources.iter().filter(|id| tree.name(**id) == "source");
    let others = others.flat_map(|id| ["srcset", "data-srcset"].map(|name| tree.value(*id, name)));
    sets.chain(others.filter_map(largest)).next().unwrap_or_else(|| source.to_owned())
}

/// True for an image of one point or none, with which the sender of a newsletter or a feed counts
/// its readers.
pub(super) fn is_pixel(tree: &Tree, image: Id) -> bool {
    let is_point = |name: &str| {
        let size = tree.value(image, name).trim_end_matches("px").trim_end();
        matches!(size, "0" | "1")
    };
    let is_shown = || LAZY.iter().any(|name| is_address(tree.value(image, name)));
    is_point("width") && is_point("height") && !is_shown()
}

fn is_address(value: &str) -> bool {
    !value.is_empty()
        && !value.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"))
        && !value.starts_with("about:")
        && !value.contains(char::is_whitespace)
        && value.contains(['/', '.'])
}

/// True if an address is that of an image which only holds the place.
fn is_placeholder(address: &str) -> bool {
    let path = address.split(['?', '#']).next().unwrap_or(address);
    let name = path.rsplit('/').next().unwrap_or(path).to_ascii_lowercase();
    PLACEHOLDERS.iter().any(|part| name.contains(part))
}

/// The address of the largest image of a set (HTML, section 4.8.4.2.1). An address ends at white
/// space, because it may contain a comma.
fn largest(set: &str) -> Option<String> {
    let mut best: Option<(f64, &str)> = None;
    let mut rest = set;
    loop {
        rest = rest.trim_start_matches(|c: char| c.is_whitespace() || c == ',');
        let (address, behind) = rest.split_at(rest.find(char::is_whitespace).unwrap_or(rest.len()));
        if address.is_empty() {
            return best.map(|(_, address)| address.to_owned());
        }
        let (descriptor, next) = match address.ends_with(',') {
            true => ("", behind),
            false => behind.split_once(',').unwrap_or((behind, "")),
        };
        let size = descriptor.trim().trim_end_matches(['w', 'x', 'h']).parse().unwrap_or(1.0);
        let address = address.trim_end_matches(',');
        if is_address(address) && best.is_none_or(|(most, _)| size > most) {
            best = Some((size, address));
        }
        rest = next;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_image_of_one_point_is_a_pixel() {
        for (html, wanted) in [
            ("<img src=a.gif width=1 height=1>", true),
            ("<img src=a.gif width='1px' height='0'>", true),
            ("<img src=a.gif width='1 px' height=1 alt=''>", true),
            ("<img src=a.gif width=1>", false),
            ("<img src=a.gif width=1 height=10>", false),
            ("<img src=a.gif width=100% height=1>", false),
            ("<img src=a.gif data-src=b.png width=1 height=1>", false),
            ("<img src=a.gif srcset='b.png 2x' width=1 height=1>", true),
            ("<img src=a.gif>", false),
        ] {
            let tree = Tree::parse(html);
            assert_eq!(is_pixel(&tree, tree.find(0, "img").unwrap()), wanted, "{html}");
        }
    }

    #[test]
    fn the_image_that_readers_see_is_found() {
        for (html, wanted) in [
            ("<img src=a.png>", "a.png"),
            ("<img src='data:image/svg+xml;x' data-src='https://a.cn/real.jpg'>", "https://a.cn/real.jpg"),
            ("<img src=loading.gif data-original=b.png>", "b.png"),
            ("<img data-actualsrc=b.png>", "b.png"),
            ("<img data-lazy-src=b.png>", "b.png"),
            ("<img data-src=b.png src=a.png>", "b.png"),
            ("<img src=/img/placeholder.png srcset='b.png 1x, c.png 2x'>", "c.png"),
            ("<img data-srcset='b.png 300w, c.png 200w'>", "b.png"),
            ("<img src=data:x srcset='data:x 1x'>", "data:x"),
            ("<img src=a.png srcset='c.png 2x'>", "a.png"),
            ("<picture><source srcset='b.webp'><img src=data:x></picture>", "b.webp"),
            ("<picture><source srcset='b.webp'><img src=a.png></picture>", "a.png"),
            ("<img src=a.png data-lazy=true>", "a.png"),
            ("<img src=loading.gif>", "loading.gif"),
            ("<img src='spacer.gif?x' data-srcset='b,c.png, d.png'>", "b,c.png"),
            ("<img alt=x>", ""),
        ] {
            let tree = Tree::parse(html);
            let image = tree.find(0, "img").unwrap();
            assert_eq!(address(&tree, image), wanted, "{html}");
        }
    }
}
