//! Writes and reads streams of bits, in which frequent numbers take few bits.
//!
//! The first bit is the highest one of its byte.

/// Writes a stream of bits.
#[derive(Debug, Default)]
pub struct Writer {
    bytes: Vec<u8>,
    /// The last bits, which are not in `bytes` yet; the lowest one was written last.
    pending: u64,
    /// The number of pending bits, below 32.
    count: u32,
}

impl Writer {
    /// A stream that begins with `bytes`.
    #[must_use]
    pub fn after(bytes: Vec<u8>) -> Self {
        Self { bytes, pending: 0, count: 0 }
    }

    /// Writes the lowest `count` bits of `value`, at most 32; the others have to be zero.
    pub fn bits(&mut self, value: u32, count: u32) {
        debug_assert!(count <= 32 && (count == 32 || value >> count == 0));
        self.pending = self.pending << count | u64::from(value);
        self.count += count;
        if self.count >= 32 {
            self.count -= 32;
            #[allow(clippy::cast_possible_truncation)]
            self.bytes.extend_from_slice(&((self.pending >> self.count) as u32).to_be_bytes());
        }
    }

    /// Writes one bit.
    pub fn flag(&mut self, value: bool) {
        self.bits(u32::from(value), 1);
    }

    /// Writes `value` in Rice code: `value >> parameter` ones, a zero, and the lowest `parameter`
    /// bits.
    pub fn rice(&mut self, value: u32, parameter: u32) {
        let mut ones = value >> parameter;
        let rest = value & ((1 << parameter) - 1);
        if ones + 1 + parameter <= 31 {
            // Nearly every code is short enough to be written at once.
            self.bits(((1 << ones) - 1) << (1 + parameter) | rest, ones + 1 + parameter);
            return;
        }
        while ones > 0 {
            let some = ones.min(31);
            self.bits((1 << some) - 1, some);
            ones -= some;
        }
        self.bits(0, 1);
        self.bits(rest, parameter);
    }

    /// Writes `value`, at least 1, in Elias gamma code.
    pub fn gamma(&mut self, value: u32) {
        debug_assert!(value > 0);
        let length = value.ilog2();
        self.bits(0, length);
        self.bits(value, length + 1);
    }

    /// The bytes of the stream; the last one is padded with zeros.
    #[must_use]
    pub fn finish(mut self) -> Vec<u8> {
        let left = self.count.div_ceil(8);
        self.pending <<= left * 8 - self.count;
        for byte in (0..left).rev() {
            #[allow(clippy::cast_possible_truncation)]
            self.bytes.push((self.pending >> (byte * 8)) as u8);
        }
        self.bytes
    }
}

/// Reads a stream of bits; all bits after its end are zero.
#[derive(Debug, Clone)]
pub struct Reader<'b> {
    bytes: &'b [u8],
    /// The index of the next bit.
    at: usize,
}

impl<'b> Reader<'b> {
    /// A reader at the first bit of `bytes`.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// Reads a number of `count` bits, at most 32.
    pub fn bits(&mut self, count: u32) -> u32 {
        let mut value = 0;
        for _ in 0..count {
            let byte = self.bytes.get(self.at / 8).copied().unwrap_or(0);
            value = value << 1 | u32::from(byte >> (7 - self.at % 8) & 1);
            self.at += 1;
        }
        value
    }

    /// Reads one bit.
    pub fn flag(&mut self) -> bool {
        self.bits(1) == 1
    }

    /// Reads what [`Writer::rice`] wrote.
    pub fn rice(&mut self, parameter: u32) -> u32 {
        let mut ones = 0;
        while self.flag() {
            ones += 1;
        }
        ones << parameter | self.bits(parameter)
    }

    /// Reads what [`Writer::gamma`] wrote; 0 after the end.
    pub fn gamma(&mut self) -> u32 {
        let mut length = 0;
        while length < 32 && !self.flag() {
            length += 1;
        }
        if length == 32 { 0 } else { 1 << length | self.bits(length) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn written_numbers_are_read_back(numbers in prop::collection::vec((1_u32..5_000, 0_u32..12, any::<bool>()), 0..60)) {
            let mut writer = Writer::default();
            for &(value, parameter, flag) in &numbers {
                writer.rice(value, parameter);
                writer.gamma(value);
                writer.flag(flag);
                writer.bits(value, 13);
            }
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            for &(value, parameter, flag) in &numbers {
                prop_assert_eq!(reader.rice(parameter), value);
                prop_assert_eq!(reader.gamma(), value);
                prop_assert_eq!(reader.flag(), flag);
                prop_assert_eq!(reader.bits(13), value);
            }
        }
    }
}
