//! Addresses that Pelican fills in: `{filename}/x.md`, `{static}images/a.png`, `{index}`.
//!
//! Source: `Content._link_replacer` of Pelican 4.12.0, and its documentation
//! (<https://docs.getpelican.com/en/4.12.0/content.html#linking-to-internal-content>).

use crate::import::links::targets::joined;
use crate::load::bundle;

/// An address that Pelican fills in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Filled {
    /// The path of a post's file.
    Post(String),
    /// The path of another file from the home of the site.
    File(String),
    /// The page of a term or an author, which has another address in a digest.
    Other,
}

/// Reads an address. `own` is the path of the post's file below the content. `None` if Pelican
/// leaves the address as it is.
pub(super) fn filled(written: &str, own: &str) -> Option<Filled> {
    let (open, close) = [('{', '}'), ('|', '|')].into_iter().find(|(open, _)| written.starts_with(*open))?;
    let (name, path) = written.strip_prefix(open)?.split_once(close)?;
    Some(match name {
        // Of a file that is no post, Pelican takes it for `{static}`.
        "filename" if !bundle::is_picture(path) => Filled::Post(path.to_owned()),
        "filename" | "static" | "attach" => {
            let folder = own.rsplit_once('/').map_or("", |(folder, _)| folder);
            let below = if path.starts_with('/') { joined("", path) } else { joined(folder, path) };
            Filled::File(format!("/{}", below?.trim_start_matches('/')))
        }
        "index" => Filled::File(format!("/{}", path.trim_start_matches('/'))),
        "tag" | "category" | "author" => Filled::Other,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_read_by_their_names() {
        let file = |path: &str| Some(Filled::File(path.to_owned()));
        for (written, wanted) in [
            ("{filename}/a/x.md", Some(Filled::Post("/a/x.md".to_owned()))),
            ("|filename|x.md", Some(Filled::Post("x.md".to_owned()))),
            ("{static}/images/a.png", file("/images/a.png")),
            ("{attach}a.png", file("/技术/a.png")),
            ("{filename}/images/a.png", file("/images/a.png")),
            ("|filename|a.png", file("/技术/a.png")),
            ("{static}../images/a.png", file("/images/a.png")),
            ("{static}../../a.png", None),
            ("{index}", file("/")),
            ("{tag}开源", Some(Filled::Other)),
            ("{x}y", None),
            ("{filename", None),
            ("/x.md", None),
        ] {
            assert_eq!(filled(written, "技术/own.md"), wanted, "{written}");
        }
    }
}
