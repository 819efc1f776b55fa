//! Writes formulas of MathML as text of one line.

use crate::import::html::script;
use crate::import::html::tree::{Data, Id, Tree};

/// The formula of a `math` element as TeX, if the element names it: in an `annotation` (MathML Core,
/// section 6.1) or in the `alttext` that LaTeXML writes.
pub(super) fn tex(tree: &Tree, math: Id) -> Option<String> {
    let annotations: Vec<Id> =
        tree.descendants(math).into_iter().filter(|id| tree.name(*id) == "annotation").collect();
    let is_tex = |id: &&Id| tree.value(**id, "encoding").to_ascii_lowercase().contains("tex");
    let annotation = annotations.iter().find(is_tex).or(annotations.first());
    let written = annotation.map(|id| tree.text(*id));
    let written = written.or_else(|| tree.attribute(math, "alttext").map(str::to_owned));
    written.map(|tex| words(&tex)).filter(|tex| !tex.is_empty())
}

/// The text of a formula: a power, an index, a fraction or a root (MathML Core, section 3.3) is
/// written so that it stays another number than its digits side by side.
pub(super) fn line(tree: &Tree, id: Id) -> String {
    let name = match &tree.node(id).data {
        Data::Text(text) => return words(text),
        Data::Element(name, _) => name.as_str(),
        _ => return String::new(),
    };
    let parts: Vec<Id> =
        tree.children(id).iter().copied().filter(|child| !tree.name(*child).is_empty()).collect();
    let part = |at: usize| parts.get(at).map(|child| line(tree, *child)).unwrap_or_default();
    match name {
        "annotation" | "annotation-xml" | "mphantom" | "mprescripts" => String::new(),
        "mspace" => " ".to_owned(),
        "msup" => format!("{}{}", group(&part(0)), script::superscript(&part(1))),
        "msub" => format!("{}{}", group(&part(0)), script::subscript(&part(1))),
        "msubsup" => {
            format!("{}{}{}", group(&part(0)), script::subscript(&part(1)), script::superscript(&part(2)))
        }
        "munder" => format!("{}{}", part(0), limit('_', &part(1))),
        "mover" => format!("{}{}", part(0), limit('^', &part(1))),
        "munderover" => format!("{}{}{}", part(0), limit('_', &part(1)), limit('^', &part(2))),
        "mfrac" => format!("{}/{}", group(&part(0)), group(&part(1))),
        "msqrt" => {
            let inner: String = tree.children(id).iter().map(|child| line(tree, *child)).collect();
            format!("√{}", group(&inner))
        }
        "mroot" => format!("{}√{}", script::superscript(&part(1)), group(&part(0))),
        "mtable" => parts.iter().map(|row| line(tree, *row)).collect::<Vec<_>>().join("; "),
        "mtr" => parts.iter().map(|cell| line(tree, *cell)).collect::<Vec<_>>().join(", "),
        _ => tree.children(id).iter().map(|child| line(tree, *child)).collect(),
    }
}

/// A part of a formula, in brackets unless it is one number or name.
fn group(part: &str) -> String {
    let is_bracketed = part.starts_with('(') && part.find(')') == Some(part.len() - 1);
    let is_one = part.chars().all(|c| c.is_alphanumeric() || c == '.' || c == '%');
    if is_one || is_bracketed || part.chars().count() == 1 { part.to_owned() } else { format!("({part})") }
}

fn limit(sign: char, part: &str) -> String {
    if part.is_empty() { String::new() } else { format!("{sign}{}", group(part)) }
}

fn words(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn math(inner: &str) -> (Tree, Id) {
        let tree = Tree::parse(&format!("<math>{inner}</math>"));
        let id = tree.find(0, "math").unwrap();
        (tree, id)
    }

    #[test]
    fn a_formula_stays_another_number_than_its_digits() {
        for (inner, wanted) in [
            ("<msup><mn>10</mn><mn>18</mn></msup>", "10¹⁸"),
            ("<msup><mi>x</mi><mrow><mi>k</mi><mo>+</mo><mn>1</mn></mrow></msup>", "x^(k+1)"),
            ("<msup><mrow><mi>a</mi><mo>+</mo><mi>b</mi></mrow><mn>2</mn></msup>", "(a+b)²"),
            ("<msup><mrow><mo>(</mo><mi>a</mi><mo>)</mo></mrow><mn>2</mn></msup>", "(a)²"),
            ("<msub><mi>a</mi><mi>i</mi></msub>", "aᵢ"),
            ("<msubsup><mi>a</mi><mn>1</mn><mn>2</mn></msubsup>", "a₁²"),
            ("<mfrac><mn>1</mn><mn>2</mn></mfrac>", "1/2"),
            ("<mfrac><mrow><mi>a</mi><mo>+</mo><mn>1</mn></mrow><mi>b</mi></mfrac>", "(a+1)/b"),
            ("<msqrt><mn>2</mn></msqrt><mo>·</mo><msqrt><mi>a</mi><mo>+</mo><mi>b</mi></msqrt>", "√2·√(a+b)"),
            ("<mroot><mn>8</mn><mn>3</mn></mroot>", "³√8"),
            (
                "<munderover><mo>∑</mo><mrow><mi>i</mi><mo>=</mo><mn>1</mn></mrow><mi>n</mi></munderover>",
                "∑_(i=1)^n",
            ),
            ("<munder><mi>max</mi><mi>x</mi></munder><mover><mi>x</mi><mo>¯</mo></mover>", "max_xx^¯"),
            (
                "<mtable><mtr><mtd><mn>1</mn></mtd><mtd><mn>2</mn></mtd></mtr><mtr><mtd><mn>3</mn></mtd></mtr></mtable>",
                "1, 2; 3",
            ),
            ("<mn>3.5</mn><mspace width=\"1em\"></mspace><mi> x </mi><!-- c -->", "3.5 x"),
            ("<mphantom><mn>9</mn></mphantom><mn>1</mn>", "1"),
            ("<msup><mn>2</mn></msup><mfrac></mfrac>", "2/"),
        ] {
            let (tree, id) = math(inner);
            assert_eq!(line(&tree, id), wanted, "{inner}");
        }
    }

    #[test]
    fn a_formula_that_is_named_as_tex_is_found() {
        let semantics = "<semantics><mi>x</mi><annotation encoding=\"MathML-Content\">c</annotation>\
             <annotation encoding=\"application/x-tex\"> x^2\n+1 </annotation></semantics>";
        for (html, wanted) in [
            (format!("<math>{semantics}</math>"), Some("x^2 +1")),
            (
                "<math><semantics><mi>x</mi><annotation>y</annotation></semantics></math>".to_owned(),
                Some("y"),
            ),
            ("<math alttext=\"x^{2}\"><msup><mi>x</mi><mn>2</mn></msup></math>".to_owned(), Some("x^{2}")),
            ("<math alttext=\" \"><mi>x</mi></math>".to_owned(), None),
            ("<math><mi>x</mi></math>".to_owned(), None),
        ] {
            let tree = Tree::parse(&html);
            let id = tree.find(0, "math").unwrap();
            assert_eq!(tex(&tree, id).as_deref(), wanted, "{html}");
        }
    }
}
