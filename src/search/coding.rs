//! What shards and segments write in the same way: names of grams, and the fields that hold a gram.

use crate::config::Field;
use crate::search::bits::{Reader, Writer};

/// The bits of the fields that hold a gram, if only the body does.
const ONLY_BODY: u32 = 8 >> Field::Body as u32;

/// Writes the fields that hold a gram, as bits from 8 for the title to 1 for the body. A single bit
/// is written if only the body holds it.
pub(super) fn write_fields(fields: u32, writer: &mut Writer) {
    writer.flag(fields == ONLY_BODY);
    if fields != ONLY_BODY {
        writer.bits(fields, 4);
    }
}

/// Reads what [`write_fields`] wrote.
pub(super) fn read_fields(reader: &mut Reader<'_>) -> u32 {
    if reader.flag() { ONLY_BODY } else { reader.bits(4) }
}

/// Writes the name of a gram: the number of bytes that it shares with the name before, the number of
/// its further bytes, and these.
pub(super) fn write_name(name: &str, before: &str, writer: &mut Writer) {
    let shared = name.bytes().zip(before.bytes()).take_while(|(a, b)| a == b).count();
    let further = &name.as_bytes()[shared..];
    writer.rice(u32::try_from(shared).unwrap_or(u32::MAX), 2);
    writer.rice(u32::try_from(further.len()).unwrap_or(u32::MAX), 2);
    further.iter().for_each(|&byte| writer.bits(u32::from(byte), 8));
}

/// Changes the bytes of a name to those of the next, which [`write_name`] wrote.
pub(super) fn read_name(name: &mut Vec<u8>, reader: &mut Reader<'_>) {
    name.truncate(reader.rice(2) as usize);
    for _ in 0..reader.rice(2) {
        name.push(reader.bits(8) as u8);
    }
}
