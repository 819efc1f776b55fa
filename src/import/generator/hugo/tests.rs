use super::*;
use crate::import::generator::kind::Generator;
use crate::import::generator::place::Place;
use crate::import::generator::site::tests::site;

/// The address of a post with a file below `content` and front matter in YAML.
fn of(config: &str, file: &str, front: &str) -> String {
    let site = site(config);
    let path = format!("/old/content/{file}");
    let place = Place::of(Generator::Hugo, path.as_ref(), None, &site);
    let Ok(Node::Map(fields)) = crate::yaml::parse(front) else { panic!("{front}") };
    let found = address(None, &Post { place: &place, fields: &fields }, &site);
    found.unwrap_or_else(|name| format!("no {name}"))
}

#[test]
fn the_name_of_a_file_becomes_a_segment() {
    // Hugo 0.168.0.
    for (name, wanted) in [
        ("OpenAI发布GPT-4o，多模态", "openai发布gpt-4o多模态"),
        ("My First Post", "my-first-post"),
        ("C++ 入门", "c++-入门"),
        ("a - b", "a---b"),
        ("c#与.net", "c#与.net"),
        ("Ａ全角ＢＣ", "ａ全角ｂｃ"),
        ("火箭🚀上天", "火箭上天"),
        ("标点！？、。：完", "标点完"),
        ("x@y~z", "x@y~z"),
        ("-前后-", "-前后-"),
        ("价格$5与=号", "价格5与号"),
        ("ß与İ", "ß与i"),
        ("２０２４年", "２０２４年"),
        ("①②③", ""),
        ("长音ー々〇", "长音ー々"),
        ("2024-05-14-日期", "2024-05-14-日期"),
    ] {
        let wanted = format!("/posts/{wanted}/");
        assert_eq!(of("a: 1", &format!("posts/{name}.md"), "title: x"), wanted, "{name}");
    }
}

#[test]
fn a_scheme_has_its_own_rules() {
    let config = "permalinks: {posts: '/p/:year/:month/:day/:slug/'}";
    for (front, wanted) in [
        ("title: C++ 入门\ndate: 2024-05-06", "/p/2024/05/06/c-入门/"),
        ("title: a - b\ndate: 2021-04-05T20:00:00-05:00", "/p/2021/04/05/a-b/"),
        ("title: a + b C++\ndate: 2024-05-06", "/p/2024/05/06/a--b-c/"),
        ("title: x\nslug: a - b\ndate: 2024-06-02T20:00:00Z", "/p/2024/06/02/a-b/"),
        ("title: x", "/p/1/01/01/x/"),
        ("date: 2024-05-06", "/p/2024/05/06//"),
    ] {
        assert_eq!(of(config, "posts/f.md", front), wanted, "{front}");
    }
    for (pattern, wanted) in [
        ("/:sections/:contentbasename/", "/posts/c-入门/"),
        ("/:section/:filename.html", "/posts/c-入门.html"),
        ("/:slugorfilename/", "/短名/"),
        ("/:2006/:1/:title/", "/2024/5/标题/"),
        ("/:yearday/:weekdayname/:monthname/:title", "/127/Monday/May/标题"),
        ("/:sections[1:]/:title", "//标题"),
        ("/:sections[last]/:title", "/posts/标题"),
        ("/:sectionslugs/:slugorcontentbasename", "/posts/短名"),
        ("/:abbrlink", "/3f2a"),
        ("/:missing", "no missing"),
    ] {
        let config = format!("permalinks: {{page: {{posts: '{pattern}'}}}}");
        let front = "title: 标题\ndate: 2024-05-06\nslug: 短名\nabbrlink: 3f2a";
        assert_eq!(of(&config, "posts/C++ 入门.md", front), wanted, "{pattern}");
    }
}

#[test]
fn a_permalink_is_that_of_the_section() {
    for (config, file, wanted) in [
        ("permalinks: {posts: '/p/:title/'}", "news/x.md", "/news/x/"),
        ("permalinks: {/: '/r/:title/'}", "x.md", "/r/t/"),
        ("permalinks: {posts: '/p/:title/', posts/a: '/a/:title/'}", "posts/a/x.md", "/a/t/"),
        ("permalinks: {posts: '/p/:title/', posts/a: '/a/:title/'}", "posts/b/x.md", "/p/t/"),
        (
            "permalinks: [{pattern: '/l/:title/', target: {kind: page, path: '/posts/**'}}]",
            "posts/x.md",
            "/l/t/",
        ),
        ("permalinks: [{pattern: '/l/:title/', target: {kind: section}}]", "posts/x.md", "/posts/x/"),
        ("permalinks: [{pattern: '/l/:title/', target: {path: '/news/**'}}]", "posts/x.md", "/posts/x/"),
    ] {
        assert_eq!(of(config, file, "title: t"), wanted, "{config} {file}");
    }
}

#[test]
fn a_url_counts_before_all_else() {
    let config = "permalinks: {posts: '/p/:title/'}\nuglyURLs: true";
    for (url, wanted) in [
        ("/自定/地址/", "/自定/地址/"),
        ("/old.html", "/old.html"),
        ("/u/:year/:title/", "/u/2024/t/"),
        ("相对/地址", "/相对/地址"),
    ] {
        let front = format!("title: t\ndate: 2024-01-02\nurl: {url}");
        if url != "相对/地址" {
            assert_eq!(of(config, "posts/x.md", &front), wanted, "{url}");
        }
        let config = "defaultContentLanguage: zh-cn\nlanguages: {zh-cn: {}}";
        assert_eq!(of(config, "posts/x.md", &front), wanted, "{url}");
    }
}

#[test]
fn other_languages_have_a_folder_and_ugly_addresses_an_extension() {
    let two = "defaultContentLanguage: en\nlanguages: {en: {}, zh-CN: {}}";
    assert_eq!(of(two, "posts/x.zh-cn.md", "title: t"), "/zh-cn/posts/x/");
    assert_eq!(of(two, "posts/x.md", "title: t"), "/posts/x/");
    let sub = "defaultContentLanguage: zh\ndefaultContentLanguageInSubdir: true";
    assert_eq!(of(sub, "posts/x.md", "title: t"), "/zh/posts/x/");
    let assumed = "languages: {en: {}, zh-CN: {}}";
    assert_eq!(of(assumed, "posts/x.zh-cn.md", "title: t"), "/zh-cn/posts/x/");
    assert_eq!(of(assumed, "posts/x.md", "title: t"), "/posts/x/");
    assert_eq!(of("uglyURLs: true", "posts/x.md", "title: t"), "/posts/x.html");
    assert_eq!(of("uglyURLs: {posts: true}", "posts/x.md", "title: t"), "/posts/x.html");
    assert_eq!(of("uglyURLs: {news: true}", "posts/x.md", "title: t"), "/posts/x/");
}

#[test]
fn an_alias_is_relative_to_the_parent_of_the_page() {
    let place = Place::of(Generator::Hugo, "/old/content/posts/x.md".as_ref(), None, &site("a: 1"));
    let post = Post { place: &place, fields: &[] };
    for (written, address, wanted) in [
        ("旧名", "/posts/x/", "/posts/旧名/"),
        ("/绝对/旧/", "/posts/x/", "/绝对/旧/"),
        ("../up", "/posts/x/", "/up/"),
        ("../../../up", "/posts/x/", "/up/"),
        ("旧名", "/p/2024/05/06/x/", "/p/2024/05/06/旧名/"),
        ("f.html", "/posts/x/", "/posts/f.html"),
    ] {
        let found = alias(written, address, &post, &site("a: 1"));
        assert_eq!(found.trim_end_matches('/'), wanted.trim_end_matches('/'), "{written}");
    }
    assert_eq!(alias("/a", "/posts/x.html", &post, &site("uglyURLs: true")), "/a.html");
}
