//! What `newsprint check` looks for, and how much it weighs: `check:` in `newsprint.yaml`.

use std::collections::BTreeMap;

use crate::config::Rule;
use crate::diagnostic::{Severity, nearest};
use crate::fields::Fields;
use crate::yaml::Node;

/// Settings of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Rules that the digest weighs otherwise; `None` is off.
    pub rules: BTreeMap<Rule, Option<Severity>>,
    /// Bytes of HTML that a page may have.
    pub page: usize,
    /// Characters that an article may have.
    pub characters: usize,
    /// Days after the newest article's, when the check begins to fail.
    pub nothing_new_days: Option<usize>,
    /// How many of 100 pages of the last build may be gone.
    pub fewer_pages_percent: Option<usize>,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            rules: BTreeMap::new(),
            page: 300 << 10,
            // A long read has ten thousand; what has more is a page taken whole.
            characters: 30_000,
            nothing_new_days: None,
            fewer_pages_percent: None,
        }
    }
}

impl Check {
    /// What a finding of a rule weighs; `None` if nobody wants to know.
    #[must_use]
    pub fn severity(&self, rule: Rule) -> Option<Severity> {
        self.rules.get(&rule).copied().unwrap_or(Some(rule.severity()))
    }

    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut check = Self::default();
        let Some(mut inner) = fields.inner("check") else { return check };
        if let Some(number) = inner.number("page_kb", 1..=1 << 20) {
            check.page = number << 10;
        }
        if let Some(number) = inner.number("characters", 1..=10_000_000) {
            check.characters = number;
        }
        check.nothing_new_days = inner.number("nothing_new_days", 1..=3650);
        check.fewer_pages_percent = inner.number("fewer_pages_percent", 1..=99);
        for code in Rule::ALL.map(Rule::code) {
            if inner.get(code).is_some() {
                inner.error(
                    code,
                    format!("`{code}` is a rule"),
                    format!("write it below `rules:`, as in `rules: {{{code}: off}}`"),
                );
            }
        }
        if let Some(node) = inner.get("rules") {
            match node {
                Node::Map(entries) => {
                    for (code, written) in entries {
                        if let Some((rule, severity)) = rule(&mut inner, code, written) {
                            check.rules.insert(rule, severity);
                        }
                    }
                }
                other => inner.wrong_kind("rules", "a mapping, as in `broken-anchor: error`", other),
            }
        }
        fields.absorb(inner.finish());
        check
    }
}

fn rule(fields: &mut Fields<'_>, code: &str, written: &Node) -> Option<(Rule, Option<Severity>)> {
    let Some(rule) = Rule::named(code) else {
        let help = nearest(code, Rule::ALL.map(Rule::code)).map_or_else(
            || format!("the rules are {}", Rule::ALL.map(Rule::code).join(", ")),
            |near| format!("did you mean `{near}`?"),
        );
        fields.error_within("rules", &format!("{code}:"), format!("there is no rule `{code}`"), help);
        return None;
    };
    let severity = match written.text().map(str::to_lowercase).as_deref() {
        Some("off" | "false" | "no") => None,
        Some("warning") => Some(Severity::Warning),
        Some("error") => Some(Severity::Error),
        _ => {
            fields.error_within(
                "rules",
                &format!("{code}:"),
                format!("`{code}` can be an `error`, a `warning` or `off`"),
                format!("write `{code}: off`"),
            );
            return None;
        }
    };
    Some((rule, severity))
}
