//! The guide lists the rules that the program has.

use std::collections::BTreeSet;

use super::{found, front_matter};
use crate::driver::Digest;

#[test]
fn the_guide_names_exactly_the_rules_of_the_program() {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let guide = std::fs::read_to_string(root.join("docs/content/articles/check.md")).unwrap();
    let rows = guide.lines().skip_while(|line| !line.starts_with("| rule |")).skip(2);
    let rows = rows.take_while(|line| line.starts_with('|'));
    let mut listed: Vec<String> = Vec::new();
    for row in rows {
        let cell = row.split('|').nth(1).unwrap();
        listed.extend(cell.split('`').skip(1).step_by(2).map(str::to_owned));
    }
    let unique: BTreeSet<String> = listed.iter().cloned().collect();
    assert_eq!(unique.len(), listed.len(), "a rule is listed twice: {listed:?}");
    // The command line lists all rules in the error about an unknown one.
    let help = Digest::new().run(&["check", "--allow", "nonsense"]).stderr;
    let values = help.split("[possible values: ").nth(1).unwrap().split(']').next().unwrap();
    let known: BTreeSet<String> = values.split(", ").map(str::to_owned).collect();
    assert_eq!(unique, known);
}

#[test]
fn the_rules_about_markup_can_be_switched_off() {
    let digest = Digest::new()
        .configured("check:\n  rules: {literal-html: off, unclosed-fence: off, broken-footnote: error}")
        .article("a", &front_matter("甲"), "<b>乙</b>[^1]\n\n```\n丙");
    let codes: Vec<String> = found(&digest).into_iter().map(|(code, _)| code).collect();
    assert_eq!(codes, ["broken-footnote"]);
    assert_eq!(digest.run(&["check"]).code, 1);
}
