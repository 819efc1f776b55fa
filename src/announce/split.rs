//! Splits a message at the boundaries of articles, so that each part keeps to the platform's limit.

use crate::announce::platform::form::Draft;
use crate::render::announce::{Article, Message};

/// The reason why a message cannot be made.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Problem<E> {
    /// The message of one article is too large even without its summary.
    TooLarge(String),
    /// The template fails.
    Template(E),
}

/// Makes the draft of a message, and measures it.
pub(super) type Make<'m, E> = dyn FnMut(&Message) -> Result<(Draft, usize), E> + 'm;

/// A part of a message.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The number of articles before it.
    pub(super) start: usize,
    /// The number of its articles.
    pub(super) count: usize,
    /// The text.
    pub(super) draft: Draft,
}

/// Splits a message into parts of at most `max`. `make` makes a draft and measures it.
///
/// # Errors
/// The template fails, or one article is too large without its summary.
pub(super) fn split<E>(
    message: &Message,
    max: usize,
    make: &mut Make<'_, E>,
) -> Result<Vec<Part>, Problem<E>> {
    let mut parts: Vec<Part> = Vec::new();
    let total = message.articles.len();
    let mut start = 0;
    while start < total {
        let part = parts.len() + 1;
        let mut fitting = |count: usize| -> Result<Option<Draft>, Problem<E>> {
            let articles = message.articles[start..start + count].to_vec();
            let (draft, size) =
                make(&Message { articles, part, ..message.clone() }).map_err(Problem::Template)?;
            Ok((size <= max).then_some(draft))
        };
        let rest = total - start;
        let mut best = fitting(rest)?.map(|draft| (rest, draft));
        if best.is_none() {
            // More than `least` articles are too many from `most` on.
            let (mut least, mut most) = (0, rest);
            while most - least > 1 {
                let middle = least + (most - least) / 2;
                match fitting(middle)? {
                    Some(draft) => {
                        least = middle;
                        best = Some((middle, draft));
                    }
                    None => most = middle,
                }
            }
        }
        let (count, draft) = match best {
            Some(found) => found,
            None => (1, shorten(message, start, part, max, make)?),
        };
        parts.push(Part { start, count, draft });
        start += count;
    }
    Ok(parts)
}

/// A message of one article whose summary is cut, or else also its terms and its title.
fn shorten<E>(
    message: &Message,
    at: usize,
    part: usize,
    max: usize,
    make: &mut Make<'_, E>,
) -> Result<Draft, Problem<E>> {
    let mut article = message.articles[at].clone();
    let mut try_with = |article: &Article| -> Result<Option<Draft>, Problem<E>> {
        let articles = vec![article.clone()];
        let (draft, size) =
            make(&Message { articles, part, ..message.clone() }).map_err(Problem::Template)?;
        Ok((size <= max).then_some(draft))
    };
    let summary = std::mem::take(&mut article.summary);
    let has_room = try_with(&article)?.is_some();
    if has_room {
        let found = longest(&summary, &mut |cut| {
            article.summary = cut;
            try_with(&article)
        })?;
        if let Some(draft) = found {
            return Ok(draft);
        }
    }
    article.terms.clear();
    article.source.clear();
    let title = article.title.clone();
    let found = longest(&title, &mut |cut| {
        article.title = cut;
        try_with(&article)
    })?;
    found.ok_or_else(|| Problem::TooLarge(message.articles[at].url.clone()))
}

/// The draft with the longest beginning of a text that fits, with an ellipsis behind it.
fn longest<E>(
    text: &str,
    fitting: &mut dyn FnMut(String) -> Result<Option<Draft>, E>,
) -> Result<Option<Draft>, E> {
    let ends: Vec<usize> = text.char_indices().map(|(at, _)| at).collect();
    let (mut least, mut most) = (0, ends.len());
    let mut best = None;
    // The beginning of `least` characters fits, if it is not 0; that of `most` does not.
    while most - least > 1 {
        let middle = least + (most - least) / 2;
        match fitting(format!("{}…", text[..ends[middle]].trim_end()))? {
            Some(draft) => {
                least = middle;
                best = Some(draft);
            }
            None => most = middle,
        }
    }
    if best.is_none() {
        best = fitting(String::new())?;
    }
    Ok(best)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::render::announce::Digest;
    use proptest::prelude::*;

    fn article(nth: usize, title: usize, summary: usize) -> Article {
        Article {
            title: format!("{nth}{}", "题".repeat(title)),
            url: format!("https://e.org/{nth}/"),
            source: "源".to_owned(),
            link: None,
            summary: "摘".repeat(summary),
            terms: vec!["词".to_owned()],
            date: None,
        }
    }

    fn message(articles: Vec<Article>) -> Message {
        let digest = Digest { title: "报".to_owned(), url: "https://e.org/".to_owned() };
        Message { version: 1, digest, edition: None, articles, part: 1 }
    }

    fn make(message: &Message) -> Result<(Draft, usize), String> {
        let mut text = format!("{}#{}", message.digest.title, message.part);
        for Article { title, url, summary, .. } in &message.articles {
            text.push_str(&format!("\n{title} {url} {summary}"));
        }
        let size = text.len();
        Ok((Draft { title: String::new(), text }, size))
    }

    #[test]
    fn a_long_article_is_cut_at_its_summary_and_then_at_its_title() {
        let cut = |title, summary, max| {
            let parts = split(&message(vec![article(1, title, summary)]), max, &mut make);
            parts.map(|parts| parts[0].draft.text.clone())
        };
        assert_eq!(cut(2, 12, 60).unwrap(), "报#1\n1题题 https://e.org/1/ 摘摘摘摘摘摘摘摘…");
        assert_eq!(cut(2, 0, 60).unwrap(), "报#1\n1题题 https://e.org/1/ ");
        assert_eq!(cut(9, 9, 35).unwrap(), "报#1\n1题题… https://e.org/1/ ");
        assert_eq!(cut(9, 9, 20), Err(Problem::TooLarge("https://e.org/1/".to_owned())));
    }

    proptest! {
        #[test]
        fn parts_keep_to_the_limit_and_have_every_article_once_in_order(
            lengths in prop::collection::vec((0_usize..30, 0_usize..200), 1..30),
            max in 60_usize..400,
        ) {
            let articles: Vec<Article> =
                lengths.iter().enumerate().map(|(nth, &(title, summary))| article(nth, title, summary)).collect();
            let count = articles.len();
            let parts = split(&message(articles), max, &mut make).unwrap();
            let mut next = 0;
            for (nth, part) in parts.iter().enumerate() {
                prop_assert!(part.draft.text.len() <= max, "{} > {max}", part.draft.text.len());
                prop_assert_eq!(part.start, next);
                let start = format!("报#{}\n", nth + 1);
                prop_assert!(part.draft.text.starts_with(&start));
                for at in part.start..part.start + part.count {
                    let url = format!(" https://e.org/{at}/ ");
                    prop_assert_eq!(part.draft.text.matches(&url).count(), 1);
                }
                next += part.count;
            }
            prop_assert_eq!(next, count);
        }
    }
}
