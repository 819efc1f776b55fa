//! Renders the files for language models: `llms.txt`, an overview (llmstxt.org), and
//! `llms-full.txt`, the newest articles.

use std::fmt::Write as _;

use crate::config::Config;
use crate::plan::view::data::{Llms, LlmsFull};
use crate::render::data::markdown;
use crate::render::parts::{Parts, Problem};
use crate::site::Bodies;

/// Renders `llms.txt`.
pub(super) fn overview(page: &Llms) -> String {
    let mut written = format!("# {}\n", plain(&page.title));
    if !page.description.is_empty() {
        let _ = write!(written, "\n> {}\n", plain(&page.description));
    }
    for section in page.sections.iter().filter(|section| !section.links.is_empty()) {
        let _ = write!(written, "\n## {}\n\n", plain(&section.heading));
        for link in &section.links {
            let _ = write!(written, "- [{}]({})", plain(&link.name), link.url);
            if !link.about.is_empty() {
                let _ = write!(written, ": {}", plain(&link.about));
            }
            written.push('\n');
        }
    }
    written
}

/// Renders `llms-full.txt`: complete articles, newest first, up to the maximum size.
///
/// # Errors
/// A body cannot be rendered again from its source file.
pub(super) fn full(
    page: &LlmsFull<'_>,
    config: &Config,
    parts: &Parts<'_>,
    bodies: &Bodies,
) -> Result<String, Problem> {
    let mut written = format!("# {}\n", plain(&config.title));
    if !config.description.is_empty() {
        let _ = write!(written, "\n> {}\n", plain(&config.description));
    }
    for alternate in &page.articles {
        // A Han character takes three bytes: an article that is certainly too long is not rendered.
        let min_bytes = bodies[alternate.content.id].length.characters * 3;
        if written.len() + min_bytes > page.size {
            break;
        }
        let card = parts.card(alternate.listed.card.id);
        let mut article = format!("\n# {}\n\n{}\n", plain(card.title), card.permalink);
        let facts: Vec<&str> = [card.date.as_deref(), Some(card.source), card.label, card.link]
            .into_iter()
            .flatten()
            .filter(|fact| !fact.is_empty())
            .collect();
        if !facts.is_empty() {
            let _ = writeln!(article, "{}", facts.join(" · "));
        }
        if let Some(event) = card.event {
            let _ = write!(article, "\n> {}\n", plain(event));
        }
        let _ = write!(article, "\n{}\n", markdown::text(alternate, parts, bodies)?);
        if written.len() + article.len() > page.size {
            break;
        }
        written.push_str(&article);
    }
    Ok(written)
}

/// Puts a text on one line and escapes it, so that it cannot start a link, a tag or a code span.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(line.len());
    for c in line.chars() {
        // A code span could contain the end of a link.
        if matches!(c, '\\' | '[' | ']' | '<' | '`') {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_cannot_contain_a_link() {
        assert_eq!(plain("a](https://evil.example)\n[b <c `d"), "a\\](https://evil.example) \\[b \\<c \\`d");
    }
}
