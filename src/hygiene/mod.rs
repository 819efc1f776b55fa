//! What does not belong into an article or a term: what an import removes and a check reports.

pub(crate) mod near_duplicates;
pub(crate) mod placeholder;
pub(crate) mod residue;
