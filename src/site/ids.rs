//! Defines the ids of articles and terms: their indices in the site's lists.

/// Index of an article in [`Site::articles`](crate::site::Site::articles).
pub type ArticleId = usize;

/// Maximum number of an article's terms, for each taxonomy, that count for relations. Real articles
/// have fewer; a list of thousands is a mistake and would make millions of pairs.
pub const MAX_CONNECTING_TERMS: usize = 100;

/// Identifies a term of any taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermRef {
    /// Index of the taxonomy in the configuration.
    pub taxonomy: usize,
    /// Index of the term in its taxonomy.
    pub term: TermId,
}

/// Index of a term in [`TaxonomyTerms::terms`](crate::site::TaxonomyTerms::terms).
pub type TermId = usize;
