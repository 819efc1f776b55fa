use super::*;
use crate::text::lines::LinedText;

/// A diagnostic in one line: place, marked words, message, help.
fn line(found: &Diagnostic) -> String {
    let place = found.place.as_ref().unwrap();
    let marked = &place.text[place.range.clone()];
    let help = found.help.as_deref().unwrap_or_default();
    format!("{}:{} `{marked}` | {} | {help}", place.line, place.column, found.message)
}

/// Reads front matter, and returns its diagnostics.
fn read(yaml: &str, judge: impl FnOnce(&mut Fields<'_>)) -> Vec<String> {
    let text: LinedText<'_> = format!("---\n{yaml}---\n").into();
    let document = Document { path: "a.md", source: &text, start: 4, yaml };
    let found = match document.parse() {
        Ok(entries) => {
            let mut fields = Fields::new(document, &entries);
            judge(&mut fields);
            fields.finish()
        }
        Err(found) => found,
    };
    found.iter().map(line).collect()
}

#[test]
fn items_of_a_list_are_texts() {
    let yaml = "keywords:\n  - a\n  -\n  - b: c\n  - [d]\n  - ''\n  - ' e '\n";
    let found = read(yaml, |fields| assert_eq!(fields.texts("keywords"), ["a", "e"]));
    assert_eq!(
        found,
        [
            "5:5 `b:` | an item of `keywords` is not a text: `b:` makes it a mapping | put the item in quotes: it contains `: `",
            "2:1 `keywords` | an item of `keywords` is not a text | write a flat list",
        ]
    );
    for (mistakes, reads_on) in [(19, true), (20, true), (21, false)] {
        let yaml = format!("keywords:\n{}  - z\n", "  - [d]\n".repeat(mistakes));
        let found = read(&yaml, |fields| assert_eq!(fields.texts("keywords").len(), usize::from(reads_on)));
        assert_eq!(found.len(), mistakes.min(20), "{mistakes}");
    }
}

#[test]
fn a_mistake_is_marked_in_its_field() {
    let found = read("b: z\nsearch:\n  a: b\n  b: x y\n", |fields| {
        let _ = fields.get("b");
        let mut inner = fields.inner("search").unwrap();
        let _ = (inner.get("a"), inner.get("b"));
        inner.error_within("b", "y", "甲", "乙");
        inner.error_within("b", "z", "丙", "丁");
        inner.error("a", "戊", "己");
        let found = inner.finish();
        fields.absorb(found);
    });
    assert_eq!(found, ["5:8 `y` | 甲 | 乙", "5:6 `x y` | 丙 | 丁", "4:6 `b` | 戊 | 己"]);
}

#[test]
fn a_value_of_another_kind_is_shown() {
    let long = |count: usize| "甲".repeat(count);
    for (value, shown) in [
        ("x".to_owned(), "`x`".to_owned()),
        (long(40), format!("`{}`", long(40))),
        (long(41), format!("`{}…`", long(40))),
        ("[]".to_owned(), "a list".to_owned()),
        ("{a: b}".to_owned(), "a mapping (`key: value`)".to_owned()),
    ] {
        let found = read(&format!("a: {value}\n"), |fields| assert_eq!(fields.flag("a"), None));
        let wanted = "`true` or `false`";
        let message = format!("`a` has to be {wanted}, but it is {shown}");
        assert_eq!(found, [format!("2:4 `{value}` | {message} | write `a:` followed by {wanted}")]);
    }
}

#[test]
fn the_help_for_an_unknown_field_names_where_it_may_be() {
    let help = |yaml: &str, known: &[&str]| {
        let found = read(yaml, |fields| {
            known.iter().for_each(|name| assert!(fields.get(name).is_none() || *name == "title"));
        });
        found.concat().rsplit(" | ").next().unwrap().to_owned()
    };
    assert_eq!(help("title: a\n", &["title"]), "");
    assert_eq!(help("titel: a\n", &["extra", "title"]), "did you mean `title`?");
    let moved = "remove it, or move it under `extra:` where templates can read it";
    assert_eq!(help("zzzzzz: a\n", &["extra", "title"]), moved);
    assert_eq!(help("zzzzzz: a\n", &["slug", "title"]), "the fields here are `slug`, `title`");
    let found = read("search:\n  zzzzzz: a\n", |fields| {
        let mut inner = fields.inner("search").unwrap();
        let _ = (inner.get("extra"), inner.get("title"));
        let found = inner.finish();
        fields.absorb(found);
    });
    assert_eq!(found, ["3:3 `zzzzzz` | unknown field `zzzzzz` | the fields here are `extra`, `title`"]);
}

#[test]
fn a_text_that_is_not_yaml_is_marked_where_it_breaks() {
    for (yaml, wanted) in [
        ("a: *b\n", "2:4 `*`"),
        ("a: 1\nb: \"c\n\n", "3:4 `\"`"),
        ("a: 1\nb: @c\n", "3:4 `@`"),
        ("- a\n", "2:1 `- a`"),
        ("甲\n乙\n", "2:1 `甲`"),
        ("a: 1\na: 2\n", "3:1 `a`"),
        ("a：1\n", "2:2 `：`"),
    ] {
        let found = read(yaml, |_| {});
        assert_eq!(found.len(), 1, "{yaml}");
        assert_eq!(found[0].split(" | ").next(), Some(wanted), "{yaml}: {found:?}");
    }
}
