//! Recognises placeholders, and normalises texts of one line.

use crate::config::Config;
use crate::hygiene::placeholder;
use crate::slug::key;

/// Bytes of the longest text that can be a placeholder.
const MAX_PLACEHOLDER_BYTES: usize = 60;

/// True if a whole text is a placeholder such as 无 or N/A. A sentence that begins like one is not
/// (暂无解药 is a headline).
pub(super) fn is_placeholder(text: &str, config: &Config) -> bool {
    let text = text.trim();
    if text.len() > MAX_PLACEHOLDER_BYTES || text.is_empty() {
        return false;
    }
    let key = key::term_key(text);
    placeholder::is_word_for_nothing(&key)
        || config.import.placeholders.iter().any(|word| key::term_key(word) == key)
}

/// Joins the words of a text with single spaces.
pub(super) fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Removes `**` around a whole title.
pub(super) fn without_emphasis(title: &str) -> &str {
    let inner = title.strip_prefix("**").and_then(|rest| rest.strip_suffix("**"));
    inner.filter(|inner| !inner.contains("**")).unwrap_or(title).trim()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_whole_texts_are_placeholders() {
        let mut config = Config::default();
        config.import.placeholders.push("待查".into());
        for text in ["无", " 暂无 ", "N/A", "-", "待查"] {
            assert!(is_placeholder(text, &config), "{text}");
        }
        for text in ["", "暂无解药", "无人驾驶", "待查证的消息"] {
            assert!(!is_placeholder(text, &config), "{text}");
        }
    }

    #[test]
    fn emphasis_is_removed_only_around_a_whole_title() {
        assert_eq!(without_emphasis("**开源**"), "开源");
        for title in ["**开源**与**闭源**", "开源**", "开源"] {
            assert_eq!(without_emphasis(title), title);
        }
    }
}
