//! Reads the fields of an item from its elements.

use crate::config::Ai;
use crate::import::feed::author;
use crate::import::feed::element::Element;
use crate::import::feed::space::Space;
use crate::import::record::{Field, Value};
use crate::import::{date_field, html};

pub(super) fn is_field(element: &Element, name: &str) -> bool {
    matches!(element.space, Space::Feed | Space::Atom) && element.name == name
}

pub(super) fn is_dublin(element: &Element, name: &str) -> bool {
    element.space == Space::Dublin && element.name == name
}

/// The element with the link of an item or a feed, and the link: `<link>` of RSS, else the page
/// among the links of Atom, else another one that leads to a text.
pub(super) fn link_element(elements: &[Element]) -> Option<(&Element, String)> {
    let links = || elements.iter().filter(|element| is_field(element, "link"));
    let as_text =
        links().find(|element| !element.words().is_empty()).map(|element| (element, element.words()));
    let with_rel = |wanted: fn(&str) -> bool| {
        let mut found = links().filter(|element| !element.attribute("href").is_empty());
        found
            .find(|element| wanted(element.attribute("rel")))
            .map(|element| (element, element.attribute("href")))
    };
    let found = as_text
        .or_else(|| with_rel(|rel| matches!(rel, "" | "alternate")))
        .or_else(|| with_rel(|rel| matches!(rel, "related" | "via")));
    found.map(|(element, link)| (element, link.to_owned()))
}

/// The first element with text of the first name that has one. A date of no date, as programs write
/// it, is used only if there is no other.
pub(super) fn first<'e>(elements: &'e [Element], names: &[&str]) -> Option<&'e Element> {
    let found = |is_nothing: bool| {
        names.iter().find_map(|name| {
            elements.iter().find(|element| {
                (is_field(element, name) || is_dublin(element, name))
                    && !element.words().is_empty()
                    && date_field::is_nothing(element.words()) == is_nothing
            })
        })
    };
    found(false).or_else(|| found(true))
}

/// The plain text of a title, which can be HTML. References stay, since all fields are decoded
/// together.
pub(super) fn title(element: &Element) -> String {
    let is_xhtml = !element.children.is_empty();
    match element.attribute("type") {
        _ if is_xhtml => html::without_tags(&element.html),
        kind if kind.contains("html") => html::without_tags(&element.text),
        _ => element.words().to_owned(),
    }
}

/// The value of an element with a text, `None` if it is empty or not a text.
pub(super) fn body(element: &Element) -> Option<Value> {
    let kind = element.attribute("type");
    let is_text =
        kind.is_empty() || kind.starts_with("text") || kind.contains("html") || kind.ends_with("xml");
    if !is_text || (element.words().is_empty() && element.children.is_empty()) {
        return None;
    }
    // RSS has HTML in its descriptions; Atom names it.
    let is_rss = matches!(element.name.as_str(), "description" | "encoded") && element.space != Space::Dublin;
    Some(if !element.children.is_empty() {
        Value::Html(without_outer_div(element).to_owned())
    } else if is_rss || kind.contains("html") {
        Value::Html(element.text.clone())
    } else {
        Value::of_words(&Field::Body, element.text.clone())
    })
}

/// The description of an item in the vocabularies of media: `itunes:summary`, and the description
/// of Media RSS, directly in the item or in its `media:group`.
pub(super) fn description(element: &Element) -> Option<Value> {
    let words = match (element.space, element.name.as_str()) {
        (Space::Itunes, "summary") | (Space::Media, "description") => element.words(),
        (Space::Media, "group" | "content") => {
            let found = element.children.iter().find(|(name, _)| name == "description");
            found.map_or("", |(_, text)| text.trim())
        }
        _ => "",
    };
    (!words.is_empty()).then(|| Value::of_words(&Field::Body, words.to_owned()))
}

/// The content of an XHTML text, which has one `div` around it (RFC 4287, section 3.1.1.3).
fn without_outer_div(element: &Element) -> &str {
    let html = element.html.trim();
    let is_one = element.words().is_empty() && matches!(&element.children[..], [(name, _)] if name == "div");
    let inner = html.split_once('>').and_then(|(_, rest)| rest.strip_suffix("</div>"));
    inner.filter(|_| is_one).unwrap_or(html)
}

/// The end of the scheme of categories that say whether a model wrote a text: the vocabulary of the
/// IPTC, as feeds of newsprint have it.
const SOURCE_TYPES: &str = "newscodes/digitalsourcetype/";

/// The part of a model in the text, from a category.
pub(super) fn ai(element: &Element) -> Option<Ai> {
    let is_source_type = is_field(element, "category") && element.attribute("scheme").ends_with(SOURCE_TYPES);
    match element.attribute("term") {
        "trainedAlgorithmicMedia" if is_source_type => Some(Ai::Generated),
        "compositeWithTrainedAlgorithmicMedia" if is_source_type => Some(Ai::Assisted),
        _ => None,
    }
}

/// The term of a category: the label of Atom, else its term; the text of RSS and Dublin Core.
pub(super) fn category(element: &Element) -> Option<String> {
    let is_category = is_field(element, "category") || is_dublin(element, "subject");
    // Blogger names the type of an entry in a category.
    let scheme = element.attribute("scheme");
    if !is_category || scheme.ends_with("g/2005#kind") || scheme.ends_with(SOURCE_TYPES) {
        return None;
    }
    let words = [element.attribute("label"), element.attribute("term"), element.words()];
    words.into_iter().find(|word| !word.is_empty()).map(str::to_owned)
}

/// The names of the authors, each once.
pub(super) fn authors(elements: &[Element]) -> Vec<String> {
    let mut all: Vec<String> = Vec::new();
    for element in elements {
        if !(is_field(element, "author") || is_dublin(element, "creator")) {
            continue;
        }
        let child = |name: &str| element.children.iter().find(|(known, _)| known == name);
        let written =
            child("name").or_else(|| child("email")).map_or(element.text.as_str(), |(_, text)| text);
        for name in author::names(written) {
            if !all.contains(&name) {
                all.push(name);
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use crate::import::feed::entry::tests::{of, value, words};
    use crate::import::record::{Field, Value};
    use crate::yaml::Node;

    #[test]
    fn the_text_is_the_content_or_the_description() {
        let html = |text: &str| Some(Value::Html(text.to_owned()));
        for (text, wanted) in [
            ("<description>甲</description>", html("甲")),
            ("<description>甲<br/>乙</description>", html("甲<br>乙")),
            ("<description>甲</description><content:encoded>乙</content:encoded>", html("乙")),
            ("<description>甲</description><content:encoded/>", html("甲")),
            ("<excerpt:encoded>甲</excerpt:encoded><content:encoded>乙</content:encoded>", html("乙")),
            ("<content>甲</content>", Some(Value::Text("甲".to_owned()))),
            ("<content>甲&lt;/p></content>", html("甲</p>")),
            ("<content type='html'>甲</content>", html("甲")),
            ("<content type='xhtml'> <div a='>'><p>甲<br/>乙</p></div> </content>", html("<p>甲<br>乙</p>")),
            ("<content type='xhtml'>甲<div>乙</div></content>", html("甲<div>乙</div>")),
            (
                "<content type='image/png'>aaaa</content><summary>甲</summary>",
                Some(Value::Text("甲".to_owned())),
            ),
            ("<content src='https://e.org/a'/>", None),
            ("<media:content>甲</media:content>", None),
        ] {
            assert_eq!(value(text, &Field::Body), wanted, "{text}");
        }
        let both = "<description>&lt;b>甲&lt;/b></description><content:encoded>乙</content:encoded>";
        assert_eq!(value(both, &Field::Summary), html("<b>甲</b>"));
        assert_eq!(words("<description>甲</description>", &Field::Summary), None);
        let text = "<content>甲</content><summary type='text'>用 &lt;div> 写 Vec&lt;T></summary>";
        assert_eq!(value(text, &Field::Summary), Some(Value::Text("用 <div> 写 Vec<T>".to_owned())));
    }

    #[test]
    fn the_text_of_a_video_or_an_episode_is_its_description() {
        let text = |text: &str| Some(Value::Text(text.to_owned()));
        for (written, wanted) in [
            (
                "<media:group><media:title>x</media:title><media:description>甲\n乙</media:description></media:group>",
                text("甲\n乙"),
            ),
            ("<media:content url='x'><media:description>甲</media:description></media:content>", text("甲")),
            ("<media:description>甲</media:description>", text("甲")),
            ("<itunes:summary>甲</itunes:summary>", text("甲")),
            ("<itunes:summary>&lt;p>甲&lt;/p></itunes:summary>", Some(Value::Html("<p>甲</p>".to_owned()))),
            ("<itunes:subtitle>甲</itunes:subtitle>", None),
            ("<media:group><media:description> </media:description></media:group>", None),
            ("<itunes:summary>甲</itunes:summary><content>乙</content>", text("乙")),
            ("<description/><itunes:summary>甲</itunes:summary>", text("甲")),
            ("<summary>乙</summary><media:description>甲</media:description>", text("乙")),
        ] {
            assert_eq!(value(written, &Field::Body), wanted, "{written}");
            assert_eq!(value(written, &Field::Summary), None, "{written}");
        }
    }

    #[test]
    fn titles_are_plain_text() {
        for (text, wanted) in [
            ("<title>a &amp; b</title>", Some("a & b")),
            ("<title type='html'>&lt;b>a&lt;/b> &amp;amp; c</title>", Some("a & c")),
            ("<title type='html'>&amp;amp;lt;T></title>", Some("&amp;lt;T>")),
            ("<title type='xhtml'><div>a <b>b</b></div></title>", Some("a b")),
            ("<title/><dc:title>a</dc:title>", Some("a")),
            ("<media:title>a</media:title>", None),
        ] {
            assert_eq!(words(text, &Field::Title).as_deref(), wanted, "{text}");
        }
    }

    #[test]
    fn terms_and_authors_come_from_all_vocabularies() {
        let text = "<category>a</category><category term='b' label='c'/><category term='d'/><dc:subject>e</dc:subject><media:category>f</media:category><category scheme='x/g/2005#kind' term='g'/>";
        let items = ["a", "c", "d", "e"].map(str::to_owned).to_vec();
        assert_eq!(value(text, &Field::Terms(0)), Some(Value::Items(items)));
        let source_type = |term: &str| {
            format!(
                "<category scheme='http://cv.iptc.org/newscodes/digitalsourcetype/' term='{term}' label='x'/>"
            )
        };
        for (term, ai) in [
            ("trainedAlgorithmicMedia", Some("generated")),
            ("compositeWithTrainedAlgorithmicMedia", Some("assisted")),
            ("digitalCapture", None),
        ] {
            let text = source_type(term) + "<category term='trainedAlgorithmicMedia'/>";
            assert_eq!(value(&text, &Field::Ai), ai.map(|ai| Value::Text(ai.to_owned())), "{term}");
            let terms = vec!["trainedAlgorithmicMedia".to_owned()];
            assert_eq!(value(&text, &Field::Terms(0)), Some(Value::Items(terms)));
        }
        let text = "<author>a@b.cn (甲)</author><author><name>乙</name></author><dc:creator>甲</dc:creator><author><email>c@d.cn</email></author>";
        let names = ["甲", "乙", "c@d.cn"].map(|name| Node::Text(name.to_owned())).to_vec();
        assert_eq!(value(text, &Field::Extra("author".to_owned())), Some(Value::Data(Node::List(names))));
        assert!(of("<title>a</title>").get(&Field::Terms(0)).is_none());
    }
}
