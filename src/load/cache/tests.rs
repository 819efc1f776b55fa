use super::*;
use crate::load::{article, source};

const A: &str = "content/articles/a.md";
const B: &str = "content/articles/b.md";
const C: &str = "content/articles/c.md";

fn with_hash(mut snapshot: Snapshot, bytes: Option<&[u8]>) -> Snapshot {
    snapshot.hash = bytes.map(Fingerprint::of_bytes);
    snapshot
}

#[test]
fn each_kind_of_cache_keeps_what_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let config = Config::default();
    let other = Config { date_in_slug: !config.date_in_slug, ..Config::default() };
    for (name, mut cache, is_kept, stays) in [
        ("none", Cache::none(), false, false),
        ("memory", Cache::in_memory(), true, true),
        ("folder", Cache::at(&state), true, false),
    ] {
        assert_eq!(cache.folder(), (name == "folder").then_some(state.as_path()), "{name}");
        assert_eq!(cache.stays(), stays, "{name}");
        cache.set_reader(&config);
        assert_eq!(cache.get::<u32>("x"), None, "{name}");
        cache.put("x", &7_u32);
        assert_eq!(cache.get::<u32>("x"), is_kept.then_some(7), "{name}");
        assert_eq!(cache.get::<u32>("y"), None, "{name}");
        let unread = Snapshot::from_metadata(&fs::metadata(folder.path()).unwrap()).unwrap();
        let snapshot = with_hash(unread, Some(b"a"));
        let seen = BTreeMap::from([("a.md", snapshot)]);
        cache.store(&seen, &[]);
        cache.set_reader(&config);
        assert_eq!(cache.get::<u32>("x"), is_kept.then_some(7), "{name}");
        assert_eq!(cache.index_equals(&seen), is_kept, "{name}");
        assert_eq!(cache.index_equals(&BTreeMap::new()), !is_kept, "{name}");
        assert!(!cache.index_equals(&BTreeMap::from([("b.md", snapshot)])), "{name}");
        assert!(!cache.index_equals(&BTreeMap::from([("a.md", unread)])), "{name}");
        cache.store_index(&BTreeMap::from([("a.md", unread)]));
        cache.set_reader(&config);
        assert_eq!(cache.index_equals(&BTreeMap::from([("a.md", unread)])), is_kept, "{name}");
        cache.clear();
        cache.set_reader(&config);
        assert!(cache.index_equals(&BTreeMap::new()), "{name}");
        // Another configuration reads the sources anew.
        cache.set_reader(&config);
        cache.put("x", &7_u32);
        cache.store_index(&seen);
        cache.set_reader(&other);
        assert_eq!(cache.get::<u32>("x"), None, "{name}");
        assert!(cache.index_equals(&BTreeMap::new()), "{name}");
    }
}

#[test]
fn only_articles_with_the_same_bytes_come_from_the_cache() {
    let folder = tempfile::tempdir().unwrap();
    let config = Config::default();
    for mut cache in [Cache::in_memory(), Cache::at(folder.path()), Cache::none()] {
        cache.set_reader(&config);
        let is_kept = !matches!(cache.storage, Storage::Disabled);
        let root = folder.path().join("digest");
        for name in ["a.md", "b.md"] {
            fs::create_dir_all(root.join("content/articles")).unwrap();
            fs::write(root.join("content/articles").join(name), format!("---\ntitle: {name}\n---\n正文。\n"))
                .unwrap();
        }
        let parsed = |path: &str| -> Parsed {
            let text = fs::read_to_string(root.join(path)).unwrap();
            let source = source::split(path, Fingerprint::default(), text).unwrap();
            let (article, body) = article::parse_article(&source, &config).0.unwrap();
            (article.into(), body)
        };
        let (a, b) = (&parsed(A), &parsed(B));
        let file = fs::metadata(root.join(A)).unwrap();
        let snapshot = |bytes: &[u8]| with_hash(Snapshot::from_metadata(&file).unwrap(), Some(bytes));
        let seen = BTreeMap::from([(A, snapshot(b"a")), (B, snapshot(b"b"))]);
        cache.store(&seen, &[a, b]);
        cache.set_reader(&config);
        let names = |now: &BTreeMap<&str, Snapshot>| -> Vec<String> {
            let mut names: Vec<String> = cache.articles(now).into_keys().collect();
            names.sort();
            names
        };
        let unknown = with_hash(snapshot(b"a"), None);
        for (now, wanted) in [
            (seen.clone(), &[A, B] as &[&str]),
            (BTreeMap::from([(A, snapshot(b"x")), (B, snapshot(b"b"))]), &[B]),
            (BTreeMap::from([(A, unknown), (C, snapshot(b"c"))]), &[]),
            (BTreeMap::from([(A, snapshot(b"a"))]), &[A]),
            (BTreeMap::new(), &[]),
        ] {
            assert_eq!(names(&now), if is_kept { wanted } else { &[] });
        }
    }
}
