//! Tags whose element would hold the rest of the article, since nothing ends it: they are shown as text.

use pulldown_cmark::Event;

/// Elements that hold everything up to their end, markup or not; `plaintext` has none.
const RAW: [&str; 10] =
    ["script", "style", "template", "iframe", "textarea", "title", "noscript", "noembed", "xmp", "plaintext"];

/// Shows a tag as text whose element would hold the rest of the article, since nothing ends it.
pub(in crate::load::markdown) fn show_unclosed(events: &mut [Event<'_>]) {
    let html = |event: &Event<'_>| match event {
        Event::Html(text) | Event::InlineHtml(text) => Some(text.to_ascii_lowercase()),
        _ => None,
    };
    let mut last_end = [None; RAW.len()];
    for (at, event) in events.iter().enumerate() {
        let Some(text) = html(event) else { continue };
        for (name, last) in RAW.iter().zip(&mut last_end) {
            if text.contains(&format!("</{name}")) {
                *last = Some(at);
            }
        }
    }
    for (at, event) in events.iter_mut().enumerate() {
        let Some(text) = html(event) else { continue };
        let stays_open = RAW.iter().zip(&last_end).any(|(name, last)| {
            let Some(begins) = text.rfind(&format!("<{name}")) else { return false };
            let ends_here = text[begins..].contains(&format!("</{name}"));
            !ends_here && last.is_none_or(|last| last <= at)
        });
        if let (true, Event::Html(written) | Event::InlineHtml(written)) = (stays_open, &*event) {
            *event = Event::Text(written.clone());
        }
    }
}
