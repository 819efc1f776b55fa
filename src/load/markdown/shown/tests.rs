use super::*;

fn texts(body: &str) -> Vec<String> {
    let shown = read(body, RawHtml::Text);
    shown.blocks.into_iter().map(|block| block.text.replace(OPAQUE, "¤")).collect()
}

#[test]
fn what_is_escaped_or_code_is_opaque() {
    for (body, wanted) in [
        (r"F\*\*king f(\*\*kwargs)", "F¤¤king f(¤¤kwargs)"),
        (r"\{% raw %\}", "¤% raw %¤"),
        (r"\_a\_ \[^1] \\**b", "¤a¤ ¤^1] ¤**b"),
        ("&#42;&ast; &eacute; &lt;", "¤¤ é ¤"),
        ("a `**b**` ![**c**](d.png)", "a ¤ ¤"),
        ("**\\*a** [\\[b](c)", "¤a ¤b"),
        ("C:\\x **y", "C:\\x **y"),
    ] {
        assert_eq!(texts(body), [wanted], "{body}");
    }
}

#[test]
fn each_block_has_a_text_of_its_own() {
    let body = "# 一\n\n二\n三\n\n- 四\n- 五\n  - 六\n\n| 七 | 八 |\n|---|---|\n| 九 | 十 |\n\n---\n\n> 引\n\n```\n码\n```\n\n    码\n\n[^a]: 注\n";
    assert_eq!(texts(body), ["一", "二\n三", "四", "五", "六", "七", "八", "九", "十", "引", "注"]);
}

#[test]
fn places_are_those_of_the_source() {
    for (body, words) in [
        ("甲**“乙”**丙**丁", "**丁"),
        ("甲\u{0}\u{8}乙**“丙”**丁 **戊", "**戊"),
        ("> 甲\n> 乙**丙", "**丙"),
        ("- 甲\n  - \\*\\*乙 `**` **丙", "**丙"),
        ("**“甲”**\n\n&#42;**丙", "**丙"),
    ] {
        let shown = read(body, RawHtml::Text);
        let block = shown.blocks.iter().find(|block| block.text.contains(words)).unwrap();
        let at = block.text.find(words).unwrap();
        assert_eq!(&body[block.source(&(at..at + words.len()))], words, "{body}");
        assert_eq!(block.source(&(at..at)).start, body.rfind(words).unwrap());
    }
}

#[test]
fn a_fence_that_runs_to_the_end_is_found() {
    for (body, wanted) in [
        ("```rust\na\n", Some("```rust")),
        ("甲\n\n~~~\na\n```\n", Some("~~~")),
        ("- 甲\n\n  ```\n  a\n", Some("```")),
        ("````\na\n```\n", Some("````")),
        ("```\na\n```\n\n```\n", Some("```")),
        ("```\na\n```\n", None),
        ("```\na\n`````  \n\n", None),
        ("> ```\n> a\n> ```\n", None),
        ("- ```\n  a\n  ```\n", None),
        ("    a\n", None),
        ("```\na\n\n```\n\n乙", None),
    ] {
        let shown = read(body, RawHtml::Text);
        assert_eq!(shown.unclosed_fence.map(|place| &body[place]), wanted, "{body}");
    }
}

#[test]
fn footnotes_have_labels_and_places() {
    let body = "甲[^1]乙[^“x”]。\n\n[^1]: 一\n\n[^“x”]: 二\n\n[^y]: 三\n";
    let shown = read(body, RawHtml::Text);
    assert_eq!(shown.references, ["1", "“x”"]);
    let found: Vec<_> =
        shown.footnotes.iter().map(|(label, place)| (&**label, &body[place.clone()])).collect();
    assert_eq!(found, [("1", "[^1]"), ("“x”", "[^“x”]"), ("y", "[^y]")]);
    assert_eq!(texts("甲[^2]乙"), ["甲[^2]乙"]);
}

#[test]
fn raw_html_is_text_or_left_out() {
    let body = "甲<b>乙</b>** <code>丁</code>\n\n<div>\n**丙\n</div>\n";
    let texts = |html| -> Vec<String> {
        read(body, html).blocks.into_iter().map(|block| block.text.replace(OPAQUE, "¤")).collect()
    };
    assert_eq!(texts(RawHtml::Text), ["甲<b>乙</b>** <code>丁</code>", "<div>\n**丙\n</div>\n"]);
    assert_eq!(texts(RawHtml::Trusted), ["甲¤乙¤** ¤¤", "¤\n**丙\n¤\n"]);
    let block = &read("a <b>c</b>", RawHtml::Text).blocks[0];
    let tags: Vec<_> = block.html.iter().map(|range| &block.text[range.clone()]).collect();
    assert_eq!(tags, ["<b>", "</b>"]);
    assert_eq!(read("{{<a b=\"c\">}}", RawHtml::Sanitize).blocks[0].text, "{{<a b=\"c\">}}");
}

#[test]
fn the_first_block_of_a_quotation_is_marked() {
    let shown = read("甲\n\n> 乙\n>\n> 丙\n\n丁", RawHtml::Text);
    let begins: Vec<bool> = shown.blocks.iter().map(|block| block.begins_quote).collect();
    assert_eq!(begins, [false, true, false, false]);
}

#[test]
fn inline_elements_do_not_end_a_block() {
    for (body, wanted) in [
        ("甲*乙***丙**~~丁~~", &["甲乙丙丁"] as &[&str]),
        ("a ![b](c) d", &["a ¤ d"]),
        ("a ![`b` <i>](c) d", &["a ¤ d"]),
        ("a <https://e.org> b [c](d) e", &["a ¤ b c e"]),
        ("甲\\\n乙", &["甲\n乙"]),
        ("甲[^1]\n\n[^1]: 乙", &["甲¤", "乙"]),
    ] {
        assert_eq!(texts(body), wanted, "{body}");
    }
}

#[test]
fn text_between_kept_tags_has_its_place() {
    let body = "x\n\n<div>甲 <i>乙</i> “丙” <code>丁</code><PRE>戊</PRE> 己</div>\n庚\n";
    let shown = read(body, RawHtml::Trusted);
    let block = &shown.blocks[1];
    assert_eq!(block.text.replace(OPAQUE, "¤"), "¤甲 ¤乙¤ “丙” ¤¤¤¤ 己¤\n庚\n");
    for word in ["甲", "乙", "“丙”", "己", "庚"] {
        let at = block.text.find(word).unwrap();
        assert_eq!(&body[block.source(&(at..at + word.len()))], word);
    }
    let at = block.text.find(OPAQUE).unwrap();
    assert_eq!(block.source(&(at..at)).start, body.find("<div>").unwrap());
}
