use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::*;
use crate::config::Config;
use crate::fs::SymlinkPolicy;
use crate::load::{self, Cache, Theme};
use crate::locale::Locale;
use crate::pipeline::stages;
use crate::plan::card::{self, Cards};
use crate::plan::{self, Body};
use crate::search::head::Head;
use crate::site::{self, Connections};
use crate::watchdog::Watchdog;

/// A file of a plan: its key, its fingerprint, and whether it is one of the last plan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct File {
    key: Key,
    fingerprint: Fingerprint,
    is_kept: bool,
}

/// The files of a plan by path, and the head of the search index.
#[derive(Debug, Default)]
struct Plan {
    files: BTreeMap<String, File>,
    head: Option<Head>,
}

impl Plan {
    fn fingerprints(&self) -> BTreeMap<&str, Fingerprint> {
        self.files.iter().map(|(path, file)| (path.as_str(), file.fingerprint)).collect()
    }

    fn kept(&self) -> usize {
        self.files.values().filter(|file| file.is_kept).count()
    }

    fn as_last_site(&self) -> LastSite {
        let files = self.files.iter().filter(|(_, file)| file.key != Key::default());
        LastSite {
            files: files
                .map(|(path, file)| (path.as_str().into(), (file.key, file.fingerprint.into())))
                .collect(),
            head: self.head.clone(),
        }
    }
}

/// Calls `then` with what a plan of the digest in a folder is made from, with keys; it may keep files
/// of the plan `last`.
fn with_input<R>(
    root: &Path,
    last: Option<&Plan>,
    then: impl for<'s> FnOnce(plan::Input<'s>, &'s Theme, &Bodies) -> R,
) -> R {
    let mut cache = Cache::none();
    let (config, found): (Config, _) = load::configuration(root, None, SymlinkPolicy::Inside);
    assert!(found.is_empty(), "{found:?}");
    let mut files = load::Sources::find(root, &config, &mut cache);
    let theme: Theme = load::theme::load(root, SymlinkPolicy::Inside, &[], &mut cache);
    let all = load::Selection::of_all_times(false);
    let content = load::content(root, &config, all, &mut cache, &mut files, &Watchdog::none());
    let errors: Vec<_> = content.diagnostics.iter().filter(|found| found.is_error()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    let (locale, _) = Locale::new(config.language, &theme);
    let (site, bodies, _) = site::assemble(content, &config, Arc::new(|_, _| Ok(String::new())));
    let (connections, _) = Connections::find(&site, &config, None);
    let views = card::taxonomies(&config, &locale);
    let cards = Cards::new(&site, &connections, &views, &config, &locale);
    let layout = stages::layout(&config, &site, &bodies);
    let keep = Keep::new(
        &site,
        &connections,
        (articles(&site), bodies.fingerprints()),
        Fingerprint::default(),
        last.map(Plan::as_last_site).unwrap_or_default(),
    );
    let input = plan::Input {
        site: &site,
        connections: &connections,
        config: &config,
        locale: &locale,
        cards: &cards,
        style: None,
        keep: Some(&keep),
        layout: &layout,
    };
    then(input, &theme, &bodies)
}

/// Plans the digest in a folder, with keys; keeps the files of the plan `last` that it can.
fn plan(root: &Path, last: Option<&Plan>) -> Plan {
    with_input(root, last, |input, theme, bodies| files_of(&plan::plan(input, theme).0, bodies))
}

/// The files of planned pages.
fn files_of(pages: &[Page<'_>], bodies: &Bodies) -> Plan {
    let head = body_only::head(pages);
    let file = |page: &Page<'_>| {
        // The bytes of the index are its own matter.
        let is_index = matches!(page.body, Body::Index(_));
        let fingerprint = match is_index {
            true => Fingerprint::of(&format!("{:?}", page.body)),
            false => page.fingerprint(Fingerprint::default(), bodies, None),
        };
        (page.path.clone(), File { key: page.key, fingerprint, is_kept: matches!(page.body, Body::Kept(_)) })
    };
    let files: BTreeMap<String, File> = pages.iter().map(file).collect();
    assert_eq!(files.len(), pages.len(), "two files have one path");
    Plan { files, head }
}

const SETTINGS: &str = "base_url: https://example.org/\n";
/// Everything that a digest can have.
const ALL: &str = "outputs: { json: true, markdown: true, api: true, llms: true, editions: [text, epub] }
feeds: { terms: 2, crossings: 10, full_text: all, json: all, list_limit: 3 }
paginate_by: 2
crossings: { of: [keywords, industries], min_articles: 1 }
";

/// Writes a digest of 40 articles of 20 days, of which some report the same event.
fn write_digest(root: &Path, settings: &str) {
    std::fs::create_dir_all(root.join("content/articles")).unwrap();
    std::fs::create_dir_all(root.join("content/pages")).unwrap();
    std::fs::write(root.join("newsprint.yaml"), format!("{SETTINGS}{settings}")).unwrap();
    std::fs::write(root.join("content/pages/about.md"), "---\ntitle: 关于\n---\n正文。\n").unwrap();
    std::fs::write(root.join("content/terms.yaml"), "keywords:\n  - name: 甲\n    description: 一\n")
        .unwrap();
    for n in 0..40 {
        let (keyword, industry) = (["甲", "乙", "丙", "丁"][n % 4], ["金融", "医疗"][n % 2]);
        let title = match n {
            20 | 21 => format!("微软完成收购智能公司交易 {}", ["甲", "乙"][n % 2]),
            _ => format!("第{n}号模型由{}{}号公司推出", ["北京", "上海", "深圳"][n % 3], n * 7),
        };
        let text = format!(
            "---\ntitle: {title}\ndate: 2026-0{}-{:02}\nkeywords: [{keyword}, 词{}]\nindustries: [{industry}]\n\
             event: 事件{n}。\n---\n正文第{n}篇。{}\n",
            1 + n / 30,
            1 + n % 30 / 2,
            n / 5,
            // More than an excerpt.
            "一句话。".repeat(100)
        );
        std::fs::write(root.join(format!("content/articles/a{n:02}.md")), text).unwrap();
    }
}

/// Replaces `from` by `to` in an article, which must have it; an empty `from` is at the end.
fn edit(root: &Path, file: &str, from: &str, to: &str) {
    let path = root.join("content").join(file);
    let text = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(text.contains(from), "{file}: {text}");
    let edited = if from.is_empty() { text + to } else { text.replacen(from, to, 1) };
    std::fs::write(path, edited).unwrap();
}

/// The edits: file, what is replaced, by what.
const EDITS: &[(&str, &str, &str)] = &[
    ("articles/a10.md", "title: ", "title: 新"),
    ("articles/a10.md", "event: ", "event: 新"),
    ("articles/a10.md", "", "又一句。\n"),
    ("articles/a14.md", "", "又一句。\n"),
    // 甲 has ten articles, as its crossing with 金融: both lose their feed.
    ("articles/a36.md", "keywords: [甲, 词7]", "keywords: [词7]"),
    ("articles/a36.md", "industries: [金融]", "industries: [医疗]"),
    ("articles/a10.md", "正文第10篇。", "另一个开头。"),
    ("articles/a11.md", "event: 事件11。\n", ""),
    ("articles/a11.md", "event: 事件11。", "summary: 摘要。"),
    ("articles/a12.md", "event: ", "source: 新华社\nevent: "),
    ("articles/a12.md", "event: ", "link: https://example.net/12\nevent: "),
    ("articles/a12.md", "event: ", "updated: 2026-03-01\nevent: "),
    ("articles/a12.md", "event: ", "aliases: [/old/]\nevent: "),
    ("articles/a12.md", "event: ", "slug: moved\nevent: "),
    ("articles/a12.md", "event: ", "ai: generated\nevent: "),
    ("articles/a12.md", "event: ", "image: /x.png\nevent: "),
    ("articles/a12.md", "event: ", "extra: { a: 1 }\nevent: "),
    ("articles/a12.md", "event: ", "id: tag:example.org,2026:12\nevent: "),
    ("articles/a13.md", "date: 2026-01-07", "date: 2026-02-20"),
    ("articles/a13.md", "date: 2026-01-07", "date: 2025-12-31"),
    ("articles/a13.md", "date: 2026-01-07", "date: 2026-01-07T09:30:00"),
    ("articles/a13.md", "date: 2026-01-07\n", ""),
    ("articles/a14.md", "keywords: [丙, 词2]", "keywords: [丙, 词2, 新词]"),
    ("articles/a14.md", "keywords: [丙, 词2]", "keywords: [甲, 词2]"),
    ("articles/a14.md", "keywords: [丙, 词2]", "keywords: [词2, 丙]"),
    ("articles/a14.md", "keywords: [丙, 词2]\n", ""),
    ("articles/a14.md", "industries: [金融]", "industries: [金融, 医疗]"),
    ("articles/a21.md", "title: 微软完成收购智能公司交易 乙", "title: 谷歌发布一个新的浏览器"),
    ("articles/a21.md", "date: 2026-01-11", "date: 2026-01-10"),
    ("articles/a22.md", "title: 第22号模型由上海154号公司推出", "title: 微软完成收购智能公司交易 甲"),
    ("articles/new.md", "", "---\ntitle: 新的\ndate: 2026-02-25\nkeywords: [甲]\n---\n文。\n"),
    (
        "articles/new.md",
        "",
        "---\ntitle: 新的\ndate: 2026-01-05\nkeywords: [甲, 乙]\nindustries: [金融]\n---\n文。\n",
    ),
    ("articles/new.md", "", "---\ntitle: 新的\nkeywords: [新词]\n---\n文。\n"),
    (
        "articles/new.md",
        "",
        "---\ntitle: 微软完成收购智能公司交易 丙\ndate: 2026-01-12\nkeywords: [甲]\n---\n文。\n",
    ),
    ("terms.yaml", "一", "二"),
    ("terms.yaml", "description: 一", "aliases: [乙]"),
    ("terms.yaml", "name: 甲", "name: 甲等\n    aliases: [甲]"),
    ("terms.yaml", "description: 一", "hidden: true"),
    ("terms.yaml", "", "  - name: 乙\n    slug: second\n"),
    ("pages/about.md", "关于", "关于我们"),
];

#[test]
fn kept_files_have_the_fingerprint_that_a_whole_plan_has() {
    for settings in ["paginate_by: 4\n", ALL] {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path();
        write_digest(root, settings);
        let last = plan(root, None);
        let same = plan(root, Some(&last));
        assert_eq!(same.fingerprints(), last.fingerprints());
        let with_key = last.files.values().filter(|file| file.key != Key::default()).count();
        assert_eq!(same.kept(), with_key, "nothing was edited: each file with a key is kept");
        assert!(with_key * 10 > last.files.len() * 6, "{with_key} of {} files have a key", last.files.len());
        for &(file, from, to) in EDITS {
            let before = std::fs::read_to_string(root.join("content").join(file)).ok();
            edit(root, file, from, to);
            let (found, whole) = (plan(root, Some(&last)), plan(root, None));
            let (found_all, whole_all) = (found.fingerprints(), whole.fingerprints());
            let wrong: Vec<_> =
                whole_all.iter().filter(|(path, it)| found_all.get(*path) != Some(it)).collect();
            assert!(wrong.is_empty(), "{settings:?} {file}: {from:?} → {to:?}: {wrong:?}");
            assert_eq!(found_all.len(), whole_all.len(), "{file}: {from:?} → {to:?}");
            assert!(found.kept() > 0, "{file}: {from:?} → {to:?}");
            match before {
                Some(text) => std::fs::write(root.join("content").join(file), text).unwrap(),
                None => std::fs::remove_file(root.join("content").join(file)).unwrap(),
            }
        }
        let removed = root.join("content/articles/a21.md");
        std::fs::remove_file(removed).unwrap();
        assert_eq!(plan(root, Some(&last)).fingerprints(), plan(root, None).fingerprints());
    }
}

#[test]
fn deferred_data_is_that_of_a_plan_without_keys() {
    let folder = tempfile::tempdir().unwrap();
    write_digest(folder.path(), ALL);
    with_input(folder.path(), None, |input, theme, bodies| {
        let without_keys = plan::Input { keep: None, ..input };
        let (pages, whole) = (plan::plan(input, theme).0, plan::plan(without_keys, theme).0);
        assert_eq!(files_of(&pages, bodies).fingerprints(), files_of(&whole, bodies).fingerprints());
        let mut subjects = BTreeMap::new();
        for (page, whole) in pages.iter().zip(&whole) {
            assert!(page.bodies().eq(whole.bodies()), "{}", page.path);
            let made = match page.body {
                Body::Deferred(_, subject) => plan::deferred::body(input, subject).unwrap(),
                _ => {
                    assert_eq!(format!("{:?}", page.body), format!("{:?}", whole.body));
                    continue;
                }
            };
            assert_eq!(format!("{made:?}"), format!("{:?}", whole.body), "{}", page.path);
            *subjects.entry(page.path.split('/').next().unwrap()).or_insert(0) += 1;
        }
        // 40 articles; pages of terms and of crossings; 20 days and the weeks they are in; results of
        // 16 articles a file.
        let most = ["articles", "keywords", "industries", "2026"].map(|folder| subjects[folder]);
        assert!(most[0] == 40 && most[1] > 40 && most[2] > 2 && most[3] > 20, "{subjects:?}");
        assert_eq!(subjects["search"], 3);
        assert!(pages.iter().filter(|page| page.path.contains("/page/")).count() > 20);
    });
}

#[test]
fn a_new_title_leaves_the_pages_of_other_articles() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    write_digest(root, "paginate_by: 4\n");
    let last = plan(root, None);
    edit(root, "articles/a10.md", "title: ", "title: 新");
    let planned = plan(root, Some(&last));
    let is_kept = |path: &str| planned.files[path].is_kept;
    assert!(!is_kept("articles/a10/index.html") && is_kept("articles/a30/index.html"));
    // a10 has the terms 丙, 词2 and 金融.
    assert!(!is_kept("keywords/丙/index.html") && is_kept("keywords/丁/index.html"));
    assert!(!is_kept("2026/01/06/index.html") && is_kept("2026/01/15/index.html"));
}

#[test]
fn a_file_of_the_list_of_articles_links_to_a_new_newer_one() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    std::fs::create_dir_all(root.join("content/articles")).unwrap();
    std::fs::write(root.join("newsprint.yaml"), format!("{SETTINGS}outputs: {{ api: true }}\n")).unwrap();
    let write = |n: usize| {
        let text = format!("---\ntitle: 第{n}篇\ndate: 2026-01-{:02}\n---\n", 1 + n / 500);
        std::fs::write(root.join(format!("content/articles/a{n:03}.md")), text).unwrap();
    };
    // Two files of 250.
    (0..500).for_each(write);
    let last = plan(root, None);
    write(500);
    let planned = plan(root, Some(&last));
    assert!(
        planned.files.contains_key("api/articles-2.json") && !last.files.contains_key("api/articles-2.json")
    );
    assert_eq!(planned.fingerprints(), plan(root, None).fingerprints());
}
