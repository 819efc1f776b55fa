//! Findings about terms: which are likely the same, in two taxonomies, placeholders, sentences, or asked for by no article.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fmt::Write as _;
use std::path::Path;
use std::sync::Arc;

use crate::check::finding::{self, Finding, FoundTerm};
use crate::check::terms::{self, Spelling, TermDefect};
use crate::check::variant::{self, Evidence};
use crate::config::Rule;
use crate::config::{Config, Language};
use crate::diagnostic::{Diagnostic, Place};
use crate::load::markdown::Rendered;
use crate::load::registry::Entry;
use crate::load::{self, Cache, Registry, registry};
use crate::site::{self, ArticleId, Site};
use crate::slug;
use crate::text::han;
use crate::watchdog::Watchdog;
use crate::yaml;

/// Example articles that a finding names for each term.
const MAX_EXAMPLES: usize = 3;

/// A digest as a check sees it.
pub struct Digest {
    /// Articles and terms.
    pub site: Site,
    /// `content/terms.yaml`.
    pub registry: Registry,
    /// The terms of each taxonomy as articles write them.
    pub written: Vec<HashSet<String>>,
    /// What is wrong with the files.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with `content/terms.yaml` by itself.
    pub registry_diagnostics: Vec<Diagnostic>,
}

impl Digest {
    /// The terms of what was read, drafts included. Bodies are left out: terms are not in them.
    #[must_use]
    pub fn of(content: &load::Content, config: &Config) -> Self {
        let mut diagnostics = content.diagnostics.clone();
        let all = content.articles.iter().chain(&content.draft_articles);
        let articles: Vec<_> = all.map(|(article, _)| (Arc::clone(article), Rendered::default())).collect();
        let mut written = vec![HashSet::new(); config.taxonomies.len()];
        for (article, _) in &articles {
            for (all, terms) in written.iter_mut().zip(&article.terms) {
                all.extend(terms.iter().cloned());
            }
        }
        let about_registry =
            |found: &&Diagnostic| found.place.as_ref().is_some_and(|place| place.path == registry::FILE);
        let registry_diagnostics = diagnostics.iter().filter(about_registry).cloned().collect();
        let registry = content.registry.clone();
        let content = load::Content { articles, registry: registry.clone(), ..load::Content::default() };
        let (site, _, found) = site::assemble(content, config, Arc::new(|_, _| Ok(String::new())));
        diagnostics.extend(found);
        Self { site, registry, written, registry_diagnostics, diagnostics }
    }
}

/// Reads a digest, its drafts included, without touching any caches.
#[must_use]
pub fn read(root: &Path, config: &Config) -> Digest {
    let mut sources = load::Sources::find(root, config.links, &mut Cache::none());
    let content = load::content(root, config, true, &mut Cache::none(), &mut sources, &Watchdog::none());
    Digest::of(&content, config)
}

/// The registry's entries of one taxonomy by key.
type Entries<'a> = HashMap<String, &'a Entry>;

fn entries<'a>(digest: &'a Digest, taxonomy: usize) -> Entries<'a> {
    let entries = digest.registry.taxonomies.get(taxonomy).map_or(&[][..], Vec::as_slice);
    entries.iter().map(|entry| (slug::key::term_key(&entry.name), entry)).collect()
}

/// What is likely wrong with the terms of the digest at `root`.
#[must_use]
pub fn findings(root: &Path, digest: &Digest, config: &Config) -> Vec<Finding> {
    let mut alike = Vec::new();
    let mut defective = Vec::new();
    let mut unused = Vec::new();
    let mut declared: HashSet<(usize, usize)> = HashSet::new();
    let mut everywhere: BTreeMap<&str, Vec<(usize, usize)>> = BTreeMap::new();
    for (taxonomy, all) in digest.site.taxonomies.iter().enumerate() {
        let entries = entries(digest, taxonomy);
        let spellings: Vec<Spelling<'_>> = all
            .terms
            .iter()
            .map(|term| Spelling { key: &term.key, name: &term.name, count: term.articles.len() })
            .collect();
        for group in terms::duplicates(&spellings) {
            // Whoever gave two of them entries of their own said that they are two.
            let named = group.terms.iter().filter(|&&at| entries.contains_key(&all.terms[at].key)).count();
            if named < 2 {
                alike.push((
                    group.evidence.last().copied(),
                    duplicates(digest, config, taxonomy, &entries, &group),
                ));
            }
        }
        for (at, term) in spellings.iter().enumerate() {
            everywhere.entry(term.key).or_default().push((taxonomy, at));
            if entries.contains_key(term.key) {
                declared.insert((taxonomy, at));
            }
            if let Some(defect) = terms::defect(term) {
                defective.push((
                    defect,
                    single(digest, config, taxonomy, at, defect, entries.get(term.key).copied()),
                ));
            }
        }
        unused.extend(never_carried(digest, config, taxonomy));
    }
    // Sure things first, whatever their taxonomy; within one kind the taxonomy's own order stands.
    alike.sort_by_key(|(weakest, _)| *weakest);
    let mut found: Vec<Finding> = alike.into_iter().map(|(_, finding)| finding).collect();
    let mut twice: Vec<Finding> = everywhere
        .values()
        .filter(|places| places.len() > 1)
        // An entry in each of them says that a term is meant to be there.
        .filter(|places| places.iter().any(|place| !declared.contains(place)))
        .map(|places| in_two_taxonomies(digest, config, places))
        .collect();
    twice
        .sort_by_key(|finding| std::cmp::Reverse(finding.terms.iter().map(|term| term.count).sum::<usize>()));
    found.extend(twice);
    defective.sort_by_key(|(defect, _)| *defect == TermDefect::Sentence);
    found.extend(defective.into_iter().map(|(_, finding)| finding));
    found.extend(unused);
    for finding in &mut found {
        finding.place = finding.place.take().or_else(|| example_place(root, config, finding));
    }
    found
}

/// Where an article carries the term that is to be looked at: the last one named, which is the odd one of duplicates.
fn example_place(root: &Path, config: &Config, finding: &Finding) -> Option<Place> {
    let term = finding.terms.last()?;
    Some(finding::place(root, config, term.examples.first()?, &[&term.name]))
}

fn found(digest: &Digest, config: &Config, taxonomy: usize, at: usize) -> FoundTerm {
    let term = &digest.site.taxonomies[taxonomy].terms[at];
    let file = |id: &ArticleId| digest.site.articles[*id].file.clone();
    FoundTerm {
        taxonomy: config.taxonomies[taxonomy].name.clone(),
        name: term.name.clone(),
        count: term.articles.len(),
        examples: term.articles.iter().take(MAX_EXAMPLES).map(file).collect(),
    }
}

/// What speaks against a spelling as the one that stays, whatever its use: the other script than the digest's, brackets, 公司,
/// spaces between Han.
fn drawbacks(config: &Config, both_scripts: bool, name: &str) -> usize {
    let traditional = variant::in_simplified(name) != name;
    let wanted = config.language == Language::ZhTw;
    let characters: Vec<char> = name.chars().collect();
    let spaced =
        characters.windows(3).any(|part| part[1] == ' ' && han::is_han(part[0]) && han::is_han(part[2]));
    usize::from(both_scripts && traditional != wanted)
        + usize::from(name.contains(['(', '（']))
        + usize::from(variant::without_suffix(&name.to_lowercase()).is_some())
        + usize::from(spaced)
}

fn duplicates(
    digest: &Digest,
    config: &Config,
    taxonomy: usize,
    entries: &Entries<'_>,
    group: &terms::Duplicates,
) -> Finding {
    let mut terms: Vec<FoundTerm> =
        group.terms.iter().map(|&at| found(digest, config, taxonomy, at)).collect();
    let entry_of = |name: &str| entries.get(&slug::key::term_key(name)).copied();
    let both_scripts = group.evidence.contains(&Evidence::Traditional);
    // What an editor named already is what the others are merged into.
    terms.sort_by_key(|term| (entry_of(&term.name).is_none(), drawbacks(config, both_scripts, &term.name)));
    let names: Vec<String> = terms.iter().map(|term| format!("{} ({})", term.name, term.count)).collect();
    let reasons: Vec<&str> = group.evidence.iter().map(|evidence| evidence.words()).collect();
    let (into, from) = (&terms[0], &terms[1..]);
    let command = merge_command(&into.taxonomy, from.iter().map(|term| term.name.as_str()), &into.name);
    let (help, paste) = match entry_of(&into.name) {
        Some(entry) => (
            format!(
                "add the others to the aliases on line {} of {}, or run: {command}",
                digest.registry.place(&entry.at).line,
                registry::FILE
            ),
            None,
        ),
        None => (
            format!("run: {command}"),
            Some(entry_lines(&into.name, from.iter().map(|term| term.name.as_str()))),
        ),
    };
    let message = format!("{}: {} {}", into.taxonomy, names.join(", "), reasons.join(" and "));
    let place = entry_of(&into.name).map(|entry| digest.registry.place(&entry.at));
    let evidence = group.evidence.clone();
    Finding { evidence, terms, paste, place, ..Finding::new(Rule::DuplicateTerms, message, help) }
}

fn in_two_taxonomies(digest: &Digest, config: &Config, places: &[(usize, usize)]) -> Finding {
    let terms: Vec<FoundTerm> =
        places.iter().map(|&(taxonomy, at)| found(digest, config, taxonomy, at)).collect();
    let uses: Vec<String> = terms.iter().map(|term| format!("{} ({})", term.taxonomy, term.count)).collect();
    let help = "decide where it belongs, and tell the model that annotates; `hidden: true` takes it out of one of them, and \
                an entry in each says that it is meant";
    let message = format!("{} is a term of {}", terms[0].name, uses.join(" and of "));
    Finding { terms, ..Finding::new(Rule::TermInTwoTaxonomies, message, help) }
}

fn single(
    digest: &Digest,
    config: &Config,
    taxonomy: usize,
    at: usize,
    defect: TermDefect,
    entry: Option<&Entry>,
) -> Finding {
    let term = found(digest, config, taxonomy, at);
    let (rule, what) = match defect {
        TermDefect::Placeholder => (Rule::PlaceholderTerm, "stands for nothing"),
        TermDefect::Sentence => (Rule::SentenceTerm, "reads like a sentence"),
    };
    let examples = term.examples.join(", ");
    let (help, paste) = match entry {
        Some(entry) => {
            let line = digest.registry.place(&entry.at).line;
            (
                format!(
                    "say `hidden: true` on line {line} of {}, or take it out of {examples}",
                    registry::FILE
                ),
                None,
            )
        }
        None => (
            format!("hide it, or take it out of {examples}"),
            Some(format!("  - name: {}\n    hidden: true\n", yaml::scalar(&term.name))),
        ),
    };
    let message = format!("{}: {} ({}) {what}", term.taxonomy, term.name, term.count);
    Finding { paste, terms: vec![term], ..Finding::new(rule, message, help) }
}

/// Entries that no article asks for, by their names or by aliases: often a slip of the editor's.
fn never_carried(digest: &Digest, config: &Config, taxonomy: usize) -> Vec<Finding> {
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
        let names = std::iter::once(&entry.name).chain(entry.aliases.iter().map(|alias| &alias.text));
        !names.map(|name| slug::key::term_key(name)).any(|key| carried.contains(&key))
    });
    unused
        .map(|entry| {
            let place = digest.registry.place(&entry.at);
            let message = format!("{name}: no article carries {}", entry.name);
            let help = format!(
                "look whether it is misspelt on line {} of {}, or leave it for articles to come",
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

/// The command that merges terms.
fn merge_command<'a>(taxonomy: &str, from: impl Iterator<Item = &'a str>, into: &str) -> String {
    let from: Vec<&str> = from.collect();
    let words: Vec<String> = from.iter().map(|name| shell(name)).collect();
    // A name that begins with a hyphen would be taken for an option.
    if from.iter().chain([&into]).any(|name| name.starts_with('-')) {
        return format!("newsprint terms merge --into={} -- {taxonomy} {}", shell(into), words.join(" "));
    }
    format!("newsprint terms merge {taxonomy} {} --into {}", words.join(" "), shell(into))
}

/// An entry of the registry.
#[must_use]
pub fn entry_lines<'a>(name: &str, aliases: impl Iterator<Item = &'a str>) -> String {
    let mut lines = format!("  - name: {}\n    aliases:\n", yaml::scalar(name));
    for alias in aliases {
        let _ = writeln!(lines, "      - {}", yaml::scalar(alias));
    }
    lines
}

/// A word for a shell: in single quotes unless it is plain.
fn shell(word: &str) -> String {
    if !word.is_empty()
        && word.chars().all(|c| c.is_alphanumeric() || "-_.+/".contains(c))
        && !word.starts_with('-')
    {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', "'\\''"))
}

/// A finding about terms, for people: the terms, what to run and what to paste.
#[must_use]
pub fn text(finding: &Finding) -> String {
    let mut text = String::new();
    let _ = writeln!(text, "{}: {}", finding.code, finding.message);
    if let Some(place) = finding.place.as_ref().filter(|place| place.line > 0) {
        let _ = writeln!(text, " --> {}:{}:{}", place.path, place.line, place.column);
    }
    for term in finding.terms.iter().filter(|_| finding.code == Rule::DuplicateTerms.code()) {
        let _ = writeln!(text, "    {} in {}", term.name, term.examples.join(", "));
    }
    let _ = writeln!(text, "  {}", finding.help);
    if let (Some(paste), Some(term)) = (&finding.paste, finding.terms.first()) {
        let _ = writeln!(text, "  or put below `{}:` in {}:\n{paste}", term.taxonomy, registry::FILE);
    } else {
        text.push('\n');
    }
    crate::text::invisible::visible(&text)
}
