//! Errors and warnings in a preview are shown until they are fixed.

use crate::driver::Digest;
use crate::preview::{Preview, wait_for};
use crate::serve::{SCRIPT, below_a_path, digest};

#[test]
fn a_failed_build_keeps_the_last_site_and_reports_its_errors() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    let before = preview.page("/");
    let good = digest.read("content/articles/0002.md");
    digest.write("content/articles/0002.md", good.replace("date: 2024-01-03", "date: <b>昨天</b>"));
    digest.write("content/articles/0003.md", "no front matter");
    let problems = wait_for("both errors", || {
        let event = events.next();
        (event["problems"]["texts"].as_array().map_or(0, Vec::len) == 2).then(|| event["problems"].clone())
    });
    assert_eq!(problems["title"], "The site cannot be built: 2 errors");
    let drawn = problems["texts"][0].as_str().unwrap();
    assert!(drawn.contains("content/articles/0002.md:3:7") && drawn.contains("<b>昨天</b>"), "{drawn}");
    preview.wait_for_line("content/articles/0002.md:3:7");
    preview.wait_for_line("content/articles/0003.md:1:1");
    preview.wait_for_line("not built: 2 errors; the preview stays as it was");
    assert_eq!(preview.page("/"), before);
    // A page opened later gets the errors, too.
    assert!(preview.page("/.newsprint/state?page=%2F").contains("2 errors"));
    digest.write("content/articles/0002.md", good);
    digest.remove("content/articles/0003.md");
    wait_for("the end of the problems", || events.next()["problems"].is_null().then_some(()));
    assert!(preview.page("/.newsprint/state?page=%2F").contains("\"problems\":null"));
    assert_eq!(preview.get("/articles/0003/").status, 404);
}

#[test]
fn a_configuration_error_is_reported_even_if_no_setting_changes() {
    let digest = digest();
    let good = digest.read("newsprint.yaml");
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    // The default that replaces the invalid number equals the value before, so that no setting
    // changes.
    digest.write("newsprint.yaml", format!("{good}paginate_by: zwanzig\n"));
    let problems = events.next()["problems"].clone();
    assert!(problems["texts"][0].as_str().unwrap().contains("newsprint.yaml:3:14"), "{problems}");
    digest.write("newsprint.yaml", format!("{good}langauge: zh-CN\n"));
    preview.wait_for_line("did you mean `language`?");
    digest.write("newsprint.yaml", good);
    preview.wait_for_line("newsprint.yaml: errors fixed, nothing to write");
}

#[test]
fn warnings_that_explain_an_error_are_shown_beside_it() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    digest.write("content/articles/0002.md", "---\ntitel: 错\n---\n");
    let problems = events.next()["problems"].clone();
    assert_eq!(problems["title"], "The site cannot be built: 1 error");
    assert!(problems["texts"].to_string().contains("did you mean `title`?"), "{problems}");
}

#[test]
fn aliases_redirect_within_the_preview() {
    let digest = below_a_path();
    digest.write("content/articles/甲.md", "---\ntitle: 甲\naliases: [/old/one/]\n---\n");
    let preview = Preview::start(&digest, &[]);
    let page = preview.page("/my-digest/old/one/");
    assert!(page.contains("content=\"0; url=/my-digest/articles/"), "{page}");
    assert!(
        page.contains("<link rel=\"canonical\" href=\"https://example.org/my-digest/articles/"),
        "{page}"
    );
}

#[test]
fn an_invalid_base_url_or_root_is_an_error_at_the_start() {
    let outcome = digest().run(&["serve", "--port", "0", "--base-url", "foo"]);
    assert_eq!(outcome.code, 1);
    assert!(
        outcome.stderr.contains("foo") && outcome.stderr.contains("--base-url https://"),
        "{}",
        outcome.stderr
    );
    let below = digest().file("content/articles/x/y.md", "---\ntitle: x\n---\n");
    let outcome = below.run(&["--root", "content/articles", "serve", "--port", "0"]);
    assert!(outcome.stderr.contains("there is a digest in "), "{}", outcome.stderr);
}

#[test]
fn a_changed_base_path_and_omitted_drafts_are_printed() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/below/\n");
    preview.wait_for_line(&format!("the preview is at http://127.0.0.1:{}/below/ now", preview.port));
    let text = digest.read("content/articles/0002.md");
    digest.write("content/articles/0002.md", text.replace("title:", "draft: true\ntitle:"));
    preview.wait_for_line("1 draft left out (show them with --drafts)");
}

#[test]
fn a_template_error_on_a_page_is_a_failed_build() {
    let digest = digest();
    let preview = Preview::start(&digest, &[]);
    let mut events = preview.events();
    digest.write("templates/article.html", "<p>\n{{ nothing.here }}</p>");
    let problems = events.next()["problems"].clone();
    assert!(problems["texts"][0].as_str().unwrap().contains("templates/article.html:2"), "{problems}");
    digest.write("templates/article.html", "<p>{{ article.title }} 自己的</p>");
    preview.wait_for_text("/articles/0001/", "自己的");
}

#[test]
fn a_failed_first_build_shows_its_errors_and_recovers() {
    let digest = digest();
    digest.write("newsprint.yaml", "title: [\n");
    let preview = Preview::start(&digest, &[]);
    let answer = wait_for("the first build", || {
        Some(preview.get("/any/where/")).filter(|answer| answer.status == 500)
    });
    assert!(
        answer.text().contains("newsprint.yaml:1:9") && answer.text().contains(SCRIPT),
        "{}",
        answer.text()
    );
    assert_eq!(answer.header("content-type"), Some("text/html; charset=utf-8"));
    digest.write("newsprint.yaml", "title: 好了\nbase_url: https://example.org/x/\n");
    preview.wait_for_text("/x/", "好了");
}

#[test]
fn diagnostics_are_escaped_in_the_error_page() {
    let digest = digest().article("bad", "title: 坏\ndate: \"<script>alert(1)</script>\"\n", "");
    let preview = Preview::start(&digest, &[]);
    let page =
        wait_for("the first build", || Some(preview.get("/")).filter(|answer| answer.status == 500)).text();
    assert!(page.contains("&lt;script&gt;alert(1)") && !page.contains("<script>alert"), "{page}");
}

#[test]
fn serve_fails_in_a_folder_without_a_configuration() {
    let digest = Digest::bare();
    let outcome = digest.run(&["serve", "--port", "0"]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("newsprint init"), "{}", outcome.stderr);
    assert!(!digest.exists(".newsprint"));
}
