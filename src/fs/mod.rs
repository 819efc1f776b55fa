//! Atomic writes, guarded reads, open folders, cache files, temporary bytes and the policy for symbolic links.

#[allow(clippy::disallowed_methods)] // Opens folders, to sync them.
pub mod atomic;
pub mod folder;
pub mod guarded;
pub mod scratch;
pub mod sealed;
pub mod state;
mod symlinks;

pub use folder::Folder;
pub use guarded::Root;
pub use symlinks::SymlinkPolicy;
