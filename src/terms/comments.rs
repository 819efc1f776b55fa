//! Finds the comments of a YAML text.

/// The comment on a line: from a `#` at the beginning of the line or after a space or tab, outside
/// of quotation marks.
pub(super) fn comment_of_line(line: &str) -> Option<&str> {
    let mut quote = None;
    let mut before = ' ';
    for (at, c) in line.char_indices() {
        match (quote, c) {
            (Some(open), c) if open == c && before != '\\' => quote = None,
            (Some(_), _) => {}
            // A quotation mark opens a quoted value only at the beginning of the value; inside of a
            // word it is a letter like others.
            (None, '"' | '\'') if matches!(before, ' ' | '[' | ',' | '{' | ':') => quote = Some(c),
            (None, '#') if before == ' ' || before == '\t' => return Some(line[at..].trim_end()),
            (None, _) => {}
        }
        before = c;
    }
    None
}

/// All comments of a text, sorted.
pub(super) fn sorted_comments(text: &str) -> Vec<&str> {
    let mut comments: Vec<&str> = text.lines().filter_map(comment_of_line).collect();
    comments.sort_unstable();
    comments
}
