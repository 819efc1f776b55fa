//! The languages of the interface.

/// A language of the interface.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Language {
    /// Simplified Chinese.
    ZhCn,
    /// Traditional Chinese, as written in Taiwan.
    ZhTw,
    /// Traditional Chinese, as written in Hong Kong. Its interface has the words of Taiwan.
    ZhHk,
    /// English.
    En,
}

impl Language {
    /// The BCP 47 tag, as written in `lang` attributes.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::ZhCn => "zh-CN",
            Self::ZhTw => "zh-TW",
            Self::ZhHk => "zh-HK",
            Self::En => "en",
        }
    }

    /// The name of the language in itself, for readers who look for it.
    #[must_use]
    pub fn own_name(self) -> &'static str {
        match self {
            Self::ZhCn => "简体中文",
            Self::ZhTw => "繁體中文",
            Self::ZhHk => "繁體中文（香港）",
            Self::En => "English",
        }
    }

    /// Whether it is written with Traditional characters.
    #[must_use]
    pub fn is_traditional(self) -> bool {
        matches!(self, Self::ZhTw | Self::ZhHk)
    }

    /// Parses a BCP 47 tag in any case, with `-` or `_`; some regions and scripts map to these.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "zh" | "zh-cn" | "zh-hans" | "zh-hans-cn" | "zh-sg" => Some(Self::ZhCn),
            "zh-tw" | "zh-hant" | "zh-hant-tw" => Some(Self::ZhTw),
            "zh-hk" | "zh-hant-hk" | "zh-mo" => Some(Self::ZhHk),
            "en" | "en-us" | "en-gb" => Some(Self::En),
            _ => None,
        }
    }
}
