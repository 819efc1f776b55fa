//! What somebody who writes an article, a record or a whole digest must not be able to do.

mod fields;
mod limits;
mod markdown;
mod paths;
mod policy;
mod seeds;
#[cfg(target_os = "linux")]
mod whole_digest;
