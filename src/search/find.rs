//! The query side: what `static/search.js` does in a browser, as a function.
//!
//! Both fetch the head and the shards of a query's grams, and nothing else unless a pair is so rare that its list does not tell its
//! cells: then the bodies of the articles in question are looked at. `tests/web/search.test.mjs` holds the two to the same
//! answers.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::config::Field;
use crate::search::gram::{shard_of_named, shard_of_plain};
use crate::search::head::Head;
use crate::search::query::{Query, Run, is_wide};
use crate::search::shard::{self, List, Lists, Shard};
use crate::search::{Scale, weight};

/// Where a search reads.
pub trait SearchFiles {
    /// A file of the index's folder; `None` if it cannot be had.
    fn file(&self, name: &str) -> Option<Vec<u8>>;
    /// The text of an article's body, by its number.
    fn body(&self, article: u32) -> Option<String>;
}

/// An article that was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// Its number: the oldest has 0.
    pub article: u32,
    /// How well it answers: over all runs the weights of the fields they stand in, times how rare they are.
    pub score: u32,
}

/// A file of the index is missing, or of another build than the head.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unavailable;

/// Where a run stands, by article.
type Standing = BTreeMap<u32, Stand>;

#[derive(Debug, Clone, Copy, Default)]
struct Stand {
    /// A bit for each field, the title's first.
    fields: u32,
    /// Only the body itself can tell whether it stands there.
    to_be_seen: bool,
}

/// Finds the articles that answer a query, the best first; among equals the newest.
///
/// # Errors
/// Files of the index that are missing or do not belong together.
pub fn find(query: &Query, source: &dyn SearchFiles) -> Result<Vec<Match>, Unavailable> {
    let head = source.file("index.bin").ok_or(Unavailable)?;
    let (head, stamps) = Head::decode(&head).ok_or(Unavailable)?;
    let scale = Scale::of(head.articles);
    let mut search = Search { source, scale, stamps, shards: HashMap::new() };
    let wanted: Vec<Standing> =
        query.wanted.iter().map(|run| search.standing(run)).collect::<Result<_, _>>()?;
    let unwanted: Vec<Standing> =
        query.unwanted.iter().map(|run| search.standing(run)).collect::<Result<_, _>>()?;
    let everything = || (0..u32::try_from(head.articles).unwrap_or(u32::MAX)).collect();
    let mut found: Vec<u32> = match wanted.first() {
        Some(first) => first.keys().copied().collect(),
        // Only exclusions: everything else.
        None if !unwanted.is_empty() => everything(),
        None => Vec::new(),
    };
    found.retain(|article| {
        wanted.iter().all(|standing| standing.contains_key(article))
            && !unwanted.iter().any(|standing| standing.get(article).is_some_and(|stand| stand.fields > 0))
    });
    let mut matches = Vec::with_capacity(found.len());
    for article in found {
        // Looked at once, and only where it decides.
        let mut body = None;
        let mut stands =
            |run: &Run| run.is_in(body.get_or_insert_with(|| source.body(article).unwrap_or_default()));
        let mut score = Some(0);
        for (run, standing) in query.wanted.iter().zip(&wanted) {
            let Stand { mut fields, to_be_seen } = standing[&article];
            if to_be_seen && stands(run) {
                fields |= 1;
            }
            let weights = Field::ALL.iter().filter(|field| fields & 8 >> field.number() != 0);
            let rarity = (head.articles / standing.len()).max(1).ilog2() + 1;
            let weight = weights.map(|field| weight(*field)).sum::<u32>();
            score = score.filter(|_| weight > 0).map(|score| score + weight * rarity);
        }
        let excluded = query.unwanted.iter().zip(&unwanted).any(|(run, standing)| {
            standing.get(&article).is_some_and(|stand| stand.to_be_seen) && stands(run)
        });
        matches.extend(score.filter(|_| !excluded).map(|score| Match { article, score }));
    }
    matches.sort_unstable_by_key(|found| std::cmp::Reverse((found.score, found.article)));
    Ok(matches)
}

struct Search<'s> {
    source: &'s dyn SearchFiles,
    scale: Scale,
    stamps: Vec<u32>,
    shards: HashMap<usize, Shard>,
}

impl Search<'_> {
    fn shard(&mut self, at: usize) -> Result<&Shard, Unavailable> {
        if !self.shards.contains_key(&at) {
            let bytes = self.source.file(&format!("s{at}.bin")).ok_or(Unavailable)?;
            let shard = shard::decode(&bytes, self.scale);
            if shard.stamp != self.stamps[at] {
                return Err(Unavailable);
            }
            self.shards.insert(at, shard);
        }
        self.shards.get(&at).ok_or(Unavailable)
    }

    /// The lists of one unit or of two; of all that begin so, if the last one is open.
    fn lists(&mut self, units: &[Box<str>], open: bool) -> Result<Lists, Unavailable> {
        let code = |unit: &str| {
            let mut characters = unit.chars().map(u32::from);
            let code = characters.next().filter(|&code| is_wide(unit) && code <= 0xFFFF);
            code.filter(|_| characters.next().is_none())
        };
        let codes: Option<Vec<u32>> = units.iter().map(|unit| code(unit)).collect();
        let shards = self.stamps.len();
        if let Some(codes) = codes {
            let (first, second) = (codes[0], codes.get(1).copied());
            let shard = self.shard(shard_of_plain(first, second.unwrap_or(0), shards))?;
            let gram = second.map_or(first, |second| first << 16 | second);
            let found = shard.plain.binary_search_by_key(&gram, |(gram, _)| *gram);
            return Ok(found.map(|at| shard.plain[at].1.clone()).unwrap_or_default());
        }
        let both_words = units.iter().all(|unit| !is_wide(unit));
        let name = units.join(if both_words { " " } else { "" });
        let is_pair = units.len() == 2;
        let shard = self.shard(shard_of_named(&name, shards))?;
        let meant = |found: &str| match found.strip_prefix(&*name) {
            Some("") => true,
            Some(rest) => open && !rest.contains(|c| c == ' ' || crate::text::han::is_read(c)),
            None => false,
        };
        let mut lists = Lists::default();
        for (_, _, found) in shard.named.iter().filter(|(found, pair, _)| *pair == is_pair && meant(found)) {
            for (list, found) in lists.iter_mut().zip(found) {
                merge(list, found);
            }
        }
        Ok(lists)
    }

    /// Where a run stands.
    fn standing(&mut self, run: &Run) -> Result<Standing, Unavailable> {
        let mut standing = Standing::new();
        let last = run.units.len() - 1;
        let grams: Vec<Lists> = if last == 0 {
            vec![self.lists(&run.units, run.open)?]
        } else {
            let pairs = run.units.windows(2).enumerate();
            pairs.map(|(at, pair)| self.lists(pair, run.open && at + 1 == last)).collect::<Result<_, _>>()?
        };
        for field in Field::ALL {
            let lists: Vec<&List> = grams.iter().map(|lists| &lists[field.number()]).collect();
            for (at, &article) in lists[0].articles.iter().enumerate() {
                let places: Option<Vec<usize>> = std::iter::once(Some(at))
                    .chain(lists[1..].iter().map(|list| list.articles.binary_search(&article).ok()))
                    .collect();
                let Some(places) = places else { continue };
                let stand = standing.entry(article).or_default();
                let cells: Option<Vec<&[u32]>> = lists
                    .iter()
                    .zip(places)
                    .map(|(list, at)| {
                        list.cells.as_ref().map(|cells| &*cells[at]).filter(|cells| !cells.is_empty())
                    })
                    .collect();
                match cells {
                    _ if lists.len() == 1 => stand.fields |= 8 >> field.number(),
                    None => stand.to_be_seen = true,
                    Some(cells) if follow(run, &cells) => stand.fields |= 8 >> field.number(),
                    Some(_) => {}
                }
            }
        }
        standing.retain(|_, stand| stand.fields > 0 || stand.to_be_seen);
        Ok(standing)
    }
}

/// Do pairs in these cells make up a run? See [`cells`](crate::search::cells).
fn follow(run: &Run, cells: &[&[u32]]) -> bool {
    let mut reached: BTreeSet<u32> = cells[0].iter().copied().collect();
    for (at, next) in cells.iter().enumerate().skip(1) {
        let steps = if run.units[at - 1] == run.units[at] { [2, 2] } else { [0, 1] };
        reached = next
            .iter()
            .copied()
            .filter(|cell| {
                steps.iter().any(|step| cell.checked_sub(*step).is_some_and(|from| reached.contains(&from)))
            })
            .collect();
    }
    !reached.is_empty()
}

/// Adds a list to another. An article whose cells one of them does not tell has none.
fn merge(list: &mut List, more: &List) {
    let mut merged: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
    let mut untold = BTreeSet::new();
    for list in [&*list, more] {
        for (at, &article) in list.articles.iter().enumerate() {
            let cells = merged.entry(article).or_default();
            match list.cells.as_ref().map(|cells| &cells[at]) {
                Some(told) if !told.is_empty() => cells.extend(told),
                _ => drop(untold.insert(article)),
            }
        }
    }
    untold.iter().for_each(|article| drop(merged.insert(*article, Vec::new())));
    let (articles, mut cells): (Vec<u32>, Vec<Vec<u32>>) = merged.into_iter().unzip();
    cells.iter_mut().for_each(|cells| cells.sort_unstable());
    *list = List { articles, cells: Some(cells) };
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::search::index::stamp;
    use crate::search::segment::{Gathered, Indexer};
    use proptest::prelude::*;

    /// An index in memory: of texts by field, in segments of so many articles.
    struct Indexed {
        texts: Vec<[String; 4]>,
        files: HashMap<String, Vec<u8>>,
    }

    impl Indexed {
        fn new(texts: Vec<[String; 4]>, together: usize, shards: usize) -> Self {
            let mut indexer = Indexer::default();
            let segments: Vec<_> = texts
                .chunks(together)
                .map(|texts| {
                    indexer.index(
                        texts.iter().map(|texts| texts.each_ref().map(|text| text.as_str().into())),
                        shards,
                    )
                })
                .collect();
            let scale = Scale::of(texts.len());
            let stamps: Vec<u32> =
                (0..shards).map(|shard| stamp(Fingerprint::of(&(shard, texts.len())))).collect();
            let mut files = HashMap::new();
            for (shard, &stamp) in stamps.iter().enumerate() {
                let mut gathered = Gathered::default();
                for (at, segment) in segments.iter().enumerate() {
                    let first = u32::try_from(at * together).unwrap();
                    segment.gather(shard, first, &mut gathered).unwrap();
                }
                files.insert(format!("s{shard}.bin"), shard::encode(gathered, scale, stamp));
            }
            let head = Head {
                articles: texts.len(),
                files: vec![0; texts.len().div_ceil(crate::search::head::TOGETHER)],
                ..Head::default()
            };
            files.insert("index.bin".to_owned(), head.encode(&stamps));
            Self { texts, files }
        }

        fn found(&self, typed: &str) -> BTreeSet<u32> {
            find(&Query::parse(typed), self).unwrap().into_iter().map(|found| found.article).collect()
        }

        /// What a look at every text finds.
        fn scanned(&self, typed: &str) -> BTreeSet<u32> {
            let query = Query::parse(typed);
            let holds = |texts: &[String; 4], run: &Run| texts.iter().any(|text| run.is_in(text));
            let texts = (0_u32..).zip(&self.texts);
            let meant = |texts: &[String; 4]| {
                query.wanted.iter().all(|run| holds(texts, run))
                    && !query.unwanted.iter().any(|run| holds(texts, run))
                    && !(query.wanted.is_empty() && query.unwanted.is_empty())
            };
            texts.filter(|(_, texts)| meant(texts)).map(|(at, _)| at).collect()
        }
    }

    impl SearchFiles for Indexed {
        fn file(&self, name: &str) -> Option<Vec<u8>> {
            self.files.get(name).cloned()
        }

        fn body(&self, article: u32) -> Option<String> {
            Some(self.texts[article as usize][3].clone())
        }
    }

    fn bodies(texts: &[&str]) -> Indexed {
        let texts = texts.iter().map(|text| ["", "", "", *text].map(str::to_owned)).collect();
        Indexed::new(texts, 2, 4)
    }

    #[test]
    fn a_run_is_found_where_it_stands_and_not_where_its_parts_do() {
        let index = bodies(&[
            "大语言模型很大",
            "大 模型，语言",
            "大语言的语言模型",
            "機器學習與大語言模型",
            "常常想，平常",
        ]);
        assert_eq!(index.found("大语言模型"), BTreeSet::from([0, 3]));
        assert_eq!(index.found("机器学习"), BTreeSet::from([3]));
        assert_eq!(index.found("大"), BTreeSet::from([0, 1, 2, 3]));
        assert_eq!(index.found("大 -语言模型"), BTreeSet::from([1]));
        assert_eq!(index.found("常常想"), BTreeSet::from([4]));
        assert_eq!(index.found("常常常"), BTreeSet::new());
        assert_eq!(index.found("平常想"), BTreeSet::new());
    }

    #[test]
    fn words_are_found_by_their_beginning_unless_they_are_quoted() {
        let index = bodies(&["GPT-4o 发布", "GPT 4 模型", "用 C 写", "用 C++ 写", "AI芯片"]);
        assert_eq!(index.found("gp"), BTreeSet::from([0, 1]));
        assert_eq!(index.found("GPT4"), BTreeSet::from([0, 1]));
        assert_eq!(index.found("gpt-4o"), BTreeSet::from([0]));
        assert_eq!(index.found("\"gp\""), BTreeSet::new());
        assert_eq!(index.found("C"), BTreeSet::from([2]));
        assert_eq!(index.found("c++"), BTreeSet::from([3]));
        assert_eq!(index.found("AI 芯片"), BTreeSet::from([4]));
        assert_eq!(index.found("4模型"), BTreeSet::from([1]));
    }

    #[test]
    fn the_title_counts_most_and_the_newest_comes_first_among_equals() {
        let text = |title: &str, body: &str| [title, "", "", body].map(str::to_owned);
        let texts = vec![text("芯片", ""), text("", "芯片"), text("别的", "无"), text("", "芯片芯片")];
        let index = Indexed::new(texts, 3, 1);
        let found: Vec<u32> =
            find(&Query::parse("芯片"), &index).unwrap().iter().map(|found| found.article).collect();
        assert_eq!(found, [0, 3, 1]);
    }

    #[test]
    fn files_of_two_builds_do_not_mix() {
        let mut index = bodies(&["大语言模型"]);
        let other = bodies(&["别的", "文章"]);
        for shard in 0..4 {
            let name = format!("s{shard}.bin");
            index.files.insert(name.clone(), other.files[&name].clone());
        }
        assert_eq!(find(&Query::parse("模型"), &index), Err(Unavailable));
        index.files.clear();
        assert_eq!(find(&Query::parse("模型"), &index), Err(Unavailable));
    }

    /// Few characters, so that they meet again and again.
    const TEXT: &str = "[甲乙丙常 ，ab12]{0,24}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn what_is_found_is_what_a_look_at_every_text_finds(
            texts in prop::collection::vec([TEXT, "", "[甲乙a]{0,6}", TEXT], 1..30),
            queries in prop::collection::vec("-?[甲乙丙常]{1,6}|[甲乙a1]{1,5}|\"[甲ab ]{1,6}\"|[甲乙] -?[丙常ab]{1,3}", 12),
            together in 1_usize..9,
        ) {
            let index = Indexed::new(texts, together, 4);
            for query in queries {
                prop_assert_eq!(index.found(&query), index.scanned(&query), "{}", query);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// From 128 articles on, pairs that few hold are listed without their cells.
        #[test]
        fn rare_pairs_are_looked_up_in_the_bodies(
            texts in prop::collection::vec("[甲乙丙丁常a]{0,4}", 130..400),
            queries in prop::collection::vec("[甲乙丙丁常]{3,4}|[甲a]{3,4}", 12),
        ) {
            let texts = texts.into_iter().map(|text| [String::new(), String::new(), String::new(), text]).collect();
            let index = Indexed::new(texts, 50, 2);
            for query in queries {
                prop_assert_eq!(index.found(&query), index.scanned(&query), "{}", query);
            }
        }
    }

    proptest! {
        #[test]
        fn bytes_that_are_no_index_are_read_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = shard::decode(&bytes, Scale::of(1000));
            let _ = Head::decode(&bytes);
        }
    }
}
