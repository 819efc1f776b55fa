//! An import brings the pictures of an old site along: they are in the folders of their articles, and
//! pages show them.

mod remote;

use crate::driver::{Digest, Outcome, tree};

/// The head of a PNG with a size, which is all of it that a build reads.
fn png(width: u8, height: u8) -> Vec<u8> {
    [&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], &[0, 0, 0, width, 0, 0, 0, height], &[8, 0, 0, 0, 0, 0, 0, 0, 0]]
        .concat()
}

/// A digest with an old site in `old/`. Files that end in `.png` get a picture whose width is the
/// number of the file.
fn moved(files: &[(&str, &str)]) -> Digest {
    let bytes = |number: usize, path: &str, text: &str| match path.ends_with(".png") && text.is_empty() {
        true => png(u8::try_from(number + 1).unwrap(), 9),
        false => text.as_bytes().to_vec(),
    };
    files.iter().enumerate().fold(Digest::new(), |digest, (number, (path, text))| {
        digest.file(&format!("old/{path}"), bytes(number, path, text))
    })
}

fn import(digest: &Digest, arguments: &[&str]) -> serde_json::Value {
    let outcome = digest.run(&[&["import", "--json"], arguments].concat());
    serde_json::from_str(&outcome.stdout).unwrap_or_else(|_| panic!("{}", outcome.stderr))
}

/// The files below `content/articles`, sorted.
fn files(digest: &Digest) -> Vec<String> {
    tree(&digest.path("content/articles")).into_keys().collect()
}

fn bytes(digest: &Digest, path: &str) -> Vec<u8> {
    std::fs::read(digest.path(path)).unwrap()
}

fn body(digest: &Digest, file: &str) -> String {
    let text = digest.read(&format!("content/articles/{file}"));
    text.split_once("\n---\n\n").unwrap().1.trim_end().to_owned()
}

/// The copies in a report, each with its source.
fn copies(report: &serde_json::Value) -> Vec<String> {
    let text = |picture: &serde_json::Value, name: &str| picture[name].as_str().unwrap().to_owned();
    let pictures = report["pictures"].as_array().unwrap().iter();
    pictures.map(|picture| format!("{} < {}", text(picture, "file"), text(picture, "from"))).collect()
}

/// The diagnostics of a report, without that of files which are no posts: line and message.
fn messages(report: &serde_json::Value) -> String {
    let line = |found: &serde_json::Value| {
        format!("{}: {}\n", found["place"]["line"], found["message"].as_str().unwrap())
    };
    let all = report["diagnostics"].as_array().unwrap().iter().map(line);
    all.filter(|line| !line.contains(": skipped ")).collect()
}

/// An old site: its generator, the folder that is imported, its files (the first one is the post),
/// the text of the article, and the names of its pictures, each with the number of its file.
struct Case {
    generator: &'static str,
    folder: &'static str,
    files: &'static [(&'static str, &'static str)],
    body: &'static str,
    pictures: &'static [(&'static str, usize)],
}

const CASES: &[Case] = &[
    Case {
        generator: "hugo",
        folder: "content",
        files: &[
            (
                "content/posts/x/index.md",
                "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![一](p.png) ![二](图/q.png) ![三](/blog/i/r.png?v=1)\n\n{{< figure src=\"/i/s t.png\" alt=\"四\" >}}\n\n![五](https://old.example/blog/p.png)\n",
            ),
            ("hugo.toml", "baseURL = 'https://old.example/blog/'\nstaticDir = ['static', 'public-files']\n"),
            ("content/posts/x/p.png", ""),
            ("content/posts/x/图/q.png", ""),
            ("content/posts/x/unnamed.png", ""),
            ("static/i/r.png", ""),
            ("public-files/i/s t.png", ""),
            ("assets/p.png", ""),
        ],
        body: "![一](p.png) ![二](图/q.png) ![三](r.png)\n\n![四](<s%20t.png>)\n\n![五](p-2.png)",
        pictures: &[
            ("p.png", 2),
            ("图/q.png", 3),
            ("unnamed.png", 4),
            ("r.png", 5),
            ("s t.png", 6),
            ("p-2.png", 7),
        ],
    },
    Case {
        generator: "zola",
        folder: "content",
        files: &[
            (
                "content/blog/x/index.md",
                "+++\ntitle = \"甲\"\ndate = 2024-01-02\n+++\n\n![一](./p.png) ![二](/i/q.png)\n",
            ),
            ("config.toml", "base_url = 'https://old.example'\n"),
            ("content/blog/x/p.png", ""),
            ("static/i/q.png", ""),
        ],
        body: "![一](./p.png) ![二](q.png)",
        pictures: &[("p.png", 2), ("q.png", 3)],
    },
    Case {
        generator: "hexo",
        folder: ".",
        files: &[
            (
                "source/_posts/x.md",
                "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n{% asset_img p.png 一 %} ![二](p.png) ![三](x/p.png) ![四](/i/q.png)\n",
            ),
            ("_config.yml", "url: https://old.example\npost_asset_folder: true\n"),
            ("source/_posts/x/p.png", ""),
            ("source/i/q.png", ""),
        ],
        body: "![一](p.png) ![二](p.png) ![三](p.png) ![四](q.png)",
        pictures: &[("p.png", 2), ("q.png", 3)],
    },
    Case {
        generator: "jekyll",
        folder: ".",
        files: &[
            (
                "_posts/2024-01-02-x.md",
                "---\ntitle: 甲\nimage: /assets/p.png\n---\n\n![一]({{ site.baseurl }}/assets/p.png) ![二]({{ \"/assets/q r.png\" | relative_url }})\n![三][s] [四]({% link assets/t.png %})\n\n[s]: /blog/assets/s.png \"题\"\n",
            ),
            ("_config.yml", "url: https://old.example\nbaseurl: /blog\n"),
            ("assets/p.png", ""),
            ("assets/q r.png", ""),
            ("assets/s.png", ""),
            ("assets/t.png", ""),
        ],
        body: "![一](p.png) ![二](q%20r.png)\n![三][s] [四](t.png)\n\n[s]: s.png \"题\"",
        pictures: &[("p.png", 2), ("q r.png", 3), ("s.png", 4), ("t.png", 5)],
    },
    Case {
        generator: "pelican",
        folder: "content",
        files: &[
            (
                "content/x.md",
                "Title: 甲\nDate: 2024-01-02\n\n![一]({static}/i/p.png) ![二]({attach}i/q.png) ![三](|static|/i/r.png)\n",
            ),
            ("pelicanconf.py", "PATH = 'content'\nSITEURL = 'https://old.example'\n"),
            ("content/i/p.png", ""),
            ("content/i/q.png", ""),
            ("content/i/r.png", ""),
        ],
        body: "![一](p.png) ![二](q.png) ![三](r.png)",
        pictures: &[("p.png", 2), ("q.png", 3), ("r.png", 4)],
    },
    Case {
        generator: "eleventy",
        folder: "src/posts",
        files: &[
            (
                "src/posts/x.md",
                "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![一](/i/p.png) ![二]({{ '/q.png' | url }}) ![三](/r.png)\n",
            ),
            ("eleventy.config.js", "module.exports = () => ({ dir: { input: 'src' } });\n"),
            ("src/i/p.png", ""),
            ("q.png", ""),
            ("public/r.png", ""),
        ],
        body: "![一](p.png) ![二](q.png) ![三](r.png)",
        pictures: &[("p.png", 2), ("q.png", 3), ("r.png", 4)],
    },
    Case {
        generator: "astro",
        folder: "src/content/blog",
        files: &[
            (
                "src/content/blog/x.md",
                "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![一](./p.png) ![二](../../assets/q.png) ![三](/r.png)\n",
            ),
            ("astro.config.mjs", "export default { site: 'https://old.example' }\n"),
            ("src/content/blog/p.png", ""),
            ("src/assets/q.png", ""),
            ("public/r.png", ""),
        ],
        body: "![一](./p.png) ![二](q.png) ![三](r.png)",
        pictures: &[("p.png", 2), ("q.png", 3), ("r.png", 4)],
    },
    Case {
        generator: "vitepress",
        folder: "docs/posts",
        files: &[
            ("docs/posts/x.md", "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![一](./p.png) ![二](/q.png)\n"),
            ("docs/.vitepress/config.ts", "export default { title: '甲' }\n"),
            ("docs/posts/p.png", ""),
            ("docs/public/q.png", ""),
        ],
        body: "![一](./p.png) ![二](q.png)",
        pictures: &[("p.png", 2), ("q.png", 3)],
    },
    Case {
        generator: "obsidian",
        folder: ".",
        files: &[
            (
                "笔记/x.md",
                "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![[图 1.png|一]] ![二](附件/q.png) [[r.png]]\n",
            ),
            (".obsidian/app.json", "{}"),
            ("附件/图 1.png", ""),
            ("附件/q.png", ""),
            ("附件/深/r.png", ""),
        ],
        body: "![一](<图 1.png>) ![二](q.png) [r.png](r.png)",
        pictures: &[("图 1.png", 2), ("q.png", 3), ("r.png", 4)],
    },
];

#[test]
fn pictures_of_each_generator_come_along_and_pages_show_them() {
    for case in CASES {
        let name = case.generator;
        let digest = moved(case.files);
        let found = import(&digest, &["--from", name, &format!("old/{}", case.folder)]);
        assert_eq!(messages(&found), "", "{name}");
        let article = files(&digest).into_iter().find(|file| file.ends_with(".md")).unwrap();
        assert_eq!(body(&digest, &article), case.body, "{name}");
        let folder = article.trim_end_matches(".md");
        let copied = tree(&digest.path(&format!("content/articles/{folder}")));
        let mut wanted: Vec<&str> = case.pictures.iter().map(|(name, _)| *name).collect();
        wanted.sort_unstable();
        assert_eq!(copied.keys().collect::<Vec<_>>(), wanted, "{name}");
        digest.build();
        let slug = folder.trim_start_matches("2024-01-02-");
        for (picture, number) in case.pictures {
            assert_eq!(copied[*picture], png(u8::try_from(number + 1).unwrap(), 9), "{name}: {picture}");
            let published = digest.path(&format!("public/articles/{slug}/{picture}"));
            assert_eq!(std::fs::read(published).unwrap(), copied[*picture], "{name}: {picture}");
        }
        let page = digest.main(&format!("articles/{slug}/index.html"));
        let images: Vec<&str> = page.split("<img ").skip(1).collect();
        assert!(
            images.iter().all(|image| image.contains(" width=\"") && image.contains("height=\"9\"")),
            "{page}"
        );
        assert_eq!(images.len(), body(&digest, &article).matches("![").count(), "{name}: {page}");
        let again = import(&digest, &["--from", name, &format!("old/{}", case.folder)]);
        assert_eq!((again["skipped"].as_u64(), copies(&again)), (Some(1), Vec::new()), "{name}");
    }
}

const POST: &str = "content/posts/x.md";

/// A site of Hugo with a post of this text, and pictures in `static/`.
fn hugo(text: &str, pictures: &[&str]) -> Digest {
    let post = format!("---\ntitle: 甲\ndate: 2024-01-02\n---\n\n{text}\n");
    let mut files = vec![(POST, post.as_str()), ("hugo.toml", "baseURL = 'https://old.example/'\n")];
    files.extend(pictures.iter().map(|picture| (*picture, "")));
    moved(&files)
}

const HUGO: [&str; 3] = ["--from", "hugo", "old/content"];

#[test]
fn what_is_not_found_or_no_picture_stays_with_a_warning_at_its_line() {
    let digest = hugo(
        "![一](/i/none.png)\n\n![二](/i/text.png) ![三](/i/s.svg)\n\n![四](none.jpg)\n![五](https://other.example/a.png)",
        &[],
    );
    digest.write("old/static/i/text.png", "no picture, but a text of some length");
    digest.write("old/static/i/s.svg", "<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>");
    digest.write("old/static/i/left.png", png(1, 1));
    digest.write("old/public/i/built.png", png(1, 1));
    digest.write("old/themes/x/theme.png", png(1, 1));
    let found = import(&digest, &["--from", "hugo", "old"]);
    let messages = messages(&found);
    assert!(
        messages.contains("6: 2 pictures of this post not found in the old site: `/i/none.png` (line 6), `none.jpg` (line 10)"),
        "{messages}"
    );
    assert!(
        messages.contains("8: the picture old/static/i/text.png is not copied: this file is not a picture"),
        "{messages}"
    );
    assert!(
        messages.contains("8: the picture old/static/i/s.svg is not copied: this SVG is not"),
        "{messages}"
    );
    assert!(
        messages.contains("1 picture in the imported folders of no post: `old/static/i/left.png`"),
        "{messages}"
    );
    assert!(
        body(&digest, "2024-01-02-x.md").contains("![一](/i/none.png)\n\n![二](/i/text.png) ![三](/i/s.svg)")
    );
    assert_eq!((files(&digest).len(), copies(&found).len()), (1, 0));
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_old_site_is_not_followed() {
    let digest = hugo("![一](/in.png) ![二](/out.png)", &["static/real.png"]).file("secret.png", png(7, 7));
    std::os::unix::fs::symlink("real.png", digest.path("old/static/in.png")).unwrap();
    std::os::unix::fs::symlink("../../secret.png", digest.path("old/static/out.png")).unwrap();
    let found = import(&digest, &HUGO);
    assert!(
        messages(&found)
            .contains("6: the picture old/static/out.png is not copied: a symbolic link leads out")
    );
    assert_eq!(files(&digest), ["2024-01-02-x.md", "2024-01-02-x/in.png"]);
    assert_eq!(body(&digest, "2024-01-02-x.md"), "![一](in.png) ![二](/out.png)");
}

#[cfg(unix)]
#[test]
fn a_link_in_the_folder_of_an_article_is_not_written_through() {
    for link in ["content/articles/2024-01-02-x", "content/articles/2024-01-02-x/p.png"] {
        let digest =
            hugo("![一](/p.png)", &["static/p.png"]).file("content/articles/a.md", "---\ntitle: A\n---\n");
        let outside = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(digest.path(link).parent().unwrap()).unwrap();
        let target = match link.ends_with(".png") {
            true => outside.path().join("p.png"),
            false => outside.path().to_path_buf(),
        };
        std::os::unix::fs::symlink(&target, digest.path(link)).unwrap();
        let found = import(&digest, &[&HUGO[..], &["--update", "theirs"]].concat());
        assert!(
            messages(&found).contains("cannot be copied to content/articles/2024-01-02-x/p.png"),
            "{found:#}"
        );
        assert_eq!(std::fs::read_dir(outside.path()).unwrap().count(), 0, "{link}");
    }
}

#[test]
fn pictures_of_one_name_are_told_apart_in_the_order_of_the_text() {
    let digest = hugo(
        "![一](/a/p.png) ![二](/b/P.png) ![三](/a/p.png) [四](/c/p.png)",
        &["static/a/p.png", "static/b/P.png", "static/c/p.png"],
    );
    import(&digest, &HUGO);
    assert_eq!(body(&digest, "2024-01-02-x.md"), "![一](p.png) ![二](P-2.png) ![三](p.png) [四](p-3.png)");
    assert_eq!(bytes(&digest, "content/articles/2024-01-02-x/P-2.png"), png(4, 9));
}

#[test]
fn names_are_composed_and_decoded() {
    let digest = hugo(
        "![一](/caf%C3%A9.png) ![二](</图 片.png>) ![三](/a%20(1).png) ![四](/b&amp;c.png) ![五](/d\\_e.png)",
        &[
            "static/cafe\u{301}.png",
            "static/图 片.png",
            "static/a (1).png",
            "static/b&c.png",
            "static/d_e.png",
        ],
    );
    let found = import(&digest, &HUGO);
    assert_eq!(messages(&found), "");
    assert_eq!(
        body(&digest, "2024-01-02-x.md"),
        "![一](caf\u{e9}.png) ![二](<图%20片.png>) ![三](a%20%281%29.png) ![四](b%26c.png) ![五](d_e.png)"
    );
    digest.build();
    let page = digest.main("articles/x/index.html");
    assert_eq!(page.matches("height=\"9\"").count(), 5, "{page}");
}

#[test]
fn a_name_that_no_digest_can_have_is_refused() {
    let digest = hugo("![一](/con.png) ![二](/a%3Ab.png)", &["static/con.png", "static/a:b.png"]);
    let found = import(&digest, &HUGO);
    assert!(
        messages(&found).contains("con.png is not copied: its name has a part that is the name of a device")
    );
    assert!(messages(&found).contains("a:b.png is not copied: its name contains"), "{found:#}");
    assert_eq!(files(&digest), ["2024-01-02-x.md"]);
}

#[test]
fn raw_html_becomes_markdown_unless_it_is_shown() {
    let text = "<img src=\"/p.png\" alt=\"一\">";
    let digest = hugo(text, &["static/p.png"]);
    assert_eq!(copies(&import(&digest, &HUGO)).len(), 1);
    assert_eq!(body(&digest, "2024-01-02-x.md"), "![一](p.png)");
    let digest = hugo(text, &["static/p.png"]).configured("markdown: {html: sanitize}");
    assert_eq!(copies(&import(&digest, &HUGO)).len(), 1);
    assert_eq!(body(&digest, "2024-01-02-x.md"), "<img src=\"p.png\" alt=\"一\">");
}

#[test]
fn the_image_of_a_post_is_one_of_its_pictures() {
    for (field, wanted) in
        [("image: /i/p.png", "image: p.png"), ("cover: ../../static/i/p.png", "image: p.png")]
    {
        let digest = hugo("文字", &["static/i/p.png"]);
        digest.write(format!("old/{POST}").as_str(), format!("---\ntitle: 甲\n{field}\n---\n\n文字\n"));
        let found = import(&digest, &HUGO);
        assert_eq!(messages(&found), "");
        assert!(digest.read("content/articles/x.md").contains(&format!("\n{wanted}\n")), "{field}");
        assert_eq!(copies(&found), ["content/articles/x/p.png < old/static/i/p.png"]);
        digest.build();
        assert!(
            digest.page("articles/x/index.html").contains("content=\"https://example.org/articles/x/p.png\"")
        );
    }
}

#[test]
fn a_dry_run_reports_the_same_and_copies_nothing() {
    let digest = hugo("![一](/p.png)", &["static/p.png"]);
    let outcome: Outcome = digest.run(&["import", "--dry-run", "-v", "--from", "hugo", "old/content"]);
    assert!(
        outcome
            .stdout
            .contains("would be copied: content/articles/2024-01-02-x/p.png (from old/static/p.png)")
    );
    let said = [outcome.stdout, outcome.stderr].concat();
    assert!(said.contains("1 picture would be copied"), "{said}");
    let planned = import(&digest, &[&HUGO[..], &["--dry-run"]].concat());
    assert!(!digest.exists("content/articles"));
    let outcome = digest.run(&["import", "-v", "--from", "hugo", "old/content"]);
    let said = [outcome.stdout, outcome.stderr].concat();
    assert!(said.contains("1 picture copied") && said.contains("\ncopied: content/articles/"), "{said}");
    assert_eq!(copies(&planned), ["content/articles/2024-01-02-x/p.png < old/static/p.png"]);
}

#[test]
fn a_picture_of_the_article_stays_unless_the_update_is_theirs() {
    let digest = hugo("![一](/p.png)", &["static/p.png"]);
    import(&digest, &HUGO);
    let copy = "content/articles/2024-01-02-x/p.png";
    digest.write(copy, png(99, 1));
    let found = import(&digest, &HUGO);
    assert!(
        messages(&found).contains("6: content/articles/2024-01-02-x/p.png is another picture than"),
        "{found:#}"
    );
    assert_eq!((bytes(&digest, copy), copies(&found).len()), (png(99, 1), 0));
    let found = import(&digest, &[&HUGO[..], &["--update", "theirs"]].concat());
    assert_eq!((bytes(&digest, copy), copies(&found).len()), (png(3, 9), 1));
}

#[test]
fn an_article_that_a_person_edited_gets_no_pictures() {
    let digest = hugo("文字", &["static/p.png"]);
    import(&digest, &HUGO);
    let file = "content/articles/2024-01-02-x.md";
    digest.write(file, digest.read(file).replace("文字", "我的文字"));
    digest.write(&format!("old/{POST}"), "---\ntitle: 甲\ndate: 2024-01-02\n---\n\n![一](/p.png)\n");
    let found = import(&digest, &HUGO);
    assert_eq!((found["kept"].as_array().unwrap().len(), files(&digest).len()), (1, 1), "{found:#}");
    for (whose, copied) in [("ours", 0), ("theirs", 1)] {
        let found = import(&digest, &[&HUGO[..], &["--update", whose]].concat());
        assert_eq!(copies(&found).len(), copied, "{whose}");
    }
}

#[test]
fn an_article_that_lost_its_picture_gets_it_again() {
    let digest = hugo("![一](/p.png)", &["static/p.png"]);
    import(&digest, &HUGO);
    digest.remove("content/articles/2024-01-02-x/p.png");
    let found = import(&digest, &HUGO);
    assert_eq!((found["skipped"].as_u64(), copies(&found).len()), (Some(1), 1));
}

#[test]
fn a_picture_does_not_come_into_the_folder_of_another_article() {
    let digest = moved(&[
        ("content/posts/h/index.md", "---\ntitle: 甲\nslug: '2026'\n---\n\n正文\n"),
        ("content/posts/h/victim/v.png", ""),
        ("content/posts/h/other/w.png", ""),
        ("hugo.toml", "baseURL = 'https://old.example/'\n"),
    ]);
    let digest = digest
        .file("content/articles/2026/victim.md", "---\ntitle: 乙\n---\n\n![](v.png)\n")
        .file("content/articles/2026/victim/v.png", png(77, 77));
    let found = import(&digest, &["--from", "hugo", "old/content", "--update", "theirs"]);
    assert_eq!(bytes(&digest, "content/articles/2026/victim/v.png"), png(77, 77), "{found:#}");
    let of_victim = messages(&found).lines().filter(|line| line.contains("2026/victim.md")).count();
    assert_eq!((of_victim, copies(&found).len()), (1, 1), "{found:#}");
}

#[test]
fn no_name_and_no_alias_of_a_post_keeps_a_digest_from_building() {
    let digest = moved(&[
        (
            "content/posts/a/index.md",
            "---\ntitle: 甲\ndate: 2024-01-02\naliases: [/articles/b/p.png, /articles/a/q.png]\n---\n\n正文\n",
        ),
        ("content/posts/a/q.png", ""),
        ("content/posts/a/index.HTML/x.png", ""),
        ("content/posts/a/social-card.png", ""),
        ("content/posts/b/index.md", "---\ntitle: 乙\ndate: 2024-01-02\n---\n\n![](p.png)\n"),
        ("content/posts/b/p.png", ""),
        ("hugo.toml", "baseURL = 'https://old.example/'\n"),
    ]);
    let found = import(&digest, &["--from", "hugo", "old/content"]);
    assert_eq!(messages(&found).matches("is that of a file of each article's page").count(), 2, "{found:#}");
    assert_eq!(messages(&found).matches("it is kept under `extra`").count(), 1, "{found:#}");
    digest.build();
}
