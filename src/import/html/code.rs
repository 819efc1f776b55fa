//! Reads blocks of code in the forms that editors and highlighters write.

use crate::import::html::tag;
use crate::import::html::tree::{Data, Id, Tree};

/// Classes of the line numbers beside code: Hexo, Rouge, Pygments, Prism, highlight.js, GitHub,
/// SyntaxHighlighter, Crayon.
const GUTTERS: [&str; 16] = [
    "gutter",
    "rouge-gutter",
    "linenos",
    "lineno",
    "linenodiv",
    "line-number",
    "line-numbers-rows",
    "hljs-ln-numbers",
    "hljs-ln-n",
    "blob-num",
    "crayon-nums",
    "crayon-num",
    "code-snippet__line-index",
    "lnt",
    "ln",
    "copy-btn",
];

/// Classes of the cell with the code in a table with line numbers.
const CODE_CELLS: [&str; 6] =
    ["code", "rouge-code", "hljs-ln-code", "blob-code", "crayon-code", "highlight-code"];

/// Words of classes that name no language.
const NO_LANGUAGE: [&str; 13] = [
    "plain",
    "plaintext",
    "text",
    "txt",
    "none",
    "nohighlight",
    "auto",
    "default",
    "undefined",
    "hljs",
    "table",
    "tab-size",
    "wrap",
];

/// Elements within code that are a line each.
const LINES: [&str; 9] = ["div", "p", "li", "tr", "section", "ol", "ul", "blockquote", "table"];

fn has_class(tree: &Tree, id: Id, classes: &[&str]) -> bool {
    tree.value(id, "class").split_ascii_whitespace().any(|class| classes.contains(&class))
}

/// True if an element holds the line numbers beside code.
pub(super) fn is_gutter(tree: &Tree, id: Id) -> bool {
    has_class(tree, id, &GUTTERS)
}

/// True if all text of a cell is line numbers, as in both cells of Hugo's `lntable`, which have one
/// class.
fn holds_only_gutters(tree: &Tree, cell: Id) -> bool {
    let is_words = |id: &Id| matches!(&tree.node(*id).data, Data::Text(text) if !text.trim().is_empty());
    let is_number = |id: Id| tree.ancestors(id).take_while(|id| *id != cell).any(|id| is_gutter(tree, id));
    let mut words = tree.descendants(cell).into_iter().filter(is_words).peekable();
    words.peek().is_some() && words.all(is_number)
}

/// The cells with code of a table that is one listing: beside a cell with line numbers, in each
/// row or once. `None` for other tables.
pub(super) fn listing(tree: &Tree, table: Id) -> Option<Vec<Id>> {
    let cells = tree.descendants(table).into_iter().filter(|id| matches!(tree.name(*id), "td" | "th"));
    let (gutters, cells): (Vec<Id>, Vec<Id>) =
        cells.partition(|id| is_gutter(tree, *id) || holds_only_gutters(tree, *id));
    let is_code = |id: &Id| has_class(tree, *id, &CODE_CELLS) || tree.find(*id, "pre").is_some();
    let code: Vec<Id> = cells.iter().copied().filter(is_code).collect();
    (!gutters.is_empty() && !code.is_empty() && code.len() == cells.len()).then_some(code)
}

/// The text of some elements as code: line breaks stay, line numbers are left out.
pub(super) fn text(tree: &Tree, ids: &[Id]) -> String {
    let mut code = String::new();
    for id in ids {
        if !code.is_empty() {
            end_line(&mut code);
        }
        // Each `code` is a line if there are several (WeChat's code-snippet).
        let children = tree.children(*id);
        let lines = children.iter().filter(|id| tree.name(**id) == "code").count() > 1;
        for child in children {
            if lines && tree.name(*child) == "code" {
                end_line(&mut code);
                let length = code.len();
                add(tree, *child, &mut code);
                if code.len() == length || !code.ends_with('\n') {
                    code.push('\n');
                }
            } else if !(lines && tree.text(*child).trim().is_empty()) {
                add(tree, *child, &mut code);
            }
        }
    }
    let code = code.replace('\u{a0}', " ");
    code.trim_end().trim_start_matches('\n').to_owned()
}

fn end_line(code: &mut String) {
    if !code.is_empty() && !code.ends_with('\n') {
        code.push('\n');
    }
}

fn add(tree: &Tree, id: Id, code: &mut String) {
    match &tree.node(id).data {
        Data::Text(text) => code.push_str(text),
        Data::Element(name, _) if name == "br" => code.push('\n'),
        Data::Element(name, _) => {
            if is_gutter(tree, id) || tag::is_removed(name) {
                return;
            }
            let is_line = LINES.contains(&name.as_str()) || has_class(tree, id, &["crayon-line"]);
            if is_line {
                end_line(code);
            }
            let length = code.len();
            tree.children(id).iter().for_each(|child| add(tree, *child, code));
            if is_line && !matches!(name.as_str(), "ol" | "ul" | "table") {
                // An empty line is a line, too.
                if code.len() == length || !code.ends_with('\n') {
                    code.push('\n');
                }
            }
        }
        _ => {}
    }
}

/// The language of a block of code, from the element, what is in it, and what is around it.
pub(super) fn language(tree: &Tree, id: Id) -> String {
    let inner =
        tree.descendants(id).into_iter().filter(|id| matches!(tree.name(*id), "code" | "pre")).take(4);
    let around = tree.ancestors(id).take(6).take_while(|id| {
        matches!(tree.name(*id), "figure" | "div" | "pre" | "td" | "tr" | "tbody" | "table" | "section")
    });
    let mut all = std::iter::once(id).chain(inner).chain(around);
    all.find_map(|id| language_of(tree, id)).unwrap_or_default()
}

fn language_of(tree: &Tree, id: Id) -> Option<String> {
    for name in ["data-lang", "data-language", "data-enlighter-language", "lang"] {
        if (name != "lang" || tree.name(id) == "pre")
            && let Some(language) = tree.attribute(id, name).and_then(valid)
        {
            return Some(language);
        }
    }
    let class = tree.value(id, "class").replace("brush: ", "brush:").replace("lang: ", "lang:");
    let words: Vec<&str> = class.split(|c: char| c.is_ascii_whitespace() || c == ';').collect();
    for (n, word) in words.iter().enumerate() {
        let prefixes = [
            "language-",
            "lang-",
            "brush:",
            "lang:",
            "highlight-source-",
            "highlight-text-",
            "code-snippet__",
            "sourceCode-",
        ];
        if let Some(language) = prefixes.iter().find_map(|prefix| word.strip_prefix(prefix)).and_then(valid) {
            return Some(language);
        }
        // `highlight js` (Hexo), `hljs js`, `sourceCode js` (Pandoc).
        if matches!(*word, "highlight" | "hljs" | "sourceCode" | "syntaxhighlighter")
            && let Some(language) = words.get(n + 1).copied().and_then(valid)
        {
            return Some(language);
        }
    }
    None
}

/// A name of a language in lower case.
fn valid(name: &str) -> Option<String> {
    let name = name.to_ascii_lowercase();
    let is_name = (1..=20).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '+' | '#' | '-' | '.'))
        && !NO_LANGUAGE.contains(&name.as_str())
        && !matches!(name.as_str(), "fix" | "line-index" | "zh" | "zh-cn" | "en");
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(html: &str, name: &str) -> (String, String) {
        let tree = Tree::parse(html);
        let id = tree.find(0, name).unwrap();
        (text(&tree, &[id]), language(&tree, id))
    }

    #[test]
    fn code_is_read_line_by_line() {
        for (html, wanted) in [
            ("<pre># 注释\n* 项\n  缩进 &lt;div&gt;</pre>", "# 注释\n* 项\n  缩进 <div>"),
            (
                "<pre><code><span>fn main() {</span></code><code>    x</code><code></code><code>}</code></pre>",
                "fn main() {\n    x\n\n}",
            ),
            ("<pre>\n<code>a\n</code>\n<code>b\n</code></pre>", "a\nb"),
            ("<pre>a<br>b<br><br>c</pre>", "a\nb\n\nc"),
            ("<pre><div>a</div><div></div><div>b</div></pre>", "a\n\nb"),
            ("<pre><ol class=linenums><li>a</li><li>b</li></ol></pre>", "a\nb"),
            ("<pre><span class=line-numbers-rows>1</span>a&nbsp;b</pre>", "a b"),
            ("<pre><code>  a</code></pre>", "  a"),
            ("<pre>a<b>b</b><a href=x>c</a></pre>", "abc"),
        ] {
            assert_eq!(read(html, "pre").0, wanted, "{html}");
        }
    }

    #[test]
    fn a_table_with_line_numbers_is_a_listing() {
        for (html, wanted) in [
            (
                "<table><tr><td class=gutter><pre>1<br>2</pre></td><td class=code><pre>a<br>b</pre></td></tr></table>",
                Some("a\nb"),
            ),
            (
                "<table><tr><td class=blob-num>1</td><td class=blob-code>a</td></tr><tr><td class=blob-num>2</td><td class='blob-code x'>b</td></tr></table>",
                Some("a\nb"),
            ),
            (
                "<table class=lntable><tr><td class=lntd><pre><code><span class=lnt>1\n</span><span class=lnt>2\n</span></code></pre></td>\
                 <td class=lntd><pre><code>a\nb\n</code></pre></td></tr></table>",
                Some("a\nb"),
            ),
            ("<table><tr><td><i class=ln>1</i></td><td><pre>a</pre></td></tr></table>", Some("a")),
            ("<table><tr><td><i class=ln>1</i>x</td><td><pre>a</pre></td></tr></table>", None),
            ("<table><tr><td><i class=ln>1</i></td><td>a</td></tr></table>", None),
            ("<table><tr><td> </td><td><pre>a</pre></td></tr></table>", None),
            ("<table><tr><td class=code>a</td></tr></table>", None),
            ("<table><tr><td class=gutter>1</td></tr></table>", None),
            ("<table><tr><td class=gutter>1</td><td class=code>a</td><td>b</td></tr></table>", None),
        ] {
            let tree = Tree::parse(html);
            let cells = listing(&tree, tree.find(0, "table").unwrap());
            assert_eq!(cells.map(|cells| text(&tree, &cells)).as_deref(), wanted, "{html}");
        }
    }

    #[test]
    fn languages_are_found_in_every_form() {
        for (html, wanted) in [
            ("<pre><code class='language-rust'>a", "rust"),
            ("<pre class='lang-js'>a", "js"),
            ("<pre class='prettyprint lang-c++'>a", "c++"),
            ("<pre class='lang:python decode:true'>a", "python"),
            ("<pre class='brush: java; gutter: false'>a", "java"),
            ("<pre class='brush:php;toolbar:true'>a", "php"),
            ("<div class='highlight highlight-source-shell'><pre>a", "shell"),
            ("<figure class='highlight go'><pre>a", "go"),
            (
                "<div class='language-ruby highlighter-rouge'><div class='highlight'><pre class='highlight'><code>a",
                "ruby",
            ),
            ("<pre class='code-snippet__js' data-lang=css>a", "css"),
            ("<pre class='code-snippet__js'>a", "js"),
            ("<pre class='hljs'>a", ""),
            ("<pre class='language-plaintext'>a", ""),
            ("<pre lang=sql>a", "sql"),
            ("<pre class='language-{evil}'>a", ""),
            ("<pre>a", ""),
        ] {
            assert_eq!(read(html, "pre").1, wanted, "{html}");
        }
    }
}
