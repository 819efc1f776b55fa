//! Parses HTML to a tree as browsers do.
//!
//! The nodes are in one list and refer to each other by number, so that deep HTML needs no
//! recursion to be freed.

use std::borrow::Cow;
use std::cell::RefCell;
use std::rc::Rc;

use html5ever::tendril::{StrTendril, TendrilSink};
use html5ever::tree_builder::{ElementFlags, NodeOrText, QuirksMode, TreeBuilderOpts, TreeSink};
use html5ever::{Attribute, ExpandedName, ParseOpts, QualName, parse_document};

/// The number of a node in its tree.
pub(super) type Id = usize;

/// The content of a node.
#[derive(Debug)]
pub(super) enum Data {
    /// The document, a document type or a processing instruction.
    Other,
    /// Text with decoded character references.
    Text(String),
    /// A comment.
    Comment(String),
    /// An element: its name in lower case, and its attributes.
    Element(String, Vec<(String, String)>),
}

/// A node of a tree.
#[derive(Debug)]
pub(super) struct Node {
    /// The node that contains this one.
    pub(super) parent: Option<Id>,
    /// The nodes in this one, in order.
    pub(super) children: Vec<Id>,
    /// The content.
    pub(super) data: Data,
}

/// The tree of an HTML text. Node 0 is the document.
#[derive(Debug)]
pub(super) struct Tree(Vec<Node>);

impl Tree {
    /// Parses HTML. `noscript` is read as in a browser without scripts.
    pub(super) fn parse(html: &str) -> Self {
        let options = ParseOpts {
            tree_builder: TreeBuilderOpts { scripting_enabled: false, ..TreeBuilderOpts::default() },
            ..ParseOpts::default()
        };
        let mut parser = parse_document(Sink::new(), options);
        // Without it, what a text begins with could belong to the head.
        parser.process(StrTendril::from_slice("<body>"));
        parser.process(StrTendril::from_slice(html));
        parser.finish()
    }

    /// Returns a node.
    pub(super) fn node(&self, id: Id) -> &Node {
        &self.0[id]
    }

    /// The number of nodes, including those that were moved out of the document.
    pub(super) fn len(&self) -> usize {
        self.0.len()
    }

    /// The children of a node.
    pub(super) fn children(&self, id: Id) -> &[Id] {
        &self.0[id].children
    }

    /// The name of an element; empty for other nodes.
    pub(super) fn name(&self, id: Id) -> &str {
        match &self.0[id].data {
            Data::Element(name, _) => name,
            _ => "",
        }
    }

    /// The value of an attribute, trimmed. `None` if the node has no such attribute.
    pub(super) fn attribute(&self, id: Id, name: &str) -> Option<&str> {
        match &self.0[id].data {
            Data::Element(_, attributes) => {
                attributes.iter().find(|(known, _)| known == name).map(|(_, value)| value.trim())
            }
            _ => None,
        }
    }

    /// The value of an attribute, trimmed; empty if the node has no such attribute.
    pub(super) fn value(&self, id: Id, name: &str) -> &str {
        self.attribute(id, name).unwrap_or_default()
    }

    /// The nodes below a node in the order of the text, without the node itself.
    pub(super) fn descendants(&self, id: Id) -> Vec<Id> {
        let mut found = Vec::new();
        let mut open: Vec<Id> = self.children(id).iter().rev().copied().collect();
        while let Some(id) = open.pop() {
            found.push(id);
            open.extend(self.children(id).iter().rev());
        }
        found
    }

    /// The first element with this name below a node.
    pub(super) fn find(&self, id: Id, name: &str) -> Option<Id> {
        self.descendants(id).into_iter().find(|id| self.name(*id) == name)
    }

    /// The text below a node, as written.
    pub(super) fn text(&self, id: Id) -> String {
        let mut text = String::new();
        for id in std::iter::once(id).chain(self.descendants(id)) {
            if let Data::Text(part) = &self.node(id).data {
                text.push_str(part);
            }
        }
        text
    }

    /// The nodes that contain a node, from the inside out.
    pub(super) fn ancestors(&self, id: Id) -> impl Iterator<Item = Id> {
        std::iter::successors(self.0[id].parent, |id| self.0[*id].parent)
    }

    /// The largest number of nodes that contain each other.
    pub(super) fn depth(&self) -> usize {
        let mut deepest = 0;
        let mut open = vec![(0, 1)];
        while let Some((id, depth)) = open.pop() {
            deepest = deepest.max(depth);
            open.extend(self.children(id).iter().map(|child| (*child, depth + 1)));
        }
        deepest
    }

    /// Writes an element as HTML, for the report.
    pub(super) fn outer_html(&self, id: Id) -> String {
        let mut html = String::new();
        self.write(id, &mut html);
        html
    }

    fn write(&self, id: Id, html: &mut String) {
        match &self.node(id).data {
            Data::Text(text) => html.push_str(text),
            Data::Comment(text) => html.extend(["<!--", text, "-->"]),
            Data::Other => {}
            Data::Element(name, _) => {
                html.push_str(&self.start_tag(id));
                for child in self.children(id) {
                    self.write(*child, html);
                }
                if !super::tag::is_void(name) {
                    html.extend(["</", name, ">"]);
                }
            }
        }
    }

    /// The start tag of an element, for the report.
    pub(super) fn start_tag(&self, id: Id) -> String {
        let Data::Element(name, attributes) = &self.node(id).data else { return String::new() };
        let mut tag = format!("<{name}");
        for (name, value) in attributes {
            tag.extend([" ", name, "=\"", value, "\""]);
        }
        tag.push('>');
        tag
    }
}

/// A node while the tree is built. html5ever asks for the name by reference.
#[derive(Clone)]
struct Handle(Id, Rc<QualName>);

struct Sink {
    nodes: RefCell<Vec<Node>>,
    unnamed: Rc<QualName>,
}

impl Sink {
    fn new() -> Self {
        let unnamed = Rc::new(QualName::new(None, html5ever::ns!(), html5ever::local_name!("")));
        let sink = Self { nodes: RefCell::new(Vec::new()), unnamed };
        sink.add(Data::Other);
        sink
    }

    fn add(&self, data: Data) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node { parent: None, children: Vec::new(), data });
        nodes.len() - 1
    }

    fn add_unnamed(&self, data: Data) -> Handle {
        Handle(self.add(data), Rc::clone(&self.unnamed))
    }

    fn detach(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        if let Some(parent) = nodes[id].parent.take() {
            let children = &mut nodes[parent].children;
            if let Some(at) = children.iter().rposition(|child| *child == id) {
                children.remove(at);
            }
        }
    }

    /// Inserts a node or text at a position among the children of a node. Text is added to the text
    /// before it.
    fn insert(&self, parent: Id, at: usize, child: NodeOrText<Handle>) {
        let id = match child {
            NodeOrText::AppendNode(Handle(id, _)) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                let mut nodes = self.nodes.borrow_mut();
                let previous = at.checked_sub(1).map(|at| nodes[parent].children[at]);
                if let Some(Data::Text(known)) = previous.map(|id| &mut nodes[id].data) {
                    known.push_str(&text);
                    return;
                }
                drop(nodes);
                self.add(Data::Text(text.to_string()))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        nodes[id].parent = Some(parent);
        let at = at.min(nodes[parent].children.len());
        nodes[parent].children.insert(at, id);
    }
}

fn pairs(attributes: Vec<Attribute>) -> impl Iterator<Item = (String, String)> {
    attributes.into_iter().map(|attr| (attr.name.local.to_string(), attr.value.to_string()))
}

impl TreeSink for Sink {
    type Handle = Handle;
    type Output = Tree;
    type ElemName<'a> = ExpandedName<'a>;

    fn finish(self) -> Tree {
        Tree(self.nodes.into_inner())
    }

    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Handle {
        Handle(0, Rc::clone(&self.unnamed))
    }

    fn elem_name<'a>(&'a self, target: &'a Handle) -> ExpandedName<'a> {
        target.1.expanded()
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _: ElementFlags) -> Handle {
        let data = Data::Element(name.local.to_ascii_lowercase().to_string(), pairs(attrs).collect());
        Handle(self.add(data), Rc::new(name))
    }

    fn create_comment(&self, text: StrTendril) -> Handle {
        self.add_unnamed(Data::Comment(text.to_string()))
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Handle {
        self.add_unnamed(Data::Other)
    }

    fn append(&self, parent: &Handle, child: NodeOrText<Handle>) {
        let end = self.nodes.borrow()[parent.0].children.len();
        self.insert(parent.0, end, child);
    }

    fn append_based_on_parent_node(&self, element: &Handle, previous: &Handle, child: NodeOrText<Handle>) {
        let has_parent = self.nodes.borrow()[element.0].parent.is_some();
        if has_parent { self.append_before_sibling(element, child) } else { self.append(previous, child) }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Handle) -> Handle {
        target.clone()
    }

    fn same_node(&self, x: &Handle, y: &Handle) -> bool {
        x.0 == y.0
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Handle, child: NodeOrText<Handle>) {
        if let NodeOrText::AppendNode(node) = &child {
            self.detach(node.0);
        }
        let nodes = self.nodes.borrow();
        let Some(parent) = nodes[sibling.0].parent else { return };
        let children = &nodes[parent].children;
        let at = children.iter().rposition(|child| *child == sibling.0).unwrap_or(children.len());
        drop(nodes);
        self.insert(parent, at, child);
    }

    fn add_attrs_if_missing(&self, target: &Handle, attrs: Vec<Attribute>) {
        if let Data::Element(_, known) = &mut self.nodes.borrow_mut()[target.0].data {
            for (name, value) in pairs(attrs) {
                if !known.iter().any(|(other, _)| *other == name) {
                    known.push((name, value));
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Handle) {
        self.detach(target.0);
    }

    fn reparent_children(&self, node: &Handle, new_parent: &Handle) {
        let mut nodes = self.nodes.borrow_mut();
        let children = std::mem::take(&mut nodes[node.0].children);
        for child in &children {
            nodes[*child].parent = Some(new_parent.0);
        }
        nodes[new_parent.0].children.extend(children);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(html: &str) -> String {
        let tree = Tree::parse(html);
        let body = tree.find(0, "body").unwrap();
        let inner = tree.children(body).iter().map(|id| tree.outer_html(*id));
        inner.collect()
    }

    #[test]
    fn html_is_parsed_as_browsers_do() {
        for (html, tree) in [
            ("<p>一<p>二", "<p>一</p><p>二</p>"),
            ("<B CLASS=x>一<i>二</b>三</i>", "<b class=\"x\">一<i>二</i></b><i>三</i>"),
            ("<table>一<tr><td>二", "一<table><tbody><tr><td>二</td></tr></tbody></table>"),
            ("<table>一<p>二<tr><td>三", "一<p>二</p><table><tbody><tr><td>三</td></tr></tbody></table>"),
            ("a<!--b-->&lt;&#8217;<br>", "a<!--b--><’<br>"),
            ("<noscript><img src=a></noscript>", "<noscript><img src=\"a\"></noscript>"),
            ("<template><p>一</template>", "<template><p>一</p></template>"),
            ("<p>一<code>x</cod", "<p>一<code>x</code></p>"),
        ] {
            assert_eq!(shown(html), tree, "{html}");
        }
    }

    #[test]
    fn nodes_know_their_place() {
        let tree = Tree::parse("<div id=' a '><p>一<b>二</b></p></div>");
        let bold = tree.find(0, "b").unwrap();
        let names: Vec<&str> = tree.ancestors(bold).map(|id| tree.name(id)).collect();
        assert_eq!(names, ["p", "div", "body", "html", ""]);
        assert_eq!((tree.text(0).as_str(), tree.depth(), tree.len()), ("一二", 7, 9));
        let division = tree.find(0, "div").unwrap();
        assert_eq!((tree.value(division, "id"), tree.value(division, "x")), ("a", ""));
        assert_eq!(tree.attribute(bold, "id"), None);
    }
}
