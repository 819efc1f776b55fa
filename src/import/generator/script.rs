//! Reads the settings of a script that are written as literals. The script is not run.

use crate::yaml::Node;

/// Settings of Eleventy, VitePress and Astro that decide about addresses and ids of feeds, and those
/// that a digest has, too.
const LITERALS: [&str; 9] =
    ["input", "srcDir", "cleanUrls", "format", "site", "base", "pathPrefix", "title", "description"];
/// The setting of VitePress that is an object of texts.
const REWRITES: &str = "rewrites";
/// Rules that are read of `rewrites`.
const MAX_RULES: usize = 500;

/// The settings that are written as a plain text, a truth value or, for `rewrites`, an object of
/// texts, and the line of `rewrites` if its value is code.
pub(super) fn literals(script: &str) -> (Node, Option<usize>) {
    let mut found = Vec::new();
    for key in LITERALS {
        let values = values(script, key).filter_map(|at| match script[at..].chars().next()? {
            '"' | '\'' => text(script, at).map(|(text, _)| Node::Text(text)),
            _ if script[at..].starts_with("true") => Some(Node::Bool(true, "true".to_owned())),
            _ if script[at..].starts_with("false") => Some(Node::Bool(false, "false".to_owned())),
            _ => None,
        });
        let mut values = values;
        found.extend(values.next().map(|node| (key.to_owned(), node)));
    }
    let rules = values(script, REWRITES).find_map(|at| object(script, at));
    let code = match rules {
        Some(rules) => {
            found.push((REWRITES.to_owned(), Node::Map(rules)));
            None
        }
        None => names(script, REWRITES).next().map(|at| 1 + script[..at].matches('\n').count()),
    };
    (Node::Map(found), code)
}

/// The places of a name that is a key or a method, and not a part of another name.
fn names<'a>(script: &'a str, key: &'a str) -> impl Iterator<Item = usize> + 'a {
    script.match_indices(key).map(|(at, _)| at).filter(move |at| {
        let before = script[..*at].chars().next_back();
        let rest = script[at + key.len()..].trim_start_matches(['"', '\'']).trim_start();
        let is_start = before.is_none_or(|c| !c.is_alphanumeric() && !matches!(c, '_' | '.' | '$'));
        let line = script[..*at].rsplit('\n').next().unwrap_or_default().trim_start();
        is_start
            && rest.starts_with([':', '(', ',', '}'])
            && !line.starts_with("//")
            && !line.starts_with('*')
    })
}

/// The places of the values of a key.
fn values<'a>(script: &'a str, key: &'a str) -> impl Iterator<Item = usize> + 'a {
    names(script, key).filter_map(move |at| {
        let end = at + key.len();
        let rest = script[end..].trim_start_matches(['"', '\'']).trim_start();
        let value = rest.strip_prefix(':')?.trim_start();
        Some(script.len() - value.len())
    })
}

/// The text in quotation marks at a place, and the place behind it. `None` for a text with an
/// escape or a value in it.
fn text(script: &str, at: usize) -> Option<(String, usize)> {
    let quote = script[at..].chars().next().filter(|c| matches!(c, '"' | '\'' | '`'))?;
    let mut found = String::new();
    let mut chars = script[at + 1..].char_indices();
    while let Some((offset, c)) = chars.next() {
        match c {
            c if c == quote => return Some((found, at + 1 + offset + 1)),
            '\n' if quote != '`' => return None,
            '$' if quote == '`' => return None,
            '\\' => match chars.next()?.1 {
                c @ ('\\' | '\'' | '"' | '/' | '`') => found.push(c),
                _ => return None,
            },
            c => found.push(c),
        }
    }
    None
}

/// The entries of an object whose keys and values are texts. `None` for any other code.
fn object(script: &str, at: usize) -> Option<Vec<(String, Node)>> {
    let mut at = skip_blanks(script, at);
    at += usize::from(script[at..].starts_with('{'));
    let mut found = Vec::new();
    // Without a brace, the value is another one.
    if !script[..at].ends_with('{') {
        return None;
    }
    loop {
        at = skip_blanks(script, at);
        if script[at..].starts_with('}') || found.len() >= MAX_RULES {
            return Some(found);
        }
        let (key, end) = text(script, at)?;
        at = skip_blanks(script, end);
        at = skip_blanks(script, at + script[at..].starts_with(':').then_some(1)?);
        let (value, end) = text(script, at)?;
        found.push((key, Node::Text(value)));
        at = skip_blanks(script, end);
        if !script[at..].starts_with('}') {
            at += script[at..].starts_with(',').then_some(1)?;
        }
    }
}

/// The place behind blanks and comments.
fn skip_blanks(script: &str, mut at: usize) -> usize {
    loop {
        let rest = script[at..].trim_start();
        at = script.len() - rest.len();
        let end = if rest.starts_with("//") {
            rest.find('\n')
        } else if rest.starts_with("/*") {
            rest.find("*/").map(|end| end + 2)
        } else {
            return at;
        };
        at = end.map_or(script.len(), |end| at + end);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn literals_are_read() {
        for (text, wanted) in [
            ("export default { srcDir: './src', cleanUrls: true }", "{srcDir: \"./src\", cleanUrls: true}"),
            ("return { dir: { \"input\": \"src\" } }", "{input: src}"),
            ("build: {format: 'file'}, cleanUrls : false", "{cleanUrls: false, format: file}"),
            ("const x = myinput: 'a'; opts.input: 'b'; input: fn()", "{}"),
            ("input: process.env.X, input: 'src'", "{input: src}"),
            (
                "rewrites: {\n  // x\n  'a/:b.md': \"c/:b.md\", /* y */\n  `d`: 'e\\\\f',\n}",
                "{rewrites: {\"a/:b.md\": \"c/:b.md\", d: \"e\\\\f\"}}",
            ),
            ("rewrites: {}", "{rewrites: {}}"),
        ] {
            let (found, code) = literals(text);
            assert_eq!((crate::yaml::flow(&found).as_str(), code), (wanted, None), "{text}");
        }
    }

    #[test]
    fn rewrites_that_are_code_are_told_with_their_line() {
        for text in [
            "\nrewrites: rules",
            "\nrewrites(id) { return id }",
            "\nrewrites: {...rules}",
            "\nrewrites: {[a]: 'b'}",
            "\nrewrites: {'a': b}",
            "\nrewrites: {'a': `b${c}`}",
            "\nexport default { title, rewrites, x }",
        ] {
            assert_eq!(literals(text).1, Some(2), "{text}");
        }
        for text in ["// rewrites: rules", "const norewrites = 1", ""] {
            assert_eq!(literals(text).1, None, "{text}");
        }
    }
}
