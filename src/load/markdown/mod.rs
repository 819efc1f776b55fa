//! Renders a Markdown body to HTML that is safe to publish, and to plain text. No other folder uses
//! `pulldown-cmark`.
//!
//! The result differs from CommonMark in twelve points:
//!
//! - Raw HTML is shown as text, sanitized or kept ([`RenderOptions::html`]).
//! - Comments are removed, also from HTML that is kept.
//! - Links and images with schemes other than http, https and mailto become text.
//! - Images of other hosts become links.
//! - A line break between two full-width characters is not a space.
//! - Emphasis may begin and end beside CJK characters and punctuation.
//! - Addresses in the text become links.
//! - Links to other source files lead to their pages.
//! - Passages in another language than the page's have a `lang`.
//! - Headings begin at `h2` and skip no level.
//! - Headings have ids, made from their text or written as `{#id}`.
//! - Checkboxes of task lists are characters.

mod addresses;
mod attributes;
mod comments;
mod emphasis;
pub(crate) mod files;
mod headings;
mod links;
pub(crate) mod names;
pub(crate) mod options;
mod passages;
mod sanitize;
pub(crate) mod shown;
pub(crate) mod signs;
pub(crate) mod written;

use serde::{Deserialize, Serialize};

use pulldown_cmark::{CowStr, Event, Parser, Tag, TagEnd, TextMergeStream, html};

use crate::config::RawHtml;
use crate::fingerprint::Fingerprint;
use crate::text::dropped;
use crate::text::han::{self, Length};
pub use headings::fragment;
use options::{OPTIONS, too_deep};
pub use options::{Refused, RenderOptions};

/// A rendered body.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Rendered {
    /// Well-formed HTML, with headings from `h2` down. `None` if it is in a
    /// [`Spool`](crate::load::Spool), or the article comes from the cache, since few pages need it
    /// then. [`Bodies::html`](crate::site::Bodies::html) returns it in any case.
    #[serde(skip)]
    pub html: Option<String>,
    /// Fingerprint of the HTML and the length.
    pub fingerprint: Fingerprint,
    /// Length of the text that readers read, without markup and code blocks.
    pub length: Length,
    /// The beginning of the body as plain text, at most 120 characters.
    pub excerpt: String,
}

/// Length of an excerpt in characters: two to three lines on a phone.
const EXCERPT_CHARS: usize = 120;

/// Renders a body.
///
/// # Errors
/// The body is nested deeper than the limit, makes more HTML than the limit, or has more HTML than
/// can be sanitized.
pub fn render(written: &str, options: &RenderOptions<'_>) -> Result<Rendered, Refused> {
    let text = dropped::remove(written);
    let reserved = emphasis::reserve_marks(&text);
    let uncommented = comments::cut_open(&reserved);
    let protected = headings::protect_braces(&uncommented);
    let marked = emphasis::insert_marks(&protected);
    let mut events: Vec<Event<'_>> = TextMergeStream::new(Parser::new_ext(&marked, OPTIONS)).collect();
    let mut depth = Depth::default();
    if events.iter().any(|event| depth.after(event) > options.nesting) {
        let at = find_too_deep(&text, options.nesting);
        return Err(too_deep(options.nesting, original_offset(written, at)));
    }
    emphasis::remove_marks(&mut events);
    comments::remove(&mut events, options.html);
    // Text without HTML needs no sanitizing.
    let is_html = |event: &Event<'_>| matches!(event, Event::Html(_) | Event::InlineHtml(_));
    let has_raw_html = options.html == RawHtml::Sanitize && events.iter().any(is_html);
    match options.html {
        RawHtml::Text => html_to_text(&mut events),
        RawHtml::Sanitize => sanitize::unclosed_tags_to_text(&mut events),
        RawHtml::Trusted => {}
    }
    links::link_addresses(&mut events);
    remove_line_breaks_in_chinese(&mut events);
    let mut plain = plain_text(&events);
    headings::normalize_levels(&mut events);
    // A mark that cannot occur in the text distinguishes the renderer's ids from those in the raw
    // HTML.
    let mark =
        if has_raw_html { format!("{}-", Fingerprint::of_bytes(text.as_bytes())) } else { String::new() };
    headings::set_ids(&mut events, &mark);
    checkboxes_to_text(&mut events);
    attributes::number_footnotes(&mut events, &mark);
    attributes::align_cells(&mut events);
    attributes::limit_code_languages(&mut events);
    passages::mark_languages(&mut events, options.language);
    addresses::apply_link_rules(&mut events, options);
    let mut rendered = String::with_capacity(text.len() * 5 / 4);
    html::push_html(&mut rendered, events.into_iter());
    if has_raw_html {
        rendered = sanitize::sanitize(&rendered, options, &mark)?.replace(&mark, "");
    }
    if rendered.len() > options.size {
        let (size, most) = (rendered.len() >> 10, options.size >> 10);
        let message = tr!("this text makes {size} KB of HTML, and {most} KB are allowed", size, most);
        let help = tr!("split it, or raise `limits: {file_kb: …}` in newsprint.yaml");
        return Err(Refused { message, help, at: 0 });
    }
    // Character references (`&#8;`) can produce characters that were removed from the source.
    for made in [&mut plain, &mut rendered] {
        if dropped::holds_dropped(made) {
            made.retain(|c| !dropped::is_dropped(c));
        }
    }
    // All bodies stay in memory until the build ends.
    rendered.shrink_to_fit();
    let length = Length::of(&plain);
    Ok(Rendered {
        fingerprint: Fingerprint::of(&(Fingerprint::of_bytes(rendered.as_bytes()), length)),
        html: Some(rendered),
        length,
        excerpt: han::excerpt(&plain, EXCERPT_CHARS),
    })
}

/// Number of open elements.
#[derive(Default)]
struct Depth(usize);

impl Depth {
    fn after(&mut self, event: &Event<'_>) -> usize {
        match event {
            Event::Start(_) => self.0 += 1,
            Event::End(_) => self.0 = self.0.saturating_sub(1),
            _ => {}
        }
        self.0
    }
}

/// Converts a byte offset in the text without dropped characters to an offset in the text as
/// written.
fn original_offset(written: &str, at: usize) -> usize {
    let mut passed = 0;
    let kept = written.char_indices().filter(|(_, c)| !dropped::is_dropped(*c));
    let mut following = kept.skip_while(|(_, c)| {
        let is_before = passed < at;
        passed += c.len_utf8();
        is_before
    });
    following.next().map_or(written.len(), |(place, _)| place)
}

/// Returns the byte offset at which the nesting exceeds `most`. Offsets need a second parse, which
/// is only done for the error.
fn find_too_deep(text: &str, most: usize) -> usize {
    let mut depth = Depth::default();
    let mut events = Parser::new_ext(text, OPTIONS).into_offset_iter();
    let found = events.find(|(event, _)| depth.after(event) > most);
    found.map_or(0, |(_, range)| range.start)
}

/// Returns the prose of a body without code blocks, tables and images; blocks are separated by line
/// breaks.
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

/// Replaces raw HTML by text.
fn html_to_text(events: &mut [Event<'_>]) {
    for event in events {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => {
                *event = Event::Text(std::mem::replace(text, CowStr::Borrowed("")));
            }
            Event::Start(Tag::HtmlBlock) => *event = Event::Start(Tag::Paragraph),
            Event::End(TagEnd::HtmlBlock) => *event = Event::End(TagEnd::Paragraph),
            _ => {}
        }
    }
}

/// Removes line breaks of the source that do not mean a space, because Chinese is written without
/// spaces: between two full-width characters, and between one and a quotation mark, a dash or an
/// ellipsis, which Chinese shares with other scripts.
fn remove_line_breaks_in_chinese(events: &mut Vec<Event<'_>>) {
    if !events.iter().any(|event| matches!(event, Event::SoftBreak)) {
        return;
    }
    let before = adjacent_chars(events.iter(), |text| text.chars().next_back());
    let mut after = adjacent_chars(events.iter().rev(), |text| text.chars().next());
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

/// Returns for each event, in the given order, the character at `edge` of the text directly before
/// it; tags of emphasis and links in between are ignored. `None` if anything else is before it.
fn adjacent_chars<'e, 'a: 'e>(
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

/// Replaces the checkboxes of task lists by characters: a form field that cannot be used would be
/// one more field without a label.
fn checkboxes_to_text(events: &mut [Event<'_>]) {
    for event in events {
        if let Event::TaskListMarker(done) = *event {
            *event = Event::Text(if done { "☑ " } else { "☐ " }.into());
        }
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::config::BaseUrl;

    /// The options of a digest with an empty configuration.
    pub(crate) fn options(base_url: &BaseUrl) -> RenderOptions<'_> {
        RenderOptions {
            file: "content/articles/2026/x.md",
            base_url,
            language: "zh-CN",
            names: names::Names::default(),
            html: RawHtml::Text,
            remote_images: false,
            rel: "noopener noreferrer nofollow ugc",
            nesting: 100,
            size: 4 << 20,
        }
    }

    pub(crate) fn html(text: &str) -> String {
        let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
        render(text, &options(&base_url)).unwrap().html.unwrap()
    }

    /// Renders one paragraph and returns its HTML without the `rel` of links to other hosts.
    pub(crate) fn paragraph(text: &str) -> String {
        let html = html(text).replace(" rel=\"noopener noreferrer nofollow ugc\"", "");
        html.trim().trim_start_matches("<p>").trim_end_matches("</p>").to_owned()
    }

    #[test]
    fn tables_footnotes_strikethrough_and_task_lists_are_rendered() {
        let html = html("| a | b |\n|---|--:|\n| 1 | 2 |\n\n~~旧~~[^1]\n\n- [x] 做完\n\n[^1]: 注\n");
        for part in ["<table>", "class=\"right\"", "<del>旧</del>", "footnote-definition", "☑ 做完"] {
            assert!(html.contains(part), "{part} in {html}");
        }
    }

    #[test]
    fn the_prose_of_a_body_is_its_paragraphs_headings_and_items() {
        for (text, wanted) in [
            ("a\nb", "a b\n"),
            ("a  \nb", "a b\n"),
            ("甲。  \n乙", "甲。乙\n"),
            ("# a\n\nb `c` *d*", "a\nb c d\n"),
            ("- a\n- b", "a\nb\n"),
            ("a\n\n```\nb\n```\n\nc", "a\nc\n"),
            ("a ![b `c`\nd  \ne](/f) g", "a  g\n"),
            ("| a |\n|---|\n| `b` |\n\nc", "c\n"),
            ("a[^1]\n\n[^1]: b\n\nc", "a\n\nc\n"),
        ] {
            let events: Vec<Event<'_>> = Parser::new_ext(text, OPTIONS).collect();
            assert_eq!(plain_text(&events), wanted, "{text}");
        }
    }

    #[test]
    fn html_has_at_most_the_size_that_is_allowed() {
        let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
        let text = "a".repeat(3 << 10);
        let sized = |size: usize| render(&text, &RenderOptions { size, ..options(&base_url) });
        let whole = (3 << 10) + "<p></p>\n".len();
        assert!(sized(whole).is_ok());
        let Err(refused) = sized(whole - 1) else { panic!("{whole}") };
        assert_eq!(refused.message, "this text makes 3 KB of HTML, and 3 KB are allowed");
        assert_eq!(refused.at, 0);
    }

    #[test]
    fn raw_html_is_shown_as_text() {
        assert_eq!(html("a <b onclick=x>b</b>"), "<p>a &lt;b onclick=x&gt;b&lt;/b&gt;</p>\n");
        let block = html("<script>\nalert(1)\n</script>\n");
        assert!(!block.contains("<script") && block.contains("&lt;script&gt;"), "{block}");
    }

    #[test]
    fn a_line_break_between_full_width_characters_is_removed() {
        assert_eq!(html("第一行\n第二行，\n第三行"), "<p>第一行第二行，第三行</p>\n");
        assert_eq!(html("第一\n**行**\n第二"), "<p>第一<strong>行</strong>第二</p>\n");
        assert_eq!(html("他说“好。”\n完了——\n“真的”\n吗"), "<p>他说“好。”完了——\n“真的”吗</p>\n");
        assert_eq!(html("中文\nEnglish\nwords"), "<p>中文\nEnglish\nwords</p>\n");
    }

    #[test]
    fn too_deep_nesting_is_refused_with_its_place() {
        let base_url = BaseUrl::parse("https://example.org/").unwrap();
        let refused = |text: &str| render(text, &options(&base_url)).unwrap_err();
        assert_eq!(refused(&format!("甲\n\n{}乙", "> ".repeat(10_000))).at, 5 + 100 * 2);
        // Removed characters count in the offset.
        assert_eq!(refused(&format!("\0甲\n\n\0{}乙", "> ".repeat(10_000))).at, 7 + 100 * 2);
        assert_eq!(
            refused(&("- ".repeat(10_000) + "甲")).message,
            "this is nested more than 100 elements deep"
        );
        let within = "> ".repeat(99) + "乙\n\n" + &"*a **b".repeat(1000);
        assert!(render(&within, &options(&base_url)).is_ok());
    }

    #[test]
    fn text_that_makes_too_much_html_is_refused() {
        let base_url = BaseUrl::parse("https://example.org/").unwrap();
        let refused =
            render(&("[^a]: x\n\n".to_owned() + &"[^a]".repeat(100_000)), &options(&base_url)).unwrap_err();
        assert!(refused.message.contains("KB of HTML, and 4096 KB are allowed"), "{refused:?}");
    }

    #[test]
    fn template_syntax_is_only_text() {
        assert_eq!(html("{{ x }} {% y %}"), "<p>{{ x }} {% y %}</p>\n");
    }

    #[test]
    fn characters_that_no_text_keeps_are_removed() {
        assert_eq!(html("a\u{0}b\u{8}c&#8;d&#xFFFE;"), "<p>abcd</p>\n");
        assert_eq!(html("a\u{7f}b\u{85}c&#x9b;d&#127;"), "<p>abcd</p>\n");
        assert_eq!(html("[a](/\u{9b}x&#x85; \"b&#x9b;\")"), "<p><a href=\"/base/x\" title=\"b\">a</a></p>\n");
    }

    #[test]
    fn the_excerpt_is_prose_without_markup() {
        let base_url = BaseUrl::parse("https://example.org/").unwrap();
        let text = "## 头\n\n正文**重**点 [链](https://e.org)。\n\n```\ncode\n```\n";
        let rendered = render(text, &options(&base_url)).unwrap();
        assert_eq!(rendered.excerpt, "头 正文重点 链。");
    }
}
