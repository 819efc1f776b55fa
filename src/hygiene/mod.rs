//! Detects text that does not belong in a digest: an import removes it, a check reports it.

pub(crate) mod near_duplicates;
pub(crate) mod placeholder;
pub(crate) mod residue;
