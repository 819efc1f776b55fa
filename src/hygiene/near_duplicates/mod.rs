//! Texts that are nearly the same, found without comparing every pair (MinHash: Broder 1997).
//!
//! `excerpt` compares titles with first sentences, of which an import has thousands in memory. `text` compares whole texts,
//! which a check reads once.

pub(crate) mod excerpt;
pub(crate) mod text;
