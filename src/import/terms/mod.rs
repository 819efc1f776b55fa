//! Reads a field of terms, in the forms in which models separate, quote and number lists.
//!
//! [`split()`] finds the items of a list. [`terms`] removes placeholders, duplicates and endings
//! from them.

mod numbers;
mod quoted;
mod select;
mod split;

pub use select::terms;
pub use split::split;

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn read(text: &str) -> Vec<String> {
        terms(split(text, &mut Vec::new()), &[], &mut Vec::new())
    }

    #[test]
    fn lists_in_every_form_are_split() {
        for text in [
            "马斯克,  ChatGPT,  开源",
            "马斯克，ChatGPT，开源。",
            "马斯克、ChatGPT、开源等",
            "马斯克；ChatGPT;开源",
            "马斯克 | ChatGPT | 开源",
            "马斯克\nChatGPT\n开源",
            "- 马斯克\n- ChatGPT\n- 开源",
            "•马斯克\n•ChatGPT\n•开源",
            "1. 马斯克\n2. ChatGPT\n3. 开源",
            "1. 马斯克 2. ChatGPT 3. 开源",
            "1、马斯克；2、ChatGPT；3、开源",
            "1、马斯克、2、ChatGPT、3、开源",
            "（1）马斯克（2）ChatGPT（3）开源".replace('（', " （").as_str(),
            "①马斯克②ChatGPT③开源",
            "（1）马斯克（2）ChatGPT（3）开源",
            "「马斯克」「ChatGPT」「开源」",
            "马斯克•ChatGPT•开源",
            "马斯克\tChatGPT\u{3000}开源",
            "马斯克<br>ChatGPT<br/>开源",
            "・马斯克\n・ChatGPT\n・开源",
            "马斯克、ChatGPT、开源、无（文中未提及）",
            r#"["马斯克", "ChatGPT", "开源"]"#,
            "['马斯克', 'ChatGPT', '开源']",
            "[“马斯克”，“ChatGPT”，“开源”]",
            "[马斯克, ChatGPT, 开源]",
            "“马斯克”、“ChatGPT”、“开源”",
            "\"马斯克\", \"ChatGPT\", \"开源\"",
            "`马斯克`, **ChatGPT**, 开源",
            "#马斯克 #ChatGPT #开源",
            "＃马斯克 ＃ChatGPT＃ ＃开源",
            "#马斯克# #ChatGPT# #开源#",
            "马斯克，ChatGPT，马斯克，开源，ｃｈａｔｇｐｔ",
            "马斯克, ChatGPT, 开源, 等等。",
            "马斯克, , ChatGPT, 无, 开源",
            "【马斯克】【ChatGPT】【开源】",
            "[马斯克][ChatGPT][开源]",
            "【马斯克】、【ChatGPT】、【开源】",
            "『马斯克』『ChatGPT』，开源",
            "- 【马斯克】\n- 【ChatGPT】\n- 【开源】",
            "1. 「马斯克」 2. 「ChatGPT」 3. 「开源」",
            "［马斯克］［ChatGPT］［开源］",
            "`马斯克` `ChatGPT` `开源`",
            "\"马斯克\" \"ChatGPT\" \"开源\"",
            "〔马斯克〕〔ChatGPT〕〔开源〕",
            "*马斯克*、_ChatGPT_、~~开源~~",
            "#马斯克##ChatGPT##开源#",
            "#马斯克#、#ChatGPT#，#开源#",
            "＃马斯克＃ #ChatGPT#\t#开源#",
        ] {
            assert_eq!(read(text), ["马斯克", "ChatGPT", "开源"], "{text}");
        }
    }

    #[test]
    fn separators_inside_a_term_stay() {
        for (text, wanted) in [
            ("CI/CD, /slow mode, A/B测试", vec!["CI/CD", "/slow mode", "A/B测试"]),
            (
                "通用人工智能(AGI,强), 人脸识别（活体、静默）",
                vec!["通用人工智能(AGI,强)", "人脸识别（活体、静默）"],
            ),
            ("C#, F#、.NET", vec!["C#", "F#", ".NET"]),
            ("#开源、C#", vec!["#开源", "C#"]),
            ("_init_py, *nix, a_b_", vec!["_init_py", "*nix", "a_b_"]),
            ("1,000亿元、2,5", vec!["1", "000亿元", "2", "5"]),
            ("《自然》《科学》", vec!["《自然》", "《科学》"]),
            ("医疗、教育、金融等3个行业", vec!["医疗", "教育", "金融"]),
            ("GPT-3.5, 5G、3D打印", vec!["GPT-3.5", "5G", "3D打印"]),
            ("苹果公司, Apple Inc.", vec!["苹果公司", "Apple Inc."]),
            ("男女平等", vec!["男女平等"]),
            ("教育, 高等", vec!["教育", "高等"]),
            ("无人驾驶、无人机", vec!["无人驾驶", "无人机"]),
            ("3. 开源", vec!["3. 开源"]),
            ("[2024]年度模型", vec!["[2024]年度模型"]),
            ("['没有关的引号, 开源]", vec!["'没有关的引号", "开源"]),
        ] {
            assert_eq!(read(text), wanted, "{text}");
        }
    }

    #[test]
    fn marks_around_terms_are_recorded_once_a_field() {
        for (text, to) in [
            ("【图像生成】【设计】", "图像生成、设计"),
            ("“大模型”, 芯片", "大模型、芯片"),
            ("`rust`, 芯片", "rust、芯片"),
            ("#大模型 #芯片", "大模型、芯片"),
            ("**大模型**、芯片", "大模型、芯片"),
            ("【图像生成】", "图像生成"),
        ] {
            let mut changes = Vec::new();
            let _ = split(text, &mut changes);
            assert_eq!(changes, [(crate::import::repair::Kind::Marks, text.to_owned(), to.to_owned())]);
        }
        for text in [
            "大模型、芯片",
            "《自然》《科学》",
            "[\"大模型\", \"芯片\"]",
            "- 大模型\n- 芯片",
            "1. 大模型 2. 芯片",
            "[大模型, 芯片]",
            "C#, 「A」类",
        ] {
            let mut changes = Vec::new();
            let _ = split(text, &mut changes);
            assert!(changes.is_empty(), "{text}: {changes:?}");
        }
    }

    #[test]
    fn a_placeholder_is_no_term() {
        for text in [
            "无",
            "暂无。",
            "N/A",
            "未提及",
            "-",
            "——",
            "[]",
            "（无）",
            "未提及具体技术",
            "其他",
            "【无】",
            "其它",
            "略",
        ] {
            assert_eq!(read(text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn the_ending_of_a_list_of_examples_is_removed() {
        assert_eq!(read("人工智能、软件开发等领域"), ["人工智能", "软件开发"]);
        assert_eq!(read("GPT-4等"), ["GPT-4"]);
        assert_eq!(read("AI, chips, etc."), ["AI", "chips"]);
    }

    proptest! {
        #[test]
        fn only_list_syntax_is_removed_without_a_record(text in "[a-c中无等源（）()\\[\\]{}\"'“”‘’`*#|,，、；;.。1-3 \n①②•\\-]{0,40}") {
            let mut changes = Vec::new();
            let items = split(&text, &mut changes);
            let kept = terms(items, &[], &mut changes);
            let words = |c: &char| matches!(c, 'a'..='c' | '中' | '无' | '等' | '源');
            let mut left: Vec<char> = kept.iter().flat_map(|term| term.chars()).filter(words).collect();
            left.extend(changes.iter().flat_map(|(_, from, _)| from.chars()).filter(words));
            let mut all: Vec<char> = text.chars().filter(words).collect();
            all.extend(changes.iter().flat_map(|(_, _, to)| to.chars()).filter(words));
            left.sort_unstable();
            all.sort_unstable();
            prop_assert_eq!(left, all, "{:?} {:?}", kept, changes);
        }

        #[test]
        fn arbitrary_text_does_not_panic(text in "\\PC{0,60}|.{0,60}") {
            let _ = read(&text);
        }
    }
}
