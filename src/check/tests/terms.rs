use super::*;

#[test]
fn every_problem_of_terms_is_found() {
    let article = |title: &str, terms: &str| {
        format!("---\ntitle: {title}\ndate: 2026-02-01\n{terms}---\n正文{title}。\n")
    };
    let a =
        article("甲", "keywords: [GPT-4, 開源, OpenAI公司, 芯 片, AGI, 云计算]\nindustries: [机器人, 无]\n");
    let b = article("乙", "keywords: [GPT4, 开源, OpenAI, 芯片, 通用人工智能(AGI), 机器人]\n");
    let c = article(
        "丙",
        "keywords: [GPT-4, 开源, 芯 片, 这是一个很长的句子，它说的是一件事情。, N/A]\nindustries: [软件]\n",
    );
    let d = article("丁", "keywords: [GPT-4, 雲計算, 软件]\ndraft: true\n");
    let registry = "keywords:\n  - name: OpenAI\n  - name: 用不到\n    aliases: [也没有]\n  - name: 云计算\n  - name: 雲計算\n  \
                    - name: 别名\n    aliases: [芯片]\n  - name: N/A\n  - name: 机器人\n  - name: 软件\nindustries:\n  - name: 机器人\n";
    let folder = digest(&[
        ("newsprint.yaml", "base_url: https://example.org/\n"),
        ("content/articles/a.md", &a),
        ("content/articles/b.md", &b),
        ("content/articles/c.md", &c),
        ("content/articles/d.md", &d),
        ("content/terms.yaml", registry),
    ]);
    let mut options = options(folder.path());
    options.terms_only = true;
    let report = run(&options);
    assert!(report.success && report.terms == 19 && report.articles == 4);
    let details: Vec<String> = report.findings.iter().map(term_findings::draw_details).collect();
    let paste = "  or add below `keywords:` in content/terms.yaml:\n  - name:";
    assert_eq!(
        details,
        [
            &format!(
                "  GPT-4 in content/articles/a.md, content/articles/c.md, content/articles/d.md\n  \
                 GPT4 in content/articles/b.md\n{paste} GPT-4\n    aliases:\n      - GPT4\n"
            ),
            &format!(
                "  开源 in content/articles/b.md, content/articles/c.md\n  \
                 開源 in content/articles/a.md\n{paste} 开源\n    aliases:\n      - 開源\n"
            ),
            &format!(
                "  AGI in content/articles/a.md\n  通用人工智能(AGI) in content/articles/b.md\n{paste} AGI\n    \
                 aliases:\n      - 通用人工智能(AGI)\n"
            ),
            "  OpenAI in content/articles/b.md\n  OpenAI公司 in content/articles/a.md\n",
            "",
            "",
            "  or add below `industries:` in content/terms.yaml:\n  - name: 无\n    hidden: true\n",
            &format!("{paste} 这是一个很长的句子，它说的是一件事情。\n    hidden: true\n"),
            "",
        ]
    );
    let evidence: Vec<_> = report.findings.iter().map(|finding| finding.evidence.as_slice()).collect();
    use crate::check::variant::Evidence::{Brackets, Separators, Suffix, Traditional};
    assert_eq!(evidence[..5], [&[Separators] as &[_], &[Traditional], &[Brackets], &[Suffix], &[]]);
    let named: Vec<usize> = report.findings.iter().map(|finding| finding.terms.len()).collect();
    assert_eq!(named, [2, 2, 2, 2, 2, 1, 1, 1, 1]);
    assert_lines(
        &lines(&report),
        &[
            "W duplicate-terms content/articles/b.md:4:12 | keywords: GPT-4 (3), GPT4 (1) differ only in hyphens, points and spaces | run: newsprint terms merge keywords GPT4 --into GPT-4",
            "W duplicate-terms content/articles/a.md:4:19 | keywords: 开源 (2), 開源 (1) are Traditional and Simplified forms | run: newsprint terms merge keywords 開源 --into 开源",
            "W duplicate-terms content/articles/b.md:4:34 | keywords: AGI (1), 通用人工智能(AGI) (1) one names the other in brackets | run: newsprint terms merge keywords '通用人工智能(AGI)' --into AGI",
            "W duplicate-terms content/terms.yaml:2:11 | keywords: OpenAI (1), OpenAI公司 (1) differ only in a suffix like 公司 or 语言 | add the others to the aliases on line 2 of content/terms.yaml, or run: newsprint terms merge keywords OpenAI公司 --into OpenAI",
            "W term-in-two-taxonomies content/articles/c.md:5:14 | 软件 is a term of keywords (1) and of industries (1) | keep the term in one taxonomy and add `hidden: true` in the other; if it belongs to both, add an entry to each",
            "W placeholder-term content/articles/c.md:4:49 | keywords: N/A (1) is a placeholder | add `hidden: true` to the entry on line 9 of content/terms.yaml, or remove the term from content/articles/c.md",
            "W placeholder-term content/articles/a.md:5:19 | industries: 无 (1) is a placeholder | hide the term, or remove it from content/articles/a.md",
            "W sentence-term content/articles/c.md:4:28 | keywords: 这是一个很长的句子，它说的是一件事情。 (1) reads like a sentence | hide the term, or remove it from content/articles/c.md",
            "W unused-entry content/terms.yaml:3:11 | keywords: no article carries 用不到 | check the spelling on line 3 of content/terms.yaml, or keep the entry for later articles",
        ],
    );
}
