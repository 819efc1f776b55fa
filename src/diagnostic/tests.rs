use super::*;

#[test]
fn a_place_counts_characters_and_has_its_line() {
    let source = "标题: 一\n日期: 昨天\n";
    let at = source.find("昨天").unwrap();
    let place = Place::at("a.md", &source.into(), at..at + 6);
    assert_eq!((place.line, place.column), (2, 5));
    assert_eq!(&place.text[place.range.clone()], "昨天");
}

#[test]
fn a_place_never_cuts_a_character_or_leaves_its_line() {
    for span in [0..1, 1..2, 2..100, 9..9, 100..200] {
        let place = Place::at("a.md", &"标题\n题".into(), span);
        assert!(place.text.get(place.range.clone()).is_some());
    }
}

#[test]
fn a_long_line_is_clipped_around_the_place() {
    let source = format!("{}这里{}\n", "前".repeat(100_000), "后".repeat(100_000));
    let at = source.find("这里").unwrap();
    let place = Place::at("a.md", &source.as_str().into(), at..source.len());
    assert_eq!(place.column, 100_001);
    assert!(place.text.len() < 700 && place.text.starts_with("…前") && place.text.ends_with("后…"));
    assert!(place.text[place.range.clone()].starts_with("这里后"));
    assert!(Diagnostic::error("x").at(place).draw(false).contains("--> a.md:1:100001\n"));
}

#[test]
fn carets_are_aligned_under_han() {
    let source = "日期: 昨天下午\n";
    let drawn = Diagnostic::error("not a date").at(Place::at("a.md", &source.into(), 8..20)).draw(false);
    assert!(drawn.contains("\n1 | 日期: 昨天下午\n  |       ^^^^^^^^"), "{drawn}");
}

#[test]
fn escape_sequences_do_not_reach_the_terminal() {
    let source = "title: \u{1b}[31mred\u{7}\n";
    let drawn = Diagnostic::error("bad \u{1b}]0;owned\u{7}")
        .at(Place::at("a\u{1b}.md", &source.into(), 7..9))
        .draw(false);
    assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{7}'), "{drawn:?}");
    // C1 control characters steer a terminal, too: U+009B begins a sequence as ESC [ does.
    let source = "标题: \u{9b}31m\u{202e}红\tx\n";
    let at = source.find('红').unwrap();
    let drawn = Diagnostic::error("bad").at(Place::at("a.md", &source.into(), at..at + 3)).draw(false);
    assert!(!drawn.contains(['\u{9b}', '\u{202e}']), "{drawn:?}");
    let [.., line, caret] = drawn.lines().collect::<Vec<_>>()[..] else { panic!("{drawn}") };
    assert!(line.contains("\u{fffd}31m\u{fffd}红") && caret.ends_with("^^"), "{drawn}");
}

#[test]
fn repeated_warnings_are_condensed_and_errors_are_not() {
    let many = |diagnostic: Diagnostic| vec![diagnostic; 10];
    let condensed = condense(many(Diagnostic::warning("odd")));
    assert_eq!(condensed.len(), 3);
    assert_eq!(condensed[2].message, "odd (and in 7 more places)");
    assert_eq!(condense(many(Diagnostic::error("bad"))).len(), 10);
    let mut errors = vec![Diagnostic::error("bad"); 1500];
    errors.push(Diagnostic::warning("odd"));
    let condensed = condense(errors);
    assert_eq!((condensed.len(), condensed[1000].is_error()), (1001, true));
    assert_eq!(condensed[1000].message, "501 more problems are not shown");
}

#[test]
fn a_misspelt_name_has_a_suggestion_and_another_word_has_none() {
    assert_eq!(nearest("keyword", ["keywords", "title"]), Some("keywords"));
    assert_eq!(nearest("Titel", ["keywords", "title"]), Some("title"));
    assert_eq!(nearest("weather", ["keywords", "title"]), None);
}

#[test]
fn diagnostics_are_sorted_by_place_then_by_severity() {
    let at = |path: &str, line, column| Place { line, column, ..Place::file(path) };
    let error = |message: &str, place: Option<Place>| {
        let found = Diagnostic::error(message);
        place.map_or(found.clone(), |place| found.at(place))
    };
    let wanted = vec![
        error("b", None),
        Diagnostic::warning("a"),
        error("i", Some(at("a.md", 0, 0))),
        error("h", Some(at("a.md", 2, 9))),
        error("g", Some(at("a.md", 10, 1))),
        error("f", Some(at("a.md", 10, 2))),
        Diagnostic::warning("a").at(at("a.md", 10, 2)),
        error("e", Some(at("b.md", 1, 1))),
    ];
    for order in [[4, 0, 3, 7, 1, 6, 2, 5], [7, 6, 5, 4, 3, 2, 1, 0], [2, 1, 0, 5, 4, 3, 7, 6]] {
        let mut found: Vec<Diagnostic> = order.iter().map(|&at: &usize| wanted[at].clone()).collect();
        sort(&mut found);
        assert_eq!(found, wanted);
    }
}

#[test]
fn reports_have_the_numbers_of_a_place_and_caches_its_text_too() {
    let place = Place::at("a.md", &"甲乙\n丙丁戊\n".into(), 10..13);
    assert_eq!(serde_json::to_string(&place).unwrap(), r#"{"path":"a.md","line":2,"column":2}"#);
    let bytes = postcard::to_allocvec(&place).unwrap();
    assert_eq!(postcard::from_bytes::<Place>(&bytes).unwrap(), place);
    assert_eq!((place.text.as_str(), place.range), ("丙丁戊", 3..6));
}

#[test]
fn a_place_with_a_range_outside_of_its_text_is_impossible() {
    let max = u32::MAX as usize;
    for (line, column, text, range, wanted) in [
        (1, 1, "甲乙", 0..6, true),
        (1, 1, "甲乙", 3..3, true),
        (0, 0, "", 0..0, true),
        (1, 1, "甲乙", 0..7, false),
        (1, 1, "甲乙", 1..3, false),
        (max, 1, "甲乙", 0..3, true),
        (1, max, "甲乙", 0..3, true),
        (max + 1, 1, "甲乙", 0..3, false),
        (1, max + 1, "甲乙", 0..3, false),
    ] {
        let place = Place { path: "a.md".to_owned(), line, column, text: text.to_owned(), range };
        assert_eq!(place.is_possible(), wanted, "{place:?}");
    }
}

#[test]
fn a_rule_has_its_code_in_the_title() {
    let drawn = Diagnostic::warning("事").coded("empty-text").help("改").draw(false);
    assert_eq!(drawn, "warning[empty-text]: 事\n |\n = help: 改");
}

#[test]
fn the_nearest_name_is_found_whatever_its_case() {
    let known = ["title", "OpenAI", "Rust", "Asia/Shanghai"];
    for (written, wanted) in [
        ("titel", Some("title")),
        ("TITEL", Some("title")),
        ("Opanai", Some("OpenAI")),
        ("OpenAI", Some("OpenAI")),
        ("rast", Some("Rust")),
        ("Rast", Some("Rust")),
        ("Rasd", None),
        ("asia/shangai", Some("Asia/Shanghai")),
        ("a", None),
        ("", None),
    ] {
        assert_eq!(nearest(written, known), wanted, "{written}");
    }
    // A third of the candidate's characters may differ.
    assert_eq!(nearest("axxdef", ["abcdef"]), Some("abcdef"));
    assert_eq!(nearest("axxxef", ["abcdef"]), None);
    assert_eq!(nearest("abcdefgh", ["abcdef"]), Some("abcdef"));
    assert_eq!(nearest("abcdefghi", ["abcdef"]), None);
}

#[test]
fn diagnostics_of_one_place_keep_their_order_in_any_language() {
    let place = || Place::file("a.md");
    let mut found = vec![
        Diagnostic::warning("b").at(place()),
        Diagnostic::warning("a").at(place()),
        Diagnostic::error("c").at(place()),
    ];
    sort(&mut found);
    let order: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
    assert_eq!(order, ["c", "b", "a"]);
}
