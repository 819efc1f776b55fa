//! Reads the terms of an article from the fields of its taxonomies.

use crate::config::Config;
use crate::diagnostic::Diagnostic;
use crate::fields::{Fields, clean};
use crate::load::list;
use crate::yaml::Node;

/// Returns the terms by taxonomy: the lists under its name, its other names and Zola's
/// `taxonomies.<name>`, joined.
pub(super) fn read_terms(fields: &mut Fields<'_>, config: &Config) -> Vec<Vec<String>> {
    // `Fields::inner` and `Fields::texts` need names with the lifetime of the file. The names of
    // the configuration have another, so the nodes are read with `Fields::get`.
    let zola = match fields.get("taxonomies") {
        Some(Node::Map(entries)) => entries.as_slice(),
        Some(other) => {
            fields.wrong_kind("taxonomies", &tr!("a mapping of lists"), other);
            &[]
        }
        None => &[],
    };
    let mut all = Vec::with_capacity(config.taxonomies.len());
    for taxonomy in &config.taxonomies {
        let mut terms = Vec::new();
        for name in std::iter::once(&taxonomy.name).chain(&taxonomy.also) {
            if let Some(node) = fields.get(name) {
                terms.extend(term_list(fields, name, node));
            }
            if let Some((_, node)) = zola.iter().find(|(key, node)| key == name && *node != Node::Null) {
                terms.extend(term_list(fields, "taxonomies", node));
            }
        }
        if terms.len() > config.limits.terms {
            let most = config.limits.terms;
            let message = tr!(
                "this article has {count} {taxonomy}, and at most {most} are allowed",
                count = terms.len(),
                taxonomy = taxonomy.name,
                most
            );
            let help =
                tr!("check that this is a list of terms, or raise `limits: {terms: …}` in newsprint.yaml");
            fields.error(&taxonomy.name, message, help);
            terms.clear();
        }
        all.push(terms);
    }
    for (key, _) in zola {
        let known =
            config.taxonomies.iter().any(|taxonomy| taxonomy.name == *key || taxonomy.also.contains(key));
        if !known {
            let place = fields.place("taxonomies");
            fields.absorb(vec![
                Diagnostic::warning(tr!("`taxonomies.{key}` is not a taxonomy of this digest", key))
                    .at(place)
                    .help(tr!(
                        "declare it in newsprint.yaml: `{setting}`",
                        setting = format!("taxonomies: [{{name: {key}}}]")
                    )),
            ]);
        }
    }
    all
}

/// The full-width quotation mark or lenticular bracket that a term begins with, if it ends with its
/// partner: a Chinese keyboard types them for `"` and `[`. Quotation marks within a term are kept.
fn enclosing(term: &str) -> Option<char> {
    let pairs = [('“', '”'), ('‘', '’'), ('【', '】')];
    let (open, close) = pairs.into_iter().find(|(open, _)| term.starts_with(*open))?;
    let inner = term.strip_prefix(open)?.strip_suffix(close)?;
    (!inner.is_empty() && !inner.contains([open, close])).then_some(open)
}

fn term_list(fields: &mut Fields<'_>, name: &str, node: &Node) -> Vec<String> {
    let terms = match node {
        Node::List(items) => {
            let terms = fields.items(name, items);
            for term in terms.iter().filter(|term| list::split(term).len() > 1).take(3) {
                let place = fields.place_within(name, term);
                let parts: Vec<String> = list::split(term).iter().map(|part| format!("`{part}`")).collect();
                fields.absorb(vec![
                    Diagnostic::warning(tr!("this list item is one term, although it contains a separator"))
                        .at(place)
                        .help(tr!(
                            "if it is {count} terms, make each an item: {terms}",
                            count = parts.len(),
                            terms = parts.join(", ")
                        )),
                ]);
            }
            terms
        }
        _ => match node.text() {
            Some(text) => list::split(&clean(text)),
            None => {
                fields.wrong_kind(name, &tr!("a list, or a text with commas"), node);
                Vec::new()
            }
        },
    };
    for (term, sign) in terms.iter().filter_map(|term| Some((term, enclosing(term)?))).take(3) {
        let place = fields.place_within(name, term);
        let bare = term.trim_matches(['“', '”', '‘', '’', '【', '】']);
        let bare = list::split(bare).join("、");
        let message = tr!("`{sign}` is a full-width sign, and so it is part of the term", sign);
        let help = tr!("type the term without it, `{bare}`, or type half-width quotation marks", bare);
        fields.absorb(vec![Diagnostic::warning(message).at(place).help(help)]);
    }
    terms.iter().map(|term| term.split_whitespace().collect::<Vec<_>>().join(" ")).collect()
}
