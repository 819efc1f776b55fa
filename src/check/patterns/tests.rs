use super::*;

#[test]
fn links_in_other_brackets_are_found() {
    let found = |text: &str| -> Vec<String> {
        detached_links(text).into_iter().map(|range| text[range].to_owned()).collect()
    };
    for text in [
        "[原文]（https://e.org/a）",
        "[原文]（https://e.org/a)",
        "[原文] (https://e.org/a)",
        "[原文]  （http://e.org）",
        "![]  （/a.png）",
        "![图]（/a.png）",
        "![]（./a.png）",
        "[昨天]（../a.md）",
    ] {
        assert_eq!(found(text), [text], "{text}");
        assert_eq!(found(&format!("见{text}。")), [text], "{text}");
    }
    for text in [
        "[1] (https://e.org)",
        "[1]（https://e.org）",
        "[原文](https://e.org)",
        "[原文]（见上）",
        "[原文] (见 https://e.org)",
        "[原文]（https://e.org，以及）",
        "a[b]（https://e.org）",
        "[原文]：（https://e.org）",
        "]（https://e.org）",
        "[a\nb]（https://e.org）",
        "[￼]（https://e.org）",
    ] {
        assert_eq!(found(text), [""; 0], "{text}");
    }
}

#[test]
fn links_with_an_address_are_found() {
    for (text, wanted) in [
        ("见 [a](https://e.org)。", vec!["[a](https://e.org)"]),
        ("[a](/b)[c](d.md)", vec!["[a](/b)", "[c](d.md)"]),
        ("![a](/b.png)", vec!["![a](/b.png)"]),
        ("f[0](x)", vec![]),
        ("](/a)", vec![]),
        ("[a](/b c)", vec![]),
    ] {
        let found: Vec<&str> = links(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, wanted, "{text}");
    }
}

#[test]
fn a_wiki_link_is_the_name_of_a_page() {
    for (before, inside) in
        [(None, "某页"), (Some('见'), "a|b"), (Some(' '), "page"), (None, "likely story"), (None, "a:b")]
    {
        assert!(is_wiki_link(before, inside, None), "{before:?} {inside}");
    }
    for before in ['a', '0', '_', ')', ']', '['] {
        assert!(!is_wiki_link(Some(before), "某页", None), "{before}");
    }
    for inside in [
        "1, 2",
        "a[b",
        "a\"b",
        "a'b",
        "a￼b",
        "a::b",
        ":alpha:",
        ".a.",
        "=a=",
        " a",
        "a ",
        "-f a",
        "nodiscard",
        "deprecated(x)",
    ] {
        assert!(!is_wiki_link(None, inside, None), "{inside}");
    }
}

#[test]
fn marks_at_the_beginning_of_a_line_have_an_end() {
    for (text, wanted) in [
        ("[!NOTE]", Some(7)),
        ("[!tip]- 题", Some(6)),
        ("[!a-b_c|d]", Some(10)),
        ("[!]", None),
        ("[!1]", None),
        ("[!a b]", None),
        ("[!NOTE", None),
    ] {
        assert_eq!(alert(text), wanted.map(|end| 0..end).into_iter().collect::<Vec<_>>(), "{text}");
    }
    for (line, wanted) in [
        (":::note", Some(7)),
        ("::: note", Some(8)),
        ("::: {.warning}", Some(13)),
        ("::::: a b", Some(7)),
        ("::: 甲-乙_丙 x", Some(15)),
        ("::note", None),
        (":::", None),
        ("!!! note", Some(8)),
        ("!!! note \"x\"", Some(8)),
        ("???+ tip", Some(8)),
        ("??? bug", Some(7)),
        ("!!!note", None),
        ("!!! notes", None),
        ("!!! other", None),
        ("!! note", None),
    ] {
        assert_eq!(is_container(line), wanted, "{line}");
    }
    for (line, wanted) in [
        ("##a", Some(3)),
        ("###标题", Some(9)),
        ("######a", Some(7)),
        ("##甲乙丙丁戊己庚辛壬癸子丑寅", Some(38)),
        ("#a", None),
        ("#######a", None),
        ("## a", None),
        ("##1", None),
        ("##a##", None),
        ("##", None),
    ] {
        assert_eq!(is_heading(line), wanted, "{line}");
    }
    for text in ["[TOC]", "[[toc]]", "[[_toc_]]", "@[toc]", "${toc}"] {
        assert!(is_contents(text), "{text}");
    }
    assert!(!is_contents("[toc") && !is_contents(""));
}

#[test]
fn highlights_and_formulas_are_told_from_code_and_prices() {
    for (before, inside, after) in
        [(None, "a", None), (Some('是'), "重点", Some('。')), (Some(' '), "a b", Some(','))]
    {
        assert!(is_highlight(before, inside, after), "{inside}");
    }
    for c in ['a', '1', '=', '_', ')', ']', '!', '<', '>', '"', '\''] {
        assert!(!is_highlight(Some(c), "重点", None) && !is_highlight(None, "重点", Some(c)), "{c}");
    }
    for inside in ["", " a", "a ", "=a", ">a", "——"] {
        assert!(!is_highlight(None, inside, None), "{inside}");
    }
    for inside in ["\\alpha", "x^2", "a=b"] {
        assert!(is_formula(None, inside, None), "{inside}");
        assert!(!is_formula(Some('$'), inside, None) && !is_formula(None, inside, Some('$')), "{inside}");
    }
    for inside in ["x^2$y^2", "1=2", "abc", "甲=乙"] {
        assert!(!is_formula(None, inside, None), "{inside}");
    }
    assert!(is_short_formula(None, "x^2", None) && is_short_formula(Some('为'), "\\alpha", Some('。')));
    for c in ['$', '\\', OPAQUE, 'a', '1'] {
        assert!(!is_short_formula(Some(c), "x^2", None) && !is_short_formula(None, "x^2", Some(c)), "{c}");
    }
    for inside in [" x^2", "x^2 ", "a=b", "HOME/"] {
        assert!(!is_short_formula(None, inside, None), "{inside}");
    }
    for text in ["\\alpha", "\\a", "\\ab", "x^2", "x^{", "x^a", "a_{1}"] {
        assert!(has_tex(text), "{text}");
    }
    for text in ["\\a1", "\\A", "^2", "^{a}", "x^ ", "_{1}", "a_1", "a{b", ""] {
        assert!(!has_tex(text), "{text}");
    }
}

#[test]
fn links_whose_address_has_a_space_are_found() {
    for (text, wanted) in [
        ("[a](/b c.md)", &["[a](/b c.md)"] as &[&str]),
        ("![a](/b c.md)", &["![a](/b c.md)"]),
        ("见[a](b c.md)。", &["[a](b c.md)"]),
        ("[a](/b c.md) [d](e f.html)", &["[a](/b c.md)", "[d](e f.html)"]),
        ("[a](b c)", &[]),
        ("[a](b c.d)", &[]),
        ("[a](b c.abcde)", &[]),
        ("[a](b c.m-d)", &[]),
        ("[a](/bc)", &[]),
        ("f[K](a, b/c)", &[]),
        ("_[a](/b c.md)", &[]),
        (")[a](/b c.md)", &[]),
        ("][a](/b c.md)", &[]),
        ("￼[a](/b c.md)", &[]),
        ("[a￼](/b c.md)", &[]),
        ("[a](/b ￼.md)", &[]),
        ("[a](/b c.md", &[]),
        ("[a](/b\nc d)", &[]),
        ("[a\nb](/b c.md)", &[]),
        ("[a]](/b c.md)", &[]),
        ("](/b c.md)", &[]),
    ] {
        let found: Vec<&str> = broken_links(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(found, wanted, "{text}");
    }
}
