//! Groups the terms of one taxonomy that are likely the same, and detects placeholders and
//! sentences.

use std::collections::{BTreeMap, HashMap};

use rayon::prelude::*;
use serde::Serialize;

use crate::check::variant::{self, Evidence};
use crate::hygiene::placeholder;

/// A form that more terms than this number share is a common ending, not a typo.
const MAX_TERMS_OF_FORM: usize = 32;

/// A term of a taxonomy.
#[derive(Debug, Clone, Copy)]
pub struct Spelling<'a> {
    /// Its key, see [`crate::slug::key::term_key`].
    pub key: &'a str,
    /// The spelling that pages show.
    pub name: &'a str,
    /// The number of articles that carry it.
    pub count: usize,
}

/// A group of terms of one taxonomy that are likely one term.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duplicates {
    /// Indexes of the list that was searched, the most used term first.
    pub terms: Vec<usize>,
    /// The evidence that connects the terms, the best first.
    pub evidence: Vec<Evidence>,
}

/// A defect of a single term.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum TermDefect {
    /// It is a placeholder.
    Placeholder,
    /// It reads like a sentence.
    Sentence,
}

/// Finds likely duplicates among the terms of one taxonomy. The groups are sorted by their weakest
/// evidence, the best first, then by use.
#[must_use]
pub fn find_duplicates(terms: &[Spelling<'_>]) -> Vec<Duplicates> {
    // Defective terms are reported as such and connect no others.
    let sound: Vec<bool> = terms.par_iter().map(|term| find_defect(term).is_none()).collect();
    let mut links: Vec<(Evidence, usize, usize)> = Vec::new();
    let by_form = |form: &(dyn Fn(&Spelling<'_>) -> Option<String> + Sync)| {
        let forms: Vec<Option<String>> = terms
            .par_iter()
            .zip(&sound)
            .map(|(term, sound)| if *sound { form(term) } else { None })
            .collect();
        let mut table: HashMap<String, Vec<usize>> = HashMap::new();
        for (at, form) in forms.into_iter().enumerate() {
            if let Some(form) = form.filter(|form| !form.is_empty()) {
                table.entry(form).or_default().push(at);
            }
        }
        table
    };
    let normal_form = |key: &str| variant::in_folded_han(&variant::without_separators(key));
    let plain = by_form(&|term| Some(variant::without_separators(term.key)));
    let folded = by_form(&|term| Some(normal_form(term.key)));
    let unquoted = by_form(&|term| Some(normal_form(variant::without_quotes(term.key))));
    for (evidence, table) in
        [(Evidence::Separators, &plain), (Evidence::Traditional, &folded), (Evidence::Quotes, &unquoted)]
    {
        for group in table.values() {
            links.extend(group.iter().skip(1).map(|&at| (evidence, group[0], at)));
        }
    }
    // Links a term to another one whose whole name is `form`.
    let link_to_form =
        |evidence: Evidence, at: usize, form: &str, links: &mut Vec<(Evidence, usize, usize)>| {
            if let Some(group) = unquoted.get(&normal_form(form)) {
                links.extend(
                    group.iter().filter(|&&other| other != at).take(1).map(|&other| (evidence, at, other)),
                );
            }
        };
    // An abbreviation in brackets after two different names (`CNN`) is ambiguous.
    let mut meanings: HashMap<String, BTreeMap<String, usize>> = HashMap::new();
    for (at, term) in terms.iter().enumerate().filter(|(at, _)| sound[*at]) {
        if let Some((outer, inner)) = variant::brackets(term.key) {
            meanings.entry(normal_form(inner)).or_default().insert(normal_form(outer), at);
        }
    }
    for (at, term) in terms.iter().enumerate().filter(|(at, _)| sound[*at]) {
        if let Some((outer, inner)) = variant::brackets(term.key) {
            link_to_form(Evidence::Brackets, at, outer, &mut links);
            if meanings.get(&normal_form(inner)).is_some_and(|outers| outers.len() == 1) {
                // The case must agree: 可解释人工智能(XAI) is neither the firm xAI nor X.AI.
                let written = term.name.rsplit(['(', '（']).next().unwrap_or_default();
                let written = written.trim_end_matches([')', '）']).trim();
                let others = unquoted.get(&normal_form(inner)).into_iter().flatten();
                let same = others.filter(|&&other| {
                    other != at && terms[other].name == written && variant::is_other_name(written)
                });
                links.extend(same.map(|&other| (Evidence::Brackets, at, other)));
            }
        }
        if let Some(rest) = variant::without_suffix(term.key) {
            link_to_form(Evidence::Suffix, at, rest, &mut links);
        }
        if let Some(singular) = variant::in_singular(term.key, term.name) {
            link_to_form(Evidence::Plural, at, &singular, &mut links);
        }
    }
    links.extend(find_typos(terms, &sound));
    join(terms, links)
}

/// Pairs of long Latin names that differ in one letter, if the rarer one is likely a typo of the
/// more frequent one.
fn find_typos(terms: &[Spelling<'_>], sound: &[bool]) -> Vec<(Evidence, usize, usize)> {
    let plain: Vec<String> = terms.par_iter().map(|term| variant::without_separators(term.key)).collect();
    let forms: Vec<Vec<String>> = plain
        .par_iter()
        .zip(sound)
        .map(|(plain, sound)| if *sound { variant::deletions(plain) } else { Vec::new() })
        .collect();
    let mut table: HashMap<&str, Vec<usize>> = HashMap::new();
    for (at, forms) in forms.iter().enumerate() {
        for form in forms {
            table.entry(form).or_default().push(at);
        }
    }
    let mut links = Vec::new();
    for group in table.values().filter(|group| (2..=MAX_TERMS_OF_FORM).contains(&group.len())) {
        for (place, &a) in group.iter().enumerate() {
            for &b in &group[place + 1..] {
                let (rare, usual) = (terms[a].count.min(terms[b].count), terms[a].count.max(terms[b].count));
                // Many ordinary words are such pairs (complement, compliment); names have capitals.
                let is_name = [a, b].iter().any(|&at| terms[at].name.chars().any(char::is_uppercase));
                // If both spellings are in use, they are two names.
                let is_rare = rare < 3 || rare * 10 <= usual;
                if is_name
                    && is_rare
                    && variant::is_typo(&plain[a], &plain[b])
                    && variant::differ_only_in_long_words(terms[a].key, terms[b].key)
                {
                    links.push((Evidence::Spelling, a, b));
                }
            }
        }
    }
    links
}

/// Joins linked terms to groups (union-find) and sorts the groups.
fn join(terms: &[Spelling<'_>], mut links: Vec<(Evidence, usize, usize)>) -> Vec<Duplicates> {
    fn root(parents: &mut [usize], mut at: usize) -> usize {
        while parents[at] != at {
            parents[at] = parents[parents[at]];
            at = parents[at];
        }
        at
    }
    // The links with the best evidence are joined first: a weaker link between terms of one group
    // adds no evidence.
    links.sort_unstable();
    links.dedup();
    let mut parents: Vec<usize> = (0..terms.len()).collect();
    let mut reasons: Vec<(Evidence, usize)> = Vec::new();
    for (evidence, a, b) in links {
        let (a, b) = (root(&mut parents, a), root(&mut parents, b));
        if a != b {
            parents[b] = a;
            reasons.push((evidence, a));
        }
    }
    let mut groups: BTreeMap<usize, Duplicates> = BTreeMap::new();
    for at in 0..terms.len() {
        let root = root(&mut parents, at);
        groups
            .entry(root)
            .or_insert_with(|| Duplicates { terms: Vec::new(), evidence: Vec::new() })
            .terms
            .push(at);
    }
    for (evidence, at) in reasons {
        let root = root(&mut parents, at);
        if let Some(group) = groups.get_mut(&root)
            && !group.evidence.contains(&evidence)
        {
            group.evidence.push(evidence);
        }
    }
    let mut found: Vec<Duplicates> = groups.into_values().filter(|group| group.terms.len() > 1).collect();
    let use_of = |group: &Duplicates| group.terms.iter().map(|&at| terms[at].count).sum::<usize>();
    // Among equally used spellings, the first is the one with capitals, without brackets, in
    // Simplified characters.
    let preference = |at: usize| {
        let name = terms[at].name;
        let capitals = name.chars().any(char::is_uppercase);
        (!capitals, name.contains(['(', '（']), variant::in_simplified(name) != name)
    };
    for group in &mut found {
        group.terms.sort_by(|&a, &b| {
            terms[b]
                .count
                .cmp(&terms[a].count)
                .then_with(|| preference(a).cmp(&preference(b)))
                .then_with(|| terms[a].key.cmp(terms[b].key))
        });
        group.evidence.sort_unstable();
    }
    // A group is as certain as its weakest evidence.
    found.sort_by(|a, b| {
        a.evidence
            .last()
            .cmp(&b.evidence.last())
            .then_with(|| use_of(b).cmp(&use_of(a)))
            .then_with(|| terms[a.terms[0]].key.cmp(terms[b.terms[0]].key))
    });
    found
}

/// The defect of a term, if it has one.
#[must_use]
pub fn find_defect(term: &Spelling<'_>) -> Option<TermDefect> {
    if placeholder::is_placeholder(term.key) {
        Some(TermDefect::Placeholder)
    } else if placeholder::is_sentence(term.name) {
        Some(TermDefect::Sentence)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::slug::key::term_key;

    /// Labelled spellings. The columns are: split, group, count, kind, term.
    const LABELLED: &str = include_str!("../../tests/fixtures/terms.tsv");

    #[test]
    fn what_is_reported_is_likely_the_same() {
        for split in ["calibrate", "held-out"] {
            let rows: Vec<Vec<&str>> = LABELLED
                .lines()
                .skip(1)
                .map(|line| line.split('\t').collect::<Vec<_>>())
                .filter(|row| row[0] == split)
                .collect();
            let keys: Vec<String> = rows.iter().map(|row| term_key(row[4])).collect();
            let terms: Vec<Spelling<'_>> = rows
                .iter()
                .zip(&keys)
                .map(|(row, key)| Spelling { key, name: row[4], count: row[2].parse().unwrap() })
                .collect();
            let group_of = |at: usize| rows[at][1];
            let mut wrong = Vec::new();
            let mut right = 0;
            for group in find_duplicates(&terms) {
                for (place, &a) in group.terms.iter().enumerate() {
                    for &b in &group.terms[place + 1..] {
                        if group_of(a) == group_of(b) {
                            right += 1;
                        } else {
                            wrong.push((group.evidence.clone(), terms[a].name, terms[b].name));
                        }
                    }
                }
            }
            let found = right + wrong.len();
            let all: usize = rows
                .iter()
                .filter(|row| row[3] == "term")
                .fold(HashMap::<&str, usize>::new(), |mut sizes, row| {
                    *sizes.entry(row[1]).or_default() += 1;
                    sizes
                })
                .values()
                .map(|size| size * (size - 1) / 2)
                .sum();
            let (precision, recall) = (right as f64 / found as f64, right as f64 / all as f64);
            println!(
                "{split}: precision {right}/{found} = {precision:.3}, recall {right}/{all} = {recall:.3}"
            );
            assert!(precision >= 0.97 && recall >= 0.4, "{split}: {precision:.3} {recall:.3} {wrong:?}");
            for (kind, defect) in
                [("placeholder", TermDefect::Placeholder), ("sentence", TermDefect::Sentence)]
            {
                let found: Vec<usize> =
                    (0..terms.len()).filter(|&at| find_defect(&terms[at]) == Some(defect)).collect();
                let wrong: Vec<_> =
                    found.iter().filter(|&&at| rows[at][3] != kind).map(|&at| terms[at].name).collect();
                let all = rows.iter().filter(|row| row[3] == kind).count();
                println!("{split}: {} of {all} {kind}s found", found.len() - wrong.len());
                assert!(wrong.is_empty(), "{split} {kind}: {wrong:?}");
                assert!((found.len() - wrong.len()) * 2 >= all, "{split} {kind}: {} of {all}", found.len());
            }
        }
    }

    #[test]
    fn a_hundred_thousand_terms_are_searched_without_comparing_all_pairs() {
        // The names differ only in their numbers. Comparing all pairs would take minutes.
        let names: Vec<String> = (0..100_000).map(|n| format!("technology number {n:06}")).collect();
        let terms: Vec<Spelling<'_>> =
            names.iter().map(|name| Spelling { key: name, name, count: 1 }).collect();
        assert!(find_duplicates(&terms).is_empty());
    }
}
