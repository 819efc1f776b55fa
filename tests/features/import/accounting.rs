//! Every character of the input ends up in an article, in a reported repair or in a refused record.

use std::collections::BTreeMap;

use newsprint::internals::config::Config;
use newsprint::internals::import::draft::{Body, Draft};
use newsprint::internals::import::files::{self, Format};
use newsprint::internals::import::input::Input;
use newsprint::internals::import::labels::Labels;
use newsprint::internals::import::paragraphs::Block;
use newsprint::internals::import::reader::{self, CleanOptions};
use newsprint::internals::import::record::Found;
use newsprint::internals::yaml::Node;
use proptest::prelude::*;

/// Characters that occur in no label and in no list marker. Only these are counted.
const CONTENT: &str = "甲乙丙丁戊己庚辛无等zqj";

type Counts = BTreeMap<char, i64>;

fn add(counts: &mut Counts, text: &str, times: i64) {
    for c in text.chars().filter(|c| CONTENT.contains(*c)) {
        *counts.entry(c).or_default() += times;
    }
}

fn add_node(counts: &mut Counts, node: &Node, times: i64) {
    match node {
        Node::List(items) => items.iter().for_each(|item| add_node(counts, item, times)),
        Node::Map(entries) => entries.iter().for_each(|(_, value)| add_node(counts, value, times)),
        node => add(counts, node.text().unwrap_or_default(), times),
    }
}

fn add_draft(counts: &mut Counts, draft: &Draft, times: i64) {
    add(counts, &draft.title, times);
    for text in [&draft.source, &draft.event, &draft.summary, &draft.slug, &draft.image].into_iter().flatten()
    {
        add(counts, text, times);
    }
    draft.link.iter().for_each(|link| add(counts, &link.url, times));
    draft.terms.iter().flat_map(|(_, terms)| terms).for_each(|term| add(counts, term, times));
    for (name, node) in &draft.extra {
        add(counts, name, times);
        add_node(counts, node, times);
    }
    match &draft.body {
        Body::Words(blocks) => {
            for block in blocks {
                let (Block::Paragraph(words) | Block::Heading(words)) = block;
                add(counts, words, times);
            }
        }
        Body::Markdown(markdown) => add(counts, markdown, times),
    }
}

/// Counts the characters of the input and subtracts those of articles, repairs and refused records.
/// The result is empty if nothing was lost or added.
fn balance(text: &str, format: Format) -> Counts {
    let config = Config::default();
    let labels = Labels::of(&config);
    let input = Input { name: "in.txt".to_owned(), text: text.to_owned().into() };
    let lines: Vec<&str> = text.split('\n').collect();
    let mut left = Counts::new();
    add(&mut left, text, 1);
    let mut repairs = Vec::new();
    let mut named = std::collections::BTreeSet::new();
    for found in files::records(&input, format, &labels) {
        match found {
            Found::Outside(repair) => repairs.push(repair),
            Found::Problem(problem) if problem.is_error() => {
                let line = problem.place.map_or(0, |place| place.line);
                named.insert(line);
                add(&mut left, line.checked_sub(1).and_then(|line| lines.get(line)).unwrap_or(&""), -1);
            }
            Found::Problem(_) => {}
            Found::Record(record) => {
                let spot = record.spot;
                match reader::draft(&input, record, CleanOptions { config: &config, raw: false }) {
                    Ok((draft, _)) => {
                        add_draft(&mut left, &draft, -1);
                        repairs.extend(draft.repairs);
                    }
                    // A record is refused as a whole. Lines that a diagnostic has named before are
                    // already subtracted.
                    Err(_) => {
                        let last = spot.line + text[spot.start..spot.end].trim_end().matches('\n').count();
                        let whole = (spot.line..=last).filter(|line| !named.contains(line));
                        whole.for_each(|line| add(&mut left, lines[line - 1], -1));
                    }
                }
            }
        }
    }
    for repair in repairs {
        add(&mut left, &repair.from, -1);
        add(&mut left, &repair.to, 1);
    }
    left.retain(|_, count| *count != 0);
    left
}

fn pieces() -> impl Strategy<Value = String> {
    let words =
        "[甲乙丙丁戊己庚辛zqj无等，。、；“”（）()\\[\\] *#&<>|\"'\u{200B}\u{202E}\u{7F}\u{85}\u{9B}-]{0,24}";
    let labels = proptest::sample::select(vec![
        "标题: ",
        "标题：",
        "**标题**: ",
        "## 标题\n",
        "【标题】",
        "链接: https://e.org/",
        "链接: <https://e.org/x>",
        "链接：",
        "总结: ",
        "正文：",
        "摘要：",
        "关键词: ",
        "- **关键词**：",
        "AI技术: ",
        "行业：",
        "领域：",
        "重大事件摘要：",
        "来源：",
        "日期: 2026-11-23",
        "Keywords: ",
    ]);
    let marks = proptest::sample::select(vec![
        "\n",
        "\n\n",
        "\n---\n",
        "\n```\n",
        "\n1.\n",
        "\n## ",
        "\n- ",
        "\n2. ",
        "\n希望以上",
        "举报/反馈\n",
        "责任编辑：",
        "&nbsp;",
        "。甲乙丙丁甲乙丙丁戊己，庚。",
        "https://e.org/zqj",
        "无",
        "等",
    ]);
    let label = (labels, words).prop_map(|(label, words)| format!("\n{label}{words}"));
    let piece =
        prop_oneof![3 => label, 2 => marks.prop_map(str::to_owned), 2 => words.prop_map(String::from)];
    proptest::collection::vec(piece, 0..16).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1024, ..ProptestConfig::default() })]

    #[test]
    fn labelled_records_lose_no_characters(text in pieces()) {
        prop_assert_eq!(balance(&text, Format::Records), Counts::new(), "{}", text);
    }

    #[test]
    fn json_records_lose_no_characters(
        records in proptest::collection::vec(
            proptest::collection::btree_map(
                proptest::sample::select(vec!["title", "标题", "url", "content", "text", "summary", "摘要", "event", "tags", "keywords", "technologies", "source", "author", "id"]),
                prop_oneof![
                    "[甲乙丙丁戊己zqj无等，。、;“”() &#*\u{200B}\u{7F}\u{85}\u{9B}]{0,20}".prop_map(|text| serde_json::json!(text)),
                    proptest::collection::vec("[甲乙丙丁zqj无等，。]{0,8}", 0..4).prop_map(|items| serde_json::json!(items)),
                    "[甲乙丙丁zqj]{0,8}".prop_map(|text| serde_json::json!({"name": text})),
                    Just(serde_json::json!(null)),
                ],
                0..8,
            ),
            0..4,
        )
    ) {
        // One object per line, since a refused record is reported by its line.
        let text: String = records.iter().map(|record| format!("{}\n", serde_json::to_string(record).unwrap())).collect();
        let mut left = balance(&text, Format::Json);
        // A name taken from nested data is also kept with that data: it may count twice.
        left.retain(|_, count| *count > 0);
        prop_assert_eq!(left, Counts::new(), "{}", text);
    }
}

/// HTML of random elements. None has a counted letter in its name.
fn html() -> impl Strategy<Value = String> {
    let words = "[甲乙丙丁戊己无等，。&#*|~ ]{0,8}".prop_map(String::from);
    let cut = proptest::sample::select(vec![
        "<br>",
        "<img src=a.png alt=甲>",
        "<hr>",
        "<!--乙-->",
        "<T>",
        "<x-y>",
        "<input>",
    ]);
    let leaf = prop_oneof![4 => words, 1 => cut.prop_map(str::to_owned)];
    let nested = leaf.prop_recursive(3, 24, 4, |inner| {
        let names = proptest::sample::select(vec![
            "p",
            "b",
            "s",
            "ul",
            "li",
            "table",
            "tr",
            "td",
            "th",
            "pre",
            "code",
            "ins",
            "script",
            "iframe",
            "div",
            "h2",
            "sup",
            "a href=b",
            "form",
            "button",
            "noscript",
            "video",
            "ruby",
            "rt",
            "blockuote",
        ]);
        (names, proptest::collection::vec(inner, 0..4)).prop_map(|(name, parts)| {
            format!("<{name}>{}</{}>", parts.concat(), name.split(' ').next().unwrap_or_default())
        })
    });
    (nested, proptest::sample::select(vec!["", "<b", "<a href=\"丁", "</td", "<p>戊"]))
        .prop_map(|(html, end)| html + end)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn html_fields_lose_no_characters(text in html(), event in html(), key in proptest::sample::select(vec!["content", "content_html", "summary"])) {
        let text = serde_json::json!({"title": "甲", key: text, "event": event}).to_string();
        let mut left = balance(&text, Format::Json);
        // Headers that span columns are repeated.
        left.retain(|_, count| *count > 0);
        prop_assert_eq!(left, Counts::new(), "{}", text);
    }
}

#[test]
fn the_balance_detects_a_loss() {
    let mut left = Counts::new();
    add(&mut left, "甲乙", 1);
    add(&mut left, "甲", -1);
    assert_eq!(left.values().sum::<i64>(), 1);
    // A line without meaning is refused and reported, so that the balance is empty.
    assert_eq!(balance("标题: 甲\n乙乙\n", Format::Records), Counts::new());
    assert_eq!(balance("甲乙\n", Format::Records), Counts::new());
}
