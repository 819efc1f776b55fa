//! What language models are given to read: an overview (llmstxt.org) and the newest articles in one file.

use std::fmt::Write as _;

use crate::config::Config;
use crate::plan::view::data::{Llms, LlmsFull};
use crate::render::data::markdown;
use crate::render::parts::{Parts, Problem};
use crate::site::Bodies;

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

/// Whole articles, the newest first, until the next one has no room.
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
        // Han take three bytes: whatever is sure to be too much is not even made.
        let least = bodies[alternate.content.id].length.characters * 3;
        if written.len() + least > page.size {
            break;
        }
        let card = parts.known(alternate.listed.card.id);
        let mut article = format!("\n# {}\n\n{}\n", plain(card.title), card.permalink);
        let facts: Vec<&str> = [card.date.as_deref(), Some(card.source), card.link]
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

/// A text on one line, whose brackets open no link of its own.
fn plain(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let mut escaped = String::with_capacity(line.len());
    for c in line.chars() {
        // A code span would swallow a link's end.
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
    fn a_title_makes_no_link_of_its_own() {
        assert_eq!(plain("a](https://evil.example)\n[b <c `d"), "a\\](https://evil.example) \\[b \\<c \\`d");
    }
}
