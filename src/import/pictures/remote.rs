//! Pictures of other hosts: their addresses in an article, and the names of their copies.
//!
//! A copy is named by its URL, so that the folder of an article is the only memory: an import finds
//! the copies of an earlier one there, and requests nothing again.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use url::Url;

use crate::fingerprint::Fingerprint;
use crate::import::repair::{Kind, Repair};
use crate::load::bundle::is_picture;
use crate::load::markdown::written::addresses;

/// Characters of the fingerprint of a URL in the name of its copy.
const STEM: usize = 12;

/// The URL of a picture on another host, without a fragment; `None` for any other address. Of an
/// address that begins with `//`, the scheme is `https`.
#[must_use]
pub fn url(written: &str) -> Option<Url> {
    let written = written.trim();
    let whole = if written.starts_with("//") { format!("https:{written}") } else { written.to_owned() };
    // A user name or a password would be in the report.
    let is_plain = |url: &Url| url.username().is_empty() && url.password().is_none();
    let mut url =
        Url::parse(&whole).ok().filter(|url| matches!(url.scheme(), "http" | "https") && is_plain(url))?;
    url.set_fragment(None);
    Some(url)
}

/// The name of the copy of a picture, without its ending.
#[must_use]
pub fn stem(url: &Url) -> String {
    Fingerprint::of_bytes(url.as_str().as_bytes()).to_string().chars().take(STEM).collect()
}

/// The pictures of other hosts that an article shows: its image, then those of its text, each once.
#[must_use]
pub fn of_article(body: &str, image: Option<&str>, html: bool) -> Vec<Url> {
    let shown = addresses_of_images(body, html);
    let urls = image.and_then(url).into_iter().chain(shown.iter().filter_map(|shown| url(&shown.address)));
    let mut known = HashSet::new();
    urls.filter(|url| known.insert(url.clone())).collect()
}

fn addresses_of_images(body: &str, html: bool) -> Vec<crate::load::markdown::written::Written> {
    // Most articles have no image, and are not parsed.
    if !body.contains("//") || !(body.contains("![") || html && body.contains('<')) {
        return Vec::new();
    }
    let mut found = addresses(body, html);
    found.retain(|written| written.is_image);
    found
}

/// The copies in the folder of an article: the name of each file by its stem.
#[must_use]
pub fn stored(folder: &Path) -> HashMap<String, String> {
    let Ok(entries) = std::fs::read_dir(folder) else { return HashMap::new() };
    let files = entries.flatten().filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_file()));
    let names = files.filter_map(|entry| entry.file_name().into_string().ok());
    let stem = |name: &str| name.rsplit_once('.').map(|(stem, _)| stem.to_owned());
    let mut names: Vec<String> = names.filter(|name| is_picture(name)).collect();
    names.sort_unstable();
    names
        .into_iter()
        .filter_map(|name| Some((stem(&name).filter(|stem| stem.len() == STEM)?, name)))
        .collect()
}

/// Replaces the addresses of pictures by those of their copies, which `names` has by their stems.
/// `line` is that of the record.
pub fn replace(
    (body, image): (&mut String, &mut Option<String>),
    html: bool,
    names: &HashMap<String, String>,
    line: usize,
) -> Vec<Repair> {
    if names.is_empty() {
        return Vec::new();
    }
    let copy = |written: &str| names.get(&stem(&url(written)?)).cloned();
    let repair = |from: String, to: String| Repair { kind: Kind::Picture, from, to, line };
    let mut repairs = Vec::new();
    if let Some(name) = image.as_deref().and_then(copy)
        && let Some(from) = image.replace(name.clone())
    {
        repairs.push(repair(from, name));
    }
    let first = repairs.len();
    for written in addresses_of_images(body, html).into_iter().rev() {
        let Some(name) = copy(&written.address) else { continue };
        let from = body[written.range.clone()].to_owned();
        body.replace_range(written.range, &name);
        repairs.push(repair(from, name));
    }
    repairs[first..].reverse();
    repairs
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pictures_of_an_article_are_those_that_it_shows() {
        let body = "![a](https://e.org/a.png) [b](https://e.org/b.png) ![c](//e.org/c) ![d](d.png) ![e][f]\n\
                    ![a](https://e.org/a.png#x) <img src=\"http://e.org/g&amp;h\">\n\n[f]: https://e.org/f\n";
        let found = |html| -> Vec<String> {
            of_article(body, Some("https://e.org/i"), html).into_iter().map(String::from).collect()
        };
        let shown = ["https://e.org/i", "https://e.org/a.png", "https://e.org/c", "https://e.org/f"];
        assert_eq!(found(false), shown);
        assert_eq!(found(true)[3], "http://e.org/g&h");
    }

    #[test]
    fn the_folder_of_an_article_names_the_copies() {
        let folder = tempfile::tempdir().unwrap();
        let url = url("https://e.org/a.png?x=1&y=2").unwrap();
        let name = format!("{}.webp", stem(&url));
        for file in [name.as_str(), "p.png", "0123456789ab.txt"] {
            std::fs::write(folder.path().join(file), "x").unwrap();
        }
        let names = stored(folder.path());
        assert_eq!(names, HashMap::from([(stem(&url), name.clone())]));
        let mut body = "![a](https://e.org/a.png?x=1&amp;y=2 \"t\") ![b](https://e.org/b.png)".to_owned();
        let mut image = Some(url.to_string());
        let repairs = replace((&mut body, &mut image), false, &names, 7);
        assert_eq!(body, format!("![a]({name} \"t\") ![b](https://e.org/b.png)"));
        assert_eq!((image, repairs.len(), repairs[1].line), (Some(name), 2, 7));
    }
}
