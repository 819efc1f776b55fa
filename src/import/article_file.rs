//! Writes a draft as the Markdown file of an article, and detects whether a person has edited such
//! a file.

use std::fmt::Write as _;

use crate::fingerprint::Fingerprint;
use crate::import::draft::{Body, Draft};
use crate::import::escape;
use crate::import::paragraphs::Block;
use crate::load::authorship::Authorship;
use crate::load::date::Date;
use crate::load::feed_id;
use crate::paths;
use crate::yaml;

/// Name under `extra` of the hash of the record's title and text. The hash identifies an article
/// that has no link.
pub const RECORD: &str = "record";
/// Name under `extra` of the place of a post in its old site. It identifies the post.
pub const POST: &str = "post";
/// Name under `extra` of the old site of a post. With the place, it identifies the post.
pub const SITE: &str = "site";
/// Name under `extra` of the hash of the file as import wrote it, without the line of this hash.
pub const IMPORTED: &str = "imported";

/// Renders the text of a draft as Markdown. Plain text is escaped.
#[must_use]
pub fn body(draft: &Draft) -> String {
    let blocks = match &draft.body {
        Body::Words(blocks) => blocks,
        Body::Markdown(markdown) => return markdown.clone(),
    };
    let markdown = |block: &Block| match block {
        Block::Paragraph(words) => escape::markdown(words),
        Block::Heading(words) => format!("## {}", escape::markdown(words)),
    };
    blocks.iter().map(markdown).collect::<Vec<_>>().join("\n\n")
}

/// The values of a file that its record does not decide alone.
#[derive(Debug, Clone, Copy, Default)]
pub struct Given<'a> {
    /// The date of the article: of the record, of `--date`, of the input's path, or of the existing
    /// file.
    pub date: Option<Date>,
    /// The URL to write instead of the record's, with the same canonical form: the URL of the
    /// existing file, or the canonical form itself.
    pub link: Option<&'a str>,
    /// The id in feeds: of the record, or of the existing file.
    pub feed_id: Option<&'a str>,
    /// The old site of a post: of the record, or of the existing file.
    pub site: Option<&'a str>,
    /// What the existing file says about its author, for a record that says nothing: an import
    /// without `--ai` does not remove a label.
    pub authorship: Authorship,
}

impl<'a> Given<'a> {
    /// What the record itself gives.
    #[must_use]
    pub fn of(draft: &'a Draft) -> Self {
        let (feed_id, site) = (draft.feed_id.as_deref(), draft.site.as_deref());
        Self { date: draft.date, feed_id, site, ..Self::default() }
    }
}

/// Returns the text of the file with a body from [`body`], and the hash in it (see [`IMPORTED`]).
#[must_use]
pub fn write(draft: &Draft, body: &str, given: Given<'_>) -> (String, Fingerprint) {
    let mut text = String::from("---\n");
    // Writing to a string cannot fail.
    let mut line = |name: &str, value: &str| {
        let _ = writeln!(text, "{name}: {}", yaml::scalar(value));
    };
    line("title", &draft.title);
    if let Some(link) = &draft.link {
        line("link", given.link.unwrap_or(&link.url));
    }
    for (name, value) in [("slug", &draft.own_slug), ("source", &draft.source), ("event", &draft.event)] {
        if let Some(value) = value {
            line(name, value);
        }
    }
    let times = [("publish", draft.publish), ("expires", draft.expires)];
    for (name, date) in [("date", given.date), ("updated", draft.updated)].into_iter().chain(times) {
        if let Some(date) = date {
            let _ = writeln!(text, "{name}: {}", date.iso());
        }
    }
    let aliases: Vec<String> = draft.aliases.iter().map(|path| paths::written_alias(path)).collect();
    for (name, items) in
        draft.terms.iter().map(|(name, items)| (name.as_str(), items)).chain([("aliases", &aliases)])
    {
        if !items.is_empty() {
            let _ = writeln!(text, "{}:", yaml::scalar(name));
        }
        for item in items {
            let _ = writeln!(text, "  - {}", yaml::scalar(item));
        }
    }
    let (summary, image) = (draft.summary.as_deref(), draft.image.as_deref());
    for (name, value) in [(feed_id::FIELD, given.feed_id), ("summary", summary), ("image", image)] {
        if let Some(value) = value {
            let _ = writeln!(text, "{name}: {}", yaml::scalar(value));
        }
    }
    if draft.draft {
        text.push_str("draft: true\n");
    }
    let Authorship { ai, reviewed } = draft.authorship.or(given.authorship);
    if let Some(ai) = ai {
        let _ = writeln!(text, "ai: {}", ai.name());
    }
    if let Some(reviewed) = reviewed {
        let _ = writeln!(text, "reviewed: {reviewed}");
    }
    text.push_str("extra:\n");
    for (name, value) in &draft.extra {
        let _ = writeln!(text, "{}{}", yaml::key(name, 2), yaml::flow(value));
    }
    if let Some(post) = &draft.post {
        let _ = writeln!(text, "  {POST}: {}", yaml::flow_scalar(post));
        if let Some(site) = given.site {
            let _ = writeln!(text, "  {SITE}: {}", yaml::flow_scalar(site));
        }
    }
    let _ = writeln!(text, "  {RECORD}: \"{}\"", draft.hash);
    let mark = text.len();
    text.push_str("---\n\n");
    text.push_str(body);
    text.push('\n');
    let hash = Fingerprint::of_bytes(text.as_bytes());
    text.insert_str(mark, &format!("  {IMPORTED}: \"{hash}\"\n"));
    (text, hash)
}

/// True if a file is byte for byte what import wrote. `None` if import did not write it.
#[must_use]
pub fn is_untouched(text: &str) -> Option<bool> {
    let front = text.strip_prefix("---\n")?;
    let front = &front[..front.find("\n---\n")? + 1];
    let line = front.lines().find(|line| line.trim_start().starts_with("imported:"))?;
    let at = "---\n".len() + (line.as_ptr() as usize - front.as_ptr() as usize);
    let hash = line.trim_start().strip_prefix("imported:")?.trim().trim_matches(['"', '\'']);
    let without = format!("{}{}", &text[..at], &text[(at + line.len() + 1).min(text.len())..]);
    Some(Fingerprint::of_bytes(without.as_bytes()).to_string() == hash)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Ai;
    use crate::yaml::Node;

    /// Parses the front matter of a file.
    fn front_matter(text: &str) -> Node {
        let inner = text.strip_prefix("---\n").unwrap();
        yaml::parse(&inner[..inner.find("\n---\n").unwrap() + 1]).unwrap()
    }

    fn assert_reads_back(words: &str) {
        let word = Node::Text(words.to_owned());
        let draft = Draft {
            title: words.to_owned(),
            source: Some(words.to_owned()),
            event: Some(words.to_owned()),
            terms: vec![("keywords".to_owned(), vec![words.to_owned(), words.to_owned()])],
            extra: vec![(
                "x".to_owned(),
                Node::Map(vec![(words.to_owned(), Node::List(vec![word.clone()]))]),
            )],
            ..Draft::default()
        };
        let front = front_matter(&write(&draft, "", Given::default()).0);
        for name in ["title", "source", "event"] {
            assert_eq!(front.get(name).and_then(Node::text), Some(words), "{name}");
        }
        assert_eq!(front.get("keywords"), Some(&Node::List(vec![word.clone(), word.clone()])));
        let inner = front.get("extra").and_then(|extra| extra.get("x")).and_then(|inner| inner.get(words));
        assert_eq!(inner, Some(&Node::List(vec![word])), "{words:?}");
    }

    #[test]
    fn every_string_of_the_naughty_list_reads_back() {
        let list = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/blns.json");
        // The list is not in the repository. The property test below generates strings of its own.
        let Ok(text) = std::fs::read_to_string(list) else { return };
        for words in serde_json::from_str::<Vec<String>>(&text).unwrap() {
            assert_reads_back(&words);
        }
    }

    #[test]
    fn indicators_of_flow_style_read_back() {
        for words in ["a:?", "a:,", "a:]", "a?", "a?b", "a:b", "https://a.example/?b=c#d"] {
            assert_reads_back(words);
        }
    }

    proptest::proptest! {
        #[test]
        fn arbitrary_text_reads_back(words in "\\PC*|.*|[ :#\\-\\[\\]{},&*!|>'\"%@`\\\\~\u{85}\u{2028}\u{feff}a中\n\t]*|null|~|yes|1e3|0x1F") {
            assert_reads_back(&words);
        }
    }

    #[test]
    fn the_fields_of_authorship_are_those_of_the_record_or_of_the_file() {
        let generated = Authorship { ai: Some(Ai::Generated), reviewed: Some(false) };
        let text = write(&Draft { authorship: generated, ..Draft::default() }, "", Given::default()).0;
        assert!(text.contains("\nai: generated\nreviewed: false\nextra:\n"), "{text}");
        let given = Given { authorship: generated, ..Given::default() };
        assert_eq!(write(&Draft::default(), "", given).0, text);
        let text = write(&Draft::default(), "", Given::default()).0;
        assert!(!text.contains("ai:") && !text.contains("reviewed:"), "{text}");
    }

    #[test]
    fn an_edit_is_detected() {
        let draft = Draft {
            title: "一".into(),
            body: Body::Words(vec![Block::Paragraph("甲。".into())]),
            ..Draft::default()
        };
        let (text, hash) = write(&draft, &body(&draft), Given::default());
        assert!(text.contains(&hash.to_string()));
        assert_eq!(is_untouched(&text), Some(true));
        assert_eq!(is_untouched(&text.replace("甲", "乙")), Some(false));
        assert_eq!(is_untouched(&text.replace("title: 一", "title: 二")), Some(false));
        assert_eq!(is_untouched("---\ntitle: 一\n---\n\n甲。\n"), None);
    }
}
