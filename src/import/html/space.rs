//! Normalises the white space of paragraphs, as browsers do when they show HTML.

use crate::import::html::model::{Inline, Mark};
use crate::text::han::is_full_width;

/// Collapses white space (CSS Text 3, section 4.1), moves it out of signs, where Markdown does not
/// allow it, and joins neighbours of one kind. A line break between full-width characters is
/// nothing (section 4.1.3), because Chinese is written without spaces.
pub(super) fn normalize(mut parts: Vec<Inline>) -> Vec<Inline> {
    let mut characters = Vec::new();
    collect(&parts, &mut characters);
    let kept = decide(&characters);
    let mut kept = kept.into_iter();
    apply(&mut parts, &mut kept);
    let mut done = Vec::new();
    for part in parts {
        push(&mut done, part, None);
    }
    trim(&mut done);
    done
}

/// What stands for a part that is not text: neither white space nor full-width.
const OPAQUE: char = 'x';
/// What stands for a line break of the HTML.
const BREAK: char = '\u{2028}';

fn collect(parts: &[Inline], characters: &mut Vec<char>) {
    for part in parts {
        match part {
            Inline::Text(text) => characters.extend(text.chars()),
            Inline::Break => characters.push(BREAK),
            Inline::Code(_) | Inline::Box(_) | Inline::Image(..) => characters.push(OPAQUE),
            Inline::Marked(_, parts) | Inline::Link(_, _, parts) => collect(parts, characters),
        }
    }
}

/// True for the white space that HTML collapses.
fn is_space(c: char) -> bool {
    c.is_ascii_whitespace()
}

/// Decides for each character what is left of it.
fn decide(characters: &[char]) -> Vec<Option<char>> {
    let mut kept = Vec::with_capacity(characters.len());
    let mut at = 0;
    while let Some(c) = characters.get(at) {
        if !is_space(*c) {
            kept.push(Some(*c));
            at += 1;
            continue;
        }
        let length = characters[at..].iter().take_while(|c| is_space(**c)).count();
        let run = &characters[at..at + length];
        let before = at.checked_sub(1).map_or(BREAK, |at| characters[at]);
        let after = characters.get(at + length).copied().unwrap_or(BREAK);
        let may_be_wide = |c: char| is_full_width(c) || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·');
        let is_nothing = before == BREAK
            || after == BREAK
            || (run.contains(&'\n')
                && ((is_full_width(before) && may_be_wide(after))
                    || (may_be_wide(before) && is_full_width(after))));
        kept.push((!is_nothing).then_some(' '));
        kept.extend(std::iter::repeat_n(None, length - 1));
        at += length;
    }
    kept
}

fn apply(parts: &mut [Inline], kept: &mut impl Iterator<Item = Option<char>>) {
    for part in parts {
        match part {
            Inline::Text(text) => {
                let count = text.chars().count();
                *text = kept.by_ref().take(count).flatten().collect();
            }
            Inline::Break | Inline::Code(_) | Inline::Box(_) | Inline::Image(..) => {
                kept.next();
            }
            Inline::Marked(_, parts) | Inline::Link(_, _, parts) => apply(parts, kept),
        }
    }
}

/// True for parts that a paragraph neither begins nor ends with.
fn is_blank(part: &Inline) -> bool {
    match part {
        Inline::Text(text) => text.trim().is_empty(),
        Inline::Break => true,
        _ => false,
    }
}

/// Adds a part: empty ones are left out, blanks at the edges of marked words are moved out of the
/// sign, a sign in the same sign is dropped, neighbours are joined.
fn push(done: &mut Vec<Inline>, part: Inline, within: Option<&[Mark]>) {
    let open = within.unwrap_or_default();
    match part {
        Inline::Text(text) if text.is_empty() => {}
        Inline::Text(text) => match done.last_mut() {
            Some(Inline::Text(known)) => known.push_str(&text),
            _ => done.push(Inline::Text(text)),
        },
        Inline::Code(code) if code.trim().is_empty() => push(done, Inline::Text(code), within),
        Inline::Code(code) => match done.last_mut() {
            Some(Inline::Code(known)) => known.push_str(&code),
            _ => done.push(Inline::Code(code)),
        },
        Inline::Marked(mark, parts) if open.contains(&mark) => {
            for part in parts {
                push(done, part, within);
            }
        }
        Inline::Marked(mark, parts) => {
            let open = [open, &[mark]].concat();
            let mut inner = Vec::new();
            for part in parts {
                push(&mut inner, part, Some(&open));
            }
            let (before, inner, after) = split_blanks(inner);
            for part in before {
                push(done, part, within);
            }
            match done.last_mut() {
                _ if inner.is_empty() => {}
                Some(Inline::Marked(known, parts)) if *known == mark => {
                    for part in inner {
                        push(parts, part, Some(&open));
                    }
                }
                _ => done.push(Inline::Marked(mark, inner)),
            }
            for part in after {
                push(done, part, within);
            }
        }
        Inline::Link(address, title, parts) => {
            let mut inner = Vec::new();
            for part in parts {
                push(&mut inner, part, within);
            }
            let (before, inner, after) = split_blanks(inner);
            for part in before {
                push(done, part, within);
            }
            if !inner.is_empty() {
                done.push(Inline::Link(address, title, inner));
            }
            for part in after {
                push(done, part, within);
            }
        }
        part => done.push(part),
    }
}

/// Splits parts into the blanks at the beginning, the words, and the blanks at the end.
fn split_blanks(mut parts: Vec<Inline>) -> (Vec<Inline>, Vec<Inline>, Vec<Inline>) {
    let blank = parts.iter().take_while(|part| is_blank(part)).count();
    let mut before: Vec<Inline> = parts.drain(..blank).collect();
    if let Some(Inline::Text(text)) = parts.first_mut() {
        let words = text.trim_start();
        if words.len() < text.len() {
            before.push(Inline::Text(text[..text.len() - words.len()].to_owned()));
            *text = words.to_owned();
        }
    }
    let blank = parts.iter().rev().take_while(|part| is_blank(part)).count();
    let mut after = parts.split_off(parts.len() - blank);
    if let Some(Inline::Text(text)) = parts.last_mut() {
        let words = text.trim_end();
        if words.len() < text.len() {
            after.insert(0, Inline::Text(text[words.len()..].to_owned()));
            text.truncate(words.len());
        }
    }
    (before, parts, after)
}

/// Removes blanks and breaks at both ends of a paragraph, and blanks around breaks.
fn trim(parts: &mut Vec<Inline>) {
    let (_, mut kept, _) = split_blanks(std::mem::take(parts));
    for at in 0..kept.len() {
        let after_break = at > 0 && kept[at - 1] == Inline::Break;
        let before_break = kept.get(at + 1) == Some(&Inline::Break);
        if let Inline::Text(text) = &mut kept[at] {
            if after_break {
                *text = text.trim_start().to_owned();
            }
            if before_break {
                text.truncate(text.trim_end().len());
            }
        }
    }
    kept.retain(|part| !matches!(part, Inline::Text(text) if text.is_empty()));
    *parts = kept;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(words: &str) -> Inline {
        Inline::Text(words.to_owned())
    }

    fn strong(words: &str) -> Inline {
        Inline::Marked(Mark::Strong, vec![text(words)])
    }

    #[test]
    fn white_space_is_collapsed_and_a_line_break_in_chinese_is_nothing() {
        for (written, wanted) in [
            ("  一 \n 二 ", "一二"),
            ("一  二", "一 二"),
            ("one\ntwo", "one two"),
            ("一\nGPT", "一 GPT"),
            ("一。\n“二”", "一。“二”"),
            ("“\n”", "“ ”"),
            ("\u{a0}一\u{a0}二\u{3000}", "一\u{a0}二"),
            ("\t\n", ""),
        ] {
            let wanted: Vec<Inline> = if wanted.is_empty() { vec![] } else { vec![text(wanted)] };
            assert_eq!(normalize(vec![text(written)]), wanted, "{written:?}");
        }
        assert_eq!(
            normalize(vec![text("一\n"), strong("\n二"), text("\n三")]),
            [text("一"), strong("二"), text("三")]
        );
        assert_eq!(normalize(vec![text("a "), strong(" b")]), [text("a "), strong("b")]);
    }

    #[test]
    fn blanks_and_breaks_are_moved_out_of_signs() {
        let bold = Inline::Marked(Mark::Strong, vec![text(" a"), Inline::Break]);
        assert_eq!(
            normalize(vec![text("x"), bold, text("b ")]),
            [text("x "), strong("a"), Inline::Break, text("b")]
        );
        let link = Inline::Link("u".into(), String::new(), vec![text(" a ")]);
        let plain = Inline::Link("u".into(), String::new(), vec![text("a")]);
        assert_eq!(normalize(vec![text("x"), link, text("y")]), [text("x "), plain, text(" y")]);
        let empty = Inline::Link("u".into(), String::new(), vec![text(" ")]);
        assert_eq!(normalize(vec![text("x"), empty, Inline::Break]), [text("x")]);
    }

    #[test]
    fn neighbours_of_one_kind_are_joined_and_signs_do_not_repeat() {
        assert_eq!(
            normalize(vec![strong("a"), strong("b")]),
            [Inline::Marked(Mark::Strong, vec![text("ab")])]
        );
        let nested = Inline::Marked(
            Mark::Strong,
            vec![text("a"), strong("b"), Inline::Marked(Mark::Emphasis, vec![strong("c")])],
        );
        let inner = Inline::Marked(Mark::Emphasis, vec![text("c")]);
        assert_eq!(normalize(vec![nested]), [Inline::Marked(Mark::Strong, vec![text("ab"), inner])]);
        assert_eq!(
            normalize(vec![
                Inline::Code("a".into()),
                Inline::Code("b".into()),
                Inline::Code(" ".into()),
                text("c")
            ]),
            [Inline::Code("ab".into()), text(" c")]
        );
        assert_eq!(
            normalize(vec![text("a "), Inline::Break, text(" b")]),
            [text("a"), Inline::Break, text("b")]
        );
    }
}
