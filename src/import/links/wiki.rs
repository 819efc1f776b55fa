//! Links and tags as Obsidian writes them in a text: `[[x]]`, `[[x#h|words]]`, `![[p.png]]`, `#tag`
//! (<https://help.obsidian.md/links>, <https://help.obsidian.md/tags>).

use std::ops::Range;

use crate::import::links::code;
use crate::import::links::targets::{self, Own, Targets};
use crate::load::markdown::fragment;

/// A link in double brackets.
pub(super) struct WikiLink {
    pub(super) range: Range<usize>,
    /// Its Markdown; `None` if it leads to no post.
    pub(super) markdown: Option<String>,
}

/// Extensions of the files that are embedded as images.
const IMAGES: [&str; 8] = ["png", "jpg", "jpeg", "gif", "webp", "svg", "avif", "bmp"];

/// The comments of a text outside of its `code`, `%%…%%` (<https://help.obsidian.md/syntax#Comments>). One
/// that occupies whole lines ends behind its last line.
pub(super) fn comments(text: &str, code: &[Range<usize>]) -> Vec<Range<usize>> {
    let mut signs =
        text.match_indices("%%").map(|(at, _)| at).filter(|at| !code.iter().any(|range| range.contains(at)));
    let mut found: Vec<Range<usize>> = Vec::new();
    while let Some(start) = signs.next() {
        // Of `%%%`, the second pair overlaps.
        let Some(close) = signs.find(|at| *at >= start + 2) else { break };
        let mut end = close + 2;
        let begins_line = start == 0 || text[..start].ends_with('\n');
        if begins_line && text[end..].starts_with('\n') {
            end += 1;
        }
        found.push(start..end);
    }
    found
}

/// The links in double brackets outside of the `code` of a text, in order.
pub(super) fn links(text: &str, code: &[Range<usize>], own: Own<'_>, targets: &Targets) -> Vec<WikiLink> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find("[[").map(|start| at + start) {
        at = start + 2;
        if code.iter().any(|range| range.contains(&start)) {
            continue;
        }
        let line = text[at..].lines().next().unwrap_or_default();
        let Some(end) = line.find("]]").map(|end| at + end) else { continue };
        let inner = &text[at..end];
        let is_embedded = text[..start].ends_with('!');
        let range = start - usize::from(is_embedded)..end + 2;
        at = range.end;
        found.push(WikiLink { markdown: markdown(inner, is_embedded, own, targets), range });
    }
    found
}

fn markdown(inner: &str, is_embedded: bool, own: Own<'_>, targets: &Targets) -> Option<String> {
    let (target, words) = match inner.split_once('|') {
        // In tables, the bar is escaped.
        Some((target, words)) => (target.trim_end_matches('\\').trim(), Some(words.trim())),
        None => (inner.trim(), None),
    };
    let (page, heading) = match target.split_once('#') {
        Some((page, heading)) => (page.trim(), Some(heading.trim())),
        None => (target, None),
    };
    let extension = page.rsplit_once('.').map(|(_, extension)| extension.to_ascii_lowercase());
    let is_picture = extension.is_some_and(|extension| IMAGES.contains(&extension.as_str()));
    if is_picture && !is_embedded {
        let name = page.rsplit('/').next().unwrap_or(page);
        return Some(format!("[{}]({})", words.unwrap_or(name), address(page)));
    }
    if is_picture {
        // `|300` is a width.
        let is_width = |words: &&str| words.bytes().all(|b| b.is_ascii_digit() || b == b'x');
        let alternative = words.filter(|words| !is_width(words)).unwrap_or_default();
        return Some(format!("![{alternative}]({})", address(page)));
    }
    let path = if page.is_empty() {
        String::new()
    } else {
        let own_file = targets.file(&own.place.identity())?;
        targets::relative(own_file, targets.by_name(page, own.place)?)
    };
    // Of headings in headings (`#a#b`), the last one counts. A block (`#^x`) has no address.
    let named = heading.and_then(|heading| heading.rsplit('#').next()).filter(|name| !name.starts_with('^'));
    let fragment = named.map_or_else(String::new, |name| format!("#{}", fragment(name)));
    let name = page.rsplit('/').next().unwrap_or(page);
    let shown = words.unwrap_or(if page.is_empty() { heading.unwrap_or_default() } else { name });
    Some(format!("[{shown}]({})", address(&format!("{path}{fragment}"))))
}

/// An address in a link: in `<…>` if it has blanks or brackets.
fn address(written: &str) -> String {
    if written.contains([' ', '(', ')']) { format!("<{written}>") } else { written.to_owned() }
}

/// The tags in a text outside of code: `#` after a blank, then letters, digits, `_`, `-` and `/`,
/// with a letter among them.
#[must_use]
pub fn tags(text: &str) -> Vec<String> {
    let code = code::ranges(text);
    let hidden = [comments(text, &code), code].concat();
    let is_part = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
    let mut found: Vec<String> = Vec::new();
    for (at, _) in text.match_indices('#') {
        let is_start = text[..at].chars().next_back().is_none_or(char::is_whitespace);
        let rest = &text[at + 1..];
        let tag = &rest[..rest.find(|c| !is_part(c)).unwrap_or(rest.len())];
        let is_tag = is_start
            && tag.chars().any(|c| !c.is_numeric() && c.is_alphanumeric())
            && !hidden.iter().any(|range| range.contains(&at));
        if is_tag && !found.iter().any(|known| known == tag) {
            found.push(tag.trim_end_matches('/').to_owned());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tags_of_a_text_are_found() {
        for (text, wanted) in [
            ("#开源 与 #大模型/多模态。", vec!["开源", "大模型/多模态"]),
            ("a#b `#c` # d ## e #123 #1a", vec!["1a"]),
            ("```\n#x\n```\n#y #y", vec!["y"]),
            ("https://e.org/#frag", vec![]),
        ] {
            assert_eq!(tags(text), wanted, "{text}");
        }
    }
}
