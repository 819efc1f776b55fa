//! Keeps bytes for a short time: few in memory, more in a temporary file without a name.

use std::io::{self, Read as _, Seek as _, SeekFrom, Write};
use std::ops::Range;

use tempfile::SpooledTempFile;

/// Bytes that are first written and then read. The file ends with its owner.
#[derive(Debug)]
pub struct Scratch {
    file: SpooledTempFile,
    length: usize,
}

impl Scratch {
    /// Holds up to `memory` bytes in memory, and more in a file in the system's temporary folder.
    #[must_use]
    pub fn new(memory: usize) -> Self {
        Self { file: SpooledTempFile::new(memory), length: 0 }
    }

    /// The number of bytes that were written.
    #[must_use]
    pub fn len(&self) -> usize {
        self.length
    }

    /// True if nothing was written.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.length == 0
    }

    /// Writes bytes and returns their place.
    ///
    /// # Errors
    /// The file cannot be written.
    pub fn append(&mut self, bytes: &[u8]) -> io::Result<Range<usize>> {
        let start = self.length;
        self.write_all(bytes)?;
        Ok(start..self.length)
    }

    /// Adds the bytes at a place to `to`. Nothing can be written after that.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn read_range(&mut self, place: Range<usize>, to: &mut Vec<u8>) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(place.start as u64))?;
        let wanted = to.len() + place.len();
        (&mut self.file).take(place.len() as u64).read_to_end(to)?;
        match to.len() == wanted {
            true => Ok(()),
            false => Err(io::Error::from(io::ErrorKind::UnexpectedEof)),
        }
    }

    /// All bytes.
    ///
    /// # Errors
    /// The file cannot be read.
    pub fn into_bytes(mut self) -> io::Result<Vec<u8>> {
        let mut bytes = Vec::with_capacity(self.length);
        self.file.rewind()?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }
}

impl Write for Scratch {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.length += written;
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_read_in_any_order() {
        for memory in [2, 100] {
            let mut scratch = Scratch::new(memory);
            let places = ["一", "two", ""].map(|word| scratch.append(word.as_bytes()).unwrap());
            let mut read = Vec::new();
            for place in [&places[1], &places[2], &places[0]] {
                scratch.read_range(place.clone(), &mut read).unwrap();
            }
            assert_eq!(String::from_utf8(read).unwrap(), "two一");
            assert!(scratch.read_range(5..9, &mut Vec::new()).is_err());
        }
    }

    #[test]
    fn bytes_in_memory_and_in_a_file_come_back() {
        for length in [0, 5, 100] {
            let mut scratch = Scratch::new(10);
            for byte in 0..length {
                scratch.write_all(&[byte]).unwrap();
            }
            assert_eq!((scratch.len(), scratch.is_empty()), (usize::from(length), length == 0));
            assert_eq!(scratch.into_bytes().unwrap(), (0..length).collect::<Vec<u8>>());
        }
    }
}
