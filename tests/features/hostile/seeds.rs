//! The properties of the fuzz targets hold for all seeds, which include every input that a fuzzer
//! found.

use crate::driver::tree;

#[path = "../../../fuzz/properties.rs"]
#[allow(unreachable_pub)]
mod properties;

type Property = fn(&[u8]);

#[test]
fn the_fuzz_properties_hold_for_all_seeds() {
    let targets: [(&str, Property); 8] = [
        ("front_matter", properties::front_matter),
        ("record", properties::record),
        ("body", properties::body),
        ("slug", properties::slug),
        ("url", properties::url),
        ("query", properties::query),
        ("manifest", properties::manifest),
        ("caches", properties::caches),
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), targets.len());
    for (name, property) in targets {
        let seeds = tree(&folder.join(name));
        assert!(seeds.len() >= 4, "{name}");
        seeds.values().for_each(|seed| property(seed));
    }
}
