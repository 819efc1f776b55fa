//! Front matter is read in all forms that occur in real files.

use crate::driver::Digest;

/// The `<main>` content of the page of an article file with this text.
fn page(text: &str) -> String {
    let digest = Digest::new().file("content/articles/x.md", text);
    digest.build();
    digest.main("articles/x/index.html")
}

#[test]
fn chinese_field_names_and_separated_strings_are_read() {
    let main = page(
        "---\n标题: 马斯克炮轰ChatGPT“违背初心”\n链接: https://example.com/a\n日期: 2026年11月23日\n来源: 某报\n重大事件摘要: 事件。\n\
         关键词: 马斯克,  ChatGPT、开源\nAI技术: 通用人工智能(AGI，强)；脑机接口\n行业: 人工智能，软件开发\n总结: 正文在这里。\n---\n",
    );
    for part in [
        "马斯克炮轰ChatGPT“违背初心”",
        "2026年11月23日 星期一",
        "某报",
        "事件。",
        ">开源</a>",
        ">通用人工智能(AGI，强)</a>",
        ">软件开发</a>",
        "<p>正文在这里。</p>",
    ] {
        assert!(main.contains(part), "{part} in {main}");
    }
}

#[test]
fn field_synonyms_and_zola_taxonomies_are_read() {
    let main = page(
        "---\ntitle: t\nsource_url: https://www.example.com/a\ntags: [甲]\ntechnologies: 乙\ntaxonomies:\n  industries: [丙]\n  tags: [丁]\n---\nx\n",
    );
    for part in [">甲</a>", ">乙</a>", ">丙</a>", ">丁</a>", "example.com"] {
        assert!(main.contains(part), "{part} in {main}");
    }
}

#[test]
fn scalars_keep_their_written_text() {
    let main = page("---\ntitle: 2024\nkeywords: [2024, no, 1.0, 0x1F, True, 007]\n---\nx\n");
    for part in ["<h1>2024</h1>", ">2024</a>", ">no</a>", ">1.0</a>", ">0x1F</a>", ">True</a>", ">007</a>"] {
        assert!(main.contains(part), "{part} in {main}");
    }
}

#[test]
fn byte_order_marks_all_line_breaks_and_rules_in_the_body_are_accepted() {
    for text in [
        "\u{FEFF}---\ntitle: t\n---\n一\n\n---\n\n二\n",
        "---\r\ntitle: t\r\n---\r\n一\r\n\r\n---\r\n\r\n二\r\n",
        "---\rtitle: t\r---\r一\r\r---\r\r二\r",
    ] {
        let main = page(text);
        assert!(main.contains("<p>一</p>\n<hr />\n<p>二</p>"), "{main}");
    }
}

#[test]
fn folded_scalars_unindented_lists_nulls_and_quotes_are_accepted() {
    let main = page(
        "---\ntitle: >-\n  很长的\n  标题\nevent: |\n  第一行\n  第二行\nkeywords:\n- 甲\n- '乙: 丙'\n-\nai_technologies:\nindustries: ~\nsource: ''\ndate:\n\
         summary: \"引号: \\\"里\\\" 有冒号\"\n---\nx\n",
    );
    assert!(main.contains("<h1>很长的 标题</h1>"), "{main}");
    assert!(main.contains(">甲</a>") && main.contains(">乙: 丙</a>"), "{main}");
    assert!(main.contains("未注明日期"), "{main}");
}

#[test]
fn the_date_in_the_file_name_is_the_fallback() {
    let digest = Digest::new().article("2024-05-13-名字", "title: t\n", "x").article(
        "2024-05-14-two",
        "title: t2\ndate: 2020-01-01\n",
        "x",
    );
    digest.build();
    assert!(digest.main("articles/名字/index.html").contains("2024年5月13日"));
    assert!(digest.main("articles/two/index.html").contains("2020年1月1日"));
}

#[test]
fn a_date_without_a_time_zone_is_in_the_time_zone_of_the_digest() {
    let digest = Digest::new()
        .configured("timezone: America/New_York")
        .article("a", "title: t\ndate: 2024-05-13 23:30\n", "x")
        .article("b", "title: u\ndate: 2024-05-13T23:30:00Z\n", "x");
    digest.build();
    assert!(digest.main("articles/a/index.html").contains("datetime=\"2024-05-13T23:30:00-04:00\""));
    assert!(digest.main("articles/b/index.html").contains("datetime=\"2024-05-13T19:30:00-04:00\""));
}

#[test]
fn an_unknown_field_is_a_warning_and_fails_a_strict_build() {
    let digest = Digest::new().article("a", "title: t\nkeyword: x\nbanner: y\n", "x");
    let outcome = digest.build();
    assert!(outcome.stderr.contains("did you mean `keywords`?"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("unknown field `banner`"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("2 warnings"), "{}", outcome.stderr);
    let outcome = digest.run(&["build", "--strict"]);
    assert_eq!(outcome.code, 1);
}

#[test]
fn a_slug_field_sets_the_address() {
    let digest = Digest::new().article("a", "title: t\nslug: Mein Slug/../x\n", "x");
    digest.build();
    assert!(digest.exists("public/articles/mein-slug-x/index.html"));
}

#[test]
fn extra_values_keep_their_types_in_templates() {
    let digest =
        Digest::new().article("a", "title: t\nextra:\n  shown: true\n  hidden: false\n  n: 3\n", "x").file(
            "templates/article.html",
            "{% if extra.shown %}shown{% endif %}{% if extra.hidden %}hidden{% endif %} {{ extra.n + 1 }}",
        );
    digest.build();
    assert_eq!(digest.page("articles/a/index.html").trim(), "shown 4");
}
