//! Fuzz target for pairs of terms: runs `properties::slug`.
#![no_main]

#[path = "../properties.rs"]
#[allow(dead_code)]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::slug(data));
