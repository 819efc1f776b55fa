//! Edits the registry's text, line by line, so that comments, order and style stay as their editor left them.
//!
//! An edit is proven before it is handed out: the new text is read again, and it has to say exactly what the old one said
//! and the merge, and hold all its comments. Where it does not (flow style over many lines, anchors), nothing is changed
//! and the editor is told which lines to write.

use crate::check::entry_lines;
use crate::config::Config;
use crate::diagnostic::{Diagnostic, Place};
use crate::load::registry::{self, Entry, Registry};
use crate::site::aliases::Naming;
use crate::slug::key::term_key;
use crate::terms::proof::{aside, asides, same, tree};
use crate::yaml::{self, Node};

/// A merge to be written down.
pub(super) struct Merge<'a> {
    pub(super) taxonomy: &'a str,
    /// The registry as it is, and the taxonomy's place in it.
    pub(super) registry: &'a Registry,
    pub(super) index: usize,
    pub(super) from: &'a [String],
    pub(super) into: &'a str,
}

/// The new text, and the aliases that are new in it.
pub(super) struct Edited {
    pub(super) text: String,
    pub(super) added: Vec<String>,
}

impl<'a> Merge<'a> {
    fn entries(&self) -> &'a [Entry] {
        self.registry.taxonomies.get(self.index).map_or(&[], Vec::as_slice)
    }

    pub(super) fn apply(&self, source: &str, config: &Config) -> Result<Edited, Vec<Diagnostic>> {
        let (added, removed) = self.plan()?;
        if added.is_empty() {
            return Ok(Edited { text: source.to_owned(), added });
        }
        let bom = if source.starts_with('\u{FEFF}') { "\u{FEFF}" } else { "" };
        let text = self.edited(&source[bom.len()..], &added, &removed).map(|text| format!("{bom}{text}"));
        let proven = text.filter(|text| self.is_right(text, source, config, &added, &removed));
        let Some(text) = proven else {
            let names: Vec<String> = added.iter().map(|alias| yaml::flow_scalar(alias)).collect();
            let (place, help) =
                match self.entries().iter().find(|entry| term_key(&entry.name) == term_key(self.into)) {
                    Some(entry) => (
                        self.registry.place(&entry.at),
                        format!("add to its aliases yourself: {}", names.join(", ")),
                    ),
                    None => {
                        let aliases = names.join(", ");
                        let entry =
                            format!("{{name: {}, aliases: [{aliases}]}}", yaml::flow_scalar(self.into));
                        (
                            Place::file(registry::FILE),
                            format!("add to the list of `{}` yourself: {entry}", self.taxonomy),
                        )
                    }
                };
            return Err(vec![
                Diagnostic::error("this file is written in a way that newsprint does not edit")
                    .at(place)
                    .help(help),
            ]);
        };
        Ok(Edited { text, added })
    }

    /// The aliases to add, and the entries that they come from.
    fn plan(&self) -> Result<(Vec<String>, Vec<usize>), Vec<Diagnostic>> {
        let (naming, _) = Naming::new(self.registry, self.index);
        let into_key = term_key(self.into);
        let mut wrong = Vec::new();
        let target = naming.entry(&into_key);
        if let Some(target) = target.filter(|&target| naming.keys[target] != into_key) {
            let name = &self.entries()[target].name;
            wrong.push(
                Diagnostic::error(format!("`{}` is itself an alias of `{name}`", self.into))
                    .at(self.registry.place(&self.entries()[target].at))
                    .help(format!("merge into {name}")),
            );
        }
        let (mut added, mut removed): (Vec<String>, Vec<usize>) = (Vec::new(), Vec::new());
        let mut keys: Vec<String> = vec![into_key.clone()];
        let mut add = |text: &str, keys: &mut Vec<String>| {
            if !keys.contains(&term_key(text)) {
                keys.push(term_key(text));
                added.push(text.to_owned());
            }
        };
        for from in self.from {
            let from_key = term_key(from);
            if from_key.is_empty() || into_key.is_empty() {
                wrong.push(Diagnostic::error("a term cannot be empty"));
            } else if from_key == into_key {
                wrong.push(
                    Diagnostic::error(format!("`{from}` and `{}` are the same term already", self.into))
                        .help("case, width and spaces make no difference"),
                );
            } else if let Some(owner) = naming.entry(&from_key) {
                if Some(owner) == target {
                    continue;
                }
                let entry = &self.entries()[owner];
                if naming.keys[owner] != from_key {
                    wrong.push(
                        Diagnostic::error(format!("`{from}` is an alias of `{}` already", entry.name))
                            .at(self.registry.place(&entry.at))
                            .help(format!("take it out there first, or merge {} instead", entry.name)),
                    );
                } else if entry.slug.is_some()
                    || entry.description.is_some()
                    || entry.hidden
                    || entry.has_more
                {
                    wrong.push(
                        Diagnostic::error(format!("`{from}` has an entry that says more than aliases"))
                            .at(self.registry.place(&entry.at))
                            .help("decide what of it shall stay, and remove the rest: it would be lost"),
                    );
                } else {
                    removed.push(owner);
                    add(&entry.name, &mut keys);
                    entry.aliases.iter().for_each(|alias| add(&alias.text, &mut keys));
                }
            } else {
                add(from, &mut keys);
            }
        }
        if wrong.is_empty() { Ok((added, removed)) } else { Err(wrong) }
    }

    fn edited(&self, source: &str, added: &[String], removed: &[usize]) -> Option<String> {
        let break_line = if source.contains("\r\n") { "\r\n" } else { "\n" };
        let mut text = source.to_owned();
        if yaml::key_span(&text, &[self.taxonomy], 0).is_none() {
            if !text.is_empty() && !text.ends_with('\n') {
                text.push_str(break_line);
            }
            text.push_str(
                &format!("{}:\n{}", self.taxonomy, self.item("  ", added)).replace('\n', break_line),
            );
            return Some(text);
        }
        let spans = yaml::item_spans(&text, self.taxonomy)?;
        if spans.len() != self.entries().len() {
            return None;
        }
        let into_key = term_key(self.into);
        let target = self.entries().iter().position(|entry| term_key(&entry.name) == into_key);
        // From the end to the beginning, so that places before stay where they are.
        for at in (0..spans.len()).rev() {
            let item = &text[spans[at].clone()];
            let new = if Some(at) == target {
                with_aliases(item, added)?
            } else if removed.contains(&at) {
                comments(item)
            } else {
                continue;
            };
            text.replace_range(spans[at].clone(), &new.replace("\r\n", "\n").replace('\n', break_line));
        }
        if target.is_none() {
            self.append(&mut text, added, break_line)?;
        }
        Some(text)
    }

    /// A new item behind the last one of the taxonomy.
    fn append(&self, text: &mut String, added: &[String], break_line: &str) -> Option<()> {
        let spans = yaml::item_spans(text, self.taxonomy)?;
        let (at, indent) = match spans.last() {
            Some(last) => {
                let item = &text[last.clone()];
                let indent = item.len() - item.trim_start_matches(' ').len();
                // Behind the item's own lines: a comment that follows may head what comes next.
                let body = item.lines().rev().skip_while(|line| is_aside(line)).count();
                let length: usize = item.split_inclusive('\n').take(body).map(str::len).sum();
                (last.start + length, " ".repeat(indent))
            }
            None => {
                // `keywords: []` or nothing at all.
                let key = yaml::key_span(text, &[self.taxonomy], 0)?;
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
            text.insert_str(at + break_line.len(), &self.item(&indent, added).replace('\n', break_line));
            return Some(());
        }
        text.insert_str(at, &self.item(&indent, added).replace('\n', break_line));
        Some(())
    }

    fn item(&self, indent: &str, added: &[String]) -> String {
        let lines = entry_lines(self.into, added.iter().map(String::as_str));
        lines.lines().map(|line| format!("{indent}{}\n", line.strip_prefix("  ").unwrap_or(line))).collect()
    }

    /// Does the new text say what the old one said and the merge, and hold all comments?
    fn is_right(
        &self,
        text: &str,
        source: &str,
        config: &Config,
        added: &[String],
        removed: &[usize],
    ) -> bool {
        let (_, wrong) = registry::parse(text, config);
        // Compared as YAML and not as a registry, so that fields which newsprint does not know are kept, too.
        let (Some(mut wanted), Some(found)) = (tree(source), tree(text)) else { return false };
        let at = wanted.iter().position(|(key, _)| key == self.taxonomy).unwrap_or_else(|| {
            wanted.push((self.taxonomy.to_owned(), Node::Null));
            wanted.len() - 1
        });
        let mut items = match std::mem::take(&mut wanted[at].1) {
            Node::List(items) => items,
            Node::Null => Vec::new(),
            _ => return false,
        };
        let into_key = term_key(self.into);
        let name = |item: &Node| item.get("name").unwrap_or(item).text().map(term_key);
        let aliases = added.iter().map(|alias| Node::Text(alias.clone()));
        match items.iter_mut().find(|item| name(item).as_ref() == Some(&into_key)) {
            Some(item) => {
                let mut fields = match std::mem::take(item) {
                    Node::Map(fields) => fields,
                    name => vec![("name".to_owned(), name)],
                };
                let all = match fields.iter().position(|(field, _)| field == "aliases") {
                    Some(at) => match fields.remove(at).1 {
                        Node::List(known) => known.into_iter().chain(aliases).collect(),
                        Node::Null => aliases.collect(),
                        one => std::iter::once(one).chain(aliases).collect(),
                    },
                    None => aliases.collect(),
                };
                fields.push(("aliases".to_owned(), Node::List(all)));
                *item = Node::Map(fields);
            }
            None => {
                let name = ("name".to_owned(), Node::Text(self.into.to_owned()));
                items.push(Node::Map(vec![name, ("aliases".to_owned(), Node::List(aliases.collect()))]));
            }
        }
        let mut place = 0;
        items.retain(|_| {
            place += 1;
            !removed.contains(&(place - 1))
        });
        wanted[at].1 = Node::List(items);
        wrong.iter().all(|found| !found.is_error()) && same(&found, &wanted) && asides(source) == asides(text)
    }
}

/// A line that is empty or a comment.
fn is_aside(line: &str) -> bool {
    let line = line.trim();
    line.is_empty() || line.starts_with('#')
}

/// What stays of an item that is removed: its comments.
fn comments(item: &str) -> String {
    let indent = " ".repeat(item.len() - item.trim_start_matches(' ').len());
    item.lines()
        .filter_map(|line| {
            if line.trim().is_empty() {
                return Some("\n".to_owned());
            }
            aside(line).map(|comment| format!("{indent}{comment}\n"))
        })
        .collect()
}

/// An item with further aliases, in the style that it has.
fn with_aliases(item: &str, added: &[String]) -> Option<String> {
    let dash = item.find('-')?;
    let after = &item[dash + 1..];
    let inner = dash + 1 + (after.len() - after.trim_start_matches(' ').len());
    let lines = |indent: usize| {
        let indent = " ".repeat(indent);
        added.iter().map(|alias| format!("{indent}- {}\n", yaml::scalar(alias))).collect::<String>()
    };
    let mut text = item.to_owned();
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let Some(key) = yaml::key_span(&text, &["aliases"], 0) else {
        let line_end = text.find('\n')?;
        let line = &text[inner..line_end];
        let new = format!("{}aliases:\n{}", " ".repeat(inner), lines(inner + 2));
        if yaml::key_span(&text, &["name"], 0).is_none() {
            // `- OpenAI`
            text.insert_str(inner, "name: ");
        } else if line.starts_with('{') {
            return None;
        }
        // Behind the name's line, or the lines that belong to it.
        let at = text.find('\n')? + 1;
        text.insert_str(at, &new);
        return Some(text);
    };
    let line_end = key.end + text[key.end..].find('\n')?;
    let value = text[key.end..line_end].trim_start_matches(' ').strip_prefix(':')?.trim();
    if value.starts_with('[') {
        let open = key.end + text[key.end..].find('[')?;
        let close = open + text[open..line_end].rfind(']')?;
        let inside = text[open + 1..close].trim();
        let comma = if inside.is_empty() || inside.ends_with(',') { "" } else { ", " };
        let flow: Vec<String> = added.iter().map(|alias| yaml::flow_scalar(alias)).collect();
        text.insert_str(close, &format!("{comma}{}", flow.join(", ")));
        return Some(text);
    }
    if !value.is_empty() && !value.starts_with('#') {
        return None;
    }
    // Behind the last alias.
    let mut at = line_end + 1;
    let mut last = at;
    let mut indent = None;
    for line in text[at..].split_inclusive('\n') {
        let body = line.trim_start_matches(' ');
        at += line.len();
        if is_aside(line) {
            continue;
        }
        let depth = line.len() - body.len();
        if !body.starts_with("- ") || depth < inner {
            break;
        }
        indent.get_or_insert(depth);
        last = at;
    }
    text.insert_str(last, &lines(indent.unwrap_or(inner + 2)));
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn merge(source: &str, from: &[&str], into: &str) -> Result<String, String> {
        let config = Config::default();
        let (registry, wrong) = registry::parse(source, &config);
        assert!(!wrong.iter().any(Diagnostic::is_error), "{wrong:?}");
        let from: Vec<String> = from.iter().map(|&from| from.to_owned()).collect();
        let merge = Merge { taxonomy: "keywords", registry: &registry, index: 0, from: &from, into };
        match merge.apply(source, &config) {
            Ok(edited) => Ok(edited.text),
            Err(wrong) => Err(wrong.into_iter().map(|found| found.message).collect::<Vec<_>>().join("; ")),
        }
    }

    #[test]
    fn a_new_entry_is_put_below_the_taxonomy() {
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
    fn aliases_join_an_entry_in_its_own_style() {
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
    fn an_entry_that_is_merged_leaves_its_aliases_and_comments() {
        let before = "keywords:\n- name: GPT4 # why\n  # more\n  aliases: ['gpt, four']\n- name: GPT-4\n";
        let after = "keywords:\n# why\n# more\n- name: GPT-4\n  aliases:\n    - GPT4\n    - \"gpt, four\"\n";
        assert_eq!(merge(before, &["GPT4"], "GPT-4").unwrap(), after);
    }

    #[test]
    fn a_sign_in_quotes_is_no_comment() {
        let before = "\u{feff}keywords:\n- name: 'x #y' # a comment\n  aliases: [\"a # b\"]\n";
        let after = "\u{feff}keywords:\n- name: 'x #y' # a comment\n  aliases: [\"a # b\", \"C #\"]\n";
        assert_eq!(merge(before, &["C #"], "x #y").unwrap(), after);
    }

    #[test]
    fn fields_that_newsprint_does_not_know_are_never_damaged() {
        for source in [
            "keywords:\n- name: OpenAI\n  note: |\n    # sources\n    # checked 2026\n",
            "keywords:\n- note: |\n    # checked 2026\n  name: GPT-4\n",
            "keywords:\n- name: A\n  note: |+\n    x\n\n\n",
        ] {
            // Edited rightly or not at all.
            if let Ok(text) = merge(source, &["GPT4"], "GPT-4") {
                let note = |text: &str| {
                    let tree = tree(text).unwrap();
                    let Node::List(items) = &tree[0].1 else { panic!("{text}") };
                    items[0].get("note").cloned()
                };
                assert_eq!(note(&text), note(source), "{text}");
            }
        }
    }

    #[test]
    fn what_would_be_lost_or_contradict_is_refused() {
        for (source, from, into, wanted) in [
            ("", "gpt-4", "GPT-4", "are the same term already"),
            ("keywords:\n- name: A\n  aliases: [B]\n", "C", "B", "is itself an alias of `A`"),
            ("keywords:\n- name: A\n  aliases: [B]\n", "B", "C", "is an alias of `A` already"),
            ("keywords:\n- name: A\n  note: precious\n", "A", "C", "has an entry that says more"),
            ("keywords:\n- name: A\n  slug: x\n", "A", "C", "has an entry that says more"),
            ("keywords:\n  [{name: A},\n  {name: B}]\n", "C", "A", "does not edit"),
        ] {
            let told = merge(source, &[from], into).unwrap_err();
            assert!(told.contains(wanted), "{told}");
        }
    }
}
