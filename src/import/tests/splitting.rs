//! Tests where long lines are split into paragraphs.

use crate::import::paragraphs::{Block, blocks};

/// The number of characters of each paragraph of a line.
fn lengths(line: &str) -> Vec<usize> {
    let length = |block: &Block| match block {
        Block::Paragraph(text) | Block::Heading(text) => text.chars().count(),
    };
    blocks(line, &mut Vec::new()).iter().map(length).collect()
}

/// Characters that end no sentence.
fn plain(count: usize) -> String {
    "字".repeat(count)
}

#[test]
fn a_line_is_split_at_the_first_end_of_a_sentence_after_120_characters() {
    let with = |before: usize, end: &str, after: usize| format!("{}{end}{}", plain(before), plain(after));
    for (line, wanted) in [
        (with(119, "。", 30), vec![120, 30]),
        (with(119, "。", 29), vec![149]),
        (with(118, "。", 40), vec![159]),
        (with(119, "！", 40), vec![120, 40]),
        (with(119, "？", 40), vec![120, 40]),
        (with(119, "，", 40), vec![160]),
        (with(119, "! ", 40), vec![120, 40]),
        (with(119, "? ", 40), vec![120, 40]),
        (with(119, "!", 40), vec![160]),
        (with(118, "a. ", 40), vec![120, 40]),
        (with(118, "a.", 40), vec![160]),
        (with(118, "1. ", 40), vec![161]),
        (with(119, "。）", 40), vec![121, 40]),
        (with(119, "。……", 40), vec![162]),
        (with(119, "。”’」』）)", 40), vec![126, 40]),
        (with(119, "）", 40), vec![160]),
        (format!("{}{}", with(119, "。", 0), with(119, "。", 40)), vec![120, 120, 40]),
    ] {
        assert_eq!(lengths(&line), wanted, "{line}");
    }
}

#[test]
fn a_quotation_of_at_most_400_characters_is_not_split() {
    for (line, wanted) in [
        (format!("“{}。{}", plain(399), plain(40)), vec![441]),
        (format!("“{}。{}", plain(400), plain(40)), vec![402, 40]),
        (format!("{}“{}。{}", plain(50), plain(399), plain(40)), vec![491]),
        (format!("“{}“{}。{}", plain(300), plain(99), plain(40)), vec![402, 40]),
        (format!("“{}「{}」{}。{}", plain(100), plain(9), plain(99), plain(40)), vec![212, 40]),
        (format!("“{}”{}。{}", plain(100), plain(50), plain(40)), vec![153, 40]),
    ] {
        assert_eq!(lengths(&line), wanted, "{line}");
    }
}

#[test]
fn the_speaker_behind_a_quotation_is_in_its_paragraph() {
    for (speaker, wanted) in [
        ("张三表示。", vec![126, 40]),
        ("张三对记者说，", vec![168]),
        ("张三走了。", vec![121, 45]),
        (&format!("{}表示。", plain(22)), vec![146, 40]),
        (&format!("{}表示。", plain(23)), vec![121, 66]),
    ] {
        let line = format!("“{}。”{speaker}{}", plain(118), plain(40));
        assert_eq!(lengths(&line), wanted, "{line}");
    }
}

#[test]
fn a_doubled_heading_is_4_to_40_han_wide() {
    let two = |words: &str| format!("他说完了。{words}{words}尽管如此，它仍然闭源。");
    let long: String =
        "一二三四五六七八九十".chars().cycle().take(40).collect::<String>().replacen('一', "甲", 1);
    for (line, heading) in [
        (two("开放接"), None),
        (two("开放接口"), Some("开放接口")),
        (two(&long), Some(long.as_str())),
        (two(&format!("{long}多")), None),
        // At the beginning of a line, it is at least 6 wide.
        ("开放接口啊开放接口啊尽管如此，它仍然闭源。".to_owned(), None),
        ("开放接口协议开放接口协议尽管如此，它仍然闭源。".to_owned(), Some("开放接口协议")),
        // One character is no sentence.
        ("他说完了。开放接口开放接口对。然后。".to_owned(), None),
        ("他说完了。开放接口开放接口对的。然后。".to_owned(), Some("开放接口")),
        ("他说完了。开放接口开放接口的人都知道。".to_owned(), None),
    ] {
        let found = blocks(&line, &mut Vec::new()).into_iter().find_map(|block| match block {
            Block::Heading(text) => Some(text),
            Block::Paragraph(_) => None,
        });
        assert_eq!(found.as_deref(), heading, "{line}");
    }
}
