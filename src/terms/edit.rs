//! Edits the text of the registry line by line, so that comments, order and style are kept.
//!
//! Every edit is proven before it is returned (`proof.rs`). If the proof fails (flow style over
//! several lines, anchors), the text stays unchanged and the error says which lines to write.

use crate::check::entry_lines;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::registry;
use crate::terms::item::{is_blank_or_comment, kept_comments, with_aliases};
use crate::terms::plan::{Merge, Plan};
use crate::terms::proof;
use crate::yaml;

/// The text of the registry after a merge.
pub(super) struct Edited {
    /// The new text; equal to the old one if all aliases were there.
    pub(super) text: String,
    /// The aliases that the merge added.
    pub(super) added: Vec<String>,
}

/// Applies a merge to `source`, the text of the registry.
///
/// # Errors
/// The merge is not possible (see [`Merge::plan`]), or the text cannot be edited line by line.
pub(super) fn apply(merge: &Merge<'_>, source: &str, config: &Config) -> Result<Edited, Vec<Diagnostic>> {
    let plan = merge.plan()?;
    if plan.added.is_empty() {
        return Ok(Edited { text: source.to_owned(), added: plan.added });
    }
    let bom = if source.starts_with('\u{FEFF}') { "\u{FEFF}" } else { "" };
    let text = edit(merge, &plan, &source[bom.len()..]).map(|text| format!("{bom}{text}"));
    match text.filter(|text| proof::is_proven(merge, &plan, source, text, config)) {
        Some(text) => Ok(Edited { text, added: plan.added }),
        None => Err(vec![not_editable(merge, &plan)]),
    }
}

/// The error for a text that cannot be edited, with the lines to write by hand.
fn not_editable(merge: &Merge<'_>, plan: &Plan) -> Diagnostic {
    let names: Vec<String> = plan.added.iter().map(|alias| yaml::flow_scalar(alias)).collect();
    let aliases = names.join(", ");
    let (place, help) = match merge.target().map(|target| &merge.entries()[target]) {
        Some(entry) => (
            merge.registry.place(&entry.at),
            tr!("add these aliases to the entry yourself: {aliases}", aliases),
        ),
        None => {
            let entry = format!("{{name: {}, aliases: [{aliases}]}}", yaml::flow_scalar(merge.into));
            let help = tr!("add this to the list of `{}` yourself: {entry}", merge.taxonomy, entry);
            (Place::file(registry::FILE), help)
        }
    };
    Diagnostic::error(tr!("newsprint cannot edit this file as it is written")).at(place).help(help)
}

/// Writes the plan into `source`. Returns `None` if the list of the taxonomy is written in a way
/// that cannot be edited line by line.
fn edit(merge: &Merge<'_>, plan: &Plan, source: &str) -> Option<String> {
    let break_line = if source.contains("\r\n") { "\r\n" } else { "\n" };
    let mut text = source.to_owned();
    if yaml::key_span(&text, &[merge.taxonomy], 0).is_none() {
        if !text.is_empty() && !text.ends_with('\n') {
            text.push_str(break_line);
        }
        text.push_str(
            &format!("{}:\n{}", merge.taxonomy, new_item(merge, plan, "  ")).replace('\n', break_line),
        );
        return Some(text);
    }
    let spans = yaml::item_spans(&text, merge.taxonomy)?;
    if spans.len() != merge.entries().len() {
        return None;
    }
    let target = merge.target();
    // The items are edited from the last to the first, so that the spans before stay valid.
    for at in (0..spans.len()).rev() {
        let item = &text[spans[at].clone()];
        let new = if Some(at) == target {
            with_aliases(item, &plan.added)?
        } else if plan.removed.contains(&at) {
            kept_comments(item)
        } else {
            continue;
        };
        text.replace_range(spans[at].clone(), &new.replace("\r\n", "\n").replace('\n', break_line));
    }
    if target.is_none() {
        append(merge, plan, &mut text, break_line)?;
    }
    Some(text)
}

/// Adds a new item below the last one of the taxonomy.
fn append(merge: &Merge<'_>, plan: &Plan, text: &mut String, break_line: &str) -> Option<()> {
    let spans = yaml::item_spans(text, merge.taxonomy)?;
    let (at, indent) = match spans.last() {
        Some(last) => {
            let item = &text[last.clone()];
            let indent = item.len() - item.trim_start_matches(' ').len();
            // The new item goes below the last line that is not a comment: a comment at the end may
            // be the heading of what follows.
            let body = item.lines().rev().skip_while(|line| is_blank_or_comment(line)).count();
            let length: usize = item.split_inclusive('\n').take(body).map(str::len).sum();
            (last.start + length, " ".repeat(indent))
        }
        None => {
            // The list is empty: `keywords: []` or `keywords:`.
            let key = yaml::key_span(text, &[merge.taxonomy], 0)?;
            let end = text[key.end..].find('\n').map_or(text.len(), |at| key.end + at + 1);
            let line = &text[key.end..end];
            let line_end = line.trim_end_matches(['\r', '\n']);
            let bare = line_end.replacen(" []", "", 1).trim_end().to_owned() + break_line;
            text.replace_range(key.end..end, &bare);
            (key.end + bare.len(), "  ".to_owned())
        }
    };
    if at > 0 && !text[..at].ends_with('\n') {
        text.insert_str(at, break_line);
        text.insert_str(at + break_line.len(), &new_item(merge, plan, &indent).replace('\n', break_line));
        return Some(());
    }
    text.insert_str(at, &new_item(merge, plan, &indent).replace('\n', break_line));
    Some(())
}

/// The lines of a new item for `into`, indented by `indent`.
fn new_item(merge: &Merge<'_>, plan: &Plan, indent: &str) -> String {
    let lines = entry_lines(merge.into, plan.added.iter().map(String::as_str));
    lines.lines().map(|line| format!("{indent}{}\n", line.strip_prefix("  ").unwrap_or(line))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::Node;

    fn merge(source: &str, from: &[&str], into: &str) -> Result<String, String> {
        let config = Config::default();
        let (registry, wrong) = registry::parse(source, &config);
        assert!(!wrong.iter().any(Diagnostic::is_error), "{wrong:?}");
        let from: Vec<String> = from.iter().map(|&from| from.to_owned()).collect();
        let merge = Merge { taxonomy: "keywords", registry: &registry, index: 0, from: &from, into };
        match apply(&merge, source, &config) {
            Ok(edited) => Ok(edited.text),
            Err(wrong) => Err(wrong.into_iter().map(|found| found.message).collect::<Vec<_>>().join("; ")),
        }
    }

    #[test]
    fn a_new_entry_is_added_below_the_taxonomy() {
        let entry = "  - name: GPT-4\n    aliases:\n      - GPT4\n";
        assert_eq!(merge("", &["GPT4"], "GPT-4").unwrap(), format!("keywords:\n{entry}"));
        assert_eq!(
            merge("# mine\nkeywords: [] # none yet\nindustries: []\n", &["GPT4"], "GPT-4").unwrap(),
            format!("# mine\nkeywords: # none yet\n{entry}industries: []\n")
        );
        assert_eq!(
            merge("keywords:\n- 开源 # of course\n\n# the others\nindustries:\n- 医疗\n", &["GPT4"], "GPT-4")
                .unwrap(),
            "keywords:\n- 开源 # of course\n- name: GPT-4\n  aliases:\n    - GPT4\n\n# the others\nindustries:\n- 医疗\n"
        );
    }

    #[test]
    fn aliases_are_added_in_the_style_of_the_entry() {
        for (before, after) in [
            ("keywords:\n- GPT-4 # plain\n", "keywords:\n- name: GPT-4 # plain\n  aliases:\n    - GPT4\n"),
            (
                "keywords:\n  - name: GPT-4\n    aliases: [gpt four] # as said\n    slug: gpt-4\n",
                "keywords:\n  - name: GPT-4\n    aliases: [gpt four, GPT4] # as said\n    slug: gpt-4\n",
            ),
            (
                "keywords:\n  - name: GPT-4\n    aliases:\n    # old\n    - gpt four\n\n  - b\n",
                "keywords:\n  - name: GPT-4\n    aliases:\n    # old\n    - gpt four\n    - GPT4\n\n  - b\n",
            ),
            (
                "keywords:\n  - name: GPT-4\n    description: |\n      two\n      lines\n",
                "keywords:\n  - name: GPT-4\n    aliases:\n      - GPT4\n    description: |\n      two\n      lines\n",
            ),
            ("keywords:\r\n- name: GPT-4\r\n", "keywords:\r\n- name: GPT-4\r\n  aliases:\r\n    - GPT4\r\n"),
        ] {
            assert_eq!(merge(before, &["GPT4"], "GPT-4").unwrap(), after);
            assert_eq!(merge(after, &["GPT4"], "GPT-4").unwrap(), after, "merging again changes nothing");
        }
    }

    #[test]
    fn aliases_and_comments_of_a_merged_entry_are_kept() {
        let before = "keywords:\n- name: GPT4 # why\n  # more\n  aliases: ['gpt, four']\n- name: GPT-4\n";
        let after = "keywords:\n# why\n# more\n- name: GPT-4\n  aliases:\n    - GPT4\n    - \"gpt, four\"\n";
        assert_eq!(merge(before, &["GPT4"], "GPT-4").unwrap(), after);
    }

    #[test]
    fn a_hash_sign_in_quotes_is_not_a_comment() {
        let before = "\u{feff}keywords:\n- name: 'x #y' # a comment\n  aliases: [\"a # b\"]\n";
        let after = "\u{feff}keywords:\n- name: 'x #y' # a comment\n  aliases: [\"a # b\", \"C #\"]\n";
        assert_eq!(merge(before, &["C #"], "x #y").unwrap(), after);
    }

    #[test]
    fn unknown_fields_are_never_damaged() {
        for source in [
            "keywords:\n- name: OpenAI\n  note: |\n    # sources\n    # checked 2026\n",
            "keywords:\n- note: |\n    # checked 2026\n  name: GPT-4\n",
            "keywords:\n- name: A\n  note: |+\n    x\n\n\n",
        ] {
            // The edit keeps the field or is refused.
            if let Ok(text) = merge(source, &["GPT4"], "GPT-4") {
                let note = |text: &str| {
                    let fields = proof::parse_mapping(text).unwrap();
                    let Node::List(items) = &fields[0].1 else { panic!("{text}") };
                    items[0].get("note").cloned()
                };
                assert_eq!(note(&text), note(source), "{text}");
            }
        }
    }

    #[test]
    fn merges_that_lose_data_or_contradict_the_registry_are_refused() {
        for (source, from, into, wanted) in [
            ("", "gpt-4", "GPT-4", "are the same term already"),
            ("keywords:\n- name: A\n  aliases: [B]\n", "C", "B", "is itself an alias of `A`"),
            ("keywords:\n- name: A\n  aliases: [B]\n", "B", "C", "is an alias of `A` already"),
            ("keywords:\n- name: A\n  note: precious\n", "A", "C", "has more than a name"),
            ("keywords:\n- name: A\n  slug: x\n", "A", "C", "has more than a name"),
            ("keywords:\n  [{name: A},\n  {name: B}]\n", "C", "A", "cannot edit"),
        ] {
            let error = merge(source, &[from], into).unwrap_err();
            assert!(error.contains(wanted), "{error}");
        }
    }
}
