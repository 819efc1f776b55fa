//! Tests labels that are words of prose, too, and rare shapes of posts and JSON.

use super::formats::read;

/// Files as `name|text`, and what they are read as.
const FILES: &[(&str, &[&str])] = &[
    (
        "a.txt|标题: 甲\n总结: 一。\n内容: 二。\n\n内容: 三。\n",
        &["records", "5@1: Title=Text(\"甲\")@1 Summary=Text(\"一。\\n内容: 二。\")@2 Body=Text(\"三。\")@5"],
    ),
    (
        "a.txt|标题: 甲\n来源: 某报\n内容: 二。\n",
        &["records", "3@1: Title=Text(\"甲\")@1 Source=Text(\"某报\")@2 Body=Text(\"二。\")@3"],
    ),
    (
        "a.txt|标题: 甲\n事件: 一。\n内容: 二。\n概述: 三。\n",
        &["records", "4@1: Title=Text(\"甲\")@1 Event=Text(\"一。\")@2 Body=Text(\"二。\\n概述: 三。\")@3"],
    ),
    (
        "a.txt|- 标题: 甲\n- 总结: 一。\n- 内容: 二。\n内容: 三\n",
        &["records", "4@1: Title=Text(\"甲\")@1 Summary=Text(\"一。\")@2 Body=Text(\"二。\\n内容: 三\")@3"],
    ),
    (
        "a.txt|标题: 甲\n内容: 一。\n内容: 二。\n\n内容: 三。\n",
        &["records", "5@1: Title=Text(\"甲\")@1 Body=Text(\"一。\\n内容: 二。\\n\\n内容: 三。\")@2"],
    ),
    (
        "a.txt|标题: 甲\n总结: 一。\n媒体: 某报\n媒体: 又\n\n媒体: 三\n",
        &[
            "records",
            "4:1 this label occurs twice in its record; both texts are kept",
            "6:1 this label occurs twice in its record; both texts are kept",
            "6@1: Title=Text(\"甲\")@1 Summary=Text(\"一。\")@2 Source=Text(\"某报\\n又\\n三\")@3",
        ],
    ),
    (
        "a.txt|标题: 甲\n总结: 一。\n媒体:\n时间: 昨天\n时间: 一个没有人知道的日子。\n",
        &[
            "records",
            "5:1 this label occurs twice in its record; both texts are kept",
            "5@1: Title=Text(\"甲\")@1 Summary=Text(\"一。\\n媒体:\")@2 Date=Text(\"昨天\\n一个没有人知道的日子。\")@4",
        ],
    ),
    (
        "a.txt|- 标题: 甲\n- 总结: 一。\n- 媒体:\n- 时间: 昨天\n",
        &[
            "records",
            "4@1: Title=Text(\"甲\")@1 Summary=Text(\"一。\")@2 Source=Text(\"\")@3 Date=Text(\"昨天\")@4",
        ],
    ),
    (
        "a.txt|标题: 甲\n总结: 一。\n技术: 芯片\n- 领域: 金融\n",
        &[
            "records",
            "4@1: Title=Text(\"甲\")@1 Summary=Text(\"一。\")@2 Terms(1)=Text(\"芯片\")@3 Terms(2)=Text(\"金融\")@4",
        ],
    ),
    (
        "a.txt|标题: 甲\n关键词: 芯片\n模型\n\n政策\n",
        &[
            "records",
            "5:1 this line belongs to no field of a record",
            "3@1: Title=Text(\"甲\")@1 Terms(0)=Text(\"芯片\\n模型\")@2",
        ],
    ),
    (
        "a.txt|标题: 甲\n链接: https://e.org/1\n---\n关键词: 芯片\n来源: 某报\n---\n标题: 乙\n",
        &[
            "records",
            "5@1: Title=Text(\"甲\")@1 Link=Text(\"https://e.org/1\")@2 Terms(0)=Text(\"芯片\")@4 Source=Text(\"某报\")@5",
            "1@7: Title=Text(\"乙\")@7",
        ],
    ),
    (
        "a.txt|标题: 甲\n来源: 某报\n\n1. 小节\n链接: https://e.org/1\n",
        &[
            "records",
            "5@1: Title=Text(\"甲\")@1 Source=Text(\"某报\")@2 Link=Text(\"https://e.org/1\")@5 heading \"1. 小节\"→\"\"@4",
        ],
    ),
    (
        "a.txt|标题: 甲\n关键词:\n\n1. 芯片\n链接: https://e.org/1\n",
        &[
            "records",
            "5@1: Title=Text(\"甲\")@1 Terms(0)=Text(\"1. 芯片\")@4 Link=Text(\"https://e.org/1\")@5",
        ],
    ),
    (
        "a.md|---\ntitle: 甲\ntitle: 乙\nx: [\n---\n",
        &["post", "4:5 this is not YAML: did not find expected node content"],
    ),
    (
        "a.md|+++\ntitle = 甲\n+++\n",
        &["post", "2:9 this is not TOML: string values must be quoted, expected literal string"],
    ),
    ("a.md|+++\na = 1\n\nb = = 2\n+++\n", &["post", "4:5 this is not TOML: extra `=`, expected nothing"]),
    (
        "a.md|+++\ntitle = \"甲\"\na = inf\nb = 1.5\nc = true\nd = 2024-01-02\ne = [1, {x = \"y\"}]\n+++\n一",
        &[
            "post",
            "9@1: Title=Text(\"甲\")@2 Extra(\"a\")=Data(Text(\"inf\"))@3 Extra(\"b\")=Data(Number(\"1.5\"))@4 Extra(\"c\")=Data(Bool(true, \"true\"))@5 Extra(\"d\")=Data(Text(\"2024-01-02\"))@6 Extra(\"e\")=Data(List([Number(\"1\"), Map([(\"x\", Text(\"y\"))])]))@7 Body=Markdown(\"一\")@9",
        ],
    ),
    (
        "a.json|{\"title\": \"甲\", \"content_markdown\": \"*一*\", \"image\": \"i.png\", \"source\": [{\"name\": \"某报\"}, {\"label\": \"又报\"}, {\"x\": \"三报\"}], \"date\": {\"x\": 1}, \"keywords\": [[\"芯片\"], \"[{\"], \"draft\": false, \"n\": null, \"t\": true, \"body_html\": \"<p>二</p>\"}",
        &[
            "json",
            "1@1: Title=Text(\"甲\")@1 Body=Markdown(\"*一*\")@1 Image=Text(\"i.png\")@1 Source=Items([\"某报\", \"又报\", \"三报\"])@1 Extra(\"source\")=Data(List([Map([(\"name\", Text(\"某报\"))]), Map([(\"label\", Text(\"又报\"))]), Map([(\"x\", Text(\"三报\"))])]))@1 Date=Data(Map([(\"x\", Number(\"1\"))]))@1 Terms(0)=Items([\"芯片\", \"[{\"])@1 Extra(\"keywords\")=Data(List([List([Text(\"芯片\")]), Text(\"[{\")]))@1 Draft=Text(\"false\")@1 Extra(\"t\")=Data(Bool(true, \"true\"))@1 Body=Html(\"<p>二</p>\")@1",
        ],
    ),
    (
        "a.json|\n[\n{\"title\": \"甲\",\n\"x\": \"1\"}\n,\n{\"title\": \"乙\"}",
        &[
            "json",
            "2@3: Title=Text(\"甲\")@3 Extra(\"x\")=Text(\"1\")@4",
            "1@6: Title=Text(\"乙\")@6",
            "2:1 this list is never closed: its end is missing",
        ],
    ),
    (
        "a.json|{\"title\": \"甲\"} {\"title\": \"乙\"}\n",
        &["json", "1@1: Title=Text(\"甲\")@1", "1@1: Title=Text(\"乙\")@1"],
    ),
    (
        "a.json|{\"title\":\n\"甲\"}\n[{\"title\": \"乙\"}]\n",
        &["json", "2@1: Title=Text(\"甲\")@2", "1@3: Title=Text(\"乙\")@3"],
    ),
    (
        "a.json|{\"n\": 1, \"list\": [\n{\"title\": \"甲\"\n",
        &[
            "json",
            "1:18 this is not JSON: EOF while parsing a list",
            "3:1 this is not JSON: EOF while parsing an object",
        ],
    ),
    (
        "a.jsonl|{\"title\": \"甲\", \"text\": \"一\n{\"title\": \"乙\"}\n",
        &["json", "1:25 this is not JSON: EOF while parsing a string", "1@2: Title=Text(\"乙\")@2"],
    ),
    (
        "a.json|{\"a\": [1], \"b\": \"x\"}\n",
        &["json", "1@1: Extra(\"a\")=Data(List([Number(\"1\")]))@1 Extra(\"b\")=Text(\"x\")@1"],
    ),
    (
        "a.json|\"x\"\n1\n",
        &[
            "json",
            "1:1 this is not an object, so it is not a record",
            "2:1 this is not an object, so it is not a record",
        ],
    ),
    ("a.md|---\n一\n", &["records", "form \"---\"@1", "form \"一\"@2", "0:0 there is no record here"]),
];

#[test]
fn weak_labels_and_rare_shapes_are_read() {
    for (file, found) in FILES {
        assert_eq!(read(file), *found, "{file}");
    }
}
