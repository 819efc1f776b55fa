//! Tests what a file of each format is read as.

use std::fmt::Write as _;

use crate::config::Config;
use crate::import::files;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::{Found, Record};

/// The fields of a record and their lines.
fn shown(record: &Record, text: &str) -> String {
    let at = record.spot;
    let mut line = format!("{}@{}:", text[at.start..at.end].lines().count(), at.line);
    for entry in &record.entries {
        let _ = write!(line, " {:?}={:?}@{}", entry.field, entry.value, entry.spot.line);
    }
    for repair in &record.repairs {
        let _ = write!(line, " {} {:?}→{:?}@{}", repair.kind.name(), repair.from, repair.to, repair.line);
    }
    line
}

/// The format of a file, and all that is found in it.
pub(super) fn read(file: &str) -> Vec<String> {
    let (name, text) = file.split_once('|').unwrap();
    let input = Input { name: name.into(), text: text.to_owned().into() };
    let labels = Labels::of(&Config::default());
    let is_post = files::looks_like_post(&input);
    let format = if is_post { files::Format::Post } else { files::format(&input) };
    let mut lines = vec![format.name().to_owned()];
    lines.extend(files::records(&input, format, &labels).map(|found| match found {
        Found::Record(record) => shown(&record, text),
        Found::Outside(repair) => format!("{} {:?}@{}", repair.kind.name(), repair.from, repair.line),
        Found::Problem(problem) => {
            let place = problem.place.unwrap();
            format!("{}:{} {}", place.line, place.column, problem.message)
        }
    }));
    lines
}

/// Files as `name|text`, and what they are read as.
const FILES: &[(&str, &[&str])] = &[
    (
        "a.csv|title,link\n甲,https://e.org/1\n\n,\n乙,https://e.org/2\n",
        &[
            "csv",
            "1@2: Title=Text(\"甲\")@2 Link=Text(\"https://e.org/1\")@2",
            "form \"\"@0",
            "1@5: Title=Text(\"乙\")@5 Link=Text(\"https://e.org/2\")@5",
        ],
    ),
    ("a.csv|\ntitle\ttext\n甲\t一,二\n", &["csv", "1@3: Title=Text(\"甲\")@3 Body=Text(\"一,二\")@3"]),
    ("a.csv|title;text\n甲;一,二\n", &["csv", "1@2: Title=Text(\"甲\")@2 Body=Text(\"一,二\")@2"]),
    ("a.csv|标题|正文\n甲|一\n", &["csv", "1@2: Title=Text(\"甲\")@2 Body=Text(\"一\")@2"]),
    ("a.csv|title\n甲\n", &["csv", "1@2: Title=Text(\"甲\")@2"]),
    (
        "a.csv|title,,text\n甲,x,一\n乙,y\n丙,1,2,3\n",
        &[
            "csv",
            "1@2: Title=Text(\"甲\")@2 Extra(\"column 2\")=Text(\"x\")@2 Body=Text(\"一\")@2",
            "1@3: Title=Text(\"乙\")@3 Extra(\"column 2\")=Text(\"y\")@3",
            "4:1 this row has 4 cells, but there are 3 columns",
        ],
    ),
    (
        "a.csv|link,text\nhttps://e.org/1,一\n",
        &["csv", "1:1 no column of this table is a title: the first row must name the columns"],
    ),
    (
        "a.csv|title,text\n甲,\"一\n二\"\n乙,\"三 \"\"四\"\"\"\n丙,五\"六\n丁,\"七\n八,九\n",
        &[
            "csv",
            "1@2: Title=Text(\"甲\")@2 Body=Text(\"一\\n二\")@2",
            "1@4: Title=Text(\"乙\")@4 Body=Text(\"三 \\\"四\\\"\")@4",
            "1@5: Title=Text(\"丙\")@5 Body=Text(\"五\\\"六\")@5",
            "6:1 a quotation mark in this row is never closed: this row and all rows below are not imported",
        ],
    ),
    (
        "a.csv|title,text\n甲,\"\"\n\"乙\",\"x\"\n",
        &["csv", "1@2: Title=Text(\"甲\")@2", "1@3: Title=Text(\"乙\")@3 Body=Text(\"x\")@3"],
    ),
    (
        "a.csv|title,text\n甲,\"a\"\"b\n",
        &[
            "csv",
            "2:1 a quotation mark in this row is never closed: this row and all rows below are not imported",
        ],
    ),
    (
        "a.tsv|title\ttext\n甲\t\"一\n",
        &[
            "csv",
            "2:1 a quotation mark in this row is never closed: this row and all rows below are not imported",
        ],
    ),
    (
        "a.csv|title,link\n甲,见 https://e.org/a b\n",
        &["csv", "1@2: Title=Text(\"甲\")@2 Link=Text(\"见 https://e.org/a b\")@2"],
    ),
    (
        "a.json|[\n{\"title\": \"甲\"},\n{\"title\": 乙,\n \"text\": \"一\"},\n  {\"title\": \"丙\"},\n 1, null]\n{\"title\": \"丁\"}",
        &[
            "json",
            "1@2: Title=Text(\"甲\")@2",
            "3:11 this is not JSON: expected value; lines 3 to 4 are not imported",
            "1@5: Title=Text(\"丙\")@5",
            "6:2 this is not an object, so it is not a record",
            "6:5 this is not an object, so it is not a record",
            "1@7: Title=Text(\"丁\")@7",
        ],
    ),
    (
        "a.json|{\"title\": \"甲\",\n\"text\": \"一\"\n}\n{\"title\": \"乙\",\n\n{\"title\": \"丙\"}",
        &[
            "json",
            "3@1: Title=Text(\"甲\")@1 Body=Text(\"一\")@2",
            "4:14 this is not JSON: EOF while parsing an object",
            "1@6: Title=Text(\"丙\")@6",
        ],
    ),
    (
        "a.json|{\"list\": [\n{\"title\": \"甲\"},\n{\"title\": \"乙\",\n \"link\": null,\n \"text\": \"一\"}\n], \"n\": 2}\n",
        &[
            "json",
            "chat \"list, n: 2\"@1",
            "1@2: Title=Text(\"甲\")@2",
            "3@3: Title=Text(\"乙\")@3 Body=Text(\"一\")@5",
        ],
    ),
    (
        "a.json|{\"a\": {\"title\": \"甲\"},\n\"b\": {\"title\": \"乙\"}, \"c\": 1}",
        &["json", "chat \"a, b, c: 1\"@1", "1@1: Title=Text(\"甲\")@1", "1@2: Title=Text(\"乙\")@2"],
    ),
    (
        "a.json|{\"data\": {\"data\": {\"list\": [{\"title\": \"甲\"}]}}}",
        &["json", "chat \"data\"@1", "chat \"data\"@1", "chat \"list\"@1", "1@1: Title=Text(\"甲\")@1"],
    ),
    ("a.json|[[{\"title\": \"甲\"}], ]", &["json", "1:2 this is not an object, so it is not a record"]),
    ("a.json|]", &["json", "1:1 this is not JSON: expected value"]),
    ("a.json|[]", &["json"]),
    (
        "a.json|{\"title\": \"甲\", \"keywords\": [\"芯片\", {\"name\": \"模型\"}, 3, \"\"], \"source\": {\"name\": \"某报\", \"url\": \"x\"}, \"content\": {\"x\": 1}, \"draft\": true, \"n\": 1.50, \"md\": null, \"markdown\": \"*一*\", \"more\": [1, [2]]}",
        &[
            "json",
            "1@1: Title=Text(\"甲\")@1 Terms(0)=Items([\"芯片\", \"模型\", \"\"])@1 Extra(\"keywords\")=Data(List([Text(\"芯片\"), Map([(\"name\", Text(\"模型\"))]), Number(\"3\"), Text(\"\")]))@1 Source=Items([\"某报\"])@1 Extra(\"source\")=Data(Map([(\"name\", Text(\"某报\")), (\"url\", Text(\"x\"))]))@1 Body=Data(Map([(\"x\", Number(\"1\"))]))@1 Draft=Text(\"true\")@1 Extra(\"n\")=Data(Number(\"1.50\"))@1 Body=Markdown(\"*一*\")@1 Extra(\"more\")=Data(List([Number(\"1\"), List([Number(\"2\")])]))@1",
        ],
    ),
    ("a.txt|{\"title\": \"甲\"}", &["json", "1@1: Title=Text(\"甲\")@1"]),
    ("a.txt|[{\"title\": \"甲\"}]", &["json", "1@1: Title=Text(\"甲\")@1"]),
    ("a.txt|[标题] 甲", &["records", "1@1: Title=Text(\"甲\")@1"]),
    ("a.txt|{ }", &["json", "1@1:"]),
    (
        "a.txt|<think>想\n想</think>\n{\"title\": \"甲\"}",
        &["json", "chat \"<think>想\\n想</think>\"@1", "1@3: Title=Text(\"甲\")@3"],
    ),
    (
        "a.txt|<think>想</think>\n\n标题: 甲\n",
        &["records", "chat \"<think>想</think>\"@1", "1@3: Title=Text(\"甲\")@3"],
    ),
    ("a.txt|想</think>\n标题: 甲\n", &["records", "chat \"想</think>\"@1", "1@2: Title=Text(\"甲\")@2"]),
    (
        "a.txt|好的：\n\n```json\n{\"title\": \"甲\"}\n{\"title\": \"乙\"}\n```\n完。\n```json\n[{\"title\": \"丙\"}]\n```\n\n```\n文字\n```\n",
        &[
            "records",
            "chat \"好的：\\n\\n```json\"@1",
            "1@4: Title=Text(\"甲\")@4",
            "1@5: Title=Text(\"乙\")@5",
            "chat \"```\\n完。\\n```json\"@6",
            "1@9: Title=Text(\"丙\")@9",
            "chat \"```\\n\\n```\\n文字\\n```\"@10",
        ],
    ),
    (
        "a.txt|<think>想</think>\n好：\n```json\n{\"title\": \"甲\"}\n",
        &[
            "records",
            "chat \"<think>想</think>\"@1",
            "chat \"好：\\n```json\"@1",
            "1@4: Title=Text(\"甲\")@4",
        ],
    ),
    (
        "a.txt|```\n文字\n```\n标题: 甲\n",
        &["records", "chat \"```\"@1", "chat \"文字\"@2", "chat \"```\"@3", "1@4: Title=Text(\"甲\")@4"],
    ),
    (
        "a.txt|{\"version\": \"https://jsonfeed.org/version/1.1\", \"title\": \"x\", \"items\": [{\"id\": \"1\", \"title\": \"甲\", \"url\": \"https://e.org/1\"}]}",
        &["feed", "1@1: Title=Text(\"甲\")@1 Link=Text(\"https://e.org/1\")@1 Source=Text(\"x\")@1"],
    ),
    (
        "a.txt|<rss><channel><item><title>甲</title></item></channel></rss>",
        &["feed", "1@1: Title=Text(\"甲\")@1"],
    ),
    (
        "a.txt|<?xml version=\"1.0\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>甲</title></entry></feed>",
        &["feed", "1@2: Title=Text(\"甲\")@2"],
    ),
    ("a.txt|<!DOCTYPE html><p>甲", &["feed", "0:0 this is an HTML page, not a feed"]),
    ("a.txt|<html><p>甲", &["feed", "0:0 this is an HTML page, not a feed"]),
    ("a.txt|<p>标题: 甲</p>", &["records", "chat \"<p>标题: 甲</p>\"@1", "0:0 there is no record here"]),
    ("a.atom|x", &["feed", "0:0 this is not a feed: it has no `<rss>`, `<feed>` or `<rdf:RDF>`"]),
    ("a.md|---\ntitle: 甲\n---\n一\n", &["post", "4@1: Title=Text(\"甲\")@2 Body=Markdown(\"一\\n\")@4"]),
    (
        "a.MARKDOWN|+++\ntitle = \"甲\"\nn = 1\n+++\n一\n",
        &["post", "5@1: Title=Text(\"甲\")@2 Extra(\"n\")=Data(Number(\"1\"))@3 Body=Markdown(\"一\\n\")@5"],
    ),
    ("a.md|---\n标题: 甲\n", &["records", "form \"---\"@1", "1@2: Title=Text(\"甲\")@2"]),
    ("a.txt|---\n标题: 甲\n---\n", &["records", "form \"---\"@1", "1@2: Title=Text(\"甲\")@2"]),
    (
        "a.md|---\ntitle: 甲\nurl: /old/x/\naliases: [a, b]\npermalink: https://e.org/:year/\npath: /blog/:slug/\nredirect_from:\n  - c\ncover: i.png\nimage: {src: i.png}\nlast_modified_at: 2024-01-02\ncanonical_url: https://e.org/1\ntags: [芯片, null, 模型]\ncategories: [[a, b], [c]]\nbody: x\nmixed: [a, [b]]\npublished: 2024-05-06\nnull: \n---\n\n一\n",
        &[
            "post",
            "21@1: Title=Text(\"甲\")@2 Aliases=Items([\"/old/x/\"])@3 Extra(\"permalink\")=Text(\"https://e.org/:year/\")@5 Image=Text(\"i.png\")@9 Extra(\"image\")=Data(Map([(\"src\", Text(\"i.png\"))]))@10 Updated=Text(\"2024-01-02\")@11 Link=Text(\"https://e.org/1\")@12 Terms(0)=Items([\"芯片\", \"模型\"])@13 Terms(0)=Items([\"a\", \"b\", \"c\"])@14 Extra(\"body\")=Data(Text(\"x\"))@15 Extra(\"mixed\")=Data(List([Text(\"a\"), List([Text(\"b\")])]))@16 Date=Text(\"2024-05-06\")@17 Aliases=Items([\"/blog/:slug/\", \"a\", \"b\", \"c\"])@1 Body=Markdown(\"\\n一\\n\")@20",
        ],
    ),
    (
        "2024-05-13-a.md|---\ntitle: 甲\ntaxonomies: {tags: [芯片], other: x, title: y}\nextra: {a: 1}\nparams: {b: [2]}\n\"quoted\": 1\nnext: 二\n---\n一\n",
        &[
            "post",
            "9@1: Title=Text(\"甲\")@2 Terms(0)=Items([\"芯片\"])@3 Extra(\"other\")=Text(\"x\")@3 Extra(\"title\")=Text(\"y\")@3 Extra(\"a\")=Data(Number(\"1\"))@4 Extra(\"b\")=Data(List([Number(\"2\")]))@5 Extra(\"quoted\")=Data(Number(\"1\"))@6 Extra(\"next\")=Data(Text(\"二\"))@7 Date=Text(\"2024-05-13\")@1 Body=Markdown(\"一\\n\")@9",
        ],
    ),
    (
        "a.md|---\ntitle: 甲\npublished: yes\nprivate: [1]\n---\n",
        &[
            "post",
            "5@1: Title=Text(\"甲\")@2 Draft=Text(\"false\")@3 Extra(\"private\")=Data(List([Number(\"1\")]))@4 Body=Markdown(\"\")@6",
        ],
    ),
];

#[test]
fn a_file_is_read_in_the_format_of_its_name_or_beginning() {
    for (file, found) in FILES {
        assert_eq!(read(file), *found, "{file}");
    }
}
