//! Compares the search of a built digest with a scan of its texts, and measures what queries fetch:
//! `cargo run --release --example search -- recall DIGEST [QUERIES]`.
//!
//! `… -- draw DIGEST [QUERIES]` prints queries and the results of the scan as JSON, for
//! `benches/pagefind.mjs`. `… -- find SITE < QUERIES` answers queries, one a line, as JSON.
#![allow(clippy::disallowed_methods, clippy::print_stdout, clippy::print_stderr)]

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, stdin};
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::time::Instant;

use newsprint::SymlinkPolicy;
use newsprint::internals::load::{self, Cache, Sources};
use newsprint::internals::search::find::{SearchFiles, find};
use newsprint::internals::search::html;
use newsprint::internals::search::index::number;
use newsprint::internals::search::query::{Query, is_wide};
use newsprint::internals::search::units::{Reader, Units};
use newsprint::internals::site::{self, BodyId};
use newsprint::internals::watchdog::Watchdog;

/// The folded form of a text for the scan: a space between adjacent words, a line break where units
/// are not adjacent.
fn folded(text: &str) -> String {
    let mut reader = Reader::default();
    let mut units = Units::default();
    reader.read(text, usize::MAX, &mut units);
    let mut folded = String::from("\n");
    let mut before_is_word = false;
    for (&id, &joined) in units.ids.iter().zip(&units.joined) {
        let start = folded.len();
        reader.words.write(id, &mut folded);
        let is_word = !is_wide(&folded[start..]);
        if !joined {
            folded.insert(start, '\n');
        } else if is_word && before_is_word {
            folded.insert(start, ' ');
        }
        before_is_word = is_word;
    }
    folded + "\n"
}

/// Whether a folded text contains a folded query. A word of the query has to match from the
/// beginning of a word of the text. The last word may be a prefix of a word of the text if it has
/// at least two letters and is not a number. A number after a word may go on with a dot.
fn holds(text: &str, query: &str) -> bool {
    let is_letter = |c: char| c != ' ' && c != '\n' && !is_wide(c.encode_utf8(&mut [0; 4]));
    let begins = query.starts_with(is_letter);
    let (before, last) = query.split_at(
        query
            .rfind(|c| !is_letter(c))
            .map_or(0, |at| at + query[at..].chars().next().map_or(0, char::len_utf8)),
    );
    let is_number = last.starts_with(char::is_numeric);
    let ends = !last.is_empty() && (is_number || last.chars().nth(1).is_none());
    let name = before.strip_suffix(' ').unwrap_or_default().rsplit(|c| !is_letter(c)).next();
    let has_versions = is_number && name.is_some_and(|name| name.starts_with(char::is_alphabetic));
    text.match_indices(query).any(|(at, _)| {
        let rest = &text[at + query.len()..];
        !(begins && text[..at].ends_with(is_letter))
            && (!ends || !rest.starts_with(is_letter) || has_versions && rest.starts_with('.'))
    })
}

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % limit.max(1) as u64) as usize
    }
}

/// The files of a built site, with counters of what a query fetches.
struct Digest {
    site: PathBuf,
    /// By article number.
    bodies: Vec<String>,
    /// Bytes of the fetched shards.
    fetched: Cell<usize>,
    /// Names of the fetched shards.
    files: RefCell<BTreeSet<String>>,
    /// Number of the fetched bodies.
    fetched_bodies: Cell<usize>,
}

impl SearchFiles for Digest {
    fn file(&self, name: &str) -> Option<Vec<u8>> {
        let bytes = std::fs::read(self.site.join("search").join(name)).ok()?;
        if name != "index.bin" && self.files.borrow_mut().insert(name.to_owned()) {
            self.fetched.set(self.fetched.get() + bytes.len());
        }
        Some(bytes)
    }

    fn body(&self, article: u32) -> Option<String> {
        self.fetched_bodies.set(self.fetched_bodies.get() + 1);
        self.bodies.get(article as usize).cloned()
    }
}

/// The texts of the bodies on the article pages of a built site, by article number.
fn bodies_of_pages(site: &Path) -> Vec<String> {
    let mut bodies = Vec::new();
    for at in 0.. {
        let Ok(text) = std::fs::read_to_string(site.join(format!("search/a{at}.json"))) else { break };
        let file: serde_json::Value = serde_json::from_str(&text).unwrap_or_default();
        for article in file["articles"].as_array().into_iter().flatten() {
            let path = site.join(article["path"].as_str().unwrap_or_default()).join("index.html");
            let page = std::fs::read_to_string(path).unwrap_or_default();
            let body = page.split_once(" data-search>").map_or("", |(_, rest)| rest);
            bodies.push(html::text(inside(body)));
        }
    }
    bodies
}

/// The part of HTML before the end tag of the `div` that surrounds it.
fn inside(html: &str) -> &str {
    let mut open = 1;
    for (at, _) in html.match_indices('<') {
        let tag = &html[at..];
        if tag.starts_with("</div>") {
            open -= 1;
        } else if tag.starts_with("<div") {
            open += 1;
        }
        if open == 0 {
            return &html[..at];
        }
    }
    html
}

/// Answers the queries on standard input, one a line.
fn answer(site: &Path) {
    let digest = Digest {
        site: site.to_path_buf(),
        bodies: bodies_of_pages(site),
        fetched: Cell::default(),
        files: RefCell::default(),
        fetched_bodies: Cell::default(),
    };
    for typed in stdin().lock().lines().map_while(Result::ok) {
        let found = find(&Query::parse(&typed), &digest).unwrap_or_default();
        let found: Vec<(u32, u32)> = found.iter().map(|found| (found.article, found.score)).collect();
        println!("{}", serde_json::json!({ "query": typed, "found": found }));
    }
}

/// Draws up to `count` queries of each kind from the texts.
fn draw(texts: &[[String; 4]], count: usize) -> BTreeMap<&'static str, Vec<String>> {
    let mut random = Random(6);
    let mut drawn: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
    let table = newsprint::internals::search::fold::table();
    let (written, meant) = table.split_once('\n').unwrap_or_default();
    let traditional: BTreeMap<char, char> = meant.chars().zip(written.chars()).collect();
    let kinds = [
        "1 Han",
        "2 Han",
        "3 Han",
        "4 Han",
        "5 Han",
        "6 Han",
        "7 Han",
        "8 Han",
        "Latin",
        "mixed",
        "Traditional",
    ];
    for _ in 0..count * 2000 {
        let text = &texts[random.below(texts.len())][[0, 1, 2, 3, 3, 3][random.below(6)]];
        let kind = kinds[random.below(kinds.len())];
        if drawn.get(kind).is_some_and(|queries| queries.len() >= count) {
            continue;
        }
        let lines: Vec<&str> = text.lines().filter(|line| !line.is_empty()).collect();
        if lines.is_empty() {
            continue;
        }
        let line: Vec<char> = lines[random.below(lines.len())].chars().collect();
        let wide = |c: &char| is_wide(c.encode_utf8(&mut [0; 4]));
        let start = random.below(line.len());
        let length = 1 + random.below(8);
        let piece: Vec<char> = line.iter().copied().skip(start).take(length).collect();
        let query: String = match kind {
            "Latin" => {
                let words: Vec<String> = line
                    .split(wide)
                    .map(|word| word.iter().collect())
                    .filter(|word: &String| !word.is_empty())
                    .collect();
                if words.is_empty() { continue } else { words[random.below(words.len())].clone() }
            }
            "mixed" => {
                let starts = start == 0 || wide(&line[start - 1]) || wide(&line[start]);
                let end = start + piece.len();
                let ends = end == line.len() || wide(&line[end]) || wide(&line[end - 1]);
                let both = piece.iter().any(wide) && piece.iter().any(|c| !wide(c) && *c != ' ');
                if !(starts && ends && both) || piece.ends_with(&[' ']) || piece.starts_with(&[' ']) {
                    continue;
                }
                piece.iter().collect::<String>().replace(' ', "-")
            }
            "Traditional" => {
                let other: String = piece.iter().map(|c| traditional.get(c).copied().unwrap_or(*c)).collect();
                if !piece.iter().all(wide) || other == piece.iter().collect::<String>() {
                    continue;
                }
                other
            }
            kind => {
                let length = kind[..1].parse().unwrap_or(1);
                let piece: Vec<char> = line.iter().copied().skip(start).take(length).collect();
                if piece.len() < length || !piece.iter().all(wide) {
                    continue;
                }
                piece.into_iter().collect()
            }
        };
        drawn.entry(kind).or_default().push(query.replace(' ', "-"));
    }
    drawn
}

/// The texts of a digest, by article number.
struct Texts {
    /// Folded: title, event, terms, body.
    texts: Vec<[String; 4]>,
    bodies: Vec<String>,
    paths: Vec<String>,
    /// Bytes of all texts before folding.
    bytes: usize,
}

/// Reads the texts of a digest from its sources.
fn read_texts(root: &Path) -> Texts {
    let (config, _) = load::configuration(root, None, SymlinkPolicy::Inside);
    let mut cache = Cache::none();
    let mut sources = Sources::find(root, &config, &mut cache);
    let content = load::content(
        root,
        &config,
        load::Selection::of_all_times(false),
        &mut cache,
        &mut sources,
        &Watchdog::none(),
    );
    let (site, bodies, _) = site::assemble(content, &config, std::sync::Arc::new(|_, _| Ok(String::new())));
    let mut read = Texts { texts: Vec::new(), bodies: Vec::new(), paths: Vec::new(), bytes: 0 };
    for at in 0..site.articles.len() {
        let id = number(site.articles.len(), at);
        let article = &site.articles[id];
        let body = html::text(bodies[BodyId::Article(id)].html.as_deref().unwrap_or_default());
        let terms: Vec<&str> = site.names_of(id).chain([article.source.as_str()]).collect();
        let terms = terms.join("\u{2029}");
        let event = article.event.as_deref().unwrap_or_default();
        read.bytes += article.title.len() + event.len() + terms.len() + body.len();
        read.texts.push([folded(&article.title), folded(event), folded(&terms), folded(&body)]);
        read.bodies.push(body);
        read.paths.push(site.addresses[id].path.clone());
    }
    read
}

/// The numbers of the articles that contain a query.
fn scan(texts: &[[String; 4]], typed: &str) -> BTreeSet<u32> {
    let query = folded(typed);
    let query = query.trim_matches('\n');
    let found = (0_u32..).zip(texts).filter(|(_, texts)| texts.iter().any(|text| holds(text, query)));
    found.map(|(at, _)| at).collect()
}

/// Prints the drawn queries and the results of the scan as JSON, one a line.
fn print_drawn(root: &Path, count: usize) {
    let Texts { texts, paths, .. } = read_texts(root);
    for (kind, queries) in draw(&texts, count) {
        for query in queries {
            let found: Vec<&str> =
                scan(&texts, &query).into_iter().map(|at| paths[at as usize].as_str()).collect();
            println!("{}", serde_json::json!({ "kind": kind, "query": query, "found": found }));
        }
    }
}

/// Prints a table of recall, precision and fetched bytes for each kind of queries.
fn recall(root: &Path, count: usize) -> Result<(), String> {
    let Texts { texts, bodies, bytes, .. } = read_texts(root);
    let index: u64 = walkdir::WalkDir::new(root.join("public/search"))
        .into_iter()
        .filter_map(Result::ok)
        .filter_map(|entry| entry.metadata().ok())
        .filter(std::fs::Metadata::is_file)
        .map(|file| file.len())
        .sum();
    println!(
        "{} articles, {bytes} bytes of text; search/ has {index} bytes (JSON not compressed)\n",
        texts.len()
    );
    let digest = Digest {
        site: root.join("public"),
        bodies,
        fetched: Cell::default(),
        files: RefCell::default(),
        fetched_bodies: Cell::default(),
    };
    println!(
        "| queries | number | found (median) | recall | precision | shards: median KB | most KB | bodies fetched: median | most |"
    );
    println!("|---|--:|--:|--:|--:|--:|--:|--:|--:|");
    let begun = Instant::now();
    let mut number_of_queries = 0;
    for (kind, queries) in draw(&texts, count) {
        let (mut right, mut returned, mut there) = (0, 0, 0);
        let (mut sizes, mut kilobytes, mut fetched_bodies) = (Vec::new(), Vec::new(), Vec::new());
        for typed in &queries {
            let truth = scan(&texts, typed);
            digest.fetched.set(0);
            digest.fetched_bodies.set(0);
            digest.files.borrow_mut().clear();
            let found = find(&Query::parse(typed), &digest).map_err(|_| "the index cannot be read")?;
            let found: BTreeSet<u32> = found.into_iter().map(|found| found.article).collect();
            if found != truth {
                let more: Vec<_> = found.difference(&truth).take(3).collect();
                let less: Vec<_> = truth.difference(&found).take(3).collect();
                eprintln!("{typed}: found but not there {more:?}, there but not found {less:?}");
            }
            right += found.intersection(&truth).count();
            returned += found.len();
            there += truth.len();
            sizes.push(found.len());
            kilobytes.push(digest.fetched.get() / 1000);
            fetched_bodies.push(digest.fetched_bodies.get());
        }
        number_of_queries += queries.len();
        for numbers in [&mut sizes, &mut kilobytes, &mut fetched_bodies] {
            numbers.sort_unstable();
        }
        let middle = |numbers: &[usize]| numbers[numbers.len() / 2];
        let most = |numbers: &[usize]| numbers.last().copied().unwrap_or(0);
        let share = |part: usize, whole: usize| part as f64 * 100.0 / whole.max(1) as f64;
        println!(
            "| {kind} | {} | {} | {:.2} % | {:.2} % | {} | {} | {} | {} |",
            queries.len(),
            middle(&sizes),
            share(right, there),
            share(right, returned),
            middle(&kilobytes),
            most(&kilobytes),
            middle(&fetched_bodies),
            most(&fetched_bodies),
        );
    }
    println!("\n{number_of_queries} queries, scans included: {:.1} s", begun.elapsed().as_secs_f64());
    Ok(())
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let done =
        match (arguments.first().map(String::as_str), arguments.get(1)) {
            (Some("recall"), Some(root)) => {
                let count = arguments.get(2).and_then(|count| count.parse().ok()).unwrap_or(60);
                recall(Path::new(root), count)
            }
            (Some("draw"), Some(root)) => {
                let count = arguments.get(2).and_then(|count| count.parse().ok()).unwrap_or(60);
                print_drawn(Path::new(root), count);
                Ok(())
            }
            (Some("find"), Some(site)) => {
                answer(Path::new(site));
                Ok(())
            }
            _ => Err("usage: search recall|draw DIGEST [QUERIES OF EACH KIND] | search find SITE < QUERIES"
                .to_owned()),
        };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("search: {message}");
            ExitCode::FAILURE
        }
    }
}
