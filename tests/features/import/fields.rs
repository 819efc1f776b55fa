//! Fields are imported as the file says: titles of signs, terms in brackets, labels without a
//! field, and posts that are hidden in their source.

use super::{article, field, files, import, report, titles, words};
use crate::driver::{Digest, tree};

/// The texts of the repairs of a kind.
fn repaired(report: &serde_json::Value, kind: &str) -> Vec<String> {
    let all = report["repaired"].as_array().unwrap().iter().filter(|repair| repair["kind"] == kind);
    all.map(|repair| repair["from"].as_str().unwrap().to_owned()).collect()
}

/// Imports a post of Hexo and returns the report.
fn import_post(digest: &Digest, name: &str, text: &str) -> serde_json::Value {
    digest.write(&format!("posts/{name}"), text);
    report(digest, &["--from", "hexo", "posts"])
}

#[test]
fn a_post_that_is_hidden_in_its_source_is_a_draft() {
    for front in [
        "private: true",
        "published: false",
        "status: private",
        "status: pending",
        "hidden: true",
        "visibility: members",
        "password: s3cret-word",
        "draft: false\npassword: s3cret-word",
        "encrypt: true",
        "params:\n  password: s3cret-word",
    ] {
        let digest = Digest::new();
        let found = import_post(&digest, "a.md", &format!("---\ntitle: 私密\n{front}\n---\n\n正文。\n"));
        assert_eq!(
            (found["success"].as_bool(), repaired(&found, "hidden").len()),
            (Some(true), 1),
            "{front}"
        );
        assert_eq!(field(&digest, "draft"), "true", "{front}");
        let outcome = digest.run(&["import", "--from", "hexo", "posts", "-v"]);
        digest.build();
        assert!(!digest.exists("public/articles/a/index.html"), "{front}");
        digest.remove("posts/a.md");
        let texts = tree(&digest.path("")).into_values().chain([
            outcome.stdout.into_bytes(),
            outcome.stderr.into_bytes(),
            found.to_string().into_bytes(),
        ]);
        for text in texts {
            assert!(!String::from_utf8_lossy(&text).contains("s3cret-word"), "{front}");
        }
    }
}

#[test]
fn a_public_post_is_published() {
    for front in ["private: false", "published: true", "password: \"\"", "status: published", "hidden: no"] {
        let digest = Digest::new();
        let found = import_post(&digest, "a.md", &format!("---\ntitle: 公开\n{front}\n---\n\n正文。\n"));
        assert_eq!(
            (field(&digest, "draft"), repaired(&found, "hidden").len()),
            (String::new(), 0),
            "{front}"
        );
    }
}

#[test]
fn the_title_of_a_post_is_a_title_whatever_it_says() {
    let names = ["其他", "未知", "无", "None", "N/A", "待定", "🚀", "？！", "-", "No"];
    let digest = Digest::new();
    for (n, title) in names.iter().enumerate() {
        digest.write(&format!("posts/p{n}.md"), format!("---\ntitle: \"{title}\"\n---\n\n第 {n} 篇。\n"));
    }
    let found = report(&digest, &["--from", "hugo", "posts"]);
    assert_eq!(found["imported"].as_array().unwrap().len(), names.len(), "{found:#}");
    let mut wanted = names.map(str::to_owned).to_vec();
    wanted.sort();
    assert_eq!(titles(&digest), wanted);
    digest.build();
    assert!(digest.exists("public/articles/p6/index.html"));
}

#[test]
fn a_title_of_signs_is_imported_from_records() {
    let signs = ["🚀", "🤖🤖", "？？？", "！", "★", "$$$"];
    let text: String = signs
        .iter()
        .enumerate()
        .map(|(n, title)| format!("标题: {title}\n链接: https://e.org/{n}\n总结: 第 {n} 篇。\n\n"))
        .collect();
    let digest = Digest::new();
    let found = import(&digest, text);
    assert_eq!(found["imported"].as_array().unwrap().len(), signs.len(), "{found:#}");
    digest.build();
    let again = report(&digest, &["in.txt"]);
    assert_eq!(again["skipped"].as_u64(), Some(signs.len() as u64));
}

#[test]
fn a_title_that_is_refused_is_named() {
    for title in ["未知", "N/A", "——", "待定", "其他"] {
        let found = import(&Digest::new(), format!("标题: {title}\n总结: 正文。\n"));
        let message = found["diagnostics"][0]["message"].as_str().unwrap();
        assert!(message.contains(&format!("`{title}`")), "{message}");
        assert_eq!(
            (found["refused"].as_u64(), found["diagnostics"][0]["place"]["line"].as_u64()),
            (Some(1), Some(1))
        );
    }
}

#[test]
fn terms_in_brackets_quotation_marks_and_hashes_are_bare_and_named() {
    for written in [
        "【图像生成】【设计】",
        "[图像生成][设计]",
        "「图像生成」「设计」",
        "『图像生成』『设计』",
        "#图像生成 #设计",
        "“图像生成”、“设计”",
        "`图像生成`, `设计`",
        "【图像生成】、【设计】",
        "**图像生成**、设计",
        "［图像生成］［设计］",
    ] {
        let digest = Digest::new();
        let found = import(&digest, format!("标题: 甲\n总结: 正文。\n行业: {written}\n"));
        assert_eq!(field(&digest, "industries"), "图像生成|设计", "{written}");
        assert_eq!(repaired(&found, "marks"), [written]);
    }
    let digest = Digest::new();
    let found = import(&digest, "标题: 甲\n总结: 正文。\n行业: 《自然》《科学》, C#, 其他\n");
    assert_eq!(field(&digest, "industries"), "《自然》|《科学》|C#");
    assert_eq!(repaired(&found, "placeholder"), ["其他"]);
}

#[test]
fn front_matter_of_hexo_is_read_behind_a_blank_or_indented_line() {
    for head in ["", "\n", "  \n\n", " "] {
        let digest = Digest::new();
        let found =
            import_post(&digest, "a.md", &format!("{head}title: 甲\ndate: 2024-01-02\n---\n\n正文。\n"));
        assert_eq!(found["success"], true, "{head:?}: {found:#}");
        assert_eq!(
            (field(&digest, "title"), field(&digest, "date")),
            ("甲".to_owned(), "2024-01-02".to_owned())
        );
    }
}

#[test]
fn an_unknown_label_behind_the_key_event_is_kept_under_extra() {
    for (label, name, value) in [
        ("作者: 张三", "作者", "张三"),
        ("责编：李四", "责编", "李四"),
        ("编辑: 王五", "编辑", "王五"),
        ("校对：赵六", "校对", "赵六"),
        ("备注: 数据来自公司公告。", "备注", "数据来自公司公告。"),
        ("Author: Zhang San", "Author", "Zhang San"),
        ("影响力: 8", "影响力", "8"),
    ] {
        for (event, gap) in [("重大事件摘要", "\n"), ("重大事件摘要", "\n\n"), ("摘要", "\n")] {
            let digest = Digest::new();
            let text = format!("标题: 甲\n总结: 正文。\n{event}: 事件一句。{gap}{label}\n");
            let found = import(&digest, text);
            assert_eq!(field(&digest, "event"), "事件一句。", "{label}");
            let extra = article(&digest, &files(&digest)[0]).0;
            let kept = extra.get("extra").and_then(|extra| extra.get(name)).map_or_else(String::new, words);
            assert_eq!((kept.as_str(), found["success"].as_bool()), (value, Some(true)), "{label}");
            assert!(found["diagnostics"][0]["message"].as_str().unwrap().contains("unknown label"));
        }
    }
}

#[test]
fn prose_behind_the_key_event_stays_in_it() {
    for line in [
        "他说：这很好。",
        "负责人表示：会开源",
        "10:30 开始直播",
        "https://e.org/a",
        "时间：没有人知道它什么时候会来",
        "其中：甲占一半",
        "结论：这说明模型足够好，可以上线。",
    ] {
        let digest = Digest::new();
        let found = import(&digest, format!("标题: 甲\n总结: 正文。\n重大事件摘要: 事件一句。\n{line}\n"));
        assert_eq!(found["success"], true, "{line}: {found:#}");
        assert_eq!(field(&digest, "event"), format!("事件一句。 {line}"));
    }
}

#[test]
fn a_doubled_heading_is_found_at_the_beginning_before_quotations_and_in_latin_letters() {
    for (text, heading) in [
        ("为什么要开放接口为什么要开放接口尽管如此，它仍然闭源。", "为什么要开放接口"),
        ("他说完了。开放接口开放接口“尽管如此，它仍然闭源。”他说。", "开放接口"),
        ("他说完了。训练数据训练数据训练数据来自公开的网页。", "训练数据"),
        ("他说完了。DeepMindDeepMind成立于2010年，后来被收购。", "DeepMind"),
        ("他说完了。Claude CodeClaude Code可以读写文件。", "Claude Code"),
    ] {
        let digest = Digest::new();
        let found = import(&digest, format!("标题: 甲\n总结: {text}\n"));
        let body = article(&digest, &files(&digest)[0]).1;
        assert!(body.contains(&format!("## {heading}\n")), "{body}");
        assert_eq!(repaired(&found, "doubled"), [heading.repeat(2)]);
    }
}

#[test]
fn the_author_of_an_article_is_a_known_field() {
    let digest = Digest::new()
        .article("a", "title: 甲\nauthor: 张三\n", "正文。")
        .article("b", "title: 乙\nauthors: [张三, 李四]\n", "正文。")
        .file("templates/article.html", "{{ extra.author }}");
    let outcome = digest.build();
    assert!(!outcome.stderr.contains("author"), "{}", outcome.stderr);
    assert_eq!(digest.page("articles/a/index.html").trim(), "张三");
    let both = digest.page("articles/b/index.html");
    assert!(both.contains("张三") && both.contains("李四"), "{both}");
}
