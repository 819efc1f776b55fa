use super::*;

/// A site of `generator` with these files and a configuration, and a post in it.
fn found(generator: Generator, files: &[&str], post: &str, address: &str, written: &str) -> Search {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for file in files.iter().chain([&post]) {
        std::fs::create_dir_all(root.join(file).parent().unwrap()).unwrap();
        std::fs::write(root.join(file), "x").unwrap();
    }
    let (name, text) = match generator {
        Generator::Hugo => ("hugo.yaml", "baseURL: https://old.example/blog/\n"),
        Generator::Jekyll => ("_config.yml", "url: https://old.example\nbaseurl: /blog\n"),
        Generator::Hexo => ("_config.yml", "url: https://old.example/blog\n"),
        _ => (".obsidian/app.json", "{}"),
    };
    std::fs::create_dir_all(root.join(name).parent().unwrap()).unwrap();
    std::fs::write(root.join(name), text).unwrap();
    let unknown = Site::unknown(chrono_tz::Tz::UTC, "zh-CN");
    let (site, _) = Site::find(generator, root, Path::new("/none"), unknown);
    let old = OldSite::new(generator, &site, root);
    let file = root.join(post);
    let place = Place::of(generator, &file, Some(root), &site);
    old.find(written, &old.post(&place, &file, Some(address)).unwrap())
}

#[test]
fn an_address_means_a_file_of_the_site() {
    let hugo =
        ["static/i/a.png", "assets/b.png", "content/p/x/c.png", "content/p/图.png", "static/p/y/d.png"];
    let (bundle, page) = ("content/p/x/index.md", "content/p/y.md");
    for (post, address, written, wanted) in [
        (page, "/p/y/", "/i/a.png", "static/i/a.png"),
        (page, "/p/y/", "/blog/i/a.png?v=1#x", "static/i/a.png"),
        (page, "/p/y/", "http://old.example/blog/i/a.png", "static/i/a.png"),
        (page, "/p/y/", "//old.example/i/a.png", "static/i/a.png"),
        (page, "/p/y/", "/b.png", "assets/b.png"),
        (page, "/p/y/", "b.png", "assets/b.png"),
        (page, "/p/y/", "%E5%9B%BE.png", "content/p/图.png"),
        (page, "/p/y/", "d.png", "static/p/y/d.png"),
        (page, "/p/y/", "../../i/a.png", "static/i/a.png"),
        (bundle, "/2024/x/", "c.png", "content/p/x/c.png"),
        (bundle, "/2024/x/", "../图.png", "content/p/图.png"),
        (bundle, "/2024/x/", "/2024/x/c.png", "content/p/x/c.png"),
    ] {
        let search = found(Generator::Hugo, &hugo, post, address, written);
        assert_eq!(search, Search::File(wanted.to_owned()), "{written}");
    }
    for (written, wanted) in [
        ("/i/none.png", Search::Missing),
        ("../../../../../etc/a.png", Search::Missing),
        ("https://other.example/i/a.png", Search::Other),
        ("data:image/png;base64,x.png", Search::Other),
        ("/i/", Search::Other),
        ("x.md", Search::Other),
    ] {
        assert_eq!(found(Generator::Hugo, &hugo, page, "/p/y/", written), wanted, "{written}");
    }
}

#[test]
fn the_forms_of_a_name_are_tried() {
    let decomposed = "static/cafe\u{301}.png";
    let search = found(Generator::Hugo, &[decomposed], "content/p/y.md", "/p/y/", "/caf\u{e9}.png");
    assert_eq!(search, Search::File(decomposed.to_owned()));
}

#[test]
fn other_generators_have_other_folders() {
    for (generator, files, post, written, wanted) in [
        (
            Generator::Jekyll,
            vec!["assets/a.png"],
            "_posts/2024-01-02-x.md",
            "/blog/assets/a.png",
            "assets/a.png",
        ),
        (
            Generator::Hexo,
            vec!["source/_posts/x/a.png"],
            "source/_posts/x.md",
            "a.png",
            "source/_posts/x/a.png",
        ),
        (Generator::Hexo, vec!["source/i/a.png"], "source/_posts/x.md", "/i/a.png", "source/i/a.png"),
        (Generator::Obsidian, vec!["图/a.png", "n/z/图/a.png"], "n/x.md", "A.png", "n/z/图/a.png"),
        (Generator::Obsidian, vec!["图/a.png", "n/z/图/a.png"], "m/x.md", "图/a.png", "图/a.png"),
        (Generator::Obsidian, vec!["b/图/a.png", "c/a.png"], "m/x.md", "图/a.png", "b/图/a.png"),
    ] {
        let search = found(generator, &files, post, "/x/", written);
        assert_eq!(search, Search::File(wanted.to_owned()), "{written} of {generator:?}");
    }
}

#[test]
fn the_folder_of_a_post_has_the_pictures_of_no_other_post() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    for file in
        ["x/index.zh.md", "x/a.png", "x/b/c.JPG", "x/d.txt", "x/.e.png", "x/y/index.md", "x/y/f.png", "g.png"]
    {
        let path = root.join("content/p").join(file);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, "x").unwrap();
    }
    std::fs::write(root.join("hugo.toml"), "").unwrap();
    let unknown = Site::unknown(chrono_tz::Tz::UTC, "zh-CN");
    let (site, _) = Site::find(Generator::Hugo, root, Path::new("/none"), unknown);
    let old = OldSite::new(Generator::Hugo, &site, root);
    let bundle = |post: &str| {
        let file = root.join("content/p").join(post);
        let place = Place::of(Generator::Hugo, &file, Some(root), &site);
        old.bundle(&old.post(&place, &file, None).unwrap())
    };
    assert_eq!(bundle("x/index.zh.md"), ["content/p/x/a.png", "content/p/x/b/c.JPG"]);
    assert_eq!(bundle("x/y/index.md"), ["content/p/x/y/f.png"]);
}
