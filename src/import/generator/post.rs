//! Defines a post as its generator sees it: the place of its file and its front matter.

use crate::import::generator::moment::Moment;
use crate::import::generator::place::Place;
use crate::yaml::Node;

/// A post of another generator.
#[derive(Debug, Clone, Copy)]
pub struct Post<'a> {
    /// The place of its file.
    pub place: &'a Place,
    /// Its front matter.
    pub fields: &'a [(String, Node)],
}

impl Post<'_> {
    /// The text of a field; `None` for an empty one, lists and mappings.
    #[must_use]
    pub fn text(&self, name: &str) -> Option<&str> {
        self.field(name).and_then(Node::text).map(str::trim).filter(|text| !text.is_empty())
    }

    /// A field, by its name in any case. YAML keeps the last one of several.
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&Node> {
        let is_named = |(key, _): &&(String, Node)| key.eq_ignore_ascii_case(name);
        self.fields.iter().rev().find(is_named).map(|(_, node)| node)
    }

    /// The texts of a field that is a text or a list.
    #[must_use]
    pub fn texts(&self, name: &str) -> Vec<String> {
        match self.field(name) {
            Some(Node::List(items)) => {
                items.iter().filter_map(|item| item.text().map(str::to_owned)).collect()
            }
            Some(node) => node.text().map(str::to_owned).into_iter().collect(),
            None => Vec::new(),
        }
    }

    /// The first of these fields that is a date.
    #[must_use]
    pub fn date(&self, names: &[&str]) -> Option<Moment> {
        names.iter().find_map(|name| Moment::read(self.text(name)?))
    }
}
