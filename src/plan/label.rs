//! Makes the label of an article's machine-written text. Every page and data file takes it from
//! here.

use serde::Serialize;

use crate::config::{Ai, Config};
use crate::load::Article;
use crate::locale::Locale;
use crate::site::Address;

/// The label of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Label<'s> {
    /// The label in the words of the interface.
    pub(super) text: &'s str,
    /// The part of a model in the text: `generated` or `assisted`.
    pub(super) ai: &'static str,
    /// True if a person reviewed the text.
    pub(super) reviewed: bool,
}

/// The label of an article; `None` if no model wrote its text, or nothing is said about it.
pub(super) fn label<'s>(article: &Article, config: &Config, locale: &'s Locale) -> Option<Label<'s>> {
    let (ai, reviewed) = article.authorship.or_default(&config.labels);
    let key = match (ai, reviewed) {
        (Ai::None, _) => return None,
        (Ai::Generated, false) => "ai_generated",
        (Ai::Generated, true) => "ai_generated_reviewed",
        (Ai::Assisted, false) => "ai_assisted",
        (Ai::Assisted, true) => "ai_assisted_reviewed",
    };
    Some(Label { text: locale.word(key), ai: ai.name(), reviewed })
}

/// The implicit label of a file: the seven elements of GB 45438-2025, annex E.
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct MetadataBlock<'a> {
    /// `1`: the content is generated or synthetic. `2` (possibly) and `3` (suspected) are for
    /// services that spread the content of others.
    label: &'static str,
    content_producer: &'a str,
    #[serde(rename = "ProduceID")]
    produce_id: &'a str,
    reserved_code1: &'static str,
    content_propagator: &'a str,
    #[serde(rename = "PropagateID")]
    propagate_id: &'a str,
    reserved_code2: &'static str,
}

/// The metadata block of a labelled article as JSON, if the digest names the producer and its
/// number.
///
/// The standard (in force since 2025-09-01) was not at hand: keys, order and values are those of
/// public programs that write or check the block, as of 2026-11. According to them, the one that
/// first writes a block repeats the producer and its number as those of the propagator (annex E,
/// note 1), and values are of printable ASCII characters, so the path is percent-encoded. No place
/// in a web page is known; pages have the block in `<meta name="AIGC">`.
pub(super) fn metadata_block(address: &Address, config: &Config) -> Option<String> {
    let path = address.path.strip_prefix(&config.base_url.path).unwrap_or(&address.path);
    let (producer, number) = (config.labels.producer.as_deref()?, config.labels.number_of(path)?);
    let block = MetadataBlock {
        label: "1",
        content_producer: producer,
        produce_id: &number,
        reserved_code1: "",
        content_propagator: producer,
        propagate_id: &number,
        reserved_code2: "",
    };
    serde_json::to_string(&block).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::{Labels, Language};
    use crate::fingerprint::Fingerprint;
    use crate::load::article::parse_article;
    use crate::load::{Theme, source};

    #[test]
    fn the_label_names_the_part_of_a_model_and_the_review() {
        let locale = Locale::new(Language::ZhCn, &Theme::default()).0;
        let config =
            Config { labels: Labels { ai: Some(Ai::Generated), ..Labels::default() }, ..Config::default() };
        for (front, wanted) in [
            ("", Some(("ai_generated", "generated", false))),
            ("reviewed: true\n", Some(("ai_generated_reviewed", "generated", true))),
            ("ai: assisted\n", Some(("ai_assisted", "assisted", false))),
            ("ai: 辅助\n人工审核: 是\n", Some(("ai_assisted_reviewed", "assisted", true))),
            ("ai: none\nreviewed: true\n", None),
        ] {
            let file = format!("---\ntitle: 甲\n{front}---\n");
            let source = source::split("content/articles/a.md", Fingerprint::default(), file).unwrap();
            let article = parse_article(&source, &config).0.unwrap().0;
            let found = label(&article, &config, &locale).map(|label| (label.text, label.ai, label.reviewed));
            // A theme without words shows their keys.
            assert_eq!(found, wanted, "{front}");
        }
    }

    #[test]
    fn the_metadata_block_has_the_elements_of_the_standard_in_order() {
        let labels = |producer: Option<&str>, number: Option<&str>| Config {
            labels: Labels {
                producer: producer.map(str::to_owned),
                number: number.map(str::to_owned),
                ..Labels::default()
            },
            ..Config::default()
        };
        let config = labels(Some("甲\"公司"), Some("d-{path}"));
        let address = Address::new(&["articles", "新"], &config);
        assert_eq!(
            metadata_block(&address, &config).as_deref(),
            Some(concat!(
                r#"{"Label":"1","ContentProducer":"甲\"公司","ProduceID":"d-articles/%E6%96%B0","ReservedCode1":"","#,
                r#""ContentPropagator":"甲\"公司","PropagateID":"d-articles/%E6%96%B0","ReservedCode2":""}"#
            ))
        );
        assert_eq!(metadata_block(&address, &labels(Some("甲"), None)), None);
        assert_eq!(metadata_block(&address, &labels(None, Some("n"))), None);
    }
}
