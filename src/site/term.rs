//! Terms: which spellings are the same term, how it is shown, and which articles carry it.

use std::collections::HashMap;

use rayon::prelude::*;
use unicode_normalization::UnicodeNormalization;

use crate::config::Config;
use crate::han;
use crate::load::Article;
use crate::site::{Address, ArticleId, slug};

/// A term's place in [`TaxonomyTerms::terms`].
pub type TermId = usize;

/// One value of a taxonomy.
#[derive(Debug, Clone)]
pub struct Term {
    /// What makes two spellings the same term.
    pub key: String,
    /// The spelling that most articles use; of equally used ones the first in code-point order.
    pub name: String,
    /// Its folder's name.
    pub slug: String,
    /// Where its page stands.
    pub address: Address,
    /// Newest first, the undated last.
    pub articles: Vec<ArticleId>,
}

/// The terms of one taxonomy.
#[derive(Debug, Clone, Default)]
pub struct TaxonomyTerms {
    /// The most used first, then by key.
    pub terms: Vec<Term>,
}

/// What makes two spellings the same term: Unicode NFKC and full case folding, white space as one space, and none
/// between a full-width character and another script (`AI 芯片` is `AI芯片`).
#[must_use]
pub fn key(written: &str) -> String {
    let mut folded: String =
        caseless::default_case_fold_str(&written.nfkc().collect::<String>()).nfkc().collect();
    // Folding can bring forth what normalisation takes apart, and the other way round (U+0345, U+1E9E):
    // twice is enough (Unicode 3.13, toNFKC_Casefold).
    for _ in 0..2 {
        folded = caseless::default_case_fold_str(&folded).nfkc().collect();
    }
    let mut key = String::with_capacity(folded.len());
    let mut pending_space = false;
    for c in folded.chars().filter(|c| !is_invisible(*c)) {
        if c.is_whitespace() {
            pending_space = true;
            continue;
        }
        if pending_space && !key.is_empty() {
            let before = key.chars().next_back().is_some_and(han::is_full_width);
            if before == han::is_full_width(c) {
                key.push(' ');
            }
        }
        pending_space = false;
        key.push(c);
    }
    key
}

/// Marks without a shape of their own, which scraped text is full of.
fn is_invisible(c: char) -> bool {
    (c.is_control() && !c.is_whitespace())
        || matches!(c, '\u{AD}' | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{2069}' | '\u{FEFF}')
}

/// The terms of every taxonomy, and of every article by taxonomy.
#[must_use]
pub fn gather(articles: &[Article], config: &Config) -> (Vec<TaxonomyTerms>, Vec<Vec<Vec<TermId>>>) {
    let gathered: Vec<_> = config
        .taxonomies
        .par_iter()
        .enumerate()
        .map(|(index, taxonomy)| gather_one(articles, index, &taxonomy.path, config))
        .collect();
    let mut article_terms = vec![Vec::with_capacity(config.taxonomies.len()); articles.len()];
    let mut taxonomies = Vec::with_capacity(gathered.len());
    for (terms, by_article) in gathered {
        taxonomies.push(terms);
        for (all, ids) in article_terms.iter_mut().zip(by_article) {
            all.push(ids);
        }
    }
    (taxonomies, article_terms)
}

#[derive(Default)]
struct Draft<'a> {
    key: String,
    spellings: HashMap<&'a str, usize>,
    articles: Vec<ArticleId>,
}

fn gather_one(
    articles: &[Article],
    taxonomy: usize,
    path: &str,
    config: &Config,
) -> (TaxonomyTerms, Vec<Vec<TermId>>) {
    let mut drafts: Vec<Draft<'_>> = Vec::new();
    let mut by_spelling: HashMap<&str, TermId> = HashMap::new();
    let mut by_key: HashMap<String, TermId> = HashMap::new();
    let mut by_article: Vec<Vec<TermId>> = Vec::with_capacity(articles.len());
    for (article, terms) in articles.iter().map(|article| &article.terms[taxonomy]).enumerate() {
        let mut ids: Vec<TermId> = Vec::with_capacity(terms.len());
        for written in terms {
            let id = *by_spelling.entry(written).or_insert_with(|| {
                let key = key(written);
                let next = drafts.len();
                *by_key.entry(key.clone()).or_insert_with(|| {
                    drafts.push(Draft { key, ..Draft::default() });
                    next
                })
            });
            let draft = &mut drafts[id];
            // A term of invisible marks alone has nothing to show. An article carries a term once: its newest
            // entry tells without a search whether it was there already.
            if !draft.key.is_empty() && draft.articles.last() != Some(&article) {
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
            let slug = slug::term(&draft.key);
            let address = Address::new(&[path, &slug], config);
            let name = name.map_or_else(|| draft.key.clone(), |(name, _)| (*name).to_owned());
            Term { name, slug, address, key: draft.key, articles: draft.articles }
        })
        .collect();
    (TaxonomyTerms { terms }, by_article)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn case_width_and_space_make_no_difference() {
        assert_eq!(key("ＣｈａｔＧＰＴ"), key("chatgpt"));
        assert_eq!(key("AI 芯片"), key("ai芯片"));
        assert_eq!(key(" Large   Language\tModel "), "large language model");
        assert_eq!(key("Straße"), key("STRASSE"));
        assert_eq!(key("通用人工智能（AGI）"), key("通用人工智能(AGI)"));
    }

    #[test]
    fn what_reads_differently_differs() {
        for (a, b) in
            [("权力", "权利"), ("C", "C++"), ("GPT-3", "GPT-4"), ("机器 学习", "机器学习"), ("AB", "A B")]
        {
            assert_ne!(key(a), key(b), "{a} {b}");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_is_folding_once(written in "\\PC{0,12}|.{0,12}|[a-zA-Z中文 \u{345}\u{1e9e}ſß]{0,12}") {
            let once = key(&written);
            prop_assert_eq!(key(&once), once);
        }
    }
}
