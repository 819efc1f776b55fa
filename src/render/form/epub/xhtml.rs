//! Converts the HTML of a body to well-formed XHTML for a book.
//!
//! The HTML is tokenised as browsers do it. A stack of open elements keeps every tag closed and
//! every element in a place where the content models of HTML allow it; text is never dropped.
//! Images, which are all remote, become links.

use std::collections::{HashMap, HashSet};
use std::fmt::Write as _;

use crate::render::form::address::valid_link;
use crate::render::form::epub::model::{self, Content, Element, Place, heading_level, is_language};
use crate::render::form::epub::piece::{Attributes, Piece};
use crate::render::form::epub::tokens::tokenise;
use crate::render::form::epub::xhtml::stack::Stack;
use crate::text::xml::escape;

mod stack;

/// Where the links of a body lead.
pub(super) struct Links<'l> {
    /// URL of the article's page.
    pub(super) own: &'l str,
    /// The chapter's file of each article of the edition, by the URL of its page.
    pub(super) files: &'l HashMap<&'l str, &'l str>,
    /// The text of a link to an image without a description.
    pub(super) image: &'l str,
}

/// Converts a body. Its addresses have to be absolute.
pub(super) fn convert(html: &str, links: &Links<'_>) -> String {
    let pieces = tokenise(html);
    let writer = Writer::new(links, ids(&pieces)).write(&pieces);
    if writer.used.len() == writer.ids.len() {
        return writer.written;
    }
    // The elements of some ids had no place; no link may lead to them.
    let Writer { mut ids, used, .. } = writer;
    ids.retain(|id, _| used.contains(id));
    Writer::new(links, ids).write(&pieces).written
}

/// The ids of the elements that are kept, and the names that they have in the book.
fn ids(pieces: &[Piece]) -> HashMap<&str, String> {
    let mut ids = HashMap::new();
    for piece in pieces {
        if let Piece::Start(name, attributes) = piece
            && let Some(id) = attributes.get("id").filter(|id| !id.is_empty())
            && model::element(name).is_some()
        {
            let number = ids.len() + 1;
            ids.entry(id).or_insert_with(|| format!("x{number}"));
        }
    }
    ids
}

struct Writer<'w> {
    links: &'w Links<'w>,
    /// The ids of the body and the names that they have in the book.
    ids: HashMap<&'w str, String>,
    /// The ids that were written.
    used: HashSet<&'w str>,
    written: String,
    open: Stack,
    /// Level of the last heading.
    level: u8,
}

impl<'w> Writer<'w> {
    fn new(links: &'w Links<'w>, ids: HashMap<&'w str, String>) -> Self {
        Self { links, ids, used: HashSet::new(), written: String::new(), open: Stack::default(), level: 1 }
    }

    fn write(mut self, pieces: &'w [Piece]) -> Self {
        for piece in pieces {
            match piece {
                Piece::Text(text) => self.text(text),
                Piece::Start(name, attributes) => self.start(name, attributes),
                Piece::End(name) => self.end(name),
            }
        }
        self.close_to(0);
        self
    }

    /// What may follow here.
    fn content(&self) -> Content {
        self.open.last().and_then(|open| open.element.content).unwrap_or(Content::Flow)
    }

    fn is_open(&self, name: &str) -> bool {
        self.open.named(name).is_some()
    }

    /// Closes the open elements above a height of the stack.
    fn close_to(&mut self, height: usize) {
        while self.open.len() > height {
            if let Some(element) = self.open.pop() {
                let _ = write!(self.written, "</{}>", element.name);
            }
        }
    }

    fn text(&mut self, text: &str) {
        let is_blank = text.chars().all(|c| c.is_ascii_whitespace());
        if !matches!(self.content(), Content::Flow | Content::Phrasing) {
            if is_blank {
                return;
            }
            self.make_room(Place::Inline);
        }
        self.written.push_str(&escape(text));
    }

    /// Closes and opens elements until an element of this place may follow; false if it may not.
    fn make_room(&mut self, place: Place) -> bool {
        loop {
            let content = self.content();
            let fits = match place {
                Place::Inline => matches!(content, Content::Flow | Content::Phrasing),
                Place::Block => content == Content::Flow,
                Place::Item => content == Content::List,
                Place::Caption | Place::Group => content == Content::Table,
                Place::Row => content == Content::Rows,
                Place::Cell => content == Content::Row,
            };
            if fits {
                return true;
            }
            match (place, content) {
                (Place::Inline | Place::Block, Content::List) => self.open_implied("li"),
                (Place::Row, Content::Table) => self.open_implied("tbody"),
                (Place::Cell, Content::Table) => self.open_implied("tbody"),
                (Place::Cell, Content::Rows) => self.open_implied("tr"),
                // A block ends the text around it; text ends the table around it.
                (Place::Block, Content::Phrasing)
                | (Place::Inline | Place::Block, Content::Table | Content::Rows | Content::Row) => {
                    self.close_to(self.open.len() - 1);
                }
                // The nearest list or table around it takes the element, if there is one.
                _ => {
                    let at = match place {
                        Place::Item => self.open.named("ul").max(self.open.named("ol")),
                        _ => self.open.named("table"),
                    };
                    let Some(at) = at else { return false };
                    let inner = match place {
                        Place::Cell => Some(Content::Row),
                        Place::Row => Some(Content::Rows),
                        _ => None,
                    };
                    let height = self.open.height_of(at, inner);
                    if height == self.open.len() {
                        return false;
                    }
                    self.close_to(height);
                }
            }
        }
    }

    fn open_implied(&mut self, name: &str) {
        if let Some(element) = model::element(name) {
            let _ = write!(self.written, "<{}>", element.name);
            self.open.push("", element);
        }
    }

    fn start(&mut self, name: &str, attributes: &'w Attributes) {
        match name {
            "img" => return self.image(attributes),
            "input" => {
                if attributes.get("type").is_some_and(|kind| kind.eq_ignore_ascii_case("checkbox")) {
                    self.text(if attributes.get("checked").is_some() { "☑ " } else { "☐ " });
                }
                return;
            }
            "video" | "audio" | "embed" => {
                if let Some(address) = attributes.get("src") {
                    self.link(address, address);
                }
                return;
            }
            _ => {}
        }
        let Some(mut element) = model::element(name) else { return };
        if element.name == "a" {
            // No link is in a link.
            if let Some(at) = self.open.named("a") {
                self.close_to(at);
            }
        }
        if element.name == "table" && self.is_open("caption") {
            return;
        }
        if !self.make_room(element.place) {
            // An item or cell without its list or table.
            element = Element { name: "div", class: "", place: Place::Block, content: Some(Content::Flow) };
            self.make_room(Place::Block);
        }
        let (has_caption, has_groups) =
            self.open.last().map_or((false, false), |open| (open.has_caption, open.has_groups));
        if element.name == "thead" && has_groups {
            element.name = "tbody";
        }
        if element.name == "caption" && (has_caption || has_groups) {
            // A table has one caption, before its rows; the text of another one becomes a row.
            element = Element { name: "td", place: Place::Cell, ..element };
            self.make_room(Place::Cell);
        }
        if let Some(level) = heading_level(element.name) {
            element.name = self.heading(level);
        }
        self.write_start(element, name, attributes);
    }

    /// The name of a heading: at most one level below the heading before it. Cells and captions
    /// have none.
    fn heading(&mut self, level: u8) -> &'static str {
        if ["th", "td", "caption"].iter().any(|name| self.is_open(name)) {
            return "p";
        }
        self.level = level.min(self.level + 1);
        ["h2", "h3", "h4", "h5", "h6"][usize::from(self.level.clamp(2, 6) - 2)]
    }

    fn write_start(&mut self, element: Element, name: &str, attributes: &'w Attributes) {
        self.written.push('<');
        self.written.push_str(element.name);
        self.write_attributes(element, attributes);
        if element.content.is_none() {
            self.written.push_str("/>");
            return;
        }
        self.written.push('>');
        self.open.push(name, element);
    }

    fn write_attributes(&mut self, element: Element, attributes: &'w Attributes) {
        let put = |written: &mut String, name: &str, value: &str| {
            let _ = write!(written, " {name}=\"{}\"", escape(value));
        };
        if let Some(id) = attributes.get("id")
            && let Some(name) = self.ids.get(id)
            && self.used.insert(id)
        {
            put(&mut self.written, "id", name);
        }
        let known = ["left", "center", "right"];
        let aligned = attributes.get("class").filter(|class| known.contains(class));
        let class = aligned.unwrap_or(element.class);
        if !class.is_empty() {
            put(&mut self.written, "class", class);
        }
        if let Some(language) = attributes.get("lang").filter(|tag| is_language(tag)) {
            put(&mut self.written, "lang", language);
            put(&mut self.written, "xml:lang", language);
        }
        if let Some(direction) = attributes.get("dir").filter(|dir| ["ltr", "rtl", "auto"].contains(dir)) {
            put(&mut self.written, "dir", direction);
        }
        if let Some(title) = attributes.get("title").filter(|title| !title.trim().is_empty()) {
            put(&mut self.written, "title", title);
        }
        let number = |name: &str, most: u32| {
            let value = attributes.get(name)?.trim();
            let is_number = !value.is_empty() && value.len() < 6 && value.bytes().all(|b| b.is_ascii_digit());
            value.parse::<u32>().ok().filter(|number| is_number && (1..=most).contains(number))
        };
        let numbers: &[(&str, u32)] = match element.name {
            "td" | "th" => &[("colspan", 1000), ("rowspan", 10_000)],
            "ol" => &[("start", 99_999)],
            "li" if self.open.last().is_some_and(|open| open.element.name == "ol") => &[("value", 99_999)],
            _ => &[],
        };
        for &(name, most) in numbers {
            if let Some(number) = number(name, most) {
                put(&mut self.written, name, &number.to_string());
            }
        }
        if element.name == "a"
            && let Some(target) = attributes.get("href").and_then(|address| self.target(address))
        {
            put(&mut self.written, "href", &target);
        }
    }

    /// The target of a link in the book; `None` if the address leads nowhere.
    fn target(&self, address: &str) -> Option<String> {
        let (page, fragment) = match address.split_once('#') {
            Some((page, fragment)) => (page, Some(fragment)),
            None => (address, None),
        };
        if page == self.links.own || page.is_empty() {
            let fragment = percent_encoding::percent_decode_str(fragment?).decode_utf8().ok()?;
            return self.ids.get(&*fragment).map(|id| format!("#{id}"));
        }
        if let Some(file) = self.links.files.get(page) {
            return Some((*file).to_owned());
        }
        valid_link(address)
    }

    fn image(&mut self, attributes: &Attributes) {
        let alt = attributes.get("alt").map(str::trim).filter(|alt| !alt.is_empty());
        let text = alt.unwrap_or(self.links.image);
        match attributes.get("src") {
            Some(address) => self.link(address, text),
            None => self.text(text),
        }
    }

    /// Writes a link of its own, or its text alone inside another link.
    fn link(&mut self, address: &str, text: &str) {
        let target = self.target(address).filter(|_| !self.is_open("a"));
        if !self.make_room(Place::Inline) {
            return;
        }
        match target {
            Some(target) => {
                let _ = write!(self.written, "<a href=\"{}\">{}</a>", escape(&target), escape(text));
            }
            None => self.written.push_str(&escape(text)),
        }
    }

    fn end(&mut self, name: &str) {
        let is_inline = model::element(name).is_some_and(|element| element.place == Place::Inline);
        if let Some(at) = self.open.closed_by(name, is_inline) {
            self.close_to(at);
        }
    }
}

#[cfg(test)]
mod tests;
