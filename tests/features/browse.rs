//! Pages to browse by: editions, crossings, trends, stories, related articles, term pages and the
//! orders of a term index.

use crate::driver::{Digest, attributes};

/// Eight articles within two weeks. ISO week 2 of 2024 begins on Monday 8 January.
fn two_weeks() -> Digest {
    let mut digest = Digest::new();
    for (n, (day, technology, industry)) in [
        ("01-02", "大模型", "医疗"),
        ("01-03", "大模型", "金融"),
        ("01-08", "智能体", "医疗"),
        ("01-08", "智能体", "医疗"),
        ("01-09", "智能体", "金融"),
        ("01-09", "大模型", "医疗"),
        ("01-09", "智能体", "医疗"),
        ("01-09", "智能体", "零售"),
    ]
    .into_iter()
    .enumerate()
    {
        let text = format!(
            "title: 新闻 {n} 号\ndate: 2024-{day}\nevent: 第 {n} 件事\nai_technologies: [{technology}]\nindustries: [{industry}]\n"
        );
        digest = digest.article(&format!("{n}"), &text, "正文");
    }
    digest
}

#[test]
fn every_day_week_and_month_with_articles_has_a_page() {
    let digest = two_weeks();
    digest.build();
    for (path, title, articles) in [
        ("2024/01/09", "2024年1月9日 星期二", 4),
        ("2024/w02", "2024年第2周", 6),
        ("2024/w01", "2024年第1周", 2),
        ("2024/01", "2024年1月", 8),
    ] {
        let main = digest.main(&format!("{path}/index.html"));
        assert!(main.contains(&format!("<h1>{title}</h1>")), "{main}");
        assert!(main.contains(&format!("{articles} 篇文章")), "{main}");
    }
    assert!(!digest.exists("public/2024/01/01"));
    let week = digest.main("2024/w02/index.html");
    assert!(week.contains("1月8日至14日"), "{week}");
    // Links to its days and to the edition before it; no later edition exists. Its end says what was
    // read.
    assert!(week.contains("以上是2024年第2周的全部 6 篇文章。"), "{week}");
    assert!(week.contains("href=\"/2024/01/08/\"") && week.contains("href=\"/2024/w01/\""), "{week}");
    assert!(!week.contains("w03"), "{week}");
    // A rising term: five articles in this week, none in the four editions before.
    assert!(week.contains("本期 5 篇，此前四期共 0 篇"), "{week}");
    // Articles are grouped by industry, the largest group first.
    let groups: Vec<usize> = ["医疗</a>", "金融</a>", "零售</a>"]
        .iter()
        .map(|name| week.find(&format!("{name} <span class=\"count\">")).unwrap())
        .collect();
    assert!(groups.is_sorted(), "{week}");
}

#[test]
fn the_home_page_begins_with_the_latest_edition() {
    let digest = two_weeks();
    digest.build();
    let home = digest.main("index.html");
    assert!(home.contains("最新一期</span> <a href=\"/2024/01/09/\">2024年1月9日 星期二</a>"), "{home}");
    // A day with one article is not shown as the latest edition; its week is.
    let digest = digest.article("new", "title: 新\ndate: 2024-01-10\n", "x");
    digest.build();
    assert!(digest.main("index.html").contains("<a href=\"/2024/w02/\">2024年第2周</a>"));
    let digest = digest.configured("paginate_by: 2");
    digest.build();
    assert!(!digest.main("page/1/index.html").contains("最新一期"));
}

#[test]
fn the_day_of_an_article_follows_the_time_zone_of_the_digest() {
    let late = "title: 夜\ndate: 2024-01-31T18:00:00Z\n";
    let digest = Digest::new().article("late", late, "x");
    digest.build();
    assert!(digest.exists("public/2024/02/01/index.html"));
    let digest = digest.configured("timezone: UTC");
    digest.build();
    assert!(digest.exists("public/2024/01/31/index.html") && !digest.exists("public/2024/02"));
}

#[test]
fn the_weekly_feed_contains_only_finished_weeks() {
    let digest = two_weeks();
    digest.build();
    let text = digest.page("weekly.xml");
    let feed = roxmltree::Document::parse(&text).unwrap();
    let titles: Vec<&str> = feed
        .descendants()
        .filter(|node| node.has_tag_name("entry") || node.tag_name().name() == "entry")
        .filter_map(|entry| entry.children().find(|node| node.tag_name().name() == "title")?.text())
        .collect();
    assert_eq!(titles, ["2024年第1周（1月1日至7日）"]);
    assert!(text.contains("https://example.org/articles/0/"), "{text}");
    // With an article of week 3, week 2 counts as finished.
    let digest = digest.article("next", "title: 下周\ndate: 2024-01-15\n", "x");
    digest.build();
    assert!(digest.page("weekly.xml").contains("2024年第2周"));
}

#[test]
fn crossings_with_enough_articles_have_a_page_linked_by_both_terms() {
    let digest = two_weeks();
    digest.build();
    let crossing = digest.main("ai-technologies/智能体/industries/医疗/index.html");
    assert!(crossing.contains("<h1>智能体 × 医疗</h1>") && crossing.contains("3 篇文章"), "{crossing}");
    assert_eq!(crossing.matches("class=\"card\"").count(), 3);
    let path = "/ai-technologies/%E6%99%BA%E8%83%BD%E4%BD%93/industries/%E5%8C%BB%E7%96%97/";
    for term in ["ai-technologies/智能体", "industries/医疗"] {
        assert!(digest.main(&format!("{term}/index.html")).contains(path), "{term}");
    }
    // The default minimum is above two articles.
    assert!(!digest.exists("public/ai-technologies/大模型/industries"));
    let matrix = digest.main("crossings/index.html");
    assert!(matrix.contains(&format!("<a href=\"{path}\"")), "{matrix}");
    // One cell of the matrix has a number, and it is a link.
    assert_eq!(
        matrix.matches("<td class=\"heat-").count() - matrix.matches("<td class=\"heat-0\"></td>").count(),
        1
    );
    assert!(matrix.contains("<th scope=\"col\">") && matrix.contains("<th scope=\"row\">"), "{matrix}");
    let digest = digest.configured("crossings: {min_articles: 2}");
    digest.build();
    assert!(digest.exists("public/ai-technologies/大模型/industries/医疗/index.html"));
    let digest = digest.configured("editions: off\ntrends: off").file(
        "newsprint.yaml",
        "title: x\nbase_url: https://example.org/\ncrossings: off\neditions: off\ntrends: off\n",
    );
    digest.build();
    let left: Vec<String> = digest.site().into_keys().collect();
    let gone = |path: &String| path.contains("crossings") || path.contains("w02") || path.contains("trends");
    assert!(!left.iter().any(gone), "{left:?}");
    assert!(!digest.page("index.html").contains("/trends/"));
}

#[test]
fn a_term_page_shows_its_counts_by_month_and_related_terms() {
    let mut digest =
        Digest::new().file("content/terms.yaml", "keywords:\n- name: 开源\n  description: 源代码公开\n");
    for (n, (month, terms)) in
        [("01", "开源, 许可证"), ("01", "开源, 许可证"), ("03", "开源, 公司"), ("04", "公司"), ("05", "公司")]
            .iter()
            .enumerate()
    {
        let text = format!("title: 新闻 {n} 号\ndate: 2024-{month}-05\nkeywords: [{terms}]\n");
        digest = digest.article(&format!("{n}"), &text, "x");
    }
    digest.build();
    let main = digest.main("keywords/开源/index.html");
    for wanted in [
        "<p class=\"description\">源代码公开</p>",
        "3 篇文章",
        "<span><span class=\"year\">2024年</span>1月5日—3月5日</span>",
        "<title id=\"chart-title\">“开源”每月的文章数</title>",
        "2024年1月至2024年3月，最多的是2024年1月，2 篇。",
        "常一同出现",
    ] {
        assert!(main.contains(wanted), "{wanted}\n{main}");
    }
    // Bars of the chart by month: two articles, none, one.
    assert!(main.contains("<path d=\"M0 60v-60h12v60zM32 60v-30h12v30z\"/>"), "{main}");
    // 许可证 occurs only together with 开源, twice. 公司 occurs with it once, which may be chance.
    let about = main.split("常一同出现").nth(1).unwrap().split("</div>").next().unwrap();
    assert!(about.contains(">许可证</a>") && !about.contains(">公司</a>"), "{about}");
}

#[test]
fn a_term_used_once_is_folded_and_has_noindex() {
    let digest = Digest::new().article("a", "title: 甲\nkeywords: [常用, 偶尔]\n", "x").article(
        "b",
        "title: 乙\nkeywords: [常用]\n",
        "x",
    );
    digest.build();
    let index = digest.main("keywords/index.html");
    let (shown, folded) = index.split_once("<details class=\"once\">").unwrap();
    assert!(shown.contains(">常用</a>") && !shown.contains(">偶尔</a>"), "{index}");
    assert!(folded.contains("只出现一次的 1 个词条") && folded.contains(">偶尔</a>"), "{index}");
    assert!(digest.page("keywords/偶尔/index.html").contains("content=\"noindex\""));
    assert!(!digest.page("keywords/常用/index.html").contains("noindex"));
    let sitemap = digest.page("sitemap.xml");
    assert!(
        sitemap.contains("/keywords/%E5%B8%B8%E7%94%A8/") && !sitemap.contains("%E5%81%B6%E5%B0%94"),
        "{sitemap}"
    );
}

#[test]
fn a_term_index_is_sorted_by_use_by_date_and_from_a_to_z() {
    let digest = Digest::new()
        .article("a", "title: 甲\ndate: 2024-01-01\nkeywords: [中国, 安全]\n", "x")
        .article("b", "title: 乙\ndate: 2024-02-01\nkeywords: [中国, Beta]\n", "x")
        .article("c", "title: 丙\ndate: 2024-03-01\nkeywords: [北京, 5G]\n", "x");
    digest.build();
    let names = |path: &str| -> Vec<String> {
        let main = digest.main(path);
        let names = main.split("class=\"term keywords\"").skip(1);
        names.map(|rest| rest.split('>').nth(1).unwrap().split('<').next().unwrap().to_owned()).collect()
    };
    assert_eq!(names("keywords/index.html"), ["中国", "5G", "Beta", "北京", "安全"]);
    assert_eq!(names("keywords/recent/index.html"), ["5G", "北京", "中国", "Beta", "安全"]);
    assert_eq!(names("keywords/a-z/index.html"), ["5G", "安全", "北京", "Beta", "中国"]);
    let a_z = digest.main("keywords/a-z/index.html");
    assert_eq!(attributes(&a_z, "data-letter"), ["#", "A", "B", "Z"]);
    let links = attributes(&digest.main("keywords/index.html"), "href");
    for order in ["/keywords/", "/keywords/recent/", "/keywords/a-z/"] {
        assert!(links.contains(&order.to_owned()), "{links:?}");
    }
}

#[test]
fn pages_of_an_index_of_ten_thousand_terms_are_below_300_kb() {
    let mut digest = Digest::new();
    for part in 0..40 {
        let terms: Vec<String> =
            (0..500).map(|n| format!("很长的关键词第{}号名称", part / 2 * 500 + n)).collect();
        let text = format!("title: 多 {part}\ndate: 2024-01-01\nkeywords: [{}]\n", terms.join(", "));
        digest = digest.article(&format!("{part}"), &text, "x");
    }
    let digest = digest.configured("feeds: {terms: off}");
    digest.build();
    assert!(digest.main("keywords/index.html").contains("10000 个词条"));
    let indexes: Vec<(String, usize)> = digest
        .site()
        .into_iter()
        .filter(|(path, _)| path.starts_with("keywords/") && !path.contains('号'))
        .map(|(path, bytes)| (path, bytes.len()))
        .collect();
    assert!(indexes.len() > 50, "{indexes:?}");
    assert!(indexes.iter().all(|(_, bytes)| *bytes < 300_000), "{indexes:?}");
}

#[test]
fn a_story_is_listed_once_and_its_reports_link_to_each_other() {
    let report = |n: usize, title: &str, day: &str| {
        (
            format!("r{n}"),
            format!(
                "title: {title}\ndate: 2024-01-{day}\nkeywords: [收购]\nevent: 思科以280亿美元收购网络安全公司Splunk，交易将于明年完成。\n"
            ),
        )
    };
    let mut digest = Digest::new();
    for (name, text) in [
        report(1, "思科280亿美元收购Splunk", "05"),
        report(2, "思科宣布以280亿美元收购Splunk公司", "06"),
        report(3, "280亿美元，思科买下Splunk", "07"),
        // The same words a month later, or another sum, are another event.
        report(4, "思科280亿美元收购Splunk", "30"),
        (
            "r5".to_owned(),
            "title: 思科5亿美元收购Isovalent\ndate: 2024-01-06\nkeywords: [收购]\nevent: 思科以5亿美元收购云网络公司Isovalent。\n".to_owned(),
        ),
    ] {
        digest = digest.article(&name, &text, "正文");
    }
    let digest = digest.configured("feeds: {terms: on}");
    digest.build();
    let list = digest.main("keywords/收购/index.html");
    assert!(list.contains("5 篇文章"), "{list}");
    assert_eq!(list.matches("class=\"card\"").count(), 3, "{list}");
    // A list shows the first report of a story, with the titles of the others.
    let card = list.split("<article").find(|card| card.contains("<h3><a href=\"/articles/r1/\"")).unwrap();
    assert!(card.contains("<summary>另有 2 篇报道</summary>"), "{card}");
    let reports = card.split("<details").nth(1).unwrap().split("</details>").next().unwrap();
    let links = attributes(reports, "href");
    assert_eq!(links, ["/articles/r3/", "/articles/r2/"], "{card}");
    for (article, others) in [("r1", ["r3", "r2"]), ("r2", ["r3", "r1"]), ("r3", ["r2", "r1"])] {
        let main = digest.main(&format!("articles/{article}/index.html"));
        let same = main.split("id=\"same-event\"").nth(1).unwrap().split("</section>").next().unwrap();
        let links = attributes(same, "href");
        assert_eq!(links, others.map(|other| format!("/articles/{other}/")), "{article}");
    }
    assert!(!digest.main("articles/r4/index.html").contains("same-event"));
    // The list of a day shows the report of that day. Feeds contain all reports.
    assert!(digest.main("2024/01/07/index.html").contains("href=\"/articles/r3/\""));
    assert_eq!(digest.page("keywords/收购/feed.xml").matches("<entry>").count(), 5);
    let digest = digest.configured("stories: off");
    digest.build();
    let list = digest.main("keywords/收购/index.html");
    assert_eq!(list.matches("class=\"card\"").count() + list.matches("<li>").count(), 5, "{list}");
}

#[test]
fn related_articles_share_rare_terms_nearest_date_first() {
    let mut digest = Digest::new();
    for n in 0..20 {
        let rare = if n % 5 == 0 { ", 罕见" } else { "" };
        let text = format!("title: 新闻 {n} 号\ndate: 2024-01-{:02}\nkeywords: [普通{rare}]\n", n + 1);
        digest = digest.article(&format!("{n:02}"), &text, "x");
    }
    digest.build();
    let main = digest.main("articles/00/index.html");
    let related = main.split("相关文章").nth(1).unwrap().split("</section>").next().unwrap();
    // Articles that share the rare term, the nearest date first. A common term alone relates
    // nothing.
    assert_eq!(attributes(related, "href"), ["/articles/05/", "/articles/10/", "/articles/15/"]);
    assert!(!digest.main("articles/01/index.html").contains("相关文章"));
    let digest = digest.configured("related: 1");
    digest.build();
    assert_eq!(
        digest.main("articles/00/index.html").split("相关文章").nth(1).unwrap().matches("<li>").count(),
        1
    );
}

#[test]
fn trends_are_measured_from_the_newest_article() {
    let mut digest = Digest::new();
    let mut n = 0;
    for (day, terms) in
        [("2020-01-10", "旧, 常在"), ("2020-02-10", "旧, 常在"), ("2020-03-25", "新, 常在, 升")]
    {
        for _ in 0..12 {
            n += 1;
            let rising = if n > 20 { ", 升" } else { "" };
            let text = format!("title: 新闻 {n} 号\ndate: {day}\nkeywords: [{terms}{rising}]\n");
            digest = digest.article(&format!("{n}"), &text, "x");
        }
    }
    digest.build();
    let main = digest.main("trends/index.html");
    let section = |title: &str| {
        let from = main.find(&format!("<h2>{title}</h2>")).unwrap();
        main[from..].split("</section>").next().unwrap().to_owned()
    };
    assert!(main.contains("最近四周，与之前四周相比。"), "{main}");
    assert!(
        main.contains("截至<time datetime=\"2020-03-25\"><span class=\"year\">2020年</span>3月25日</time>"),
        "{main}"
    );
    assert!(section("新出现").contains(">新</a>"), "{main}");
    assert!(section("回落").contains(">旧</a>"), "{main}");
    assert!(section("上升").contains(">升</a>"), "{main}");
    assert!(!main.contains(">常在</a>"), "{main}");
    // One article is too little for a comparison.
    let young = Digest::new().article("a", "title: 甲\ndate: 2024-01-01\n", "x");
    young.build();
    assert!(young.main("trends/index.html").contains("文章还太少"));
}

/// Two articles a day from 1 January to 9 April 2024. The term 升 is in one of the first 72 days and
/// in each of the last 20, 降 in the first 72 only, 新 in the last five.
fn two_a_day() -> Digest {
    let mut digest = Digest::new();
    for n in 0..100_u64 {
        let day = chrono::NaiveDate::from_ymd_opt(2024, 1, 1).unwrap() + chrono::Days::new(n);
        let rising = if n == 60 || n >= 80 { ", 升" } else { "" };
        let fading = if n < 72 { ", 降" } else { "" };
        let new = if n >= 95 { ", 新" } else { "" };
        let text = format!("title: 早报 {n} 号\ndate: {day}\nkeywords: [常在{rising}{fading}{new}]\n");
        digest = digest.article(&format!("a{n:03}"), &text, "x");
        digest = digest.article(&format!("b{n:03}"), &format!("title: 晚报 {n} 号\ndate: {day}\n"), "x");
    }
    digest
}

#[test]
fn rising_terms_come_first_with_their_factor_and_newest_headline_and_fading_ones_are_folded() {
    let digest = two_a_day();
    digest.build();
    let main = digest.main("trends/index.html");
    let places: Vec<usize> =
        ["上升</h2>", "新出现</h2>", "<details>", "回落</h2>"].map(|part| main.find(part).unwrap()).to_vec();
    assert!(places.is_sorted(), "{main}");
    assert!(main.contains("最近四周，与前两个四周的平均相比。"), "{main}");
    let section = |title: &str| {
        let rest = main.split(&format!("{title}</h2>")).nth(1).unwrap();
        rest.split("</section>").next().unwrap().to_owned()
    };
    // 20 now; 1 in two spans of four weeks before, a mean of 0.5.
    let rising = section("上升");
    assert!(rising.contains(">升</a>") && rising.contains("40.0 倍"), "{rising}");
    let newest = rising.split("class=\"newest\"").nth(1).unwrap();
    assert!(newest.contains("<a href=\"/articles/a099/\">早报 99 号</a>"), "{newest}");
    assert!(newest.contains("datetime=\"2024-04-09\""), "{newest}");
    assert!(section("新出现").contains("/articles/a099/"), "{main}");
    let fading = section("回落");
    assert!(
        fading.contains(">降</a>") && !fading.contains("倍") && !fading.contains("/articles/"),
        "{fading}"
    );
    // Each chart has a title; the head of each table has the first and the last day of all charts.
    assert_eq!(main.matches("<svg").count(), main.matches("的文章数变化</title>").count());
    let head = rising.split("</thead>").next().unwrap();
    assert!(head.contains("</span>1月17日—4月9日</time></th>"), "{head}");
}

#[test]
fn a_late_article_does_not_stretch_the_window_of_trends() {
    for late in [&["2025-04-20"][..], &["2025-04-20", "2025-04-21"], &["2025-04-20"; 2], &["2026-04-20"]] {
        let mut digest = two_a_day();
        for (n, day) in late.iter().enumerate() {
            let text = format!("title: 迟到 {n} 号\ndate: {day}\nkeywords: [升]\n");
            digest = digest.article(&format!("late{n}"), &text, "x");
        }
        digest.build();
        let main = digest.main("trends/index.html");
        assert!(main.contains("最近四周，与前两个四周的平均相比。"), "{late:?}: {main}");
        assert!(main.contains("40.0 倍") && !main.contains("/articles/late"), "{late:?}: {main}");
    }
}

#[test]
fn the_matrix_has_no_row_or_column_without_a_crossing() {
    let digest = two_weeks();
    digest.build();
    let matrix = digest.main("crossings/index.html");
    let table = matrix.split("<table>").nth(1).unwrap();
    assert_eq!(table.matches("<th scope=\"col\">").count(), 1, "{table}");
    assert_eq!(table.matches("<th scope=\"row\">").count(), 1, "{table}");
    assert!(table.contains(">医疗</a>") && table.contains(">智能体</a>"), "{table}");
    assert!(!table.contains(">零售</a>") && !table.contains(">大模型</a>"), "{table}");
    // Without any crossing there is no table.
    let digest = digest.configured("crossings: {min_articles: 9}");
    digest.build();
    let matrix = digest.main("crossings/index.html");
    assert!(!matrix.contains("<table>") && matrix.contains("class=\"empty\""), "{matrix}");
}

#[test]
fn the_archive_and_each_year_show_a_calendar_whose_days_are_links() {
    let mut digest = two_weeks();
    for n in 0..8 {
        let text = format!("title: 去年 {n}\ndate: 2023-12-31\n");
        digest = digest.article(&format!("last{n}"), &text, "x");
    }
    digest.build();
    for path in ["archive/index.html", "2024/index.html"] {
        let main = digest.main(path);
        assert_eq!(main.matches("class=\"calendar\"").count(), 1, "{path}: {main}");
        let table = main.split("<table>").nth(1).unwrap().split("</table>").next().unwrap();
        assert!(table.contains("<caption><a href=\"/2024/01/\">1月</a>"), "{table}");
        assert_eq!(table.matches("<th scope=\"col\">").count(), 7, "{table}");
        // 1 January 2024 was a Monday. January has articles on four days.
        assert!(table.split("<tr>").nth(2).unwrap().starts_with("<td>1</td>"), "{table}");
        for (day, number, weekday, count, heat) in
            [("02", 2, "二", 1, 1), ("03", 3, "三", 1, 1), ("08", 8, "一", 2, 2), ("09", 9, "二", 4, 4)]
        {
            let cell = format!(
                "<td class=\"heat-{heat}\"><a href=\"/2024/01/{day}/\" aria-label=\"1月{number}日 星期{weekday}：{count} 篇\">{number}</a></td>"
            );
            assert!(table.contains(&cell), "{path}: {cell}\n{table}");
        }
        assert_eq!(table.matches("<td class=").count(), 4, "{table}");
        // Three days of February are in no row, and no month without articles is shown.
        assert_eq!(main.matches("<table>").count(), 1, "{path}");
    }
    let year = digest.main("2023/index.html");
    assert!(year.contains("<caption><a href=\"/2023/12/\">12月</a>") && year.contains("heat-5"), "{year}");
    assert!(year.find("class=\"calendar\"").unwrap() < year.find("<h2>").unwrap(), "{year}");
    // The weekly feed is one link.
    let archive = digest.main("archive/index.html");
    assert!(archive.contains("每周一期：<a href=\"/weekly.xml\">订阅</a>"), "{archive}");

    let digest = digest.configured("editions: off");
    digest.build();
    let year = digest.main("2024/index.html");
    assert!(year.contains("<td class=\"heat-2\" title=\"1月8日 星期一：2 篇\">8</td>"), "{year}");
    assert!(!year.contains("/2024/01/08/"), "{year}");
}

#[test]
fn the_page_of_a_past_year_stays_when_a_new_year_has_articles() {
    let digest = two_weeks();
    digest.build();
    let before = digest.page("2024/index.html");
    let mut digest = digest;
    for n in 0..30 {
        digest = digest.article(&format!("new{n}"), &format!("title: 今年 {n}\ndate: 2025-02-01\n"), "x");
    }
    digest.build();
    assert_eq!(digest.page("2024/index.html"), before);
    let archive = digest.main("archive/index.html");
    assert!(archive.contains("/2025/02/01/") && !archive.contains("/2024/01/09/"), "{archive}");
}

#[test]
fn a_term_index_has_no_charts() {
    let digest = Digest::with_articles(40);
    digest.build();
    for path in ["keywords/index.html", "keywords/recent/index.html", "keywords/a-z/index.html"] {
        assert!(!digest.main(path).contains("<svg"), "{path}");
    }
}

#[test]
fn no_page_has_a_broken_internal_link() {
    let digest = two_weeks().configured("crossings: {min_articles: 1}");
    digest.build();
    let site = digest.site();
    for (path, bytes) in &site {
        if !path.ends_with(".html") {
            continue;
        }
        let page = String::from_utf8(bytes.clone()).unwrap();
        for link in attributes(&page, "href").into_iter().filter(|link| link.starts_with('/')) {
            let link = link.split(['#', '?']).next().unwrap();
            let file =
                percent_encoding::percent_decode_str(link.trim_start_matches('/')).decode_utf8().unwrap();
            let file = if file.is_empty() || file.ends_with('/') {
                format!("{file}index.html")
            } else {
                file.into_owned()
            };
            assert!(site.contains_key(&file), "{path} links to {link}");
        }
    }
}
