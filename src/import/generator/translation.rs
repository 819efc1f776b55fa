//! Tells the language of a post among those of the digest, and which posts are translations of each
//! other.
//!
//! Hugo and Zola take the language from the name of the file, Hugo also from the folder of the
//! content (<https://gohugo.io/content-management/multilingual/#translate-your-content>,
//! <https://www.getzola.org/documentation/content/multilingual/>). Hexo has no translations of its
//! own. Its documentation proposes a folder for each language (`new_post_name: :lang/:title.md`,
//! <https://hexo.io/docs/permalinks#Multi-language-Support>) and the language in the front matter or
//! in the first part of the address (<https://hexo.io/docs/internationalization#Path>);
//! hexo-generator-i18n 0.0.10 takes that part if `language` of the configuration has it,
//! hexo-multilingual joins posts with the same `label`, and hexo-generator-i18n-post those with the
//! same field that its setting `identifier_field` names. Pelican 4.12.0 joins posts with the same
//! `slug` (`ARTICLE_TRANSLATION_ID`).

use crate::import::generator::kind::Generator;
use crate::import::generator::language::{looks_like_language, path_of, primary};
use crate::import::generator::pelican;
use crate::import::generator::place::Place;
use crate::import::generator::post::Post;
use crate::import::generator::site::Site;
use crate::import::languages;
use crate::paths::fold;
use crate::yaml::Node;

/// Fields that the translations of a post of Hexo share.
const OF_HEXO: [&str; 4] = ["label", "translation", "translation_key", "translationKey"];

/// Fields of articles (under `extra`) that hold what the translations of a post share.
pub const FIELDS: [&str; 4] = ["translationKey", "label", "translation", "translation_key"];

/// The language of a post.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Spoken {
    /// Nothing says another one than that of the import.
    Unsaid,
    /// The one with this number among those of the digest.
    Declared(usize),
    /// One that the digest does not declare.
    Other(String),
}

impl Spoken {
    /// The language with a tag in the old site.
    fn of(written: &str, site: &Site) -> Self {
        let tags = site.declared();
        let code = || languages::find(site.text(&["languages", written, "languageCode"])?, &tags);
        match code().or_else(|| languages::find(written, &tags)) {
            Some(at) => Self::Declared(at),
            None => Self::Other(written.to_lowercase()),
        }
    }
}

/// The language that the path of a post and the configuration say (Hugo, Zola).
#[must_use]
pub fn of_place(place: &Place, site: &Site) -> Spoken {
    if site.further.is_empty() {
        return other_language(place, site).map_or(Spoken::Unsaid, |own| Spoken::Other(own.to_owned()));
    }
    match place.language.as_deref().or_else(|| site.base_language()) {
        Some(written) => Spoken::of(written, site),
        None => Spoken::Unsaid,
    }
}

/// The language of a post if it is not the one that is imported, for a digest of one language.
fn other_language<'a>(place: &'a Place, site: &'a Site) -> Option<&'a str> {
    let language = place.language.as_deref().or_else(|| site.default_language())?;
    match site.wanted_language() {
        Some(wanted) => !language.eq_ignore_ascii_case(wanted),
        None => primary(language) != primary(&site.language),
    }
    .then_some(language)
}

/// The language of a post that was read.
#[must_use]
pub fn of_post(post: &Post<'_>, site: &Site) -> Spoken {
    let default = || site.only_language().filter(|_| site.decides_language);
    match said_by_post(post, site) {
        Spoken::Unsaid => default().map_or(Spoken::Unsaid, |own| Spoken::of(own, site)),
        said => said,
    }
}

fn said_by_post(post: &Post<'_>, site: &Site) -> Spoken {
    match post.place.generator {
        Generator::Hugo | Generator::Zola => of_place(post.place, site),
        Generator::Pelican if site.further.is_empty() => {
            pelican::other_language(post.fields, site).map_or(Spoken::Unsaid, Spoken::Other)
        }
        Generator::Pelican => post.text("lang").map_or(Spoken::Unsaid, |own| Spoken::of(own, site)),
        Generator::Hexo => match of_hexo(post, site) {
            Some(own) if !site.further.is_empty() => Spoken::of(own, site),
            Some(own) if primary(own) != primary(&site.language) => Spoken::Other(own.to_lowercase()),
            _ => Spoken::Unsaid,
        },
        _ => Spoken::Unsaid,
    }
}

/// The language of a post of Hexo: in its front matter, else its first folder, if the configuration
/// of the site or the digest has such a language.
fn of_hexo<'a>(post: &'a Post<'_>, site: &Site) -> Option<&'a str> {
    let own = ["lang", "language"].iter().find_map(|name| post.text(name));
    if let Some(own) = own.filter(|own| looks_like_language(own)) {
        return Some(own);
    }
    let (folder, _) = post.place.path.split_once('/')?;
    let is_same = |tag: &str| tag.eq_ignore_ascii_case(folder);
    let is_of_site = match site.get(&["language"]) {
        Some(Node::List(items)) => items.iter().filter_map(Node::text).any(is_same),
        _ => false,
    };
    let is_declared = || !site.further.is_empty() && site.declared().into_iter().any(is_same);
    (looks_like_language(folder) && (is_of_site || is_declared())).then_some(folder)
}

/// The keys that a post shares with its translations, the strongest first.
#[must_use]
pub fn keys(post: &Post<'_>, site: &Site) -> Vec<String> {
    let named = |name: &str| post.text(name).map(|text| format!("{name}={text}"));
    let (generator, place) = (post.place.generator, post.place);
    match generator {
        Generator::Hugo | Generator::Zola => {
            let path = place.folders.iter().chain([&place.name]).map(String::as_str);
            let by_path = fold(&path.collect::<Vec<_>>().join("/"));
            // A key of its own replaces the path (`#bypassing-default-linking`).
            vec![named("translationKey").filter(|_| generator == Generator::Hugo).unwrap_or(by_path)]
        }
        Generator::Hexo => {
            let spoken = of_post(post, site);
            let by_path = key_of_path(generator, &place.path, |tag| is_in(tag, &spoken, site));
            let field = site.text(&["i18n_post_generator", "identifier_field"]);
            let further = field.iter().copied().chain(OF_HEXO).filter_map(named);
            std::iter::once(by_path).chain(further).collect()
        }
        _ => {
            let slug = named("slug").filter(|_| generator == Generator::Pelican);
            slug.into_iter().chain([key_of_path(generator, &place.path, |_| false)]).collect()
        }
    }
}

/// The keys of an article of an earlier import, from the identity of its post, the tag of its
/// language, and a field that [`FIELDS`] names.
#[must_use]
pub fn keys_of_article(
    generator: Generator,
    (identity, tag): (&str, &str),
    field: Option<(&str, &str)>,
) -> Vec<String> {
    let is_own = |written: &str| languages::find(written, &[tag]).is_some();
    let by_path = path_of(identity).map(|path| key_of_path(generator, path, is_own));
    let named = field.map(|(name, text)| format!("{name}={text}"));
    match generator {
        Generator::Hugo => named.or(by_path).into_iter().collect(),
        _ => by_path.into_iter().chain(named).collect(),
    }
}

/// True for a tag of the language of a post.
fn is_in(tag: &str, spoken: &Spoken, site: &Site) -> bool {
    matches!(spoken, Spoken::Declared(at) if languages::find(tag, &site.declared()) == Some(*at))
}

/// The path of a post without what names its language, which `is_own` tells.
fn key_of_path(generator: Generator, path: &str, is_own: impl Fn(&str) -> bool) -> String {
    let stem = path.rsplit_once('.').map_or(path, |(stem, _)| stem);
    let stem = match generator {
        Generator::Hugo | Generator::Zola => {
            let own = without_ending(stem, &['.'], is_own);
            own.strip_suffix("/index").unwrap_or(own)
        }
        Generator::Hexo => {
            let below = stem.split_once('/').filter(|(folder, _)| is_own(folder));
            without_ending(below.map_or(stem, |(_, rest)| rest), &ENDINGS, is_own)
        }
        _ => stem,
    };
    fold(stem)
}

/// Signs before the language in the name of a post of Hexo.
const ENDINGS: [char; 3] = ['.', '-', '_'];

/// The name of a post without its language: of Hexo, `a-en` in English is `a`.
#[must_use]
pub fn own_name<'a>(name: &'a str, post: &Post<'_>, site: &Site) -> &'a str {
    if post.place.generator != Generator::Hexo {
        return name;
    }
    let spoken = of_post(post, site);
    without_ending(name, &ENDINGS, |tag| is_in(tag, &spoken, site))
}

/// A name without the language behind one of these signs. `zh-cn` is one language.
fn without_ending<'a>(name: &'a str, signs: &[char], is_own: impl Fn(&str) -> bool) -> &'a str {
    let ending = |(at, sign): (usize, &str)| {
        let (own, tag) = (&name[..at], &name[at + sign.len()..]);
        let is_whole = !own.is_empty() && !own.ends_with('/');
        (is_whole && looks_like_language(tag) && is_own(tag)).then_some(own)
    };
    name.match_indices(signs).find_map(ending).unwrap_or(name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::generator::site::tests::site;

    /// The language and the keys of a post in a digest with these languages: `1 posts/a`.
    fn of(generator: Generator, tags: &[&str], config: &str, (file, front): (&str, &str)) -> String {
        let mut site = site(config);
        site.language = tags[0].to_owned();
        site.further = tags[1..].iter().map(|tag| (*tag).to_owned()).collect();
        let place = Place::of(generator, format!("/old/{file}").as_ref(), Some("/old".as_ref()), &site);
        let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
        let post = Post { place: &place, fields: &fields };
        let language = match of_post(&post, &site) {
            Spoken::Unsaid => "-".to_owned(),
            Spoken::Declared(at) => at.to_string(),
            Spoken::Other(own) => own,
        };
        format!("{language} {}", keys(&post, &site).join(" "))
    }

    const BOTH: [&str; 2] = ["zh-CN", "en"];

    #[test]
    fn a_post_of_hugo_has_the_language_of_its_name_or_its_folder() {
        let two = "defaultContentLanguage: zh-hans\nlanguages: {zh-hans: {}, en: {}, fr: {}}";
        let folders = "defaultContentLanguage: zh\nlanguages: {zh: {contentDir: content}, en: {contentDir: content/en}}";
        let codes =
            "languages: {a: {languageCode: zh-CN}, b: {languageCode: en-US}}\ndefaultContentLanguage: a";
        for (config, file, wanted) in [
            (two, "content/posts/A.md", "0 posts/a"),
            (two, "content/posts/a.zh-hans.md", "0 posts/a"),
            (two, "content/posts/a.en.md", "1 posts/a"),
            (two, "content/posts/a/index.en.md", "1 posts/a"),
            (two, "content/posts/a.fr.md", "fr posts/a"),
            (folders, "content/posts/a.md", "0 posts/a"),
            (folders, "content/en/posts/a.md", "1 posts/a"),
            (codes, "content/posts/a.md", "0 posts/a"),
            (codes, "content/posts/a.b.md", "1 posts/a"),
            ("title: x", "content/posts/a.md", "- posts/a"),
            ("title: x", "content/posts/a.en.md", "1 posts/a"),
            ("title: x", "content/posts/vue.js.md", "- posts/vue.js"),
            ("defaultContentLanguage: en", "content/posts/a.md", "1 posts/a"),
            ("languages: {zh: {}, en: {}}", "content/posts/a.md", "1 posts/a"),
        ] {
            assert_eq!(of(Generator::Hugo, &BOTH, config, (file, "title: t")), wanted, "{config} {file}");
        }
        let key = of(Generator::Hugo, &BOTH, two, ("content/posts/hello.en.md", "translationKey: A b"));
        assert_eq!(key, "1 translationKey=A b");
        let one = of(Generator::Hugo, &["zh-CN"], two, ("content/posts/a.en.md", "title: t"));
        assert_eq!(one, "en posts/a");
        assert_eq!(of(Generator::Hugo, &["zh-CN"], two, ("content/posts/a.md", "title: t")), "- posts/a");
    }

    #[test]
    fn a_post_of_hexo_has_the_language_of_its_front_matter_or_its_folder() {
        let list = "language: [zh-CN, en, fr]";
        for (tags, config, file, front, wanted) in [
            (&BOTH[..], "a: 1", "a-en.md", "lang: en", "1 a"),
            (&BOTH, "a: 1", "a.md", "lang: zh-CN", "0 a"),
            (&BOTH, "a: 1", "a-zh-cn.md", "language: zh-CN", "0 a"),
            (&BOTH, "a: 1", "en/a.md", "title: t", "1 a"),
            (&BOTH, "a: 1", "zh-CN/夹/a.md", "title: t", "0 夹/a"),
            (&BOTH, list, "fr/a.md", "title: t", "fr fr/a"),
            (&BOTH, "a: 1", "go/what-is-it.md", "title: t", "- go/what-is-it"),
            (&BOTH, "a: 1", "a.md", "lang: js", "- a"),
            (&BOTH, "a: 1", "a.md", "lang: fr", "fr a"),
            (&BOTH, "a: 1", "hello.md", "lang: en\nlabel: x", "1 hello label=x"),
            (&BOTH, "i18n_post_generator: {identifier_field: uid}", "b.md", "uid: 7", "- b uid=7"),
            (&["zh-CN"], "a: 1", "a.md", "lang: zh-TW", "- a"),
            (&["zh-CN"], "a: 1", "a.md", "lang: en", "en a"),
            (&["zh-CN"], "a: 1", "en/a.md", "title: t", "- en/a"),
            (&["zh-CN"], list, "en/a.md", "title: t", "en en/a"),
        ] {
            let file = format!("source/_posts/{file}");
            assert_eq!(of(Generator::Hexo, tags, config, (&file, front)), wanted, "{file} {front}");
        }
    }

    #[test]
    fn posts_of_zola_and_pelican_are_joined_by_name_and_slug() {
        let two = "default_language: zh\nlanguages: {en: {}}";
        let zola = |file| of(Generator::Zola, &BOTH, two, (file, "title: t"));
        assert_eq!(zola("content/blog/2024-05-06-a.md"), "0 blog/2024-05-06-a");
        assert_eq!(zola("content/blog/2024-05-06-a.en.md"), "1 blog/2024-05-06-a");
        let pelican = |front| of(Generator::Pelican, &BOTH, "PATH: content", ("content/a.md", front));
        assert_eq!(pelican("lang: en\nslug: s"), "1 slug=s a");
        assert_eq!(pelican("lang: de"), "de a");
        assert_eq!(pelican("title: t"), "- a");
    }

    #[test]
    fn an_article_of_an_earlier_import_has_the_keys_of_its_post() {
        for (generator, identity, field, wanted) in [
            (Generator::Hugo, "hugo:posts/a.en.md", None, "posts/a"),
            (Generator::Hugo, "hugo:posts/a/index.en.md", None, "posts/a"),
            (Generator::Hugo, "hugo:en:posts/a.md", None, "posts/a"),
            (Generator::Hugo, "hugo:posts/vue.js.md", None, "posts/vue.js"),
            (Generator::Hugo, "hugo:posts/a.md", Some(("translationKey", "k")), "translationKey=k"),
            (Generator::Hexo, "hexo:en/a.md", Some(("label", "k")), "a label=k"),
        ] {
            let found = keys_of_article(generator, (identity, "en"), field);
            assert_eq!(found.join(" "), wanted, "{identity}");
        }
    }
}
