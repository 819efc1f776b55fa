use super::*;
use crate::load::markdown::tests::html as rendered;
use proptest::prelude::*;

fn converted(html: &str) -> String {
    markdown(html, &Base::default(), &mut Vec::new())
}

/// The words that a reader of the HTML sees, from a walk of its own.
fn words_of(html: &str) -> Vec<String> {
    let tree = Tree::parse(html);
    let mut words = Vec::new();
    for id in tree.descendants(0) {
        let hidden = tree.ancestors(id).any(|id| matches!(tree.name(id), "rp" | "script"));
        if let (tree::Data::Text(text), false) = (&tree.node(id).data, hidden) {
            words.extend(text.split_whitespace().map(str::to_owned));
        }
    }
    words
}

/// The words of HTML that the renderer made, with the characters of scripts as they were.
fn shown_words(markdown: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    let tree = Tree::parse(&rendered(markdown));
    tree.text(0).nfkc().collect()
}

fn word() -> impl Strategy<Value = String> {
    let before =
        prop::sample::select(vec!["w", "字", "“", "(", "*", "#", "|", "~", "1.", "- ", "[", "=", "&amp;"]);
    let after = prop::sample::select(vec!["", "。", ".", "!", "_", ")", "”", "`", "\\"]);
    (before, 0..4000_u32, after).prop_map(|(before, n, after)| format!("{before}x{n}{after}"))
}

fn element() -> impl Strategy<Value = String> {
    let leaf = prop_oneof![
        4 => word(),
        1 => Just("<br>".to_owned()),
        1 => Just("\n".to_owned()),
        1 => Just("<img src=a.png>".to_owned()),
        1 => Just("<hr>".to_owned()),
        1 => Just("<script>a</script>".to_owned()),
    ];
    leaf.prop_recursive(4, 40, 5, |inner| {
        let names = vec![
            "p",
            "div",
            "b",
            "em",
            "s",
            "a href=u:x",
            "ul",
            "li",
            "ol",
            "ol reversed",
            "blockquote",
            "h2",
            "h4",
            "pre",
            "code",
            "sup",
            "sub",
            "q",
            "ruby",
            "rt",
            "dl",
            "dt",
            "dd",
            "span",
            "details",
            "summary",
            "table",
            "tr",
            "td",
            "th colspan=2",
            "td rowspan=2",
            "kbd",
            "ins",
            "section",
            "figure",
            "caption",
            "abbr title=t",
            "center",
            "font",
        ];
        (prop::sample::select(names), prop::collection::vec(inner, 0..5), any::<bool>()).prop_map(
            |(name, parts, spaced)| {
                let end = name.split(' ').next().unwrap_or_default();
                format!("<{name}>{}</{end}>", parts.join(if spaced { " " } else { "" }))
            },
        )
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn arbitrary_html_does_not_panic(html in "(<[a-z]{1,8}>|</[a-z]{1,8}>|<|>|&|&amp;|-|#|中|a| |\"|=){0,40}|\\PC{0,40}") {
        let _ = converted(&html);
        let _ = without_tags(&html);
        let _ = is_html(&html);
    }

    #[test]
    fn no_word_of_the_html_is_missing_in_the_rendering(parts in prop::collection::vec(element(), 1..6)) {
        let html = parts.concat();
        let markdown = converted(&html);
        let shown = shown_words(&markdown);
        for word in words_of(&html) {
            use unicode_normalization::UnicodeNormalization;
            let word: String = word.nfkc().collect();
            prop_assert!(shown.contains(&word), "{} is missing\n{}\n{}\n{}", word, html, markdown, shown);
        }
    }

    #[test]
    fn no_cell_changes_its_row_or_column(
        rows in prop::collection::vec(prop::collection::vec((any::<bool>(), "[a|#*]{0,2}", 0..3_usize), 2..5), 1..5),
    ) {
        let width = rows.iter().map(Vec::len).max().unwrap_or_default();
        let mut html = "<table>".to_owned();
        for (r, row) in rows.iter().enumerate() {
            html.push_str("<tr>");
            for (c, (is_header, sign, blocks)) in row.iter().enumerate() {
                let name = if *is_header { "th" } else { "td" };
                let open = ["", "<p>", "<ul><li>"][*blocks];
                html.push_str(&format!("<{name}>{open}{sign}r{r}c{c}{sign}</{name}>"));
            }
        }
        let tree = Tree::parse(&rendered(&converted(&html)));
        let table = tree.find(0, "table").unwrap();
        let shown: Vec<Vec<String>> = tree.descendants(table).into_iter().filter(|id| tree.name(*id) == "tr")
            .map(|row| grid::cells(&tree, row).map(|cell| tree.text(cell)).collect()).collect();
        let skipped = shown.len() - rows.len();
        prop_assert!(skipped <= 1 && shown[..skipped].iter().flatten().all(String::is_empty));
        for (r, row) in rows.iter().enumerate() {
            prop_assert_eq!(shown[r + skipped].len(), width);
            for (c, (_, sign, _)) in row.iter().enumerate() {
                prop_assert_eq!(&shown[r + skipped][c], &format!("{sign}r{r}c{c}{sign}"));
            }
        }
    }
}
