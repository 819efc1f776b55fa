//! Finds markup in the text of a body that readers see as text: what other programs would apply,
//! and what failed to be Markdown.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::check::asterisks;
use crate::check::markup::Kind;
use crate::check::patterns;
use crate::check::shortcodes::{self, beginning};
use crate::load::markdown::shown::Block;

/// Markup that is shown as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Literal {
    /// What it is.
    pub(super) kind: Kind,
    /// Its bytes in the text of the block.
    pub(super) range: Range<usize>,
}

/// Finds the markup that a block shows, in the order of the text. Markup within other markup is
/// reported with it.
pub(super) fn find(block: &Block) -> Vec<Literal> {
    let text = block.text.as_str();
    // By the first byte; the ranges do not overlap.
    let mut found: BTreeMap<usize, Literal> = BTreeMap::new();
    let mut add = |kind, ranges: Vec<Range<usize>>| {
        for range in ranges {
            let before = found.range(..range.end).next_back();
            if before.is_none_or(|(_, before)| before.range.end <= range.start) {
                found.insert(range.start, Literal { kind, range });
            }
        }
    };
    if patterns::is_contents(text.trim()) {
        add(Kind::Contents, std::iter::once(0..text.trim_end().len()).collect());
    }
    if text.contains(['{', '[']) {
        add(Kind::Shortcode, shortcodes::all(text));
    }
    if text.contains("[[") {
        add(Kind::WikiLink, between(text, "[[", "]]", patterns::is_wiki_link));
    }
    if block.begins_quote && text.starts_with("[!") {
        add(Kind::Alert, patterns::alert(text));
    }
    if text.contains("$") {
        add(Kind::Formula, between(text, "$$", "$$", patterns::is_formula));
        add(Kind::Formula, between(text, "$", "$", patterns::is_short_formula));
    }
    if text.contains("==") {
        add(Kind::Highlight, between(text, "==", "==", patterns::is_highlight));
    }
    if text.contains("](") {
        add(Kind::Link, patterns::broken_links(text));
    }
    if text.contains(']') {
        add(Kind::DetachedLink, patterns::detached_links(text));
    }
    add(Kind::Container, lines(text, patterns::is_container));
    add(Kind::Heading, lines(text, patterns::is_heading));
    for mut range in asterisks::failed_emphasis(text) {
        let sign =
            range.start + text[range.start..].len() - text[range.start..].trim_start_matches('*').len();
        let before = found.range(..sign).next_back();
        if before.is_none_or(|(_, before)| before.range.end <= range.start) {
            // The words behind the asterisks only show where they are: other markup among them counts.
            let next = found.range(sign..).next().map_or(range.end, |(start, _)| *start);
            range.end = range.end.min(next);
            found.insert(range.start, Literal { kind: Kind::Emphasis, range });
        }
    }
    found.into_values().collect()
}

/// The passages between two signs on one line for which `is_meant` is true. It gets the character
/// before the passage, its inside, and the character after it.
fn between(
    text: &str,
    open: &str,
    close: &str,
    is_meant: fn(Option<char>, &str, Option<char>) -> bool,
) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut line_start = 0;
    for line in text.split_inclusive('\n') {
        let mut at = 0;
        while let Some(start) = line[at..].find(open).map(|start| at + start) {
            let inside = start + open.len();
            let Some(length) = beginning(&line[inside..]).find(close) else {
                at = inside;
                continue;
            };
            let end = inside + length + close.len();
            let before = line[..start].chars().next_back();
            if is_meant(before, &line[inside..inside + length], line[end..].chars().next()) {
                // `![[a.png]]` begins at its exclamation mark.
                let start = if open == "[[" && before == Some('!') { start - 1 } else { start };
                found.push(line_start + start..line_start + end);
                at = end;
            } else {
                at = inside;
            }
        }
        line_start += line.len();
    }
    found
}

/// The lines for which `length` gives the length of markup at their beginning.
fn lines(text: &str, length: fn(&str) -> Option<usize>) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split('\n') {
        if let Some(length) = length(line) {
            found.push(start..start + length);
        }
        start += line.len() + 1;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::RawHtml;
    use crate::load::markdown::shown;

    /// Kind and markup of what a body shows.
    fn literals(body: &str) -> Vec<(Kind, String)> {
        let blocks = shown::read(body, RawHtml::Text).blocks;
        let found = |block: &Block| -> Vec<(Kind, String)> {
            find(block).into_iter().map(|found| (found.kind, block.text[found.range].to_owned())).collect()
        };
        blocks.iter().flat_map(found).collect()
    }

    #[test]
    fn markup_of_other_programs_is_found() {
        use Kind::*;
        for (body, kind, wanted) in [
            ("见 [[某页]]。", WikiLink, "[[某页]]"),
            ("见[[某页|名字]]。", WikiLink, "[[某页|名字]]"),
            ("[[folder/a#b]]", WikiLink, "[[folder/a#b]]"),
            ("![[图.png]]", WikiLink, "![[图.png]]"),
            ("见 ![[a.pdf#page=3]]", WikiLink, "![[a.pdf#page=3]]"),
            ("> [!NOTE]\n> 注意", Alert, "[!NOTE]"),
            ("> [!warning]- 折叠\n> 文", Alert, "[!warning]"),
            ("> 甲\n\n> [!TIP] 乙", Alert, "[!TIP]"),
            ("- > [!CAUTION]\n  > 乙", Alert, "[!CAUTION]"),
            ("> [!multi-column]\n> 乙", Alert, "[!multi-column]"),
            ("::: tip\n文\n:::", Container, "::: tip"),
            (":::note\n\n文\n\n:::", Container, ":::note"),
            (":::: {.columns}\n文", Container, ":::: {.columns"),
            ("::: 提示\n文", Container, "::: 提示"),
            ("!!! note \"题\"", Container, "!!! note"),
            ("??? warning", Container, "??? warning"),
            ("???+ tip", Container, "???+ tip"),
            ("这是==重点==。", Highlight, "==重点=="),
            ("==a b== c", Highlight, "==a b=="),
            ("（==重点==）", Highlight, "==重点=="),
            ("**甲**==乙==丙", Highlight, "==乙=="),
            ("==第一==，==第二", Highlight, "==第一=="),
            ("$$E=mc^2$$", Formula, "$$E=mc^2$$"),
            ("质能 $$a + b = c$$ 式", Formula, "$$a + b = c$$"),
            ("$\\alpha$", Formula, "$\\alpha$"),
            ("复杂度 $O(n^2)$。", Formula, "$O(n^2)$"),
            ("$x_{i}$", Formula, "$x_{i}$"),
            ("[TOC]", Contents, "[TOC]"),
            ("[[toc]]", Contents, "[[toc]]"),
            ("@[toc]", Contents, "@[toc]"),
            ("##标题", Heading, "##标题"),
            ("###Title", Heading, "###Title"),
            ("文\n##标题", Heading, "##标题"),
            ("![图](/图 片.png)", Link, "![图](/图 片.png)"),
            ("[文](my file.md)", Link, "[文](my file.md)"),
            ("[文](https://e.org/a b)", Link, "[文](https://e.org/a b)"),
            ("![]({{ site.baseurl }}/x)", Shortcode, "{{ site.baseurl }}"),
            ("[x]({% post_url 2020-01-01-a %})", Shortcode, "{% post_url 2020-01-01-a %}"),
            ("{{<figure src=\"a\">}}", Shortcode, "{{<figure src=\"a\">}}"),
            ("这是**重点", Emphasis, "**重点"),
            ("这是 ** 重点 ** 呢", Emphasis, "** 重点 **"),
            ("[原文]（https://e.org/a）", DetachedLink, "[原文]（https://e.org/a）"),
            ("见 [原文] (https://e.org/a)。", DetachedLink, "[原文] (https://e.org/a)"),
            ("<https://e.org/a> [[x]]", WikiLink, "[[x]]"),
        ] {
            assert_eq!(literals(body), [(kind, wanted.to_owned())], "{body}");
        }
    }

    #[test]
    fn other_text_is_no_markup() {
        for body in [
            "[[1]](https://e.org)",
            "[[1,2],[3,4]]",
            "a[[0]]",
            "df[[\"a\"]]",
            "[[ -f a ]]",
            "[[nodiscard]] int f();",
            "grep [[:alpha:]] 与 [[:space:]]",
            "[[.a.]] 与 [[=a=]]",
            "<https://e.org/[[x]]/{{a.b}}>",
            "printf(\"{%d%%}\") 与 {%s} %}",
            "甲 ** 2 ** 乙",
            "[[gnu::always_inline]]",
            "[[deprecated(a)]]",
            "`[[a]]`",
            "\\[[a]]",
            "[[]]",
            "[[a]",
            "[[-z a]]",
            "甲 [!NOTE]",
            "> 甲 [!NOTE]",
            "> [!甲]",
            "> \\[!NOTE]",
            "> [!]",
            "> [NOTE]",
            "a::b",
            "Foo::Bar::",
            ":::",
            "甲 ::: 乙",
            "!!! 重大消息",
            "!!!note",
            "??? 为什么",
            "!!! notes",
            "a == b",
            "a==b",
            "if a==b or c==d",
            "(a)==b==",
            "=====",
            "== b ==",
            "x ==> y ==> z",
            "\\==a==",
            "`==a==`",
            "$5 到 $6",
            "$5 和 $10^6",
            "$$",
            "$$$ 很贵，$$ 便宜",
            "$HOME/$USER",
            "$A_B 与 $C",
            "`$x^2$`",
            "\\$x^2$",
            "US$5^2$",
            "$x$",
            "$$ 甲 $$",
            "C:\\a$b$",
            "[TOC] 是目录",
            "[toc](a)",
            "#标题",
            "# 标题",
            "## 标题",
            "##",
            "##标题##",
            "C## 语言",
            "\\##标题",
            "#######七",
            "##2024",
            "Map[K](a, b)",
            "f[0](x / y)",
            "[甲](乙 丙)",
            "[文](<my file.md>)",
            "[文](my%20file.md)",
            "\\[文](my file.md)",
            "[文](a.md \"题\")",
            "`[a](b c.md)`",
            "甲](乙 丙/丁)",
            "F\\*\\*king f(\\*\\*kwargs)",
            "\\{% raw %\\}",
            "f**k",
            "`{% raw %}` `{{ x.y }}` `$x^2$`",
            "```\n{% raw %}\n==a==\n[[b]]\n```",
            "    ::: tip",
        ] {
            assert_eq!(literals(body), [], "{body}");
        }
    }

    #[test]
    fn the_kinds_in_one_text_are_in_the_order_of_the_text() {
        let kinds: Vec<Kind> =
            literals("[[a]] ==b== {% c %} $x^2$ 己**戊").into_iter().map(|(kind, _)| kind).collect();
        assert_eq!(kinds, [Kind::WikiLink, Kind::Highlight, Kind::Shortcode, Kind::Formula, Kind::Emphasis]);
    }
}
