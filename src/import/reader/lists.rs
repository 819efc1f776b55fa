//! Reads the fields that hold lists: terms and old addresses.

use crate::import::clean;
use crate::import::reader::state::Reader;
use crate::import::record::{Spot, Value};
use crate::import::repair::Change;
use crate::import::terms;
use crate::yaml::Node;

/// The items of a cleaned text.
fn split(text: &str, changes: &mut Vec<Change>) -> Vec<String> {
    let text = clean::clean(text, changes);
    terms::split(&text, changes)
}

impl Reader<'_> {
    /// Adds terms to a taxonomy, given by its index in the configuration.
    pub(super) fn add_terms(&mut self, taxonomy: usize, value: Value, spot: Spot) {
        let name = &self.options.config.taxonomies[taxonomy].name;
        let mut changes = Vec::new();
        let mut items = match value {
            Value::Text(text) | Value::Markdown(text) | Value::Html(text) => split(&text, &mut changes),
            // In a post, an item of a list is one term, whatever signs it has.
            Value::Items(items) if self.draft.post.is_some() => items,
            Value::Items(items) => {
                // An item can be a list itself: `["AI, 安全"]`.
                items.iter().flat_map(|item| split(item, &mut changes)).collect()
            }
            Value::Data(node) => match node.text() {
                Some(text) => split(text, &mut changes),
                None => return self.keep_extra(name, Value::Data(node), spot),
            },
        };
        // A record can have several fields of the same taxonomy, such as `tags` and `categories`.
        if let Some(at) = self.draft.terms.iter().position(|(known, _)| known == name) {
            let mut all = self.draft.terms.remove(at).1;
            all.append(&mut items);
            items = all;
        }
        let terms = terms::terms(items, &self.options.config.import.placeholders, &mut changes);
        if !terms.is_empty() {
            self.draft.terms.push((name.clone(), terms));
        }
        self.add_repairs(changes, spot);
    }

    /// Adds old addresses. Those that cannot be an alias are kept under `extra`, with a warning.
    pub(super) fn add_aliases(&mut self, value: Value, spot: Spot) {
        let written = match value {
            Value::Items(items) => items,
            Value::Text(text) | Value::Markdown(text) | Value::Html(text) => {
                terms::split(&text, &mut Vec::new())
            }
            Value::Data(node) => return self.keep_extra("aliases", Value::Data(node), spot),
        };
        let mut refused = Vec::new();
        for alias in written {
            let path = alias.trim().trim_end_matches("index.html");
            match crate::paths::alias(path) {
                Some(path) if !self.draft.aliases.contains(&path) => self.draft.aliases.push(path),
                Some(_) => {}
                None => refused.push(Node::Text(alias)),
            }
        }
        if !refused.is_empty() {
            let written = refused.iter().filter_map(Node::text).collect::<Vec<_>>().join("`, `");
            self.warn(
                tr!("the old address `{written}` cannot be an alias; it is kept under `extra`", written),
                spot,
                tr!("an alias is a path from the digest's home, as in `/2024/old-name/`, without `..`, `?` and parts that begin with a dot"),
            );
            self.add_extra("aliases", Node::List(refused));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::reader::state::tests::with_reader;

    #[test]
    fn terms_of_two_fields_are_one_list() {
        with_reader(|reader| {
            reader.add_terms(0, Value::Text("开源、马斯克".into()), Spot::default());
            reader.add_terms(0, Value::Items(vec!["马斯克".into(), "AI, 安全".into()]), Spot::default());
            let name = reader.options.config.taxonomies[0].name.clone();
            let terms = ["开源", "马斯克", "AI", "安全"].map(str::to_owned).to_vec();
            assert_eq!(reader.draft.terms, [(name, terms)]);
        });
    }

    #[test]
    fn nested_data_is_kept_under_the_name_of_its_taxonomy() {
        with_reader(|reader| {
            let node = Node::Map(vec![("score".to_owned(), Node::Number("1".to_owned()))]);
            reader.add_terms(1, Value::Data(node.clone()), Spot::default());
            let name = reader.options.config.taxonomies[1].name.clone();
            assert_eq!(reader.draft.extra, [(name, node)]);
        });
    }

    #[test]
    fn an_address_that_cannot_be_an_alias_is_kept_under_extra() {
        with_reader(|reader| {
            let items = ["/2024/a/", "/2024/a/index.html", "../a"].map(str::to_owned).to_vec();
            reader.add_aliases(Value::Items(items), Spot::default());
            assert_eq!(reader.draft.aliases.len(), 1, "{:?}", reader.draft.aliases);
            assert_eq!(reader.draft.extra.len(), 1);
            assert_eq!(reader.problems.len(), 1);
        });
    }
}
