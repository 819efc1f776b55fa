//! Converts the HTML of a body to well-formed XHTML for a book.
//!
//! The HTML is tokenised as browsers do it. A stack of open elements keeps every tag closed and every
//! element in a place where the content models of HTML allow it; text is never dropped. Images, which
//! are all remote, become links.

use std::collections::HashMap;
use std::fmt::Write as _;

use url::Url;

use crate::render::form::address::valid;
use crate::render::form::epub::model::{self, Content, Element, Place, heading_level, is_language};
use crate::render::form::epub::tokens::{Attributes, Piece, tokenise};
use crate::text::xml::escape;

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
    let mut writer = Writer::new(links, &pieces);
    for (at, piece) in pieces.iter().enumerate() {
        match piece {
            Piece::Text(text) => writer.text(text),
            Piece::Start(name, attributes) => writer.start(name, attributes, &pieces[at + 1..]),
            Piece::End(name) => writer.end(name),
        }
    }
    writer.close_to(0);
    writer.written
}

/// An open element.
struct Open {
    /// Name in HTML; empty if it was opened because the content needs it.
    html: String,
    element: Element,
}

struct Writer<'w> {
    links: &'w Links<'w>,
    /// The ids of the body and the names that they have in the book.
    ids: HashMap<&'w str, String>,
    /// The ids that were written.
    used: Vec<&'w str>,
    written: String,
    open: Vec<Open>,
    /// Name and depth of the element that is being left out.
    skipped: Option<(String, usize)>,
    /// Level of the last heading.
    level: u8,
}

impl<'w> Writer<'w> {
    fn new(links: &'w Links<'w>, pieces: &'w [Piece]) -> Self {
        let mut ids = HashMap::new();
        for piece in pieces {
            if let Piece::Start(_, attributes) = piece
                && let Some(id) = attributes.get("id").filter(|id| !id.is_empty())
            {
                let number = ids.len() + 1;
                ids.entry(id).or_insert_with(|| format!("x{number}"));
            }
        }
        // Only the ids of elements that are kept can be targets.
        let kept = |id: &&str| {
            pieces.iter().any(|piece| {
                matches!(piece, Piece::Start(name, attributes)
                    if attributes.get("id") == Some(*id) && model::element(name).is_some())
            })
        };
        ids.retain(|id, _| kept(id));
        Self {
            links,
            ids,
            used: Vec::new(),
            written: String::new(),
            open: Vec::new(),
            skipped: None,
            level: 1,
        }
    }

    /// What may follow here.
    fn content(&self) -> Content {
        self.open.last().and_then(|open| open.element.content).unwrap_or(Content::Flow)
    }

    fn is_open(&self, name: &str) -> bool {
        self.open.iter().any(|open| open.element.name == name)
    }

    /// Closes the open elements above a height of the stack.
    fn close_to(&mut self, height: usize) {
        while self.open.len() > height {
            if let Some(open) = self.open.pop() {
                let _ = write!(self.written, "</{}>", open.element.name);
            }
        }
    }

    fn text(&mut self, text: &str) {
        if self.skipped.is_some() {
            return;
        }
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
                    let takes = |open: &Open| match place {
                        Place::Item => open.element.content == Some(Content::List),
                        _ => open.element.content == Some(Content::Table),
                    };
                    let Some(at) = self.open.iter().rposition(takes) else { return false };
                    let inner = match place {
                        Place::Cell => Some(Content::Row),
                        Place::Row => Some(Content::Rows),
                        _ => None,
                    };
                    let above = self.open[at..].iter().rposition(|open| open.element.content == inner);
                    let height = at + above.filter(|_| inner.is_some()).unwrap_or_default() + 1;
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
            self.open.push(Open { html: String::new(), element });
        }
    }

    fn start(&mut self, name: &str, attributes: &'w Attributes, rest: &[Piece]) {
        if let Some((skipped, depth)) = &mut self.skipped {
            *depth += usize::from(skipped == name);
            return;
        }
        if model::is_left_out(name) {
            self.skipped = Some((name.to_owned(), 1));
            return;
        }
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
        // A ruby needs its text, and the text its ruby.
        let lacks_ruby = matches!(element.name, "rt" | "rp") && !self.is_open("ruby");
        let lacks_text = element.name == "ruby" && !has_ruby_text(rest);
        if lacks_ruby || lacks_text {
            element.name = "span";
        }
        if element.name == "a" {
            // No link is in a link.
            if let Some(at) = self.open.iter().position(|open| open.element.name == "a") {
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
        if matches!(element.name, "thead" | "caption") && !self.is_first_in_table() {
            element = match element.name {
                "thead" => Element { name: "tbody", ..element },
                _ => return,
            };
        }
        if let Some(level) = heading_level(element.name) {
            element.name = self.heading(level);
        }
        self.write_start(element, name, attributes);
    }

    /// True if the open table has no element yet but its start tag.
    fn is_first_in_table(&self) -> bool {
        self.written.rfind("<table").is_some_and(|at| {
            let inner = self.written[at..].split_once('>').map_or("", |(_, inner)| inner);
            !inner.contains('<') || (inner.starts_with("<caption") && inner.ends_with("</caption>"))
        })
    }

    /// The name of a heading: at most one level below the heading before it. Cells and captions have none.
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
        self.open.push(Open { html: name.to_owned(), element });
    }

    fn write_attributes(&mut self, element: Element, attributes: &'w Attributes) {
        let put = |written: &mut String, name: &str, value: &str| {
            let _ = write!(written, " {name}=\"{}\"", escape(value));
        };
        if let Some(id) = attributes.get("id")
            && let Some(name) = self.ids.get(id)
            && !self.used.contains(&id)
        {
            put(&mut self.written, "id", name);
            self.used.push(id);
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
        let url = Url::parse(address).ok()?;
        matches!(url.scheme(), "http" | "https" | "mailto" | "tel").then(|| valid(address))
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
        if let Some((skipped, depth)) = &mut self.skipped {
            if skipped == name {
                *depth -= 1;
                if *depth == 0 {
                    self.skipped = None;
                }
            }
            return;
        }
        let is_inline = model::element(name).is_some_and(|element| element.place == Place::Inline);
        for at in (0..self.open.len()).rev() {
            let open = &self.open[at];
            if open.html == name {
                self.close_to(at);
                return;
            }
            // The end of an inline element does not end a block around it.
            if is_inline && open.element.place != Place::Inline {
                return;
            }
        }
    }
}

/// True if a `ruby` has an `rt` before its end.
fn has_ruby_text(rest: &[Piece]) -> bool {
    for piece in rest {
        match piece {
            Piece::Start(name, _) if name == "rt" => return true,
            Piece::End(name) if name == "ruby" => return false,
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests;
