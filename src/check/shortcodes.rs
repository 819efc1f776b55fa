//! Finds template syntax of other generators that is shown as text: shortcodes, Liquid, attribute
//! lists and the brackets of WordPress.

use std::ops::Range;

/// The maximum number of characters of a shortcode.
const MAX_CHARACTERS: usize = 500;

/// Shortcodes of WordPress and of its most frequent plugins (developer.wordpress.org, "Shortcode").
const WORDPRESS: [&str; 16] = [
    "caption",
    "wp_caption",
    "gallery",
    "audio",
    "video",
    "playlist",
    "embed",
    "youtube",
    "vimeo",
    "sourcecode",
    "code",
    "contact-form-7",
    "toc",
    "button",
    "spoiler",
    "download",
];

/// All shortcodes in a text, in the order of the text. `[caption]…[/caption]` is one.
pub(super) fn all(text: &str) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut end = 0;
    for (at, _) in text.match_indices(['{', '[']) {
        if at < end {
            continue;
        }
        let length = if text[at..].starts_with('{') { in_braces(text, at) } else { in_brackets(text, at) };
        if let Some(length) = length {
            end = at + length;
            found.push(at..end);
        }
    }
    found
}

/// The beginning of a text, at most [`MAX_CHARACTERS`]: the bound keeps the search linear in texts
/// with thousands of brackets.
pub(super) fn beginning(text: &str) -> &str {
    let end = text.char_indices().nth(MAX_CHARACTERS);
    &text[..end.map_or(text.len(), |(at, _)| at)]
}

/// The length of the shortcode in braces that begins at `at`:
///
/// - Hugo (gohugo.io, "Shortcodes"): `{{< figure >}}`, `{{% note %}}`.
/// - Jekyll, Hexo, Zola, Nunjucks (Liquid, Jinja): `{% tag %}`, `{{ call() }}`,
///   `{{ name | filter }}`, `{{ site.name }}`, `{# comment #}`. `{{ name }}` alone may be an example of a template.
/// - kramdown ("Attribute List Definitions"): `{: .class}`, `{::options /}`.
fn in_braces(text: &str, at: usize) -> Option<usize> {
    // `${{ secrets.KEY }}` is an expression of a workflow, `\{` is no template.
    if text[..at].ends_with(['$', '{']) {
        return None;
    }
    let rest = beginning(&text[at..]);
    let (begin, end) =
        [("{{<", ">}}"), ("{{%", "%}}"), ("{%", "%}"), ("{{", "}}"), ("{#", "#}"), ("{:", "}")]
            .into_iter()
            .find(|(begin, _)| rest.starts_with(begin))?;
    let length = begin.len() + rest[begin.len()..].find(end)?;
    let inside = rest[begin.len()..length].trim_matches(|c: char| c.is_whitespace() || c == '-');
    let is_one = match begin {
        "{{" => is_expression(inside),
        "{:" => is_attribute_list(inside),
        "{#" => !inside.is_empty() && rest[2..].starts_with([' ', '-', '\n']),
        _ => {
            // `{%d%%}` is a format.
            let tag = inside.trim_start_matches('/').trim_start();
            let length = name(tag);
            length > 0 && !tag[length..].starts_with(['%', '}', '{'])
        }
    };
    is_one.then_some(length + end.len())
}

/// The length of the name at the beginning of a text.
fn name(text: &str) -> usize {
    let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '/');
    text.find(|c| !is_name(c)).unwrap_or(text.len())
}

/// True for a call, a filter, or a field of an object.
fn is_expression(inside: &str) -> bool {
    let is_path = |text: &str| {
        let mut parts = text.split('.');
        let is_word = |part: &str| !part.is_empty() && name(part) == part.len();
        let all = parts.all(is_word);
        all && text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_') && text.is_ascii()
    };
    let (head, filters) = inside.split_once('|').unwrap_or((inside, ""));
    let head = head.trim();
    let length = name(head);
    let is_call = length > 0 && head[length..].starts_with('(') && head.is_char_boundary(length);
    let is_field = head.contains('.') && is_path(head) && !head.starts_with(|c: char| c.is_ascii_digit());
    let is_filtered = name(filters.trim_start()) > 0 && !head.is_empty();
    // Zola calls its own shortcodes by a path, Hugo writes fields with a leading point.
    is_call || is_field || is_filtered || (head.starts_with('.') && is_path(&head[1..]))
}

/// True for what kramdown allows in `{: }`: classes, ids, attributes, and the names of its own.
fn is_attribute_list(inside: &str) -> bool {
    let inside = inside.trim_start_matches([':', '/']).trim_end_matches('/').trim();
    let is_part = |part: &str| {
        let is_mark = part.len() > 1 && part.starts_with(['.', '#']);
        let is_attribute =
            part.split_once('=').is_some_and(|(key, _)| !key.is_empty() && name(key) == key.len());
        is_mark || is_attribute || matches!(part, "toc" | "nomarkdown" | "options" | "comment")
    };
    // A value in quotation marks may contain spaces; its first word decides.
    inside.split_whitespace().next().is_some_and(is_part)
}

/// The length of the shortcode in brackets that begins at `at`: `[gallery ids="1"]`, with its text
/// and its closing `[/caption]` if it has one.
fn in_brackets(text: &str, at: usize) -> Option<usize> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, ']' | ')' | '[' | '!')) {
        return None;
    }
    let rest = &text[at..];
    let inside = beginning(&rest[1..]);
    let close = inside.find(']')?;
    let inside = &inside[..close];
    let end = 1 + close + 1;
    if let Some(closed) = inside.strip_prefix('/') {
        return WORDPRESS.contains(&closed).then_some(end);
    }
    let length = name(inside);
    let (tag, attributes) = (&inside[..length], inside[length..].trim());
    let is_tag = tag.starts_with(|c: char| c.is_ascii_lowercase()) && tag.is_ascii() && !tag.ends_with('/');
    if !is_tag || (rest[end..].starts_with(['(', '[', ':']) && !rest[end..].starts_with("[/")) {
        return None;
    }
    let quoted = attributes.split_once('=').is_some_and(|(key, value)| {
        !key.is_empty() && name(key) == key.len() && value.starts_with(['"', '\'', '“', '”', '″'])
    });
    let plain = attributes.split_once('=').is_some_and(|(key, _)| !key.is_empty() && name(key) == key.len());
    let closing = format!("[/{tag}]");
    let closed = beginning(&rest[end..]).find(&closing).map(|found| end + found + closing.len());
    let is_known = WORDPRESS.contains(&tag);
    let stands_alone = attributes.is_empty() && is_known && text.trim() == &rest[..end];
    match closed {
        Some(length) if is_known || attributes.is_empty() || plain => Some(length),
        _ => (quoted || (is_known && plain) || stands_alone).then_some(end),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        all(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn shortcodes_of_other_generators_are_found() {
        for text in [
            "{{< figure src=\"/a.png\" >}}",
            "{{<ref \"a.md\">}}",
            "{{</ note >}}",
            "{{%note%}}",
            "{{% notice\nwarning %}}",
            "{% post_link b %}",
            "{% raw %}",
            "{%- include a.html -%}",
            "{% end %}",
            "{% endraw %}",
            "{% 引用 %}",
            "{{ youtube(id=\"x\") }}",
            "{{ shortcodes/a(b=1) }}",
            "{{ x | relative_url }}",
            "{{ \"/a.png\" | relative_url }}",
            "{{ site.baseurl }}",
            "{{site.baseurl}}",
            "{{- page.title -}}",
            "{{ .Title }}",
            "{{ page.date | date: \"%Y\" }}",
            "{# 注释 #}",
            "{: .btn}",
            "{:.no_toc}",
            "{: #id .a title=\"b c\"}",
            "{:toc}",
            "{: target=\"_blank\"}",
            "{::nomarkdown}",
            "{:/comment}",
            "{::options toc_levels=\"2\" /}",
            "[caption id=\"a\" width=\"3\"]图[/caption]",
            "[gallery ids=\"1,2\"]",
            "[gallery ids=1,2]",
            "[gallery]",
            "[embed]https://e.org/a[/embed]",
            "[video mp4=\"a.mp4\"][/video]",
            "[su_button url=\"a\"]按钮[/su_button]",
            "[contact-form-7 id=\"1\"]",
            "[/caption]",
        ] {
            assert_eq!(shown(text), [text], "{text}");
            if text != "[gallery]" {
                let around = format!("见 {text}。");
                assert_eq!(shown(&around), [text], "{text}");
            }
        }
    }

    #[test]
    fn every_shortcode_of_a_text_is_found() {
        assert_eq!(
            shown("{{< a >}}一{% b %}二{{ c() }}[embed]d[/embed]{: .e}"),
            ["{{< a >}}", "{% b %}", "{{ c() }}", "[embed]d[/embed]", "{: .e}"]
        );
        assert_eq!(shown("![]({{ site.baseurl }}/x)"), ["{{ site.baseurl }}"]);
    }

    #[test]
    fn other_text_in_brackets_is_no_shortcode() {
        for text in [
            "{{ title }}",
            "{{}}",
            "{{ }}",
            "{a}",
            "100{% }",
            "{{< >}}",
            "{% %}",
            "{{%%}}",
            "${{ secrets.KEY }}",
            "${{ github.ref | x }}",
            "{{{ a.b }}}",
            "{{ 1.5 }}",
            "{{ 3 + 4 }}",
            "{{ 你好。 }}",
            "{#}",
            "{#a#}",
            "{:}",
            "{: }",
            "{a: b}",
            "{:key}",
            "{:,}",
            "￼% raw %￼",
            "[gallery](a)",
            "[视频]",
            "[video] 看",
            "[1]",
            "[a=b]",
            "a[b=\"c\"]",
            "[x]",
            "[/x]",
            "[todo] [done]",
            "[a][b]",
            "[Video width=\"3\"]",
            "[1=\"a\"]",
            "[[a]]",
            "[code]",
            "{'a': {'b': 1}}",
            "\\frac{a}{b}",
            "{{a}_b}",
            "{% 没有结束",
        ] {
            let found = shown(text);
            let is_alone = text == "[code]";
            assert_eq!(found.is_empty(), !is_alone, "{text}: {found:?}");
        }
        assert!(all(&"{% x".repeat(10_000)).is_empty());
        assert!(all(&"[x y=".repeat(10_000)).is_empty());
    }

    #[test]
    fn shortcodes_in_brackets_are_told_from_links_and_words() {
        for (text, wanted) in [
            ("[gallery ids=\"1\"]", &["[gallery ids=\"1\"]"] as &[&str]),
            ("[x ids=\"1\"]甲", &["[x ids=\"1\"]"]),
            ("[x 1d=2]甲[/x]", &["[x 1d=2]甲[/x]"]),
            ("[x]甲[/x]", &["[x]甲[/x]"]),
            ("[x a b]甲[/x]", &[]),
            ("[x =1]甲[/x]", &[]),
            ("[x a b=1]甲[/x]", &[]),
            ("[x ids=1]甲", &[]),
            ("[gallery ids=1]甲", &["[gallery ids=1]"]),
            ("[gallery a b]甲", &[]),
            ("[x ids=\"1\"](a)", &[]),
            ("[x ids=\"1\"][b]", &[]),
            ("[x ids=\"1\"]: a", &[]),
            ("[x ids=\"1\"][/x]", &["[x ids=\"1\"][/x]"]),
            ("[é ids=\"1\"]", &[]),
            ("[X ids=\"1\"]", &[]),
            ("[x/ ids=\"1\"]", &[]),
            ("![x ids=\"1\"]", &[]),
            ("](a)[x ids=\"1\"]", &[]),
            ("[gallery] [gallery]", &[]),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    #[test]
    fn a_call_a_field_and_a_filter_are_expressions() {
        for text in ["f()", "a/b()", "a.b", "_a.b", ".Title", ".a.b", "x | y", "\"/a.png\" | relative_url"] {
            assert!(is_expression(text), "{text}");
        }
        for text in [
            "title", "1.5", "3 + 4", "| x", "x |", "x | (", ".", "a..b", "a b.c", "é.b", "a.é", "()", "f ()",
            "",
        ] {
            assert!(!is_expression(text), "{text}");
        }
        for text in [".btn", "#id", "a=b", "toc", ":options /", "/comment", "target=\"a b\"", ".a b"] {
            assert!(is_attribute_list(text), "{text}");
        }
        for text in ["", ".", "#", "=b", "key", "a b=c", "a b"] {
            assert!(!is_attribute_list(text), "{text}");
        }
        for (text, wanted) in [("a-b_c/d e", 7), ("", 0), ("甲乙(", 6), (".a", 0)] {
            assert_eq!(name(text), wanted, "{text}");
        }
        assert_eq!(beginning(&"字".repeat(501)).chars().count(), 500);
        assert_eq!(beginning("字"), "字");
    }
}
