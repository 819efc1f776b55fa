//! What is done to HTML that has been cleaned: it is well-formed, so that its tags can be read one by one.

use crate::load::markdown::addresses::{Leads, leads};
use crate::load::markdown::options::RenderOptions;

/// How deep elements stand in one another in a well-formed text.
pub(super) fn depth(html: &str) -> usize {
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

/// Gives links to other hosts their `rel`, and makes links or words of images that may not be shown. What leads nowhere or stands in
/// another link is no link: a browser that reads links in links takes them apart and moves what follows.
pub(super) fn elsewhere(html: &str, options: &RenderOptions<'_>) -> String {
    let mut done = String::with_capacity(html.len());
    let mut rest = html;
    // Those that are open: are they kept?
    let mut links: Vec<bool> = Vec::new();
    let rel = if options.rel.is_empty() { String::new() } else { format!(" rel=\"{}\"", options.rel) };
    while let Some(at) = rest.find('<') {
        done.push_str(&rest[..at]);
        let (tag, after) = rest[at..].split_at(length_of_tag(&rest[at..]));
        rest = after;
        let name = tag[1..].split([' ', '>']).next().unwrap_or_default();
        let leads_elsewhere = |address: &str| leads(address, options.base_url, true) == Leads::Elsewhere;
        match name {
            "/a" => {
                let is_kept = links.pop().unwrap_or(true);
                if !is_kept {
                    continue;
                }
            }
            "h1" | "/h1" => {
                done.push_str(&tag.replacen("h1", "h2", 1));
                continue;
            }
            "a" => {
                let address = attribute(tag, "href").filter(|_| !links.contains(&true));
                links.push(address.is_some());
                let Some(address) = address else { continue };
                if leads_elsewhere(&address) {
                    done.push_str(tag.strip_suffix('>').unwrap_or(tag));
                    done.push_str(&format!("{rel}>"));
                    continue;
                }
            }
            // Pages that load their images when they are scrolled to name them elsewhere.
            "img" => match attribute(tag, "data-src").or_else(|| attribute(tag, "src")) {
                Some(address) if options.remote_images || !leads_elsewhere(&address) => {
                    done.push_str(&format!("<img src=\"{}\"", escaped(&address)));
                    // An image without words would be read out by its address.
                    for (name, value) in ["alt", "title", "width", "height", "lang", "dir"]
                        .map(|name| (name, attribute(tag, name)))
                    {
                        if let Some(value) = value.or_else(|| (name == "alt").then(String::new)) {
                            done.push_str(&format!(" {name}=\"{}\"", escaped(&value)));
                        }
                    }
                    done.push('>');
                    continue;
                }
                address => {
                    let words = attribute(tag, "alt").filter(|words| !words.trim().is_empty());
                    let words = words.as_deref().or(address.as_deref()).unwrap_or_default();
                    match address.as_deref().filter(|_| !links.contains(&true)) {
                        Some(address) => {
                            let (address, words) = (escaped(address), escaped(words));
                            done.push_str(&format!("<a href=\"{address}\"{rel}>{words}</a>"));
                        }
                        None => done.push_str(&escaped(words)),
                    }
                    continue;
                }
            },
            _ => {}
        }
        done.push_str(tag);
    }
    done.push_str(rest);
    done
}

/// Up to and with the `>` that stands in no value.
fn length_of_tag(text: &str) -> usize {
    let mut quoted = false;
    let end = text.bytes().position(|b| {
        quoted ^= b == b'"';
        b == b'>' && !quoted
    });
    end.map_or(text.len(), |at| at + 1)
}

/// The value of an attribute in a tag of a well-formed document, where no value holds a `"`.
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

fn escaped(text: &str) -> String {
    html_escape::encode_quoted_attribute(text).into_owned()
}
