//! Text without any knowledge of a digest: counting words, characters without a shape, Han.

pub mod han;
pub mod invisible;

/// `1 article`, `2 articles`.
#[must_use]
pub fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
