//! Records of labelled lines become article files with the same text, in every markup style.

use super::{article, field, files, import, report, titles};
use crate::driver::Digest;

/// A record with the layout of the project's seed record, and with another text.
pub(super) const RECORD: &str = "标题: 某公司发布“小星”模型 是否开源引关注\n链接: https://news.example.com/s?id=17&wfr=spider&for=pc\n\
总结: 某公司今天发布了名为小星的模型。负责人在发布会上说：“我们会开放权重。但训练数据不会公开。”这句话引来了很多讨论。\
一位研究者指出，开放权重与开源不是一回事：没有数据和代码，就无法重现训练。另一位则认为，这已经比多数同行走得更远。\
按照计划，模型会在下个月提供下载，*许可证*允许商用，价格为 1. 免费 2. 付费两档。举报/反馈\n\
关键词: 某公司,  小星,  开源\nAI技术: 小星, 脑机接口,  通用人工智能(AGI)\n行业: 人工智能, 软件开发, 搜索引擎\n重大事件摘要: 某公司发布小星模型，承诺开放权重但不公开数据。\n";

#[test]
fn a_record_becomes_an_article_with_the_same_text() {
    let digest = Digest::new().file("in.txt", RECORD);
    let outcome = digest.run(&["import", "in.txt", "--date", "2026-11-23"]);
    assert!(outcome.success, "{}", outcome.stderr);
    insta::assert_snapshot!(digest.read(&format!("content/articles/{}", files(&digest)[0])));
    assert!(digest.run(&["build", "--strict"]).success);
    let main = digest.main("articles/某公司发布-小星-模型-是否开源引关注/index.html");
    assert!(main.contains("*许可证*允许商用，价格为 1. 免费 2. 付费两档。</p>"), "{main}");
    assert!(!main.contains("举报") && main.contains("重大事件"), "{main}");
}

#[test]
fn records_without_a_link_in_one_file_are_separate_articles() {
    let text = "标题: 日报\n总结: 甲。\n\n标题: 日报\n总结: 乙。\n";
    let digest = Digest::new().file("in.txt", text);
    let outcome = digest.run(&["import", "in.txt", "--json"]);
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    assert_eq!(report["imported"].as_array().unwrap().len(), 2, "{}", outcome.stdout);
    assert_eq!(report["undated"], 2);
    digest.build();
    let again = digest.run(&["import", "in.txt"]);
    assert!(again.stderr.contains("2 already there"), "{}", again.stderr);
}

#[test]
fn unreadable_records_are_reported_and_the_others_imported() {
    let text = "模型的开场白\n标题: 坏链接\n链接: javascript:alert(1)\n\n标题:\n总结: 没有标题\n\n标题: 坏日期\n日期: 昨天\n\n标题: 好\n总结: 正文。\n";
    let digest = Digest::new().file("in.txt", text);
    let outcome = digest.run(&["import", "in.txt"]);
    assert_eq!(outcome.code, 1);
    assert_eq!(files(&digest), ["好.md"]);
    insta::assert_snapshot!(outcome.stderr);
}

#[test]
fn import_writes_only_below_content_articles() {
    let digest = Digest::new().file("in.txt", RECORD);
    for folder in ["../x", "/tmp/x", "content/pages", "static", "content/articles/../../x"] {
        let outcome = digest.run(&["import", "in.txt", "--into", folder]);
        assert_eq!(outcome.code, 1, "{folder}");
        assert!(outcome.stderr.contains("--into"), "{}", outcome.stderr);
    }
    assert!(digest.run(&["import", "in.txt", "--into", "content/articles/2026"]).success);
    assert!(digest.exists("content/articles/2026"));
}

#[test]
fn an_undated_record_is_not_dated_by_its_file_name() {
    let digest =
        Digest::new().file("in.txt", "标题: 2026-11-23 发布会\n总结: 甲。\n\n标题: 发布会\n总结: 乙。\n");
    assert!(digest.run(&["import", "in.txt"]).success);
    digest.build();
    assert!(digest.main("archive/undated/index.html").contains("2026-11-23 发布会"));
    assert!(!digest.exists("public/2026"));
}

#[test]
fn a_record_is_read_in_every_markup_style() {
    let plain = "标题: 小星开放权重\n链接: https://e.org/1\n总结: 第一段。\n第二段。\n关键词: 小星, 开源\nAI技术: 大模型\n行业: 软件\n重大事件摘要: 小星开放了权重。\n日期: 2026-11-23\n来源: 某报\n";
    let styles = [
        plain.to_owned(),
        plain.replace(": ", "："),
        plain.replace(": ", " ： "),
        plain
            .lines()
            .map(|line| format!("**{}\n", line.replacen(": ", "**: ", 1)))
            .collect::<String>()
            .replace("**第二段。", "第二段。"),
        plain
            .lines()
            .map(|line| format!("- **{}\n", line.replacen(": ", "：** ", 1)))
            .collect::<String>()
            .replace("- **第二段。", "  第二段。"),
        plain
            .lines()
            .map(|line| format!("## {}\n\n", line.replacen(": ", "\n\n", 1)))
            .collect::<String>()
            .replace("## 第二段。", "第二段。"),
        plain
            .lines()
            .map(|line| format!("【{}\n", line.replacen(": ", "】", 1)))
            .collect::<String>()
            .replace("【第二段。", "第二段。"),
        plain
            .lines()
            .enumerate()
            .map(|(n, line)| format!("{}. {line}\n", n + 1))
            .collect::<String>()
            .replace("4. 第二段。", "第二段。"),
        plain.lines().map(|line| format!("\u{3000}\u{3000}{line}\r\n")).collect(),
        format!("好的，以下是提取的信息：\n\n```text\n{plain}```\n\n希望以上信息对您有帮助！\n"),
        format!("{plain}\n希望以上信息对您有帮助！如有其他需要，请随时告诉我。\n"),
        plain
            .replace("标题", "標題")
            .replace("链接", "連結")
            .replace("总结", "總結")
            .replace("关键词", "關鍵詞")
            .replace("技术", "技術")
            .replace("行业", "行業")
            .replace("来源", "來源"),
        plain
            .replace("总结", "正文")
            .replace("关键词", "标签")
            .replace("重大事件摘要", "摘要")
            .replace("行业", "领域")
            .replace("AI技术", "技术")
            .replace("日期", "发布时间"),
        plain
            .replace("标题", "Title")
            .replace("链接", "URL")
            .replace("总结", "Content")
            .replace("关键词", "Keywords")
            .replace("AI技术", "AI Technologies")
            .replace("行业", "Industries")
            .replace("重大事件摘要", "Key Event")
            .replace("日期", "Date")
            .replace("来源", "Source"),
        plain.replace("标题: 小星开放权重\n", "") + "标题: 小星开放权重\n",
        plain.replace(": ", ":\n"),
        plain
            .lines()
            .map(|line| format!("| {} |\n", line.replacen(": ", " | ", 1)))
            .collect::<String>()
            .replace("| 第二段。 |", "第二段。"),
    ];
    for text in styles {
        let digest = Digest::new();
        let report = import(&digest, &text);
        assert_eq!(report["success"], true, "{text}\n{report:#}");
        assert_eq!(files(&digest), ["2026-11-23-小星开放权重.md"], "{text}");
        for (name, wanted) in [
            ("title", "小星开放权重"),
            ("link", "https://e.org/1"),
            ("keywords", "小星|开源"),
            ("ai_technologies", "大模型"),
            ("industries", "软件"),
            ("event", "小星开放了权重。"),
            ("source", "某报"),
        ] {
            assert_eq!(field(&digest, name), wanted, "{name} of\n{text}");
        }
        assert_eq!(article(&digest, &files(&digest)[0]).1, "第一段。\n\n第二段。", "{text}");
        assert!(digest.run(&["build", "--strict"]).success, "{text}");
    }
}

#[test]
fn records_are_separated_with_and_without_separators() {
    let one = "标题: 甲\n链接: https://e.org/1\n总结: 一。\n关键词: a";
    let two = "标题: 乙\n链接: https://e.org/2\n总结: 二。\n关键词: b";
    let turned = |text: &str| text.lines().rev().collect::<Vec<_>>().join("\n");
    for text in [
        format!("{one}\n{two}\n"),
        format!("{one}\n\n\n{two}\n"),
        format!("{one}\n---\n{two}\n---\n"),
        format!("1.\n{one}\n\n2.\n{two}\n"),
        format!("## 记录 1\n{one}\n\n## 记录 2\n{two}\n"),
        format!("### 第1条\n\n{one}\n\n### 第2条\n\n{two}\n"),
        format!("```\n{one}\n```\n```\n{two}\n```\n"),
        format!("{}\n{}\n", turned(one), turned(two)),
        format!(
            "{}\n\n{}\n",
            one.replace("标题: 甲\n", "### 1. 甲\n"),
            two.replace("标题: 乙\n", "### 2. 乙\n")
        ),
    ] {
        let digest = Digest::new();
        let report = import(&digest, &text);
        assert_eq!(titles(&digest), ["乙", "甲"], "{text}\n{report:#}");
        assert_eq!(report["success"], true, "{text}\n{report:#}");
        let (front, body) = article(&digest, "甲.md");
        assert_eq!(
            (super::words(front.get("keywords").unwrap()), body),
            ("a".to_owned(), "一。".to_owned()),
            "{text}"
        );
    }
}

#[test]
fn body_lines_that_look_like_labels_stay_in_the_body() {
    let digest = Digest::new();
    let body = "开头。\n标题党：不是标签\n行业分析师说：会的。\n技术：这家公司采用了一种全新的办法来训练模型，成本下降了一半。\n时间：没有人知道。\n```yaml\ntitle: x\n```\n---\n结尾。";
    let report = import(&digest, format!("标题: 甲\n总结: {body}\n关键词: a\n"));
    assert_eq!(report["success"], true, "{report:#}");
    let kept = article(&digest, "甲.md").1.replace('\\', "").replace("\n\n", "\n");
    assert_eq!(kept, body);
}

#[test]
fn a_repeated_label_is_a_warning_and_both_values_are_kept() {
    let digest = Digest::new();
    let report = import(
        &digest,
        "标题: 甲\n关键词: a\n总结: 一。\n关键词: b, a\n链接: https://e.org/1\n链接: https://e.org/2\n",
    );
    assert_eq!(report["success"], true, "{report:#}");
    assert_eq!(report["diagnostics"][0]["severity"], "warning");
    assert_eq!(field(&digest, "keywords"), "a|b");
    let extra = article(&digest, &files(&digest)[0]).0.get("extra").unwrap().clone();
    assert_eq!(super::words(extra.get("links").unwrap()), "https://e.org/2");
}

#[test]
fn placeholders_are_imported_as_empty_fields() {
    let digest = Digest::new();
    let report = import(
        &digest,
        "标题: 甲\n链接: 无\n来源: 未提及\n日期: 暂无\n关键词: 无\nAI技术: 无人驾驶\n行业: N/A\n重大事件摘要: -\n总结: 一。\n",
    );
    assert_eq!(report["success"], true, "{report:#}");
    for name in ["link", "source", "date", "keywords", "industries", "event"] {
        assert_eq!(field(&digest, name), "", "{name}");
    }
    assert_eq!(field(&digest, "ai_technologies"), "无人驾驶");
    let placeholders =
        report["repaired"].as_array().unwrap().iter().filter(|repair| repair["kind"] == "placeholder");
    assert_eq!(placeholders.count(), 6, "{report:#}");
}

#[test]
fn labels_residue_and_placeholders_can_be_configured() {
    let digest = Digest::new().configured(
        "import:\n  labels:\n    title: 主题\n    extra.mood: [情感]\n  residue: [本报讯…报道]\n  placeholders: [待查]",
    );
    let report = import(&digest, "主题: 甲\n情感: 积极\n总结: 本报讯 记者张三报道 一。\n关键词: 待查\n");
    assert_eq!(report["success"], true, "{report:#}");
    assert_eq!((field(&digest, "title"), field(&digest, "keywords")), ("甲".to_owned(), String::new()));
    let (front, body) = article(&digest, &files(&digest)[0]);
    assert_eq!(
        (super::words(front.get("extra").unwrap().get("mood").unwrap()), body),
        ("积极".to_owned(), "一。".to_owned())
    );
    digest.write(
        "newsprint.yaml",
        "base_url: https://e.org/\nimport: {labels: {titel: 主题}, residue: [报], residu: []}\n",
    );
    let errors = digest.build_fails();
    assert!(errors.contains("did you mean `title`?") && errors.contains("too short"), "{errors}");
}

#[test]
fn repairs_are_reported_and_raw_keeps_the_text() {
    let text = "标题: 甲\n总结: 他说&nbsp;完了。开放接口开放接口尽管如此，它仍然闭源。\u{200B}举报/反馈\n";
    let digest = Digest::new();
    let report = import(&digest, text);
    let kinds: Vec<&str> = report["repaired"]
        .as_array()
        .unwrap()
        .iter()
        .map(|repair| repair["kind"].as_str().unwrap())
        .collect();
    assert_eq!(kinds, ["entity", "invisible", "residue", "doubled"], "{report:#}");
    assert_eq!(article(&digest, "甲.md").1, "他说 完了。\n\n## 开放接口\n\n尽管如此，它仍然闭源。");
    let digest = Digest::new().file("in.txt", text);
    let raw = super::report(&digest, &["in.txt", "--raw"]);
    assert_eq!(raw["success"], true);
    assert!(
        article(&digest, "甲.md").1.ends_with("它仍然闭源。举报/反馈"),
        "{}",
        article(&digest, "甲.md").1
    );
}

#[test]
fn an_undated_record_gets_the_date_of_the_flag_or_the_path() {
    let record = "标题: 甲\n总结: 一。\n";
    for (file, arguments, wanted) in [
        ("2026-11-23.txt", vec![], "2026-11-23-甲.md"),
        ("20261123/a.txt", vec![], "2026-11-23-甲.md"),
        ("2026-11-23.txt", vec!["--date", "2026-11-24"], "2026-11-24-甲.md"),
        ("000_2323bd8284526c57.txt", vec![], "甲.md"),
    ] {
        let digest = Digest::new().file(file, record);
        let found = report(&digest, &[&[file], arguments.as_slice()].concat());
        assert_eq!(files(&digest), [wanted], "{file}");
        assert_eq!(found["undated"], usize::from(wanted == "甲.md"));
    }
}

#[test]
fn a_dry_run_writes_nothing() {
    let digest = Digest::new().file("in.txt", RECORD);
    let outcome = digest.run(&["import", "in.txt", "--date", "2026-11-23", "--dry-run"]);
    assert!(outcome.success && outcome.stderr.contains("1 article would be imported"), "{}", outcome.stderr);
    assert!(
        outcome.stdout.contains("would be imported: content/articles/2026-11-23-某公司"),
        "{}",
        outcome.stdout
    );
    assert!(!digest.exists("content/articles"));
}

#[test]
fn the_seed_record_of_the_project_is_imported() {
    let seed =
        std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/seed/000_2323bd8284526c57.txt");
    // Public checkouts have no `../shared`; `RECORD` has the same layout.
    let Ok(text) = std::fs::read_to_string(seed) else { return };
    let digest = Digest::new();
    let report = import(&digest, text);
    assert_eq!(report["success"], true, "{report:#}");
    assert_eq!(field(&digest, "ai_technologies"), "ChatGPT|脑机接口|通用人工智能(AGI)");
    let body = article(&digest, &files(&digest)[0]).1;
    assert!(
        body.contains("\n\n## OpenAI不Open\n\nOpenAI公司是")
            && body.contains("\n\n## 或开放API接口\n\n尽管如此"),
        "{body}"
    );
    assert!(body.ends_with("真正的开源项目出来。”"), "{body}");
}

/// Imports a text and returns a field, or the `body`, of each article, in the order of file names.
fn imported_values(text: &str, name: &str) -> Vec<String> {
    let digest = Digest::new();
    let report = import(&digest, text);
    assert_eq!(report["success"], true, "{text}\n{report:#}");
    let values = files(&digest).into_iter().map(|file| {
        let (front, body) = article(&digest, &file);
        if name == "body" {
            body
        } else {
            super::words(front.get(name).unwrap_or(&newsprint::internals::yaml::Node::Null))
        }
    });
    values.collect()
}

#[test]
fn a_text_after_the_event_is_read_as_the_body() {
    assert_eq!(imported_values("标题：智谱\n重大事件：事件句。\n内容：正文一句。\n", "body"), ["正文一句。"]);
    let styled = "- **标题**：智谱\n- **核心事件**：事件句。\n- **内容**：\n  段一\n\n  段二\n\n---\n";
    assert_eq!(imported_values(styled, "body"), ["段一\n\n段二"]);
}

#[test]
fn headings_between_records_are_in_no_body() {
    let text = "**1. 甲的新闻**\n\n标题：甲\n重大事件摘要：事件甲。\n\n**2. 乙的新闻**\n\n标题：乙\n重大事件摘要：事件乙。\n";
    assert_eq!(imported_values(text, "event"), ["事件乙。", "事件甲。"]);
    let numbered =
        "1. 甲\n   链接：https://e.org/1\n   正文：一。\n\n2. 乙\n   链接：https://e.org/2\n   正文：二。\n";
    assert_eq!(imported_values(numbered, "title"), ["乙", "甲"]);
    assert_eq!(imported_values("## 新闻一：甲\n链接：https://e.org/1\n", "title"), ["甲"]);
    // A heading at the end of a text stays in it.
    assert_eq!(
        imported_values("标题：甲\n总结：一。\n\n**结语**\n\n关键词：a\n", "body"),
        ["一。\n\n\\*\\*结语\\*\\*"]
    );
}

#[test]
fn remarks_of_language_models_are_removed() {
    for text in [
        "标题：甲\n总结：一。\n重大事件摘要：事件。\n---\n注：以上信息仅供参考。\n",
        "**标题**：甲\n**重大事件摘要**：事件。\n**总结：** 一。\n\n---\n\n如果需要进一步分析，请告诉我。\n",
        "标题：甲\n重大事件摘要：事件。\n总结：一。\n\n需要我再整理成表格吗？\n",
        "标题：甲\n重大事件摘要：事件。\n总结：一。\n【完】\n",
        "标题：甲\n重大事件摘要：事件。\n总结：一。\n关键词：a\n\n注：技术一栏原文未提及。\n\n*以上内容由 AI 生成*\n",
        "<think>\n标题: 应该是原标题。\n让我想想。\n</think>\n\n标题：甲\n重大事件摘要：事件。\n总结：一。\n",
        "📰 标题：甲\n🔥 重大事件摘要：事件。\n📝 总结：一。\n",
    ] {
        assert_eq!(imported_values(text, "title"), ["甲"], "{text}");
        assert_eq!(imported_values(text, "event"), ["事件。"], "{text}");
        assert_eq!(imported_values(text, "body"), ["一。"], "{text}");
    }
}

#[test]
fn sections_and_quotes_that_look_like_labels_stay_in_the_body() {
    let sections = "标题: 甲\n总结: 一。\n\n二、技术：\n采用稀疏架构。\n\n三、行业：\n影响深远。\n\n### 摘要\n\n还有一段。\n关键词: a\nAI技术: b\n行业: c\n";
    assert_eq!(imported_values(sections, "ai_technologies"), ["b"]);
    assert_eq!(imported_values(sections, "industries"), ["c"]);
    assert!(imported_values(sections, "body")[0].ends_with("还有一段。"));
    let quoted = "**标题**：甲\n**总结**：一。\n\n> 来源：彭博社表示，这一纪录前所未有。\n\n- 行业：竞争对手落后\n\n```python\n标题: 不是\n```\n\n二。\n**关键词**：a\n";
    assert_eq!(imported_values(quoted, "source"), [""]);
    assert!(imported_values(quoted, "body")[0].ends_with("二。"));
    let plain = "标题：甲\n总结：一。\n链接：产业上下游的链接更紧密了。\n日期：定在下周的某一天，还没有公布。\n二。\n";
    assert!(
        imported_values(plain, "body")[0].contains("链接：产业上下游")
            && imported_values(plain, "body")[0].ends_with("二。")
    );
}

#[test]
fn unknown_labels_are_kept_under_extra() {
    let digest = Digest::new();
    let report =
        import(&digest, "标题：甲\nAI 技術：大模型\n產業別：半導體\n情感：正面\n重大事件摘要：事件。\n");
    assert_eq!(report["diagnostics"][0]["severity"], "warning", "{report:#}");
    assert_eq!(
        (field(&digest, "ai_technologies"), field(&digest, "industries")),
        ("大模型".to_owned(), "半導體".to_owned())
    );
    let extra = article(&digest, "甲.md").0.get("extra").unwrap().clone();
    assert_eq!(super::words(extra.get("情感").unwrap()), "正面");
}

#[test]
fn short_fields_may_share_a_line() {
    let text = "标题：甲\n链接：https://e.org/1 日期：2025-01-01 来源：新华社\n总结：一。\n";
    assert_eq!(imported_values(text, "date"), ["2025-01-01"]);
    assert_eq!(imported_values(text, "source"), ["新华社"]);
    assert_eq!(imported_values(text, "link"), ["https://e.org/1"]);
}
