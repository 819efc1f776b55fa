use super::*;

#[test]
fn lines_and_columns_are_converted_to_bytes() {
    for (line, column, wanted) in [
        (1, 1, Some(0)),
        (1, 2, Some(1)),
        (2, 1, Some(3)),
        (2, 2, Some(6)),
        (3, 1, Some(10)),
        (3, 2, None),
        (4, 1, None),
    ] {
        assert_eq!(offset("ab\n甲乙\nc", line, column), wanted, "{line}:{column}");
    }
}

#[test]
fn the_bracket_that_is_too_many_is_found() {
    let most = MAX_OPEN_BRACKETS;
    for (text, wanted) in [
        ("[".repeat(most), None),
        ("[".repeat(most + 1), Some(most)),
        ("{".repeat(most + 1), Some(most)),
        ("[]{}".repeat(most + 1), None),
        (format!("]}}{}", "[".repeat(most + 1)), Some(most + 2)),
        (format!("[]{{}}{}", "[{".repeat(most)), Some(most + 4)),
    ] {
        assert_eq!(find_excess_bracket(&text), wanted, "{}", &text[..8]);
    }
}

#[test]
fn white_space_is_folded() {
    assert_eq!(fold_space(" a \n\u{2028} b "), "a b");
    assert_eq!(fold_space(""), "");
}

#[test]
fn each_scalar_keeps_its_writing() {
    let number = |text: &str| Node::Number(text.to_owned());
    for (written, wanted) in [
        ("1", number("1")),
        ("-5", number("-5")),
        ("1.50", number("1.50")),
        ("0x1F", number("0x1F")),
        ("99999999999999999999", number("99999999999999999999")),
        ("-99999999999999999999", number("-99999999999999999999")),
        ("True", Node::Bool(true, "True".to_owned())),
        ("false", Node::Bool(false, "false".to_owned())),
        ("'1'", Node::Text("1".to_owned())),
        ("a", Node::Text("a".to_owned())),
        ("", Node::Null),
        ("~", Node::Null),
        ("[1, ]", Node::List(vec![number("1")])),
    ] {
        assert_eq!(parse(&format!("a: {written}\n")).unwrap().get("a"), Some(&wanted), "{written}");
    }
    assert_eq!(parse("").unwrap(), Node::Null);
}

#[test]
fn an_unclosed_quote_is_shown_where_it_opens() {
    for (text, at) in [("a: \"b\n", 3), ("a: 1\nb: '甲\nc: d\n", 8), ("a: 1\n甲: 'b\n", 10)] {
        assert_eq!(parse(text).unwrap_err().at, Some(at), "{text}");
    }
}
