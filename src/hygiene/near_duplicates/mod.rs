//! Finds texts that are nearly the same without comparing every pair (MinHash: Broder 1997).
//!
//! `excerpt` compares titles and first sentences; an import keeps thousands of them in memory.
//! `text` compares whole texts; a check reads each of them once.

pub(crate) mod excerpt;
pub(crate) mod text;
