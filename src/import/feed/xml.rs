//! Reads the items of a feed in XML.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::ops::Range;

use url::Url;

use crate::diagnostic::Diagnostic;
use crate::import::feed::base::Bases;
use crate::import::feed::element::{self, Element, Fault};
use crate::import::feed::entry::{self, Address, Head, Place};
use crate::import::feed::featured::Attachments;
use crate::import::feed::outline::{self, Item};
use crate::import::feed::page;
use crate::import::feed::space::Spaces;
use crate::import::feed::status::{self, Audience};
use crate::import::feed::tag::read_tag;
use crate::import::feed::xml_text::{self, Repaired};
use crate::import::input::Input;
use crate::import::record::{Entry, Field, Found, Record, Spot, Value};
use crate::import::repair::{Kind, Repair};

/// Reads the items of a feed.
pub(super) fn records(input: &Input) -> Vec<Found> {
    let text = xml_text::repair(&input.text);
    let Some(outline) = outline::outline(&text) else { return vec![Found::Problem(page::problem(input))] };
    let mut feed =
        Feed { input, text: &text, spaces: Spaces::default(), head: Head::default(), found: Vec::new() };
    feed.read_head(&outline.tags, &outline.head);
    let items: Vec<Read> = outline.items.iter().map(|item| feed.read_item(item)).collect();
    feed.add_repairs_outside(&outline.items);
    let shared = shared_links(&items);
    let attachments = Attachments::of(items.iter().map(|item| item.elements.as_slice()));
    let mut passed = BTreeMap::new();
    for (item, read) in outline.items.iter().zip(&items) {
        feed.add_item(item, read, (&shared, &attachments), &mut passed);
    }
    feed.add_passed(&passed);
    if let Some(at) = outline.cut_at {
        feed.add_cut(at);
    }
    feed.found
}

/// The elements of an item and what its start tag says.
struct Read {
    elements: Vec<Element>,
    faults: Vec<Fault>,
    base: Option<Url>,
    address: Address,
    about: String,
}

/// A feed while it is read.
struct Feed<'a> {
    input: &'a Input,
    text: &'a Repaired,
    spaces: Spaces,
    head: Head,
    found: Vec<Found>,
}

impl Feed<'_> {
    /// Reads the tags and the elements that describe the whole feed.
    fn read_head(&mut self, tags: &[Range<usize>], parts: &[Range<usize>]) {
        let mut base = None;
        for tag in tags {
            let outer = Bases { declared: base.as_ref(), fallback: None };
            let (attributes, inner) = read_tag(&self.text.text[tag.clone()], outer);
            self.spaces.declare(&attributes);
            base = inner;
        }
        let bases = Bases { declared: base.as_ref(), fallback: None };
        let mut elements = Vec::new();
        for part in parts {
            let collected = element::collect(&self.text.text, part, &mut self.spaces, bases);
            elements.extend(collected.elements);
            let repairs: Vec<Repair> = collected.faults.iter().map(|fault| self.repair(fault)).collect();
            self.found.extend(repairs.into_iter().map(Found::Outside));
        }
        self.head = Head::of(&elements, base);
    }

    fn read_item(&mut self, item: &Item) -> Read {
        let (attributes, base) = read_tag(&self.text.text[item.tag.clone()], self.head.bases());
        // What an item declares holds for the item alone.
        let mut spaces = self.spaces.clone();
        spaces.declare(&attributes);
        let bases = Bases { declared: base.as_ref(), fallback: self.head.link.as_ref() };
        let mut collected = element::collect(&self.text.text, &item.inner, &mut spaces, bases);
        if !item.is_closed {
            let name = self.text.text[item.tag.start + 1..item.tag.end]
                .split(|c: char| c.is_whitespace() || c == '>')
                .next();
            let to = format!("</{}>", name.unwrap_or_default());
            collected.faults.push(Fault { at: item.inner.end, from: String::new(), to });
        }
        let about = attributes.get("rdf:about").cloned().unwrap_or_default();
        let address = Address::of(&collected.elements, &about);
        Read { elements: collected.elements, faults: collected.faults, base, address, about }
    }

    /// Converts bytes of the repaired text to a spot of the input.
    fn spot(&self, range: &Range<usize>) -> Spot {
        let limit = self.input.text.len();
        let start = self.text.original(range.start).min(limit);
        let end = self.text.original(range.end).clamp(start, limit);
        Spot { line: self.input.text.line(start), start, end }
    }

    fn repair(&self, fault: &Fault) -> Repair {
        let line = self.spot(&(fault.at..fault.at)).line;
        Repair { kind: Kind::Xml, from: fault.from.clone(), to: fault.to.clone(), line }
    }

    /// The repairs of the text in a range.
    fn repairs_within(&self, range: &Range<usize>) -> impl Iterator<Item = Repair> {
        let repairs = &self.text.repairs;
        let start = repairs.partition_point(|(at, _)| *at < range.start);
        let end = repairs.partition_point(|(at, _)| *at < range.end);
        repairs[start..end.max(start)].iter().map(|(_, repair)| repair.clone())
    }

    /// Adds the repairs of the text that is in no item.
    fn add_repairs_outside(&mut self, items: &[Item]) {
        let mut from = 0;
        let mut outside = Vec::new();
        for item in items {
            let whole = item.whole();
            outside.extend(self.repairs_within(&(from..whole.start)));
            from = whole.end;
        }
        outside.extend(self.repairs_within(&(from..self.text.text.len() + 1)));
        self.found.extend(outside.into_iter().map(Found::Outside));
    }

    /// Adds the record of an item, or counts the item by its type in `passed`.
    fn add_item(
        &mut self,
        item: &Item,
        read: &Read,
        (shared, attachments): (&HashSet<String>, &Attachments),
        passed: &mut BTreeMap<String, (usize, Spot)>,
    ) {
        let whole = self.spot(&item.whole());
        let audience = status::audience(&read.elements);
        if let Audience::NotAnArticle(kind) = audience {
            passed.entry(kind).or_insert((0, whole)).0 += 1;
            return;
        }
        let is_shared_link = read.address.link.as_ref().is_some_and(|link| shared.contains(link));
        let spot = |range: &Range<usize>| self.spot(range);
        let place = Place { spot: &spot, whole, is_shared_link };
        let featured = attachments.featured(&read.elements);
        let mut record = entry::record(&read.elements, &read.about, &self.head, read.base.as_ref(), &place);
        if let Some(url) = featured {
            let spot = Spot { end: whole.start, ..whole };
            record.entries.push(Entry { field: Field::Image, value: Value::Text(url.to_owned()), spot });
        }
        record.repairs.extend(self.repairs_within(&item.whole()));
        record.repairs.extend(read.faults.iter().map(|fault| self.repair(fault)));
        if let Audience::Hidden(reason, at) = audience {
            self.hide(&mut record, &reason, &read.elements[at]);
        }
        self.found.push(Found::Record(record));
    }

    /// Makes a draft of a record, and names it.
    fn hide(&mut self, record: &mut Record, reason: &str, element: &Element) {
        let spot = self.spot(&element.range);
        record.entries.push(Entry { field: Field::Draft, value: Value::Text("true".to_owned()), spot });
        let mut place = self.input.place(spot);
        // The line of a password is not shown, since it holds the password.
        if element.name == "post_password" {
            (place.text, place.range) = (String::new(), 0..0);
        }
        self.found.push(Found::Problem(
            Diagnostic::warning(tr!("this post {reason} at its source: it is imported as a draft", reason))
                .at(place)
                .help(tr!("a draft is not published; to publish it, remove `draft: true` from its file")),
        ));
    }

    /// Adds the warning about items that are not articles.
    fn add_passed(&mut self, passed: &BTreeMap<String, (usize, Spot)>) {
        let Some(first) = passed.values().map(|(_, spot)| *spot).min_by_key(|spot| spot.start) else {
            return;
        };
        let count: usize = passed.values().map(|(count, _)| count).sum();
        let kinds: Vec<String> =
            passed.iter().map(|(kind, (count, _))| format!("{count} `{kind}`")).collect();
        let place = Spot { end: first.start, ..first };
        self.found.push(Found::Problem(
            Diagnostic::warning(tr!(
                "{n} item of this feed passed over, not being articles: {kinds}"
                    | "{n} items of this feed passed over, not being articles: {kinds}" % count,
                kinds = kinds.join(&tr!("list" => ", "))
            ))
            .at(self.input.place(place))
            .help(tr!("only posts and pages are imported")),
        ));
    }

    /// Adds the error about the end of the feed that is missing.
    fn add_cut(&mut self, at: usize) {
        let spot = self.spot(&(at..at));
        let message = tr!("this feed is cut off here: its end is missing");
        let help = tr!("the complete items are imported; get the feed again from its source");
        let place =
            self.input.place(Spot { start: spot.start.min(self.input.text.trim_end().len()), ..spot });
        self.found.push(Found::Problem(Diagnostic::error(message).at(place).help(help)));
    }
}

/// The links that several items have, although each names an address of its own as its id.
fn shared_links(items: &[Read]) -> HashSet<String> {
    let mut ids: HashMap<&str, (usize, HashSet<&str>)> = HashMap::new();
    for Address { link, permalink } in items.iter().map(|read| &read.address) {
        if let Some(link) = link {
            let known = ids.entry(link).or_default();
            known.0 += 1;
            known.1.extend(permalink.as_deref());
        }
    }
    let shared = ids.into_iter().filter(|(_, (count, ids))| *count > 1 && ids.len() == *count);
    shared.map(|(link, _)| link.to_owned()).collect()
}
