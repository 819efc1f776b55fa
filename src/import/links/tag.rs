//! Finds the tags of a text: shortcodes of Hugo and Zola, tags and outputs of Liquid and Nunjucks.

use std::ops::Range;

use crate::import::links::code;

/// A tag, as written between its signs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Tag {
    /// The place of the tag, with its signs.
    pub(super) range: Range<usize>,
    /// The name; one that ends a block begins with `/` (Hugo) or `end` (Liquid).
    pub(super) name: String,
    /// The arguments without a name.
    pub(super) arguments: Vec<String>,
    /// The arguments with a name.
    pub(super) named: Vec<(String, String)>,
}

/// The signs around tags.
const SIGNS: [(&str, &str); 4] = [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}")];

/// The tags of a text outside of code, in order. In `{% raw %}` there is none.
pub(super) fn tags(text: &str) -> Vec<Tag> {
    let code = code::ranges(text);
    let mut found: Vec<Tag> = Vec::new();
    let mut at = 0;
    let mut is_raw = false;
    while let Some(start) = text[at..].find('{').map(|start| at + start) {
        let inside = code.iter().find(|range| range.contains(&start));
        let signs = SIGNS.iter().find(|(open, _)| text[start..].starts_with(open));
        let Some((open, close)) = signs.filter(|_| inside.is_none()) else {
            at = inside.map_or(start + 1, |range| range.end);
            continue;
        };
        let inner = start + open.len();
        let Some(end) = text[inner..].find(close).map(|end| inner + end) else {
            at = inner;
            continue;
        };
        let range = start..end + close.len();
        let words = text[inner..end].trim().trim_matches('-').trim();
        let tag = parse(words, range.clone());
        // `{{` of a text is no output: those have a plain name.
        let is_tag = tag.as_ref().is_some_and(|tag| *open != "{{" || is_output(&tag.name, &text[inner..end]));
        let filtered = || filtered_address(words, range.clone()).filter(|_| *open == "{{");
        match tag.filter(|_| is_tag).or_else(filtered) {
            Some(tag) if !is_raw || tag.name == "endraw" => {
                is_raw = tag.name == "raw";
                at = range.end;
                found.push(tag);
            }
            _ => at = inner,
        }
    }
    found
}

/// True for `site.baseurl`, `page.title | escape` and Zola's `youtube(id="x")`.
fn is_output(name: &str, inner: &str) -> bool {
    !name.is_empty()
        && (name.starts_with("site.") || name.starts_with("page.") || inner.contains('('))
        && name.chars().next().is_some_and(|c| c.is_ascii_alphabetic())
}

/// An address with the filter that makes it one of the site: `"/a.png" | relative_url` of Jekyll
/// (<https://jekyllrb.com/docs/liquid/filters/>) and `"/a.png" | url` of Eleventy
/// (<https://www.11ty.dev/docs/filters/url/>). The tag has the name of the filter, and the address.
fn filtered_address(inner: &str, range: Range<usize>) -> Option<Tag> {
    let (address, filter) = inner.rsplit_once('|')?;
    let name = filter.split_whitespace().collect::<Vec<_>>().join(" ");
    let is_known = matches!(&*name, "relative_url" | "absolute_url" | "url")
        || matches!(&*name, "prepend: site.baseurl" | "prepend: site.url");
    let address = address.trim();
    let quote = address.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let address = address.strip_prefix(quote)?.strip_suffix(quote).filter(|inner| !inner.contains(quote))?;
    let name = if name.contains(' ') { "prepend".to_owned() } else { name };
    is_known.then(|| Tag { range, name, arguments: vec![address.to_owned()], named: Vec::new() })
}

/// Parses the inner of a tag: a name, then arguments at blanks or in brackets.
fn parse(inner: &str, range: Range<usize>) -> Option<Tag> {
    let inner = inner.trim_end_matches('/').trim_end();
    let end = inner.find(|c: char| c.is_whitespace() || c == '(').unwrap_or(inner.len());
    let (name, rest) = inner.split_at(end);
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/' | '.');
    if name.is_empty() || !name.chars().all(is_name) {
        return None;
    }
    let rest = rest.strip_prefix('(').map_or(rest, |rest| rest.trim_end().trim_end_matches(')'));
    let (mut arguments, mut named) = (Vec::new(), Vec::new());
    for word in words(rest) {
        match word.split_once('=') {
            Some((key, value)) if !key.is_empty() && key.chars().all(is_name) && !word.starts_with('"') => {
                named.push((key.to_owned(), unquoted(value)));
            }
            _ => arguments.push(unquoted(&word)),
        }
    }
    Some(Tag { range, name: name.to_owned(), arguments, named })
}

fn unquoted(word: &str) -> String {
    let inner = |quote: char| word.strip_prefix(quote).and_then(|word| word.strip_suffix(quote));
    inner('"').or_else(|| inner('\'')).or_else(|| inner('`')).unwrap_or(word).to_owned()
}

/// Splits at blanks and commas outside of quotation marks.
fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut word = String::new();
    let mut quote = None;
    for c in text.chars() {
        match quote {
            Some(open) if c == open => {
                quote = None;
                word.push(c);
            }
            Some(_) => word.push(c),
            None if matches!(c, '"' | '`') || c == '\'' && (word.is_empty() || word.ends_with('=')) => {
                quote = Some(c);
                word.push(c);
            }
            None if c.is_whitespace() || c == ',' => found.push(std::mem::take(&mut word)),
            None => word.push(c),
        }
    }
    found.push(word);
    found.retain(|word| !word.is_empty());
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each tag as name, arguments and named arguments.
    fn shown(text: &str) -> Vec<String> {
        let named =
            |tag: &Tag| tag.named.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>();
        let line = |tag: Tag| format!("{}[{}]{}", tag.name, tag.arguments.join("|"), named(&tag).join("|"));
        tags(text).into_iter().map(line).collect()
    }

    #[test]
    fn tags_of_all_generators_are_found() {
        for (text, wanted) in [
            ("{{< ref \"x y.md\" >}}", vec!["ref[x y.md]"]),
            ("{{% note %}}a{{% /note %}}", vec!["note[]", "/note[]"]),
            ("{{< figure src=\"a b.png\" alt='图' >}}", vec!["figure[]src=a b.png|alt=图"]),
            ("{{< img a.png />}}", vec!["img[a.png]"]),
            ("{% post_link x 'it is' %}", vec!["post_link[x|it is]"]),
            ("{%- raw -%}{{ site.x }}{%- endraw -%}", vec!["raw[]", "endraw[]"]),
            ("{{ site.baseurl }}/a", vec!["site.baseurl[]"]),
            ("{{ youtube(id=\"x\", autoplay=true) }}", vec!["youtube[]id=x|autoplay=true"]),
            ("`{{< a >}}` {{< b >}}", vec!["b[]"]),
            ("{{ '/a b.png' | relative_url }}", vec!["relative_url[/a b.png]"]),
            ("{{ \"/a.png\" | prepend: site.baseurl }}", vec!["prepend[/a.png]"]),
            ("{{ \"/a.png\" | escape }} {{ x | url }} {{ '/a' | x | url }}", vec![]),
            ("{{ x }} {a} {{< 未完", vec![]),
            ("{{}} {%%} { {", vec![]),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }
}
