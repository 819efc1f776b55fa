//! Stories: what is told as one event, and that no list hides a report.

use std::collections::BTreeMap;

use crate::driver::{Digest, attributes};

/// Articles that share few words with others.
fn with_fillers(mut digest: Digest, keyword: &str) -> Digest {
    for n in 0..30_u32 {
        let word: String = (0..6).filter_map(|at| char::from_u32(0x4E00 + n * 97 + at * 613)).collect();
        let text = format!("title: {word}\ndate: 2026-02-{:02}\nkeywords: [{keyword}]\n", n % 28 + 1);
        digest = digest.article(&format!("filler-{n}"), &text, &word);
    }
    digest
}

fn report(title: &str, event: &str, day: u32, source: &str, keywords: &str) -> String {
    format!(
        "title: {title}\nevent: {event}\ndate: 2026-03-{day:02}\nsource: {source}\nkeywords: [{keywords}]\n"
    )
}

#[test]
fn other_versions_and_products_of_a_firm_are_other_events() {
    let pairs = [
        (
            ("星海科技发布 Nova-4 模型", "星海科技发布 Nova-4 模型，长文能力更强。"),
            ("星海科技推出 Nova Draw 工具", "星海科技基于 Nova-4 推出绘图工具 Nova Draw。"),
        ),
        (
            ("云岚智能发布 Mist2.6-Max-Preview 模型", "云岚智能发布 Mist2.6-Max-Preview 模型。"),
            ("云岚智能开源 Mist2.6-27B 模型", "云岚智能开源 Mist2.6-27B 模型。"),
        ),
        (
            ("青禾数据发布 Lark-2.6-1T", "青禾数据发布 Lark-2.6-1T 模型。"),
            ("青禾数据发布 Lark-2.6-flash", "青禾数据发布 Lark-2.6-flash 模型。"),
        ),
        (
            ("北辰机器人与国防部达成协议", "北辰机器人与国防部达成协议，在机密网络部署模型。"),
            ("万象智算与国防部达成协议，模型进入机密网络", "万象智算与国防部达成协议，在机密网络部署模型。"),
        ),
        (("8点1氪｜松果汽车裁员；海棠医疗上市", "松果汽车裁员。"), ("松果汽车裁员", "松果汽车裁员。")),
        (
            ("澄光半导体召回 Halo 充电宝", "澄光半导体召回 Halo 充电宝。"),
            ("澄光半导体就 Halo 充电宝致歉", "澄光半导体就 Halo 充电宝致歉，此前召回。"),
        ),
    ];
    let mut digest = with_fillers(Digest::new(), "人工智能");
    for (n, (a, b)) in pairs.iter().enumerate() {
        digest = digest.article(&format!("a{n}"), &report(a.0, a.1, 4, "甲报", "人工智能"), "正文").article(
            &format!("b{n}"),
            &report(b.0, b.1, 5, "乙报", "人工智能"),
            "正文",
        );
    }
    let digest = digest.configured("paginate_by: 100");
    digest.build();
    let list = digest.main("keywords/人工智能/index.html");
    assert!(!list.contains("class=\"reports\""), "{list}");
    // The newest articles are cards, the others lines.
    let listed = list.matches("class=\"card\"").count() + list.matches("<li>").count();
    assert_eq!(listed, 30 + 2 * pairs.len());
}

/// Three reports of one purchase, on three days, each from its own source.
fn purchase() -> Digest {
    let event = "思科以280亿美元收购网络安全公司Splunk，交易将于明年完成。";
    with_fillers(Digest::new(), "收购")
        .article("r1", &report("思科280亿美元收购Splunk", event, 4, "甲报", "收购"), "正文")
        .article("r2", &report("思科宣布以280亿美元收购Splunk公司", event, 5, "乙报", "收购"), "正文")
        .article("r3", &report("Splunk公司被思科以280亿美元收购", event, 6, "丙<报", "收购"), "正文")
        .configured("paginate_by: 5\ncrossings: {min_articles: 1}")
}

#[test]
fn a_folded_report_shows_its_headline_and_source_on_every_list() {
    let digest = purchase();
    digest.build();
    let lines = [
        "<li><a href=\"/articles/r3/\">Splunk公司被思科以280亿美元收购</a> <span class=\"source\">丙&lt;报</span></li>",
        "<li><a href=\"/articles/r2/\">思科宣布以280亿美元收购Splunk公司</a> <span class=\"source\">乙报</span></li>",
    ];
    for page in ["index.html", "keywords/收购/index.html", "2026/03/index.html", "2026/w10/index.html"] {
        let main = digest.main(page);
        for line in lines {
            assert!(main.contains(line), "{page}: {main}");
        }
    }
    // Three publishers report it: it leads, and they are named.
    let home = digest.main("index.html");
    assert!(
        home.contains("头条</span> <span class=\"sources\">3 家媒体报道：甲报、丙&lt;报、乙报</span>"),
        "{home}"
    );
    // The page of a day shows its own report, with the others below.
    let day = digest.main("2026/03/06/index.html");
    assert_eq!(
        attributes(day.split("<details class=\"reports\"").nth(1).unwrap(), "href")[..2],
        ["/articles/r2/", "/articles/r1/"]
    );
}

#[test]
fn a_list_follows_the_headline_and_the_source_of_a_folded_report() {
    let digest = purchase();
    digest.build();
    let text = digest.read("content/articles/r2.md");
    digest.write("content/articles/r2.md", text.replace("source: 乙报", "source: 丁报"));
    digest.build();
    assert!(digest.main("keywords/收购/index.html").contains("<span class=\"source\">丁报</span>"));
    let outcome = digest.run(&["build", "--verify"]);
    assert!(outcome.success, "{}", outcome.stderr);
}

/// Names that share no words.
const NAMES: [&str; 16] = [
    "Alphor", "Betano", "Cerulo", "Dovane", "Estrik", "Forlan", "Gavish", "Hexory", "Iltemo", "Jorvin",
    "Kestal", "Lumery", "Morvex", "Nestul", "Orbine", "Pelkat",
];

#[test]
fn every_article_is_on_a_list_of_each_of_its_terms_and_its_day_week_and_month() {
    // Of each story, the first report lacks a term of the others.
    let mut digest = Digest::new().configured("paginate_by: 7");
    let mut terms: BTreeMap<String, (Vec<String>, u32)> = BTreeMap::new();
    for (n, names) in NAMES.chunks(2).enumerate() {
        let (buyer, bought) = (names[0], names[1]);
        let titles = [
            format!("{buyer}收购{bought}"),
            format!("{buyer}宣布收购{bought}公司"),
            format!("{buyer}正式收购{bought}"),
        ];
        for (at, title) in titles.iter().enumerate() {
            let own = [format!("词{at}"), format!("词{}", (at + n) % 5), "共同".to_owned()];
            let day = 2 + 3 * (n as u32) + at as u32 % 2;
            let text =
                report(title, &format!("{buyer}收购{bought}，价格未定。"), day, "甲报", &own.join(", "));
            let name = format!("{}-{at}", buyer.to_lowercase());
            digest = digest.article(&name, &text, "正文");
            terms.insert(name, (own.to_vec(), day));
        }
    }
    // A day with more articles than a group shows as cards.
    for n in 0..90_u32 {
        let word: String = (0..5).filter_map(|at| char::from_u32(0x4E00 + n * 97 + at * 613)).collect();
        let name = format!("day-{n}");
        digest = digest.article(&name, &report(&word, &word, 28, "乙报", "共同"), "正文");
        terms.insert(name, (vec!["共同".to_owned()], 28));
    }
    for is_on in [true, false] {
        digest = if is_on { digest } else { digest.configured("stories: off") };
        digest.build();
        let site: Vec<(String, String)> = digest
            .site()
            .into_iter()
            .filter(|(path, _)| path.ends_with("index.html"))
            .map(|(path, bytes)| (path, String::from_utf8(bytes).unwrap()))
            .collect();
        // A link within the list: pages of other articles do not count, nor do links in headers.
        let lists = |folder: &str, link: &str| {
            site.iter().any(|(path, page)| {
                let own = path
                    .strip_prefix(folder)
                    .is_some_and(|rest| rest == "index.html" || rest.starts_with("page/"));
                own && page.contains(link)
            })
        };
        let folded = site.iter().filter(|(path, page)| {
            path.starts_with("keywords/共同/") && page.contains("<details class=\"reports\"")
        });
        assert_eq!(folded.count() > 0, is_on);
        for (name, (own, day)) in &terms {
            let link = format!("href=\"/articles/{name}/\"");
            let week = (day - 2) / 7 + 10;
            for folder in own.iter().map(|term| format!("keywords/{term}/")).chain([
                String::new(),
                "2026/03/".to_owned(),
                format!("2026/03/{day:02}/"),
                format!("2026/w{week}/"),
            ]) {
                assert!(lists(&folder, &link), "{name} is not in {folder}");
            }
        }
    }
}
