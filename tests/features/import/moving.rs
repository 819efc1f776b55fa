//! Tests moves from other generators: old addresses, dates, titles and hidden posts.

use super::{article, field, files, report};
use crate::driver::Digest;

/// A digest in Asia/Shanghai, and the files of an old site in `old/`.
fn moved(old: &[(&str, &str)]) -> Digest {
    old.iter().fold(Digest::new().configured("timezone: Asia/Shanghai"), |digest, (path, text)| {
        digest.file(&format!("old/{path}"), text)
    })
}

#[test]
fn old_addresses_are_those_of_the_generator() {
    let zone = "_config.yml";
    for (generator, folder, old, wanted) in [
        (
            "hugo",
            "posts",
            vec![("posts/OpenAI发布GPT-4o，多模态.md", "title: 甲")],
            "posts/openai发布gpt-4o多模态",
        ),
        (
            "hugo",
            "posts",
            vec![("posts/2024-09-02-try.md", "title: 甲\ndate: 2024-09-01T10:00:00+08:00")],
            "posts/2024-09-02-try",
        ),
        ("hugo", "posts", vec![("posts/My First Post.md", "title: 甲")], "posts/my-first-post"),
        ("hugo", "posts", vec![("posts/2019/nested.md", "title: 甲")], "posts/2019/nested"),
        ("hugo", "posts", vec![("posts/yi.zh-cn.md", "title: 甲")], "posts/yi"),
        ("hugo", "posts", vec![("posts/b/index.zh-cn.md", "title: 甲")], "posts/b"),
        (
            "hugo",
            "posts",
            vec![("posts/x.md", "title: 甲\naliases: [\"旧名\", ../up, /old.html]")],
            "posts/x|posts/旧名|up|old.html",
        ),
        ("hugo", "posts", vec![("posts/x.md", "title: 甲\nurl: /2024/%E6%97%A7/")], "2024/旧"),
        ("hugo", "posts", vec![("posts/c#与.net.md", "title: 甲")], "posts/c%23与.net"),
        (
            "hugo",
            "content/posts",
            vec![
                ("hugo.toml", "[permalinks]\nposts = '/p/:year/:month/:day/:slug/'\n"),
                ("content/posts/late.md", "title: 晚 间\ndate: 2021-04-05T20:00:00-05:00"),
            ],
            "p/2021/04/05/晚-间",
        ),
        ("hexo", "posts", vec![("posts/C++ 入门.md", "title: 甲\ndate: 2024-05-08")], "2024/05/08/C++ 入门"),
        (
            "hexo",
            "posts",
            vec![("posts/早.md", "title: 甲\ndate: 2024-05-06T00:30:00+08:00")],
            "2024/05/05/早",
        ),
        (
            "hexo",
            "posts",
            vec![("posts/x.md", "title: 甲\ndate: 2024-05-08\npermalink: old.html")],
            "old.html",
        ),
        (
            "hexo",
            "source/_posts",
            vec![
                (zone, "permalink: posts/:abbrlink/\n"),
                ("source/_posts/x.md", "title: 甲\ndate: 2024-05-08\nabbrlink: 3f2a"),
            ],
            "posts/3f2a",
        ),
        (
            "jekyll",
            "_posts",
            vec![
                (zone, "timezone: Asia/Shanghai\n"),
                ("_posts/2024-6-5-单位数.md", "title: 甲\ncategories: 技术 AI"),
            ],
            "技术/ai/2024/06/05/单位数.html",
        ),
        (
            "jekyll",
            "_posts",
            vec![
                (zone, "timezone: UTC\n"),
                ("_posts/2024-05-06-zao.md", "title: 甲\ndate: 2024-05-06 00:30:00 +0800"),
            ],
            "2024/05/05/zao.html",
        ),
        (
            "jekyll",
            "_posts",
            vec![
                (zone, "timezone: UTC\n"),
                ("_posts/2024-05-06-x.md", "title: 甲\npermalink: /blog/:title.html"),
            ],
            "blog/x.html",
        ),
        (
            "jekyll",
            "_posts",
            vec![
                (zone, "timezone: UTC\n"),
                ("_posts/2024-05-06-x.md", "title: 甲\npermalink: https://old.example.net/2018/04/20/cname/"),
            ],
            "2018/04/20/cname",
        ),
        ("zola", "content/blog", vec![("content/blog/2024-05-06-日本.md", "title: 甲")], "blog/ri-ben"),
    ] {
        let is_post = |path: &str| path.ends_with(".md");
        let written: Vec<(&str, String)> = old
            .iter()
            .map(|(path, text)| {
                (
                    *path,
                    if is_post(path) { format!("---\n{text}\n---\n正文。\n") } else { (*text).to_owned() },
                )
            })
            .collect();
        let digest = moved(&written.iter().map(|(path, text)| (*path, text.as_str())).collect::<Vec<_>>());
        let found = report(&digest, &["--from", generator, &format!("old/{folder}")]);
        assert_eq!(found["success"], true, "{generator} {wanted} {found:#}");
        assert_eq!(field(&digest, "aliases"), wanted, "{generator} {found:#}");
        digest.build();
        for address in wanted.split('|') {
            let address = address.replace("%23", "#");
            let page = if address.ends_with(".html") { address } else { format!("{address}/index.html") };
            assert!(digest.exists(&format!("public/{page}")), "{page}");
        }
    }
}

#[test]
fn a_scheme_on_the_command_line_has_the_variables_of_the_generator() {
    let old = [("posts/a.md", "---\ntitle: 无时区\ndate: 2024-05-06\nabbrlink: 3f2a\n---\n正文。\n")];
    for (generator, scheme, wanted) in [
        ("hugo", "/p/:slug/", "p/无时区"),
        ("hugo", "/p/:contentbasename/", "p/a"),
        ("hugo", "/:section/:title/", "posts/无时区"),
        ("hexo", "/:abbrlink.html", "3f2a.html"),
        ("hexo", "/:pinyin/", "wu-shi-qu"),
        ("jekyll", "/:categories/:title/", "a"),
    ] {
        let digest = moved(&old);
        let found = report(&digest, &["--from", generator, "old/posts", "--alias", scheme]);
        assert_eq!(found["success"], true, "{scheme} {found:#}");
        assert_eq!(field(&digest, "aliases"), wanted, "{scheme}");
    }
    let digest = moved(&[old[0], ("posts/b.md", "---\ntitle: 乙\ndate: 2024-05-06\n---\n别的。\n")]);
    let outcome = digest.run(&["import", "--from", "hexo", "old/posts", "--alias", "/:nothing/"]);
    assert!(
        outcome.code == 1 && outcome.stderr.contains("no post has a value for `:nothing`"),
        "{}",
        outcome.stderr
    );
    assert_eq!(files(&digest).len(), 2);
}

#[test]
fn addresses_below_each_other_are_both_kept() {
    let digest = moved(&[
        ("posts/er.md", "---\ntitle: 二\naliases: [/posts/rust/2/]\n---\n二的正文。\n"),
        ("posts/rust.md", "---\ntitle: 铁锈\n---\n铁锈的正文。\n"),
    ]);
    let found = report(&digest, &["--from", "hugo", "old/posts"]);
    assert_eq!(found["diagnostics"].as_array().map(Vec::len), Some(0), "{found:#}");
    digest.build();
    assert!(digest.exists("public/posts/rust/index.html") && digest.exists("public/posts/rust/2/index.html"));
}

#[test]
fn posts_of_another_language_are_passed_over_and_counted() {
    let post = |title: &str| format!("---\ntitle: {title}\n---\n{title}的正文。\n");
    let digest = moved(&[
        ("posts/a.zh-cn.md", &post("甲")),
        ("posts/a.en.md", &post("A")),
        ("posts/b.md", &post("乙")),
        ("posts/b.en.md", &post("B")),
        ("posts/vue.js.md", &post("前端")),
    ]);
    let found = report(&digest, &["--from", "hugo", "old/posts"]);
    assert_eq!(found["imported"].as_array().map(Vec::len), Some(3), "{found:#}");
    let told = found["diagnostics"][0]["message"].as_str().unwrap_or_default().to_owned();
    assert!(told.starts_with("2 posts in other languages passed over (en: 2)"), "{found:#}");
}

#[test]
fn a_post_that_is_edited_at_its_source_is_the_same_article() {
    let old = [
        ("posts/gpt4o.md", "---\ntitle: 甲\nurl: /old/\n---\nHi\n"),
        ("posts/b.md", "---\ntitle: 乙\n---\n乙。\n"),
    ];
    let digest = moved(&old);
    let from = ["--from", "hugo", "old/posts"];
    assert_eq!(report(&digest, &from)["imported"].as_array().map(Vec::len), Some(2));
    assert_eq!(report(&digest, &from)["skipped"], 2);
    // The address changes, too: the first one stays.
    digest.write("old/posts/gpt4o.md", "---\ntitle: 甲改\nurl: /new/\n---\nHi there changed\n");
    let found = report(&digest, &from);
    assert_eq!(found["updated"].as_array().map(Vec::len), Some(1), "{found:#}");
    assert_eq!(files(&digest), ["b.md", "gpt4o.md"]);
    let text = digest.read("content/articles/gpt4o.md");
    assert!(text.contains("aliases:\n  - old\n  - new\n") && text.contains("title: 甲改"), "{text}");
    assert_eq!(report(&digest, &from)["skipped"], 2);
    // A renamed file with the same text is the same article, and a removed one is named.
    digest.write("old/posts/c.md", digest.read("old/posts/b.md"));
    digest.remove("old/posts/b.md");
    digest.remove("old/posts/gpt4o.md");
    let found = report(&digest, &from);
    assert_eq!(files(&digest).len(), 2, "{found:#}");
    let told = found["diagnostics"].to_string();
    assert!(told.contains("no post any more of 1 article: content/articles/gpt4o.md"), "{found:#}");
}

#[test]
fn an_old_address_is_kept_when_a_post_is_imported_without_its_scheme() {
    let digest = moved(&[
        ("_posts/2024-05-06-x.md", "---\ntitle: 甲\n---\n正文。\n"),
        ("_config.yml", "timezone: UTC\n"),
    ]);
    report(&digest, &["--from", "jekyll", "old/_posts", "--alias", "/:year/:name.html"]);
    let found = report(&digest, &["--from", "jekyll", "old/_posts"]);
    assert_eq!(found["success"], true, "{found:#}");
    assert_eq!(field(&digest, "aliases"), "2024/2024-05-06-x.html|2024/05/06/x.html");
}

#[test]
fn two_posts_with_the_same_title_and_text_are_two_articles() {
    let text = "---\ntitle: 周报\n---\n本周无事。\n";
    let digest = moved(&[("posts/a.md", text), ("posts/b.md", text)]);
    let found = report(&digest, &["--from", "hugo", "old/posts"]);
    assert_eq!(found["imported"].as_array().map(Vec::len), Some(2), "{found:#}");
    assert_eq!(files(&digest), ["a.md", "b.md"]);
    assert_eq!(report(&digest, &["--from", "hugo", "old/posts"])["skipped"], 2);
}

#[test]
fn dailies_without_front_matter_are_imported() {
    let digest = moved(&[("_posts/2026-08-22.md", "# 八月二十二日\n\n一条新闻。\n")]);
    let found = report(&digest, &["--from", "hexo", "old/_posts"]);
    assert_eq!(found["success"], true, "{found:#}");
    assert_eq!(
        (field(&digest, "title"), field(&digest, "date")),
        ("八月二十二日".to_owned(), "2026-08-22".to_owned())
    );
    assert_eq!(article(&digest, &files(&digest)[0]).1.trim(), "一条新闻。");
    assert_eq!(found["repaired"][0]["kind"], "heading", "{found:#}");
    let text = digest.read(&format!("content/articles/{}", files(&digest)[0]));
    assert!(
        text.contains("\n  post: hexo:2026-08-22.md\n")
            || text.contains("\n  post: \"hexo:2026-08-22.md\"\n"),
        "{text}"
    );
}

#[test]
fn a_broken_configuration_of_the_old_site_is_a_warning() {
    let digest =
        moved(&[("hugo.toml", "a = = 1\n"), ("content/posts/x.md", "---\ntitle: 甲\n---\n正文。\n")]);
    let found = report(&digest, &["--from", "hugo", "old/content/posts"]);
    assert_eq!((found["success"].as_bool(), field(&digest, "aliases").as_str()), (Some(true), "posts/x"));
    assert!(found["diagnostics"][0]["message"].as_str().unwrap().contains("this is not TOML"), "{found:#}");
}

#[test]
fn links_between_posts_lead_to_the_articles() {
    let digest = moved(&[
        ("hugo.toml", "baseURL = 'https://old.example/'\n"),
        (
            "content/posts/a.md",
            "---\ntitle: 甲\ndate: 2024-05-06\n---\n[乙]({{< ref \"b.md\" >}})，[乙](../b/)，[乙](/posts/b/)，[乙](https://old.example/posts/b/)。\n\n`{{< ref \"b.md\" >}}` {{< custom >}}\n",
        ),
        ("content/posts/b.md", "---\ntitle: 乙\ndate: 2024-05-07\n---\n[甲](a.md)。\n"),
    ]);
    let found = report(&digest, &["--from", "hugo", "old/content/posts"]);
    assert_eq!(found["success"], true, "{found:#}");
    let text = article(&digest, "2024-05-06-a.md").1;
    assert_eq!(text.matches("[乙](2024-05-07-b.md)").count(), 4, "{text}");
    assert!(text.contains("`{{< ref \"b.md\" >}}` {{< custom >}}"), "{text}");
    assert_eq!(article(&digest, "2024-05-07-b.md").1, "[甲](2024-05-06-a.md)。");
    let told = found["diagnostics"].to_string();
    assert!(
        told.contains("1 shortcode of the old site left in the text: `{{< custom >}}` (line 7)"),
        "{told}"
    );
    assert_eq!(report(&digest, &["--from", "hugo", "old/content/posts"])["skipped"], 2);
    digest.build();
}
