//! Tests what a text of labelled lines is read as: each record with its fields, lines and the text
//! between them, and each problem.

use std::fmt::Write as _;

use crate::config::Config;
use crate::import::input::Input;
use crate::import::labelled;
use crate::import::labels::Labels;
use crate::import::record::{Found, Value};

/// All that is found in a text, a line each.
fn read(text: &str) -> Vec<String> {
    let input = Input { name: "in.txt".into(), text: text.to_owned().into() };
    let labels = Labels::of(&Config::default());
    labelled::records(&input, 0..text.len(), &labels)
        .map(|found| match found {
            Found::Record(record) => {
                let at = record.spot;
                let mut line = format!("{}@{}:", text[at.start..at.end].lines().count(), at.line);
                for entry in &record.entries {
                    let Value::Text(value) = &entry.value else { panic!("{entry:?}") };
                    let start = text[entry.spot.start..entry.spot.end].chars().next().unwrap_or('∅');
                    let _ = write!(line, " {:?}={value:?}@{}{start}", entry.field, entry.spot.line);
                }
                let _ = write!(line, " structure={:?}", record.structure);
                for repair in &record.repairs {
                    let _ = write!(
                        line,
                        " {}{:?}→{:?}@{}",
                        repair.kind.name(),
                        repair.from,
                        repair.to,
                        repair.line
                    );
                }
                line
            }
            Found::Outside(repair) => {
                format!("{} {:?}→{:?}@{}", repair.kind.name(), repair.from, repair.to, repair.line)
            }
            Found::Problem(problem) => {
                let place = problem.place.unwrap();
                format!("{}:{} {} | {}", place.line, place.column, problem.message, problem.help.unwrap())
            }
        })
        .collect()
}

/// Texts and all that is found in them.
const TEXTS: &[(&str, &[&str])] = &[
    (
        "标题: 甲\n链接: https://e.org/1\n总结: 一。\n二。\n\n三。\n\n标题: 乙\n总结: 四。\n",
        &[
            "6@1: Title=\"甲\"@1甲 Link=\"https://e.org/1\"@2h Summary=\"一。\\n二。\\n\\n三。\"@3一 structure=\"标题: 链接: 总结: \"",
            "2@8: Title=\"乙\"@8乙 Summary=\"四。\"@9四 structure=\"标题: 总结: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n---\n标题: 乙\n总结: 二。\n---\n",
        &[
            "2@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 structure=\"标题: 总结: ---\"",
            "2@4: Title=\"乙\"@4乙 Summary=\"二。\"@5二 structure=\"标题: 总结: ---\"",
        ],
    ),
    (
        "---\n标题: 甲\n来源: 某报\n---\n标题: 乙\n",
        &[
            "form \"---\"→\"\"@1",
            "2@2: Title=\"甲\"@2甲 Source=\"某报\"@3某 structure=\"标题: 来源: ---\"",
            "1@5: Title=\"乙\"@5乙 structure=\"标题: \"",
        ],
    ),
    (
        "1.\n标题: 甲\n总结: 一。\n2.\n总结: 二。\n",
        &[
            "form \"1.\"→\"\"@1",
            "2@2: Title=\"甲\"@2甲 Summary=\"一。\"@3一 structure=\"标题: 总结: 2.\"",
            "1@5: Summary=\"二。\"@5二 structure=\"总结: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n\n## 第二条\n链接: https://e.org/2\n标题: 乙\n",
        &[
            "2@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 structure=\"标题: 总结: ## 第二条\"",
            "2@5: Link=\"https://e.org/2\"@5h Title=\"乙\"@6乙 structure=\"链接: 标题: \"",
        ],
    ),
    (
        "## 新闻一\n链接: https://e.org/1\n总结: 一。\n\n## 新闻二\n链接: https://e.org/2\n总结: 二。\n",
        &[
            "form \"## 新闻一\"→\"\"@1",
            "2@2: Link=\"https://e.org/1\"@2h Summary=\"一。\"@3一 structure=\"链接: 总结: ## 新闻二\"",
            "2@6: Link=\"https://e.org/2\"@6h Summary=\"二。\"@7二 structure=\"链接: 总结: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n\n### 小节\n关键词: 芯片\n",
        &[
            "5@1: Title=\"甲\"@1甲 Summary=\"一。\\n\\n### 小节\"@2一 Terms(0)=\"芯片\"@5芯 structure=\"标题: 总结: 关键词: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n\n### 小节\n二。\n",
        &["5@1: Title=\"甲\"@1甲 Summary=\"一。\\n\\n### 小节\\n二。\"@2一 structure=\"标题: 总结: \""],
    ),
    (
        "标题: 甲\n来源: 某报\n\n### 小节\n日期: 2026-11-23\n\n### 结尾\n",
        &[
            "7:1 this line belongs to no field of a record | begin it with a label such as `标题:` or `总结:`, or remove it",
            "5@1: Title=\"甲\"@1甲 Source=\"某报\"@2某 Date=\"2026-11-23\"@52 structure=\"标题: 来源: ### 日期: \" heading\"小节\"→\"\"@4",
        ],
    ),
    (
        "标题: 甲\n总结: \n1. 首先\n链接: https://e.org/2\n",
        &[
            "4@1: Title=\"甲\"@1甲 Summary=\"1. 首先\"@31 Link=\"https://e.org/2\"@4h structure=\"标题: 总结: 链接: \"",
        ],
    ),
    (
        "**1. 乙的消息**\n链接: https://e.org/2\n总结: 二。\n",
        &[
            "3@1: Title=\"乙的消息\"@1* Link=\"https://e.org/2\"@2h Summary=\"二。\"@3二 structure=\"链接: 总结: \" heading\"**1. 乙的消息**\"→\"乙的消息\"@1",
        ],
    ),
    (
        "```text\n标题: 甲\n总结: 一。\n```\n谢谢。\n",
        &[
            "form \"```text\"→\"\"@1",
            "2@2: Title=\"甲\"@2甲 Summary=\"一。\"@3一 structure=\"标题: 总结: ```\"",
            "chat \"谢谢。\"→\"\"@5",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n```text\n标题: 乙\n总结: 二。\n```\n",
        &[
            "2@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 structure=\"标题: 总结: \"",
            "form \"```text\"→\"\"@3",
            "2@4: Title=\"乙\"@4乙 Summary=\"二。\"@5二 structure=\"标题: 总结: ```\"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n```yaml\n标题: 乙\n情感: 好\n---\n```\n标题: 丙\n",
        &[
            "7@1: Title=\"甲\"@1甲 Summary=\"一。\\n```yaml\\n标题: 乙\\n情感: 好\\n---\\n```\"@2一 structure=\"标题: 总结: \"",
            "1@8: Title=\"丙\"@8丙 structure=\"标题: \"",
        ],
    ),
    (
        "```text\n标题: 甲\n总结: 一。\n```js\n标题: x\n```\n二。\n```\n后\n",
        &[
            "form \"```text\"→\"\"@1",
            "6@2: Title=\"甲\"@2甲 Summary=\"一。\\n```js\\n标题: x\\n```\\n二。\"@3一 structure=\"标题: 总结: ```\"",
            "chat \"后\"→\"\"@9",
        ],
    ),
    (
        "标题: 甲\n来源: 某报\n```\n日期: 2026-11-23\n```\n",
        &[
            "2@1: Title=\"甲\"@1甲 Source=\"某报\"@2某 structure=\"标题: 来源: \"",
            "form \"```\"→\"\"@3",
            "1@4: Date=\"2026-11-23\"@42 structure=\"日期: ```\"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n```\ncode\n```\n二。\n",
        &["6@1: Title=\"甲\"@1甲 Summary=\"一。\\n```\\ncode\\n```\\n二。\"@2一 structure=\"标题: 总结: \""],
    ),
    (
        "链接：https://e.org/1 日期：2026-11-23 来源：某报\n标题: 甲\n",
        &[
            "2@1: Link=\"https://e.org/1\"@1h Date=\"2026-11-23\"@12 Source=\"某报\"@1某 Title=\"甲\"@2甲 structure=\"链接： 日期： 来源：标题: \"",
        ],
    ),
    (
        "日期：2026-11-23 来源：某报\n  日期：2026-11-24  来源：又 链接：https://e.org/1 日期：1 来源：2\n",
        &[
            "1@1: Date=\"2026-11-23\"@12 Source=\"某报\"@1某 structure=\"日期： 来源：\"",
            "1@2: Date=\"2026-11-24\"@22 Source=\"又\"@2又 Link=\"https://e.org/1\"@2h structure=\"  日期：  来源： 链接：\"",
            "1@2: Date=\"1\"@21 Source=\"2\"@22 structure=\" 日期： 来源：\"",
        ],
    ),
    ("标题: 甲 日期：2026-11-23\n", &["1@1: Title=\"甲 日期：2026-11-23\"@1甲 structure=\"标题: \""]),
    (
        "标题: 甲\n来源: 某报\n来源: 又一报\n多余的行\n",
        &[
            "3:1 this label occurs twice in its record; both texts are kept | begin each record with its `标题:`",
            "4:1 this line belongs to no field of a record | begin it with a label such as `标题:` or `总结:`, or remove it",
            "3@1: Title=\"甲\"@1甲 Source=\"某报\\n又一报\"@2某 structure=\"标题: 来源: 来源: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n总结: 二。\n\n总结: 三。\n",
        &[
            "3:1 this label occurs twice in its record; both texts are kept | begin each record with its `标题:`",
            "5:1 this label occurs twice in its record; both texts are kept | begin each record with its `标题:`",
            "5@1: Title=\"甲\"@1甲 Summary=\"一。\\n二。\\n三。\"@2一 structure=\"标题: 总结: 总结: 总结: \"",
        ],
    ),
    (
        "标题: 甲\n关键词: 芯片\n模型\n\n- 开源\n\n政策\n",
        &[
            "7:1 this line belongs to no field of a record | begin it with a label such as `标题:` or `总结:`, or remove it",
            "5@1: Title=\"甲\"@1甲 Terms(0)=\"芯片\\n模型\\n\\n- 开源\"@2芯 structure=\"标题: 关键词: \"",
        ],
    ),
    (
        "标题: 甲\n关键词:\n\n芯片\n模型\n",
        &["5@1: Title=\"甲\"@1甲 Terms(0)=\"芯片\\n模型\"@4芯 structure=\"标题: 关键词:\""],
    ),
    (
        "标题: 甲\n来源:\n某报\n又\n",
        &[
            "4:1 this line belongs to no field of a record | begin it with a label such as `标题:` or `总结:`, or remove it",
            "3@1: Title=\"甲\"@1甲 Source=\"某报\"@3某 structure=\"标题: 来源:\"",
        ],
    ),
    (
        "标题: 甲\n情感: 好\n总结: 一。\n情感: 坏\n**语气**: 好\n",
        &[
            "2:1 unknown label `情感`; its text is kept under `extra` | assign it to a field under `import: {labels: …}` in newsprint.yaml",
            "5@1: Title=\"甲\"@1甲 Extra(\"情感\")=\"好\"@2好 Summary=\"一。\\n情感: 坏\\n**语气**: 好\"@3一 structure=\"标题: 情感: 总结: \"",
        ],
    ),
    (
        "**标题**: 甲\n**总结**: 一。\n**情感**: 坏\n情感: 坏\n",
        &[
            "3:3 unknown label `情感`; its text is kept under `extra` | assign it to a field under `import: {labels: …}` in newsprint.yaml",
            "4:1 this line belongs to no field of a record | begin it with a label such as `标题:` or `总结:`, or remove it",
            "3@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 Extra(\"情感\")=\"坏\"@3坏 structure=\"**标题**: **总结**: **情感**: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n链接这个词: 二。\n链接: 一个很长的句子不是链接。\n链接:\n日期: https://e.org/\n",
        &[
            "6@1: Title=\"甲\"@1甲 Summary=\"一。\\n链接这个词: 二。\\n链接: 一个很长的句子不是链接。\"@2一 Link=\"\"@5∅ Date=\"https://e.org/\"@6h structure=\"标题: 总结: 链接:日期: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n正文: 三。\n",
        &["3@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 Body=\"三。\"@3三 structure=\"标题: 总结: 正文: \""],
    ),
    (
        "标题: 甲\n总结: 一。\n- 来源: 某报\n- 标题: 乙\n\n- 标题: 丙\n",
        &[
            "3@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 Source=\"某报\"@3某 structure=\"标题: 总结: - 来源: \"",
            "1@4: Title=\"乙\"@4乙 structure=\"- 标题: \"",
            "1@6: Title=\"丙\"@6丙 structure=\"- 标题: \"",
        ],
    ),
    (
        "- 标题: 甲\n- 总结: 一。\n- 来源: 某报\n来源: 又\n",
        &[
            "4:1 this label occurs twice in its record; both texts are kept | begin each record with its `标题:`",
            "4@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 Source=\"某报\\n又\"@3某 structure=\"- 标题: - 总结: - 来源: 来源: \"",
        ],
    ),
    (
        "**标题**: 甲\n**总结**: 一。\n来源: 某报\n- 日期: 2026-11-23\n",
        &[
            "4@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 Source=\"某报\"@3某 Date=\"2026-11-23\"@42 structure=\"**标题**: **总结**: 来源: - 日期: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n> **标题**: 乙\n\n> **标题**: 丙\n总结: 四\n",
        &[
            "3@1: Title=\"甲\"@1甲 Summary=\"一。\\n> **标题**: 乙\"@2一 structure=\"标题: 总结: \"",
            "2@5: Title=\"丙\"@5丙 Summary=\"四\"@6四 structure=\"> **标题**: 总结: \"",
        ],
    ),
    (
        "链接: https://e.org/1\n标题: 甲\n总结: 一。\n链接: https://e.org/2\n标题: 乙\n",
        &[
            "3@1: Link=\"https://e.org/1\"@1h Title=\"甲\"@2甲 Summary=\"一。\"@3一 structure=\"链接: 标题: 总结: \"",
            "2@4: Link=\"https://e.org/2\"@4h Title=\"乙\"@5乙 structure=\"链接: 标题: \"",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n\n链接: https://e.org/2\n来源: 某报\n标题: 乙\n",
        &[
            "2@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 structure=\"标题: 总结: \"",
            "3@4: Link=\"https://e.org/2\"@4h Source=\"某报\"@5某 Title=\"乙\"@6乙 structure=\"链接: 来源: 标题: \"",
        ],
    ),
    (
        "标题: 甲\n来源: 某报\n\n链接: https://e.org/2\n\n标题: 乙\n",
        &[
            "4@1: Title=\"甲\"@1甲 Source=\"某报\"@2某 Link=\"https://e.org/2\"@4h structure=\"标题: 来源: 链接: \"",
            "1@6: Title=\"乙\"@6乙 structure=\"标题: \"",
        ],
    ),
    (
        "来源: 甲报\n---\n链接: https://e.org/2\n标题: 乙\n",
        &[
            "1@1: Source=\"甲报\"@1甲 structure=\"来源: ---\"",
            "2@3: Link=\"https://e.org/2\"@3h Title=\"乙\"@4乙 structure=\"链接: 标题: \"",
        ],
    ),
    (
        "标题: 甲\n---\n链接: https://e.org/2\n---\n来源: 乙报\n",
        &[
            "5@1: Title=\"甲\"@1甲 Link=\"https://e.org/2\"@3h Source=\"乙报\"@5乙 structure=\"标题: ---链接: ---来源: \"",
        ],
    ),
    (
        "标题: 甲\n来源: 某报\n---\n来源: 乙报\n",
        &[
            "2@1: Title=\"甲\"@1甲 Source=\"某报\"@2某 structure=\"标题: 来源: ---\"",
            "1@4: Source=\"乙报\"@4乙 structure=\"来源: \"",
        ],
    ),
    (
        "标题: 甲\n事件: 一。\n---\n以上是全部内容。\n",
        &[
            "4@1: Title=\"甲\"@1甲 Event=\"一。\"@2一 structure=\"标题: 事件: ---\" chat\"以上是全部内容。\"→\"\"@4",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n---\n以上是全部内容。\n",
        &[
            "4@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 structure=\"标题: 总结: ---\" chat\"以上是全部内容。\"→\"\"@4",
        ],
    ),
    (
        "标题: 甲\n总结: 一。\n---\n二。\n",
        &["4@1: Title=\"甲\"@1甲 Summary=\"一。\\n---\\n二。\"@2一 structure=\"标题: 总结: \""],
    ),
    (
        "标题: 甲\n总结: 一。\n\n以上是全部内容。\n",
        &[
            "4@1: Title=\"甲\"@1甲 Summary=\"一。\"@2一 structure=\"标题: 总结: \" chat\"以上是全部内容。\"→\"\"@2",
        ],
    ),
    (
        "标题: 甲\n来源: 某报\n以上是全部内容。\n",
        &[
            "3@1: Title=\"甲\"@1甲 Source=\"某报\"@2某 structure=\"标题: 来源: \" chat\"以上是全部内容。\"→\"\"@3",
        ],
    ),
    (
        "好的，以下是结果：\n\n标题: 甲\n",
        &["chat \"好的，以下是结果：\"→\"\"@1", "1@3: Title=\"甲\"@3甲 structure=\"标题: \""],
    ),
    (
        "只有文字\n第二行\n",
        &[
            "chat \"只有文字\"→\"\"@1",
            "chat \"第二行\"→\"\"@2",
            "0:0 there is no record here | a record consists of lines such as `标题: …`, `链接: …`, `总结: …`",
        ],
    ),
    (
        "",
        &["0:0 there is no record here | a record consists of lines such as `标题: …`, `链接: …`, `总结: …`"],
    ),
    ("\n\n标题：\n总结：一。\n", &["2@3: Title=\"\"@3∅ Summary=\"一。\"@4一 structure=\"标题：总结：\""]),
    (
        "标题: 甲\n正文: 一。\n二。\n2\n三。\n",
        &["5@1: Title=\"甲\"@1甲 Body=\"一。\\n二。\\n2\\n三。\"@2一 structure=\"标题: 正文: \""],
    ),
    (
        "标题: 甲\n正文: 一。\n关键词: 一个关于人工智能和未来社会的很长的句子。\n关键词: 芯片、模型\n",
        &[
            "4:1 this label occurs twice in its record; both texts are kept | begin each record with its `标题:`",
            "4@1: Title=\"甲\"@1甲 Body=\"一。\"@2一 Terms(0)=\"一个关于人工智能和未来社会的很长的句子。\\n芯片、模型\"@3一 structure=\"标题: 正文: 关键词: 关键词: \"",
        ],
    ),
    (
        "标题: 甲\n正文: 一。\n\n关键词: 芯片、模型\n\n关键词: 开源\n",
        &[
            "6:1 this label occurs twice in its record; both texts are kept | begin each record with its `标题:`",
            "6@1: Title=\"甲\"@1甲 Body=\"一。\"@2一 Terms(0)=\"芯片、模型\\n开源\"@4芯 structure=\"标题: 正文: 关键词: 关键词: \"",
        ],
    ),
];

#[test]
fn records_are_read_with_all_that_is_between_them() {
    for (text, found) in TEXTS {
        assert_eq!(read(text), *found, "{text}");
    }
}
