//! Finds likely problems of terms: duplicates, terms of two taxonomies, placeholders, sentences and
//! registry entries that no article uses.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;

use crate::check::commands;
use crate::check::digest::Digest;
use crate::check::finding::{Finding, FoundTerm, SourcePlaces};
use crate::check::terms::{self, Spelling, TermDefect};
use crate::check::variant::{self, Evidence};
use crate::config::{Config, Rule};
use crate::diagnostic::Place;
use crate::load::registry::{self, Entry};
use crate::site::ArticleId;
use crate::slug;
use crate::text::han;

/// The maximum number of example articles that a finding names for each term.
const MAX_EXAMPLES: usize = 3;

/// The registry's entries of one taxonomy, by the key of the name.
type Entries<'a> = HashMap<String, &'a Entry>;

fn entries_by_key<'a>(digest: &'a Digest, taxonomy: usize) -> Entries<'a> {
    let entries = digest.registry.taxonomies.get(taxonomy).map_or(&[][..], Vec::as_slice);
    entries.iter().map(|entry| (slug::key::term_key(&entry.name), entry)).collect()
}

/// Finds the likely problems of all terms of the digest at `root`.
pub(super) fn find_problems(root: &Path, digest: &Digest, config: &Config) -> Vec<Finding> {
    let mut duplicates = Vec::new();
    let mut defective = Vec::new();
    let mut unused = Vec::new();
    // Terms are identified by (taxonomy, index of the term).
    let mut declared: HashSet<(usize, usize)> = HashSet::new();
    let mut by_key: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (taxonomy, all) in digest.site.taxonomies.iter().enumerate() {
        let entries = entries_by_key(digest, taxonomy);
        let spellings: Vec<Spelling<'_>> = all
            .terms
            .iter()
            .map(|term| Spelling { key: &term.key, name: &term.name, count: term.articles.len() })
            .collect();
        for group in terms::find_duplicates(&spellings) {
            // Two entries in the registry declare that two of the terms are different.
            let named = group.terms.iter().filter(|&&at| entries.contains_key(&all.terms[at].key)).count();
            if named < 2 {
                duplicates.push((
                    group.evidence.last().copied(),
                    duplicates_finding(digest, config, taxonomy, &entries, &group),
                ));
            }
        }
        for (at, term) in spellings.iter().enumerate() {
            by_key.entry(term.key).or_default().push((taxonomy, at));
            if entries.contains_key(term.key) {
                declared.insert((taxonomy, at));
            }
            if let Some(defect) = terms::find_defect(term) {
                defective.push((
                    defect,
                    defect_finding(digest, config, taxonomy, at, defect, entries.get(term.key).copied()),
                ));
            }
        }
        unused.extend(unused_entries(digest, config, taxonomy));
    }
    // The best evidence is first, in whatever taxonomy. The sort is stable: with equal evidence,
    // the order of `find_duplicates` is kept.
    duplicates.sort_by_key(|(weakest, _)| *weakest);
    let mut found: Vec<Finding> = duplicates.into_iter().map(|(_, finding)| finding).collect();
    let mut in_several: Vec<Finding> = by_key
        .values()
        .filter(|terms| terms.len() > 1)
        // An entry in each of the taxonomies declares that the term belongs to all of them.
        .filter(|terms| terms.iter().any(|term| !declared.contains(term)))
        .map(|terms| several_taxonomies_finding(digest, config, terms))
        .collect();
    in_several
        .sort_by_key(|finding| std::cmp::Reverse(finding.terms.iter().map(|term| term.count).sum::<usize>()));
    found.extend(in_several);
    defective.sort_by_key(|(defect, _)| *defect == TermDefect::Sentence);
    found.extend(defective.into_iter().map(|(_, finding)| finding));
    found.extend(unused);
    let places = SourcePlaces::new(root, config);
    for finding in &mut found {
        finding.place = finding.place.take().or_else(|| example_place(&places, finding));
    }
    found
}

/// The place of the finding's last term in its first example article. Of duplicates, the last term
/// is the one to change.
fn example_place(places: &SourcePlaces<'_>, finding: &Finding) -> Option<Place> {
    let term = finding.terms.last()?;
    Some(places.find_words(term.examples.first()?, &[&term.name]))
}

fn found_term(digest: &Digest, config: &Config, taxonomy: usize, at: usize) -> FoundTerm {
    let term = &digest.site.taxonomies[taxonomy].terms[at];
    let file = |id: &ArticleId| digest.site.articles[*id].file.clone();
    FoundTerm {
        taxonomy: config.taxonomies[taxonomy].name.clone(),
        name: term.name.clone(),
        count: term.articles.len(),
        examples: term.articles.iter().take(MAX_EXAMPLES).map(file).collect(),
    }
}

/// Counts the reasons not to keep a spelling, however often it is used: a script other than the
/// digest's, brackets, a suffix such as 公司, a space between Han characters.
fn count_drawbacks(config: &Config, both_scripts: bool, name: &str) -> usize {
    let traditional = variant::in_simplified(name) != name;
    let wanted = config.language.is_traditional();
    let characters: Vec<char> = name.chars().collect();
    let spaced =
        characters.windows(3).any(|part| part[1] == ' ' && han::is_han(part[0]) && han::is_han(part[2]));
    usize::from(both_scripts && traditional != wanted)
        + usize::from(name.contains(['(', '（']))
        + usize::from(variant::without_suffix(&name.to_lowercase()).is_some())
        + usize::from(spaced)
}

fn duplicates_finding(
    digest: &Digest,
    config: &Config,
    taxonomy: usize,
    entries: &Entries<'_>,
    group: &terms::Duplicates,
) -> Finding {
    let mut terms: Vec<FoundTerm> =
        group.terms.iter().map(|&at| found_term(digest, config, taxonomy, at)).collect();
    let entry_of = |name: &str| entries.get(&slug::key::term_key(name)).copied();
    let both_scripts = group.evidence.contains(&Evidence::Traditional);
    // The terms are merged into the one with an entry, else into the one with the fewest drawbacks.
    terms.sort_by_key(|term| {
        (entry_of(&term.name).is_none(), count_drawbacks(config, both_scripts, &term.name))
    });
    let names: Vec<String> = terms.iter().map(|term| format!("{} ({})", term.name, term.count)).collect();
    let reasons: Vec<String> = group.evidence.iter().map(|evidence| evidence.words()).collect();
    let (into, from) = (&terms[0], &terms[1..]);
    let command =
        commands::merge_command(&into.taxonomy, from.iter().map(|term| term.name.as_str()), &into.name);
    let (help, paste) = match entry_of(&into.name) {
        Some(entry) => (
            tr!(
                "add the others to the aliases on line {} of {}, or run: {command}",
                digest.registry.place(&entry.at).line,
                registry::FILE,
                command
            ),
            None,
        ),
        None => (
            tr!("run: {command}", command),
            Some(commands::entry_lines(&into.name, from.iter().map(|term| term.name.as_str()))),
        ),
    };
    let (names, reasons) = (names.join(&tr!("list" => ", ")), reasons.join(&tr!("reasons" => " and ")));
    let message = tr!("{taxonomy}: {names} {reasons}", taxonomy = into.taxonomy, names, reasons);
    let place = entry_of(&into.name).map(|entry| digest.registry.place(&entry.at));
    let evidence = group.evidence.clone();
    Finding { evidence, terms, paste, place, ..Finding::new(Rule::DuplicateTerms, message, help) }
}

fn several_taxonomies_finding(digest: &Digest, config: &Config, terms: &[(usize, usize)]) -> Finding {
    let terms: Vec<FoundTerm> =
        terms.iter().map(|&(taxonomy, at)| found_term(digest, config, taxonomy, at)).collect();
    let uses: Vec<String> = terms.iter().map(|term| format!("{} ({})", term.taxonomy, term.count)).collect();
    let help = tr!(
        "keep the term in one taxonomy and add `hidden: true` in the other; if it belongs to both, add an entry to each"
    );
    let uses = uses.join(&tr!("taxonomies" => " and of "));
    let message = tr!("{term} is a term of {taxonomies}", term = terms[0].name, taxonomies = uses);
    Finding { terms, ..Finding::new(Rule::TermInTwoTaxonomies, message, help) }
}

fn defect_finding(
    digest: &Digest,
    config: &Config,
    taxonomy: usize,
    at: usize,
    defect: TermDefect,
    entry: Option<&Entry>,
) -> Finding {
    let term = found_term(digest, config, taxonomy, at);
    let shown = format!("{} ({})", term.name, term.count);
    let (rule, message) = match defect {
        TermDefect::Placeholder => (
            Rule::PlaceholderTerm,
            tr!("{taxonomy}: {term} is a placeholder", taxonomy = term.taxonomy, term = shown),
        ),
        TermDefect::Sentence => (
            Rule::SentenceTerm,
            tr!("{taxonomy}: {term} reads like a sentence", taxonomy = term.taxonomy, term = shown),
        ),
    };
    let examples = term.examples.join(&tr!("list" => ", "));
    let (help, paste) = match entry {
        Some(entry) => {
            let line = digest.registry.place(&entry.at).line;
            (
                tr!(
                    "add `hidden: true` to the entry on line {line} of {}, or remove the term from {examples}",
                    registry::FILE,
                    line,
                    examples
                ),
                None,
            )
        }
        None => {
            let help = tr!("hide the term, or remove it from {examples}", examples);
            (help, Some(commands::hidden_entry_lines(&term.name)))
        }
    };
    Finding { paste, terms: vec![term], ..Finding::new(rule, message, help) }
}

/// Finds registry entries whose name and aliases no article uses. They are often misspelt.
fn unused_entries(digest: &Digest, config: &Config, taxonomy: usize) -> Vec<Finding> {
    let carried: HashSet<String> = digest
        .written
        .get(taxonomy)
        .into_iter()
        .flatten()
        .map(|written| slug::key::term_key(written))
        .collect();
    let name = &config.taxonomies[taxonomy].name;
    let entries = digest.registry.taxonomies.get(taxonomy).map_or(&[][..], Vec::as_slice);
    let unused = entries.iter().filter(|entry| {
        let names = std::iter::once(&entry.name).chain(entry.other_names().map(|alias| &alias.text));
        !names.map(|name| slug::key::term_key(name)).any(|key| carried.contains(&key))
    });
    unused
        .map(|entry| {
            let place = digest.registry.place(&entry.at);
            let message = tr!("{name}: no article carries {}", entry.name, name);
            let help = tr!(
                "check the spelling on line {} of {}, or keep the entry for later articles",
                place.line,
                registry::FILE
            );
            let term = FoundTerm {
                taxonomy: name.clone(),
                name: entry.name.clone(),
                count: 0,
                examples: Vec::new(),
            };
            Finding { terms: vec![term], ..Finding::new(Rule::UnusedEntry, message, help).at(place) }
        })
        .collect()
}

/// What a finding about terms has below its help: where the terms are, and the lines to paste.
pub(super) fn draw_details(finding: &Finding) -> String {
    let mut text = String::new();
    for term in finding.terms.iter().filter(|_| finding.code == Rule::DuplicateTerms.code()) {
        let _ = writeln!(
            text,
            "  {}",
            tr!("{term} in {files}", term = term.name, files = term.examples.join(&tr!("list" => ", ")))
        );
    }
    if let (Some(paste), Some(term)) = (&finding.paste, finding.terms.first()) {
        let add =
            tr!("or add below `{taxonomy}:` in {file}:", taxonomy = term.taxonomy, file = registry::FILE);
        let _ = write!(text, "  {add}\n{paste}");
    }
    crate::text::invisible::visible(&text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Language;

    #[test]
    fn a_spelling_has_a_drawback_for_each_reason_not_to_keep_it() {
        for (language, both_scripts, name, wanted) in [
            (Language::ZhCn, true, "机器学习", 0),
            (Language::ZhCn, true, "機器學習", 1),
            (Language::ZhCn, false, "機器學習", 0),
            (Language::ZhTw, true, "機器學習", 0),
            (Language::ZhTw, true, "机器学习", 1),
            (Language::ZhTw, false, "机器学习", 0),
            (Language::ZhCn, false, "通用(AGI)", 1),
            (Language::ZhCn, false, "通用（AGI）", 1),
            (Language::ZhCn, false, "OpenAI公司", 1),
            (Language::ZhCn, false, "芯 片", 1),
            (Language::ZhCn, false, "AI 芯片", 0),
            (Language::ZhCn, false, "芯片 AI", 0),
            (Language::ZhCn, true, "開 源(OSS)", 3),
            (Language::ZhCn, true, "OpenAI 公司", 1),
        ] {
            let config = Config { language, ..Config::default() };
            assert_eq!(count_drawbacks(&config, both_scripts, name), wanted, "{language:?} {name}");
        }
    }
}
