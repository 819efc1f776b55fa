//! Generates the table from Traditional to Simplified characters from OpenCC's dictionary, so that
//! the binary contains neither the dictionary nor its parser.

#![allow(clippy::print_stdout, clippy::disallowed_methods)]

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// First and last code point of the table: CJK Extension A and the Unified Ideographs, the blocks
/// of nearly all characters in use.
const FIRST_CODE_POINT: u32 = 0x3400;
const LAST_CODE_POINT: u32 = 0x9FFF;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let converter = OpenCC::from_config(BuiltinConfig::T2s)?;
    let mut table = String::from("[");
    for code in FIRST_CODE_POINT..=LAST_CODE_POINT {
        let written = char::from_u32(code).ok_or("a code point of the table is a surrogate")?.to_string();
        // A few forms convert to one that converts again. Converting twice makes the table
        // idempotent.
        let simplified = converter.convert(&converter.convert(&written));
        let mut characters = simplified.chars();
        // The table has 16-bit entries for single characters; others are left as they are.
        let target = match (characters.next().map(u32::from), characters.next()) {
            (Some(target), None) if target <= 0xFFFF => target,
            _ => code,
        };
        write!(table, "{target},")?;
    }
    table.push(']');
    let folder = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&folder).join("simplified.in"), table)?;
    Ok(())
}
