//! Defines the reader of one record: the draft while its fields are read, and the problems found.

use chrono_tz::Tz;

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::import::article_file::{IMPORTED, POST, RECORD};
use crate::import::draft::Draft;
use crate::import::html::Base;
use crate::import::input::Input;
use crate::import::reader::extra::{self, Names};
use crate::import::record::{Field, Spot, Value};
use crate::import::repair::{Change, Repair};
use crate::yaml::Node;

/// The options for cleaning texts.
#[derive(Debug, Clone, Copy)]
pub struct CleanOptions<'a> {
    /// The configuration of the digest.
    pub config: &'a Config,
    /// Whether texts are left as they are.
    pub raw: bool,
}

/// The draft of one record while its fields are read.
pub(super) struct Reader<'a> {
    pub(super) input: &'a Input,
    pub(super) options: CleanOptions<'a>,
    pub(super) draft: Draft,
    /// The zone of times without an offset.
    pub(super) zone: Tz,
    pub(super) problems: Vec<Diagnostic>,
    /// The URL that relative addresses in HTML are resolved against.
    pub(super) base: Base,
    /// The fields of one value that have their value.
    pub(super) seen: Vec<Field>,
    /// A title that is a placeholder or not visible, and its place.
    pub(super) refused_title: Option<(String, Spot)>,
    /// The names under the draft's `extra`.
    names: Names,
}

impl<'a> Reader<'a> {
    /// Creates a reader with an empty draft. The names that import uses under `extra` are reserved.
    pub(super) fn new(input: &'a Input, options: CleanOptions<'a>) -> Self {
        let mut names = Names::default();
        for reserved in [RECORD, IMPORTED, POST] {
            names.make_unique(reserved);
        }
        Self {
            input,
            options,
            draft: Draft::default(),
            zone: options.config.timezone,
            problems: Vec::new(),
            base: Base::default(),
            seen: Vec::new(),
            refused_title: None,
            names,
        }
    }

    /// Adds changes to the draft's repairs.
    pub(super) fn add_repairs(&mut self, changes: Vec<Change>, spot: Spot) {
        let repairs = changes.into_iter().map(|(kind, from, to)| Repair { kind, from, to, line: spot.line });
        self.draft.repairs.extend(repairs);
    }

    /// Adds a warning about a spot.
    pub(super) fn warn(&mut self, message: impl Into<String>, spot: Spot, help: String) {
        self.problems.push(Diagnostic::warning(message).at(self.input.place(spot)).help(help));
    }

    /// Keeps a value under `extra`, unless it is empty.
    pub(super) fn keep_extra(&mut self, name: &str, value: Value, spot: Spot) {
        let mut changes = Vec::new();
        let node = extra::to_node(value, &mut changes);
        self.add_repairs(changes, spot);
        if node != Node::Null && node != Node::Text(String::new()) {
            self.add_extra(name, node);
        }
    }

    /// Adds a node to `extra`. If the name is taken or reserved, it gets a number.
    pub(super) fn add_extra(&mut self, name: &str, node: Node) {
        let name = self.names.make_unique(name);
        self.draft.extra.push((name, node));
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Passes a reader of an empty input with the default configuration to `check`.
    pub(in crate::import::reader) fn with_reader(check: impl FnOnce(&mut Reader<'_>)) {
        let input = Input { name: "in.txt".into(), text: String::new().into() };
        let config = Config::default();
        check(&mut Reader::new(&input, CleanOptions { config: &config, raw: false }));
    }

    #[test]
    fn extra_values_keep_reserved_and_earlier_names_apart() {
        let input = Input { name: "in.txt".into(), text: String::new().into() };
        let config = Config::default();
        let mut reader = Reader::new(&input, CleanOptions { config: &config, raw: false });
        for (name, text) in [("record", "甲"), ("mood", "乙"), ("mood", "丙"), ("empty", "")] {
            reader.keep_extra(name, Value::Text(text.into()), Spot::default());
        }
        let names: Vec<&str> = reader.draft.extra.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["record_2", "mood", "mood_2"]);
    }
}
