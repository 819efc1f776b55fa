use super::*;

fn read(source: &str) -> (Registry, Vec<(String, usize)>) {
    let (registry, diagnostics) = parse(source, &Config::default());
    let place = |found: Diagnostic| (found.message, found.place.map_or(0, |place| place.line));
    (registry, diagnostics.into_iter().map(place).collect())
}

#[test]
fn all_fields_of_an_entry_are_read() {
    let source = "keywords:\n  - name: OpenAI\n    aliases: [OpenAI公司, 'Open AI']\n    slug: openai-inc\n    \
                  description: 一家公司\n  - 开源\n  - {name: 其他, hidden: true}\n";
    let (registry, wrong) = read(source);
    assert_eq!(wrong, []);
    let [openai, open_source, other] = registry.taxonomies[0].as_slice() else { panic!("{registry:?}") };
    let place = |at: &Range<usize>| registry.place(at);
    let aliases: Vec<_> = openai
        .aliases
        .iter()
        .map(|alias| (alias.text.as_str(), place(&alias.at).line, place(&alias.at).column))
        .collect();
    assert_eq!(aliases, [("OpenAI公司", 3, 15), ("Open AI", 3, 26)]);
    assert_eq!(
        openai.slug.as_ref().map(|slug| (slug.text.as_str(), place(&slug.at).line)),
        Some(("openai-inc", 4))
    );
    assert_eq!(openai.description.as_deref(), Some("一家公司"));
    assert_eq!((open_source.name.as_str(), place(&open_source.at).line), ("开源", 6));
    assert!(other.hidden && !openai.hidden);
}

#[test]
fn every_mistake_is_reported_with_its_line() {
    let source = "keyword:\n- a\nkeywords:\n- name: a\n  alias: [b]\n- aliases: [c]\n- name: d\n  slug: [A]\n  \
                  hidden: perhaps\nindustries: yes\n";
    let (_, wrong) = read(source);
    let lines: Vec<usize> = wrong.iter().map(|(_, line)| *line).collect();
    assert_eq!(lines, [1, 5, 6, 8, 9, 10], "{wrong:#?}");
}

#[test]
fn names_and_aliases_have_their_places() {
    let source = "keywords:\n  - name: a name\n    aliases: [name, aliases, b]\n  - aliases:\n      - x\n      \
                  - y\n    name: x\n    hidden: no\n  - z\nindustries: [{name: v, aliases: w}, u]\n";
    let (registry, wrong) = read(source);
    assert_eq!(wrong, []);
    let marked = |at: &Range<usize>| {
        let place = registry.place(at);
        format!("{}:{} {}", place.line, place.column, &place.text[place.range])
    };
    let entries = registry.taxonomies.iter().flatten();
    let found: Vec<String> = entries
        .flat_map(|entry| std::iter::once(&entry.at).chain(entry.aliases.iter().map(|alias| &alias.at)))
        .map(marked)
        .collect();
    let list = "10:13 [{name: v, aliases: w}, u]";
    assert_eq!(
        found,
        [
            "2:11 a name",
            "3:15 name",
            "3:21 aliases",
            "3:30 b",
            "7:11 x",
            "5:9 x",
            "6:9 y",
            "9:5 z",
            list,
            list,
            list
        ]
    );
    assert!(registry.taxonomies.iter().flatten().all(|entry| !entry.hidden));
}

#[test]
fn the_search_for_aliases_ends_after_twenty_misses() {
    // An escaped name is not found in the text.
    let escaped = |count: usize| "\"\\u7532\", ".repeat(count);
    for (misses, column) in [(19, 15 + 19 * 10), (20, 14), (21, 14)] {
        let source = format!("keywords:\n  - name: a\n    aliases: [{}zz]\n", escaped(misses));
        let (registry, _) = read(&source);
        let last = registry.taxonomies[0][0].aliases.last().unwrap();
        assert_eq!((last.text.as_str(), registry.place(&last.at).column), ("zz", column), "{misses}");
    }
}

#[test]
fn an_unknown_field_of_an_entry_is_marked() {
    let source = "keywords:\n  - name: a\n    alias: [b]\n";
    let place = parse(source, &Config::default()).1[0].place.clone().unwrap();
    assert_eq!((place.line, place.column, &place.text[place.range]), (3, 5, "alias"));
}
