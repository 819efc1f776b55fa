//! Shows unclosed tags as text if their element would contain the rest of the article.

use pulldown_cmark::Event;

/// Elements whose content is raw text up to their end tag; `plaintext` has no end tag.
const RAW_TEXT_ELEMENTS: [&str; 10] =
    ["script", "style", "template", "iframe", "textarea", "title", "noscript", "noembed", "xmp", "plaintext"];

/// Replaces each unclosed tag of a [`RAW_TEXT_ELEMENTS`] element by text.
pub(in crate::load::markdown) fn unclosed_tags_to_text(events: &mut [Event<'_>]) {
    let html = |event: &Event<'_>| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(text.to_ascii_lowercase()),
        _ => None,
    };
    let mut last_end = [None; RAW_TEXT_ELEMENTS.len()];
    for (at, event) in events.iter().enumerate() {
        let Some(text) = html(event) else { continue };
        for (name, last) in RAW_TEXT_ELEMENTS.iter().zip(&mut last_end) {
            if text.contains(&format!("</{name}")) {
                *last = Some(at);
            }
        }
    }
    for (at, event) in events.iter_mut().enumerate() {
        let Some(text) = html(event) else { continue };
        let stays_open = RAW_TEXT_ELEMENTS.iter().zip(&last_end).any(|(name, last)| {
            let Some(begins) = text.rfind(&format!("<{name}")) else { return false };
            let ends_here = text[begins..].contains(&format!("</{name}"));
            !ends_here && last.is_none_or(|last| last <= at)
        });
        if let (true, Event::Html(written) | Event::InlineHtml(written)) = (stays_open, &*event) {
            *event = Event::Text(written.clone());
        }
    }
}
