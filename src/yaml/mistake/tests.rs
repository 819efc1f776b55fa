use super::*;
use crate::yaml;

/// The mistake behind the error of a text, with the marked words.
fn mistake(text: &str) -> Option<(String, String)> {
    let at = yaml::parse(text).unwrap_err().at.unwrap_or(0).min(text.len());
    let found = find_mistake(text, at)?;
    Some((text[found.span].to_owned(), found.message))
}

#[test]
fn a_full_width_colon_is_named() {
    for text in ["title: x\n来源：y\n", "title：x\nsource: y\n", "a：b\nc: d\n", "a: b\nextra：\n  c: d\n"]
    {
        let (marked, message) = mistake(text).unwrap();
        assert_eq!(
            (marked.as_str(), message.as_str()),
            ("：", "this field is written with a full-width colon"),
            "{text}"
        );
    }
    assert_eq!(full_width_colon("a: 他说：好", 3), None);
}

#[test]
fn full_width_indentation_is_named() {
    for text in ["keywords:\n　　- 甲\n　　- 乙\n", "extra:\n\n　　- 甲\n　x\n"] {
        let (marked, message) = mistake(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(marked.replace('　', ""), "", "{text}");
        assert_eq!(message, "this line is indented with a full-width space (U+3000)", "{text}");
    }
}

#[test]
fn an_item_without_a_space_is_named() {
    let (marked, message) = mistake("keywords:\n-甲\n-乙\n").unwrap();
    assert_eq!((marked.as_str(), message.as_str()), ("-", "there is no space after this `-`"));
    assert_eq!(unspaced_dash("-1\n", 0), None);
}

#[test]
fn a_colon_without_a_space_is_named() {
    for text in ["title:标题\ndate: 2024-01-01\n", "title: a\n日期:2024\nx: y\n", "AI技术:a\nb: c\n"] {
        let (marked, message) = mistake(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(
            (marked.as_str(), message.as_str()),
            (":", "there is no space after this colon"),
            "{text}"
        );
    }
    assert_eq!(unspaced_colon("title:x", 0).unwrap().help, "write `title: …`, with a space after the colon");
    for text in ["https://a.example", "a: b:c", "- a:b", "a b c d e f g h i j k l m n:o", "10:30", ":x", "x:"]
    {
        assert_eq!(unspaced_colon(text, 0), None, "{text}");
    }
}

#[test]
fn a_chinese_separator_within_brackets_is_named() {
    for (text, sign) in [
        ("a: [\"x\"，\"y\"]\n", "，"),
        ("a: [\"x\" 、\"y\"]\n", "、"),
        ("a: ['x'；'y']\n", "；"),
        ("a: [[x], \"y\"，\"z\"]\n", "，"),
        ("a: {\"x\"：1}\n", "："),
        ("a:\n  - {b: \"x\"，c: \"y\"}\n", "，"),
    ] {
        let (marked, message) = mistake(text).unwrap();
        assert_eq!(marked, sign, "{text}");
        assert!(message.starts_with(&format!("`{sign}` is a")), "{text}: {message}");
    }
    let list = find_mistake("a: [\"x\"，\"y\"]", 7).unwrap();
    assert_eq!(list.help, "write `, `, or write the list without brackets and quotes: `a、b`");
    assert_eq!(find_mistake("a: {\"x\"，\"y\"}", 7).unwrap().help, "write `, `");
    // Outside of brackets it is not the separator that is wrong.
    assert_eq!(full_width_separator("a: \"x\"，\"y\"", 6), None);
}

#[test]
fn lines_in_different_columns_are_named_with_both_numbers() {
    for (text, near, wrong) in [
        ("feeds:\n limit: 3\n  terms: on\n", "line 2 after 1 space, line 3 after 2 spaces", "  terms: on"),
        (
            "keywords:\n  - name: a\n     slug: b\n",
            "line 2 after 4 spaces, line 3 after 5 spaces",
            "     slug: b",
        ),
        (
            "keywords:\n  - name: a\n   slug: b\n",
            "line 2 after 4 spaces, line 3 after 3 spaces",
            "   slug: b",
        ),
        ("menu:\n - name: a\n   path: /\n  x: b\n", "line 3 after 3 spaces, line 4 after 2 spaces", "  x: b"),
        ("title: x\n  source: y\n", "line 1 after 0 spaces, line 2 after 2 spaces", "  source: y"),
        (
            "a:\n  b: 1\n  c:\n    d: 1\n      e: 2\n   f: 3\n",
            "line 4 after 4 spaces, line 5 after 6 spaces",
            "      e: 2",
        ),
        (" title: x\nsource: y\n", "line 1 after 1 space, line 2 after 0 spaces", "source: y"),
    ] {
        let (marked, message) = mistake(text).unwrap_or_else(|| panic!("{text}"));
        assert_eq!(marked, wrong, "{text}");
        assert!(message.ends_with(near), "{text}: {message}");
    }
}

#[test]
fn other_errors_are_not_taken_for_these_mistakes() {
    for text in ["a: b: c\n", "a: 'x\n", "a: [x\nb: y\n", "a: @x\n", "a: b\n*x\n", "a: \"x\" y\n"] {
        assert_eq!(mistake(text), None, "{text}");
    }
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]
    #[test]
    fn no_text_makes_it_panic(text in "[ \\n:\\-#a中：，、\\[\\]{}\"']{0,60}", at in 0_usize..60) {
        let mut at = at.min(text.len());
        while !text.is_char_boundary(at) {
            at -= 1;
        }
        let _ = find_mistake(&text, at);
    }
}

#[test]
fn a_full_width_separator_has_its_name_and_its_fix() {
    let list = "`, or write the list without brackets and quotes: `a、b`";
    for (text, at, sign, name, help) in [
        ("a: [\"x\"，1]", 7, "，", "a Chinese comma", format!("write `, {list}")),
        ("a: [\"x\"、1]", 7, "、", "a Chinese enumeration comma", format!("write `, {list}")),
        ("a: [\"x\"；1]", 7, "；", "a full-width semicolon", format!("write `, {list}")),
        ("a: {\"x\"：1}", 7, "：", "a full-width colon", "write `: `".to_owned()),
        ("a: {\"x\"、1}", 7, "、", "a Chinese enumeration comma", "write `, `".to_owned()),
        ("[{\"x\": [1]}， 2]", 11, "，", "a Chinese comma", format!("write `, {list}")),
        ("{a: [1], \"b\"：2}", 12, "：", "a full-width colon", "write `: `".to_owned()),
    ] {
        let found = full_width_separator(text, at).unwrap();
        assert_eq!(found.span, at..at + 3, "{text}");
        let message = format!("`{sign}` is {name}, which YAML does not know within brackets");
        assert_eq!((found.message, found.help), (message, help), "{text}");
    }
    assert_eq!(full_width_separator("a: [\"x\"  ，1]", 7).unwrap().span, 9..12);
    for (text, at) in [("a ，b", 1), ("[a]，b", 3), ("[a, b]", 2)] {
        assert!(full_width_separator(text, at).is_none(), "{text}");
    }
}

#[test]
fn columns_are_those_of_content_and_of_items() {
    for (line, wanted) in [("  a", Some(2)), ("a", Some(0)), ("", None), ("   ", None), ("  # x", None)] {
        assert_eq!(content_column(line), wanted, "{line}");
    }
    for (line, column, wanted) in
        [("  - a", 2, vec![4_usize, 2]), ("a", 0, vec![0]), ("-   a", 0, vec![4, 0]), ("-a", 0, vec![0])]
    {
        assert_eq!(item_columns(line, column), wanted, "{line}");
    }
    for (line, wanted) in [
        ("a:", true),
        ("a: |", true),
        ("a: >", true),
        ("a: >-", true),
        ("a: |+", true),
        ("a: # x", true),
        ("a: b", false),
        ("", false),
    ] {
        assert_eq!(opens_level(line), wanted, "{line}");
    }
    for (text, wanted) in
        [("  a\n b\n", Some(4)), ("  a\n# x\nb", Some(8)), ("a\nb", None), ("  a\n  b", None), ("", None)]
    {
        assert_eq!(first_shallower(text), wanted, "{text}");
    }
    assert_eq!([line_start("ab\ncd", 4), line_start("ab\ncd", 3), line_start("ab", 1)], [3, 3, 0]);
}
