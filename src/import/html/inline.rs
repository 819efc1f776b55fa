//! Reads the elements within a paragraph.

use crate::import::html::blocks::Builder;
use crate::import::html::model::{Inline, Mark, plain};
use crate::import::html::style::{self, Meaning};
use crate::import::html::tree::{Data, Id};
use crate::import::html::{image, math, script, tag};
use crate::import::repair::Kind;
use crate::text::invisible;

/// Signs that stand for a link to a heading.
const PERMALINKS: [&str; 6] = ["#", "##", "¶", "§", "🔗", "⚓"];

impl Builder<'_> {
    /// Reads nodes as parts of a paragraph.
    fn inlines(&mut self, ids: &[Id]) -> Vec<Inline> {
        ids.iter().flat_map(|id| self.inline(*id)).collect()
    }

    /// Reads a node without blocks in it, and what its style makes of it.
    pub(super) fn inline(&mut self, id: Id) -> Vec<Inline> {
        let parts = self.element(id);
        let name = self.tree.name(id);
        let meaning = style::meaning(self.tree.value(id, "style"));
        match meaning.filter(|_| !tag::is_void(name) && !matches!(name, "sup" | "sub" | "math")) {
            Some(Meaning::Superscript) => script_of(parts, script::superscript),
            Some(Meaning::Subscript) => script_of(parts, script::subscript),
            Some(Meaning::Deleted) if has_words(&parts) => vec![Inline::Marked(Mark::Deleted, parts)],
            _ => parts,
        }
    }

    fn element(&mut self, id: Id) -> Vec<Inline> {
        let children = self.tree.children(id);
        let name = match &self.tree.node(id).data {
            Data::Text(text) => return vec![Inline::Text(text.clone())],
            Data::Comment(text) if text.trim().is_empty() => return Vec::new(),
            Data::Comment(_) => {
                self.remove(id);
                return Vec::new();
            }
            Data::Other => return Vec::new(),
            Data::Element(name, _) => name.as_str(),
        };
        if let Some(mark) = self.mark(name) {
            return vec![Inline::Marked(mark, self.inlines(children))];
        }
        let text = |words: String| vec![Inline::Text(words)];
        match name {
            "br" => vec![Inline::Break],
            "wbr" | "rp" | "link" | "meta" | "base" | "source" | "track" | "param" | "area" => Vec::new(),
            "code" | "tt" | "kbd" | "samp" => self.code_parts(id),
            "a" if self.is_permalink(id) => {
                self.remove(id);
                Vec::new()
            }
            "a" => {
                let words = self.inlines(children);
                match self.link(id) {
                    Some((address, title)) if has_words(&words) => vec![Inline::Link(address, title, words)],
                    Some(_) if self.leads_out(id) => {
                        self.changes.push((Kind::Markup, self.tree.start_tag(id), String::new()));
                        words
                    }
                    _ => words,
                }
            }
            "img" => self.image(id),
            "sup" => script_of(self.inlines(children), script::superscript),
            "sub" => script_of(self.inlines(children), script::subscript),
            "q" => {
                let depth = self.tree.ancestors(id).filter(|id| self.tree.name(*id) == "q").count();
                let (open, close) = self.quotes(id, depth);
                let words = self.inlines(children);
                [text(open.to_owned()), words, text(close.to_owned())].concat()
            }
            "rt" => [text("（".to_owned()), self.inlines(children), text("）".to_owned())].concat(),
            "abbr" | "acronym" => {
                let words = self.inlines(children);
                let title = self.tree.value(id, "title");
                if title.is_empty() || plain(&words).trim() == title {
                    return words;
                }
                [words, text(format!("（{title}）"))].concat()
            }
            "ins" | "u" | "mark" => {
                let words = self.inlines(children);
                let known = ["ins", "u", "mark"].into_iter().find(|known| *known == name);
                if let Some(name) = known.filter(|_| has_words(&words)) {
                    self.lose(name);
                }
                words
            }
            "input" if self.tree.value(id, "type").eq_ignore_ascii_case("checkbox") => {
                vec![Inline::Box(self.tree.attribute(id, "checked").is_some())]
            }
            "input" => {
                self.remove(id);
                Vec::new()
            }
            "math" => match math::tex(self.tree, id) {
                Some(formula) => vec![Inline::Code(formula)],
                None => text(math::line(self.tree, id)),
            },
            "script" if self.is_formula(id) => vec![Inline::Code(one_line(&self.tree.text(id)))],
            "noscript" => self.noscript(id),
            // The second copy of a formula, for the eye.
            "span" if self.tree.value(id, "class") == "katex-html" => Vec::new(),
            _ if tag::is_removed(name) => {
                self.remove(id);
                Vec::new()
            }
            _ => self.inlines(children),
        }
    }

    /// The sign of an element.
    pub(super) fn mark(&self, name: &str) -> Option<Mark> {
        match name {
            "strong" | "b" => Some(Mark::Strong),
            "em" | "i" | "var" | "dfn" => Some(Mark::Emphasis),
            "del" | "s" | "strike" => Some(Mark::Deleted),
            _ => None,
        }
    }

    /// The address and the title of a link.
    pub(super) fn link(&self, id: Id) -> Option<(String, String)> {
        let address = self.tree.attribute(id, "href").filter(|href| !matches!(*href, "" | "#"))?;
        Some((self.base.resolve(address), one_line(self.tree.value(id, "title"))))
    }

    /// True for a link to another page.
    pub(super) fn leads_out(&self, id: Id) -> bool {
        let href = self.tree.value(id, "href");
        !href.is_empty() && !href.starts_with('#')
    }

    /// True for the sign beside a heading that links to the heading: the anchors of Sphinx, MkDocs,
    /// markdown-it-anchor and others.
    fn is_permalink(&self, id: Id) -> bool {
        let is_heading = |id: Id| matches!(self.tree.name(id), "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let text = self.tree.text(id);
        let sign = text.trim().trim_matches(|c: char| c == '\u{fe0f}' || invisible::is_invisible(c));
        PERMALINKS.contains(&sign)
            && self.tree.value(id, "href").starts_with('#')
            && self.tree.ancestors(id).any(is_heading)
    }

    /// True for a formula in TeX, as MathJax 2 has it in a page (`<script type="math/tex">`).
    pub(super) fn is_formula(&self, id: Id) -> bool {
        self.tree.name(id) == "script" && self.tree.value(id, "type").starts_with("math/tex")
    }

    fn image(&mut self, id: Id) -> Vec<Inline> {
        let address = image::address(self.tree, id);
        if image::is_pixel(self.tree, id)
            || address.is_empty()
            || address.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("data:"))
        {
            self.changes.push((Kind::Markup, self.tree.start_tag(id), String::new()));
            return Vec::new();
        }
        let (title, alt) = (self.tree.value(id, "title"), self.tree.value(id, "alt"));
        vec![Inline::Image(self.base.resolve(&address), one_line(title), one_line(alt))]
    }

    /// Reads what a browser without scripts shows: only images that are not there anyway.
    fn noscript(&mut self, id: Id) -> Vec<Inline> {
        let images = self.tree.descendants(id).into_iter().filter(|id| self.tree.name(*id) == "img");
        let mut parts = Vec::new();
        for image in images {
            let address = self.base.resolve(&image::address(self.tree, image));
            if self.images.insert(address) {
                parts.extend(self.image(image));
            } else if !self.tree.value(image, "alt").is_empty() {
                self.changes.push((Kind::Markup, self.tree.start_tag(image), String::new()));
            }
        }
        let is_recorded = |id: &Id| {
            matches!(self.tree.node(*id).data, Data::Comment(_)) || tag::is_removed(self.tree.name(*id))
        };
        let has_removed = self.tree.descendants(id).iter().any(is_recorded);
        if has_removed || !self.tree.text(id).trim().is_empty() {
            self.remove(id);
        }
        parts
    }

    /// Reads code within a line. Links and images in it stay.
    fn code_parts(&mut self, id: Id) -> Vec<Inline> {
        let mut parts: Vec<Inline> = Vec::new();
        for child in self.tree.children(id) {
            let added = match (&self.tree.node(*child).data, self.tree.name(*child)) {
                (Data::Text(text), _) => vec![Inline::Code(text.replace(['\n', '\r', '\t', '\u{a0}'], " "))],
                (Data::Comment(_), _) => self.inline(*child),
                (_, "br") => vec![Inline::Break],
                (_, "img") => self.image(*child),
                (_, "a") => {
                    let words = self.code_parts(*child);
                    match self.link(*child) {
                        Some((address, title)) if has_words(&words) => {
                            vec![Inline::Link(address, title, words)]
                        }
                        _ => words,
                    }
                }
                (_, name) if tag::is_removed(name) => {
                    self.remove(*child);
                    Vec::new()
                }
                _ => self.code_parts(*child),
            };
            for part in added {
                match (parts.last_mut(), part) {
                    (Some(Inline::Code(known)), Inline::Code(more)) => known.push_str(&more),
                    (_, part) => parts.push(part),
                }
            }
        }
        // White space at the edges of code is white space of the line.
        let mut spaced = Vec::new();
        for part in parts {
            match part {
                Inline::Code(code) => {
                    let words = code.trim();
                    let start = code.len() - code.trim_start().len();
                    let end = start + words.len();
                    spaced.push(Inline::Text(code[..start].to_owned()));
                    spaced.push(Inline::Code(words.to_owned()));
                    spaced.push(Inline::Text(code[end.min(code.len())..].to_owned()));
                }
                part => spaced.push(part),
            }
        }
        spaced
    }

    /// The quotation marks of a language (CLDR 46, `delimiters`), by the nearest `lang`.
    fn quotes(&self, id: Id, depth: usize) -> (&'static str, &'static str) {
        let languages = std::iter::once(id).chain(self.tree.ancestors(id));
        let mut languages = languages.filter_map(|id| self.tree.attribute(id, "lang"));
        let language = languages.next().unwrap_or_default().to_ascii_lowercase();
        let is = |prefix: &str| language.starts_with(prefix);
        let inner = depth % 2 == 1;
        let traditional = ["zh-tw", "zh-hk", "zh-mo", "zh-hant"].iter().any(|prefix| is(prefix));
        match inner {
            false if traditional || is("ja") => ("「", "」"),
            true if traditional || is("ja") => ("『", "』"),
            false if is("de") => ("„", "“"),
            true if is("de") => ("‚", "‘"),
            false if is("fr") || is("ru") || is("es") => ("«", "»"),
            false => ("“", "”"),
            true => ("‘", "’"),
        }
    }
}

/// True if parts have words or images.
fn has_words(parts: &[Inline]) -> bool {
    parts.iter().any(|part| match part {
        Inline::Text(text) | Inline::Code(text) => !text.trim().is_empty(),
        Inline::Image(..) | Inline::Box(_) => true,
        Inline::Break => false,
        Inline::Marked(_, parts) | Inline::Link(_, _, parts) => has_words(parts),
    })
}

/// Words as a superscript or subscript. A note is a link, and stays one.
fn script_of(words: Vec<Inline>, convert: fn(&str) -> String) -> Vec<Inline> {
    let is_text = words.iter().all(|part| matches!(part, Inline::Text(_) | Inline::Marked(..)));
    if is_text && !has_link(&words) { vec![Inline::Text(convert(&plain(&words)))] } else { words }
}

fn has_link(parts: &[Inline]) -> bool {
    parts.iter().any(|part| match part {
        Inline::Link(..) | Inline::Image(..) | Inline::Code(_) => true,
        Inline::Marked(_, parts) => has_link(parts),
        _ => false,
    })
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
