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
        let mut names = |now: &BTreeMap<&str, Snapshot>| -> Vec<String> {
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

#[test]
fn an_edit_writes_the_changed_articles_alone_until_they_are_many() {
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("state");
    let config = Config::default();
    let any = Snapshot::from_metadata(&fs::metadata(folder.path()).unwrap()).unwrap();
    let path = |n: usize| format!("content/articles/a{n:02}.md");
    let text = |n: usize, version: usize| format!("---\ntitle: {n}.{version}\n---\n");
    // Builds with these versions of the articles, by number; returns the titles that came from the
    // cache.
    let build = |versions: &[usize]| -> Vec<String> {
        let paths: Vec<String> = (0..versions.len()).map(path).collect();
        let texts: Vec<String> = versions.iter().enumerate().map(|(n, &version)| text(n, version)).collect();
        let hashed = texts.iter().map(|text| with_hash(any, Some(text.as_bytes())));
        let seen: BTreeMap<&str, Snapshot> = paths.iter().map(String::as_str).zip(hashed).collect();
        let mut cache = Cache::at(&state);
        cache.set_reader(&config);
        let mut known = cache.articles(&seen);
        let titles = paths.iter().filter_map(|path| Some(known.get(path)?.0.title.clone())).collect();
        let parsed: Vec<Parsed> = paths
            .iter()
            .zip(&texts)
            .map(|(path, text)| {
                known.remove(path).unwrap_or_else(|| {
                    let source = source::split(path, Fingerprint::default(), text.clone()).unwrap();
                    let (article, body) = article::parse_article(&source, &config).0.unwrap();
                    (article.into(), body)
                })
            })
            .collect();
        cache.store(&seen, &parsed.iter().collect::<Vec<_>>());
        titles
    };
    let file = |name: &str| fs::read(state.join(name)).ok();
    let titles = |versions: &[usize]| -> Vec<String> {
        versions.iter().enumerate().map(|(n, version)| format!("{n}.{version}")).collect()
    };
    let mut versions = vec![0; 40];
    assert!(build(&versions).is_empty());
    let all = file(ALL);
    assert!(all.is_some() && file(NEW).is_none());
    versions[3] = 1;
    assert_eq!(build(&versions).len(), 39);
    assert!(file(ALL) == all && file(NEW).is_some());
    assert_eq!(build(&versions), titles(&versions));
    versions[3] = 0;
    assert_eq!(build(&versions).len(), 39);
    assert_eq!(build(&versions), titles(&versions));
    versions[4] = 1;
    versions.push(0);
    assert_eq!(build(&versions).len(), 39);
    assert_eq!(build(&versions), titles(&versions));
    assert!(file(ALL) == all);
    // Three of 41 have changed, and three of the old ones are of no use.
    versions[5] = 1;
    versions[6] = 1;
    build(&versions);
    assert!(file(ALL) != all && file(NEW).is_none());
    assert_eq!(build(&versions), titles(&versions));
    // Most articles are gone.
    let all = file(ALL);
    build(&versions[..20]);
    assert!(file(ALL) != all);
    assert_eq!(build(&versions[..20]), titles(&versions[..20]));
}
