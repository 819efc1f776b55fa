//! Sets a headline in lines: few, of similar length, ended at punctuation where that is possible.

use crate::image::breaks::breaks;
use crate::image::fonts::{Fonts, Measure, is_visible};
use crate::image::{Fitted, Line, Space};

/// Most characters of a text that are looked at.
const MAX_CHARACTERS: usize = 400;
const ELLIPSIS: char = '…';
/// What a line saves that ends with a clause, in squares of the empty part of a line: about a
/// fifth of the line may stay empty for it.
const PAUSE: f32 = 0.04;

/// A part of a text that is not broken.
#[derive(Debug, Clone, Copy)]
struct Piece<'t> {
    text: &'t str,
    /// Width in parts of the font size, with and without the blanks at its end.
    width: f32,
    visible: f32,
    is_pause: bool,
}

impl Fonts {
    /// Sets a text in the largest size in which it fits. A text that does not fit in the smallest
    /// one ends with an ellipsis. Characters that no font has are left out.
    pub(crate) fn fit(&self, text: &str, space: Space) -> Fitted {
        let measure = self.measure(space.is_bold);
        let text = prepared(text, &measure);
        let smallest = space.sizes.last().copied().unwrap_or(16.0);
        let pieces = pieces(&text, &measure, space.width / smallest);
        for &size in space.sizes {
            let width = space.width / size;
            let count = greedy(&pieces, width).len();
            if count <= space.lines {
                return Fitted { lines: balanced(&pieces, width, count), size };
            }
        }
        let width = space.width / smallest;
        let mut lines: Vec<String> =
            greedy(&pieces, width).into_iter().map(|line| joined(&pieces[line])).collect();
        lines.truncate(space.lines);
        if let Some(last) = lines.last_mut() {
            cut(last, &measure, width);
        }
        Fitted { lines, size: smallest }
    }

    /// Sets a text in one line, cut if it has to be; `kept` follows it whole.
    pub(crate) fn line(&self, text: &str, kept: &str, line: Line) -> String {
        let measure = self.measure(line.is_bold);
        let (mut text, kept) = (prepared(text, &measure), drawable(kept, &measure));
        let width = line.width / line.size - measure.text(&kept);
        if measure.text(&text) > width {
            cut(&mut text, &measure, width);
        }
        text + &kept
    }

    /// Width of a line in pixels.
    pub(crate) fn width(&self, text: &str, line: Line) -> f32 {
        self.measure(line.is_bold).text(text) * line.size
    }
}

/// A text in one line of characters that can be drawn. Two dashes (U+2014) become two horizontal
/// bars (U+2015), which fonts join to one line of two em without knowing the language.
fn prepared(text: &str, measure: &Measure<'_>) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    let one_line = words.join(" ").replace("——", "――");
    let text: String = drawable(&one_line, measure).chars().take(MAX_CHARACTERS).collect();
    text.trim().to_owned()
}

/// The characters of a text that some font has.
fn drawable(text: &str, measure: &Measure<'_>) -> String {
    text.chars().filter(|&c| c == ' ' || (is_visible(c) && measure.face(c).is_some())).collect()
}

/// Cuts a text where lines may end. A piece that is wider than a line is cut anywhere.
fn pieces<'t>(text: &'t str, measure: &Measure<'_>, line: f32) -> Vec<Piece<'t>> {
    let piece = |text: &'t str, is_pause| Piece {
        text,
        width: measure.text(text),
        visible: measure.text(text.trim_end()),
        is_pause,
    };
    let mut pieces = Vec::new();
    let mut from = 0;
    for place in breaks(text) {
        let whole = piece(&text[from..place.at], place.is_pause);
        if whole.visible <= line {
            pieces.push(whole);
        } else {
            let ends = whole.text.char_indices().map(|(at, c)| (at, at + c.len_utf8()));
            pieces.extend(ends.map(|(start, end)| piece(&whole.text[start..end], false)));
        }
        from = place.at;
    }
    pieces
}

/// Fills each line as far as possible.
fn greedy(pieces: &[Piece<'_>], width: f32) -> Vec<std::ops::Range<usize>> {
    let mut lines = Vec::new();
    let (mut start, mut used) = (0, 0.0);
    for (at, piece) in pieces.iter().enumerate() {
        if at > start && used + piece.visible > width {
            lines.push(start..at);
            (start, used) = (at, 0.0);
        }
        used += piece.width;
    }
    if start < pieces.len() {
        lines.push(start..pieces.len());
    }
    lines
}

/// Sets pieces in exactly `count` lines with the least sum of squares of their empty parts.
fn balanced(pieces: &[Piece<'_>], width: f32, count: usize) -> Vec<String> {
    let total = pieces.len();
    // The cost of the best lines from a piece on, and where the first of them ends; by the number
    // of lines.
    let mut best = vec![vec![(f32::INFINITY, total); total + 1]; count + 1];
    best[0][total].0 = 0.0;
    for lines in 1..=count {
        for start in (0..total).rev() {
            let mut used = 0.0;
            for end in start + 1..=total {
                let piece = pieces[end - 1];
                if used + piece.visible > width && end > start + 1 {
                    break;
                }
                let empty = 1.0 - ((used + piece.visible) / width).min(1.0);
                let bonus = if piece.is_pause && end < total { PAUSE } else { 0.0 };
                let cost = empty * empty - bonus + best[lines - 1][end].0;
                if cost < best[lines][start].0 {
                    best[lines][start] = (cost, end);
                }
                used += piece.width;
            }
        }
    }
    let mut lines = Vec::with_capacity(count);
    let mut start = 0;
    for left in (1..=count).rev() {
        let end = best[left][start].1;
        lines.push(joined(&pieces[start..end]));
        start = end;
    }
    lines
}

fn joined(pieces: &[Piece<'_>]) -> String {
    let text: String = pieces.iter().map(|piece| piece.text).collect();
    text.trim_end().to_owned()
}

/// Ends a line with an ellipsis, without punctuation before it, within the width.
fn cut(line: &mut String, measure: &Measure<'_>, width: f32) {
    let ellipsis = measure.width(ELLIPSIS);
    let ends_badly = |line: &str| {
        line.ends_with(|c: char| c.is_whitespace() || "，。；：？！、“‘《「『（([,;:".contains(c))
    };
    while !line.is_empty() && (measure.text(line) + ellipsis > width || ends_badly(line)) {
        line.pop();
    }
    line.push(ELLIPSIS);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::image::Wanted;

    const SPACE: Space = Space { width: 1040.0, lines: 3, sizes: &[84.0, 60.0, 54.0], is_bold: true };

    /// Signs that begin no line in Chinese (GB/T 15834-2011, section 5.1.10).
    const NO_BEGIN: &str = "，。、；：？！”’）》】」』…―·,.;:?!)]}%％";
    /// Signs that end no line.
    const NO_END: &str = "“‘（《【「『([{";

    /// Fonts with Han, if they are installed.
    fn fonts() -> Option<Fonts> {
        let fonts = Fonts::find(Vec::new(), &["Noto Sans CJK SC", "PingFang SC", "Microsoft YaHei"]).ok();
        assert!(
            fonts.is_some() || std::env::var("CI").is_err() || !cfg!(target_os = "linux"),
            "no font with Han is installed"
        );
        fonts
    }

    fn check(fonts: &Fonts, title: &str) -> Result<(), String> {
        let fitted = fonts.fit(title, SPACE);
        let measure = fonts.measure(true);
        let problem = |what: &str| Err(format!("{what}: {:?}", fitted.lines));
        if fitted.lines.len() > SPACE.lines {
            return problem("too many lines");
        }
        for (at, line) in fitted.lines.iter().enumerate() {
            let width = line.chars().map(|c| measure.width(c)).sum::<f32>() * fitted.size;
            if width > SPACE.width + 1.0 {
                return problem("too wide");
            }
            if at > 0 && line.starts_with(|c| NO_BEGIN.contains(c)) {
                return problem("a line begins with a closing sign");
            }
            if at + 1 < fitted.lines.len() && line.ends_with(|c| NO_END.contains(c)) {
                return problem("a line ends with an opening sign");
            }
        }
        let shown: String = fitted.lines.concat().split_whitespace().collect();
        let whole: String = prepared(title, &measure).split_whitespace().collect();
        match shown.strip_suffix(ELLIPSIS) {
            Some(start) if whole.starts_with(start) => Ok(()),
            _ if shown == whole => Ok(()),
            _ => problem("text is lost"),
        }
    }

    #[test]
    fn a_headline_is_set_in_few_lines_of_similar_length() {
        let Some(fonts) = fonts() else { return };
        for (title, wanted) in [
            ("开源", vec!["开源"]),
            ("发布新模型", vec!["发布新模型"]),
            (
                "大模型价格战再起，三家厂商一周内降价九成",
                vec!["大模型价格战再起，", "三家厂商一周内降价九成"],
            ),
            ("OpenAI releases GPT-5.2 with C++ tooling", vec!["OpenAI releases GPT-5.2", "with C++ tooling"]),
            ("谈——甲\u{200B}  乙", vec!["谈――甲 乙"]),
            ("", vec![]),
        ] {
            assert_eq!(fonts.fit(title, SPACE).lines, wanted, "{title}");
        }
        let long = fonts.fit(&"很长的标题，".repeat(30), SPACE);
        assert!(long.size == 54.0 && long.lines.len() == 3 && long.lines[2].ends_with('…'), "{long:?}");
        assert!(!long.lines[2].ends_with("，…"), "{long:?}");
        let address = fonts.fit(&"a".repeat(90), SPACE);
        assert!(address.lines.len() > 1 && check(&fonts, &"a".repeat(90)).is_ok(), "{address:?}");
    }

    #[test]
    fn the_wanted_font_is_the_first_one() {
        let Some(fonts) = fonts() else { return };
        let family = |name: &str| (name.to_owned(), Wanted::Family(name.to_owned()));
        let chosen = Fonts::find(vec![family("DejaVu Sans")], &[]);
        if let Ok(chosen) = chosen {
            assert!(chosen.names().starts_with("DejaVu Sans"), "{}", chosen.names());
            assert_ne!(chosen.fingerprint(), fonts.fingerprint());
        }
        assert_eq!(fonts.missing(["甲 a\u{200D}\n", "\u{10FFFD}"].into_iter()), ['\u{10FFFD}']);
        let file = ("a.otf".to_owned(), Wanted::File(b"text".to_vec()));
        let missing = Fonts::find(vec![family("没有"), file], &[]).map(|_| ());
        assert_eq!(missing, Err(vec!["没有".to_owned(), "a.otf".to_owned()]));
        assert_eq!(Fonts::find(Vec::new(), &["没有"]).map(|_| ()), Err(Vec::new()));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn no_line_is_too_wide_or_begins_with_a_closing_sign(
            title in "([甲乙丙丁，。：“”《》（）·a-zA-Z0-9 +%.-]|[一二三四五]{1,6}|GPT-[0-9]|——|……){0,60}"
        ) {
            if let Some(fonts) = fonts() {
                let checked = check(&fonts, &title);
                // Rows of signs without words leave no place for a break.
                prop_assert!(checked.is_ok() || rows_of_signs(&title), "{title}: {checked:?}");
            }
        }

        #[test]
        fn any_text_is_drawn_without_a_panic(title in "\\PC{0,80}") {
            if let Some(fonts) = fonts() {
                let fitted = fonts.fit(&title, SPACE);
                prop_assert!(fitted.lines.len() <= SPACE.lines);
            }
        }
    }

    /// True if a text has two signs in a row, or a sign beside a blank.
    fn rows_of_signs(title: &str) -> bool {
        let is_sign = |c: char| !c.is_alphanumeric();
        title.chars().zip(title.chars().skip(1)).any(|(a, b)| is_sign(a) && is_sign(b))
    }
}
