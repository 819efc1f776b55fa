//! Attacks by the author of an article, a record or a whole digest, all of which must fail.

mod addresses;
mod caches;
mod controls;
mod fields;
mod limits;
mod markdown;
#[cfg(unix)]
mod neighbour;
mod paths;
mod policy;
mod seeds;
#[cfg(target_os = "linux")]
mod whole_digest;
