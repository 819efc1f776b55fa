//! Makes the table from Traditional to Simplified characters out of OpenCC's dictionary, so that newsprint itself
//! needs neither the dictionary nor its reader.

#![allow(clippy::print_stdout)]

use std::error::Error;
use std::fmt::Write as _;
use std::path::Path;

use ferrous_opencc::OpenCC;
use ferrous_opencc::config::BuiltinConfig;

/// The blocks in which nearly all characters in use stand: CJK Extension A and the Unified Ideographs.
const FIRST: u32 = 0x3400;
const LAST: u32 = 0x9FFF;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let converter = OpenCC::from_config(BuiltinConfig::T2s)?;
    let mut table = String::from("[");
    for code in FIRST..=LAST {
        let written = char::from_u32(code).ok_or("there are no surrogates in these blocks")?.to_string();
        // A few forms lead to one that leads on; twice, so that folding a folded text changes nothing.
        let simplified = converter.convert(&converter.convert(&written));
        let mut characters = simplified.chars();
        // Only from one character to one, and within sixteen bits: a rare target beyond them is no gain for comparing.
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
