//! Parses `sources.yaml`: the sites whose entries are fetched.

use std::sync::Arc;

use url::Url;

use crate::config::{Config, Taxonomy};
use crate::diagnostic::{Diagnostic, Place, nearest};
use crate::fetch::secret::{self, Secrets};
use crate::fetch::words::Words;
use crate::fields::{Document, Fields};
use crate::link;
use crate::text::lines::LinedText;
use crate::yaml::{self, Node};

/// Path of the sources, relative to the digest's root.
pub const FILE: &str = "sources.yaml";

/// The largest file of sources, in bytes.
pub(super) const MAX_FILE_BYTES: u64 = 4 << 20;
/// The number of newest entries of a source that one run takes, if `limit:` does not say it.
const DEFAULT_LIMIT: usize = 50;
/// Sources of one file.
pub(super) const MAX_SOURCES: usize = 2000;

/// The format of a source.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum SourceFormat {
    /// RSS, Atom or JSON Feed.
    Feed,
    /// A sitemap with news.
    Sitemap,
    /// Records that `newsprint import` reads: JSON, JSON Lines, tables, labelled lines.
    Records,
}

/// A site whose entries are fetched.
#[derive(Debug, Clone)]
pub(super) struct Source {
    /// The name of the publisher.
    pub(super) name: String,
    /// The address.
    pub(super) url: Url,
    /// The language of its texts, as it is written.
    pub(super) language: Option<String>,
    /// Terms that every entry gets, with the name of their taxonomy.
    pub(super) terms: Vec<(String, Vec<String>)>,
    /// The words that entries must and must not have.
    pub(super) words: Words,
    /// The number of newest entries that one run takes.
    pub(super) limit: usize,
    /// Whether records have the text of an entry; else they have its summary.
    pub(super) full_text: bool,
    /// The format; `None` if the content decides.
    pub(super) format: Option<SourceFormat>,
    /// Whether it is fetched.
    pub(super) enabled: bool,
    /// The addresses of all sources of the file, without secrets.
    pub(super) all: Arc<[Url]>,
}

impl Source {
    /// A source with an address and the defaults.
    #[must_use]
    pub(super) fn new(name: String, url: Url) -> Self {
        Self {
            name,
            url,
            language: None,
            terms: Vec::new(),
            words: Words::default(),
            limit: DEFAULT_LIMIT,
            full_text: false,
            format: None,
            enabled: true,
            all: Arc::default(),
        }
    }

    /// The settings that decide which entries of an answer become records. If they change, an
    /// unchanged answer has to be read again.
    #[must_use]
    pub(super) fn filters(&self) -> String {
        let Self { words, limit, full_text, format, .. } = self;
        let all = format!("{words:?} {limit} {full_text} {format:?}");
        crate::fingerprint::Fingerprint::of_bytes(all.as_bytes()).to_string()
    }
}

/// Parses the text of `sources.yaml`. A source with an error is left out.
#[must_use]
pub(super) fn parse(text: &str, config: &Config) -> (Vec<Source>, Vec<Diagnostic>) {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let lined = LinedText::new(text);
    let document = Document { path: FILE, source: &lined, start: 0, yaml: text };
    let entries = match document.parse() {
        Ok(entries) => entries,
        Err(diagnostics) => return (Vec::new(), diagnostics),
    };
    let mut fields = Fields::new(document, &entries);
    let help = || tr!("write `sources:` and below it `- name: 某报` and `url: https://…`");
    let mut all = Vec::new();
    let mut diagnostics = Vec::new();
    match fields.get("sources") {
        None => {}
        Some(Node::List(items)) if items.len() > MAX_SOURCES => fields.error(
            "sources",
            tr!("there are {} sources; at most {MAX_SOURCES} are read", items.len(), MAX_SOURCES),
            tr!("remove sources, or divide them among several digests"),
        ),
        Some(Node::List(items)) => {
            let spans = yaml::item_spans(text, "sources").filter(|spans| spans.len() == items.len());
            for (nth, item) in items.iter().enumerate() {
                let span = spans.as_ref().map_or(0..text.len(), |spans| spans[nth].clone());
                let inner = Document { start: span.start, yaml: &text[span.clone()], ..document };
                let source = match item {
                    Node::Map(entries) => read_source(inner, entries, config, &mut diagnostics),
                    other => {
                        let message = tr!("a source has to be a mapping, but it is {}", other.kind());
                        diagnostics.push(Diagnostic::error(message).at(first_line(inner)).help(help()));
                        None
                    }
                };
                all.extend(source.map(|source| (source, inner)));
            }
        }
        Some(other) => fields.wrong_kind("sources", &tr!("a list of sources"), other),
    }
    diagnostics.extend(fields.finish());
    report_repeated(&all, &mut diagnostics);
    let diagnostics = diagnostics.into_iter().map(secret::hidden).collect();
    let urls: Arc<[Url]> =
        all.iter().map(|(source, _)| Secrets::of(&source.url).without(&source.url)).collect();
    let with_all = |(source, _)| Source { all: Arc::clone(&urls), ..source };
    (all.into_iter().map(with_all).collect(), diagnostics)
}

/// The place of the first line of an item.
fn first_line(item: Document<'_>) -> Place {
    let text = item.yaml.trim_start_matches([' ', '-', '\n']);
    let start = item.yaml.len() - text.len();
    item.place(start..start + text.lines().next().map_or(0, str::len))
}

/// Reports sources with the address or the name of an earlier one.
fn report_repeated(all: &[(Source, Document<'_>)], diagnostics: &mut Vec<Diagnostic>) {
    let canonical = |source: &Source| source.url.as_str().trim_end_matches('/').to_owned();
    for (nth, (source, item)) in all.iter().enumerate() {
        let earlier = || all[..nth].iter().map(|(source, _)| source);
        if let Some(same) = earlier().find(|other| canonical(other) == canonical(source)) {
            let message = tr!("this is the address of `{}`, too", same.name);
            let place = item.value_place(&["url"]);
            diagnostics.push(Diagnostic::error(message).at(place).help(tr!("remove one of the two sources")));
        } else if earlier().any(|other| other.name == source.name) {
            let message = tr!("another source is called `{}`, too", source.name);
            let help = tr!("give each source a name of its own: `newsprint fetch NAME` fetches one of them");
            diagnostics.push(Diagnostic::error(message).at(item.value_place(&["name"])).help(help));
        }
    }
}

fn read_source(
    item: Document<'_>,
    entries: &[(String, Node)],
    config: &Config,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Source> {
    let mut fields = Fields::new(item, entries);
    let before = diagnostics.len();
    let missing = |name: &str| {
        Diagnostic::error(tr!("this source has no `{name}`", name))
            .at(first_line(item))
            .help(tr!("a source needs a `name` and a `url`, as in `- {name: 某报, url: https://…}`"))
    };
    let name = fields.text(&["name"]).map(|(_, name)| name);
    let written = fields.text(&["url"]).map(|(_, url)| url);
    let url = written.as_deref().and_then(|written| match parse_address(written) {
        Ok(url) => Some(url),
        Err(message) => {
            fields.error(
                "url",
                message,
                tr!("write the address of the feed, as in `https://e.org/feed.xml`"),
            );
            None
        }
    });
    for (field, is_there) in [("name", name.is_some()), ("url", written.is_some())] {
        if !is_there && fields.get(field).is_none_or(|node| node.text().is_some()) {
            diagnostics.push(missing(field));
        }
    }
    let language = fields.text(&["language"]).map(|(_, language)| language);
    let mut terms = Vec::new();
    for Taxonomy { name, .. } in &config.taxonomies {
        let of_taxonomy = fields.texts(name);
        if !of_taxonomy.is_empty() {
            terms.push((name.clone(), of_taxonomy));
        }
    }
    let words = read_words(&mut fields);
    let limit = fields.number("limit", 1..=1000);
    let full_text = choose(&mut fields, "full_text", &[("feed", true), ("never", false)]);
    let formats = [
        ("feed", SourceFormat::Feed),
        ("sitemap", SourceFormat::Sitemap),
        ("records", SourceFormat::Records),
    ];
    let format = choose(&mut fields, "format", &formats);
    let enabled = fields.flag("enabled");
    diagnostics.extend(fields.finish());
    let has_error = diagnostics[before..].iter().any(Diagnostic::is_error);
    let (name, url) = name.zip(url).filter(|_| !has_error)?;
    Some(Source {
        language,
        terms,
        words,
        limit: limit.unwrap_or(DEFAULT_LIMIT),
        full_text: full_text.unwrap_or(false),
        format,
        enabled: enabled.unwrap_or(true),
        ..Source::new(name, url)
    })
}

/// Parses the address of a source.
///
/// # Errors
/// The message of a diagnostic: it is not an http(s) URL, or has a user name or a password.
pub(super) fn parse_address(written: &str) -> Result<Url, String> {
    let link = link::parse(written)?;
    Url::parse(&link.url).map_err(|error| tr!("this is not a URL: {error}", error))
}

fn read_words(fields: &mut Fields<'_>) -> Words {
    let mut words = Words::default();
    if let Some(mut inner) = fields.inner("words") {
        words.any = inner.texts("any");
        words.all = inner.texts("all");
        words.none = inner.texts("none");
        let found = inner.finish();
        fields.absorb(found);
    }
    words
}

/// The value that the text under `name` chooses.
fn choose<'a, T: Copy>(fields: &mut Fields<'a>, name: &'a str, values: &[(&str, T)]) -> Option<T> {
    let (_, written) = fields.text(&[name])?;
    let found = values.iter().find(|(value, _)| *value == written);
    if found.is_none() {
        let known: Vec<String> = values.iter().map(|(value, _)| format!("`{value}`")).collect();
        let message = tr!("`{name}` cannot be `{}`", crate::text::excerpt::shorten(&written), name);
        fields.error(name, message, tr!("write {values}", values = known.join(&tr!(" or "))));
    }
    found.map(|(_, value)| *value)
}

/// The error for a name that no source has; `None` if one has it.
pub(super) fn unknown(name: &str, sources: &[Source]) -> Option<Diagnostic> {
    if sources.iter().any(|source| source.name == name) {
        return None;
    }
    let help = match nearest(name, sources.iter().map(|source| source.name.as_str())) {
        Some(near) => tr!("did you mean `{near}`?", near),
        None => tr!("`newsprint sources list` shows the names"),
    };
    Some(Diagnostic::error(tr!("no source is called `{name}`", name)).help(help))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Vec<Source>, Vec<(usize, String)>) {
        let (sources, diagnostics) = parse(text, &Config::default());
        let line = |found: &Diagnostic| found.place.as_ref().map_or(0, |place| place.line);
        (sources, diagnostics.iter().map(|found| (line(found), found.message.clone())).collect())
    }

    #[test]
    fn every_setting_of_a_source_is_read() {
        let (sources, problems) = parsed(
            "sources:\n  - name: 某报\n    url: https://e.org/feed.xml\n    language: zh\n    keywords: [AI, 芯片]\n    words: {any: [大模型], all: [甲], none: [招聘]}\n    limit: 20\n    full_text: feed\n    format: sitemap\n    enabled: false\n  - {name: b, url: https://f.org}\n",
        );
        assert_eq!(problems, []);
        let [one, other] = &sources[..] else { panic!("{sources:?}") };
        assert_eq!((one.name.as_str(), one.url.as_str()), ("某报", "https://e.org/feed.xml"));
        assert_eq!(one.language.as_deref(), Some("zh"));
        assert_eq!(one.terms, [("keywords".to_owned(), vec!["AI".to_owned(), "芯片".to_owned()])]);
        assert_eq!((one.words.any.len(), one.words.all.len(), one.words.none.len()), (1, 1, 1));
        assert_eq!((one.limit, one.full_text, one.enabled), (20, true, false));
        assert_eq!(one.format, Some(SourceFormat::Sitemap));
        assert_eq!((other.limit, other.full_text, other.enabled, other.format), (50, false, true, None));
    }

    #[test]
    fn every_mistake_has_its_line() {
        let (sources, problems) = parsed(
            "sources:\n  - name: 甲\n    url: ftp://e.org/\n  - url: https://e.org/b\n    limits: 3\n  - name: 丙\n    url: https://e.org/c\n    full_text: always\n  - text\n  - name: 丁\n    url: https://e.org/d\n  - name: 戊\n    url: https://e.org/d/\n  - name: 丁\n    url: https://e.org/e\nsource: x\n",
        );
        let names: Vec<&str> = sources.iter().map(|source| source.name.as_str()).collect();
        assert_eq!(names, ["丁", "戊", "丁"]);
        let lines: Vec<usize> = problems.iter().map(|(line, _)| *line).collect();
        assert_eq!(lines, [3, 4, 5, 8, 9, 16, 13, 14], "{problems:?}");
    }

    #[test]
    fn the_guide_has_exactly_the_settings_that_are_read() {
        let chapter = crate::guide_tables::chapter("fetch");
        let table = chapter.split("\n## Sources").nth(1).unwrap().split("| command |").next().unwrap();
        let rows = crate::guide_tables::rows(table);
        let documented: std::collections::BTreeSet<String> =
            rows.iter().flat_map(|cells| crate::guide_tables::words(&cells[0])).collect();
        let text = "sources:\n- name: a\n  url: https://e.org/\n  words: {any: [x]}\n";
        let mut asked = crate::fields::asked::during(|| drop(parse(text, &Config::default())));
        let is_taxonomy = |name: &str| Config::default().taxonomies.iter().any(|one| one.name == name);
        asked.retain(|name| name != "sources" && !name.starts_with("words.") && !is_taxonomy(name));
        assert_eq!(asked, documented);
    }

    #[test]
    fn other_settings_are_other_filters() {
        let of = |line: &str| {
            let (sources, _) = parsed(&format!("sources:\n- name: a\n  url: https://e.org/\n  {line}\n"));
            sources[0].filters()
        };
        let all = ["limit: 9", "full_text: feed", "words: {any: [a]}", "words: {all: [a]}", "format: feed"];
        for line in all {
            assert_ne!(of(line), of("keywords: [a]"), "{line}");
        }
        assert_eq!(of("language: zh"), of("keywords: [a]"));
    }
}
