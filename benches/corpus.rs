//! Writes a digest of N generated articles, the same bytes on every machine:
//! `cargo run --release --example corpus -- 10000 DIR`.
//!
//! Articles have 1,500 to 2,500 Han in 8 to 12 paragraphs, dates within three years, and terms with
//! a Zipf distribution from vocabularies that grow with N: at 10,000 articles about 6,000 keywords,
//! 300 technologies and 60 industries are in use.
#![allow(clippy::disallowed_methods, clippy::print_stderr)]

use std::fmt::Write as _;
use std::path::Path;
use std::process::ExitCode;

/// SplitMix64 (Steele, Lea and Flood, 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// A rank from 0 to `limit` - 1 with a Zipf distribution: density 1/x between 1 and `limit`.
    fn zipf(&mut self, limit: usize) -> usize {
        let uniform = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        ((limit as f64).powf(uniform) as usize).clamp(1, limit) - 1
    }
}

/// A Han character: with probability 0.6 one of the most common characters of Chinese newspapers,
/// else one of 3,000 others.
fn han(random: &mut Random) -> char {
    const COMMON: &str = "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多定行学法所民得经";
    if random.below(10) < 6 {
        COMMON.chars().nth(random.below(COMMON.chars().count())).unwrap_or('的')
    } else {
        char::from_u32(0x4E00 + random.zipf(3000) as u32 * 6).unwrap_or('文')
    }
}

/// A text of `count` Han.
fn words(random: &mut Random, count: usize) -> String {
    (0..count).map(|_| han(random)).collect()
}

/// The term of a rank in a taxonomy: two to four Han and the rank in Han digits; every fifth a
/// Latin name.
fn term(kind: u64, rank: usize) -> String {
    let mut random = Random(kind << 40 | rank as u64);
    if rank % 5 == 4 {
        let letters: String =
            (0..4 + random.below(5)).map(|_| char::from(b'a' + random.below(26) as u8)).collect();
        return format!("{}{rank}", letters[..1].to_uppercase() + &letters[1..]);
    }
    let mut name = words(&mut random, 2 + rank % 3);
    // The rank makes the term unique, and Han digits do not look like a number.
    name.extend(
        rank.to_string()
            .chars()
            .filter_map(|c| "零一二三四五六七八九".chars().nth(c as usize - '0' as usize)),
    );
    name
}

/// Up to `count` distinct terms of a taxonomy, separated by commas.
fn terms(random: &mut Random, kind: u64, vocabulary: usize, count: usize) -> String {
    let mut ranks: Vec<usize> = (0..count).map(|_| random.zipf(vocabulary)).collect();
    ranks.sort_unstable();
    ranks.dedup();
    ranks.into_iter().map(|rank| term(kind, rank)).collect::<Vec<_>>().join(", ")
}

fn paragraph(random: &mut Random, length: usize) -> String {
    let mut text = String::new();
    let mut left = length;
    while left > 0 {
        let clause = (6 + random.below(14)).min(left);
        text.push_str(&words(random, clause));
        left -= clause;
        text.push(if left == 0 || random.below(4) == 0 { '。' } else { '，' });
    }
    if random.below(3) == 0 {
        let _ = write!(
            text,
            "据 [Example](https://example.com/{}) 报道，**{}**。",
            random.below(100_000),
            words(random, 6)
        );
    }
    text
}

/// The path and the text of article `n`.
fn article(n: usize, total: usize) -> (String, String) {
    let mut random = Random(n as u64 * 0x1_0001 + 7);
    // Sizes of the vocabularies. At 10,000 articles about 6,000 keywords, 300 technologies and 60
    // industries are in use. Keywords in use grow with the square root of N (Heaps' law), the
    // others more slowly.
    let scale = total as f64 / 10_000.0;
    let keywords = (11_000.0 * scale.powf(0.75)) as usize + 50;
    let technologies = (300.0 * scale.sqrt()) as usize + 20;
    let industries = (60.0 * scale.powf(0.25)) as usize + 5;
    let day = n * 1095 / total.max(1);
    let date =
        chrono::NaiveDate::from_ymd_opt(2023, 11, 24).unwrap_or_default() + chrono::Days::new(day as u64);
    let length = 16 + random.below(12);
    let title = words(&mut random, length);
    let event = paragraph(&mut random, 60);
    let mut text = format!(
        "---\ntitle: {title}\nlink: https://news{}.example.com/{n}\ndate: {date}\nsource: 来源{}\nevent: {event}\nkeywords: [{}]\nai_technologies: [{}]\nindustries: [{}]\n---\n\n",
        n % 40,
        n % 40,
        terms(&mut random, 1, keywords, 5),
        terms(&mut random, 2, technologies, 3),
        terms(&mut random, 3, industries, 2),
    );
    let length = 1500 + random.below(1001);
    let paragraphs = 8 + random.below(5);
    for at in 0..paragraphs {
        if at % 4 == 2 {
            let _ = writeln!(text, "## {}\n", words(&mut random, 8));
        }
        let _ = writeln!(text, "{}\n", paragraph(&mut random, length / paragraphs));
    }
    (format!("content/articles/{}/{date}-a{n:06}.md", date.format("%Y-%m")), text)
}

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let (Some(count), Some(folder)) = (arguments.first().and_then(|n| n.parse().ok()), arguments.get(1))
    else {
        eprintln!("usage: corpus COUNT DIR");
        return ExitCode::from(2);
    };
    let folder = Path::new(folder);
    let write = |path: &str, text: &str| {
        let path = folder.join(path);
        path.parent().map_or(Ok(()), std::fs::create_dir_all).and_then(|()| std::fs::write(path, text))
    };
    let config =
        "title: 语料日报\ndescription: 为测量而生成的日报。\nbase_url: https://example.org/digest/\n";
    let written = write("newsprint.yaml", config).and_then(|()| {
        (0..count).try_for_each(|n| {
            let (path, text) = article(n, count);
            write(&path, &text)
        })
    });
    match written {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("corpus: {error}");
            ExitCode::FAILURE
        }
    }
}
