//! Reads languages in the paths of posts: the ending of a name, `x.en.md`.

use std::path::Path;

use crate::import::generator::site::Site;
use crate::import::languages;

/// Codes of languages (ISO 639-1) that sites have, as the ending of a name without a configuration.
const LANGUAGES: [&str; 24] = [
    "zh", "en", "ja", "ko", "fr", "de", "es", "pt", "ru", "it", "nl", "pl", "tr", "vi", "th", "id", "ar",
    "uk", "cs", "sv", "fa", "hi", "fi", "el",
];

/// Splits a name at the language that it ends in: `x.zh-cn`. Without a configuration, the ending is
/// a language if the digest declares it, or if there is the same post in another language.
pub(super) fn split(stem: &str, file: &Path, site: &Site) -> Option<(String, String)> {
    let (name, ending) = stem.rsplit_once('.').filter(|(name, _)| !name.is_empty())?;
    let languages = site.languages();
    let is_configured = languages.iter().any(|(language, _)| language.eq_ignore_ascii_case(ending))
        || site.default_language().is_some_and(|language| language.eq_ignore_ascii_case(ending));
    let is_language = is_configured
        || languages.is_empty() && looks_like_language(ending) && {
            let own = primary(ending) == primary(&site.language);
            own || languages::find(ending, &site.further).is_some() || has_sibling(name, ending, file)
        };
    is_language.then(|| (name.to_owned(), ending.to_lowercase()))
}

/// True for `zh`, `zh-cn`, `en-US`: a known language, and subtags.
#[must_use]
pub fn looks_like_language(text: &str) -> bool {
    let mut parts = text.split(['-', '_']);
    let known = parts.next().is_some_and(|first| LANGUAGES.contains(&first.to_ascii_lowercase().as_str()));
    known
        && parts.all(|part| (2..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// The first subtag of a language, in lower case.
#[must_use]
pub fn primary(language: &str) -> String {
    language.split(['-', '_']).next().unwrap_or_default().to_ascii_lowercase()
}

/// True if the folder of a file has the same post without a language, or in another one.
fn has_sibling(name: &str, ending: &str, file: &Path) -> bool {
    let Some(folder) = file.parent() else { return false };
    let extension = file.extension().map(|extension| extension.to_string_lossy()).unwrap_or_default();
    let others = LANGUAGES.iter().flat_map(|language| match *language {
        "zh" => vec!["zh", "zh-cn", "zh-CN", "zh-hans", "zh-tw"],
        language => vec![language],
    });
    let named = others
        .filter(|other| !other.eq_ignore_ascii_case(ending))
        .map(|other| format!("{name}.{other}.{extension}"));
    named.chain([format!("{name}.{extension}")]).any(|name| folder.join(name).is_file())
}

/// The path of a post below the content of its site, given its identity: `hugo:posts/x.md`, and
/// `hugo:en:posts/x.md` in the folder of a language.
#[must_use]
pub fn path_of(identity: &str) -> Option<&str> {
    let (_, rest) = identity.split_once(':')?;
    let language = rest.split_once(':').filter(|(tag, _)| looks_like_language(tag));
    Some(language.map_or(rest, |(_, path)| path))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::address;
    use crate::import::generator::kind::Generator;
    use crate::import::generator::place::Place;
    use crate::import::generator::post::Post;

    #[test]
    fn an_identity_names_the_folder_of_a_language_that_is_not_the_digests() {
        let config = "languages: {zh: {contentDir: content/zh}, en: {contentDir: content/en}}";
        let site = crate::import::generator::site::tests::site(config);
        for (file, identity) in [
            ("/old/content/zh/posts/a.md", "hugo:posts/a.md"),
            ("/old/content/en/posts/a.md", "hugo:en:posts/a.md"),
        ] {
            let place = Place::of(Generator::Hugo, file.as_ref(), None, &site);
            assert_eq!(place.identity(), identity);
            assert_eq!(path_of(identity), Some("posts/a.md"));
        }
        assert_eq!(path_of("hexo:2024:x.md"), Some("2024:x.md"));
        assert_eq!(path_of("x.md"), None);
    }

    #[test]
    fn without_a_configuration_a_declared_language_is_a_folder_of_the_addresses() {
        let site = Site::unknown(chrono_tz::Tz::UTC, "zh-CN").with_further(vec!["en".to_owned()], false);
        for (generator, file, wanted) in [
            (Generator::Hugo, "a.en.md", "en/posts/a"),
            (Generator::Hugo, "a.zh.md", "posts/a"),
            (Generator::Hugo, "a.md", "posts/a"),
            (Generator::Zola, "a.en.md", "en/posts/a"),
            (Generator::Zola, "a.md", "posts/a"),
        ] {
            let file = format!("/old/posts/{file}");
            let place = Place::of(generator, file.as_ref(), Some("/old/posts".as_ref()), &site);
            let found = address::addresses(None, &Post { place: &place, fields: &[] }, &site);
            let own = found.own.unwrap_or_default();
            assert_eq!(own.trim_matches('/'), wanted, "{generator:?} {file}");
        }
    }
}
