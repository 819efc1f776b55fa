//! A Markdown body to HTML that is safe to publish, with its plain text; the only folder that knows `pulldown-cmark`.
//!
//! Eight things differ from CommonMark on purpose: raw HTML is shown as text, links and images with other schemes
//! than http, https and mailto become text, a line break between two full-width characters is no space, emphasis may begin and
//! end beside full-width punctuation, addresses in the text are links,
//! passages in another language than the page's say which, headings begin at `h2` and skip no level, and boxes of tasks are signs.

mod emphasis;
mod links;
mod passages;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use pulldown_cmark::{
    CowStr, Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, TextMergeStream, html,
};

use crate::fingerprint::Fingerprint;
use crate::han::{self, Length};

/// A rendered body.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rendered {
    /// HTML, well-formed, headings from `h2` down. `None` when the article comes from the cache: few pages need it then.
    #[serde(skip)]
    pub html: Option<String>,
    /// Of the HTML and the length.
    pub digest: Fingerprint,
    /// What there is to read, without markup and code blocks.
    pub length: Length,
    /// The beginning, as text.
    pub excerpt: String,
}

/// Characters in an excerpt: two to three lines on a phone.
const EXCERPT: usize = 120;

/// Renders a body. Links from the digest's root (`/about/`) are put below `base_path`; `language` is the page's (`zh-CN`).
#[must_use]
pub fn render(text: &str, base_path: &str, language: &str) -> Rendered {
    let text: Cow<'_, str> = if crate::fields::holds_forbidden(text) {
        text.replace(crate::fields::forbidden_in_xml, "").into()
    } else {
        text.into()
    };
    let options = Options::ENABLE_TABLES
        | Options::ENABLE_FOOTNOTES
        | Options::ENABLE_STRIKETHROUGH
        | Options::ENABLE_TASKLISTS;
    let marked = emphasis::mark(&text);
    let mut events: Vec<Event<'_>> = TextMergeStream::new(Parser::new_ext(&marked, options)).collect();
    emphasis::unmark(&mut events);
    defuse(&mut events, base_path);
    links::link_addresses(&mut events);
    close_up_line_breaks(&mut events);
    let mut plain = plain_text(&events);
    level_headings(&mut events);
    draw_task_boxes(&mut events);
    passages::name_languages(&mut events, language);
    let mut rendered = String::with_capacity(text.len() * 5 / 4);
    html::push_html(&mut rendered, events.into_iter());
    // A character reference (`&#8;`) can bring back what was taken out of the source.
    if crate::fields::holds_forbidden(&plain) {
        plain.retain(|c| !crate::fields::forbidden_in_xml(c));
    }
    if crate::fields::holds_forbidden(&rendered) {
        rendered.retain(|c| !crate::fields::forbidden_in_xml(c));
    }
    let length = Length::of(&plain);
    Rendered {
        digest: Fingerprint::of(&(Fingerprint::of_bytes(rendered.as_bytes()), length)),
        html: Some(rendered),
        length,
        excerpt: han::excerpt(&plain, EXCERPT),
    }
}

/// The prose of a body: no code blocks, tables or images; blocks separated by line breaks.
fn plain_text(events: &[Event<'_>]) -> String {
    let mut plain = String::with_capacity(4096);
    let mut hidden = 0_usize;
    for event in events {
        match event {
            Event::Start(
                Tag::CodeBlock(_) | Tag::Table(_) | Tag::Image { .. } | Tag::FootnoteDefinition(_),
            ) => hidden += 1,
            Event::End(TagEnd::CodeBlock | TagEnd::Table | TagEnd::Image | TagEnd::FootnoteDefinition) => {
                hidden = hidden.saturating_sub(1);
            }
            Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => plain.push('\n'),
            Event::Text(text) | Event::Code(text) if hidden == 0 => plain.push_str(text),
            Event::SoftBreak if hidden == 0 => plain.push(' '),
            Event::HardBreak if hidden == 0 && !plain.ends_with(han::is_full_width) => plain.push(' '),
            _ => {}
        }
    }
    plain
}

/// Shows raw HTML as text, and takes links and images out whose address could do something else than lead on.
fn defuse(events: &mut Vec<Event<'_>>, base_path: &str) {
    let mut dropped: Vec<bool> = Vec::new();
    events.retain_mut(|event| {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => {
                *event = Event::Text(std::mem::replace(text, CowStr::Borrowed("")));
            }
            Event::Start(Tag::HtmlBlock) => *event = Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => *event = Event::End(TagEnd::Paragraph),
            Event::Start(Tag::Link { link_type, dest_url, .. }) => {
                let address = if *link_type == LinkType::Email {
                    Some(None)
                } else {
                    address(dest_url, base_path, true)
                };
                dropped.push(address.is_none());
                match address {
                    Some(Some(rebased)) => *dest_url = rebased.into(),
                    Some(None) => {}
                    None => return false,
                }
            }
            Event::Start(Tag::Image { dest_url, .. }) => {
                let address = address(dest_url, base_path, false);
                dropped.push(address.is_none());
                match address {
                    Some(Some(rebased)) => *dest_url = rebased.into(),
                    Some(None) => {}
                    None => return false,
                }
            }
            Event::End(TagEnd::Link | TagEnd::Image) => return !dropped.pop().unwrap_or(false),
            _ => {}
        }
        true
    });
}

/// `None` for an address that may not be linked, `Some(Some(…))` for one that has to be rewritten.
fn address(written: &str, base_path: &str, mail: bool) -> Option<Option<String>> {
    // Browsers drop these inside a scheme (WHATWG URL, section 4.4), so that they cannot hide one from us.
    let seen: String = written.chars().filter(|c| !c.is_ascii_control()).collect();
    let seen = seen.trim();
    if let Some(path) = seen.strip_prefix('/') {
        // `//host` and `/\host` lead elsewhere, but over http(s).
        return Some((!path.starts_with(['/', '\\'])).then(|| format!("{base_path}{path}")));
    }
    let scheme = seen.split_once(':').map(|(scheme, _)| scheme).filter(|scheme| {
        scheme.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '-' | '.'))
            && !scheme.is_empty()
    });
    match scheme.map(str::to_ascii_lowercase).as_deref() {
        None | Some("http" | "https") => Some(None),
        Some("mailto") if mail => Some(None),
        Some(_) => None,
    }
}

/// Chinese is written without spaces: a line break in the source between two full-width characters is nothing, nor is one
/// between such a character and a quotation mark, a dash or an ellipsis, which Chinese shares with other scripts.
fn close_up_line_breaks(events: &mut Vec<Event<'_>>) {
    if !events.iter().any(|event| matches!(event, Event::SoftBreak)) {
        return;
    }
    let before = near(events.iter(), |text| text.chars().next_back());
    let mut after = near(events.iter().rev(), |text| text.chars().next());
    after.reverse();
    let mut at = 0;
    events.retain(|event| {
        let (before, after) = (before[at], after[at]);
        at += 1;
        let wide = |c: Option<char>| c.is_some_and(han::is_full_width);
        let may_be_wide =
            |c: Option<char>| wide(c) || matches!(c, Some('“' | '”' | '‘' | '’' | '—' | '…' | '·'));
        let is_nothing = (wide(before) && may_be_wide(after)) || (may_be_wide(before) && wide(after));
        !(matches!(event, Event::SoftBreak) && is_nothing)
    });
}

/// For each event in this order: the character at the near `edge` of the text met before it, if text was met.
fn near<'e, 'a: 'e>(
    events: impl Iterator<Item = &'e Event<'a>>,
    edge: fn(&str) -> Option<char>,
) -> Vec<Option<char>> {
    let mut met = None;
    events
        .map(|event| {
            let before = met;
            match event {
                Event::Text(text) => met = edge(text).or(met),
                Event::Start(Tag::Strong | Tag::Emphasis | Tag::Strikethrough | Tag::Link { .. })
                | Event::End(TagEnd::Strong | TagEnd::Emphasis | TagEnd::Strikethrough | TagEnd::Link) => {}
                _ => met = None,
            }
            before
        })
        .collect()
}

/// The page's `h1` is its title: a body's headings begin below it, and none skips a level (WCAG 2.2, technique G141).
fn level_headings(events: &mut [Event<'_>]) {
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

/// The boxes of a list of tasks as signs: a field that nobody can use is one more thing without a label.
fn draw_task_boxes(events: &mut [Event<'_>]) {
    for event in events {
        if let Event::TaskListMarker(done) = *event {
            *event = Event::Text(if done { "☑ " } else { "☐ " }.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn html(text: &str) -> String {
        render(text, "/base/", "zh-CN").html.unwrap()
    }

    #[test]
    fn tables_footnotes_strikethrough_and_task_lists_are_rendered() {
        let html = html("| a | b |\n|---|--:|\n| 1 | 2 |\n\n~~旧~~[^1]\n\n- [x] 做完\n\n[^1]: 注\n");
        for part in ["<table>", "text-align: right", "<del>旧</del>", "footnote-definition", "☑ 做完"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn raw_html_is_shown_as_text() {
        assert_eq!(html("a <b onclick=x>b</b>"), "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n");
        let block = html("<script>\nalert(1)\n</script>\n");
        assert!(!block.contains("<script") && block.contains("&lt;script&gt;"), "{block}");
    }

    #[test]
    fn addresses_that_could_run_something_become_text() {
        for bad in [
            "javascript:alert(1)",
            "JaVaScRiPt:x",
            "java\u{1}script:x",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
        ] {
            let html = html(&format!("[看](<{bad}>) ![图](<{bad}>)"));
            assert!(!html.contains("href") && !html.contains("src"), "{bad}: {html}");
            assert!(html.contains('看') && html.contains('图'), "{html}");
        }
        assert!(html("[a](https://example.org/?a=b:c)").contains("href"));
        assert!(html("<a@example.org>").contains("mailto:a@example.org"));
        assert!(html("[节](#二)").contains("href=\"#%E4%BA%8C\""));
    }

    #[test]
    fn links_from_the_root_are_put_below_the_base_path() {
        assert!(html("[关于](/about/)").contains("href=\"/base/about/\""));
        assert!(html("[x](//example.org/)").contains("href=\"//example.org/\""));
    }

    #[test]
    fn a_line_break_between_full_width_characters_is_no_space() {
        assert_eq!(html("第一行\n第二行，\n第三行"), "<p>第一行第二行，第三行</p>\n");
        assert_eq!(html("第一\n**行**\n第二"), "<p>第一<strong>行</strong>第二</p>\n");
        assert_eq!(html("他说“好。”\n完了——\n“真的”\n吗"), "<p>他说“好。”完了——\n“真的”吗</p>\n");
        assert_eq!(html("中文\nEnglish\nwords"), "<p>中文\nEnglish\nwords</p>\n");
    }

    #[test]
    fn headings_leave_the_first_level_to_the_title() {
        assert_eq!(html("# 一\n## 二\n"), "<h2>一</h2>\n<h3>二</h3>\n");
        assert_eq!(html("## 一\n"), "<h2>一</h2>\n");
        assert_eq!(
            html("###### 深\n## 一\n#### 二\n### 三\n"),
            "<h2>深</h2>\n<h2>一</h2>\n<h3>二</h3>\n<h3>三</h3>\n"
        );
    }

    #[test]
    fn template_marks_are_only_words() {
        assert_eq!(html("{{ x }} {% y %}"), "<p>{{ x }} {% y %}</p>\n");
    }

    #[test]
    fn characters_that_xml_forbids_are_gone() {
        assert_eq!(html("a\u{0}b\u{8}c&#8;d&#xFFFE;"), "<p>abcd</p>\n");
    }

    #[test]
    fn the_excerpt_is_prose_without_markup() {
        let rendered =
            render("## 头\n\n正文**重**点 [链](https://e.org)。\n\n```\ncode\n```\n", "/", "zh-CN");
        assert_eq!(rendered.excerpt, "头 正文重点 链。");
    }
}
