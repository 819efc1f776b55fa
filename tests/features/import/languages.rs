//! Tests moves of sites in several languages: files, old addresses and links of translations.

use super::{article, files, report, words};
use crate::driver::Digest;

const LANGUAGES: &str = "timezone: Asia/Shanghai\nlanguages: [zh-CN, en]";

/// A digest in Chinese and English, and the files of an old site in `old/`.
fn moved(old: &[(&str, &str)]) -> Digest {
    old.iter().fold(Digest::new().configured(LANGUAGES), |digest, (path, text)| {
        digest.file(&format!("old/{path}"), text)
    })
}

/// A field of the front matter of an article.
fn field(digest: &Digest, file: &str, name: &str) -> String {
    words(article(digest, file).0.get(name).unwrap_or(&Default::default()))
}

const HUGO: &str = "defaultContentLanguage = 'zh-cn'\n[languages.zh-cn]\n[languages.en]\n[languages.fr]\n";

#[test]
fn a_post_and_its_translation_have_files_beside_each_other() {
    let digest = moved(&[
        ("hugo.toml", HUGO),
        ("content/posts/a.md", "---\ntitle: 甲\nslug: jia\ndate: 2024-05-06\n---\n[乙](b.md)\n"),
        (
            "content/posts/a.en.md",
            "---\ntitle: First\nslug: first\ndate: 2024-05-07\n---\n[b](b.md), [b]({{< relref \"b\" >}}), [c](c.md), [乙](b.zh-cn.md)\n",
        ),
        ("content/posts/a.fr.md", "---\ntitle: Un\n---\nUn.\n"),
        ("content/posts/b.zh-cn.md", "---\ntitle: 乙\n---\n[A](a.en.md)\n"),
        ("content/posts/b.en.md", "---\ntitle: Second\n---\n[e](e/index.md)\n"),
        ("content/posts/e/index.md", "---\ntitle: 戊\n---\n戊。\n"),
        ("content/posts/e/index.en.md", "---\ntitle: Fifth\n---\nText.\n"),
        ("content/posts/c.md", "---\ntitle: 丙\n---\n丙。\n"),
        ("content/posts/d.en.md", "---\ntitle: Fourth\n---\nOnly in English.\n"),
    ]);
    let found = report(&digest, &["--from", "hugo", "old"]);
    assert_eq!(
        files(&digest),
        [
            "2024-05-06-jia.en.md",
            "2024-05-06-jia.md",
            "b.en.md",
            "b.md",
            "c.md",
            "d.en.md",
            "e.en.md",
            "e.md"
        ],
        "{found:#}"
    );
    let own = |file: &str, name: &str| field(&digest, file, name);
    assert_eq!(own("2024-05-06-jia.en.md", "slug"), "first");
    assert_eq!([own("2024-05-06-jia.md", "slug"), own("b.en.md", "slug")], ["", ""]);
    for (file, aliases) in [
        ("2024-05-06-jia.md", "posts/jia"),
        ("2024-05-06-jia.en.md", "en/posts/first"),
        ("b.md", "posts/b"),
        ("b.en.md", "en/posts/b"),
        ("d.en.md", "en/posts/d"),
    ] {
        assert_eq!(own(file, "aliases"), aliases, "{file}");
    }
    assert_eq!(article(&digest, "2024-05-06-jia.md").1, "[乙](b.md)");
    let english = article(&digest, "2024-05-06-jia.en.md").1;
    assert_eq!(english, "[b](b.en.md), [b](b.en.md), [c](c.md), [乙](b.md)");
    assert_eq!(article(&digest, "b.md").1, "[A](2024-05-06-jia.en.md)");
    assert_eq!(article(&digest, "b.en.md").1, "[e](e.en.md)");
    let told = found["diagnostics"].to_string();
    assert!(told.contains("1 post in the language `fr` passed over"), "{found:#}");
    assert!(told.contains("the languages of a digest are zh-CN, zh-TW, zh-HK, en"), "{found:#}");
    assert_eq!(report(&digest, &["--from", "hugo", "old"])["skipped"], 8);
    digest.build();
    for page in ["articles/jia/", "en/articles/first/", "posts/jia/", "en/posts/first/", "en/posts/b/"] {
        assert!(digest.exists(&format!("public/{page}index.html")), "{page}");
    }
}

#[test]
fn translations_in_folders_of_languages_are_found_also_one_after_the_other() {
    let config = "defaultContentLanguage = 'zh'\n[languages.zh]\ncontentDir = 'content/zh'\n[languages.en]\ncontentDir = 'content/en'\n";
    let old = [
        ("hugo.toml", config),
        ("content/zh/posts/a.md", "---\ntitle: 甲\n---\n同\n"),
        ("content/en/posts/a.md", "---\ntitle: 甲\n---\n同\n"),
        ("content/en/posts/hello.md", "---\ntitle: Hello\ntranslationKey: k\n---\nHello.\n"),
        ("content/zh/posts/你好.md", "---\ntitle: 你好\ntranslationKey: k\n---\n你好。\n"),
    ];
    let both = ["a.en.md", "a.md", "你好.en.md", "你好.md"];
    let whole = moved(&old);
    let found = report(&whole, &["--from", "hugo", "old/content"]);
    assert_eq!(files(&whole), both, "{found:#}");
    assert_eq!(field(&whole, "你好.en.md", "slug"), "hello");
    assert_eq!(field(&whole, "a.en.md", "aliases"), "en/posts/a");
    let parts = moved(&old);
    for folder in ["old/content/zh", "old/content/en"] {
        report(&parts, &["--from", "hugo", folder]);
    }
    assert_eq!(files(&parts), both);
    for folder in ["old/content/zh", "old/content/en", "old/content"] {
        let found = report(&parts, &["--from", "hugo", folder]);
        assert_eq!(found["imported"].as_array().map(Vec::len), Some(0), "{folder} {found:#}");
        assert_eq!(found["updated"].as_array().map(Vec::len), Some(0), "{folder} {found:#}");
    }
    // The other order: the names are those of the English posts.
    let parts = moved(&old);
    for folder in ["old/content/en", "old/content/zh"] {
        report(&parts, &["--from", "hugo", folder]);
    }
    assert_eq!(files(&parts), ["a.en.md", "a.md", "hello.en.md", "hello.md"]);
    assert_eq!(field(&parts, "hello.md", "slug"), "你好");
}

#[test]
fn the_folder_of_a_language_can_be_asked_for() {
    let digest = moved(&[
        ("posts/a.md", "---\ntitle: 甲\n---\n甲。\n"),
        ("english/a.md", "---\ntitle: A\n---\nA.\n"),
        ("english/b.en.md", "---\ntitle: B\n---\nB.\n"),
    ]);
    report(&digest, &["--from", "hugo", "old/posts"]);
    let found = report(&digest, &["--from", "hugo", "old/english", "--into", "content/articles/en"]);
    // The name `a` would make a post the translation of another one.
    let all = files(&digest);
    assert!(all[0] == "a.md" && all[1].starts_with("en/a-") && all[2] == "en/b.md", "{all:?} {found:#}");
}

#[test]
fn posts_of_hexo_have_the_language_of_their_front_matter_or_folder() {
    let digest = moved(&[
        (
            "_config.yml",
            "language: [zh-CN, en]\npermalink: :lang/:name/\npermalink_defaults: {lang: zh-CN}\n",
        ),
        ("source/_posts/a.md", "---\ntitle: 甲\ndate: 2024-05-06\n---\n甲。\n"),
        ("source/_posts/a-en.md", "---\ntitle: A\nlang: en\ndate: 2024-05-06\n---\n[乙](b.md)\n"),
        ("source/_posts/b.md", "---\ntitle: 乙\nlang: zh-CN\ndate: 2024-05-07\n---\n乙。\n"),
        ("source/_posts/en/b.md", "---\ntitle: B\ndate: 2024-05-07\n---\nB.\n"),
        ("source/_posts/你好.md", "---\ntitle: 你好\nlang: zh-CN\nlabel: h\ndate: 2024-05-08\n---\n你好。\n"),
        ("source/_posts/hello.md", "---\ntitle: Hello\nlang: en\nlabel: h\ndate: 2024-05-08\n---\nHello.\n"),
        ("source/_posts/e.md", "---\ntitle: E\nlang: fr\ndate: 2024-05-08\n---\nE.\n"),
    ]);
    let found = report(&digest, &["--from", "hexo", "old"]);
    let both = ["2024-05-06-a", "2024-05-07-b", "2024-05-08-你好"];
    let wanted: Vec<String> =
        both.iter().flat_map(|name| [format!("{name}.en.md"), format!("{name}.md")]).collect();
    assert_eq!(files(&digest), wanted, "{found:#}");
    assert_eq!(field(&digest, "2024-05-08-你好.en.md", "slug"), "hello");
    assert_eq!(field(&digest, "2024-05-06-a.en.md", "aliases"), "en/a-en");
    assert!(found["diagnostics"].to_string().contains("1 post in the language `fr` passed over"));
    assert_eq!(report(&digest, &["--from", "hexo", "old"])["skipped"], 6);
}

#[test]
fn a_translation_does_not_take_the_file_of_another_article() {
    let digest = moved(&[
        ("hugo.toml", HUGO),
        ("content/posts/a.md", "---\ntitle: 甲\n---\n甲。\n"),
        ("content/posts/a.en.md", "---\ntitle: A\n---\nA.\n"),
    ]);
    let digest = digest.file("content/articles/a.en.md", "---\ntitle: Mine\n---\n\nMine.\n");
    let digest = digest.file("content/articles/a.md", "---\ntitle: Mein\n---\n\nMein.\n");
    let found = report(&digest, &["--from", "hugo", "old"]);
    assert_eq!(files(&digest).len(), 4, "{found:#}");
    assert!(digest.read("content/articles/a.en.md").contains("Mine."));
    let named: Vec<String> = files(&digest).into_iter().filter(|file| file.starts_with("a-")).collect();
    assert_eq!(named[0].replace(".en.md", ".md"), named[1], "{named:?}");
}

#[test]
fn an_old_address_of_a_language_that_another_page_has_is_kept_under_extra() {
    let digest = moved(&[
        ("hugo.toml", HUGO),
        (
            "content/posts/a.en.md",
            "---\ntitle: A\naliases: [/en/, /en/articles/b/, /en/keywords/x/]\n---\nA.\n",
        ),
        ("content/posts/b.en.md", "---\ntitle: B\n---\nB.\n"),
    ]);
    let found = report(&digest, &["--from", "hugo", "old"]);
    assert_eq!(field(&digest, "a.en.md", "aliases"), "en/posts/a", "{found:#}");
    let refused =
        article(&digest, "a.en.md").0.get("extra").and_then(|extra| extra.get("aliases")).map(words);
    assert_eq!(refused.unwrap_or_default(), "en/articles/b|en|en/keywords/x", "{found:#}");
}

#[test]
fn a_post_of_hexo_in_another_language_than_the_digest_is_passed_over() {
    let digest = Digest::new()
        .file("old/source/_posts/a.md", "---\ntitle: 甲\nlang: zh-CN\n---\n甲。\n")
        .file("old/source/_posts/b.md", "---\ntitle: B\nlang: en\n---\nB.\n")
        .file("old/source/_posts/c.md", "---\ntitle: C\nlang: en\n---\nC.\n");
    let found = report(&digest, &["--from", "hexo", "old"]);
    assert_eq!(files(&digest), ["a.md"], "{found:#}");
    assert_eq!(found["diagnostics"][0]["message"], "2 posts in the language `en` passed over");
}

#[test]
fn a_post_without_a_language_is_in_that_of_its_old_site() {
    for (generator, settings, folder) in [
        ("hexo", ("_config.yml", "language: en\n"), "source/_posts"),
        ("hugo", ("hugo.toml", "languageCode = 'en-us'\n"), "content/posts"),
    ] {
        let text = "---\ntitle: First\ndate: 2024-01-02\n---\nText.\n";
        let digest = moved(&[settings, (&format!("{folder}/first.md"), text)]);
        let found = report(&digest, &["--from", generator, "old"]);
        assert_eq!(files(&digest), ["2024-01-02-first.en.md"], "{found:#}");
        // The language that is asked for comes first.
        let asked = moved(&[("_config.yml", "language: zh-CN\n"), ("source/_posts/first.md", text)]);
        report(&asked, &["--from", "hexo", "old", "--into", "content/articles/en"]);
        assert!(asked.exists("content/articles/en/2024-01-02-first.md"), "{:?}", files(&asked));
    }
}

#[test]
fn no_redirect_takes_the_home_page_of_a_language() {
    let digest = moved(&[
        ("hugo.toml", "title = 'x'\n"),
        ("content/posts/a.md", "---\ntitle: 甲\ndate: 2024-01-02\n---\n甲。\n"),
        ("content/en/posts/b.md", "---\ntitle: B\ndate: 2024-01-02\n---\nB.\n"),
    ]);
    report(&digest, &["--from", "hugo", "old"]);
    digest.build();
    assert!(digest.page("en/index.html").contains("<html lang=\"en\">"));
}
