//! Tests moves from other generators: old addresses, dates, titles and hidden posts.

use super::{article, field, files, report};
use crate::driver::Digest;

/// A digest in Asia/Shanghai, and the files of an old site in `old/`.
fn moved(old: &[(&str, &str)]) -> Digest {
    old.iter().fold(Digest::new().configured("timezone: Asia/Shanghai"), |digest, (path, text)| {
        digest.file(&format!("old/{path}"), text)
    })
}

/// A generator, the folder of its posts, its files, and the aliases of the article.
type Case = (&'static str, &'static str, &'static [(&'static str, &'static str)], &'static str);

/// The right addresses are those of Hugo 0.168, Hexo 8.1 and Jekyll 4.3; of Zola by its
/// documentation.
const CASES: &[Case] = &[
    ("hugo", "posts", &[("posts/OpenAI发布GPT-4o，多模态.md", "title: 甲")], "posts/openai发布gpt-4o多模态"),
    (
        "hugo",
        "posts",
        &[("posts/2024-09-02-try.md", "title: 甲\ndate: 2024-09-01T10:00:00+08:00")],
        "posts/2024-09-02-try",
    ),
    ("hugo", "posts", &[("posts/My First Post.md", "title: 甲")], "posts/my-first-post"),
    ("hugo", "posts", &[("posts/2019/nested.md", "title: 甲")], "posts/2019/nested"),
    ("hugo", "posts", &[("posts/yi.zh-cn.md", "title: 甲")], "posts/yi"),
    ("hugo", "posts", &[("posts/b/index.zh-cn.md", "title: 甲")], "posts/b"),
    (
        "hugo",
        "posts",
        &[("posts/x.md", "title: 甲\naliases: [\"旧名\", ../up, /old.html]")],
        "posts/x|posts/旧名|up|old.html",
    ),
    ("hugo", "posts", &[("posts/x.md", "title: 甲\nurl: /2024/%E6%97%A7/")], "2024/旧"),
    ("hugo", "posts", &[("posts/c#与.net.md", "title: 甲")], "posts/c%23与.net"),
    (
        "hugo",
        "content/posts",
        &[
            ("hugo.toml", "[permalinks]\nposts = '/p/:year/:month/:day/:slug/'\n"),
            ("content/posts/late.md", "title: 晚 间\ndate: 2021-04-05T20:00:00-05:00"),
        ],
        "p/2021/04/05/晚-间",
    ),
    ("hexo", "posts", &[("posts/C++ 入门.md", "title: 甲\ndate: 2024-05-08")], "2024/05/08/C++ 入门"),
    ("hexo", "posts", &[("posts/早.md", "title: 甲\ndate: 2024-05-06T00:30:00+08:00")], "2024/05/05/早"),
    ("hexo", "posts", &[("posts/x.md", "title: 甲\ndate: 2024-05-08\npermalink: old.html")], "old.html"),
    (
        "hexo",
        "source/_posts",
        &[
            ("_config.yml", "permalink: posts/:abbrlink/\n"),
            ("source/_posts/x.md", "title: 甲\ndate: 2024-05-08\nabbrlink: 3f2a"),
        ],
        "posts/3f2a",
    ),
    (
        "jekyll",
        "_posts",
        &[
            ("_config.yml", "timezone: Asia/Shanghai\n"),
            ("_posts/2024-6-5-单位数.md", "title: 甲\ncategories: 技术 AI"),
        ],
        "技术/ai/2024/06/05/单位数.html",
    ),
    (
        "jekyll",
        "_posts",
        &[
            ("_config.yml", "timezone: UTC\n"),
            ("_posts/2024-05-06-zao.md", "title: 甲\ndate: 2024-05-06 00:30:00 +0800"),
        ],
        "2024/05/05/zao.html",
    ),
    (
        "jekyll",
        "_posts",
        &[
            ("_config.yml", "timezone: UTC\n"),
            ("_posts/2024-05-06-x.md", "title: 甲\npermalink: /blog/:title.html"),
        ],
        "blog/x.html",
    ),
    (
        "jekyll",
        "_posts",
        &[
            ("_config.yml", "timezone: UTC\n"),
            ("_posts/2024-05-06-x.md", "title: 甲\npermalink: https://old.example.net/2018/04/20/cname/"),
        ],
        "2018/04/20/cname",
    ),
    ("zola", "content/blog", &[("content/blog/2024-05-06-日本.md", "title: 甲")], "blog/ri-ben"),
];

#[test]
fn old_addresses_are_those_of_the_generator() {
    for (generator, folder, old, wanted) in CASES {
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
        assert_eq!(field(&digest, "aliases"), *wanted, "{generator} {found:#}");
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
    let told = &found["diagnostics"][0];
    assert_eq!(told["message"], "2 posts in the language `en` passed over", "{found:#}");
    assert!(told["help"].to_string().contains("add `en` to `languages:` in newsprint.yaml"), "{found:#}");
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
fn the_id_of_a_post_in_the_old_feed_is_kept_and_an_editor_can_change_it() {
    let digest = moved(&[
        ("hugo.toml", "baseURL = 'https://old.example/'\n"),
        ("content/posts/旧.md", "---\ntitle: 甲\ndate: 2024-05-06\n---\n文\n"),
        ("content/articles/b.md", "---\ntitle: 乙\ndate: 2024-05-05\n---\n文\n"),
    ]);
    let settings = "title: 日报\nbase_url: https://old.example/\ntimezone: Asia/Shanghai\n";
    digest.write("newsprint.yaml", settings);
    let from = ["--from", "hugo", "old/content"];
    report(&digest, &from);
    let file = "content/articles/2024-05-06-旧.md";
    let line = "\nfeed_id: https://old.example/posts/%E6%97%A7/\n";
    assert!(digest.read(file).contains(line), "{}", digest.read(file));
    // This article has its old id without the field.
    assert!(!digest.read("content/articles/2024-05-05-b.md").contains("feed_id"));
    digest.build();
    for id in ["https://old.example/posts/%E6%97%A7/", "https://old.example/articles/b/"] {
        assert!(digest.read("public/feed.xml").contains(&format!("<id>{id}</id>")), "{id}");
    }
    // Another id, or none, stays; and an edit at the source does not change it.
    let edited: String = digest
        .read(file)
        .lines()
        .map(|line| match line.starts_with("feed_id: ") {
            true => "feed_id: urn:x:1\n".to_owned(),
            false => format!("{line}\n"),
        })
        .collect();
    digest.write(file, &edited);
    assert_eq!(report(&digest, &from)["skipped"], 2);
    assert_eq!(digest.read(file), edited);
    digest.write("old/content/posts/旧.md", "---\ntitle: 甲改\ndate: 2024-05-06\n---\n文\n");
    report(&digest, &[&from[..], &["--update", "theirs"]].concat());
    let text = digest.read(file);
    assert!(text.contains("feed_id: urn:x:1\n") && text.contains("甲改"), "{text}");
}

#[test]
fn an_id_that_another_article_has_or_that_is_no_iri_is_left_out_with_a_warning() {
    let digest = moved(&[
        ("pelicanconf.py", "SITEURL = 'https://old.example'\n"),
        ("content/a.md", "Title: 甲\nDate: 2024-05-06\nUrl: x.html\nSave_as: a.html\n\n文甲\n"),
        ("content/b.md", "Title: 乙\nDate: 2024-05-06\nUrl: x.html\nSave_as: b.html\n\n文乙\n"),
        ("content/c.md", "Title: 丙\nDate: 2024-05-06\nSlug: a b\n\n文丙\n"),
    ]);
    let found = report(&digest, &["--from", "pelican", "old/content"]);
    let told = found["diagnostics"].to_string();
    for part in [
        "the id `tag:old.example,2024-05-06:/x.html` of this post in the old feed is that of content/articles/2024-05-06-a.md",
        "the id `tag:old.example,2024-05-06:/a b.html` of this post in the old feed is no IRI",
    ] {
        assert!(told.contains(part), "{part}: {found:#}");
    }
    let all: String =
        files(&digest).iter().map(|file| digest.read(&format!("content/articles/{file}"))).collect();
    assert_eq!(all.matches("\nfeed_id: ").count(), 1, "{all}");
    digest.build();
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

#[test]
fn an_export_of_wordpress_keeps_its_addresses() {
    let item = |link: &str, status: &str, kind: &str, title: &str| {
        format!(
            "<item><title>{title}</title><link>{link}</link><pubDate>Fri, 20 Apr 2018 08:02:56 +0800</pubDate><content:encoded><![CDATA[<p>{title}的<a href=\"/about/\">正文</a>。</p>]]></content:encoded><guid isPermaLink=\"false\">https://o.example.net/?p={title}</guid><wp:status>{status}</wp:status><wp:post_type>{kind}</wp:post_type><category domain=\"post_tag\"><![CDATA[开源]]></category></item>"
        )
    };
    let export = |first: &str| {
        format!(
            "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>站</title>{first}{}{}</channel></rss>",
            item("https://o.example.net/?p=3", "private", "post", "私密"),
            item("https://o.example.net/a/", "inherit", "attachment", "a.png"),
        )
    };
    let link = "https://o.example.net/2018/04/%E6%97%A7%E6%96%87/";
    let digest = moved(&[("wp.xml", &export(&item(link, "publish", "post", "旧文")))]);
    let found = report(&digest, &["--from", "wordpress", "old/wp.xml"]);
    assert_eq!(found["imported"].as_array().map(Vec::len), Some(2), "{found:#}");
    let text = digest.read("content/articles/2018-04-20-旧文.md");
    assert!(text.contains("aliases:\n  - \"2018/04/旧文\"\n") && !text.contains("\nlink:"), "{text}");
    assert!(text.contains("\nfeed_id: https://o.example.net/?p=旧文\n"), "{text}");
    assert!(text.contains("https://o.example.net/about/") && text.contains("  - 开源"), "{text}");
    assert!(digest.read("content/articles/2018-04-20-私密.md").contains("draft: true"));
    digest.write("old/wp.xml", export(&item(link, "publish", "post", "旧文改")));
    let found = report(&digest, &["--from", "wxr", "old/wp.xml"]);
    assert_eq!(found["updated"].as_array().map(Vec::len), Some(1), "{found:#}");
    digest.build();
}

#[test]
fn the_featured_image_of_a_post_of_wordpress_is_its_image() {
    let item = |number: u8, kind: &str, rest: &str| {
        format!(
            "<item><title>题{number}</title><link>https://o.example.net/p{number}/</link><content:encoded><![CDATA[<p>文</p>]]></content:encoded><wp:post_id>{number}</wp:post_id><wp:status>publish</wp:status><wp:post_type>{kind}</wp:post_type>{rest}</item>"
        )
    };
    let meta = |name: &str, value: &str| {
        format!(
            "<wp:postmeta><wp:meta_key><![CDATA[{name}]]></wp:meta_key><wp:meta_value><![CDATA[{value}]]></wp:meta_value></wp:postmeta>"
        )
    };
    let file = "<wp:attachment_url>https://o.example.net/files/a.png</wp:attachment_url>";
    let posts = [
        item(3, "post", &(meta("_edit_last", "7") + &meta("_thumbnail_id", "7"))),
        item(4, "post", &meta("_edit_last", "7")),
        item(5, "post", &meta("_thumbnail_id", "8")),
        item(7, "attachment", file),
    ];
    let export = format!(
        "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>站</title>{}</channel></rss>",
        posts.concat()
    );
    let digest = moved(&[("wp.xml", &export)]);
    let found = report(&digest, &["--from", "wordpress", "old/wp.xml"]);
    assert_eq!(found["imported"].as_array().map(Vec::len), Some(3), "{found:#}");
    let image = |file: &str| article(&digest, file).0.get("image").map(super::words);
    assert_eq!(image("p3.md").as_deref(), Some("https://o.example.net/files/a.png"));
    assert_eq!((image("p4.md"), image("p5.md")), (None, None));
    digest.build();
}

#[test]
fn a_vault_of_obsidian_is_imported_with_its_links_and_tags() {
    let digest = moved(&[
        (
            "vault/日报/甲.md",
            "---\ndate: 2024-05-06\n---\n看 [[乙|那篇]]， #开源/模型 与 `#code`。\n\n> [!note]\n> 提示\n",
        ),
        ("vault/乙.md", "# 乙标题\n\n见 [[甲]] 和 [[没有]]。\n"),
    ]);
    let found = report(&digest, &["--from", "obsidian", "old/vault"]);
    assert_eq!(found["success"], true, "{found:#}");
    let (front, text) = article(&digest, "2024-05-06-甲.md");
    assert!(text.starts_with("看 [那篇](乙.md)， #开源/模型"), "{text}");
    assert_eq!(super::words(front.get("keywords").unwrap()), "开源/模型");
    assert_eq!(super::words(front.get("title").unwrap()), "甲");
    assert!(front.get("aliases").is_none());
    let (front, text) = article(&digest, "乙.md");
    assert_eq!(super::words(front.get("title").unwrap()), "乙标题");
    assert_eq!(text, "见 [甲](2024-05-06-甲.md) 和 [[没有]]。");
    assert!(found["diagnostics"].to_string().contains("`[[没有]]` (line 3)"), "{found:#}");
    digest.build();
}

#[test]
fn an_address_with_separate_marks_is_reported() {
    let digest = moved(&[("posts/e\u{301}.md", "---\ntitle: 甲\n---\n正文。\n")]);
    let found = report(&digest, &["--from", "hugo", "old/posts"]);
    assert!(found["diagnostics"].to_string().contains("has letters with separate marks"), "{found:#}");
    digest.build();
}

#[test]
fn addresses_of_zola_in_pinyin_are_reported() {
    let digest = moved(&[
        ("content/blog/日本.md", "+++\ntitle = '甲'\n+++\n甲。\n"),
        ("content/blog/plain.md", "+++\ntitle = '乙'\n+++\n乙。\n"),
    ]);
    let told = report(&digest, &["--from", "zola", "old/content/blog"])["diagnostics"].to_string();
    assert!(told.contains("the old addresses of 1 post have Han in ASCII"), "{told}");
    let digest = moved(&[
        ("config.toml", "[slugify]\npaths = 'safe'\n"),
        ("content/blog/日本.md", "+++\ntitle = '甲'\n+++\n甲。\n"),
    ]);
    let found = report(&digest, &["--from", "zola", "old/content/blog"]);
    assert_eq!(
        (found["diagnostics"].to_string().as_str(), field(&digest, "aliases").as_str()),
        ("[]", "blog/日本")
    );
}

#[test]
fn only_posts_that_are_nowhere_any_more_are_told_as_removed() {
    for (generator, root, files) in [
        ("hugo", "content", ["content/posts/a.md", "content/posts/2024/b.md", "content/news/c.md"]),
        ("hexo", "source/_posts", ["source/_posts/a.md", "source/_posts/2024/b.md", "source/_posts/c.md"]),
        ("obsidian", "vault", ["vault/a.md", "vault/2024/b.md", "vault/c.md"]),
    ] {
        let old: Vec<(&str, String)> =
            files.iter().map(|file| (*file, format!("---\ntitle: {file}\n---\n文{file}\n"))).collect();
        let old: Vec<(&str, &str)> = old.iter().map(|(file, text)| (*file, text.as_str())).collect();
        let digest = moved(&old);
        assert_eq!(report(&digest, &["--from", generator, &format!("old/{root}")])["refused"], 0);
        let folder = files[1].trim_end_matches("/b.md");
        let found = report(&digest, &["--from", generator, &format!("old/{folder}")]);
        assert!(!found["diagnostics"].to_string().contains("no post any more"), "{generator}: {found:#}");
        digest.remove(&format!("old/{}", files[1]));
        digest.write(&format!("old/{folder}/d.md"), "---\ntitle: 丁\n---\n丁文\n");
        let found = report(&digest, &["--from", generator, &format!("old/{folder}")]);
        let told = found["diagnostics"].to_string();
        let wanted = "no post any more of 1 article: content/articles/b.md";
        assert!(told.contains(wanted), "{generator}: {found:#}");
    }
}

#[test]
fn pages_of_hexo_are_passed_over_and_named() {
    let digest = moved(&[
        ("_config.yml", "title: 旧\n"),
        ("README.md", "# 说明\n"),
        ("scaffolds/post.md", "---\ntitle: {{ title }}\n---\n"),
        ("source/_posts/a.md", "---\ntitle: 甲\ndate: 2024-05-06\n---\n文\n"),
        ("source/_drafts/b.md", "---\ntitle: 乙\n---\n文\n"),
        ("source/about/index.md", "---\ntitle: 关于\n---\n文\n"),
    ]);
    for folder in ["old", "old/source"] {
        let found = report(&digest, &["--from", "hexo", folder]);
        let told = found["diagnostics"].to_string();
        assert!(told.contains("1 page of the old site passed over: old/source/about/index.md"), "{found:#}");
        assert!(told.contains("content/pages/"), "{found:#}");
        assert_eq!(files(&digest), ["2024-05-06-a.md", "b.md"], "{found:#}");
    }
    // The folder of a page, or its file, is imported if it is named.
    let found = report(&digest, &["--from", "hexo", "old/source/about"]);
    assert_eq!(found["imported"].as_array().map(Vec::len), Some(1), "{found:#}");
    // It is still there when the posts are imported again.
    let found = report(&digest, &["--from", "hexo", "old/source/_posts"]);
    assert!(!found["diagnostics"].to_string().contains("no post any more"), "{found:#}");
}
