//! Finds what readers of a text would stumble over: markup that is shown, code blocks without an
//! end, footnotes without a text.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use crate::check::finding::Finding;
use crate::check::literal;
use crate::check::markup::Kind;
use crate::check::patterns;
use crate::check::raw_html;
use crate::config::{Config, RawHtml, Rule};
use crate::diagnostic::Place;
use crate::load::markdown::shown::{self, Block, Shown};
use crate::load::source::SourceFile;

/// The maximum number of findings of one kind about one text; the last one counts the others.
pub(super) const MAX_OF_KIND: usize = 10;

/// The maximum number of lines of a block of fields at the beginning of a text.
const MAX_FIELD_LINES: usize = 50;

/// The longest markup that a message shows, in characters.
const MAX_SHOWN: usize = 40;

/// What a text shows: its kind, its bytes in the body, and the words that the message shows.
type Found = (Kind, Range<usize>, String);

/// Checks the body of a source file.
pub(super) fn check(config: &Config, source: &SourceFile) -> Vec<Finding> {
    let body = &source.text[source.body..];
    let shown = shown::read(body, raw_html_of(config, source));
    let mut findings: Vec<Found> = Vec::new();
    let fields = fields_at_the_beginning(body);
    let is_in_fields = |place: &Range<usize>| fields.as_ref().is_some_and(|fields| place.start < fields.end);
    if let Some(range) = &fields {
        let line = body[range.clone()].lines().next().unwrap_or_default();
        findings.push((Kind::FrontMatter, range.start..range.start + line.len(), line.to_owned()));
    }
    let tags = raw_html::shown_tags(&shown.blocks);
    for (nth, block) in shown.blocks.iter().enumerate() {
        let literals = literal::find(block);
        for found in &literals {
            let place = block.source(&found.range);
            if !is_in_fields(&place) {
                findings.push((found.kind, place, excerpt(&block.text[found.range.clone()])));
            }
        }
        for (_, range) in tags.iter().filter(|(block, _)| *block == nth) {
            // `{{<figure src="a">}}` is a shortcode.
            let is_other =
                |found: &literal::Literal| found.range.start <= range.start && range.end <= found.range.end;
            if !literals.iter().any(is_other) {
                findings.push((Kind::Html, block.source(range), excerpt(&block.text[range.clone()])));
            }
        }
    }
    findings.extend(shown.unclosed_fence.clone().map(|place| (Kind::Fence, place, String::new())));
    findings.extend(footnotes(&shown));
    settle(source, findings)
}

/// The help for markup in a field.
pub(super) fn plain_text() -> String {
    tr!("remove it: this field is plain text, not Markdown")
}

/// Markup that a field shows.
pub(super) struct FieldMarkup {
    /// The rule that reports it.
    pub(super) rule: Rule,
    /// The message.
    pub(super) message: String,
    /// Its bytes in the field's text.
    pub(super) range: Range<usize>,
}

/// Finds the markup in a field that is shown as plain text: the title, the key event, the summary.
pub(super) fn shown_in_field(text: &str) -> Vec<FieldMarkup> {
    let block = Block::plain(text);
    let literals = literal::find(&block);
    let links = patterns::links(text).into_iter().map(|range| (Kind::Link, range));
    let tags = raw_html::shown_tags(std::slice::from_ref(&block));
    let tags = tags.into_iter().map(|(_, range)| (Kind::Html, range));
    let mut found: Vec<(Kind, Range<usize>)> =
        literals.into_iter().map(|found| (found.kind, found.range)).collect();
    for (kind, range) in links.chain(tags) {
        // The words behind asterisks only show where they are.
        let cut = |(known, other): &mut (Kind, Range<usize>)| {
            if *known == Kind::Emphasis && other.contains(&range.start) && other.start < range.start {
                other.end = range.start;
            }
        };
        found.iter_mut().for_each(cut);
        if !found.iter().any(|(_, other)| other.start < range.end && range.start < other.end) {
            found.push((kind, range));
        }
    }
    found.sort_by_key(|(_, range)| range.start);
    found
        .into_iter()
        .map(|(kind, range)| {
            let message = match kind {
                Kind::Emphasis => tr!("asterisks are shown literally"),
                _ => kind.words(&excerpt(&text[range.clone()])).0,
            };
            FieldMarkup { rule: kind.rule(), message, range }
        })
        .collect()
}

/// How the page treats raw HTML: by the field `html:` of the file, as far as the digest allows it.
fn raw_html_of(config: &Config, source: &SourceFile) -> RawHtml {
    let front_matter = &source.text[source.front_matter.clone()];
    let field = front_matter.lines().find_map(|line| line.strip_prefix("html:"));
    let written =
        field.map(|value| value.split('#').next().unwrap_or_default().trim().trim_matches(['"', '\'']));
    let asked = [RawHtml::Text, RawHtml::Sanitize, RawHtml::Trusted]
        .into_iter()
        .find(|html| Some(html.name()) == written);
    asked.map_or(config.markdown.html, |asked| asked.min(config.markdown.allow))
}

/// Findings with their places; of each kind the first ten.
fn settle(source: &SourceFile, mut found: Vec<Found>) -> Vec<Finding> {
    found.sort_by_key(|(_, range, _)| range.start);
    let mut total: BTreeMap<Kind, usize> = BTreeMap::new();
    for (kind, ..) in &found {
        *total.entry(*kind).or_default() += 1;
    }
    let mut seen: BTreeMap<Kind, usize> = BTreeMap::new();
    let mut settled = Vec::new();
    for (kind, range, shown) in found {
        let nth = seen.entry(kind).or_default();
        *nth += 1;
        if *nth > MAX_OF_KIND {
            continue;
        }
        let more = total[&kind] - *nth;
        let (message, help) = kind.words(&shown);
        let message = match *nth {
            MAX_OF_KIND if more > 0 => tr!("{message}, and {more} more in this file", message, more),
            _ => message,
        };
        let range = source.body + range.start..source.body + range.end;
        let place = Place::at(&source.path, &source.text, range);
        settled.push(Finding::new(kind.rule(), message, help).at(place));
    }
    settled
}

/// The first line of some markup, shortened.
fn excerpt(markup: &str) -> String {
    let line = markup.lines().next().unwrap_or_default();
    match line.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", &line[..end]),
        None if line.len() < markup.trim_end().len() => format!("{line}…"),
        None => line.to_owned(),
    }
}

/// References to footnotes that have no text, and texts that no reference names. Labels that
/// differ in case are the same, as for cmark-gfm and micromark.
fn footnotes(shown: &Shown) -> Vec<Found> {
    let mut found = Vec::new();
    let mut missing: BTreeSet<String> = BTreeSet::new();
    for block in &shown.blocks {
        for range in references_without_text(&block.text) {
            let reference = &block.text[range.clone()];
            if missing.insert(reference.to_lowercase()) {
                found.push((Kind::Reference, block.source(&range), reference.to_owned()));
            }
        }
    }
    let referred: BTreeSet<String> = shown.references.iter().map(|label| label.to_lowercase()).collect();
    let unused = shown.footnotes.iter().filter(|(label, _)| !referred.contains(&label.to_lowercase()));
    found.extend(unused.map(|(label, place)| (Kind::Footnote, place.clone(), format!("[^{label}]"))));
    found
}

/// `[^label]` in a text. Expressions such as `[^a-z]+` are classes of characters.
fn references_without_text(text: &str) -> Vec<Range<usize>> {
    let is_label = |label: &str| {
        let is_range = label.as_bytes().windows(3).any(|part| part[1] == b'-') && label.len() < 8;
        let characters = label.chars().count();
        (1..=40).contains(&characters)
            && !is_range
            && label.chars().all(|c| c.is_alphanumeric() || matches!(c, '-' | '_' | '.' | ':'))
    };
    let found = text.match_indices("[^").filter_map(|(at, _)| {
        let end = at + text[at..].find(']')?;
        let before = text[..at].chars().next_back();
        let is_expression = matches!(before, Some('(' | '[' | '^' | '\\' | '/' | '|' | '"' | '\''))
            || text[end + 1..].starts_with(['*', '+', '?', '{', '/', '|', '$']);
        (is_label(&text[at + 2..end]) && !is_expression).then_some(at..end + 1)
    });
    found.collect()
}

/// A block of fields between `---` or `+++` at the beginning of a text, or a JSON object: the front
/// matter of another program below newsprint's own.
fn fields_at_the_beginning(body: &str) -> Option<Range<usize>> {
    let start = body.len() - body.trim_start().len();
    let text = &body[start..];
    let mut end = start;
    let mut fields = 0;
    for (nth, line) in text.split_inclusive('\n').take(MAX_FIELD_LINES).enumerate() {
        end += line.len();
        let line = line.trim_end();
        let first = text.lines().next().unwrap_or_default().trim_end();
        let close = match first {
            "---" | "+++" => first,
            "{" => "}",
            _ => return None,
        };
        if nth == 0 {
            continue;
        }
        if line == close {
            return (fields > 0).then_some(start..end);
        }
        let sign = if first == "+++" { '=' } else { ':' };
        let key = line.split_once(sign).map(|(key, _)| key.trim().trim_matches('"'));
        let is_key = key.is_some_and(|key| {
            !key.is_empty()
                && key.chars().count() < 30
                && key.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-'))
        });
        let continues = line.starts_with([' ', '\t', '-', '#', ']', '[']) && fields > 0;
        fields += usize::from(is_key);
        if !is_key && !continues {
            return None;
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fingerprint::Fingerprint;
    use crate::load::source;

    fn checked(body: &str) -> Vec<(String, usize)> {
        let text = format!("---\ntitle: 甲\n---\n{body}");
        let source = source::split("a.md", Fingerprint::default(), text).unwrap();
        let found = check(&Config::default(), &source);
        found.into_iter().map(|found| (found.code.to_owned(), found.place.unwrap().line - 3)).collect()
    }

    fn one(code: &str, line: usize) -> Vec<(String, usize)> {
        vec![(code.to_owned(), line)]
    }

    #[test]
    fn each_finding_has_the_line_of_its_markup() {
        for (body, code, line) in [
            ("**粗**\n\n`**`\n\n这**不粗", "literal-markup", 5),
            ("\\*\\*\n\n这是\n这**不粗", "literal-markup", 4),
            ("甲\n\n> 乙\n> {% raw %}", "literal-markup", 4),
            ("`<b>a</b>`\n\n<b>a</b>", "literal-html", 3),
            ("甲\n\n```\n乙\n", "unclosed-fence", 3),
            ("甲[^1]\n\n乙[^2]\n\n[^1]: 丙\n", "broken-footnote", 3),
            ("甲\n\n[^1]: 丙\n", "broken-footnote", 3),
            ("---\nlayout: post\ntags: [a]\n---\n\n甲", "literal-markup", 1),
            ("\n+++\ntitle = \"a\"\n+++\n", "literal-markup", 2),
            ("{\n  \"title\": \"a\",\n  \"draft\": true\n}\n\n甲", "literal-markup", 1),
            ("---\ntags:\n  - a\n- b\n---\n甲", "literal-markup", 1),
        ] {
            assert_eq!(checked(body), one(code, line), "{body}");
        }
    }

    #[test]
    fn each_finding_marks_its_markup() {
        let long_key = |length: usize| format!("---\n{}: b\n---\n甲", "k".repeat(length));
        let (at_limit, over_limit) = (long_key(29), long_key(30));
        for (body, wanted) in [
            ("\n---\nlayout: x\n---\n甲 {{ x.y }}", &["2:1 ---", "5:3 {{ x.y }}"] as &[&str]),
            ("---\nlayout: {{ x.y }}\n---\n{{ x.y }}", &["1:1 ---", "4:1 {{ x.y }}"]),
            ("{{<figure src=\"a\">}} 甲<br>", &["1:1 {{<figure src=\"a\">}}", "1:23 <br>"]),
            ("甲<br> {{ x.y }}", &["1:2 <br>", "1:7 {{ x.y }}"]),
            ("{{ x.y }} 甲<br>", &["1:1 {{ x.y }}", "1:12 <br>"]),
            ("甲[^1]乙", &["1:2 [^1]"]),
            ("甲[^abc]", &["1:2 [^abc]"]),
            ("甲[^fig-2024]", &["1:2 [^fig-2024]"]),
            ("甲[^a-z0-9]", &[]),
            ("甲[^1]\n\n乙[^1]", &["1:2 [^1]"]),
            (&at_limit, &["1:1 ---"]),
            (&over_limit, &[]),
        ] {
            let source =
                source::split("a.md", Fingerprint::default(), format!("---\ntitle: 甲\n---\n{body}"));
            let found = check(&Config::default(), &source.unwrap());
            let marked = found.into_iter().map(|found| {
                let place = found.place.unwrap();
                format!("{}:{} {}", place.line - 3, place.column, &place.text[place.range.clone()])
            });
            assert_eq!(marked.collect::<Vec<_>>(), wanted, "{body}");
        }
    }

    #[test]
    fn sound_texts_have_no_findings() {
        for body in [
            "甲[^1]乙[^A]。\n\n[^1]: 丙\n\n[^a]: 丁\n",
            "正则 [^abc-f] 与 [^0-9]+、[^x]*、([^y])",
            "`[^1]` 与 \\[^2]",
            "---\n\n甲",
            "---\n甲：乙。\n---\n",
            "---\n\ntitle: a\n\n---\n",
            "---\n---\n甲",
            "---\n: b\n---\n甲",
            "---\na: b\n甲\n---\n乙",
            "---\na,b: c\n---\n甲",
            "---\n- a\nb: c\n---\n甲",
            "***\na: b\n***",
            "{\n甲\n}",
            "```\n---\na: b\n---\n```\n",
            "<!-- more -->\n\n甲",
            "甲\n\n~~~\n乙\n~~~\n",
            "",
        ] {
            assert_eq!(checked(body), [], "{body}");
        }
    }

    #[test]
    fn the_tenth_finding_of_a_kind_counts_the_others() {
        let texts = |count: usize| -> Vec<String> {
            let text = format!("---\ntitle: 甲\n---\n{}{{: .b}}\n", "{% a %}\n\n".repeat(count));
            let source = source::split("a.md", Fingerprint::default(), text).unwrap();
            check(&Config::default(), &source).into_iter().map(|found| found.message).collect()
        };
        assert_eq!(texts(9).len(), 10);
        assert!(texts(9).iter().all(|message| !message.contains("more in this file")));
        let many = texts(14);
        assert_eq!(many.len(), 10);
        assert_eq!(many[9], "the shortcode `{% a %}` is shown literally, and 5 more in this file");
    }

    #[test]
    fn a_file_may_choose_how_its_html_is_treated() {
        let findings = |config: &Config, front_matter: &str| {
            let text = format!("---\n{front_matter}---\n<b>甲</b>\n");
            let source = source::split("a.md", Fingerprint::default(), text).unwrap();
            check(config, &source).len()
        };
        let mut config = Config::default();
        assert_eq!(findings(&config, ""), 1);
        assert_eq!(findings(&config, "html: text\n"), 1);
        assert_eq!(findings(&config, "html: \"sanitize\" # 好\n"), 0);
        config.markdown.allow = RawHtml::Text;
        assert_eq!(findings(&config, "html: sanitize\n"), 1);
        config.markdown.html = RawHtml::Sanitize;
        config.markdown.allow = RawHtml::Trusted;
        assert_eq!(findings(&config, ""), 0);
    }

    #[test]
    fn markup_in_a_field_is_found() {
        let found = |text: &str| -> Vec<String> {
            shown_in_field(text).into_iter().map(|found| text[found.range].to_owned()).collect()
        };
        for (text, wanted) in [
            ("事 {{ x.y }} 句", &["{{ x.y }}"] as &[&str]),
            ("{% if %}见 [[某页]]", &["{% if %}", "[[某页]]"]),
            ("发布<br>新品", &["<br>"]),
            // The first tag stands for all.
            ("发布<b>新</b>品<i>甲</i>", &["<b>"]),
            ("见 [原文](https://e.org/a)。", &["[原文](https://e.org/a)"]),
            ("![图](/a.png)", &["![图](/a.png)"]),
            ("**重点** 与 **要点**", &["**重点** 与", "**要点**"]),
            ("==重点==", &["==重点=="]),
            ("题 **粗** {{ x.y }}", &["**粗** ", "{{ x.y }}"]),
            ("题 **粗** <br> 行", &["**粗** ", "<br>"]),
            ("{% if <br> %} 行", &["{% if <br> %}"]),
            ("[甲](/a){{ x.y }}", &["[甲](/a)", "{{ x.y }}"]),
            ("{{ x.y }}[甲](/a)", &["{{ x.y }}", "[甲](/a)"]),
            ("{{ x.y }}**粗** 题 **细** [甲](/a)", &["{{ x.y }}", "**粗** 题 ", "**细** ", "[甲](/a)"]),
        ] {
            assert_eq!(found(text), wanted, "{text}");
        }
        for text in ["f**k 与 ****1234", "Vec<String> 与 a<b>c", "f[0](x)", "[甲]（乙）", "价格 $5 到 $6", ""]
        {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        assert_eq!(shown_in_field("<b>甲</b>")[0].rule, Rule::LiteralHtml);
        assert_eq!(shown_in_field("**甲**")[0].message, "asterisks are shown literally");
    }

    #[test]
    fn an_excerpt_is_one_short_line() {
        assert_eq!(excerpt("{% a %}"), "{% a %}");
        assert_eq!(excerpt("[a]\nb"), "[a]…");
        assert_eq!(excerpt(&"甲".repeat(41)), "甲".repeat(40) + "…");
        assert_eq!(excerpt(&"甲".repeat(40)), "甲".repeat(40));
    }
}
