//! content/terms.yaml: terms are merged, renamed, described and hidden, and old addresses lead on.

use crate::driver::Digest;

fn digest(registry: &str) -> Digest {
    Digest::new()
        .article("a", "title: 甲\ndate: 2024-01-01\nkeywords: [GPT4, 开源]\n", "x")
        .article("b", "title: 乙\ndate: 2024-02-01\nkeywords: [GPT-4, 无]\n", "x")
        .article("c", "title: 丙\ndate: 2024-03-01\nkeywords: [gpt 4]\n", "x")
        .file("content/terms.yaml", registry)
}

const MERGED: &str =
    "keywords:\n  - name: GPT-4\n    aliases: [GPT4, gpt 4, 从未用过]\n    description: 一个模型\n";

#[test]
fn aliases_are_one_term_and_their_old_addresses_lead_on() {
    let digest = digest(MERGED);
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
    // Cards and machines are told the merged name, once.
    let article = digest.page("articles/a/index.html");
    assert!(
        article.contains("href=\"/keywords/gpt-4/\">GPT-4</a>") && !article.contains("GPT4"),
        "{article}"
    );
}

#[test]
fn whoever_subscribed_to_an_old_feed_goes_on_getting_the_articles() {
    let digest = digest(MERGED);
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
fn the_registry_decides_how_a_term_is_called_and_where_it_stands() {
    let digest = digest("keywords:\n- name: 开放源代码\n  aliases: [开源]\n  slug: open-source\n");
    digest.build();
    assert!(digest.main("keywords/open-source/index.html").contains("<h1>开放源代码</h1>"));
    for old in ["开源", "开放源代码"] {
        assert!(digest.page(&format!("keywords/{old}/index.html")).contains("url=/keywords/open-source/"));
    }
    assert!(digest.main("articles/a/index.html").contains("href=\"/keywords/open-source/\">开放源代码</a>"));
}

#[test]
fn a_hidden_term_is_shown_nowhere() {
    let digest = digest("keywords:\n- name: 无\n  hidden: true\n");
    digest.build();
    assert!(!digest.exists("public/keywords/无"));
    for page in ["keywords/index.html", "keywords/a-z/index.html", "articles/b/index.html", "index.html"] {
        assert!(!digest.main(page).contains(">无<"), "{page}");
    }
}

#[test]
fn what_contradicts_itself_is_told_with_its_line() {
    let told = digest(
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
        assert!(told.contains(wanted), "{wanted}\n{told}");
    }
    // One mistake is told once: what a refused slug would clash with is no further one.
    assert!(!told.contains("two files have the path"), "{told}");
    let told = digest("keywords:\n- name: 开源\n  slug: gpt-4\n").build_fails();
    assert!(
        told.contains("the slug `gpt-4` belongs to the term `GPT-4`\n --> content/terms.yaml:3:9"),
        "{told}"
    );
    let told = digest("关键词:\n- 开源\nkeywords:\n- name: 开源\n  slug: recent\n").build_fails();
    assert!(
        told.contains("write `keywords:` here") && told.contains("the slug `recent` is reserved"),
        "{told}"
    );
}

#[test]
fn terms_of_few_articles_can_go_without_a_page() {
    let digest = digest("").configured("taxonomies:\n- name: keywords\n  min_articles: 2");
    let digest = digest.article("d", "title: 丁\nkeywords: [开源]\n", "x");
    digest.build();
    assert!(digest.exists("public/keywords/开源/index.html"));
    assert!(!digest.exists("public/keywords/gpt-4"));
    let article = digest.main("articles/b/index.html");
    assert!(article.contains("<span class=\"term keywords\">GPT-4</span>"), "{article}");
    assert!(digest.main("keywords/index.html").contains("1 个词条"));
}

#[test]
fn slugs_can_be_ascii_alone() {
    let digest = digest("").configured("slugs: ascii");
    digest.build();
    assert!(digest.exists("public/keywords/kai-yuan~5f006e90/index.html"));
    let terms = digest.site().into_keys().filter(|path| path.starts_with("keywords/")).collect::<Vec<_>>();
    assert!(terms.iter().all(|path| path.is_ascii()), "{terms:?}");
}

#[test]
fn terms_are_merged_by_a_command_and_the_file_keeps_its_comments() {
    let digest = digest("# 编辑的话\nkeywords:\n  - name: 开源 # 不要改\n");
    let merged = digest.run(&["terms", "merge", "keywords", "GPT4", "gpt 4", "--into", "GPT-4"]);
    assert!(merged.success, "{}", merged.stderr);
    assert_eq!(
        digest.read("content/terms.yaml"),
        "# 编辑的话\nkeywords:\n  - name: 开源 # 不要改\n  - name: GPT-4\n    aliases:\n      - GPT4\n      - gpt 4\n"
    );
    digest.build();
    assert!(digest.main("keywords/gpt-4/index.html").contains("3 篇文章"));
    let list = digest.run(&["terms", "list", "keywords", "--json", "-q"]).stdout;
    let list: serde_json::Value = serde_json::from_str(&list).unwrap();
    assert_eq!(list["terms"][0]["name"], "GPT-4");
    assert_eq!(list["terms"][0]["count"], 3);
    assert_eq!(list["terms"][0]["aliases"], serde_json::json!(["GPT4", "gpt 4"]));
    assert!(digest.run(&["terms", "list"]).stdout.contains("     3  GPT-4  (also GPT4, gpt 4)\n"));
}

#[test]
fn a_merge_that_cannot_be_done_changes_nothing_and_says_why() {
    let digest = digest(MERGED);
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
fn a_check_tells_what_is_likely_wrong_with_terms_and_changes_nothing() {
    let digest =
        digest("").article("d", "title: 丁\nkeywords: [機器學習, 机器学习]\nindustries: [开源]\n", "x");
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
fn entries_of_their_own_say_that_two_terms_are_two() {
    let digest = digest(
        "keywords:\n- GPT-4\n- GPT4\n- name: 无\n  description: 佛经\n- 开源\n- 开原\nindustries:\n- 开源\n",
    )
    .article("d", "title: 丁\nindustries: [开源]\n", "x");
    let found = digest.run(&["check"]).stdout;
    for wanted in [
        "add `hidden: true` to the entry on line 4 of content/terms.yaml, or remove the term from content/articles/b.md",
        "unused-entry: keywords: no article carries 开原\n --> content/terms.yaml:7:3\n  check the spelling on line 7",
    ] {
        assert!(found.contains(wanted), "{wanted}\n{found}");
    }
    assert!(!found.contains("two-taxonomies") && !found.contains("duplicate-terms"), "{found}");
}

#[test]
fn a_command_that_a_check_gives_works_for_names_that_begin_with_a_hyphen() {
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
fn merges_at_once_lose_nothing() {
    let digest = digest("");
    let merges: Vec<_> = (0..8)
        .map(|n| {
            std::process::Command::new(env!("CARGO_BIN_EXE_newsprint"))
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
    // One that could not have the lock says so and fails; none says that it wrote what is not there.
    assert_eq!(digest.read("content/terms.yaml").matches("- 别名").count(), done);
    assert!(done > 0);
}

#[test]
fn lines_that_a_check_gives_can_be_pasted() {
    let digest = digest("");
    let json: serde_json::Value =
        serde_json::from_str(&digest.run(&["check", "--json", "-q"]).stdout).unwrap();
    let pasted: String =
        json["findings"].as_array().unwrap().iter().filter_map(|finding| finding["paste"].as_str()).collect();
    digest.write("content/terms.yaml", format!("keywords:\n{pasted}"));
    digest.build();
    let checked = digest.run(&["check", "--strict"]);
    assert!(checked.success, "{}{}", checked.stdout, checked.stderr);
}
