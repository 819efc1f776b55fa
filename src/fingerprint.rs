//! Hashes data to a fingerprint: the first 128 bits of BLAKE3 over the data in postcard's format.

use std::cell::RefCell;
use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// Version of the rendering. Increase it when newsprint renders the same data to different bytes,
/// so that existing sites are written again.
pub const FORMAT: u32 = 13;

/// A fingerprint of 128 bits. Two pages with the same fingerprint have the same bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, PartialOrd, Ord)]
pub struct Fingerprint(pub u128);

/// A fingerprint in two halves, the high one first. The 128 bits of a [`Fingerprint`] have an
/// alignment of 16 bytes, which costs memory where a site has hundreds of thousands of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Packed([u64; 2]);

impl From<Fingerprint> for Packed {
    fn from(fingerprint: Fingerprint) -> Self {
        Self([(fingerprint.0 >> 64) as u64, fingerprint.0 as u64])
    }
}

impl From<Packed> for Fingerprint {
    fn from(Packed([high, low]): Packed) -> Self {
        Self((u128::from(high) << 64) | u128::from(low))
    }
}

thread_local! {
    // A page's serialised data has about a kilobyte; one buffer a thread saves an allocation a
    // page.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Postcard's output into a vector that is used again. Its own flavour for this copies byte by
/// byte.
struct Buffer(Vec<u8>);

impl postcard::ser_flavors::Flavor for Buffer {
    type Output = Vec<u8>;

    fn try_extend(&mut self, data: &[u8]) -> postcard::Result<()> {
        self.0.extend_from_slice(data);
        Ok(())
    }

    fn try_push(&mut self, byte: u8) -> postcard::Result<()> {
        self.0.push(byte);
        Ok(())
    }

    fn finalize(self) -> postcard::Result<Vec<u8>> {
        Ok(self.0)
    }
}

impl Fingerprint {
    /// Hashes data that serialises to the same bytes on every machine: ordered maps, no hash
    /// tables, no times of the clock.
    pub fn of<T: Serialize + ?Sized>(data: &T) -> Self {
        BUFFER.with_borrow_mut(|buffer| {
            buffer.clear();
            // Writing to memory cannot fail. Data that postcard cannot serialise (sequences of
            // unknown length, as from `#[serde(flatten)]`) fails every debug build.
            match postcard::serialize_with_flavor(data, Buffer(std::mem::take(buffer))) {
                Ok(written) => *buffer = written,
                Err(error) => debug_assert!(false, "{error}"),
            }
            Self::of_bytes(buffer)
        })
    }

    /// Hashes all bytes of a reader.
    ///
    /// # Errors
    /// Reading fails.
    pub fn of_reader(reader: impl std::io::Read) -> std::io::Result<Self> {
        let mut hasher = blake3::Hasher::new();
        hasher.update_reader(reader)?;
        Ok(Self::from_hash(&hasher.finalize()))
    }

    /// Hashes raw bytes.
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

/// Reads the binary form only; fingerprints are not read from JSON.
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
