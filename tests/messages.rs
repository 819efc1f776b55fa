//! Holds the messages in `src/` against their Chinese counterparts in `locales/zh-CN/`.
//!
//! A message is a text in `tr!` or `marked!`. The texts of `--help` are doc comments: a unit test in
//! `src/cli/parse.rs` compares them with `help.po`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::disallowed_methods)]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use proc_macro2::{Delimiter, TokenStream, TokenTree};

#[path = "support/catalogues.rs"]
mod catalogues;

use catalogues::{Key, catalogues, entry};

/// What the sources contain.
#[derive(Default)]
struct Sources {
    /// Where each message is first written.
    messages: BTreeMap<Key, String>,
    /// Texts that read like prose and are not in `tr!`, as `file: text`.
    prose: BTreeSet<String>,
}

/// Macros whose texts are for developers.
const DEVELOPERS: [&str; 8] =
    ["assert", "assert_eq", "assert_ne", "debug_assert", "panic", "unreachable", "concat", "json"];

fn files(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().unwrap() != "tests" {
                files(&path, found);
            }
        } else if path.extension().is_some_and(|end| end == "rs") && path.file_name().unwrap() != "tests.rs" {
            found.push(path);
        }
    }
}

fn sources() -> Sources {
    let mut found = Vec::new();
    files(Path::new("src"), &mut found);
    assert!(found.len() > 300, "{} files", found.len());
    let mut sources = Sources::default();
    for path in found {
        let name = path.to_string_lossy().replace('\\', "/");
        let tokens: TokenStream = fs::read_to_string(&path).unwrap().parse().unwrap();
        read(tokens, name.trim_start_matches("src/"), &mut sources);
    }
    sources
}

fn text(token: Option<&TokenTree>) -> Option<String> {
    let TokenTree::Literal(literal) = token? else { return None };
    syn::parse_str::<syn::LitStr>(&literal.to_string()).ok().map(|text| text.value())
}

fn is_sign(token: Option<&TokenTree>, sign: char) -> bool {
    matches!(token, Some(TokenTree::Punct(found)) if found.as_char() == sign)
}

/// True for a text with two words of letters side by side.
fn is_prose(text: &str) -> bool {
    let is_word = |word: &str| {
        let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
        !word.is_empty() && word.chars().all(|c| c.is_ascii_alphabetic() || "'-".contains(c))
    };
    let words: Vec<bool> = text.split_whitespace().map(is_word).collect();
    words.windows(2).any(|pair| pair[0] && pair[1])
}

/// Reads the tokens of a file or of a part of it.
fn read(tokens: TokenStream, file: &str, sources: &mut Sources) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let mut at = 0;
    while at < tokens.len() {
        if is_sign(tokens.get(at), '#') {
            at = behind_attribute(&tokens, at);
            continue;
        }
        let is_macro = is_sign(tokens.get(at + 1), '!');
        match (&tokens[at], tokens.get(at + 2)) {
            (TokenTree::Ident(name), Some(TokenTree::Group(group))) if is_macro => {
                let name = name.to_string();
                match name.as_str() {
                    "tr" | "marked" => read_message(group.stream(), file, sources),
                    name if DEVELOPERS.contains(&name) => {}
                    _ => read(group.stream(), file, sources),
                }
                at += 3;
                continue;
            }
            (TokenTree::Ident(name), _) if name == "expect" || name == "expect_err" => at += 1,
            (TokenTree::Group(group), _) => read(group.stream(), file, sources),
            (token, _) => {
                let prose = text(Some(token)).filter(|text| is_prose(text));
                sources.prose.extend(prose.map(|text| format!("{file}: {}", text.escape_debug())));
            }
        }
        at += 1;
    }
}

/// The place behind an attribute; behind the item, too, if it is one of tests.
fn behind_attribute(tokens: &[TokenTree], at: usize) -> usize {
    let group = if is_sign(tokens.get(at + 1), '!') { at + 2 } else { at + 1 };
    let Some(TokenTree::Group(attribute)) = tokens.get(group) else { return at + 1 };
    let attribute = attribute.stream().to_string();
    if !(attribute.starts_with("cfg") && attribute.contains("test")) {
        return group + 1;
    }
    let is_end = |token: &TokenTree| match token {
        TokenTree::Group(group) => group.delimiter() == Delimiter::Brace,
        token => is_sign(Some(token), ';'),
    };
    let length = tokens[group..].iter().position(is_end).unwrap_or(0);
    group + length + 1
}

/// Reads `context => text | plural % count, values`.
fn read_message(tokens: TokenStream, file: &str, sources: &mut Sources) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let has_context = is_sign(tokens.get(1), '=') && is_sign(tokens.get(2), '>');
    let at = if has_context { 3 } else { 0 };
    let context = if has_context { text(tokens.first()).unwrap() } else { String::new() };
    let has_plural = is_sign(tokens.get(at + 1), '|');
    // A variable has the text of a `marked!`.
    if let Some(english) = text(tokens.get(at)) {
        let plural = if has_plural { text(tokens.get(at + 2)).unwrap() } else { String::new() };
        sources.messages.entry((context, english, plural)).or_insert_with(|| file.to_owned());
    }
    let rest = if has_plural { at + 3 } else { at + 1 };
    read(tokens.into_iter().skip(rest).collect(), file, sources);
}

/// The names of the values in a text; a value without a name has its number.
fn values(text: &str) -> BTreeSet<String> {
    let mut unnamed = 0;
    let mut found = BTreeSet::new();
    let mut rest = text;
    while let Some((_, after)) = rest.split_once('{') {
        let Some((name, behind)) = after.split_once('}') else { break };
        if name.is_empty() {
            found.insert(unnamed.to_string());
            unnamed += 1;
        } else {
            found.insert(name.to_owned());
        }
        rest = behind;
    }
    found
}

#[test]
fn each_message_has_a_chinese_counterpart() {
    let catalogues = catalogues();
    let translated: BTreeSet<&Key> = catalogues
        .values()
        .flatten()
        .filter(|(_, translation)| !translation.is_empty())
        .map(|(key, _)| key)
        .collect();
    let sources = sources();
    assert!(sources.messages.len() > 1000, "{} messages", sources.messages.len());
    let missing = sources.messages.iter().filter(|(key, _)| !translated.contains(key));
    let missing: Vec<String> = missing.map(|(key, file)| format!("# {file}\n{}", entry(key))).collect();
    assert!(
        missing.is_empty(),
        "{} messages have no counterpart; add these entries to a file of locales/zh-CN:\n\n{}",
        missing.len(),
        missing.join("\n")
    );
}

#[test]
fn each_translation_belongs_to_one_message() {
    let sources = sources();
    let mut seen = BTreeMap::new();
    let mut wrong = Vec::new();
    for (name, entries) in catalogues() {
        for (key, _) in entries {
            if name != "help.po" && !sources.messages.contains_key(&key) {
                wrong.push(format!("{name}: no message has the text `{}`: remove the entry", key.1));
            }
            if let Some(other) = seen.insert(key.clone(), name.clone()) {
                wrong.push(format!("{name}: `{}` is in {other}, too: remove one of them", key.1));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_translation_has_the_values_of_its_message() {
    let mut wrong = Vec::new();
    for (name, entries) in catalogues() {
        for ((_, english, plural), translation) in entries {
            let wanted = values(if plural.is_empty() { &english } else { &plural });
            if name != "help.po" && values(&translation) != wanted {
                wrong.push(format!("{name}: `{english}` has the values {wanted:?}, not `{translation}`"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Texts that read like prose and are no messages: what newsprint writes into files, what it looks
/// for in the texts of other programs, and names. A new one is a message, or belongs into the list.
#[test]
fn prose_outside_of_tr_is_in_the_list() {
    let found = sources().prose;
    if std::env::var_os("NEWSPRINT_LIST").is_some() {
        fs::write("tests/messages/no-messages.txt", found.into_iter().collect::<Vec<_>>().join("\n") + "\n")
            .unwrap();
        return;
    }
    let list = fs::read_to_string("tests/messages/no-messages.txt").unwrap();
    let listed: BTreeSet<String> = list.lines().map(str::to_owned).collect();
    let new: Vec<&String> = found.difference(&listed).collect();
    let old: Vec<&String> = listed.difference(&found).collect();
    assert!(
        new.is_empty() && old.is_empty(),
        "put these messages into `tr!`, or these texts into tests/messages/no-messages.txt:\n{new:#?}\n\
         these lines of the list are no longer in src:\n{old:#?}"
    );
}

#[test]
fn chinese_has_the_punctuation_of_chinese() {
    let is_han = |c: char| ('\u{4E00}'..='\u{9FFF}').contains(&c);
    let mut wrong = Vec::new();
    for (name, entries) in catalogues() {
        for (_, translation) in entries {
            // Every second part stands in backticks.
            let prose: String = translation.split('`').step_by(2).collect::<Vec<_>>().join("`");
            let pairs = prose.chars().zip(prose.chars().skip(1));
            let has_half_width =
                pairs.into_iter().any(|(before, after)| is_han(before) && ",;:?!".contains(after));
            if has_half_width || translation.contains("您") {
                wrong.push(format!("{name}: {translation}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
