//! The Content-Security-Policy of every page: `csp:` in `newsprint.yaml`.
//!
//! The policy is the second line of defence. The first is escaping, which has to suffice without
//! it: `tests/web/hostile.test.mjs` tests pages without their policy.

use crate::diagnostic::nearest;
use crate::fields::Fields;
use crate::yaml::Node;

/// Directives with their sources, in the order in which a page states them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy(Vec<(String, String)>);

/// Directives that work in a page (CSP Level 3, section 6).
const PAGE_DIRECTIVES: [&str; 21] = [
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

/// Directives that only work in an HTTP header (CSP Level 3, section 3.3; Reporting).
const HEADER_DIRECTIVES: [&str; 4] = ["frame-ancestors", "report-uri", "report-to", "sandbox"];

impl Policy {
    /// The policy that the default theme needs: only the site's own files, and images of other
    /// hosts if they are shown.
    #[must_use]
    pub(super) fn built_in(remote_images: bool) -> Self {
        let images = if remote_images { "'self' https: http:" } else { "'self'" };
        let directives = [
            ("default-src", "'none'"),
            ("script-src", "'self'"),
            ("style-src", "'self'"),
            ("img-src", images),
            ("connect-src", "'self'"),
            ("manifest-src", "'self'"),
            ("form-action", "'self'"),
            ("base-uri", "'none'"),
        ];
        Self(directives.map(|(name, sources)| (name.to_owned(), sources.to_owned())).to_vec())
    }

    /// Reads `csp:`, which adds, replaces and removes directives; `None` for `csp: off`.
    pub(super) fn read(fields: &mut Fields<'_>, remote_images: bool) -> Option<Self> {
        let mut policy = Self::built_in(remote_images);
        if super::browse::is_off(fields, "csp") {
            return None;
        }
        let Some(Node::Map(entries)) = fields.get("csp") else {
            // Reports a value that is neither a mapping nor `on`.
            super::browse::settings(fields, "csp");
            return Some(policy);
        };
        let Some(mut inner) = fields.inner("csp") else { return Some(policy) };
        for (name, _) in entries {
            if HEADER_DIRECTIVES.contains(&name.as_str()) {
                inner.get(name);
                let help = tr!("let the site's host send it as an HTTP header");
                inner.error(name, tr!("`{name}` has no effect in a page", name), help);
            } else if PAGE_DIRECTIVES.contains(&name.as_str()) {
                let sources = inner.texts(name).join(" ");
                let flag = name == "upgrade-insecure-requests";
                match sources.split_whitespace().find_map(find_source_error) {
                    _ if matches!(sources.as_str(), "off" | "false" | "no") => {
                        policy.0.retain(|(known, _)| known != name);
                    }
                    _ if flag && matches!(sources.as_str(), "" | "on" | "true" | "yes") => {
                        policy.set(name, "");
                    }
                    _ if sources.is_empty() => {
                        let help = tr!("write sources such as `'self' https://example.org`, or `off`");
                        inner.error(name, tr!("`{name}` has no sources", name), help);
                    }
                    None => policy.set(name, &sources),
                    Some(help) => {
                        inner.error(name, tr!("`{sources}` is not a list of sources", sources), help);
                    }
                }
            } else {
                inner.get(name);
                let help = nearest(name, PAGE_DIRECTIVES).map_or_else(
                    || tr!("write a directive of CSP, such as `img-src`"),
                    |near| tr!("did you mean `{near}`?", near),
                );
                inner.error(name, tr!("there is no directive `{name}`", name), help);
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

    /// The value of the header or the `<meta>` element.
    #[must_use]
    pub fn text(&self) -> String {
        let directives =
            self.0.iter().map(|(name, sources)| format!("{name} {sources}").trim_end().to_owned());
        directives.collect::<Vec<_>>().join("; ")
    }
}

/// The help for an invalid source; `None` if it is valid. Keywords of CSP have quotation marks;
/// without them a keyword would be the name of a host.
fn find_source_error(source: &str) -> Option<String> {
    const KEYWORDS: [&str; 9] = [
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
    const KEYWORD_PREFIXES: [&str; 4] = ["nonce-", "sha256-", "sha384-", "sha512-"];
    let quoted = source.len() > 1 && source.starts_with('\'') && source.ends_with('\'');
    let bare = source.trim_matches('\'');
    let is_keyword =
        KEYWORDS.contains(&bare) || KEYWORD_PREFIXES.iter().any(|prefix| bare.starts_with(prefix));
    let is_allowed = |c: char| c.is_ascii_graphic() && !matches!(c, ';' | ',' | '"' | '<' | '>' | '\'');
    if is_keyword && !quoted {
        Some(tr!("did you mean `'{bare}'` with quotation marks? in YAML: `\"'{bare}'\"`", bare))
    } else if bare.is_empty() || !bare.chars().all(is_allowed) || quoted && !is_keyword {
        Some(tr!("write sources such as `'self' https://example.org`"))
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
    fn the_default_policy_allows_only_the_sites_own_files() {
        let text = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'";
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
    fn invalid_directives_and_sources_are_errors() {
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
