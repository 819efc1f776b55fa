//! Collects terms: merges spellings, and chooses the name, slug and address of each term.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rayon::prelude::*;

use crate::config::{Config, Slugs};
use crate::diagnostic::Diagnostic;
use crate::load::{Article, Registry};
use crate::site::aliases::Naming;
use crate::site::ids::{ArticleId, TermId};
use crate::site::permalink::Address;
use crate::slug;
use crate::slug::key::term_key;

/// One term of a taxonomy.
#[derive(Debug, Clone)]
pub struct Term {
    /// The key: spellings with the same key are the same term.
    pub key: String,
    /// The name: from the registry, else the spelling that most articles use; in a tie, the first
    /// in code-point order.
    pub name: String,
    /// Name of the term's folder in addresses.
    pub slug: String,
    /// Address of the term's page, even if it has none.
    pub address: Address,
    /// True if the term has enough articles for a page.
    pub has_page: bool,
    /// The description from the registry.
    pub description: Option<String>,
    /// The aliases from the registry.
    pub aliases: Vec<String>,
    /// Slugs of the term and its aliases before the registry changed or merged them, or before
    /// newsprint read a character differently.
    pub old_slugs: Vec<String>,
    /// The articles with the term, newest first, undated ones last.
    pub articles: Vec<ArticleId>,
}

impl Term {
    /// Returns the URL path of the term's page, if it has one.
    #[must_use]
    pub fn path(&self) -> Option<&str> {
        self.has_page.then_some(self.address.path.as_str())
    }
}

/// The terms of one taxonomy.
#[derive(Debug, Clone, Default)]
pub struct TaxonomyTerms {
    /// URL path of the taxonomy's index.
    pub path: String,
    /// The terms, most used first, then by key.
    pub terms: Vec<Term>,
}

/// The terms of a digest.
#[derive(Debug, Default)]
pub struct Terms {
    /// The terms of each taxonomy, in the order of the configuration.
    pub taxonomies: Vec<TaxonomyTerms>,
    /// The terms of each article: by article, then taxonomy, in the order in which the article
    /// names them.
    pub article_terms: Vec<Vec<Vec<TermId>>>,
}

/// Collects the terms of all taxonomies.
#[must_use]
pub fn gather(articles: &[Arc<Article>], registry: &Registry, config: &Config) -> (Terms, Vec<Diagnostic>) {
    let gathered: Vec<_> = (0..config.taxonomies.len())
        .into_par_iter()
        .map(|index| {
            let (naming, mut diagnostics) = Naming::new(registry, index);
            let (mut terms, by_article) = gather_taxonomy(articles, index, &naming, config);
            diagnostics.extend(apply_registry(
                &mut terms,
                registry,
                &naming,
                &config.taxonomies[index].path,
                config,
            ));
            (terms, by_article, diagnostics)
        })
        .collect();
    let mut article_terms = vec![Vec::with_capacity(config.taxonomies.len()); articles.len()];
    let mut taxonomies = Vec::with_capacity(gathered.len());
    let mut diagnostics = Vec::new();
    for (terms, by_article, found) in gathered {
        diagnostics.extend(found);
        taxonomies.push(terms);
        for (all, ids) in article_terms.iter_mut().zip(by_article) {
            all.push(ids);
        }
    }
    (Terms { taxonomies, article_terms }, diagnostics)
}

/// Applies the slugs and aliases of the registry: sets new addresses and records the old slugs.
fn apply_registry(
    terms: &mut TaxonomyTerms,
    registry: &Registry,
    naming: &Naming<'_>,
    path: &str,
    config: &Config,
) -> Vec<Diagnostic> {
    if naming.entries.is_empty() {
        return Vec::new();
    }
    let mut diagnostics = Vec::new();
    let ids_by_slug: HashMap<String, TermId> =
        terms.terms.iter().enumerate().map(|(id, term)| (term.slug.clone(), id)).collect();
    let entries: Vec<Option<usize>> = terms.terms.iter().map(|term| naming.entry(&term.key)).collect();
    for (id, entry) in entries.iter().enumerate() {
        let Some(wanted) = entry.and_then(|entry| naming.slug(entry)) else { continue };
        match ids_by_slug.get(&wanted.text).filter(|&&other| other != id) {
            Some(&other) => diagnostics.push(
                Diagnostic::error(tr!(
                    "the slug `{}` belongs to the term `{}`",
                    wanted.text,
                    terms.terms[other].name
                ))
                .at(registry.place(&wanted.at))
                .help(tr!("choose another, or merge the two terms: make one an alias of the other")),
            ),
            None => {
                let term = &mut terms.terms[id];
                term.address = Address::new(&[path, &wanted.text], config);
                let old = std::mem::replace(&mut term.slug, wanted.text.clone());
                if old != term.slug {
                    term.old_slugs.push(old);
                }
            }
        }
    }
    let taken: HashSet<String> = terms.terms.iter().map(|term| term.slug.clone()).collect();
    for (term, entry) in terms.terms.iter_mut().zip(entries) {
        let aliases = || entry.into_iter().flat_map(|entry| naming.aliases(entry));
        let translated = entry.into_iter().flat_map(|entry| {
            let known = &naming.entries[entry];
            std::iter::once(known.name.as_str()).chain(known.names.iter().map(|(_, name)| name.text.as_str()))
        });
        let mut others: Vec<String> = aliases().map(|alias| alias.text.clone()).collect();
        for name in translated {
            if *name != term.name && !others.iter().any(|known| known == name) {
                others.push(name.to_owned());
            }
        }
        term.aliases = others;
        for key in aliases().map(|alias| term_key(&alias.text)) {
            term.old_slugs.push(slug::term(&key, config.slugs));
            term.old_slugs.extend(old_slug(&key, config));
        }
        let mut seen = HashSet::new();
        term.old_slugs.retain(|slug| !taken.contains(slug) && seen.insert(slug.clone()));
    }
    diagnostics
}

/// The slug that an earlier version of newsprint gave a key, if it differs.
fn old_slug(key: &str, config: &Config) -> Option<String> {
    (config.slugs == Slugs::Ascii).then(|| slug::old_ascii(key)).flatten()
}

/// A term whose spellings and articles are being collected.
#[derive(Default)]
struct TermDraft<'a> {
    key: String,
    /// The registry's entry for this term.
    entry: Option<usize>,
    /// Number of articles by spelling.
    spellings: HashMap<&'a str, usize>,
    articles: Vec<ArticleId>,
}

/// Collects the terms of one taxonomy, and the terms of each article in it.
fn gather_taxonomy(
    articles: &[Arc<Article>],
    taxonomy: usize,
    naming: &Naming<'_>,
    config: &Config,
) -> (TaxonomyTerms, Vec<Vec<TermId>>) {
    let settings = &config.taxonomies[taxonomy];
    let mut drafts: Vec<TermDraft<'_>> = Vec::new();
    let mut by_spelling: HashMap<&str, TermId> = HashMap::new();
    let mut by_key: HashMap<String, TermId> = HashMap::new();
    let mut by_article: Vec<Vec<TermId>> = Vec::with_capacity(articles.len());
    for (article, terms) in articles.iter().map(|article| &article.terms[taxonomy]).enumerate() {
        let mut ids: Vec<TermId> = Vec::with_capacity(terms.len());
        for written in terms {
            let id = *by_spelling.entry(written).or_insert_with(|| {
                let key = term_key(written);
                let entry = naming.entry(&key);
                // From here on, an alias is replaced by its term.
                let key = entry.map_or(key, |entry| naming.keys[entry].clone());
                let next = drafts.len();
                *by_key.entry(key.clone()).or_insert_with(|| {
                    drafts.push(TermDraft { key, entry, ..TermDraft::default() });
                    next
                })
            });
            let draft = &mut drafts[id];
            // A term of invisible characters has nothing to show. An article counts once for each
            // term: since articles are visited in order, comparing with the last one is enough.
            let hidden = draft.entry.is_some_and(|entry| naming.entries[entry].hidden);
            if !draft.key.is_empty() && !hidden && draft.articles.last() != Some(&article) {
                *draft.spellings.entry(written).or_default() += 1;
                draft.articles.push(article);
                ids.push(id);
            }
        }
        by_article.push(ids);
    }
    let mut order: Vec<TermId> = (0..drafts.len()).filter(|&id| !drafts[id].articles.is_empty()).collect();
    order.sort_by(|&a, &b| {
        drafts[b]
            .articles
            .len()
            .cmp(&drafts[a].articles.len())
            .then_with(|| drafts[a].key.cmp(&drafts[b].key))
    });
    let mut renumbered = vec![0; drafts.len()];
    for (new, &old) in order.iter().enumerate() {
        renumbered[old] = new;
    }
    for id in by_article.iter_mut().flatten() {
        *id = renumbered[*id];
    }
    let terms = order
        .into_iter()
        .map(|id| {
            let draft = std::mem::take(&mut drafts[id]);
            let name = draft.spellings.iter().max_by(|a, b| a.1.cmp(b.1).then_with(|| b.0.cmp(a.0)));
            let entry = draft.entry.map(|entry| &naming.entries[entry]);
            let slug = slug::term(&draft.key, config.slugs);
            let written = || name.map_or_else(|| draft.key.clone(), |(name, _)| (*name).to_owned());
            Term {
                name: entry.map_or_else(written, |entry| entry.name_in(config.language).to_owned()),
                address: Address::new(&[&settings.path, &slug], config),
                slug,
                has_page: draft.articles.len() >= settings.min_articles,
                description: entry.and_then(|entry| entry.description_in(config)).map(str::to_owned),
                aliases: Vec::new(),
                old_slugs: old_slug(&draft.key, config).into_iter().collect(),
                key: draft.key,
                articles: draft.articles,
            }
        })
        .collect();
    (TaxonomyTerms { path: Address::new(&[&settings.path], config).path, terms }, by_article)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::load::{article, source};
    use proptest::prelude::*;

    fn carrying(terms: &[&str], config: &Config) -> Arc<Article> {
        let terms: Vec<String> = terms.iter().map(|term| crate::yaml::flow_scalar(term)).collect();
        let text = format!("---\ntitle: T\nkeywords: [{}]\n---\n", terms.join(", "));
        let source = source::split("content/articles/a.md", Fingerprint::default(), text).unwrap();
        article::parse_article(&source, config).0.unwrap().0.into()
    }

    fn slugs(articles: &[Vec<&str>], config: &Config) -> HashMap<String, String> {
        let articles: Vec<_> = articles.iter().map(|terms| carrying(terms, config)).collect();
        let (terms, _) = gather(&articles, &Registry::default(), config);
        terms.taxonomies[0].terms.iter().map(|term| (term.key.clone(), term.slug.clone())).collect()
    }

    /// A term as text: name, slug, articles, aliases and old slugs.
    fn shown(term: &Term) -> String {
        let Term { name, slug, articles, aliases, old_slugs, .. } = term;
        format!("{name} {slug} {articles:?} {aliases:?} {old_slugs:?}")
    }

    #[test]
    fn the_registry_names_merges_and_hides_terms() {
        let written = "keywords:\n  - name: 开源\n    slug: open-source\n    aliases: [開源]\n  - name: 无\n    \
                       hidden: true\n  - name: 芯片\n    slug: ai\n  - name: 空调\n    slug: air\n";
        for (slugs, wanted) in [
            (
                Slugs::Han,
                [
                    "开源 open-source [0, 1] [\"開源\"] [\"开源\", \"開源\"]",
                    "AI ai [0] [] []",
                    "司长 司长 [1] [] []",
                    "空调 air [1] [] [\"空调\"]",
                    "芯片 芯片 [1] [] []",
                ],
            ),
            (
                Slugs::Ascii,
                [
                    "开源 open-source [0, 1] [\"開源\"] [\"kai-yuan~5f006e90\", \"kai-yuan~958b6e90\"]",
                    "AI ai [0] [] []",
                    "司长 si-zhang~53f8957f [1] [] [\"si-chang~53f8957f\"]",
                    "空调 air [1] [] [\"kong-diao~7a7a8c03\", \"kong-tiao~7a7a8c03\"]",
                    "芯片 xin-pian~82af7247 [1] [] []",
                ],
            ),
        ] {
            let config = Config { slugs, ..Config::default() };
            let (registry, found) = crate::load::registry::parse(written, &config);
            assert_eq!(found, []);
            let articles = [
                carrying(&["开源", "AI"], &config),
                carrying(&["開源", "芯片", "无", "开源", "空调", "司长"], &config),
            ];
            let (terms, found) = gather(&articles, &registry, &config);
            let found: Vec<(&str, usize)> =
                found.iter().map(|it| (it.message.as_str(), it.place.as_ref().unwrap().line)).collect();
            assert_eq!(found, [("the slug `ai` belongs to the term `AI`", 8)]);
            let shown: Vec<String> = terms.taxonomies[0].terms.iter().map(shown).collect();
            assert_eq!(shown, wanted);
            assert_eq!(terms.article_terms[0][0].len(), 2);
            assert_eq!(terms.article_terms[1][0].len(), 4);
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

        #[test]
        fn a_terms_slug_is_independent_of_other_articles(
            articles in prop::collection::vec(
                prop::collection::vec(
                    prop::sample::select(vec!["C", "C++", "GPT-4", "gpt 4", "ＧＰＴ-4", "权力", "权利", "AI 芯片", "AI芯片", "page", ".NET"]),
                    0..4,
                ),
                0..8,
            ),
            kept in prop::collection::vec(any::<bool>(), 8),
            ascii in any::<bool>(),
        ) {
            let slugs_are = if ascii { crate::config::Slugs::Ascii } else { crate::config::Slugs::Han };
            let config = Config { slugs: slugs_are, ..Config::default() };
            let all = slugs(&articles, &config);
            let fewer: Vec<Vec<&str>> =
                articles.iter().zip(&kept).filter(|(_, kept)| **kept).map(|(terms, _)| terms.clone()).collect();
            for (key, slug) in slugs(&fewer, &config) {
                prop_assert_eq!(Some(&slug), all.get(&key), "{}", key);
            }
        }
    }
}
