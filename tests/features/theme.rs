//! Digests that override single templates, words and files of the default theme, and the
//! diagnostics for mistakes in them.

use crate::driver::Digest;

#[test]
fn overriding_one_template_keeps_the_others() {
    let digest = Digest::with_articles(1).file(
        "templates/article.html",
        "{% extends \"base.html\" %}{% block content %}<p>我的 {{ article.title }}</p>{% endblock %}",
    );
    digest.build();
    assert_eq!(digest.main("articles/0001/index.html").trim(), "<p>我的 第 1 篇</p>");
    assert!(digest.main("index.html").contains("class=\"card\""));
}

#[test]
fn static_files_can_be_overridden_and_added() {
    let digest = Digest::new().file("static/newsprint.css", "body{}").file("static/图/一.txt", "你好");
    digest.build();
    assert_eq!(digest.page("newsprint.css"), "body{}");
    assert_eq!(digest.page("图/一.txt"), "你好");
    assert!(digest.exists("public/newsprint.js"));
}

#[test]
fn the_interface_is_in_the_language_of_the_digest() {
    for (language, words) in
        [("zh-CN", ["归档", "关键词"]), ("zh-TW", ["彙整", "關鍵詞"]), ("en", ["Archive", "Keywords"])]
    {
        let digest = Digest::with_articles(1).configured(&format!("language: {language}"));
        digest.build();
        let page = digest.page("index.html");
        assert!(page.contains(&format!("<html lang=\"{language}\">")));
        assert!(words.iter().all(|word| page.contains(word)), "{language}: {page}");
    }
}

#[test]
fn every_language_has_the_same_words() {
    let words = |tag: &str| {
        let text =
            std::fs::read_to_string(format!("{}/templates/i18n/{tag}.yaml", env!("CARGO_MANIFEST_DIR")))
                .unwrap();
        let keys: Vec<String> =
            text.lines().filter_map(|line| line.split_once(':')).map(|(key, _)| key.to_owned()).collect();
        assert!(keys.len() > 30);
        keys
    };
    assert_eq!(words("zh-CN"), words("zh-TW"));
    assert_eq!(words("zh-CN"), words("en"));
}

#[test]
fn single_words_can_be_overridden_and_misspelt_ones_are_reported() {
    let digest = Digest::new().file("templates/i18n/zh-CN.yaml", "archive: 往期\narchiv: x\n");
    let outcome = digest.build();
    assert!(digest.page("index.html").contains(">往期</a>"));
    assert!(outcome.stderr.contains("did you mean `archive`?"), "{}", outcome.stderr);
}

#[test]
fn the_error_for_an_undefined_variable_names_template_place_and_page() {
    let digest = Digest::with_articles(3)
        .file("templates/article.html", "<h1>{{ article.title }}</h1>\n<p>题：{{ artcle.title }}</p>\n");
    let stderr = digest.build_fails();
    for part in [
        "templates/article.html:2:",
        "题：{{ artcle.title }}",
        "articles/0001/index.html",
        "and 2 more pages",
    ] {
        assert!(stderr.contains(part), "{part} in {stderr}");
    }
    assert!(!digest.exists("public/index.html"));
}

#[test]
fn syntax_errors_of_all_templates_are_listed() {
    let digest = Digest::new()
        .file("templates/article.html", "{% if %}")
        .file("templates/home.html", "中文 {{ ")
        .file("templates/x.html", "{% extends \"none.html\" %}");
    let stderr = digest.build_fails();
    assert!(
        stderr.contains("templates/article.html:1:") && stderr.contains("templates/home.html:1:"),
        "{stderr}"
    );
    let digest = Digest::new().file("templates/x.html", "{% extends \"none.html\" %}");
    let stderr = digest.build_fails();
    assert!(stderr.contains("templates/x.html:1:13") && stderr.contains("none.html"), "{stderr}");
}

#[test]
fn a_misspelt_template_name_is_reported() {
    let digest = Digest::with_articles(1)
        .file("templates/artikle.html", "x")
        .file("templates/parts/own.html", "own")
        .file("templates/404.html", "{% include \"parts/own.html\" %}");
    let outcome = digest.build();
    assert!(outcome.stderr.contains("did you mean `article.html`?"), "{}", outcome.stderr);
    assert!(!outcome.stderr.contains("parts/own.html"), "{}", outcome.stderr);
}

#[test]
fn a_misspelt_block_name_is_reported() {
    let digest = Digest::with_articles(1)
        .file("templates/page.html", "{% extends \"base.html\" %}\n{% block contents %}{% endblock %}");
    let stderr = digest.build_fails();
    assert!(stderr.contains("templates/page.html:2:4") && stderr.contains("`content`"), "{stderr}");
}

#[test]
fn a_missing_filter_or_template_is_reported() {
    for (text, place) in [
        ("<p>\n{{ meta.title | uppper }}</p>", "templates/404.html:2:17"),
        ("{% include \"parts/nope.html\" %}", "templates/404.html:1:13"),
    ] {
        let stderr = Digest::with_articles(1).file("templates/404.html", text).build_fails();
        assert!(stderr.contains(place) && stderr.contains("help:"), "{stderr}");
    }
}

#[test]
fn a_template_cannot_read_files_pages_the_clock_or_the_environment() {
    for call in
        ["get_env(name=\"HOME\")", "now()", "load_data(path=\"newsprint.yaml\")", "get_page(path=\"a\")"]
    {
        let digest = Digest::new().file("templates/404.html", format!("{{{{ {call} }}}}"));
        digest.build_fails();
    }
}

#[test]
fn text_in_another_language_has_a_lang_attribute() {
    let digest = Digest::new()
        .article("en", "title: What is new in the model of the year\ndate: 2024-01-02\nevent: 中文大事。\nkeywords: [甲]\n", "The model is open to the public.\n\n中文。")
        .article("zh", "title: OpenAI 发布 GPT-4o\ndate: 2024-01-01\nevent: The model is free for all of the users.\nkeywords: [甲]\n", "正文。");
    digest.build();
    let page = digest.main("articles/en/index.html");
    assert!(page.contains("<h1 lang=\"en\">What is new"), "{page}");
    assert!(page.contains("<p lang=\"en\">The model is open to the public.</p>\n<p>中文。</p>"), "{page}");
    let list = digest.main("keywords/甲/index.html");
    assert!(
        list.contains("<h3 lang=\"en\">") && list.contains("<p class=\"summary\" lang=\"en\">The model"),
        "{list}"
    );
    assert_eq!(list.matches("lang=").count(), 2, "{list}");
}

#[test]
fn quotation_marks_dashes_and_dots_are_not_changed() {
    let words = "他说“开源”，「闭源」，\"直引号\"，'单引号'……——... -- --- 1/2 (c)";
    let digest = Digest::new().article("q", &format!("title: 引号\nevent: {}\n", "“甲”…「乙」"), words);
    digest.build();
    let page = digest.main("articles/q/index.html").replace("&quot;", "\"");
    assert!(page.contains(words), "{page}");
    assert!(page.contains("“甲”…「乙」"), "{page}");
}
