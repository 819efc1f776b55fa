//! Settings of the labels of machine-written text: `labels:` in `newsprint.yaml`, and the values
//! of the field `ai` of articles, records and settings.

use serde::{Deserialize, Serialize};

use crate::fields::{Fields, clean};
use crate::yaml::Node;

/// The part that a model had in a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ai {
    /// A model wrote the text.
    Generated,
    /// A person wrote the text with the help of a model.
    Assisted,
    /// No model wrote any of it.
    None,
}

impl Ai {
    /// The values that exist, for error messages. `tr!` translates them where they are shown.
    pub const VALUES: &str = marked!("`generated` (生成), `assisted` (辅助) or `none` (无)");

    /// Reads a value. Case, spaces and hyphens make no difference, and `AI` before the word is
    /// accepted, as in `AI 生成` and `ai-generated`.
    #[must_use]
    pub fn parse(written: &str) -> Option<Self> {
        let folded: String = written
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '_'))
            .flat_map(char::to_lowercase)
            .collect();
        let prefixes = ["人工智能", "人工智慧", "ai"];
        let word = prefixes.iter().find_map(|prefix| folded.strip_prefix(prefix)).unwrap_or(&folded);
        match word {
            "generated" | "生成" => Some(Self::Generated),
            "assisted" | "辅助" | "輔助" => Some(Self::Assisted),
            "none" | "无" | "無" => Some(Self::None),
            _ => None,
        }
    }

    /// The value as import and data files write it.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Self::Generated => "generated",
            Self::Assisted => "assisted",
            Self::None => "none",
        }
    }
}

/// The truth value of a field `reviewed`: as in YAML, or 是 and 否.
#[must_use]
pub fn reviewed(node: &Node) -> Option<bool> {
    match node.text().map(clean).as_deref() {
        Some("是" | "已审核" | "已審核") => Some(true),
        Some("否" | "未审核" | "未審核") => Some(false),
        _ => node.switch(),
    }
}

/// The label of articles that have no fields of their own, and the data of the metadata block of
/// GB 45438-2025.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Labels {
    /// The value of articles without the field `ai`; `None` if the digest says nothing about them.
    pub ai: Option<Ai>,
    /// The value of articles without the field `reviewed`.
    pub reviewed: bool,
    /// The name or code of the service that wrote the texts.
    pub producer: Option<String>,
    /// The number of a text at that service; `{path}` is the path of the article.
    pub number: Option<String>,
}

impl Labels {
    pub(super) fn read(fields: &mut Fields<'_>) -> Self {
        let mut labels = Self::default();
        let Some(mut inner) = fields.inner("labels") else { return labels };
        labels.ai = read_ai(&mut inner);
        labels.reviewed = read_reviewed(&mut inner);
        labels.producer = inner.text(&["producer"]).map(|(_, text)| text);
        labels.number = inner.text(&["number"]).map(|(_, text)| text);
        if labels.producer.is_some() != labels.number.is_some() {
            let (given, missing) =
                if labels.producer.is_some() { ("producer", "number") } else { ("number", "producer") };
            inner.error(
                given,
                tr!("`{given}` needs `{missing}`: the metadata block has both", given, missing),
                tr!(
                    "write both, as in `{setting}`",
                    setting = "labels: {producer: 甲公司, number: \"daily-{path}\"}"
                ),
            );
        }
        let found = inner.finish();
        fields.absorb(found);
        labels
    }

    /// The number of the text of an article with this path. Slashes at its ends are left out.
    #[must_use]
    pub fn number_of(&self, path: &str) -> Option<String> {
        self.number.as_ref().map(|number| number.replace("{path}", path.trim_matches('/')))
    }
}

/// Reads the setting `reviewed`.
pub(super) fn read_reviewed(fields: &mut Fields<'_>) -> bool {
    let Some((name, node)) = fields.first(&["reviewed"]) else { return false };
    let is_reviewed = reviewed(node);
    if is_reviewed.is_none() {
        fields.wrong_kind(name, &tr!("`true` (是) or `false` (否)"), node);
    }
    is_reviewed.unwrap_or(false)
}

/// Reads the setting `ai`.
pub(super) fn read_ai(fields: &mut Fields<'_>) -> Option<Ai> {
    let (name, written) = fields.text(&["ai"])?;
    let ai = Ai::parse(&written);
    if ai.is_none() {
        let values = Ai::VALUES;
        let values = tr!(values);
        let message = tr!("`{name}` cannot be `{written}`", name, written);
        fields.error(name, message, tr!("write {values}", values));
    }
    ai
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Config, FILE};

    #[test]
    fn a_value_has_several_spellings() {
        for (written, ai) in [
            ("generated", Some(Ai::Generated)),
            ("Generated", Some(Ai::Generated)),
            ("AI 生成", Some(Ai::Generated)),
            ("人工智能生成", Some(Ai::Generated)),
            ("生成", Some(Ai::Generated)),
            ("ai-generated", Some(Ai::Generated)),
            ("AI_Assisted", Some(Ai::Assisted)),
            ("辅助", Some(Ai::Assisted)),
            ("AI輔助", Some(Ai::Assisted)),
            ("none", Some(Ai::None)),
            ("无", Some(Ai::None)),
            ("無", Some(Ai::None)),
            ("", None),
            ("ai", None),
            ("true", None),
            ("生成式", None),
        ] {
            assert_eq!(Ai::parse(written), ai, "{written}");
        }
        for ai in [Ai::Generated, Ai::Assisted, Ai::None] {
            assert_eq!(Ai::parse(ai.name()), Some(ai));
            assert!(Ai::VALUES.contains(&format!("`{}`", ai.name())));
        }
    }

    #[test]
    fn reviewed_is_a_truth_value_in_both_languages() {
        for (written, wanted) in [
            ("true", Some(true)),
            ("yes", Some(true)),
            ("是", Some(true)),
            ("已审核", Some(true)),
            ("已審核", Some(true)),
            ("no", Some(false)),
            ("否", Some(false)),
            ("未审核", Some(false)),
            ("未審核", Some(false)),
            ("也许", None),
        ] {
            assert_eq!(reviewed(&crate::yaml::parse(written).unwrap()), wanted, "{written}");
        }
    }

    #[test]
    fn the_settings_are_read_and_wrong_ones_reported() {
        let read = |text: &str| {
            let (config, found) = Config::parse(FILE, &format!("base_url: https://e.org/\n{text}"));
            let messages: Vec<String> = found.into_iter().map(|found| found.message).collect();
            (config.labels, messages)
        };
        let (labels, found) = read("labels: {ai: 生成, reviewed: yes, producer: 甲, number: \"n-{path}\"}\n");
        assert!(found.is_empty(), "{found:?}");
        assert_eq!((labels.ai, labels.reviewed), (Some(Ai::Generated), true));
        assert_eq!(labels.producer.as_deref(), Some("甲"));
        assert_eq!(labels.number_of("/articles/a/").as_deref(), Some("n-articles/a"));
        assert_eq!(read("").0, Labels::default());
        assert_eq!(Labels::default().number_of("/a/"), None);
        assert_eq!(read("labels: {ai: maybe}\n").1, ["`ai` cannot be `maybe`"]);
        assert_eq!(
            read("labels: {producer: 甲}\n").1,
            ["`producer` needs `number`: the metadata block has both"]
        );
        assert_eq!(
            read("labels: {number: a}\n").1,
            ["`number` needs `producer`: the metadata block has both"]
        );
        assert_eq!(read("labels: {model: a}\n").1, ["unknown field `model`"]);
    }
}
