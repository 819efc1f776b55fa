//! Rewrites links and images in sanitized HTML. The HTML is well-formed, so its tags can be read
//! one by one.

use crate::link::{Destination, Resolver};
use crate::load::markdown::options::RenderOptions;

/// Returns the depth of nested elements in well-formed HTML.
pub(super) fn max_depth(html: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for tag in html.split('<').skip(1) {
        let name = &tag[..tag.find([' ', '>']).unwrap_or(tag.len())];
        match name {
            "br" | "hr" | "img" | "col" => {}
            name if name.starts_with('/') => depth = depth.saturating_sub(1),
            _ => depth += 1,
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// Adds `rel` to links to other hosts, and replaces images that may not be shown by links or text.
/// A link without an address or inside another link is removed, its text stays: browsers take
/// nested links apart and move what follows.
pub(super) fn rewrite_links_and_images(
    html: &str,
    options: &RenderOptions<'_>,
    resolver: Option<&Resolver>,
) -> String {
    let mut written = String::with_capacity(html.len());
    let mut rest = html;
    // The open links: true for those that are written.
    let mut open_links: Vec<bool> = Vec::new();
    let rel = if options.rel.is_empty() { String::new() } else { format!(" rel=\"{}\"", options.rel) };
    while let Some(at) = rest.find('<') {
        written.push_str(&rest[..at]);
        let (tag, after) = rest[at..].split_at(tag_length(&rest[at..]));
        rest = after;
        let name = tag[1..].split([' ', '>']).next().unwrap_or_default();
        // The sanitizer kept only addresses that lead somewhere.
        let is_external = |address: &str| {
            !matches!(
                resolver.map(|resolver| resolver.resolve(address)),
                Some(Destination::Internal(_) | Destination::Mailbox(_))
            )
        };
        match name {
            "/a" => {
                let is_kept = open_links.pop().unwrap_or(true);
                if !is_kept {
                    continue;
                }
            }
            "h1" | "/h1" => {
                written.push_str(&tag.replacen("h1", "h2", 1));
                continue;
            }
            "a" => {
                let address = attribute(tag, "href").filter(|_| !open_links.contains(&true));
                open_links.push(address.is_some());
                let Some(address) = address else { continue };
                if is_external(&address) {
                    written.push_str(tag.strip_suffix('>').unwrap_or(tag));
                    written.push_str(&format!("{rel}>"));
                    continue;
                }
            }
            // Pages with lazy loading have the image's address in `data-src`.
            "img" => match attribute(tag, "data-src").or_else(|| attribute(tag, "src")) {
                Some(address) if options.remote_images || !is_external(&address) => {
                    written.push_str(&format!("<img src=\"{}\"", escape(&address)));
                    // Screen readers read out the address of an image without `alt`.
                    for (name, value) in ["alt", "title", "width", "height", "lang", "dir"]
                        .map(|name| (name, attribute(tag, name)))
                    {
                        if let Some(value) = value.or_else(|| (name == "alt").then(String::new)) {
                            written.push_str(&format!(" {name}=\"{}\"", escape(&value)));
                        }
                    }
                    written.push('>');
                    continue;
                }
                address => {
                    let words = attribute(tag, "alt").filter(|words| !words.trim().is_empty());
                    let words = words.as_deref().or(address.as_deref()).unwrap_or_default();
                    match address.as_deref().filter(|_| !open_links.contains(&true)) {
                        Some(address) => {
                            let (address, words) = (escape(address), escape(words));
                            written.push_str(&format!("<a href=\"{address}\"{rel}>{words}</a>"));
                        }
                        None => written.push_str(&escape(words)),
                    }
                    continue;
                }
            },
            _ => {}
        }
        written.push_str(tag);
    }
    written.push_str(rest);
    written
}

/// Returns the length of a tag up to and including its `>`; a `>` inside a quoted value does not
/// count.
fn tag_length(text: &str) -> usize {
    let mut quoted = false;
    let end = text.bytes().position(|b| {
        quoted ^= b == b'"';
        b == b'>' && !quoted
    });
    end.map_or(text.len(), |at| at + 1)
}

/// Returns the value of an attribute in a tag of well-formed HTML, where no value contains `"`.
fn attribute(tag: &str, name: &str) -> Option<String> {
    let mut rest = tag.split_once(' ')?.1;
    while let Some((before, after)) = rest.split_once("=\"") {
        let (value, after) = after.split_once('"')?;
        if before.trim() == name {
            return Some(html_escape::decode_html_entities(value).into_owned());
        }
        rest = after;
    }
    None
}

fn escape(text: &str) -> String {
    html_escape::encode_quoted_attribute(text).into_owned()
}
