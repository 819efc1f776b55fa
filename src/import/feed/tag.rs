//! Reads the attributes of a start tag.

use std::collections::HashMap;

use quick_xml::Reader;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use url::Url;

use crate::import::feed::base::Bases;

/// The attributes of a start tag, and the base of addresses that its `xml:base` sets.
pub(super) fn read_tag(tag: &str, outer: Bases<'_>) -> (HashMap<String, String>, Option<Url>) {
    let mut reader = Reader::from_str(tag);
    match reader.read_event() {
        Ok(Event::Start(start) | Event::Empty(start)) => {
            let attributes = attributes(&start);
            let base = outer.inner(attributes.get("xml:base"));
            (attributes, base)
        }
        _ => (HashMap::new(), outer.declared.cloned()),
    }
}

/// The attributes of a tag, by the name as written. Of two with one name, the first counts.
pub(super) fn attributes(start: &BytesStart<'_>) -> HashMap<String, String> {
    let mut all = HashMap::new();
    for attribute in start.html_attributes().with_checks(false).flatten() {
        let name = attribute.key.as_ref().to_owned();
        let value = attribute.normalized_value(XmlVersion::Implicit1_0);
        let value = value.map_or_else(|_| attribute.value.to_string(), |value| value.into_owned());
        all.entry(name).or_insert(value);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attributes_are_decoded_and_the_first_of_a_name_counts() {
        for (tag, wanted) in [
            ("<a b='1' c=\"2\">", vec![("b", "1"), ("c", "2")]),
            ("<a b='1' b='2'/>", vec![("b", "1")]),
            ("<a b='&lt;&#8217;'>", vec![("b", "<’")]),
            ("<a b='&nosuch;'>", vec![("b", "&nosuch;")]),
            ("<a b=1 c>", vec![("b", "1"), ("c", "")]),
            ("<x:a x:b='1'>", vec![("x:b", "1")]),
            ("text", vec![]),
            ("", vec![]),
        ] {
            let mut found: Vec<_> = read_tag(tag, Bases::default()).0.into_iter().collect();
            found.sort();
            let wanted: Vec<_> = wanted.iter().map(|(a, b)| ((*a).to_owned(), (*b).to_owned())).collect();
            assert_eq!(found, wanted, "{tag}");
        }
    }
}
