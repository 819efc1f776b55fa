//! Finds the code of a Markdown text: fenced blocks and code spans.

use std::ops::Range;

/// The byte ranges of code, in order.
pub(super) fn ranges(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut fence: Option<(&str, usize)> = None;
    let (mut at, mut paragraph) = (0, 0);
    for line in text.split_inclusive('\n') {
        let start = at;
        at += line.len();
        let inner = line.trim_start_matches([' ', '>']);
        let run = |sign: char| &inner[..inner.len() - inner.trim_start_matches(sign).len()];
        let opening = [run('`'), run('~')].into_iter().find(|run| run.len() >= 3);
        match (fence, opening) {
            (Some((open, from)), Some(run))
                if run.starts_with(open) && inner[run.len()..].trim().is_empty() =>
            {
                found.push(from..at);
                fence = None;
                paragraph = at;
            }
            (Some(_), _) => {}
            (None, Some(run)) if !run.starts_with('`') || !inner[run.len()..].contains('`') => {
                spans(text, paragraph..start, &mut found);
                fence = Some((run, start));
            }
            (None, _) if inner.trim().is_empty() => {
                spans(text, paragraph..start, &mut found);
                paragraph = at;
            }
            (None, _) => {}
        }
    }
    match fence {
        Some((_, from)) => found.push(from..text.len()),
        None => spans(text, paragraph..text.len(), &mut found),
    }
    found
}

/// Adds the code spans of a paragraph: a run of backticks, and the next one of the same length.
fn spans(text: &str, paragraph: Range<usize>, found: &mut Vec<Range<usize>>) {
    let mut runs: Vec<Range<usize>> = Vec::new();
    for (at, _) in text[paragraph.clone()].match_indices('`') {
        let at = paragraph.start + at;
        match runs.last_mut() {
            Some(run) if run.end == at => run.end += 1,
            _ => runs.push(at..at + 1),
        }
    }
    let mut number = 0;
    while number < runs.len() {
        let same = (number + 1..runs.len()).find(|other| runs[*other].len() == runs[number].len());
        match same {
            Some(other) => {
                found.push(runs[number].start..runs[other].end);
                number = other + 1;
            }
            None => number += 1,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_is_found() {
        for (text, wanted) in [
            ("a `b` c", vec!["`b`"]),
            ("a ``b ` c`` d", vec!["``b ` c``"]),
            ("a ` b\n\nc ` d", vec![]),
            ("a\n```\nb\n```\nc `d`", vec!["```\nb\n```\n", "`d`"]),
            ("~~~md\n```\n~~~\n", vec!["~~~md\n```\n~~~\n"]),
            ("````\n```\n````", vec!["````\n```\n````"]),
            ("```\nb", vec!["```\nb"]),
            ("> ```\n> b\n> ```\n", vec!["> ```\n> b\n> ```\n"]),
            ("`a` ```b``` c", vec!["`a`", "```b```"]),
            ("", vec![]),
        ] {
            let found: Vec<&str> = ranges(text).into_iter().map(|range| &text[range]).collect();
            assert_eq!(found, wanted, "{text}");
        }
    }
}
