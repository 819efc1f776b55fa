//! Fuzz target for article files: runs `properties::front_matter`.
#![no_main]

#[path = "../properties.rs"]
#[allow(dead_code)]
mod properties;

libfuzzer_sys::fuzz_target!(|data: &[u8]| properties::front_matter(data));
