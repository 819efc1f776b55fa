//! The output folder: only changed files are written, only newsprint's own files are replaced or
//! removed, and a failed build changes nothing.

use std::fs;

use crate::driver::Digest;

#[test]
fn a_second_build_writes_nothing() {
    let digest = Digest::with_articles(5);
    digest.build();
    let before = digest.times();
    let report = digest.report();
    assert_eq!(report["written"], 0);
    assert_eq!(report["unchanged"], report["files"]);
    assert_eq!(digest.times(), before);
}

#[test]
fn an_edited_body_rewrites_its_page_and_its_feed() {
    let digest = Digest::with_articles(5);
    digest.build();
    let before = digest.times();
    digest.write(
        "content/articles/0003.md",
        digest.read("content/articles/0003.md").replace("正文 3", "正文三。"),
    );
    digest.build();
    let after = digest.times();
    let touched: Vec<&String> =
        after.iter().filter(|(path, time)| before[*path] != **time).map(|(path, _)| path).collect();
    // Without a summary the excerpt of the body is part of the article's card, so that the feed
    // changes as well, although cards show the event.
    assert!(
        touched.contains(&&"articles/0003/index.html".to_owned())
            && touched.contains(&&"feed.xml".to_owned())
    );
    assert!(!touched.contains(&&"articles/0001/index.html".to_owned()), "{touched:?}");
    assert!(!touched.contains(&&"newsprint.css".to_owned()));
}

#[test]
fn an_obsolete_page_is_removed_with_its_empty_folder() {
    let digest = Digest::with_articles(2).article("gone", "title: 去\nkeywords: [去词]\n", "x");
    digest.build();
    digest.write("public/keywords/去词/mine.txt", "not newsprint's");
    digest.remove("content/articles/gone.md");
    digest.build();
    assert!(!digest.exists("public/articles/gone"));
    assert!(!digest.exists("public/keywords/去词/index.html"));
    assert_eq!(digest.page("keywords/去词/mine.txt"), "not newsprint's");
}

#[test]
fn a_foreign_file_is_never_overwritten_without_force() {
    let digest = Digest::with_articles(1)
        .file("public/robots.txt", "User-agent: mine\n")
        .file("public/note.txt", "keep");
    let stderr = digest.build_fails();
    assert!(stderr.contains("public/robots.txt") && stderr.contains("--force"), "{stderr}");
    assert_eq!(digest.page("robots.txt"), "User-agent: mine\n");
    assert_eq!(digest.site().len(), 2, "a failed build wrote other files");
    assert!(digest.run(&["build", "--force"]).success);
    assert!(digest.page("robots.txt").contains("Sitemap"));
    assert_eq!(digest.page("note.txt"), "keep");
}

#[test]
fn a_changed_or_deleted_output_file_is_restored() {
    let digest = Digest::with_articles(1);
    digest.build();
    let wanted = digest.page("index.html");
    digest.write("public/index.html", "vandalised");
    digest.remove("public/404.html");
    digest.build();
    assert_eq!(digest.page("index.html"), wanted);
    assert!(digest.exists("public/404.html"));
}

#[test]
fn without_the_build_cache_newsprint_recognises_its_files() {
    let digest = Digest::with_articles(2);
    digest.build();
    let before = digest.site();
    fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    digest.write("content/articles/0001.md", "---\ntitle: 变了\n---\nx\n");
    digest.remove("content/articles/0002.md");
    digest.write("static/newsprint.css", "body {}");
    digest.build();
    assert_ne!(digest.site(), before);
    assert!(!digest.exists("public/articles/0002"), "an obsolete page was not removed");
    assert_eq!(digest.page("newsprint.css"), "body {}");
    assert!(digest.page("articles/0001/index.html").contains("变了"));
}

#[test]
fn a_moved_digest_recognises_its_files() {
    let digest = Digest::bare();
    digest.run(&["init", "before"]);
    digest.run(&["-r", "before", "new", "要删的"]);
    assert!(digest.run(&["-r", "before", "build"]).success);
    fs::rename(digest.path("before"), digest.path("after")).unwrap();
    let articles = fs::read_dir(digest.path("after/content/articles")).unwrap();
    let article =
        articles.map(|entry| entry.unwrap().path()).find(|path| path.to_string_lossy().contains("要删的"));
    fs::remove_file(article.unwrap()).unwrap();
    assert!(digest.run(&["-r", "after", "build"]).success);
    let pages: Vec<String> = crate::driver::tree(&digest.path("after/public/articles")).into_keys().collect();
    assert!(!pages.iter().any(|page| page.contains("要删的")), "{pages:?}");
    assert!(pages.iter().any(|page| page.ends_with("-hello-newsprint/index.html")), "{pages:?}");
}

#[test]
fn a_failed_build_does_not_change_the_site() {
    let digest = Digest::with_articles(2);
    digest.build();
    let before = (digest.site(), digest.times());
    let digest = digest.article("bad", "date: 昨天\n", "x").article("new", "title: 新\n", "x");
    digest.build_fails();
    assert_eq!((digest.site(), digest.times()), before);
    digest.remove("content/articles/bad.md");
    let digest = digest.file("templates/term.html", "{{ nothing }}");
    digest.build_fails();
    assert_eq!((digest.site(), digest.times()), before);
}

#[test]
fn an_output_folder_that_overlaps_the_sources_is_refused() {
    let digest = Digest::with_articles(1);
    for folder in
        [".", "..", "content", "content/articles/x", "templates", "static", ".newsprint", "a/../content"]
    {
        let outcome = digest.run(&["build", "-o", folder]);
        assert_eq!(outcome.code, 1, "{folder}");
        assert!(outcome.stderr.contains("the output folder"), "{}", outcome.stderr);
    }
    assert!(digest.read("content/articles/0001.md").contains("第 1 篇"));
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_in_the_output_is_not_followed() {
    let digest = Digest::with_articles(1);
    fs::create_dir_all(digest.path("public")).unwrap();
    fs::create_dir_all(digest.path("elsewhere")).unwrap();
    std::os::unix::fs::symlink(digest.path("elsewhere"), digest.path("public/articles")).unwrap();
    let stderr = digest.build_fails();
    assert!(stderr.contains("symbolic link"), "{stderr}");
    assert_eq!(fs::read_dir(digest.path("elsewhere")).unwrap().count(), 0);
}

#[test]
fn a_foreign_file_in_place_of_a_folder_is_an_error() {
    let digest = Digest::with_articles(1).file("public/articles", "a file");
    let stderr = digest.build_fails();
    assert!(
        stderr.contains("public/articles")
            && stderr.contains("this path has to be a folder, but it is a file"),
        "{stderr}"
    );
    assert_eq!(digest.page("articles"), "a file");
    assert_eq!(digest.site().len(), 1);
}

#[test]
fn paths_that_are_equal_on_some_file_systems_are_an_error() {
    let digest = Digest::new().file("static/Robots.txt", "x");
    let stderr = digest.build_fails();
    assert!(stderr.contains("Robots.txt") && stderr.contains("robots.txt"), "{stderr}");
    let digest = Digest::new().file("content/pages/archive.md", "---\ntitle: x\n---\n");
    let stderr = digest.build_fails();
    assert!(
        stderr.contains("content/pages/archive.md:2:") && stderr.contains("archive/index.html"),
        "{stderr}"
    );
}

#[test]
fn a_foreign_file_stays_foreign_after_a_failed_build() {
    let digest = Digest::with_articles(3).file("public/robots.txt", "User-agent: mine\n");
    digest.build_fails();
    // A refused build leaves no journal, which would name the foreign file as newsprint's own.
    let cache = fs::read_dir(digest.path(".newsprint")).unwrap();
    assert!(
        cache
            .map(|entry| entry.unwrap().file_name())
            .all(|name| !name.to_string_lossy().ends_with("journal"))
    );
    digest.build_fails();
    assert_eq!(digest.page("robots.txt"), "User-agent: mine\n");
}

#[test]
fn a_forged_journal_cannot_touch_files_outside_the_output() {
    let digest = Digest::with_articles(1);
    digest.build();
    let cache = fs::read_dir(digest.path(".newsprint")).unwrap();
    let manifest = cache
        .map(|entry| entry.unwrap().path())
        .find(|path| path.to_string_lossy().contains("manifest-"))
        .unwrap();
    for line in [
        "../newsprint.yaml",
        "ours ../newsprint.yaml",
        "ours ../content/articles/0001.md",
        "staged ../newsprint.yaml",
    ] {
        fs::write(manifest.with_extension("journal"), format!("{line}\n")).unwrap();
        digest.build();
        assert!(digest.exists("newsprint.yaml") && digest.exists("content/articles/0001.md"), "{line}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_is_removed_behind_a_symbolic_link() {
    let digest =
        Digest::with_articles(1).article("gone", "title: t\n", "x").file("elsewhere/index.html", "mine");
    digest.build();
    fs::remove_dir_all(digest.path("public/articles/gone")).unwrap();
    std::os::unix::fs::symlink(digest.path("elsewhere"), digest.path("public/articles/gone")).unwrap();
    digest.remove("content/articles/gone.md");
    digest.build();
    assert_eq!(digest.read("elsewhere/index.html"), "mine");
}

#[cfg(unix)]
#[test]
fn a_symbolic_link_in_place_of_the_lock_file_is_not_followed() {
    let digest = Digest::with_articles(1).file("victim", "mine");
    digest.build();
    digest.remove(".newsprint/lock");
    std::os::unix::fs::symlink(digest.path("victim"), digest.path(".newsprint/lock")).unwrap();
    digest.build_fails();
    assert_eq!(digest.read("victim"), "mine");
}

#[test]
fn an_output_file_may_become_a_folder_and_a_folder_a_file() {
    let digest = Digest::new().file("static/x", "file").file("static/y/a.txt", "a");
    digest.build();
    digest.remove("static/x");
    fs::remove_dir_all(digest.path("static/y")).unwrap();
    let digest = digest.file("static/x/z", "inner").file("static/y", "now a file");
    digest.build();
    assert_eq!((digest.page("x/z").as_str(), digest.page("y").as_str()), ("inner", "now a file"));
}

#[test]
fn a_foreign_folder_in_place_of_a_file_is_an_error_before_writing() {
    let digest = Digest::with_articles(2);
    digest.build();
    digest.remove("public/feed.xml");
    digest.write("public/feed.xml/mine.txt", "mine");
    let before = digest.site();
    digest.write("newsprint.yaml", digest.read("newsprint.yaml").replace("测试日报", "新名"));
    let stderr = digest.build_fails();
    assert!(stderr.contains("public/feed.xml") && stderr.contains("as it was"), "{stderr}");
    assert_eq!(digest.site(), before);
}

#[cfg(unix)]
#[test]
fn a_dangling_articles_folder_does_not_empty_the_site() {
    let digest = Digest::with_articles(2);
    digest.build();
    fs::rename(digest.path("content/articles"), digest.path("away")).unwrap();
    std::os::unix::fs::symlink(digest.path("nowhere"), digest.path("content/articles")).unwrap();
    digest.build_fails();
    assert!(digest.exists("public/articles/0001/index.html"));
}

#[test]
fn an_alias_too_long_for_file_systems_is_an_error_before_writing() {
    let alias = vec!["很长的名字".repeat(20); 2].join("/");
    let digest = Digest::new().article("a", &format!("title: t\naliases: [/{alias}/]\n"), "x");
    digest.build_fails();
    assert!(!digest.exists("public"));
}

#[test]
fn a_concurrent_build_fails_and_names_the_other_process() {
    let digest = Digest::with_articles(1);
    digest.build();
    let lock = fs::File::options().read(true).write(true).open(digest.path(".newsprint/lock")).unwrap();
    lock.lock().unwrap();
    fs::write(digest.path(".newsprint/lock"), "4711").unwrap();
    let stderr = digest.build_fails();
    assert!(stderr.contains("newsprint is already running in this digest (process 4711)"), "{stderr}");
    lock.unlock().unwrap();
    digest.build();
}

#[test]
fn a_foreign_file_in_place_of_the_build_cache_is_named_in_the_error() {
    let digest = Digest::with_articles(1);
    digest.write(".newsprint", "mine");
    let stderr = digest.build_fails();
    assert!(stderr.contains("the state folder cannot be written"), "{stderr}");
    assert!(stderr.contains("--> .newsprint") && stderr.contains("move away what is there"), "{stderr}");
    assert_eq!(digest.read(".newsprint"), "mine");

    let digest = Digest::with_articles(2);
    digest.build();
    let cache = fs::read_dir(digest.path(".newsprint")).unwrap().map(|entry| entry.unwrap().file_name());
    let cache: Vec<String> = cache.map(|name| name.into_string().unwrap()).collect();
    let manifest = cache.iter().find(|name| name.starts_with("manifest-") && !name.contains('.')).unwrap();
    let journal = format!(".newsprint/{manifest}.journal");
    digest.write(&format!("{journal}/mine"), "");
    digest.remove("content/articles/0002.md");
    let stderr = digest.build_fails();
    assert!(
        stderr.contains("the journal cannot be written") && stderr.contains("--> .newsprint"),
        "{stderr}"
    );
}

#[test]
fn an_empty_folder_in_place_of_a_file_is_replaced() {
    let digest = Digest::with_articles(2);
    digest.build();
    for path in ["public/articles/0001/index.html", "public/feed.xml"] {
        digest.remove(path);
        std::fs::create_dir_all(digest.path(path).join("empty/inner")).unwrap();
    }
    digest.build();
    assert!(digest.path("public/articles/0001/index.html").is_file());
    assert!(digest.path("public/feed.xml").is_file());
}

#[test]
fn without_the_build_cache_foreign_files_are_kept() {
    let digest = Digest::with_articles(1);
    digest.build();
    digest.write("public/articles/0002/index.html", "mine");
    std::fs::copy(digest.path("public/index.html"), digest.path("public/keep.html")).unwrap();
    std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
    let digest = digest.article("0002", "title: 新\n", "x");
    assert!(digest.build_fails().contains("newsprint did not write it"));
    assert_eq!(digest.page("articles/0002/index.html"), "mine");
    digest.remove("public/articles/0002/index.html");
    digest.build();
    assert!(digest.exists("public/keep.html"));
}

#[test]
fn an_edited_body_with_an_event_rewrites_no_list_page() {
    let digest =
        Digest::new().article("a", "title: 甲\ndate: 2024-01-01\nevent: 事件\nkeywords: [词]\n", "正文一");
    digest.build();
    let before = digest.times();
    digest.write(
        "content/articles/a.md",
        "---\ntitle: 甲\ndate: 2024-01-01\nevent: 事件\nkeywords: [词]\n---\n\n正文二\n",
    );
    digest.build();
    let after = digest.times();
    let touched: Vec<&String> =
        before.iter().filter(|(path, time)| after[*path] != **time).map(|(path, _)| path).collect();
    assert_eq!(
        touched,
        [
            "api/articles.json",
            "articles/a/index.html",
            "feed.json",
            "feed.xml",
            "llms-full.txt",
            "search/index.bin",
            "search/s0-0.bin",
            "search/t0.bin"
        ]
    );
}

#[cfg(unix)]
#[test]
fn an_edit_that_keeps_size_and_modification_time_is_detected() {
    let digest = Digest::with_articles(2);
    let file = digest.path("content/articles/0001.md");
    let set_time = |time| fs::File::options().write(true).open(&file).unwrap().set_modified(time).unwrap();
    let long_ago = std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(1_600_000_000);
    set_time(long_ago);
    digest.build();
    // Waits until the recorded times are older than 2 s: before, the cache compares hashes, not
    // times.
    std::thread::sleep(std::time::Duration::from_millis(2100));
    digest.build();
    let text = digest.read("content/articles/0001.md");
    digest.write("content/articles/0001.md", text.replace("正文 1", "改了 1"));
    set_time(long_ago);
    digest.build();
    assert!(digest.page("articles/0001/index.html").contains("改了 1"));
}

/// The messages and paths of the warnings of a build that succeeds.
fn warnings(digest: &Digest) -> Vec<(String, String)> {
    let report = digest.report();
    assert_eq!(report["success"], true, "{report}");
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let found = report["diagnostics"].as_array().unwrap().iter();
    found.map(|found| (text(&found["message"]), text(&found["place"]["path"]))).collect()
}

#[test]
fn hidden_files_that_hosts_read_are_published_and_leftovers_are_not() {
    let published = [
        ".well-known/security.txt",
        ".well-known/acme-challenge/a_B",
        ".well-known/.hidden/x",
        ".nojekyll",
        ".htaccess",
        "sub/.htaccess",
        ".domains",
        "_headers",
        "_redirects",
        "CNAME.txt",
        "4913.txt",
        "a~b.txt",
    ];
    let leftovers = [
        ".git/config",
        ".gitignore",
        "sub/.gitkeep",
        ".DS_Store",
        ".well-known/.DS_Store",
        "._a.png",
        "Thumbs.db",
        "sub/desktop.ini",
        ".a.css.swp",
        "a.css~",
        "#a.css#",
        "4913",
        "~$a.docx",
        ".svn/entries",
        ".idea/x.xml",
    ];
    let mut digest = Digest::with_articles(1);
    for path in published.iter().chain(&leftovers) {
        digest = digest.file(&format!("static/{path}"), *path);
    }
    assert_eq!(warnings(&digest), []);
    for path in published {
        assert_eq!(digest.page(path), path);
    }
    for path in leftovers {
        assert!(!digest.exists(&format!("public/{path}")), "{path}");
    }
    // What is removed disappears, with its folders.
    fs::remove_dir_all(digest.path("static/.well-known")).unwrap();
    digest.build();
    assert!(!digest.exists("public/.well-known"));
    assert!(digest.run(&["build", "--verify"]).success);
}

#[test]
fn hidden_files_that_are_left_out_are_named_and_can_be_published() {
    let left_out = [".env", ".npmrc", "sub/.htpasswd", ".well-known/.env.local", ".foo", "sub/.bar/x.json"];
    let mut digest = Digest::with_articles(1);
    for path in left_out {
        digest = digest.file(&format!("static/{path}"), "x");
    }
    let found = warnings(&digest);
    let paths: Vec<&str> = found.iter().map(|(_, path)| path.as_str()).collect();
    // Four private ones have one warning.
    assert_eq!(paths, ["static/.env", "static/.foo", "static/sub/.bar"], "{found:?}");
    assert!(found[0].0.contains("`static/.env`") && found[0].0.contains("1 other"), "{found:?}");
    for path in left_out {
        assert!(!digest.exists(&format!("public/{path}")), "{path}");
    }
    let digest = digest.configured("dot_files: [.foo, .bar]");
    assert_eq!(warnings(&digest).len(), 1);
    assert!(digest.exists("public/.foo") && digest.exists("public/sub/.bar/x.json"));
    let errors = digest
        .configured("")
        .file("newsprint.yaml", "title: x\nbase_url: https://a.cn/\ndot_files:\n- .env\n")
        .build_fails();
    assert!(errors.contains("newsprint.yaml:4:3") && errors.contains("may hold passwords"), "{errors}");
}

/// A contributor of files cannot publish a hidden file of the digest by the name of one that is
/// published.
#[cfg(unix)]
#[test]
fn a_link_at_a_published_hidden_name_does_not_lead_to_other_hidden_files() {
    for (target, link) in [
        (".git", "static/.well-known"),
        (".env", "static/.htaccess"),
        (".git/config", "static/.well-known/security.txt"),
        (".git", "static/.well-known/dir"),
        ("static/.well-known/.env", "static/env.txt"),
    ] {
        let digest = Digest::with_articles(1).file(".git/config", "token").file(".env", "secret");
        if link != "static/.well-known" {
            digest.write("static/.well-known/.env", "secret");
        }
        digest.write("static/a.txt", "a");
        std::os::unix::fs::symlink(digest.path(target), digest.path(link)).unwrap();
        let errors = digest.build_fails();
        assert!(errors.contains("a symbolic link leads to a hidden file of the digest"), "{link}: {errors}");
    }
    // Within the folder that is public anyway, links are followed.
    let digest = Digest::with_articles(1).file("static/.well-known/security-2.txt", "x");
    std::os::unix::fs::symlink("security-2.txt", digest.path("static/.well-known/security.txt")).unwrap();
    digest.build();
    assert_eq!(digest.page(".well-known/security.txt"), "x");
}

/// GNU Emacs marks an open file by a symbolic link to nothing, `.#name`.
#[cfg(unix)]
#[test]
fn an_open_editor_does_not_stop_a_build() {
    let digest = Digest::with_articles(1)
        .file("static/a.css", "a")
        .file("templates/parts/x.txt", "{% component x() %}{% endcomponent %}");
    for lock in [
        "content/articles/.#a.md",
        "content/pages/.#a.md",
        "content/.#x",
        "static/.#a.css",
        "templates/.#a.html",
    ] {
        fs::create_dir_all(digest.path(lock).parent().unwrap()).unwrap();
        std::os::unix::fs::symlink("name@host.123:456", digest.path(lock)).unwrap();
    }
    assert_eq!(warnings(&digest), []);
    // Another link to nothing is an error, as before.
    std::os::unix::fs::symlink("nothing", digest.path("static/b.css")).unwrap();
    assert!(digest.build_fails().contains("static/b.css"));
}

#[test]
fn files_that_are_not_read_are_named() {
    let files = [
        "content/posts/x.md",
        "content/x.md",
        "content/articles/x.markdown",
        "content/articles/y.mdx",
        "content/articles/x.txt",
        "content/articles/x.html",
        "content/pages/x.org",
        "content/articles/2024/chip.png",
        "content/terms.yml",
        "contents/a.md",
        "template/a.html",
        "statics/a.css",
        "templates/i18n/zh-cn.yaml",
    ];
    for path in files {
        let digest = Digest::with_articles(1).file(path, "---\ntitle: x\n---\n");
        let found = warnings(&digest);
        assert_eq!(found.len(), 1, "{path}: {found:?}");
        let named = found[0].1.as_str();
        assert!(named == path || path.starts_with(&format!("{named}/")), "{path}: {found:?}");
        assert_eq!(digest.site().len(), {
            digest.remove(path);
            digest.build();
            digest.site().len()
        });
    }
    let mut quiet = Digest::with_articles(1);
    for path in [
        "content/README.md",
        "content/posts/README",
        "content/.gitkeep",
        "content/articles/.0001.md.swp",
        "content/articles/0001.md~",
        "content/articles/#0001.md#",
        "content/articles/4913",
        "content/.DS_Store",
        "content/articles/Thumbs.db",
        "content/terms.yaml",
        "content/redirects.yaml",
        "posts/x.md",
        "notes.txt",
        "README.md",
        "assets/a.png",
        "templates/base.html~",
    ] {
        quiet = quiet.file(path, "");
    }
    assert_eq!(warnings(&quiet), []);
}

#[test]
fn five_hundred_files_that_are_not_read_have_one_warning() {
    let mut digest = Digest::with_articles(1);
    for n in 0..500 {
        digest = digest.file(&format!("content/posts/{n:03}.md"), "x");
    }
    let found = warnings(&digest);
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(found[0].0.contains("497 others") && found[0].0.contains("content/articles"), "{found:?}");
    let checked = digest.run(&["check"]);
    assert!(checked.success && checked.stderr.contains("content/posts/000.md"), "{}", checked.stderr);
}
