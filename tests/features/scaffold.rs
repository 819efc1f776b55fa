//! `init` creates a digest and `new` creates an article; both build without warnings.

use crate::driver::Digest;

#[test]
fn a_new_digest_builds_without_warnings() {
    let digest = Digest::bare();
    let outcome = digest.run(&["init", "my-digest"]);
    assert!(outcome.success && outcome.stderr.contains("cd my-digest"), "{}", outcome.stderr);
    for path in [
        "newsprint.yaml",
        "content/terms.yaml",
        ".github/workflows/pages.yml",
        ".gitignore",
        "content/pages/about.md",
    ] {
        assert!(digest.exists(&format!("my-digest/{path}")), "{path}");
    }
    let outcome = digest.run(&["build", "-r", "my-digest", "--strict"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let mut pages = crate::driver::tree(&digest.path("my-digest/public/articles")).into_keys();
    assert!(pages.any(|page| page.ends_with("-hello-newsprint/index.html")));
}

#[test]
fn init_keeps_existing_files() {
    let digest = Digest::bare().file("d/newsprint.yaml", "title: 我的\n");
    let outcome = digest.run(&["init", "d"]);
    assert!(outcome.success && outcome.stderr.contains("kept    d/newsprint.yaml"), "{}", outcome.stderr);
    assert_eq!(digest.read("d/newsprint.yaml"), "title: 我的\n");
}

#[test]
fn init_fails_where_a_file_has_the_name_of_the_folder() {
    let digest = Digest::bare().file("d", "a file");
    let outcome = digest.run(&["init", "d"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("this is a file"), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.matches("error: ").count(), 1, "{}", outcome.stderr);
}

#[test]
fn a_new_article_builds_without_warnings() {
    let digest = Digest::new();
    let outcome = digest.run(&["new", "他说：“a: b” #1"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(digest.run(&["build", "--strict"]).success);
    assert!(digest.main("index.html").contains("他说：“a: b” #1"));
    let again = digest.run(&["new", "他说：“a: b” #1"]);
    assert_eq!(again.code, 1, "{}", again.stderr);
    assert_eq!(digest.run(&["new", " "]).code, 1);
}

#[test]
fn the_commands_of_the_new_workflow_succeed_in_the_new_digest() {
    let digest = Digest::bare();
    assert!(digest.run(&["init", "."]).success);
    digest.write(
        "records/2026-11-24.txt",
        "标题: 某公司发布新模型\n链接: https://example.com/1\n总结: 新模型今天发布，参数公开。\n关键词: 开源\n",
    );
    let workflow = digest.read(".github/workflows/pages.yml");
    let mut ran = Vec::new();
    for line in workflow.lines() {
        let Some(command) = line.trim().strip_prefix("run: newsprint ") else { continue };
        let command = command
            .replace("\"$BASE\"", "https://user.github.io/my-digest/")
            .replace("${ALLOW:+--allow \"${ALLOW// /}\"}", "--allow fewer-pages");
        let outcome = digest.run(&command.split(' ').collect::<Vec<_>>());
        assert!(outcome.success, "{command}: {}{}", outcome.stdout, outcome.stderr);
        ran.push(command.split(' ').next().unwrap().to_owned());
    }
    assert_eq!(ran, ["import", "check", "build"]);
    assert!(digest.page("feed.xml").contains("https://user.github.io/my-digest/articles/"));
    assert!(digest.page("keywords/开源/index.html").contains("某公司发布新模型"));
}

#[test]
fn the_steps_that_fetch_are_comments_of_the_new_workflow() {
    let digest = Digest::bare();
    assert!(digest.run(&["init", "."]).success);
    let workflow = digest.read(".github/workflows/pages.yml");
    let names = |text: &str| -> Vec<String> {
        let workflow: serde_yaml::Value = serde_yaml::from_str(text).unwrap();
        let steps = workflow["jobs"]["deploy"]["steps"].as_sequence().unwrap().clone();
        steps.iter().filter_map(|step| step["name"].as_str()).map(str::to_owned).collect()
    };
    assert_eq!(names(&workflow), ["Install newsprint", "Import", "Check", "Build"]);
    let (before, rest) = workflow.split_once("      # - name: Fetch\n").unwrap();
    let (steps, after) = rest.split_once("      #\n").unwrap();
    let steps = steps.replace("      # ", "      ");
    let fetching = format!("{before}      - name: Fetch\n{steps}{after}");
    let wanted = ["Install newsprint", "Fetch", "Keep the articles", "Import", "Check", "Build"];
    assert_eq!(names(&fetching), wanted);
    // Each command of the pipe exists.
    for command in ["fetch", "import"] {
        assert!(fetching.contains(&format!("newsprint {command} ")), "{command}");
        assert!(digest.run(&[command, "--help"]).success, "{command}");
    }
}

#[test]
fn init_in_a_digest_keeps_its_hidden_files() {
    let digest = Digest::bare();
    assert!(digest.run(&["init", "."]).success);
    let ignored = digest.read(".gitignore");
    let again = digest.run(&["init", "."]);
    assert!(again.success, "{}", again.stderr);
    assert_eq!(digest.read(".gitignore"), ignored);
}

#[test]
fn init_takes_the_settings_of_an_old_site() {
    let digest = Digest::bare()
        .file("old/hugo.toml", "title = '旧: 站'\nbaseURL = 'https://old.example/blog'\nlanguageCode = 'zh-CN'\ntimeZone = 'Asia/Tokyo'\ntheme = 'x'\n[pagination]\npagerSize = 7\n[taxonomies]\ntag = 'tags'\nseries = 'series'\n")
        .file("old/content/posts/a.md", "---\ntitle: 甲\ndate: 2024-05-06\ntags: [开源]\nseries: [连载]\n---\n正文。\n");
    let outcome = digest.run(&["init", "d", "--from", "hugo", "old"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let settings = digest.read("d/newsprint.yaml");
    for line in [
        "title: \"旧: 站\"",
        "base_url: https://old.example/blog/",
        "timezone: Asia/Tokyo",
        "paginate_by: 7",
        "  id_base: ",
        "  - name: keywords\n    path: tags\n  - name: series",
        "# - `theme`: it is for the templates and programs of hugo",
    ] {
        assert!(settings.contains(line), "{line} in {settings}");
    }
    let outcome = digest.run(&["import", "-r", "d", "--from", "hugo", "old/content/posts"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(digest.run(&["build", "-r", "d"]).success);
    assert!(
        digest.exists("d/public/tags/开源/index.html") && digest.exists("d/public/series/连载/index.html")
    );
    let outcome = digest.run(&["init", "e", "--from", "hexo", "old"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("no configuration of hexo"), "{}", outcome.stderr);
    let outcome = digest.run(&["init", "e", "--from", "ghost", "old"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("`ghost` is not a generator"), "{}", outcome.stderr);
}

/// The newsprint.yaml of `init new --from GENERATOR old/PATH`; the digest holds no sample.
fn settings_of(digest: &Digest, generator: &str, path: &str) -> String {
    let outcome = digest.run(&["init", "new", "--from", generator, &format!("old/{path}")]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("newsprint import --from"), "{}", outcome.stderr);
    assert!(!digest.exists("new/content/articles") && !digest.exists("new/content/pages"));
    let settings = digest.read("new/newsprint.yaml");
    assert!(!settings.contains("我的科技日报") && !settings.contains("每天几分钟"), "{settings}");
    assert!(!settings.contains("/about/"), "{settings}");
    let built = digest.run(&["build", "-r", "new"]);
    assert!(built.success, "{}", built.stderr);
    settings
}

fn assert_lines(settings: &str, lines: &[&str]) {
    for line in lines {
        assert!(settings.contains(line), "{line} in {settings}");
    }
}

#[test]
fn init_takes_the_settings_of_an_export_and_of_a_vault() {
    let export = "<rss xmlns:wp='http://wordpress.org/export/1.2/'><channel><title>旧站</title><link>https://o.example</link><language>zh-TW</language></channel></rss>";
    let digest = Digest::bare().file("old/export.xml", export).file("old/other.xml", "<rss/>");
    let settings = settings_of(&digest, "wordpress", "export.xml");
    assert_lines(
        &settings,
        &["title: 旧站\n", "base_url: https://o.example/\n", "language: zh-TW\n", "description: \"\"\n"],
    );
    assert_lines(&settings, &["menu: []\n", "# - the time zone, which an export does not name"]);
    let outcome = digest.run(&["init", "e", "--from", "wordpress", "old/other.xml"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("not an export"), "{}", outcome.stderr);
    let outcome = digest.run(&["init", "e", "--from", "wordpress", "old/none.xml"]);
    assert!(outcome.code == 1 && outcome.stderr.contains("cannot be read"), "{}", outcome.stderr);
    let digest = Digest::bare().file("old/我的库/甲.md", "文\n");
    let settings = settings_of(&digest, "obsidian", "我的库");
    assert_lines(&settings, &["title: 我的库\n", "# - a vault has no language"]);
}

#[test]
fn init_takes_what_code_says_and_names_the_rest() {
    let digest = Digest::bare()
        .file("old/eleventy.config.js", "export default function (config) {}\n")
        .file("old/_data/metadata.json", "{\"title\": \"旧站\", \"url\": \"https://o.example\"}");
    let settings = settings_of(&digest, "eleventy", "");
    let code = "# - the configuration of eleventy is code, which is not run";
    assert_lines(&settings, &["title: 旧站\n", "base_url: https://o.example/\n", code]);
    let digest = Digest::bare().file("old/站/a.md", "文\n");
    let settings = settings_of(&digest, "eleventy", "站");
    assert_lines(&settings, &["title: 站\n", "# - the title, which", "# - the address of the site", code]);
}

#[test]
fn params_of_hugo_are_taken_or_named() {
    let digest = Digest::bare().file(
        "old/hugo.toml",
        "title = '旧站'\n[params]\ndescription = '一句话'\nauthor = '某人'\ndateFormat = '2006'\n[params.social]\nx = 1\n",
    );
    let settings = settings_of(&digest, "hugo", "");
    assert_lines(&settings, &["description: 一句话\n", "author: 某人\n"]);
    assert_lines(&settings, &["# - `params.dateFormat`, `params.social`: for the templates of hugo\n"]);
}

#[test]
fn a_new_digest_has_chinese_comments_where_messages_are_chinese() {
    let digest = Digest::bare();
    for tag in ["zh-CN", "en"] {
        let outcome = digest.run(&["init", tag, "--lang", tag]);
        assert!(outcome.success, "{}", outcome.stderr);
        let outcome = digest.run(&["build", "-r", tag, "--strict"]);
        assert!(outcome.success, "{}", outcome.stderr);
        let outcome = digest.run(&["check", "-r", tag]);
        assert!(outcome.success, "{}{}", outcome.stdout, outcome.stderr);
    }
    for (path, chinese, english) in [
        ("newsprint.yaml", "# 日报的设置。", "# The settings of the digest."),
        ("content/terms.yaml", "# 词条登记表，", "# The registry of terms,"),
        (".github/workflows/pages.yml", "# 检查并构建日报，", "# Checks and builds the digest"),
    ] {
        assert!(digest.read(&format!("zh-CN/{path}")).starts_with(chinese), "{path}");
        assert!(digest.read(&format!("en/{path}")).starts_with(english), "{path}");
    }
    // Both are the same site.
    let site = |tag: &str| crate::driver::tree(&digest.path(&format!("{tag}/public")));
    assert_eq!(site("zh-CN"), site("en"));
}

#[test]
fn what_was_not_carried_over_is_a_chinese_comment_where_messages_are_chinese() {
    let digest = Digest::bare()
        .file("old/hugo.toml", "title = '旧站'\nbaseURL = 'https://old.example/'\nlanguageCode = 'fr'\ntheme = 'x'\n[params]\na = 1\n[menus]\n[[menus.main]]\nname = '文章'\nurl = '/posts/'\n[languages.fr]\n[languages.de]\n");
    let outcome = digest.run(&["init", "d", "--from", "hugo", "old", "--lang", "zh-CN"]);
    assert!(outcome.success, "{}", outcome.stderr);
    let settings = digest.read("d/newsprint.yaml");
    assert_lines(
        &settings,
        &[
            "# 日报的设置。",
            "  # 订阅源及其条目的 id 以这个地址开头，网站换了地址也不变。\n  id_base: https://old.example/\n",
            "taxonomies:\n  - name: keywords\n    path: tags\n# 分类法的其他设置：\n# taxonomies:\n",
            "\n# hugo 的配置里没有带过来的内容：\n",
            "# - 语言 `fr`：",
            "# - 语言 fr、de：",
            "# - `theme`：只用于 hugo 的模板和程序\n",
            "# - 菜单里指向 `/posts/` 的链接 `文章`：",
        ],
    );
    let left = settings.split_once("没有带过来的内容：\n").unwrap().1;
    for line in left.lines() {
        assert!(line.starts_with("# - ") && line.contains('：'), "{line}");
    }
    let built = digest.run(&["build", "-r", "d"]);
    assert!(built.success, "{}", built.stderr);
}

#[test]
fn a_new_file_of_redirects_or_sources_begins_with_a_comment_in_the_language_of_messages() {
    let old = |digest: Digest| {
        digest
            .file("old/hugo.toml", "baseURL = 'https://old.example/'\n")
            .file("old/content/posts/a.md", "---\ntitle: 甲\ndate: 2024-05-06\ntags: [开源]\n---\n正文。\n")
            .file(
                "feeds.opml",
                "<opml version='2.0'><body><outline text='某报' xmlUrl='https://e.org/feed'/></body></opml>",
            )
    };
    for (first, second, redirects, sources) in [
        ("zh-CN", "en", "# 旧地址和它们指向的地址。", "# `newsprint fetch` 把这些网站"),
        ("en", "zh-CN", "# Old addresses and where they lead.", "# The sites whose new entries"),
    ] {
        let digest = old(Digest::new());
        let run = |tag: &str| {
            for arguments in [
                &["import", "--from", "hugo", "old/content/posts"] as &[&str],
                &["sources", "import", "feeds.opml"],
            ] {
                let outcome = digest.run(&[arguments, &["--lang", tag]].concat());
                assert!(outcome.success, "{}{}", outcome.stdout, outcome.stderr);
            }
            ["content/redirects.yaml", "sources.yaml"].map(|path| digest.read(path))
        };
        let files = run(first);
        assert!(files[0].starts_with(redirects) && files[1].starts_with(sources), "{files:#?}");
        // In the other language the files stay.
        assert_eq!(run(second), files);
    }
}
