//! Incremental builds: after any sequence of edits, damage and kills, the site equals that of a
//! clean build.
//!
//! Long runs, one command each:
//!
//! ```sh
//! NEWSPRINT_STEPS=10000 cargo test --release --test features random_edits -- --nocapture
//! NEWSPRINT_KILLS=200 cargo test --release --test features killed -- --nocapture
//! NEWSPRINT_SAVES=2000 cargo test --release --test features saved_in_a_preview -- --nocapture
//! ```

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use newsprint::Options;

use crate::driver::{Digest, is_notice, tree};
use crate::preview::{Preview, wait_for};

/// SplitMix64 random numbers: the seed reproduces a failure.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit as u64) as usize
    }

    fn pick<'a, T>(&mut self, items: &'a [T]) -> &'a T {
        &items[self.below(items.len())]
    }
}

/// The number in an environment variable, or the fallback.
fn env_number(name: &str, fallback: usize) -> usize {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(fallback)
}

const TERMS: [&str; 8] = ["开源", "OpenAI", "openai", "ＯｐｅｎＡＩ", "C++", "AI 芯片", "AI芯片", "监管"];

const TITLES: [&str; 6] = [
    "OpenAI 发布新一代语音模型",
    "OpenAI 推出新一代语音模型，面向开发者",
    "微软收购一家芯片公司",
    "微软宣布收购芯片公司",
    "欧盟通过人工智能法案",
    "开源数据库修复漏洞",
];
const EVENTS: [&str; 4] = [
    "OpenAI 发布语音模型。",
    "微软以十亿美元收购一家芯片公司。",
    "欧盟议会通过人工智能法案。",
    "数据库修复了漏洞。",
];

/// Contents of `redirects.yaml`: pages and feeds of terms that come and go.
const REDIRECTS: [&str; 3] = [
    "",
    "old/: archive/\nindex.xml: feed.xml\n",
    "a/: keywords/共同/\na.xml: keywords/共同/feed.xml\nb/: keywords/没有/\n",
];

/// Contents of `terms.yaml`. The last two are invalid: one contradicts the terms of the articles,
/// one contradicts itself.
const REGISTRIES: [&str; 7] = [
    "keywords: []\n",
    "keywords:\n- name: OpenAI 公司\n  aliases: [OpenAI]\n  description: 一家公司\n",
    "keywords:\n- name: OpenAI\n  aliases: [C++]\n  slug: oai\n",
    "keywords:\n- name: 监管\n  hidden: true\nindustries:\n- name: 开源\n  slug: kaiyuan\n",
    "industries:\n- name: AI 芯片\n  aliases: [监管, 开源]\nai_technologies:\n- OpenAI\n",
    "keywords:\n- name: 开源\n  slug: openai\n",
    "keywords:\n- name: 开源\n  aliases: [监管]\n- name: 芯片\n  aliases: [监管]\n",
];

/// Smaller copies of pictures, if the program makes them.
const SMALL_COPIES: &str =
    if cfg!(feature = "images") { "images: {widths: [16, 20]}\n" } else { "images: off\n" };

/// Settings that switch kinds of pages, the search and slugs on and off.
const SETTINGS: [&str; 10] = [
    "",
    SMALL_COPIES,
    "outputs: {editions: [text, epub]}\n",
    "crossings: {min_articles: 1}\n",
    "editions: off\ntrends: off\n",
    "stories: off\nrelated: 2\n",
    "slugs: ascii\ncrossings: off\n",
    "search: off\n",
    "search: {fields: [title, body], facets: [industries]}\n",
    "taxonomies:\n- {name: keywords, min_articles: 3}\neditions: {group_by: keywords}\n",
];

fn article(random: &mut Random) -> String {
    let date = match random.below(8) {
        0 | 1 => String::new(),
        // Dates close to each other, so that there are stories.
        2..=4 => format!("date: 2024-12-{:02}\n", 26 + random.below(6)),
        _ => format!("date: 2024-{:02}-{:02}\n", 1 + random.below(12), 1 + random.below(28)),
    };
    let draft = if random.below(8) == 0 { "draft: true\n" } else { "" };
    let updated = if random.below(6) == 0 { "updated: 2025-01-01\n" } else { "" };
    let alias =
        if random.below(8) == 0 { format!("aliases: [old/{}]\n", random.below(1000)) } else { String::new() };
    format!(
        "---\ntitle: {}\nevent: {}\nkeywords: [{}, {}]\nai_technologies: {}\nindustries: {}\n{date}{draft}{updated}{alias}---\n正文 {}\n{}",
        random.pick(&TITLES),
        random.pick(&EVENTS),
        random.pick(&TERMS),
        random.pick(&TERMS),
        random.pick(&TERMS),
        random.pick(&TERMS),
        random.below(1000),
        // Longer than an excerpt: text appended to it changes only the body.
        if random.below(2) == 0 { "\n说来话长。".repeat(40) } else { String::new() },
    )
}

fn articles(digest: &Digest) -> Vec<String> {
    tree(&digest.path("content/articles")).into_keys().filter(|name| name.ends_with(".md")).collect()
}

/// A GIF of one of few sizes and colours, which has copies, or the head of one.
#[cfg(feature = "images")]
fn picture(random: &mut Random) -> Vec<u8> {
    if random.below(4) == 0 {
        return head_of_picture(random);
    }
    let colour = image::Rgba([u8::try_from(random.below(200)).unwrap_or(0), 9, 9, 255]);
    let picture = image::RgbaImage::from_pixel(u32::try_from(18 + random.below(4)).unwrap_or(18), 9, colour);
    let mut bytes = Vec::new();
    image::codecs::gif::GifEncoder::new(&mut bytes).encode_frame(image::Frame::new(picture)).unwrap();
    bytes
}

#[cfg(not(feature = "images"))]
fn picture(random: &mut Random) -> Vec<u8> {
    head_of_picture(random)
}

/// The head of a GIF of one of few sizes.
fn head_of_picture(random: &mut Random) -> Vec<u8> {
    let size = [1 + u8::try_from(random.below(2)).unwrap_or(0), 0, 3, 0];
    [&b"GIF89a"[..], &size, &[0, 0, 0, u8::try_from(random.below(3)).unwrap_or(0)]].concat()
}

/// Makes one random change as an editor, a theme author or an accident would, and describes it.
#[allow(clippy::too_many_lines)] // one arm an edit
fn edit(digest: &Digest, random: &mut Random, failing: bool) -> String {
    let existing = articles(digest);
    // While builds fail, the output is older than the sources. If the build cache is lost in this
    // state, a static file removed meanwhile cannot be distinguished from a foreign file, and
    // stays: newsprint does not remove files that it may not own. So the cache is not damaged while
    // builds fail.
    let choice = match random.below(23) {
        16 | 17 if failing => 19,
        choice => choice,
    };
    let path = |name: &str| format!("content/articles/{name}");
    match choice {
        0..=3 => {
            let name = format!("{}.md", random.below(60));
            digest.write(&path(&name), article(random));
            format!("write {name}")
        }
        4..=6 if !existing.is_empty() => {
            let name = random.pick(&existing).clone();
            digest.write(&path(&name), article(random));
            format!("edit {name}")
        }
        7..=8 if existing.len() > 1 => {
            let name = random.pick(&existing).clone();
            digest.remove(&path(&name));
            format!("delete {name}")
        }
        9 if !existing.is_empty() => {
            let (from, to) = (random.pick(&existing).clone(), format!("n{}.md", random.below(1000)));
            fs::rename(digest.path(&path(&from)), digest.path(&path(&to))).unwrap();
            format!("rename {from} to {to}")
        }
        10 => {
            let size = 2 + random.below(4);
            let feeds = random.below(2) == 0;
            let language = *random.pick(&["zh-CN", "en"]);
            let base = *random.pick(&["https://example.org/", "https://example.org/base/"]);
            digest.write(
                "newsprint.yaml",
                format!("title: 日报 {size}\nbase_url: {base}\nlanguage: {language}\npaginate_by: {size}\nfeeds: {{terms: {feeds}, limit: 3}}\n{}", random.pick(&SETTINGS)),
            );
            "change the configuration".to_owned()
        }
        21 if !existing.is_empty() => {
            let stem = random.pick(&existing).trim_end_matches(".md").to_owned();
            digest.write(&path(&format!("{stem}/p.gif")), picture(random));
            let text = digest.read(&path(&format!("{stem}.md")));
            digest.write(&path(&format!("{stem}.md")), format!("{text}\n![图]({stem}/p.gif) ![图](p.gif)\n"));
            format!("write a picture of {stem}")
        }
        22 if !existing.is_empty() => {
            let stem = random.pick(&existing).trim_end_matches(".md").to_owned();
            let _ = fs::remove_dir_all(digest.path(&path(&stem)));
            format!("remove the pictures of {stem}")
        }
        11 => {
            digest.write(
                "templates/parts/card.html",
                format!("<p class=\"card\">{} {{{{ article.title }}}}</p>\n", random.below(5)),
            );
            "change a template".to_owned()
        }
        12 => {
            let _ = fs::remove_dir_all(digest.path("templates"));
            "remove the templates".to_owned()
        }
        13 => {
            digest.write(
                &format!("static/{}", random.pick(&["a.txt", "b/c.txt", "newsprint.css"])),
                random.below(9).to_string(),
            );
            "write a static file".to_owned()
        }
        14 => {
            let _ = fs::remove_dir_all(digest.path("static"));
            "remove the static files".to_owned()
        }
        15 => {
            // The last two registries are invalid. As frequent as the others, they would make most
            // steps fail.
            let sound = if random.below(6) == 0 { 7 } else { 5 };
            digest.write("content/terms.yaml", random.pick(&REGISTRIES[..sound]));
            digest.write("content/redirects.yaml", random.pick(&REDIRECTS));
            digest.write("content/pages/about.md", format!("---\ntitle: 关于\n---\n{}\n", random.below(9)));
            "change terms.yaml, redirects.yaml and a page".to_owned()
        }
        16 => {
            let cache = tree(&digest.path(".newsprint"));
            let cache: Vec<_> = cache.keys().map(|name| digest.path(&format!(".newsprint/{name}"))).collect();
            if cache.is_empty() {
                return "find no cache files".to_owned();
            }
            let file = random.pick(&cache);
            let bytes = fs::read(file).unwrap();
            if random.below(2) == 0 || bytes.is_empty() {
                fs::remove_file(file).unwrap();
            } else {
                let mut bytes = bytes;
                let at = random.below(bytes.len());
                bytes[at] ^= 0x55;
                fs::write(file, bytes).unwrap();
            }
            format!("damage {}", file.display())
        }
        17 => {
            let _ = fs::remove_dir_all(digest.path(".newsprint"));
            "remove the build cache".to_owned()
        }
        18 => {
            let site: Vec<String> = digest.site().into_keys().collect();
            if !site.is_empty() {
                let path = digest.path(&format!("public/{}", random.pick(&site)));
                if random.below(2) == 0 {
                    fs::remove_file(path).unwrap();
                } else {
                    fs::write(path, "vandalised, but <meta name=\"generator\" content=\"newsprint\">")
                        .unwrap();
                }
            }
            "damage the site".to_owned()
        }
        19 => {
            // The broken article stays until this case is drawn again.
            let path = "content/articles/broken.md";
            if digest.exists(path) {
                digest.remove(path);
                "remove the broken article".to_owned()
            } else {
                digest.write(path, "---\ntitle: 坏\ndate: 昨天\n---\n");
                "write a broken article".to_owned()
            }
        }
        _ => {
            // A checkout or a restored cache changes the modification time of every file.
            for (name, bytes) in tree(&digest.path("content")) {
                fs::write(digest.path(&format!("content/{name}")), bytes).unwrap();
            }
            "touch all sources".to_owned()
        }
    }
}

/// The site of a clean build of the digest, or `None` if the build fails.
fn clean_site(digest: &Digest) -> Option<std::collections::BTreeMap<String, Vec<u8>>> {
    let copy = digest.copy();
    newsprint::build(&Options::new(copy.path(""))).success.then(|| copy.site())
}

#[test]
fn random_edits_give_the_site_of_a_clean_build() {
    let steps = env_number("NEWSPRINT_STEPS", 60);
    let seed = env_number("NEWSPRINT_SEED", 1) as u64;
    let mut random = Random(seed);
    let mut digest = Digest::new();
    let (mut failed, mut failing) = (0, false);
    for step in 0..steps {
        // A new digest every 400 steps: errors that need a young digest would not occur in an old
        // one.
        if step % 400 == 0 {
            digest = Digest::new();
            for n in 0..8 {
                digest.write(&format!("content/articles/{n}.md"), article(&mut random));
            }
        }
        let what = edit(&digest, &mut random, failing);
        let before = digest.site();
        let report = newsprint::build(&Options::new(digest.path("")));
        failing = !report.success;
        match clean_site(&digest) {
            Some(wanted) => {
                assert!(report.success, "seed {seed}, step {step}, {what}: {:#?}", report.diagnostics);
                let mut found = digest.site();
                // A clean build does not know which feeds ended.
                found.retain(|path, bytes| wanted.contains_key(path) || !is_notice(bytes));
                let differs: Vec<&String> = wanted
                    .keys()
                    .chain(found.keys())
                    .filter(|path| wanted.get(*path) != found.get(*path))
                    .collect();
                assert!(differs.is_empty(), "seed {seed}, step {step}, {what}: {differs:?}");
            }
            None => {
                failed += 1;
                assert!(!report.success, "seed {seed}, step {step}, {what}");
                assert_eq!(digest.site(), before, "seed {seed}, step {step}, {what}");
            }
        }
    }
    eprintln!("{steps} steps, {failed} of them with a failed build, seed {seed}");
}

/// Appends to the body of an article, or restores an earlier text of one, and describes the change.
fn edit_body(digest: &Digest, random: &mut Random, earlier: &mut Vec<(String, String)>) -> String {
    let existing = articles(digest);
    if existing.is_empty() || (random.below(4) == 0 && !earlier.is_empty()) {
        let Some((path, text)) = earlier.pop() else { return "do nothing".to_owned() };
        digest.write(&path, text);
        return format!("restore {path}");
    }
    let path = format!("content/articles/{}", random.pick(&existing));
    let text = digest.read(&path);
    digest.write(&path, format!("{text}\n又一句 {}。\n", random.below(1000)));
    earlier.push((path.clone(), text));
    format!("append to the body of {path}")
}

/// The path of the cache file of the output folder with this ending; the manifest itself has none.
fn manifest_file(digest: &Digest, ending: &str) -> String {
    let found = tree(&digest.path(".newsprint")).into_keys();
    let name =
        found.filter(|name| name.starts_with("manifest-") && name.ends_with(ending)).min_by_key(String::len);
    format!(".newsprint/{}", name.unwrap_or_default())
}

/// Damages the cached plan, the manifest or the site at random, and describes the damage.
fn damage(digest: &Digest, random: &mut Random, older: &[[Vec<u8>; 2]]) -> &'static str {
    let (plan, manifest) = (manifest_file(digest, ".plan"), manifest_file(digest, ""));
    match random.below(6) {
        0 => {
            let _ = fs::remove_file(digest.path(&plan));
            "delete the plan"
        }
        1 => {
            let mut bytes = fs::read(digest.path(&plan)).unwrap();
            let at = random.below(bytes.len());
            bytes[at] ^= 1 << random.below(8);
            digest.write(&plan, bytes);
            "flip a bit of the plan"
        }
        2 => {
            digest.write(&plan, &random.pick(older)[0]);
            "replace the plan by an older one"
        }
        3 => {
            digest.write(&manifest, &random.pick(older)[1]);
            "replace the manifest by an older one"
        }
        4 => {
            fs::remove_file(digest.path("public/archive/index.html")).unwrap();
            "delete a page"
        }
        _ => {
            digest.write("public/feed.xml", "x");
            "damage a feed"
        }
    }
}

#[test]
fn edited_bodies_give_the_site_of_a_clean_build() {
    let steps = env_number("NEWSPRINT_STEPS", 60);
    let seed = env_number("NEWSPRINT_SEED", 1) as u64;
    let mut random = Random(seed);
    let digest = Digest::new();
    digest.write(
        "newsprint.yaml",
        "title: 摘要\nbase_url: https://example.org/\noutputs: {json: true, markdown: true}\n",
    );
    for n in 0..8 {
        digest.write(&format!("content/articles/{n}.md"), article(&mut random).replace("draft: true\n", ""));
    }
    let build = || newsprint::build(&Options::new(digest.path("")));
    let plan_and_manifest = || {
        ["plan", ""].map(|ending| fs::read(digest.path(&manifest_file(&digest, ending))).unwrap_or_default())
    };
    build();
    let (mut earlier, mut older, mut short) = (Vec::new(), Vec::new(), 0);
    for step in 0..steps {
        let mut what = edit_body(&digest, &mut random, &mut earlier);
        older.push(plan_and_manifest());
        if random.below(3) == 0 {
            what = format!("{what}, then {}", damage(&digest, &mut random, &older));
        }
        let report = build();
        assert!(report.success, "seed {seed}, step {step}, {what}: {:#?}", report.diagnostics);
        assert!(digest.site() == clean_site(&digest).unwrap(), "seed {seed}, step {step}, {what}");
        short += usize::from(report.stages.iter().any(|(stage, _)| *stage == "plan bodies"));
    }
    assert!(short * 4 > steps, "only {short} of {steps} builds were body-only rebuilds");
}

/// Replaces the line of one field of an article, or writes or removes one, and describes the
/// change.
fn edit_fields(digest: &Digest, random: &mut Random) -> String {
    let existing = articles(digest);
    let path = format!("content/articles/{}", random.pick(&existing));
    let text = digest.read(&path);
    let another = article(random).replace("draft: true\n", "");
    let field = *random.pick(&["title: ", "event: ", "keywords: ", "industries: ", "date: ", "", ""]);
    if field.is_empty() {
        if existing.len() > 6 && random.below(3) == 0 {
            digest.remove(&path);
            return format!("remove {path}");
        }
        let path = format!("content/articles/{}.md", random.below(40));
        digest.write(&path, another);
        return format!("write {path}");
    }
    let line = |text: &str| text.lines().find(|line| line.starts_with(field)).map(str::to_owned);
    if let (Some(old), Some(new)) = (line(&text), line(&another)) {
        digest.write(&path, text.replacen(&old, &new, 1));
    }
    format!("edit {field}of {path}")
}

#[test]
fn edited_fields_and_bodies_give_the_site_of_a_clean_build() {
    let steps = env_number("NEWSPRINT_STEPS", 60);
    let seed = env_number("NEWSPRINT_SEED", 1) as u64;
    let mut random = Random(seed);
    for settings in [
        "paginate_by: 2\n",
        "paginate_by: 3\noutputs: {json: true, markdown: true, editions: [text, epub]}\n",
        "paginate_by: 1\nfeeds: {terms: 3, crossings: 2, list_limit: 2}\ncrossings: {min_articles: 1}\n",
    ] {
        let digest = Digest::new();
        digest.write("newsprint.yaml", format!("title: 摘要\nbase_url: https://example.org/\n{settings}"));
        for n in 0..12 {
            digest.write(
                &format!("content/articles/{n}.md"),
                article(&mut random).replace("draft: true\n", ""),
            );
        }
        let mut earlier = Vec::new();
        for step in 0..steps / 3 {
            let what = match random.below(3) {
                0 => edit_body(&digest, &mut random, &mut earlier),
                _ => {
                    // An earlier text would undo what changes now.
                    earlier.clear();
                    edit_fields(&digest, &mut random)
                }
            };
            let report = newsprint::build(&Options::new(digest.path("")));
            assert!(report.success, "seed {seed}, step {step}, {what}: {:#?}", report.diagnostics);
            let (mut found, wanted) = (digest.site(), clean_site(&digest).unwrap());
            found.retain(|path, bytes| wanted.contains_key(path) || !is_notice(bytes));
            assert!(found == wanted, "{settings:?}, seed {seed}, step {step}, {what}");
        }
    }
}

#[test]
fn warnings_about_articles_are_repeated_by_builds_of_bodies_alone() {
    let digest = Digest::new();
    digest.write("newsprint.yaml", "title: 摘要\nbase_url: https://example.org/\n");
    let long = "\n说来话长。".repeat(40);
    for (name, day) in [("a", 1), ("between", 2), ("b", 3)] {
        let text = format!("---\ntitle: {name}\ndate: 2026-01-0{day}\nunknown_field: x\n---\n{long}\n");
        digest.write(&format!("content/articles/{name}.md"), text);
    }
    let build = || newsprint::build(&Options::new(digest.path("")));
    let first = build();
    assert_eq!((first.success, first.diagnostics.len()), (true, 3), "{:?}", first.diagnostics);
    assert_eq!(build().diagnostics, first.diagnostics, "nothing changed");
    let text = digest.read("content/articles/a.md");
    digest.write("content/articles/a.md", format!("{text}\n又一句。\n"));
    let report = build();
    assert!(report.stages.iter().any(|(stage, _)| *stage == "plan bodies"), "{:?}", report.stages);
    assert_eq!(report.diagnostics, first.diagnostics);
    assert!(digest.site() == clean_site(&digest).unwrap());
    assert_eq!(build().diagnostics, first.diagnostics, "nothing changed again");
    digest
        .write("content/articles/b.md", digest.read("content/articles/b.md").replace("title: b", "title: c"));
    assert_eq!(build().diagnostics.len(), 3);
    assert!(digest.site() == clean_site(&digest).unwrap());
}

#[test]
fn a_body_that_is_restored_is_restored_on_its_page() {
    let digest = Digest::new();
    digest.write("newsprint.yaml", "title: 摘要\nbase_url: https://example.org/\n");
    // Pages link the articles beside theirs: b is not beside a.
    for (name, day) in [("a", 1), ("between", 2), ("b", 3)] {
        let long = "\n说来话长。".repeat(40);
        let text = format!("---\ntitle: {name}\ndate: 2026-01-0{day}\n---\n{long}\n");
        digest.write(&format!("content/articles/{name}.md"), text);
    }
    let build = || newsprint::build(&Options::new(digest.path("")));
    build();
    let before = digest.read("content/articles/a.md");
    digest.write("content/articles/a.md", format!("{before}\n又一句。\n"));
    let stages = build().stages;
    assert!(stages.iter().any(|(stage, _)| *stage == "plan bodies"), "{stages:?}");
    assert!(digest.read("public/articles/a/index.html").contains("又一句"));
    // The title makes it a build of the whole site.
    digest.write("content/articles/a.md", before);
    digest.write("content/articles/b.md", "---\ntitle: 丙\ndate: 2026-01-03\n---\n");
    build();
    assert!(!digest.read("public/articles/a/index.html").contains("又一句"));
    assert!(digest.site() == clean_site(&digest).unwrap());
}

#[test]
fn a_cache_file_of_an_earlier_build_is_not_used_beside_later_ones() {
    for ending in ["articles", "relations", ".built", ".plan"] {
        let digest = Digest::new();
        digest.write("newsprint.yaml", "title: 摘要\nbase_url: https://example.org/\n");
        let write = |name: &str, title: &str| {
            let text = format!("---\ntitle: {title}\ndate: 2026-11-20\nkeywords: [甲]\n---\n正文。\n");
            digest.write(&format!("content/articles/{name}.md"), text);
        };
        let build = || assert!(newsprint::build(&Options::new(digest.path(""))).success);
        write("a", "甲一");
        write("b", "乙一");
        build();
        let file = match ending.starts_with('.') {
            true => manifest_file(&digest, ending),
            false => format!(".newsprint/{ending}"),
        };
        let earlier = fs::read(digest.path(&file)).unwrap();
        write("a", "甲二");
        build();
        digest.write(&file, &earlier);
        write("b", "乙二");
        build();
        assert!(digest.site() == clean_site(&digest).unwrap(), "{file}");
        // The inputs are those of the first build again, the site is not.
        digest.write(&file, earlier);
        write("a", "甲一");
        write("b", "乙一");
        build();
        assert!(digest.site() == clean_site(&digest).unwrap(), "{file}, after the first texts");
    }
}

#[test]
fn a_cached_plan_is_used_only_with_its_own_manifest() {
    let digest = Digest::new();
    let mut random = Random(1);
    digest.write("newsprint.yaml", "title: 摘要\nbase_url: https://example.org/\n");
    digest.write("content/articles/0.md", article(&mut random));
    let build = || newsprint::build(&Options::new(digest.path("")));
    build();
    let before = digest.read(&manifest_file(&digest, ""));
    // No page shows this file, so that every file in the older manifest is still unchanged.
    digest.write("static/x.txt", "x");
    build();
    digest.write(&manifest_file(&digest, ""), before);
    digest.write("content/articles/0.md", digest.read("content/articles/0.md") + "又一句。\n");
    build();
    digest.write("static/x.txt", "y");
    let report = build();
    assert!(report.success, "{:#?}", report.diagnostics);
    assert_eq!(digest.read("public/x.txt"), "y");
}

#[test]
fn edits_saved_in_a_preview_give_the_site_of_a_clean_build() {
    let saves = env_number("NEWSPRINT_SAVES", 50);
    let seed = env_number("NEWSPRINT_SEED", 1) as u64;
    let mut random = Random(seed);
    let digest = Digest::new();
    for n in 0..8 {
        digest.write(&format!("content/articles/{n}.md"), article(&mut random));
    }
    let preview = Preview::start(&digest, &[]);
    let mut earlier = Vec::new();
    let mut failed = 0;
    for step in 0..saves {
        // Often one change, sometimes two or three: the later ones may be saved during a build.
        let what: Vec<String> = (0..1 + random.below(5) / 2)
            .map(|_| match random.below(2) {
                0 => edit_body(&digest, &mut random, &mut earlier),
                _ => edit(&digest, &mut random, true),
            })
            .collect();
        let what = format!("seed {seed}, step {step}, {}", what.join(", then "));
        let state = || preview.get("/.newsprint/state?page=%2F").text();
        match clean_site(&digest) {
            Some(wanted) => wait_for(&what, || {
                let mut site = preview.site()?;
                // A preview keeps the notices of feeds that its earlier builds had.
                site.retain(|path, bytes| wanted.contains_key(path) || !is_notice(bytes));
                (site == wanted && state().contains("\"problems\":null")).then_some(())
            }),
            None => {
                failed += 1;
                wait_for(&what, || state().contains("cannot be built").then_some(()));
            }
        }
    }
    eprintln!("{saves} saves, {failed} of them with a failed build, seed {seed}");
}

#[test]
fn the_build_after_a_killed_one_gives_the_site_of_a_clean_build() {
    let kills = env_number("NEWSPRINT_KILLS", 12);
    let mut random = Random(env_number("NEWSPRINT_SEED", 1) as u64);
    let digest = Digest::with_articles(150);
    let mut died = 0;
    let mut longest = 60;
    for round in 0..kills {
        // A change of many pages, or a build into an empty output folder.
        match round % 4 {
            0 => drop(fs::remove_dir_all(digest.path("public"))),
            1 => digest.write(
                "templates/parts/card.html",
                format!("<p class=\"card\">{round} {{{{ article.title }}}}</p>\n"),
            ),
            2 => digest.write(&format!("content/articles/k{round}.md"), article(&mut random)),
            _ => digest
                .write("newsprint.yaml", format!("title: 第 {round} 轮\nbase_url: https://example.org/\n")),
        }
        let mut child = Command::new(crate::driver::newsprint())
            .args(["build", "-q"])
            .current_dir(digest.path(""))
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(random.below(longest) as u64));
        let finished = child.try_wait().unwrap().is_some();
        died += usize::from(!finished);
        // Adapts the delay to this machine, so that builds are killed while they run.
        longest = if finished { (longest * 9 / 10).max(10) } else { longest + 5 };
        child.kill().unwrap();
        child.wait().unwrap();
        // No page is ever partially written: each ends with `</html>`.
        for (path, bytes) in digest.site() {
            if path.ends_with(".html") {
                assert!(
                    bytes.trim_ascii_end().ends_with(b"</html>"),
                    "round {round}: {path} is partially written"
                );
            }
        }
        digest.build();
        let (found, wanted) = (digest.site(), clean_site(&digest).unwrap());
        let differs: Vec<&String> =
            wanted.keys().chain(found.keys()).filter(|path| wanted.get(*path) != found.get(*path)).collect();
        assert!(differs.is_empty(), "round {round}: {differs:?}");
        let leftovers = fs::read_dir(digest.path(""))
            .unwrap()
            .filter(|entry| entry.as_ref().unwrap().file_name().to_string_lossy().contains("newsprint-new"));
        assert_eq!(leftovers.count(), 0, "round {round}");
    }
    eprintln!("{kills} builds, {died} of them killed while running");
    assert!(died > 0, "every build ended before it was killed");
}

#[test]
fn verify_compares_with_a_clean_build_and_names_differences() {
    let digest = Digest::with_articles(3);
    let outcome = digest.run(&["build", "--verify"]);
    assert!(outcome.success && outcome.stderr.contains("equal to a clean build"), "{}", outcome.stderr);
    // A change that size and modification time do not show: other bytes of the same length and
    // time.
    let path = digest.path("public/articles/0002/index.html");
    let time = fs::metadata(&path).unwrap().modified().unwrap();
    let forged = digest.page("articles/0002/index.html").replace("正文 2", "正文 9");
    fs::write(&path, forged).unwrap();
    fs::File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    let outcome = digest.run(&["build", "--verify"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("articles/0002/index.html") && outcome.stderr.contains("differs"),
        "{}",
        outcome.stderr
    );
    assert!(!digest.exists(".newsprint/verify"));
}

#[test]
fn the_same_digest_gives_the_same_bytes_in_any_zone_locale_and_thread_count() {
    let digest = Digest::with_articles(40);
    digest.build();
    let wanted = digest.site();
    for (zone, language, threads) in [("America/New_York", "C", "1"), ("Asia/Tokyo", "zh_CN.UTF-8", "7")] {
        let copy = Digest::bare();
        // Another folder, another order of writing, other times.
        for (name, bytes) in tree(&digest.path("content")).into_iter().rev() {
            copy.write(&format!("content/{name}"), bytes);
        }
        copy.write("newsprint.yaml", digest.read("newsprint.yaml"));
        let built = Command::new(crate::driver::newsprint())
            .args(["build", "-q"])
            .current_dir(copy.path(""))
            .env("TZ", zone)
            .env("LANG", language)
            .env("LC_ALL", language)
            .env("RAYON_NUM_THREADS", threads)
            .status()
            .unwrap();
        assert!(built.success());
        assert!(copy.site() == wanted, "{zone} {language} {threads}");
    }
}

#[test]
fn the_build_cache_of_another_checkout_can_be_used() {
    let digest = Digest::with_articles(5);
    digest.build();
    let elsewhere = Digest::bare();
    for folder in ["content", "public", ".newsprint"] {
        for (name, bytes) in tree(&digest.path(folder)) {
            elsewhere.write(&format!("{folder}/{name}"), bytes);
        }
    }
    elsewhere.write("newsprint.yaml", digest.read("newsprint.yaml"));
    elsewhere.write("content/articles/0003.md", "---\ntitle: 变了\n---\nx\n");
    elsewhere.build();
    assert!(elsewhere.site() == clean_site(&elsewhere).unwrap());
}
