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

/// Signs that an annotator writes where there is no title: dashes, dots, slashes and brackets.
const NOTHING: &str = "-‐‑‒–—―－_＿=~.。·…/\\|*、，,()（）[]【】{}<>《》\"'“”‘’";

/// True if a text stands for a missing title. In a record it can be a word such as 无 or a dash; a
/// post was titled by a person, so that its words and signs are a title. A title of other signs, or
/// of emoji, is one everywhere.
pub(super) fn is_no_title(text: &str, is_post: bool, config: &Config) -> bool {
    let has_words = text.chars().any(char::is_alphanumeric);
    let is_sign = text.chars().all(|c| c.is_whitespace() || NOTHING.contains(c));
    !is_post && is_placeholder(text, config) && (has_words || is_sign)
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
    fn words_and_dashes_are_no_title_of_a_record_but_of_a_post() {
        let mut config = Config::default();
        config.import.placeholders.push("待查".into());
        for text in ["无", "其他", "未知", "N/A", "None", "待查", "-", "——", "...", "……", "/", "（）", "《》"]
        {
            assert!(is_no_title(text, false, &config), "{text}");
            assert!(!is_no_title(text, true, &config), "{text}");
        }
        for text in ["🚀", "🤖🤖", "？？？", "？！", "★", "$$$", "❤️", "♪", "#", "其他语言", "!?", "♥ ♥"]
        {
            assert!(!is_no_title(text, false, &config), "{text}");
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
