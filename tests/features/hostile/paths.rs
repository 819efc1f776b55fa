//! No name leads out of the folder that it belongs in.

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

/// A part of a path that is one on every system.
fn sound(part: &str) -> bool {
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
fn terms_and_slugs_of_any_name_get_a_folder_of_their_own() {
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
    // Names that become the same are told, all of them, and nothing is written.
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
        assert!(path.split('/').all(sound), "{path}");
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
fn old_addresses_that_lead_out_are_errors() {
    for name in NAMES {
        if matches!(name, "page" | "index.html" | "feed.xml" | "CLOCK$") {
            continue;
        }
        let alias = serde_json::to_string(&format!("old/{name}")).unwrap();
        let digest = Digest::new().article("a", &format!("title: 甲\naliases: [{alias}]\n"), "");
        let outcome = digest.run(&["build"]);
        if outcome.success {
            for path in digest.site().into_keys() {
                assert!(path.split('/').all(sound), "{name:?}: {path}");
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
fn folders_of_pages_and_taxonomies_stay_in_the_site() {
    let told = Digest::new().configured("taxonomies: [{name: a, path: ../../x}]").build_fails();
    assert!(told.contains("newsprint.yaml:3:"), "{told}");
    let digest = Digest::new()
        .file("content/pages/con/nul.md", "---\ntitle: 甲\n---\n")
        .file("content/pages/a b./c.md", "---\ntitle: 乙\n---\n");
    let outcome = digest.run(&["build"]);
    if outcome.success {
        for path in digest.site().into_keys() {
            assert!(path.split('/').all(sound), "{path}");
        }
    } else {
        assert!(outcome.stderr.contains("content/pages/"), "{}", outcome.stderr);
    }
}

#[test]
fn a_template_includes_templates_and_nothing_else() {
    for name in ["../newsprint.yaml", "/etc/passwd", "../../etc/passwd", "content/articles/0001.md"] {
        let digest =
            Digest::with_articles(1).file("templates/page.html", format!("{{% include \"{name}\" %}}"));
        let told = digest.build_fails();
        assert!(told.contains("templates/page.html:1:"), "{told}");
    }
}

#[cfg(unix)]
mod links {
    use std::os::unix::fs::symlink;
    use std::path::Path;

    use super::*;

    const SECRET: &str = "---\ntitle: 机密\n---\n机密的正文\n";

    /// A digest beside which a folder lies that is none of its business.
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
    fn links_that_lead_out_are_refused_with_their_names() {
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
            let told = digest.build_fails();
            assert!(
                told.contains("leads out of the digest's folder") && told.contains(path),
                "{path}: {told}"
            );
            assert!(!told.contains("机密"), "{path}: {told}");
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
    fn an_output_folder_that_leads_out_is_refused_unless_it_was_named() {
        let (digest, outside) = digest();
        symlink(outside.path("pages"), digest.path("public")).unwrap();
        let told = digest.build_fails();
        assert!(told.contains("leads out of the digest's folder") && told.contains("public"), "{told}");
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
    fn circles_and_links_to_nothing_are_told() {
        let (digest, _) = digest();
        link(&digest.path("content"), &digest, "content/articles/circle");
        link(&digest.path("nowhere"), &digest, "content/articles/x.md");
        let told = digest.build_fails();
        assert!(told.contains("content/articles/circle") && told.contains("content/articles/x.md"), "{told}");
    }

    #[test]
    fn an_import_into_a_folder_that_leads_out_writes_nothing_there() {
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
fn no_address_is_deeper_or_longer_than_systems_take() {
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
