//! Places the cells of a table (HTML, section 4.9.12, "forming a table").
//!
//! GFM has no spans. A header cell (`th`) is repeated in each place that it spans, so that each
//! column and row has its name, and so is a cell (`td`) in each row that it spans. The further
//! columns of a `td` are empty: a repeated sum would be another sum.

use crate::import::html::tree::{Id, Tree};

/// The largest `colspan` (section 4.9.11).
const MAX_COLSPAN: usize = 1000;
/// Places that the spans of all tables of one text may fill. Further spans count as 1.
const MAX_SPANNED: usize = 10_000;

/// A cell in its place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Placed {
    /// The element. `None` for an empty place.
    pub(super) cell: Option<Id>,
    /// Whether the cell was placed further left or above, too.
    pub(super) repeated: bool,
}

const EMPTY: Placed = Placed { cell: None, repeated: false };

/// A table as rows of cells.
#[derive(Debug, Default)]
pub(super) struct Grid {
    /// The rows, from left to right. They may have different lengths.
    pub(super) rows: Vec<Vec<Placed>>,
    /// Whether the first row names the columns.
    pub(super) has_head: bool,
}

/// What the rows of a table share while its cells are placed.
#[derive(Default)]
struct Placing {
    /// Whether a cell begins in a column.
    starts: Vec<bool>,
    /// The number of places that spans have filled, in all tables of the text.
    spanned: usize,
}

/// A cell that continues in the next rows.
#[derive(Clone, Copy)]
struct Down {
    cell: Id,
    rows: usize,
    is_first: bool,
}

/// The rows of a table by group, in the order in which they are shown: `thead`, bodies, `tfoot`.
fn groups(tree: &Tree, table: Id) -> Vec<(usize, Vec<Id>)> {
    let mut groups: Vec<(usize, Vec<Id>)> = Vec::new();
    for child in tree.children(table) {
        let order = match tree.name(*child) {
            "thead" => 0,
            "tbody" => 1,
            "tfoot" => 2,
            _ => continue,
        };
        let rows = tree.children(*child).iter().copied().filter(|row| tree.name(*row) == "tr");
        groups.push((order, rows.collect()));
    }
    groups.sort_by_key(|(order, _)| *order);
    groups
}

/// The cells of a row.
pub(super) fn cells(tree: &Tree, row: Id) -> impl Iterator<Item = Id> {
    tree.children(row).iter().copied().filter(|cell| matches!(tree.name(*cell), "td" | "th"))
}

fn span(tree: &Tree, cell: Id, name: &str) -> usize {
    let digits: String = tree.value(cell, name).chars().take_while(char::is_ascii_digit).take(6).collect();
    digits.parse().unwrap_or(1)
}

/// Places the cells of a table. `spanned` counts the places that the spans of the text have filled.
pub(super) fn place(tree: &Tree, table: Id, spanned: &mut usize) -> Grid {
    let groups = groups(tree, table);
    let mut rows: Vec<Vec<Placed>> = Vec::new();
    let mut placing = Placing { spanned: *spanned, ..Placing::default() };
    for (_, group) in &groups {
        // Spans end with their group.
        let mut down: Vec<Option<Down>> = Vec::new();
        for (n, row) in group.iter().enumerate() {
            rows.push(place_row(tree, *row, group.len() - n, &mut down, &mut placing));
        }
    }
    *spanned = placing.spanned;
    // A column in which no cell begins has no content of its own.
    for row in &mut rows {
        let mut column = 0;
        row.retain(|_| {
            column += 1;
            placing.starts[column - 1]
        });
    }
    let is_header = |row: &Id| {
        cells(tree, *row).next().is_some() && cells(tree, *row).all(|cell| tree.name(cell) == "th")
    };
    let first = groups.iter().find_map(|(order, group)| Some((*order, *group.first()?)));
    let any_header = groups
        .iter()
        .flat_map(|(_, group)| group)
        .any(|row| cells(tree, *row).any(|cell| tree.name(cell) == "th"));
    let has_head = first.is_some_and(|(order, row)| {
        order == 0 || is_header(&row) || !any_header || begins_columns(tree, row)
    });
    Grid { rows, has_head }
}

/// True if a row names the columns although its first cell, above the names of the rows, is no
/// header.
fn begins_columns(tree: &Tree, row: Id) -> bool {
    cells(tree, row).count() > 1 && cells(tree, row).skip(1).all(|cell| tree.name(cell) == "th")
}

/// Places one row. `down` has the cells of the rows above that continue, by column.
fn place_row(
    tree: &Tree,
    row: Id,
    rows_left: usize,
    down: &mut Vec<Option<Down>>,
    placing: &mut Placing,
) -> Vec<Placed> {
    let mut placed: Vec<Placed> = Vec::new();
    let mut cells = cells(tree, row).peekable();
    let mut column = 0;
    let reach = down.iter().rposition(Option::is_some).map_or(0, |last| last + 1);
    while cells.peek().is_some() || column < reach {
        grow(column, down, placing);
        placing.spanned += usize::from(column < reach);
        if placing.spanned > MAX_SPANNED {
            down.fill(None);
            if cells.peek().is_none() {
                break;
            }
        }
        if let Some(above) = down[column] {
            let is_header = tree.name(above.cell) == "th";
            let cell = (above.is_first || is_header).then_some(above.cell);
            placed.push(Placed { cell, repeated: true });
            down[column] = (above.rows > 1).then_some(Down { rows: above.rows - 1, ..above });
            column += 1;
            continue;
        }
        let Some(cell) = cells.next() else {
            placed.push(EMPTY);
            column += 1;
            continue;
        };
        placing.starts[column] = true;
        let most = if placing.spanned > MAX_SPANNED { 1 } else { MAX_COLSPAN };
        let width = span(tree, cell, "colspan").clamp(1, most);
        // 0 means all rows that are left of the group.
        let height = match span(tree, cell, "rowspan") {
            0 => rows_left,
            height => height.min(rows_left),
        };
        let is_header = tree.name(cell) == "th";
        for n in 0..width {
            // A cell from above is not overwritten.
            if n > 0 && down.get(column).is_some_and(Option::is_some) {
                break;
            }
            grow(column, down, placing);
            placing.spanned += usize::from(n > 0);
            down[column] = (height > 1).then_some(Down { cell, rows: height - 1, is_first: n == 0 });
            placed.push(Placed { cell: (n == 0 || is_header).then_some(cell), repeated: n > 0 });
            column += 1;
        }
    }
    placed
}

fn grow(column: usize, down: &mut Vec<Option<Down>>, placing: &mut Placing) {
    if down.len() <= column {
        down.resize(column + 1, None);
    }
    if placing.starts.len() <= column {
        placing.starts.resize(column + 1, false);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(html: &str) -> (Vec<String>, bool) {
        let tree = Tree::parse(&format!("<table>{html}</table>"));
        let grid = place(&tree, tree.find(0, "table").unwrap(), &mut 0);
        let text = |placed: &Placed| placed.cell.map_or_else(|| "-".to_owned(), |id| tree.text(id));
        (
            grid.rows.iter().map(|row| row.iter().map(text).collect::<Vec<_>>().join(" ")).collect(),
            grid.has_head,
        )
    }

    #[test]
    fn cells_are_placed_by_their_spans() {
        for (html, wanted, has_head) in [
            ("<tr><th>a<th>b<tr><th>c<td>1", &["a b", "c 1"][..], true),
            ("<tr><th>a<td>1<tr><th>b<td>2", &["a 1", "b 2"], false),
            ("<tr><td>a<td>b<tr><td>1<td>2", &["a b", "1 2"], true),
            ("<tr><th colspan=2>a<th>b<tr><td>1<td>2<td>3", &["a a b", "1 2 3"], true),
            ("<tr><td>a<td>b<tr><td colspan=2>1<td>2", &["a b", "1 - 2"], true),
            ("<tr><td rowspan=2>a<td>b<tr><td>c<tr><td>d<td>e", &["a b", "a c", "d e"], true),
            ("<tr><td rowspan=0>a<td>b<tr><td>c<tr><td>d", &["a b", "a c", "a d"], true),
            ("<tr><td>a<td rowspan=9>b<tr><td>c", &["a b", "c b"], true),
            (
                "<tr><td rowspan=2 colspan=2>a<td>b<tr><td>c<tr><td>1<td>2<td>3",
                &["a - b", "a - c", "1 2 3"],
                true,
            ),
            ("<tr><td colspan=500>a<td>b<tr><td colspan=500>c<td>d", &["a b", "c d"], true),
            ("<tfoot><tr><td>z<tbody><tr><td>b<thead><tr><td>a", &["a", "b", "z"], true),
            ("<thead><tr><td rowspan=5>a<td>x</thead><tr><td>b<td>c", &["a x", "b c"], true),
            ("<tr><td><th>2023<th>2024<tr><th>a<td>1<td>2", &[" 2023 2024", "a 1 2"], true),
            ("<tr><td>a<tr><th>b", &["a", "b"], false),
            ("", &[], false),
        ] {
            let (rows, head) = placed(html);
            assert_eq!(
                (rows.as_slice(), head),
                (wanted.iter().map(|row| (*row).to_owned()).collect::<Vec<_>>().as_slice(), has_head),
                "{html}"
            );
        }
    }
    #[test]
    fn spans_beyond_the_limits_count_as_one() {
        let widths = |html: &str| {
            let tree = Tree::parse(&format!("<table>{html}</table>"));
            let grid = place(&tree, tree.find(0, "table").unwrap(), &mut 0);
            grid.rows.iter().map(Vec::len).collect::<Vec<_>>()
        };
        let columns = |count: usize| "<td>x".repeat(count);
        // A column in which no cell begins is left out, so each column has a cell of its own.
        for (span, width) in [(1, 1), (2, 2), (999, 999), (1000, 1000), (1001, 1000), (9_999_999, 1000)] {
            let html = format!("<tr><td colspan={span}>a<tr>{}", columns(1100));
            assert_eq!(widths(&html), [width, 1100], "{span}");
        }
        // Below the first row, 11 rows span 999 more places each. The next one is beyond 10,000.
        let html = format!("<tr>{}{}", columns(1000), "<tr><td colspan=1000>a".repeat(12));
        assert_eq!(widths(&html), [vec![1000; 12], vec![1]].concat());
    }
}
