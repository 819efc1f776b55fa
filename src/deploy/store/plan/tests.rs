//! Properties of plans: which files are sent, and what a reader meets after each request.

use proptest::prelude::*;

use super::*;
use crate::deploy::store::list::{Candidate, md5};

/// A file with this content.
fn file(path: &str, content: &str) -> File {
    File {
        path: path.into(),
        hash: Fingerprint::of_bytes(content.as_bytes()),
        md5: md5(content.as_bytes()),
        size: content.len() as u64,
        tag: 7,
    }
}

fn entry(content: &str) -> Entry {
    let File { hash, size, tag, .. } = file("", content);
    Entry { hash, size, tag, version: Version::Published }
}

fn listed(content: &str) -> Listed {
    let md5 = md5(content.as_bytes());
    Listed { size: content.len() as u64, md5: Some(md5), etag: None }
}

fn plain(file: &File) -> Option<(u64, Md5)> {
    Some((file.size, file.md5))
}

/// A store with newsprint's lists: contents by path.
#[derive(Debug, Clone, Default)]
struct Store {
    list: Files,
    pending: Pending,
    objects: BTreeMap<String, String>,
}

impl Store {
    fn plan(&self, files: &[File], replace: bool) -> Plan {
        let listed = self.objects.iter().map(|(path, content)| (path.clone(), listed(content))).collect();
        let empty = Pending::default();
        let pending = if self.list.taken == Some(self.pending.id) { &empty } else { &self.pending };
        let (list, as_sent) = (&self.list, &plain);
        Plan::make(&Input { files, list, pending, listed: &listed, replace, as_sent })
    }

    /// Deploys a site with at most `requests` writes, as `send` does. Returns whether it finished,
    /// and calls `seen` after each write.
    fn deploy(
        &mut self,
        site: &BTreeMap<String, String>,
        id: u64,
        requests: usize,
        seen: &mut dyn FnMut(&Self),
    ) -> bool {
        let files: Vec<File> = site.iter().map(|(path, content)| file(path, content)).collect();
        let plan = self.plan(&files, false);
        assert_eq!(plan.foreign, Vec::<String>::new());
        let mut left = requests;
        let mut take = || {
            let may = left > 0;
            left = left.saturating_sub(1);
            may
        };
        let mut taken = self.pending.id;
        if !plan.groups.is_empty() {
            if !take() {
                return false;
            }
            let mut next = Pending { id, entries: BTreeMap::new() };
            if self.list.taken != Some(self.pending.id) {
                next.entries.clone_from(&self.pending.entries);
            }
            let sent = plan.groups.iter().flatten().map(|&at| &files[at]);
            for file in sent {
                next.entries.entry(file.path.clone()).or_default().insert((file.hash, file.tag));
            }
            self.pending = next;
            taken = id;
        }
        let mut entries = plan.kept.clone();
        for &at in plan.groups.iter().flatten() {
            if !take() {
                return false;
            }
            let path = &files[at].path;
            self.objects.insert(path.clone(), site[path].clone());
            entries.insert(path.clone(), entry(&site[path]));
            seen(self);
        }
        for (path, _) in &plan.deleted {
            if !take() {
                return false;
            }
            self.objects.remove(path);
            seen(self);
        }
        if !take() {
            return false;
        }
        self.list = Files { taken: Some(taken), entries, maybe: plan.maybe.clone() };
        true
    }
}

/// A site of articles with these numbers: each page has links, a line each.
fn site(articles: &BTreeSet<u8>, version: u8) -> BTreeMap<String, String> {
    let mut site = BTreeMap::new();
    let link = |number: &u8| format!("articles/{number}/index.html\n");
    let list: String = articles.iter().map(link).collect();
    for number in articles {
        let terms = format!("keywords/{}/index.html\nindex.html\n", number % 3);
        site.insert(link(number).trim().to_owned(), format!("{terms}style-{}.css\n", number % 2));
        site.insert(format!("style-{}.css", number % 2), format!("{version}"));
        let mut of_term: BTreeSet<u8> =
            articles.iter().copied().filter(|other| other % 3 == number % 3).collect();
        // A changed page that links to fewer articles.
        if version == 1 && of_term.len() > 1 {
            of_term.pop_first();
        }
        site.insert(format!("keywords/{}/index.html", number % 3), of_term.iter().map(link).collect());
    }
    site.insert("index.html".into(), list.clone());
    site.insert("sitemap.xml".into(), list);
    site
}

/// Links of pages that a reader can reach from the home page, and that lead to nothing.
fn broken(store: &Store) -> Vec<String> {
    let mut open = vec!["index.html".to_owned()];
    let mut seen: BTreeSet<String> = BTreeSet::new();
    let mut broken = Vec::new();
    while let Some(path) = open.pop() {
        if !seen.insert(path.clone()) {
            continue;
        }
        match store.objects.get(&path) {
            None => broken.push(path),
            Some(text) if path.ends_with(".html") => open.extend(text.lines().map(str::to_owned)),
            Some(_) => {}
        }
    }
    broken
}

proptest! {
    #[test]
    fn no_interruption_leaves_a_link_to_nothing(
        runs in prop::collection::vec(
            (prop::collection::btree_set(0_u8..8, 1..6), 0_u8..3, prop_oneof![Just(1000_usize), 0_usize..30]),
            1..6,
        ),
        foreign in prop::collection::btree_map("other/[a-z]{1,3}", "[a-z]{0,3}", 0..3),
    ) {
        let mut store = Store { objects: foreign.clone(), ..Store::default() };
        let first = site(&[1, 2].into(), 0);
        let is_finished = store.deploy(&first, 1, 1000, &mut |_| {});
        prop_assert!(is_finished);
        let mut last = first;
        for (at, (articles, version, requests)) in runs.into_iter().enumerate() {
            last = site(&articles, version);
            let mut found = Vec::new();
            store.deploy(&last, at as u64 + 2, requests, &mut |store| found.extend(broken(store)));
            prop_assert_eq!(found, Vec::<String>::new());
        }
        // The next run finishes, and one after it has nothing to do.
        let is_finished = store.deploy(&last, 100, 1000, &mut |_| {});
        prop_assert!(is_finished);
        let mut wanted = last.clone();
        wanted.extend(foreign);
        prop_assert_eq!(&store.objects, &wanted);
        let files: Vec<File> = last.iter().map(|(path, content)| file(path, content)).collect();
        let plan = store.plan(&files, false);
        prop_assert!(plan.groups.is_empty() && plan.deleted.is_empty(), "{:?}", plan);
    }
}

/// The plan for one file at `a.html` in a store.
fn plan_one(store: &Store, wanted: &File, replace: bool) -> (&'static str, Plan) {
    let plan = store.plan(std::slice::from_ref(wanted), replace);
    let what = match (plan.kept.len(), plan.new.len(), plan.changed.len(), plan.foreign.len()) {
        (1, 0, 0, 0) => "kept",
        (0, 1, 0, 0) => "new",
        (0, 0, 1, 0) => "changed",
        (0, 0, 0, 1) => "foreign",
        _ => "several",
    };
    (what, plan)
}

#[test]
fn a_file_is_kept_only_if_the_lists_and_the_store_agree() {
    let wanted = file("a.html", "new");
    let store = |in_list: Option<Entry>, in_store: Option<&str>| Store {
        list: Files {
            taken: None,
            entries: in_list.map(|entry| ("a.html".into(), entry)).into_iter().collect(),
            ..Files::default()
        },
        objects: in_store.map(|content| ("a.html".into(), content.into())).into_iter().collect(),
        ..Store::default()
    };
    let other_tag = Entry { tag: 8, ..entry("new") };
    for (in_list, in_store, verdict) in [
        (Some(entry("new")), Some("new"), "kept"),
        (Some(entry("new")), Some("old"), "changed"),
        (Some(entry("new")), None, "new"),
        (Some(entry("old")), Some("old"), "changed"),
        (Some(other_tag), Some("new"), "changed"),
        (None, None, "new"),
        (None, Some("new"), "changed"),
        (None, Some("old"), "foreign"),
    ] {
        let store = store(in_list, in_store);
        assert_eq!(plan_one(&store, &wanted, false).0, verdict, "{store:?}");
    }
    assert_eq!(plan_one(&store(None, Some("old")), &wanted, true).0, "changed");
}

#[test]
fn a_file_of_an_interrupted_run_is_kept_if_its_bytes_are_there() {
    let wanted = file("a.html", "new");
    let pending = Pending { id: 3, entries: [("a.html".into(), [(wanted.hash, wanted.tag)].into())].into() };
    let store = |content: &str| Store {
        pending: pending.clone(),
        objects: [("a.html".into(), content.into())].into(),
        ..Store::default()
    };
    assert_eq!(plan_one(&store("new"), &wanted, false).0, "kept");
    assert_eq!(plan_one(&store("old"), &wanted, false).0, "changed");
    // A list that has taken it in knows nothing of the file any more.
    let mut store = store("old");
    store.list.taken = Some(3);
    assert_eq!(plan_one(&store, &wanted, false).0, "foreign");
}

#[test]
fn only_files_of_the_lists_are_deleted() {
    let store = Store {
        list: Files {
            taken: None,
            entries: [("gone.html".into(), entry("x"))].into(),
            maybe: ["late.html".into()].into(),
        },
        pending: Pending { id: 3, entries: [("half.html".into(), [(Fingerprint(1), 1)].into())].into() },
        objects: ["gone.html", "half.html", "late.html", "foreign.html"]
            .map(|path| (path.into(), "x".into()))
            .into(),
    };
    let (_, plan) = plan_one(&store, &file("a.html", "new"), true);
    assert_eq!(plan.deleted, ["gone.html", "half.html", "late.html"].map(|path| (path.to_owned(), 1)));
}

#[test]
fn a_file_that_a_run_may_still_write_stays_known() {
    let pending = Pending { id: 3, entries: [("late.html".into(), [(Fingerprint(1), 1)].into())].into() };
    let mut store = Store { pending, ..Store::default() };
    let (_, plan) = plan_one(&store, &file("a.html", "new"), false);
    assert_eq!(plan.maybe, ["late.html".to_owned()].into());
    // The next run finds it, and deletes it or takes it over.
    store.list = Files { taken: Some(3), maybe: plan.maybe, ..Files::default() };
    store.objects = [("late.html".into(), "x".into())].into();
    assert_eq!(plan_one(&store, &file("a.html", "new"), false).1.deleted, [("late.html".to_owned(), 1)]);
    assert_eq!(plan_one(&store, &file("late.html", "new"), false).0, "changed");
}

#[test]
fn versions_of_stores_without_md5_are_compared() {
    let wanted = file("a.html", "new");
    let judge_with = |replace: bool, version: Version, listed: Listed, pending: &Pending| {
        let list = Files {
            entries: [("a.html".to_owned(), Entry { version, ..entry("new") })].into(),
            ..Files::default()
        };
        let listed = [("a.html".to_owned(), listed)].into();
        let files = std::slice::from_ref(&wanted);
        let input = Input { files, list: &list, pending, listed: &listed, replace, as_sent: &plain };
        Plan::make(&input).kept.len()
    };
    let judge_after =
        |version: Version, listed: Listed, pending: &Pending| judge_with(false, version, listed, pending);
    let judge = |version, listed| judge_after(version, listed, &Pending::default());
    let etag = |etag: &str| Listed { size: 3, md5: None, etag: Some(etag.into()) };
    assert_eq!(judge(Version::Etag("1".into()), etag("1")), 1);
    assert_eq!(judge(Version::Etag("1".into()), etag("2")), 0);
    assert_eq!(judge(Version::Published, etag("1")), 0);
    assert_eq!(judge(Version::Unknown, Listed { size: 3, ..Listed::default() }), 1);
    assert_eq!(judge(Version::Unknown, Listed { size: 4, ..Listed::default() }), 0);
    assert_eq!(judge(Version::Md5([9; 16]), Listed { size: 3, md5: Some([9; 16]), etag: None }), 1);
    // Another run may have written the same number of bytes: `replace` sends what has no MD5.
    let replaced = |version, listed| judge_with(true, version, listed, &Pending::default());
    assert_eq!(replaced(Version::Etag("1".into()), etag("1")), 0);
    assert_eq!(replaced(Version::Md5([9; 16]), Listed { size: 3, md5: Some([9; 16]), etag: None }), 1);
    // An interrupted run may have written something else with the same ETag.
    let pending = |candidates: &[Candidate]| Pending {
        id: 3,
        entries: [("a.html".to_owned(), candidates.iter().copied().collect())].into(),
    };
    let same = (wanted.hash, wanted.tag);
    let other = (Fingerprint(1), wanted.tag);
    let unknown = || (Version::Etag("1".into()), etag("1"));
    let judge_pending = |candidates: &[Candidate]| {
        let (version, listed) = unknown();
        judge_after(version, listed, &pending(candidates))
    };
    assert_eq!(judge_pending(&[same]), 1);
    assert_eq!(judge_pending(&[other]), 0);
    assert_eq!(judge_pending(&[same, other]), 0);
}
