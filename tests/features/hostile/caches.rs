//! A digest whose caches, manifest and output folder came with it: none of them is trusted.

use std::path::Path;
use std::process::{Command, Output};

use newsprint::internals::fs::sealed;

use crate::driver::{Digest, newsprint, tree};
#[cfg(target_os = "linux")]
use crate::trace::trace_reads;

/// A digest whose files have every kind of entry in the caches.
fn digest() -> Digest {
    Digest::with_articles(4)
        .article(
            "moved",
            "title: 搬家\naliases: [/bbbbbbbbbbbbbbbbb.html]\nextra: {a: [1, {b: c}]}\n",
            "正文",
        )
        .file("content/pages/about.md", "---\ntitle: 关于\n---\n\n正文\n")
}

/// The names of the files in `.newsprint/` after builds and a check.
fn state_files(digest: &Digest) -> Vec<String> {
    tree(&digest.path(".newsprint")).into_keys().filter(|name| name != "lock").collect()
}

/// Runs newsprint in a digest; an end by `timeout` is exit code 124.
fn run_limited(digest: &Digest, arguments: &[&str]) -> Output {
    Command::new("timeout")
        .args([&["20", newsprint()], arguments].concat())
        .current_dir(digest.path(""))
        .output()
        .unwrap()
}

fn replace_bytes(data: &[u8], old: &str, new: &str) -> Vec<u8> {
    assert_eq!(old.len(), new.len());
    let at = data.windows(old.len()).position(|window| window == old.as_bytes()).unwrap();
    [&data[..at], new.as_bytes(), &data[at + old.len()..]].concat()
}

#[test]
fn a_forged_path_of_a_cached_article_is_not_written() {
    let around = Digest::bare().file("victim/kept.txt", "x");
    let digest = digest();
    digest.build();
    let inside = around.path("digest");
    std::fs::rename(digest.path(""), &inside).unwrap();
    let articles = inside.join(".newsprint/articles");
    // The worst case: the seal is right, as if newsprint itself had written this file.
    let data = sealed::read_data(&articles).unwrap();
    let forged = replace_bytes(&data, "bbbbbbbbbbbbbbbbb.html", "../../victim/news.html");
    sealed::write_data(&articles, forged).unwrap();
    for name in state_files_of(&inside) {
        if name.ends_with(".built") || name.ends_with(".plan") {
            std::fs::remove_file(inside.join(".newsprint").join(name)).unwrap();
        }
    }
    let outcome = around.run(&["build", "--root", "digest"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert!(outcome.stderr.contains("../../victim/news.html"), "{}", outcome.stderr);
    assert_eq!(tree(&around.path("victim")).into_keys().collect::<Vec<_>>(), ["kept.txt"]);
}

fn state_files_of(root: &Path) -> Vec<String> {
    tree(&root.join(".newsprint")).into_keys().collect()
}

#[test]
fn caches_of_another_folder_are_not_believed() {
    let digest = digest();
    digest.build();
    // The attacker builds the digest, and changes what the caches say of an unchanged source.
    let articles = digest.path(".newsprint/articles");
    let data = sealed::read_data(&articles).unwrap();
    sealed::write_data(&articles, replace_bytes(&data, "搬家", "伪造")).unwrap();
    let clone = digest.copy();
    for (name, bytes) in tree(&digest.path(".newsprint")) {
        clone.write(&format!(".newsprint/{name}"), bytes);
    }
    clone.build();
    assert!(clone.page("articles/moved/index.html").contains("搬家"));
    assert!(clone.site().values().all(|bytes| !String::from_utf8_lossy(bytes).contains("伪造")));
}

#[test]
fn numbers_of_a_cache_that_name_no_article_are_not_used() {
    let digest = digest();
    digest.build();
    let wanted = digest.site();
    let relations = digest.path(".newsprint/relations");
    let data = sealed::read_data(&relations).unwrap();
    // The last bytes are the related articles. Each becomes a large number, with a right seal.
    for at in data.len() - 12..data.len() {
        let mut forged = data.clone();
        forged[at] = 0x7f;
        sealed::write_data(&relations, forged).unwrap();
        digest.remove_if_there(".built");
        digest.remove_if_there(".plan");
        let outcome = digest.run(&["build", "--quiet", "--output-dir", "other"]);
        assert!(matches!(outcome.code, 0 | 1), "byte {at}: {} {}", outcome.code, outcome.stderr);
    }
    std::fs::remove_file(&relations).unwrap();
    digest.build();
    assert!(digest.site() == wanted);
}

#[cfg(unix)]
#[test]
fn pipes_and_links_in_place_of_state_files_are_passed_over() {
    let reference = digest();
    reference.build();
    let wanted = reference.site();
    let outside = Digest::bare().file("large", "x");
    std::fs::File::options().write(true).open(outside.path("large")).unwrap().set_len(8 << 30).unwrap();
    let mut names: Vec<String> =
        state_files(&reference).into_iter().map(|name| format!(".newsprint/{name}")).collect();
    assert!(names.iter().any(|name| name.ends_with(".built")), "{names:?}");
    let manifest = names.iter().find(|name| name.contains("manifest-") && !name.contains('.')).cloned();
    names.extend(manifest.map(|manifest| format!("{manifest}.journal")));
    names.extend([".newsprint/links.json", "public/index.html"].map(str::to_owned));
    let digest = digest();
    digest.build();
    for plant in [plant_pipe as fn(&Path, &Path), plant_link] {
        for name in &names {
            let path = digest.path(name);
            let _ = std::fs::remove_file(&path);
            plant(&path, &outside.path("large"));
            let built = run_limited(&digest, &["build", "--quiet", "--force"]);
            assert_eq!(built.status.code(), Some(0), "{name}: {}", String::from_utf8_lossy(&built.stderr));
            let _ = std::fs::remove_file(&path);
        }
        digest.build();
        assert!(digest.site() == wanted);
    }
    let checked = {
        plant_pipe(&digest.path(".newsprint/links.json"), &outside.path("large"));
        run_limited(&digest, &["check", "--quiet"])
    };
    assert_ne!(checked.status.code(), Some(124));
}

#[cfg(unix)]
fn plant_pipe(path: &Path, _: &Path) {
    let made = Command::new("mkfifo").arg(path).status().unwrap();
    assert!(made.success(), "{}", path.display());
}

#[cfg(unix)]
fn plant_link(path: &Path, target: &Path) {
    std::os::unix::fs::symlink(target, path).unwrap();
}

#[cfg(target_os = "linux")]
#[test]
fn a_page_larger_than_its_limit_is_not_read_into_memory() {
    let digest = digest().file("content/pages/big.md", "---\ntitle: 大\n---\n");
    // A hole: it takes no room on the disk.
    let big = std::fs::File::options().write(true).open(digest.path("content/pages/big.md")).unwrap();
    big.set_len(64 << 20).unwrap();
    let stderr = digest.build_fails();
    assert!(stderr.contains("content/pages/big.md"), "{stderr}");
    assert!(stderr.contains("larger than the 4096 KB that are allowed"), "{stderr}");
    let Some(calls) = trace_reads(&digest.path(""), newsprint(), &["build"]) else { return };
    let reads =
        |name: &str| calls.lines().filter(|call| call.contains(name) && call.contains(" read(")).count();
    assert!(reads("about.md>") > 0, "{calls}");
    assert_eq!(reads("big.md>"), 0);
}

#[cfg(unix)]
#[test]
fn a_registry_that_is_a_link_to_nothing_is_an_error() {
    let digest = digest();
    std::os::unix::fs::symlink("none.yaml", digest.path("content/terms.yaml")).unwrap();
    let stderr = digest.build_fails();
    assert!(stderr.contains("content/terms.yaml"), "{stderr}");
    assert!(stderr.contains("the target of the symbolic link"), "{stderr}");
}

impl Digest {
    /// Removes the state files whose names end so.
    fn remove_if_there(&self, end: &str) {
        for name in state_files(self).into_iter().filter(|name| name.ends_with(end)) {
            let _ = std::fs::remove_file(self.path(".newsprint").join(name));
        }
    }
}

#[test]
fn a_manifest_and_a_journal_that_came_along_remove_nothing() {
    let built = digest();
    built.build();
    let foreign = built.path("public/mine.txt");
    for (name, bytes) in tree(&built.path(".newsprint")) {
        if !name.starts_with("manifest-") || name.contains('.') {
            continue;
        }
        // A copy of the digest, with the manifest and a journal that claim a file of others.
        let clone = built.copy();
        clone.build();
        clone.write("public/mine.txt", "theirs");
        let text = String::from_utf8(bytes).unwrap();
        let lines = text.split_once('\n').unwrap().1.to_owned();
        let claimed = format!("{}{:032x} 6 1 mine.txt\n", lines, 7);
        let mut sorted: Vec<&str> = claimed.lines().collect();
        sorted.sort_by_key(|line| line.splitn(4, ' ').nth(3).unwrap().to_owned());
        let forged = newsprint::internals::output::sealed(&(sorted.join("\n") + "\n"));
        clone.write(&format!(".newsprint/{name}"), forged);
        clone.write(&format!(".newsprint/{name}.journal"), "ours mine.txt\n");
        clone.build();
        assert_eq!(clone.read("public/mine.txt"), "theirs");
        assert!(!foreign.exists());
    }
}

/// Version 0.1.0 wrote manifests without a seal; a copied digest has one of another folder.
#[test]
fn a_manifest_without_a_seal_removes_only_files_whose_exact_time_it_has() {
    let digest = digest();
    digest.write("static/a.txt", "a");
    digest.write("static/b.txt", "b");
    digest.build();
    let manifests = tree(&digest.path(".newsprint")).into_keys();
    let name =
        manifests.into_iter().find(|name| name.starts_with("manifest-") && !name.contains('.')).unwrap();
    let text = digest.read(&format!(".newsprint/{name}"));
    let (head, lines) = text.split_once('\n').unwrap();
    let unsealed = format!("{}\n{lines}", head.rsplit_once(' ').unwrap().0);
    digest.remove("static/a.txt");
    digest.remove("static/b.txt");
    // Somebody else's file in place of one that the manifest lists.
    digest.remove("public/b.txt");
    digest.write("public/b.txt", "b");
    digest.write(&format!(".newsprint/{name}"), unsealed);
    digest.build();
    assert!(!digest.exists("public/a.txt"));
    assert_eq!(digest.read("public/b.txt"), "b");

    // A time of whole seconds, as archives restore it, proves nothing.
    let file = std::fs::File::open(digest.path("public/b.txt")).unwrap();
    file.set_modified(std::time::UNIX_EPOCH + std::time::Duration::from_secs(1_000_000_000)).unwrap();
    let text = digest.read(&format!(".newsprint/{name}"));
    let lines = text.split_once('\n').unwrap().1.to_owned();
    let mut lines: Vec<String> = lines.lines().map(str::to_owned).collect();
    lines.push(format!("{:032x} 1 1000000000000000000 b.txt", 7));
    lines.sort_by_key(|line| line.splitn(4, ' ').nth(3).unwrap().to_owned());
    let forged = newsprint::internals::output::sealed(&(lines.join("\n") + "\n"));
    digest.write(&format!(".newsprint/{name}"), forged);
    digest.build();
    assert_eq!(digest.read("public/b.txt"), "b");
}

#[cfg(unix)]
#[test]
fn a_link_does_not_publish_hidden_files_of_the_digest() {
    for (target, link) in
        [(".git/config", "static/leak.txt"), (".env", "static/env.txt"), (".git", "static/dir")]
    {
        let digest = digest().file(".git/config", "token").file(".env", "secret").file("static/a.txt", "a");
        let target = digest.path(target);
        std::os::unix::fs::symlink(target, digest.path(link)).unwrap();
        let stderr = digest.build_fails();
        assert!(stderr.contains("a symbolic link leads to a hidden file of the digest"), "{stderr}");
        assert!(stderr.contains(link), "{stderr}");
    }
}

#[cfg(unix)]
#[test]
fn nothing_in_the_place_of_the_articles_empties_the_site() {
    type Plant = fn(&Digest);
    let plants: [(&str, Plant); 3] = [
        ("a link to nothing as `content`", |digest| {
            std::os::unix::fs::symlink("nowhere", digest.path("content")).unwrap();
        }),
        ("a link to nothing", |digest| {
            std::fs::create_dir(digest.path("content")).unwrap();
            std::os::unix::fs::symlink("nowhere", digest.path("content/articles")).unwrap();
        }),
        ("a file", |digest| digest.write("content/articles", "x")),
    ];
    for (what, plant) in plants {
        let digest = digest();
        digest.build();
        let before = digest.site();
        std::fs::remove_dir_all(digest.path("content")).unwrap();
        plant(&digest);
        assert_eq!(digest.run(&["build"]).code, 1, "{what}");
        assert!(digest.site() == before, "{what}");
    }
}

#[cfg(unix)]
#[test]
fn a_link_in_the_digest_does_not_lead_a_named_output_folder_away() {
    let outside = Digest::bare().file("kept.txt", "x");
    let digest = digest();
    std::os::unix::fs::symlink(outside.path(""), digest.path("dist")).unwrap();
    let outcome = digest.run(&["build", "--output-dir", "dist"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stdout);
    assert_eq!(tree(&outside.path("")).into_keys().collect::<Vec<_>>(), ["kept.txt"]);
    // The same folder by its own name is the user's choice.
    let folder = outside.path("site").to_string_lossy().into_owned();
    assert!(digest.run(&["build", "--output-dir", &folder]).success);
    assert!(digest.run(&["build", "--output-dir", "../built-beside"]).success);
    std::fs::remove_dir_all(digest.path("../built-beside")).unwrap();
}

#[test]
fn a_static_file_above_a_gigabyte_is_an_error_before_it_is_read() {
    let digest = digest().file("static/big.bin", "");
    let big = std::fs::File::options().write(true).open(digest.path("static/big.bin")).unwrap();
    big.set_len(64 << 30).unwrap();
    let stderr = digest.build_fails();
    assert!(stderr.contains("static/big.bin") && stderr.contains("larger than 1 GB"), "{stderr}");
}
