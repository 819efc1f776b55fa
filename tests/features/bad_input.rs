//! Each kind of bad input is an error with a place, the source line and a help, and one build lists
//! all of them.

use crate::driver::Digest;

/// The standard error of a failed build of a digest with this article file.
fn build_errors(text: impl AsRef<[u8]>) -> String {
    Digest::new().file("content/articles/x.md", text).build_fails()
}

macro_rules! rejects {
    ($($name:ident: $text:expr;)*) => {
        $(#[test]
        fn $name() {
            insta::assert_snapshot!(build_errors($text));
        })*
    };
}

rejects! {
    no_front_matter: "只有正文\n";
    an_empty_file: "";
    an_unclosed_front_matter: "---\ntitle: 一\n\n正文\n";
    toml_front_matter: "+++\ntitle = \"一\"\n+++\n";
    a_missing_title: "---\nlink: https://e.org/\n---\nx\n";
    a_duplicate_key: "---\ntitle: 一\nlink: https://e.org/\ntitle: 二\n---\nx\n";
    a_bad_date: "---\ntitle: 马斯克炮轰\n日期: 昨天下午 # 什么时候？\n---\nx\n";
    a_day_that_does_not_exist: "---\ntitle: 一\ndate: 2026-02-30\n---\nx\n";
    a_link_that_runs_something: "---\ntitle: 一\n链接: javascript:alert(1)\n---\nx\n";
    a_link_without_a_scheme: "---\ntitle: 一\nlink: example.org/a\n---\nx\n";
    an_unquoted_colon: "---\ntitle: 他说: 好\n---\nx\n";
    an_unclosed_quote: "---\ntitle: \"一\nlink: https://e.org/\n---\nx\n";
    an_item_that_is_a_mapping: "---\ntitle: 一\nkeywords:\n- 马斯克: 炮轰\n---\nx\n";
    a_field_of_the_wrong_kind: "---\ntitle: [一]\ndraft: 也许\nextra: 1\nkeywords: {a: b}\n---\nx\n";
    an_alias_that_leaves_the_site: "---\ntitle: 一\naliases: [../../etc/passwd]\n---\nx\n";
    a_front_matter_that_is_a_list: "---\n- title\n---\nx\n";
    bytes_that_are_not_utf8: b"---\ntitle: \xD6\xD0\xCE\xC4\n---\nx\n";
    an_alias_bomb: format!("---\ntitle: 一\na: &a [x,x,x,x,x,x,x,x,x]\n{}---\n", (0..9).map(|n| {
        let previous = if n == 0 { "a".to_owned() } else { format!("b{}", n - 1) };
        format!("b{n}: &b{n} [{}]\n", vec![format!("*{previous}"); 9].join(","))
    }).collect::<String>());
}

#[test]
fn two_articles_with_the_same_url_are_an_error() {
    let digest = Digest::new()
        .article("2024-01-01-日报", "title: 一\n", "x")
        .article("2024-01-02-日报", "title: 二\n", "x")
        .article("other", "title: 三\nslug: 日报\n", "x");
    insta::assert_snapshot!(digest.build_fails());
}

#[test]
fn all_errors_of_a_build_are_listed_in_the_order_of_files_and_lines() {
    let digest = Digest::new()
        .configured("paginate_by: viele")
        .article("b", "date: x\nlink: y\n", "x")
        .article("a", "title: a\nkeyword: z\ndate: 2026-13-01\n", "x")
        .file("content/pages/p.md", "no front matter");
    insta::assert_snapshot!(digest.build_fails());
}

#[test]
fn configuration_errors_are_listed_with_the_others() {
    let digest = Digest::bare().file(
        "newsprint.yaml",
        "title: x\nbase_url: ftp://a/\ntimezone: Asia/Beijing\nfeeds:\n  limit: 0\n  term: true\n",
    );
    insta::assert_snapshot!(digest.build_fails());
}
