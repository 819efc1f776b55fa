//! Files on disk, below every stage: how newsprint writes them and which links it follows.

pub mod atomic;
pub(crate) mod sealed;
mod symlinks;

pub use symlinks::SymlinkPolicy;
