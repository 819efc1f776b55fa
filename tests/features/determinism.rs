//! The same input gives the same bytes in every process, whatever a theme walks.

use std::fs;

use crate::driver::{Digest, newsprint};

const FRIENDS: [&str; 7] = ["甲站", "乙站", "丙站", "丁站", "戊站", "zoo", "alpha"];

/// Walks every map that a template can reach, in every way in which Tera can walk one.
const WALK: &str = r#"
<pre id="friends">{% for name, url in config.extra.friends %}{{ name }} {% endfor %}</pre>
<pre id="keys">{% for name in config.extra.friends | keys %}{{ name }} {% endfor %}</pre>
<pre id="pairs">{% for pair in config.extra.friends | pairs %}{{ pair[0] }} {% endfor %}</pre>
<pre id="values">{% for url in config.extra.friends | values %}{{ url }} {% endfor %}</pre>
<pre id="printed">{{ config.extra }}</pre>
<pre id="deep">{% for a in config.extra.deep %}{% for k, v in a %}{{ k }}:{% for l, w in v %}{{ l }} {% endfor %}{% endfor %}{% endfor %}</pre>
<pre id="groups">{% for kind, list in config.extra.list | group_by(attribute="kind") %}{{ kind }}:{% for item in list %}{{ item.name }}{% endfor %} {% endfor %}</pre>
<pre id="inner">{% for kind, list in config.extra.list | group_by(attribute="of.n") %}{{ kind }}:{{ list | length }} {% endfor %}</pre>
<pre id="grouped">{{ config.menu | group_by(attribute="url") }}</pre>
<pre id="unique">{% for item in config.extra.list | unique %}{{ item }} {% endfor %}</pre>
<pre id="written">{% set map = {"丙": 1, "甲": 2, "乙": 3, "z": 4, "a": 5, "m": 6} %}{% for k, v in map %}{{ k }}{% endfor %}</pre>
<pre id="spread">{% for k, v in {...config.extra.friends, "末": 1} %}{{ k }} {% endfor %}</pre>
<pre id="all">{% for name, value in __tera_context %}{{ name }} {% endfor %}</pre>
<pre id="dump">{{ __tera_context }}</pre>
<pre id="words">{% for name, word in words %}{{ name }} {% endfor %}{{ words | keys | first }}</pre>
{% for item in config.menu %}{% for key, value in item %}{{ key }} {% endfor %}<pre>{{ __tera_context }}</pre>{% endfor %}
"#;

fn walking_digest() -> Digest {
    let base = fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/base.html")).unwrap();
    let base = base.replace("</footer>", "{% include \"walk.html\" %}</footer>");
    let entry =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/templates/parts/entry.xml")).unwrap();
    // Without the filter that older versions do not have.
    let entry =
        entry.replace(" | feed_id", "").replace("</entry>", "<rights>{{ __tera_context }}</rights></entry>");
    let article = "{% extends \"base.html\" %}{% block content %}{{ content }}\
                   <pre id=\"specs\">{% for k, v in extra.specs %}{{ k }}={{ v }} {% endfor %}</pre>\
                   <pre id=\"extra\">{{ extra }}</pre>{{ article | keys | length }}\
                   {% for tax in article.taxonomies %}{% for name, list in tax.terms | group_by(attribute=\"name\") %}{{ name }}{% endfor %}{% endfor %}{% endblock %}";
    let page = "{% extends \"base.html\" %}{% block content %}{% for k, v in extra.specs %}{{ k }} {% endfor %}{{ extra }}{% endblock %}";
    let friends: String =
        FRIENDS.iter().map(|name| format!("    {name}: https://{}.cn/\n", name.len())).collect();
    let specs = "extra:\n  specs: {屏幕: 6.1, 电池: 4000, 价格: 99, 重量: 170, 芯片: X, z: 1, a: 2}\n";
    let mut digest = Digest::new()
        .configured(&format!(
            "extra:\n  friends:\n{friends}  deep: [{{z: {{c: 1, a: 2, b: 3}}, a: {{丙: 1, 甲: 2}}, m: {{}}}}]\n  list:\n{}\
             menu:\n- {{name: 丙, url: /c/}}\n- {{name: 甲, url: /a/}}\n- {{name: 乙, url: /b/}}\n- {{url: /d/, name: 丁}}",
            [("丁", 3), ("甲", 1), ("丙", 3), ("丁", 2), ("乙", 9), ("甲", 9)]
                .iter()
                .enumerate()
                .map(|(n, (kind, of))| format!("  - {{kind: {kind}, name: {n}, of: {{n: {of}}}}}\n"))
                .collect::<String>()
        ))
        .configured("outputs: {json: on, markdown: on}")
        .file("templates/base.html", base)
        .file("templates/walk.html", WALK)
        .file("templates/parts/entry.xml", entry)
        .file("templates/article.html", article)
        .file("templates/page.html", page)
        .file("content/pages/about.md", format!("---\ntitle: 关于\n{specs}---\n\n我们。\n"));
    for n in 1..=6 {
        let text = format!("title: 第 {n} 篇\ndate: 2024-01-0{n}\nkeywords: [丁, 丙, 乙, 甲{n}]\n{specs}");
        digest = digest.article(&format!("a{n}"), &text, "正文。");
    }
    digest
}

/// The text of the element `<pre id="…">` of a page.
fn shown(page: &str, id: &str) -> String {
    let start = format!("<pre id=\"{id}\">");
    let at = page.find(&start).unwrap_or_else(|| panic!("no {id} in {page}")) + start.len();
    page[at..at + page[at..].find("</pre>").unwrap()].to_owned()
}

#[test]
fn maps_are_walked_in_the_order_in_which_they_were_written() {
    let digest = walking_digest();
    digest.build();
    let home = digest.page("index.html");
    let friends = FRIENDS.join(" ") + " ";
    for id in ["friends", "keys", "pairs"] {
        assert_eq!(shown(&home, id), friends, "{id}");
    }
    assert_eq!(shown(&home, "deep"), "z:c a b a:丙 甲 m:");
    assert_eq!(shown(&home, "groups"), "丁:03 甲:15 丙:2 乙:4 ");
    assert_eq!(shown(&home, "inner"), "3:2 1:1 2:1 9:2 ");
    assert_eq!(shown(&home, "written"), "丙甲乙zam");
    let all = shown(&home, "all");
    let mut sorted: Vec<&str> = all.split_whitespace().collect();
    sorted.sort_unstable();
    assert_eq!(all.split_whitespace().collect::<Vec<_>>(), sorted);
    assert!(sorted.contains(&"map") && sorted.contains(&"days"), "{all}");
    let article = digest.page("articles/a1/index.html");
    assert_eq!(shown(&article, "specs"), "屏幕=6.1 电池=4000 价格=99 重量=170 芯片=X z=1 a=2 ");
    let json = digest.page("articles/a1/index.json");
    assert!(
        json.contains(r#"{"specs":{"屏幕":6.1,"电池":4000,"价格":99,"重量":170,"芯片":"X","z":1,"a":2}}"#),
        "{json}"
    );
}

#[test]
fn every_process_writes_the_same_bytes_whatever_a_theme_walks() {
    let digest = walking_digest();
    digest.build();
    let first = digest.site();
    for _ in 0..4 {
        let copy = digest.copy();
        copy.build();
        for (path, bytes) in copy.site() {
            assert!(first.get(&path) == Some(&bytes), "{path} differs in another process");
        }
    }
}

#[test]
fn a_build_with_caches_equals_a_clean_one_whatever_a_theme_walks() {
    let digest = walking_digest();
    digest.build();
    for (name, body) in [("a1", "别的正文。"), ("a4", "又改了。")] {
        let path = format!("content/articles/{name}.md");
        digest.write(&path, digest.read(&path).replace("正文。", body));
        digest.build();
    }
    // The order of an article's map is all that changes.
    let path = "content/articles/a2.md";
    digest.write(path, digest.read(path).replace("屏幕: 6.1, 电池: 4000", "电池: 4000, 屏幕: 6.1"));
    digest.build();
    assert!(shown(&digest.page("articles/a2/index.html"), "specs").starts_with("电池=4000 屏幕=6.1 "));
    let clean = digest.copy();
    clean.build();
    assert_eq!(digest.site().len(), clean.site().len());
    for (path, bytes) in clean.site() {
        assert!(digest.site().get(&path) == Some(&bytes), "{path} differs from a clean build");
    }
    let verified = digest.run(&["build", "--verify"]);
    assert!(verified.success, "{}: {}", newsprint(), verified.stderr);
}

#[test]
fn an_error_behind_the_variable_with_all_variables_has_its_place() {
    let digest = Digest::new().file(
        "templates/404.html",
        "{{ __tera_context }}{% if __tera_context %}\n{{ nothing.at.all }}{% endif %}",
    );
    let errors = digest.build_fails();
    assert!(errors.contains("templates/404.html:2:4"), "{errors}");
    let digest = Digest::new().file("templates/404.html", "{{ __tera_context }} {{ 1 +* 2 }}");
    let report = digest.report();
    let error = report["diagnostics"].as_array().unwrap().iter().find(|found| found["severity"] == "error");
    assert_eq!(error.unwrap()["place"]["column"], 28, "{report}");
}

#[test]
fn long_texts_are_the_same_with_and_without_a_temporary_folder() {
    // More HTML than stays in memory (`load/spool.rs`).
    let mut digest = Digest::new().configured("search: off");
    for n in 1..=12 {
        let paragraph = format!("第 {n} 篇的**长文**，一段。\n\n");
        digest = digest.article(&format!("a{n}"), &format!("title: 第 {n} 篇\n"), &paragraph.repeat(20_000));
    }
    digest.build();
    let copy = digest.copy();
    let missing = copy.path("missing");
    let mut build = std::process::Command::new(newsprint());
    build
        .args(["build", "-q"])
        .current_dir(copy.path(""))
        .envs(["TMPDIR", "TMP"].map(|name| (name, &missing)));
    assert!(build.status().unwrap().success());
    assert_eq!(digest.site().len(), copy.site().len());
    for (path, bytes) in copy.site() {
        assert!(digest.site().get(&path) == Some(&bytes), "{path}");
    }
}
