//! Reads the rows of tables (CSV, TSV and the like) as records. The first row names the columns.

use crate::diagnostic::Diagnostic;
use crate::import::address;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};

/// Reads the rows of a table, one at a time. Columns whose name is not the name of a field are kept
/// under `extra`.
#[must_use]
pub fn records<'a>(input: &'a Input, labels: &'a Labels) -> Box<dyn Iterator<Item = Found> + 'a> {
    let header = input.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = detect_delimiter(header);
    let mut reader =
        csv::ReaderBuilder::new().delimiter(delimiter).flexible(true).from_reader(input.text.as_bytes());
    let names: Vec<String> = match reader.headers() {
        Ok(names) => {
            let name = |(n, name): (usize, &str)| match name.trim() {
                "" => format!("column {}", n + 1),
                name => name.to_owned(),
            };
            names.iter().enumerate().map(name).collect()
        }
        Err(error) => return Box::new(std::iter::once(problem(input, Spot::default(), &error.to_string()))),
    };
    let fields: Vec<Field> = names.iter().map(|name| labels.field(name)).collect();
    if !fields.contains(&Field::Title) {
        let spot = Spot { line: 1, start: 0, end: header.len() };
        let message = tr!("no column of this table is a title: the first row must name the columns");
        return Box::new(std::iter::once(problem(input, spot, &message)));
    }
    let mut rows = reader.into_records().peekable();
    Box::new(std::iter::from_fn(move || {
        let row = rows.next()?;
        let is_last = rows.peek().is_none();
        Some(match row {
            // Exports of spreadsheets end with rows of commas only.
            Ok(row) if row.iter().all(|cell| cell.trim().is_empty()) => {
                let nothing = Repair { kind: Kind::Form, from: String::new(), to: String::new(), line: 0 };
                Found::Outside(nothing)
            }
            Ok(row) => read_row(input, &fields, &row, is_last.then_some(delimiter)),
            Err(error) => problem(input, Spot::default(), &error.to_string()),
        })
    }))
}

/// Makes a record of a row. `last` is the delimiter if the row is the last one of the table.
fn read_row(input: &Input, fields: &[Field], row: &csv::StringRecord, last: Option<u8>) -> Found {
    let (start, line) = row.position().map_or((0, 1), |at| (at.byte() as usize, at.line() as usize));
    let text = &input.text[start.min(input.text.len())..];
    // The position of the reader can be before the line break of the previous row.
    let blank = text.len() - text.trim_start_matches('\n').len();
    let line = line + blank;
    let (start, text) = (start + blank, &text[blank..]);
    let end = start + text.find('\n').unwrap_or(text.len());
    let spot = Spot { line, start, end };
    // A quotation mark that is never closed makes one row of the rest of the text, so only the last
    // row can have one.
    if last.is_some_and(|delimiter| is_open(text, delimiter)) {
        let message =
            tr!("a quotation mark in this row is never closed: this row and all rows below are not imported");
        return problem(input, spot, &message);
    }
    if row.len() > fields.len() {
        let message = tr!("this row has {} cells, but there are {} columns", row.len(), fields.len());
        return problem(input, spot, &message);
    }
    let cells = fields.iter().zip(row).filter(|(_, cell)| !cell.trim().is_empty());
    let mut record = Record { spot, ..Record::default() };
    for (field, cell) in cells {
        let value = Value::of_words(field, cell.to_owned());
        let value = address::of_field(field, value, line, &mut record.repairs);
        record.entries.push(Entry { field: field.clone(), value, spot });
    }
    Found::Record(record)
}

/// True if a row ends inside quotation marks. An opening mark counts only at the beginning of a
/// cell.
fn is_open(row: &str, delimiter: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    for byte in row.bytes() {
        match byte {
            b'"' if quoted => quoted = false,
            // A doubled mark inside a cell closes the cell and opens it again.
            b'"' if begins => quoted = true,
            _ => {}
        }
        begins = !quoted && (byte == delimiter || byte == b'\n' || byte == b'"');
    }
    quoted
}

/// Detects the delimiter of a table from its header: the most frequent of comma, tab, semicolon and
/// `|`.
fn detect_delimiter(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    let most = [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|mark| count(*mark));
    most.filter(|mark| count(*mark) > 0).unwrap_or(b',')
}

/// Makes an error about a row, or about the whole table if `spot` has no line.
fn problem(input: &Input, spot: Spot, message: &str) -> Found {
    let place = if spot.line == 0 { input.whole() } else { input.place(spot) };
    let help = tr!(
        "begin the table with a row such as `title,link,content,keywords`, and put cells that contain a comma in quotation marks"
    );
    Found::Problem(Diagnostic::error(message).at(place).help(help))
}
