//! The registry `content/terms.yaml`: terms are merged, renamed, described and hidden, old
//! addresses redirect, and `terms` and `check` edit and check it.

use crate::driver::Digest;

/// Three articles with similar keywords, and a registry with this text.
fn digest_with_registry(registry: &str) -> Digest {
    Digest::new()
        .article("a", "title: 甲\ndate: 2024-01-01\nkeywords: [GPT4, 开源]\n", "x")
        .article("b", "title: 乙\ndate: 2024-02-01\nkeywords: [GPT-4, 无]\n", "x")
        .article("c", "title: 丙\ndate: 2024-03-01\nkeywords: [gpt 4]\n", "x")
        .file("content/terms.yaml", registry)
}

const MERGED: &str =
    "keywords:\n  - name: GPT-4\n    aliases: [GPT4, gpt 4, 从未用过]\n    description: 一个模型\n";

#[test]
fn aliases_are_merged_into_one_term_and_their_addresses_redirect() {
    let digest = digest_with_registry(MERGED);
    digest.build();
    let main = digest.main("keywords/gpt-4/index.html");
    assert!(main.contains("3 篇文章") && main.contains("一个模型"), "{main}");
    let index = digest.main("keywords/index.html");
    assert!(index.contains(">GPT-4</a>") && !index.contains(">GPT4</a>"), "{index}");
    for alias in ["gpt4", "gpt_4", "从未用过"] {
        let page = digest.page(&format!("keywords/{alias}/index.html"));
        assert!(page.contains("url=/keywords/gpt-4/"), "{page}");
        assert!(page.contains("rel=\"canonical\" href=\"https://example.org/keywords/gpt-4/\""), "{page}");
        assert!(!digest.page("sitemap.xml").contains(&format!("keywords/{alias}/")));
    }
    // The article page, JSON-LD included, contains the merged name only.
    let article = digest.page("articles/a/index.html");
    assert!(
        article.contains("href=\"/keywords/gpt-4/\">GPT-4</a>") && !article.contains("GPT4"),
        "{article}"
    );
}

#[test]
fn the_feed_address_of_an_alias_serves_the_merged_feed() {
    let digest = digest_with_registry(MERGED).configured("feeds: {terms: on}");
    digest.build();
    let feed = digest.page("keywords/gpt4/feed.xml");
    assert_eq!(feed, digest.page("keywords/gpt-4/feed.xml"));
    assert!(
        feed.contains("rel=\"self\"") && feed.contains("https://example.org/keywords/gpt-4/feed.xml"),
        "{feed}"
    );
    assert_eq!(feed.matches("<entry>").count(), 3);
}

#[test]
fn the_registry_sets_the_name_and_slug_of_a_term() {
    let digest =
        digest_with_registry("keywords:\n- name: 开放源代码\n  aliases: [开源]\n  slug: open-source\n");
    digest.build();
    assert!(digest.main("keywords/open-source/index.html").contains("<h1>开放源代码</h1>"));
    for old in ["开源", "开放源代码"] {
        assert!(digest.page(&format!("keywords/{old}/index.html")).contains("url=/keywords/open-source/"));
    }
    assert!(digest.main("articles/a/index.html").contains("href=\"/keywords/open-source/\">开放源代码</a>"));
}

#[test]
fn a_hidden_term_is_on_no_page() {
    let digest = digest_with_registry("keywords:\n- name: 无\n  hidden: true\n");
    digest.build();
    assert!(!digest.exists("public/keywords/无"));
    for page in ["keywords/index.html", "keywords/a-z/index.html", "articles/b/index.html", "index.html"] {
        assert!(!digest.main(page).contains(">无<"), "{page}");
    }
}

#[test]
fn contradictions_in_the_registry_are_reported_with_their_lines() {
    let errors = digest_with_registry(
        "keywords:\n- name: A\n  aliases: [B, C]\n- name: D\n  aliases: [C]\n- name: B\n  aliases: [A]\n\
         - name: a\n- name: E\n  slug: gpt-4\n- name: 开源\n  slug: gpt-4\n- name: F\n  slug: Wrong Slug\n",
    )
    .build_fails();
    for wanted in [
        "`C` is an alias of `A` and of `D`\n --> content/terms.yaml:5:13",
        "`A` and `B` are aliases of each other\n --> content/terms.yaml:3:13",
        "`a` has two entries: the first is on line 2\n --> content/terms.yaml:8:9",
        "the slug `gpt-4` is taken by `E`",
        "`Wrong Slug` cannot be a slug",
    ] {
        assert!(errors.contains(wanted), "{wanted}\n{errors}");
    }
    // A refused slug is reported once: its collision with another address is not reported as well.
    assert!(!errors.contains("two files have the path"), "{errors}");
    let errors = digest_with_registry("keywords:\n- name: 开源\n  slug: gpt-4\n").build_fails();
    assert!(
        errors.contains("the slug `gpt-4` belongs to the term `GPT-4`\n --> content/terms.yaml:3:9"),
        "{errors}"
    );
    let errors =
        digest_with_registry("关键词:\n- 开源\nkeywords:\n- name: 开源\n  slug: recent\n").build_fails();
    assert!(
        errors.contains("write `keywords:` here") && errors.contains("the slug `recent` is reserved"),
        "{errors}"
    );
}

#[test]
fn terms_below_min_articles_have_no_page() {
    let digest = digest_with_registry("").configured("taxonomies:\n- name: keywords\n  min_articles: 2");
    let digest = digest.article("d", "title: 丁\nkeywords: [开源]\n", "x");
    digest.build();
    assert!(digest.exists("public/keywords/开源/index.html"));
    assert!(!digest.exists("public/keywords/gpt-4"));
    let article = digest.main("articles/b/index.html");
    assert!(article.contains("<span class=\"term keywords\">GPT-4</span>"), "{article}");
    assert!(digest.main("keywords/index.html").contains("1 个词条"));
}

#[test]
fn slugs_can_be_ascii_only() {
    let digest = digest_with_registry("").configured("slugs: ascii");
    digest.build();
    assert!(digest.exists("public/keywords/kai-yuan~5f006e90/index.html"));
    let terms = digest.site().into_keys().filter(|path| path.starts_with("keywords/")).collect::<Vec<_>>();
    assert!(terms.iter().all(|path| path.is_ascii()), "{terms:?}");
}

#[test]
fn old_addresses_in_pinyin_lead_to_todays() {
    // The old addresses are those of version 0.1.0.
    let front = "title: 甲\ndate: 2024-01-01\nkeywords: [空调, 排行榜, 芯片]\n";
    let digest = Digest::new().article("a", front, "正文").configured("slugs: ascii");
    digest.build();
    for (old, new) in [
        ("kong-diao~7a7a8c03", "kong-tiao~7a7a8c03"),
        ("pai-xing-bang~6392884c699c", "pai-hang-bang~6392884c699c"),
    ] {
        assert!(digest.page(&format!("keywords/{old}/index.html")).contains(new), "{old}");
        assert!(digest.main(&format!("keywords/{new}/index.html")).contains("1 篇文章"), "{new}");
    }
    assert!(digest.exists("public/keywords/xin-pian~82af7247/index.html"));
}

#[test]
fn old_addresses_of_crossings_in_pinyin_lead_to_todays() {
    // Both terms had another reading in version 0.1.0.
    let front = "title: 甲\ndate: 2024-01-01\nai_technologies: [空调]\nindustries: [排行榜]\n";
    let settings = "slugs: ascii\ncrossings: {of: [ai_technologies, industries], min_articles: 1}\nfeeds: {crossings: on}";
    let digest = Digest::new().article("a", front, "正文").configured(settings);
    digest.build();
    let address = |first: &str, second: &str| {
        format!("ai-technologies/{first}~7a7a8c03/industries/{second}~6392884c699c")
    };
    let new = address("kong-tiao", "pai-hang-bang");
    assert!(digest.main(&format!("{new}/index.html")).contains("空调"));
    for (first, second) in
        [("kong-diao", "pai-hang-bang"), ("kong-tiao", "pai-xing-bang"), ("kong-diao", "pai-xing-bang")]
    {
        let old = address(first, second);
        assert!(digest.page(&format!("{old}/index.html")).contains(&new), "{old}");
        assert_eq!(digest.page(&format!("{old}/feed.xml")), digest.page(&format!("{new}/feed.xml")));
    }
}

#[test]
fn terms_merge_keeps_the_comments_of_the_registry() {
    let digest = digest_with_registry("# 编辑的话\nkeywords:\n  - name: 开源 # 不要改\n");
    let merged = digest.run(&["terms", "merge", "keywords", "GPT4", "gpt 4", "--into", "GPT-4"]);
    assert!(merged.success, "{}", merged.stderr);
    assert_eq!(
        digest.read("content/terms.yaml"),
        "# 编辑的话\nkeywords:\n  - name: 开源 # 不要改\n  - name: GPT-4\n    aliases:\n      - GPT4\n      - gpt 4\n"
    );
    digest.build();
    assert!(digest.main("keywords/gpt-4/index.html").contains("3 篇文章"));
    let list = digest.run(&["terms", "list", "keywords", "--json", "-q"]).stdout;
    assert_eq!(list, digest.run(&["terms", "list", "关键词", "--json", "-q"]).stdout);
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["terms"][0]["name"], "GPT-4");
    assert_eq!(list["terms"][0]["count"], 3);
    assert_eq!(list["terms"][0]["aliases"], serde_json::json!(["GPT4", "gpt 4"]));
    assert!(digest.run(&["terms", "list"]).stdout.contains("     3  GPT-4  (also GPT4, gpt 4)\n"));
}

#[test]
fn an_invalid_merge_changes_nothing_and_explains_why() {
    let digest = digest_with_registry(MERGED);
    for (arguments, wanted) in [
        (vec!["keyword", "a", "--into", "b"], "did you mean `keywords`?"),
        (vec!["keywords", "开源", "--into", "GPT4"], "`GPT4` is itself an alias of `GPT-4`"),
        (vec!["keywords", "GPT4", "--into", "开源"], "`GPT4` is an alias of `GPT-4` already"),
    ] {
        let outcome = digest.run(&[&["terms", "merge"], arguments.as_slice()].concat());
        assert_eq!(outcome.code, 1);
        assert!(outcome.stderr.contains(wanted), "{}", outcome.stderr);
        assert_eq!(digest.read("content/terms.yaml"), MERGED);
    }
}

#[test]
fn check_terms_reports_likely_mistakes_and_changes_nothing() {
    let digest = digest_with_registry("").article(
        "d",
        "title: 丁\nkeywords: [機器學習, 机器学习]\nindustries: [开源]\n",
        "x",
    );
    let outcome = digest.run(&["check", "--terms"]);
    assert!(outcome.success, "{}", outcome.stderr);
    for wanted in [
        "keywords: GPT-4 (1), GPT4 (1), gpt 4 (1) differ only in hyphens, points and spaces",
        "run: newsprint terms merge keywords GPT4 'gpt 4' --into GPT-4",
        "  - name: GPT-4\n    aliases:\n      - GPT4\n      - gpt 4\n",
        "机器学习 (1), 機器學習 (1) are Traditional and Simplified forms",
        "开源 is a term of keywords (1) and of industries (1)",
        "keywords: 无 (1) is a placeholder",
        "content/articles/d.md",
    ] {
        assert!(outcome.stdout.contains(wanted), "{wanted}\n{}", outcome.stdout);
    }
    assert!(!digest.exists(".newsprint") && !digest.exists("public"));
    assert_eq!(digest.run(&["check", "--terms", "--strict"]).code, 1);
    let json: serde_json::Value =
        serde_json::from_str(&digest.run(&["check", "--json", "-q"]).stdout).unwrap();
    assert_eq!(json["findings"][0]["code"], "duplicate-terms");
    assert_eq!(json["findings"][0]["evidence"], serde_json::json!(["separators"]));
}

#[test]
fn separate_entries_silence_duplicate_findings() {
    let digest = digest_with_registry(
        "keywords:\n- GPT-4\n- GPT4\n- name: 无\n  description: 佛经\n- 开源\n- 开原\nindustries:\n- 开源\n",
    )
    .article("d", "title: 丁\nindustries: [开源]\n", "x");
    let found = digest.run(&["check"]).stdout;
    for wanted in [
        "add `hidden: true` to the entry on line 4 of content/terms.yaml, or remove the term from content/articles/b.md",
        "warning[unused-entry]: keywords: no article carries 开原\n --> content/terms.yaml:7:3\n  |\n7 | - 开原\n",
        "  = help: check the spelling on line 7",
    ] {
        assert!(found.contains(wanted), "{wanted}\n{found}");
    }
    assert!(!found.contains("two-taxonomies") && !found.contains("duplicate-terms"), "{found}");
}

#[test]
fn merge_commands_of_check_work_for_names_with_a_leading_hyphen() {
    let digest = Digest::new().article("a", "title: 甲\nkeywords: ['-GPT 4']\n", "x").article(
        "b",
        "title: 乙\nkeywords: ['-GPT4', '-GPT4 ']\n",
        "x",
    );
    let found = digest.run(&["check"]).stdout;
    let command = found.split("run: newsprint ").nth(1).unwrap().lines().next().unwrap();
    let words: Vec<String> = command.split_inclusive(' ').fold(Vec::new(), |mut words: Vec<String>, part| {
        match words.last_mut() {
            Some(open) if open.matches('\'').count() % 2 == 1 => open.push_str(part),
            _ => words.push(part.to_owned()),
        }
        words
    });
    let words: Vec<String> = words.iter().map(|word| word.trim().replace('\'', "")).collect();
    let merged = digest.run(&words.iter().map(String::as_str).collect::<Vec<_>>());
    assert!(merged.success, "{command}\n{}", merged.stderr);
    assert!(!digest.run(&["check"]).stdout.contains("duplicate-terms"));
}

#[test]
fn concurrent_merges_lose_nothing() {
    let digest = digest_with_registry("");
    let merges: Vec<_> = (0..8)
        .map(|n| {
            std::process::Command::new(crate::driver::newsprint())
                .args(["terms", "merge", "keywords", &format!("别名{n}"), "--into", "开源", "-q"])
                .current_dir(digest.path(""))
                .stderr(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    let done = merges
        .into_iter()
        .filter_map(|mut merge| merge.wait().ok())
        .filter(|status| status.success())
        .count();
    // A merge waits for the one that has the lock.
    assert_eq!(done, 8);
    assert_eq!(digest.read("content/terms.yaml").matches("- 别名").count(), done);
}

#[test]
fn registry_lines_of_check_can_be_pasted() {
    let digest = digest_with_registry("");
    let json: serde_json::Value =
        serde_json::from_str(&digest.run(&["check", "--json", "-q"]).stdout).unwrap();
    let pasted: String =
        json["findings"].as_array().unwrap().iter().filter_map(|finding| finding["paste"].as_str()).collect();
    digest.write("content/terms.yaml", format!("keywords:\n{pasted}"));
    digest.build();
    let checked = digest.run(&["check", "--strict"]);
    assert!(checked.success, "{}{}", checked.stdout, checked.stderr);
}

#[test]
fn the_numbered_pages_of_a_merged_term_lead_to_those_of_its_new_name() {
    let mut digest = Digest::new()
        .configured("paginate_by: 2")
        .file("content/terms.yaml", "keywords:\n- name: 新名\n  aliases: [旧名]\n");
    for n in 1..=5 {
        digest = digest.article(
            &format!("a{n}"),
            &format!("title: {n}\ndate: 2024-01-0{n}\nkeywords: [旧名]\n"),
            "x",
        );
    }
    digest.build();
    for page in ["", "page/1/", "page/2/"] {
        assert!(digest.exists(&format!("public/keywords/新名/{page}index.html")), "{page}");
        let old = digest.page(&format!("keywords/旧名/{page}index.html"));
        assert!(old.contains(&format!("url=/keywords/%E6%96%B0%E5%90%8D/{page}\"")), "{old}");
    }
    assert!(!digest.exists("public/keywords/旧名/page/3/index.html"));
}
