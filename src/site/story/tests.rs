//! Tests of stories on labelled articles.

use super::*;
use crate::config::Config;
use crate::fingerprint::Fingerprint;
use crate::load::{article, source};

/// Labelled reports with many traps; columns: split, event, date, title, key event. The
/// threshold was chosen on `calibrate`; the kinds of contradiction were derived from both
/// splits.
const LABELLED_REPORTS: &str = include_str!("../../../tests/fixtures/stories.tsv");

fn read(date: &str, title: &str, event: &str) -> Arc<Article> {
    let text = format!(
        "---\ntitle: {}\ndate: {date}\nevent: {}\n---\n",
        crate::yaml::scalar(title),
        crate::yaml::scalar(event)
    );
    let source = source::split("content/articles/a.md", Fingerprint::default(), text).unwrap();
    article::parse_article(&source, &Config::default()).0.unwrap().0.into()
}

/// Returns the number of correct pairs, the wrong pairs, and the number of missed pairs.
fn measure(split: &str) -> (usize, Vec<(String, String)>, usize) {
    let mut labelled: Vec<(Arc<Article>, &str)> = LABELLED_REPORTS
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|fields| fields[0] == split)
        .map(|fields| (read(fields[2], fields[3], fields[4]), fields[1]))
        .collect();
    labelled.sort_by(|a, b| b.0.date.cmp(&a.0.date).then(a.0.title.cmp(&b.0.title)));
    let (articles, events): (Vec<Arc<Article>>, Vec<&str>) = labelled.into_iter().unzip();
    let stories = Stories::find(&articles, &|_, _| true);
    let (mut right, mut wrong, mut missed) = (0, Vec::new(), 0);
    for a in 0..articles.len() {
        for b in a + 1..articles.len() {
            match (stories.same(a, b), events[a] == events[b]) {
                (true, true) => right += 1,
                (true, false) => wrong.push((articles[a].title.clone(), articles[b].title.clone())),
                (false, true) => missed += 1,
                (false, false) => {}
            }
        }
    }
    (right, wrong, missed)
}

fn are_same_event(a: (&str, &str), b: (&str, &str)) -> bool {
    let articles = [read("2026-01-02", b.0, b.1), read("2026-01-01", a.0, a.1)];
    Stories::find(&articles, &|_, _| true).same(0, 1)
}

#[test]
fn titles_that_differ_in_one_word_are_different_events() {
    for (a, b) in [
        ("腾讯发布第三季度财报：营收同比增长8%", "阿里巴巴发布第三季度财报：营收同比增长8%"),
        ("英伟达公布第三季度财报，营收大幅增长", "百度公布第三季度财报，营收小幅增长"),
        ("上海发布人工智能产业三年行动计划", "北京发布人工智能产业三年行动计划"),
        ("法院判决苹果胜诉", "法院判决苹果败诉"),
        ("某公司完成三亿元融资", "某公司完成五亿元融资"),
        ("英伟达股价大涨创新高", "英伟达股价大跌创新低"),
        ("华为起诉三星专利侵权", "三星起诉华为专利侵权"),
        ("蔚来第三季度交付量创新高", "蔚来第四季度交付量创新高"),
        ("小鹏汽车发布全新车型", "理想汽车发布全新车型"),
        ("欧盟批准微软收购动视暴雪", "英国阻止微软收购动视暴雪"),
        ("谷歌推出新一代语言模型", "微软推出新一代语言模型"),
        ("Apple beats Samsung in court", "Samsung beats Apple in court"),
        ("谷歌在柏林建设数据中心", "谷歌在东京建设数据中心"),
        ("携程宣布裁员", "哔哩哔哩宣布裁员"),
        ("快手推出视频生成模型", "腾讯推出视频生成模型"),
        ("小鹏汽车召回47490辆P7+", "小米汽车召回116887辆SU7"),
        ("马斯克起诉OpenAI", "OpenAI反诉马斯克"),
        ("韩国三星电子工会宣布罢工", "韩国三星电子工会宣布结束罢工"),
        ("寒武纪股价超越贵州茅台，成A股新股王", "贵州茅台股价反超寒武纪，重回A股第一"),
        ("阿里巴巴涨超8%，恒生科技指数上涨", "阿里巴巴跌超8%，恒生科技指数下跌"),
        ("美联储宣布降息25个基点，科技股上涨", "美联储宣布维持利率不变，科技股下跌"),
        ("英特尔宣布CEO基辛格退休", "英特尔宣布陈立武出任CEO"),
        ("百度文心一言将全面免费", "百度文心大模型将全面开源"),
    ] {
        assert!(!are_same_event((a, a), (b, b)), "{a} | {b}");
    }
}

#[test]
fn the_same_report_with_small_edits_is_one_event() {
    for (a, b) in [
        ("思科280亿美元收购Splunk", "思科宣布以280亿美元收购Splunk公司"),
        ("OpenAI发布新一代语音模型", "OpenAI推出新一代语音模型"),
        ("欧盟通过人工智能法案", "歐盟通過人工智能法案"),
        ("谷歌推出新一代语言模型", "谷歌推出新一代语言模型"),
        ("重磅！微软完成对动视暴雪的收购", "微软完成对动视暴雪的收购"),
    ] {
        assert!(are_same_event((a, a), (b, b)), "{a} | {b}");
    }
}

#[test]
fn grouped_articles_report_the_same_event() {
    for split in ["calibrate", "held-out"] {
        let (right, wrong, missed) = measure(split);
        let found = right + wrong.len();
        let precision = right as f64 / found as f64;
        let recall = right as f64 / (right + missed) as f64;
        println!(
            "{split}: precision {right}/{found} = {precision:.3}, recall {recall:.3}; wrong: {wrong:#?}"
        );
        assert!(precision >= 0.95 && recall >= 0.18, "{split}: {precision:.3} {recall:.3} {wrong:#?}");
    }
}

/// Groups of two reports with invented names; columns: split, kind (`different` or `same`), group,
/// date, title, key event. The rules were derived from the groups of `tune`. Those of `attacker` were
/// written without knowledge of the rules; 3 of 152 were told as one at first.
const GROUPS: &str = include_str!("../../../tests/fixtures/events.tsv");

/// Number of groups of a split and kind, and the names of those that are told as one event.
fn joined(split: &str, kind: &str) -> (usize, Vec<&'static str>) {
    let mut rows: Vec<Vec<&str>> = GROUPS
        .lines()
        .skip(1)
        .map(|line| line.split('\t').collect::<Vec<_>>())
        .filter(|fields| fields[0] == split && fields[1] == kind)
        .collect();
    rows.sort_by(|a, b| b[3].cmp(a[3]).then(a[4].cmp(b[4])));
    let articles: Vec<Arc<Article>> =
        rows.iter().map(|fields| read(fields[3], fields[4], fields[5])).collect();
    let groups: FxHashSet<&str> = rows.iter().map(|fields| fields[2]).collect();
    // Each group has its own term, so that all of them are in one digest.
    let stories = Stories::find(&articles, &|a, b| rows[a][2] == rows[b][2]);
    (groups.len(), stories.all().iter().map(|reports| rows[reports[0]][2]).collect())
}

#[test]
fn different_events_of_similar_titles_are_not_told_as_one() {
    let mut groups = 0;
    for split in ["tune", "held-out", "attacker"] {
        let (count, wrong) = joined(split, "different");
        assert!(wrong.len() * 100 <= count, "{split}: {wrong:?} of {count}");
        groups += count;
    }
    assert!(groups >= 300, "{groups}");
}

#[test]
fn an_event_that_two_sources_tell_in_their_own_words_is_one_event() {
    // The similarity alone finds 88 and 83 percent of the first two.
    for (split, percent) in [("tune", 80), ("held-out", 80), ("attacker", 60)] {
        let (count, found) = joined(split, "same");
        assert!(found.len() * 100 >= count * percent, "{split}: {} of {count}: {found:?}", found.len());
    }
}

#[test]
fn an_article_joins_the_story_with_at_least_half_of_whose_reports_it_agrees() {
    for (similar, wanted) in [
        (&[] as &[&[usize]], &[] as &[&[usize]]),
        (&[&[], &[]], &[]),
        (&[&[1], &[0]], &[&[0, 1]]),
        (&[&[1], &[0, 2], &[1]], &[&[0, 1, 2]]),
        // The newest agrees with one of three.
        (&[&[1], &[0, 2], &[1, 3], &[2]], &[&[1, 2, 3]]),
        (&[&[1, 2], &[0, 2], &[0, 1, 3], &[2]], &[&[0, 1, 2, 3]]),
        // Two stories; the newest agrees with more reports of the older one.
        (&[&[1, 3, 4], &[0, 2], &[1], &[0, 4], &[0, 3]], &[&[0, 3, 4], &[1, 2]]),
        // In a tie, the story with the newest report.
        (&[&[1, 3], &[0, 2], &[1], &[0, 4], &[3]], &[&[3, 4], &[0, 1, 2]]),
    ] {
        let lists: Vec<Vec<ArticleId>> = similar.iter().map(|list| list.to_vec()).collect();
        assert_eq!(Stories::join(lists.len(), &lists).all(), wanted, "{similar:?}");
    }
}

#[test]
fn stories_are_restored_and_folded_to_their_first_reports() {
    for (stories, is_possible) in [
        (vec![vec![0, 2]], true),
        (vec![vec![0, 1, 2]], true),
        (vec![], true),
        (vec![vec![0]], false),
        (vec![vec![0, 3]], false),
    ] {
        assert_eq!(Stories::known(3, stories.clone()).is_some(), is_possible, "{stories:?}");
    }
    let stories = Stories::known(6, vec![vec![0, 2, 5], vec![1, 4]]).unwrap();
    assert_eq!(stories.reports(2), [0, 2, 5]);
    assert_eq!((stories.reports(3), stories.reports(9)), (&[][..], &[][..]));
    assert_eq!([stories.same(0, 5), stories.same(0, 1), stories.same(3, 3)], [true, false, false]);
    assert_eq!(stories.fold(&[0, 1, 2, 3, 4, 5]), [3, 4, 5]);
    assert_eq!(stories.fold(&[0, 1, 2, 3]), [1, 2, 3]);
    assert_eq!(Stories::none(3).fold(&[0, 2]), [0, 2]);
    assert!(!Stories::none(3).same(1, 1));
}

#[test]
fn a_rare_word_weighs_more() {
    let used = |count: u32| FxHashMap::from_iter([(7, AtomicU32::new(count))]);
    for (count, wanted) in [(0, 40), (1, 40), (2, 36), (4, 32), (1024, 1)] {
        assert_eq!(Weights { articles: 1024, used: used(count) }.weight(7), wanted, "{count}");
    }
    assert_eq!(Weights { articles: 1024, used: used(2) }.weight(8), 40);
    let background = BACKGROUND_ARTICLES.next_power_of_two() as u64;
    assert_eq!(Weights::count(&[]).articles, background);
}
