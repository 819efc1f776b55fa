//! Rules of robots.txt (RFC 9309) for the addresses of sources.

use serde::{Deserialize, Serialize};
use url::{Position, Url};

/// The product token by which robots.txt names newsprint.
const TOKEN: &str = "newsprint";
/// Bytes of a robots.txt that are read (RFC 9309, section 2.5).
pub(super) const MAX_BYTES: u64 = 500 << 10;
/// Rules that are kept of one file.
const MAX_RULES: usize = 2000;

/// The rules of one host for newsprint.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Robots {
    /// Whether a rule allows, and the pattern of its paths.
    rules: Vec<(bool, String)>,
}

impl Robots {
    /// The rules that forbid everything: of a host whose file cannot be read because of an error of
    /// the server (RFC 9309, section 2.3.1.4).
    #[must_use]
    pub(super) fn forbid_all() -> Self {
        Self { rules: vec![(false, "/".to_owned())] }
    }

    /// Reads the groups of newsprint, or else those of `*`.
    #[must_use]
    pub(super) fn parse(text: &str) -> Self {
        let (mut own, mut others) = (Vec::new(), Vec::new());
        let (mut has_own, mut is_own, mut is_for_all) = (false, false, false);
        let mut in_agents = false;
        for line in text.trim_start_matches('\u{FEFF}').lines() {
            let line = line.split('#').next().unwrap_or_default();
            let Some((name, value)) = line.split_once(':') else { continue };
            let value = value.trim();
            match name.trim().to_ascii_lowercase().as_str() {
                "user-agent" => {
                    if !in_agents {
                        (is_own, is_for_all) = (false, false);
                    }
                    in_agents = true;
                    is_own |= is_own_name(value);
                    is_for_all |= value == "*";
                    has_own |= is_own;
                }
                kind @ ("allow" | "disallow") => {
                    in_agents = false;
                    let rule = (kind == "allow", value.to_owned());
                    if value.is_empty() {
                        continue;
                    }
                    if is_own && own.len() < MAX_RULES {
                        own.push(rule.clone());
                    }
                    if is_for_all && others.len() < MAX_RULES {
                        others.push(rule);
                    }
                }
                _ => {}
            }
        }
        Self { rules: if has_own { own } else { others } }
    }

    /// True if the address of a source may be requested.
    #[must_use]
    pub(super) fn allows_address(&self, address: &Url) -> bool {
        self.allows(&address[Position::BeforePath..Position::AfterQuery])
    }

    /// True if a path with its query may be requested: the longest rule that matches decides, and
    /// of equal ones the one that allows (RFC 9309, section 2.2.2).
    #[must_use]
    fn allows(&self, path: &str) -> bool {
        // Escapes are compared decoded.
        let decoded =
            |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
        let path = decoded(path);
        let matching = self.rules.iter().filter(|(_, pattern)| matches(&decoded(pattern), &path));
        matching.max_by_key(|(allows, pattern)| (pattern.len(), *allows)).is_none_or(|(allows, _)| *allows)
    }
}

/// True for `newsprint` in any case, with or without a version behind it.
fn is_own_name(value: &str) -> bool {
    let name: String =
        value.chars().take_while(|c| c.is_ascii_alphabetic() || matches!(c, '_' | '-')).collect();
    name.eq_ignore_ascii_case(TOKEN)
}

/// True if a pattern matches the beginning of a path. `*` is any text, `$` at the end is the end.
fn matches(pattern: &str, path: &str) -> bool {
    let (pattern, to_end) = match pattern.strip_suffix('$') {
        Some(pattern) => (pattern, true),
        None => (pattern, false),
    };
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| path.strip_prefix(first)) else { return false };
    let mut parts = parts.peekable();
    if parts.peek().is_none() {
        return !to_end || rest.is_empty();
    }
    while let Some(part) = parts.next() {
        if to_end && parts.peek().is_none() {
            return rest.ends_with(part);
        }
        // The first occurrence leaves the most for the parts behind it.
        match rest.find(part) {
            Some(at) => rest = &rest[at + part.len()..],
            None => return false,
        }
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_longest_rule_decides() {
        let robots =
            Robots::parse("User-agent: *\nDisallow: /\nAllow: /feed\nDisallow: /feed/x\nAllow: /feed/x$");
        for (path, allowed) in
            [("/", false), ("/feed", true), ("/feed.xml", true), ("/feed/x", true), ("/feed/xy", false)]
        {
            assert_eq!(robots.allows(path), allowed, "{path}");
        }
        assert!(Robots::parse("User-agent: *\nDisallow:\n").allows("/a"));
        assert!(Robots::parse("").allows("/a"));
        assert!(Robots::parse("User-agent: *\nDisallow: /a\nAllow: /a").allows("/a"));
        assert!(!Robots::forbid_all().allows("/a"));
    }

    #[test]
    fn a_group_for_newsprint_replaces_that_of_all() {
        let text = "\u{FEFF}user-agent: other\nuser-agent: NewsPrint/1.0 # comment\ndisallow: /own\n\nUser-agent: *\nDisallow: /all\nSitemap: x\n";
        let robots = Robots::parse(text);
        assert!(!robots.allows("/own") && robots.allows("/all"));
        let robots = Robots::parse("User-agent: newsprinter\nDisallow: /\nUser-agent: *\nDisallow: /all\n");
        assert!(robots.allows("/own") && !robots.allows("/all"));
        // An empty group of its own allows everything.
        let robots = Robots::parse("User-agent: newsprint\nDisallow:\nUser-agent: *\nDisallow: /\n");
        assert!(robots.allows("/a"));
    }

    #[test]
    fn escapes_are_compared_decoded() {
        for (rule, path) in [("/%6fk", "/ok"), ("/ok", "/%6Fk"), ("/新", "/%E6%96%B0/feed")] {
            let robots = Robots::parse(&format!("User-agent: *\nDisallow: {rule}\n"));
            assert!(!robots.allows(path), "{rule} {path}");
        }
    }

    #[test]
    fn stars_and_ends_of_patterns_are_matched() {
        for (pattern, path, wanted) in [
            ("/*.xml$", "/a/b.xml", true),
            ("/*.xml$", "/a/b.xml?x", false),
            ("/*.xml", "/a/b.xml?x", true),
            ("/a*b*c", "/a1b2c3", true),
            ("/a*b*c", "/a1c2b", false),
            ("*", "/", true),
            ("/*?*token=", "/feed?a=1&token=2", true),
            ("/a$", "/a", true),
            ("/a$", "/ab", false),
            ("/a*a$", "/a", false),
        ] {
            assert_eq!(matches(pattern, path), wanted, "{pattern} {path}");
        }
    }

    proptest::proptest! {
        #[test]
        fn every_file_has_an_answer_for_every_path(text in "(User-agent|Allow|Disallow|: |\\*|/|\\$|#|a|\n){0,60}", path in "/[a*$/]{0,8}") {
            let _ = Robots::parse(&text).allows(&path);
        }

        #[test]
        fn a_pattern_without_signs_is_a_prefix(pattern in "/[ab/]{0,4}", path in "/[ab/]{0,6}") {
            assert_eq!(matches(&pattern, &path), path.starts_with(&pattern));
        }
    }
}
