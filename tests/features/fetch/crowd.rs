//! The memory of a run with hundreds of sources, many of which attack it.

use std::io::Read as _;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use super::answers::gzip;
use super::digest;
use super::server::{Response, Server, item, rss};

/// The number in an environment variable.
fn number(variable: &str, default: f64) -> f64 {
    std::env::var(variable).map_or(default, |number| number.parse().unwrap())
}

/// Repeats what `one` makes of 0, 1, 2… up to a size in bytes.
fn repeated(bytes: usize, one: impl Fn(usize) -> String) -> String {
    let mut text = String::with_capacity(bytes);
    for n in 0.. {
        let next = one(n);
        if text.len() + next.len() > bytes {
            break;
        }
        text.push_str(&next);
    }
    text
}

/// The kinds of attacks.
struct Attacks {
    /// The name, the settings of the source, and the answer of its server.
    bodies: Vec<(&'static str, &'static str, Arc<Response>)>,
}

impl Attacks {
    /// `size` is the size of the large bodies that are read, in bytes.
    fn new(size: usize) -> Self {
        let size = size - 1000;
        let items = |size: usize, nth: usize| {
            repeated(size, |n| {
                let text = "一段不长的文字。".repeat(8);
                let link = format!("https://news.example/{nth}/{n}");
                item(&format!("{nth}-{n}"), &link, &format!("{nth} 第 {n} 篇 {text}"), 28)
            })
        };
        let one =
            |text: &str| rss(&item("1", "https://news.example/one", "甲", 28).replace("甲的摘要。", text));
        let cdata = |text: &str| one(&format!("<![CDATA[{text}]]>"));
        let many = rss(&items(size, 1));
        let small = rss(&repeated(size, |n| format!("<item><title>{n}</title></item>")));
        let json = |n| {
            format!(
                "{{\"id\":\"{n}\",\"url\":\"https://n.example/{n}\",\"title\":\"第 {n} 篇\",\"content_text\":\"{}\"}},",
                "文".repeat(120)
            )
        };
        let json = repeated(size, json);
        let objects = json.trim_end_matches(',').replace("},{", "}\n{").replace("\"url\"", "\"link\"");
        let news = |n| {
            format!(
                "<url><loc>https://e.org/{n}</loc><n:news><n:publication_date>2026-11-23</n:publication_date><n:title>第 {n} 篇{}</n:title></n:news></url>",
                "字".repeat(90)
            )
        };
        let sitemap = format!(
            "<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9' xmlns:n='http://www.google.com/schemas/sitemap-news/0.9'>{}</urlset>",
            repeated(size, news)
        );
        let csv = format!(
            "标题,链接,总结\n{}",
            repeated(size, |n| format!("第 {n} 篇,https://e.org/{n},{}\n", "字".repeat(120)))
        );
        let (gb, _, _) = encoding_rs::GB18030.encode(&many);
        let texts = (0..50).map(|n| {
            let text = "这是一段很长的文字。".repeat(size / 50 / 30);
            item(&format!("t{n}"), &format!("https://t.example/{n}"), &format!("第 {n} 篇"), 28)
                .replace("的摘要。", &text)
        });
        let texts: String = texts.collect();
        let stall = Duration::from_secs_f64(number("NEWSPRINT_STALL", 1.0));
        let packed = |bytes: &[u8]| Response::ok(gzip(bytes)).header("content-encoding", "gzip");
        let whole = |text: &str| Response::ok(text.as_bytes());
        let all = vec![
            ("a body of 50 MB", "", Response::ok(rss(&items(50 << 20, 2)))),
            ("a gzip bomb", "", packed(&vec![b' '; 200 << 20])),
            ("many items", "limit: 1000", whole(&many)),
            ("many small items", "", whole(&small)),
            ("many items, compressed", "", packed(many.as_bytes())),
            ("many items in GB18030", "", Response::ok(gb)),
            ("an item of many tags", "", whole(&cdata(&repeated(size, |_| "<b>文</b><i>".to_owned())))),
            ("an item of one text", "", whole(&cdata(&repeated(size, |_| "文字。".to_owned())))),
            ("an item of references", "", whole(&cdata(&repeated(size, |_| "&amp;amp;".to_owned())))),
            (
                "an item of links",
                "full_text: feed",
                whole(&cdata(&repeated(size, |n| format!("<a href='/{n}'>链</a>")))),
            ),
            ("long texts", "full_text: feed", whole(&rss(&texts))),
            ("deep tags", "", whole(&rss(&repeated(size, |_| "<item><a>".to_owned())))),
            ("attributes", "", whole(&rss(&format!("<item {}/>", repeated(size, |n| format!("a{n}='' ")))))),
            (
                "a JSON Feed",
                "",
                whole(&format!(
                    "{{\"version\":\"https://jsonfeed.org/version/1.1\",\"items\":[{}]}}",
                    json.trim_end_matches(',')
                )),
            ),
            ("deep JSON", "", whole(&format!("{{\"items\":{}", "[".repeat(size)))),
            ("JSON Lines", "", whole(&objects)),
            ("a table", "format: records", whole(&csv)),
            ("a sitemap", "", whole(&sitemap)),
            ("a page", "", whole(&format!("<!doctype html>{}", repeated(size, |_| "<p>登录".to_owned())))),
            ("no line breaks", "", whole(&"字".repeat(size / 3))),
            ("line breaks", "", whole(&"\n字".repeat(size / 4))),
            ("a redirect to itself", "", Response::redirect(302, "")),
            ("an error", "", Response::status(500)),
            ("too many requests", "", Response::status(429).header("retry-after", "3600")),
            ("a stall", "", whole(&many).stalled(stall)),
        ];
        Self {
            bodies: all.into_iter().map(|(name, settings, body)| (name, settings, Arc::new(body))).collect(),
        }
    }
}

/// The largest resident set of a run with this number of sources, in MB: every fifth source is an attack.
fn peak(attacks: &Attacks, sources: usize) -> f64 {
    let bodies: Vec<Arc<Response>> = attacks.bodies.iter().map(|(_, _, body)| Arc::clone(body)).collect();
    let answer = move |path: &str| {
        let nth: usize = path.trim_start_matches('/').parse().unwrap_or(0);
        match nth % 5 {
            0 => (*bodies[nth / 5 % bodies.len()]).clone(),
            _ => {
                let one = |n| {
                    let link = format!("https://site{nth}.example/{n}");
                    item(&format!("{nth}-{n}"), &link, &format!("站 {nth} 的第 {n} 篇"), 28)
                };
                Response::ok(rss(&(0..20).map(one).collect::<String>()))
            }
        }
    };
    let servers: Vec<Server> = (0..(sources / 2).max(1))
        .map(|_| {
            let answer = answer.clone();
            Server::start(move |request| answer(&request.path))
        })
        .collect();
    // The report has to be longer than the buffer of a pipe, 64 KB: the process waits at its end.
    let name = |nth: usize| match (nth % 5, &attacks.bodies[nth / 5 % attacks.bodies.len()]) {
        (0, (name, _, _)) => format!("{nth} {name} {}", "x".repeat(80_000 / sources)),
        _ => format!("{nth} 站 {}", "x".repeat(80_000 / sources)),
    };
    let names: Vec<(String, String, &str)> = (0..sources)
        .map(|nth| {
            let settings = if nth % 5 == 0 { attacks.bodies[nth / 5 % attacks.bodies.len()].1 } else { "" };
            (name(nth), format!("{}/{nth}", servers[nth % servers.len()].address), settings)
        })
        .collect();
    let list: Vec<(&str, &str, &str)> =
        names.iter().map(|(name, url, settings)| (name.as_str(), url.as_str(), *settings)).collect();
    let digest = digest(&list);
    let mut child = Command::new(crate::driver::newsprint())
        .args(["fetch", "--allow-private", "--json"])
        .current_dir(digest.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut out = child.stdout.take().unwrap();
    let mut report = vec![0];
    out.read_exact(&mut report).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("the report is too short");
    let peak: f64 = peak.trim().trim_end_matches(" kB").parse::<f64>().unwrap() / 1024.0;
    out.read_to_end(&mut report).unwrap();
    assert!(child.wait().unwrap().success());
    let report: serde_json::Value = serde_json::from_slice(&report).unwrap();
    let all = report["sources"].as_array().unwrap();
    let read = all.iter().filter(|source| source["status"] == "read").count();
    assert!(read >= sources * 4 / 5, "{read} of {sources} were read");
    peak
}

#[test]
fn two_hundred_sources_take_less_than_100_megabytes() {
    if !cfg!(target_os = "linux") {
        println!("skipped: this system does not tell the peak memory of a running process");
        return;
    }
    let attacks = Attacks::new((number("NEWSPRINT_MEGABYTES", 2.0) * 1e6) as usize);
    let all = number("NEWSPRINT_SOURCES", 200.0) as usize;
    let begun = std::time::Instant::now();
    let peak = peak(&attacks, all);
    println!("{all} sources: {peak:.0} MB, {:.1} s", begun.elapsed().as_secs_f64());
    assert!(peak < 100.0, "{peak:.0} MB");
}
