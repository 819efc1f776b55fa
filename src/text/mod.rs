//! Functions on text that are independent of any digest: counts, invisible and dropped characters,
//! terminals, XML, Han, Traditional Chinese.

pub mod dropped;
pub mod excerpt;
pub mod han;
pub mod invisible;
pub mod lines;
pub mod printed;
pub(crate) mod traditional;
pub mod xml;

/// Writes a number with its English noun: `1 article`, `2 articles`.
#[must_use]
pub fn count(number: usize, what: &str) -> String {
    if number == 1 { format!("1 {what}") } else { format!("{number} {what}s") }
}
