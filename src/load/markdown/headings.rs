//! Sets the levels and ids of headings.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

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

/// Gives each heading an id made from its text, and rewrites links within the body
/// (`[see](#next-steps)`) to these ids. `mark` precedes the text in the id until the HTML is
/// sanitized.
pub(super) fn set_ids(events: &mut [Event<'_>], mark: &str) {
    let mut names: HashMap<String, usize> = HashMap::new();
    let mut words: Option<(usize, String)> = None;
    for at in 0..events.len() {
        match &events[at] {
            Event::Start(Tag::Heading { .. }) => words = Some((at, String::new())),
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
                    *id = Some(CowStr::from(format!("{ID_PREFIX}{mark}{name}")));
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

/// Makes a fragment from text by GitHub's rules, so that links work there and on the site: letters,
/// digits, `-` and `_` in lower case; spaces become hyphens.
fn fragment(words: &str) -> String {
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
