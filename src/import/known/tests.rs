use super::*;
use crate::link;

fn said(title: &str, link: &str, record: &str) -> Said {
    let link = link::parse(link).ok();
    Said { title: title.to_owned(), link, record: Some(record.to_owned()), ..Said::default() }
}

fn article(file: &str, said: Said) -> Existing {
    Existing { file: file.to_owned(), imported: Some("0".to_owned()), said, ..Existing::default() }
}

const LINK: &str = "https://e.org/news";

#[test]
fn an_article_is_found_by_its_link_or_its_words() {
    let mut known = KnownArticles::default();
    let a = known.add(article("a.md", said("小星开放权重", LINK, "r1")));
    let b = known.add(article("b.md", said("没有链接", "", "r2")));
    assert_eq!(known.find(&said("小星开放权重了", LINK, "r9")), Known::Same(a));
    assert_eq!(known.find(&said("别的", "https://e.org/other", "r9")), Known::New);
    assert_eq!(known.find(&said("没有链接", "", "r2")), Known::Same(b));
    assert_eq!(known.find(&said("没有链接", "", "r3")), Known::New);
    assert!(known.has_words(&said("", "", "r1")) && !known.has_words(&said("", LINK, "r1")));
    assert!(!known.has_words(&said("", "", "r2")));
    // A record with a link takes the article without one, once.
    assert_eq!(known.find(&said("没有链接", "https://e.org/b", "r2")), Known::Same(b));
    assert_eq!(known.find(&said("没有链接", "https://e.org/b", "r2")), Known::New);
}

#[test]
fn other_news_under_a_link_is_told_with_the_article_that_has_it() {
    let mut known = KnownArticles::default();
    let a = known.add(article("a.md", said("小星开放权重", &format!("{LINK}#n1"), "r1")));
    assert_eq!(known.find(&said("芯片出货翻倍", LINK, "r2")), Known::OtherNews(a, false));
    assert_eq!(known.find(&said("芯片出货翻倍", &format!("{LINK}#n2"), "r2")), Known::OtherNews(a, true));
    let b = known.add(Existing { imported: None, ..article("b.md", said("手写的文章", LINK, "r3")) });
    assert_eq!(known.find(&said("量子计算突破", LINK, "r4")), Known::OtherNews(b, false));
    assert_eq!(known.find(&said("量子计算突破", &format!("{LINK}#n2"), "r4")), Known::OtherNews(b, false));
}

#[test]
fn the_strongest_evidence_decides_and_then_the_name() {
    let mut known = KnownArticles::default();
    let first = known.add(article("b.md", said("小星开放权重", LINK, "r1")));
    let second = known.add(article("a.md", said("小星开放权重吗", LINK, "r2")));
    assert_eq!(known.find(&said("小星开放权重", LINK, "r3")), Known::Same(first));
    assert_eq!(known.find(&said("小星开放权重吗", LINK, "r3")), Known::Same(second));
    assert_eq!(known.find(&said("小星开放权重了", LINK, "r2")), Known::Same(second));
    assert_eq!(known.find(&said("小星开放权重了", LINK, "r3")), Known::Same(second));
}

#[test]
fn old_articles_with_a_crowded_link_are_found_by_equal_titles_and_words() {
    let mut known = KnownArticles::default();
    let first = known.add(article("a.md", said("小星开放权重", LINK, "r")));
    for n in 0..MAX_COMPARED {
        known.add(article(&format!("n{n}.md"), said(&format!("{n}"), LINK, &format!("r{n}"))));
    }
    assert_eq!(known.find(&said("小星开放权重", LINK, "x")), Known::Same(first));
    assert_eq!(known.find(&said("别的", LINK, "r")), Known::Same(first));
    assert!(matches!(known.find(&said("小星开放权重了", LINK, "x")), Known::OtherNews(..)));
}

#[test]
fn an_updated_article_is_found_by_its_new_words_and_keeps_link_and_date() {
    let mut known = KnownArticles::default();
    let mut old = said("小星开放权重", &format!("{LINK}?utm_source=x"), "r1");
    old.date = crate::load::date::parse("2026-03-01", chrono_tz::Tz::UTC).ok();
    let a = known.add(article("a.md", old.clone()));
    known.update(a, said("小星的权重开放了", LINK, "r2"));
    assert_eq!(known.find(&said("小星的权重开放了", LINK, "x")), Known::Same(a));
    assert_eq!((known.get(a).said.date, &known.get(a).said.link), (old.date, &old.link));
    let b = known.add(article("b.md", said("没有链接", "", "r3")));
    known.update(b, said("没有链接", "https://e.org/b", "r3"));
    assert_eq!(known.find(&said("没有链接", "https://e.org/b", "x")), Known::Same(b));
    assert!(known.has_words(&said("", "", "r3")));
}

#[test]
fn a_file_that_cannot_be_read_has_its_link_and_its_hash() {
    let mut known = KnownArticles::default();
    known.add_unread("a.md", "https://e.org/news");
    known.add_unread("a.md", "r1");
    assert!(matches!(known.find(&said("甲", LINK, "x")), Known::Same(0)));
    assert!(matches!(known.find(&said("甲", "", "r1")), Known::Same(1)));
}

#[test]
fn a_post_is_found_by_its_place_and_a_renamed_one_by_its_words() {
    let mut known = KnownArticles::default();
    let post = |file: &str, post: &str, record: &str| Existing {
        post: Some(post.to_owned()),
        ..article(file, said("甲", "", record))
    };
    let a = known.add(post("a.md", "hugo:posts/a.md", "r1"));
    let gone = |_: &Existing| false;
    let there = |_: &Existing| true;
    assert_eq!(known.find_post(("hugo:posts/a.md", None), &said("乙", "", "r9"), there), Known::Same(a));
    assert_eq!(known.find_post(("hugo:posts/b.md", None), &said("甲", "", "r1"), there), Known::New);
    assert_eq!(known.find_post(("hugo:posts/b.md", None), &said("甲", "", "r2"), gone), Known::New);
    assert_eq!(known.find_post(("hugo:posts/b.md", None), &said("甲", "", "r1"), gone), Known::Same(a));
    assert_eq!(known.find_post(("hugo:posts/b.md", None), &said("乙", "", "r3"), there), Known::Same(a));
    let b = known.add(article("b.md", said("丙", "", "r5")));
    assert_eq!(known.find_post(("hugo:posts/c.md", None), &said("丙", "", "r5"), there), Known::Same(b));
    assert_eq!(known.removed(("hugo:posts/", None), gone), ["a.md"]);
    assert_eq!(known.removed(("hugo:posts/", None), there), [""; 0]);
    assert_eq!(known.removed(("hugo:news/", None), gone), [""; 0]);
}

#[test]
fn the_record_of_this_run_is_kept_with_its_article() {
    let mut known = KnownArticles::default();
    let a = known.add(article("a.md", said("甲", LINK, "r1")));
    assert!(known.get(a).of_this_run.is_none());
    known.set_of_this_run(a, Fingerprint::default(), From { file: "in.txt".to_owned(), line: 3 });
    assert_eq!(known.get(a).of_this_run.as_ref().map(|(_, from)| from.line), Some(3));
}
