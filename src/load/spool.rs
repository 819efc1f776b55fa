//! Keeps the HTML of articles' bodies in a temporary file from the time they are read until a page
//! shows them: a digest's bodies have as many bytes as all of its sources.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::{Mutex, PoisonError};

use crate::fingerprint::Fingerprint;
use crate::fs::scratch::Scratch;
use crate::load::markdown::Rendered;

/// Up to this size the HTML stays in memory; some thousand articles have more.
const MEMORY_BYTES: usize = 8 << 20;

/// The HTML of bodies, by their fingerprints.
///
/// A spool saves time and memory and changes no result: HTML that it lacks is rendered again.
#[derive(Debug)]
pub struct Spool(Mutex<Stored>);

#[derive(Debug)]
struct Stored {
    scratch: Scratch,
    places: HashMap<Fingerprint, Range<usize>>,
    /// True if the disk failed, or something was read: then nothing more is written.
    is_closed: bool,
}

impl Default for Spool {
    fn default() -> Self {
        Self::new(MEMORY_BYTES)
    }
}

impl Spool {
    /// A spool that holds up to `memory` bytes in memory, and more in a temporary file.
    fn new(memory: usize) -> Self {
        let stored = Stored { scratch: Scratch::new(memory), places: HashMap::new(), is_closed: false };
        Self(Mutex::new(stored))
    }

    /// Moves the HTML of a body into the spool. If the disk is full, it stays in the body.
    pub fn take(&self, body: &mut Rendered) {
        let mut stored = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(html) = body.html.take_if(|_| !stored.is_closed) else { return };
        match stored.scratch.append(html.as_bytes()) {
            Ok(place) => {
                stored.places.insert(body.fingerprint, place);
            }
            Err(_) => {
                stored.is_closed = true;
                body.html = Some(html);
            }
        }
    }

    /// The HTML of the body with a fingerprint; `None` if the spool does not have it, or cannot read
    /// it. The spool takes no more bodies after that.
    #[must_use]
    pub fn html(&self, fingerprint: Fingerprint) -> Option<String> {
        let mut stored = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        stored.is_closed = true;
        let place = stored.places.get(&fingerprint)?.clone();
        let mut bytes = Vec::with_capacity(place.len());
        stored.scratch.read_range(place, &mut bytes).ok()?;
        drop(stored);
        String::from_utf8(bytes).ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn body(html: &str) -> Rendered {
        let fingerprint = Fingerprint::of_bytes(html.as_bytes());
        Rendered { html: Some(html.to_owned()), fingerprint, ..Rendered::default() }
    }

    #[test]
    fn html_moves_into_memory_or_a_file_and_comes_back() {
        for memory in [0, 10, 1000] {
            let spool = Spool::new(memory);
            let mut bodies = ["<p>一</p>", "", "<p>two</p>"].map(body);
            bodies.iter_mut().for_each(|body| spool.take(body));
            assert!(bodies.iter().all(|body| body.html.is_none()));
            let found = bodies.map(|body| spool.html(body.fingerprint).unwrap());
            assert_eq!(found, ["<p>一</p>", "", "<p>two</p>"]);
            assert_eq!(spool.html(Fingerprint(7)), None);
        }
    }

    #[test]
    fn html_that_is_absent_or_comes_after_a_failure_stays_as_it_is() {
        let spool = Spool::default();
        let mut absent = Rendered::default();
        spool.take(&mut absent);
        assert_eq!((absent.html, spool.html(Fingerprint::default())), (None, None));
        // Something was read.
        let mut late = body("<p>late</p>");
        spool.take(&mut late);
        assert_eq!((late.html.as_deref(), spool.html(late.fingerprint)), (Some("<p>late</p>"), None));
    }
}
