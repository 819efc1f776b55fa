//! Pagination of lists, which counts pages from the oldest article, and its edge cases.

use crate::driver::{Digest, attributes};

/// The links to articles on a page, in order.
fn articles_on(digest: &Digest, path: &str) -> Vec<String> {
    let main = digest.main(path);
    attributes(&main, "href").into_iter().filter(|href| href.starts_with("/articles/")).collect()
}

/// A built digest of `count` articles, three to a page.
fn digest_of(count: usize) -> Digest {
    let digest = Digest::with_articles(count).configured("paginate_by: 3");
    digest.build();
    digest
}

#[test]
fn a_list_of_at_most_one_page_has_no_numbered_pages() {
    for count in [0, 1, 3] {
        let digest = digest_of(count);
        assert_eq!(articles_on(&digest, "index.html").len(), count);
        assert!(!digest.exists("public/page"));
    }
}

#[test]
fn one_more_than_a_page_creates_page_1_with_the_oldest_articles() {
    let digest = digest_of(4);
    assert_eq!(
        articles_on(&digest, "index.html"),
        ["/articles/0004/", "/articles/0003/", "/articles/0002/", "/articles/0001/"]
    );
    assert_eq!(
        articles_on(&digest, "page/1/index.html"),
        ["/articles/0003/", "/articles/0002/", "/articles/0001/"]
    );
    assert!(!digest.exists("public/page/2"));
}

#[test]
fn following_older_links_from_the_index_visits_every_article_once() {
    let digest = digest_of(11);
    let mut met = Vec::new();
    let mut path = "index.html".to_owned();
    loop {
        met.extend(articles_on(&digest, &path));
        let main = digest.main(&path);
        let Some(older) = main.split("class=\"older\"").nth(1) else {
            break;
        };
        path = format!("{}index.html", attributes(older, "href")[0].trim_start_matches('/'));
    }
    let wanted: Vec<String> = (1..=11).rev().map(|n| format!("/articles/{n:04}/")).collect();
    assert_eq!(met, wanted);
}

#[test]
fn term_pages_are_paginated_like_the_home_page() {
    let digest = digest_of(4);
    assert_eq!(articles_on(&digest, "keywords/共同/index.html").len(), 4);
    assert_eq!(articles_on(&digest, "keywords/共同/page/1/index.html").len(), 3);
}

#[test]
fn a_new_article_does_not_rewrite_full_pages() {
    let digest = digest_of(10);
    let before = digest.times();
    let digest = digest.article("0011", "title: 新\ndate: 2024-06-01\nkeywords: [共同]\n", "x");
    digest.build();
    let after = digest.times();
    let touched: Vec<&String> =
        before.iter().filter(|(path, time)| after[*path] != **time).map(|(path, _)| path).collect();
    let wanted = [
        "2024/01/11/index.html",
        "2024/01/index.html",
        "2024/index.html",
        "2024/w02/index.html",
        "api/articles.json",
        "api/terms/keywords.json",
        "archive/index.html",
        "articles/0010/index.html",
        "feed.json",
        "feed.xml",
        "index.html",
        "keywords/a-z/index.html",
        "keywords/index.html",
        "keywords/recent/index.html",
        "keywords/共同/feed.xml",
        "keywords/共同/index.html",
        "llms-full.txt",
        "llms.txt",
        "search/a0.json",
        "search/index.bin",
        "search/index.html",
        "search/s0-0.bin",
        "search/t0.bin",
        "sitemap.xml",
        "trends/index.html",
        "weekly.json",
        "weekly.xml",
    ];
    assert_eq!(touched, wanted);
}

#[test]
fn a_day_with_three_articles_has_a_heading_and_other_articles_show_their_dates() {
    let mut digest = Digest::new();
    for (name, date) in
        [("甲", "02 08:00"), ("乙", "02 09:00"), ("丙", "02 10:00"), ("丁", "01 09:00"), ("戊", "01")]
    {
        digest =
            digest.article(name, &format!("title: 第{name}\ndate: 2024-01-{date}\nkeywords: [词]\n"), "x");
    }
    let digest = digest.article("己", "title: 第己\nkeywords: [词]\n", "x");
    digest.build();
    let main = digest.main("keywords/词/index.html");
    let sections: Vec<&str> = main.split(" class=\"day").skip(1).collect();
    let [day, others] = sections[..] else { panic!("{main}") };
    assert!(day.contains("<span class=\"year\">2024年</span>1月2日 星期二</time></a> <span class=\"count\">3 篇</span></h2>"), "{day}");
    assert!(others.contains("<h2 class=\"hidden\">") && others.contains("1月1日</span>"), "{others}");
    let order: Vec<_> =
        ["第丙", "第乙", "第甲", "第丁", "第戊", "第己"].map(|title| main.find(title).unwrap()).into();
    assert!(order.is_sorted(), "{main}");
    // Four cards, then lines.
    assert_eq!(main.matches("class=\"card\"").count(), 4);
    assert_eq!(main.matches("<li><a ").count(), 2);
    // The time of day, where the front matter has one.
    assert!(
        day.contains("<time datetime=\"2024-01-02T10:00:00+08:00\">") && day.contains(">10:00</span>"),
        "{day}"
    );
}

#[test]
fn a_numbered_page_tells_its_days_and_links_its_neighbours_by_theirs() {
    let mut digest = Digest::new().configured("paginate_by: 2\nstories: off");
    for day in 1..=9 {
        digest =
            digest.article(&format!("{day}"), &format!("title: 第 {day} 号\ndate: 2024-01-0{day}\n"), "x");
    }
    digest.build();
    let pager = |path: &str| {
        digest
            .main(path)
            .split("<nav class=\"pages\"")
            .nth(1)
            .unwrap()
            .split("</nav>")
            .next()
            .unwrap()
            .to_owned()
    };
    let text = |html: &str| {
        let text =
            html.split('<').filter_map(|part| part.split_once('>')).map(|(_, text)| text).collect::<String>();
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    let middle = pager("page/2/index.html");
    assert_eq!(text(&middle), "← 2024年1月1日—2日 2024年1月3日—4日 2024年1月5日—6日 →");
    assert!(middle.contains("<span aria-current=\"page\">"), "{middle}");
    // The index has the articles of page 4, so it links the pages before. Older ones are on the left.
    assert_eq!(text(&pager("index.html")), "← 较早 2024年1月1日—2日 2024年1月3日—4日 2024年1月5日—6日 最新");
    assert!(digest.page("page/2/index.html").contains("<meta name=\"robots\" content=\"noindex\">"));
}

#[test]
fn a_term_index_is_split_into_pages_of_400_terms() {
    let mut digest = Digest::new();
    let terms: Vec<String> = (0..1001).map(|n| format!("词{n:04}")).collect();
    digest = digest.configured("limits: {terms: 2000}").article(
        "a",
        &format!("title: 多\nkeywords: [{}]\n", terms.join(", ")),
        "x",
    );
    digest.build();
    let count = |path: &str| digest.main(path).matches("class=\"term ").count();
    assert_eq!(
        [
            count("keywords/index.html"),
            count("keywords/page/2/index.html"),
            count("keywords/page/3/index.html")
        ],
        [400, 400, 201]
    );
}

#[test]
fn the_home_page_leads_with_the_most_reported_story_of_the_newest_day() {
    let report = |title: &str| {
        format!(
            "title: {title}\ndate: 2024-03-02\nkeywords: [收购]\nevent: 思科以280亿美元收购网络安全公司Splunk，交易将于明年完成。\n"
        )
    };
    let digest = Digest::new()
        .article("a", "title: 某库发布新版\ndate: 2024-03-02\n", "正文")
        .article("b", &report("思科280亿美元收购Splunk"), "正文")
        .article("c", &report("思科宣布以280亿美元收购Splunk公司"), "正文")
        .article("old", "title: 旧闻\ndate: 2024-03-01\n", "正文");
    digest.build();
    let home = digest.main("index.html");
    let (lead, rest) = home.split_once("</section>").unwrap();
    assert!(lead.contains("另有 1 篇报道") && !lead.contains("某库发布新版"), "{lead}");
    // No claim, since no two publishers report it.
    assert!(!lead.contains("头条") && !lead.contains("家媒体"), "{lead}");
    assert!(rest.contains("某库发布新版") && rest.contains("旧闻") && !rest.contains("Splunk"), "{rest}");
    assert!(
        digest
            .page("index.html")
            .contains("<p class=\"folio\"><a href=\"/2024/03/02/\"><time datetime=\"2024-03-02\"><span class=\"year\">2024年</span>3月2日 星期六</time></a>")
    );
}

#[test]
fn without_stories_the_home_page_leads_with_the_newest_article() {
    for count in [1, 2, 3, 4, 7] {
        let digest = digest_of(count);
        let home = digest.main("index.html");
        let lead = home.split("class=\"latest\"").next().unwrap();
        assert!(lead.contains(&format!("第 {count} 篇")), "{lead}");
        let mut articles = articles_on(&digest, "index.html");
        let all = articles.len();
        articles.dedup();
        assert_eq!(articles.len(), all);
    }
    assert!(
        !digest_of(0).page("index.html").contains("folio"),
        "an empty digest without a description has a folio line"
    );
}
