use super::*;

const SETTINGS: &str = "base_url: https://example.org/repo/\ntimezone: Asia/Shanghai\n\
    menu:\n  - name: 丢失\n    url: /missing/\n";

#[test]
fn every_broken_link_is_placed_where_it_can_be_fixed() {
    let folder = digest(&[
        ("newsprint.yaml", SETTINGS),
        (
            "content/articles/alpha.md",
            "---\ntitle: 甲\ndate: 2026-02-01\n---\n## 一节\n\n[乙](/articles/betaa/) [丙](/Articles/ALPHA/)\n\
             [丁](/articles/draft/#x) [戊](beta.md#none) [己](#h-none)\n\
             [庚](../../../other/) [辛](/keywords/betta/)\n\
             [壬](https://example.com/x) [癸](old.md) [子](gone.md) [丑](/articles/zz/)\n\
             [寅](two.md) [卯](/pages/new/) [辰](/repo/old.html?x#y)\n",
        ),
        ("content/articles/beta.md", "---\ntitle: 乙\ndate: 2026-01-01\n---\n正文[乙](/articles/zz/)。\n"),
        ("content/articles/old.md", "---\ntitle: 丙\nslug: new\ndate: 2026-01-02\n---\n另一篇正文。\n"),
        ("content/articles/named.md", "---\ntitle: 丁\nslug: gone\n---\n第四篇正文。\n"),
        ("content/articles/one.md", "---\ntitle: 戊\nslug: two\n---\n第五篇正文。\n"),
        ("content/articles/two.md", "---\ntitle: 己\nslug: three\n---\n第六篇正文。\n"),
        ("content/articles/draft.md", "---\ntitle: 稿\ndraft: true\n---\n草稿。\n"),
        (
            "content/pages/about.md",
            "---\ntitle: 关于\n---\n见 {% raw %}。\n\n[甲](/articles/alpha/) [x](/feed.xmll)\n",
        ),
        ("static/data/bad.json", "{\"a\": }"),
    ]);
    let report = run(&options(folder.path()));
    assert_eq!(report.diagnostics, []);
    assert_lines(
        &lines(&report),
        &[
            "E broken-link content/articles/alpha.md:7:5 | `/repo/articles/betaa/` leads to no page of the site | did you mean /articles/beta/? | 1: articles/alpha/index.html",
            "E broken-link content/articles/alpha.md:7:27 | `/repo/Articles/ALPHA/` leads to no page of the site | did you mean /articles/alpha/? | 1: articles/alpha/index.html",
            "E broken-link content/articles/alpha.md:8:5 | `/repo/articles/draft/#x` leads to content/articles/draft.md, which is a draft | remove `draft: true` there, or remove the link | 1: articles/alpha/index.html",
            "E broken-link content/articles/alpha.md:9:26 | `/repo/keywords/betta/` leads to no page of the site | did you mean /articles/beta/? | 1: articles/alpha/index.html",
            "E broken-link content/articles/alpha.md:10:32 | `/repo/articles/old/` leads to no page of the site | did you mean /articles/new/? | 1: articles/alpha/index.html",
            "E broken-link content/articles/alpha.md:10:44 | there is no content/articles/gone.md; the link leads to the page of content/articles/named.md | write the path relative to the folder of this file",
            "E broken-link content/articles/alpha.md:10:57 | `/repo/articles/zz/` leads to no page of the site | correct the link, or add this address to the `aliases:` of the page that moved | 2: articles/alpha/index.html articles/beta/index.html",
            "E broken-link content/articles/alpha.md:11:5 | this link leads to the page of content/articles/one.md, because content/articles/two.md has a `slug:` | write the address of its page, `/articles/…/`",
            "E broken-link content/articles/alpha.md:11:17 | `/repo/pages/new/` leads to no page of the site | did you mean /articles/new/? | 1: articles/alpha/index.html",
            "E broken-link content/articles/alpha.md:11:34 | `/repo/repo/old.html?x#y` leads to no page of the site | did you mean /articles/new/? | 1: articles/alpha/index.html",
            "E broken-link content/pages/about.md:6:27 | `/repo/feed.xmll` leads to no page of the site | correct the link, or add this address to the `aliases:` of the page that moved | 1: about/index.html",
            "E broken-link newsprint.yaml:5:10 | `/repo/missing/` leads to no page of the site | correct the link, or add this address to the `aliases:` of the page that moved | 27: 2026/01/01/index.html 2026/01/02/index.html 2026/01/index.html",
            "E outside-base content/articles/alpha.md:9:5 | `../../../other/` leads out of the site, which is below /repo/ | in Markdown, write `/articles/…/` without the base path; in templates, begin with {{ config.base_path }} | 1: articles/alpha/index.html",
            "E broken-feed static/data/bad.json | this is not valid JSON: expected value at line 1 column 7 | fix the file in static/",
            "W broken-anchor content/articles/alpha.md:8:29 | `/repo/articles/beta/#h-none` leads to an anchor that articles/beta/index.html does not have | correct the part after `#`, or remove it | 1: articles/alpha/index.html",
            "W broken-anchor content/articles/alpha.md:8:47 | `#h-none` leads to an anchor that articles/alpha/index.html does not have | correct the part after `#`, or remove it | 1: articles/alpha/index.html",
            "W literal-markup content/pages/about.md:4:3 | the shortcode `{% raw %}` is shown literally | write Markdown instead: newsprint has no shortcodes; put it in backticks if it is code",
        ],
    );
}

#[test]
fn every_problem_of_an_article_is_found() {
    let text = "谷歌今天推出了新的语言模型，速度提高一倍，价格降低一半，开发者可以立即使用，企业用户从下周开始。\
                它的上下文有一百万个词，能读图片和声音，也能调用工具。";
    let long = "长文里的每一句话都不相同。".repeat(1000);
    let folder = digest(&[
        ("newsprint.yaml", "base_url: https://example.org/\ncheck: { characters: 100, page_kb: 30 }\n"),
        ("content/articles/empty.md", "---\ntitle: 空文\ndate: 2026-02-01\n---\n"),
        ("content/articles/code.md", "---\ntitle: 代码\ndate: 2026-02-01\n---\n```\nlet a = 1;\n```\n"),
        ("content/articles/long.md", &format!("---\ntitle: 长文\ndate: 2026-02-01\n---\n{long}\n")),
        (
            "content/articles/edge.md",
            &format!("---\ntitle: 刚好\ndate: 2026-02-01\n---\n{}\n", "字".repeat(100)),
        ),
        (
            "content/articles/future.md",
            "---\ntitle: 未来\ndate: 2026/03/05\n---\n未来的事情，现在还不知道。\n",
        ),
        (
            "content/articles/soon.md",
            "---\ntitle: 明天\ndate: 2026-03-02T12:00:00Z\n---\n明天早上的事情，时区不同。\n",
        ),
        (
            "content/articles/fields.md",
            "---\ntitle: 题 {{ x.y }} 目\nevent: 一 [甲](/a) 二\nsummary: 三<br>四\ndate: 2026-02-01\n---\n\
             ![](/图/一.png) ![](/b.png)\n\n短短一句，讲的是字段里的标记。举报/反馈\n",
        ),
        (
            "content/articles/copy1.md",
            "---\ntitle: 重复一\ndate: 2026-02-03\nlink: https://e.org/1\n---\n苹果发布了新的处理器和电脑。\n",
        ),
        (
            "content/articles/copy2.md",
            "---\ntitle: 重复二\ndate: 2026-02-04\nlink: https://e.org/1#top\n---\n写法完全是另外一种。\n",
        ),
        ("content/articles/same1.md", &format!("---\ntitle: 谷歌推出新模型\n---\n{text}\n")),
        (
            "content/articles/same2.md",
            &format!("---\ntitle: 谷歌推出新模型\ndate: 2026-02-05\n---\n{text}\n"),
        ),
    ]);
    let report = run(&options(folder.path()));
    assert_eq!(report.diagnostics, []);
    assert_lines(
        &lines(&report),
        &[
            "E broken-link content/articles/fields.md:7:5 | `/图/一.png` leads to no page of the site | put the picture of `a.md` into the folder `a` beside it, or an image of several pages into `static/`, and write its path from the article's page or from the root of the site | 1: articles/fields/index.html",
            "E broken-link content/articles/fields.md:7:19 | `/b.png` leads to no page of the site | put the picture of `a.md` into the folder `a` beside it, or an image of several pages into `static/`, and write its path from the article's page or from the root of the site | 1: articles/fields/index.html",
            "W duplicate-link content/articles/copy2.md:4:7 | the same original as content/articles/copy1.md | keep one of them, and give it the addresses of the others as `aliases:`",
            "W duplicate-text content/articles/same1.md:2:8 | nearly the same text as content/articles/same2.md | keep one of them, and give it the addresses of the others as `aliases:`",
            "W empty-text content/articles/empty.md:2:8 | this article has no text | write a body or a `summary:`, or exclude the article with `draft: true`",
            "W long-text content/articles/long.md:2:8 | this text has 12000 characters; the limit is 100 | check whether it is a whole web page, or raise `check: {characters: …}` in newsprint.yaml",
            "W scrape-residue content/articles/fields.md:9:16 | this text belongs to the scraped page, not to the article | remove it; `newsprint import` removes such text, and `import: {residue: […]}` adds patterns",
            "W literal-markup content/articles/fields.md:2:10 | the shortcode `{{ x.y }}` is shown literally | remove it: this field is plain text, not Markdown",
            "W literal-markup content/articles/fields.md:3:10 | the link `[甲](/a)` is shown literally | remove it: this field is plain text, not Markdown",
            "W literal-html content/articles/fields.md:4:11 | the tag `<br>` is shown literally | remove it: this field is plain text, not Markdown",
            "W future-date content/articles/future.md:3:7 | this article is dated 2026-03-05, which is in the future | correct the date; until then the article is first in every list and feed",
            "W image-without-text content/articles/fields.md:7:5 | the image /%E5%9B%BE/%E4%B8%80.png has no alternative text | describe the image for readers who do not see it: `![description](address)`",
            "W image-without-text content/articles/fields.md:7:19 | the image /b.png has no alternative text | describe the image for readers who do not see it: `![description](address)`",
            "W heavy-page content/articles/long.md | this page has 42 KB of HTML; the limit is 30 KB | shorten the article or the list, or raise `check: {page_kb: …}` in newsprint.yaml | 1: articles/long/index.html",
        ],
    );
}

#[test]
fn the_site_is_compared_with_the_date_and_with_its_last_build() {
    let check = |settings: &str, date: &str, published: &[&str]| -> Vec<String> {
        let article = format!("---\ntitle: 甲\n{date}---\n正文。\n");
        let folder = digest(&[
            (
                "newsprint.yaml",
                &format!("base_url: https://example.org/\ntimezone: Asia/Shanghai\n{settings}"),
            ),
            ("content/articles/a.md", &article),
        ]);
        let mut options = options(folder.path());
        options.published = Some(published.iter().map(|path| (*path).to_owned()).collect());
        lines(&run(&options))
    };
    // 07:00 on the second of February in Shanghai.
    let date = "date: 2026-02-01T23:00:00Z\n";
    let stale = |place: &str, message: &str| {
        format!(
            "E nothing-new {place} | {message} | check whether articles still arrive, or change \
             `check: {{nothing_new_days: …}}` in newsprint.yaml"
        )
    };
    let old = stale("content/articles/a.md", "the newest article is 27 days old; 26 are allowed");
    let undated = stale("content/articles", "there is no article with a date");
    let gone = |name: &str, more: &str| {
        format!(
            "W gone-page articles/{name}/index.html | the site no longer has /articles/{name}/{more} | if it moved, \
             add `aliases: [/articles/{name}/]` to the article that replaces it"
        )
    };
    let both =
        ["articles/a/index.html", "articles/b/index.html", "articles/b/c/index.html", "articles/b.html"];
    let many: Vec<String> = (10..31).map(|nth| format!("articles/{nth}/index.html")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();
    let (days_27, days_26) = ("check: { nothing_new_days: 27 }\n", "check: { nothing_new_days: 26 }\n");
    for (settings, date, published, wanted) in [
        (days_27, date, &[] as &[&str], vec![]),
        (days_26, date, &[], vec![old]),
        (days_26, "", &[], vec![undated]),
        ("", date, &both, vec![gone("b", "")]),
        ("", date, &many[..20], (10..30).map(|nth| gone(&nth.to_string(), "")).collect()),
        ("", date, &many, (10..30).map(|nth| gone(&nth.to_string(), " and 20 other articles")).collect()),
    ] {
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        assert_lines(&check(settings, date, published), &wanted);
    }
}

#[test]
fn a_check_fails_for_errors_and_if_strict_for_warnings() {
    let check = |body: &str, strict, allowed: &[Rule]| -> (bool, Vec<String>) {
        let folder = digest(&[
            ("newsprint.yaml", "base_url: https://example.org/\n"),
            ("content/articles/a.md", &format!("---\ntitle: 甲\n---\n正文。{body}\n")),
        ]);
        let mut options = options(folder.path());
        (options.strict, options.allowed) = (strict, allowed.to_vec());
        let report = run(&options);
        let line = |finding: &Finding| format!("{:?} {}", finding.severity, finding.code);
        (report.success, report.findings.iter().map(line).collect())
    };
    let (broken, markup) = ("[x](/none/)", "{% raw %}");
    let both = format!("{broken} {markup}");
    for (body, strict, allowed, success, findings) in [
        ("", true, &[] as &[Rule], true, &[] as &[&str]),
        (markup, false, &[], true, &["Warning literal-markup"]),
        (markup, true, &[], false, &["Warning literal-markup"]),
        (markup, true, &[Rule::LiteralMarkup], true, &["Warning literal-markup"]),
        (broken, false, &[], false, &["Error broken-link"]),
        (broken, false, &[Rule::BrokenLink], true, &["Warning broken-link"]),
        (broken, true, &[Rule::LiteralMarkup], false, &["Error broken-link"]),
        (&both, false, &[Rule::BrokenLink], true, &["Warning broken-link", "Warning literal-markup"]),
        (&both, true, &[Rule::BrokenLink], false, &["Warning broken-link", "Warning literal-markup"]),
    ] {
        let wanted = (success, findings.iter().map(|line| (*line).to_owned()).collect());
        assert_eq!(check(body, strict, allowed), wanted, "{body} {strict} {allowed:?}");
    }
}

#[test]
fn a_report_shows_the_first_ten_findings_of_each_rule() {
    let finding = |rule, nth: usize| Finding::new(rule, format!("事 {nth}"), "改").at(Place::file("a.md"));
    let mut report = Report::default();
    report.findings.extend((1..=12).map(|nth| finding(Rule::BrokenLink, nth)));
    report.findings.extend((1..=10).map(|nth| finding(Rule::EmptyText, nth)));
    report.findings.push(Finding {
        count: 4,
        pages: vec!["x/index.html".to_owned(), "y/index.html".to_owned()],
        ..finding(Rule::BrokenAnchor, 1)
    });
    report.findings.push(Finding { count: 1, pages: vec!["z".to_owned()], ..finding(Rule::BrokenAnchor, 2) });
    let one = |severity: &str, code: &str, nth: usize| {
        let mut found = finding(Rule::named(code).unwrap(), nth);
        found.severity = if severity == "error" { Severity::Error } else { Severity::Warning };
        let drawn = found.draw(false);
        assert!(
            drawn.contains(severity) && drawn.contains(&format!("事 {nth}")) && drawn.contains("改"),
            "{drawn}"
        );
        format!("{drawn}\n")
    };
    let all = |severity: &str, code: &str, count: usize| -> String {
        (1..=count).map(|nth| format!("{}\n", one(severity, code, nth))).collect()
    };
    let anchors = format!(
        "{}  on 4 pages, such as x/index.html, y/index.html\n\n{}\n",
        one("warning", "broken-anchor", 1),
        one("warning", "broken-anchor", 2)
    );
    let more = "broken-link: 2 more; `--verbose` shows them all\n\n";
    let (links, texts) = (all("error", "broken-link", 10), all("warning", "empty-text", 10));
    assert_eq!(report.text(false, false, false), format!("{links}{more}{texts}{anchors}"));
    assert_eq!(report.text(false, true, false), format!("{links}{more}"));
    let links = all("error", "broken-link", 12);
    assert_eq!(report.text(true, false, false), format!("{links}{texts}{anchors}"));
    assert_eq!(report.text(true, true, false), links);
    assert_ne!(report.text(true, true, true), links);
}

#[test]
fn a_summary_counts_what_was_checked_and_what_was_found() {
    let finding = |rule| Finding::new(rule, "a", "b");
    let counts = |asked, cached, left| crate::check::external::LinkCounts {
        links: asked + cached + left,
        asked,
        cached,
        left,
    };
    let mut report = Report { articles: 1, terms: 2, ..Report::default() };
    assert_eq!(report.summary(), "newsprint: checked 1 article and 2 terms: 0 findings");
    report.pages = 3;
    report.bytes = 999_999;
    report.findings = vec![finding(Rule::EmptyText)];
    assert_eq!(report.summary(), "newsprint: checked 1 article, 2 terms and 3 pages (999 KB): 1 finding");
    report.bytes = 1_000_000;
    report.external = Some(counts(1, 0, 0));
    report.findings.push(finding(Rule::BrokenLink));
    assert_eq!(
        report.summary(),
        "newsprint: checked 1 article, 2 terms, 3 pages (1.0 MB) and 1 link to other sites (1 requested): \
         2 findings, 1 of which is an error"
    );
    report.external = Some(counts(2, 1, 3));
    report.findings.push(finding(Rule::OutsideBase));
    report.diagnostics = vec![Diagnostic::error("c"), Diagnostic::warning("d"), Diagnostic::error("e")];
    assert_eq!(
        report.summary(),
        "newsprint: checked 1 article, 2 terms, 3 pages (1.0 MB) and 6 links to other sites (2 requested, \
         1 cached, 3 left for the next check): 3 findings, 2 of which are errors, 2 errors in the digest's files"
    );
}
