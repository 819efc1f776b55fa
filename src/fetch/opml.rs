//! Reads the feeds of an OPML file (version 2.0), as feed readers export them.

use roxmltree::{Document, ParsingOptions};

use crate::diagnostic::{Diagnostic, Place};
use crate::fetch::edit::Named;
use crate::fetch::sources::parse_address;
use crate::text::lines::LinedText;

/// Elements of a file that are read at most.
const MAX_NODES: u32 = 1_000_000;

/// The feeds of a file, and a warning for each that has no valid address.
///
/// # Errors
/// The text is not XML, or has no feeds.
pub(super) fn read(path: &str, text: &str) -> Result<(Vec<Named>, Vec<Diagnostic>), Diagnostic> {
    let lined = LinedText::new(text);
    let help = || tr!("export the list of feeds again, as OPML");
    let options = ParsingOptions { nodes_limit: MAX_NODES, ..ParsingOptions::default() };
    let document = Document::parse_with_options(text, options).map_err(|error| {
        let position = error.pos();
        let line = text.split_inclusive('\n').take(position.row.saturating_sub(1) as usize);
        let start = line.map(str::len).sum::<usize>();
        let place = Place::at(path, &lined, start..start);
        Diagnostic::error(tr!("this is not XML: {error}", error)).at(place).help(help())
    })?;
    let (mut feeds, mut problems) = (Vec::new(), Vec::new());
    for outline in document.descendants().filter(|node| node.tag_name().name() == "outline") {
        let attribute = |name: &str| {
            let found = outline.attributes().find(|attribute| attribute.name().eq_ignore_ascii_case(name));
            found.map(|attribute| crate::fields::clean(attribute.value())).filter(|value| !value.is_empty())
        };
        let Some(address) = attribute("xmlUrl") else { continue };
        match parse_address(&address) {
            Ok(url) => {
                let name = attribute("title").or_else(|| attribute("text"));
                let host = || url.host_str().unwrap_or_default().to_owned();
                feeds.push(Named { name: name.unwrap_or_else(host), url: url.into() });
            }
            Err(message) => {
                let message = tr!("a feed is left out: {message}", message);
                let place = Place::at(path, &lined, outline.range());
                problems
                    .push(Diagnostic::warning(message).at(place).help(tr!("add it by hand if it is right")));
            }
        }
    }
    if feeds.is_empty() && problems.is_empty() {
        let message = tr!("this file has no feeds: no `outline` has an `xmlUrl`");
        return Err(Diagnostic::error(message).at(Place::file(path)).help(help()));
    }
    Ok((feeds, problems))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn feeds_in_folders_are_read_with_their_names() {
        let text = "<?xml version=\"1.0\"?>\n<opml version=\"2.0\"><body>\n<outline text=\"科技\">\
            <outline type=\"rss\" text=\"甲 &amp; 乙\" xmlUrl=\"https://e.org/feed?a=1&amp;b=2\"/>\n\
            <outline title=\"丙\" text=\"x\" xmlurl=\"https://f.org/\"/></outline>\n\
            <outline xmlUrl=\"https://g.org/\"/>\n<outline text=\"坏\" xmlUrl=\"feed:x\"/></body></opml>";
        let (feeds, problems) = read("a.opml", text).unwrap();
        let found: Vec<(&str, &str)> =
            feeds.iter().map(|feed| (feed.name.as_str(), feed.url.as_str())).collect();
        let wanted = [
            ("甲 & 乙", "https://e.org/feed?a=1&b=2"),
            ("丙", "https://f.org/"),
            ("g.org", "https://g.org/"),
        ];
        assert_eq!(found, wanted);
        assert_eq!((problems.len(), problems[0].place.as_ref().unwrap().line), (1, 6));
    }

    #[test]
    fn a_file_that_is_not_opml_is_named_with_the_line() {
        let error = read("a.opml", "<opml>\n<body></opml>").unwrap_err();
        assert_eq!(error.place.unwrap().line, 2);
        assert!(read("a.opml", "<opml/>").unwrap_err().message.contains("no feeds"));
        // Entities are not expanded.
        assert!(read("a.opml", "<!DOCTYPE x [<!ENTITY a 'b'>]><opml>&a;</opml>").is_err());
    }
}
