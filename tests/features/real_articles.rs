//! Real articles of another generator build without errors. They are read from `../shared`; without
//! that folder one similar article replaces them.

use crate::driver::Digest;

/// Up to `limit` titles of the real articles, in the order of their files.
#[cfg(feature = "images")]
pub(crate) fn titles(limit: usize) -> Vec<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/servicemesher-sample");
    let files = crate::driver::tree(&folder).into_values();
    let title = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).ok()?;
        let written = text.lines().find_map(|line| line.strip_prefix("title:"))?;
        let title = written.trim().trim_matches(['"', '\'']).to_owned();
        (!title.is_empty()).then_some(title)
    };
    files.filter_map(title).take(limit).collect()
}

#[test]
fn articles_of_another_generator_build() {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/servicemesher-sample");
    let mut digest = Digest::new();
    let mut count = 0;
    for (name, bytes) in crate::driver::tree(&folder) {
        if let Some(name) = name.strip_suffix(".md") {
            digest = digest.file(&format!("content/articles/{name}.md"), bytes);
            count += 1;
        }
    }
    if count == 0 {
        // Public checkouts have no `../shared`: one article as Hugo writes it replaces the sample.
        count = 1;
        digest = digest.article(
            "mesh",
            "title: \"网格：入门\"\nauthor: \"某人\"\ndate: 2019-07-30T11:24:01+08:00\ndraft: false\nsummary: \"一篇文章。\"\ntags: [\"istio\"]\ncategories: [\"service mesh\"]\nkeywords: [\"service mesh\",\"istio\"]\n",
            "## 1.背景\n\n![图](images/a.png)\n\n> 引用\n\n```yaml\na: {{ b }}\n```\n",
        );
    }
    // Some of the real files have a field twice. As an editor would, delete the lines that
    // newsprint names.
    let report = digest.report();
    let mut duplicates: Vec<(String, usize)> = Vec::new();
    for diagnostic in report["diagnostics"].as_array().unwrap() {
        if diagnostic["severity"] == "error" {
            assert!(diagnostic["message"].as_str().unwrap().ends_with("is given twice"), "{diagnostic}");
            let place = &diagnostic["place"];
            duplicates
                .push((place["path"].as_str().unwrap().to_owned(), place["line"].as_u64().unwrap() as usize));
        }
    }
    for (path, line) in duplicates.into_iter().rev() {
        let mut lines: Vec<String> = digest.read(&path).lines().map(str::to_owned).collect();
        lines.remove(line - 1);
        digest.write(&path, lines.join("\n"));
    }
    let outcome = digest.build();
    assert!(outcome.stderr.lines().count() < 1000, "repeated warnings are not condensed");
    assert!(outcome.stderr.contains(&format!("{count} article")), "{}", outcome.stderr);
    assert!(digest.main("keywords/index.html").contains("istio"));
}
