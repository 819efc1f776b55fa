//! Atomic writes, guarded reads, open folders, cache files and the policy for symbolic links.

pub mod atomic;
pub mod folder;
pub mod guarded;
pub(crate) mod sealed;
mod symlinks;

pub use folder::Folder;
pub use symlinks::SymlinkPolicy;
