//! Spellings of the same term share a page, and additional taxonomies work like the default ones.

use crate::driver::Digest;

#[test]
fn spellings_that_differ_in_case_width_and_space_are_one_term() {
    let digest = Digest::new()
        .article("a", "title: a\nkeywords: [ChatGPT, AI 芯片]\n", "x")
        .article("b", "title: b\nkeywords: [ＣｈａｔＧＰＴ, ai芯片]\n", "x")
        .article("c", "title: c\nkeywords: [chatgpt, ChatGPT, AI芯片]\n", "x")
        .article("d", "title: d\nkeywords: [ChatGPT]\n", "x");
    digest.build();
    let main = digest.main("keywords/index.html");
    assert!(main.contains("2 个词条"), "{main}");
    assert!(main.contains(">ChatGPT</a>"), "the most frequent spelling is not shown: {main}");
    let term = digest.main("keywords/chatgpt/index.html");
    assert!(term.contains("4 篇文章"), "{term}");
}

#[test]
fn an_additional_taxonomy_has_an_index_pages_and_feeds() {
    let digest = Digest::new()
        .configured("taxonomies:\n- name: companies\n  title: 公司\n  also: [公司]\nfeeds: {terms: on}")
        .article("a", "title: a\ndate: 2024-01-01\n公司: 微软、OpenAI\n", "x");
    digest.build();
    assert!(digest.main("companies/index.html").contains(">微软</a>"));
    assert!(digest.exists("public/companies/openai/feed.xml"));
    assert!(digest.page("index.html").contains("<a href=\"/companies/\">公司</a>"));
}

#[test]
fn a_term_keeps_its_address_when_articles_are_added() {
    let digest = Digest::new().article("a", "title: a\nkeywords: [GPT-4, gpt 4, 开源]\n", "x");
    digest.build();
    let before: Vec<String> =
        digest.site().into_keys().filter(|path| path.starts_with("keywords/")).collect();
    let digest = digest.article("b", "title: b\nkeywords: [GPT 4, ＧＰＴ-4, 开 源, 新词]\n", "x");
    digest.build();
    let after: Vec<String> = digest.site().into_keys().collect();
    assert!(before.iter().all(|path| after.contains(path)), "{before:?} {after:?}");
}

/// The names that `check --terms` takes for one term.
fn duplicates(names: &[&str]) -> Vec<String> {
    let names: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let digest = Digest::new().article("a", &format!("title: a\nkeywords: [{}]\n", names.join(", ")), "x");
    let report = digest.run(&["check", "--terms", "--json", "-q"]).stdout;
    let report: serde_json::Value = serde_json::from_str(&report).unwrap();
    let found = report["findings"].as_array().unwrap().iter();
    let terms = found
        .filter(|found| found["code"] == "duplicate-terms")
        .flat_map(|found| found["terms"].as_array().unwrap());
    terms.map(|term| term["name"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn versions_with_other_separators_are_likely_one_term() {
    for names in [
        ["claude-3-5-sonnet", "claude-3.5-sonnet"],
        ["Claude 3.7 Sonnet", "claude_3_7_sonnet"],
        ["gpt-4.1-mini", "GPT-4-1-mini"],
        ["Llama 3.1 8B", "llama-3-1-8b"],
        ["Qwen2.5-72B", "Qwen2-5-72B"],
        ["gemini-1.5-pro", "Gemini 1 5 Pro"],
        ["_LangChain", "LangChain"],
        ["LangChain_", "LangChain"],
        ["_LangChain_", "LangChain"],
    ] {
        assert_eq!(duplicates(&names).len(), 2, "{names:?}");
    }
    for names in [
        ["claude-3.5", "claude-35"],
        ["GPT-3.5", "GPT-35"],
        ["claude-3-50", "claude-3-5"],
        ["claude-3-5", "claude-3-7"],
        ["qwen-2-5", "qwen-25"],
        ["llama-3-70b", "llama-370b"],
        ["__init__", "init"],
        ["__main__", "main"],
    ] {
        assert_eq!(duplicates(&names), [""; 0], "{names:?}");
    }
}

#[test]
fn findings_about_terms_look_like_all_others() {
    let digest = Digest::new()
        .article("a", "title: a\nkeywords: [GPT-4, GPT4, 无]\nindustries: [开源]\n", "x")
        .article("b", "title: b\nkeywords: [开源]\n", "x");
    let found = digest.run(&["check", "--terms"]).stdout;
    for wanted in [
        "warning[duplicate-terms]: keywords: GPT-4 (1), GPT4 (1) differ only in hyphens, points and spaces\n --> content/articles/a.md:3:19\n  |\n3 | keywords: [GPT-4, GPT4, 无]\n",
        "  = help: run: newsprint terms merge keywords GPT4 --into GPT-4\n",
        "warning[term-in-two-taxonomies]: 开源 is a term of",
        "warning[placeholder-term]: keywords: 无 (1) is a placeholder\n --> content/articles/a.md:3:25\n",
        "  or add below `keywords:` in content/terms.yaml:\n  - name: GPT-4\n    aliases:\n      - GPT4\n\n",
    ] {
        assert!(found.contains(wanted), "{wanted}\n{found}");
    }
}

#[test]
fn full_width_quotation_marks_around_a_term_are_told_with_the_term() {
    for (written, sign, bare) in
        [("[“开源”, b]", "“", "开源"), ("‘开源’", "‘", "开源"), ("【开源、芯片】", "【", "开源、芯片")]
    {
        let digest = Digest::new().article("a", &format!("title: 甲\nkeywords: {written}\n"), "x");
        let warned = digest.build().stderr;
        assert!(warned.contains(&format!("`{sign}` is a full-width sign")), "{warned}");
        assert!(warned.contains(&format!("`{bare}`")) && warned.contains("a.md:3:"), "{warned}");
    }
    let quoted = Digest::new().article("a", "title: 甲\nkeywords: [“双十一”大促, 甲“乙”]\n", "x");
    assert!(!quoted.build().stderr.contains("full-width"));
}

#[test]
fn an_item_with_a_separator_is_told_with_the_terms_that_it_would_be() {
    let digest = Digest::new().article("a", "title: a\nkeywords:\n- 开源、芯片\n- 图像,设计,字体\n", "x");
    let told = digest.run(&["check"]).stderr;
    for wanted in [
        "if it is 2 terms, make each an item: `开源`, `芯片`",
        "if it is 3 terms, make each an item: `图像`, `设计`, `字体`",
    ] {
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
}
