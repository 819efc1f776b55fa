//! Finds HTML tags that the page shows as text, and tells them from words in angle brackets.

use std::collections::BTreeSet;
use std::ops::Range;

use crate::load::markdown::shown::Block;

/// The elements of HTML (WHATWG, section 4) and the old ones that texts still have.
const ELEMENTS: &str = " a abbr acronym address area article aside audio b base bdi bdo big blink blockquote body br \
    button canvas caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em \
    embed fieldset figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i \
    iframe img input ins kbd label legend li link main map mark marquee menu meta meter nav nobr noscript object ol \
    optgroup option output p picture pre progress q rp rt ruby s samp script search section select slot small \
    source span strike strong style sub summary sup svg table tbody td template textarea tfoot th thead time title \
    tr track tt u ul var video wbr ";

/// Elements that have no end tag and are used without attributes.
const ALONE: [&str; 3] = ["br", "hr", "wbr"];

/// A start tag that is shown: its block, and its bytes in the text of the block.
pub(super) type Tag = (usize, Range<usize>);

/// True for the name of a component of MDX or Vue, `TabItem`: a capital and small letters. `T` in
/// `<T>` is a type.
fn is_component(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_uppercase()) && name.chars().any(|c| c.is_ascii_lowercase())
}

/// The start tags that were meant as HTML: those with attributes or with an end tag, and `<br>`.
/// `Vec<String>` and `<name>` are words, as is `<div>` in a sentence about HTML. Of an HTML block,
/// only the first tag is returned.
pub(super) fn shown_tags(blocks: &[Block]) -> Vec<Tag> {
    let mut tags = Vec::new();
    let mut closed: BTreeSet<String> = BTreeSet::new();
    for (nth, block) in blocks.iter().enumerate() {
        for range in &block.html {
            let html = &block.text[range.clone()];
            let mut comment_end = 0;
            for (at, _) in html.match_indices('<') {
                let rest = &html[at + 1..];
                if at >= comment_end && rest.starts_with("!--") {
                    comment_end = rest.find("-->").map_or(html.len(), |end| at + end);
                }
                if at < comment_end {
                    continue;
                }
                let is_end = rest.starts_with('/');
                let rest = rest.trim_start_matches('/');
                let length = rest.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(rest.len());
                let name = rest[..length].to_ascii_lowercase();
                let is_component = is_component(&rest[..length]);
                if !(is_component || ELEMENTS.contains(&format!(" {name} "))) || name.is_empty() {
                    continue;
                }
                if is_end {
                    closed.insert(name);
                    continue;
                }
                let end = rest.find('>').map_or(rest.len(), |end| end + 1);
                if is_component && rest[..end].ends_with("/>") {
                    closed.insert(name.clone());
                }
                let start = range.start + at;
                tags.push((nth, start..start + 1 + end, name, rest[length..end].contains('=')));
            }
        }
    }
    let is_meant = |(nth, range, name, has_attributes): &(usize, Range<usize>, String, bool)| {
        let block = &blocks[*nth];
        let behind = block.text[range.end..].trim_start_matches([' ', '`', '”', '」']);
        let is_word = ["标签", "标记", "元素", "標籤", "標記", "tag", "element"]
            .iter()
            .any(|word| behind.starts_with(word));
        !is_word && (*has_attributes || closed.contains(name) || ALONE.contains(&name.as_str()))
    };
    let mut found: Vec<Tag> = Vec::new();
    for tag in tags.iter().filter(|tag| is_meant(tag)) {
        let begins_with_html =
            |block: &Block| block.html.first().is_some_and(|range| range.start == 0 && range.end > 0);
        let is_html_block = begins_with_html(&blocks[tag.0])
            && blocks[tag.0].html.iter().map(ExactSizeIterator::len).sum::<usize>()
                == blocks[tag.0].text.len();
        let is_repeated = is_html_block && found.last().is_some_and(|(nth, _)| *nth == tag.0);
        if !is_repeated {
            found.push((tag.0, tag.1.clone()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RawHtml;
    use crate::load::markdown::shown;

    fn tags(body: &str) -> Vec<String> {
        let blocks = shown::read(body, RawHtml::Text).blocks;
        shown_tags(&blocks).into_iter().map(|(nth, range)| blocks[nth].text[range].to_owned()).collect()
    }

    #[test]
    fn tags_that_were_meant_are_found() {
        for (body, wanted) in [
            ("甲<br>乙", &["<br>"] as &[&str]),
            ("见 <Badge text=\"x\"/> 在此", &["<Badge text=\"x\"/>"]),
            ("<Tabs>\n<TabItem value=\"a\">甲</TabItem>\n</Tabs>", &["<Tabs>"]),
            ("甲 <Note>乙</Note> 丙", &["<Note>"]),
            ("甲<br/>乙<BR />丙", &["<br/>", "<BR />"]),
            ("甲<b>乙</b>丙", &["<b>"]),
            ("<font color=red>红</font>", &["<font color=red>"]),
            ("10<sup>18</sup>、H<sub>2</sub>O", &["<sup>", "<sub>"]),
            ("<img src=\"a.png\">", &["<img src=\"a.png\">"]),
            ("<a href=\"/b\">甲", &["<a href=\"/b\">"]),
            ("<div>\n<p>甲</p>\n</div>", &["<div>"]),
            ("<div align=center>\n\n甲\n\n</div>", &["<div align=center>"]),
            ("<details>\n<summary>甲</summary>\n\n乙\n\n</details>", &["<details>"]),
            ("<iframe src=\"a\"></iframe>", &["<iframe src=\"a\">"]),
            ("- <kbd>A</kbd>", &["<kbd>"]),
            ("| <center>甲</center> |\n|---|\n", &["<center>"]),
        ] {
            assert_eq!(tags(body), wanted, "{body}");
        }
    }

    #[test]
    fn words_in_angle_brackets_are_no_tags() {
        for body in [
            "用 <div> 标签",
            "写 <br> 标签换行",
            "Vec<String>",
            "Map<String, u8>",
            "git clone <url>",
            "<your-name>",
            "`<b>甲</b>`",
            "```\n<b>甲</b>\n```",
            "\\<b>甲\\</b>",
            "&lt;b&gt;甲&lt;/b&gt;",
            "<https://e.org>",
            "a < b > c",
            "<!-- 注 -->",
            "<!-- <b>甲</b> -->x",
            "<!--\n<b>甲</b>\n-->",
            "甲 <!-- <br> -->",
            "<T>甲</T>",
            "List<String> 与 Option<Box<Node>>",
            "<Your Name>",
            "<custom-tag a=b>",
            "见 <title> 与 <head>",
            "<div> 是块元素",
        ] {
            assert_eq!(tags(body), [""; 0], "{body}");
        }
    }
}
