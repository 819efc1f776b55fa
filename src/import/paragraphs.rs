//! Splits scraped text without line breaks into paragraphs and headings.

use crate::import::repair::Change;
use crate::import::repair::Kind;

/// Characters from which on a paragraph can end: five to seven lines on a phone.
const MIN_PARAGRAPH_CHARACTERS: usize = 120;
/// Characters after which a quotation counts as never closed.
const MAX_QUOTATION_CHARACTERS: usize = 400;
/// The width of a doubled heading, in Han characters (two Latin letters count as one). Shorter
/// repetitions are emphasis (真的很好真的很好).
const HEADING_WIDTH: std::ops::RangeInclusive<usize> = 4..=40;

/// The least width of a doubled heading at the beginning of a line.
const MIN_WIDTH_AT_BEGINNING: usize = 6;

/// A block of a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Block {
    /// Sentences.
    Paragraph(String),
    /// A heading.
    Heading(String),
}

/// Makes each line a paragraph, without further changes.
#[must_use]
pub fn lines(text: &str) -> Vec<Block> {
    text.lines().filter_map(paragraph).collect()
}

/// Splits a text at its line breaks, and long lines at the ends of sentences, but not inside a
/// quotation. A heading that the scraper doubled becomes one [`Block::Heading`]. Nothing else is
/// lost except white space at the ends of blocks.
#[must_use]
pub fn blocks(text: &str, changes: &mut Vec<Change>) -> Vec<Block> {
    let mut blocks = Vec::new();
    for line in text.lines() {
        let mut start = 0;
        for heading in doubled_headings(line) {
            blocks.extend(split_line(&line[start..heading.start]));
            let unit = &line[heading.start..heading.start + heading.len() / 2];
            changes.push((Kind::Doubled, line[heading.clone()].to_owned(), unit.to_owned()));
            blocks.push(Block::Heading(unit.to_owned()));
            start = heading.end;
        }
        blocks.extend(split_line(&line[start..]));
    }
    blocks
}

/// Makes a paragraph of a text, unless it is blank.
fn paragraph(text: &str) -> Option<Block> {
    let text = text.trim();
    (!text.is_empty()).then(|| Block::Paragraph(text.to_owned()))
}

/// Splits a line into paragraphs.
fn split_line(line: &str) -> impl Iterator<Item = Block> {
    let mut paragraphs: Vec<&str> = Vec::new();
    let mut start = 0;
    let mut count = 0_usize;
    let mut quotation = Quotation::default();
    let mut characters = line.char_indices().peekable();
    while let Some((at, c)) = characters.next() {
        let end = at + c.len_utf8();
        let next = characters.peek().map(|(_, next)| *next);
        count += 1;
        quotation.read(c);
        let next_closes = next.is_some_and(|next| "”’」』）)》…".contains(next));
        if count >= MIN_PARAGRAPH_CHARACTERS
            && !next_closes
            && !quotation.is_open()
            && ends_sentence(&line[start..end], next)
            && !(c == '”' && names_speaker(&line[end..]))
        {
            paragraphs.push(&line[start..end]);
            (start, count) = (end, 0);
        }
    }
    // A short last paragraph is joined to the one before.
    let rest = &line[start..];
    match paragraphs.last_mut() {
        Some(last) if rest.trim().chars().count() < MIN_PARAGRAPH_CHARACTERS / 4 => {
            *last = &line[start - last.len()..];
        }
        _ => paragraphs.push(rest),
    }
    paragraphs.into_iter().filter_map(paragraph).collect::<Vec<_>>().into_iter()
}

/// Tracks whether the current character is inside quotation marks.
#[derive(Default)]
struct Quotation {
    open: bool,
    length: usize,
}

impl Quotation {
    fn read(&mut self, c: char) {
        self.length += 1;
        match c {
            '“' | '「' | '『' if !self.open => (self.open, self.length) = (true, 0),
            '”' | '」' | '』' => self.open = false,
            _ => {}
        }
        self.open = self.open && self.length <= MAX_QUOTATION_CHARACTERS;
    }

    fn is_open(&self) -> bool {
        self.open
    }
}

/// True if a text begins with a short sentence that names the speaker of the quotation before it
/// (张三对记者表示). Such a sentence belongs to the quotation.
fn names_speaker(text: &str) -> bool {
    let sentence: String = text.chars().take(25).collect();
    let said = sentence.split(['。', '，']).next().filter(|said| said.len() < sentence.len());
    said.is_some_and(|said| {
        ["表示", "说", "称", "指出", "认为", "强调", "补充"].iter().any(|verb| said.ends_with(verb))
    })
}

/// True if a sentence ends at the end of `text`, of which `next` is the following character.
fn ends_sentence(text: &str, next: Option<char>) -> bool {
    // Limited, so that a line of only closing marks is not read again for each of them.
    let mut from_end = text.chars().rev().take(8).skip_while(|c| "”’」』）)".contains(*c));
    match from_end.next() {
        Some('。' | '！' | '？') => true,
        Some('!' | '?') => next.is_some_and(char::is_whitespace),
        // `1. ` begins a list item. It does not end a sentence.
        Some('.') => {
            next.is_some_and(char::is_whitespace) && from_end.next().is_some_and(char::is_alphabetic)
        }
        _ => false,
    }
}

/// Finds headings that occur twice in a row directly after the end of a sentence and directly
/// before the next sentence: `…原因。或开放API接口或开放API接口尽管如此，…`. Scrapers take such
/// headings from a text and from an attribute beside it. A heading is only recognised if it
/// consists of the same words exactly twice, contains no punctuation, is not in a quotation, and is
/// followed by a whole sentence. At the beginning of a line, where a repetition is often a
/// rhetorical one, it has to be wider. Returns the byte ranges of both copies together.
fn doubled_headings(line: &str) -> Vec<std::ops::Range<usize>> {
    let mut found: Vec<std::ops::Range<usize>> = Vec::new();
    let mut quotation = Quotation::default();
    let mut previous_end = 0;
    let start = line.len() - line.trim_start().len();
    if let Some(length) = doubled_length(&line[start..], MIN_WIDTH_AT_BEGINNING) {
        found.push(start..start + length);
        previous_end = start + length;
    }
    for (at, c) in line.char_indices() {
        quotation.read(c);
        let end = at + c.len_utf8();
        let sentence = "。！？”」』".contains(c) && ends_sentence(&line[..end], None);
        if !sentence || quotation.is_open() || at < previous_end {
            continue;
        }
        if let Some(length) = doubled_length(&line[end..], *HEADING_WIDTH.start()) {
            found.push(end..end + length);
            previous_end = end + length;
        }
    }
    found
}

/// Characters that continue a word or a phrase: what they follow is not the end of a heading.
const CONTINUING: &str = " 的了吧呢啊吗呀嘛哦和与是在-+/&%.";

/// The length in bytes of a doubled heading at the beginning of a text, both copies together, if a
/// whole sentence follows it. `least` is the width of the narrowest heading.
fn doubled_length(text: &str, least: usize) -> Option<usize> {
    // The characters up to the first punctuation mark: a doubled heading contains none.
    let run: Vec<(usize, char)> = text
        .char_indices()
        .take(4 * HEADING_WIDTH.end())
        .take_while(|(_, c)| {
            crate::text::han::is_han(*c)
                || c.is_alphanumeric()
                || matches!(c, ' ' | '-' | '+' | '/' | '&' | '%' | '.')
        })
        .collect();
    let after_run = run.last().map_or(0, |(at, c)| at + c.len_utf8());
    let same = |unit: usize| (0..unit).all(|n| run[n].1 == run[n + unit].1);
    // The longest unit that fits: 一二一二三四一二一二三四 is doubled as a whole.
    let unit = (2..=run.len() / 2).rev().find(|&unit| same(unit))?;
    let words = &run[..unit];
    let width: usize = words.iter().map(|(_, c)| if c.is_ascii() { 1 } else { 2 }).sum::<usize>() / 2;
    // 一步一步一步一步 and 哈哈哈哈 repeat a shorter unit.
    let repeats =
        (1..=unit / 2).any(|part| unit % part == 0 && (part..unit).all(|n| run[n].1 == run[n - part].1));
    let behind = &run[2 * unit..];
    let torn = words
        .last()
        .zip(behind.first())
        .is_some_and(|((_, a), (_, b))| a.is_ascii_digit() && b.is_ascii_digit());
    let edges = words.first().is_some_and(|(_, c)| *c != ' ') && words.last().is_some_and(|(_, c)| *c != ' ');
    let certain = (least..=*HEADING_WIDTH.end()).contains(&width)
        && is_name(words, behind)
        && !repeats
        && !torn
        && edges
        && begins_sentence(words, behind, &text[after_run..]);
    certain.then(|| run.get(2 * unit).map_or(after_run, |(at, _)| *at))
}

/// True if the words can be a heading: they have Han, or are a name in Latin letters before Han.
/// Otherwise words without spaces between them are rather an error of one word.
fn is_name(words: &[(usize, char)], behind: &[(usize, char)]) -> bool {
    let is_han = |(_, c): &(usize, char)| crate::text::han::is_han(*c);
    let is_latin_name = || {
        words.first().is_some_and(|(_, c)| c.is_uppercase())
            && words.iter().any(|(_, c)| c.is_lowercase())
            && behind.first().is_none_or(is_han)
    };
    words.iter().any(is_han) || is_latin_name()
}

/// True if a whole sentence begins behind both copies of a heading: with `behind`, or, if that is
/// empty, with a quotation in `rest`, the text after it.
fn begins_sentence(words: &[(usize, char)], behind: &[(usize, char)], rest: &str) -> bool {
    let ends = || rest.chars().take(400).any(|c| "。！？".contains(c));
    let Some((_, first)) = behind.first() else {
        return rest.starts_with(['“', '「', '『', '《']) && ends();
    };
    // A third copy: the sentence begins with the words of its heading, or the author repeats them.
    let thrice = behind.len() >= words.len() && words.iter().zip(behind).all(|((_, a), (_, b))| a == b);
    let own = if thrice { &behind[words.len()..] } else { behind };
    let is_repeated = own.len() >= words.len() && words.iter().zip(own).all(|((_, a), (_, b))| a == b);
    let continues =
        own.first().is_some_and(|(_, c)| !CONTINUING.contains(*c) || thrice && "是在和与".contains(*c));
    // `GPTGPT-4`: the second copy is the beginning of a longer word.
    own.len() >= 2 && continues && !(thrice && is_repeated) && !CONTINUING.contains(*first) && ends()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn paragraphs(text: &str) -> Vec<String> {
        let texts = blocks(text, &mut Vec::new()).into_iter();
        texts
            .map(|block| match block {
                Block::Paragraph(text) => text,
                Block::Heading(text) => format!("## {text}"),
            })
            .collect()
    }

    #[test]
    fn a_wall_of_text_is_split_at_sentence_ends() {
        let sentence = "这是一个用来填满墙壁的句子，长度大约三十个字左右，没有别的意思。";
        let split = paragraphs(&sentence.repeat(20));
        assert!(split.len() > 3, "{split:?}");
        assert!(split.iter().all(|paragraph| paragraph.ends_with('。')));
        assert_eq!(split.concat(), sentence.repeat(20));
    }

    #[test]
    fn a_quotation_is_not_split() {
        let quotation = format!("他说：“{}”", "开源很好。".repeat(40));
        assert_eq!(paragraphs(&quotation), std::slice::from_ref(&quotation));
    }

    #[test]
    fn the_name_of_the_speaker_stays_with_the_quotation() {
        let quotation = format!("{}“这样很好。”张三对记者表示。", "开源很好。".repeat(23));
        let split = paragraphs(&format!("{quotation}{}", "后来又说了别的。".repeat(20)));
        assert!(
            split[..split.len() - 1].iter().any(|text| text.ends_with("“这样很好。”张三对记者表示。")),
            "{split:?}"
        );
    }

    #[test]
    fn line_breaks_are_kept_as_paragraphs() {
        assert_eq!(paragraphs("一\n\n 二 \n"), ["一", "二"]);
        assert_eq!(lines("一\n\n 二 \n").len(), 2);
    }

    #[test]
    fn a_doubled_heading_becomes_one_heading() {
        assert_eq!(
            paragraphs(
                "他说：“我命名了它。”模型不Open模型不Open这家公司成立于2015年，后来改了章程。耗时1个月。或开放API接口或开放API接口尽管如此，它仍然闭源。"
            ),
            [
                "他说：“我命名了它。”",
                "## 模型不Open",
                "这家公司成立于2015年，后来改了章程。耗时1个月。",
                "## 或开放API接口",
                "尽管如此，它仍然闭源。"
            ]
        );
    }

    #[test]
    fn doubled_headings_are_found_at_every_place() {
        for (text, heading) in [
            // At the beginning of a text.
            ("为什么要开放接口为什么要开放接口尽管如此，它仍然闭源。", "为什么要开放接口"),
            ("OpenAI 的新模型OpenAI 的新模型这家公司成立于2015年。", "OpenAI 的新模型"),
            // Before a quotation.
            ("他说完了。开放接口开放接口“尽管如此，它仍然闭源。”他说。", "开放接口"),
            ("他说完了。三个原因三个原因《自然》刊登了这项研究。", "三个原因"),
            ("他说完了。下一步计划下一步计划「再等等。」她说。", "下一步计划"),
            // The sentence begins with the words of the heading.
            ("他说完了。开放接口开放接口开放接口是第一步，后面还有更多。", "开放接口"),
            ("他说完了。训练数据训练数据训练数据来自公开的网页。", "训练数据"),
            ("他说完了。开放接口开放接口开放平台的人都知道。", "开放接口"),
            // Names in Latin letters.
            ("他说完了。ChatGPT PlusChatGPT Plus这项服务每月收费。", "ChatGPT Plus"),
            ("他说完了。DeepMindDeepMind成立于2010年，后来被收购。", "DeepMind"),
            ("他说完了。Claude CodeClaude Code可以读写文件。", "Claude Code"),
        ] {
            let wanted = format!("## {heading}");
            let found = paragraphs(text);
            assert!(found.contains(&wanted), "{text}: {found:?}");
            assert_eq!(
                found.concat().matches(heading).count() + 1,
                text.matches(heading).count(),
                "{found:?}"
            );
        }
    }

    #[test]
    fn intended_repetition_stays() {
        for text in [
            "他说完了。一步一步一步一步走下去，总会到的。",
            "他说完了。谢谢谢谢大家。",
            "他说完了。我要开源我要开源我要开源，他喊道。",
            "他说：“不行。我要开源我要开源不然就走。”然后走了。",
            "他说完了。真的非常好用真的非常好用！大家都这么说。",
            "世界那么大世界那么大我想去看看。后来就去了。",
            "他说完了。非常好用非常好用的模型并不多。",
            "第一，模型开源模型开源很重要。",
            "他说完了。模型开源，模型开源，还是模型开源。",
            "他说完了。版本20232023发布了。",
            "他说完了。开放接口开放接口",
            "加油吧我的朋友们！加油吧我的朋友们！",
            "谢谢大家谢谢大家我先走了。",
            "他说完了。谢谢大家谢谢大家谢谢大家的支持。",
            "他说完了。我要开源我要开源我要开源我要开源他一直喊。",
            "他说完了。DeepMindDeepMind-2发布了新模型。",
            "他说完了。Bye byeBye bye他走了。",
            "他说完了。开放接口开放接口“尽管如此”",
            "他说完了。hahahohohahahoho他们笑了。",
        ] {
            assert_eq!(paragraphs(text), [text], "{text}");
        }
    }

    proptest! {
        #[test]
        fn nothing_but_white_space_is_lost(text in "[a。！？”“ .中文开源\n]{0,600}") {
            let strip = |text: &str| text.chars().filter(|c| !c.is_whitespace()).count();
            let mut changes = Vec::new();
            let kept: usize = blocks(&text, &mut changes).iter().map(|block| match block { Block::Paragraph(text) | Block::Heading(text) => strip(text) }).sum();
            let gone: usize = changes.iter().map(|(_, from, to)| strip(from) - strip(to)).sum();
            prop_assert_eq!(kept + gone, strip(&text));
        }
    }
}
