//! The Content-Security-Policy of every page: `csp:` in `newsprint.yaml`.
//!
//! It is the second wall: escaping is the first, and has to hold without it (`tests/web/hostile.test.mjs` looks at pages
//! without their policy).

use crate::diagnostic::nearest;
use crate::fields::Fields;
use crate::yaml::Node;

/// Directives and their sources, in the order in which pages name them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy(Vec<(String, String)>);

/// Directives that a page can give itself (CSP Level 3, section 6).
const KNOWN: [&str; 21] = [
    "default-src",
    "script-src",
    "script-src-elem",
    "script-src-attr",
    "style-src",
    "style-src-elem",
    "style-src-attr",
    "img-src",
    "font-src",
    "connect-src",
    "media-src",
    "object-src",
    "frame-src",
    "child-src",
    "worker-src",
    "manifest-src",
    "base-uri",
    "form-action",
    "upgrade-insecure-requests",
    "require-trusted-types-for",
    "trusted-types",
];

/// Directives that only count in a header (CSP Level 3, section 3.3; Reporting).
const IN_HEADERS: [&str; 4] = ["frame-ancestors", "report-uri", "report-to", "sandbox"];

impl Policy {
    /// What the default theme needs and nothing else: its own files, and images of others only where they are shown.
    #[must_use]
    pub(super) fn built_in(remote_images: bool) -> Self {
        let images = if remote_images { "'self' https: http:" } else { "'self'" };
        let directives = [
            ("default-src", "'none'"),
            ("script-src", "'self'"),
            ("style-src", "'self'"),
            ("img-src", images),
            ("connect-src", "'self'"),
            ("form-action", "'self'"),
            ("base-uri", "'none'"),
        ];
        Self(directives.map(|(name, sources)| (name.to_owned(), sources.to_owned())).to_vec())
    }

    /// Reads `csp:`, which adds directives, replaces them by others, or is `off`: `None`.
    pub(super) fn read(fields: &mut Fields<'_>, remote_images: bool) -> Option<Self> {
        let mut policy = Self::built_in(remote_images);
        if super::browse::is_off(fields, "csp") {
            return None;
        }
        let Some(Node::Map(entries)) = fields.get("csp") else {
            // Anything else than directives is reported by `inner`.
            super::browse::settings(fields, "csp");
            return Some(policy);
        };
        let Some(mut inner) = fields.inner("csp") else { return Some(policy) };
        for (name, _) in entries {
            if IN_HEADERS.contains(&name.as_str()) {
                inner.get(name);
                let help = "it only counts in a header, which the site's host has to send";
                inner.error(name, format!("a page cannot say `{name}` of itself"), help);
            } else if KNOWN.contains(&name.as_str()) {
                let sources = inner.texts(name).join(" ");
                let flag = name == "upgrade-insecure-requests";
                match sources.split_whitespace().find_map(wrong) {
                    _ if matches!(sources.as_str(), "off" | "false" | "no") => {
                        policy.0.retain(|(known, _)| known != name);
                    }
                    _ if flag && matches!(sources.as_str(), "" | "on" | "true" | "yes") => {
                        policy.set(name, "");
                    }
                    _ if sources.is_empty() => {
                        let help = "write sources such as `'self' https://example.org`, or `off`";
                        inner.error(name, format!("`{name}` names no source"), help);
                    }
                    None => policy.set(name, &sources),
                    Some(help) => inner.error(name, format!("`{sources}` is no list of sources"), help),
                }
            } else {
                inner.get(name);
                let help = nearest(name, KNOWN).map_or_else(
                    || "directives are those of CSP, such as `img-src`".to_owned(),
                    |near| format!("did you mean `{near}`?"),
                );
                inner.error(name, format!("there is no directive `{name}`"), help);
            }
        }
        fields.absorb(inner.finish());
        Some(policy)
    }

    fn set(&mut self, name: &str, sources: &str) {
        match self.0.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => sources.clone_into(known),
            None => self.0.push((name.to_owned(), sources.to_owned())),
        }
    }

    /// As a header or a `<meta>` says it.
    #[must_use]
    pub fn text(&self) -> String {
        let directives =
            self.0.iter().map(|(name, sources)| format!("{name} {sources}").trim_end().to_owned());
        directives.collect::<Vec<_>>().join("; ")
    }
}

/// What is wrong with a source: the words of CSP stand in quotation marks, and without them would name a host.
fn wrong(source: &str) -> Option<String> {
    const WORDS: [&str; 9] = [
        "self",
        "none",
        "script",
        "unsafe-inline",
        "unsafe-eval",
        "unsafe-hashes",
        "wasm-unsafe-eval",
        "strict-dynamic",
        "report-sample",
    ];
    const BEGINNINGS: [&str; 4] = ["nonce-", "sha256-", "sha384-", "sha512-"];
    let quoted = source.len() > 1 && source.starts_with('\'') && source.ends_with('\'');
    let bare = source.trim_matches('\'');
    let is_word = WORDS.contains(&bare) || BEGINNINGS.iter().any(|begins| bare.starts_with(begins));
    let fits = |c: char| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '"' | '<' | '>' | '\'');
    if is_word && !quoted {
        Some(format!("did you mean `'{bare}'`, with its quotation marks? In YAML: `\"'{bare}'\"`"))
    } else if bare.is_empty() || !bare.chars().all(fits) || quoted && !is_word {
        Some("write sources such as `'self' https://example.org`".to_owned())
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use crate::config::{Config, FILE};

    fn policy(source: &str) -> String {
        let (config, diagnostics) = Config::parse(FILE, &format!("base_url: https://e.org/\n{source}"));
        assert!(diagnostics.is_empty(), "{diagnostics:?}");
        config.policy.map(|policy| policy.text()).unwrap_or_default()
    }

    #[test]
    fn a_page_may_use_what_the_theme_needs_and_nothing_else() {
        let text = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'";
        assert_eq!(policy(""), text);
        assert_eq!(policy("csp: on"), text);
        assert_eq!(policy("csp: off"), "");
        assert!(policy("markdown: {remote_images: on}").contains("img-src 'self' https: http:;"));
    }

    #[test]
    fn directives_are_added_and_replaced() {
        let text = policy(
            "csp:\n  frame-src: https://player.example.org\n  script-src: [\"'self'\", 'https://a.example.org']\n",
        );
        assert!(text.contains("; script-src 'self' https://a.example.org;"), "{text}");
        assert!(text.ends_with("; frame-src https://player.example.org"), "{text}");
        assert!(policy("csp: {upgrade-insecure-requests: on}").ends_with("; upgrade-insecure-requests"));
        assert!(!policy("csp: {connect-src: off}").contains("connect-src"));
    }

    #[test]
    fn a_directive_cannot_bring_another_one() {
        let wrong = [
            "csp: {script-src: \"x; script-src *\"}",
            "csp: {img-src: \"a\\\" onload=b\"}",
            "csp: {imgsrc: x}",
            "csp: {frame-ancestors: x}",
            "csp: maybe",
            "csp: {script-src: self}",
            "csp: {script-src: \"'self\"}",
            "csp: {frame-src: none}",
            "csp: {img-src: \"'elf'\"}",
            "csp: {script-src: ''}",
        ];
        for source in wrong {
            let found = Config::parse(FILE, &format!("base_url: https://e.org/\n{source}\n")).1;
            assert_eq!(found.len(), 1, "{source}: {found:?}");
        }
    }
}
