//! Social cards and posters: pictures that are drawn beside pages.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::LazyLock;

use crate::driver::{Digest, attributes};

/// True if fonts with Han are installed. CI installs them.
#[allow(clippy::print_stderr)]
fn has_fonts() -> bool {
    static HAS_FONTS: LazyLock<bool> = LazyLock::new(|| {
        let outcome = Digest::with_articles(1).configured("cards: on").run(&["build"]);
        let has_fonts = !outcome.stderr.contains("no font for social cards and posters is installed");
        let may_miss = std::env::var("CI").is_err() || !cfg!(target_os = "linux");
        assert!(has_fonts || may_miss, "{}", outcome.stderr);
        if !has_fonts {
            eprintln!("skipped: no font with Han is installed (Debian: fonts-noto-cjk)");
        }
        has_fonts
    });
    *HAS_FONTS
}

/// The width and height of a PNG, and its pixels in grey.
fn grey(png: &[u8]) -> (usize, usize, Vec<u8>) {
    let mut decoder = png::Decoder::new(std::io::Cursor::new(png));
    decoder.set_transformations(png::Transformations::EXPAND);
    let mut reader = decoder.read_info().unwrap();
    let mut pixels = vec![0; reader.output_buffer_size().unwrap()];
    let info = reader.next_frame(&mut pixels).unwrap();
    assert_eq!(info.color_type, png::ColorType::Rgb);
    let grey = pixels[..info.buffer_size()].chunks(3).map(|rgb| rgb[1]).collect();
    (info.width as usize, info.height as usize, grey)
}

fn cards(digest: &Digest) -> BTreeSet<String> {
    digest.site().into_keys().filter(|path| path.ends_with("social-card.png")).collect()
}

#[test]
fn cards_of_unchanged_pages_stay() {
    if !has_fonts() {
        return;
    }
    let digest =
        Digest::with_articles(4).configured("description: 一句话\ncards: {for: [articles, terms, editions]}");
    digest.build();
    let before = digest.site();
    digest.write(
        "content/articles/0004.md",
        digest.read("content/articles/0004.md").replacen("title: ", "title: 新", 1),
    );
    digest.build();
    let after = digest.site();
    assert_eq!(before.keys().collect::<Vec<_>>(), after.keys().collect::<Vec<_>>());
    let is_same = |path: &str| before[path] == after[path];
    assert!(is_same("articles/0001/social-card.png") && !is_same("articles/0004/social-card.png"));
    let clean = digest.copy();
    clean.build();
    assert!(after == clean.site());
}

#[test]
fn pages_name_the_cards_that_are_drawn_beside_them() {
    if !has_fonts() {
        return;
    }
    let digest = Digest::with_articles(2)
        .configured("description: 一句话\ncards: on")
        .article("own", "title: 有图\ndate: 2024-01-03\nimage: /own.png\n", "正文。")
        .file("static/own.png", "");
    digest.build();
    let wanted = [
        "2024/01/02/social-card.png",
        "2024/01/03/social-card.png",
        "2024/01/social-card.png",
        "2024/w01/social-card.png",
        "articles/0001/social-card.png",
        "articles/0002/social-card.png",
        "social-card.png",
    ];
    assert_eq!(cards(&digest), wanted.map(str::to_owned).into());
    for path in wanted {
        let (width, height, pixels) = grey(&digest.site()[path]);
        assert_eq!((width, height), (1200, 630), "{path}");
        let dark = pixels.iter().filter(|&&grey| grey < 60).count();
        assert!(dark > 3000, "{path} has {dark} dark pixels");
    }
    let page = digest.page("articles/0001/index.html");
    let url = "https://example.org/articles/0001/social-card.png";
    for (name, content) in [
        ("property=\"og:image\"", url),
        ("property=\"og:image:width\"", "1200"),
        ("property=\"og:image:height\"", "630"),
        ("property=\"og:image:alt\"", "第 1 篇 · 2024年1月2日 星期二"),
        ("name=\"twitter:card\"", "summary_large_image"),
        ("name=\"twitter:image\"", url),
    ] {
        assert!(page.contains(&format!("<meta {name} content=\"{content}\">")), "{name} in {page}");
    }
    assert_eq!(page.matches("og:image\"").count(), 1);
    assert!(page.contains(&format!("\"image\":\"{url}\"")), "{page}");
    assert!(digest.read("public/feed.xml").contains(&format!("url=\"{url}\"/>")));
    assert!(digest.read("public/feed.json").contains(&format!("\"image\":\"{url}\"")));
    let own = digest.page("articles/own/index.html");
    assert!(
        own.contains("og:image\" content=\"https://example.org/own.png\"") && !own.contains("social-card")
    );
}

#[test]
fn the_setting_names_the_pages_with_a_card() {
    if !has_fonts() {
        return;
    }
    let digest = Digest::with_articles(1).configured("cards: {for: [terms]}");
    digest.build();
    assert_eq!(cards(&digest), ["keywords/共同/social-card.png".to_owned()].into());
    digest.write("newsprint.yaml", "title: 测试日报\nbase_url: https://example.org/\n");
    digest.build();
    assert!(cards(&digest).is_empty() && !digest.page("index.html").contains("social-card"));
}

#[test]
fn only_cards_whose_text_changed_are_drawn_again() {
    if !has_fonts() {
        return;
    }
    let digest = Digest::with_articles(3).configured("cards: on");
    digest.build();
    assert!(digest.build().stderr.contains(" 0 files written"));
    let before = digest.times();
    digest.write(
        "content/articles/0001.md",
        "---\ntitle: 第 1 篇\ndate: 2024-01-02\nevent: 事件 1\nkeywords: [共同]\n---\n\n另一正文\n",
    );
    digest.build();
    let drawn = |before: &std::collections::BTreeMap<String, std::time::SystemTime>| -> Vec<String> {
        let now = digest.times();
        let is_card = |path: &&String| path.ends_with(".png");
        now.keys().filter(is_card).filter(|path| before.get(*path) != now.get(*path)).cloned().collect()
    };
    assert_eq!(drawn(&before), Vec::<String>::new());
    let before = digest.times();
    digest.write(
        "content/articles/0001.md",
        "---\ntitle: 第一篇\ndate: 2024-01-02\nevent: 事件 1\nkeywords: [共同]\n---\n\n另一正文\n",
    );
    digest.build();
    // The week and the month show three headlines, of which this is the last one.
    let wanted = [
        "2024/01/02/social-card.png",
        "2024/01/social-card.png",
        "2024/w01/social-card.png",
        "articles/0001/social-card.png",
    ];
    assert_eq!(drawn(&before), wanted);
    assert!(digest.run(&["build", "--verify"]).success);
}

#[test]
fn the_same_digest_has_the_same_cards_in_another_folder() {
    if !has_fonts() {
        return;
    }
    let digest = Digest::with_articles(2).configured("cards: on");
    let copy = digest.copy();
    digest.build();
    copy.build();
    assert!(digest.site() == copy.site());
}

#[test]
fn fonts_that_are_not_there_are_all_named_at_their_lines() {
    let settings = "cards:\n  for: [articles]\n  font:\n    - 没有的字体\n    - fonts/none.otf\n    \
                    - fonts/text.otf\n    - ../x.ttf\n";
    let digest = Digest::with_articles(1).configured(settings).file("fonts/text.otf", "no font");
    let errors = digest.build_fails();
    let settings = std::fs::read_to_string(digest.path("newsprint.yaml")).expect("the settings");
    for (font, wanted) in [
        ("没有的字体", "the font `没有的字体` of `cards` is not installed"),
        ("fonts/none.otf", "the font `fonts/none.otf` of `cards` cannot be read"),
        ("fonts/text.otf", "`fonts/text.otf` of `cards` is no font"),
        ("../x.ttf", "the font `../x.ttf` of `cards` cannot be read"),
    ] {
        let line = 1 + settings.lines().position(|line| line.ends_with(font)).expect("its line");
        let error = errors.split("error: ").find(|error| error.starts_with(wanted));
        let place = format!("newsprint.yaml:{line}:7");
        assert!(error.is_some_and(|error| error.contains(&place)), "{place} {wanted}\n{errors}");
    }
    assert!(!digest.exists("public"));
}

#[test]
fn characters_that_no_font_has_are_named_and_left_out() {
    if !has_fonts() {
        return;
    }
    let digest = Digest::new().configured("cards: on").article(
        "a",
        "title: 甲\u{10FFFD}乙\u{200D}丙\ndate: 2024-01-02\n",
        "正文。",
    );
    let outcome = digest.build();
    let warning = "social cards leave out characters that no font has: ";
    assert!(outcome.stderr.contains(warning), "{}", outcome.stderr);
    assert!(digest.exists("public/articles/a/social-card.png"));
    let plain = Digest::with_articles(1).configured("cards: on").build();
    assert!(!plain.stderr.contains(warning), "{}", plain.stderr);
}

#[test]
fn a_template_of_the_digest_draws_the_cards() {
    if !has_fonts() {
        return;
    }
    let variables = "{{ width }}{{ height }}{{ kind }}{{ language }}{{ title.size }}{{ note }}{{ headlines }}{{ label }}{{ digest }}{{ address }}";
    let svg = |body: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"40\" height=\"30\"><desc>{variables}</desc>{body}</svg>"
        )
    };
    let digest = Digest::with_articles(1)
        .configured("cards: {for: [articles]}")
        .article("b", "title: <b>&</b>\ndate: 2024-01-03\n", "正文。")
        .file(
            "templates/social.svg",
            svg("<text>{% for line in title.lines %}{{ line }}{% endfor %}</text>"),
        );
    digest.build();
    let (width, height, _) = grey(&digest.site()["articles/b/social-card.png"]);
    assert_eq!((width, height), (40, 30));
    for (body, wanted) in [
        ("<text>{{ config.title }}</text>", "config"),
        ("<text></text>", "it has no text"),
        ("<text>x</texd>", "this SVG cannot be drawn"),
        ("<text>{{ title", "templates/social.svg"),
    ] {
        digest.write("templates/social.svg", svg(body));
        let errors = digest.build_fails();
        assert!(errors.contains(wanted) && errors.contains("social.svg"), "{errors}");
        assert!(digest.exists("public/articles/b/social-card.png"), "the old site stays");
    }
    digest.write(
        "templates/social.svg",
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"90000\" height=\"30\"><text>x</text></svg>",
    );
    assert!(digest.build_fails().contains("it is larger than"));
}

#[test]
fn a_card_shows_no_file_of_the_machine() {
    if !has_fonts() {
        return;
    }
    let svg = |image: &str| {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" width=\"60\" height=\"60\"><rect width=\"60\" height=\"60\" fill=\"#fff\"/>{image}<text y=\"50\" font-size=\"9\">字</text></svg>"
        )
    };
    let dark = "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"60\" height=\"60\"><rect width=\"60\" height=\"60\"/></svg>";
    let digest = Digest::with_articles(1).configured("cards: {for: [articles]}").file("dark.svg", dark);
    let card = |image: &str| {
        digest.write("templates/social.svg", svg(image));
        digest.build();
        digest.site()["articles/0001/social-card.png"].clone()
    };
    let plain = card("");
    let path = digest.path("dark.svg");
    for address in [path.to_str().unwrap(), "dark.svg", &format!("file://{}", path.display())] {
        let image = format!("<image xlink:href=\"{address}\" width=\"60\" height=\"60\"/>");
        assert!(card(&image) == plain, "{address}");
    }
}

#[test]
fn a_poster_has_a_code_of_the_page_of_the_edition() {
    if !has_fonts() {
        return;
    }
    let mut digest = Digest::new();
    for n in 0..13 {
        let text = format!(
            "title: 第 {n} 篇关于很长很长很长很长很长很长很长很长很长很长很长很长的标题\ndate: 2024-01-02\nsource: 甲报\nai: generated\n"
        );
        digest = digest.article(&format!("a{n}"), &text, "正文。");
    }
    let outcome = digest.run(&["edition", "2024-01-02", "--as", "poster", "-o", "poster.png"]);
    assert!(outcome.success, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("10 items, 3 left out"), "{}", outcome.stderr);
    let (width, height, pixels) = grey(&std::fs::read(digest.path("poster.png")).unwrap());
    assert!(width == 1080 && height > 1500 && height < 3000, "{width} × {height}");
    let mut picture =
        rqrr::PreparedImage::prepare_from_greyscale(width, height, |x, y| pixels[y * width + x]);
    let codes: Vec<String> = picture.detect_grids().iter().map(|grid| grid.decode().unwrap().1).collect();
    assert_eq!(codes, ["https://example.org/2024/01/02/"]);
    // A build writes the same file.
    let digest = digest.configured("outputs: {editions: [poster]}");
    digest.build();
    assert!(digest.site()["2024/01/02/poster.png"] == std::fs::read(digest.path("poster.png")).unwrap());
    let terminal = digest.run(&["edition", "2024-01-02", "--as", "poster", "--json"]);
    assert!(!terminal.success && terminal.stdout.contains("a poster is not printed"), "{}", terminal.stdout);
}

#[test]
fn a_digest_of_real_titles_has_cards_of_a_moderate_size() {
    let real = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data");
    if !has_fonts() || !real.is_dir() {
        return;
    }
    let mut sizes = Vec::new();
    let titles = crate::real_articles::titles(60);
    let mut digest = Digest::new().configured("cards: {for: [articles]}");
    for (n, title) in titles.iter().enumerate() {
        let title = serde_json::to_string(title).unwrap();
        digest = digest.article(
            &format!("r{n}"),
            &format!("title: {title}\ndate: 2024-01-02\nsource: 甲报\n"),
            "正文。",
        );
    }
    digest.build();
    for (path, bytes) in digest.site() {
        if path.ends_with("social-card.png") {
            sizes.push(bytes.len());
        }
    }
    sizes.sort_unstable();
    assert_eq!(sizes.len(), titles.len());
    assert!(sizes[sizes.len() / 2] <= 25_000, "{sizes:?}");
    assert_eq!(
        attributes(&digest.page("articles/r0/index.html"), "property")
            .iter()
            .filter(|name| *name == "og:image")
            .count(),
        1
    );
}
