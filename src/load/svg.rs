//! Reads the size of an SVG, and refuses one that a reader's browser would run or that loads
//! something: it may be opened by itself, with the site as its origin.

use roxmltree::{Document, Error, NS_XML_URI, Node, ParsingOptions};

/// The namespace of SVG.
const SVG: &str = "http://www.w3.org/2000/svg";

/// Elements that draw. All others are refused: they run, show HTML or lead elsewhere. The filters
/// (`fe…`) draw as well.
const DRAWING: [&str; 34] = [
    "svg",
    "g",
    "defs",
    "symbol",
    "use",
    "switch",
    "view",
    "title",
    "desc",
    "metadata",
    "style",
    "path",
    "rect",
    "circle",
    "ellipse",
    "line",
    "polyline",
    "polygon",
    "text",
    "tspan",
    "textPath",
    "image",
    "linearGradient",
    "radialGradient",
    "stop",
    "clipPath",
    "mask",
    "pattern",
    "marker",
    "filter",
    "a",
    "animate",
    "animateTransform",
    "animateMotion",
];

/// Namespaces of data that drawing programs add. Browsers do not know their elements.
const OF_PROGRAMS: [&str; 6] = [
    "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "http://creativecommons.org/ns#",
    "http://web.resource.org/cc/",
    "http://purl.org/dc/elements/1.1/",
    "http://www.inkscape.org/namespaces/inkscape",
    "http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd",
];

/// Attributes of one element, and declarations of namespaces in a file. Parsing takes time that
/// grows with the square of both.
const MAX_ATTRIBUTES: usize = 500;

/// Elements, texts and comments in a file. The parser needs about 100 bytes for each.
const MAX_NODES: u32 = 100_000;

/// Attributes in a file. The parser needs about 70 bytes for each.
const MAX_ALL_ATTRIBUTES: usize = 400_000;

/// Returns width and height in CSS pixels, if the root element says them.
///
/// # Errors
/// The reason why it is refused.
pub(super) fn inspect(bytes: &[u8]) -> Result<Option<(u32, u32)>, String> {
    let text = std::str::from_utf8(bytes).map_err(|_| tr!("it is not UTF-8"))?;
    check_limits(text)?;
    // Document types, and with them entities, are refused by default. The root of the document is
    // a node as well.
    let options = ParsingOptions { nodes_limit: MAX_NODES + 1, ..ParsingOptions::default() };
    let text = text.trim_start_matches('\u{FEFF}');
    let document = Document::parse_with_options(text, options).map_err(|error| match error {
        Error::NodesLimitReached => too_many_nodes(),
        error => tr!("it is not well-formed: {error}", error),
    })?;
    let root = document.root_element();
    if !root.has_tag_name((SVG, "svg")) {
        return Err(tr!("its root element is not `svg` of SVG"));
    }
    for node in document.root().descendants() {
        if let Some(instruction) = node.pi() {
            return Err(tr!("it has the processing instruction `{}`", instruction.target));
        }
        if node.is_element() {
            check(node)?;
        }
    }
    Ok(size(root))
}

fn too_many_nodes() -> String {
    tr!("it has more than 100,000 elements and texts")
}

/// Checks what makes the parser slow or large, before it runs. The time grows with the length of
/// the text: whatever is searched is also left behind.
///
/// roxmltree 0.21.2 reserves memory for a node at each `<` and for an attribute at each `=`, also
/// if `nodes_limit` is lower (`parse` in its `parse.rs`). An element has at most two `<`.
///
/// # Errors
/// The reason why it is refused: see [`MAX_ATTRIBUTES`], [`MAX_NODES`] and [`MAX_ALL_ATTRIBUTES`].
fn check_limits(text: &str) -> Result<(), String> {
    let count = |sign: u8| text.bytes().filter(|byte| *byte == sign).count();
    if count(b'<') > 2 * MAX_NODES as usize {
        return Err(too_many_nodes());
    }
    if count(b'=') > MAX_ALL_ATTRIBUTES {
        return Err(tr!("it has more than 400,000 attributes"));
    }
    if text.matches("xmlns").nth(MAX_ATTRIBUTES).is_some() {
        return Err(tr!(
            "it declares more than {MAX_ATTRIBUTES} namespaces (attributes `xmlns`)",
            MAX_ATTRIBUTES
        ));
    }
    let mut rest = text;
    while let Some((_, markup)) = rest.split_once('<') {
        let others = [("!--", "-->"), ("![CDATA[", "]]>"), ("?", "?>")];
        let other = others.iter().find_map(|(start, end)| Some((markup.strip_prefix(start)?, *end)));
        rest = match other {
            Some((inner, end)) => behind(inner, end),
            None => skip_tag(markup)?,
        };
    }
    Ok(())
}

/// The text behind a tag that begins before `rest`. Quotation marks are read as XML does.
fn skip_tag(mut rest: &str) -> Result<&str, String> {
    let mut attributes = 0;
    while let Some(at) = rest.find(['>', '"', '\'']) {
        let (sign, after) = rest[at..].split_at(1);
        if sign == ">" {
            return Ok(after);
        }
        attributes += 1;
        if attributes > MAX_ATTRIBUTES {
            return Err(tr!("an element has more than {MAX_ATTRIBUTES} attributes", MAX_ATTRIBUTES));
        }
        rest = behind(after, sign);
    }
    Ok("")
}

/// The text behind `end`. Nothing, if there is no end: the parser refuses such a file.
fn behind<'text>(text: &'text str, end: &str) -> &'text str {
    text.split_once(end).map_or("", |(_, after)| after)
}

fn check(node: Node<'_, '_>) -> Result<(), String> {
    let (namespace, name) = (node.tag_name().namespace(), node.tag_name().name());
    let draws = namespace == Some(SVG) && (DRAWING.contains(&name) || name.starts_with("fe"));
    if !draws && !namespace.is_some_and(|own| OF_PROGRAMS.contains(&own)) {
        return Err(tr!("it has the element `{name}`", name));
    }
    let style = || node.children().filter_map(|child| child.text()).collect::<String>();
    if name == "style" && loads(&style()) {
        return Err(tr!("its style sheet loads something"));
    }
    for attribute in node.attributes() {
        let (name, value) = (attribute.name().to_ascii_lowercase(), attribute.value());
        // `xml:base` changes where `#a` leads to.
        let is_base = name == "base" && attribute.namespace() == Some(NS_XML_URI);
        let is_link = is_base || matches!(name.as_str(), "href" | "src");
        let leads_elsewhere = (is_link && !is_inside(value)) || name == "ping";
        let animates_link = name == "attributename" && value.trim().to_ascii_lowercase().ends_with("href");
        if name.starts_with("on") || animates_link || leads_elsewhere || loads(value) {
            let value = crate::text::excerpt::shorten(value);
            return Err(tr!("it has the attribute `{name}=\"{value}\"`", name = attribute.name(), value));
        }
    }
    Ok(())
}

/// True for an address of the same document, or of a bitmap in it.
fn is_inside(address: &str) -> bool {
    let address = address.trim().to_ascii_lowercase();
    let bitmaps = ["png", "jpeg", "gif", "webp"].map(|kind| format!("data:image/{kind};"));
    address.starts_with('#') || bitmaps.iter().any(|start| address.starts_with(start.as_str()))
}

/// True if a style sheet or a style may load a file: by an address, by a rule with `@`, or behind
/// an escape.
fn loads(style: &str) -> bool {
    let style = style.to_ascii_lowercase();
    let addresses = style.split("url(").skip(1);
    let mut foreign = addresses
        .map(|rest| rest.trim_start().trim_start_matches(['"', '\'']))
        .filter(|rest| !rest.starts_with('#'));
    let is_rule = ["@import", "@font-face", "@namespace", "@charset"].iter().any(|rule| style.contains(rule));
    let is_set = ["image-set(", "image(", "src(", "expression("].iter().any(|name| style.contains(name));
    is_rule || is_set || (style.contains('\\') && style.contains(['(', '@'])) || foreign.next().is_some()
}

/// Width and height of the root element, else those of its `viewBox`.
fn size(svg: Node<'_, '_>) -> Option<(u32, u32)> {
    let pixels = |text: &str| text.trim().trim_end_matches("px").parse::<f64>().ok().and_then(whole);
    let of = |name: &str| svg.attribute(name).and_then(pixels);
    let of_box = || {
        let numbers: Vec<f64> =
            svg.attribute("viewBox")?.split([' ', ',']).filter_map(|number| number.parse().ok()).collect();
        let [_, _, width, height] = numbers[..] else { return None };
        Some((whole(width)?, whole(height)?))
    };
    of("width").zip(of("height")).or_else(of_box)
}

/// A length as whole pixels, at least one.
fn whole(length: f64) -> Option<u32> {
    let is_size = (0.5..=100_000.0).contains(&length);
    #[allow(clippy::cast_possible_truncation, clippy::cast_sign_loss)]
    is_size.then(|| length.round() as u32)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn svg(attributes: &str, inner: &str) -> Result<Option<(u32, u32)>, String> {
        let text = format!(
            "<?xml version=\"1.0\"?>\n<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" {attributes}>{inner}</svg>"
        );
        inspect(text.as_bytes())
    }

    #[test]
    fn the_size_is_read_from_the_root() {
        for (attributes, wanted) in [
            ("width='640' height=' 320px'", Some((640, 320))),
            ("width='100%' height='100%' viewBox='0 0 30.4 20'", Some((30, 20))),
            ("viewBox='0,0,3,2'", Some((3, 2))),
            ("viewBox='0 0 3'", None),
            ("width='-1' height='2'", None),
            ("width='NaN' height='2'", None),
            ("", None),
        ] {
            assert_eq!(svg(attributes, ""), Ok(wanted), "{attributes}");
        }
    }

    #[test]
    fn what_draws_alone_is_accepted() {
        for inner in [
            "<style>.a { fill: url(#g); font: 12px serif }</style><path class='a' d='M0 0'/>",
            "<linearGradient id='g'/><use xlink:href='#g'/><rect fill='url(#g)' style='stroke: red'/>",
            "<image href='data:image/png;base64,AAAA'/><text>甲 &amp; 乙</text><!-- a -->",
            "<title>图</title><animate attributeName='x' to='3'/><filter id='f'><feBlend/></filter>",
            "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/></metadata>",
        ] {
            assert_eq!(svg("", inner), Ok(None), "{inner}");
        }
    }

    #[test]
    fn what_drawing_programs_write_is_accepted() {
        for inner in [
            // Inkscape
            "<sodipodi:namedview xmlns:sodipodi='http://sodipodi.sourceforge.net/DTD/sodipodi-0.dtd' id='v'/>\
             <text xml:space='preserve' xml:lang='zh' style='font-size:12px;fill:url(#a)'><tspan>甲</tspan></text>",
            // Figma
            "<g clip-path='url(#c)'><rect fill='url(#p)'/></g><defs><pattern id='p'>\
             <use xlink:href='#i' transform='scale(0.5)'/></pattern><image id='i' \
             xlink:href='data:image/png;base64,AAAA=='/></defs>",
            // Excalidraw
            "<!-- svg-source:excalidraw --><metadata></metadata><defs></defs><g stroke-linecap='round'/>",
            // matplotlib
            "<metadata><r:RDF xmlns:r='http://www.w3.org/1999/02/22-rdf-syntax-ns#' \
             xmlns:cc='http://creativecommons.org/ns#'><cc:Work/></r:RDF></metadata>\
             <style type='text/css'>*{stroke-linejoin: round}</style><use xlink:href='#m' x='1'/>",
            "<style><![CDATA[a > b { fill: red }]]></style><!-- \" < ' --><a href='#b'/>",
        ] {
            assert_eq!(svg("", inner), Ok(None), "{inner}");
        }
        assert_eq!(svg("", &"<use xlink:href='#m' x='1' y='2'/>\n".repeat(49_000)), Ok(None));
    }

    /// A scan of the rest of the text at each sign took 27 seconds for an eighth of this.
    #[test]
    fn a_file_without_ends_is_judged_in_one_pass() {
        for (start, part) in [("<svg ", "<"), ("<svg>", "<!--"), ("<svg>", "<![CDATA["), ("<svg ", "<a b='")]
        {
            let text = format!("{start}{}", part.repeat(190_000));
            let begun = std::time::Instant::now();
            assert!(inspect(text.as_bytes()).is_err());
            assert!(begun.elapsed().as_secs() < 20, "{part}: {:?}", begun.elapsed());
        }
    }

    #[test]
    fn a_file_has_at_most_100_000_elements_and_texts() {
        let refused = Err("it has more than 100,000 elements and texts".to_owned());
        // The text of `svg` has a text and its root as well.
        assert_eq!(svg("", &"<g/>".repeat(99_999)), Ok(None));
        assert_eq!(svg("", &"<g/>".repeat(100_000)), refused);
        assert_eq!(svg("", &"<g/> ".repeat(50_000)), refused);
        assert_eq!(svg("", &format!("<![CDATA[{}]]>", "<".repeat(200_000))), refused);
        assert!(svg("", &"=".repeat(400_001)).is_err_and(|reason| reason.contains("400,000 attributes")));
    }

    #[test]
    fn what_runs_or_loads_is_refused() {
        for (inner, wanted) in [
            ("<script>1</script>", "`script`"),
            ("<SCRIPT/>", "`SCRIPT`"),
            ("<set attributeName='x' to='1'/>", "`set`"),
            ("<meta xmlns='http://www.w3.org/1999/xhtml' content='0'/>", "`meta`"),
            ("<img xmlns='http://www.w3.org/1999/xhtml'/>", "`img`"),
            ("<b xmlns=''/>", "`b`"),
            ("<style>/* a */<!-- b -->@import 'a.css';</style>", "style sheet"),
            ("<rect style='fill: image-set(\"a.png\" 1x)'/>", "`style="),
            ("<foreignObject/>", "`foreignObject`"),
            ("<h:script xmlns:h='http://www.w3.org/1999/xhtml'/>", "`script`"),
            ("<path onclick='1'/>", "`onclick="),
            ("<a href='https://example.org/'/>", "`href="),
            ("<a xlink:href=' JavaScript:1'/>", "`href="),
            ("<use href='other.svg#a'/>", "`href="),
            ("<image href='data:image/svg+xml;base64,AAAA'/>", "`href="),
            ("<animate attributeName='xlink:href' to='#a'/>", "`attributeName="),
            ("<animate attributeName='href ' values='#a'/>", "`attributeName="),
            ("<animate attributeName='&#10;xlink:HREF&#9;' values='#a'/>", "`attributeName="),
            ("<a href='#a' ping='https://example.org/'/>", "`ping="),
            ("<a href='#a' ping='#a https://example.org/'/>", "`ping="),
            ("<g xml:base='https://example.org/a.svg'><use href='#a'/></g>", "`base="),
            ("<g xml:base='other.svg'/>", "`base="),
            ("<style>@import 'a.css';</style>", "style sheet"),
            ("<rect fill='url(https://example.org/a#b)'/>", "`fill="),
            ("<style>a{background:u\\72l(https://example.org/)}</style>", "style sheet"),
            ("<p", "well-formed"),
        ] {
            let found = svg("", inner);
            assert!(found.as_ref().is_err_and(|reason| reason.contains(wanted)), "{inner}: {found:?}");
        }
        assert!(
            inspect(b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg xmlns='http://www.w3.org/2000/svg'/>").is_err()
        );
        assert!(
            inspect(b"<?xml-stylesheet href='a.css'?><svg xmlns='http://www.w3.org/2000/svg'/>")
                .is_err_and(|reason| reason.contains("xml-stylesheet"))
        );
        let html = "<svg xmlns='http://www.w3.org/1999/xhtml'><h1>a</h1></svg>";
        assert!(inspect(html.as_bytes()).is_err() && inspect(b"<svg/>").is_err());
        let attributes: String = (0..501).map(|n| format!(" a{n}='>'")).collect();
        assert!(svg(&attributes, "").is_err_and(|reason| reason.contains("attributes")));
        assert!(svg("", &format!("<g{attributes}/>")).is_err_and(|reason| reason.contains("attributes")));
        // A quotation mark in a processing instruction begins no value.
        let attributes = format!("<?a \"?><g{attributes}/>");
        assert!(svg("", &attributes).is_err_and(|reason| reason.contains("attributes")));
        assert!(svg("", &"<g xmlns:a='b'/>".repeat(501)).is_err_and(|reason| reason.contains("attributes")));
        assert!(inspect(b"<html/>").is_err() && inspect(b"\xFF\xFE").is_err());
    }
}
