//! Matches paths with the patterns of Hugo, Hexo and Jekyll.

use regex::{Regex, RegexBuilder};

/// Bytes of the largest pattern in memory.
const MAX_BYTES: usize = 1 << 20;

/// True if a pattern matches a whole path: `*` and `?` stand for characters within a folder, `**`
/// for any, `{a,b}` for one of two (micromatch 4 of Hexo 8, gobwas/glob 0.2 of Hugo). A pattern that
/// cannot be read, or begins with `!`, matches nothing.
#[must_use]
pub fn matches(pattern: &str, path: &str) -> bool {
    matches_any(pattern, std::iter::once(path))
}

/// True if a pattern matches one of several paths, as [`matches()`] does.
#[must_use]
pub fn matches_any<'a>(pattern: &str, mut paths: impl Iterator<Item = &'a str>) -> bool {
    let regex = Some(pattern).filter(|pattern| !pattern.starts_with('!'));
    let regex = regex.and_then(|pattern| compiled(&regex_of(pattern, "$")));
    regex.is_some_and(|regex| paths.any(|path| regex.is_match(path)))
}

/// True if a pattern matches the beginning of a path.
pub(super) fn matches_start(pattern: &str, path: &str) -> bool {
    compiled(&regex_of(pattern, "")).is_some_and(|regex| regex.is_match(path))
}

/// True if a regular expression is found in a path, as `ignoreFiles` of Hugo has them.
#[must_use]
pub fn finds(pattern: &str, path: &str) -> bool {
    compiled(pattern).is_some_and(|regex| regex.is_match(path))
}

fn compiled(pattern: &str) -> Option<Regex> {
    RegexBuilder::new(pattern).size_limit(MAX_BYTES).build().ok()
}

fn regex_of(pattern: &str, end: &str) -> String {
    let mut found = String::from("^");
    let mut rest = pattern;
    let mut depth = 0_usize;
    while let Some(c) = rest.chars().next() {
        let (part, length) = match c {
            '*' if rest.starts_with("**/") => ("(?:.*/)?".to_owned(), 3),
            '*' if rest.starts_with("**") => (".*".to_owned(), 2),
            '*' => ("[^/]*".to_owned(), 1),
            '?' => ("[^/]".to_owned(), 1),
            '{' => {
                depth += 1;
                ("(?:".to_owned(), 1)
            }
            '}' if depth > 0 => {
                depth -= 1;
                (")".to_owned(), 1)
            }
            ',' if depth > 0 => ("|".to_owned(), 1),
            c => (regex::escape(c.encode_utf8(&mut [0; 4])), c.len_utf8()),
        };
        found.push_str(&part);
        rest = &rest[length..];
    }
    found.push_str(end);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_parts_of_a_path() {
        for (pattern, path) in [
            ("_posts/*.md", "_posts/a.md"),
            ("**/a.md", "a.md"),
            ("**/a.md", "x/y/a.md"),
            ("/posts/**", "/posts/x/y"),
            ("_posts/{a,b}.md", "_posts/b.md"),
            ("x?.md", "x1.md"),
        ] {
            assert!(matches(pattern, path), "{pattern} {path}");
        }
        for (pattern, path) in [
            ("_posts/*.md", "_posts/a/b.md"),
            ("a.md", "xa.md"),
            ("a.md", "a.mdx"),
            ("!a.md", "b.md"),
            ("{a", "a"),
        ] {
            assert!(!matches(pattern, path), "{pattern} {path}");
        }
        assert!(matches_start("a/*/b", "a/x/b/c.md") && finds(r"\.draft\.md$", "/x/a.draft.md"));
    }
}
