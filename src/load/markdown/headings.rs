//! Headings: their levels, and the names by which links find them.

use std::collections::HashMap;

use pulldown_cmark::{CowStr, Event, HeadingLevel, Tag, TagEnd};

/// What the names of headings begin with on a page: without it, an article's heading could take the name of a part of the page.
const PREFIX: &str = "h-";

/// The page's `h1` is its title: a body's headings begin below it, and none skips a level (WCAG 2.2, technique G141).
pub(super) fn level(events: &mut [Event<'_>]) {
    // The headings that hold the present place, as written: a heading stands one below the one that holds it.
    let mut above: Vec<HeadingLevel> = Vec::new();
    let mut leveled = HeadingLevel::H2;
    for event in events {
        match event {
            Event::Start(Tag::Heading { level, .. }) => {
                while above.last().is_some_and(|last| last >= level) {
                    above.pop();
                }
                above.push(*level);
                leveled = HeadingLevel::try_from(above.len() + 1).unwrap_or(HeadingLevel::H6);
                *level = leveled;
            }
            Event::End(TagEnd::Heading(level)) => *level = leveled,
            _ => {}
        }
    }
}

/// Names every heading by its words, and leads links within the text (`[see](#next-steps)`) to these names. `mark` stands before the words
/// until the text's HTML is cleaned.
pub(super) fn name(events: &mut [Event<'_>], mark: &str) {
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
                let Some(own) = only(&fragment(&words), &mut names) else { continue };
                if let Event::Start(Tag::Heading { id, .. }) = &mut events[start] {
                    *id = Some(CowStr::from(format!("{PREFIX}{mark}{own}")));
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
            *dest_url = CowStr::from(format!("#{PREFIX}{mark}{}", decoded(written)));
        }
    }
}

/// The fragment under which a page has the heading that `#written` means in a source file.
pub(super) fn in_page(written: &str) -> String {
    format!("#{PREFIX}{}", decoded(written))
}

/// Did [`name`] give this one, with this mark?
pub(super) fn is_name(id: &str, mark: &str) -> bool {
    id.strip_prefix(PREFIX).is_some_and(|rest| rest.starts_with(mark))
}

/// A written fragment as names are; GitHub, too, finds `#A` by `a`.
fn decoded(written: &str) -> String {
    percent_encoding::percent_decode_str(written).decode_utf8_lossy().to_lowercase()
}

/// Words as GitHub makes a fragment of them, so that a link holds there and here: letters, digits, `-` and `_` in lower case, hyphens for
/// spaces.
fn fragment(words: &str) -> String {
    let kept = words.trim().chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.flat_map(char::to_lowercase).map(|c| if c == ' ' { '-' } else { c }).collect()
}

/// The first name among `x`, `x-1`, `x-2` … that no heading has yet; none for a heading without letters.
fn only(wanted: &str, names: &mut HashMap<String, usize>) -> Option<String> {
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
    fn headings_are_named_by_their_words() {
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
    fn no_two_headings_have_one_name() {
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
    fn thousands_of_equal_headings_take_no_time() {
        let html = html(&"# a\n".repeat(20_000));
        assert!(html.contains("id=\"h-a-19999\""));
    }
}
