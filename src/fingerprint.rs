//! Fingerprints: 128 bits of BLAKE3 over the canonical form of data.

use std::cell::RefCell;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Increase it when newsprint itself writes the same data as other bytes, so that old outputs are written anew.
pub const FORMAT: u32 = 8;

/// Two pages with the same fingerprint have the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Fingerprint(pub u128);

thread_local! {
    // A page's canonical form is about a kilobyte; one buffer a thread spares an allocation a page.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

impl Fingerprint {
    /// Of data that serialises the same way on every machine (ordered maps, no clocks, no hash tables).
    pub fn of<T: Serialize + ?Sized>(data: &T) -> Self {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.clear();
            // Postcard's form is short, exact and quick to write. Writing to memory cannot fail; what it has no form for
            // (sequences of unknown length, as `#[serde(flatten)]` makes them) would be noticed by every test.
            match postcard::to_extend(data, std::mem::take(buffer)) {
                Ok(written) => *buffer = written,
                Err(error) => debug_assert!(false, "{error}"),
            }
            Self::of_bytes(buffer)
        })
    }

    /// Of everything that can be read.
    ///
    /// # Errors
    /// It cannot be read to its end.
    pub fn of_reader(reader: impl std::io::Read) -> std::io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(reader)?;
        Ok(Self::from_hash(&hasher.finalize()))
    }

    /// Of bytes.
    #[must_use]
    pub fn of_bytes(bytes: &[u8]) -> Self {
        Self::from_hash(&blake3::hash(bytes))
    }

    fn from_hash(hash: &blake3::Hash) -> Self {
        let mut half = [0; 16];
        half.copy_from_slice(&hash.as_bytes()[..16]);
        Self(u128::from_le_bytes(half))
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:032x}", self.0)
    }
}

/// From bytes only: nothing reads a fingerprint back from JSON.
impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        u128::deserialize(deserializer).map(Self)
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if serializer.is_human_readable() {
            serializer.collect_str(self)
        } else {
            self.0.serialize(serializer)
        }
    }
}
