//! Sets the levels and ids of headings.

use std::borrow::Cow;
use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

use crate::load::markdown::emphasis::LETTER;

/// Prefix of the ids of headings: without it, a heading could take the id of a part of the page.
const ID_PREFIX: &str = "h-";

/// Sets the levels of headings. The `h1` of the page is its title, so a body starts at `h2`; no
/// level is skipped (WCAG 2.2, technique G141).
pub(super) fn normalize_levels(events: &mut [Event<'_>]) {
    // Levels of the enclosing headings as written: a heading is one level below its parent.
    let mut parents: Vec<HeadingLevel> = Vec::new();
    let mut normalized = HeadingLevel::H2;
    for event in events {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                while parents.last().is_some_and(|last| last >= level) {
                    parents.pop();
                }
                parents.push(*level);
                normalized = HeadingLevel::try_from(parents.len() + 1).unwrap_or(HeadingLevel::H6);
                *level = normalized;
            }
            Event::End(TagEnd::Heading(level)) => *level = normalized,
            _ => {}
        }
    }
}

/// Protects braces at the end of a line from the parser, which would take all of them for the
/// attributes of a heading (`## 用 {x}`). Only those with an id or a class are attributes. The mark
/// behind the others is removed with those of emphasis.
pub(super) fn protect_braces(text: &str) -> Cow<'_, str> {
    let mut protected = String::new();
    let mut copied = 0;
    for (at, _) in text.match_indices('}') {
        let end = at + 1;
        let ends_line = text[end..].trim_start_matches([' ', '\t']).starts_with(['\n', '\r']);
        if (ends_line || text[end..].trim().is_empty()) && !ends_with_attributes(&text[..end]) {
            protected.push_str(&text[copied..end]);
            protected.push_str(LETTER);
            copied = end;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    protected.push_str(&text[copied..]);
    Cow::Owned(protected)
}

/// Whether a text ends with attributes of a heading: in braces, separated by spaces, each of them
/// `#id`, `.class` or `key=value`, at least one of the first two.
fn ends_with_attributes(text: &str) -> bool {
    let Some(open) = text.rfind(['{', '\n', '\r', '\\', '<', '>']) else { return false };
    let Some(inner) = text[open..].strip_prefix('{').and_then(|inner| inner.strip_suffix('}')) else {
        return false;
    };
    let escapes = text[..open].bytes().rev().take_while(|byte| *byte == b'\\').count();
    // `{{ x }}` and `{% x %}` are templates.
    if escapes % 2 == 1 || text[..open].ends_with('{') || inner.contains('}') {
        return false;
    }
    let is_name = |name: &str| !name.is_empty() && !name.starts_with(['#', '.']);
    let mut is_named = false;
    for attribute in inner.split_ascii_whitespace() {
        if let Some(name) = attribute.strip_prefix(['#', '.']) {
            if !is_name(name)
                || (attribute.starts_with('.') && name.starts_with(|c: char| c.is_ascii_digit()))
            {
                return false;
            }
            is_named = true;
        } else if !attribute.split_once('=').is_some_and(|(key, _)| is_name(key)) {
            return false;
        }
    }
    is_named
}

/// Gives each heading an id: the written one (`{#id}`), or else one made from its text. Rewrites
/// links within the body (`[see](#next-steps)`) to these ids. `mark` precedes the text in the id
/// until the HTML is sanitized. Classes and other attributes are dropped.
pub(super) fn set_ids(events: &mut [Event<'_>], mark: &str) {
    let mut names: HashMap<String, usize> = HashMap::new();
    let page_id = |name: String| CowStr::from(format!("{ID_PREFIX}{mark}{name}"));
    // Written ids first: a link to one must not lead to another heading with that text.
    for event in events.iter_mut() {
        if let Event::Start(Tag::Heading { id, classes, attrs, .. }) = event {
            classes.clear();
            attrs.clear();
            *id = id.take().and_then(|id| unique_name(&written_name(&id), &mut names)).map(page_id);
        }
    }
    let mut words: Option<(usize, String)> = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { id: None, .. }) => words = Some((at, String::new())),
            Event::Text(text) | Event::Code(text) => {
                if let Some((_, words)) = &mut words {
                    words.push_str(text);
                }
            }
            Event::SoftBreak | Event::HardBreak => {
                if let Some((_, words)) = &mut words {
                    words.push(' ');
                }
            }
            Event::End(TagEnd::Heading(_)) => {
                let Some((start, words)) = words.take() else { continue };
                let Some(name) = unique_name(&fragment(&words), &mut names) else { continue };
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
                    *id = Some(page_id(name));
                }
            }
            _ => {}
        }
    }
    for event in events {
        if let Event::Start(Tag::Link { dest_url, .. }) = event
            && let Some(written) = dest_url.strip_prefix('#')
            && names.contains_key(&decoded(written))
        {
            *dest_url = CowStr::from(format!("#{ID_PREFIX}{mark}{}", decoded(written)));
        }
    }
}

/// Converts a fragment as written in a source file (`#written`) to the fragment on the page.
pub(super) fn page_fragment(written: &str) -> String {
    format!("#{ID_PREFIX}{}", decoded(written))
}

/// True if [`set_ids`] made this id with this mark.
pub(super) fn is_heading_id(id: &str, mark: &str) -> bool {
    id.strip_prefix(ID_PREFIX).is_some_and(|rest| rest.starts_with(mark))
}

/// Decodes a written fragment to the form of ids. Lower case, because `#A` finds `a` on GitHub as
/// well.
fn decoded(written: &str) -> String {
    percent_encoding::percent_decode_str(written).decode_utf8_lossy().to_lowercase()
}

/// The name of an id that the author wrote, in the form of links to it.
fn written_name(id: &str) -> String {
    decoded(id).replace(|c: char| c.is_whitespace() || c.is_control(), "-")
}

/// Makes a fragment from text by GitHub's rules, so that links work there and on the site: letters,
/// digits, `-` and `_` in lower case; spaces become hyphens.
#[must_use]
pub fn fragment(words: &str) -> String {
    let kept = words.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// Returns the first free name of `x`, `x-1`, `x-2` …; `None` for a heading without letters.
fn unique_name(wanted: &str, names: &mut HashMap<String, usize>) -> Option<String> {
    if wanted.is_empty() {
        return None;
    }
    let mut name = wanted.to_owned();
    while names.contains_key(&name) {
        let taken = names.get_mut(wanted)?;
        *taken += 1;
        name = format!("{wanted}-{taken}");
    }
    names.insert(name.clone(), 0);
    Some(name)
}

#[cfg(test)]
mod tests {
    use crate::load::markdown::tests::html;

    #[test]
    fn headings_leave_the_first_level_to_the_title() {
        let levels = |text: &str| -> Vec<char> {
            html(text).lines().map(|line| line.chars().nth(2).unwrap()).collect()
        };
        assert_eq!(levels("# 一\n## 二\n"), ['2', '3']);
        assert_eq!(levels("## 一\n"), ['2']);
        assert_eq!(levels("###### 深\n## 一\n#### 二\n### 三\n"), ['2', '2', '3', '3']);
    }

    #[test]
    fn heading_ids_are_made_from_the_text() {
        for (written, name) in [
            ("下一步", "下一步"),
            ("Next *steps*: `serve`!", "next-steps-serve"),
            ("a_b - c", "a_b---c"),
            ("**真，**她", "真她"),
        ] {
            assert!(
                html(&format!("## {written}\n")).starts_with(&format!("<h2 id=\"h-{name}\">")),
                "{written}"
            );
        }
        assert_eq!(html("## …\n"), "<h2>…</h2>\n");
    }

    #[test]
    fn a_written_id_is_the_id_of_its_heading() {
        for (written, id, text) in [
            ("## 小节 {#part}", "part", "小节"),
            ("# 小节 {#part}", "part", "小节"),
            ("## 小节{#part}", "part", "小节"),
            ("## 小节 {#part}  ", "part", "小节"),
            ("## 小节 ## {#part}", "part", "小节"),
            ("小节 {#part}\n---", "part", "小节"),
            ("小节\n续 {#part}\n===", "part", "小节续"),
            ("## 小节 {#第一}", "第一", "小节"),
            ("## 小节 {#%E4%BA%8C}", "二", "小节"),
            ("## 小节 {#FAQ}", "faq", "小节"),
            ("## 小节 {#v1.2_b:c}", "v1.2_b:c", "小节"),
            ("## 小节 {#a_b_}", "a_b_", "小节"),
            ("## 小节 {#a%20b}", "a-b", "小节"),
            ("## 小节 {.cls #part key=val}", "part", "小节"),
            ("## 小节 {#part .masthead .b style=x onclick=y}", "part", "小节"),
            ("## {x} {#part}", "part", "{x}"),
            ("## 小节 {.cls}", "小节", "小节"),
            ("> ## 小节 {#part}", "part", "小节"),
        ] {
            let html = html(written);
            assert!(html.contains(&format!("<h2 id=\"h-{id}\">{text}</h2>")), "{written}: {html}");
        }
    }

    #[test]
    fn other_braces_at_the_end_of_a_heading_stay() {
        for text in [
            "用 {x}",
            "用 {x y}",
            "用 {}",
            "用 {#}",
            "用 {.}",
            "用 {##}",
            "用 {#a b}",
            "用 {{ x }}",
            "{% raw %}",
            "{#a}}",
            "{{#a}",
            "用 {.5}",
            "用 {key=val}",
            "用 {=val}",
            "用 {a=b .}",
            "{#a} 后",
            "用 {#a",
        ] {
            assert!(
                html(&format!("## {text}\n")).contains(&format!(">{text}</h2>")),
                "{text}: {}",
                html(&format!("## {text}\n"))
            );
        }
        assert!(html("## 用 \\{#part}\n").contains(">用 {#part}</h2>"));
        assert!(html("## 用 {#part\\}\n").contains(">用 {#part}</h2>"));
        assert!(html("## 用 {**x**}\n").contains(">用 {<strong>x</strong>}</h2>"));
        assert_eq!(html("段落 {#part}\n"), "<p>段落 {#part}</p>\n");
        assert_eq!(html("```\n## a {#b}\nf() {x}\n```\n"), "<pre><code>## a {#b}\nf() {x}\n</code></pre>\n");
        assert_eq!(html("    int f() {}\n"), "<pre><code>int f() {}\n</code></pre>\n");
    }

    #[test]
    fn links_lead_to_written_ids() {
        let html = html(
            "[去](#part) [去](#FAQ) [去](#%E4%BA%8C)\n\n## part\n\n## 小节 {#part}\n\n## 问 {#FAQ}\n\n## 甲 {#二}\n\n## 乙 {#part}\n",
        );
        for part in [
            "href=\"#h-part\"",
            "href=\"#h-faq\"",
            "href=\"#h-%E4%BA%8C\"",
            "<h2 id=\"h-part-1\">乙",
            "<h2 id=\"h-part\">小节</h2>",
            "<h2 id=\"h-part-2\">part",
            "<h2 id=\"h-faq\">问</h2>",
            "<h2 id=\"h-二\">甲</h2>",
        ] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn heading_ids_are_unique() {
        let html = html("## a\n## a\n## a-1\n## a\n## A\n");
        let names: Vec<_> = html.split("id=\"").skip(1).map(|rest| rest.split('"').next().unwrap()).collect();
        assert_eq!(names, ["h-a", "h-a-1", "h-a-1-1", "h-a-2", "h-a-3"]);
    }

    #[test]
    fn links_within_a_text_find_its_headings_and_nothing_else() {
        let html =
            html("[去](#%E4%BA%8C) [去](#二) [去](#content) [去](#A)\n\n## 二\n\n## a\n\n## \" onclick=x\n");
        assert_eq!(html.matches("href=\"#h-%E4%BA%8C\"").count(), 2, "{html}");
        assert!(html.contains("href=\"#h-a\""), "{html}");
        assert!(html.contains("href=\"#content\"") && html.contains("id=\"h--onclickx\""), "{html}");
    }

    #[test]
    fn thousands_of_equal_headings_take_linear_time() {
        let html = html(&"# a\n".repeat(20_000));
        assert!(html.contains("id=\"h-a-19999\""));
    }
}
