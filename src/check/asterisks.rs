//! Finds `**` that was meant as emphasis and is shown, and tells it from masks, operators and
//! patterns.
//!
//! A text has asterisks for many reasons: `f**k`, `138****5678` and `张**` hide something, `2**10`,
//! `**kwargs` and `char **argv` are code, `src/**/*.rs` is a pattern, `9 元**` points to a remark.
//! Each run of two or three asterisks is judged by the characters beside it.

use std::ops::Range;

use crate::load::markdown::shown::OPAQUE;
use crate::text::han::is_han;

/// Family names that a mask follows (`张**`): the most frequent ones, without those that often end
/// other words, such as 高 and 程.
const FAMILY_NAMES: &str = "王李张刘陈杨赵黄周吴徐孙胡朱郭罗宋郑谢韩唐冯董萧曹袁邓傅沈彭吕苏卢蒋蔡贾丁魏薛叶阎潘杜戴夏汪姜姚谭廖邹熊郝孔崔邱秦侯邵孟汤尹黎乔贺赖龚張劉陳楊趙黃吳孫鄭謝韓馮鄧蕭";

/// Names of parameters that take two asterisks in Python.
const PARAMETERS: [&str; 12] = [
    "kwargs",
    "kwds",
    "kw",
    "opts",
    "options",
    "params",
    "parameters",
    "config",
    "attrs",
    "kwarg",
    "keywords",
    "extra",
];

/// Words before a pointer to a pointer in C.
const C_TYPES: [&str; 10] =
    ["char", "int", "void", "const", "float", "double", "long", "short", "unsigned", "struct"];

/// Characters of the text that a finding shows behind the asterisks.
const SHOWN: usize = 6;

/// The runs of two or three asterisks in a text that were meant as emphasis, each with up to six
/// characters after it. Of an opening and a closing run only the first is returned.
pub(super) fn failed_emphasis(text: &str) -> Vec<Range<usize>> {
    let runs: Vec<Range<usize>> = runs(text);
    let mut found = Vec::new();
    let mut is_closer = false;
    for (nth, run) in runs.iter().enumerate() {
        if std::mem::take(&mut is_closer) {
            continue;
        }
        let next = runs.get(nth + 1).filter(|next| next.len() == run.len());
        if !matches!(run.len(), 2 | 3) || !is_meant(text, run, next) {
            continue;
        }
        is_closer = next.is_some();
        let line = &text[run.start..];
        let line = line.lines().next().unwrap_or_default();
        let length = line.char_indices().nth(run.len() + SHOWN).map_or(line.len(), |(at, _)| at);
        found.push(run.start..run.start + length);
    }
    found
}

fn runs(text: &str) -> Vec<Range<usize>> {
    let mut runs = Vec::new();
    let mut at = 0;
    while let Some(found) = text[at..].find('*') {
        let start = at + found;
        at = start + text[start..].bytes().take_while(|byte| *byte == b'*').count();
        runs.push(start..at);
    }
    runs
}

/// True if a run was meant as emphasis. `next` is the following run of the same length.
fn is_meant(text: &str, run: &Range<usize>, next: Option<&Range<usize>>) -> bool {
    let (left, right) = (&text[..run.start], &text[run.end..]);
    let (before, after) = (left.chars().next_back(), right.chars().next());
    let is_gap = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let begins_line = before.is_none_or(|c| c == '\n');
    // The other characters of a mask or a pattern were escaped, or are code.
    let is_opaque = |c: Option<char>| matches!(c, Some('/' | '\\' | OPAQUE));
    if is_opaque(before) || is_opaque(after) {
        return false;
    }
    let is_letter = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_');
    match (is_gap(before), is_gap(after)) {
        // `a ** b`; but `** 甲 **` on a line of its own, and `这是 ** 重点 ** 呢`.
        (true, true) => next.is_some_and(|next| {
            (begins_line && is_spaced_pair(text, run, next)) || is_spaced_word(text, run, next)
        }),
        // `甲** 乙`: a closing run whose opening one is missing. `f** ` and `张** ` are masks, and
        // at the end of a text the run points to a remark.
        (false, true) => {
            !is_letter(before)
                && before.is_some_and(is_han)
                && !is_family_name(before)
                && !right.trim().is_empty()
        }
        (true, false) => is_opening(left, right),
        (false, false) => {
            let is_mask = is_letter(before) || is_family_name(before);
            // `尾号**34`, `f(**kwargs)`, `{**a}`, `**.js`.
            let is_code = after.is_some_and(|c| c.is_ascii_digit() || c == '.')
                || matches!(before, Some('(' | '[' | '{' | ',' | '=' | '*' | '-' | '<' | '"' | '\''))
                || is_parameter(right)
                || is_remark(after);
            !is_mask && !is_code
        }
    }
}

/// `** 甲 **` at the beginning of a line, with the second run at the end of the line.
fn is_spaced_pair(text: &str, run: &Range<usize>, next: &Range<usize>) -> bool {
    let inside = &text[run.end..next.start];
    let behind = text[next.end..].chars().next();
    !inside.trim().is_empty() && !inside.contains('\n') && behind.is_none_or(|c| c == '\n' || !c.is_ascii())
}

/// `** 重点 **` within a line: words in Han between spaces. `a ** 2 ** b` has a number there.
fn is_spaced_word(text: &str, run: &Range<usize>, next: &Range<usize>) -> bool {
    let inside = &text[run.end..next.start];
    let is_word = |c: Option<char>| c.is_some_and(|c| is_han(c) || matches!(c, '“' | '”' | '《' | '》'));
    inside.ends_with(' ')
        && !inside.contains('\n')
        && inside.chars().filter(|&c| is_han(c)).count() >= 2
        && is_word(inside.trim().chars().next())
        && is_word(inside.trim().chars().next_back())
}

fn is_family_name(before: Option<char>) -> bool {
    before.is_some_and(|c| FAMILY_NAMES.contains(c))
}

/// True for the name of a parameter that nothing but code continues: `kwargs`, `**p = 3`.
fn is_parameter(right: &str) -> bool {
    let end = right.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(right.len());
    let (name, rest) = right.split_at(end);
    if name.is_empty() {
        return false;
    }
    let code = rest.trim_start_matches(' ').starts_with(['=', ';', ')', ']', '}', '[']);
    let is_word = name.chars().any(|c| c.is_ascii_lowercase());
    PARAMETERS.contains(&name) || (is_word && (code || rest.starts_with([',', '.', '-', '('])))
}

/// Punctuation that ends a sentence or a bracket: `9.9 元**。`.
fn is_remark(after: Option<char>) -> bool {
    matches!(after, Some('，' | '。' | '；' | '、' | '）' | '：' | ')' | ',' | ';' | '】' | '》' | '|'))
}

/// True for a run that begins an emphasis after a space or at the beginning of a line.
fn is_opening(left: &str, right: &str) -> bool {
    let before = left.trim_end_matches([' ', '\t']);
    let begins_line = before.is_empty() || before.ends_with('\n');
    let digits = right.chars().take_while(char::is_ascii_digit).count();
    let follows_code = before.ends_with(['(', '[', '{', ',', '=', '*', '&', '+', '/', '<']);
    let word = before.rsplit(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default();
    let is_last = right[digits..].chars().next().is_none_or(|c| !c.is_alphanumeric() && c != ' ');
    let is_number = digits > 0 && (!begins_line || is_last);
    let is_pattern =
        right.starts_with(['.', '*', '=']) || right.split(' ').next().is_some_and(|word| word.contains("/*"));
    let is_code = follows_code && right.starts_with(|c: char| c.is_ascii());
    let is_other = is_number
        || is_pattern
        || is_code
        || is_parameter(right)
        || C_TYPES.contains(&word)
        || is_remark(right.chars().next());
    !is_other
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<&str> {
        failed_emphasis(text).into_iter().map(|range| &text[range]).collect()
    }

    #[test]
    fn failed_emphasis_is_found() {
        for (text, wanted) in [
            ("这是**重点", &["**重点"] as &[&str]),
            ("**重点一二三四五**", &["**重点一二三四"]),
            ("**重点 而已", &["**重点 而已"]),
            ("这是**重点 而已。\n第二**行", &["**重点 而已。"]),
            ("一**二\n三 四", &["**二"]),
            ("** 重点 **", &["** 重点 **"]),
            ("** 重点 **，还有", &["** 重点 **"]),
            ("这是** 重点", &["** 重点"]),
            ("这是 ** 重点 ** 呢", &["** 重点 **"]),
            ("这是 ** 《书》名 **。", &["** 《书》名 "]),
            ("发布了**OpenAI 的模型", &["**OpenAI"]),
            ("**Bold text that never ends", &["**Bold t"]),
            ("见 **重点，如下", &["**重点，如下"]),
            ("***重点", &["***重点"]),
            ("**2024 年是开源之年", &["**2024 年"]),
            ("（**重点", &["**重点"]),
            ("他说：**“好。”", &["**“好。”"]),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }

    #[test]
    fn masks_operators_and_patterns_are_no_emphasis() {
        for text in [
            "f**k",
            "F**king",
            "s**t happens",
            "138****5678",
            "****1234",
            "**** ****",
            "*****",
            "****-1234",
            "张**于昨日",
            "李** 和",
            "王**（女）",
            "嫌疑人赵**",
            "尾号**34",
            "卡号 **5678",
            "密码是 ***",
            "a***b",
            "2**10",
            "10 ** 2",
            "a ** b",
            "a**b",
            "第一 ** 第二",
            "x **= 2",
            "f(**kwargs)",
            "*args, **kwargs",
            "**kwargs 是参数",
            "函数接受**kwargs参数",
            "{**a, **b}",
            "dict( **a)",
            "char **argv",
            "int **p = 0",
            "(void **)p",
            "**p = 3;",
            "src/**/*.rs",
            "**/*.md",
            "docs/**",
            "**.js",
            "a/**",
            "/** 注释",
            "9.9 元**",
            "9.9 元**。",
            "价格**，见下",
            "注（**）",
            "",
            "*",
            "3*4*5",
            "￼￼king",
            "￼**b",
            "**￼",
            "N**A",
            "g**gle",
        ] {
            assert_eq!(shown(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn a_long_run_is_searched_once() {
        assert!(failed_emphasis(&"*".repeat(200_000)).is_empty());
        assert!(failed_emphasis(&"a** ".repeat(50_000)).is_empty());
    }

    #[test]
    fn spaces_inside_of_emphasis_are_a_mistake_only_around_words() {
        for (text, wanted) in [
            ("** 甲 **", &["** 甲 **"] as &[&str]),
            ("一\n** 甲 **\n二", &["** 甲 **"]),
            ("** 甲 **，乙", &["** 甲 **，"]),
            ("** a word **", &["** a wor"]),
            ("一 ** 甲 **", &[]),
            ("** 甲 ** b", &[]),
            ("** ** 甲", &[]),
            ("** 甲\n** 乙", &[]),
            ("a ** 2 ** b", &[]),
            ("x ** 2 倍数 ** y", &[]),
            ("x ** 倍数 2 ** y", &[]),
            ("x ** 倍 ** y", &[]),
            ("x ** 倍数\n ** y", &[]),
            ("涨 50%** 起", &[]),
            ("**2024年是", &["**2024年是"]),
            ("**12。重点", &[]),
            ("卡 **5678 元", &[]),
            ("**5678", &[]),
        ] {
            assert_eq!(shown(text), wanted, "{text}");
        }
    }
}
