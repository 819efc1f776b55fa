//! Tests what each generator makes of its posts: Pelican, sections of Hugo, machines of Hexo,
//! rewrites of VitePress, links of WordPress.

use super::{article, field, files, report, titles, words};
use crate::driver::Digest;

/// A digest in Asia/Shanghai, and the files of an old site in `old/`.
fn moved(old: &[(&str, &str)]) -> Digest {
    old.iter().fold(Digest::new().configured("timezone: Asia/Shanghai"), |digest, (path, text)| {
        digest.file(&format!("old/{path}"), text)
    })
}

/// The messages of a report.
fn messages(found: &serde_json::Value) -> String {
    let all = found["diagnostics"].as_array().unwrap().iter();
    all.map(|one| one["message"].as_str().unwrap_or_default()).collect::<Vec<_>>().join("\n")
}

#[test]
fn posts_of_pelican_have_the_addresses_of_its_configuration() {
    let conf = "SITENAME = '旧站'\nPATH = 'content'\nTIMEZONE = 'UTC'\nARTICLE_URL = '{date:%Y}/{category}/{slug}/'\nARTICLE_SAVE_AS = ARTICLE_URL + 'index.html'\n";
    let digest = moved(&[
        ("pelicanconf.py", conf),
        ("publishconf.py", "from pelicanconf import *\nSITEURL = 'https://old.example'\n"),
        ("content/技术/x.md", "Title: 标题，C++\nDate: 2024-05-06 02:00\nTags: 开源, a b\n\n正文。\n"),
    ]);
    let found = report(&digest, &["--from", "pelican", "old/content"]);
    assert_eq!(found["success"], true, "{found:#}");
    assert_eq!(field(&digest, "aliases"), "2024/ji-zhu/biao-ti-c", "{found:#}");
    assert_eq!(field(&digest, "title"), "标题，C++");
    assert_eq!(field(&digest, "date"), "2024-05-06T10:00:00+08:00");
    assert_eq!(field(&digest, "keywords"), "技术|开源|a b");
    digest.build();
    assert!(digest.exists("public/2024/ji-zhu/biao-ti-c/index.html"));
}

#[test]
fn what_pelican_does_not_publish_is_a_draft_or_passed_over() {
    let digest = moved(&[
        ("pelicanconf.py", "PATH = 'content'\nDEFAULT_METADATA = {'status': 'draft'}\n"),
        ("content/a.md", "Title: 公开\nDate: 2024-05-06\nStatus: published\n\n公开的正文。\n"),
        ("content/b.md", "Title: 草稿\nDate: 2024-05-06\n\n草稿的正文。\n"),
        ("content/c.md", "Title: 无日期\nStatus: published\n\n无日期的正文。\n"),
        ("content/d.md", "Title: English\nDate: 2024-05-06\nLang: en\n\nText.\n"),
        ("content/pages/about.md", "Title: 关于\nDate: 2024-05-06\n\n关于的正文。\n"),
        ("content/e.rst", "标题\n####\n"),
    ]);
    let found = report(&digest, &["--from", "pelican", "old/content"]);
    assert_eq!(titles(&digest), ["公开", "无日期", "草稿"]);
    let is_draft = |file: &str| words(article(&digest, file).0.get("draft").unwrap_or(&Default::default()));
    assert_eq!(
        ["2024-05-06-a.md", "2024-05-06-b.md", "c.md"].map(is_draft),
        ["", "true", "true"],
        "{found:#}"
    );
    let told = messages(&found);
    for part in [
        "1 page of the old site passed over: old/content/pages/about.md",
        "1 post in reStructuredText passed over: e.rst",
        "1 post in the language `en` passed over",
    ] {
        assert!(told.contains(part), "{part}\n{told}");
    }
    // The folder of the pages, imported by itself, is what was asked for.
    report(&digest, &["--from", "pelican", "old/content/pages"]);
    assert_eq!(files(&digest).len(), 4);
}

#[test]
fn code_in_a_configuration_is_named_and_not_run() {
    let digest = moved(&[
        (
            "pelicanconf.py",
            "import os\nPATH = 'content'\nARTICLE_URL = os.environ['X']\nSLUG_REGEX_SUBSTITUTIONS = [('(?=x)', '')]\n",
        ),
        ("content/a.md", "Title: 甲\nDate: 2024-05-06\n\n正文。\n"),
    ]);
    let found = report(&digest, &["--from", "pelican", "old/content"]);
    let told = messages(&found);
    assert!(told.contains("the value of `ARTICLE_URL` is code"), "{told}");
    assert!(told.contains("the patterns of `SLUG_REGEX_SUBSTITUTIONS` cannot be read"), "{told}");
    assert!(told.contains("this post has no `slug`"), "{told}");
    let digest = moved(&[
        ("docs/.vitepress/config.ts", "export default { rewrites: (id) => id }\n"),
        ("docs/posts/a.md", "---\ntitle: 甲\n---\n正文。\n"),
    ]);
    let found = report(&digest, &["--from", "vitepress", "old/docs/posts"]);
    assert!(messages(&found).contains("the value of `rewrites` is code"), "{found:#}");
}

#[test]
fn links_of_pelican_lead_to_the_articles() {
    let digest = moved(&[
        ("pelicanconf.py", "PATH = 'content'\n"),
        (
            "content/a.md",
            "Title: 甲\nDate: 2024-05-06\n\n见[乙]({filename}/夹/b.md#h)和![图]({static}/images/x.png)。\n",
        ),
        (
            "content/夹/b.md",
            "Title: 乙\nDate: 2024-05-06\n\n见[甲]({filename}../a.md)和[标签]({tag}开源)。\n",
        ),
    ]);
    let found = report(&digest, &["--from", "pelican", "old/content"]);
    let own = |file: &str| article(&digest, file).1;
    assert_eq!(own("2024-05-06-a.md"), "见[乙](2024-05-06-b.md#h)和![图](/images/x.png)。", "{found:#}");
    assert_eq!(own("2024-05-06-b.md"), "见[甲](2024-05-06-a.md)和[标签]({tag}开源)。");
    assert!(messages(&found).contains("`{tag}开源` (line 4)"), "{found:#}");
}

#[test]
fn settings_of_pelican_are_proposed() {
    let digest = Digest::new()
        .file("old/pelicanconf.py", "SITENAME = '旧站'\nSITEURL = ''\nPATH = 'content'\nTIMEZONE = 'Asia/Taipei'\nDEFAULT_PAGINATION = 7\nLINKS = (('a', 'https://e.org/'),)\n")
        .file("old/publishconf.py", "SITEURL = 'https://old.example'\n");
    let outcome = digest.run(&["init", "new", "--from", "pelican", "old"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let settings = digest.read("new/newsprint.yaml");
    for line in [
        "title: 旧站\n",
        "base_url: https://old.example/\n",
        "timezone: Asia/Taipei\n",
        "paginate_by: 7\n",
        "id_base: https://old.example/\n",
    ] {
        assert!(settings.contains(line), "{line}{settings}");
    }
}

#[test]
fn the_slug_of_a_section_of_hugo_is_in_the_addresses_below_it() {
    for (config, wanted) in [
        ("title = 'a'\n", "文-章/夹/x"),
        ("[permalinks.page]\nposts = '/:sectionslugs/:slugorcontentbasename/'\n", "文-章/标题/x"),
        ("[permalinks.page]\nposts = '/:sections/:title/'\n", "posts/夹/甲"),
    ] {
        let digest = moved(&[
            ("hugo.toml", config),
            ("content/posts/_index.md", "---\nslug: 文 章\n---\n"),
            ("content/posts/夹/_index.md", "---\ntitle: 标题\nurl: /other/\n---\n"),
            ("content/posts/夹/x.md", "---\ntitle: 甲\n---\n正文。\n"),
        ]);
        let found = report(&digest, &["--from", "hugo", "old/content"]);
        assert_eq!(field(&digest, "aliases"), wanted, "{found:#}");
    }
}

#[test]
fn a_hash_of_hexo_and_a_rewritten_path_of_vitepress_are_computed() {
    let digest = moved(&[
        ("_config.yml", "permalink: :year/:hash/\ntimezone: UTC\n"),
        ("source/_posts/x.md", "---\ntitle: 甲\ndate: 2024-05-06 00:30:00\n---\n正文。\n"),
    ]);
    report(&digest, &["--from", "hexo", "old/source/_posts"]);
    // `printf x1714955400 | sha1sum`
    assert_eq!(field(&digest, "aliases"), "2024/f815380d4fee");
    let digest = moved(&[
        (
            "docs/.vitepress/config.ts",
            "export default { rewrites: { 'posts/:name.md': 'p/:name/index.md' } }\n",
        ),
        ("docs/posts/a.md", "---\ntitle: 甲\n---\n正文。\n"),
    ]);
    report(&digest, &["--from", "vitepress", "old/docs/posts"]);
    assert_eq!(field(&digest, "aliases"), "p/a");
}

#[test]
fn a_time_without_an_offset_is_in_the_zone_of_the_generator() {
    for (generator, path, config, wanted) in [
        ("hugo", "content/posts/x.md", ("hugo.toml", "title = 'a'"), "2024-05-06T10:00:00+08:00"),
        ("hugo", "content/posts/x.md", ("hugo.toml", "timeZone = 'Asia/Tokyo'"), "2024-05-06T01:00:00+08:00"),
        (
            "jekyll",
            "_posts/2024-05-06-x.md",
            ("_config.yml", "timezone: Asia/Tokyo"),
            "2024-05-06T10:00:00+08:00",
        ),
        ("hexo", "source/_posts/x.md", ("_config.yml", "timezone: Asia/Tokyo"), "2024-05-06T01:00:00+08:00"),
        ("hexo", "source/_posts/x.md", ("_config.yml", "title: a"), "2024-05-06T02:00:00+08:00"),
        ("eleventy", "posts/x.md", ("eleventy.config.js", ""), "2024-05-06T10:00:00+08:00"),
    ] {
        let digest = moved(&[config, (path, "---\ntitle: 甲\ndate: 2024-05-06 02:00:00\n---\n正文。\n")]);
        let found =
            report(&digest, &["--from", generator, &format!("old/{}", path.rsplit_once('/').unwrap().0)]);
        assert_eq!(field(&digest, "date"), wanted, "{generator} {found:#}");
    }
    let digest = moved(&[("posts/x.md", "---\ntitle: 甲\ndate: 2024-05-06\n---\n正文。\n")]);
    report(&digest, &["--from", "hugo", "old/posts"]);
    assert_eq!(field(&digest, "date"), "2024-05-06", "a day is that day");
}

#[test]
fn an_item_of_a_list_in_a_post_is_one_term() {
    let front = "title: 甲\ntags: [\"甲、乙\", \"AI, ML\", \"#x\", 《书》]";
    let digest = moved(&[("posts/x.md", &format!("---\n{front}\n---\n正文。\n"))]);
    report(&digest, &["--from", "hugo", "old/posts"]);
    assert_eq!(field(&digest, "keywords"), "甲、乙|AI, ML|#x|《书》");
}

#[test]
fn links_between_the_posts_of_wordpress_lead_to_the_articles() {
    let item = |id: &str, link: &str, title: &str, text: &str| {
        format!(
            "<item><title>{title}</title><link>{link}</link><pubDate>Fri, 20 Apr 2018 08:02:56 +0000</pubDate><content:encoded><![CDATA[{text}]]></content:encoded><wp:post_id>{id}</wp:post_id><wp:status>publish</wp:status><wp:post_type>post</wp:post_type></item>"
        )
    };
    let first = "<p>见<a href=\"https://old.example/2018/%E4%B9%99/#h\">乙</a>、<a href=\"/?p=2\">二</a>、<a href=\"https://elsewhere.example/2018/x/\">外</a></p>";
    let second = "<p>见<a href=\"http://www.old.example/2018/jia/\">甲</a>和<a href=\"https://old.example/?p=9\">无</a></p>";
    let xml = format!(
        "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>站</title>{}{}</channel></rss>",
        item("1", "https://old.example/2018/jia/", "甲", first),
        item("2", "https://old.example/2018/%E4%B9%99/", "乙", second),
    );
    let digest = moved(&[("wp.xml", &xml)]);
    let from = ["--from", "wordpress", "old/wp.xml"];
    let found = report(&digest, &from);
    assert_eq!(files(&digest), ["2018-04-20-jia.md", "2018-04-20-乙.md"], "{found:#}");
    let text = article(&digest, "2018-04-20-jia.md").1;
    assert_eq!(
        text,
        "见[乙](2018-04-20-乙.md#h)、[二](2018-04-20-乙.md)、[外](https://elsewhere.example/2018/x/)"
    );
    let text = article(&digest, "2018-04-20-乙.md").1;
    assert_eq!(text, "见[甲](2018-04-20-jia.md)和[无](https://old.example/?p=9)");
    assert_eq!(report(&digest, &from)["skipped"], 2);
    digest.build();
}

#[test]
fn paragraphs_of_wordpress_stay_apart_behind_a_caption_and_an_embed() {
    let text = "一。\n\n[caption id=\"a\" width=\"3\"]<img src=\"/c.png\" alt=\"c\" /> 说明[/caption]\n\n二。\n\n\
                [embed]https://e.org/v[/embed]\n\n三。\n\n四。";
    let export = format!(
        "<rss version=\"2.0\" xmlns:wp=\"http://wordpress.org/export/1.2/\" xmlns:content=\"http://purl.org/rss/1.0/modules/content/\"><channel><title>站</title>\
         <item><title>甲</title><link>https://old.example/a/</link><wp:post_type>post</wp:post_type><wp:status>publish</wp:status><content:encoded><![CDATA[{text}]]></content:encoded></item></channel></rss>"
    );
    let digest = Digest::new().file("old/wp.xml", export);
    assert_eq!(digest.run(&["import", "--from", "wordpress", "old/wp.xml"]).code, 0);
    let article = digest.read("content/articles/a.md");
    let body = article.split_once("\n---\n\n").unwrap().1;
    let wanted = "一。\n\n![c](https://old.example/c.png)\n\n*说明*\n\n二。\n\n[https://e.org/v](https://e.org/v)\n\n三。\n\n四。\n";
    assert_eq!(body, wanted);
}
