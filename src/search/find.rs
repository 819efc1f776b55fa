//! Finds the articles that answer a query: the search of `static/search.js`, as a function.
//!
//! Both read the head of the index and the shards of a query's grams. They read the bodies of
//! articles only where the list of a rare pair has no cells. `tests/web/search.test.mjs` checks
//! that both give the same answers.

use std::collections::BTreeSet;

use crate::config::Field;
use crate::search::lookup::{IndexReader, Occurrences, field_bit};
pub use crate::search::lookup::{SearchFiles, Unavailable};
use crate::search::query::{Query, Run};
use crate::search::weight;

/// An article that answers a query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Match {
    /// The article's number in the index: the oldest article has 0.
    pub article: u32,
    /// The relevance: for each run of the query the weights of the fields that hold it, times the
    /// run's rarity, added up over all runs.
    pub score: u32,
}

/// Finds the articles that answer a query. Those that hold all that was typed come before those
/// that hold a version of a name instead ([`Run::versions`]); within these, they are sorted by
/// score, then by date, the newest first.
///
/// # Errors
/// A file of the index is missing, or is from another build than the head.
///
/// # Examples
/// ```
/// use newsprint::{Query, SearchFiles, search};
///
/// /// The folder `search/` of a site whose bodies are not at hand.
/// struct Folder(std::path::PathBuf);
///
/// impl SearchFiles for Folder {
///     fn file(&self, name: &str) -> Option<Vec<u8>> {
///         std::fs::read(self.0.join(name)).ok()
///     }
///     fn body(&self, _article: u32) -> Option<String> {
///         None
///     }
/// }
///
/// # let digest = tempfile::tempdir().unwrap();
/// # let folder = digest.path();
/// # std::fs::create_dir_all(folder.join("content/articles")).unwrap();
/// # std::fs::write(folder.join("newsprint.yaml"), "base_url: https://example.org/\n").unwrap();
/// for (name, title) in [("a", "开源语音模型"), ("b", "芯片涨价")] {
///     let text = format!("---\ntitle: {title}\ndate: 2026-01-02\n---\n");
///     std::fs::write(folder.join(format!("content/articles/{name}.md")), text).unwrap();
/// }
/// assert!(newsprint::build(&newsprint::Options::new(folder)).success);
///
/// let files = Folder(folder.join("public/search"));
/// assert_eq!(search(&Query::parse("语音"), &files).unwrap().len(), 1);
/// assert_eq!(search(&Query::parse("语料"), &files).unwrap().len(), 0);
/// ```
pub fn find(query: &Query, files: &dyn SearchFiles) -> Result<Vec<Match>, Unavailable> {
    let mut index = IndexReader::open(files)?;
    let articles = index.articles();
    let wanted: Vec<Wanted<'_>> =
        query.wanted.iter().map(|run| Wanted::look_up(run, &mut index)).collect::<Result<_, _>>()?;
    let unwanted: Vec<Occurrences> =
        query.unwanted.iter().map(|run| index.occurrences(run)).collect::<Result<_, _>>()?;
    let everything = || (0..u32::try_from(articles).unwrap_or(u32::MAX)).collect();
    let mut candidates: Vec<u32> = match wanted.first() {
        Some(first) => first.articles.iter().copied().collect(),
        // A query of exclusions alone finds everything else.
        None if !unwanted.is_empty() => everything(),
        None => Vec::new(),
    };
    candidates.retain(|article| {
        wanted.iter().all(|wanted| wanted.articles.contains(article))
            && !unwanted.iter().any(|occurrences| occurrences.get(article).is_some_and(|it| it.fields > 0))
    });
    let mut ranked = Vec::with_capacity(candidates.len());
    for article in candidates {
        // Read once, and only if it decides.
        let mut body = None;
        let mut body_holds =
            |run: &Run| run.is_in(body.get_or_insert_with(|| files.body(article).unwrap_or_default()));
        let (mut score, mut versions) = (Some(0), 0_u32);
        for wanted in &wanted {
            let (fields, is_version) = wanted.fields(article, &mut body_holds);
            let weights = Field::ALL.iter().filter(|field| fields & field_bit(**field) != 0);
            let rarity = (articles / wanted.articles.len()).max(1).ilog2() + 1;
            let weight = weights.map(|field| weight(*field)).sum::<u32>();
            score = score.filter(|_| weight > 0).map(|score| score + weight * rarity);
            versions += u32::from(is_version);
        }
        let is_excluded = query.unwanted.iter().zip(&unwanted).any(|(run, occurrences)| {
            occurrences.get(&article).is_some_and(|it| it.needs_body) && body_holds(run)
        });
        let score = score.filter(|_| !is_excluded);
        ranked.extend(score.map(|score| (versions, Match { article, score })));
    }
    ranked.sort_unstable_by_key(|(versions, found)| {
        (*versions, std::cmp::Reverse((found.score, found.article)))
    });
    Ok(ranked.into_iter().map(|(_, found)| found).collect())
}

/// Where a run of a query occurs, and where its versions do.
struct Wanted<'q> {
    run: &'q Run,
    itself: Occurrences,
    versions: Occurrences,
    /// The articles of both.
    articles: BTreeSet<u32>,
}

impl<'q> Wanted<'q> {
    fn look_up(run: &'q Run, index: &mut IndexReader<'_>) -> Result<Self, Unavailable> {
        let itself = index.occurrences(run)?;
        let versions = run.versions.as_ref().map_or(Ok(Occurrences::new()), |run| index.occurrences(run))?;
        let articles = itself.keys().chain(versions.keys()).copied().collect();
        Ok(Self { run, itself, versions, articles })
    }

    /// The fields of an article that hold the run, one bit each, or those that hold its versions if
    /// none holds the run itself; and whether they are those of the versions.
    fn fields(&self, article: u32, body_holds: &mut dyn FnMut(&Run) -> bool) -> (u32, bool) {
        let mut fields_of = |run: &Run, occurrences: &Occurrences| {
            let found = occurrences.get(&article).copied().unwrap_or_default();
            let in_body = found.needs_body && body_holds(run);
            found.fields | if in_body { field_bit(Field::Body) } else { 0 }
        };
        let fields = fields_of(self.run, &self.itself);
        match &self.run.versions {
            Some(versions) if fields == 0 => (fields_of(versions, &self.versions), true),
            _ => (fields, false),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::search::Scale;
    use crate::search::head::{Head, PartEntry, TOGETHER, encode_table};
    use crate::search::index::stamp;
    use crate::search::parts::{Layout, Part};
    use crate::search::segment::{Indexer, Segment, ShardContent};
    use crate::search::shard;
    use proptest::prelude::*;

    /// The number of segments in a part of an index in memory.
    const PART_OF_SEGMENTS: usize = 3;

    /// An index in memory, and the texts that it was made from: by article, then field.
    struct MemoryIndex {
        texts: Vec<[String; 4]>,
        files: HashMap<String, Vec<u8>>,
    }

    impl MemoryIndex {
        fn new(texts: Vec<[String; 4]>, segment_size: usize, shards: usize) -> Self {
            let mut indexer = Indexer::default();
            let segments: Vec<_> = texts
                .chunks(segment_size)
                .map(|texts| {
                    indexer.index(
                        texts.iter().map(|texts| texts.each_ref().map(|text| text.as_str().into())),
                        shards * 2,
                    )
                })
                .collect();
            let mut files = HashMap::new();
            let mut entries = Vec::new();
            // Parts of some segments each, so that most indexes have several.
            for (at, segments) in segments.chunks(PART_OF_SEGMENTS).enumerate() {
                let first = at * PART_OF_SEGMENTS * segment_size;
                let articles = segments.iter().map(Segment::articles).sum();
                let layout = Layout { parts: vec![], buckets: shards * 2 };
                let part = Part { first: 0, articles: 0, shards: u32::try_from(shards).unwrap() };
                let scale = Scale::of(articles);
                let stamps: Vec<u32> =
                    (0..shards).map(|shard| stamp(Fingerprint::of(&(shard, first, texts.len())))).collect();
                for (shard, &stamp) in stamps.iter().enumerate() {
                    let mut content = ShardContent::default();
                    for (at, segment) in segments.iter().enumerate() {
                        let first = u32::try_from(at * segment_size).unwrap();
                        segment.gather(layout.buckets_of(part, shard), first, &mut content).unwrap();
                    }
                    files.insert(format!("s{first}-{shard}.bin"), shard::encode(content, scale, stamp));
                }
                let table = encode_table(&vec![0; articles.div_ceil(TOGETHER)], &stamps);
                let table = [&[0, 0, 0, 7][..], &table].concat();
                files.insert(format!("t{first}.bin"), table);
                entries.push(PartEntry {
                    articles: u32::try_from(articles).unwrap(),
                    shards: part.shards,
                    table: 7,
                });
            }
            let head = Head { articles: texts.len(), ..Head::default() };
            files.insert("index.bin".to_owned(), head.encode(shards * 2, &entries));
            Self { texts, files }
        }

        fn found(&self, typed: &str) -> BTreeSet<u32> {
            self.ranked(typed).into_iter().collect()
        }

        /// The articles that are found, best first.
        fn ranked(&self, typed: &str) -> Vec<u32> {
            find(&Query::parse(typed), self).unwrap().into_iter().map(|found| found.article).collect()
        }

        /// The articles that a scan of every text finds.
        fn scanned(&self, typed: &str) -> BTreeSet<u32> {
            let query = Query::parse(typed);
            let holds = |texts: &[String; 4], run: &Run| {
                let versions = run.versions.as_deref();
                texts
                    .iter()
                    .any(|text| run.is_in(text) || versions.is_some_and(|versions| versions.is_in(text)))
            };
            let texts = (0_u32..).zip(&self.texts);
            let matches = |texts: &[String; 4]| {
                query.wanted.iter().all(|run| holds(texts, run))
                    && !query.unwanted.iter().any(|run| holds(texts, run))
                    && !(query.wanted.is_empty() && query.unwanted.is_empty())
            };
            texts.filter(|(_, texts)| matches(texts)).map(|(at, _)| at).collect()
        }
    }

    impl SearchFiles for MemoryIndex {
        fn file(&self, name: &str) -> Option<Vec<u8>> {
            self.files.get(name).cloned()
        }

        fn body(&self, article: u32) -> Option<String> {
            Some(self.texts[article as usize][3].clone())
        }
    }

    fn bodies(texts: &[&str]) -> MemoryIndex {
        let texts = texts.iter().map(|text| ["", "", "", *text].map(str::to_owned)).collect();
        MemoryIndex::new(texts, 2, 4)
    }

    #[test]
    fn a_run_is_found_only_where_its_units_follow_each_other() {
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
        let index = MemoryIndex::new(texts, 3, 1);
        let found: Vec<u32> =
            find(&Query::parse("芯片"), &index).unwrap().iter().map(|found| found.article).collect();
        assert_eq!(found, [0, 3, 1]);
    }

    #[test]
    fn a_name_finds_its_versions_behind_itself() {
        let text = |title: &str, body: &str| [title, "", "", body].map(str::to_owned);
        let texts = vec![
            text("别的", "说到 Qwen3 一次"),
            text("Qwen3.6 发布", "Qwen3.6 与 Qwen3.5"),
            text("Qwen30 发布", "Qwen 2.3"),
            text("Qwen3 发布", "通义Qwen3.6"),
            text("Llama 3.1", "正文"),
            text("Llama", "第 3 个"),
            text("Llama", "约 3.6 亿"),
        ];
        let index = MemoryIndex::new(texts, 3, 4);
        assert_eq!(index.ranked("Qwen3"), [3, 0, 1]);
        assert_eq!(index.ranked("qwen-3 发布"), [3, 1]);
        assert_eq!(index.ranked("Qwen3 -通义"), [0, 1]);
        assert_eq!(index.ranked("Qwen -Qwen3"), [2, 1]);
        assert_eq!(index.ranked("\"Qwen3\""), [3, 0]);
        assert_eq!(index.ranked("通义Qwen3"), [3]);
        assert_eq!(index.ranked("Qwen3.6"), [1, 3]);
        assert_eq!(index.ranked("Llama 3"), [5, 4]);
        assert_eq!(index.ranked("3"), [3, 5, 0]);
    }

    #[test]
    fn files_of_another_build_are_refused() {
        let mut index = bodies(&["大语言模型"]);
        let other = bodies(&["别的", "文章"]);
        for shard in 0..4 {
            let name = format!("s0-{shard}.bin");
            index.files.insert(name.clone(), other.files[&name].clone());
        }
        assert_eq!(find(&Query::parse("模型"), &index), Err(Unavailable));
        index.files.clear();
        assert_eq!(find(&Query::parse("模型"), &index), Err(Unavailable));
    }

    /// Texts of few different characters, so that pairs repeat often.
    const TEXT: &str = "[甲乙丙常 ，ab12.]{0,24}";

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(128))]

        #[test]
        fn a_search_finds_what_a_scan_of_every_text_finds(
            texts in prop::collection::vec([TEXT, "", "[甲乙a]{0,6}", TEXT], 1..30),
            queries in prop::collection::vec("-?[甲乙丙常]{1,6}|[甲乙a1]{1,5}|[甲ab]{0,2}[ab] ?[12](.1)?|\"[甲ab ]{1,6}\"|[甲乙] -?[丙常ab]{1,3}", 12),
            segment_size in 1_usize..9,
        ) {
            let index = MemoryIndex::new(texts, segment_size, 4);
            for query in queries {
                prop_assert_eq!(index.found(&query), index.scanned(&query), "{}", query);
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(12))]

        /// From 128 articles on, pairs that few articles hold are listed without cells.
        #[test]
        fn rare_pairs_are_searched_in_the_bodies(
            texts in prop::collection::vec("[甲乙丙丁常a]{0,4}", 130..400),
            queries in prop::collection::vec("[甲乙丙丁常]{3,4}|[甲a]{3,4}", 12),
        ) {
            let texts = texts.into_iter().map(|text| [String::new(), String::new(), String::new(), text]).collect();
            let index = MemoryIndex::new(texts, 50, 2);
            for query in queries {
                prop_assert_eq!(index.found(&query), index.scanned(&query), "{}", query);
            }
        }
    }

    proptest! {
        #[test]
        fn decoding_arbitrary_bytes_comes_to_an_end(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let _ = shard::decode(&bytes, Scale::of(1000));
            let _ = Head::decode(&bytes);
        }
    }
}
