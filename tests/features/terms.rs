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
        .configured("taxonomies:\n- name: companies\n  title: 公司\n  also: [公司]")
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
