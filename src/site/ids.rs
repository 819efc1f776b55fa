//! How articles and terms are named between stages: by their places in the site's lists.

/// An article's place in [`Site::articles`](crate::site::Site::articles).
pub type ArticleId = usize;

/// Terms of a taxonomy that an article is connected by. Nobody means more; a list of thousands is a mishap, and would make
/// millions of pairs.
pub const MAX_CONNECTING_TERMS: usize = 100;

/// A term of any taxonomy.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TermRef {
    /// The taxonomy's place in the configuration.
    pub taxonomy: usize,
    /// The term's place in it.
    pub term: TermId,
}

/// A term's place in [`TaxonomyTerms::terms`](crate::site::TaxonomyTerms::terms).
pub type TermId = usize;
