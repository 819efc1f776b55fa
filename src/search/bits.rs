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
    #[inline]
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
    #[inline]
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
    #[inline]
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

/// The minimum number of bits in a [`Reader::window`] that are of the stream.
const SURE: u32 = 57;

/// The maximum number of ones or zeros of a long code that are read at once.
const RUN: u32 = 32;

impl<'b> Reader<'b> {
    /// A reader at the first bit of `bytes`.
    #[must_use]
    pub fn new(bytes: &'b [u8]) -> Self {
        Self { bytes, at: 0 }
    }

    /// The next bits of the stream, the first one highest. Only the highest [`SURE`] ones are all of
    /// the stream.
    #[inline]
    fn window(&self) -> u64 {
        let rest = self.bytes.get(self.at / 8..).unwrap_or_default();
        let window = rest.first_chunk::<8>().map_or_else(
            || rest.iter().zip(0..).fold(0, |window, (&byte, at)| window | u64::from(byte) << (56 - 8 * at)),
            |bytes| u64::from_be_bytes(*bytes),
        );
        window << (self.at % 8)
    }

    /// Reads a number of `count` bits, at most 32.
    #[inline]
    pub fn bits(&mut self, count: u32) -> u32 {
        // A shift by 64 bits overflows, so zero bits need two shifts.
        #[allow(clippy::cast_possible_truncation)]
        let value = (self.window() >> 1 >> (63 - count)) as u32;
        self.at += count as usize;
        value
    }

    /// True if bits after the end were read.
    #[must_use]
    pub fn is_past_end(&self) -> bool {
        self.at > self.bytes.len() * 8
    }

    /// True if the bits of all bytes but the padding of the last were read.
    #[must_use]
    pub fn is_at_end(&self) -> bool {
        self.at.div_ceil(8) == self.bytes.len()
    }

    /// Reads one bit.
    pub fn flag(&mut self) -> bool {
        self.bits(1) == 1
    }

    /// Reads what [`Writer::rice`] wrote.
    #[inline]
    pub fn rice(&mut self, parameter: u32) -> u32 {
        let window = self.window();
        let ones = window.leading_ones();
        if ones + 1 + parameter <= SURE {
            // Nearly every code is short enough to be read at once.
            self.at += (ones + 1 + parameter) as usize;
            #[allow(clippy::cast_possible_truncation)]
            let rest = (window << ones << 1 >> 1 >> (63 - parameter)) as u32;
            return ones << parameter | rest;
        }
        let mut ones = 0_u32;
        loop {
            let run = self.window().leading_ones().min(RUN);
            ones = ones.wrapping_add(run);
            self.at += run as usize;
            if run < RUN {
                self.at += 1;
                return ones << parameter | self.bits(parameter);
            }
        }
    }

    /// Reads what [`Writer::gamma`] wrote; 0 after the end.
    #[inline]
    pub fn gamma(&mut self) -> u32 {
        let window = self.window();
        let length = window.leading_zeros().min(RUN);
        if 2 * length < SURE {
            self.at += 2 * length as usize + 1;
            #[allow(clippy::cast_possible_truncation)]
            return (window >> (63 - 2 * length)) as u32;
        }
        self.at += length as usize;
        if length == RUN { 0 } else { self.bits(length + 1) }
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
            prop_assert!(reader.is_at_end() && !reader.is_past_end());
            prop_assert_eq!(reader.bits(32) | reader.gamma() | reader.rice(3), 0);
            prop_assert!(reader.is_past_end() && !reader.is_at_end());
        }

        #[test]
        fn numbers_are_read_bit_by_bit(bytes: Vec<u8>, at in 0_u32..40, count in 0_u32..33) {
            let bit = |at: u32| bytes.get(at as usize / 8).map_or(0, |byte| u32::from(byte >> (7 - at % 8) & 1));
            let mut reader = Reader::new(&bytes);
            for _ in 0..at {
                reader.flag();
            }
            let expected = (at..at + count).fold(0_u64, |value, at| value << 1 | u64::from(bit(at)));
            prop_assert_eq!(u64::from(reader.bits(count)), expected);
        }

        #[test]
        fn long_codes_are_read_back(value: u32, parameter in 18_u32..32) {
            let mut writer = Writer::default();
            writer.flag(true);
            writer.rice(value, parameter);
            writer.gamma(value.max(1));
            let bytes = writer.finish();
            let mut reader = Reader::new(&bytes);
            prop_assert!(reader.flag());
            prop_assert_eq!(reader.rice(parameter), value);
            prop_assert_eq!(reader.gamma(), value.max(1));
        }
    }
}
