//! Settings of `newsprint check`: `check:` in `newsprint.yaml`.

use std::collections::BTreeMap;

use crate::config::Rule;
use crate::diagnostic::{Severity, nearest};
use crate::fields::Fields;
use crate::yaml::Node;

/// Limits and severities of the rules.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Check {
    /// Rules with another severity than their default; `None` is off.
    pub rules: BTreeMap<Rule, Option<Severity>>,
    /// Maximum size of a page's HTML, in bytes ([`Rule::HeavyPage`]).
    pub page: usize,
    /// Maximum length of an article's text: Han characters, and words of other scripts
    /// ([`Rule::LongText`]).
    pub characters: usize,
    /// Maximum age of the newest article, in days ([`Rule::NothingNew`]); `None` is off.
    pub nothing_new_days: Option<usize>,
    /// Maximum percentage of the last build's pages that may be missing ([`Rule::FewerPages`]);
    /// `None` is off.
    pub fewer_pages_percent: Option<usize>,
}

impl Default for Check {
    fn default() -> Self {
        Self {
            rules: BTreeMap::new(),
            page: 300 << 10,
            // A long article has ten thousand characters; a longer text is probably a whole web
            // page.
            characters: 30_000,
            nothing_new_days: None,
            fewer_pages_percent: None,
        }
    }
}

impl Check {
    /// The severity of a rule's findings; `None` if the rule is off.
    #[must_use]
    pub fn severity(&self, rule: Rule) -> Option<Severity> {
        let default = (!rule.is_off_by_default()).then(|| rule.severity());
        self.rules.get(&rule).copied().unwrap_or(default)
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
                    tr!("`{code}` is a rule, not a setting of `check`", code),
                    tr!(
                        "write it below `rules:`, as in `{setting}`",
                        setting = format!("rules: {{{code}: off}}")
                    ),
                );
            }
        }
        if let Some(node) = inner.get("rules") {
            match node {
                Node::Map(entries) => {
                    for (code, written) in entries {
                        if let Some((rule, severity)) = read_rule(&mut inner, code, written) {
                            check.rules.insert(rule, severity);
                        }
                    }
                }
                other => inner.wrong_kind("rules", &tr!("a mapping, as in `broken-anchor: error`"), other),
            }
        }
        fields.absorb(inner.finish());
        check
    }
}

fn read_rule(fields: &mut Fields<'_>, code: &str, written: &Node) -> Option<(Rule, Option<Severity>)> {
    let Some(rule) = Rule::named(code) else {
        let help = nearest(code, Rule::ALL.map(Rule::code)).map_or_else(
            || tr!("the rules are {}", Rule::ALL.map(Rule::code).join(&tr!("list" => ", "))),
            |near| tr!("did you mean `{near}`?", near),
        );
        fields.error_within("rules", &format!("{code}:"), tr!("there is no rule `{code}`", code), help);
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
                tr!("`{code}` has to be `error`, `warning` or `off`", code),
                match rule.is_off_by_default() {
                    true => tr!("write `{code}: warning`", code),
                    false => tr!("write `{code}: off`", code),
                },
            );
            return None;
        }
    };
    Some((rule, severity))
}
