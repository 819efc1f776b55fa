//! Markup that readers see as text is found at its line, and text that only looks like markup is
//! not.

use super::{Found, findings, found, front_matter};
use crate::driver::{Digest, tree};

/// The findings of an article with this body, as rule and line of the body.
fn of_body(body: &str) -> Vec<(String, usize)> {
    let digest = Digest::new().article("a", &front_matter("甲"), body);
    let line = |place: &str| place.rsplit(':').next().and_then(|line| line.parse::<usize>().ok());
    found(&digest).into_iter().map(|(code, place)| (code, line(&place).map_or(0, |line| line - 5))).collect()
}

/// One article for each body; the rules that report each.
fn of_bodies(bodies: &[&str]) -> Vec<Vec<String>> {
    let mut digest = Digest::new();
    for (nth, body) in bodies.iter().enumerate() {
        digest = digest.article(&format!("{nth:03}"), &front_matter(&format!("第 {nth} 篇")), body);
    }
    let found = found(&digest);
    let of = |nth: usize| {
        let file = format!("content/articles/{nth:03}.md");
        found.iter().filter(|(_, place)| place.starts_with(&file)).map(|(code, _)| code.clone()).collect()
    };
    (0..bodies.len()).map(of).collect()
}

#[test]
fn escaped_marks_are_no_findings_and_failed_ones_have_their_own_line() {
    let body = "那种 F\\*\\*king 源码，函数 f(\\*\\*kwargs)。\n\n下一段 **粗体** 好。";
    assert_eq!(of_body(body), []);
    let wanted = vec![("literal-markup".to_owned(), 5)];
    assert_eq!(of_body("`**` 与 \\*\\*\n\n**粗体** 好。\n\n这是**不粗"), wanted);
}

#[test]
fn text_that_looks_like_markup_is_no_finding() {
    let bodies = [
        "\\{% raw %\\} 与 \\_甲\\_ 与 \\[^1] 与 &#42;&#42;甲",
        "f**k、s**t、138****5678、****1234、**** ****、****-1234、张**",
        "2**10、a ** b、**kwargs、char **argv、x **= 2",
        "src/**/*.rs、**/*.md、docs/**",
        "`{{ x | y }}`、`{% z %}`、`==a==`、`[[b]]`、`<b>c</b>`、`$x^2$`、`[^1]`",
        "```\n{% raw %}\n::: tip\n> [!NOTE]\n<div>\n$$x^2$$\n```\n\n后",
        "价格 $5 到 $10，$$ 便宜",
        "Vec<String>、<name>、用 <div> 标签",
        "a == b、a==b==c、[[1, 2], [3, 4]]、[^a-z]+",
        "<!-- more -->\n\n甲 <!-- 乙 --> 丙",
        "甲[^1]乙[^注]。\n\n[^1]: 丙\n\n[^注]: 丁",
        "---\n\n甲",
        "{{ title }}、${{ secrets.KEY }}",
    ];
    for (body, found) in bodies.iter().zip(of_bodies(&bodies)) {
        assert_eq!(found, [""; 0], "{body}");
    }
}

#[test]
fn markup_of_other_programs_is_a_finding() {
    let literal = [
        "{{< figure src=\"/a.png\" >}}",
        "{{% notice %}}",
        "{% post_link b %}",
        "见 {{ \"/a\" | relative_url }}",
        "![图]({{ site.baseurl }}/x)",
        "文\n{: .btn}",
        "{{ youtube(id=\"x\") }}",
        "{% end %}",
        "[caption id=\"a\"]图[/caption]",
        "[gallery ids=\"1,2\"]",
        "见 [[某页]]",
        "![[图.png]]",
        "> [!NOTE]\n> 注意",
        "::: tip\n文\n:::",
        "!!! note\n    文",
        "==重点==",
        "$$E=mc^2$$",
        "---\nlayout: post\n---\n\n文",
        "##标题",
    ];
    for (body, found) in literal.iter().zip(of_bodies(&literal)) {
        assert_eq!(found, ["literal-markup"], "{body}");
    }
    let others = [
        ("甲<br>乙", "literal-html"),
        ("<div align=\"center\">\n\n甲\n\n</div>", "literal-html"),
        ("甲\n\n```\n乙", "unclosed-fence"),
        ("甲[^1]", "broken-footnote"),
        ("甲\n\n[^1]: 乙", "broken-footnote"),
    ];
    let bodies: Vec<&str> = others.iter().map(|(body, _)| *body).collect();
    for ((body, rule), found) in others.iter().zip(of_bodies(&bodies)) {
        assert_eq!(found, [*rule], "{body}");
    }
}

#[test]
fn all_shortcodes_of_an_article_have_a_place_up_to_ten() {
    let digest = Digest::new().article("a", &front_matter("甲"), &"{{< a >}}\n\n{{ x | y }}\n\n".repeat(7));
    let found = findings(&digest, &[]);
    let lines: Vec<&str> = found.iter().map(|found| found.place.rsplit(':').next().unwrap()).collect();
    assert_eq!(lines, ["6", "8", "10", "12", "14", "16", "18", "20", "22", "24"]);
    assert!(found[9].message.ends_with(", and 4 more in this file"), "{}", found[9].message);
    assert!(!found[8].message.contains("more in this file"), "{}", found[8].message);
}

#[test]
fn fields_show_asterisks_but_masks_are_text() {
    let digest = Digest::new()
        .article(
            "a",
            "title: F**k 与 138****5678\ndate: 2024-01-02\nevent: 计算 2**10\nsummary: 张**\n",
            "文。",
        )
        .article("b", "title: 甲\ndate: 2024-01-02\nevent: \"**粗**\"\n", "文。");
    let wanted = [("literal-markup".to_owned(), "content/articles/b.md:4".to_owned())];
    assert_eq!(found(&digest), wanted);
}

#[test]
fn pages_are_checked_as_articles_are() {
    let digest = Digest::new()
        .article("a", &front_matter("甲"), "文。")
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\n{% raw %}\n");
    let wanted = [("literal-markup".to_owned(), "content/pages/about.md:5".to_owned())];
    assert_eq!(found(&digest), wanted);
}

#[test]
fn sanitized_html_is_no_finding() {
    let digest = Digest::new()
        .article("a", &(front_matter("甲") + "html: sanitize\n"), "甲<br>乙<b>丙</b> <code>**丁</code>")
        .article("b", &front_matter("乙"), "甲<br>乙");
    let wanted = [("literal-html".to_owned(), "content/articles/b.md:6".to_owned())];
    assert_eq!(found(&digest), wanted);
}

/// The findings about markup in a digest.
fn markup(found: Vec<Found>) -> Vec<String> {
    let rules = ["literal-markup", "literal-html", "unclosed-fence", "broken-footnote", "outside-base"];
    let about = found.into_iter().filter(|found| rules.contains(&&*found.code));
    about.map(|found| format!("{} {}", found.place, found.message)).collect()
}

#[test]
fn the_example_and_the_guide_have_no_findings_about_markup() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    for folder in ["", "docs"] {
        let mut digest = Digest::new()
            .file("newsprint.yaml", std::fs::read(root.join(folder).join("newsprint.yaml")).unwrap());
        for part in ["content", "templates", "static"] {
            for (name, bytes) in tree(&root.join(folder).join(part)) {
                digest = digest.file(&format!("{part}/{name}"), bytes);
            }
        }
        assert_eq!(markup(findings(&digest, &[])), [""; 0], "{folder}");
    }
}

/// Real articles of another generator. Three have links with spaces, two of them tags: readers see
/// these. Without `../shared` there is nothing to test.
#[test]
fn real_articles_have_only_findings_that_readers_see() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/servicemesher-sample");
    let mut digest = Digest::new();
    for (name, bytes) in tree(&folder).into_iter().filter(|(name, _)| name.ends_with(".md")) {
        digest = digest.file(&format!("content/articles/{name}"), bytes);
    }
    if !digest.exists("content/articles") {
        println!("skipped: there is no ../shared/data");
        return;
    }
    // Fields that are given twice stop a build.
    let report = digest.report();
    let mut errors: Vec<(String, usize)> = Vec::new();
    for diagnostic in
        report["diagnostics"].as_array().unwrap().iter().filter(|found| found["severity"] == "error")
    {
        let place = &diagnostic["place"];
        errors.push((place["path"].as_str().unwrap().to_owned(), place["line"].as_u64().unwrap() as usize));
    }
    for (path, line) in errors.into_iter().rev() {
        let mut lines: Vec<String> = digest.read(&path).lines().map(str::to_owned).collect();
        lines.remove(line - 1);
        digest.write(&path, lines.join("\n"));
    }
    let found = markup(findings(&digest, &[]));
    let is_seen = |found: &String| {
        found.contains("(mailto: in")
            || found.contains("Bilgin Ibryam")
            || found.contains("SOFAMesh & SOFA MOSN")
            || found.contains("`<br>`")
            || found.contains("`<a id=\"ref01\">`")
    };
    let wrong: Vec<&String> = found.iter().filter(|found| !is_seen(found)).collect();
    assert!(wrong.is_empty(), "{wrong:?}");
    assert_eq!(found.len(), 6, "{found:?}");
}
