//! What readers see of a body's Markdown: emphasis beside CJK, comments, ids of headings,
//! footnotes, languages of passages.

use crate::driver::{Digest, attributes};

/// The `<main>` content of the page of an article with this body, and the findings of `check`.
fn page(body: &str) -> (String, String) {
    let digest = Digest::new().article("x", "title: 题\ndate: 2026-11-23\nkeywords: [甲]\n", body);
    digest.build();
    (digest.main("articles/x/index.html"), digest.run(&["check"]).stdout)
}

/// The texts of the elements with this name.
fn texts(html: &str, element: &str) -> Vec<String> {
    html.split(&format!("<{element}>"))
        .skip(1)
        .map(|rest| rest.split(&format!("</{element}>")).next().unwrap().to_owned())
        .collect()
}

#[test]
fn bold_beside_symbols_is_bold() {
    let (main, findings) = page(
        "发布**🚀新模型**上线，今天**✅完成**了，涨**↑3%**至新高，**GPT-4™**的，**★推荐★**的\n\n**¥100**起，**€5**起，**100¥**起\n\n\
         约为 **750€**，可；**✅**，可；超**⭐2.5k**星；**建设中 🚧**：开放；按*\u{FE0F}\u{20E3}键，再按*\u{FE0F}\u{20E3}键\n\n**한국어.**어\n\n**ﾆｭｰｽ｡**ﾃﾞｽ",
    );
    assert_eq!(
        texts(&main, "strong"),
        [
            "🚀新模型",
            "✅完成",
            "↑3%",
            "GPT-4™",
            "★推荐★",
            "¥100",
            "€5",
            "100¥",
            "750€",
            "✅",
            "⭐2.5k",
            "建设中 🚧",
            "한국어.",
            "ﾆｭｰｽ｡"
        ],
        "{main}"
    );
    assert!(!main.contains("<em>") && !main.contains("**"), "{main}");
    assert!(!findings.contains("literal-markup"), "{findings}");
}

#[test]
fn bold_of_an_imported_feed_is_bold() {
    let digest = Digest::new().file(
        "feed.xml",
        "<?xml version=\"1.0\"?><rss version=\"2.0\"><channel><title>源</title><item><title>题</title><link>https://e.org/1</link>\
         <pubDate>Mon, 23 Nov 2026 08:00:00 GMT</pubDate><description><![CDATA[<p>发布<strong>🚀新模型</strong>上线，<b>100€</b>起</p>]]></description></item></channel></rss>",
    );
    let outcome = digest.run(&["import", "feed.xml"]);
    assert!(outcome.success, "{}", outcome.stderr);
    digest.build();
    let path = digest
        .site()
        .into_keys()
        .find(|path| path.starts_with("articles/") && path.ends_with("/index.html"))
        .unwrap();
    let main = digest.main(&path);
    assert_eq!(texts(&main, "strong"), ["🚀新模型", "100€"], "{main}");
}

/// A body with a comment in every place; each holds the word `密语`. Code holds `码语`.
const COMMENTED: &str = "<!-- 密语 -->\n\n正文<!-- 密语 -->一句。<!--\n密语\n-->\n\n<!-- 密语\n\n密语\n-->\n\n\
    ## 小节 <!-- 密语 -->\n\n小题<!-- 密语 -->\n---\n\n- 甲 <!-- 密语 -->\n- <!-- 密语\n\n  密语 -->\n\n> 引文 <!-- 密语\n> 密语 -->\n\n\
    | 表 <!-- 密语 --> | 列 |\n|---|---|\n| <!-- 密语 --> | 格 |\n\n**粗<!-- 密语 -->体** [链<!-- 密语 -->接](https://e.org/) ![图<!-- 密语 -->](/a.png)\n\n\
    段落 <!-- 密语\n\n密语 --> 结束。[^1]\n\n[^1]: 注 <!-- 密语 -->\n\n<!--> <!---> <? 密语 ?> <!DOCTYPE 密语> <![CDATA[ 密语 ]]>\n\n<?php 密语\n\n密语 ?>\n\n\
    <!ELEMENT\n密语>\n\n<![CDATA[\n密语\n]]>\n\n<!--[if IE]>密语<![endif]-->\n\n<div>\n<!-- 密语\n\n密语 -->\n</div>\n\n\
    `<!-- 码语一 -->`\n\n```html\n<!-- 码语二 -->\n```\n\n    <!-- 码语三 -->\n\n甲 <!-- 密语\n\n<!-- 密语\n\n密语\n";

#[test]
fn comments_reach_no_surface() {
    for html in ["text", "sanitize", "trusted"] {
        let fields =
            |title: &str| format!("title: {title}\ndate: 2026-11-23\nkeywords: [甲]\nhtml: {html}\n");
        let digest = Digest::new()
            .configured("markdown: {allow: trusted}\noutputs: {markdown: on, llms: on, api: on}\nfeeds: {content: full}")
            .article("a", &fields("甲"), COMMENTED)
            .article("b", &(fields("乙") + "event: 事件。\n"), COMMENTED)
            .article("c", &fields("丙"), "<!-- 密语 --> 短文。")
            .file("content/pages/about.md", format!("---\ntitle: 关于\nhtml: {html}\n---\n{COMMENTED}"))
            .file("static/a.png", "x");
        let outcome = digest.run(&["build"]);
        assert!(outcome.success, "{}", outcome.stderr);
        for (path, bytes) in digest.site() {
            let text = String::from_utf8_lossy(&bytes);
            assert!(!text.contains("密语") && !text.contains("%E5%AF%86"), "{html}: {path}: {text}");
        }
        let main = digest.main("articles/a/index.html");
        for code in ["码语一", "码语二", "码语三"] {
            assert!(main.contains(code), "{html}: {code} in {main}");
        }
        assert!(main.contains("正文一句。"), "{html}: {main}");
        assert!(digest.page("articles/a/index.md").contains("码语一"));
    }
}

#[test]
fn a_comment_in_a_field_is_text() {
    let digest = Digest::new().article("a", "title: \"甲 <!-- 乙 -->\"\n", "文。");
    digest.build();
    assert!(
        digest.main("articles/a/index.html").contains("甲 &lt;!-- 乙 --"),
        "{}",
        digest.main("articles/a/index.html")
    );
}

#[test]
fn a_written_id_is_a_headings_id_and_shown_nowhere() {
    let digest = Digest::new()
        .article(
            "a",
            "title: 甲\n",
            "见[小节](#part)、[问](#FAQ)、[重](#part-1)、[定](#set)。\n\n## 小节 {#part}\n\n## 问 {#FAQ .wide lang=x}\n\n### 又 {#part}\n\n定 {#set}\n---\n\n## 用 {x}\n",
        )
        .article("b", "title: 乙\n", "见[小节](a.md#part)和[问](a.md#FAQ)。");
    digest.build();
    let main = digest.main("articles/a/index.html");
    let ids: Vec<_> = attributes(&main, "id").into_iter().filter(|id| id.starts_with("h-")).collect();
    assert_eq!(ids, ["h-part", "h-faq", "h-part-1", "h-set", "h-用-x"], "{main}");
    assert!(!main.contains("{#") && !main.contains("wide") && main.contains("用 {x}"), "{main}");
    for html in ["text", "sanitize"] {
        let page = Digest::new().article(
            "a",
            &format!("title: 甲\nhtml: {html}\n"),
            "<b>x</b>[小节](#part)\n\n## 小节 {#part}\n",
        );
        page.build();
        assert!(page.main("articles/a/index.html").contains("<h2 id=\"h-part\">小节</h2>"));
    }
    let outcome = digest.run(&["check"]);
    assert!(!outcome.stdout.contains("broken-anchor"), "{}", outcome.stdout);
}

#[test]
fn footnotes_whose_labels_differ_in_case_are_one() {
    let (main, findings) = page("甲[^a]乙[^A]丙[^注]。\n\n[^a]: 小\n\n[^注]: 说明\n");
    let targets: Vec<_> =
        attributes(&main, "href").into_iter().filter(|href| href.starts_with("#fn-")).collect();
    assert_eq!(targets, ["#fn-1", "#fn-1", "#fn-2"], "{main}");
    assert!(!findings.contains("broken-anchor"), "{findings}");
}

#[test]
fn a_chinese_passage_with_a_foreign_name_has_no_lang() {
    let (main, _) = page(
        "任天堂发布『ゼルダの伝説』新作，国内玩家可在九月购买。\n\n任天堂發佈『ゼルダの伝説』新作，國內玩家可在九月購買。\n\n三星推出『갤럭시 스튜디오』\n\n任天堂が新作を発表した。",
    );
    assert_eq!(main.matches("<p lang=\"ja\">").count(), 1, "{main}");
    assert!(main.contains("<p lang=\"ja\">任天堂が") && !main.contains("lang=\"ko\""), "{main}");
}

#[test]
fn a_line_separator_is_named_with_its_place() {
    for (separator, code) in [('\u{2028}', "U+2028"), ('\u{2029}', "U+2029"), ('\u{85}', "U+0085")] {
        let title = |text: &str| Digest::new().article("a", &format!("{text}\n"), "文。");
        let cases = [
            (title(&format!("title: 甲{separator}乙")), "content/articles/a.md:2:9"),
            (title(&format!("title: 甲 # 注{separator}source: 乙")), "content/articles/a.md:2:13"),
            (
                Digest::bare().file(
                    "newsprint.yaml",
                    format!("title: 日{separator}报\nbase_url: https://example.org/\n"),
                ),
                "newsprint.yaml:1:9",
            ),
            (
                Digest::with_articles(1)
                    .file("content/terms.yaml", format!("keywords:\n  - 共{separator}同\n")),
                "content/terms.yaml:2:6",
            ),
        ];
        for (digest, place) in cases {
            let stderr = digest.build_fails();
            assert!(stderr.contains(code) && stderr.contains(place), "{place}: {stderr}");
            assert!(stderr.contains("delete this character"), "{stderr}");
        }
        // In quotes it is white space, as before.
        title(&format!("title: \"甲{separator}乙\"")).build();
    }
}
