//! Properties of plans: which files are sent, and what a reader meets after each request.

use proptest::prelude::*;

use super::*;
use crate::deploy::store::list::md5;

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
    let File { hash, size, tag, md5, .. } = file("", content);
    Entry { hash, size, tag, version: Version::Md5(md5) }
}

fn candidate(content: &str) -> Candidate {
    let Entry { hash, tag, .. } = entry(content);
    Candidate { hash, tag, stored: entry(content).stored() }
}

/// A list of an interrupted run that was about to write a file.
fn pending(path: &str, content: &str) -> Pending {
    Pending { id: 3, entries: [(path.into(), [candidate(content)].into())].into() }
}

fn listed(content: &str) -> Listed {
    let md5 = md5(content.as_bytes());
    Listed { size: content.len() as u64, md5: Some(md5), etag: None }
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
        Plan::make(&Input { files, list: &self.list, pending, listed: &listed, replace })
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
        assert_eq!((&plan.foreign, &plan.altered), (&vec![], &vec![]));
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
                next.entries.entry(file.path.clone()).or_default().insert(candidate(&site[&file.path]));
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
        for path in plan.deleted.keys() {
            if !take() {
                return false;
            }
            self.objects.remove(path);
            seen(self);
        }
        if !take() {
            return false;
        }
        self.list = Files { taken: Some(taken), entries, gone: plan.gone, ..Files::default() };
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
    let store = |content: &str| Store {
        pending: pending("a.html", "new"),
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
fn only_files_of_the_lists_that_are_as_written_are_deleted() {
    let gone: Looks = [("late.html".to_owned(), [entry("x").stored()].into())].into();
    let paths = ["gone.html", "half.html", "late.html", "foreign.html"];
    let mut store = Store {
        list: Files { entries: [("gone.html".into(), entry("x"))].into(), gone, ..Files::default() },
        pending: pending("half.html", "x"),
        objects: paths.map(|path| (path.into(), "x".into())).into(),
    };
    let ours = ["gone.html", "half.html", "late.html"];
    let (_, plan) = plan_one(&store, &file("a.html", "new"), true);
    assert_eq!(plan.deleted, ours.map(|path| (path.to_owned(), 1)).into());
    assert_eq!(plan.altered, Vec::<String>::new());
    // Another program has written as many other bytes.
    store.objects = paths.map(|path| (path.into(), "y".into())).into();
    let (_, plan) = plan_one(&store, &file("a.html", "new"), true);
    assert_eq!((plan.deleted.len(), plan.gone.len()), (0, 0));
    assert_eq!(plan.altered, ours);
}

#[test]
fn what_the_store_does_not_list_stays_known() {
    let list = Files { entries: [("gone.html".into(), entry("x"))].into(), ..Files::default() };
    let mut store = Store { list, pending: pending("late.html", "x"), ..Store::default() };
    let other = file("a.html", "new");
    for _ in 0..3 {
        let (_, plan) = plan_one(&store, &other, false);
        assert_eq!(plan.gone.keys().collect::<Vec<_>>(), ["gone.html", "late.html"]);
        store.list = Files { taken: Some(3), gone: plan.gone, ..Files::default() };
    }
    // A later run finds it, and deletes it or takes it over.
    store.objects = [("late.html".into(), "x".into())].into();
    let (_, plan) = plan_one(&store, &other, false);
    assert_eq!(plan.deleted, [("late.html".to_owned(), 1)].into());
    assert_eq!(plan.gone.keys().collect::<Vec<_>>(), ["gone.html"]);
    assert_eq!(plan_one(&store, &file("late.html", "new"), false).0, "changed");
    // What others have written there since is theirs.
    store.objects = [("late.html".into(), "of others".into())].into();
    assert_eq!(plan_one(&store, &file("late.html", "new"), false).0, "foreign");
}

#[test]
fn what_differs_from_the_last_good_deployment_is_told() {
    let told = |store: &Store, wanted: &File| plan_one(store, wanted, false).1.untold.into_iter().collect();
    let wanted = file("a.html", "new");
    let list =
        |content: &str| Files { entries: [("a.html".into(), entry(content))].into(), ..Files::default() };
    let objects: BTreeMap<String, String> = [("a.html".into(), "new".into())].into();
    let mut store = Store { list: list("new"), objects, ..Store::default() };
    let none: Vec<String> = told(&store, &wanted);
    assert_eq!(none, Vec::<String>::new());
    // An interrupted run has sent it.
    store.list = list("old");
    store.pending = pending("a.html", "new");
    assert_eq!(plan_one(&store, &wanted, false).0, "kept");
    let all: Vec<String> = told(&store, &wanted);
    assert_eq!(all, ["a.html"]);
    // An interrupted run may have sent another one, which is replaced, and a file that is gone.
    store.list = list("new");
    store.pending = pending("b.html", "new");
    let all: Vec<String> = told(&store, &wanted);
    assert_eq!(all, ["b.html"]);
    store.list.taken = Some(3);
    store.list.untold = ["c.html".into()].into();
    let all: Vec<String> = told(&store, &wanted);
    assert_eq!(all, ["c.html"]);
}

#[test]
fn files_that_stand_where_a_folder_has_to_be_are_found() {
    let mut plan = Plan::default();
    for path in ["a", "a.txt", "b/c/d", "b/e", "bb/x"] {
        plan.deleted.insert(path.into(), 1);
    }
    plan.gone.insert("f/g".into(), BTreeSet::new());
    let set = |paths: &[&str]| paths.iter().map(|&path| path.to_owned()).collect::<BTreeSet<_>>();
    assert_eq!(plan.in_the_way(["a/in/x", "z/a"]), (set(&["a"]), set(&[])));
    assert_eq!(plan.in_the_way(["b"]), (set(&["b/c/d", "b/e"]), set(&["b/", "b/c/"])));
    assert_eq!(plan.in_the_way(["f"]), (set(&[]), set(&["f/"])));
    assert_eq!(plan.in_the_way(["c", "b/x"]), (set(&[]), set(&[])));
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
        let input = Input { files, list: &list, pending, listed: &listed, replace };
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
        entries: [("a.html".to_owned(), candidates.iter().cloned().collect())].into(),
    };
    let (same, other) = (candidate("new"), candidate("odd"));
    let unknown = || (Version::Etag("1".into()), etag("1"));
    let judge_pending = |candidates: &[Candidate]| {
        let (version, listed) = unknown();
        judge_after(version, listed, &pending(candidates))
    };
    assert_eq!(judge_pending(std::slice::from_ref(&same)), 1);
    assert_eq!(judge_pending(std::slice::from_ref(&other)), 0);
    assert_eq!(judge_pending(&[same, other]), 0);
}
