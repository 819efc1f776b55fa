use super::*;
use crate::config::FILE;

fn config(text: &str) -> (Config, Vec<String>) {
    let (config, found) = Config::parse(FILE, &format!("base_url: https://e.org/d/\n{text}"));
    (config, found.into_iter().map(|found| found.message).collect())
}

#[test]
fn the_path_of_a_file_names_its_language() {
    let (config, wrong) = config("languages: [zh-CN, en, {zh-TW: convert}]\n");
    assert_eq!(wrong, Vec::<String>::new());
    for (file, at, neutral) in [
        ("content/articles/a.md", 0, "content/articles/a.md"),
        ("content/articles/a.en.md", 1, "content/articles/a.md"),
        ("content/articles/a.EN.md", 1, "content/articles/a.md"),
        ("content/articles/a.zh-CN.md", 0, "content/articles/a.md"),
        ("content/articles/a.zh-tw.md", 2, "content/articles/a.md"),
        ("content/articles/a/index.en.md", 1, "content/articles/a/index.md"),
        ("content/articles/en/2026/a.md", 1, "content/articles/2026/a.md"),
        ("content/articles/2026/en/a.md", 0, "content/articles/2026/en/a.md"),
        ("content/pages/about.en.md", 1, "content/pages/about.md"),
        ("content/articles/gpt-4.1.md", 0, "content/articles/gpt-4.1.md"),
        ("content/articles/a.fr.md", 0, "content/articles/a.fr.md"),
        ("content/articles/.en.md", 0, "content/articles/.en.md"),
    ] {
        let found = config.language_of(file);
        assert_eq!((found.at, &*found.neutral), (at, neutral), "{file}");
    }
    let single = Config::default();
    assert_eq!(single.language_of("content/articles/a.en.md").neutral, "content/articles/a.en.md");
}

#[test]
fn each_language_has_a_path_and_settings_of_its_own() {
    let (config, wrong) = config(
        "title: 报\ndescription: 述\nmenu: [{name: 关于, url: /about/}]\nlanguages:\n- zh-CN\n- en:\n    \
         title: Daily\n    taxonomies: {keywords: Topics}\n    untranslated: mark\n",
    );
    assert_eq!(wrong, Vec::<String>::new());
    let (first, english) = (config.in_language(0), config.in_language(1));
    assert_eq!((first.base_url.path.as_str(), first.title.as_str()), ("/d/", "报"));
    assert_eq!((english.base_url.path.as_str(), english.title.as_str()), ("/d/en/", "Daily"));
    assert_eq!((english.root_url().path.as_str(), english.description.as_str()), ("/d/", ""));
    assert_eq!((first.menu.len(), english.menu.len()), (1, 0));
    assert_eq!(english.taxonomies[0].title.as_deref(), Some("Topics"));
    assert!(config.languages[1].shows_untranslated);
}

#[test]
fn wrong_languages_are_errors() {
    for (text, message) in [
        ("languages: en", "has to be a list"),
        ("languages: [zh-CN, fr]", "not available in `fr`"),
        ("languages: [zh-CN, zh]", "twice"),
        ("languages: [en, {zh-TW: convert}]", "from zh-CN"),
        ("languages: [zh-CN, {en: convert}]", "from zh-CN"),
        ("languages: [zh-CN, {en: {titel: x}}]", "no setting `titel`"),
        ("languages: [zh-CN, {en: {untranslated: maybe}}]", "cannot be `maybe`"),
        ("languages: [zh-CN, {en: {taxonomies: {topics: x}}}]", "not a taxonomy"),
        ("languages: [zh-CN, {zh-TW: {exceptions: {a: b}}}]", "`convert: true`"),
        ("languages: [zh-CN, {zh-TW: {convert: true, exceptions: [a]}}]", "a mapping of texts"),
        ("languages: [zh-CN, [en]]", "is a tag"),
        ("language: en\nlanguages: [zh-CN, en]", "the first of `languages`"),
        ("taxonomies: [{name: x, path: en}]\nlanguages: [zh-CN, en]", "of a language"),
    ] {
        let (_, wrong) = config(text);
        assert!(wrong.len() == 1 && wrong[0].contains(message), "{text}: {wrong:?}");
    }
}
