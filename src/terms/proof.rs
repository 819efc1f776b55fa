//! Proves an edit of the registry: the new text holds the old data, the merge and all comments.

use crate::config::Config;
use crate::load::registry;
use crate::slug::key::term_key;
use crate::terms::comments::sorted_comments;
use crate::terms::plan::{Merge, Plan};
use crate::yaml::{self, Node};

/// True if `text` parses as a registry without errors, holds exactly the data of `source` changed
/// by `plan`, and holds the comments of `source`.
pub(super) fn is_proven(merge: &Merge<'_>, plan: &Plan, source: &str, text: &str, config: &Config) -> bool {
    let (_, wrong) = registry::parse(text, config);
    // The texts are compared as YAML, not as registries, so that fields which newsprint does not
    // know are compared too.
    let (Some(mut wanted), Some(found)) = (parse_mapping(source), parse_mapping(text)) else { return false };
    let at = wanted.iter().position(|(key, _)| key == merge.taxonomy).unwrap_or_else(|| {
        wanted.push((merge.taxonomy.to_owned(), Node::Null));
        wanted.len() - 1
    });
    let mut items = match std::mem::take(&mut wanted[at].1) {
        Node::List(items) => items,
        Node::Null => Vec::new(),
        _ => return false,
    };
    let into_key = term_key(merge.into);
    let name = |item: &Node| item.get("name").unwrap_or(item).text().map(term_key);
    let aliases = plan.added.iter().map(|alias| Node::Text(alias.clone()));
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
            let name = ("name".to_owned(), Node::Text(merge.into.to_owned()));
            items.push(Node::Map(vec![name, ("aliases".to_owned(), Node::List(aliases.collect()))]));
        }
    }
    let mut place = 0;
    items.retain(|_| {
        place += 1;
        !plan.removed.contains(&(place - 1))
    });
    wanted[at].1 = Node::List(items);
    wrong.iter().all(|found| !found.is_error())
        && is_same_mapping(&found, &wanted)
        && sorted_comments(source) == sorted_comments(text)
}

/// Parses a registry as a YAML mapping. `None` if the text is another kind of YAML, or none.
pub(super) fn parse_mapping(text: &str) -> Option<Vec<(String, Node)>> {
    match yaml::parse(text.strip_prefix('\u{FEFF}').unwrap_or(text)).ok()? {
        Node::Map(fields) => Some(fields),
        Node::Null => Some(Vec::new()),
        _ => None,
    }
}

/// Compares two mappings, ignoring the order of fields.
fn is_same_mapping(a: &[(String, Node)], b: &[(String, Node)]) -> bool {
    fn is_same(a: &Node, b: &Node) -> bool {
        match (a, b) {
            (Node::Map(a), Node::Map(b)) => is_same_mapping(a, b),
            (Node::List(a), Node::List(b)) => {
                a.len() == b.len() && a.iter().zip(b).all(|(a, b)| is_same(a, b))
            }
            // Scalars are compared as text, because `1.0` as a number and as a string is one name.
            (a, b) => a == b || (a.text().is_some() && a.text() == b.text()),
        }
    }
    a.len() == b.len()
        && a.iter().all(|(field, value)| b.iter().any(|(other, node)| other == field && is_same(value, node)))
}
