//! Many sources, many days, and runs that are killed: nothing is lost, and nothing comes twice.

use std::collections::{BTreeMap, BTreeSet};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use chrono::Days;
use newsprint::internals::fetch::{Report, Status};

use super::server::{Response, Server, item, rss};
use super::{digest, fetch_at, records, time};

/// A generator of numbers (Knuth's linear congruential one): the same in every run.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }
}

/// Servers with sources below them: each path is a feed.
fn start(servers: usize, answer: impl Fn(&str) -> String + Clone + Send + Sync + 'static) -> Vec<Server> {
    let one = |number: usize| {
        let answer = answer.clone();
        Server::start(move |request| Response::tagged(request, &answer(&format!("{number}{}", request.path))))
    };
    (0..servers).map(one).collect()
}

#[test]
fn two_hundred_sources_are_read_and_a_run_without_news_gets_no_body() {
    let feed = |path: &str| {
        let entry = |n: usize| {
            item(
                &format!("{path}-{n}"),
                &format!("https://news.example/{path}/{n}"),
                &format!("{path} 的第 {n} 篇"),
                28,
            )
        };
        rss(&(0..5).map(entry).collect::<String>())
    };
    let servers = start(20, feed);
    let names: Vec<(String, String)> =
        (0..200).map(|n| (format!("源 {n}"), format!("{}/{n}", servers[n % 20].address))).collect();
    let sources: Vec<(&str, &str, &str)> =
        names.iter().map(|(name, url)| (name.as_str(), url.as_str(), "")).collect();
    let digest = digest(&sources);
    let report = fetch_at(&digest, time("2026-11-29T08:30:00+08:00"));
    assert_eq!((report.new, records(&digest).len()), (1000, 1000));
    servers.iter().for_each(|server| drop(server.take_log()));
    let report = fetch_at(&digest, time("2026-11-30T08:30:00+08:00"));
    assert!(report.sources.iter().all(|source| source.status == Status::Unchanged));
    let log: Vec<u16> = servers.iter().flat_map(Server::take_log).map(|(_, status)| status).collect();
    assert_eq!(log, [304; 200]);
    assert_eq!(records(&digest).len(), 1000);
}

/// An entry that a simulated site has published.
#[derive(Clone)]
struct Published {
    id: String,
    link: String,
    title: String,
    day: u64,
}

/// A simulated site, by its number: what it publishes, and how its feed misbehaves.
#[derive(Default)]
struct Site {
    entries: Vec<Published>,
    is_down: bool,
    ids: u64,
}

impl Site {
    fn publish(&mut self, number: usize, day: u64, random: &mut Random) {
        let burst = if day % 7 == 3 { 6 } else { 3 };
        for _ in 0..random.below(burst) {
            let nth = self.entries.len();
            let kind = if number % 4 == 1 && nth.is_multiple_of(3) { "招聘" } else { "新闻" };
            self.entries.push(Published {
                id: format!("{number}-{nth}"),
                link: format!("https://site{number}.example/{nth}.html"),
                title: format!("站 {number} 的{kind} {nth}"),
                day,
            });
        }
        // Sites edit titles, and some exchange their generator.
        if let Some(last) = self.entries.last_mut().filter(|_| random.below(5) == 0) {
            last.title.push_str("（更新）");
        }
        if number % 5 == 2 && day == 10 {
            self.ids += 1;
        }
        self.is_down = number != 0 && random.below(10) == 0;
    }

    fn feed(&self) -> String {
        let start = chrono::NaiveDate::from_ymd_opt(2026, 10, 31).unwrap();
        let newest = self.entries.iter().rev().take(40);
        rss(&newest
            .map(|entry| {
                let date = (start + Days::new(entry.day)).format("%d %b %Y 08:00:00 +0800");
                let id = format!("{}{}", entry.id, "x".repeat(self.ids as usize));
                format!(
                    "<item><title>{}</title><link>{}</link><guid isPermaLink=\"false\">{id}</guid><pubDate>{date}</pubDate></item>",
                    entry.title, entry.link
                )
            })
            .collect::<String>())
    }
}

#[test]
fn thirty_days_lose_nothing_double_nothing_and_name_every_drop() {
    const SITES: usize = 12;
    const LIMIT: usize = 4;
    let sites: Arc<Mutex<Vec<Site>>> = Arc::new(Mutex::new((0..SITES).map(|_| Site::default()).collect()));
    let shown = Arc::clone(&sites);
    let server = Server::start(move |request| {
        let number: usize = request.path[1..].parse().unwrap();
        let sites = shown.lock().unwrap();
        match sites[number].is_down {
            true => Response::status(500),
            false => Response::tagged(request, &sites[number].feed()),
        }
    });
    let settings = |number: usize| match number % 4 {
        1 => "words: {none: [招聘]}".to_owned(),
        3 => format!("limit: {LIMIT}"),
        _ => String::new(),
    };
    let names: Vec<(String, String, String)> =
        (0..SITES).map(|n| (format!("站 {n}"), format!("{}/{n}", server.address), settings(n))).collect();
    let sources: Vec<(&str, &str, &str)> =
        names.iter().map(|(name, url, settings)| (name.as_str(), url.as_str(), settings.as_str())).collect();
    let digest = digest(&sources);
    let mut random = Random(7);
    let mut judged: Vec<usize> = vec![0; SITES];
    for day in 1..=30_u64 {
        for (number, site) in sites.lock().unwrap().iter_mut().enumerate() {
            site.publish(number, day, &mut random);
        }
        if day == 15 {
            std::fs::remove_dir_all(digest.path(".newsprint")).unwrap();
        }
        let report = fetch_at(&digest, time(&format!("2026-11-{day:02}T09:00:00+08:00")));
        let links: Vec<String> = all_links(&digest);
        let once: BTreeSet<&String> = links.iter().collect();
        assert_eq!(once.len(), links.len(), "day {day}: a link has two records");
        judge(day, &sites.lock().unwrap(), &report, &once, &mut judged);
    }
    let total: usize = sites.lock().unwrap().iter().map(|site| site.entries.len()).sum();
    assert!(total > 200 && judged.iter().sum::<usize>() > total - 40, "{judged:?} of {total}");
}

fn all_links(digest: &crate::driver::Digest) -> Vec<String> {
    records(digest).iter().map(|record| record["link"].as_str().unwrap().to_owned()).collect()
}

/// Compares the entries that a run saw for the first time with its records and its report.
fn judge(day: u64, sites: &[Site], report: &Report, recorded: &BTreeSet<&String>, judged: &mut [usize]) {
    for (number, site) in sites.iter().enumerate() {
        let source = &report.sources[number];
        if site.is_down || source.status == Status::Waiting {
            assert!(matches!(source.status, Status::Failed | Status::Waiting), "day {day}: {source:?}");
            continue;
        }
        let fresh = &site.entries[judged[number]..];
        judged[number] = site.entries.len();
        let missing: Vec<&Published> = fresh.iter().filter(|entry| !recorded.contains(&entry.link)).collect();
        let dropped: usize = source.dropped.values().sum();
        assert!(missing.len() <= dropped, "day {day}: {} of {number}: {source:?}", missing.len());
        for entry in missing {
            let is_filtered = number % 4 == 1 && entry.title.contains("招聘");
            assert!(is_filtered || number % 4 == 3, "day {day}: {} is lost", entry.title);
        }
        assert_eq!(
            source.new,
            fresh.len() - fresh.iter().filter(|entry| !recorded.contains(&entry.link)).count()
        );
    }
}

#[test]
fn a_run_that_is_killed_loses_nothing_and_doubles_nothing() {
    let kills = std::env::var("NEWSPRINT_KILLS").ok().and_then(|kills| kills.parse().ok()).unwrap_or(12_u64);
    let version = Arc::new(Mutex::new(0_u64));
    let shown = Arc::clone(&version);
    let servers = start(4, move |path| {
        let newest = *shown.lock().unwrap();
        let entry = |n: u64| {
            item(
                &format!("{path}-{n}"),
                &format!("https://news.example/{path}/{n}"),
                &format!("{path} 第 {n} 篇"),
                1,
            )
        };
        rss(&(0..=newest).rev().map(entry).collect::<String>())
    });
    let urls: Vec<String> = servers.iter().map(|server| format!("{}/a", server.address)).collect();
    let sources: Vec<(&str, &str, &str)> = urls.iter().map(|url| (url.as_str(), url.as_str(), "")).collect();
    let digest = digest(&sources);
    // The rules of robots.txt are known from now on, so that runs are short.
    assert_eq!(fetch_at(&digest, chrono::Utc::now()).new, 4);
    let mut random = Random(11);
    for round in 1..=kills {
        *version.lock().unwrap() = round;
        let mut child = Command::new(crate::driver::newsprint())
            .args(["fetch", "--allow-private", "--quiet"])
            .current_dir(digest.path(""))
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(Duration::from_millis(random.below(400)));
        let _ = child.kill();
        child.wait().unwrap();
        for record in records(&digest) {
            assert!(record["id"].is_string(), "each line is a whole record");
        }
    }
    let report = fetch_at(&digest, chrono::Utc::now());
    assert!(report.success, "{:?}", report.diagnostics);
    let mut found: BTreeMap<String, usize> = BTreeMap::new();
    for link in all_links(&digest) {
        *found.entry(link).or_default() += 1;
    }
    assert_eq!(found.len() as u64, 4 * (kills + 1), "an entry is lost");
    assert!(found.values().all(|records| *records == 1), "an entry has two records: {found:?}");
    let names = std::fs::read_dir(digest.path("records")).unwrap();
    let is_temporary = |name: &str| name.starts_with('.');
    assert!(!names.flatten().any(|entry| is_temporary(&entry.file_name().to_string_lossy())));
}
