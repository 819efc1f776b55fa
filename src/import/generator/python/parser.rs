//! Reads the settings of a Python module that are written as literals. The module is not run.
//!
//! Source: the lexical analysis and the expressions of Python 3.14
//! (<https://docs.python.org/3/reference/lexical_analysis.html>).

use crate::import::generator::python::text;
use crate::yaml::Node;

/// Nesting depth of the deepest value that is read.
const MAX_DEPTH: usize = 64;
/// Assignments that are read. Modules of sites have some fifty.
const MAX_ASSIGNMENTS: usize = 2000;
/// Bytes of the longest sum of texts. A text can be added to itself again and again.
const MAX_SUM_BYTES: usize = 10_000;

/// The assignments of a module at its top level.
#[derive(Debug, Default)]
pub(in crate::import::generator) struct Module {
    /// The literals in order. Of a name that is assigned again, the last one counts.
    pub(in crate::import::generator) settings: Vec<(String, Node)>,
    /// The names whose value is code, each with the number of its line.
    pub(in crate::import::generator) code: Vec<(String, usize)>,
}

impl Module {
    fn len(&self) -> usize {
        self.settings.len() + self.code.len()
    }
}

/// Parses a module. Strings, numbers, truth values, `None`, lists, tuples, sets and dictionaries
/// are literals, and so are sums of strings or lists, and the names of earlier strings and numbers.
pub(in crate::import::generator) fn parse(text: &str) -> Module {
    let mut parser = Parser { text, at: 0, depth: 0, module: Module::default() };
    while parser.at < text.len() && parser.module.len() < MAX_ASSIGNMENTS {
        parser.statement();
    }
    parser.module
}

struct Parser<'a> {
    text: &'a str,
    at: usize,
    /// The brackets that are open. In brackets, the end of a line is a blank.
    depth: usize,
    module: Module,
}

impl Parser<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn eat(&mut self, sign: &str) -> bool {
        let is_next = self.rest().starts_with(sign);
        self.at += if is_next { sign.len() } else { 0 };
        is_next
    }

    /// Skips blanks, comments and joined lines.
    fn skip_blanks(&mut self) {
        loop {
            let rest = self.rest();
            let skipped = match rest.chars().next() {
                Some(' ' | '\t' | '\u{c}') => 1,
                Some('\n') if self.depth > 0 => 1,
                Some('#') => rest.find('\n').unwrap_or(rest.len()),
                Some('\\') if rest.starts_with("\\\n") => 2,
                _ => return,
            };
            self.at += skipped;
        }
    }

    /// A name at the current place; empty if there is none.
    fn name(&mut self) -> String {
        let rest = self.rest();
        let is_part = |c: char| c.is_alphanumeric() || c == '_';
        let end = rest.find(|c| !is_part(c)).unwrap_or(rest.len());
        let name = rest[..end].to_owned();
        self.at += end;
        name
    }

    /// Reads one statement. Nothing but assignments at the top level is read.
    fn statement(&mut self) {
        let start = self.at;
        let is_indented = self.peek().is_some_and(char::is_whitespace);
        let names = if is_indented { Vec::new() } else { self.assigned(start) };
        let value = if names.is_empty() { None } else { self.value() };
        self.skip_blanks();
        let is_end = matches!(self.peek(), None | Some('\n' | ';'));
        match value.filter(|_| is_end) {
            Some(value) => {
                for name in names {
                    self.module.code.retain(|(known, _)| *known != name);
                    self.module.settings.push((name, value.clone()));
                }
                self.at += usize::from(self.at < self.text.len());
            }
            None => {
                for name in names {
                    self.add_code(name, start);
                }
                self.at = start;
                self.skip_statement();
            }
        }
    }

    /// The names before each `=` of an assignment; none for another statement.
    fn assigned(&mut self, start: usize) -> Vec<String> {
        let mut names = Vec::new();
        loop {
            let before = self.at;
            let name = self.name();
            self.skip_blanks();
            if !name.is_empty() && self.eat(":") {
                let line = self.rest().split('\n').next().unwrap_or_default();
                self.at += line.find('=').unwrap_or(line.len());
            }
            let is_assigned = !self.rest().starts_with("==") && self.eat("=");
            if name.is_empty() || !is_assigned {
                // `NAME[…] = …`, `NAME.append(…)` and `NAME += …` change a value.
                let changes = !name.is_empty() && self.rest().starts_with(['[', '.', '+', '|']);
                if changes && names.is_empty() && name.chars().all(|c| !c.is_lowercase()) {
                    self.add_code(name, start);
                }
                self.at = before;
                return names;
            }
            names.push(name);
            self.skip_blanks();
        }
    }

    fn add_code(&mut self, name: String, start: usize) {
        let line = 1 + self.text[..start].matches('\n').count();
        self.module.settings.retain(|(known, _)| *known != name);
        self.module.code.retain(|(known, _)| *known != name);
        self.module.code.push((name, line));
    }

    /// Skips a statement to the end of its last line.
    fn skip_statement(&mut self) {
        self.depth = 0;
        while let Some(c) = self.peek() {
            match c {
                '#' => self.skip_blanks(),
                '\\' => {
                    let next = self.rest().chars().nth(1).map_or(0, char::len_utf8);
                    self.at += 1 + next;
                }
                '"' | '\'' => {
                    let length =
                        text::quoted(self.rest(), true).map_or_else(|length| length, |(_, length)| length);
                    self.at += length;
                }
                '(' | '[' | '{' => {
                    self.depth += 1;
                    self.at += 1;
                }
                ')' | ']' | '}' => {
                    self.depth = self.depth.saturating_sub(1);
                    self.at += 1;
                }
                '\n' if self.depth == 0 => {
                    self.at += 1;
                    break;
                }
                c => self.at += c.len_utf8(),
            }
        }
        self.depth = 0;
    }

    /// A literal with its blanks, or the sum of several. `None` for all other code.
    fn value(&mut self) -> Option<Node> {
        if self.depth >= MAX_DEPTH {
            return None;
        }
        self.skip_blanks();
        let mut sum = self.atom()?;
        loop {
            self.skip_blanks();
            if !self.eat("+") {
                break;
            }
            self.skip_blanks();
            sum = match (sum, self.atom()?) {
                (Node::Text(first), Node::Text(second)) if first.len() + second.len() <= MAX_SUM_BYTES => {
                    Node::Text(first + &second)
                }
                (Node::List(mut items), Node::List(others)) => {
                    items.extend(others);
                    Node::List(items)
                }
                _ => return None,
            };
        }
        // A tuple without brackets.
        if self.depth == 0 && self.rest().starts_with(',') {
            let mut items = vec![sum];
            while self.eat(",") {
                self.skip_blanks();
                if matches!(self.peek(), None | Some('\n')) {
                    break;
                }
                items.push(self.atom()?);
                self.skip_blanks();
            }
            return Some(Node::List(items));
        }
        Some(sum)
    }

    fn atom(&mut self) -> Option<Node> {
        match self.peek()? {
            '(' => self.tuple(),
            '[' => self.items(']').map(|(items, _)| Node::List(items)),
            '{' => self.dictionary(),
            '"' | '\'' => self.texts(),
            '-' | '+' | '.' | '0'..='9' => self.number(),
            _ => {
                let before = self.at;
                let name = self.name();
                if matches!(self.peek(), Some('"' | '\'')) {
                    self.at = before;
                    return self.texts();
                }
                match name.as_str() {
                    "" => None,
                    "True" => Some(Node::Bool(true, "true".to_owned())),
                    "False" => Some(Node::Bool(false, "false".to_owned())),
                    "None" => Some(Node::Null),
                    name => {
                        let known = self.module.settings.iter().rev().find(|(key, _)| key == name);
                        known.map(|(_, node)| node.clone()).filter(|node| node.text().is_some())
                    }
                }
            }
        }
    }

    /// A tuple, or a value in brackets.
    fn tuple(&mut self) -> Option<Node> {
        let (mut items, has_comma) = self.items(')')?;
        if items.len() == 1 && !has_comma { items.pop() } else { Some(Node::List(items)) }
    }

    /// The items up to a closing bracket, and whether there is a comma between or behind them.
    fn items(&mut self, close: char) -> Option<(Vec<Node>, bool)> {
        self.at += 1;
        self.depth += 1;
        let (mut items, mut has_comma) = (Vec::new(), false);
        loop {
            self.skip_blanks();
            if self.peek()? == close {
                break;
            }
            items.push(self.value()?);
            self.skip_blanks();
            if !self.eat(",") {
                break;
            }
            has_comma = true;
        }
        self.skip_blanks();
        self.depth -= 1;
        (self.peek()? == close).then(|| self.at += 1)?;
        Some((items, has_comma))
    }

    /// A dictionary, or a set as a list.
    fn dictionary(&mut self) -> Option<Node> {
        self.at += 1;
        self.depth += 1;
        let (mut entries, mut items) = (Vec::new(), Vec::new());
        loop {
            self.skip_blanks();
            if self.peek()? == '}' {
                break;
            }
            let key = self.value()?;
            self.skip_blanks();
            if self.eat(":") {
                let value = self.value()?;
                entries.push((key.text()?.to_owned(), value));
            } else {
                items.push(key);
            }
            self.skip_blanks();
            if !self.eat(",") {
                break;
            }
        }
        self.skip_blanks();
        self.depth -= 1;
        (self.peek()? == '}').then(|| self.at += 1)?;
        match (entries.is_empty(), items.is_empty()) {
            (_, true) => Some(Node::Map(entries)),
            (true, false) => Some(Node::List(items)),
            (false, false) => None,
        }
    }

    fn number(&mut self) -> Option<Node> {
        let rest = self.rest();
        let end = rest
            .char_indices()
            .find(|(at, c)| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '_') || *at == 0))
            .map_or(rest.len(), |(at, _)| at);
        let written = rest[..end].replace('_', "");
        self.at += end;
        let number = written.parse::<f64>().ok().filter(|number| number.is_finite())?;
        let is_plain = written.parse::<i64>().is_ok();
        Some(Node::Number(if is_plain { written } else { number.to_string() }))
    }

    /// One string, or several that follow one another.
    fn texts(&mut self) -> Option<Node> {
        let mut found = String::new();
        loop {
            let start = self.at;
            let prefix = self.name().to_ascii_lowercase();
            let is_text = matches!(self.peek(), Some('"' | '\'')) && prefix.len() <= 2;
            if !is_text {
                self.at = start;
                return Some(Node::Text(found));
            }
            let (text, length) = text::quoted(self.rest(), prefix.contains('r')).ok()?;
            self.at += length;
            // A formatted string is code where it has a value in it.
            if prefix.contains('b') || prefix.contains(['f', 't']) && text.contains(['{', '}']) {
                return None;
            }
            found.push_str(&text);
            self.skip_blanks();
        }
    }
}

#[cfg(test)]
mod tests;
