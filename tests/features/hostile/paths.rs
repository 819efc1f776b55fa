//! Names, aliases and symbolic links cannot read or write outside of their folders.

use crate::driver::Digest;

const NAMES: [&str; 22] = [
    "..",
    "../..",
    "../../etc/passwd",
    "/etc/passwd",
    "\\..\\..\\x",
    "C:\\x",
    "c:x",
    "//host/share",
    "a/../../b",
    ".",
    ".hidden",
    "con",
    "NUL.txt",
    "com1",
    "trailing.",
    "trailing ",
    "a\u{0}b",
    "\u{202e}gpj.exe",
    "page",
    "index.html",
    "feed.xml",
    "CLOCK$",
];

/// Whether a part of a path is valid on every file system and no special name.
fn is_portable(part: &str) -> bool {
    let device = part.split('.').next().unwrap().to_lowercase();
    !part.is_empty()
        && part.len() <= 255
        && !part.starts_with('.')
        && !part.ends_with(['.', ' '])
        && !part.contains(['\\', ':', '*', '?', '"', '<', '>', '|'])
        && !part.contains(|c: char| {
            c.is_control() || matches!(c, '\u{200e}'..='\u{200f}' | '\u{202a}'..='\u{202e}')
        })
        && !matches!(device.as_str(), "con" | "prn" | "aux" | "nul" | "com1" | "lpt1")
}

#[test]
fn terms_and_slugs_of_any_name_get_distinct_portable_paths() {
    let long = "很长".repeat(150);
    let mut digest = Digest::new();
    let names: Vec<&str> = NAMES
        .into_iter()
        .chain([long.as_str(), "e\u{301}a", "\u{e9}a", "STRASSE", "straße", "ﬁ", "fi"])
        .collect();
    for (n, name) in names.iter().enumerate() {
        let name = serde_json::to_string(name).unwrap();
        digest = digest.article(
            &format!("n{n}"),
            &format!("title: 甲 {n}\nkeywords: [{name}]\nindustries: [{name}]\n"),
            "",
        );
    }
    for (n, name) in NAMES.iter().enumerate() {
        let name = serde_json::to_string(name).unwrap();
        digest = digest.article(&format!("s{n}"), &format!("title: 乙 {n}\nslug: {name}\n"), "");
    }
    let outcome = digest.run(&["build"]);
    // If two slugs become equal, the build fails and writes nothing. Then the slugs get a number in
    // front.
    let digest = if outcome.success {
        digest
    } else {
        assert!(!digest.exists("public"), "{}", outcome.stderr);
        for (n, name) in NAMES.iter().enumerate() {
            let name = serde_json::to_string(&format!("{n} {name}")).unwrap();
            digest.write(
                &format!("content/articles/s{n}.md"),
                format!("---\ntitle: 乙 {n}\nslug: {name}\n---\n"),
            );
        }
        digest.build();
        digest
    };
    let mut folded = std::collections::BTreeSet::new();
    for path in digest.site().into_keys() {
        assert!(path.split('/').all(is_portable), "{path}");
        assert!(folded.insert(path.to_lowercase()), "{path}");
    }
    assert_eq!(
        std::fs::read_dir(digest.path(""))
            .unwrap()
            .filter(|entry| !entry.as_ref().unwrap().file_name().to_string_lossy().starts_with('.'))
            .count(),
        3
    );
}

#[test]
fn aliases_outside_the_site_are_errors() {
    for name in NAMES {
        if matches!(name, "page" | "index.html" | "feed.xml" | "CLOCK$") {
            continue;
        }
        let alias = serde_json::to_string(&format!("old/{name}")).unwrap();
        let digest = Digest::new().article("a", &format!("title: 甲\naliases: [{alias}]\n"), "");
        let outcome = digest.run(&["build"]);
        if outcome.success {
            for path in digest.site().into_keys() {
                assert!(path.split('/').all(is_portable), "{name:?}: {path}");
            }
        } else {
            assert!(
                outcome.stderr.contains("a.md:3:") && outcome.stderr.contains("cannot be an alias"),
                "{}",
                outcome.stderr
            );
        }
    }
}

#[test]
fn page_and_taxonomy_paths_stay_in_the_site() {
    let errors = Digest::new().configured("taxonomies: [{name: a, path: ../../x}]").build_fails();
    assert!(errors.contains("newsprint.yaml:3:"), "{errors}");
    let digest = Digest::new()
        .file("content/pages/con/nul.md", "---\ntitle: 甲\n---\n")
        .file("content/pages/a b./c.md", "---\ntitle: 乙\n---\n");
    let outcome = digest.run(&["build"]);
    if outcome.success {
        for path in digest.site().into_keys() {
            assert!(path.split('/').all(is_portable), "{path}");
        }
    } else {
        assert!(outcome.stderr.contains("content/pages/"), "{}", outcome.stderr);
    }
}

#[test]
fn a_template_can_include_only_templates() {
    for name in ["../newsprint.yaml", "/etc/passwd", "../../etc/passwd", "content/articles/0001.md"] {
        let digest =
            Digest::with_articles(1).file("templates/page.html", format!("{{% include \"{name}\" %}}"));
        let errors = digest.build_fails();
        assert!(errors.contains("templates/page.html:1:"), "{errors}");
    }
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;

    const SECRET: &str = "---\ntitle: 机密\n---\n机密的正文\n";

    /// A digest, and a folder outside of it that links in the digest point to.
    fn digest() -> (Digest, Digest) {
        let outside = Digest::bare()
            .file("secret.md", SECRET)
            .file("pages/secret.md", SECRET)
            .file("secret.html", "机密")
            .file("terms.yaml", "keywords: [{name: 机密}]\n")
            .file("newsprint.yaml", "title: 机密\nbase_url: https://e.org/\n");
        (Digest::with_articles(1), outside)
    }

    fn link(target: &Path, digest: &Digest, path: &str) {
        let path = digest.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        let _ = std::fs::remove_file(&path);
        symlink(target, path).unwrap();
    }

    #[test]
    fn links_out_of_the_digest_are_refused_by_name() {
        for (target, path) in [
            ("secret.md", "content/articles/x.md"),
            ("pages", "content/articles/more"),
            ("pages", "content/pages"),
            ("secret.md", "content/pages/x.md"),
            ("terms.yaml", "content/terms.yaml"),
            ("secret.html", "templates/page.html"),
            ("pages", "templates/more"),
            ("secret.html", "static/x.html"),
            ("pages", "static"),
            ("newsprint.yaml", "newsprint.yaml"),
        ] {
            let (digest, outside) = digest();
            link(&outside.path(target), &digest, path);
            let errors = digest.build_fails();
            assert!(
                errors.contains("leads out of the digest's folder") && errors.contains(path),
                "{path}: {errors}"
            );
            assert!(!errors.contains("机密"), "{path}: {errors}");
            assert!(!digest.exists("public"));
            let allowed = digest.run(&["build", "--outside-links"]);
            assert!(allowed.success, "{path}: {}", allowed.stderr);
            assert!(digest.run(&["build", "--outside-links", "--verify"]).success);
            let checked = digest.run(&["check"]);
            assert!(checked.code == 1 && !checked.stdout.contains("机密"), "{path}");
            assert!(!digest.build_fails().contains("机密"));
        }
    }

    #[test]
    fn an_output_folder_linked_out_of_the_digest_is_refused() {
        let (digest, outside) = digest();
        symlink(outside.path("pages"), digest.path("public")).unwrap();
        let errors = digest.build_fails();
        assert!(errors.contains("leads out of the digest's folder") && errors.contains("public"), "{errors}");
        assert_eq!(digest.run(&["build", "--force"]).code, 1);
        assert_eq!(std::fs::read_dir(outside.path("pages")).unwrap().count(), 1);
        assert!(digest.run(&["build", "-o", &outside.path("site").to_string_lossy()]).success);
    }

    #[test]
    fn links_within_the_digest_are_followed() {
        let (digest, _) = digest();
        digest.write("shared/b.md", "---\ntitle: 乙\n---\n");
        link(&digest.path("shared"), &digest, "content/articles/shared");
        link(&digest.path("shared/b.md"), &digest, "content/pages/about.md");
        digest.build();
        assert!(digest.exists("public/articles/b/index.html") && digest.exists("public/about/index.html"));
    }

    #[test]
    fn circular_and_dangling_links_are_reported() {
        let (digest, _) = digest();
        link(&digest.path("content"), &digest, "content/articles/circle");
        link(&digest.path("nowhere"), &digest, "content/articles/x.md");
        let errors = digest.build_fails();
        assert!(
            errors.contains("content/articles/circle") && errors.contains("content/articles/x.md"),
            "{errors}"
        );
    }

    #[test]
    fn import_and_new_do_not_write_through_a_link_out_of_the_digest() {
        let (digest, outside) = digest();
        let before = outside.site();
        std::fs::remove_dir_all(digest.path("content/articles")).unwrap();
        link(&outside.path("pages"), &digest, "content/articles");
        digest.write("r.txt", "标题：甲\n正文：乙\n");
        assert_eq!(digest.run(&["import", "r.txt"]).code, 1);
        assert_eq!(digest.run(&["new", "甲"]).code, 1);
        assert_eq!(outside.site(), before);
        assert_eq!(std::fs::read_dir(outside.path("pages")).unwrap().count(), 1);
    }
}

#[test]
fn addresses_deeper_than_32_folders_are_errors() {
    let deep = |parts: usize| format!("title: 甲\naliases: [\"/{}\"]\n", "a/".repeat(parts));
    let digest = Digest::new().article("a", &deep(32), "");
    digest.build();
    for parts in [33, 400, 3000] {
        digest.write("content/articles/a.md", format!("---\n{}---\n", deep(parts)));
        assert!(digest.build_fails().contains("cannot be an alias"), "{parts}");
    }
    let digest = Digest::new().file(&format!("static/{}x.txt", "b/".repeat(40)), "x");
    assert!(digest.build_fails().contains("too deep"));
    let digest =
        Digest::new().file(&format!("content/pages/{}x.md", "b/".repeat(40)), "---\ntitle: 页\n---\n");
    assert!(digest.build_fails().contains("too deep"));
}
