//! What the fuzzers look for holds for their seeds, and for whatever they found.

use crate::driver::tree;

#[path = "../../../fuzz/properties.rs"]
#[allow(unreachable_pub)]
mod properties;

type Holds = fn(&[u8]);

#[test]
fn what_has_to_hold_for_any_bytes_holds_for_the_seeds() {
    let targets: [(&str, Holds); 7] = [
        ("front_matter", properties::front_matter),
        ("record", properties::record),
        ("body", properties::body),
        ("slug", properties::slug),
        ("url", properties::url),
        ("query", properties::query),
        ("manifest", properties::manifest),
    ];
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    assert_eq!(std::fs::read_dir(&folder).unwrap().count(), targets.len());
    for (name, holds) in targets {
        let seeds = tree(&folder.join(name));
        assert!(seeds.len() >= 4, "{name}");
        seeds.values().for_each(|seed| holds(seed));
    }
}
