//! Adds `lang` to passages in another language than the page's, for screen readers, fonts and
//! hyphenation.

use pulldown_cmark::{Event, Tag, TagEnd};

use crate::text::han::language;

/// Marks the paragraphs, headings, list items and table cells that are entirely in another
/// language.
pub(super) fn mark_languages(events: &mut Vec<Event<'_>>, page: &str) {
    let mut marks: Vec<(usize, usize, &'static str)> = Vec::new();
    let mut text = String::new();
    let mut start = None;
    let mut in_code = false;
    for (at, event) in events.iter().enumerate() {
        match event {
            Event::Start(Tag::CodeBlock(_)) => in_code = true,
            Event::End(TagEnd::CodeBlock) => in_code = false,
            _ if in_code => {}
            event if is_inline(event) => {
                start.get_or_insert(at);
                match event {
                    Event::Text(part) => text.push_str(part),
                    Event::SoftBreak | Event::HardBreak | Event::Code(_) => text.push(' '),
                    _ => {}
                }
                continue;
            }
            _ => {}
        }
        if let Some(start) = start.take()
            && let Some(language) = language::of_passage(&text, page)
        {
            marks.push((start, at, language));
        }
        text.clear();
    }
    // From the last to the first, because an insertion shifts the events after it.
    for (start, end, language) in marks.into_iter().rev() {
        set_language(events, start, end, language);
    }
}

/// Adds `lang` to the inline events from `start` to `end`: on the element that contains nothing
/// else, otherwise on a new `span` around them.
fn set_language(events: &mut Vec<Event<'_>>, start: usize, end: usize, language: &'static str) {
    let fills_paragraph = matches!(events.get(end), Some(Event::End(TagEnd::Paragraph)));
    match start.checked_sub(1).map(|before| &mut events[before]) {
        Some(Event::Start(Tag::Heading { attrs, .. })) => {
            attrs.push(("lang".into(), Some(language.into())));
        }
        Some(before @ Event::Start(Tag::Paragraph)) if fills_paragraph => {
            *before = Event::Html(format!("<p lang=\"{language}\">").into());
            events[end] = Event::Html("</p>\n".into());
        }
        _ => {
            events.insert(end, Event::InlineHtml("</span>".into()));
            events.insert(start, Event::InlineHtml(format!("<span lang=\"{language}\">").into()));
        }
    }
}

fn is_inline(event: &Event<'_>) -> bool {
    match event {
        Event::Start(tag) => matches!(
            tag,
            Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. }
        ),
        Event::End(end) => matches!(
            end,
            TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough | TagEnd::Link | TagEnd::Image
        ),
        Event::Rule | Event::Html(_) => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use crate::config::BaseUrl;
    use crate::load::markdown::tests::{html, options};
    use crate::load::markdown::{RenderOptions, render};

    #[test]
    fn a_passage_in_another_language_has_a_lang() {
        assert_eq!(
            html("中文。\n\nThe model is **open** to the public.\n\n> 生成AIの利用が広がる。\n"),
            "<p>中文。</p>\n<p lang=\"en\">The model is <strong>open</strong> to the public.</p>\n<blockquote>\n<p lang=\"ja\">生成AIの利用が広がる。</p>\n</blockquote>\n"
        );
        assert_eq!(
            html("## What is new in the model\n"),
            "<h2 id=\"h-what-is-new-in-the-model\" lang=\"en\">What is new in the model</h2>\n"
        );
        assert_eq!(
            html("|the end of the day|甲|\n|:-:|-|\n"),
            "<table><thead><tr><th class=\"center\"><span lang=\"en\">the end of the day</span></th><th>甲</th></tr></thead><tbody>\n</tbody></table>\n"
        );
        assert_eq!(
            html("- 甲\n- it is in the list of the day\n  - 乙\n"),
            "<ul>\n<li>甲</li>\n<li><span lang=\"en\">it is in the list of the day</span>\n<ul>\n<li>乙</li>\n</ul>\n</li>\n</ul>\n"
        );
    }

    #[test]
    fn names_and_code_in_chinese_text_stay_as_they_are() {
        for text in [
            "PyTorch 2.14",
            "用 `the code of the day` 运行",
            "```\nthe code of the day\n```",
            "他说 the end of the day",
        ] {
            assert!(!html(text).contains("lang="), "{}", html(text));
        }
    }

    proptest::proptest! {
        #[test]
        fn nothing_but_lang_is_added(text in "([*_`\\[\\]()!<>a\n#>-]|the |of |[|]a[|]\n|\\* |\n\n|é){0,40}") {
            let marked = html(&text);
            let spans = marked.matches("</span>").count();
            proptest::prop_assert_eq!(spans, marked.matches("<span lang=\"en\">").count());
            // The generated text cannot contain the attribute itself.
            let plain = marked.replace("<span lang=\"en\">", "").replace("</span>", "").replace(" lang=\"en\"", "");
            // On a page in English, no passage gets a `lang`.
            let base_url = BaseUrl::parse("https://example.org/base/").unwrap();
            let unmarked = render(&text, &RenderOptions { language: "en", ..options(&base_url) }).unwrap().html.unwrap();
            proptest::prop_assert_eq!(plain.split_whitespace().collect::<String>(), unmarked.split_whitespace().collect::<String>());
        }
    }
}
