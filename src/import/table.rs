//! Tables to records: CSV and its like, the first row naming the columns.

use crate::diagnostic::Diagnostic;
use crate::import::input::Input;
use crate::import::labels::Labels;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};

/// Reads a table's rows, one at a time. Columns that no field is called like are kept under `extra`.
#[must_use]
pub fn records<'a>(input: &'a Input, labels: &'a Labels) -> Box<dyn Iterator<Item = Found> + 'a> {
    let header = input.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let delimiter = delimiter(header);
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
        let message = "no column of this table is a title: its first row has to name the columns";
        return Box::new(std::iter::once(problem(input, spot, message)));
    }
    let mut rows = reader.into_records().peekable();
    Box::new(std::iter::from_fn(move || {
        let row = rows.next()?;
        let is_last = rows.peek().is_none();
        Some(match row {
            // Spreadsheets end in rows of nothing but commas.
            Ok(row) if row.iter().all(|cell| cell.trim().is_empty()) => {
                let nothing = Repair { kind: Kind::Form, from: String::new(), to: String::new(), line: 0 };
                Found::Outside(nothing)
            }
            Ok(row) => found(input, &fields, &row, is_last.then_some(delimiter)),
            Err(error) => problem(input, Spot::default(), &error.to_string()),
        })
    }))
}

fn found(input: &Input, fields: &[Field], row: &csv::StringRecord, last: Option<u8>) -> Found {
    let (start, line) = row.position().map_or((0, 1), |at| (at.byte() as usize, at.line() as usize));
    let text = &input.text[start.min(input.text.len())..];
    // The reader's position is behind the row before, at times before its line break.
    let blank = text.len() - text.trim_start_matches('\n').len();
    let line = line + blank;
    let (start, text) = (start + blank, &text[blank..]);
    let end = start + text.find('\n').unwrap_or(text.len());
    let spot = Spot { line, start, end };
    // An opened quotation mark reaches to the end of the text, and makes a single row of all that follows.
    if last.is_some_and(|delimiter| is_open(text, delimiter)) {
        let message =
            "a quotation mark in this row is never closed: it and all that follows are not imported";
        return problem(input, spot, message);
    }
    if row.len() > fields.len() {
        let message = format!("this row has {} cells, but there are {} columns", row.len(), fields.len());
        return problem(input, spot, &message);
    }
    let cells = fields.iter().zip(row).filter(|(_, cell)| !cell.trim().is_empty());
    let entries = cells.map(|(field, cell)| Entry {
        field: field.clone(),
        value: Value::of_words(field, cell.to_owned()),
        spot,
    });
    Found::Record(Record { spot, entries: entries.collect(), ..Record::default() })
}

/// Does a row end inside of quotation marks? They count where a cell begins.
fn is_open(row: &str, delimiter: u8) -> bool {
    let (mut quoted, mut begins) = (false, true);
    for byte in row.bytes() {
        match byte {
            b'"' if quoted => quoted = false,
            // Doubled inside of a cell it opens that again.
            b'"' if begins => quoted = true,
            _ => {}
        }
        begins = !quoted && (byte == delimiter || byte == b'\n' || byte == b'"');
    }
    quoted
}

/// What the header's cells are separated by.
fn delimiter(header: &str) -> u8 {
    let count = |mark: u8| header.bytes().filter(|byte| *byte == mark).count();
    let most = [b',', b'\t', b';', b'|'].into_iter().rev().max_by_key(|mark| count(*mark));
    most.filter(|mark| count(*mark) > 0).unwrap_or(b',')
}

fn problem(input: &Input, spot: Spot, message: &str) -> Found {
    let place = if spot.line == 0 { input.whole() } else { input.place(spot) };
    let help = "a table begins with a row such as `title,link,content,keywords`; cells that hold a comma stand in quotation marks";
    Found::Problem(Diagnostic::error(message).at(place).help(help))
}
