//! Lists are read as they were written, and damaged ones are refused.

use proptest::prelude::*;

use super::*;

fn version() -> impl Strategy<Value = Version> {
    prop_oneof![
        Just(Version::Published),
        any::<Md5>().prop_map(Version::Md5),
        "\\PC{0,20}".prop_map(Version::Etag),
        Just(Version::Unknown),
    ]
}

prop_compose! {
    fn entry()(hash: u128, size: u64, tag: u32, version in version()) -> Entry {
        Entry { hash: Fingerprint(hash), size, tag, version }
    }
}

prop_compose! {
    fn stored()(size: u64, version in version()) -> Stored {
        Stored { size, version }
    }
}

prop_compose! {
    fn candidate()(hash: u128, tag: u32, stored in stored()) -> Candidate {
        Candidate { hash: Fingerprint(hash), tag, stored }
    }
}

/// Paths that the site can have: `nul` and the like are names of devices on Windows.
fn path() -> impl Strategy<Value = String> {
    let path = "[a-z开源+%][a-z新闻 +%]{0,8}[a-z源](/[a-z源]{1,4}){0,3}";
    path.prop_filter("a name of a device", |path| paths::unstorable(path).is_none())
}

proptest! {
    #[test]
    fn a_list_that_is_written_is_read_back(
        taken: Option<u64>,
        entries in prop::collection::btree_map(path(), entry(), 0..8),
        gone in prop::collection::btree_map(path(), prop::collection::btree_set(stored(), 1..3), 0..3),
        untold in prop::collection::btree_set(path(), 0..3),
        id: u64,
        pending in prop::collection::btree_map(
            path(),
            prop::collection::btree_set(candidate(), 1..3),
            0..8,
        ),
    ) {
        let files = Files { taken, entries, gone, untold };
        prop_assert_eq!(Files::read(&files.write()), Some(files));
        let pending = Pending { id, entries: pending };
        prop_assert_eq!(Pending::read(&pending.write()), Some(pending));
    }

    #[test]
    fn any_bytes_are_read_without_a_panic(bytes: Vec<u8>, text in "\\PC{0,200}") {
        let _ = (Files::read(&bytes), Pending::read(&bytes));
        for word in [FILES_WORD, PENDING_WORD] {
            for packed in [pack(&format!("{word} 1 7\n{text}\n")), write_list(word, "7", &format!("{text}\n"))] {
                let _ = (Files::read(&packed), Pending::read(&packed));
            }
        }
    }
}

#[test]
fn paths_that_a_site_cannot_have_are_refused() {
    for path in ["../x", "/x", "a//b", "a\\b", ".newsprint-files", "x/../y", ""] {
        let lines = format!("{:032x} 1 00000000 - {path}\n", 0);
        assert_eq!(Files::read(&write_list(FILES_WORD, "-", &lines)), None, "{path}");
    }
}

#[test]
fn a_list_that_unpacks_to_too_much_is_refused() {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let zeros = vec![b'0'; 1 << 20];
    for _ in 0..=(MAX_BYTES >> 20) {
        encoder.write_all(&zeros).unwrap();
    }
    assert_eq!(Files::read(&encoder.finish().unwrap()), None);
}

#[test]
fn a_list_that_is_cut_or_was_changed_is_damaged() {
    let entry = |size| Entry { hash: Fingerprint(1), size, tag: 1, version: Version::Unknown };
    let entries = [("a".to_owned(), entry(1)), ("b".to_owned(), entry(22))].into();
    let text = unpack(&Files { entries, ..Files::default() }.write()).unwrap();
    assert!(Files::read(&pack(&text)).is_some());
    let (without_last, _) = text.trim_end().rsplit_once('\n').unwrap();
    let last = text.lines().last().unwrap();
    for damaged in [format!("{without_last}\n"), format!("{text}{last}\n"), text.replace("22", "23")] {
        assert_eq!(Files::read(&pack(&damaged)), None, "{damaged}");
    }
    // A later format is not guessed.
    assert_eq!(Files::read(&pack(&text.replacen(" 2 ", " 3 ", 1))), None);
}

#[test]
fn lists_of_format_1_are_read() {
    let hash = format!("{:032x}", 5);
    let text = format!("newsprint-files 1 -\n{hash} 3 00000007 - a b.html\n? maybe.html\n");
    let files = Files::read(&pack(&text)).unwrap();
    let published = Entry { hash: Fingerprint(5), size: 3, tag: 7, version: Version::Published };
    assert_eq!(files.entries, [("a b.html".to_owned(), published)].into());
    assert_eq!(files.gone, [("maybe.html".to_owned(), [Stored::UNKNOWN].into())].into());
    let text = format!("newsprint-pending 1 2a\n{hash} 00000007 a b.html\n");
    let pending = Pending::read(&pack(&text)).unwrap();
    assert_eq!(pending.entries.keys().collect::<Vec<_>>(), ["a b.html"]);
    assert_eq!(Pending::read(&pending.write()), Some(pending));
}
