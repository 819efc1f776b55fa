//! Parses the tables of the guide, so that unit tests in `src/` can compare them with the program.
//! The library and the binary include this file by path.

/// The Markdown source of a chapter of the guide.
#[allow(clippy::disallowed_methods)]
pub(crate) fn chapter(name: &str) -> String {
    let path = format!("{}/docs/content/articles/{name}.md", env!("CARGO_MANIFEST_DIR"));
    std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// The cells of all rows of all tables in a text, without header rows and delimiter rows.
pub(crate) fn rows(text: &str) -> Vec<Vec<String>> {
    let lines: Vec<&str> = text.lines().collect();
    let is_rule = |line: &str| line.starts_with("|--");
    let cells = |line: &str| line.trim_matches('|').split('|').map(|cell| cell.trim().to_owned()).collect();
    lines
        .iter()
        .enumerate()
        .filter(|(at, line)| {
            line.starts_with('|') && !is_rule(line) && !lines.get(at + 1).is_some_and(|next| is_rule(next))
        })
        .map(|(_, line)| cells(line))
        .collect()
}

/// The texts in backticks in a cell.
pub(crate) fn words(cell: &str) -> Vec<String> {
    cell.split('`').skip(1).step_by(2).map(str::to_owned).collect()
}
