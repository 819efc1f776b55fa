//! Files on disk, below every stage: how newsprint writes them.

pub(crate) mod atomic;
