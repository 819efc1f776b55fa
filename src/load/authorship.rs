//! Reads what an article says about its author: whether a model wrote it, and whether a person
//! reviewed it.

use serde::{Deserialize, Serialize};

use crate::config::{Ai, Config, Labels, reviewed};
use crate::fields::Fields;

/// Names of the field `ai`; diagnostics suggest the first.
pub(crate) const AI: [&str; 2] = ["ai", "AI"];
/// Names of the field `reviewed`.
pub(crate) const REVIEWED: [&str; 3] = ["reviewed", "人工审核", "人工審核"];

/// The fields `ai` and `reviewed` as written; `None` for a missing field.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Authorship {
    /// The part that a model had in the text.
    pub ai: Option<Ai>,
    /// Whether a person reviewed the text.
    pub reviewed: Option<bool>,
}

impl Authorship {
    /// What a record says, or else what its article's file says. A record that says whether a model
    /// wrote the text says all of it.
    #[must_use]
    pub fn or(self, file: Self) -> Self {
        let kept = if self.ai.is_some() { Self::default() } else { file };
        Self { ai: self.ai.or(kept.ai), reviewed: self.reviewed.or(kept.reviewed) }
    }

    /// The part of a model in the text and whether the text was reviewed: each field of the
    /// article, else the digest's default.
    #[must_use]
    pub fn or_default(self, labels: &Labels) -> (Ai, bool) {
        (self.ai.or(labels.ai).unwrap_or(Ai::None), self.reviewed.unwrap_or(labels.reviewed))
    }
}

/// Reads the two fields. A name that is a taxonomy of the digest has terms and is not read.
pub(super) fn read_authorship(fields: &mut Fields<'_>, config: &Config) -> Authorship {
    let is_free = |name: &&&'static str| {
        !config
            .taxonomies
            .iter()
            .any(|taxonomy| taxonomy.name == **name || taxonomy.also.iter().any(|also| also == **name))
    };
    let names: Vec<&str> = AI.iter().filter(is_free).copied().collect();
    let ai = fields.text(&names).and_then(|(name, written)| {
        let ai = Ai::parse(&written);
        if ai.is_none() {
            let values = Ai::VALUES;
            let values = tr!(values);
            fields.error(
                name,
                tr!("`{name}` cannot be `{written}`", name, written),
                tr!("write {values}", values),
            );
        }
        ai
    });
    let names: Vec<&str> = REVIEWED.iter().filter(is_free).copied().collect();
    let reviewed = fields.first(&names).and_then(|(name, node)| {
        let is_reviewed = reviewed(node);
        if is_reviewed.is_none() {
            fields.wrong_kind(name, &tr!("`true` (是) or `false` (否)"), node);
        }
        is_reviewed
    });
    Authorship { ai, reviewed }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_without_authorship_keeps_that_of_the_file() {
        let said = |ai, reviewed| Authorship { ai, reviewed };
        let (generated, assisted) = (Some(Ai::Generated), Some(Ai::Assisted));
        for (own, file, wanted) in [
            (said(None, None), said(None, None), said(None, None)),
            (said(None, None), said(generated, Some(true)), said(generated, Some(true))),
            (said(assisted, None), said(generated, Some(true)), said(assisted, None)),
            (said(None, Some(false)), said(generated, Some(true)), said(generated, Some(false))),
        ] {
            assert_eq!(own.or(file), wanted, "{own:?}");
        }
    }

    #[test]
    fn each_field_of_an_article_wins_over_the_default() {
        let labels = |ai, reviewed| Labels { ai, reviewed, ..Labels::default() };
        let own = |ai, reviewed| Authorship { ai, reviewed };
        for (own, labels, wanted) in [
            (own(None, None), labels(None, false), (Ai::None, false)),
            (own(None, None), labels(Some(Ai::Generated), true), (Ai::Generated, true)),
            (own(Some(Ai::None), None), labels(Some(Ai::Generated), false), (Ai::None, false)),
            (own(Some(Ai::Assisted), None), labels(Some(Ai::Generated), true), (Ai::Assisted, true)),
            (own(None, Some(false)), labels(Some(Ai::Generated), true), (Ai::Generated, false)),
            (own(Some(Ai::Generated), Some(true)), labels(None, false), (Ai::Generated, true)),
        ] {
            assert_eq!(own.or_default(&labels), wanted, "{own:?}");
        }
    }
}
