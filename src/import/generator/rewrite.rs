//! Applies the `rewrites` of VitePress to the path of a page.
//!
//! Sources: `resolveRewrites` of VitePress 1.6.4, and path-to-regexp 6.3, whose patterns it takes
//! (`:name`, `:name(…)`, `(…)`, `:name*`, and regular expressions that begin with `^`).

use regex::{Captures, Regex, RegexBuilder};

use crate::yaml::Node;

/// Bytes of the largest pattern in memory.
const MAX_BYTES: usize = 1 << 20;

/// The path of a page by the first rule that fits; `None` if none does.
///
/// # Errors
/// The rule before it that cannot be read, which may fit.
pub(super) fn rewritten(path: &str, rules: &Node) -> Result<Option<String>, String> {
    let Node::Map(rules) = rules else { return Ok(None) };
    for (from, to) in rules {
        let (regex, names) = compiled(from).ok_or_else(|| from.clone())?;
        let Some(captures) = regex.captures(path) else { continue };
        let filled = to.text().and_then(|to| filled(to, &captures, &names, &regex));
        return filled.map(Some).ok_or_else(|| from.clone());
    }
    Ok(None)
}

/// True if all rules can be read.
pub(super) fn is_readable(rules: &Node) -> bool {
    !matches!(rules, Node::Map(rules) if rules.iter().any(|(from, _)| compiled(from).is_none()))
}

fn compiled(from: &str) -> Option<(Regex, Vec<String>)> {
    let (pattern, names) = pattern(from)?;
    let regex = RegexBuilder::new(&pattern).case_insensitive(true).size_limit(MAX_BYTES).build().ok()?;
    Some((regex, names))
}

/// The regular expression of a rule and the names of its groups. A group without a name has its
/// number.
fn pattern(written: &str) -> Option<(String, Vec<String>)> {
    if written.starts_with('^') {
        return Some((written.replace("(?<", "(?P<"), Vec::new()));
    }
    let mut found = String::from("^");
    let mut names = Vec::new();
    let mut unnamed = 0;
    let mut rest = written;
    while let Some(c) = rest.chars().next() {
        if c != ':' && c != '(' {
            let (c, length) = match (c, rest.chars().nth(1)) {
                ('\\', Some(escaped)) => (escaped, 1 + escaped.len_utf8()),
                _ => (c, c.len_utf8()),
            };
            // Modifiers of groups `{…}` have no place in paths of pages.
            if matches!(c, '{' | '}') {
                return None;
            }
            found.push_str(&regex::escape(c.encode_utf8(&mut [0; 4])));
            rest = &rest[length..];
            continue;
        }
        let name = take_name(&mut rest);
        let inner = take_group(&mut rest)?.unwrap_or_else(|| r"[^/#?]+?".to_owned());
        if name.is_empty() {
            names.push(unnamed.to_string());
            unnamed += 1;
        } else {
            names.push(name);
        }
        let modifier = rest.chars().next().filter(|c| matches!(c, '*' | '+' | '?'));
        rest = &rest[modifier.map_or(0, char::len_utf8)..];
        // A slash before a group belongs to it.
        let slash = if modifier.is_some() && found.ends_with('/') { "/" } else { "" };
        found.truncate(found.len() - slash.len());
        found.push_str(&match modifier {
            None => format!("({inner})"),
            Some('?') => format!("(?:{slash}({inner}))?"),
            Some(modifier) => {
                let optional = if modifier == '*' { "?" } else { "" };
                format!("(?:{slash}((?:{inner})(?:{slash}(?:{inner}))*)){optional}")
            }
        });
    }
    Some((format!("{found}/?$"), names))
}

/// Takes `:name` off the beginning; empty for a group without a name.
fn take_name(rest: &mut &str) -> String {
    let Some(after) = rest.strip_prefix(':') else { return String::new() };
    let end = after.find(|c: char| !c.is_ascii_alphanumeric() && c != '_').unwrap_or(after.len());
    let (name, behind) = after.split_at(end);
    *rest = behind;
    name.to_owned()
}

/// Takes `(…)` off the beginning. The outer `None` is for brackets that do not fit.
#[allow(clippy::option_option)]
fn take_group(rest: &mut &str) -> Option<Option<String>> {
    if !rest.starts_with('(') {
        return Some(None);
    }
    let mut depth = 0_usize;
    let mut is_escaped = false;
    for (at, c) in rest.char_indices() {
        match c {
            _ if is_escaped => is_escaped = false,
            '\\' => is_escaped = true,
            '(' => depth += 1,
            ')' if depth == 1 => {
                let inner = rest[1..at].to_owned();
                *rest = &rest[at + 1..];
                return Some(Some(inner));
            }
            ')' => depth -= 1,
            _ => {}
        }
    }
    None
}

/// The target of a rule with the values of its groups.
fn filled(to: &str, captures: &Captures<'_>, names: &[String], regex: &Regex) -> Option<String> {
    let value = |name: &str| {
        let own = names.iter().position(|known| known == name).map(|at| at + 1);
        let number = || {
            let unnamed = || regex.capture_names().enumerate().skip(1).filter(|(_, name)| name.is_none());
            name.parse::<usize>().ok().and_then(|at| unnamed().nth(at)).map(|(at, _)| at)
        };
        let named = || regex.capture_names().position(|known| known == Some(name));
        let at = if names.is_empty() { named().or_else(number) } else { own }?;
        Some(captures.get(at).map_or("", |found| found.as_str()))
    };
    let mut found = String::new();
    let mut rest = to;
    let mut unnamed = 0;
    while let Some(c) = rest.chars().next() {
        if c != ':' && c != '(' {
            found.push(c);
            rest = &rest[c.len_utf8()..];
            continue;
        }
        let mut name = take_name(&mut rest);
        take_group(&mut rest)?;
        if name.is_empty() {
            name = unnamed.to_string();
            unnamed += 1;
        }
        rest = rest.strip_prefix(['*', '+', '?']).unwrap_or(rest);
        let value = value(&name)?;
        if value.is_empty() && found.ends_with('/') {
            found.pop();
        }
        found.push_str(value);
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_rewritten_by_the_first_rule_that_fits() {
        // VitePress 1.6.4.
        for (from, to, path, wanted) in [
            ("posts/x.md", "p/y.md", "posts/x.md", Some("p/y.md")),
            ("posts/:slug.md", "p/:slug.md", "posts/C++ 入门.md", Some("p/C++ 入门.md")),
            ("posts/:slug.md", "p/:slug.md", "posts/2024/x.md", None),
            ("posts/:rest*", "p/:rest*", "posts/2024/深/x.md", Some("p/2024/深/x.md")),
            ("posts/(.*)", "p/(.*)", "posts/2024/x.md", Some("p/2024/x.md")),
            (
                ":section/:year(\\d+)/:name.md",
                ":year/:section-:name.md",
                "posts/2024/x.md",
                Some("2024/posts-x.md"),
            ),
            ("^posts/(?<name>.*)\\.md$", "n/:name.md", "posts/a/b.md", Some("n/a/b.md")),
            ("^posts/(.*)$", ":0", "posts/a.md", Some("a.md")),
            ("x.md", "p.md", "xxmd", None),
        ] {
            let rules = Node::Map(vec![(from.to_owned(), Node::Text(to.to_owned()))]);
            assert_eq!(rewritten(path, &rules), Ok(wanted.map(str::to_owned)), "{from}");
            assert!(is_readable(&rules), "{from}");
        }
        for (from, to) in [("posts/(", "p"), ("posts/{a}?", "p"), ("^(?=x)", "p"), ("posts/:a", ":b")] {
            let rules = Node::Map(vec![(from.to_owned(), Node::Text(to.to_owned()))]);
            assert_eq!(rewritten("posts/a", &rules), Err(from.to_owned()));
            assert_eq!(is_readable(&rules), to == ":b", "{from}");
        }
    }
}
