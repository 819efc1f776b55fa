//! The language of messages: errors, reports, help, and comments in files that newsprint begins. No
//! file of a site depends on it.
//!
//! A message stands in English at its place in the code, in `tr!`. Its Chinese counterpart is in
//! the catalogues of `locales/zh-CN/`, whose key is the English text, as in gettext.
//! `tests/messages.rs` holds both against each other.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use polib::po_file;

/// A language of messages.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Language {
    /// English.
    #[default]
    English,
    /// Chinese in simplified characters.
    Chinese,
}

impl Language {
    /// The tag of the language, as in `--lang`.
    #[must_use]
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::Chinese => "zh-CN",
        }
    }

    /// The language of a tag (`zh-CN`, `zh_Hans_SG`) or of a locale (`zh_CN.UTF-8`, `en_GB@euro`).
    /// `None` if there are no messages in it. Traditional characters are not simplified ones:
    /// `zh_TW`, `zh_HK`, `zh_MO` and `zh_Hant` have no messages.
    #[must_use]
    pub fn from_tag(tag: &str) -> Option<Self> {
        let tag = tag.split(['.', '@']).next().unwrap_or_default().to_ascii_lowercase();
        if matches!(tag.as_str(), "c" | "posix") {
            return Some(Self::English);
        }
        let mut parts = tag.split(['-', '_']);
        match parts.next()? {
            "en" => Some(Self::English),
            "zh" => {
                let rest: Vec<&str> = parts.collect();
                let traditional = |part: &&str| matches!(*part, "hant" | "tw" | "hk" | "mo");
                let simplified = rest.contains(&"hans") || !rest.iter().any(traditional);
                simplified.then_some(Self::Chinese)
            }
            _ => None,
        }
    }

    /// The language that the environment asks for, as gettext reads it: the first of `LC_ALL`,
    /// `LC_MESSAGES` and `LANG` that is not empty is the locale. The locale `C` means English;
    /// with any other, the list in `LANGUAGE` (`zh_TW:zh_CN`) goes first. Source: GNU gettext
    /// manual, "Locale Environment Variables" and "The LANGUAGE variable".
    #[must_use]
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| variable(name).filter(|value| !value.is_empty());
        let locale = ["LC_ALL", "LC_MESSAGES", "LANG"].into_iter().find_map(set).unwrap_or_default();
        let untranslated = matches!(locale.split('.').next(), None | Some("" | "C" | "POSIX"));
        if untranslated {
            return Self::English;
        }
        let list = set("LANGUAGE").unwrap_or_default();
        list.split(':').chain([locale.as_str()]).find_map(Self::from_tag).unwrap_or_default()
    }
}

/// Marks a text in a constant or a table for the catalogues. `tr!(text)` translates it where it is
/// shown. Exported for the program.
#[doc(hidden)]
#[macro_export]
macro_rules! marked {
    ($text:literal) => {
        $text
    };
}

/// True if messages are in Chinese.
static CHINESE: AtomicBool = AtomicBool::new(false);

/// Sets the language of all messages of the process. Call it before anything else: a message keeps
/// the language in which it was made.
///
/// ```
/// # let digest = tempfile::tempdir().unwrap();
/// newsprint::set_language(newsprint::Language::Chinese);
/// let report = newsprint::build(&newsprint::Options::new(digest.path().join("none")));
/// assert!(report.diagnostics[0].message.contains("目录"), "{:?}", report.diagnostics);
/// ```
pub fn set_language(language: Language) {
    static INSTALLED: Once = Once::new();
    if language == Language::Chinese {
        INSTALLED.call_once(|| tr::set_translator!(Catalogue::chinese()));
    }
    CHINESE.store(language == Language::Chinese, Ordering::Relaxed);
}

/// The language of messages.
#[must_use]
pub fn language() -> Language {
    if CHINESE.load(Ordering::Relaxed) { Language::Chinese } else { Language::English }
}

/// The catalogues of Chinese messages: a header, and a file for each area.
const CHINESE_MESSAGES: &str = {
    macro_rules! joined {
        ($($area:literal)*) => {
            // A blank line ends the last entry of a file.
            concat!($(include_str!(concat!("../locales/zh-CN/", $area, ".po")), "\n"),*)
        };
    }
    joined!("header" "announce" "check" "config" "deploy" "fetch" "fields" "files" "help" "import" "load" "output" "program" "site")
};

/// The translations of a language.
struct Catalogue {
    /// Context (empty without one) and English text → translation. Chinese has one plural
    /// form, so a text and its plural have the same entry.
    texts: HashMap<(String, String), String>,
}

impl Catalogue {
    fn chinese() -> Self {
        // A unit test reads the catalogues: they have no error.
        let Ok(catalogue) = po_file::parse_from_reader(CHINESE_MESSAGES.as_bytes()) else {
            return Self { texts: HashMap::new() };
        };
        let texts = catalogue.messages().filter(|message| message.is_translated()).map(|message| {
            let text = if message.is_plural() {
                message.msgstr_plural().ok().and_then(|forms| forms.first().cloned())
            } else {
                message.msgstr().ok().map(str::to_owned)
            };
            (
                (message.msgctxt().unwrap_or_default().to_owned(), message.msgid().to_owned()),
                text.unwrap_or_default(),
            )
        });
        Self { texts: texts.collect() }
    }

    fn text(&self, english: &str, context: Option<&str>) -> Option<&str> {
        if language() == Language::English {
            return None;
        }
        let key = (context.unwrap_or_default().to_owned(), english.to_owned());
        self.texts.get(&key).map(String::as_str)
    }
}

impl tr::Translator for Catalogue {
    fn translate<'a>(&'a self, string: &'a str, context: Option<&'a str>) -> Cow<'a, str> {
        Cow::Borrowed(self.text(string, context).unwrap_or(string))
    }

    fn ntranslate<'a>(
        &'a self,
        n: u64,
        singular: &'a str,
        plural: &'a str,
        context: Option<&'a str>,
    ) -> Cow<'a, str> {
        let english = if n == 1 { singular } else { plural };
        Cow::Borrowed(self.text(singular, context).unwrap_or(english))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_catalogues_can_be_read() {
        let catalogue = po_file::parse_from_reader(CHINESE_MESSAGES.as_bytes()).unwrap();
        assert_eq!(Catalogue::chinese().texts.len(), catalogue.count());
        // No entry is lost where two files meet; one is the header.
        let entries = CHINESE_MESSAGES.lines().filter(|line| line.starts_with("msgid ")).count() - 1;
        assert_eq!(catalogue.count(), entries);
    }

    #[test]
    fn traditional_chinese_is_not_simplified_chinese() {
        for tag in ["zh", "zh-CN", "zh_CN.UTF-8", "zh_SG", "zh-Hans", "zh-Hans-HK", "ZH_cn@pinyin"] {
            assert_eq!(Language::from_tag(tag), Some(Language::Chinese), "{tag}");
        }
        for tag in ["zh_TW", "zh_HK.UTF-8", "zh-MO", "zh-Hant", "zh-Hant-CN", "fr_FR", "zhx", ""] {
            assert_eq!(Language::from_tag(tag), None, "{tag}");
        }
        for tag in ["en", "en_US.UTF-8", "en-GB", "C", "C.UTF-8", "POSIX"] {
            assert_eq!(Language::from_tag(tag), Some(Language::English), "{tag}");
        }
    }

    #[test]
    fn the_first_variable_that_is_set_is_the_locale() {
        let language = |variables: &[(&str, &str)]| {
            let find = |name: &str| variables.iter().find(|(known, _)| *known == name);
            Language::from_environment(|name| Some(find(name)?.1.to_owned()))
        };
        let (chinese, english) = (Language::Chinese, Language::English);
        assert_eq!(language(&[]), english);
        assert_eq!(language(&[("LANG", "zh_CN.UTF-8")]), chinese);
        assert_eq!(language(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "C")]), english);
        assert_eq!(language(&[("LANG", "zh_CN.UTF-8"), ("LC_ALL", "")]), chinese);
        assert_eq!(language(&[("LANG", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8")]), chinese);
        assert_eq!(language(&[("LC_ALL", "en_US.UTF-8"), ("LC_MESSAGES", "zh_CN.UTF-8")]), english);
        // LANGUAGE goes first, unless the locale is `C`.
        assert_eq!(language(&[("LANG", "en_US.UTF-8"), ("LANGUAGE", "zh_TW:zh_CN:en")]), chinese);
        assert_eq!(language(&[("LANG", "C.UTF-8"), ("LANGUAGE", "zh_CN")]), english);
        assert_eq!(language(&[("LANG", "zh_TW.UTF-8")]), english);
        assert_eq!(language(&[("LANG", "de_DE.UTF-8")]), english);
    }
}
