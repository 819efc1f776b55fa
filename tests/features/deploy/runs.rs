//! Deployments to a store after, and beside, others: what is deleted, told and sent again.

use super::stores::{Store, deploy, digest};
use crate::driver::{Digest, Outcome};

const FEWER: [&str; 2] = ["--allow", "fewer-pages"];
const GONE: &str = "site/articles/0003/index.html";
const HOME: &str = "site/index.html";

/// Deploys to a store, and allows fewer pages.
fn deploy_to(store: &Store, digest: &Digest, more: &[&str]) -> Outcome {
    deploy(digest, &[&["--to", &store.address()][..], &FEWER, more].concat())
}

fn good(store: &Store, digest: &Digest, more: &[&str]) -> Outcome {
    let outcome = deploy_to(store, digest, more);
    assert!(outcome.success, "{}", outcome.stderr);
    outcome
}

/// A store with the site of a digest that has lost an article since.
fn with_an_article_less() -> (Store, Digest) {
    let (store, digest) = (Store::start(), digest());
    good(&store, &digest, &[]);
    digest.remove("content/articles/0003.md");
    store.writes();
    (store, digest)
}

/// Refuses these requests.
fn refuse(store: &Store, refused: &'static str) {
    let hook = move |request: &str, _: &mut _| (request == refused).then_some(403);
    store.hook(hook);
}

/// Deploys, and asserts that the run ends since another one has begun.
fn overtaken(store: &Store, digest: &Digest) -> Outcome {
    let outcome = deploy_to(store, digest, &[]);
    assert_eq!(outcome.code, 1);
    assert!(outcome.stderr.contains("another deployment runs"), "{}", outcome.stderr);
    outcome
}

fn addresses(outcome: &Outcome) -> Vec<String> {
    let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    serde_json::from_value(report["targets"][0]["addresses"].clone()).unwrap()
}

#[test]
fn a_file_that_another_program_changed_is_not_deleted() {
    let (store, digest) = with_an_article_less();
    let (own, mine) = (&store.state.lock().unwrap().objects[GONE].clone(), b"mine".to_vec());
    let same_size: Vec<u8> = own.iter().map(|byte| byte ^ 1).collect();
    for changed in [mine, same_size] {
        store.state.lock().unwrap().objects.insert(GONE.into(), changed.clone());
        let dry = good(&store, &digest, &["--dry-run"]);
        assert!(dry.stderr.contains("another program changed articles/0003/index.html"), "{}", dry.stderr);
        assert_eq!(store.writes(), Vec::<String>::new());
        assert_eq!(store.state.lock().unwrap().objects[GONE], changed);
    }
    let outcome = good(&store, &digest, &[]);
    assert!(outcome.stderr.contains("delete there yourself"), "{}", outcome.stderr);
    assert!(store.state.lock().unwrap().objects.contains_key(GONE));
    // It is in no list any more.
    let again = good(&store, &digest, &[]);
    assert!(!again.stderr.contains("another program"), "{}", again.stderr);
}

#[test]
fn a_listing_without_files_forgets_nothing() {
    let (store, digest) = with_an_article_less();
    let mut hidden = None;
    let hook = move |request: &str, objects: &mut super::stores::Objects| {
        match request {
            "GET " => hidden = Some(std::mem::take(objects)),
            _ => {
                if let Some(mut all) = hidden.take() {
                    all.append(objects);
                    *objects = all;
                }
            }
        }
        None
    };
    store.hook(hook);
    good(&store, &digest, &[]);
    assert!(store.state.lock().unwrap().objects.contains_key(GONE));
    store.state.lock().unwrap().hook = None;
    good(&store, &digest, &[]);
    assert!(store.site() == digest.site());
}

#[test]
fn what_an_interrupted_run_and_a_failed_program_did_not_tell_is_told() {
    let (store, digest) = with_an_article_less();
    let wanted = addresses(&good(&store, &digest, &["--dry-run", "--json"]));
    assert!(wanted.contains(&"https://news.site.cn/articles/0003/".to_owned()), "{wanted:?}");
    refuse(&store, "PUT site/sitemap.xml");
    assert_eq!(deploy_to(&store, &digest, &["--then", "cat"]).code, 1);
    store.state.lock().unwrap().hook = None;
    let failed = deploy_to(&store, &digest, &["--then", "false", "--json"]);
    assert_eq!((failed.code, addresses(&failed)), (1, wanted.clone()));
    assert!(store.site() == digest.site());
    store.writes();
    // No file is sent again.
    let told = good(&store, &digest, &["--then", "cat", "--json"]);
    assert_eq!(addresses(&told), wanted);
    for address in &wanted {
        assert!(told.stderr.lines().any(|line| line == address), "{address}: {}", told.stderr);
    }
    assert_eq!(store.writes(), ["PUT site/.newsprint-files"]);
    let again = good(&store, &digest, &["--then", "false", "--json"]);
    assert_eq!((addresses(&again), store.writes()), (vec![], vec![]));
}

#[test]
fn what_another_run_replaces_meanwhile_is_sent_again() {
    let (store, digest) = with_an_article_less();
    refuse(&store, "PUT site/sitemap.xml");
    assert_eq!(deploy_to(&store, &digest, &[]).code, 1);
    // The other run goes on: it replaces a file that is kept, and one that this run has sent.
    let mut left = 2;
    let hook = move |request: &str, objects: &mut super::stores::Objects| {
        if request == "PUT site/sitemap.xml" && left > 0 {
            left -= 1;
            objects.insert(HOME.into(), b"other".to_vec());
            objects.insert("site/newsprint.css".into(), b"other".to_vec());
        }
        None
    };
    store.hook(hook);
    good(&store, &digest, &[]);
    assert!(store.site() == digest.site());
    // One that does not end.
    digest.remove("content/articles/0002.md");
    refuse(&store, "PUT site/sitemap.xml");
    assert_eq!(deploy_to(&store, &digest, &[]).code, 1);
    let hook = move |request: &str, objects: &mut super::stores::Objects| {
        if request == "GET " {
            objects.insert("site/newsprint.css".into(), b"other".to_vec());
        }
        None
    };
    store.hook(hook);
    overtaken(&store, &digest);
}

#[test]
fn a_run_that_is_overtaken_says_so() {
    let (store, digest) = with_an_article_less();
    let hook = |request: &str, objects: &mut super::stores::Objects| {
        if request == "PUT site/sitemap.xml" {
            objects.insert("site/.newsprint-pending".into(), b"of another run".to_vec());
        }
        None
    };
    store.hook(hook);
    let outcome = overtaken(&store, &digest);
    assert!(outcome.stderr.contains("was not deployed completely"), "{}", outcome.stderr);
    let writes = store.writes();
    assert!(!writes.contains(&"PUT site/.newsprint-files".to_owned()), "{writes:?}");
    assert!(!writes.iter().any(|write| write.starts_with("DELETE")), "{writes:?}");
}

#[test]
fn the_report_says_how_far_a_deployment_came() {
    let (store, digest) = with_an_article_less();
    let line = |outcome: &Outcome| {
        let mut lines = outcome.stderr.lines().filter(|line| line.starts_with("newsprint: "));
        lines.next().unwrap_or_default().to_owned()
    };
    let failed = deploy_to(&store, &digest, &["--then", "false"]);
    assert!(line(&failed).starts_with("newsprint: deployed to s3://bucket/site: "), "{}", failed.stderr);
    assert!(line(&failed).ends_with(", but `false` failed"), "{}", failed.stderr);
    store.state.lock().unwrap().objects.insert("site/neu.txt".into(), b"mine".to_vec());
    digest.write("static/neu.txt", "new");
    let foreign = deploy_to(&store, &digest, &["--dry-run"]);
    assert!(line(&foreign).ends_with("was not deployed; it is unchanged"), "{}", foreign.stderr);
    store.state.lock().unwrap().objects.insert("site/.newsprint-files".into(), b"damaged".to_vec());
    let damaged = deploy_to(&store, &digest, &[]);
    assert!(damaged.stderr.contains("s3://bucket/site: .newsprint-files is damaged"), "{}", damaged.stderr);
}

#[test]
fn bytes_are_those_that_are_sent() {
    let (store, digest) = (Store::start(), digest());
    let endpoint = store.address().split_once("endpoint=").unwrap().1.to_owned();
    let settings =
        "title: 测试日报\nbase_url: https://news.site.cn/\ndeploy:\n  cdn:\n    to: s3://bucket/site\n";
    let settings = format!("{settings}    endpoint: {endpoint}\n    compress: gzip\n");
    digest.write("newsprint.yaml", settings);
    let bytes = |more: &[&str]| {
        let outcome = deploy(&digest, &[&["--to", "cdn", "--allow-private", "--json"][..], more].concat());
        assert!(outcome.success, "{}", outcome.stderr);
        let report: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
        report["targets"][0]["new"]["bytes"].as_u64().unwrap()
    };
    let (dry, sent) = (bytes(&["--dry-run"]), bytes(&[]));
    let stored: usize = store.site().values().map(Vec::len).sum();
    assert_eq!((dry, sent), (stored as u64, stored as u64));
}
