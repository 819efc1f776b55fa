//! Atomic writes, cache files and the policy for symbolic links.

pub mod atomic;
pub(crate) mod sealed;
mod symlinks;

pub use symlinks::SymlinkPolicy;
