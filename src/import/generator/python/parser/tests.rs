use super::*;

fn settings(text: &str) -> String {
    crate::yaml::flow(&Node::Map(parse(text).settings))
}

#[test]
fn literals_of_all_kinds_are_read() {
    for (text, wanted) in [
        ("A = 'a'", "{A: a}"),
        ("A = \"a\\n\\u6807\\x41\" # x", "{A: \"a\\n标A\"}"),
        ("A = r'\\d' u'b' \\\n  'c'", "{A: \"\\\\dbc\"}"),
        ("A = '''x\ny'''\nB = 1", "{A: \"x\\ny\", B: 1}"),
        ("A = 10\nB = -1_000\nC = 1.5", "{A: 10, B: -1000, C: 1.5}"),
        ("A = True\nB = False\nC = None", "{A: true, B: false, C: null}"),
        ("A = [1, 'b',\n  # x\n  ('c', 'd'),\n]", "{A: [1, b, [c, d]]}"),
        ("A = ('a')\nB = ('a',)\nC = ()", "{A: a, B: [a], C: []}"),
        ("A = 'a', 'b'", "{A: [a, b]}"),
        ("A = {'k': {'l': 1}, 2: 'm'}", "{A: {k: {l: 1}, \"2\": m}}"),
        ("A = {'a', 'b'}", "{A: [a, b]}"),
        ("A = B = 'x'", "{A: x, B: x}"),
        ("A: str = 'x'", "{A: x}"),
        ("A = 'a/'\nB = A + 'b'", "{A: a/, B: a/b}"),
        ("A = [1] + [2]", "{A: [1, 2]}"),
        ("A = 1; ", "{A: 1}"),
        ("A = f'plain'", "{A: plain}"),
        ("#!/usr/bin/env python\n# -*- coding: utf-8 -*- #\nfrom x import *\nA = 1", "{A: 1}"),
    ] {
        assert_eq!(settings(text), wanted, "{text}");
    }
}

#[test]
fn code_is_named_with_its_line_and_never_run() {
    for (text, name, rest) in [
        ("\nA = os.environ['X']\nB = 1", "A", "{B: 1}"),
        ("\nA = f'{x}'\nB = 1", "A", "{B: 1}"),
        ("\nA = 'a'.upper()\nB = 1", "A", "{B: 1}"),
        ("\nA = 'a' if x else 'b'\nB = 1", "A", "{B: 1}"),
        ("\nA = [x for x in y]\nB = 1", "A", "{B: 1}"),
        ("\nA = ['a',\n  f(')'),\n]\nB = 1", "A", "{B: 1}"),
        ("\nA = '%s' % x\nB = 1", "A", "{B: 1}"),
        ("\nA += ['x']\nB = 1", "A", "{B: 1}"),
        ("\nA['x'] = 1\nB = 1", "A", "{B: 1}"),
        ("\nA.append(1)\nB = 1", "A", "{B: 1}"),
        ("\nA = 'open\nB = 1", "A", "{B: 1}"),
    ] {
        let module = parse(text);
        assert_eq!(module.code, [(name.to_owned(), 2)], "{text}");
        assert_eq!(crate::yaml::flow(&Node::Map(module.settings)), rest, "{text}");
    }
    assert_eq!(settings("def f():\n    A = 1\n    '''\nB = 2\n'''\nif x:\n    C = 1\nD = 1"), "{D: 1}");
    assert_eq!(settings("if A == 1: pass\nA == 2\nx = 1"), "{x: 1}");
    let doubled = format!("A = '{}'\n{}", "x".repeat(4000), "A = A + A\n".repeat(40));
    assert_eq!(parse(&doubled).code.len(), 1);
    let deep = format!("A = {}{}", "[".repeat(80), "]".repeat(80));
    assert_eq!(parse(&deep).code.len(), 1);
}

proptest::proptest! {
    #[test]
    fn arbitrary_text_is_parsed(
        text in "([A-C]|[ =+,:;.#'\"(){}\\[\\]\n\\\\]|\"\"\"|'''|1|r|f|True|标){0,60}"
    ) {
        let module = parse(&text);
        proptest::prop_assert!(module.settings.len() + module.code.len() <= text.len());
    }
}
