//! Reads the strings of Python.

/// The text of a string at the beginning of `source`, which begins with a quotation mark, and the
/// bytes that it occupies.
///
/// # Errors
/// The bytes up to the place where the string is not closed, or has an escape that is not known
/// here.
pub(super) fn quoted(source: &str, is_raw: bool) -> Result<(String, usize), usize> {
    let quote = source.chars().next().unwrap_or('"');
    let triple = quote.to_string().repeat(3);
    let is_long = source.starts_with(&triple);
    let close = if is_long { triple } else { quote.to_string() };
    let mut at = close.len();
    let mut found = String::new();
    loop {
        let rest = &source[at..];
        if rest.starts_with(&close) {
            return Ok((found, at + close.len()));
        }
        let Some(c) = rest.chars().next() else { return Err(at) };
        if c == '\n' && !is_long {
            return Err(at);
        }
        at += c.len_utf8();
        if c != '\\' {
            found.push(c);
            continue;
        }
        let Some(next) = source[at..].chars().next() else { return Err(at) };
        if is_raw {
            at += next.len_utf8();
            found.extend(['\\', next]);
        } else {
            at += escape(&source[at..], next, &mut found).ok_or(at)?;
        }
    }
}

/// Adds what an escape means. Returns the bytes of it behind the backslash; `None` for an octal
/// number, the name of a character or a control character.
fn escape(source: &str, name: char, found: &mut String) -> Option<usize> {
    let digits = match name {
        'x' => 2,
        'u' => 4,
        'U' => 8,
        _ => 0,
    };
    match name {
        '\n' => {}
        '\\' | '\'' | '"' => found.push(name),
        'n' => found.push('\n'),
        't' => found.push('\t'),
        'r' => found.push('\r'),
        'x' | 'u' | 'U' => {
            let code = u32::from_str_radix(source.get(1..=digits)?, 16).ok()?;
            found.push(char::from_u32(code)?);
        }
        'N' | '0'..='7' | 'a' | 'b' | 'f' | 'v' => return None,
        // An unknown escape stays as it is written.
        other => found.extend(['\\', other]),
    }
    Some(name.len_utf8() + digits)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_read_with_their_escapes() {
        for (source, is_raw, wanted) in [
            ("'a' b", false, Ok(("a", 3))),
            ("\"a'\\\"\"", false, Ok(("a'\"", 6))),
            ("'\\u6807\\d'", false, Ok(("标\\d", 10))),
            (r"'\d\'x'", true, Ok((r"\d\'x", 7))),
            ("\"\"\"a\n\"b\"\"\"", false, Ok(("a\n\"b", 10))),
            ("''", false, Ok(("", 2))),
            ("'a\n'", false, Err(2)),
            ("'\\N{X}'", false, Err(2)),
            ("'a", false, Err(2)),
        ] {
            let found = quoted(source, is_raw);
            let found = found.as_ref().map(|(text, length)| (text.as_str(), *length)).map_err(|at| *at);
            assert_eq!(found, wanted, "{source}");
        }
    }
}
